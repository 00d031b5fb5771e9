"""Nobody learns by asking whether something of somebody else's exists: the same answer, to the byte, after the same work.

Work is counted, not timed: the statements that the store is given, and the costly reckonings (hashes, signatures).
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from webauthn.helpers import bytes_to_base64url
from werkzeug.test import TestResponse

from tests import claim_people
from tests.every_page import tell_what_is_wrong
from tests.front_door import APP, SignIn
from tests.pages import look
from tests.push_service import Phone, PushService, running_push_service
from tests.standing_clock import StandingClock
from webapp.actions import calendar_feed, claim_drafts, claims, corrections, counter_codes, devices, documents, helpers, passkeys, sessions
from webapp.actions.sessions import NO_DEVICE, Device
from webapp.app import create_app
from webapp.domain.assurance import Via
from webapp.domain.counter_code import ALPHABET, HALF, Why, check_character
from webapp.domain.document import Document, Place
from webapp.domain.helper_grant import Grant, Right, Term
from webapp.domain.person import NumberKind
from webapp.ports import CounterCode, Passkey, Tools
from webapp.web import guards
from webapp.web.papers import tag_of

SOMCHAI, SOMYING, OFFICER = "1000000000009", "1000000000017", "1000000000076"
LEFT_OF_THE_SESSION = re.compile(rb'data-ends-in="\d+"')
LITERAL = re.compile(r"'(?:[^']|'')*'|\b[0-9][0-9.e+]*\b|NULL")
OF_THE_BOARD = re.compile(r"FROM (notices|read_only_spells WHERE ended_at IS NULL OR)")


@pytest.fixture
def service() -> Iterator[PushService]:
    with running_push_service() as running:
        yield running


def work_of(tools: Tools, do: Callable[[], Any]) -> list[str]:
    """The statements that the store is given meanwhile, without what stands in them; but for the board's, which asks every few seconds,
    whatever the request."""
    seen: list[str] = []
    tools.store.db.conn.set_trace_callback(seen.append)  # type: ignore[attr-defined]
    do()
    tools.store.db.conn.set_trace_callback(None)  # type: ignore[attr-defined]
    return [re.sub(r"\s+", " ", LITERAL.sub("?", text)) for text in seen if not OF_THE_BOARD.search(text)]


def told(answer: TestResponse, asked: str = "") -> tuple[int, bytes, list[tuple[str, str]]]:
    """Everything that leaves: status, body and headers; without what was asked for, which a page's own address repeats, and the request's
    own random id, and the seconds that a session has left."""
    body = LEFT_OF_THE_SESSION.sub(b"data-ends-in", answer.get_data())
    headers = sorted(one for one in answer.headers.items() if one[0] != "X-Request-Id")
    return answer.status_code, body.replace(asked.encode() or b"\0", b"?"), headers


def differences(one: tuple[int, bytes, Any], other: tuple[int, bytes, Any]) -> list[Any]:
    """Where two answers are not the same; a page in pieces, so that a failure can be read."""
    pieces = [list(zip(*(page.split(b">") for page in (one[1], other[1])), strict=False))] if one[1] != other[1] else []
    unlike = [pair for pairs in pieces for pair in pairs if pair[0] != pair[1]] or ([(one[1], other[1])] if pieces else [])
    return unlike + [(a, b) for a, b in ((one[0], other[0]), (one[2], other[2])) if a != b]


def same(tools: Tools, ask: Callable[[str], TestResponse], *named: str) -> TestResponse:
    """Asks for each, holds answers and work against those of the first; returns the first answer. The first is asked once before, so that
    all find the same in caches."""
    ask(named[0])
    answers: list[TestResponse] = []
    work = [work_of(tools, lambda one=one: answers.append(ask(one))) for one in named]  # type: ignore[misc]
    for number, answer in enumerate(answers):
        assert differences(told(answer, named[number]), told(answers[0], named[0])) == [], named[number]
        assert work[number] == work[0], named[number]
    return answers[0]


def person_id(tools: Tools, pid: str) -> str:
    found = tools.store.person_id_of(pid)
    assert found
    return found


# Codes from a counter


def handed_over(tools: Tools, pid: str = SOMCHAI) -> str:
    officer = tools.store.officer_of(OFFICER)
    assert officer
    found = counter_codes.look_up(tools, officer, pid, NumberKind.CITIZEN)
    assert isinstance(found, counter_codes.AtTheCounter)
    counter_codes.issue(tools, officer, Why.NO_SMARTPHONE, found.shown)
    handed = counter_codes.to_hand_over(tools, officer)
    assert handed
    return handed.code


def with_another_end(code: str) -> str:
    """Well typed, with the same first half, and wrong."""
    free = code[:HALF] + "".join(ALPHABET[(ALPHABET.index(char) + 1) % len(ALPHABET)] for char in code[HALF:-1])
    return free + check_character(free)


def unknown_code() -> str:
    return "222222222" + check_character("222222222")


@pytest.fixture
def reckonings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A name for each costly reckoning of the codes, in their order."""
    done: list[str] = []
    for name in ("_scrypt", "_hashes"):
        real = getattr(counter_codes, name)
        monkeypatch.setattr(counter_codes, name, lambda *given, name=name, real=real: done.append(name) or real(*given))
    return done


