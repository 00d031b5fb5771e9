"""A claim before it is sent: what it is, one question a page, how to be paid, papers, the review, sending.

Each step is a page of its own; answers are kept after each (actions/claim_drafts.py), so that Back, reload and another phone work. A
question stands in the address by its number, never by its name: what somebody is ill with is told by no address. What a benefit check has
answered already comes along in the address it stood in; nothing of the record ever does.
Decided: without the net only the last step waits on the phone, the declaration and sending (static/js/sending.js). Everything it sends is
on our side already, so what waits is the promise and the mark of what was shown; the claim is one by its reference, however often it is
tried, goes only in its author's session (web/sent_later.py), counts from when it reaches us, and is shown again where a sum has changed.
The steps before need the net: each answer decides what is asked next and what it comes to, and an account number waits on no phone. Their
pages say so while there is none, and what is kept so far stays.
What becomes of a claim that is sent is shown by views/claim_tracker.py.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.actions import claim_drafts, claims
from webapp.actions.claim_drafts import Draft
from webapp.actions.claim_papers import given
from webapp.actions.claims import NotAsShown, NotReady, Ready
from webapp.domain.assurance import Act, is_lower
from webapp.domain.claim import Claim
from webapp.domain.claim_questions import KINDS, Asks, ClaimQuestion
from webapp.domain.payment import Account, Way, read_account
from webapp.domain.person import NumberKind, Person
from webapp.domain.retention import period_of
from webapp.ports import Name
from webapp.web import benefit_words, claim_result, guards, papers
from webapp.web import claim_words as words
from webapp.web.claim_papers import asked, papers_of_draft
from webapp.web.claim_rows import claim_rows, draft_rows
from webapp.web.day_field import DayField, day_shown, day_typed
from webapp.web.fragments import show
from webapp.web.language import gettext as _
from webapp.web.tools import tools

pages = Blueprint("claims", __name__, url_prefix=words.PLACE)

CARDS = (Asks.CHOICE, Asks.YES_NO)
KEY = re.compile(r"[\w-]{16,64}")
LONGEST_ANSWER = 200
DRAFT_DAYS = period_of("drafts").days
Error = dict[str, Any]


# What it is, and beginning


@pages.get("")
def overview() -> AnyResponse:
    """What can be claimed; for a person first what is begun and what is sent."""
    person = guards.person()
    kinds = [
        {
            "href": f"{words.PLACE}/new/{kind}",
            "icon": benefit_words.benefit_icon(kind),
            "title": benefit_words.benefit_name(kind),
            "text": benefit_words.benefit_line(kind),
        }
        for kind in KINDS
    ]
    drafts, sent = (draft_rows(person), claim_rows(person)) if person else ([], [])
    return show("claims/overview.html", kinds=kinds, keep_days=DRAFT_DAYS, drafts=drafts, sent=sent)


@pages.route("/new/<name>", methods=["GET", "POST"])
@guards.needs(Act.CLAIM_A_BENEFIT)
def begin(name: str) -> AnyResponse:
    """What to have ready, then the first question. Sent twice it is one draft."""
    if name not in KINDS:
        abort(404)
    if request.method == "GET":
        return _begin_page(name)
    key = request.form.get("key", "")
    typed = {one: text.strip()[:LONGEST_ANSWER] for one, text in request.form.items() if KINDS[name].question(one)}
    draft = claim_drafts.begin(tools(), _person().id, name, typed, key if KEY.fullmatch(key) else secrets.token_urlsafe(18))
    if draft is None:
        return show("claims/too_many.html", status=422, drafts=draft_rows(_person()), most=claim_drafts.MOST_DRAFTS)
    return redirect(_address(draft, draft.next_step), 303)


def _begin_page(name: str) -> Response:
    kept = {one.name: request.args[one.name][:LONGEST_ANSWER] for one in KINDS[name].questions if one.name in request.args}
    codes = papers_of_draft(tools(), Draft("", name, answers={}, way=Way.BANK))
    return show(
        "claims/begin.html",
        name=name,
        claim_name=words.claim_name(name),
        form=KINDS[name].benefit.forms(tools().law_book.on(tools().clock.today())),
        papers=asked(codes, ""),
        kept=kept,
        key=secrets.token_urlsafe(18),
        register_within=claim_result.register_within(tools().law_book.on(tools().clock.today())),
        drafts=[row for row in draft_rows(_person()) if row["kind"] == name],
        keep_days=DRAFT_DAYS,
    )


# Where a draft stands


def _person() -> Person:
    return guards.person_who_asks()


def _draft_or_404(claim_reference: str) -> Draft:
    """Another person's and an unknown one are the same: there is no such page."""
    draft = claim_drafts.draft_of(tools(), _person().id, claim_reference)
    if draft is None:
        abort(404)
    return draft


