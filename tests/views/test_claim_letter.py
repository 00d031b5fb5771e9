"""The letter about a decision: true for every way a claim can end, and the appeal that it leads to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.claim_people import OFFICER, SECOND_OFFICER, SOMCHAI, SOMPONG, SOMYING, approved, officer, paid, refused, sent
from tests.front_door import APP, SignIn
from tests.pages import Page, look, read
from tests.standing_clock import StandingClock
from webapp.actions import claim_desk, claims
from webapp.domain.claim import Claim, RefusalReason, Status
from webapp.domain.claim_questions import KINDS
from webapp.ports import Tools

THIRD_OFFICER_WORDS = "ใบเสร็จที่ส่งมาใหม่ไม่มีชื่อคลินิก"


def letter(client: FlaskClient, claim: Claim, lang: str = "en", part: str = "") -> Page:
    return look(client, f"/claims/{claim.reference}/letter{part}", lang)


def post(client: FlaskClient, address: str, **fields: str) -> TestResponse:
    return client.post(address, data=fields, base_url=APP)


def appealed(tools: Tools, claim: Claim, words: str = "ใบเสร็จอยู่กับฉัน") -> Claim:
    found = claims.appeal(tools, claim.person_id, claim.reference, words)
    assert isinstance(found, Claim), found
    return found


def judged(tools: Tools, claim: Claim, upheld: bool, words: str = "") -> Claim:
    """By an officer who had no part in the decision: Wichai decides about nobody here."""
    one = officer(tools)
    free = type(one)(**{**one.__dict__, "id": "an-officer-who-had-no-part"})
    found = claim_desk.settle_appeal(tools, free, claim.reference, upheld, words)
    assert found is not None
    return found


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_an_approved_claim_says_what_how_much_why_the_law_when_and_how_to_appeal(
    client: FlaskClient, sign_in: SignIn, tools: Tools, kind: str
) -> None:
    sign_in(client, SOMCHAI)
    claim = approved(tools, kind)
    for part in ("", "/print"):
        page = letter(client, claim, part=part)
        for said in ("Your claim is approved", "How much you get", "Why it was decided so", "The law", "When it is paid", claim.reference):
            assert said in page.main, (part, said)
        assert "You can appeal until Tuesday 19 January 2027" in page.main, "thirty days after 20 December"
        assert "30 days" in page.main
        letter(client, claim, "th", part)
    assert "Letter about the decision" in page.title, "neither title nor address says what it is about"


def test_a_claim_approved_as_shown_has_its_sum_and_working_once(client: FlaskClient, sign_in: SignIn, tools: Tools) -> None:
    sign_in(client, SOMCHAI)
    page = letter(client, approved(tools, "dental"))
    assert page.h1 == ["Your claim is approved"]
    assert page.main.count("Left this year") == 1
    assert "฿800" in page.main
    assert "Shown when you sent it" not in page.main


def test_less_than_shown_has_both_workings_and_why(client: FlaskClient, sign_in: SignIn, tools: Tools) -> None:
    """The other parent's claim is approved between sending and decision."""
    father = sent(tools, "maternity")
    mother = {"parent": "mother", "other_parent_number": SOMCHAI, "leave_allowances_before": "0"}
    approved(tools, "maternity", SOMYING, **mother)
    decided = claim_desk.approve(tools, officer(tools), father.reference, father.version, "จ่ายให้มารดาแล้ว")
    assert decided is not None
    sign_in(client, SOMCHAI)
    page = letter(client, decided)
    assert page.h1 == ["Your claim is approved, with less than was shown when you sent it"]
    for said in ("Shown when you sent it", "As decided", "the other parent has been given it", "จ่ายให้มารดาแล้ว", "฿15,000", "฿1,500"):
        assert said in page.main, said


def test_after_a_death_it_says_that_the_record_was_not_looked_at_before(client: FlaskClient, sign_in: SignIn, tools: Tools) -> None:
    sign_in(client, SOMCHAI)
    page = letter(client, approved(tools, "death"))
    assert page.h1 == ["Your claim is approved, with another sum than was shown when you sent it"]
    assert "the record of the person who died was not looked at" in page.main
    assert "months before paid" not in page.main, "no condition of somebody else's record"


