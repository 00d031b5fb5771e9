"""The worker in a process of its own reads what people give, and `sitthi check` says whether it can."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests import files_given as files
from tests.adapters.test_documents import clamd
from webapp.actions import documents
from webapp.app import tools_for
from webapp.commands import sitthi
from webapp.config import ROOT, SettingsRefused, settings_from
from webapp.domain.document import Document, Place, State
from webapp.ports import Tools

SOMCHAI = "1000000000009"
PATIENCE = 30


@pytest.fixture
def environment(laid_database: Path, tmp_path: Path) -> dict[str, str]:
    shutil.copy(laid_database, tmp_path / "sitthi.db")
    return {"SITTHI_DATABASE_URL": f"sqlite:///{tmp_path / 'sitthi.db'}", "DATA_DIR": str(tmp_path)}


@pytest.fixture
def tools(environment: dict[str, str]) -> Iterator[Tools]:
    held = replace(tools_for(settings_from(environment)))
    yield held
    held.store.close()


def given(tools: Tools) -> Document:
    person_id = tools.store.person_id_of(SOMCHAI)
    one = documents.attach(tools, person_id, Place("claim", "CL-1", "receipt"), files.jpeg())
    assert isinstance(one, Document)
    return one


def check(environment: dict[str, str], *more: str, **settings: str) -> Result:
    return CliRunner().invoke(sitthi, ["check", *more], env=environment | settings)


def test_one_round_of_the_worker_reads_what_waits(environment: dict[str, str], tools: Tools) -> None:
    one = given(tools)
    done = CliRunner().invoke(sitthi, ["worker", "--once"], env=environment)
    assert "1 documents looked at" in done.stdout
    assert tools.store.document(one.id).is_ready


def test_the_running_worker_reads_within_moments_and_ends_when_told(environment: dict[str, str], tools: Tools) -> None:
    worker = subprocess.Popen([sys.executable, "-m", "webapp.commands", "worker"], cwd=ROOT, env=os.environ | environment)
    try:
        one, end = given(tools), time.monotonic() + PATIENCE
        while not tools.store.document(one.id).is_settled and time.monotonic() < end:
            assert worker.poll() is None
            time.sleep(0.1)
        assert tools.store.document(one.id).state is State.READY
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(PATIENCE) == 0
    finally:
        worker.kill()
        worker.wait()


def test_check_says_whether_papers_can_be_kept_and_scanned(environment: dict[str, str], tmp_path: Path) -> None:
    assert "ok     documents: folder ready, no virus scanner set" in check(environment).stdout
    with clamd() as address:
        assert "ok     documents: folder ready, virus scanner answers" in check(environment, SITTHI_CLAMD=address).stdout
    silent = check(environment, SITTHI_CLAMD=f"unix:{tmp_path}/nobody.sock")
    assert silent.exit_code == 1
    assert "amiss  documents: the virus scanner does not answer (SITTHI_CLAMD): documents wait" in silent.stdout
    shutil.rmtree(tmp_path / "documents")
    (tmp_path / "documents").write_text("a file in its place")
    assert "amiss  documents:" in check(environment).stdout


@pytest.mark.parametrize("address", ["clamd", "tcp:", "tcp:host", "tcp:host:", "tcp:host:x", "tcp:host:0", "unix:relative", "udp:host:1"])
def test_an_address_of_a_scanner_that_is_none_keeps_the_app_from_starting(address: str) -> None:
    with pytest.raises(SettingsRefused, match="SITTHI_CLAMD"):
        settings_from({"SITTHI_CLAMD": address})


@pytest.mark.parametrize("address", ["", "tcp:127.0.0.1:3310", "tcp:[::1]:3310", "unix:/run/clamav/clamd.ctl"])
def test_an_address_of_a_scanner(address: str) -> None:
    assert settings_from({"SITTHI_CLAMD": address}).clamd == address
