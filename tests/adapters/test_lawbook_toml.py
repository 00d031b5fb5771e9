from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from webapp.adapters import lawbook_toml
from webapp.adapters.lawbook_toml import LawFileRefused
from webapp.domain.lawbook import TO_BE_CONFIRMED, Gap, MonthDay, Value

GOOD = {
    "key": '"sample.number"',
    "since": "2026-01-01",
    "value": "17500",
    "unit": '"baht"',
    "law": '"to be confirmed"',
    "source": '"facts/law.md"',
    "confidence": '"H"',
    "checked": "2026-11-22",
}
GAP = {"key": '"sample.number"', "since": "2026-06-01", "why": '"not known"', "source": '"facts/law.md"', "checked": "2026-11-22"}


def value(**changes: str | None) -> str:
    return _table("value", GOOD | changes)


def gap(**changes: str | None) -> str:
    return _table("gap", GAP | changes)


def _table(kind: str, fields: dict[str, Any]) -> str:
    return f"[[{kind}]]\n" + "".join(f"{name} = {text}\n" for name, text in fields.items() if text is not None)


def read(folder: Path, *tables: str) -> Any:
    (folder / "sample.toml").write_text("\n".join(tables), "utf-8")
    return lawbook_toml.load(folder)


@pytest.mark.parametrize(
    ("unit", "written", "number"),
    [
        ("baht", "17500", Decimal(17500)),
        ("baht", "82.5", Decimal("82.5")),
        ("percent", "0.1", Decimal("0.1")),
        ("months", "15", 15),
        ("days", "30", 30),
        ("years", "2", 2),
        ("count", "3", 3),
        ("day_of_month", "15", 15),
        ("time", "16:30:00", time(16, 30)),
        ("month_day", '"03-31"', MonthDay(3, 31)),
        ("policy", '"last_working_day"', "last_working_day"),
        ("sections", '["33", "39"]', ("33", "39")),
    ],
)
def test_each_unit_is_read_exactly(tmp_path: Path, unit: str, written: str, number: object) -> None:
    law = read(tmp_path, value(unit=f'"{unit}"', value=written)).on(date(2027, 1, 1))
    assert law["sample.number"] == number
    assert type(law["sample.number"]) is type(number)


@pytest.mark.parametrize(
    ("unit", "written"),
    [
        ("baht", '"17500"'),
        ("baht", "true"),
        ("percent", "inf"),
        ("months", "15.0"),
        ("count", "true"),
        ("day_of_month", "32"),
        ("time", '"16:30"'),
        ("month_day", '"02-30"'),
        ("month_day", '"31 March"'),
        ("policy", "1"),
        ("sections", "[33, 39]"),
    ],
)
def test_a_number_of_the_wrong_kind_is_refused(tmp_path: Path, unit: str, written: str) -> None:
    with pytest.raises(LawFileRefused, match=rf"sample\.toml: sample\.number: .* is no {unit}"):
        read(tmp_path, value(unit=f'"{unit}"', value=written))


@pytest.mark.parametrize(
    ("tables", "fault"),
    [
        ([value(law=None)], "missing citation"),
        ([value(law='""')], "missing citation"),
        ([value(checked=None)], "missing checked"),
        ([value(source='""')], "missing source"),
        ([value(value=None)], "missing value"),
        ([value(unit='"furlongs"')], "unknown unit 'furlongs'"),
        ([value(confidence='"sure"')], "unknown confidence 'sure'"),
        ([value(unit="[1]")], "unit is not text"),
        ([value(note='"x"')], "unknown field 'note'"),
        ([value(since='"2016"')], "since is not a day: '2016'"),
        ([value(checked='"yesterday"')], "checked is not a day"),
        ([value(until="2026-05-31")], "undeclared gap after 2026-05-31"),
        ([value(), value(since="2026-02-01")], "overlap"),
        ([value(until="2026-05-31"), value(since="2026-07-01")], "undeclared gap between 2026-05-31 and 2026-07-01"),
        ([value(until="2026-05-31"), gap(why='"who knows"')], "unknown reason for a gap"),
        ([value(until="2026-05-31"), gap(checked=None)], "missing checked"),
    ],
)
def test_a_fault_names_the_file_and_the_key(tmp_path: Path, tables: list[str], fault: str) -> None:
    with pytest.raises(LawFileRefused, match=rf"sample\.toml: sample\.number: .*{fault}"):
        read(tmp_path, *tables)


def test_a_key_stands_in_the_file_of_its_subject(tmp_path: Path) -> None:
    with pytest.raises(LawFileRefused, match=r"sample\.toml: other\.number: a key of this file begins with 'sample'"):
        read(tmp_path, value(key='"other.number"'))


def test_a_table_without_a_key_is_named_by_its_place(tmp_path: Path) -> None:
    with pytest.raises(LawFileRefused, match=r"sample\.toml: value number 2: missing key"):
        read(tmp_path, value(), value(key=None))


@pytest.mark.parametrize("text", ["[[values]]\n", "not toml at all", "[[value]]\nkey = 1\nkey = 2\n", "value = 3\n", value(key="1")])
def test_a_file_that_is_no_law_file_is_refused_by_name(tmp_path: Path, text: str) -> None:
    with pytest.raises(LawFileRefused, match=r"^sample\.toml: "):
        read(tmp_path, text)


def test_a_declared_gap_is_kept_between_two_values(tmp_path: Path) -> None:
    book = read(tmp_path, value(until="2026-05-31"), gap(until="2026-08-31"), value(since="2026-09-01", value="1"))
    assert isinstance(book.on(date(2026, 7, 1)).entry("sample.number"), Gap)
    assert book.on(date(2026, 9, 1))["sample.number"] == 1


def test_a_value_that_ended_for_good_says_so_with_an_open_gap(tmp_path: Path) -> None:
    book = read(tmp_path, value(until="2026-05-31"), gap(why='"not in force"'))
    assert book.on(date(2030, 1, 1)).entry("sample.number").why == "not in force"


def test_a_start_nobody_knows_is_written_so(tmp_path: Path) -> None:
    entry = read(tmp_path, value(since='"not known"')).on(date(2015, 1, 1)).value("sample.number")
    assert not entry.since_is_known


class TestTheBookInTheHouse:
    book = lawbook_toml.load()

    def entries(self) -> list[Value]:
        return [entry for key in self.book.keys for entry in self.book.history(key) if isinstance(entry, Value)]

    def test_it_loads(self) -> None:
        assert self.entries()

    def test_every_value_has_source_citation_and_day_of_checking(self) -> None:
        assert all(entry.law and entry.source and entry.checked <= date(2026, 12, 31) for entry in self.entries())

    def test_no_citation_is_invented_for_the_hospital_change(self) -> None:
        ours = [entry for entry in self.entries() if entry.key.startswith("hospital_change.")]
        assert len(ours) == 17
        assert all(entry.law == TO_BE_CONFIRMED and not entry.is_confirmed for entry in ours)

    def test_the_hospital_change_has_a_law_on_every_day_the_api_speaks_of(self) -> None:
        for day in (date(2015, 1, 1), date(2026, 11, 22), date(2040, 12, 31)):
            law = self.book.on(day)
            assert all(law.is_known(key) for key in self.book.keys if key.startswith("hospital_change."))
