"""A stand-in for the two calls by which a mini-app of the Government Channel (ทางรัฐ) learns who entered, and for the menu that opens it.

Known from DGA's relying parties: the paths, the headers, the shapes, mTokens of one use and two minutes. Assumed, because nobody has
written it down: the life of a gateway token, the messageCode of a used mToken, and the answer to wrong credentials.
"""

from __future__ import annotations

import secrets
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from webapp.standins.personas import PERSONAS, Persona, persona_by_number

MTOKEN_SECONDS = 120
GATEWAY_TOKEN_SECONDS = 600
GONE = 404
ERROR_500, BLOCK_PAGE, BROKEN_JSON, REDIRECT, UNAUTHORIZED = "error_500", "block_page", "broken_json", "redirect", "unauthorized"
BLOCKED = "<!DOCTYPE html><html><head><title>Web Page Blocked!</title></head><body><h1>Web Page Blocked!</h1></body></html>"
VALIDATE_PATH = "/ws/auth/validate"
DEPROC_PATH = "/ws/dga/czp/uat/v1/core/shield/data/deproc"

government_channel = Blueprint("government_channel", __name__, template_folder="templates")


@dataclass(frozen=True)
class MiniApp:
    """What DGA agrees with an agency: its keys, and where ทางรัฐ opens it."""

    consumer_key: str
    consumer_secret: str
    agent_id: str
    app_id: str
    landing_url: str


@dataclass
class Gateway:
    """mTokens that wait for their one use, and gateway tokens, with the times they end. A tester sets `fault`, or `slow` in seconds, for
    all calls from then on; `calls` counts them."""

    mini_app: MiniApp
    personas: Sequence[Persona] = PERSONAS
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    fault: str = ""
    slow: float = 0.0
    calls: int = 0
    _waiting: dict[str, tuple[str, bool, float]] = field(default_factory=dict)
    _tokens: dict[str, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def mint(self, pid: str, birth_day_unknown: bool = False) -> str:
        """A fresh mToken for one entry of this person."""
        mtoken = str(uuid.uuid4())
        with self._lock:
            self._waiting[mtoken] = (pid, birth_day_unknown, self.clock() + MTOKEN_SECONDS)
        return mtoken

    def spend(self, mtoken: str) -> tuple[str, bool] | None:
        """Whose it was and whether the birth day is unknown; None when used, unknown or too old."""
        with self._lock:
            pid, birth_day_unknown, ends = self._waiting.pop(mtoken, ("", False, 0.0))
        return (pid, birth_day_unknown) if self.clock() < ends else None

    def issue_token(self) -> str:
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._tokens[token] = self.clock() + GATEWAY_TOKEN_SECONDS
        return token

    def knows_token(self, token: str) -> bool:
        return self.clock() < self._tokens.get(token, 0.0)


def _gateway() -> Gateway:
    gateway: Gateway = current_app.extensions["government_channel"]
    return gateway


@government_channel.before_request
def _as_a_tester_wants_it() -> ResponseReturnValue | None:
    if request.path not in (VALIDATE_PATH, DEPROC_PATH):
        return None
    gateway = _gateway()
    gateway.calls += 1
    if gateway.slow:
        gateway.sleep(gateway.slow)
    faults: dict[str, ResponseReturnValue] = {
        ERROR_500: ("Internal Server Error", 500),
        BLOCK_PAGE: (BLOCKED, 200, {"Content-Type": "text/html"}),
        BROKEN_JSON: ('{"Result": "', 200, {"Content-Type": "application/json"}),
        REDIRECT: ("", 302, {"Location": "/simulator/government-channel"}),
        UNAUTHORIZED: ({"Message": "Unauthorized"}, 401),
    }
    return faults.get(gateway.fault)


@government_channel.get(VALIDATE_PATH)
def validate() -> ResponseReturnValue:
    mini_app = _gateway().mini_app
    shown = (request.headers.get("Consumer-Key", ""), request.args.get("ConsumerSecret", ""), request.args.get("AgentID", ""))
    if not _same(shown, (mini_app.consumer_key, mini_app.consumer_secret, mini_app.agent_id)):
        return jsonify(Message="Unauthorized"), 401
    return jsonify(Result=_gateway().issue_token())


@government_channel.post(DEPROC_PATH)
def deproc() -> ResponseReturnValue:
    gateway = _gateway()
    if not _same((request.headers.get("Consumer-Key", ""),), (gateway.mini_app.consumer_key,)):
        return jsonify(Message="Unauthorized"), 401
    if not gateway.knows_token(request.headers.get("Token", "")):
        return jsonify(Message="Unauthorized"), 401
    body = request.get_json(silent=True)
    asked = body if isinstance(body, Mapping) else {}
    found = gateway.spend(str(asked.get("MToken"))) if asked.get("AppId") == gateway.mini_app.app_id else None
    if found is None:
        return jsonify(result=None, messageCode=GONE, message="mToken not found or already used")
    return jsonify(result=_record(persona_by_number(found[0]), birth_day_unknown=found[1]), messageCode=200)


@government_channel.get("/simulator/government-channel")
def menu() -> ResponseReturnValue:
    return render_template("standins/menu.html", personas=_gateway().personas, link=None)


@government_channel.post("/simulator/government-channel")
def enter() -> ResponseReturnValue:
    gateway = _gateway()
    mtoken = gateway.mint(request.form.get("pid", ""), "birth_day_unknown" in request.form)
    landing = gateway.mini_app.landing_url
    link = landing + ("&" if "?" in landing else "?") + urlencode({"appId": gateway.mini_app.app_id, "mToken": mtoken})
    return render_template("standins/menu.html", personas=gateway.personas, link=link, seconds=MTOKEN_SECONDS)


def _same(shown: tuple[str, ...], expected: tuple[str, ...]) -> bool:
    return all(secrets.compare_digest(a.encode(), b.encode()) for a, b in zip(shown, expected, strict=True))


def _record(persona: Persona, birth_day_unknown: bool) -> dict[str, Any]:
    year, month, day = persona.birthdate.split("-")
    return {
        "userId": str(uuid.uuid5(uuid.NAMESPACE_OID, persona.pid)),
        "citizenId": persona.pid,
        "firstName": persona.given_name,
        "lastName": persona.family_name,
        "dateOfBirthString": f"{year}----" if birth_day_unknown else f"{year}{month}{day}",
        "mobile": "0000000000",
        "email": "",
        "notification": True,
    }
