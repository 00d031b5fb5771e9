"""A million subscriptions, one reminder each, planned and sent by several workers at once: none is left out, and none is told twice.

Half of the phones belong to people who have signed in, the other half to nobody. The workers are `sitthi worker`, each a process of its own
with its own clock: they plan the evening before the annual window opens, are stopped, and begin anew ten seconds before it does. The push
service stands on this machine, speaks TLS and HTTP/2, and counts what reaches each phone (counting_sink.py).
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import secrets
import signal
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing.pool import Pool
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.bench.bench_pages import SECONDS_A_TICK, a_free_port, person_id, ticks
from tests.bench.bench_push import OPENING_MORNING, THE_EVENING_BEFORE, b64, certificate
from tests.bench.load.counting_sink import COUNTS, DIGITS, PATH, PHONES
from tests.bench.load.engines import Place, memory_of
from tests.bench.load.people import SEALERS
from tests.bench.load.rates import told
from webapp.adapters.vault import Vault
from webapp.config import ROOT, settings_from
from webapp.domain.reminder import ON_AT_FIRST
from webapp.ports import Tools

LOT = 5_000
DIFFERENT_KEYS = 1_000
JUST_BEFORE = timedelta(seconds=10)
LOOKS_EVERY = 2.0
LONGEST = 3 * 3600
PUT_PHONE = """INSERT INTO subscriptions (endpoint_hash, sealed, person_id, kinds, language, created_at)
    VALUES (:endpoint_hash, :sealed, :person_id, :kinds, :language, :created_at)"""
PUT_ACCOUNT = "INSERT INTO accounts (person_id, opened_at) VALUES (:person_id, :opened_at)"
BEFORE = (THE_EVENING_BEFORE - timedelta(days=1)).isoformat(timespec="milliseconds")


@dataclass
class Sent:
    """The figures of a run, and what was wrong with it; seconds by the clock."""

    phones: int
    workers: int
    planned_in: float = 0.0
    sent_in: float = 0.0
    cpu: float = 0.0
    memory: float = 0.0
    told: dict[str, int] = field(default_factory=dict)
    states: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def run(place: Place, phones: int, workers: int) -> Sent:
    """Plans and sends; the place is left with nobody's phone in it."""
    sent = Sent(phones, workers)
    with tempfile.TemporaryDirectory() as name, sink(Path(name), phones) as (service, cert), place.tools(THE_EVENING_BEFORE) as tools:
        place.begin_anew(tools)
        _lay_phones(tools, service, phones, place.people)
        told(f"{place.name}: {phones:,} subscriptions lie there")
        environ = {"SITTHI_PUSH_CA_FILE": str(cert)}
        with _workers(place, THE_EVENING_BEFORE, workers, environ):
            sent.planned_in = _until(lambda: _is_planned(tools))
        told(f"{place.name}: planned in {sent.planned_in:.0f} s")
        _send(place, tools, sent, environ)
        _judge(tools, sent, _counts(service, cert))
        place.begin_anew(tools)
    return sent


def _send(place: Place, tools: Tools, sent: Sent, environ: Mapping[str, str]) -> None:
    with _workers(place, OPENING_MORNING - JUST_BEFORE, sent.workers, environ) as processes:
        _until(lambda: _waiting(tools) < sent.phones)
        sent.sent_in = _until(lambda: not _waiting(tools), lambda: told(f"{place.name}: {_waiting(tools):,} wait"))
        sent.cpu = sum(ticks(one.pid) for one in processes) * SECONDS_A_TICK
        sent.memory = max(memory_of(one.pid) for one in processes)


def _judge(tools: Tools, sent: Sent, counts: Mapping[str, int]) -> None:
    store: Any = tools.store
    sent.told = dict(counts)
    sent.states = {row["state"]: int(row["n"]) for row in store.all("SELECT state, COUNT(*) AS n FROM reminders GROUP BY state")}
    if sent.told != {"1": sent.phones}:
        sent.wrong.append(f"not every phone was told once: {sent.told}")
    if sent.states != {"sent": sent.phones}:
        sent.wrong.append(f"not every reminder stands as sent: {sent.states}")


def _is_planned(tools: Tools) -> bool:
    """Along the phones and along the accounts, to the last of them."""
    last = {"": tools.store.last_subscription(), "accounts": tools.store.last_account()}
    plans = {plan.part: int(through) for plan, through in tools.store.plans().items() if plan.part in last}
    return plans == last


