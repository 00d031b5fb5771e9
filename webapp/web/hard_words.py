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

SILENT = "script|style|textarea|select|option|bdi|code|template"
NO_LINK_INSIDE = "a|button|label|summary|legend|caption|dt|th|h1|h2|h3|h4"
VOID = "area|br|col|hr|img|input|link|meta|source|wbr|path|rect|circle"
NOT_SHOWN = r'\s(?:hidden|aria-hidden="true")(?=[\s>])|class="[^"]*\bvh\b'
MARKS = re.compile(
    rf"""<!--.*?-->|<svg\b.*?</svg>
    |<(?P<silent>{SILENT})\b[^>]*>
    |<(?P<bound>{NO_LINK_INSIDE})\b(?P<how>[^>]*)>|</(?P<freed>{NO_LINK_INSIDE})>
    |<(?!(?:{VOID})\b)(?P<other>[a-zA-Z][\w-]*)(?P<said>[^>]*?(?:{NOT_SHOWN}|\slang=")[^>]*)>""",
    re.DOTALL | re.VERBOSE,
)
"""Only the tags between which a word is left alone, and where they end: most of a page is never looked at by itself."""
QUIET = re.compile(NOT_SHOWN)
ANOTHER_LANGUAGE = re.compile(r'\slang="([a-z]+)')
IN_A_BLOCK = re.compile(r"<(?:dd|li|td)\b[^>]*>")
ENDS_A_BLOCK = ("</dd>", "</li>", "</td>")


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
        {"th": "โรงพยาบาลตามสิทธิ|สถานพยาบาลตามสิทธิ", "en": r"designated hospitals?"},
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
UNBOUND, BOUND, UNSEEN = range(3)
"""What surrounds a text: nothing that matters, something that may hold no link, or something that nobody sees."""


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
    end = 0
    for found, around in _in_text(main, code):
        key = _key_of(found[0], code)
        word = Explained(key, found[0], _BY_KEY[key].meaning, linked=around == UNBOUND)
        if around == BOUND:
            in_passing.setdefault(key, word)
        elif key not in done:
            done[key] = word
            pieces += main[end : found.start()], _link(word, stands_alone=_stands_alone(main, found))
            end = found.end()
    in_passing = {key: word for key, word in in_passing.items() if key not in done}
    return "".join((*pieces, main[end:])), [*done.values(), *in_passing.values()]


def _link(word: Explained, stands_alone: bool) -> str:
    classes = " ".join(filter(None, ("term", "alone" if stands_alone else "", keeping(word.written))))
    return f'<a class="{classes}" id="use-{word.key}" href="#word-{word.key}">{word.written}</a>'


def _stands_alone(main: str, found: re.Match[str]) -> bool:
    """A word that is all its block says: there it is no link in a sentence, and needs the room of one that stands alone."""
    if not main.startswith(ENDS_A_BLOCK, found.end()):
        return False
    return IN_A_BLOCK.fullmatch(main, main.rfind("<", 0, found.start()), found.start()) is not None


def _in_text(main: str, code: str) -> Iterator[tuple[re.Match[str], int]]:
    """Every hard word that somebody sees, with what surrounds it; none where `main` holds none, which is told quickly."""
    parts = _parts(main, code)
    until, around = 0, UNBOUND
    for found in _words(code).finditer(main):
        while found.start() >= until:
            until, around = next(parts)
        is_seen = around != UNSEEN and main.rfind("<", 0, found.start()) <= main.rfind(">", 0, found.start())
        if is_seen and not (code == "en" and main[found.start() - 1 : found.start()].isalnum()):
            yield found, around


def _parts(main: str, code: str) -> Iterator[tuple[int, int]]:
    """The page in stretches: where each ends, and what surrounds it."""
    place, depth = 0, 0
    while mark := MARKS.search(main, place):
        yield mark.start(), BOUND if depth else UNBOUND
        place = mark.end()
        name = mark["silent"] or mark["other"] or mark["bound"]
        if name and _is_unseen(mark, code):
            place = _end_of(main, name, place)
        elif mark["bound"]:
            depth += 1
        elif mark["freed"]:
            depth = max(0, depth - 1)
        yield place, UNSEEN
    yield len(main) + 1, BOUND if depth else UNBOUND


def _is_unseen(mark: re.Match[str], code: str) -> bool:
    """Not shown, no sentence, or in another language than the page's."""
    said = mark["how"] or mark["said"] or ""
    another = ANOTHER_LANGUAGE.search(said)
    return bool(mark["silent"] or QUIET.search(f"{said}>") or (another and another[1] != code))


def _end_of(main: str, name: str, place: int) -> int:
    """Where the element that was opened before `place` ends; the end of `main` where it never does."""
    depth = 1
    for tag in _tags(name).finditer(main, place):
        depth += -1 if tag[1] else 1
        if not depth:
            return tag.end()
    return len(main)


@lru_cache(maxsize=128)
def _tags(name: str) -> re.Pattern[str]:
    return re.compile(rf"<(/?){name}\b[^>]*>")


@lru_cache(maxsize=512)
def _key_of(written: str, code: str) -> str:
    forms = ((word.key, word.forms.get(code)) for word in HARD_WORDS)
    return next(key for key, form in forms if form and re.fullmatch(form, written, re.IGNORECASE))


@lru_cache(maxsize=8)
def _words(code: str) -> re.Pattern[str]:
    """Every word of one language in one pattern. Each way of writing begins with its own letter, large or small: so the search leaps from
    one such letter to the next. English words end where a word ends; that they begin where one begins is asked of what is found."""
    forms = [form for word in HARD_WORDS if code in word.forms for form in _ways(word.forms[code])]
    ends = r"\b" if code == "en" else ""
    ways = (f"{letter}(?i:{form[1:]}){ends}" for form in forms for letter in dict.fromkeys((form[0].lower(), form[0].upper())))
    return re.compile("|".join(ways) or r"(?!)")


def _ways(form: str) -> list[str]:
    """At the bars that stand in no bracket."""
    return re.split(r"\|(?![^(]*\))", form)
