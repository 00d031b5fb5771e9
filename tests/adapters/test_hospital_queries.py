"""The register on each engine: what a search finds in the sample, in which order, and how fast it narrows."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.conftest import ENGINES
from tests.standing_clock import StandingClock
from webapp.actions.hospitals import SAMPLE_REGISTER, Imported, import_hospitals, search
from webapp.adapters.store.postgres import PostgresStore
from webapp.adapters.store.sqlite import SqliteStore
from webapp.domain.hospital_register import Plan, RegisterChangedMeanwhile
from webapp.domain.hospital_search import Found, Hospital, Wanted

TODAY = date(2026, 12, 20)


@dataclass(frozen=True)
class RegisterTools:
    """What the register's actions use of Tools."""

    store: SqliteStore | PostgresStore
    clock: StandingClock


def empty_store(folder: Path) -> RegisterTools:
    tools = RegisterTools(SqliteStore(folder / "register.db", None), StandingClock())  # type: ignore[arg-type]
    tools.store.migrate()
    return tools


WITHOUT_TRIGRAMS = "postgres without trigrams"


@pytest.fixture(scope="module", params=[*ENGINES, WITHOUT_TRIGRAMS])
def empty(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], RegisterTools]:
    """empty(): a migrated store with nothing in it; on PostgreSQL also as it is where pg_trgm is not to be had."""

    def make() -> RegisterTools:
        if request.param == "sqlite":
            return empty_store(tmp_path_factory.mktemp("register"))
        url = request.getfixturevalue("postgres").new_database(f"register_{secrets.token_hex(6)}")
        store = PostgresStore(url, None)  # type: ignore[arg-type]
        store.migrate()
        if request.param == WITHOUT_TRIGRAMS:
            store.run("DROP EXTENSION IF EXISTS pg_trgm CASCADE")
        return RegisterTools(store, StandingClock())

    return make


@pytest.fixture(scope="module")
def sample(empty: Callable[[], RegisterTools]) -> Iterator[Any]:
    tools = empty()
    assert isinstance(import_hospitals(tools, SAMPLE_REGISTER), Imported)  # type: ignore[arg-type]
    yield tools
    tools.store.close()


@pytest.fixture
def own(empty: Callable[[], RegisterTools]) -> Iterator[Any]:
    """A store of the test's own, to write in."""
    tools = empty()
    import_hospitals(tools, SAMPLE_REGISTER)  # type: ignore[arg-type]
    yield tools
    tools.store.close()


def names(found: Found) -> list[str]:
    return [hospital.name_th.removeprefix("โรงพยาบาล") for hospital in found.hospitals]


