"""Since when the oldest one of each queue has waited: for whoever watches over the service, told without saying which one it is.

An appeal is counted by its own day: the claim it is about may have been sent, and decided, months before.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from webapp.adapters.store.queries.audit import UNSEALED
from webapp.adapters.store.queries.claims import places
from webapp.adapters.store.queries.documents import NOT_SETTLED
from webapp.adapters.store.queries.subscriptions import from_text
from webapp.adapters.store.sql import Driver
from webapp.domain.claim import Status as ClaimStatus
from webapp.domain.claim import StepCode
from webapp.domain.correction import Status as CorrectionStatus
from webapp.domain.document import State
from webapp.domain.hospital_change import Status

FOR_AN_OFFICER = (Status.SUBMITTED, Status.RECEIVED, Status.UNDER_REVIEW)
CLAIMS_FOR_AN_OFFICER = (ClaimStatus.SENT, ClaimStatus.TAKEN, ClaimStatus.REFUSAL_PROPOSED)


class WaitingQueries(Driver):
    """Each by an index that its queue has anyway (tests/adapters/test_waiting_queries.py)."""

    def oldest_waiting(self) -> dict[str, datetime]:
        changes, of_changes = places(FOR_AN_OFFICER)
        claims, of_claims = places(CLAIMS_FOR_AN_OFFICER)
        found = {
            "hospital_change": self._first(
                f"SELECT MIN(received_at) AS since FROM hospital_changes WHERE status IN ({changes})", **of_changes  # noqa: S608 - place names only
            ),
            "claim": self._first(f"SELECT MIN(sent_at) AS since FROM claims WHERE status IN ({claims})", **of_claims),  # noqa: S608 - place names only
            "appeal": self._first(
                """SELECT MIN(s.at) AS since FROM claims c JOIN claim_steps s ON s.reference = c.reference AND s.code = :appealed_step
                   WHERE c.status = :appealed""",
                appealed=str(ClaimStatus.APPEALED), appealed_step=str(StepCode.APPEALED),
            ),
            "correction": self._first(
                "SELECT MIN(sent_at) AS since FROM corrections WHERE status = :open", open=str(CorrectionStatus.OPEN)
            ),
            "document": self._first(
                f"SELECT changed_at AS since FROM documents WHERE state = :waiting AND {NOT_SETTLED} ORDER BY changed_at LIMIT 1",  # noqa: S608 - our own words
                waiting=str(State.WAITING),
            ),
            "audit_entry": self._first(f"SELECT at AS since FROM audit_entries WHERE {UNSEALED} ORDER BY number LIMIT 1"),  # noqa: S608 - our own words
        }  # fmt: skip
        return {queue: since for queue, since in found.items() if since is not None}

    def _first(self, sql: str, **values: Any) -> datetime | None:
        row = self.one(sql, **values)
        return from_text(row["since"]) if row and row["since"] else None
