"""The benefits there are, with their questions in order, their forms and papers, and the life events that lead to them.

A benefit is one module with NAME, QUESTIONS, AMOUNTS and assess(); it enters here by one line. Forms and papers are data of the statute
book (`<benefit>.forms`, `<benefit>.papers`), with a source like any number; a benefit whose papers no source names has none here, and the
page sends people to 1506.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import ModuleType
from typing import Any

from webapp.domain.answers import Answers, AnswersNotUnderstood, Questionnaire, read_answers
from webapp.domain.assessment import Assessment
from webapp.domain.benefits import child_allowance, death, dental, invalidity, maternity, old_age, sickness, unemployment
from webapp.domain.lawbook import Law, LawBook

FIRST_YEAR, LAST_YEAR = 1995, 2100
"""Days outside are refused: before, no wage base is known; after, nobody asks in earnest."""
FIRST_DAY = date(FIRST_YEAR + 1, 1, 1)
"""The first that a page takes: of the year before, the wage base is known of nine months only."""


@dataclass(frozen=True)
class Benefit(Questionnaire):
    amounts: tuple[str, ...]
    assess: Callable[[Answers, date, LawBook], Assessment]

    def forms(self, law: Law) -> tuple[str, ...]:
        """Numbers of the SSO's forms: "2-01"."""
        return law.read(f"{self.name}.forms", tuple)

    def papers(self, law: Law, answers: Answers) -> tuple[str, ...]:
        """Codes of the papers to bring; empty where no source names any."""
        keys = [f"{self.name}.papers"] + [f"{self.name}.papers_father"] * (answers.choice("parent") == "father")
        return tuple(paper for key in keys if key in law.book.histories and law.is_known(key) for paper in law.read(key, tuple))


def _benefit(module: ModuleType) -> Benefit:
    return Benefit(module.NAME, module.QUESTIONS, module.AMOUNTS, module.assess)


BENEFITS: Mapping[str, Benefit] = {
    benefit.name: benefit
    for benefit in (
        _benefit(sickness),
        _benefit(dental),
        _benefit(maternity),
        _benefit(invalidity),
        _benefit(death),
        _benefit(old_age),
        _benefit(child_allowance),
        _benefit(unemployment),
    )
}

LIFE_EVENTS: Mapping[str, tuple[str, ...]] = {
    "lost_job": ("unemployment", "old_age"),
    "having_baby": ("maternity", "child_allowance"),
    "ill": ("sickness", "invalidity"),
    "turn_55": ("old_age",),
    "someone_died": ("death", "old_age"),
    "teeth": ("dental",),
}
"""The benefits to look at, the likeliest first."""


class NoSuchBenefit(LookupError):
    """A name that is not in the catalogue: 404."""


def benefit(name: str) -> Benefit:
    try:
        return BENEFITS[name]
    except KeyError:
        raise NoSuchBenefit(name) from None


def assess(name: str, raw: Mapping[str, Any], on: date, law_book: LawBook) -> Assessment | AnswersNotUnderstood:
    """Raw answers to an assessment by the law of the day `on`, or the faults by field; raises NoSuchBenefit."""
    asked = benefit(name)
    if not FIRST_YEAR <= on.year <= LAST_YEAR:
        return AnswersNotUnderstood({"on": "out_of_range"})
    answers = read_answers(asked.questions, raw, on, law_book.on(on))
    return answers if isinstance(answers, AnswersNotUnderstood) else asked.assess(answers, on, law_book)
