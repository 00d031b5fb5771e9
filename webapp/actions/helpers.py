"""People who act for others: offering it, taking it up, granting it at a counter, acting, ending it. (Helpers here are people.)

Decided:
- A person offers with a code that they hand over; whoever signs in as themselves and types it sees for whom and what, and takes it up. So
  nobody names a number, and the page says the same, after the same work, whether there is such a code or not. Codes are kept as keyed
  hashes; the code itself stands in a sealed draft of the person for as long as it may be shown.
- Acting is a thing of the helper's own session: the session names the grant, and the grant is read anew with each request. So an end counts
  from the next tap on, wherever the helper stands. A session goes on naming a grant that has ended until the helper has read so: otherwise
  what they had filled in for somebody else would be sent in their own name.
- Reading is noted at the first use of each right since the helper began to act: that suffices to say what they could see, and when. Every
  write is noted each time, an answer kept in a draft as much as what is sent, and before it is tried: one that a page sent back for a
  mistake stands there, too. The steps of a case name the helper besides. The person reads it under "Who opened your record" and beside the
  grant.
- The person is told when a grant begins, when something is sent for them, and when it ends. That it runs out is planned when it begins,
  and taken back when it is ended earlier. The helper is told of the end, too.
- At the counter the officer sees the helper's card and a paper. Both numbers are looked up and forgotten, and both look-ups are in the
  audit. Nobody grants from or to themselves.
Put aside: the helper asking for it (a person would be asked by strangers), and one session that acts for several at once.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from webapp.actions import audit
from webapp.actions.number_lookup import person_with
from webapp.domain import helper_grant as rule
from webapp.domain.assessment import Refusal
from webapp.domain.audit import Act, By, ReadReason, Who
from webapp.domain.counter_code import HALF, TRIES, is_well_typed, new_code, read_code
from webapp.domain.helper_grant import EndedBy, Grant, Paper, Right, State, Term, is_running, state_of
from webapp.domain.person import NumberKind
from webapp.domain.reminder import Occasion, about_helper, end_of_grant
from webapp.domain.retention import period_of
from webapp.ports import Name, OfferCode, Officer, Session, Tools

SHOWN, ENTERED, DESK, GRANTED = "helper-code-shown", "helper-code-entered", "helper-desk", "helper-granted"
SHOWN_SECONDS = DESK_SECONDS = ENTERED_SECONDS = GRANTED_SECONDS = 15 * 60
SHORT_LIVED = {SHOWN: SHOWN_SECONDS, ENTERED: ENTERED_SECONDS, DESK: DESK_SECONDS, GRANTED: GRANTED_SECONDS}
STANDING = frozenset({State.OFFERED, State.RUNNING})


class CodeFault(StrEnum):
    """Why what was typed is not taken. MISTYPED cost no try."""

    MISTYPED = "mistyped"
    NOT_TAKEN = "not_taken"


class NotFound(StrEnum):
    """Why a number leads to nobody who can be named here."""

    NOT_A_NUMBER = "not_a_number"
    NOT_IN_THE_RECORD = "not_in_the_record"
    THEIR_OWN = "their_own"
    THE_SAME = "the_same"


@dataclass(frozen=True)
class Helping:
    """One grant as either side sees it: `other` is who stands on the other side, None for an offer that nobody took up."""

    grant: Grant
    state: State
    other: Name | None


# The person who is helped


def offer(tools: Tools, person_id: str, key: str, rights: Iterable[Right], term: Term | None) -> Grant | Refusal:
    """Offer it to whoever brings the code. The same key of the same person gets the same offer again."""
    with tools.store.transaction():
        made: Grant | None = tools.store.helper_grant_by_key(person_id, key)
        if made is not None:
            return made
        now = tools.clock.now()
        grant = rule.offer(secrets.token_hex(16), person_id, rights, term, now, _standing(tools, person_id))
        if isinstance(grant, Refusal):
            return grant
        code, kept = _new_code(tools)
        tools.store.add_helper_grant(grant, key, kept)
        audit.note(tools, Act.HELP_OFFERED, audit.person(person_id), person_id, grant=grant.id)
        _keep(tools, _of_person(person_id), SHOWN, {"code": code, "id": grant.id})
    return grant


def code_to_hand_over(tools: Tools, person_id: str, grant_id: str) -> str | None:
    """The code of the offer made last, while it may be shown and nobody has taken it up."""
    shown = _kept(tools, _of_person(person_id), SHOWN)
    grant = granted_by(tools, person_id, grant_id)
    is_open = grant is not None and state_of(grant, tools.clock.now()) is State.OFFERED
    return str(shown["code"]) if shown and is_open and shown["id"] == grant_id else None


def granted_by(tools: Tools, person_id: str, grant_id: str) -> Grant | None:
    """This person's grant; another's and none at all answer alike."""
    grant: Grant | None = tools.store.helper_grant(grant_id)
    return grant if grant is not None and grant.person_id == person_id else None


def helpers_of(tools: Tools, person_id: str) -> list[Helping]:
    """Everybody this person lets help, or did so: what runs and what is offered first."""
    return _both_sides(tools, tools.store.helper_grants_by(person_id), lambda grant: grant.helper_id)


def end_for_person(tools: Tools, person_id: str, grant_id: str) -> Grant | None:
    """The person ends it, at once; None for another's. Twice is once."""
    return _end(tools, granted_by(tools, person_id, grant_id), EndedBy.PERSON, audit.person(person_id))


