"""A walk over every page of the route map in Thai, signed in and out, that finds English left on it; and the other way round.

The pages come from the route map (tests/every_page.py), so that none can be missed: a new route without a way to walk it fails here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.claim_people import lay_batches, lay_claims
from tests.every_page import OFFICER, SOMCHAI, give_papers, paths, tell_what_is_wrong
from tests.front_door import APP, SignIn
from tests.pages import VOID
from webapp.ports import Tools

ENGLISH = re.compile(r"[A-Za-z]{3,}")
THAI = re.compile(r"[\u0e00-\u0e7f]")
NAMES = re.compile(
    r"ThaiD|JavaScript|SSO( Plus| Connect)?|LINE|Sitthi|UCEP|www\.[\w.]+|https?://\S+|(HC|CL|PB)(-[0-9A-Z]+)*|[A-Z]{2}-?\d+-?\d*|"
    r"Android|iPhone|iPad|Mac|Dock|Chrome|Safari|Firefox|Samsung Internet|Edge|Facebook|PIN|฿|QR|e-Self Service|Google( Play)?|"
    r"App Store|Apple|Thunderbird|PDF|CSV|JPEG|PNG|HEIC|URL|Mozilla|Chromium|WCAG|AAA|axe|HTML(_CodeSniffer)?|"
    r"Nu Html Checker|TalkBack|VoiceOver|NVDA",
)


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


@pytest.fixture
def told(tools: Tools, a_case: str) -> list[str]:
    return tell_what_is_wrong(tools)


@pytest.fixture
def claimed(tools: Tools, a_case: str) -> list[str]:
    return lay_claims(tools)


@pytest.fixture
def batches(tools: Tools, claimed: list[str]) -> list[str]:
    return lay_batches(tools)


@pytest.fixture
def given(tools: Tools, claimed: list[str]) -> list[str]:
    return give_papers(tools, [claimed[0], claimed[-1]])


@pytest.mark.parametrize("lang", ["th", "en"])
@pytest.mark.parametrize("who", ["nobody", "person", "officer"])
def test_every_page_speaks_one_language(
    app: Flask, client: FlaskClient, another_client: FlaskClient, sign_in: SignIn, tools: Tools, a_case: str, told: list[str],
    claimed: list[str], given: list[str], batches: list[str], who: str, lang: str
) -> None:
    walker = {"nobody": app.test_client(), "person": client, "officer": another_client}[who]
    if who == "officer":
        sign_in(walker, OFFICER)
    walker.set_cookie("sitthi-language", lang, domain="127.0.0.1")
    wrong: dict[str, list[str]] = {}
    walked = asked_of_lines = 0
    lines = [line.reference for batch in batches for line in tools.store.claim_batch(batch).lines]
    for path in paths(app, a_case, told, claimed, given, batches, lines):
        response = walker.get(path, base_url=APP)
        asked_of_lines += response.status_code == 200 and ("/returned/" in path or "/one/" in path)
        if response.mimetype != "text/html" or response.status_code in (301, 302, 303):
            continue
        walked += 1
        words = said(response.get_data(as_text=True)).get(lang, [])
        foreign = [text for text in words if (ENGLISH if lang == "th" else THAI).search(NAMES.sub("", text))]
        if foreign:
            wrong[path] = foreign
    assert walked >= 15
    assert who != "officer" or asked_of_lines >= 4, "what the bank says of a line is among them"
    assert not wrong
