"""The claims' desk: the queue, one claim beside the record and the law, two officers, the counter, the figures."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from tests.claim_people import ANSWERS, OFFICER, SECOND_OFFICER, SOMCHAI, SOMYING, approved, officer, person_id, refused, sent
from tests.front_door import APP, SignIn
from tests.pages import Page, look, read, sound
from tests.standing_clock import StandingClock
from webapp.actions import claim_desk, claim_figures, claim_queue, claims
from webapp.actions.audit import openings_of
from webapp.actions.claim_queue import Hands, Show, Wanted
from webapp.domain.audit import Act
from webapp.domain.claim import FEWEST_DECIDED, Claim, RefusalReason, Status
from webapp.domain.claim_questions import KINDS, Asks
from webapp.domain.payment import Way
from webapp.ports import Tools
from webapp.web.spreadsheet import STARTS_A_FORMULA, safe

DESK = "/officer/claims"
WORDS = "ขอให้ส่งใบเสร็จที่เห็นชื่อ"
Look = Callable[..., Page]


def post(client: FlaskClient, path: str, lang: str = "en", **fields: str) -> TestResponse:
    client.set_cookie("sitthi-language", lang, domain="127.0.0.1")
    return client.post(path, data=fields, base_url=APP)


def led_to(answer: TestResponse) -> str:
    assert answer.status_code == 303, read(answer).main[:600]
    return str(answer.headers["Location"])


def page_of(answer: TestResponse, status: int) -> Page:
    assert answer.status_code == status, read(answer).main[:600]
    return sound(read(answer))


@pytest.fixture
def one(client: FlaskClient, sign_in: SignIn) -> FlaskClient:
    """Officer One's browser."""
    sign_in(client, OFFICER, DESK)
    return client


@pytest.fixture
def two(app: Flask, sign_in: SignIn) -> FlaskClient:
    """Officer Two's browser."""
    client = app.test_client()
    sign_in(client, SECOND_OFFICER, DESK)
    return client


def open_it(client: FlaskClient, claim: Claim, lang: str = "en") -> Page:
    """Says why, once, and reads the claim."""
    led_to(post(client, f"{DESK}/{claim.reference}/open", reason="deciding"))
    return look(client, f"{DESK}/{claim.reference}", lang)


def do(client: FlaskClient, claim: Claim, what: str, **fields: str) -> TestResponse:
    """Press the button of a form as the page has it now."""
    address = f"{DESK}/{claim.reference}/{what}"
    form = look(client, f"{DESK}/{claim.reference}", "en").form(address)["fields"]
    return post(client, address, **{**{name: value or "" for name, value in form.items()}, **fields})


def taken(client: FlaskClient, claim: Claim) -> Claim:
    open_it(client, claim)
    led_to(do(client, claim, "take"))
    return claim


def now(tools: Tools, claim: Claim) -> Claim:
    found = tools.store.claim(claim.reference)
    assert found is not None
    return found


# The queue


def test_the_claim_with_the_nearest_last_day_stands_first_and_age_is_the_other_order(tools: Tools, clock: StandingClock) -> None:
    newer_event = sent(tools, "dental", on="2026-11-20")
    clock.set(clock.now() + timedelta(days=2))
    older_event = sent(tools, "sickness", on="2025-02-01")
    me = officer(tools)

    def order(**wanted: object) -> list[str]:
        return [row.claim.reference for row in claim_queue.queue(tools, me, Wanted(**wanted)).rows]  # type: ignore[arg-type]

    assert order() == [older_event.reference, newer_event.reference]
    assert order(by_age=True) == [newer_event.reference, older_event.reference]
    assert order(kind="dental") == [newer_event.reference]
    assert order(province="TH-95") == []
    assert order(province=newer_event.province) == order()
    claim_desk.take(tools, me, newer_event.reference)
    assert order(hands=Hands.MINE) == [newer_event.reference]
    assert order(hands=Hands.FREE) == [older_event.reference]
    claim_desk.ask_for_paper(tools, me, newer_event.reference, "receipt", "")
    assert order() == [older_event.reference]
    assert order(show=Show.PAPER) == [newer_event.reference]


