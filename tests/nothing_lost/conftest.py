"""One installation a test, with the demonstration's people; what it started is ended with it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.front_door import StandIn, running_stand_in
from tests.nothing_lost.installation import IN_THE_ANNUAL_WINDOW, Installation, Machine, a_free_port, machine_at
from tests.push_service import PushService, running_push_service

PORT = a_free_port()


@pytest.fixture(scope="session")
def thaid() -> Iterator[StandIn]:
    with running_stand_in((PORT,)) as stand_in:
        yield stand_in


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Kept from one installation to the next, as from one start to the next."""
    return tmp_path_factory.mktemp("compiled")


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
def installation(tmp_path: Path, laid_database: Path, thaid: StandIn, compiled_templates: Path) -> Iterator[Installation]:
    made = installed(tmp_path / "data", laid_database, thaid, compiled_templates)
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
