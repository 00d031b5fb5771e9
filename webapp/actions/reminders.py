"""Reminders as people meet them: a phone that asks for them, the switches, the test, the inbox; and what hangs on a case.

Decided:
- Whoever turns reminders on while signed in gets their own too; the button says so. `mine` False refuses that, for a phone that is shared.
  A renewal, which the app sends by itself when it is opened, never changes whose phone it is.
- A subscription is known by its address alone, which is a secret between the browser, its push service and us: whoever shows it may change
  or end it, signed in or not. With other keys at the same address it is a new one, and nobody's. A browser that was given a new address
  by its push service names the old one, signed in or not: whose phone it is, its switches and its language go on, and the old one ends.
- Nothing is sent while somebody waits: what they do plans a row in the same transaction, and the worker sends it. So a push service that
  is down never keeps a request from being received.
- Reminders of a case are worked out anew with each step; what no longer stands is cancelled in the same transaction.
- Everything due for a person stands in the inbox, whether a phone got it or not, and whether a phone was ever asked for or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from webapp.actions import audit, consents
from webapp.actions.calendar import rules_now
from webapp.domain.audit import Act
from webapp.domain.consent import Channel, Purpose
from webapp.domain.hospital_change import LEAVES_THE_WINDOW_FREE, HospitalChange, Step
from webapp.domain.reminder import (
    FOR_ANYBODY,
    FOR_EVERY_ACCOUNT,
    LONGEST_SILENCE,
    ON_AT_FIRST,
    RENEW_BEFORE,
    Kind,
    Reminder,
    about_case,
    for_anybody,
    test_message,
)
from webapp.ports import InboxEntry, StoreUnavailable, Subscription, Tools

AHEAD = timedelta(days=1)
"""How long before it is due a reminder for many is planned: overnight, and late enough that few are planned in vain."""
SHOWN_IN_INBOX = 50
MOST_PHONES = 20


@dataclass(frozen=True)
class Asked:
    """What a browser sends: its PushSubscription, and what is wanted. `kinds` None: as before, or the usual ones. `replaces` is the
    address it had before."""

    endpoint: str
    p256dh: str
    auth: str
    ends_at: datetime | None = None
    kinds: frozenset[Kind] | None = None
    mine: bool = True
    renews: bool = False
    replaces: str | None = None


def subscribe(tools: Tools, asked: Asked, person_id: str | None, language: str) -> Subscription | str:
    """Keep it, new or renewed; or the name of the field that will not do."""
    fault = tools.push.fault_of(asked.endpoint, asked.p256dh, asked.auth)
    if fault is not None:
        return fault
    with tools.store.transaction():
        replaced = _replaced(tools, asked)
        before = _known(tools, asked) or replaced
        owner = _owner(asked, before, person_id)
        wanted = Subscription(
            number=0,
            endpoint=asked.endpoint,
            p256dh=asked.p256dh,
            auth=asked.auth,
            person_id=owner,
            kinds=_agreed(tools, _kinds(asked, before, owner), before, owner),
            language=before.language if before and before is replaced and asked.renews else language,
            created_at=tools.clock.now(),
            ends_at=asked.ends_at,
        )
        kept: Subscription = tools.store.keep_subscription(wanted)
        if replaced is not None:
            tools.store.drop_subscriptions([replaced.number])
        if owner is not None:
            _let_the_oldest_go(tools, owner, kept)
        if owner is not None and owner == person_id and not asked.renews:
            consents.write_down(tools, owner, Purpose.OWN_REMINDERS, True, Channel.REMINDERS_PAGE)
        plan_what_stands(tools, [kept])
    return kept


def _let_the_oldest_go(tools: Tools, person_id: str, kept: Subscription) -> None:
    """Of more than MOST_PHONES those reached longest ago: nobody holds so many, and each costs every message."""
    others = [one for one in tools.store.subscriptions_of([person_id]) if one.number != kept.number]
    others.sort(key=lambda one: one.delivered_at or one.created_at)
    tools.store.drop_subscriptions([one.number for one in others[: len(others) + 1 - MOST_PHONES]] if len(others) >= MOST_PHONES else [])


def _agreed(tools: Tools, kinds: frozenset[Kind], before: Subscription | None, owner: str | None) -> frozenset[Kind]:
    """Being told of new benefits takes a yes of its own; with it, it is on at once on a phone that becomes somebody's."""
    if owner is None or not consents.agrees(tools, owner, Purpose.NEW_BENEFITS):
        return kinds - {Kind.BENEFIT}
    is_new = before is None or before.person_id != owner
    return kinds | {Kind.BENEFIT} if is_new else kinds


