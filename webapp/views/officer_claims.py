"""The claims' desk: the queue with its filters, one claim beside the record and the law, and everything an officer does to it.

Plain links and forms only, in the order in which they are used: an officer works by keyboard alone, and after each decision the first
button of the page, with the focus on it, takes the next claim. Shortcut keys were left out (WCAG 2.1.4, as in views/officer.py).
Each form carries the version that was seen: where somebody else came between, the page says who and what, and gives back what was typed.
A kind of benefit never stands in an address beside a reference: what somebody is ill with is told by no address.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.actions import claim_desk, claim_drafts, claim_queue, documents
from webapp.actions.claim_papers import CASE, given, papers_of_claim
from webapp.actions.claim_queue import LONGEST_WORDS, Can, ClaimView, Hands, InAnothersHands, Show, SumsMoved, Wanted
from webapp.actions.my_record import as_of
from webapp.actions.officers import NobodyDecidesTheirOwnCase
from webapp.domain.claim import Claim, ClaimStandsOtherwise, NeedsAnotherOfficer, OwnClaim, RefusalReason, StepCode, appeal_by
from webapp.domain.claim_questions import KINDS
from webapp.domain.correction import About
from webapp.domain.lawbook import NotKnown
from webapp.web import claim_result, claim_words, guards, opening
from webapp.web import officer_claim_words as words
from webapp.web.benefit_words import benefit_name
from webapp.web.claim_papers import asked
from webapp.web.contact_words import call_row
from webapp.web.correction_words import about_word, recorded_words
from webapp.web.day_field import DayField, day_shown, day_typed
from webapp.web.fragments import show
from webapp.web.hospital_change_words import Names
from webapp.web.hospital_finder import province_options
from webapp.web.language import gettext as _
from webapp.web.language import languages
from webapp.web.law_words import paper_name
from webapp.web.officer_claim_words import CLAIMS
from webapp.web.papers import desk_rows
from webapp.web.tools import tools

pages = Blueprint("officer_claims", __name__, url_prefix=CLAIMS)

Error = dict[str, Any]
Done = Claim | Response | None
RECORD = (About.SECTION, About.PROVINCES, About.HOSPITAL)


# The queue


@pages.get("")
@guards.officers_only
def queue() -> AnyResponse:
    """What waits, as filtered; a reference that is typed leads to its claim."""
    typed = request.args.get("q", "").strip()[:40]
    if typed and tools().store.claim(claim_drafts.read_reference(typed)):
        return redirect(f"{CLAIMS}/{claim_drafts.read_reference(typed)}", 303)
    names, found = Names(), claim_queue.queue(tools(), guards.officer_who_decides(), _wanted())
    filters = words.filters_of(found.wanted)
    kept = {name: value for name, value in filters.items() if name != "show"}
    return show(
        "officer_claims/queue.html",
        queue=found,
        groups=words.groups_of(found, names, tools().clock.today()),
        shows=[words.show_link(one, found.counts[one], kept) for one in Show],
        page_before=words.queue_address({**filters, "page": str(found.page - 1)}),
        page_after=words.queue_address({**filters, "page": str(found.page + 1)}),
        filters=filters,
        kinds=words.kind_options(),
        provinces=province_options(names, _("All of Thailand")),
        hands=words.hands_options(),
        orders=words.order_options(),
        typed=typed,
        errors=[{"field": "q", "text": _("There is no claim with this reference")}] if typed else None,
    )


def _wanted() -> Wanted:
    """The filters of the address; what is not one of them is none."""
    args = request.args
    show_, hands, page = args.get("show", ""), args.get("hands", ""), args.get("page", "1")
    return Wanted(
        show=Show(show_) if show_ in set(Show) else Show.WAITING,
        kind=_kind(args.get("kind", "")),
        province=_province(args.get("province", "")),
        hands=Hands(hands) if hands in set(Hands) else Hands.ANY,
        by_age=args.get("order") == "age",
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
    )


def _kind(typed: str) -> str:
    return typed if typed in KINDS else ""


def _province(typed: str) -> str:
    return typed if typed and tools().store.province(typed) else ""


@pages.route("/next", methods=["GET", "POST"])
@guards.officers_only
def take_next() -> AnyResponse:
    """The first that nobody has, of the kind and province asked for: in this officer's hands, opened to decide it."""
    if request.method == "GET":
        return redirect(CLAIMS, 303)
    me = guards.officer_who_decides()
    taken = claim_queue.take_next(tools(), me, _kind(request.form.get("kind", "")), _province(request.form.get("province", "")))
    if taken is None:
        return show("officer_claims/none_left.html")
    opening.ask_unless_said(me, taken.person_id, taken.reference, f"{CLAIMS}/{taken.reference}", CLAIMS)
    return redirect(f"{CLAIMS}/{taken.reference}", 303)


