"""The ThaiD stand-in keeps DOPA's paths and oddities: S1 to S13 of the facts."""

from __future__ import annotations

import re

import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from flask.testing import FlaskClient

from tests.standins.relying_party import AUTH, CALLBACK, IPHONE, ISSUER, SOMCHAI, THEIRS, TOKEN, Clock, RelyingParty, basic, callback_of
from webapp.standins.desk import Config
from webapp.standins.signing import at_hash
from webapp.standins.thaid import NotLoopback, app_from_environment, create_app, serve

# S1, S2: discovery and keys


def test_discovery_stands_at_the_root_and_nowhere_else(http: FlaskClient) -> None:
    assert http.get("/.well-known/openid-configuration").json["issuer"] == ISSUER
    assert http.get("/api/v2/.well-known/openid-configuration").status_code == 404


def test_discovery_names_dopas_paths_with_their_slashes(http: FlaskClient) -> None:
    said = http.get("/.well-known/openid-configuration").json
    assert said["authorization_endpoint"] == f"{ISSUER}/api/v2/oauth2/auth/"
    assert said["token_endpoint"] == f"{ISSUER}/api/v2/oauth2/token/"
    assert said["introspection_endpoint"] == f"{ISSUER}/api/v2/oauth2/introspect/"
    assert said["revocation_endpoint"] == f"{ISSUER}/api/v2/oauth2/revoke/"
    assert said["jwks_uri"] == f"{ISSUER}/jwks/"


def test_discovery_has_dopas_oddities(http: FlaskClient) -> None:
    said = http.get("/.well-known/openid-configuration").json
    assert said["response_types_supported"] == ["code"]
    assert said["id_token_signing_alg_values_supported"] == ["ES256"]
    assert "subject_type_supported" in said
    assert not {"subject_types_supported", "code_challenge_methods_supported", "end_session_endpoint"} & set(said)


def test_the_issuer_is_the_same_under_either_loopback_name(http: FlaskClient) -> None:
    assert http.get("/.well-known/openid-configuration", headers={"Host": "127.0.0.1:8001"}).json["issuer"] == ISSUER


@pytest.mark.parametrize("path", ["/jwks", "/api/v2/oauth2/auth", "/api/v2/oauth2/userinfo"])
def test_a_path_without_its_slash_is_not_found(http: FlaskClient, path: str) -> None:
    assert http.get(path).status_code == 404


def test_a_token_request_without_the_slash_is_not_redirected(http: FlaskClient) -> None:
    assert http.post("/api/v2/oauth2/token", data={}).status_code == 404


def test_two_public_es256_keys_are_published(http: FlaskClient) -> None:
    keys = http.get("/jwks/").json["keys"]
    assert len({key["kid"] for key in keys}) == 2
    assert all(key["crv"] == "P-256" and "d" not in key for key in keys)


def test_a_rotation_keeps_the_newer_key_and_adds_one(http: FlaskClient) -> None:
    _, newer = (key["kid"] for key in http.get("/jwks/").json["keys"])
    http.post("/simulator/keys/rotate")
    kept, added = (key["kid"] for key in http.get("/jwks/").json["keys"])
    assert kept == newer
    assert added != newer


# S3, S4: authorize


def test_a_computer_is_sent_to_the_qr_code(relying_party: RelyingParty) -> None:
    answer = relying_party.asks()
    assert answer.status_code == 302
    assert answer.location.startswith("/simulator/qr/")


def test_a_phone_is_sent_to_the_button_that_opens_the_app(relying_party: RelyingParty) -> None:
    page = relying_party.http.get(relying_party.asks(agent=IPHONE).location)
    assert "Open the app" in page.text


