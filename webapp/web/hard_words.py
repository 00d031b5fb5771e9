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
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from functools import lru_cache

from flask import Flask, current_app
from markupsafe import Markup

from webapp.web.language import gettext as _
from webapp.web.language import keeping, language, once_a_language

SILENT = "script|style|textarea|select|option|bdi|code|template"
NO_LINK_INSIDE = "a|button|label|summary|legend|caption|dt|th|h1|h2|h3|h4"
VOID = "area|br|col|hr|img|input|link|meta|source|wbr|path|rect|circle"
NOT_SHOWN = r'\s(?:hidden|aria-hidden="true")(?=[\s>])|class="[^"]*\bvh\b'
MARKS = re.compile(
    rf"""<!--.*?-->|<svg\b.*?</svg>
    |<(?P<silent>{SILENT})\b[^>]*>
    |<(?P<bound>{NO_LINK_INSIDE})\b(?P<how>[^>]*)>|</(?P<freed>{NO_LINK_INSIDE})>""",
    re.DOTALL | re.VERBOSE,
)
"""Only the tags between which a word is left alone, and where they end: most of a page is never looked at by itself."""
SET_ASIDE = re.compile(rf"""<(?!(?:{VOID})\b)(?P<other>[a-zA-Z][\w-]*)(?P<said>[^>]*?(?:{NOT_SHOWN}|\slang=")[^>]*)>""")
SIGNS_OF_THAT = ("hidden", "vh", 'lang="')
"""One of these stands in each such tag: to look for them is quicker than to look into every tag there is."""
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
    return Markup(page + _meanings(*words))  # noqa: S704 - as above


@once_a_language
def _meanings(*words: Explained) -> str:
    """The end of a page: the same for all that use the same words in the same way."""
    return current_app.jinja_env.get_template("layouts/_hard_words.html").render(words=words)


def with_links(main: str, code: str) -> tuple[str, list[Explained]]:
    """`main` with a link at the first use of each hard word, and those words in the order of the page."""
    done: dict[str, Explained] = {}
    in_passing: dict[str, Explained] = {}
    pieces: list[str] = []
    end = 0
    for found, key, around in _in_text(main, code, done):
        word = Explained(key, found[0], _BY_KEY[key].meaning, linked=around == UNBOUND)
        if around == BOUND:
            in_passing.setdefault(key, word)
        elif key not in done:
            done[key] = word
            pieces += main[end : found.start()], _link(key, found[0], _stands_alone(main, found))
            end = found.end()
    in_passing = {key: word for key, word in in_passing.items() if key not in done}
    return "".join((*pieces, main[end:])), [*done.values(), *in_passing.values()]


@lru_cache(maxsize=512)
def _link(key: str, written: str, stands_alone: bool) -> str:
    classes = " ".join(filter(None, ("term", "alone" if stands_alone else "", keeping(written))))
    return f'<a class="{classes}" id="use-{key}" href="#word-{key}">{written}</a>'


def _stands_alone(main: str, found: re.Match[str]) -> bool:
    """A word that is all its block says: there it is no link in a sentence, and needs the room of one that stands alone."""
    if not main.startswith(ENDS_A_BLOCK, found.end()):
        return False
    return IN_A_BLOCK.fullmatch(main, main.rfind("<", 0, found.start()), found.start()) is not None


def _in_text(main: str, code: str, done: Container[str]) -> Iterator[tuple[re.Match[str], str, int]]:
    """Every hard word that somebody sees and that is not `done` with its key and what surrounds it; of a `main` that holds none, nothing
    more is looked at."""
    stretches: _Stretches | None = None
    for found in _words(code).finditer(main):
        key, start = _key_of(found[0], code), found.start()
        if key in done:
            continue
        stretches = stretches or _Stretches(main, code)
        around = stretches.around(start)
        is_seen = around != UNSEEN and main.rfind("<", 0, start) <= main.rfind(">", 0, start)
        if is_seen and not (code == "en" and main[start - 1 : start].isalnum()):
            yield found, key, around


class _Stretches:
    """What surrounds each place of a page, asked for from its beginning on; read no farther than to the last place asked for."""

    def __init__(self, main: str, code: str) -> None:
        self._main, self._code = main, code
        self._read, self._depth = 0, 0
        self._others = _set_aside(main)
        self._mark, self._other = MARKS.search(main), next(self._others, None)

    def around(self, place: int) -> int:
        while (mark := self._next()) is not None and mark.start() <= place:
            self._pass(mark)
        if place < self._read:
            return UNSEEN
        return BOUND if self._depth else UNBOUND

    def _next(self) -> re.Match[str] | None:
        """The first mark of either kind that begins where nothing was read yet; at the same tag the first kind."""
        mark, other, read = self._mark, self._other, self._read
        if mark is not None and mark.start() < read:
            mark = self._mark = MARKS.search(self._main, read)
        while other is not None and other.start() < read:
            other = self._other = next(self._others, None)
        return other if other is not None and (mark is None or other.start() < mark.start()) else mark

    def _pass(self, mark: re.Match[str]) -> None:
        """By the group that closed last it is told which kind it is: asking for each by name takes longer than finding it."""
        self._read, kind = mark.end(), mark.lastgroup
        if kind == "freed":
            self._depth = max(0, self._depth - 1)
        elif kind is not None and _is_unseen(mark, self._code):
            self._read = _end_of(self._main, mark[1] or mark["bound"], self._read)
        elif kind == "how":
            self._depth += 1


def _set_aside(main: str) -> Iterator[re.Match[str]]:
    """The tags that are not shown or are in a language of their own, in their order; links and buttons among them stand in MARKS too."""
    starts = {main.rfind("<", 0, place) for sign in SIGNS_OF_THAT for place in _places(main, sign)}
    return (found for start in sorted(starts) if (found := SET_ASIDE.match(main, max(start, 0))))


def _places(main: str, sign: str) -> Iterator[int]:
    place = main.find(sign)
    while place >= 0:
        yield place
        place = main.find(sign, place + 1)


def _is_unseen(mark: re.Match[str], code: str) -> bool:
    """Not shown, no sentence, or in another language than the page's."""
    said = mark["said"] if mark.re is SET_ASIDE else mark["how"]
    if not said:
        return mark.lastgroup == "silent"
    another = ANOTHER_LANGUAGE.search(said)
    return bool(QUIET.search(f"{said}>") or (another and another[1] != code))


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
