"""The gate on words: every string in both languages, no fuzzy one, none unequal to the code, and the same values in both."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
KEYWORDS = {"_": None, "gettext": None, "ph": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
VALUES = re.compile(r"%\((\w+)\)[sd]")
THAI = re.compile(r"[\u0e00-\u0e7f]")
METHODS = [("webapp/**.py", "python"), ("templates/**.html", "jinja2")]
FORBIDDEN_THAI = re.compile(r"(?<!เ)ท่าน|กรุณา|ดำเนินการ|ทำรายการ|ไม่สามารถ")
SAME_IN_BOTH = re.compile(r"^[\W\d_]*(ThaiD|SSO|LINE|UCEP|HC-)?[\W\d_]*$")


@pytest.fixture(scope="module")
def in_code() -> dict[str, tuple[str, ...]]:
    """msgid → where it stands."""
    found: dict[str, tuple[str, ...]] = {}
    for file, line, message, _comments, _context in extract_from_dir(str(ROOT), METHODS, keywords=KEYWORDS):  # type: ignore[arg-type]
        first = message[0] if isinstance(message, tuple) else message
        found[first] = (*found.get(first, ()), f"{file}:{line}")
    return found


@pytest.fixture(scope="module")
def thai() -> Catalog:
    return read_po(BytesIO((ROOT / "translations/th/LC_MESSAGES/messages.po").read_bytes()), locale="th")


def messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def first(text: str | tuple[str, ...] | list[str]) -> str:
    return text if isinstance(text, str) else text[0]


def test_every_string_in_the_code_has_thai(in_code: dict[str, tuple[str, ...]], thai: Catalog) -> None:
    known = {first(message.id): first(message.string) for message in messages(thai)}
    missing = {msgid: places[0] for msgid, places in in_code.items() if not known.get(msgid)}
    assert not missing


def test_no_string_is_left_over_or_fuzzy(in_code: dict[str, tuple[str, ...]], thai: Catalog) -> None:
    assert not [first(message.id) for message in messages(thai) if first(message.id) not in in_code]
    assert not [first(message.id) for message in messages(thai) if message.fuzzy]
    assert not thai.obsolete


def test_both_languages_name_the_same_values(thai: Catalog) -> None:
    for message in messages(thai):
        singular, plural = (message.id, message.id) if isinstance(message.id, str) else message.id
        wanted = {frozenset(VALUES.findall(text)) for text in (singular, plural)}
        assert frozenset(VALUES.findall(first(message.string))) in wanted, first(message.id)


def test_thai_is_thai_and_english_is_english(thai: Catalog) -> None:
    for message in messages(thai):
        msgid, text = first(message.id), first(message.string)
        assert not THAI.search(msgid) or "สปส." in msgid, f"Thai inside an English string: {msgid}"
        assert THAI.search(text) or SAME_IN_BOTH.match(VALUES.sub("", text)) or text == msgid, f"no Thai in: {text}"


def test_no_word_that_keeps_people_at_a_distance(thai: Catalog) -> None:
    texts = [first(message.string).replace("|", "") for message in messages(thai)]
    assert not [text for text in texts if FORBIDDEN_THAI.search(text)]