def test_the_queue_in_both_languages_with_its_filters_kept(one: FlaskClient, tools: Tools) -> None:
    waits, late = sent(tools, "dental"), sent(tools, "invalidity", on="2024-01-05")
    for lang in ("th", "en"):
        for query in ("", "?kind=dental&hands=free&order=age", "?show=paper", "?show=done", "?page=9"):
            look(one, DESK + query, lang)
        look(one, f"{DESK}?show=x&kind=x&province=x&hands=x&page=x", lang)
    page = look(one, DESK, "en")
    assert page.main.index(late.reference) < page.main.index(waits.reference), "late ones stand first"
    assert "The last day to claim is over" in page.main
    assert "สมชาย ใ" not in page.main or "•••" in page.main, "names are shortened"
    assert led_to(one.get(f"{DESK}?q={waits.reference.lower()}", base_url=APP)) == f"{DESK}/{waits.reference}"
    assert "There is no claim with this reference" in look(one, f"{DESK}?q=CL-NONE", "en").main


def test_long_queues_have_pages(tools: Tools) -> None:
    every = [sent(tools, kind).reference for kind in ("dental", "sickness", "invalidity", "unemployment")]
    me = officer(tools)
    asked = claim_queue.ClaimsWanted((Status.SENT,))
    seen = [found.reference for offset in (0, 2) for found in tools.store.claims_in_queue(asked, 2, offset)]
    assert sorted(seen) == sorted(every), "no claim twice, none left out"
    assert claim_queue.queue(tools, me, Wanted(page=9)).page == 1


def test_beyond_fifty_the_queue_has_pages_that_hold_every_claim_once(one: FlaskClient, tools: Tools) -> None:
    first = sent(tools, "dental")
    more = claim_queue.ON_A_PAGE + 2
    with tools.store.transaction():
        for number in range(1, more):
            copy = replace(first, reference=f"CL-0000-0000-{number:04}", sent_at=first.sent_at + timedelta(seconds=number))
            tools.store.add_claim(copy, [replace(step, at=copy.sent_at) for step in tools.store.steps_of_claim(first.reference)])
    me = officer(tools)
    pages = [claim_queue.queue(tools, me, Wanted(page=number, by_age=True)) for number in (1, 2, 3)]
    last_page = (2, 2, more, 2)
    assert [(found.page, found.pages, found.total, len(found.rows)) for found in pages] == [(1, 2, more, 50), last_page, last_page]
    seen = [row.claim.reference for found in pages[:2] for row in found.rows]
    assert (len(set(seen)), seen[0]) == (more, first.reference)
    page = look(one, f"{DESK}?order=age", "en")
    assert "Page 1 of 2" in page.main
    after = page.links["Page after"]
    assert after == f"{DESK}?order=age&page=2", "the filters stay"
    last = look(one, after, "th")
    assert f"CL-0000-0000-{more - 1:04}" in last.main
    assert first.reference not in last.main
    assert look(one, after, "en").links["Page before"] == f"{DESK}?order=age&page=1"


def test_only_officers_come_in(client: FlaskClient, sign_in: SignIn, tools: Tools) -> None:
    claim = sent(tools, "dental")
    sign_in(client, SOMCHAI)
    for path in ("", f"/{claim.reference}", "/figures", "/figures.csv", "/paper"):
        assert client.get(DESK + path, base_url=APP).status_code == 404


# One claim