def test_unknown_parameters_are_ignored(relying_party: RelyingParty) -> None:
    assert relying_party.asks(prompt="login", ui_locales="en").status_code == 302


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_id": "nobody"}, 401, "unauthorized_client"),
        ({"client_id": None}, 401, "unauthorized_client"),
        ({"redirect_uri": CALLBACK + "/"}, 400, "invalid_request"),
        ({"redirect_uri": None}, 400, "invalid_request"),
        ({"response_type": "token"}, 400, "unsupported_response_type"),
        ({"response_type": None}, 400, "invalid_request"),
        ({"scope": "openid profile"}, 400, "invalid_scope"),
        ({"scope": None}, 400, "invalid_scope"),
        ({"state": None}, 400, "invalid_request"),
    ],
)
def test_a_faulty_request_strands_the_person_on_a_json_page(
    relying_party: RelyingParty, changes: dict[str, str | None], status: int, error: str
) -> None:
    answer = relying_party.asks(**changes)
    assert (answer.status_code, answer.json["error"]) == (status, error)
    assert answer.location is None


def test_the_citizen_number_is_granted_per_client(http: FlaskClient) -> None:
    assert RelyingParty(http, THEIRS).asks(scope="openid pid").json["error"] == "invalid_scope"


# S5: QR code and phone


def test_the_qr_page_shows_a_code_and_a_reference_number(relying_party: RelyingParty) -> None:
    page = relying_party.http.get(relying_party.asks().location).text
    assert "<svg" in page
    assert re.search(r"<b>[A-Z2-9]{3}-[A-Z2-9]{3}</b>", page)


def test_the_computer_shows_the_same_reference_number_as_the_phone(relying_party: RelyingParty) -> None:
    handle = relying_party.begins()
    on_computer, on_phone = (
        re.findall(r"<b>([A-Z2-9]{3}-[A-Z2-9]{3})</b>", relying_party.http.get(path).text)
        for path in (f"/simulator/qr/{handle}", f"/simulator/phone/{handle}/who")
    )
    assert on_computer == on_phone


def test_the_computer_goes_on_once_the_phone_has_consented(relying_party: RelyingParty) -> None:
    http, handle = relying_party.http, relying_party.begins()
    states = [http.get(f"/simulator/qr/{handle}/state").json["state"]]
    http.get(f"/simulator/phone/{handle}/who")
    states.append(http.get(f"/simulator/qr/{handle}/state").json["state"])
    http.post(f"/simulator/phone/{handle}/who", data={"pid": SOMCHAI})
    done = http.post(f"/simulator/phone/{handle}/consent", data={"answer": "consent"})
    states.append(http.get(f"/simulator/qr/{handle}/state").json["state"])
    assert states == ["waiting", "opened", "answered"]
    assert "Go back to the computer" in done.text
    assert callback_of(http.get(f"/simulator/qr/{handle}"))["state"] == "s1"


def test_a_callback_is_handed_out_once_only(relying_party: RelyingParty) -> None:
    handle = relying_party.begins()
    callback_of(relying_party.phone_answers(handle))
    assert "Already answered" in relying_party.http.get(f"/simulator/qr/{handle}").text


def test_a_phone_returns_by_itself(relying_party: RelyingParty) -> None:
    http, handle = relying_party.http, relying_party.begins(agent=IPHONE)
    http.post(f"/simulator/phone/{handle}/who", data={"pid": SOMCHAI})
    assert "code" in callback_of(http.post(f"/simulator/phone/{handle}/consent", data={"answer": "consent"}))


def test_the_consent_page_says_who_asks_and_what_for(relying_party: RelyingParty) -> None:
    http, handle = relying_party.http, relying_party.begins(scope="openid given_name birthdate")
    http.post(f"/simulator/phone/{handle}/who", data={"pid": SOMCHAI})
    page = http.get(f"/simulator/phone/{handle}/consent").text
    for words in ("ระบบที่ขอข้อมูล", "สมชาย", "1986-05-01", "ยินยอม", "ปฏิเสธ"):
        assert words in page
    assert "นามสกุล" not in page


def test_consent_cannot_be_given_before_somebody_is_chosen(relying_party: RelyingParty) -> None:
    handle = relying_party.begins()
    assert relying_party.http.get(f"/simulator/phone/{handle}/consent").location == f"/simulator/phone/{handle}/who"
    assert relying_party.http.post(f"/simulator/phone/{handle}/consent", data={"answer": "consent"}).status_code == 422


def test_a_typed_number_may_have_thai_digits_and_hyphens(relying_party: RelyingParty) -> None:
    said = relying_party.signs_in(pid="๑-๐๐๐๐-๐๐๐๐๐-๑๕-๗")
    assert relying_party.reads(said["id_token"]).claims["sub"] == "1000000000157"


