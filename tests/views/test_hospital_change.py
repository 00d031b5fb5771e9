"""A person changes hospital through the front door: step by step, without JavaScript, signed in through ThaiD."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.front_door import APP, SignIn
from tests.pages import Page, read, sound
from tests.standing_clock import StandingClock
from webapp.actions import calendar, hospital_change
from webapp.actions.reminders import unread
from webapp.config import Settings
from webapp.domain import hospital_change as rule
from webapp.domain.dates import BANGKOK
from webapp.domain.hospital_change import Cause, HospitalChange, RefusalReason, Status, StepCode
from webapp.ports import Tools
from webapp.web import hospital_change_words as words

SOMCHAI, SOMYING, TWO_MONTHS, SECTION_40 = "1000000000009", "1000000000017", "1000000000068", "1000000000050"
NEW_WORKER, HOSPITAL_LEAVES = "1000000000092", "1000000000106"
BASE = "/hospital-change"
NEW, MOVE, NOTE = f"{BASE}/new", f"{BASE}/new/move", f"{BASE}/new/note"
HOSPITALS, ORDER, CHECK = f"{BASE}/new/hospitals", f"{BASE}/new/order", f"{BASE}/new/check"
Look = Any


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BANGKOK)


def post(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    return client.post(path, data=fields, base_url=APP, headers={"Origin": APP})


def goes_to(answer: TestResponse) -> str:
    assert answer.status_code == 303, f"{answer.status_code} {read(answer).main[:400]}"
    return urlsplit(answer.headers["Location"]).path


def shown_again(answer: TestResponse) -> Page:
    assert answer.status_code == 422, f"{answer.status_code} {answer.headers.get('Location')}"
    return sound(read(answer))


def chosen(client: FlaskClient, *hospital_ids: str, cause: str = "annual") -> None:
    """Steps 1 and 2."""
    post(client, NEW, cause=cause, in_patient="no")
    for hospital_id in hospital_ids:
        goes_to(post(client, HOSPITALS, choose=hospital_id))


def ready(client: FlaskClient, sign_in: SignIn, pid: str = SOMCHAI, *hospital_ids: str) -> None:
    """Signed in, before the review page."""
    sign_in(client, pid)
    chosen(client, *(hospital_ids or ("TH13-001", "TH13-002")))


def review(client: FlaskClient, look: Look, lang: str = "en") -> dict[str, str]:
    """The review page's form as a browser would send it, the box ticked."""
    fields = look(client, CHECK, lang).form(CHECK)["fields"]
    return {**fields, "declared": "1"}


def receipt(client: FlaskClient, look: Look, lang: str = "en") -> str:
    """Send; returns the receipt's path."""
    return goes_to(post(client, CHECK, **review(client, look, lang)))


def case_at(tools: Tools, path: str) -> HospitalChange:
    found: HospitalChange = tools.store.hospital_change(path.rsplit("/", 1)[1])
    return found


def moved_on(tools: Tools, path: str, change: Any) -> None:
    """An officer's or the worker's transition of the case behind a receipt."""
    after, steps = change
    tools.store.update_hospital_change(case_at(tools, path), after, steps)


def approve(tools: Tools, path: str, on: str = "2026-12-22T09:00", rank: int = 1) -> None:
    moved_on(tools, path, rule.approve(case_at(tools, path), rank, at(on), "officer", calendar.rules_now(tools)))


class TestWhatItIs:
    @pytest.mark.parametrize(("lang", "day"), [("th", "วันศุกร์ที่ 1 มกราคม 2570"), ("en", "Friday 1 January 2027")])
    def test_anybody_sees_the_day_it_would_start_before_signing_in(self, client: FlaskClient, look: Look, lang: str, day: str) -> None:
        assert day in look(client, BASE, lang).main

    def test_outside_the_window_its_next_days_and_the_causes_are_named(self, client: FlaskClient, look: Look, clock: StandingClock) -> None:
        clock.set(at("2026-11-22T10:00"))
        page = look(client, BASE, "en")
        assert "It opens on 16 Dec 2026 and runs to 31 Mar 2027." in page.main
        assert "moved home or workplace in the last 30 days" in page.main
        assert "เปิดอีกครั้ง 16 ธ.ค. 2569 ถึง 31 มี.ค. 2570" in look(client, BASE, "th").main

    def test_the_last_evening_is_announced(self, client: FlaskClient, look: Look, clock: StandingClock) -> None:
        clock.set(at("2027-03-31T18:00"))
        assert "may miss the yearly window" in look(client, BASE, "en").main

    def test_a_safer_day_that_has_passed_is_told(self, client: FlaskClient, look: Look, clock: StandingClock) -> None:
        clock.set(at("2027-08-14T10:00"))
        page = look(client, BASE, "en")
        assert "Send by Sunday 15 August 2027, before 16:30" in page.main
        assert "The safer day, 13 Aug 2027, has passed." in page.main

    def test_somebody_whose_hospital_leaves_is_told_until_when_and_where(self, client: FlaskClient, sign_in: SignIn, look: Look) -> None:
        sign_in(client, HOSPITAL_LEAVES)
        page = look(client, BASE, "en")
        assert "Its last day is Sunday 31 January 2027." in page.main
        assert "Choose another one by Friday 29 January 2027, before 16:30." in page.main
        assert "After its last day and until your new hospital starts, go to" in page.main

    def test_an_unfinished_request_comes_first(self, client: FlaskClient, look: Look) -> None:
        chosen(client, "TH13-001")
        page = look(client, BASE, "en")
        assert "Your request is not sent yet" in page.main
        assert page.links["Carry on where you stopped"] == CHECK
        assert goes_to(post(client, f"{NEW}/drop")) == BASE
        assert "Your request is not sent yet" not in look(client, BASE, "en").main

    def test_a_person_sees_their_own_numbers_beside_the_rules(self, client: FlaskClient, sign_in: SignIn, look: Look) -> None:
        sign_in(client, TWO_MONTHS)
        page = look(client, BASE, "en")
        assert "Not met: 3 months paid within the last 15" in page.main
        assert "Yours: 2 months" in page.main
        assert "Being confirmed: call 1506" in page.main


