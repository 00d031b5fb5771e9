"""Claims as the officers' queue and its figures ask for them: filtered and ordered by what stands in the open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from webapp.adapters.store.queries.claims import ClaimQueries, places
from webapp.domain.claim import Claim
from webapp.ports import ClaimsWanted, DecidedClaim

FILTER = """(:kind = '' OR kind = :kind) AND (:province = '' OR province = :province) AND person_id <> :not_of
            AND (:taken_by = '' OR taken_by = :taken_by OR (:taken_by = :free AND taken_by = ''))"""
BY_AGE, BY_LAST_DAY = "sent_at, reference", "claim_by IS NULL, claim_by, sent_at, reference"


class ClaimQueueQueries(ClaimQueries):
    """For the desk alone."""

    def claims_in_queue(self, wanted: ClaimsWanted, limit: int, offset: int = 0) -> list[Claim]:
        """One page; those without a last day to claim come last."""
        names, facts = _facts(wanted)
        order = BY_AGE if wanted.by_age else BY_LAST_DAY
        rows = self.all(
            f"SELECT * FROM claims WHERE status IN ({names}) AND {FILTER} ORDER BY {order} LIMIT :limit OFFSET :offset",  # noqa: S608 - ours
            **facts, limit=limit, offset=offset,
        )  # fmt: skip
        return [self._claim(row) for row in rows]

    def count_claims_in_queue(self, wanted: ClaimsWanted) -> int:
        names, facts = _facts(wanted)
        row = self.one(f"SELECT COUNT(*) AS n FROM claims WHERE status IN ({names}) AND {FILTER}", **facts)  # noqa: S608 - ours
        return int(row["n"]) if row else 0

    def claims_waiting_since(self, statuses: Sequence[str]) -> list[datetime]:
        """When each of them was sent."""
        names, facts = places(statuses)
        rows = self.all(f"SELECT sent_at FROM claims WHERE status IN ({names})", **facts)  # noqa: S608 - place names only
        return [datetime.fromisoformat(row["sent_at"]) for row in rows]

    def claims_decided_since(self, since: datetime) -> list[DecidedClaim]:
        rows = self.all("SELECT kind, province, decided_at, waited_seconds FROM claims WHERE decided_at >= :since", since=since.isoformat())
        return [
            DecidedClaim(row["kind"], row["province"], datetime.fromisoformat(row["decided_at"]), timedelta(seconds=row["waited_seconds"]))
            for row in rows
        ]


def _facts(wanted: ClaimsWanted) -> tuple[str, dict[str, Any]]:
    names, facts = places(wanted.statuses)
    kept = {"kind": wanted.kind, "province": wanted.province, "taken_by": wanted.taken_by, "not_of": wanted.not_of}
    return names, {**facts, **kept, "free": ClaimsWanted.FREE}
