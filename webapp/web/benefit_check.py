"""A check under way: what its address says, read by the rules, and what the record of somebody signed in adds.

Decided: the answers stand in the address, so that links, Back and reload work and nothing is kept; a form says with `asked` which question
it answers. What the record answers is worked in here and never enters an address. `on` (the day of the event) is asked like a question.
The family of a pensioner who died asks the same benefit in other words: their question in the address tells them apart, and the record of
whoever is signed in is not theirs. Neither is it the record of somebody who died.
Put aside: a signed cookie for the answers: it breaks two checks side by side and a link to a friend.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from flask import request

from webapp.actions.check_benefits import AGE, Recorded, recorded, with_record
from webapp.domain.answers import NOT_SURE, WAGES, Answers, AnswersNotUnderstood, Question, Questionnaire, read_answers
from webapp.domain.benefits.catalogue import FIRST_DAY
from webapp.domain.dates import same_day_in_months
from webapp.domain.lawbook import Law
from webapp.domain.leaving_work import LEAVING_WORK
from webapp.web import guards
from webapp.web.filters import say_date
from webapp.web.language import gettext as _
from webapp.web.tools import tools

DAY = "on"
DAY_IS_ASKED = frozenset({"sickness", "dental", "maternity", "invalidity", "death", "unemployment", LEAVING_WORK.name})
NEVER_AHEAD = frozenset({"death", "invalidity"})
AHEAD_MONTHS = 12
LONGEST_ANSWER = 200
OF_HEIRS = "months_pension_drawn"
OF_THE_LIVING = frozenset({AGE, "still_insured"})
HEIRS = "heirs"
PLACES = {LEAVING_WORK.name: "/benefits/old_age/compare"}


def place_of(name: str) -> str:
    """The page of a check by name, without answers."""
    return PLACES.get(name, f"/benefits/{name}")


@dataclass(frozen=True)
class SoFar:
    """`given` holds only answers that are asked for; `is_for_heirs`: a family asks about the pensioner who died."""

    check: Questionnaire
    given: Mapping[str, str]
    on: date
    record: Recorded | None
    answers: Answers
    faults: Mapping[str, str]
    is_for_heirs: bool

    @property
    def voice(self) -> str:
        """In whose words the questions are asked."""
        return HEIRS if self.is_for_heirs else self.check.name

    @property
    def asks_day(self) -> bool:
        return self.check.name in DAY_IS_ASKED

    @property
    def asked(self) -> tuple[Question, ...]:
        return _asked(self.check, self.answers, self.is_for_heirs)

    @property
    def steps(self) -> tuple[str, ...]:
        """The pages by name, the day of the event first; what the record answers is no page until somebody corrects it."""
        day = (DAY,) if self.asks_day else ()
        return day + tuple(question.name for question in self.asked if not self.is_recorded(question.name))

    def is_recorded(self, name: str) -> bool:
        return self.record is not None and name not in self.given and self.record.holds(name)

    def is_from_thaid(self, name: str) -> bool:
        return name == AGE and self.is_recorded(name)

    @property
    def next_step(self) -> str | None:
        return next((name for name in self.steps if name not in self.given), None)

    def question(self, name: str) -> Question | None:
        return next((question for question in self.asked if question.name == name), None)

    def address(self, without: str = "", **more: str) -> str:
        """The page of these answers; `change` asks one of them again."""
        given = {name: text for name, text in self._written.items() if name != without}
        query = given | {name: urlencode({name: answer}) for name, answer in more.items()}
        return place_of(self.check.name) + (f"?{'&'.join(query.values())}" if query else "")

    @cached_property
    def _written(self) -> dict[str, str]:
        """Each answer as it stands in an address: a result has a dozen."""
        return {name: urlencode({name: answer}) for name, answer in self.given.items()}

    def carried_to(self, other: Questionnaire) -> str:
        """The page of another check, with the answers that it asks for too."""
        names = {DAY, *(question.name for question in other.questions)}
        query = {name: answer for name, answer in self.given.items() if name in names}
        return place_of(other.name) + (f"?{urlencode(query)}" if query else "")

    def back_from(self, step: str) -> str:
        """The question before, or the list of benefits."""
        before = [name for name in self.steps if name != step]
        place = self.steps.index(step) if step in self.steps else len(before)
        return self.address(change=before[place - 1]) if place else "/benefits"


def _asked(check: Questionnaire, answers: Answers, is_for_heirs: bool) -> tuple[Question, ...]:
    """The family's question comes first for them and is none for anybody else."""
    left_out = OF_THE_LIVING if is_for_heirs else {OF_HEIRS}
    return tuple(sorted((one for one in check.asked(answers) if one.name not in left_out), key=lambda one: one.name != OF_HEIRS))