def done_by_helper(tools: Tools, grant: Grant) -> list[audit.Opening]:
    """What the helper read and did under this grant, newest first."""
    mine = (By.HELPER, grant.helper_id)
    return [
        one
        for one in audit.openings_of(tools, grant.person_id)
        if (one.entry.who.by, one.entry.who.id) == mine and _is_within(grant, one)
    ]


def _is_within(grant: Grant, one: audit.Opening) -> bool:
    return grant.since is not None and grant.since <= one.entry.at and (grant.ended_at is None or one.entry.at <= grant.ended_at)


# The helper


def enter_code(tools: Tools, helper_id: str, typed: str) -> Grant | CodeFault:
    """Find the offer behind a code, which then waits for this person to take it up. A try counts before anything is looked at."""
    code = read_code(typed)
    if not is_well_typed(code):
        return CodeFault.MISTYPED
    found = tools.store.open_offer(_hashes(tools, "first", code[:HALF]))
    grant, expected = found or (None, "")
    with tools.store.transaction():
        counted = tools.store.try_offer(grant.id if grant else "", TRIES)
        is_right = expected in _hashes(tools, "code", code)
        if grant is None or not counted or not is_right or state_of(grant, tools.clock.now()) is not State.OFFERED:
            return CodeFault.NOT_TAKEN
        tools.store.give_back_offer_try(grant.id)
        _keep(tools, _of_person(helper_id), ENTERED, {"id": grant.id})
    return grant


def entered(tools: Tools, helper_id: str) -> Helping | None:
    """The offer whose code this person has typed and not taken up yet; `other` is who offers it."""
    kept = _kept(tools, _of_person(helper_id), ENTERED)
    grant: Grant | None = tools.store.helper_grant(kept["id"]) if kept else None
    if grant is None or state_of(grant, tools.clock.now()) is not State.OFFERED:
        return None
    return Helping(grant, State.OFFERED, tools.store.name_of(grant.person_id))


def accept(tools: Tools, helper_id: str, grant_id: str) -> Grant | Refusal | None:
    """Take up the offer whose code was typed; `grant_id` is the one the page showed. None: there is no such offer any more."""
    with tools.store.transaction():
        waiting = entered(tools, helper_id)
        if waiting is None or waiting.grant.id != grant_id:
            return None
        taken = rule.accept(waiting.grant, helper_id, tools.clock.now(), _helps(tools, helper_id))
        if isinstance(taken, Refusal):
            return taken
        tools.store.update_helper_grant(taken)
        tools.store.drop_draft(_of_person(helper_id), ENTERED)
        tools.store.drop_draft(_of_person(taken.person_id), SHOWN)
        audit.note(tools, Act.HELP_ACCEPTED, audit.helper(helper_id), taken.person_id, grant=taken.id)
        _tell_that_it_begins(tools, taken)
    return taken


def people_helped_by(tools: Tools, helper_id: str) -> list[Helping]:
    """For whom this person may act, and for whom they did: what runs first."""
    return _both_sides(tools, tools.store.helper_grants_to(helper_id), lambda grant: grant.person_id)


def end_for_helper(tools: Tools, helper_id: str, grant_id: str) -> Grant | None:
    """The helper gives it up; None where it is not theirs."""
    grant: Grant | None = tools.store.helper_grant(grant_id)
    mine = grant if grant is not None and grant.helper_id == helper_id else None
    return _end(tools, mine, EndedBy.HELPER, audit.helper(helper_id))


