"""Which backups stay and which go, and when the last one is too old."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.backup import TOO_OLD, is_too_old, name_of, to_remove
from webapp.domain.dates import BANGKOK

NIGHT = datetime(2026, 11, 22, 2, 30, tzinfo=BANGKOK)
times = st.lists(st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)), max_size=30)


def nights(count: int) -> list[str]:
    return [name_of(NIGHT - timedelta(days=back)) for back in range(count)]


def test_a_week_of_nights_is_kept_and_the_eighth_goes() -> None:
    assert to_remove(nights(8), days=7) == [nights(8)[7]]


def test_all_of_the_newest_day_stay_and_of_the_day_before_the_newest() -> None:
    morning, noon = name_of(NIGHT), name_of(NIGHT.replace(hour=12))
    yesterday, yesterday_noon = name_of(NIGHT - timedelta(days=1)), name_of(NIGHT.replace(hour=12) - timedelta(days=1))
    assert to_remove([morning, noon, yesterday, yesterday_noon], days=7) == [yesterday]


def test_what_somebody_named_themselves_is_never_removed() -> None:
    theirs = ["before-the-release.backup", "sitthi-2026-01-01.backup", "notes.txt", "sitthi-2020-01-01-000000.backup.gpg"]
    assert to_remove([*theirs, *nights(3)], days=1) == sorted(nights(3))[:2]


@given(times, st.integers(1, 40))
def test_the_newest_is_always_kept_and_so_many_days_at_most(made: list[datetime], days: int) -> None:
    names = {name_of(one) for one in made}
    gone = to_remove(names, days)
    left = names - set(gone)
    assert not names or max(names) in left
    assert len({name[:17] for name in left}) == min(days, len({name[:17] for name in names}))
    assert to_remove(left, days) == []


def test_one_missed_night_is_told_and_a_late_one_is_not() -> None:
    assert not is_too_old(NIGHT, NIGHT + TOO_OLD)
    assert is_too_old(NIGHT, NIGHT + timedelta(days=2))
