"""Every state is fetched once in a run of the tests, whichever of the processes comes first; the others read what it wrote."""

from __future__ import annotations

import fcntl
import pickle
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from tests.accessibility.looking import Looker
from tests.accessibility.states import Shown, every_state
from tests.front_door import StandIn
from tests.standing_clock import StandingClock
from webapp.app import create_app, tools_for
from webapp.config import settings_from


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
    clock = StandingClock()
    tools = replace(tools_for(settings), clock=clock)
    try:
        return every_state(create_app(settings, tools), tools, clock)
    finally:
        tools.store.close()


@pytest.fixture
def looker(browser: Browser, client: FlaskClient, request: pytest.FixtureRequest) -> Iterator[Looker]:
    one = Looker(browser, client, undecided=getattr(request.module, "UNDECIDED_TOO", False))
    yield one
    one.context.close()
