"""Batches of claims that go to the bank: the list, and what became of each line. What a line comes to, and where it goes, is sealed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from webapp.adapters.store.queries.claim_queue import ClaimQueueQueries
from webapp.adapters.store.sql import Row
from webapp.domain.claim import Claim, WhyReturned
from webapp.domain.claim_batch import Batch, Line, Outcome
from webapp.domain.payment import Payment, Way


class ClaimBatchQueries(ClaimQueueQueries):
    """For the desk that pays."""

    def claims_to_pay(self, limit: int) -> list[Claim]:
        """Approved and on no list now, the earliest decision first."""
        rows = self.all(
            """SELECT * FROM claims WHERE status = 'approved' AND NOT EXISTS (
                   SELECT 1 FROM claim_batch_lines WHERE claim_batch_lines.reference = claims.reference AND outcome = :at_the_bank)
               ORDER BY decided_at, reference LIMIT :limit""",
            at_the_bank=str(Outcome.AT_THE_BANK), limit=limit,
        )  # fmt: skip
        return [self._claim(row) for row in rows]

    def add_claim_batch(self, batch: Batch, key: str) -> None:
        """A second one of that key, and a claim that stands on a list already, break a key of their table."""
        with self.transaction():
            self.run(
                """INSERT INTO claim_batches (reference, way, closed_at, closed_by, idempotency_key)
                   VALUES (:reference, :way, :closed_at, :closed_by, :key)""",
                reference=batch.reference, way=str(batch.way), closed_at=batch.closed_at.isoformat(), closed_by=batch.closed_by, key=key,
            )  # fmt: skip
            for line in batch.lines:
                self.run(
                    """INSERT INTO claim_batch_lines (batch, number, reference, person_id, outcome, settled_at, sealed)
                       VALUES (:batch, :number, :reference, :person_id, :outcome, NULL, :sealed)""",
                    batch=line.batch, number=line.number, reference=line.reference, person_id=line.person_id, outcome=str(line.outcome),
                    sealed=self._sealed_line(line),
                )  # fmt: skip

    def claim_batch(self, reference: str) -> Batch | None:
        return next(iter(self._batches("SELECT * FROM claim_batches WHERE reference = :reference", reference=reference)), None)

    def claim_batch_by_key(self, officer_id: str, key: str) -> Batch | None:
        """The one that this officer closed with that key."""
        found = self._batches("SELECT * FROM claim_batches WHERE closed_by = :by AND idempotency_key = :key", by=officer_id, key=key)
        return next(iter(found), None)

    def claim_batches(self, limit: int) -> list[Batch]:
        """Those with something still at the bank first, then the latest."""
        return self._batches(
            """SELECT * FROM claim_batches ORDER BY CASE WHEN EXISTS (
                   SELECT 1 FROM claim_batch_lines WHERE batch = claim_batches.reference AND outcome = :at_the_bank) THEN 0 ELSE 1 END,
                   closed_at DESC, reference LIMIT :limit""",
            at_the_bank=str(Outcome.AT_THE_BANK), limit=limit,
        )  # fmt: skip

    def claim_batch_lines_of(self, person_id: str) -> list[Line]:
        """All of a person's, the oldest first."""
        rows = self.all("SELECT * FROM claim_batch_lines WHERE person_id = :id ORDER BY batch, number", id=person_id)
        return [self._line(row) for row in rows]

    def settle_claim_batch_line(self, line: Line) -> None:
        """With its outcome, the time and, where it came back, why."""
        self.run(
            "UPDATE claim_batch_lines SET outcome = :outcome, settled_at = :at, sealed = :sealed WHERE batch = :batch AND number = :number",
            outcome=str(line.outcome), at=line.settled_at.isoformat() if line.settled_at else None, sealed=self._sealed_line(line),
            batch=line.batch, number=line.number,
        )  # fmt: skip

    def _batches(self, sql: str, **values: Any) -> list[Batch]:
        return [
            Batch(row["reference"], Way(row["way"]), datetime.fromisoformat(row["closed_at"]), row["closed_by"],
                  tuple(self._line(line) for line in self._rows_of_lines(row["reference"])))
            for row in self.all(sql, **values)
        ]  # fmt: skip

    def _rows_of_lines(self, batch: str) -> Sequence[Row]:
        return self.all("SELECT * FROM claim_batch_lines WHERE batch = :batch ORDER BY number", batch=batch)

    def _line(self, row: Row) -> Line:
        facts = self.vault.open(row["sealed"], _place(row["batch"], row["number"]))
        return Line(
            batch=row["batch"],
            number=row["number"],
            reference=row["reference"],
            person_id=row["person_id"],
            payment=Payment(**{**facts["payment"], "way": Way(facts["payment"]["way"])}),
            baht=Decimal(facts["baht"]),
            outcome=Outcome(row["outcome"]),
            settled_at=datetime.fromisoformat(row["settled_at"]) if row["settled_at"] else None,
            why=WhyReturned(facts["why"]) if facts["why"] else None,
        )

    def _sealed_line(self, line: Line) -> str:
        facts = {"payment": vars(line.payment), "baht": str(line.baht), "why": str(line.why or "")}
        return self.vault.seal(facts, _place(line.batch, line.number))


def _place(batch: str, number: int) -> str:
    return f"claim_batch_lines:{batch}:{number}"
