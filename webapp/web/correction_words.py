"""What is wrong in a record and what was answered, in the words of both languages: for the person's pages and the officers' alike.

Both sides read the same words, so that an officer can say on the telephone what the person sees; the officer reads each answer in both
languages before choosing it. Nothing here says that the record was changed: it comes with the SSO's nightly import, and only the source
can be put right.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from webapp.actions.corrections import CorrectionView, Paid, RecordedMonths, Row
from webapp.domain.assessment import Reason
from webapp.domain.correction import (
    ASKED_ABOUT,
    OF_THE_CIVIL_REGISTER,
    OFFERED,
    PUTS_RIGHT,
    About,
    Answer,
    Correction,
    Proof,
    Status,
    Step,
    StepCode,
)
from webapp.domain.person import Person
from webapp.ports import ContributionRow
from webapp.web.filters import bdi, date_time, month_year
from webapp.web.helper_words import who_helped
from webapp.web.hospital_change_words import Names, Tag
from webapp.web.language import gettext as _
from webapp.web.language import in_language, language, languages, ph
from webapp.web.numbers import baht
from webapp.web.officer_words import tag, waiting

MINE = "/my-data/wrong"
DESK = "/officer/corrections"
Words = str | Markup


# What is wrong


def about_word(about: About) -> str:
    words: dict[About, str] = {
        About.MONTHS: _("Months paid"),
        About.WAGE: _("Wage"),
        About.EMPLOYER: _("Employer"),
        About.HOSPITAL: _("Hospital"),
        About.PROVINCES: _("Province of home or work"),
        About.SECTION: _("Section"),
        About.NAME: _("Name"),
        About.BIRTH_DATE: _("Birth date"),
    }
    return words[about]


def proof_word(proof: Proof) -> str:
    words: dict[Proof, str] = {
        Proof.PAY_SLIP: _("Pay slip"),
        Proof.CONTRACT: _("Work contract"),
        Proof.ANOTHER_PAPER: _("Another paper"),
        Proof.NONE_YET: _("None yet"),
        Proof.THAID: _("ThaiD says so"),
        Proof.SEEN_AT_THE_COUNTER: _("An officer has seen card and paper"),
    }
    return words[proof]


def about_options(person: Person, latest: ContributionRow | None, names: Names) -> list[dict[str, Any]]:
    """Every part of a record with what stands there now, so that nobody reports what is right."""
    return [{"value": str(one), "label": _part(one), "hint": _hint(one, person, latest, names)} for one in ASKED_ABOUT]


def _part(about: About) -> str:
    """In the form one choice stands for all that the district office keeps."""
    return _("Name, ID number or birth date") if about is About.NAME else about_word(about)


def proof_options() -> list[dict[str, str]]:
    return [{"value": str(one), "label": proof_word(one)} for one in OFFERED]


def _hint(about: About, person: Person, latest: ContributionRow | None, names: Names) -> Words:
    if about is About.NAME:
        return _("The district office puts it right, and ThaiD follows")
    if about in (About.MONTHS, About.WAGE, About.EMPLOYER):
        return _latest(about, latest)
    return ph("In the record: %(what)s", what=recorded_words(about, person, names))


def _latest(about: About, latest: ContributionRow | None) -> Words:
    """The newest month that the record has."""
    if latest is None:
        return _("In the record: no month paid")
    month = month_year(date.fromisoformat(f"{latest.month}-01"))
    if about is About.MONTHS:
        return ph("In the record: up to %(month)s", month=month)
    what: Words = bdi(latest.employer_name) if latest.employer_name else _("no employer")
    if about is About.WAGE:
        what = baht(latest.wage) if latest.wage is not None else _("no wage")
    return ph("In the record: %(what)s, in %(month)s", what=what, month=month)


def recorded_words(about: About, person: Person, names: Names) -> Words:
    """What the record says now of a part that has no months; of who somebody is, only the page of the report itself says it."""
    if about in OF_THE_CIVIL_REGISTER:
        return "–"
    if about is About.HOSPITAL:
        return bdi(names.hospital(person.hospital_id)) if person.hospital_id else _("no hospital yet")
    if about is About.PROVINCES:
        home, work = (names.province(code) if code else _("not known") for code in (person.home_province, person.work_province))
        return ph("home %(home)s, work %(work)s", home=home, work=work)
    return _("Section %(section)s", section=person.section) if person.section else _("not insured")


def months_word(one: Correction) -> str:
    """The month or the run of months in question; empty where it is about none."""
    first, last = one.report.first_month, one.report.last_month
    return "" if first is None else _run(first, last or first)


def _run(first: date, last: date) -> str:
    if first == last:
        return month_year(first)
    return _("%(first)s to %(last)s", first=month_year(first), last=month_year(last))


# How it stands


def status_tag(one: Correction) -> Tag:
    words: dict[Status, tuple[str, str]] = {
        Status.OPEN: ("wa", _("Waiting for an answer")),
        Status.PUT_RIGHT: ("ok", _("Put right at its source")),
        Status.NOT_CONFIRMED: ("bad", _("Could not be confirmed")),
        Status.WITHDRAWN: ("old", _("Taken back")),
    }
    return Tag(*words[one.status])


@dataclass(frozen=True)
class AnswerWords:
    """What was found, and what comes next."""

    found: str
    next: str


def answer_words(answer: Answer, about: About | None = None) -> AnswerWords:
    """`about`: a name stood here before its source was put right."""
    import_brings_it = _("It shows here after the nightly import that brings it.")
    if about is About.NAME:
        import_brings_it = _("Your new name stood here before. Now both say the same.")
    words: dict[Answer, tuple[str, str]] = {
        Answer.SOURCE_PUT_RIGHT: (_("It was wrong. The record has been put right at its source."), import_brings_it),
        Answer.EMPLOYER_REPORTED_ANEW: (_("It was wrong. Your employer has reported it anew."), import_brings_it),
        Answer.PROOF_MISSING: (
            _("Without a paper it could not be confirmed."),
            _("Tell us again when you have a pay slip or a contract, or show it at an SSO office."),
        ),
        Answer.PAPERS_AGREE_WITH_RECORD: (
            _("The papers agree with the record."),
            _("If you still think it is wrong, show your papers at an SSO office or call 1506."),
        ),
        Answer.EMPLOYER_SAYS_OTHERWISE: (
            _("Your employer says otherwise."),
            _("Ask your employer for a pay slip of those months, and show it at an SSO office."),
        ),
        Answer.NOT_CLEAR: (
            _("We could not tell what should stand there."),
            _("Tell us again: what is wrong, in which month, and what it should be."),
        ),
        Answer.DISTRICT_OFFICE: (
            _("Name, ID number and birth date are not put right by the SSO."),
            _("The district office puts them right, and ThaiD follows."),
        ),
    }
    return AnswerWords(*words[answer])


@dataclass(frozen=True)
class AnswerChoice:
    """An answer as it will be read: in the page's language and in the other."""

    answer: Answer
    puts_right: bool
    here: AnswerWords
    there: AnswerWords
    other_lang: str


