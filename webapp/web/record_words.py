"""The record of months in the words of both languages: the strip with its sentences and table, counts, cover, money still to be claimed.

Decided: the strip is drawn from plain cells (templates/components/paid_months.html); every drawing has a sentence, and a table says the
same with wages and employers. A stretch of days is said with both ends; a last day with how many days are left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from webapp.domain.answers import MOST_DAYS_IN_A_YEAR
from webapp.domain.assessment import Per
from webapp.domain.contribution_record import Cell, Counted, CoveredFor, Gap, Missing, Need, Standing, Year
from webapp.domain.dates import MONTHS_IN_A_YEAR
from webapp.domain.lawbook import Law
from webapp.domain.still_claimable import Claimable, Event, Sum
from webapp.web.benefit_words import amount_name, benefit_icon, benefit_name, choice_words
from webapp.web.filters import bdi, day_date, month_name, month_year, say_date, thai_year
from webapp.web.language import gettext as _
from webapp.web.language import ph
from webapp.web.numbers import baht, days, months, percent, years

Words = str | Markup
CELL, GAP, QUARTER_GAP, QUARTER = 20, 3, 6, 3


# The strip


@dataclass(frozen=True)
class StripYear:
    """One calendar year: `title` says the drawing in a sentence, `rows` are its table."""

    year: int
    title: str
    cells: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    paid: str


def strip(shown: Sequence[Year]) -> list[StripYear]:
    return [_strip_year(year) for year in shown]


def quarters(year: int) -> list[str]:
    """The first month of each quarter, short, to stand under the drawing."""
    return [say_date(date(year, month, 1), "month") for month in range(1, MONTHS_IN_A_YEAR + 1, QUARTER)]


def _strip_year(year: Year) -> StripYear:
    paid = months(len(year.months(Standing.PAID)))
    rows = [_table_row(cell) for cell in year.cells if cell.standing is not Standing.OUTSIDE or cell.is_now]
    return StripYear(thai_year(year.year), _sentence(year, paid), [_cell(*placed) for placed in enumerate(year.cells)], rows, paid)


def _cell(place: int, cell: Cell) -> dict[str, Any]:
    """`x` in a drawing 292 wide; quarters stand a little apart, so that a month can be found without counting."""
    return {"x": place * (CELL + GAP) + place // QUARTER * QUARTER_GAP, "standing": str(cell.standing), "now": cell.is_now}


def _sentence(year: Year, paid: str) -> str:
    parts = [_("%(year)s: %(months)s paid.", year=thai_year(year.year), months=paid)]
    if unpaid := year.months(Standing.NOT_PAID):
        parts.append(_("Not paid: %(months)s.", months=_named(unpaid)))
    if missing := year.months(Standing.MISSING):
        parts.append(_("Seem to be missing: %(months)s.", months=_named(missing)))
    if waiting := year.months(Standing.NOT_YET):
        parts.append(_("Not in the record yet: %(months)s.", months=_named(waiting)))
    return " ".join(parts)


def _named(listed: Sequence[date]) -> str:
    return ", ".join(month_name(month.month) for month in listed)


def _table_row(cell: Cell) -> dict[str, Any]:
    row: dict[str, Any] = {"month": say_date(cell.month, "month"), "standing": str(cell.standing), "now": cell.is_now}
    if cell.paid is None:
        return row | {"said": standing_name(cell.standing)}
    wage, within = cell.paid.wage, cell.paid.counts
    capped = within is not None and wage is not None and within < wage
    return row | {
        "wage": _("the record does not say") if wage is None else baht(wage),
        "counts": baht(within) if within is not None and capped else None,
        "employers": [Markup("<bdi>{}</bdi>").format(name) for name in cell.paid.employers],
    }


def standing_name(standing: Standing) -> str:
    return {
        Standing.PAID: _("Paid in"),
        Standing.NOT_PAID: _("Not paid in"),
        Standing.MISSING: _("Seems to be missing"),
        Standing.NOT_YET: _("Not in the record yet"),
        Standing.OUTSIDE: _("Not in the record yet"),
    }[standing]


def legend(shown: Sequence[Year]) -> list[dict[str, str]]:
    """The signs that these years use, in words."""
    used = {cell.standing for year in shown for cell in year.cells} - {Standing.OUTSIDE}
    return [{"standing": str(standing), "said": standing_name(standing)} for standing in Standing if standing in used]


# Months missing


def missing_words(missing: Missing) -> dict[str, Words]:
    """Which months, and what stands around them in the record."""
    first, last = month_year(missing.first), month_year(missing.last)
    if missing.first == missing.last:
        title = ph("A month seems to be missing: %(month)s", month=first)
    else:
        title = ph("Months seem to be missing: %(first)s to %(last)s", first=first, last=last)
    return {"title": title, "around": _around(missing)}


def _around(missing: Missing) -> Words:
    before, after = bdi(missing.employer_before), bdi(missing.employer_after)
    if missing.gap is Gap.SAID_TO_BE_INSURED:
        return _("The record says that you are still insured under section 33, but no contribution has come in since.")
    if missing.gap is Gap.SAME_EMPLOYER and missing.employer_before:
        return ph("Before and after, the same employer paid: %(employer)s.", employer=before)
    if missing.gap is Gap.SAME_EMPLOYER:
        return _("Before and after, the same employer paid.")
    if missing.employer_before and missing.employer_after:
        return ph("Before it %(before)s paid, after it %(after)s.", before=before, after=after)
    return _("Before and after, an employer paid.")


# What the months are enough for


def counted_words(counted: Counted) -> dict[str, Any]:
    """One window with everything it serves."""
    title = (
        ph("In all: %(paid)s", paid=months(counted.paid))
        if counted.within is None
        else ph("In the last %(within)s: %(paid)s", within=months(counted.within), paid=months(counted.paid))
    )
    return {"title": title, "needs": [_need(need, counted.paid) for need in counted.needs]}


def _need(need: Need, paid: int) -> dict[str, Any]:
    what, needed = _served(need.serves), months(need.needed)
    if need.is_met:
        return {"met": True, "said": _("%(what)s: enough (%(months)s needed)", what=what, months=needed)}
    short = months(need.needed - paid)
    said = _("%(what)s: not enough (%(months)s needed, %(short)s missing)", what=what, months=needed, short=short)
    return {"met": False, "said": said}


def _served(serves: str) -> str:
    return {
        "hospital_change": _("Change hospital"),
        "death": _("Funeral grant"),
        "survivors_allowance": _("Survivors’ allowance"),
        "survivors_long": _("Survivors’ allowance, the higher one"),
        "pension": _("Pension instead of a lump sum"),
    }.get(serves) or benefit_name(serves)


# The cover after leaving


def covered_words(covered: CoveredFor, until: date) -> dict[str, Any]:
    """A benefit of the cover, and whether the months do for it to the end."""
    what = benefit_name(covered.benefit)
    if covered.until is None:
        return {"met": False, "said": _("%(what)s: not enough months paid", what=what)}
    if covered.until < until:
        return {"met": True, "said": ph("%(what)s: the months are enough until %(day)s", what=what, day=day_date(covered.until))}
    return {"met": True, "said": _("%(what)s: the months are enough", what=what)}


# Money that may still be claimed


def claim_words(row: Claimable, today: date, law: Law) -> dict[str, Any]:
    """One row: what would have happened, what it comes to, until when."""
    return {
        "benefit": _title(row),
        "icon": benefit_icon(row.benefit),
        "href": f"/benefits/{row.benefit}",
        "happened": _happened(row, law),
        "sums": [_sum_words(one, row, law) for one in row.sums] or [_("A wage is missing in the record, so we cannot work it out here.")],
        "note": _note(row, today, law),
        "by": _last_days(row, today),
        "soon": left_words((row.claim_last - today).days) if (row.claim_last - today).days < SOON else None,
    }


def _title(row: Claimable) -> str:
    """The dentist's money is counted by calendar years."""
    name = benefit_name(row.benefit)
    return _("%(what)s in %(year)s", what=name, year=thai_year(row.first.year)) if row.event is Event.DENTIST else name


