"""The officers' desk through the front door: both officers sign in with ThaiD, and what one does the other sees."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.front_door import APP, SignIn
from tests.pages import Page, read, sound
from tests.standing_clock import StandingClock
from webapp.actions import hospital_change, taking_effect
from webapp.actions.hospital_change import Draft, person_owner
from webapp.domain.dates import BANGKOK
from webapp.domain.hospital_change import Allowed, Cause, HospitalChange, Status
from webapp.ports import Tools

ONE, TWO = "1000000000076", "1000000000084"
SOMCHAI, SOMYING = "1000000000009", "1000000000017"
CHOICES = ("TH13-001", "TH13-002")
Look = Callable[..., Page]
KEY = iter(range(10_000))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BANGKOK)


def sent(tools: Tools, pid: str = SOMCHAI, choices: tuple[str, ...] = CHOICES) -> HospitalChange:
    """A request of somebody who sent it online; the citizens' own pages are tested elsewhere."""
    who = tools.store.person(tools.store.person_id_of(pid))
    draft = Draft(Cause.ANNUAL, not_an_in_patient=True, choices=choices)
    hospital_change.keep_draft(tools, person_owner(who.id), draft)
    allowed = hospital_change.look_over(tools, who, draft)
    assert isinstance(allowed, Allowed)
    case = hospital_change.submit(tools, who.id, f"key-of-a-page-{next(KEY)}", hospital_change.shown(allowed, draft))
    assert isinstance(case, HospitalChange)
    return case


def address(case: HospitalChange) -> str:
    return f"/officer/hospital-change/{case.reference}"


def opened(client: FlaskClient, case: HospitalChange) -> str:
    """The case's address, after this officer has said why they open it."""
    assert post(client, f"{address(case)}/open", reason="deciding").status_code == 303
    return address(case)


def post(client: FlaskClient, path: str, lang: str = "en", **fields: str) -> TestResponse:
    client.set_cookie("sitthi-language", lang, domain="127.0.0.1")
    return client.post(path, data=fields, base_url=APP)


def page_of(response: TestResponse, status: int = 422) -> Page:
    assert response.status_code == status, response.get_data(as_text=True)[:400]
    return sound(read(response))


@pytest.fixture
def one(client: FlaskClient, sign_in: SignIn) -> FlaskClient:
    """Officer One's browser."""
    sign_in(client, ONE, "/officer")
    return client


@pytest.fixture
def two(another_client: FlaskClient, sign_in: SignIn) -> FlaskClient:
    """Officer Two's browser; he is insured too."""
    sign_in(another_client, TWO, "/officer")
    return another_client


# Who comes in

DESK = [
    "/officer",
    "/officer/next",
    "/officer/paper",
    "/officer/paper/form",
    "/officer/calendar",
    "/officer/calendar/day",
    "/officer/hospital-change/HC-0",
]


@pytest.mark.parametrize("path", DESK)
def test_a_stranger_is_sent_to_sign_in_with_the_way_back(client: FlaskClient, path: str) -> None:
    answer = client.get(path, base_url=APP)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/sign-in?next={path}"


@pytest.mark.parametrize("path", DESK)
def test_an_insured_person_finds_no_such_page(client: FlaskClient, sign_in: SignIn, path: str) -> None:
    sign_in(client, SOMCHAI)
    assert client.get(path, base_url=APP).status_code == 404


def test_an_insured_person_cannot_decide_by_posting(client: FlaskClient, sign_in: SignIn, tools: Tools) -> None:
    case = sent(tools)
    sign_in(client, SOMCHAI)
    assert post(client, f"{address(case)}/approve", rank="1", starts="2027-01-01").status_code == 404
    assert tools.store.hospital_change(case.reference).status is Status.RECEIVED


def test_the_desk_is_kept_nowhere(one: FlaskClient) -> None:
    assert one.get("/officer", base_url=APP).headers["Cache-Control"] == "no-store"


OPEN_PAGES = [
    "/officer", "/officer?show=second", "/officer?show=done", "/officer/paper", "/officer/calendar", "/officer/calendar/day",
    "/officer/calendar/window/2027",
]  # fmt: skip


