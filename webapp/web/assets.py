"""Static files under a name that changes with their content, and the style sheet that travels inside the page until it is held.

What a page needs of the style is smaller than one more round trip on 2G costs, so it is in the page, and its hash is in the policy
(DESIGN 8; web/style.py says what a page needs). A browser that has since fetched the whole sheet as a file says so in a cookie (set by
js/app.js when idle) and gets a link to it, so that every further page is half as heavy; without JavaScript nothing changes.
Files are asked for with `?v=<hash>` and may then be kept for ever.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import lru_cache

from flask import Flask, Response, request

from webapp.config import ROOT

STATIC = ROOT / "static"
INLINE_SHEETS = ("css/tokens.css", "css/base.css", "css/components.css")
STYLE_HELD = "sitthi-style"
MODULES = {
    "htmx": "js/htmx-4.0.1.min.js",
    "countdown": "js/countdown.js",
    "session": "js/session.js",
    "share": "js/share.js",
    "phone": "js/phone.js",
    "sending": "js/sending.js",
    "onThisPhone": "js/on-this-phone.js",
    "keeping": "js/keeping.js",
    "install": "js/install.js",
    "push": "js/push.js",
    "copy": "js/copy.js",
    "readAloud": "js/read-aloud.js",
    "upload": "js/upload.js",
}
"""What js/app.js loads where a page asks for it; their addresses stand in front of it, so that no page need carry them."""
FOR_EVER = "public, max-age=31536000, immutable"


@lru_cache(maxsize=256)
def version(path: str) -> str:
    """Twelve characters that change when the file does."""
    return hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:12]


def asset(path: str) -> str:
    return f"/static/{path}?v={version(path)}"


@lru_cache(maxsize=16)
def sheet_text(path: str) -> str:
    """A style sheet, comments and needless space taken out."""
    bare = re.sub(r"/\*.*?\*/", "", (STATIC / path).read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"\s*\n\s*", "", bare).strip()


@lru_cache(maxsize=1)
def inline_style() -> str:
    """The citizens' style sheets as one text."""
    return "".join(map(sheet_text, INLINE_SHEETS))


@lru_cache(maxsize=1)
def style_version() -> str:
    return hashlib.sha256(inline_style().encode()).hexdigest()[:12]


def style_address() -> str:
    return f"/style.css?v={style_version()}"


@lru_cache(maxsize=1)
def script() -> str:
    """What every page loads: the addresses of the modules, then js/app.js."""
    own = {name: asset(path) for name, path in MODULES.items()} | {"style": style_address()}
    return f"const own = {json.dumps(own)};\n{(STATIC / 'js/app.js').read_text(encoding='utf-8')}"


@lru_cache(maxsize=1)
def script_address() -> str:
    return f"/app.js?v={hashlib.sha256(script().encode()).hexdigest()[:12]}"


def serve(app: Flask) -> None:
    app.jinja_env.globals.update(asset=asset, script_address=script_address)

    @app.get("/style.css", endpoint="style")
    def _style() -> Response:
        return _made(inline_style(), "text/css", style_address())

    @app.get("/app.js", endpoint="script")
    def _script() -> Response:
        return _made(script(), "text/javascript", script_address())

    @app.after_request
    def _keep(response: Response) -> Response:
        if request.endpoint == "static" and response.status_code in (200, 304):
            named = request.args.get("v")
            response.headers["Cache-Control"] = FOR_EVER if named and named == _version_of_request() else "public, no-cache"
        return response


def _made(content: str, mimetype: str, address: str) -> Response:
    response = Response(content, mimetype=mimetype)
    response.headers["Cache-Control"] = FOR_EVER if request.full_path == address else "public, no-cache"
    return response


def _version_of_request() -> str:
    path = (request.view_args or {}).get("filename", "")
    return version(path)
