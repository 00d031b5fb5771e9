"""“Something is wrong in my record”: one form, following it, withdrawing it; and the officers' list with its answers.

One page, one form: what is wrong, in which months, what it should be, what proof there is. The months part is hidden by the style sheet
where it does not apply and judged by the server only where it does, so that nothing depends on a script. In the address stands at most
which part of a record is meant (`?about=wage`), never what is in it.
Officers work as at the queue of hospital changes: plain links and forms, a write answers with 303 or with the page that says why not.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.actions import corrections as action
from webapp.actions.corrections import LONGEST_WORDS, CorrectionView
from webapp.actions.my_record import as_of
from webapp.actions.officers import NobodyDecidesTheirOwnCase
from webapp.actions.reminders import mark_read_about
from webapp.domain.assessment import Reason
from webapp.domain.assurance import Act
from webapp.domain.correction import (
    ASKED_ABOUT,
    LONGEST_TEXT,
    MOST_OPEN,
    OF_CERTAIN_MONTHS,
    OF_THE_CIVIL_REGISTER,
    OFFERED,
    About,
    Answer,
    Correction,
    Proof,
    SomeoneElseSettledIt,
    Told,
)
from webapp.web import guards, opening
from webapp.web.correction_words import (
    DESK,
    MINE,
    about_options,
    about_word,
    answer_choices,
    answer_words,
    desk_row,
    fault_of,
    history_of,
    months_word,
    proof_options,
    proof_word,
    recorded_rows,
    recorded_words,
    rows_of_mine,
    status_tag,
    step_word,
    timeline_of,
)
from webapp.web.filters import bdi, day_date
from webapp.web.fragments import show
from webapp.web.hospital_change_words import Names
from webapp.web.language import gettext as _
from webapp.web.language import ngettext
from webapp.web.month_field import MonthField, month_typed
from webapp.web.tools import tools

pages = Blueprint("corrections", __name__)

KEY = re.compile(r"[\w-]{16,64}")
Error = dict[str, Any]
Code = TypeVar("Code", About, Proof, Answer)


# Telling it


@dataclass(frozen=True)
class Form:
    """The form as it was typed; months as fields, so that what is wrong in them can be said part by part."""

    about: About | None
    first: MonthField
    last: MonthField
    should_be: str
    proof: Proof | None

    @property
    def told(self) -> Told:
        return Told(self.about, self.should_be, self.proof, self.first.month, self.last.month)


@pages.route(MINE, methods=["GET", "POST"])
@guards.needs(Act.SAY_WHAT_IS_WRONG)
def tell() -> AnyResponse:
    """The form. Where the district office is the one to ask, or too many wait already, that is said instead."""
    if request.method == "POST":
        return _take_form()
    about = _one_of(About, request.args.get("about", ""))
    if about in OF_THE_CIVIL_REGISTER:
        return show("corrections/district_office.html")
    waiting = action.open_of(tools(), guards.person_who_asks().id)
    if len(waiting) >= MOST_OPEN:
        return show("corrections/too_many.html", rows=rows_of_mine(waiting), most=MOST_OPEN)
    return _form_page(Form(about, MonthField("first"), MonthField("last"), "", None), secrets.token_urlsafe(18))


def _take_form() -> AnyResponse:
    person_id, key, form = guards.person_who_asks().id, request.form.get("key", ""), _typed_form()
    key = key if KEY.fullmatch(key) else secrets.token_urlsafe(18)
    if form.first.faults or form.last.faults:
        return _form_page(form, key, action.look_over(tools(), person_id, form.told))
    answer = action.send(tools(), person_id, key, form.told, guards.helper_id())
    if isinstance(answer, Correction):
        return redirect(f"{MINE}/{answer.reference}", 303)
    return _form_page(form, key, answer.reasons)


def _typed_form() -> Form:
    """Months are judged only where the part of the record has them; what was typed into them is kept in any case."""
    typed = request.form
    about, proof = _one_of(About, typed.get("about", "")), _one_of(Proof, typed.get("proof", ""))
    about, proof = about if about in ASKED_ABOUT else None, proof if proof in OFFERED else None
    first, last = month_typed("first", typed), month_typed("last", typed, optional=True)
    if about not in OF_CERTAIN_MONTHS:
        first, last = replace(first, faults={}), replace(last, faults={})
    return Form(about, first, last, " ".join(typed.get("should_be", "").split()), proof)


def _one_of(codes: type[Code], text: str) -> Code | None:
    return codes(text) if text in set(codes) else None


def _form_page(form: Form, key: str, reasons: Sequence[Reason] = ()) -> Response:
    """The form with everything typed; what is wrong with a month stands at the month, everything else at its field."""
    form, wrong = _with_faults(form, reasons)
    person, names = guards.person_who_asks(), Names()
    errors = [
        *_error("about", wrong), *form.first.errors, *form.last.errors, *_error("should_be", wrong), *_error("proof", wrong),
    ]  # fmt: skip
    return show(
        "corrections/tell.html",
        status=422 if errors else 200,
        errors=errors or None,
        wrong=wrong,
        form=form,
        key=key,
        earlier=rows_of_mine(action.corrections_of(tools(), person.id)) if guards.helper_id() else [],
        options=about_options(person, tools().store.latest_contribution(person.id), names),
        proofs=proof_options(),
        most=LONGEST_TEXT,
        kept_days=action.KEEP_DAYS,
        as_of=as_of(tools(), person),
    )


def _with_faults(form: Form, reasons: Sequence[Reason]) -> tuple[Form, dict[str, str]]:
    """The form with its months marked, and what is wrong by field, the first thing of each."""
    wrong: dict[str, str] = {}
    for field, text in (fault_of(reason) for reason in reasons if reason.met is False):
        wrong.setdefault(field, text)
    first, last = (
        field.but(wrong[field.name]) if field.name in wrong and not field.faults else field for field in (form.first, form.last)
    )
    return replace(form, first=first, last=last), wrong


def _error(field: str, wrong: dict[str, str]) -> list[Error]:
    return [{"field": field, "text": wrong[field]}] if field in wrong else []


# Following it


def _mine_or_404(reference: str) -> Correction:
    """Another person's and an unknown one are the same: there is no such page."""
    found = action.correction_of(tools(), guards.person_who_asks().id, reference)
    if found is None:
        abort(404)
    return found


