"""Where to turn, and what becomes of one's data: two pages that need neither sign-in nor anything from the store."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response as AnyResponse

from webapp.actions import sessions
from webapp.web.browser import KEEP_SECONDS
from webapp.web.fragments import show

pages = Blueprint("help", __name__)


@pages.get("/help")
def help_page() -> AnyResponse:
    return show("help/help.html")


@pages.get("/privacy")
def privacy() -> AnyResponse:
    return show(
        "help/privacy.html",
        idle_minutes=sessions.IDLE_SECONDS // 60,
        longest_hours=sessions.LONGEST_SECONDS // 3600,
        draft_days=KEEP_SECONDS // 86_400,
    )