# One claim


@pages.get("/<claim_reference>")
@guards.officers_only
def claim(claim_reference: str) -> AnyResponse:
    """The claim beside the record, the law and the sums; what can be done to it."""
    view = _look_at(claim_reference)
    if isinstance(view, ClaimView) and view.claim.reference != claim_reference:
        return redirect(f"{CLAIMS}/{view.claim.reference}", 303)
    return _claim_page(view) if isinstance(view, ClaimView) else view


@pages.route("/<claim_reference>/<what>", methods=["GET", "POST"])
@guards.officers_only
def act(claim_reference: str, what: str) -> AnyResponse:
    """Everything an officer does to a claim. A GET here is somebody's way back after signing in or changing language."""
    if what not in ACTS:
        abort(404)
    if request.method == "GET":
        return redirect(f"{CLAIMS}/{claim_reference}", 303)
    try:
        done = ACTS[what](claim_reference)
    except OwnClaim:
        return _own_claim()
    except SumsMoved:
        text = _("The sum has changed since this page was shown. Nothing is decided yet: look, then approve again.")
        return _again(claim_reference, [{"field": "sums", "text": text}])
    except ClaimStandsOtherwise as otherwise:
        return _stands_otherwise(otherwise, what)
    if done is None:
        abort(404)
    return done if isinstance(done, Response) else redirect(f"{CLAIMS}/{done.reference}", 303)


def _open(reference: str) -> Done:
    """Why this officer opens it; from then on today it opens without a question."""
    me = guards.officer_who_decides()
    one = claim_desk.claim_for(tools(), me, reference)
    return one if one is None else opening.take_reason(me, one.person_id, one.reference, f"{CLAIMS}/{one.reference}", CLAIMS) or one


def _act(reference: str, do: Callable[[Claim], Claim | None], hands_free: bool = False) -> Claim | None:
    return claim_queue.act(tools(), guards.officer_who_decides(), reference, _version(), do, hands_free)


def _version() -> int:
    typed = request.form.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0


def _take(reference: str) -> Done:
    return _act(reference, lambda one: claim_desk.take(tools(), guards.officer_who_decides(), one.reference))


def _give_back(reference: str) -> Done:
    """One's own, or that of a colleague who is not there."""
    return _act(reference, lambda one: claim_desk.give_back(tools(), guards.officer_who_decides(), one.reference), hands_free=True)


def _ask(reference: str) -> Done:
    paper, said = request.form.get("paper", ""), _words("paper_words")
    errors = _too_long("paper_words", said)
    one = claim_desk.claim_for(tools(), guards.officer_who_decides(), reference)
    if one is None:
        return None
    if paper not in [option["value"] for option in words.paper_options(one, tools().law_book) if option["value"]]:
        errors.insert(0, {"field": "paper", "text": _("Choose the paper that is missing")})
    if errors:
        return _again(reference, errors)
    return _act(reference, lambda one: claim_desk.ask_for_paper(tools(), guards.officer_who_decides(), one.reference, paper, said))


