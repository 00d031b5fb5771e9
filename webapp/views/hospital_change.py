"""A hospital change in the browser: what it is, four steps, sending, following it to its day, the papers.

Each step is a page of its own with its own address; answers are kept on the server after each (actions/hospital_change.py). Whoever is
not signed in may go as far as the order of the hospitals; checking and sending need the person. The receipt and the tracker are one
page: it stays a receipt until somebody at the office does something, so that nothing depends on "the first time".
The tracker does not poll: a poll would keep a session open that nobody sits before. A link asks again, with htmx for its part only.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.actions import hospital_change as action
from webapp.actions.hospital_change import DRAFT_DAYS, LONGEST_NOTE, Draft, NextThing, NotAsShown, Shown
from webapp.actions.reminders import mark_read_about
from webapp.domain import hospital_change as rule
from webapp.domain.assessment import Reason, Refusal
from webapp.domain.assurance import Act
from webapp.domain.dates import first_of_month, last_of_month
from webapp.domain.hospital_change import Allowed, Cause, HospitalChange, SomeoneElseDecided, Status, UntilAndFrom
from webapp.domain.hospital_change_dates import WindowNow
from webapp.domain.person import Person
from webapp.web import guards, icalendar, installing, reminding
from webapp.web.admission import time_of_arrival
from webapp.web.day_field import DayField, day_shown, day_typed
from webapp.web.filters import say_date, say_time, short_date
from webapp.web.fragments import show
from webapp.web.hospital_change_words import (
    Names,
    WhyNot,
    ask_the_office,
    cause_hint,
    cause_word,
    conditions,
    receipt_to_keep,
    refusal_words,
    source_words,
    status_tag,
    timeline_lines,
)
from webapp.web.hospital_finder import Asked, asked, card, form_facts, look_for, province_options
from webapp.web.language import gettext as _
from webapp.web.language import language, ph
from webapp.web.law_words import differing_words
from webapp.web.limits import allow
from webapp.web.security import mark_personal
from webapp.web.tools import tools

pages = Blueprint("hospital_change", __name__, url_prefix="/hospital-change")

HOME = "/hospital-change"
STEPS = {name: f"{HOME}/new/{name}" for name in ("move", "note", "hospitals", "order", "check")} | {"cause": f"{HOME}/new"}
KEY = re.compile(r"[\w-]{16,64}")
HAS_ITS_DAY = frozenset({Status.APPROVED, Status.IN_EFFECT})
Error = dict[str, Any]


# What it is


@pages.get("")
@guards.shows(Act.READ_REQUESTS)
def overview() -> AnyResponse:
    """What a hospital change is and today's dates; for a person first what is under way."""
    person, now, names = guards.person(), action.dates_now(tools()), Names()
    mine = action.summary(tools(), person) if person else None
    draft = mine.draft if mine else _kept_draft()
    return show(
        "hospital_change/overview.html",
        now=now,
        year=_year_strip(now.window, now.at.date()),
        mine=mine,
        next_thing=mine.next_thing if mine else NextThing.CARRY_ON if draft else NextThing.NOTHING,
        draft=draft,
        carry_on=STEPS[draft.first_unfinished] if draft else None,
        conditions=conditions(action.conditions_of(tools(), person), names) if person else None,
        needed=_needed(),
        own_hospital=names.hospital(person.hospital_id) if person and person.hospital_id else None,
        leaving_until_then=names.hospital(mine.leaving.until_then) if mine and mine.leaving and mine.leaving.until_then else None,
        past=[_row(case, names) for case in mine.cases if case is not mine.open_case] if mine else [],
        open_row=_row(mine.open_case, names) if mine and mine.open_case else None,
        ask_the_office=ask_the_office(mine.open_case) if mine and mine.open_case else None,
        keep_days=DRAFT_DAYS,
    )


def _needed() -> dict[str, Any]:
    """The numbers of the law that say who may, with their source."""
    today = tools().clock.today()
    law = tools().law_book.on(today)
    keys = ("months_paid", "months_paid_within", "days_after_a_move", "choices")
    numbers: dict[str, Any] = {key: law.read(f"hospital_change.{key}", int) for key in keys}
    sections = " / ".join(law.read("hospital_change.sections", tuple))
    differing = [differing_words(one) for one in law.differing("hospital_change")]
    return numbers | {"sections": sections, "source": source_words(law.value("hospital_change.months_paid")), "differing": differing}


