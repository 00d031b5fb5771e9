"""What a file is, how much of it is there, and what may still come: said by its bytes, never by its name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import files_given as files
from webapp.domain import document as rule
from webapp.domain.assessment import Refusal
from webapp.domain.document import (
    LARGEST,
    MOST_OF_A_CASE,
    MOST_OF_A_PAPER,
    AnotherOffset,
    Document,
    Kind,
    Piece,
    Place,
    State,
    Why,
    kind_of,
)

AT = datetime(2026, 12, 20, 3, 0, tzinfo=UTC)
A_PLACE = Place("claim", "CL-1", "medical_certificate")
HEAD = b"\xff\xd8\xff\xe0" + bytes(12)


def document(size: int = 100, place: Place = A_PLACE, name: str = "DC-1", sha256: str = "a" * 64) -> Document:
    found = rule.begin(name, "somchai", place, size, sha256, bytes(32), AT, ())
    assert isinstance(found, Document)
    return found


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (files.jpeg(60, 40), Kind.JPEG),
        (files.png(), Kind.PNG),
        (files.heic(), Kind.HEIC),
        (files.pdf(), Kind.PDF),
        (files.svg(), None),
        (b"<!doctype html><p>", None),
        (b"GIF89a" + bytes(20), None),
        (b"PK\x03\x04" + bytes(20), None),
        (b"junk in front %PDF-1.7", None),
        (b"\n%PDF-1.7", None),
        (b"\0\0\0\x18ftypavif" + bytes(8), None),
        (b"\0\0\0\x18ftypisom" + bytes(8), None),
        (b"", None),
    ],
)
def test_a_kind_is_told_by_the_very_first_bytes(data: bytes, kind: Kind | None) -> None:
    assert kind_of(data[: rule.LONGEST_HEAD]) is kind


@given(st.binary(max_size=16))
def test_no_bytes_at_all_break_the_look_at_them(head: bytes) -> None:
    assert kind_of(head) in (None, *Kind)


@pytest.mark.parametrize(
    ("size", "others", "code"),
    [
        (0, 0, "not_empty"),
        (LARGEST + 1, 0, "not_too_large"),
        (100, MOST_OF_A_PAPER, "few_enough_for_this_paper"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_before_a_byte_is_sent(size: int, others: int, code: str) -> None:
    there = tuple(document(name=f"DC-{number}") for number in range(others))
    answer = rule.begin("DC-new", "somchai", A_PLACE, size, "b" * 64, bytes(32), AT, there)
    assert isinstance(answer, Refusal)
    assert [reason.code for reason in answer.unmet] == [code]


def test_a_case_holds_only_so_many() -> None:
    there = tuple(document(name=f"DC-{number}", place=Place("claim", "CL-1", f"paper-{number}")) for number in range(MOST_OF_A_CASE))
    answer = rule.begin("DC-new", "somchai", A_PLACE, 10, "b" * 64, bytes(32), AT, there)
    assert isinstance(answer, Refusal)
    assert [reason.code for reason in answer.unmet] == ["few_enough_for_this_case"]


@given(st.lists(st.integers(1, 40), min_size=1, max_size=12))
def test_pieces_of_any_length_add_up(lengths: list[int]) -> None:
    one = document(sum(lengths))
    for number, length in enumerate(lengths):
        assert one.state is State.COMING
        grown = rule.add(one, one.received, Piece(f"piece-{number}", length), HEAD, AT)
        assert isinstance(grown, Document)
        assert grown.version == one.version + 1
        one = grown
    assert one.is_whole
    assert one.state is State.WAITING


@pytest.mark.parametrize(("offset", "length"), [(1, 10), (0, 0), (0, 101), (40, 60)])
def test_a_piece_that_does_not_follow_is_told_where_to_go_on(offset: int, length: int) -> None:
    with pytest.raises(AnotherOffset) as met:
        rule.add(document(100), offset, Piece("p", length), HEAD, AT)
    assert met.value.document.received == 0


def test_a_first_piece_of_no_kind_ends_it() -> None:
    answer = rule.add(document(), 0, Piece("p", 10), b"<svg", AT)
    assert isinstance(answer, Refusal)
    assert [reason.code for reason in answer.unmet] == ["of_a_kind_we_take"]


def test_the_same_bytes_are_the_same_document_of_that_paper_alone() -> None:
    one = document()
    assert rule.same_in((one,), A_PLACE, "a" * 64) is one
    assert rule.same_in((one,), Place("claim", "CL-1", "receipt"), "a" * 64) is None
    assert rule.same_in((one,), A_PLACE, "b" * 64) is None


def test_what_was_refused_may_be_sent_once_more() -> None:
    refused = rule.refuse(rule.take(document(), "w", AT), Why.DAMAGED, AT)
    assert rule.same_in((refused,), A_PLACE, "a" * 64) is None


def test_a_document_in_hands_is_counted_as_tried_unless_the_fault_was_not_its_own() -> None:
    taken = rule.take(document(), "worker", AT)
    assert (taken.state, taken.held_by, taken.tries) == (State.LOOKED_AT, "worker", 1)
    later = AT + timedelta(minutes=1)
    assert rule.give_back(taken, AT, later).tries == 1
    given_back = rule.give_back(taken, AT, later, as_if_not_tried=True)
    assert (given_back.tries, given_back.next_try_at, given_back.held_by, given_back.state) == (0, later, "", State.WAITING)


def test_the_key_of_a_document_is_never_shown() -> None:
    assert "key" not in repr(document())
