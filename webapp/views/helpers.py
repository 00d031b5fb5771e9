"""People who help: whom I let help me, whom I help, acting for them; and the officers' way with a paper.

Three readers, three addresses: /my-data/helpers is the person's who is helped, /helpers the helper's, /officer/helpers the officer's. For
whom somebody acts stands in their session (actions/helpers.py) and in no address; web/guards.py opens the pages, web/acting.py binds the
forms. A page that is not among the helper's rights says so and what to do (helpers/not_granted.html).
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from enum import StrEnum
from typing import Any, TypeVar

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.actions import helpers
from webapp.actions.helpers import CodeFault, Desk, Helping, NotFound, Wish
from webapp.domain.assessment import Refusal
from webapp.domain.assurance import Act
from webapp.domain.helper_grant import MOST_HELPERS, Paper, Right, State, Term, until_of
from webapp.domain.person import NumberKind
from webapp.ports import Session
from webapp.web import guards
from webapp.web.assurance_words import read_aloud
from webapp.web.audit_words import opening_lines
from webapp.web.day_field import DayField, day_typed
from webapp.web.fragments import show
from webapp.web.helper_words import (
    code_fault,
    how_words,
    offer_errors,
    paper_options,
    right_choices,
    rights_of,
    state_tag,
    term_options,
    term_word,
    until_words,
    why_nobody,
)
from webapp.web.language import gettext as _
from webapp.web.limits import note_miss, turn_away_after_misses
from webapp.web.tools import tools
from webapp.web.typed import typed_again

pages = Blueprint("helpers", __name__)

MINE, OTHERS, DESK = "/my-data/helpers", "/helpers", "/officer/helpers"
KEY = re.compile(r"[\w-]{16,64}")
LONGEST_TYPED, LONGEST_WHY = 40, 200
Error = dict[str, Any]
Code = TypeVar("Code", bound=StrEnum)


# The person who is helped


@pages.get(MINE)
@guards.signed_in
def mine() -> AnyResponse:
    """Who may act for me, who could, and who did."""
    found = [_row(one) for one in helpers.helpers_of(tools(), _my_id())]
    return show("helpers/mine.html", rows=found, most=MOST_HELPERS)


@pages.route(f"{MINE}/new", methods=["GET", "POST"])
@guards.needs(Act.GRANT_A_HELPER)
def offer() -> AnyResponse:
    """What they may do and for how long; then the code to hand over."""
    if request.method == "GET":
        return _offer_page(secrets.token_urlsafe(18))
    key = request.form.get("key", "")
    key = key if KEY.fullmatch(key) else secrets.token_urlsafe(18)
    made = helpers.offer(tools(), _my_id(), key, _rights(), _one_of(Term, request.form.get("term", "")))
    if isinstance(made, Refusal):
        return _offer_page(key, offer_errors(made))
    return redirect(f"{MINE}/{made.id}", 303)


def _offer_page(key: str, errors: list[Error] | None = None) -> Response:
    return show(
        "helpers/offer.html", status=422 if errors else 200, errors=errors, error_of=_by_field(errors), key=key, **_wish(True)
    )


@pages.get(f"{MINE}/<grant>")
@guards.signed_in
def one_of_mine(grant: str) -> AnyResponse:
    """One who helps: what they may do, what they did; or the code that still waits for somebody."""
    found = next((one for one in helpers.helpers_of(tools(), _my_id()) if one.grant.id == grant), None)
    if found is None:
        abort(404)
    code = helpers.code_to_hand_over(tools(), _my_id(), grant)
    done = opening_lines(helpers.done_by_helper(tools(), found.grant)) if found.grant.helper_id else []
    spoken = read_aloud(code) if code else None
    return show("helpers/one.html", **_row(found), code=code, spoken=spoken, done=done, how=how_words(found.grant))


@pages.post(f"{MINE}/<grant>/end")
@guards.needs(Act.END_A_GRANT)
def end(grant: str) -> AnyResponse:
    """At once: from the helper's next tap on it is over."""
    if helpers.end_for_person(tools(), _my_id(), grant) is None:
        abort(404)
    return redirect(MINE, 303)


# The helper


@pages.get(OTHERS)
@guards.signed_in
def people() -> AnyResponse:
    """Whom I help, and where a code is typed."""
    return show("helpers/people.html", rows=[_row(one) for one in helpers.people_helped_by(tools(), _my_id())])


