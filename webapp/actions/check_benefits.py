"""Checking a benefit: what anybody may ask without signing in, and what a person's own record adds.

Decided: the open API, the command line and the pages ask here, so that they never differ. Nothing asked is kept. Faults of the API
carry the name of the answer as it was given; which of several comes first is the order in which they were given.
Put aside: answering 400 where JSON does not parse: the contract knows one kind of fault, 422 that names its field.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from webapp.actions.my_record import record_for
from webapp.actions.open_data import NotUnderstood
from webapp.domain.answers import (
    MOST_CHILDREN,
    MOST_WAGES,
    NOT_SURE,
    OLDEST_AGE,
    WAGES,
    AnswersNotUnderstood,
    Kind,
    MonthWage,
    Question,
    Questionnaire,
    read_answers,
)
from webapp.domain.assessment import as_plain
from webapp.domain.benefits import catalogue
from webapp.domain.benefits.catalogue import FIRST_YEAR, LAST_YEAR, NoSuchBenefit
from webapp.domain.contribution import contribution_on
from webapp.domain.contribution_record import COVERED_SECTIONS, wages_to_work_with
from webapp.domain.dates import completed_years
from webapp.domain.lawbook import NotKnown, Value
from webapp.domain.money import Baht
from webapp.domain.person import Person, distinct_months
from webapp.ports import Tools

WAGE = Question("wage", Kind.MONEY, ())
BODY_FIELDS = frozenset({"on", "answers"})
FAULTS = {
    "not_understood": "cannot be read",
    "not_whole": "must be a whole number",
    "out_of_range": "lies outside what can be asked",
    "not_a_choice": "is none of the answers there are",
    "unknown": "is not asked for this benefit",
    "missing": "is missing",
    "too_many": f"holds too many entries (at most {MOST_WAGES} wages, {MOST_CHILDREN} children)",
    "in_future": "lies in the future",
    "buddhist_year": "must be a year of the Christian era, not B.E.",
}
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

WINDOWS = ("months_paid_in_15", "months_paid_in_36", "months_paid_in_6")
FROM_WAGES = frozenset({"wage", "average_wage_60"})
AGE = "age"

__all__ = ["NoSuchBenefit", "Recorded", "assess", "contribution", "recorded", "stale_values", "with_record"]


def assess(tools: Tools, benefit: str, asked: Any) -> dict[str, Any]:
    """The contract's JSON for {"on", "answers"}, numbers as Decimal; raises NotUnderstood or NoSuchBenefit."""
    catalogue.benefit(benefit)
    if not isinstance(asked, Mapping):
        raise NotUnderstood("body", 'must be a JSON object {"on": DAY, "answers": {…}}')
    if strange := [str(name) for name in asked if name not in BODY_FIELDS]:
        raise NotUnderstood(strange[0], "is not a field of this question; answers stand inside answers")
    on = day_asked(tools, asked.get("on"))
    answers = asked.get("answers")
    if answers is not None and not isinstance(answers, Mapping):
        raise NotUnderstood("answers", "must be a JSON object of answers by name")
    try:
        assessment = catalogue.assess(benefit, answers or {}, on, tools.law_book)
    except NotKnown as unknown:
        raise NotUnderstood("on", f"is a day for which {unknown.gap.key} is {unknown.gap.why}") from None
    if isinstance(assessment, AnswersNotUnderstood):
        raise _first_of(assessment)
    return as_plain(assessment)


def contribution(tools: Tools, wage: str | None, on: str | None) -> dict[str, str | None]:
    """One month's contribution on a wage; `employer` None where that day's rate is not known."""
    day = day_asked(tools, on)
    if not wage or not wage.strip():
        raise NotUnderstood("wage", "is required: baht a month, such as 12000")
    read = read_answers((WAGE,), {"wage": wage}, day, tools.law_book.on(day))
    if isinstance(read, AnswersNotUnderstood):
        raise _first_of(read)
    if (stated := read.money("wage")) is None:
        raise NotUnderstood("wage", "must be an amount in baht, such as 12000")
    try:
        paid = contribution_on(stated, day, tools.law_book)
    except NotKnown as unknown:
        raise NotUnderstood("on", f"is a day for which {unknown.gap.key} is {unknown.gap.why}") from None
    employer = None if paid.employer is None else str(paid.employer)
    return {"base": str(paid.base), "employee": str(paid.employee), "employer": employer, "government": str(paid.government)}


