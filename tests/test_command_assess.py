"""`sitthi assess` and the part of `sitthi check` that watches the law's age."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from tests.front_door import APP
from webapp.commands import sitthi

Run = Callable[..., Result]
DAY = "2026-05-09"


@pytest.fixture
def run(laid_database: Path, tmp_path: Path) -> Run:
    database = tmp_path / "command.db"
    shutil.copy(laid_database, database)

    def call(*arguments: str, **settings: str) -> Result:
        environment = {"SITTHI_DATABASE_URL": f"sqlite:///{database}", "DATA_DIR": str(tmp_path), **settings}
        return CliRunner().invoke(sitthi, arguments, env=environment)

    return call


def test_the_shell_gives_the_answer_of_the_open_api(run: Run, client: FlaskClient) -> None:
    answers = {"months_paid_in_15": "14", "wage": "16,000", "cause": "laid_off", "dismissed_for_fault": "no", "days_paid_this_year": "0"}
    told = run("assess", "unemployment", f"on={DAY}", *(f"{name}={answer}" for name, answer in answers.items()))
    asked = client.post("/api/v1/benefits/unemployment/assess", json={"on": DAY, "answers": answers}, base_url=APP)
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout) == asked.get_json()
    assert json.loads(told.stdout)["outcome"] == "entitled"


def test_lists_are_written_as_json_or_as_ages(run: Run) -> None:
    by_day = run("assess", "child_allowance", f"on={DAY}", "months_paid_in_36=12", 'children=[{"birth_date":"2024-01-01"}]')
    by_age = run("assess", "child_allowance", f"on={DAY}", "months_paid_in_36=12", "children=2")
    assert json.loads(by_day.stdout)["amounts"] == json.loads(by_age.stdout)["amounts"] != []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("lottery",), "no benefit 'lottery'"),
        (("sickness", "wage"), "KEY=VALUE"),
        (("sickness", "wage=1", "wage=2"), "twice"),
        (("sickness", "wage=much"), "wage cannot be read"),
        (("sickness", "wage=[1"), "not sound JSON"),
        (("sickness", "on=2569-01-01"), "on must lie in the years"),
    ],
)
def test_what_cannot_be_read_ends_with_code_2_and_one_line(run: Run, arguments: tuple[str, ...], said: str) -> None:
    told = run("assess", *arguments)
    assert told.exit_code == 2
    assert said in told.stderr
    assert len(told.stderr.strip().splitlines()) == 1


def test_a_law_looked_up_within_the_year_is_in_order(run: Run) -> None:
    assert "ok     law" in run("check", SITTHI_CLOCK="2026-12-20T10:00:00+07:00").output


def test_a_law_nobody_looked_up_for_over_a_year_fails_the_check(run: Run) -> None:
    told = run("check", SITTHI_CLOCK="2027-11-23T10:00:00+07:00")
    assert told.exit_code == 1
    assert "amiss  law: last checked over 12 months ago" in told.output
    assert "hospital_change" in told.output
