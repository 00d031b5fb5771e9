"""The officers' desk: the queue, one case and its decision, the counter for paper forms, the calendar.

Plain links and forms only: an officer works through hundreds a day, on the keyboard, on whatever machine the office has. Looking never
writes; each write answers with 303 to a page that says what is now so, or with the page that says why not. Shortcut keys were left out:
the first link of the queue is "open the next case", and single keys get in the way of speech input (WCAG 2.1.4).
A citizen number is typed into one field, posted, and never comes back: not into an address, not into a hidden field, not into the page.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.actions import calendar, hospital_change, officers, paper
from webapp.actions.calendar import AlreadySettled, CalendarFault, NeedsASecondOfficer, NoLongerFits
from webapp.actions.hospital_change import LONGEST_NOTE, Draft, dates_now, read_reference
from webapp.actions.officers import CaseView, NobodyDecidesTheirOwnCase, Show, StartsOtherwise, WillHaveLeft
from webapp.actions.paper import Form, NoForm, Seen
from webapp.domain.assessment import Refusal
from webapp.domain.dates import BANGKOK
from webapp.domain.helper_grant import helper_in
from webapp.domain.hospital_change import (
    Cause,
    HospitalChange,
    NeedsAnotherOfficer,
    NoSuchChoice,
    RefusalReason,
    SomeoneElseDecided,
    Status,
    until_and_from,
)
from webapp.domain.hospital_change_dates import window_key
from webapp.ports import CalendarChange
from webapp.web import guards, opening
from webapp.web.contact_words import call_row
from webapp.web.day_field import DayField, day_shown, day_typed, time_typed
from webapp.web.filters import bdi, short_date, thai_year
from webapp.web.fragments import show
from webapp.web.hospital_change_words import Names, cause_word, conditions, refusal_words, status_tag
from webapp.web.hospital_finder import Asked, asked, form_facts, look_for, province_options
from webapp.web.language import gettext as _
from webapp.web.language import ph
from webapp.web.officer_words import (
    CASES,
    calendar_fault,
    change_words,
    checks_of,
    groups_of,
    history_of,
    refusals,
    reopened_in,
    row_of,
    what_was_done,
    why_no_form,
)
from webapp.web.tools import tools

pages = Blueprint("officer", __name__, url_prefix="/officer")

DESK = "/officer"
OLDEST_PAPER = timedelta(days=366)  # an older day is a slip of the pen
PAPER_STEPS = {name: f"{DESK}/paper/{name}" for name in ("form", "hospitals", "check")}
CALENDAR = f"{DESK}/calendar"
Error = dict[str, Any]


# The queue


@pages.get("")
@guards.officers_only
def queue() -> AnyResponse:
    """What waits, by the day it starts, late ones first."""
    wanted = request.args.get("q", "").strip()[:40]
    if wanted and tools().store.hospital_change(read_reference(wanted)):
        return redirect(f"{CASES}/{read_reference(wanted)}", 303)
    shows = request.args.get("show", "")
    found = officers.queue(tools(), guards.officer_who_decides(), Show(shows) if shows in set(Show) else Show.WAITING, _page_asked_for())
    names = Names()
    return show(
        "officer/queue.html",
        queue=found,
        groups=groups_of(found.groups, names),
        done=[row_of(row, names) for row in found.done],
        now=dates_now(tools()),
        wanted=wanted,
        errors=[{"field": "q", "text": _("There is no request with this reference")}] if wanted else None,
    )


def _page_asked_for() -> int:
    typed = request.args.get("page", "1")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 1


@pages.get("/next")
@guards.officers_only
def open_next() -> AnyResponse:
    """The first case that nobody has taken; the queue where there is none."""
    reference = officers.next_case(tools(), guards.officer_who_decides())
    return redirect(f"{CASES}/{reference}" if reference else DESK, 303)


# One case


@pages.get("/hospital-change/<reference>")
@guards.officers_only
def case(reference: str) -> AnyResponse:
    """What the person saw and sent, the record beside it, and the decision."""
    view = _look_at(reference)
    if isinstance(view, CaseView) and view.case.reference != reference:
        return redirect(f"{CASES}/{view.case.reference}", 303)
    return _case_page(view) if isinstance(view, CaseView) else view


@pages.route("/hospital-change/<reference>/<what>", methods=["GET", "POST"])
@guards.officers_only
def act(reference: str, what: str) -> AnyResponse:
    """Everything an officer does to a case. A GET here is somebody's way back after signing in or changing language."""
    acts = {
        "open": _open, "take": _take, "approve": _approve, "refuse": _refuse,
        "confirm-time": _confirm_time, "set-time-aside": _set_time_aside,
    }  # fmt: skip
    if what not in acts:
        abort(404)
    if request.method == "GET":
        return redirect(f"{CASES}/{reference}", 303)
    try:
        done = acts[what](reference)
    except NobodyDecidesTheirOwnCase:
        return _own_case(reference)
    except SomeoneElseDecided as meanwhile:
        return _someone_else_decided(meanwhile.case)
    except NeedsAnotherOfficer as needs:
        return show("officer/needs_another.html", status=403, case=needs.case)
    if done is None:
        abort(404)
    return done if isinstance(done, Response) else redirect(f"{CASES}/{done.reference}", 303)


