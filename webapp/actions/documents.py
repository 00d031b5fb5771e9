"""Giving a document for a paper of one's case, in one go or in pieces, looking at it, and taking it away again.

Decided:
- Whose case it is and which papers it asks for is the case's own business (web/papers.py asks it); here a document belongs to one person,
  and to everybody else it does not exist.
- A request only takes bytes: it looks at the first sixteen, seals what came and writes it down. What takes time or reads the file
  is the worker's (actions/document_reading.py).
- A file is written before its row says so, and a file that no row names is swept away: whatever breaks off between the two, nothing
  that was acknowledged is missing, and nothing that was not is shown.
- Officers see what is ready and nothing else, after they said why they open the case; each document that they open is an entry of the
  audit, once a day. Nobody opens their own at the desk.
- Sending the case does not wait for the worker: a document on its way goes with the case.
- Whether the case is sent already is asked of it inside the transaction that begins the document (`is_sent`): one that was sent between the
  page and the file gets the file all the same.
Put aside: an address that opens without a session (a link in a message would be enough to read somebody's papers).
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time

from webapp.actions import audit
from webapp.actions.hospital_change import new_reference
from webapp.actions.officers import NobodyDecidesTheirOwnCase
from webapp.domain import document as rule
from webapp.domain.assessment import Refusal
from webapp.domain.audit import Act, ReadReason, Who
from webapp.domain.dates import BANGKOK
from webapp.domain.document import LONGEST_HEAD, ONE_DAY, AnotherOffset, Document, Piece, Place, kind_of
from webapp.ports import FileGone, Officer, Tools

PREFIX = "DC"
KEY_BYTES = 32
WHOLE, THUMBNAIL = "whole", "thumbnail"
MINUTE_SECONDS = 60
SWEPT_AFTER = 3600.0
"""Seconds that a file may lie without a row: the longest that one can be on its way."""


# The person


def of_a_draft() -> bool:
    """What `is_sent` answers for a case that is not sent yet."""
    return False


def attach(
    tools: Tools, person_id: str, place: Place, data: bytes, by: Who | None = None, is_sent: Callable[[], bool] = of_a_draft
) -> Document | Refusal:
    """The whole file at once. The same bytes for the same paper are the same document; `by` where somebody else does it for the person."""
    if kind_of(data[:LONGEST_HEAD]) is None:
        return Refusal(rule.reasons_about(len(data), not data, 0, 0))
    started = begin(tools, person_id, place, len(data), hashlib.sha256(data).hexdigest(), by, is_sent)
    if isinstance(started, Refusal) or started.state is not rule.State.COMING:
        return started
    tools.files.put(started.id, WHOLE, data, started.key)
    grown = rule.add(replace(started, pieces=()), 0, Piece(WHOLE, len(data)), data[:LONGEST_HEAD], tools.clock.now())
    assert isinstance(grown, Document)
    if not tools.store.update_document(started, grown):
        return _as_it_is(tools, started)
    tools.files.drop(started.id, [piece.name for piece in started.pieces])
    return grown


def begin(
    tools: Tools, person_id: str, place: Place, size: int, sha256: str, by: Who | None = None, is_sent: Callable[[], bool] = of_a_draft
) -> Document | Refusal:
    """A document to be sent in pieces, or the one whose sending broke off. What was refused may be sent once more."""
    with tools.store.transaction():
        others = tuple(one for one in tools.store.documents_of_case(place.case_kind, place.case_id) if one.person_id == person_id)
        same = rule.same_in(others, place, sha256)
        if same is not None:
            return same
        counted = tuple(one for one in others if one.state is not rule.State.REFUSED)
        key, now, not_sent = secrets.token_bytes(KEY_BYTES), tools.clock.now(), tools.store.count_documents_not_sent(person_id)
        started = rule.begin(new_reference(PREFIX), person_id, place, size, sha256, key, now, counted, is_sent(), not_sent)
        if isinstance(started, Document):
            tools.store.add_document(started)
            audit.note(tools, Act.PAPER_STEP, by or audit.person(person_id), person_id, started.id, step="attached")
    return started


def add_piece(tools: Tools, person_id: str, document_id: str, offset: int, data: bytes) -> Document | Refusal | None:
    """The next bytes; None for another's document. Raises AnotherOffset, which says where to go on. A first piece of no kind that we take
    ends it."""
    before = document_of(tools, person_id, document_id)
    if before is None:
        return None
    piece = Piece(f"piece-{offset}-{secrets.token_hex(4)}", len(data))
    after = rule.add(before, offset, piece, data[:LONGEST_HEAD], tools.clock.now())
    if isinstance(after, Refusal):
        _drop(tools, [before.id])
        return after
    tools.files.put(before.id, piece.name, data, before.key)
    if not tools.store.update_document(before, after):
        tools.files.drop(before.id, [piece.name])
        raise AnotherOffset(_as_it_is(tools, before))
    return after


def _as_it_is(tools: Tools, before: Document) -> Document:
    return tools.store.document(before.id) or before


def document_of(tools: Tools, person_id: str, document_id: str) -> Document | None:
    """This person's under that reference; another's and none at all answer alike."""
    found: Document | None = tools.store.document(document_id)
    return found if found is not None and found.person_id == person_id else None


def documents_of(tools: Tools, person_id: str, case_kind: str, case_id: str) -> list[Document]:
    """This person's in that case, the oldest first, however far they are."""
    return [one for one in tools.store.documents_of_case(case_kind, case_id) if one.person_id == person_id]


