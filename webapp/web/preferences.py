"""How somebody wants pages to look: in a cookie of the phone, and with the person who is signed in; the server writes it into each page.

Whose look counts when the phone and the person differ: the newer choice. A choice made without signing in belongs to the phone, and whoever
signs in there next takes it along where it is newer than their own, so that nobody's letters shrink by signing in. A choice made while
signed in belongs to the person and is worn by the phone as well, but as a borrowed one: it is nobody else's to take along. A phone on
which nobody chose anything wears the look of the first who signs in, so that the page after signing out can still be read. Put aside:
the person's always wins (what was chosen on one's own phone between two short sessions would be undone by each sign-in); the phone's
always wins (another phone would never get it); a look for each choice with its own time (nobody could tell what will happen).
Which phone is shared is a thing of the phone and never travels; there nothing is taken along or worn.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, fields, replace
from functools import lru_cache

from flask import Response, after_this_request, g, request

from webapp.ports import PersonSettings, StoreUnavailable
from webapp.web import guards
from webapp.web.cookies import keep
from webapp.web.language import COOKIE as LANGUAGE_COOKIE
from webapp.web.tools import noted, tools

COOKIE = "sitthi-look"
YEAR_SECONDS = 365 * 24 * 3600
SWITCH = ("", "1")
CHOICES = {
    "text_size": ("1", "2", "3", "4"),
    "theme": ("auto", "light", "dark"),
    "contrast": ("auto", "no", "hi"),
    "looped": SWITCH,
    "simple": SWITCH,
    "aloud": ("auto", *SWITCH),
    "still": SWITCH,
    "less_data": SWITCH,
    "shared_phone": SWITCH,
}
OF_THE_PHONE = frozenset({"shared_phone"})
LEAST_WHEN_SIMPLE = 2
CHOSEN_AT = "at"
LONGEST_LOOK = 160


@dataclass(frozen=True)
class Preferences:
    """`text_size` 1 to 4, as chosen; see `letters`. `contrast` "no": the ordinary one, whatever the phone asks for. `simple`: one thing a
    page; `aloud`: "1" or "", or "auto": as `reads_aloud` says; `still`: nothing moves; `shared_phone`: it keeps nothing of anybody."""

    text_size: int = 1
    theme: str = "auto"
    contrast: str = "auto"
    looped: bool = False
    simple: bool = False
    aloud: str = "auto"
    still: bool = False
    less_data: bool = False
    shared_phone: bool = False

    @property
    def letters(self) -> int:
        """The step that pages are written in: simple pages never have the smallest."""
        return max(self.text_size, LEAST_WHEN_SIMPLE) if self.simple else self.text_size

    @property
    def root(self) -> dict[str, str]:
        """The attributes of a page's <html>; the worker puts the same on the pages that a phone keeps."""
        chosen = {
            "data-s": str(self.letters),
            "data-t": self.theme if self.theme != "auto" else "",
            "data-c": self.contrast if self.contrast != "auto" else "",
            "data-f": "looped" if self.looped else "",
            "data-m": "simple" if self.simple else "",
            "data-r": "still" if self.still else "",
            "data-a": "" if self.aloud else "off",
        }
        return {name: value for name, value in chosen.items() if value}


def preferences() -> Preferences:
    """Of whoever asks: see the top of this file."""
    known = noted()
    if "preferences" not in known:
        known["preferences"] = _persons_own() or on_this_phone()
    worn: Preferences = known["preferences"]
    return worn


def saves_data() -> bool:
    """Chosen here, or asked for by the browser itself."""
    known = noted()
    if "asks_for_less" not in known:
        known["asks_for_less"] = request.headers.get("Save-Data", "").strip().lower() == "on"
    return preferences().less_data or bool(known["asks_for_less"])


def reads_aloud() -> bool:
    """Whether pages carry the button that reads them: unless switched off, and where data is saved only if asked for."""
    return preferences().aloud == "1" or preferences().aloud == "auto" and not saves_data()


def with_choice(look: Preferences, name: str, value: str) -> Preferences:
    """`look` with one thing changed; an unknown name or value changes nothing."""
    if value not in CHOICES.get(name, ()):
        return look
    kind = type(getattr(look, name))
    return replace(look, **{name: kind(value)})


