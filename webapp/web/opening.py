"""Why an officer opens somebody's record: asked once a day and case, in one tap, before anything of the record is shown.

Plain buttons, one for each reason: the first is the one that nearly always fits, so that a desk with hundreds of cases a day loses one
keystroke each. Words are wanted only where no reason fits. The person reads the reason (views/privacy.py), and the page says so.
"""

from __future__ import annotations

from flask import Response, request

from webapp.actions import audit
from webapp.domain.audit import ReadReason
from webapp.ports import Officer
from webapp.web.audit_words import reason_choices
from webapp.web.fragments import show
from webapp.web.language import gettext as _
from webapp.web.tools import tools


def ask_unless_said(officer: Officer, person_id: str, about: str, address: str, back: str) -> Response | None:
    """The question, where this officer has not answered it today. Whoever sends a decision that cannot be taken as it is has said it by
    that: midnight may have passed while they read."""
    if not audit.must_say_why(tools(), officer, about):
        return None
    if request.method == "GET":
        return ask(address, back)
    with tools().store.transaction():
        audit.opened(tools(), officer, person_id, about, ReadReason.DECIDING)
    return None


def ask(address: str, back: str, error: str | None = None, words: str = "") -> Response:
    """The question instead of the record; the answer goes to `address`/open."""
    return show(
        "officer/why_open.html",
        status=422 if error else 200,
        errors=[{"field": "words", "text": error}] if error else None,
        error=error,
        words=words,
        address=f"{address}/open",
        back_to=back,
        reference=address.rpartition("/")[2],
        reasons=reason_choices(),
        most=audit.LONGEST_REASON,
    )


def take_reason(officer: Officer, person_id: str, about: str, address: str, back: str) -> Response | None:
    """Note the reason that was tapped; the question again where that was none, or words are missing or too many."""
    reason, words = request.form.get("reason", ""), " ".join(request.form.get("words", "").split())
    if reason not in set(ReadReason):
        return ask(address, back, _("Choose why you open this"), words)
    if reason == ReadReason.OTHER and not words:
        return ask(address, back, _("Write why, in a few words"))
    if len(words) > audit.LONGEST_REASON:
        text = _("Write at most %(most)s characters; now there are %(count)s", most=audit.LONGEST_REASON, count=len(words))
        return ask(address, back, text, words)
    with tools().store.transaction():
        audit.opened(tools(), officer, person_id, about, ReadReason(reason), words if reason == ReadReason.OTHER else "")
    return None
