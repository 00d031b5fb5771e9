"""Checking a benefit in the browser: one question a page, answers in the address, the result with its working."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask.testing import FlaskClient

from tests.front_door import APP, SignIn
from tests.pages import Page, look, read, sound
from tests.standing_clock import StandingClock
from webapp.domain.benefits.catalogue import BENEFITS, LIFE_EVENTS

SOMCHAI, FOUR_MONTHS, NOT_INSURED = "1000000000009", "1000000000025", "1000000000041"
LAID_OFF = {
    "on": "2026-12-09", "cause": "laid_off", "dismissed_for_fault": "no", "months_paid_in_15": "14",
    "wage": "16000", "days_paid_this_year": "0",
}  # fmt: skip


def address(benefit: str, **answers: str) -> str:
    return f"/benefits/{benefit}?{urlencode(answers)}"


def send(client: FlaskClient, page: Page, benefit: str, **typed: str) -> Page:
    """Send the question's form with what was typed, and follow it."""
    form = page.form(f"/benefits/{benefit}")
    assert form["method"] == "get"
    fields = {name: value for name, value in form["fields"].items() if value is not None} | typed
    answer = client.get(address(benefit, **fields), base_url=APP)
    if answer.status_code == 303:
        answer = client.get(answer.headers["Location"], base_url=APP)
    return sound(read(answer))


def query_of(location: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


def test_every_benefit_is_offered_by_name_and_by_what_happened(client: FlaskClient) -> None:
    page = look(client, "/benefits", "en")
    assert {f"/benefits/{name}" for name in BENEFITS} <= set(page.links.values())
    assert "I lost my job" in page.text
    assert "Teeth" in page.text
    for event, names in LIFE_EVENTS.items():
        if len(names) > 1:
            offered = {href.split("?")[0] for href in look(client, f"/benefits?because={event}", "en").links.values()}
            assert {f"/benefits/{name}" for name in names} <= offered


def test_an_unknown_benefit_is_not_found_and_an_unknown_event_shows_all(client: FlaskClient) -> None:
    assert client.get("/benefits/lottery", base_url=APP).status_code == 404
    assert look(client, "/benefits?because=nothing", "en").h1 == ["Check your benefits"]


def test_the_questions_come_one_by_one_and_lead_to_the_result(client: FlaskClient) -> None:
    page = look(client, "/benefits/unemployment", "en")
    assert "question 1 of 6" in page.text
    page = send(client, page, "unemployment", on_day="9", on_month="Dec", on_year="2026")
    assert page.h1 == ["Why did your work end?"]
    page = send(client, page, "unemployment", cause="laid_off")
    page = send(client, page, "unemployment", dismissed_for_fault="no")
    page = send(client, page, "unemployment", months_paid_in_15="14")
    page = send(client, page, "unemployment", wage="16,000")
    page = send(client, page, "unemployment", days_paid_this_year="๐")
    assert page.h1 == ["Based on your answers, you can claim unemployment money, with 2 things left to do"]
    assert "฿9,600 a month" in page.text
    assert "฿57,600" in page.text
    assert "7 January 2027" in page.text.replace("Jan ", "January ")
    assert "The SSO decides when you apply" in page.text
    assert "you get" not in page.text.lower()


def test_a_day_nobody_is_sure_of_is_today(client: FlaskClient) -> None:
    page = look(client, address("unemployment", on="not_sure"), "en")
    assert page.h1 == ["Why did your work end?"]


def test_a_sound_answer_leaves_a_clean_address(client: FlaskClient) -> None:
    answer = client.get(address("sickness", asked="chronic", chronic="no", wage="1", on="2026-12-09", utm="x"), base_url=APP)
    assert answer.status_code == 303
    assert query_of(answer.headers["Location"]) == {"on": "2026-12-09", "chronic": "no", "wage": "1"}


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("months_paid_in_15", "16"), ("months_paid_in_15", "-1"), ("months_paid_in_15", "many"), ("months_paid_in_15", ""),
        ("wage", "1e5"), ("wage", "9" * 500), ("wage", "ร้อย"), ("cause", ""), ("cause", "bored"), ("dismissed_for_fault", "perhaps"),
    ],
)  # fmt: skip
def test_an_answer_that_cannot_be_taken_is_asked_again_with_everything_kept(client: FlaskClient, name: str, typed: str) -> None:
    client.set_cookie("sitthi-language", "en", domain="127.0.0.1")
    answer = client.get(address("unemployment", **{**LAID_OFF, name: typed, "asked": name}), base_url=APP)
    page = sound(read(answer))
    assert answer.status_code == 422
    assert page.title.startswith("Fix:")
    kept = page.form("/benefits/unemployment")["fields"]
    others = {other: value for other, value in LAID_OFF.items() if other != name}
    assert {other: kept.get(other) for other in others} == others
    assert name in page.ids
    if typed and name in ("months_paid_in_15", "wage"):
        assert kept[name] == typed[:200]


