"""Help in the same place on every page, and what to say to the hotline: with one's own reference in large digits, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.front_door import APP, SignIn
from tests.pages import Page
from tests.views.test_home import sent
from webapp.ports import Tools

SOMCHAI, ANOTHER = "1000000000009", "1000000000017"
Look = Callable[..., Page]


SOME_PAGES = ["/", "/benefits", "/hospital-change", "/hospital-change/new", "/my-data", "/settings", "/help", "/no-such-page"]


@pytest.mark.parametrize("path", SOME_PAGES)
def test_help_stands_in_the_same_place_on_every_page(client: FlaskClient, look: Look, sign_in: SignIn, path: str) -> None:
    sign_in(client, SOMCHAI)
    page = look(client, path, "en", status=404 if path == "/no-such-page" else 200)
    last = page.html[page.html.index('<p class="help">') :]
    assert last.index('href="tel:1506"') < last.index('href="/help"') < last.index("</p>")
    assert "<h" not in last[: last.index("</main>")], "nothing of the page's own comes after it"


def test_all_ways_to_get_help_are_there_and_no_address_is_invented(client: FlaskClient, look: Look) -> None:
    page = look(client, "/help", "en")
    assert {"tel:1506", "https://www.sso.go.th", "/help/call"} <= set(page.links.values())
    assert {one for one in page.links.values() if one.startswith("http")} == {"https://www.sso.go.th"}
    assert all(said in page.text for said in ("LINE", "Ask somebody to help", "list of offices"))


def test_anybody_learns_what_to_say(client: FlaskClient, look: Look) -> None:
    page = look(client, "/help/call", "en")
    assert "Once you are signed in" in page.text
    assert "“I am insured under section 33”" in page.text
    assert "no-store" not in client.get("/help/call", base_url=APP).headers["Cache-Control"]


def test_somebody_with_a_request_reads_out_its_number(client: FlaskClient, look: Look, sign_in: SignIn, tools: Tools) -> None:
    case = sent(tools)
    sign_in(client, SOMCHAI)
    page = look(client, "/help/call", "en")
    large = page.html[page.html.index('<div class="amount num">') :]
    assert case.reference in page.text
    assert all(f'<bdi class="n">{part}</bdi>' in large[: large.index("</p>")] for part in case.reference.split("-"))
    assert "“I am insured under section 33.”" in page.text
    assert "“I work in Pathum Thani.”" in page.text
    assert SOMCHAI not in page.html
    assert client.get("/help/call", base_url=APP).headers["Cache-Control"] == "no-store"


def test_nobody_sees_the_number_of_another(client: FlaskClient, look: Look, sign_in: SignIn, tools: Tools) -> None:
    case = sent(tools)
    sign_in(client, ANOTHER)
    page = look(client, "/help/call", "en")
    assert case.reference not in page.html
    assert "You have no open request" in page.text
