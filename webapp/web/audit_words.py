"""The audit in words: the reasons an officer chooses from, and what a person reads of who opened their record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from webapp.actions.audit import Opening
from webapp.domain.audit import READS, Act, By, Entry, ReadReason
from webapp.domain.counter_code import Why
from webapp.domain.helper_grant import Right
from webapp.domain.name_change import PaperSeen
from webapp.web.filters import bdi
from webapp.web.helper_words import right_word
from webapp.web.language import gettext as _
from webapp.web.language import ph
from webapp.web.name_change_words import paper_seen_word
from webapp.web.tools import tools


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
        if one.entry.who.by in (By.OFFICER, By.HELPER) and not _is_stamp(one.entry)
    ]


def _why(one: Opening) -> str | Markup:
    if one.entry.act is Act.COUNTER_CODE_ISSUED:
        return _why_a_code(one.entry.reason)
    if one.entry.act is Act.NAME_CHANGED:
        return _why_another_name(one)
    if one.entry.act is Act.HELPER_USED and one.entry.reason in set(Right):
        return right_word(Right(one.entry.reason))
    if one.entry.act in (Act.HELP_GRANTED, Act.ACCOUNT_GIVEN_TO_BANK):
        return bdi(one.words) if one.words else ""
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


def _why_another_name(one: Opening) -> str | Markup:
    paper = paper_seen_word(PaperSeen(one.entry.reason)) if one.entry.reason in set(PaperSeen) else _("for a reason not known here")
    return ph("%(paper)s. Before: %(name)s", paper=paper, name=bdi(one.words)) if one.words else paper


def _who(entry: Entry) -> str | Markup:
    if entry.who.by is By.OFFICER:
        return _("An officer of the SSO")
    name = tools().store.name_of(entry.who.id)
    return ph("%(name)s, who helps you,", name=bdi(name.given_name)) if name else _("Somebody you asked to help you")


def _what(entry: Entry) -> str:
    if entry.who.by is By.HELPER and entry.facts.get("step") in STEPS_OF_HELPERS:
        return _step_of_helper(entry)
    said = {
        Act.RECORD_OPENED: _("opened your record"),
        Act.NUMBER_LOOKED_UP: _("found your record by your number"),
        Act.COUNTER_CODE_ISSUED: _("handed out a code to sign in with"),
        Act.PAPER_OPENED: _("read a paper you gave"),
        Act.ACCOUNT_GIVEN_TO_BANK: _("gave the number of your account or PromptPay to the bank"),
        Act.REQUEST_STEP: _("worked on your request"),
        Act.CORRECTION_STEP: _("worked on what you told us is wrong"),
        Act.CLAIM_STEP: _("worked on your claim"),
        Act.CLAIM_PAYMENT: _("had part in paying your claim"),
        Act.NAME_CHANGED: _("wrote a new name into your record"),
        Act.HELP_ACCEPTED: _("took up your offer and can act for you"),
        Act.HELP_GRANTED: _("let somebody act for you, having seen a paper"),
        Act.HELP_ENDED: _("ended that somebody acts for you"),
        Act.HELPER_BEGAN: _("began to act for you"),
        Act.HELPER_STOPPED: _("stopped acting for you"),
        Act.HELPER_USED: _("used a right that you gave"),
    }
    return said.get(entry.act, _("did something in your record"))


STEPS_OF_HELPERS = frozenset({"submitted", "sent", "withdrawn"})


def _is_stamp(entry: Entry) -> bool:
    """The receipt of what a helper sent is stamped by the server, in the same moment."""
    return entry.who.by is By.HELPER and entry.facts.get("step") == "received"


def _step_of_helper(entry: Entry) -> str:
    if entry.facts["step"] == "withdrawn":
        return _("took back what was sent for you")
    return _("sent your request") if entry.act is Act.REQUEST_STEP else _("told the office what is wrong in your record")


def _address(entry: Entry) -> str | None:
    """The page of the case; only the person's own."""
    if entry.about.startswith("HC-"):
        return f"/hospital-change/{entry.about}"
    if entry.about.startswith("DC-"):
        return f"/documents/{entry.about}"
    return f"/my-data/wrong/{entry.about}" if entry.about.startswith("RC-") else None