def test_a_code_that_is_unknown_wrong_spent_or_over_costs_the_same(tools: Tools, clock: StandingClock, reckonings: list[str]) -> None:
    wrong, ended = with_another_end(handed_over(tools)), handed_over(tools, SOMYING)
    officer = tools.store.officer_of(OFFICER)
    assert officer
    tools.store.end_counter_codes_of(person_id(tools, SOMYING), tools.clock.now())
    work, counted = [], []
    for typed in (unknown_code(), wrong, ended, *[wrong] * counter_codes.TRIES):
        reckonings.clear()
        work.append(work_of(tools, lambda typed=typed: _not_taken(counter_codes.enter(tools, "browser:x", typed))))  # type: ignore[misc]
        counted.append(list(reckonings))
    clock.advance(days=8)
    reckonings.clear()
    work.append(work_of(tools, lambda: _not_taken(counter_codes.enter(tools, "browser:x", wrong))))
    counted.append(list(reckonings))
    assert [one for one in work if one != work[0]] == []
    assert [one for one in counted if one != counted[0]] == []
    assert counted[0] == ["_hashes"] * 2


def _not_taken(taken: CounterCode | counter_codes.CodeFault) -> None:
    assert taken is counter_codes.CodeFault.NOT_TAKEN


def test_the_page_of_a_code_says_the_same_whatever_is_wrong_with_it(client: FlaskClient, tools: Tools) -> None:
    wrong = with_another_end(handed_over(tools))
    client.get("/sign-in/counter", base_url=APP)
    same(tools, lambda typed: client.post("/sign-in/counter", data={"code": typed}, base_url=APP), unknown_code(), wrong)


# A PIN and half a code


def kept_pin(tools: Tools, pid: str = SOMCHAI) -> str:
    """The half that opens together with 902174."""
    code = handed_over(tools, pid)
    counter_codes.enter(tools, "browser:x", code)
    assert isinstance(counter_codes.set_pin(tools, "browser:x", "902174", "902174", None, NO_DEVICE), counter_codes.CameIn)
    return code[HALF:]


@pytest.mark.parametrize("known_phones_only", [False, True])
def test_a_half_that_nobody_has_a_wrong_pin_and_a_locked_one_cost_the_same(
    tools: Tools, reckonings: list[str], known_phones_only: bool
) -> None:
    half = kept_pin(tools)
    work, counted = [], []
    for typed in ("22222", *[half] * 7):
        reckonings.clear()
        work.append(work_of(tools, lambda typed=typed: _nobody(tools, typed, known_phones_only)))  # type: ignore[misc]
        counted.append(list(reckonings))
    kept = tools.store.pin_of(person_id(tools, SOMCHAI))
    assert kept
    assert (kept.locked_until > 0) is not known_phones_only, "the seventh was told while it was locked"
    assert [one for one in work if one != work[0]] == []
    assert [one for one in counted if one != counted[0]] == []
    assert counted[0] == ["_hashes", "_scrypt"]


