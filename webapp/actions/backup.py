"""Making a backup while people write, looking it over, and putting one back.

Decided:
- First the files are held (what others drop stays readable), then everybody who was writing has finished, then the database is copied as
  of one moment; only then are the files of the documents which that copy names carried away. A file is there before its row says so
  (actions/documents.py), and a held one goes after the backup: so every document of the copy is in the backup, whatever happens
  meanwhile.
- A backup is looked over by what it becomes: laid out, opened with the keys of these settings, compared with its manifest (rows of every
  table, the schema), its pages and references checked, the audit's seals too, and every document opened. A restore does all of it before
  anything is put in place; a trial does all of it and puts nothing in place.
- The copy of an older release is migrated where it was laid out, once it was compared. One of a newer release is refused.
- One format, whatever the engine: the database goes into a backup as an SQLite file, which can be laid out and looked over on any machine.
  A database of PostgreSQL is written into one as of one moment; an empty one takes the file in, in one transaction that ends once the
  documents are in place. So a backup of one engine can be restored into the other.
- Restoring never overwrites: whoever restores moves away what is there, knowingly. There is no switch for it.
- After a restore nobody is signed in: sessions that had ended would be alive again.
Put aside: copying the file with its log (a restore would depend on what was flushed when), incremental backups (a province's database is
carried in seconds; a chain of parts is as weak as each of them), and putting the settings in: their keys open everything, and belong in a
safe.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from webapp.actions import audit
from webapp.actions.devices import end_by_operator
from webapp.actions.documents import THUMBNAIL, page_name
from webapp.domain import backup as rule
from webapp.domain.document import Document
from webapp.ports import Archives, BackupRefused, CopyRefused, FileGone, FilesUnavailable, Part, StoreFull, StoreReadOnly, Tools

DATABASE, DOCUMENTS = "sitthi.db", "documents"
MOST_NAMED = 20
OpenAt = Callable[[Path], Tools]
"""The tools of these settings, over the database and the documents in another folder."""


@dataclass(frozen=True)
class Made:
    """`lacking`: documents of which a file was not there, as it was not there in the installation itself."""

    path: Path
    size: int
    made_at: datetime
    rows: int
    documents: int
    lacking: tuple[str, ...]
    removed: tuple[str, ...] = ()


@dataclass(frozen=True)
class LookedOver:
    """What a backup became once it was laid out; `findings` are sentences on what is amiss, `applied` the migrations it lacked."""

    made_at: datetime
    age: timedelta
    release: str
    rows: int
    documents: int
    last_entry: int
    last_seal: str
    findings: tuple[str, ...]
    applied: tuple[str, ...] = ()
    sessions_ended: int = 0


@dataclass
class _Carried:
    """Counted while the documents go into the archive."""

    documents: int = 0
    lacking: list[str] = field(default_factory=list)


def make(tools: Tools, archives: Archives, open_at: OpenAt, to: Path, keep_days: int | None = None, is_noted: bool = True) -> Made:
    """`to` names the file, or a folder where it is named after the time; with `keep_days`, older ones of that folder go. `is_noted`: it
    counts as the last one. Raises BackupRefused, StoreUnavailable."""
    made_at = tools.clock.now()
    path = to / rule.name_of(made_at) if to.is_dir() else to
    with archives.room() as room, _faults_named(), tools.files.held():
        _everybody_has_written(tools)
        tools.store.copy_to(room / DATABASE)
        copy, carried = open_at(room), _Carried()
        try:
            facts = _facts_of(copy, made_at)
            size = archives.write(path, _parts(tools, copy, room, carried), lambda: {**facts, "documents": carried.documents})
        finally:
            copy.store.close()
    if is_noted:
        archives.note({"made_at": made_at.isoformat(), "name": path.name, "bytes": size, "verified": False})
    removed = archives.prune(path.parent, partial(rule.to_remove, days=keep_days)) if keep_days else []
    return Made(path, size, made_at, sum(facts["rows"].values()), carried.documents, tuple(carried.lacking), tuple(removed))


def verify(tools: Tools, archives: Archives, open_at: OpenAt, source: Path) -> LookedOver:
    """Lay it out beside the installation, look it over, and take it away again. Raises BackupRefused."""
    with archives.room() as room:
        found = _laid_out(tools, archives, open_at, source, room)
    noted = archives.noted()
    if noted and noted["name"] == source.name and not found.findings:
        archives.note({**noted, "verified": True})
    return found


def restore(tools: Tools, archives: Archives, open_at: OpenAt, source: Path) -> LookedOver:
    """Where no installation lives. With findings nothing was put in place. Raises BackupRefused."""
    documents = tools.settings.documents_folder
    _refuse_if_living(tools, documents)
    with archives.room() as room, _faults_named():
        found = _laid_out(tools, archives, open_at, source, room, in_earnest=True)
        if found.findings:
            return found
        with tools.store.becoming(room / DATABASE, archives.put_in_place):
            if (room / DOCUMENTS).is_dir():
                archives.put_in_place(room / DOCUMENTS, documents)
    return found


def last_made(tools: Tools, archives: Archives) -> tuple[datetime, bool, bool] | None:
    """When this installation was backed up last, whether that backup was verified, and whether it is too old."""
    noted = archives.noted()
    if noted is None:
        return None
    made_at = datetime.fromisoformat(noted["made_at"])
    return made_at, bool(noted["verified"]), rule.is_too_old(made_at, tools.clock.now())


# Making


@contextmanager
def _faults_named() -> Iterator[None]:
    """What the outer world says in words of its own becomes one line on the backup."""
    try:
        yield
    except StoreFull as fault:
        raise BackupRefused(f"there is no room: {fault}") from fault
    except CopyRefused as fault:
        raise BackupRefused(str(fault)) from fault
    except FilesUnavailable as fault:
        raise BackupRefused(f"the folder of documents: {fault}") from fault


def _everybody_has_written(tools: Tools) -> None:
    """Whoever dropped files before they were held, inside a transaction, has ended it once we have had our turn to write. Into a store
    that takes no write nobody writes."""
    with suppress(StoreReadOnly), tools.store.transaction(), tools.store.steady("documents"):
        pass


def _facts_of(copy: Tools, made_at: datetime) -> dict[str, Any]:
    head = copy.store.last_batch()
    return {
        "made_at": made_at.isoformat(),
        "release": version("sitthi"),
        "schema": copy.store.schema()[0],
        "rows": copy.store.count_rows(),
        "last_entry": copy.store.last_number_given(),
        "last_seal": f"{head.number}:{head.hash}" if head else "",
    }


def _parts(tools: Tools, copy: Tools, room: Path, carried: _Carried) -> Iterator[Part]:
    yield Part(DATABASE, lambda: (room / DATABASE).open("rb"))
    for document in copy.store.every_document():
        carried.documents += 1
        for name in names_of(document):
            try:
                opened = tools.files.sealed(document.id, name)
            except FileGone:
                carried.lacking.append(document.id)
                continue
            yield Part(f"{DOCUMENTS}/{document.id[-2:]}/{document.id}/{name}", lambda opened=opened: opened)  # type: ignore[misc]


def names_of(document: Document) -> Iterable[str]:
    """The files that its row says are there."""
    if document.is_ready:
        return (*map(page_name, range(1, document.pages + 1)), THUMBNAIL)
    return () if document.is_settled else tuple(piece.name for piece in document.pieces)


# Looking over


def _laid_out(tools: Tools, archives: Archives, open_at: OpenAt, source: Path, room: Path, in_earnest: bool = False) -> LookedOver:
    facts = archives.unpack(source, room)
    made_at, applied, ended = datetime.fromisoformat(facts["made_at"]), [], 0
    copy = open_at(room)
    try:
        findings = [*copy.store.faults(), *_against(copy, facts)]
        if not findings:
            applied = copy.store.migrate()
            findings = list(_inside(copy, facts))
        if in_earnest and not findings:
            ended = end_by_operator(copy, None)
            copy.store.sweep()
    finally:
        copy.store.close()
    return LookedOver(
        made_at, tools.clock.now() - made_at, facts["release"], sum(facts["rows"].values()), facts["documents"], facts["last_entry"],
        facts["last_seal"], tuple(findings), tuple(applied), ended,
    )  # fmt: skip


def _against(copy: Tools, facts: Mapping[str, Any]) -> Iterator[str]:
    """As it was laid out, before anything is migrated."""
    applied, unknown = copy.store.schema()
    if unknown:
        raise BackupRefused(f"it was made by a newer release ({facts['release']}, with the migration {unknown[0]}): install that one first")
    if applied != facts["schema"]:
        yield "schema: it holds other migrations than its manifest names"
    rows = copy.store.count_rows()
    for table in sorted(set(rows) | set(facts["rows"])):
        if rows.get(table) != facts["rows"].get(table):
            yield f"{table}: {rows.get(table)} rows, and the manifest names {facts['rows'].get(table)}"


def _inside(copy: Tools, facts: Mapping[str, Any]) -> Iterator[str]:
    """With the keys of these settings: whether they open it, the audit is whole, and every document can be shown."""
    if missing := copy.store.keys_in_use().missing:
        yield f"keys: its rows need {', '.join(missing)}, which the settings do not give"
        return
    number, _, seal = facts["last_seal"].partition(":")
    found = audit.check(copy, (int(number), seal) if number else None)
    yield from (f"audit: {one.code}, entry or batch {one.number}" for one in found.findings[:MOST_NAMED])
    documents, lacking = 0, []
    for document in copy.store.every_document():
        documents += 1
        if not all(_opens(copy, document, name) for name in names_of(document)):
            lacking.append(document.id)
    yield from (f"documents: {one} does not open" for one in lacking[:MOST_NAMED])
    if documents != facts["documents"]:
        yield f"documents: {documents}, and the manifest names {facts['documents']}"


def _opens(copy: Tools, document: Document, name: str) -> bool:
    try:
        copy.files.get(document.id, name, document.key)
    except (FileGone, ValueError):
        return False
    return True


def _refuse_if_living(tools: Tools, documents: Path) -> None:
    with _faults_named():
        living = tools.store.what_lives()
    if living:
        raise BackupRefused(f"{living}: stop app and worker and move it away, or name {_another_place(tools)}; nothing is overwritten")
    if documents.is_dir() and any(documents.iterdir()):
        raise BackupRefused(f"{documents} holds documents: move them away, or name another DATA_DIR; nothing is overwritten")


def _another_place(tools: Tools) -> str:
    return "another DATA_DIR" if tools.settings.database_url.startswith("sqlite:") else "an empty database in SITTHI_DATABASE_URL"