FIRST = [
    # as it is written, shortened, with and without a title
    ("ศิริราช", "ศิริราช"),
    ("โรงพยาบาลศิริราช", "ศิริราช"),
    ("รพ.ศิริราช", "ศิริราช"),
    ("ร.พ. ศิริราช", "ศิริราช"),
    ("รพศิริราช", "ศิริราช"),
    ("Siriraj Hospital", "ศิริราช"),
    ("SIRIRAJ", "ศิริราช"),
    ("siri raj", "ศิริราช"),
    ("รามา", "รามาธิบดี มหาวิทยาลัยมหิดล"),
    ("จุฬาลงกรณ์", "จุฬาลงกรณ์ สภากาชาดไทย"),
    ("วชิระภูเก็ต", "วชิระภูเก็ต"),
    ("บี.แคร์", "บี.แคร์ เมดิคอลเซ็นเตอร์"),
    ("บีแคร์", "บี.แคร์ เมดิคอลเซ็นเตอร์"),
    ("b care", "บี.แคร์ เมดิคอลเซ็นเตอร์"),
    ("โกลก", "สุไหงโก-ลก"),
    ("ซีจีเอช", "ซีจีเอช ลำลูกกา"),
    # tone marks, ำ, doubled or missing marks, letters that sound alike
    ("สิริราช", "ศิริราช"),
    ("ศีริราช", "ศิริราช"),
    ("กล้วยน้ำไท", "กล้วยน้ำไท"),
    ("กลวยนำไท", "กล้วยน้ำไท"),
    ("กล้วยนํ้าไท", "กล้วยน้ำไท"),
    ("กล้วยน้ํา", "กล้วยน้ำไท"),
    ("กล้วยนำ้ไท", "กล้วยน้ำไท"),
    ("เเพร่", "แพร่"),
    ("แพร", "แพร่"),
    ("เเหลมฉบัง", "แหลมฉบัง"),
    ("มงกุฏวัฒนะ", "มงกุฎวัฒนะ"),
    ("หาดใหย่", "หาดใหญ่"),
    ("รามาทิบดี", "รามาธิบดี มหาวิทยาลัยมหิดล"),
    ("ตากศิน", "ตากสิน"),
    ("สิครินทร", "ศิครินทร์ กรุงเทพ"),
    ("ปิยเวช", "ปิยะเวชช์ บ่อวิน"),
    ("ศรีสะเกศ", "ศรีสะเกษ"),
    ("ศรีษะเกษ", "ศรีสะเกษ"),
    ("พระมงกุฏ", "พระมงกุฎเกล้า"),
    ("ธัมศาสตร์", "ธรรมศาสตร์เฉลิมพระเกียรติ"),
    ("สัพสิทธิ", "สรรพสิทธิประสงค์"),
    ("สันพสิทธิ", "สรรพสิทธิประสงค์"),
    # spaces and digits
    ("เกษมราษฎร์บางแค", "เกษมราษฎร์ บางแค"),
    ("เกษมราษฎร์   บางแค", "เกษมราษฎร์ บางแค"),
    ("บางแค เกษมราษฎร์", "เกษมราษฎร์ บางแค"),
    ("เปาโลโชคชัย4", "เปาโล โชคชัย 4"),
    ("โชคชัย ๔", "เปาโล โชคชัย 4"),
    ("บางนา ๑", "บางนา 1"),
    ("บางนา5", "บางนา 5"),
    ("นวมินทร์ 9", "นวมินทร์ 9"),
    ("นวมินทร์", "นวมินทร์"),
    ("ป.แพทย์", " ป.แพทย์ 1"),
    ("จุฬารัตน์ 3", "จุฬารัตน์ 3 อินเตอร์"),
    # Roman letters, as people write them
    ("sirirat", "ศิริราช"),
    ("ramathibodee", "รามาธิบดี มหาวิทยาลัยมหิดล"),
    ("ramatibodi", "รามาธิบดี มหาวิทยาลัยมหิดล"),
    ("chulalongkorn", "จุฬาลงกรณ์ สภากาชาดไทย"),
    ("julalongkon", "จุฬาลงกรณ์ สภากาชาดไทย"),
    ("phyathai nawamin", "พญาไท นวมินทร์"),
    ("payathai nawamin", "พญาไท นวมินทร์"),
    ("phayathai navamin", "พญาไท นวมินทร์"),
    ("rajavithi", "ราชวิถี"),
    ("ratchawithi", "ราชวิถี"),
    ("thammasart", "ธรรมศาสตร์เฉลิมพระเกียรติ"),
    ("wipharam", "วิภาราม"),
    ("kasemrad bangkae", "เกษมราษฎร์ บางแค"),
    ("kasemrat bang khae", "เกษมราษฎร์ บางแค"),
    ("nopparat", "นพรัตนราชธานี"),
    ("lertsin", "เลิดสิน"),
    ("police hospital", "ตำรวจ"),
    ("tamruat", "ตำรวจ"),
    ("sunpasit", "สรรพสิทธิประสงค์"),
    ("queen sirikit", "สมเด็จพระนางเจ้าสิริกิติ์"),
    ("khonkaen", "ขอนแก่น"),
    ("chiangrai ram", "เชียงราย ราม"),
    ("hat yai", "หาดใหญ่"),
    # one slip
    ("สิริราด", "ศิริราช"),
    ("ศิรริาช", "ศิริราช"),
    ("เจรินกรุง", "เจริญกรุงประชารักษ์"),
    ("มงกุดวัฒนะ", "มงกุฎวัฒนะ"),
    ("ทัณสถาน", "ทัณฑสถานโรงพยาบาลราชทัณฑ์"),
    ("เกษมราด บางแค", "เกษมราษฎร์ บางแค"),
    ("เซนทรัลปาค", "เซ็นทรัล ปาร์ค"),
    ("พญาไทย นวมิน", "พญาไท นวมินทร์"),
    # places and codes
    ("ปทุมธานี", "ปทุมธานี"),
    ("ประทุมธานี", "ปทุมธานี"),
    ("pathum thani", "ปทุมธานี"),
    ("จ.ปทุมธานี", "ปทุมธานี"),
    ("Nakhon Si Thammarat", "มหาราชนครศรีธรรมราช"),
    ("11535", "คณะแพทยศาสตร์วชิรพยาบาล มหาวิทยาลัยนวมินทราธิราช"),
    ("ศิริราช กทม", "ศิริราช"),
    ("พญาไท ชลบุรี", "พญาไท บ่อวิน"),
]


