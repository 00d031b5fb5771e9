"""The name in the record: what ThaiD says otherwise, taken over or reported by its person; and a new one entered by an officer who has seen
card and paper.

The page opens to anybody who is signed in, so that somebody who came by a code learns where else it is done; what it sends needs ThaiD
of the last minutes (domain/assurance.py). What is taken is what ThaiD said at that sign-in: nothing of it travels through the form.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.actions import counter_codes, name_change
from webapp.actions.counter_codes import AtTheCounter
from webapp.domain.assurance import Act, Level, is_lower
from webapp.domain.name_change import LONGEST_NAME, LONGEST_TITLE, Entered, PaperSeen, WrittenName
from webapp.domain.person import NumberKind
from webapp.web import guards
from webapp.web.fragments import show
from webapp.web.name_change_words import fault_of, paper_options
from webapp.web.tools import tools

pages = Blueprint("name_change", __name__)

MINE, COUNTER = "/my-data/name", "/officer/counter"
DESK = f"{COUNTER}/name"
LONGEST_TYPED = 300


# The person


@pages.get(MINE)
@guards.needs(Act.CHANGE_IDENTITY)
def mine() -> AnyResponse:
    person_id, level = guards.person_who_asks().id, guards.standing().level
    return show(
        "name_change/mine.html",
        standing=name_change.standing_of(tools(), person_id),
        lower=is_lower(level),
        by_thaid=level in (Level.THAID, Level.THAID_FRESH),
    )


@pages.post(MINE)
@guards.needs(Act.CHANGE_IDENTITY)
def take() -> AnyResponse:
    """The name as ThaiD says it."""
    name_change.take_from_thaid(tools(), guards.person_who_asks().id)
    return redirect(MINE, 303)


@pages.post(f"{MINE}/birth-date")
@guards.needs(Act.CHANGE_IDENTITY)
def report_birth_date() -> AnyResponse:
    """To the officers: the record does not take it at once."""
    sent = name_change.report_birth_date(tools(), guards.person_who_asks().id)
    return redirect(f"/my-data/wrong/{sent.reference}" if sent else MINE, 303)


# The officer


@pages.route(DESK, methods=["GET", "POST"])
@guards.officers_only
def enter() -> AnyResponse:
    """The new name of whoever was looked up at the counter, and what was seen."""
    me = guards.officer_who_decides()
    found = counter_codes.at_the_counter(tools(), me)
    if found is None:
        return redirect(COUNTER, 303)
    if request.method == "GET":
        now = found.name
        return _enter_page(found, {"title": now.title, "given_name": now.given_name, "family_name": now.family_name})
    done = name_change.enter_at_counter(tools(), me, request.form.get("shown", ""), _entered())
    if done is None:
        return redirect(DESK, 303)
    if isinstance(done, tuple):
        faults = [fault_of(reason) for reason in done]
        return _enter_page(found, request.form, [{"field": field, "text": text} for field, text in faults])
    return redirect(f"{COUNTER}?named=1", 303)


def _entered() -> Entered:
    form = request.form
    title, given_name, family_name = (form.get(part, "")[:LONGEST_TYPED] for part in ("title", "given_name", "family_name"))
    paper = form.get("paper", "")
    return Entered(
        WrittenName(title, given_name, family_name),
        PaperSeen(paper) if paper in set(PaperSeen) else None,
        card=bool(form.get("card")),
        face=bool(form.get("face")),
    )


def _enter_page(found: AtTheCounter, typed: Any, errors: list[dict[str, str]] | None = None) -> Response:
    by_field: dict[str, str] = {}
    for error in errors or ():
        by_field.setdefault(error["field"], error["text"])
    return show(
        "name_change/enter.html",
        status=422 if errors else 200,
        errors=errors,
        error_of=by_field,
        found=found,
        typed=typed,
        papers=paper_options(),
        is_citizen=found.name.number_kind is NumberKind.CITIZEN,
        longest_title=LONGEST_TITLE,
        longest_name=LONGEST_NAME,
    )
