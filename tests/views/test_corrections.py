"""“Something wrong? Tell us”: the form, following it, taking it back; the officers' list and its answers, through the front door."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.front_door import APP, SignIn
from tests.pages import Page, read, sound
from tests.standing_clock import StandingClock
from webapp.actions.reminder_sending import path_of
from webapp.actions.reminders import inbox, unread
from webapp.app import create_app
from webapp.domain.correction import LONGEST_TEXT, MOST_OPEN, PUTS_RIGHT, Answer, Correction, Status
from webapp.ports import Tools
from webapp.web.correction_words import answer_words

ONE, TWO = "1000000000076", "1000000000084"
SOMCHAI, SOMYING = "1000000000009", "1000000000017"
FORM = "/my-data/wrong"
LIST = "/officer/corrections"
A_WAGE = {
    "about": "wage", "first_month": "8", "first_year": "2026", "last_month": "", "last_year": "", "should_be": "18,000 instead of 15,000",
    "proof": "pay_slip",
}  # fmt: skip
Look = Callable[..., Page]


def post(client: FlaskClient, path: str, lang: str = "en", **fields: str) -> TestResponse:
    client.set_cookie("sitthi-language", lang, domain="127.0.0.1")
    return client.post(path, data=fields, base_url=APP)


def page_of(response: TestResponse, status: int = 422) -> Page:
    assert response.status_code == status, response.get_data(as_text=True)[:400]
    return sound(read(response))


def tell(client: FlaskClient, lang: str = "en", **changed: str) -> str:
    """Fill in the form and send it; returns the address of the receipt."""
    client.set_cookie("sitthi-language", lang, domain="127.0.0.1")
    form = read(client.get(FORM, base_url=APP)).form(FORM)
    answer = post(client, FORM, lang, **{**A_WAGE, "key": form["fields"]["key"], **changed})
    assert answer.status_code == 303, read(answer).main
    return answer.headers["Location"]


def refused(client: FlaskClient, lang: str = "en", **changed: str) -> Page:
    return page_of(post(client, FORM, lang, **{**A_WAGE, **changed}))


def corrections_of(tools: Tools, pid: str = SOMCHAI) -> list[Correction]:
    found: list[Correction] = tools.store.corrections_of(tools.store.person_id_of(pid))
    return found


@pytest.fixture
def somchai(client: FlaskClient, sign_in: SignIn) -> FlaskClient:
    sign_in(client, SOMCHAI)
    return client


@pytest.fixture
def one(another_client: FlaskClient, sign_in: SignIn) -> FlaskClient:
    """Officer One's browser."""
    sign_in(another_client, ONE, LIST)
    return another_client


@pytest.fixture
def two(app: Flask, sign_in: SignIn) -> FlaskClient:
    """Officer Two's browser; he is insured too."""
    client = app.test_client()
    sign_in(client, TWO, LIST)
    return client


# Telling it


def test_signed_out_it_leads_to_sign_in_with_the_way_back(client: FlaskClient) -> None:
    answer = client.get(f"{FORM}?about=wage", base_url=APP)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?next=/my-data/wrong%3Fabout%3Dwage")


@pytest.mark.parametrize("lang", ["th", "en"])
@pytest.mark.parametrize("about", ["", "months", "wage", "employer", "hospital", "provinces", "section", "name", "nonsense"])
def test_the_form_is_sound_in_both_languages(somchai: FlaskClient, look: Look, about: str, lang: str) -> None:
    page = look(somchai, f"{FORM}?about={about}", lang)
    assert "ไม่ได้รับเรื่อง" in page.main or "does not receive" in page.main or about == "name"


@pytest.mark.parametrize("about", ["months", "section"])
def test_what_the_link_was_about_is_chosen(somchai: FlaskClient, look: Look, about: str) -> None:
    assert look(somchai, f"{FORM}?about={about}").form(FORM)["fields"]["about"] == about


def test_each_part_shows_what_the_record_says_of_it(somchai: FlaskClient, look: Look) -> None:
    page = look(somchai, FORM, "en").main
    assert "In the record: ฿18,000, in November 2026" in page
    assert "In the record: Section 33" in page
    assert "In the record: home Pathum Thani, work Pathum Thani" in page