Done = HospitalChange | Response | None


def _open(reference: str) -> Done:
    """Why this officer opens it; from then on today it opens without a question."""
    me = guards.officer_who_decides()
    one = officers.case_named(tools(), me, reference)
    return one if one is None else opening.take_reason(me, one.person_id, one.reference, f"{CASES}/{one.reference}", DESK) or one


def _take(reference: str) -> Done:
    return officers.take(tools(), guards.officer_who_decides(), reference)


def _approve(reference: str) -> Done:
    rank, shown_day = request.form.get("rank", ""), _iso_day(request.form.get("starts", ""))
    if not rank or shown_day is None:
        return _case_again(reference, [{"field": "rank", "text": _("Choose the hospital that you approve")}])
    try:
        done = officers.approve(tools(), guards.officer_who_decides(), reference, _whole(rank), shown_day)
    except NoSuchChoice:
        return _case_again(reference, [{"field": "rank", "text": _("Choose one of the hospitals asked for")}])
    if isinstance(done, StartsOtherwise):
        text = ph("An approval now starts on %(day)s. Nothing is decided yet: look, then approve again.", day=short_date(done.starts))
        return _case_again(reference, [{"field": "rank", "text": text}], rank)
    if isinstance(done, WillHaveLeft):
        text = ph("Number %(rank)s has left the scheme by %(day)s. Choose another, or refuse.", rank=done.rank, day=short_date(done.starts))
        return _case_again(reference, [{"field": "rank", "text": text}], rank)
    return done


def _refuse(reference: str) -> Done:
    reason = request.form.get("reason", "")
    if reason not in set(RefusalReason):
        return _case_again(reference, [{"field": "reason", "text": _("Choose why it is not approved")}])
    return officers.refuse(tools(), guards.officer_who_decides(), reference, RefusalReason(reason))


def _confirm_time(reference: str) -> Done:
    return officers.confirm_paper_time(tools(), guards.officer_who_decides(), reference)


def _set_time_aside(reference: str) -> Done:
    return officers.set_paper_time_aside(tools(), guards.officer_who_decides(), reference)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _iso_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _look_at(reference: str) -> CaseView | Response:
    try:
        view = officers.look_at(tools(), guards.officer_who_decides(), reference)
    except NobodyDecidesTheirOwnCase:
        return _own_case(reference)
    if view is None:
        abort(404)
    return view


