"""One installation a test, with the demonstration's people; what it started is ended with it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.front_door import StandIn, running_stand_in
from tests.nothing_lost.installation import IN_THE_ANNUAL_WINDOW, Installation, Machine, OnPostgres, a_free_port, machine_at
from tests.push_service import PushService, running_push_service

HERE = Path(__file__).parent
PORT = a_free_port()
SPREAD = 0.8
"""Over how much of all tests: at the end none should be left to wait for."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """These wait more than they reckon: file by file they come among tests that reckon, so that not all processes of a run wait at once."""
    files: dict[Path, list[pytest.Item]] = {}
    others = []
    for item in items:
        (files.setdefault(item.path, []) if item.path.parent == HERE else others).append(item)
    apart = int(len(others) * SPREAD) // max(len(files), 1)
    for number, file in reversed(list(enumerate(files.values()))):
        others[number * apart : number * apart] = file
    items[:] = others


@pytest.fixture(scope="session")
def thaid() -> Iterator[StandIn]:
    with running_stand_in((PORT,)) as stand_in:
        yield stand_in


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory, compiled_pages: Path) -> Path:
    """Kept from one installation to the next, as from one start to the next."""
    place = tmp_path_factory.mktemp("compiled")
    (place / "templates").symlink_to(compiled_pages, target_is_directory=True)
    return place


def installed(place: Path, laid_database: Path, thaid: StandIn, compiled_templates: Path) -> Installation:
    place.mkdir(exist_ok=True)
    shutil.copy(laid_database, place / "sitthi.db")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SITTHI_")}
    environment |= {
        "DATA_DIR": str(compiled_templates), "SITTHI_DATABASE_URL": f"sqlite:///{place / 'sitthi.db'}", "PORT": str(PORT),
        "SITTHI_BASE_URL": f"http://127.0.0.1:{PORT}", "SITTHI_THAID_ISSUER": thaid.url, "SITTHI_LIMITS": "off",
        "SITTHI_GOVERNMENT_CHANNEL_GATEWAY": "", "SITTHI_CLOCK": IN_THE_ANNUAL_WINDOW,
    }  # fmt: skip
    return Installation(place, PORT, environment)


@pytest.fixture
def installation(
    tmp_path: Path, laid_database: Path, thaid: StandIn, compiled_templates: Path, engine: str, request: pytest.FixtureRequest
) -> Iterator[Installation]:
    made = installed(tmp_path / "data", laid_database, thaid, compiled_templates)
    (made.place / "templates").symlink_to(compiled_templates / "templates", target_is_directory=True)  # for those whose DATA_DIR it is
    if engine == "postgres":
        made.database.unlink()
        address = {"SITTHI_DATABASE_URL": request.getfixturevalue("database_url")}
        made = OnPostgres(made.place, made.port, made.environment | address)
    yield made
    made.end()
    thaid.reset()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return machine_at(tmp_path)


@pytest.fixture
def service() -> Iterator[PushService]:
    with running_push_service() as running:
        yield running
