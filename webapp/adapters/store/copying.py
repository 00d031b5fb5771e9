"""Bringing all rows of one store into another, on either engine, while the app goes on writing to the first: `sitthi copy-store`, and
backups of PostgreSQL, which are SQLite files.

Decided:
- Both sides have the same schema, from the same migrations; the tables, their columns, keys and order are read from that schema (laid out
  in memory), so that a new table is copied without anybody thinking of it. Not copied: the list of migrations, and SQLite's full-text
  index of the hospitals' words, which is made anew from the words.
- The source is read as of one moment, by primary key, some thousand rows at a time. Both engines keep text in the same order (bytes), and
  so does Python (letters of UTF-8 have the order of their bytes): both sides are walked side by side and rows compared as tuples.
- First all of the target that holds rows is looked at, and nothing is written. What only lacks rows is then filled, in the order of
  references, and kept each few thousand rows: a run that was cut off goes on where it was, by running it again. Everything else is
  settled in one transaction: what changed or is too much goes away from all tables first, then all that lacks comes in. So a value that
  may stand once never stands twice on its way from one row to another; references are asked for at the end.
- What is append-only is never taken away. A target whose audit differs from the source's is no earlier copy of it, and is refused before
  anything is written.
- At the end all rows of all tables are compared once more, with the same moment of the source.
- Numbers go on behind the highest that was ever given, also to a row that is gone. Where SQLite itself gives a number again (a table
  without AUTOINCREMENT whose last rows went), only PostgreSQL remembers; brought back to SQLite, it is given again.
- SQLite takes a number that is missing among the newest entries of the audit for an entry that was removed; PostgreSQL leaves such gaps.
  So a file that was copied from there notes up to which number (`gaps_until`).

Put aside: dumps (pg_dump, .dump) rewritten by text rules, which say nothing of what they lost; pgloader and the like, a program to
install that knows neither our identities nor how to bring over the rest; triggers that note each change, which cost each write of the
app; updates in place, which trip over unique values that change places. A range of rows by hash instead of by value would save the way
over the net, but the engines have no hash in common.

A long copy holds back: SQLite's log of writes grows until its moment is let go, PostgreSQL keeps dead rows as long. A moment of
PostgreSQL is what a crash would have left then (REPEATABLE READ: it also works on a standby, and waits for nobody).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from webapp.adapters.store.migrations import APPEND_ONLY, MIGRATIONS
from webapp.adapters.store.sqlite import ROOM_FOR_A_COPY
from webapp.config import POSTGRES
from webapp.ports import CopyRefused, Store, StoreCopied, StoreFull

CHUNK = 2_000
"""Rows of one table in hand at a time, of each side."""
OF_THE_ENGINE = MIGRATIONS.migrations_table
AUDIT = "audit_entries"
SQLITE = "sqlite:///"
Key = tuple[Any, ...]
Row = tuple[Any, ...]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Table:
    """As the migrations made it. `key`: the columns of its primary key; `number`: the column whose values the table gives itself, or "";
    `parents`: the tables it refers to."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    number: str
    is_never_given_twice: bool
    parents: frozenset[str]

    @property
    def is_append_only(self) -> bool:
        return self.name in APPEND_ONLY

    @property
    def key_of(self) -> Callable[[Row], Key]:
        places = [self.columns.index(name) for name in self.key]
        return itemgetter(*places) if len(places) > 1 else lambda row: (row[places[0]],)


@dataclass(frozen=True)
class Range:
    """Keys behind `after` up to `through`; None: from the first, to the last."""

    after: Key | None = None
    through: Key | None = None