def _case_again(reference: str, errors: list[Error], rank: str = "") -> Response:
    """Nothing was decided: the page again, with what was chosen. Where somebody else was first, that is the thing to say."""
    view = _look_at(reference)
    if not isinstance(view, CaseView):
        return view
    if not view.case.is_undecided:
        return _someone_else_decided(view.case)
    return _case_page(view, errors, rank)


def _case_page(view: CaseView, errors: list[Error] | None = None, rank: str = "") -> Response:
    names, one, now = Names(), view.case, tools().clock.now()
    me = guards.officer_who_decides()
    if asked_why := opening.ask_unless_said(me, one.person_id, one.reference, f"{CASES}/{one.reference}", DESK):
        return asked_why
    return show(
        "officer/case.html",
        status=422 if errors else 200,
        errors=errors,
        error_of={error["field"]: error["text"] for error in errors or ()},
        view=view,
        case=one,
        me=me,
        now=now,
        names=names,
        tag=status_tag(one.status),
        cause=cause_word(one.cause),
        choices=[
            {"rank": choice.rank, "name": names.hospital(choice.hospital_id), "serves": choice.serves,
             "place": names.place_of(choice.hospital_id)}
            for choice in view.choices
        ],
        rank=rank,
        halves=until_and_from(one.hospital_from, one.hospital_to, one.effective_on, hospital_change.StoredRegister(tools().store)),
        checks=checks_of(view.reasons, names),
        months=next((reason.facts for reason in view.reasons if reason.code == "months_paid"), None),
        record_as_of=tools().store.record_as_of(one.person_id),
        history=history_of(view, names),
        refusals=refusals(),
        why_not=refusal_words(one.refusal_reason) if one.refusal_reason else None,
        call=call_row(one.person_id, view.name_may_be_shown, one.is_undecided),
        reopened=reopened_in(view.steps) and one.is_undecided,
        may_decide=one.status in (Status.RECEIVED, Status.UNDER_REVIEW),
        second_may_decide=one.status is Status.SUBMITTED and one.entered_by != me.id,
    )  # fmt: skip


def _own_case(reference: str) -> Response:
    return show("officer/own_case.html", status=403, reference=read_reference(reference))


def _someone_else_decided(one: HospitalChange) -> Response:
    """Who was first, when and with what; what this officer had chosen is shown, so that nothing is lost."""
    names, met = Names(), officers.who_decided(tools(), one)
    return show(
        "officer/someone_else.html",
        status=409,
        case=one,
        tag=status_tag(one.status),
        who=met.officer,
        is_person=met.step is not None and (met.step.by == one.person_id or helper_in(met.step.by) is not None),
        at=met.step.at if met.step else None,
        what=what_was_done(met.step, one, names),
        yours=_what_was_chosen(one, names),
    )


def _what_was_chosen(one: HospitalChange, names: Names) -> str:
    rank, reason = _whole(request.form.get("rank", "")), request.form.get("reason", "")
    if 1 <= rank <= len(one.choices):
        return ph("approve number %(rank)s, %(hospital)s", rank=rank, hospital=bdi(names.hospital(one.choices[rank - 1])))
    if reason in set(RefusalReason):
        return _("not approve: %(why)s", why=refusal_words(RefusalReason(reason)).why)
    return ""


# The counter


@pages.route("/paper", methods=["GET", "POST"])
@guards.officers_only
def paper_number() -> AnyResponse:
    """Whose form it is. The number goes in here and comes out nowhere."""
    me = guards.officer_who_decides()
    if request.method == "GET":
        return show("officer/paper_number.html", begun=paper.form_of(tools(), me))
    begun = paper.begin(tools(), me, request.form.get("number", "")[:40])
    if isinstance(begun, NoForm):
        errors = [{"field": "number", "text": why_no_form(begun.why)}] if begun.why else None
        return show("officer/paper_number.html", status=422, errors=errors, open_case=begun.open_case, begun=paper.form_of(tools(), me))
    return redirect(PAPER_STEPS["form"], 303)


