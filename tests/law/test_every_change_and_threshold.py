"""Whether the cases of tests/law/*.toml stand on both sides of every edge: the day before and the day of a change, below and at a number.

The changes are found in the statute book itself, so that a new `[[value]]` without its two cases fails here and names the days it wants.
The numbers below are written down a second time by hand, from the issue and the facts: a threshold that moves is a change of law.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from tests.law.test_benefits import BOOK, CASES, CONTRIBUTIONS, answered, in_a_sum
from webapp.domain.contribution import NINE_SOUTHERN_PROVINCES, USUAL, contribution_on
from webapp.domain.lawbook import Value
from webapp.domain.money import Baht

A_DAY = timedelta(days=1)

Seen = set[tuple[str, date, date | None]]
"""Of each case: a key, the day of the case, and since when the value it rests on holds. Where a case is told that nothing is known: the
benefit instead of the key, and None; which of two unknown values is named depends on which is looked up first."""


def seen_by_cases() -> Seen:
    seen: Seen = set()
    for name, case in CASES:
        found = answered(name, case)
        seen |= {(value.key, case["on"], value.since) for value in found.law}
        seen |= {(name, case["on"], None) for note in found.notes if note.code == "value_not_known"}
    for case in CONTRIBUTIONS:
        seen |= {(value.key, case["on"], value.since) for value in contribution_on(*_asked(case)).law}
        if "employer" not in case:
            seen.add(("contribution_rate", case["on"], None))
    return seen


def _asked(case: dict[str, Any]) -> tuple[Any, ...]:
    return Baht.of(case["wage"]), case["on"], BOOK, NINE_SOUTHERN_PROVINCES if case.get("rate") else USUAL


def edges() -> Iterator[tuple[str, date, date | None]]:
    """As in `Seen`: the last day before and the first day of every entry whose first day is known."""
    for key in BOOK.keys:
        for entry in BOOK.history(key):
            if isinstance(entry, Value) and not (in_a_sum(entry) and entry.since_is_known):
                continue
            for day in (entry.since - A_DAY, entry.since):
                held = BOOK.on(day).entry(key)
                yield (key, day, held.since) if isinstance(held, Value) else (key.split(".")[0], day, None)


REFUSED = {("wage_base", date(1995, 3, 29)), ("contribution_rate", date(1995, 3, 29)), ("contribution_rate", date(2025, 11, 30)),
           ("contribution_rate", date(2026, 6, 1)), ("unemployment", date(2003, 12, 31))}  # fmt: skip
"""No contribution at all, or none of the nine southern provinces, is worked out on these days: tests/domain/test_contribution.py.
Unemployment before its first known day has no outcome: tests/domain/test_benefits_catalogue.py."""


def test_each_change_of_law_has_a_case_on_the_day_before_and_on_the_day() -> None:
    seen = seen_by_cases()
    missing = [f"{key} on {day}" for key, day, since in edges() if (key, day, since) not in seen and (since or (key, day) not in REFUSED)]
    assert missing == [], missing


def test_each_change_of_the_wage_ceiling_has_its_days_in_a_benefit_too() -> None:
    """The ceiling of a month counts for that month, so nothing jumps on the day itself: that is what these cases say."""
    tried = {case["on"] for name, case in CASES if "wage" in case["answers"]}
    changes = [entry.since for entry in BOOK.history("wage_base.ceiling")[1:]]
    assert [day for change in changes for day in (change - A_DAY, change) if day not in tried] == []


THRESHOLDS = [
    ("sickness", "months_paid_in_15", 3), ("sickness", "days_off", 91), ("sickness", "days_paid_this_year", 180),
    ("dental", "months_paid_in_15", 3),
    ("maternity", "months_paid_in_15", 5), ("maternity", "months_paid_in_15", 7), ("maternity", "leave_allowances_before", 2),
    ("invalidity", "months_paid_in_15", 3), ("invalidity", "loss_percent", 35), ("invalidity", "loss_percent", 50),
    ("death", "months_paid_in_6", 1), ("death", "months_paid_total", 36), ("death", "months_paid_total", 120),
    ("old_age", "age", 55), ("old_age", "months_paid_total", 1), ("old_age", "months_paid_total", 12),
    ("old_age", "months_paid_total", 180), ("old_age", "months_paid_total", 192),
    ("old_age", "months_pension_drawn", 50), ("old_age", "months_pension_drawn", 51), ("old_age", "months_pension_drawn", 60),
    ("child_allowance", "months_paid_in_36", 12),
    ("unemployment", "months_paid_in_15", 6), ("unemployment", "days_paid_this_year", 180),
]  # fmt: skip


@pytest.mark.parametrize(("benefit", "answer", "number"), THRESHOLDS, ids=lambda part: str(part))
def test_both_sides_of_a_threshold_are_cases_that_differ_in_nothing_else(benefit: str, answer: str, number: int) -> None:
    below, at = (list(_with(benefit, answer, count)) for count in (number - 1, number))
    assert any(_others(one, answer) == _others(other, answer) for one in below for other in at), f"{number - 1} or {number} lacks its twin"


def _with(benefit: str, answer: str, count: int) -> Iterator[dict[str, Any]]:
    return (case for name, case in CASES if name == benefit and case["answers"].get(answer) == count)


def _others(case: dict[str, Any], answer: str) -> tuple[date, dict[str, Any]]:
    return case["on"], {name: given for name, given in case["answers"].items() if name != answer}


def test_the_sixth_birthday_has_its_day_before_and_its_day() -> None:
    births = {
        (case["on"], date.fromisoformat(child["birth_date"]))
        for name, case in CASES
        if name == "child_allowance"
        for child in case["answers"].get("children", [])
        if "birth_date" in child
    }
    day_before_or_day = {birth.replace(year=birth.year + 6) - on for on, birth in births if (birth.month, birth.day) != (2, 29)}
    assert day_before_or_day >= {A_DAY, timedelta(0)}


PUBLISHED = [
    *(("old_age", amount) for amount in ("3000.00", "5250.00", "7500.00", "2600.00", "4125.00", "5795.00")),
    ("unemployment", "54000.00"), ("unemployment", "3000.00"), ("maternity", "22500.00"), ("maternity", "26250.00"),
    ("death", "90000.00"), ("death", "105000.00"),
]  # fmt: skip


def test_every_published_example_is_a_case_that_says_so() -> None:
    told = {(name, amount) for name, case in CASES if case["says"].startswith("published: ") for amount in case["amounts"].values()}
    assert set(PUBLISHED) <= told
    assert any(case["says"].startswith("published: ") and case.get("short") == 30 for name, case in CASES if name == "old_age")
    contributions = {(case["wage"], case["employee"]) for case in CONTRIBUTIONS if case["says"].startswith("published: ")}
    assert contributions >= {(12000, "600.00"), (15000, "750.00"), (17500, "875.00"), (60000, "875.00"), (1650, "83.00")}
