"""What a claim is worth: the checker's own rule, fed with the claim's answers and the record, by the law of the day of the event.

Decided: what was worked out is kept with the claim as plain facts: the sums, and the inputs from which anybody can work them out again
(`again`). So the receipt, the desk and the letter show the same working; a rule put right in the statute book meanwhile changes no sum that
somebody was shown, and is seen (`is_as_kept`).
Child allowance is a row of months, each by its own law: from the month of birth to the month before the sixth birthday (so six years make
72 months; whether the month of that birthday counts too is being confirmed), for at most so many children at once, while the months paid
before it suffice. A month is lost when the law's period after its first day is over. A child may turn six before the claim is sent or
decided: the months before that stay, and no month is lost while an officer has the claim.
What is paid once goes out whole; where a benefit is only paid month by month, the first payment is its first month (`due_now`), and after
that the office pays each month by its own run. So when an appeal against a paid claim is upheld later, the months since have gone out too,
at the old rate (`run_since`), and the same months are due at the new one (`over_months`). Which day of the month that run has, none of
our sources says: the month of today counts as paid.
Put aside: keeping each line of a working: they hang on the words of a page, the inputs do not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from webapp.domain.answers import AnswersNotUnderstood
from webapp.domain.assessment import Assessment, Outcome, Per
from webapp.domain.benefits import catalogue
from webapp.domain.benefits.child_allowance import MONTHLY
from webapp.domain.dates import MONTHS_IN_A_YEAR, add_months, first_of_month, last_of_month, same_day_in_months
from webapp.domain.lawbook import LawBook, NotKnown
from webapp.domain.money import Baht, total

CHILD_ALLOWANCE = "child_allowance"
SO_FAR = "child_allowance_so_far"
PAID_BY_THE_MONTH = frozenset({"unemployment_total"})
"""A sum that says what it comes to at most: what goes out is its monthly one."""
Inputs = Mapping[str, Any]


@dataclass(frozen=True)
class Sum:
    """Rounded once, to the satang."""

    code: str
    baht: Decimal
    per: Per


@dataclass(frozen=True)
class ChildMonths:
    """Months in a row of the same sum: `children` paid for at `a_child` each."""

    first: date
    last: date
    months: int
    children: int
    a_child: Baht

    @property
    def baht(self) -> Baht:
        return self.a_child * (self.children * self.months)


@dataclass(frozen=True)
class WorkedOut:
    """By the law of the day `on`. `unmet` and `unsure` are codes of conditions; `inputs` are JSON-plain; `months` those of child allowance.
    `outcome` None: for that day a number of the law is not known, and the office works it out."""

    on: date
    outcome: Outcome | None
    sums: tuple[Sum, ...] = ()
    unmet: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    inputs: Inputs = field(default_factory=dict)
    months: tuple[ChildMonths, ...] = ()

    def sum_of(self, code: str) -> Decimal | None:
        return next((one.baht for one in self.sums if one.code == code), None)


def work_out(kind: str, on: date, inputs: Inputs, law_book: LawBook) -> WorkedOut:
    """`inputs`: answers as the benefit's rule reads them, without those left out. Raises ValueError for inputs it cannot read."""
    try:
        found = again(kind, on, inputs, law_book)
    except NotKnown:
        return WorkedOut(on, None, inputs=dict(inputs))
    sums = tuple(Sum(amount.code, amount.baht.rounded, amount.per) for amount in found.amounts)
    return WorkedOut(on, found.outcome, sums, _codes(found, False), _codes(found, None), dict(inputs))


def again(kind: str, on: date, inputs: Inputs, law_book: LawBook) -> Assessment:
    """The whole assessment, for its working and its law. Raises NotKnown, or ValueError for inputs it cannot read."""
    found = catalogue.assess(kind, inputs, on, law_book)
    if isinstance(found, AnswersNotUnderstood):
        raise ValueError(f"inputs of a claim: {dict(found.faults)}")
    return found


def is_as_kept(kept: WorkedOut, found: Assessment) -> bool:
    """Whether working it out again comes to what was kept; a sum may have been left out as somebody else's."""
    sums = {amount.code: amount.baht.rounded for amount in found.amounts}
    return all(sums.get(one.code) == one.baht for one in kept.sums if one.code != SO_FAR)


def months_are_as_kept(kept: WorkedOut, law_book: LawBook) -> bool:
    """Whether the law still gives for each month of child allowance what it was worked out with."""
    return all(
        law_book.on(add_months(run.first, number)).read(f"{CHILD_ALLOWANCE}.a_month", Decimal) == run.a_child.exact
        for run in kept.months
        for number in range(run.months)
    )


