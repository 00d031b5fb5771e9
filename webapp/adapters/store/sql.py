"""What every engine gives the queries: rows by name, writes inside a transaction.

Queries are written once (`queries/`), in SQL that SQLite and PostgreSQL both read, with `:name` parameters and days,
times and flags as ISO text and integers. An engine adds connect, transaction, claim, search and migrate, nothing else.
An ORM was considered: its cost a query is 2 to 10 times the driver's and the statements here are few.

A transaction is serializable on every engine: what it read is still so when it is written. SQLite lets one writer in at a time.
PostgreSQL lets many in and turns one of two away that got in each other's way (StoreConflict); `again` lets the work of that one run
anew.
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from time import perf_counter
from types import TracebackType
from typing import Any, TypeVar

from webapp.adapters.vault import Vault
from webapp.domain.measure import SLOW_QUERIES, STORE_FAULTS
from webapp.ports import Meter, StoreFull, StoreReadOnly, StoreUnavailable

Row = Mapping[str, Any]
T = TypeVar("T")
LONGEST_TOLD = 1500  # letters of a statement in the log
WAITED_FOR = ("locked", "busy", "lock timeout")

log = logging.getLogger("sitthi-store")


class Driver(ABC):
    """The part of an engine that queries see."""

    vault: Vault
    meter: Meter
    is_read_only: bool
    slow_seconds: float

    each_its_own = ""
    """Stands behind a SELECT of rows that several workers take: another's are passed over. Where one writes at a time nothing is needed."""

    @abstractmethod
    def all(self, sql: str, **values: Any) -> Sequence[Row]: ...

    @abstractmethod
    def one(self, sql: str, **values: Any) -> Row | None:
        """The first row, or None."""

    @abstractmethod
    def run(self, sql: str, **values: Any) -> int:
        """Write, in the open transaction or in one of its own; returns how many rows it touched."""

    @abstractmethod
    def run_many(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> None: ...

    @abstractmethod
    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing; a second one inside joins the first."""

    def taking(self) -> AbstractContextManager[None]:
        """A transaction that takes rows `each_its_own`: nothing that it decides hangs on rows that others write."""
        return self.transaction()

    def steady(self, *tables: str) -> AbstractContextManager[None]:
        """Whoever was writing to these tables has finished, and nobody begins before it ends: the highest number that is read is then the
        highest there will ever be below the next. In a transaction it comes first, and lasts as long. One writes at a time: nothing to
        do."""
        return nullcontext()

    def gaps_until(self) -> int:
        """Up to this number, one may have been given to an entry of the audit that was then not written, and is never given again."""
        return 0

    @abstractmethod
    def inside(self, column: str, name: str) -> str:
        """SQL for the text that stands under a name in a column of JSON."""

    def again(self, work: Callable[[], T]) -> T:
        """What `work` returns; it is run anew where it got in another's way before anything of it was written."""
        return work()

    @abstractmethod
    def named(self, fault: BaseException) -> Exception | None:
        """An engine's fault by our names; None where it is none of its troubles."""

    @contextmanager
    def faults_named(self) -> Iterator[None]:
        """For what is no single statement."""
        try:
            yield
        except Exception as fault:
            named = self.named(fault)
            if named is None:
                raise
            raise named from fault


class Watched:
    """One statement: how long it took, and what went wrong by our names. A slow one is told to the log with the names of its values and
    never the values."""

    __slots__ = ("_began", "_sql", "_store")

    def __init__(self, store: Driver, sql: str) -> None:
        self._store, self._sql, self._began = store, sql, perf_counter()

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        took = perf_counter() - self._began
        if took >= self._store.slow_seconds:
            self._store.meter.count(SLOW_QUERIES)
            text = " ".join(self._sql.split())[:LONGEST_TOLD]
            log.warning("slow statement", extra={"ms": round(took * 1000), "sql": text})
        if fault is not None:
            self._name(fault)

    def _name(self, fault: BaseException) -> None:
        named = self._store.named(fault)
        if named is None:
            return
        if isinstance(named, StoreReadOnly):
            if not self._store.is_read_only:
                self._store.meter.count(STORE_FAULTS, "read_only")
        elif isinstance(named, StoreUnavailable):
            is_locked = any(word in str(named) for word in WAITED_FOR)
            self._store.meter.count(STORE_FAULTS, "full" if isinstance(named, StoreFull) else "locked" if is_locked else "unavailable")
        raise named from fault
