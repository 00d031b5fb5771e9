"""The letter about a decision, in plain words and in both languages: what, how much, why, the law, when it is paid, how to appeal.

Decided:
- One letter is written once, as parts of sentences, rows and a table (`Letter`); page, sheet and PDF only set it. So none of them can say
  another sum or day than the others.
- It says what stands now. After an appeal the first decision is read from the versions of the claim, and the answer from the history.
- A decision with other sums than those shown at sending has both workings beside each other, and why: what the office wrote, and what can
  be told apart from what is kept. No officer is named, and of a record that is not the reader's own no condition is told.
- What none of our sources says (how many days until the money comes, what comes after an answered appeal, whom the money of somebody who
  died goes to) is said to be so, with 1506.
Put aside: a letter kept as text at the decision. Its words would stay as they were once a mistake in them is mended; the sums, which must
not move, are kept with the claim.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from markupsafe import Markup

from webapp.actions.claim_sums import OF_ANOTHER
from webapp.domain.assessment import Assessment
from webapp.domain.benefits.maternity import LUMP_SUM
from webapp.domain.claim import CAN_BE_APPEALED, Claim, Decision, Status, Step, StepCode, Version, appeal_by, law_of_refusal
from webapp.domain.claim_amount import WorkedOut
from webapp.domain.lawbook import TO_BE_CONFIRMED, LawBook, NotKnown
from webapp.domain.payment import Way
from webapp.ports import Name
from webapp.web import claim_result
from webapp.web.benefit_words import benefit_name, condition
from webapp.web.claim_words import amount_name, payment_words, refusal_words
from webapp.web.filters import bdi, date_time, day_date, long_date
from webapp.web.language import gettext as _
from webapp.web.language import ph
from webapp.web.law_words import rule_words

Words = str | Markup
NOTHING = "–"
ANSWERS_TO_AN_APPEAL = frozenset({StepCode.APPEAL_UPHELD, StepCode.APPEAL_DISMISSED})


@dataclass(frozen=True)
class Row:
    label: Words
    value: Words
    total: bool = False


@dataclass(frozen=True)
class Beside:
    """What was shown at sending beside what was decided; the first of `heads` is that of the labels."""

    caption: str
    heads: tuple[str, str, str]
    rows: tuple[tuple[Words, Words, Words], ...]


@dataclass(frozen=True)
class Part:
    """Under one heading, in this order: sentences, rows, the table, what somebody wrote (after `wrote_by`), sentences after that."""

    name: str
    heading: Words
    said: tuple[Words, ...] = ()
    rows: tuple[Row, ...] = ()
    beside: Beside | None = None
    wrote_by: str = ""
    wrote: str = ""
    then: tuple[Words, ...] = ()


@dataclass(frozen=True)
class Letter:
    """`said`: the decision in one sentence. `may_appeal_until`: only while an appeal can be sent."""

    said: Words
    about: tuple[Row, ...]
    parts: tuple[Part, ...]
    may_appeal_until: date | None


@dataclass(frozen=True)
class Kept:
    """All that a letter is written from; `today` is the day on which it is read."""

    claim: Claim
    steps: Sequence[Step]
    versions: Sequence[Version]
    name: Name | None
    law_book: LawBook
    today: date


def has_letter(claim: Claim) -> bool:
    """A decision, or the death that stopped it."""
    return claim.decision is not None or claim.status is Status.STOPPED


def letter(kept: Kept) -> Letter:
    """For a claim that `has_letter`."""
    until = _last_day(kept)
    is_open = _may_appeal(kept.claim) and not _is_over(until, kept)
    return Letter(_said(kept), _about(kept), tuple(_parts(kept, until)), until if is_open else None)


def letter_foot(at: datetime) -> Markup:
    """Of a sheet that somebody holds when the page has long changed."""
    return Markup("{} · {}").format(ph("As of %(time)s", time=date_time(at)), _("Questions: call 1506 with the reference above."))


def _parts(kept: Kept, until: date | None) -> Iterable[Part]:
    claim, decision = kept.claim, kept.claim.decision
    if claim.status is Status.STOPPED:
        yield _stopped(claim)
    if decision is None:
        yield _expected(kept)
        return
    if decision.approved:
        yield _how_much(kept, decision)
    yield _why(kept, decision)
    yield _law(kept, decision)
    if decision.approved:
        yield _when_paid(claim)
    if claim.status is not Status.STOPPED:
        yield _appeal(kept, until)


# What


def _said(kept: Kept) -> Words:
    claim, decision = kept.claim, kept.claim.decision
    if claim.status is Status.STOPPED:
        return ph("This claim has stopped")
    if decision is None or not decision.approved:
        return ph("After your appeal: the claim stays not approved") if _was_answered(claim) else ph("Your claim was not approved")
    if claim.appeal and claim.appeal.upheld:
        return ph("After your appeal: your claim is approved")
    if claim.appeal and claim.appeal.upheld is False:
        return ph("After your appeal: the decision stays")
    return {
        0: lambda: ph("Your claim is approved"),
        -1: lambda: ph("Your claim is approved, with less than was shown when you sent it"),
        1: lambda: ph("Your claim is approved, with another sum than was shown when you sent it"),
    }[_other_than_shown(claim, decision)]()


def _was_answered(claim: Claim) -> bool:
    return claim.appeal is not None and claim.appeal.upheld is not None


def _other_than_shown(claim: Claim, decision: Decision) -> int:
    """-1: no sum is higher and some are lower or left out; 1: otherwise another; 0: as shown, or none was shown."""
    if not claim.expected.sums or decision.worked_out is None or decision.worked_out.sums == claim.expected.sums:
        return 0
    shown = {one.code: one for one in claim.expected.sums}
    now = decision.worked_out.sums
    is_less = [one.code in shown and shown[one.code].per == one.per and one.baht <= shown[one.code].baht for one in now]
    return -1 if all(is_less) else 1


def _about(kept: Kept) -> tuple[Row, ...]:
    claim, name, decision = kept.claim, kept.name, kept.claim.decision
    whose: Words = ph("%(name)s, number ending %(digits)s", name=bdi(name.given_name), digits=name.last_four) if name else NOTHING
    return (
        Row(_("Reference"), bdi(claim.reference)),
        Row(_("Benefit"), benefit_name(claim.kind)),
        Row(_("Claimed by"), whose),
        Row(_("Day that counts"), day_date(claim.event_on)),
        Row(_("Received"), date_time(claim.sent_at)),
        *((Row(_("Decided"), date_time(decision.at)),) if decision else ()),
    )


# How much


def _how_much(kept: Kept, decision: Decision) -> Part:
    found = decision.worked_out or kept.claim.expected
    heading = ph("How much you get")
    if not found.sums:
        return Part("sums", heading, (claim_result.outcome_words(found),))
    if _other_than_shown(kept.claim, decision):
        return Part("sums", heading, beside=_beside(kept, found), then=_why_other(kept, decision, found))
    return Part("sums", heading, rows=tuple(_sum_rows(kept, found)))


def _sum_rows(kept: Kept, found: WorkedOut) -> Iterable[Row]:
    """Each sum, then how it came about; lines that stand above already are not said again."""
    told: list[Row] = []
    for one in claim_result.sums(kept.claim.kind, found, kept.law_book):
        lines = _lines(one)
        yield lines[0]
        again = [line for line in lines[1:] if line in told]
        if again:
            yield Row(_("First as above, then"), "")
        yield from (line for line in lines[1:] if line not in told)
        told += lines


def _beside(kept: Kept, found: WorkedOut) -> Beside:
    """Line by line; a line that only one of them has leaves the other's cell empty."""
    before, now = (
        {(one["code"], row.label): row.value for one in claim_result.sums(kept.claim.kind, worked, kept.law_book) for row in _lines(one)}
        for worked in (kept.claim.expected, found)
    )
    codes = dict.fromkeys(code for code, _label in (*before, *now))
    keys = [key for code in codes for key in dict.fromkeys((*before, *now)) if key[0] == code]
    rows = tuple((label, before.get((code, label), NOTHING), now.get((code, label), NOTHING)) for code, label in keys)
    heads = (_("Sum or step"), _("Shown when you sent it"), _("As decided"))
    return Beside(_("Both workings beside each other"), heads, rows)


