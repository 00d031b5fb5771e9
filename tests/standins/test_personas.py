"""The demo people: what the contract promises about them."""

from __future__ import annotations

from datetime import date

import pytest
from stdnum.th import pin

from webapp.standins.personas import OFFICERS, PERSONAS, Persona, persona_by_number

PROMISED = ["1000000000009", "1000000000017", "1000000000025", "1000000000033", "1000000000041", "1000000000076", "1000000000084"]


def test_everybody_whom_the_contract_names_is_there() -> None:
    assert set(PROMISED) <= {persona.pid for persona in PERSONAS}
    assert set(OFFICERS) == {"1000000000076", "1000000000084"}


def test_no_two_people_share_a_number() -> None:
    assert len({persona.pid for persona in PERSONAS}) == len(PERSONAS)


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.pid)
def test_no_persona_can_be_a_real_person(persona: Persona) -> None:
    assert persona.pid[1:3] == "00"


def test_only_the_one_who_is_meant_to_fails_the_check_digit() -> None:
    assert [persona.pid for persona in PERSONAS if not pin.is_valid(persona.pid)] == ["1000000000008"]


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.pid)
def test_dates_are_days_of_the_christian_era(persona: Persona) -> None:
    for day in (persona.birthdate, persona.date_of_issuance, persona.date_of_expiry):
        assert 1900 < date.fromisoformat(day).year < 2100


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.pid)
def test_each_note_says_in_both_languages_what_to_expect(persona: Persona) -> None:
    assert persona.note_th
    assert persona.note_en


def test_a_person_with_one_name_has_just_that_name() -> None:
    assert persona_by_number("1000000000131").name == "เดี่ยว"


def test_any_other_number_is_a_test_identity_too() -> None:
    assert persona_by_number("1000000000297").pid == "1000000000297"