class Side(ABC):
    """A store seen as tables of rows, on a connection of its own; refusals call it by its label. Raises CopyRefused, StoreUnavailable."""

    label: str
    gives_numbers_once: bool
    """In every table, whatever becomes of the row: none is given again, and some stand for nothing."""

    @abstractmethod
    def applied(self) -> list[str]:
        """The migrations, in their order; none where it is empty."""

    @abstractmethod
    def tables(self) -> set[str]: ...

    @abstractmethod
    def one_moment(self) -> AbstractContextManager[None]:
        """All that is read inside stands as of its beginning; nothing is written."""

    @abstractmethod
    def writing(self) -> AbstractContextManager[None]:
        """All or nothing; a second one inside joins the first."""

    @abstractmethod
    def references_wait(self) -> None:
        """Until the end of the transaction: only then must every reference lead somewhere."""

    @abstractmethod
    def rows(self, table: Table, within: Range, most: int) -> list[Row]:
        """In the order of the key."""

    @abstractmethod
    def count(self, table: Table) -> int: ...

    @abstractmethod
    def insert(self, table: Table, rows: Sequence[Row]) -> None: ...

    @abstractmethod
    def delete(self, table: Table, keys: Sequence[Key]) -> None: ...

    @abstractmethod
    def last_number(self, table: Table) -> int:
        """The one that the table gave last, also to a row that is gone, as far as the engine remembers; 0 before the first."""

    @abstractmethod
    def highest_number(self, table: Table) -> int:
        """Of the rows that are there."""

    @abstractmethod
    def go_on_behind(self, table: Table, number: int) -> None:
        """The next row gets a higher number than this one, where the engine can remember it."""

    @abstractmethod
    def gaps_until(self) -> int:
        """As the Store port has it."""

    @abstractmethod
    def note_gaps(self, until: int) -> None: ...

    @abstractmethod
    def round_off(self, tables: Iterable[Table]) -> None:
        """What an engine keeps beside the rows is brought up to date."""

    @abstractmethod
    def faults(self) -> list[str]:
        """References that lead nowhere, where nobody asked for them on the way."""

    @abstractmethod
    def size(self) -> int:
        """Bytes, indexes too."""

    @abstractmethod
    def room(self) -> int | None:
        """Bytes that are free; None where that cannot be known from here."""

    @abstractmethod
    def close(self) -> None: ...


def side_at(url: str, label: str, is_source: bool = False) -> Side:
    """Raises CopyRefused; what it says never holds the address."""
    if url.startswith(POSTGRES):
        from webapp.adapters.store.copying_postgres import PostgresSide

        return PostgresSide(url, label)
    from webapp.adapters.store.copying_sqlite import SqliteSide

    if not url.startswith(SQLITE):
        raise CopyRefused(f"{label} must be sqlite:///… or postgresql://…")
    return SqliteSide(Path(url.removeprefix(SQLITE)), label, must_be_there=is_source)


# The schema


def laid_out(db: Database, applied: Sequence[str]) -> None:
    """The schema as these migrations leave it; raises CopyRefused where this release does not know them, or not in this order."""
    every = [one.name for one in MIGRATIONS.pending(Database(memory=True))]
    if list(applied) != every[: len(applied)]:
        unknown = [name for name in applied if name not in every]
        raise CopyRefused(f"its schema is not of this release: {unknown[0] if unknown else 'migrations are missing in between'}")
    MIGRATIONS.apply(db, stop_before=every[len(applied) :][:1])


def tables_at(applied: Sequence[str]) -> tuple[Table, ...]:
    """All that are copied, each behind those it refers to."""
    db = Database(memory=True)
    laid_out(db, applied)
    rows = db.query("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY rowid")
    made = {row["name"]: row["sql"] for row in rows if row["name"] != OF_THE_ENGINE}
    indexes = tuple(name for name, sql in made.items() if sql.startswith("CREATE VIRTUAL"))
    found = [_table(db, name, sql) for name, sql in made.items() if not name.startswith(indexes or "\0")]
    return tuple(_parents_first(found))


