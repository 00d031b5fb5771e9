"""What an operator tells everybody, and the times in which nothing is taken in. Nothing of it is ever deleted."""

from __future__ import annotations

from datetime import datetime

from webapp.adapters.store.queries.subscriptions import as_text, from_text
from webapp.adapters.store.sql import Driver, Row
from webapp.domain.notice import Kind, Notice
from webapp.domain.read_only import Spell, Why


class NoticeQueries(Driver):
    """Whether a notice is shown is asked of the notice: its times are the business clock's."""

    def add_notice(self, notice: Notice) -> int:
        """Returns its number."""
        row = self.one(
            """INSERT INTO notices (kind, about, th, en, from_at, until_at, made_at)
               VALUES (:kind, :about, :th, :en, :from_at, :until_at, :made_at) RETURNING number""",
            kind=str(notice.kind), about=notice.about, th=notice.th, en=notice.en, from_at=as_text(notice.from_at),
            until_at=_text(notice.until_at), made_at=as_text(notice.made_at),
        )  # fmt: skip
        return int(row["number"]) if row else 0

    def notices_since(self, since: datetime) -> list[Notice]:
        """Those to come, those that stand and those that ended after `since`; the newest first."""
        rows = self.all(
            """SELECT * FROM notices WHERE (ended_at IS NULL OR ended_at >= :since) AND (until_at IS NULL OR until_at >= :since)
               ORDER BY from_at DESC, number DESC""",
            since=as_text(since),
        )  # fmt: skip
        return [_notice(row) for row in rows]

    def end_notice(self, number: int, at: datetime) -> bool:
        """Whether it stood until now."""
        ended = self.run(
            "UPDATE notices SET ended_at = :at WHERE number = :number AND ended_at IS NULL AND (until_at IS NULL OR until_at > :at)",
            at=as_text(at), number=number,
        )  # fmt: skip
        return ended == 1

    def begin_read_only(self, spell: Spell) -> None:
        """One at a time; where one runs, its reason and its end are told anew."""
        assert spell.since is not None
        values = {"why": str(spell.why), "until_at": _text(spell.until_at)}
        with self.transaction():
            if not self.run("UPDATE read_only_spells SET why = :why, until_at = :until_at WHERE ended_at IS NULL", **values):
                self.run(
                    "INSERT INTO read_only_spells (why, since, until_at) VALUES (:why, :since, :until_at)",
                    since=as_text(spell.since), **values,
                )  # fmt: skip

    def end_read_only(self, at: datetime) -> bool:
        """Whether one ran until now."""
        return self.run("UPDATE read_only_spells SET ended_at = :at WHERE ended_at IS NULL", at=as_text(at)) > 0

    def read_only_spell(self) -> Spell | None:
        """The one that runs."""
        row = self.one("SELECT * FROM read_only_spells WHERE ended_at IS NULL")
        return _spell(row) if row else None

    def read_only_since(self, since: datetime) -> list[Spell]:
        """The one that runs and those that ended after `since`; the newest first."""
        rows = self.all(
            "SELECT * FROM read_only_spells WHERE ended_at IS NULL OR ended_at >= :since ORDER BY number DESC", since=as_text(since)
        )
        return [_spell(row) for row in rows]


def _text(at: datetime | None) -> str | None:
    return as_text(at) if at is not None else None


def _time(text: str | None) -> datetime | None:
    return from_text(text) if text is not None else None


def _notice(row: Row) -> Notice:
    return Notice(
        int(row["number"]), Kind(row["kind"]), row["about"], row["th"], row["en"], from_text(row["from_at"]), _time(row["until_at"]),
        from_text(row["made_at"]), _time(row["ended_at"]),
    )  # fmt: skip


def _spell(row: Row) -> Spell:
    return Spell(int(row["number"]), Why(row["why"]), from_text(row["since"]), _time(row["until_at"]), _time(row["ended_at"]))
