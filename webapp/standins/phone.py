"""The pages between the authorize request and the callback: the QR code on a computer, the pretend app, and the tester's controls.

DOPA's own pages are not known path by path, so these stand under /simulator and look like nobody's. They need no JavaScript; with it, the
QR page notices the answer by itself. No citizen number is ever in an address.
"""

from __future__ import annotations

import re
from typing import Any

import segno
from flask import Blueprint, abort, current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.standins.desk import SCOPES, Attempt, Desk
from webapp.standins.personas import Persona, persona_by_number
from webapp.standins.switches import CHOICE_WORDS, CHOICES, FAULTS, LIVE_FAULTS, UnknownSwitch, changed, set_switches

phone = Blueprint("phone", __name__, url_prefix="/simulator", template_folder="templates")

PHONES = re.compile(r"Mobi|Android|iPhone|iPad", re.IGNORECASE)
ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789", " -")
OUTCOMES = ("consent", "refuse", "close")


def desk() -> Desk:
    """The memory of the stand-in that answers this request."""
    found: Desk = current_app.extensions["thaid"]
    return found


def comes_from_a_phone() -> bool:
    return bool(PHONES.search(request.headers.get("User-Agent", "")))


def first_page(attempt: Attempt) -> str:
    """Where the authorize request leads: the QR code, or on a phone the button that opens the app."""
    return url_for("phone.open_app" if attempt.from_phone else "phone.qr", handle=attempt.handle)


@phone.get("/qr/<handle>")
def qr(handle: str) -> ResponseReturnValue:
    attempt = _attempt(handle)
    callback = desk().take_callback(attempt)
    if callback:
        return redirect(callback)
    state = _state(attempt)
    if state in ("done", "over"):
        return _ended(state, attempt)
    link = desk().config.issuer + url_for("phone.open_app", handle=handle)
    left = round(max(0.0, attempt.ends - desk().config.clock()))
    return render_template("standins/qr.html", attempt=attempt, state=state, code=_drawn(link), left=left)


@phone.get("/qr/<handle>/state")
def qr_state(handle: str) -> ResponseReturnValue:
    return jsonify(state=_state(_attempt(handle)))


@phone.get("/phone/<handle>")
def open_app(handle: str) -> ResponseReturnValue:
    attempt = _attempt(handle)
    if not attempt.from_phone:
        return redirect(url_for("phone.who", handle=handle))
    return _ended_if_so(attempt) or render_template("standins/open.html", attempt=attempt, client=_client(attempt))


@phone.get("/phone/<handle>/who")
def who(handle: str) -> ResponseReturnValue:
    attempt = _attempt(handle)
    desk().open(attempt)
    return _ended_if_so(attempt) or _choose_who(attempt)


@phone.post("/phone/<handle>/who")
def choose(handle: str) -> ResponseReturnValue:
    attempt = _attempt(handle)
    ended = _ended_if_so(attempt)
    if ended:
        return ended
    typed = request.form.get("pid", "")
    pid = typed.translate(ARABIC)
    if not re.fullmatch(r"[0-9]{13}", pid):
        return _choose_who(attempt, typed=typed, fault=True), 422
    attempt.persona = persona_by_number(pid)
    return redirect(url_for("phone.consent", handle=handle, here=request.args.get("here")), 303)


@phone.get("/phone/<handle>/consent")
def consent(handle: str) -> ResponseReturnValue:
    attempt = _attempt(handle)
    if attempt.persona is None:
        return redirect(url_for("phone.who", handle=handle, here=request.args.get("here")))
    return _ended_if_so(attempt) or render_template(
        "standins/consent.html",
        attempt=attempt,
        client=_client(attempt),
        data=_asked_for(attempt, attempt.persona),
        faults=FAULTS,
        choices=CHOICES,
        choice_words=CHOICE_WORDS,
    )


@phone.post("/phone/<handle>/consent")
def answer(handle: str) -> ResponseReturnValue:
    attempt = _attempt(handle)
    ended = _ended_if_so(attempt)
    if ended:
        return ended
    outcome = request.form.get("answer")
    if outcome not in OUTCOMES or attempt.persona is None:
        abort(422)
    try:
        desk().answer(attempt, outcome, _chosen_faults())
    except UnknownSwitch:
        abort(422)
    if outcome == "close":
        return _ended("closed", attempt)
    if "elsewhere" in request.form:
        return _ended("elsewhere", attempt, callback=desk().take_callback(attempt))
    callback = desk().take_callback(attempt) if _returns_here(attempt) else None
    return redirect(callback, 303) if callback else _ended("answered", attempt)


