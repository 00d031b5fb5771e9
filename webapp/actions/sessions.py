"""Sessions: kept on the server under the hash of an opaque id, ended there too.

Fifteen minutes without a tap, eight hours at most (facts/thaid.md, point 7); fresh ThaiD counts for five minutes. The
browser holds a random id and nothing else, and gets a new one at each sign-in. All times are machine time: a business
clock moved in development never keeps a door open. A signed cookie holding the session itself was refused: it cannot
be ended on the server. A session that ran out stays known for some hours and opens nothing: it only tells whose form it
was that came a minute too late, so that what was typed waits for that person and for nobody else.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace

from webapp.ports import Identity, Session, Tools

IDLE_SECONDS = 15 * 60
LONGEST_SECONDS = 8 * 3600
FRESH_SECONDS = 5 * 60
TOUCH_EVERY_SECONDS = 30
ATTEMPT_SECONDS = 15 * 60
RETURNED_FORM, RETURNED_FORM_SECONDS = "returned-form", 3600
REMEMBER_ATTEMPTS_SECONDS = 24 * 3600
REMEMBER_ENDED_SECONDS = 8 * 3600


def hash_of(secret: str) -> str:
    """What the store keeps of a random secret: SHA-256 is enough, since nobody can try out 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def open_session(tools: Tools, identity: Identity, person_id: str | None, officer_id: str | None, via: str) -> str:
    """A new session; returns the secret for the browser's cookie."""
    token = secrets.token_urlsafe(32)
    now = tools.clock.machine_time()
    session = Session(hash_of(token), person_id, officer_id, via, identity.ial, started_at=now, seen_at=now, authenticated_at=now)
    tools.store.keep_session(session)
    return token


def session_of(tools: Tools, token: str) -> Session | None:
    """The session still running under this secret; looking counts as a tap, noted every half minute."""
    session = _known(tools, token)
    if session is None or _is_over(tools, session):
        return None
    if tools.clock.machine_time() - session.seen_at >= TOUCH_EVERY_SECONDS:
        return _touched(tools, session)
    return session


def ran_out_session_of(tools: Tools, token: str) -> Session | None:
    """The session that ran out under this secret, while it is remembered; None for one that was signed out."""
    session = _known(tools, token)
    return session if session is not None and _is_over(tools, session) else None


def extend_session(tools: Tools, token: str) -> Session | None:
    """A full quarter of an hour from now on, never past the eight hours; None where it is over already."""
    session = _known(tools, token)
    return None if session is None or _is_over(tools, session) else _touched(tools, session)


def ends_at(session: Session) -> float:
    """Epoch seconds at which this session ends if nothing more is tapped."""
    return min(session.seen_at + IDLE_SECONDS, session.started_at + LONGEST_SECONDS)


def is_fresh(session: Session, now: float) -> bool:
    """Whether ThaiD vouched so recently that money or identity may be changed."""
    return now - session.authenticated_at <= FRESH_SECONDS


def owner_of(session: Session) -> str:
    """Under whom drafts of this session are kept: the person, or an officer who is no insured person."""
    return f"person:{session.person_id}" if session.person_id else f"officer:{session.officer_id}"


def end_session(tools: Tools, token: str) -> None:
    tools.store.end_session(hash_of(token))


def forget_stale(tools: Tools) -> int:
    """Drop attempts, sessions and counts that nothing can come of any more; returns how many rows went. For the worker."""
    now = tools.clock.machine_time()
    gone: int = tools.store.forget_stale_sign_ins(
        attempts_before=now - REMEMBER_ATTEMPTS_SECONDS,
        sessions_idle_since=now - IDLE_SECONDS - REMEMBER_ENDED_SECONDS,
        sessions_started_before=now - LONGEST_SECONDS - REMEMBER_ENDED_SECONDS,
    )
    return gone


def _known(tools: Tools, token: str) -> Session | None:
    session: Session | None = tools.store.session(hash_of(token))
    return session


def _is_over(tools: Tools, session: Session) -> bool:
    return tools.clock.machine_time() >= ends_at(session)


def _touched(tools: Tools, session: Session) -> Session:
    now = tools.clock.machine_time()
    tools.store.touch_session(session.id_hash, now)
    return replace(session, seen_at=now)
