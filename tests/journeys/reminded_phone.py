"""A phone that can be reminded: a push service of our own, and a browser whose `pushManager` is stubbed: Google's is out of reach."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import Visit
from tests.push_service import Phone, PushService, running_push_service

STUB = """(() => {
    const facts = %s;
    const held = () => localStorage.stub ? { endpoint: facts.endpoint, toJSON: () => facts,
        unsubscribe: async () => { localStorage.removeItem("stub"); return true; } } : null;
    PushManager.prototype.getSubscription = async () => held();
    PushManager.prototype.subscribe = async (options) => { localStorage.stub = options.applicationServerKey; return held(); };
    const ask = Notification.requestPermission.bind(Notification);
    Notification.requestPermission = () => { localStorage.asked = 1 + Number(localStorage.asked ?? 0); return ask(); };
})();"""


@pytest.fixture
def service() -> Iterator[PushService]:
    with running_push_service() as running:
        yield running


@pytest.fixture
def phone(service: PushService) -> Phone:
    return Phone(service.url)


def open_reminders(visit: Visit, phone: Phone, lang: str = "th", permission: bool = True) -> Page:
    page = visit("/help", lang)
    if permission:
        page.context.grant_permissions(["notifications"])
    page.context.add_init_script(STUB % json.dumps(phone.subscription()))
    page.goto("/reminders")
    return page
