"""The audit, append-only: triggers of the schema refuse to change or delete an entry, a leaf or a batch.

The words of a reason stand in a table of their own, sealed; a batch's mark too, since both are made anew when keys change.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime

from webapp.adapters.store.queries.subscriptions import as_text, from_text
from webapp.adapters.store.sql import Driver, Row
from webapp.domain.audit import COLUMNS, Act, Batch, By, Entry, Leaf, Line, Who, as_json

UNSEALED = "number > COALESCE((SELECT last FROM audit_batches ORDER BY number DESC LIMIT 1), 0)"


class AuditQueries(Driver):
    """Entries by number, person and case; batches by number. `about_person <> ''` is what the index of people is made of."""

    def add_entry(self, entry: Entry) -> int:
        """Its number."""
        row = self.one(
            """INSERT INTO audit_entries (at, act, by_role, by_id, about_person, about, reason, words_mark, facts)
               VALUES (:at, :act, :by_role, :by_id, :about_person, :about, :reason, :words_mark, :facts) RETURNING number""",
            at=as_text(entry.at), act=str(entry.act), by_role=str(entry.who.by), by_id=entry.who.id,
            about_person=entry.about_person or "", about=entry.about, reason=entry.reason, words_mark=entry.words_mark,
            facts=as_json(entry.facts) if entry.facts else "{}",
        )  # fmt: skip
        assert row is not None
        return int(row["number"])

    def keep_reason_words(self, number: int, words: str, salt: str) -> None:
        sealed = self.vault.seal({"words": words, "salt": salt}, f"audit_words:{number}")
        self.run("INSERT INTO audit_words (entry, sealed) VALUES (:number, :sealed)", number=number, sealed=sealed)

    def reason_words(self, number: int) -> tuple[str, str] | None:
        """The words and their salt."""
        row = self.one("SELECT sealed FROM audit_words WHERE entry = :number", number=number)
        facts = self.vault.open(row["sealed"], f"audit_words:{number}") if row else None
        return (facts["words"], facts["salt"]) if facts else None

    def has_opened(self, officer_id: str, about: str, since: datetime) -> bool:
        """Whether this officer has said since then why they open this case, or did something to it beside paying it in a batch."""
        return (
            self.one(
                """SELECT 1 FROM audit_entries WHERE by_id = :officer AND about = :about AND at >= :since AND by_role = :role
                   AND act <> :paying LIMIT 1""",
                officer=officer_id, about=about, since=as_text(since), role=str(By.OFFICER), paying=str(Act.CLAIM_PAYMENT),
            )
            is not None
        )  # fmt: skip

    def last_reason_of(self, officer_id: str, about: str, since: datetime) -> tuple[str, str] | None:
        """What this officer last said since then why they open this case, and in which words; None where they said nothing."""
        row = self.one(
            """SELECT number, reason FROM audit_entries
               WHERE by_id = :officer AND about = :about AND at >= :since AND by_role = :role AND reason <> ''
               ORDER BY number DESC LIMIT 1""",
            officer=officer_id, about=about, since=as_text(since), role=str(By.OFFICER),
        )  # fmt: skip
        if row is None:
            return None
        words = self.reason_words(int(row["number"]))
        return str(row["reason"]), words[0] if words else ""

    def entries_about(self, person_id: str, most: int) -> list[Entry]:
        """What officers and helpers did or read about this person, newest first. Insured officers were once noted as officers when they
        signed in: nobody opened anything then."""
        rows = self.all(
            """SELECT * FROM audit_entries WHERE about_person = :person_id AND about_person <> '' AND by_role IN (:officer, :helper)
               AND act <> :signed_in ORDER BY number DESC LIMIT :most""",
            person_id=person_id, officer=str(By.OFFICER), helper=str(By.HELPER), signed_in=str(Act.SIGNED_IN), most=most,
        )  # fmt: skip
        return [_entry(row) for row in rows]

    def all_entries_about(self, person_id: str) -> list[Entry]:
        """Everything noted about this person by anybody, themselves too, newest first."""
        rows = self.all(
            "SELECT * FROM audit_entries WHERE about_person = :person_id AND about_person <> '' ORDER BY number DESC", person_id=person_id
        )
        return [_entry(row) for row in rows]

    def has_signed_in(self, person_id: str) -> bool:
        """Whether the audit knows of any sign-in of this person."""
        found = self.one(
            """SELECT 1 AS found FROM audit_entries
               WHERE about_person = :person_id AND about_person <> '' AND act = :signed_in LIMIT 1""",
            person_id=person_id, signed_in=str(Act.SIGNED_IN),
        )  # fmt: skip
        return found is not None

    def reads_with_words(self) -> list[tuple[int, str]]:
        """Every entry whose words are still kept, with their fingerprint."""
        rows = self.all("SELECT e.number, e.words_mark FROM audit_entries e JOIN audit_words w ON w.entry = e.number ORDER BY e.number")
        return [(int(row["number"]), str(row["words_mark"])) for row in rows]

    def forget_reason_words(self, before: datetime) -> int:
        """The words of reads before that; the entries stay."""
        return self.run(
            "DELETE FROM audit_words WHERE entry IN (SELECT number FROM audit_entries WHERE words_mark <> '' AND at < :before)",
            before=as_text(before),
        )  # fmt: skip

    # sealing and checking

    def unsealed_lines(self, most: int) -> list[Line]:
        """The oldest entries that no batch holds."""
        rows = self.all(
            f"SELECT * FROM audit_entries WHERE {UNSEALED} ORDER BY number LIMIT :most",  # noqa: S608 - our own words
            most=most,
        )
        return [_line(row) for row in rows]

    def keep_batch(self, batch: Batch, leaves: Sequence[Leaf]) -> None:
        """With its mark, made here: the key never leaves the vault."""
        with self.transaction():
            self.run(
                """INSERT INTO audit_batches (number, sealed_at, first, last, count, previous, hash)
                   VALUES (:number, :sealed_at, :first, :last, :count, :previous, :hash)""",
                number=batch.number, sealed_at=batch.sealed_at, first=batch.first, last=batch.last, count=batch.count,
                previous=batch.previous, hash=batch.hash,
            )  # fmt: skip
            self.run_many(
                "INSERT INTO audit_leaves (batch, position, entry, hash) VALUES (:batch, :position, :entry, :hash)",
                [asdict(leaf) for leaf in leaves],
            )
            self.mark_batch(batch)

    def mark_batch(self, batch: Batch) -> None:
        """With the first key; over a mark made with another."""
        self.run(
            """INSERT INTO audit_marks (batch, mark_key, mark) VALUES (:batch, :key, :mark)
               ON CONFLICT (batch) DO UPDATE SET mark_key = excluded.mark_key, mark = excluded.mark""",
            batch=batch.number, key=self.vault.first_key, mark=self.vault.mark(batch.hash),
        )  # fmt: skip

    def is_marked_rightly(self, batch: Batch) -> bool | None:
        """None: its key is not given."""
        return self.vault.is_mark_of(batch.hash, batch.mark, batch.mark_key)

    def last_batch(self) -> Batch | None:
        row = self.one(f"{_BATCHES} ORDER BY b.number DESC LIMIT 1")
        return _batch(row) if row else None

    def batches(self) -> Iterator[Batch]:
        """Every batch, oldest first."""
        after = -1
        while rows := self.all(f"{_BATCHES} WHERE b.number > :after ORDER BY b.number LIMIT 500", after=after):
            yield from map(_batch, rows)
            after = int(rows[-1]["number"])

    def leaves_of(self, batch: int) -> list[Leaf]:
        rows = self.all("SELECT * FROM audit_leaves WHERE batch = :batch ORDER BY position", batch=batch)
        return [Leaf(int(row["batch"]), int(row["position"]), int(row["entry"]), str(row["hash"])) for row in rows]

    def lines_between(self, first: int, last: int) -> list[Line]:
        rows = self.all("SELECT * FROM audit_entries WHERE number >= :first AND number <= :last ORDER BY number", first=first, last=last)
        return [_line(row) for row in rows]

    def unsealed_numbers(self) -> list[int]:
        """Of entries that no leaf names."""
        rows = self.all(
            "SELECT number FROM audit_entries WHERE NOT EXISTS (SELECT 1 FROM audit_leaves l WHERE l.entry = number) ORDER BY number"
        )
        return [int(row["number"]) for row in rows]


_BATCHES = """SELECT b.*, COALESCE(m.mark_key, '') AS mark_key, COALESCE(m.mark, '') AS mark
              FROM audit_batches b LEFT JOIN audit_marks m ON m.batch = b.number"""


def _line(row: Row) -> Line:
    return Line(int(row["number"]), tuple(str(row[name]) for name in COLUMNS))


def _batch(row: Row) -> Batch:
    return Batch(
        number=int(row["number"]), sealed_at=row["sealed_at"], first=int(row["first"]), last=int(row["last"]), count=int(row["count"]),
        previous=row["previous"], hash=row["hash"], mark_key=row["mark_key"], mark=row["mark"],
    )  # fmt: skip


def _entry(row: Row) -> Entry:
    return Entry(
        number=int(row["number"]), at=from_text(row["at"]), act=Act(row["act"]), who=Who(By(row["by_role"]), row["by_id"]),
        about_person=row["about_person"] or None, about=row["about"], reason=row["reason"], words_mark=row["words_mark"],
        facts=json.loads(row["facts"]),
    )  # fmt: skip

