"""The headline of a result: what paying on changes, whose cover had ended, and where nothing is left to claim."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from tests.front_door import SignIn
from tests.pages import Page, look
from tests.standing_clock import StandingClock
from webapp.domain.dates import BANGKOK

FOUR_MONTHS, ALONE, LEFT = "1000000000025", "1000000000033", "1000000000165"
MOTHER = {"parent": "mother", "other_parent_claimed": "no", "leave_allowances_before": "0", "prenatal_cost": "0"}
FATHER = {"parent": "father", "union": "married", "other_parent_claimed": "yes", "prenatal_cost": "0"}
ILL = {"employer_sick_leave_used": "yes", "days_off": "5", "chronic": "no", "days_paid_this_year": "0"}
RESIGNED = {"cause": "resigned", "days_paid_this_year": "0"}
BASIC = {"treatment": "basic", "cost": "700", "used_this_year": "0"}


@pytest.fixture(autouse=True)
def on_22_november(clock: StandingClock) -> None:
    clock.set(datetime(2026, 11, 22, 10, 0, tzinfo=BANGKOK))


def result(client: FlaskClient, benefit: str, **answers: str) -> Page:
    return look(client, f"/benefits/{benefit}?{urlencode(answers)}", "en")


def test_a_birth_next_june_is_in_time_for_whoever_pays_on_from_today(client: FlaskClient) -> None:
    page = result(client, "maternity", on="2027-06-15", months_paid_in_15="4", wage="15000", **MOTHER)
    assert page.h1 == ["Based on your answers, you cannot claim maternity money yet"]
    assert "it is enough from December 2026, in time for this day" in page.text
    assert "July 2027" not in page.text
    printed = result(client, "maternity", on="2027-06-15", months_paid_in_15="4", wage="15000", print="1", **MOTHER)
    assert "it is enough from December 2026, in time for this day" in printed.text


def test_the_months_of_the_record_august_to_november_are_paid_on_too(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, FOUR_MONTHS)
    page = result(client, "maternity", on="2027-06-15", **MOTHER)
    assert "it is enough from January 2027, in time for this day" in page.text
    assert "falls out" not in page.text


def test_a_birth_that_comes_too_soon_is_told_so_with_the_month(client: FlaskClient) -> None:
    page = result(client, "maternity", on="2026-12-20", months_paid_in_15="0", wage="15000", **MOTHER)
    assert page.h1 == ["Based on your answers, you cannot claim maternity money"]
    assert "Not enough for this day. If you pay every month from now on, it is enough from April 2027" in page.text


def test_of_an_event_gone_by_only_a_later_one_is_spoken_of(client: FlaskClient) -> None:
    this_month = result(client, "sickness", on="2026-11-03", months_paid_in_15="2", wage="15000", **ILL)
    assert this_month.h1 == ["Based on your answers, you cannot claim sickness money"]
    assert "For a later event, paying every month from now on, it is enough from December 2026" in this_month.text
    long_ago = result(client, "sickness", on="2026-02-03", months_paid_in_15="2", wage="15000", **ILL)
    assert "it is enough from February 2027 at the latest" in long_ago.text


@pytest.mark.parametrize(
    ("benefit", "answers"),
    [
        ("death", {"on": "2026-11-03", "months_paid_in_6": "0", "months_paid_total": "40", "wage": "15000"}),
        ("unemployment", {"on": "2026-11-03", "months_paid_in_15": "4", "wage": "15000"} | RESIGNED),
        ("unemployment", {"on": "2026-12-03", "months_paid_in_15": "0", "wage": "15000"} | RESIGNED),
        ("unemployment", {"on": "2026-11-03", "months_paid_in_15": "9", "wage": "15000", "cause": "laid_off", "dismissed_for_fault": "yes",
                          "days_paid_this_year": "0"}),
        ("child_allowance", {"months_paid_in_36": "20", "children": "9"}),
        ("maternity", {"on": "2026-12-20", "months_paid_in_15": "9"} | FATHER | {"union": "neither"}),
        ("invalidity", {"on": "2026-11-03", "months_paid_in_15": "9", "loss_percent": "20", "wage": "15000"}),
    ],
)  # fmt: skip
def test_what_no_month_can_change_is_not_called_yet(client: FlaskClient, benefit: str, answers: dict[str, str]) -> None:
    page = result(client, benefit, **answers)
    assert page.h1[0].startswith("Based on your answers, you cannot claim")
    assert "yet" not in page.h1[0]
    assert "every month from now on" not in page.text


@pytest.mark.parametrize(
    ("benefit", "answers"),
    [
        ("sickness", {"on": "2027-03-01"} | ILL),
        ("maternity", {"on": "2027-03-01"} | MOTHER),
        ("dental", {"on": "2027-03-01"} | BASIC),
    ],
)
def test_whoever_left_work_is_not_promised_money_after_the_cover(
    client: FlaskClient, sign_in: SignIn, benefit: str, answers: dict[str, str]
) -> None:
    sign_in(client, LEFT)
    page = result(client, benefit, **answers)
    assert page.h1[0].startswith("By the record your cover had ended"), page.h1
    assert "you will no longer be covered, as far as the record says" in page.text
    assert "How to claim" not in page.text
    assert "you can claim" in result(client, benefit, **answers | {"on": "2026-11-22"}).h1[0]


def test_child_allowance_ends_with_being_insured(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, LEFT)
    page = result(client, "child_allowance", children="1")
    assert page.h1[0].startswith("By the record your cover had ended")
    assert "Your cover ended on" in page.text


def test_without_a_record_the_result_says_how_long_it_holds(client: FlaskClient) -> None:
    page = result(client, "sickness", on="2026-11-22", months_paid_in_15="9", wage="15000", **ILL)
    assert "while you are insured, and up to 6 months after insurance ends" in page.text
    assert "while you are insured" in result(client, "child_allowance", months_paid_in_36="20", children="1").text


def test_section_39_is_not_promised_unemployment_money(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, ALONE)
    page = result(client, "unemployment", on="2026-11-22", **RESIGNED)
    assert page.h1 == ["We can’t tell about unemployment money: call 1506"]
    assert "Not offered under section 39, as far as we know" in page.text
    assert "How to claim" not in page.text


@pytest.mark.parametrize(
    ("benefit", "answers", "why"),
    [
        ("unemployment", {"on": "2026-11-22", "months_paid_in_15": "9", "wage": "15000", "cause": "resigned", "days_paid_this_year": "90"},
         "The days of this calendar year are used up"),
        ("maternity", {"on": "2026-11-22", "months_paid_in_15": "9"} | FATHER, "The other parent has claimed the lump sum"),
        ("dental", {"on": "2026-11-22", "months_paid_in_15": "9"} | BASIC | {"used_this_year": "900"}, "The limit of this calendar year"),
    ],
)  # fmt: skip
def test_where_nothing_is_left_the_headline_does_not_read_like_a_claim(
    client: FlaskClient, benefit: str, answers: dict[str, str], why: str
) -> None:
    page = result(client, benefit, **answers)
    assert page.h1[0].startswith("The conditions are met, but there is no")
    assert why in page.text
    assert "How to claim" not in page.text