def _table(db: Database, name: str, sql: str) -> Table:
    columns = list(db.query("SELECT name, type, pk FROM pragma_table_info(?)", [name]))
    keys = sorted((one for one in columns if one["pk"]), key=itemgetter("pk"))
    parents = frozenset(row["table"] for row in db.query('SELECT "table" FROM pragma_foreign_key_list(?)', [name]))
    number = keys[0]["name"] if len(keys) == 1 and keys[0]["type"] == "INTEGER" else ""
    return Table(
        name, tuple(one["name"] for one in columns), tuple(one["name"] for one in keys), number, "AUTOINCREMENT" in sql, parents - {name}
    )


def _parents_first(tables: Iterable[Table]) -> Iterator[Table]:
    waiting, placed = list(tables), set[str]()
    while waiting:
        ready = [one for one in waiting if one.parents <= placed]
        assert ready, f"tables that refer to each other in a circle: {', '.join(one.name for one in waiting)}"
        yield from ready
        placed |= {one.name for one in ready}
        waiting = [one for one in waiting if one.name not in placed]


# The work


@dataclass
class Difference:
    """Where the target's rows of a table are not the source's, in the order of keys."""

    table: Table
    ranges: list[Range] = field(default_factory=list)
    first: Key | None = None
    rows: int = 0
    only_lacks: bool = True

    def add(self, within: Range, ours: Iterable[Row], theirs: Iterable[Row]) -> None:
        here, there, key_of = set(ours), set(theirs), self.table.key_of
        keys = {key_of(row) for row in here ^ there}
        self.first = self.first or min(keys)
        self.rows += len(keys)
        self.only_lacks = self.only_lacks and there <= here
        if self.ranges and self.ranges[-1].through == within.after:
            self.ranges[-1] = Range(self.ranges[-1].after, within.through)
        else:
            self.ranges.append(within)


