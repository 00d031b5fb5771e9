"""Walking through ThaiD as a person does: with the stand-in's phone where ThaiD is what a test is about, and by a port that vouches at once
where it is only the way to a page. There is no way in that leaves out our own half."""

from __future__ import annotations

import re
import secrets
import threading
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from webapp.config import DEVELOPMENT_CLIENT_ID, DEVELOPMENT_SECRET
from webapp.ports import Attempt, Identity, SignInStart
from webapp.standins import thaid
from webapp.standins.desk import Client, Config
from webapp.standins.government_channel import MiniApp
from webapp.standins.personas import persona_by_number
from webapp.web.tools import EXTENSION, hand_over

APP = "http://127.0.0.1:8000"
CALLBACK = "/sign-in/thaid/callback"
A_PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 11) Mobile"}
WAIT = 20


class StandIn:
    """A live ThaiD stand-in on loopback."""

    def __init__(self, app: Flask, url: str) -> None:
        self.app, self.url, self.is_honest = app, url, True

    def switch(self, tokens: int | None = None, **switches: Any) -> None:
        """Turn on faults (see webapp/standins/switches.py), until reset or for so many token answers."""
        self.is_honest = False
        body = {**switches, **({"tokens": tokens} if tokens else {})}
        requests.post(f"{self.url}/simulator/switches", json=body, timeout=WAIT).raise_for_status()

    def reset(self) -> None:
        requests.delete(f"{self.url}/simulator/switches", timeout=WAIT).raise_for_status()
        self.is_honest = True


@contextmanager
def running(app: Flask, host: str = "127.0.0.1", port: int = 0):  # type: ignore[no-untyped-def]
    """`app` on a thread of its own; yields its root address."""
    server = make_server(host, port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def running_stand_in(app_ports: tuple[int, ...] = (8000,), host: str = "127.0.0.1"):  # type: ignore[no-untyped-def]
    """The stand-in, knowing this app's callbacks on both loopback names."""
    uris = [f"http://{name}:{port}{CALLBACK}" for name in ("127.0.0.1", "localhost") for port in app_ports]
    holder: dict[str, Flask] = {}

    def late(environ: Any, start_response: Any) -> Any:
        return holder["app"](environ, start_response)

    server = make_server("127.0.0.1", 0, late, threaded=True)
    issuer = f"http://{host}:{server.port}"
    clients = {DEVELOPMENT_CLIENT_ID: Client(DEVELOPMENT_SECRET, uris, "สิทธิ", "Sitthi")}
    mini_app = MiniApp(DEVELOPMENT_CLIENT_ID, DEVELOPMENT_SECRET, DEVELOPMENT_CLIENT_ID, DEVELOPMENT_CLIENT_ID, f"{APP}/government-channel")
    holder["app"] = thaid.create_app(Config(issuer=issuer, clients=clients), mini_app)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield StandIn(holder["app"], issuer)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def consent_at_thaid(authorize_url: str, pid: str, answer: str = "consent", **fields: str) -> str:
    """On the phone: open the app, be `pid`, answer; returns the address that ThaiD sends the browser back to."""
    with requests.Session() as phone:
        phone.headers.update(A_PHONE)
        page = phone.get(authorize_url, timeout=WAIT)
        handle = re.search(r"/simulator/phone/([^/?]+)", page.url)
        assert handle, f"the stand-in refused: {page.status_code} {page.text[:300]}"
        root = f"{urlsplit(page.url).scheme}://{urlsplit(page.url).netloc}/simulator/phone/{handle[1]}"
        phone.get(f"{root}/who", timeout=WAIT)
        phone.post(f"{root}/who", data={"pid": pid}, timeout=WAIT).raise_for_status()
        back = phone.post(f"{root}/consent", data={"answer": answer, **fields}, timeout=WAIT, allow_redirects=False)
        assert back.status_code == 303, f"no way back from the stand-in: {back.status_code} {back.text[:300]}"
        return urljoin(root, back.headers["Location"])


def start_at_thaid(client: FlaskClient, next_path: str = "/") -> str:
    """Press "go to ThaiD"; returns the address of ThaiD that the browser is sent to."""
    started = client.get("/sign-in/thaid", query_string={"next": next_path}, base_url=APP)
    assert started.status_code in (302, 303), started.get_data(as_text=True)[:300]
    return started.headers["Location"]


def return_from_thaid(client: FlaskClient, callback: str) -> TestResponse:
    parts = urlsplit(callback)
    return client.get(f"{parts.path}?{parts.query}", base_url=f"{parts.scheme}://{parts.netloc}")


def sign_in(client: FlaskClient, pid: str, next_path: str = "/") -> TestResponse:
    """All the way through ThaiD; returns the answer to the callback."""
    callback = consent_at_thaid(start_at_thaid(client, next_path), pid)
    return return_from_thaid(client, callback)


SignIn = Callable[..., TestResponse]


class Vouching:
    """The IdentityProvider port without a network between: vouches for whoever's number comes back as the code."""

    def begin(self, redirect_uri: str) -> SignInStart:
        state = secrets.token_urlsafe(32)
        return SignInStart(f"{redirect_uri}?state={state}", state, "", "")

    def finish(self, callback: Mapping[str, str], attempt: Attempt) -> Identity:
        known = persona_by_number(callback["code"])
        return Identity(known.pid, known.given_name, known.family_name, date.fromisoformat(known.birthdate), known.ial)


VOUCHING = Vouching()
TURNED_AWAY = {"1000000000114", "1000000000008"}


def come_in(client: FlaskClient, pid: str, next_path: str = "/") -> TestResponse:
    """The same as `sign_in` for whom ThaiD vouches, a third of the time: all of our own, and nothing of ThaiD's."""
    held = client.application.extensions[EXTENSION]
    hand_over(client.application, replace(held, identity=VOUCHING))
    try:
        return return_from_thaid(client, f"{start_at_thaid(client, next_path)}&code={pid}")
    finally:
        hand_over(client.application, held)


def send_a_change(client: FlaskClient, pid: str, hospital: str = "TH13-001", cause: str = "annual", **answers: str) -> str:
    """Sign in, answer each step and send, as a browser without JavaScript does; returns the reference."""
    from tests.pages import read

    come_in(client, pid)
    client.post("/hospital-change/new", data={"cause": cause, "in_patient": "no", **answers}, base_url=APP)
    if "note" in answers:
        client.post("/hospital-change/new/note", data={"note": answers["note"]}, base_url=APP)
    client.post("/hospital-change/new/hospitals", data={"choose": hospital}, base_url=APP)
    check = read(client.get("/hospital-change/new/check", base_url=APP))
    assert check.status == 200, check.main
    fields = check.form("/hospital-change/new/check")["fields"] | {"declared": "1"}
    sent = client.post("/hospital-change/new/check", data=fields, base_url=APP)
    assert sent.status_code == 303, read(sent).main
    return sent.headers["Location"].rsplit("/", 1)[1]
