"""Somebody else holds the database: a moment is waited for, longer is said, and the same sent again is one."""

from __future__ import annotations

import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import psycopg
import pytest

from tests.conftest import ENGINES
from tests.nothing_lost.installation import Installation, OnPostgres, Visitor
from tests.nothing_lost.sending import SOMCHAI, WRONG, Person, is_there_once, nothing_is_half

pytestmark = pytest.mark.parametrize("engine", ENGINES)


@contextmanager
def held_by_somebody(installation: Installation) -> Iterator[Callable[[], object]]:
    """Yields what lets go of it. Of PostgreSQL one table is held: nobody can hold all of it."""
    if isinstance(installation, OnPostgres):
        with psycopg.connect(installation.environment["SITTHI_DATABASE_URL"]) as server:
            server.execute("LOCK TABLE corrections IN EXCLUSIVE MODE")
            yield server.rollback
        return
    with closing(sqlite3.connect(installation.database, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        yield lambda: db.execute("ROLLBACK")


def test_a_locked_database_is_waited_for_and_then_said_and_nothing_comes_twice(installation: Installation) -> None:
    installation.serve(workers=2)
    somchai = Person(Visitor(installation.url).sign_in(SOMCHAI), SOMCHAI)
    key = secrets.token_urlsafe(18)
    with held_by_somebody(installation) as let_go:
        sending = threading.Thread(target=somchai.send, args=(key,))
        sending.start()
        time.sleep(0.7)
        assert sending.is_alive(), "it waits"
        let_go()
        sending.join()
    assert key in somchai.acknowledged
    late = secrets.token_urlsafe(18)
    with held_by_somebody(installation):
        began = time.monotonic()
        answers: list[int] = []
        reading = threading.Thread(target=lambda: answers.append(somchai.visitor.get("/my-data").status_code))
        reading.start()
        refused = somchai.try_to_send(late)
        reading.join()
        assert 3 < time.monotonic() - began < 15
        assert answers == [200]
    assert refused.status_code == 503
    assert "Our database does not answer" in refused.page.h1
    assert installation.rows("SELECT 1 FROM corrections WHERE idempotency_key = ?", late) == []
    again = somchai.visitor.post(WRONG, **refused.page.form(WRONG)["fields"])
    assert again.headers["Location"].endswith(somchai.send(late))
    is_there_once(installation, somchai)
    nothing_is_half(installation)
