"""What this browser says of reminders by itself: which subscription is its own, and that it does not want to be asked now.

A page without JavaScript cannot read its browser's subscription, and its switches shall work all the same: so the answer to subscribing
leaves a cookie with the subscription's mark. It stays over signing out, as the reminders do. A cookie whose subscription is gone still says
that reminders were wanted here: the app then subscribes again when it is opened.
Asked softly, on the receipt of a request, and not again for 30 days after "not now". The browser's own question is put only by the tap on
"Remind me on this phone".
"""

from __future__ import annotations

from flask import Response, request

from webapp.actions import reminders
from webapp.ports import Subscription
from webapp.web import cookies
from webapp.web.cookies import keep
from webapp.web.security import mark_personal
from webapp.web.tools import tools

PHONE = "sitthi-phone"
LATER = "sitthi-remind-later"
KEEP_SECONDS = 400 * 24 * 3600  # the longest that browsers allow
NOT_ASKED_SECONDS = 30 * 24 * 3600


def mark() -> str | None:
    """Of the subscription this browser has or had; None where it never asked for reminders, or said it wants none."""
    return cookies.read(PHONE)


def this_phone() -> Subscription | None:
    """What we send to this browser; its page is then nobody else's."""
    held = mark()
    if held is None:
        return None
    mark_personal()
    return reminders.subscription_marked(tools(), held)


def address_so_far() -> str | None:
    """Where this browser was reached until now, also where its push service had given that up."""
    held = mark()
    phone = reminders.subscription_marked(tools(), held, or_gone=True) if held else None
    return phone.endpoint if phone else None


def know_phone(response: Response, phone: Subscription) -> Response:
    cookies.keep_secret(response, PHONE, phone.mark, KEEP_SECONDS)
    return response


def forget_phone(response: Response) -> Response:
    cookies.drop_secret(response, PHONE)
    return response


def may_be_asked() -> bool:
    """Whether the soft ask may stand on a page that is about something else."""
    return mark() is None and LATER not in request.cookies


def note_not_now(response: Response) -> Response:
    keep(response, LATER, "1", NOT_ASKED_SECONDS)
    return response
