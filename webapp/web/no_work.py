"""Without work: the days that matter, laid off against resigned, and, from the age for old-age money on, the three ways side by side.

Decided: no way is advised. Each shows what it comes to, by when it must be asked for and what it ends; a warning stands before all of them,
since none of our sources says that drawing old-age money can be taken back. What nobody told us is said as such, with the number to call.
The days to report are a plan until the Department of Employment gives its own: the law says "monthly" and names none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from markupsafe import Markup

from webapp.domain.answers import Answers
from webapp.domain.assessment import Assessment, Note, Outcome
from webapp.domain.benefits import unemployment
from webapp.domain.benefits.unemployment import days_left, reporting_days
from webapp.domain.lawbook import Consulted, Law, LawBook, NotKnown
from webapp.domain.leaving_work import Section39, Ways
from webapp.web import benefit_words as words
from webapp.web.filters import month_year, short_date
from webapp.web.icalendar import Event
from webapp.web.language import gettext as _
from webapp.web.language import ph
from webapp.web.numbers import baht, days, months, percent, years

ENDS_COMPARED = ("laid_off", "resigned")
LIKE_RESIGNED = "contract_ended"
REGISTER_BY, PAID_FROM, REPORT = "register_by", "paid_from", "report_each_month"
A_DAY_BEFORE = timedelta(days=1)
FEWEST_DAYS = "unemployment.resigned_days"
"""Whoever is not sure of the cause is planned for as somebody who resigned: no day too many."""
Words = str | Markup


# The days


def day_of(found: Assessment, code: str) -> date | None:
    return next((task.day for task in found.to_do if task.code == code), None)


def days_ahead(found: Assessment, answers: Answers, on: date, today: date, law_book: LawBook) -> dict[str, Any] | None:
    """Registering, the first paid day and the days to report; None where nothing can be claimed."""
    register, paid_from = day_of(found, REGISTER_BY), day_of(found, PAID_FROM)
    if register is None or paid_from is None:
        return None
    return {
        "register_by": register,
        "is_late": register < today,
        "register": _register(register, on, today),
        "registered_on": registered_on(on, today),
        "paid_from": paid_from,
        "left": _left(answers, on, law_book.on(on)),
        "reports": reports(answers, on, today, law_book),
    }


def _register(by: date, on: date, today: date) -> Words:
    if by < today:
        return _("That day has passed. Register all the same and ask 1506 what you may still receive.")
    if on > today:
        return ph("From your first day without work, %(day)s, at the Department of Employment.", day=short_date(on))
    left = (by - today).days
    if not left:
        return _("Today is the last day. At the Department of Employment.")
    return _("%(left)s left. At the Department of Employment: register now, do not wait for the first paid day.", left=days(left))


def _left(answers: Answers, on: date, law: Law) -> Words:
    """Days that can still be paid by the yearly limit, and whether this year has room for them; empty where they are not known."""
    try:
        found = days_left(answers, Consulted(law))
    except NotKnown:
        return ""
    if found is None:
        return ""
    if fall_into_next_year(found.days, on, law):
        return ph(
            "At most %(left)s, counted on the yearly limit of %(all)s; some of them fall in the next year: call 1506",
            left=days(found.days), all=days(found.a_year),
        )  # fmt: skip
    return ph("%(left)s can still be paid in this calendar year, of %(all)s", left=days(found.days), all=days(found.a_year))


def fall_into_next_year(counted: int, on: date, law: Law) -> bool:
    """More days than lie between the first paid day and the end of the year of `on`."""
    last = on + timedelta(days=law.read("unemployment.paid_from_day", int) - 2 + counted)
    return counted > 0 and last.year > on.year


def registered_on(on: date, today: date) -> date:
    """The plan takes the first day on which registering is possible: today, or the first day without work."""
    return max(on, today)


def reports(answers: Answers, on: date, today: date, law_book: LawBook) -> tuple[date, ...]:
    """The coming days to report, planned from the first day on which registering is possible."""
    law = Consulted(law_book.on(on))
    try:
        found = days_left(answers, law)
    except NotKnown:
        found = None
    return reporting_days(registered_on(on, today), on, found.days if found else law.number(FEWEST_DAYS), law)


def calendar_of(found: Assessment, planned: tuple[date, ...], on: date, host: str, url: str) -> Iterator[Event]:
    """The same days for a phone's calendar; nothing in it says whose they are."""
    register, paid_from = day_of(found, REGISTER_BY), day_of(found, PAID_FROM)
    caution = _("In doubt call 1506.")
    titles = [(REGISTER_BY, register, _("Last day to register as unemployed")), (PAID_FROM, paid_from, _("First day that is paid"))]
    for code, day, title in titles:
        if day:
            yield Event(uid=f"{code}-{on}@{host}", starts=day, title=title, text=caution, url=url, alarm_before=A_DAY_BEFORE)
    for number, day in enumerate(planned, start=1):
        text = _("Planned: the exact days are given when you register.") + " " + caution
        title = _("Report as unemployed (planned day)")
        yield Event(uid=f"{REPORT}-{number}-{on}@{host}", starts=day, title=title, text=text, url=url, alarm_before=A_DAY_BEFORE)