@pages.post("/paper/drop")
@guards.officers_only
def drop_paper() -> AnyResponse:
    paper.drop(tools(), guards.officer_who_decides())
    return redirect(f"{DESK}/paper", 303)


@pages.route("/paper/form", methods=["GET", "POST"])
@guards.officers_only
def paper_form() -> AnyResponse:
    """When it was handed in, why, and the declaration."""
    form = _form()
    if form is None:
        return redirect(f"{DESK}/paper", 303)
    if request.method == "POST":
        return _take_form(form)
    at, answers = form.handed_in_at or tools().clock.now(), form.answers
    typed = {
        "cause": str(answers.cause or ""),
        "time": f"{at.astimezone(BANGKOK):%H:%M}",
        "moved_to": answers.moved_to or "",
        "note": answers.note,
        "declared": "1" if answers.not_an_in_patient else "",
    }
    return _form_page(form, typed, day_shown("handed_in", at.astimezone(BANGKOK).date()), day_shown("moved_on", answers.moved_on))


def _take_form(form: Form) -> AnyResponse:
    names = ("cause", "time", "moved_to", "note", "declared")
    typed = {name: " ".join(request.form.get(name, "").split())[: 2 * LONGEST_NOTE] for name in names}
    handed_in, errors = _handed_in(typed["time"])
    cause = Cause(typed["cause"]) if typed["cause"] in set(Cause) else None
    if cause is None:
        errors.append({"field": "cause", "text": _("Choose the reason ticked on the form")})
    wish = Draft(cause=cause, not_an_in_patient=bool(typed["declared"]), choices=form.answers.choices)
    moved_on = day_typed("moved_on", request.form) if wish.is_move else day_shown("moved_on", None)
    if wish.is_move:
        moved_on, more = _moved(moved_on, typed["moved_to"], handed_in)
        errors += more
    if cause is Cause.OTHER:
        errors += _about_note(typed["note"])
    if not typed["declared"]:
        text = _("The declaration must be ticked and signed on the form. Without it, hand the form back")
        errors.append({"field": "declared", "text": text})
    if errors or isinstance(handed_in, DayField):
        day = handed_in if isinstance(handed_in, DayField) else day_typed("handed_in", request.form)
        return _form_page(form, typed, day, moved_on, errors)
    wish = replace(wish, moved_on=moved_on.day, moved_to=typed["moved_to"] or None, note=typed["note"] if cause is Cause.OTHER else "")
    kept = replace(form, handed_in_at=handed_in, answers=wish if wish.is_move else replace(wish, moved_to=None))
    paper.keep(tools(), guards.officer_who_decides(), kept)
    return redirect(PAPER_STEPS[kept.first_unfinished], 303)


def _handed_in(typed_time: str) -> tuple[datetime | DayField, list[Error]]:
    """The moment the form was handed in, or the day field with what is wrong; never later than now."""
    day, clock, errors = day_typed("handed_in", request.form), time_typed(typed_time), []
    if clock is None:
        errors.append({"field": "time", "text": _("Type the time as 09:15")})
    if day.day is None:
        return day, day.errors + errors
    if clock is None:
        return day, errors
    if day.day < tools().clock.today() - OLDEST_PAPER:
        too_old = day.but(_("This is more than a year ago. Check the year"))
        return too_old, too_old.errors
    at = datetime.combine(day.day, clock, BANGKOK)
    if at > tools().clock.now():
        if day.day > tools().clock.today():
            day = day.but(_("This day has not come yet"))
            return day, day.errors
        return day, [{"field": "time", "text": _("This time has not come yet")}]
    return at, []


def _moved(moved_on: DayField, province: str, handed_in: datetime | DayField) -> tuple[DayField, list[Error]]:
    errors: list[Error] = []
    if moved_on.day is not None and isinstance(handed_in, datetime) and moved_on.day > handed_in.date():
        moved_on = moved_on.but(_("The move lies after the day the form was handed in"))
    errors += moved_on.errors
    if tools().store.province(province) is None:
        errors.append({"field": "moved_to", "text": _("Choose the province written on the form")})
    return moved_on, errors


