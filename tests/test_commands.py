"""`sitthi` in a shell: what an operator types, what comes back, and everything that `make run` starts and ends."""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from tests.front_door import APP
from webapp.actions.hospitals import SAMPLE_REGISTER
from webapp.actions.imports import CONTRIBUTION_COLUMNS, PEOPLE_COLUMNS
from webapp.app import tools_for
from webapp.commands import sitthi
from webapp.config import DEVELOPMENT_DATA_KEY, DEVELOPMENT_SECRET, ROOT, settings_from
from webapp.ports import Session, Tools

Run = Callable[..., Result]
RECEIVED = "2026-01-31T10:00:00+07:00"


@pytest.fixture
def run(laid_database: Path, tmp_path: Path) -> Run:
    """Run a command over a laid database; keywords are environment settings."""
    database = tmp_path / "sitthi.db"
    shutil.copy(laid_database, database)

    def call(*arguments: str, given: str | None = None, **settings: str) -> Result:
        environment = {"SITTHI_DATABASE_URL": f"sqlite:///{database}", "DATA_DIR": str(tmp_path), **settings}
        return CliRunner().invoke(sitthi, arguments, input=given, env=environment)

    return call


def production(**others: str) -> dict[str, str]:
    key = base64.urlsafe_b64encode(b"k" * 32).decode()
    return {
        "SITTHI_MODE": "production", "SITTHI_BASE_URL": "https://sitthi.example", "SITTHI_OPERATOR": "หน่วยงานทดสอบ",
        "SITTHI_SECRET_KEYS": "s" * 40, "SITTHI_DATA_KEYS": key, "SITTHI_PID_PEPPERS": "p" * 40,
        "SITTHI_THAID_ISSUER": "https://thaid.example", "SITTHI_THAID_CLIENT_ID": "client", "SITTHI_THAID_CLIENT_SECRET": "c" * 40,
        "SITTHI_VAPID_PRIVATE_KEY": "cHVzaCBrZXkgb2YgdGhlIHRlc3RzLCAzMiBieXRlcyE",
        "SITTHI_VAPID_SUBJECT": "mailto:operator@sitthi.example", **others,
    }  # fmt: skip


# --- a new installation ---


def settings_in(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.splitlines() if line and not line.startswith("#"))


def test_a_new_installation_gets_secrets_that_production_takes(run: Run) -> None:
    made = settings_in(run("init").stdout)
    filled = production() | {name: value for name, value in made.items() if value}
    assert settings_from(filled).production
    assert len(base64.urlsafe_b64decode(made["SITTHI_DATA_KEYS"])) == 32
    assert len(base64.urlsafe_b64decode(made["SITTHI_VAPID_PRIVATE_KEY"] + "=")) == 32


def test_no_two_installations_get_the_same_secret(run: Run) -> None:
    first, second = (settings_in(run("init").stdout) for _ in range(2))
    for name in ("SITTHI_SECRET_KEYS", "SITTHI_DATA_KEYS", "SITTHI_PID_PEPPERS", "SITTHI_VAPID_PRIVATE_KEY"):
        assert first[name] != second[name]


