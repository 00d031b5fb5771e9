"""Which language a page speaks, and how it says things in it.

Chosen by the person, then by the cookie, then by the browser; Thai where none fits. Msgids are English, so English needs no
catalogue. flask-babel finds the locale; the look-up itself goes past it: its own costs 6 to 11 us a string, a cached
catalogue 0.4 (facts/stack.md), and a page asks for a hundred. Thai strings may carry phrase marks ("|", DESIGN 2.3): `_`
drops them, `ph` turns each phrase into a span that is not broken in the middle.
"""

from __future__ import annotations

import gettext as gnu_gettext
import unicodedata
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, g, has_request_context, request
from flask_babel import Babel
from markupsafe import Markup, escape

from webapp.config import ROOT

LANGUAGES = {"th": "ไทย", "en": "English"}
DEFAULT = "th"
COOKIE = "sitthi-language"
CATALOGUES = ROOT / "translations"
KEEPING = ((10, "n"), (13, "n n3"), (15, "n n2"), (22, "n n1"))


def speak(app: Flask) -> None:
    """Teach the app and its templates both languages."""
    Babel(app, locale_selector=language, default_locale=DEFAULT)
    env = app.jinja_env
    env.add_extension("jinja2.ext.i18n")
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, _counted, newstyle=True, pgettext=pgettext
    )
    env.globals.update(ph=ph, say_in=say_in)
    for code in LANGUAGES:
        catalogue(code)


def language() -> str:
    """"th" or "en", decided once a request."""
    if not has_request_context():
        return DEFAULT
    if "language" not in g:
        g.language = _asked_for()
    chosen: str = g.language
    return chosen


def use_language(code: str) -> None:
    """From here on this request speaks `code`."""
    g.language = code


def _asked_for() -> str:
    chosen = g.get("person_language") or request.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return str(chosen)
    return request.accept_languages.best_match(list(LANGUAGES)) or DEFAULT


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


def compiled(po: Path) -> bytes:
    """The bytes of the .mo for a .po file."""
    built = BytesIO()
    with po.open("rb") as source:
        write_mo(built, read_po(source))
    return built.getvalue()


def gettext(msgid: str, **values: Any) -> str:
    """The text in this request's language, without phrase marks; `values` fill its %(names)s."""
    text = catalogue(language()).gettext(msgid).replace("|", "")
    return text % values if values else text


def say_in(code: str, msgid: str) -> str:
    """A text in another language than the page's, for the few pages that must speak both."""
    return catalogue(code).gettext(msgid).replace("|", "")


def ngettext(singular: str, plural: str, n: int, **values: Any) -> str:
    """As `gettext`, for a count; %(num)s is filled too."""
    return _counted(singular, plural, n) % {"num": n, **values}


def _counted(singular: str, plural: str, n: int) -> str:
    """For Jinja, which fills the values itself."""
    return catalogue(language()).ngettext(singular, plural, n).replace("|", "")


def pgettext(context: str, msgid: str, **values: Any) -> str:
    text = catalogue(language()).pgettext(context, msgid).replace("|", "")
    return text % values if values else text


def ph(msgid: str, **values: Any) -> Markup:
    """The text as spans that each keep together, for headings, buttons and key sentences."""
    phrases = catalogue(language()).gettext(msgid).split("|")
    safe = {name: escape(value) for name, value in values.items()}
    filled = [escape(phrase) % safe if safe else escape(phrase) for phrase in phrases]
    if len(filled) == 1:
        return filled[0]
    return Markup("<wbr>").join(_kept_together(phrase) for phrase in filled)


def _kept_together(phrase: Markup) -> Markup:
    """Spaces at a phrase's edges stay outside its span, where a line may end."""
    bare = phrase.strip()
    left = phrase[: len(phrase) - len(phrase.lstrip())]
    right = phrase[len(phrase.rstrip()) :]
    return Markup('{}<span class="{}">{}</span>{}').format(left, keeping(bare), bare, right)


def keeping(phrase: str) -> str:
    """The class that keeps a phrase on one line: a long one only at the text sizes where it fits 320 px (static/css/base.css)."""
    width = sum(unicodedata.category(letter) != "Mn" for letter in phrase)
    return next((name for most, name in KEEPING if width <= most), "")
