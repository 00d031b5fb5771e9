"""Web push over the wire: what arrives can be read by the phone alone, and a stranger's address leads nowhere it should not."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from tests.push_service import Phone, PushService, running_push_service
from webapp.adapters.push import webpush
from webapp.adapters.push.webpush import WebPush
from webapp.config import DEVELOPMENT_VAPID_KEY, Settings, settings_from
from webapp.domain.reminder import ON_AT_FIRST
from webapp.ports import PushAnswer, PushMessage, Subscription, Verdict

PRODUCTION = replace(settings_from({}), mode="production", base_url="https://sitthi.example")
GOOD = "https://fcm.googleapis.com/fcm/send/abc:def-123_x"


@pytest.fixture
def service() -> Iterator[PushService]:
    with running_push_service() as running:
        yield running


def to(phone: Phone, endpoint: str = "") -> Subscription:
    keys = phone.subscription()["keys"]
    now = datetime.now(UTC)
    return Subscription(1, endpoint or phone.endpoint, keys["p256dh"], keys["auth"], None, ON_AT_FIRST, "th", now)


def message(phone: Phone, body: bytes = b'{"x":"\xe0\xb8\xaa"}', endpoint: str = "") -> PushMessage:
    return PushMessage(to(phone, endpoint), body, 3600, "normal", "a-topic", None)


def sent(settings: Settings, *messages: PushMessage) -> list[PushAnswer]:
    return list(WebPush(settings).send(messages))


def test_what_arrives_is_encrypted_for_this_phone_and_signed_by_us(service: PushService) -> None:
    phone, another = Phone(service.url), Phone(service.url)
    (answer,) = sent(settings_from({}), message(phone))
    (arrived,) = service.received
    assert (answer.verdict, answer.status) == (Verdict.ACCEPTED, 201)
    assert phone.read(arrived.body) == {"x": "ส"}
    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever its library says to a wrong key
        another.read(arrived.body)
    wanted = {"ttl": "3600", "urgency": "normal", "topic": "a-topic", "content-encoding": "aes128gcm"}
    assert {name: arrived.headers[name] for name in wanted} == wanted
    claims = arrived.signer(service.url)
    assert claims["sub"].startswith("mailto:")
    assert claims["k"] == WebPush(settings_from({})).public_key


def test_each_push_service_gets_a_signature_of_its_own_and_one_for_hours() -> None:
    with running_push_service() as one, running_push_service() as other:
        phones = [Phone(one.url), Phone(other.url), Phone(one.url)]
        sent(settings_from({}), *map(message, phones))
        tokens = {arrived.headers["authorization"] for arrived in one.received}
        assert len(tokens) == 1
        assert one.received[0].signer(one.url)["aud"] != other.received[0].signer(other.url)["aud"]


def test_no_two_messages_share_a_key(service: PushService) -> None:
    phone = Phone(service.url)
    sent(settings_from({}), message(phone), message(phone))
    assert len({arrived.body[:86] for arrived in service.received}) == 2


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, Verdict.ACCEPTED), (201, Verdict.ACCEPTED), (202, Verdict.ACCEPTED), (404, Verdict.GONE), (410, Verdict.GONE),
        (429, Verdict.LATER), (500, Verdict.LATER), (503, Verdict.LATER), (400, Verdict.REFUSED), (413, Verdict.REFUSED),
        (401, Verdict.OURS), (403, Verdict.OURS), (301, Verdict.OURS), (307, Verdict.OURS),
    ],
)  # fmt: skip
def test_what_each_answer_means(service: PushService, status: int, verdict: Verdict) -> None:
    service.answer = lambda message: (status, {"Location": f"{service.url}/elsewhere"} if status in (301, 307) else {})
    (answer,) = sent(settings_from({}), message(Phone(service.url)))
    assert (answer.verdict, answer.status) == (verdict, status)
    assert [one.path for one in service.received if one.path == "/elsewhere"] == [], "no redirect is followed"


@pytest.mark.parametrize("is_date", [False, True])
def test_retry_after_is_read_in_seconds_or_as_a_date(service: PushService, is_date: bool) -> None:
    said = format_datetime(datetime.now(UTC) + timedelta(seconds=125), usegmt=True) if is_date else "120"
    service.answer = lambda message: (429, {"Retry-After": said})
    (answer,) = sent(settings_from({}), message(Phone(service.url)))
    assert answer.retry_after is not None
    assert 100 <= answer.retry_after <= 130


@pytest.mark.parametrize(("said", "least", "most"), [("31536000", 3600, 24 * 3600), ("soon", 0, 0), ("-5", 0, 0)])
def test_a_rest_of_a_year_is_hours_and_nonsense_is_none(service: PushService, said: str, least: int, most: int) -> None:
    service.answer = lambda message: (503, {"Retry-After": said})
    (answer,) = sent(settings_from({}), message(Phone(service.url)))
    assert least <= (answer.retry_after or 0) <= most


def test_a_push_service_that_hangs_or_is_gone_is_tried_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webpush, "WHOLE_MILLISECONDS", 300)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        hanging = Phone(f"http://127.0.0.1:{silent.getsockname()[1]}")
        (answer,) = sent(settings_from({}), message(hanging))
    (gone,) = sent(settings_from({}), message(hanging))
    assert (answer.verdict, answer.status) == (gone.verdict, gone.status) == (Verdict.LATER, 0)


def test_an_answer_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hostile push service that never stops talking holds nobody up, and its status still counts."""
    monkeypatch.setattr(webpush, "WHOLE_MILLISECONDS", 5_000)
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()

        def talk() -> None:
            talking, _ = door.accept()
            talking.recv(65_536)
            talking.sendall(b"HTTP/1.1 410 Gone\r\nTransfer-Encoding: chunked\r\n\r\n")
            try:
                while True:
                    talking.sendall(b"1000\r\n" + b"x" * 4096 + b"\r\n")
            except OSError:
                talking.close()

        threading.Thread(target=talk, daemon=True).start()
        began = time.monotonic()
        (answer,) = sent(settings_from({}), message(Phone(f"http://127.0.0.1:{door.getsockname()[1]}")))
    assert answer.verdict is Verdict.GONE
    assert time.monotonic() - began < 4


