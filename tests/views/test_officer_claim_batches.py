"""Paying as the desk and the person see it: the lists, the batch, the file with its reason, the day, and money that came back."""

from __future__ import annotations

import csv
import io

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import claim_people
from tests.claim_people import OFFICER, SECOND_OFFICER, SOMCHAI, approved, officer
from tests.front_door import APP, SignIn
from tests.pages import Page, look, read, sound
from webapp.actions import claim_batches, claim_desk, claims
from webapp.actions.audit import openings_of
from webapp.domain.claim import Claim, Status
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
    assert "For another officer: 1, ฿800." in page.main
    assert not [form for form in page.forms if form["action"] == PAY]


def test_a_list_that_changed_is_shown_again_and_nothing_is_closed(two: FlaskClient, tools: Tools) -> None:
    approved(tools, "dental")
    form = next(one for one in look(two, PAY, "en").forms if one["fields"].get("way") == "promptpay")
    approved(tools, "sickness")
    page = refused(post(two, PAY, **{name: value or "" for name, value in form["fields"].items()}))
    assert "The list has changed since this page was shown" in page.main
    assert claim_batches.batches(tools) == []
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
    assert rows[1][1:] == [claim.reference, "นายสมชาย ตัวอย่าง", "006", "Krungthai Bank", DIGITS, "800.00"]
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
    assert refused(post(two, f"{address}/file", reason="once more")).main.count("Nothing of this batch is at the bank any more")


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


def test_after_a_death_the_batch_says_to_tell_the_bank(two: FlaskClient, tools: Tools) -> None:
    claim = approved(tools, "dental")
    address = close(two, "promptpay")
    claim_desk.note_death(tools, officer(tools), claim.reference, tools.clock.today())
    for lang in ("th", "en"):
        page = look(two, address, lang)
    assert "tell the bank not to pay that line" in page.main


def test_what_came_between_is_settled_by_hand(two: FlaskClient, tools: Tools) -> None:
    claim = approved(tools, "dental")
    address = close(two, "promptpay")
    post(two, f"{address}/paid", paid_on_day="20", paid_on_month="12", paid_on_year="2026")
    claims.appeal(tools, claim.person_id, claim.reference, "ยอดไม่ถูก")
    assert f"{address}/returned/{claim.reference}" not in look(two, address, "en").html
    page = refused(post(two, f"{address}/returned/{claim.reference}", why="other"), 409)
    assert "Settle this one by hand" in page.main


def test_an_officer_whose_own_claim_is_in_it_is_told_so(two: FlaskClient, tools: Tools) -> None:
    own = approved(tools, "dental", SECOND_OFFICER)
    third = claim_batches.to_pay(tools, officer(tools))
    assert third.by_way[0].ready == ()
    page = look(two, PAY, "en")
    assert "For another officer: 1" in page.main
    assert own.reference not in page.main


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
