"""While nothing is taken in, a write whose act rests (domain/assurance.py: GOES_ON) is answered with 503, before anything else is done.

Before who is asking is looked up and before tries are counted: so no key of a form is used up, no form is thrown away, a phone that sends
what waited there learns "not yet" and tries again, and nothing of the request is written at all. Each such write asks the store itself, one
look at one row: the board of web/notice_words.py may be seconds old.
"""

from __future__ import annotations

from flask import Flask, current_app, request

from webapp.actions import read_only
from webapp.domain.assurance import GOES_ON
from webapp.ports import StoreReadOnly
from webapp.web import guards
from webapp.web.security import SAFE_METHODS
from webapp.web.tools import tools


def watch(app: Flask) -> None:
    """To be called after what looks at origins, and before what counts tries."""
    app.before_request(_rest)


def _rest() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if request.method in SAFE_METHODS or view is None or guards.act_of(view) in GOES_ON:
        return
    must_be_taken_in()


def must_be_taken_in() -> None:
    """For a page that changes something although it is only asked for. Raises StoreReadOnly."""
    if read_only.is_on(tools()):
        raise StoreReadOnly("nothing is taken in now")
