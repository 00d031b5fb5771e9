"""Since when the oldest one of each queue has waited: for whoever watches over the service, told without saying which one it is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from webapp.adapters.store.queries.claims import places
from webapp.adapters.store.queries.subscriptions import from_text
from webapp.adapters.store.sql import Driver
from webapp.domain.claim import Status as ClaimStatus
from webapp.domain.document import State
from webapp.domain.hospital_change import Status

FOR_AN_OFFICER = (Status.SUBMITTED, Status.RECEIVED, Status.UNDER_REVIEW)
CLAIMS_FOR_AN_OFFICER = (ClaimStatus.SENT, ClaimStatus.TAKEN, ClaimStatus.REFUSAL_PROPOSED, ClaimStatus.APPEALED)


class WaitingQueries(Driver):
    """Each by an index that its queue has anyway."""

    def oldest_waiting(self) -> dict[str, datetime]:
        changes, of_changes = places(FOR_AN_OFFICER)
        claims, of_claims = places(CLAIMS_FOR_AN_OFFICER)
        found = {
            "hospital_change": self._first(
                f"SELECT MIN(received_at) AS since FROM hospital_changes WHERE status IN ({changes})", **of_changes  # noqa: S608 - place names only
            ),
            "claim": self._first(f"SELECT MIN(sent_at) AS since FROM claims WHERE status IN ({claims})", **of_claims),  # noqa: S608 - place names only
            "document": self._first("SELECT MIN(changed_at) AS since FROM documents WHERE state = :waiting", waiting=str(State.WAITING)),
            "audit_entry": self._first(
                """SELECT at AS since FROM audit_entries WHERE number > (SELECT COALESCE(MAX(last), 0) FROM audit_batches)
                   ORDER BY number LIMIT 1"""
            ),
        }  # fmt: skip
        return {queue: since for queue, since in found.items() if since is not None}

    def _first(self, sql: str, **values: Any) -> datetime | None:
        row = self.one(sql, **values)
        return from_text(row["since"]) if row and row["since"] else None
