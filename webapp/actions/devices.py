"""My devices: the sessions that are open in somebody's name, and ending them.

Decided: a session is named to its person by a hash of its hash, so that a page holds nothing that opens or finds one. Ending another one
says so to nobody: that browser finds itself signed out. This one is ended by signing out.
"""

from __future__ import annotations

from dataclasses import dataclass

from webapp.actions import audit
from webapp.actions.sessions import ends_at, hash_of
from webapp.domain.audit import Act
from webapp.ports import Session, Tools

NAME_LETTERS = 16


@dataclass(frozen=True)
class OpenSession:
    """`name` is what a form says; `is_this` the one that asks."""

    name: str
    session: Session
    is_this: bool


def open_sessions(tools: Tools, mine: Session) -> list[OpenSession]:
    """This one first, then the others, last used first; what ran out is not shown."""
    now = tools.clock.machine_time()
    running = [one for one in tools.store.sessions_of(mine.person_id or "") if now < ends_at(one)]
    listed = [OpenSession(name_of(one), one, one.id_hash == mine.id_hash) for one in running]
    return sorted(listed, key=lambda one: not one.is_this)


def end_one(tools: Tools, mine: Session, name: str) -> bool:
    """False where this person has no such session, or it is the one that asks."""
    with tools.store.transaction():
        found = next((one for one in tools.store.sessions_of(mine.person_id or "") if name_of(one) == name), None)
        if found is None or found.id_hash == mine.id_hash:
            return False
        tools.store.end_session(found.id_hash)
        _note(tools, mine, 1)
    return True


def end_all_others(tools: Tools, mine: Session) -> int:
    """Returns how many ended."""
    with tools.store.transaction():
        ended: int = tools.store.end_sessions_of(mine.person_id or "", except_for=mine.id_hash)
        if ended:
            _note(tools, mine, ended)
    return ended


def end_by_operator(tools: Tools, pid: str | None) -> int:
    """Everybody's sessions, or those of the person and the officer with this number; returns how many ended. For the operator, after
    something was stolen."""
    with tools.store.transaction():
        if pid is None:
            ended: int = tools.store.end_every_session()
        else:
            person_id, officer = tools.store.person_id_of(pid), tools.store.officer_of(pid)
            ended = tools.store.end_sessions_of(person_id) if person_id else 0
            ended += tools.store.end_sessions_of_officer(officer.id) if officer else 0
        audit.note(tools, Act.SESSIONS_ENDED, audit.OPERATOR, count=ended)
    return ended


def name_of(session: Session) -> str:
    return hash_of(f"device:{session.id_hash}")[:NAME_LETTERS]


def _note(tools: Tools, mine: Session, count: int) -> None:
    audit.note(tools, Act.SESSIONS_ENDED, audit.person(mine.person_id or ""), mine.person_id, count=count)