def test_a_reason_is_asked_before_anything_of_the_claim_is_shown(one: FlaskClient, tools: Tools) -> None:
    claim = sent(tools, "dental")
    before = look(one, f"{DESK}/{claim.reference}", "en")
    assert before.h1 == ["Why do you open this?"]
    assert "฿" not in before.main
    assert not openings_of(tools, claim.person_id)
    after = open_it(one, claim)
    assert "฿800" in after.main
    assert [entry.entry.about for entry in openings_of(tools, claim.person_id)][0] == claim.reference


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_beside_its_record_law_and_sum_in_both_languages(one: FlaskClient, tools: Tools, kind: str) -> None:
    claim = taken(one, sent(tools, kind))
    for lang in ("th", "en"):
        page = look(one, f"{DESK}/{claim.reference}", lang)
        for number in (ANSWERS[kind].get("deceased_number"), ANSWERS[kind].get("other_parent_number"), SOMCHAI):
            assert number is None or number not in page.html, "numbers are masked"
        assert "CL-" in page.h1[0]
    assert "By the law of" in page.main
    assert "Section" in page.main


def test_a_claim_typed_in_small_letters_leads_to_its_own_address(one: FlaskClient, tools: Tools) -> None:
    claim = sent(tools, "dental")
    assert led_to(one.get(f"{DESK}/{claim.reference.lower()}", base_url=APP)) == f"{DESK}/{claim.reference}"
    assert one.get(f"{DESK}/CL-0000-0000-0000", base_url=APP).status_code == 404
    assert post(one, f"{DESK}/CL-0000-0000-0000/take").status_code == 404
    assert post(one, f"{DESK}/{claim.reference}/burn").status_code == 404


def test_taken_looked_at_approved_and_the_next_one_is_one_enter_away(one: FlaskClient, tools: Tools) -> None:
    first, second = sent(tools, "dental", on="2026-09-01"), sent(tools, "sickness", SOMYING)
    assert led_to(post(one, f"{DESK}/next")) == f"{DESK}/{first.reference}"
    page = look(one, f"{DESK}/{first.reference}", "en")
    assert "Worked out now" in page.main, "whoever takes the next one has said why"
    led_to(do(one, first, "approve", approve_words="Receipt seen."))
    done = now(tools, first)
    assert (done.status, done.decision.words if done.decision else "") == (Status.APPROVED, "Receipt seen.")
    after = look(one, f"{DESK}/{first.reference}", "en")
    assert after.html.count("autofocus") == 1
    assert after.html.index("autofocus") < after.html.index('id="sent"'), "before everything else of the page"
    assert led_to(post(one, f"{DESK}/next")) == f"{DESK}/{second.reference}"
    assert "Nothing waits" in page_of(post(one, f"{DESK}/next"), 200).main
    assert led_to(one.get(f"{DESK}/next", base_url=APP)) == DESK


def test_the_next_one_can_be_of_one_benefit(one: FlaskClient, tools: Tools) -> None:
    sent(tools, "dental", on="2026-09-01")
    wanted = sent(tools, "sickness")
    assert led_to(post(one, f"{DESK}/next", kind="sickness", province=wanted.province)) == f"{DESK}/{wanted.reference}"


def test_an_approval_names_the_sum_that_was_seen(one: FlaskClient, tools: Tools) -> None:
    """The record changes while the officer reads: nothing is decided on a sum that was not shown."""
    claim = taken(one, sent(tools, "sickness"))
    form = look(one, f"{DESK}/{claim.reference}", "en").form(f"{DESK}/{claim.reference}/approve")["fields"]
    tools.store.run("DELETE FROM contributions WHERE person_id = :id", id=claim.person_id)
    page = page_of(post(one, f"{DESK}/{claim.reference}/approve", **{**form, "approve_words": "typed with care"}), 422)
    assert "The sum has changed" in page.main
    assert "typed with care" in page.html
    assert "The sum is not the one that the person was shown" in page.main
    assert now(tools, claim).status is Status.TAKEN


# Whose hands


