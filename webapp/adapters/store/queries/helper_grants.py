"""Grants: who may act for whom. An offer's code is kept as keyed hashes, like the codes from the counter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from webapp.adapters.store.queries.subscriptions import as_text
from webapp.adapters.store.sql import Driver, Row
from webapp.domain.helper_grant import EndedBy, Grant, How, Paper, Right, Term
from webapp.ports import OfferCode

FACTS = (
    "id", "person_id", "helper_id", "rights", "term", "how", "made_at", "offer_ends_at", "since", "until", "ended_at", "ended_by",
    "officer_id", "paper", "paper_on",
)  # fmt: skip
TIMES = ("made_at", "offer_ends_at", "since", "until", "ended_at")


class HelperGrantQueries(Driver):
    """By id, by the person who grants, by the helper."""

    def add_helper_grant(self, grant: Grant, idempotency_key: str, code: OfferCode | None = None) -> None:
        """With a code it is an offer that somebody may take up."""
        columns = (*FACTS, "idempotency_key", "first_hash", "code_hash", "is_open")
        self.run(
            f"INSERT INTO helper_grants ({', '.join(columns)}) VALUES ({', '.join(f':{name}' for name in columns)})",  # noqa: S608
            **_written(grant), idempotency_key=idempotency_key, first_hash=code.first_hash if code else "",
            code_hash=code.code_hash if code else "", is_open=int(code is not None),
        )  # fmt: skip

    def helper_grant(self, grant_id: str) -> Grant | None:
        row = self.one("SELECT * FROM helper_grants WHERE id = :id", id=grant_id)
        return _grant(row) if row else None

    def helper_grant_by_key(self, person_id: str, idempotency_key: str) -> Grant | None:
        row = self.one(
            "SELECT * FROM helper_grants WHERE person_id = :person_id AND idempotency_key = :key", person_id=person_id, key=idempotency_key
        )
        return _grant(row) if row else None

    def helper_grants_by(self, person_id: str) -> list[Grant]:
        """All that this person has granted or offered, the newest first."""
        rows = self.all("SELECT * FROM helper_grants WHERE person_id = :id ORDER BY made_at DESC, id", id=person_id)
        return [_grant(row) for row in rows]

    def helper_grants_to(self, helper_id: str) -> list[Grant]:
        """All in which this person is the helper, the newest first."""
        rows = self.all("SELECT * FROM helper_grants WHERE helper_id = :id ORDER BY since DESC, id", id=helper_id)
        return [_grant(row) for row in rows]

    def update_helper_grant(self, grant: Grant) -> None:
        """Taken up or ended: then its code opens nothing any more."""
        names = [name for name in FACTS if name != "id"]
        self.run(
            f"UPDATE helper_grants SET {', '.join(f'{name} = :{name}' for name in names)}, is_open = 0 WHERE id = :id",  # noqa: S608
            **_written(grant),
        )

    def open_offer(self, first_hashes: Iterable[str]) -> tuple[Grant, str] | None:
        """The open offer whose code begins so, with the hash of its whole code."""
        for first_hash in first_hashes:
            row = self.one("SELECT * FROM helper_grants WHERE first_hash = :first_hash AND is_open = 1", first_hash=first_hash)
            if row:
                return _grant(row), str(row["code_hash"])
        return None

    def try_offer(self, grant_id: str, most: int) -> bool:
        """Count one try before it is looked at; False where `most` were made before, however many ask at once."""
        counted = self.run(
            "UPDATE helper_grants SET tries = tries + 1 WHERE id = :id AND is_open = 1 AND tries < :most", id=grant_id, most=most
        )
        return counted == 1

    def give_back_offer_try(self, grant_id: str) -> None:
        """The one just counted was the right code."""
        self.run("UPDATE helper_grants SET tries = tries - 1 WHERE id = :id AND tries > 0", id=grant_id)

    def forget_helper_grants(self, before: datetime) -> int:
        """Those that ended, ran out or were never taken up before then."""
        return self.run(
            "DELETE FROM helper_grants WHERE COALESCE(ended_at, until, offer_ends_at) < :before", before=as_text(before)
        )

    def act_for(self, id_hash: str, grant_id: str) -> None:
        """From here on this session acts under that grant; "": for its own person again."""
        self.run("UPDATE sessions SET grant_id = :grant_id, rights_used = '' WHERE id_hash = :id", id=id_hash, grant_id=grant_id)

    def use_right(self, id_hash: str, right: Right) -> bool:
        """True for the first use since the session began to act, however many ask at once."""
        used = self.run(
            "UPDATE sessions SET rights_used = rights_used || :mark WHERE id_hash = :id AND rights_used NOT LIKE '%' || :mark || '%'",
            id=id_hash, mark=f" {right} ",
        )  # fmt: skip
        return used == 1


def _written(grant: Grant) -> dict[str, Any]:
    facts = {name: getattr(grant, name) for name in FACTS}
    times = {name: as_text(facts[name]) if facts[name] else None for name in TIMES}
    codes = {name: str(facts[name]) if facts[name] else None for name in ("term", "how", "ended_by", "paper")}
    paper_on = grant.paper_on.isoformat() if grant.paper_on else None
    return facts | times | codes | {"rights": " ".join(sorted(grant.rights)), "paper_on": paper_on}


def _grant(row: Row) -> Grant:
    facts = {name: row[name] for name in FACTS}
    times = {name: datetime.fromisoformat(row[name]) if row[name] else None for name in TIMES}
    return Grant(
        **facts | times | {
            "rights": frozenset(map(Right, str(row["rights"]).split())),
            "term": Term(row["term"]),
            "how": How(row["how"]),
            "ended_by": EndedBy(row["ended_by"]) if row["ended_by"] else None,
            "paper": Paper(row["paper"]) if row["paper"] else None,
            "paper_on": date.fromisoformat(row["paper_on"]) if row["paper_on"] else None,
        }
    )