def _row(case: HospitalChange, names: Names) -> dict[str, Any]:
    return {"case": case, "tag": status_tag(case.status), "hospital": names.hospital(case.hospital_to)}


@dataclass(frozen=True)
class YearStrip:
    """The annual window on a line of twelve months, in units of a drawing 288 wide; `today` is where the marker stands."""

    start: int
    width: int
    today: int


def _year_strip(window: WindowNow, today: date) -> YearStrip:
    first = first_of_month(min(today, window.opens_on))

    def place(day: date) -> int:
        months = (day.year - first.year) * 12 + day.month - first.month
        return round(24 * (months + (day.day - 1) / last_of_month(day).day))

    start = place(window.opens_on)
    return YearStrip(start, min(place(window.closes_on + timedelta(days=1)), 288) - start, place(today))


# The steps


@pages.route("/new", methods=["GET", "POST"])
@guards.needs(Act.FILL_IN)
def cause() -> AnyResponse:
    """Step 1: why, and not staying in a hospital."""
    if request.method == "POST":
        return _take_cause()
    person = guards.person()
    blocked = [reason for reason in action.conditions_of(tools(), person) if reason.met is False] if person else []
    if person and blocked:
        return _not_yet(action.conditions_of(tools(), person), back=HOME)
    draft = _draft()
    stays = "no" if draft.not_an_in_patient else ""
    return _cause_page(str(draft.cause or ""), stays)


def _take_cause() -> AnyResponse:
    typed, stays = request.form.get("cause", ""), request.form.get("in_patient", "")
    errors = []
    if typed not in action.causes_for(tools(), guards.person()):
        errors.append({"field": "cause", "text": _("Choose why you are changing hospital")})
    if stays not in ("yes", "no"):
        errors.append({"field": "in_patient", "text": _("Say whether you are staying in a hospital now")})
    if errors:
        return _cause_page(typed, stays, errors)
    draft = replace(_draft(), cause=Cause(typed), not_an_in_patient=stays == "no")
    return _kept_and_on(draft)


def _kept_and_on(draft: Draft, to: str | None = None) -> AnyResponse:
    """Keep the answers, then on; or what stands in the way already, with the way on."""
    _keep(draft)
    reasons = action.reasons_so_far(tools(), guards.person(), draft)
    if any(reason.met is False for reason in reasons):
        return _not_yet(reasons, back=STEPS["cause"], status=422)
    return redirect(to or STEPS[draft.first_unfinished], 303)


def _cause_page(typed: str, stays: str, errors: list[Error] | None = None) -> Response:
    causes = action.causes_for(tools(), guards.person())
    now = action.dates_now(tools())
    return show(
        "hospital_change/cause.html",
        status=422 if errors else 200,
        causes=[{"value": str(one), "label": cause_word(one), "hint": cause_hint(one)} for one in causes],
        typed=typed,
        stays=stays,
        now=now,
        errors=errors,
    )


@pages.route("/new/move", methods=["GET", "POST"])
@guards.needs(Act.FILL_IN)
def move() -> AnyResponse:
    """Step 1, for those who moved: the day and the province."""
    draft = _draft()
    if not draft.is_move:
        return redirect(STEPS["cause"], 303)
    if request.method == "POST":
        return _take_move(draft)
    return _move_page(draft, day_shown("moved_on", draft.moved_on), draft.moved_to or "")


def _take_move(draft: Draft) -> AnyResponse:
    moved_on, province = day_typed("moved_on", request.form), request.form.get("moved_to", "")
    if moved_on.day and moved_on.day > tools().clock.today():
        moved_on = moved_on.but(_("This day has not come yet. Send the request when you have moved."))
    wrong_province = tools().store.province(province) is None
    if moved_on.day is None or wrong_province:
        return _move_page(draft, moved_on, province, wrong_province)
    return _kept_and_on(replace(draft, moved_on=moved_on.day, moved_to=province))


def _move_page(draft: Draft, moved_on: DayField, province: str, wrong_province: bool = False) -> Response:
    errors = moved_on.errors
    province_error = _("Choose the province you moved to") if wrong_province else None
    if province_error:
        errors.append({"field": "moved_to", "text": province_error})
    at_home = draft.cause is Cause.MOVED_HOME
    return show(
        "hospital_change/move.html",
        status=422 if errors else 200,
        errors=errors,
        moved_on=moved_on,
        province=province,
        province_error=province_error,
        provinces=province_options(Names(), _("Choose a province")),
        at_home=at_home,
        days=_needed()["days_after_a_move"],
    )