def test_it_says_that_the_app_changes_nothing(somchai: FlaskClient, look: Look) -> None:
    assert "It comes from the SSO's nightly import" in look(somchai, FORM, "en").main


def test_with_an_operator_nothing_is_said_of_a_prototype(tools: Tools, sign_in: SignIn, look: Look) -> None:
    operated = replace(tools, settings=replace(tools.settings, operator="SSO"))
    client = create_app(operated.settings, operated).test_client()
    sign_in(client, SOMCHAI)
    page = look(client, FORM, "en")
    assert "does not receive" not in page.main
    receipt = look(client, tell(client), "en").main
    assert "Give it when you call 1506" in receipt


def test_a_name_is_for_the_district_office_and_sends_nothing(somchai: FlaskClient, look: Look, tools: Tools) -> None:
    assert "Take your ID card to any district office" in look(somchai, f"{FORM}?about=name", "en").main
    page = refused(somchai, about="name", should_be="Somchay")
    assert "The district office puts this right. Nothing was sent" in page.main
    assert "Somchay" in page.html
    assert not corrections_of(tools)


def test_what_was_told_stands_on_the_receipt_and_on_my_data(somchai: FlaskClient, look: Look) -> None:
    receipt = tell(somchai, last_month="ต.ค.", last_year="๒๐๒๖")
    page = look(somchai, receipt, "en")
    assert page.h1 == ["We have what you told us"]
    for said in ("August 2026 to October 2026", "18,000 instead of 15,000", "Pay slip", "20 Dec 2026", "Waiting for an answer"):
        assert said in page.main
    mine = look(somchai, "/my-data", "en")
    assert "Wage, August 2026 to October 2026" in mine.main
    assert receipt in mine.html
    assert not re.search(r"wage|2026|18,000", receipt)


def test_sent_twice_with_one_key_it_is_one_report_with_one_receipt(somchai: FlaskClient, tools: Tools) -> None:
    first = tell(somchai, key="key-of-a-page-00")
    assert tell(somchai, key="key-of-a-page-00", should_be="another text") == first
    assert len(corrections_of(tools)) == 1


def test_a_key_that_no_page_gave_is_not_taken(somchai: FlaskClient, tools: Tools) -> None:
    for _ in range(2):
        tell(somchai, key="x")
    assert len(corrections_of(tools)) == 2


def test_an_empty_form_names_every_gap_at_its_field(somchai: FlaskClient) -> None:
    page = page_of(post(somchai, FORM))
    assert page.title.startswith("Fix:")
    for said in ("Choose what is wrong", "Write what it should be", "Choose what proof you have"):
        assert said in page.main
    assert "Type the month" not in page.main
    for anchor in ("#about", "#should_be", "#proof"):
        assert f'href="{anchor}"' in page.html


def test_everything_typed_is_kept_when_something_is_wrong(somchai: FlaskClient, tools: Tools) -> None:
    page = refused(somchai, first_month="สิงหา", first_year="26", last_month="x", last_year="2569", proof="none_yet", key="key-of-a-page-00")
    kept = page.form(FORM)["fields"]
    wanted = {"about": "wage", "first_month": "สิงหา", "first_year": "26", "last_month": "x", "last_year": "2569", "proof": "none_yet"}
    assert {name: kept[name] for name in wanted} == wanted
    assert kept["key"] == "key-of-a-page-00"
    assert ">18,000 instead of 15,000</textarea>" in page.html
    assert not corrections_of(tools)


@pytest.mark.parametrize(
    ("typed", "said", "field"),
    [
        ({"first_month": "", "first_year": ""}, "Type the month", "first_month"),
        ({"first_month": "13"}, "The month is a number from 1 to 12 or a name", "first_month"),
        ({"first_year": "12"}, "The year has four digits", "first_year"),
        ({"first_year": "99999999999999999999"}, "The year has four digits", "first_year"),
        ({"first_month": "1", "first_year": "2027"}, "This month has not come yet", "first_month"),
        ({"first_year": "1980"}, "This month lies before your birth", "first_month"),
        ({"last_month": "7", "last_year": "2026"}, "The last month lies before the first", "last_month"),
        ({"last_month": "7"}, "Type the year", "last_year"),
        ({"last_month": "1", "last_year": "2200"}, "This month has not come yet", "last_month"),
    ],
)
def test_a_month_that_will_not_do_is_said_at_the_month(somchai: FlaskClient, typed: dict[str, str], said: str, field: str) -> None:
    page = refused(somchai, **typed)
    assert said in page.main
    assert f'href="#{field}"' in page.html


