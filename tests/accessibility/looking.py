"""A real Chromium that looks at a page in one colour, width and text size after the other, and says what is wrong with it.

axe-core brings its AAA and experimental rules (those that are off by default are switched on), HTML_CodeSniffer the standard WCAG2AAA
(vendored under its licence beside it: it has no package for Python, and npm would bring Node.js for one file), and checks.js what neither
of them measures: boxes. The browser is handed the bytes that the server sent (states.py) at the address they belong to, with their content
policy, so scripts and styles are the real ones; what is then changed in place are the marks on <html> that the server writes from the
cookie of the settings. The window is as high as the page while axe looks: a button half under the sticky menu at the top of a page is no
small target, it is one not scrolled to yet; that no control stays covered once it is reached is measured on its own (`focus`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import axe_playwright_python
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page, Route

from tests.accessibility.states import Shown
from tests.front_door import APP

HERE = Path(__file__).parent
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
CODE_SNIFFER = (HERE / "HTMLCS-2.5.1.js").read_text(encoding="utf-8")
BOXES = (HERE / "checks.js").read_text(encoding="utf-8")

WIDTHS = (320, 360, 768, 1280)
SIZES = (1, 2, 3, 4)
THEMES = {"light": ("light", ""), "dark": ("dark", ""), "high contrast": ("light", "hi"), "high contrast, dark": ("dark", "hi")}
HEIGHT = 740
AXE_TAGS = [
    "wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag21aaa", "wcag22a", "wcag22aa", "wcag22aaa",
    "best-practice", "experimental",
]  # fmt: skip
AXE_OFF_AT_FIRST = ["color-contrast-enhanced", "identical-links-same-purpose", "meta-refresh-no-exceptions", "target-size"]
COLOUR_RULES = ["color-contrast", "color-contrast-enhanced", "link-in-text-block"]

NOT_FOR_AXE = {
    "hidden-content": "says only that something is hidden; each hidden part has a state of its own in which it is shown and looked at",
}
ONLY_A_SIGN = "Element content contains only non-text characters"
"""A tick or an empty box, hidden from the tree, with words beside it that say the same."""

NOT_FOR_THE_SNIFFER = {
    "Guideline1_3.1_3_1.H42": "a bold first line of a notice is its lead, no heading of a part; the order of headings is axe's",
    "Guideline1_3.1_3_1.H48": "a telephone number and a link or two below a text are no navigation; the menu is a list",
    "Guideline1_3.1_3_1.H85.2": "provinces stand by name, as people look them up; regions would be one thing more to know",
    "Guideline1_3.1_3_1.H39.3.NoCaption": "a table that is named by the heading above it (aria-labelledby) need not be named twice",
    "Guideline1_3.1_3_5.H98": "it is of 2020 and does not know `one-time-code`, which the standard has; axe checks autocomplete too",
    "Guideline1_4.1_4_6.G17.Abs": "contrast of text that is placed absolutely, which it cannot work out; axe measures the same",
    "Guideline1_4.1_4_6.G18.Abs": "the same, for large text",
}
@dataclass(frozen=True)
class Combination:
    """One way to show a page."""

    width: int
    size: int
    theme: str

    def __str__(self) -> str:
        return f"{self.width} px, text {self.size}, {self.theme}"


@dataclass(frozen=True)
class Finding:
    page: str
    how: str
    rule: str
    what: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.what}  [{self.page}; {self.how}]"


def version_of_axe() -> str:
    found = re.match(r"/\*! axe v([\d.]+)", AXE)
    assert found
    return found[1]


def every_combination() -> Iterator[Combination]:
    for width in WIDTHS:
        for size in SIZES:
            for theme in THEMES:
                yield Combination(width, size, theme)


class Looker:
    """One browser context with one page; `looks` counts what was done.

    `undecided`: also what axe could not decide and what the sniffer only warns of. Which of these come up turns with where a text
    happens to break, so a person goes through them after `make a11y`, and they fail no other run.
    """

    def __init__(self, browser: Browser, client: FlaskClient, undecided: bool) -> None:
        self.client, self.undecided = client, undecided
        self.looks: Counter[str] = Counter()
        self._files: dict[str, dict[str, Any]] = {}
        self._now: Shown | None = None
        self.context: BrowserContext = browser.new_context(service_workers="block", reduced_motion="reduce", locale="th-TH", base_url=APP)
        self.context.set_default_timeout(20_000)
        for script in (AXE, CODE_SNIFFER, BOXES):
            self.context.add_init_script(script)
        self.context.route("**/*", self._answer)
        self.page: Page = self.context.new_page()

    def open(self, shown: Shown) -> None:
        self._now = shown
        self.page.set_viewport_size({"width": 360, "height": HEIGHT})
        self.page.goto(APP + quote(shown.address, safe="/?&=#%+"), wait_until="load")
        self.page.evaluate("() => { boxes.openUp(); return document.fonts.ready.then(() => true); }")

    def dress(self, how: Combination) -> None:
        theme, contrast = THEMES[how.theme]
        self.page.set_viewport_size({"width": how.width, "height": HEIGHT})
        height = self.page.evaluate(
            "([size, theme, contrast]) => { boxes.dress(size, theme, contrast); return document.documentElement.scrollHeight; }",
            [how.size, theme, contrast],
        )
        self.page.set_viewport_size({"width": how.width, "height": max(HEIGHT, min(int(height) + 200, 30_000))})

    def look(self, how: Combination, whole: bool = True) -> list[Finding]:
        """Everything that changes with colour, width and size; without `whole`, of axe's rules only those that read colours."""
        self.dress(how)
        found = self.axe(how, None if whole else COLOUR_RULES) + self.sniff(how)
        return found + self.measure("boxes.reflow()", how) + self.measure("boxes.targets()", how)

    def axe(self, how: object, only: list[str] | None = None) -> list[Finding]:
        self.looks["axe"] += 1
        if only:
            options: dict[str, Any] = {"runOnly": {"type": "rule", "values": only}}
        else:
            options = {"runOnly": AXE_TAGS, "rules": {rule: {"enabled": True} for rule in AXE_OFF_AT_FIRST}}
        told = self.page.evaluate(
            """async ([options, undecided]) => {
                // Our pseudo-elements draw rings, dots and the fade above the button: none lies behind letters.
                const { checks } = axe._audit;
                for (const id of ["color-contrast", "color-contrast-enhanced"]) checks[id].options.ignorePseudo = true;
                const said = await axe.run(document, { ...options, resultTypes: ["violations", "incomplete"] });
                return [...said.violations, ...(undecided ? said.incomplete : [])].flatMap((rule) => rule.nodes.map((node) =>
                    [rule.id, (node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? rule.help, node.html.slice(0, 160)]));
            }""",
            [options, self.undecided],
        )
        return [self._found(how, f"axe {rule}", f"{words}: {html}") for rule, words, html in told if not _is_set_aside(rule, words, html)]

    def sniff(self, how: object) -> list[Finding]:
        """Errors, and warnings with `undecided`; what it only asks a person to look at ("notice") is left out."""
        self.looks["HTML_CodeSniffer"] += 1
        told = self.page.evaluate(
            """(undecided) => new Promise((done) => HTMLCS.process("WCAG2AAA", document, () => done(HTMLCS.getMessages()
                .filter((one) => one.type === HTMLCS.ERROR || undecided && one.type === HTMLCS.WARNING)
                .map((one) => [one.code, one.msg, one.element.outerHTML?.slice(0, 160) ?? ""]))))""",
            self.undecided,
        )
        return [
            self._found(how, f"sniffer {code}", f"{words}: {html}")
            for code, words, html in told
            if not any(part in code for part in NOT_FOR_THE_SNIFFER)
        ]

    def measure(self, what: str, how: object) -> list[Finding]:
        self.looks["boxes"] += 1
        return [self._found(how, rule, f"{words}: {html}") for rule, words, html in self.page.evaluate(what)]

    def reach(self, width: int = 360, height: int = HEIGHT, size: int = 1) -> list[Finding]:
        """Every control by focus, in a window of an ordinary height."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.evaluate("size => boxes.dress(size, 'light', '')", size)
        return self.measure("boxes.focus()", f"focus, {width}x{height}, text {size}")

    def spaced(self, how: Combination) -> list[Finding]:
        """WCAG 1.4.12: lines, letters, words and paragraphs set wider by the reader, and nothing else changed: so the first size."""
        self.dress(how)
        self.page.evaluate("boxes.looser(true)")
        found = self.measure("boxes.reflow()", f"text spacing, {how}")
        self.page.evaluate("boxes.looser(false)")
        return found

    def turned(self) -> list[Finding]:
        """A phone lying on its side, and 400 % zoom of a window of 1280 x 1024."""
        found = []
        for name, width, height in (("landscape", 740, 360), ("400 % zoom", 320, 256)):
            for size in (1, 4):
                self.page.evaluate("size => boxes.dress(size, 'light', '')", size)
                self.page.set_viewport_size({"width": width, "height": height})
                found += self.measure("boxes.reflow()", f"{name}, text {size}")
        return found

    def forced(self) -> list[Finding]:
        """The colours of the system in place of ours: text stays told from its ground, nothing runs over."""
        self.page.emulate_media(forced_colors="active")
        self.dress(Combination(360, 1, "light"))
        found = self.measure("boxes.told()", "forced colours") + self.measure("boxes.reflow()", "forced colours")
        self.page.emulate_media(forced_colors="none")
        return found

    def _found(self, how: object, rule: str, what: str) -> Finding:
        assert self._now
        return Finding(str(self._now), str(how), rule, what)

    def _answer(self, route: Route) -> None:
        request = route.request
        if request.is_navigation_request() and self._now:
            headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": self._now.policy}
            route.fulfill(status=200, headers=headers, body=self._now.html)
            return
        if request.method != "GET":
            route.fulfill(status=204)
            return
        split = urlsplit(request.url)
        address = f"{split.path}?{split.query}"
        if address not in self._files:
            answer = self.client.get(address, base_url=APP)
            headers = {"Content-Type": answer.headers.get("Content-Type", "text/plain")}
            self._files[address] = {"status": answer.status_code, "headers": headers, "body": answer.get_data()}
        route.fulfill(**self._files[address])


def _is_set_aside(rule: str, words: str, html: str) -> bool:
    """Of colours, what axe cannot judge: signs, and letters in pictures, whose colours are pairs that tests/house/test_css.py keeps AAA."""
    if rule in COLOUR_RULES:
        return html.startswith("<text") or words.startswith(ONLY_A_SIGN)
    return rule in NOT_FOR_AXE
