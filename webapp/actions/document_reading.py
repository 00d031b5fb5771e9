"""The worker's part: each document is put together, scanned, drawn anew page by page, and what was sent is thrown away.

Decided:
- One document at a time and a worker: drawing takes a second and most of a processor. Whoever needs more starts another worker; no document
  has two holders, since taking one names the version it starts from.
- A worker that falls silent loses what it holds, as with reminders: whoever sees the same document in the same hands for SILENCE seconds of
  its own clock gives it back to the queue. Three times taken up and never put down: it is refused, and the queue goes on.
- Where a scanner is configured and gives no answer, nothing is known of the document: it waits, nobody is shown it, and it is no try of the
  document's. The run ends there, since the next one would meet the same silence.
- A document of a sent case that became ready or was refused is told to its case in the same transaction (`settled`): the case plans what
  its person is told.
- The files of the pages are written before the row says that they are there; the pieces go after it has said so.
Put aside: reading while the request waits (a bomb would hold a thread of the server), and keeping what was sent beside the pages.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Callable, Mapping
from datetime import timedelta

from webapp.actions import audit
from webapp.actions.documents import THUMBNAIL, page_name
from webapp.domain import document as rule
from webapp.domain.audit import Act
from webapp.domain.document import LONGEST_HEAD, MOST_TRIES, Document, Why, kind_of
from webapp.ports import Drawn, FileGone, ScannerSilent, Tools

SILENCE = 300.0
"""Seconds; longer than a scan and a drawing may take together."""
SCANNER_WAIT = timedelta(minutes=1)
Settled = Callable[[Tools, Document], None]
log = logging.getLogger("sitthi")


class Reader:
    """One worker's way through the documents; keep it between runs: it remembers who fell silent."""

    def __init__(self, tools: Tools, settled: Mapping[str, Settled] | None = None) -> None:
        self._tools, self._store, self._settled = tools, tools.store, dict(settled or {})
        self._name = secrets.token_hex(8)
        self._watched: dict[str, tuple[int, float]] = {}

    def run(self, stop: Callable[[], bool] = lambda: False) -> int:
        """Until nothing is left that can be looked at now, or `stop` says so; returns how many became ready or were refused."""
        self._take_over_from_silent_ones()
        count = 0
        while not stop():
            found: Document | None = self._store.next_document_to_look_at(self._tools.clock.now())
            if found is None:
                break
            taken = rule.take(found, self._name, self._tools.clock.now())
            if not self._store.update_document(found, taken):
                continue
            try:
                count += self._settle(taken, self._look_at(taken))
            except ScannerSilent:
                self._put_down(taken)
                break
        return count

    def _look_at(self, document: Document) -> Drawn | Why:
        """Raises ScannerSilent."""
        if document.tries > MOST_TRIES:
            return Why.DAMAGED
        data = self._whole(document)
        if data is None:
            return Why.NOT_WHOLE
        if self._tools.scanner is not None and not self._tools.scanner.is_clean(data):
            return Why.VIRUS
        kind = kind_of(data[:LONGEST_HEAD])
        return Why.NOT_OUR_KIND if kind is None else self._tools.drawing.draw(data, kind)

    def _whole(self, document: Document) -> bytes | None:
        """The pieces put together, where they are what was announced."""
        try:
            data = b"".join(self._tools.files.get(document.id, piece.name, document.key) for piece in document.pieces)
        except (FileGone, ValueError):
            return None
        return data if hashlib.sha256(data).hexdigest() == document.sha256 else None

    def _settle(self, document: Document, found: Drawn | Why) -> bool:
        """False where somebody took it over, or its person took it away meanwhile."""
        now = self._tools.clock.now()
        if isinstance(found, Drawn):
            self._keep(document, found)
            after = rule.make_ready(document, len(found.pages), now)
        else:
            after = rule.refuse(document, found, now)
        with self._store.transaction():
            is_ours = bool(self._store.update_document(document, after))
            if is_ours:
                self._tell(document.id)
        if is_ours:
            self._tools.files.drop(document.id, [piece.name for piece in document.pieces])
        elif self._store.document(document.id) is None:
            self._tools.files.drop(document.id)
        return is_ours

    def _keep(self, document: Document, drawn: Drawn) -> None:
        for number, page in enumerate(drawn.pages, start=1):
            self._tools.files.put(document.id, page_name(number), page, document.key)
        self._tools.files.put(document.id, THUMBNAIL, drawn.thumbnail, document.key)

    def _tell(self, document_id: str) -> None:
        """As it stands now: its case may have been sent while we looked."""
        settled: Document | None = self._store.document(document_id)
        assert settled is not None
        audit.note(self._tools, Act.PAPER_STEP, audit.WORKER, settled.person_id, settled.id, step=str(settled.state))
        told = self._settled.get(settled.place.case_kind)
        if told is not None and settled.is_sent:
            told(self._tools, settled)

    def _put_down(self, document: Document) -> None:
        log.warning("the virus scanner gives no answer: documents wait")
        now = self._tools.clock.now()
        self._store.update_document(document, rule.give_back(document, now, now + SCANNER_WAIT, as_if_not_tried=True))

    def _take_over_from_silent_ones(self) -> None:
        now, held = self._tools.clock.elapsed(), {one.id: one for one in self._store.documents_held()}
        self._watched = {known: seen for known, seen in self._watched.items() if known in held}
        for known, document in held.items():
            seen = self._watched.get(known)
            if seen is None or seen[0] != document.version:
                self._watched[known] = (document.version, now)
            elif now - seen[1] > SILENCE:
                at = self._tools.clock.now()
                if self._store.update_document(document, rule.give_back(document, at, at)):
                    log.warning("a worker fell silent: a document is free again")
