"""Entries from the Government Channel app that wait for their person's word, and links that came of them.

The gateway's id may be made from the citizen number: its hash is sealed, so that nobody who steals the file can try numbers out.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from webapp.adapters.store.sql import Driver, Row
from webapp.ports import ChannelEntry, ChannelLink, Entered


class GovernmentChannelQueries(Driver):
    """`ends_at` is machine time, in epoch seconds; the other times are business time."""

    def keep_channel_entry(self, entry: ChannelEntry) -> None:
        self.run(
            "INSERT INTO government_channel_entries (id_hash, ends_at, confirmed, sealed) VALUES (:id_hash, :ends_at, :confirmed, :sealed)",
            id_hash=entry.id_hash, ends_at=entry.ends_at, confirmed=int(entry.confirmed),
            sealed=self.vault.seal(asdict(entry.entered), f"government_channel_entries:{entry.id_hash}"),
        )  # fmt: skip

    def channel_entry(self, id_hash: str) -> ChannelEntry | None:
        row = self.one("SELECT * FROM government_channel_entries WHERE id_hash = :id_hash", id_hash=id_hash)
        if row is None:
            return None
        entered = Entered(**self.vault.open(row["sealed"], f"government_channel_entries:{id_hash}"))
        return ChannelEntry(id_hash, entered, float(row["ends_at"]), bool(row["confirmed"]))

    def confirm_channel_entry(self, id_hash: str) -> None:
        self.run("UPDATE government_channel_entries SET confirmed = 1 WHERE id_hash = :id_hash", id_hash=id_hash)

    def drop_channel_entry(self, id_hash: str) -> bool:
        """True for exactly one caller: the one that may go on."""
        return self.run("DELETE FROM government_channel_entries WHERE id_hash = :id_hash", id_hash=id_hash) == 1

    def forget_channel_entries(self, before: float) -> int:
        return self.run("DELETE FROM government_channel_entries WHERE ends_at < :before", before=before)

    def keep_channel_link(self, link: ChannelLink) -> None:
        """One a person: a new one takes the place of the old."""
        self.run(
            """INSERT INTO government_channel_links (person_id, linked_at, used_at, sealed) VALUES (:person_id, :linked_at, NULL, :sealed)
               ON CONFLICT (person_id) DO UPDATE SET linked_at = excluded.linked_at, used_at = NULL, sealed = excluded.sealed""",
            person_id=link.person_id, linked_at=link.linked_at.isoformat(),
            sealed=self.vault.seal({"user_hash": link.user_hash}, f"government_channel_links:{link.person_id}"),
        )  # fmt: skip

    def channel_link_of(self, person_id: str) -> ChannelLink | None:
        row = self.one("SELECT * FROM government_channel_links WHERE person_id = :id", id=person_id)
        return self._link(row) if row else None

    def note_channel_use(self, person_id: str, at: datetime) -> None:
        self.run("UPDATE government_channel_links SET used_at = :at WHERE person_id = :id", at=at.isoformat(), id=person_id)

    def drop_channel_link(self, person_id: str) -> bool:
        """False where there is none."""
        return self.run("DELETE FROM government_channel_links WHERE person_id = :id", id=person_id) == 1

    def forget_unused_channel_links(self, before: datetime) -> int:
        return self.run("DELETE FROM government_channel_links WHERE COALESCE(used_at, linked_at) < :before", before=before.isoformat())

    def _link(self, row: Row) -> ChannelLink:
        user_hash = self.vault.open(row["sealed"], f"government_channel_links:{row['person_id']}")["user_hash"]
        used_at = datetime.fromisoformat(row["used_at"]) if row["used_at"] else None
        return ChannelLink(str(row["person_id"]), str(user_hash), datetime.fromisoformat(row["linked_at"]), used_at)
