"""What a claim of each kind asks, in order: the day of the event, what the checker asks and no record answers, and what only a claim needs.

Decided: one table for all kinds. A question of the checker is taken from it, words and all; months and wages are never asked here, because
the office's record says them, and where it does not, the office works them out. A claim may leave a question "not sure" where an officer
can find the answer in a paper; without the others nothing can be decided, so they are asked until they are answered.
The form has room for three children; how many are paid for says the law of each month (domain/claim_amount.py).
Of other people we ask only what tells them apart: the number of the one who died, and of the child's other parent where both are insured.
Put aside: asking for names of children, doctors and hospitals: they stand in the papers, and what is not asked cannot leak.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from webapp.domain.answers import Kind, Question, Questionnaire
from webapp.domain.benefits import catalogue

ON = "on"
BORN = ("child_1_born", "child_2_born", "child_3_born")
Given = Mapping[str, str]


class Asks(StrEnum):
    """How an answer is given."""

    DAY = "day"
    CHOICE = "choice"
    YES_NO = "yes_no"
    COUNT = "count"
    MONEY = "money"
    PERCENT = "percent"
    NUMBER = "number"
    WORDS = "words"


_OF_CHECKER = {
    Kind.CHOICE: Asks.CHOICE, Kind.YES_NO: Asks.YES_NO, Kind.COUNT: Asks.COUNT, Kind.MONEY: Asks.MONEY, Kind.PERCENT: Asks.PERCENT,
}  # fmt: skip


def always(_: Given) -> bool:
    return True


@dataclass(frozen=True)
class ClaimQuestion:
    """`of_checker`: the same question of the benefit check, whose answer the rule reads; `may_be_unsure` offers "not sure"."""

    name: str
    asks: Asks
    choices: tuple[str, ...] = ()
    asked_when: Callable[[Given], bool] = always
    may_be_unsure: bool = False
    of_checker: Question | None = None


@dataclass(frozen=True)
class ClaimKind:
    """One benefit as a claim. `never_ahead`: its event must have happened."""

    name: str
    questions: tuple[ClaimQuestion, ...]

    @property
    def benefit(self) -> catalogue.Benefit:
        return catalogue.benefit(self.name)

    def question(self, name: str) -> ClaimQuestion | None:
        return next((one for one in self.questions if one.name == name), None)

    def asked(self, given: Given) -> tuple[ClaimQuestion, ...]:
        """Those that these answers leave to be asked, answered or not."""
        return tuple(one for one in self.questions if one.asked_when(given))

    def next_question(self, given: Given) -> ClaimQuestion | None:
        return next((one for one in self.asked(given) if one.name not in given), None)


def _says(name: str, *answers: str) -> Callable[[Given], bool]:
    return lambda given: given.get(name) in answers


def _at_least(name: str, least: int) -> Callable[[Given], bool]:
    return lambda given: given.get(name, "").isdigit() and int(given[name]) >= least


def _day(name: str = ON, asked_when: Callable[[Given], bool] = always) -> ClaimQuestion:
    return ClaimQuestion(name, Asks.DAY, asked_when=asked_when)


def _own(name: str, asks: Asks, *choices: str, asked_when: Callable[[Given], bool] = always) -> ClaimQuestion:
    return ClaimQuestion(name, asks, choices, asked_when)


def _checked(
    questionnaire: Questionnaire, name: str, *, unsure: bool = False, asked_when: Callable[[Given], bool] = always
) -> ClaimQuestion:
    question = questionnaire.question(name)
    if question is None:
        raise LookupError(f"{questionnaire.name} asks no {name}")
    return ClaimQuestion(name, _OF_CHECKER[question.kind], question.choices, asked_when, unsure, question)


def _kind(name: str, *questions: ClaimQuestion | str) -> ClaimKind:
    """A text names a question of the checker, asked of everybody and to be answered."""
    of = catalogue.benefit(name)
    return ClaimKind(name, tuple(_checked(of, one) if isinstance(one, str) else one for one in questions))


_B = catalogue.BENEFITS
_IS_MOTHER, _IS_FATHER = _says("parent", "mother"), _says("parent", "father")
_BOTH_INSURED = _says("other_parent_insured", "yes")

KINDS: Mapping[str, ClaimKind] = {
    kind.name: kind
    for kind in (
        _kind("sickness", _day(), "employer_sick_leave_used", "days_off", _checked(_B["sickness"], "chronic", unsure=True),
              "days_paid_this_year"),
        _kind("dental", _day(), "treatment", "cost", _checked(_B["dental"], "used_this_year", asked_when=_says("treatment", "basic"))),
        _kind(
            "maternity",
            _day(),
            "parent",
            _checked(_B["maternity"], "union", asked_when=_IS_FATHER),
            _own("other_parent_insured", Asks.CHOICE, "yes", "no", "not_sure"),
            _checked(_B["maternity"], "other_parent_claimed", unsure=True, asked_when=_BOTH_INSURED),
            _own("other_parent_number", Asks.NUMBER, asked_when=_BOTH_INSURED),
            _checked(_B["maternity"], "leave_allowances_before", asked_when=_IS_MOTHER),
            "prenatal_cost",
        ),
        _kind("invalidity", _day(), _checked(_B["invalidity"], "loss_percent", unsure=True)),
        _kind(
            "death",
            _day(),
            _own("deceased_number", Asks.NUMBER),
            _own("deceased_name", Asks.WORDS),
            _own("relation", Asks.CHOICE, "spouse", "child", "parent", "other"),
            _own("held_funeral", Asks.YES_NO),
        ),
        _kind("old_age", _day()),
        _kind(
            "child_allowance",
            _own("children_count", Asks.CHOICE, "1", "2", "3"),
            *(_day(name, _at_least("children_count", number)) for number, name in enumerate(BORN, start=1)),
            _own("children_own", Asks.YES_NO),
            _own("children_paid_now", Asks.CHOICE, "0", "1", "2", "3"),
        ),
        _kind(
            "unemployment",
            _day(),
            "cause",
            _checked(_B["unemployment"], "dismissed_for_fault", asked_when=_says("cause", "laid_off")),
            _own("registered", Asks.YES_NO),
            "days_paid_this_year",
        ),
    )
}  # fmt: skip