@pytest.mark.parametrize("reason", RefusalReason)
def test_a_refusal_says_why_the_law_and_what_to_do(client: FlaskClient, sign_in: SignIn, tools: Tools, reason: RefusalReason) -> None:
    sign_in(client, SOMCHAI)
    claim = refused(tools, "dental", reason=reason)
    for lang in ("en", "th"):
        letter(client, claim, lang, "/print")
    page = letter(client, claim)
    assert page.h1 == ["Your claim was not approved"]
    for said in ("What you can do:", "The office wrote: สำเนาไม่ชัด", "The law", "You can appeal until", "By the law of 1 October 2026"):
        assert said in page.main, said
    assert "When it is paid" not in page.main


def test_a_claim_stopped_by_death_promises_no_money_and_no_appeal(client: FlaskClient, sign_in: SignIn, tools: Tools) -> None:
    sign_in(client, SOMCHAI)
    undecided, decided = sent(tools, "dental"), approved(tools, "sickness")
    for one in (undecided, decided):
        assert claim_desk.note_death(tools, officer(tools), one.reference, tools.clock.today()) is not None
        page = letter(client, one)
        assert page.h1 == ["This claim has stopped"]
        assert "died on 20 December 2026" in page.main
        assert "Nothing is sent to an account whose owner has died" in page.main
        assert "You can appeal" not in page.main
    assert "Nothing had been decided." in letter(client, undecided).main
    assert "฿2,916.67" in page.main, "what it was worth stays"


def test_a_paid_claim_says_when_the_money_was_sent(client: FlaskClient, sign_in: SignIn, tools: Tools) -> None:
    sign_in(client, SOMCHAI)
    claim = approved(tools, "dental")
    paid(tools, claim)
    assert "The money was sent on Sunday 20 December 2026" in letter(client, claim).main


def test_an_appeal_is_told_while_it_is_open_and_when_it_is_answered(client: FlaskClient, sign_in: SignIn, tools: Tools) -> None:
    sign_in(client, SOMCHAI)
    upheld, dismissed = appealed(tools, refused(tools, "dental")), appealed(tools, refused(tools, "sickness"))
    page = letter(client, upheld)
    assert "You wrote: ใบเสร็จอยู่กับฉัน" in page.main
    assert "You can appeal until" not in page.main
    judged(tools, upheld, True, "เห็นใบเสร็จแล้ว")
    judged(tools, dismissed, False, THIRD_OFFICER_WORDS)
    yes, no = letter(client, upheld), letter(client, dismissed)
    assert yes.h1 == ["After your appeal: your claim is approved"]
    assert no.h1 == ["After your appeal: the claim stays not approved"]
    for page in (yes, no):
        assert "First decided" in page.main
        assert "How to go on after that is being confirmed" in page.main
    assert "฿800" in yes.main
    assert "The office wrote: สำเนาไม่ชัด" in no.main, "why it was refused at first"
    assert f"The office wrote: {THIRD_OFFICER_WORDS}" in no.main


def test_an_appeal_against_a_sum_that_is_dismissed_leaves_the_sum(client: FlaskClient, sign_in: SignIn, tools: Tools) -> None:
    sign_in(client, SOMCHAI)
    claim = judged(tools, appealed(tools, approved(tools, "dental")), False)
    page = letter(client, claim)
    assert page.h1 == ["After your appeal: the decision stays"]
    assert "฿800" in page.main


def test_no_officer_is_named(client: FlaskClient, another_client: FlaskClient, sign_in: SignIn, tools: Tools) -> None:
    for pid in (OFFICER, SECOND_OFFICER):
        sign_in(another_client, pid)
    deciding = [officer(tools, pid) for pid in (OFFICER, SECOND_OFFICER)]
    sign_in(client, SOMCHAI)
    page = letter(client, refused(tools, "dental"))
    for one in deciding:
        assert one.given_name
        assert one.given_name not in page.html
        assert one.id not in page.html


def test_without_a_decision_there_is_no_letter_and_nobody_reads_anothers(client: FlaskClient, sign_in: SignIn, tools: Tools) -> None:
    sign_in(client, SOMCHAI)
    waiting = sent(tools, "dental")
    for part in ("/letter", "/letter/print", "/letter.pdf", "/appeal"):
        answer = client.get(f"/claims/{waiting.reference}{part}", base_url=APP)
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/claims/{waiting.reference}")
    others = approved(tools, "dental", SOMPONG)
    for part in ("/letter", "/letter/print", "/letter.pdf", "/appeal"):
        assert client.get(f"/claims/{others.reference}{part}", base_url=APP).status_code == 404


