"""What officers move in the calendar: a year's annual window, a day off. Two officers each time; nothing is deleted."""

from __future__ import annotations

import json
from collections.abc import Hashable
from datetime import datetime

from webapp.adapters.store.sql import Driver, Row
from webapp.ports import CalendarChange


class CalendarChangeQueries(Driver):
    """`status` is proposed, approved, refused or undone."""

    def calendar_changes(self, status: str | None = None) -> list[CalendarChange]:
        rows = self.all("SELECT * FROM calendar_changes ORDER BY proposed_at, id")
        return [_change(row) for row in rows if status in (None, row["status"])]

    def calendar_change(self, change_id: str) -> CalendarChange | None:
        row = self.one("SELECT * FROM calendar_changes WHERE id = :id", id=change_id)
        return _change(row) if row else None

    def public_edition(self) -> Hashable:
        """Changes with the register and with the calendar: what pages rest on that are the same for everybody."""
        newest = self.one("SELECT number, file_hash, imported_at FROM register_imports ORDER BY number DESC LIMIT 1")
        changes = self.all("SELECT id, status FROM calendar_changes ORDER BY id")
        return tuple(newest) if newest else (), tuple(tuple(row) for row in changes)

    def put_calendar_change(self, change: CalendarChange) -> None:
        self.run(
            """INSERT INTO calendar_changes (id, kind, facts, note, status, proposed_by, proposed_at, decided_by, decided_at)
               VALUES (:id, :kind, :facts, :note, :status, :proposed_by, :proposed_at, :decided_by, :decided_at)
               ON CONFLICT (id) DO UPDATE SET
                   status = excluded.status, decided_by = excluded.decided_by, decided_at = excluded.decided_at""",
            id=change.id, kind=change.kind, facts=json.dumps(change.facts), note=change.note, status=change.status,
            proposed_by=change.proposed_by, proposed_at=change.proposed_at.isoformat(), decided_by=change.decided_by,
            decided_at=change.decided_at.isoformat() if change.decided_at else None,
        )  # fmt: skip


def _change(row: Row) -> CalendarChange:
    return CalendarChange(
        id=row["id"],
        kind=row["kind"],
        facts=json.loads(row["facts"]),
        note=row["note"],
        status=row["status"],
        proposed_by=row["proposed_by"],
        proposed_at=datetime.fromisoformat(row["proposed_at"]),
        decided_by=row["decided_by"],
        decided_at=datetime.fromisoformat(row["decided_at"]) if row["decided_at"] else None,
    )
