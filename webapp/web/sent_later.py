"""Forms that waited on a phone: sent only in the session of the person who filled them in.

A page that somebody signed in fills in names its author by a tag that says nothing to anybody else; the phone sends the tag along.
Without a session the answer is 401, in another person's 409, and the form goes on waiting. The tag stands in a header and not in the form:
a form that comes the plain way, from the page itself, needs none.
"""

from __future__ import annotations

import hashlib
import hmac

from flask import Flask, Response, make_response, request

from webapp.web import guards
from webapp.web.security import SAFE_METHODS
from webapp.web.tools import tools

HEADER = "Sitthi-Author"


def watch(app: Flask) -> None:
    @app.before_request
    def _only_its_author_sends_it() -> Response | None:
        author = request.headers.get(HEADER)
        if author is None or request.method in SAFE_METHODS:
            return None
        person_id = guards.signed_in_person_id()
        if person_id is None:
            return make_response("", 401)
        if not any(hmac.compare_digest(author.encode(), tag.encode()) for tag in _tags(person_id)):
            return make_response("", 409, {HEADER: "another"})
        return None


def author() -> str | None:
    """The tag of the person signed in."""
    person_id = guards.signed_in_person_id()
    return _tags(person_id)[0] if person_id else None


def _tags(person_id: str) -> list[str]:
    """The newest key's first; older keys are still read."""
    return [hmac.new(key.encode(), f"author:{person_id}".encode(), hashlib.sha256).hexdigest()[:32] for key in tools().settings.secret_keys]
