"""Every page in every state is HTML as the standard has it, in both languages."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from tests.accessibility import kept
from tests.accessibility.html_checker import ALL_STYLES, told_of
from tests.accessibility.states import Shown


def test_every_page_is_valid_html(states: list[Shown], tmp_path: Path) -> None:
    where = defaultdict(list)
    for one in told_of((shown.html for shown in states), tmp_path):
        where[f"{one.text} {one.extract[:120]}"].append("style sheets" if one.number == ALL_STYLES else str(states[one.number]))
    kept.write("html", sum(map(len, where.values())))
    assert not where, "\n".join(f"{len(pages)} x {said}  [{pages[0]}]" for said, pages in where.items())
