"""Passkeys: made after ThaiD for quick returns, or with a code from the counter; used to come in; removed.

Decided:
- A challenge is not kept when it is handed out: it carries its own end and a mark of ours, bound to the browser and to what it is for.
  When it comes back answered it is written down, once: of the same answer sent twice one is refused. So looking at a page writes nothing.
- What a passkey opens is what it was made with: after ThaiD a session that must go to ThaiD for money and identity, after a code from the
  counter one that must go back there. Officers come in by ThaiD alone (domain/assurance.py).
- The phone stores a name beside the key, and its maker may copy it into a cloud: it is the day it was made, never the person's.
- A passkey that nobody used for a year is forgotten.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from webapp.actions import audit
from webapp.actions.sessions import Device, end_session, hash_of, open_session, tell
from webapp.domain.assurance import Via
from webapp.domain.audit import Act
from webapp.domain.reminder import Occasion
from webapp.ports import NewPasskey, Passkey, Session, Tools

CHALLENGE_SECONDS = 10 * 60
MOST_PASSKEYS = 10
OPENS = {Via.THAID: Via.PASSKEY, Via.COUNTER_PASSKEY: Via.COUNTER_PASSKEY}
"""Which session a passkey opens, by the way it was made."""

NOBODYS = Passkey(
    "", "", "pQECAyYgASFYIIl3Ae0BUlWDaEub8vem1qfpF-1PB2UP7-WBI8zfhDmMIlggsaIlai4-dGOZoKcniElw-sMC90VAZJa2kRlXKZB2kbc", 0, Via.THAID,
    datetime.min.replace(tzinfo=UTC),
)  # fmt: skip
"""A public key whose private half nobody has: an unknown passkey is looked at as long as a known one, so nobody learns which there are."""


class For(StrEnum):
    """What a challenge is for; one handed out for one thing answers no other."""

    MAKE = "make"
    USE = "use"


@dataclass(frozen=True)
class CameIn:
    """`token` is the secret for the session cookie."""

    token: str
    person_id: str


def to_make(tools: Tools, browser_secret: str, person_id: str, name: str) -> str:
    """The options for `navigator.credentials.create`, as JSON; `name` is what the phone will show beside the key."""
    known = [one.credential_id for one in tools.store.passkeys_of(person_id)]
    options: str = tools.passkeys.to_make(_challenge(tools, browser_secret, For.MAKE), _handle(person_id), name, known)
    return options


def to_use(tools: Tools, browser_secret: str) -> str:
    """The options for `navigator.credentials.get`, as JSON; they name nobody."""
    options: str = tools.passkeys.to_use(_challenge(tools, browser_secret, For.USE))
    return options


def verify_made(tools: Tools, browser_secret: str | None, answer: str) -> NewPasskey | None:
    """What the browser made, where it answers a challenge of ours that nobody answered before. Inside a transaction."""
    challenge = _answered(tools, browser_secret, answer, For.MAKE)
    made: NewPasskey | None = tools.passkeys.made(answer, challenge) if challenge else None
    return made


def keep(tools: Tools, person_id: str, new: NewPasskey, made_via: Via, device: Device) -> bool:
    """Inside a transaction; False where this key is known, or the person has as many as anybody needs."""
    if len(tools.store.passkeys_of(person_id)) >= MOST_PASSKEYS:
        return False
    passkey = Passkey(
        new.credential_id, person_id, new.public_key, new.sign_count, str(made_via), tools.clock.now(), browser=device.browser
    )
    if not tools.store.add_passkey(passkey):
        return False
    audit.note(tools, Act.PASSKEY_SET, audit.person(person_id), person_id, via=str(made_via))
    tell(tools, person_id, Occasion.SIGN_IN_WAY)
    return True


def add(tools: Tools, browser_secret: str | None, person_id: str, answer: str, device: Device) -> bool:
    """Keep a passkey that somebody made just after ThaiD."""
    with tools.store.transaction():
        new = verify_made(tools, browser_secret, answer)
        return new is not None and keep(tools, person_id, new, Via.THAID, device)


def come_in(tools: Tools, browser_secret: str | None, answer: str, earlier_token: str | None, device: Device) -> CameIn | None:
    """A session for whoever's passkey signed; None where none of ours did, or its person is not insured with us any more."""
    with tools.store.transaction():
        challenge = _answered(tools, browser_secret, answer, For.USE)
        if challenge is None:
            return None
        passkey: Passkey | None = tools.store.passkey(tools.passkeys.credential_in(answer) or "")
        count = tools.passkeys.used(answer, challenge, passkey or NOBODYS)
        if passkey is None or count is None:
            return None
        person = tools.store.person(passkey.person_id)
        if person is None or not person.section:
            return None
        if not tools.store.note_passkey_use(passkey.credential_id, passkey.sign_count, count, tools.clock.now()):
            return None
        if earlier_token:
            end_session(tools, earlier_token)
        token = open_session(tools, passkey.person_id, None, OPENS[Via(passkey.made_via)], "", device)
    return CameIn(token, passkey.person_id)


def passkeys_of(tools: Tools, person_id: str) -> list[Passkey]:
    """Newest first."""
    found: list[Passkey] = tools.store.passkeys_of(person_id)
    return found


def remove(tools: Tools, mine: Session, credential_id: str) -> bool:
    """It opens nothing from now on; sessions that such passkeys opened end, but for the one that asks. False where there is none."""
    person_id = mine.person_id or ""
    with tools.store.transaction():
        passkey = next((one for one in tools.store.passkeys_of(person_id) if one.credential_id == credential_id), None)
        if passkey is None or not tools.store.drop_passkey(person_id, credential_id):
            return False
        tools.store.end_sessions_of(person_id, except_for=mine.id_hash, via=[OPENS[Via(passkey.made_via)]])
        audit.note(tools, Act.PASSKEY_REMOVED, audit.person(person_id), person_id, via=passkey.made_via)
    return True


def _challenge(tools: Tools, browser_secret: str, purpose: For) -> bytes:
    """24 random bytes, the second it ends, and our mark."""
    said = secrets.token_bytes(24) + struct.pack(">Q", int(tools.clock.machine_time()) + CHALLENGE_SECONDS)
    return said + _mark(tools.settings.secret_keys[0], said, browser_secret, purpose)


def _answered(tools: Tools, browser_secret: str | None, answer: str, purpose: For) -> bytes | None:
    """The challenge in this answer, where it is ours, for this browser and purpose, in time, and not answered before."""
    challenge: bytes | None = tools.passkeys.challenge_in(answer)
    if challenge is None or browser_secret is None or len(challenge) != 64:
        return None
    said, mark = challenge[:32], challenge[32:]
    is_ours = any(hmac.compare_digest(_mark(key, said, browser_secret, purpose), mark) for key in tools.settings.secret_keys)
    (ends_at,) = struct.unpack(">Q", said[24:])
    now = tools.clock.machine_time()
    if not is_ours or now > ends_at or not tools.store.use_challenge(hash_of(challenge.hex()), now):
        return None
    return challenge


def _mark(key: str, said: bytes, browser_secret: str, purpose: For) -> bytes:
    return hmac.new(key.encode(), b"sitthi passkey" + said + f"{purpose}:{hash_of(browser_secret)}".encode(), hashlib.sha256).digest()


def _handle(person_id: str) -> bytes:
    """How the phone tells two people's keys apart: a hash of a random id."""
    return hashlib.sha256(f"sitthi passkey handle:{person_id}".encode()).digest()