def test_a_colleagues_claim_can_be_taken_only_once_it_is_back_in_the_queue(one: FlaskClient, two: FlaskClient, tools: Tools) -> None:
    claim = taken(one, sent(tools, "dental"))
    page = open_it(two, claim)
    assert "has this claim in hand" in page.main
    assert not [form for form in page.forms if form["action"].endswith(("/take", "/approve", "/refuse"))]
    version = str(now(tools, claim).version)
    for what, fields in (("take", {}), ("approve", {"shown": "x"}), ("refuse", {"reason": "too_late", "refuse_words": WORDS})):
        answer = page_of(post(two, f"{DESK}/{claim.reference}/{what}", version=version, **fields), 409)
        assert "A colleague has this claim" in answer.main
    assert WORDS in answer.main, "nothing typed is lost"
    led_to(do(two, claim, "give-back"))
    led_to(do(two, claim, "take"))
    assert now(tools, claim).taken_by == officer(tools, SECOND_OFFICER).id


def test_where_somebody_was_first_the_page_says_who_and_gives_back_what_was_typed(
    one: FlaskClient, client: FlaskClient, tools: Tools
) -> None:
    claim = taken(one, sent(tools, "dental"))
    version = str(now(tools, claim).version)
    claims.withdraw(tools, claim.person_id, claim.reference)
    page = page_of(post(one, f"{DESK}/{claim.reference}/refuse", version=version, reason="too_late", refuse_words=WORDS), 409)
    assert "Somebody else was first" in page.main
    assert "by the person" in page.main
    assert WORDS in page.main
    assert "The time to claim was over." in page.main
    slip = page_of(post(one, f"{DESK}/{claim.reference}/refuse", version=version, reason="", refuse_words=WORDS), 409)
    assert WORDS in slip.main


def test_the_page_that_says_who_was_first_is_not_read_without_a_reason(one: FlaskClient, two: FlaskClient, tools: Tools) -> None:
    claim = taken(one, sent(tools, "dental"))
    led_to(do(one, claim, "give-back"))
    reader = officer(tools, SECOND_OFFICER).id
    look(two, DESK, "en")
    assert not [opening for opening in openings_of(tools, claim.person_id) if opening.entry.who.id == reader], "a queue is no reading"
    page_of(post(two, f"{DESK}/{claim.reference}/take", version="1"), 409)
    read_by_two = [opening.entry for opening in openings_of(tools, claim.person_id) if opening.entry.who.id == reader]
    assert [(entry.act, entry.reason, entry.about) for entry in read_by_two] == [(Act.RECORD_OPENED, "deciding", claim.reference)]


def test_a_double_press_is_one_decision(one: FlaskClient, tools: Tools) -> None:
    claim = taken(one, sent(tools, "dental"))
    page = look(one, f"{DESK}/{claim.reference}", "en")
    fields = page.form(f"{DESK}/{claim.reference}/approve")["fields"]
    assert led_to(post(one, f"{DESK}/{claim.reference}/approve", **fields)) == f"{DESK}/{claim.reference}"
    assert led_to(post(one, f"{DESK}/{claim.reference}/approve", **fields)) == f"{DESK}/{claim.reference}"
    assert [step.code for step in tools.store.steps_of_claim(claim.reference)].count("approved") == 1


def test_nobody_decides_their_own_claim_nor_is_led_to_it(two: FlaskClient, tools: Tools) -> None:
    """Officer Two is insured too."""
    me = officer(tools, SECOND_OFFICER)
    assert me.person_id is not None
    own = sent(tools, "dental", SECOND_OFFICER)
    two.set_cookie("sitthi-language", "en", domain="127.0.0.1")
    for answer in (two.get(f"{DESK}/{own.reference}", base_url=APP), post(two, f"{DESK}/{own.reference}/take", version="1")):
        assert "You are part of this claim" in page_of(answer, 403).main
    assert "Yours: another officer decides" in look(two, DESK, "en").main
    assert "Nothing waits" in page_of(post(two, f"{DESK}/next"), 200).main


# One more paper