@pytest.mark.parametrize(("typed", "first"), FIRST)
def test_what_somebody_types_finds_the_hospital_first(sample: Any, typed: str, first: str) -> None:
    assert names(search(sample, typed))[:1] == [first]


@pytest.mark.parametrize(
    ("typed", "total"),
    [
        ("โคราช", 7),
        ("korat", 7),
        ("กทม", 50),
        ("krung thep", 50),
        ("bkk", 50),
        ("โรงพยาบาล", 273),
        ("hospital", 273),
        ("", 273),
        ("พญาไท", 4),
    ],
)
def test_places_by_their_other_names_and_titles_find_all(sample: Any, typed: str, total: int) -> None:
    assert search(sample, typed).total == total


@pytest.mark.parametrize("typed", ["บำรุงราษฎร์", "สมิติเวช", "bumrungrad", "xyz", "ศิริราช เชียงใหม่", "พญาไท 99", "東京"])
def test_what_is_not_in_the_scheme_is_not_found(sample: Any, typed: str) -> None:
    assert search(sample, typed) == Found((), 0)


@pytest.mark.parametrize("letter", list("กขคจชซดตทธนบปผพภมยรลวศสหอฮ") + list("abcdhklmnprstuvwy") + ["เ", "แ", "โ", "1"])
def test_one_letter_is_enough(sample: Any, letter: str) -> None:
    found = search(sample, letter)
    assert found.total > 0
    assert found.hospitals


def test_words_that_begin_with_the_letters_come_before_those_that_hold_them(sample: Any) -> None:
    found = names(search(sample, "นา", limit=30))
    assert found[:2] == ["นางรอง", "น่าน"]
    assert "บางนา 1" in found


def test_the_list_is_the_same_each_time_and_pages_join_without_gaps(sample: Any) -> None:
    whole = search(sample, "ราช", limit=100).hospitals
    pages = [hospital for offset in range(0, len(whole), 7) for hospital in search(sample, "ราช", limit=7, offset=offset).hospitals]
    assert tuple(pages) == whole
    assert search(sample, "ราช", limit=7, offset=999).hospitals == ()


def test_own_province_comes_before_the_adjoining_ones(sample: Any) -> None:
    found = search(sample, "", province="TH-13", adjoining=True, limit=100)
    provinces = [hospital.province_code for hospital in found.hospitals]
    own = [code for code in provinces if code == "TH-13"]
    assert provinces[: len(own)] == own
    assert set(provinces) == {"TH-13", *sample.store.adjoining_provinces("TH-13")}
    assert found.total == len(found.hospitals)


def test_without_the_adjoining_ones_only_the_province_is_searched(sample: Any) -> None:
    assert {hospital.province_code for hospital in search(sample, "", province="TH-13").hospitals} == {"TH-13"}
    assert search(sample, "ศิริราช", province="TH-13").total == 0
    assert search(sample, "ศิริราช", province="TH-13", adjoining=True).total == 1


def test_a_better_match_next_door_comes_before_a_worse_one_at_home(sample: Any) -> None:
    found = search(sample, "ราชวิถี", province="TH-13", adjoining=True)
    assert names(found) == ["ราชวิถี", "ราชวิถี 2 (รังสิต)"]


def test_state_and_private_hospitals_can_be_told_apart(sample: Any) -> None:
    state, private = (search(sample, "", ownership=owner, limit=0).total for owner in ("state", "private"))
    assert (state, private) == (174, 99)
    assert {hospital.ownership for hospital in search(sample, "ราช", ownership="private").hospitals} == {"private"}


def test_a_province_that_does_not_exist_finds_nothing(sample: Any) -> None:
    assert search(sample, "", province="TH-99", adjoining=True) == Found((), 0)
    assert search(sample, "", province="'; DROP TABLE hospitals; --") == Found((), 0)