def test_many_go_at_once_and_each_gets_its_own_answer(service: PushService) -> None:
    phones = [Phone(service.url) for _ in range(150)]
    gone = {phone.path for phone in phones[::3]}
    service.answer = lambda message: (410 if message.path in gone else 201, {})
    answers = sent(settings_from({}), *map(message, phones))
    assert len(answers) == 150
    assert {answer.message.subscription.endpoint for answer in answers if answer.verdict is Verdict.GONE} == {
        phone.endpoint for phone in phones[::3]
    }


def fault(settings: Settings, endpoint: str) -> str | None:
    phone = Phone("https://x")
    keys = phone.subscription()["keys"]
    return WebPush(settings).fault_of(endpoint, keys["p256dh"], keys["auth"])


@pytest.mark.parametrize(
    "endpoint",
    [
        GOOD, "https://updates.push.services.mozilla.com/wpush/v2/gAAA", "https://web.push.apple.com/QAbc", "https://fcm.googleapis.com:443/x",
        "https://wns2-sg2p.notify.windows.com/w/?token=BQY%2b",
    ],
)  # fmt: skip
def test_the_push_services_of_the_browsers_are_taken(endpoint: str) -> None:
    assert fault(PRODUCTION, endpoint) is None


HOSTILE = [
    "", "x", "javascript:alert(1)", "http://fcm.googleapis.com/x", "ftp://fcm.googleapis.com/x", "//fcm.googleapis.com/x",
    "https://fcm.googleapis.com", "https://fcm.googleapis.com:8443/x", "https://fcm.googleapis.com:0443/x", "https://fcm.googleapis.com./x",
    "https://fcm.googleapis.com@127.0.0.1/x", "https://user@fcm.googleapis.com/x", "https://user:word@fcm.googleapis.com/x",
    "https://fcm.googleapis.com.evil.example/x", "https://evil.example/fcm.googleapis.com", "https://evilfcm.googleapis.com/x",
    "https://notify.windows.com/x", "https://evilnotify.windows.com/x", "https://127.0.0.1/x", "https://localhost/x", "https://[::1]/x",
    "https://169.254.169.254/latest", "https://10.0.0.1/x", "https://0x7f000001/x", "https://2130706433/x", "https://evil.example\\@fcm.googleapis.com/x",
    "https://fcm.googleapis.com\\.evil.example/x", "https://fcm.googleapis.com/x y", "https://fcm.googleapis.com/x\r\nHost: evil",
    "https://fcm.googleapis.com/x#y", "https://fcm.googleapis.com%2eevil.example/x", "https://ｆcm.googleapis.com/x", "HTTPS://FCM.GOOGLEAPIS.COM/x",
    "https://fcm.googleapis.com/" + "x" * 3000, "file:///etc/passwd", "gopher://fcm.googleapis.com/x", "https:///x", "https://:443/x",
]  # fmt: skip


