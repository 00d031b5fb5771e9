"""The browser somebody signs in with: a plain name for its family, and a random mark that tells it from browsers never seen with this
person.

Decided: of what a browser says of itself only the family is kept ("chrome android"): the whole text tells makers, versions and models, and
nobody recognises their own phone by them. The mark is a cookie of its own, since the browser's secret (web/browser.py) is renewed at
sign-out: without it everybody would be warned of their own phone each morning. It says nothing of who signed in here. A phone set as shared
holds none: there every sign-in is news.
"""

from __future__ import annotations

import secrets

from flask import Response, after_this_request, request

from webapp.actions.sessions import Device, hash_of
from webapp.web import cookies
from webapp.web.language import gettext as _
from webapp.web.preferences import on_this_phone

COOKIE = "sitthi-device"
KEEP_SECONDS = 400 * 24 * 3600
FAMILIES = (
    ("Line/", "line"), ("FBAN/", "facebook"), ("FBAV/", "facebook"), ("SamsungBrowser/", "samsung"), ("EdgA/", "edge"), ("EdgiOS/", "edge"),
    ("Edg/", "edge"), ("OPR/", "opera"), ("FxiOS/", "firefox"), ("Firefox/", "firefox"), ("CriOS/", "chrome"), ("Chrome/", "chrome"),
    ("Safari/", "safari"),
)  # fmt: skip
SYSTEMS = (("Android", "android"), ("iPhone", "iphone"), ("iPad", "ipad"), ("Windows", "windows"), ("Mac OS", "mac"), ("Linux", "linux"))
NAMES = {
    "line": "LINE", "facebook": "Facebook", "samsung": "Samsung Internet", "edge": "Edge", "opera": "Opera", "firefox": "Firefox",
    "chrome": "Chrome", "safari": "Safari", "android": "Android", "iphone": "iPhone", "ipad": "iPad", "windows": "Windows", "mac": "Mac",
    "linux": "Linux",
}  # fmt: skip


def device() -> Device:
    """This browser, for the session that is about to be opened; it holds its mark from this answer on."""
    family = family_of(request.headers.get("User-Agent", ""))
    if on_this_phone().shared_phone:
        return Device(family)
    mark = cookies.read(COOKIE) or secrets.token_urlsafe(32)

    @after_this_request
    def _keep(response: Response) -> Response:
        cookies.keep_secret(response, COOKIE, mark, max_age=KEEP_SECONDS)
        return response

    return Device(family, hash_of(mark))


def family_of(agent: str) -> str:
    """"chrome android" and the like; "" where neither is known."""
    browser = next((name for sign, name in FAMILIES if sign in agent), "")
    system = next((name for sign, name in SYSTEMS if sign in agent), "")
    return f"{browser} {system}".strip()


def browser_name(family: str) -> str:
    """As people know it: "Chrome, Android"."""
    known = [NAMES[word] for word in family.split() if word in NAMES]
    return ", ".join(known) if known else _("A browser we do not know")
