"""Every request passes the door of its route before its view runs (web/limit_table.py); after the look at its origin, so that the page of
another site uses up nobody's tries.

Who is signed in is asked only where a write is counted by person: asking makes a page personal.
"""

from __future__ import annotations

from contextlib import suppress

from flask import Flask, current_app, request

from webapp.actions.sessions import owner_of
from webapp.ports import StoreReadOnly, StoreUnavailable
from webapp.web import guards
from webapp.web.limit_table import DOORS, By, door_of
from webapp.web.limits import allow
from webapp.web.security import SAFE_METHODS


def watch(app: Flask) -> None:
    app.before_request(_pass)


def _pass() -> None:
    is_write = request.method not in SAFE_METHODS
    view = current_app.view_functions.get(request.endpoint or "")
    door = door_of(request.method, request.endpoint, guards.act_of(view), is_write)
    if door is None:
        return
    if is_write:
        by_person = any(limit.by is By.PERSON for limit in DOORS[door])
        with suppress(StoreReadOnly):  # where no try can be counted, nothing can be written either
            allow(door, person=who_asks() if by_person else None)
        return
    try:
        allow(door)
    except StoreUnavailable:
        return  # pages that need no store still answer; the ways in ask the store next and say so


def who_asks() -> str | None:
    """The insured person or the officer behind this request, for counting."""
    session = guards.current_session()
    return owner_of(session) if session else None
