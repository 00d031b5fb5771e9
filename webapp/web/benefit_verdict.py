"""What the answer comes to in one headline, with the line under it and what must be said first: on the page and on the printed sheet.

Decided: "you can claim" is written only where the rules, the cover by the record and what is left to claim all allow it; the open API goes
on saying what the rules alone say. "Yet" is written only where waiting or paying on can change the answer for what was asked about.
Paying on is counted from today's month, never from the day asked about. Nobody pays on without work or after a death.
Of a day in a month gone by only the count of that day was typed: the month for a later event is then counted without it, "at the latest".
Put aside: leaving the sums on the page under a warning: they are read before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from webapp.actions.check_benefits import WINDOWS
from webapp.actions.my_record import record_for
from webapp.domain.answers import NOT_SURE
from webapp.domain.assessment import Assessment, Note, Outcome
from webapp.domain.benefits import dental, maternity, sickness, unemployment
from webapp.domain.dates import first_of_month
from webapp.domain.lawbook import Consulted, NotKnown
from webapp.domain.months_paid import CODE as MONTHS_PAID
from webapp.domain.months_paid import Paid, enough_from
from webapp.domain.person import distinct_months
from webapp.domain.still_covered import cover_ended_before, cover_rule, is_outside_section
from webapp.web import benefit_words as words
from webapp.web import guards
from webapp.web.benefit_check import DAY, SoFar
from webapp.web.filters import month_year, short_date
from webapp.web.language import gettext as _
from webapp.web.language import ph
from webapp.web.numbers import months
from webapp.web.tools import tools

STAY_UNMET = frozenset({"union", "loss_percent", "child_young_enough", "not_dismissed_for_fault"})
"""Conditions that neither waiting nor paying on changes for what was asked about."""
RESTS_ON_A_COUNT = "if_no_paid_month_falls_out"
LEFT = {unemployment.NAME: unemployment.TOTAL, sickness.NAME: sickness.TOTAL, dental.NAME: dental.CODE}
"""The sum that says whether anything is left this year."""
Words = Any


@dataclass(frozen=True)
class Verdict:
    """`first`: title and text of what is said before all else; `lead`: under the headline; `holds`: how long the answer stays true.

    `is_open` False: nothing that the page may show as money to claim.
    """

    headline: Words
    lead: Words = ""
    first: tuple[Words, Words] | None = None
    holds: Words = ""
    is_open: bool = True
    rests_on_a_count: bool = False

    def says(self, note: Note) -> bool:
        return note.code != RESTS_ON_A_COUNT or self.rests_on_a_count


def verdict(so_far: SoFar, found: Assessment) -> Verdict:
    """Of a check that is not the heirs'; raises NotKnown in a gap of the law."""
    what = words.claimed(found.benefit)
    refused = found.outcome is Outcome.NOT_ENTITLED
    never = ph("Based on your answers, you cannot claim %(what)s", what=what)
    if outside := _outside(so_far, found):
        return Verdict(never if refused else ph("We can’t tell about %(what)s: call 1506", what=what), first=outside, is_open=False)
    if ended := _cover_ended(so_far, found):
        asked = ph("By the record your cover had ended: ask 1506 about %(what)s", what=what)
        return Verdict(never if refused else asked, first=ended, is_open=False)
    if refused:
        ahead = _paying_on(so_far, found)
        return Verdict(words.headline(found) if ahead.is_yet else never, lead=ahead.said, is_open=False, rests_on_a_count=ahead.is_counted)
    if found.outcome is Outcome.ENTITLED and (nothing := _nothing_left(so_far, found)):
        return Verdict(ph("The conditions are met, but there is no %(what)s left to claim", what=what), lead=nothing, is_open=False)
    return Verdict(words.headline(found), holds=_holds(so_far, found))


# Who is covered


def _outside(so_far: SoFar, found: Assessment) -> tuple[Words, Words] | None:
    person = guards.person() if so_far.record else None
    if person is None or not is_outside_section(person.section, found.benefit):
        return None
    title = ph("Not offered under section %(section)s, as far as we know", section=person.section)
    return title, _("Unemployment money belongs to the contribution of section 33. Being confirmed: call 1506.")


def _cover_ended(so_far: SoFar, found: Assessment) -> tuple[Words, Words] | None:
    person = guards.person() if so_far.record else None
    ended = cover_ended_before(record_for(tools(), person), found.benefit, so_far.on, tools().law_book) if person else None
    if ended is None:
        return None
    said = _("On this day you were no longer covered, as far as the record says. Back at work since, or is this wrong? Call 1506.")
    if so_far.on > tools().clock.today():
        said = _("On this day you will no longer be covered, as far as the record says. Back at work by then, or is this wrong? Call 1506.")
    if ended >= tools().clock.today():
        return ph("Your cover ends on %(day)s", day=short_date(ended)), said
    return ph("Your cover ended on %(day)s", day=short_date(ended)), said


def _holds(so_far: SoFar, found: Assessment) -> Words:
    rule = cover_rule(found.benefit, so_far.on, tools().law_book)
    if rule is None:
        return ""
    if rule.months is None:
        return _("This holds while you are insured. Insurance has ended? Call 1506.")
    after = months(rule.months.read(int))
    if found.benefit == "death":
        return _(
            "This holds if the person was insured, or died within %(months)s after insurance ended. Being confirmed: call 1506.",
            months=after,
        )
    return _("This holds while you are insured, and up to %(months)s after insurance ends. Being confirmed: call 1506.", months=after)


