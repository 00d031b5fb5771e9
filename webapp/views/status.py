"""Whether it runs: for a supervisor (`/healthz`, `/readyz`), and in plain words for everybody (`/status`).

`/status` answers while the database is down: that is when people look; what was told lately then stands as this process saw it last. It
tells what we know of ourselves and nothing of others: whether ThaiD is up is ThaiD's to say, unless an operator has said what we see.
While nothing is taken in the supervisor hears that we are ready, since we are; `read_only` then stands beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from flask import Blueprint, Response, jsonify
from werkzeug.wrappers import Response as AnyResponse

from webapp.actions import readiness
from webapp.domain.notice import Kind
from webapp.domain.reminder import may_be_sent_at, next_sending_time
from webapp.ports import StoreUnavailable
from webapp.web import guards, notice_words
from webapp.web.fragments import show
from webapp.web.tools import tools

pages = Blueprint("status", __name__)

SOON, AN_HOUR = timedelta(minutes=10), timedelta(hours=1)
T = TypeVar("T")


class Lateness(StrEnum):
    """Of reminders to phones."""

    NONE = "none"
    MINUTES = "minutes"
    HOURS = "hours"


@pages.get("/healthz")
def alive() -> Response:
    return _never_kept(jsonify(status="alive"))


@pages.get("/readyz")
def ready() -> Response:
    """200 once the store answers and holds every migration, the law is there and the clock can be right; else 503, and which is not."""
    found = readiness.parts(tools())
    is_ready = all(found.values())
    if notice_words.posted().read_only:
        found["read_only"] = True
    response = _never_kept(jsonify(status="ready" if is_ready else "not ready", **found))
    response.status_code = 200 if is_ready else 503
    return response


@pages.get("/status")
def status() -> AnyResponse:
    store_answers, now, posted = tools().store.is_ready(), tools().clock.now(), notice_words.posted()
    if not store_answers:
        guards.ask_nobody()
    spell, shown = posted.read_only, posted.shown(now)
    return show(
        "status/status.html",
        store_answers=store_answers,
        rests=notice_words.nothing_taken_in(spell, now) if spell else None,
        in_trouble=any(one.kind is Kind.TROUBLE for one in shown),
        shown=[notice_words.told(one) for one in shown],
        coming=[notice_words.told(one) for one in posted.coming(now)],
        past=notice_words.past(posted, now),
        register=_of_the_store(tools().store.last_register_import) if store_answers else None,
        lateness=_of_the_store(lambda: _lateness(now)) if store_answers else None,
        law_checked=readiness.law_checked(tools()),
        clock_moved=tools().settings.clock is not None,
        now=now,
    )


def _lateness(now: datetime) -> Lateness:
    """Of the reminder that waits longest. At night none is late, and in the morning the night does not count."""
    since: datetime | None = tools().store.oldest_reminder_due(now)
    if since is None or not may_be_sent_at(now):
        return Lateness.NONE
    waits = now - next_sending_time(since)
    return Lateness.HOURS if waits >= AN_HOUR else Lateness.MINUTES if waits >= SOON else Lateness.NONE


def _of_the_store(ask: Callable[[], T]) -> T | None:
    """None where it stops answering just then."""
    try:
        return ask()
    except StoreUnavailable:
        return None


def _never_kept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