def _draft_or_its_claim(claim_reference: str) -> Draft | AnyResponse:
    """For a page left open while the draft was sent: the claim."""
    if claims.claim_of(tools(), _person().id, claim_reference) is not None:
        return redirect(f"{words.PLACE}/{claim_drafts.read_reference(claim_reference)}", 303)
    return _draft_or_404(claim_reference)


def _address(draft: Draft, step: str) -> str:
    """The page of a step: a question's name, or pay, account, papers, check."""
    names = [question.name for question in draft.asks.questions]
    part = f"questions/{names.index(step) + 1}" if step in names else step
    return f"{words.PLACE}/{draft.reference}/{part}"


def _keep_and_on(draft: Draft) -> AnyResponse:
    claim_drafts.keep(tools(), _person().id, draft)
    return redirect(_address(draft, draft.next_step), 303)


def _step_facts(draft: Draft, step: str) -> dict[str, Any]:
    """What stands on every page of the way: whose claim, how far, the way back."""
    steps = [one.name for one in draft.asks.asked(draft.given)] + ["pay", "papers", "check"]
    place = steps.index("pay" if step == "account" else step) if step != "account" or "pay" in steps else 0
    back = "pay" if step == "account" else steps[place - 1] if place else ""
    return {
        "draft": draft,
        "claim_name": words.claim_name(draft.kind),
        "number": place + 1,
        "all": len(steps),
        "back": _address(draft, back) if back else words.PLACE,
        "here": _address(draft, step),
        "keep_days": DRAFT_DAYS,
        "place": f"{words.PLACE}/{draft.reference}",
    }


# One question a page


@pages.route("/<claim_reference>/questions/<int:number>", methods=["GET", "POST"])
@guards.needs(Act.CLAIM_A_BENEFIT)
def question(claim_reference: str, number: int) -> AnyResponse:
    """Number `number` of the questions of its kind."""
    draft = _draft_or_its_claim(claim_reference)
    if not isinstance(draft, Draft):
        return draft
    questions = draft.asks.questions
    if not 1 <= number <= len(questions):
        abort(404)
    asked_now = questions[number - 1]
    if not asked_now.asked_when(draft.given):
        return redirect(_address(draft, draft.next_step), 303)
    if request.method == "POST":
        return _take_day(draft, asked_now) if asked_now.asks is Asks.DAY else _take_answer(draft, asked_now)
    return _question_page(draft, asked_now, draft.answers.get(asked_now.name, ""))


def _take_day(draft: Draft, asked_now: ClaimQuestion) -> AnyResponse:
    field = day_typed("day", request.form)
    if field.day is not None and (code := claim_drafts.fault_of(tools(), draft, asked_now, field.day.isoformat(), "")):
        field = field.but(words.fault_words(asked_now, code, None))
    if field.day is None:
        return _question_page(draft, asked_now, "", day=field)
    return _keep_and_on(draft.answered(asked_now.name, field.day.isoformat()))


def _take_answer(draft: Draft, asked_now: ClaimQuestion) -> AnyResponse:
    sent = [one.strip()[:LONGEST_ANSWER] for one in request.form.getlist("answer")]
    typed = next((one for one in sent if one), "")
    name: Name | None = guards.person_name()
    code = claim_drafts.fault_of(tools(), draft, asked_now, typed, name.pid if name else "")
    if code is not None:
        highest = asked_now.of_checker.highest(tools().law_book.on(tools().clock.today())) if asked_now.of_checker else None
        return _question_page(draft, asked_now, typed, error=words.fault_words(asked_now, code, highest))
    return _keep_and_on(draft.answered(asked_now.name, claim_drafts.as_kept(asked_now, typed)))