def _about_note(note: str) -> list[Error]:
    if not note:
        return [{"field": "note", "text": _("Write the reason given on the form")}]
    if len(note) > LONGEST_NOTE:
        text = _("Write at most %(most)s characters; now there are %(count)s", most=LONGEST_NOTE, count=len(note))
        return [{"field": "note", "text": text}]
    return []


def _form_page(form: Form, typed: dict[str, str], handed_in: DayField, moved_on: DayField, errors: list[Error] | None = None) -> Response:
    names = Names()
    return show(
        "officer/paper_form.html",
        status=422 if errors else 200,
        errors=errors,
        error_of={error["field"]: error["text"] for error in errors or ()},
        form=form,
        typed=typed,
        handed_in=handed_in,
        moved_on=moved_on,
        causes=[{"value": str(one), "label": cause_word(one)} for one in Cause],
        provinces=province_options(names, _("Choose a province")),
        hospital=names.hospital(form.person.hospital_id) if form.person.hospital_id else None,
        checks=checks_of(paper.about_the_person(tools(), form), names),
        most=LONGEST_NOTE,
        closes_at=dates_now(tools()).cut_off.closes_at,
    )


@pages.route("/paper/hospitals", methods=["GET", "POST"])
@guards.officers_only
def paper_hospitals() -> AnyResponse:
    """The choices on the form, in their order."""
    form = _form()
    if form is None:
        return redirect(f"{DESK}/paper", 303)
    if form.first_unfinished == "form":
        return redirect(PAPER_STEPS["form"], 303)
    own = form.answers.moved_to or form.person.home_province or form.person.work_province
    if request.method == "GET":
        return _hospitals_page(form, asked(request.args, own))
    wanted = asked(request.form, own)
    answers, error = _chosen(form.answers)
    if error:
        return _hospitals_page(form, wanted, error)
    if answers == form.answers:
        return redirect(PAPER_STEPS["check"], 303)
    paper.keep(tools(), guards.officer_who_decides(), replace(form, answers=answers))
    return redirect(f"{PAPER_STEPS['hospitals']}?{wanted.query}", 303)


def _chosen(answers: Draft) -> tuple[Draft, str]:
    """The answers after one button, or why it did nothing. No button but "continue": they stay as they are."""
    form, most = request.form, hospital_change.most_choices(tools())
    if "drop" in form:
        return answers.without_choice(form["drop"]), ""
    if "up" in form or "down" in form:
        return (answers.moved(form["up"], -1) if "up" in form else answers.moved(form["down"], 1)), ""
    if "choose" not in form:
        return answers, "" if answers.choices else _("Choose at least one hospital")
    if tools().store.hospital(form["choose"]) is None:
        return answers, _("This hospital is not on the list. Search again")
    if form["choose"] not in answers.choices and len(answers.choices) >= most:
        return answers, _("You have already chosen %(most)s. Take one out first", most=most)
    return answers.with_choice(form["choose"]), ""


def _hospitals_page(form: Form, wanted: Asked, error: str = "") -> Response:
    names, most = Names(), hospital_change.most_choices(tools())
    choices = form.answers.choices
    found = tools().store.hospitals(choices)
    starts = dates_now(tools(), form.handed_in_at).cut_off.effective_on
    return show(
        "officer/paper_hospitals.html",
        "officer/_paper_found.html",
        status=422 if error else 200,
        errors=[{"field": "q", "text": error}] if error else None,
        form=form,
        results=look_for(wanted, names, on=starts),
        ranks={choice: rank for rank, choice in enumerate(choices, start=1)},
        next_rank=len(choices) + 1 if len(choices) < most else None,
        chosen=[{"id": one, "name": names.hospital(one), "place": names.place(found[one]) if one in found else ""} for one in choices],
        most=most,
        **form_facts(wanted, names),
    )