# Acting


@dataclass(frozen=True)
class Acting:
    """For whom a session acts. `grant` None: it is gone altogether; `is_running` False: it has ended, and the helper has yet to read so."""

    grant: Grant | None
    name: Name | None
    is_running: bool


def begin_to_act(tools: Tools, session: Session, grant_id: str) -> bool:
    """From here on the session acts under this grant; False where it is not theirs, does not run, or the session acts already."""
    with tools.store.transaction():
        grant: Grant | None = tools.store.helper_grant(grant_id)
        if session.grant_id or grant is None or grant.helper_id != session.person_id or not is_running(grant, tools.clock.now()):
            return False
        tools.store.act_for(session.id_hash, grant.id)
        audit.note(tools, Act.HELPER_BEGAN, audit.helper(grant.helper_id or ""), grant.person_id, grant=grant.id)
    return True


def stop_acting(tools: Tools, session: Session) -> None:
    """The session is its own person's again. Twice is once."""
    if not session.grant_id:
        return
    with tools.store.transaction():
        grant: Grant | None = tools.store.helper_grant(session.grant_id)
        tools.store.act_for(session.id_hash, "")
        if grant is not None:
            audit.note(tools, Act.HELPER_STOPPED, audit.helper(session.person_id or ""), grant.person_id, grant=grant.id)


def acting_of(tools: Tools, session: Session) -> Acting | None:
    """Read anew with each request; None for a session that acts for nobody else."""
    if not session.grant_id:
        return None
    grant: Grant | None = tools.store.helper_grant(session.grant_id)
    if grant is None or grant.helper_id != session.person_id:
        return Acting(None, None, is_running=False)
    return Acting(grant, tools.store.name_of(grant.person_id), is_running(grant, tools.clock.now()))


def note_use(tools: Tools, session: Session, grant: Grant, right: Right, write: str = "") -> None:
    """That a right was used: for reading once since the session began to act, for a write (`write` names its act) each time."""
    if not write and f" {right} " in session.rights_used:
        return
    facts = {"grant": grant.id} | ({"write": write} if write else {})
    with tools.store.transaction():
        if tools.store.use_right(session.id_hash, right) or write:
            audit.note(tools, Act.HELPER_USED, audit.helper(session.person_id or ""), grant.person_id, reason=str(right), **facts)


def tell_of_sending(tools: Tools, person_id: str, helper_id: str | None) -> None:
    """Inside the transaction of what a helper sends or takes back for a person: the person is told."""
    if helper_id is not None:
        told = about_helper(Occasion.HELPER_SENT, "sent", tools.clock.now(), secrets.token_hex(8))
        tools.store.plan_for_people(told, [person_id])


# The officer


@dataclass(frozen=True)
class Desk:
    """Whom the officer has named so far; `shown` tells this pair from any other."""

    person: Name | None
    helper: Name | None
    person_id: str
    helper_id: str
    shown: str


def name_person(tools: Tools, officer: Officer, typed: str, kind: NumberKind) -> Desk | NotFound:
    """Whose rights are given: found by the number on the paper or card. The desk is cleared of whoever was named before."""
    person_id = _found(tools, officer, typed, kind)
    if isinstance(person_id, NotFound):
        return person_id
    return _put_on_desk(tools, officer, {"person_id": person_id}, person_id)


def name_helper(tools: Tools, officer: Officer, typed: str, kind: NumberKind, shown: str) -> Desk | NotFound | None:
    """Who will act, whose card the officer holds; None where the desk shows somebody else by now."""
    desk = on_desk(tools, officer)
    if desk is None or desk.shown != shown:
        return None
    helper_id = _found(tools, officer, typed, kind)
    if isinstance(helper_id, NotFound):
        return helper_id
    if helper_id == desk.person_id:
        return NotFound.THE_SAME
    return _put_on_desk(tools, officer, {"person_id": desk.person_id, "helper_id": helper_id}, helper_id)


def on_desk(tools: Tools, officer: Officer) -> Desk | None:
    kept = _kept(tools, _of_officer(officer), DESK)
    person = tools.store.name_of(kept["person_id"]) if kept else None
    if kept is None or person is None:
        return None
    helper_id = str(kept.get("helper_id", ""))
    return Desk(person, tools.store.name_of(helper_id) if helper_id else None, kept["person_id"], helper_id, kept["shown"])


