"""A document: one photograph or PDF that a person gives for a paper of their case, from its first piece to the pages an officer reads.

Decided:
- A *paper* is what a case asks for ("medical_certificate"); a *document* is one file given for it. A receipt with two sides is one paper
  and two documents.
- What a file is, its first bytes say. Its name and what the browser calls it are never read: both are the sender's to choose. A kind not
  on the list is refused at the door, so that SVG, HTML or an archive never reaches a library.
- Nothing that was sent is ever shown. The worker draws each page anew as a JPEG, a PDF's too, and throws the sent bytes away: metadata,
  places, scripts, attachments and whatever else hides in a file go with them. The price: a PDF's text can no longer be copied.
- The same bytes for the same paper are the same document: sending twice is once, and an upload that a closed page broke off goes on where
  it stopped when the same photograph is chosen again. Nothing has to be remembered on the phone for that.
- Every limit below is the app's own, none is a number of the law.
Put aside: keeping a PDF and cleaning it (what has to be taken out of a PDF is a list that never ends), and naming documents by their file
names (people's file names say who they are and what they have).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from webapp.domain.assessment import Reason, Refusal

LARGEST = 15 * 1024 * 1024
"""Bytes. A photograph of a good phone, not shrunk, has 4 to 12 MB."""
PIECE = 256 * 1024
"""Bytes of one piece at most: what a bad line carries in a few seconds, and what any request of this app may weigh."""
MOST_PAGES = 20
MOST_PIXELS = 64_000_000
"""Of one picture once it is unpacked; a JPEG is unpacked smaller where it is larger."""
LONGEST_SIDE = 2400
"""Pixels of a page as it is kept: A4 at 200 to the inch. The phone sends 2000 (static/js/upload.js)."""
THUMBNAIL_SIDE = 240
MOST_OF_A_PAPER = 10
MOST_OF_A_CASE = 40
MOST_NOT_SENT = 80
"""Of one person, in all their drafts together: what nobody ever sends must not fill the disk."""
MOST_TRIES = 3
"""How often the worker takes a document up before it is said that it cannot be read."""
ONE_DAY = timedelta(days=1)
"""How long an upload that broke off waits for its next piece."""
SHA256 = re.compile(r"[0-9a-f]{64}")
CASE_ID = re.compile(r"[\w-]{1,64}", re.ASCII)


class Kind(StrEnum):
    """What is taken."""

    JPEG = "jpeg"
    PNG = "png"
    HEIC = "heic"
    PDF = "pdf"


class State(StrEnum):
    """COMING: pieces are still missing. WAITING for the worker. LOOKED_AT: in its hands. READY to be read."""

    COMING = "coming"
    WAITING = "waiting"
    LOOKED_AT = "looked_at"
    READY = "ready"
    REFUSED = "refused"


class Why(StrEnum):
    """Why a document that arrived was refused; each has its words and its next step in web/papers.py."""

    NOT_WHOLE = "not_whole"
    NOT_OUR_KIND = "not_our_kind"
    DAMAGED = "damaged"
    LOCKED = "locked"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_HEAVY = "too_heavy"
    VIRUS = "virus"


SETTLED = frozenset({State.READY, State.REFUSED})
HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"})
LONGEST_HEAD = 16
"""Bytes that tell a kind."""


def kind_of(head: bytes) -> Kind | None:
    """By the first bytes, at the very beginning: a PDF that starts further down is something else in front."""
    if head.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if head.startswith(b"%PDF-"):
        return Kind.PDF
    return Kind.HEIC if head[4:8] == b"ftyp" and head[8:12] in HEIC_BRANDS else None


@dataclass(frozen=True)
class Place:
    """Where a document belongs; `case_id` is a draft's until the case is sent."""

    case_kind: str
    case_id: str
    paper: str


@dataclass(frozen=True)
class Piece:
    """One piece as it lies in the folder, sealed; `length` of what it holds."""

    name: str
    length: int


@dataclass(frozen=True)
class Document:
    """`key` seals its files. `held_by` names the worker that has it in its hands. `version` grows with every change but the handing over
    of a draft's papers to its case."""

    id: str
    person_id: str
    place: Place
    state: State
    started_at: datetime
    changed_at: datetime
    size: int
    sha256: str
    key: bytes = field(repr=False)
    pieces: tuple[Piece, ...] = ()
    pages: int = 0
    why: Why | None = None
    is_sent: bool = False
    held_by: str = ""
    tries: int = 0
    next_try_at: datetime | None = None
    version: int = 1

    @property
    def received(self) -> int:
        """Bytes that have arrived."""
        return sum(piece.length for piece in self.pieces)

    @property
    def is_whole(self) -> bool:
        return self.received == self.size

    @property
    def is_settled(self) -> bool:
        return self.state in SETTLED

    @property
    def is_ready(self) -> bool:
        return self.state is State.READY