def _last_days(row: Claimable, today: date) -> list[dict[str, Words]]:
    """The last day to claim for the earliest day and for the latest, each with how long is left."""
    ends = dict.fromkeys([(row.first, row.claim_by), (row.last, row.claim_last)])
    return [{"label": _asked_day(row, day), "value": _by(claim_by, (claim_by - today).days)} for day, claim_by in ends]


def _asked_day(row: Claimable, day: date) -> Words:
    return _("For %(month)s", month=month_year(day)) if row.event is Event.CHILD else ph("If it was on %(day)s", day=day_date(day))


def _by(claim_by: date, left: int) -> Words:
    if left > MOST_DAYS_IN_A_YEAR:
        return ph("claim by %(day)s", day=day_date(claim_by))
    return ph("claim by %(day)s (%(left)s)", day=day_date(claim_by), left=_left_inside(left))


def _left_inside(left: int) -> str:
    return _("today") if left == 0 else _("%(days)s left", days=days(left))


SOON = 60
"""A rule of this house: from so many days before nothing is left to claim, a row is marked."""


def left_words(left: int) -> str:
    return _("Today is the last day") if left == 0 else _("%(days)s left", days=days(left))


def _happened(row: Claimable, law: Law) -> Words:
    first, last = day_date(row.first), day_date(row.last)
    match row.event:
        case Event.TREATMENT:
            return ph("A doctor kept you off work, and treatment began between %(first)s and %(last)s", first=first, last=last)
        case Event.DENTIST:
            return ph("You went to the dentist between %(first)s and %(last)s", first=first, last=last)
        case Event.BIRTH:
            return ph("A child of yours was born between %(first)s and %(last)s", first=first, last=last)
        case Event.INVALIDITY:
            return ph("Doctors found between %(first)s and %(last)s that strength is lost for good", first=first, last=last)
        case Event.CHILD:
            age = years(law.read("child_allowance.until_birthday", int))
            months_due = {"first": month_year(row.first), "last": month_year(row.last)}
            return ph("You had a child under %(age)s in these months: %(first)s to %(last)s", age=age, **months_due)
        case Event.OLD_AGE:
            return ph("You are old enough, and no longer insured, since %(day)s", day=first)
    if row.first == row.last:
        return ph("Your job ended: first day without work %(day)s", day=first)
    return ph("A job ended between %(first)s and %(last)s: after that no employer paid for a while", first=first, last=last)


