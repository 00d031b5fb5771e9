"""The page of all rules: any day, what changed, what is to come, what nobody knows; for reading, keeping and printing."""

from __future__ import annotations

import gzip
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from tests.front_door import APP
from tests.pages import Page, look, read, sound
from tests.standing_clock import StandingClock
from webapp.adapters.lawbook_toml import load
from webapp.web import law_words

BOOK = load()
SMALL_ENOUGH = 15.5 * 1024


def rows(page: Page) -> list[str]:
    """Each rule's row as one line of text."""
    found = re.findall(r"<tr[^>]*><th scope=\"row\".*?</tr>", page.html, flags=re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in found]


def row_of(page: Page, name: str) -> str:
    return next(row for row in rows(page) if row.startswith(name))


def test_every_rule_of_the_book_stands_on_the_sheet_to_print(client: FlaskClient) -> None:
    assert len(rows(look(client, "/rules?print=1", "th"))) == len(BOOK.keys)
    sheet = look(client, "/rules", "en").links["All rules of this day on one sheet, to print"]
    assert len(rows(look(client, sheet, "en"))) == len(BOOK.keys)
    assert len(rows(look(client, "/rules?on=2019-06-01&print=1", "en"))) == len(BOOK.keys)


def test_every_rule_stands_on_the_page_of_its_subject_for_the_same_day(client: FlaskClient) -> None:
    overview = look(client, "/rules?on=2019-06-01", "en")
    ways = {href for href in overview.links.values() if href.startswith("/rules/") and "#" not in href}
    assert all(href.endswith("?on=2019-06-01") for href in ways)
    assert sum(len(rows(look(client, href, "en"))) for href in ways) == len(BOOK.keys)
    page = look(client, "/rules/sickness?on=2019-06-01", "en")
    assert page.h1 == ["Sickness: the rules of 1 June 2019"]
    assert page.links["All rules"] == "/rules?on=2019-06-01"
    assert look(client, "/rules/fortune", "en", status=404).status == 404


def test_what_changed_leads_to_its_row(client: FlaskClient) -> None:
    href = look(client, "/rules?on=2026-12-31", "en").links["The highest wage that counts, a month"]
    assert href == "/rules/wage_base?on=2026-12-31#wage_base.ceiling"
    assert 'id="wage_base.ceiling"' in look(client, href, "en").html


def test_a_day_that_cannot_be_read_is_asked_for_where_days_are_chosen(client: FlaskClient) -> None:
    answer = client.get("/rules/sickness?on=yesterday", base_url=APP)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/rules?on=yesterday")


def test_a_rule_says_its_value_since_when_its_law_its_source_and_how_sure(client: FlaskClient) -> None:
    page = look(client, "/rules?on=2026-06-01&print=1", "en")
    assert page.h1 == ["The rules of 1 June 2026"]
    row = row_of(page, "The highest wage that counts")
    assert "฿17,500 since 1 Jan 2026" in row
    assert "Ministerial Regulation published 12 Dec 2025" in row
    assert "Confirmed" in row
    (letter,) = re.findall(r"source ([A-Z])", row)
    assert re.search(rf"{letter}\s*public pages about the law", page.text)
    assert "One good source. Being confirmed: call 1506" in row_of(page, "Time to claim")


def test_what_changed_in_the_year_before_is_marked_with_what_it_was(client: FlaskClient) -> None:
    page = look(client, "/rules?on=2026-12-31&print=1", "en")
    assert "changed, before: ฿15,000, until 31 Dec 2025" in row_of(page, "The highest wage that counts")
    assert "Changed in the 12 months before" in look(client, "/rules?on=2026-12-31", "en").text
    a_year_on = look(client, "/rules?on=2027-01-02&print=1", "en")
    assert "changed" not in row_of(a_year_on, "The highest wage that counts")


def test_what_only_got_a_new_entry_with_the_same_value_has_not_changed(client: FlaskClient) -> None:
    page = look(client, "/rules?on=2025-12-01&print=1", "en")
    assert "changed, before: 50 %" in row_of(page, "Laid off, part of the wage")
    assert "changed" not in row_of(page, "Laid off, days a year")


def test_what_is_published_to_come_stands_with_its_day(client: FlaskClient) -> None:
    row = row_of(look(client, "/rules?on=2026-06-01&print=1", "en"), "The highest wage that counts")
    assert "already published: ฿20,000 from 1 Jan 2029" in row
    assert "already published: ฿23,000 from 1 Jan 2032" in row


def test_on_an_old_day_what_came_later_is_not_called_published(client: FlaskClient) -> None:
    row = row_of(look(client, "/rules?on=2021-06-01&print=1", "en"), "Laid off, part of the wage")
    assert "70 %" in row
    assert "afterwards: 50 % from 1 Mar 2022" in row
    assert "published" not in row


def test_what_nobody_knows_says_so_with_the_number_to_call(client: FlaskClient) -> None:
    page = look(client, "/rules?on=2020-10-01&print=1", "en")
    assert "not known, call 1506" in row_of(page, "Work stopped by an epidemic, part of the wage")
    later = look(client, "/rules?on=2026-06-01&print=1", "en")
    assert "no longer in force" in row_of(later, "Taken from the wage in nine southern provinces")


