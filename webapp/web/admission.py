"""How many requests a process works on at once, who waits for a place, and who is told at once when to come back.

Without a bound everybody waits when too many come: of a storm over several times what one process bears, half were answered after 26
seconds and half never (`make bench-load` over a million people, before this). With it, whoever is let in is answered in their time, and all
others within moments.

Decided:
- SITTHI_AT_ONCE requests are worked on at once: a process has one interpreter, and the more of them share it, the later each is done. The
  others stand in line, in order of arrival, for LONGEST_IN_LINE at most. Together they hold at most MOST_HELD of the server's threads: the
  rest of those are there to say no.
- Of those in line three who send something go in for each who only reads, and readers are never more than half of it: what somebody has
  filled in goes before what somebody looks at; but who can read nothing never comes to send.
- What waits for others needs no place, or eight slow sign-ins would stop everybody: the ways through ThaiD and the Government Channel have
  a bound of their own. A place held for LONGEST_IN_PLACE is given on too, since nothing of ours takes that long; but only once, or a
  database that is slow since too many ask would be asked by all.
- Whoever stood in line came when they came: what asks for the time of receipt asks `time_of_arrival`.
- No is said outside Flask, from pages made once for each language and look: at a flood it must cost a small part of a yes (0.03 ms, and
  0.1 where something was typed; a page of one's own costs 4). What was typed is put into the page, to be sent again under the same key; a
  form of another site is not, since a trusting tap would then send it from ours.
- The time to come back differs from one to the next, so that they do not all come at once.
- What supervisors ask, and files that browsers keep, need no place.
Put aside: a queue with a number for each (everybody would come and look at it); a bound in the proxy (it knows nothing of what was typed,
and cannot tell who sends from who reads); granting by how long a request lay in the server's own queue, which it does not say.
"""

from __future__ import annotations

import gzip
import logging
import random
import re
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from html import escape
from threading import Lock
from time import perf_counter
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, urlsplit

from flask import Flask, Response, request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header
from werkzeug.test import EnvironBuilder

from webapp.config import Settings
from webapp.domain.measure import TURNED_AWAY
from webapp.ports import Meter
from webapp.web import errors
from webapp.web.language import COOKIE as LANGUAGE
from webapp.web.language import DEFAULT, languages
from webapp.web.preferences import CHOICES
from webapp.web.preferences import COOKIE as LOOK
from webapp.web.security import ASKED_BY_SUPERVISORS, FORM, LARGEST_BODY, SAFE_METHODS
from webapp.web.tools import tools
from webapp.web.typed import ACCOUNT, NEVER_KEPT
from webapp.web.weight import ENCODINGS, OURS_ASKED

MOST_HELD = 128
"""Of the threads of a process (webapp/serving.py: THREADS): so many work or wait, the others answer at once."""
MOST_ELSEWHERE = 24
LONGEST_IN_PLACE = 1.0
LONGEST_IN_LINE = 2.0
LOOKS_AGAIN = 0.5
"""Seconds: how often whoever waits sees whether somebody's place is to be given on. Whoever comes sees to it too, so that in a storm a
hundred who wait need not wake for it: each waking takes the interpreter from those who work."""
A_READER_IN = 4
COME_BACK = (10, 30)
FREE = (*ASKED_BY_SUPERVISORS, "/static/", "/style.css", "/app.js", "/service-worker.js", "/manifest.webmanifest")
WAITS_FOR_OTHERS = ("/sign-in/thaid", "/government-channel")
WAITED = "sitthi.waited"
OF_EACH = frozenset({"content-length", "retry-after", "x-request-id"})
NEVER_SHOWN = NEVER_KEPT | {ACCOUNT}
TYPED_HERE, HERE = "typed-goes-here", "/this-address-goes-here"
MOST_PAGES, LONGEST_HEADER = 256, 200
QUICKEST = 1
SAY_EVERY = 10.0
log = logging.getLogger("sitthi")

