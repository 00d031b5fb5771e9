"""The counter of the claims' desk: a paper form สปส. 2-01 typed by an officer. Number and benefit, then all its questions on one page (an
officer types from paper: one question a page would be slow), then what it comes to, and entering it.

A citizen number is typed into one field, posted, and never comes back: not into an address, not into a hidden field, not into the page.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.actions import claim_counter, claim_drafts
from webapp.actions.claim_counter import Form
from webapp.actions.claim_drafts import Draft
from webapp.actions.claims import NotAsShown, NotReady, Ready
from webapp.actions.paper import Why
from webapp.domain.claim import Claim
from webapp.domain.claim_questions import KINDS, Asks, ClaimQuestion
from webapp.domain.dates import thai_digits_to_arabic
from webapp.domain.payment import Account, Way, read_account
from webapp.domain.person import NumberKind
from webapp.web import claim_result, guards
from webapp.web import claim_words as words
from webapp.web.benefit_words import benefit_name
from webapp.web.claim_papers import asked, papers_of_draft
from webapp.web.day_field import DayField, day_shown, day_typed
from webapp.web.filters import short_date
from webapp.web.fragments import show
from webapp.web.language import gettext as _
from webapp.web.officer_claim_words import CLAIMS
from webapp.web.officer_words import why_no_form
from webapp.web.tools import tools

pages = Blueprint("officer_claim_counter", __name__, url_prefix=f"{CLAIMS}/paper")

PAPER = f"{CLAIMS}/paper"
OLDEST_PAPER = timedelta(days=366)
"""An older day is a slip of the pen."""
LONGEST_ANSWER = 200
Error = dict[str, Any]


# Whose form, and of which benefit


@pages.route("", methods=["GET", "POST"])
@guards.officers_only
def begin() -> AnyResponse:
    """The number goes in here and comes out nowhere."""
    me = guards.officer_who_decides()
    if request.method == "GET":
        return _begin_page()
    kind, errors = request.form.get("kind", ""), []
    if kind not in KINDS:
        errors.append({"field": "kind", "text": _("Choose the benefit of the form")})
        return _begin_page(errors)
    begun = claim_counter.begin(tools(), me, request.form.get("number", "")[:40], kind)
    if isinstance(begun, Why):
        return _begin_page([{"field": "number", "text": why_no_form(begun)}], kind)
    return redirect(f"{PAPER}/form", 303)


def _begin_page(errors: list[Error] | None = None, kind: str = "") -> Response:
    me = guards.officer_who_decides()
    begun, entered = claim_counter.form_of(tools(), me), tools().store.claim(request.args.get("entered", "")[:40])
    return show(
        "officer_claims/paper_begin.html",
        status=422 if errors else 200,
        errors=errors,
        error_of={error["field"]: error["text"] for error in errors or ()},
        entered=entered if entered is not None and entered.entered_by == me.id else None,
        begun=begun,
        begun_name=benefit_name(begun.draft.kind) if begun else "",
        kind=kind,
        kinds=[{"value": one, "label": benefit_name(one)} for one in KINDS],
    )


@pages.post("/drop")
@guards.officers_only
def drop() -> AnyResponse:
    claim_counter.drop(tools(), guards.officer_who_decides())
    return redirect(PAPER, 303)


# What the form says


@pages.route("/form", methods=["GET", "POST"])
@guards.officers_only
def form() -> AnyResponse:
    """The day it was handed in, every question of its benefit, how to be paid, which papers came with it."""
    found = claim_counter.form_of(tools(), guards.officer_who_decides())
    if found is None:
        return redirect(PAPER, 303)
    if request.method == "POST":
        return _take_form(found)
    fields = [_field(one, found.draft, found.draft.answers.get(one.name, "")) for one in found.draft.asks.questions]
    handed_in = day_shown("handed_in", found.handed_in_on or tools().clock.today())
    return _form_page(found, handed_in, fields, _payment_kept(found.draft))


def _take_form(found: Form) -> AnyResponse:
    """Question by question, in their order, so that one answer decides whether the next counts. What was right is kept beside what was
    not: a number that is never shown again need not be typed again."""
    handed_in, draft = _handed_in(), Draft(found.draft.reference, found.draft.kind, papers_seen=True)
    errors, fields = list(handed_in.errors), []
    for question in draft.asks.questions:
        field, answer = _read(found, draft, question)
        fields.append(field)
        if question.asked_when(draft.given):
            draft = draft.answered(question.name, answer) if answer else draft
            errors += field["errors"]
        else:
            field.update(errors=[], error=None)
    draft, payment, wrong = _paid(found.draft, draft)
    codes = papers_of_draft(tools(), draft)
    draft = replace(draft, without_papers=tuple(code for code in codes if code not in request.form.getlist("papers")))
    if not request.form.get("declared"):
        wrong.append({"field": "declared", "text": _("The form must be signed. Without it, hand the form back")})
    if errors or wrong or handed_in.day is None:
        found = replace(found, draft=draft, handed_in_on=None)
        claim_counter.keep(tools(), guards.officer_who_decides(), found)
        return _form_page(found, handed_in, fields, payment, errors + wrong)
    claim_counter.keep(tools(), guards.officer_who_decides(), replace(found, draft=draft, handed_in_on=handed_in.day))
    return redirect(f"{PAPER}/check", 303)


def _handed_in() -> DayField:
    day, today = day_typed("handed_in", request.form), tools().clock.today()
    if day.day is not None and day.day > today:
        return day.but(_("This day has not come yet"))
    if day.day is not None and day.day < today - OLDEST_PAPER:
        return day.but(_("This is more than a year ago. Check the year"))
    return day


def _read(found: Form, draft: Draft, question: ClaimQuestion) -> tuple[dict[str, Any], str]:
    """The field as it was typed with its faults, and the answer; empty where there is none to keep."""
    name = f"q_{question.name}"
    if question.asks is Asks.DAY:
        day = day_typed(name, request.form)
        code = claim_drafts.fault_of(tools(), draft, question, day.day.isoformat(), "") if day.day else None
        day = day.but(words.fault_words(question, code, None)) if code else day
        return _field(question, draft, "", day=day), day.day.isoformat() if day.day else ""
    typed = request.form.get(name, "").strip()[:LONGEST_ANSWER]
    if question.asks is Asks.NUMBER and not typed:
        typed = found.draft.answers.get(question.name, "")
    code = claim_drafts.fault_of(tools(), draft, question, typed, found.name.pid)
    highest = question.of_checker.highest(tools().law_book.on(tools().clock.today())) if question.of_checker else None
    error = words.fault_words(question, code, highest) if code else None
    number = claim_drafts.read_number(typed) if question.asks is Asks.NUMBER else None
    answer = number or (typed if question.asks is Asks.WORDS else thai_digits_to_arabic(typed))
    return _field(question, draft, typed, error=error), "" if code else answer


def _field(question: ClaimQuestion, draft: Draft, typed: str, error: str | None = None, day: DayField | None = None) -> dict[str, Any]:
    """One question as the page draws it. A number that was typed is not shown again."""
    name, law = f"q_{question.name}", tools().law_book.on(tools().clock.today())
    said = words.question_words(draft.kind, question)
    if question.asks is Asks.DAY:
        day = day or day_shown(name, claim_drafts.day_in(typed))
    return {
        "name": name,
        "label": said.plain,
        "day": day,
        "options": words.options(question, law) if question.asks in (Asks.CHOICE, Asks.YES_NO) else None,
        "typed": "" if question.asks is Asks.NUMBER else typed,
        "kept": typed[-4:] if question.asks is Asks.NUMBER and typed and not error else "",
        "numeric": question.asks not in (Asks.WORDS, Asks.CHOICE, Asks.YES_NO, Asks.DAY),
        "only_if": question.asked_when({}) is False,
        "error": error,
        "errors": day.errors if day else [{"field": name, "text": error}] if error else [],
    }


def _paid(before: Draft, draft: Draft) -> tuple[Draft, dict[str, Any], list[Error]]:
    """The way of being paid; an account is typed here, with the card on the desk. Left empty, the one typed before stays."""
    way, bank = request.form.get("way", ""), request.form.get("bank", "")
    payment = {"way": way, "bank": bank, "kept": None}
    if way not in set(Way):
        return draft, payment, [{"field": "way", "text": _("Choose how the money should reach the person")}]
    if way != Way.BANK:
        return replace(draft, way=Way(way)), payment, []
    typed = request.form.get("account", "")[:LONGEST_ANSWER] or (before.account if bank == before.bank else "")
    account = read_account(bank, typed)
    if isinstance(account, Account):
        draft = replace(draft, way=Way.BANK, bank=account.bank, account=account.digits)
        return draft, _payment_kept(draft), []
    return draft, payment, [{"field": field, "text": words.account_fault(field, code, bank)} for field, code in account.faults.items()]


def _payment_kept(draft: Draft) -> dict[str, Any]:
    kept = words.payment_words(draft.payment) if draft.is_payable and draft.way is Way.BANK else None
    return {"way": str(draft.way or ""), "bank": draft.bank, "kept": kept}


def _form_page(
    found: Form, handed_in: DayField, fields: list[dict[str, Any]], payment: dict[str, Any], errors: list[Error] | None = None
) -> Response:
    is_citizen = found.name.number_kind is NumberKind.CITIZEN
    codes = papers_of_draft(tools(), replace(found.draft, way=Way.BANK))
    came = request.form.getlist("papers") if request.method == "POST" else [one for one in codes if one not in found.draft.without_papers]
    return show(
        "officer_claims/paper_form.html",
        status=422 if errors else 200,
        errors=errors,
        error_of={error["field"]: error["text"] for error in errors or ()},
        form=found,
        name=benefit_name(found.draft.kind),
        handed_in=handed_in,
        fields=fields,
        payment=payment,
        ways=_ways(is_citizen),
        banks=words.bank_options(),
        papers=[{"code": one.code, "title": one.title, "came": one.code in came and bool(found.handed_in_on or request.form)}
                for one in asked(codes, "")],
        declared=bool(request.form.get("declared")),
    )  # fmt: skip


def _ways(is_citizen: bool) -> list[dict[str, str]]:
    promptpay = [{"value": str(Way.PROMPTPAY), "label": _("PromptPay with the citizen number")}] if is_citizen else []
    bank = {"value": str(Way.BANK), "label": _("Into a bank account")}
    return [*promptpay, bank, {"value": str(Way.COUNTER), "label": _("To be settled at the counter")}]


# What it comes to, and entering it


@pages.route("/check", methods=["GET", "POST"])
@guards.officers_only
def check() -> AnyResponse:
    """Everything once more, then enter it."""
    me = guards.officer_who_decides()
    errors: list[Error] = []
    if request.method == "POST":
        done = claim_counter.enter(tools(), me, request.form.get("reference", "")[:40], request.form.get("mark", ""))
        if isinstance(done, Claim):
            return redirect(f"{PAPER}?entered={done.reference}", 303)
        if isinstance(done, NotAsShown):
            errors.append({"field": "dates", "text": _("Something changed while you were reading. Nothing is entered yet: look again.")})
    found = claim_counter.form_of(tools(), me)
    if found is None or not found.is_filled_in:
        return redirect(f"{PAPER}/form" if found else PAPER, 303)
    return _check_page(found, claim_counter.look_over(tools(), found), errors)


def _check_page(found: Form, answer: Ready | NotReady, errors: list[Error]) -> Response:
    book, today, worth = tools().law_book, tools().clock.today(), answer.worth
    reasons = answer.reasons if isinstance(answer, Ready) else answer.refusal.reasons
    codes = papers_of_draft(tools(), found.draft)
    return show(
        "officer_claims/paper_check.html",
        status=422 if errors else 200,
        errors=errors or None,
        form=found,
        name=benefit_name(found.draft.kind),
        mark=answer.mark if isinstance(answer, Ready) else "",
        unmet=[_in_the_way(reason.code, reason.facts) for reason in reasons if reason.met is False],
        said=claim_result.said_rows(found.draft.kind, found.draft.given, book, today),
        payment=words.payment_words(found.draft.payment),
        papers=[(one.title, one.code not in found.draft.without_papers) for one in asked(codes, "")],
        sums=claim_result.sums(found.draft.kind, worth.worked_out, book) if worth else [],
        no_sum=claim_result.outcome_words(worth.worked_out) if worth else "",
        period=claim_result.period(worth, found.handed_in_on or today, book) if worth else {},
        on=worth.worked_out.on if worth else today,
    )


def _in_the_way(code: str, facts: Any) -> dict[str, Any]:
    """For the officer: the claim that is there already opens at the desk."""
    if code == "not_claimed_already":
        return {"text": _("This has been claimed already."), "href": f"{CLAIMS}/{facts['reference']}", "link": _("Open that claim")}
    if code == "has_happened":
        day: date = facts["on"]
        return {"text": _("It has not happened yet: the form can be taken from %(day)s on.", day=short_date(day))}
    return {"text": _("Something is not filled in yet.")}