class TestTheFirstStep:
    def test_outside_the_window_the_yearly_change_is_not_offered(self, client: FlaskClient, look: Look, clock: StandingClock) -> None:
        assert "Yearly change" in look(client, NEW, "en").main
        clock.set(at("2026-11-22T10:00"))
        assert "Yearly change You need" not in look(client, NEW, "en").main
        page = shown_again(post(client, NEW, cause="annual", in_patient="no"))
        assert "Choose why you are changing hospital" in page.main

    def test_an_answer_left_out_is_named_and_the_other_kept(self, client: FlaskClient, look: Look) -> None:
        look(client, NEW, "en")
        page = shown_again(post(client, NEW, cause="moved_home"))
        assert page.title.startswith("Fix:")
        assert page.links["Say whether you are staying in a hospital now"] == "#in_patient"
        assert page.form(NEW)["fields"]["cause"] == "moved_home"

    def test_an_in_patient_is_told_what_to_do_and_loses_nothing(self, client: FlaskClient, look: Look) -> None:
        look(client, NEW, "en")
        page = shown_again(post(client, NEW, cause="annual", in_patient="yes"))
        assert page.h1 == ["Your request cannot be sent yet"]
        assert "Send it when you have gone home. Your answers are kept for 90 days." in page.main
        assert look(client, NEW, "en").form(NEW)["fields"]["cause"] == "annual"

    def test_a_first_choice_is_offered_to_a_new_worker(self, client: FlaskClient, sign_in: SignIn, look: Look) -> None:
        assert "I have no hospital yet" not in look(client, NEW, "en").main
        sign_in(client, NEW_WORKER)
        assert "I have no hospital yet" in look(client, NEW, "en").main

    def test_somebody_with_an_open_request_is_led_to_it(self, client: FlaskClient, sign_in: SignIn, look: Look) -> None:
        ready(client, sign_in)
        path = receipt(client, look)
        page = look(client, NEW, "en")
        assert page.h1 == ["Your request cannot be sent yet"]
        assert page.links["Open that request"] == path

    def test_another_reason_is_told_in_words(self, client: FlaskClient, look: Look) -> None:
        look(client, NEW, "en")
        assert goes_to(post(client, NEW, cause="other", in_patient="no")) == NOTE
        assert "Write in a few words" in shown_again(post(client, NOTE, note="  ")).main
        too_long = shown_again(post(client, NOTE, note="x" * 301))
        assert "Write at most 300 characters; now there are 301" in too_long.main
        assert "x" * 301 in too_long.html
        assert goes_to(post(client, NOTE, note="ดูแลแม่")) == HOSPITALS
        assert "ดูแลแม่" in look(client, NOTE, "en").html

    def test_a_step_that_does_not_apply_leads_back_to_the_first_open_one(self, client: FlaskClient) -> None:
        for path in (MOVE, NOTE, HOSPITALS, ORDER):
            assert goes_to(client.get(path, base_url=APP)) == NEW


