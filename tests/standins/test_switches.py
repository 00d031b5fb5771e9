"""Each switch of the ThaiD stand-in spoils just what its name says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from joserfc import jws
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import OctKey

from tests.standins.relying_party import ISSUER, SOMCHAI, Clock, RelyingParty, callback_of
from webapp.standins.switches import CHOICE_WORDS, CHOICES, FAULTS, LIVE, LIVE_FAULTS, OFF

FLAT = {"pid", "given_name"}


def spoiled_claims(relying_party: RelyingParty, switch: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The token answer and the verified claims after one switch."""
    relying_party.switches(**{switch: True})
    said = relying_party.signs_in()
    return said, relying_party.reads(said["id_token"]).claims


CLAIM_FAULTS: dict[str, Callable[[dict[str, Any], float], bool]] = {
    "wrong_audience": lambda claims, now: claims["aud"] != "sitthi",
    "audience_list": lambda claims, now: claims["aud"] == ["sitthi"],
    "wrong_issuer": lambda claims, now: claims["iss"] != ISSUER,
    "expired": lambda claims, now: claims["exp"] < now - 60,
    "not_yet_valid": lambda claims, now: claims["iat"] > now + 60,
    "wrong_nonce": lambda claims, now: claims["nonce"] != "n1",
    "missing_nonce": lambda claims, now: "nonce" not in claims,
    "missing_at_hash": lambda claims, now: "at_hash" not in claims,
    "pid_not_sub": lambda claims, now: claims["pid"] != claims["sub"] == SOMCHAI,
    "foreign_azp": lambda claims, now: claims["azp"] != "sitthi",
}


@pytest.mark.parametrize("switch", CLAIM_FAULTS)
def test_a_claim_is_spoiled_under_a_good_signature(relying_party: RelyingParty, clock: Clock, switch: str) -> None:
    _, claims = spoiled_claims(relying_party, switch)
    assert CLAIM_FAULTS[switch](claims, clock.now)


def test_a_wrong_at_hash_belongs_to_another_token(relying_party: RelyingParty) -> None:
    right = relying_party.reads(relying_party.signs_in()["id_token"]).claims["at_hash"]
    assert len(spoiled_claims(relying_party, "wrong_at_hash")[1]["at_hash"]) == len(right)


def test_flat_fields_can_disagree_with_the_id_token(relying_party: RelyingParty) -> None:
    said, claims = spoiled_claims(relying_party, "fields_disagree")
    assert claims["pid"] == SOMCHAI != said["pid"]


def header_of(id_token: str) -> dict[str, Any]:
    return dict(jws.extract_compact(id_token.encode()).protected)


def test_an_unsigned_token_names_a_known_key(relying_party: RelyingParty) -> None:
    relying_party.switches(alg_none=True)
    id_token = relying_party.signs_in()["id_token"]
    assert header_of(id_token)["alg"] == "none"
    assert header_of(id_token)["kid"] in {key.kid for key in relying_party.key_set()}
    with pytest.raises(JoseError):
        relying_party.reads(id_token)


def test_an_hs256_token_is_signed_with_the_client_secret(relying_party: RelyingParty) -> None:
    relying_party.switches(hs256=True)
    id_token = relying_party.signs_in()["id_token"]
    jws.deserialize_compact(id_token, OctKey.import_key("a secret between two"), algorithms=["HS256"])
    with pytest.raises(JoseError):
        relying_party.reads(id_token)


def test_an_unknown_kid_is_not_among_the_keys(relying_party: RelyingParty) -> None:
    relying_party.switches(unknown_kid=True)
    id_token = relying_party.signs_in()["id_token"]
    assert header_of(id_token)["kid"] not in {key.kid for key in relying_party.key_set()}


def test_a_bad_signature_comes_with_a_known_kid(relying_party: RelyingParty) -> None:
    relying_party.switches(bad_signature=True)
    with pytest.raises(BadSignatureError):
        relying_party.reads(relying_party.signs_in()["id_token"])


