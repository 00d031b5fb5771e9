"""The guide: which pages there are, in which group, from which sources, and how a page reads the law.

Decided: a page names a number of the law by its key (`law_value("claims.years")`) and the reader here remembers every value that was read.
So the end of each page says by itself from where its numbers are, whether one is being confirmed, and where a page in people's hands
prints another; nobody can forget one of the three. Titles stand here, since the index, the page and its <title> say the same.
The pages are the same for everybody: nothing of a person is in them, so that they can be kept on a phone and read without the net.
Put aside: a list of keys beside each page: it was a second truth, and the template is the first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from webapp.domain.dates import same_day_in_months
from webapp.domain.lawbook import CHECKED_EVERY_MONTHS, Consulted, LawBook, NotKnown, Value
from webapp.web.filters import bdi, say_date
from webapp.web.language import MAY_BREAK, ph
from webapp.web.language import gettext as _
from webapp.web.law_words import differing_words, paper_name, since_words, source_words, with_unit

Words = str | Markup

UNIVERSITY, NEWSPAPER, PUBLIC = "university", "newspaper", "public"
UNIVERSITY_PRINTED, NEWSPAPER_PRINTED = 2025, date(2026, 4, 14)
THAID_ONLY_SINCE = date(2026, 4, 2)
"""Since then user names and passwords of the e-Self Service are worth nothing (the SSO's announcement of 14 April 2026)."""
CHECKED = date(2026, 11, 22)


@dataclass(frozen=True)
class Guide:
    """One page: `title` may carry phrase marks, `line` is the one text beside it in lists, `benefit` the checker that it leads to."""

    slug: str
    group: str
    icon: str
    said_title: Callable[[], Markup]
    said_line: Callable[[], str]
    sources: tuple[str, ...] = (UNIVERSITY,)
    benefit: str | None = None
    checked: date = CHECKED

    @property
    def template(self) -> str:
        return f"guide/{self.slug.replace('-', '_')}.html"

    @property
    def title(self) -> Markup:
        return self.said_title()

    @property
    def plain_title(self) -> str:
        """Where no markup may stand."""
        return self.title.replace(MAY_BREAK, "").striptags()

    @property
    def row(self) -> dict[str, Any]:
        """As a row of a list."""
        return {"href": f"/guide/{self.slug}", "icon": self.icon, "title": self.title, "text": self.said_line()}


ALL = (
    # Being insured and paying in
    Guide(
        "section-33",
        "insured",
        "umbrella",
        lambda: ph("Section 33 in short"),
        lambda: _("Who is insured, and for what"),
    ),
    Guide(
        "contributions",
        "insured",
        "baht",
        lambda: ph("What is paid in each month"),
        lambda: _("How much, who pays, and a small calculator"),
    ),
    Guide(
        "several-employers",
        "insured",
        "people",
        lambda: ph("You work for several employers"),
        lambda: _("Form SSO 1-03, so that no job is booked as ended"),
    ),
    Guide(
        "starting-after-60",
        "insured",
        "sun",
        lambda: ph("You start work late in life"),
        lambda: _("What the Workers’ Compensation Fund covers"),
    ),
    Guide(
        "after-leaving-work",
        "insured",
        "flag",
        lambda: ph("After you leave work"),
        lambda: _("Cover that goes on, section 39, and registering as unemployed"),
        benefit="unemployment",
    ),
    # When you are ill
    Guide(
        "emergency-care",
        "health",
        "pulse",
        lambda: ph("Emergency care"),
        lambda: _("The first hours, at any hospital"),
    ),
    Guide(
        "emergency-costs",
        "health",
        "baht",
        lambda: ph("What is paid back after an emergency"),
        lambda: _("The table of sums, and how sure it is"),
    ),
    Guide(
        "own-hospital",
        "health",
        "hospital",
        lambda: ph("Treatment at your own hospital"),
        lambda: _("Visits and stays, nothing in advance"),
    ),
    Guide(
        "after-hours-clinic",
        "health",
        "clock",
        lambda: ph("At night and on holidays"),
        lambda: _("Which door of your hospital costs nothing"),
    ),
    Guide(
        "private-room",
        "health",
        "lock",
        lambda: ph("A private room"),
        lambda: _("Who pays the difference"),
    ),
    Guide(
        "preventive-care",
        "health",
        "check",
        lambda: ph("Check-ups and vaccinations"),
        lambda: _("Care before you fall ill, and the vaccinations of the year"),
    ),
    Guide(
        "cervical-screening",
        "health",
        "calendar",
        lambda: ph("Cervical cancer screening"),
        lambda: _("Free, once you know where"),
    ),
    Guide(
        "dental-care",
        "health",
        "plus",
        lambda: ph("Dental care in short"),
        lambda: _("Pulling, filling, cleaning, dentures"),
        benefit="dental",
    ),
    Guide(
        "sickness-money",
        "health",
        "document",
        lambda: ph("Money while you are off work ill"),
        lambda: _("When the wage stops and the doctor keeps you at home"),
        benefit="sickness",
    ),
    Guide(
        "invalidity-care",
        "health",
        "scale",
        lambda: ph("Invalidity: treatment and travel"),
        lambda: _("State and private hospitals, the ride there, the money each month"),
        benefit="invalidity",
    ),
    # The family
    Guide(
        "maternity-any-hospital",
        "family",
        "people",
        lambda: ph("Having a baby at any hospital"),
        lambda: _("For mothers and for fathers, and the check-ups before"),
        benefit="maternity",
    ),
    Guide(
        "child-allowance-paid-back",
        "family",
        "person",
        lambda: ph("Child allowance, paid for months gone by"),
        lambda: _("When enough months are paid only later"),
        benefit="child_allowance",
    ),
    Guide(
        "after-a-death",
        "family",
        "flag",
        lambda: ph("When an insured person dies"),
        lambda: _("The funeral, the family, and what to bring"),
        benefit="death",
    ),
    # How to do it
    Guide(
        "check-your-rights",
        "ways",
        "search",
        lambda: ph("How to check your rights"),
        lambda: _("Here, at the SSO, by phone or at an office"),
        sources=(UNIVERSITY, NEWSPAPER),
    ),
    Guide(
        "sign-in-with-thaid",
        "ways",
        "id",
        lambda: ph("Signing in with ThaiD"),
        lambda: _("Which way is yours, and how to register"),
        sources=(NEWSPAPER,),
    ),
    Guide(
        "ways-to-change-hospital",
        "ways",
        "hospital",
        lambda: ph("Every way to change hospital"),
        lambda: _("And every way to ask how your request stands"),
    ),
    Guide(
        "claims",
        "ways",
        "document",
        lambda: ph("How to claim"),
        lambda: _("Until when, where, which form, what to bring"),
    ),
    Guide(
        "questions",
        "ways",
        "question",
        lambda: ph("Frequently asked questions"),
        lambda: _("Short answers, each with a link to more"),
    ),
)

GUIDES: Mapping[str, Guide] = {guide.slug: guide for guide in ALL}
GROUPS = ("insured", "health", "family", "ways")


def group_name(group: str) -> Markup:
    return {
        "insured": ph("Being insured and paying in"),
        "health": ph("When you are ill"),
        "family": ph("Your family"),
        "ways": ph("How to do it"),
    }[group]


def by_group() -> list[dict[str, Any]]:
    """The index: groups that hold a page, in reading order."""
    grouped = ((group, [guide.row for guide in ALL if guide.group == group]) for group in GROUPS)
    return [{"name": group_name(group), "id": group, "rows": rows} for group, rows in grouped if rows]


class LawShown:
    """The law of a day as one page reads it, in words with their unit; remembers what was read for the page's end."""

    def __init__(self, law_book: LawBook, today: date) -> None:
        self.book, self.today = law_book, today
        self.consulted = Consulted(law_book.on(today))

    def value(self, key: str) -> Words:
        """With its unit ("5 months"); in a gap, that it is not known. Raises NoSuchLaw for a slip in a template."""
        try:
            return said(self.consulted.value(key))
        except NotKnown:
            return _("not known, call 1506")

    def number(self, key: str) -> str:
        """Bare, for a heading or a table that names the unit itself."""
        try:
            return self.consulted.value(key).text
        except NotKnown:
            return _("not known")

    def since(self, key: str) -> Words:
        """Since when the value is as it is, or that this is not known."""
        try:
            return since_words(self.consulted.value(key))
        except NotKnown:
            return _("not known, call 1506")

    def codes(self, key: str) -> tuple[str, ...]:
        """The words of a value that is a list; nothing in a gap."""
        return self.consulted.read(key, tuple) if self.consulted.law.is_known(key) else ()

    def papers(self, key: str) -> list[str]:
        """The papers of a claim by their names."""
        return [paper_name(code) for code in self.codes(key)]

    def cite(self, values: Iterable[Value]) -> None:
        """Values read elsewhere for this page."""
        self.consulted.seen.update({id(value): value for value in values})

    @property
    def used(self) -> tuple[Value, ...]:
        return self.consulted.used

    @property
    def is_confirmed(self) -> bool:
        return all(value.is_confirmed for value in self.used)

    def rests_on_one_page(self, guide: Guide) -> bool:
        """No number of the law and one good source: below what counts as confirmed."""
        return not self.used and guide.sources == (UNIVERSITY,)

    def corrections(self, guide: Guide) -> list[Words]:
        """What a page in people's hands prints otherwise about a value that was read here, each value once.

        A guide that leads to a benefit is told only what differs on that benefit's page: the one year to claim was printed of births alone.
        """
        law, read = self.consulted.law, {value.key for value in self.used}
        pages = (guide.benefit,) if guide.benefit else _pages_corrected(self.book)
        lines = (line for page in pages for line in law.differing(page))
        return [differing_words(line) for line in {line.printed.key: line for line in lines if line.printed.key in read}.values()]

    def sources(self, guide: Guide) -> list[str]:
        """Of the wording first, then of the numbers; each once."""
        of_numbers = (name for value in self.used for name in _sources_of(value))
        return list(dict.fromkeys([*(source_name(one) for one in guide.sources), *of_numbers]))

    def checked(self, guide: Guide) -> date:
        """The oldest day on which something of this page was last looked up."""
        return min([guide.checked, *(value.checked for value in self.used)])

    def is_stale(self, guide: Guide) -> bool:
        return same_day_in_months(self.checked(guide), CHECKED_EVERY_MONTHS) < self.today


def _pages_corrected(book: LawBook) -> Iterable[str]:
    return dict.fromkeys(line.on_page for line in book.printed_elsewhere)


def _sources_of(value: Value) -> list[str]:
    """One where the book names one, two where it names the page and others."""
    if not value.source.startswith("seed 003"):
        return [source_words(value)]
    return [source_name(UNIVERSITY)] + ([source_name(PUBLIC)] if "secondary" in value.source else [])


def said(value: Value) -> Words:
    """A value of the law as a sentence takes it in: numbers of forms, days of a month and counts bare."""
    if value.unit == "form":
        return bdi(value.text)
    return value.text if value.unit in ("count", "day_of_month", "sections") else with_unit(value.value, value.unit)


def source_name(source: str) -> str:
    return {
        PUBLIC: _("public pages about the law; we have not opened the Royal Gazette itself"),
        UNIVERSITY: _("a page of Chulalongkorn University that cites the SSO (2025)"),
        NEWSPAPER: _("an article of the Thairath newspaper of %(day)s, in which the SSO speaks", day=say_date(NEWSPAPER_PRINTED, "day")),
    }[source]
