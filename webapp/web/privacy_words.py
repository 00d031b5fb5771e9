"""What is held, why and for how long, in words; what extras ask for; and somebody's copy of their data as they read it.

The periods come from domain/retention.py, the versions of the texts of consents from domain/consent.py: whoever changes the words of
`purpose_words` raises the version there (tests/web/test_privacy_words.py holds the two together).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from markupsafe import Markup, escape

from webapp.actions.hospital_change import DRAFT_DAYS
from webapp.domain.consent import Channel, Consent, Purpose
from webapp.domain.hospital_change import Cause, known_status
from webapp.domain.retention import KINDS, After, Basis, Kept, Source
from webapp.web.filters import bdi, date_time, month_year, short_date
from webapp.web.hospital_change_words import Names, cause_word, status_tag
from webapp.web.language import gettext as _
from webapp.web.language import ngettext, ph

Words = str | Markup
FEWEST_FOR_A_TABLE = 3


@dataclass(frozen=True)
class KindWords:
    """One kind of data: its name, what it holds, what for."""

    code: str
    name: str
    holds: str
    why: str
    told_by: str
    basis: str
    how_long: str
    sealed: bool
    erasable: bool


def every_kind(about_people_only: bool = True) -> list[KindWords]:
    """In the order of the declarations."""
    return [_words_of(kind) for kind in KINDS if kind.about_people or not about_people_only]


def _words_of(kind: Kept) -> KindWords:
    name, holds, why = _said_of_kinds()[kind.code]
    told_by = ", ".join(_said_of_sources()[source] for source in kind.sources)
    return KindWords(kind.code, name, holds, why, told_by, _said_of_bases()[kind.basis], how_long(kind), kind.sealed, kind.erasable)


def how_long(kind: Kept) -> str:
    """The period with what it runs from."""
    if kind.period is None or kind.after is None:
        return _("until you end or delete it") if kind.erasable else _("for as long as the office uses this service")
    time = span(kind.period)
    return {
        After.LAST_CHANGED: _("%(time)s after it was last changed or used", time=time),
        After.STARTED: _("%(time)s after it began", time=time),
        After.ENDED: _("until it ends, and %(time)s more", time=time),
        After.SETTLED: _("until the answer, and %(time)s more", time=time),
        After.PASSED: _("%(time)s after it has passed", time=time),
        After.WRITTEN: _("%(time)s after it was written", time=time),
    }[kind.after]


def span(period: timedelta) -> str:
    """In the largest unit that comes out even."""
    seconds = int(period.total_seconds())
    if seconds % 86_400 == 0:
        return ngettext("%(num)s day", "%(num)s days", seconds // 86_400)
    if seconds % 3600 == 0:
        return ngettext("%(num)s hour", "%(num)s hours", seconds // 3600)
    return ngettext("%(num)s minute", "%(num)s minutes", seconds // 60)


def _said_of_sources() -> dict[Source, str]:
    return {
        Source.OFFICE: _("the Social Security Office"),
        Source.THAID: _("ThaiD"),
        Source.GOVERNMENT_CHANNEL: _("the Government Channel app"),
        Source.PERSON: _("you"),
        Source.OFFICERS: _("the officers who work on it"),
        Source.HERE: _("made by this service"),
    }


def _said_of_bases() -> dict[Basis, str]:
    return {
        Basis.SERVICE: _("needed for what you ask us to do"),
        Basis.SHOWING: _("needed to show later what was done and why"),
        Basis.CONSENT: _("only with your consent, which you can take back"),
    }


def _said_of_kinds() -> dict[str, tuple[str, str, str]]:
    """By the code of the declaration: name, what it holds, what for."""
    return {
        "identity": (
            _("Who you are and how you are insured"),
            _(
                "name, ID number, birth date, section, provinces of home and work, hospital; "
                "after a change of name also the old one, until the office’s file follows"
            ),
            _("to know whose record it is and which rules apply"),
        ),
        "months_paid": (
            _("Months paid"),
            _("each month with wage, section and employer"),
            _("to count what your months are enough for"),
        ),
        "requests": (
            _("Requests and their history"),
            _("the hospitals you chose, your reason, every step with its time and who took it"),
            _("to decide them, and to show later how"),
        ),
        "corrections": (
            _("What you told us is wrong"),
            _("what you wrote, the months, the proof you have, the answer"),
            _("to answer you, and to look it up when a later month is doubted"),
        ),
        "claims": (
            _("Claims and their history"),
            _("your answers, what it is worth and how it was worked out, every step with its time, each earlier state"),
            _("to decide them, and to show later how"),
        ),
        "claim_batches": (
            _("Lists of payments that went to a bank"),
            _("which claim, how much, by which way, when it was paid or sent back"),
            _("to pay you, and to show later what was paid"),
        ),
        "claim_accounts": (
            _("The account a claim is paid into"),
            _("the whole account number; pages show its last digits only"),
            _("to pay you"),
        ),
        "papers": (
            _("Papers you gave"),
            _("each page as a picture, when it was given, which officer read it"),
            _("to decide what you ask for; what is never sent is deleted after %(days)s days", days=DRAFT_DAYS),
        ),
        "drafts": (
            _("Forms you have begun"),
            _("your answers so far"),
            _("so that you can go on where you stopped"),
        ),
        "counter_drafts": (
            _("At a counter: whom the officer has before them"),
            _("who it is, and the code while it is handed over"),
            _("so that the officer makes the code for you and for nobody else"),
        ),
        "claim_forms": (
            _("At a counter: a claim form that an officer is typing"),
            _("who it is, and what stands on the paper form"),
            _("so that the officer can finish typing it on the same day"),
        ),
        "returned_forms": (
            _("Forms sent after you were signed out"),
            _("what you had typed"),
            _("so that nothing typed is lost"),
        ),
        "settings": (
            _("Your settings"),
            _("language, letters and colours, when you first signed in"),
            _("so that the pages look the same on your next phone, and messages for everybody reach you"),
        ),
        "contacts": (
            _("A phone number to call you"),
            _("the number you gave, at which time to call, and when you gave it"),
            _("so that officers can call you about your own requests"),
        ),
        "thaid_says": (
            _("What ThaiD says that the record does not"),
            _("name and birth date from your last sign-in, only while they differ"),
            _("so that you can take the name over, or tell the office"),
        ),
        "sign_ins": (
            _("Sign-ins under way"),
            _("random secrets and times"),
            _("so that nobody else can finish your sign-in"),
        ),
        "sign_in_codes": (
            _("Six digits of a sign-in that came back in another browser"),
            _("the digits and what ThaiD told us"),
            _("to finish the sign-in where it began"),
        ),
        "sessions": (
            _("When you are signed in"),
            _("when and by which way you signed in, when you last tapped, which kind of browser"),
            _("to know that it is still you"),
        ),
        "devices": (
            _("Browsers you signed in with before"),
            _("a fingerprint of each, and when it was last used"),
            _("to tell you of a sign-in from a new one"),
        ),
        "passkeys": (
            _("Your passkeys"),
            _("the public half of each, when it was made and last used"),
            _("to let you sign in without ThaiD on your own phone"),
        ),
        "pins": (
            _("Your PIN"),
            _("a fingerprint that cannot be turned back, and wrong tries"),
            _("to let you sign in without ThaiD"),
        ),
        "channel_entries": (
            _("An entry from the Government Channel app"),
            _("name and ID number as the app tells them"),
            _("to ask you whether it is you"),
        ),
        "channel_links": (
            _("That you enter from the Government Channel app"),
            _("a fingerprint of the app's own number for you, since when, last used"),
            _("to let you in from its menu with one tap"),
        ),
        "counter_codes": (
            _("Codes from a counter"),
            _("fingerprints of each code, when it was given and used, which officer gave it"),
            _("to let you sign in without ThaiD, and to show who was given a way in"),
        ),
        "tries": (
            _("How often somebody tried"),
            _("a fingerprint of the network address, and a count"),
            _("to stop guessing of codes and numbers"),
        ),
        "phones": (
            _("Phones with reminders"),
            _("the address your browser gave us, the kinds you chose, when the last one was sent"),
            _("to send you reminders"),
        ),
        "messages": (
            _("Messages"),
            _("which reminder, its dates, whether you have read it"),
            _("so that you can read them again"),
        ),
        "new_benefits": (
            _("Benefits your months were enough for"),
            _("the names of these benefits when we last looked"),
            _("to tell you only what is new"),
        ),
        "calendar": (
            _("Your own calendar"),
            _("a fingerprint of its address, its language, when it was made"),
            _("to show your dates in your calendar"),
        ),
        "consents": (
            _("What you agreed to"),
            _("each yes and each no, with time, place and the version of the words"),
            _("to do only what you want, and to show that you wanted it"),
        ),
        "audit": (
            _("The log of who did or read what"),
            _("time, role, random numbers instead of names, why"),
            _("so that you can see who opened your record; sealed, so that nobody can change it"),
        ),
        "reasons": (
            _("Officers' own words on why they opened a record"),
            _("a few words"),
            _("so that you can read why"),
        ),
        "officers": (
            _("Officers"),
            _("name, ID number, when they were named"),
            _("to let them work on requests, and to know who decided"),
        ),
        "challenges": (
            _("Used one-time questions of passkeys"),
            _("random fingerprints"),
            _("so that none is used twice"),
        ),
        "grants": (
            _("Who may act for whom"),
            _("who may do what for you, and for whom you may do it; until when, and which paper an officer has seen"),
            _("to let somebody you trust help you"),
        ),
    }


# Consents


@dataclass(frozen=True)
class PurposeWords:
    """What somebody says yes or no to, and where it is switched on when not by a switch."""

    name: str
    text: str
    on_at: str
    on_words: str


def purpose_words(purpose: Purpose) -> PurposeWords:
    """Changed words need a new version in domain/consent.py."""
    return {
        Purpose.OWN_REMINDERS: PurposeWords(
            _("Reminders of your own requests on your phones"),
            _("We keep the address your browser gives us and send to it, encrypted, through Google, Apple or Mozilla."),
            "/reminders#phone",
            _("Switch on, on the phone itself"),
        ),
        Purpose.NEW_BENEFITS: PurposeWords(
            _("Tell me when my months are enough for another benefit"),
            _(
                "We look at your months once a month and keep for which benefits they are enough. "
                "We tell you in your messages, and on phones with reminders."
            ),
            "",
            "",
        ),
        Purpose.OWN_CALENDAR: PurposeWords(
            _("My own dates in my calendar"),
            _("Whoever knows the secret address can read your dates; your calendar's company is among them."),
            "/my-data/calendar",
            _("Make my calendar"),
        ),
        Purpose.CALLS: PurposeWords(
            _("The office may call me about my own requests"),
            _("Officers who have your open request in hand see the number you gave. Nobody else does, and nothing is sent to it."),
            "/my-data/contact",
            _("Give a phone number"),
        ),
    }[purpose]


def consent_rows(standing: Mapping[Purpose, Consent]) -> list[dict[str, Any]]:
    """One for each purpose, also those never asked about."""
    return [
        {"purpose": str(purpose), "words": purpose_words(purpose), "on": one is not None and one.is_in_force, "since": _since(one)}
        for purpose, one in ((purpose, standing.get(purpose)) for purpose in Purpose)
    ]


def _since(one: Consent | None) -> Words:
    if one is None:
        return _("You have never switched this on.")
    where = {
        Channel.CONSENTS_PAGE: _("on this page"),
        Channel.REMINDERS_PAGE: _("at “Reminders”"),
        Channel.CALENDAR_PAGE: _("at “My dates in my calendar”"),
        Channel.CONTACT_PAGE: _("at “A phone number to call you”"),
        Channel.WELCOME_PAGE: _("when you first signed in"),
        Channel.TIME_OVER: _("by itself, since its time was over"),
        Channel.ERASURE: _("when you deleted your data"),
    }[one.channel]
    if one.given:
        version = one.text_version
        return ph("Switched on %(time)s %(where)s, text version %(version)s.", time=date_time(one.at), where=where, version=version)
    return ph("Switched off %(time)s %(where)s.", time=date_time(one.at), where=where)


# What is deleted and what stays


def what_goes() -> list[str]:
    return [one.name for one in every_kind() if one.erasable]


def what_stays() -> list[dict[str, str]]:
    """Each with the reason, and who can change it."""
    office = _("It comes from the Social Security Office and comes again with its next file. Ask them: 1506 or any SSO office.")
    waits = _("An officer is looking at it. Take it back first.")
    shown = _("It has to be possible to show later what was decided and why, also to you.")
    return [
        {"name": _("Who you are, how you are insured, months paid"), "why": office},
        {"name": _("Requests and their history"), "why": shown},
        {"name": _("Claims and their history"), "why": shown},
        {"name": _("What you told us is wrong, while it waits for an answer"), "why": waits},
        {"name": _("The log of who opened your record"), "why": _("It protects you: nobody can wipe out that they looked.")},
        {"name": _("Codes from a counter"), "why": _("They end by themselves after the time that is said above.")},
    ]


# A copy as it is read


def sections_of(copy: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The copy's parts by name: what is alike line by line as a table, everything else as cards of rows."""
    names, said = Names(), _said_of_kinds()
    return [{"title": said[code][0], **_laid_out(_cards(held), names)} for code, held in copy["data"].items()]


