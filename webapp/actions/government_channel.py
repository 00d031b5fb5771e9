"""Entering from the Government Channel app (ทางรัฐ): the mToken spent, the person's own word, ThaiD the first time, a session afterwards.

Decided:
- The mToken is spent the moment it arrives: it lives two minutes, and an address that still holds a live one must not lie in a history.
  What the gateway told waits ten minutes, sealed, for the browser that brought it and for no other.
- Nobody is let in by a link alone: it may be a stranger's, opened so that somebody types their own data into the stranger's record. The
  page names who it would be, and waits for "that is me".
- The first time, ThaiD has to say the same number; only then is the link kept. The two numbers are compared as hashes, in constant time.
  Whoever ThaiD names keeps the session that ThaiD opened: it is theirs, whatever the app said.
- The link is to the gateway's own id of a person: the same citizen number under another id is an entry for ThaiD again. Whether the number
  is known here is told to nobody before ThaiD.
- The audit notes the failure of an entry that was held and is spent by it. What anybody can send as often as they like (a foreign app, an
  invented mToken, "that is me" without an entry) stands in the log of the process and grows nothing.
- A link is news to the person's other phones, like any way in. One that nobody used for a year is forgotten.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum
from secrets import compare_digest, token_urlsafe

from webapp.actions import audit
from webapp.actions.sessions import Device, end_session, hash_of, open_session, tell
from webapp.domain.assurance import Via
from webapp.domain.audit import Act
from webapp.domain.person import NumberKind
from webapp.domain.reminder import Occasion
from webapp.domain.retention import period_of
from webapp.ports import ChannelEntry, ChannelLink, Session, SignInFailed, Tools

ENTRY_SECONDS = int(period_of("channel_entries").total_seconds())


@dataclass(frozen=True)
class NotEntered:
    """`cause`: the words of SignInFailed, or foreign_app · switched_off · entry_over · not_insured."""

    cause: str
    detail: str = ""


@dataclass(frozen=True)
class Waiting:
    """`secret` lets the browser that brought the entry, and no other, say "that is me"."""

    secret: str


@dataclass(frozen=True)
class CameIn:
    """`token` is the secret for the session cookie."""

    token: str
    person_id: str


class ThaidFirst(StrEnum):
    """What follows "that is me" where no link holds."""

    NOT_LINKED = "not_linked"


class Linked(StrEnum):
    """What came of showing ThaiD after an entry."""

    YES = "yes"
    ANOTHER_NUMBER = "another_number"
    ENTRY_OVER = "entry_over"


def arrive(tools: Tools, app_id: str, mtoken: str) -> Waiting | NotEntered:
    """Spend the mToken and keep who it names. A foreign app id, or what is no mToken at all, is refused without a call."""
    mini_app, gateway = tools.settings.government_channel, tools.government_channel
    if mini_app is None or gateway is None:
        return NotEntered("switched_off")
    if not compare_digest(app_id.encode(), mini_app.app_id.encode()):
        return NotEntered("foreign_app")
    if not _is_uuid(mtoken):
        return NotEntered("entry_not_taken", "no mToken")
    try:
        entered = gateway.who_entered(mtoken)
    except SignInFailed as failed:
        return NotEntered(failed.cause, failed.detail)
    secret = token_urlsafe(32)
    tools.store.keep_channel_entry(ChannelEntry(hash_of(secret), entered, tools.clock.machine_time() + ENTRY_SECONDS))
    return Waiting(secret)


def entry_of(tools: Tools, secret: str | None) -> ChannelEntry | None:
    """What waits in this browser, while it does."""
    entry: ChannelEntry | None = tools.store.channel_entry(hash_of(secret)) if secret else None
    return entry if entry and tools.clock.machine_time() < entry.ends_at else None


def is_linked(tools: Tools, entry: ChannelEntry) -> bool:
    """Whether this entry opens a session without ThaiD."""
    return _linked_person_id(tools, entry) is not None


def drop(tools: Tools, secret: str | None) -> None:
    """Somebody says "that is not me", or it has served."""
    if secret:
        tools.store.drop_channel_entry(hash_of(secret))


def confirm(
    tools: Tools, secret: str | None, earlier_token: str | None, device: Device
) -> CameIn | ThaidFirst | NotEntered:
    """"That is me": a session where a link holds, ThaiD first where none does. This browser's session so far ends with the new one."""
    with tools.store.transaction():
        entry = entry_of(tools, secret)
        if entry is None:
            return NotEntered("entry_over")
        person_id = _linked_person_id(tools, entry)
        if person_id is None:
            tools.store.confirm_channel_entry(entry.id_hash)
            return ThaidFirst.NOT_LINKED
        if not tools.store.drop_channel_entry(entry.id_hash):
            return NotEntered("entry_over")
        person = tools.store.person(person_id)
        if person is None or not person.section:
            _note_failed(tools, "not_insured")
            return NotEntered("not_insured")
        if earlier_token:
            end_session(tools, earlier_token)
        tools.store.note_channel_use(person_id, tools.clock.now())
        return CameIn(open_session(tools, person_id, None, Via.GOVERNMENT_CHANNEL, "", device), person_id)


