"""A relying party that walks through the ThaiD stand-in with Flask's test client, and a clock that stands still."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import KeySet
from werkzeug.test import TestResponse

ISSUER = "http://localhost:8001"
CALLBACK = "http://127.0.0.1:8000/sign-in/thaid/callback"
SOMCHAI = "1000000000009"
AUTH, TOKEN = "/api/v2/oauth2/auth/", "/api/v2/oauth2/token/"
OURS, THEIRS = ("sitthi", "a secret between two"), ("careful", "another secret")
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"


@dataclass
class Clock:
    """Stands still until it is moved, and notes how long it was asked to sleep."""

    now: float = 1_800_000_000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now


@dataclass
class RelyingParty:
    """What a relying party does, step by step, with the person's answers on the phone."""

    http: FlaskClient
    credentials: tuple[str, str] = OURS

    def asks(self, *, agent: str = "desktop", **changes: str | None) -> TestResponse:
        usual = {
            "response_type": "code",
            "client_id": self.credentials[0],
            "redirect_uri": CALLBACK,
            "scope": "openid pid given_name",
            "state": "s1",
        }
        asked = {name: value for name, value in (usual | {"nonce": "n1"} | changes).items() if value is not None}
        return self.http.get(AUTH, query_string=asked, headers={"User-Agent": agent})

    def begins(self, **changes: Any) -> str:
        """The handle of a new sign-in."""
        return self.asks(**changes).location.rsplit("/", 1)[1]

    def phone_answers(self, handle: str, pid: str = SOMCHAI, **form: Any) -> TestResponse:
        self.http.get(f"/simulator/phone/{handle}/who?here=1")
        self.http.post(f"/simulator/phone/{handle}/who?here=1", data={"pid": pid})
        return self.http.post(f"/simulator/phone/{handle}/consent?here=1", data={"answer": "consent"} | form)

    def gets_code(self, pid: str = SOMCHAI, form: dict[str, Any] | None = None, **changes: Any) -> str:
        return callback_of(self.phone_answers(self.begins(**changes), pid, **form or {}))["code"]

    def redeems(self, code: str, **changes: str) -> TestResponse:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK} | changes
        return self.http.post(TOKEN, data=form, auth=self.credentials)

    def signs_in(self, pid: str = SOMCHAI, form: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
        """The token endpoint's JSON."""
        return dict(self.redeems(self.gets_code(pid, form, **changes)).json)

    def key_set(self) -> KeySet:
        return KeySet.import_key_set(self.http.get("/jwks/").json)

    def reads(self, id_token: str) -> jwt.Token:
        """The verified token; raises what joserfc raises."""
        return jwt.decode(id_token, self.key_set(), algorithms=["ES256"])

    def switches(self, **wanted: Any) -> TestResponse:
        return self.http.post("/simulator/switches", json=wanted)


def callback_of(answer: TestResponse) -> dict[str, str]:
    """The query of the callback that a redirect leads to."""
    assert answer.location.startswith(CALLBACK), answer.location
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.location).query).items()}


def basic(client_id: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()
