"""What is held of a person, what they agreed to, who opened it, a copy of it, and having it deleted.

/privacy is for anybody and told from the declarations (domain/retention.py); everything under /my-data is the person's own. A copy and a
deletion need a sign-in of the last minutes by whatever way, and both are forms: an address that gives everything away would stand in
histories.
"""

from __future__ import annotations

import json

from flask import Blueprint, Response, abort, make_response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.actions import audit, privacy, sessions
from webapp.actions.consents import consents_of
from webapp.domain.assurance import Act
from webapp.domain.consent import Purpose
from webapp.ports import Session
from webapp.web import guards
from webapp.web.audit_words import opening_lines
from webapp.web.fragments import show
from webapp.web.language import gettext as _
from webapp.web.privacy_words import consent_rows, every_kind, sections_of, what_goes, what_stays
from webapp.web.security import mark_personal
from webapp.web.tools import tools

pages = Blueprint("privacy", __name__)

CONSENTS, COPY, ERASE = "/my-data/consents", "/my-data/export", "/my-data/erase"


@pages.get("/privacy")
def privacy_page() -> AnyResponse:
    return show(
        "help/privacy.html",
        idle_minutes=sessions.IDLE_SECONDS // 60,
        longest_hours=sessions.LONGEST_SECONDS // 3600,
    )


@pages.get("/privacy/kept")
def kept() -> AnyResponse:
    return show("help/kept.html", kinds=every_kind())


# Consents


@pages.get(CONSENTS)
@guards.signed_in
def consents() -> AnyResponse:
    return show("privacy/consents.html", rows=consent_rows(consents_of(tools(), guards.person_who_asks().id)))


@pages.post(f"{CONSENTS}/<purpose>")
@guards.needs(Act.DECIDE_OVER_OWN_DATA)
def switch(purpose: str) -> AnyResponse:
    """On or off with one tap, as the form says."""
    if purpose not in set(Purpose):
        abort(404)
    person_id = guards.person_who_asks().id
    if request.form.get(purpose):
        privacy.give(tools(), person_id, Purpose(purpose))
    else:
        privacy.withdraw(tools(), person_id, Purpose(purpose))
    return redirect(CONSENTS, 303)


# Who opened it


@pages.get("/my-data/opened")
@guards.signed_in
def opened() -> AnyResponse:
    return show("privacy/opened.html", lines=opening_lines(audit.openings_of(tools(), guards.person_who_asks().id)))


# A copy


@pages.get(COPY)
@guards.signed_in
def export() -> AnyResponse:
    return show("privacy/export.html", is_fresh=privacy.is_fresh(tools(), _session()))


@pages.post(COPY)
@guards.needs(Act.DECIDE_OVER_OWN_DATA)
def give_copy() -> AnyResponse:
    """As a file for programs, or as a page to read and print."""
    if not privacy.is_fresh(tools(), _session()):
        return redirect(COPY, 303)
    copy = privacy.copy_of(tools(), guards.person_who_asks().id)
    mark_personal()
    if request.form.get("as") == "page":
        return show("privacy/copy.html", sections=sections_of(copy), made_at=tools().clock.now())
    file = make_response(json.dumps(copy, ensure_ascii=False, indent=1))
    file.mimetype = "application/json"
    file.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    file.headers["Cache-Control"] = "no-store"
    return file


# Deleting


@pages.get(ERASE)
@guards.signed_in
def erase_page() -> AnyResponse:
    return _erase_page()


@pages.post(ERASE)
@guards.needs(Act.DECIDE_OVER_OWN_DATA)
def erase() -> AnyResponse:
    """At once, after a tick: there is no way back."""
    if not privacy.is_fresh(tools(), _session()):
        return redirect(ERASE, 303)
    if not request.form.get("sure"):
        return _erase_page(_("Tick the box: what is deleted does not come back"))
    privacy.erase(tools(), guards.person_who_asks().id, _session())
    return redirect(f"{ERASE}?done=1", 303)


def _erase_page(error: str | None = None) -> Response:
    return show(
        "privacy/erase.html",
        status=422 if error else 200,
        errors=[{"field": "sure", "text": error}] if error else None,
        error=error,
        done=request.args.get("done") == "1",
        is_fresh=privacy.is_fresh(tools(), _session()),
        goes=what_goes(),
        stays=what_stays(),
    )


def _session() -> Session:
    found = guards.current_session()
    assert found is not None
    return found