def test_months_are_not_judged_where_there_are_none(somchai: FlaskClient, tools: Tools) -> None:
    tell(somchai, about="hospital", first_month="x", first_year="x")
    assert corrections_of(tools)[0].report.first_month is None


def test_a_christian_year_on_a_thai_page_is_asked_about_never_turned(somchai: FlaskClient, tools: Tools) -> None:
    page = refused(somchai, "th")
    assert "สิงหาคม 2569" in page.main
    assert "2026" in page.main
    assert not corrections_of(tools)
    again = refused(somchai, "th", first_confirm="yes", should_be="")
    assert again.form(FORM)["fields"]["first_confirm"] == "yes", "asked once, not at every fault"
    tell(somchai, "th", first_confirm="yes")
    assert corrections_of(tools)[0].report.first_month.isoformat() == "2026-08-01"


def test_a_year_denied_is_to_be_typed_again(somchai: FlaskClient) -> None:
    assert "พ.ศ." in refused(somchai, "th", first_confirm="no").main


@pytest.mark.parametrize(("lang", "echo"), [("th", "คือเดือนสิงหาคม 2569"), ("en", "Yes, August 2026")])
def test_a_buddhist_year_is_understood_and_said_back(somchai: FlaskClient, lang: str, echo: str) -> None:
    assert echo in refused(somchai, lang, first_month="๘", first_year="๒๕๖๙", should_be="").main


def test_too_long_a_text_is_counted_and_kept(somchai: FlaskClient) -> None:
    page = refused(somchai, should_be="ก" * (LONGEST_TEXT + 7))
    assert f"Write at most {LONGEST_TEXT} characters; now there are {LONGEST_TEXT + 7}" in page.main
    assert "ก" * (LONGEST_TEXT + 7) in page.html


def test_what_is_typed_is_never_taken_for_markup(somchai: FlaskClient, look: Look) -> None:
    page = look(somchai, tell(somchai, should_be="<script>alert(1)</script>"), "en")
    assert "<script>alert" not in page.html


def test_when_too_many_wait_the_page_says_why_and_shows_them(somchai: FlaskClient, look: Look) -> None:
    receipts = [tell(somchai) for _ in range(MOST_OPEN)]
    page = look(somchai, FORM, "en")
    assert f"At most {MOST_OPEN} can wait at a time" in page.main
    assert all(receipt in page.html for receipt in receipts)
    too_late = refused(somchai)
    assert f"At most {MOST_OPEN} can wait at a time. Take one back" in too_late.main
    assert ">18,000 instead of 15,000</textarea>" in too_late.html
    post(somchai, f"{receipts[0]}/withdraw")
    assert tell(somchai)


def test_a_form_that_came_after_the_session_waits_for_its_person(somchai: FlaskClient, clock: StandingClock, sign_in: SignIn) -> None:
    clock.advance(minutes=16)
    answer = post(somchai, FORM, **A_WAGE)
    assert answer.headers["Location"] == f"/sign-in?next={FORM}"
    sign_in(somchai, SOMCHAI)
    assert "18,000 instead of 15,000" in somchai.get("/sign-in/typed", base_url=APP).get_data(as_text=True)


def test_the_pages_are_kept_nowhere(somchai: FlaskClient) -> None:
    for path in (FORM, tell(somchai)):
        assert somchai.get(path, base_url=APP).headers["Cache-Control"] == "no-store"


# Following it