# Laid off against resigned


def side_by_side(answers: Answers, on: date, law_book: LawBook, found: Assessment) -> dict[str, Any] | None:
    """What the same months and wage come to under either cause, for those whose work ended by one of the two, or who are not sure."""
    cause = answers.choice("cause")
    if found.outcome is Outcome.NOT_ENTITLED or cause not in (*ENDS_COMPARED, LIKE_RESIGNED, None):
        return None
    try:
        columns = [_column(one, answers, on, law_book) for one in ENDS_COMPARED]
    except NotKnown:
        return None
    heads = [_("What you compare"), words.choice_words("cause", "laid_off")[0], _("I resigned, or the contract ended")]
    names = {"rate": _("Part of the wage"), "month": _("A month"), "days": _("Days paid, at most"), "total": _("In all, at most")}
    rows = [{"head": name, "cells": tuple(column[key] for column in columns)} for key, name in names.items()]
    return {"heads": heads, "rows": [row for row in rows if all(row["cells"])], "caution": _caution(answers, on, law_book)}


def _caution(answers: Answers, on: date, law_book: LawBook) -> Words:
    """Of either cause, where the longer of the two reaches past the year."""
    law = law_book.on(on)
    ends = [Answers({"days_paid_this_year": 0, **answers.given, "cause": cause}) for cause in ENDS_COMPARED]
    counted = max(left.days if (left := days_left(one, Consulted(law))) else 0 for one in ends)
    return _some_next_year() if fall_into_next_year(counted, on, law) else ""


def _some_next_year() -> str:
    return _("The days are counted on the yearly limit; some of them fall in the next year: call 1506.")


def _column(cause: str, answers: Answers, on: date, law_book: LawBook) -> dict[str, Words]:
    """Empty where an answer lacks; the days, where those had already are not known, as for somebody who had none."""
    law, answers = Consulted(law_book.on(on)), Answers({**answers.given, "cause": cause})
    found = unemployment.assess(answers, on, law_book)
    left = days_left(Answers({"days_paid_this_year": 0, **answers.given}), law)
    amounts = {code: found.amount(code) for code in unemployment.AMOUNTS}
    monthly, in_all = amounts[unemployment.MONTHLY], amounts[unemployment.TOTAL]
    return {
        "rate": percent(unemployment.rate(cause, law)),
        "month": baht(monthly.baht) if monthly else "",
        "days": days(left.days) if left else "",
        "total": baht(in_all.baht) if in_all else "",
    }


# Three ways from the age for old-age money on


def ways_shown(found: Ways, today: date) -> dict[str, Any]:
    """The page that compares; `under_age`: it is not for this person yet."""
    needed = years(found.age_needed.read(int))
    return {
        "needed": needed,
        "under_age": found.old_enough is False,
        "ways": [
            _unemployment_way(found.unemployment, today),
            _old_age_way(found.old_age, today),
            _section_39_way(found.section_39, today),
        ],
        "deadlines": _deadlines(found),
        "ends": _what_ends_what(found.old_age),
    }


def _unemployment_way(found: Assessment, today: date) -> dict[str, Any]:
    by, starts = day_of(found, REGISTER_BY), day_of(found, PAID_FROM)
    facts: list[Words] = []
    if starts:
        facts.append(ph("Paid from %(day)s", day=short_date(starts)))
    if by:
        facts.append(_register_by(by, today))
    if _sum_reaches_next_year(found, starts):
        facts.append(_some_next_year())
    facts.append(_("It ends when the days are used up, or when you draw old-age money."))
    return _way("unemployment", found, facts)


