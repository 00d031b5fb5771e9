"""Taking nothing in for a while, so that a database can be moved or migrated and nobody loses what they sent.

Two switches:
- `sitthi read-only on`: a row of the store, so every process knows it and a restart keeps it. Requests that began before it end within
  SECONDS_UNTIL_QUIET; whoever copies the database waits so long, or uses `sitthi backup`, which reads one moment anyway.
- SITTHI_READ_ONLY=on: where the store itself cannot be written or must not be touched at all. The store is opened so that it takes no
  write whatsoever. So nobody can sign in; whoever is signed in goes on reading for what is left of their quarter of an hour, counted from
  their last tap before; nothing is noted, and so nothing is shown that has to be (an officer's or a helper's look at a record).
  It begins and ends with a restart or reload of `serve` and `worker`.

The worker waits: nothing takes effect, is planned, sent, looked at or deleted. What came due meanwhile it does afterwards, in the same
order, and once, as after any pause.
"""

from __future__ import annotations

from datetime import datetime

from webapp.domain.read_only import Spell, Why
from webapp.ports import StoreUnavailable, Tools

SECONDS_UNTIL_QUIET = 30
"""As long as the server lets a request run when it is told to stop (serving.DRAIN_SECONDS), and longer than a sender's answers take."""
LOOK_EVERY = 2.0


def begin(tools: Tools, why: Why, until_at: datetime | None) -> Spell:
    """Begun already: the reason and the end are told anew."""
    tools.store.begin_read_only(Spell(0, why, tools.clock.now(), until_at))
    spell: Spell | None = tools.store.read_only_spell()
    assert spell is not None
    return spell


def end(tools: Tools) -> bool:
    """Whether it was on."""
    was_on: bool = tools.store.end_read_only(tools.clock.now())
    return was_on


def is_on(tools: Tools) -> bool:
    """As the setting and the store say at this moment. Raises StoreUnavailable."""
    return tools.settings.read_only or tools.store.read_only_spell() is not None


class Watch:
    """For whoever works on and on: asks the store at most every LOOK_EVERY seconds; while it does not answer, what it said last counts."""

    def __init__(self, tools: Tools) -> None:
        self._tools, self._is_on, self._looked_at = tools, tools.settings.read_only, float("-inf")

    def is_on(self) -> bool:
        now = self._tools.clock.elapsed()
        if now - self._looked_at >= LOOK_EVERY:
            self._looked_at = now
            try:
                self._is_on = is_on(self._tools)
            except StoreUnavailable:
                return self._is_on
        return self._is_on
