"""The counter route: an officer hands over a code; the person sets a passkey or a PIN with it, and later comes in by PIN and half a code.

Decided: the square on paper and screen holds our own address with the code behind a '#', which browsers keep to themselves: it reaches no
server and no log; js/passkey.js writes it into the field, and without JavaScript it is typed. A citizen number or a code never stands in an
address. The officer ticks that card and face were looked at: nothing here could know it, and ticking is what makes somebody look.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.actions import counter_codes, passkeys
from webapp.actions.counter_codes import CodeFault, NotFound, PinFault
from webapp.domain.assurance import Act, Via
from webapp.domain.counter_code import HALF, LIFE_DAYS, SHORTEST_PIN, Why, grouped
from webapp.domain.measure import SIGN_INS
from webapp.domain.person import NumberKind
from webapp.ports import CounterCode
from webapp.web import browser, cookies, guards, this_device
from webapp.web.assurance_words import code_fault, papers, pin_fault, read_aloud, why_no_person, why_options
from webapp.web.coming_in import let_in, next_path
from webapp.web.filters import bdi, say_date
from webapp.web.fragments import show
from webapp.web.language import gettext as _
from webapp.web.language import ph
from webapp.web.limits import TooManyTries, note_miss, seconds_over, turn_away_after_misses
from webapp.web.qr_code import qr_code
from webapp.web.security import mark_personal
from webapp.web.tools import tools

pages = Blueprint("counter", __name__)

DESK = "/officer/counter"
ENTER, SET, PIN = "/sign-in/counter", "/sign-in/counter/set", "/sign-in/pin"
LONGEST_TYPED = 40
Error = dict[str, Any]


# The officer


@pages.route(DESK, methods=["GET", "POST"])
@guards.officers_only
def number() -> AnyResponse:
    """Whose card it is. The number goes in here and comes out nowhere."""
    if request.method == "GET":
        return _number_page()
    kind = request.form.get("kind", "")
    if kind not in set(NumberKind):
        return _number_page([{"field": "kind", "text": _("Choose which card the number is on")}])
    found = counter_codes.look_up(tools(), guards.officer_who_decides(), request.form.get("number", "")[:LONGEST_TYPED], NumberKind(kind))
    if isinstance(found, NotFound):
        return _number_page([{"field": "number", "text": why_no_person(found)}], kind)
    return redirect(f"{DESK}/check", 303)


def _number_page(errors: list[Error] | None = None, kind: str = NumberKind.CITIZEN) -> Response:
    waiting = counter_codes.to_hand_over(tools(), guards.officer_who_decides())
    return show(
        "counter/number.html", status=422 if errors else 200, errors=errors, error_of=_by_field(errors), kind=kind, waiting=waiting,
        named=request.args.get("named") == "1",
    )  # fmt: skip


@pages.route(f"{DESK}/check", methods=["GET", "POST"])
@guards.officers_only
def check() -> AnyResponse:
    """Card and face, and why this person gets a code."""
    me = guards.officer_who_decides()
    found = counter_codes.at_the_counter(tools(), me)
    if found is None:
        return redirect(DESK, 303)
    why, shown, errors = request.form.get("why", ""), request.form.get("shown", ""), list[Error]()
    ticked: Mapping[str, str] = request.form
    if request.method == "POST" and not counter_codes.is_still_before(found, shown):
        why, ticked = "", {}
        text = ph("Somebody else was looked up since. This page now shows %(name)s: look at their card and face", name=bdi(found.name.full))
        errors.append({"field": "card", "text": text})
    elif request.method == "POST":
        if not request.form.get("card"):
            errors.append({"field": "card", "text": _("Look at the original card first")})
        if not request.form.get("face"):
            errors.append({"field": "face", "text": _("Compare the face with the card first")})
        if why not in set(Why):
            errors.append({"field": "why", "text": _("Choose why a code is needed")})
        if not errors:
            made = counter_codes.issue(tools(), me, Why(why), shown)
            return redirect(f"{DESK}/code?made={made.id}" if made else f"{DESK}/check", 303)
    return show(
        "counter/check.html",
        status=422 if errors else 200,
        errors=errors or None,
        error_of=_by_field(errors),
        found=found,
        options=why_options(),
        why=why,
        ticked=ticked,
        life_days=LIFE_DAYS,
        is_citizen=found.name.number_kind is NumberKind.CITIZEN,
    )


@pages.get(f"{DESK}/code")
@guards.officers_only
def code() -> AnyResponse:
    """On the officer's screen: the square for the person's phone, the characters, and the way to paper."""
    return _code_page("counter/code.html")


@pages.get(f"{DESK}/print")
@guards.officers_only
def paper() -> AnyResponse:
    return _code_page("counter/print.html")


def _code_page(page: str) -> AnyResponse:
    """Of the code that the address names: a tab that waited shows no later one."""
    handed = counter_codes.handed_over(tools(), guards.officer_who_decides(), request.args.get("made", "")[:LONGEST_TYPED])
    if handed is None:
        return redirect(DESK, 303)
    site = tools().settings.base_url
    return show(
        page,
        handed=handed,
        code=grouped(handed.code),
        first=handed.code[:HALF],
        second=handed.code[HALF:],
        half_length=HALF,
        spoken=read_aloud(handed.code),
        square=qr_code(f"{site}{ENTER}#{grouped(handed.code)}", _("A square for a phone’s camera. It holds the code")),
        papers=papers(handed.code, site, handed.ends_at),
    )


@pages.post(f"{DESK}/done")
@guards.officers_only
def done() -> AnyResponse:
    """Handed over: nothing of this person stays on the desk."""
    counter_codes.leave(tools(), guards.officer_who_decides(), request.form.get("made", "")[:LONGEST_TYPED])
    return redirect(DESK, 303)


# The person


@pages.route(ENTER, methods=["GET", "POST"])
@guards.needs(Act.SIGN_IN_OR_OUT)
def enter() -> AnyResponse:
    """The ten characters."""
    mark_personal()
    if request.method == "GET":
        return _enter_page()
    turn_away_after_misses("wrong-codes", "wrong-codes-of-all")
    typed = request.form.get("code", "")[:LONGEST_TYPED]
    taken = counter_codes.enter(tools(), browser.browser_owner_or_new(), typed)
    if taken is CodeFault.NOT_TAKEN:
        note_miss("wrong-codes", "wrong-codes-of-all")
    if isinstance(taken, CodeFault):
        tools().meter.count(SIGN_INS, "counter_code", taken)
        return _enter_page([{"field": "code", "text": code_fault(taken)}], typed if taken is CodeFault.MISTYPED else "")
    return redirect(f"{SET}?{_onward()}", 303)


def _enter_page(errors: list[Error] | None = None, typed: str = "") -> Response:
    return show("counter/enter.html", status=422 if errors else 200, errors=errors, typed=typed, onward=_onward())


@pages.get(SET)
def choose() -> AnyResponse:
    """Passkey or PIN."""
    mark_personal()
    taken = counter_codes.accepted(tools(), browser.browser_owner())
    return _choose_page(taken) if taken else redirect(f"{ENTER}?{_onward()}", 303)


def _choose_page(taken: CounterCode, errors: list[Error] | None = None) -> Response:
    at_home = tools().passkeys.is_at_home_on(request.host)
    options = None
    if at_home:
        options = passkeys.to_make(tools(), browser.browser_secret_or_new(), taken.person_id, passkey_name())
    return show(
        "counter/choose.html",
        status=422 if errors else 200,
        errors=errors,
        error_of=_by_field(errors),
        name=tools().store.name_of(taken.person_id),
        options=options,
        at_home=at_home,
        home=tools().passkeys.home(),
        shortest=SHORTEST_PIN,
        half_length=HALF,
        onward=_onward(),
    )


def passkey_name() -> str:
    """What the phone shows beside the key: the day it was made, and nobody's name."""
    return f"Sitthi {say_date(tools().clock.today(), 'short')}"