def test_another_persons_and_an_unknown_one_answer_alike(somchai: FlaskClient, app: Flask, sign_in: SignIn, tools: Tools) -> None:
    receipt = tell(somchai)
    somying = app.test_client()
    sign_in(somying, SOMYING)
    for path in (receipt, f"{receipt}/withdraw", f"{FORM}/RC-0000-0000-0000"):
        assert somying.get(path, base_url=APP).status_code == 404
    assert post(somying, f"{receipt}/withdraw").status_code == 404
    assert corrections_of(tools)[0].is_open


def test_an_open_one_can_be_taken_back_after_asking_once_more(somchai: FlaskClient, look: Look, tools: Tools) -> None:
    receipt = tell(somchai)
    asked = look(somchai, f"{receipt}/withdraw", "en")
    assert asked.h1 == ["Take back what you told us?"]
    assert post(somchai, f"{receipt}/withdraw").headers["Location"] == receipt
    assert look(somchai, receipt, "en").h1 == ["You took it back"]
    assert somchai.get(f"{receipt}/withdraw", base_url=APP).status_code == 303
    assert corrections_of(tools)[0].status is Status.WITHDRAWN


@pytest.mark.parametrize("answer", list(Answer))
@pytest.mark.parametrize("lang", ["th", "en"])
def test_every_answer_reads_well_on_the_receipt_and_on_my_data(
    app: Flask, somchai: FlaskClient, one: FlaskClient, look: Look, answer: Answer, lang: str
) -> None:
    receipt = tell(somchai)
    settle(one, receipt, answer, "ดูสลิปเดือนสิงหาคมแล้ว")
    page = look(somchai, receipt, lang)
    assert "ดูสลิปเดือนสิงหาคมแล้ว" in page.main
    put_right = {"th": "แก้ที่ต้นทางแล้ว", "en": "It was put right at its source"}
    not_confirmed = {"th": "ยังยืนยันไม่ได้ว่าข้อมูลผิด", "en": "It could not be confirmed"}
    assert page.h1 == [(put_right if answer in PUTS_RIGHT else not_confirmed)[lang]]
    with app.test_request_context(headers={"Accept-Language": lang}):
        found = answer_words(answer).found
    assert found in page.main
    assert found in look(somchai, "/my-data", lang).main


def test_the_answer_is_a_message_that_leads_to_it_and_opening_it_is_reading(
    somchai: FlaskClient, one: FlaskClient, look: Look, tools: Tools
) -> None:
    receipt, who = tell(somchai), tools.store.person_id_of(SOMCHAI)
    settle(one, receipt, Answer.NOT_CLEAR)
    assert unread(tools, who) == 1
    (entry,) = inbox(tools, who)
    assert path_of(entry) == receipt
    look(somchai, receipt)
    assert unread(tools, who) == 0


def test_the_person_never_learns_the_officers_name(somchai: FlaskClient, one: FlaskClient, look: Look, tools: Tools) -> None:
    receipt = tell(somchai)
    settle(one, receipt, Answer.NOT_CLEAR)
    name = tools.store.officer_of(ONE).given_name
    assert name
    assert name not in look(somchai, receipt).html


def test_what_was_answered_meanwhile_cannot_be_taken_back(somchai: FlaskClient, one: FlaskClient) -> None:
    receipt = tell(somchai)
    settle(one, receipt, Answer.SOURCE_PUT_RIGHT)
    page = page_of(post(somchai, f"{receipt}/withdraw"))
    assert "It has been answered meanwhile" in page.main
    assert "The record has been put right at its source" in page.main


# The links


def test_every_signed_in_page_leads_here_and_the_help_page_too(somchai: FlaskClient, app: Flask, look: Look) -> None:
    for path in ("/", "/my-data"):
        assert look(somchai, path, "en").links["Something wrong? Tell us"] == FORM
    result = "/benefits/sickness?on=2026-12-01&months_paid_in_15=14&employer_sick_leave_used=yes&wage=15000&days_off=10&chronic=no"
    assert "/help#wrong" not in look(somchai, result, "en").html
    assert FORM in look(app.test_client(), "/help", "en").links.values()


# The officers' list


def desk_address(receipt: str) -> str:
    return f"{LIST}/{receipt.rsplit('/', 1)[1]}"