@pytest.mark.parametrize("lang", ["th", "en"])
@pytest.mark.parametrize("path", OPEN_PAGES)
def test_every_page_of_the_desk_is_sound_in_both_languages(one: FlaskClient, look: Look, path: str, lang: str) -> None:
    page = look(one, path, lang)
    assert ("ต้นแบบ" if lang == "th" else "Prototype") in page.text


# The queue


def test_the_queue_shows_what_waits_with_masked_names(one: FlaskClient, look: Look, tools: Tools, clock: StandingClock) -> None:
    case = sent(tools)
    clock.set(at("2026-12-20T12:00"))
    page = look(one, "/officer", "en")
    assert "Starts 1 Jan 2027, must be done before then (last working day 30 Dec 2026), 1 case" in page.text
    for said in (case.reference, "สมชาย ต•••", "waiting 2 hours", "Waiting for a decision: 1", "✔ (Met)"):
        assert said in page.text, said
    assert "สมชาย ตัวอย่าง" not in page.text
    assert SOMCHAI not in page.html
    assert "Next cut-off: before Wednesday 30 December 2026 16:30, 10 days left" in page.text


def test_late_cases_stand_first_in_words(one: FlaskClient, look: Look, tools: Tools, clock: StandingClock) -> None:
    sent(tools)
    clock.set(at("2027-01-03T09:00"))
    sent(tools, SOMYING, ("TH50-002",))
    page = look(one, "/officer", "th")
    assert page.text.index("เลยกำหนด") < page.text.index("มีผล 16 ม.ค. 2570")
    assert "ช้า 3 วัน" in page.text
    assert 'class="qt late"' in page.html


def test_a_reference_is_found_as_it_is_read_aloud(one: FlaskClient, look: Look, tools: Tools) -> None:
    case = sent(tools)
    spoken = case.reference.lower().replace("-", " ")
    answer = one.get("/officer", query_string={"q": spoken}, base_url=APP)
    assert (answer.status_code, answer.headers["Location"]) == (303, address(case))
    page = look(one, "/officer?q=HC-0000-0000-0000", "en")
    assert "There is no request with this reference" in page.text


def test_the_next_case_opens_by_a_link(one: FlaskClient, two: FlaskClient, tools: Tools) -> None:
    assert one.get("/officer/next", base_url=APP).headers["Location"] == "/officer"
    case = sent(tools)
    assert one.get("/officer/next", base_url=APP).headers["Location"] == address(case)
    post(one, f"{address(case)}/take")
    assert two.get("/officer/next", base_url=APP).headers["Location"] == "/officer"


def test_a_strange_page_or_filter_shows_the_first(one: FlaskClient, look: Look) -> None:
    assert look(one, "/officer?show=everything&page=-4", "en").status == 200
    assert look(one, "/officer?page=99999999999", "en").status == 200


# One case


def test_taking_a_case_writes_the_name_down_and_shows_the_persons(one: FlaskClient, look: Look, tools: Tools) -> None:
    case = sent(tools)
    before = look(one, opened(one, case), "en")
    assert "Take this case" in before.text
    assert "สมชาย ตัวอย่าง" not in before.text
    assert post(one, f"{address(case)}/take").headers["Location"] == address(case)
    after = look(one, opened(one, case), "en")
    assert "นายสมชาย ตัวอย่าง" in after.text
    assert "by officer เจ้าหน้าที่หนึ่ง ทดสอบ" in after.text
    assert "1-xxxx-xxxxx-00-9" in after.text
    assert SOMCHAI not in after.html


def test_a_case_shows_the_record_and_each_condition_with_its_source(one: FlaskClient, look: Look, tools: Tools) -> None:
    page = look(one, opened(one, sent(tools)), "en")
    for said in (
        "15 of the last 15, 3 needed",
        "Pathum Thani",
        "Met: 3 months paid within the last 15",
        "Source:",
        "Judged at the time of receipt, 20 Dec 2026 10:00",
    ):
        assert said in page.text, said