def _go_on(reference: str) -> Done:
    return _act(reference, lambda one: claim_desk.go_on_without_paper(tools(), guards.officer_who_decides(), one.reference))


def _approve(reference: str) -> Done:
    said = _words("approve_words")
    if errors := _too_long("approve_words", said):
        return _again(reference, errors)
    return claim_queue.approve(tools(), guards.officer_who_decides(), reference, _version(), request.form.get("shown", ""), said)


def _refuse(reference: str) -> Done:
    reason, said = request.form.get("reason", ""), _words("refuse_words")
    errors = _too_long("refuse_words", said)
    if reason not in set(RefusalReason):
        errors.insert(0, {"field": "reason", "text": _("Choose why it is not approved")})
    if errors:
        return _again(reference, errors)
    me, why = guards.officer_who_decides(), RefusalReason(reason)
    return _act(reference, lambda one: claim_desk.propose_refusal(tools(), me, one.reference, one.version, why, said))


def _confirm(reference: str) -> Done:
    me = guards.officer_who_decides()
    return _act(reference, lambda one: claim_desk.confirm_refusal(tools(), me, one.reference), hands_free=True)


def _set_aside(reference: str) -> Done:
    me = guards.officer_who_decides()
    return _act(reference, lambda one: claim_desk.set_refusal_aside(tools(), me, one.reference), hands_free=True)


def _pay(reference: str) -> Done:
    me = guards.officer_who_decides()
    return _act(reference, lambda one: claim_desk.pay_by_hand(tools(), me, one.reference), hands_free=True)


def _judge(reference: str) -> Done:
    judged, said = request.form.get("judged", ""), _words("judge_words")
    errors = _too_long("judge_words", said)
    if judged not in ("upheld", "dismissed"):
        errors.insert(0, {"field": "judged", "text": _("Choose how the appeal ends")})
    elif not said:
        errors.append({"field": "judge_words", "text": _("Write why: the person reads it in the letter")})
    if errors:
        return _again(reference, errors)
    me, shown = guards.officer_who_decides(), request.form.get("shown", "")
    return claim_queue.settle_appeal(tools(), me, reference, _version(), judged == "upheld", shown, said)


def _note_death(reference: str) -> Done:
    field = day_typed("died_on", request.form)
    if field.day is not None and field.day > tools().clock.today():
        field = field.but(_("This day has not come yet"))
    if field.day is None:
        return _again(reference, field.errors, died_on=field)
    me, day = guards.officer_who_decides(), field.day
    return _act(reference, lambda one: claim_desk.note_death(tools(), me, one.reference, day), hands_free=True)


ACTS: dict[str, Callable[[str], Done]] = {
    "open": _open, "take": _take, "give-back": _give_back, "ask": _ask, "go-on": _go_on, "approve": _approve, "refuse": _refuse,
    "confirm": _confirm, "set-aside": _set_aside, "pay": _pay, "judge": _judge, "note-death": _note_death,
}  # fmt: skip
STEP_OF = {
    "take": StepCode.TAKEN, "give-back": StepCode.GIVEN_BACK, "ask": StepCode.PAPER_WANTED, "go-on": StepCode.PAPER_GIVEN,
    "approve": StepCode.APPROVED, "refuse": StepCode.REFUSAL_PROPOSED, "confirm": StepCode.REFUSED,
    "set-aside": StepCode.REFUSAL_SET_ASIDE, "pay": StepCode.PAID, "note-death": StepCode.CLAIMANT_DIED,
}  # fmt: skip
"""What each act leaves in the history; an appeal ends in one of two ways and is not told from a double press."""


def _words(name: str) -> str:
    """Plain text on one line, a little more than is taken, so that what is too long can be shortened."""
    return " ".join(request.form.get(name, "").split())[: 2 * LONGEST_WORDS]


