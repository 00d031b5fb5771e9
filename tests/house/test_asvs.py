"""docs/asvs.md says of each requirement how it is met: none is missing, none is made up, and every test it names is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TABLE, STANDARD = ROOT / "docs/asvs.md", Path(__file__).with_name("asvs_5_0.txt")
ROW = re.compile(r"^\| (V[0-9.]+) \| ([12]) \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
WHY_NOT = ("not applicable because ", "not met: ")
ROWS = ROW.findall(TABLE.read_text(encoding="utf-8"))
PARTS = {"Sessions", "With ThaiD and the Government Channel", "Limits", "What is checked, and against what", "Files", "Logs"}


def test_every_requirement_has_one_row_at_its_level_in_its_order() -> None:
    lines = [line for line in STANDARD.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert len(lines) == 83
    assert [f"{number} {level}" for number, level, *_ in ROWS] == lines


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_every_row_names_a_test_that_is_there_or_says_why_not(row: tuple[str, ...]) -> None:
    number, _, asks, _, test = row
    assert asks.strip("– ")
    if test.startswith(WHY_NOT):
        assert len(test) > len("not applicable because ") + 10
        return
    named = NAMED.findall(test)
    assert named, f"{number}: name a test, or say 'not applicable because …' or 'not met: …'"
    for file, function in named:
        assert function in functions_of(ROOT / file), f"{number}: {file} has no {function}"


def functions_of(path: Path) -> set[str]:
    assert path.exists(), path
    return {node.name for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)}


def test_what_is_not_met_is_little_and_said_aloud() -> None:
    assert {row[0] for row in ROWS if row[4].startswith("not met: ")} == {"V7.4.4", "V7.5.2", "V16.4.3"}


def test_the_documents_that_rows_lean_on_are_there() -> None:
    said = (ROOT / "docs/security.md").read_text(encoding="utf-8")
    parts = dict(re.findall(r"^## (.+)\n((?:(?!## ).*\n)+)", said, re.MULTILINE))
    assert set(parts) == PARTS
    assert all(len(text) > 400 for text in parts.values())
    for path in re.findall(r"`((?:webapp|tests|deploy|docs)/[\w/.]+)`", said):
        assert (ROOT / path).exists(), path


def test_the_numbers_that_the_document_tells_are_those_of_the_code() -> None:
    from webapp.actions.passkeys import MOST_PASSKEYS
    from webapp.actions.reminders import MOST_PHONES
    from webapp.actions.sessions import IDLE_SECONDS, LONGEST_SECONDS, MOST_SESSIONS
    from webapp.adapters.store.queries.devices import MOST_DEVICES
    from webapp.domain.assurance import FRESH_SECONDS
    from webapp.domain.correction import MOST_OPEN
    from webapp.web.security import LARGEST_BODY, LARGEST_COOKIES, LARGEST_FORM_PARTS, LARGEST_HEADERS, LARGEST_QUERY

    said = " ".join((ROOT / "docs/security.md").read_text(encoding="utf-8").split())
    for words in (
        f"**{IDLE_SECONDS // 60} minutes** without a tap, **{LONGEST_SECONDS // 3600} hours** at most", f"**{MOST_SESSIONS} at once**",
        f"at most {FRESH_SECONDS // 60} minutes old",
        f"{MOST_SESSIONS} sessions, {MOST_PHONES} phones with reminders, {MOST_PASSKEYS} passkeys",
        f"{MOST_DEVICES} remembered browsers", f"{MOST_OPEN} open reports", f"{LARGEST_BODY // 1024} KiB (files: see there)",
        f"{LARGEST_FORM_PARTS} fields, {LARGEST_QUERY // 1024} KiB of query (the proxy takes 16), "
        f"{LARGEST_COOKIES // 1024} KiB of cookies, "
        f"{LARGEST_HEADERS // 1024} KiB of headers",
    ):  # fmt: skip
        assert words in said


def test_no_room_opens_a_log_of_its_own() -> None:
    handlers = re.compile(r"\b(\w*FileHandler|SysLogHandler|SocketHandler|DatagramHandler|HTTPHandler|SMTPHandler)\b")
    assert [str(path) for path in (ROOT / "webapp").rglob("*.py") if handlers.search(path.read_text(encoding="utf-8"))] == []


def test_names_of_files_in_answers_are_constants() -> None:
    """Written out where they stand, or handed as a text that is written out to one of the two rooms that make files."""
    written = re.compile(r"""Content-Disposition"\] = (f?)['"]([^'\n]+)""")
    for path in (ROOT / "webapp").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        for formed, value in written.findall(text):
            assert not formed or path.name in ("icalendar.py", "spreadsheet.py"), f"{path}: {value}"
        for call in re.findall(r"icalendar\.answer\(([^()]*(?:\([^()]*\)[^()]*)*)\)", text):
            assert re.search(r'f?"[\w.{}-]+\.ics"$', call.strip()), f"{path}: {call}"
        for call in re.findall(r"(?<!def )as_file\((.+)", text):
            assert re.match(r'f?"[\w.{}:%()-]+\.csv"', call), f"{path}: {call}"
