"""The seven points of ThaiD, each against the live stand-in and its switches, and servers that are slow, broken or not ThaiD at all."""

from __future__ import annotations

import json
import logging
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
import requests
from flask import Flask, Response, jsonify, redirect, request

from tests.front_door import APP, CALLBACK, StandIn, consent_at_thaid, running
from webapp.adapters.identity.discovery import Issuer
from webapp.adapters.identity.thaid import REVOKE_SECONDS, ThaiD
from webapp.config import Settings, SettingsRefused, settings_from
from webapp.ports import Attempt, Identity, SignInFailed

SOMCHAI, LOW_IAL, BAD_CHECK_DIGIT, ONE_NAME = "1000000000009", "1000000000114", "1000000000008", "1000000000131"
OUR_ADDRESS = APP + CALLBACK
CLOSED_WORDS = {
    "refused", "provider_down", "timed_out", "blocked_page", "code_not_taken", "not_verified", "number_not_valid", "ial_too_low",
}  # fmt: skip


@pytest.fixture
def settings(standin: StandIn) -> Settings:
    return settings_from({"SITTHI_THAID_ISSUER": standin.url})


def attempt_of(start: Any) -> Attempt:
    return Attempt("state hash", "browser hash", start.nonce, start.verifier, OUR_ADDRESS, "/", 0.0)


def walk(provider: ThaiD, pid: str = SOMCHAI, **fields: str) -> tuple[dict[str, str], Attempt]:
    """To ThaiD and back: what the callback carries, and the attempt it belongs to."""
    start = provider.begin(OUR_ADDRESS)
    callback = consent_at_thaid(start.url, pid, **fields)
    return dict(parse_qsl(urlsplit(callback).query)), attempt_of(start)


def signs_in(settings: Settings, pid: str = SOMCHAI, **fields: str) -> Identity:
    provider = ThaiD(settings)
    return provider.finish(*walk(provider, pid, **fields))


def cause_of(errand: Callable[[], object]) -> str:
    with pytest.raises(SignInFailed) as caught:
        errand()
    assert caught.value.cause in CLOSED_WORDS
    assert not re.search(r"\d{13}", str(caught.value)), "a citizen number in a fault's text"
    return caught.value.cause


# What is sent


def test_the_way_to_thaid_carries_state_nonce_and_an_s256_challenge_and_no_secret(settings: Settings) -> None:
    start = ThaiD(settings).begin(OUR_ADDRESS)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(start.url).query).items()}
    assert (asked["state"], asked["nonce"]) == (start.state, start.nonce)
    assert asked["code_challenge_method"] == "S256"
    assert asked["code_challenge"] != start.verifier
    assert start.verifier not in start.url
    assert settings.thaid_client_secret not in start.url
    assert (asked["response_type"], asked["redirect_uri"], asked["scope"]) == ("code", OUR_ADDRESS, settings.thaid_scopes)


def test_no_two_attempts_share_a_secret(settings: Settings) -> None:
    provider = ThaiD(settings)
    one, other = provider.begin(OUR_ADDRESS), provider.begin(OUR_ADDRESS)
    assert not {one.state, one.nonce, one.verifier} & {other.state, other.nonce, other.verifier}


def test_another_browsers_verifier_does_not_redeem_the_code(settings: Settings) -> None:
    provider = ThaiD(settings)
    callback, attempt = walk(provider)
    assert cause_of(lambda: provider.finish(callback, replace(attempt, verifier="x" * 43))) == "code_not_taken"


# What is believed


def test_somchai_is_somchai(settings: Settings) -> None:
    assert signs_in(settings) == Identity(SOMCHAI, "สมชาย", "ตัวอย่าง", date(1986, 5, 1), "2.3")


def test_a_person_with_one_name_is_let_in(settings: Settings) -> None:
    identity = signs_in(settings, ONE_NAME)
    assert (identity.given_name, identity.family_name) == ("เดี่ยว", "")


@pytest.mark.parametrize("field", ["expires_in", "expire_in"])
def test_an_absolute_expiry_is_no_concern_of_ours(settings: Settings, standin: StandIn, field: str) -> None:
    standin.switch(expiry_field=field)
    assert signs_in(settings).pid == SOMCHAI


