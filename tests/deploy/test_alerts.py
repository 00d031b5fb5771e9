"""deploy/prometheus: each figure that an alert asks for is one that /metrics tells, and each runbook is one of the guide's."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from webapp.adapters.meter.prometheus import Prometheus
from webapp.config import ROOT
from webapp.domain.measure import FAMILIES, OLDEST_WAITING, Counter, Family, Times

ALERTS, SCRAPE = ROOT / "deploy/prometheus/alerts.yml", ROOT / "deploy/prometheus/prometheus.yml"
GUIDE = ROOT / "docs/operating.md"
TEXT = "\n".join(line for line in ALERTS.read_text("utf-8").splitlines() if not line.lstrip().startswith("#"))
RULES = dict(re.findall(r"- alert: (\w+)\n((?:(?!\s+- (?:alert|name): ).*\n)+)", f"{TEXT}\n"))
PARTS_OF_THE_GUIDE = {
    "thaid-down", "push-service-down", "disk-full", "wrong-law-value", "breach", "database-locked", "worker-silent", "slow-pages",
    "backup-old", "clock-wrong", "queue-old",
}  # fmt: skip


def shown_as(family: Family) -> set[str]:
    if isinstance(family, Counter):
        return {f"{family.name}_total"}
    return {f"{family.name}_{end}" for end in ("bucket", "sum", "count")} if isinstance(family, Times) else {family.name}


def test_there_are_alerts_for_all_that_was_thought_of() -> None:
    assert len(RULES) == TEXT.count("- alert: ") > 20
    assert len(RULES) == len(re.findall(r"expr:", TEXT))


@pytest.mark.parametrize("name", sorted(RULES))
def test_an_alert_asks_for_figures_that_are_told_by_labels_that_they_have(name: str) -> None:
    asked = re.search(r"expr:(.*?)\n\s+(?:for|labels):", RULES[name], re.DOTALL)[1]  # type: ignore[index]
    known = {shown: family for family in FAMILIES for shown in shown_as(family)}
    figures = re.findall(r"\b(sitthi_\w+)(?:\{([^}]*)\})?", asked)
    assert figures or 'up{job="sitthi"}' in asked
    for figure, labels in figures:
        assert figure in known, f"/metrics tells no {figure}"
        for label, operator, value in re.findall(r'(\w+)(=~|!~|!=|=)"([^"]*)"', labels):
            assert label in known[figure].labels
            place = known[figure].labels.index(label)
            values = {one[place] for one in known[figure].known}
            assert not values or operator in ("!=", "!~") or set(value.split("|")) <= values, f"{figure}: no {label} is {value}"


@pytest.mark.parametrize("name", ["SitthiFaults", "SitthiAuditNotSealed", "SitthiDatabaseReadOnly"])
def test_nobody_is_called_for_what_comes_of_taking_nothing_in(name: str) -> None:
    assert re.search(r"unless on\(\) (max_over_time\()?sitthi_read_only", RULES[name])


def test_each_queue_that_somebody_waits_in_has_its_alert() -> None:
    assert {queue for (queue,) in OLDEST_WAITING.known} == set(re.findall(r'sitthi_oldest_waiting_seconds\{queue="(\w+)"\}', TEXT))


def test_every_family_is_on_the_page_from_the_start() -> None:
    there = set(re.findall(r"^# TYPE (\S+) ", Prometheus().told({}), re.MULTILINE))
    for family in FAMILIES:
        assert (f"{family.name}_total" if isinstance(family, Counter) else family.name) in there


@pytest.mark.parametrize("name", sorted(RULES))
def test_an_alert_says_what_it_means_how_urgent_it_is_and_where_help_stands(name: str) -> None:
    assert re.search(r"severity: (page|ticket)", RULES[name])
    assert re.search(r'summary: "?[A-Z{].{15,}', RULES[name])
    (part,) = re.findall(r"runbook: docs/operating\.md#([a-z-]+)$", RULES[name], re.MULTILINE)
    assert part in PARTS_OF_THE_GUIDE
    if GUIDE.exists():
        assert part in anchors_of(GUIDE.read_text("utf-8")), f"docs/operating.md has no part {part}"


def anchors_of(text: str) -> set[str]:
    """Of its headings, as they are made from their words, and those that are set by name."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    made = {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return made | set(re.findall(r'(?:id|name)="([a-z-]+)"', text))


def test_prometheus_asks_where_the_proxy_answers_and_with_the_token() -> None:
    said = SCRAPE.read_text("utf-8")
    port = re.search(r"listen 127\.0\.0\.1:(\d+);", (ROOT / "deploy/nginx/sitthi.conf").read_text("utf-8"))[1]  # type: ignore[index]
    assert f'targets: ["127.0.0.1:{port}"]' in said
    assert "credentials_file:" in said


def test_promtool_takes_them_where_it_is_on_this_machine() -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        assert "promtool" in (ROOT / "deploy/README.md").read_text("utf-8"), "what was not tried is said"
        return
    for arguments in (["rules", str(ALERTS)], ["config", "--syntax-only", str(SCRAPE)]):
        checked = subprocess.run([promtool, "check", *arguments], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stderr