def test_keys_can_rotate_between_consent_and_token(relying_party: RelyingParty) -> None:
    before = {key.kid for key in relying_party.key_set()}
    relying_party.switches(rotate_keys=True)
    id_token = relying_party.signs_in()["id_token"]
    assert header_of(id_token)["kid"] not in before
    relying_party.reads(id_token)


@pytest.mark.parametrize(("shape", "has_token", "fields"), [("flat", False, FLAT), ("openid", True, set()), ("both", True, FLAT)])
def test_the_shape_of_the_token_answer_can_be_chosen(relying_party: RelyingParty, shape: str, has_token: bool, fields: set[str]) -> None:
    relying_party.switches(token_shape=shape)
    said = relying_party.signs_in()
    assert ("id_token" in said, FLAT & set(said)) == (has_token, fields)


def test_the_expiry_can_have_the_name_that_the_manual_gives_it(relying_party: RelyingParty, clock: Clock) -> None:
    relying_party.switches(expiry_field="expire_in")
    said = relying_party.signs_in()
    assert said["expire_in"] == clock.now + 900
    assert "expires_in" not in said


@pytest.mark.parametrize(
    ("switch", "status", "words"),
    [
        ("token_error_500", 500, "Internal Server Error"),
        ("token_block_page", 403, "Web Page Blocked!"),
        ("invalid_code", 400, "Invalid Authorization Code"),
        ("duplicate_request", 400, "duplicate_request"),
    ],
)
def test_the_token_endpoint_can_fail(relying_party: RelyingParty, switch: str, status: int, words: str) -> None:
    relying_party.switches(**{switch: True})
    code = relying_party.gets_code()
    answer = relying_party.redeems(code)
    assert answer.status_code == status
    assert words in answer.text
    relying_party.http.delete("/simulator/switches")
    assert relying_party.redeems(code).status_code == 400, "a failed exchange has used the code up all the same"


def test_a_block_page_can_come_with_status_200(relying_party: RelyingParty) -> None:
    relying_party.switches(token_block_page=True, block_status="200")
    answer = relying_party.redeems(relying_party.gets_code())
    assert (answer.status_code, answer.mimetype) == (200, "text/html")


def test_the_token_endpoint_can_be_slow(relying_party: RelyingParty, clock: Clock) -> None:
    relying_party.switches(slow_token=20)
    relying_party.signs_in()
    assert 20 in clock.slept


def test_the_state_can_change_on_the_way_back(relying_party: RelyingParty) -> None:
    relying_party.switches(changed_state=True)
    assert callback_of(relying_party.phone_answers(relying_party.begins()))["state"] != "s1"


@pytest.mark.parametrize(("choice", "iss"), [("none", None), ("right", ISSUER), ("wrong", "https://somebody-else.invalid")])
def test_the_callback_can_name_its_issuer(relying_party: RelyingParty, choice: str, iss: str | None) -> None:
    relying_party.switches(callback_iss=choice)
    assert callback_of(relying_party.phone_answers(relying_party.begins())).get("iss") == iss


def test_discovery_can_promise_the_issuer(relying_party: RelyingParty) -> None:
    relying_party.switches(announce_iss=True)
    assert relying_party.http.get("/.well-known/openid-configuration").json["authorization_response_iss_parameter_supported"] is True


def test_a_refusal_can_have_its_other_name(relying_party: RelyingParty) -> None:
    relying_party.switches(refusal="access_denied")
    assert callback_of(relying_party.phone_answers(relying_party.begins(), answer="refuse"))["error"] == "access_denied"


@pytest.mark.parametrize(
    ("switch", "path", "status"),
    [
        ("discovery_block_page", "/.well-known/openid-configuration", 403),
        ("discovery_error_500", "/.well-known/openid-configuration", 500),
        ("jwks_block_page", "/jwks/", 403),
    ],
)
def test_discovery_and_keys_can_fail(relying_party: RelyingParty, switch: str, path: str, status: int) -> None:
    relying_party.switches(**{switch: True})
    assert relying_party.http.get(path).status_code == status


def test_discovery_and_keys_can_be_slow(relying_party: RelyingParty, clock: Clock) -> None:
    relying_party.switches(slow_discovery=7, slow_jwks=8.5)
    relying_party.http.get("/.well-known/openid-configuration")
    relying_party.http.get("/jwks/")
    assert clock.slept == [7, 8.5]