class TestTheDayOfTheMove:
    def typed(self, client: FlaskClient, day: str, month: str, year: str, **more: str) -> TestResponse:
        fields = {"moved_on_day": day, "moved_on_month": month, "moved_on_year": year, "moved_to": "TH-12", **more}
        return post(client, MOVE, **fields)

    @pytest.fixture(autouse=True)
    def _moved(self, client: FlaskClient) -> None:
        post(client, NEW, cause="moved_home", in_patient="no")

    @pytest.mark.parametrize("typed", [("10", "12", "2569"), ("๑๐", "ธ.ค.", "๒๕๖๙"), ("10", "ธันวาคม", "2569"), ("10", "Dec", "2569")])
    def test_a_thai_year_is_taken_as_it_is(self, client: FlaskClient, look: Look, typed: tuple[str, str, str]) -> None:
        look(client, MOVE, "th")
        assert goes_to(self.typed(client, *typed)) == HOSPITALS

    def test_a_christian_year_on_a_thai_page_is_asked_back(self, client: FlaskClient, look: Look) -> None:
        look(client, MOVE, "th")
        page = shown_again(self.typed(client, "10", "12", "2026"))
        assert "น่าจะเป็น ค.ศ." in page.main
        assert "ใช่ 10 ธันวาคม 2569" in page.main
        assert goes_to(self.typed(client, "10", "12", "2026", moved_on_confirm="yes")) == HOSPITALS

    def test_somebody_who_says_no_types_the_year_again(self, client: FlaskClient, look: Look) -> None:
        look(client, MOVE, "th")
        page = shown_again(self.typed(client, "10", "12", "2026", moved_on_confirm="no"))
        assert "พิมพ์ปีใหม่ เป็น พ.ศ." in page.main

    def test_a_christian_year_on_an_english_page_is_no_question(self, client: FlaskClient, look: Look) -> None:
        look(client, MOVE, "en")
        assert goes_to(self.typed(client, "10", "12", "2026")) == HOSPITALS

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            (("", "12", "2026"), "Type the day"),
            (("32", "12", "2026"), "The day is a number from 1 to 31"),
            (("1", "thirteen", "2026"), "The month is a number from 1 to 12 or a name"),
            (("1", "12", "26"), "The year has four digits"),
            (("30", "2", "2026"), "There is no such day"),
            (("24", "12", "2026"), "This day has not come yet"),
        ],
    )
    def test_only_the_wrong_part_is_named_and_everything_typed_stays(
        self, client: FlaskClient, look: Look, typed: tuple[str, str, str], said: str
    ) -> None:
        look(client, MOVE, "en")
        page = shown_again(self.typed(client, *typed))
        assert said in page.main
        fields = page.form(MOVE)["fields"]
        assert (fields["moved_on_day"], fields["moved_on_month"], fields["moved_on_year"]) == typed
        assert '<option value="TH-12" selected>' in page.html

    def test_a_province_left_out_is_asked_for(self, client: FlaskClient, look: Look) -> None:
        look(client, MOVE, "en")
        assert "Choose the province you moved to" in shown_again(self.typed(client, "10", "12", "2026", moved_to="")).main

    def test_a_move_too_long_ago_is_told_with_its_days_and_another_way(self, client: FlaskClient, look: Look) -> None:
        look(client, MOVE, "en")
        page = shown_again(self.typed(client, "1", "11", "2026"))
        assert "Asked for within 30 days of the move" in page.main
        assert "49 days ago" in page.main
        assert page.links["Choose another reason"] == NEW


