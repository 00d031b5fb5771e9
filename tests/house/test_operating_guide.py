"""The operator's guide: every setting and every command is in it or in the README, and it names none that there are not."""

from __future__ import annotations

import re

import click

from webapp.commands import sitthi
from webapp.config import ROOT

GUIDE = (ROOT / "docs/operating.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")
READ = (ROOT / "webapp/config.py").read_text("utf-8") + (ROOT / "webapp/commands.py").read_text("utf-8")
SETTING = re.compile(r"SITTHI_[A-Z]+(?:_[A-Z]+)*")


def named(text: str) -> set[str]:
    """Settings of a text, `SITTHI_THAID_ISSUER`, `_CLIENT_ID` read as two."""
    found = set()
    for line in text.splitlines():
        whole = SETTING.findall(line)
        found |= set(whole)
        heads = {name.rsplit("_", count)[0] for name in whole for count in range(1, name.count("_"))}
        found |= {f"{head}{tail}" for tail in re.findall(r"`(_[A-Z_]+)`", line) for head in heads if f"{head}{tail}" in READ}
    return found


def test_every_setting_is_explained() -> None:
    of_the_channel = {f"SITTHI_GOVERNMENT_CHANNEL_{name}" for name in ("GATEWAY", "CONSUMER_KEY", "CONSUMER_SECRET", "AGENT_ID", "APP_ID")}
    asked_for = set(re.findall(r'"(SITTHI_[A-Z_]*[A-Z])"', READ)) | of_the_channel | {"PORT", "DATA_DIR"}
    explained = named(GUIDE) | {f"SITTHI_GOVERNMENT_CHANNEL{tail}" for tail in re.findall(r"`(_[A-Z_]+)`", GUIDE)}
    assert asked_for - explained - {name for name in ("PORT", "DATA_DIR") if name in GUIDE} == set()


def test_no_setting_is_explained_that_there_is_not() -> None:
    assert {name for name in SETTING.findall(GUIDE + README) if name not in READ and not READ.count(f"{name}_")} == set()


def test_every_command_is_told_of_and_each_that_is_told_of_is_there() -> None:
    told = set(re.findall(r"sitthi (?:--settings \S+ )?([a-z]+(?:-[a-z]+)*)", GUIDE + README)) | {"law", "assess"}
    there = {name for name, command in sitthi.commands.items() if isinstance(command, click.Command) and not command.hidden}
    assert there - told - {"demo", "standins"} == set()
    assert set(re.findall(r"`sitthi (?:--settings \S+ )?([a-z]+(?:-[a-z]+)*)", GUIDE + README)) - there == set()


def test_each_part_that_the_guide_links_to_is_there() -> None:
    headings = [line.lstrip("# ").lower() for line in GUIDE.splitlines() if line.startswith("#")]
    parts = {re.sub(r"[^\w\- ]", "", heading).strip().replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\(#([\w-]+)\)", GUIDE)) - parts == set()
    for place in re.findall(r"\]\((?!http|#)([^)#]+)", GUIDE):
        assert (ROOT / "docs" / place).exists(), place