def test_one_more_paper_is_asked_for_and_given_with_the_clock_stopped(one: FlaskClient, tools: Tools, clock: StandingClock) -> None:
    claim = taken(one, sent(tools, "dental"))
    slip = page_of(do(one, claim, "ask", paper="gold", paper_words=WORDS), 422)
    assert "Choose the paper that is missing" in slip.main
    assert WORDS in slip.main
    too_long = page_of(do(one, claim, "ask", paper="receipt", paper_words="x" * 501), 422)
    assert "now there are 501" in too_long.main
    led_to(do(one, claim, "ask", paper="receipt", paper_words=f"<b>{WORDS}</b>"))
    waiting = look(one, f"{DESK}/{claim.reference}", "en")
    assert "The clock stands still: waits for" in waiting.main
    assert f"<b>{WORDS}</b>" not in waiting.html, "plain text only"
    before = now(tools, claim).waited(clock.now())
    clock.set(clock.now() + timedelta(days=9))
    assert now(tools, claim).waited(clock.now()) == before
    assert claim.reference in look(one, f"{DESK}?show=paper", "en").main
    claims.paper_given(tools, claim.person_id, claim.reference)
    again = open_it(one, claim)
    assert "The clock stands still: waits for" not in again.main
    assert again.form(f"{DESK}/{claim.reference}/approve")
    led_to(do(one, claim, "ask", paper="id_card"))
    led_to(do(one, claim, "go-on"))
    assert now(tools, claim).status is Status.TAKEN


# Refusing takes two


def test_a_refusal_is_proposed_by_one_officer_and_confirmed_by_another(one: FlaskClient, two: FlaskClient, tools: Tools) -> None:
    claim = taken(one, sent(tools, "dental"))
    page = look(one, f"{DESK}/{claim.reference}", "en")
    assert "Too few months were paid before that day." in page.main
    assert "จำนวนเดือน" in page.main or "เดือน" in page.main, "the other language stands beside it"
    assert "Social Security Act" in page.main
    assert "The child was too old" not in page.main, "a reason of another benefit"
    assert "Choose why it is not approved" in page_of(do(one, claim, "refuse", refuse_words=WORDS), 422).main
    led_to(do(one, claim, "refuse", reason="not_enough_months", refuse_words=WORDS))
    mine = look(one, f"{DESK}/{claim.reference}", "en")
    assert "Waits for a second officer" in mine.main
    assert not [form for form in mine.forms if form["action"].endswith("/confirm")]
    version = str(now(tools, claim).version)
    alone = page_of(post(one, f"{DESK}/{claim.reference}/confirm", version=version), 403)
    assert "Another officer is needed" in alone.main
    assert claim.reference in look(two, f"{DESK}?show=second", "en").main
    theirs = open_it(two, claim)
    assert WORDS in theirs.main
    led_to(do(two, claim, "confirm"))
    done = now(tools, claim)
    assert done.status is Status.REFUSED
    assert done.decision is not None
    assert {done.decision.by, done.decision.second} == {officer(tools).id, officer(tools, SECOND_OFFICER).id}
    assert "Not approved" in look(two, f"{DESK}/{claim.reference}", "en").main


def test_a_second_officer_who_disagrees_has_the_claim(one: FlaskClient, two: FlaskClient, tools: Tools) -> None:
    claim = taken(one, sent(tools, "dental"))
    led_to(do(one, claim, "refuse", reason="too_late"))
    open_it(two, claim)
    led_to(do(two, claim, "set-aside"))
    assert (now(tools, claim).status, now(tools, claim).taken_by) == (Status.TAKEN, officer(tools, SECOND_OFFICER).id)


# After the decision


def test_what_is_settled_at_the_counter_is_marked_as_paid_by_somebody_who_did_not_approve_it(
    one: FlaskClient, two: FlaskClient, tools: Tools
) -> None:
    claim = approved(tools, "dental", way=Way.COUNTER)
    page = open_it(one, claim)
    assert claim.reference in look(one, f"{DESK}?show=to_pay", "en").main
    assert not [form for form in page.forms if form["action"].endswith("/pay")], "they approved it"
    alone = page_of(post(one, f"{DESK}/{claim.reference}/pay", version=str(now(tools, claim).version)), 403)
    assert "You had a part in this decision" in alone.main
    open_it(two, claim)
    led_to(do(two, claim, "pay"))
    assert now(tools, claim).status is Status.PAID
    assert "Paid" in look(two, f"{DESK}/{claim.reference}", "en").main