@pages.route("/new/note", methods=["GET", "POST"])
@guards.needs(Act.FILL_IN)
def note() -> AnyResponse:
    """Step 1, for another reason: in the person's own words."""
    draft = _draft()
    if draft.cause is not Cause.OTHER:
        return redirect(STEPS["cause"], 303)
    if request.method == "GET":
        return show("hospital_change/note.html", note=draft.note, most=LONGEST_NOTE)
    typed = " ".join(request.form.get("note", "").split())
    error = ""
    if not typed:
        error = _("Write in a few words why you need another hospital")
    elif len(typed) > LONGEST_NOTE:
        error = _("Write at most %(most)s characters; now there are %(count)s", most=LONGEST_NOTE, count=len(typed))
    if error:
        errors = [{"field": "note", "text": error}]
        return show("hospital_change/note.html", status=422, note=typed, most=LONGEST_NOTE, errors=errors)
    return _kept_and_on(replace(draft, note=typed))


@pages.route("/new/hospitals", methods=["GET", "POST"])
@guards.needs(Act.FILL_IN)
def hospitals() -> AnyResponse:
    """Step 2: search and choose. Whom somebody chooses is posted, never in an address."""
    draft = _draft()
    if draft.first_unfinished in ("cause", "move", "note"):
        return redirect(STEPS[draft.first_unfinished], 303)
    if request.method == "POST":
        return _take_choice(draft)
    return _hospitals_page(draft, asked(request.args, _own_province(draft)))


def _take_choice(draft: Draft) -> AnyResponse:
    form = request.form
    wanted = asked(form, _own_province(draft))
    picked, dropped = form.get("choose"), form.get("drop")
    if dropped is not None:
        _keep(draft.without_choice(dropped))
        return _back_to_results(wanted, dropped)
    if picked is not None:
        error = _why_not_choose(draft, picked)
        if error:
            return _hospitals_page(draft, wanted, error)
        _keep(draft.with_choice(picked))
        return _back_to_results(wanted, picked)
    if not draft.choices:
        return _hospitals_page(draft, wanted, _("Choose at least one hospital"))
    return redirect(STEPS["order"], 303)


def _why_not_choose(draft: Draft, hospital_id: str) -> str:
    most = action.most_choices(tools())
    if tools().store.hospital(hospital_id) is None:
        return _("This hospital is not on the list. Search again")
    if hospital_id not in draft.choices and len(draft.choices) >= most:
        return _("You have already chosen %(most)s. Take one out first", most=most)
    return ""


def _back_to_results(wanted: Asked, hospital_id: str) -> AnyResponse:
    known = tools().store.hospital(hospital_id) is not None
    anchor = f"#h-{hospital_id}" if known else ""
    return redirect(f"{STEPS['hospitals']}?{wanted.query}{anchor}", 303)


def _hospitals_page(draft: Draft, wanted: Asked, error: str = "") -> Response:
    names, now = Names(), action.dates_now(tools())
    results = look_for(wanted, names, on=now.cut_off.effective_on)
    area = action.area_for(guards.person(), draft)
    most = action.most_choices(tools())
    outside = {
        one.hospital.province_code
        for one in results.cards
        if area and not action.lies_in_area(tools(), one.hospital.province_code, area)
    }  # fmt: skip
    ranks = {hospital_id: rank for rank, hospital_id in enumerate(draft.choices, start=1)}
    return show(
        "hospital_change/hospitals.html",
        "hospital_change/_pick.html",
        status=422 if error else 200,
        errors=[{"field": "q", "text": error}] if error else None,
        results=results,
        ranks=ranks,
        chosen=[names.hospital(choice) for choice in draft.choices],
        next_rank=len(ranks) + 1 if len(ranks) < most else None,
        most=most,
        outside=outside,
        own=_own_hospital_id(),
        **form_facts(wanted, names),
    )


def _own_hospital_id() -> str | None:
    person = guards.person()
    return person.hospital_id if person else None


def _own_province(draft: Draft) -> str | None:
    """Where the search begins: the province moved to, else that of home, else that of work."""
    person = guards.person()
    recorded = (person.home_province or person.work_province) if person else None
    return (draft.moved_to if draft.is_move else None) or recorded