@pytest.mark.parametrize("endpoint", HOSTILE)
def test_a_hostile_address_is_neither_taken_nor_called(endpoint: str) -> None:
    assert fault(PRODUCTION, endpoint) == "endpoint"
    (answer,) = sent(PRODUCTION, message(Phone("https://x"), endpoint=endpoint or " "))
    assert (answer.verdict, answer.status) == (Verdict.OURS, 0)


def test_development_adds_loopback_and_nothing_else(service: PushService) -> None:
    assert fault(settings_from({}), f"{service.url}/x") is None
    assert fault(settings_from({}), "http://[::1]:9999/x") is None
    assert fault(settings_from({}), "http://10.0.0.1/x") == "endpoint"
    assert fault(settings_from({}), "http://fcm.googleapis.com/x") == "endpoint"


def test_a_listed_name_that_points_inside_is_not_connected_to(service: PushService) -> None:
    """DNS answers may lie: the address is looked at when the connection opens."""
    port = service.url.rsplit(":", 1)[1]
    inside = replace(PRODUCTION, push_hosts=("localhost",))
    pusher = WebPush(inside)
    pusher._may_be_called = lambda *origin: True  # type: ignore[method-assign]
    for host in ("localhost", "127.0.0.1"):
        (answer,) = pusher.send([message(Phone(f"http://{host}:{port}"))])
        assert (answer.verdict, answer.status) == (Verdict.LATER, 0)
    assert service.received == []


@pytest.mark.parametrize(
    ("keys", "field"),
    [
        ({"p256dh": "x"}, "keys.p256dh"), ({"p256dh": "A" * 87}, "keys.p256dh"), ({"p256dh": ""}, "keys.p256dh"),
        ({"auth": "x"}, "keys.auth"), ({"auth": "A" * 23}, "keys.auth"), ({"auth": "!" * 22}, "keys.auth"),
    ],
)  # fmt: skip
def test_keys_that_are_none_are_named(keys: dict[str, str], field: str) -> None:
    whole = Phone("https://x").subscription()["keys"] | keys
    assert WebPush(PRODUCTION).fault_of(GOOD, whole["p256dh"], whole["auth"]) == field
    if whole["p256dh"] and field == "keys.p256dh":
        broken = Subscription(1, GOOD, whole["p256dh"], whole["auth"], None, ON_AT_FIRST, "th", datetime.now(UTC))
        (answer,) = WebPush(PRODUCTION).send([PushMessage(broken, b"x", 60, "low", "t")])
        assert answer.verdict is Verdict.REFUSED


def test_the_development_key_is_a_key() -> None:
    assert len(webpush._decoded(DEVELOPMENT_VAPID_KEY)) == 32
    assert len(webpush._decoded(WebPush(settings_from({})).public_key)) == 65
