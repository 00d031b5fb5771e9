"""The audit in words: the reasons an officer chooses from, and what a person reads of who opened their record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from webapp.actions.audit import Opening
from webapp.domain.audit import READS, Act, By, Entry, ReadReason
from webapp.domain.counter_code import Why
from webapp.web.filters import bdi
from webapp.web.language import gettext as _


def reason_choices() -> list[dict[str, str]]:
    """As buttons; OTHER stands apart with its field, PAPER_FORM is noted by itself."""
    choices = (ReadReason.DECIDING, ReadReason.AT_THE_COUNTER, ReadReason.ON_THE_PHONE, ReadReason.COMPLAINT)
    return [{"value": str(one), "label": _officers_words()[one]} for one in choices]


def _officers_words() -> dict[ReadReason, str]:
    return {
        ReadReason.DECIDING: _("To decide it"),
        ReadReason.AT_THE_COUNTER: _("The person is at the counter"),
        ReadReason.ON_THE_PHONE: _("The person is on the phone"),
        ReadReason.COMPLAINT: _("To look into a complaint"),
    }


def reason_word(reason: str, words: str) -> str | Markup:
    """As the person reads it; an unknown one is said to be so."""
    known = {
        ReadReason.DECIDING: _("to decide your request"),
        ReadReason.AT_THE_COUNTER: _("you were at the counter"),
        ReadReason.ON_THE_PHONE: _("you were on the phone"),
        ReadReason.PAPER_FORM: _("a paper form was handed in"),
        ReadReason.COMPLAINT: _("to look into a complaint"),
    }
    if reason == ReadReason.OTHER:
        return bdi(words) if words else _("for another reason, whose words are deleted by now")
    return known[ReadReason(reason)] if reason in known else _("for a reason not known here")


def opening_lines(openings: Sequence[Opening]) -> list[dict[str, Any]]:
    """Newest first: when, who by role, what, why, and which request it belongs to. What the worker does by itself is left out."""
    return [
        {
            "at": one.entry.at,
            "who": _who(one.entry),
            "what": _what(one.entry),
            "why": _why(one),
            "is_read": one.entry.act in READS,
            "about": one.entry.about,
            "address": _address(one.entry),
        }
        for one in openings
        if one.entry.who.by in (By.OFFICER, By.HELPER)
    ]


def _why(one: Opening) -> str | Markup:
    if one.entry.act is Act.COUNTER_CODE_ISSUED:
        return _why_a_code(one.entry.reason)
    return reason_word(one.entry.reason, one.words) if one.entry.act in READS else ""


def _why_a_code(reason: str) -> str:
    known = {
        Why.NO_SMARTPHONE: _("you have no phone that ThaiD works on"),
        Why.CANNOT_USE_THAID: _("you cannot use ThaiD"),
        Why.NOT_THAI: _("you have no Thai nationality"),
        Why.FORGOT_PIN: _("you need a new PIN"),
        Why.LOST: _("your phone or paper was lost or stolen"),
    }
    return known[Why(reason)] if reason in known else _("for a reason not known here")


def _who(entry: Entry) -> str:
    return _("An officer of the SSO") if entry.who.by is By.OFFICER else _("Somebody you asked to help you")


def _what(entry: Entry) -> str:
    said = {
        Act.RECORD_OPENED: _("opened your record"),
        Act.NUMBER_LOOKED_UP: _("found your record by your number"),
        Act.COUNTER_CODE_ISSUED: _("handed out a code to sign in with"),
        Act.REQUEST_STEP: _("worked on your request"),
        Act.CORRECTION_STEP: _("worked on what you told us is wrong"),
    }
    return said.get(entry.act, _("did something in your record"))


def _address(entry: Entry) -> str | None:
    """The page of the case; only the person's own."""
    if entry.about.startswith("HC-"):
        return f"/hospital-change/{entry.about}"
    return f"/my-data/wrong/{entry.about}" if entry.about.startswith("RC-") else None
