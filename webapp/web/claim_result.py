"""A claim as its pages show it: what was answered, what it is expected to come to with the working, until when it could be claimed.

Decided: the sums shown are those kept with the claim; the working beside them is worked out again from the kept inputs, and left out where
it no longer comes to the same (the statute book was put right since). So a page never shows a working that does not fit its sum.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from webapp.actions.claim_sums import Worth
from webapp.domain.answers import NOT_SURE, Answers, read_answers
from webapp.domain.assessment import Amount, Assessment, Outcome, Per, Reason
from webapp.domain.claim_amount import SO_FAR, ChildClaim, ChildMonths, Sum, WorkedOut, again, is_as_kept
from webapp.domain.claim_questions import KINDS, ClaimQuestion, Given
from webapp.domain.lawbook import Law, LawBook, NotKnown
from webapp.domain.money import Baht
from webapp.web import benefit_words, claim_words
from webapp.web.filters import long_date, month_year, short_date
from webapp.web.language import gettext as _
from webapp.web.language import ngettext, ph
from webapp.web.law_words import by_subject, rule_words
from webapp.web.numbers import baht, days, satang, years

Rows = list[dict[str, Any]]


# What was answered


def said_rows(kind: str, given: Given, law_book: LawBook, today: date, href: Callable[[str], str] | None = None) -> Rows:
    """Each answer that is still asked for, with the way to change it where there is one."""
    rows: Rows = []
    for question in KINDS[kind].asked(given):
        if question.name not in given:
            continue
        value = claim_words.answer_words(question, given[question.name], _typed(question, given[question.name], law_book, today))
        row: dict[str, Any] = {"label": claim_words.question_words(kind, question).plain, "value": value}
        rows.append(row | ({"href": href(question.name)} if href else {}))
    return rows


def _typed(question: ClaimQuestion, answer: str, law_book: LawBook, today: date) -> Any:
    if question.of_checker is None or answer == NOT_SURE:
        return None
    read = read_answers((question.of_checker,), {question.name: answer}, today, law_book.on(today))
    return read.given.get(question.name) if isinstance(read, Answers) else None


# What it comes to


def sums(kind: str, found: WorkedOut, law_book: LawBook) -> Rows:
    """Each sum as it was kept, with its working."""
    worked = _worked_again(kind, found, law_book)
    return [_sum(one, worked, found) for one in found.sums]


def _worked_again(kind: str, found: WorkedOut, law_book: LawBook) -> dict[str, Amount]:
    assessed = assessment_of(kind, found, law_book)
    return {amount.code: amount for amount in assessed.amounts} if assessed and is_as_kept(found, assessed) else {}


def assessment_of(kind: str, found: WorkedOut, law_book: LawBook) -> Assessment | None:
    """None where the law of that day has a hole, or its questions have changed since."""
    try:
        return again(kind, found.on, found.inputs, law_book)
    except (NotKnown, ValueError):
        return None


def _sum(one: Sum, worked: dict[str, Amount], found: WorkedOut) -> dict[str, Any]:
    if one.code == SO_FAR:
        rows = _child_rows(found.months, one)
    else:
        rows = benefit_words.working_lines(worked[one.code]) if one.code in worked else []
    return {"code": one.code, "name": claim_words.amount_name(one.code), "said": said(one), "rows": rows}


def said(one: Sum) -> str:
    return benefit_words.amount_said(Amount(one.code, Baht.of(one.baht), Per(one.per), ()))


def _child_rows(months: Sequence[ChildMonths], one: Sum) -> Rows:
    rows: Rows = [
        {
            "label": _("%(first)s to %(last)s", first=month_year(run.first), last=month_year(run.last)),
            "value": f"{run.months} × {run.children} × {satang(run.a_child)}",
        }
        for run in months
    ]
    return [*rows, {"label": _("Together"), "value": baht(one.baht), "total": True}]


def law_facts(kind: str, found: WorkedOut, law_book: LawBook) -> dict[str, Any]:
    """The rules that the sums rest on, as templates/benefits/_law.html shows them."""
    assessed = assessment_of(kind, found, law_book)
    if assessed is None or not assessed.law:
        return {"rules": [], "on": found.on}
    once = {(value.key, value.since): value for value in assessed.law}.values()
    return {
        "rules": by_subject(rule_words(value) for value in once),
        "is_confirmed": assessed.is_confirmed,
        "checked": min(value.checked for value in once),
        "on": found.on,
    }


def register_within(law: Law) -> str:
    """The days that the law gives for registering as unemployed."""
    return days(law.read("unemployment.register_within", int))


def child_notes(children: ChildClaim | None) -> list[str]:
    """Which months are lost, and until when it is paid."""
    if children is None:
        return []
    lost = ngettext(
        "%(num)s month lies too far back: its time to claim is over.",
        "%(num)s months lie too far back: their time to claim is over.",
        children.lost,
    )
    last = _("The last month is %(month)s, the one before the sixth birthday. Whether that month counts too is being confirmed: call 1506.",
             month=month_year(children.ends))  # fmt: skip
    return ([lost] if children.lost else []) + [last]


# Until when


def period(worth: Worth, today: date, law_book: LawBook) -> dict[str, Any]:
    """The law's period counted: its last day, how long is left, or how long it is over. Empty where the law of that day is not known."""
    if worth.claim_by is None:
        return {}
    left = (worth.claim_by - today).days
    within = years(law_book.on(worth.event_on).read("claims.years", int))
    if left < 0:
        title = ph("The day to claim by was %(day)s", day=short_date(worth.claim_by))
        text = _("That is %(days)s ago; the law gives %(years)s. You can send it all the same: an officer decides.",
                 days=days(-left), years=within)  # fmt: skip
        return {"day": worth.claim_by, "is_late": True, "title": title, "text": text}
    text = _("%(days)s left, of %(years)s.", days=days(left), years=within)
    return {"day": worth.claim_by, "is_late": False, "title": ph("Claim by %(day)s", day=long_date(worth.claim_by)), "text": text}


