"""The id of a request: in every line of the log about it, on the answer, and on the page of a fault of ours, so that what somebody tells
on the telephone leads to the lines. It is random, says nothing of anybody, and is kept nowhere but in the log.

A proxy of ours has made one before us and logs it too: it is taken over where it is well-formed. From anybody else it would be a way to
write into the log, or to make many requests look like one.
"""

from __future__ import annotations

import re
import secrets
from typing import Any

from flask import request

from webapp.web.tools import noted

HEADER = "X-Request-Id"
WELL_FORMED = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
"""As nginx makes them, or a UUID; no citizen number is one."""
FROM_OUR_PROXY = "sitthi.request_id"
SHOWN = 8


def take_over(environ: dict[str, Any]) -> None:
    """What a proxy of ours says the request is called."""
    told = environ.get("HTTP_X_REQUEST_ID", "")
    if WELL_FORMED.fullmatch(told):
        environ[FROM_OUR_PROXY] = told


def request_id() -> str:
    """The same for as long as this request is answered."""
    known = noted()
    if "request_id" not in known:
        known["request_id"] = request.environ.get(FROM_OUR_PROXY) or secrets.token_hex(16)
    found: str = known["request_id"]
    return found


def to_read_out() -> str:
    """Its beginning in two groups: enough to find one request of a day."""
    begins = request_id()[:SHOWN]
    return f"{begins[: SHOWN // 2]} {begins[SHOWN // 2 :]}"
