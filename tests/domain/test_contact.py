"""Which phone numbers an office in Thailand can call, as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.contact import Contact, PhoneFault, read_phone


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("0812345678", "0812345678"),
        ("081-234-5678", "0812345678"),
        (" 081 234 5678 ", "0812345678"),
        ("๐๘๑-๒๓๔-๕๖๗๘", "0812345678"),
        ("+66 81 234 5678", "0812345678"),
        ("+66 (0)81 234 5678", "0812345678"),
        ("0066812345678", "0812345678"),
        ("06 1234 5678", "0612345678"),
        ("(02) 123.4567", "021234567"),
        ("053\u2011123\u2013456", "053123456"),
        ("+6621234567", "021234567"),
        ("080-066-1234", "0800661234"),
        ("02 006 6123", "020066123"),
        ("\u202a081-234-5678\u202c", "0812345678"),
    ],
)
def test_a_number_is_read_as_people_write_it(typed: str, digits: str) -> None:
    assert read_phone(typed) == digits


@given(st.from_regex(r"0(?:[689][0-9]{8}|[23457][0-9]{7})", fullmatch=True).filter(str.isascii))
def test_every_number_of_the_plan_is_read_as_itself_however_it_is_grouped(digits: str) -> None:
    assert read_phone(digits) == read_phone("-".join(digits)) == read_phone(Contact(digits).written) == digits
    assert read_phone(Contact(digits).from_abroad) == digits


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("abc", PhoneFault.NOT_DIGITS),
        ("02 123 4567 ext. 12", PhoneFault.NOT_DIGITS),
        ("", PhoneFault.NOT_DIGITS),
        ("081234567", PhoneFault.LENGTH),
        ("08123456789", PhoneFault.LENGTH),
        ("0212345678", PhoneFault.LENGTH),
        ("1506", PhoneFault.NOT_THAI),
        ("+1 415 555 0100", PhoneFault.NOT_THAI),
        ("812345678", PhoneFault.NOT_THAI),
        ("0112345678", PhoneFault.NOT_THAI),
    ],
)
def test_what_no_office_could_call_is_told_apart(typed: str, fault: PhoneFault) -> None:
    assert read_phone(typed) is fault


@pytest.mark.parametrize(
    ("digits", "written"), [("0812345678", "081-234-5678"), ("021234567", "02-123-4567"), ("053123456", "053-123-456")]
)
def test_it_is_shown_in_groups_and_read_back_the_same(digits: str, written: str) -> None:
    assert Contact(digits).written == written
    assert read_phone(written) == read_phone(Contact(digits).from_abroad) == digits
