"""One id for a request: from our proxy, on the answer, and for the telephone on the page of a fault."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.front_door import APP
from tests.pages import read, sound
from webapp.app import create_app
from webapp.ports import Tools

OF_THE_PROXY = "0123456789abcdef0123456789abcdef"
OF_OURS = re.compile(r"[0-9a-f]{32}")


@pytest.fixture
def behind_a_proxy(tools: Tools) -> Flask:
    """With a page that breaks."""
    held = replace(tools, settings=replace(tools.settings, trusted_proxies=1))
    built = create_app(held.settings, held)
    built.testing = False

    def fails() -> str:
        raise RuntimeError("words of the fault")

    built.add_url_rule("/fails", view_func=fails)
    return built


def id_of_answer(client: FlaskClient, told: str | None, caller: str = "127.0.0.1", path: str = "/offline") -> str:
    headers = {"X-Request-Id": told} if told is not None else {}
    answer = client.get(path, headers=headers, environ_base={"REMOTE_ADDR": caller}, base_url=APP)
    (found,) = answer.headers.getlist("X-Request-Id")
    return found


@pytest.mark.parametrize("told", [OF_THE_PROXY, "3f2b8c1e-0d4a-4c5b-9e6f-7a8b9c0d1e2f"])
@pytest.mark.parametrize("caller", ["127.0.0.1", ""])
def test_what_our_proxy_calls_the_request_it_is_called_here_too(behind_a_proxy: Flask, caller: str, told: str) -> None:
    assert id_of_answer(behind_a_proxy.test_client(), told, caller) == told


@pytest.mark.parametrize(
    ("caller", "told"),
    [
        ("203.0.113.9", OF_THE_PROXY), ("127.0.0.1", None), ("127.0.0.1", ""), ("127.0.0.1", "1000000000009"),
        ("127.0.0.1", OF_THE_PROXY + "0"), ("127.0.0.1", OF_THE_PROXY.upper()), ("127.0.0.1", '"},{"level":"ERROR'),
        ("127.0.0.1", "๐" * 32), ("127.0.0.1", OF_THE_PROXY[:-1] + " "),
    ],
)  # fmt: skip
def test_from_anybody_else_and_ill_formed_it_is_not_taken_over(behind_a_proxy: Flask, caller: str, told: str | None) -> None:
    sent = told if told is None else told.encode().decode("latin-1")
    made = id_of_answer(behind_a_proxy.test_client(), sent, caller)
    assert OF_OURS.fullmatch(made)
    assert made != told


def test_without_a_proxy_nobody_names_a_request(client: FlaskClient) -> None:
    first, second = (id_of_answer(client, OF_THE_PROXY) for _ in range(2))
    assert len({first, second, OF_THE_PROXY}) == 3


@pytest.mark.parametrize("path", ["/nowhere", "/static/no-such-file", "/healthz", "/api/v1/law?on=nonsense", "/my-data", "/fails"])
def test_every_answer_carries_it(behind_a_proxy: Flask, path: str) -> None:
    assert id_of_answer(behind_a_proxy.test_client(), OF_THE_PROXY, path=path) == OF_THE_PROXY


@pytest.mark.parametrize("lang", ["th", "en"])
def test_the_page_of_a_fault_says_what_to_tell_on_the_telephone(behind_a_proxy: Flask, lang: str) -> None:
    client = behind_a_proxy.test_client()
    client.set_cookie("sitthi-language", lang, domain="127.0.0.1")
    page = sound(read(client.get("/fails", headers={"X-Request-Id": OF_THE_PROXY}, base_url=APP)), lang)
    assert page.status == 500
    assert "0123 4567" in page.html
    assert OF_THE_PROXY not in page.html