@pytest.mark.parametrize(
    ("day", "month", "year", "said"),
    [
        ("31", "2", "2026", "no such day"), ("", "", "", "Type the day"), ("1", "1", "2030", "more than a year ahead"),
        ("1", "1", "1990", "too long ago"), ("1", "1", "26", "four digits"), ("x", "1", "2026", "a number from 1 to 31"),
    ],
)  # fmt: skip
def test_a_day_that_cannot_be_taken_says_why(client: FlaskClient, day: str, month: str, year: str, said: str) -> None:
    client.set_cookie("sitthi-language", "en", domain="127.0.0.1")
    typed = {"asked": "on", "on_day": day, "on_month": month, "on_year": year, "cause": "resigned"}
    answer = client.get(address("unemployment", **typed), base_url=APP)
    page = sound(read(answer))
    assert answer.status_code == 422
    assert said in page.text
    assert page.form("/benefits/unemployment")["fields"]["cause"] == "resigned"


def test_nobody_dies_tomorrow(client: FlaskClient) -> None:
    client.set_cookie("sitthi-language", "en", domain="127.0.0.1")
    answer = client.get(address("death", asked="on", on_day="21", on_month="12", on_year="2026"), base_url=APP)
    assert answer.status_code == 422
    assert "in the future" in read(answer).text


def test_a_christian_year_on_a_thai_page_is_asked_about_not_guessed(client: FlaskClient) -> None:
    client.set_cookie("sitthi-language", "th", domain="127.0.0.1")
    typed = {"asked": "on", "on_day": "9", "on_month": "12", "on_year": "2026"}
    asked = client.get(address("unemployment", **typed), base_url=APP)
    assert asked.status_code == 422
    taken = client.get(address("unemployment", **typed, on_confirm="yes"), base_url=APP)
    assert query_of(taken.headers["Location"])["on"] == "2026-12-09"


def test_back_leads_to_the_question_before_with_its_answer(client: FlaskClient) -> None:
    page = look(client, address("unemployment", on="2026-12-09", cause="resigned"), "en")
    before = look(client, page.links["Back"], "en")
    assert before.h1 == ["Why did your work end?"]
    assert before.form("/benefits/unemployment")["fields"]["cause"] == "resigned"
    first = look(client, before.links["Back"], "en")
    assert first.form("/benefits/unemployment")["fields"]["on_day"] == "9"
    assert first.links["Back"] == "/benefits"


def test_one_answer_can_be_changed_from_the_result(client: FlaskClient) -> None:
    result = look(client, address("unemployment", **LAID_OFF), "en")
    page = look(client, result.links["Change What is your wage a month?"], "en")
    assert page.form("/benefits/unemployment")["fields"]["wage"] == "16000"
    again = send(client, page, "unemployment", wage="10000")
    assert "฿6,000 a month" in again.text


def test_an_answer_that_is_no_longer_asked_falls_out(client: FlaskClient) -> None:
    page = look(client, address("unemployment", **LAID_OFF | {"cause": "resigned", "dismissed_for_fault": "yes"}), "en")
    assert "you can claim" in page.h1[0]
    assert "dismissed_for_fault" not in page.links["Change answers"]


def test_not_yet_says_what_is_missing_and_the_month(client: FlaskClient) -> None:
    page = look(client, address("unemployment", **LAID_OFF | {"on": "2027-02-09", "months_paid_in_15": "4"}), "en")
    assert page.h1 == ["Based on your answers, you cannot claim unemployment money yet"]
    assert "enough from February 2027, in time for this day" in page.text
    assert "4 months" in page.text
    assert "Still missing: 2 months" in page.text


def test_not_sure_is_an_answer_and_the_result_says_what_it_leaves_open(client: FlaskClient) -> None:
    for name, benefit in BENEFITS.items():
        answers = {"on": "not_sure"} | {question.name: "not_sure" for question in benefit.questions}
        page = look(client, address(name, **answers), "en")
        assert "We can’t tell yet" in page.h1[0], name
        assert "leaves open" in page.text
        assert look(client, address(name, **answers), "th").status == 200


