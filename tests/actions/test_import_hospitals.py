"""Replacing the hospital register: whole or not at all, every fault named, nothing ever deleted."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.test_hospital_queries import RegisterTools, empty_store
from webapp.actions.hospitals import SAMPLE_BORDERS, SAMPLE_PROVINCES, SAMPLE_REGISTER, Imported, ImportRefused, import_hospitals, search
from webapp.domain.dates import BANGKOK
from webapp.domain.hospital_register import HOSPITAL_COLUMNS, OPTIONAL_HOSPITAL_COLUMNS

LAST_DAY = date(2026, 12, 31)
HOSPITAL = {
    "code": "11111", "register_id": "A-1", "name_th": "โรงพยาบาลหนึ่ง", "name_en": "One Hospital", "name_en_basis": "official",
    "province_code": "TH-10", "district_th": "ดุสิต", "ownership": "state", "beds": "120", "latitude": "13.75", "longitude": "100.5",
    "listed_as_sso": "official", "source": "sso2570",
}  # fmt: skip
OTHER = HOSPITAL | {
    "register_id": "A-2",
    "code": "",
    "name_th": "โรงพยาบาลสอง",
    "name_en": "Two Hospital",
    "ownership": "private",
    "beds": "",
}

Import = Callable[..., Imported | ImportRefused]


@pytest.fixture
def tools(tmp_path: Path) -> Iterator[Any]:
    made: RegisterTools = empty_store(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def imported(tools: Any, tmp_path: Path) -> Import:
    """imported(rows or bytes, **options): writes a file hospitals.csv and imports it."""

    def do(content: bytes | list[dict[str, str]], **options: Any) -> Imported | ImportRefused:
        path = tmp_path / "hospitals.csv"
        path.write_bytes(content if isinstance(content, bytes) else as_csv(content))
        return import_hospitals(tools, path, **options)

    return do


def as_csv(rows: list[dict[str, str]], columns: tuple[str, ...] | None = None) -> bytes:
    columns = columns or HOSPITAL_COLUMNS + tuple(column for column in OPTIONAL_HOSPITAL_COLUMNS if any(column in row for row in rows))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def sentences(done: Imported | ImportRefused) -> list[str]:
    assert isinstance(done, ImportRefused)
    return [str(fault) for fault in done.faults]


def counts(done: Imported | ImportRefused) -> tuple[int, int, int, int, int]:
    assert isinstance(done, Imported), sentences(done)
    return done.added, done.changed, done.ended, done.reopened, done.unchanged


# --- what an import does -----------------------------------------------------------------------------------------------------------------


def test_the_sample_register_comes_in_whole(tools: Any) -> None:
    assert counts(import_hospitals(tools, SAMPLE_REGISTER)) == (273, 0, 0, 0, 0)
    assert search(tools, "").total == 273
    siriraj = tools.store.hospital("TH10-019")
    assert (siriraj.code, siriraj.beds, siriraj.district_th, siriraj.ownership) == ("13814", None, "บางกอกน้อย", "state")


def test_the_same_file_twice_changes_nothing(tools: Any) -> None:
    import_hospitals(tools, SAMPLE_REGISTER)
    before = tools.store.last_register_import()
    assert counts(import_hospitals(tools, SAMPLE_REGISTER)) == (0, 0, 0, 0, 273)
    assert tools.store.last_register_import() == before
    assert [happened for happened, _, _ in tools.store.hospital_history("TH10-019")] == ["added"]


def test_an_import_is_kept_with_its_time_its_file_and_who_made_it(tools: Any, imported: Import) -> None:
    imported([HOSPITAL, OTHER], by="an operator")
    kept = tools.store.last_register_import()
    assert (kept.number, kept.file_name, kept.imported_by, kept.rows_read, kept.added) == (1, "hospitals.csv", "an operator", 2, 2)
    assert kept.imported_at == datetime(2026, 12, 20, 10, 0, tzinfo=BANGKOK)
    assert len(kept.file_hash) == 64


def test_progress_goes_up_to_the_end(imported: Import) -> None:
    told: list[tuple[int, int]] = []
    imported([HOSPITAL, OTHER], progress=lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1] > 0


def test_a_changed_name_is_found_by_the_new_one_and_the_old_one_is_history(tools: Any, imported: Import) -> None:
    imported([HOSPITAL, OTHER])
    assert counts(imported([HOSPITAL | {"name_th": "โรงพยาบาลหนึ่งใหม่ร่มเย็น"}, OTHER])) == (0, 1, 0, 0, 1)
    assert search(tools, "ร่มเย็น").total == 1
    history = tools.store.hospital_history("A-1")
    assert [happened for happened, _, _ in history] == ["added", "changed"]
    assert history[1][2]["name_th"] == "โรงพยาบาลหนึ่ง"


def test_a_hospital_left_out_stops_the_import_and_is_named(tools: Any, imported: Import) -> None:
    imported([HOSPITAL, OTHER])
    done = imported([HOSPITAL | {"beds": "200"}])
    assert sentences(done) == [
        "hospitals.csv: A-2 โรงพยาบาลสอง is in the register, not in the file; "
        "if it leaves the scheme, give its last day: --missing-end-on DAY"
    ]
    assert tools.store.hospital("A-1").beds == 120


def test_a_hospital_left_out_ends_on_the_day_given_and_is_never_deleted(tools: Any, imported: Import) -> None:
    imported([HOSPITAL, OTHER])
    assert counts(imported([HOSPITAL], missing_end_on=LAST_DAY)) == (0, 0, 1, 0, 1)
    assert tools.store.hospital("A-2").ended_on == LAST_DAY
    assert tools.store.hospital("A-2").is_in_scheme(LAST_DAY)
    assert search(tools, "สอง", on=LAST_DAY).total == 1
    assert search(tools, "สอง", on=date(2027, 1, 1)).total == 0
    assert [happened for happened, _, _ in tools.store.hospital_history("A-2")] == ["added", "ended"]


def test_a_hospital_that_ended_stays_as_it_ended(tools: Any, imported: Import) -> None:
    imported([HOSPITAL, OTHER])
    imported([HOSPITAL], missing_end_on=LAST_DAY)
    assert counts(imported([HOSPITAL], missing_end_on=date(2030, 1, 1))) == (0, 0, 0, 0, 1)
    assert tools.store.hospital("A-2").ended_on == LAST_DAY


def test_a_hospital_that_comes_back_is_open_again(tools: Any, imported: Import) -> None:
    imported([HOSPITAL, OTHER])
    imported([HOSPITAL], missing_end_on=LAST_DAY)
    assert counts(imported([HOSPITAL, OTHER])) == (0, 0, 0, 1, 1)
    assert tools.store.hospital("A-2").ended_on is None
    assert search(tools, "สอง", on=date(2027, 6, 1)).total == 1
    assert [happened for happened, _, _ in tools.store.hospital_history("A-2")] == ["added", "ended", "reopened"]


def test_the_file_itself_can_say_that_a_hospital_leaves(tools: Any, imported: Import) -> None:
    imported([HOSPITAL, OTHER])
    leaving = {"ended_on": "2027-03-31", "choose_by": "2027-02-28", "until_then_id": "A-1", "since": "2020-01-01"}
    assert counts(imported([HOSPITAL, OTHER | leaving])) == (0, 0, 1, 0, 1)
    kept = tools.store.hospital("A-2")
    assert (kept.ended_on, kept.choose_by, kept.until_then_id) == (date(2027, 3, 31), date(2027, 2, 28), "A-1")
    assert kept.since == date(2020, 1, 1)


def test_the_sample_is_known_as_one_and_an_official_list_is_not(tools: Any, imported: Import) -> None:
    assert not tools.store.register_is_sample()
    done = import_hospitals(tools, SAMPLE_REGISTER)
    assert isinstance(done, Imported)
    assert done.sample
    assert tools.store.register_is_sample()
    imported([HOSPITAL, OTHER], missing_end_on=LAST_DAY)
    assert not tools.store.register_is_sample()


def test_one_line_of_the_sample_left_in_makes_the_register_a_sample(tools: Any, imported: Import) -> None:
    imported([HOSPITAL, OTHER | {"listed_as_sso": "seen-in-source"}])
    assert tools.store.register_is_sample()


@pytest.mark.parametrize(
    "written",
    [
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: data.replace(b"\n", b"\r"),
        lambda data: data + b"\n\n , \n".replace(b" , ", b"," * 12),
        lambda data: data.rstrip(b"\n"),
        lambda data: data.replace("โรงพยาบาลหนึ่ง".encode(), '"  โรงพยาบาลหนึ่ง "'.encode()),
    ],
    ids=["a byte order mark", "CRLF", "CR", "blank lines", "no last line end", "spaces round a name"],
)
def test_what_spreadsheets_do_to_a_file_is_no_fault(tools: Any, imported: Import, written: Callable[[bytes], bytes]) -> None:
    assert counts(imported(written(as_csv([HOSPITAL, OTHER])))) == (2, 0, 0, 0, 0)
    assert tools.store.hospital("A-1").name_th == "โรงพยาบาลหนึ่ง"


# --- faults ------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "cell", "sentence"),
    [
        ("ownership", "x", "must be state or private, not 'x'"),
        ("ownership", "", "must not be empty"),
        ("register_id", "", "must not be empty"),
        ("register_id", "A 2", "must be letters, digits and hyphens, not 'A 2'"),
        ("register_id", "A-1", "'A-1' is already on line 2"),
        ("name_th", "", "must not be empty"),
        ("name_th", "Two Hospital", "must be a name in Thai letters, not 'Two Hospital'"),
        ("name_en", "", "must not be empty"),
        ("name_en_basis", "guessed", "must be official, transliteration or empty, not 'guessed'"),
        ("province_code", "TH-99", "'TH-99' is not a province code such as TH-10"),
        ("province_code", "10", "'10' is not a province code such as TH-10"),
        ("beds", "many", "must be a whole number from 0 to 9999 or empty, not 'many'"),
        ("beds", "-1", "must be a whole number from 0 to 9999 or empty, not '-1'"),
        ("beds", "12.5", "must be a whole number from 0 to 9999 or empty, not '12.5'"),
        ("beds", "10000", "must be a whole number from 0 to 9999 or empty, not '10000'"),
        ("beds", "๑๒", "must be a whole number from 0 to 9999 or empty, not '๑๒'"),
        ("code", "12", "must be 5 to 9 digits or empty, not '12'"),
        ("code", "1111x", "must be 5 to 9 digits or empty, not '1111x'"),
        ("latitude", "north", "must be degrees such as 13.7563, between -90 and 90, or empty, not 'north'"),
        ("longitude", "200", "must be degrees such as 13.7563, between -180 and 180, or empty, not '200'"),
        ("source", "x" * 301, "is longer than 300 characters"),
        ("district_th", "ดุ\x07สิต", "holds a character that cannot be seen (U+0007)"),
        ("ended_on", "31/12/2026", "must be a day such as 2026-12-31 (year CE) or empty, not '31/12/2026'"),
        ("ended_on", "2026-02-30", "must be a day such as 2026-12-31 (year CE) or empty, not '2026-02-30'"),
        ("ended_on", "2569-12-31", "must be a year CE, not B.E.: '2569-12-31' would be 2026-12-31"),
        ("choose_by", "2026-12-31", "needs ended_on, the hospital's last day"),
        ("until_then_id", "A-1", "needs ended_on, the hospital's last day"),
    ],
)
def test_each_fault_is_named_by_file_line_and_column(tools: Any, imported: Import, column: str, cell: str, sentence: str) -> None:
    assert sentences(imported([HOSPITAL, OTHER | {column: cell}])) == [f"hospitals.csv, line 3, column {column}: {sentence}"]
    assert tools.store.every_hospital() == {}
    assert tools.store.provinces() == []


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"since": "2026-06-01", "ended_on": "2026-05-31"}, "column ended_on: '2026-05-31' lies before since (2026-06-01)"),
        ({"ended_on": "2026-05-31", "choose_by": "2026-06-01"}, "column choose_by: '2026-06-01' lies after the last day (2026-05-31)"),
        ({"ended_on": "2026-05-31", "until_then_id": "A-2"}, "column until_then_id: must be another one, not 'A-2' itself"),
        ({"ended_on": "2026-05-31", "until_then_id": "A-9"}, "column until_then_id: 'A-9' is not in this file"),
    ],
)
def test_days_and_names_that_contradict_each_other_are_faults(imported: Import, cells: dict[str, str], sentence: str) -> None:
    assert sentences(imported([HOSPITAL, OTHER | cells])) == [f"hospitals.csv, line 3, {sentence}"]


def test_all_faults_are_named_at_once_in_the_order_of_the_lines(imported: Import) -> None:
    found = sentences(imported([HOSPITAL | {"beds": "?"}, OTHER | {"ownership": "x", "province_code": "TH-00"}, OTHER]))
    assert [sentence.split(":")[0] for sentence in found] == [
        "hospitals.csv, line 2, column beds",
        "hospitals.csv, line 3, column province_code",
        "hospitals.csv, line 3, column ownership",
        "hospitals.csv, line 4, column register_id",
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "hospitals.csv: is empty; the first line must name the columns"),
        (b"\xef\xbb\xbf", "hospitals.csv: is empty; the first line must name the columns"),
        (as_csv([]), "hospitals.csv: holds no line below the header"),
        (as_csv([HOSPITAL]).replace(b",", b";"), "hospitals.csv, line 1: fields must be separated by commas, not by semicolons"),
        (as_csv([HOSPITAL]).replace(b",", b"\t"), "hospitals.csv, line 1: fields must be separated by commas, not by tabs"),
        (as_csv([HOSPITAL], HOSPITAL_COLUMNS[1:]), "hospitals.csv, line 1, column code: this column is missing"),
        (as_csv([HOSPITAL], (*HOSPITAL_COLUMNS, "telephone")), "hospitals.csv, line 1, column telephone: is not a column of this file"),
        (as_csv([HOSPITAL], (*HOSPITAL_COLUMNS, "code")), "hospitals.csv, line 1, column code: this column is named twice"),
        (as_csv([HOSPITAL]) + b"1,2,3\n", "hospitals.csv, line 3: has 3 fields where the header names 13"),
        (as_csv([HOSPITAL]) + b"," * 13 + b"x\n", "hospitals.csv, line 3: has 14 fields where the header names 13"),
        (
            as_csv([HOSPITAL]) + b'"never closed,\n',
            "hospitals.csv, line 3: the quotation marks do not close as CSV wants them (unexpected end of data)",
        ),
        (
            as_csv([HOSPITAL, OTHER]).decode().encode("cp874", errors="replace"),
            "hospitals.csv, line 2, column name_th: is not UTF-8 (byte 0xE2); save the file as UTF-8; it looks like TIS-620 or Windows-874",
        ),
        ("code".encode("utf-16"), "hospitals.csv, line 1: is not UTF-8 (byte 0xFF); save the file as UTF-8"),
    ],
    ids=[
        "empty", "only a mark", "only a header", "semicolons", "tabs", "a column missing", "a column too many", "a column twice",
        "fields missing", "fields too many", "an open quotation mark", "TIS-620", "UTF-16",
    ],
)  # fmt: skip
def test_a_file_that_is_no_such_table_is_refused_by_its_first_fault(imported: Import, content: bytes, sentence: str) -> None:
    assert sentences(imported(content))[0] == sentence


def test_a_line_is_counted_from_where_it_begins_even_after_a_cell_of_many_lines(imported: Import) -> None:
    content = as_csv([HOSPITAL | {"source": "one\ntwo"}, OTHER | {"beds": "?"}])
    assert [sentence.split(":")[0] for sentence in sentences(imported(content))] == [
        "hospitals.csv, line 2, column source",
        "hospitals.csv, line 4, column beds",
    ]


def test_a_file_that_is_not_there_is_a_plain_sentence(tools: Any, tmp_path: Path) -> None:
    assert sentences(import_hospitals(tools, tmp_path / "nowhere.csv")) == ["nowhere.csv: cannot be read: No such file or directory"]


def test_a_broken_import_leaves_the_old_register_in_force(tools: Any, imported: Import) -> None:
    imported([HOSPITAL, OTHER])
    before = tools.store.every_hospital(), tools.store.last_register_import()
    imported([HOSPITAL | {"beds": "300"}, OTHER | {"ownership": "x"}])
    assert (tools.store.every_hospital(), tools.store.last_register_import()) == before


def test_an_import_that_breaks_while_writing_writes_nothing(tools: Any, imported: Import) -> None:
    imported([HOSPITAL])
    tools.store.run("CREATE TRIGGER no_more BEFORE INSERT ON hospital_history BEGIN SELECT raise(ABORT, 'the disk is full'); END")
    with pytest.raises(Exception, match="the disk is full"):
        imported([HOSPITAL, OTHER])
    assert list(tools.store.every_hospital()) == ["A-1"]
    assert tools.store.last_register_import().number == 1
    assert search(tools, "สอง").total == 0


# --- provinces ---------------------------------------------------------------------------------------------------------------------------


def test_an_operator_can_say_otherwise_which_provinces_adjoin(tools: Any, tmp_path: Path) -> None:
    import_hospitals(tools, SAMPLE_REGISTER)
    borders = tmp_path / "borders.csv"
    borders.write_text("code_a,code_b\nTH-83,TH-81\n")
    import_hospitals(tools, SAMPLE_REGISTER, borders=borders)
    assert tools.store.adjoining_provinces("TH-83") == ["TH-81"]
    assert tools.store.adjoining_provinces("TH-81") == ["TH-83"]
    assert tools.store.adjoining_provinces("TH-10") == []


def test_a_province_renamed_is_found_by_its_new_name(tools: Any, tmp_path: Path) -> None:
    import_hospitals(tools, SAMPLE_REGISTER)
    provinces = tmp_path / "provinces.csv"
    provinces.write_text(SAMPLE_PROVINCES.read_text(encoding="utf-8").replace("Satun", "Setoi Mambang"), encoding="utf-8")
    import_hospitals(tools, SAMPLE_REGISTER, provinces=provinces)
    assert [hospital.province_code for hospital in search(tools, "setoi mambang").hospitals] == ["TH-91"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("code_a,code_b\nTH-10,TH-10\n", "borders.csv, line 2, column code_b: must be another one, not 'TH-10' itself"),
        ("code_a,code_b\nTH-10,TH-99\n", "borders.csv, line 2, column code_b: 'TH-99' is not a province code such as TH-10"),
        ("code_a,code_b\nTH-10,TH-11\nTH-11,TH-10\n", "borders.csv, line 3, column code_b: TH-10 – TH-11 is already on line 2"),
    ],
)
def test_borders_that_cannot_be_are_named(tools: Any, tmp_path: Path, content: str, sentence: str) -> None:
    borders = tmp_path / "borders.csv"
    borders.write_text(content)
    assert sentences(import_hospitals(tools, SAMPLE_REGISTER, borders=borders)) == [sentence]
    assert tools.store.provinces() == []


def test_provinces_that_cannot_be_are_named(tools: Any, tmp_path: Path) -> None:
    provinces = tmp_path / "provinces.csv"
    provinces.write_text(
        "code,admin_code,name_th,name_en,region\nTH-10,10,กรุงเทพมหานคร,Bangkok,central\nTH-10,1,Bangkok,,central\nth11,10,ก,A,x\n",
        encoding="utf-8",
    )
    found = sentences(import_hospitals(tools, SAMPLE_REGISTER, provinces=provinces))
    assert [sentence for sentence in found if sentence.startswith("provinces.csv")] == [
        "provinces.csv, line 3, column admin_code: must be two digits, not '1'",
        "provinces.csv, line 3, column name_th: must be a name in Thai letters, not 'Bangkok'",
        "provinces.csv, line 3, column name_en: must not be empty",
        "provinces.csv, line 3, column code: 'TH-10' is already on line 2",
        "provinces.csv, line 4, column code: must be an ISO code such as TH-10, not 'th11'",
        "provinces.csv, line 4, column admin_code: '10' is already on line 2",
    ]


def test_the_packaged_files_are_sound() -> None:
    with SAMPLE_BORDERS.open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == 177
    assert "not the Social Security Office's list" in (SAMPLE_REGISTER.parent / "README.md").read_text(encoding="utf-8")
