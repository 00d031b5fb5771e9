"""The list of hospitals that anybody may look through."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.front_door import APP, SignIn

Look = Any


@pytest.mark.parametrize(("typed", "lang"), [("ธรรมศาสตร์", "th"), ("ธรรมสาด", "th"), ("thammasat", "en"), ("Thamasat", "en")])
def test_a_hospital_is_found_in_either_language_and_with_a_slip(client: FlaskClient, look: Look, typed: str, lang: str) -> None:
    page = look(client, f"/hospitals?q={typed}", lang)
    assert {"th": "โรงพยาบาลธรรมศาสตร์เฉลิมพระเกียรติ", "en": "Thammasat University Hospital"}[lang] in page.main


def test_the_count_is_said_and_read_aloud(client: FlaskClient, look: Look) -> None:
    page = look(client, "/hospitals?q=thammasat", "en")
    assert "1 hospital found" in page.main
    assert 'data-status="1 hospital found"' in page.html


def test_adjoining_provinces_are_a_choice(client: FlaskClient, look: Look) -> None:
    alone = look(client, "/hospitals?province=TH-13&q=", "en").main
    around = look(client, "/hospitals?province=TH-13&adjoining=1&q=", "en").main
    assert "in Pathum Thani and adjoining provinces" not in alone
    assert "in Pathum Thani and adjoining provinces" in around


def test_state_hospitals_only(client: FlaskClient, look: Look) -> None:
    page = look(client, "/hospitals?province=TH-13&ownership=state", "en")
    assert "state hospital" in page.main
    assert ", private hospital" not in page.main


def test_more_results_stand_on_further_pages(client: FlaskClient, look: Look) -> None:
    first = look(client, "/hospitals?province=", "en")
    assert "1 to 10 of" in first.main
    second = look(client, first.links["More results"], "en")
    assert "11 to 20 of" in second.main
    assert "Earlier results" in second.links


def test_nothing_found_offers_the_whole_province(client: FlaskClient, look: Look) -> None:
    page = look(client, "/hospitals?q=zzqqzz&province=TH-13", "en")
    assert "No match. Try fewer letters." in page.main
    assert page.links["See all in the province"] == "/hospitals?province=TH-13&adjoining=1"


@pytest.mark.parametrize(
    "query", ["page=0", "page=-3", "page=many", "page=99999999", "ownership=nobody", "province=TH-99", "q=%00", "q=" + "x" * 5000]
)
def test_whatever_is_typed_gets_a_page(client: FlaskClient, look: Look, query: str) -> None:
    assert look(client, f"/hospitals?{query}", "en").h1


def test_with_htmx_only_the_results_come(client: FlaskClient) -> None:
    html = client.get("/hospitals?q=thammasat", base_url=APP, headers={"HX-Request": "true"}).get_data(as_text=True)
    assert html.lstrip().startswith('<section id="found"')
    assert "<html" not in html


def test_somebody_signed_in_begins_at_home(client: FlaskClient, sign_in: SignIn, look: Look) -> None:
    sign_in(client, "1000000000017")
    assert "in Chiang Mai and adjoining provinces" in look(client, "/hospitals", "en").main


def test_a_sample_register_says_so(client: FlaskClient, look: Look) -> None:
    assert "This is a sample list" in look(client, "/hospitals", "en").main
    assert "นี่เป็นรายชื่อตัวอย่าง" in look(client, "/hospitals", "th").main


def test_a_hospital_that_leaves_says_its_last_day(client: FlaskClient, look: Look) -> None:
    assert "Leaves the scheme: last day 31 Jan 2027" in look(client, "/hospitals?q=Tuayang", "en").main