FULL: dict[str, dict[str, str]] = {
    "sickness": {"on": "2026-12-09", "months_paid_in_15": "15", "employer_sick_leave_used": "yes", "wage": "20000", "days_off": "10",
                 "chronic": "no", "days_paid_this_year": "0"},
    "dental": {"on": "2026-12-09", "months_paid_in_15": "15", "treatment": "denture_1_5", "cost": "5000"},
    "maternity": {"on": "2026-12-09", "parent": "mother", "months_paid_in_15": "15", "other_parent_claimed": "no", "wage": "17500",
                  "leave_allowances_before": "0", "prenatal_cost": "900.50"},
    "invalidity": {"on": "2026-12-09", "months_paid_in_15": "15", "loss_percent": "40", "wage": "17500"},
    "death": {"on": "2026-12-09", "months_paid_in_6": "6", "months_paid_total": "130", "wage": "17500"},
    "old_age": {"age": "55", "still_insured": "no", "months_paid_total": "200", "average_wage_60": "15000"},
    "child_allowance": {"months_paid_in_36": "12", "children": "0 3 7"},
    "unemployment": LAID_OFF,
}  # fmt: skip


@pytest.mark.parametrize("lang", ["th", "en"])
@pytest.mark.parametrize("benefit", sorted(FULL))
def test_a_full_check_shows_each_amount_with_its_working_and_law(client: FlaskClient, benefit: str, lang: str) -> None:
    page = look(client, address(benefit, **FULL[benefit]), lang)
    assert page.text.count("฿" if lang == "en" else "บาท") >= 3
    assert "1506" in page.text
    assert "%(" not in page.text
    assert "{" not in page.main
    if lang == "en":
        assert "Worked out" in page.text
        assert "Every rule, its day and its source" in page.text
    printed = look(client, address(benefit, **FULL[benefit], print="1"), lang)
    assert "change=" not in printed.html


def test_a_page_of_2025_that_says_otherwise_is_named(client: FlaskClient) -> None:
    page = look(client, address("maternity", **FULL["maternity"]), "en")
    assert "a page of 2025 says 3 months; since 20 Oct 2015 the law says 5 months" in page.text


def test_rules_nobody_looked_up_for_a_year_say_so(client: FlaskClient, clock: StandingClock) -> None:
    clock.set(clock.now().replace(year=2027, month=12, day=1))
    page = look(client, address("unemployment", **LAID_OFF), "en")
    assert "over 12 months ago" in page.text


def test_the_pension_is_drawn_and_told_as_a_table(client: FlaskClient) -> None:
    page = look(client, address("old_age", **FULL["old_age"]), "en")
    assert "<svg" in page.html
    assert "See it as a table" in page.text
    assert "฿3,225" in page.text


def test_nobody_who_lives_is_asked_how_long_a_dead_person_drew_the_pension(client: FlaskClient) -> None:
    page = look(client, address("old_age", **FULL["old_age"]), "en")
    assert "person who died" not in page.main
    assert "months_pension_drawn" not in page.html


def test_somebody_signed_in_is_asked_only_what_the_record_does_not_know(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, SOMCHAI)
    page = look(client, address("unemployment", on="2026-12-09", cause="resigned"), "en")
    assert "for how many days have you had this money" in page.h1[0].lower()
    result = look(client, address("unemployment", on="2026-12-09", cause="resigned", days_paid_this_year="0"), "en")
    assert "you can claim" in result.h1[0]
    assert "From the SSO’s record; you can correct it" in result.text
    values = {name for href in result.links.values() if href.startswith("/benefits") for name in query_of(href)}
    assert values <= {"on", "cause", "days_paid_this_year", "change", "print"}


def test_a_correction_of_the_record_counts_and_can_be_taken_back(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, SOMCHAI)
    answers = {"on": "2026-12-09", "cause": "resigned", "days_paid_this_year": "0"}
    page = look(client, address("unemployment", **answers, change="months_paid_in_15"), "en")
    assert "The SSO’s record says: 15 months" in page.text
    assert page.form("/benefits/unemployment")["fields"]["months_paid_in_15"] == ""
    corrected = send(client, page, "unemployment", months_paid_in_15="3")
    assert "you cannot claim" in corrected.h1[0]
    back = next(href for text, href in corrected.links.items() if text.startswith("Take the record’s answer again"))
    assert "you can claim" in look(client, back, "en").h1[0]


def test_typing_what_the_record_says_keeps_it_out_of_the_address(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, SOMCHAI)
    typed = {"on": "2026-12-09", "asked": "months_paid_in_15", "months_paid_in_15": "15"}
    answer = client.get(address("unemployment", **typed), base_url=APP)
    assert query_of(answer.headers["Location"]) == {"on": "2026-12-09"}


