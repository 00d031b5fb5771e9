"""The sessions of one person, and the browsers that person has come with before."""

from __future__ import annotations

from collections.abc import Iterable

from webapp.adapters.store.sql import Driver
from webapp.ports import Session

MOST_DEVICES = 50


class DeviceQueries(Driver):
    """All times here are machine time, in epoch seconds."""

    def sessions_of(self, person_id: str) -> list[Session]:
        """Those still kept, over or not; last used first."""
        rows = self.all("SELECT * FROM sessions WHERE person_id = :id ORDER BY seen_at DESC", id=person_id)
        return [Session(**dict(row)) for row in rows]

    def end_sessions_of(self, person_id: str, except_for: str = "", via: Iterable[str] = ()) -> int:
        """All but one; only those opened by certain ways, where any are named."""
        ways = {f"via{number}": way for number, way in enumerate(via)}
        among = f" AND via IN ({', '.join(f':{name}' for name in ways)})" if ways else ""
        return self.run(
            f"DELETE FROM sessions WHERE person_id = :id AND id_hash <> :except_for{among}",  # noqa: S608 - place names only
            id=person_id, except_for=except_for, **ways,
        )  # fmt: skip

    def end_every_session(self) -> int:
        """Of everybody, officers too."""
        return self.run("DELETE FROM sessions")

    def end_sessions_of_officer(self, officer_id: str) -> int:
        return self.run("DELETE FROM sessions WHERE officer_id = :id", id=officer_id)

    def end_oldest_sessions(self, newest: Session, most: int) -> int:
        """Of whoever `newest` belongs to, all but the `most` used last; `newest` stays."""
        column, owner = ("person_id", newest.person_id) if newest.person_id else ("officer_id", newest.officer_id)
        return self.run(
            f"""DELETE FROM sessions WHERE {column} = :owner AND id_hash <> :newest AND id_hash NOT IN (
                    SELECT id_hash FROM sessions WHERE {column} = :owner AND id_hash <> :newest
                    ORDER BY seen_at DESC LIMIT :most)""",  # noqa: S608 - our own text only
            owner=owner, newest=newest.id_hash, most=most - 1,
        )  # fmt: skip

    def know_device(self, person_id: str, device_hash: str, at: float) -> bool:
        """Remember this browser as one of the person's, the MOST_DEVICES of them seen last; True where it was already."""
        with self.transaction():
            facts = {"person_id": person_id, "device_hash": device_hash, "at": at}
            known = self.run("UPDATE known_devices SET seen_at = :at WHERE person_id = :person_id AND device_hash = :device_hash", **facts)
            if not known:
                self.run("INSERT INTO known_devices (person_id, device_hash, seen_at) VALUES (:person_id, :device_hash, :at)", **facts)
                self.run(
                    """DELETE FROM known_devices WHERE person_id = :person_id AND device_hash NOT IN (
                           SELECT device_hash FROM known_devices WHERE person_id = :person_id ORDER BY seen_at DESC LIMIT :most)""",
                    person_id=person_id, most=MOST_DEVICES,
                )  # fmt: skip
        return known == 1

    def knows_device(self, person_id: str, device_hash: str) -> bool:
        """Whether this person has come with this browser before; nothing is remembered."""
        found = self.one(
            "SELECT 1 AS found FROM known_devices WHERE person_id = :person_id AND device_hash = :device_hash",
            person_id=person_id, device_hash=device_hash,
        )  # fmt: skip
        return bool(device_hash) and found is not None

    def knows_any_device(self, person_id: str) -> bool:
        return self.one("SELECT 1 AS found FROM known_devices WHERE person_id = :id LIMIT 1", id=person_id) is not None

    def forget_known_devices(self, before: float) -> int:
        return self.run("DELETE FROM known_devices WHERE seen_at < :before", before=before)