def _lines(one: dict[str, object]) -> list[Row]:
    rows: list[dict[str, Words]] = one["rows"]  # type: ignore[assignment]
    first = Row(str(one["name"]), str(one["said"]), total=True)
    return [first, *(Row(row["label"], row["value"]) for row in rows if not row.get("total"))]


def _why_other(kept: Kept, decision: Decision, found: WorkedOut) -> tuple[Words, ...]:
    """What can be told apart; the office's own words stand under "why"."""
    shown = kept.claim.expected
    said: list[Words] = [
        _("%(sum)s was shown, but the other parent has been given it: it is paid once.", sum=amount_name(LUMP_SUM))
    ] if _went_to_the_other_parent(kept, found) else []  # fmt: skip
    if kept.claim.kind in OF_ANOTHER:
        said.append(_("When you sent it, the record of the person who died was not looked at."))
    elif dict(shown.inputs) != dict(found.inputs):
        said.append(_("The record, or what was found from the papers, was not the same as on the day you sent it."))
    if shown.on != found.on:
        said.append(ph("It was worked out by the law of %(day)s.", day=day_date(found.on)))
    if found.outcome is None:
        said.append(claim_result.outcome_words(found))
    return tuple(said) or (_("The office worked it out anew when it decided. Ask 1506 if you do not see why."),)