@pages.route(f"{OTHERS}/code", methods=["GET", "POST"])
@guards.needs(Act.HELP_SOMEBODY)
def enter_code() -> AnyResponse:
    """The ten characters that somebody handed over. It says the same whatever code is wrong, and why is nobody's to know."""
    if request.method == "GET":
        return _code_page()
    turn_away_after_misses("wrong-codes", "wrong-codes-of-all")
    typed = request.form.get("code", "")[:LONGEST_TYPED]
    taken = helpers.enter_code(tools(), _my_id(), typed)
    if not isinstance(taken, CodeFault):
        return redirect(f"{OTHERS}/accept", 303)
    if taken is CodeFault.NOT_TAKEN:
        note_miss("wrong-codes", "wrong-codes-of-all")
    return _code_page([{"field": "code", "text": code_fault(taken)}], typed if taken is CodeFault.MISTYPED else "")


def _code_page(errors: list[Error] | None = None, typed: str = "") -> Response:
    return show("helpers/enter_code.html", status=422 if errors else 200, errors=errors, typed=typed)


@pages.route(f"{OTHERS}/accept", methods=["GET", "POST"])
@guards.needs(Act.ACCEPT_A_GRANT)
def accept() -> AnyResponse:
    """For whom, what, until when; then a tap."""
    if request.method == "POST":
        taken = helpers.accept(tools(), _my_id(), request.form.get("grant", ""))
        if isinstance(taken, Refusal):
            return _code_page(offer_errors(taken))
        return redirect(OTHERS, 303)
    waiting = helpers.entered(tools(), _my_id())
    if waiting is None:
        return redirect(f"{OTHERS}/code", 303)
    until = until_of(waiting.grant.term, tools().clock.now())
    return show("helpers/accept.html", one=waiting, rights=rights_of(waiting.grant), term=term_word(waiting.grant.term), until=until)


@pages.post(f"{OTHERS}/<grant>/begin")
@guards.needs(Act.HELP_SOMEBODY)
def begin(grant: str) -> AnyResponse:
    """From here on for them. A form for them that came too late is offered again."""
    session = _session()
    if not helpers.begin_to_act(tools(), session, grant):
        return redirect(OTHERS, 303)
    return redirect("/sign-in/typed" if typed_again(f"acting:{grant}") else "/", 303)


@pages.post(f"{OTHERS}/stop")
@guards.needs(Act.STOP_HELPING)
def stop() -> AnyResponse:
    """Oneself again."""
    session = guards.current_session()
    if session is not None:
        helpers.stop_acting(tools(), session)
    return redirect(OTHERS, 303)


@pages.post(f"{OTHERS}/<grant>/end")
@guards.needs(Act.END_A_GRANT)
def give_up(grant: str) -> AnyResponse:
    """The helper does not want to help any more."""
    if helpers.end_for_helper(tools(), _my_id(), grant) is None:
        abort(404)
    return redirect(OTHERS, 303)


# The officer


@pages.route(DESK, methods=["GET", "POST"])
@guards.officers_only
def desk_person() -> AnyResponse:
    """Whose rights it is about."""
    me = guards.officer_who_decides()
    if request.method == "GET":
        return _number_page("helpers/desk_person.html")
    kind = _one_of(NumberKind, request.form.get("kind", ""))
    if kind is None:
        return _number_page("helpers/desk_person.html", [{"field": "kind", "text": _("Choose which card the number is on")}])
    found = helpers.name_person(tools(), me, request.form.get("number", "")[:LONGEST_TYPED], kind)
    if isinstance(found, NotFound):
        return _number_page("helpers/desk_person.html", [{"field": "number", "text": why_nobody(found)}], kind)
    return redirect(f"{DESK}/helper", 303)


@pages.route(f"{DESK}/helper", methods=["GET", "POST"])
@guards.officers_only
def desk_helper() -> AnyResponse:
    """Who will act; and who acts already, to be ended here."""
    me = guards.officer_who_decides()
    desk = helpers.on_desk(tools(), me)
    if desk is None:
        return redirect(DESK, 303)
    if request.method == "GET":
        return _helper_page(desk)
    kind = _one_of(NumberKind, request.form.get("kind", ""))
    if kind is None:
        return _helper_page(desk, [{"field": "kind", "text": _("Choose which card the number is on")}])
    found = helpers.name_helper(tools(), me, request.form.get("number", "")[:LONGEST_TYPED], kind, request.form.get("shown", ""))
    if isinstance(found, NotFound):
        return _helper_page(desk, [{"field": "number", "text": why_nobody(found)}], kind)
    return redirect(f"{DESK}/grant" if found else DESK, 303)


def _helper_page(desk: Desk, errors: list[Error] | None = None, kind: str = NumberKind.CITIZEN) -> Response:
    running = [_row(one) for one in helpers.helpers_of(tools(), desk.person_id) if one.state is State.RUNNING]
    return _number_page("helpers/desk_helper.html", errors, kind, desk=desk, running=running)


def _number_page(page: str, errors: list[Error] | None = None, kind: str = NumberKind.CITIZEN, **facts: Any) -> Response:
    return show(page, status=422 if errors else 200, errors=errors, error_of=_by_field(errors), kind=kind, **facts)


