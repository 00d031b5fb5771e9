"""People known by the number of a social-security card: imported with a flag, never by a slip."""

from __future__ import annotations

from pathlib import Path

from webapp.actions.imports import Imported, ImportRefused, import_contributions, import_people
from webapp.domain.person import NumberKind
from webapp.ports import Tools

HEAD = "pid,title,given_name,family_name,birth_date,section,insured_from,insured_until,home_province,work_province,hospital_id"
FOREIGNER = "7001234567890"


def people(tmp_path: Path, head: str, *rows: str) -> Path:
    path = tmp_path / "people.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def test_a_number_without_a_check_digit_is_taken_where_the_file_says_so(tools: Tools, tmp_path: Path) -> None:
    rows = (f"{FOREIGNER},,Aung,,,33,,,TH-10,TH-10,,social_security", "1000000000181,,สมมติ,,,33,,,,,,")
    path = people(tmp_path, f"{HEAD},number_kind", *rows)
    done = import_people(tools, path)
    assert isinstance(done, Imported), done.faults
    assert tools.store.person_id_of(FOREIGNER) is None
    person_id = tools.store.person_id_of(FOREIGNER, NumberKind.SOCIAL_SECURITY)
    assert tools.store.name_of(person_id).number_kind is NumberKind.SOCIAL_SECURITY
    months = tmp_path / "months.csv"
    months.write_text(f"pid,month,wage,section,employer_account,employer_name\n{FOREIGNER},2026-11,15000,33,1,x\n", encoding="utf-8")
    assert isinstance(import_contributions(tools, months), Imported)
    assert len(tools.store.person(person_id).months_paid) == 1


def test_without_that_column_it_is_a_slip_of_the_pen(tools: Tools, tmp_path: Path) -> None:
    refused = import_people(tools, people(tmp_path, HEAD, f"{FOREIGNER},,Aung,,,33,,,TH-10,TH-10,"))
    assert isinstance(refused, ImportRefused)
    assert "check digit" in str(refused.faults[0])


def test_a_number_kind_that_nobody_knows_is_a_fault_and_so_is_a_short_number(tools: Tools, tmp_path: Path) -> None:
    rows = ("700123456789,,Aung,,,33,,,,,,social_security", f"{FOREIGNER},,Aung,,,33,,,,,,passport")
    refused = import_people(tools, people(tmp_path, f"{HEAD},number_kind", *rows))
    assert isinstance(refused, ImportRefused)
    assert [fault.code for fault in refused.faults] == ["bad_social_security_number", "bad_number_kind", "bad_pid"]