class TestChoosing:
    def test_a_hospital_is_chosen_by_a_button_that_names_it_and_its_place(self, client: FlaskClient, look: Look) -> None:
        chosen(client)
        page = look(client, f"{HOSPITALS}?q=ธรรมศาสตร์&province=TH-13", "th")
        assert "เลือกเป็นอันดับ 1 โรงพยาบาลธรรมศาสตร์เฉลิมพระเกียรติ" in page.main
        answer = post(client, HOSPITALS, choose="TH13-001", q="ธรรมศาสตร์", province="TH-13", ownership="", page="1")
        assert answer.headers["Location"].endswith("&province=TH-13&ownership=&page=1#h-TH13-001")
        after = look(client, f"{HOSPITALS}?q=ธรรมศาสตร์&province=TH-13", "th")
        assert "เลือกแล้ว เป็นอันดับ 1" in after.main
        assert 'class="btn chosen"' in after.html

    def test_no_choice_ever_stands_in_an_address(self, client: FlaskClient, look: Look) -> None:
        chosen(client)
        answer = post(client, HOSPITALS, choose="TH13-001")
        assert "TH13-001" not in urlsplit(answer.headers["Location"]).query

    def test_a_choice_is_taken_back_with_the_same_button(self, client: FlaskClient, look: Look, tools: Tools) -> None:
        chosen(client, "TH13-001", "TH13-002")
        post(client, HOSPITALS, drop="TH13-001")
        assert "(1 of 3 chosen)" in look(client, HOSPITALS, "en").html

    def test_a_fourth_hospital_is_not_taken(self, client: FlaskClient, look: Look) -> None:
        look(client, NEW, "en")
        chosen(client, "TH13-001", "TH13-002", "TH13-003")
        page = shown_again(post(client, HOSPITALS, choose="TH13-004"))
        assert "You have already chosen 3. Take one out first" in page.main

    def test_going_on_without_a_choice_is_asked_back(self, client: FlaskClient, look: Look) -> None:
        look(client, NEW, "en")
        chosen(client)
        assert "Choose at least one hospital" in shown_again(post(client, HOSPITALS, go="on")).main

    def test_a_hospital_nobody_knows_is_not_chosen(self, client: FlaskClient, look: Look) -> None:
        look(client, NEW, "en")
        chosen(client)
        assert "This hospital is not on the list" in shown_again(post(client, HOSPITALS, choose="nowhere")).main
        assert post(client, HOSPITALS, drop="nowhere").status_code == 303

    def test_the_search_begins_where_the_person_lives(self, client: FlaskClient, sign_in: SignIn, look: Look) -> None:
        sign_in(client, SOMYING)
        chosen(client)
        assert "in Chiang Mai and adjoining provinces" in look(client, HOSPITALS, "en").main

    def test_one_s_own_hospital_and_those_too_far_away_are_marked(self, client: FlaskClient, sign_in: SignIn, look: Look) -> None:
        sign_in(client, SOMCHAI)
        chosen(client)
        own = look(client, f"{HOSPITALS}?q=TH&province=TH-13", "en")
        assert own.status == 200
        far = look(client, f"{HOSPITALS}?province=TH-50", "en")
        assert "Not near your home or work" in far.main

    def test_with_htmx_only_the_results_and_the_button_come(self, client: FlaskClient) -> None:
        chosen(client, "TH13-001")
        answer = client.get(f"{HOSPITALS}?q=ปทุม&province=TH-13", base_url=APP, headers={"HX-Request": "true"})
        html = answer.get_data(as_text=True)
        assert html.lstrip().startswith('<section id="found"')
        assert 'id="go-on" data-hx-swap-oob="true"' in html
        assert "<html" not in html
        assert "HX-Request" in answer.headers["Vary"]

    def test_the_order_is_changed_by_buttons(self, client: FlaskClient, look: Look) -> None:
        chosen(client, "TH13-001", "TH13-002", "TH13-003")
        before = look(client, ORDER, "en").main
        assert before.index("Thammasat") < before.index("Pathum")
        assert goes_to(post(client, ORDER, down="TH13-001")) == ORDER
        assert goes_to(post(client, ORDER, up="TH13-003")) == ORDER
        assert goes_to(post(client, ORDER, drop="TH13-002")) == ORDER
        draft = look(client, ORDER, "en").main
        assert "Thammasat" in draft

    def test_without_any_choice_left_the_search_comes_again(self, client: FlaskClient) -> None:
        chosen(client, "TH13-001")
        post(client, ORDER, drop="TH13-001")
        assert goes_to(client.get(ORDER, base_url=APP)) == HOSPITALS


class TestTheDraft:
    def test_it_survives_signing_in(self, client: FlaskClient, sign_in: SignIn, look: Look) -> None:
        chosen(client, "TH13-001", "TH13-002")
        assert goes_to(client.get(CHECK, base_url=APP)) == "/sign-in"
        answer = sign_in(client, SOMCHAI, CHECK)
        assert urlsplit(answer.headers["Location"]).path == CHECK
        page = look(client, CHECK, "en")
        assert page.h1 == ["Check the dates, then send"]
        assert "1. Thammasat" in page.main

    def test_another_browser_does_not_see_it(self, client: FlaskClient, another_client: FlaskClient, look: Look) -> None:
        chosen(client, "TH13-001")
        assert "not sent yet" not in look(another_client, BASE, "en").main

    def test_changing_the_language_keeps_the_step_and_the_answers(self, client: FlaskClient, look: Look) -> None:
        chosen(client, "TH13-001")
        assert "(1 of 3 chosen)" in look(client, HOSPITALS, "en").html
        assert "(เลือกแล้ว 1 จาก 3)" in look(client, HOSPITALS, "th").html

    def test_pages_that_show_it_are_kept_nowhere(self, client: FlaskClient) -> None:
        chosen(client, "TH13-001")
        for path in (BASE, NEW, HOSPITALS, ORDER):
            assert client.get(path, base_url=APP).headers["Cache-Control"] == "no-store", path