def _question_page(draft: Draft, asked_now: ClaimQuestion, typed: str, error: str = "", day: DayField | None = None) -> Response:
    from_record = None
    if asked_now.asks is Asks.DAY and day is None:
        from_record = None if typed else claim_drafts.day_from_record(tools(), draft, asked_now, _person())
        day = day_shown("day", claim_drafts.day_in(typed) or from_record)
    errors = day.errors if day else [{"field": "answer", "text": error}] if error else []
    return show(
        "claims/question.html",
        status=422 if errors else 200,
        errors=errors,
        error=error or None,
        question=asked_now,
        asked=words.question_words(draft.kind, asked_now),
        options=words.options(asked_now, tools().law_book.on(tools().clock.today())) if asked_now.asks in CARDS else None,
        typed=typed,
        day=day,
        from_record=from_record,
        **_step_facts(draft, asked_now.name),
    )


# Being paid


@pages.route("/<claim_reference>/pay", methods=["GET", "POST"])
@guards.needs(Act.CLAIM_A_BENEFIT)
def pay(claim_reference: str) -> AnyResponse:
    """How the money should come."""
    draft = _draft_or_its_claim(claim_reference)
    if not isinstance(draft, Draft):
        return draft
    name = guards.person_name()
    ways = words.way_options(name is not None and name.number_kind is NumberKind.CITIZEN, is_lower(guards.standing().level))
    if request.method == "GET":
        return show("claims/pay.html", ways=ways, way=str(draft.way or ""), **_step_facts(draft, "pay"))
    typed = request.form.get("way", "")
    if typed not in [one["value"] for one in ways]:
        text = _("Choose how the money should reach you")
        return show("claims/pay.html", status=422, errors=[{"field": "way", "text": text}], error=text, ways=ways, way=typed,
                    **_step_facts(draft, "pay"))  # fmt: skip
    draft = replace(draft, way=Way(typed))
    claim_drafts.keep(tools(), _person().id, draft)
    return redirect(_address(draft, "account" if draft.way is Way.BANK else draft.next_step), 303)


@pages.route("/<claim_reference>/account", methods=["GET", "POST"])
@guards.needs(Act.CHANGE_BANK_ACCOUNT)
def account(claim_reference: str) -> AnyResponse:
    """Which account; sent only with ThaiD of the last minutes."""
    draft = _draft_or_its_claim(claim_reference)
    if not isinstance(draft, Draft):
        return draft
    if request.method == "GET":
        return show("claims/account.html", banks=words.bank_options(), bank=draft.bank, kept=_kept_account(draft), typed="",
                    wrong={}, **_step_facts(draft, "account"))  # fmt: skip
    bank, typed = request.form.get("bank", ""), request.form.get("account", "")[:LONGEST_ANSWER]
    found = read_account(bank, typed)
    if isinstance(found, Account):
        return _keep_and_on(replace(draft, way=Way.BANK, bank=found.bank, account=found.digits))
    wrong = {field: words.account_fault(field, code, bank) for field, code in found.faults.items()}
    errors = [{"field": field, "text": text} for field, text in wrong.items()]
    return show("claims/account.html", status=422, errors=errors, wrong=wrong, banks=words.bank_options(), bank=bank, typed=typed,
                kept=None, **_step_facts(draft, "account"))  # fmt: skip


def _kept_account(draft: Draft) -> Any:
    """The account named already, masked."""
    return words.payment_words(draft.payment) if draft.way is Way.BANK and draft.account else None


# Papers


@pages.route("/<claim_reference>/papers", methods=["GET", "POST"])
@guards.needs(Act.CLAIM_A_BENEFIT)
def papers_page(claim_reference: str) -> AnyResponse:
    """Which, why, and what to do without one; the claim may be sent without them."""
    draft = _draft_or_its_claim(claim_reference)
    if not isinstance(draft, Draft):
        return draft
    codes = papers_of_draft(tools(), draft)
    if request.method == "POST":
        without = tuple(code for code in codes if code in request.form.getlist("without"))
        return _keep_and_on(replace(draft, papers_seen=True, without_papers=without))
    fields = [papers.field("claim", draft.reference, one) for one in asked(codes, _address(draft, "papers"))]
    return show("claims/papers.html", fields=fields, **_step_facts(draft, "papers"))


