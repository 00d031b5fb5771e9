"""Batches of claims that go to the bank: the list, and what became of each line. What a line comes to, and where it goes, is sealed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from webapp.adapters.store.queries.claim_queue import ClaimQueueQueries
from webapp.adapters.store.queries.claims import columns_of_payment
from webapp.adapters.store.sql import Row
from webapp.domain.claim import Claim, WhyReturned
from webapp.domain.claim_batch import Batch, Line, Outcome
from webapp.domain.payment import Payment, Way
from webapp.ports import ClaimsToPay

TO_PAY = """waits_for = :waits AND :for_others = CASE WHEN decided_by = :officer_id OR person_id = :person_id OR EXISTS (
                SELECT 1 FROM claim_people WHERE claim_people.reference = claims.reference AND claim_people.person_id = :person_id)
            THEN 1 ELSE 0 END"""
"""Whose it is not to pay, as domain/claim.py::may_pay says it."""


class ClaimBatchQueries(ClaimQueueQueries):
    """For the desk that pays."""

    def claims_to_pay(self, wanted: ClaimsToPay, limit: int) -> list[Claim]:
        """The earliest decision first."""
        sql = f"SELECT * FROM claims WHERE {TO_PAY} ORDER BY decided_at, reference LIMIT :limit"  # noqa: S608
        rows = self.all(sql, **_facts(wanted), limit=limit)
        return [self._claim(row) for row in rows]

    def count_claims_to_pay(self, wanted: ClaimsToPay) -> int:
        row = self.one(f"SELECT COUNT(*) AS n FROM claims WHERE {TO_PAY}", **_facts(wanted))  # noqa: S608 - ours
        return int(row["n"]) if row else 0

    def count_what_claims_wait_for(self) -> dict[str, int]:
        """How many approved claims wait for each thing."""
        rows = self.all("SELECT waits_for, COUNT(*) AS n FROM claims WHERE waits_for <> '' GROUP BY waits_for")
        return {row["waits_for"]: int(row["n"]) for row in rows}

    def fill_in_what_claims_wait_for(self) -> None:
        """For claims that were approved before there were such columns."""
        rows = self.all("SELECT * FROM claims WHERE status = 'approved' AND waits_for IS NULL")
        self.run_many(
            "UPDATE claims SET waits_for = :waits_for, decided_by = :decided_by WHERE reference = :reference",
            [{"reference": row["reference"], **columns_of_payment(self._claim(row))} for row in rows],
        )

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

    def claim_batches(self, limit: int, offset: int = 0) -> list[Batch]:
        """Those with something still at the bank first, the oldest of them at the top; then the others, the latest first."""
        return self._batches(
            """SELECT * FROM (SELECT claim_batches.*, CASE WHEN EXISTS (
                   SELECT 1 FROM claim_batch_lines WHERE batch = claim_batches.reference AND outcome = :at_the_bank
               ) THEN closed_at END AS open_since FROM claim_batches) AS found
               ORDER BY CASE WHEN open_since IS NULL THEN 1 ELSE 0 END, open_since, closed_at DESC, reference
               LIMIT :limit OFFSET :offset""",
            at_the_bank=str(Outcome.AT_THE_BANK), limit=limit, offset=offset,
        )  # fmt: skip

    def count_claim_batches(self) -> int:
        row = self.one("SELECT COUNT(*) AS n FROM claim_batches")
        return int(row["n"]) if row else 0

    def note_file_of_claim_batch(self, batch: Batch) -> None:
        """When its file was taken, and by whom."""
        self.run(
            "UPDATE claim_batches SET file_at = :at, file_by = :by WHERE reference = :reference",
            at=batch.file_at.isoformat() if batch.file_at else None, by=batch.file_by, reference=batch.reference,
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
                  tuple(self._line(line) for line in self._rows_of_lines(row["reference"])),
                  datetime.fromisoformat(row["file_at"]) if row["file_at"] else None, row["file_by"])
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


def _facts(wanted: ClaimsToPay) -> dict[str, Any]:
    return {**vars(wanted), "for_others": int(wanted.for_others)}


def _place(batch: str, number: int) -> str:
    return f"claim_batch_lines:{batch}:{number}"
