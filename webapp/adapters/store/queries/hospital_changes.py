"""Hospital changes and their history. A case and the steps that moved it are written together, or neither is.

What rules and queues search by stands in columns of its own; the rest of the case is one JSON text, so that a new fact of a
case needs no migration. An update names the status it starts from: of two officers, the second finds no such row.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any

from webapp.adapters.store.sql import Driver, Row
from webapp.domain.hospital_change import (
    LEAVES_THE_WINDOW_FREE,
    Cause,
    HospitalChange,
    RefusalReason,
    SomeoneElseDecided,
    Status,
    Step,
    StepCode,
    known_status,
)
from webapp.domain.hospital_change_dates import Policy

DECISIONS = (StepCode.APPROVED, StepCode.APPROVED_LATE, StepCode.REFUSED)
A_LOT = 500
COLUMNS = ("reference", "person_id", "status", "effective_on", "received_at")


class HospitalChangeQueries(Driver):
    """Cases by reference, person and status."""

    def add_hospital_change(self, case: HospitalChange, steps: Sequence[Step], idempotency_key: str) -> None:
        """A second open case, a second one under this key, or a second annual one in a window breaks an index of the schema."""
        with self.transaction():
            self.run(
                """INSERT INTO hospital_changes (reference, person_id, status, is_open, counts_for_window, effective_on,
                                                 received_at, idempotency_key, facts)
                   VALUES (:reference, :person_id, :status, :is_open, :counts_for_window, :effective_on,
                           :received_at, :idempotency_key, :facts)""",
                reference=case.reference, person_id=case.person_id, idempotency_key=idempotency_key, **self._moving_columns(case),
            )  # fmt: skip
            self._add_steps(case.reference, steps)

    def hospital_change_by_key(self, person_id: str, idempotency_key: str) -> HospitalChange | None:
        return self._one_case(
            "SELECT * FROM hospital_changes WHERE person_id = :person_id AND idempotency_key = :key",
            person_id=person_id, key=idempotency_key,
        )  # fmt: skip

    def hospital_change(self, reference: str) -> HospitalChange | None:
        return self._one_case("SELECT * FROM hospital_changes WHERE reference = :reference", reference=reference)

    def update_hospital_change(self, before: HospitalChange, after: HospitalChange, steps: Sequence[Step]) -> None:
        """Raises SomeoneElseDecided, with the case as it is now, where it no longer has the status of `before`."""
        with self.transaction():
            touched = self.run(
                """UPDATE hospital_changes SET status = :status, is_open = :is_open, counts_for_window = :counts_for_window,
                       effective_on = :effective_on, received_at = :received_at, facts = :facts
                   WHERE reference = :reference AND status = :status_before""",
                reference=before.reference, status_before=str(before.status), **self._moving_columns(after),
            )  # fmt: skip
            if touched != 1:
                raise SomeoneElseDecided(self.hospital_change(before.reference) or before)
            self._add_steps(before.reference, steps)

    def hospital_changes_of(self, person_id: str) -> list[HospitalChange]:
        """All of a person's cases, newest first."""
        rows = self.all(
            "SELECT * FROM hospital_changes WHERE person_id = :person_id ORDER BY received_at DESC, reference", person_id=person_id
        )
        return [self._case(row) for row in rows]

    def every_hospital_change_since(self, received: datetime) -> Iterator[HospitalChange]:
        """By reference, a lot at a time: a million of them never stand in memory."""
        after = ""
        while rows := self.all(
            "SELECT * FROM hospital_changes WHERE reference > :after AND received_at >= :received ORDER BY reference LIMIT :most",
            after=after, received=received.isoformat(), most=A_LOT,
        ):  # fmt: skip
            after = str(rows[-1]["reference"])
            yield from map(self._case, rows)

    def hospital_changes_with_status(self, *statuses: str, limit: int, offset: int = 0) -> list[HospitalChange]:
        """By effective day, then by time of receipt: late ones stand first by themselves."""
        wanted = {f"s{number}": str(status) for number, status in enumerate(statuses)}
        each = " UNION ALL ".join(f"SELECT * FROM hospital_changes WHERE status = :{name}" for name in wanted)  # noqa: S608 - place names only
        rows = self.all(f"{each} ORDER BY effective_on, received_at LIMIT :limit OFFSET :offset", **wanted, limit=limit, offset=offset)
        return [self._case(row) for row in rows]

    def hospital_changes_by_day(self, *statuses: str) -> dict[date, int]:
        """How many have this status, by effective day."""
        places, wanted = _places(statuses)
        rows = self.all(
            f"""SELECT effective_on, COUNT(*) AS count FROM hospital_changes WHERE status IN ({places})
                GROUP BY effective_on ORDER BY effective_on""",  # noqa: S608 - place names only
            **wanted,
        )
        return {date.fromisoformat(row["effective_on"]): int(row["count"]) for row in rows}

    def next_hospital_change(self, status: str, not_of: str | None) -> str | None:
        """The reference of the first in the queue that is not this person's own."""
        row = self.one(
            """SELECT reference FROM hospital_changes WHERE status = :status AND person_id <> :not_of
               ORDER BY effective_on, received_at LIMIT 1""",
            status=status, not_of=not_of or "",
        )  # fmt: skip
        return str(row["reference"]) if row else None

    def hospital_changes_decided_on(self, day: date, limit: int, offset: int = 0) -> list[HospitalChange]:
        """Those that officers approved or refused that day, the latest first."""
        places, wanted = _places(DECISIONS)
        rows = self.all(
            f"""SELECT h.* FROM hospital_changes h
                JOIN (SELECT reference, MAX(at) AS decided FROM steps
                      WHERE at >= :first AND at < :after AND code IN ({places}) GROUP BY reference) d ON d.reference = h.reference
                ORDER BY d.decided DESC, h.reference LIMIT :limit OFFSET :offset""",  # noqa: S608 - place names only
            first=day.isoformat(), after=(day + timedelta(days=1)).isoformat(), limit=limit, offset=offset, **wanted,
        )  # fmt: skip
        return [self._case(row) for row in rows]

    def count_decided_on(self, day: date) -> int:
        places, wanted = _places(DECISIONS)
        row = self.one(
            f"SELECT COUNT(DISTINCT reference) AS count FROM steps WHERE at >= :first AND at < :after AND code IN ({places})",  # noqa: S608
            first=day.isoformat(), after=(day + timedelta(days=1)).isoformat(), **wanted,
        )  # fmt: skip
        return int(row["count"]) if row else 0

    def last_acted_on(self, references: Sequence[str], *codes: str) -> dict[str, str]:
        """Who took the last of these steps in each case; cases without one are left out."""
        if not references:
            return {}
        places, wanted = _places(references)
        steps, kinds = _places(codes, "c")
        rows = self.all(
            f"SELECT reference, by FROM steps WHERE reference IN ({places}) AND code IN ({steps}) ORDER BY number",  # noqa: S608 - place names only
            **wanted, **kinds,
        )  # fmt: skip
        return {row["reference"]: row["by"] for row in rows}

    def approved_changes_due(self, on: date) -> list[str]:
        """References only: one case that cannot be read must not keep the others from being read."""
        rows = self.all(
            "SELECT reference FROM hospital_changes WHERE status = :status AND effective_on <= :on ORDER BY effective_on, received_at",
            status=str(Status.APPROVED), on=on.isoformat(),
        )  # fmt: skip
        return [str(row["reference"]) for row in rows]

    def steps_of(self, reference: str) -> list[Step]:
        """The history, oldest first."""
        rows = self.all("SELECT * FROM steps WHERE reference = :reference ORDER BY number", reference=reference)
        return [
            Step(StepCode(row["code"]), datetime.fromisoformat(row["at"]), row["by"], json.loads(row["facts"])) for row in rows
        ]

    def _one_case(self, sql: str, **values: Any) -> HospitalChange | None:
        row = self.one(sql, **values)
        return self._case(row) if row else None

    def _add_steps(self, reference: str, steps: Sequence[Step]) -> None:
        row = self.one("SELECT COUNT(*) AS count FROM steps WHERE reference = :reference", reference=reference)
        written = int(row["count"]) if row else 0
        for number, step in enumerate(steps, start=written + 1):
            self.run(
                "INSERT INTO steps (reference, number, code, at, by, facts) VALUES (:reference, :number, :code, :at, :by, :facts)",
                reference=reference, number=number, code=str(step.code), at=step.at.isoformat(), by=step.by,
                facts=json.dumps(dict(step.facts), ensure_ascii=False),
            )  # fmt: skip

    def _moving_columns(self, case: HospitalChange) -> dict[str, Any]:
        """The columns that a transition may change; a reason in the person's own words is sealed."""
        facts = _facts(case)
        if case.note:
            facts["note"] = self.vault.seal({"note": case.note}, f"hospital_changes:{case.reference}")
        return {
            "status": str(case.status),
            "is_open": int(case.is_open),
            "counts_for_window": case.window_key if case.status not in LEAVES_THE_WINDOW_FREE else None,
            "effective_on": case.effective_on.isoformat(),
            "received_at": case.received_at.isoformat(),
            "facts": json.dumps(facts, ensure_ascii=False),
        }

    def _case(self, row: Row) -> HospitalChange:
        facts = json.loads(row["facts"])
        if facts["note"]:
            facts["note"] = self.vault.open(facts["note"], f"hospital_changes:{row['reference']}")["note"]
        return _read_case(row, facts)


