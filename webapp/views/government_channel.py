"""Coming in from the Government Channel app (ทางรัฐ): where the app lands, "is that you?", and a page for every way it can fail.

The address with the mToken is left at once for one without it: it is spent by then, and stands in no history, link or log of ours.
Where ThaiD comes next, the page before ThaiD is shown and not ThaiD itself: a form must not lead to another site (the policy of our pages),
and that page holds the help.
"""

from __future__ import annotations

import logging
from dataclasses import replace

from flask import Blueprint, Response, abort, make_response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.actions import government_channel
from webapp.actions.government_channel import ENTRY_SECONDS, CameIn, Linked, ThaidFirst
from webapp.domain.assurance import Act, Answer, Via, answer
from webapp.domain.measure import SIGN_INS
from webapp.ports import Session
from webapp.web import cookies, guards, read_only, this_device
from webapp.web.channel_words import failure_words
from webapp.web.coming_in import HOME, first_page, let_in
from webapp.web.fragments import show
from webapp.web.limits import allow
from webapp.web.security import mark_personal
from webapp.web.tools import tools

pages = Blueprint("government_channel", __name__, url_prefix="/government-channel")
log = logging.getLogger("sitthi")

HERE, DEVICES = "/government-channel", "/my-data/devices"
CONFIRM, LINKED = f"{HERE}/confirm", f"{HERE}/linked"
COOKIE = "sitthi-entry"
FAILURES = {
    "foreign_app": 403, "entry_not_taken": 409, "entry_over": 410, "another_number": 403, "not_me": 200, "not_verified": 502,
    "number_not_valid": 403, "provider_down": 502, "timed_out": 504, "blocked_page": 502,
}  # fmt: skip
NOT_INSURED = "/sign-in/failed/not_insured"


@pages.get("")
def landing() -> AnyResponse:
    """With an mToken the app's way in; without one, how to come in from the app."""
    mark_personal()
    if request.method == "GET" and ("mToken" in request.args or "appId" in request.args):
        return _arrive()
    mini_app = tools().settings.government_channel
    menu = f"{mini_app.gateway}/simulator/government-channel" if mini_app and mini_app.is_stand_in else None
    return show("government_channel/landing.html", is_on=mini_app is not None, menu=menu)


def _arrive() -> AnyResponse:
    allow("government-channel")
    outcome = government_channel.arrive(tools(), request.args.get("appId", ""), request.args.get("mToken", ""))
    if isinstance(outcome, government_channel.NotEntered):
        return _failed(outcome)
    government_channel.drop(tools(), cookies.read(COOKIE))
    response = make_response(redirect(CONFIRM, 303))
    cookies.keep_secret(response, COOKIE, outcome.secret, max_age=ENTRY_SECONDS)
    return response


@pages.route("/confirm", methods=["GET", "POST"])
@guards.needs(Act.SIGN_IN_OR_OUT)
def confirm() -> AnyResponse:
    """"Are you …?": nobody is signed in by a link alone."""
    mark_personal()
    if request.method == "POST":
        return _confirmed()
    entry = government_channel.entry_of(tools(), cookies.read(COOKIE))
    if entry is None:
        return redirect(f"{HERE}/failed/entry_over", 303)
    return show("government_channel/confirm.html", entered=entry.entered, is_linked=government_channel.is_linked(tools(), entry))


def _confirmed() -> AnyResponse:
    earlier = cookies.read(guards.SESSION_COOKIE)
    outcome = government_channel.confirm(tools(), cookies.read(COOKIE), earlier, this_device.device())
    if isinstance(outcome, ThaidFirst):
        return redirect(f"/sign-in?next={LINKED}", 303)
    response = let_in(outcome.token, outcome.person_id, HOME) if isinstance(outcome, CameIn) else make_response(_failed(outcome))
    cookies.drop_secret(response, COOKIE)
    return response


@pages.post("/not-me")
@guards.needs(Act.SIGN_IN_OR_OUT)
def not_me() -> AnyResponse:
    mark_personal()
    government_channel.drop(tools(), cookies.read(COOKIE))
    return _without_entry(f"{HERE}/failed/not_me")


@pages.get("/linked")
def linked() -> AnyResponse:
    """Back from ThaiD: the link is kept where both told the same number. It can be asked for again without harm."""
    mark_personal()
    session = guards.current_session()
    if government_channel.entry_of(tools(), cookies.read(COOKIE)) is None:
        return _linked_page(session) if session and _has_link(session) else redirect(f"{HERE}/failed/entry_over", 303)
    if session is None:
        return redirect(f"/sign-in?next={LINKED}", 303)
    if answer(Act.LINK_GOVERNMENT_CHANNEL, replace(guards.standing(), is_person=True)) is not Answer.YES:
        return redirect(f"/sign-in/again?next={LINKED}", 303)
    read_only.must_be_taken_in()
    outcome = government_channel.link(tools(), cookies.read(COOKIE), session)
    if outcome is Linked.YES:
        response = make_response(_linked_page(session))
        cookies.drop_secret(response, COOKIE)
        return response
    tools().meter.count(SIGN_INS, Via.GOVERNMENT_CHANNEL, outcome)
    return _without_entry(f"{HERE}/failed/{outcome}")


def _linked_page(session: Session) -> AnyResponse:
    return show("government_channel/linked.html", onward=first_page(session.person_id or "", HOME))


def _has_link(session: Session) -> bool:
    return session.person_id is not None and government_channel.link_of(tools(), session.person_id) is not None


@pages.get("/failed/<why>")
def failed(why: str) -> AnyResponse:
    mark_personal()
    if why not in FAILURES:
        abort(404)
    return show("government_channel/failed.html", status=FAILURES[why], words=failure_words(why), why=why)


@pages.post("/end")
@guards.needs(Act.END_GOVERNMENT_CHANNEL)
def end() -> AnyResponse:
    session = guards.current_session()
    assert session is not None
    government_channel.end_link(tools(), session)
    return redirect(f"{DEVICES}#passkeys", 303)


def _failed(outcome: government_channel.NotEntered) -> AnyResponse:
    """To the page that tells the next step: an address without the mToken."""
    log.info("no entry from the government channel: %s %s", outcome.cause, outcome.detail)
    tools().meter.count(SIGN_INS, Via.GOVERNMENT_CHANNEL, outcome.cause)
    if outcome.cause == "switched_off":
        return redirect(HERE, 303)
    if outcome.cause == "not_insured":
        return redirect(NOT_INSURED, 303)
    return redirect(f"{HERE}/failed/{outcome.cause}", 303)


def _without_entry(target: str) -> Response:
    response = make_response(redirect(target, 303))
    cookies.drop_secret(response, COOKIE)
    return response

