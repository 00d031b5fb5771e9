"""After the first sign-in: language, size of letters and a phone number, which ThaiD does not tell; asked once, and left out with one tap.

Shown only to somebody who came without an errand (web/coming_in.py): whoever is on the way to a form or a page gets there first.
The number may be left empty, and the page says so: it is for officers who want to call about a request (actions/contact.py). Email is not
asked for: nothing here sends any, nor SMS, and the page says that too.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.actions import contact
from webapp.domain.assurance import Act
from webapp.domain.consent import Channel
from webapp.domain.retention import period_of
from webapp.web import guards
from webapp.web.contact_words import contact_shown, contact_typed, when_options
from webapp.web.fragments import show
from webapp.web.language import gettext as _
from webapp.web.language import languages
from webapp.web.preferences import CHOICES, preferences, remember_both, with_choice
from webapp.web.tools import tools

pages = Blueprint("welcome", __name__)


@pages.get("/welcome")
@guards.signed_in
def welcome() -> AnyResponse:
    return _page()


@pages.post("/welcome")
@guards.needs(Act.DECIDE_OVER_OWN_DATA)
def answer() -> AnyResponse:
    code, size = request.form.get("language", ""), request.form.get("text_size", "")
    known, typed = {"language": code in languages(), "text_size": size in CHOICES["text_size"]}, contact_typed(request.form)
    errors = [{"field": name, "text": _("Choose one of those shown")} for name, is_known in known.items() if not is_known]
    if errors or typed.errors:
        return _page(422, errors=errors + typed.errors, chosen={"language": code, "text_size": size}, contact=typed)
    if typed.contact:
        contact.say(tools(), guards.person_who_asks().id, typed.contact, Channel.WELCOME_PAGE)
    return remember_both(make_response(redirect("/", 303)), with_choice(preferences(), "text_size", size), code)


def _page(status: int = 200, **facts: Any) -> AnyResponse:
    """With the number that was said before, so that saving the page never takes it away."""
    usual: dict[str, Any] = {"chosen": {}, "contact": contact_shown(contact.contact_of(tools(), guards.person_who_asks().id))}
    kept_days = period_of("contacts").days
    return show("welcome/welcome.html", status=status, whens=when_options(), kept_days=kept_days, **(usual | facts))