def _went_to_the_other_parent(kept: Kept, found: WorkedOut) -> bool:
    """Shown, due by the law, and yet left out: only the other parent's lump sum does that (actions/claim_desk.py)."""
    assessed = claim_result.assessment_of(kept.claim.kind, found, kept.law_book)
    is_due = assessed is not None and assessed.amount(LUMP_SUM) is not None
    return is_due and kept.claim.expected.sum_of(LUMP_SUM) is not None and found.sum_of(LUMP_SUM) is None


# Why, and by which law


def _why(kept: Kept, decision: Decision) -> Part:
    first = _first_decision(kept) or decision
    words = first.words if not decision.approved else decision.words
    found = decision.worked_out or kept.claim.expected
    rows = tuple(_conditions(kept, found))
    if decision.approved or decision.reason is None:
        looked = _("These conditions were looked at, by the record and your answers:") if rows else _("An officer looked at the claim.")
        return Part("why", ph("Why it was decided so"), (looked,), rows, wrote_by=_("The office wrote:"), wrote=words)
    said = refusal_words(decision.reason)
    next_ = _("What you can do: %(what)s", what=said.next)
    return Part("why", ph("Why it was decided so"), (said.why,), rows, wrote_by=_("The office wrote:"), wrote=words, then=(next_,))


def _conditions(kept: Kept, found: WorkedOut) -> Iterable[Row]:
    """Each condition with how it stood; none where they are those of somebody else's record."""
    if kept.claim.kind in OF_ANOTHER:
        return
    assessed = claim_result.assessment_of(kept.claim.kind, found, kept.law_book)
    said = {"met": _("Met"), "not_met": _("Not met")}
    for reason in assessed.reasons if assessed else ():
        one = condition(reason)
        yield Row(one.rule, _("%(yours)s: %(verdict)s", yours=one.yours, verdict=said.get(one.verdict, _("Not sure"))))


