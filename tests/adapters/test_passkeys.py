"""Where passkeys are at home, what a browser is asked for, and answers that will not do (true ones: tests/journeys/test_passkeys.py)."""

from __future__ import annotations

import json

import pytest
from webauthn.helpers import bytes_to_base64url

from tests.standing_clock import StandingClock
from webapp.actions import passkeys
from webapp.adapters.passkeys import WebAuthn
from webapp.config import settings_from
from webapp.ports import Passkey, Tools

CHALLENGE = bytes(64)


def at(base_url: str) -> WebAuthn:
    return WebAuthn(settings_from({"SITTHI_BASE_URL": base_url}))


@pytest.mark.parametrize("base_url", ["http://127.0.0.1:8000", "http://localhost:8000"])
def test_in_development_they_live_on_localhost(base_url: str) -> None:
    provider = at(base_url)
    assert provider.home() == "http://localhost:8000"
    assert provider.is_at_home_on("localhost:8000")
    assert not provider.is_at_home_on("127.0.0.1:8000"), "an address of digits has no passkeys"


def test_a_browser_is_asked_for_a_key_that_checks_its_holder_and_tells_no_maker_and_no_name() -> None:
    asked = json.loads(at("http://localhost:8000").to_make(CHALLENGE, b"handle", "Sitthi 21 Dec 2026", ["AAAA"]))
    assert asked["rp"]["id"] == "localhost"
    assert asked["attestation"] == "none"
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["user"]["name"] == asked["user"]["displayName"] == "Sitthi 21 Dec 2026"
    assert [one["id"] for one in asked["excludeCredentials"]] == ["AAAA"]


def test_coming_in_names_nobody() -> None:
    asked = json.loads(at("http://localhost:8000").to_use(CHALLENGE))
    assert not asked.get("allowCredentials")
    assert asked["userVerification"] == "required"


EMPTY_ANSWER = '{"id":"AA","rawId":"AA","type":"public-key","response":{}}'


@pytest.mark.parametrize("answer", ["", "{", "[]", "3", "{}", EMPTY_ANSWER, "x" * 99_999, "[" * 16_000])
def test_an_answer_that_no_browser_gave_is_no_answer(tools: Tools, answer: str) -> None:
    provider = at("http://localhost:8000")
    kept = Passkey("AA", "somebody", "AA", 0, "thaid", tools.clock.now())
    assert provider.made(answer, CHALLENGE) is None
    assert provider.used(answer, CHALLENGE, kept) is None
    assert provider.challenge_in(answer) is None
    assert provider.credential_in(answer) in (None, "AA")


def test_whatever_checking_raises_is_a_bad_answer(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**given: object) -> None:
        raise OverflowError("in a library of the library")

    provider = at("http://localhost:8000")
    for name in ("verify_registration_response", "verify_authentication_response"):
        monkeypatch.setattr(f"webapp.adapters.passkeys.webauthn.{name}", broken)
    assert provider.made("{}", CHALLENGE) is None
    assert provider.used("{}", CHALLENGE, Passkey("AA", "somebody", "AA", 0, "thaid", tools.clock.now())) is None


def test_a_challenge_serves_its_own_browser_and_purpose_once_and_for_ten_minutes(tools: Tools, clock: StandingClock) -> None:
    def answered(challenge: bytes, browser: str = "this browser", purpose: passkeys.For = passkeys.For.USE) -> bool:
        said = {"response": {"clientDataJSON": _base64url(json.dumps({"challenge": _base64url(challenge)}).encode())}}
        return passkeys._answered(tools, browser, json.dumps(said), purpose) is not None

    given = [passkeys._challenge(tools, "this browser", passkeys.For.USE) for _ in range(5)]
    assert not answered(given[0], "another browser")
    assert not answered(given[0], purpose=passkeys.For.MAKE)
    assert answered(given[0])
    assert not answered(given[0]), "once"
    assert not answered(bytes(64)), "not ours"
    clock.advance(minutes=11)
    assert not answered(given[1]), "too late"


def _base64url(raw: bytes) -> str:
    return bytes_to_base64url(raw)
