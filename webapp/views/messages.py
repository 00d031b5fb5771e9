"""The inbox: every reminder that has come due for a person, whether a phone got it or not. Opening it is reading it."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.actions import reminders
from webapp.actions.reminder_sending import path_of
from webapp.web import guards
from webapp.web.fragments import show
from webapp.web.reminder_words import in_the_inbox
from webapp.web.tools import tools

pages = Blueprint("messages", __name__)


@pages.get("/my-data/messages")
@guards.signed_in
def messages() -> AnyResponse:
    person_id = guards.person_who_asks().id
    entries = reminders.inbox(tools(), person_id)
    if request.method == "GET":
        reminders.mark_all_read(tools(), person_id)
    rows = []
    for entry in entries:
        title, text = in_the_inbox(entry.occasion, entry.facts)
        rows.append({"title": title, "text": text, "at": entry.at, "href": path_of(entry), "is_new": not entry.is_read})
    return show("reminders/messages.html", entries=rows)