def _nobody(tools: Tools, half: str, known_phones_only: bool) -> None:
    assert counter_codes.come_in_by_pin(tools, half, "902175", None, Device("", "mark"), known_phones_only) is None


def test_the_page_of_pins_says_the_same_but_for_what_was_typed(client: FlaskClient, tools: Tools) -> None:
    half = kept_pin(tools)
    client.get("/sign-in/pin", base_url=APP)
    client.post("/sign-in/pin", data={"half": "22222", "pin": "902175"}, base_url=APP)
    pages = [client.post("/sign-in/pin", data={"half": typed, "pin": "902175"}, base_url=APP) for typed in ("22222", half)]
    assert pages[0].status_code == pages[1].status_code == 422
    assert pages[0].get_data().replace(b"22222", b"") == pages[1].get_data().replace(half.encode(), b"")


# Passkeys


class Watched:
    """The passkey provider, with a count of the signatures it looked at."""

    def __init__(self, real: Any) -> None:
        self._real, self.looked_at = real, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def used(self, answer: str, challenge: bytes, passkey: Passkey) -> int | None:
        self.looked_at += 1
        found: int | None = self._real.used(answer, challenge, passkey)
        return found


def forged(challenge: bytes, credential: bytes) -> str:
    """What a browser would send, with a signature of nobody's."""
    client_data = {"type": "webauthn.get", "challenge": bytes_to_base64url(challenge), "origin": "http://localhost:8000"}
    authenticator = hashlib.sha256(b"localhost").digest() + bytes([0x05]) + bytes(4)
    name = bytes_to_base64url(credential)
    response = {
        "clientDataJSON": bytes_to_base64url(json.dumps(client_data).encode()),
        "authenticatorData": bytes_to_base64url(authenticator),
        "signature": bytes_to_base64url(bytes(70)),
    }
    return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def test_a_passkey_that_is_unknown_is_looked_at_as_long_as_one_that_signs_wrongly(tools: Tools) -> None:
    known = Passkey(
        bytes_to_base64url(b"k" * 32), person_id(tools, SOMCHAI), passkeys.NOBODYS.public_key, 0, Via.THAID, tools.clock.now()
    )
    tools.store.add_passkey(known)
    watched = Watched(tools.passkeys)
    held = replace(tools, passkeys=watched)
    work, looked_at = [], []
    for credential in (b"u" * 32, b"k" * 32):
        challenge = passkeys._challenge(held, "secret", passkeys.For.USE)
        answer = forged(challenge, credential)
        before = watched.looked_at
        work.append(work_of(tools, lambda answer=answer: _no_entry(held, answer)))  # type: ignore[misc]
        looked_at.append(watched.looked_at - before)
    assert work[0] == work[1]
    assert looked_at == [1, 1]


def _no_entry(held: Tools, answer: str) -> None:
    assert passkeys.come_in(held, "secret", answer, None, NO_DEVICE) is None


# Six digits


def test_the_digits_of_another_browsers_sign_in_are_as_good_as_none(tools: Tools, client: FlaskClient, another_client: FlaskClient) -> None:
    """Digits belong to the browser that began: for any other there are none to be found, right or wrong."""
    client.get("/sign-in/thaid", base_url=APP)
    another_client.get("/sign-in", base_url=APP)
    same(tools, lambda code: another_client.post("/sign-in/code", data={"code": code}, base_url=APP), "000000", "123456")


# What has a reference or an address