# The appeal


def test_an_appeal_is_sent_from_the_letter_once(client: FlaskClient, sign_in: SignIn, tools: Tools) -> None:
    sign_in(client, SOMCHAI)
    claim = refused(tools, "dental")
    here = f"/claims/{claim.reference}/appeal"
    assert here in letter(client, claim).links.values()
    for lang in ("en", "th"):
        assert look(client, here, lang).form(here)
    assert post(client, here, words=" ").status_code == 422
    too_long = post(client, here, words="ก" * (claims.LONGEST_APPEAL + 1))
    assert too_long.status_code == 422
    assert "ก" * (claims.LONGEST_APPEAL + 1) in read(too_long).html, "what was written is still there"
    answers = [post(client, here, words="ใบเสร็จอยู่กับฉัน") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    found = tools.store.claim(claim.reference)
    assert found is not None
    assert (found.status, found.appeal and found.appeal.words) == (Status.APPEALED, "ใบเสร็จอยู่กับฉัน")
    assert here not in letter(client, claim).links.values()


def test_the_last_day_still_counts_and_the_day_after_does_not(
    client: FlaskClient, sign_in: SignIn, tools: Tools, clock: StandingClock
) -> None:
    claim = refused(tools, "dental")
    here = f"/claims/{claim.reference}/appeal"
    clock.set(clock.now() + timedelta(days=30))
    sign_in(client, SOMCHAI)
    assert look(client, here, "en").status == 200
    clock.set(clock.now() + timedelta(days=1))
    sign_in(client, SOMCHAI)
    page = letter(client, claim)
    assert "The last day to appeal was Tuesday 19 January 2027" in page.main
    assert here not in page.links.values()
    assert client.get(here, base_url=APP).headers["Location"].endswith("/letter"), "nothing is written yet"
    late = post(client, here, words="ช้าไปหนึ่งวัน")
    assert late.status_code == 422
    assert "It cannot be sent here any more" in read(late).main
    for page in (read(late), look(client, here, "en")):
        assert "ช้าไปหนึ่งวัน" in page.html, "the words are kept, and shown"
        assert "Send the appeal" not in page.main
        assert "Try sending" not in page.html
    found = tools.store.claim(claim.reference)
    assert found is not None
    assert found.status is Status.REFUSED


# An appeal in more than one go


def test_an_appeal_that_is_kept_comes_back_on_another_phone_and_is_forgotten_once_it_is_sent(
    client: FlaskClient, another_client: FlaskClient, sign_in: SignIn, tools: Tools
) -> None:
    sign_in(client, SOMCHAI)
    claim = refused(tools, "dental")
    here = f"/claims/{claim.reference}/appeal"
    kept = client.post(here, data={"words": "ใบเสร็จอยู่กับ", "later": "1"}, base_url=APP)
    assert (kept.status_code, kept.headers["Location"]) == (303, f"/claims/{claim.reference}")
    assert "Your appeal is written, and not sent yet" in look(client, f"/claims/{claim.reference}", "en").main
    client.post("/sign-out", base_url=APP)
    sign_in(another_client, SOMCHAI)
    page = look(another_client, f"/claims/{claim.reference}", "th")
    assert here in page.html
    assert "ใบเสร็จอยู่กับ</textarea>" in look(another_client, here, "th").html
    assert another_client.post(here, data={"words": "ใบเสร็จอยู่กับฉัน"}, base_url=APP).status_code == 303
    found = tools.store.claim(claim.reference)
    assert found is not None
    assert found.appeal is not None
    assert found.appeal.words == "ใบเสร็จอยู่กับฉัน"
    assert claims.appeal_begun(tools, claim.person_id, claim.reference) == ""
    assert "not sent yet" not in look(another_client, f"/claims/{claim.reference}", "en").main


def test_what_could_not_be_sent_is_kept_and_emptied_it_is_forgotten(client: FlaskClient, sign_in: SignIn, tools: Tools) -> None:
    sign_in(client, SOMCHAI)
    claim = refused(tools, "dental")
    here = f"/claims/{claim.reference}/appeal"
    assert client.post(here, data={"words": "ก" * 1001}, base_url=APP).status_code == 422
    assert "ก" * 1001 in look(client, here, "th").html
    empty = client.post(here, data={"words": " "}, base_url=APP)
    assert empty.status_code == 422
    assert "ก" * 1001 in read(empty).html, "an empty box that is sent loses nothing"
    client.post(here, data={"words": " ", "later": "1"}, base_url=APP)
    assert claims.appeal_begun(tools, claim.person_id, claim.reference) == ""


def test_after_the_last_day_the_tracker_urges_nobody_to_send_an_appeal(
    client: FlaskClient, sign_in: SignIn, tools: Tools, clock: StandingClock
) -> None:
    claim = refused(tools, "dental")
    claims.keep_appeal(tools, claim.person_id, claim.reference, "ใบเสร็จอยู่กับฉัน")
    clock.advance(days=30)
    sign_in(client, SOMCHAI)
    said = look(client, f"/claims/{claim.reference}", "en").main
    assert "You can appeal until" in said
    assert "Send it by" in said
    clock.advance(days=1)
    sign_in(client, SOMCHAI)
    said = look(client, f"/claims/{claim.reference}", "en").main
    assert "You can appeal until" not in said
    assert "Send it by" not in said


def test_an_appeal_that_came_after_the_session_waits_for_its_person(
    client: FlaskClient, sign_in: SignIn, tools: Tools, clock: StandingClock
) -> None:
    sign_in(client, SOMCHAI)
    claim = refused(tools, "dental")
    here = f"/claims/{claim.reference}/appeal"
    clock.advance(minutes=31)
    away = client.post(here, data={"words": "ใบเสร็จอยู่กับฉัน"}, base_url=APP)
    assert (away.status_code, away.headers["Location"]) == (303, f"/sign-in?next={here}")
    sign_in(client, SOMCHAI, here)
    page = look(client, "/sign-in/typed", "th")
    assert "ใบเสร็จอยู่กับฉัน" in page.html
    assert page.form(here)


def test_a_kept_appeal_is_nobody_elses_and_goes_with_everything_else(
    client: FlaskClient, sign_in: SignIn, tools: Tools
) -> None:
    claim = refused(tools, "dental")
    claims.keep_appeal(tools, claim.person_id, claim.reference, "ใบเสร็จอยู่กับฉัน")
    assert "ใบเสร็จ" not in repr([tuple(row) for row in tools.store.all("SELECT * FROM drafts")])  # type: ignore[attr-defined]
    sign_in(client, SOMYING)
    assert client.get(f"/claims/{claim.reference}/appeal", base_url=APP).status_code == 404
    assert client.post(f"/claims/{claim.reference}/appeal", data={"words": "x", "later": "1"}, base_url=APP).status_code == 404
    tools.store.erase(claim.person_id, "")
    assert claims.appeal_begun(tools, claim.person_id, claim.reference) == ""


def test_after_the_last_day_what_was_to_be_kept_is_kept_and_told(
    client: FlaskClient, sign_in: SignIn, tools: Tools, clock: StandingClock
) -> None:
    claim = refused(tools, "dental")
    clock.advance(days=40)
    sign_in(client, SOMCHAI)
    answer = client.post(f"/claims/{claim.reference}/appeal", data={"words": "ใบเสร็จอยู่กับฉัน", "later": "1"}, base_url=APP)
    assert answer.status_code == 422
    assert "ใบเสร็จอยู่กับฉัน</textarea>" in read(answer).html
    assert claims.appeal_begun(tools, claim.person_id, claim.reference) == "ใบเสร็จอยู่กับฉัน"


def test_what_is_left_of_several_months_says_that_it_is_for_them_together(
    client: FlaskClient, sign_in: SignIn, tools: Tools, clock: StandingClock
) -> None:
    claim = appealed(tools, paid(tools, approved(tools, "invalidity", loss_percent="40")))
    with tools.store.transaction():
        steps = tuple(tools.store.steps_of_claim(claim.reference)[-1:])
        claims.move(tools, claim, (replace(claim, answers={**claim.answers, "loss_percent": "80"}), steps))
    clock.advance(days=62)
    judged(tools, claim, True)
    sign_in(client, SOMCHAI)
    assert "That is for 3 months together." in letter(client, claim).main
