"""When something goes wrong: a page in the person's language with the next step, or problem+json for programs.

A fault of ours never shows its text: it would be English, frightening, and might hold something personal.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from http import HTTPStatus

from flask import Flask, Response, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from webapp.ports import StoreFull, StoreReadOnly, StoreUnavailable
from webapp.web import notice_words
from webapp.web.guards import ask_nobody
from webapp.web.limits import TooManyTries
from webapp.web.request_id import to_read_out
from webapp.web.security import LARGEST_BODY, SAFE_METHODS, FromAnotherSite
from webapp.web.tools import tools
from webapp.web.typed import fields_to_send_again

API = "/api/"
RETRY_SECONDS = 30
LONGEST_IN_MINUTES = 90
CAUSES = {404: "not_found", 405: "not_allowed", 413: "too_large", 414: "too_large", 431: "headers_too_large"}
WORTH_A_LINE = frozenset({400, 403, 413, 414, 431})
"""What no browser does by itself. A line names the route, never the address that was asked for: that is anybody's to write."""
STORE_IN_TROUBLE = ("store_down", "store_full")
TO_SEND_AGAIN = (*STORE_IN_TROUBLE, "read_only", "too_many")
RETRY_WHEN_NO_END_IS_KNOWN = 300
log = logging.getLogger("sitthi")


def answer_errors(app: Flask) -> None:
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(FromAnotherSite, _from_another_site)
    app.register_error_handler(TooManyTries, _too_many)
    app.register_error_handler(StoreUnavailable, _store_down)
    app.register_error_handler(Exception, _our_fault)


def problem(status: int, detail: str, field: str | None = None) -> Response:
    """RFC 9457, naming the field at fault."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    if field is not None:
        body["field"] = field
    response = make_response(jsonify(body), status)
    response.headers["Content-Type"] = "application/problem+json"
    return response


def _http_error(fault: HTTPException) -> Response:
    status = fault.code or 500
    if status in (301, 302, 303, 307, 308) and fault.response is not None:
        return make_response(fault.response)
    if status in WORTH_A_LINE:
        log.info("refused: status %s at %s", status, request.url_rule or "no page")
    response = _answer(status, CAUSES.get(status, "bad_request"))
    if status == 405 and getattr(fault, "valid_methods", None):
        response.headers["Allow"] = ", ".join(sorted(fault.valid_methods or ()))  # type: ignore[attr-defined]
    return response


def _from_another_site(fault: FromAnotherSite) -> Response:
    log.warning("refused: a write from another site at %s", request.url_rule or "no page")
    return _answer(403, "another_site")


def _too_many(fault: TooManyTries) -> Response:
    minutes = max(1, -(-fault.seconds // 60))
    hours = -(-minutes // 60) if minutes > LONGEST_IN_MINUTES else 0
    response = _answer(429, "too_many", minutes=minutes, hours=hours, of_all=fault.of_all)
    response.headers["Retry-After"] = str(fault.seconds)
    return response


def _store_down(fault: StoreUnavailable) -> Response:
    if isinstance(fault, StoreReadOnly):
        return _read_only()
    is_full = isinstance(fault, StoreFull)
    log.error("store %s: %s", "full" if is_full else "unavailable", type(fault.__cause__).__name__)
    response = _answer(503, "store_full" if is_full else "store_down")
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _read_only() -> Response:
    """Nothing is taken in; until when, as the store says now, where it says so."""
    spell, now = notice_words.posted().read_only, tools().clock.now()
    with suppress(StoreUnavailable):
        spell = tools().store.read_only_spell() or spell
    if spell is None:
        log.error("the store takes no write, and nobody has said that it should not")
    response = _answer(503, "read_only", until=spell.told_until(now) if spell else None, is_write=request.method not in SAFE_METHODS)
    response.headers["Retry-After"] = str(spell and spell.seconds_left(now) or RETRY_WHEN_NO_END_IS_KNOWN)
    return response


def busy(sent: list[tuple[str, str]], is_write: bool, seconds: int) -> Response:
    """Everybody who can be served is being served; come back in about so many seconds (web/admission.py). Asks the store nothing."""
    if request.path.startswith(API):
        return problem(503, "busy: come back after the time in Retry-After")
    ask_nobody()
    page = render_template("errors/error.html", cause="busy", sent=sent, is_write=is_write, seconds=seconds)
    response = make_response(page, 503)
    response.headers["Cache-Control"] = "no-store"
    return response


def _our_fault(fault: Exception) -> Response:
    log.exception("fault in %s %s", request.method, request.url_rule or "an unknown page")
    return _answer(500, "our_fault", number=to_read_out())


def _answer(status: int, cause: str, **facts: object) -> Response:
    if request.path.startswith(API):
        return problem(status, cause.replace("_", " "))
    response = make_response(_page(cause, **facts), status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(cause: str, **facts: object) -> str:
    """The page of a fault; where the store itself is the trouble, without asking it who is asking."""
    if cause in STORE_IN_TROUBLE:
        ask_nobody()
    try:
        return render_template("errors/error.html", cause=cause, sent=_what_was_typed(cause), **facts)
    except StoreUnavailable:
        ask_nobody()
        return render_template("errors/error.html", cause=cause, sent=_what_was_typed(cause), **facts)


def _what_was_typed(cause: str) -> list[tuple[str, str]]:
    """The fields of a form that was not taken this time, so that the same can be sent again."""
    if cause not in TO_SEND_AGAIN or request.method != "POST" or (request.content_length or 0) > LARGEST_BODY:
        return []
    return fields_to_send_again()
