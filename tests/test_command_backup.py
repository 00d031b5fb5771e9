"""`sitthi backup`, `restore` and what `check` says of them."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.test_commands import production, settings_in
from webapp.commands import sitthi
from webapp.config import DEVELOPMENT_BACKUP_KEY, SettingsRefused, settings_from

KEY = base64.urlsafe_b64encode(b"b" * 32).decode()
Run = Callable[..., Result]


@pytest.fixture
def run(laid_database: Path, tmp_path: Path) -> Run:
    data = tmp_path / "data"
    data.mkdir()
    shutil.copy(laid_database, data / "sitthi.db")

    def call(*arguments: object, **settings: str) -> Result:
        return CliRunner().invoke(sitthi, [str(one) for one in arguments], env={"DATA_DIR": str(data), **settings})

    return call


def test_backed_up_tried_restored_and_told(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    made = run("backup", folder, "--verify", "--keep", 7)
    assert made.exit_code == 0, made.stderr
    assert "looked over: " in made.stdout
    (file,) = folder.iterdir()
    assert run("restore", "--trial", file).exit_code == 0
    living = run("restore", file)
    assert (living.exit_code, "nothing is overwritten" in living.stderr) == (1, True)
    restored = run("restore", file, DATA_DIR=str(tmp_path / "new"))
    assert restored.exit_code == 0, restored.stderr
    assert "lost: everything since " in restored.stdout
    assert "People must send again what they sent since" in restored.stdout
    assert "ok     database" in run("check", DATA_DIR=str(tmp_path / "new")).stdout


def test_another_key_opens_nothing(run: Run, tmp_path: Path) -> None:
    assert run("backup", tmp_path / "one.backup").exit_code == 0
    told = run("restore", tmp_path / "one.backup", DATA_DIR=str(tmp_path / "new"), SITTHI_BACKUP_KEYS=KEY)
    assert told.exit_code == 1
    assert "SITTHI_BACKUP_KEYS does not give" in told.stderr
    both = run("restore", "--trial", tmp_path / "one.backup", SITTHI_BACKUP_KEYS=f"{KEY},{DEVELOPMENT_BACKUP_KEY}")
    assert both.exit_code == 0, both.stderr


def test_a_file_that_is_not_there_and_a_folder_that_is_none_are_one_line(run: Run, tmp_path: Path) -> None:
    for told in (run("restore", tmp_path / "nothing", DATA_DIR=str(tmp_path / "new")), run("backup", tmp_path / "no" / "where.backup")):
        assert told.exit_code == 1
        assert told.stderr.startswith("sitthi: ")
        assert "No such file" in told.stderr
    assert run("backup", tmp_path / "one.backup", "--keep", 3).exit_code == 2


def test_check_tells_of_the_last_backup_and_in_production_misses_it(run: Run, tmp_path: Path) -> None:
    assert "ok     backup: none was made yet" in run("check").stdout
    earnest = production(SITTHI_BACKUP_KEYS=KEY)
    assert "amiss  backup: none was made yet: run 'sitthi backup'" in run("check", **earnest).stdout
    run("backup", tmp_path / "one.backup", **earnest)
    assert "ok     backup: the last is of " in run("check", **earnest).stdout
    assert "not verified" in run("check", **earnest).stdout
    run("backup", tmp_path / "two.backup", "--verify", SITTHI_CLOCK="2020-01-01T08:00:00+07:00")
    old = run("check", **earnest)
    assert "amiss  backup: the last is of 2020-01-01" in old.stdout
    assert " days" in old.stdout
    assert "amiss  backup: SITTHI_BACKUP_KEYS is missing" in run("check", **production()).stdout


def test_a_drill_does_not_count_as_a_backup(run: Run, tmp_path: Path) -> None:
    assert run("backup", "--for-drill", tmp_path / "one.backup").exit_code == 0
    assert "ok     backup: none was made yet" in run("check").stdout


def test_a_new_installation_gets_a_backup_key_of_its_own(run: Run) -> None:
    made = settings_in(run("init").stdout)
    key = made["SITTHI_BACKUP_KEYS"]
    assert len(base64.urlsafe_b64decode(key)) == 32
    assert key != made["SITTHI_DATA_KEYS"]
    assert settings_from(production(SITTHI_BACKUP_KEYS=key)).backup_keys == (key,)


@pytest.mark.parametrize("key", [DEVELOPMENT_BACKUP_KEY, base64.urlsafe_b64encode(b"k" * 32).decode(), "short", "c2hvcnQ="])
def test_production_takes_no_backup_key_that_is_known_or_a_data_key(key: str) -> None:
    with pytest.raises(SettingsRefused, match="SITTHI_BACKUP_KEYS"):
        settings_from(production(SITTHI_BACKUP_KEYS=key))


def test_without_a_key_nothing_is_backed_up(run: Run, tmp_path: Path) -> None:
    told = run("backup", tmp_path / "one.backup", SITTHI_BACKUP_KEYS="")
    assert told.exit_code == 2
    assert "SITTHI_BACKUP_KEYS is missing" in told.stderr
    assert not (tmp_path / "one.backup").exists()
