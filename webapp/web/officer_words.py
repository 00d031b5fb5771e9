"""The officers' pages in words: rows of the queue, checks, history, reasons of refusal side by side, faults of the calendar.

Whatever the person reads too comes from hospital_change_words.py, so that both sides of a telephone call see the same sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import get_template_attribute
from markupsafe import Markup

from webapp.actions.calendar import CalendarFault
from webapp.actions.hospital_change import Item, State
from webapp.actions.officers import CaseView, Group, Row
from webapp.actions.paper import Why
from webapp.domain.assessment import Reason
from webapp.domain.hospital_change import HospitalChange, RefusalReason, Status, Step, StepCode
from webapp.domain.hospital_change_dates import Countdown
from webapp.ports import CalendarChange, Officer
from webapp.web.filters import bdi, date_time, short_date
from webapp.web.helper_words import who_helped
from webapp.web.hospital_change_words import Names, WhyNot, cause_word, condition, refusal_words, status_tag, timeline_lines
from webapp.web.language import gettext as _
from webapp.web.language import in_language, language, languages, ngettext, ph

CASES = "/officer/hospital-change"
MARKS = {True: "✔", False: "✖", None: "?"}
Words = str | Markup


# The queue


def tag(kind: str, text: Words) -> Markup:
    """The pill of the component library, for a cell that is built here."""
    return Markup(get_template_attribute("components/tag.html", "tag")(kind, text))  # noqa: S704 - rendered by our own template


def waiting(left: Countdown) -> str:
    """How long somebody has waited, in the largest unit that says something."""
    if left.days:
        return ngettext("waiting %(num)s day", "waiting %(num)s days", left.days)
    if left.hours:
        return ngettext("waiting %(num)s hour", "waiting %(num)s hours", left.hours)
    return ngettext("waiting %(num)s minute", "waiting %(num)s minutes", left.minutes)


def groups_of(groups: Sequence[Group], names: Names) -> list[dict[str, Any]]:
    """As the officers' table takes them."""
    return [{"title": _group_title(group), "late": group.is_late, "rows": [row_of(row, names) for row in group.rows]} for group in groups]


def _group_title(group: Group) -> Words:
    cases = ngettext("%(num)s case", "%(num)s cases", group.count)
    if group.is_late:
        return ph("Overdue: was to start %(day)s, still undecided, %(cases)s", day=short_date(group.starts), cases=cases)
    return ph(
        "Starts %(day)s, must be done before then (last working day %(last)s), %(cases)s",
        day=short_date(group.starts),
        last=short_date(group.last_working_day),
        cases=cases,
    )


def row_of(row: Row, names: Names) -> dict[str, Any]:
    """One case as a row of cells, in the order of the table's heads."""
    case = row.case
    return {
        "cells": [
            {"main": date_time(case.received_at), "small": waiting(row.waiting) if case.is_undecided else ""},
            {"main": case.reference, "small": bdi(row.name.short) if row.name else "", "strong": True},
            {"main": asked_for(case, names), "small": _cause_with_checks(row, names)},
            {"main": "", "tag": row_tag(row)},
            _in_hands(row),
        ],
        "href": f"{CASES}/{case.reference}",
        "open": _("Open"),
        "label": case.reference,
    }


def _in_hands(row: Row) -> Words:
    """Who has it in hand; "nobody" is said, an empty cell would be a riddle on a narrow screen."""
    return bdi(row.in_hands_of.given_name) if row.in_hands_of else _("nobody")


def asked_for(case: HospitalChange, names: Names) -> Markup:
    """The hospitals in order: "1 A, 2 B"; once one is approved, that one alone."""
    if case.approved_rank:
        return ranked(case.approved_rank, names.hospital(case.hospital_to))
    return Markup(" ").join(ranked(rank, names.hospital(choice)) for rank, choice in enumerate(case.choices, start=1))


def ranked(rank: int, hospital: str) -> Markup:
    return Markup("<span>{}&nbsp;{}</span>").format(rank, bdi(hospital))


def _cause_with_checks(row: Row, names: Names) -> Markup:
    case = row.case
    cause = cause_word(case.cause)
    said: list[Words] = [ph("%(cause)s on %(day)s", cause=cause, day=short_date(case.moved_on)) if case.moved_on else cause]
    short = {reason.code: _in_short(reason) for reason in row.reasons}
    said += [
        _checked(reason, short[reason.code] or condition(reason, names).rule)
        for reason in row.reasons
        if reason.met is not True or short[reason.code]
    ]
    if case.paper_at is not None:
        said.append(_("paper form SSO 9-02"))
    return Markup(" · ").join(said)


def _in_short(reason: Reason) -> str:
    """The check of the cause in two words, for a row; empty for the other conditions, which are shown only where they are not met."""
    match reason.code:
        case "annual_window":
            return _("in the window")
        case "moved_in_time":
            return ngettext("within %(num)s day", "within %(num)s days", reason.facts["days"])
        case "no_hospital_yet" | "own_hospital_leaves":
            return _("as in the record")
        case "cause_for_an_officer":
            return _("for you to judge")
    return ""


def _checked(reason: Reason, text: Words) -> Markup:
    words = {True: _("Met"), False: _("Not met"), None: _("To be looked at")}
    return Markup('<span>{} <span aria-hidden="true">{}</span><span class="vh"> ({})</span></span>').format(
        text, MARKS[reason.met], words[reason.met]
    )