@pytest.mark.parametrize(
    "scopes", ["pid given_name family_name birthdate ial", "openid pid given_name family_name birthdate ial", "openid given_name ial"]
)
def test_both_shapes_of_answer_are_read(settings: Settings, scopes: str) -> None:
    identity = signs_in(replace(settings, thaid_scopes=scopes))
    assert (identity.pid, identity.given_name) == (SOMCHAI, "สมชาย")


def test_fields_and_token_together_are_read_where_they_agree(settings: Settings, standin: StandIn) -> None:
    standin.switch(token_shape="both")
    assert signs_in(settings).pid == SOMCHAI


def test_a_missing_id_token_is_a_missing_nonce(settings: Settings, standin: StandIn) -> None:
    standin.switch(token_shape="flat")
    assert cause_of(lambda: signs_in(settings)) == "not_verified"
    assert signs_in(replace(settings, thaid_allow_missing_nonce=True)).pid == SOMCHAI


def test_a_missing_nonce_is_refused_unless_the_operator_allows_it(settings: Settings, standin: StandIn) -> None:
    standin.switch(missing_nonce=True)
    assert cause_of(lambda: signs_in(settings)) == "not_verified"
    assert signs_in(replace(settings, thaid_allow_missing_nonce=True)).pid == SOMCHAI


def test_a_wrong_nonce_is_refused_even_where_a_missing_one_is_allowed(settings: Settings, standin: StandIn) -> None:
    standin.switch(wrong_nonce=True)
    assert cause_of(lambda: signs_in(replace(settings, thaid_allow_missing_nonce=True))) == "not_verified"


@pytest.mark.parametrize("odd_but_right", ["audience_list", "missing_at_hash", "rotate_keys"])
def test_what_is_odd_but_right_is_accepted(settings: Settings, standin: StandIn, odd_but_right: str) -> None:
    standin.switch(**{odd_but_right: True})
    assert signs_in(settings).pid == SOMCHAI


@pytest.mark.parametrize(
    "lie",
    [
        "wrong_audience", "wrong_issuer", "alg_none", "hs256", "unknown_kid", "bad_signature", "expired", "not_yet_valid", "wrong_at_hash",
        "wrong_nonce", "pid_not_sub", "foreign_azp", "fields_disagree",
    ],
)  # fmt: skip
def test_a_token_that_does_not_hold_is_refused(settings: Settings, standin: StandIn, lie: str) -> None:
    standin.switch(**{lie: True})
    assert cause_of(lambda: signs_in(settings)) == "not_verified"


@pytest.mark.parametrize(("seconds_off", "holds"), [(-50, True), (50, True), (-70, False), (16 * 60 + 50, False), (15 * 60 + 40, True)])
def test_clocks_may_differ_by_a_minute(settings: Settings, seconds_off: int, holds: bool) -> None:
    provider = ThaiD(settings, machine_time=lambda: time.time() + seconds_off)
    callback, attempt = walk(provider)
    if holds:
        assert provider.finish(callback, attempt).pid == SOMCHAI
    else:
        assert cause_of(lambda: provider.finish(callback, attempt)) == "not_verified"


def test_a_number_that_fails_its_check_digit_is_refused(settings: Settings) -> None:
    assert cause_of(lambda: signs_in(settings, BAD_CHECK_DIGIT)) == "number_not_valid"


def test_a_low_level_of_identity_is_refused(settings: Settings) -> None:
    assert cause_of(lambda: signs_in(settings, LOW_IAL)) == "ial_too_low"
    assert signs_in(replace(settings, thaid_min_ial="1.1"), LOW_IAL).ial == "1.1"


@pytest.mark.parametrize(
    ("said", "least", "enough"),
    [
        ("2.3", "2.1", True), ("2.1", "2.1", True), ("2.10", "2.9", True), ("3", "2.9", True), ("2", "2.0", True),
        ("1.9", "2", False), ("", "1", False), ("high", "1", False), ("9" * 5000, "1", False),
    ],
)  # fmt: skip
def test_levels_are_compared_number_by_number(settings: Settings, said: str, least: str, enough: bool) -> None:
    answer = {"access_token": "t", "pid": SOMCHAI, "ial": said}
    provider = ThaiD(replace(settings, thaid_min_ial=least, thaid_scopes="pid ial"))
    read = lambda: provider._identity_in(answer, Attempt("", "", "", "", "", "", 0), None)  # type: ignore[arg-type]  # noqa: E731
    if enough:
        assert read().ial == said
    else:
        assert cause_of(read) == "ial_too_low"