@dataclass(frozen=True)
class Wish:
    """What an officer has filled in; None where nothing was chosen."""

    rights: Sequence[Right]
    term: Term | None
    paper: Paper | None
    paper_on: date | None


def look_over_at_counter(tools: Tools, officer: Officer, wish: Wish) -> Refusal:
    """What stands in the way of granting this now; nothing unmet where it can be granted."""
    desk = on_desk(tools, officer)
    found = _judge_at_counter(tools, officer, desk, wish) if desk and desk.helper_id else Refusal(())
    return found if isinstance(found, Refusal) else Refusal(())


def _judge_at_counter(tools: Tools, officer: Officer, desk: Desk, wish: Wish) -> Grant | Refusal:
    seen = rule.Seen(desk.person_id, desk.helper_id, wish.paper, wish.paper_on)
    return rule.by_officer(
        secrets.token_hex(16), seen, officer.id, officer.person_id, wish.rights, wish.term, tools.clock.now(),
        _standing(tools, desk.person_id), _helps(tools, desk.helper_id),
    )  # fmt: skip


def grant_at_counter(tools: Tools, officer: Officer, shown: str, wish: Wish, why: str) -> Grant | Refusal | None:
    """A grant that runs at once; None where the desk shows another pair by now, or nobody since the same page was sent."""
    with tools.store.transaction():
        desk = on_desk(tools, officer)
        if desk is None or desk.shown != shown or not desk.helper_id:
            return None
        grant = _judge_at_counter(tools, officer, desk, wish)
        if isinstance(grant, Refusal):
            return grant
        tools.store.add_helper_grant(grant, shown)
        audit.note(
            tools, Act.HELP_GRANTED, audit.officer(officer.id), grant.person_id, reason=str(wish.paper), words=why, grant=grant.id,
            paper_on=str(wish.paper_on),
        )  # fmt: skip
        _tell_that_it_begins(tools, grant)
        tools.store.plan_for_people(about_helper(Occasion.HELPING_GRANTED, grant.id, tools.clock.now()), [desk.helper_id])
        tools.store.drop_draft(_of_officer(officer), DESK)
        _keep(tools, _of_officer(officer), GRANTED, {"id": grant.id})
    return grant


def just_granted(tools: Tools, officer: Officer) -> tuple[Grant, Name, Name] | None:
    """What this officer has just granted, with both names."""
    kept = _kept(tools, _of_officer(officer), GRANTED)
    grant: Grant | None = tools.store.helper_grant(kept["id"]) if kept else None
    if grant is None or grant.helper_id is None:
        return None
    person, helper = tools.store.name_of(grant.person_id), tools.store.name_of(grant.helper_id)
    return (grant, person, helper) if person and helper else None


def end_at_counter(tools: Tools, officer: Officer, grant_id: str) -> Grant | None:
    """The person asks an officer to end it; None where the desk does not show that person."""
    desk = on_desk(tools, officer)
    grant = granted_by(tools, desk.person_id, grant_id) if desk else None
    return _end(tools, grant, EndedBy.OFFICER, audit.officer(officer.id))


def clear_desk(tools: Tools, officer: Officer) -> None:
    """The next person steps up."""
    with tools.store.transaction():
        for kind in (DESK, GRANTED):
            tools.store.drop_draft(_of_officer(officer), kind)


def _found(tools: Tools, officer: Officer, typed: str, kind: NumberKind) -> str | NotFound:
    person_id = person_with(tools, typed, kind)
    if person_id is None:
        return NotFound.NOT_A_NUMBER
    if not person_id or tools.store.name_of(person_id) is None:
        return NotFound.NOT_IN_THE_RECORD
    return NotFound.THEIR_OWN if person_id == officer.person_id else person_id


def _put_on_desk(tools: Tools, officer: Officer, facts: dict[str, str], looked_up: str) -> Desk:
    with tools.store.transaction():
        audit.opened(tools, officer, looked_up, "", ReadReason.AT_THE_COUNTER, by_number=True)
        _keep(tools, _of_officer(officer), DESK, facts | {"shown": secrets.token_hex(8)})
    desk = on_desk(tools, officer)
    assert desk is not None
    return desk


# Ending, telling, forgetting


