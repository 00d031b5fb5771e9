"""What the record answers in the checker, and what it leaves to be asked: no record, no wage, no section is no answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from webapp.actions.check_benefits import Recorded, recorded
from webapp.domain.benefits.catalogue import benefit
from webapp.domain.money import Baht
from webapp.ports import ContributionRow, PersonRow, Tools

PID = "1000000000211"
ON = date(2026, 12, 20)
Lay = Callable[..., str]


@pytest.fixture
def lay(tools: Tools) -> Lay:
    """Lay a person with months paid: month -> wage, or a list of wages for several employers."""

    def _lay(months: dict[str, int | None | list[int | None]], section: str = "33") -> str:
        row = PersonRow(PID, "", "ทดลอง", "", None, section, date(2020, 1, 1), None, None, None, None)
        tools.store.put_people([row], tools.clock.now(), demo=True)
        person_id: str = tools.store.person_id_of(PID)
        rows = [
            ContributionRow(person_id, month, None if wage is None else Decimal(wage), section, f"100000000{place}", "")
            for month, wages in months.items()
            for place, wage in enumerate(wages if isinstance(wages, list) else [wages])
        ]
        tools.store.put_contributions(rows, tools.clock.now())
        return person_id

    return _lay


def of_2026(first: int, last: int, wage: int | None = 16_000) -> dict[str, int | None | list[int | None]]:
    return {f"2026-{month:02}": wage for month in range(first, last + 1)}


def asked(tools: Tools, person_id: str, name: str) -> Recorded:
    return recorded(tools, benefit(name), tools.store.person(person_id), ON)


def test_months_and_wages_come_from_the_record(tools: Tools, lay: Lay) -> None:
    found = asked(tools, lay(of_2026(1, 11)), "unemployment")
    assert found.answers["months_paid_in_15"] == 11
    assert found.holds("wage")
    assert found.latest_wage == Baht.of(16_000)


def test_a_record_without_any_wage_answers_the_months_and_asks_the_wage(tools: Tools, lay: Lay) -> None:
    found = asked(tools, lay(of_2026(1, 11, None)), "sickness")
    assert found.answers["months_paid_in_15"] == 11
    assert not found.holds("wage")


def test_one_wage_missing_in_the_months_that_count_asks_the_wage(tools: Tools, lay: Lay) -> None:
    found = asked(tools, lay(of_2026(1, 11) | {"2026-06": None}), "sickness")
    assert found.wages == ()


def test_one_of_two_wages_missing_is_a_month_without_a_known_wage(tools: Tools, lay: Lay) -> None:
    found = asked(tools, lay(of_2026(1, 11) | {"2026-06": [9_000, None]}), "sickness")
    assert not found.holds("wage")


def test_two_employers_count_once_and_their_wages_are_added(tools: Tools, lay: Lay) -> None:
    found = asked(tools, lay(of_2026(1, 10) | {"2026-11": [9_000, 6_000]}), "sickness")
    assert found.answers["months_paid_in_15"] == 11
    assert found.latest_wage == Baht.of(15_000)


def test_a_wage_missing_years_ago_asks_only_the_average_of_old_age(tools: Tools, lay: Lay) -> None:
    person_id = lay(of_2026(1, 11) | {"2024-05": None})
    assert asked(tools, person_id, "sickness").holds("wage")
    assert not asked(tools, person_id, "old_age").holds("average_wage_60")
    assert asked(tools, person_id, "old_age").answers["months_paid_total"] == 12


def test_no_month_in_the_record_is_no_answer(tools: Tools, lay: Lay) -> None:
    assert asked(tools, lay({}), "sickness") == Recorded({}, ())


@pytest.mark.parametrize(("section", "said"), [("33", True), ("39", True), ("40", False)])
def test_whether_somebody_is_still_insured_is_asked_of_33_and_39(tools: Tools, lay: Lay, section: str, said: bool) -> None:
    assert asked(tools, lay(of_2026(1, 11), section), "old_age").answers["still_insured"] is said


def test_without_a_section_in_the_record_nobody_is_said_to_be_no_longer_insured(tools: Tools, lay: Lay) -> None:
    assert "still_insured" not in asked(tools, lay(of_2026(1, 11), ""), "old_age").answers
