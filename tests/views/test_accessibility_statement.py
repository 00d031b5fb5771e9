"""The accessibility statement is true: its figures are those of the last walk, what it says was tested is tested, and gaps are named."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.accessibility import summary
from tests.pages import Page
from webapp.web import last_walk
from webapp.web.last_walk import PLACE, Walk

A_WALK = Walk(date(2026, 11, 22), 600, 64, 320, 1280, 4, 4, 0, "4.12.1", "2.5.1, WCAG2AAA", "26.7.5")
KEPT = {
    "walked_on": "2026-11-22", "pages_and_states": 600, "combinations_of_each": 64, "widths": [320, 360, 768, 1280],
    "text_sizes": [1, 2, 3, 4],
    "themes": ["light", "dark", "high contrast", "high contrast, dark"], "findings": 0, "axe_core": "4.12.1",
    "html_codesniffer": "2.5.1, WCAG2AAA", "nu_html_checker": "26.7.5", "by_language": {"th": 300, "en": 300},
}  # fmt: skip
Look = Callable[..., Page]


def test_it_says_the_figures_of_the_last_walk(client: FlaskClient, look: Look) -> None:
    page, walk = look(client, "/accessibility", "en"), last_walk.last_walk()
    if walk is None:
        assert "has not been finished for this version" in page.main
        return
    figures = json.loads(PLACE.read_text(encoding="utf-8"))
    assert f"{date.fromisoformat(figures['walked_on']):%-d %B %Y}" in page.main
    assert re.search(rf"in both languages ?{figures['pages_and_states']}\b", page.main)
    assert re.search(rf"for each ?{figures['combinations_of_each']}\D", page.main)
    assert re.search(rf"Found and not mended ?{figures['findings']}\D", page.main)
    assert ("Nothing was left to mend" in page.main) == (figures["findings"] == 0)


def test_the_walk_writes_where_the_page_reads() -> None:
    assert summary.KEPT == PLACE


@pytest.mark.parametrize(("walk", "said"), [
    (A_WALK, "Nothing was left to mend"), (replace(A_WALK, findings=2), "Not all of it is mended yet"), (None, "has not been finished"),
])  # fmt: skip
def test_findings_and_a_missing_walk_are_said(
    client: FlaskClient, look: Look, monkeypatch: pytest.MonkeyPatch, walk: Walk | None, said: str
) -> None:
    monkeypatch.setattr("webapp.views.help.last_walk", lambda: walk)
    assert said in look(client, "/accessibility", "en").main


def test_a_walk_is_read_as_it_was_written(tmp_path: Path) -> None:
    place = tmp_path / "walk.json"
    place.write_text(json.dumps(KEPT))
    assert last_walk.last_walk(place) == A_WALK
    assert last_walk.last_walk(tmp_path / "none.json") is None


@pytest.mark.parametrize("lang", ["th", "en"])
def test_what_was_not_tried_stands_there_and_whom_to_tell(client: FlaskClient, look: Look, lang: str) -> None:
    page = look(client, "/accessibility", lang)
    for untried in ("TalkBack", "VoiceOver", "NVDA", "iPhone", "Safari", "Firefox", "1506"):
        assert untried in page.main
    assert ("prototype" if lang == "en" else "ต้นแบบ") in page.main


def test_it_is_linked_from_help_and_from_the_end_of_a_page(client: FlaskClient, look: Look) -> None:
    assert "/accessibility" in look(client, "/help").links.values()
    assert "/accessibility" in look(client, "/").links.values()
