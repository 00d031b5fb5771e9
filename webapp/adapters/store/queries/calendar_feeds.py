"""Private calendar feeds: one a person, known by the hash of its address, so that a stolen database opens none."""

from __future__ import annotations

from webapp.adapters.store.queries.subscriptions import as_text, from_text
from webapp.adapters.store.sql import Driver, Row
from webapp.ports import CalendarFeed


class CalendarFeedQueries(Driver):
    """A new address ends the one before."""

    def keep_calendar_feed(self, feed: CalendarFeed) -> None:
        self.run(
            """INSERT INTO calendar_feeds (person_id, token_hash, language, made_at)
               VALUES (:person_id, :token_hash, :language, :made_at)
               ON CONFLICT (person_id) DO UPDATE SET
                   token_hash = excluded.token_hash, language = excluded.language, made_at = excluded.made_at""",
            person_id=feed.person_id, token_hash=feed.token_hash, language=feed.language, made_at=as_text(feed.made_at),
        )  # fmt: skip

    def calendar_feed(self, token_hash: str) -> CalendarFeed | None:
        row = self.one("SELECT * FROM calendar_feeds WHERE token_hash = :token_hash", token_hash=token_hash)
        return _feed(row) if row else None

    def calendar_feed_of(self, person_id: str) -> CalendarFeed | None:
        row = self.one("SELECT * FROM calendar_feeds WHERE person_id = :person_id", person_id=person_id)
        return _feed(row) if row else None

    def drop_calendar_feed(self, person_id: str) -> None:
        self.run("DELETE FROM calendar_feeds WHERE person_id = :person_id", person_id=person_id)


def _feed(row: Row) -> CalendarFeed:
    return CalendarFeed(row["person_id"], row["token_hash"], row["language"], from_text(row["made_at"]))
