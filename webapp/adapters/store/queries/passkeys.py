"""Passkeys: public halves only, and the challenges that have been answered."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from webapp.adapters.store.sql import Driver, Row
from webapp.ports import Passkey


class PasskeyQueries(Driver):
    """Ids and keys are base64url; `at` of a challenge is machine time."""

    def add_passkey(self, passkey: Passkey) -> bool:
        """False where this credential is known already, whoever's it is."""
        facts = asdict(passkey) | {"made_at": passkey.made_at.isoformat(), "used_at": None}
        added = self.run(
            """INSERT INTO passkeys (credential_id, person_id, public_key, sign_count, made_via, made_at, used_at, browser)
               VALUES (:credential_id, :person_id, :public_key, :sign_count, :made_via, :made_at, :used_at, :browser)
               ON CONFLICT (credential_id) DO NOTHING""",
            **facts,
        )
        return added == 1

    def passkey(self, credential_id: str) -> Passkey | None:
        row = self.one("SELECT * FROM passkeys WHERE credential_id = :id", id=credential_id)
        return _passkey(row) if row else None

    def passkeys_of(self, person_id: str) -> list[Passkey]:
        """Newest first."""
        return [_passkey(row) for row in self.all("SELECT * FROM passkeys WHERE person_id = :id ORDER BY made_at DESC", id=person_id)]

    def note_passkey_use(self, credential_id: str, count_before: int, count: int, at: datetime) -> bool:
        """False where another use came between: the same answer twice, or a copy of the key."""
        noted = self.run(
            "UPDATE passkeys SET sign_count = :count, used_at = :at WHERE credential_id = :id AND sign_count = :count_before",
            id=credential_id, count_before=count_before, count=count, at=at.isoformat(),
        )  # fmt: skip
        return noted == 1

    def drop_passkey(self, person_id: str, credential_id: str) -> bool:
        """False where this person has no such passkey."""
        gone = self.run("DELETE FROM passkeys WHERE credential_id = :id AND person_id = :person_id", id=credential_id, person_id=person_id)
        return gone == 1

    def drop_passkeys_made_via(self, person_id: str, made_via: str) -> int:
        return self.run("DELETE FROM passkeys WHERE person_id = :id AND made_via = :made_via", id=person_id, made_via=made_via)

    def forget_unused_passkeys(self, before: datetime) -> int:
        return self.run("DELETE FROM passkeys WHERE COALESCE(used_at, made_at) < :before", before=before.isoformat())

    def use_challenge(self, challenge_hash: str, at: float) -> bool:
        """True for exactly one caller."""
        used = self.run(
            "INSERT INTO used_challenges (challenge_hash, at) VALUES (:hash, :at) ON CONFLICT (challenge_hash) DO NOTHING",
            hash=challenge_hash, at=at,
        )  # fmt: skip
        return used == 1

    def forget_challenges(self, before: float) -> int:
        return self.run("DELETE FROM used_challenges WHERE at < :before", before=before)


def _passkey(row: Row) -> Passkey:
    used_at = datetime.fromisoformat(row["used_at"]) if row["used_at"] else None
    return Passkey(**{**dict(row), "made_at": datetime.fromisoformat(row["made_at"]), "used_at": used_at})
