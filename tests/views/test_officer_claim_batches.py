"""Paying as the desk and the person see it: the lists, the batch, the file with its reason, the day, and money that came back."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import claim_people
from tests.claim_people import OFFICER, SECOND_OFFICER, SOMCHAI, approved, officer
from tests.front_door import APP, SignIn
from tests.pages import Page, look, read, sound
from tests.standing_clock import StandingClock
from webapp.actions import claim_batches, claim_desk, claims
from webapp.actions.audit import openings_of
from webapp.domain.claim import Claim, Status
from webapp.domain.claim_batch import Batch
from webapp.domain.payment import Account, Way
from webapp.ports import Tools

PAY = "/officer/claims/batches"
DIGITS = "1234567890"


@pytest.fixture
def two(client: FlaskClient, sign_in: SignIn) -> FlaskClient:
    """Officer Two, who pays what Officer One approved."""
    sign_in(client, SECOND_OFFICER, PAY)
    return client


def post(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    client.set_cookie("sitthi-language", "en", domain="127.0.0.1")
    return client.post(path, data=fields, base_url=APP)


def refused(answer: TestResponse, status: int = 422) -> Page:
    assert answer.status_code == status, read(answer).main[:600]
    return sound(read(answer))


def into_account(tools: Tools) -> Claim:
    return claim_people.into_account(tools, "dental", SOMCHAI, Account("006", DIGITS))


def close(client: FlaskClient, way: str) -> str:
    """Press the button of that way; the address of the batch."""
    page = look(client, PAY, "en")
    form = next(one for one in page.forms if one["fields"].get("way") == way)
    answer = post(client, PAY, **{name: value or "" for name, value in form["fields"].items()})
    assert answer.status_code == 303
    again = post(client, PAY, **{name: value or "" for name, value in form["fields"].items()})
    assert again.headers["Location"] == answer.headers["Location"], "a double press is one batch"
    return str(answer.headers["Location"])


def now(tools: Tools, claim: Claim) -> Claim:
    found = tools.store.claim(claim.reference)
    assert found is not None
    return found


def test_lists_totals_and_batches_in_both_languages_without_names_or_numbers(two: FlaskClient, tools: Tools) -> None:
    by_promptpay, by_bank = approved(tools, "sickness"), into_account(tools)
    approved(tools, "maternity", way=Way.COUNTER)
    for lang in ("th", "en"):
        page = look(two, PAY, lang)
        for hidden in ("สมชาย", SOMCHAI, DIGITS):
            assert hidden not in page.html
    closings = ("Close this batch: ฿2,916.67", "Close this batch: ฿800")
    for said in (by_promptpay.reference, by_bank.reference, *closings, "1 is settled at the counter"):
        assert said in page.main, said
    address = close(two, "bank")
    for lang in ("th", "en"):
        batch = look(two, address, lang)
        for hidden in ("สมชาย", SOMCHAI, DIGITS):
            assert hidden not in batch.html
    assert "account ending 7890" in batch.main
    assert "฿800, 1 claim" in batch.main
    assert address in look(two, PAY, "en").html
    assert "Close this batch: ฿800" not in look(two, PAY, "en").main


def test_what_one_approved_is_left_to_another_and_said(client: FlaskClient, sign_in: SignIn, tools: Tools) -> None:
    approved(tools, "dental")
    sign_in(client, OFFICER, PAY)
    page = look(client, PAY, "en")
    assert "For another officer: 1. You approved it" in page.main
    assert not [form for form in page.forms if form["action"] == PAY]


def test_a_list_that_changed_is_shown_again_and_nothing_is_closed(two: FlaskClient, tools: Tools) -> None:
    approved(tools, "dental")
    form = next(one for one in look(two, PAY, "en").forms if one["fields"].get("way") == "promptpay")
    approved(tools, "sickness")
    page = refused(post(two, PAY, **{name: value or "" for name, value in form["fields"].items()}))
    assert "The list has changed since this page was shown" in page.main
    assert claim_batches.batches(tools).batches == ()
    assert post(two, PAY, way="counter", mark="x", key="k" * 20).status_code == 404


def test_the_file_is_given_out_with_a_reason_only_and_its_person_reads_it(two: FlaskClient, tools: Tools) -> None:
    claim = into_account(tools)
    address = close(two, "bank")
    assert "Write what the file is for" in refused(post(two, f"{address}/file", reason=" ")).main
    long = refused(post(two, f"{address}/file", reason="x" * 201))
    assert "now there are 201" in long.main
    answer = post(two, f"{address}/file", reason="Morning run, taken to the bank")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "no-store" in answer.headers["Cache-Control"]
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[1][1:] == [claim.reference, "นายสมชาย ตัวอย่าง", "006", "ธนาคารกรุงไทย", DIGITS, "800.00"]
    (entry, *_others) = openings_of(tools, claim.person_id)
    assert (entry.entry.act, entry.words) == ("account_given_to_bank", "Morning run, taken to the bank")


def test_who_reads_ones_record_says_that_a_number_went_to_the_bank(
    two: FlaskClient, another_client: FlaskClient, sign_in: SignIn, tools: Tools
) -> None:
    into_account(tools)
    post(two, f"{close(two, 'bank')}/file", reason="Morning run")
    sign_in(another_client, SOMCHAI)
    page = look(another_client, "/my-data/opened", "en")
    assert "gave the number of your account or PromptPay to the bank" in page.main
    assert "Morning run" in page.main


def test_paid_on_a_day_and_the_person_sees_each_step(
    two: FlaskClient, another_client: FlaskClient, sign_in: SignIn, tools: Tools
) -> None:
    claim = approved(tools, "dental")
    address = close(two, "promptpay")
    sign_in(another_client, SOMCHAI)
    for lang in ("th", "en"):
        page = look(another_client, f"/claims/{claim.reference}", lang)
    told = page.main.split("Sent to the bank")[-1]
    assert "฿800" in told[:60], "how much of it went"
    assert "Change how you are paid" not in page.main
    letter = look(another_client, f"/claims/{claim.reference}/letter", "en").main
    assert "The money was sent to the bank on Sunday 20 December 2026" in letter
    early = refused(post(two, f"{address}/paid", paid_on_day="1", paid_on_month="12", paid_on_year="2026"))
    assert "from the closing of the batch up to today" in early.main
    assert refused(post(two, f"{address}/paid", paid_on_day="40", paid_on_month="12", paid_on_year="2026"))
    assert post(two, f"{address}/paid", paid_on_day="20", paid_on_month="12", paid_on_year="2026").status_code == 303
    assert now(tools, claim).status is Status.PAID
    assert "All paid" in look(two, address, "en").main
    assert "There is no file any more" in refused(post(two, f"{address}/file", reason="once more")).main


def test_money_that_came_back_asks_the_person_for_another_account(
    two: FlaskClient, another_client: FlaskClient, sign_in: SignIn, tools: Tools
) -> None:
    claim = into_account(tools)
    address = close(two, "bank")
    ask = f"{address}/returned/{claim.reference}"
    for lang in ("th", "en"):
        page = look(two, ask, lang)
    assert "PromptPay is not linked" not in page.main
    assert "Choose what the bank says" in refused(post(two, ask)).main
    for _press in (1, 2):
        assert post(two, ask, why="name_differs").headers["Location"] == address
    assert "Came back" in look(two, address, "en").main
    assert "1 came back from the bank" in look(two, PAY, "en").main
    sign_in(another_client, SOMCHAI)
    for lang, words in (("th", "บัญชีนี้เป็นชื่อคนอื่น"), ("en", "The account is in another name.")):
        page = look(another_client, f"/claims/{claim.reference}", lang)
        assert words in page.main
    assert page.h1 == ["The bank sent your money back"]
    assert page.links["Say how you want to be paid"] == f"/claims/{claim.reference}/payment"
    assert "The bank sent the money back" in look(another_client, f"/claims/{claim.reference}/letter", "en").main
    assert another_client.post(f"/claims/{claim.reference}/payment", data={"way": "promptpay"}, base_url=APP).status_code == 303
    assert "Close this batch: ฿800" in look(two, PAY, "en").main


def test_whoever_paid_a_claim_with_others_still_says_why_they_open_it_and_sees_no_whole_name(two: FlaskClient, tools: Tools) -> None:
    claim = approved(tools, "dental")
    address = close(two, "promptpay")
    post(two, f"{address}/paid", paid_on_day="20", paid_on_month="12", paid_on_year="2026")
    assert look(two, f"/officer/claims/{claim.reference}", "en").h1 == ["Why do you open this?"]
    post(two, f"/officer/claims/{claim.reference}/open", reason="deciding")
    page = look(two, f"/officer/claims/{claim.reference}", "en")
    assert "สมชาย ตัวอย่าง" not in page.main
    assert "สมชาย" in page.main
    assert f"batch {address.rpartition('/')[2]}" in page.main, "the history names the list"


def test_after_a_death_the_batch_says_to_tell_the_bank_and_asks_what_became_of_that_line(two: FlaskClient, tools: Tools) -> None:
    claim, other = approved(tools, "dental"), approved(tools, "sickness")
    address = close(two, "promptpay")
    claim_desk.note_death(tools, officer(tools), claim.reference, tools.clock.today())
    for lang in ("th", "en"):
        page = look(two, address, lang)
    assert "tell the bank not to pay that line" in page.main
    assert "Not everything was marked as paid" not in page.main
    assert post(two, f"{address}/paid", paid_on_day="20", paid_on_month="12", paid_on_year="2026").status_code == 303
    assert now(tools, other).status is Status.PAID
    ask = f"{address}/one/{claim.reference}"
    for lang in ("th", "en"):
        page = look(two, address, lang)
    assert "1 line is left: the claimant has died" in page.main
    assert ask in page.html
    for lang in ("th", "en"):
        assert look(two, ask, lang).h1
    assert "Choose what became of it" in refused(post(two, ask)).main
    assert refused(post(two, ask, what="paid", paid_on_day="40", paid_on_month="12", paid_on_year="2026"))
    early = refused(post(two, ask, what="paid", paid_on_day="1", paid_on_month="12", paid_on_year="2026"))
    assert "from the closing of the batch up to today" in early.main
    for _press in (1, 2):
        assert post(two, ask, what="not_sent").headers["Location"] == address
    assert "Not sent" in look(two, address, "en").main
    assert now(tools, claim).paid_at is None


def test_it_came_back_can_be_taken_back_until_the_person_has_answered(two: FlaskClient, tools: Tools) -> None:
    first, second = approved(tools, "dental"), approved(tools, "sickness")
    address = close(two, "promptpay")
    for claim in (first, second):
        post(two, f"{address}/returned/{claim.reference}", why="other")
        assert f"{address}/one/{claim.reference}" in look(two, address, "en").html
    for lang in ("th", "en"):
        page = look(two, f"{address}/one/{first.reference}", lang)
    assert "the bank paid it after all" in page.main
    day = {"what": "paid", "paid_on_day": "20", "paid_on_month": "12", "paid_on_year": "2026"}
    assert post(two, f"{address}/one/{first.reference}", **day).headers["Location"] == address
    assert now(tools, first).status is Status.PAID
    claims.change_payment(tools, second.person_id, second.reference, Way.PROMPTPAY)
    assert f"{address}/one/{second.reference}" not in look(two, address, "en").html
    page = refused(post(two, f"{address}/one/{second.reference}", **day), 409)
    assert "This line has moved on" in page.main
    assert now(tools, second).status is Status.APPROVED


def test_what_came_between_keeps_no_money_from_coming_back(two: FlaskClient, tools: Tools) -> None:
    claim = approved(tools, "dental")
    address = close(two, "promptpay")
    post(two, f"{address}/paid", paid_on_day="20", paid_on_month="12", paid_on_year="2026")
    claims.appeal(tools, claim.person_id, claim.reference, "ยอดไม่ถูก")
    assert f"{address}/returned/{claim.reference}" in look(two, address, "en").html
    assert post(two, f"{address}/returned/{claim.reference}", why="other").status_code == 303
    assert (now(tools, claim).status, now(tools, claim).paid_at) == (Status.APPEALED, None)


def test_the_page_says_who_took_the_file_and_a_second_one_takes_a_tick(two: FlaskClient, tools: Tools) -> None:
    into_account(tools)
    address = close(two, "bank")
    assert "Taken on" not in look(two, address, "en").main
    assert post(two, f"{address}/file", reason="Morning run").status_code == 200
    for lang in ("th", "en"):
        page = look(two, address, lang)
    assert f"by officer {officer(tools, SECOND_OFFICER).name}" in page.main
    asked = refused(post(two, f"{address}/file", reason="Evening run"))
    assert "Somebody has taken this file already" in asked.main
    assert "Evening run" in asked.html
    assert post(two, f"{address}/file", reason="Evening run", again="1").mimetype == "text/csv"


def test_the_file_reads_the_same_whoever_takes_it(two: FlaskClient, tools: Tools) -> None:
    into_account(tools)
    address = close(two, "bank")
    files = []
    for lang in ("th", "en"):
        two.set_cookie("sitthi-language", lang, domain="127.0.0.1")
        two.post("/language", data={"language": lang}, base_url=APP)
        files.append(two.post(f"{address}/file", data={"reason": "x", "again": "1"}, base_url=APP).data)
    assert files[0] == files[1]
    assert "เลขที่บัญชี" in files[0].decode()


def test_the_file_asks_for_thaid_just_before_and_is_sent_again_with_one_tap(
    two: FlaskClient, sign_in: SignIn, clock: StandingClock, tools: Tools
) -> None:
    into_account(tools)
    address = close(two, "bank")
    clock.advance(minutes=6)
    assert look(two, address, "en").status == 200, "the desk goes on"
    away = post(two, f"{address}/file", reason="Morning run")
    assert (away.status_code, away.headers["Location"]) == (303, f"/sign-in/again?next={address}/file")
    found = claim_batches.batch_of(tools, address.rpartition("/")[2])
    assert found is not None
    assert found.file_at is None
    sign_in(two, SECOND_OFFICER, f"{address}/file")
    form = look(two, "/sign-in/typed", "en").form(f"{address}/file")
    assert form["fields"] == {"reason": "Morning run"}
    assert two.post(form["action"], data=form["fields"], base_url=APP).mimetype == "text/csv"


def test_an_officer_whose_own_claim_is_in_it_is_told_so(two: FlaskClient, tools: Tools) -> None:
    own, other = approved(tools, "dental", SECOND_OFFICER), approved(tools, "sickness")
    page = look(two, PAY, "en")
    assert "For another officer: 1" in page.main
    assert own.reference not in page.main
    colleague = replace(officer(tools), id="an-officer-who-had-no-part")
    seen = claim_batches.to_pay(tools, colleague).by_way[0].mark
    batch = claim_batches.close(tools, colleague, Way.PROMPTPAY, seen, "k" * 20)
    assert isinstance(batch, Batch)
    address = f"{PAY}/{batch.reference}"
    day = {"paid_on_day": "20", "paid_on_month": "12", "paid_on_year": "2026"}
    for part, fields in (
        ("file", {"reason": "Morning run"}),
        (f"returned/{own.reference}", {"why": "other"}),
        (f"one/{own.reference}", {"what": "paid", **day}),
    ):  # fmt: skip
        assert refused(post(two, f"{address}/{part}", **fields), 403).h1, part
    assert post(two, f"{address}/paid", **day).status_code == 303
    assert (now(tools, own).status, now(tools, other).status) == (Status.APPROVED, Status.PAID)
    for lang in ("th", "en"):
        page = look(two, address, lang)
    assert "1 line is left: you are part of that claim" in page.main
    assert f"{address}/returned/{own.reference}" not in page.html


def test_more_batches_than_a_page_holds_have_a_page_after(two: FlaskClient, tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claim_batches, "ON_A_PAGE", 1)
    for kind in ("dental", "sickness"):
        approved(tools, kind)
        close(two, "promptpay")
    first = look(two, PAY, "en")
    assert first.links["Page after"] == f"{PAY}?page=2"
    assert look(two, f"{PAY}?page=2", "en").links["Page before"] == f"{PAY}?page=1"
    assert look(two, f"{PAY}?page=x", "en").main == first.main


def test_only_officers_come_in_and_ways_back_lead_to_the_batch(
    client: FlaskClient, another_client: FlaskClient, sign_in: SignIn, tools: Tools
) -> None:
    approved(tools, "dental")
    sign_in(client, SECOND_OFFICER, PAY)
    address = close(client, "promptpay")
    for part in ("file", "paid"):
        assert client.get(f"{address}/{part}", base_url=APP).headers["Location"] == address
    for path in (f"{PAY}/PB-NONE", f"{address}/returned/CL-NONE"):
        assert client.get(path, base_url=APP).status_code == 404
    sign_in(another_client, SOMCHAI)
    for path in (PAY, address):
        assert another_client.get(path, base_url=APP).status_code == 404
