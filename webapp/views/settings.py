"""How pages look and which language they speak: for everybody; kept on this phone, and with the person who is signed in.

Each choice is a form of its own right: radio tiles with a button to save, switches that post at once, and the quick buttons of
every page's head, which come back to where they were pressed. Whose choice counts stands in web/preferences.py.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.domain.assurance import Act
from webapp.web import guards
from webapp.web.fragments import show
from webapp.web.language import gettext as _
from webapp.web.language import languages
from webapp.web.preferences import CHOICES, preferences, remember, remember_language, wear_the_look_of, with_choice
from webapp.web.security import own_path

pages = Blueprint("settings", __name__)


@pages.before_app_request
def _as_the_person_likes_it() -> None:
    if request.endpoint == "static" or request.path.startswith("/api/"):
        return
    if person_id := guards.signed_in_person_id():
        wear_the_look_of(person_id)


@pages.get("/settings")
def settings() -> AnyResponse:
    return _page(saved=request.args.get("saved") == "1")


@pages.post("/settings")
@guards.needs(Act.USE_THIS_BROWSER)
def change() -> AnyResponse:
    """Any number of choices at once; one that does not exist refuses them all."""
    chosen = {name: request.form[name] for name in CHOICES if name in request.form}
    if strange := [name for name, value in chosen.items() if value not in CHOICES[name]]:
        return _refused(strange[0])
    look = preferences()
    for name, value in chosen.items():
        look = with_choice(look, name, value)
    return remember(make_response(redirect(_way_back("/settings?saved=1"), 303)), look)


@pages.post("/settings/text-size")
@guards.needs(Act.USE_THIS_BROWSER)
def text_size() -> AnyResponse:
    size = request.form.get("size", "")
    if size not in CHOICES["text_size"]:
        return _refused("text_size")
    return remember(make_response(redirect(_way_back(), 303)), with_choice(preferences(), "text_size", size))


@pages.post("/language")
@guards.needs(Act.USE_THIS_BROWSER)
def language() -> AnyResponse:
    code = request.form.get("language", "")
    if code not in languages():
        return _refused("language")
    return remember_language(make_response(redirect(_way_back(), 303)), code)


def _way_back(otherwise: str = "/") -> str:
    return own_path(request.form.get("next"), otherwise)


def _refused(field: str) -> AnyResponse:
    return _page(status=422, errors=[{"field": field, "text": _("Choose one of those shown")}])


def _page(status: int = 200, **facts: Any) -> AnyResponse:
    return show("settings/settings.html", status=status, **facts)
