"""What makes the site an app on a phone: the manifest, the worker that keeps the public pages, and the page shown without the net.

The worker's file lies at the top of the house and is served at the top of the site, so that its reach is the whole site. In front of
it we put what it keeps, under a version that changes whenever any of it does: three pages and their files, without which a version is not
installed, and then every other public page, in the language of whoever uses the phone.
"""

from __future__ import annotations

import hashlib
import json
import logging
from datetime import datetime
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, abort, current_app, g, make_response, request
from werkzeug.http import http_date
from werkzeug.wrappers import Response as AnyResponse

from webapp.actions.calendar import rules_now
from webapp.config import ROOT
from webapp.domain.dates import add_months
from webapp.domain.hospital_change_dates import CutOff, cut_offs
from webapp.web.assets import STYLE_HELD, asset, script_address, style_address, style_version
from webapp.web.fragments import show
from webapp.web.guide import GUIDES
from webapp.web.installing import app_name
from webapp.web.language import COOKIE as LANGUAGE_COOKIE
from webapp.web.language import gettext as _
from webapp.web.language import language, languages, use_language
from webapp.web.preferences import COOKIE as LOOK_COOKIE
from webapp.web.preferences import preferences
from webapp.web.security import mark_personal
from webapp.web.tools import tools

pages = Blueprint("pwa", __name__)
log = logging.getLogger("sitthi")

WORKER = ROOT / "service-worker.js"
OFFLINE = "/offline"
NEEDED = (OFFLINE, "/emergency", "/on-this-phone")
PUBLIC = (
    "/", "/hospital-change", "/reminders", "/benefits", "/benefits/questions", "/guide", "/help", "/help/call",
    "/settings", "/install",
)  # fmt: skip
NOT_FOR_ALL_ALIKE = ("/", "/hospital-change", "/reminders", "/on-this-phone", "/settings", "/help/call")
"""Somebody signed in sees more here: on a slow line they wait for it, and get the stranger's copy only where there is no net at all."""
INSTEAD = {"/benefits/": "/benefits/questions"}
"""What begins so and is not kept itself: the check needs the net. Keeping the rules as a second program in JavaScript would be the law
written twice, and a Python in the browser weighs more than a month of this app; so a phone keeps the questions, to get ready by."""
MADE_OF = (("templates", "*.html"), ("translations", "*.po"), ("webapp/law", "*.toml"), ("webapp/web", "*.py"))
SHELL = ("js/phone.js", "js/on-this-phone.js", "js/read-aloud.js", "icons/icon.svg")
IN_THE_PAGE = ("simple", "looped")
"""Of the look, what a page is made with; all else hangs on its <html> tag, which the worker writes anew."""
PICTURED = ("th", "en")
A_DAY = "public, max-age=86400"
SHOWN_CUT_OFFS, MONTHS_AHEAD = 2, 3
PAPER, INDIGO = "#FBF7EE", "#1F3864"
SCREENSHOT_SIZE = (720, 1480)


@pages.get(OFFLINE)
def offline() -> AnyResponse:
    """What matters most stands in the page itself. It leads only to pages that every phone keeps; with `all`, to the others too."""
    at = tools().clock.now()
    first_hours = tools().law_book.on(at.date()).value("emergency.critical_first_hours")
    keeps_all = "all" in request.args
    return show("pwa/offline.html", first_hours=first_hours, cut_offs=_next_cut_offs(at), as_of=at.date(), keeps_all=keeps_all)


def _next_cut_offs(at: datetime) -> list[CutOff]:
    found = cut_offs(at.date(), add_months(at.date(), MONTHS_AHEAD), rules_now(tools()))
    return [cut_off for cut_off in found if cut_off.file_by > at][:SHOWN_CUT_OFFS]


@pages.get("/on-this-phone")
def on_this_phone() -> AnyResponse:
    """What only this phone knows: its own script fills it in. Of a shared phone the page lets go of all, and so must not be kept itself."""
    if preferences().shared_phone:
        mark_personal()
    return show("pwa/on_this_phone.html")