Environ = dict[str, Any]
Start = Callable[..., Any]
Answers = Callable[[Environ, Start], Iterable[bytes]]


# Places


class Kind(StrEnum):
    """ELSEWHERE: waits for another's server, and little is ours."""

    READ = "read"
    WRITE = "write"
    ELSEWHERE = "elsewhere"


class _Request:
    """One that has a place or waits for one; `since`: when it got it, `waited`: how long it stood in line."""

    __slots__ = ("come_in", "kind", "since", "waited")

    def __init__(self, kind: Kind) -> None:
        self.kind, self.since, self.waited, self.come_in = kind, 0.0, 0.0, Lock()


class Places:
    """So many work `at_once`; with those in line they are at most `most_held`."""

    def __init__(self, at_once: int, most_held: int = MOST_HELD, most_elsewhere: int = MOST_ELSEWHERE) -> None:
        self._at_once, self._most_held, self._most_elsewhere = at_once, most_held, most_elsewhere
        self._lock = Lock()
        self._inside: set[_Request] = set()
        self._readers: deque[_Request] = deque()
        self._senders: deque[_Request] = deque()
        self._turn = 0

    @property
    def in_line(self) -> int:
        return len(self._readers) + len(self._senders)

    def take(self, kind: Kind) -> _Request | None:
        """A place, now or within LONGEST_IN_LINE; None for whoever is to come back."""
        mine = _Request(kind)
        with self._lock:
            self._call_in()
            if (kind is Kind.ELSEWHERE or not self.in_line) and self._has_room(kind):
                return self._let_in(mine)
            if not self._may_stand_in_line(kind):
                return None
            mine.come_in.acquire()
            self._line_of(kind).append(mine)
        return self._wait(mine)

    def give_back(self, mine: _Request) -> None:
        with self._lock:
            self._inside.discard(mine)
            self._call_in()

    def _wait(self, mine: _Request) -> _Request | None:
        came = perf_counter()
        left = LONGEST_IN_LINE
        while not mine.come_in.acquire(timeout=min(LOOKS_AGAIN, left)):
            left = max(came + LONGEST_IN_LINE - perf_counter(), 0)
            with self._lock:
                self._call_in()
                if mine in self._inside:
                    break
                if not left:
                    self._line_of(mine.kind).remove(mine)
                    return None
        mine.waited = mine.since - came
        return mine

    def _call_in(self) -> None:
        """Whoever is next, as long as there is room; with the lock held, as all below."""
        while self.in_line and self._has_room(Kind.READ):
            self._turn += 1
            is_readers = self._readers and (not self._senders or self._turn % A_READER_IN == 0)
            self._let_in((self._readers if is_readers else self._senders).popleft()).come_in.release()

    def _line_of(self, kind: Kind) -> deque[_Request]:
        return self._readers if kind is Kind.READ else self._senders

    def _let_in(self, one: _Request) -> _Request:
        one.since = perf_counter()
        self._inside.add(one)
        return one

    def _has_room(self, kind: Kind) -> bool:
        elsewhere = sum(one.kind is Kind.ELSEWHERE for one in self._inside)
        if kind is Kind.ELSEWHERE:
            return elsewhere < self._most_elsewhere
        if (here := len(self._inside) - elsewhere) < self._at_once:
            return True
        before = perf_counter() - LONGEST_IN_PLACE
        lately = sum(one.since > before and one.kind is not Kind.ELSEWHERE for one in self._inside)
        return lately < self._at_once and here < 2 * self._at_once

    def _may_stand_in_line(self, kind: Kind) -> bool:
        if kind is Kind.ELSEWHERE or len(self._inside) + self.in_line >= self._most_held:
            return False
        return kind is Kind.WRITE or len(self._readers) < (self._most_held - self._at_once) // 2


# The door


def keep_the_door(app: Flask, settings: Settings, meter: Meter) -> None:
    """To be called last: it stands before everything else. 0 at once: there is no bound."""
    if settings.at_once:
        app.wsgi_app = Door(app, settings, meter)  # type: ignore[method-assign,assignment]  # Flask's own way to stand before it


