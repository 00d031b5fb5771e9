"""Whether months may be missing is told from the months alone, and never told wrongly."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from webapp.adapters import lawbook_toml
from webapp.domain.contribution_record import Line, record_of
from webapp.domain.dates import add_months
from webapp.domain.person import Person

LAW, TODAY = lawbook_toml.load(), date(2026, 11, 22)
MONTHS = st.sets(st.integers(1, 40).map(lambda back: add_months(TODAY, -back)))
DAYS = st.none() | st.dates(date(2022, 1, 1), date(2027, 6, 30))


@given(MONTHS, st.sampled_from(["33", "39", ""]), DAYS, DAYS, DAYS, st.lists(st.sampled_from(["1", "2", ""]), min_size=40, max_size=40))
def test_where_no_month_may_be_missing_none_is(
    paid: set[date], section: str, since: date | None, until: date | None, as_of: date | None, accounts: list[str]
) -> None:
    person = Person(id="p", section=section, insured_from=since, insured_until=until)
    full = [Line(month, None, account=account) for month, account in zip(sorted(paid), accounts, strict=False)]
    if not record_of(person, [Line(month, None) for month in paid], as_of, TODAY, LAW).may_lack_months:
        assert record_of(person, full, as_of, TODAY, LAW).missing == ()


def test_a_hole_is_never_passed_over() -> None:
    person = Person(id="p", section="33", insured_from=date(2025, 1, 1))
    months = [add_months(TODAY, -back) for back in range(2, 12) if back != 6]
    record = record_of(person, [Line(month, None, account="1") for month in months], TODAY, TODAY, LAW)
    assert record.missing
    assert record.may_lack_months