@pages.route("/new/order", methods=["GET", "POST"])
@guards.needs(Act.FILL_IN)
def order() -> AnyResponse:
    """Step 3: which first; moved by buttons."""
    draft = _draft()
    if request.method == "POST" and draft.choices:
        _keep(_reordered(draft))
        return redirect(STEPS["order"], 303)
    if draft.first_unfinished != "check":
        return redirect(STEPS[draft.first_unfinished], 303)
    names = Names()
    found = tools().store.hospitals(draft.choices)
    cards = [card(found[choice], names) for choice in draft.choices if choice in found]
    choices = [{"id": one.hospital.id, "name": one.name, "place": one.place} for one in cards]
    return show("hospital_change/order.html", choices=choices, most=action.most_choices(tools()), keep_days=DRAFT_DAYS)


def _reordered(draft: Draft) -> Draft:
    form = request.form
    if "drop" in form:
        return draft.without_choice(form["drop"])
    if "up" in form:
        return draft.moved(form["up"], -1)
    return draft.moved(form.get("down", ""), 1)


@pages.route("/new/check", methods=["GET", "POST"])
@guards.needs(Act.CHANGE_HOSPITAL)
def check() -> AnyResponse:
    """Step 4: the dates first, then send."""
    person, draft = guards.person_who_asks(), _draft()
    if request.method == "POST":
        return _send(person)
    if draft.first_unfinished != "check":
        return redirect(STEPS[draft.first_unfinished], 303)
    answer = action.look_over(tools(), person, draft)
    if isinstance(answer, Refusal):
        return _not_yet(answer.reasons, back=STEPS["order"])
    return _check_page(draft, answer, _new_key())


def _new_key() -> str:
    return secrets.token_urlsafe(18)


def _send(person: Person) -> AnyResponse:
    form = request.form
    key = form.get("key", "") if KEY.fullmatch(form.get("key", "")) else _new_key()
    seen = Shown(form.get("effective_on", ""), form.get("file_by", ""), form.get("may_miss_window", ""), form.get("mark", ""))
    if "declared" not in form:
        return _ask_to_declare(person, key)
    answer = action.submit(tools(), person.id, key, seen, guards.helper_id(), time_of_arrival())
    if isinstance(answer, HospitalChange):
        return redirect(_address(answer), 303)
    if isinstance(answer, Refusal):
        return _not_yet(answer.reasons, back=STEPS["order"], status=422)
    if isinstance(answer, NotAsShown):
        return _check_page(_draft(), answer.allowed, key, _what_moved(answer, seen), declared=True)
    return _nothing_to_send(person)


def _ask_to_declare(person: Person, key: str) -> AnyResponse:
    draft = _draft()
    if draft.first_unfinished != "check":
        return _nothing_to_send(person)
    answer = action.look_over(tools(), person, draft)
    if isinstance(answer, Refusal):
        return _not_yet(answer.reasons, back=STEPS["order"], status=422)
    errors = [{"field": "declared", "text": _("Tick the box if it is true. Without it the request cannot be sent")}]
    return _check_page(draft, answer, key, errors)


def _nothing_to_send(person: Person) -> AnyResponse:
    """No draft: already sent from another page, or never begun."""
    reasons = action.conditions_of(tools(), person)
    if any(reason.met is False for reason in reasons):
        return _not_yet(reasons, back=HOME, status=422)
    return redirect(STEPS[_draft().first_unfinished], 303)


def _what_moved(answer: NotAsShown, seen: Shown) -> list[Error]:
    if not answer.dates_moved:
        text = ph("Your answers changed in another window. Look at them, then send again.")
        return [{"field": "choices", "text": text}]
    new = short_date(answer.allowed.effective_on)
    if seen.effective_on == answer.allowed.effective_on.isoformat():
        return [
            {"field": "dates", "text": ph("The last day to send has changed; the start stays %(new)s. Look, then send again.", new=new)}
        ]
    try:
        old = short_date(date.fromisoformat(seen.effective_on))
    except ValueError:
        return [{"field": "dates", "text": ph("The start day is %(new)s. Look at the dates, then send.", new=new)}]
    return [{"field": "dates", "text": ph("The start day has changed from %(old)s to %(new)s. Nothing is sent yet.", old=old, new=new)}]


