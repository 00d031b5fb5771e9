"""The result of a check as the page and the printed sheet show it: every fact in words, none worked out here.

Decided: what a sum rests on stands beside it, and nothing of a record enters an address: links are made from what was typed alone.
For the family of a pensioner the conditions of the one who drew it are left out: only their own sum is asked about.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from webapp.actions.check_benefits import FROM_WAGES
from webapp.actions.my_record import as_of
from webapp.domain.answers import NOT_SURE, Question
from webapp.domain.assessment import Amount, Assessment, Outcome
from webapp.domain.benefits.catalogue import Benefit
from webapp.domain.claim_questions import KINDS
from webapp.domain.lawbook import Law, Value
from webapp.domain.leaving_work import LEAVING_WORK
from webapp.web import benefit_words as words
from webapp.web import guards, law_words, no_work
from webapp.web.benefit_check import DAY, OF_HEIRS, SoFar, place_of
from webapp.web.benefit_verdict import Verdict, verdict
from webapp.web.filters import long_date, short_date
from webapp.web.language import gettext as _
from webapp.web.language import ph
from webapp.web.numbers import years
from webapp.web.pension_outlook import looked_ahead
from webapp.web.tools import tools

HEIRS_SUM = "pension_heirs_lump_sum"
COMPARED = ("unemployment", "old_age")


def result_facts(so_far: SoFar, benefit: Benefit) -> dict[str, Any]:
    """What the page shows; raises NotKnown where the law of that day has a hole."""
    found = benefit.assess(so_far.answers, so_far.on, tools().law_book)
    law = tools().law_book.on(so_far.on)
    said = Verdict(_heirs_headline(so_far, found, law)) if so_far.is_for_heirs else verdict(so_far, found)
    shown = found.amounts if said.is_open else ()
    return {
        "found": found,
        "verdict": said,
        "benefit": benefit.name,
        "benefit_name": words.benefit_name(benefit.name),
        "for_heirs": so_far.is_for_heirs,
        "headline": said.headline,
        "conditions": [] if so_far.is_for_heirs else [words.condition(reason) for reason in found.reasons],
        "met": sum(reason.met is True for reason in found.reasons),
        "amounts": [_amount(amount) for amount in shown if not so_far.is_for_heirs or amount.code == HEIRS_SUM],
        "claim_by": _claim_by(so_far, found, law),
        "notes": [words.note_words(note) for note in found.notes if said.says(note)],
        "unsure": _unsure(so_far),
        "forms": benefit.forms(law),
        "papers": [law_words.paper_name(paper) for paper in benefit.papers(law, so_far.answers)],
        **_of_unemployment(so_far, found),
        **_of_old_age(so_far, found),
        **common_facts(so_far, found.law),
        "compare_href": _compare_href(so_far, found),
        "differing": [law_words.differing_words(one) for one in law.differing(benefit.name)],
        "print_href": so_far.address(print="1"),
        "claim_href": None if so_far.is_for_heirs else _claim_href(so_far),
    }


def _claim_href(so_far: SoFar) -> str:
    """Where a claim begins, with what was typed here; a day that has not come, and nothing of the record, does not go along."""
    asks, has_come = KINDS[so_far.check.name], so_far.on <= tools().clock.today()
    typed = {name: answer for name, answer in so_far.given.items() if asks.question(name) and (name != DAY or has_come)}
    return f"/claims/new/{so_far.check.name}" + (f"?{urlencode(typed)}" if typed else "")


def common_facts(so_far: SoFar, rests_on: tuple[Value, ...]) -> dict[str, Any]:
    """What stands under every result: the answers with the way to change each, and the law with its days."""
    today = tools().clock.today()
    return {
        "said": _said(so_far),
        "rules": law_words.by_subject(law_words.rule_words(value) for value in _once(rests_on)),
        "is_confirmed": all(value.is_confirmed for value in rests_on),
        "is_stale": any(value.is_stale(today) for value in rests_on),
        "checked": min(value.checked for value in rests_on),
        "on": so_far.on,
        "as_of": _as_of(so_far),
        "back": so_far.back_from(""),
        "result_href": so_far.address(),
        "check_href": place_of(so_far.check.name),
    }


def _heirs_headline(so_far: SoFar, found: Assessment, law: Law) -> Any:
    return words.heirs_headline(found, so_far.answers.count(OF_HEIRS), law.read("old_age.heirs_within", int))


def _compare_href(so_far: SoFar, found: Assessment) -> str | None:
    """For those who are, or may be, old enough to choose between several ways."""
    too_young = any(reason.code == "age" and reason.met is False for reason in found.reasons)
    return None if so_far.check.name not in COMPARED or so_far.is_for_heirs or too_young else so_far.carried_to(LEAVING_WORK)


def _claim_by(so_far: SoFar, found: Assessment, law: Law) -> Any:
    """The last day, or that it has passed. Where the day of the event was not asked, or nobody was sure of it, no day is made up."""
    within = years(law.read("claims.years", int))
    if so_far.is_for_heirs:
        return _("Claim within %(years)s of the death.", years=within)
    if found.claim_by is None:
        return ""
    if so_far.check.name == "child_allowance":
        return ph("Each month has its own last day: claim its allowance within %(years)s of the day it became due", years=within)
    if not so_far.asks_day or so_far.given.get(DAY) == NOT_SURE:
        return ph("Claim within %(years)s of the day it became due", years=within)
    return words.claim_by(found.claim_by, tools().clock.today(), long_date)


def _amount(amount: Amount) -> dict[str, Any]:
    return {
        "code": amount.code,
        "name": words.amount_title(amount),
        "said": words.amount_said(amount),
        "rows": words.working_lines(amount),
    }


def _of_unemployment(so_far: SoFar, found: Assessment) -> dict[str, Any]:
    if so_far.check.name != "unemployment":
        return {}
    today, book = tools().clock.today(), tools().law_book
    typed = {DAY: so_far.on.isoformat(), **so_far.given}
    kept = {name: typed[name] for name in (DAY, "cause", "days_paid_this_year") if name in typed}
    return {
        "days_ahead": no_work.days_ahead(found, so_far.answers, so_far.on, today, book),
        "side_by_side": no_work.side_by_side(so_far.answers, so_far.on, book, found),
        "calendar_query": kept,
    }


def _of_old_age(so_far: SoFar, found: Assessment) -> dict[str, Any]:
    if so_far.check.name != "old_age" or so_far.is_for_heirs:
        return {}
    name = guards.person_name() if so_far.is_from_thaid("age") else None
    return {
        "outlook": looked_ahead(so_far.answers, so_far.on, tools().law_book, name.birth_date if name else None, _is_on_section_39(so_far)),
        "warn": found.outcome is not Outcome.NOT_ENTITLED,
    }


def _is_on_section_39(so_far: SoFar) -> bool:
    person = guards.person()
    return person is not None and so_far.record is not None and person.section == "39"


def _unsure(so_far: SoFar) -> list[dict[str, str]]:
    """What each "not sure" leaves open."""
    open_questions = [one for one in so_far.asked if so_far.given.get(one.name) == NOT_SURE]
    return [
        {
            "title": words.question_words(so_far.voice, question.name).plain,
            "open": words.leaves_open(question.serves),
            "href": so_far.address(change=question.name),
        }
        for question in open_questions
    ]


def _said(so_far: SoFar) -> list[dict[str, Any]]:
    """Each answer with the way to change it, the day first."""
    rows: list[dict[str, Any]] = []
    if so_far.asks_day:
        title = words.asked_day(so_far.check.name).plain
        day = _("Not sure, today is taken") if so_far.given.get(DAY) == NOT_SURE else short_date(so_far.on)
        rows.append({"label": title, "value": day, "href": so_far.address(change=DAY)})
    return rows + [_said_row(so_far, question) for question in so_far.asked]


def _said_row(so_far: SoFar, question: Question) -> dict[str, Any]:
    name = question.name
    row: dict[str, Any] = {
        "label": words.question_words(so_far.voice, name).plain,
        "href": so_far.address(change=name),
        "recorded": so_far.is_recorded(name) and not so_far.is_from_thaid(name),
        "from_thaid": so_far.is_from_thaid(name),
        "use_record": so_far.address(without=name) if name in so_far.given and so_far.record and so_far.record.holds(name) else None,
    }
    if row["recorded"] and name in FROM_WAGES:
        return row | {"value": _("The wages in the record, month by month")}
    return row | {"value": words.answer_words(question, so_far.answers.given.get(name))}


def _as_of(so_far: SoFar) -> Any:
    person = guards.person()
    return as_of(tools(), person) if person and so_far.record and person.months_paid else None


def _once(values: tuple[Value, ...]) -> list[Value]:
    """In the order they were looked up, each once."""
    return list({(value.key, value.since): value for value in values}.values())
