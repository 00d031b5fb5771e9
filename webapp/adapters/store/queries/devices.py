"""The sessions of one person, and the browsers that person has come with before."""

from __future__ import annotations

from collections.abc import Iterable

from webapp.adapters.store.sql import Driver
from webapp.ports import Session


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

    def know_device(self, person_id: str, device_hash: str, at: float) -> bool:
        """Remember this browser as one of the person's; True where it was already."""
        with self.transaction():
            facts = {"person_id": person_id, "device_hash": device_hash, "at": at}
            known = self.run("UPDATE known_devices SET seen_at = :at WHERE person_id = :person_id AND device_hash = :device_hash", **facts)
            if not known:
                self.run("INSERT INTO known_devices (person_id, device_hash, seen_at) VALUES (:person_id, :device_hash, :at)", **facts)
        return known == 1

    def knows_any_device(self, person_id: str) -> bool:
        return self.one("SELECT 1 AS found FROM known_devices WHERE person_id = :id LIMIT 1", id=person_id) is not None

    def forget_known_devices(self, before: float) -> int:
        return self.run("DELETE FROM known_devices WHERE seen_at < :before", before=before)
