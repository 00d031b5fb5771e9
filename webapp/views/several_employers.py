"""Form SSO 1-03 for somebody who takes a second job and keeps the first: to print, filled with what is known (guide/several-employers).

For anybody blank; for whoever is signed in with name, number (masked until asked for) and the employers that the record names last.
"""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.domain.assurance import Act
from webapp.domain.dates import add_months
from webapp.ports import ContributionRow
from webapp.web import guards
from webapp.web.fragments import show
from webapp.web.tools import tools

pages = Blueprint("several_employers", __name__, url_prefix="/several-employers")

MONTHS_LOOKED_AT = 3
LINES = 2


@pages.get("/form")
@guards.needs(Act.USE_THIS_BROWSER)
def form() -> AnyResponse:
    """Filled in, or blank for whoever is not signed in."""
    person, name = guards.person(), guards.person_name()
    whole, pid = request.args.get("number") == "whole", name.pid if name else ""
    return show(
        "several_employers/form.html",
        name=name,
        number=pid if whole or not pid else f"{'•' * 9}{pid[-4:]}",
        whole=whole or not pid,
        employers=_employers(person.id) if person else [],
        lines=LINES,
    )


def _employers(person_id: str) -> list[ContributionRow]:
    """Those of the newest months, each once, by account."""
    since = add_months(tools().clock.today(), -MONTHS_LOOKED_AT)
    rows = [row for row in tools().store.contributions_of(person_id, since) if row.employer_name]
    return list({row.employer_account or row.employer_name: row for row in rows}.values())