def less(sums: Sequence[Sum], paid: Sequence[Sum]) -> tuple[Sum, ...]:
    """What is still due of each of these sums; what is paid in another rhythm counts against none."""
    before = {(one.code, one.per): one.baht for one in paid}
    left = [replace(one, baht=one.baht - before.get((one.code, one.per), Decimal(0))) for one in sums]
    return tuple(one for one in left if one.baht > 0)


def added(one: Sequence[Sum], other: Sequence[Sum]) -> tuple[Sum, ...]:
    """Both together; what has the same name and rhythm as one sum."""
    found: dict[tuple[str, Per], Sum] = {}
    for each in (*one, *other):
        before = found.get((each.code, each.per))
        found[each.code, each.per] = replace(each, baht=each.baht + before.baht) if before else each
    return tuple(found.values())


def over_months(sums: Sequence[Sum], months: int, counted: int | None = None) -> tuple[Sum, ...]:
    """What a benefit that is only paid month by month has come to after `months` (or `counted` of them), each as one sum; never more than
    the most it can come to. As they are where one month is all, and where something is paid once besides (`due_now`)."""
    if months == 1 or any(one.per is Per.ONCE and one.code not in PAID_BY_THE_MONTH for one in sums):
        return tuple(sums)
    most = min((one.baht for one in sums if one.code in PAID_BY_THE_MONTH), default=None)
    whole = {one.code: one.baht * (months if counted is None else counted) for one in sums if one.per is Per.MONTH}
    return tuple(
        replace(one, baht=whole[one.code] if most is None else min(whole[one.code], most), per=Per.ONCE) if one.per is Per.MONTH else one
        for one in sums
    )


def due_now(sums: Sequence[Sum]) -> Decimal:
    """What the next payment comes to: everything that is paid once; where there is nothing of that, one month. A rate by the day is in the
    total beside it, and the most that unemployment can come to is paid month by month."""
    once = [one.baht for one in sums if one.per is Per.ONCE and one.code not in PAID_BY_THE_MONTH]
    months = [one.baht for one in sums if one.per is Per.MONTH]
    return sum(once or months, Decimal(0))


def _codes(found: Assessment, met: bool | None) -> tuple[str, ...]:
    return tuple(reason.code for reason in found.reasons if reason.met is met)


# The law's period for claiming


def claim_by(event_on: date, law_book: LawBook) -> date | None:
    """The last day to claim for something that happened that day; None where the law of that day is not known."""
    law = law_book.on(event_on)
    if not law.is_known("claims.years"):
        return None
    return same_day_in_months(event_on, law.read("claims.years", int) * MONTHS_IN_A_YEAR)


# Child allowance, month by month


@dataclass(frozen=True)
class ChildClaim:
    """`due` so far, this month included; `lost` months whose period to claim is over; `ends` the last month of the youngest; `others` the
    most children in one month who were claimed for before."""

    due: tuple[ChildMonths, ...]
    lost: int
    ends: date
    others: int = 0

    @property
    def baht(self) -> Baht:
        return total([one.baht for one in self.due]) if self.due else Baht.of(0)

    @property
    def months(self) -> int:
        return sum(one.months for one in self.due)


@dataclass(frozen=True)
class ChildQuestion:
    """`sent_on`: the day the claim was sent, or today; until then the period to claim runs. `through`: today. `paid_now`: other children
    that the allowance is paid for already, by the form; `others`: births of those claimed for before; in each month the larger
    number counts. `suffices`: whether the months before a month are enough."""

    births: tuple[date, ...]
    sent_on: date
    through: date
    paid_now: int
    suffices: Callable[[date], bool]
    others: tuple[date, ...] = ()


def child_claim(asked: ChildQuestion, law_book: LawBook) -> ChildClaim:
    """Raises NotKnown where the law of one of these months is not known, ValueError without a child."""
    first, this_month = first_of_month(min(asked.births)), first_of_month(asked.through)
    months = [add_months(first, count) for count in range(_span(first, this_month))]
    worth = [(month, _worth(month, asked, law_book)) for month in months]
    open_ = [(month, one) for month, one in worth if one[0] and _still_open(month, asked.sent_on, law_book)]
    lost = sum(bool(one[0]) for _month, one in worth) - len(open_)
    others = max((_young(asked.others, month, law_book) for month in months), default=0)
    return ChildClaim(tuple(_in_a_row(open_)), lost, max(last_month(birth, law_book) for birth in asked.births), others)


