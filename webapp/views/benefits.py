"""Checking a benefit in the browser: which one, one question a page, the result with its working.

Decided: forms are GET, and a sound answer leads on to the clean address, so that nothing of the form stays in it. Comparing the ways from
the age for old-age money on is a check like any other, with its own result. The days of somebody without work can be put into a calendar:
its address holds the answers that the days hang on, and nothing else.
How a check under way is read, and why it stands in the address: webapp/web/benefit_check.py.
"""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.actions.check_benefits import FROM_WAGES
from webapp.domain.answers import NOT_SURE, Kind, Question
from webapp.domain.assurance import Act
from webapp.domain.benefits.catalogue import BENEFITS, LIFE_EVENTS
from webapp.domain.dates import BANGKOK
from webapp.domain.lawbook import NotKnown
from webapp.domain.leaving_work import LEAVING_WORK, ways
from webapp.web import benefit_words as words
from webapp.web import guards, icalendar, no_work
from webapp.web.benefit_check import DAY, DAY_IS_ASKED, OF_HEIRS, SoFar, day_fault, place_of, so_far, typed_answer
from webapp.web.benefit_result import common_facts, result_facts
from webapp.web.day_field import DayField, day_in_address, day_shown, day_typed
from webapp.web.fragments import show
from webapp.web.language import gettext as _
from webapp.web.language import language
from webapp.web.tools import tools

pages = Blueprint("benefits", __name__, url_prefix="/benefits")

CARDS = (Kind.CHOICE, Kind.YES_NO)
Row = dict[str, str]


@pages.get("")
@guards.shows(Act.READ_MONTHS)
def overview() -> Response:
    """By name, or from what happened."""
    event = request.args.get("because", "")
    if event in LIFE_EVENTS:
        return show("benefits/event.html", title=words.event_name(event), benefits=_leads(event))
    events = [{"href": _event_href(one), "icon": words.event_icon(one), "title": words.event_name(one)} for one in LIFE_EVENTS]
    return show("benefits/benefits.html", benefits=_rows(tuple(BENEFITS)), events=events)


def _event_href(event: str) -> str:
    leads = _leads(event)
    return leads[0]["href"] if len(leads) == 1 else f"/benefits?because={event}"


def _leads(event: str) -> list[Row]:
    """The benefits of an event, a family's own way in, and what else is worth a look."""
    more: dict[str, list[Row]] = {
        "lost_job": _rows((LEAVING_WORK.name,)),
        "turn_55": _rows((LEAVING_WORK.name,)),
        "ill": [{"href": "/emergency", "icon": "warn", "title": _("An emergency now"), "text": _("Where to go, without paying first")}],
    }
    rows = [_heirs_row() if (event, name) == ("someone_died", "old_age") else row for name, row in _named_rows(LIFE_EVENTS[event])]
    return rows + more.get(event, [])


def _heirs_row() -> Row:
    title, text = _("Old-age money for the family"), _("The person who died drew a pension: what the heirs can claim")
    return {"href": f"{place_of('old_age')}?change={OF_HEIRS}", "icon": words.benefit_icon("old_age"), "title": title, "text": text}


def _rows(names: tuple[str, ...]) -> list[Row]:
    return [row for _name, row in _named_rows(names)]


def _named_rows(names: tuple[str, ...]) -> list[tuple[str, Row]]:
    return [
        (
            name,
            {"href": place_of(name), "icon": words.benefit_icon(name), "title": words.benefit_name(name), "text": words.benefit_line(name)},
        )
        for name in names
    ]


@pages.get("/questions")
def questions() -> Response:
    """Every question of every benefit, to get ready by; the worker keeps it, and shows it where the net is gone."""
    asked = [{"title": words.benefit_name(name), "href": place_of(name), "questions": _asked_in_all(name)} for name in BENEFITS]
    return show("benefits/questions.html", asked=asked)


def _asked_in_all(name: str) -> list[words.Asked]:
    day = [words.asked_day(name)] if name in DAY_IS_ASKED else []
    return day + [words.question_words(name, question.name) for question in BENEFITS[name].questions]


# One question a page


@pages.get("/<name>")
@guards.shows(Act.READ_MONTHS)
def check(name: str) -> AnyResponse:
    """A question, or the result once each has its answer."""
    if name not in BENEFITS:
        abort(404)
    found = so_far(BENEFITS[name])
    return _asking(found) or _result_page(found)


@pages.get("/old_age/compare")
@guards.shows(Act.READ_MONTHS)
def compare() -> AnyResponse:
    """Unemployment money, old-age money and section 39 side by side."""
    found = so_far(LEAVING_WORK)
    return _asking(found) or _compare_page(found)


def _asking(so_far: SoFar) -> AnyResponse | None:
    """The page that asks, or the way on after an answer; None once everything is answered."""
    asked = request.args.get("asked", "")
    if asked == DAY and so_far.asks_day:
        return _take_day(so_far)
    if asked and (question := so_far.check.question(asked)):
        return _take_answer(so_far, question)
    if so_far.faults:
        return _fault_page(so_far)
    return _step_page(so_far, request.args.get("change", "")) or _step_page(so_far, so_far.next_step or "")


