"""What every engine gives the queries: rows by name, writes inside a transaction.

Queries are written once (`queries/`), in SQL that SQLite and PostgreSQL both read, with `:name` parameters and days,
times and flags as ISO text and integers. An engine adds connect, transaction, claim, search and migrate, nothing else.
An ORM was considered: its cost a query is 2 to 10 times the driver's and the statements here are few.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from webapp.adapters.vault import Vault
from webapp.ports import Meter

Row = Mapping[str, Any]


class Driver(ABC):
    """The part of an engine that queries see."""

    vault: Vault
    meter: Meter

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
