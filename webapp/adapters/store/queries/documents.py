"""Documents: one row a file that a person gave, with the key of its files. The files themselves lie in a folder (adapters/documents).

What paper it is, what its bytes add up to and how they came is sealed with the key; the open columns say whose it is, to which case it
belongs and how far it is. Every change but the handing over to a sent case names the version it starts from: of two workers, or two
pieces sent twice, the second finds no such row.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from webapp.adapters.store.queries.subscriptions import as_text, from_text
from webapp.adapters.store.sql import Driver, Row
from webapp.domain.document import Document, Piece, Place, State, Why

LOT = 500
NOT_SETTLED = "state IN ('coming', 'waiting', 'looked_at')"
"""What the index of those that are waited for is made of: a question that says it is answered by it, and not by reading every document."""


class DocumentQueries(Driver):
    """By reference, case, person and state."""

    def add_document(self, document: Document) -> None:
        self.run(
            """INSERT INTO documents (id, person_id, case_kind, case_id, is_sent, state, why, started_at, changed_at, pages, held_by, tries,
                   next_try_at, version, sealed)
               VALUES (:id, :person_id, :case_kind, :case_id, :is_sent, :state, :why, :started_at, :changed_at, :pages, :held_by, :tries,
                   :next_try_at, :version, :sealed)""",
            id=document.id, person_id=document.person_id, case_kind=document.place.case_kind, case_id=document.place.case_id,
            is_sent=int(document.is_sent), started_at=as_text(document.started_at), **self._moving_columns_of_document(document),
        )  # fmt: skip

    def document(self, document_id: str) -> Document | None:
        found = self._documents("SELECT * FROM documents WHERE id = :id", id=document_id)
        return found[0] if found else None

    def documents_of_case(self, case_kind: str, case_id: str) -> list[Document]:
        """The oldest first."""
        return self._documents(
            "SELECT * FROM documents WHERE case_kind = :case_kind AND case_id = :case_id ORDER BY started_at, id",
            case_kind=case_kind, case_id=case_id,
        )  # fmt: skip

    def documents_of(self, person_id: str) -> list[Document]:
        """All of a person's, the oldest first."""
        return self._documents("SELECT * FROM documents WHERE person_id = :person_id ORDER BY started_at, id", person_id=person_id)

    def update_document(self, before: Document, after: Document) -> bool:
        """False where somebody was first. Whose it is and where it belongs stays as it is."""
        touched = self.run(
            """UPDATE documents SET state = :state, why = :why, changed_at = :changed_at, pages = :pages, held_by = :held_by,
                   tries = :tries, next_try_at = :next_try_at, version = :version, sealed = :sealed
               WHERE id = :id AND version = :version_before""",
            id=before.id, version_before=before.version, **self._moving_columns_of_document(after),
        )  # fmt: skip
        return touched == 1

    def hand_over_documents(self, person_id: str, case_kind: str, draft_id: str, reference: str, at: datetime) -> int:
        """A draft's documents become the sent case's; returns how many."""
        return self.run(
            """UPDATE documents SET case_id = :reference, is_sent = 1, changed_at = :at
               WHERE person_id = :person_id AND case_kind = :case_kind AND case_id = :draft_id""",
            reference=reference, at=as_text(at), person_id=person_id, case_kind=case_kind, draft_id=draft_id,
        )  # fmt: skip

    def drop_documents(self, document_ids: Iterable[str]) -> int:
        """The rows, and with them the keys; returns how many there were."""
        with self.transaction():
            return sum(self.run("DELETE FROM documents WHERE id = :id", id=document_id) for document_id in document_ids)

    def next_document_to_look_at(self, at: datetime) -> Document | None:
        """The one that has waited longest; one that was given back waits for its time."""
        found = self._documents(
            f"""SELECT * FROM documents WHERE state = :waiting AND {NOT_SETTLED} AND (next_try_at IS NULL OR next_try_at <= :at)
                ORDER BY changed_at, id LIMIT 1""",  # noqa: S608 - our own words
            waiting=str(State.WAITING), at=as_text(at),
        )  # fmt: skip
        return found[0] if found else None

    def documents_held(self) -> list[Document]:
        """In the hands of some worker."""
        return self._documents(
            f"SELECT * FROM documents WHERE state = :state AND {NOT_SETTLED} ORDER BY id",  # noqa: S608 - our own words
            state=str(State.LOOKED_AT),
        )

    def every_document(self) -> Iterator[Document]:
        """In the order of their references, a lot at a time."""
        after = ""
        while found := self._documents("SELECT * FROM documents WHERE id > :after ORDER BY id LIMIT :most", after=after, most=LOT):
            yield from found
            after = found[-1].id

    def count_documents_waiting(self) -> int:
        row = self.one(
            f"SELECT COUNT(*) AS count FROM documents WHERE state = :waiting AND {NOT_SETTLED}",  # noqa: S608 - our own words
            waiting=str(State.WAITING),
        )
        return int(row["count"]) if row else 0

    def count_documents_not_sent(self, person_id: str) -> int:
        """Of this person's drafts; refused ones hold no files and do not count."""
        row = self.one(
            "SELECT COUNT(*) AS count FROM documents WHERE person_id = :person_id AND is_sent = 0 AND state <> :refused",
            person_id=person_id, refused=str(State.REFUSED),
        )  # fmt: skip
        return int(row["count"]) if row else 0

    def documents_left_behind(self, before: datetime) -> list[str]:
        """Unchanged since `before`: uploads that broke off, and those of cases never sent whose draft is gone. A draft that is kept keeps
        its papers, however old they are; it stands in `drafts` as "<kind of case>:<id>"."""
        rows = self.all(
            """SELECT id FROM documents
               WHERE changed_at < :before AND (state = :coming OR (is_sent = 0 AND NOT EXISTS (
                   SELECT 1 FROM drafts WHERE owner = 'person:' || documents.person_id
                   AND kind = documents.case_kind || ':' || documents.case_id))) ORDER BY id""",
            coming=str(State.COMING), before=as_text(before),
        )  # fmt: skip
        return [str(row["id"]) for row in rows]

    def documents_among(self, document_ids: Iterable[str]) -> set[str]:
        """Those of these references that there are."""
        return {one for one in document_ids if self.one("SELECT 1 FROM documents WHERE id = :id", id=one) is not None}

    def _documents(self, sql: str, **values: Any) -> list[Document]:
        return [self._document_in(row) for row in self.all(sql, **values)]

    def _moving_columns_of_document(self, document: Document) -> dict[str, Any]:
        facts = {
            "paper": document.place.paper,
            "size": document.size,
            "sha256": document.sha256,
            "key": base64.b64encode(document.key).decode(),
            "pieces": [[piece.name, piece.length] for piece in document.pieces],
        }
        return {
            "state": str(document.state),
            "why": str(document.why or ""),
            "changed_at": as_text(document.changed_at),
            "pages": document.pages,
            "held_by": document.held_by,
            "tries": document.tries,
            "next_try_at": as_text(document.next_try_at) if document.next_try_at else None,
            "version": document.version,
            "sealed": self.vault.seal(facts, f"documents:{document.id}"),
        }

    def _document_in(self, row: Row) -> Document:
        facts = self.vault.open(row["sealed"], f"documents:{row['id']}")
        return Document(
            id=row["id"],
            person_id=row["person_id"],
            place=Place(row["case_kind"], row["case_id"], facts["paper"]),
            state=State(row["state"]),
            started_at=from_text(row["started_at"]),
            changed_at=from_text(row["changed_at"]),
            size=facts["size"],
            sha256=facts["sha256"],
            key=base64.b64decode(facts["key"]),
            pieces=tuple(Piece(name, length) for name, length in facts["pieces"]),
            pages=row["pages"],
            why=Why(row["why"]) if row["why"] else None,
            is_sent=bool(row["is_sent"]),
            held_by=row["held_by"],
            tries=row["tries"],
            next_try_at=from_text(row["next_try_at"]) if row["next_try_at"] else None,
            version=row["version"],
        )
