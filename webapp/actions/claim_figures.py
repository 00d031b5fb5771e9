"""Figures of the claims' desk: what waits and since when, how long decisions took, by kind, by province and by month.

Decided: counted from what stands in the open (days, kinds, provinces), so no claim is opened for a figure. Half of the claims were decided
within the days shown, without the time a paper was waited for; under FEWEST_DECIDED of them no days are said (domain/claim.py): few cases
say little, and could be somebody's. Provinces stand for offices: which office a claim belongs to is not known to us.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from webapp.domain.claim import UNDECIDED, usual_days
from webapp.domain.dates import add_months, first_of_month, in_bangkok
from webapp.ports import DecidedClaim, Tools

MONTHS = 12
AGES = (7, 14, 30, 60)
"""Upper ends of the groups of waiting days: the app's own."""


@dataclass(frozen=True)
class Age:
    """Claims that have waited `first` to `last` days; `last` None: and more."""

    first: int
    last: int | None
    count: int


@dataclass(frozen=True)
class Took:
    """Decided claims of one kind, province or month (`of`); `days` None where they are too few to say."""

    of: str
    count: int
    days: int | None


@dataclass(frozen=True)
class Figures:
    """`since`: the first day that counts for what was decided."""

    waiting: tuple[Age, ...]
    since: date
    all_kinds: Took
    by_kind: tuple[Took, ...]
    by_province: tuple[Took, ...]
    by_month: tuple[Took, ...]


def figures(tools: Tools) -> Figures:
    """As of now; the last twelve months, this one included."""
    today = tools.clock.today()
    since = add_months(first_of_month(today), 1 - MONTHS)
    decided = tools.store.claims_decided_since(datetime.combine(since, datetime.min.time(), tools.clock.now().tzinfo))
    months = [f"{add_months(since, count):%Y-%m}" for count in range(MONTHS)]
    return Figures(
        waiting=_ages(tools),
        since=since,
        all_kinds=_took("", decided),
        by_kind=_grouped(decided, lambda one: one.kind),
        by_province=_grouped(decided, lambda one: one.province),
        by_month=_grouped(decided, lambda one: f"{in_bangkok(one.decided_at):%Y-%m}", months),
    )


def _ages(tools: Tools) -> tuple[Age, ...]:
    now = tools.clock.now()
    waited = [(now - sent).days for sent in tools.store.claims_waiting_since([str(one) for one in sorted(UNDECIDED)])]
    firsts, lasts = (0, *(end + 1 for end in AGES)), (*AGES, None)
    return tuple(
        Age(first, last, sum(first <= days and (last is None or days <= last) for days in waited))
        for first, last in zip(firsts, lasts, strict=True)
    )


def _grouped(decided: Iterable[DecidedClaim], key: Callable[[DecidedClaim], str], order: Iterable[str] = ()) -> tuple[Took, ...]:
    """In the order given, else the most first."""
    found: dict[str, list[DecidedClaim]] = defaultdict(list)
    for one in decided:
        found[key(one)].append(one)
    names = list(order) or sorted(found, key=lambda name: (-len(found[name]), name))
    return tuple(_took(name, found.get(name, [])) for name in names)


def _took(of: str, decided: Iterable[DecidedClaim]) -> Took:
    waited: list[timedelta] = [one.waited for one in decided]
    return Took(of, len(waited), usual_days(waited))
