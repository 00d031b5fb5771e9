"""/metrics: figures for whoever watches over the service, by one who shows the token that the operator set.

For anybody else there is no such page. The proxy hands none of it on (deploy/nginx); the token is for what stands inside of it.
"""

from __future__ import annotations

import hmac

from flask import Blueprint, Response, abort, request

from webapp.actions.measuring import levels
from webapp.web.tools import tools

pages = Blueprint("metrics", __name__)


@pages.get("/metrics")
def metrics() -> Response:
    token = tools().settings.metrics_token
    if not token or not _is_shown(token):
        abort(404)
    response = Response(tools().meter.told(levels(tools())), content_type=tools().meter.content_type)
    response.headers["Cache-Control"] = "no-store"
    return response


def _is_shown(token: str) -> bool:
    """In a time that does not tell how much of it was right."""
    return hmac.compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode())
