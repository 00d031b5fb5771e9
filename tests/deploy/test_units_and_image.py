"""What deploy/ hands out besides nginx: the units, by systemd's own checker; the image, as far as it can be looked at unbuilt."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from webapp.commands import sitthi
from webapp.config import ROOT

UNITS = sorted((ROOT / "deploy/systemd").glob("*.service"))
IMAGE = ROOT / "deploy/container/Containerfile"
COMMAND = "/opt/sitthi/current/.venv/bin/sitthi"


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_takes_each_unit_and_its_command_is_one_of_ours(unit: Path, tmp_path: Path) -> None:
    text = unit.read_text("utf-8")
    start = re.search(rf"^ExecStart={COMMAND} (.+)$", text, re.MULTILINE)
    assert start
    assert CliRunner().invoke(sitthi, [start[1].split()[0], "--help"]).exit_code == 0
    if not shutil.which("systemd-analyze"):
        pytest.fail("systemd-analyze is not on this machine: on Debian, apt-get install systemd")
    here = tmp_path / unit.name
    here.write_text(text.replace(COMMAND, sys.executable).replace("=sitthi\n", "=root\n", 2))
    checked = subprocess.run(["systemd-analyze", "verify", here], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_the_nightly_backup_starts_by_a_timer_that_systemd_takes_and_that_catches_up(tmp_path: Path) -> None:
    timer = ROOT / "deploy/systemd/sitthi-backup.timer"
    assert "Persistent=true" in timer.read_text("utf-8").splitlines()
    service = (timer.with_suffix(".service")).read_text("utf-8").replace(COMMAND, sys.executable).replace("=sitthi\n", "=root\n", 2)
    (tmp_path / "sitthi-backup.service").write_text(service)
    (tmp_path / timer.name).write_text(timer.read_text("utf-8"))
    checked = subprocess.run(["systemd-analyze", "verify", tmp_path / timer.name], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")
    asked = subprocess.run(["systemd-analyze", "calendar", "*-*-* 02:30:00 Asia/Bangkok"], capture_output=True, text=True, check=False)
    assert asked.returncode == 0
    assert "02:30:00 Asia/Bangkok" in timer.read_text("utf-8")


def test_what_the_image_copies_is_there_and_holds_all_that_the_app_reads() -> None:
    copied = {name for line in re.findall(r"^COPY (?!--)(.+) \S+$", IMAGE.read_text("utf-8"), re.MULTILINE) for name in line.split()}
    assert not [name for name in copied if not (ROOT / name).exists()]
    assert {"webapp", "templates", "static", "translations", "service-worker.js", "requirements.txt"} <= copied


def test_the_image_runs_as_nobody_in_particular_and_holds_no_secret() -> None:
    text = IMAGE.read_text("utf-8")
    assert re.search(r"^USER 10001:10001$", text, re.MULTILINE)
    assert not re.search(r"SITTHI_\w*(KEY|SECRET|PEPPER)", text)
