"""When a notice is shown, and which words can be one."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from webapp.domain.dates import BANGKOK
from webapp.domain.notice import KIND_OF, LONGEST, About, Kind, Notice, fault_of, is_thai
from webapp.domain.read_only import Spell, Why

TEN = datetime(2026, 12, 5, 22, 0, tzinfo=BANGKOK)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


def notice(until: datetime | None = None, ended: datetime | None = None) -> Notice:
    return Notice(1, Kind.INFO, "", "ไทย", "English", TEN, until, TEN - HOUR, ended)


def test_it_begins_at_its_time_and_ends_before_its_end() -> None:
    one = notice(until=TEN + HOUR)
    assert one.is_coming(TEN - SECOND)
    assert not one.is_shown(TEN - SECOND)
    assert one.is_shown(TEN)
    assert one.is_shown(TEN + HOUR - SECOND)
    assert not one.is_shown(TEN + HOUR)
    assert one.was_shown(TEN + HOUR)


def test_without_an_end_it_stands_until_it_is_ended() -> None:
    assert notice().is_shown(TEN + 1000 * HOUR)
    assert not notice(ended=TEN + HOUR).is_shown(TEN + HOUR)
    assert notice(until=TEN + 2 * HOUR, ended=TEN + HOUR).over_at == TEN + HOUR


def test_ended_before_it_began_it_was_never_told() -> None:
    assert not notice(ended=TEN - HOUR).was_shown(TEN + HOUR)


@pytest.mark.parametrize(
    "words", ["", "  ", "x" * (LONGEST + 1), "two\nlines", "a\u2028b", "<b>bold</b>", "a > b", "bell\a"]
)
def test_words_that_cannot_be_told(words: str) -> None:
    assert fault_of(words) is not None


@pytest.mark.parametrize("words", ["x" * LONGEST, "หน้าเว็บช้า ๆ & “คำพูด”", "5 % slower: call 1506"])
def test_words_that_can(words: str) -> None:
    assert fault_of(words) is None


def test_the_two_languages_are_told_apart() -> None:
    assert is_thai("ThaiD ขัดข้อง")
    assert not is_thai("ThaiD is down, ฿ 100")


def test_everything_that_happens_often_has_a_kind() -> None:
    assert set(KIND_OF) == set(About)


def test_an_end_that_has_passed_is_told_to_nobody() -> None:
    spell = Spell(1, Why.MAINTENANCE, TEN, TEN + HOUR)
    assert spell.seconds_left(TEN) == 3600
    assert spell.told_until(TEN + HOUR) is None
    assert spell.seconds_left(TEN + HOUR) is None
    assert spell.runs
