"""When ThaiD's word on somebody differs from the record, and what an officer may write."""

from __future__ import annotations

from datetime import date

import pytest

from webapp.domain.assessment import Refusal
from webapp.domain.name_change import (
    Entered,
    PaperSeen,
    ThaidSays,
    WrittenName,
    differences,
    enter,
    kept_beside_the_file,
    tidy,
)

BORN = date(1998, 10, 3)
OLD = WrittenName("นางสาว", "สมฤดี", "ตัวอย่าง")
NEW = WrittenName("นางสาว", "สมฤดี", "ทดสอบ")


def entered(name: WrittenName = NEW, paper: PaperSeen | None = PaperSeen.MARRIAGE, card: bool = True, face: bool = True) -> Entered:
    return Entered(name, paper, card, face)


def unmet(given: Entered, officers_own: bool = False) -> list[str]:
    found = enter(given, OLD, officers_own)
    return [reason.code for reason in found.unmet] if isinstance(found, Refusal) else []


def test_another_family_name_is_taken_and_the_title_stays() -> None:
    found = differences(OLD, BORN, ThaidSays("สมฤดี", "ทดสอบ", BORN))
    assert found.name == NEW
    assert found.birth_date is None
    assert found


@pytest.mark.parametrize(
    "said",
    [
        ThaidSays("สมฤดี", "ตัวอย่าง", BORN),
        ThaidSays("  สมฤดี ", "ตัวอย่าง", None),
        ThaidSays("", "", None),
        ThaidSays("สมฤดี", "", BORN),
    ],
)
def test_spaces_and_what_thaid_left_out_are_no_difference(said: ThaidSays) -> None:
    assert not differences(OLD, BORN, said)


def test_a_letter_written_in_two_ways_is_the_same_letter() -> None:
    decomposed = ThaidSays("Jose\u0301", "Perez", None)
    assert not differences(WrittenName("Mr.", "José", "PEREZ"), None, decomposed)


@pytest.mark.parametrize("written", ["สํ\u0e32ราญ", "น\u0e4d\u0e49\u0e32", "น\u0e49\u0e4d\u0e32"])
def test_a_sara_am_in_two_letters_is_the_one_that_thaid_writes(written: str) -> None:
    one = {"ส": "สำราญ", "น": "น้ำ"}[written[0]]
    assert tidy(written) == one
    assert not differences(WrittenName("นาย", written, "ตัวอย่าง"), None, ThaidSays(one, "ตัวอย่าง", None))


def test_a_middle_name_in_the_record_is_not_lost_to_an_answer_without_it() -> None:
    record = WrittenName("Mr.", "Anna Maria", "Example")
    assert not differences(record, None, ThaidSays("Anna", "Example", None))
    assert differences(record, None, ThaidSays("Ann", "Example", None)).name == WrittenName("Mr.", "Ann", "Example")


def test_somebody_with_one_name_who_takes_a_second_differs() -> None:
    found = differences(WrittenName("นาย", "เดี่ยว", ""), None, ThaidSays("เดี่ยว", "ทดสอบ", None))
    assert found.name == WrittenName("นาย", "เดี่ยว", "ทดสอบ")


def test_another_birth_date_is_told_apart_from_one_that_the_record_lacks() -> None:
    said = ThaidSays("สมฤดี", "ตัวอย่าง", date(1998, 3, 10))
    assert differences(OLD, BORN, said).birth_date == date(1998, 3, 10)
    assert differences(OLD, None, said).birth_date is None


def test_an_officer_who_has_seen_card_face_and_paper_writes_the_name_tidied() -> None:
    assert enter(entered(WrittenName(" นาง", "สมฤดี ", "ทดสอบ  ณ อยุธยา")), OLD, False) == WrittenName("นาง", "สมฤดี", "ทดสอบ ณ อยุธยา")
    assert enter(entered(WrittenName("พล.ต.อ.", "O’Brien-Smith", "")), OLD, False)


def test_all_that_stands_in_the_way_is_said_at_once() -> None:
    assert unmet(entered(WrittenName("นาง1", "", "ทดสอบ<b>"), None, card=False, face=False)) == [
        "given_name_there", "title_in_letters", "family_name_in_letters", "paper_named", "card_seen", "face_seen",
    ]  # fmt: skip
    assert unmet(entered(WrittenName("ก" * 51, "ก" * 101, "ก" * 101))) == [
        "title_short_enough", "given_name_short_enough", "family_name_short_enough",
    ]  # fmt: skip


def test_the_same_name_again_and_an_officers_own_are_refused() -> None:
    assert unmet(entered(OLD)) == ["is_another_name"]
    assert unmet(entered(), officers_own=True) == ["not_the_officers_own"]


def test_a_name_told_here_outlives_the_old_file_and_gives_way_to_a_new_one() -> None:
    assert kept_beside_the_file(NEW, OLD, OLD)
    assert not kept_beside_the_file(NEW, OLD, NEW), "the file has followed"
    assert not kept_beside_the_file(NEW, OLD, WrittenName("นางสาว", "สมฤดี", "ที่สาม")), "the file says something newer"