class Copying:
    """`target` becomes what `source` is at the moment that `run` begins. Both hold the schema of `tables`."""

    def __init__(self, source: Side, target: Side, tables: Sequence[Table], progress: Progress = lambda done, total: None) -> None:
        self._source, self._target, self._tables, self._progress = source, target, tables, progress
        self._done = self._total = 0
        self._counted = {"added": 0, "changed": 0, "removed": 0}
        self._numbers: dict[str, int] = {}

    def run(self, in_one: bool = False) -> StoreCopied:
        """`in_one`: all of it in one transaction, for a target that must not stay half full."""
        with self._source.one_moment():
            rows = {table.name: self._source.count(table) for table in self._tables}
            self._total = 2 * sum(rows.values())
            with self._target.writing() if in_one else nullcontext():
                self._write()
            return StoreCopied(rows, differing=tuple(self._differing()), **self._counted)

    def _write(self) -> None:
        found = self._looked_at()
        _refuse_another_audit(found, self._target.label)
        unsettled = self._filled(found)
        if unsettled:
            self._settle(unsettled)
        for table in self._tables:
            if table.number:
                self._go_on(table)
        with self._target.writing():
            self._target.note_gaps(self._numbers.get(AUDIT, 0) if self._source.gives_numbers_once else self._source.gaps_until())
            self._target.round_off(self._tables)

    def _looked_at(self) -> list[Difference]:
        """Only tables that differ."""
        found = [self._look_at(table) for table in self._tables]
        return [one for one in found if one.ranges]

    def _look_at(self, table: Table) -> Difference:
        if not self._target.rows(table, Range(), 1):
            return Difference(table, [Range()])
        return self._compared(table)

    def _compared(self, table: Table) -> Difference:
        found = Difference(table)
        for within, ours, theirs in self._walk(table, Range()):
            self._step(len(ours))
            if ours != theirs:
                found.add(within, ours, theirs)
        return found

    def _walk(self, table: Table, within: Range) -> Iterator[tuple[Range, list[Row], list[Row]]]:
        """Both sides' rows of the same keys, a chunk at a time; never more than CHUNK of either."""
        after, key_of = within.after, table.key_of
        while True:
            asked = Range(after, within.through)
            ours, theirs = self._source.rows(table, asked, CHUNK), self._target.rows(table, asked, CHUNK)
            end = min((key_of(rows[-1]) for rows in (ours, theirs) if len(rows) == CHUNK), default=None)
            if end is None:
                if ours or theirs:
                    yield asked, ours, theirs
                return
            yield Range(after, end), _up_to(ours, end, key_of), _up_to(theirs, end, key_of)
            after = end

    def _filled(self, found: Iterable[Difference]) -> list[Difference]:
        """What only lacks rows, and refers to nothing that is not yet as it should be, is filled; returns the rest."""
        unsettled: dict[str, Difference] = {}
        for one in found:
            if one.only_lacks and not one.table.parents & unsettled.keys():
                self._fill(one, is_counted=one.ranges == [Range()])
            else:
                unsettled[one.table.name] = one
        return list(unsettled.values())

    def _fill(self, one: Difference, is_counted: bool) -> None:
        for within in one.ranges:
            for _, ours, theirs in self._walk(one.table, within):
                there = set(theirs)
                lacking = [row for row in ours if row not in there] if there else ours
                if lacking:
                    with self._target.writing():
                        self._target.insert(one.table, lacking)
                self._counted["added"] += len(lacking)
                self._step(len(ours) if is_counted else 0)

    def _settle(self, found: Sequence[Difference]) -> None:
        with self._target.writing():
            self._target.references_wait()
            changed = sum(self._take_away(one) for one in reversed(found))
            for one in found:
                self._fill(one, is_counted=False)
        self._counted["added"] -= changed

    def _take_away(self, one: Difference) -> int:
        """What is too much, and what is not as it should be; returns how many rows of the latter will come back."""
        key_of, will_come_back = one.table.key_of, 0
        for within in one.ranges:
            for _, ours, theirs in self._walk(one.table, within):
                here = set(ours)
                gone = [key_of(row) for row in theirs if row not in here]
                self._target.delete(one.table, gone)
                changed = len(set(gone) & {key_of(row) for row in ours})
                will_come_back += changed
                self._counted["removed"] += len(gone) - changed
        self._counted["changed"] += will_come_back
        return will_come_back

    def _go_on(self, table: Table) -> None:
        given = self._numbers[table.name] = max(self._source.last_number(table), self._source.highest_number(table))
        if given > self._target.last_number(table):
            with self._target.writing():
                self._target.go_on_behind(table, given)

    def _differing(self) -> Iterator[str]:
        for table in self._tables:
            found = self._compared(table)
            if found.first is not None:
                yield f"{table.name}: {found.rows} rows differ, the first of them {_told(table, found.first)}"
            elif self._would_be_given_twice(table):
                yield f"{table.name}: a number that was given already would be given again"
        yield from self._target.faults()

    def _would_be_given_twice(self, table: Table) -> bool:
        is_remembered = table.is_never_given_twice or (table.number and self._target.gives_numbers_once)
        return bool(is_remembered) and self._target.last_number(table) < self._numbers[table.name]

    def _step(self, rows: int) -> None:
        self._done += rows
        self._progress(min(self._done, self._total), self._total)


def _up_to(rows: list[Row], end: Key, key_of: Callable[[Row], Key]) -> list[Row]:
    return rows if not rows or key_of(rows[-1]) <= end else [row for row in rows if key_of(row) <= end]


def _told(table: Table, key: Key) -> str:
    """A key is an id, a hash, a reference or a number: nobody's name."""
    return ", ".join(f"{name} {value}" for name, value in zip(table.key, key, strict=True))


def _refuse_another_audit(found: Iterable[Difference], label: str) -> None:
    for one in found:
        if one.table.is_append_only and not one.only_lacks and one.first is not None:
            raise CopyRefused(
                f"{label} is no earlier copy: its {one.table.name}, which is only ever added to, holds something else "
                f"at {_told(one.table, one.first)}; nothing was written"
            )


