"""What the store holds of one person, and deleting what they may have deleted.

ERASED says how, table by table; a test holds it against domain/retention.py.
"""

from __future__ import annotations

from typing import Any

from webapp.adapters.store.sql import Driver
from webapp.domain.retention import KINDS
from webapp.ports import Session

_SETTLED = "SELECT reference FROM corrections WHERE person_id = :id AND settled_at IS NOT NULL"
ERASED = {
    "correction_steps": f"DELETE FROM correction_steps WHERE reference IN ({_SETTLED})",  # noqa: S608 - our own text only
    "corrections": "DELETE FROM corrections WHERE person_id = :id AND settled_at IS NOT NULL",
    "drafts": "DELETE FROM drafts WHERE owner = 'person:' || :id",
    "person_settings": "DELETE FROM person_settings WHERE person_id = :id",
    "contacts": "DELETE FROM contacts WHERE person_id = :id",
    "thaid_says": "DELETE FROM thaid_says WHERE person_id = :id",
    "sessions": "DELETE FROM sessions WHERE person_id = :id AND id_hash <> :but",
    "subscriptions": "DELETE FROM subscriptions WHERE person_id = :id",
    "reminders": "DELETE FROM reminders WHERE person_id = :id",
    "benefits_looked_at": "DELETE FROM benefits_looked_at WHERE person_id = :id",
    "known_devices": "DELETE FROM known_devices WHERE person_id = :id",
    "passkeys": "DELETE FROM passkeys WHERE person_id = :id",
    "pins": "DELETE FROM pins WHERE person_id = :id",
    "government_channel_links": "DELETE FROM government_channel_links WHERE person_id = :id",
    "welcomes": "DELETE FROM welcomes WHERE person_id = :id",
    "accounts": "DELETE FROM accounts WHERE person_id = :id",
    "helper_grants": "DELETE FROM helper_grants WHERE person_id = :id OR helper_id = :id",
    "calendar_feeds": "DELETE FROM calendar_feeds WHERE person_id = :id",
    "consents": "DELETE FROM consents WHERE person_id = :id",
}
"""Open corrections stay: an officer is on them, and taking one back is a tap of its own."""

_DECLARED = frozenset(table for kind in KINDS for table in kind.tables)
_SECRETS = frozenset({"sealed", "salt", "public_key", "credential_id", "id"})
_OF_OTHERS = frozenset({"issued_by"})
"""Officers stand in a copy by their role."""


def _is_held_back(column: str) -> bool:
    return column in _SECRETS | _OF_OTHERS or column.endswith("_hash")


class PrivacyQueries(Driver):
    """By person."""

    def sessions_kept_of(self, person_id: str) -> list[Session]:
        """Running ones and those that ended lately, the newest first."""
        rows = self.all("SELECT * FROM sessions WHERE person_id = :id ORDER BY started_at DESC", id=person_id)
        names = Session.__dataclass_fields__
        return [Session(**{name: row[name] for name in row.keys() if name in names}) for row in rows]  # noqa: SIM118 - a row is no dict

    def rows_about(self, table: str, person_id: str) -> list[dict[str, Any]]:
        """What a table holds of a person, without what is sealed, hashed, secret or an officer's. Raises LookupError for a table
        that is not declared."""
        if table not in _DECLARED:
            raise LookupError(table)
        rows = self.all(f"SELECT * FROM {table} WHERE person_id = :id", id=person_id)  # noqa: S608 - a declared name
        return [{name: row[name] for name in row.keys() if name != "person_id" and not _is_held_back(name)} for row in rows]  # noqa: SIM118 - a row is no dict

    def erase(self, person_id: str, but_session: str) -> dict[str, int]:
        """Delete everything erasable of this person but the session that asks; returns how many rows went, by table."""
        gone: dict[str, int] = {}
        with self.transaction():
            for table, statement in ERASED.items():
                values = {"id": person_id} | ({"but": but_session} if ":but" in statement else {})
                gone[table] = self.run(statement, **values)
        return gone

    def forget_benefits_looked_at(self, person_id: str) -> None:
        self.run("DELETE FROM benefits_looked_at WHERE person_id = :id", id=person_id)

    def give_phones_to_nobody(self, person_id: str) -> int:
        """Their phones stay subscribed to what is for anybody; returns how many there were."""
        return self.run(
            """UPDATE subscriptions SET person_id = NULL,
                   kinds = CASE WHEN kinds LIKE '% window %' THEN ' window ' ELSE '  ' END
                       || CASE WHEN kinds LIKE '% cut_off %' THEN 'cut_off ' ELSE '' END
               WHERE person_id = :id""",
            id=person_id,
        )
