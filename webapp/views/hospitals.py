"""The list of hospitals for anybody, without signing in. The search stands in the address and holds nothing personal."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.domain.assurance import Act
from webapp.web import guards
from webapp.web.fragments import show
from webapp.web.hospital_change_words import Names
from webapp.web.hospital_finder import asked, form_facts, look_for
from webapp.web.tools import tools

pages = Blueprint("hospitals", __name__, url_prefix="/hospitals")


@pages.get("")
@guards.shows(Act.READ_REQUESTS)
def hospitals() -> AnyResponse:
    """Search by name, province and who owns it; with htmx the results only."""
    person, names = guards.person(), Names()
    wanted = asked(request.args, person.home_province or person.work_province if person else None)
    return show(
        "hospitals/hospitals.html",
        "hospitals/_found.html",
        results=look_for(wanted, names),
        is_sample=tools().store.register_is_sample(),
        **form_facts(wanted, names),
    )
