"""The database's server dies under people's hands, and another takes over, or it comes back: people are told so at once, keep what they
typed, and go on by themselves. Nothing that was acknowledged is lost, nothing comes twice, and nobody restarts the app.

Two real servers on loopback, the second following the first; `sitthi serve` and `sitthi worker` know both by one address. Not tried here:
two machines, and a net that is cut (a server that nobody can reach, and that lives on).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.conftest import lay
from tests.front_door import StandIn
from tests.nothing_lost.conftest import installed
from tests.nothing_lost.installation import OnPostgres, Reply, Visitor, at_once, until
from tests.nothing_lost.sending import NEW, SOMCHAI, SOMYING
from tests.postgres import SUPERUSER, Server, Servers, postgres_servers

WISHES = {
    SOMCHAI: "TH13-001", SOMYING: "TH50-002", "1000000000025": "TH10-001", "1000000000122": "TH13-001", "1000000000149": "TH13-001",
    "1000000000157": "TH13-001",
}  # fmt: skip
"""Each near enough to ask for what they ask for."""
DATABASE = "sitthi"
MANY = 5
BEFORE, AFTER = 2, 2
"""Requests each person has acknowledged before the kill, and after it, at least."""
LONGEST_ANSWER = 10  # seconds, while there is no server, on a machine with other things to do
LONGEST_UNTIL_ACCEPTED = 20  # seconds from the promotion, likewise
A_PAUSE = 0.1


@dataclass
class OnServers(OnPostgres):
    """On servers that are known by one address."""

    servers: tuple[Server, ...] = ()


def address_of(*servers: Server) -> str:
    hosts = ",".join(f"127.0.0.1:{one.port}" for one in servers)
    return f"postgresql://{SUPERUSER}@{hosts}/{DATABASE}?target_session_attrs=read-write"


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    with postgres_servers() as found:
        yield found


@pytest.fixture
def primary(servers: Servers) -> Server:
    server = servers.new(durable=True).start()
    lay(server.new_database(DATABASE))
    return server


@pytest.fixture
def running(
    primary: Server, request: pytest.FixtureRequest, servers: Servers, tmp_path: Path, laid_database: Path, thaid: StandIn,
    compiled_templates: Path,
) -> Iterator[OnServers]:  # fmt: skip
    """App and worker, on one server or on two."""
    both = (primary, servers.standby_of(primary)) if request.param == 2 else (primary,)
    base = installed(tmp_path / "data", laid_database, thaid, compiled_templates)
    base.database.unlink()
    made = OnServers(base.place, base.port, base.environment | {"SITTHI_DATABASE_URL": address_of(*both)}, servers=both)
    try:
        made.serve(workers=2)
        made.start("worker", "--every", "1")
        yield made
    finally:
        made.end()
        for one in both:
            one.stop()
        thaid.reset()


@dataclass
class Applicant:
    """Asks for another hospital, takes it back and asks anew; sends what was not taken again from the page that says so, until it is."""

    visitor: Visitor
    hospital: str
    acknowledged: dict[str, str] = field(default_factory=dict)
    accepted_at: list[float] = field(default_factory=list)
    told: list[float] = field(default_factory=list)

    def go_on(self, over: threading.Event) -> None:
        try:
            while not over.is_set():
                reference = self.send()
                self.persist(f"/hospital-change/{reference}/withdraw")
        finally:
            over.set()

    def send(self) -> str:
        self.persist(NEW, cause="annual", in_patient="no")
        self.persist(f"{NEW}/hospitals", choose=self.hospital)
        page = self.look(f"{NEW}/check").page
        assert page.h1 == ["Check the dates, then send"], page.main
        fields = page.form(f"{NEW}/check")["fields"] | {"declared": "1"}
        reference = self.persist(f"{NEW}/check", **fields).headers["Location"].rsplit("/", 1)[1]
        assert fields["key"] not in self.acknowledged
        self.acknowledged[fields["key"]] = reference
        self.accepted_at.append(time.monotonic())
        return reference

    def persist(self, path: str, **fields: str) -> Reply:
        """Until it is taken: the same once more, as the page that did not take it offers it."""
        answer = self._timed(lambda: self.visitor.post(path, **fields))
        while answer.status_code == 503:
            offered = answer.page.form(path)["fields"] if fields else {}
            assert offered == fields, "nothing that was typed is gone"
            assert fields or answer.page.links["Try again"] == path
            time.sleep(A_PAUSE)
            answer = self._timed(lambda offered=offered: self.visitor.post(path, **offered))  # type: ignore[misc]
        assert answer.status_code == 303, (path, answer.status_code, answer.page.main)
        return answer

    def look(self, path: str) -> Reply:
        answer = self._timed(lambda: self.visitor.get(path))
        while answer.status_code == 503:
            time.sleep(A_PAUSE)
            answer = self._timed(lambda: self.visitor.get(path))
        assert answer.status_code == 200, (path, answer.status_code, answer.page.main)
        return answer

    def _timed(self, ask: Any) -> Reply:
        began = time.monotonic()
        answer: Reply = ask()
        if answer.status_code == 503:
            self.told.append(time.monotonic() - began)
            assert "Our database does not answer" in answer.page.h1
            assert int(answer.headers["Retry-After"]) > 0
        return answer


@dataclass
class Outage:
    """When the server was killed, when another (or the same) was told to take writes; what was answered in between."""

    killed: float = 0.0
    back: float = 0.0
    public: dict[str, int] = field(default_factory=dict)

    def pass_through(self, running: OnServers, people: list[Applicant], come_back: Any, over: threading.Event) -> None:
        try:
            until(lambda: over.is_set() or min(len(one.acknowledged) for one in people) >= BEFORE, "all have sent something", 90)
            self.killed = time.monotonic()
            running.servers[0].kill()
            for one in people:
                one.told.clear()
            until(lambda: over.is_set() or all(one.told for one in people), "all were told", 60)
            self.public = {path: Visitor(running.url).get(path).status_code for path in ("/healthz", "/readyz", "/sign-in", "/status")}
            self.back = time.monotonic()
            come_back()
            wanted = {id(one): len(one.acknowledged) + AFTER for one in people}
            until(lambda: over.is_set() or all(len(one.acknowledged) >= wanted[id(one)] for one in people), "all go on", 90)
            assert not over.is_set(), "nobody was stopped by a fault"
        finally:
            over.set()

    def summary(self, people: list[Applicant]) -> str:
        told = sorted(seconds for one in people for seconds in one.told)
        return (
            f"answers while it was down: {len(told)}, median {told[len(told) // 2]:.2f} s, longest {told[-1]:.2f} s; "
            f"first request accepted {self.until_accepted(people):.2f} s after the other was told to take over (or the same was started); "
            f"down for {self.back - self.killed:.2f} s until then; "
            f"{sum(len(one.acknowledged) for one in people)} acknowledged"
        )

    def until_accepted(self, people: list[Applicant]) -> float:
        return min(at for one in people for at in one.accepted_at if at > self.back) - self.back


@pytest.mark.parametrize("running", [2, 1], ids=["another takes over", "it comes back"], indirect=True)
def test_when_the_database_dies_people_keep_what_they_typed_and_go_on_and_nothing_is_lost(running: OnServers) -> None:
    primary, *others = running.servers
    people = [Applicant(Visitor(running.url).sign_in(pid), hospital) for pid, hospital in WISHES.items()]
    processes = [one.pid for one in running.started]
    over, outage = threading.Event(), Outage()
    come_back = others[0].promote if others else primary.start
    at_once(*(lambda one=one: one.go_on(over) for one in people), lambda: outage.pass_through(running, people, come_back, over))  # type: ignore[misc]
    print(f"\n{outage.summary(people)}")
    assert outage.public == {"/healthz": 200, "/readyz": 503, "/sign-in": 200, "/status": 200}
    assert max(seconds for one in people for seconds in one.told) < LONGEST_ANSWER
    assert outage.until_accepted(people) < LONGEST_UNTIL_ACCEPTED
    assert [one.process.poll() for one in running.started] == [None, None], [one.told()[-2000:] for one in running.started]
    assert [one.pid for one in running.started] == processes
    each_is_there_once(running, people)
    batches = running.count("SELECT COUNT(*) FROM audit_batches")
    until(lambda: running.count("SELECT COUNT(*) FROM audit_batches") > batches or all_is_sealed(running), "the worker seals again", 60)
    running.is_sound()
    with suppress(psycopg.OperationalError):
        psycopg.connect(primary.url(DATABASE)).close()
        assert not others, "the dead one stays dead"


@pytest.mark.parametrize("running", [1], indirect=True)
def test_of_people_who_send_at_the_same_moment_nobody_is_turned_away(running: OnServers) -> None:
    people, over = [Applicant(Visitor(running.url).sign_in(pid), hospital) for pid, hospital in WISHES.items()], threading.Event()

    def enough() -> None:
        try:
            until(lambda: over.is_set() or min(len(one.acknowledged) for one in people) >= MANY, "all have sent some", 90)
        finally:
            over.set()

    at_once(*(lambda one=one: one.go_on(over) for one in people), enough)  # type: ignore[misc]
    each_is_there_once(running, people)
    assert [seconds for one in people for seconds in one.told] == []
    running.is_sound()


def each_is_there_once(running: OnServers, people: list[Applicant]) -> None:
    """Who sent until it was taken was told of each case there is; each has its history once, and its place in the audit."""
    told = sorted((key, reference) for one in people for key, reference in one.acknowledged.items())
    assert sorted(running.rows("SELECT idempotency_key, reference FROM hospital_changes")) == told
    statuses = dict(running.rows("SELECT reference, status FROM hospital_changes"))
    for reference, codes in running.rows("SELECT reference, array_agg(code ORDER BY number) FROM steps GROUP BY reference"):
        assert codes == ["submitted", "received", *(["withdrawn"] if statuses[reference] == "withdrawn" else [])]
        assert running.count("SELECT COUNT(*) FROM audit_entries WHERE about = ?", reference) == len(codes)
    assert list(statuses.values()).count("withdrawn") >= len(told) - len(people)


def all_is_sealed(running: OnServers) -> bool:
    return running.count("SELECT COUNT(*) FROM audit_entries WHERE number > (SELECT COALESCE(MAX(last), 0) FROM audit_batches)") == 0