@pages.route("/paper/check", methods=["GET", "POST"])
@guards.officers_only
def paper_check() -> AnyResponse:
    """Everything once more, then enter it."""
    if request.method == "POST":
        return _enter()
    form = _form()
    if form is None:
        return redirect(f"{DESK}/paper", 303)
    if form.first_unfinished != "check":
        return redirect(PAPER_STEPS[form.first_unfinished], 303)
    return _check_page(form, paper.look_over(tools(), form))


def _enter() -> AnyResponse:
    me = guards.officer_who_decides()
    done = paper.submit(tools(), me, request.form.get("reference", "")[:40], request.form.get("mark", ""))
    if isinstance(done, HospitalChange):
        return redirect(f"{CASES}/{done.reference}", 303)
    form = _form()
    if done is None or form is None:
        return redirect(f"{DESK}/paper", 303)
    errors = None
    if isinstance(done, Seen):
        errors = [{"field": "dates", "text": _("Something changed while you were reading. Nothing is entered yet: look again.")}]
    return _check_page(form, done, errors, status=422)


def _check_page(form: Form, seen: Seen | Refusal, errors: list[Error] | None = None, status: int = 200) -> Response:
    names = Names()
    answer = seen.answer if isinstance(seen, Seen) else None
    reasons = seen.reasons if isinstance(seen, Refusal) else seen.answer.reasons
    return show(
        "officer/paper_check.html",
        status=status,
        errors=errors,
        form=form,
        seen=seen if isinstance(seen, Seen) else None,
        answer=answer,
        halves=answer.until_and_from if answer else None,
        names=names,
        choices=[names.hospital(choice) for choice in form.answers.choices],
        cause=cause_word(form.answers.wish.cause),
        unmet=[one for one in conditions(reasons, names) if one.verdict == "not_met"],
        checks=checks_of(reasons, names),
        now=tools().clock.now(),
    )


def _form() -> Form | None:
    return paper.form_of(tools(), guards.officer_who_decides())


# The calendar


@pages.get("/calendar")
@guards.officers_only
def dates() -> AnyResponse:
    """The dates that hold, what is proposed, and who moved what."""
    return _calendar_page()


def _calendar_page(status: int = 200, said: str = "") -> Response:
    found, now = calendar.calendar_now(tools()), tools().clock.now()
    return show(
        "officer/calendar.html",
        status=status,
        found=found,
        said=said,
        me=guards.officer_who_decides(),
        now=now,
        this_window=window_key(now, calendar.rules_now(tools())),
        words={change.id: _change_words(change) for change in (*(one.change for one in found.proposals), *found.settled)},
    )


def _change_words(change: CalendarChange) -> Any:
    return change_words(change, {name: _iso_day(str(fact)) for name, fact in change.facts.items() if name != "year"})


@pages.route("/calendar/window/<int:year>", methods=["GET", "POST"])
@guards.officers_only
def move_window(year: int) -> AnyResponse:
    """Propose another yearly window for one year."""
    today = tools().clock.today()
    if not today.year <= year <= today.year + calendar.YEARS_AHEAD:
        abort(404)
    window = calendar.window_of(year, calendar.rules_now(tools()))
    if request.method == "GET":
        return _window_page(year, day_shown("opens_on", window.opens_on), day_shown("closes_on", window.closes_on))
    opens_on, closes_on, note = day_typed("opens_on", request.form), day_typed("closes_on", request.form), _note()
    if closes_on.day is not None and closes_on.day.year != year:
        closes_on = closes_on.but(_("This window closes in %(year)s", year=thai_year(year)))
    if opens_on.day is None or closes_on.day is None:
        return _window_page(year, opens_on, closes_on, note, opens_on.errors + closes_on.errors)
    done = calendar.propose_window(tools(), guards.officer_who_decides(), opens_on.day, closes_on.day, note)
    if isinstance(done, CalendarChange):
        return redirect(CALENDAR, 303)
    opens_on, closes_on = _with_fault(opens_on, done), _with_fault(closes_on, done)
    return _window_page(year, opens_on, closes_on, note, opens_on.errors + closes_on.errors + _note_errors(done))