def test_approving_names_a_choice_and_takes_effect_on_its_day(one: FlaskClient, look: Look, tools: Tools, clock: StandingClock) -> None:
    case = sent(tools)
    post(one, f"{address(case)}/take")
    form = look(one, opened(one, case), "en").form(f"{address(case)}/approve")
    assert form["fields"] == {"rank": None, "starts": "2027-01-01"}
    for _ in range(2):
        assert post(one, f"{address(case)}/approve", rank="2", starts="2027-01-01").status_code == 303
    page = look(one, opened(one, case), "en")
    assert "Approved: number 2" in page.text
    assert "It takes effect on Friday 1 January 2027 by itself." in page.text
    assert "Decided today: 1" in look(one, "/officer?show=done", "en").text
    clock.set(at("2027-01-01T00:00"))
    taking_effect.take_effect_due(tools)
    assert "In effect" in look(one, opened(one, case), "en").text


def test_without_a_choice_nothing_is_approved_and_the_field_is_named(one: FlaskClient, tools: Tools) -> None:
    case = sent(tools)
    post(one, f"{address(case)}/take")
    page = page_of(post(one, f"{address(case)}/approve", starts="2027-01-01"))
    assert page.title.startswith("Fix:")
    assert "Choose the hospital that you approve" in page.text
    assert page.links["Choose the hospital that you approve"] == "#rank"
    page = page_of(post(one, f"{address(case)}/approve", rank="9", starts="2027-01-01"))
    assert "Choose one of the hospitals asked for" in page.text


def test_refusing_shows_both_languages_before_and_after(one: FlaskClient, look: Look, tools: Tools) -> None:
    case = sent(tools)
    post(one, f"{address(case)}/take")
    page = look(one, opened(one, case), "th")
    for said in ("The hospitals you chose are full.", "Choose other hospitals and send a new request."):
        assert said in page.text, said
    assert page_of(post(one, f"{address(case)}/refuse", reason="because")).links["Choose why it is not approved"] == "#reason"
    assert post(one, f"{address(case)}/refuse", reason="hospital_full").status_code == 303
    page = look(one, opened(one, case), "en")
    assert "The hospitals you chose are full." in page.text


def test_a_late_approval_is_told_before_it_is_given(one: FlaskClient, look: Look, tools: Tools, clock: StandingClock) -> None:
    case = sent(tools)
    clock.set(at("2027-01-04T09:00"))
    post(one, f"{address(case)}/take")
    page = look(one, opened(one, case), "en")
    assert "Overdue: it was to start on Friday 1 January 2027" in page.text
    assert (
        "If you approve now it starts on Saturday 16 January 2027. The person is told the new day, and that the office was late."
        in page.text
    )
    assert page.form(f"{address(case)}/approve")["fields"]["starts"] == "2027-01-16"
    assert post(one, f"{address(case)}/approve", rank="1", starts="2027-01-16").status_code == 303
    assert tools.store.hospital_change(case.reference).effective_on == date(2027, 1, 16)
    assert "Approved after its day" in look(one, opened(one, case), "en").text


def test_midnight_while_deciding_shows_the_new_day_first(one: FlaskClient, tools: Tools, clock: StandingClock) -> None:
    case = sent(tools)
    post(one, f"{address(case)}/take")
    clock.set(at("2027-01-01T00:00"))
    page = page_of(post(one, f"{address(case)}/approve", rank="2", starts="2027-01-01"))
    assert "An approval now starts on 16 Jan 2027. Nothing is decided yet" in page.text
    assert page.form(f"{address(case)}/approve")["fields"] == {"rank": "2", "starts": "2027-01-16"}


def test_a_case_whose_hospital_left_comes_back_with_the_reason(one: FlaskClient, look: Look, tools: Tools, clock: StandingClock) -> None:
    case = sent(tools)
    post(one, f"{address(case)}/approve", rank="1", starts="2027-01-01")
    tools.store.run("UPDATE hospitals SET ended_on = '2026-12-31' WHERE id = 'TH13-001'")
    clock.set(at("2027-01-01T08:00"))
    assert taking_effect.take_effect_due(tools) == 0
    page = look(one, opened(one, case), "en")
    assert "The approved hospital has left the scheme" in page.text
    assert "Overdue" in page.text
    post(one, f"{address(case)}/take")
    page = look(one, opened(one, case), "en")
    assert "Has left the scheme by then: cannot be approved" in page.text
    page = page_of(post(one, f"{address(case)}/approve", rank="1", starts="2027-01-16"))
    assert "Number 1 has left the scheme by 16 Jan 2027. Choose another, or refuse." in page.text
    assert post(one, f"{address(case)}/approve", rank="2", starts="2027-01-16").status_code == 303


