"""Paying claims: what waits by way of payment, a batch and its lines, the file for the bank, and what the bank says of it.

No page here shows a name or a whole number; the file does, and is asked for with a reason and fresh ThaiD (actions/claim_batches.py,
domain/assurance.py). Plain forms only; what was closed or marked twice is once.
"""

from __future__ import annotations

import re
import secrets
from typing import Any

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.actions import claim_batches
from webapp.actions.audit import LONGEST_REASON
from webapp.actions.claim_batches import NotAsShown, NotOnThisDay, WhyLeft
from webapp.actions.officers import officers_named
from webapp.domain.assurance import Act
from webapp.domain.claim import OwnClaim, SomeoneElseMovedIt, WhyReturned
from webapp.domain.claim_batch import Batch, FileGone, FileTaken, Line, Outcome, file_is_open
from webapp.domain.payment import Way
from webapp.web import claim_batch_words as words
from webapp.web import guards
from webapp.web.claim_batch_words import BATCHES
from webapp.web.day_field import DayField, day_shown, day_typed
from webapp.web.fragments import show
from webapp.web.language import gettext as _
from webapp.web.spreadsheet import as_file
from webapp.web.tools import tools

pages = Blueprint("officer_claim_batches", __name__, url_prefix=BATCHES)

KEY = re.compile(r"[\w-]{16,64}")
PAID = str(Outcome.PAID)
WHAT_BECAME = (PAID, str(Outcome.NOT_SENT))
WAYS = {str(way): way for way in (Way.PROMPTPAY, Way.BANK)}
Error = dict[str, Any]


# What waits, and closing a batch


@pages.get("")
@guards.officers_only
def overview() -> AnyResponse:
    """What can be paid now, and the batches there are."""
    return _overview()


def _overview(errors: list[Error] | None = None) -> Response:
    found = claim_batches.to_pay(tools(), guards.officer_who_decides())
    shown = claim_batches.batches(tools(), request.args.get("page", 1, int))
    made = shown.batches
    approved = (one.decision.by for waiting in found.by_way for one in waiting.ready if one.decision)
    officers = officers_named(tools(), {*approved, *(batch.closed_by for batch in made)})
    return show(
        "officer_claim_batches/overview.html",
        status=422 if errors else 200,
        errors=errors,
        cards=[words.waiting_card(one, officers) for one in found.by_way],
        heads=words.heads_of_waiting(),
        not_in_a_batch=words.not_in_a_batch(found),
        batches=[{"title": _("Batches"), "rows": [words.batch_row(one, officers) for one in made]}] if made else [],
        batch_heads=words.heads_of_batches(),
        shown=shown,
        key=secrets.token_urlsafe(18),
    )


@pages.post("")
@guards.officers_only
def close() -> AnyResponse:
    """The list that was shown becomes a batch; a double press is the same one."""
    way, key = WAYS.get(request.form.get("way", "")), request.form.get("key", "")
    if way is None:
        abort(404)
    kept = key if KEY.fullmatch(key) else secrets.token_urlsafe(18)
    done = claim_batches.close(tools(), guards.officer_who_decides(), way, request.form.get("mark", ""), kept)
    if isinstance(done, NotAsShown):
        text = _("The list has changed since this page was shown. Nothing was closed: look, then close it")
        return _overview([{"field": f"close-{way}", "text": text}])
    return redirect(f"{BATCHES}/{done.reference}", 303)


# One batch


def _batch_or_404(reference: str) -> Batch:
    found = claim_batches.batch_of(tools(), reference)
    if found is None:
        abort(404)
    return found


@pages.get("/<batch>")
@guards.officers_only
def page(batch: str) -> AnyResponse:
    """Its lines, the file for the bank, and what the bank says."""
    return _page(_batch_or_404(batch))


def _page(batch: Batch, errors: list[Error] | None = None, paid_on: DayField | None = None, typed: str = "") -> Response:
    known, me = claim_batches.claims_in(tools(), batch), guards.officer_who_decides()
    officers = officers_named(tools(), [one for one in (batch.closed_by, batch.file_by) if one])
    left = {line.reference: claim_batches.why_left(known[line.reference], me) for line in batch.at_the_bank if line.reference in known}
    return show(
        "officer_claim_batches/batch.html",
        status=422 if errors else 200,
        errors=errors,
        error_of={error["field"]: error["text"] for error in errors or ()},
        batch=batch,
        way=words.way_name(batch.way),
        closed_by=officers.get(batch.closed_by),
        file_by=officers.get(batch.file_by),
        has_file=file_is_open(batch),
        tag=words.batch_tag(batch),
        totals=words.totals_of(batch),
        groups=[
            {"title": _("Lines"), "rows": [words.line_row(one, known.get(one.reference), left.get(one.reference)) for one in batch.lines]}
        ],
        heads=words.heads_of_lines(),
        stopped=sum(why is WhyLeft.DIED for why in left.values()),
        left=words.left_words(list(left.values())) if batch.with_outcome(Outcome.PAID) else [],
        paid_on=paid_on or day_shown("paid_on", tools().clock.today()),
        typed=typed,
        most=LONGEST_REASON,
        address=f"{BATCHES}/{batch.reference}",
    )


