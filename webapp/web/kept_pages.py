"""Pages that hold nothing of anybody: kept finished and squeezed by each process, and given again to whoever asks the same within a minute.

Decided:
- Only the routes of KEPT, each by name: what they ask the store for is the register and the calendar, and `Store.public_edition` changes
  with both (tests/views/test_kept_pages.py watches what they ask for).
- A page is given again only where all is the same that it can hang on: address, language, look, saving of data, the style that is held, how
  it is squeezed, the minute, the edition, the notices above it. What is not in the key may not be read: the cookies of a request that makes
  a page to keep note who looks at them, and where anything but the look and the language was there to be read, the page is not kept. A
  page remembers which cookies it looked for in vain; who has one of them gets their own.
- Whoever comes with a session, or asks for a part of a page, never gets a kept page, and theirs is never kept. Neither is an answer that
  sets a cookie or tells of a mistake.
- What is kept is bounded, and what was asked for longest ago goes first: anybody may invent addresses.
- Limits are counted and answers told to the log as ever; only the making is spared: nine tenths of the time.
Put aside: a cache in the proxy, which knows neither the look nor the minute of a deadline and would need telling of each new register; a
time of its own for each page, at the end of which nobody knows what it showed; keeping pages of people, sealed or not.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock

from flask import Flask, Response, current_app, g, request

from webapp.ports import Store, StoreUnavailable
from webapp.web import cookies
from webapp.web.assets import STYLE_HELD
from webapp.web.guards import SESSION_COOKIE
from webapp.web.language import COOKIE as LANGUAGE
from webapp.web.language import language
from webapp.web.notice_words import band
from webapp.web.preferences import COOKIE as LOOK
from webapp.web.preferences import preferences, saves_data
from webapp.web.style import comes_by_link
from webapp.web.tools import tools
from webapp.web.weight import encoding_asked

EXTENSION = "sitthi-kept-pages"
KEPT = frozenset(
    {
        "home.home", "benefits.overview", "benefits.questions", "benefits.check", "benefits.compare", "hospital_change.overview",
        "hospital_change.blank_form", "hospitals.hospitals", "emergency.emergency", "guide.index", "guide.guide", "rules.rules",
        "rules.subject", "help.help_page", "help.what_to_say", "help.accessibility",
    }
)  # fmt: skip
IN_THE_KEY = frozenset({LANGUAGE, LOOK, STYLE_HELD})
HEADERS = ("Content-Type", "Content-Encoding", "Content-Security-Policy", "Vary")
"""Of an answer; the others are put on each anew."""
SETS_A_COOKIE = "Set-Cookie"
MOST_PAGES, LONGEST_QUERY = 1_000, 400


@dataclass(frozen=True)
class Page:
    """`looked_for`: cookies that whoever it was made for did not have."""

    body: bytes
    headers: tuple[tuple[str, str], ...]
    looked_for: frozenset[str]


@dataclass
class Pages:
    """Of one store, in this process."""

    store: Store
    pages: OrderedDict[Hashable, Page] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def find(self, key: Hashable) -> Page | None:
        with self.lock:
            found = self.pages.get(key)
            if found is not None:
                self.pages.move_to_end(key)
            return found

    def keep(self, key: Hashable, page: Page) -> None:
        with self.lock:
            self.pages[key] = page
            if len(self.pages) > MOST_PAGES:
                self.pages.popitem(last=False)


def keep(app: Flask) -> None:
    """To be called before what squeezes answers: of what looks at answers, the first to be registered is the last to see one."""

    @app.after_request
    def _keep(response: Response) -> Response:
        key: Hashable = g.get("page_to_keep")
        if key is not None and (page := _page_of(response)) is not None:
            _pages().keep(key, page)
        return response


def give(app: Flask) -> None:
    """To be called after all that may turn a request away."""

    @app.before_request
    def _give() -> Response | None:
        key = _key()
        if key is None:
            return None
        found = _pages().find(key)
        if found is None or not found.looked_for.isdisjoint(request.cookies):
            request.__dict__["cookies"] = g.cookies_noted = _Noted(request.cookies)  # in place of what werkzeug has read already
            g.page_to_keep = key
            return None
        response = Response(found.body)
        response.headers.clear()
        response.headers.extend(found.headers)
        return response


class _Noted(Mapping[str, str]):
    """Cookies that note who looks at them; of the ways to look there are no others."""

    def __init__(self, cookies: Mapping[str, str]) -> None:
        self._cookies = dict(cookies)
        self._looked_for: set[str] = set()
        self._looked_at_all = False

    def __getitem__(self, name: str) -> str:
        self._looked_for.add(name)
        return self._cookies[name]

    def __iter__(self) -> Iterator[str]:
        self._looked_at_all = True
        return iter(self._cookies)

    def __len__(self) -> int:
        self._looked_at_all = True
        return len(self._cookies)

    def looked_for_in_vain(self) -> frozenset[str] | None:
        """Beyond what stands in the key; None where something was there to be seen."""
        others = frozenset(self._looked_for) - IN_THE_KEY
        return None if self._looked_at_all or not others.isdisjoint(self._cookies) else others


def _pages() -> Pages:
    found: Pages | None = current_app.extensions.get(EXTENSION)
    if found is None or found.store is not tools().store:
        found = current_app.extensions[EXTENSION] = Pages(tools().store)
    return found


def _key() -> Hashable:
    """All that a kept page hangs on; None for a request that such a page is not for."""
    if request.endpoint not in KEPT or request.method != "GET" or len(request.query_string) > LONGEST_QUERY:
        return None
    if cookies.name_of(SESSION_COOKIE) in request.cookies or "HX-Request" in request.headers:
        return None
    with suppress(StoreUnavailable):
        held = tools()
        return (
            request.path, request.query_string, language(), preferences(), saves_data(), comes_by_link(saves_data()), encoding_asked(),
            int(held.clock.now().timestamp() // 60), held.store.public_edition(), tuple(band()),
        )  # fmt: skip
    return None


def _page_of(response: Response) -> Page | None:
    """Of an answer as it leaves; None where it is not to be kept."""
    in_vain = g.cookies_noted.looked_for_in_vain()
    if in_vain is None or g.get("personal") or SETS_A_COOKIE in response.headers:
        return None
    if response.status_code != 200 or response.mimetype != "text/html" or response.is_streamed:
        return None
    return Page(response.get_data(), tuple((name, value) for name in HEADERS if (value := response.headers.get(name))), in_vain)
