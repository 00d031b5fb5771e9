"""Many phones to which one reminder each is due at 08:00 on the day the annual window opens."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.nothing_lost.installation import Installation
from tests.push_service import Phone, PushService, Received
from tests.standing_clock import StandingClock
from webapp.actions.reminder_planning import plan
from webapp.domain.reminder import ON_AT_FIRST
from webapp.ports import Subscription

THE_EVENING_BEFORE = datetime.fromisoformat("2026-12-15T21:00:00+07:00")


def a_queue(installation: Installation, service: PushService, count: int) -> list[Phone]:
    """Phones of nobody in particular, asked for the evening before and planned then."""
    phones = [Phone(service.url) for _ in range(count)]
    with installation.tools(StandingClock(THE_EVENING_BEFORE)) as tools, tools.store.transaction():
        for phone in phones:
            keys = phone.subscription()["keys"]
            tools.store.keep_subscription(
                Subscription(
                    number=0, endpoint=phone.endpoint, p256dh=keys["p256dh"], auth=keys["auth"], person_id=None, kinds=ON_AT_FIRST,
                    language="en", created_at=THE_EVENING_BEFORE - timedelta(days=1),
                )
            )  # fmt: skip
    with installation.tools(StandingClock(THE_EVENING_BEFORE)) as tools:
        while not plan(tools).is_all:
            pass
    return phones


def messages_by_phone(service: PushService) -> dict[str, list[Received]]:
    found: dict[str, list[Received]] = {}
    for one in service.received:
        found.setdefault(one.path, []).append(one)
    return found
