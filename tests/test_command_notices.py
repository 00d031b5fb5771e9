"""`sitthi notice` and `sitthi read-only`: what an operator types in trouble, and what is refused with one line."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.test_commands import BOTH
from webapp.actions import read_only
from webapp.app import tools_for
from webapp.commands import sitthi
from webapp.config import settings_from
from webapp.domain.reminder import Occasion, about_sign_in

Run = Callable[..., Result]
CLOCK = "2026-12-05T21:30:00+07:00"
SOMCHAI = "1000000000009"
LATER = {"SITTHI_CLOCK": "2026-12-05T21:35:00+07:00"}
"""Each command begins its clock anew."""


@pytest.fixture
def run(laid_database: Path, tmp_path: Path) -> Run:
    """Run a command over a laid database; keywords are environment settings."""
    database = tmp_path / "sitthi.db"
    shutil.copy(laid_database, database)

    def call(*arguments: str, **settings: str) -> Result:
        environment = {"SITTHI_DATABASE_URL": f"sqlite:///{database}", "DATA_DIR": str(tmp_path), "SITTHI_CLOCK": CLOCK, **settings}
        return CliRunner().invoke(sitthi, arguments, env=environment)

    return call


def test_a_notice_is_told_listed_and_ended(run: Run) -> None:
    told = run("notice", "add", "--th", "หน้าเว็บช้า", "--en", "Pages are slow", "--kind", "trouble", "--until", "23:00")
    assert told.stdout == "notice 1 stands from 2026-12-05 21:30 until 2026-12-05 23:00\n"
    listed = run("notice", "list", **LATER).stdout
    assert "1  shown  trouble  from 2026-12-05 21:30 until 2026-12-05 23:00: Pages are slow · หน้าเว็บช้า" in listed
    assert run("notice", "end", "1", **LATER).stdout == "notice 1 is ended\n"
    assert "1  over  " in run("notice", "list", SITTHI_CLOCK="2026-12-05T21:40:00+07:00").stdout
    again = run("notice", "end", "1")
    assert again.exit_code == 1
    assert "there is no notice 1 to end" in again.stderr


def test_what_happens_often_needs_no_words(run: Run) -> None:
    assert run("notice", "add", "--about", "thaid_down").stdout.startswith("notice 1 stands")
    assert "trouble" in run("notice", "list").stdout
    assert "--about thaid_down" in run("notice", "list").stdout


def test_a_time_of_another_zone_is_told_in_bangkoks(run: Run) -> None:
    assert "until 2026-12-06 05:00" in run("notice", "add", "--about", "busy", "--until", "2026-12-05T22:00+00:00").stdout


def test_an_hour_that_has_passed_today_is_tomorrows(run: Run) -> None:
    assert "from 2026-12-05 21:30 until 2026-12-06 02:15" in run("notice", "add", "--about", "maintenance", "--until", "02:15").stdout


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--th", "ไทย"), "both languages"),
        (("--en", "English"), "both languages"),
        ((), "both languages"),
        (("--about", "busy", "--th", "ไทย", "--en", "x"), "--about brings its own words"),
        (("--th", "English", "--en", "ไทย"), "--th takes the Thai words"),
        (("--th", "ไทย <b>", "--en", "x"), "--th must be plain text"),
        (("--th", "ไทย", "--en", "x" * 301), "--en has 301 characters: at most 300"),
        (("--about", "busy", "--until", "2026-12-05T21:00"), "--until is over before the notice begins"),
        (("--about", "busy", "--from", "2026-12-06T22:00", "--until", "2026-12-06T21:00"), "--until is over before the notice begins"),
        (("--about", "busy", "--until", "2569-12-05T23:00"), "2026 is meant"),
        (("--about", "busy", "--until", "tonight"), "--until is 'tonight'"),
        (("--about", "busy", "--until", "2026-12-06"), "say the hour too"),
    ],
)
def test_what_cannot_be_told_is_refused_with_one_line(run: Run, arguments: tuple[str, ...], reason: str) -> None:
    refused = run("notice", "add", *arguments)
    assert refused.exit_code == 2
    assert reason in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert run("notice", "list").stdout == "none\n"


def test_three_at_once_are_enough(run: Run) -> None:
    for _ in range(3):
        assert run("notice", "add", "--about", "busy").exit_code == 0
    refused = run("notice", "add", "--about", "busy")
    assert "end one first" in refused.stderr
    run("notice", "end", "2", **LATER)
    assert run("notice", "add", "--about", "busy", **LATER).exit_code == 0


def test_read_only_goes_on_and_off_and_survives_between_commands(run: Run) -> None:
    assert run("read-only", "status").stdout == "off\n"
    on = run("read-only", "on", "--until", "23:30")
    assert "reading only since 2026-12-05 21:30:00 until 2026-12-05 23:30" in on.stdout
    assert "30 seconds" in on.stdout
    assert "on since 2026-12-05 21:30" in run("read-only", "status").stdout
    told_anew = run("read-only", "on", "--about", "trouble")
    assert "until it is ended" in told_anew.stdout
    assert "trouble" in run("read-only", "status").stdout
    assert run("read-only", "off").stdout == "ended: everything is taken in again\n"
    assert run("read-only", "off").stdout == "it was not on\n"


@pytest.mark.parametrize(
    "command",
    [("import-people", "x.csv"), ("import-contributions", "x.csv"), ("import-hospitals", "x.csv"), ("rotate-keys",), ("reminders", "plan"),
     ("reminders", "send")],
)  # fmt: skip
def test_commands_that_change_what_people_have_wait_too(run: Run, command: tuple[str, ...]) -> None:
    run("read-only", "on")
    refused = run(*command)
    assert refused.exit_code == 1
    assert "nothing is taken in now" in refused.stderr


@pytest.fixture
def rests_after(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """An operator who types `read-only on` just after the next thing of this kind is written."""
    monkeypatch.setattr(read_only, "LOOK_EVERY", 0.0)

    def after(written: str) -> None:
        with closing(sqlite3.connect(tmp_path / "sitthi.db")) as file, file:
            file.execute(
                f"""CREATE TRIGGER rest AFTER {written} WHEN NOT EXISTS (SELECT 1 FROM read_only_spells)
                    BEGIN INSERT INTO read_only_spells (why, since) VALUES ('maintenance', '{CLOCK}'); END"""
            )

    return after


def test_changing_keys_stops_between_two_lots_and_goes_on_afterwards(run: Run, rests_after: Callable[[str], None]) -> None:
    rests_after("UPDATE ON people")
    stopped = run("rotate-keys", **BOTH)
    assert stopped.exit_code == 1
    assert "rows still need an older key: stopped before its end, run this again" in stopped.stderr
    run("read-only", "off")
    assert run("rotate-keys", **BOTH).exit_code == 0


def test_sending_reminders_by_hand_stops_too(run: Run, tmp_path: Path, rests_after: Callable[[str], None]) -> None:
    morning = {"SITTHI_CLOCK": "2026-12-15T10:00:00+07:00"}
    tools = tools_for(settings_from({"SITTHI_DATABASE_URL": f"sqlite:///{tmp_path / 'sitthi.db'}", **morning}))
    tools.store.plan_for_people(about_sign_in(Occasion.SIGN_IN_NEW, tools.clock.now(), "x"), [tools.store.person_id_of(SOMCHAI)])
    tools.store.close()
    rests_after("INSERT ON reminders")
    stopped = run("reminders", "send", **morning).stdout
    assert "0 kept" in stopped
    assert "wait" in stopped
    run("read-only", "off")
    after = run("reminders", "send", **morning).stdout
    assert "0 kept" not in after
    assert "wait" not in after


@pytest.mark.parametrize("by", ["row", "setting"])
def test_a_backup_can_be_made_meanwhile_and_is_sound(run: Run, tmp_path: Path, by: str) -> None:
    setting = {"SITTHI_READ_ONLY": "on"} if by == "setting" else {}
    if by == "row":
        run("read-only", "on")
    made = run("backup", str(tmp_path / "one.backup"), "--verify", **setting)
    assert made.exit_code == 0, made.output
    assert "looked over" in made.stdout


def test_one_that_was_forgotten_is_found_by_the_check(run: Run) -> None:
    assert "ok     taking in: everything" in run("check").stdout
    run("read-only", "on", "--until", "22:00")
    assert "ok     taking in: nothing, since 2026-12-05 21:30 until 2026-12-05 22:00" in run("check").stdout
    late = run("check", SITTHI_CLOCK="2026-12-05T22:01:00+07:00")
    assert late.exit_code == 1
    assert "amiss  taking in: nothing" in late.stdout


def test_migrating_goes_on_since_it_may_be_the_reason(run: Run) -> None:
    run("read-only", "on")
    assert "nothing to do" in run("migrate").stdout


@pytest.mark.parametrize("command", [("migrate",), ("notice", "add", "--about", "busy"), ("read-only", "on"), ("read-only", "off")])
def test_with_the_setting_nothing_at_all_is_written(run: Run, command: tuple[str, ...]) -> None:
    refused = run(*command, SITTHI_READ_ONLY="on")
    assert refused.exit_code == 1
    assert refused.stderr == "sitthi: nothing can be written: SITTHI_READ_ONLY is on\n"
    assert run("read-only", "status", SITTHI_READ_ONLY="on").stdout == "on: by the setting SITTHI_READ_ONLY\n"


def test_a_setting_that_is_no_switch_is_refused(run: Run) -> None:
    refused = run("read-only", "status", SITTHI_READ_ONLY="maybe")
    assert refused.exit_code == 2
    assert "SITTHI_READ_ONLY is 'maybe'" in refused.stderr
