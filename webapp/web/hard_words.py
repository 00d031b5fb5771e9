"""The few words that nobody knows before they need social security: explained where a page first uses them.

Decided: the finished page is read once, the first use of each word becomes a link, and the meanings stand at its end. So no page
can forget one, translators write plain sentences, and a tap works without JavaScript: the meaning comes up over the foot of the screen (or,
with large letters, the page moves to it), and a link there leads back. Put aside: a marked place in each of a hundred sentences, since one
is always forgotten; <details> beside the word, which may not stand inside a paragraph; <abbr title>, which no finger can open; the popover
attribute, which older phones show as a button that does nothing.
Left alone: links, buttons, labels and headings (a link inside them would be a trap), names, and words in another language than the page's.
A word that a page has only in those is explained at its end all the same. The officers' pages and the paper forms have none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from flask import Flask, current_app
from markupsafe import Markup

from webapp.web.language import gettext as _
from webapp.web.language import keeping, language

PARTS = re.compile(r"<!--.*?-->|<[^>]*>|[^<]+", re.DOTALL)
TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)([^>]*)>")
NOT_SHOWN = re.compile(r'\s(?:hidden|aria-hidden="true")(?=[\s>]|$)|class="[^"]*\bvh\b')
ANOTHER_LANGUAGE = re.compile(r'\slang="([a-z]+)')
SILENT = frozenset({"script", "style", "svg", "textarea", "select", "option", "bdi", "code", "template"})
NO_LINK_INSIDE = frozenset({"a", "button", "label", "summary", "legend", "caption", "dt", "th", "h1", "h2", "h3", "h4"})
ALONE = re.compile(r'(<(?:dd|li|td)\b[^>]*><a class="term)(?=[^>]*>[^<]*</a></(?:dd|li|td)>)')
"""A word that is all its block says: there it is no link in a sentence, and needs the room of one that stands alone."""
VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr", "path", "rect", "circle"})


@dataclass(frozen=True)
class HardWord:
    """`forms`: how it is written, by language, the longest first; `meaning` in this request's language."""

    key: str
    forms: dict[str, str]
    said: Callable[[], str]

    @property
    def meaning(self) -> str:
        return self.said()


HARD_WORDS = (
    HardWord(
        "contribution",
        {"th": "เงินสมทบ", "en": r"contributions?"},
        lambda: _("Money paid into the Social Security Fund every month, counted from the wage."),
    ),
    HardWord(
        "insured-person",
        {"th": "ผู้ประกันตน", "en": r"insured (?:persons?|people|status)"},
        lambda: _("Somebody who is registered with social security and pays into it."),
    ),
    HardWord(
        "designated-hospital",
        {"th": "(?:โรงพยาบาล|สถานพยาบาล)ตามสิทธิ", "en": r"designated hospitals?"},
        lambda: _("The one hospital where social security pays for your care. In an emergency you may go to another."),
    ),
    HardWord("section-33", {"th": "มาตรา 33", "en": "section 33"}, lambda: _("The part of the law for people who work for an employer.")),
    HardWord(
        "section-39",
        {"th": "มาตรา 39", "en": "section 39"},
        lambda: _("The part of the law for people who left section 33 and go on paying by themselves."),
    ),
    HardWord(
        "section-40",
        {"th": "มาตรา 40", "en": "section 40"},
        lambda: _("Another kind of insurance under the same law, without a hospital of one’s own. Ask 1506 about it."),
    ),
    HardWord(
        "average-wage",
        {"th": "ค่าจ้างเฉลี่ย", "en": "average wage"},
        lambda: _("The wages of some months added up, then divided by the number of months."),
    ),
    HardWord(
        "ceiling",
        {"th": "เพดานค่าจ้าง|เพดาน", "en": "wage ceiling|ceiling"},
        lambda: _("The most that counts. What is above it changes nothing."),
    ),
    HardWord("in-patient", {"th": "ผู้ป่วยใน", "en": "in-patients?"}, lambda: _("Somebody who stays in the hospital while being treated.")),
    HardWord(
        "out-patient", {"th": "ผู้ป่วยนอก", "en": "out-patients?"}, lambda: _("Somebody who is treated without staying in the hospital.")
    ),
    HardWord("lump-sum", {"th": "บำเหน็จชราภาพ|บำเหน็จ|เหมาจ่าย", "en": "lump sums?"}, lambda: _("Money that is paid once, all together.")),
    HardWord("pension", {"th": "บำนาญชราภาพ|บำนาญ", "en": "pensions?"}, lambda: _("Money that is paid every month in old age, for life.")),
    HardWord(
        "invalidity",
        {"th": "ทุพพลภาพ", "en": "invalidity"},
        lambda: _("Illness or injury has taken away part of what the body can do, for good."),
    ),
    HardWord("heirs", {"th": "ทายาท", "en": "heirs?"}, lambda: _("The people to whom the law gives the money after a death.")),
    HardWord(
        "chronic-disease", {"th": "โรคเรื้อรัง", "en": "chronic (?:disease|illness)"}, lambda: _("An illness that goes on for a long time.")
    ),
    HardWord(
        "adjoining-province", {"th": "จังหวัดรอยต่อ", "en": "adjoining provinces?"}, lambda: _("A province that has a border with yours.")
    ),
    HardWord(
        "working-day",
        {"th": "วันทำการ", "en": "working days?"},
        lambda: _("A day on which offices are open: no weekend and no government holiday."),
    ),
    HardWord(
        "critical-emergency",
        {"th": "ฉุกเฉินวิกฤต", "en": "critical emergenc(?:y|ies)"},
        lambda: _("A life is in danger. The nearest hospital treats you at once and asks for no money first."),
    ),
)
_BY_KEY = {word.key: word for word in HARD_WORDS}


