"""Every page, each in one of the ways to show it: which one turns with TURN, so that in time all are seen.

`make a11y` walks every state in all of them (walk.py); here each page gets one language, width, text size and set of colours, and one of
the further looks in turn: by keyboard, spaced wider, turned on its side, in the system's own colours. Of the states of one page one is
looked at in any case, and of the others every fourth; as HTML all are read each time (test_html.py). The same turn always looks at the
same, the same way, so what fails fails again; whoever changes the styles raises TURN, and mends what comes to light.
"""

from __future__ import annotations

from collections import defaultdict
from hashlib import sha256

import pytest

from tests.accessibility.looking import Finding, Looker, every_combination, to_mend
from tests.accessibility.states import LANGUAGES, Shown

PARTS = 12
TURN = 1
ONE_OF = 4
COMBINATIONS = tuple(every_combination())
pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]  # the first of them waits until every state is fetched


def turn(page: str) -> int:
    """A number for this page in this turn."""
    return int.from_bytes(sha256(f"{TURN} {page}".encode()).digest()[:6], "big")


def of_this_turn(states: list[Shown]) -> list[Shown]:
    """Each in one language: one state of each page, and every fourth of its others."""
    pages: dict[str, list[Shown]] = defaultdict(list)
    for one in states:
        if one.lang == LANGUAGES[turn(one.state) % 2]:
            pages[one.place].append(one)
    ordered = [sorted(shown, key=lambda one: turn(one.state)) for shown in pages.values()]
    return [one for shown in ordered for number, one in enumerate(shown) if not number % ONE_OF]


def look_once(looker: Looker, shown: Shown) -> list[Finding]:
    number = turn(shown.state) // 2
    how = COMBINATIONS[number % len(COMBINATIONS)]
    looker.open(shown, how.width)
    found = looker.look_once(how)
    further = (looker.reach, lambda: looker.spaced(how.width), looker.turned, looker.forced)
    return to_mend(found + further[number // len(COMBINATIONS) % len(further)]())


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_can_be_read_and_used_by_everyone(states: list[Shown], looker: Looker, part: int) -> None:
    found = [finding for shown in of_this_turn(states)[part::PARTS] for finding in look_once(looker, shown)]
    assert not found, "\n".join(map(str, found))


def test_a_turn_leaves_no_page_out(states: list[Shown]) -> None:
    chosen = of_this_turn(states)
    assert {one.place for one in chosen} == {one.place for one in states}
    assert {one.lang for one in chosen} == set(LANGUAGES)
    assert len(chosen) > len({one.place for one in states}), "of some pages more than one state"
    assert len(chosen) > len({one.state for one in states}) / ONE_OF


def test_the_walk_is_over_many_pages_and_all_kinds_of_answers(states: list[Shown]) -> None:
    assert len(states) > 500
    assert {200, 403, 404, 405, 409, 422, 429, 500, 503} <= {one.status for one in states}
    assert {one.lang for one in states} == set(LANGUAGES)
