"""`make a11y`: every page in every state in both languages, in every colour, width and text size, and each further look; counted and kept.

It takes an hour or two on two cores, so `make test` looks at each page once instead (test_every_page.py). A theme changes colours and the
width of edges and nothing else, so axe's rules that read no colours run once for each width and size, the others in every theme; boxes
are measured again where edges are wider. What was counted is kept by part in var/accessibility and summed up by summary.py.
"""

from __future__ import annotations

import json
from collections import Counter

import pytest

from tests.accessibility.looking import SIZES, THEMES, WIDTHS, Combination, Finding, Looker
from tests.accessibility.states import Shown
from webapp.config import ROOT

PARTS = 60
UNDECIDED_TOO = True
RESULTS = ROOT / "var/accessibility"
pytestmark = [pytest.mark.journey, pytest.mark.timeout(0)]


def look_at_everything(looker: Looker, shown: Shown) -> list[Finding]:
    looker.open(shown)
    found: list[Finding] = []
    for width in WIDTHS:
        for size in SIZES:
            for theme in THEMES:
                found += looker.look(Combination(width, size, theme), whole=theme == "light")
        found += looker.spaced(Combination(width, 1, "light"))
    found += looker.reach() + looker.reach(size=2) + looker.reach(width=1280, height=800)
    return found + looker.turned() + looker.forced()


@pytest.mark.parametrize("part", range(PARTS))
def test_walk(states: list[Shown], looker: Looker, part: int) -> None:
    found, looked_at, kinds = [], states[part::PARTS], Counter[str]()
    for shown in looked_at:
        here = look_at_everything(looker, shown)
        kinds.update(finding.rule for finding in here)
        found += here
    RESULTS.mkdir(parents=True, exist_ok=True)
    counted = {
        "pages": len(looked_at),
        "pages_by_language": Counter(one.lang for one in looked_at),
        "looks": looker.looks,
        "findings": len(found),
        "findings_by_rule": kinds,
        "found": [str(one) for one in found[:200]],
    }
    (RESULTS / f"part-{part:02}.json").write_text(json.dumps(counted, ensure_ascii=False, indent=1), encoding="utf-8")
    assert not found, "\n".join(map(str, found[:50]))