@dataclass(frozen=True)
class Explained:
    """A word as the page writes it, and what it means; `linked`: the page has a place to go back to."""

    key: str
    written: str
    meaning: str
    linked: bool


def register(app: Flask) -> None:
    app.add_template_filter(explained)


def explained(main: str) -> Markup:
    """The finished main part of a page with its hard words explained."""
    page, words = with_links(main, language())
    if not words:
        return Markup(page)  # noqa: S704 - the template's own output, with links of this room put in
    meanings = current_app.jinja_env.get_template("layouts/_hard_words.html").render(words=words)
    return Markup(page) + Markup(meanings)  # noqa: S704 - as above


def with_links(main: str, code: str) -> tuple[str, list[Explained]]:
    """`main` with a link at the first use of each hard word, and those words in the order of the page."""
    done: dict[str, Explained] = {}
    in_passing: dict[str, Explained] = {}
    pieces: list[str] = []
    for piece, may_link in _pieces(main, code):
        if may_link is None:
            pieces.append(piece)
            continue
        if may_link:
            pieces.append(_linked(piece, code, done))
        else:
            _note(piece, code, in_passing)
            pieces.append(piece)
    in_passing = {key: word for key, word in in_passing.items() if key not in done}
    return ALONE.sub(r"\1 alone", "".join(pieces)), [*done.values(), *in_passing.values()]


def _linked(text: str, code: str, done: dict[str, Explained]) -> str:
    def put(found: re.Match[str]) -> str:
        key = _key_of(found)
        if key in done:
            return found[0]
        done[key] = Explained(key, found[0], _BY_KEY[key].meaning, linked=True)
        return f'<a class="{f"term {keeping(found[0])}".strip()}" id="use-{key}" href="#word-{key}">{found[0]}</a>'

    return _patterns(code).sub(put, text)


def _note(text: str, code: str, in_passing: dict[str, Explained]) -> None:
    for found in _patterns(code).finditer(text):
        key = _key_of(found)
        in_passing.setdefault(key, Explained(key, found[0], _BY_KEY[key].meaning, linked=False))


def _key_of(found: re.Match[str]) -> str:
    return HARD_WORDS[int((found.lastgroup or "w0")[1:])].key


@lru_cache(maxsize=8)
def _patterns(code: str) -> re.Pattern[str]:
    """Every word of one language in one pattern; English ones stand alone and may begin a sentence."""
    edge = r"\b" if code == "en" else ""
    forms = "|".join(f"(?P<w{place}>{edge}(?:{word.forms[code]}){edge})" for place, word in enumerate(HARD_WORDS) if code in word.forms)
    return re.compile(forms or r"(?!)", re.IGNORECASE)


def _pieces(main: str, code: str) -> Iterator[tuple[str, bool | None]]:
    """The page in pieces: a tag or unseen text (None), text that may hold a link (True), text that may not (False)."""
    silent: list[str] = []
    bound: list[str] = []
    for found in PARTS.finditer(main):
        piece = found[0]
        tag = TAG.fullmatch(piece)
        if tag is None:
            yield piece, None if piece.startswith("<") or silent else not bound
            continue
        name = tag[2].lower()
        if silent or bound:
            _go_through(silent or bound, name, bool(tag[1]), piece.endswith("/>"))
        if not tag[1] and not silent:
            if _is_silent(name, tag[3], code):
                if name not in VOID and not piece.endswith("/>"):
                    silent.append(name)
            elif not bound and name in NO_LINK_INSIDE:
                bound.append(name)
        yield piece, None


def _go_through(open_tags: list[str], name: str, closing: bool, closed_at_once: bool) -> None:
    """Keep the tags below the one that began a part, so that its own end is known."""
    if closing:
        while open_tags and open_tags.pop() != name:
            pass
    elif name not in VOID and not closed_at_once:
        open_tags.append(name)


def _is_silent(name: str, attributes: str, code: str) -> bool:
    another = ANOTHER_LANGUAGE.search(attributes)
    return name in SILENT or bool(NOT_SHOWN.search(attributes)) or bool(another and another[1] != code)