def test_a_minimum_level_that_is_no_number_keeps_the_app_from_starting(settings: Settings) -> None:
    with pytest.raises(SettingsRefused, match="SITTHI_THAID_MIN_IAL"):
        ThaiD(replace(settings, thaid_min_ial="high"))


@pytest.mark.parametrize(
    ("said", "believed"),
    [
        ("1986-05-01", date(1986, 5, 1)), ("1986-00-00", None), ("1986", None), ("", None), (None, None), ("2026-02-30", None),
        (19860501, None),
    ],
)  # fmt: skip
def test_a_birthday_known_in_part_keeps_nobody_out(settings: Settings, said: object, believed: date | None) -> None:
    answer = {"access_token": "t", "pid": "๑-๐๐๐๐-๐๐๐๐๐-๐๐-๙", "ial": 2.3, "birthdate": said}
    provider = ThaiD(replace(settings, thaid_scopes="pid ial birthdate"))
    identity = provider._identity_in(answer, Attempt("", "", "", "", "", "", 0), None)  # type: ignore[arg-type]
    assert (identity.pid, identity.birth_date) == (SOMCHAI, believed)


# The callback


@pytest.mark.parametrize("word", ["user_denied", "access_denied"])
def test_a_refusal_is_a_refusal_under_either_word(settings: Settings, standin: StandIn, word: str) -> None:
    standin.switch(refusal=word)
    assert cause_of(lambda: signs_in(settings, answer="refuse")) == "refused"


def test_another_error_in_the_callback_is_thaids_trouble(settings: Settings) -> None:
    attempt = Attempt("", "", "", "", OUR_ADDRESS, "/", 0)
    assert cause_of(lambda: ThaiD(settings).finish({"error": "server_error"}, attempt)) == "provider_down"
    assert cause_of(lambda: ThaiD(settings).finish({}, attempt)) == "not_verified"


def test_the_issuer_of_the_callback_counts_whenever_it_is_named_or_promised(settings: Settings, standin: StandIn) -> None:
    for promised, named, holds in [(False, "right", True), (True, "right", True), (False, "wrong", False), (True, "none", False)]:
        standin.switch(announce_iss=promised, callback_iss=named)
        if holds:
            assert signs_in(settings).pid == SOMCHAI
        else:
            assert cause_of(lambda: signs_in(settings)) == "not_verified"


# Trouble on the line


@pytest.mark.parametrize("switch", ["token_block_page", "jwks_block_page", "discovery_block_page"])
@pytest.mark.parametrize("status", ["403", "200"])
def test_the_firewalls_page_is_told_from_an_answer(settings: Settings, standin: StandIn, switch: str, status: str) -> None:
    standin.switch(**{switch: True, "block_status": status})
    assert cause_of(lambda: signs_in(settings)) == "blocked_page"


@pytest.mark.parametrize("switch", ["token_error_500", "discovery_error_500"])
def test_a_broken_server_is_named_as_such(settings: Settings, standin: StandIn, switch: str) -> None:
    standin.switch(**{switch: True})
    assert cause_of(lambda: signs_in(settings)) == "provider_down"


def test_nobody_listening_is_the_provider_being_down(settings: Settings) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}"
    assert cause_of(lambda: ThaiD(replace(settings, thaid_issuer=address)).begin(OUR_ADDRESS)) == "provider_down"


@pytest.mark.parametrize("switch", ["invalid_code", "duplicate_request"])
def test_a_code_that_thaid_does_not_take_is_named_as_such(settings: Settings, standin: StandIn, switch: str) -> None:
    standin.switch(**{switch: True})
    assert cause_of(lambda: signs_in(settings)) == "code_not_taken"


def test_a_wrong_client_secret_is_no_fault_of_the_person(settings: Settings) -> None:
    assert cause_of(lambda: signs_in(replace(settings, thaid_client_secret="another secret"))) == "provider_down"