def test_of_two_officers_the_second_learns_who_when_and_what(
    one: FlaskClient, two: FlaskClient, look: Look, tools: Tools, clock: StandingClock
) -> None:
    case = sent(tools)
    post(one, f"{address(case)}/take")
    assert "Officer เจ้าหน้าที่หนึ่ง ทดสอบ has taken this case" in look(two, opened(two, case), "en").text
    clock.set(at("2026-12-20T10:07"))
    post(one, f"{address(case)}/approve", rank="2", starts="2027-01-01")
    page = page_of(post(two, f"{address(case)}/refuse", reason="hospital_full"), 409)
    for said in (
        "Somebody else was first",
        "เจ้าหน้าที่หนึ่ง ทดสอบ",
        "20 Dec 2026 10:07",
        "Approved",
        "not approve: The hospitals you chose are full.",
        "Nothing of yours was written.",
    ):
        assert said in page.text, said
    assert tools.store.hospital_change(case.reference).status is Status.APPROVED


def test_a_person_who_withdrew_meanwhile_is_named_as_such(one: FlaskClient, tools: Tools) -> None:
    case = sent(tools)
    hospital_change.withdraw(tools, case.person_id, case.reference)
    page = page_of(post(one, f"{address(case)}/approve", rank="1", starts="2027-01-01"), 409)
    assert "the person" in page.text
    assert "approve number 1" in page.text


def test_an_officer_meets_no_own_case(one: FlaskClient, two: FlaskClient, look: Look, tools: Tools) -> None:
    case = sent(tools, TWO, ("TH12-002",))
    page = look(two, address(case), "en", status=403)
    assert "This is your own request" in page.h1
    for what in ("take", "approve", "refuse"):
        page_of(post(two, f"{address(case)}/{what}", rank="1", starts="2027-01-01", reason="hospital_full"), 403)
    assert tools.store.hospital_change(case.reference).status is Status.RECEIVED
    assert "Yours: another officer decides" in look(two, "/officer", "en").text
    assert post(one, f"{address(case)}/approve", rank="1", starts="2027-01-01").status_code == 303


def test_a_reference_that_is_not_there_is_a_404(one: FlaskClient, look: Look, tools: Tools) -> None:
    look(one, "/officer/hospital-change/HC-0000-0000-0000", "en", status=404)
    assert post(one, "/officer/hospital-change/HC-0000-0000-0000/take").status_code == 404
    assert post(one, f"{address(sent(tools))}/delete").status_code == 404


def test_an_address_of_a_write_leads_back_to_the_case(one: FlaskClient, tools: Tools) -> None:
    case = sent(tools)
    assert one.get(f"{address(case)}/approve", base_url=APP).headers["Location"] == address(case)


# The counter


def number(client: FlaskClient, typed: str = SOMCHAI) -> TestResponse:
    return post(client, "/officer/paper", number=typed)


def filled(client: FlaskClient, day: tuple[str, str, str] = ("20", "12", "2026"), time: str = "09:50", **more: str) -> TestResponse:
    fields = {
        "handed_in_day": day[0],
        "handed_in_month": day[1],
        "handed_in_year": day[2],
        "time": time,
        "cause": "annual",
        "declared": "1",
    }
    return post(client, "/officer/paper/form", **(fields | more))


def chosen(client: FlaskClient, *choices: str) -> None:
    for choice in choices:
        assert post(client, "/officer/paper/hospitals", choose=choice, q="", province="").status_code == 303
    assert post(client, "/officer/paper/hospitals", go="1").headers["Location"] == "/officer/paper/check"


def check_form(client: FlaskClient, look: Look) -> dict[str, str]:
    fields: dict[str, str] = look(client, "/officer/paper/check", "en").form("/officer/paper/check")["fields"]
    return fields


