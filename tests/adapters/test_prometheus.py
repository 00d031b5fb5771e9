"""What is counted, and that several processes count together; files on a disk that may be full."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from webapp.adapters.meter.folders import folder_of, start_anew
from webapp.adapters.meter.prometheus import FOLDER_NAMED, RESERVED, Prometheus
from webapp.config import ROOT
from webapp.domain.measure import (
    FAMILIES,
    LIMITS,
    PUSHES,
    REQUEST_TIMES,
    REQUESTS,
    SIGN_INS,
    SLOW_QUERIES,
    WORKER_ROUND,
    push_service,
)
from webapp.web.limit_table import DOORS

ONE_PROCESS = """
import sys
from pathlib import Path
from webapp.adapters.meter.prometheus import Prometheus
from webapp.domain.measure import REQUESTS, REQUEST_TIMES, WORKER_ROUND
meter = Prometheus(Path(sys.argv[1]))
for _ in range(int(sys.argv[2])):
    meter.count(REQUESTS, "home.home", "GET", "2xx")
    meter.time(REQUEST_TIMES, 0.2, "home.home")
meter.mark(WORKER_ROUND, float(sys.argv[2]))
"""


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A meter over files says so to the package by the environment: not to the tests that follow."""
    monkeypatch.setenv(FOLDER_NAMED, str(tmp_path))
    return tmp_path


def counted_by_another(folder: Path, times: int) -> None:
    subprocess.run([sys.executable, "-c", ONE_PROCESS, str(folder), str(times)], cwd=ROOT, check=True, timeout=60)


def figure(text: str, of: str) -> float:
    return float(re.search(rf"^{re.escape(of)} (\S+)$", text, re.MULTILINE)[1])  # type: ignore[index]


def test_every_family_is_told_from_the_start_and_every_known_outcome_with_zero() -> None:
    told = Prometheus().told({})
    assert re.findall(r"^# TYPE (\S+?)(?:_total)? ", told, re.MULTILINE) == [family.name for family in FAMILIES]
    assert figure(told, 'sitthi_sign_ins_total{outcome="provider_down",way="thaid"}') == 0
    assert figure(told, "sitthi_slow_queries_total") == 0
    assert figure(told, "sitthi_worker_last_round_timestamp_seconds") == 0


def test_what_is_none_of_the_known_labels_is_other() -> None:
    meter = Prometheus()
    meter.count(SIGN_INS, "thaid", "1000000000009")
    meter.count(PUSHES, push_service("https://web.push.apple.com"), "accepted", by=3)
    told = meter.told({})
    assert "1000000000009" not in told
    assert figure(told, 'sitthi_sign_ins_total{outcome="other",way="other"}') == 1
    assert figure(told, 'sitthi_pushes_total{outcome="accepted",service="apple"}') == 3


@pytest.mark.parametrize(
    ("origin", "service"),
    [
        ("https://fcm.googleapis.com", "google"), ("https://updates.push.services.mozilla.com", "mozilla"),
        ("https://web.push.apple.com", "apple"), ("https://wns2-by3p.notify.windows.com", "microsoft"),
        ("https://evilgoogleapis.com", "other"), ("http://127.0.0.1:8001", "other"), ("", "other"),
    ],
)  # fmt: skip
def test_a_push_service_is_told_by_whose_it_is(origin: str, service: str) -> None:
    assert push_service(origin) == service


def test_what_two_processes_of_the_app_and_the_worker_counted_is_added_up(data_dir: Path) -> None:
    counted_by_another(folder_of(data_dir, "app"), 2)
    counted_by_another(folder_of(data_dir, "app"), 3)
    counted_by_another(folder_of(data_dir, "worker"), 7)
    meter = Prometheus(folder_of(data_dir, "app"))
    meter.count(REQUESTS, "home.home", "GET", "2xx", by=10)
    told = meter.told({})
    assert figure(told, 'sitthi_requests_total{method="GET",route="home.home",status="2xx"}') == 2 + 3 + 7 + 10
    assert figure(told, 'sitthi_request_seconds_count{route="home.home"}') == 2 + 3 + 7
    assert figure(told, 'sitthi_request_seconds_bucket{le="0.1",route="home.home"}') == 0
    assert figure(told, "sitthi_worker_last_round_timestamp_seconds") == 7, "the latest of several beats counts"