def _known(tools: Tools, asked: Asked) -> Subscription | None:
    """The one at this address with these very keys, also where its push service had given it up."""
    found: Subscription | None = tools.store.subscription_at(asked.endpoint, or_gone=True)
    return found if found is not None and (found.p256dh, found.auth) == (asked.p256dh, asked.auth) else None


def _replaced(tools: Tools, asked: Asked) -> Subscription | None:
    if asked.replaces is None or asked.replaces == asked.endpoint:
        return None
    found: Subscription | None = tools.store.subscription_at(asked.replaces, or_gone=True)
    return found


def _owner(asked: Asked, before: Subscription | None, person_id: str | None) -> str | None:
    if asked.renews or (person_id is None and asked.mine):
        return before.person_id if before else None
    return person_id if asked.mine else None


def _kinds(asked: Asked, before: Subscription | None, owner: str | None) -> frozenset[Kind]:
    """As asked, else as before; somebody's own kinds are on once the phone is theirs, and off on nobody's."""
    kinds = asked.kinds
    if kinds is None:
        kinds = before.kinds if before else ON_AT_FIRST
        if owner is not None and (before is None or before.person_id is None):
            kinds |= ON_AT_FIRST - FOR_ANYBODY
    return kinds if owner is not None else kinds & FOR_ANYBODY


def plan_what_stands(tools: Tools, subscriptions: Sequence[Subscription]) -> None:
    """What is planned for many and not due yet: a phone that comes later, or asks for one kind more, is not passed over."""
    now = tools.clock.now()
    for reminder in for_anybody(now, rules_now(tools), AHEAD):
        for one in subscriptions if reminder.due_at > now else ():
            tools.store.plan_for_subscriptions(reminder, one.number - 1, one.number, window_of(reminder))


def plan_window_again(tools: Tools, person_id: str) -> None:
    """What is left to say of the window, once a change of theirs no longer uses it up: for their phones and their messages."""
    now = tools.clock.now()
    for reminder in for_anybody(now, rules_now(tools), AHEAD):
        if reminder.kind in FOR_EVERY_ACCOUNT and reminder.due_at > now:
            tools.store.plan_for_people(reminder, [person_id])


def window_of(reminder: Reminder) -> str | None:
    """Whoever used this annual window need not hear that it closes."""
    return reminder.facts.get("year") if reminder.kind is Kind.WINDOW else None


def unsubscribe(tools: Tools, endpoint: str) -> bool:
    """Forget it; False where there is none. What was planned for it is never sent."""
    found = tools.store.subscription_at(endpoint, or_gone=True)
    if found is None:
        return False
    with tools.store.transaction():
        tools.store.drop_subscriptions([found.number])
        if found.person_id is not None and not tools.store.subscriptions_of([found.person_id]):
            consents.write_down(tools, found.person_id, Purpose.OWN_REMINDERS, False, Channel.REMINDERS_PAGE)
    return True


def is_renewal(tools: Tools, asked: Asked) -> bool:
    """Sent by the app itself, for a phone that is known by this address or the one before."""
    return asked.renews and (_known(tools, asked) or _replaced(tools, asked)) is not None


def subscription_at(tools: Tools, endpoint: str) -> Subscription | None:
    found: Subscription | None = tools.store.subscription_at(endpoint)
    return found


def subscription_marked(tools: Tools, mark: str, or_gone: bool = False) -> Subscription | None:
    """`or_gone`: also where its push service had given it up."""
    found: Subscription | None = tools.store.subscription_marked(mark, or_gone)
    return found


def switch(tools: Tools, phone: Subscription, kind: Kind, on: bool) -> Subscription:
    """One kind on or off for this phone; what is for a person alone stays off on nobody's. Being told of new benefits is a consent, and the
    person's on all their phones."""
    if kind is Kind.BENEFIT and phone.person_id is not None:
        set_new_benefits(tools, phone.person_id, on, Channel.REMINDERS_PAGE)
        return subscription_at(tools, phone.endpoint) or phone
    kinds = phone.kinds | {kind} if on else phone.kinds - {kind}
    kept = replace(phone, kinds=kinds if phone.person_id is not None else kinds & FOR_ANYBODY)
    with tools.store.transaction():
        kept = tools.store.keep_subscription(kept)
        plan_what_stands(tools, [kept])
    return kept