class AnotherOffset(Exception):
    """A piece that does not follow the last one; `document` as it stands says where to go on."""

    def __init__(self, document: Document) -> None:
        super().__init__(f"{document.received} bytes are there")
        self.document = document


def reasons_about(size: int, kind_is_ours: bool, of_the_paper: int, of_the_case: int, not_sent: int = 0) -> tuple[Reason, ...]:
    """Every condition of taking one more file, met or not. `kind_is_ours` is not known before the first piece: then True. `not_sent`: how
    many its person has in drafts, where this one is for a draft."""
    return (
        Reason("not_empty", size > 0),
        Reason("not_too_large", size <= LARGEST, {"at_most": LARGEST}),
        Reason("of_a_kind_we_take", kind_is_ours),
        Reason("few_enough_for_this_paper", of_the_paper < MOST_OF_A_PAPER, {"at_most": MOST_OF_A_PAPER}),
        Reason("few_enough_for_this_case", of_the_case < MOST_OF_A_CASE, {"at_most": MOST_OF_A_CASE}),
        Reason("few_enough_not_sent", not_sent < MOST_NOT_SENT, {"at_most": MOST_NOT_SENT}),
    )


def begin(
    reference: str,
    person_id: str,
    place: Place,
    size: int,
    sha256: str,
    key: bytes,
    at: datetime,
    others: tuple[Document, ...],
    is_sent: bool = False,
    not_sent: int = 0,
) -> Document | Refusal:
    """A document without a piece yet; `others` are those of the same case. `is_sent`: its case is with the office already. `not_sent`: how
    many the person has in drafts."""
    of_the_paper = sum(one.place.paper == place.paper for one in others)
    reasons = reasons_about(size, True, of_the_paper, len(others), 0 if is_sent else not_sent)
    if any(reason.met is False for reason in reasons):
        return Refusal(reasons)
    return Document(reference, person_id, place, State.COMING, at, at, size, sha256, key, is_sent=is_sent)


def same_in(documents: tuple[Document, ...], place: Place, sha256: str) -> Document | None:
    """The one of this paper that holds the same bytes; a refused one may be sent anew."""
    found = (one for one in documents if one.place.paper == place.paper and one.sha256 == sha256 and one.state is not State.REFUSED)
    return next(found, None)


def add(document: Document, offset: int, piece: Piece, head: bytes, at: datetime) -> Document | Refusal:
    """With this piece. Raises AnotherOffset where it does not follow the last one, or would end behind the end; a first piece that is of no
    kind we take ends the matter."""
    ends_inside = piece.length > 0 and offset + piece.length <= document.size
    if document.state is not State.COMING or offset != document.received or not ends_inside:
        raise AnotherOffset(document)
    if offset == 0 and kind_of(head) is None:
        return Refusal((Reason("of_a_kind_we_take", False),))
    grown = replace(document, pieces=(*document.pieces, piece), changed_at=at, version=document.version + 1)
    return replace(grown, state=State.WAITING) if grown.is_whole else grown


def take(document: Document, by: str, at: datetime) -> Document:
    """Into the hands of one worker."""
    return replace(
        document, state=State.LOOKED_AT, held_by=by, tries=document.tries + 1, next_try_at=None, changed_at=at, version=document.version + 1
    )


def give_back(document: Document, at: datetime, try_again_at: datetime, as_if_not_tried: bool = False) -> Document:
    """To wait again; `as_if_not_tried` where the fault was not the document's."""
    tries = document.tries - 1 if as_if_not_tried else document.tries
    return replace(
        document, state=State.WAITING, held_by="", tries=tries, next_try_at=try_again_at, changed_at=at, version=document.version + 1
    )


def make_ready(document: Document, pages: int, at: datetime) -> Document:
    """Drawn anew: the pieces are no longer needed."""
    return _settled(document, State.READY, at, pages=pages)


def refuse(document: Document, why: Why, at: datetime) -> Document:
    return _settled(document, State.REFUSED, at, why=why)


def _settled(document: Document, state: State, at: datetime, pages: int = 0, why: Why | None = None) -> Document:
    return replace(
        document, state=state, pages=pages, why=why, pieces=(), held_by="", next_try_at=None, changed_at=at, version=document.version + 1
    )