def _window_page(year: int, opens_on: DayField, closes_on: DayField, note: str = "", errors: list[Error] | None = None) -> Response:
    return show(
        "officer/calendar_window.html",
        status=422 if errors else 200,
        errors=errors,
        window=calendar.window_of(year, calendar.rules_now(tools())),
        opens_on=opens_on,
        closes_on=closes_on,
        note=note,
        note_error=_error_of("note", errors),
    )


@pages.route("/calendar/day", methods=["GET", "POST"])
@guards.officers_only
def move_day() -> AnyResponse:
    """Propose that a day becomes a day off, or a working day."""
    if request.method == "GET":
        return _day_page(day_shown("day", _iso_day(request.args.get("day", ""))), request.args.get("kind", ""))
    day, kind, note = day_typed("day", request.form), request.form.get("kind", ""), _note()
    errors: list[Error] = list(day.errors)
    if kind not in calendar.DAY_KINDS:
        errors.append({"field": "kind", "text": _("Choose what the day becomes")})
    if errors or day.day is None:
        return _day_page(day, kind, note, errors)
    done = calendar.propose_day(tools(), guards.officer_who_decides(), kind, day.day, note)
    if isinstance(done, CalendarChange):
        return redirect(CALENDAR, 303)
    day = _with_fault(day, done)
    return _day_page(day, kind, note, day.errors + _note_errors(done))


def _day_page(day: DayField, kind: str, note: str = "", errors: list[Error] | None = None) -> Response:
    return show(
        "officer/calendar_day.html",
        status=422 if errors else 200,
        errors=errors,
        day=day,
        kind=kind,
        note=note,
        kind_error=_error_of("kind", errors),
        note_error=_error_of("note", errors),
    )


def _note() -> str:
    return " ".join(request.form.get("note", "").split())[: 2 * calendar.LONGEST_NOTE]


def _with_fault(field: DayField, faults: tuple[CalendarFault, ...]) -> DayField:
    mine = next((fault for fault in faults if fault.field == field.name), None)
    return field.but(calendar_fault(mine)) if mine else field


def _note_errors(faults: tuple[CalendarFault, ...]) -> list[Error]:
    return [{"field": "note", "text": calendar_fault(fault)} for fault in faults if fault.field == "note"]


def _error_of(name: str, errors: list[Error] | None) -> str | None:
    return next((error["text"] for error in errors or () if error["field"] == name), None)


@pages.route("/calendar/<change_id>/<answer>", methods=["GET", "POST"])
@guards.officers_only
def settle(change_id: str, answer: str) -> AnyResponse:
    """A second officer approves a proposal, or anybody sets it aside."""
    if answer not in ("approve", "refuse"):
        abort(404)
    if request.method == "GET":
        return redirect(CALENDAR, 303)
    try:
        done = calendar.settle_calendar_change(tools(), guards.officer_who_decides(), change_id, approve=answer == "approve")
    except NeedsASecondOfficer:
        return _calendar_page(403, _("You proposed this yourself: another officer approves it."))
    except AlreadySettled as settled:
        return _calendar_page(409, _someone_settled(settled.change))
    except NoLongerFits as gone:
        return _calendar_page(409, calendar_fault(gone.faults[0]))
    if done is None:
        abort(404)
    return redirect(CALENDAR, 303)


def _someone_settled(change: CalendarChange) -> str:
    who = tools().store.officer(change.decided_by) if change.decided_by else None
    name = bdi(who.name if who else "")
    if change.status == "approved":
        return ph("Officer %(name)s has already approved this proposal.", name=name)
    return ph("Officer %(name)s has already set this proposal aside.", name=name)
