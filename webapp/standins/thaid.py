"""A stand-in for ThaiD, Thailand's national digital ID, with DOPA's real paths and its oddities: only the root URL changes.

Written from the relying-party manual and public relying parties, by hand on joserfc rather than on Authlib's server: what matters here is
where ThaiD departs from OpenID Connect (faults answered on the spot, `invalid_request` for a bad code, an absolute `expires_in`,
personal data as flat fields), and each departure would be an override. Assumed, because nobody has written it down: 401
`unauthorized_client` for wrong credentials behind the scenes, and that a code_challenge, though unannounced, is verified once it was sent.

Run it as its own server: `serve(app_from_environment())`. Environment:
STANDIN_PORT (8001), STANDIN_ISSUER (http://127.0.0.1:<STANDIN_PORT>), PORT of the relying party (8000), SITTHI_THAID_CLIENT_SECRET
(required), STANDIN_QR_SECONDS (120), STANDIN_LANDING_URL (where ทางรัฐ opens Sitthi: http://127.0.0.1:<PORT>/government-channel).
"""

from __future__ import annotations

import hmac
import ipaddress
import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_plus, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from flask import Blueprint, Flask, Response, current_app, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.routing import RequestRedirect
from werkzeug.serving import WSGIRequestHandler, make_server

from webapp.standins.desk import ALL_SCOPES, Client, Config, Desk, Grant
from webapp.standins.government_channel import Gateway, MiniApp, government_channel
from webapp.standins.phone import comes_from_a_phone, desk, first_page, phone
from webapp.standins.signing import id_token
from webapp.standins.switches import LIVE_FAULTS, Switches, changed

__all__ = ["Client", "Config", "NotLoopback", "app_from_environment", "create_app", "serve"]

OAUTH2 = "/api/v2/oauth2"
LOOPBACK_NAMES = ["localhost", "127.0.0.1"]
DEVELOPMENT_CLIENT = "sitthi-development"
BLOCK_PAGE = (
    "<!DOCTYPE html><html><head><title>Web Page Blocked!</title></head>"
    "<body><h1>Web Page Blocked!</h1><p>The page cannot be displayed. Please contact the administrator.</p></body></html>"
)

dopa = Blueprint("dopa", __name__)


class NotLoopback(ValueError):
    """The stand-in was about to be reachable from other machines, or to run beside a production service."""


def create_app(config: Config, mini_app: MiniApp | None = None) -> Flask:
    """The stand-in as a WSGI application; raises NotLoopback when its issuer is not a loopback URL."""
    _require_loopback(urlsplit(config.issuer).hostname or "")
    app = Flask(__name__, static_url_path="/simulator/static")
    app.config["TRUSTED_HOSTS"] = LOOPBACK_NAMES
    app.extensions["thaid"] = Desk(config)
    app.register_blueprint(dopa)
    app.register_blueprint(phone)
    app.add_url_rule("/", "home", home)
    if mini_app:
        app.extensions["government_channel"] = Gateway(mini_app, config.personas, config.clock)
        app.register_blueprint(government_channel)
    app.before_request(_only_from_this_machine)
    app.before_request(_slashes_are_part_of_the_path)
    app.after_request(_with_strict_headers)
    return app


def app_from_environment(environ: Mapping[str, str] = os.environ) -> Flask:
    """The stand-in as Sitthi in development is registered with it; KeyError without the shared secret, NotLoopback in production."""
    if environ.get("SITTHI_MODE") == "production":
        raise NotLoopback("the ThaiD stand-in does not run in production")
    secret, port = environ["SITTHI_THAID_CLIENT_SECRET"], environ.get("PORT", "8000")
    ours = [f"http://{host}:{port}" for host in ("127.0.0.1", "localhost")]
    client = Client(secret, [f"{root}/sign-in/thaid/callback" for root in ours], "สิทธิ (เครื่องทดลอง)", "Sitthi (development)")
    config = Config(
        issuer=environ.get("STANDIN_ISSUER", f"http://127.0.0.1:{environ.get('STANDIN_PORT', '8001')}").rstrip("/"),
        clients={DEVELOPMENT_CLIENT: client},
        qr_seconds=float(environ.get("STANDIN_QR_SECONDS", "120")),
    )
    landing = environ.get("STANDIN_LANDING_URL", f"{ours[0]}/government-channel")
    return create_app(config, MiniApp(DEVELOPMENT_CLIENT, secret, DEVELOPMENT_CLIENT, DEVELOPMENT_CLIENT, landing))


def serve(app: Flask, host: str = "127.0.0.1", port: int = 8001) -> None:
    """Answers until interrupted; raises NotLoopback for any other host. One process: the memory is not shared."""
    _require_loopback(host)
    make_server(host, port, app, threaded=True, request_handler=_Quiet).serve_forever()