class TestReviewing:
    @pytest.mark.parametrize(
        ("lang", "said"),
        [
            ("en", ("If approved in time, new hospital from", "Friday 1 January 2027", "Until 31 Dec", "From 1 Jan", "10 days left")),
            ("th", ("ถ้าอนุมัติทัน เริ่มใช้ รพ. ใหม่", "วันศุกร์ที่ 1 มกราคม 2570", "31 ธ.ค.", "ตั้งแต่ 1 ม.ค.", "เหลืออีก 10 วัน")),
        ],
    )
    def test_the_dates_come_before_sending(
        self, client: FlaskClient, sign_in: SignIn, look: Look, lang: str, said: tuple[str, ...]
    ) -> None:
        ready(client, sign_in)
        page = look(client, CHECK, lang)
        for one in said:
            assert one in page.main, one

    def test_it_says_what_sending_later_would_mean(self, client: FlaskClient, sign_in: SignIn, look: Look) -> None:
        ready(client, sign_in)
        assert "Sent later, it starts on 16 Jan 2027 at the earliest." in look(client, CHECK, "en").main

    def test_it_says_whose_request_it_is(self, client: FlaskClient, sign_in: SignIn, look: Look) -> None:
        ready(client, sign_in)
        page = look(client, CHECK, "en")
        assert "Request of สมชาย, number ending 0009" in page.main
        assert SOMCHAI not in page.html

    def test_the_button_of_a_demonstration_says_try(self, client: FlaskClient, sign_in: SignIn, look: Look, settings: Settings) -> None:
        assert settings.demonstration
        ready(client, sign_in)
        page = look(client, CHECK, "en")
        assert "Try sending" in page.main
        assert "Prototype: nothing reaches the SSO" in page.main

    def test_without_the_declaration_nothing_is_sent(self, client: FlaskClient, sign_in: SignIn, look: Look, tools: Tools) -> None:
        ready(client, sign_in)
        fields = {name: value for name, value in review(client, look).items() if name != "declared"}
        page = shown_again(post(client, CHECK, **fields))
        assert page.links["Tick the box if it is true. Without it the request cannot be sent"] == "#declared"
        assert page.form(CHECK)["fields"]["key"] == fields["key"]
        assert tools.store.hospital_changes_of(tools.store.person_id_of(SOMCHAI)) == []

    def test_an_officer_will_look_at_what_the_app_cannot_know(self, client: FlaskClient, sign_in: SignIn, look: Look) -> None:
        sign_in(client, SOMCHAI)
        chosen(client, "TH13-001", cause="chosen_by_other")
        page = look(client, CHECK, "en")
        assert "An officer looks at this" in page.main
        assert "Not sure: An officer looks at your reason" in page.main

    def test_a_hospital_too_far_away_is_told_with_its_province(self, client: FlaskClient, sign_in: SignIn, look: Look) -> None:
        ready(client, sign_in, SOMCHAI, "TH50-002")
        page = look(client, CHECK, "en")
        assert page.h1 == ["Your request cannot be sent yet"]
        assert "Chiang Mai" in page.main
        assert page.links["Choose hospitals"] == HOSPITALS

    def test_one_s_own_hospital_as_number_one_is_no_change(self, client: FlaskClient, sign_in: SignIn, look: Look) -> None:
        ready(client, sign_in, SOMCHAI, "TH13-008")
        assert "Number 1 is the hospital you already have" in look(client, CHECK, "en").main

    def test_section_40_is_told_that_it_has_no_hospital_to_choose(self, client: FlaskClient, sign_in: SignIn, look: Look) -> None:
        sign_in(client, SECTION_40)
        page = look(client, NEW, "en")
        assert "Yours: section 40" in page.main
        assert "Section 40 has no designated hospital" in page.main

    def test_the_last_evening_of_the_window_warns_before_sending(
        self, client: FlaskClient, sign_in: SignIn, look: Look, clock: StandingClock
    ) -> None:
        clock.set(at("2027-03-31T20:00"))
        ready(client, sign_in)
        assert "Past closing time: it may miss the yearly window" in look(client, CHECK, "en").main
        path = receipt(client, look)
        assert "Sent after closing time: it may miss the yearly window" in look(client, path, "en").main


