"""Whether it runs: for a supervisor (`/healthz`, `/readyz`), and in plain words for everybody (`/status`).

`/status` answers while the database is down: that is when people look. It tells what we know of ourselves and nothing of others:
whether ThaiD is up is ThaiD's to say.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from flask import Blueprint, Response, jsonify
from werkzeug.wrappers import Response as AnyResponse

from webapp.domain.dates import BANGKOK
from webapp.ports import StoreUnavailable
from webapp.web import guards
from webapp.web.fragments import show
from webapp.web.tools import tools

pages = Blueprint("status", __name__)

CLOCK_BEHIND_AT_MOST = timedelta(days=365)


@pages.get("/healthz")
def alive() -> Response:
    return _never_kept(jsonify(status="alive"))


@pages.get("/readyz")
def ready() -> Response:
    """200 once the store answers and holds every migration, the law is there and the clock can be right; else 503, and which is not."""
    law_book = tools().law_book
    found = {"store": tools().store.is_ready(), "law": bool(law_book.keys), "clock": _clock_can_be_right()}
    is_ready = all(found.values())
    response = _never_kept(jsonify(status="ready" if is_ready else "not ready", **found))
    response.status_code = 200 if is_ready else 503
    return response


def _clock_can_be_right() -> bool:
    """A machine that woke without its battery stands years before anybody looked up the law that it serves: it must date no request."""
    return tools().clock.machine_time() > datetime.combine(_law_checked() - CLOCK_BEHIND_AT_MOST, time.min, BANGKOK).timestamp()


def _law_checked() -> date:
    """When values of the law were last looked up."""
    law_book = tools().law_book
    return max(entry.checked for key in law_book.keys for entry in law_book.history(key) if entry.checked)


@pages.get("/status")
def status() -> AnyResponse:
    store_answers = tools().store.is_ready()
    if not store_answers:
        guards.ask_nobody()
    return show(
        "status/status.html",
        store_answers=store_answers,
        register=_register() if store_answers else None,
        law_checked=_law_checked(),
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
