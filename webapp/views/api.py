"""The open JSON API: what anybody, and any program, may ask without signing in. Described at /api/openapi.json.

Reads only, nothing personal, no cookie looked at or set, open to pages of any origin. Faults are 422 problem+json naming the field.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, jsonify, request

from webapp.actions import check_benefits, open_data
from webapp.actions.check_benefits import NoSuchBenefit
from webapp.actions.open_data import NotUnderstood
from webapp.domain.assurance import Act
from webapp.web import guards
from webapp.web.errors import problem
from webapp.web.tools import tools

DESCRIPTION = Path(__file__).with_name("openapi.json")
A_MINUTE = "public, max-age=60"
FIVE_MINUTES = "public, max-age=300"

pages = Blueprint("api", __name__)


@pages.get("/api/v1/effective-date")
def effective_date() -> Response:
    return _answer(lambda: open_data.effective_date(tools(), _asked("received"), _asked("policy")), FIVE_MINUTES)


@pages.get("/api/v1/change-window")
def change_window() -> Response:
    return _answer(lambda: open_data.change_window(tools(), _asked("on")), A_MINUTE)


@pages.get("/api/v1/hospitals")
def hospitals() -> Response:
    return _answer(
        lambda: open_data.hospitals_found(tools(), _asked("q"), _asked("province"), _asked("adjoining"), _asked("limit")), FIVE_MINUTES
    )


@pages.get("/api/v1/law")
def law() -> Response:
    return _answer(lambda: open_data.law(tools(), _asked("on")), A_MINUTE)


@pages.get("/api/v1/contribution")
def contribution() -> Response:
    return _answer(lambda: check_benefits.contribution(tools(), _asked("wage"), _asked("on")), A_MINUTE)


@pages.post("/api/v1/benefits/<benefit>/assess")
@guards.needs(Act.ASK_THE_OPEN_API)
def assess(benefit: str) -> Response:
    """Answers are read and forgotten: no cache may keep what somebody asked about themselves."""
    response = jsonify(check_benefits.assess(tools(), benefit, _json_asked()))
    response.headers["Cache-Control"] = "no-store"
    return response


@pages.get("/api/openapi.json")
def openapi() -> Response:
    return _answer(lambda: {**_description(), "servers": [{"url": tools().settings.base_url}]}, FIVE_MINUTES)


@pages.errorhandler(NotUnderstood)
def _not_understood(fault: NotUnderstood) -> Response:
    return problem(422, fault.detail, fault.field)


@pages.errorhandler(NoSuchBenefit)
def _no_such_benefit(fault: NoSuchBenefit) -> Response:
    return problem(404, "there is no benefit of this name", "benefit")


@pages.after_request
def _open_to_all(response: Response) -> Response:
    response.headers["Access-Control-Allow-Origin"] = "*"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "GET")
        response.headers["Access-Control-Allow-Headers"] = "Content-Type"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _asked(name: str) -> str | None:
    return request.args.get(name)


def _json_asked() -> Any:
    """The body with every number exact; a body of nothing asks with every answer "not sure"."""
    body = request.get_data()
    if not body:
        return {}
    try:
        return json.loads(body.decode(), parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, ArithmeticError, RecursionError):
        raise NotUnderstood("body", "must be JSON in UTF-8") from None


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number")


def _answer(facts: Callable[[], dict[str, Any]], keep: str) -> Response:
    """JSON with a fingerprint, so that asking again for the same costs nobody its bytes."""
    response = jsonify(facts())
    response.headers["Cache-Control"] = keep
    response.add_etag()
    response.make_conditional(request)
    return response


@lru_cache(maxsize=1)
def _description() -> dict[str, Any]:
    described: dict[str, Any] = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    return described