def test_secrets_are_written_for_their_owner_alone_and_never_over_others(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "sitthi.env"
    assert run("init", "--output", str(file)).exit_code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_text()
    again = run("init", "--output", str(file))
    assert again.exit_code == 1
    assert "not overwritten" in again.stderr
    assert file.read_text() == before


def test_a_directory_gets_settings_and_a_database_for_its_owner_alone_and_a_second_time_changes_nothing(run: Run, tmp_path: Path) -> None:
    place = tmp_path / "new" / "sitthi"
    made = run("init", str(place), "--register", str(SAMPLE_REGISTER))
    assert made.exit_code == 0, made.output
    assert "register: 273 hospitals read" in made.stdout
    assert "next: fill in SITTHI_BASE_URL, SITTHI_OPERATOR, SITTHI_THAID_ISSUER" in made.stdout
    modes = {found.name: stat.S_IMODE(found.stat().st_mode) for found in (place, place / "sitthi.env", place / "sitthi.db")}
    assert modes == {"sitthi": 0o700, "sitthi.env": 0o600, "sitthi.db": 0o600}
    before = (place / "sitthi.env").read_text()
    again = run("init", str(place))
    assert again.exit_code == 0
    assert "is there already and is kept" in again.stdout
    assert (place / "sitthi.env").read_text() == before
    assert "register" not in again.stdout
    assert run("--settings", str(place / "sitthi.env"), "law").exit_code == 2, "it is not filled in yet"


def test_neither_somebodys_directory_nor_a_database_without_its_keys_is_taken_over(run: Run, tmp_path: Path) -> None:
    somebodys = tmp_path / "home"
    somebodys.mkdir(mode=0o755)
    (somebodys / "letters.txt").touch()
    refused = run("init", str(somebodys))
    assert refused.exit_code == 1
    assert "holds other things" in refused.stderr
    assert stat.S_IMODE(somebodys.stat().st_mode) == 0o755
    place = tmp_path / "sitthi"
    assert run("init", str(place)).exit_code == 0
    (place / "sitthi.env").rename(tmp_path / "elsewhere.env")
    without_keys = run("init", str(place))
    assert without_keys.exit_code == 1
    assert "put it back" in without_keys.stderr
    assert not (place / "sitthi.env").exists()


def test_a_file_of_settings_serves_every_command_and_leaves_nothing_behind(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "mine.env"
    file.write_text(f"SITTHI_THAID_MIN_IAL=2.3\nSITTHI_DATABASE_URL=sqlite:///{tmp_path / 'other.db'}\n")
    file.chmod(0o600)
    assert "applied" in CliRunner().invoke(sitthi, ["--settings", str(file), "migrate"], env={"DATA_DIR": str(tmp_path)}).stdout
    assert (tmp_path / "other.db").exists()
    assert "SITTHI_THAID_MIN_IAL" not in os.environ
    file.write_text("SITTHI_MODE=staging\n")
    assert run("check", SITTHI_SETTINGS=str(file)).exit_code == 2


def test_migrating_twice_is_the_same_as_once(run: Run, tmp_path: Path) -> None:
    fresh = f"sqlite:///{tmp_path / 'new' / 'fresh.db'}"
    assert run("migrate", SITTHI_DATABASE_URL=fresh).stdout.startswith("applied: ")
    assert "nothing to do" in run("migrate", SITTHI_DATABASE_URL=fresh).stdout


@pytest.mark.parametrize("command", [["serve"], ["check"], ["migrate"], ["effective-date", RECEIVED], ["demo"], ["worker", "--once"]])
def test_settings_that_will_not_do_are_one_line_and_code_2(run: Run, command: list[str]) -> None:
    done = run(*command, SITTHI_MODE="staging")
    assert done.exit_code == 2
    assert done.stderr.strip() == "sitthi: SITTHI_MODE is 'staging': it must be development or production"


@pytest.mark.parametrize("command", ["demo", "standins"])
def test_production_starts_no_stand_ins(run: Run, command: str) -> None:
    done = run(command, **production())
    assert done.exit_code == 2
    assert "SITTHI_MODE is production" in done.stderr


def test_production_does_not_serve_the_sample_register(run: Run) -> None:
    done = run("serve", **production())
    assert done.exit_code == 2
    assert "sample" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_development_listens_on_loopback_only(run: Run) -> None:
    done = run("serve", "--host", "0.0.0.0")
    assert done.exit_code == 2
    assert "loopback only" in done.stderr


# --- officers ---


def test_an_officer_is_named_by_a_number_from_standard_input(run: Run) -> None:
    first = run("add-officer", given="1000000000211\n")
    assert first.exit_code == 0
    assert "ends in 0211" in first.stdout
    assert "1000000000211" not in first.output
    assert "was named before" in run("add-officer", given="1000000000211\n").stdout


def test_an_operator_ends_the_sessions_of_one_or_of_everybody(run: Run, tmp_path: Path) -> None:
    with closing(tools_for(settings_from({"SITTHI_DATABASE_URL": f"sqlite:///{tmp_path / 'sitthi.db'}"})).store) as store:
        for number, (person, officer) in enumerate([("1000000000009", None), (None, "1000000000076"), ("1000000000017", None)]):
            person_id, officer_id = store.person_id_of(person) if person else None, store.officer_of(officer).id if officer else None
            store.keep_session(Session(f"hash-{number}", person_id, officer_id, "thaid", "2.3", 1.0, 1.0, 1.0))
    assert run("end-sessions", given="1000000000076\n").stdout == "1 sessions ended\n"
    assert run("end-sessions", given="1000000000041\n").stdout == "0 sessions ended\n"
    assert run("end-sessions", "--everybody").stdout == "2 sessions ended\n"


@pytest.mark.parametrize("typed", ["", "1000000000212", "๑๐๐๐๐๐๐๐๐๐๒๑๑", "1 0000 00000 21 1", "abc"])
def test_what_is_no_citizen_number_names_no_officer(run: Run, typed: str) -> None:
    done = run("add-officer", given=f"{typed}\n")
    assert done.exit_code == 1
    assert "no citizen number" in done.stderr
    assert not typed or typed not in done.output


def test_an_officers_number_is_never_an_argument(run: Run) -> None:
    assert run("add-officer", "1000000000211").exit_code == 2


# --- imports ---


def test_the_register_is_replaced_and_the_same_file_again_changes_nothing(run: Run) -> None:
    done = run("import-hospitals", str(SAMPLE_REGISTER))
    assert done.exit_code == 0
    assert "273 hospitals read: 0 added" in done.stdout
    assert "production refuses" in done.stderr


def test_a_hospital_left_out_needs_its_last_day(run: Run, tmp_path: Path) -> None:
    lines = SAMPLE_REGISTER.read_text(encoding="utf-8").splitlines(keepends=True)
    shorter = tmp_path / "shorter.csv"
    shorter.write_text("".join(lines[:-1]), encoding="utf-8")
    refused = run("import-hospitals", str(shorter))
    assert refused.exit_code == 1
    assert "--missing-end-on" in refused.stderr
    assert "1 ended" in run("import-hospitals", str(shorter), "--missing-end-on", "2026-12-31").stdout
    assert run("import-hospitals", str(shorter), "--missing-end-on", "soon").exit_code == 2


def test_people_and_their_months_come_from_two_files(run: Run, tmp_path: Path) -> None:
    people, months = tmp_path / "people.csv", tmp_path / "months.csv"
    person = "1000000000211,นาย,ทดลอง,ตัวอย่าง,1990-02-28,33,2020-01-01,,TH-13,TH-13,TH13-002"
    people.write_text(f"{','.join(PEOPLE_COLUMNS)}\n{person}\n", "utf-8")
    months.write_text(",".join(CONTRIBUTION_COLUMNS) + "\n1000000000211,2026-01,15000,33,1000000001,ร้านตัวอย่าง\n", "utf-8")
    assert "1 people imported" in run("import-people", str(people)).stdout
    assert "1 months imported" in run("import-contributions", str(months)).stdout


def test_faults_of_an_import_are_all_told_and_nothing_is_kept(run: Run, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    rows = ["1000000000211,นาย,ทดลอง,ตัวอย่าง,1990-02-28,33,,,TH-13,,", "1000000000212,นาย,,ตัวอย่าง,2533-02-28,33,,,TH-99,,TH99-001"]
    people.write_text("\n".join((",".join(PEOPLE_COLUMNS), *rows)) + "\n", "utf-8")
    done = run("import-people", str(people))
    assert done.exit_code == 1
    assert "nothing was imported, 5 to put right" in done.stderr
    for column in ("pid", "given_name", "birth_date", "home_province", "hospital_id"):
        assert f"people.csv, line 3, column {column}: " in done.stderr
    assert "1000000000212" not in done.output


def test_without_a_database_an_import_says_what_to_do(run: Run, tmp_path: Path) -> None:
    done = run("import-people", str(tmp_path / "x.csv"), SITTHI_DATABASE_URL=f"sqlite:///{tmp_path / 'empty.db'}")
    assert done.exit_code == 1
    assert "sitthi migrate" in done.stderr


# --- answers ---


@pytest.mark.parametrize("policy", [None, "last_working_day", "last_calendar_day"])
def test_the_shell_and_the_api_give_the_same_date(run: Run, client: FlaskClient, policy: str | None) -> None:
    query = {"received": RECEIVED} | ({"policy": policy} if policy else {})
    told = run("effective-date", RECEIVED, *(("--policy", policy) if policy else ()))
    assert json.loads(told.stdout) == client.get("/api/v1/effective-date", query_string=query, base_url=APP).get_json()


def test_the_shell_and_the_api_give_the_same_law(run: Run, client: FlaskClient) -> None:
    told = run("law", "--on", "2026-11-22")
    assert json.loads(told.stdout) == client.get("/api/v1/law?on=2026-11-22", base_url=APP).get_json()


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (["effective-date", "2026-01-15T16:29:00"], "received"),
        (["effective-date", RECEIVED, "--policy", "x"], "policy"),
        (["law", "--on", "x"], "on"),
    ],
)
def test_what_cannot_be_read_is_named_in_the_shell_too(run: Run, command: list[str], field: str) -> None:
    done = run(*command)
    assert done.exit_code == 2
    assert done.stderr.startswith(f"sitthi: {field} must")


def test_a_look_over_everything_finds_it_in_order(run: Run) -> None:
    done = run("check")
    assert done.exit_code == 0, done.output
    assert done.stdout.count("ok ") == 10


def test_a_look_over_everything_names_what_is_amiss(run: Run, tmp_path: Path) -> None:
    done = run("check", SITTHI_DATABASE_URL=f"sqlite:///{tmp_path / 'empty.db'}")
    assert done.exit_code == 1
    assert "amiss  database: not ready: run 'sitthi migrate'" in done.stdout


def test_one_round_of_the_worker_ends_by_itself(run: Run) -> None:
    done = run("worker", "--once")
    assert done.exit_code == 0
    assert "0 changes took effect" in done.stdout


def test_a_part_of_the_round_that_fails_ends_neither_the_worker_nor_the_others(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(tools: Tools) -> int:
        raise KeyError("somebody's own words")

    done_later: list[Tools] = []
    monkeypatch.setattr("webapp.actions.taking_effect.tidy", fails)
    monkeypatch.setattr("webapp.actions.reminder_planning.plan", lambda tools, **how: done_later.append(tools))
    done = run("worker", "--once")
    assert done.exit_code == 0
    assert len(done_later) == 1
    assert "KeyError in test_commands.py" in done.stderr
    assert "somebody" not in done.output


# --- the audit and the keys ---


NEW_KEY, NEW_PEPPER = base64.urlsafe_b64encode(b"n" * 32).decode(), "another pepper that is long enough"
BOTH = {"SITTHI_DATA_KEYS": f"{NEW_KEY},{DEVELOPMENT_DATA_KEY}", "SITTHI_PID_PEPPERS": f"{NEW_PEPPER},{DEVELOPMENT_SECRET}"}
NEW = {"SITTHI_DATA_KEYS": NEW_KEY, "SITTHI_PID_PEPPERS": NEW_PEPPER}


def test_keys_are_rotated_by_a_command_and_a_check_says_when_the_old_ones_may_go(run: Run) -> None:
    waiting = run("check", **BOTH)
    assert waiting.exit_code == 0, waiting.output
    assert "rows still need an older one: run 'sitthi rotate-keys'" in waiting.stdout
    too_early = run("rotate-keys", **NEW)
    assert too_early.exit_code == 1
    assert "nothing was written" in too_early.stderr
    done = run("rotate-keys", **BOTH)
    assert done.exit_code == 0, done.output
    assert "take it out of the settings" in done.stdout
    assert "take it out of the settings" in run("check", **BOTH).stdout
    assert run("check", **NEW).exit_code == 0
    back = run("check")
    assert back.exit_code == 1
    assert "which the settings do not give" in back.stdout


def test_a_secret_is_never_printed(run: Run) -> None:
    for command in (["check"], ["rotate-keys"]):
        done = run(*command, **BOTH)
        assert not [secret for secret in (NEW_KEY, NEW_PEPPER, DEVELOPMENT_DATA_KEY, DEVELOPMENT_SECRET) if secret in done.output]


def test_the_worker_seals_the_audit_and_its_log_finds_an_end_cut_off(run: Run, tmp_path: Path) -> None:
    told = run("worker", "--once").stdout
    sealed = next(line for line in told.splitlines() if line.startswith("audit batch"))
    head = sealed.split()[2]
    assert run("check", "--audit-head", head).exit_code == 0
    assert f"the last seal is {head}" in run("check").stdout
    number = head.partition(":")[0]
    forged = run("check", "--audit-head", f"{number}:{'0' * 64}")
    assert forged.exit_code == 1
    assert "the end was cut off or rewritten" in forged.stdout
    assert run("check", "--audit-head", "nonsense").exit_code == 2


def test_a_check_names_what_was_done_to_the_audit(run: Run, tmp_path: Path) -> None:
    run("worker", "--once")
    with sqlite3.connect(tmp_path / "sitthi.db") as file:
        file.execute("DROP TRIGGER audit_entries_refuse_update")
        file.execute("UPDATE audit_entries SET by_id = 'another' WHERE number = 1")
    done = run("check")
    assert done.exit_code == 1
    assert "amiss  audit: entry 1 was changed" in done.stdout


def test_the_audit_is_exported_as_lines(run: Run) -> None:
    run("worker", "--once")
    done = run("audit", "export")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines[0]["kind"] == "batch"
    assert {line["kind"] for line in lines} == {"batch", "entry"}
    assert lines[-1]["act"] == "audit_exported"
    assert lines[-1]["batch"] is None
    assert f"{len([line for line in lines if line['kind'] == 'entry'])} entries" in done.stderr


def test_what_an_operator_does_is_in_the_audit(run: Run) -> None:
    run("add-officer", given="1000000000211\n")
    run("import-hospitals", str(SAMPLE_REGISTER))
    acts = [json.loads(line).get("act") for line in run("audit", "export").stdout.splitlines()]
    assert "officer_named" in acts
    assert "1000000000211" not in run("audit", "export").stdout


def test_the_record_of_processing_is_made_by_a_command(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "record.md"
    assert run("record-of-processing", "--output", str(file)).exit_code == 0
    assert file.read_text("utf-8") == run("record-of-processing").stdout


# --- everything at once ---


def free_ports(count: int) -> list[int]:
    with_sockets = [socket.socket() for _ in range(count)]
    for one in with_sockets:
        one.bind(("127.0.0.1", 0))
    ports = [int(one.getsockname()[1]) for one in with_sockets]
    for one in with_sockets:
        one.close()
    return ports


@contextmanager
def demonstration(data: Path, port: int, standin_port: int) -> Iterator[subprocess.Popen[str]]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SITTHI_")}
    environment |= {"PORT": str(port), "STANDIN_PORT": str(standin_port), "DATA_DIR": str(data)}
    started = subprocess.Popen(
        [sys.executable, "-m", "webapp.commands", "demo"], cwd=ROOT, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    try:
        yield started
    finally:
        with suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)
        started.wait(10)
        assert started.stdout
        started.stdout.close()


def lines_until_ready(started: subprocess.Popen[str]) -> list[str]:
    assert started.stdout
    lines: list[str] = []
    for line in started.stdout:
        lines.append(line.rstrip("\n"))
        if line.startswith("  1000000000149"):
            return lines
    raise AssertionError(f"it ended before it was ready: {lines}")


def answer_of(port: int, path: str) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
        return int(answer.status)


def is_free(port: int) -> bool:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def both_are_free_soon(*ports: int) -> bool:
    end = time.monotonic() + 20
    while not all(is_free(port) for port in ports):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_one_command_starts_everything_and_one_signal_ends_it(tmp_path: Path) -> None:
    port, standin_port = free_ports(2)
    with demonstration(tmp_path, port, standin_port) as started:
        lines = lines_until_ready(started)
        assert f"ready http://127.0.0.1:{port}" in lines
        for pid in ("1000000000009", "1000000000017", "1000000000025", "1000000000033", "1000000000041", "1000000000076", "1000000000084"):
            assert any(line.strip().startswith(pid) for line in lines), pid
        assert answer_of(port, "/") == answer_of(port, "/readyz") == answer_of(standin_port, "/") == 200
        started.send_signal(signal.SIGTERM)
        assert started.wait(20) == 0
        assert is_free(port)
        assert is_free(standin_port)
    with demonstration(tmp_path, port, standin_port) as again:
        lines_until_ready(again)
        again.send_signal(signal.SIGINT)
        assert again.wait(20) == 0


def test_a_server_that_dies_takes_the_rest_with_it_and_says_so(tmp_path: Path) -> None:
    port, standin_port = free_ports(2)
    with demonstration(tmp_path, port, standin_port) as started:
        lines_until_ready(started)
        os.kill(children_of(started.pid)[0], signal.SIGKILL)
        assert started.wait(20) == 1
        assert started.stdout
        assert "'sitthi serve' ended with code -9; the rest was stopped too" in started.stdout.read()
        assert both_are_free_soon(port, standin_port)


def test_if_the_launcher_itself_is_killed_nothing_goes_on_holding_the_ports(tmp_path: Path) -> None:
    port, standin_port = free_ports(2)
    with demonstration(tmp_path, port, standin_port) as started:
        lines_until_ready(started)
        started.kill()
        assert both_are_free_soon(port, standin_port)


@pytest.mark.parametrize("taken", [0, 1])
def test_a_port_in_use_is_one_clear_line(tmp_path: Path, taken: int) -> None:
    ports = free_ports(2)
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", ports[taken]))
        somebody.listen()
        with demonstration(tmp_path, *ports) as started:
            assert started.stdout
            told = started.stdout.read()
            assert started.wait(20) == 1
    setting = ("PORT", "STANDIN_PORT")[taken]
    assert told.strip() == f"sitthi: port {ports[taken]} on 127.0.0.1 cannot be used (Address already in use): {setting}=… chooses another"


# --- reminders ---


def test_reminders_are_planned_once_and_what_is_due_is_sent_or_kept(run: Run) -> None:
    evening = {"SITTHI_CLOCK": "2026-12-15T10:00:00+07:00"}
    first, again = run("reminders", "plan", **evening), run("reminders", "plan", **evening)
    assert first.exit_code == again.exit_code == 0
    assert again.stdout == "0 reminders planned, 0 cancelled\n"
    sent = run("reminders", "send", **evening)
    assert sent.exit_code == 0
    assert sent.stdout.startswith("0 reminders sent in 0 messages")


def test_a_worker_told_to_stop_ends_at_once_and_well(run: Run, tmp_path: Path) -> None:
    environment = {**os.environ, "SITTHI_DATABASE_URL": f"sqlite:///{tmp_path / 'sitthi.db'}", "DATA_DIR": str(tmp_path)}
    worker = subprocess.Popen([sys.executable, "-m", "webapp.commands", "worker"], env=environment, stderr=subprocess.PIPE)
    wait_for_idle_worker(tmp_path / "sitthi.db")
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(20) == 0
    assert worker.stderr is not None
    assert worker.stderr.read() == b""


def wait_for_idle_worker(database: Path) -> None:
    """Until its first round has planned something."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with sqlite3.connect(database) as db:
            if db.execute("SELECT COUNT(*) FROM reminder_plans").fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("the worker planned nothing")
