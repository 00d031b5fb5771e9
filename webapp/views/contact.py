"""A phone number at which officers may call about one's own requests: said, changed and removed on one page.

Any sign-in may do it, the counter's too (actions/contact.py says why); nobody who helps somebody else. The number stands in the page and in
no address.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.actions import contact
from webapp.domain.assurance import Act
from webapp.domain.contact import Contact
from webapp.domain.retention import period_of
from webapp.web import guards
from webapp.web.contact_words import contact_shown, contact_typed, when_options, when_word
from webapp.web.fragments import show
from webapp.web.tools import tools

pages = Blueprint("contact", __name__, url_prefix="/my-data/contact")

HERE = "/my-data/contact"


@pages.get("")
@guards.signed_in
def page() -> AnyResponse:
    return _page(typed=contact_shown(_mine()))


@pages.post("")
@guards.needs(Act.DECIDE_OVER_OWN_DATA)
def say() -> AnyResponse:
    typed = contact_typed(request.form, may_be_empty=False)
    if typed.contact is None:
        return _page(422, typed=typed, errors=typed.errors)
    contact.say(tools(), guards.person_who_asks().id, typed.contact)
    return redirect(HERE, 303)


@pages.post("/remove")
@guards.needs(Act.DECIDE_OVER_OWN_DATA)
def remove() -> AnyResponse:
    contact.remove(tools(), guards.person_who_asks().id)
    return redirect(HERE, 303)


def _mine() -> Contact | None:
    return contact.contact_of(tools(), guards.person_who_asks().id)


def _page(status: int = 200, **facts: Any) -> AnyResponse:
    mine = _mine()
    return show(
        "contact/contact.html",
        status=status,
        mine=mine,
        when=when_word(mine.when) if mine else "",
        whens=when_options(),
        kept_days=period_of("contacts").days,
        **facts,
    )
