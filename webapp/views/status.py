"""Whether it runs: for a supervisor (`/healthz`, `/readyz`), and in plain words for everybody (`/status`).

`/status` answers while the database is down: that is when people look. It tells what we know of ourselves and nothing of others:
whether ThaiD is up is ThaiD's to say.
"""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from werkzeug.wrappers import Response as AnyResponse

from webapp.ports import StoreUnavailable
from webapp.web import guards
from webapp.web.fragments import show
from webapp.web.tools import tools

pages = Blueprint("status", __name__)


@pages.get("/healthz")
def alive() -> Response:
    return _never_kept(jsonify(status="alive"))


@pages.get("/readyz")
def ready() -> Response:
    """200 once the store answers and holds every migration, else 503."""
    answers = tools().store.is_ready()
    response = _never_kept(jsonify(status="ready" if answers else "not ready", store=answers))
    response.status_code = 200 if answers else 503
    return response


@pages.get("/status")
def status() -> AnyResponse:
    store_answers = tools().store.is_ready()
    if not store_answers:
        guards.ask_nobody()
    law_book = tools().law_book
    entries = [entry for key in law_book.keys for entry in law_book.history(key) if entry.checked]
    return show(
        "status/status.html",
        store_answers=store_answers,
        register=_register() if store_answers else None,
        law_checked=max(entry.checked for entry in entries if entry.checked),
        clock_moved=tools().settings.clock is not None,
        now=tools().clock.now(),
    )


def _register() -> object | None:
    try:
        last: object | None = tools().store.last_register_import()
    except StoreUnavailable:
        return None
    return last


def _never_kept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
