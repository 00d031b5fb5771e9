"""Answers travel squeezed, unless that could tell a stranger what stands in them."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.every_page import paths
from tests.front_door import APP, SignIn
from tests.standing_clock import StandingClock
from webapp.app import create_app, tools_for
from webapp.config import settings_from
from webapp.web.assets import MODULES, STATIC, asset, style_address, style_version
from webapp.web.weight import QUICK, _hard

SOMCHAI = "1000000000009"
PACKED = (".png", ".woff2", ".webp")
MODERN = {"Accept-Encoding": "gzip, deflate, br, zstd", "Sec-Fetch-Site": "none"}


def get(client: FlaskClient, path: str, **headers: str) -> TestResponse:
    return client.get(path, base_url=APP, headers={**MODERN, **{name.replace("_", "-"): value for name, value in headers.items()}})


def test_a_page_travels_as_brotli_and_is_the_same_page(client: FlaskClient) -> None:
    squeezed, plain = get(client, "/help"), client.get("/help", base_url=APP)
    assert squeezed.headers["Content-Encoding"] == "br"
    assert "Content-Encoding" not in plain.headers
    assert brotli.decompress(squeezed.data) == plain.data
    assert "Accept-Encoding" in squeezed.headers["Vary"]
    assert int(squeezed.headers["Content-Length"]) == len(squeezed.data)


def test_an_old_browser_gets_gzip_or_the_plain_page(client: FlaskClient) -> None:
    assert gzip.decompress(get(client, "/help", Accept_Encoding="gzip").data).startswith(b"<!doctype html>")
    assert "Content-Encoding" not in get(client, "/help", Accept_Encoding="identity").headers
    assert "Content-Encoding" not in get(client, "/help", Accept_Encoding="br;q=0, gzip;q=0").headers


def test_a_page_that_tells_of_a_mistake_is_squeezed_too(client: FlaskClient) -> None:
    fault = get(client, "/benefits/unemployment?asked=on&on_day=99&on_month=1&on_year=2569")
    assert (fault.status_code, fault.headers["Content-Encoding"]) == (422, "br")
    assert get(client, "/no-such-page").headers["Content-Encoding"] == "br"


def test_a_personal_page_is_squeezed_only_where_no_other_site_asked(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, SOMCHAI)
    for site, encoding in (("same-origin", "br"), ("none", "br"), ("cross-site", None), ("same-site", None)):
        assert get(client, "/my-data", Sec_Fetch_Site=site).headers.get("Content-Encoding") == encoding, site
    assert "Content-Encoding" not in get(client, "/my-data", Sec_Fetch_Site="").headers, "a browser that does not say"


FILES = ["/static/js/app.js", "/style.css", "/static/icons/icon.svg", "/manifest.webmanifest", "/service-worker.js"]


@pytest.mark.parametrize("path", FILES)
def test_files_travel_squeezed(client: FlaskClient, path: str) -> None:
    answer = get(client, path)
    assert answer.headers["Content-Encoding"] == "br" or len(answer.data) < 400
    if answer.headers.get("Content-Encoding") == "br":
        assert brotli.decompress(answer.data) == client.get(path, base_url=APP).data


@pytest.mark.parametrize("path", ["/static/icons/icon-192.png", "/static/fonts/sarabun-thai-400.woff2"])
def test_what_is_packed_already_is_left_alone(client: FlaskClient, path: str) -> None:
    assert "Content-Encoding" not in get(client, path).headers


def test_a_file_that_is_held_is_not_sent_again(client: FlaskClient) -> None:
    first = get(client, "/static/js/app.js")
    again = get(client, "/static/js/app.js", If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")


def test_the_api_answers_squeezed_and_readable(client: FlaskClient) -> None:
    answer = get(client, "/api/v1/law")
    assert answer.headers["Content-Encoding"] == "br"
    assert brotli.decompress(answer.data).startswith(b"{")


def test_the_style_held_as_a_file_stays_out_of_the_page(client: FlaskClient) -> None:
    client.set_cookie("sitthi-style", style_version(), domain="127.0.0.1")
    page = client.get("/", base_url=APP).get_data(as_text=True)
    assert f'<link rel="stylesheet" href="{style_address()}">' in page
    assert "<style>" not in page
    client.set_cookie("sitthi-style", "of-an-older-day", domain="127.0.0.1")
    assert "<style>" in client.get("/", base_url=APP).get_data(as_text=True)
    held = client.get(style_address(), base_url=APP)
    assert "immutable" in held.headers["Cache-Control"]
    assert "immutable" not in client.get("/style.css?v=other", base_url=APP).headers["Cache-Control"]


HEAVIEST_PAGE = 10_000
NEXT_PAGE = 6 * 1024
FIRST_VISIT = 36 * 1024
SCRIPTS_OF_A_PAGE = 16 * 1024
ALL_SCRIPTS = 32 * 1024
PAGES_KEPT = 60 * 1024
A_MODULE = re.compile(r'\["([^"]+)", own\.(\w+)(, true)?\]')
"""A line of the list in js/app.js: what a page holds, the module that it calls for, and whether that one needs js/phone.js."""


@dataclass(frozen=True)
class Seen:
    """A page as its first visitor gets it: what it weighs, and its text."""

    weight: int
    html: str

    @property
    def without_style(self) -> bytes:
        return STYLE.sub("", self.html).encode()


STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)


@pytest.fixture(scope="module")
def public_pages(laid_database: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Seen]:
    """Every page of the route map and the longest answers, in both languages, as somebody sees them who was never here."""
    place = tmp_path_factory.mktemp("light")
    shutil.copy(laid_database, place / "sitthi.db")
    settings = settings_from({"SITTHI_DATABASE_URL": f"sqlite:///{place}/sitthi.db", "DATA_DIR": str(place), "SITTHI_LIMITS": "off"})
    tools = replace(tools_for(settings), clock=StandingClock())
    app = create_app(settings, tools)
    nobody = app.test_client(use_cookies=False)
    seen = {}
    for lang in ("th", "en"):
        for path in paths(app, "HC-none", ["RC-none"]):
            answer = get(nobody, path, Accept_Language=lang)
            if answer.mimetype == "text/html" and answer.status_code not in (301, 302, 303):
                assert answer.headers["Content-Encoding"] == "br", path
                html = brotli.decompress(answer.data).decode()
                assert f'<html lang="{lang}"' in html, path
                seen[f"{lang} {path}"] = Seen(len(answer.data), html)
    tools.store.close()
    return seen


@pytest.fixture(scope="module")
def files(public_pages: dict[str, Seen]) -> Callable[[str], int]:
    """files(address): what that file weighs on the line."""
    client = create_app(settings_from({"SITTHI_LIMITS": "off"})).test_client()
    return lru_cache(lambda address: len(get(client, address).data))


def test_every_public_page_is_light_with_all_its_style(public_pages: dict[str, Seen]) -> None:
    assert len(public_pages) > 200
    assert {path: page.weight for path, page in public_pages.items() if page.weight > HEAVIEST_PAGE} == {}


def test_the_first_paint_needs_nothing_but_the_page_itself(public_pages: dict[str, Seen]) -> None:
    for path, page in public_pages.items():
        head = page.html.partition("</head>")[0]
        assert head.count("<style>") == 1, path
        assert 'rel="stylesheet"' not in page.html, path
        assert not re.findall(r'<script(?! type="(?:module|application/json)")', page.html), path
        assert not re.findall(r"<img[^>]*(?<!loading=\"lazy\")>", head), path


def test_a_page_whose_style_is_held_is_lighter_still(public_pages: dict[str, Seen]) -> None:
    heavy = {path: len(brotli.compress(page.without_style, quality=QUICK)) for path, page in public_pages.items()}
    assert {path: size for path, size in heavy.items() if size > NEXT_PAGE} == {}


def called_for(html: str) -> set[str]:
    """The scripts that a page will load, as js/app.js decides it."""
    own = set(re.findall(r'<script[^>]* src="([^"]+)"', html))
    if not any(address.startswith("/app.js") for address in own):
        return own
    for selector, module, needs_phone in A_MODULE.findall((STATIC / "js/app.js").read_text(encoding="utf-8")):
        ((kind, name),) = re.findall(r"([#\[])([\w-]+)\]?$", selector)
        if f'id="{name}"' in html if kind == "#" else re.search(rf"\s{name}[=\s>]", html):
            own |= {asset(MODULES[module])} | ({asset(MODULES["phone"])} if needs_phone else set())
    return own | ({asset(MODULES["htmx"])} if re.search(r"\shx-(get|post)=", html) else set())


def test_a_first_visit_is_light_and_asks_seldom_on_every_page(public_pages: dict[str, Seen], files: Callable[[str], int]) -> None:
    """Counted with the sheet that is fetched to be held; what the browser fetches for its own tab (icon, manifest) comes on top, 1 KB."""
    for path, page in public_pages.items():
        scripts = {address: files(address) for address in called_for(page.html)}
        assert sum(scripts.values()) <= SCRIPTS_OF_A_PAGE, (path, scripts)
        asked = {path: page.weight, style_address(): files(style_address()), **scripts}
        tab = {address: files(address) for address in re.findall(r'<link rel="(?:icon|manifest)" href="([^"]+)"', page.html)}
        assert sum(asked.values()) + sum(tab.values()) <= FIRST_VISIT, (path, asked, tab)
        assert len(asked) <= 6, (path, asked)


def test_all_scripts_together_are_light(files: Callable[[str], int]) -> None:
    """Every script that there is, whoever may need it; js/app.js travels as /app.js, with the addresses of the others in front of it."""
    sizes = {script.name: files(f"/static/js/{script.name}") for script in STATIC.glob("js/*.js")} | {"app.js": files("/app.js")}
    assert sum(sizes.values()) <= ALL_SCRIPTS, sizes


def test_every_file_that_a_page_names_is_squeezed_and_kept_for_ever(client: FlaskClient, public_pages: dict[str, Seen]) -> None:
    named = {address for page in public_pages.values() for address in re.findall(r'(?:src|href)="(/[^"]+\?v=\w+)"', page.html)}
    named |= {address for page in public_pages.values() for address in called_for(page.html)} | {style_address()}
    assert len(named) >= 8
    for address in named:
        answer = get(client, address)
        assert "immutable" in answer.headers["Cache-Control"], address
        is_small_or_packed = len(answer.data) < 400 or address.partition("?")[0].endswith(PACKED)
        assert is_small_or_packed or answer.headers.get("Content-Encoding") == "br", address


def test_a_file_is_squeezed_once_and_as_hard_as_can_be(client: FlaskClient) -> None:
    first = get(client, "/app.js")
    made = _hard.cache_info().misses
    assert get(client, "/app.js").data == first.data
    assert _hard.cache_info().misses == made
    assert len(first.data) == len(brotli.compress(brotli.decompress(first.data), quality=11))


@pytest.mark.parametrize("asks", [{"Save-Data": "on"}, {"Cookie": "sitthi-look=less_data=1&looped=1"}], ids=["browser", "person"])
@pytest.mark.parametrize("path", ["/", "/hospitals?q=a", "/benefits/unemployment", "/reminders", "/settings", "/rules?print=1"])
def test_who_saves_data_gets_neither_letters_nor_script(app: Flask, path: str, asks: dict[str, str]) -> None:
    nobody = app.test_client(use_cookies=False)
    first = nobody.get(path, base_url=APP, headers={"Sec-Fetch-Site": "none", **asks}).get_data(as_text=True)
    assert "<script" not in first
    assert "looped.css" not in first
    assert 'rel="stylesheet"' not in first
    then = nobody.get(path, base_url=APP, headers={"Sec-Fetch-Site": "same-origin", **asks}).get_data(as_text=True)
    assert f'<link rel="stylesheet" href="{style_address()}">' in then, "without a script that holds it, the sheet comes once as a file"
    assert len(then) < len(first) - 5_000


def test_whoever_is_signed_in_and_goes_on_gets_the_style_once_as_a_file(client: FlaskClient, sign_in: SignIn) -> None:
    """They came through several pages; every page of their own is half as heavy for it, also where there is no script to hold the file."""
    by_link = f'<link rel="stylesheet" href="{style_address()}">'
    plain = {"Accept_Encoding": "identity", "Sec_Fetch_Site": "same-origin"}
    assert by_link not in get(client, "/help", **plain).get_data(as_text=True), "nobody waits for a second file on their second page"
    sign_in(client, SOMCHAI)
    assert by_link not in get(client, "/my-data", Accept_Encoding="identity").get_data(as_text=True), "from outside, all in one"
    going_on, whole = get(client, "/my-data", Sec_Fetch_Site="same-origin"), get(client, "/my-data")
    assert by_link in get(client, "/my-data", **plain).get_data(as_text=True)
    assert len(going_on.data) < 0.6 * len(whole.data)


def test_who_saves_data_keeps_the_script_that_guards_what_is_on_the_phone(client: FlaskClient, sign_in: SignIn) -> None:
    assert 'src="/app.js' in get(client, "/on-this-phone", Save_Data="on", Accept_Encoding="identity").get_data(as_text=True)
    sign_in(client, SOMCHAI)
    signed_in = get(client, "/", Save_Data="on", Accept_Encoding="identity").get_data(as_text=True)
    assert 'data-less-data="1"' in signed_in


def test_of_somebody_signed_in_no_page_is_squeezed_where_another_site_asked(app: Flask, client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, SOMCHAI)
    one_of_each = {path.rpartition("/")[0] or path: path for path in paths(app, "HC-none", ["RC-none"])}
    answers = {path: get(client, path, Sec_Fetch_Site="cross-site") for path in one_of_each.values()}
    pages = {path: answer for path, answer in answers.items() if answer.mimetype == "text/html"}
    assert len(pages) > 20
    assert [path for path, answer in pages.items() if "Content-Encoding" in answer.headers] == []


def test_what_a_phone_keeps_is_light(client: FlaskClient) -> None:
    worker = get(client, "/service-worker.js")
    first_line = brotli.decompress(worker.data).decode().partition("\n")[0]
    files = json.loads(first_line.removeprefix("const KEPT = ").removesuffix(";"))["files"]
    sizes = {path: len(get(client, path).data) for path in (*files, "/pages-to-keep?needed=1", "/pages-to-keep?language=th")}
    assert sum(sizes.values()) + len(worker.data) <= PAGES_KEPT, sizes
