"""Checking a benefit in the browser: which one, one question a page, the result with its working.

Decided: the answers stand in the address, so that links, Back and reload work and nothing is kept; forms are GET. A form says with `asked`
which question it answers; a sound answer leads on to the clean address, so that nothing of the form stays in it. Somebody signed in is
helped by the record: its values are worked in here and never stand in an address. `on` (the day of the event) is asked like a question.
Put aside: a signed cookie for the answers: it breaks two checks side by side and a link to a friend.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.actions.check_benefits import FROM_WAGES, Recorded, recorded, with_record
from webapp.domain.answers import NOT_SURE, WAGES, Answers, AnswersNotUnderstood, Kind, Question, read_answers
from webapp.domain.assessment import Amount, Assessment, Outcome
from webapp.domain.benefits.catalogue import BENEFITS, LIFE_EVENTS, Benefit
from webapp.domain.dates import same_day_in_months
from webapp.domain.lawbook import NotKnown, Value
from webapp.domain.retirement import Outlook, Stopping, outlook
from webapp.web import benefit_words as words
from webapp.web import guards
from webapp.web.day_field import DayField, day_shown, day_typed
from webapp.web.filters import short_date
from webapp.web.fragments import show
from webapp.web.language import gettext as _
from webapp.web.tools import tools

pages = Blueprint("benefits", __name__, url_prefix="/benefits")

DAY = "on"
DAY_IS_ASKED = frozenset({"sickness", "dental", "maternity", "invalidity", "death", "unemployment"})
NEVER_AHEAD = frozenset({"death", "invalidity"})
AHEAD_MONTHS = 12
FIRST_DAY = date(1996, 1, 1)
LONGEST_ANSWER = 200
LAST_AGE_DRAWN = 65
ENDS_COMPARED = ("laid_off", "resigned")
CARDS = (Kind.CHOICE, Kind.YES_NO)
FIGURE_LEFT, FIGURE_WIDTH, FIGURE_FLOOR, FIGURE_HEIGHT = 8, 276, 144, 112


@pages.get("")
def overview() -> Response:
    """By name, or from what happened."""
    event = request.args.get("because", "")
    found = LIFE_EVENTS.get(event, ())
    if found:
        return show("benefits/event.html", title=words.event_name(event), benefits=_rows(found))
    events = [{"href": _event_href(one), "icon": words.event_icon(one), "title": words.event_name(one)} for one in LIFE_EVENTS]
    return show("benefits/benefits.html", benefits=_rows(tuple(BENEFITS)), events=events)


def _event_href(event: str) -> str:
    only = LIFE_EVENTS[event]
    return f"/benefits/{only[0]}" if len(only) == 1 else f"/benefits?because={event}"


def _rows(names: tuple[str, ...]) -> list[dict[str, str]]:
    return [
        {"href": f"/benefits/{name}", "icon": words.benefit_icon(name), "title": words.benefit_name(name), "text": words.benefit_line(name)}
        for name in names
    ]


# The answers so far


@dataclass(frozen=True)
class SoFar:
    """One check under way: what the address says, and what the record adds. `given` holds only answers that are asked for."""

    benefit: Benefit
    given: Mapping[str, str]
    on: date
    record: Recorded | None
    answers: Answers
    faults: Mapping[str, str]

    @property
    def asked(self) -> tuple[Question, ...]:
        return self.benefit.asked(self.answers)

    @property
    def steps(self) -> tuple[str, ...]:
        """The pages by name, the day of the event first; what the record answers is no page until somebody corrects it."""
        day = (DAY,) if self.benefit.name in DAY_IS_ASKED else ()
        return day + tuple(question.name for question in self.asked if not self.is_recorded(question.name))

    def is_recorded(self, name: str) -> bool:
        return self.record is not None and name not in self.given and self.record.holds(name)

    @property
    def next_step(self) -> str | None:
        return next((name for name in self.steps if name not in self.given), None)

    def question(self, name: str) -> Question | None:
        return next((question for question in self.asked if question.name == name), None)

    def address(self, without: str = "", **more: str) -> str:
        """The page of these answers; `change` asks one of them again."""
        query = {name: answer for name, answer in self.given.items() if name != without} | more
        return f"/benefits/{self.benefit.name}" + (f"?{urlencode(query)}" if query else "")

    def back_from(self, step: str) -> str:
        """The question before, or the list of benefits."""
        before = [name for name in self.steps if name != step]
        place = self.steps.index(step) if step in self.steps else len(before)
        return self.address(change=before[place - 1]) if place else "/benefits"


def _so_far(benefit: Benefit) -> SoFar:
    days = (DAY,) if benefit.name in DAY_IS_ASKED else ()
    names = days + tuple(question.name for question in benefit.questions)
    typed = {name: answer for name in names if (answer := _typed(name))}
    on, faults = _day_of(benefit, typed.get(DAY))
    person = guards.person()
    record = recorded(tools(), benefit, person, on) if person else None
    law = tools().law_book.on(on)
    given = {name: answer for name, answer in typed.items() if name != DAY}
    read = read_answers(benefit.questions, with_record(given, record), on, law)
    if isinstance(read, AnswersNotUnderstood):
        faults |= {field.split(".")[0]: code for field, code in read.faults.items()}
        given = {name: answer for name, answer in given.items() if name not in faults}
        read = read_answers(benefit.questions, with_record(given, record), on, law)
    answers = read if isinstance(read, Answers) else Answers()
    asked = {question.name for question in benefit.asked(answers)}
    kept = {name: typed[name] for name in typed if name not in faults and (name == DAY or name in asked)}
    needed = Answers({name: answer for name, answer in answers.given.items() if name in asked or name == WAGES})
    return SoFar(benefit, kept, on, record, needed, faults)


def _typed(name: str) -> str:
    """The answer in the address; "not sure" wins over an empty field of the same name."""
    sent = [answer.strip()[:LONGEST_ANSWER] for answer in request.args.getlist(name)]
    return next((answer for answer in sent if answer), "")


def _day_of(benefit: Benefit, typed: str | None) -> tuple[date, dict[str, str]]:
    """The day whose law counts; today where it is not known."""
    today = tools().clock.today()
    if typed in (None, NOT_SURE):
        return today, {}
    try:
        day = date.fromisoformat(typed or "")
    except ValueError:
        return today, {DAY: "not_understood"}
    return (today, {DAY: "out_of_range"}) if _day_fault(benefit, day) else (day, {})


def _day_fault(benefit: Benefit, day: date) -> str:
    today = tools().clock.today()
    if day < FIRST_DAY:
        return _("That is too long ago: we know the law since 1996 (B.E. 2539)")
    if day > today and benefit.name in NEVER_AHEAD:
        return _("This day lies in the future. Check the year")
    if day > same_day_in_months(today, AHEAD_MONTHS):
        return _("This day lies more than a year ahead. Check the year")
    return ""


# The pages


@pages.get("/<name>")
def check(name: str) -> AnyResponse:
    """A question, or the result once each has its answer."""
    if name not in BENEFITS:
        abort(404)
    so_far, asked = _so_far(BENEFITS[name]), request.args.get("asked", "")
    if asked == DAY and name in DAY_IS_ASKED:
        return _take_day(so_far)
    if asked and (question := so_far.benefit.question(asked)):
        return _take_answer(so_far, question)
    if so_far.faults:
        return _fault_page(so_far)
    return _step_page(so_far, request.args.get("change", "")) or _step_page(so_far, so_far.next_step or "") or _result_page(so_far)


def _take_day(so_far: SoFar) -> AnyResponse:
    field = day_typed(DAY, request.args)
    if field.day and (fault := _day_fault(so_far.benefit, field.day)):
        field = field.but(fault)
    if field.day is None:
        return _day_page(so_far, field, status=422)
    return redirect(so_far.address(**{DAY: field.day.isoformat()}), 303)


def _take_answer(so_far: SoFar, question: Question) -> AnyResponse:
    """On to the clean address; an answer that only repeats the record stays out of it."""
    if not _typed(question.name):
        return _question_page(so_far, question, error=words.blank_words(question))
    if so_far.faults:
        return _fault_page(so_far)
    said_by_record = so_far.record.answers.get(question.name) if so_far.record else None
    repeats = said_by_record is not None and said_by_record == so_far.answers.given.get(question.name)
    return redirect(so_far.address(without=question.name if repeats else ""), 303)


def _fault_page(so_far: SoFar) -> AnyResponse:
    """The first answer that cannot be taken, asked again with what was typed."""
    if DAY in so_far.faults:
        field = day_shown(DAY, None).but(_("We could not read this day. Type it again"))
        return _day_page(so_far, field, status=422)
    name, code = next(iter(so_far.faults.items()))
    question = so_far.benefit.question(name)
    if question is None:
        abort(404)
    highest = question.highest(tools().law_book.on(so_far.on))
    return _question_page(so_far, question, error=words.fault_words(question, code, highest))


def _step_page(so_far: SoFar, step: str) -> AnyResponse | None:
    if step == DAY and so_far.benefit.name in DAY_IS_ASKED:
        is_known = so_far.given.get(DAY, NOT_SURE) != NOT_SURE
        return _day_page(so_far, day_shown(DAY, so_far.on if is_known else None))
    question = so_far.question(step)
    return _question_page(so_far, question) if question else None


def _day_page(so_far: SoFar, field: DayField, status: int = 200) -> Response:
    asked = words.asked_day(so_far.benefit.name)
    facts = _step_facts(so_far, DAY, asked)
    return show("benefits/day.html", status=status, day=field, errors=field.errors, **facts)


def _question_page(so_far: SoFar, question: Question, error: str = "") -> Response:
    asked = words.question_words(so_far.benefit.name, question.name)
    said = so_far.record.answers.get(question.name) if so_far.record else None
    if said is None and so_far.record and question.name in FROM_WAGES:
        said = so_far.record.latest_wage if question.name == "wage" else None
    return show(
        "benefits/question.html",
        status=422 if error else 200,
        question=question,
        options=words.options(question) if question.kind in CARDS else None,
        typed=_typed(question.name),
        error=error or None,
        errors=[{"field": question.name, "text": error}] if error else [],
        recorded=None if said is None else words.answer_words(question, said),
        **_step_facts(so_far, question.name, asked),
    )


def _step_facts(so_far: SoFar, step: str, asked: words.Asked) -> dict[str, Any]:
    steps = so_far.steps if step in so_far.steps else (*so_far.steps, step)
    return {
        "benefit": so_far.benefit.name,
        "benefit_name": words.benefit_name(so_far.benefit.name),
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
    benefit, today = so_far.benefit, tools().clock.today()
    try:
        found = benefit.assess(so_far.answers, so_far.on, tools().law_book)
    except NotKnown:
        return show("benefits/not_known.html", benefit=benefit.name, benefit_name=words.benefit_name(benefit.name), on=so_far.on)
    law = tools().law_book.on(so_far.on)
    printed = "print" in request.args
    return show(
        "benefits/print.html" if printed else "benefits/result.html",
        found=found,
        benefit=benefit.name,
        benefit_name=words.benefit_name(benefit.name),
        headline=words.headline(found),
        conditions=[words.condition(reason) for reason in found.reasons],
        met=sum(reason.met is True for reason in found.reasons),
        amounts=[_amount(amount) for amount in found.amounts],
        to_do=[words.to_do_words(task, today) for task in found.to_do],
        notes=[words.note_words(note) for note in found.notes],
        unsure=_unsure(so_far),
        said=_said(so_far),
        side_by_side=_side_by_side(so_far, found),
        outlook=_outlook(so_far),
        forms=benefit.forms(law),
        papers=[words.paper_name(paper) for paper in benefit.papers(law, so_far.answers)],
        rules=[_rule(value) for value in _once(found.law)],
        differing=[words.differing_words(one) for one in law.differing(benefit.name)],
        is_stale=any(value.is_stale(today) for value in found.law),
        checked=min(value.checked for value in found.law),
        on=so_far.on,
        as_of=_as_of(so_far),
        back=so_far.back_from(""),
        print_href=so_far.address(print="1"),
        result_href=so_far.address(),
    )


def _amount(amount: Amount) -> dict[str, Any]:
    return {
        "code": amount.code,
        "name": words.amount_name(amount.code),
        "said": words.amount_said(amount),
        "rows": words.working_lines(amount),
    }


def _once(values: tuple[Value, ...]) -> list[Value]:
    """In the order they were looked up, each once."""
    return list({(value.key, value.since): value for value in values}.values())


def _rule(value: Value) -> dict[str, Any]:
    return {
        "key": value.key,
        "value": words.with_unit(value.value, value.unit),
        "since": words.since_words(value),
        "law": words.law_words(value),
        "source": words.source_words(value),
        "sure": words.sure_words(value),
    }


def _unsure(so_far: SoFar) -> list[dict[str, str]]:
    """What each "not sure" leaves open; the heirs' question is no gap in one's own answer."""
    open_questions = [one for one in so_far.asked if so_far.given.get(one.name) == NOT_SURE and one.name != "months_pension_drawn"]
    return [
        {
            "title": words.question_words(so_far.benefit.name, question.name).plain,
            "open": words.leaves_open(question.serves),
            "href": so_far.address(change=question.name),
        }
        for question in open_questions
    ]


def _said(so_far: SoFar) -> list[dict[str, Any]]:
    """Each answer with the way to change it, the day first."""
    rows: list[dict[str, Any]] = []
    if so_far.benefit.name in DAY_IS_ASKED:
        title = words.asked_day(so_far.benefit.name).plain
        day = _("Not sure, today is taken") if so_far.given.get(DAY) == NOT_SURE else short_date(so_far.on)
        rows.append({"label": title, "value": day, "href": so_far.address(change=DAY)})
    return rows + [_said_row(so_far, question) for question in so_far.asked]


def _said_row(so_far: SoFar, question: Question) -> dict[str, Any]:
    name = question.name
    row: dict[str, Any] = {
        "label": words.question_words(so_far.benefit.name, name).plain,
        "href": so_far.address(change=name),
        "recorded": so_far.is_recorded(name),
        "use_record": so_far.address(without=name) if name in so_far.given and so_far.record and so_far.record.holds(name) else None,
    }
    if row["recorded"] and name in FROM_WAGES:
        return row | {"value": _("The wages in the record, month by month")}
    answer = so_far.answers.given.get(name)
    skipped = words.question_words(so_far.benefit.name, name).skip if answer is None else ""
    return row | {"value": skipped or words.answer_words(question, answer)}


def _as_of(so_far: SoFar) -> Any:
    person = guards.person()
    return tools().store.record_as_of(person.id) if person and so_far.record else None


def _side_by_side(so_far: SoFar, found: Assessment) -> list[dict[str, str]]:
    """What the same months and wage come to under the other cause."""
    if (
        so_far.benefit.name != "unemployment"
        or found.outcome is Outcome.NOT_ENTITLED
        or so_far.answers.choice("cause") not in ENDS_COMPARED
    ):
        return []
    rows = []
    for cause in ENDS_COMPARED:
        other = so_far.benefit.assess(Answers({**so_far.answers.given, "cause": cause}), so_far.on, tools().law_book)
        said = [words.amount_said(amount) for amount in other.amounts]
        if len(said) == len(so_far.benefit.amounts):
            label, _hint = words.choice_words("cause", cause)
            rows.append({"label": label, "value": _("%(month)s, %(total)s in all", month=said[0], total=said[1])})
    return rows


def _outlook(so_far: SoFar) -> dict[str, Any] | None:
    """The pension at each age to come, as a drawing and a table."""
    if so_far.benefit.name != "old_age":
        return None
    try:
        ahead = outlook(so_far.answers, so_far.on, tools().law_book, LAST_AGE_DRAWN)
    except NotKnown:
        return None
    if ahead is None or len(ahead.rows) < 2:
        return None
    rows = [_stopping(row) for row in ahead.rows]
    return {"rows": rows, "figure": _figure(ahead), "first": rows[0], "last": rows[-1]}


def _stopping(row: Stopping) -> dict[str, str]:
    pension = (
        _("lump sum, %(months)s short of a pension", months=words.months(row.months_short))
        if row.pension is None
        else words.baht(row.pension)
    )
    return {"age": words.years(row.age), "months": words.months(row.months_paid), "pension": pension}


def _figure(ahead: Outlook) -> dict[str, Any] | None:
    """A step line in a drawing of 292 × 176: one step an age, since the rate rises with whole years only."""
    pensions = [row.pension.rounded if row.pension else Decimal(0) for row in ahead.rows]
    highest = max(pensions)
    if not highest:
        return None
    width = FIGURE_WIDTH // len(pensions)
    tops = [FIGURE_FLOOR - int(pension * FIGURE_HEIGHT / highest) for pension in pensions]
    steps = [f"V{top}H{FIGURE_LEFT + width * (place + 1)}" for place, top in enumerate(tops)]
    line = f"M{FIGURE_LEFT} {FIGURE_FLOOR}{''.join(steps)}"
    first = next(place for place, pension in enumerate(pensions) if pension)
    return {
        "line": line,
        "area": f"{line}V{FIGURE_FLOOR}Z",
        "right": FIGURE_LEFT + width * len(pensions),
        "floor": FIGURE_FLOOR,
        "first": {
            "x": FIGURE_LEFT + width * first + 8,
            "y": tops[first] + 24,
            "said": words.baht(ahead.rows[first].pension or Decimal(0)),
        },
        "last": {"y": max(tops[-1] - 8, 16), "said": words.baht(ahead.rows[-1].pension or Decimal(0))},
        "is_one": first == len(pensions) - 1,
        "ages": (ahead.rows[0].age, ahead.rows[-1].age),
    }