def _waiting(tools: Tools) -> int:
    return sum(tools.store.count_waiting(OPENING_MORNING + timedelta(hours=12)))


def _until(true: Callable[[], bool], meanwhile: Callable[[], None] = lambda: None) -> float:
    """Seconds it took."""
    began = time.monotonic()
    said = began
    while not true():
        assert time.monotonic() - began < LONGEST, "it never ends"
        time.sleep(LOOKS_EVERY)
        if time.monotonic() - said > 60:
            said = time.monotonic()
            meanwhile()
    return time.monotonic() - began


@contextmanager
def _workers(place: Place, clock: datetime, count: int, more: Mapping[str, str]) -> Iterator[list[subprocess.Popen[bytes]]]:
    environ = {**place.environ(clock=clock), **more}
    with (place.folder / "worker.log").open("ab") as log:
        command = [sys.executable, "-m", "webapp.commands", "worker", "--every", "5"]
        processes = [subprocess.Popen(command, cwd=ROOT, env=environ, stderr=log, stdout=log) for _ in range(count)]
        try:
            yield processes
        finally:
            for one in processes:
                one.send_signal(signal.SIGTERM)
            for one in processes:
                one.wait(120)


# Phones

_own: dict[str, Any] = {}


def _lay_phones(tools: Tools, service: str, count: int, people: int) -> None:
    """The first half is of people, as far as there are any."""
    of_people = min(count // 2, people)
    store: Any = tools.store
    with multiprocessing.get_context("fork").Pool(SEALERS, _begin, (service, of_people)) as sealers:
        for lot in _lots(count, sealers):
            with store.transaction():
                owners = [one["person_id"] for one in lot if one["person_id"]]
                store.run_many(PUT_ACCOUNT, [{"person_id": owner, "opened_at": BEFORE} for owner in owners])
                store.run_many(PUT_PHONE, lot)


def _lots(count: int, sealers: Pool) -> Iterator[list[dict[str, object]]]:
    spans = [(start, min(start + LOT, count)) for start in range(0, count, LOT)]
    yield from sealers.imap(_phones, spans)


def _begin(service: str, of_people: int) -> None:
    settings = settings_from({})
    vault = Vault(settings.data_keys, settings.pid_peppers)
    _own.update(service=service, of_people=of_people, vault=vault, keys=[_a_key() for _ in range(DIFFERENT_KEYS)])


def _a_key() -> str:
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    return b64(public.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint))


def _phones(span: tuple[int, int]) -> list[dict[str, object]]:
    return [_phone(number) for number in range(*span)]


def _phone(number: int) -> dict[str, object]:
    endpoint = f"{_own['service']}{PATH}{number:0{DIGITS}d}{secrets.token_urlsafe(90)}"
    hashed = hashlib.sha256(endpoint.encode()).hexdigest()
    facts = {"endpoint": endpoint, "p256dh": _own["keys"][number % DIFFERENT_KEYS], "auth": b64(secrets.token_bytes(16))}
    return {
        "endpoint_hash": hashed, "sealed": _own["vault"].seal(facts, f"subscriptions:{hashed}"),
        "person_id": person_id(number) if number < _own["of_people"] else None, "kinds": f" {' '.join(sorted(ON_AT_FIRST))} ",
        "language": ("th", "en")[number % 2], "created_at": BEFORE,
    }  # fmt: skip


# The push service


@contextmanager
def sink(folder: Path, phones: int) -> Iterator[tuple[str, Path]]:
    """Its address, and the certificate to trust."""
    cert, key = certificate(folder)
    port = a_free_port()
    command: Sequence[str] = [sys.executable, "-m", "tests.bench.load.counting_sink", str(port), str(cert), str(key)]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | {PHONES: str(phones)})
    service = f"https://127.0.0.1:{port}"
    try:
        _until_it_counts(service, cert)
        yield service, cert
    finally:
        process.terminate()
        process.wait(20)


def _until_it_counts(service: str, cert: Path) -> None:
    for _ in range(300):
        try:
            _counts(service, cert)
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the push service never answered")


def _counts(service: str, cert: Path) -> dict[str, int]:
    """How many phones were told so often: {"1": …}."""
    trusted = ssl.create_default_context(cafile=str(cert))
    with urllib.request.urlopen(f"{service}{COUNTS}", timeout=20, context=trusted) as answer:  # noqa: S310 - our own sink
        found: dict[str, int] = json.load(answer)
    return found
