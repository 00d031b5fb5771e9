"""The timer of deploy/postgres, by systemd's own checker, and what its command calls."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from webapp.config import ROOT

DEPLOYED = ROOT / "deploy" / "postgres"
SCRIPTS = ("archive", "base-backup", "point-in-time")
UNIT = "sitthi-postgres-backup"


def test_systemd_takes_the_timer_and_what_it_starts(tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.fail("systemd-analyze is not on this machine: on Debian, apt-get install systemd")
    service = (DEPLOYED / f"{UNIT}.service").read_text("utf-8")
    moved = service.replace("/opt/sitthi/current", str(ROOT)).replace("=postgres\n", "=root\n", 2)
    (tmp_path / f"{UNIT}.service").write_text(moved)
    timer = Path(shutil.copy(DEPLOYED / f"{UNIT}.timer", tmp_path))
    for unit in (tmp_path / f"{UNIT}.service", timer):
        checked = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
        assert (checked.returncode, checked.stderr) == (0, "")
    assert "Persistent=true" in timer.read_text("utf-8").splitlines()


def test_the_folders_that_its_command_writes_to_are_those_it_may_write_to() -> None:
    service = (DEPLOYED / f"{UNIT}.service").read_text("utf-8")
    (command,) = re.findall(r"^ExecStart=\S+/base-backup (\S+) (\S+) \d+$", service, re.MULTILINE)
    assert f"ReadWritePaths={' '.join(command)}" in service.splitlines()
    assert command[1] in (DEPLOYED / "sitthi.conf").read_text("utf-8")


@pytest.mark.parametrize("script", SCRIPTS)
def test_each_script_can_be_started_and_is_one_that_a_plain_shell_reads(script: str) -> None:
    assert (DEPLOYED / script).stat().st_mode & 0o111 == 0o111
    assert subprocess.run(["sh", "-n", DEPLOYED / script], capture_output=True, check=False).stderr == b""