def test_anothers_request_and_none_at_all_are_the_same(
    client: FlaskClient, tools: Tools, sign_in: SignIn, send_a_change: Callable[..., str]
) -> None:
    theirs = send_a_change(client, SOMCHAI)
    client.post("/sign-out", base_url=APP)
    sign_in(client, SOMYING)
    none = theirs[:-4] + ("AAAA" if not theirs.endswith("AAAA") else "CCCC")
    for page in ("", "/form", "/print", "/calendar.ics", "/withdraw"):
        answer = same(tools, lambda one, page=page: client.get(f"/hospital-change/{one}{page}", base_url=APP), none, theirs)  # type: ignore[misc]
        assert answer.status_code == 404, page
    answer = same(tools, lambda one: client.post(f"/hospital-change/{one}/withdraw", base_url=APP), none, theirs)
    assert answer.status_code == 404


def test_what_another_said_is_wrong_and_nothing_at_all_are_the_same(client: FlaskClient, tools: Tools, sign_in: SignIn) -> None:
    theirs = tell_what_is_wrong(tools)[0]
    sign_in(client, SOMYING)
    none = theirs[:-4] + ("AAAA" if not theirs.endswith("AAAA") else "CCCC")
    assert corrections.correction_of(tools, person_id(tools, SOMCHAI), theirs)
    for page in ("", "/withdraw"):
        answer = same(tools, lambda one, page=page: client.get(f"/my-data/wrong/{one}{page}", base_url=APP), none, theirs)  # type: ignore[misc]
        assert answer.status_code == 404, page


CLAIM_PAGES = (
    "", "/print", "/form", "/letter", "/letter/print", "/letter.pdf", "/appeal", "/withdraw", "/payment", "/payment/account", "/pay",
    "/account", "/papers", "/check", "/drop", "/questions/1",
)  # fmt: skip
CLAIM_WRITES = ("/paper-given", "/payment", "/withdraw", "/appeal", "/pay", "/account", "/papers", "/check", "/questions/1", "/drop")


@pytest.mark.parametrize("is_sent", [True, False], ids=["sent", "a draft"])
def test_anothers_claim_and_none_at_all_are_the_same(client: FlaskClient, tools: Tools, sign_in: SignIn, is_sent: bool) -> None:
    theirs = (claim_people.refused if is_sent else claim_people.draft)(tools, "dental").reference
    sign_in(client, SOMYING)
    none = theirs[:-4] + ("AAAA" if not theirs.endswith("AAAA") else "CCCC")
    for page in CLAIM_PAGES:
        answer = same(tools, lambda one, page=page: client.get(f"/claims/{one}{page}", base_url=APP), none, theirs)  # type: ignore[misc]
        assert answer.status_code == 404, page
    for page in CLAIM_WRITES:
        answer = same(tools, lambda one, page=page: client.post(f"/claims/{one}{page}", base_url=APP), none, theirs)  # type: ignore[misc]
        assert answer.status_code == (303 if page == "/drop" else 404), page
    person = person_id(tools, SOMCHAI)
    assert claims.claim_of(tools, person, theirs) if is_sent else claim_drafts.draft_of(tools, person, theirs), "nothing came of it"
    answer = same(tools, lambda one: client.get(f"/officer/claims/{one}", base_url=APP), none, theirs)
    assert answer.status_code == 404


