"""The drill as an operator runs it, beside an installation that answers and is written to."""

from __future__ import annotations

import base64
import os
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from tests.nothing_lost.conftest import compiled_templates, installation, thaid  # noqa: F401 - fixtures
from tests.nothing_lost.installation import Installation, Visitor
from tests.nothing_lost.sending import SOMCHAI, Person
from tests.test_commands import production
from webapp.config import ROOT

SECONDS = 120


@pytest.fixture
def running(installation: Installation) -> Installation:  # noqa: F811 - the fixture
    installation.serve(workers=1)
    return installation


def drill(installation: Installation, place: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:  # noqa: F811
    environment = installation.environment | {"SITTHI": str(ROOT / ".venv/bin/sitthi"), "DRILL_DIR": str(place), **settings}
    return subprocess.run(
        [ROOT / "deploy/drill", *arguments], env=environment, cwd="/", capture_output=True, text=True, timeout=SECONDS, check=False
    )


def every_command() -> list[str]:
    """Of each process that runs on this machine."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            found.append(place.read_text("utf-8", "replace").replace("\0", " "))
    return found


def test_a_drill_restores_starts_and_compares_and_leaves_nothing_behind(running: Installation, tmp_path: Path) -> None:
    Person(Visitor(running.url).sign_in(SOMCHAI), SOMCHAI).send("a-key-of-the-drill")
    place = tmp_path / "drills"
    place.mkdir()
    settings = tmp_path / "sitthi.env"
    settings.write_text(f"SITTHI_SOCKET={tmp_path}/never.sock\n")
    settings.chmod(0o600)
    done = drill(running, place, str(settings))
    assert done.returncode == 0, done.stderr
    assert "/ answers 200" in done.stdout
    assert "0 sessions ended" not in done.stdout
    assert "sessions: 1 here, 0 in the copy" in done.stdout
    assert "corrections:" not in done.stdout
    assert "done: backup" in done.stdout
    assert list(place.iterdir()) == []
    assert not [command for command in every_command() if str(settings) in command], "the server of the copy goes on"
    assert not (tmp_path / "never.sock").exists()
    assert not (Path(running.environment["DATA_DIR"]) / "last-backup.json").exists()
    assert Visitor(running.url).get("/").status_code == 200


def test_a_drill_of_an_installation_that_is_broken_fails_and_says_why(running: Installation, tmp_path: Path) -> None:
    running.rows("INSERT INTO claim_accounts (reference, person_id, sealed) VALUES ('CL-0', 'nobody', 'x')")
    done = drill(running, tmp_path)
    assert done.returncode == 1
    assert "claim_accounts" in done.stderr
    assert not [one for one in tmp_path.iterdir() if one.name.startswith("sitthi-drill")]


def test_with_settings_of_production_the_copy_answers_as_behind_its_proxy(tmp_path: Path) -> None:
    data, settings, place = tmp_path / "data", tmp_path / "sitthi.env", tmp_path / "drills"
    place.mkdir()
    key = base64.urlsafe_b64encode(b"b" * 32).decode()
    given = production(DATA_DIR=str(data), SITTHI_BACKUP_KEYS=key, SITTHI_METRICS_TOKEN="t" * 43)
    settings.write_text("".join(f"{name}={value}\n" for name, value in given.items()))
    settings.chmod(0o600)
    house = Installation(data, 0, {"PATH": os.environ["PATH"], "SITTHI_SETTINGS": str(settings)})
    data.mkdir()
    assert house.start("migrate").process.wait(SECONDS) == 0
    done = drill(house, place, str(settings))
    assert "in the copy; what differs" in done.stdout, done.stderr
    assert "/ answers 200" in done.stdout
    assert done.returncode == 0
    assert not [command for command in every_command() if str(settings) in command]


def test_it_is_sh_and_can_be_run() -> None:
    script = ROOT / "deploy/drill"
    assert os.access(script, os.X_OK)
    assert subprocess.run(["sh", "-n", script], check=False).returncode == 0