def test_twelve_digits_are_not_taken_and_stay_in_the_field(relying_party: RelyingParty) -> None:
    answer = relying_party.http.post(f"/simulator/phone/{relying_party.begins()}/who", data={"pid": "100000000000"})
    assert answer.status_code == 422
    assert 'value="100000000000"' in answer.text
    assert "It must be 13 digits." in answer.text


def test_no_citizen_number_is_in_an_address(relying_party: RelyingParty) -> None:
    handle = relying_party.begins()
    chosen = relying_party.http.post(f"/simulator/phone/{handle}/who?here=1", data={"pid": SOMCHAI})
    assert SOMCHAI not in chosen.location
    assert SOMCHAI not in relying_party.phone_answers(handle).location


# S6, S7: refusal, silence, another browser


def test_a_refusal_comes_back_as_user_denied(relying_party: RelyingParty) -> None:
    assert callback_of(relying_party.phone_answers(relying_party.begins(), answer="refuse")) == {"error": "user_denied", "state": "s1"}


def test_a_qr_code_dies_after_two_minutes_without_a_callback(relying_party: RelyingParty, clock: Clock) -> None:
    http, handle = relying_party.http, relying_party.begins()
    clock.now += 119
    assert http.get(f"/simulator/qr/{handle}/state").json["state"] == "waiting"
    clock.now += 1
    assert http.get(f"/simulator/qr/{handle}/state").json["state"] == "over"
    assert "Time is up" in http.get(f"/simulator/qr/{handle}").text
    assert relying_party.phone_answers(handle).location is None


def test_who_opened_the_app_in_time_may_read_slowly(relying_party: RelyingParty, clock: Clock) -> None:
    handle = relying_party.begins()
    clock.now += 100
    relying_party.http.get(f"/simulator/phone/{handle}/who")
    clock.now += 200
    assert "code" in callback_of(relying_party.phone_answers(handle))


def test_closing_the_app_tells_nobody_anything(relying_party: RelyingParty, clock: Clock) -> None:
    http, handle = relying_party.http, relying_party.begins()
    assert "The app is closed" in relying_party.phone_answers(handle, answer="close").text
    assert http.get(f"/simulator/qr/{handle}/state").json["state"] == "opened"
    clock.now += 300
    assert "Time is up" in http.get(f"/simulator/qr/{handle}").text


def test_the_way_back_can_be_opened_in_another_browser(relying_party: RelyingParty) -> None:
    handle = relying_party.begins()
    page = relying_party.phone_answers(handle, elsewhere="on")
    assert page.status_code == 200
    assert f'id="callback" href="{CALLBACK}?code=' in page.text
    assert "Already answered" in relying_party.http.get(f"/simulator/qr/{handle}").text


# S8 to S10: what the token endpoint says


def test_without_openid_the_data_are_flat_fields(relying_party: RelyingParty) -> None:
    said = relying_party.signs_in(scope="pid name birthdate ial")
    assert "id_token" not in said
    assert (said["pid"], said["name"], said["birthdate"], said["ial"]) == (SOMCHAI, "สมชาย ตัวอย่าง", "1986-05-01", "2.3")


def test_with_openid_an_es256_token_holds_them(relying_party: RelyingParty, clock: Clock) -> None:
    said = relying_party.signs_in(scope="openid pid given_name family_name birthdate ial")
    token = relying_party.reads(said["id_token"])
    assert token.header["kid"]
    assert token.header["alg"] == "ES256"
    assert "pid" not in said
    assert token.claims == {
        "iss": ISSUER, "aud": "sitthi", "sub": SOMCHAI, "nonce": "n1", "at_hash": at_hash(said["access_token"]),
        "iat": clock.now, "auth_time": clock.now, "exp": clock.now + 900,
        "pid": SOMCHAI, "given_name": "สมชาย", "family_name": "ตัวอย่าง", "birthdate": "1986-05-01", "ial": "2.3",
    }  # fmt: skip


def test_sub_is_the_citizen_number_even_where_it_was_not_asked_for(relying_party: RelyingParty) -> None:
    claims = relying_party.reads(relying_party.signs_in(scope="openid ial")["id_token"]).claims
    assert claims["sub"] == SOMCHAI
    assert "pid" not in claims


