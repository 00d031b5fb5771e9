"""Helpers as all three meet them, without JavaScript: offering, taking up, acting, ending; and every write of the app while acting."""

from __future__ import annotations

import re
import secrets

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.front_door import APP, SignIn, send_a_change
from tests.pages import Page, look, read, sound
from tests.standing_clock import StandingClock
from tests.views.test_assurance import writes
from webapp.actions import audit, corrections, helpers, sessions
from webapp.domain.assurance import Act, Via
from webapp.domain.audit import Act as AuditAct
from webapp.domain.audit import By
from webapp.domain.correction import About, Answer, Correction, Proof, Told
from webapp.domain.counter_code import new_code
from webapp.domain.helper_grant import FREE_WHILE_ACTING, RIGHT_FOR, Grant, Right, Term
from webapp.domain.reminder import Occasion
from webapp.ports import Tools
from webapp.web import guards
from webapp.web.acting import FIELD

SOMCHAI, SOMYING, OFFICER = "1000000000009", "1000000000017", "1000000000076"
ALL = list(Right)
WRONG = Told(About.PROVINCES, "Nonthaburi", Proof.NONE_YET)


def grant(tools: Tools, rights: list[Right] = ALL, term: Term = Term.ONE_MONTH, helped: str = SOMCHAI, helper: str = SOMYING) -> Grant:
    """Offered and taken up, without the pages."""
    person_id, helper_id = tools.store.person_id_of(helped), tools.store.person_id_of(helper)
    offered = helpers.offer(tools, person_id, secrets.token_urlsafe(18), rights, term)
    assert isinstance(offered, Grant)
    code = helpers.code_to_hand_over(tools, person_id, offered.id)
    assert code
    assert isinstance(helpers.enter_code(tools, helper_id, code), Grant)
    taken = helpers.accept(tools, helper_id, offered.id)
    assert isinstance(taken, Grant)
    return taken


def begin(client: FlaskClient, tools: Tools, given: Grant, pid: str = SOMYING) -> None:
    """Signed in as themselves, then acting."""
    token = sessions.open_session(tools, tools.store.person_id_of(pid), None, Via.THAID, "2.3")
    client.set_cookie(guards.SESSION_COOKIE, token, domain="127.0.0.1")
    assert client.post(f"/helpers/{given.id}/begin", base_url=APP).headers["Location"] == "/"


def mark(client: FlaskClient) -> str:
    """For whom this browser's forms are filled in now."""
    found = re.search(rf'name="{FIELD}" value="([0-9a-f]+)"', client.get("/", base_url=APP).get_data(as_text=True))
    assert found
    return found[1]


def occasions(tools: Tools, pid: str) -> list[Occasion]:
    return [one.occasion for one in tools.store.inbox_of(tools.store.person_id_of(pid), tools.clock.now(), 50)]


# From the offer to the end


