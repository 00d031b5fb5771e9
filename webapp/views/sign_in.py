"""Signing in through ThaiD and out again: the page before, the way there and back, and a page with the next step for every way it can fail.

Faults of the request itself are shown by ThaiD on its own page, and an app that is closed sends nobody back: so the page
before ThaiD holds the help, and shows an attempt of this browser that is still out.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from babel.lists import format_list
from flask import Blueprint, Response, abort, g, make_response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.actions import sessions, sign_in
from webapp.domain.assurance import FRESH_SECONDS, Act, Via
from webapp.domain.dates import thai_digits_to_arabic
from webapp.domain.measure import SIGN_INS
from webapp.ports import SignInFailed, StoreReadOnly, StoreUnavailable
from webapp.web import browser, cookies, guards, this_device
from webapp.web.coming_in import first_page
from webapp.web.fragments import show
from webapp.web.guide import THAID_ONLY_SINCE
from webapp.web.language import gettext as _
from webapp.web.language import language, ngettext
from webapp.web.security import mark_personal, own_path
from webapp.web.tools import tools
from webapp.web.typed import forget_typed, typed_again

pages = Blueprint("sign_in", __name__)
log = logging.getLogger("sitthi")

CALLBACK = "/sign-in/thaid/callback"
TYPED = "/sign-in/typed"
CODE_SHOWN = "/sign-in/code"
CODE_COOKIE = "sitthi-carried"
OFFICERS_HOME = "/officer"
OWN_PAGES = ("/sign-in", "/sign-out", "/session")
FAILURES = {
    "refused": 403,
    "unknown": 400,
    "already_used": 409,
    "too_old": 410,
    "other_browser": 403,
    "code_over": 410,
    "code_not_taken": 409,
    "not_verified": 502,
    "number_not_valid": 403,
    "ial_too_low": 403,
    "not_insured": 403,
    "blocked_page": 502,
    "provider_down": 502,
    "timed_out": 504,
}


@pages.get("/sign-in")
def before_thaid() -> AnyResponse:
    return _before_thaid()


def _before_thaid(status: int = 200, typed: str = "", error: str = "") -> Response:
    mark_personal()
    now = tools().clock.machine_time()
    waiting = sign_in.waiting_since(tools(), browser.browser_secret())
    return _page(
        "sign_in/before_thaid.html",
        status=status,
        code_typed=typed,
        code_error=error or None,
        errors=[{"field": "code", "text": error}] if error else [],
        code_awaited=bool(error) or sign_in.is_code_awaited(tools(), browser.browser_secret()),
        next=_next_path(),
        already_in=guards.current_session() is not None,
        ran_out=guards.session_ran_out(),
        idle_minutes=sessions.IDLE_SECONDS // 60,
        waiting_minutes=None if waiting is None else max(0, int((now - waiting) // 60)),
        received=_received(),
    )


@pages.get("/sign-in/thaid")
def go_to_thaid() -> AnyResponse:
    mark_personal()
    try:
        address = sign_in.start(tools(), browser.browser_secret_or_new(), _next_path(), _callback_address())
    except SignInFailed as fault:
        return _failed(sign_in.NotSignedIn(fault.cause, _next_path(), fault.detail))
    return redirect(address, 303)


@pages.get(CALLBACK)
def back_from_thaid() -> AnyResponse:
    mark_personal()
    earlier = cookies.read(guards.SESSION_COOKIE)
    outcome = sign_in.finish(tools(), browser.browser_secret(), request.args, earlier, this_device.device())
    if isinstance(outcome, sign_in.SignedIn):
        return _welcome(outcome)
    if isinstance(outcome, sign_in.CarriedOver):
        response = make_response(redirect(CODE_SHOWN, 303))
        cookies.keep_secret(response, CODE_COOKIE, outcome.secret, max_age=sign_in.CODE_SECONDS)
        return response
    if outcome.cause == "already_used" and guards.current_session() is not None:
        return redirect(outcome.next, 303)
    return _failed(outcome)


@pages.get(CODE_SHOWN)
def code_shown() -> AnyResponse:
    """The browser that came back although another began: six digits to type there."""
    mark_personal()
    carried = sign_in.code_to_show(tools(), cookies.read(CODE_COOKIE))
    if carried is None:
        return _failed(sign_in.NotSignedIn("code_over", "/"))
    seconds = int(carried.ends_at - tools().clock.machine_time())
    return show("sign_in/code.html", code=carried.code, ends_at=tools().clock.now() + timedelta(seconds=seconds), tries=sign_in.CODE_TRIES)


@pages.post(CODE_SHOWN)
@guards.needs(Act.SIGN_IN_OR_OUT)
def type_code() -> AnyResponse:
    """The browser that began takes the digits."""
    mark_personal()
    typed = request.form.get("code", "").strip()[:20]
    digits = "".join(thai_digits_to_arabic(typed).split())
    if len(digits) != sign_in.CODE_DIGITS or not digits.isdecimal():
        return _before_thaid(422, typed, _("Type the %(digits)s digits that the other browser shows", digits=sign_in.CODE_DIGITS))
    outcome = sign_in.finish_by_code(
        tools(), browser.browser_secret(), digits, cookies.read(guards.SESSION_COOKIE), this_device.device()
    )
    if isinstance(outcome, sign_in.SignedIn):
        return _welcome(outcome)
    if not outcome.tries_left:
        return _failed(sign_in.NotSignedIn("code_over", _next_path()))
    wrong = ngettext(
        "These are not the digits shown. You can try %(num)s more time",
        "These are not the digits shown. You can try %(num)s more times",
        outcome.tries_left,
    )
    return _before_thaid(422, typed, wrong)


@pages.post("/sign-in/code/stop")
@guards.needs(Act.SIGN_IN_OR_OUT)
def stop_code() -> AnyResponse:
    """It was somebody else's sign-in: the digits open nothing any more."""
    mark_personal()
    sign_in.stop_code(tools(), cookies.read(CODE_COOKIE))
    response = make_response(redirect("/sign-in/failed/code_over", 303))
    cookies.drop_secret(response, CODE_COOKIE)
    return response


