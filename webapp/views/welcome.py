"""After the first sign-in: language and size of letters, which ThaiD does not tell; asked once, and left out with one tap.

Shown only to somebody who came without an errand (web/coming_in.py): whoever is on the way to a form or a page gets there first.
Contact is not asked for: nothing here sends SMS or mail, and the page says so.
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
from webapp.web.preferences import CHOICES, preferences, remember_both, with_choice

pages = Blueprint("welcome", __name__)


@pages.get("/welcome")
@guards.signed_in
def welcome() -> AnyResponse:
    return _page()


@pages.post("/welcome")
@guards.needs(Act.DECIDE_OVER_OWN_DATA)
def answer() -> AnyResponse:
    code, size = request.form.get("language", ""), request.form.get("text_size", "")
    known = {"language": code in languages(), "text_size": size in CHOICES["text_size"]}
    if not all(known.values()):
        errors = [{"field": name, "text": _("Choose one of those shown")} for name, is_known in known.items() if not is_known]
        return _page(422, errors=errors, chosen={"language": code, "text_size": size})
    return remember_both(make_response(redirect("/", 303)), with_choice(preferences(), "text_size", size), code)


def _page(status: int = 200, **facts: Any) -> AnyResponse:
    return show("welcome/welcome.html", status=status, **({"chosen": {}} | facts))
