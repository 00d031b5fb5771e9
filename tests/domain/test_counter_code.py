"""Ten characters that survive being read aloud and typed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.counter_code import ALPHABET, LENGTH, check_character, grouped, is_easily_guessed, is_well_typed, new_code, read_code

CODES = st.text(ALPHABET, min_size=LENGTH - 1, max_size=LENGTH - 1).map(lambda free: free + check_character(free))


@given(CODES, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_noticed(code: str, place: int, other: str) -> None:
    slipped = code[:place] + other + code[place + 1 :]
    assert is_well_typed(slipped) == (slipped == code)


@given(CODES, st.integers(0, LENGTH - 2))
def test_two_characters_that_changed_places_are_always_noticed(code: str, place: int) -> None:
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert is_well_typed(swapped) == (swapped == code)


@given(CODES)
def test_it_is_read_however_it_is_typed(code: str) -> None:
    assert read_code(f" {grouped(code).lower()} ") == code
    assert read_code(" ".join(code)) == code


def test_thai_digits_and_characters_that_look_alike_are_taken_for_what_was_meant() -> None:
    assert read_code("๒๓4-bSzgV") == "2348526U"


def test_no_character_is_easily_taken_for_another() -> None:
    assert not set(ALPHABET) & set("01OILQBSZDMVG")
    assert len(set(ALPHABET)) == 23, "a prime, on which the check character rests"


def test_no_two_codes_are_alike() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(map(is_well_typed, codes))


@pytest.mark.parametrize(
    "pin", ["000000", "123456", "654321", "890123", "121212", "123123", "010586", "860501", "290501", "01052529", "19860501"]
)
def test_a_pin_that_anybody_would_try_first_is_refused(pin: str) -> None:
    assert is_easily_guessed(pin, date(1986, 5, 1))


@pytest.mark.parametrize("pin", ["135790", "902174", "7720931"])
def test_any_other_pin_will_do(pin: str) -> None:
    assert not is_easily_guessed(pin, date(1986, 5, 1))
    assert not is_easily_guessed(pin, None)