@pages.get(f"{MINE}/<correction>")
@guards.needs(Act.READ_CORRECTIONS)
def mine(correction: str) -> AnyResponse:
    """What was told, how it stands, and the answer."""
    one = _mine_or_404(correction)
    if request.method == "GET" and guards.helper_id() is None:
        mark_read_about(tools(), one.person_id, one.reference)
    return show("corrections/mine.html", **_facts(one))


def _facts(one: Correction) -> dict[str, Any]:
    return {
        "one": one,
        "should_be": day_date(date.fromisoformat(one.report.should_be)) if one.report.about is About.BIRTH_DATE else "",
        "tag_of_status": status_tag(one),
        "about": about_word(one.report.about),
        "months": months_word(one),
        "proof": proof_word(one.report.proof),
        "answer": answer_words(one.answer, one.report.about) if one.answer else None,
        "lines": timeline_of(one, tools().store.steps_of_correction(one.reference)),
    }


@pages.route(f"{MINE}/<correction>/withdraw", methods=["GET", "POST"])
@guards.needs(Act.SAY_WHAT_IS_WRONG)
def withdraw(correction: str) -> AnyResponse:
    """Asked once more before it is done; only while it is open."""
    one = _mine_or_404(correction)
    if request.method == "GET":
        return show("corrections/withdraw.html", **_facts(one)) if one.is_open else redirect(f"{MINE}/{one.reference}", 303)
    try:
        action.withdraw(tools(), one.person_id, one.reference, guards.helper_id())
    except SomeoneElseSettledIt as meanwhile:
        return show("corrections/mine.html", status=422, too_late=True, **_facts(meanwhile.correction))
    return redirect(f"{MINE}/{one.reference}", 303)


# The officers' desk


@pages.get(DESK)
@guards.officers_only
def desk() -> AnyResponse:
    """What waits, oldest first, and what was answered today."""
    found, names = action.waiting(tools(), guards.officer_who_decides(), _page_asked_for()), Names()
    waiting, answered = ([desk_row(row, names) for row in rows] for rows in (found.rows, found.answered_today))
    return show(
        "corrections/desk.html",
        found=found,
        waiting=_group(ngettext("%(num)s report, the oldest first", "%(num)s reports, the oldest first", found.count), waiting),
        answered=_group(ngettext("%(num)s report, the latest first", "%(num)s reports, the latest first", len(answered)), answered),
    )


def _group(title: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"title": title, "rows": rows}] if rows else []


def _page_asked_for() -> int:
    typed = request.args.get("page", "1")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 1


@pages.get(f"{DESK}/<correction>")
@guards.officers_only
def report(correction: str) -> AnyResponse:
    """What the person told, the record beside it, and the answer."""
    return _report_page(correction)


