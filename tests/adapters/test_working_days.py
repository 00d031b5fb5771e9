import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from webapp.adapters import lawbook_toml, working_days
from webapp.adapters.working_days import DaysOffRefused, ThaiWorkingDays
from webapp.domain.hospital_change_dates import Rules, cut_offs

DAYS = working_days.load()
FROZEN = Path(__file__).parents[1] / "domain" / "frozen_file_by.csv"

# facts/hospital_change.md, "Days off that matter"
MID_MONTH = {
    2026: ["02-13", "03-13", "04-10", "08-14", "11-13"],
    2027: ["04-12", "05-14", "08-13"],
}
MONTH_END = {
    2026: ["01-30", "02-27", "05-29", "10-30", "12-30"],
    2027: ["01-29", "02-26", "07-30", "10-29", "12-30"],
}


def moved_earlier(year: int) -> tuple[list[str], list[str]]:
    """The file-by days of a year that are not the 15th or the month's last day."""
    rules = Rules(lawbook_toml.load(), DAYS)
    halves = cut_offs(date(year, 1, 1), date(year, 12, 31), rules)
    by = [(half.file_by.date(), half.effective_on - timedelta(days=1)) for half in halves]
    early = [(day, nominal) for day, nominal in by if day != nominal]
    return [f"{day:%m-%d}" for day, nominal in early if nominal.day == 15], [f"{day:%m-%d}" for day, nominal in early if nominal.day != 15]


@pytest.mark.parametrize("year", [2026, 2027])
def test_the_days_off_that_matter_come_out_as_the_facts_give_them(year: int) -> None:
    assert moved_earlier(year) == (MID_MONTH[year], MONTH_END[year])


def test_a_new_release_of_the_calendar_moves_no_file_by_day_unnoticed() -> None:
    with FROZEN.open(newline="") as file:
        frozen = [(row["file_by"], row["effective_on"]) for row in csv.DictReader(file)]
    halves = cut_offs(date(2025, 1, 1), date(2030, 12, 31), Rules(lawbook_toml.load(), DAYS))
    assert [(str(half.file_by.date()), str(half.effective_on)) for half in halves] == frozen


@pytest.mark.parametrize("labour_day", [date(2025, 5, 1), date(2026, 5, 1), date(2027, 5, 3), date(2028, 5, 1)])
def test_government_offices_are_open_on_labour_day_and_the_day_in_its_lieu(labour_day: date) -> None:
    assert DAYS.is_working_day(labour_day)
    assert DAYS.names(labour_day) == {}


def test_childrens_day_is_a_saturday_like_any_other() -> None:
    assert not DAYS.is_working_day(date(2026, 1, 10))
    assert DAYS.names(date(2026, 1, 10)) == {}


def test_the_ploughing_ceremony_closes_government_offices_alone() -> None:
    assert not DAYS.is_working_day(date(2026, 5, 13))
    assert DAYS.names(date(2026, 5, 13)) == {"th": "วันพืชมงคล", "en": "Royal Ploughing Ceremony"}


def test_a_holiday_on_a_sunday_is_kept_on_the_monday() -> None:
    assert not DAYS.is_working_day(date(2026, 6, 1))
    assert DAYS.names(date(2026, 6, 1)) == {"th": "ชดเชยวันวิสาขบูชา", "en": "Visakha Bucha (in lieu)"}


@pytest.mark.parametrize("year", range(2015, 2041))
def test_every_year_the_api_speaks_of_has_a_calendar(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=number) for number in range(365)]
    worked = sum(DAYS.is_working_day(day) for day in days)
    assert 235 <= worked <= 252
    assert not any(DAYS.is_working_day(day) for day in days if day.weekday() >= 5)


def test_every_named_day_off_has_its_name_in_both_languages() -> None:
    names = [DAYS.names(date(2026, 1, 1) + timedelta(days=number)) for number in range(1826)]
    assert all(set(name) == {"th", "en"} and all(name.values()) for name in names if name)


def test_officers_can_close_and_open_a_day() -> None:
    moved = DAYS.with_overrides([(date(2026, 9, 15), True), (date(2026, 5, 13), False)])
    assert not moved.is_working_day(date(2026, 9, 15))
    assert moved.names(date(2026, 9, 15)) == {}
    assert moved.is_working_day(date(2026, 5, 13))
    assert DAYS.is_working_day(date(2026, 9, 15)), "the calendar itself stays as it was"


def test_of_two_decisions_about_a_day_the_later_one_counts() -> None:
    day = date(2026, 9, 15)
    assert DAYS.with_overrides([(day, True)]).with_overrides([(day, False)]).is_working_day(day)


class TestTheOverrideTable:
    def file(self, folder: Path, *, off: str = "true", without: str = "") -> Path:
        lines = ["[[day]]", "day = 2026-09-15", f"off = {off}", 'name_th = "วันหยุดพิเศษ"', 'name_en = "Special holiday"']
        lines += ['law = "to be confirmed"', 'source = "test"', "checked = 2026-11-22"]
        path = folder / "days_off.toml"
        path.write_text("\n".join(line for line in lines if not without or not line.startswith(without)), "utf-8")
        return path

    def test_a_day_the_cabinet_declares_late_is_off_under_its_name(self, tmp_path: Path) -> None:
        days = working_days.load(self.file(tmp_path))
        assert not days.is_working_day(date(2026, 9, 15))
        assert days.names(date(2026, 9, 15))["en"] == "Special holiday"

    def test_a_day_can_be_declared_worked(self, tmp_path: Path) -> None:
        days = working_days.load(self.file(tmp_path, off="false"))
        assert days.is_working_day(date(2026, 9, 15))

    def test_officers_have_the_last_word_over_the_table(self, tmp_path: Path) -> None:
        assert working_days.load(self.file(tmp_path)).with_overrides([(date(2026, 9, 15), False)]).is_working_day(date(2026, 9, 15))

    def test_a_day_without_its_source_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(DaysOffRefused, match=r"days_off\.toml: 2026-09-15: missing source"):
            working_days.load(self.file(tmp_path, without="source"))


def test_without_any_table_the_package_alone_answers() -> None:
    assert not ThaiWorkingDays().is_working_day(date(2026, 12, 31))
