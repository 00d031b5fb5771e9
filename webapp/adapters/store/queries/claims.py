"""Claims with their history, every version of each, and the accounts they are paid into. All that moved is written together, or nothing is.

What was asked, answered and decided is sealed as a whole, and what a step tells besides: of illness, births and deaths. Open stands only
what queues, figures and retention search by, and who else is part of a claim, by their id, so that it is found from them too.
An update names the version it starts from: whoever comes second finds no such row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from webapp.adapters.store.queries.claim_facts import facts_of, read_claim
from webapp.adapters.store.sql import Driver, Row
from webapp.domain.claim import Claim, SomeoneElseMovedIt, Step, StepCode, Version, waits_for

A_LOT = 500


class ClaimQueries(Driver):
    """By reference, person and status."""

    def add_claim(self, claim: Claim, steps: Sequence[Step]) -> None:
        """A second one of this reference breaks the key of the table."""
        with self.transaction():
            self.run(
                """INSERT INTO claims (reference, person_id, kind, province, sent_at, claim_by, status, version, taken_by, decided_at,
                                       waited_seconds, ended_at, waits_for, decided_by, sealed)
                   VALUES (:reference, :person_id, :kind, :province, :sent_at, :claim_by, :status, :version, :taken_by, :decided_at,
                           :waited_seconds, :ended_at, :waits_for, :decided_by, :sealed)""",
                reference=claim.reference, person_id=claim.person_id, kind=claim.kind, province=claim.province,
                sent_at=claim.sent_at.isoformat(), claim_by=claim.claim_by.isoformat() if claim.claim_by else None,
                **self._moving_columns_of_claim(claim),
            )  # fmt: skip
            rows = [{"reference": claim.reference, "person_id": one} for one in claim.involved]
            self.run_many("INSERT INTO claim_people (reference, person_id) VALUES (:reference, :person_id)", rows)
            self._add_claim_steps(claim, steps)

    def claim(self, reference: str) -> Claim | None:
        row = self.one("SELECT * FROM claims WHERE reference = :reference", reference=reference)
        return self._claim(row) if row else None

    def claims_of(self, person_id: str) -> list[Claim]:
        """All of a person's, newest first."""
        rows = self.all("SELECT * FROM claims WHERE person_id = :person_id ORDER BY sent_at DESC, reference", person_id=person_id)
        return [self._claim(row) for row in rows]

    def claims_involving(self, person_id: str) -> list[Claim]:
        """Of others, who named this person in them, newest first."""
        rows = self.all(
            """SELECT claims.* FROM claims JOIN claim_people ON claim_people.reference = claims.reference
               WHERE claim_people.person_id = :person_id ORDER BY sent_at DESC, claims.reference""",
            person_id=person_id,
        )  # fmt: skip
        return [self._claim(row) for row in rows]

    def update_claim(self, before: Claim, after: Claim, steps: Sequence[Step]) -> Claim:
        """The claim with its new version number. Raises SomeoneElseMovedIt, with the claim as it is now, where that of `before` is not the
        last one."""
        with self.transaction():
            moved = Claim(**{**vars(after), "version": before.version + 1})
            touched = self.run(
                """UPDATE claims SET status = :status, version = :version, taken_by = :taken_by, decided_at = :decided_at,
                       waited_seconds = :waited_seconds, ended_at = :ended_at, waits_for = :waits_for, decided_by = :decided_by,
                       sealed = :sealed
                   WHERE reference = :reference AND version = :version_before""",
                reference=before.reference, version_before=before.version, **self._moving_columns_of_claim(moved),
            )  # fmt: skip
            if touched != 1:
                raise SomeoneElseMovedIt(self.claim(before.reference) or before)
            self._add_claim_steps(moved, steps)
        return moved

    def claims_with_status(self, statuses: Sequence[str], limit: int, offset: int = 0, kind: str = "", taken_by: str = "") -> list[Claim]:
        """Oldest first; of one kind or of all, in one officer's hands or in anybody's."""
        names, wanted = places(statuses)
        rows = self.all(
            f"""SELECT * FROM claims WHERE status IN ({names})
                  AND (:kind = '' OR kind = :kind) AND (:taken_by = '' OR taken_by = :taken_by)
                ORDER BY sent_at, reference LIMIT :limit OFFSET :offset""",  # noqa: S608 - place names only
            **wanted, kind=kind, taken_by=taken_by, limit=limit, offset=offset,
        )  # fmt: skip
        return [self._claim(row) for row in rows]

    def count_claims(self) -> dict[tuple[str, str, str], int]:
        """How many there are, by status, kind and province."""
        rows = self.all("SELECT status, kind, province, COUNT(*) AS n FROM claims GROUP BY status, kind, province")
        return {(row["status"], row["kind"], row["province"]): int(row["n"]) for row in rows}

    def claims_decided_between(self, first: datetime, before: datetime, limit: int, offset: int = 0) -> list[Claim]:
        """The latest first."""
        rows = self.all(
            """SELECT * FROM claims WHERE decided_at >= :first AND decided_at < :before
               ORDER BY decided_at DESC, reference LIMIT :limit OFFSET :offset""",
            first=first.isoformat(), before=before.isoformat(), limit=limit, offset=offset,
        )  # fmt: skip
        return [self._claim(row) for row in rows]

    def every_claim_since(self, sent: datetime) -> Iterator[Claim]:
        """By reference, a lot at a time: a million of them never stand in memory."""
        after = ""
        while rows := self.all(
            "SELECT * FROM claims WHERE reference > :after AND sent_at >= :sent ORDER BY reference LIMIT :most",
            after=after, sent=sent.isoformat(), most=A_LOT,
        ):  # fmt: skip
            after = str(rows[-1]["reference"])
            yield from map(self._claim, rows)

    def days_to_decide(self, kind: str, since: datetime) -> list[timedelta]:
        """How long each claim of this kind waited that was decided since."""
        rows = self.all(
            "SELECT waited_seconds FROM claims WHERE kind = :kind AND decided_at >= :since ORDER BY waited_seconds",
            kind=kind, since=since.isoformat(),
        )  # fmt: skip
        return [timedelta(seconds=row["waited_seconds"]) for row in rows]

    def steps_of_claim(self, reference: str) -> list[Step]:
        """The history, oldest first."""
        rows = self.all("SELECT * FROM claim_steps WHERE reference = :reference ORDER BY number", reference=reference)
        return [Step(StepCode(row["code"]), datetime.fromisoformat(row["at"]), row["by"], self._facts_of_step(row)) for row in rows]

    def _facts_of_step(self, row: Row) -> dict[str, Any]:
        """A step without facts has nothing sealed."""
        return self.vault.open(row["sealed"], _place_of_step(row["reference"], row["number"])) if row["sealed"] else {}

    def versions_of_claim(self, reference: str) -> list[Version]:
        """As it stood after each change, oldest first."""
        rows = self.all("SELECT * FROM claim_versions WHERE reference = :reference ORDER BY version", reference=reference)
        return [
            Version(
                read_claim(self.vault.open(row["sealed"], f"claim_versions:{reference}:{row['version']}")),
                datetime.fromisoformat(row["at"]),
                row["by"],
            )
            for row in rows
        ]

    # the account that a claim is paid into

    def keep_claim_account(self, reference: str, person_id: str, digits: str) -> None:
        """In the place of the one before."""
        self.run(
            """INSERT INTO claim_accounts (reference, person_id, sealed) VALUES (:reference, :person_id, :sealed)
               ON CONFLICT (reference) DO UPDATE SET sealed = excluded.sealed""",
            reference=reference, person_id=person_id, sealed=self.vault.seal({"digits": digits}, f"claim_accounts:{reference}"),
        )  # fmt: skip

    def claim_account(self, reference: str) -> str | None:
        """The whole number; None where it is paid another way, or forgotten."""
        row = self.one("SELECT sealed FROM claim_accounts WHERE reference = :reference", reference=reference)
        return str(self.vault.open(row["sealed"], f"claim_accounts:{reference}")["digits"]) if row else None

    def drop_claim_account(self, reference: str) -> None:
        self.run("DELETE FROM claim_accounts WHERE reference = :reference", reference=reference)

    def forget_claim_accounts(self, before: datetime) -> int:
        """Those of claims that ended before that time; returns how many."""
        return self.run(
            "DELETE FROM claim_accounts WHERE reference IN (SELECT reference FROM claims WHERE ended_at < :before)",
            before=before.isoformat(),
        )

    def _moving_columns_of_claim(self, claim: Claim) -> dict[str, Any]:
        """The columns that a transition may change."""
        decided = claim.decision.at if claim.decision else None
        return {
            "status": str(claim.status),
            "version": claim.version,
            "taken_by": claim.taken_by,
            "decided_at": decided.isoformat() if decided else None,
            "waited_seconds": int(claim.waited(decided).total_seconds()) if decided else None,
            "ended_at": claim.ended_at.isoformat() if claim.ended_at else None,
            **columns_of_payment(claim),
            "sealed": self.vault.seal(facts_of(claim), f"claims:{claim.reference}"),
        }

    def _claim(self, row: Row) -> Claim:
        return read_claim(self.vault.open(row["sealed"], f"claims:{row['reference']}"))

    def _add_claim_steps(self, claim: Claim, steps: Sequence[Step]) -> None:
        row = self.one("SELECT COUNT(*) AS count FROM claim_steps WHERE reference = :reference", reference=claim.reference)
        written = int(row["count"]) if row else 0
        for number, step in enumerate(steps, start=written + 1):
            self.run(
                """INSERT INTO claim_steps (reference, number, version, code, at, by, sealed)
                   VALUES (:reference, :number, :version, :code, :at, :by, :sealed)""",
                reference=claim.reference, number=number, version=claim.version, code=str(step.code), at=step.at.isoformat(), by=step.by,
                sealed=self.vault.seal(dict(step.facts), _place_of_step(claim.reference, number)) if step.facts else "",
            )  # fmt: skip
        last = steps[-1]
        self.run(
            "INSERT INTO claim_versions (reference, version, at, by, sealed) VALUES (:reference, :version, :at, :by, :sealed)",
            reference=claim.reference, version=claim.version, at=last.at.isoformat(), by=last.by,
            sealed=self.vault.seal(facts_of(claim), f"claim_versions:{claim.reference}:{claim.version}"),
        )  # fmt: skip


def columns_of_payment(claim: Claim) -> dict[str, str]:
    """What the desk that pays searches by: what it waits for, "" where that is nothing, and who approved it."""
    return {"waits_for": str(waits_for(claim) or ""), "decided_by": claim.decision.by if claim.decision else ""}


def _place_of_step(reference: str, number: int) -> str:
    return f"claim_steps:{reference}:{number}"


def places(values: Sequence[str]) -> tuple[str, dict[str, str]]:
    """Place names for an IN list, and what stands in them."""
    wanted = {f"p{number}": str(value) for number, value in enumerate(values)}
    return ", ".join(f":{name}" for name in wanted), wanted