def row_tag(row: Row) -> Markup:
    """What the officer has to know of it first."""
    case = row.case
    if row.is_own:
        return tag("old", _("Yours: another officer decides"))
    if row.days_late:
        return tag("bad", ngettext("%(num)s day late", "%(num)s days late", row.days_late))
    if case.status is Status.SUBMITTED:
        return tag("wa", _("Waits for a second officer"))
    if case.status is Status.RECEIVED and row.to_look_at:
        return tag("wa", ngettext("%(num)s point to look at", "%(num)s points to look at", row.to_look_at))
    if case.status is Status.RECEIVED:
        return tag("inf", _("Waiting"))
    found = status_tag(case.status)
    return tag(found.kind, found.text)


# One case


@dataclass(frozen=True)
class Checks:
    """The conditions as the person reads them: those to look at in the open, those met folded away with their sources."""

    to_look_at: list[dict[str, Any]]
    met: list[dict[str, Any]]


def checks_of(reasons: Sequence[Reason], names: Names) -> Checks:
    """With the person's own number and where the rule comes from; what is not met stands before what cannot be known."""
    unmet = sorted((reason for reason in reasons if reason.met is not True), key=lambda reason: reason.met is None)
    return Checks([_check(reason, names) for reason in unmet], [_check(reason, names) for reason in reasons if reason.met])


def _check(reason: Reason, names: Names) -> dict[str, Any]:
    said = condition(reason, names)
    text = Markup("<b>{}</b>").format(said.rule)
    if said.yours and reason.code != "annual_window":  # its "today" is the person's, not the day it was judged
        text += Markup("<br>{}").format(said.yours)
    if said.source:
        text += Markup('<br><small class="hint">{}</small>').format(said.source)
    return {"met": reason.met, "text": text}


def history_of(view: CaseView, names: Names) -> list[dict[str, Any]]:
    """Every step with who took it: officers see each other's names, the person never does."""
    items = [Item(step.code, State.DONE, step.at, facts=step.facts) for step in view.steps]
    lines = timeline_lines(items, view.case, names)
    return [
        line | {"note": _with_who(line["note"], step, view)} for line, step in zip(lines, view.steps, strict=True)
    ]  # fmt: skip


def _with_who(note: Words, step: Step, view: CaseView) -> Words:
    who = who_did(step, view.case, view.officers.get(step.by))
    return Markup("{} · {}").format(note, who) if note else who


def who_did(step: Step, case: HospitalChange, officer: Officer | None) -> Words:
    """A receipt online is stamped by the server, in the person's name."""
    if officer is not None:
        return ph("by officer %(name)s", name=bdi(officer.name))
    if step.code is not StepCode.RECEIVED and (helped := who_helped(step.by, case.person_id)):
        return helped
    is_the_persons = step.by == case.person_id and step.code is not StepCode.RECEIVED
    return _("by the person") if is_the_persons else _("by the system")


def what_was_done(step: Step | None, case: HospitalChange, names: Names) -> Words:
    """The step that came between, in a line."""
    if step is None:
        return status_tag(case.status).text
    line = timeline_lines([Item(step.code, State.DONE, step.at, facts=step.facts)], case, names)[0]
    return Markup("{} · {}").format(line["title"], line["note"]) if line["note"] else line["title"]


@dataclass(frozen=True)
class BothLanguages:
    """A refusal as it will be read: in the page's language and in the other."""

    reason: RefusalReason
    here: WhyNot
    there: WhyNot
    other_lang: str


def refusals() -> list[BothLanguages]:
    """Every reason of the closed list in both languages, so that the officer sees what the person will read."""
    other = next(code for code in languages() if code != language())
    here = {reason: refusal_words(reason) for reason in RefusalReason}
    there = in_language(other, lambda: {reason: refusal_words(reason) for reason in RefusalReason})
    return [BothLanguages(reason, here[reason], there[reason], other) for reason in RefusalReason]


# The counter and the calendar


def why_no_form(why: Why) -> str:
    words: dict[Why, str] = {
        Why.NOT_A_NUMBER: _("Type all 13 digits as on the card. The last digit does not fit the others"),
        Why.NOT_IN_THE_RECORD: _("Nobody in the record has this number. Check it, or send the person to the records desk"),
        Why.THEIR_OWN: _("This is your own number. Another officer takes your form"),
    }
    return words[why]


def calendar_fault(fault: CalendarFault) -> str:
    words: dict[str, str] = {
        "has_passed": _("This day has passed. Choose today or later"),
        "too_far": _("Too far ahead: at most two years"),
        "changes_nothing": _("It already is so. Nothing would change"),
        "another_waits": _("Another proposal about this is waiting. Settle that one first"),
        "before_it_opens": _("The window would close before it opens"),
        "overlaps_the_one_before": _("The window would open before the one before it has closed"),
        "overlaps_the_next": _("The window would still be open when the next one opens"),
        "missing": _("Write why, so that the second officer can judge it"),
        "too_long": _("Write at most 300 characters"),
    }
    return words[fault.code]


def change_words(change: CalendarChange, days: dict[str, Any]) -> Words:
    """What a change of the calendar does, in a sentence; `days` are its facts as days."""
    if change.kind == "window":
        return ph("Yearly window from %(opens)s to %(closes)s", opens=short_date(days["opens_on"]), closes=short_date(days["closes_on"]))
    if change.kind == "day_off":
        return ph("%(day)s becomes a day off", day=short_date(days["day"]))
    return ph("%(day)s becomes a working day", day=short_date(days["day"]))


def reopened_in(steps: Sequence[Step]) -> bool:
    """Whether the worker brought it back because the approved hospital had left."""
    return any(step.code is StepCode.REOPENED for step in steps)
