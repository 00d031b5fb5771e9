"""Whose word on the address of whoever asks is taken: a proxy of ours, and nobody else's."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_network

import pytest
from flask import Flask, request

from webapp.config import Settings, settings_from
from webapp.web.security import protect

CLAIMED = {"X-Forwarded-For": "203.0.113.1, 198.51.100.7", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}


def seen_from(caller: str, settings: Settings) -> tuple[str | None, str, str]:
    app = Flask("behind a proxy")
    protect(app, settings)
    seen: list[tuple[str | None, str, str]] = []

    @app.get("/")
    def look() -> str:
        seen.append((request.remote_addr, request.scheme, request.host))
        return ""

    app.test_client().get("/", headers=CLAIMED, environ_base={"REMOTE_ADDR": caller}, base_url="http://127.0.0.1:8000")
    return seen[0]


@pytest.mark.parametrize("caller", ["127.0.0.1", "::1", ""])
def test_a_proxy_on_this_machine_is_believed_for_the_hop_it_saw_itself(caller: str) -> None:
    assert seen_from(caller, replace(settings_from({}), trusted_proxies=1)) == ("198.51.100.7", "https", "127.0.0.1:8000")


@pytest.mark.parametrize("caller", ["10.0.0.7", "192.0.2.1", "2001:db8::1"])
def test_whoever_comes_from_elsewhere_is_who_they_are(caller: str) -> None:
    assert seen_from(caller, replace(settings_from({}), trusted_proxies=1)) == (caller, "http", "127.0.0.1:8000")


def test_a_proxy_elsewhere_is_believed_where_its_network_is_named() -> None:
    settings = replace(settings_from({}), trusted_proxies=2, proxy_networks=(ip_network("10.0.0.0/8"),))
    assert seen_from("10.0.0.7", settings)[0] == "203.0.113.1"
    assert seen_from("127.0.0.1", settings)[0] == "127.0.0.1"


def test_in_development_nobody_is_believed() -> None:
    assert seen_from("127.0.0.1", settings_from({})) == ("127.0.0.1", "http", "127.0.0.1:8000")