@phone.get("/switches")
def show_switches() -> ResponseReturnValue:
    return jsonify(on=changed(desk().switches), tokens=desk().tokens_left)


@phone.post("/switches")
def turn_switches() -> ResponseReturnValue:
    """A JSON object of switches; `tokens` limits them to the next so many answers."""
    wanted = request.get_json()
    if not isinstance(wanted, dict):
        return jsonify(error="a JSON object of switches is expected"), 422
    tokens = wanted.pop("tokens", None)
    if tokens is not None and (not isinstance(tokens, int) or isinstance(tokens, bool) or tokens < 1):
        return jsonify(error="tokens is a whole number from 1 on"), 422
    try:
        desk().set_switches(wanted, tokens)
    except UnknownSwitch as fault:
        return jsonify(error=str(fault)), 422
    return show_switches()


@phone.delete("/switches")
def reset_switches() -> ResponseReturnValue:
    desk().reset()
    return show_switches()


@phone.post("/keys/rotate")
def rotate_keys() -> ResponseReturnValue:
    desk().keys.rotate()
    return jsonify(desk().keys.published())


@phone.post("/controls")
def controls() -> ResponseReturnValue:
    """The same for a person at the home page: the live switches, the keys, and the reset."""
    if "reset" in request.form:
        desk().reset()
    elif "rotate" in request.form:
        desk().keys.rotate()
    else:
        desk().switches = set_switches({name: name in request.form for name in LIVE_FAULTS}, desk().switches)
    return redirect(url_for("home"), 303)


def _attempt(handle: str) -> Attempt:
    return desk().find(handle) or abort(404)


def _client(attempt: Attempt) -> Any:
    return desk().config.clients[attempt.client_id]


def _state(attempt: Attempt) -> str:
    """For the screen with the QR code, which learns nothing when the app is closed, or when the answer went elsewhere."""
    if attempt.delivered:
        return "done"
    if attempt.callback:
        return "answered"
    if desk().config.clock() >= attempt.ends:
        return "over"
    return "opened" if attempt.opened else "waiting"


def _returns_here(attempt: Attempt) -> bool:
    return attempt.from_phone or request.args.get("here") == "1"


def _ended_if_so(attempt: Attempt) -> str | None:
    if attempt.outcome:
        return _ended("answered", attempt)
    return _ended("over", attempt) if desk().is_over(attempt) else None


def _ended(how: str, attempt: Attempt, callback: str | None = None) -> str:
    return render_template("standins/ended.html", how=how, attempt=attempt, callback=callback)


def _choose_who(attempt: Attempt, typed: str = "", fault: bool = False) -> str:
    return render_template("standins/who.html", attempt=attempt, personas=desk().config.personas, typed=typed, fault=fault)


def _asked_for(attempt: Attempt, persona: Persona) -> list[tuple[str, str, str]]:
    """Thai name, English name and value of each piece of data, in the order of the consent page."""
    return [(*SCOPES[scope], _plain(getattr(persona, scope))) for scope in SCOPES if scope in attempt.scopes]


def _plain(value: Any) -> str:
    return str(value["formatted"] if isinstance(value, dict) else value)


def _chosen_faults() -> dict[str, Any]:
    chosen: dict[str, Any] = dict.fromkeys(request.form.getlist("fault"), True)
    chosen |= {name: request.form[name] for name in CHOICES if request.form.get(name)}
    if request.form.get("slow_token"):
        chosen["slow_token"] = _seconds(request.form["slow_token"])
    return chosen


def _seconds(typed: str) -> float:
    try:
        return float(typed)
    except ValueError:
        raise UnknownSwitch("slow_token is a number of seconds") from None


def _drawn(link: str) -> str:
    code = segno.make(link, error="m")
    return str(code.svg_inline(border=4, dark="#000", light="#fff", omitsize=True, svgclass="code", lineclass=None))
