"""The tools of this app, and what a request has found out already, wherever a request is being answered.

Asked for hundreds of times a page, and so past Flask's proxies: each look through one of them costs what three of these do.
"""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.globals import _cv_app as app_held

from webapp.ports import Tools

EXTENSION = "sitthi"


def hand_over(app: Flask, tools: Tools) -> None:
    app.extensions[EXTENSION] = tools


def tools() -> Tools:
    handed: Tools = app_held.get().app.extensions[EXTENSION]
    return handed


def noted() -> dict[str, Any]:
    """What was found out for this request and is not asked again: the names of Flask's `g`."""
    kept: dict[str, Any] = app_held.get().g.__dict__
    return kept
