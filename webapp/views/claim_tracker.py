"""A claim that is sent: receipt and tracker in one page, the paper that is wanted, the way of being paid, withdrawing, the papers to print.

It stays a receipt until somebody at the office does something, so that nothing depends on "the first time". The reference alone leads to
a draft too: then the page goes on where the person stopped.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.actions import claim_drafts, claims
from webapp.actions.claim_papers import TAKES_PAPERS, given, papers_of_claim
from webapp.actions.reminders import mark_read_about
from webapp.domain.assurance import Act, is_lower
from webapp.domain.claim import CAN_BE_APPEALED, Claim, Decision, SomeoneElseMovedIt, appeal_by, law_of_refusal, may_change_payment
from webapp.domain.claim_questions import KINDS
from webapp.domain.lawbook import NotKnown
from webapp.domain.payment import Account, Way, read_account
from webapp.domain.person import NumberKind
from webapp.web import claim_result, guards, papers
from webapp.web import claim_words as words
from webapp.web.claim_papers import asked
from webapp.web.fragments import show
from webapp.web.language import gettext as _
from webapp.web.law_words import rule_words
from webapp.web.tools import tools

pages = Blueprint("claim_tracker", __name__, url_prefix=words.PLACE)

LONGEST_ACCOUNT = 40


def _claim_or_404(claim_reference: str) -> Claim:
    """Another person's and an unknown one are the same: there is no such page."""
    claim = claims.claim_of(tools(), guards.person_who_asks().id, claim_reference)
    if claim is None:
        abort(404)
    return claim


def _address(claim: Claim, part: str = "") -> str:
    return f"{words.PLACE}/{claim.reference}{part}"


@pages.get("/<claim_reference>")
@guards.signed_in
def tracker(claim_reference: str) -> AnyResponse:
    """Receipt and timeline; a draft goes on where it stopped."""
    person_id, read = guards.person_who_asks().id, claim_drafts.read_reference(claim_reference)
    sent = claims.claim_of(tools(), person_id, read)
    draft = None if sent else claim_drafts.draft_of(tools(), person_id, read)
    if draft is not None:
        names = [question.name for question in draft.asks.questions]
        step = draft.next_step
        return redirect(f"{words.PLACE}/{read}/{f'questions/{names.index(step) + 1}' if step in names else step}", 303)
    claim = _claim_or_404(read)
    if claim.reference != claim_reference:
        return redirect(_address(claim), 303)
    if request.method == "GET":
        mark_read_about(tools(), claim.person_id, claim.reference)
    return show("claims/tracker.html", **_facts(claim), fields=_paper_fields(claim))


def _facts(claim: Claim) -> dict[str, Any]:
    book, steps = tools().law_book, tools().store.steps_of_claim(claim.reference)
    decision = claim.decision
    shown = decision.worked_out if decision and decision.approved and decision.worked_out else claim.expected
    codes, there = papers_of_claim(tools(), claim), given(tools(), claim.person_id, claim.reference)
    return {
        "claim": claim,
        "claim_name": words.claim_name(claim.kind),
        "heading": words.heading(claim),
        "tag_of_status": words.claim_tag(claim),
        "as_of": tools().clock.now(),
        "lines": words.timeline_lines(claims.timeline(claim, steps), claim),
        "usual": words.days_words(claims.usual_days_of(tools(), claim.kind)) if claim.is_undecided else "",
        "said": claim_result.said_rows(claim.kind, claim.answers, book, claim.event_on),
        "payment": words.payment_words(claim.payment),
        "came_back": words.returned_words(claim.returned.why) if claim.returned and may_change_payment(claim) else "",
        "may_change_payment": may_change_payment(claim),
        "papers": [(one.title, one.code in there) for one in asked(codes, "")],
        "sums": claim_result.sums(claim.kind, shown, book),
        "no_sum": claim_result.outcome_words(shown),
        "on": shown.on,
        "is_decided": decision is not None and decision.approved,
        "why_not": _why_not(claim, decision) if decision and not decision.approved else None,
        "appeal_by": _appeal_by(claim),
        "appeal_begun": bool(_appeal_by(claim)) and claims.appeal_begun(tools(), claim.person_id, claim.reference),
        "wanted": asked((claim.wanted.paper,), "")[0] if claim.wanted else None,
        "form_number": ", ".join(KINDS[claim.kind].benefit.forms(book.on(claim.event_on))),
        "unregistered": claim.kind == "unemployment" and claim.answers.get("registered") != "yes",
        "register_within": claim_result.register_within(book.on(tools().clock.today())),
        "place": _address(claim),
    }


def _why_not(claim: Claim, decision: Decision) -> dict[str, Any] | None:
    """The reason with the rule it rests on."""
    if decision.reason is None:
        return None
    said, key = words.refusal_words(decision.reason), law_of_refusal(decision.reason, claim.kind)
    law = tools().law_book.on(claim.event_on)
    rule = rule_words(law.value(key)) if key and key in law.book.histories and law.is_known(key) else None
    return {"why": said.why, "next": said.next, "words": decision.words, "rule": rule}


def _appeal_by(claim: Claim) -> date | None:
    """The last day to appeal, while it can still be done."""
    try:
        last = appeal_by(claim, tools().law_book) if claim.status in CAN_BE_APPEALED and claim.appeal is None else None
    except NotKnown:
        return None
    return last if last is not None and tools().clock.today() <= last else None