def test_what_goes_by_promptpay_is_not_marked_as_paid_one_by_one(two: FlaskClient, tools: Tools) -> None:
    claim = approved(tools, "dental")
    page = open_it(two, claim)
    assert not [form for form in page.forms if form["action"].endswith("/pay")]
    post(two, f"{DESK}/{claim.reference}/pay", version=str(now(tools, claim).version))
    assert now(tools, claim).status is Status.APPROVED


@pytest.mark.parametrize(("judged", "status"), [("upheld", Status.APPROVED), ("dismissed", Status.REFUSED)])
def test_an_appeal_is_judged_by_somebody_who_had_no_part_in_it(
    one: FlaskClient, two: FlaskClient, tools: Tools, app: Flask, sign_in: SignIn, judged: str, status: Status
) -> None:
    claim = refused(tools, "dental", reason=RefusalReason.PAPER_MISSING)
    claims.appeal(tools, claim.person_id, claim.reference, "ส่งใบเสร็จแล้วเมื่อวันจันทร์")
    for client in (one, two):
        page = open_it(client, claim)
        assert "An officer who had no part in the decision looks at it." in page.main
        assert "ส่งใบเสร็จแล้วเมื่อวันจันทร์" in page.main
    version = str(now(tools, claim).version)
    assert post(one, f"{DESK}/{claim.reference}/judge", version=version, judged=judged, judge_words="x").status_code == 403
    with tools.store.transaction():
        tools.store.add_officer("1000000000017", tools.clock.now(), demo=True)
    third = app.test_client()
    sign_in(third, "1000000000017", DESK)
    open_it(third, claim)
    assert "Write why" in page_of(do(third, claim, "judge", judged=judged), 422).main
    assert "Choose how the appeal ends" in page_of(do(third, claim, "judge", judge_words=WORDS), 422).main
    led_to(do(third, claim, "judge", judged=judged, judge_words=WORDS))
    assert now(tools, claim).status is status
    assert f"{DESK}/{claim.reference}" not in look(third, f"{DESK}?show=appeals", "en").html


def test_a_death_of_the_claimant_stops_the_claim(one: FlaskClient, tools: Tools) -> None:
    claim = taken(one, sent(tools, "old_age", way=Way.COUNTER))
    tomorrow = {"died_on_day": "1", "died_on_month": "1", "died_on_year": "2027"}
    assert "This day has not come yet" in page_of(do(one, claim, "note-death", **tomorrow), 422).main
    assert page_of(do(one, claim, "note-death", died_on_day="40"), 422)
    led_to(do(one, claim, "note-death", died_on_day="18", died_on_month="12", died_on_year="2026"))
    assert now(tools, claim).status is Status.STOPPED
    page = look(one, f"{DESK}/{claim.reference}", "en")
    assert "nothing is paid to their account" in page.main
    assert not [form for form in page.forms if form["action"].endswith(("/pay", "/approve"))]


# The counter