# The review, and sending


@pages.route("/<claim_reference>/check", methods=["GET", "POST"])
@guards.needs(Act.CLAIM_A_BENEFIT)
def check(claim_reference: str) -> AnyResponse:
    """Everything once more, then send. A draft that was sent already answers with its claim."""
    draft = _draft_or_its_claim(claim_reference)
    if not isinstance(draft, Draft):
        return draft
    if request.method == "POST":
        return _send(draft)
    if draft.next_step != "check":
        return redirect(_address(draft, draft.next_step), 303)
    return _check_page(draft, claims.look_over(tools(), _person(), draft))


def _send(draft: Draft) -> AnyResponse:
    if "declared" not in request.form:
        errors = [{"field": "declared", "text": _("Tick the box if it is true. Without it the claim cannot be sent")}]
        return _check_page(draft, claims.look_over(tools(), _person(), draft), errors)
    answer = claims.send(tools(), _person().id, draft.reference, request.form.get("mark", ""))
    if isinstance(answer, Claim):
        return redirect(f"{words.PLACE}/{answer.reference}", 303)
    if isinstance(answer, NotAsShown):
        errors = [{"field": "sums", "text": _("Something has changed since this page was shown. Look at it, then send again")}]
        return _check_page(draft, answer.ready, errors, declared=True)
    return _check_page(draft, answer, status=422) if answer else redirect(words.PLACE, 303)


def _check_page(
    draft: Draft, found: Ready | NotReady, errors: list[Error] | None = None, declared: bool = False, status: int = 200
) -> Response:
    book, today, worth = tools().law_book, tools().clock.today(), found.worth
    reasons = found.reasons if isinstance(found, Ready) else found.refusal.reasons
    codes = papers_of_draft(tools(), draft)
    there = given(tools(), _person().id, draft.reference)
    return show(
        "claims/check.html",
        status=422 if errors else status,
        errors=errors,
        declared_error=next((one["text"] for one in errors or () if one["field"] == "declared"), None),
        declared=declared,
        ready=isinstance(found, Ready),
        mark=found.mark if isinstance(found, Ready) else "",
        unmet=[claim_result.unmet_words(reason) for reason in reasons if reason.met is False],
        to_look_at=[said for reason in reasons if (said := claim_result.to_look_at(draft.kind, reason))],
        said=claim_result.said_rows(draft.kind, draft.given, book, today, lambda name: _address(draft, name)),
        payment=words.payment_words(draft.payment) if draft.way else "",
        pay_href=_address(draft, "pay"),
        papers=[(one.title, one.code in there) for one in asked(codes, "")],
        papers_href=_address(draft, "papers"),
        sums=claim_result.sums(draft.kind, worth.worked_out, book) if worth else [],
        no_sum=claim_result.outcome_words(worth.worked_out) if worth else "",
        notes=claim_result.child_notes(worth.children) if worth else [],
        **(claim_result.law_facts(draft.kind, worth.worked_out, book) if worth else {}),
        period=claim_result.period(worth, today, book) if worth else {},
        warn=draft.kind == "old_age",
        **_step_facts(draft, "check"),
    )


# Throwing it away


@pages.route("/<claim_reference>/drop", methods=["GET", "POST"])
@guards.needs(Act.CLAIM_A_BENEFIT)
def drop(claim_reference: str) -> AnyResponse:
    """Asked once more; gone with its papers."""
    if request.method == "GET":
        draft = _draft_or_404(claim_reference)
        return show("claims/drop.html", claim_name=words.claim_name(draft.kind), back=_address(draft, draft.next_step),
                    here=f"{words.PLACE}/{draft.reference}/drop")  # fmt: skip
    claim_drafts.drop(tools(), _person().id, claim_drafts.read_reference(claim_reference))
    return redirect(words.PLACE, 303)
