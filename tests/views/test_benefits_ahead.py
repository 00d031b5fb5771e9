"""What lies ahead: the years to a pension, a family's share, the days without work, and the ways to compare before a choice is made."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from tests.front_door import APP, SignIn
from tests.pages import Page, look
from tests.standing_clock import StandingClock

SOMCHAI, ALONE = "1000000000009", "1000000000033"
WORKING = {"age": "52", "still_insured": "yes", "months_paid_total": "148", "average_wage_60": "15000"}
RETIRING = {"age": "57", "still_insured": "no", "months_paid_total": "200", "average_wage_60": "15000"}
LAID_OFF = {
    "on": "2026-12-09", "cause": "laid_off", "dismissed_for_fault": "no", "months_paid_in_15": "14",
    "wage": "16000", "days_paid_this_year": "0",
}  # fmt: skip
LEAVING = LAID_OFF | {"age": "56", "months_paid_total": "150", "average_wage_60": "15000"}


def result(client: FlaskClient, place: str, answers: dict[str, str], lang: str = "en") -> Page:
    return look(client, f"/benefits/{place}?{urlencode(answers)}", lang)


def test_who_still_works_sees_the_pension_at_55_if_every_month_is_paid(client: FlaskClient) -> None:
    page = result(client, "old_age", WORKING)
    assert page.h1 == ["Based on your answers, you cannot claim old-age money yet"]
    assert "a pension from December 2029, at age 55, worked out at ฿3,000 a month" in page.text
    assert "Pay 32 months more: the months are enough from August 2029" in page.text
    assert "You are 55 by December 2029 at the latest." in page.text
    assert "Stopping at 56 and not at 55 adds ฿225 a month" in page.text


def test_a_pension_reached_after_55_is_said_with_its_month(client: FlaskClient) -> None:
    page = result(client, "old_age", {**WORKING, "age": "56", "months_paid_total": "150"})
    assert "a pension from June 2029, at age 58" in page.text
    assert "Who stops at 56 receives a lump sum: 30 months are missing for a pension." in page.text


def test_a_high_wage_is_told_why_the_average_moves_slowly(client: FlaskClient) -> None:
    page = result(client, "old_age", {**WORKING, "average_wage_60": "30000"})
    assert "Until December 2025 at most ฿15,000" in page.text
    assert "11 of them lie after the rise" in page.text
    assert "stops in January 2031 or later" in page.text
    assert "moves slowly" not in result(client, "old_age", WORKING).text


def test_the_table_has_a_column_for_what_a_year_adds(client: FlaskClient) -> None:
    page = result(client, "old_age", RETIRING)
    assert "More than a year before" in page.text
    assert "+฿225" in page.text
    assert "The next step up: 4 months more, to 23 % of the average wage. It adds ฿225 a month" in page.text


@pytest.mark.parametrize("size", ["1", "2", "3", "4"])
def test_large_letters_open_the_table_and_leave_the_drawing_out(client: FlaskClient, size: str) -> None:
    client.set_cookie("sitthi-look", f"text_size={size}", domain="127.0.0.1")
    html = result(client, "old_age", WORKING).html
    assert ('<svg class="fig"' in html) == (size in "12")
    assert ('<details class="more" open>' in html) == (size in "34")


@pytest.mark.parametrize("age", range(15, 80, 5))
@pytest.mark.parametrize("paid", [1, 179, 180, 500])
def test_the_drawing_stays_inside_its_frame(client: FlaskClient, age: int, paid: int) -> None:
    page = result(client, "old_age", {**RETIRING, "age": str(age), "months_paid_total": str(paid)}, "th")
    assert page.status == 200
    drawing = page.html.partition('<svg class="fig"')[2].partition("</svg>")[0]
    places = [int(part.split('"')[0]) for name in (' x="', ' y="', ' cx="', ' cy="') for part in drawing.split(name)[1:]]
    assert all(0 <= place <= 292 for place in places)


def test_a_family_learns_what_it_would_receive_at_each_stage(client: FlaskClient) -> None:
    page = result(client, "old_age", RETIRING)
    assert "How much would your family get?" in page.text
    assert "฿154,800" in page.text
    assert "50 to 59 months" in page.text


def test_the_heirs_of_a_pensioner_have_their_own_way_in_and_their_own_words(client: FlaskClient) -> None:
    event = look(client, "/benefits?because=someone_died", "en")
    asked = look(client, next(href for href in event.links.values() if "months_pension_drawn" in href), "en")
    assert asked.h1 == ["For how many months had the person who died drawn the pension?"]
    page = result(client, "old_age", {"months_pension_drawn": "12", "months_paid_total": "200", "average_wage_60": "15000"})
    assert page.h1 == ["Based on your answers, the family can claim the lump sum for heirs"]
    assert "฿154,800" in page.text
    assert "Claim within 2 years of the death." in page.text
    assert "How old are you?" not in page.text


def test_after_sixty_months_the_family_is_told_that_nothing_is_left(client: FlaskClient) -> None:
    page = result(client, "old_age", {"months_pension_drawn": "60", "months_paid_total": "200", "average_wage_60": "15000"})
    assert page.h1 == ["Based on your answers, the family cannot claim the lump sum for heirs"]


def test_an_heirs_answers_are_never_those_of_the_heirs_own_record(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, SOMCHAI)
    page = look(client, "/benefits/old_age?months_pension_drawn=12", "en")
    assert page.h1 == ["How many months were paid in all?"]
    assert "record says" not in page.text


def test_the_record_of_the_one_who_asks_is_not_that_of_the_one_who_died(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, SOMCHAI)
    assert look(client, "/benefits/death?on=2026-12-09", "en").h1 == ["How many of the 6 months before the month of death were paid?"]


def test_the_age_of_somebody_signed_in_comes_from_thaid_and_enters_no_address(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, SOMCHAI)
    page = look(client, "/benefits/old_age", "en")
    assert "From ThaiD; you can ask about another age" in page.text
    assert not [
        href for href in page.links.values() if "age=" in href.replace("average_wage", "").partition("?")[2].replace("change=age", "")
    ]
    assert "/my-data/months" in page.links.values()
    assert "From ThaiD:" in look(client, "/benefits/old_age?change=age", "en").text


# Without work


def test_before_the_eighth_day_the_answer_is_to_register_now(client: FlaskClient, clock: StandingClock) -> None:
    clock.set(clock.now().replace(day=10))
    page = result(client, "unemployment", LAID_OFF)
    assert "Register by Thursday 7 January 2027" in page.text
    assert "28 days left" in page.text
    assert "register now, do not wait" in page.text
    assert "Paid from Wednesday 16 December 2026" in page.text
    assert "yet" not in page.h1[0]


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ((2026, 12, 8), "From your first day without work, 9 Dec 2026"),
        ((2027, 1, 6), "1 day left"),
        ((2027, 1, 7), "Today is the last day"),
        ((2027, 1, 8), "That day has passed"),
    ],
)
def test_the_days_to_register_are_counted_down(client: FlaskClient, clock: StandingClock, day: tuple[int, int, int], said: str) -> None:
    clock.set(clock.now().replace(year=day[0], month=day[1], day=day[2]))
    assert said in result(client, "unemployment", LAID_OFF).text


def test_the_days_to_report_are_a_plan_and_say_so(client: FlaskClient) -> None:
    page = result(client, "unemployment", LAID_OFF)
    assert "Wednesday 20 January 2027" in page.text
    assert "the exact days are given when you register" in page.text


def test_days_that_reach_into_the_next_year_are_not_promised_for_this_one(client: FlaskClient) -> None:
    page = result(client, "unemployment", LAID_OFF | {"on": "2026-11-10"})
    assert "At most 180 days, counted on the yearly limit of 180 days; some of them fall in the next year: call 1506" in page.text
    assert "Unemployment money for at most 180 days" in page.text
    assert "Days paid, at most" in page.text
    assert "The days are counted on the yearly limit; some of them fall in the next year: call 1506." in page.text
    assert "this year, of" not in page.text
    compared = result(client, "old_age/compare", LEAVING).text
    assert "Unemployment money for at most 180 days" in compared
    assert "some of them fall in the next year" in compared


def test_days_that_end_within_the_year_are_said_for_this_year(client: FlaskClient) -> None:
    page = result(client, "unemployment", LAID_OFF | {"on": "2026-06-01", "days_paid_this_year": "100"})
    assert "80 days can still be paid in this calendar year, of 180 days" in page.text
    last_day_fits = LAID_OFF | {"on": "2026-11-10", "days_paid_this_year": "135"}
    assert "45 days can still be paid in this calendar year" in result(client, "unemployment", last_day_fits).text
    one_more = result(client, "unemployment", last_day_fits | {"days_paid_this_year": "134"}).text
    assert "At most 46 days, counted on the yearly limit" in one_more


def test_paying_on_under_section_39_is_never_called_a_gain_where_it_lowers_the_pension(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, ALONE)
    for lang, less, warned in (("en", "less", "section 39 lower"), ("th", "ลดลง", "มาตรา 39")):
        page = look(client, "/benefits/old_age", lang)
        assert less in page.text
        assert warned in page.text
        assert "+฿-" not in page.text
        assert "+-" not in page.text
        assert "adds ฿-" not in page.text
    assert "The pension falls all the same, by ฿" in look(client, "/benefits/old_age", "en").text


def test_a_wage_above_the_ceiling_sees_the_pension_that_its_own_ceilings_give(client: FlaskClient, clock: StandingClock) -> None:
    clock.set(clock.now().replace(year=2026, month=11, day=22))
    for stated in ("17500", "30000"):
        answers = {"age": "54", "still_insured": "yes", "months_paid_total": "331", "average_wage_60": stated}
        page = result(client, "old_age", answers)
        assert "฿6,287.08" in page.text
        assert "฿6,730.83" in page.text


def test_the_days_fit_into_a_phones_calendar(client: FlaskClient) -> None:
    page = result(client, "unemployment", LAID_OFF)
    href = next(href for href in page.links.values() if "calendar.ics" in href)
    assert "wage" not in href
    answer = client.get(href, base_url=APP)
    text = answer.get_data(as_text=True)
    assert answer.mimetype == "text/calendar"
    assert text.count("BEGIN:VEVENT") == 7
    assert "DTSTART;VALUE=DATE:20270107" in text
    assert "DTSTART;VALUE=DATE:20261216" in text


def test_laid_off_and_resigned_stand_in_two_columns(client: FlaskClient) -> None:
    page = result(client, "unemployment", LAID_OFF)
    assert '<th scope="col" role="columnheader">My employer let me go</th>' in page.html
    for both in (("60 %", "30 %"), ("฿9,600", "฿4,800"), ("180 days", "90 days"), ("฿57,600", "฿14,400")):
        assert "".join(both) in page.text
    unsure = result(client, "unemployment", {**LAID_OFF, "cause": "not_sure", "dismissed_for_fault": "not_sure"})
    assert "฿9,600฿4,800" in unsure.text
    assert "side by side" not in result(client, "unemployment", {**LAID_OFF, "cause": "natural_disaster"}).text


# From the age for old-age money on


def test_the_three_ways_stand_side_by_side_with_a_warning_before_them(client: FlaskClient) -> None:
    page = result(client, "old_age/compare", LEAVING)
    for said in ("฿9,600 a month", "฿57,600", "฿135,000", "Apply by 8 Jun 2027", "30 months are missing for a pension"):
        assert said in page.text, said
    warning, first_sum = page.text.index("Think before you choose"), page.text.index("฿9,600")
    assert warning < first_sum
    assert "Whether having reached the age, without drawing anything, already ends unemployment money.Being confirmed" in page.text
    assert page.text.index("Thursday 7 January 2027") < page.text.index("Tuesday 8 June 2027")


def test_who_is_younger_is_led_to_unemployment_money_alone(client: FlaskClient) -> None:
    page = result(client, "old_age/compare", {**LEAVING, "age": "54"})
    assert "Old-age money is paid from the age of 55 years on" in page.text
    assert "cause=laid_off" in page.links["Check unemployment money"]


def test_both_results_lead_to_the_comparison_with_what_was_answered(client: FlaskClient) -> None:
    from_no_work = result(client, "unemployment", LAID_OFF).links["Old enough for old-age money: compare first"]
    assert look(client, from_no_work, "en").h1 == ["How old will you be on that day?"]
    from_old_age = result(client, "old_age", RETIRING).links["Old enough for old-age money: compare first"]
    assert "months_paid_total=200" in from_old_age
    assert "compare first" not in result(client, "old_age", WORKING).text


def test_the_comparison_takes_not_sure_for_every_answer(client: FlaskClient) -> None:
    for lang in ("th", "en"):
        assert result(client, "old_age/compare", dict.fromkeys(LEAVING, "not_sure"), lang).status == 200


def test_an_answer_that_cannot_be_taken_is_asked_again_in_the_comparison(client: FlaskClient) -> None:
    answer = client.get(f"/benefits/old_age/compare?{urlencode(LEAVING | {'asked': 'age', 'age': '1000'})}", base_url=APP)
    assert answer.status_code == 422


def test_the_warning_stands_before_old_age_money_is_asked_for(client: FlaskClient) -> None:
    page = result(client, "old_age", RETIRING)
    assert page.text.index("Before you ask for old-age money") < page.text.index("How to claim")


@pytest.mark.parametrize(
    "strange", [{"on": "x"}, {"on": "9999-12-31"}, {"change": "x"}, {"asked": "x"}, {"age": "x"}, {"change": "months_pension_drawn"}]
)
def test_a_spoilt_address_breaks_neither_page_nor_calendar(client: FlaskClient, strange: dict[str, str]) -> None:
    for place in ("/benefits/old_age/compare", "/benefits/unemployment/calendar.ics", "/benefits/old_age"):
        assert client.get(f"{place}?{urlencode(strange)}", base_url=APP).status_code in (200, 422, 404)


@pytest.mark.parametrize("answers", ["age=81", "age=120", "age=56&average_wage_60=0.01", "age=40&average_wage_60=0.01"])
def test_a_very_old_person_and_a_very_small_wage_get_an_answer_too(client: FlaskClient, answers: str) -> None:
    more = "" if "average" in answers else "&average_wage_60=15000"
    page = look(client, f"/benefits/old_age?{answers}{more}&still_insured=no&months_paid_total=200", "en")
    assert page.status == 200


@pytest.mark.parametrize("query", ["", "on=garbage", "on=2026-13-45", "on=not_sure"])
def test_no_calendar_of_days_without_work_is_guessed(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/benefits/unemployment/calendar.ics?{query}&cause=laid_off", base_url=APP)
    assert answer.status_code == (200 if query == "on=not_sure" else 404)
