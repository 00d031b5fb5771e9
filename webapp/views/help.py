"""Where to turn, and what to say there. To somebody signed in the page for the call shows their own reference."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response as AnyResponse

from webapp.actions import claims, corrections
from webapp.actions.hospital_change import summary
from webapp.domain.assurance import Act
from webapp.domain.helper_grant import Right
from webapp.domain.person import Person
from webapp.web import claim_words as words
from webapp.web import guards
from webapp.web.fragments import show
from webapp.web.hospital_change_words import Names
from webapp.web.language import gettext as _
from webapp.web.last_walk import last_walk
from webapp.web.tools import tools

pages = Blueprint("help", __name__)

STATEMENT_WRITTEN = date(2026, 11, 22)


@pages.get("/help")
def help_page() -> AnyResponse:
    return show("help/help.html")


@pages.get("/help/call")
@guards.shows(Act.READ_REQUESTS)
def what_to_say() -> AnyResponse:
    person = guards.person()
    return show("help/call.html", **(_of_the_person(person) if person else {}))


def _of_the_person(person: Person) -> dict[str, Any]:
    """What the hotline asks for first, and every open request by the reference that one reads out; to a helper only what was granted."""
    names, case = Names(), summary(tools(), person).open_case
    open_ones = [(_("Hospital change"), case.reference, case.received_at)] if case else []
    if guards.helper_id() is None:
        asked = claims.claims_of(tools(), person.id)
        open_ones += [(words.claim_name(one.kind), one.reference, one.sent_at) for one in asked if one.is_open]
    if guards.is_granted(Right.SAY_WHAT_IS_WRONG):
        open_ones += [(_("Wrong in the record"), one.reference, one.sent_at) for one in corrections.open_of(tools(), person.id)]
    return {
        "section": person.section,
        "province": names.province(person.work_province) if person.work_province else None,
        "hospital": names.hospital(person.hospital_id) if person.hospital_id else None,
        "open_ones": [{"what": what, "parts": reference.split("-"), "at": at} for what, reference, at in open_ones],
    }


@pages.get("/accessibility")
def accessibility() -> AnyResponse:
    return show("help/accessibility.html", walk=last_walk(), written=STATEMENT_WRITTEN)