@pages.route(f"{DESK}/<correction>/<what>", methods=["GET", "POST"])
@guards.officers_only
def act(correction: str, what: str) -> AnyResponse:
    """Take it or answer it. A GET here is somebody's way back after signing in or changing language."""
    acts = {"open": _open, "take": _take, "answer": _answer}
    if what not in acts:
        abort(404)
    if request.method == "GET":
        return redirect(f"{DESK}/{correction}", 303)
    try:
        done = acts[what](correction)
    except NobodyDecidesTheirOwnCase:
        return _own(correction)
    except SomeoneElseSettledIt as meanwhile:
        return _someone_else_settled_it(meanwhile)
    if done is None:
        abort(404)
    return done if isinstance(done, Response) else redirect(f"{DESK}/{done.reference}", 303)


def _open(reference: str) -> Correction | Response | None:
    """Why this officer opens it; from then on today it opens without a question."""
    me = guards.officer_who_decides()
    one = action.correction_named(tools(), me, reference)
    return one if one is None else opening.take_reason(me, one.person_id, one.reference, f"{DESK}/{one.reference}", DESK) or one


def _take(reference: str) -> Correction | None:
    return action.take(tools(), guards.officer_who_decides(), reference)


def _answer(reference: str) -> Correction | Response | None:
    answer, words = _one_of(Answer, request.form.get("answer", "")), " ".join(request.form.get("words", "").split())
    errors: list[Error] = []
    if answer is None:
        errors.append({"field": "answer", "text": _("Choose an answer")})
    if len(words) > LONGEST_WORDS:
        text = _("Write at most %(most)s characters; now there are %(count)s", most=LONGEST_WORDS, count=len(words))
        errors.append({"field": "words", "text": text})
    if answer is None or errors:
        return _report_page(reference, errors, answer, words)
    return action.settle(tools(), guards.officer_who_decides(), reference, answer, words)


def _report_page(reference: str, errors: Sequence[Error] = (), answer: Answer | None = None, words: str = "") -> Response:
    """One report; where somebody else was first, an answer that could not be taken gives way to that."""
    me = guards.officer_who_decides()
    try:
        view = action.look_at(tools(), me, reference)
    except NobodyDecidesTheirOwnCase:
        return _own(reference)
    if view is None:
        abort(404)
    if errors and not view.correction.is_open:
        raise SomeoneElseSettledIt(view.correction)
    if asked_why := opening.ask_unless_said(me, view.correction.person_id, reference, f"{DESK}/{reference}", DESK):
        return asked_why
    kept = tools().store.settings_of(view.correction.person_id)
    return show(
        "corrections/report.html",
        status=422 if errors else 200,
        errors=errors or None,
        error_of={error["field"]: error["text"] for error in errors},
        view=view,
        me=me,
        chosen=answer,
        words=words,
        most=LONGEST_WORDS,
        choices=answer_choices(),
        history=history_of(view),
        may_answer=view.name_may_be_shown and view.correction.is_open,
        reads=kept.language if kept else None,
        **_record(view),
        **_facts(view.correction),
    )


def _record(view: CorrectionView) -> dict[str, Any]:
    """The record beside the report: every part of it, and the months in question."""
    names = Names()
    parts = (About.SECTION, About.HOSPITAL, About.PROVINCES)
    return {
        "record": [
            *_of_the_civil_register(view),
            *({"label": about_word(one), "value": recorded_words(one, view.person, names)} for one in parts),
        ],
        "recorded": recorded_rows(view.recorded),
        "record_as_of": as_of(tools(), view.person),
    }


def _of_the_civil_register(view: CorrectionView) -> list[dict[str, Any]]:
    """Who the office's file says this is, where that is in question: for whoever has taken the report."""
    about = view.correction.report.about
    if about not in OF_THE_CIVIL_REGISTER or not view.name_may_be_shown:
        return []
    in_file = tools().store.name_in_file_of(view.person.id) or view.name.written
    said = bdi(in_file.full) if about is About.NAME else day_date(view.name.birth_date) if view.name.birth_date else _("not known")
    return [{"label": _("In the office’s file"), "value": said}]


def _own(reference: str) -> Response:
    return show("corrections/own.html", status=403, reference=reference)


def _someone_else_settled_it(meanwhile: SomeoneElseSettledIt) -> Response:
    """Who was first, when and with what; what this officer had chosen is shown, so that nothing is lost."""
    met = action.who_settled_it(tools(), meanwhile)
    answer = _one_of(Answer, request.form.get("answer", ""))
    return show(
        "corrections/someone_else.html",
        status=409,
        tag=status_tag(met.correction),
        reference=met.correction.reference,
        who=met.officer,
        at=met.step.at,
        what=answer_words(met.correction.answer).found if met.correction.answer else step_word(met.step.code),
        yours=answer_words(answer).found if answer else "",
        words=request.form.get("words", ""),
    )
