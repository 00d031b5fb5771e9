"""Passkeys: coming in by one, making one after ThaiD, removing it.

Plain forms: the page holds what the browser's own function is asked, js/passkey.js writes its answer into the form and sends it. So there
is nothing to keep in step between script and server, and a page without JavaScript says honestly that this needs it and what does not.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.actions import counter_codes, passkeys
from webapp.domain.assurance import Act, Answer, Via, answer
from webapp.domain.measure import SIGN_INS
from webapp.web import browser, cookies, guards, this_device
from webapp.web.coming_in import let_in, next_path
from webapp.web.filters import say_date
from webapp.web.fragments import show
from webapp.web.language import gettext as _
from webapp.web.security import mark_personal
from webapp.web.tools import tools

pages = Blueprint("passkeys", __name__)

COME_IN, MINE, DEVICES = "/sign-in/passkey", "/my-data/passkeys", "/my-data/devices"
Error = dict[str, Any]


@pages.route(COME_IN, methods=["GET", "POST"])
@guards.needs(Act.SIGN_IN_OR_OUT)
def come_in() -> AnyResponse:
    """Whoever's passkey signs is let in; the page names nobody."""
    mark_personal()
    if request.method == "GET":
        return _come_in_page()
    came = passkeys.come_in(
        tools(), browser.browser_secret(), request.form.get("passkey_answer", ""), cookies.read(guards.SESSION_COOKIE), this_device.device()
    )
    if came is None:
        tools().meter.count(SIGN_INS, Via.PASSKEY, "not_taken")
        text = _("This passkey opens nothing here. It may have been removed. Use another way")
        return _come_in_page([{"field": "make", "text": text}])
    return let_in(came.token, came.person_id, next_path())


def _come_in_page(errors: list[Error] | None = None) -> Response:
    at_home = tools().passkeys.is_at_home_on(request.host)
    return show(
        "passkeys/come_in.html",
        status=422 if errors else 200,
        errors=errors,
        options=passkeys.to_use(tools(), browser.browser_secret_or_new()) if at_home else None,
        at_home=at_home,
        home=tools().passkeys.home(),
        onward=f"next={quote(next_path(), safe='/')}",
    )


@pages.route(MINE, methods=["GET", "POST"])
@guards.needs(Act.SET_PASSKEY)
def mine() -> AnyResponse:
    """What a passkey is, and making one: just after ThaiD, or ThaiD is asked for first."""
    if request.method == "GET":
        return _mine_page()
    person_id = guards.person_who_asks().id
    if passkeys.add(tools(), browser.browser_secret(), person_id, request.form.get("passkey_answer", ""), this_device.device()):
        return redirect(f"{DEVICES}#passkeys", 303)
    return _mine_page([{"field": "make", "text": _("The passkey was not set. Try once more")}])


def _mine_page(errors: list[Error] | None = None) -> Response:
    person_id, said = guards.person_who_asks().id, answer(Act.SET_PASSKEY, guards.standing())
    kept = passkeys.passkeys_of(tools(), person_id)
    at_home = tools().passkeys.is_at_home_on(request.host)
    may_now = at_home and said is Answer.YES and len(kept) < passkeys.MOST_PASSKEYS
    name = f"Sitthi {say_date(tools().clock.today(), 'short')}"
    return show(
        "passkeys/mine.html",
        status=422 if errors else 200,
        errors=errors,
        options=passkeys.to_make(tools(), browser.browser_secret_or_new(), person_id, name) if may_now else None,
        at_home=at_home,
        home=tools().passkeys.home(),
        at_the_counter=said is Answer.AT_THE_COUNTER,
        ask_thaid=said is Answer.THAID_AGAIN,
        count=len(kept),
        most=passkeys.MOST_PASSKEYS,
    )


@pages.post(f"{MINE}/remove")
@guards.needs(Act.REMOVE_PASSKEY)
def remove() -> AnyResponse:
    session = guards.current_session()
    assert session is not None
    passkeys.remove(tools(), session, request.form.get("passkey", "")[:512])
    return redirect(f"{DEVICES}#passkeys", 303)


@pages.post(f"{MINE}/remove-pin")
@guards.needs(Act.REMOVE_PASSKEY)
def remove_pin() -> AnyResponse:
    session = guards.current_session()
    assert session is not None
    counter_codes.remove_pin(tools(), session)
    return redirect(f"{DEVICES}#passkeys", 303)
