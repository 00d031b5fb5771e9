"""Every row of the table "Where the seed page and the law differ": the page of that benefit says so in a line, and so does its guide."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.pages import look

RESULTS = {
    "sickness": "on=2026-06-01&months_paid_in_15=3&employer_sick_leave_used=yes&wage=17500&days_off=3&chronic=no&days_paid_this_year=0",
    "maternity": "on=2026-06-01&parent=mother&months_paid_in_15=5&wage=17500&other_parent_claimed=no"
    "&leave_allowances_before=0&prenatal_cost=0",
    "invalidity": "on=2026-06-01&months_paid_in_15=3&loss_percent=40&wage=17500",
    "old_age": "age=57&still_insured=no&months_paid_total=200&average_wage_60=15000",
    "child_allowance": "months_paid_in_36=12&children=2",
    "unemployment": "on=2026-06-01&cause=laid_off&dismissed_for_fault=no&months_paid_in_15=6&wage=17500&days_paid_this_year=0",
    "death": "on=2026-06-01&months_paid_in_6=1&months_paid_total=130&wage=17500",
}

ROWS = [
    ("the ceiling", "unemployment", "a page of 2025 says ฿15,000; since 1 Jan 2026 the law says ฿17,500"),
    ("the ceiling", "death", "a page of 2025 says ฿15,000; since 1 Jan 2026 the law says ฿17,500"),
    ("months before a birth", "maternity", "a page of 2025 says 3 months; since 20 Oct 2015 the law says 5 months"),
    ("time to claim after a birth", "maternity", "a page of 2025 says 1 year; the law says 2 years"),
    ("child allowance", "child_allowance", "a page of 2025 says ฿800; since 1 Jan 2025 the law says ฿1,000"),
    ("lay-off, rate", "unemployment", "a page of 2025 says 70 %; since 28 Jun 2025 the law says 60 %"),
    ("lay-off, days", "unemployment", "a page of 2025 says 200 days; since 28 Jun 2025 the law says 180 days"),
    ("resignation", "unemployment", "a page of 2025 says 45 %; since 1 Mar 2022 the law says 30 %"),
    ("force majeure", "unemployment", "a page of 2025 says 90 days; the law says 180 days"),
    ("heirs of a pensioner", "old_age", "gives the heirs a fixed number of pensions"),
    ("how a pension begins", "old_age", "says only how the pension grows; the law begins with 20 % of the average wage"),
    ("sickness money", "sickness", "does not name this money; the law pays 50 % of the daily wage"),
    ("a loss of 35 to 49 percent", "invalidity", "says 35-49 % for a loss that is not severe; the law says every loss under 50 %"),
]


@pytest.mark.parametrize(("row", "benefit", "said"), ROWS, ids=[f"{row} ({benefit})" for row, benefit, _ in ROWS])
def test_the_result_says_where_a_page_in_peoples_hands_differs(client: FlaskClient, row: str, benefit: str, said: str) -> None:
    page = look(client, f"/benefits/{benefit}?{RESULTS[benefit]}", "en")
    assert said in page.text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/guide/contributions", "a page of 2025 says ฿15,000"),
        ("/guide/emergency-costs", "prints these rates under state hospitals; they are probably those of private hospitals"),
        ("/guide/ways-to-change-hospital", "names one time only, 16 Dec 2024 to 31 Mar 2025. It comes every year"),
        ("/hospital-change", "names one time only, 16 Dec 2024 to 31 Mar 2025. It comes every year"),
        ("/sign-in/old-password", "The user name and password from before cannot be used any more"),
        ("/guide/sign-in-with-thaid", "password"),
    ],
)
def test_what_belongs_to_no_benefit_is_said_on_its_own_page(client: FlaskClient, path: str, said: str) -> None:
    assert said in look(client, path, "en").text
