"""Whoever acts for somebody else: each form says for whom it was filled in, and is taken for nobody else.

One browser has one session and many windows. In one a helper fills in a form for somebody; in another they stop, or act for the next. So
each form of a page made while acting names its grant by a mark that says nothing to anybody, and a write that a helper may do is taken only
where the mark and the session agree: with a mark and nobody to act for it is refused too. The field is put into every form of the page once
it is made: no view and no template has to think of it, and none can forget it (tests/views/test_helpers.py walks them).
Put aside: the grant in the address (it would stand in histories), and a session of its own for each window (browsers have one cookie).
"""

from __future__ import annotations

import hashlib
import hmac
import re

from flask import Flask, Response, current_app, make_response, render_template, request

from webapp.domain.helper_grant import RIGHT_FOR
from webapp.web import guards
from webapp.web.security import SAFE_METHODS, mark_personal
from webapp.web.tools import tools

FIELD = "filled_in_for"
FORM = re.compile(r'(<form\b[^>]*\bmethod="post"[^>]*>)')


def watch(app: Flask) -> None:
    @app.before_request
    def _only_for_whom_it_was_filled_in() -> Response | None:
        if request.method in SAFE_METHODS or guards.act_of(current_app.view_functions.get(request.endpoint or "")) not in RIGHT_FOR:
            return None
        sent, marks = request.form.get(FIELD), _marks()
        if sent is None and not marks:
            return None
        if sent is not None and any(hmac.compare_digest(sent.encode(), mark.encode()) for mark in marks):
            return None
        if guards.session_ran_out():
            return guards.turned_away()
        mark_personal()
        return make_response(render_template("helpers/for_somebody_else.html"), 409)

    @app.after_request
    def _say_for_whom(response: Response) -> Response:
        if response.mimetype == "text/html" and guards.is_known_to_act():
            field = f'<input type="hidden" name="{FIELD}" value="{_marks()[0]}">'
            response.set_data(FORM.sub(rf"\1{field}", response.get_data(as_text=True)))
        return response


def _marks() -> list[str]:
    """Of the grant that the session acts under, the newest key's first; none where it acts for nobody else."""
    session = guards.current_session()
    if session is None or not session.grant_id:
        return []
    said = f"filled in for:{session.grant_id}".encode()
    return [hmac.new(key.encode(), said, hashlib.sha256).hexdigest()[:32] for key in tools().settings.secret_keys]