@pages.route(f"{DESK}/grant", methods=["GET", "POST"])
@guards.officers_only
def desk_grant() -> AnyResponse:
    """What was seen, what is granted, and why."""
    me = guards.officer_who_decides()
    desk = helpers.on_desk(tools(), me)
    if desk is None or desk.helper is None:
        return redirect(f"{DESK}/done" if helpers.just_granted(tools(), me) else DESK, 303)
    if request.method == "GET":
        return _grant_page(desk, DayField("paper_on"))
    paper_on, why = day_typed("paper_on", request.form), " ".join(request.form.get("why", "").split())
    wish = Wish(_rights(), _one_of(Term, request.form.get("term", "")), _one_of(Paper, request.form.get("paper", "")), paper_on.day)
    unmet = offer_errors(helpers.look_over_at_counter(tools(), me, wish))
    if not paper_on.faults and (dated := next((one for one in unmet if one["field"] == "paper_on_day"), None)):
        paper_on = paper_on.but(dated["text"])
    errors = _desk_errors(paper_on, why) + [one for one in unmet if one["field"] != "paper_on_day"]
    if errors:
        return _grant_page(desk, paper_on, errors, why)
    made = helpers.grant_at_counter(tools(), me, request.form.get("shown", ""), wish, why)
    return redirect(f"{DESK}/done" if made else DESK, 303)


def _desk_errors(paper_on: DayField, why: str) -> list[Error]:
    """The ticks, the date and the words, which the rule does not see."""
    errors: list[Error] = []
    if not request.form.get("card"):
        errors.append({"field": "card", "text": _("Look at the helper’s card first")})
    if not request.form.get("original"):
        errors.append({"field": "original", "text": _("Look at the original paper first")})
    errors += paper_on.errors
    if not why:
        errors.append({"field": "why", "text": _("Write why, in a few words")})
    elif len(why) > LONGEST_WHY:
        text = _("Write at most %(most)s characters; now there are %(count)s", most=LONGEST_WHY, count=len(why))
        errors.append({"field": "why", "text": text})
    return errors


def _grant_page(desk: Desk, paper_on: DayField, errors: list[Error] | None = None, why: str = "") -> Response:
    return show(
        "helpers/desk_grant.html", status=422 if errors else 200, errors=errors, error_of=_by_field(errors), desk=desk, paper_on=paper_on,
        papers=paper_options(), paper=request.form.get("paper", ""), ticked=request.form, why=why, most=LONGEST_WHY, **_wish(False),
    )  # fmt: skip


@pages.get(f"{DESK}/done")
@guards.officers_only
def desk_done() -> AnyResponse:
    """What has just been granted, to be read to both."""
    found = helpers.just_granted(tools(), guards.officer_who_decides())
    if found is None:
        return redirect(DESK, 303)
    grant, person, helper = found
    return show("helpers/desk_done.html", grant=grant, person_named=person, helper=helper, rights=rights_of(grant), how=how_words(grant))


@pages.post(f"{DESK}/end")
@guards.officers_only
def desk_end() -> AnyResponse:
    """The person asks at the counter that somebody act for them no longer."""
    helpers.end_at_counter(tools(), guards.officer_who_decides(), request.form.get("grant", ""))
    return redirect(f"{DESK}/helper", 303)


@pages.post(f"{DESK}/clear")
@guards.officers_only
def clear_desk() -> AnyResponse:
    """Nothing of these two stays on the desk."""
    helpers.clear_desk(tools(), guards.officer_who_decides())
    return redirect(DESK, 303)


# What all of them need


def _my_id() -> str:
    return guards.person_who_asks().id


def _session() -> Session:
    found = guards.current_session()
    assert found is not None
    return found


def _row(one: Helping) -> dict[str, Any]:
    kind, text = state_tag(one)
    return {
        "one": one, "rights": rights_of(one.grant), "until": until_words(one), "tag_kind": kind, "tag_text": text,
        "stands": one.state in helpers.STANDING, "runs": one.state is State.RUNNING,
    }  # fmt: skip


def _wish(for_oneself: bool) -> dict[str, Any]:
    """The part of a form that both ways share, as it was filled in."""
    return {
        "choices": right_choices(request.form.getlist("right"), for_oneself), "terms": term_options(), "term": request.form.get("term", ""),
    }  # fmt: skip


def _rights() -> list[Right]:
    return [Right(one) for one in _known(request.form.getlist("right"), Right)]


def _known(typed: Iterable[str], codes: type[StrEnum]) -> list[str]:
    return [one for one in typed if one in set(codes)]


def _one_of(codes: type[Code], text: str) -> Code | None:
    return codes(text) if text in set(codes) else None


def _by_field(errors: list[Error] | None) -> dict[str, str]:
    return {error["field"]: error["text"] for error in errors or ()}
