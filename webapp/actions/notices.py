"""Telling everybody something, ending it, and the board that each process reads it from.

The board is what pages look at: it asks the store once in SECONDS_REMEMBERED, not once a page, and while the store is down it shows what it
saw last. So a new notice stands on every page within that time, and a page costs no question. Writes do not rely on it: they ask the store
itself whether anything is taken in (web/read_only.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock

from webapp.domain import notice as rule
from webapp.domain.notice import KIND_OF, MOST_AT_ONCE, About, Kind, Notice
from webapp.domain.read_only import Spell, Why
from webapp.ports import Store, StoreUnavailable, Tools

SECONDS_REMEMBERED = 5.0


class NoticeRefused(ValueError):
    """One clear line on why nothing is told."""


@dataclass(frozen=True)
class Posted:
    """All that was told lately or will be, the newest first."""

    notices: tuple[Notice, ...] = ()
    spells: tuple[Spell, ...] = ()

    def shown(self, at: datetime) -> list[Notice]:
        """What stands now; trouble first."""
        return sorted((one for one in self.notices if one.is_shown(at)), key=lambda one: one.kind is not Kind.TROUBLE)

    def coming(self, at: datetime) -> list[Notice]:
        return sorted((one for one in self.notices if one.is_coming(at)), key=lambda one: one.from_at)

    def past(self, at: datetime) -> list[Notice]:
        return [one for one in self.notices if one.was_shown(at)]

    @property
    def read_only(self) -> Spell | None:
        """The one that runs."""
        return next((spell for spell in self.spells if spell.runs), None)


class Board:
    """What is posted, remembered by this process."""

    def __init__(self, tools: Tools) -> None:
        self._tools, self._lock = tools, Lock()
        self._posted, self._looked_at = Posted(), float("-inf")

    @property
    def store(self) -> Store:
        return self._tools.store

    def posted(self) -> Posted:
        """At most SECONDS_REMEMBERED old; one thread looks, the others go on with what is known."""
        now = self._tools.clock.elapsed()
        if now - self._looked_at >= SECONDS_REMEMBERED and self._lock.acquire(blocking=False):
            try:
                self._posted, self._looked_at = self._look(), now
            except StoreUnavailable:
                self._looked_at = now
            finally:
                self._lock.release()
        return replace(self._posted, spells=(BY_SETTING, *self._posted.spells)) if self._tools.settings.read_only else self._posted

    def _look(self) -> Posted:
        since = self._tools.clock.now() - rule.REMEMBERED
        return Posted(tuple(self.store.notices_since(since)), tuple(self.store.read_only_since(since)))


BY_SETTING = Spell(0, Why.MAINTENANCE, None)
"""What SITTHI_READ_ONLY says."""


def add(tools: Tools, kind: Kind, th: str, en: str, from_at: datetime | None, until_at: datetime | None) -> Notice:
    """In words of one's own. Raises NoticeRefused."""
    for option, words in (("--th", th), ("--en", en)):
        if fault := rule.fault_of(words):
            raise NoticeRefused(f"{option} {fault}")
    if not rule.is_thai(th) or rule.is_thai(en):
        raise NoticeRefused("--th takes the Thai words and --en the English ones")
    return _posted(tools, kind, "", th.strip(), en.strip(), from_at, until_at)


def add_about(tools: Tools, about: About, from_at: datetime | None, until_at: datetime | None) -> Notice:
    """In the words that are kept for it. Raises NoticeRefused."""
    return _posted(tools, KIND_OF[about], str(about), "", "", from_at, until_at)


def _posted(
    tools: Tools, kind: Kind, about: str, th: str, en: str, from_at: datetime | None, until_at: datetime | None
) -> Notice:
    now = tools.clock.now()
    notice = Notice(0, kind, about, th, en, from_at or now, until_at, now)
    if until_at is not None and until_at <= max(now, notice.from_at):
        raise NoticeRefused("--until is over before the notice begins")
    with tools.store.transaction():
        if sum(not one.is_over(now) for one in tools.store.notices_since(now)) >= MOST_AT_ONCE:
            raise NoticeRefused(f"{MOST_AT_ONCE} notices stand or are to come: end one first")
        return replace(notice, number=tools.store.add_notice(notice))


def end(tools: Tools, number: int) -> bool:
    """Whether there was one to end."""
    done: bool = tools.store.end_notice(number, tools.clock.now())
    return done


def known(tools: Tools) -> Posted:
    """As the store holds it now, for an operator."""
    since = tools.clock.now() - rule.REMEMBERED
    return Posted(tuple(tools.store.notices_since(since)), tuple(tools.store.read_only_since(since)))
