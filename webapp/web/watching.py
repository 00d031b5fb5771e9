"""Every answer is timed, counted and told to the log: its route, how it ended, how long it took, and who asked only as a kind of role.

The route is the rule of the address or its endpoint, never the address; the method is one of a few, since anybody may invent one.
Supervisors ask every few seconds whether we live: such an answer is counted, but is no line.
"""

from __future__ import annotations

import logging
from time import perf_counter

from flask import Flask, Response, g, has_request_context, request

from webapp.domain.measure import OTHER, REQUEST_TIMES, REQUESTS
from webapp.ports import Meter, Session
from webapp.web.request_id import HEADER, request_id
from webapp.web.security import ASKED_BY_SUPERVISORS
from webapp.web.tools import tools

NO_PAGE = "no page"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
log = logging.getLogger("sitthi-requests")


def watch(app: Flask) -> None:
    """To be called before anything else listens to requests: what comes first ends last, and so all of the others' time is in it."""

    @app.before_request
    def _begins() -> None:
        g.began = perf_counter()

    @app.after_request
    def _ends(response: Response) -> Response:
        response.headers[HEADER] = request_id()
        took = perf_counter() - g.get("began", perf_counter())
        _count(tools().meter, response.status_code, took)
        if log.isEnabledFor(logging.INFO) and request.path not in ASKED_BY_SUPERVISORS:
            _tell(response.status_code, took)
        return response


def _tell(status: int, took: float) -> None:
    """One line; where in the code it comes from is known, and so is not looked for each time."""
    line = log.makeRecord(log.name, logging.INFO, __file__, 0, "answered", (), None, "_tell")
    line.__dict__.update({"status": status, "ms": round(took * 1000, 1), "role": _role()})
    log.handle(line)


def about_this_request() -> dict[str, object]:
    """What each line of the log tells of the request that is being answered."""
    if not has_request_context():
        return {}
    return {"request_id": request_id(), "route": request.url_rule.rule if request.url_rule else NO_PAGE, "method": _method()}


def _count(meter: Meter, status: int, took: float) -> None:
    route = request.endpoint or NO_PAGE
    meter.count(REQUESTS, route, _method(), f"{status // 100}xx")
    meter.time(REQUEST_TIMES, took, route)


def _method() -> str:
    method = request.method
    return method if method in METHODS else OTHER


def _role() -> str:
    """Of what this request has asked already: the log asks the store nothing."""
    session: Session | None = g.get("session_row")
    if session is None:
        return "nobody"
    if session.grant_id:
        return "helper"
    return "officer" if session.officer_id else "person"
