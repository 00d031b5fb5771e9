"""What reminders say, in both languages.

Decided: a lock screen lies open to everybody, so its text names no person, illness, benefit or hospital, nor how a request was decided.
Days and times it may name: they are the same for thousands. In the inbox, behind sign-in, a request's steps are named.
What stands in the inbox is read weeks later too: there each day is named, and nothing is "today", "tomorrow" or "left".
A phone speaks the language its subscription was made in, so nothing here asks which language a page has.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from webapp.domain.reminder import Kind, Occasion
from webapp.web.filters import say_date, say_time
from webapp.web.language import catalogue, language


def on_the_lock_screen(occasion: Occasion, facts: Mapping[str, str], code: str) -> tuple[str, str]:
    """Title and text."""
    return _filled(_NEWS if occasion in _STEPS else _TEXTS[occasion], facts, code)


def in_the_inbox(occasion: Occasion, facts: Mapping[str, str]) -> tuple[str, str]:
    """Title and text in the page's language, for the person alone."""
    return _filled(_STEPS.get(occasion) or _DATED.get(occasion) or _TEXTS[occasion], facts, language())


def kind_name(kind: Kind) -> str:
    """For a switch, in the page's language."""
    return _said(_KINDS[kind], language())


def _filled(texts: tuple[str, str], facts: Mapping[str, str], code: str) -> tuple[str, str]:
    values = _values(facts, code)
    title, text = (_said(text, code) for text in texts)
    return title % values, text % values


def _said(msgid: str, code: str) -> str:
    return catalogue(code).gettext(msgid).replace("|", "")


def _values(facts: Mapping[str, str], code: str) -> dict[str, str]:
    """Each fact that is a day or a time, as people write it: "closes_at" gives %(closes_at)s, its day, and %(closes_at_time)s."""
    values: dict[str, str] = {}
    for name, text in facts.items():
        if "T" in text:
            at = datetime.fromisoformat(text)
            values |= {name: say_date(at, "day", code), f"{name}_time": say_time(at, code)}
        elif name.endswith(("_on", "_by", "_day")):
            values[name] = say_date(date.fromisoformat(text), "day", code)
    return values


def _(msgid: str) -> str:
    """Marks a text for the catalogue; it is looked up when somebody hears it."""
    return msgid