def _implied(law: Law) -> dict[str, str]:
    """Who drew a pension had reached the age and was no longer insured."""
    return {AGE: str(law["old_age.age"]), "still_insured": "no"}


def so_far(check: Questionnaire) -> SoFar:
    """The check that this request's address tells."""
    names = ((DAY,) if check.name in DAY_IS_ASKED else ()) + tuple(question.name for question in check.questions)
    typed = {name: answer for name in names if (answer := typed_answer(name))}
    is_for_heirs = check.question(OF_HEIRS) is not None and OF_HEIRS in (*typed, request.args.get("change"), request.args.get("asked"))
    on, faults = _day_of(check, typed.get(DAY))
    record = None if is_for_heirs else _record(check, on)
    law = tools().law_book.on(on)
    given = {name: answer for name, answer in typed.items() if name != DAY} | (_implied(law) if is_for_heirs else {})
    read = read_answers(check.questions, with_record(given, record), on, law)
    if isinstance(read, AnswersNotUnderstood):
        faults |= {field.split(".")[0]: code for field, code in read.faults.items()}
        given = {name: answer for name, answer in given.items() if name not in faults}
        read = read_answers(check.questions, with_record(given, record), on, law)
    answers = read if isinstance(read, Answers) else Answers()
    asked = {question.name for question in _asked(check, answers, is_for_heirs)}
    kept = {name: typed[name] for name in typed if name not in faults and (name == DAY or name in asked)}
    silent = OF_THE_LIVING if is_for_heirs else {WAGES}
    needed = Answers({name: answer for name, answer in answers.given.items() if name in asked | silent})
    return SoFar(check, kept, on, record, needed, faults, is_for_heirs)


def _record(check: Questionnaire, on: date) -> Recorded | None:
    person = guards.person()
    if person is None or check.name == "death":
        return None
    name = guards.person_name()
    return recorded(tools(), check, person, on, name.birth_date if name else None)


def typed_answer(name: str) -> str:
    """The answer in the address; "not sure" wins over an empty field of the same name."""
    sent = [answer.strip()[:LONGEST_ANSWER] for answer in request.args.getlist(name)]
    return next((answer for answer in sent if answer), "")


def _day_of(check: Questionnaire, typed: str | None) -> tuple[date, dict[str, str]]:
    """The day whose law counts; today where it is not known."""
    today = tools().clock.today()
    if typed in (None, NOT_SURE):
        return today, {}
    try:
        day = date.fromisoformat(typed or "")
    except ValueError:
        return today, {DAY: "not_understood"}
    return (today, {DAY: "out_of_range"}) if day_fault(check, day) else (day, {})


def too_long_ago() -> str:
    return _("That is too long ago: we know the law since %(day)s", day=say_date(FIRST_DAY, "short"))


def day_fault(check: Questionnaire, day: date) -> str:
    """Why this day cannot be taken; empty where it can."""
    today = tools().clock.today()
    if day < FIRST_DAY:
        return too_long_ago()
    if day > today and check.name in NEVER_AHEAD:
        return _("This day lies in the future. Check the year")
    if day > same_day_in_months(today, AHEAD_MONTHS):
        return _("This day lies more than a year ahead. Check the year")
    return ""