def set_new_benefits(tools: Tools, person_id: str, on: bool, channel: Channel) -> None:
    """Written down, and so on all of the person's phones; off, what was kept for it is deleted and what was planned is never sent."""
    store = tools.store
    with store.transaction():
        consents.write_down(tools, person_id, Purpose.NEW_BENEFITS, on, channel)
        for phone in store.subscriptions_of([person_id]):
            store.keep_subscription(replace(phone, kinds=phone.kinds | {Kind.BENEFIT} if on else phone.kinds - {Kind.BENEFIT}))
        if not on:
            store.cancel_kinds_of(person_id, [Kind.BENEFIT])
            store.forget_benefits_looked_at(person_id)


def stop_own_reminders(tools: Tools, person_id: str, channel: Channel) -> None:
    """The person's phones stay subscribed to what is for anybody; their own reminders stand in the inbox alone."""
    with tools.store.transaction():
        consents.write_down(tools, person_id, Purpose.OWN_REMINDERS, False, channel)
        tools.store.give_phones_to_nobody(person_id)


def days_silent(tools: Tools, phone: Subscription) -> int | None:
    """Whole days since its push service last took a message (or since it was made), where they are so many that it should be renewed;
    else None."""
    silence = tools.clock.now() - (phone.delivered_at or phone.created_at)
    return silence.days if silence >= LONGEST_SILENCE else None


def ends_soon(tools: Tools, phone: Subscription) -> bool:
    """Its browser named a last day, and that is within days: it should be renewed."""
    return phone.ends_at is not None and phone.ends_at - tools.clock.now() <= RENEW_BEFORE


def ask_for_test(tools: Tools, endpoint: str) -> bool:
    """Plan a message for this phone at once, at any hour; False where we do not know it."""
    found = tools.store.subscription_at(endpoint)
    if found is None:
        return False
    tools.store.plan_for_phone(test_message(tools.clock.now()), found.number)
    return True


# The inbox


def inbox(tools: Tools, person_id: str) -> list[InboxEntry]:
    """What has come due, newest first; at most SHOWN_IN_INBOX."""
    found: list[InboxEntry] = tools.store.inbox_of(person_id, tools.clock.now(), SHOWN_IN_INBOX)
    return found


def unread(tools: Tools, person_id: str) -> int:
    counts: dict[str, int] = tools.store.count_unread([person_id], tools.clock.now())
    return counts.get(person_id, 0)


def mark_all_read(tools: Tools, person_id: str) -> None:
    """All that has come due by now; reading must not need a write."""
    with suppress(StoreUnavailable):
        tools.store.mark_read(person_id, tools.clock.now())


def mark_read_about(tools: Tools, person_id: str, about: str) -> None:
    """What has come due about this case: whoever opens its page, by the message or by any other way, has read it. The page is shown
    where that cannot be written."""
    with suppress(StoreUnavailable):
        tools.store.mark_read(person_id, tools.clock.now(), about)


# What hangs on a case


def follow_case(tools: Tools, case: HospitalChange, steps: Sequence[Step]) -> None:
    """Inside the transaction that writes these steps: note them in the audit, plan what the case now stands for, cancel what it no longer
    does."""
    store = tools.store
    audit.note_steps(tools, Act.REQUEST_STEP, case.person_id, case.reference, steps)
    standing = about_case(case, steps, tools.clock.now())
    for reminder in standing:
        store.plan_for_people(reminder, [case.person_id])
    store.cancel_reminders(case.reference, keep=[f"{reminder.key}:{case.person_id}" for reminder in standing])
    if case.window_key is None:
        return
    if case.status in LEAVES_THE_WINDOW_FREE:
        plan_window_again(tools, case.person_id)
    else:
        store.cancel_kinds_of(case.person_id, [Kind.WINDOW])


def draft_is_gone(tools: Tools, person_id: str) -> None:
    """Inside the transaction that sends or drops a draft. Whoever asks for every cut-off hears of this one as such again."""
    tools.store.cancel_kinds_of(person_id, [Kind.DRAFT])
    plan_what_stands(tools, tools.store.subscriptions_of([person_id]))