def _law(kept: Kept, decision: Decision) -> Part:
    day = ph("By the law of %(day)s.", day=day_date((decision.worked_out or kept.claim.expected).on))
    said = _law_of_approval(kept, decision) if decision.approved else _law_of_refusal(kept, decision)
    return Part("law", ph("The law"), (day, *said))


def _law_of_refusal(kept: Kept, decision: Decision) -> tuple[Words, ...]:
    key = law_of_refusal(decision.reason, kept.claim.kind) if decision.reason else None
    return (_rule(kept.law_book, key, kept.claim.event_on) or _("Which section this rests on, none of our sources says: ask 1506."),)


def _rule(book: LawBook, key: str | None, on: date) -> Words:
    """A rule by its name, its value and its section; empty where the book has none for that day."""
    law = book.on(on)
    if key is None or key not in book.histories or not law.is_known(key):
        return ""
    rule = rule_words(law.value(key))
    return Markup("{}: {}. {}").format(rule["name"], rule["value"], rule["law"])


def _law_of_approval(kept: Kept, decision: Decision) -> tuple[Words, ...]:
    found: Assessment | None = claim_result.assessment_of(kept.claim.kind, decision.worked_out or kept.claim.expected, kept.law_book)
    if found is None or not found.law:
        return (_("Which sections it rests on: ask 1506."),)
    known = [value for value in found.law if value.law != TO_BE_CONFIRMED] or found.law
    named = dict.fromkeys(rule_words(value)["law"] for value in known)
    said: tuple[Words, ...] = (Markup("; ").join(named),)
    return said if found.is_confirmed else (*said, _("Some of these rules are being confirmed: call 1506."))


# When


def _when_paid(claim: Claim) -> Part:
    return Part("paid", ph("When it is paid"), _payment(claim))


def _payment(claim: Claim) -> tuple[Words, ...]:
    way = ph("Paid to: %(way)s", way=payment_words(claim.payment))
    if claim.status is Status.STOPPED:
        return (_("Nothing is sent to an account whose owner has died."),)
    if claim.paid_at is not None:
        return (ph("The money was sent on %(day)s", day=long_date(claim.paid_at)), way)
    if claim.returned is not None:
        return (ph("The bank sent the money back. Say on the page of this claim how you want to be paid."), way)
    if claim.sending is not None:
        return (ph("The money was sent to the bank on %(day)s", day=long_date(claim.sending.at)), way)
    if claim.paid_before is not None:
        sent = ph("Part of it was sent on %(day)s. What is left:", day=long_date(claim.paid_before.at))
        left = (f"{amount_name(one.code)}: {claim_result.said(one)}" for one in claim.to_pay)
        months = claim.paid_before.months
        over = (_("That is for %(months)s months together.", months=months),) if months > 1 else ()
        told = _("You are told when the money is sent. How many days that takes, none of our sources says: ask 1506.")
        return (sent, *left, *over, way, told)
    if claim.status is Status.APPEALED:
        return (_("While your appeal is looked at, no money is sent."), way)
    if claim.payment.way is Way.COUNTER:
        return (_("First say how you want to be paid: on the page of this claim, or at any SSO office."),)
    return (way, _("You are told when the money is sent. How many days that takes, none of our sources says: ask 1506."))


def _stopped(claim: Claim) -> Part:
    died = day_date(claim.died_on) if claim.died_on else NOTHING
    return Part(
        "stopped",
        ph("Why it has stopped"),
        (
            ph("By what the office knows, whoever claimed died on %(day)s.", day=died),
            _("What the claim was worth stays as it was. Nothing is sent to an account whose owner has died."),
            _("The family asks at any SSO office, or calls 1506 with the reference. Who is paid then, and whether they can appeal, is being"
              " confirmed."),
        ),
    )  # fmt: skip


