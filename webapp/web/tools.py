"""The tools of this app, wherever a request is being answered."""

from __future__ import annotations

from flask import Flask, current_app

from webapp.ports import Tools

EXTENSION = "sitthi"


def hand_over(app: Flask, tools: Tools) -> None:
    app.extensions[EXTENSION] = tools


def tools() -> Tools:
    handed: Tools = current_app.extensions[EXTENSION]
    return handed
