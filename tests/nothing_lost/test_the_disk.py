"""A disk that is full, and one that is slow: nothing half is written, what is there can be read, and with room again it goes on."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.actions.test_officers import approved, sent
from tests.front_door import StandIn
from tests.nothing_lost.conftest import installed
from tests.nothing_lost.disks import ForbiddenFiles, SmallDisk, a_disk
from tests.nothing_lost.installation import Installation, Machine, Reply, Visitor, at_once, children_of, until
from tests.nothing_lost.sending import SOMCHAI, SOMYING, WRONG, Person, is_there_once, nothing_is_half
from tests.standing_clock import IN_THE_ANNUAL_WINDOW, StandingClock

MOST_UNTIL_FULL = 400
READ = ("/", "/my-data", "/my-data/wrong", "/benefits", "/hospitals?q=a", "/hospital-change", "/reminders", "/rules")


Small = tuple[Installation, SmallDisk | ForbiddenFiles]


@pytest.fixture
def small(tmp_path: Path, laid_database: Path, thaid: StandIn, compiled_templates: Path) -> Iterator[Small]:
    made: list[Installation] = []

    def processes() -> list[int]:
        return [pid for one in made[0].started for pid in (one.pid, *children_of(one.pid))]

    with a_disk(tmp_path / "disk", processes) as disk:
        made.append(installed(disk.place, laid_database, thaid, compiled_templates))
        try:
            yield made[0], disk
        finally:
            made[0].end()


def sent_until_full(person: Person) -> tuple[str, Reply]:
    """The key that was refused, and the answer."""
    for _ in range(MOST_UNTIL_FULL):
        key = secrets.token_urlsafe(18)
        answer = person.try_to_send(key)
        if answer.status_code == 503:
            return key, answer
        person.acknowledged[key] = answer.headers["Location"].rsplit("/", 1)[1]
        person.visitor.post(f"{WRONG}/{person.acknowledged[key]}/withdraw")
    raise AssertionError("the disk did not fill")


def test_on_a_full_disk_a_form_comes_back_whole_and_everything_can_be_read(small: Small) -> None:
    installation, disk = small
    with installation.tools(StandingClock(IN_THE_ANNUAL_WINDOW)) as tools:
        case = approved(tools, sent(tools, SOMYING, ("TH50-002",)))
    installation.serve(workers=2)
    somchai = Person(Visitor(installation.url).sign_in(SOMCHAI), SOMCHAI)
    to_read = (*READ, f"{WRONG}/{somchai.send(secrets.token_urlsafe(18))}")
    worker = installation.start("worker", "--every", "1", SITTHI_CLOCK="2026-12-31T23:59:00+07:00")
    until(lambda: installation.count("SELECT COUNT(*) FROM audit_batches"), "the worker has done a round")
    installation.rows("UPDATE sessions SET seen_at = seen_at - 60")
    disk.fill()
    key, refused = sent_until_full(somchai)
    assert "Our storage is full" in refused.page.h1
    assert "Nothing of it was written." in refused.text
    assert int(refused.headers["Retry-After"]) > 0
    assert refused.page.form(WRONG)["fields"]["key"] == key
    assert {path: somchai.visitor.get(path).status_code for path in to_read} == dict.fromkeys(to_read, 200)
    assert installation.rows("SELECT 1 FROM corrections WHERE idempotency_key = ?", key) == []
    time.sleep(1.5)
    assert worker.process.poll() is None, worker.told()
    disk.empty()
    again = somchai.visitor.post(WRONG, **refused.page.form(WRONG)["fields"])
    assert again.status_code == 303
    somchai.acknowledged[key] = again.headers["Location"].rsplit("/", 1)[1]
    is_there_once(installation, somchai)
    assert worker.stop() == 0
    assert installation.rows("SELECT status FROM hospital_changes WHERE reference = ?", case.reference) == [("approved",)]
    installation.is_sound()


def test_on_a_slow_disk_people_wait_their_turn_and_readers_do_not(installation: Installation, machine: Machine) -> None:
    server = installation.serve(workers=2, **machine.environment)
    people = [Person(Visitor(installation.url).sign_in(pid), pid) for pid in (SOMCHAI, SOMYING, "1000000000025")]
    machine.disk_takes_longer_by(0.4)
    slowest: list[float] = []

    def reads() -> None:
        visitor = Visitor(installation.url)
        for path in ("/", "/benefits", "/hospitals?q=a") * 3:
            began = time.monotonic()
            assert visitor.get(path).status_code == 200
            slowest.append(time.monotonic() - began)

    began = time.monotonic()
    at_once(*(lambda person=person: person.send_and_take_back(secrets.token_urlsafe(18)) for person in people), reads)  # type: ignore[misc]
    assert time.monotonic() - began > 6 * 0.4, "the disk was slow"
    assert min(slowest) < 0.4
    for person in people:
        assert len(person.acknowledged) == len(person.withdrawn) == 1
    server.kill()
    for person in people:
        is_there_once(installation, person)
    nothing_is_half(installation)