def settle(officer: FlaskClient, receipt: str, answer: Answer, words: str = "") -> None:
    address = desk_address(receipt)
    assert post(officer, f"{address}/take").headers["Location"] == address
    assert post(officer, f"{address}/answer", answer=str(answer), words=words).headers["Location"] == address


@pytest.mark.parametrize("path", [LIST, f"{LIST}/RC-0", f"{LIST}/RC-0/answer"])
def test_the_desk_is_for_officers_alone(somchai: FlaskClient, app: Flask, path: str) -> None:
    assert somchai.get(path, base_url=APP).status_code == 404
    assert app.test_client().get(path, base_url=APP).headers["Location"].startswith("/sign-in?next=/officer")


def test_a_person_cannot_answer_by_posting(somchai: FlaskClient, tools: Tools) -> None:
    address = desk_address(tell(somchai))
    assert post(somchai, f"{address}/answer", answer="source_put_right").status_code == 404
    assert corrections_of(tools)[0].is_open


@pytest.mark.parametrize("lang", ["th", "en"])
def test_the_list_shows_masked_names_the_record_and_the_oldest_first(
    somchai: FlaskClient, one: FlaskClient, look: Look, clock: StandingClock, lang: str
) -> None:
    tell(somchai)
    clock.advance(minutes=10)
    tell(somchai, about="hospital", should_be="another")
    page = look(one, LIST, lang)
    assert "สมชาย ต•••" in page.main
    assert "สมชาย ตัวอย่าง" not in page.html
    assert "1-xxxx-xxxxx-00-9" in page.main
    assert ("18,000 บาท" if lang == "th" else "฿18,000") in page.main
    first, second = ("ค่าจ้าง", "โรงพยาบาล") if lang == "th" else ("Wage", "Hospital")
    assert page.main.index(first) < page.main.rindex(second)
    assert ("ข้อมูลผิด: 2" if lang == "th" else "Wrong in the record: 2") in page.text


def test_the_menu_counts_what_waits(somchai: FlaskClient, one: FlaskClient, look: Look) -> None:
    assert "Wrong in the record: 0" in look(one, "/officer", "en").text
    tell(somchai)
    assert "Wrong in the record: 1" in look(one, "/officer", "en").text


@pytest.mark.parametrize("lang", ["th", "en"])
def test_a_report_stands_beside_the_record_and_is_taken_before_it_is_answered(
    somchai: FlaskClient, one: FlaskClient, look: Look, lang: str
) -> None:
    address = desk_address(tell(somchai))
    asked = look(one, address, lang)
    assert "สมชาย" not in asked.html, "nothing of the person is shown before the reason is said"
    post(one, f"{address}/open", lang, reason="deciding")
    before = look(one, address, lang)
    assert "สมชาย ตัวอย่าง" not in before.html
    assert not [form for form in before.forms if form["action"].endswith("/answer")]
    post(one, f"{address}/take", lang)
    after = look(one, address, lang)
    assert "สมชาย ตัวอย่าง" in after.html
    assert after.form(f"{address}/answer")["fields"]["answer"] is None, "nothing is chosen beforehand"
    assert "ข้อมูลผิดจริง แก้ที่ต้นทางแล้ว" in after.main
    assert "It was wrong. The record has been put right at its source." in after.main


def test_an_answer_must_be_chosen_and_what_was_written_is_kept(somchai: FlaskClient, one: FlaskClient, tools: Tools) -> None:
    address = desk_address(tell(somchai))
    post(one, f"{address}/take")
    page = page_of(post(one, f"{address}/answer", words="as on the slip"))
    assert "Choose an answer" in page.main
    assert ">as on the slip</textarea>" in page.html
    page = page_of(post(one, f"{address}/answer", answer="not_clear", words="x" * 301))
    assert page.form(f"{address}/answer")["fields"]["answer"] == "not_clear"
    assert "now there are 301" in page.main
    assert corrections_of(tools)[0].is_open


