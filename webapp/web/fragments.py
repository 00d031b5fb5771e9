"""One address, a page or a part of it: the only room that names htmx-flask.

htmx-flask 0.1 sets the request class and offers response headers; it forgets `Vary` and raises on two of htmx's own swap
words (facts/stack.md). Here its request tells whether a part is wanted; `Vary` is set with the other headers. htmx 4 is
vendored: 12 KB, keeps no page in localStorage, swaps error answers. A restored history entry always gets the whole page.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, make_response, render_template, request
from htmx_flask import Htmx

from webapp.web import style


def listen(app: Flask) -> None:
    Htmx().init_app(app)


def wants_part() -> bool:
    """Whether htmx asked, and for less than the page."""
    asked = getattr(request, "htmx", None)
    if not asked or asked.history_restore_request:
        return False
    return request.headers.get("HX-Request-Type", "partial") != "full"


def show(page: str, part: str | None = None, status: int = 200, **facts: Any) -> Response:
    """Render `page`, or only `part` where htmx asks for it and there is one."""
    if part and wants_part():
        return make_response(render_template(part, **facts), status)
    if part:
        style.also_for(part)
    return make_response(render_template(page, **facts), status)
