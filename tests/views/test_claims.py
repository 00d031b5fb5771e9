"""Each kind of claim in a browser without JavaScript: from the first question to the receipt, with slips of the pen on every page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.claim_people import (
    ANSWERS,
    OFFICER,
    SOMCHAI,
    SOMPONG,
    SOMYING,
    approved,
    draft,
    officer,
    person_id,
    refused,
    sent,
)
from tests.front_door import APP, SignIn
from tests.pages import Page, look, read
from tests.standing_clock import StandingClock
from webapp.actions import claim_desk, claim_drafts, claims
from webapp.actions.sessions import open_session
from webapp.domain.assurance import Via
from webapp.domain.claim import Status
from webapp.domain.claim_questions import KINDS, Asks
from webapp.domain.payment import Way
from webapp.ports import Tools
from webapp.web.guards import SESSION_COOKIE

Look = Callable[..., Page]
ACCOUNT = {"bank": "006", "account": "123-4-56789-0"}


def post(client: FlaskClient, address: str, **fields: str) -> TestResponse:
    return client.post(address, data=fields, base_url=APP)


def led_to(answer: TestResponse) -> str:
    assert answer.status_code == 303, read(answer).main
    return str(answer.headers["Location"])


def begin(client: FlaskClient, kind: str) -> str:
    """The first page after pressing "begin"."""
    page = look(client, f"/claims/new/{kind}")
    return led_to(post(client, f"/claims/new/{kind}", **page.form("/claims/new")["fields"]))


def as_typed(kind: str, number: int, answer: str) -> dict[str, str]:
    """An answer as somebody types it: days with a year of the Buddhist era."""
    question = KINDS[kind].questions[number - 1]
    if question.asks is not Asks.DAY:
        return {"answer": answer}
    day = date.fromisoformat(answer)
    return {"day_day": str(day.day), "day_month": str(day.month), "day_year": str(day.year + 543)}


def answer_all(client: FlaskClient, kind: str, address: str) -> str:
    """Through the questions; each page is read in both languages, and sent empty first."""
    while "/questions/" in address:
        number = int(address.rsplit("/", 1)[1])
        name = KINDS[kind].questions[number - 1].name
        for lang in ("en", "th"):
            look(client, address, lang)
        slip = post(client, address, answer="", day_day="99")
        assert slip.status_code == 422, name
        assert read(slip).form(address), "the question is asked again"
        address = led_to(post(client, address, **as_typed(kind, number, ANSWERS[kind][name])))
    return address


def to_the_review(client: FlaskClient, kind: str, way: str = "promptpay") -> str:
    address = answer_all(client, kind, begin(client, kind))
    assert address.endswith("/pay")
    assert post(client, address, way="gold").status_code == 422
    address = led_to(post(client, address, way=way))
    if way == "bank":
        assert post(client, address, bank="006", account="12").status_code == 422
        address = led_to(post(client, address, **ACCOUNT))
    look(client, address)
    address = led_to(post(client, address))
    assert address.endswith("/check")
    return address


def send(client: FlaskClient, check: str) -> str:
    """Tick and send; the address of the receipt."""
    fields = look(client, check).form(check)["fields"]
    return led_to(post(client, check, **{**fields, "declared": "1"}))


# From the first question to the receipt


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_claim_of_each_kind_from_the_first_question_to_the_receipt(client: FlaskClient, sign_in: SignIn, tools: Tools, kind: str) -> None:
    sign_in(client, SOMCHAI)
    check = to_the_review(client, kind, way="bank")
    for lang in ("en", "th"):
        review = look(client, check, lang)
        assert "7890" in review.main
    undeclared = post(client, check, mark=str(review.form(check)["fields"]["mark"]))
    assert undeclared.status_code == 422
    receipt = send(client, check)
    assert send_again_leads_to(client, check) == receipt
    reference = receipt.rsplit("/", 1)[1]
    claim = claims.claim_of(tools, person_id(tools), reference)
    assert claim is not None
    assert (claim.kind, claim.status) == (kind, Status.SENT)
    for lang in ("en", "th"):
        for part in ("", "/print", "/form", "/withdraw", "/payment", "/payment/account"):
            page = look(client, receipt + part, lang)
            assert "1234567890" not in page.html, "an account is masked ever after"
        assert reference in look(client, receipt, lang).main


def send_again_leads_to(client: FlaskClient, check: str) -> str:
    """A second press of the same page, after the first has been answered."""
    return led_to(post(client, check, mark="of the page before", declared="1"))


def test_the_sum_stands_on_the_review_with_its_working_and_the_day_of_the_law(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, SOMCHAI)
    page = look(client, to_the_review(client, "dental"), "en")
    assert "฿800" in page.main
    assert "Left this year" in page.main
    assert "By the law of 1 October 2026" in page.main
    assert "Claim by" in page.main


def test_what_changed_in_another_window_is_shown_before_it_is_sent(client: FlaskClient, sign_in: SignIn, tools: Tools) -> None:
    sign_in(client, SOMCHAI)
    check = to_the_review(client, "dental")
    fields = look(client, check).form(check)["fields"]
    reference = check.split("/")[2]
    one = claim_drafts.draft_of(tools, person_id(tools), reference)
    assert one is not None
    claim_drafts.keep(tools, person_id(tools), one.answered("cost", "300"))
    answer = post(client, check, **{**fields, "declared": "1"})
    assert answer.status_code == 422
    assert "300" in read(answer).main
    assert claims.claims_of(tools, person_id(tools)) == []


def test_an_answer_is_changed_from_the_review_and_leads_back_to_it(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, SOMCHAI)
    check = to_the_review(client, "dental")
    page = look(client, check, "en")
    change = page.links["Change What does it cost?"]
    assert led_to(post(client, change, answer="500")) == check
    assert "฿500" in look(client, check, "en").main


# Kept, and taken up again


def test_a_draft_goes_on_on_another_phone_where_it_stopped(client: FlaskClient, another_client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, SOMCHAI)
    address = begin(client, "dental")
    third = led_to(post(client, led_to(post(client, address, **as_typed("dental", 1, "2026-10-01"))), answer="basic"))
    sign_in(another_client, SOMCHAI)
    reference = address.split("/")[2]
    assert led_to(another_client.get(f"/claims/{reference}", base_url=APP)) == third
    page = look(another_client, "/claims", "en")
    assert "Begun, not sent yet" in page.main


def test_a_draft_stands_first_on_the_home_page(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, SOMCHAI)
    begin(client, "dental")
    page = look(client, "/", "en")
    assert page.main.index("Your claim is not sent yet") < page.main.index("Change hospital")


def test_begun_twice_by_a_double_tap_is_one_draft(client: FlaskClient, sign_in: SignIn, tools: Tools) -> None:
    sign_in(client, SOMCHAI)
    fields = look(client, "/claims/new/dental").form("/claims/new")["fields"]
    assert led_to(post(client, "/claims/new/dental", **fields)) == led_to(post(client, "/claims/new/dental", **fields))
    assert len(claim_drafts.drafts_of(tools, person_id(tools))) == 1


def test_a_draft_is_thrown_away_only_after_asking(client: FlaskClient, sign_in: SignIn, tools: Tools) -> None:
    sign_in(client, SOMCHAI)
    reference = begin(client, "dental").split("/")[2]
    look(client, f"/claims/{reference}/drop")
    assert claim_drafts.drafts_of(tools, person_id(tools))
    assert led_to(post(client, f"/claims/{reference}/drop")) == "/claims"
    assert claim_drafts.drafts_of(tools, person_id(tools)) == []
    look(client, f"/claims/{reference}", status=404)


def test_a_page_left_open_leads_to_the_claim_once_it_is_sent(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, SOMCHAI)
    check = to_the_review(client, "dental")
    receipt = send(client, check)
    for step in ("questions/1", "pay", "account", "papers", "check"):
        assert led_to(client.get(f"{receipt}/{step}", base_url=APP)) == receipt


def test_a_question_that_is_not_asked_leads_on(client: FlaskClient, sign_in: SignIn, tools: Tools) -> None:
    sign_in(client, SOMCHAI)
    one = draft(tools, "dental", treatment="denture_1_5")
    assert led_to(client.get(f"/claims/{one.reference}/questions/4", base_url=APP)) == f"/claims/{one.reference}/check"
    look(client, f"/claims/{one.reference}/questions/9", status=404)


# From a check


def test_the_answers_of_a_check_come_along_and_nothing_of_the_record(client: FlaskClient, sign_in: SignIn, tools: Tools) -> None:
    sign_in(client, SOMCHAI)
    result = look(client, "/benefits/dental?on=2026-10-01&treatment=basic&cost=1200&used_this_year=100", "en")
    href = result.links["Or claim it here, with ThaiD"]
    query = parse_qs(urlsplit(href).query)
    assert query == {"on": ["2026-10-01"], "treatment": ["basic"], "cost": ["1200"], "used_this_year": ["100"]}
    page = look(client, href)
    begun = post(client, "/claims/new/dental", **page.form("/claims/new")["fields"])
    assert led_to(begun).endswith("/pay")
    assert claim_drafts.drafts_of(tools, person_id(tools))[0].answers["cost"] == "1200"


def test_whoever_is_not_signed_in_is_asked_to_and_keeps_the_answers(client: FlaskClient, sign_in: SignIn) -> None:
    href = "/claims/new/dental?on=2026-10-01&treatment=basic"
    answer = client.get(href, base_url=APP)
    assert "/sign-in?next=" in led_to(answer)
    assert led_to(sign_in(client, SOMCHAI, href)) == href


def test_the_page_of_claims_explains_to_anybody(client: FlaskClient) -> None:
    for lang in ("th", "en"):
        page = look(client, "/claims", lang)
        assert "/sign-in?next=/claims" in page.links.values()
    assert "/sign-in" in led_to(client.get("/claims/CL-0000-0000-0000", base_url=APP))


def test_the_family_of_a_pensioner_is_sent_to_1506(client: FlaskClient) -> None:
    page = look(client, "/benefits/old_age?months_pension_drawn=12&months_paid_total=200&average_wage_60=15000", "en")
    assert "Or claim it here, with ThaiD" not in page.links


# What the record says, and what it does not


def test_the_day_that_the_record_knows_stands_in_the_field(client: FlaskClient, sign_in: SignIn) -> None:
    """Sompong left work three months ago."""
    sign_in(client, SOMPONG)
    page = look(client, begin(client, "unemployment"), "en")
    assert "From the SSO’s record" in page.main
    assert {one["id"]: one["value"] for one in page.fields if one.get("id", "").startswith("day_")} == {
        "day_day": "1", "day_month": "9", "day_year": "2026",
    }  # fmt: skip


def test_a_condition_that_the_record_does_not_meet_is_said_and_does_not_block(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, SOMCHAI)
    check = to_the_review(client, "old_age")
    page = look(client, check, "en")
    assert "By the record a condition is not met" in page.main
    assert page.links["Something wrong in the record? Tell us"] == "/my-data/wrong"
    assert send(client, check)


def test_a_late_claim_says_by_how_much_and_is_sent(client: FlaskClient, sign_in: SignIn, tools: Tools) -> None:
    sign_in(client, SOMCHAI)
    one = draft(tools, "dental", on="2024-12-01")
    page = look(client, f"/claims/{one.reference}/check", "en")
    assert "The day to claim by was 1 Dec 2026" in page.main
    assert "That is 19 days ago" in page.main
    receipt = send(client, f"/claims/{one.reference}/check")
    assert "Sent after the last day to claim" in look(client, receipt, "en").main


def test_the_same_claim_again_leads_to_the_first_one(client: FlaskClient, sign_in: SignIn, tools: Tools) -> None:
    sign_in(client, SOMCHAI)
    first, second = sent(tools, "dental"), draft(tools, "dental", key="2")
    page = look(client, f"/claims/{second.reference}/check", "en")
    assert page.links["See that claim"] == f"/claims/{first.reference}"
    assert not [form for form in page.forms if form["action"].endswith("/check")]


@pytest.mark.parametrize(
    ("kind", "number", "typed", "says"),
    [
        ("dental", 1, {"day_day": "1", "day_month": "1", "day_year": "2027"}, "This day has not come yet"),
        ("dental", 1, {"day_day": "31", "day_month": "2", "day_year": "2569"}, ""),
        ("dental", 1, {"day_day": "1", "day_month": "1", "day_year": "1987"}, "too long ago"),
        ("dental", 2, {"answer": "gold"}, "Choose one of the answers"),
        ("dental", 3, {"answer": "-5"}, "Type an amount in baht"),
        ("maternity", 6, {"answer": "1000000000018x"}, "Type the 13 digits"),
        ("maternity", 6, {"answer": SOMCHAI}, "This is your own number"),
        ("death", 3, {"answer": "a" * 150}, "That is too long"),
        ("sickness", 3, {"answer": "ten"}, "Type a whole number from 0 to"),
        ("unemployment", 4, {"answer": "perhaps"}, "Choose one of the answers"),
    ],
)
def test_a_slip_of_the_pen_is_named_and_kept(
    client: FlaskClient, sign_in: SignIn, tools: Tools, kind: str, number: int, typed: dict[str, str], says: str
) -> None:
    sign_in(client, SOMCHAI)
    address = f"/claims/{draft(tools, kind).reference}/questions/{number}"
    client.set_cookie("sitthi-language", "en", domain="127.0.0.1")
    answer = post(client, address, **typed)
    page = read(answer)
    assert answer.status_code == 422
    assert says in page.main
    if "answer" in typed and KINDS[kind].questions[number - 1].asks not in (Asks.CHOICE, Asks.YES_NO):
        assert page.form(address)["fields"]["answer"] == typed["answer"]


def test_thai_digits_and_commas_are_taken(client: FlaskClient, sign_in: SignIn, tools: Tools) -> None:
    sign_in(client, SOMCHAI)
    one = draft(tools, "dental")
    led_to(post(client, f"/claims/{one.reference}/questions/3", answer="๑,๒๐๐"))
    kept = claim_drafts.draft_of(tools, person_id(tools), one.reference)
    assert kept is not None
    assert kept.answers["cost"] == "1,200"


# Others stay outside


def test_another_persons_claim_and_draft_are_no_pages(client: FlaskClient, sign_in: SignIn, tools: Tools) -> None:
    claim, one = sent(tools, "dental", SOMYING), draft(tools, "sickness", SOMYING)
    sign_in(client, SOMCHAI)
    for part in ("", "/print", "/form", "/withdraw", "/payment", "/payment/account"):
        look(client, f"/claims/{claim.reference}{part}", status=404)
    for part in ("", "/questions/1", "/pay", "/account", "/papers", "/check", "/drop"):
        look(client, f"/claims/{one.reference}{part}", status=404)
    for part in ("/withdraw", "/paper-given", "/payment"):
        assert post(client, f"/claims/{claim.reference}{part}", way="promptpay").status_code == 404
    assert claims.claim_of(tools, person_id(tools, SOMYING), claim.reference) == claim


def test_no_address_of_a_question_says_what_it_is_about(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, SOMCHAI)
    address = begin(client, "invalidity")
    assert "invalid" not in address
    assert "loss" not in address


def test_a_draft_kept_while_it_is_sent_locks_nobody_out_of_their_claim(client: FlaskClient, sign_in: SignIn, tools: Tools) -> None:
    sign_in(client, SOMCHAI)
    claim = sent(tools, "dental")
    beside = {"reference": claim.reference, "kind": claim.kind, "answers": {}, "way": None, "without_papers": []}
    tools.store.keep_draft(f"person:{claim.person_id}", f"claim:{claim.reference}", beside, tools.clock.machine_time())
    assert client.get(f"/claims/{claim.reference}", base_url=APP).status_code == 200


# The account


def test_an_account_needs_thaid_of_the_last_minutes_and_what_was_typed_waits(
    client: FlaskClient, sign_in: SignIn, tools: Tools, clock: StandingClock
) -> None:
    sign_in(client, SOMCHAI)
    claim = sent(tools, "dental")
    clock.advance(minutes=6)
    address = f"/claims/{claim.reference}/payment/account"
    look(client, address)
    assert led_to(post(client, address, **ACCOUNT)).startswith("/sign-in/again?next=")
    assert tools.store.claim_account(claim.reference) is None
    assert led_to(post(client, f"/claims/{claim.reference}/payment", way="counter")) == f"/claims/{claim.reference}"
    sign_in(client, SOMCHAI)
    assert led_to(post(client, address, **ACCOUNT)) == f"/claims/{claim.reference}"
    assert tools.store.claim_account(claim.reference) == "1234567890"


def test_whoever_came_by_a_code_names_an_account_at_the_counter_and_claims_without_it(client: FlaskClient, tools: Tools) -> None:
    token = open_session(tools, person_id(tools), None, Via.COUNTER_PIN, "")
    client.set_cookie(SESSION_COOKIE, token, domain="127.0.0.1")
    one = draft(tools, "dental", way=None)
    page = look(client, f"/claims/{one.reference}/pay", "en")
    assert "Changed at the counter, with your card" in page.main
    assert led_to(post(client, f"/claims/{one.reference}/pay", way="bank")).endswith("/account")
    assert post(client, f"/claims/{one.reference}/account", **ACCOUNT).status_code == 403
    led_to(post(client, f"/claims/{one.reference}/pay", way="promptpay"))
    led_to(post(client, f"/claims/{one.reference}/papers"))
    assert send(client, f"/claims/{one.reference}/check")


# Following it


def test_my_data_lists_claims_with_how_they_stand(client: FlaskClient, sign_in: SignIn, tools: Tools) -> None:
    sent(tools, "dental")
    sign_in(client, SOMCHAI)
    page = look(client, "/my-data", "en")
    assert "Claim: dental care" in page.main


def test_a_wanted_paper_is_asked_for_in_place_and_answered_there(client: FlaskClient, sign_in: SignIn, tools: Tools) -> None:
    claim = sent(tools, "dental")
    claim_desk.ask_for_paper(tools, officer(tools), claim.reference, "receipt", "ชื่อคลินิกไม่ชัด")
    sign_in(client, SOMCHAI)
    page = look(client, f"/claims/{claim.reference}", "en")
    assert "Wanted: Receipt" in page.main
    assert "ชื่อคลินิกไม่ชัด" in page.main
    assert led_to(post(client, f"/claims/{claim.reference}/paper-given")) == f"/claims/{claim.reference}"
    assert "Wanted: Receipt" not in look(client, f"/claims/{claim.reference}", "en").main


def test_a_refusal_says_why_by_which_rule_and_until_when_to_appeal(client: FlaskClient, sign_in: SignIn, tools: Tools) -> None:
    claim = refused(tools, "dental")
    sign_in(client, SOMCHAI)
    page = look(client, f"/claims/{claim.reference}", "en")
    assert "A paper that was asked for did not come." in page.main
    assert "You can appeal until" in page.main
    assert "19 January 2027" in page.main


def test_a_proposed_refusal_is_not_told_before_it_is_decided(client: FlaskClient, sign_in: SignIn, tools: Tools) -> None:
    claim = sent(tools, "dental")
    claim_desk.propose_refusal(tools, officer(tools), claim.reference, claim.version, claim_desk.RefusalReason.TOO_LATE)
    sign_in(client, SOMCHAI)
    page = look(client, f"/claims/{claim.reference}", "en")
    assert "Your claim is being decided" in page.h1[0]
    assert "refusal" not in page.main.lower()


def test_how_long_it_takes_is_said_once_there_are_enough(client: FlaskClient, sign_in: SignIn, tools: Tools, clock: StandingClock) -> None:
    for number in range(1, 11):
        one = sent(tools, "dental", SOMYING, key=str(number), on=f"2026-09-{number:02}")
        clock.advance(days=2)
        claim_desk.approve(tools, officer(tools), one.reference, one.version)
    claim = sent(tools, "dental")
    sign_in(client, SOMCHAI)
    assert "Half of such claims were decided within 2 days." in look(client, f"/claims/{claim.reference}", "en").main


def test_opening_the_page_reads_its_messages(client: FlaskClient, sign_in: SignIn, tools: Tools) -> None:
    claim = sent(tools, "dental")
    sign_in(client, SOMCHAI)
    assert f"/claims/{claim.reference}" in look(client, "/my-data/messages").links.values()
    look(client, f"/claims/{claim.reference}")
    assert tools.store.count_unread([person_id(tools)], tools.clock.now()).get(person_id(tools), 0) == 0


def test_a_claim_is_withdrawn_only_after_asking_and_only_before_a_decision(client: FlaskClient, sign_in: SignIn, tools: Tools) -> None:
    claim, decided = sent(tools, "dental"), approved(tools, "sickness")
    sign_in(client, SOMCHAI)
    look(client, f"/claims/{claim.reference}/withdraw")
    assert led_to(post(client, f"/claims/{claim.reference}/withdraw")) == f"/claims/{claim.reference}"
    assert led_to(post(client, f"/claims/{claim.reference}/withdraw")) == f"/claims/{claim.reference}", "twice is once"
    assert led_to(client.get(f"/claims/{decided.reference}/withdraw", base_url=APP)) == f"/claims/{decided.reference}"
    assert post(client, f"/claims/{decided.reference}/withdraw").status_code == 422


def test_a_reference_as_somebody_wrote_it_down_leads_to_the_claim(client: FlaskClient, sign_in: SignIn, tools: Tools) -> None:
    claim = sent(tools, "dental")
    sign_in(client, SOMCHAI)
    written = claim.reference.lower().replace("-", "")
    assert led_to(client.get(f"/claims/{written}", base_url=APP)) == f"/claims/{claim.reference}"


def test_the_form_on_paper_shows_the_whole_number_only_when_asked(client: FlaskClient, sign_in: SignIn, tools: Tools) -> None:
    claim = sent(tools, "dental", way=Way.COUNTER)
    sign_in(client, SOMCHAI)
    masked, whole = (look(client, f"/claims/{claim.reference}/form{query}").html for query in ("", "?number=whole"))
    assert "•" in masked
    assert "•" not in whole


# Several employers


def test_form_1_03_is_filled_from_the_record_and_blank_for_anybody(
    client: FlaskClient, another_client: FlaskClient, sign_in: SignIn
) -> None:
    blank = look(client, "/several-employers/form")
    assert "สมชาย" not in blank.main
    sign_in(another_client, SOMCHAI)
    filled = look(another_client, "/several-employers/form")
    assert "สมชาย" in filled.main
    assert "บริษัท ตัวอย่าง จำกัด" in filled.main
    assert SOMCHAI not in filled.html


def test_an_officer_without_a_record_has_no_claims(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, OFFICER)
    assert "/sign-in" in led_to(client.get("/claims/new/dental", base_url=APP))