def last_month(birth: date, law_book: LawBook) -> date:
    """The last month that counts for a child born then: the one before that of the sixth birthday."""
    return add_months(birth, law_book.on(birth).read(f"{CHILD_ALLOWANCE}.until_birthday", int) * MONTHS_IN_A_YEAR - 1)


def day_to_judge(children: ChildClaim, sent_on: date) -> date:
    """The day of sending, or, where no month counts any more by then (each child has turned six, or the months paid no longer suffice), the
    last day of the last one that does."""
    return min(sent_on, last_of_month(children.due[-1].last)) if children.due else sent_on


def _span(first: date, last: date) -> int:
    return (last.year - first.year) * MONTHS_IN_A_YEAR + last.month - first.month + 1


def _worth(month: date, asked: ChildQuestion, law_book: LawBook) -> tuple[int, Baht]:
    """How many children this month is paid for, and the sum for each."""
    law = law_book.on(month)
    young, others = (_young(births, month, law_book) for births in (asked.births, asked.others))
    at_once = law.read(f"{CHILD_ALLOWANCE}.children_at_once", int)
    children = min(young, max(at_once - max(asked.paid_now, others), 0)) if asked.suffices(month) else 0
    return children, Baht.of(law.read(f"{CHILD_ALLOWANCE}.a_month", Decimal))


def _young(births: Sequence[date], month: date, law_book: LawBook) -> int:
    return sum(first_of_month(birth) <= month <= last_month(birth, law_book) for birth in births)


def _still_open(month: date, sent_on: date, law_book: LawBook) -> bool:
    last = claim_by(month, law_book)
    return last is None or sent_on <= last


def _in_a_row(worth: Sequence[tuple[date, tuple[int, Baht]]]) -> Iterator[ChildMonths]:
    """Months of the same sum drawn together where they follow each other."""
    numbered = [(_span(date.min, month) - place, one, month) for place, (month, one) in enumerate(worth)]
    for (_gap, (children, a_child)), run in groupby(numbered, key=lambda one: (one[0], one[1])):
        months = [month for _number, _one, month in run]
        yield ChildMonths(months[0], months[-1], len(months), children, a_child)


def gone_out_by(decided: WorkedOut, births: Sequence[date], through: date, law_book: LawBook) -> tuple[Sum, ...]:
    """What has been paid by the month of `through` for a claim decided and paid so: of child allowance also each month since the decision,
    as long as a child of it is under six. Raises NotKnown where the law of one of these months is not known."""
    goes_on = decided.months[-1] if decided.months and decided.sum_of(MONTHLY) is not None else None
    if goes_on is None:
        return decided.sums
    since = [add_months(goes_on.last, count) for count in range(1, _span(goes_on.last, first_of_month(through)))]
    paid = total([Baht.of(0), *(_month_of_run(month, goes_on.children, births, law_book) for month in since)])
    return tuple(replace(one, baht=one.baht + paid.rounded) if one.code == SO_FAR else one for one in decided.sums)


@dataclass(frozen=True)
class Run:
    """What the office paid month by month after the first payment; `months` that one included."""

    sums: tuple[Sum, ...] = ()
    months: int = 1


NO_RUN = Run()


def run_since(decided: WorkedOut, births: Sequence[date], paid_on: date, through: date, law_book: LawBook) -> Run:
    """From the month after `paid_on` to that of `through`. Raises NotKnown where the law of one of these months is not known."""
    if decided.sum_of(SO_FAR) is not None:
        return Run(less(gone_out_by(decided, births, through, law_book), decided.sums))
    months = max(_span(first_of_month(paid_on), first_of_month(through)), 1)
    by_then, first = over_months(decided.sums, months), over_months(decided.sums, months, 1)
    return Run(less(by_then, first), months) if by_then != tuple(decided.sums) else NO_RUN


def _month_of_run(month: date, children: int, births: Sequence[date], law_book: LawBook) -> Baht:
    return Baht.of(law_book.on(month).read(f"{CHILD_ALLOWANCE}.a_month", Decimal)) * min(children, _young(births, month, law_book))


def with_child_months(found: WorkedOut, children: ChildClaim, through: date) -> WorkedOut:
    """What goes on each month, where this month counts, and what has come together so far."""
    if not children.due:
        return replace(found, sums=())
    newest = children.due[-1]
    goes_on = newest.last >= first_of_month(through)
    monthly = (Sum(MONTHLY, (newest.a_child * newest.children).rounded, Per.MONTH),) if goes_on else ()
    return replace(found, sums=(*monthly, Sum(SO_FAR, children.baht.rounded, Per.ONCE)), months=children.due)