def _expected(kept: Kept) -> Part:
    """Of a claim that nobody had decided."""
    found, nothing_yet = kept.claim.expected, _("Nothing had been decided.")
    if not found.sums:
        return Part("sums", ph("How much you get"), (nothing_yet, claim_result.outcome_words(found)))
    rows = tuple(_sum_rows(kept, found))
    return Part("sums", ph("How much you get"), (nothing_yet, _("This was shown when the claim was sent:")), rows)


# The appeal


def _may_appeal(claim: Claim) -> bool:
    return claim.status in CAN_BE_APPEALED and claim.appeal is None


def _last_day(kept: Kept) -> date | None:
    """None where nothing was decided, or the law of that day does not say."""
    try:
        return appeal_by(kept.claim, kept.law_book)
    except NotKnown:
        return None


def _is_over(until: date | None, kept: Kept) -> bool:
    return until is not None and kept.today > until


def _appeal(kept: Kept, until: date | None) -> Part:
    claim = kept.claim
    if claim.appeal is not None:
        return _answered(kept) if _was_answered(claim) else _being_looked_at(kept)
    said = _how_to_appeal(kept, until) if _may_appeal(claim) else (_("Ask 1506 whether you can appeal."),)
    return Part("appeal", ph("If you see it otherwise: appeal"), said)


def _how_to_appeal(kept: Kept, until: date | None) -> tuple[Words, ...]:
    if until is None:
        return (_("Ask 1506 at once how you can appeal, and until when."),)
    if _is_over(until, kept):
        return (ph("The last day to appeal was %(day)s. Ask 1506 whether anything can still be done.", day=long_date(until)),)
    decided = kept.claim.decision.at.date() if kept.claim.decision else kept.today
    law = _rule(kept.law_book, "claims.appeal_days", decided)
    return (ph("You can appeal until %(day)s", day=long_date(until)), _by_whom(), law)


def _by_whom() -> str:
    return _("Write on the page of this claim what is wrong, or bring it on paper to any SSO office. An officer who had no part in the"
             " decision looks at it.")  # fmt: skip


def _being_looked_at(kept: Kept) -> Part:
    appeal = kept.claim.appeal
    assert appeal is not None
    said = (
        ph("You appealed at %(time)s.", time=date_time(appeal.at)),
        _("An officer who had no part in the decision looks at it."),
    )
    return Part("appeal", ph("Your appeal"), said, wrote_by=_("You wrote:"), wrote=appeal.words)


def _answered(kept: Kept) -> Part:
    """What was appealed against, and the answer with what the office wrote."""
    claim, appeal = kept.claim, kept.claim.appeal
    assert appeal is not None
    first, at = _first_decision(kept), _answered_at(kept)
    answer = _("The appeal was right: the claim is decided anew, as this letter says.") if appeal.upheld else _("The decision stays.")
    wrote = claim.decision.words if claim.decision and not appeal.upheld and first and claim.decision.words != first.words else ""
    rows = (
        *((Row(_("First decided"), Markup("{} · {}").format(date_time(first.at), _outcome(first))),) if first else ()),
        Row(_("You appealed"), date_time(appeal.at)),
        *((Row(_("The appeal was answered"), date_time(at)),) if at else ()),
    )
    further = _("This app takes one appeal for a claim. How to go on after that is being confirmed: ask 1506.")
    return Part("appeal", ph("Your appeal, and the answer"), (answer,), rows, wrote_by=_("The office wrote:"), wrote=wrote, then=(further,))


def _outcome(decision: Decision) -> str:
    return _("Approved") if decision.approved else _("Not approved")


def _first_decision(kept: Kept) -> Decision | None:
    """The one that was appealed against; None without an appeal, or where that version is gone."""
    before = [one.claim.decision for one in kept.versions if one.claim.status is Status.APPEALED]
    return before[0] if before else None


def _answered_at(kept: Kept) -> datetime | None:
    return next((step.at for step in reversed(kept.steps) if step.code in ANSWERS_TO_AN_APPEAL), None)