def time_of_arrival() -> datetime:
    """Business time, without what this request waited for a place."""
    now: datetime = tools().clock.now()
    return now - timedelta(seconds=request.environ.get(WAITED, 0.0))


class Door:
    """WSGI, around the app."""

    def __init__(self, app: Flask, settings: Settings, meter: Meter) -> None:
        self._inner: Answers = app.wsgi_app
        self._places, self._refusals, self._meter = Places(settings.at_once), Refusals(app, settings), meter
        self._said_at, self._since_said = 0.0, 0

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path.startswith(FREE):
            return self._inner(environ, start)
        is_write = environ["REQUEST_METHOD"] not in SAFE_METHODS
        place = self._places.take(Kind.ELSEWHERE if path.startswith(WAITS_FOR_OTHERS) else Kind.WRITE if is_write else Kind.READ)
        if place is None:
            self._note(is_write)
            return self._refusals.answer(environ, start, is_write)
        environ[WAITED] = place.waited
        try:
            return self._inner(environ, start)
        finally:
            self._places.give_back(place)

    def _note(self, is_write: bool) -> None:
        """Each in the figures; in the log a line now and then, since a line each would cost what we have not."""
        self._meter.count(TURNED_AWAY, "write" if is_write else "read")
        self._since_said += 1
        now = perf_counter()
        if now - self._said_at >= SAY_EVERY:
            self._said_at, count, self._since_said = now, self._since_said, 0
            log.warning("all places are taken: %d told to come back", count)


# Saying no


class _Asked(NamedTuple):
    """All that a page that says no hangs on. `kind`: read, write, form (it brings what was typed) or program."""

    kind: str
    language: str = DEFAULT
    look: str = ""
    save_data: str = ""
    encoding: str = ""


@dataclass(frozen=True)
class _Page:
    """Finished; of a form what stands before what was typed, and what after. In both `HERE` is to be replaced."""

    headers: list[tuple[str, str]]
    before: bytes
    after: bytes = b""