@pytest.mark.parametrize("switch", ["slow_discovery", "slow_token", "slow_jwks"])
def test_every_call_ends_in_time(settings: Settings, standin: StandIn, switch: str) -> None:
    standin.switch(**{switch: 3.0})
    began = time.monotonic()
    assert cause_of(lambda: signs_in(replace(settings, thaid_timeout=0.8))) == "timed_out"
    assert time.monotonic() - began < 2.5


TRICKLES = {
    "headers": b"HTTP/1.1 200 OK\r\nX-Wait: ",
    "body": b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4000\r\n\r\n{",
}


@pytest.mark.parametrize("part", TRICKLES)
def test_a_server_that_trickles_is_left_at_the_deadline(settings: Settings, part: str) -> None:
    with trickling_server(TRICKLES[part]) as address:
        began = time.monotonic()
        slow = replace(settings, thaid_issuer=address, thaid_timeout=0.6)
        assert cause_of(lambda: ThaiD(slow).begin(OUR_ADDRESS)) == "timed_out"
        assert time.monotonic() - began < 1.5


@contextmanager
def trickling_server(first: bytes) -> Iterator[str]:
    """Sends its first words at once and then a byte every tenth of a second: no single wait is long."""
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            line, _ = server.accept()
            with line:
                line.recv(4096)
                line.sendall(first)
                while not ended.wait(0.1):
                    try:
                        line.sendall(b" ")
                    except OSError:
                        return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}"
        finally:
            ended.set()
            thread.join(5)


def odd_provider(answer: Callable[[str], Any]) -> Flask:
    app = Flask("odd provider")

    @app.get("/.well-known/openid-configuration")
    def discovery() -> Any:
        return answer(request.host_url.rstrip("/"))

    return app


def described(issuer: str, **changes: object) -> dict[str, object]:
    endpoints = {"authorization_endpoint": f"{issuer}/a/", "token_endpoint": f"{issuer}/t/", "jwks_uri": f"{issuer}/k/"}
    return {"issuer": issuer, **endpoints, **changes}


@pytest.mark.parametrize(
    "answer",
    [
        lambda issuer: jsonify(described(issuer, issuer="https://somebody-else.invalid")),
        lambda issuer: jsonify(described(issuer, issuer=issuer + "/")),
        lambda issuer: jsonify({"issuer": issuer}),
        lambda issuer: jsonify(described(issuer, token_endpoint="ftp://127.0.0.1/t/")),
        lambda issuer: redirect(f"{issuer}/elsewhere"),
        lambda issuer: Response("not JSON", mimetype="application/json"),
        lambda issuer: jsonify([issuer]),
        lambda issuer: (jsonify(described(issuer)), 404),
        lambda issuer: jsonify(described(issuer, padding="x" * 300_000)),
    ],
    ids=["another issuer", "a slash more", "no endpoints", "another scheme", "a redirect", "no JSON", "a list", "not found", "too large"],
)
def test_a_discovery_document_that_will_not_do_is_refused(settings: Settings, answer: Callable[[str], Any]) -> None:
    with running(odd_provider(answer)) as address:
        assert cause_of(lambda: ThaiD(replace(settings, thaid_issuer=address)).begin(OUR_ADDRESS)) == "provider_down"


def test_a_document_of_https_may_not_lead_to_plain_http() -> None:
    issuer = Issuer("https://thaid.invalid")
    with pytest.raises(SignInFailed, match="token_endpoint"):
        issuer._check(described("https://thaid.invalid", token_endpoint="http://thaid.invalid/t/"))


# Keys and what is fetched


class Counted:
    """The stand-in's requests by path, seen from its own side."""

    def __init__(self, app: Flask) -> None:
        self.paths: list[str] = []
        self.bodies: list[dict[str, str]] = []
        self._inner = app.wsgi_app
        app.wsgi_app = self  # type: ignore[method-assign,assignment]
        self._app = app

    def __call__(self, environ: Any, start_response: Any) -> Any:
        self.paths.append(environ["PATH_INFO"])
        return self._inner(environ, start_response)

    def stop(self) -> None:
        self._app.wsgi_app = self._inner  # type: ignore[method-assign]

    def times(self, ending: str) -> int:
        return sum(path.endswith(ending) for path in self.paths)


@pytest.fixture
def counted(standin: StandIn) -> Iterator[Counted]:
    counter = Counted(standin.app)
    yield counter
    counter.stop()