@pages.post("/sign-in/counter/pin")
@guards.needs(Act.SET_A_WAY_IN)
def set_pin() -> AnyResponse:
    mark_personal()
    owner, form = browser.browser_owner_or_new(), request.form
    came = counter_codes.set_pin(
        tools(), owner, form.get("pin", ""), form.get("pin_again", ""), cookies.read(guards.SESSION_COOKIE), this_device.device()
    )
    if isinstance(came, PinFault):
        taken = counter_codes.accepted(tools(), owner)
        field = "pin_again" if came is PinFault.DIFFERS else "pin"
        return _choose_page(taken, [{"field": field, "text": pin_fault(came)}]) if taken else _gone()
    return let_in(came.token, came.person_id, next_path()) if came else _gone()


@pages.post("/sign-in/counter/passkey")
@guards.needs(Act.SET_A_WAY_IN)
def set_passkey() -> AnyResponse:
    mark_personal()
    owner = browser.browser_owner_or_new()
    came = counter_codes.set_passkey(
        tools(), owner, browser.browser_secret(), request.form.get("passkey_answer", ""), cookies.read(guards.SESSION_COOKIE),
        this_device.device()
    )
    if came is not None:
        return let_in(came.token, came.person_id, next_path())
    tools().meter.count(SIGN_INS, Via.COUNTER_PASSKEY, "not_taken")
    taken = counter_codes.accepted(tools(), owner)
    errors = [{"field": "make", "text": _("The passkey was not set. Try once more, or choose a PIN")}]
    return _choose_page(taken, errors) if taken else _gone()


def _gone() -> Response:
    """Used meanwhile, or entered too long ago."""
    return _enter_page([{"field": "code", "text": _("Type the code once more. It may have been used already")}])


@pages.route(PIN, methods=["GET", "POST"])
@guards.needs(Act.SIGN_IN_OR_OUT)
def pin() -> AnyResponse:
    """Half a code and the PIN."""
    mark_personal()
    if request.method == "GET":
        return _pin_page()
    turn_away_after_misses("wrong-pins")
    rests = seconds_over("wrong-pins-of-all")
    half = request.form.get("half", "")[:LONGEST_TYPED]
    came = counter_codes.come_in_by_pin(
        tools(), half, request.form.get("pin", ""), cookies.read(guards.SESSION_COOKIE), this_device.device(), known_phones_only=rests > 0
    )
    if came is None:
        note_miss("wrong-pins", "wrong-pins-of-all")
        tools().meter.count(SIGN_INS, Via.COUNTER_PIN, "not_taken")
        if rests:
            raise TooManyTries(rests, of_all=True)
        text = _("These do not belong together, or there were too many wrong tries. Check both, wait 15 minutes, or go to a counter")
        return _pin_page([{"field": "half", "text": text}], half)
    return let_in(came.token, came.person_id, next_path())


def _pin_page(errors: list[Error] | None = None, half: str = "") -> Response:
    return show("counter/pin.html", status=422 if errors else 200, errors=errors, half=half, half_length=HALF, onward=_onward())


def _onward() -> str:
    return f"next={quote(next_path(), safe='/')}"


def _by_field(errors: list[Error] | None) -> dict[str, str]:
    return {error["field"]: error["text"] for error in errors or ()}