@pytest.mark.parametrize("lang", ["th", "en"])
def test_the_whole_way_from_the_offer_to_the_end(
    client: FlaskClient, another_client: FlaskClient, tools: Tools, sign_in: SignIn, lang: str
) -> None:
    sign_in(client, SOMCHAI)
    look(client, "/my-data/helpers", lang)
    form = look(client, "/my-data/helpers/new", lang).form("/my-data/helpers/new")
    filled = form["fields"] | {"right": ["see_requests", "say_what_is_wrong"], "term": "one_month"}
    made = client.post(form["action"], data=filled, base_url=APP)
    assert client.post(form["action"], data=filled, base_url=APP).headers["Location"] == made.headers["Location"], "twice is once"
    page = look(client, made.headers["Location"], lang)
    code = "".join(re.findall(r'translate="no">(.)</b>', page.html))
    assert len(code) == 10

    sign_in(another_client, SOMYING)
    entered = another_client.post("/helpers/code", data={"code": code.lower()}, base_url=APP)
    assert entered.headers["Location"] == "/helpers/accept"
    asked = look(another_client, "/helpers/accept", lang)
    assert "สมชาย" in asked.h1[0]
    assert SOMCHAI not in asked.html
    accepted = asked.form("/helpers/accept")
    assert another_client.post("/helpers/accept", data=accepted["fields"], base_url=APP).headers["Location"] == "/helpers"
    people = look(another_client, "/helpers", lang)
    action = next(one["action"] for one in people.forms if one["action"].endswith("/begin"))
    assert another_client.post(action, base_url=APP).headers["Location"] == "/"
    home = look(another_client, "/", lang)
    assert "สมชาย" in home.h1[0]
    look(another_client, "/hospital-change", lang)
    sent = tell_for_somchai(another_client, lang)
    assert sent.status_code == 303

    mine = look(client, "/my-data/helpers", lang)
    assert Occasion.HELPER_ACCEPTED in occasions(tools, SOMCHAI)
    assert Occasion.HELPER_SENT in occasions(tools, SOMCHAI)
    one = next(href for href in mine.links.values() if href.startswith("/my-data/helpers/") and not href.endswith("/new"))
    did = look(client, one, lang)
    assert {"th": "แจ้งสำนักงานแทนคุณ", "en": "told the office what is wrong in your record"}[lang] in did.main
    assert client.post(f"{one}/end", base_url=APP).headers["Location"] == "/my-data/helpers"
    assert Occasion.HELPING_ENDED in occasions(tools, SOMYING)
    refused = sound(read(another_client.get("/my-data/wrong", base_url=APP)), lang)
    assert refused.status == 403
    assert {"th": "สิ้นสุดแล้ว", "en": "It has ended"}[lang] in refused.h1[0]
    look(client, "/my-data/helpers", lang)
    look(client, "/my-data/opened", lang)
    look(client, "/my-data/messages", lang)


def tell_for_somchai(client: FlaskClient, lang: str = "th") -> TestResponse:
    form = look(client, "/my-data/wrong?about=provinces", lang).form("/my-data/wrong")
    filled = form["fields"] | {"about": "provinces", "should_be": "Nonthaburi", "proof": "none_yet"}
    return client.post("/my-data/wrong", data=filled, base_url=APP)


def test_a_wrong_code_and_a_used_one_say_the_same(client: FlaskClient, another_client: FlaskClient, tools: Tools, sign_in: SignIn) -> None:
    given = grant(tools)
    sign_in(client, "1000000000025")
    offered = helpers.offer(tools, given.person_id, "another-key-of-somchai", ALL, Term.ONE_DAY)
    assert isinstance(offered, Grant)
    right = helpers.code_to_hand_over(tools, given.person_id, offered.id)
    assert right
    assert isinstance(helpers.enter_code(tools, given.helper_id or "", right), Grant)
    helpers.accept(tools, given.helper_id or "", offered.id)
    used = read(client.post("/helpers/code", data={"code": right}, base_url=APP))
    unknown = read(client.post("/helpers/code", data={"code": new_code()}, base_url=APP))
    assert used.status == unknown.status == 422
    assert used.main.replace(right, "") == unknown.main


def test_nobody_takes_up_their_own_offer(client: FlaskClient, tools: Tools, sign_in: SignIn) -> None:
    sign_in(client, SOMCHAI)
    person_id = tools.store.person_id_of(SOMCHAI)
    offered = helpers.offer(tools, person_id, "a-key-of-an-offer", ALL, Term.ONE_DAY)
    assert isinstance(offered, Grant)
    client.post("/helpers/code", data={"code": helpers.code_to_hand_over(tools, person_id, offered.id)}, base_url=APP)
    refused = read(client.post("/helpers/accept", data={"grant": offered.id}, base_url=APP))
    assert refused.status == 422
    assert "เป็นของคุณเอง" in refused.main


def test_another_persons_grant_is_no_page_of_mine(client: FlaskClient, tools: Tools, sign_in: SignIn) -> None:
    given = grant(tools)
    sign_in(client, "1000000000025")
    assert client.get(f"/my-data/helpers/{given.id}", base_url=APP).status_code == 404
    for write in (f"/my-data/helpers/{given.id}/end", f"/helpers/{given.id}/end"):
        assert client.post(write, base_url=APP).status_code == 404
    client.post(f"/helpers/{given.id}/begin", base_url=APP)
    assert read(client.get("/", base_url=APP)).html.count("actfor") == 0
    kept = tools.store.helper_grant(given.id)
    assert kept.ended_at is None


# Acting