@pages.route("/<batch>/file", methods=["GET", "POST"])
@guards.needs(Act.TAKE_A_PAYMENT_FILE)
def file(batch: str) -> AnyResponse:
    """The file for the bank, with whole numbers, once it is said what for. A GET is somebody's way back after signing in."""
    one = _batch_or_404(batch)
    if request.method == "GET":
        return redirect(f"{BATCHES}/{one.reference}", 303)
    said = " ".join(request.form.get("reason", "").split())
    if not said or len(said) > LONGEST_REASON:
        too_long = _("Write at most %(most)s characters; now there are %(count)s", most=LONGEST_REASON, count=len(said))
        text = too_long if said else _("Write what the file is for: the persons in it read that")
        return _page(one, [{"field": "reason", "text": text}], typed=said)
    try:
        lines = claim_batches.file_of(tools(), guards.officer_who_decides(), one.reference, said, again="again" in request.form)
    except OwnClaim:
        return _own_claim()
    except FileTaken:
        text = _("Somebody has taken this file already. Ask them first, then tick that you need it once more")
        return _page(_batch_or_404(batch), [{"field": "again", "text": text}], typed=said)
    except FileGone:
        return _page(one, [{"field": "lines", "text": _("There is no file any more: nothing of this batch is left to send")}], typed=said)
    return as_file(f"{one.reference}.csv", words.file_rows(lines, one.way))


@pages.route("/<batch>/paid", methods=["GET", "POST"])
@guards.officers_only
def paid(batch: str) -> AnyResponse:
    """The bank has paid, on a day: everything of it that did not come back."""
    one = _batch_or_404(batch)
    if request.method == "GET":
        return redirect(f"{BATCHES}/{one.reference}", 303)
    field = day_typed("paid_on", request.form)
    if field.day is None:
        return _page(one, field.errors, field)
    try:
        claim_batches.mark_paid(tools(), guards.officer_who_decides(), one.reference, field.day)
    except NotOnThisDay:
        field = field.but(_not_on_this_day())
        return _page(one, field.errors, field)
    return redirect(f"{BATCHES}/{one.reference}", 303)


def _not_on_this_day() -> str:
    return _("The bank paid on a day from the closing of the batch up to today")


@pages.route("/<batch>/returned/<claim_reference>", methods=["GET", "POST"])
@guards.officers_only
def returned(batch: str, claim_reference: str) -> AnyResponse:
    """The money of one claim came back: why, as the bank says."""
    one, line = _line_or_404(batch, claim_reference)
    why = request.form.get("why", "")
    if request.method == "GET" or why not in set(WhyReturned):
        if line.outcome is Outcome.RETURNED:
            return redirect(f"{BATCHES}/{one.reference}", 303)
        return _ask_why(one, claim_reference, _("Choose what the bank says") if request.method == "POST" else "")
    try:
        claim_batches.mark_returned(tools(), guards.officer_who_decides(), one.reference, claim_reference, WhyReturned(why))
    except OwnClaim:
        return _own_claim()
    except SomeoneElseMovedIt as moved:
        return _moved(one, moved)
    return redirect(f"{BATCHES}/{one.reference}", 303)


@pages.route("/<batch>/one/<claim_reference>", methods=["GET", "POST"])
@guards.officers_only
def settle_one(batch: str, claim_reference: str) -> AnyResponse:
    """One line by itself: of a claimant who died, paid or not sent; where "it came back" was said by mistake, paid."""
    one, line = _line_or_404(batch, claim_reference)
    if line.outcome in (Outcome.PAID, Outcome.NOT_SENT):
        return redirect(f"{BATCHES}/{one.reference}", 303)
    if request.method == "GET":
        return _ask_what(one, line, day_shown("paid_on", tools().clock.today()))
    what, field = request.form.get("what", ""), day_typed("paid_on", request.form)
    if what not in WHAT_BECAME:
        return _ask_what(one, line, field, _("Choose what became of it"))
    if what == PAID and field.day is None:
        return _ask_what(one, line, field)
    try:
        if what == PAID and field.day is not None:
            claim_batches.mark_one_paid(tools(), guards.officer_who_decides(), one.reference, claim_reference, field.day)
        else:
            claim_batches.mark_not_sent(tools(), guards.officer_who_decides(), one.reference, claim_reference)
    except NotOnThisDay:
        return _ask_what(one, line, field.but(_not_on_this_day()))
    except OwnClaim:
        return _own_claim()
    except SomeoneElseMovedIt as moved:
        return _moved(one, moved)
    return redirect(f"{BATCHES}/{one.reference}", 303)


def _line_or_404(batch: str, claim_reference: str) -> tuple[Batch, Line]:
    one = _batch_or_404(batch)
    line = one.line_of(claim_reference)
    if line is None:
        abort(404)
    return one, line


def _ask_what(batch: Batch, line: Line, paid_on: DayField, error: str = "") -> Response:
    errors = [{"field": "what", "text": error}] if error else paid_on.errors
    came_back = line.outcome is Outcome.RETURNED
    return show(
        "officer_claim_batches/one.html",
        status=422 if errors else 200,
        errors=errors or None,
        error=error or None,
        batch=batch,
        line=line,
        came_back=came_back,
        options=words.became_options(),
        chosen=request.form.get("what", ""),
        paid_on=paid_on,
        address=f"{BATCHES}/{batch.reference}",
    )


def _moved(batch: Batch, moved: SomeoneElseMovedIt) -> Response:
    return show("officer_claim_batches/moved.html", status=409, batch=batch, claim=moved.claim, address=f"{BATCHES}/{batch.reference}")


def _ask_why(batch: Batch, claim_reference: str, error: str) -> Response:
    line = batch.line_of(claim_reference)
    return show(
        "officer_claim_batches/returned.html",
        status=422 if error else 200,
        errors=[{"field": "why", "text": error}] if error else None,
        error=error or None,
        batch=batch,
        line=line,
        options=words.returned_options(batch.way),
        was_paid=line is not None and line.outcome is Outcome.PAID,
        address=f"{BATCHES}/{batch.reference}",
    )


def _own_claim() -> Response:
    return show("officer_claims/own_claim.html", status=403)