def test_who_paid_four_months_is_told_so_from_the_record(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, FOUR_MONTHS)
    result = look(client, address("maternity", **{name: answer for name, answer in FULL["maternity"].items() if "paid" not in name}), "en")
    assert result.h1 == ["Based on your answers, you cannot claim maternity money"]
    assert "For a later event, paying every month from now on, it is enough from January 2027" in result.text
    assert "4 months" in result.text


def test_results_of_somebody_signed_in_are_kept_nowhere(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, SOMCHAI)
    answer = client.get(address("unemployment", on="2026-12-09", cause="resigned", days_paid_this_year="0"), base_url=APP)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    "strange",
    [{"on": "x"}, {"on": "2026-13-40"}, {"on": "0001-01-01"}, {"on": "9999-12-31"}, {"children": "x,,1"}, {"asked": "x"}, {"change": "x"}],
)
def test_a_spoilt_address_never_breaks_the_page(client: FlaskClient, strange: dict[str, Any]) -> None:
    for benefit in BENEFITS:
        assert client.get(address(benefit, **strange), base_url=APP).status_code in (200, 422)


def test_a_claim_whose_last_day_has_passed_says_so(client: FlaskClient, clock: StandingClock) -> None:
    clock.set(clock.now().replace(year=2026, month=11, day=22))
    died = {"months_paid_in_6": "1", "months_paid_total": "40", "wage": "10000"}
    page = look(client, address("death", on="2015-01-01", **died), "en")
    assert "The day to claim by was Sunday 1 January 2017. Ask 1506 whether it can still be taken" in page.text
    assert "Claim by" not in page.text
    assert "Claim by Sunday 22 November 2026" in look(client, address("death", on="2024-11-22", **died), "en").text
    assert "The day to claim by was Saturday 21 November 2026" in look(client, address("death", on="2024-11-21", **died), "en").text


def test_no_last_day_is_made_up_where_the_day_of_the_event_is_not_known(client: FlaskClient) -> None:
    retired = {"age": "57", "still_insured": "no", "months_paid_total": "200", "average_wage_60": "15000", "months_pension_drawn": "0"}
    old_age = look(client, address("old_age", **{name: retired[name] for name in list(retired)[:4]}), "en").text
    assert "Claim within 2 years of the day it became due" in old_age
    assert "Claim by" not in old_age
    unsure = look(client, address("death", on="not_sure", months_paid_in_6="1", months_paid_total="40", wage="10000"), "en").text
    assert "Claim within 2 years of the day it became due" in unsure
    child = look(client, address("child_allowance", children="3", months_paid_in_36="30"), "en").text
    assert "Each month has its own last day: claim its allowance within 2 years of the day it became due" in child
    assert "Claim by" not in child


def test_the_limit_of_one_time_is_said_as_open_for_a_chronic_disease(client: FlaskClient) -> None:
    ill = {
        "on": "2026-11-02", "months_paid_in_15": "12", "employer_sick_leave_used": "yes", "wage": "15000", "days_off": "120",
        "days_paid_this_year": "0",
    }  # fmt: skip
    said = "We count at most 90 days at one time for a chronic disease too. Whether that limit holds for it is being confirmed: call 1506."
    assert said in look(client, address("sickness", **ill, chronic="yes"), "en").text
    assert said not in look(client, address("sickness", **ill, chronic="no"), "en").text
    assert said not in look(client, address("sickness", **{**ill, "days_off": "90"}, chronic="yes"), "en").text


def test_months_of_a_lowered_contribution_are_said_as_possible_where_nobody_named_the_months(client: FlaskClient) -> None:
    page = look(client, address("old_age", age="57", still_insured="no", months_paid_total="100", average_wage_60="15000"), "en")
    assert "months the contribution may have been lowered for a time. If you paid in these" in page.text


def test_sums_say_when_they_are_rounded(client: FlaskClient) -> None:
    assert "Sums are rounded once, at the end." in look(client, address("unemployment", **LAID_OFF), "en").text


@pytest.mark.parametrize("written", ["฿15,000", "15000 บาท", "15 000"])
def test_money_typed_as_people_write_it_is_taken(client: FlaskClient, written: str) -> None:
    page = look(client, address("unemployment", **LAID_OFF | {"wage": written}), "en")
    assert "฿9,000 a month" in page.text


def test_a_day_much_too_long_comes_back_as_it_was_typed(client: FlaskClient) -> None:
    typed = {"asked": "on", "on_day": "1" * 20, "on_month": "4", "on_year": "2026"}
    answer = client.get(address("sickness", **typed), base_url=APP)
    assert f'value="{"1" * 20}"' in answer.get_data(as_text=True)