def typed_form(kind: str) -> dict[str, str]:
    """What an officer types for a form of this kind; days in either era."""
    fields = {"handed_in_day": "18", "handed_in_month": "12", "handed_in_year": "2026", "way": "counter", "declared": "1"}
    for question in KINDS[kind].questions:
        answer = ANSWERS[kind].get(question.name, "")
        if question.asks is Asks.DAY and answer:
            year, month, day = answer.split("-")
            fields |= {f"q_{question.name}_day": day, f"q_{question.name}_month": month, f"q_{question.name}_year": year}
        else:
            fields[f"q_{question.name}"] = answer
    return fields


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_paper_form_is_typed_by_one_officer_and_decided_by_another(one: FlaskClient, two: FlaskClient, tools: Tools, kind: str) -> None:
    assert "Choose the benefit" in page_of(post(one, f"{DESK}/paper", number=SOMCHAI), 422).main
    begun = post(one, f"{DESK}/paper", number="1 0000 00000 00 9", kind=kind)
    assert led_to(begun) == f"{DESK}/paper/form"
    for lang in ("th", "en"):
        assert SOMCHAI not in look(one, f"{DESK}/paper/form", lang).html
    empty = page_of(post(one, f"{DESK}/paper/form"), 422)
    assert "The form must be signed" in empty.main
    assert led_to(post(one, f"{DESK}/paper/form", **typed_form(kind))) == f"{DESK}/paper/check"
    for lang in ("th", "en"):
        page = look(one, f"{DESK}/paper/check", lang)
    form = page.form(f"{DESK}/paper/check")["fields"]
    entered = led_to(post(one, f"{DESK}/paper/check", **form))
    assert led_to(post(one, f"{DESK}/paper/check", **form)) == entered, "a double press enters it once"
    assert form["reference"] in look(one, entered, "en").main
    (claim,) = claims.claims_of(tools, person_id(tools))
    assert (claim.kind, claim.entered_by, claim.sent_at.day) == (kind, officer(tools).id, 18)
    page = open_it(one, claim)
    assert "You typed this claim from paper" in page.main
    assert post(one, f"{DESK}/{claim.reference}/take", version="1").status_code == 403
    assert "Nothing waits" in page_of(post(one, f"{DESK}/next"), 200).main
    taken(two, claim)
    assert "on paper, at the counter" in look(two, f"{DESK}/{claim.reference}", "en").main
    led_to(do(two, claim, "approve"))
    assert now(tools, claim).status is Status.APPROVED


def test_numbers_that_lead_nowhere_are_named(two: FlaskClient, tools: Tools) -> None:
    for number, words in (("123", "13 digits"), (SECOND_OFFICER, "your own number"), ("1101700230791", "Nobody in the record")):
        page = page_of(post(two, f"{DESK}/paper", number=number, kind="dental"), 422)
        assert words in page.main
        assert number not in page.main
        assert f'value="{number}"' not in page.html, "a number that was typed never comes back"


def test_a_typed_form_can_be_thrown_away_and_slips_are_named(one: FlaskClient, tools: Tools) -> None:
    for page in ("form", "check"):
        assert led_to(one.get(f"{DESK}/paper/{page}", base_url=APP)) == f"{DESK}/paper"
    led_to(post(one, f"{DESK}/paper", number=SOMCHAI, kind="dental"))
    assert led_to(one.get(f"{DESK}/paper/check", base_url=APP)) == f"{DESK}/paper/form"
    fields = typed_form("dental")
    a_short_account = {"way": "bank", "bank": "006", "account": "1"}
    for slip in ({"handed_in_year": "2027"}, {"handed_in_year": "2024"}, {"q_cost": "much"}, {"way": ""}, a_short_account):
        page_of(post(one, f"{DESK}/paper/form", **{**fields, **slip}), 422)
    with_bank = {**fields, "way": "bank", "bank": "006", "account": "1234567890"}
    led_to(post(one, f"{DESK}/paper/form", **with_bank))
    for page in ("check", "form"):
        assert "1234567890" not in look(one, f"{DESK}/paper/{page}", "en").html
    assert "A form you have begun" in look(one, f"{DESK}/paper", "en").main
    assert led_to(post(one, f"{DESK}/paper/drop")) == f"{DESK}/paper"
    assert "A form you have begun" not in look(one, f"{DESK}/paper", "en").main
    assert not claims.claims_of(tools, person_id(tools))


