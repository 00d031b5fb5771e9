"""What the statute book says beside its values: when each was looked up, how sure its first day is, and what pages print otherwise."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from webapp.adapters import lawbook_toml
from webapp.adapters.lawbook_toml import LawFileRefused
from webapp.domain.dates import months_between, same_day_in_months
from webapp.domain.lawbook import BrokenHistory, Consulted, PrintedElsewhere, law_book

BOOK = lawbook_toml.load()
TODAY = date(2026, 11, 22)

VALUE = """[[value]]
key = "sample.rate"
since = 2021-01-01
value = 15000
unit = "baht"
law = "to be confirmed"
source = "facts/law.md"
confidence = "H"
checked = 2026-11-22
"""


@pytest.mark.parametrize(
    ("today", "is_stale"), [(date(2026, 11, 22), False), (date(2027, 11, 22), False), (date(2027, 11, 23), True), (date(2030, 1, 1), True)]
)
def test_a_value_nobody_looked_up_for_twelve_months_is_stale(today: date, is_stale: bool) -> None:
    assert BOOK.on(TODAY).value("maternity.lump_sum").is_stale(today) is is_stale


def test_a_sure_value_may_have_a_first_day_that_is_less_sure() -> None:
    value = BOOK.on(TODAY).value("maternity.lump_sum")
    assert (value.is_confirmed, value.since_is_confirmed, value.since_confidence) == (True, False, "mem")
    assert BOOK.on(TODAY).value("unemployment.laid_off_rate").since_is_confirmed
    assert not BOOK.on(TODAY).value("sickness.rate").since_is_confirmed


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ('since_confidence = "sure"\n', "unknown confidence 'sure'"),
        ("since_confidence = 1\n", "since_confidence is not text"),
        ('[[printed_elsewhere]]\nkey = "sample.rate"\nsays = 1\nkind = "error"\nsource = "seed 003"\n', "missing printed"),
        ('[[printed_elsewhere]]\nkey = "sample.rate"\nsays = 1\nkind = "odd"\nsource = "s"\nprinted = 2025\n', "unknown kind 'odd'"),
        ('[[printed_elsewhere]]\nkey = "sample.rate"\nsays = true\nkind = "error"\nsource = "s"\nprinted = 2025\n', "says is neither"),
        ('[[printed_elsewhere]]\nkey = "other.rate"\nsays = 1\nkind = "error"\nsource = "s"\nprinted = 2025\n', "no such key"),
    ],
)
def test_a_fault_is_refused_by_name(tmp_path: Path, more: str, fault: str) -> None:
    (tmp_path / "sample.toml").write_text(VALUE + more, "utf-8")
    with pytest.raises(LawFileRefused, match=fault):
        lawbook_toml.load(tmp_path)


def test_what_a_page_prints_of_another_subject_stands_on_its_own_page(tmp_path: Path) -> None:
    (tmp_path / "sample.toml").write_text(VALUE, "utf-8")
    printed = '[[printed_elsewhere]]\nkey = "sample.rate"\nsays = 13000\nkind = "outdated"\nsource = "seed 003"\nprinted = 2025\n'
    (tmp_path / "other.toml").write_text(printed, "utf-8")
    book = lawbook_toml.load(tmp_path)
    (pair,) = book.on(TODAY).differing("other")
    assert pair.printed == PrintedElsewhere("sample.rate", "other", 13000, "outdated", "seed 003", 2025)
    assert pair.law == book.on(TODAY).value("sample.rate")
    assert book.on(TODAY).differing("sample") == ()


def test_a_book_refuses_to_print_otherwise_about_a_key_it_lacks() -> None:
    with pytest.raises(BrokenHistory, match=r"x\.y: printed elsewhere"):
        law_book([], [PrintedElsewhere("x.y", "x", 1, "error", "seed 003", 2025)])


def test_the_law_consulted_is_remembered_once_and_in_order_over_all_days() -> None:
    law = Consulted(BOOK.on(TODAY))
    law.value("maternity.months_paid")
    law.of(date(2015, 1, 1)).value("maternity.months_paid")
    law.number("maternity.months_paid")
    assert [(value.key, value.value) for value in law.used] == [("maternity.months_paid", 5), ("maternity.months_paid", 7)]


def test_a_value_is_plain_json() -> None:
    value = BOOK.on(TODAY).value("wage_base.ceiling")
    assert value.as_plain() == {
        "key": "wage_base.ceiling",
        "value": "17500",
        "unit": "baht",
        "since": "2026-01-01",
        "until": "2028-12-31",
        "law": "Ministerial Regulation published 12 December 2025",
        "source": value.source,
        "confidence": "H",
    }
    assert BOOK.on(TODAY).value("sickness.days_a_time").as_plain()["value"] == 90
    assert BOOK.on(TODAY).value("maternity.unions").as_plain()["value"] == ["married", "open_cohabiting"]
    assert replace(value, until=None).as_plain()["until"] is None


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 10), 24, date(2028, 1, 10)),
        (date(2028, 2, 29), 24, date(2030, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 11, 22), 0, date(2026, 11, 22)),
    ],
)
def test_a_period_of_months_ends_on_the_same_day_or_the_last(day: date, months: int, then: date) -> None:
    assert same_day_in_months(day, months) == then
    assert months_between(day, then) == months