def test_another_day_is_typed_in_three_fields_and_stands_in_the_address(client: FlaskClient) -> None:
    form = next(form for form in look(client, "/rules", "en").forms if form["fields"].get("asked") == "on")
    assert (form["method"], form["action"]) == ("get", "/rules")
    answer = client.get("/rules?asked=on&on_day=1&on_month=Jan&on_year=2029", base_url=APP)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/rules?on=2029-01-01"
    assert "฿20,000" in row_of(look(client, "/rules?on=2029-01-01&print=1", "en"), "The highest wage that counts")


def test_a_year_of_the_other_era_is_asked_about_not_guessed(client: FlaskClient) -> None:
    client.set_cookie("sitthi-language", "th", domain="127.0.0.1")
    asked = client.get("/rules?asked=on&on_day=1&on_month=1&on_year=2026", base_url=APP)
    assert asked.status_code == 422
    assert "on_confirm" in asked.get_data(as_text=True)
    taken = client.get("/rules?asked=on&on_day=1&on_month=1&on_year=2569", base_url=APP)
    assert taken.headers["Location"] == "/rules?on=2026-01-01"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("on=yesterday", "could not read this day"), ("on=1900-01-01", "too long ago"), ("on=2999-01-01", "too far ahead"),
        ("since=x", "could not read this day"), ("on=2026-01-01&since=2026-01-02", "lies after the day"),
        ("asked=on&on_day=31&on_month=2&on_year=2026", "no such day"),
        ("asked=since&since_day=&since_month=1&since_year=2026", "Type the day"),
        ("asked=since&on=2026-01-01&since_day=1&since_month=6&since_year=2026", "lies after the day"),
    ],
)  # fmt: skip
def test_a_day_that_cannot_be_taken_says_why_and_shows_the_rules_all_the_same(client: FlaskClient, query: str, said: str) -> None:
    client.set_cookie("sitthi-language", "en", domain="127.0.0.1")
    answer = client.get(f"/rules?{query}", base_url=APP)
    page = sound(read(answer))
    assert answer.status_code == 422
    assert page.title.startswith("Fix:")
    assert said in page.text
    assert any(href.startswith("/rules/old_age") for href in page.links.values()) or "since=" in query


def test_only_what_changed_since_a_day_keeps_the_day_of_the_rules(client: FlaskClient) -> None:
    client.set_cookie("sitthi-language", "en", domain="127.0.0.1")
    answer = client.get("/rules?asked=since&on=2026-06-01&since_day=1&since_month=1&since_year=2025", base_url=APP)
    assert parse_qs(urlsplit(answer.headers["Location"]).query) == {"on": ["2026-06-01"], "since": ["2025-01-01"]}
    page = look(client, answer.headers["Location"], "en")
    assert "changed, before: ฿800, until 31 Dec 2024" in row_of(page, "For one child, a month")
    assert len(rows(page)) < 10
    assert page.links["Show all rules of this day"] == "/rules?on=2026-06-01"
    nothing = look(client, "/rules?on=2024-06-01&since=2024-05-01", "en")
    assert rows(nothing) == []
    assert "Nothing changed in this time" in nothing.text


def test_programs_find_the_same_law_at_the_open_api(client: FlaskClient) -> None:
    page = look(client, "/rules?on=2026-06-01", "en")
    assert client.get(page.links["these rules as JSON"], base_url=APP).get_json()["on"] == "2026-06-01"
    assert "these rules as JSON" not in look(client, "/rules?on=2001-06-01", "en").links


def test_the_link_to_share_holds_the_day_and_nothing_else(client: FlaskClient) -> None:
    page = look(client, "/rules?on=2026-06-01&utm=x", "en")
    (shared,) = [field["value"] for field in page.fields if field.get("id") == "share-address"]
    assert shared == f"{APP}/rules?on=2026-06-01"


def test_rules_that_nobody_looked_up_for_a_year_say_so(client: FlaskClient, clock: StandingClock) -> None:
    assert "over 12 months ago" not in look(client, "/rules", "en").text
    clock.advance(seconds=400 * 24 * 3600)
    assert "over 12 months ago" in look(client, "/rules", "en").text


@pytest.mark.parametrize("lang", ["th", "en"])
def test_the_whole_book_is_light(client: FlaskClient, lang: str) -> None:
    page = look(client, "/rules?print=1", lang)
    assert len(gzip.compress(page.html.encode(), mtime=0)) < SMALL_ENOUGH


def test_the_checker_and_the_guide_lead_to_the_rules(client: FlaskClient) -> None:
    for path in ("/benefits", "/guide"):
        assert "/rules" in look(client, path, "en").links.values()


def test_the_result_names_its_rules_by_subject_and_never_by_key(client: FlaskClient) -> None:
    page = look(client, "/benefits/invalidity?on=2026-12-01&months_paid_in_15=3&loss_percent=60&wage=17500", "en")
    assert "Severe: part of the wage: 50 %" in page.text
    assert "The wage that counts" in page.text
    assert not [key for key in law_words.named_keys() if key in page.main]
    assert page.links["All rules of this day"] == "/rules?on=2026-12-01"
