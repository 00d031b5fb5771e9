"""What every template may use without being handed it."""

from __future__ import annotations

from typing import Any

from flask import Flask, request

from webapp.actions.reminders import unread
from webapp.domain.assurance import Via
from webapp.web import guards
from webapp.web.fragments import wants_part
from webapp.web.installing import app_name
from webapp.web.language import LANGUAGES, gettext, language, languages
from webapp.web.preferences import preferences, reads_aloud, saves_data
from webapp.web.sent_later import author
from webapp.web.tools import noted, tools

REQUESTS_PATH = "/my-data"


def furnish(app: Flask) -> None:
    @app.context_processor
    def _facts() -> dict[str, Any]:
        held, code, look, acts = tools(), language(), preferences(), guards.acting()
        settings = held.settings
        return {
            "lang": code,
            "languages": languages(),
            "direction": LANGUAGES[code].direction,
            "prefs": look,
            "saves_data": saves_data(),
            "reads_aloud": reads_aloud(),
            "demonstration": settings.demonstration,
            "operator": settings.operator,
            "site": settings.base_url,
            "app_name": app_name(),
            "person": guards.person_name(),
            "officer": guards.officer(),
            "author": author(),
            "acting": acts,
            "may_keep": acts is None and not look.shared_phone,
            "came_by_channel": guards.came_by(Via.GOVERNMENT_CHANNEL),
            "session_ends_at": guards.session_end(),
            "session_seconds_left": _seconds_left(),
            "session_ran_out": guards.session_ran_out(),
            "today": held.clock.today(),
            "path": request.path,
            "here": _here(),
            "hx": wants_part(),
            "nav_items": _navigation(),
            "unread_messages": unread_messages,
            "corrections_waiting": held.store.count_open_corrections,
        }


def unread_messages() -> int | None:
    """Of the person signed in; None for nobody, and while they act for somebody else. Counted once a page."""
    known = noted()
    if "unread_messages" not in known:
        person_id = guards.signed_in_person_id() if guards.acting() is None else None
        known["unread_messages"] = unread(tools(), person_id) if person_id else None
    found: int | None = known["unread_messages"]
    return found


def _seconds_left() -> int | None:
    """Told as a span: a phone's own clock is often wrong."""
    end = guards.session_end()
    return None if end is None else max(0, int(end - tools().clock.machine_time()))


def _here() -> str:
    """The page to come back to after a switch of language or size: a write's page is the one its form stands on."""
    return request.full_path.rstrip("?")


def _navigation() -> list[dict[str, Any]]:
    """The same four for everybody; an officer who is not insured has a desk instead of requests, and whoever acts for somebody else has
    neither."""
    for_all = [
        {"key": "home", "href": "/", "label": gettext("Home"), "icon": "home"},
        {"key": "benefits", "href": "/benefits", "label": gettext("Benefits"), "icon": "umbrella"},
        {"key": "hospital", "href": "/hospital-change", "label": gettext("Hospital"), "icon": "hospital"},
    ]
    if guards.acting() is not None:
        return for_all
    return [
        *for_all,
        _desk() if guards.officer() is not None and guards.signed_in_person_id() is None else _requests(),
    ]


def _requests() -> dict[str, Any]:
    return {"key": "requests", "href": REQUESTS_PATH, "label": gettext("My requests"), "icon": "document", "count": unread_messages() or 0}


def _desk() -> dict[str, str]:
    return {"key": "desk", "href": "/officer", "label": gettext("Officers' desk"), "icon": "document"}