def test_a_paper_form_becomes_a_request_without_a_number_in_any_address(one: FlaskClient, look: Look, tools: Tools) -> None:
    answers = [number(one, "๑-๐๐๐๐-๐๐๐๐๐-๐๐-๙"), filled(one)]
    assert [answer.headers["Location"] for answer in answers] == ["/officer/paper/form", "/officer/paper/hospitals"]
    assert "สมชาย ต•••" in look(one, "/officer/paper/form", "th").text
    page = look(one, "/officer/paper/hospitals?q=%E0%B8%A3%E0%B8%B1%E0%B8%87%E0%B8%AA%E0%B8%B4%E0%B8%95&province=TH-13", "th")
    assert "Chosen" not in page.text
    chosen(one, *CHOICES)
    page = look(one, "/officer/paper/check", "en")
    assert SOMCHAI not in page.html
    assert "If approved in time, from Friday 1 January 2027" in page.text
    assert "Try entering it" in page.text
    fields = page.form("/officer/paper/check")["fields"]
    done = [post(one, "/officer/paper/check", **fields) for _ in range(2)]
    (case,) = tools.store.hospital_changes_of(tools.store.person_id_of(SOMCHAI))
    assert [answer.headers["Location"] for answer in done] == [address(case)] * 2
    assert (case.status, case.received_at, case.choices) == (Status.RECEIVED, at("2026-12-20T09:50"), CHOICES)
    assert "Handed in on paper" in look(one, opened(one, case), "en").text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1000000000008", "The last digit does not fit"),
        ("", "Type all 13 digits"),
        ("1000000000297", "Nobody in the record has this number"),
    ],
)
def test_a_wrong_number_names_its_field_and_does_not_come_back(one: FlaskClient, typed: str, said: str) -> None:
    page = page_of(number(one, typed))
    assert said in page.text
    assert not typed or typed not in page.html
    assert "#number" in page.links.values()


def test_an_open_request_is_told_at_the_counter(one: FlaskClient, tools: Tools) -> None:
    case = sent(tools)
    page = page_of(number(one))
    assert "This person already has an open request" in page.text
    assert page.links["Open that request"] == address(case)


def test_their_own_form_goes_to_another_officer(two: FlaskClient) -> None:
    assert "This is your own number" in page_of(number(two, TWO)).text


def test_a_time_in_the_future_is_refused_and_what_was_typed_stays(one: FlaskClient) -> None:
    number(one)
    page = page_of(filled(one, time="10.01"))
    assert page.links["This time has not come yet"] == "#time"
    assert page.form("/officer/paper/form")["fields"]["time"] == "10.01"
    page = page_of(filled(one, day=("21", "12", "2026")))
    assert page.links["This day has not come yet"] == "#handed_in_day"


def test_each_missing_part_of_the_form_is_named(one: FlaskClient) -> None:
    number(one)
    page = page_of(post(one, "/officer/paper/form"))
    assert {"#handed_in_day", "#handed_in_month", "#handed_in_year", "#time", "#cause", "#declared"} <= set(page.links.values())
    page = page_of(filled(one, cause="moved_home", moved_on_day="25", moved_on_month="Dec", moved_on_year="2026"))
    assert page.links["The move lies after the day the form was handed in"] == "#moved_on_day"
    assert page.links["Choose the province written on the form"] == "#moved_to"
    assert page_of(filled(one, cause="other")).links["Write the reason given on the form"] == "#note"


def test_a_christian_year_on_a_thai_page_is_asked_about(one: FlaskClient) -> None:
    number(one)
    fields = {"handed_in_day": "20", "handed_in_month": "12", "handed_in_year": "2026", "time": "09:50", "cause": "annual", "declared": "1"}
    page = page_of(post(one, "/officer/paper/form", lang="th", **fields))
    assert "20 ธันวาคม 2569" in page.text
    assert post(one, "/officer/paper/form", lang="th", handed_in_confirm="yes", **fields).status_code == 303


def test_a_fourth_hospital_is_refused(one: FlaskClient) -> None:
    number(one)
    filled(one)
    chosen(one, "TH13-001", "TH13-002", "TH13-003")
    page = page_of(post(one, "/officer/paper/hospitals", choose="TH13-004"))
    assert "You have already chosen 3" in page.text
    post(one, "/officer/paper/hospitals", up="TH13-003")
    post(one, "/officer/paper/hospitals", drop="TH13-002")
    assert re.search(r"Chosen, in order.*TH13-001.*TH13-003", read(one.get("/officer/paper/hospitals", base_url=APP)).html, re.DOTALL)


