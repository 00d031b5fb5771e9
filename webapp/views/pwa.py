"""What makes the site an app on a phone: the manifest, the worker that keeps a few public pages, and the page shown without the net.

The worker's file lies at the top of the house and is served at the top of the site, so that its reach is the whole site. In front of
it we put what it keeps: two pages and the files they need, under a version that changes whenever one of them does.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache

from flask import Blueprint, Response, make_response
from werkzeug.wrappers import Response as AnyResponse

from webapp.config import ROOT
from webapp.web.assets import asset, inline_style_hash
from webapp.web.fragments import show
from webapp.web.language import gettext as _
from webapp.web.language import language
from webapp.web.tools import tools

pages = Blueprint("pwa", __name__)

WORKER = ROOT / "service-worker.js"
KEPT_PAGES = ("/offline", "/emergency")
KEPT_TEMPLATES = ("layouts/base.html", "pwa/offline.html", "emergency/emergency.html")
SHELL = ("js/app.js", "icons/icon.svg")
A_DAY = "public, max-age=86400"
PAPER, INDIGO = "#FBF7EE", "#1F3864"


@pages.get("/offline")
def offline() -> AnyResponse:
    return show("pwa/offline.html")


@pages.get("/manifest.webmanifest")
def manifest() -> Response:
    """Browsers ask for it without cookies: so the name is in both languages, and only the shortcuts follow the browser's."""
    prototype = tools().settings.demonstration
    facts = {
        "id": "/",
        "name": "สิทธิ Sitthi (ต้นแบบ prototype)" if prototype else "สิทธิ Sitthi",
        "short_name": "สิทธิ ต้นแบบ" if prototype else "สิทธิ",
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
            {"name": _("Change hospital"), "url": "/hospital-change"},
            {"name": _("Key dates"), "url": "/reminders"},
            {"name": _("Emergency: where to go"), "url": "/emergency"},
        ],
    }
    response = make_response(json.dumps(facts, ensure_ascii=False))
    response.headers["Content-Type"] = "application/manifest+json"
    response.headers["Cache-Control"] = A_DAY
    response.vary.add("Accept-Language")
    return response


@pages.get("/service-worker.js")
def service_worker() -> Response:
    response = make_response(f"{_what_it_keeps()}\n{_worker()}")
    response.headers["Content-Type"] = "text/javascript; charset=utf-8"
    response.headers["Cache-Control"] = "no-cache"
    return response


@lru_cache(maxsize=1)
def _worker() -> str:
    return WORKER.read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _what_it_keeps() -> str:
    files = [asset(path) for path in SHELL]
    templates = "".join((ROOT / "templates" / path).read_text(encoding="utf-8") for path in KEPT_TEMPLATES)
    version = hashlib.sha256("".join((*files, inline_style_hash(), templates, _worker())).encode()).hexdigest()[:12]
    return f"const KEPT = {json.dumps({'version': version, 'pages': KEPT_PAGES, 'files': files})};"