_CLOSES = _("Closes %(closes_at)s. Send before %(closes_at_time)s on that day.")
_NEWS = (_("There is news on your request"), _("Tap to read it."))
_TEXTS = {
    Occasion.WINDOW_OPENS: (_("You can change hospital now"), _("The yearly window is open until %(closes_at)s.")),
    Occasion.WINDOW_30_DAYS: (_("30 days left to change hospital"), _CLOSES),
    Occasion.WINDOW_7_DAYS: (_("7 days left to change hospital"), _CLOSES),
    Occasion.WINDOW_1_DAY: (_("Changing hospital closes tomorrow"), _CLOSES),
    Occasion.WINDOW_LAST_MORNING: (_("Last day to change hospital"), _("Send today before %(closes_at_time)s.")),
    Occasion.CUT_OFF_TOMORROW: (
        _("This round closes tomorrow"), _("Send before %(file_by_time)s. If approved in time, it starts on %(effective_on)s."),
    ),
    Occasion.CUT_OFF_TODAY: (
        _("This round closes today"), _("Send before %(file_by_time)s. If approved in time, it starts on %(effective_on)s."),
    ),
    Occasion.DRAFT_TOMORROW: (
        _("Your form is not sent yet"), _("This round closes tomorrow. Send before %(file_by_time)s on %(file_by)s."),
    ),
    Occasion.DRAFT_TODAY: (_("Your form is not sent yet"), _("This round closes today. Send before %(file_by_time)s.")),
    Occasion.NEW_HOSPITAL_STARTS: (
        _("Your new hospital has started"), _("From %(effective_on)s, go there. Tap to see which one."),
    ),
    Occasion.STILL_OLD_HOSPITAL: (
        _("Still your old hospital"), _("Your request is not decided yet. Keep going to your old hospital until we tell you."),
    ),
    Occasion.HOSPITAL_LEAVES: (
        _("Your hospital is leaving the scheme"), _("Choose a new one by %(choose_by)s, before %(choose_by_time)s."),
    ),
    Occasion.BENEFIT_QUALIFIED: (_("You have paid enough months for something new"), _("Tap to see what you can claim.")),
    Occasion.UNEMPLOYMENT_7_DAYS: (_("A date to keep: %(register_by)s"), _("Tap to see what to do by then.")),
    Occasion.UNEMPLOYMENT_1_DAY: (_("A date to keep: %(register_by)s"), _("It is nearly here. Tap to see what to do by then.")),
    Occasion.UNEMPLOYMENT_REPORT: (
        _("Something to do each month: open Sitthi"), _("If you registered, the office gave you a day. Tap to see more."),
    ),
    Occasion.CLAIM_NEWS_DRAFT: (_("A form begun and not sent"), _("Open Sitthi to see until when it can be sent.")),
    Occasion.CLAIM_30_DAYS: (_("A date to claim money is near"), _("Open Sitthi to see which day it is.")),
    Occasion.CLAIM_7_DAYS: (_("A date to claim money is very near"), _("Open Sitthi to see which day it is.")),
    Occasion.SIGN_IN_NEW: (_("Somebody signed in on another device"), _("Was it you? Tap to look, and to end it if not.")),
    Occasion.SIGN_IN_CODE: (_("A sign-in code was handed out at a counter"), _("Was it you? Tap to look.")),
    Occasion.SIGN_IN_WAY: (_("A new way to sign in has been set"), _("Was it you? Tap to look, and to remove it if not.")),
    Occasion.CONTACT_CHANGED: (
        _("The phone number we may call has been changed"), _("Was it you? Tap to look, and to change it back if not."),
    ),
    Occasion.NAME_CHANGED: (_("The name in your record has been changed"), _("Was it asked for by you? Tap to look.")),
    Occasion.HELPER_ACCEPTED: (_("Somebody can now act for you"), _("Was it you who asked? Tap to see what they may do, and to end it.")),
    Occasion.HELPER_SENT: (_("Your helper has done something for you"), _("Tap to see what it was.")),
    Occasion.HELPER_ENDED: (_("Somebody no longer acts for you"), _("Tap to see who helps you now.")),
    Occasion.HELPING_GRANTED: (_("You can now act for somebody"), _("Tap to see for whom, and what you may do.")),
    Occasion.HELPING_ENDED: (_("You no longer act for somebody"), _("Tap to see whom you still help.")),
    Occasion.TEST: (_("The test worked"), _("Reminders reach this device.")),
    Occasion.RENEW: (_("Open the app once"), _("Otherwise reminders stop reaching this device.")),
}  # fmt: skip
_STEPS = {
    Occasion.REQUEST_ENTERED: (_("Your paper form has been entered"), _("A second officer checks the time it was handed in.")),
    Occasion.REQUEST_RECEIVED: (
        _("Your request has been received"), _("If approved in time, the new hospital starts on %(effective_on)s."),
    ),
    Occasion.REQUEST_PAPER_TIME: (
        _("Your paper form counts from another time"), _("If approved in time, the new hospital starts on %(effective_on)s."),
    ),
    Occasion.REQUEST_UNDER_REVIEW: (_("An officer is looking at your request"), _("We tell you as soon as it is decided.")),
    Occasion.REQUEST_APPROVED: (_("Your request is approved"), _("Your new hospital starts on %(effective_on)s.")),
    Occasion.REQUEST_APPROVED_LATE: (
        _("Your request is approved, but later than planned"), _("Your new hospital starts on %(effective_on)s."),
    ),
    Occasion.REQUEST_REFUSED: (_("Your request was not approved"), _("Open it to read why and what you can do next.")),
    Occasion.REQUEST_WITHDRAWN: (_("Your request has been withdrawn"), _("You keep your old hospital.")),
    Occasion.CLAIM_NEWS_SENT: (_("Your claim has been received"), _("Open it to see what comes next.")),
    Occasion.CLAIM_NEWS_TAKEN: (_("An officer has taken up your claim"), _("We tell you as soon as it is decided.")),
    Occasion.CLAIM_NEWS_PAPER: (_("Your claim needs one more paper"), _("Open it to see which one. Until then the time stands still.")),
    Occasion.CLAIM_NEWS_PAPER_AGAIN: (_("Your claim still waits for a paper"), _("Open it to see which one, or what to do without it.")),
    Occasion.CLAIM_NEWS_PAPER_UNREAD: (_("A paper of your claim could not be read"), _("Open it and give the paper again.")),
    Occasion.CLAIM_NEWS_PAYMENT: (_("How a claim is paid has been changed"), _("Was it not you? Call 1506 at once.")),
    Occasion.CLAIM_NEWS_DECIDED: (_("Your claim has been decided"), _("Open it to read how, and why.")),
    Occasion.CLAIM_NEWS_AT_BANK: (_("The money of your claim is on its way"), _("Open it to see how much and how.")),
    Occasion.CLAIM_NEWS_RETURNED: (_("The bank sent the money of your claim back"), _("Open it and say how you want to be paid.")),
    Occasion.CLAIM_NEWS_RETURNED_AGAIN: (_("Your claim still waits for another account"), _("Open it and say how you want to be paid.")),
    Occasion.CLAIM_NEWS_PAID: (_("The money of your claim has been paid"), _("Open it to see how much and how.")),
    Occasion.CLAIM_NEWS_WITHDRAWN: (_("Your claim has been withdrawn"), _("You can claim again while there is time.")),
    Occasion.CLAIM_NEWS_APPEALED: (_("Your appeal has been received"), _("Another officer looks at it.")),
    Occasion.CORRECTION_ANSWERED: (_("What you told us is wrong has been answered"), _("Open it to read the answer.")),
}  # fmt: skip
_WINDOW = (_("Changing hospital: until %(closes_at)s"), _("Send before %(closes_at_time)s on that day."))
_ROUND = (_("Last day of a round: %(file_by)s"), _("Send before %(file_by_time)s. If approved in time, it starts on %(effective_on)s."))
_FORM = (_("A form begun and not sent"), _("The round closes on %(file_by)s. Send before %(file_by_time)s on that day."))
_LAST_DAY_TO_CLAIM = (
    _("Last day to claim: %(claim_by)s"), _("By what your record says. If you have claimed already, there is nothing to do."),
)  # fmt: skip
_DATED = {
    Occasion.WINDOW_OPENS: _WINDOW,
    Occasion.WINDOW_30_DAYS: _WINDOW,
    Occasion.WINDOW_7_DAYS: _WINDOW,
    Occasion.WINDOW_1_DAY: _WINDOW,
    Occasion.WINDOW_LAST_MORNING: _WINDOW,
    Occasion.CUT_OFF_TOMORROW: _ROUND,
    Occasion.CUT_OFF_TODAY: _ROUND,
    Occasion.DRAFT_TOMORROW: _FORM,
    Occasion.DRAFT_TODAY: _FORM,
    Occasion.STILL_OLD_HOSPITAL: (
        _("On %(effective_on)s: still your old hospital"), _("Your request was not decided by then. Open it to see how it stands."),
    ),
    Occasion.UNEMPLOYMENT_1_DAY: (_("A date to keep: %(register_by)s"), _("Tap to see what to do by then.")),
    Occasion.UNEMPLOYMENT_REPORT: (
        _("If you registered as unemployed: report each month"),
        _("The day is the one that the employment office gave you. If you work again, there is nothing to do."),
    ),
    Occasion.CLAIM_NEWS_DRAFT: (_("Your claim is not sent yet"), _("The last day to claim is %(claim_by)s.")),
    Occasion.CLAIM_30_DAYS: _LAST_DAY_TO_CLAIM,
    Occasion.CLAIM_7_DAYS: _LAST_DAY_TO_CLAIM,
}  # fmt: skip
_KINDS = {
    Kind.WINDOW: _("The yearly window for changing hospital"),
    Kind.CUT_OFF: _("Every half month, before the round closes"),
    Kind.DRAFT: _("A form begun and not sent, before the round closes"),
    Kind.REQUEST: _("Each step of your request, and the day your new hospital starts"),
    Kind.HOSPITAL_LEAVES: _("When your hospital leaves the scheme"),
    Kind.BENEFIT: _("When you have paid enough months for a benefit"),
    Kind.UNEMPLOYMENT: _("Registering in time after your job ends, and the monthly report"),
    Kind.CLAIM: _("Before the last day to claim money after your job ends"),
}
