"""An account as people type it: a bank of the list, and as many digits as its accounts have."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from webapp.domain.payment import BANKS, Account, AccountNotUnderstood, read_account

KRUNGTHAI, SAVINGS = "006", "030"


@pytest.mark.parametrize("typed", ["1234567890", "123-4-56789-0", " 123 4 56789 0 ", "๑๒๓๔๕๖๗๘๙๐"])
def test_hyphens_spaces_and_thai_digits_are_taken(typed: str) -> None:
    assert read_account(KRUNGTHAI, typed) == Account(KRUNGTHAI, "1234567890")


@pytest.mark.parametrize(
    ("bank", "typed", "faults"),
    [
        ("", "", {"bank": "missing", "account": "missing"}),
        ("999", "1234567890", {"bank": "not_a_bank"}),
        (KRUNGTHAI, "123456789", {"account": "wrong_length"}),
        (KRUNGTHAI, "12345678901", {"account": "wrong_length"}),
        (KRUNGTHAI, "12345abcde", {"account": "not_digits"}),
        (KRUNGTHAI, "²²²²²²²²²²", {"account": "not_digits"}),
        ("", "1234567890", {"bank": "missing"}),
    ],
)
def test_what_is_wrong_is_named_by_its_field(bank: str, typed: str, faults: dict[str, str]) -> None:
    assert read_account(bank, typed) == AccountNotUnderstood(faults)


def test_a_bank_with_two_lengths_takes_both() -> None:
    assert all(isinstance(read_account(SAVINGS, "1" * length), Account) for length in BANKS[SAVINGS].digits)


@given(some.sampled_from(sorted(BANKS)), some.text("0123456789", min_size=1, max_size=20))
def test_only_the_last_four_digits_are_ever_shown(bank: str, digits: str) -> None:
    found = read_account(bank, digits)
    assert isinstance(found, Account) == (len(digits) in BANKS[bank].digits)
    if isinstance(found, Account):
        assert found.last_digits == digits[-4:]


def test_each_bank_has_a_name_in_both_languages_and_a_code_of_its_own() -> None:
    assert all(len(code) == 3 and code == bank.code and bank.name_th and bank.name_en and bank.digits for code, bank in BANKS.items())