class TestSending:
    def test_the_receipt_says_what_was_received_when_and_for_whom(
        self, client: FlaskClient, sign_in: SignIn, look: Look, clock: StandingClock
    ) -> None:
        ready(client, sign_in)
        path = receipt(client, look)
        page = look(client, path, "en")
        assert page.h1 == ["We have your request"]
        assert path.rsplit("/", 1)[1] in page.main
        assert "20 Dec 2026 10:00" in page.main
        assert "สมชาย, number ending 0009" in page.main
        assert "Not approved yet: keep going to your old hospital until we tell you" in page.main
        assert "Received in time for 1 Jan" in page.main
        assert "Waiting for an officer" in page.main
        assert look(client, path, "th").h1 == ["เราได้รับคำขอของคุณแล้ว"]

    def test_a_double_click_gets_the_same_receipt(self, client: FlaskClient, sign_in: SignIn, look: Look, tools: Tools) -> None:
        ready(client, sign_in)
        fields = review(client, look)
        first = goes_to(post(client, CHECK, **fields))
        assert goes_to(post(client, CHECK, **fields)) == first
        assert len(tools.store.hospital_changes_of(tools.store.person_id_of(SOMCHAI))) == 1

    def test_a_second_page_left_open_is_led_to_the_first_request(self, client: FlaskClient, sign_in: SignIn, look: Look) -> None:
        ready(client, sign_in)
        one, another = review(client, look), review(client, look)
        assert one["key"] != another["key"]
        path = goes_to(post(client, CHECK, **one))
        page = shown_again(post(client, CHECK, **another))
        assert page.links["Open that request"] == path

    def test_a_cut_off_that_passes_while_reading_shows_the_new_date_and_asks_again(
        self, client: FlaskClient, sign_in: SignIn, look: Look, clock: StandingClock, tools: Tools
    ) -> None:
        clock.set(at("2027-01-15T16:20"))
        ready(client, sign_in)
        fields = review(client, look)
        clock.set(at("2027-01-15T16:30"))
        page = shown_again(post(client, CHECK, **fields))
        assert "The start day has changed from 16 Jan 2027 to 1 Feb 2027. Nothing is sent yet." in page.main
        assert page.title.startswith("Fix:")
        assert tools.store.hospital_changes_of(tools.store.person_id_of(SOMCHAI)) == []
        again = {**page.form(CHECK)["fields"], "declared": "1"}
        path = goes_to(post(client, CHECK, **again))
        assert case_at(tools, path).effective_on == date(2027, 2, 1)

    def test_answers_changed_in_another_tab_are_shown_first(self, client: FlaskClient, sign_in: SignIn, look: Look) -> None:
        ready(client, sign_in)
        fields = review(client, look)
        post(client, ORDER, down="TH13-001")
        page = shown_again(post(client, CHECK, **fields))
        assert "Your answers changed in another window" in page.main

    def test_a_form_without_what_was_shown_sends_nothing(self, client: FlaskClient, sign_in: SignIn, look: Look) -> None:
        ready(client, sign_in)
        look(client, CHECK, "en")
        page = shown_again(post(client, CHECK, declared="1"))
        assert "The start day is 1 Jan 2027. Look at the dates, then send." in page.main

    def test_a_session_that_ended_meanwhile_loses_nothing(
        self, client: FlaskClient, sign_in: SignIn, look: Look, clock: StandingClock
    ) -> None:
        ready(client, sign_in)
        fields = review(client, look)
        clock.advance(hours=9)
        answer = post(client, CHECK, **fields)
        assert goes_to(answer) == "/sign-in"
        assert "next=/hospital-change/new/check" in answer.headers["Location"]
        sign_in(client, SOMCHAI, CHECK)
        assert "1. Thammasat" in look(client, CHECK, "en").main

    def test_nothing_personal_stands_in_the_address(self, client: FlaskClient, sign_in: SignIn, look: Look) -> None:
        ready(client, sign_in)
        assert re.fullmatch(r"/hospital-change/HC(-[0-9A-Z]{4}){3}", receipt(client, look))