# Between two addresses


class Copier:
    """The StoreCopier port. `target`: the store at the second address, which is brought up to this release first."""

    def __init__(self, source_url: str, target_url: str, target: Store) -> None:
        self._source_url, self._target_url, self.target = source_url, target_url, target

    def copy(self, again: bool, progress: Progress) -> StoreCopied:
        with closing(side_at(self._source_url, "FROM", is_source=True)) as source:
            applied = _schema_of_this_release(source)
            with closing(side_at(self._target_url, "TO")) as target:
                if not again:
                    _refuse_what_lives(target)
                    refuse_without_room(source, target)
                _refuse_other_tables(target)
                self.target.migrate()
                return Copying(source, target, _same_schema(applied, target), progress).run()


def _schema_of_this_release(source: Side) -> list[str]:
    applied, every = source.applied(), [one.name for one in MIGRATIONS.pending(Database(memory=True))]
    if not applied:
        raise CopyRefused(f"{source.label} holds no store of Sitthi")
    if lacking := [name for name in every if name not in applied]:
        raise CopyRefused(f"{source.label} lacks the migration {lacking[0]}: run 'sitthi migrate' on it first")
    if unknown := [name for name in applied if name not in every]:
        raise CopyRefused(f"{source.label} belongs to a newer release, with the migration {unknown[0]}: install that one first")
    return applied


def _same_schema(applied: Sequence[str], target: Side) -> tuple[Table, ...]:
    if set(target.applied()) != set(applied):
        raise CopyRefused(f"{target.label} holds other migrations than {', '.join(applied[-1:])} and those before it")
    return tables_at(applied)


def _refuse_other_tables(target: Side) -> None:
    if (found := target.tables()) and OF_THE_ENGINE not in found:
        raise CopyRefused(f"{target.label} holds tables of something else: name an empty database")


def _refuse_what_lives(target: Side) -> None:
    if what_lives(target):
        raise CopyRefused(
            f"{target.label} is not empty: name an empty database, or say --again to bring over what changed since the last copy"
        )


def what_lives(target: Side) -> bool:
    """Whether somebody's rows are there; the schema alone is nobody's."""
    _refuse_other_tables(target)
    applied = target.applied()
    return any(target.rows(table, Range(), 1) for table in tables_at(applied)) if applied else False


def refuse_without_room(source: Side, target: Side) -> None:
    """Raises StoreFull."""
    free, needed = target.room(), round(source.size() * ROOM_FOR_A_COPY)
    if free is not None and free < needed:
        raise StoreFull(f"a copy needs {needed // 1_000_000 + 1} MB, and {free // 1_000_000} MB are free")


# To a file and from one


def write_file(source: Side, path: Path) -> None:
    """A SQLite store as of one moment, at the schema that the source has, as one file. Raises CopyRefused, StoreFull."""
    from webapp.adapters.store.copying_sqlite import SqliteSide

    applied = source.applied()
    with closing(SqliteSide(path, "the copy", is_draft=True)) as target:
        refuse_without_room(source, target)
        target.lay_out(applied)
        _run_whole(Copying(source, target, tables_at(applied)))


@contextmanager
def taken_from(path: Path, target: Side, migrate: Callable[[], object]) -> Iterator[None]:
    """The rows of this file, which is of this release, come into an empty target when what stands inside is done, all or nothing."""
    from webapp.adapters.store.copying_sqlite import SqliteSide

    with closing(SqliteSide(path, "the file", must_be_there=True)) as source:
        if what_lives(target):
            raise CopyRefused("the database is not empty any more")
        migrate()
        with target.writing():
            _run_whole(Copying(source, target, _same_schema(_schema_of_this_release(source), target)))
            yield


def _run_whole(copying: Copying) -> None:
    if differing := copying.run(in_one=True).differing:
        raise CopyRefused(f"the copy is not as what it was made from: {differing[0]}")