class _Quiet(WSGIRequestHandler):
    """State and nonce travel in addresses, so addresses are not written down."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


# --- DOPA's endpoints ---


@dopa.get("/.well-known/openid-configuration")
def discovery() -> ResponseReturnValue:
    switches = desk().switches
    desk().config.sleep(switches.slow_discovery)
    if switches.discovery_error_500:
        return _broken()
    if switches.discovery_block_page:
        return _blocked(switches)
    return jsonify(_metadata(desk().config.issuer, announces_iss=switches.announce_iss))


@dopa.get("/jwks/")
def jwks() -> ResponseReturnValue:
    switches = desk().switches
    desk().config.sleep(switches.slow_jwks)
    return _blocked(switches) if switches.jwks_block_page else jsonify(desk().keys.published())


@dopa.get(f"{OAUTH2}/auth/")
def authorize() -> ResponseReturnValue:
    asked = request.args
    client = desk().config.clients.get(asked.get("client_id", ""))
    if client is None:
        return _fault("unauthorized_client", "Invalid client_id", 401)
    fault = _fault_in_authorize(client)
    if fault:
        return _fault(*fault)
    attempt = desk().start(
        client_id=asked["client_id"],
        redirect_uri=asked["redirect_uri"],
        scopes=tuple(asked["scope"].split()),
        state=asked["state"],
        nonce=asked.get("nonce"),
        challenge=asked.get("code_challenge"),
        challenge_method=asked.get("code_challenge_method", "plain"),
        from_phone=comes_from_a_phone(),
    )
    return redirect(first_page(attempt))


@dopa.post(f"{OAUTH2}/token/")
def token() -> ResponseReturnValue:
    client_id = _authenticated_client()
    if client_id is None:
        return _fault("unauthorized_client", "Invalid client credentials", 401)
    if request.form.get("grant_type") != "authorization_code":
        return _fault("unsupported_grant_type", "Unsupported grant_type")
    grant = desk().redeem(request.form.get("code", ""), client_id)
    switches = grant.switches if grant else desk().switches
    desk().config.sleep(switches.slow_token)
    spoiled = _spoiled_token_answer(switches)
    if spoiled is not None:
        return spoiled
    if grant is None or request.form.get("redirect_uri") != grant.attempt.redirect_uri:
        return _fault("invalid_request", "Invalid Authorization Code")
    if not _proves_the_challenge(grant):
        return _fault("invalid_request", "Invalid code_verifier")
    return jsonify(_token_answer(grant))


@dopa.post(f"{OAUTH2}/introspect/")
def introspect() -> ResponseReturnValue:
    client_id = _authenticated_client()
    if client_id is None:
        return _fault("unauthorized_client", "Invalid client credentials", 401)
    grant = desk().token_grant(_bare(request.form.get("token", "")))
    if grant is None or grant.attempt.client_id != client_id:
        return jsonify(active=False)
    lasting = {"iat": int(grant.issued), "exp": int(grant.ends), "sub": grant.persona.pid}
    return jsonify(lasting | {"active": True, "client_id": client_id, "scope": " ".join(grant.attempt.scopes), "token_type": "Bearer"})


@dopa.post(f"{OAUTH2}/revoke/")
def revoke() -> ResponseReturnValue:
    client_id = _authenticated_client()
    if client_id is None:
        return _fault("unauthorized_client", "Invalid client credentials", 401)
    shown = _bare(request.form.get("token", ""))
    grant = desk().token_grant(shown)
    if grant and grant.attempt.client_id == client_id:
        desk().revoke(shown)
    return jsonify(status="OK", message="revoked")


@dopa.get(f"{OAUTH2}/userinfo/")
def userinfo() -> ResponseReturnValue:
    grant = desk().token_grant(_bare(request.headers.get("Authorization", "")))
    return jsonify({"sub": grant.persona.pid} | grant.claims) if grant else _fault("invalid_token", "Invalid access token", 401)


def home() -> ResponseReturnValue:
    """For people who look around: what this is, who can sign in, and the switches that no single sign-in owns."""
    has_menu = "government_channel" in current_app.blueprints
    on = changed(desk().switches)
    return render_template("standins/home.html", personas=desk().config.personas, live_faults=LIVE_FAULTS, on=on, has_menu=has_menu)


# --- what they say ---


def _metadata(issuer: str, announces_iss: bool) -> dict[str, Any]:
    said: dict[str, Any] = {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}{OAUTH2}/auth/",
        "token_endpoint": f"{issuer}{OAUTH2}/token/",
        "introspection_endpoint": f"{issuer}{OAUTH2}/introspect/",
        "revocation_endpoint": f"{issuer}{OAUTH2}/revoke/",
        "userinfo_endpoint": f"{issuer}{OAUTH2}/userinfo/",
        "jwks_uri": f"{issuer}/jwks/",
        "scopes_supported": sorted(ALL_SCOPES),
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code"],
        "subject_type_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    }
    return said | {"authorization_response_iss_parameter_supported": True} if announces_iss else said


def _fault_in_authorize(client: Client) -> tuple[str, str] | None:
    asked = request.args
    scopes = asked.get("scope", "").split()
    if asked.get("redirect_uri") not in client.redirect_uris:
        return "invalid_request", "Invalid redirect_uri"
    if "response_type" not in asked:
        return "invalid_request", "Missing response_type"
    if asked["response_type"] != "code":
        return "unsupported_response_type", "Unsupported response_type"
    if not scopes or not set(scopes) <= client.scopes:
        return "invalid_scope", "Invalid scope"
    if not asked.get("state"):
        return "invalid_request", "Missing state"
    return None


def _token_answer(grant: Grant) -> dict[str, Any]:
    access_token, lasting = desk().issue_token(grant)
    switches, scopes = grant.switches, grant.attempt.scopes
    said: dict[str, Any] = {"access_token": access_token, "token_type": "Bearer", "scope": " ".join(scopes)}
    said[switches.expiry_field] = int(lasting.ends)
    shape = switches.token_shape
    if shape == "as_asked":
        shape = "openid" if "openid" in scopes else "flat"
    if switches.fields_disagree:
        shape = "both"
    if shape in ("openid", "both"):
        said["id_token"] = _id_token(lasting, access_token)
    if shape in ("flat", "both"):
        said |= grant.claims
    return said | {"pid": _another_number(grant)} if switches.fields_disagree else said


def _id_token(grant: Grant, access_token: str) -> str:
    attempt, now = grant.attempt, int(grant.issued)
    claims = {
        "iss": desk().config.issuer,
        "aud": attempt.client_id,
        "sub": grant.persona.pid,
        "iat": now,
        "exp": int(grant.ends),
        "auth_time": now,
    } | grant.claims
    if attempt.nonce is not None:
        claims["nonce"] = attempt.nonce
    return id_token(claims, access_token, desk().keys, desk().config.clients[attempt.client_id].secret, grant.switches)


def _another_number(grant: Grant) -> str:
    return next(persona.pid for persona in desk().config.personas if persona.pid != grant.persona.pid)


def _spoiled_token_answer(switches: Switches) -> ResponseReturnValue | None:
    if switches.token_error_500:
        return _broken()
    if switches.token_block_page:
        return _blocked(switches)
    if switches.invalid_code:
        return _fault("invalid_request", "Invalid Authorization Code")
    if switches.duplicate_request:
        return _fault("duplicate_request", "Duplicate request")
    return None


def _authenticated_client() -> str | None:
    shown = request.authorization
    if shown is None or shown.type != "basic":
        return _client_with(request.form.get("client_id", ""), request.form.get("client_secret", ""))
    client_id, secret = shown.username or "", shown.password or ""
    return _client_with(client_id, secret) or _client_with(unquote_plus(client_id), unquote_plus(secret))


def _client_with(client_id: str, secret: str) -> str | None:
    """RFC 6749 form-encodes both halves before HTTP Basic, and many relying parties do not: both are taken."""
    client = desk().config.clients.get(client_id)
    return client_id if client and hmac.compare_digest(client.secret.encode(), secret.encode()) else None


def _proves_the_challenge(grant: Grant) -> bool:
    attempt, verifier = grant.attempt, request.form.get("code_verifier", "")
    if attempt.challenge is None:
        return True
    shown = create_s256_code_challenge(verifier) if attempt.challenge_method == "S256" else verifier
    return hmac.compare_digest(shown.encode(), attempt.challenge.encode())


def _bare(shown: str) -> str:
    """DOPA takes a token with or without the word before it."""
    kind, _, rest = shown.strip().partition(" ")
    return rest.strip() if kind.lower() == "bearer" else shown.strip()


def _fault(error: str, description: str, status: int = 400) -> ResponseReturnValue:
    return jsonify(error=error, error_description=description), status


def _broken() -> ResponseReturnValue:
    return Response("Internal Server Error", 500, mimetype="text/plain")


def _blocked(switches: Switches) -> ResponseReturnValue:
    return Response(BLOCK_PAGE, int(switches.block_status), mimetype="text/html")


# --- what holds for every request ---


def _only_from_this_machine() -> ResponseReturnValue | None:
    """Other machines are refused, and so are other sites that would press the tester's buttons from a page of theirs."""
    if not _is_loopback(request.remote_addr or ""):
        return "This stand-in answers its own machine only.", 403
    writes = request.method != "GET" and request.path.startswith("/simulator")
    if writes and request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        return "Another site asked for this.", 403
    return None


def _slashes_are_part_of_the_path() -> ResponseReturnValue | None:
    """DOPA's server does not forgive a missing slash, and a redirected POST would lose its body."""
    return ("Not Found", 404) if isinstance(request.routing_exception, RequestRedirect) else None


def _with_strict_headers(response: Response) -> Response:
    callbacks = {"{0.scheme}://{0.netloc}".format(urlsplit(uri)) for c in desk().config.clients.values() for uri in c.redirect_uris}
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; "
        f"frame-ancestors 'none'; form-action 'self' {' '.join(sorted(callbacks))}"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response


def _require_loopback(host: str) -> None:
    if not _is_loopback(host):
        raise NotLoopback(f"the ThaiD stand-in listens on loopback only, not on {host or 'an empty host'}")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
