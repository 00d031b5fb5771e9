"""Codes from the counter, and the PINs that came of them. Nothing here can be read back: codes and halves are keyed hashes, PINs are
scrypt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from webapp.adapters.store.sql import Driver, Row
from webapp.domain.counter_code import Why
from webapp.ports import CounterCode, KeptPin


class CounterCodeQueries(Driver):
    """Days and times of the act in business time; ends, locks and tries in machine time."""

    def add_counter_code(self, code: CounterCode) -> None:
        facts: dict[str, Any] = {name: _written(value) for name, value in asdict(code).items()}
        self.run(
            """INSERT INTO counter_codes (id, person_id, is_open, first_hash, half_hash, code_hash, why, issued_by, issued_at, ends_at,
                                          tries, used_at, used_for, ended_at)
               VALUES (:id, :person_id, 1, :first_hash, :half_hash, :code_hash, :why, :issued_by, :issued_at, :ends_at,
                       :tries, :used_at, :used_for, :ended_at)""",
            **facts,
        )

    def open_counter_code(self, first_hashes: Iterable[str]) -> CounterCode | None:
        """The open code with this first half, under any key still read. Each is asked for, found or not."""
        rows = [self.one("SELECT * FROM counter_codes WHERE first_hash = :first AND is_open = 1", first=one) for one in first_hashes]
        return next((_code(row) for row in rows if row), None)

    def counter_code(self, code_id: str) -> CounterCode | None:
        row = self.one("SELECT * FROM counter_codes WHERE id = :id", id=code_id)
        return _code(row) if row else None

    def is_half_in_use(self, half_hashes: Iterable[str], first_hashes: Iterable[str]) -> bool:
        """Whether a code made of these halves, under any key still read, could be taken for somebody else's."""
        return any(
            self.one(
                """SELECT 1 AS found FROM counter_codes WHERE is_open = 1 AND (half_hash = :half_hash OR first_hash = :first_hash)
                   UNION ALL SELECT 1 FROM pins WHERE half_hash = :half_hash LIMIT 1""",
                half_hash=half_hash, first_hash=first_hash,
            )
            for half_hash, first_hash in zip(half_hashes, first_hashes, strict=True)
        )  # fmt: skip

    def try_counter_code(self, code_id: str, most: int) -> bool:
        """Count one try; False where `most` were made before, however many ask at once."""
        counted = self.run(
            "UPDATE counter_codes SET tries = tries + 1 WHERE id = :id AND is_open = 1 AND tries < :most", id=code_id, most=most
        )
        return counted == 1

    def give_back_try(self, code_id: str) -> None:
        """The one just counted was the right code."""
        self.run("UPDATE counter_codes SET tries = tries - 1 WHERE id = :id AND tries > 0", id=code_id)

    def use_counter_code(self, code_id: str, used_for: str, at: datetime, now: float) -> bool:
        """True for exactly one caller, however many ask at once."""
        used = self.run(
            """UPDATE counter_codes SET used_at = :at, used_for = :used_for, is_open = 0
               WHERE id = :id AND is_open = 1 AND ends_at > :now""",
            id=code_id, used_for=used_for, at=at.isoformat(), now=now,
        )  # fmt: skip
        return used == 1

    def end_counter_codes_of(self, person_id: str, at: datetime) -> int:
        """No code of this person opens anything any more."""
        return self.run(
            "UPDATE counter_codes SET ended_at = :at, is_open = 0 WHERE person_id = :id AND is_open = 1", id=person_id, at=at.isoformat()
        )

    def counter_codes_of(self, person_id: str) -> list[CounterCode]:
        """Every code there was, newest first."""
        return [_code(row) for row in self.all("SELECT * FROM counter_codes WHERE person_id = :id ORDER BY issued_at DESC", id=person_id)]

    def forget_counter_codes(self, before: datetime) -> int:
        """Codes handed over before then, used or not; that it was done stays in the audit."""
        return self.run("DELETE FROM counter_codes WHERE issued_at < :before", before=before.isoformat())

    def keep_pin(self, pin: KeptPin) -> None:
        """One a person: a new one takes the place of the old."""
        self.run(
            """INSERT INTO pins (person_id, half_hash, salt, pin_hash, made_at, used_at, wrong, locked_until)
               VALUES (:person_id, :half_hash, :salt, :pin_hash, :made_at, :used_at, :wrong, :locked_until)
               ON CONFLICT (person_id) DO UPDATE SET
                   half_hash = excluded.half_hash, salt = excluded.salt, pin_hash = excluded.pin_hash, made_at = excluded.made_at,
                   used_at = excluded.used_at, wrong = excluded.wrong, locked_until = excluded.locked_until""",
            **{name: _written(value) for name, value in asdict(pin).items()},
        )

    def pin_of(self, person_id: str) -> KeptPin | None:
        row = self.one("SELECT * FROM pins WHERE person_id = :id", id=person_id)
        return _pin(row) if row else None

    def pin_with_half(self, half_hashes: Iterable[str]) -> KeptPin | None:
        """Under any key still read. Each is asked for, found or not."""
        rows = [self.one("SELECT * FROM pins WHERE half_hash = :half_hash", half_hash=one) for one in half_hashes]
        return next((_pin(row) for row in rows if row), None)

    def try_pin(self, person_id: str, now: float, most: int) -> int | None:
        """Count one try before it is looked at, so that many at once are many tries; returns how many there are now. None: it is locked."""
        with self.transaction():
            counted = self.run(
                "UPDATE pins SET wrong = wrong + 1 WHERE person_id = :id AND locked_until <= :now AND wrong < :most",
                id=person_id, now=now, most=most,
            )  # fmt: skip
            row = self.one("SELECT wrong FROM pins WHERE person_id = :id", id=person_id)
        return int(row["wrong"]) if counted and row else None

    def lock_pin(self, person_id: str, until: float) -> None:
        self.run("UPDATE pins SET locked_until = :until WHERE person_id = :id", id=person_id, until=until)

    def pin_was_right(self, person_id: str, at: datetime) -> None:
        self.run("UPDATE pins SET wrong = 0, locked_until = 0, used_at = :at WHERE person_id = :id", id=person_id, at=at.isoformat())

    def drop_pin(self, person_id: str) -> bool:
        return self.run("DELETE FROM pins WHERE person_id = :id", id=person_id) == 1


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _code(row: Row) -> CounterCode:
    facts = {name: row[name] for name in row.keys() if name != "is_open"}  # noqa: SIM118 - a sqlite3.Row iterates over values
    times = {"issued_at": datetime.fromisoformat(row["issued_at"]), "used_at": _time(row["used_at"]), "ended_at": _time(row["ended_at"])}
    return CounterCode(**{**facts, **times, "why": Why(row["why"])})


def _pin(row: Row) -> KeptPin:
    return KeptPin(**{**dict(row), "made_at": datetime.fromisoformat(row["made_at"]), "used_at": _time(row["used_at"])})