def end_all_of(tools: Tools, person_id: str) -> None:
    """Inside an erasure: everything this person granted, and everything granted to them; the other side is told."""
    for grant in tools.store.helper_grants_by(person_id):
        _end(tools, grant, EndedBy.PERSON, audit.person(person_id))
    for grant in tools.store.helper_grants_to(person_id):
        _end(tools, grant, EndedBy.HELPER, audit.helper(person_id))


def forget(tools: Tools) -> int:
    """Grants and offers whose time has passed, codes on a screen, names on a desk; returns how many rows went. For the worker."""
    now = tools.clock.machine_time()
    gone = sum(tools.store.forget_old_drafts(now - seconds, kind) for kind, seconds in SHORT_LIVED.items())
    return gone + int(tools.store.forget_helper_grants(tools.clock.now() - period_of("grants")))


def _end(tools: Tools, grant: Grant | None, by: EndedBy, who: Who) -> Grant | None:
    if grant is None:
        return None
    with tools.store.transaction():
        now = tools.clock.now()
        grant = tools.store.helper_grant(grant.id) or grant
        ended = rule.end(grant, by, now)
        if ended == grant:
            return grant
        tools.store.update_helper_grant(ended)
        audit.note(tools, Act.HELP_ENDED, who, grant.person_id, grant=grant.id)
        tools.store.cancel_reminders(end_of_grant(grant.id))
        if grant.helper_id is not None:
            _tell_of_the_end(tools, grant, part="ended", people=(grant.person_id, grant.helper_id))
    return ended


def _tell_that_it_begins(tools: Tools, grant: Grant) -> None:
    tools.store.plan_for_people(about_helper(Occasion.HELPER_ACCEPTED, grant.id, tools.clock.now()), [grant.person_id])
    assert grant.helper_id is not None
    assert grant.until is not None
    for occasion, person_id in ((Occasion.HELPER_ENDED, grant.person_id), (Occasion.HELPING_ENDED, grant.helper_id)):
        tools.store.plan_for_people(about_helper(occasion, grant.id, grant.until, "ran out"), [person_id])


def _tell_of_the_end(tools: Tools, grant: Grant, part: str, people: tuple[str, str]) -> None:
    now = tools.clock.now()
    for occasion, person_id in zip((Occasion.HELPER_ENDED, Occasion.HELPING_ENDED), people, strict=True):
        tools.store.plan_for_people(about_helper(occasion, grant.id, now, part), [person_id])


def _both_sides(tools: Tools, grants: Sequence[Grant], other: Callable[[Grant], str | None]) -> list[Helping]:
    """What stands before what is over, each as it came."""
    now = tools.clock.now()
    ids = {grant.id: other(grant) for grant in grants}
    names = tools.store.names_of({one for one in ids.values() if one})
    found = [Helping(grant, state_of(grant, now), names.get(ids[grant.id] or "")) for grant in grants]
    return sorted(found, key=lambda one: one.state not in STANDING)


def _standing(tools: Tools, person_id: str) -> int:
    now = tools.clock.now()
    return sum(state_of(grant, now) in STANDING for grant in tools.store.helper_grants_by(person_id))


def _helps(tools: Tools, helper_id: str) -> int:
    now = tools.clock.now()
    return sum(is_running(grant, now) for grant in tools.store.helper_grants_to(helper_id))


def _new_code(tools: Tools) -> tuple[str, OfferCode]:
    while True:
        code = new_code()
        firsts = _hashes(tools, "first", code[:HALF])
        if tools.store.open_offer(firsts) is None:
            return code, OfferCode(firsts[0], _hashes(tools, "code", code)[0])


def _hashes(tools: Tools, part: str, text: str) -> list[str]:
    """Under every key still read, newest first; never the same as those of a code that signs in."""
    said = f"sitthi helper code:{part}:{text}".encode()
    return [hmac.new(key.encode(), said, hashlib.sha256).hexdigest() for key in tools.settings.secret_keys]


def _keep(tools: Tools, owner: str, kind: str, facts: dict[str, str]) -> None:
    now = tools.clock.machine_time()
    tools.store.keep_draft(owner, kind, {**facts, "at": now}, now)


def _kept(tools: Tools, owner: str, kind: str) -> dict[str, Any] | None:
    kept: dict[str, Any] | None = tools.store.draft(owner, kind)
    return kept if kept and tools.clock.machine_time() - kept["at"] <= SHORT_LIVED[kind] else None


def _of_person(person_id: str) -> str:
    return f"person:{person_id}"


def _of_officer(officer: Officer) -> str:
    return f"officer:{officer.id}"
