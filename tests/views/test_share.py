"""Passing a page on: the address that is offered holds nothing of a person's record, and works without JavaScript."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from tests.front_door import APP, SignIn
from tests.pages import Page, look

SOMCHAI = "1000000000009"
ANSWERS = {
    "on": "2026-12-09", "cause": "laid_off", "dismissed_for_fault": "no", "months_paid_in_15": "14",
    "wage": "16000", "days_paid_this_year": "0",
}  # fmt: skip
RESULT = f"/benefits/unemployment?{urlencode(ANSWERS)}"


def offered(page: Page) -> dict[str, str]:
    (field,) = [field for field in page.fields if field.get("id") == "share-address"]
    return field


def test_logged_out_the_link_holds_the_answers_and_says_so(client: FlaskClient) -> None:
    page = look(client, RESULT, "en")
    assert offered(page)["value"] == f"{APP}{RESULT}"
    assert "readonly" in offered(page)
    assert "whoever opens it sees them" in page.text
    assert page.links["the empty check"] == "/benefits/unemployment"


def test_the_link_opens_the_same_result_for_whoever_gets_it(client: FlaskClient, another_client: FlaskClient) -> None:
    shared = offered(look(client, RESULT, "en"))["value"].removeprefix(APP)
    assert look(another_client, shared, "en").h1 == look(client, RESULT, "en").h1


def test_somebody_signed_in_passes_on_the_empty_check_only(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, SOMCHAI)
    page = look(client, "/benefits/sickness?on=2026-12-09&employer_sick_leave_used=yes&days_off=3&chronic=no&days_paid_this_year=0", "en")
    assert offered(page)["value"] == f"{APP}/benefits/sickness"
    assert "nothing of your record is in it" in page.text


def test_the_title_that_is_shared_holds_no_figure(client: FlaskClient) -> None:
    page = look(client, RESULT, "en")
    assert 'data-title="Benefit check: Unemployment"' in page.html


@pytest.mark.parametrize("path", ["/rules", "/guide/contributions", "/guide/claims"])
def test_pages_that_are_the_same_for_everybody_can_be_passed_on_too(client: FlaskClient, path: str) -> None:
    assert offered(look(client, path, "th"))["value"] == f"{APP}{path}"


def test_the_printed_sheet_names_the_day_the_law_and_an_address_without_answers(client: FlaskClient) -> None:
    page = look(client, f"{RESULT}&print=1", "en")
    assert f"To check again: {APP}/benefits/unemployment" in page.text
    assert f"Every rule with its source: {APP}/rules?on=2026-12-09" in page.text
    assert "Printed on 20 Dec 2026" in page.text
    assert "The law of 9 December 2026" in page.text
    assert "call 1506" in page.text
    assert "wage=16000" not in page.text


def test_the_printed_sheet_holds_every_sum_condition_and_answer_of_the_page(client: FlaskClient) -> None:
    page, sheet = look(client, RESULT, "en"), look(client, f"{RESULT}&print=1", "en")
    for said in ("Unemployment money for one month: ฿9,600 a month", "First as above, then", "Met: At least 6 of the 15 months before"):
        assert said in sheet.text
    for said in ("Register by", "Paid from", "Laid off or resigned: side by side", "form SSO 2-01", "a page of 2025 says 70 %"):
        assert said in page.text
        assert said in sheet.text