def test_a_form_that_the_rule_refuses_says_why_and_is_not_entered(one: FlaskClient, look: Look, tools: Tools) -> None:
    number(one)
    filled(one)
    chosen(one, "TH50-001")
    page = look(one, "/officer/paper/check", "en")
    assert "This form cannot be entered" in page.h1
    assert "in the province of your home or work" in page.text
    assert not [form for form in page.forms if form["action"] == "/officer/paper/check"]
    assert tools.store.hospital_changes_of(tools.store.person_id_of(SOMCHAI)) == []


def test_a_step_ahead_leads_back_to_the_one_to_fill(one: FlaskClient) -> None:
    for path in ("form", "hospitals", "check"):
        assert one.get(f"/officer/paper/{path}", base_url=APP).headers["Location"] == "/officer/paper"
    number(one)
    for path in ("hospitals", "check"):
        assert one.get(f"/officer/paper/{path}", base_url=APP).headers["Location"] == "/officer/paper/form"
    assert post(one, "/officer/paper/drop").headers["Location"] == "/officer/paper"
    assert one.get("/officer/paper/form", base_url=APP).headers["Location"] == "/officer/paper"


def entered_late(client: FlaskClient, look: Look, tools: Tools, clock: StandingClock) -> HospitalChange:
    clock.set(at("2027-01-18T09:00"))
    number(client)
    filled(client, day=("15", "1", "2027"), time="16:29")
    chosen(client, *CHOICES)
    page = look(client, "/officer/paper/check", "en")
    assert "A second officer is needed" in page.text
    post(client, "/officer/paper/check", **page.form("/officer/paper/check")["fields"])
    (case,) = tools.store.hospital_changes_of(tools.store.person_id_of(SOMCHAI))
    return case  # type: ignore[no-any-return]


def test_a_paper_time_before_a_passed_cut_off_waits_for_the_second_officer(
    one: FlaskClient, two: FlaskClient, look: Look, tools: Tools, clock: StandingClock
) -> None:
    case = entered_late(one, look, tools, clock)
    assert case.status is Status.SUBMITTED
    mine = look(one, opened(one, case), "en")
    assert "You entered this form. Another officer looks at the time on paper." in mine.text
    page_of(post(one, f"{address(case)}/confirm-time"), 403)
    page_of(post(one, f"{address(case)}/approve", rank="1", starts="2027-01-16"), 403)
    assert case.reference in look(two, "/officer?show=second", "en").text
    assert "15 Jan 2027 16:29" in look(two, opened(two, case), "en").text
    assert post(two, f"{address(case)}/confirm-time").status_code == 303
    assert tools.store.hospital_change(case.reference).effective_on == date(2027, 1, 16)
    assert "Overdue" in look(one, "/officer", "en").text


def test_the_second_officer_may_count_from_the_entry_instead(
    one: FlaskClient, two: FlaskClient, look: Look, tools: Tools, clock: StandingClock
) -> None:
    case = entered_late(one, look, tools, clock)
    assert post(two, f"{address(case)}/set-time-aside").status_code == 303
    assert tools.store.hospital_change(case.reference).effective_on == date(2027, 2, 1)
    page_of(post(two, f"{address(case)}/confirm-time"), 409)


# The calendar


def proposed_window(client: FlaskClient, note: str = "order 7/2570") -> TestResponse:
    days = {
        "opens_on_day": "16",
        "opens_on_month": "12",
        "opens_on_year": "2026",
        "closes_on_day": "30",
        "closes_on_month": "4",
        "closes_on_year": "2027",
    }
    return post(client, "/officer/calendar/window/2027", note=note, **days)


def approve_button(page: Page) -> str:
    return next(form["action"] for form in page.forms if form["action"].endswith("/approve"))