# How they are set


def test_switches_last_for_the_tokens_that_were_named(relying_party: RelyingParty) -> None:
    relying_party.switches(duplicate_request=True, tokens=2)
    errors = [relying_party.signs_in().get("error") for _ in range(3)]
    assert errors == ["duplicate_request", "duplicate_request", None]


def test_without_a_number_they_last_until_reset(relying_party: RelyingParty) -> None:
    relying_party.switches(duplicate_request=True)
    assert [relying_party.signs_in().get("error") for _ in range(3)] == ["duplicate_request"] * 3
    assert relying_party.http.delete("/simulator/switches").json == {"on": {}, "tokens": None}
    assert "error" not in relying_party.signs_in()


def test_a_new_setting_replaces_the_old_one(relying_party: RelyingParty) -> None:
    relying_party.switches(expired=True)
    assert relying_party.switches(hs256=True, tokens=1).json == {"on": {"hs256": True}, "tokens": 1}


def test_live_switches_stay_when_the_tokens_are_counted_down(relying_party: RelyingParty) -> None:
    relying_party.switches(jwks_block_page=True, expired=True, tokens=1)
    relying_party.signs_in()
    assert relying_party.http.get("/simulator/switches").json == {"on": {"jwks_block_page": True}, "tokens": None}


def test_a_fault_is_fixed_to_the_sign_in_when_the_phone_answers(relying_party: RelyingParty) -> None:
    relying_party.switches(duplicate_request=True)
    spoiled = relying_party.gets_code()
    relying_party.http.delete("/simulator/switches")
    assert relying_party.redeems(relying_party.gets_code()).status_code == 200
    assert relying_party.redeems(spoiled).json["error"] == "duplicate_request"


@pytest.mark.parametrize(
    "wanted",
    [
        {"typo": True},
        {"expired": 1},
        {"token_shape": "round"},
        {"slow_token": 61},
        {"slow_token": True},
        {"tokens": 0},
        {"tokens": True},
        [],
    ],
)
def test_what_is_not_a_switch_is_refused_by_name(relying_party: RelyingParty, wanted: Any) -> None:
    answer = relying_party.http.post("/simulator/switches", json=wanted)
    assert answer.status_code == 422
    assert answer.json["error"]
    assert relying_party.http.get("/simulator/switches").json["on"] == {}


def test_a_tester_may_choose_faults_on_the_consent_page(relying_party: RelyingParty, clock: Clock) -> None:
    said = relying_party.signs_in(form={"fault": ["expired", "wrong_nonce"], "slow_token": "3", "token_shape": "both"})
    claims = relying_party.reads(said["id_token"]).claims
    assert claims["exp"] < clock.now
    assert claims["nonce"] != "n1"
    assert 3 in clock.slept
    assert said["pid"] == SOMCHAI


@pytest.mark.parametrize("form", [{"fault": "typo"}, {"slow_token": "soon"}, {"token_shape": "round"}, {"answer": "maybe"}])
def test_a_consent_page_that_was_tampered_with_is_not_taken(relying_party: RelyingParty, form: dict[str, str]) -> None:
    assert relying_party.phone_answers(relying_party.begins(), **form).status_code == 422


def test_a_person_at_the_home_page_can_break_and_mend_the_server(relying_party: RelyingParty) -> None:
    http = relying_party.http
    http.post("/simulator/controls", data={"jwks_block_page": "on"})
    assert http.get("/jwks/").status_code == 403
    assert "jwks_block_page" in http.get("/").text
    http.post("/simulator/controls", data={"reset": ""})
    before = http.get("/jwks/").json
    http.post("/simulator/controls", data={"rotate": ""})
    assert http.get("/jwks/").json != before


def test_every_switch_has_a_place_on_a_page() -> None:
    shown = set(FAULTS) | set(CHOICES) | set(LIVE_FAULTS) | {"slow_token", "slow_discovery", "slow_jwks"}
    assert shown == set(vars(OFF))
    assert set(CHOICES) == set(CHOICE_WORDS)
    assert not LIVE & set(FAULTS)
