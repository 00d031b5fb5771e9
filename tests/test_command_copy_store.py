"""`sitthi copy-store`: from SQLite to PostgreSQL and back, in a shell, and the app on the other side."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from tests import every_row
from tests.front_door import APP, SignIn, StandIn
from tests.postgres import Server
from tests.standing_clock import StandingClock
from webapp.app import create_app, tools_for
from webapp.commands import sitthi
from webapp.config import settings_from

Run = Callable[..., Result]
SOMCHAI = "1000000000009"


@pytest.fixture
def data(tmp_path: Path, laid_database: Path) -> Path:
    shutil.copy(laid_database, tmp_path / "sitthi.db")
    return tmp_path


@pytest.fixture
def to(postgres: Server) -> Iterator[str]:
    """The address of an empty database, with a password."""
    name = f"command_{secrets.token_hex(6)}"
    yield postgres.new_database(name).replace("@", ":SECRET@")
    postgres.drop(name)


@pytest.fixture
def run(data: Path) -> Run:
    def call(*arguments: object, given: str | None = None, **settings: str) -> Result:
        return CliRunner().invoke(sitthi, [str(one) for one in arguments], input=given, env={"DATA_DIR": str(data), **settings})

    return call


def test_an_installation_moves_to_postgres_and_the_app_answers_from_there(
    run: Run, data: Path, to: str, standin: StandIn, sign_in: SignIn
) -> None:
    first = run("copy-store", "SITTHI_DATABASE_URL", "NEW_DATABASE", NEW_DATABASE=to)
    assert first.exit_code == 0, first.stderr
    assert "the same on both sides: " in first.stdout
    assert "this is no last copy. Next: 'sitthi read-only on'" in first.stdout
    assert run("read-only", "on").exit_code == 0
    last = run("copy-store", "SITTHI_DATABASE_URL", "NEW_DATABASE", "--again", NEW_DATABASE=to)
    assert last.exit_code == 0, last.stderr
    assert "brought over now: 1 added, 0 changed, 0 taken away" in last.stdout, "the spell of reading only"
    assert "nothing was taken in at that moment. Next: name TO" in last.stdout
    assert "SECRET" not in first.output + last.output
    assert every_row.rows_of(to) == every_row.rows_of(f"sqlite:///{data / 'sitthi.db'}")
    moved = {"SITTHI_DATABASE_URL": to}
    checked = run("check", **moved).stdout
    assert "ok     database" in checked
    assert "amiss  audit" not in checked
    assert run("read-only", "off", **moved).exit_code == 0
    settings = settings_from({**moved, "DATA_DIR": str(data), "SITTHI_THAID_ISSUER": standin.url, "SITTHI_LIMITS": "off"})
    tools = replace(tools_for(settings), clock=StandingClock())
    client: FlaskClient = create_app(settings, tools).test_client()
    assert client.get("/readyz", base_url=APP).status_code == 200
    assert b"TH-10" in client.get("/api/v1/hospitals?q=%E0%B8%9E%E0%B8%A2%E0%B8%B2&province=TH-10", base_url=APP).data
    sign_in(client, SOMCHAI)
    assert client.get("/my-data", base_url=APP).status_code == 200
    tools.store.close()


def test_and_back_into_a_file_for_its_owner_alone(run: Run, data: Path, to: str) -> None:
    source = f"sqlite:///{data / 'sitthi.db'}"
    assert run("copy-store", source, to).exit_code == 0
    back = run("copy-store", to, f"sqlite:///{data / 'new' / 'back.db'}")
    assert back.exit_code == 0, back.stderr
    assert every_row.rows_of(f"sqlite:///{data / 'new' / 'back.db'}") == every_row.rows_of(source)
    assert (data / "new" / "back.db").stat().st_mode & 0o077 == 0
    assert run("check", SITTHI_DATABASE_URL=f"sqlite:///{data / 'new' / 'back.db'}").stdout.count("ok     database") == 1


def test_what_cannot_be_done_is_one_line_and_exit_code_1(run: Run, data: Path, to: str) -> None:
    assert run("copy-store", "SITTHI_DATABASE_URL", to).exit_code == 0
    told = run("copy-store", "SITTHI_DATABASE_URL", to)
    assert (told.exit_code, told.stderr.count("\n")) == (1, 1)
    assert told.stderr.startswith("sitthi: TO is not empty: name an empty database, or say --again")
    gone = run("copy-store", "SITTHI_DATABASE_URL", "postgresql://me:SECRET@127.0.0.1:1/nothing")
    assert gone.exit_code == 1
    assert gone.stderr.startswith("sitthi: TO: ")
    unnamed = run("copy-store", "SITTHI_DATABASE_URL", "NEW_DATABASE")
    assert (unnamed.exit_code, "NEW_DATABASE is no address" in unnamed.stderr) == (2, True)
    assert "SECRET" not in told.output + gone.output


def test_a_copy_that_differs_names_the_table_and_ends_with_1(run: Run, data: Path) -> None:
    spoiled = f"sqlite:///{data / 'spoiled.db'}"
    assert run("migrate", SITTHI_DATABASE_URL=spoiled).exit_code == 0
    store = tools_for(settings_from({"SITTHI_DATABASE_URL": spoiled})).store
    store.run("CREATE TRIGGER spoils AFTER INSERT ON provinces BEGIN UPDATE provinces SET region = 'x' WHERE code = 'TH-10'; END")  # type: ignore[attr-defined]
    store.close()
    told = run("copy-store", "SITTHI_DATABASE_URL", spoiled)
    assert told.exit_code == 1
    assert told.stderr == "sitthi: TO is not the same as FROM:\n  provinces: 1 rows differ, the first of them code TH-10\n"


def test_killed_in_the_middle_it_goes_on_when_it_is_run_again(run: Run, data: Path, to: str, postgres: Server) -> None:
    store = tools_for(settings_from({"DATA_DIR": str(data)})).store
    with store.transaction():
        store.run_many(  # type: ignore[attr-defined]
            "INSERT INTO used_challenges (challenge_hash, at) VALUES (:hash, 1)", ({"hash": f"{number:08}"} for number in range(200_000))
        )
    store.close()
    environment = {**os.environ, "DATA_DIR": str(data), "NEW_DATABASE": to}
    command = [sys.executable, "-m", "webapp.commands", "copy-store", "SITTHI_DATABASE_URL", "NEW_DATABASE"]
    running = subprocess.Popen(command, env=environment)
    name = to.rpartition("/")[2]
    end = time.monotonic() + 60
    while not arrived(postgres, name):
        assert running.poll() is None
        assert time.monotonic() < end
        time.sleep(0.02)
    running.send_signal(signal.SIGKILL)
    running.wait(10)
    there = arrived(postgres, name)
    assert 0 < there < 200_000
    again = run("copy-store", "SITTHI_DATABASE_URL", "NEW_DATABASE", "--again", NEW_DATABASE=to)
    assert again.exit_code == 0, again.stderr
    assert every_row.rows_of(to) == every_row.rows_of(f"sqlite:///{data / 'sitthi.db'}")


def arrived(server: Server, database: str) -> int:
    if not server.query("SELECT 1 FROM pg_tables WHERE tablename = 'used_challenges'", database=database):
        return 0
    return int(server.query("SELECT COUNT(*) FROM used_challenges", database=database)[0][0])
