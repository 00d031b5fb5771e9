"""Files from the office: taken whole or not at all, every fault by file, line and column, and no citizen number in any of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.standing_clock import StandingClock
from webapp.actions.imports import CONTRIBUTION_COLUMNS, PEOPLE_COLUMNS, Imported, ImportRefused, import_contributions, import_people
from webapp.ports import Tools

NEW = "1000000000211"
SECOND = "1000000000220"
Written = Callable[[str], Path]


@pytest.fixture
def people(tmp_path: Path) -> Written:
    def write(rows: str, header: str = ",".join(PEOPLE_COLUMNS)) -> Path:
        path = tmp_path / "people.csv"
        path.write_text(f"{header}\n{rows}\n", encoding="utf-8")
        return path

    return write


@pytest.fixture
def months(tmp_path: Path) -> Written:
    def write(rows: str, header: str = ",".join(CONTRIBUTION_COLUMNS)) -> Path:
        path = tmp_path / "months.csv"
        path.write_text(f"{header}\n{rows}\n", encoding="utf-8")
        return path

    return write


def sentences(done: Imported | ImportRefused) -> list[str]:
    assert isinstance(done, ImportRefused), f"was imported: {done}"
    return [str(fault) for fault in done.faults]


def a_person(pid: str = NEW, **cells: str) -> str:
    row = {
        "pid": pid, "title": "นาย", "given_name": "ทดลอง", "family_name": "ตัวอย่าง", "birth_date": "1990-02-28", "section": "33",
        "insured_from": "2020-01-01", "insured_until": "", "home_province": "TH-13", "work_province": "TH-10", "hospital_id": "TH13-002",
    }  # fmt: skip
    return ",".join((row | cells).values())


def a_month(pid: str = NEW, **cells: str) -> str:
    row = {"pid": pid, "month": "2026-10", "wage": "15000", "section": "33", "employer_account": "1000000001", "employer_name": "ร้านตัวอย่าง"}
    return ",".join((row | cells).values())


def test_a_person_from_the_office_can_be_found_by_number(tools: Tools, people: Written) -> None:
    assert import_people(tools, people(a_person())) == Imported(1)
    person = tools.store.person(tools.store.person_id_of(NEW))
    assert (person.section, person.hospital_id, person.work_province) == ("33", "TH13-002", "TH-10")
    assert tools.store.name_of(person.id).full == "นายทดลอง ตัวอย่าง"


def test_what_the_office_does_not_know_may_be_left_empty(tools: Tools, people: Written) -> None:
    empty = {name: "" for name in PEOPLE_COLUMNS if name not in ("pid", "given_name")}
    assert import_people(tools, people(a_person(**empty))) == Imported(1)
    person = tools.store.person(tools.store.person_id_of(NEW))
    assert (person.hospital_id, person.home_province, person.insured_from) == (None, None, None)


def test_the_same_file_again_renews_the_same_person(tools: Tools, people: Written) -> None:
    import_people(tools, people(a_person()))
    before = tools.store.person_id_of(NEW)
    import_people(tools, people(a_person(hospital_id="TH13-001")))
    assert tools.store.person_id_of(NEW) == before
    assert tools.store.person(before).hospital_id == "TH13-001"


@pytest.mark.parametrize(
    ("cells", "column", "said"),
    [
        ({"pid": ""}, "pid", "must not be empty"),
        ({"pid": "1000000000212"}, "pid", "check digit"),
        ({"pid": "๑๐๐๐๐๐๐๐๐๐๒๑๑"}, "pid", "check digit"),
        ({"pid": "1-0000-00000-21-1"}, "pid", "check digit"),
        ({"given_name": ""}, "given_name", "must not be empty"),
        ({"birth_date": "2533-02-28"}, "birth_date", "would be 1990-02-28"),
        ({"birth_date": "2026-02-30"}, "birth_date", "must be a day"),
        ({"birth_date": "2099-01-01"}, "birth_date", "lies in the future"),
        ({"section": "34"}, "section", "must be one of"),
        ({"insured_until": "2019-12-31"}, "insured_until", "before insured_from"),
        ({"home_province": "TH-00"}, "home_province", "'TH-00' is not a province code"),
        ({"work_province": "Bangkok"}, "work_province", "is not a province code"),
        ({"hospital_id": "TH99-001"}, "hospital_id", "'TH99-001' is not in the hospital register"),
    ],
)
def test_a_fault_names_file_line_and_column(tools: Tools, people: Written, cells: dict[str, str], column: str, said: str) -> None:
    told = sentences(import_people(tools, people(a_person(SECOND) + "\n" + a_person(**cells))))
    assert len(told) == 1
    assert told[0].startswith(f"people.csv, line 3, column {column}: ")
    assert said in told[0]
    assert tools.store.person_id_of(SECOND) is None, "something was half imported"


def test_a_fault_never_tells_a_whole_citizen_number(tools: Tools, people: Written, months: Written) -> None:
    told = sentences(import_people(tools, people("\n".join((a_person(), a_person(), a_person("1000000000212"))))))
    told += sentences(import_contributions(tools, months(a_month())))
    assert not [sentence for sentence in told if NEW in sentence or "1000000000212" in sentence]
    assert any("…211 (13 characters) is already on line 2" in sentence for sentence in told)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("pid,title", "column given_name: this column is missing"),
        (",".join((*PEOPLE_COLUMNS, "salary")), "column salary: is not a column of this file"),
        (";".join(PEOPLE_COLUMNS), "separated by commas"),
    ],
)
def test_a_wrong_header_is_told_once(tools: Tools, people: Written, header: str, said: str) -> None:
    assert any(said in sentence for sentence in sentences(import_people(tools, people(a_person(), header))))


def test_a_file_that_is_not_there_or_not_utf8_is_told_in_words(tools: Tools, tmp_path: Path) -> None:
    assert "cannot be read" in sentences(import_people(tools, tmp_path / "none.csv"))[0]
    thai = tmp_path / "old.csv"
    thai.write_bytes((",".join(PEOPLE_COLUMNS) + "\n" + a_person()).encode("cp874"))
    assert "TIS-620" in sentences(import_people(tools, thai))[0]


def test_hundreds_of_faults_are_counted_not_printed(tools: Tools, people: Written) -> None:
    told = sentences(import_people(tools, people("\n".join(a_person("1") for _ in range(300)))))
    assert told[-1] == "people.csv: and 100 more faults"


def test_months_are_kept_with_wage_and_employer(tools: Tools, people: Written, months: Written) -> None:
    import_people(tools, people(a_person()))
    without_employer = a_month(month="2026-11", wage="15000.50", employer_account="", employer_name="")
    rows = "\n".join((a_month(), a_month(month="2026-09", wage=""), without_employer))
    assert import_contributions(tools, months(rows)) == Imported(3)
    person = tools.store.person(tools.store.person_id_of(NEW))
    assert [month.isoformat() for month in person.months_paid] == ["2026-09-01", "2026-10-01", "2026-11-01"]


def test_two_employers_in_one_month_are_two_rows_and_one_month(tools: Tools, people: Written, months: Written) -> None:
    import_people(tools, people(a_person()))
    assert import_contributions(tools, months(a_month() + "\n" + a_month(employer_account="1000000002"))) == Imported(2)
    assert len(tools.store.person(tools.store.person_id_of(NEW)).months_paid) == 1


@pytest.mark.parametrize(
    ("cells", "column", "said"),
    [
        ({"month": ""}, "month", "must not be empty"),
        ({"month": "2026-13"}, "month", "must be a month"),
        ({"month": "2569-10"}, "month", "would be 2026-10"),
        ({"month": "2027-01"}, "month", "lies in the future"),
        ({"wage": "-1"}, "wage", "0 or more"),
        ({"wage": "1e3"}, "wage", "must be baht"),
        ({"wage": "NaN"}, "wage", "must be baht"),
        ({"section": "x"}, "section", "must be one of"),
        ({"employer_account": "A1"}, "employer_account", "must be digits"),
    ],
)
def test_a_fault_in_a_month_names_its_column(
    tools: Tools, people: Written, months: Written, cells: dict[str, str], column: str, said: str
) -> None:
    import_people(tools, people(a_person()))
    told = sentences(import_contributions(tools, months(a_month(**cells))))
    assert told[0].startswith(f"months.csv, line 2, column {column}: ")
    assert said in told[0]


def test_months_of_somebody_unknown_are_refused(tools: Tools, months: Written) -> None:
    assert "import the people first" in sentences(import_contributions(tools, months(a_month())))[0]


def test_progress_goes_up_to_the_end(tools: Tools, people: Written) -> None:
    seen: list[tuple[int, int]] = []
    import_people(tools, people(a_person()), lambda done, total: seen.append((done, total)))
    assert seen[-1][0] == seen[-1][1]


def kept(tools: Tools) -> list[tuple[str, str | None, str]]:
    rows = tools.store.contributions_of(tools.store.person_id_of(NEW))
    return [(row.month, None if row.wage is None else str(row.wage), row.employer_account) for row in rows]


def test_the_same_months_twice_a_night_are_the_same_months(tools: Tools, people: Written, months: Written) -> None:
    import_people(tools, people(a_person()))
    path = months("\n".join((a_month(), a_month(employer_account="1000000002"), a_month(month="2026-09", wage=""))))
    assert import_contributions(tools, path) == Imported(3)
    once = kept(tools)
    assert import_contributions(tools, path) == Imported(3)
    assert kept(tools) == once == [("2026-09", None, "1000000001"), ("2026-10", "15000", "1000000001"), ("2026-10", "15000", "1000000002")]


def test_a_corrected_wage_takes_the_place_of_the_old_one(tools: Tools, people: Written, months: Written) -> None:
    import_people(tools, people(a_person()))
    import_contributions(tools, months(a_month()))
    import_contributions(tools, months(a_month(wage="16000.50", section="39", employer_name="ร้านใหม่")))
    (row,) = tools.store.contributions_of(tools.store.person_id_of(NEW))
    assert (str(row.wage), row.section, row.employer_name) == ("16000.50", "39", "ร้านใหม่")


def test_a_month_that_a_file_leaves_out_stays(tools: Tools, people: Written, months: Written) -> None:
    import_people(tools, people(a_person()))
    import_contributions(tools, months(a_month(month="2026-09")))
    import_contributions(tools, months(a_month()))
    assert [month for month, _, _ in kept(tools)] == ["2026-09", "2026-10"]


def test_a_month_the_office_took_back_goes_with_a_file_that_replaces(tools: Tools, people: Written, months: Written) -> None:
    import_people(tools, people(a_person() + "\n" + a_person(SECOND)))
    rows = (a_month(month="2026-09"), a_month(SECOND, month="2026-09"), a_month(), a_month(employer_account="1000000002"))
    import_contributions(tools, months("\n".join(rows)))
    assert import_contributions(tools, months("\n".join((a_month(), a_month(month="2026-08")))), replace=True) == Imported(2)
    assert kept(tools) == [("2026-08", "15000", "1000000001"), ("2026-10", "15000", "1000000001")]
    assert len(tools.store.contributions_of(tools.store.person_id_of(SECOND))) == 1, "somebody who is not in the file was touched"


def test_a_file_with_a_fault_changes_nothing_even_where_it_replaces(tools: Tools, people: Written, months: Written) -> None:
    import_people(tools, people(a_person()))
    import_contributions(tools, months(a_month(month="2026-09")))
    before, told = kept(tools), tools.store.months_as_of()
    sentences(import_contributions(tools, months(a_month() + "\n" + a_month(wage="much")), replace=True))
    assert (kept(tools), tools.store.months_as_of()) == (before, told)


def test_a_month_before_there_was_social_insurance_is_a_slip(tools: Tools, people: Written, months: Written) -> None:
    import_people(tools, people(a_person()))
    assert "before there was social insurance" in sentences(import_contributions(tools, months(a_month(month="0201-10"))))[0]


def test_an_import_of_months_says_as_of_when_the_record_stands(
    tools: Tools, people: Written, months: Written, clock: StandingClock
) -> None:
    import_people(tools, people(a_person()))
    clock.advance(seconds=86_400)
    import_contributions(tools, months(a_month()))
    assert tools.store.months_as_of() == clock.now()
