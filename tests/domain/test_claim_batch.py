"""A batch: its total to the satang, where its lines are, and the days on which a bank can have paid."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as some

from webapp.domain.claim_batch import Batch, Line, Outcome, may_be_paid_on, time_paid, total_of
from webapp.domain.dates import BANGKOK
from webapp.domain.payment import Payment, Way

CLOSED = datetime(2026, 12, 20, 15, tzinfo=BANGKOK)
SATANG = some.integers(1, 99_999_999).map(lambda number: Decimal(number).scaleb(-2))


def a_batch(sums: list[Decimal], outcomes: list[Outcome] | None = None) -> Batch:
    lines = [
        Line("PB-1", number, f"CL-{number}", "somchai", Payment(Way.PROMPTPAY), baht)
        for number, baht in enumerate(sums, start=1)
    ]  # fmt: skip
    outcomes = outcomes or [Outcome.AT_THE_BANK] * len(lines)
    settled = (replace(line, outcome=outcome) for line, outcome in zip(lines, outcomes, strict=False))
    return Batch("PB-1", Way.PROMPTPAY, CLOSED, "officer-2", tuple(settled))


@given(some.lists(some.tuples(SATANG, some.sampled_from(Outcome)), max_size=200))
def test_the_parts_of_a_batch_make_its_total_to_the_satang(lines: list[tuple[Decimal, Outcome]]) -> None:
    batch = a_batch([baht for baht, _ in lines], [outcome for _, outcome in lines])
    parts = [total_of(batch.with_outcome(outcome)) for outcome in Outcome]
    assert sum(parts) == batch.total
    assert batch.total * 100 == sum(int(baht * 100) for baht, _ in lines)


def test_the_total_of_nothing_is_written_as_money() -> None:
    assert str(a_batch([]).total) == "0.00"


def test_a_line_is_found_by_its_claim() -> None:
    batch = a_batch([Decimal("800.00"), Decimal("0.25")])
    assert batch.line_of("CL-2") == batch.lines[1]
    assert batch.line_of("CL-3") is None


def test_a_bank_pays_from_the_day_of_closing_up_to_today() -> None:
    batch, today = a_batch([Decimal(1)]), date(2026, 12, 23)
    assert [may_be_paid_on(batch, date(2026, 12, day), today) for day in (19, 20, 23, 24)] == [False, True, True, False]


def test_a_day_has_the_time_of_its_beginning_but_never_before_the_closing() -> None:
    batch, now = a_batch([Decimal(1)]), CLOSED + timedelta(days=3)
    assert time_paid(batch, date(2026, 12, 20), now) == CLOSED
    assert time_paid(batch, date(2026, 12, 21), now) == datetime(2026, 12, 21, tzinfo=BANGKOK)
    assert time_paid(batch, date(2026, 12, 23), now) == now
