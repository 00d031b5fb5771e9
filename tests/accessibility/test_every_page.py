"""Every page in every state, each in one of the ways to show it: which one turns with TURN, so that in time all are seen.

`make a11y` walks all of them (walk.py); here each page gets one language, width, text size and set of colours, and one of the further
looks in turn: by keyboard, spaced wider, turned on its side, in the system's own colours. The same turn always looks the same way, so
what fails fails again; whoever changes the styles raises TURN, and mends what comes to light.
"""

from __future__ import annotations

from hashlib import sha256

import pytest

from tests.accessibility.looking import Combination, Finding, Looker, every_combination
from tests.accessibility.states import LANGUAGES, Shown

PARTS = 12
TURN = 1
COMBINATIONS = tuple(every_combination())
pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]  # the first of them waits until every state is fetched


def turn(page: str) -> int:
    """A number for this page in this turn."""
    return int.from_bytes(sha256(f"{TURN} {page}".encode()).digest()[:6], "big")


def in_one_language(states: list[Shown]) -> list[Shown]:
    return [one for one in states if one.lang == LANGUAGES[turn(one.state) % 2]]


def look_once(looker: Looker, shown: Shown) -> list[Finding]:
    number = turn(shown.state) // 2
    how = COMBINATIONS[number % len(COMBINATIONS)]
    looker.open(shown)
    found = looker.look(how)
    further = (looker.reach, lambda: looker.spaced(Combination(how.width, 1, "light")), looker.turned, looker.forced)
    return found + further[number // len(COMBINATIONS) % len(further)]()


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_can_be_read_and_used_by_everyone(states: list[Shown], looker: Looker, part: int) -> None:
    found = [finding for shown in in_one_language(states)[part::PARTS] for finding in look_once(looker, shown)]
    assert not found, "\n".join(map(str, found))


def test_the_walk_is_over_many_pages_and_all_kinds_of_answers(states: list[Shown]) -> None:
    assert len(states) > 500
    assert {200, 403, 404, 405, 409, 422, 429, 500, 503} <= {one.status for one in states}
    assert {one.lang for one in states} == set(LANGUAGES)
