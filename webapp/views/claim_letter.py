"""The decision on a claim as a letter: a page, a sheet to print, a PDF; and the appeal against it.

Decided: the page is the original that everybody can read; the PDF is made anew each time from the same letter, in the request, and nothing
of it is kept (web/letter_pdf.py says what that costs). Neither the address nor the title says which benefit it is about. A claim without
a decision leads to its own page. An appeal can be written in more than one go: a button keeps it, and what could not be sent is kept too,
also after the last day to appeal; an empty box is no wish to lose what was kept.
Who helps somebody sees no letter: no right reaches a claim yet (domain/helper_grant.py).
"""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.actions import claims
from webapp.domain.assurance import Act
from webapp.domain.claim import Claim, SomeoneElseMovedIt
from webapp.web import guards
from webapp.web.claim_letter_words import Kept, Letter, has_letter, letter, letter_foot
from webapp.web.claim_words import PLACE, claim_name
from webapp.web.fragments import show
from webapp.web.language import gettext as _
from webapp.web.language import language
from webapp.web.letter_pdf import letter_pdf
from webapp.web.tools import tools

pages = Blueprint("claim_letter", __name__, url_prefix=PLACE)


def _claim_or_404(claim_reference: str) -> Claim:
    """Another person's and an unknown one are the same: there is no such page."""
    claim = claims.claim_of(tools(), guards.person_who_asks().id, claim_reference)
    if claim is None:
        abort(404)
    return claim


def _address(claim: Claim, part: str = "") -> str:
    return f"{PLACE}/{claim.reference}{part}"


def _letter_of(claim: Claim) -> Letter:
    store = tools().store
    steps, versions = store.steps_of_claim(claim.reference), store.versions_of_claim(claim.reference)
    return letter(Kept(claim, steps, versions, guards.person_name(), tools().law_book, tools().clock.today()))


# The letter


@pages.get("/<claim_reference>/letter")
@guards.signed_in
def page(claim_reference: str) -> AnyResponse:
    claim = _claim_or_404(claim_reference)
    if not has_letter(claim):
        return redirect(_address(claim), 303)
    return show("claims/letter.html", letter=_letter_of(claim), place=_address(claim))


@pages.get("/<claim_reference>/letter/print")
@guards.signed_in
def sheet(claim_reference: str) -> AnyResponse:
    claim = _claim_or_404(claim_reference)
    if not has_letter(claim):
        return redirect(_address(claim), 303)
    return show("claims/letter_print.html", letter=_letter_of(claim), place=_address(claim), foot=letter_foot(tools().clock.now()))


@pages.get("/<claim_reference>/letter.pdf")
@guards.signed_in
def pdf(claim_reference: str) -> AnyResponse:
    """Opened in the browser; its name says no more than its title."""
    claim = _claim_or_404(claim_reference)
    if not has_letter(claim):
        return redirect(_address(claim), 303)
    stamp = _("Prototype: nothing reaches the SSO") if tools().settings.demonstration else ""
    foot = letter_foot(tools().clock.now())
    made = letter_pdf(_letter_of(claim), _("Letter about the decision"), stamp, foot, language())
    response = Response(made, mimetype="application/pdf")
    response.headers["Content-Disposition"] = 'inline; filename="sitthi-letter.pdf"'
    return response


# The appeal


@pages.route("/<claim_reference>/appeal", methods=["GET", "POST"])
@guards.needs(Act.CLAIM_A_BENEFIT)
def appeal(claim_reference: str) -> AnyResponse:
    """In the person's own words; only within the days of the law, and once. `later` keeps it without sending."""
    claim = _claim_or_404(claim_reference)
    if not has_letter(claim):
        return redirect(_address(claim), 303)
    begun = claims.appeal_begun(tools(), claim.person_id, claim.reference)
    if request.method == "GET":
        can_be_read = begun or _letter_of(claim).may_appeal_until
        return _asked(claim, begun) if can_be_read else redirect(_address(claim, "/letter"), 303)
    said = request.form.get("words", "").strip()[: 2 * claims.LONGEST_APPEAL]
    if "later" in request.form:
        claims.keep_appeal(tools(), claim.person_id, claim.reference, said)
        return redirect(_address(claim), 303) if _letter_of(claim).may_appeal_until else _asked(claim, said, _too_late())
    if not said:
        return _asked(claim, begun, _("Write what is wrong with the decision"))
    if len(said) > claims.LONGEST_APPEAL:
        claims.keep_appeal(tools(), claim.person_id, claim.reference, said)
        return _asked(claim, said, _("That is too long. Shorten it a little"))
    try:
        answer = claims.appeal(tools(), claim.person_id, claim.reference, said)
    except SomeoneElseMovedIt:
        answer = None
    if isinstance(answer, Claim):
        return redirect(_address(claim), 303)
    claims.keep_appeal(tools(), claim.person_id, claim.reference, said)
    return _asked(claim, said, _too_late())


def _too_late() -> str:
    return _("It cannot be sent here any more. Your words are kept: take them to any SSO office")


def _asked(claim: Claim, typed: str = "", fault: str = "") -> Response:
    errors = [{"field": "words", "text": fault}] if fault else []
    return show(
        "claims/appeal.html",
        status=422 if fault else 200,
        errors=errors,
        wrong=fault,
        typed=typed,
        until=_letter_of(claim).may_appeal_until,
        most=claims.LONGEST_APPEAL,
        place=_address(claim),
        claim_name=claim_name(claim.kind),
    )
