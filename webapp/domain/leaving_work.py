"""Leaving work from the age for old-age money on: unemployment money, old-age money and staying insured under section 39, side by side.

Decided: no advice, and no sum that no source names. Each way is worked out as its own benefit works it out, with the day by which it must
be asked for; what ends what is said where the law book says it, and as "being confirmed" where nobody does: whether being merely entitled
to old age already ends unemployment money, whether section 39 and unemployment money go together, which wage counts under section 39.
Old age is worked out as for somebody no longer insured, since that is what leaving means.
The six months for section 39 begin with the first day without work as day 1, as in unemployment: the earlier and so the safer reading.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from webapp.domain.answers import Answers, Questionnaire
from webapp.domain.assessment import Assessment
from webapp.domain.benefits import old_age, unemployment
from webapp.domain.dates import add_months, same_day_in_months
from webapp.domain.lawbook import Consulted, LawBook, Value
from webapp.domain.months_paid import months_paid_in_all

NAME = "leaving_work"
_OF_OLD_AGE = {question.name: question for question in old_age.QUESTIONS}
LEAVING_WORK = Questionnaire(
    NAME,
    (_OF_OLD_AGE["age"], *unemployment.QUESTIONS, _OF_OLD_AGE["months_paid_total"], _OF_OLD_AGE["average_wage_60"]),
)


@dataclass(frozen=True)
class Section39:
    """Staying insured of one's own will. `months_short` of a pension and `enough_from`, paying every month; None: months not answered."""

    apply_by: date
    months_short: int | None
    enough_from: date | None


@dataclass(frozen=True)
class Ways:
    """`old_enough` None: the age is not answered."""

    old_enough: bool | None
    age_needed: Value
    unemployment: Assessment
    old_age: Assessment
    section_39: Section39
    law: tuple[Value, ...]


def ways(answers: Answers, on: date, law_book: LawBook) -> Ways:
    """`on`: the first day without work. Raises NotKnown where the law of that day is."""
    law = Consulted(law_book.on(on))
    age, needed = answers.count("age"), law.value("old_age.age")
    no_work = unemployment.assess(answers, on, law_book)
    old = old_age.assess(Answers({**answers.given, "still_insured": False}), on, law_book)
    staying = _section_39(answers, on, law)
    rests_on = {id(value): value for value in (*no_work.law, *old.law, *law.used)}
    return Ways(None if age is None else age >= law.number(needed.key), needed, no_work, old, staying, tuple(rests_on.values()))


def _section_39(answers: Answers, on: date, law: Consulted) -> Section39:
    paid = months_paid_in_all(answers, on)
    short = None if paid is None else max(law.number("old_age.pension_months") - paid, 0)
    last_insured = on - timedelta(days=1)
    apply_by = same_day_in_months(last_insured, law.number("coverage.section_39_apply_within"))
    return Section39(apply_by, short, None if short is None else add_months(on, short))
