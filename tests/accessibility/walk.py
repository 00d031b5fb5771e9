"""`make a11y`: every page in every state in both languages, in every colour, width and text size, and each further look; counted and kept.

What is looked at in which combination, and why nothing is lost, stands in looking.py. `make test` looks at each page in one combination
(test_every_page.py). What was found is kept page by page (kept.py): stopped and started again, the walk goes on where it was, and after a
change it looks at the pages that changed. `ls var/accessibility | wc -l` says how far it is; summary.py sums it up.
"""

from __future__ import annotations

from collections import Counter

import pytest

from tests.accessibility import kept
from tests.accessibility.kept import Looked
from tests.accessibility.looking import Looker
from tests.accessibility.states import Shown

PARTS = 60
pytestmark = [pytest.mark.journey, pytest.mark.timeout(0)]


def look(looker: Looker, shown: Shown, key: str) -> Looked:
    looker.open(shown)
    before = Counter(looker.looks)
    found = looker.look_everywhere()
    return kept.keep(key, looker.looks - before, found)


@pytest.mark.parametrize("part", range(PARTS))
def test_walk(states: list[Shown], looker: Looker, part: int) -> None:
    keys = [(kept.key_of(shown), shown) for shown in states[part::PARTS]]
    found = [one for key, shown in keys for one in (kept.read(key) or look(looker, shown, key)).to_mend]
    kept.write(f"part-{part:02}", [{"key": key, "page": str(shown), "lang": shown.lang} for key, shown in keys])
    assert not found, "\n".join(map(str, found[:50]))