def answer_choices() -> list[AnswerChoice]:
    """The closed list in both languages, those that put it right first."""
    other = next(code for code in languages() if code != language())
    there = in_language(other, lambda: {one: answer_words(one) for one in Answer})
    return [AnswerChoice(one, one in PUTS_RIGHT, answer_words(one), there[one], other) for one in Answer]


def row_of_mine(one: Correction) -> dict[str, Any]:
    """One line of "My data": what, sent when, how it stands, and the answer in words."""
    title = about_word(one.report.about)
    months = months_word(one)
    told: Words = ph("Sent %(time)s", time=date_time(one.sent_at))
    if one.answer is not None:
        told = Markup("{}<br>{}").format(told, answer_words(one.answer).found)
    return {
        "href": f"{MINE}/{one.reference}",
        "title": _("%(what)s, %(months)s", what=title, months=months) if months else title,
        "text": told,
        "tag": tag(*_pill(one)),
        "icon": "pen",
    }


def rows_of_mine(corrections: Sequence[Correction]) -> list[dict[str, Any]]:
    return [row_of_mine(one) for one in corrections]


def _pill(one: Correction) -> tuple[str, str]:
    found = status_tag(one)
    return found.kind, found.text


def timeline_of(one: Correction, steps: Iterable[Step]) -> list[dict[str, Any]]:
    """For the person: what happened and what comes; that several officers looked at it is said once."""
    lines, seen = [], set()
    for step in steps:
        if step.code not in seen:
            lines.append(_line(step) | {"note": who_helped(step.by, one.person_id)})
        seen.add(step.code)
    if one.is_open:
        lines[-1] |= {"state": "now"} if StepCode.TAKEN in seen else {}
        note = _("It appears here and on “My data and requests”. You need to do nothing.")
        lines.append({"state": "next", "title": _("Answer"), "note": note})
    return lines