def test_anothers_paper_and_none_at_all_are_the_same(client: FlaskClient, tools: Tools, sign_in: SignIn) -> None:
    """By its own address, and by that of the claim it belongs to."""
    claim = claim_people.sent(tools, "dental")
    begun = documents.begin(tools, claim.person_id, Place("claim", claim.reference, "receipt"), 100, "a" * 64)
    assert isinstance(begun, Document)
    sign_in(client, SOMYING)
    nobodys = begun.id[:-4] + ("AAAA" if not begun.id.endswith("AAAA") else "CCCC")
    for page in ("", "/thumbnail", "/pages/1"):
        answer = same(tools, lambda one, page=page: client.get(f"/documents/{one}{page}", base_url=APP), nobodys, begun.id)  # type: ignore[misc]
        assert answer.status_code == 404, page
    at_0 = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    for ask in (
        lambda one: client.post(f"/documents/{one}/remove", base_url=APP),
        lambda one: client.head(f"/documents/{one}/pieces", base_url=APP),
        lambda one: client.patch(f"/documents/{one}/pieces", headers=at_0, data=b"x", base_url=APP),
        lambda one: client.get(f"/officer/documents/{one}", base_url=APP),
    ):
        assert same(tools, ask, nobodys, begun.id).status_code == 404
    assert documents.documents_of(tools, claim.person_id, "claim", claim.reference) == [begun]
    none, at = claim.reference[:-4] + "AAAA", f"/documents/for/claim/%s/{tag_of('receipt')}"
    for ask in (
        lambda one: client.get(at % one, base_url=APP),
        lambda one: client.post(at % one, data={"file": (io.BytesIO(b"x"), "x.jpg")}, content_type="multipart/form-data", base_url=APP),
        lambda one: client.post(f"{at % one}/pieces", data={"size": 100, "sha256": "a" * 64}, base_url=APP),
    ):
        assert same(tools, ask, none, claim.reference).status_code == 404


def test_anothers_grant_and_none_at_all_are_the_same(client: FlaskClient, tools: Tools, sign_in: SignIn) -> None:
    theirs = offered_code(tools)[0]
    sign_in(client, SOMYING)
    nobodys = "0" * len(theirs)
    answer = same(tools, lambda one: client.get(f"/my-data/helpers/{one}", base_url=APP), nobodys, theirs)
    assert answer.status_code == 404
    for write in ("/my-data/helpers/%s/end", "/helpers/%s/end"):
        answer = same(tools, lambda one, write=write: client.post(write % one, base_url=APP), nobodys, theirs)  # type: ignore[misc]
        assert answer.status_code == 404, write
    same(tools, lambda one: client.post(f"/helpers/{one}/begin", base_url=APP), nobodys, theirs)
    same(tools, lambda one: client.post("/helpers/accept", data={"grant": one}, base_url=APP), nobodys, theirs)


# A code that lets somebody help


def offered_code(tools: Tools) -> tuple[str, str]:
    """An offer of Somchai's that nobody has taken up, and its code."""
    offered = helpers.offer(tools, person_id(tools, SOMCHAI), "key-of-an-offer-1", [Right.SEE_MONTHS], Term.ONE_DAY)
    assert isinstance(offered, Grant)
    code = helpers.code_to_hand_over(tools, person_id(tools, SOMCHAI), offered.id)
    assert code
    return offered.id, code


def test_a_helpers_code_that_is_unknown_wrong_spent_or_over_costs_the_same(tools: Tools, clock: StandingClock) -> None:
    wrong, me = with_another_end(offered_code(tools)[1]), person_id(tools, SOMYING)
    work = [
        work_of(tools, lambda typed=typed: _no_offer(tools, me, typed))  # type: ignore[misc]
        for typed in (unknown_code(), *[wrong] * (counter_codes.TRIES + 1))
    ]
    clock.advance(days=8)
    work.append(work_of(tools, lambda: _no_offer(tools, me, wrong)))
    assert [one for one in work if one != work[0]] == []


def _no_offer(tools: Tools, me: str, typed: str) -> None:
    assert helpers.enter_code(tools, me, typed) is helpers.CodeFault.NOT_TAKEN


def test_the_page_of_a_helpers_code_says_the_same_whatever_is_wrong_with_it(client: FlaskClient, tools: Tools, sign_in: SignIn) -> None:
    wrong = with_another_end(offered_code(tools)[1])
    sign_in(client, SOMYING)
    answer = same(tools, lambda typed: client.post("/helpers/code", data={"code": typed}, base_url=APP), unknown_code(), wrong)
    assert answer.status_code == 422


def test_officers_pages_are_nobodys_for_everybody_else(client: FlaskClient, tools: Tools, sign_in: SignIn) -> None:
    theirs = tell_what_is_wrong(tools)[0]
    sign_in(client, SOMYING)
    answer = same(tools, lambda one: client.get(f"/officer/corrections/{one}", base_url=APP), f"{theirs[:-4]}AAAA", theirs)
    assert answer.status_code == 404


