"""Waiting in a page for something to come true, and never for ever: Playwright's `evaluate` knows no time limit, and the page's policy
forbids the `eval` that its `wait_for_function` lives by. So the page counts the time itself, also round a promise that never settles."""

from __future__ import annotations

from time import monotonic
from typing import Any

from playwright.sync_api import Error, Page

SECONDS = 15.0
WENT_ELSEWHERE = "Execution context was destroyed"


def bounded(condition: str, seconds: float = SECONDS) -> str:
    """`condition`: a JavaScript function (async, of one argument) → one that waits until it gives something true, and gives that."""
    return f"""async (given) => {{
        const condition = {condition};
        let last;
        const say = () => new Error(`not within {seconds} s: ${{condition}}, last ${{JSON.stringify(last)}}`);
        const late = new Promise((_, fail) => setTimeout(() => fail(say()), {seconds * 1000:.0f}));
        late.catch(() => {{}});
        for (;;) {{
            last = await Promise.race([condition(given), late]);
            if (last) return last;
            await Promise.race([late, new Promise((done) => setTimeout(done, 25))]);
        }}
    }}"""


def until(page: Page, condition: str, given: Any = None, seconds: float = SECONDS) -> Any:
    """What `condition` gives once it gives something true; a page that goes elsewhere meanwhile is asked anew once it is there."""
    ends = monotonic() + seconds
    while True:
        try:
            return page.evaluate(bounded(condition, max(ends - monotonic(), 0.1)), given)
        except Error as fault:
            if monotonic() > ends or WENT_ELSEWHERE not in fault.message:
                raise
