from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from webapp.domain.lawbook import (
    START_NOT_KNOWN,
    BrokenHistory,
    Gap,
    LawBook,
    MonthDay,
    NoSuchLaw,
    NotKnown,
    Reading,
    Value,
    law_book,
)

CHECKED = date(2026, 11, 22)


def value(since: date, until: date | None, number: Reading, key: str = "wage_base.ceiling", confidence: str = "H") -> Value:
    return Value(key, since, until, number, "baht", "to be confirmed", "facts/law.md", confidence, CHECKED)


def gap(since: date, until: date | None) -> Gap:
    return Gap("wage_base.ceiling", since, until, "not known", "facts/law.md", CHECKED)


OLD = value(date(1995, 3, 30), date(2025, 12, 31), Decimal(15000))
NOW = value(date(2026, 1, 1), date(2028, 12, 31), Decimal(17500))
THEN = value(date(2029, 1, 1), None, Decimal(20000), confidence="M")


def book() -> LawBook:
    return law_book([NOW, THEN, OLD])


@pytest.mark.parametrize(
    ("day", "ceiling"),
    [
        (date(1995, 3, 30), 15000),
        (date(2025, 12, 31), 15000),
        (date(2026, 1, 1), 17500),
        (date(2028, 12, 31), 17500),
        (date(2029, 1, 1), 20000),
        (date(2099, 1, 1), 20000),
    ],
)
def test_the_law_of_a_day_is_the_value_in_force_on_it(day: date, ceiling: int) -> None:
    assert book().on(day)["wage_base.ceiling"] == ceiling


def test_a_value_comes_with_its_citation() -> None:
    assert book().on(date(2027, 1, 1)).value("wage_base.ceiling") == NOW


def test_a_value_below_high_confidence_is_said_to_be_in_confirmation() -> None:
    assert book().on(date(2027, 1, 1)).value("wage_base.ceiling").is_confirmed
    assert not book().on(date(2030, 1, 1)).value("wage_base.ceiling").is_confirmed


def test_a_declared_gap_says_not_known_instead_of_guessing() -> None:
    law = law_book([replace(OLD, until=date(2020, 8, 31)), gap(date(2020, 9, 1), date(2025, 12, 31)), replace(NOW, until=None)]).on(
        date(2020, 10, 1)
    )
    assert not law.is_known("wage_base.ceiling")
    assert law.values == ()
    with pytest.raises(NotKnown) as caught:
        law["wage_base.ceiling"]
    assert caught.value.gap.why == "not known"


def test_before_the_first_entry_the_value_is_not_known() -> None:
    entry = book().on(date(1995, 3, 29)).entry("wage_base.ceiling")
    assert isinstance(entry, Gap)
    assert (entry.why, entry.until) == ("not known", date(1995, 3, 29))


def test_a_key_nobody_wrote_is_a_slip_of_the_program() -> None:
    with pytest.raises(NoSuchLaw):
        book().on(CHECKED)["wage_base.cieling"]


def test_a_rule_that_wants_another_type_is_told_so() -> None:
    with pytest.raises(TypeError, match=r"wage_base\.ceiling is Decimal, the rule wants time"):
        book().on(CHECKED).read("wage_base.ceiling", time)


@pytest.mark.parametrize(
    ("history", "fault"),
    [
        ([OLD, replace(NOW, since=date(2025, 12, 31))], "overlap"),
        ([replace(OLD, until=None), NOW], "overlap"),
        ([OLD, replace(NOW, since=date(2026, 1, 2))], "undeclared gap between 2025-12-31 and 2026-01-02"),
        ([OLD], "undeclared gap after 2025-12-31"),
        ([replace(THEN, until=date(2028, 1, 1))], "ends before it begins"),
        ([gap(date(1995, 1, 1), date(1995, 3, 29)), replace(OLD, until=None)], "begins with a gap"),
    ],
)
def test_a_broken_history_is_refused_by_key(history: list[Value], fault: str) -> None:
    with pytest.raises(BrokenHistory, match=rf"wage_base\.ceiling: .*{fault}"):
        law_book(history)


def test_every_day_of_a_century_has_exactly_one_entry() -> None:
    day, the_book = date(1995, 3, 30), book()
    for number in range(36525):
        assert the_book.on(day + timedelta(days=number)).is_known("wage_base.ceiling")


@pytest.mark.parametrize(
    ("reading", "text"),
    [
        (time(16, 30), "16:30"),
        (MonthDay(3, 31), "03-31"),
        (("33", "39"), "33, 39"),
        (Decimal("82.5"), "82.5"),
        (15, "15"),
        ("word", "word"),
    ],
)
def test_every_kind_of_value_prints_plainly(reading: Reading, text: str) -> None:
    assert value(CHECKED, None, reading).text == text


def test_a_start_nobody_knows_can_be_told_from_a_known_one() -> None:
    assert not value(START_NOT_KNOWN, None, 1).since_is_known
    assert OLD.since_is_known