def test_the_second_of_two_officers_is_told_who_answered_and_when(
    somchai: FlaskClient, one: FlaskClient, two: FlaskClient, look: Look, tools: Tools
) -> None:
    address = desk_address(tell(somchai))
    post(two, f"{address}/take")
    settle(one, address, Answer.SOURCE_PUT_RIGHT)
    page = page_of(post(two, f"{address}/answer", answer="not_clear", words="which month?"), 409)
    who = tools.store.officer_of(ONE).name
    assert f"{who} answered at 20 Dec 2026 10:00" in page.main
    assert "which month?" in page.main
    assert "We could not tell what should stand there." in page.main
    assert corrections_of(tools)[0].answer is Answer.SOURCE_PUT_RIGHT
    assert who in look(two, address, "en").main, "the history names who answered"


def test_two_answers_at_the_same_moment_are_one(somchai: FlaskClient, one: FlaskClient, two: FlaskClient, tools: Tools) -> None:
    address = desk_address(tell(somchai))
    ready, found = threading.Barrier(2), []

    def answer(officer: FlaskClient, which: str) -> None:
        ready.wait()
        found.append(post(officer, f"{address}/answer", answer=which).status_code)

    both = [threading.Thread(target=answer, args=pair) for pair in ((one, "source_put_right"), (two, "not_clear"))]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(found) == [303, 409]
    assert len(tools.store.steps_of_correction(corrections_of(tools)[0].reference)) == 2


def test_an_officer_learns_that_the_person_took_it_back(somchai: FlaskClient, one: FlaskClient) -> None:
    receipt = tell(somchai)
    post(one, f"{desk_address(receipt)}/take")
    post(somchai, f"{receipt}/withdraw")
    page = page_of(post(one, f"{desk_address(receipt)}/answer", answer="not_clear"), 409)
    assert "The person took it back at 20 Dec 2026 10:00" in page.main


def test_even_an_answer_with_a_fault_gives_way_to_somebody_elses(somchai: FlaskClient, one: FlaskClient, two: FlaskClient) -> None:
    receipt = tell(somchai)
    settle(two, receipt, Answer.NOT_CLEAR)
    assert "Somebody else was first" in page_of(post(one, f"{desk_address(receipt)}/answer"), 409).main


def test_the_same_answer_twice_from_one_officer_is_one(somchai: FlaskClient, one: FlaskClient, tools: Tools) -> None:
    receipt = tell(somchai)
    settle(one, receipt, Answer.NOT_CLEAR, "which month?")
    again = post(one, f"{desk_address(receipt)}/answer", answer="not_clear", words="which month?")
    assert again.status_code == 303
    assert len(tools.store.steps_of_correction(corrections_of(tools)[0].reference)) == 3


def test_nobody_opens_or_answers_their_own(two: FlaskClient, look: Look, tools: Tools) -> None:
    receipt = tell(two)
    assert "Yours: another officer answers" in look(two, LIST, "en").main
    assert look(two, desk_address(receipt), "en", status=403).h1 == ["This is your own report"]
    for what in ("take", "answer"):
        page_of(post(two, f"{desk_address(receipt)}/{what}", answer="source_put_right"), 403)
    assert corrections_of(tools, TWO)[0].is_open


def test_unknown_ones_and_unknown_acts_are_no_pages(one: FlaskClient, somchai: FlaskClient) -> None:
    address = desk_address(tell(somchai))
    assert one.get(f"{LIST}/RC-0", base_url=APP).status_code == 404
    assert post(one, f"{LIST}/RC-0/take").status_code == 404
    assert post(one, f"{address}/delete").status_code == 404
    assert one.get(f"{address}/answer", base_url=APP).headers["Location"] == address


def test_what_was_answered_today_stays_in_sight(somchai: FlaskClient, one: FlaskClient, look: Look, clock: StandingClock) -> None:
    settle(one, tell(somchai), Answer.NOT_CLEAR)
    assert "Answered today" in look(one, LIST, "en").main
    clock.advance(minutes=1)
    clock.set(clock.now().replace(day=21))
    assert "Answered today" not in look(one, LIST, "en").main


# How long


@pytest.mark.parametrize("lang", ["th", "en"])
def test_the_privacy_page_says_what_is_kept_and_how_long(client: FlaskClient, look: Look, lang: str) -> None:
    page = look(client, "/privacy/kept", lang).main
    assert ("365 วัน" if lang == "th" else "365 days more") in page
