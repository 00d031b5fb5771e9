"""This browser: one random secret in one cookie, whoever sits before it.

It binds sign-in attempts to the browser that began them and owns the drafts of somebody who has not signed in yet. One
cookie for both and for any number of attempts: cookies that count attempts overflow after twenty (facts/stack.md). It
is renewed at sign-out, so that a shared computer hands nothing on.
"""

from __future__ import annotations

import secrets

from flask import Response, after_this_request, g

from webapp.actions.sessions import hash_of
from webapp.web import cookies

COOKIE = "sitthi-browser"
KEEP_SECONDS = 90 * 24 * 3600


def browser_secret() -> str | None:
    """The secret that this browser came with, or was given in this request."""
    given: str | None = g.get("browser_secret")
    return given or cookies.read(COOKIE)


def browser_secret_or_new() -> str:
    """The same, but a browser without one is given one by this answer; one that it has lasts from today."""
    secret = browser_secret() or secrets.token_urlsafe(32)
    g.browser_secret = secret

    @after_this_request
    def _keep(response: Response) -> Response:
        cookies.keep_secret(response, COOKIE, secret, max_age=KEEP_SECONDS)
        return response

    return secret


def browser_owner() -> str | None:
    """Under whom the store keeps this browser's drafts, if it has any."""
    secret = browser_secret()
    return f"browser:{hash_of(secret)}" if secret else None


def browser_owner_or_new() -> str:
    return f"browser:{hash_of(browser_secret_or_new())}"


def forget_browser(response: Response) -> None:
    """The next one at this browser is a stranger to it."""
    cookies.drop_secret(response, COOKIE)
