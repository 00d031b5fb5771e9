"""How this browser puts the app on a home screen, and whether to speak of it.

The way is told by User-Agent: the words must stand in a page without JavaScript, and no script tells Samsung's browser from Chrome better.
A browser that is not known gets all ways; an iPad says that it is a Mac and finds its own among the others.

Offered once, on the receipt of a request. The moment of the first offer is kept in a cookie, so that the same receipt shows it again after
a reload or "look again" on that day; from then on, and after any answer, never: whoever wants it later finds it under settings and help.
Thirty days after a "not now", as for reminders, was refused: a reminder has its own reason to come back, an icon has none.
"""

from __future__ import annotations

import re
from enum import StrEnum

from flask import Response, request

from webapp.web.cookies import keep
from webapp.web.language import gettext as _
from webapp.web.tools import tools

COOKIE = "sitthi-home-screen"
ANSWERED = "answered"
KEEP_SECONDS = 400 * 24 * 3600  # the longest that browsers allow
SAME_RECEIPT_SECONDS = 24 * 3600


class Way(StrEnum):
    """One set of steps; ON_IPHONE is any browser there but Safari, IN_AN_APP a page opened inside LINE, Facebook and the like."""

    CHROME = "chrome"
    SAMSUNG = "samsung"
    FIREFOX = "firefox"
    SAFARI = "safari"
    ON_IPHONE = "on_iphone"
    IN_AN_APP = "in_an_app"
    COMPUTER = "computer"


IPHONE = re.compile(r"iPhone|iPad|iPod")
LINE = re.compile(r"\bLine/")
IN_AN_APP = re.compile(r"\bLine/|FBA[NV]/|FB_IAB|Instagram|Messenger|TikTok|musical_ly|Bytedance|Twitter|Snapchat|GSA/|; wv\)")
SIGNS = (
    (Way.ON_IPHONE, re.compile(r"(?:iPhone|iPad|iPod).*(?:CriOS|FxiOS|EdgiOS|OPiOS|OPT/|DuckDuckGo|Brave)")),
    (Way.SAFARI, re.compile(r"(?:iPhone|iPad|iPod).*Safari/")),
    (Way.IN_AN_APP, IPHONE),
    (Way.SAMSUNG, re.compile(r"SamsungBrowser/")),
    (Way.FIREFOX, re.compile(r"Android.*Firefox/")),
    (Way.CHROME, re.compile(r"Android.*Chrome/")),
    (Way.COMPUTER, re.compile(r"Windows|Macintosh|X11|CrOS")),
)
"""In this order: each names itself after the ones below. A browser on an iPhone without Safari's name is a window of some app."""


def app_name() -> str:
    """What stands under the icon; short, as launchers cut it."""
    return _("Sitthi prototype") if tools().settings.demonstration else _("Sitthi")


def way_of(agent: str) -> Way | None:
    """The steps for the browser that calls itself `agent`; None where it is not known."""
    if IN_AN_APP.search(agent):
        return Way.IN_AN_APP
    return next((way for way, sign in SIGNS if sign.search(agent)), None)


def this_way() -> Way | None:
    return way_of(request.user_agent.string)


def is_in_line() -> bool:
    """LINE alone opens its phone's browser by an address."""
    return bool(LINE.search(request.user_agent.string))


def way_before_reminders() -> Way | None:
    """On an iPhone its steps: it shows reminders only from the home screen. Whether the page stands there, only the style sheet knows."""
    return this_way() if IPHONE.search(request.user_agent.string) else None


def may_be_offered() -> bool:
    """On a phone, where it was neither answered nor offered on an earlier day."""
    if this_way() in (None, Way.COMPUTER):
        return False
    said = request.cookies.get(COOKIE)
    return said is None or (said.isascii() and said.isdigit() and len(said) < 12 and _is_recent(int(said)))


def _is_recent(offered_at: int) -> bool:
    return 0 <= tools().clock.machine_time() - offered_at < SAME_RECEIPT_SECONDS


def note_offer(response: Response) -> Response:
    """`response` offers it: the first time, write down when."""
    if COOKIE not in request.cookies:
        keep(response, COOKIE, str(int(tools().clock.machine_time())), KEEP_SECONDS)
    return response


def note_answer(response: Response) -> Response:
    """Not to be offered again, whatever the answer was."""
    keep(response, COOKIE, ANSWERED, KEEP_SECONDS)
    return response