def link(tools: Tools, secret: str | None, mine: Session) -> Linked:
    """After ThaiD: keep the link where the person who is signed in has the number that the app told. Whether ThaiD was shown just now is
    the caller's to ask (domain/assurance.py)."""
    with tools.store.transaction():
        entry = entry_of(tools, secret)
        if entry is None or not entry.confirmed or not tools.store.drop_channel_entry(entry.id_hash):
            return Linked.ENTRY_OVER
        if not _is_number_of(tools, mine.person_id, entry.entered.pid):
            _note_failed(tools, Linked.ANOTHER_NUMBER)
            return Linked.ANOTHER_NUMBER
        person_id = mine.person_id or ""
        tools.store.keep_channel_link(ChannelLink(person_id, hash_of(entry.entered.user_id), tools.clock.now()))
        audit.note(tools, Act.CHANNEL_LINKED, audit.person(person_id), person_id)
        tell(tools, person_id, Occasion.SIGN_IN_WAY)
    return Linked.YES


def link_of(tools: Tools, person_id: str) -> ChannelLink | None:
    found: ChannelLink | None = tools.store.channel_link_of(person_id)
    return found


def end_link(tools: Tools, mine: Session) -> bool:
    """From now on ThaiD is asked again; sessions that the app opened end, but for the one that asks. False where there is no link."""
    person_id = mine.person_id or ""
    with tools.store.transaction():
        if not tools.store.drop_channel_link(person_id):
            return False
        ended = tools.store.end_sessions_of(person_id, except_for=mine.id_hash, via=[Via.GOVERNMENT_CHANNEL])
        audit.note(tools, Act.CHANNEL_LINK_ENDED, audit.person(person_id), person_id, count=ended)
    return True


def _linked_person_id(tools: Tools, entry: ChannelEntry) -> str | None:
    person_id = tools.store.person_id_of(entry.entered.pid)
    kept = link_of(tools, person_id) if person_id else None
    is_theirs = kept is not None and compare_digest(kept.user_hash, hash_of(entry.entered.user_id))
    return person_id if is_theirs else None


def _is_number_of(tools: Tools, person_id: str | None, pid: str) -> bool:
    """By hash and in constant time. Whoever ThaiD let in was found by their citizen number."""
    name = tools.store.name_of(person_id) if person_id else None
    own = hash_of(name.pid) if name and name.number_kind is NumberKind.CITIZEN else ""
    return compare_digest(own, hash_of(pid))


def _is_uuid(text: str) -> bool:
    try:
        return len(text) == 36 and str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False


def _note_failed(tools: Tools, cause: str) -> None:
    audit.note(tools, Act.SIGN_IN_FAILED, audit.NOBODY, cause=f"government_channel:{cause}")
