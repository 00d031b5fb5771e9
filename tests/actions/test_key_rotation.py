"""New keys in front of old ones: what the old ones wrote is still read, written anew while others write, and needs them no more."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.standing_clock import StandingClock
from webapp.actions import audit, corrections, hospital_change, key_rotation
from webapp.adapters.store.queries.keys import SEALED
from webapp.app import tools_for
from webapp.config import DEVELOPMENT_DATA_KEY, DEVELOPMENT_SECRET, Settings
from webapp.domain.audit import Amiss, ReadReason
from webapp.domain.correction import About, Correction, Proof, Told
from webapp.domain.hospital_change import Cause
from webapp.ports import Tools

SOMCHAI, OFFICER = "1000000000009", "1000000000076"
NEW_KEY, NEW_PEPPER = base64.urlsafe_b64encode(b"n" * 32).decode(), "another pepper, long enough"
SAID = "เงินเดือนที่ถูกคือ 18,000 บาท"
With = Callable[..., Tools]


@pytest.fixture
def with_keys(settings: Settings, clock: StandingClock) -> Iterator[With]:
    """Another process on the same file, started with these keys and peppers."""
    held: list[Tools] = []

    def start(keys: tuple[str, ...], peppers: tuple[str, ...]) -> Tools:
        held.append(replace(tools_for(replace(settings, data_keys=keys, pid_peppers=peppers)), clock=clock))
        return held[-1]

    yield start
    for one in held:
        one.store.close()


def lived_in(tools: Tools) -> str:
    """Something sealed in as many tables as one person fills; returns their id."""
    store = tools.store
    person_id = store.person_id_of(SOMCHAI)
    officer = store.officer_of(OFFICER)
    assert person_id
    assert officer
    told = Told(About.WAGE, SAID, Proof.PAY_SLIP, date(2026, 8, 1))
    sent = corrections.send(tools, person_id, "k" * 20, told)
    assert isinstance(sent, Correction)
    hospital_change.keep_draft(tools, f"person:{person_id}", hospital_change.Draft(cause=Cause.OTHER, note=SAID))
    with store.transaction():
        audit.opened(tools, officer, person_id, sent.reference, ReadReason.OTHER, SAID)
    audit.seal(tools)
    return person_id


def reads_everything(tools: Tools, person_id: str) -> None:
    name = tools.store.name_of(person_id)
    assert name
    assert name.pid == SOMCHAI
    assert tools.store.person_id_of(SOMCHAI) == person_id
    assert [one.report.should_be for one in tools.store.corrections_of(person_id)] == [SAID]
    draft = hospital_change.draft_of(tools, f"person:{person_id}")
    assert draft
    assert draft.note == SAID
    assert [one.words for one in audit.openings_of(tools, person_id)] == [SAID]
    assert tools.store.officer_of(OFFICER)


OLD = ((DEVELOPMENT_DATA_KEY,), (DEVELOPMENT_SECRET,))
BOTH = ((NEW_KEY, DEVELOPMENT_DATA_KEY), (NEW_PEPPER, DEVELOPMENT_SECRET))
NEW = ((NEW_KEY,), (NEW_PEPPER,))


def test_old_rows_are_read_before_and_after_and_need_the_old_key_no_more(with_keys: With) -> None:
    person_id = lived_in(with_keys(*OLD))
    both = with_keys(*BOTH)
    reads_everything(both, person_id)
    assert both.store.keys_in_use().to_rotate > 0
    assert both.store.keys_in_use().removable == ()
    done = key_rotation.rotate(both)
    assert done.rows > 0
    assert done.keys.to_rotate == 0
    assert len(done.keys.removable) == 2, "the old key and the old pepper"
    reads_everything(both, person_id)
    alone = with_keys(*NEW)
    reads_everything(alone, person_id)
    assert audit.check(alone).findings == ()
    assert alone.store.keys_in_use().missing == ()
    assert key_rotation.rotate(alone).rows <= 1, "there is nothing to do but for the entry that tells of it"


def test_a_key_taken_away_too_early_is_named_and_nothing_is_written(with_keys: With) -> None:
    lived_in(with_keys(*OLD))
    alone = with_keys(*NEW)
    assert len(alone.store.keys_in_use().missing) == 2
    with pytest.raises(key_rotation.KeyMissing):
        key_rotation.rotate(alone)
    assert {finding.code for finding in audit.check(alone).findings} == {Amiss.MARK_KEY_MISSING, Amiss.WORDS_CHANGED}


def test_a_rotation_that_was_stopped_goes_on_where_rows_are_left(with_keys: With) -> None:
    person_id = lived_in(with_keys(*OLD))
    both = with_keys(*BOTH)
    waiting = both.store.keys_in_use().to_rotate
    told: list[int] = []
    first = key_rotation.rotate(both, progress=lambda done, total: told.append(done), stop=lambda: bool(told))
    assert 0 < first.rows < waiting
    assert 0 < first.keys.to_rotate < waiting
    reads_everything(both, person_id)
    assert key_rotation.rotate(both).keys.to_rotate == 0
    reads_everything(with_keys(*NEW), person_id)


def test_what_the_app_writes_meanwhile_stays_as_it_was_written(with_keys: With) -> None:
    """An app still running with the old key first writes between two lots: its row is not lost, and is taken in the next round."""
    old = with_keys(*OLD)
    person_id = lived_in(old)
    both = with_keys(*BOTH)
    wrote: list[int] = []

    def writes(done: int, total: int) -> None:
        if not wrote:
            hospital_change.keep_draft(old, f"person:{person_id}", hospital_change.Draft(cause=Cause.OTHER, note="newer"))
        wrote.append(done)

    assert key_rotation.rotate(both, progress=writes).keys.to_rotate == 0
    draft = hospital_change.draft_of(with_keys(*NEW), f"person:{person_id}")
    assert draft
    assert draft.note == "newer"


@pytest.mark.of_sqlite
def test_every_sealed_column_of_the_schema_is_rotated(tools: Tools) -> None:
    """Whoever adds a sealed column names it in SEALED."""
    tables = [row["name"] for row in tools.store.all("SELECT name FROM sqlite_master WHERE type = 'table'")]  # type: ignore[attr-defined]
    sealed = {
        table for table in tables
        if any(row["name"] == "sealed" for row in tools.store.all(f"PRAGMA table_info({table})"))  # type: ignore[attr-defined]
    }  # fmt: skip
    assert sealed <= {one.table for one in SEALED}


@pytest.mark.of_sqlite
def test_the_text_under_the_old_key_stands_nowhere_in_the_file_afterwards(with_keys: With, settings: Settings, tmp_path: Path) -> None:
    old = with_keys(*OLD)
    lived_in(old)
    row = old.store.all("SELECT sealed FROM corrections")[0]  # type: ignore[attr-defined]
    before = str(row["sealed"]).encode()
    assert before in files_of(settings, tmp_path)
    old.store.close()
    key_rotation.rotate(with_keys(*BOTH))
    assert before not in files_of(settings, tmp_path)


def files_of(settings: Settings, tmp_path: Path) -> bytes:
    """What a thief of the disk has: the database and its log."""
    path = Path(settings.database_url.removeprefix("sqlite:///"))
    taken = tmp_path / "taken"
    taken.mkdir(exist_ok=True)
    parts = []
    for file in sorted(path.parent.glob(f"{path.name}*")):
        shutil.copy(file, taken / file.name)
        parts.append((taken / file.name).read_bytes())
    return b"".join(parts)


def test_words_are_kept_as_long_as_said_under_any_key(with_keys: With, clock: StandingClock) -> None:
    person_id = lived_in(with_keys(*OLD))
    key_rotation.rotate(with_keys(*BOTH))
    clock.advance(seconds=timedelta(days=731).total_seconds())
    alone = with_keys(*NEW)
    assert audit.forget_words(alone) == 1
    assert [one.words for one in audit.openings_of(alone, person_id)] == [""]