def test_expires_in_is_a_moment_and_not_a_duration(relying_party: RelyingParty, clock: Clock) -> None:
    assert relying_party.signs_in()["expires_in"] == clock.now + 15 * 60


def test_an_address_is_a_string_or_has_two_forms(relying_party: RelyingParty) -> None:
    assert isinstance(relying_party.signs_in(scope="address")["address"], str)
    assert set(relying_party.signs_in(pid="1000000000017", scope="address")["address"]) == {"formatted", "raw"}


def test_a_nonce_that_was_not_sent_does_not_come_back(relying_party: RelyingParty) -> None:
    assert "nonce" not in relying_party.reads(relying_party.signs_in(nonce=None)["id_token"]).claims


# S11: codes, credentials, PKCE


def test_a_code_works_once(relying_party: RelyingParty) -> None:
    code = relying_party.gets_code()
    assert relying_party.redeems(code).status_code == 200
    again = relying_party.redeems(code)
    assert (again.status_code, again.json) == (400, {"error": "invalid_request", "error_description": "Invalid Authorization Code"})


def test_a_code_lives_one_minute(relying_party: RelyingParty, clock: Clock) -> None:
    in_time, too_late = relying_party.gets_code(), relying_party.gets_code()
    clock.now += 59
    assert relying_party.redeems(in_time).status_code == 200
    clock.now += 1
    assert relying_party.redeems(too_late).json["error_description"] == "Invalid Authorization Code"


def test_a_code_belongs_to_its_client_and_its_way_back(relying_party: RelyingParty, http: FlaskClient) -> None:
    assert RelyingParty(http, THEIRS).redeems(relying_party.gets_code()).status_code == 400
    assert relying_party.redeems(relying_party.gets_code(), redirect_uri=CALLBACK + "?").status_code == 400


def test_credentials_may_stand_in_the_header_or_in_the_form(relying_party: RelyingParty) -> None:
    form = {"grant_type": "authorization_code", "redirect_uri": CALLBACK}
    posted = {"client_id": "sitthi", "client_secret": "a secret between two"}
    assert relying_party.http.post(TOKEN, data=form | posted | {"code": relying_party.gets_code()}).status_code == 200
    for secret in ("a secret between two", "a+secret%20between+two"):
        header = {"Authorization": basic("sitthi", secret)}
        assert relying_party.http.post(TOKEN, data=form | {"code": relying_party.gets_code()}, headers=header).status_code == 200


@pytest.mark.parametrize("header", [basic("sitthi", "guessed"), basic("nobody", "a secret between two"), "Basic !", "Bearer x"])
@pytest.mark.parametrize("endpoint", ["token", "introspect", "revoke"])
def test_wrong_credentials_are_refused(http: FlaskClient, endpoint: str, header: str) -> None:
    answer = http.post(f"/api/v2/oauth2/{endpoint}/", headers={"Authorization": header})
    assert (answer.status_code, answer.json["error"]) == (401, "unauthorized_client")


def test_another_grant_type_is_refused(relying_party: RelyingParty) -> None:
    assert relying_party.redeems("", grant_type="password").json["error"] == "unsupported_grant_type"


def test_a_challenge_once_sent_must_be_met(relying_party: RelyingParty) -> None:
    verifier = "v" * 43
    sent = {"code_challenge": create_s256_code_challenge(verifier), "code_challenge_method": "S256"}
    assert relying_party.redeems(relying_party.gets_code(**sent), code_verifier=verifier).status_code == 200
    assert relying_party.redeems(relying_party.gets_code(**sent), code_verifier="w" * 43).json["error"] == "invalid_request"
    assert relying_party.redeems(relying_party.gets_code(**sent)).status_code == 400


# S12, S13: introspect, revoke, userinfo


def test_a_live_token_can_be_looked_into_until_it_ends(relying_party: RelyingParty, clock: Clock) -> None:
    token = relying_party.signs_in()["access_token"]
    look = {"path": "/api/v2/oauth2/introspect/", "data": {"token": token}, "auth": relying_party.credentials}
    assert relying_party.http.post(**look).json["active"] is True
    clock.now += 15 * 60
    assert relying_party.http.post(**look).json == {"active": False}