def _paper_fields(claim: Claim) -> list[dict[str, Any]]:
    """The wanted paper first and in full; the others can be given too until it is decided."""
    if claim.status not in TAKES_PAPERS:
        return []
    return [papers.field("claim", claim.reference, one) for one in asked(papers_of_claim(tools(), claim), _address(claim))]


# What the person does


@pages.post("/<claim_reference>/paper-given")
@guards.needs(Act.CLAIM_A_BENEFIT)
def paper_given(claim_reference: str) -> AnyResponse:
    """The paper is there, or cannot be got: the office goes on."""
    claim = _claim_or_404(claim_reference)
    claims.paper_given(tools(), claim.person_id, claim.reference)
    return redirect(_address(claim), 303)


@pages.route("/<claim_reference>/payment", methods=["GET", "POST"])
@guards.needs(Act.CLAIM_A_BENEFIT)
def payment(claim_reference: str) -> AnyResponse:
    """Another way of being paid. An account is named on a page of its own, which asks for ThaiD."""
    claim = _claim_or_404(claim_reference)
    if not may_change_payment(claim):
        return redirect(_address(claim), 303)
    name = guards.person_name()
    ways = words.way_options(name is not None and name.number_kind is NumberKind.CITIZEN, is_lower(guards.standing().level))
    typed = request.form.get("way", "")
    facts: dict[str, Any] = {
        "ways": ways,
        "here": _address(claim, "/payment"),
        "back": _address(claim),
        "claim_name": words.claim_name(claim.kind),
    }
    if request.method == "GET":
        return show("claims/payment.html", way=str(claim.payment.way), **facts)
    if typed not in [one["value"] for one in ways]:
        text = _("Choose how the money should reach you")
        return show("claims/payment.html", status=422, errors=[{"field": "way", "text": text}], error=text, way=typed, **facts)
    if typed == Way.BANK:
        return redirect(_address(claim, "/payment/account"), 303)
    return _changed(claim, Way(typed))


@pages.route("/<claim_reference>/payment/account", methods=["GET", "POST"])
@guards.needs(Act.CHANGE_BANK_ACCOUNT)
def payment_account(claim_reference: str) -> AnyResponse:
    """Another account; sent only with ThaiD of the last minutes."""
    claim = _claim_or_404(claim_reference)
    if not may_change_payment(claim):
        return redirect(_address(claim), 303)
    bank, typed = request.form.get("bank", ""), request.form.get("account", "")[:LONGEST_ACCOUNT]
    facts: dict[str, Any] = {
        "here": _address(claim, "/payment/account"),
        "back": _address(claim, "/payment"),
        "banks": words.bank_options(),
        "claim_name": words.claim_name(claim.kind),
    }
    if request.method == "GET":
        kept = words.payment_words(claim.payment) if claim.payment.way is Way.BANK else None
        return show("claims/account.html", bank=claim.payment.bank, typed="", kept=kept, wrong={}, **facts)
    found = read_account(bank, typed)
    if isinstance(found, Account):
        return _changed(claim, Way.BANK, found)
    wrong = {field: words.account_fault(field, code, bank) for field, code in found.faults.items()}
    errors = [{"field": field, "text": text} for field, text in wrong.items()]
    return show("claims/account.html", status=422, errors=errors, wrong=wrong, bank=bank, typed=typed, kept=None, **facts)


def _changed(claim: Claim, way: Way, account: Account | None = None) -> AnyResponse:
    try:
        claims.change_payment(tools(), claim.person_id, claim.reference, way, account)
    except SomeoneElseMovedIt as moved:
        return _too_late(moved.claim)
    return redirect(_address(claim), 303)


@pages.route("/<claim_reference>/withdraw", methods=["GET", "POST"])
@guards.needs(Act.CLAIM_A_BENEFIT)
def withdraw(claim_reference: str) -> AnyResponse:
    """Asked once more before it is done; only before a decision."""
    claim = _claim_or_404(claim_reference)
    if request.method == "GET":
        if not claim.is_undecided:
            return redirect(_address(claim), 303)
        return show("claims/withdraw.html", **_facts(claim))
    try:
        claims.withdraw(tools(), claim.person_id, claim.reference)
    except SomeoneElseMovedIt as moved:
        return _too_late(moved.claim)
    return redirect(_address(claim), 303)


def _too_late(claim: Claim) -> Response:
    return show("claims/too_late.html", status=422, **_facts(claim))


# On paper


@pages.get("/<claim_reference>/print")
@guards.signed_in
def receipt_to_print(claim_reference: str) -> AnyResponse:
    """The receipt on paper."""
    return show("claims/print.html", **_facts(_claim_or_404(claim_reference)))


@pages.get("/<claim_reference>/form")
@guards.signed_in
def filled_form(claim_reference: str) -> AnyResponse:
    """Form SSO 2-01 with what is known. The citizen number stays masked until the person asks for it."""
    claim, name = _claim_or_404(claim_reference), guards.person_name()
    whole, pid = request.args.get("number") == "whole", name.pid if name else ""
    return show(
        "claims/form.html", name=name, number=pid if whole else f"{'•' * 9}{pid[-4:]}", whole=whole,
        paid=tools().store.latest_contribution(claim.person_id), person_record=guards.person_who_asks(), **_facts(claim),
    )  # fmt: skip