class TestFollowing:
    @pytest.fixture
    def path(self, client: FlaskClient, sign_in: SignIn, look: Look) -> str:
        ready(client, sign_in)
        return receipt(client, look)

    def test_another_person_s_reference_is_no_page(self, path: str, another_client: FlaskClient, sign_in: SignIn, look: Look) -> None:
        sign_in(another_client, SOMYING)
        for address in (path, f"{path}/withdraw", f"{path}/print", f"{path}/form", f"{path}/calendar.ics", f"{BASE}/HC-0000-0000-0000"):
            assert another_client.get(address, base_url=APP).status_code == 404, address
        assert post(another_client, f"{path}/withdraw").status_code == 404

    def test_somebody_signed_out_is_led_to_sign_in_and_back(self, path: str, another_client: FlaskClient) -> None:
        answer = another_client.get(path, base_url=APP)
        assert answer.status_code == 303
        assert answer.headers["Location"].endswith(f"/sign-in?next={path}")

    def test_a_reference_typed_by_hand_finds_its_page(self, path: str, client: FlaskClient) -> None:
        assert goes_to(client.get(path.replace("HC-", "hc-").lower(), base_url=APP)) == path

    def test_personal_pages_are_kept_nowhere(self, path: str, client: FlaskClient) -> None:
        for address in (path, f"{path}/print", f"{path}/form", f"{path}/withdraw", CHECK):
            assert client.get(address, base_url=APP).headers["Cache-Control"] == "no-store"

    def test_opening_it_is_reading_what_was_told_of_it(self, path: str, client: FlaskClient, look: Look, tools: Tools) -> None:
        who = tools.store.hospital_change(path.rpartition("/")[2]).person_id
        approve(tools, path)
        client.head(path, base_url=APP)
        assert unread(tools, who) > 0, "a look at its head reads nothing"
        look(client, path, "en")
        assert unread(tools, who) == 0

    def test_undecided_on_its_day_the_old_hospital_stays(
        self, path: str, client: FlaskClient, look: Look, clock: StandingClock, sign_in: SignIn
    ) -> None:
        clock.set(at("2027-01-01T08:00"))
        page = look(client, path, "en")
        assert page.h1 == ["Your request is still being decided"]
        assert "Still your old hospital until we tell you" in page.main
        assert "We tell you the new day with the result." in page.main

    def test_an_approval_brings_the_date_and_the_calendar_entry(self, path: str, client: FlaskClient, look: Look, tools: Tools) -> None:
        assert client.get(f"{path}/calendar.ics", base_url=APP).status_code == 404
        assert f"{path}/calendar.ics" not in look(client, path, "en").links.values()
        approve(tools, path)
        page = look(client, path, "en")
        assert page.h1 == ["Your request is approved"]
        assert "If approved in time" not in page.main
        assert f"{path}/calendar.ics" in page.links.values()

    @pytest.mark.parametrize(("lang", "title"), [("th", "เริ่มใช้โรงพยาบาลใหม่"), ("en", "New hospital starts")])
    def test_the_calendar_entry_names_nobody_and_no_hospital(
        self, path: str, client: FlaskClient, look: Look, tools: Tools, lang: str, title: str
    ) -> None:
        approve(tools, path)
        look(client, path, lang)
        answer = client.get(f"{path}/calendar.ics", base_url=APP)
        text = answer.get_data(as_text=True)
        assert answer.mimetype == "text/calendar"
        assert answer.headers["Cache-Control"] == "no-store"
        for line in ("DTSTART;VALUE=DATE:20270101", "BEGIN:VALARM", "SEQUENCE:3"):
            assert f"{line}\r\n" in text
        assert title in text
        assert re.search(r"UID:hospital-change-[0-9a-f]{24}@sitthi\r\n", text)
        for secret in ("สมชาย", "โรงพยาบาลธรรมศาสตร์", "Thammasat", path.rsplit("/", 1)[1], "0009"):
            assert secret not in text
        assert client.get(f"{path}/calendar.ics", base_url=APP).get_data(as_text=True) == text

    def test_a_second_choice_is_told(self, path: str, client: FlaskClient, look: Look, tools: Tools) -> None:
        approve(tools, path, rank=2)
        assert "This is your choice number 2" in look(client, path, "en").main

    def test_a_late_approval_tells_both_days_and_why(
        self, path: str, client: FlaskClient, look: Look, tools: Tools, clock: StandingClock
    ) -> None:
        clock.set(at("2027-01-04T10:00"))
        approve(tools, path, on="2027-01-04T09:00")
        page = look(client, path, "en")
        assert "The start has moved from 1 Jan 2027 to 16 Jan 2027" in page.main
        assert "being confirmed: call 1506" in page.main

    @pytest.mark.parametrize("lang", ["th", "en"])
    def test_every_refusal_says_why_and_what_next(
        self, path: str, client: FlaskClient, look: Look, tools: Tools, app: Any, lang: str
    ) -> None:
        moved_on(tools, path, rule.refuse(case_at(tools, path), RefusalReason.HOSPITAL_FULL, at("2026-12-22T09:00"), "officer"))
        for reason in RefusalReason:
            refused = case_at(tools, path)
            tools.store.update_hospital_change(refused, replace(refused, refusal_reason=reason), ())
            page = look(client, path, lang)
            with app.test_request_context(base_url=APP, headers={"Cookie": f"sitthi-language={lang}"}):
                said = words.refusal_words(reason)
            assert said.why in page.main
            assert said.next in page.main
            assert NEW in page.links.values()

    def test_a_withdrawal_is_asked_once_more_and_then_done(self, path: str, client: FlaskClient, look: Look, tools: Tools) -> None:
        assert look(client, f"{path}/withdraw", "en").h1 == ["Withdraw this request?"]
        assert goes_to(post(client, f"{path}/withdraw")) == path
        assert case_at(tools, path).status is Status.WITHDRAWN
        assert look(client, path, "en").h1 == ["You withdrew this request"]
        assert goes_to(post(client, f"{path}/withdraw")) == path
        assert goes_to(client.get(f"{path}/withdraw", base_url=APP)) == path

    def test_a_withdrawal_after_the_decision_is_told_so(self, path: str, client: FlaskClient, look: Look, tools: Tools) -> None:
        look(client, path, "en")
        approve(tools, path)
        page = shown_again(post(client, f"{path}/withdraw"))
        assert page.h1 == ["It has been decided meanwhile"]
        assert case_at(tools, path).status is Status.APPROVED

    def test_in_effect_the_new_hospital_is_in_use(
        self, path: str, client: FlaskClient, look: Look, tools: Tools, clock: StandingClock
    ) -> None:
        approve(tools, path)
        clock.set(at("2027-01-01T00:05"))
        moved_on(tools, path, rule.take_effect(case_at(tools, path), clock.now()))
        assert look(client, path, "en").h1 == ["Your new hospital is in use"]
        overview = look(client, BASE, "en")
        assert "Earlier requests" in overview.main
        assert path in overview.links.values()

    def test_a_status_nobody_knows_is_with_the_office(self, path: str, client: FlaskClient, look: Look, tools: Tools) -> None:
        tools.store.run("UPDATE hospital_changes SET status = 'on_the_moon'")
        page = look(client, path, "en")
        assert page.h1 == ["Your request is with the office"]
        assert "With the office" in page.main

    def test_the_reference_of_a_prototype_is_not_offered_to_the_hotline(self, path: str, client: FlaskClient, look: Look) -> None:
        page = look(client, path, "en")
        assert "A prototype reference: 1506 does not know it." in page.main
        assert "Give this reference" not in page.main

    def test_looking_again_with_htmx_brings_the_part_with_its_status(self, path: str, client: FlaskClient) -> None:
        html = client.get(path, base_url=APP, headers={"HX-Request": "true"}).get_data(as_text=True)
        assert html.lstrip().startswith('<div id="tracker"')
        assert "data-status=" in html
        assert "<html" not in html

    @pytest.mark.parametrize("lang", ["th", "en"])
    def test_every_status_has_its_page(self, path: str, client: FlaskClient, look: Look, tools: Tools, lang: str) -> None:
        for status in Status:
            if status is not Status.DRAFT:
                tools.store.run("UPDATE hospital_changes SET status = :status", status=str(status))
                assert look(client, path, lang).h1