class Refusals:
    """The pages that say when to come back, each made once by the app itself."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._app, self._base_url = app, settings.base_url
        self._own_origins = {f"{urlsplit(settings.base_url).scheme}://{host}" for host in settings.hosts}
        self._pages: OrderedDict[_Asked, _Page] = OrderedDict()
        self._making = Lock()

    def answer(self, environ: Environ, start: Start, is_write: bool) -> Iterable[bytes]:
        typed = self._typed(environ) if is_write else None
        page = self._page(_asked(environ, "form" if typed is not None else "write" if is_write else "read"))
        body, headers = page.before, [*page.headers]
        if typed is not None and page.after:
            body = _filled_in(page, typed, _address_of(environ))
            if "gzip" in environ.get("HTTP_ACCEPT_ENCODING", ""):
                body = gzip.compress(body, QUICKEST, mtime=0)
                headers.append(("Content-Encoding", "gzip"))
        seconds = random.randint(*COME_BACK)  # noqa: S311 - only so that they do not all come at once
        start("503 Service Unavailable", [*headers, ("Retry-After", str(seconds)), ("Content-Length", str(len(body)))])
        return [body]

    def _typed(self, environ: Environ) -> list[tuple[str, str]] | None:
        """What one of our own pages sent; None where it was another's, or no plain form."""
        site, length = environ.get("HTTP_SEC_FETCH_SITE"), environ.get("CONTENT_LENGTH") or "0"
        is_ours = site in OURS_ASKED if site else environ.get("HTTP_ORIGIN") in self._own_origins
        if not is_ours or not environ.get("CONTENT_TYPE", "").startswith(FORM) or not length.isdigit() or int(length) > LARGEST_BODY:
            return None
        sent = environ["wsgi.input"].read(int(length)).decode("utf-8", "replace")
        return [(name, value) for name, value in parse_qsl(sent, keep_blank_values=True) if name not in NEVER_SHOWN]

    def _page(self, asked: _Asked) -> _Page:
        """While one is being made, whoever else lacks theirs gets the plain one."""
        found = self._pages.get(asked)
        if found is None and not self._making.acquire(blocking=False):
            found = self._pages.get(asked._replace(look="", save_data=""))
            if found is None:
                self._making.acquire()
        return found or self._kept(asked)

    def _kept(self, asked: _Asked) -> _Page:
        """With the lock held, which it gives back."""
        try:
            made = self._pages[asked] = self._made(asked)
            if len(self._pages) > MOST_PAGES:
                self._pages.popitem(last=False)
            return made
        finally:
            self._making.release()

    def _made(self, asked: _Asked) -> _Page:
        is_form = asked.kind == "form"
        cookies = "; ".join(f"{name}={value}" for name, value in ((LANGUAGE, asked.language), (LOOK, asked.look)) if value)
        headers = {"Cookie": cookies, "Save-Data": asked.save_data, "Accept-Encoding": asked.encoding}
        path = f"{errors.API}busy" if asked.kind == "program" else HERE if is_form else "/"
        builder = EnvironBuilder(path=path, base_url=self._base_url, headers=[one for one in headers.items() if one[1]])
        with self._app.request_context(builder.get_environ()):
            busy = errors.busy([(TYPED_HERE, "")] if is_form else [], asked.kind in ("form", "write"), sum(COME_BACK) // 2)
            answer: Response = self._app.process_response(busy)
        before, _, after = answer.get_data().partition(f'<input type="hidden" name="{TYPED_HERE}" value="">'.encode())
        return _Page([(name, text) for name, text in answer.headers if name.lower() not in OF_EACH], before, after)


def _filled_in(page: _Page, typed: list[tuple[str, str]], address: str) -> bytes:
    fields = "".join(f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in typed)
    here, there = HERE.encode(), escape(address).encode()
    return page.before.replace(here, there) + fields.encode() + page.after.replace(here, there)


def _asked(environ: Environ, kind: str) -> _Asked:
    if environ.get("PATH_INFO", "").startswith(errors.API):
        return _Asked("program")
    cookies, accepted = environ.get("HTTP_COOKIE", ""), environ.get("HTTP_ACCEPT_ENCODING", "")
    return _Asked(
        kind,
        _language_of(_cookie(LANGUAGE, cookies), environ.get("HTTP_ACCEPT_LANGUAGE", "")[:LONGEST_HEADER]),
        _look_of(_cookie(LOOK, cookies)),
        "on" if environ.get("HTTP_SAVE_DATA", "").strip().lower() == "on" else "",
        "" if kind == "form" else next((one for one in ENCODINGS if one in accepted), ""),
    )


@lru_cache(maxsize=MOST_PAGES)
def _language_of(chosen: str, accepted: str) -> str:
    return chosen if chosen in languages() else parse_accept_header(accepted, LanguageAccept).best_match(list(languages())) or DEFAULT


@lru_cache(maxsize=MOST_PAGES)
def _look_of(chosen: str) -> str:
    """What of it there is to choose: so there is an end to the pages that can be asked for."""
    pairs = (pair.partition("=")[::2] for pair in chosen.split("&"))
    return "&".join(f"{name}={value}" for name, value in sorted(pairs) if value and value in CHOICES.get(name, ()))


def _cookie(name: str, cookies: str) -> str:
    found = re.search(rf"(?:^|; ?){name}=([\w&=-]{{1,{LONGEST_HEADER}}})(?:;|$)", cookies, re.ASCII)
    return found[1] if found else ""


def _address_of(environ: Environ) -> str:
    """To which the form was posted."""
    path, query = quote(environ.get("PATH_INFO", "/").encode("latin-1")), environ.get("QUERY_STRING", "")
    return f"{path}?{query}" if query else path