def _take_day(so_far: SoFar) -> AnyResponse:
    field = day_typed(DAY, request.args)
    if field.day and (fault := day_fault(so_far.check, field.day)):
        field = field.but(fault)
    if field.day is None:
        return _day_page(so_far, field, status=422)
    return redirect(so_far.address(**{DAY: field.day.isoformat()}), 303)


def _take_answer(so_far: SoFar, question: Question) -> AnyResponse:
    """On to the clean address; an answer that only repeats the record stays out of it."""
    if not typed_answer(question.name):
        return _question_page(so_far, question, error=words.blank_words(question))
    if so_far.faults:
        return _fault_page(so_far)
    said_by_record = so_far.record.answers.get(question.name) if so_far.record else None
    repeats = said_by_record is not None and said_by_record == so_far.answers.given.get(question.name)
    return redirect(so_far.address(without=question.name if repeats else ""), 303)


def _fault_page(so_far: SoFar) -> AnyResponse:
    """The first answer that cannot be taken, asked again with what was typed."""
    if DAY in so_far.faults:
        field = day_in_address(DAY, typed_answer(DAY))
        return _day_page(so_far, field.but(day_fault(so_far.check, field.day)) if field.day else field, status=422)
    name, code = next(iter(so_far.faults.items()))
    question = so_far.check.question(name)
    if question is None:
        abort(404)
    highest = question.highest(tools().law_book.on(so_far.on))
    return _question_page(so_far, question, error=words.fault_words(question, code, highest))


def _step_page(so_far: SoFar, step: str) -> AnyResponse | None:
    if step == DAY and so_far.asks_day:
        is_known = so_far.given.get(DAY, NOT_SURE) != NOT_SURE
        return _day_page(so_far, day_shown(DAY, so_far.on if is_known else None))
    question = so_far.question(step)
    return _question_page(so_far, question) if question else None


def _day_page(so_far: SoFar, field: DayField, status: int = 200) -> Response:
    asked = words.asked_day(so_far.check.name)
    facts = _step_facts(so_far, DAY, asked)
    return show("benefits/day.html", status=status, day=field, errors=field.errors, **facts)


def _question_page(so_far: SoFar, question: Question, error: str = "") -> Response:
    asked = words.question_words(so_far.voice, question.name)
    said = so_far.record.answers.get(question.name) if so_far.record else None
    if said is None and so_far.record and question.name in FROM_WAGES:
        said = so_far.record.latest_wage if question.name == "wage" else None
    return show(
        "benefits/question.html",
        status=422 if error else 200,
        question=question,
        options=words.options(question) if question.kind in CARDS else None,
        typed=typed_answer(question.name),
        error=error or None,
        errors=[{"field": question.name, "text": error}] if error else [],
        recorded=None if said is None else words.answer_words(question, said),
        from_thaid=so_far.is_from_thaid(question.name),
        **_step_facts(so_far, question.name, asked),
    )


def _step_facts(so_far: SoFar, step: str, asked: words.Asked) -> dict[str, Any]:
    steps = so_far.steps if step in so_far.steps else (*so_far.steps, step)
    return {
        "place": place_of(so_far.check.name),
        "benefit_name": words.benefit_name(so_far.check.name),
        "asked": asked,
        "step": step,
        "number": steps.index(step) + 1,
        "all": len(steps),
        "back": so_far.back_from(step),
        "kept": [(name, answer) for name, answer in so_far.given.items() if name != step],
        "skip_href": so_far.address(**{step: NOT_SURE}),
    }


# The result


def _result_page(so_far: SoFar) -> Response:
    try:
        facts = result_facts(so_far, BENEFITS[so_far.check.name])
    except NotKnown:
        return _not_known(so_far)
    return show("benefits/print.html" if "print" in request.args else "benefits/result.html", **facts)


def _compare_page(so_far: SoFar) -> Response:
    try:
        found = ways(so_far.answers, so_far.on, tools().law_book)
    except NotKnown:
        return _not_known(so_far)
    shown = no_work.ways_shown(found, tools().clock.today())
    alone = so_far.carried_to(BENEFITS["unemployment"])
    return show("benefits/compare.html", unemployment_href=alone, differing=(), **shown, **common_facts(so_far, found.law))


def _not_known(so_far: SoFar) -> Response:
    name = words.benefit_name(so_far.check.name)
    return show("benefits/not_known.html", place=place_of(so_far.check.name), benefit_name=name, on=so_far.on)


@pages.get("/unemployment/calendar.ics")
@guards.shows(Act.READ_MONTHS)
def unemployment_calendar() -> AnyResponse:
    """The days of somebody without work, for a phone's calendar."""
    found, today, book = so_far(BENEFITS["unemployment"]), tools().clock.today(), tools().law_book
    if found.faults or DAY not in found.given:
        abort(404)
    try:
        assessed = BENEFITS["unemployment"].assess(found.answers, found.on, book)
    except NotKnown:
        abort(404)
    planned = no_work.reports(found.answers, found.on, today, book)
    base = tools().settings.base_url
    host, url = urlsplit(base).hostname or "", f"{base}{place_of('unemployment')}"
    events = no_work.calendar_of(assessed, planned, found.on, host, url)
    stamp = datetime.combine(today, time.min, BANGKOK)
    return icalendar.answer(icalendar.calendar(_("Days without work"), events, stamp, language()), "days.ics")