def _sum_words(one: Sum, row: Claimable, law: Law) -> Words:
    said = _range(one)
    if one.case in ("laid_off", "resigned"):
        return _("%(case)s: %(sum)s a month", case=choice_words("cause", one.case)[0], sum=said)
    if one.case in ("severe", "not_severe"):
        key = "invalidity.severe_loss" if one.case == "severe" else "invalidity.loss_at_least"
        return _("From %(percent)s of strength lost: %(sum)s a month", percent=_percent_of(law, key), sum=said)
    if one.case == "in_all":
        return _("All %(months)s together: %(sum)s for one child", months=months(row.months), sum=said)
    if one.code in ("dental", "prenatal_care"):
        return _("%(what)s: up to %(sum)s", what=amount_name(one.code), sum=said)
    if one.code == "child_allowance_monthly":
        return _("%(sum)s a month for each child", sum=said)
    if one.per is Per.DAY:
        return _("%(sum)s a day", sum=said)
    return _("%(what)s: %(sum)s", what=amount_name(one.code), sum=said)


def _percent_of(law: Law, key: str) -> str:
    return percent(law.read(key, Decimal))


def _range(one: Sum) -> str:
    return baht(one.high) if one.low == one.high else _("%(low)s to %(high)s", low=baht(one.low), high=baht(one.high))


def _note(row: Claimable, today: date, law: Law) -> Words:
    """What the record cannot know of this one."""
    match row.event:
        case Event.TREATMENT:
            return _("Only for the days after the sick leave that your employer pays.")
        case Event.DENTIST:
            return _("Less what you had paid back already in that calendar year.")
        case Event.BIRTH:
            births = law.read("maternity.leave_births", int)
            return _("One of two insured parents claims. The leave allowance is for mothers, at most %(births)s times.", births=births)
        case Event.CHILD:
            children = law.read("child_allowance.children_at_once", int)
            return _("At most %(children)s children at a time. Each month has its own last day.", children=children)
        case Event.JOB_ENDED:
            return _register(row, today)
    return ""


def _register(row: Claimable, today: date) -> Words:
    if row.register_by is None:
        return ""
    if row.register_by >= today:
        return ph("Register with the Department of Employment by %(day)s.", day=day_date(row.register_by))
    by = day_date(row.register_by)
    return ph("One had to register with the Department of Employment in time, by %(day)s. Were you later? Call 1506.", day=by)