def _laid_out(cards: list[Any], names: Names) -> dict[str, Any]:
    if len(cards) < FEWEST_FOR_A_TABLE or not all(_is_plain(card) for card in cards):
        return {"cards": [_rows(card, names) for card in cards]}
    keys = list(dict.fromkeys(key for card in cards for key in card))
    lines = [[_value(key, card.get(key, ""), names) for key in keys] for card in cards]
    return {"heads": [label_of(key) for key in keys], "lines": [{"head": line[0], "cells": line[1:]} for line in lines]}


def _is_plain(card: Any) -> bool:
    return isinstance(card, Mapping) and not any(isinstance(value, Mapping | list) for value in card.values())


def _cards(held: Any) -> list[Any]:
    if isinstance(held, Mapping):
        nested = held and all(isinstance(one, Mapping) for one in held.values())
        return list(held.values()) if nested else [held] if held else []
    return list(held)


def _rows(card: Any, names: Names) -> list[dict[str, Words]]:
    if not isinstance(card, Mapping):
        return [{"label": "", "value": _value("", card, names)}]
    flat: dict[str, Any] = {}
    for key, value in card.items():
        flat |= value if isinstance(value, Mapping) else {key: value}
    return [{"label": label_of(key), "value": _value(key, value, names)} for key, value in flat.items() if value not in ("", [], {})]


