"""Which language a page speaks, and how it says things in it.

Chosen by the person, then by the cookie, then by the browser; Thai where none fits. Msgids are English, so English needs no
catalogue. flask-babel finds the locale; the look-up itself goes past it: its own costs 6 to 11 us a string, a cached
catalogue 0.4 (facts/stack.md), and a page asks for a hundred. Thai strings may carry phrase marks ("|", DESIGN 2.3): `_`
drops them, `ph` turns each phrase into a span that is not broken in the middle. What either makes of a text is made once a process: the
texts are those of our code, so that there is an end to them (web/templates.py writes them into the compiled templates besides).

A further language is one line in LANGUAGES, one catalogue (translations/<code>/LC_MESSAGES/messages.po) and one line of fonts in
static/css/base.css (`:lang(my)`). Dates, months and lists are then Babel's, names of hospitals and provinces English, years of the
Christian era. It stays hidden until a native reader has read it (`read_by`) and nine tenths of all strings are there: what a reader has not
seen yet stays marked "fuzzy" in the catalogue, which counts as missing, and shows in English.
"""

from __future__ import annotations

import gettext as gnu_gettext
import hashlib
import unicodedata
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import lru_cache, wraps
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, g, has_request_context, request
from flask.globals import _cv_app as app_held  # the proxies cost three times as much, and a page asks three hundred times
from flask_babel import Babel
from markupsafe import Markup, escape
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from webapp.config import ROOT


@dataclass(frozen=True)
class Language:
    """Its own name for itself; which native reader read the catalogue, and when ("" = nobody yet); "rtl" where it is written leftwards."""

    name: str
    read_by: str = ""
    direction: str = "ltr"


LANGUAGES = {
    "th": Language("ไทย", read_by="the project"),
    "en": Language("English", read_by="the project"),
}
DEFAULT = "th"
SOURCE = "en"
ENOUGH = 0.9
COOKIE = "sitthi-language"
CATALOGUES = ROOT / "translations"
TEXTS = 16_384
"""More than there are in all languages together."""
T = TypeVar("T")
MAY_BREAK = Markup('<wbr aria-hidden="true">')
"""Where a line may end although no space stands there. Hidden from the tree of names: Chromium would put a space for it into them."""
LONGEST_ACCEPTED = 400
KEEPING = ((10, "n"), (13, "n n3"), (15, "n n2"), (22, "n n1"))


def speak(app: Flask) -> None:
    """Teach the app and its templates every language that is shown."""
    Babel(app, locale_selector=language, default_locale=DEFAULT)
    env = app.jinja_env
    env.add_extension("jinja2.ext.i18n")
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, _counted, newstyle=True, pgettext=pgettext
    )
    env.globals.update(ph=ph, say_in=say_in)
    for code in languages():
        catalogue(code)


def languages() -> dict[str, str]:
    """What people can choose: code → the language's own name."""
    return {code: one.name for code, one in LANGUAGES.items() if is_shown(code)}


def is_shown(code: str) -> bool:
    """Whether a native reader has read it and enough of it is there."""
    return bool(LANGUAGES[code].read_by) and (code in (SOURCE, DEFAULT) or share_said(code) >= ENOUGH)


@lru_cache(maxsize=8)
def share_said(code: str) -> float:
    """How much of what Thai says the catalogue says too, 0 to 1; what is marked fuzzy has not been checked and does not count."""
    wanted, said = _said_in(DEFAULT), _said_in(code)
    return len(wanted & said) / len(wanted)


def _said_in(code: str) -> set[tuple[str, str]]:
    po = CATALOGUES / code / "LC_MESSAGES" / "messages.po"
    if not po.exists():
        return set()
    with po.open("rb") as source:
        return {(one.context or "", str(one.id)) for one in read_po(source) if one.id and all(_texts(one.string)) and not one.fuzzy}


def _texts(string: Any) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else tuple(string)


def language() -> str:
    """The code of one of `languages()`, decided once a request."""
    held = app_held.get(None)
    chosen: str | None = None if held is None else held.g.__dict__.get("language")
    if chosen is not None:
        return chosen
    if not has_request_context():
        return DEFAULT
    g.language = asked_for = _asked_for()
    return asked_for


def use_language(code: str) -> None:
    """From here on this request speaks `code`."""
    g.language = code


def _asked_for() -> str:
    chosen = g.get("person_language") or request.cookies.get(COOKIE)
    if chosen in languages():
        return str(chosen)
    accepted = request.headers.get("Accept-Language", "")
    best = _best_for if len(accepted) <= LONGEST_ACCEPTED else _best_for.__wrapped__
    return best(accepted, tuple(languages()))


@lru_cache(maxsize=1_024)
def _best_for(accepted: str, shown: tuple[str, ...]) -> str:
    """What browsers say here is the same with many of them."""
    return parse_accept_header(accepted, LanguageAccept).best_match(shown) or DEFAULT


