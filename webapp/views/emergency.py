"""Where to go in an emergency: read once, kept on the phone by the service worker, readable without the net."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response as AnyResponse

from webapp.domain.assurance import Act
from webapp.web import guards
from webapp.web.fragments import show
from webapp.web.tools import tools

pages = Blueprint("emergency", __name__)


@pages.get("/emergency")
@guards.shows(Act.READ_REQUESTS)
def emergency() -> AnyResponse:
    law = tools().law_book.on(tools().clock.today())
    person = guards.person()
    own = tools().store.hospital(person.hospital_id) if person and person.hospital_id else None
    return show("emergency/emergency.html", first_hours=law.value("emergency.critical_first_hours"), own=own)