def history_of(view: CorrectionView) -> list[dict[str, Any]]:
    """For officers: every step with who took it."""
    return [_line(step) | {"note": _who(step, view)} for step in view.steps]


def _line(step: Step) -> dict[str, Any]:
    state = "stopped" if step.code in (StepCode.WITHDRAWN, StepCode.NOT_CONFIRMED) else "done"
    return {"state": state, "title": step_word(step.code), "at": date_time(step.at)}


def step_word(code: StepCode) -> str:
    words: dict[StepCode, str] = {
        StepCode.SENT: _("Sent"),
        StepCode.TAKEN: _("An officer has taken it up"),
        StepCode.PUT_RIGHT: _("Put right at its source"),
        StepCode.NOT_CONFIRMED: _("Could not be confirmed"),
        StepCode.WITHDRAWN: _("Taken back"),
    }
    return words[code]


def _who(step: Step, view: CorrectionView) -> Words:
    officer = view.officers.get(step.by)
    if officer:
        return ph("by officer %(name)s", name=bdi(officer.name))
    return who_helped(step.by, view.correction.person_id) or _("by the person")


# Why it cannot be sent


def fault_of(reason: Reason) -> tuple[str, str]:
    """The field that an unmet condition belongs to, and what to do about it."""
    facts = reason.facts
    match reason.code:
        case "few_enough_open":
            return "about", _("At most %(most)s can wait at a time. Take one back, or wait for an answer", most=facts["at_most"])
        case "part_named":
            return "about", _("Choose what is wrong")
        case "kept_by_the_office":
            return "about", _("The district office puts this right. Nothing was sent")
        case "says_what_it_should_be":
            return "should_be", _("Write what it should be")
        case "short_enough":
            most, count = facts["at_most"], facts["length"]
            return "should_be", _("Write at most %(most)s characters; now there are %(count)s", most=most, count=count)
        case "proof_named":
            return "proof", _("Choose what proof you have")
        case "first_month_after_birth":
            return "first", _("This month lies before your birth. Check the year")
        case "last_month_not_before_first":
            return "last", _("The last month lies before the first")
    return ("last" if reason.code == "last_month_has_begun" else "first"), _("This month has not come yet. Check the year")


# The officers' list


def desk_row(row: Row, names: Names) -> dict[str, Any]:
    """One report as a row of cells, in the order of the table's heads."""
    one = row.correction
    own = tag("old", _("Yours: another officer answers"))
    return {
        "cells": [
            {"main": date_time(one.sent_at), "small": waiting(row.waiting) if one.is_open else ""},
            {"main": bdi(row.name.short) if row.name else "–", "small": bdi(row.name.masked_pid) if row.name else "", "strong": True},
            {"main": about_word(one.report.about), "small": months_word(one)},
            _record_cell(row, names),
            {"main": "", "tag": own if row.is_own else tag(*_pill(one))},
            bdi(row.in_hands_of.given_name) if row.in_hands_of else _("nobody"),
        ],
        "href": f"{DESK}/{one.reference}",
        "open": _("Open"),
        "label": Markup("{} {}").format(about_word(one.report.about), bdi(one.reference)),
    }


def _record_cell(row: Row, names: Names) -> Words:
    if row.recorded:
        return Markup("<br>").join(dict.fromkeys(paid_words(run.paid) for run in row.recorded))
    return recorded_words(row.correction.report.about, row.person, names) if row.person else "–"


def paid_words(paid: Sequence[Paid]) -> Words:
    """What the record says of a month, in one line an employer."""
    if not paid:
        return _("nothing in the record")
    return Markup("<br>").join(_paid(one) for one in paid)


def _paid(one: Paid) -> Words:
    wage = baht(one.wage) if one.wage is not None else _("no wage")
    section = _("Section %(section)s", section=one.section)
    employer: Words = bdi(one.employer_name) if one.employer_name else _("no employer")
    return Markup("{}, {}, {}").format(wage, employer, section)


def recorded_rows(recorded: Sequence[RecordedMonths]) -> list[dict[str, Any]]:
    """The months in question and one on either side, as rows of a definition list."""
    return [{"label": _run(run.first, run.last), "value": paid_words(run.paid)} for run in recorded]