# What is left


def _nothing_left(so_far: SoFar, found: Assessment) -> Words:
    """Why nothing is left; empty where something is, or may be."""
    code = LEFT.get(found.benefit)
    if found.benefit == maternity.NAME:
        return _("The other parent has claimed the lump sum, and nothing else is left.") if _all_is_claimed(so_far, found) else ""
    sum_left = found.amount(code) if code else None
    if sum_left is None:
        return _("The days of this calendar year are used up.") if _no_day_left(so_far, found) else ""
    if sum_left.baht.rounded:
        return ""
    if found.benefit == dental.NAME:
        return _("The limit of this calendar year is used up.") if so_far.answers.money("cost") else _("Nothing was paid to the dentist.")
    if found.benefit == sickness.NAME and not so_far.answers.count("days_off"):
        return _("The doctor keeps you off work for no day.")
    return _("The days of this calendar year are used up.")


def _no_day_left(so_far: SoFar, found: Assessment) -> bool:
    """Known without a wage too."""
    if found.benefit != unemployment.NAME:
        return False
    try:
        left = unemployment.days_left(so_far.answers, Consulted(tools().law_book.on(so_far.on)))
    except NotKnown:
        return False
    return left is not None and not left.days


def _all_is_claimed(so_far: SoFar, found: Assessment) -> bool:
    """The lump sum by the other parent, and the leave allowance not mine or used up."""
    no_leave = so_far.answers.choice("parent") == maternity.FATHER or any(note.code == "leave_allowance_used_up" for note in found.notes)
    is_claimed = so_far.answers.yes("other_parent_claimed")
    return bool(is_claimed and no_leave and not any(amount.baht.rounded for amount in found.amounts))


# Paying on


@dataclass(frozen=True)
class _Ahead:
    """`is_yet`: waiting or paying on can change the answer."""

    said: Words = ""
    is_yet: bool = False
    is_counted: bool = False


def _paying_on(so_far: SoFar, found: Assessment) -> _Ahead:
    unmet = {reason.code for reason in found.reasons if reason.met is False}
    if unmet & STAY_UNMET:
        return _Ahead()
    if MONTHS_PAID not in unmet:
        return _Ahead(is_yet=True)
    today = tools().clock.today()
    is_without_work = found.benefit == unemployment.NAME and so_far.on <= today
    if found.benefit == "death" or is_without_work:
        return _Ahead()
    paid, at_the_latest = _paid_until(so_far, today)
    month = enough_from(found.benefit, paid, today, tools().law_book)
    is_counted = isinstance(paid, int) and not at_the_latest
    if month is None:
        return _Ahead()
    return _said_of(so_far, found, month, today, at_the_latest=at_the_latest, is_counted=is_counted)


def _said_of(so_far: SoFar, found: Assessment, month: date, today: date, *, at_the_latest: bool, is_counted: bool) -> _Ahead:
    said = month_year(month)
    if so_far.on > today:
        if month <= so_far.on:
            return _Ahead(_in_time(month, today), is_yet=True, is_counted=is_counted)
        if found.benefit == unemployment.NAME:
            return _Ahead(_("Not enough for this day, even if every month until then is paid."))
        return _Ahead(
            ph("Not enough for this day. If you pay every month from now on, it is enough from %(month)s", month=said),
            is_counted=is_counted,
        )
    if not so_far.asks_day or so_far.given.get(DAY, NOT_SURE) == NOT_SURE:
        return _Ahead(ph("If you pay every month from now on, you reach it in %(month)s", month=said), is_yet=True, is_counted=is_counted)
    if month <= today:
        return _Ahead(_("Not enough for this day. For an event today it would be enough."))
    if at_the_latest:
        return _Ahead(
            ph(
                "Not enough for this day. For a later event, paying every month from now on, it is enough from %(month)s at the latest",
                month=said,
            )
        )
    return _Ahead(
        ph("Not enough for this day. For a later event, paying every month from now on, it is enough from %(month)s", month=said),
        is_counted=is_counted,
    )


def _in_time(month: date, today: date) -> Words:
    if month <= today:
        return ph("By the months paid so far alone it is not enough on this day. If you pay every month from now on, it is")
    said = month_year(month)
    return ph(
        "Not yet by the months paid so far. If you pay every month from now on, it is enough from %(month)s, in time for this day",
        month=said,
    )


def _window(so_far: SoFar) -> str:
    return next(question.name for question in so_far.check.questions if question.name in WINDOWS)


def _paid_until(so_far: SoFar, today: date) -> tuple[Paid, bool]:
    """Months paid up to today, by the record or as typed; and whether a typed count is too old to be used."""
    person = guards.person()
    if person and so_far.is_recorded(_window(so_far)):
        return distinct_months(person.months_paid), False
    stated = so_far.answers.count(_window(so_far)) or 0
    is_old = first_of_month(so_far.on) < first_of_month(today)
    return (0 if is_old else stated), is_old