def remove(tools: Tools, person_id: str, document_id: str) -> Document | None:
    """Take it away, files and all; None for another's, or one that is gone. Whether its case still allows that is asked before."""
    with tools.store.transaction():
        found = document_of(tools, person_id, document_id)
        if found is None:
            return None
        tools.store.drop_documents([found.id])
        audit.note(tools, Act.PAPER_STEP, audit.person(person_id), person_id, found.id, step="removed")
    tools.files.drop(found.id)
    return found


def page_of(tools: Tools, document: Document, number: int) -> bytes | None:
    """A page as a JPEG, from 1; None where there is none, or the document is not ready."""
    return _file_of(tools, document, page_name(number)) if document.is_ready and 1 <= number <= document.pages else None


def thumbnail_of(tools: Tools, document: Document) -> bytes | None:
    return _file_of(tools, document, THUMBNAIL) if document.is_ready else None


def page_name(number: int) -> str:
    return f"page-{number}"


def _file_of(tools: Tools, document: Document, name: str) -> bytes | None:
    try:
        return tools.files.get(document.id, name, document.key)
    except FileGone:
        return None


# The case


def hand_over(tools: Tools, person_id: str, case_kind: str, draft_id: str, reference: str) -> int:
    """What was given for a draft belongs to the case that was sent; returns how many. Call it in the transaction that sends."""
    count: int = tools.store.hand_over_documents(person_id, case_kind, draft_id, reference, tools.clock.now())
    return count


def drop_case(tools: Tools, case_kind: str, case_id: str) -> list[str]:
    """Inside the transaction in which a draft is thrown away: the rows of its documents. Their files go with `drop_files`, after it."""
    return _drop_rows(tools, [one.id for one in tools.store.documents_of_case(case_kind, case_id)])


def drop_unsent_of(tools: Tools, person_id: str) -> list[str]:
    """Inside the transaction in which somebody's data is deleted: the rows of what they gave for cases never sent; as `drop_case`."""
    return _drop_rows(tools, [one.id for one in tools.store.documents_of(person_id) if not one.is_sent])


def drop_files(tools: Tools, document_ids: Iterable[str]) -> None:
    """Once the rows are gone for good: a transaction that was undone must find its files. What a crash leaves between the two, no row
    names, and `forget_left_behind` sweeps it away; without its row nobody has its key."""
    for document_id in document_ids:
        tools.files.drop(document_id)


def forget_left_behind(tools: Tools) -> int:
    """Uploads that broke off a day ago, documents whose draft is gone, and, a part of the folder each minute, files of rows that are gone;
    returns how many documents. For the worker."""
    gone = _drop(tools, tools.store.documents_left_behind(tools.clock.now() - ONE_DAY))
    with_files = list(tools.files.documents(SWEPT_AFTER, int(tools.clock.elapsed() // MINUTE_SECONDS)))
    known = tools.store.documents_among(with_files)
    for orphan in with_files:
        if orphan not in known:
            tools.files.drop(orphan)
    return gone


def _drop(tools: Tools, document_ids: Iterable[str]) -> int:
    """Rows first: with them goes the key, and what is left of the files can be read by nobody. Never inside a transaction."""
    ids = _drop_rows(tools, document_ids)
    drop_files(tools, ids)
    return len(ids)


def _drop_rows(tools: Tools, document_ids: Iterable[str]) -> list[str]:
    ids = list(document_ids)
    tools.store.drop_documents(ids)
    return ids


# Officers


@dataclass(frozen=True)
class OfficersPapers:
    """What officers see of a case's documents: those that are ready, and how many are still being looked at."""

    ready: tuple[Document, ...]
    still_looked_at: int


def for_officer(tools: Tools, officer: Officer, case_kind: str, case_id: str) -> OfficersPapers:
    """Raises NobodyDecidesTheirOwnCase."""
    found: list[Document] = tools.store.documents_of_case(case_kind, case_id)
    if any(one.person_id == officer.person_id for one in found):
        raise NobodyDecidesTheirOwnCase
    return OfficersPapers(tuple(one for one in found if one.is_ready), sum(not one.is_settled for one in found))


def document_for(tools: Tools, officer: Officer, document_id: str) -> Document | None:
    """One that was sent with its case and is ready, None for every other. Raises NobodyDecidesTheirOwnCase."""
    found: Document | None = tools.store.document(document_id)
    if found is None or not found.is_ready or not found.is_sent:
        return None
    if found.person_id == officer.person_id:
        raise NobodyDecidesTheirOwnCase
    return found


def may_see(tools: Tools, officer: Officer, document: Document) -> bool:
    """Whether this officer has said today why they open its case."""
    return not audit.must_say_why(tools, officer, document.place.case_id)


def note_opening(tools: Tools, officer: Officer, document: Document) -> None:
    """That this officer reads it, once a day, with the reason for which they opened the case today."""
    if has_opened_today(tools, officer, document):
        return
    reason, words = tools.store.last_reason_of(officer.id, document.place.case_id, _midnight(tools)) or (str(ReadReason.DECIDING), "")
    with tools.store.transaction():
        audit.note(tools, Act.PAPER_OPENED, audit.officer(officer.id), document.person_id, document.id, reason, words)


def has_opened_today(tools: Tools, officer: Officer, document: Document) -> bool:
    return bool(tools.store.has_opened(officer.id, document.id, _midnight(tools)))


def _midnight(tools: Tools) -> datetime:
    return datetime.combine(tools.clock.today(), time.min, BANGKOK)