def stale_values(tools: Tools) -> tuple[Value, ...]:
    """Values in force today that nobody has looked up for more than a year."""
    today = tools.clock.today()
    return tuple(value for value in tools.law_book.on(today).values if value.is_stale(today))


def day_asked(tools: Tools, text: Any) -> date:
    """The day whose law counts: as given, else today; raises NotUnderstood("on")."""
    if text is None or text == "":
        return tools.clock.today()
    if not isinstance(text, str) or not _DAY.fullmatch(text):
        raise NotUnderstood("on", "must be a day YYYY-MM-DD (CE)")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise NotUnderstood("on", "must be a day that exists") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise NotUnderstood("on", f"must lie in the years {FIRST_YEAR} to {LAST_YEAR} (CE)")
    return day


def _first_of(faults: AnswersNotUnderstood) -> NotUnderstood:
    (field, code), *more = faults.faults.items()
    also = f"; also at fault: {', '.join(name for name, _ in more)}" if more else ""
    return NotUnderstood(field, FAULTS[code] + also)


@dataclass(frozen=True)
class Recorded:
    """What the contribution record answers of a benefit's questions; `latest_wage` is shown, `wages` are worked with."""

    answers: Mapping[str, Any]
    wages: tuple[MonthWage, ...]

    @property
    def latest_wage(self) -> Baht | None:
        last = max((paid.month for paid in self.wages), default=None)
        same = [paid.wage for paid in self.wages if paid.month == last]
        return sum(same[1:], start=same[0]) if same else None

    def holds(self, question: str) -> bool:
        return question in self.answers or (question in FROM_WAGES and bool(self.wages))


def recorded(tools: Tools, asked: Questionnaire, person: Person, on: date, birth_date: date | None = None) -> Recorded:
    """What is known of somebody signed in; where the record holds no month, no more than the age: no record is no answer."""
    known = _age(asked, on, birth_date)
    if not person.months_paid:
        return Recorded(known, ())
    law = tools.law_book.on(on)
    for question in asked.questions:
        if question.name in WINDOWS:
            known[question.name] = person.months_paid_in(question.highest(law) or 0, before=on)
        elif question.name == "months_paid_total":
            known[question.name] = sum(month <= on for month in distinct_months(person.months_paid))
        elif question.name == "still_insured" and person.section:
            known[question.name] = person.section in COVERED_SECTIONS and person.is_insured(on)
    return Recorded(known, _wages_of(tools, asked, person, on))


def _age(asked: Questionnaire, on: date, birth_date: date | None) -> dict[str, Any]:
    if birth_date is None or asked.question(AGE) is None:
        return {}
    age = completed_years(birth_date, on)
    return {AGE: age} if 0 <= age <= OLDEST_AGE else {}


def _wages_of(tools: Tools, asked: Questionnaire, person: Person, on: date) -> tuple[MonthWage, ...]:
    """None where a month that one of the averages asked for looks at has no wage in the record: the person is asked instead."""
    averages = [question.name for question in asked.questions if question.name in FROM_WAGES]
    months, law = record_for(tools, person).months, tools.law_book.on(on)
    known = [wages_to_work_with(months, on, law, for_old_age=average == "average_wage_60") for average in averages]
    if not known or not all(known):
        return ()
    return tuple(MonthWage(month, wage) for month, wage in known[0].items())[-MOST_WAGES:]


def with_record(given: Mapping[str, str], record: Recorded | None) -> dict[str, Any]:
    """What was answered before the record, answer by answer; whoever is not sure of a wage is not helped by the recorded one."""
    if record is None:
        return dict(given)
    answers = {**record.answers, **given}
    doubted = any(given.get(name) == NOT_SURE for name in (*FROM_WAGES, *WINDOWS, "months_paid_total"))
    return answers | ({} if doubted or not record.wages else {WAGES: list(record.wages)})
