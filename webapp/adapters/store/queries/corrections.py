"""Corrections: what people say is wrong in their record, and the history of each. Both are written together, or neither is.

What was said and what was answered is sealed as a whole, codes and months too: a wage in dispute is nobody's business who steals the
file. Only what queues and retention search by stands open. An update names the status it starts from: of two officers, the second finds
no such row.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from webapp.adapters.store.sql import Driver, Row
from webapp.domain.correction import (
    ANSWERED,
    About,
    Answer,
    Correction,
    Proof,
    Report,
    SomeoneElseSettledIt,
    Status,
    Step,
    StepCode,
)


class CorrectionQueries(Driver):
    """By reference, person and status."""

    def add_correction(self, one: Correction, steps: Sequence[Step], idempotency_key: str) -> None:
        """A second one of this person under this key breaks an index of the schema."""
        with self.transaction():
            self.run(
                """INSERT INTO corrections (reference, person_id, status, sent_at, settled_at, idempotency_key, sealed)
                   VALUES (:reference, :person_id, :status, :sent_at, :settled_at, :idempotency_key, :sealed)""",
                reference=one.reference, person_id=one.person_id, sent_at=one.sent_at.isoformat(), idempotency_key=idempotency_key,
                **self._moving_columns_of(one),
            )  # fmt: skip
            self._add_correction_steps(one.reference, steps)

    def correction(self, reference: str) -> Correction | None:
        return self._one_correction("SELECT * FROM corrections WHERE reference = :reference", reference=reference)

    def correction_by_key(self, person_id: str, idempotency_key: str) -> Correction | None:
        return self._one_correction(
            "SELECT * FROM corrections WHERE person_id = :person_id AND idempotency_key = :key", person_id=person_id, key=idempotency_key
        )

    def corrections_of(self, person_id: str) -> list[Correction]:
        """All of a person's, newest first."""
        rows = self.all("SELECT * FROM corrections WHERE person_id = :person_id ORDER BY sent_at DESC, reference", person_id=person_id)
        return [self._correction(row) for row in rows]

    def update_correction(self, before: Correction, after: Correction, steps: Sequence[Step]) -> None:
        """Raises SomeoneElseSettledIt, with the correction as it is now, where it no longer has the status of `before`."""
        with self.transaction():
            touched = self.run(
                """UPDATE corrections SET status = :status, settled_at = :settled_at, sealed = :sealed
                   WHERE reference = :reference AND status = :status_before""",
                reference=before.reference, status_before=str(before.status), **self._moving_columns_of(after),
            )  # fmt: skip
            if touched != 1:
                raise SomeoneElseSettledIt(self.correction(before.reference) or before)
            self._add_correction_steps(before.reference, steps)

    def open_corrections(self, limit: int, offset: int = 0) -> list[Correction]:
        """Those that wait for an answer, oldest first."""
        rows = self.all(
            "SELECT * FROM corrections WHERE status = :status ORDER BY sent_at, reference LIMIT :limit OFFSET :offset",
            status=str(Status.OPEN), limit=limit, offset=offset,
        )  # fmt: skip
        return [self._correction(row) for row in rows]

    def count_open_corrections(self) -> int:
        row = self.one("SELECT COUNT(*) AS count FROM corrections WHERE status = :status", status=str(Status.OPEN))
        return int(row["count"]) if row else 0

    def corrections_answered_on(self, day: date, limit: int) -> list[Correction]:
        """What officers answered that day, the latest first."""
        rows = self.all(
            """SELECT * FROM corrections WHERE status IN (:put_right, :not_confirmed) AND settled_at >= :first AND settled_at < :after
               ORDER BY settled_at DESC, reference LIMIT :limit""",
            first=day.isoformat(), after=(day + timedelta(days=1)).isoformat(), limit=limit, **{str(one): str(one) for one in ANSWERED},
        )  # fmt: skip
        return [self._correction(row) for row in rows]

    def steps_of_correction(self, reference: str) -> list[Step]:
        """The history, oldest first."""
        rows = self.all("SELECT * FROM correction_steps WHERE reference = :reference ORDER BY number", reference=reference)
        return [Step(StepCode(row["code"]), datetime.fromisoformat(row["at"]), row["by"]) for row in rows]

    def forget_settled_corrections(self, before: datetime) -> int:
        """Those answered or withdrawn before that time, each with its history; returns how many."""
        with self.transaction():
            old = {"before": before.isoformat()}
            self.run(
                "DELETE FROM correction_steps WHERE reference IN (SELECT reference FROM corrections WHERE settled_at < :before)", **old
            )
            return self.run("DELETE FROM corrections WHERE settled_at < :before", **old)

    def _one_correction(self, sql: str, **values: Any) -> Correction | None:
        row = self.one(sql, **values)
        return self._correction(row) if row else None

    def _add_correction_steps(self, reference: str, steps: Sequence[Step]) -> None:
        row = self.one("SELECT COUNT(*) AS count FROM correction_steps WHERE reference = :reference", reference=reference)
        written = int(row["count"]) if row else 0
        for number, step in enumerate(steps, start=written + 1):
            self.run(
                "INSERT INTO correction_steps (reference, number, code, at, by) VALUES (:reference, :number, :code, :at, :by)",
                reference=reference, number=number, code=str(step.code), at=step.at.isoformat(), by=step.by,
            )  # fmt: skip

    def _moving_columns_of(self, one: Correction) -> dict[str, Any]:
        """The columns that a transition may change."""
        return {
            "status": str(one.status),
            "settled_at": one.settled_at.isoformat() if one.settled_at else None,
            "sealed": self.vault.seal(_said(one), f"corrections:{one.reference}"),
        }

    def _correction(self, row: Row) -> Correction:
        said = self.vault.open(row["sealed"], f"corrections:{row['reference']}")
        report = Report(
            about=About(said["about"]),
            should_be=said["should_be"],
            proof=Proof(said["proof"]),
            first_month=_month(said["first_month"]),
            last_month=_month(said["last_month"]),
        )
        return Correction(
            reference=row["reference"],
            person_id=row["person_id"],
            status=Status(row["status"]),
            report=report,
            sent_at=datetime.fromisoformat(row["sent_at"]),
            settled_at=datetime.fromisoformat(row["settled_at"]) if row["settled_at"] else None,
            answer=Answer(said["answer"]) if said["answer"] else None,
            words=said["words"],
        )


def _said(one: Correction) -> dict[str, Any]:
    """Everything in words or about the record."""
    report = one.report
    return {
        "about": str(report.about),
        "should_be": report.should_be,
        "proof": str(report.proof),
        "first_month": report.first_month.isoformat() if report.first_month else None,
        "last_month": report.last_month.isoformat() if report.last_month else None,
        "answer": str(one.answer or ""),
        "words": one.words,
    }


def _month(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