def test_a_calendar_that_ended_and_one_never_made_are_the_same(client: FlaskClient, tools: Tools) -> None:
    token = calendar_feed.open_feed(tools, person_id(tools, SOMCHAI), "th")
    calendar_feed.end_feed(tools, person_id(tools, SOMCHAI))
    answer = same(tools, lambda one: client.get(f"/reminders/feed/{one}.ics", base_url=APP), "A" * len(token), token)
    assert answer.status_code == 410


def test_the_session_of_another_cannot_be_ended_nor_found(client: FlaskClient, tools: Tools, sign_in: SignIn) -> None:
    token = sessions.open_session(tools, person_id(tools, SOMCHAI), None, Via.THAID, "2.3")
    theirs = tools.store.session(sessions.hash_of(token))
    assert theirs
    sign_in(client, SOMYING)
    nobodys = "0" * devices.NAME_LETTERS
    same(tools, lambda name: client.post("/my-data/devices/end", data={"session": name}, base_url=APP), nobodys, devices.name_of(theirs))
    assert tools.store.session(theirs.id_hash)


def test_the_passkey_of_another_cannot_be_removed_nor_found(client: FlaskClient, tools: Tools, sign_in: SignIn) -> None:
    known = Passkey("theirs", person_id(tools, SOMCHAI), passkeys.NOBODYS.public_key, 0, Via.THAID, tools.clock.now())
    tools.store.add_passkey(known)
    sign_in(client, SOMYING)
    same(tools, lambda one: client.post("/my-data/passkeys/remove", data={"passkey": one}, base_url=APP), "none", "theirs")
    assert tools.store.passkey("theirs")


def test_forgetting_a_phone_says_the_same_whether_we_knew_it_or_not(client: FlaskClient, service: PushService) -> None:
    """Its address is a secret of browser, push service and us: whoever has it may end it, and is told nothing."""
    known, unknown = Phone(service.url), Phone(service.url)
    client.post("/reminders/subscriptions", json=known.subscription(), base_url=APP)
    said = [client.delete("/reminders/subscriptions", json={"endpoint": one.endpoint}, base_url=APP) for one in (unknown, known)]
    assert told(said[0]) == told(said[1])
    assert said[0].status_code == 204


@pytest.mark.parametrize("path", ["/sign-in/counter", "/sign-in/pin"])
def test_misses_are_counted_for_what_exists_as_for_what_does_not(tools: Tools, path: str) -> None:
    limited = replace(tools, settings=replace(tools.settings, limits=True))
    half, wrong = kept_pin(limited, SOMYING), with_another_end(handed_over(limited))
    client = create_app(limited.settings, limited).test_client()
    client.get(path, base_url=APP)
    codes, halves = [{"code": unknown_code()}, {"code": wrong}], [{"half": one, "pin": "902175"} for one in ("22222", half)]
    forms = codes if path.endswith("counter") else halves
    client.post(path, data=forms[0], base_url=APP)
    work = [work_of(limited, lambda form=form: client.post(path, data=form, base_url=APP)) for form in forms]  # type: ignore[misc]
    assert work[0] == work[1]
    assert any("tries" in one for one in work[0])


def test_sign_in_alone_tells_whose_record_there_is(app: Flask, client: FlaskClient) -> None:
    """No page that asks without a session answers by a number or a name: there is no field for one."""
    assert app.view_functions
    for path in ("/sign-in", "/sign-in/counter", "/sign-in/pin", "/sign-in/passkey", "/sign-in/other-ways", "/government-channel"):
        typed = {field.get("name") for field in look(client, path, "en").fields if field.get("type") != "hidden"}
        assert typed <= {"code", "half", "pin", "language", None}, path
    assert guards.act_of(app.view_functions["counter.number"]) is not None
