"""Sessions: kept on the server under the hash of an opaque id, ended there too.

Fifteen minutes without a tap, eight hours at most (facts/thaid.md, point 7), whatever the way in was; twenty at once, and the one after
ends the one used longest ago. How sure we are of whoever it is, and for how long, is domain/assurance.py's to say. The browser holds a
random id and nothing else, and gets a new one at each sign-in. All times are machine time: a business clock moved in development never
keeps a door open. A signed cookie holding the session itself was refused: it cannot be ended on the server. A session that ran out stays
known for some hours and opens nothing: it only tells whose form it was that came a minute too late, so that what was typed waits for that
person and for nobody else.
Of the browser, the plain name of its family is kept and a hash of a random mark that it holds: so a person can tell their sessions apart,
and is told of a sign-in from where they never came before.
"""

from __future__ import annotations

import hashlib
import secrets
from contextlib import suppress
from dataclasses import dataclass, replace

from webapp.actions import audit
from webapp.domain.assurance import Level, Standing, Via, level_of, may_be_officer
from webapp.domain.audit import Act
from webapp.domain.measure import SIGN_INS
from webapp.domain.reminder import Occasion, about_sign_in
from webapp.domain.retention import period_of
from webapp.ports import Session, StoreUnavailable, Tools

IDLE_SECONDS = 15 * 60
LONGEST_SECONDS = 8 * 3600
MOST_SESSIONS = 20
TOUCH_EVERY_SECONDS = 30
ATTEMPT_SECONDS = 15 * 60
RETURNED_FORM, RETURNED_FORM_SECONDS = "returned-form", period_of("returned_forms").total_seconds()
REMEMBER_ATTEMPTS_SECONDS = period_of("sign_ins").total_seconds()
REMEMBER_ENDED_SECONDS = period_of("sessions").total_seconds()


def hash_of(secret: str) -> str:
    """What the store keeps of a random secret: SHA-256 is enough, since nobody can try out 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


@dataclass(frozen=True)
class Device:
    """The browser somebody signs in with: its family in a word or two, and the mark it holds (hashed); "" where it keeps none."""

    browser: str = ""
    mark_hash: str = ""


NO_DEVICE = Device()


def open_session(tools: Tools, person_id: str | None, officer_id: str | None, via: Via, ial: str, device: Device = NO_DEVICE) -> str:
    """A new session, noted in the audit and told to the person's other phones; returns the secret for the browser's cookie."""
    token = secrets.token_urlsafe(32)
    now = tools.clock.machine_time()
    office = officer_id if may_be_officer(via) else None
    session = Session(
        hash_of(token), person_id, office, via, ial, started_at=now, seen_at=now, authenticated_at=now, browser=device.browser
    )
    with tools.store.transaction():
        if person_id:
            _tell_of_it(tools, person_id, device, now)
            tools.store.open_account(person_id, tools.clock.now())
        tools.store.keep_session(session)
        tools.store.end_oldest_sessions(session, MOST_SESSIONS)
        who = audit.person(person_id) if person_id else audit.officer(office or "")
        as_officer = {"office": office} if office and person_id else {}
        audit.note(tools, Act.SIGNED_IN, who, person_id, via=str(via), ial=ial, **as_officer)
    tools.meter.count(SIGN_INS, str(via), "signed_in")
    return token


def _tell_of_it(tools: Tools, person_id: str, device: Device, now: float) -> None:
    """A first sign-in ever is nobody's news; later ones are, where the browser was never seen with this person. A shared phone keeps no
    mark: there every later sign-in is news. Asked before this sign-in is written down."""
    has_others = tools.store.knows_any_device(person_id) or tools.store.has_signed_in(person_id)
    is_known = bool(device.mark_hash) and tools.store.know_device(person_id, device.mark_hash, now)
    if has_others and not is_known:
        tell(tools, person_id, Occasion.SIGN_IN_NEW)


def tell(tools: Tools, person_id: str, occasion: Occasion) -> None:
    """Plan the news of a way in for the person's phones and inbox; inside the transaction that it tells of."""
    tools.store.plan_for_people(about_sign_in(occasion, tools.clock.now(), secrets.token_hex(8)), [person_id])


def level(tools: Tools, session: Session) -> Level:
    """How sure we are now of whoever this session belongs to."""
    return level_of(session.via, session.authenticated_at, tools.clock.machine_time())


def standing_of(tools: Tools, session: Session | None) -> Standing:
    """What acts ask about whoever came with this session."""
    if session is None:
        return Standing()
    return Standing(level(tools, session), session.person_id is not None, session.officer_id is not None)


def session_of(tools: Tools, token: str) -> Session | None:
    """The session still running under this secret; looking counts as a tap, noted every half minute. Where nothing can be written, it goes
    on from the last tap that could: reading must not need a write."""
    session = _known(tools, token)
    if session is None or _is_over(tools, session):
        return None
    if tools.clock.machine_time() - session.seen_at >= TOUCH_EVERY_SECONDS:
        with suppress(StoreUnavailable):
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


def owner_of(session: Session) -> str:
    """Under whom drafts of this session are kept: the person, or an officer who is no insured person; while it acts for somebody, the
    grant, so that nothing filled in for one is ever offered as another's."""
    if session.grant_id:
        return f"acting:{session.grant_id}"
    return f"person:{session.person_id}" if session.person_id else f"officer:{session.officer_id}"


def end_session(tools: Tools, token: str) -> None:
    tools.store.end_session(hash_of(token))


def forget_stale(tools: Tools) -> int:
    """Drop attempts, sessions, devices and counts that nothing can come of any more; returns how many rows went. For the worker."""
    now = tools.clock.machine_time()
    gone: int = tools.store.forget_stale_sign_ins(
        attempts_before=now - REMEMBER_ATTEMPTS_SECONDS,
        sessions_idle_since=now - IDLE_SECONDS - REMEMBER_ENDED_SECONDS,
        sessions_started_before=now - LONGEST_SECONDS - REMEMBER_ENDED_SECONDS,
    )
    gone += tools.store.forget_challenges(now - REMEMBER_ATTEMPTS_SECONDS)
    gone += tools.store.forget_channel_entries(now)
    gone += tools.store.forget_unused_channel_links(tools.clock.now() - period_of("channel_links"))
    gone += tools.store.forget_known_devices(now - period_of("devices").total_seconds())
    gone += tools.store.forget_unused_passkeys(tools.clock.now() - period_of("passkeys"))
    gone += tools.store.forget_counter_codes(tools.clock.now() - period_of("counter_codes"))
    return gone + tools.store.forget_carried_sign_ins(now)


def _known(tools: Tools, token: str) -> Session | None:
    session: Session | None = tools.store.session(hash_of(token))
    return session


def _is_over(tools: Tools, session: Session) -> bool:
    return tools.clock.machine_time() >= ends_at(session)


def _touched(tools: Tools, session: Session) -> Session:
    now = tools.clock.machine_time()
    tools.store.touch_session(session.id_hash, now)
    return replace(session, seen_at=now)
