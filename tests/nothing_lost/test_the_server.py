"""`sitthi serve` with several processes: what one knows all know, and it stops and changes under people's hands without losing one."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import requests

from tests.front_door import StandIn
from tests.nothing_lost.installation import TROUBLES, Installation, Visitor, at_once, children_of, until
from tests.nothing_lost.sending import SOMCHAI, SOMYING, Person, is_there_once, nothing_is_half
from webapp.web.limit_table import DOORS, By

(TRIES_OF_AN_ADDRESS,) = [limit.most for limit in DOORS["counter-code"] if limit.by is By.ADDRESS]
MOST_UNANSWERED = 2  # without a proxy, which hands an arrival that nobody took over once more
LONGEST_RELOAD = 90  # seconds, on a machine that has other things to do; some eight on a quiet one
HALF_A_HEADER = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
A_FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
HALF_A_BODY = b"POST /language HTTP/1.1\r\nHost: 127.0.0.1\r\n" + A_FORM + b"Content-Length: 99\r\n\r\nlang"


@contextmanager
def half_sent(installation: Installation, *beginnings: bytes) -> Iterator[list[socket.socket]]:
    """Connections on which no more comes."""
    lines = [socket.create_connection(("127.0.0.1", installation.port)) for _ in beginnings]
    try:
        for line, beginning in zip(lines, beginnings, strict=True):
            line.sendall(beginning)
        yield lines
    finally:
        for line in lines:
            line.close()


def test_a_process_that_dies_takes_no_session_and_no_count_along_and_a_server_no_process_behind(installation: Installation) -> None:
    server = installation.serve(workers=2, SITTHI_LIMITS="on")
    somchai = Visitor(installation.url).sign_in(SOMCHAI)
    tries = [Visitor(installation.url).post("/sign-in/counter", code="x").status_code for _ in range(TRIES_OF_AN_ADDRESS - 5)]
    for one in children_of(server.pid):
        os.kill(one, signal.SIGKILL)
        until(lambda one=one: one not in children_of(server.pid), "the dead one is noticed")  # type: ignore[misc]
        until(lambda: installation.is_ready(server), "another answers")
        assert somchai.get("/my-data").status_code == 200
    until(lambda: len(children_of(server.pid)) == 2, "both were replaced")
    tries += [Visitor(installation.url).post("/sign-in/counter", code="x").status_code for _ in range(6)]
    assert tries.index(429) == TRIES_OF_AN_ADDRESS, "all processes count together"
    processes = children_of(server.pid)
    os.kill(server.pid, signal.SIGKILL)
    server.process.wait()
    until(lambda: not any(is_running(one) for one in processes), "its processes are gone too")


def is_running(pid: int) -> bool:
    try:
        return not Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].startswith(" Z")
    except FileNotFoundError:
        return False


def test_ten_half_sent_headers_and_ten_half_sent_bodies_stop_nobody(installation: Installation) -> None:
    server = installation.serve(workers=1)
    somchai = Visitor(installation.url).sign_in(SOMCHAI)
    with half_sent(installation, *[HALF_A_HEADER] * 10, *[HALF_A_BODY] * 10) as lines:
        began = time.monotonic()
        assert {somchai.get(path).status_code for path in ("/", "/my-data", "/benefits", "/hospitals?q=a")} == {200}
        assert time.monotonic() - began < 5
        lines[0].settimeout(15)
        assert lines[0].recv(100) == b"", "half a header is not waited for without end"
        assert server.stop(15) == 0, "nor does half a body keep it from stopping"


def test_told_to_stop_it_answers_what_is_under_way_and_lets_nobody_in(installation: Installation, thaid: StandIn) -> None:
    server = installation.serve(workers=2)
    somchai, anybody = Visitor(installation.url), Visitor(installation.url)
    thaid.switch(slow_token=2.0)
    callback = somchai.at_thaid(SOMCHAI)
    answers: list[int] = []
    waiting = threading.Thread(target=lambda: answers.append(somchai.get(callback).status_code))
    waiting.start()
    until(lambda: installation.count("SELECT COUNT(*) FROM sign_in_attempts WHERE used_at IS NOT NULL"), "the sign-in is under way")
    began = time.monotonic()
    assert server.stop() == 0
    waiting.join()
    assert answers == [303]
    assert time.monotonic() - began < 25, "a bounded time, far from the 30 s of production"
    with pytest.raises(requests.ConnectionError):
        anybody.get("/")
    installation.serve(workers=1)
    assert somchai.get("/my-data").status_code == 200


def test_a_reload_takes_new_settings_in_with_nobody_turned_away(installation: Installation) -> None:
    file = installation.place / "sitthi.env"
    file.write_text("SITTHI_OPERATOR=The First Office\n")
    file.chmod(0o600)
    server = installation.serve(workers=2, SITTHI_SETTINGS=str(file))
    before = children_of(server.pid)
    people = [Person(Visitor(installation.url).sign_in(pid), pid) for pid in (SOMCHAI, SOMYING)]
    file.write_text("SITTHI_OPERATOR=The Second Office\n")
    server.process.send_signal(signal.SIGHUP)

    def goes_on(person: Person) -> None:
        end = time.monotonic() + LONGEST_RELOAD
        while set(before) & set(children_of(server.pid)):
            with suppress(*TROUBLES):
                person.send_and_take_back(secrets.token_urlsafe(18))
            time.sleep(0.05)
            assert time.monotonic() < end, server.told()

    at_once(*(lambda person=person: goes_on(person) for person in people))  # type: ignore[misc]
    assert sum(len(person.unsure) for person in people) <= MOST_UNANSWERED < sum(len(person.acknowledged) for person in people)
    assert "The Second Office" in people[0].visitor.get("/privacy").text
    for person in people:
        is_there_once(installation, person)
    nothing_is_half(installation)
    file.write_text("SITTHI_DATA_KEYS=no key at all\n")
    now = children_of(server.pid)
    server.process.send_signal(signal.SIGHUP)
    until(lambda: "not reloaded, the old processes go on: SITTHI_DATA_KEYS" in server.told(), "the reason is told")
    assert children_of(server.pid) == now
    assert people[0].visitor.get("/my-data").status_code == 200


def test_behind_a_proxy_it_listens_on_a_file_that_only_its_group_may_open(installation: Installation) -> None:
    door = installation.place / "door"
    with socket.socket(socket.AF_UNIX) as left_behind:
        left_behind.bind(str(door))
    server = installation.start("serve", "--socket", str(door))
    until(lambda: door.exists() and answers_at(str(door)), "it answers")
    assert stat.S_IMODE(door.stat().st_mode) == 0o660
    second = installation.start("serve", "--socket", str(door))
    assert second.process.wait(20) == 1
    assert "somebody listens on the socket" in second.told()
    assert server.stop() == 0
    assert not door.exists()


def answers_at(door: str) -> bool:
    with socket.socket(socket.AF_UNIX) as line, suppress(OSError):
        line.settimeout(10)
        line.connect(door)
        line.sendall(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        return line.recv(100).startswith(b"HTTP/1.1 200")
    return False
