"""Putting the app on a home screen: a page with drawn steps for every browser, first the one that asks; never a pop-up."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.domain.assurance import Act
from webapp.web import guards, installing
from webapp.web.fragments import show
from webapp.web.installing import Way
from webapp.web.security import own_path

pages = Blueprint("install", __name__, url_prefix="/install")


@pages.get("")
def install() -> AnyResponse:
    own = installing.this_way()
    page = show("install/install.html", own=own, others=[way for way in Way if way is not own], in_line=installing.is_in_line())
    page.vary.add("User-Agent")
    return installing.note_answer(page)


@pages.post("/not-now")
@guards.needs(Act.USE_THIS_BROWSER)
def not_now() -> AnyResponse:
    return installing.note_answer(make_response(redirect(own_path(request.form.get("next")), 303)))
