"""The answer that lets somebody in who came by another way than ThaiD's return: session, drafts, and the way on."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Response, make_response, redirect, request

from webapp.actions.sign_in import is_first_time, move_drafts
from webapp.web import cookies, guards
from webapp.web.browser import browser_owner
from webapp.web.security import own_path
from webapp.web.tools import tools
from webapp.web.typed import typed_again

TYPED = "/sign-in/typed"
WELCOME, HOME = "/welcome", "/"
ON_THE_WAY_IN = ("/sign-in", "/sign-out", "/session")


def next_path(otherwise: str = "/my-data") -> str:
    """The way back that was asked for: a path of ours, and none that leads in a circle."""
    wanted = own_path(request.values.get("next"), otherwise)
    return otherwise if urlsplit(wanted).path.startswith(ON_THE_WAY_IN) else wanted


def first_page(person_id: str, target: str) -> str:
    """Where somebody without an errand is asked, once, for what ThaiD does not tell. An errand goes first: whoever wants to get on with
    something is asked another time."""
    return WELCOME if target == HOME and is_first_time(tools(), person_id) else target


def let_in(token: str, person_id: str, target: str) -> Response:
    """What was typed in this browser before becomes the person's; a form that came too late is offered again."""
    owner, here = f"person:{person_id}", browser_owner()
    if here:
        with tools().store.transaction():
            move_drafts(tools(), here, owner)
    kept = typed_again(owner)
    response = make_response(redirect(TYPED if kept and kept.page == target else first_page(person_id, target), 303))
    cookies.keep_secret(response, guards.SESSION_COOKIE, token)
    return response