def test_a_start_begins_anew_and_takes_nothing_from_whoever_is_at_work(data_dir: Path) -> None:
    app, worker = folder_of(data_dir, "app"), folder_of(data_dir, "worker")
    counted_by_another(app, 5)
    counted_by_another(worker, 5)
    start_anew(app)
    assert list(app.glob("*.db")) == []
    assert len(list(worker.glob("*.db"))) == len(RESERVED)
    at_work = Prometheus(worker)
    start_anew(worker)
    assert len(list(worker.glob("*.db"))) == len(RESERVED)
    assert figure(at_work.told({}), 'sitthi_requests_total{method="GET",route="home.home",status="2xx"}') == 5


def test_however_often_a_process_dies_its_counts_take_the_same_room_and_no_sum_falls(data_dir: Path) -> None:
    """The one that comes after it counts on in its files."""
    folder = folder_of(data_dir, "app")
    counted_by_another(folder, 2)
    room = sorted((path.name, path.stat().st_size) for path in folder.glob("*.db"))
    assert len(room) == len(RESERVED)
    for _ in range(3):
        counted_by_another(folder, 2)
    assert sorted((path.name, path.stat().st_size) for path in folder.glob("*.db")) == room
    told = Prometheus(folder).told({})
    assert figure(told, 'sitthi_requests_total{method="GET",route="home.home",status="2xx"}') == 4 * 2
    assert figure(told, 'sitthi_request_seconds_bucket{le="0.25",route="home.home"}') == 4 * 2


def test_two_at_once_each_have_files_of_their_own(data_dir: Path) -> None:
    folder = folder_of(data_dir, "app")
    first, second = Prometheus(folder), Prometheus(folder)
    first.count(SLOW_QUERIES)
    second.count(SLOW_QUERIES, by=2)
    first.count(SLOW_QUERIES)
    assert figure(second.told({}), "sitthi_slow_queries_total") == 4
    assert len(list(folder.glob("*.db"))) == 2 * len(RESERVED)


def test_where_there_is_no_room_a_process_counts_for_itself(data_dir: Path) -> None:
    (data_dir / "metrics").write_text("no folder can be made here")
    start_anew(folder_of(data_dir, "app"))
    meter = Prometheus(folder_of(data_dir, "app"))
    meter.count(SLOW_QUERIES)
    assert figure(meter.told({}), "sitthi_slow_queries_total") == 1


def test_a_file_that_had_no_room_keeps_nobody_from_the_figures(data_dir: Path) -> None:
    folder = folder_of(data_dir, "app")
    meter = Prometheus(folder)
    (folder / "counter_1.db").touch()
    assert figure(meter.told({}), "sitthi_slow_queries_total") == 0


def test_all_that_can_be_counted_has_its_room_reserved(data_dir: Path, app: Flask) -> None:
    """A page of the file that the disk has no room for would end the process."""
    meter = Prometheus(folder_of(data_dir, "app"))
    for rule in app.url_map.iter_rules():
        for method in rule.methods or ():
            for status in ("2xx", "3xx", "4xx", "5xx"):
                meter.count(REQUESTS, rule.endpoint, method, status)
        meter.time(REQUEST_TIMES, 0.1, rule.endpoint)
    for door in DOORS:
        meter.count(LIMITS, door)
    meter.mark(WORKER_ROUND, 1.0)
    for kind, size in RESERVED.items():
        file = folder_of(data_dir, "app") / f"{kind}_0.db"
        used = struct.unpack_from("i", file.read_bytes())[0]
        assert file.stat().st_size == size
        assert used < 0.8 * size, f"{kind}: {used} of {size}"
        assert file.stat().st_blocks * 512 >= size, "reserved, and not only promised"
