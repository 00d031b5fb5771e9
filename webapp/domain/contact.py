"""A phone number at which the office may call somebody about their own requests: which numbers there are, and how they are written.

Decided:
- Thai numbers only: an officer calls from an office's telephone, which opens no others. 0 and 8 digits for a fixed line, whose second digit
  is 2, 3, 4, 5 or 7; 0 and 9 digits for a mobile one, whose second is 6, 8 or 9. Source: ITU, national numbering plan of Thailand (country
  code +66), geographic and mobile numbers, as its regulator (NBTC) communicates them. Whether anybody answers there is not looked at.
- Typed as people write it: Thai digits, spaces, hyphens, dots, brackets, +66 or 0066 for the 0. An extension is not taken: nobody could
  call it with one tap.
- The number says how to reach somebody and never who somebody is: nothing is sent to it, no code, and no sign-in rests on it.
Put aside: the package phonenumbers (every plan of the world, some 30 MB), email (nothing here sends any), and days of the week to call on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from webapp.domain.dates import thai_digits_to_arabic

BANGKOK_AREA = "02"
_UNSEEN = "\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"  # marks that a pasted number brings
_BETWEEN = re.compile(r"[\s().\u2010-\u2015" + _UNSEEN + "-]")
_FIXED_LINE, _MOBILE = re.compile(r"0[23457][0-9]{7}"), re.compile(r"0[689][0-9]{8}")
_FROM_ABROAD = re.compile(r"\A(?:\+|00)660?(?=[1-9])")


class When(StrEnum):
    """At which time of the office's hours somebody is best called."""

    ANY = "any"
    MORNING = "morning"
    AFTERNOON = "afternoon"


class PhoneFault(StrEnum):
    """Why what was typed is no number that the office can call."""

    NOT_DIGITS = "not_digits"
    NOT_THAI = "not_thai"
    LENGTH = "length"


@dataclass(frozen=True)
class Contact:
    """`phone` in digits from its 0 on, as `read_phone` gives it."""

    phone: str
    when: When = When.ANY

    @property
    def written(self) -> str:
        """In groups, as it is read aloud: 081-234-5678, 02-123-4567, 053-123-456."""
        area = 2 if self.phone.startswith(BANGKOK_AREA) else 3
        return f"{self.phone[:area]}-{self.phone[area : area + 3]}-{self.phone[area + 3 :]}"

    @property
    def from_abroad(self) -> str:
        """As a link to call it needs it: +66812345678."""
        return f"+66{self.phone[1:]}"


def read_phone(typed: str) -> str | PhoneFault:
    """The digits of a Thai number, from its 0 on."""
    text = _FROM_ABROAD.sub("0", _BETWEEN.sub("", thai_digits_to_arabic(typed)), count=1)
    if text.startswith("+") and text[1:].isdigit():
        return PhoneFault.NOT_THAI
    if not text.isascii() or not text.isdigit():
        return PhoneFault.NOT_DIGITS
    if _FIXED_LINE.fullmatch(text) or _MOBILE.fullmatch(text):
        return text
    return PhoneFault.NOT_THAI if text[:2] in ("00", "01") or not text.startswith("0") else PhoneFault.LENGTH