class TestOnPaper:
    def test_anybody_prints_the_blank_form(self, client: FlaskClient, look: Look) -> None:
        page = look(client, f"{BASE}/form", "th")
        for label in ("เลขที่รับ", "เลขที่บัญชีนายจ้าง", "สาขา", "ย้ายที่พักอาศัย", "อันดับ 3", "ถ้าจัดอันดับ 1 ให้ไม่ได้ จะใช้อันดับถัดไป", "เห็นสมควรจัดสถานพยาบาล"):
            assert label in page.main, label
        assert "☒" not in page.main

    def test_the_filled_form_masks_the_number_until_it_is_asked_for(self, client: FlaskClient, sign_in: SignIn, look: Look) -> None:
        ready(client, sign_in)
        path = receipt(client, look, "th")
        page = look(client, f"{path}/form", "th")
        assert SOMCHAI not in page.main
        assert "นายสมชาย ตัวอย่าง" in page.main
        assert "บริษัท ตัวอย่าง จำกัด" in page.main
        assert "1 พฤษภาคม 2529" in page.main
        assert "☒ ประจำปี" in page.main
        assert "โรงพยาบาลธรรมศาสตร์เฉลิมพระเกียรติ" in page.main
        assert "ต้นแบบ เรื่องนี้ไม่ถูกส่งถึงสำนักงานประกันสังคม" in page.main
        assert SOMCHAI in look(client, f"{path}/form?number=whole", "th").main

    def test_the_receipt_prints_without_the_number(self, client: FlaskClient, sign_in: SignIn, look: Look) -> None:
        ready(client, sign_in)
        path = receipt(client, look)
        page = look(client, f"{path}/print", "en")
        assert path.rsplit("/", 1)[1] in page.main
        assert SOMCHAI not in page.html


class TestTheWords:
    @pytest.mark.parametrize("lang", ["th", "en"])
    def test_every_code_of_the_rule_has_its_words(self, app: Any, lang: str) -> None:
        with app.test_request_context(base_url=APP, headers={"Cookie": f"sitthi-language={lang}"}):
            assert all(words.status_tag(status).text for status in Status)
            assert all(words.cause_word(cause) and words.cause_hint(cause) for cause in Cause)
            assert all(words.refusal_words(reason).next for reason in RefusalReason)

    def test_every_step_has_its_line(self, app: Any) -> None:
        received = at("2026-12-20T10:00")
        policy = rule.Policy.LAST_WORKING_DAY
        case = HospitalChange("r", "p", Status.IN_EFFECT, Cause.ANNUAL, ("TH13-001",), received, date(2027, 1, 1), policy)
        facts = {"rank": 1, "hospital": "TH13-001"}
        steps = [rule.Step(code, received + timedelta(hours=number), "somebody", facts) for number, code in enumerate(StepCode)]
        with app.test_request_context(base_url=APP, headers={"Cookie": "sitthi-language=en"}):
            items = hospital_change.timeline(case, steps, date(2027, 2, 1))
            lines = words.timeline_lines(items, case, words.Names())
        assert all(line["title"] and line["at"] for line in lines)


def test_no_date_is_promised_to_somebody_the_record_bars(client: FlaskClient, sign_in: SignIn, look: Any) -> None:
    before = look(client, "/hospital-change", "en")
    assert "your new hospital starts on" in before.main
    sign_in(client, "1000000000068")
    barred = look(client, "/hospital-change", "en")
    assert "your new hospital starts on" not in barred.main
    assert "Your request cannot be sent yet" in barred.main
    assert "/hospital-change/new" not in barred.links.values()