def _places(values: Sequence[str], letter: str = "p") -> tuple[str, dict[str, str]]:
    """Place names for an IN list, and what stands in them."""
    wanted = {f"{letter}{number}": str(value) for number, value in enumerate(values)}
    return ", ".join(f":{name}" for name in wanted), wanted


def _facts(case: HospitalChange) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for one in fields(case):
        value = getattr(case, one.name)
        if one.name in COLUMNS or value is None:
            continue
        facts[one.name] = value.isoformat() if isinstance(value, date) else list(value) if isinstance(value, tuple) else value
    return facts


def _read_case(row: Row, facts: dict[str, Any]) -> HospitalChange:
    for name in ("decided_at", "paper_at", "entered_at"):
        if name in facts:
            facts[name] = datetime.fromisoformat(facts[name])
    if "moved_on" in facts:
        facts["moved_on"] = date.fromisoformat(facts["moved_on"])
    if "refusal_reason" in facts:
        facts["refusal_reason"] = RefusalReason(facts["refusal_reason"])
    facts |= {"cause": Cause(facts["cause"]), "policy": Policy(facts["policy"]), "choices": tuple(facts["choices"])}
    return HospitalChange(
        reference=row["reference"],
        person_id=row["person_id"],
        status=known_status(row["status"]),
        effective_on=date.fromisoformat(row["effective_on"]),
        received_at=datetime.fromisoformat(row["received_at"]),
        **facts,
    )