# What stands in the way, and what an officer will look at


def unmet_words(reason: Reason) -> dict[str, str]:
    """What keeps a claim from being sent, with the way on."""
    match reason.code:
        case "has_happened":
            text = _("It has not happened yet. Claim from %(day)s on.", day=short_date(reason.facts["on"]))
            return {"text": text, "href": "", "link": ""}
        case "not_claimed_already":
            href = f"{claim_words.PLACE}/{reason.facts['reference']}"
            return {"text": _("You have claimed this already."), "href": href, "link": _("See that claim")}
        case "payment_named":
            return {"text": _("Say how the money should reach you."), "href": "", "link": ""}
    return {"text": _("A question is not answered yet."), "href": "", "link": ""}


def to_look_at(kind: str, reason: Reason) -> dict[str, str] | None:
    """What an officer will look at, said before it is sent; None for what is in order."""
    if reason.met is not None:
        return None
    match reason.code:
        case "record_supports_it":
            what = ", ".join(_condition(code) for code in reason.facts["unmet"])
            return {
                "title": _("By the record a condition is not met: %(what)s", what=what),
                "text": _("You can send it all the same: the record may be wrong. An officer decides, and tells you why."),
                "href": "/my-data/wrong",
                "link": _("Something wrong in the record? Tell us"),
            }
        case "children_claimed_before":
            return {
                "title": ngettext(
                    "By your other claims, %(num)s other child counts before these",
                    "By your other claims, %(num)s other children count before these",
                    int(reason.facts["children"]),
                ),
                "text": _("It is paid for only so many children at the same time. The sum here is worked out with them."),
                "href": claim_words.PLACE,
                "link": _("See your claims"),
            }
        case "registered_as_unemployed":
            return {
                "title": _("You are not registered as unemployed yet"),
                "text": _("Without it nothing is paid. Send this, and register at the Department of Employment at once."),
                "href": "",
                "link": "",
            }
    return None


def _condition(code: str) -> str:
    return _("whether they are your own children by law") if code == "children_own" else benefit_words.reason_name(code)


def outcome_words(found: WorkedOut) -> str:
    """Where no sum can be said, why."""
    if found.outcome is None:
        return _("For this day a number of the law is not known to us. The office works it out.")
    if found.outcome is Outcome.NOT_ENTITLED:
        return _("By the record nothing is due, so no sum is shown.")
    return _("The office works it out from its record.")
