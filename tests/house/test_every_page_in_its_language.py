"""A walk over every page of the route map in Thai, signed in and out, that finds English left on it; and the other way round.

The pages come from the route map, so that none can be missed: a new route without a way to walk it fails here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import product
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.front_door import APP, SignIn
from tests.pages import VOID
from webapp.domain.benefits.catalogue import BENEFITS
from webapp.ports import Tools

SOMCHAI, OFFICER = "1000000000009", "1000000000076"
ENGLISH = re.compile(r"[A-Za-z]{3,}")
THAI = re.compile(r"[\u0e00-\u0e7f]")
NAMES = re.compile(
    r"ThaiD|SSO( Plus)?|LINE|Sitthi|UCEP|www\.[\w.]+|https?://\S+|HC(-[0-9A-Z]+)*|[A-Z]{2}-?\d+-?\d*|"
    r"Android|iPhone|PIN|฿|QR|e-Self Service|Google Play|App Store",
)
NOT_PAGES = {"static", "sign_in.back_from_thaid", "sign_in.go_to_thaid"}
FAILED_SIGN_INS = Path(__file__).resolve().parents[2] / "templates/sign_in/failed"
RESULTS = [
    "/benefits?because=lost_job",
    "/benefits/unemployment?on=2026-12-01&cause=laid_off&dismissed_for_fault=no&months_paid_in_15=14&wage=16000&days_paid_this_year=0",
    "/benefits/sickness?on=not_sure&months_paid_in_15=2&employer_sick_leave_used=no&wage=1&days_off=1&chronic=no&days_paid_this_year=0",
    "/benefits/maternity?on=2026-12-01&parent=father&union=married&months_paid_in_15=14&other_parent_claimed=not_sure&prenatal_cost=99.50",
    "/benefits/death?on=2026-12-01&months_paid_in_6=6&months_paid_total=130&wage=17500",
    "/benefits/death?on=2026-12-01&months_paid_in_6=6&months_paid_total=130&wage=17500&print=1",
    "/benefits/old_age?age=50&still_insured=no&months_paid_total=170&average_wage_60=15000&months_pension_drawn=not_sure",
    "/benefits/old_age?age=57&still_insured=no&months_paid_total=200&average_wage_60=99000&months_pension_drawn=3",
    "/benefits/child_allowance?months_paid_in_36=12&children=0+3",
    "/benefits/invalidity?on=2026-12-01&months_paid_in_15=3&loss_percent=60&wage=17500",
    "/benefits/dental?on=2026-12-01&months_paid_in_15=3&treatment=basic&cost=1200&used_this_year=100",
]
"""Pages that say more once their answers are there."""
FAILURES = sorted(path.stem for path in FAILED_SIGN_INS.glob("*.html") if path.stem != "page")
FILLED = {"name": sorted(BENEFITS), "cause": FAILURES, "what": ["approve"], "year": ["2027"], "change_id": ["none"], "answer": ["approve"]}


class SaidIn(HTMLParser):
    """The words of a page by the language they are marked with; names (`bdi`) and machine parts are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str, bool]] = []
        self.words: dict[str, list[str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        got = dict(attrs)
        lang, silent = (self.open[-1][1], self.open[-1][2]) if self.open else ("", False)
        lang = got.get("lang") or lang
        silent = silent or tag in ("script", "style", "bdi", "svg", "select", "code") or "bdi" in (got.get("class") or "").split()
        for name in ("aria-label", "title", "alt", "placeholder"):
            if got.get(name) and not silent:
                self.words.setdefault(lang, []).append(got[name] or "")
        if tag not in VOID:
            self.open.append((tag, lang, silent))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.open and not self.open[-1][2] and data.strip():
            self.words.setdefault(self.open[-1][1], []).append(" ".join(data.split()))


def said(html: str) -> dict[str, list[str]]:
    reader = SaidIn()
    reader.feed(html)
    return reader.words


@pytest.fixture
def a_case(client: FlaskClient, tools: Tools, send_a_change: Callable[..., str], sign_in: SignIn) -> str:
    """Somchai's open request."""
    return send_a_change(client, SOMCHAI)


def paths(app: Flask, reference: str) -> list[str]:
    found = []
    for route in app.url_map.iter_rules():
        if "GET" not in (route.methods or ()) or route.endpoint in NOT_PAGES or route.rule.startswith("/api/"):
            continue
        ways = {name: {"reference": [reference], **FILLED}.get(name, []) for name in route.arguments}
        assert all(ways.values()), f"no way to walk {route.rule}: tell this test how to fill {ways}"
        for values in product(*ways.values()):
            found.append(app.url_map.bind("127.0.0.1:8000").build(route.endpoint, dict(zip(ways, values, strict=True))))
    return sorted(found) + RESULTS


@pytest.mark.parametrize("lang", ["th", "en"])
@pytest.mark.parametrize("who", ["nobody", "person", "officer"])
def test_every_page_speaks_one_language(
    app: Flask, client: FlaskClient, another_client: FlaskClient, sign_in: SignIn, a_case: str, who: str, lang: str
) -> None:
    walker = {"nobody": app.test_client(), "person": client, "officer": another_client}[who]
    if who == "officer":
        sign_in(walker, OFFICER)
    walker.set_cookie("sitthi-language", lang, domain="127.0.0.1")
    wrong: dict[str, list[str]] = {}
    walked = 0
    for path in paths(app, a_case):
        response = walker.get(path, base_url=APP)
        if response.mimetype != "text/html" or response.status_code in (301, 302, 303):
            continue
        walked += 1
        words = said(response.get_data(as_text=True)).get(lang, [])
        foreign = [text for text in words if (ENGLISH if lang == "th" else THAI).search(NAMES.sub("", text))]
        if foreign:
            wrong[path] = foreign
    assert walked >= 15
    assert not wrong
