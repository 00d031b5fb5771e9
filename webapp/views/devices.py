"""My devices: where somebody is signed in, by which way, since when; ending one or all others; and every way in that was set."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.actions import devices, government_channel, passkeys, sessions
from webapp.actions.devices import OpenSession
from webapp.domain.assurance import Act, is_lower
from webapp.ports import CounterCode, Session
from webapp.web import guards
from webapp.web.assurance_words import way_in
from webapp.web.fragments import show
from webapp.web.this_device import browser_name
from webapp.web.tools import tools

pages = Blueprint("devices", __name__, url_prefix="/my-data/devices")

HERE = "/my-data/devices"


@pages.get("")
@guards.signed_in
def mine() -> AnyResponse:
    session, person_id = _my_session(), guards.person_who_asks().id
    found = devices.open_sessions(tools(), session)
    return show(
        "devices/devices.html",
        sessions=[_row(one) for one in found],
        others=len(found) - 1,
        lower=is_lower(sessions.level(tools(), session)),
        passkeys=[
            {"id": one.credential_id, "made_at": one.made_at, "used_at": one.used_at, "browser": browser_name(one.browser),
             "way": way_in(passkeys.OPENS[one.made_via])}  # type: ignore[index]
            for one in passkeys.passkeys_of(tools(), person_id)
        ],
        channel=government_channel.link_of(tools(), person_id),
        pin=tools().store.pin_of(person_id),
        codes=[_code(one) for one in tools().store.counter_codes_of(person_id)],
    )  # fmt: skip


@pages.post("/end")
@guards.needs(Act.END_DEVICES)
def end() -> AnyResponse:
    devices.end_one(tools(), _my_session(), request.form.get("session", "")[:64])
    return redirect(HERE, 303)


@pages.post("/end-others")
@guards.needs(Act.END_DEVICES)
def end_others() -> AnyResponse:
    devices.end_all_others(tools(), _my_session())
    return redirect(HERE, 303)


def _my_session() -> Session:
    session = guards.current_session()
    assert session is not None
    return session


def _row(one: OpenSession) -> dict[str, Any]:
    return {
        "name": one.name,
        "is_this": one.is_this,
        "browser": browser_name(one.session.browser),
        "way": way_in(one.session.via),
        "began": _at(one.session.started_at),
        "used": _at(one.session.seen_at),
    }


def _code(one: CounterCode) -> dict[str, Any]:
    is_over = tools().clock.machine_time() >= one.ends_at or one.ended_at is not None
    return {"issued_at": one.issued_at, "used_at": one.used_at, "is_open": not is_over and one.used_at is None}


def _at(epoch: float) -> datetime:
    """A moment of machine time as business time says it: in development the two may differ."""
    ago: datetime = tools().clock.now() - timedelta(seconds=tools().clock.machine_time() - epoch)
    return ago