def test_a_number_and_an_account_that_were_typed_need_not_be_typed_again(one: FlaskClient, tools: Tools) -> None:
    """They are never shown again, so a slip elsewhere must not cost them."""
    led_to(post(one, f"{DESK}/paper", number=SOMCHAI, kind="death"))
    fields = {**typed_form("death"), "way": "bank", "bank": "006", "account": "1234567890"}
    slip = page_of(post(one, f"{DESK}/paper/form", **{**fields, "declared": ""}), 422)
    assert "Typed already, ending 0017" in slip.main
    assert SOMYING not in slip.html
    assert "1234567890" not in slip.html
    assert led_to(one.get(f"{DESK}/paper/check", base_url=APP)) == f"{DESK}/paper/form", "not before it is right"
    led_to(post(one, f"{DESK}/paper/form", **{**fields, "q_deceased_number": "", "account": ""}))
    assert "7890" in look(one, f"{DESK}/paper/check", "en").main


def test_a_form_for_what_is_claimed_already_leads_to_that_claim(one: FlaskClient, tools: Tools) -> None:
    there = sent(tools, "dental")
    led_to(post(one, f"{DESK}/paper", number=SOMCHAI, kind="dental"))
    led_to(post(one, f"{DESK}/paper/form", **typed_form("dental")))
    page = look(one, f"{DESK}/paper/check", "en")
    assert "This form cannot be entered" in page.main
    assert page.links["Open that claim"] == f"{DESK}/{there.reference}"


# Figures


def test_figures_say_the_middle_days_only_where_enough_were_decided(one: FlaskClient, tools: Tools, clock: StandingClock) -> None:
    start = clock.now()
    for number in range(FEWEST_DECIDED):
        clock.set(start + timedelta(minutes=number))
        claim = sent(tools, "dental", key=str(number), on=f"2026-10-{number + 1:02}")
        clock.set(clock.now() + timedelta(days=number))
        claim_desk.approve(tools, officer(tools), claim.reference, claim.version)
    clock.set(start + timedelta(days=10))
    approved(tools, "sickness")
    sent(tools, "invalidity")
    found = claim_figures.figures(tools)
    assert [(one.of, one.count, one.days) for one in found.by_kind] == [("dental", 10, 5), ("sickness", 1, None)]
    assert (found.all_kinds.count, found.by_month[-1].count) == (11, 11)
    assert [one.count for one in found.waiting] == [1, 0, 0, 0, 0]
    shown = (found.waiting, found.by_kind, found.by_province, found.by_month)
    for lang in ("th", "en"):
        page = look(one, f"{DESK}/figures", lang)
        assert page.html.count('class="bar-part"') == sum(map(len, shown)) + 1, "a bar for each row, and one for all benefits"
    assert "too few to say" in page.main
    assert "5 days" in page.main


def test_the_file_holds_the_same_and_nobody(one: FlaskClient, tools: Tools) -> None:
    claim = approved(tools, "dental")
    look(one, f"{DESK}/figures", "en")
    answer = one.get(f"{DESK}/figures.csv", base_url=APP)
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0] == ["Figure", "What", "Claims", "Days to a decision, the middle one"]
    assert ["Days to a decision, by benefit", "Dental care", "1", ""] in rows
    assert not any(claim.reference in cell or SOMCHAI in cell or "สมชาย" in cell for row in rows for cell in row)


def test_a_name_that_would_be_a_formula_is_text_in_the_file(one: FlaskClient, tools: Tools) -> None:
    claim = approved(tools, "dental")
    tools.store.run("UPDATE provinces SET name_en = :name WHERE code = :code", name='=HYPERLINK("x")', code=claim.province)
    look(one, f"{DESK}/figures", "en")
    text = one.get(f"{DESK}/figures.csv", base_url=APP).data.decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert '\'=HYPERLINK("x")' in cells


@given(st.text(max_size=8), st.sampled_from(STARTS_A_FORMULA), st.sampled_from(["", " ", "\u00a0 "]))
def test_no_text_begins_as_a_formula(rest: str, sign: str, before: str) -> None:
    assert str(safe(before + sign + rest)).startswith("'")
    assert safe(7) == 7
    assert safe(None) == ""