def on_this_phone() -> Preferences:
    """What this phone's cookie says, whoever is signed in."""
    return read(request.cookies.get(COOKIE, ""))


def wear_the_look_of(person_id: str) -> None:
    """From here on this request looks and speaks as the person chose, or as this phone was set since, which becomes the person's choice."""
    own = tools().store.settings_of(person_id)
    taken = _to_take_along(own)
    if taken:
        with suppress(StoreUnavailable):  # worn all the same: the phone still holds it, and brings it again
            tools().store.keep_settings(person_id, taken)
    own = taken or own
    g.person_settings = own
    if own is None:
        return
    g.person_language = own.language
    if own.look and COOKIE not in request.cookies:
        after_this_request(lambda response: _keep_cookie(response, own.look))


def remember(response: Response, look: Preferences) -> Response:
    """Keep a choice just made: with the person who is signed in, else on this phone."""
    return _kept(response, look, _chosen_language())


def remember_language(response: Response, code: str) -> Response:
    return remember_both(response, preferences(), code)


def remember_both(response: Response, look: Preferences, code: str) -> Response:
    """A look and a language chosen at once."""
    if guards.signed_in_person_id() is None or not on_this_phone().shared_phone:
        keep(response, LANGUAGE_COOKIE, code, YEAR_SECONDS)
    return _kept(response, look, code)


def _kept(response: Response, look: Preferences, language: str) -> Response:
    now, person_id, here = tools().clock.machine_time(), guards.signed_in_person_id(), on_this_phone()
    if person_id is None:
        return _keep_cookie(response, f"{written(look)}&{CHOSEN_AT}={int(now)}")
    tools().store.keep_settings(person_id, PersonSettings(language, written(look), now))
    if here.shared_phone or look.shared_phone:
        worn = replace(here, shared_phone=look.shared_phone)
        since = _chosen_here_at()
        return _keep_cookie(response, written(worn) + (f"&{CHOSEN_AT}={since}" if since else ""))
    return _keep_cookie(response, written(look))


def _to_take_along(own: PersonSettings | None) -> PersonSettings | None:
    """The choice that was made on this phone without signing in, where it is newer than the person's own."""
    here, since = on_this_phone(), _chosen_here_at()
    if not since or here.shared_phone or (own and own.chosen_at >= since):
        return None
    return PersonSettings(_chosen_language() or (own.language if own else ""), written(here), since)


def _chosen_language() -> str:
    """Of the person or this phone; empty where nobody chose and the browser's counts."""
    return str(g.get("person_language") or request.cookies.get(LANGUAGE_COOKIE, ""))


def _persons_own() -> Preferences | None:
    own: PersonSettings | None = g.get("person_settings")
    if own is None or not own.look:
        return None
    return replace(read(own.look), **{name: getattr(on_this_phone(), name) for name in OF_THE_PHONE})


def _keep_cookie(response: Response, text: str) -> Response:
    keep(response, COOKIE, text, max_age=YEAR_SECONDS)
    return response


def written(look: Preferences) -> str:
    """One line of text, for the cookie and the store."""
    values = {one.name: getattr(look, one.name) for one in fields(look)}
    return "&".join(f"{name}={('1' if value else '') if isinstance(value, bool) else value}" for name, value in values.items())


def _pairs(text: str) -> list[tuple[str, str]]:
    parts = [pair.partition("=") for pair in text.split("&")[: len(CHOICES) + 1]]
    return [(name, value) for name, _, value in parts]


def read(text: str) -> Preferences:
    """A look as `written` wrote it, or as somebody made it up: what is not known in it changes nothing."""
    return _read(text) if len(text) <= LONGEST_LOOK else _made_of(text)


@lru_cache(maxsize=512)
def _read(text: str) -> Preferences:
    """People's looks are few."""
    return _made_of(text)


def _made_of(text: str) -> Preferences:
    look = Preferences()
    for name, value in _pairs(text):
        look = with_choice(look, name, value)
    return look


def _chosen_here_at() -> int:
    """When somebody who was not signed in last chose on this phone, epoch seconds; 0: nobody did. A time to come counts as now."""
    said = dict(_pairs(request.cookies.get(COOKIE, ""))).get(CHOSEN_AT, "")
    return min(int(said), int(tools().clock.machine_time())) if said.isascii() and said.isdigit() and len(said) < 12 else 0
