"""Makes the pictures that the app's manifest names, out of the running app: `make pictures`.

Not a test, though pytest runs it: the journeys' town and browser are what it needs. Screenshots of three pages in both languages, as a
phone's install sheet shows them, and the signs of the shortcuts.
"""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from flask import render_template_string
from playwright.sync_api import Browser, Page

from tests.journeys.conftest import Town, Visit, choose_hospitals, press_on, sign_in
from webapp.app import create_app
from webapp.config import ROOT
from webapp.views.pwa import SCREENSHOT_SIZE

SOMCHAI = "1000000000009"
SHARPNESS = 2
QUALITY = 50
SEARCH = {"th": "ปทุมธานี", "en": "Pathum"}
RESULT = "/benefits/unemployment?on=2026-12-01&cause=laid_off&dismissed_for_fault=no&months_paid_in_15=14&wage=16000&days_paid_this_year=0"
SIGNS = {"hospital-change": "hospital", "benefits": "umbrella", "emergency": "pulse"}
SIGN = """{% from "components/icon.html" import icon %}<style>body{margin:0}b{display:grid;place-items:center;
width:96px;height:96px;background:#1F3864;border-radius:50%}
.i{width:60px;fill:none;stroke:#FFF;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}</style><b>{{ icon(name) }}</b>"""


def keep(page: Page, name: str) -> None:
    """As WebP, which Playwright does not write by itself."""
    page.evaluate("scrollTo(0, 0)")
    width, height = (side // SHARPNESS for side in SCREENSHOT_SIZE)
    whole = {"x": 0, "y": 0, "width": width, "height": height, "scale": SHARPNESS}
    how = {"format": "webp", "quality": QUALITY, "clip": whole, "captureBeyondViewport": False}
    shot = page.context.new_cdp_session(page).send("Page.captureScreenshot", how)
    target = ROOT / f"static/screenshots/{name}.webp"
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(base64.b64decode(shot["data"]))


@pytest.mark.parametrize("lang", ["th", "en"])
def test_take_the_screenshots(visit: Visit, lang: str) -> None:
    width, height = (side // SHARPNESS for side in SCREENSHOT_SIZE)
    page = visit("/", lang, viewport={"width": width, "height": height}, device_scale_factor=SHARPNESS)
    keep(page, f"home-{lang}")
    page.goto(RESULT)
    keep(page, f"result-{lang}")
    choose_hospitals(page, SEARCH[lang])
    press_on(page)
    sign_in(page, SOMCHAI)
    page.wait_for_url("**/hospital-change/new/check")
    keep(page, f"review-{lang}")


def test_draw_the_signs_of_the_shortcuts(town: Town, browser: Browser) -> None:
    app = create_app(town.tools.settings, town.tools)
    for name, sign in SIGNS.items():
        page = browser.new_page(viewport={"width": 96, "height": 96})
        with app.test_request_context("/"):
            page.set_content(render_template_string(SIGN, name=sign))
        Path(ROOT / f"static/icons/to-{name}-96.png").write_bytes(page.screenshot(omit_background=True))
        page.close()