def test_the_document_and_the_keys_are_fetched_once_for_many(settings: Settings, counted: Counted) -> None:
    provider = ThaiD(settings)
    for _ in range(3):
        provider.finish(*walk(provider))
    assert (counted.times("openid-configuration"), counted.times("/jwks/")) == (1, 1)


def test_they_are_fetched_anew_after_an_hour(settings: Settings, counted: Counted) -> None:
    moment = [0.0]
    provider = ThaiD(settings)
    provider._issuer._clock = lambda: moment[0]
    provider.begin(OUR_ADDRESS)
    moment[0] = 3601.0
    provider.begin(OUR_ADDRESS)
    assert counted.times("openid-configuration") == 2


def test_keys_that_rotated_are_fetched_once_more_for_each_stranger(settings: Settings, standin: StandIn, counted: Counted) -> None:
    provider = ThaiD(settings)
    provider.finish(*walk(provider))
    standin.switch(rotate_keys=True)
    assert provider.finish(*walk(provider)).pid == SOMCHAI
    assert counted.times("/jwks/") == 2
    standin.switch(unknown_kid=True)
    assert cause_of(lambda: provider.finish(*walk(provider))) == "not_verified"
    assert counted.times("/jwks/") == 3


def test_a_code_is_shown_once_whatever_comes_back(settings: Settings, standin: StandIn, counted: Counted) -> None:
    for fault in ("token_error_500", "token_block_page", "invalid_code"):
        counted.paths.clear()
        standin.switch(**{fault: True})
        cause_of(lambda: signs_in(settings))
        assert counted.times("/token/") == 1


# Afterwards


def test_the_token_is_revoked_whether_or_not_it_held(settings: Settings, standin: StandIn) -> None:
    desk = standin.app.extensions["thaid"]
    desk._tokens.clear()
    signs_in(settings)
    cause_of(lambda: signs_in(settings, LOW_IAL))
    assert desk._tokens == {}


def test_who_was_verified_is_let_in_though_revoking_fails(settings: Settings, standin: StandIn, caplog: pytest.LogCaptureFixture) -> None:
    provider = ThaiD(settings)
    callback, attempt = walk(provider)
    metadata = dict(requests.get(f"{standin.url}/.well-known/openid-configuration", timeout=5).json())
    provider._issuer._metadata = (time.monotonic(), metadata | {"revocation_endpoint": f"{standin.url}/gone/"})
    assert provider.finish(callback, attempt).pid == SOMCHAI
    assert "not revoked" in caplog.text


def test_revoking_has_a_short_limit_of_its_own(settings: Settings, standin: StandIn) -> None:
    provider = ThaiD(settings)
    callback, attempt = walk(provider)
    with trickling_server(TRICKLES["headers"]) as address:
        metadata = dict(requests.get(f"{standin.url}/.well-known/openid-configuration", timeout=5).json())
        provider._issuer._metadata = (time.monotonic(), metadata | {"revocation_endpoint": f"{address}/revoke/"})
        began = time.monotonic()
        assert provider.finish(callback, attempt).pid == SOMCHAI
        assert time.monotonic() - began < REVOKE_SECONDS + 1.5


def test_nothing_personal_and_no_token_is_logged(settings: Settings, standin: StandIn, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    provider = ThaiD(settings)
    callback, attempt = walk(provider)
    caplog.clear()
    provider.finish(callback, attempt)
    standin.switch(pid_not_sub=True)
    cause_of(lambda: signs_in(settings))
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name != "werkzeug")
    for secret in (SOMCHAI, "สมชาย", callback["code"], attempt.verifier, settings.thaid_client_secret):
        assert secret not in ours


def test_an_answer_without_an_access_token_is_refused(settings: Settings) -> None:
    def answers() -> Flask:
        app = odd_provider(lambda issuer: jsonify(described(issuer)))
        app.add_url_rule("/t/", "token", lambda: jsonify(json.loads('{"pid": "1000000000009", "ial": "2.3"}')), methods=["POST"])
        return app

    with running(answers()) as address:
        provider = ThaiD(replace(settings, thaid_issuer=address, thaid_scopes="pid ial"))
        attempt = attempt_of(provider.begin(OUR_ADDRESS))
        assert cause_of(lambda: provider.finish({"code": "c"}, attempt)) == "not_verified"
