"""Every state is fetched once in a run of the tests, whichever of the processes comes first; the others read what it wrote."""

from __future__ import annotations

import fcntl
import pickle
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.accessibility.looking import Looker
from tests.accessibility.serving import Served, serving
from tests.accessibility.states import Shown, every_state
from tests.front_door import StandIn
from tests.standing_clock import StandingClock
from webapp.app import create_app, tools_for
from webapp.config import settings_from
from webapp.ports import Tools


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """A folder that all processes of this run have in common."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if hasattr(request.config, "workerinput") else own


@pytest.fixture(scope="session")
def states(shared: Path, tmp_path_factory: pytest.TempPathFactory, laid_database: Path, _standin: StandIn) -> list[Shown]:
    kept = shared / "every-state.pickle"
    with (shared / "every-state.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            kept.write_bytes(pickle.dumps(_fetched(tmp_path_factory.mktemp("states"), laid_database, _standin)))
    found: list[Shown] = pickle.loads(kept.read_bytes())
    return found


def _fetched(folder: Path, laid_database: Path, standin: StandIn) -> list[Shown]:
    clock = StandingClock()
    tools = replace(_tools_of(folder, laid_database, standin), clock=clock)
    try:
        return every_state(create_app(tools.settings, tools), tools, clock)
    finally:
        tools.store.close()


def _tools_of(folder: Path, laid_database: Path, standin: StandIn) -> Tools:
    database = folder / "sitthi.db"
    shutil.copy(laid_database, database)
    settings = settings_from(
        {
            "SITTHI_DATABASE_URL": f"sqlite:///{database}",
            "DATA_DIR": str(folder),
            "SITTHI_THAID_ISSUER": standin.url,
            "SITTHI_LIMITS": "off",
        }
    )
    return tools_for(settings)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, laid_database: Path, _standin: StandIn) -> Iterator[Served]:
    tools = _tools_of(tmp_path_factory.mktemp("served"), laid_database, _standin)
    with serving(create_app(tools.settings, tools)) as one:
        yield one
    tools.store.close()


@pytest.fixture(scope="session")
def looker(browser: Browser, served: Served) -> Iterator[Looker]:
    """One for all that a process looks at: it remembers which colours it has met."""
    one = Looker(browser, served)
    yield one
    one.context.close()