def _too_long(name: str, said: str) -> list[Error]:
    if len(said) <= LONGEST_WORDS:
        return []
    return [{"field": name, "text": _("Write at most %(most)s characters; now there are %(count)s", most=LONGEST_WORDS, count=len(said))}]


def _look_at(reference: str) -> ClaimView | Response:
    try:
        view = claim_queue.look_at(tools(), guards.officer_who_decides(), reference)
    except OwnClaim:
        return _own_claim()
    if view is None:
        abort(404)
    return view


def _again(reference: str, errors: list[Error], died_on: DayField | None = None) -> Response:
    """Nothing was done: the page again, with what was typed. Where somebody else was first, that is the thing to say."""
    view = _look_at(reference)
    if not isinstance(view, ClaimView):
        return view
    if view.claim.version != _version():
        return _moved(view.claim)
    return _claim_page(view, errors, died_on)


def _claim_page(view: ClaimView, errors: list[Error] | None = None, died_on: DayField | None = None) -> Response:
    me, one = guards.officer_who_decides(), view.claim
    if asked_why := opening.ask_unless_said(me, one.person_id, one.reference, f"{CLAIMS}/{one.reference}", CLAIMS):
        return asked_why
    try:
        files = documents.for_officer(tools(), me, CASE, one.reference)
    except NobodyDecidesTheirOwnCase:
        return _own_claim()
    return show(
        "officer_claims/claim.html",
        status=422 if errors else 200,
        errors=errors,
        error_of={error["field"]: error["text"] for error in errors or ()},
        typed={name: value[: 2 * LONGEST_WORDS] for name, value in request.form.items()},
        most=LONGEST_WORDS,
        view=view,
        claim=one,
        me=me,
        can={str(can) for can in view.can},
        is_done_with=_is_done_with(view),
        address=f"{CLAIMS}/{one.reference}",
        name=benefit_name(one.kind),
        tag_of_status=claim_words.claim_tag(one),
        history=words.history_of(view),
        died_on=died_on or day_shown("died_on", None),
        call=call_row(one.person_id, view.name_may_be_shown, one.is_open and one.died_on is None),
        **_what_was_sent(view),
        **_papers(one),
        files=desk_rows(files),
        still_looked_at=files.still_looked_at,
        **_beside_it(view),
        **_for_the_decision(view),
    )


def _is_done_with(view: ClaimView) -> bool:
    """This officer took the last step, and nothing of it waits for them."""
    return view.steps[-1].by == guards.officer_who_decides().id and not view.can & {Can.DECIDE, Can.TAKE, Can.SECOND, Can.JUDGE}


def _what_was_sent(view: ClaimView) -> dict[str, Any]:
    one, book = view.claim, tools().law_book
    return {
        "said": claim_result.said_rows(one.kind, one.answers, book, one.event_on),
        "payment": claim_words.payment_words(one.payment),
        "typed_by": tools().store.officer(one.entered_by) if one.entered_by else None,
        "waited": words.waited_words(one.waited(tools().clock.now())),
    }


def _papers(one: Claim) -> dict[str, Any]:
    """Each paper with what is known of it."""
    codes, there = papers_of_claim(tools(), one), given(tools(), one.person_id, one.reference)
    return {
        "papers": [{"label": paper.title, "there": paper.code in there, "cannot": paper.code in one.without_papers}
                   for paper in asked(codes, "")],
        "wanted": paper_name(one.wanted.paper) if one.wanted else "",
    }  # fmt: skip


def _beside_it(view: ClaimView) -> dict[str, Any]:
    """The record, the law of the day, and the sums as they were shown and as they are now."""
    names, one, now, book = Names(), view.claim, view.checked.worth.worked_out, tools().law_book
    shown = one.decision.worked_out if one.decision and one.decision.worked_out else one.expected
    compared = words.sums_compared(one.expected, now)
    return {
        "record": [{"label": about_word(part), "value": recorded_words(part, view.person, names)} for part in RECORD],
        "record_as_of": as_of(tools(), view.person),
        "checks": words.checks_of(view, book),
        "compared": compared,
        "differs": one.is_undecided and any(row["differs"] for row in compared),
        "sums": claim_result.sums(one.kind, now if one.is_undecided else shown, book),
        "no_sum": claim_result.outcome_words(now),
        "notes": claim_result.child_notes(view.checked.worth.children),
        **claim_result.law_facts(one.kind, now, book),
    }


