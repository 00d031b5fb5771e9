"""Fixtures: a store with the sample register and demonstration people, a standing clock, a live ThaiD stand-in, a browserless client."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, sync_playwright
from werkzeug.test import TestResponse

from tests import front_door, pages
from tests.chromium import FLAGS, chromium_here
from tests.front_door import APP, SignIn, StandIn
from tests.postgres import Server, running_postgres
from tests.standing_clock import StandingClock
from webapp.actions import demo, hospitals
from webapp.app import create_app, tools_for
from webapp.config import Settings, settings_from
from webapp.ports import Tools
from webapp.web.tools import hand_over

hypothesis_settings.register_profile("house", deadline=None, derandomize=True)
hypothesis_settings.load_profile("house")


MEMORY, ROOM = Path("/dev/shm"), 6 * 1024**3
"""Where files are quickest, and how much of it must be free: each test has a database of its own, flushed with each write."""


def pytest_configure(config: pytest.Config) -> None:
    """Files of tests lie in memory where there is room for them; in a folder from which programs may not be started they cannot."""
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK):
        return
    found = os.statvfs(MEMORY)
    if found.f_bavail * found.f_frsize >= ROOM and not found.f_flag & os.ST_NOEXEC:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    _keep_with_sqlite(items)
    _walk_journeys_again(items)


def _keep_with_sqlite(items: list[pytest.Item]) -> None:
    """What looks into SQLite's file itself says so, and is not run on the other engine."""
    items[:] = [
        item for item in items
        if not (item.get_closest_marker("of_sqlite") and getattr(item, "callspec", None) and "postgres" in item.callspec.params.values())  # type: ignore[attr-defined]
    ]  # fmt: skip


def _walk_journeys_again(items: list[pytest.Item]) -> None:
    """A browser on two busy cores loses a message or a key stroke now and then: a journey that fails is walked once more from its
    start, and the summary names it. All other tests must hold at once."""
    for item in items:
        if item.get_closest_marker("journey"):
            item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Names a failure when it happens: a run that is cut off has said so by then. Workers of xdist tell it to the one that prints."""
    if report.failed and "PYTEST_XDIST_WORKER" not in os.environ:
        print(f"\nFAILED {report.nodeid} ({report.when})\n{report.longreprtext[-600:]}", flush=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a process that need a real one."""
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium_here(), args=FLAGS)


@pytest.fixture(scope="session")
def _standin() -> Iterator[StandIn]:
    with front_door.running_stand_in() as stand_in:
        yield stand_in


@pytest.fixture
def standin(_standin: StandIn) -> Iterator[StandIn]:
    """Every test finds it honest."""
    yield _standin
    if not _standin.is_honest:
        _standin.reset()


ENGINES = ("sqlite", "postgres")


def lay(url: str) -> None:
    """Migrated, with the sample register and the demonstration people."""
    tools = replace(tools_for(settings_from({"SITTHI_DATABASE_URL": url})), clock=StandingClock())
    tools.store.migrate()
    hospitals.import_hospitals(tools, hospitals.SAMPLE_REGISTER)
    demo.lay_demo(tools)
    tools.store.close()


@pytest.fixture(scope="session")
def compiled_pages(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """Compiled templates, kept for all processes of this run: each is written as a whole, and goes by what it was made of."""
    own = tmp_path_factory.getbasetemp()
    place = (own.parent if hasattr(request.config, "workerinput") else own) / "compiled-pages"
    place.mkdir(exist_ok=True)
    return place


@pytest.fixture(scope="session")
def laid_database(tmp_path_factory: pytest.TempPathFactory, compiled_pages: Path) -> Path:
    """Built once, copied for each test."""
    path = tmp_path_factory.mktemp("laid") / "laid.db"
    (path.parent / "templates").symlink_to(compiled_pages, target_is_directory=True)
    lay(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """One server for all tests of a process that need one, started by the first of them."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def laid_in_postgres(postgres: Server) -> str:
    """The name of a database that is copied for each test."""
    lay(postgres.new_database("laid"))
    return "laid"


@pytest.fixture
def engine() -> str:
    """What the tests of pages run on. Where all must hold on each engine, it is given anew (tests/actions, tests/adapters)."""
    return os.environ.get("SITTHI_TEST_ENGINE", ENGINES[0])


@pytest.fixture
def database_url(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Of a database of one's own."""
    if engine == "sqlite":
        path = tmp_path / "sitthi.db"
        shutil.copy(request.getfixturevalue("laid_database"), path)
        yield f"sqlite:///{path}"
        return
    server, laid = request.getfixturevalue("postgres"), request.getfixturevalue("laid_in_postgres")
    name = f"test_{secrets.token_hex(6)}"
    yield server.new_database(name, laid)
    server.drop(name)


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def settings(database_url: str, laid_database: Path, standin: StandIn) -> Settings:
    return settings_from(
        {
            "SITTHI_DATABASE_URL": database_url,
            "DATA_DIR": str(laid_database.parent),
            "SITTHI_THAID_ISSUER": standin.url,
            "SITTHI_GOVERNMENT_CHANNEL_GATEWAY": standin.url,
            "SITTHI_LIMITS": "off",
        }
    )


@pytest.fixture
def tools(settings: Settings, clock: StandingClock) -> Iterator[Tools]:
    held = replace(tools_for(settings), clock=clock)
    yield held
    held.store.close()


@pytest.fixture(scope="session")
def _built() -> list[Flask]:
    return []


@pytest.fixture
def app(_built: list[Flask], settings: Settings, tools: Tools) -> Flask:
    """Built once: compiling two hundred addresses for each test took longer than most tests. Each test hands it its own tools."""
    if not _built:
        _built.append(create_app(settings, tools))
    hand_over(_built[0], tools)
    return _built[0]


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript at the app's own address."""
    return app.test_client()


@pytest.fixture
def another_client(app: Flask) -> FlaskClient:
    """A second browser."""
    return app.test_client()


@pytest.fixture
def sign_in(standin: StandIn) -> SignIn:
    """sign_in(client, pid, next_path="/"): the whole way through the stand-in where it has a fault or would turn somebody away."""

    def sign_in(client: FlaskClient, pid: str, next_path: str = "/") -> TestResponse:
        is_easy = standin.is_honest and pid not in front_door.TURNED_AWAY
        return (front_door.come_in if is_easy else front_door.sign_in)(client, pid, next_path)

    return sign_in


@pytest.fixture
def send_a_change() -> object:
    """send_a_change(client, pid, hospital="TH13-001", cause="annual") -> reference."""
    return front_door.send_a_change


@pytest.fixture
def look() -> object:
    """look(client, path, lang="th", status=200) -> Page."""
    return pages.look


__all__ = ["APP"]