@pages.get("/sign-in/failed/<cause>")
def failed(cause: str) -> AnyResponse:
    mark_personal()
    if cause not in FAILURES:
        abort(404)
    minutes = sessions.ATTEMPT_SECONDS // 60
    return _page(f"sign_in/failed/{cause}.html", status=FAILURES[cause], attempt_minutes=minutes)


@pages.get(TYPED)
def typed() -> AnyResponse:
    """What a form had carried when the session ran out: sent again by one tap, or left."""
    mark_personal()
    session = guards.current_session()
    if session is None:
        return guards.to_sign_in()
    kept = typed_again(sessions.owner_of(session))
    return show("sign_in/typed.html", kept=kept) if kept else redirect("/", 303)


@pages.get("/sign-in/old-password")
def old_password() -> AnyResponse:
    return _page("sign_in/old_password.html", changed_on=THAID_ONLY_SINCE)


@pages.get("/sign-in/again")
def again() -> AnyResponse:
    """What is about to be done asks for ThaiD once more; what was typed waits."""
    mark_personal()
    return _page("sign_in/again.html", next=_next_path(), fresh_minutes=FRESH_SECONDS // 60)


@pages.get("/sign-in/other-ways")
def other_ways() -> AnyResponse:
    return _page("sign_in/other_ways.html")


@pages.post("/sign-out")
@guards.needs(Act.SIGN_IN_OR_OUT)
def sign_out() -> AnyResponse:
    """Ends the session here. What the phone held for the person is wiped there (static/js/app.js and the worker): `Clear-Site-Data` would
    take the worker, the emergency page and the reminders along. Looks and language stay."""
    token = cookies.read(guards.SESSION_COOKIE)
    if token:
        with suppress(StoreReadOnly):  # then it ends by itself within a quarter of an hour; this browser lets go of it now
            sessions.end_session(tools(), token)
    response = make_response(redirect("/sign-out", 303))
    cookies.drop_secret(response, guards.SESSION_COOKIE)
    browser.forget_browser(response)
    return response


@pages.get("/sign-out")
def signed_out() -> AnyResponse:
    mark_personal()
    return show("sign_in/signed_out.html", still_in=guards.current_session() is not None)


@pages.post("/session/extend")
@guards.needs(Act.SIGN_IN_OR_OUT)
def extend() -> AnyResponse:
    """One tap for another quarter of an hour; a script is told when that ends, a form goes back to its page."""
    mark_personal()
    token = cookies.read(guards.SESSION_COOKIE)
    session = sessions.extend_session(tools(), token) if token else None
    if _is_script():
        return _extended_for_script(sessions.ends_at(session) if session else None)
    target = own_path(request.form.get("next"))
    return redirect(target if session else f"/sign-in?next={quote(target, safe='/')}", 303)


@pages.after_app_request
def _typed_form_has_arrived(response: Response) -> Response:
    """A form that was kept and is now sent need not be offered again. Where the store is gone just now it is offered once more, and its
    answer stays what it was: what was asked is done by now."""
    session = None if g.get("typed_is_kept") else g.get("session_row")
    if request.method == "POST" and session is not None and response.status_code < 500:
        with suppress(StoreUnavailable):
            kept = typed_again(sessions.owner_of(session))
            if kept and kept.posted_to == request.full_path.rstrip("?"):
                forget_typed(sessions.owner_of(session))
    return response


def _welcome(signed_in: sign_in.SignedIn) -> AnyResponse:
    kept = typed_again(f"person:{signed_in.person_id}" if signed_in.person_id else f"officer:{signed_in.officer_id}")
    target = signed_in.next
    if kept and kept.page == target:
        target = TYPED
    elif target == "/" and signed_in.person_id is None:
        target = OFFICERS_HOME
    elif signed_in.person_id:
        target = first_page(signed_in.person_id, target)
    response = make_response(redirect(target, 303))
    cookies.keep_secret(response, guards.SESSION_COOKIE, signed_in.token)
    return response


def _failed(outcome: sign_in.NotSignedIn) -> AnyResponse:
    """To the page that tells the next step: an address without code and state, which reloads and changes language safely."""
    log.info("no sign-in: %s %s", outcome.cause, outcome.detail)
    tools().meter.count(SIGN_INS, Via.THAID, outcome.cause)
    return redirect(f"/sign-in/failed/{outcome.cause}?next={quote(outcome.next, safe='/')}", 303)


def _next_path() -> str:
    """The way back that was asked for: a path of ours, and none that leads in a circle."""
    wanted = own_path(request.args.get("next"))
    return "/" if urlsplit(wanted).path.startswith(OWN_PAGES) else wanted


def _page(page: str, status: int = 200, **facts: Any) -> Response:
    """A page on the way to ThaiD: each link onward keeps the way back."""
    onward = f"next={quote(_next_path(), safe='/')}"
    return show(page, status=status, start=f"/sign-in/thaid?{onward}", onward=onward, **facts)


def _callback_address() -> str:
    """Byte for byte one that is registered: in development on the name the browser came by, so that its cookie comes back."""
    base = urlsplit(tools().settings.base_url)
    host = base.netloc if tools().settings.production else request.host
    return f"{base.scheme}://{host}{CALLBACK}"


def _received() -> str:
    """What the scopes asked for make ThaiD tell, as one sentence; names are one thing however many scopes they take."""
    asked = tools().settings.thaid_scopes.split()
    words = {
        "given_name": _("name"), "family_name": _("name"), "middle_name": _("name"), "title": _("name"), "name": _("name"),
        "given_name_en": _("name in English"), "family_name_en": _("name in English"), "middle_name_en": _("name in English"),
        "title_en": _("name in English"), "name_en": _("name in English"),
        "pid": _("national ID number"), "birthdate": _("birth date"), "gender": _("gender"), "address": _("address"),
        "ial": _("identity level"), "date_of_issuance": _("days of issue and expiry of the ID card"),
        "date_of_expiry": _("days of issue and expiry of the ID card"), "smartcard_code": _("number of the ID card itself"),
        "openid": _("national ID number"),
    }  # fmt: skip
    told = format_list(list(dict.fromkeys(text for scope, text in words.items() if scope in asked)), locale=language())
    return told[:1].upper() + told[1:]


def _is_script() -> bool:
    return bool(request.headers.get("HX-Request")) or request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"


def _extended_for_script(end: float | None) -> Response:
    if end is None:
        return make_response("", 401)
    response = make_response("", 204)
    response.headers["Session-Ends-At"] = str(int(end))
    return response