def test_a_window_moved_by_two_officers_moves_what_everybody_sees(
    one: FlaskClient, two: FlaskClient, client: FlaskClient, look: Look, tools: Tools
) -> None:
    case = sent(tools)
    assert proposed_window(one).headers["Location"] == "/officer/calendar"
    mine = look(one, "/officer/calendar", "en")
    assert "Yours: another officer approves it." in mine.text
    assert client.get("/api/v1/change-window?on=2027-04-10", base_url=APP).get_json()["open"] is False
    answer = post(two, approve_button(look(two, "/officer/calendar", "en")))
    assert answer.status_code == 303
    assert client.get("/api/v1/change-window?on=2027-04-10", base_url=APP).get_json() == {
        "open": True, "opens_on": "2026-12-16", "closes_on": "2027-04-30", "days_left": 20,
    }  # fmt: skip
    page = look(two, "/officer/calendar", "en")
    for said in (
        "Yearly window from 16 Dec 2026 to 30 Apr 2027",
        "order 7/2570",
        "เจ้าหน้าที่หนึ่ง ทดสอบ",
        "เจ้าหน้าที่สอง ทดสอบ",
        "moved by officers",
    ):
        assert said in page.text, said
    assert tools.store.hospital_change(case.reference) == case


def test_drafts_follow_a_day_off_and_received_requests_do_not(one: FlaskClient, two: FlaskClient, look: Look, tools: Tools) -> None:
    before = hospital_change.dates_now(tools).cut_off
    post(one, "/officer/calendar/day", day_day="30", day_month="12", day_year="2026", kind="day_off", note="cabinet")
    page = look(two, "/officer/calendar", "en")
    assert "For a start on 1 Jan 2027: file by 30 Dec 2026 16:30, afterwards by 29 Dec 2026 16:30" in page.text
    post(two, approve_button(page))
    after = hospital_change.dates_now(tools).cut_off
    assert (before.file_by, after.file_by) == (at("2026-12-30T16:30"), at("2026-12-29T16:30"))
    answer = one.get("/api/v1/effective-date?received=2026-12-30T10:00:00%2B07:00", base_url=APP).get_json()
    assert answer["effective_on"] == "2027-01-16"


def test_nobody_approves_their_own_proposal(one: FlaskClient, tools: Tools) -> None:
    proposed_window(one)
    (change,) = tools.store.calendar_changes()
    page = page_of(post(one, f"/officer/calendar/{change.id}/approve"), 403)
    assert "You proposed this yourself: another officer approves it." in page.text
    assert post(one, f"/officer/calendar/{change.id}/refuse").status_code == 303
    assert "Set aside" in page_of(one.get("/officer/calendar", base_url=APP), 200).text


def test_a_proposal_settled_by_another_says_by_whom(one: FlaskClient, two: FlaskClient, tools: Tools) -> None:
    proposed_window(one)
    (change,) = tools.store.calendar_changes()
    post(two, f"/officer/calendar/{change.id}/approve")
    page = page_of(post(one, f"/officer/calendar/{change.id}/refuse"), 409)
    assert "Officer เจ้าหน้าที่สอง ทดสอบ has already approved this proposal." in page.text
    assert post(one, "/officer/calendar/none/approve").status_code == 404


def test_bad_days_name_their_field_and_stay_typed(one: FlaskClient) -> None:
    page = page_of(post(one, "/officer/calendar/day", day_day="31", day_month="2", day_year="2027", note="n", kind="day_off"))
    assert page.links["There is no such day. Check the day and the month"] == "#day_day"
    assert page.form("/officer/calendar/day")["fields"]["day_day"] == "31"
    page = page_of(post(one, "/officer/calendar/day", day_day="29", day_month="12", day_year="2026", note="n"))
    assert page.links["Choose what the day becomes"] == "#kind"
    page = page_of(post(one, "/officer/calendar/day", day_day="1", day_month="1", day_year="2027", note="", kind="day_off"))
    assert page.links["It already is so. Nothing would change"] == "#day_day"
    assert page.links["Write why, so that the second officer can judge it"] == "#note"


def test_a_window_that_closes_in_another_year_is_refused(one: FlaskClient, look: Look) -> None:
    days = {
        "opens_on_day": "16",
        "opens_on_month": "12",
        "opens_on_year": "2026",
        "closes_on_day": "30",
        "closes_on_month": "4",
        "closes_on_year": "2571",
    }
    page = page_of(post(one, "/officer/calendar/window/2027", lang="th", note="n", **(days | {"opens_on_year": "2569"})))
    assert page.links["ช่วงนี้ต้องปิดในปี 2570"] == "#closes_on_day"
    look(one, "/officer/calendar/window/1999", "en", status=404)
