"""Cookies: HttpOnly, SameSite=Lax, whole site; `__Host-` and Secure wherever the site is https.

Lax, not Strict: the way back from ThaiD is a navigation from another site, and Strict would drop the cookie that binds the
attempt to this browser. Over plain http (development, loopback only) `__Host-` is not to be had: the nearest is the same
cookie without Secure, under a name without the prefix.
"""

from __future__ import annotations

from flask import Response, request

from webapp.web.tools import tools


def name_of(name: str) -> str:
    return f"__Host-{name}" if tools().settings.secure_cookies else name


def read(name: str) -> str | None:
    """The cookie's value, or None; over-long values are somebody's play and count as none."""
    value = request.cookies.get(name_of(name))
    return value if value and len(value) <= 128 else None


def keep_secret(response: Response, name: str, value: str, max_age: int | None = None) -> None:
    """A cookie that stands for this browser or session."""
    response.set_cookie(
        name_of(name), value, max_age=max_age, path="/", secure=tools().settings.secure_cookies, httponly=True, samesite="Lax"
    )


def drop_secret(response: Response, name: str) -> None:
    response.delete_cookie(name_of(name), path="/", secure=tools().settings.secure_cookies, httponly=True, samesite="Lax")


def keep(response: Response, name: str, value: str, max_age: int) -> None:
    """A cookie about looks or language: nothing personal, so its name needs no prefix."""
    response.set_cookie(
        name, value, max_age=max_age, path="/", secure=tools().settings.secure_cookies, httponly=True, samesite="Lax"
    )
