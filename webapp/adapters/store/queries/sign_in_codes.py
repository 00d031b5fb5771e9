"""Sign-ins that came back in another browser and wait there, for two minutes, for the browser that began."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from webapp.adapters.store.sql import Driver, Row
from webapp.ports import CarriedSignIn, Identity


class SignInCodeQueries(Driver):
    """Code and identity are sealed together; times in epoch seconds."""

    def keep_carried_sign_in(self, carried: CarriedSignIn) -> None:
        identity = asdict(carried.identity) | {"birth_date": str(carried.identity.birth_date or "")}
        facts = {"code": carried.code, "next": carried.next, "identity": identity}
        self.run(
            """INSERT INTO sign_in_codes (state_hash, browser_hash, shown_to_hash, ends_at, sealed)
               VALUES (:state_hash, :browser_hash, :shown_to_hash, :ends_at, :sealed)""",
            state_hash=carried.state_hash, browser_hash=carried.browser_hash, shown_to_hash=carried.shown_to_hash,
            ends_at=carried.ends_at, sealed=self.vault.seal(facts, f"sign_in_codes:{carried.state_hash}"),
        )  # fmt: skip

    def carried_sign_in_shown_to(self, shown_to_hash: str) -> CarriedSignIn | None:
        """What the browser that came back is to show."""
        row = self.one("SELECT * FROM sign_in_codes WHERE shown_to_hash = :shown_to_hash", shown_to_hash=shown_to_hash)
        return self._carried(row) if row else None

    def carried_sign_in_for(self, browser_hash: str) -> CarriedSignIn | None:
        """The latest one that the browser which began may complete."""
        row = self.one(
            "SELECT * FROM sign_in_codes WHERE browser_hash = :browser_hash ORDER BY ends_at DESC LIMIT 1", browser_hash=browser_hash
        )
        return self._carried(row) if row else None

    def try_carried_sign_in(self, state_hash: str, most: int) -> bool:
        """Count one try; False where `most` were made before, however many ask at once."""
        counted = self.run(
            "UPDATE sign_in_codes SET tries = tries + 1 WHERE state_hash = :state_hash AND tries < :most", state_hash=state_hash, most=most
        )
        return counted == 1

    def drop_carried_sign_in(self, state_hash: str) -> bool:
        """True for exactly one caller: the one that may go on."""
        return self.run("DELETE FROM sign_in_codes WHERE state_hash = :state_hash", state_hash=state_hash) == 1

    def forget_carried_sign_ins(self, before: float) -> int:
        return self.run("DELETE FROM sign_in_codes WHERE ends_at < :before", before=before)

    def _carried(self, row: Row) -> CarriedSignIn:
        facts: dict[str, Any] = self.vault.open(row["sealed"], f"sign_in_codes:{row['state_hash']}")
        told = facts["identity"]
        identity = Identity(**{**told, "birth_date": date.fromisoformat(told["birth_date"]) if told["birth_date"] else None})
        return CarriedSignIn(
            state_hash=row["state_hash"], browser_hash=row["browser_hash"], shown_to_hash=row["shown_to_hash"], code=facts["code"],
            identity=identity, next=facts["next"], ends_at=row["ends_at"], tries=row["tries"],
        )  # fmt: skip
