"""What people see of what is held of them, agree to and take back; who opened their record; a copy; having it deleted."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import claim_people
from tests.front_door import APP, SignIn
from tests.pages import Page, read, sound
from tests.standing_clock import StandingClock
from webapp.actions import audit, calendar_feed, claim_desk, claims, consents, counter_codes, reminders
from webapp.actions.demo import PEOPLE
from webapp.actions.reminder_planning import plan
from webapp.domain.assurance import FRESH_SECONDS
from webapp.domain.audit import Act, ReadReason
from webapp.domain.claim import RefusalReason
from webapp.domain.consent import Channel, Purpose
from webapp.domain.counter_code import Why
from webapp.domain.person import NumberKind
from webapp.domain.reminder import ON_AT_FIRST, Kind
from webapp.domain.retention import KINDS
from webapp.ports import Subscription, Tools
from webapp.web import privacy_words

SOMCHAI, SOMYING, OFFICER = "1000000000009", "1000000000017", "1000000000076"
Look = Callable[..., Page]
BOTH = pytest.mark.parametrize("lang", ["th", "en"])


@pytest.fixture
def somchai(client: FlaskClient, sign_in: SignIn) -> FlaskClient:
    sign_in(client, SOMCHAI)
    return client


@pytest.fixture
def person_id(tools: Tools) -> str:
    found = tools.store.person_id_of(SOMCHAI)
    assert found
    return found


def post(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    return client.post(path, data=fields, base_url=APP)


def phone_of(tools: Tools, person_id: str | None, number: str = "1", kinds: frozenset[Kind] = ON_AT_FIRST) -> Subscription:
    wanted = Subscription(0, f"https://push.example/{number}", "p", "a", person_id, kinds, "th", tools.clock.now())
    return tools.store.keep_subscription(wanted)


def acts_of(tools: Tools, person_id: str) -> list[str]:
    lines = tools.store.lines_between(1, tools.store.last_number_given())
    return [line.columns[1] for line in lines if line.columns[4] == person_id]


# What is kept


@BOTH
def test_the_page_for_everybody_names_each_kind_and_how_long(client: FlaskClient, look: Look, lang: str) -> None:
    assert 'href="/privacy/kept"' in look(client, "/privacy", lang).html
    page = look(client, "/privacy/kept", lang)
    for kind in KINDS:
        assert (f'id="kept-{kind.code}"' in page.html) is kind.about_people
    assert ("730 วัน" if lang == "th" else "730 days after it was written") in page.main
    assert ("365 วัน" if lang == "th" else "until the answer, and 365 days more") in page.main


@BOTH
@pytest.mark.parametrize(
    "path", ["/my-data/consents", "/my-data/opened", "/my-data/export", "/my-data/erase"]
)
def test_each_page_is_sound_and_kept_nowhere(somchai: FlaskClient, look: Look, path: str, lang: str) -> None:
    look(somchai, path, lang)
    assert somchai.get(path, base_url=APP).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/my-data/consents", "/my-data/opened", "/my-data/export", "/my-data/erase"])
def test_a_stranger_is_sent_to_sign_in(client: FlaskClient, path: str) -> None:
    answer = client.get(path, base_url=APP)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/sign-in?next={path}")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/sign-in", "We use it to find your record"),
        ("/my-data/wrong", "An officer reads what you write"),
        ("/my-data/calendar", "By tapping you agree"),
        ("/reminders", "By tapping you agree"),
        ("/welcome", "By giving it you agree"),
        ("/my-data/contact", "By giving it you agree"),
    ],
)
def test_it_is_told_where_it_is_collected(somchai: FlaskClient, look: Look, path: str, said: str) -> None:
    page = look(somchai, path, "en")
    assert said in page.main
    assert 'href="/privacy"' in page.html


# Consents


@BOTH
def test_an_extra_is_off_until_somebody_says_yes_and_off_again_with_one_tap(
    somchai: FlaskClient, look: Look, tools: Tools, person_id: str, lang: str
) -> None:
    page = look(somchai, "/my-data/consents", lang)
    form = page.form("/my-data/consents/new_benefits")
    assert dict(form["buttons"]) == {"new_benefits": "1"}, "it is off"
    assert post(somchai, "/my-data/consents/new_benefits", **dict(form["buttons"])).status_code == 303
    page = look(somchai, "/my-data/consents", lang)
    assert ("ข้อความฉบับที่ 2" if lang == "th" else "text version 2") in page.main
    (kept,) = tools.store.consents_of(person_id)
    assert (kept.given, kept.channel, kept.text_version) == (True, Channel.CONSENTS_PAGE, "2")
    post(somchai, "/my-data/consents/new_benefits", **dict(page.form("/my-data/consents/new_benefits")["buttons"]))
    assert [one.given for one in tools.store.consents_of(person_id)] == [True, False]
    assert ("ปิดเมื่อ" if lang == "th" else "Switched off") in look(somchai, "/my-data/consents", lang).main
    assert acts_of(tools, person_id)[-2:] == [Act.CONSENT_GIVEN, Act.CONSENT_WITHDRAWN]


def test_saying_the_same_twice_is_once(somchai: FlaskClient, tools: Tools, person_id: str) -> None:
    for value in ("1", "1", "", ""):
        post(somchai, "/my-data/consents/new_benefits", new_benefits=value)
    assert [one.given for one in tools.store.consents_of(person_id)] == [True, False]


def test_nobodys_months_are_looked_at_without_a_yes(somchai: FlaskClient, tools: Tools, person_id: str) -> None:
    phone_of(tools, person_id, kinds=ON_AT_FIRST | {Kind.BENEFIT})
    plan(tools)
    assert tools.store.benefits_looked_at([person_id]) == {}


def test_a_yes_lets_them_be_looked_at_and_a_no_deletes_what_was_kept(
    somchai: FlaskClient, tools: Tools, person_id: str, clock: StandingClock
) -> None:
    phone_of(tools, person_id)
    post(somchai, "/my-data/consents/new_benefits", new_benefits="1")
    assert [Kind.BENEFIT in one.kinds for one in tools.store.subscriptions_of([person_id])] == [True]
    plan(tools)
    assert person_id in tools.store.benefits_looked_at([person_id])
    post(somchai, "/my-data/consents/new_benefits")
    assert tools.store.benefits_looked_at([person_id]) == {}
    assert [Kind.BENEFIT in one.kinds for one in tools.store.subscriptions_of([person_id])] == [False]


def test_the_switch_at_reminders_is_the_same_consent(tools: Tools, person_id: str) -> None:
    phone = phone_of(tools, person_id)
    assert Kind.BENEFIT in reminders.switch(tools, phone, Kind.BENEFIT, True).kinds
    assert consents.agrees(tools, person_id, Purpose.NEW_BENEFITS)
    assert Kind.BENEFIT not in reminders.switch(tools, phone, Kind.BENEFIT, False).kinds
    assert not consents.agrees(tools, person_id, Purpose.NEW_BENEFITS)


def test_taking_back_reminders_leaves_the_phone_what_is_for_anybody(somchai: FlaskClient, tools: Tools, person_id: str) -> None:
    phone = phone_of(tools, person_id, kinds=ON_AT_FIRST | {Kind.CUT_OFF})
    consents.write_down(tools, person_id, Purpose.OWN_REMINDERS, True, Channel.REMINDERS_PAGE)
    post(somchai, "/my-data/consents/own_reminders")
    left = tools.store.subscription_at(phone.endpoint)
    assert left
    assert (left.person_id, left.kinds) == (None, frozenset({Kind.WINDOW, Kind.CUT_OFF}))
    assert not consents.agrees(tools, person_id, Purpose.OWN_REMINDERS)


def test_making_a_calendar_is_a_yes_and_either_page_ends_it(somchai: FlaskClient, tools: Tools, person_id: str) -> None:
    post(somchai, "/my-data/calendar")
    assert consents.agrees(tools, person_id, Purpose.OWN_CALENDAR)
    post(somchai, "/my-data/consents/own_calendar")
    assert calendar_feed.feed_of(tools, person_id) is None
    assert not consents.agrees(tools, person_id, Purpose.OWN_CALENDAR)


def test_there_is_no_such_purpose(somchai: FlaskClient) -> None:
    assert post(somchai, "/my-data/consents/advertising", advertising="1").status_code == 404


def test_changed_words_are_a_new_question() -> None:
    """The words of each purpose by version: other words under the same version would bind people to what they never read."""
    said = {
        purpose: (words.name, words.text) for purpose in Purpose if (words := _in_english(purpose))
    }  # fmt: skip
    assert said == {
        Purpose.OWN_REMINDERS: (
            "Reminders of your own requests on your phones",
            "We keep the address your browser gives us and send to it, encrypted, through Google, Apple or Mozilla.",
        ),
        Purpose.NEW_BENEFITS: (
            "Tell me when my months are enough for another benefit",
            "We look at your months once a month and keep for which benefits they are enough. "
            "We tell you in your messages, and on phones with reminders.",
        ),
        Purpose.OWN_CALENDAR: (
            "My own dates in my calendar",
            "Whoever knows the secret address can read your dates; your calendar's company is among them.",
        ),
        Purpose.CALLS: (
            "The office may call me about my own requests",
            "Officers who have your open request in hand see the number you gave. Nobody else does, and nothing is sent to it.",
        ),
    }, "raise the version in domain/consent.py, then write the new words here"


def _in_english(purpose: Purpose) -> privacy_words.PurposeWords:
    from flask import Flask

    from webapp.web.language import use_language

    with Flask("words").test_request_context():
        use_language("en")
        return privacy_words.purpose_words(purpose)


# Who opened it


@BOTH
def test_the_person_reads_who_opened_their_record_and_why(
    somchai: FlaskClient, another_client: FlaskClient, sign_in: SignIn, send_a_change: Callable[..., str], look: Look, lang: str
) -> None:
    assert ("ยังไม่มีใคร" if lang == "th" else "Nobody has opened") in look(somchai, "/my-data/opened", lang).main
    reference = send_a_change(somchai, SOMCHAI)
    sign_in(another_client, OFFICER)
    case = f"/officer/hospital-change/{reference}"
    asked = look(another_client, case, lang)
    assert "สมชาย" not in asked.main
    assert "0009" not in asked.main
    assert post(another_client, f"{case}/open", reason="other").status_code == 422
    assert post(another_client, f"{case}/open", reason="nosy", words="x").status_code == 422
    assert post(another_client, f"{case}/open", reason="other", words="x" * 201).status_code == 422
    assert post(another_client, f"{case}/open", reason="other", words="โทรกลับตามที่นัด").status_code == 303
    assert "สมชาย" in look(another_client, case, lang).main
    page = look(somchai, "/my-data/opened", lang)
    assert "โทรกลับตามที่นัด" in page.main
    assert ("เจ้าหน้าที่ประกันสังคม" if lang == "th" else "An officer of the SSO") in page.main
    assert "เจ้าหน้าที่หนึ่ง" not in page.main, "the role, not the name"
    assert f"/hospital-change/{reference}" in page.html


def test_a_number_typed_at_the_counter_is_read_by_its_person(
    somchai: FlaskClient, another_client: FlaskClient, sign_in: SignIn, look: Look
) -> None:
    sign_in(another_client, OFFICER)
    post(another_client, "/officer/paper", number=SOMCHAI)
    assert "found your record by your number: a paper form was handed in" in look(somchai, "/my-data/opened", "en").main


@BOTH
def test_the_person_reads_that_a_code_was_handed_out_and_why(somchai: FlaskClient, tools: Tools, look: Look, lang: str) -> None:
    desk = tools.store.officer_of(OFFICER)
    found = counter_codes.look_up(tools, desk, SOMCHAI, NumberKind.CITIZEN)
    assert isinstance(found, counter_codes.AtTheCounter)
    for why in Why:
        tools.store.keep_draft(f"officer:{desk.id}", counter_codes.LOOKED_UP, {"person_id": found.person_id, "shown": found.shown,
                               "at": tools.clock.machine_time()}, tools.clock.machine_time())  # fmt: skip
        assert counter_codes.issue(tools, desk, why, found.shown)
    page = look(somchai, "/my-data/opened", lang)
    if lang == "en":
        assert "handed out a code to sign in with: you have no phone that ThaiD works on" in page.main
        assert "handed out a code to sign in with: your phone or paper was lost or stolen" in page.main
    assert not [why for why in Why if "_" in why and why in page.main], "words, not codes"


def test_every_step_of_every_case_is_in_the_audit(
    client: FlaskClient, another_client: FlaskClient, sign_in: SignIn, send_a_change: Callable[..., str], tools: Tools
) -> None:
    reference = send_a_change(client, SOMCHAI)
    sign_in(another_client, OFFICER)
    post(another_client, f"/officer/hospital-change/{reference}/take")
    post(client, f"/hospital-change/{reference}/withdraw")
    steps = [(step.by, step.code) for step in tools.store.steps_of(reference)]
    lines = tools.store.lines_between(1, tools.store.last_number_given())
    noted = [(line.columns[3], json.loads(line.columns[8])["step"]) for line in lines
             if line.columns[1] == Act.REQUEST_STEP and line.columns[5] == reference]  # fmt: skip
    assert noted == steps
    audit.seal(tools)
    assert audit.check(tools).findings == ()


# A copy


def test_the_copy_holds_everything_as_a_file(somchai: FlaskClient, send_a_change: Callable[..., str], tools: Tools, person_id: str) -> None:
    reference = send_a_change(somchai, SOMCHAI)
    answer = post(somchai, "/my-data/export", **{"as": "json"})
    assert answer.headers["Cache-Control"] == "no-store"
    assert "attachment" in answer.headers["Content-Disposition"]
    data = json.loads(answer.data)["data"]
    assert data["identity"]["pid"] == SOMCHAI
    assert len(data["months_paid"]) == len(tools.store.contributions_of(person_id))
    assert data["requests"][0]["reference"] == reference
    assert {step["by"] for step in data["requests"][0]["steps"]} == {"you"}
    assert data["sessions"]
    assert person_id not in answer.get_data(as_text=True), "our own random number is nothing to them"
    assert Act.DATA_EXPORTED in acts_of(tools, person_id)


def test_the_copy_names_no_officer_and_leaves_out_nothing_noted(somchai: FlaskClient, tools: Tools, person_id: str) -> None:
    desk = tools.store.officer_of(OFFICER)
    found = counter_codes.look_up(tools, desk, SOMCHAI, NumberKind.CITIZEN)
    assert isinstance(found, counter_codes.AtTheCounter)
    assert counter_codes.issue(tools, desk, Why.NOT_THAI, found.shown)
    with tools.store.transaction():
        for _ in range(audit.SHOWN_TO_THE_PERSON):
            audit.opened(tools, desk, person_id, "", ReadReason.ON_THE_PHONE)
    tools.store.welcome(person_id, tools.clock.now())
    answer = post(somchai, "/my-data/export", **{"as": "json"})
    data = json.loads(answer.data)["data"]
    assert desk.id not in answer.get_data(as_text=True)
    assert data["counter_codes"][0]["why"] == "not_thai"
    assert len(data["audit"]) == len(acts_of(tools, person_id)) > audit.SHOWN_TO_THE_PERSON
    assert {"you", "officer"} <= {one["by"] for one in data["audit"]}
    assert data["settings"]["welcomed_at"]


def test_the_copy_tells_no_refusal_that_is_only_proposed(somchai: FlaskClient, tools: Tools) -> None:
    claim = claim_people.sent(tools, "dental")
    one, two = claim_people.officer(tools), claim_people.officer(tools, claim_people.SECOND_OFFICER)
    taken = claim_desk.take(tools, one, claim.reference)
    claim_desk.propose_refusal(tools, one, claim.reference, taken.version, RefusalReason.TOO_LATE, "")
    for way in ("json", "page"):
        told = post(somchai, "/my-data/export", **{"as": way}).get_data(as_text=True)
        assert claim.reference in told
        assert "refusal_proposed" not in told
        assert "too_late" not in told
    given = json.loads(post(somchai, "/my-data/export", **{"as": "json"}).data)["data"]["claims"][0]
    assert (given["status"], [step["code"] for step in given["steps"]]) == ("taken", ["sent", "taken"])
    claim_desk.confirm_refusal(tools, two, claim.reference)
    given = json.loads(post(somchai, "/my-data/export", **{"as": "json"}).data)["data"]["claims"][0]
    assert (given["status"], given["refusal_reason"], given["steps"][-1]["code"]) == ("refused", "too_late", "refused")


def test_the_copy_holds_what_was_decided_and_what_was_said_against_it(somchai: FlaskClient, tools: Tools) -> None:
    refused, approved = claim_people.refused(tools, "dental"), claim_people.approved(tools, "sickness")
    claims.appeal(tools, refused.person_id, refused.reference, "ยอดเงินไม่ถูกต้อง")
    claim_desk.note_death(tools, claim_people.officer(tools), approved.reference, tools.clock.today())
    data = json.loads(post(somchai, "/my-data/export", **{"as": "json"}).data)["data"]["claims"]
    given = {one["reference"]: one for one in data}
    said = given[refused.reference]
    assert (said["words_of_the_office"], said["appeal"]["words"], "upheld" in said["appeal"]) == ("สำเนาไม่ชัด", "ยอดเงินไม่ถูกต้อง", False)
    of_approved = given[approved.reference]
    assert [one["baht"] for one in of_approved["decided"]] == [str(one.baht) for one in approved.expected.sums]
    assert of_approved["died_on"] == tools.clock.today().isoformat()
    page = post(somchai, "/my-data/export", **{"as": "page"}).get_data(as_text=True)
    assert "ยอดเงินไม่ถูกต้อง" in page


@BOTH
def test_the_copy_can_be_read_as_a_page(somchai: FlaskClient, send_a_change: Callable[..., str], lang: str) -> None:
    send_a_change(somchai, SOMCHAI)
    somchai.set_cookie("sitthi-language", lang, domain="127.0.0.1")
    answer = post(somchai, "/my-data/export", **{"as": "page"})
    page = sound(read(answer), lang)
    assert "สมชาย" in page.main
    assert SOMCHAI in page.main
    assert answer.headers["Cache-Control"] == "no-store"
    labels = set(re.findall(r"<dt>\s*<code>(\w+)</code>", page.html))
    known_to_the_file_only = {"policy", "window_key", "approved_rank", "not_an_in_patient", "code", "file_by", "about"}
    assert labels <= known_to_the_file_only, "a field without a name"


def test_neither_is_given_to_an_old_sign_in(somchai: FlaskClient, clock: StandingClock, look: Look) -> None:
    clock.advance(seconds=FRESH_SECONDS + 5)
    assert post(somchai, "/my-data/export", **{"as": "json"}).status_code == 303
    assert post(somchai, "/my-data/erase", sure="1").status_code == 303
    for path in ("/my-data/export", "/my-data/erase"):
        page = look(somchai, path, "en")
        assert "Sign in once more first" in page.main
        assert f"/sign-in?next={path}" in page.html


def test_an_address_gives_nothing_away(somchai: FlaskClient) -> None:
    assert SOMCHAI not in somchai.get("/my-data/export?as=json", base_url=APP).get_data(as_text=True)


# Deleting


def test_what_may_go_goes_and_what_must_stay_is_named(
    somchai: FlaskClient, send_a_change: Callable[..., str], look: Look, tools: Tools, person_id: str
) -> None:
    reference = send_a_change(somchai, SOMCHAI)
    phone = phone_of(tools, person_id)
    post(somchai, "/my-data/calendar")
    post(somchai, "/my-data/consents/new_benefits", new_benefits="1")
    other = tools.store.person_id_of(SOMYING)
    theirs = phone_of(tools, other, "2")
    page = look(somchai, "/my-data/erase", "en")
    assert "Requests and their history" in page.main
    assert post(somchai, "/my-data/erase").status_code == 422
    assert tools.store.subscription_at(phone.endpoint)
    assert post(somchai, "/my-data/erase", sure="1").status_code == 303
    assert "It is deleted" in look(somchai, "/my-data/erase?done=1", "en").main
    assert tools.store.subscription_at(phone.endpoint) is None
    assert calendar_feed.feed_of(tools, person_id) is None
    assert tools.store.consents_of(person_id) == []
    assert tools.store.inbox_of(person_id, tools.clock.now(), 10) == []
    assert tools.store.hospital_change(reference)
    assert tools.store.subscription_at(theirs.endpoint), "nobody else's"
    assert acts_of(tools, person_id)[-1] == Act.DATA_ERASED
    assert post(somchai, "/my-data/erase", sure="1").status_code == 303, "twice is once"


# A stolen file


def test_a_stolen_file_tells_no_number_no_name_and_nothing_that_was_typed(
    client: FlaskClient, another_client: FlaskClient, sign_in: SignIn, send_a_change: Callable[..., str], tools: Tools
) -> None:
    """With everything that leaves traces: sign-ins, a form with a reason of one's own, a report, an officer's words, a paper form begun."""
    reference = send_a_change(client, SOMCHAI, cause="other", note="หมอที่นั่นไม่รับคนไข้เพิ่ม")
    post(client, "/my-data/wrong", key="k" * 20, about="wage", first_month="8", first_year="2569", should_be="ค่าจ้างจริงคือหมื่นแปด",
         proof="pay_slip")  # fmt: skip
    sign_in(another_client, OFFICER)
    post(another_client, f"/officer/hospital-change/{reference}/open", reason="other", words="เจ้าตัวร้องเรียนว่าช้า")
    post(another_client, f"/officer/hospital-change/{reference}/take")
    (told,) = tools.store.corrections_of(tools.store.person_id_of(SOMCHAI))
    post(another_client, f"/officer/corrections/{told.reference}/answer", answer="not_clear", words="สลิปที่แนบอ่านไม่ออก")
    post(another_client, "/officer/paper", number=SOMYING)
    path = Path(tools.store.path)  # type: ignore[attr-defined]
    raw = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    assert b"hospital_changes" in raw
    assert told.reference.encode() in raw, "this reads the file where these things are kept"
    typed = ("หมอที่นั่นไม่รับคนไข้เพิ่ม", "ค่าจ้างจริงคือหมื่นแปด", "เจ้าตัวร้องเรียนว่าช้า", "สลิปที่แนบอ่านไม่ออก")
    found = [words for words in typed if words.encode() in raw or json.dumps(words)[1:-1].encode() in raw]
    for person in PEOPLE:
        name = tools.store.name_of(tools.store.person_id_of(person.pid)) if tools.store.person_id_of(person.pid) else None
        words = (person.pid, *((name.full, f"{name.given_name} {name.family_name}") if name and name.family_name else ()))
        found += [word for word in words if word.encode() in raw]
    assert found == []