@pytest.mark.parametrize("look_of", ["text_size=1", "simple=1&text_size=2", "text_size=4&less_data=1"])
@pytest.mark.parametrize("lang", ["th", "en"])
def test_every_page_says_for_whom_one_acts(client: FlaskClient, tools: Tools, look_of: str, lang: str) -> None:
    begin(client, tools, grant(tools))
    client.set_cookie("sitthi-look", look_of, domain="127.0.0.1")
    for path in ("/", "/hospital-change", "/my-data/months", "/my-data/wrong", "/benefits", "/help", "/emergency", "/hospital-change/form"):
        page = look(client, path, lang)
        assert {"th": "ทำแทนคนอื่น:", "en": "For somebody else:"}[lang] in page.title, path
        assert "สมชาย" in page.text.replace("\xad", "")[: len(page.text) // 2], path
        assert page.form("/helpers/stop"), path


def test_nothing_of_the_person_is_kept_on_the_helpers_phone(client: FlaskClient, tools: Tools) -> None:
    reference = send_a_change(client, SOMCHAI)
    begin(client, tools, grant(tools))
    for path in (f"/hospital-change/{reference}", "/my-data/wrong", "/my-data/months", "/hospital-change"):
        answer = client.get(path, base_url=APP)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 200, path
        assert answer.headers["Cache-Control"] == "no-store", path
        for keeper in ('id="receipt"', "keep-receipt", "data-receipt", 'id="waits"'):
            assert keeper not in page, (path, keeper)


def test_a_form_that_waited_on_the_helpers_phone_goes_on_waiting(client: FlaskClient, tools: Tools) -> None:
    given = grant(tools)
    begin(client, tools, given)
    own = re.search(r'data-author="([0-9a-f]+)"', client.get("/", base_url=APP).get_data(as_text=True))
    assert own
    typed = {"about": "provinces", FIELD: mark(client)}
    answer = client.post("/my-data/wrong", data=typed, headers={"Sitthi-Author": own[1]}, base_url=APP)
    assert answer.status_code == 409
    assert not tools.store.corrections_of(given.person_id)
    assert not tools.store.corrections_of(given.helper_id)


def test_what_a_helper_sends_is_the_persons_and_bears_both_names(client: FlaskClient, another_client: FlaskClient, tools: Tools) -> None:
    given = grant(tools)
    begin(client, tools, given)
    client.post("/hospital-change/new", data={"cause": "annual", "in_patient": "no", FIELD: mark(client)}, base_url=APP)
    client.post("/hospital-change/new/hospitals", data={"choose": "TH13-001", FIELD: mark(client)}, base_url=APP)
    fields = read(client.get("/hospital-change/new/check", base_url=APP)).form("/hospital-change/new/check")["fields"]
    sent = client.post("/hospital-change/new/check", data=fields | {"declared": "1"}, base_url=APP)
    assert sent.status_code == 303, read(sent).main
    again = client.post("/hospital-change/new/check", data=fields | {"declared": "1"}, base_url=APP)
    assert again.headers["Location"] == sent.headers["Location"], "twice is once"
    (case,) = tools.store.hospital_changes_of(given.person_id)
    assert not tools.store.hospital_changes_of(given.helper_id)
    assert {step.by for step in tools.store.steps_of(case.reference)} == {f"helper:{given.helper_id}"}
    assert "By สมหญิง for สมชาย" in look(client, sent.headers["Location"], "en").main.replace("\u2060", "")
    entries = [one for one in tools.store.all_entries_about(given.person_id) if one.about == case.reference]
    assert {(one.who.by, one.who.id) for one in entries} == {(By.HELPER, given.helper_id)}
    assert read(client.get(f"{sent.headers['Location']}/form?number=whole", base_url=APP)).html.count(SOMCHAI) == 0

    officer = tools.store.officer_of(OFFICER)
    token = sessions.open_session(tools, None, officer.id, Via.THAID, "2.3")
    another_client.set_cookie(guards.SESSION_COOKIE, token, domain="127.0.0.1")
    another_client.post(f"/officer/hospital-change/{case.reference}/open", data={"reason": "deciding"}, base_url=APP)
    desk = look(another_client, f"/officer/hospital-change/{case.reference}", "en")
    assert "By สมหญิง for สมชาย" in desk.main.replace("\u2060", "")


def test_a_right_that_was_not_given_is_refused_with_words(client: FlaskClient, tools: Tools) -> None:
    begin(client, tools, grant(tools, [Right.SEE_MONTHS]))
    for path in ("/hospital-change/new", "/my-data/wrong"):
        page = sound(read(client.get(path, base_url=APP)), "th")
        assert page.status == 403
        assert "ยังไม่ได้ให้สิทธินี้" in page.h1[0].replace("\xad", "")
    for path in ("/my-data/messages", "/my-data/devices", "/my-data/helpers/new", "/helpers", "/officer"):
        page = sound(read(client.get(path, base_url=APP)), "th")
        assert page.status == 403, path
        assert "ผู้ช่วยทำแทนไม่ได้" in page.h1[0].replace("\xad", ""), path
    look(client, "/my-data/months")
    assert client.get("/my-data", base_url=APP).headers["Location"] == "/", "the way back from the pages that were given"


def test_a_page_for_anybody_shows_a_helper_only_what_was_given(client: FlaskClient, tools: Tools) -> None:
    """Emergencies never wait for rights; whose hospital it is does."""
    own = tools.store.person(tools.store.person_id_of(SOMCHAI)).hospital_id
    name = tools.store.hospital(own).name_th
    begin(client, tools, grant(tools, [Right.SEE_MONTHS]))
    assert name not in look(client, "/emergency").main
    client.post("/helpers/stop", base_url=APP)
    begin(client, tools, grant(tools, [Right.SEE_REQUESTS]))
    assert name in look(client, "/emergency").main


def test_the_page_for_the_call_shows_a_helper_only_what_was_given(client: FlaskClient, tools: Tools) -> None:
    told = corrections.send(tools, tools.store.person_id_of(SOMCHAI), secrets.token_urlsafe(18), WRONG)
    assert isinstance(told, Correction)
    code = told.reference.rsplit("-", 1)[1]
    begin(client, tools, grant(tools, [Right.SEE_REQUESTS]))
    assert code not in look(client, "/help/call").html
    client.post("/helpers/stop", base_url=APP)
    begin(client, tools, grant(tools, [Right.SAY_WHAT_IS_WRONG]))
    assert code in look(client, "/help/call").html


def test_every_write_of_a_helper_is_in_the_audit_and_read_by_the_person(client: FlaskClient, tools: Tools) -> None:
    given = grant(tools)
    begin(client, tools, given)
    path = "/hospital-change/new"
    fields = look(client, path).form(path)["fields"]
    look(client, path)
    assert [one.entry.facts.get("write") for one in used(tools, given)] == [None], "reading: at the first use"
    for in_patient in ("no", "no", ""):
        client.post(path, data=fields | {"cause": "annual", "in_patient": in_patient}, base_url=APP)
    tell_for_somchai(client)
    written = [one.entry for one in used(tools, given) if one.entry.facts.get("write")]
    assert [(one.who.by, one.who.id, one.facts["write"], one.facts["grant"]) for one in reversed(written)] == [
        (By.HELPER, given.helper_id, write, given.id) for write in ("fill_in", "fill_in", "fill_in", "say_what_is_wrong")
    ]
    assert {one.entry.number for one in helpers.done_by_helper(tools, given)} >= {one.number for one in written}


def used(tools: Tools, given: Grant) -> list[audit.Opening]:
    return [one for one in audit.everything_about(tools, given.person_id) if one.entry.act == AuditAct.HELPER_USED]


def test_what_a_helper_reads_stays_unread_for_the_person(client: FlaskClient, tools: Tools) -> None:
    given = grant(tools)
    begin(client, tools, given)
    sent = tell_for_somchai(client)
    officer = tools.store.officer_of(OFFICER)
    corrections.settle(tools, officer, sent.headers["Location"].rsplit("/", 1)[1], Answer.NOT_CLEAR, "")
    unread = tools.store.count_unread([given.person_id], tools.clock.now())
    look(client, sent.headers["Location"])
    assert sent.headers["Location"] in look(client, "/my-data/wrong").links.values()
    assert tools.store.count_unread([given.person_id], tools.clock.now()) == unread
    assert unread[given.person_id] >= 3


def test_the_end_counts_from_the_next_tap(client: FlaskClient, tools: Tools) -> None:
    given = grant(tools)
    begin(client, tools, given)
    form = look(client, "/my-data/wrong?about=provinces").form("/my-data/wrong")
    helpers.end_for_person(tools, given.person_id, given.id)
    filled = form["fields"] | {"about": "provinces", "should_be": "Nonthaburi", "proof": "none_yet"}
    assert client.post("/my-data/wrong", data=filled, base_url=APP).status_code == 403
    assert not tools.store.corrections_of(given.person_id)
    assert not tools.store.corrections_of(given.helper_id), "never in the helper's own name instead"
    look(client, "/")
    client.post("/helpers/stop", base_url=APP)
    look(client, "/my-data")


def test_its_time_runs_out_while_somebody_acts(client: FlaskClient, tools: Tools, clock: StandingClock) -> None:
    begin(client, tools, grant(tools, term=Term.ONE_DAY))
    look(client, "/my-data/months")
    clock.set(clock.now().replace(day=clock.now().day + 1))
    assert client.get("/my-data/months", base_url=APP).status_code == 403
    assert Occasion.HELPER_ENDED in occasions(tools, SOMCHAI)
    assert Occasion.HELPING_ENDED in occasions(tools, SOMYING)


def test_a_form_for_one_is_never_taken_for_another(client: FlaskClient, tools: Tools) -> None:
    """Two windows: in one a form is open, in the other the helper stops, or acts for the next."""
    given, second = grant(tools), grant(tools, helped="1000000000025")
    begin(client, tools, given)
    form = look(client, "/my-data/wrong?about=provinces").form("/my-data/wrong")
    filled = form["fields"] | {"about": "provinces", "should_be": "Nonthaburi", "proof": "none_yet"}
    client.post("/helpers/stop", base_url=APP)
    as_oneself = sound(read(client.post("/my-data/wrong", data=filled, base_url=APP)), "th")
    client.post(f"/helpers/{second.id}/begin", base_url=APP)
    as_the_next = sound(read(client.post("/my-data/wrong", data=filled, base_url=APP)), "th")
    made_before_acting = {name: value for name, value in filled.items() if name != FIELD}
    without = client.post("/my-data/wrong", data=made_before_acting, base_url=APP)
    assert as_oneself.status == as_the_next.status == without.status_code == 409
    for person_id in (given.person_id, given.helper_id, second.person_id):
        assert not tools.store.corrections_of(person_id)


def test_a_form_for_somebody_that_came_too_late_is_offered_again_when_one_acts_for_them_again(
    client: FlaskClient, tools: Tools, sign_in: SignIn, clock: StandingClock
) -> None:
    given = grant(tools)
    begin(client, tools, given)
    form = look(client, "/my-data/wrong?about=provinces").form("/my-data/wrong")
    filled = form["fields"] | {"about": "provinces", "should_be": "Nonthaburi", "proof": "none_yet"}
    clock.advance(minutes=16)
    late = client.post("/my-data/wrong", data=filled, base_url=APP)
    assert late.headers["Location"] == "/sign-in?next=/helpers"
    assert sign_in(client, SOMYING, "/helpers").headers["Location"] == "/helpers"
    again = client.post(f"/helpers/{given.id}/begin", base_url=APP)
    assert again.headers["Location"] == "/sign-in/typed"
    typed = look(client, "/sign-in/typed").form("/my-data/wrong")
    assert client.post("/my-data/wrong", data=typed["fields"], base_url=APP).status_code == 303
    assert len(tools.store.corrections_of(given.person_id)) == 1


def test_signing_out_ends_acting(client: FlaskClient, tools: Tools, sign_in: SignIn) -> None:
    begin(client, tools, grant(tools))
    client.post("/sign-out", base_url=APP)
    sign_in(client, SOMYING)
    assert "actfor" not in client.get("/", base_url=APP).get_data(as_text=True)


def test_an_officer_who_helps_has_no_desk_meanwhile(client: FlaskClient, tools: Tools) -> None:
    second = tools.store.officer_of("1000000000084")
    given = grant(tools, helper="1000000000084")
    token = sessions.open_session(tools, second.person_id, second.id, Via.THAID, "2.3")
    client.set_cookie(guards.SESSION_COOKIE, token, domain="127.0.0.1")
    look(client, "/officer")
    client.post(f"/helpers/{given.id}/begin", base_url=APP)
    assert client.get("/officer", base_url=APP).status_code == 403


# Every write


def test_every_write_while_acting_is_of_a_right_or_refused(app: Flask, client: FlaskClient, tools: Tools) -> None:
    """With no right at all but one, nothing of the others is done; what is nobody's but one's own never is."""
    given = grant(tools, [Right.SEE_MONTHS])
    begin(client, tools, given)
    form_mark, walked, open_ones = mark(client), 0, []
    for method, address, endpoint in writes(app):
        act = guards.act_of(app.view_functions[endpoint])
        if act in FREE_WHILE_ACTING:
            continue
        walked += 1
        answer = client.open(address, method=method, data={FIELD: form_mark}, base_url=APP)
        if answer.status_code != 403:
            open_ones.append((address, act, answer.status_code))
    assert walked > 40
    assert not open_ones


def test_what_a_right_opens_is_open(app: Flask, client: FlaskClient, tools: Tools) -> None:
    begin(client, tools, grant(tools))
    form_mark = mark(client)
    for method, address, endpoint in writes(app):
        if guards.act_of(app.view_functions[endpoint]) in RIGHT_FOR:
            answer = client.open(address, method=method, data={FIELD: form_mark}, base_url=APP)
            assert answer.status_code in (200, 303, 404, 422), address


def test_no_write_a_helper_may_do_comes_without_the_name_of_whom_it_is_for(app: Flask, client: FlaskClient, tools: Tools) -> None:
    begin(client, tools, grant(tools))
    for method, address, endpoint in writes(app):
        if guards.act_of(app.view_functions[endpoint]) in RIGHT_FOR:
            assert client.open(address, method=method, data={}, base_url=APP).status_code == 409, address


def test_the_acts_that_stay_with_the_person(app: Flask) -> None:
    never = {
        Act.GRANT_A_HELPER, Act.ACCEPT_A_GRANT, Act.SET_PASSKEY, Act.REMOVE_PASSKEY, Act.END_DEVICES, Act.DECIDE_OVER_OWN_DATA,
        Act.CHANGE_BANK_ACCOUNT, Act.CHANGE_IDENTITY, Act.WORK_AT_THE_DESK, Act.LINK_GOVERNMENT_CHANNEL,
    }  # fmt: skip
    assert not never & (set(RIGHT_FOR) | FREE_WHILE_ACTING)


# The officer


@pytest.fixture
def desk(another_client: FlaskClient, sign_in: SignIn) -> FlaskClient:
    sign_in(another_client, OFFICER)
    return another_client


def name_both(desk: FlaskClient, person: str = SOMCHAI, helper: str = SOMYING) -> Page:
    named = desk.post("/officer/helpers", data={"kind": "citizen", "number": person}, base_url=APP)
    assert named.headers["Location"] == "/officer/helpers/helper", read(named).main
    shown = look(desk, "/officer/helpers/helper", "en").form("/officer/helpers/helper")["fields"]["shown"]
    return read(desk.post("/officer/helpers/helper", data={"kind": "citizen", "number": helper, "shown": shown}, base_url=APP))


PAPER = {
    "card": "1", "original": "1", "paper": "power_of_attorney", "paper_on_day": "1", "paper_on_month": "12", "paper_on_year": "2026",
    "right": ["see_requests"], "term": "six_months", "why": "She is in hospital",
}  # fmt: skip


@pytest.mark.parametrize("lang", ["th", "en"])
def test_an_officer_grants_on_a_paper(client: FlaskClient, desk: FlaskClient, tools: Tools, sign_in: SignIn, lang: str) -> None:
    assert name_both(desk).status == 303
    form = look(desk, "/officer/helpers/grant", lang).form("/officer/helpers/grant")
    assert SOMCHAI not in form["fields"].values()
    empty = sound(read(desk.post("/officer/helpers/grant", data={"shown": form["fields"]["shown"]}, base_url=APP)), lang)
    assert empty.status == 422
    year = {"th": "2569", "en": "2026"}[lang]
    filled = PAPER | {"shown": form["fields"]["shown"], "paper_on_year": year}
    granted = desk.post("/officer/helpers/grant", data=filled, base_url=APP)
    assert granted.headers.get("Location") == "/officer/helpers/done", read(granted).main
    assert desk.post("/officer/helpers/grant", data=filled, base_url=APP).headers["Location"] == "/officer/helpers/done", "twice is once"
    look(desk, "/officer/helpers/done", lang)
    (one,) = tools.store.helper_grants_by(tools.store.person_id_of(SOMCHAI))
    assert (one.how, one.paper, one.officer_id) == ("by_officer", "power_of_attorney", tools.store.officer_of(OFFICER).id)
    assert {Occasion.HELPER_ACCEPTED} <= set(occasions(tools, SOMCHAI))
    assert Occasion.HELPING_GRANTED in occasions(tools, SOMYING)
    sign_in(client, SOMCHAI)
    look(client, f"/my-data/helpers/{one.id}", lang)
    assert "She is in hospital" in look(client, "/my-data/opened", lang).main
    assert "She is in hospital" not in desk.get("/officer/helpers", base_url=APP).get_data(as_text=True)
    desk.post("/officer/helpers/clear", base_url=APP)
    assert desk.get("/officer/helpers/done", base_url=APP).headers["Location"] == "/officer/helpers"


def test_a_page_left_open_on_somebody_else_grants_nothing(desk: FlaskClient, tools: Tools) -> None:
    name_both(desk)
    shown = look(desk, "/officer/helpers/grant", "en").form("/officer/helpers/grant")["fields"]["shown"]
    name_both(desk, person="1000000000025")
    sent = desk.post("/officer/helpers/grant", data=PAPER | {"shown": shown}, base_url=APP)
    assert sent.headers["Location"] == "/officer/helpers"
    for pid in (SOMCHAI, "1000000000025"):
        assert not tools.store.helper_grants_by(tools.store.person_id_of(pid))


def test_a_paper_dated_tomorrow_is_looked_at_again(desk: FlaskClient, tools: Tools) -> None:
    name_both(desk)
    shown = look(desk, "/officer/helpers/grant", "en").form("/officer/helpers/grant")["fields"]["shown"]
    refused = read(desk.post("/officer/helpers/grant", data=PAPER | {"shown": shown, "paper_on_day": "21"}, base_url=APP))
    assert refused.status == 422
    assert "not come yet" in refused.main


def test_nobody_grants_about_themselves(desk: FlaskClient, client: FlaskClient, tools: Tools, sign_in: SignIn) -> None:
    same = name_both(desk, helper=SOMCHAI)
    assert same.status == 422
    sign_in(client, "1000000000084")
    own = read(client.post("/officer/helpers", data={"kind": "citizen", "number": "1000000000084"}, base_url=APP))
    assert own.status == 422


def test_the_person_has_it_ended_at_the_counter(desk: FlaskClient, client: FlaskClient, tools: Tools) -> None:
    given = grant(tools)
    begin(client, tools, given)
    desk.post("/officer/helpers", data={"kind": "citizen", "number": SOMCHAI}, base_url=APP)
    form = look(desk, "/officer/helpers/helper", "en").form("/officer/helpers/end")
    desk.post("/officer/helpers/end", data=form["fields"], base_url=APP)
    assert tools.store.helper_grant(given.id).ended_by == "officer"
    assert client.get("/my-data/months", base_url=APP).status_code == 403
    second = grant(tools, helped="1000000000025")
    desk.post("/officer/helpers/end", data={"grant": second.id}, base_url=APP)
    assert tools.store.helper_grant(second.id).ended_at is None, "of nobody but the person on the desk"


# The copy, the erasure


def test_the_copy_tells_both_sides_and_an_erasure_ends_both(client: FlaskClient, tools: Tools, sign_in: SignIn) -> None:
    given = grant(tools)
    begin(client, tools, given)
    tell_for_somchai(client)
    client.post("/helpers/stop", base_url=APP)
    sign_in(client, SOMYING)
    copy = client.post("/my-data/export", data={"as": "file"}, base_url=APP).get_json()
    assert copy["data"]["grants"][0]["role"] == "helper"
    page = read(client.post("/my-data/export", data={"as": "page"}, base_url=APP))
    assert page.status == 200
    client.post("/my-data/erase", data={"sure": "1"}, base_url=APP)
    assert tools.store.helper_grant(given.id) is None
    assert Occasion.HELPER_ENDED in occasions(tools, SOMCHAI)
    (one,) = corrections.corrections_of(tools, given.person_id)
    assert isinstance(one, Correction)
