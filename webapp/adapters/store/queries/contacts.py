"""The phone number at which somebody may be called, sealed, by person."""

from __future__ import annotations

from datetime import datetime

from webapp.adapters.store.queries.subscriptions import as_text
from webapp.adapters.store.sql import Driver
from webapp.domain.contact import Contact, When


class ContactQueries(Driver):
    """At most one of each person."""

    def contact_of(self, person_id: str) -> Contact | None:
        row = self.one("SELECT sealed FROM contacts WHERE person_id = :person_id", person_id=person_id)
        if row is None:
            return None
        facts = self.vault.open(row["sealed"], f"contacts:{person_id}")
        return Contact(facts["phone"], When(facts["when"]))

    def keep_contact(self, person_id: str, contact: Contact, at: datetime) -> None:
        sealed = self.vault.seal({"phone": contact.phone, "when": str(contact.when)}, f"contacts:{person_id}")
        self.run(
            """INSERT INTO contacts (person_id, said_at, sealed) VALUES (:person_id, :said_at, :sealed)
               ON CONFLICT (person_id) DO UPDATE SET said_at = excluded.said_at, sealed = excluded.sealed""",
            person_id=person_id, said_at=as_text(at), sealed=sealed,
        )  # fmt: skip

    def drop_contact(self, person_id: str) -> bool:
        """False where there was none."""
        return self.run("DELETE FROM contacts WHERE person_id = :person_id", person_id=person_id) == 1

    def contacts_said_before(self, before: datetime) -> list[str]:
        """Whose number was said or said again so long ago."""
        rows = self.all("SELECT person_id FROM contacts WHERE said_at < :before ORDER BY said_at", before=as_text(before))
        return [str(row["person_id"]) for row in rows]
