"""What people agreed to: a line each time, never changed; the last one of a purpose counts."""

from __future__ import annotations

from webapp.adapters.store.queries.subscriptions import as_text, from_text
from webapp.adapters.store.sql import Driver
from webapp.domain.consent import Channel, Consent, Purpose


class ConsentQueries(Driver):
    """By person."""

    def add_consent(self, person_id: str, consent: Consent) -> None:
        self.run(
            """INSERT INTO consents (person_id, purpose, given, text_version, channel, at)
               VALUES (:person_id, :purpose, :given, :text_version, :channel, :at)""",
            person_id=person_id, purpose=str(consent.purpose), given=int(consent.given), text_version=consent.text_version,
            channel=str(consent.channel), at=as_text(consent.at),
        )  # fmt: skip

    def consents_of(self, person_id: str) -> list[Consent]:
        """Every time of giving or withdrawing, oldest first."""
        rows = self.all("SELECT * FROM consents WHERE person_id = :person_id ORDER BY number", person_id=person_id)
        return [
            Consent(Purpose(row["purpose"]), bool(row["given"]), row["text_version"], Channel(row["channel"]), from_text(row["at"]))
            for row in rows
            if row["purpose"] in set(Purpose)
        ]

    def people_who_agree(self, purpose: Purpose, text_version: str, after: int, most: int) -> dict[int, str]:
        """Whose last word on this purpose is a yes to this version, said after consent number `after`: at most so many, by that number,
        in its order."""
        with self.steady("consents"):
            rows = self.all(
                """SELECT c.number, c.person_id FROM consents c
                   WHERE c.purpose = :purpose AND c.number > :after AND c.given = 1 AND c.text_version = :text_version
                     AND NOT EXISTS (SELECT 1 FROM consents l WHERE l.person_id = c.person_id AND l.purpose = c.purpose
                                     AND l.number > c.number)
                   ORDER BY c.number LIMIT :most""",
                purpose=str(purpose), after=after, text_version=text_version, most=most,
            )  # fmt: skip
        return {int(row["number"]): str(row["person_id"]) for row in rows}
