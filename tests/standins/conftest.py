"""A ThaiD stand-in with a clock of its own: these fixtures stand in for the house's, whose app is another."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.standins.relying_party import CALLBACK, ISSUER, OURS, THEIRS, Clock, RelyingParty
from webapp.standins.desk import ALL_SCOPES, Client, Config
from webapp.standins.government_channel import MiniApp
from webapp.standins.thaid import create_app


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(clock: Clock) -> Flask:
    clients = {OURS[0]: Client(OURS[1], [CALLBACK]), THEIRS[0]: Client(THEIRS[1], [CALLBACK], scopes=ALL_SCOPES - {"pid"})}
    config = Config(ISSUER, clients, clock=clock, sleep=clock.slept.append)
    return create_app(config, MiniApp("key", "secret", "agent", "mini-app", "http://127.0.0.1:8000/government-channel"))


@pytest.fixture
def http(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def relying_party(http: FlaskClient) -> RelyingParty:
    return RelyingParty(http)
