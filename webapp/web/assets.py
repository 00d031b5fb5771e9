"""Static files under a name that changes with their content, and the one style sheet that travels inside the page.

The whole style sheet of the citizens' pages is smaller than one more round trip on 2G costs, so it is in the page, and
its hash is in the policy (DESIGN 8). Files are asked for with `?v=<hash>` and may then be kept for ever.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import lru_cache

from flask import Flask, Response, request
from markupsafe import Markup

from webapp.config import ROOT

STATIC = ROOT / "static"
INLINE_SHEETS = ("css/tokens.css", "css/base.css", "css/components.css")
FOR_EVER = "public, max-age=31536000, immutable"


@lru_cache(maxsize=256)
def version(path: str) -> str:
    """Twelve characters that change when the file does."""
    return hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:12]


def asset(path: str) -> str:
    return f"/static/{path}?v={version(path)}"


@lru_cache(maxsize=1)
def inline_style() -> str:
    """The citizens' style sheets as one text, comments and needless space taken out."""
    sheets = "".join((STATIC / sheet).read_text(encoding="utf-8") for sheet in INLINE_SHEETS)
    bare = re.sub(r"/\*.*?\*/", "", sheets, flags=re.DOTALL)
    return re.sub(r"\s*\n\s*", "", bare).strip()


@lru_cache(maxsize=1)
def inline_style_hash() -> str:
    digest = hashlib.sha256(inline_style().encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def inline_css() -> Markup:
    return Markup("<style>{}</style>").format(Markup(inline_style()))  # noqa: S704 - our own file


def serve(app: Flask) -> None:
    app.jinja_env.globals.update(asset=asset, inline_css=inline_css)

    @app.after_request
    def _keep(response: Response) -> Response:
        if request.endpoint == "static" and response.status_code in (200, 304):
            named = request.args.get("v")
            response.headers["Cache-Control"] = FOR_EVER if named and named == _version_of_request() else "public, no-cache"
        return response


def _version_of_request() -> str:
    path = (request.view_args or {}).get("filename", "")
    return version(path)