def _for_the_decision(view: ClaimView) -> dict[str, Any]:
    one, book = view.claim, tools().law_book
    kept, proposal, decision = tools().store.settings_of(one.person_id), one.proposal, one.decision
    why = proposal.reason if proposal else decision.reason if decision else None
    return {
        "refusals": words.refusals(one, book),
        "reads": languages()[kept.language] if kept and kept.language in languages() else "",
        "paper_options": words.paper_options(one, book),
        "why_not": claim_words.refusal_words(why) if why else None,
        "law_of_why": words.law_of(why, one.kind, book.on(one.event_on)) if why else "",
        "paid_before": _paid_before(one),
        "came_back": claim_words.returned_words(one.returned.why) if one.returned else "",
        "proposed_by": view.officers.get(proposal.by) if proposal else None,
        "appeal_by": _appeal_by(one),
    }


def _paid_before(one: Claim) -> dict[str, Any] | None:
    """After an upheld appeal: what went out already, and what is left to send."""
    if one.paid_before is None:
        return None
    sent, left = (
        [{"label": claim_words.amount_name(sum_.code), "value": claim_result.said(sum_)} for sum_ in sums]
        for sums in (one.paid_before.together, one.to_pay)
    )
    return {"on": one.paid_before.at, "sent": sent, "left": left, "months": one.paid_before.months}


def _appeal_by(one: Claim) -> date | None:
    try:
        return appeal_by(one, tools().law_book)
    except NotKnown:
        return None


# Where it could not be done


def _own_claim() -> Response:
    return show("officer_claims/own_claim.html", status=403)


def _stands_otherwise(otherwise: ClaimStandsOtherwise, what: str) -> AnyResponse:
    """A double press is the first one; else who came between, or why it takes another officer."""
    me, one = guards.officer_who_decides(), otherwise.claim
    if isinstance(otherwise, NeedsAnotherOfficer):
        return show("officer_claims/needs_another.html", status=403, claim=one, is_typed=one.entered_by == me.id)
    if isinstance(otherwise, InAnothersHands):
        return show("officer_claims/in_anothers_hands.html", status=409, claim=one, who=tools().store.officer(one.taken_by),
                    typed=_what_was_typed())  # fmt: skip
    if what in STEP_OF and claim_queue.is_mine_already(tools(), me, one, STEP_OF[what], _version()):
        return redirect(f"{CLAIMS}/{one.reference}", 303)
    return _moved(one)


def _moved(one: Claim) -> Response:
    """It tells the last step of a case, so it holds a reason as the case's own page does."""
    opening.ask_unless_said(guards.officer_who_decides(), one.person_id, one.reference, f"{CLAIMS}/{one.reference}", CLAIMS)
    met = claim_queue.who_moved_it(tools(), one)
    return show(
        "officer_claims/someone_else.html",
        status=409,
        claim=one,
        tag_of_status=claim_words.claim_tag(one),
        who=words.who_did(met.step, one, met.officer),
        at=met.step.at,
        what=words.step_words(met.step, one),
        typed=_what_was_typed(),
    )


def _what_was_typed() -> list[str]:
    """What this officer had chosen and written, to be taken over by hand."""
    reason = request.form.get("reason", "")
    chosen = [claim_words.refusal_words(RefusalReason(reason)).why] if reason in set(RefusalReason) else []
    return chosen + [text for name in ("paper_words", "approve_words", "refuse_words", "judge_words") if (text := _words(name))]
