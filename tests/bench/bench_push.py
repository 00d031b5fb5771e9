"""Messages per second of the sender's own CPU, against a plain `webpush()` loop in the same run, and the memory a long queue takes.

    python tests/bench/bench_push.py            10,000 and 100,000 reminders
    python tests/bench/bench_push.py --million  a million more (some minutes)

Everything the worker does is in the figure: claiming rows, opening the sealed addresses, words, encryption, signature, HTTP/2 over TLS, the
answer, writing down what became of it. The sink is another process on this machine and says 201; its CPU does not count. Each size of
the queue is sent by a fresh process, whose greatest resident memory is taken.
"""

from __future__ import annotations

import base64
import json
import os
import resource
import secrets
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.standing_clock import StandingClock
from webapp.actions.reminder_planning import plan
from webapp.actions.reminder_sending import Sender, Tally
from webapp.app import tools_for
from webapp.config import DEVELOPMENT_VAPID_KEY, ROOT, settings_from
from webapp.domain.dates import BANGKOK
from webapp.domain.reminder import ON_AT_FIRST
from webapp.ports import Subscription, Tools
from webapp.web.reminder_words import on_the_lock_screen

SMALL, LARGE, MILLION = 10_000, 100_000, 1_000_000
PLAIN_MESSAGES = 300
DIFFERENT_KEYS = 1_000
THE_EVENING_BEFORE, OPENING_MORNING = datetime(2026, 12, 15, 21, 0, tzinfo=BANGKOK), datetime(2026, 12, 16, 8, 0, tzinfo=BANGKOK)
WANTED_PER_SECOND, WANTED_RATIO, WANTED_GROWTH = 4_000, 14, 1.15


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def certificate(folder: Path, *names: str) -> tuple[Path, Path]:
    """A certificate for loopback, and for these names, that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "push sink")])
    known_as = [x509.IPAddress(ip_address("127.0.0.1")), *map(x509.DNSName, names)]
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(known_as), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = folder / "sink.pem", folder / "sink.key"
    cert_file.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    pkcs8 = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    key_file.write_bytes(pkcs8)
    return cert_file, key_file


@contextmanager
def sink(folder: Path) -> Iterator[tuple[str, Path]]:
    """Its address, and the certificate to trust."""
    cert, key = certificate(folder)
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "tests.bench.push_sink", str(port), str(cert), str(key)], cwd=ROOT)
    try:
        context = ssl.create_default_context(cafile=str(cert))
        for _ in range(200):
            try:
                with socket.create_connection(("127.0.0.1", port), 1) as raw, context.wrap_socket(raw, server_hostname="127.0.0.1"):
                    break
            except OSError:
                time.sleep(0.05)
        yield f"https://127.0.0.1:{port}", cert
    finally:
        process.terminate()
        process.wait(20)


def tools_on(database: Path, cert: Path) -> tuple[Tools, StandingClock]:
    clock = StandingClock(THE_EVENING_BEFORE)
    settings = settings_from({"SITTHI_DATABASE_URL": f"sqlite:///{database}", "SITTHI_PUSH_CA_FILE": str(cert)})
    return replace(tools_for(settings), clock=clock), clock


def phones(service: str, count: int) -> Iterator[Subscription]:
    keys = [
        b64(
            ec.generate_private_key(ec.SECP256R1())
            .public_key()
            .public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
        )
        for _ in range(min(count, DIFFERENT_KEYS))
    ]
    for number in range(count):
        yield Subscription(
            number=0, endpoint=f"{service}/push/{secrets.token_urlsafe(90)}", p256dh=keys[number % len(keys)],
            auth=b64(secrets.token_bytes(16)), person_id=None, kinds=ON_AT_FIRST, language=("th", "en")[number % 2],
            created_at=THE_EVENING_BEFORE - timedelta(days=1),
        )  # fmt: skip


def fill(tools: Tools, service: str, count: int) -> None:
    tools.store.migrate()
    several = phones(service, count)
    for _ in range(0, count, 5_000):
        with tools.store.transaction():
            for _number, phone in zip(range(5_000), several, strict=False):
                tools.store.keep_subscription(phone)


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def send_all(database: str, service: str, cert: str) -> None:
    """In a process of its own: plan, send, and print what it took as JSON."""
    import py_vapid  # noqa: F401 - a worker loads them once
    import pycurl  # noqa: F401

    tools, clock = tools_on(Path(database), Path(cert))
    began = cpu()
    plan(tools)
    planned = cpu() - began
    clock.set(OPENING_MORNING)
    began, wall = cpu(), time.perf_counter()
    tally, sender = Tally(), Sender(tools, on_the_lock_screen)
    while tools.store.count_waiting(clock.now())[0]:
        tally += sender.run(progress=shown)
        clock.advance(minutes=2)  # on a machine that is busy otherwise a few wait too long for the sink: they are tried again
    used, wall = cpu() - began, time.perf_counter() - wall
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"messages": tally.messages, "cpu": used, "wall": wall, "planned": planned, "memory": memory}))


def shown(tally: Tally) -> None:
    if sys.stderr.isatty():
        print(f"\r{tally.messages:9,}", end="", file=sys.stderr)


def measured(folder: Path, service: str, cert: Path, count: int) -> dict[str, float]:
    database = folder / f"{count}.db"
    tools, _clock = tools_on(database, cert)
    fill(tools, service, count)
    tools.store.close()
    done = subprocess.run(
        [sys.executable, __file__, "--send", str(database), service, str(cert)], cwd=ROOT, stdout=subprocess.PIPE, check=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    assert found["messages"] == count, found
    for file in folder.glob(f"{count}.db*"):
        file.unlink()
    print(
        f"{count:>9,} reminders: {count / found['cpu']:6,.0f} messages per second of CPU ({found['cpu'] / count * 1e6:.0f} us each), "
        f"{count / found['wall']:6,.0f} a second by the clock, planned in {found['planned']:.1f} s of CPU, "
        f"{found['memory']:.0f} MB at most"
    )
    return found


def plain(service: str, cert: Path) -> float:
    """Seconds of CPU for each message of a `webpush()` loop as its documentation shows it: no session, a signature each time."""
    from pywebpush import webpush

    os.environ["REQUESTS_CA_BUNDLE"] = str(cert)
    data = json.dumps({"web_push": 8030, "notification": {"title": "สิทธิ", "body": "x" * 300}})
    targets: list[dict[str, Any]] = [
        {"endpoint": one.endpoint, "keys": {"p256dh": one.p256dh, "auth": one.auth}} for one in phones(service, PLAIN_MESSAGES)
    ]
    webpush(targets[0], data, vapid_private_key=DEVELOPMENT_VAPID_KEY, vapid_claims={"sub": "mailto:nobody@sitthi.invalid"}, ttl=60)
    began = cpu()
    for target in targets:
        webpush(target, data, vapid_private_key=DEVELOPMENT_VAPID_KEY, vapid_claims={"sub": "mailto:nobody@sitthi.invalid"}, ttl=60)
    return (cpu() - began) / PLAIN_MESSAGES


def beside_plain(folder: Path, service: str, cert: Path, size: int) -> dict[str, float]:
    """`measured`, and as `plain` the mean of the plain loop just before and just after: a machine is not equally busy all the time."""
    before = plain(service, cert)
    found = measured(folder, service, cert, size)
    each = (before + plain(service, cert)) / 2
    print(f"{'':21}a plain webpush() loop beside it: {1 / each:,.0f} a second of CPU ({each * 1e6:.0f} us each)")
    return found | {"plain": each}


def least(rounds: int = 3_000) -> float:
    """Seconds of CPU that no sender can save: a fresh key pair and one ECDH for each message, by the `cryptography` library."""
    theirs = ec.generate_private_key(ec.SECP256R1()).public_key()
    began = cpu()
    for _ in range(rounds):
        ec.generate_private_key(ec.SECP256R1()).exchange(ec.ECDH(), theirs)
    return (cpu() - began) / rounds


def main() -> None:
    with tempfile.TemporaryDirectory() as name, sink(Path(name)) as (service, cert):
        folder = Path(name)
        floor = least()
        print(f"the curve alone, on this machine as busy as it is now: {1 / floor:,.0f} per second of CPU ({floor * 1e6:.0f} us each)")
        sizes = (SMALL, LARGE, MILLION) if "--million" in sys.argv else (SMALL, LARGE)
        found = [beside_plain(folder, service, cert, size) for size in sizes]
    per_second = min(one["messages"] / one["cpu"] for one in found)
    ratio = min(one["messages"] / one["cpu"] * one["plain"] for one in found)
    small = found[0]
    growth = found[-1]["memory"] / small["memory"]
    print(f"\n{per_second:,.0f} per second of CPU (wanted {WANTED_PER_SECOND:,}), {ratio:.1f} times the plain loop (wanted {WANTED_RATIO})")
    print(f"memory at the longest queue: {growth:.2f} times that at {SMALL:,} (wanted at most {WANTED_GROWTH})")
    if per_second < WANTED_PER_SECOND or ratio < WANTED_RATIO or growth > WANTED_GROWTH:
        sys.exit(1)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--send"]:
        send_all(*sys.argv[2:5])
    else:
        main()
