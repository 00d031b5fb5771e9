"""How hospital names and what people type come together, without a store."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain import hospital_index
from webapp.domain.hospital_index import Asked, build, pack, page, pieces_asked, places, ranks, unpack
from webapp.domain.hospital_search import (
    LONGEST_QUERY,
    Entry,
    Hospital,
    Province,
    Spelling,
    as_written,
    bones,
    entry,
    in_order_of_name,
    near,
    query_words,
    respellings,
    thai_order,
    words_of,
)

REGISTER = Path(__file__).resolve().parents[2] / "webapp" / "register"
TONE_MARKS = "่้๊๋็์"


def rows(name: str) -> list[dict[str, str]]:
    with (REGISTER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def hospital(row: dict[str, str]) -> Hospital:
    return Hospital(
        row["register_id"], row["code"], row["name_th"], row["name_en"], row["name_en_basis"], row["province_code"], row["district_th"],
        "state" if row["ownership"] == "state" else "private", None, "", "", "", "",
    )  # fmt: skip


PROVINCES = {row["code"]: Province(**row) for row in rows("provinces.csv")}
HOSPITALS = in_order_of_name(hospital(row) for row in rows("hospitals.csv"))
ENTRIES = [entry(each, PROVINCES[each.province_code]) for each in HOSPITALS]
INDEX = {piece: unpack(pack(held, len(ENTRIES))) for piece, held in build(ENTRIES).items()}
NAMES = st.sampled_from([name for each in HOSPITALS for name in (each.name_th, each.name_en)])
THAI_NAMES = st.sampled_from([each.name_th for each in HOSPITALS])
TITLED_NAMES = st.sampled_from([each.name_th for each in HOSPITALS if "โรงพยาบาล" not in each.name_th[1:]])


def found(text: str) -> list[Hospital]:
    """Strictly: what is found with no other spelling tried."""
    asked = Asked(tuple((Spelling(word),) for word in query_words(text)), as_written(text))
    ranked = ranks(asked, lambda piece: INDEX.get(piece, 0))
    return [HOSPITALS[place] for place in page(ranked, [-1], len(HOSPITALS), 0)]


def named(name: str) -> set[Hospital]:
    return {each for each in HOSPITALS if name in (each.name_th, each.name_en)}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ศิริราช", "ศีริราช"),
        ("น้ำ", "นํ้า"),
        ("น้ำ", "น้ํา"),
        ("น้ำ", "นำ้"),
        ("น้ำ", "นำ"),
        ("แพร่", "เเพร่"),
        ("แพร่", "แพร"),
        ("มงกุฎ", "มงกุฏ"),
        ("หาดใหญ่", "หาดไหย่"),
        ("ศิครินทร์", "สิคริณทร"),
        ("ปิยะเวชช์", "ปิยเวช"),
        ("ธนบุรี", "ทนบุรี"),
        ("ปัตตานี", "ปัตานี"),
        ("นฤบดินทร์", "นรึบดินทร์"),
        ("พญาไท ๒", "พญาไท2"),
        ("Siriraj", "SIRIRACH"),
        ("Ramathibodi", "ramatibodee"),
        ("Vibharam", "wipharam"),
        ("Chulalongkorn", "julalongkon"),
        ("Phyathai", "pyathai"),
        ("Nakhon", "nakorn"),
        ("Rajavithi", "rachawithi"),
        ("Lerdsin", "lerdzin"),
        ("Café", "cafe"),
        ("ＳＭＡ", "sma"),
    ],
)
def test_two_ways_of_typing_a_name_are_the_same_letters(typed: str, meant: str) -> None:
    assert words_of(typed) == words_of(meant)


@pytest.mark.parametrize(("one", "other"), [("ดอน", "ตอน"), ("sena", "sina"), ("พญาไท 1", "พญาไท 11"), ("ปาน", "บาน"), ("มา", "ม้าย")])
def test_names_that_differ_stay_different(one: str, other: str) -> None:
    assert words_of(one) != words_of(other)


@pytest.mark.parametrize(
    "typed",
    [
        "โรงพยาบาลตาก", "รพ.ตาก", "รพ. ตาก", "ร.พ.ตาก", "ร.พ. ตาก", "ร. พ. ตาก", "รพตาก", "รพ ตาก", " ตาก ", "โรงพยาบาล  ตาก", "ตาก รพ.",
        "จังหวัดตาก", "จ.ตาก", "จ. ตาก", "อ.ตาก", "อำเภอตาก", "(ตาก)", "ตาก\u200b", "โรงพยาบาลจังหวัดตาก",
    ],
)  # fmt: skip
def test_titles_and_areas_are_not_looked_for(typed: str) -> None:
    assert query_words(typed) == ("ตาก",)


@pytest.mark.parametrize(
    "typed", ["", "  ", "โรงพยาบาล", "โรงพย", "โรง", "รพ.", "รพ", "ร.พ.", "hospital", "Hosp", "hospi", "์", "่้", "...", "%_'\"*"]
)
def test_a_title_or_a_mark_alone_asks_for_nothing(typed: str) -> None:
    assert query_words(typed) == ()


def test_a_name_that_begins_like_the_abbreviation_is_kept() -> None:
    assert query_words("รพีพัฒน์") == ("รพิพัทน",)


def test_another_script_is_looked_for_and_not_taken_for_everything() -> None:
    assert query_words("東京") == ("東京",)
    assert found("東京") == []


def test_a_very_long_query_is_cut_short() -> None:
    assert len(query_words("ก " * 5_000)) <= 8
    assert sum(map(len, query_words("กข" * 5_000))) <= LONGEST_QUERY


@given(st.text(max_size=60))
def test_letters_of_letters_are_the_same_letters(text: str) -> None:
    words = query_words(text)
    assert query_words(" ".join(words)) in (words, tuple(word for word in words if query_words(word)))


@given(st.text(max_size=200))
def test_nothing_that_can_be_typed_breaks_the_search(text: str) -> None:
    found(text)
    for word in query_words(text):
        bones(word)
        respellings(word)


@given(TITLED_NAMES, st.data())
def test_every_beginning_of_a_thai_name_finds_it(name: str, data: st.DataObject) -> None:
    typed = name[: data.draw(st.integers(3, len(name)))]
    assert named(name) <= set(found(typed))


@given(THAI_NAMES, st.data())
def test_leaving_out_tone_marks_never_loses_the_hospital(name: str, data: st.DataObject) -> None:
    left_out = data.draw(st.sets(st.sampled_from(TONE_MARKS)))
    typed = "".join(letter for letter in name if letter not in left_out)
    assert named(name) <= set(found(typed))


@given(NAMES, st.data())
def test_spaces_and_capitals_never_matter(name: str, data: st.DataObject) -> None:
    space = data.draw(st.sampled_from(["", "  ", "   "]))
    change = data.draw(st.sampled_from([str.upper, str.lower, str.title]))
    assert named(name) <= set(found(change(name).replace(" ", space)))


@given(NAMES)
def test_a_whole_name_stands_first(name: str) -> None:
    assert words_of(found(name)[0].name_th) == words_of(next(iter(named(name))).name_th) or found(name)[0] in named(name)


@given(NAMES, st.data())
def test_any_word_of_a_name_and_its_province_find_it(name: str, data: st.DataObject) -> None:
    each = next(iter(named(name)))
    word = data.draw(st.sampled_from(name.split()))
    province = PROVINCES[each.province_code]
    assert each in found(f"{word} {data.draw(st.sampled_from([province.name_th, province.name_en]))}")


def test_names_that_begin_just_as_typed_come_before_those_that_sound_alike() -> None:
    assert [each.name_th.removeprefix("โรงพยาบาล")[0] for each in found("ส")[:5]] == ["ส"] * 5
    assert [each.name_th.removeprefix("โรงพยาบาล")[0] for each in found("ศ")[:5]] == ["ศ"] * 5


@pytest.mark.parametrize(
    ("thai", "roman"), [("ศิริราช", "siriraj"), ("ศิริราช", "sirirat"), ("ตำรวจ", "tamruat"), ("รามาธิบดี", "ramathibodi"), ("ลำปาง", "lampang")]
)
def test_bones_are_the_same_in_both_scripts(thai: str, roman: str) -> None:
    assert bones(words_of(thai)[0]) == bones(words_of(roman)[0])


def test_bones_of_one_script_are_not_joined_with_those_of_the_other() -> None:
    name = Hospital("X", "", "สมดพ", "Somdet", "", "TH-10", "", "state", None, "", "", "", "")
    held = dict.fromkeys(build([Entry(name, (words_of(name.name_th), words_of(name.name_en)), ())]), 1)
    asked = Asked(((Spelling("smtt", "thai bones"),),))
    assert not ranks(asked, lambda piece: held.get(piece, 0))[-1]


@pytest.mark.parametrize(
    ("typed", "text", "piece"),
    [
        ("สิริลาช", "สิริราช", "สิริราช"),
        ("สิรราช", "สิริราช", "สิริราช"),
        ("สิริรราช", "สิริราช", "สิริราช"),
        ("สิริาราช", "สิริราช", "สิริราช"),
        ("สิรริาช", "สิริราช", "สิริราช"),
        ("สริราช", "สิริราช", "สิริราช"),
        ("เจรินกรุง", "ถนนเจริยกรุงเก่า", "เจริยกรุง"),
        ("abxd", "--abcd--", "abcd"),
        ("xbcd", "--abcd--", "abcd"),
        ("axcd", "--abcd--", "abcd"),
    ],
)
def test_one_slip_is_seen_through(typed: str, text: str, piece: str) -> None:
    assert near(typed, text) == piece


@pytest.mark.parametrize(("typed", "text"), [("สิลิลาช", "สิริราช"), ("abcd", "wxyz"), ("abcdefgh", "abcxxfgh"), ("กขคง", "")])
def test_two_slips_are_not(typed: str, text: str) -> None:
    assert near(typed, text) is None


@given(st.text("กขคงจสมรล", min_size=4, max_size=12), st.data())
def test_any_single_slip_is_seen_through(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    kind = data.draw(st.sampled_from(["wrong", "missing", "too many"]))
    slipped = {"wrong": word[:at] + "x" + word[at + 1 :], "missing": word[:at] + word[at + 1 :], "too many": word[:at] + "x" + word[at:]}[
        kind
    ]
    if len(slipped) >= 4:
        assert near(slipped, f"--{word}--") is not None


def test_thai_names_stand_as_in_a_dictionary() -> None:
    names = ["โรงพยาบาลแพร่", "โรงพยาบาลพะเยา", "โรงพยาบาลเพชรบูรณ์", "โรงพยาบาลกลาง", "โรงพยาบาลเกาะสมุย", "โรงพยาบาลกระบี่"]
    assert [name.removeprefix("โรงพยาบาล") for name in sorted(names, key=thai_order)] == [
        "กระบี่", "กลาง", "เกาะสมุย", "พะเยา", "เพชรบูรณ์", "แพร่",
    ]  # fmt: skip


@given(st.sets(st.integers(0, 999)), st.integers(0, 30), st.integers(0, 30))
def test_a_page_holds_the_places_of_the_set(held: set[int], start: int, count: int) -> None:
    bits = sum(1 << place for place in held)
    assert places(bits, start, count) == sorted(held)[start : start + count]


@given(st.sets(st.integers(0, 999), min_size=1))
def test_a_packed_set_comes_back_whole(held: set[int]) -> None:
    assert unpack(pack(held, 1_000)) == sum(1 << place for place in held)


@given(NAMES, st.integers(1, 7))
def test_pages_put_together_are_the_whole_answer_without_doubles(name: str, size: int) -> None:
    ranked = ranks(
        Asked(tuple((Spelling(word),) for word in query_words(name[:14])), as_written(name[:14])), lambda piece: INDEX.get(piece, 0)
    )
    near_first = [INDEX["@TH-10"], ((1 << len(HOSPITALS)) - 1) & ~INDEX["@TH-10"]]
    total = ranked[-1].bit_count()
    put_together = [place for offset in range(0, total + 1, size) for place in page(ranked, near_first, size, offset)]
    assert put_together == page(ranked, near_first, 1_000, 0)
    assert len(set(put_together)) == len(put_together) == total


def test_every_piece_looked_at_is_named_beforehand() -> None:
    asked = Asked(tuple((Spelling(word),) for word in query_words("เกษมราษฎร์ บางแค 2")), as_written("เกษมราษฎร์ บางแค 2"))
    announced = set(pieces_asked(asked))
    looked: set[str] = set()
    ranks(asked, lambda piece: looked.add(piece) or INDEX.get(piece, 0))  # type: ignore[func-returns-value]
    assert looked <= announced
    assert len(announced) < 60
    assert hospital_index.PIECE == 4