def _check_page(draft: Draft, answer: Allowed, key: str, errors: list[Error] | None = None, declared: bool = False) -> Response:
    names = Names()
    now = action.dates_now(tools(), answer.received_at)
    return show(
        "hospital_change/check.html",
        status=422 if errors else 200,
        errors=errors,
        declared_error=next((error["text"] for error in errors or () if error["field"] == "declared"), None),
        declared=declared,
        key=key,
        seen=action.shown(answer, draft),
        answer=answer,
        halves=_halves(answer.until_and_from, names),
        now=now,
        choices=[names.hospital(choice) for choice in draft.choices],
        cause_step=STEPS["note"] if draft.cause is Cause.OTHER else STEPS["move"] if draft.is_move else STEPS["cause"],
        cause_word=cause_word(draft.wish.cause),
        wish=draft.wish,
        moved_to=names.province(draft.wish.moved_to) if draft.wish.moved_to else None,
        if_sent_by=_(
            "If sent by %(day)s before %(time)s and approved in time, from %(start)s.",
            day=say_date(now.send_before.date(), "short"), time=say_time(now.send_before), start=say_date(answer.effective_on, "short"),
        ),
        to_look_at=[one for one in conditions(answer.reasons, names) if one.verdict == "unsure"],
        met=[one for one in conditions(answer.reasons, names) if one.verdict == "met"],
    )


def _halves(halves: UntilAndFrom, names: Names) -> dict[str, Any]:
    """Both halves of the date with names instead of ids."""
    between = halves.between
    return {
        "old": names.hospital(halves.old) if halves.old else None,
        "until": halves.until,
        "new": names.hospital(halves.new),
        "since": halves.since,
        "between": between and {
            "first": between.first, "last": between.last, "hospital": names.hospital(between.hospital) if between.hospital else None,
        },
    }  # fmt: skip


@pages.post("/new/drop")
@guards.needs(Act.FILL_IN)
def start_over() -> AnyResponse:
    """Throw the draft away."""
    owner = guards.draft_owner()
    if owner:
        action.drop_draft(tools(), owner)
    return redirect(HOME, 303)


def _not_yet(reasons: tuple[Reason, ...], back: str, status: int = 200) -> Response:
    """What stands in the way, with the person's own numbers, where each rule comes from and the way on."""
    said = conditions(reasons, Names())
    return show(
        "hospital_change/not_yet.html",
        status=status,
        unmet=[one for one in said if one.verdict == "not_met"],
        others=[one for one in said if one.verdict != "not_met"],
        back=back,
        keep_days=DRAFT_DAYS,
    )


def _kept_draft() -> Draft | None:
    """The draft of the person, or of this browser; a page that looked for one is kept nowhere."""
    owner = guards.draft_owner()
    if owner is None:
        return None
    mark_personal()
    return action.draft_of(tools(), owner)


def _draft() -> Draft:
    return _kept_draft() or Draft()


def _keep(draft: Draft) -> None:
    mark_personal()
    if guards.draft_owner() is None:
        allow("new-drafts")
    action.keep_draft(tools(), guards.draft_owner_or_new(), draft)


# Following a request


def _address(case: HospitalChange) -> str:
    return f"{HOME}/{case.reference}"


def _case_or_404(reference: str) -> HospitalChange:
    """Another person's and an unknown one are the same: there is no such page."""
    case = action.case_of(tools(), guards.person_who_asks().id, reference)
    if case is None:
        abort(404)
    return case


@pages.get("/<reference>")
@guards.needs(Act.READ_REQUESTS)
def tracker(reference: str) -> AnyResponse:
    """Receipt and timeline."""
    case = _case_or_404(reference)
    if case.reference != reference:
        return redirect(_address(case), 303)
    is_own = guards.helper_id() is None
    if request.method == "GET" and is_own:
        mark_read_about(tools(), case.person_id, case.reference)
    offers_install = is_own and case.is_undecided and installing.may_be_offered()
    offers = {"offers_install": offers_install, "offers_reminders": is_own and case.is_open and reminding.may_be_asked()}
    page = show("hospital_change/tracker.html", "hospital_change/_tracker.html", **offers, **_tracker_facts(case))
    return installing.note_offer(page) if offers_install else page