@pages.get("/pages-to-keep")
def pages_to_keep() -> Response:
    """Every public page that the worker keeps, as a stranger sees it, in one answer: so they weigh a quarter of what each weighs alone."""
    asked = request.args.get("language", "")
    only = NEEDED if "needed" in request.args else (*NEEDED, *public_pages())
    now = tools().clock.now()
    half_hour = now.replace(minute=now.minute // 30 * 30, second=0, microsecond=0)
    worn = "&".join(f"{name}=1" for name in IN_THE_PAGE if request.args.get(name) == "1")
    response = make_response(_kept(only, asked if asked in languages() else language(), worn, half_hour, request.host_url))
    response.mimetype = "application/json"
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def public_pages() -> tuple[str, ...]:
    return (*PUBLIC, *(f"/guide/{slug}" for slug in GUIDES))


@lru_cache(maxsize=8)
def _kept(paths: tuple[str, ...], code: str, worn: str, half_hour: datetime, base: str) -> str:
    """Of one language, look and half hour: a cut-off falls between two. The style sheet travels as a file of its own."""
    cookie = f"{LANGUAGE_COOKIE}={code}; {STYLE_HELD}={style_version()}; {LOOK_COOKIE}={worn}"
    addresses = {path: f"{OFFLINE}?all=1" if path == OFFLINE and paths != NEEDED else path for path in paths}
    answers = {path: answer for path, address in addresses.items() if (answer := _as_a_stranger(address, base, cookie))}
    if not all(path in answers for path in NEEDED):
        abort(503)
    policy = answers[NEEDED[0]].headers["Content-Security-Policy"]
    pages_of_all = {path: answer.get_data(as_text=True) for path, answer in answers.items()}
    return json.dumps({"policy": policy, "made": http_date(half_hour), "pages": pages_of_all}, ensure_ascii=False)


def _as_a_stranger(path: str, base: str, cookie: str) -> Response | None:
    """A request of its own, with nothing of whoever asked for the pages: neither cookie nor `g`. None where it has no page to keep."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    with app.app_context(), app.test_request_context(path, base_url=base, headers={"Cookie": cookie}):
        g.is_for_keeping = True
        answer: Response = app.full_dispatch_request()
        if answer.status_code == 200 and not g.get("personal"):
            return answer
    log.warning("%s is no page that a phone may keep: %s", path, answer.status_code)
    return None


@pages.get("/manifest.webmanifest")
def manifest() -> Response:
    """In the language of the page that names it: browsers ask without cookies. Whatever the language it is the same app, by its `id`."""
    if (asked := request.args.get("language")) in languages():
        use_language(asked)
    prototype = tools().settings.demonstration
    facts = {
        "id": "/",
        "name": _("Sitthi (prototype, not the SSO’s)") if prototype else _("Sitthi: social security"),
        "short_name": app_name(),
        "description": _("Prototype: nothing reaches the SSO") if prototype else _("Change your hospital and know your dates"),
        "lang": language(),
        "dir": "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": INDIGO,
        "categories": ["government", "health"],
        "icons": [
            {"src": asset("icons/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
            {"src": asset("icons/icon-192.png"), "sizes": "192x192", "type": "image/png"},
            {"src": asset("icons/icon-512.png"), "sizes": "512x512", "type": "image/png"},
            {"src": asset("icons/icon-maskable-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
        ],
        "shortcuts": [
            _shortcut(_("Change hospital"), "hospital-change"),
            _shortcut(_("Benefits"), "benefits"),
            _shortcut(_("Emergency: where to go"), "emergency"),
        ],
        "screenshots": _screenshots() if prototype else [],
        "prefer_related_applications": False,
    }
    response = make_response(json.dumps(facts, ensure_ascii=False))
    response.headers["Content-Type"] = "application/manifest+json"
    response.headers["Cache-Control"] = A_DAY
    response.vary.add("Accept-Language")
    return response


def _shortcut(name: str, page: str) -> dict[str, Any]:
    icons = [{"src": asset(f"icons/to-{page}-96.png"), "sizes": "96x96", "type": "image/png"}]
    return {"name": name, "url": f"/{page}", "icons": icons}


def _screenshots() -> list[dict[str, str]]:
    """Taken of the prototype by `make pictures`, and said so on them: an app in use needs its own."""
    said = {"home": _("The first page: what can be done here"), "review": _("The exact day stands before a request is sent")}
    said |= {"result": _("What can be claimed, how much, and why")}
    look = {"sizes": "x".join(map(str, SCREENSHOT_SIZE)), "type": "image/webp", "form_factor": "narrow"}
    shown = language() if language() in PICTURED else PICTURED[-1]
    return [{"src": asset(f"screenshots/{name}-{shown}.webp"), "label": label, **look} for name, label in said.items()]


@pages.get("/service-worker.js")
def service_worker() -> Response:
    response = make_response(f"{_what_it_keeps()}\nimportScripts({json.dumps(asset('js/phone.js'))});\n{_worker()}")
    response.headers["Content-Type"] = "text/javascript; charset=utf-8"
    response.headers["Cache-Control"] = "no-cache"
    return response


@lru_cache(maxsize=1)
def _worker() -> str:
    return WORKER.read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _what_it_keeps() -> str:
    """The version changes with everything that pages are made of: files, templates, words, law."""
    files = [style_address(), script_address(), *(asset(path) for path in SHELL)]
    made_of = [path for room, ending in MADE_OF for path in sorted((ROOT / room).rglob(ending))]
    texts = (*files, _worker(), *(path.read_text(encoding="utf-8") for path in made_of))
    version = hashlib.sha256("".join(texts).encode()).hexdigest()[:12]
    kept = {
        "version": version,
        "pages": (*NEEDED, *public_pages()),
        "instead": INSTEAD,
        "patient": NOT_FOR_ALL_ALIKE,
        "files": files,
        "icon": asset("icons/icon-192.png"),
        "badge": asset("icons/badge-96.png"),
    }
    return f"const KEPT = {json.dumps(kept)};"
