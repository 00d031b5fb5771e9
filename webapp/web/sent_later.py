"""Forms that waited on a phone: sent only in the session of the person who filled them in.

A page that somebody signed in fills in names its author by a tag that says nothing to anybody else; the phone sends the tag along.
Without a session the answer is 401, in another person's 409, and so it is while the author acts for somebody else: the form goes on
waiting. Nothing that is filled in for somebody else ever waits on a phone. The same tag stands in the form itself: a page left open, on
which another person has signed in meanwhile, is refused without a script, too. Nothing typed is lost by that: the answer holds it for its
author to send again, and shows none of it.
"""

from __future__ import annotations

import hashlib
import hmac

from flask import Flask, Response, make_response, render_template, request

from webapp.web import guards
from webapp.web.security import SAFE_METHODS, mark_personal
from webapp.web.tools import tools
from webapp.web.typed import fields_to_send_again

HEADER, FIELD = "Sitthi-Author", "author"
PLAIN = "application/x-www-form-urlencoded"


def watch(app: Flask) -> None:
    @app.before_request
    def _only_its_author_sends_it() -> Response | None:
        if request.method in SAFE_METHODS:
            return None
        tag = request.headers.get(HEADER)
        return _by_a_form() if tag is None else _by_a_phone(tag)


def _by_a_phone(tag: str) -> Response | None:
    person_id = guards.signed_in_person_id()
    if person_id is None:
        return make_response("", 401)
    if not _is_theirs(tag, person_id) or guards.acting() is not None:
        return make_response("", 409, {HEADER: "another"})
    return None


def _by_a_form() -> Response | None:
    """Where nobody is signed in, the form's own door asks for that, and keeps what was typed; files come in forms of another kind."""
    tag = request.form.get(FIELD) if request.mimetype == PLAIN else None
    person_id = guards.signed_in_person_id() if tag is not None else None
    if tag is None or person_id is None or _is_theirs(tag, person_id):
        return None
    mark_personal()
    return make_response(render_template("pwa/of_another.html", sent=fields_to_send_again()), 409)


def _is_theirs(tag: str, person_id: str) -> bool:
    return any(hmac.compare_digest(tag.encode(), one.encode()) for one in _tags(person_id))


def author() -> str | None:
    """The tag of the person signed in."""
    person_id = guards.signed_in_person_id()
    return _tags(person_id)[0] if person_id else None


def _tags(person_id: str) -> list[str]:
    """The newest key's first; older keys are still read."""
    return [hmac.new(key.encode(), f"author:{person_id}".encode(), hashlib.sha256).hexdigest()[:32] for key in tools().settings.secret_keys]