def _tracker_facts(case: HospitalChange) -> dict[str, Any]:
    names, now = Names(), tools().clock.now()
    steps = tools().store.steps_of(case.reference)
    halves = rule.until_and_from(case.hospital_from, case.hospital_to, case.effective_on, action.StoredRegister(tools().store))
    late = next((step for step in reversed(steps) if step.code is rule.StepCode.APPROVED_LATE), None)
    return {
        "case": case,
        "as_of": now,
        "tag_of_status": status_tag(case.status),
        "lines": timeline_lines(action.timeline(case, steps, now.date()), case, names),
        "halves": _halves(halves, names),
        "choices": [names.hospital(choice) for choice in case.choices],
        "cause_word": cause_word(case.cause),
        "moved_to": names.province(case.moved_to) if case.moved_to else None,
        "undecided_on_the_day": rule.undecided_on_the_day(case, now.date()),
        "promised_on": date.fromisoformat(str(late.facts["promised_on"])) if late else None,
        "why_not": refusal_words(case.refusal_reason) if case.refusal_reason else WhyNot("", ""),
        "may_miss_window": action.may_have_missed_window(tools(), case),
        "has_its_day": case.status in HAS_ITS_DAY,
        "ask_the_office": ask_the_office(case),
        "receipt_to_keep": receipt_to_keep(case, halves, names),
    }


@pages.route("/<reference>/withdraw", methods=["GET", "POST"])
@guards.needs(Act.CHANGE_HOSPITAL)
def withdraw(reference: str) -> AnyResponse:
    """Asked once more before it is done; only before a decision."""
    case = _case_or_404(reference)
    if request.method == "GET":
        if not case.is_undecided:
            return redirect(_address(case), 303)
        return show("hospital_change/withdraw.html", **_tracker_facts(case))
    try:
        action.withdraw(tools(), case.person_id, case.reference, guards.helper_id())
    except SomeoneElseDecided as decided:
        return show("hospital_change/too_late.html", status=422, **_tracker_facts(decided.case))
    return redirect(_address(case), 303)


@pages.get("/<reference>/calendar.ics")
@guards.needs(Act.READ_REQUESTS)
def calendar_entry(reference: str) -> AnyResponse:
    """The first day as a calendar entry, once it is certain; it names neither person nor hospital, since calendars are shared."""
    case = _case_or_404(reference)
    if case.status not in HAS_ITS_DAY:
        abort(404)
    demonstration = tools().settings.demonstration
    event = icalendar.Event(
        uid=f"hospital-change-{sha256(case.reference.encode()).hexdigest()[:24]}@sitthi",
        starts=case.effective_on,
        title=_("New hospital starts"),
        text=_("Prototype: nothing reaches the SSO") if demonstration else _("From today you go to your new hospital."),
        sequence=len(tools().store.steps_of(case.reference)),
        alarm_before=timedelta(days=1),
    )
    text = icalendar.calendar(_("Hospital change"), [event], case.decided_at or case.received_at, language())
    return icalendar.answer(text, "hospital-change.ics")


@pages.get("/<reference>/print")
@guards.needs(Act.READ_REQUESTS)
def receipt_to_print(reference: str) -> AnyResponse:
    """The receipt on paper."""
    return show("hospital_change/print.html", **_tracker_facts(_case_or_404(reference)))


# The form on paper


@pages.get("/form")
def blank_form() -> AnyResponse:
    """Form SSO 9-02 to fill in by hand: for anybody."""
    return show("hospital_change/form.html", **_form_facts(None))


@pages.get("/<reference>/form")
@guards.needs(Act.READ_REQUESTS)
def filled_form(reference: str) -> AnyResponse:
    """The same with what is known. The citizen number stays masked until the person asks for it; for a helper it does in any case."""
    case = _case_or_404(reference)
    return show("hospital_change/form.html", **_form_facts(case))


def _form_facts(case: HospitalChange | None) -> dict[str, Any]:
    if case is None:
        blank = [""] * action.most_choices(tools())
        return {"case": None, "name": None, "number": "", "choices": blank, "paid": None, "person_record": None}
    names, name, person = Names(), guards.person_name(), guards.person_who_asks()
    whole = request.args.get("number") == "whole" and guards.helper_id() is None
    pid = name.pid if name else ""
    filled = [names.hospital(choice) for choice in case.choices]
    return {
        "case": case,
        "name": name,
        "number": pid if whole else f"{'•' * 9}{pid[-4:]}",
        "whole": whole,
        "choices": [*filled, *[""] * (action.most_choices(tools()) - len(filled))],
        "paid": tools().store.latest_contribution(case.person_id),
        "person_record": person,
        "cause_word": cause_word(case.cause),
    }
