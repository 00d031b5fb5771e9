"""A browser's push subscription: taken, renewed, tried, forgotten. Programs speak here, so faults are problem+json that names the field.

The browser's own PushSubscription is what is sent ("endpoint", "expirationTime", "keys"); beside it stand our few words: "kinds" switched
on, "mine" (false: for anybody who holds this phone), "renew" (the app sent it by itself and changes nobody's choice), "replaces"
(the address that the browser had before).
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, request

from webapp.actions import reminders
from webapp.actions.reminders import Asked
from webapp.actions.sessions import hash_of
from webapp.domain.assurance import Act
from webapp.domain.dates import in_bangkok
from webapp.domain.reminder import FOR_ANYBODY, SWITCHES, Kind
from webapp.ports import StoreUnavailable, Subscription
from webapp.web import guards, reminding
from webapp.web.errors import RETRY_SECONDS, problem
from webapp.web.language import language
from webapp.web.limits import TooManyTries, allow
from webapp.web.security import mark_personal
from webapp.web.tools import tools

pages = Blueprint("subscriptions", __name__)

LONGEST = 4096
LAST_MILLISECOND = 4_102_444_800_000  # the year 2100


class NotUnderstood(ValueError):
    """What was sent cannot be read; `field` says where."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(detail)
        self.field, self.detail = field, detail


@pages.get("/reminders/subscriptions")
def held() -> Response:
    """For the app's own scripts: the `key` to subscribe with, whether this browser `wanted` reminders, and whether its are `known` here."""
    mark_personal()
    phone = reminding.this_phone()
    return make_response(jsonify({"key": tools().push.public_key, "wanted": reminding.mark() is not None, "known": phone is not None}))


@pages.post("/reminders/subscriptions")
@guards.needs(Act.SET_REMINDERS)
def keep() -> Response:
    """201 for a new one, 200 for one that was known. What apps send by themselves for phones that are known counts as no try."""
    asked = _asked(_body())
    if not reminders.is_renewal(tools(), asked):
        allow("subscriptions", person=guards.signed_in_person_id())
    known = reminders.subscription_at(tools(), asked.endpoint) is not None
    kept = reminders.subscribe(tools(), asked, guards.signed_in_person_id(), language())
    if isinstance(kept, str):
        return problem(422, FAULTS[kept], kept)
    return reminding.know_phone(_answer(kept, 200 if known else 201), kept)


@pages.delete("/reminders/subscriptions")
@pages.post("/reminders/subscriptions/forget")
@guards.needs(Act.SET_REMINDERS)
def forget() -> Response:
    """204, also where there was none: it is gone either way."""
    reminders.unsubscribe(tools(), _text(_body(), "endpoint", LONGEST))
    return reminding.forget_phone(make_response("", 204))


@pages.post("/reminders/subscriptions/test")
@guards.needs(Act.SET_REMINDERS)
def test() -> Response:
    """202: the worker sends it within seconds. 404 where we do not know this browser: it subscribes again."""
    endpoint = _text(_body(), "endpoint", LONGEST)
    allow("push-tests", thing=hash_of(endpoint))
    if not reminders.ask_for_test(tools(), endpoint):
        return problem(404, "there is no such subscription: subscribe again", "endpoint")
    return make_response(jsonify({"sent": "soon"}), 202)


FAULTS = {
    "endpoint": "must be an https address of a push service that this site sends to",
    "keys.p256dh": "must be a point of the curve P-256, base64url",
    "keys.auth": "must be 16 bytes, base64url",
}


def _answer(kept: Subscription, status: int) -> Response:
    mark_personal()
    offered = [kind for kind in SWITCHES if kept.person_id is not None or kind in FOR_ANYBODY]
    facts = {
        "kinds": {str(kind): kind in kept.kinds for kind in offered},
        "mine": kept.person_id is not None,
        "language": kept.language,
        "last_delivered": in_bangkok(kept.delivered_at).isoformat() if kept.delivered_at else None,
        "ends_at": in_bangkok(kept.ends_at).isoformat() if kept.ends_at else None,
    }
    return make_response(jsonify(facts), status)


def _asked(body: dict[str, Any]) -> Asked:
    keys = body.get("keys")
    if not isinstance(keys, dict):
        raise NotUnderstood("keys", "must be the keys of a PushSubscription")
    return Asked(
        endpoint=_text(body, "endpoint", LONGEST),
        p256dh=_text(keys, "p256dh", 128, "keys."),
        auth=_text(keys, "auth", 64, "keys."),
        ends_at=_ends_at(body.get("expirationTime")),
        kinds=_kinds(body["kinds"]) if body.get("kinds") is not None else None,
        mine=_switch(body, "mine", True),
        renews=_switch(body, "renew", False),
        replaces=_text(body, "replaces", LONGEST) if body.get("replaces") is not None else reminding.address_so_far(),
    )


def _body() -> dict[str, Any]:
    try:
        body = json.loads(request.get_data())
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise NotUnderstood("body", "must be a JSON object in UTF-8")
    return body


def _text(facts: dict[str, Any], name: str, longest: int, within: str = "") -> str:
    text = facts.get(name)
    if not isinstance(text, str) or not text.isascii() or not 0 < len(text) <= longest:
        raise NotUnderstood(within + name, "is required, as plain text")
    return text


def _switch(body: dict[str, Any], name: str, otherwise: bool) -> bool:
    said = body.get(name, otherwise)
    if not isinstance(said, bool):
        raise NotUnderstood(name, "must be true or false")
    return said


def _kinds(said: Any) -> frozenset[Kind]:
    if not isinstance(said, list) or not all(kind in SWITCHES for kind in said if isinstance(kind, str)):
        raise NotUnderstood("kinds", f"must be a list of {', '.join(SWITCHES)}")
    if not all(isinstance(kind, str) for kind in said):
        raise NotUnderstood("kinds", "must be a list of names")
    return frozenset(Kind(kind) for kind in said)


def _ends_at(said: Any) -> datetime | None:
    """Milliseconds since 1970, as browsers count; most send null."""
    if said is None:
        return None
    if isinstance(said, bool) or not isinstance(said, (int, float)) or not 0 < said < LAST_MILLISECOND:
        raise NotUnderstood("expirationTime", "must be milliseconds since 1970, or null")
    return datetime.fromtimestamp(said / 1000, UTC)


@pages.errorhandler(NotUnderstood)
def _not_understood(fault: NotUnderstood) -> Response:
    return problem(422, fault.detail, fault.field)


@pages.errorhandler(TooManyTries)
def _too_many(fault: TooManyTries) -> Response:
    response = problem(429, "too many tries: come back later")
    response.headers["Retry-After"] = str(fault.seconds)
    return response


@pages.errorhandler(StoreUnavailable)
def _store_down(fault: StoreUnavailable) -> Response:
    response = problem(503, "the store does not answer now: send the same again")
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response
