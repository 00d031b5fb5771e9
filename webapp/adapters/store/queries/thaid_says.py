"""What ThaiD said of somebody at their last sign-in by it, sealed, while it is not what the record says."""

from __future__ import annotations

from datetime import date, datetime

from webapp.adapters.store.queries.subscriptions import as_text
from webapp.adapters.store.sql import Driver
from webapp.domain.name_change import ThaidSays


class ThaidSaysQueries(Driver):
    """At most one of each person."""

    def thaid_says(self, person_id: str) -> ThaidSays | None:
        row = self.one("SELECT sealed FROM thaid_says WHERE person_id = :person_id", person_id=person_id)
        if row is None:
            return None
        facts = self.vault.open(row["sealed"], f"thaid_says:{person_id}")
        birth_date = date.fromisoformat(facts["birth_date"]) if facts["birth_date"] else None
        return ThaidSays(facts["given_name"], facts["family_name"], birth_date)

    def keep_thaid_says(self, person_id: str, said: ThaidSays, at: datetime) -> None:
        facts = {"given_name": said.given_name, "family_name": said.family_name, "birth_date": str(said.birth_date or "")}
        self.run(
            """INSERT INTO thaid_says (person_id, said_at, sealed) VALUES (:person_id, :said_at, :sealed)
               ON CONFLICT (person_id) DO UPDATE SET said_at = excluded.said_at, sealed = excluded.sealed""",
            person_id=person_id, said_at=as_text(at), sealed=self.vault.seal(facts, f"thaid_says:{person_id}"),
        )  # fmt: skip

    def drop_thaid_says(self, person_id: str) -> bool:
        """False where nothing was kept."""
        return self.run("DELETE FROM thaid_says WHERE person_id = :person_id", person_id=person_id) == 1

    def forget_thaid_says(self, before: datetime) -> int:
        return self.run("DELETE FROM thaid_says WHERE said_at < :before", before=as_text(before))