@lru_cache(maxsize=8)
def catalogue(code: str) -> gnu_gettext.NullTranslations:
    """The catalogue of one language, from the built .mo or, where that is missing or old, from the .po itself."""
    po = CATALOGUES / code / "LC_MESSAGES" / "messages.po"
    if not po.exists():
        return gnu_gettext.NullTranslations()
    mo = po.with_suffix(".mo")
    if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
        return gnu_gettext.GNUTranslations(BytesIO(mo.read_bytes()))
    return gnu_gettext.GNUTranslations(BytesIO(compiled(po)))


def edition(code: str) -> str:
    """Changes when anything in the catalogue does."""
    po = CATALOGUES / code / "LC_MESSAGES" / "messages.po"
    return hashlib.sha256(po.read_bytes()).hexdigest() if po.exists() else ""


def compiled(po: Path) -> bytes:
    """The bytes of the .mo for a .po file."""
    built = BytesIO()
    with po.open("rb") as source:
        write_mo(built, read_po(source))
    return built.getvalue()


def gettext(msgid: str, **values: Any) -> str:
    """The text in this request's language, without phrase marks; `values` fill its %(names)s."""
    text = say_in(language(), msgid)
    return text % values if values else text


def once_a_language(say: Callable[..., T]) -> Callable[..., T]:
    """For what is said in words that hang on the arguments and the language alone: worked out once for each. What it returns is shared, and
    so must not be changed by anybody."""

    @lru_cache(maxsize=TEXTS)
    def said(_catalogue: gnu_gettext.NullTranslations, *args: Hashable) -> T:
        return say(*args)

    @wraps(say)
    def answer(*args: Hashable) -> T:
        return said(catalogue(language()), *args)

    return answer


def unmarked(text: str) -> str:
    """A text of the catalogue as people read it: no phrase marks."""
    return held_together(text).replace("|", "")


def held_together(text: str) -> str:
    """The sign that repeats a word never begins a line: the space that Thai writes before it becomes one that does not break."""
    return text.replace(" ๆ", "\u00a0ๆ")


def say_in(code: str, msgid: str) -> str:
    """A text in another language than the page's, for the few pages that must speak both."""
    return _said(catalogue(code), msgid)


@lru_cache(maxsize=TEXTS)
def _said(catalogue: gnu_gettext.NullTranslations, msgid: str) -> str:
    return unmarked(catalogue.gettext(msgid))


def in_language(code: str, say: Callable[[], T]) -> T:
    """What `say` says in another language; the page goes on in its own."""
    own = language()
    use_language(code)
    try:
        return say()
    finally:
        use_language(own)


def ngettext(singular: str, plural: str, n: int, **values: Any) -> str:
    """As `gettext`, for a count; %(num)s is filled too."""
    return _counted(singular, plural, n) % {"num": n, **values}


def _counted(singular: str, plural: str, n: int) -> str:
    """For Jinja, which fills the values itself."""
    return unmarked(catalogue(language()).ngettext(singular, plural, n))


def pgettext(context: str, msgid: str, **values: Any) -> str:
    text = unmarked(catalogue(language()).pgettext(context, msgid))
    return text % values if values else text


def ph(msgid: str, **values: Any) -> Markup:
    """The text as spans that each keep together, for headings, buttons and key sentences."""
    if not values:
        return phrased_in(language(), msgid)
    safe = {name: escape(value) for name, value in values.items()}
    return _spans([Markup(str.__mod__(phrase, safe)) for phrase in _phrases(catalogue(language()), msgid)])  # noqa: S704 - both are escaped


def phrased_in(code: str, msgid: str) -> Markup:
    """What `ph` makes of a text that takes no values."""
    return _phrased(catalogue(code), msgid)


@lru_cache(maxsize=TEXTS)
def _phrased(catalogue: gnu_gettext.NullTranslations, msgid: str) -> Markup:
    return _spans(_phrases(catalogue, msgid))


@lru_cache(maxsize=TEXTS)
def _phrases(catalogue: gnu_gettext.NullTranslations, msgid: str) -> list[Markup]:
    return [escape(phrase) for phrase in held_together(catalogue.gettext(msgid)).split("|")]


def _spans(phrases: list[Markup]) -> Markup:
    if len(phrases) == 1:
        return phrases[0]
    return MAY_BREAK.join(map(_kept_together, phrases))


def _kept_together(phrase: Markup) -> Markup:
    """Spaces at a phrase's edges stay outside its span, where a line may end."""
    text = str(phrase)
    bare = text.strip()
    left = text[: len(text) - len(text.lstrip())]
    right = text[len(text.rstrip()) :]
    return Markup(f'{left}<span class="{keeping(bare)}">{bare}</span>{right}')  # noqa: S704 - the phrase is escaped already


class _Room(dict[str, bool]):
    """Of a letter: whether it takes room in its line, or stands above or below another one. Asked for thousands of times a page."""

    def __missing__(self, letter: str) -> bool:
        self[letter] = found = unicodedata.category(letter) != "Mn"
        return found


ROOM = _Room()


def keeping(phrase: str) -> str:
    """The class that keeps a phrase on one line: a long one only at the text sizes where it fits 320 px (static/css/base.css)."""
    width = sum(map(ROOM.__getitem__, phrase))
    return next((name for most, name in KEEPING if width <= most), "")
