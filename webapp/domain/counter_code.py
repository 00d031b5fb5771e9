"""The code that an officer hands over at a counter: ten characters that survive being read aloud, typed and worn.

Decided:
- 23 characters: digits without 0 and 1, letters without those that look or sound like another (B and 8, S and 5, O and 0, D and T, M and N
  …). 23 is prime, so one check character finds every single slip and every two characters that changed places: a slip of the finger is told
  apart from a wrong code, and costs no try.
- Two halves of five. The first finds the code and is worth nothing afterwards; the second stays, and with a PIN it is the way back in. So
  neither the paper nor the PIN is enough alone.
- What looks like a character of the code is taken for it: somebody who reads S where 5 stands has read well enough.
- Nine free characters are 40 bits. Nobody can try them out: five wrong second halves end a code, and an address has only so many tries.
"""

from __future__ import annotations

import secrets
from datetime import date
from enum import StrEnum

from webapp.domain.dates import thai_digits_to_arabic

ALPHABET = "23456789ACEFHJKNPRTUWXY"
LENGTH, HALF = 10, 5
LOOKS_LIKE = str.maketrans({"B": "8", "S": "5", "Z": "2", "G": "6", "V": "U", "M": "N", "D": "T"})
LIFE_DAYS = 7
TRIES = 5
SHORTEST_PIN, LONGEST_PIN = 6, 12


class Why(StrEnum):
    """Why a person gets a code; chosen by the officer, kept with the act."""

    NO_SMARTPHONE = "no_smartphone"
    CANNOT_USE_THAID = "cannot_use_thaid"
    NOT_THAI = "not_thai"
    FORGOT_PIN = "forgot_pin"
    LOST = "lost"


ENDS_WHAT_WAS_SET = frozenset({Why.LOST})
"""With these, the ways in that came of earlier codes end at once, and the sessions they opened."""


def new_code() -> str:
    """Ten characters, the last of them the check."""
    free = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return free + check_character(free)


def check_character(free: str) -> str:
    """So that the weighted sum of all ten is a multiple of 23; the tenth weighs 10."""
    total = sum(place * ALPHABET.index(char) for place, char in enumerate(free, start=1))
    weight_undone = pow(LENGTH, -1, len(ALPHABET))
    return ALPHABET[-total * weight_undone % len(ALPHABET)]


def read_code(typed: str) -> str:
    """What was meant by what was typed: any case, spaces, hyphens and Thai digits."""
    kept = "".join(char for char in thai_digits_to_arabic(typed).upper() if char.isalnum())
    return kept.translate(LOOKS_LIKE)


def is_well_typed(code: str) -> bool:
    """Whether these can be the ten characters of a code; a slip in one of them cannot."""
    return len(code) == LENGTH and set(code) <= set(ALPHABET) and check_character(code[:-1]) == code[-1]


def is_a_half(half: str) -> bool:
    return len(half) == HALF and set(half) <= set(ALPHABET)


def grouped(code: str) -> str:
    """As it is printed: "AC234-5679F"."""
    return f"{code[:HALF]}-{code[HALF:]}"


def is_easily_guessed(pin: str, birth_date: date | None) -> bool:
    """One digit repeated, a run up or down, two or three digits over and over, or the birth day in any common writing."""
    steps = {(int(after) - int(before)) % 10 for before, after in zip(pin, pin[1:], strict=False)}
    repeats = any(pin == (pin[:size] * len(pin))[: len(pin)] for size in (1, 2, 3))
    return repeats or steps in ({1}, {9}) or any(written in pin for written in _writings(birth_date))


def _writings(day: date | None) -> set[str]:
    if day is None:
        return set()
    written = set()
    for year in (day.year, day.year + 543):
        short = f"{year % 100:02}"
        date_parts = f"{day.day:02}{day.month:02}", f"{day.month:02}{day.day:02}"
        written |= {part + short for part in date_parts} | {short + part for part in date_parts}
        written |= {part + str(year) for part in date_parts} | {str(year) + part for part in date_parts}
    return written
