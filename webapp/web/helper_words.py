"""What the pages say of helpers: rights, terms, faults, what was not granted, and who took a step for whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup

from webapp.actions.helpers import CodeFault, Helping, NotFound
from webapp.domain.assessment import Refusal
from webapp.domain.helper_grant import EndedBy, Grant, How, Paper, Right, State, Term, helper_in
from webapp.ports import Name
from webapp.web.filters import bdi, date_time, short_date
from webapp.web.language import gettext as _
from webapp.web.language import ph
from webapp.web.tools import tools

Words = str | Markup
Error = dict[str, Any]


def right_word(right: Right) -> str:
    """What a helper may do, as the end of "may …"."""
    return {
        Right.SEE_REQUESTS: _("see the hospital and the requests"),
        Right.SEE_MONTHS: _("see the benefits and the months paid"),
        Right.CHANGE_HOSPITAL: _("ask for another hospital: write, send, withdraw"),
        Right.SAY_WHAT_IS_WRONG: _("tell the office what is wrong in the record"),
    }[right]


def right_choices(ticked: Iterable[str], for_oneself: bool) -> list[dict[str, Any]]:
    """As cards to tick, for the person or for an officer; two of them bring others along."""
    hints = {
        Right.CHANGE_HOSPITAL: _("Includes seeing the hospital and the requests"),
        Right.SAY_WHAT_IS_WRONG: _("Includes seeing the record: hospital, requests, months paid"),
    }
    chosen = set(ticked)
    labels = _own_labels() if for_oneself else {right: _capital(right_word(right)) for right in Right}
    return [{"value": str(one), "label": labels[one], "hint": hints.get(one), "checked": one in chosen} for one in Right]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _own_labels() -> dict[Right, str]:
    return {
        Right.SEE_REQUESTS: _("See my hospital and my requests"),
        Right.SEE_MONTHS: _("See my benefits and my months paid"),
        Right.CHANGE_HOSPITAL: _("Ask for another hospital for me"),
        Right.SAY_WHAT_IS_WRONG: _("Tell the office what is wrong in my record"),
    }


def rights_of(grant: Grant) -> list[str]:
    """In the order of the form."""
    return [right_word(right) for right in Right if right in grant.rights]


def term_word(term: Term) -> str:
    return {
        Term.ONE_DAY: _("1 day"), Term.ONE_MONTH: _("1 month"), Term.SIX_MONTHS: _("6 months"), Term.ONE_YEAR: _("1 year"),
    }[term]  # fmt: skip


def term_options() -> list[dict[str, str]]:
    return [{"value": str(term), "label": term_word(term)} for term in Term]


def paper_word(paper: Paper) -> str:
    return {Paper.POWER_OF_ATTORNEY: _("Power of attorney"), Paper.COURT_ORDER: _("Court order")}[paper]


def paper_options() -> list[dict[str, str]]:
    hints = {
        Paper.POWER_OF_ATTORNEY: _("Signed by the person, naming the helper"),
        Paper.COURT_ORDER: _("The helper is guardian or curator"),
    }
    return [{"value": str(paper), "label": paper_word(paper), "hint": hints[paper]} for paper in Paper]


def who_helped(by: str, person_id: str) -> Words:
    """"By B for A", by given names, where a helper took a step; nothing where it was somebody else."""
    helper_id = helper_in(by)
    if helper_id is None:
        return ""
    names = tools().store.names_of([helper_id, person_id])
    return ph("By %(helper)s for %(person)s", helper=_given(names.get(helper_id)), person=_given(names.get(person_id)))


def _given(name: Name | None) -> Words:
    return bdi(name.given_name) if name else "–"


def beside(note: Words, other: Words) -> Words:
    """Two things said of one step."""
    return Markup("{} · {}").format(note, other) if note and other else note or other


# Grants in lists


def state_tag(one: Helping) -> tuple[str, str]:
    """Kind and words of a tag."""
    return {
        State.OFFERED: ("wa", _("Nobody has used the code yet")),
        State.RUNNING: ("ok", _("Runs")),
        State.OVER: ("old", _("Its time is over")),
        State.ENDED: ("old", _("Ended")),
        State.NOT_TAKEN: ("old", _("The code was not used")),
    }[one.state]


def until_words(one: Helping) -> Words:
    """Until when, or since when no longer."""
    grant = one.grant
    if one.state is State.OFFERED and grant.offer_ends_at:
        term, ends = term_word(grant.term), date_time(grant.offer_ends_at)
        return ph("%(term)s from when the code is used. The code serves until %(time)s.", term=term, time=ends)
    if one.state is State.NOT_TAKEN and grant.offer_ends_at:
        return ph("The code ended %(time)s.", time=date_time(grant.offer_ends_at))
    if grant.ended_at:
        return ph("Ended %(time)s, %(who)s.", time=date_time(grant.ended_at), who=_who_ended(grant))
    assert grant.until is not None
    if one.state is State.OVER:
        return ph("It ended by itself %(time)s.", time=date_time(grant.until))
    return ph("Until %(time)s", time=date_time(grant.until))


def _who_ended(grant: Grant) -> str:
    return {
        EndedBy.PERSON: _("by the person who was helped"),
        EndedBy.HELPER: _("by the helper"),
        EndedBy.OFFICER: _("by an officer"),
        None: "",
    }[grant.ended_by]


def how_words(grant: Grant) -> Words:
    """How it came about."""
    if grant.how is How.BY_THAID or grant.paper is None or grant.paper_on is None:
        return _("Offered with ThaiD, taken up with a code")
    return ph("Granted at a counter. An officer saw: %(paper)s of %(day)s", paper=paper_word(grant.paper), day=short_date(grant.paper_on))


# Faults


def offer_errors(refusal: Refusal) -> list[Error]:
    """Each unmet condition at its field."""
    return [{"field": field, "text": text} for field, text in (_fault(reason.code, reason.facts) for reason in refusal.unmet)]


def _fault(code: str, facts: Mapping[str, Any]) -> tuple[str, str]:
    return {
        "right_named": ("right", _("Tick at least one thing")),
        "term_named": ("term", _("Choose for how long")),
        "few_enough_helpers": ("right", _("At most %(most)s people can help at a time. End one first", most=facts.get("at_most", ""))),
        "helps_few_enough": ("code", _("One person can help at most %(most)s others. End one first", most=facts.get("at_most", ""))),
        "offer_open": ("code", _("The code has ended, or somebody has used it. Ask for a new one")),
        "somebody_else": ("code", _("This code is your own. Give it to the person who helps you")),
        "not_the_officers_own": ("right", _("This is about yourself. Another officer does it")),
        "paper_named": ("paper", _("Choose which paper you have seen")),
        "paper_dated": ("paper_on_day", _("Type the date of the paper")),
        "paper_not_in_the_future": ("paper_on_day", _("This date has not come yet. Look at the paper again")),
    }[code]


def code_fault(fault: CodeFault) -> str:
    if fault is CodeFault.MISTYPED:
        return _("One of the ten characters is wrong or missing. Compare each. This did not count as a try")
    return _("This code does not serve. It may have ended, been used, or been typed wrong too often. Ask for a new one")


def why_nobody(why: NotFound) -> str:
    return {
        NotFound.NOT_A_NUMBER: _("This is not a number of that kind. Compare it with the card"),
        NotFound.NOT_IN_THE_RECORD: _("Nobody with this number is in the record"),
        NotFound.THEIR_OWN: _("This is your own number. Another officer does this for you"),
        NotFound.THE_SAME: _("This is the same person. Type the number of the one who helps"),
    }[why]


# Acting


def ways_on(grant: Grant) -> list[dict[str, Any]]:
    """What a helper may open, as rows."""
    found = {
        Right.SEE_REQUESTS: ("/hospital-change", "hospital", ph("Hospital and requests"), _("Where they go, and how a request stands")),
        Right.SEE_MONTHS: ("/my-data/months", "baht", ph("Months paid"), _("Each month with its wage, and what is missing")),
        Right.CHANGE_HOSPITAL: (
            "/hospital-change/new", "pen", ph("Ask for another hospital"), _("Four steps; nothing is sent before the last"),
        ),
        Right.SAY_WHAT_IS_WRONG: ("/my-data/wrong", "flag", ph("Tell what is wrong in the record"), _("An officer looks at it")),
    }
    rows = [
        {"href": href, "icon": icon, "title": title, "text": text}
        for right, (href, icon, title, text) in found.items()
        if right in grant.rights
    ]
    if Right.SEE_MONTHS in grant.rights:
        text = _("With the months in their record")
        rows.append({"href": "/benefits", "icon": "umbrella", "title": ph("Check the 7 benefits"), "text": text})
    return rows

