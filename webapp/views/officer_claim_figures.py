"""Figures of the claims' desk: pictures, the same as tables, and the same as a file."""

from __future__ import annotations

from flask import Blueprint, Response
from werkzeug.wrappers import Response as AnyResponse

from webapp.actions.claim_figures import figures
from webapp.domain.claim import FEWEST_DECIDED
from webapp.web import guards
from webapp.web.fragments import show
from webapp.web.hospital_change_words import Names
from webapp.web.officer_claim_words import CLAIMS, as_cells, figure_tables
from webapp.web.spreadsheet import as_file
from webapp.web.tools import tools

pages = Blueprint("officer_claim_figures", __name__, url_prefix=CLAIMS)


@pages.get("/figures")
@guards.officers_only
def page() -> AnyResponse:
    """What waits and how long it took, the last twelve months."""
    found = figures(tools())
    tables = figure_tables(found, Names())
    return show("officer_claims/figures.html", tables=tables, since=found.since, now=tools().clock.now(), fewest=FEWEST_DECIDED)


@pages.get("/figures.csv")
@guards.officers_only
def file() -> Response:
    """The same tables; of nobody in particular."""
    return as_file(f"claims-{tools().clock.today():%Y-%m-%d}.csv", as_cells(figure_tables(figures(tools()), Names())))
