"""The page of months paid, what it points out on other pages, and the money that may still be claimed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from tests.front_door import APP, SignIn
from tests.pages import Page
from tests.standing_clock import StandingClock
from webapp.domain.dates import BANGKOK
from webapp.ports import ContributionRow, PersonRow, Tools

SOMCHAI, FOUR_MONTHS, ALONE, OTHER_SECTION = "1000000000009", "1000000000025", "1000000000033", "1000000000050"
MISSING, LEFT, NEW = "1000000000157", "1000000000165", "1000000000211"
MONTHS, CLAIMS = "/my-data/months", "/my-data/still-claimable"
Look = Callable[..., Page]


@pytest.mark.parametrize("path", [MONTHS, CLAIMS])
def test_it_asks_to_sign_in_and_comes_back(client: FlaskClient, sign_in: SignIn, path: str) -> None:
    turned_away = client.get(path, base_url=APP)
    assert turned_away.status_code == 303
    assert turned_away.headers["Location"].endswith(f"/sign-in?next={path}")


@pytest.mark.parametrize("lang", ["th", "en"])
@pytest.mark.parametrize("path", [MONTHS, CLAIMS])
@pytest.mark.parametrize("pid", [SOMCHAI, FOUR_MONTHS, ALONE, OTHER_SECTION, MISSING, LEFT])
def test_everybody_can_look_at_it_in_both_languages(
    client: FlaskClient, look: Look, sign_in: SignIn, pid: str, path: str, lang: str
) -> None:
    sign_in(client, pid)
    page = look(client, path, lang)
    assert "1506" in page.text
    assert "&lt;" not in page.html, "markup is shown as text"
    assert pid not in page.html


def test_home_my_data_and_the_pages_lead_to_each_other(client: FlaskClient, look: Look, sign_in: SignIn) -> None:
    sign_in(client, SOMCHAI)
    assert MONTHS in look(client, "/", "en").links.values()
    assert {MONTHS, CLAIMS} <= set(look(client, "/my-data", "en").links.values())
    assert {CLAIMS, "/benefits", "/my-data/wrong?about=months"} <= set(look(client, MONTHS, "en").links.values())
    for address in {one for one in look(client, CLAIMS, "en").links.values() if one.startswith("/")}:
        assert client.get(address.partition("#")[0], base_url=APP).status_code in (200, 303), address


def test_each_year_is_a_picture_with_a_sentence_and_the_same_as_a_table(client: FlaskClient, look: Look, sign_in: SignIn) -> None:
    sign_in(client, MISSING)
    page = look(client, MONTHS, "en")
    drawings = re.findall(r'<svg class="mp wide".*?</svg>', page.html, re.DOTALL)
    assert all('role="img"' in one and "<title" in one for one in drawings)
    assert len(drawings) == page.html.count('<table class="mt"')
    assert "2026: 10 months paid. Seem to be missing: August. Not in the record yet: December." in drawings[0]
    assert [drawings[0].count(f'class="{sign}"') for sign in ("p", "x", "y", "now")] == [10, 2, 1, 1]
    assert all('class="now"' not in one for one in drawings[1:])
    assert "Seems to be missing" in page.main
    assert "฿16,500" in page.main
    assert "฿15,000 counts" in page.main


def test_old_years_stand_behind_a_summary(client: FlaskClient, look: Look, sign_in: SignIn) -> None:
    sign_in(client, SOMCHAI)
    page = look(client, MONTHS, "th")
    assert "ปีก่อนหน้านี้ 2554 ถึง 2565" in page.text
    before, after = page.html.split("ปีก่อนหน้านี้")
    assert before.count('class="mp wide"') == 4
    assert after.count('class="mp wide"') == 12


def test_a_month_that_is_missing_is_pointed_out_with_what_to_do(client: FlaskClient, look: Look, sign_in: SignIn) -> None:
    sign_in(client, MISSING)
    for path in ("/", "/my-data", MONTHS):
        assert "A month seems to be missing: August 2026" in look(client, path, "en").text, path
    page = look(client, MONTHS, "en")
    assert "Keep the payslips" in page.text
    assert "Ask your employer" in page.text
    assert "โรงงานตัวอย่าง" in page.text


def test_who_lacks_no_month_is_not_worried(client: FlaskClient, look: Look, sign_in: SignIn) -> None:
    sign_in(client, SOMCHAI)
    for path in ("/", "/my-data", MONTHS):
        assert "missing" not in look(client, path, "en").main, path


def test_the_counts_name_what_they_are_enough_for(client: FlaskClient, look: Look, sign_in: SignIn) -> None:
    sign_in(client, FOUR_MONTHS)
    text = look(client, MONTHS, "en").text
    assert "In the last 15 months: 4 months" in text
    assert "Sickness: enough (3 months needed)" in text
    assert "Maternity: not enough (5 months needed, 1 month missing)" in text
    assert "Child allowance: not enough (12 months needed, 8 months missing)" in text


def test_who_left_is_told_until_when_and_for_what_the_cover_lasts(client: FlaskClient, look: Look, sign_in: SignIn) -> None:
    sign_in(client, LEFT)
    text = look(client, MONTHS, "en").text
    assert "Your insurance ended on 31 August 2026" in text
    assert "until Sunday 28 February 2027" in text
    assert "70 days left" in text
    assert "Apply by Sunday 28 February 2027." in text
    assert "being confirmed: call 1506" in text


def test_who_works_is_told_what_leaving_today_would_mean(client: FlaskClient, look: Look, sign_in: SignIn) -> None:
    sign_in(client, SOMCHAI)
    text = look(client, MONTHS, "en").text
    assert "If your job ended today" in text
    assert "you would still be covered until Sunday 20 June 2027" in text


def test_who_pays_alone_has_no_job_that_could_end(client: FlaskClient, look: Look, sign_in: SignIn) -> None:
    sign_in(client, ALONE)
    text = look(client, MONTHS, "en").text
    assert "If your insurance ended today" in text
    assert "your job" not in text


def test_where_the_record_names_a_section_without_it_no_cover_is_promised(
    client: FlaskClient, look: Look, sign_in: SignIn, tools: Tools
) -> None:
    row = PersonRow(NEW, "นาย", "ทดสอบ", "ตัวอย่าง", None, "40", None, None, None, None, None)
    tools.store.put_people([row], tools.clock.now(), demo=True)
    paid = ContributionRow(tools.store.person_id_of(NEW), "2026-10", Decimal(12_000), "", "", "")
    tools.store.put_contributions([paid], tools.clock.now())
    sign_in(client, NEW)
    assert "The record does not say whether, or when, your insurance ended" in look(client, MONTHS, "en").text


def test_money_that_may_still_be_claimed_stands_with_its_last_days(
    client: FlaskClient, look: Look, sign_in: SignIn, clock: StandingClock
) -> None:
    clock.set(datetime(2026, 12, 20, 10, 0, tzinfo=BANGKOK))
    sign_in(client, LEFT)
    page = look(client, CLAIMS, "en")
    assert "what happened since 20 December 2024 is still open" in page.text
    assert "Childbirth lump sum: ฿15,000" in page.text
    assert "Your job ended: first day without work 1 September 2026" in page.text
    assert "I resigned: ฿4,650 a month" in page.text
    assert "claim by 1 September 2028" in page.text
    assert page.text.index("Dental care") < page.text.index("Maternity") < page.text.index("Unemployment")
    assert "The SSO decides when you apply" in page.text
    assert {"/benefits/maternity", "/benefits/child_allowance"} <= set(page.links.values())


def test_who_never_paid_enough_is_told_so_kindly(client: FlaskClient, look: Look, sign_in: SignIn) -> None:
    sign_in(client, OTHER_SECTION)
    assert "there is nothing" in look(client, CLAIMS, "en").text
    assert "No month is in the record yet" in look(client, MONTHS, "en").text


def test_nothing_of_the_record_stands_in_an_address(client: FlaskClient, look: Look, sign_in: SignIn) -> None:
    sign_in(client, MISSING)
    for path in (MONTHS, CLAIMS):
        with_query = {address for address in look(client, path, "en").links.values() if address.startswith("/") and "?" in address}
        assert with_query <= {"/my-data/wrong?about=months", f"/sign-in?next={path}"}


@pytest.mark.parametrize("day", [date(2026, 2, 28), date(2027, 1, 1), date(2028, 2, 29), date(2032, 3, 31)])
def test_it_stands_on_awkward_days(client: FlaskClient, look: Look, sign_in: SignIn, clock: StandingClock, day: date) -> None:
    clock.set(datetime(day.year, day.month, day.day, 23, 59, tzinfo=BANGKOK))
    sign_in(client, LEFT)
    for path in (MONTHS, CLAIMS):
        look(client, path, "th")
