"""Whoever watches is told by any one process what all of them did, and no line of any of them is lost between two others."""

from __future__ import annotations

import json
import os
import re
import signal

import requests

from tests.nothing_lost.installation import WAIT, Installation, at_once, children_of, until

TOKEN = "a-token-of-the-one-who-watches"
PAGES = 40


def figure(text: str, of: str) -> float:
    found = re.search(rf"^{re.escape(of)} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0.0


def test_two_processes_of_the_app_and_the_worker_tell_one_sum_that_never_falls(installation: Installation) -> None:
    watched = {"SITTHI_METRICS_TOKEN": TOKEN, "SITTHI_LOG": "json", "DATA_DIR": str(installation.place)}
    server = installation.serve(workers=2, **watched)
    worker = installation.start("worker", "--every", "1", **watched)

    def told() -> str:
        return requests.get(f"{installation.url}/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=WAIT).text

    def pages_counted() -> float:
        return figure(told(), 'sitthi_requests_total{method="GET",route="emergency.emergency",status="2xx"}')

    def looks() -> None:
        requests.get(f"{installation.url}/emergency", timeout=WAIT).raise_for_status()

    at_once(*[looks] * PAGES)
    assert pages_counted() == PAGES
    assert {pages_counted() for _ in range(10)} == {PAGES}, "whichever process is asked"
    until(lambda: figure(told(), "sitthi_worker_last_round_timestamp_seconds") > 0, "the worker's beat is told")
    os.kill(children_of(server.pid)[0], signal.SIGKILL)
    until(lambda: len(children_of(server.pid)) == 2, "the dead one was replaced")
    until(lambda: installation.is_ready(server), "and answers")
    assert pages_counted() == PAGES, "what the dead one did was done"
    assert worker.stop() == 0
    assert server.stop(45) == 0
    lines = [json.loads(line) for one in (server, worker) for line in one.told().splitlines()]
    assert len([line for line in lines if (line.get("route"), line["event"]) == ("/emergency", "answered")]) == PAGES
    installation.serve(workers=1, **watched)
    assert pages_counted() == 0, "a start begins anew"
