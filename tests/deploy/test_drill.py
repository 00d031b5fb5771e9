"""The drill as an operator runs it, beside an installation that answers and is written to."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.nothing_lost.conftest import compiled_templates, installation, thaid  # noqa: F401 - fixtures
from tests.nothing_lost.installation import Installation, Visitor
from tests.nothing_lost.sending import SOMCHAI, Person
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
    assert not (tmp_path / "never.sock").exists()
    assert not (Path(running.environment["DATA_DIR"]) / "last-backup.json").exists()
    assert Visitor(running.url).get("/").status_code == 200


def test_a_drill_of_an_installation_that_is_broken_fails_and_says_why(running: Installation, tmp_path: Path) -> None:
    running.rows("INSERT INTO claim_accounts (reference, person_id, sealed) VALUES ('CL-0', 'nobody', 'x')")
    done = drill(running, tmp_path)
    assert done.returncode == 1
    assert "claim_accounts" in done.stderr
    assert not [one for one in tmp_path.iterdir() if one.name.startswith("sitthi-drill")]


def test_it_is_sh_and_can_be_run() -> None:
    script = ROOT / "deploy/drill"
    assert os.access(script, os.X_OK)
    assert subprocess.run(["sh", "-n", script], check=False).returncode == 0