def _sum_reaches_next_year(found: Assessment, starts: date | None) -> bool:
    in_all = found.amount(unemployment.TOTAL)
    counted = next((step.facts["days"] for step in in_all.working if step.code == "times_days"), 0) if in_all else 0
    return starts is not None and counted > 0 and (starts + timedelta(days=counted - 1)).year > found.on.year


def _register_by(by: date, today: date) -> Words:
    day = short_date(by)
    if by < today:
        return ph("The day to register by was %(day)s. Register all the same and ask 1506 what you may still receive.", day=day)
    return ph("Register with the Department of Employment by %(day)s. Do not wait.", day=day)


def _old_age_way(found: Assessment, today: date) -> dict[str, Any]:
    is_pension = found.amount("pension_monthly") is not None
    notes = [words.note_words(note) for note in found.notes if note.code in ("pension_needs_months", "plus_yearly_return")]
    facts: list[Words] = [_("A pension is paid each month for life.")] if is_pension else []
    facts += [*notes, _("From the first payment on, no unemployment money is paid.")]
    if found.claim_by:
        facts.append(words.claim_by(found.claim_by, today, short_date))
    return _way("old_age", found, facts)


def _section_39_way(found: Section39, today: date) -> dict[str, Any]:
    by = short_date(found.apply_by)
    facts: list[Words] = [
        ph("Apply by %(day)s", day=by) if found.apply_by >= today else ph("The day to apply by was %(day)s. Ask 1506", day=by),
        _("You stay insured and pay for yourself; your months go on counting."),
    ]
    if found.months_short and found.enough_from:
        facts.append(
            _(
                "%(months)s are missing for a pension: paying every month you have them in %(month)s.",
                months=months(found.months_short), month=month_year(found.enough_from),
            )
        )  # fmt: skip
    facts += [
        _("No old-age money is paid as long as you are insured."),
        _("Which wage counts under section 39 is in none of our sources. It enters your pension’s average and may lower it: ask 1506."),
    ]
    return {"name": _("Staying insured under section 39"), "verdict": _("No sum is worked out"), "amounts": [], "facts": facts}


def _way(name: str, found: Assessment, facts: list[Words]) -> dict[str, Any]:
    verdict = {
        Outcome.ENTITLED: _("Based on your answers, you can"),
        Outcome.NOT_ENTITLED: _("Based on your answers, not yet"),
        Outcome.NOT_SURE: _("We can’t tell yet"),
    }[found.outcome]
    amounts = [{"name": words.amount_title(amount), "said": words.amount_said(amount)} for amount in found.amounts]
    unmet = [words.condition(reason).rule for reason in found.reasons if reason.met is False]
    missing = [_("Not met: %(rule)s", rule=rule) for rule in unmet]
    return {"name": words.benefit_name(name), "verdict": verdict, "amounts": amounts, "facts": [*missing, *facts]}


def _deadlines(found: Ways) -> list[dict[str, Any]]:
    """The last day of each way, the earliest first: what need not be chosen today can be seen."""
    by = day_of(found.unemployment, REGISTER_BY)
    last_days = [
        (by, _("Register as unemployed")),
        (found.section_39.apply_by, _("Apply for section 39")),
        (found.old_age.claim_by, _("Claim old-age money")),
    ]
    return [{"day": day, "title": title} for day, title in sorted((day, title) for day, title in last_days if day)]


def _what_ends_what(old_age: Assessment) -> list[dict[str, Any]]:
    """Certain, or being confirmed: each said with what we know."""
    drawing = words.note_words(Note("not_while_drawing_old_age"))
    lines: list[tuple[str, Callable[[], Words]]] = [
        ("known", lambda: drawing),
        ("known", lambda: _("Old-age money is paid once you are no longer insured: section 39 puts it off.")),
        ("open", lambda: _("Whether having reached the age, without drawing anything, already ends unemployment money.")),
        ("open", lambda: _("Whether unemployment money goes on while you are insured under section 39.")),
        ("open", lambda: _("Whether drawing old-age money can be taken back. Take it as final until the SSO tells you otherwise.")),
    ]
    return [{"is_open": kind == "open", "text": text()} for kind, text in lines]