@pytest.mark.parametrize("word", ["", "Bearer "])
def test_a_revoked_token_is_dead_with_or_without_the_word_bearer(relying_party: RelyingParty, word: str) -> None:
    token = relying_party.signs_in()["access_token"]
    answer = relying_party.http.post("/api/v2/oauth2/revoke/", data={"token": word + token}, auth=relying_party.credentials)
    assert answer.json == {"status": "OK", "message": "revoked"}
    assert relying_party.http.get("/api/v2/oauth2/userinfo/", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_nobody_revokes_the_token_of_another(relying_party: RelyingParty) -> None:
    token = relying_party.signs_in()["access_token"]
    relying_party.http.post("/api/v2/oauth2/revoke/", data={"token": token}, auth=THEIRS)
    found = relying_party.http.get("/api/v2/oauth2/userinfo/", headers={"Authorization": f"Bearer {token}"})
    assert found.json == {"sub": SOMCHAI, "pid": SOMCHAI, "given_name": "สมชาย"}


# The house around it


def test_every_page_says_that_it_is_a_simulator(relying_party: RelyingParty) -> None:
    handle = relying_party.begins()
    for path in ("/", f"/simulator/qr/{handle}", f"/simulator/phone/{handle}/who", "/simulator/government-channel"):
        page = relying_party.http.get(path)
        assert "จำลอง" in page.text
        assert "SIMULATOR" in page.text


def test_pages_hold_no_inline_script_or_style(relying_party: RelyingParty) -> None:
    page = relying_party.http.get(relying_party.asks().location)
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", page.text)


def test_forms_may_end_at_the_registered_callbacks(http: FlaskClient) -> None:
    assert "form-action 'self' http://127.0.0.1:8000" in http.get("/").headers["Content-Security-Policy"]


def test_without_javascript_the_qr_page_reloads_itself(relying_party: RelyingParty) -> None:
    assert '<noscript><meta http-equiv="refresh"' in relying_party.http.get(relying_party.asks().location).text


def test_other_machines_and_other_names_are_refused(http: FlaskClient) -> None:
    assert http.get("/jwks/", environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code == 403
    assert http.get("/jwks/", headers={"Host": "thaid.example:8001"}).status_code == 400


def test_the_page_of_another_site_cannot_press_a_button(http: FlaskClient) -> None:
    assert http.post("/simulator/controls", data={"reset": ""}, headers={"Sec-Fetch-Site": "same-site"}).status_code == 403


def test_an_unknown_sign_in_is_not_found(http: FlaskClient) -> None:
    assert http.get("/simulator/qr/nothing").status_code == 404


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "thaid.example", ""])
def test_it_listens_on_loopback_only(host: str) -> None:
    with pytest.raises(NotLoopback):
        serve(create_app(Config(ISSUER, {})), host=host)


def test_it_does_not_pretend_to_be_a_public_issuer() -> None:
    with pytest.raises(NotLoopback):
        create_app(Config("https://imauth.bora.dopa.go.th", {}))


def test_the_environment_registers_sitthi_in_development() -> None:
    app = app_from_environment({"SITTHI_THAID_CLIENT_SECRET": "x", "PORT": "8100", "STANDIN_PORT": "8101"})
    http = app.test_client()
    assert http.get("/.well-known/openid-configuration").json["issuer"] == "http://127.0.0.1:8101"
    for host in ("127.0.0.1", "localhost"):
        asked = {"response_type": "code", "client_id": "sitthi-development", "scope": "openid pid", "state": "s"}
        asked["redirect_uri"] = f"http://{host}:8100/sign-in/thaid/callback"
        assert http.get(AUTH, query_string=asked).status_code == 302


def test_it_does_not_start_in_production() -> None:
    with pytest.raises(NotLoopback):
        app_from_environment({"SITTHI_MODE": "production", "SITTHI_THAID_CLIENT_SECRET": "x"})


def test_it_does_not_start_without_the_shared_secret() -> None:
    with pytest.raises(KeyError, match="SITTHI_THAID_CLIENT_SECRET"):
        app_from_environment({})