def test_at_most_a_hundred_come_at_once(sample: Any) -> None:
    assert len(search(sample, "", limit=10_000).hospitals) == 100


def test_every_province_adjoins_those_that_adjoin_it(sample: Any) -> None:
    provinces = [province.code for province in sample.store.provinces()]
    assert len(provinces) == 77
    borders = {code: set(sample.store.adjoining_provinces(code)) for code in provinces}
    assert all(code in borders[other] for code in provinces for other in borders[code])
    assert all(code not in borders[code] for code in provinces)
    assert borders["TH-83"] == {"TH-82"}
    assert sum(map(len, borders.values())) == 2 * 177


def test_hospitals_come_by_id_in_the_order_asked(sample: Any) -> None:
    assert list(sample.store.hospitals(["TH10-019", "nowhere", "TH10-003"])) == ["TH10-019", "TH10-003"]
    assert sample.store.hospitals([]) == {}
    assert sample.store.hospital("nowhere") is None
    assert sample.store.hospital("TH10-019").name_en == "Siriraj Hospital"
    assert sample.store.province("TH-10").name_en == "Bangkok"
    assert sample.store.province("TH-99") is None


def _ended(own: Any, hospital_id: str, **days: date) -> Hospital:
    before = own.store.every_hospital()
    after = replace(before[hospital_id], **days)
    last = own.store.last_register_import()
    own.store.put_register(Plan(changed=(after,)), replace(last, number=last.number + 1), before, lambda done, total: None)
    return after


def test_a_hospital_is_found_up_to_its_last_day_and_no_longer(own: Any) -> None:
    _ended(own, "TH10-019", ended_on=date(2026, 12, 31))
    total = search(own, "", limit=0).total
    assert search(own, "ศิริราช", on=date(2026, 12, 31)).total == 1
    assert search(own, "ศิริราช", on=date(2027, 1, 1)).total == 0
    assert search(own, "", on=date(2027, 1, 1), limit=0).total == total - 1
    assert search(own, "siriraj", province="TH-10", on=date(2027, 1, 1)).total == 0


def test_a_hospital_is_found_from_its_first_day_on(own: Any) -> None:
    _ended(own, "TH10-019", since=date(2027, 1, 1))
    assert search(own, "ศิริราช", on=date(2026, 12, 31)).total == 0
    assert search(own, "ศิริราช", on=date(2027, 1, 1)).total == 1


def test_an_ended_hospital_does_not_stand_in_for_a_misspelt_one(own: Any) -> None:
    _ended(own, "TH10-019", ended_on=date(2026, 1, 1))
    assert search(own, "ศิริราช", on=TODAY) == Found((), 0)


def test_two_imports_at_once_do_not_write_over_each_other(own: Any) -> None:
    before = own.store.every_hospital()
    last = own.store.last_register_import()
    with pytest.raises(RegisterChangedMeanwhile):
        own.store.put_register(Plan(changed=tuple(before.values())[:1]), last, before, lambda done, total: None)


def test_an_owner_that_is_neither_state_nor_private_is_refused_by_the_store(own: Any) -> None:
    with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError)):
        own.store.run("UPDATE hospitals SET ownership = 'unknown' WHERE id = 'TH10-019'")


def test_an_empty_register_is_searched_in_peace(empty: Callable[[], RegisterTools]) -> None:
    tools = empty()
    for typed in ("", "ศ", "ศิริราช", "sirirat"):
        assert search(tools, typed, province="TH-10", adjoining=True) == Found((), 0)  # type: ignore[arg-type]
    assert tools.store.find_hospitals(Wanted("", TODAY)) == Found((), 0)
    assert not tools.store.register_is_sample()
    tools.store.close()


def test_an_import_in_the_middle_of_a_search_does_not_mix_two_registers(own: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    read = own.store._hospitals_at
    imports = iter((True,))

    def after_an_import(found: Any) -> Any:
        if next(imports, False):
            _ended(own, "TH10-001", ended_on=date(2026, 1, 1))
        return read(found)

    monkeypatch.setattr(own.store, "_hospitals_at", after_an_import)
    assert names(search(own, "ศิริราช")) == ["ศิริราช"]
    assert "TH10-001" not in {hospital.id for hospital in search(own, "วชิรพยาบาล").hospitals}
