"""What people may do with what is held of them: switch extras off, take a copy, have deleted what may be deleted.

Decided:
- An erasure is done at once and by the person's own tap: nobody has to agree to it. What stays is named with the reason before they tap.
  There is no request to an officer for the rest, since no officer of this service could grant it: the office's record comes again with its
  next file, and decisions have to be shown. Whoever wants that changed is told to ask the office (1506), and that is honest.
- Both need a sign-in of the last minutes, by whatever way: a phone left open on a table must not give everything away at once.
- A copy holds every kind of domain/retention.py that hangs on a person; a kind without a line of its own here is given as its table
  holds it, without secrets. Officers stand in it by their role.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from webapp.actions import audit, claims, consents, contact, helpers
from webapp.actions.calendar_feed import end_feed
from webapp.actions.documents import drop_files, drop_unsent_of
from webapp.actions.reminders import SHOWN_IN_INBOX, set_new_benefits, stop_own_reminders
from webapp.domain.assurance import FRESH_SECONDS
from webapp.domain.audit import Act, By
from webapp.domain.claim import Claim, Paid, Status
from webapp.domain.consent import Channel, Purpose
from webapp.domain.dates import BANGKOK
from webapp.domain.helper_grant import helper_in
from webapp.domain.retention import KINDS
from webapp.ports import Session, Tools

FORMAT = "sitthi-my-data-1"
OF_NOBODY_IN_PARTICULAR = frozenset(
    {"sign_ins", "sign_in_codes", "channel_entries", "tries", "returned_forms", "counter_drafts", "claim_forms", "reasons"}
)
"""Held before anybody is known, for minutes, or (drafts sent too late, an officer's words) given with another kind."""


def is_fresh(tools: Tools, session: Session) -> bool:
    """Whether the sign-in, by whatever way, is so recent that everything may be given out or deleted."""
    return bool(tools.clock.machine_time() - session.authenticated_at <= FRESH_SECONDS)


# Extras


def withdraw(tools: Tools, person_id: str, purpose: Purpose, channel: Channel = Channel.CONSENTS_PAGE) -> None:
    """Off, with everything that follows from it, at once."""
    if purpose is Purpose.OWN_CALENDAR:
        end_feed(tools, person_id, channel)
    elif purpose is Purpose.NEW_BENEFITS:
        set_new_benefits(tools, person_id, False, channel)
    elif purpose is Purpose.CALLS:
        contact.remove(tools, person_id, channel)
    else:
        stop_own_reminders(tools, person_id, channel)


def give(tools: Tools, person_id: str, purpose: Purpose, channel: Channel = Channel.CONSENTS_PAGE) -> bool:
    """On; False for what is switched on where it is used: a phone, a calendar that is made, a number that is said."""
    if purpose is not Purpose.NEW_BENEFITS:
        return False
    set_new_benefits(tools, person_id, True, channel)
    return True


# A copy


def copy_of(tools: Tools, person_id: str) -> dict[str, Any]:
    """Everything held of this person, ready for JSON; that it was given out is an entry of the audit."""
    with tools.store.transaction():
        audit.note(tools, Act.DATA_EXPORTED, audit.person(person_id), person_id)
    held = {kind.code: _held(tools, person_id, kind.code, kind.tables) for kind in KINDS if kind.about_people and _is_given(kind.code)}
    made_at = tools.clock.now().isoformat(timespec="seconds")
    data: dict[str, Any] = _plain({"format": FORMAT, "made_at": made_at, "data": held})
    return data


def _is_given(code: str) -> bool:
    return code not in OF_NOBODY_IN_PARTICULAR


def _held(tools: Tools, person_id: str, code: str, tables: tuple[str, ...]) -> Any:
    own = GIVEN.get(code)
    return own(tools, person_id) if own else [row for table in tables for row in tools.store.rows_about(table, person_id)]


def _identity(tools: Tools, person_id: str) -> dict[str, Any]:
    name, person = tools.store.name_of(person_id), tools.store.person(person_id)
    if name is None or person is None:
        return {}
    record = asdict(person)
    for inner in ("id", "months_paid"):
        record.pop(inner)
    in_file = tools.store.name_in_file_of(person_id)
    beside = {"name_in_file": in_file.full} if in_file else {}
    return asdict(name) | beside | record | {"as_of": tools.store.record_as_of(person_id)}


def _contacts(tools: Tools, person_id: str) -> dict[str, Any]:
    said = tools.store.contact_of(person_id)
    return {"phone": said.phone, "call_when": said.when} | _times_of(tools, "contacts", person_id) if said else {}


def _thaid_says(tools: Tools, person_id: str) -> dict[str, Any]:
    said = tools.store.thaid_says(person_id)
    return asdict(said) | _times_of(tools, "thaid_says", person_id) if said else {}


def _times_of(tools: Tools, table: str, person_id: str) -> dict[str, Any]:
    """What stands open beside the sealed part."""
    return dict(tools.store.rows_about(table, person_id)[0])


def _months(tools: Tools, person_id: str) -> list[dict[str, Any]]:
    rows = [asdict(row) for row in tools.store.contributions_of(person_id)]
    return [{name: value for name, value in row.items() if name != "person_id"} for row in rows]


def _requests(tools: Tools, person_id: str) -> list[dict[str, Any]]:
    return [
        _without_ids(asdict(case)) | {"steps": [_step(one, person_id) for one in tools.store.steps_of(case.reference)]}
        for case in tools.store.hospital_changes_of(person_id)
    ]


def _corrections(tools: Tools, person_id: str) -> list[dict[str, Any]]:
    return [
        _without_ids(asdict(one)) | {"steps": [_step(step, person_id) for step in tools.store.steps_of_correction(one.reference)]}
        for one in tools.store.corrections_of(person_id)
    ]


def _claims(tools: Tools, person_id: str) -> list[dict[str, Any]]:
    """What was asked, answered and decided; who else is part of a claim is in the answers, as typed. A proposed refusal is told here
    no more than on the person's pages (claims.SHOWN_AS): until a second officer agrees it is no decision."""
    return [
        {
            "reference": one.reference,
            "kind": one.kind,
            "status": Status.TAKEN if one.status is Status.REFUSAL_PROPOSED else one.status,
            "event_on": one.event_on,
            "claim_by": one.claim_by,
            "sent_at": one.sent_at,
            "answers": [{"question": name, "answer": answer} for name, answer in one.answers.items()],
            "payment": one.payment.way,
            "expected": [asdict(found) for found in one.expected.sums],
            "decided_at": one.decision.at if one.decision else None,
            "refusal_reason": one.decision.reason if one.decision else None,
            "decided": _decided(one),
            "words_of_the_office": one.decision.words or None if one.decision else None,
            "appeal": _appeal(one),
            "died_on": one.died_on,
            "paid_at": one.paid_at,
            "paid_before": _paid(one.paid_before),
            "sent_to_the_bank_at": one.sending.at if one.sending else None,
            "returned_by_the_bank": one.returned.why if one.returned else None,
            "steps": [_step(step, person_id) for step in tools.store.steps_of_claim(one.reference) if step.code not in claims.SHOWN_AS],
        }
        for one in tools.store.claims_of(person_id)
    ]


def _paid(before: Paid | None) -> dict[str, Any] | None:
    """What had gone out when an appeal was upheld."""
    return {"at": before.at, "sums": [asdict(found) for found in before.together]} if before else None


def _decided(claim: Claim) -> list[dict[str, Any]] | None:
    """The sums of an approval; a refusal has none."""
    worked_out = claim.decision.worked_out if claim.decision and claim.decision.approved else None
    return [asdict(found) for found in worked_out.sums] if worked_out else None


def _appeal(claim: Claim) -> dict[str, Any] | None:
    found = claim.appeal
    return {"words": found.words, "at": found.at, "upheld": found.upheld} if found else None


def _claim_batches(tools: Tools, person_id: str) -> list[dict[str, Any]]:
    """Each time the money of a claim went to a bank."""
    return [
        {"reference": one.reference, "batch": one.batch, "payment": one.payment.way, "baht": one.baht, "outcome": one.outcome,
         "at": one.settled_at, "why_returned": one.why}
        for one in tools.store.claim_batch_lines_of(person_id)
    ]  # fmt: skip


def _claim_accounts(tools: Tools, person_id: str) -> list[dict[str, Any]]:
    rows = tools.store.rows_about("claim_accounts", person_id)
    return [{"reference": row["reference"], "account": tools.store.claim_account(row["reference"])} for row in rows]


def _without_ids(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name not in ("person_id", "entered_by")}


def _step(step: Any, person_id: str) -> dict[str, Any]:
    by = "you" if step.by == person_id else "worker" if step.by == "worker" else "helper" if helper_in(step.by) else "officer"
    return {"code": step.code, "at": step.at, "by": by, **dict(getattr(step, "facts", {}))}


def _settings(tools: Tools, person_id: str) -> dict[str, Any]:
    """What happened before its time was written down has none."""
    kept = tools.store.settings_of(person_id)
    rows = [*tools.store.rows_about("welcomes", person_id), *tools.store.rows_about("accounts", person_id)]
    times = {name: row[name] for row in rows for name in ("welcomed_at", "opened_at") if row.get(name)}
    return (asdict(kept) if kept else {}) | times


def _sessions(tools: Tools, person_id: str) -> list[dict[str, Any]]:
    return [
        {"via": one.via, "ial": one.ial, "started_at": _time(one.started_at), "seen_at": _time(one.seen_at)}
        for one in tools.store.sessions_kept_of(person_id)
    ]


def _phones(tools: Tools, person_id: str) -> list[dict[str, Any]]:
    return [
        {"push_service": one.origin, "kinds": sorted(one.kinds), "language": one.language, "created_at": one.created_at,
         "delivered_at": one.delivered_at, "ends_at": one.ends_at}
        for one in tools.store.subscriptions_of([person_id])
    ]  # fmt: skip


def _messages(tools: Tools, person_id: str) -> list[dict[str, Any]]:
    entries = tools.store.inbox_of(person_id, tools.clock.now(), SHOWN_IN_INBOX * 100)
    return [{"occasion": one.occasion, "about": one.about, "at": one.at, "is_read": one.is_read, **dict(one.facts)} for one in entries]


def _new_benefits(tools: Tools, person_id: str) -> list[str]:
    return sorted(tools.store.benefits_looked_at([person_id]).get(person_id, ()))


def _calendar(tools: Tools, person_id: str) -> dict[str, Any]:
    feed = tools.store.calendar_feed_of(person_id)
    return {"made_at": feed.made_at, "language": feed.language} if feed else {}


def _consents(tools: Tools, person_id: str) -> list[dict[str, Any]]:
    return [asdict(one) for one in tools.store.consents_of(person_id)]


def _grants(tools: Tools, person_id: str) -> list[dict[str, Any]]:
    """Both sides: whom this person lets help, and whom they help. Of the other one the name alone."""
    return [
        {"role": role, "name": one.other.short if one.other else None, "state": one.state, "rights": sorted(one.grant.rights),
         "since": one.grant.since, "until": one.grant.until, "ended_at": one.grant.ended_at, "how": one.grant.how}
        for role, found in (
            ("helped", helpers.helpers_of(tools, person_id)), ("helper", helpers.people_helped_by(tools, person_id))
        )
        for one in found
    ]  # fmt: skip


def _audit(tools: Tools, person_id: str) -> list[dict[str, Any]]:
    return [
        {"at": one.entry.at, "by": _role(one.entry.who.by), "act": one.entry.act, "about": one.entry.about, "reason": one.entry.reason,
         "words": one.words}
        for one in audit.everything_about(tools, person_id)
    ]  # fmt: skip


def _role(by: By) -> str:
    return "you" if by is By.PERSON else str(by)


def _papers(tools: Tools, person_id: str) -> list[dict[str, Any]]:
    """The pages themselves stand at their addresses, for whoever is signed in: pictures in a text would be ten times as long."""
    return [
        {"reference": one.id, "case": one.place.case_id, "paper": one.place.paper, "state": str(one.state), "given_at": one.started_at,
         "sent_with_its_case": one.is_sent, "why_refused": str(one.why) if one.why else None,
         "pages": [f"/documents/{one.id}/pages/{number}" for number in range(1, one.pages + 1)]}
        for one in tools.store.documents_of(person_id)
    ]  # fmt: skip


def _drafts(tools: Tools, person_id: str) -> dict[str, dict[str, Any]]:
    kept: dict[str, dict[str, Any]] = tools.store.drafts_of(f"person:{person_id}")
    return kept


GIVEN: dict[str, Callable[[Tools, str], Any]] = {
    "identity": _identity,
    "months_paid": _months,
    "requests": _requests,
    "corrections": _corrections,
    "claims": _claims,
    "claim_accounts": _claim_accounts,
    "claim_batches": _claim_batches,
    "papers": _papers,
    "drafts": _drafts,
    "settings": _settings,
    "contacts": _contacts,
    "thaid_says": _thaid_says,
    "sessions": _sessions,
    "phones": _phones,
    "messages": _messages,
    "new_benefits": _new_benefits,
    "calendar": _calendar,
    "consents": _consents,
    "grants": _grants,
    "audit": _audit,
}


def _time(epoch: float) -> datetime:
    return datetime.fromtimestamp(epoch, BANGKOK)


def _plain(value: Any) -> Any:
    """As JSON can say it: days and times as ISO text, money as text, nothing that is None."""
    if isinstance(value, dict):
        return {str(name): _plain(inner) for name, inner in value.items() if inner is not None}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) or not isinstance(value, str | int | float | bool | type(None)) else value


# Erasing


def erase(tools: Tools, person_id: str, session: Session) -> int:
    """Delete everything of this person that may be deleted, but the session that asks; returns how many rows went. Twice is once."""
    with tools.store.transaction():
        for purpose in consents.consents_of(tools, person_id):
            consents.write_down(tools, person_id, purpose, False, Channel.ERASURE)
        helpers.end_all_of(tools, person_id)
        papers = drop_unsent_of(tools, person_id)
        gone: int = sum(tools.store.erase(person_id, session.id_hash).values()) + len(papers)
        audit.note(tools, Act.DATA_ERASED, audit.person(person_id), person_id, rows=gone)
    drop_files(tools, papers)
    return gone