def label_of(key: str) -> Words:
    """A field's name; one that nobody named yet stands as it is in the file."""
    return _labels().get(key) or Markup("<code>%s</code>") % key


def _value(key: str, value: Any, names: Names) -> Words:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return Markup("<br>").join(_item(key, one, names) for one in value)
    return _said(key, str(value), names)


def _item(key: str, one: Any, names: Names) -> Words:
    if isinstance(one, Mapping):
        return Markup(" · ").join(_value(inner, value, names) for inner, value in one.items())
    return _said(key, str(one), names)


def _said(key: str, text: str, names: Names) -> Words:
    """Days, hospitals and provinces in words; a code stands as it is in the file."""
    if not text:
        return ""
    if key in ("hospital_id", "hospital_from", "choices"):
        return bdi(names.hospital(text))
    if key in ("home_province", "work_province", "moved_to"):
        return names.province(text) or text
    if key == "cause" and text in set(Cause):
        return cause_word(Cause(text))
    if key == "status" and (tag := _status(text)):
        return tag
    if key == "month":
        return month_year(date.fromisoformat(f"{text}-01"))
    if day := _day(text):
        return day
    return Markup("<bdi>%s</bdi>") % text if key in _FREE else Markup("<code>%s</code>") % text


_FREE = frozenset({
    "pid", "title", "given_name", "family_name", "employer_name", "employer_account", "should_be", "words", "note", "reference", "section",
    "wage", "look", "browser", "name", "name_in_file", "phone",
})  # fmt: skip


def _status(text: str) -> Words:
    return escape(status_tag(known_status(text)).text) if text else ""


def _day(text: str) -> Words | None:
    try:
        at = datetime.fromisoformat(text) if "T" in text else None
        return date_time(at) if at else short_date(date.fromisoformat(text))
    except ValueError:
        return None


def _labels() -> dict[str, str]:
    return {
        "pid": _("ID number"),
        "number_kind": _("Kind of number"),
        "title": _("Title"),
        "given_name": _("Given name"),
        "family_name": _("Family name"),
        "birth_date": _("Birth date"),
        "section": _("Section"),
        "insured_from": _("Insured from"),
        "insured_until": _("Insured until"),
        "home_province": _("Province of home"),
        "work_province": _("Province of work"),
        "hospital_id": _("Hospital"),
        "as_of": _("As of"),
        "month": _("Month"),
        "wage": _("Wage"),
        "employer_account": _("Employer's account"),
        "employer_name": _("Employer"),
        "reference": _("Reference number"),
        "status": _("Status"),
        "cause": _("Reason"),
        "choices": _("Hospitals chosen"),
        "received_at": _("Received"),
        "effective_on": _("Starts"),
        "hospital_from": _("Hospital before"),
        "decided_at": _("Decided"),
        "refusal_reason": _("Why not approved"),
        "moved_on": _("Moved on"),
        "moved_to": _("Moved to"),
        "note": _("Your own words"),
        "steps": _("History"),
        "about": _("About"),
        "should_be": _("What it should be"),
        "proof": _("Proof"),
        "first_month": _("First month"),
        "last_month": _("Last month"),
        "sent_at": _("Sent"),
        "settled_at": _("Answered"),
        "answer": _("Answer"),
        "words": _("Words"),
        "language": _("Language"),
        "look": _("Letters and colours"),
        "chosen_at": _("Chosen"),
        "via": _("Way of signing in"),
        "ial": _("Identity level"),
        "started_at": _("Began"),
        "seen_at": _("Last tap"),
        "push_service": _("Push service"),
        "kinds": _("Kinds of reminders"),
        "created_at": _("Made"),
        "made_at": _("Made"),
        "delivered_at": _("Last sent"),
        "ends_at": _("Ends"),
        "occasion": _("What it says"),
        "at": _("Time"),
        "is_read": _("Read"),
        "purpose": _("Purpose"),
        "given": _("Agreed"),
        "text_version": _("Version of the words"),
        "channel": _("Where"),
        "by": _("By whom"),
        "act": _("What was done"),
        "reason": _("Why"),
        "browser": _("Browser"),
        "used_at": _("Last used"),
        "issued_at": _("Given"),
        "linked_at": _("Linked"),
        "opened_at": _("First signed in"),
        "role": _("Your part"),
        "name": _("Name"),
        "state": _("Status"),
        "rights": _("What is allowed"),
        "since": _("Since"),
        "until": _("Until"),
        "ended_at": _("Ended"),
        "how": _("How it was granted"),
        "kind": _("What is claimed"),
        "event_on": _("Day it happened"),
        "claim_by": _("Claim by"),
        "answers": _("Your answers"),
        "payment": _("Being paid"),
        "expected": _("Worked out"),
        "decided": _("The sums decided"),
        "words_of_the_office": _("What the officer wrote"),
        "appeal": _("Your appeal"),
        "upheld": _("The appeal was right"),
        "died_on": _("Date of death"),
        "paid_at": _("Paid"),
        "paid_before": _("Paid before an appeal was upheld"),
        "sent_to_the_bank_at": _("Sent to the bank"),
        "returned_by_the_bank": _("Sent back by the bank, why"),
        "batch": _("List of payments"),
        "baht": _("Baht"),
        "outcome": _("What became of it"),
        "why_returned": _("Sent back by the bank, why"),
        "account": _("Account number"),
        "phone": _("Phone number"),
        "call_when": _("When to call"),
        "said_at": _("Said"),
        "name_in_file": _("Name in the office’s file"),
        "welcomed_at": _("Asked for language and size of letters"),
    }

