"""Planning what comes due for many: the worker does it every minute, and doing it twice is doing it once.

Decided:
- The store copies one reminder for all who want it, ten thousand at a time, each lot in a transaction of its own: a million people who
  should hear that the window opens never stand in this process, and nobody who sends a form waits behind them.
- How far a plan has come is kept beside it, so that an interrupted one goes on and a finished one costs nothing.
- Dates are worked out anew each time. What was planned for a date that officers have moved, or for a hospital that stays after all,
  is cancelled before anything is sent.
- What everybody should hear is planned along the phones, and along those who ever signed in: who has no phone here, or has it silent, finds
  it in their messages. The key is the same, so whoever stands in both rows hears it once.
- Which benefits the months on record open is looked at once for every import of months, a bounded number of people a round: all who
  agreed to it, with or without a phone. It is kept for each which they were: told is what is new since, however late the office booked it.
- The last day to claim is looked for once a day among those whose insured status ended about as long ago as the law gives for claiming, a
  bounded number of people a round: working out what may still be claimed costs more than a date.
- A part or a person that fails does not keep the others from theirs.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from webapp.actions.calendar import rules_now
from webapp.actions.hospital_change import DRAFT
from webapp.actions.my_record import my_open_claims
from webapp.actions.reminders import AHEAD, window_of
from webapp.domain import hospital_change as rule
from webapp.domain.consent import TEXT_VERSION, Purpose
from webapp.domain.dates import MONTHS_IN_A_YEAR, first_of_month, same_day_in_months
from webapp.domain.hospital_change_dates import ONE_DAY, Rules
from webapp.domain.reminder import (
    DAYS_BEFORE_CLAIMING_ENDS,
    FOR_EVERY_ACCOUNT,
    RENEW_BEFORE,
    Kind,
    Reminder,
    benefit_qualified,
    claim_reminders,
    for_anybody,
    for_drafts,
    hospital_leaves,
    renewal,
    served_at_first,
    served_by_months,
    unemployment_reminders,
)
from webapp.domain.retention import period_of
from webapp.ports import ReminderPlan, StoreUnavailable, Tools

LOT = 10_000
PEOPLE_A_ROUND = 2_000
CLAIM_LEEWAY = timedelta(days=4)
"""Months differ in length, so a day two years back and the day that is two years on from it may lie some days apart."""
KEPT_FOR = period_of("messages")
GONE_KEPT_FOR = period_of("phones")
"""How long a browser that comes with a new address finds its old one: most open the app within that time, or never again."""
UNEMPLOYMENT, BENEFIT, CLAIM, DRAFTS, ACCOUNTS = "unemployment", "benefit", "claim", "drafts", "accounts"

log = logging.getLogger("sitthi")
T = TypeVar("T")


@dataclass(frozen=True)
class Planned:
    """How many reminders are new and how many fell away; `is_all` False where something is left for the next round."""

    added: int = 0
    cancelled: int = 0
    is_all: bool = True

    def __add__(self, other: Planned) -> Planned:
        return Planned(self.added + other.added, self.cancelled + other.cancelled, self.is_all and other.is_all)


def plan(
    tools: Tools, progress: Callable[[int, int], None] = lambda done, total: None, stop: Callable[[], bool] = lambda: False
) -> Planned:
    """Everything that comes due within AHEAD; once `stop` says so, the lot under way is the last. Raises what a part failed with, after
    the other parts."""
    now, rules = tools.clock.now(), rules_now(tools)
    for_all, drafts = for_anybody(now, rules, AHEAD), for_drafts(now, rules, AHEAD)
    for_accounts = [reminder for reminder in for_all if reminder.kind in FOR_EVERY_ACCOUNT]
    leaving = dict(_leaving(tools, now, rules))
    members = {hospital_id: _plan_of(reminder, str(now.date())) for hospital_id, reminder in leaving.items()}
    standing = {*map(_plan_of, for_all), *(_plan_of(reminder, DRAFTS) for reminder in drafts), *members.values()}
    standing |= {_plan_of(reminder, ACCOUNTS) for reminder in for_accounts}
    parts = (
        partial(_cancel_what_fell_away, tools, standing, stop),
        *(partial(_plan_for_subscriptions, tools, reminder, progress, stop) for reminder in for_all),
        *(partial(_plan_for_accounts, tools, reminder, progress, stop) for reminder in for_accounts),
        *(partial(_plan_for_drafts, tools, reminder, stop) for reminder in drafts),
        *(partial(_plan_for_members, tools, reminder, where, members[where], stop) for where, reminder in leaving.items()),
        partial(_plan_unemployment, tools, now, stop),
        partial(_plan_claims, tools, now, stop),
        partial(_plan_renewals, tools, now),
        partial(_plan_benefits, tools, now),
    )
    return _all_of(parts, stop)


def _all_of(parts: Iterable[Callable[[], Planned]], stop: Callable[[], bool]) -> Planned:
    planned, faults = Planned(), []
    for part in parts:
        if stop():
            return replace(planned, is_all=False)
        try:
            planned += part()
        except StoreUnavailable:
            raise
        except Exception as fault:
            faults.append(fault)
    if faults:
        raise faults[0]
    return planned


def forget_old(tools: Tools) -> int:
    """Settled reminders whose worth ended a year ago, and subscriptions gone for GONE_KEPT_FOR; returns how many rows went."""
    now = tools.clock.now()
    gone: int = tools.store.forget_old_reminders(now - KEPT_FOR, LOT)
    return gone + tools.store.forget_gone_subscriptions(now - GONE_KEPT_FOR)


def _plan_of(reminder: Reminder, part: str = "") -> ReminderPlan:
    return ReminderPlan(reminder.key, reminder.about, part)


def _cancel_what_fell_away(tools: Tools, standing: set[ReminderPlan], stop: Callable[[], bool]) -> Planned:
    """Plans of a date, window or hospital that no longer stands, with the reminders that they made."""
    abouts = {plan.about for plan in standing}
    cancelled = 0
    for kept in tools.store.plans():
        if not kept.about or kept in standing:
            continue
        if kept.about not in abouts:
            cancelled += sum(_cancelled_lots(tools, kept.about, stop))
        if stop():
            return Planned(0, cancelled, is_all=False)
        tools.store.drop_plan(kept)
    return Planned(0, cancelled)


def _cancelled_lots(tools: Tools, about: str, stop: Callable[[], bool]) -> Iterator[int]:
    while not stop() and (lot := tools.store.cancel_reminders(about, most=LOT)):
        yield lot


def _plan_for_subscriptions(
    tools: Tools, reminder: Reminder, progress: Callable[[int, int], None], stop: Callable[[], bool]
) -> Planned:
    def plan_lot(after: int, through: int) -> int:
        planned: int = tools.store.plan_for_subscriptions(reminder, after, through, window_of(reminder))
        return planned

    return _plan_by_number(tools, _plan_of(reminder), tools.store.last_subscription(), plan_lot, progress, stop)


def _plan_for_accounts(
    tools: Tools, reminder: Reminder, progress: Callable[[int, int], None], stop: Callable[[], bool]
) -> Planned:
    def plan_lot(after: int, through: int) -> int:
        planned: int = tools.store.plan_for_accounts(reminder, after, through, window_of(reminder))
        return planned

    return _plan_by_number(tools, _plan_of(reminder, ACCOUNTS), tools.store.last_account(), plan_lot, progress, stop)


def _plan_by_number(
    tools: Tools,
    plan: ReminderPlan,
    last: int,
    plan_lot: Callable[[int, int], int],
    progress: Callable[[int, int], None],
    stop: Callable[[], bool],
) -> Planned:
    """From where this plan has come to up to the number `last`; those who come later have higher ones."""
    store, added = tools.store, 0
    first = int(store.plans().get(plan, 0))
    for after in range(first, last, LOT):
        if stop():
            return Planned(added, is_all=False)
        through = min(after + LOT, last)
        added += store.again(partial(_plan_a_lot, tools, plan, partial(plan_lot, after, through), str(through)))
        progress(through, last)
    if first == last == 0:
        store.keep_plan(plan, "0")
    return Planned(added)


def _plan_a_lot(tools: Tools, plan: ReminderPlan, plan_lot: Callable[[], int], through: str) -> int:
    with tools.store.transaction():
        planned = plan_lot()
        tools.store.keep_plan(plan, through)
    return planned


def _plan_for_drafts(tools: Tools, reminder: Reminder, stop: Callable[[], bool]) -> Planned:
    """For forms begun or taken up again since the last round; the mark is when the last of them was kept."""
    store, plan = tools.store, _plan_of(reminder, DRAFTS)

    def plan_lot(after: float) -> tuple[int, float | None]:
        with store.transaction():
            planned, reached = store.plan_for_drafts(reminder, DRAFT, after, LOT)
            if reached is not None:
                store.keep_plan(plan, repr(reached))
        return planned, reached

    after: float | None = float(store.plans().get(plan, 0))
    added = 0
    while after is not None:
        if stop():
            return Planned(added, is_all=False)
        planned, after = store.again(partial(plan_lot, after))
        added += planned
    return Planned(added)


def _leaving(tools: Tools, now: datetime, rules: Rules) -> Iterator[tuple[str, Reminder]]:
    for hospital_id, hospital in tools.store.hospitals(tools.store.hospitals_ending(now.date())).items():
        told = rule.leaving(hospital, rules)
        reminder = hospital_leaves(told, now) if told else None
        if reminder:
            yield hospital_id, reminder


def _plan_for_members(tools: Tools, reminder: Reminder, hospital_id: str, plan: ReminderPlan, stop: Callable[[], bool]) -> Planned:
    """Once a day: whoever became a member since hears it too."""
    store, added = tools.store, 0

    def plan_lot(after: str) -> tuple[int, str]:
        with store.transaction():
            planned, reached = store.plan_for_members(reminder, hospital_id, after, LOT)
            store.keep_plan(plan, reached)
        return planned, reached

    after = store.plans().get(plan)
    while after != "":
        if stop():
            return Planned(added, is_all=False)
        planned, after = store.again(partial(plan_lot, after or ""))
        added += planned
    return Planned(added)


def _plan_unemployment(tools: Tools, now: datetime, stop: Callable[[], bool]) -> Planned:
    """Once a day, for those whose insured work ended within the days that the law gives them to register, and for those to whom something
    was going to be said: the months to report in are planned with the days to register, and looked at again each day."""
    store, today = tools.store, now.date()
    plan, law = ReminderPlan(UNEMPLOYMENT, part=str(today)), tools.law_book.on(today)
    if plan in store.plans() or not law.is_known("unemployment.register_within"):
        return Planned()
    ended = store.people_insured_until(today - law.read("unemployment.register_within", int) * ONE_DAY, today)
    planned = Planned()
    for person_id in dict.fromkeys([*ended, *store.people_with_planned(Kind.UNEMPLOYMENT)]):
        if stop():
            return replace(planned, is_all=False)
        planned += _or_nothing(partial(store.again, partial(_plan_registering, tools, person_id, now)), Planned())
    _keep_only(tools, plan, "")
    return planned


def _plan_registering(tools: Tools, person_id: str, now: datetime) -> Planned:
    """What was planned for another last day, or for somebody who is insured again, falls away."""
    store, person = tools.store, tools.store.person(person_id)
    reminders = unemployment_reminders(person, now, tools.law_book) if person else ()
    with store.transaction():
        cancelled = store.cancel_kinds_of(person_id, [Kind.UNEMPLOYMENT], keep_about=reminders[0].about if reminders else "")
        return Planned(sum(store.plan_for_people(one, [person_id]) for one in reminders), cancelled)


def _plan_claims(tools: Tools, now: datetime, stop: Callable[[], bool]) -> Planned:
    """Once a day, by id: for those whose last day to claim comes near, and for those to whom that was going to be said."""
    store, today = tools.store, now.date()
    plan, law = ReminderPlan(CLAIM, part=str(today)), tools.law_book.on(today)
    after = store.plans().get(plan)
    if after == "" or not law.is_known("claims.years"):
        return Planned()
    ended = same_day_in_months(today, -law.read("claims.years", int) * MONTHS_IN_A_YEAR)
    ending = store.people_insured_until(ended - CLAIM_LEEWAY, ended + max(DAYS_BEFORE_CLAIMING_ENDS) * ONE_DAY + CLAIM_LEEWAY)
    left = [one for one in sorted({*ending, *store.people_with_planned(Kind.CLAIM)}) if one > (after or "")]
    planned = Planned()
    for person_id in left[:PEOPLE_A_ROUND]:
        if stop():
            return replace(planned, is_all=False)
        planned += _or_nothing(partial(store.again, partial(_plan_claiming, tools, person_id, now)), Planned())
    is_all = len(left) <= PEOPLE_A_ROUND
    _keep_only(tools, plan, "" if is_all else left[PEOPLE_A_ROUND - 1])
    return replace(planned, is_all=is_all)


def _plan_claiming(tools: Tools, person_id: str, now: datetime) -> Planned:
    """What was planned for another last day, or for somebody who is insured again, falls away."""
    store, person = tools.store, tools.store.person(person_id)
    reminders = claim_reminders(my_open_claims(tools, person), now) if person else ()
    with store.transaction():
        cancelled = store.cancel_kinds_of(person_id, [Kind.CLAIM], keep_about=reminders[0].about if reminders else "")
        return Planned(sum(store.plan_for_people(one, [person_id]) for one in reminders), cancelled)


def _plan_benefits(tools: Tools, now: datetime) -> Planned:
    """For those who agreed to it, once a month and after each import of months, PEOPLE_A_ROUND at a time."""
    store = tools.store
    as_of = store.months_as_of()
    plan = ReminderPlan(BENEFIT, part=f"{first_of_month(now.date())} {as_of.isoformat() if as_of else ''}")
    after, purpose = int(store.plans().get(plan, 0)), Purpose.NEW_BENEFITS
    people = store.people_who_agree(purpose, TEXT_VERSION[purpose], after, PEOPLE_A_ROUND)
    if not people:
        return Planned()

    def look_at_all() -> int:
        known = store.benefits_looked_at(people.values())
        served: dict[str, frozenset[str]] = {}
        added = 0
        with store.transaction():
            for person_id in people.values():
                looked = _or_nothing(partial(_look_at_benefits, tools, person_id, now, known.get(person_id)), None)
                if looked is not None:
                    served[person_id], reminder = looked
                    added += store.plan_for_people(reminder, [person_id]) if reminder else 0
            store.keep_benefits_looked_at({person_id: names for person_id, names in served.items() if names != known.get(person_id)})
            _keep_only(tools, plan, str(max(people)))
        return added

    return Planned(store.again(look_at_all), is_all=len(people) < PEOPLE_A_ROUND)


def _look_at_benefits(
    tools: Tools, person_id: str, now: datetime, known: frozenset[str] | None
) -> tuple[frozenset[str], Reminder | None] | None:
    """For which benefits the months suffice now, and what is to be told of it; None for nobody."""
    person, today, law_book = tools.store.person(person_id), now.date(), tools.law_book
    if person is None:
        return None
    before = served_at_first(person, today, law_book) if known is None else known
    return served_by_months(person, today, law_book), benefit_qualified(person, now, law_book, before)


def _or_nothing(do: Callable[[], T], nothing: T) -> T:
    """One person whose record is amiss does not keep the others from theirs."""
    try:
        return do()
    except StoreUnavailable:
        raise
    except Exception as fault:
        log.error("reminders of one person could not be planned: %s", type(fault).__name__)
        return nothing


def _plan_renewals(tools: Tools, now: datetime) -> Planned:
    """For phones whose browser said that the subscription ends."""
    ending = tools.store.subscriptions_ending(now, now + RENEW_BEFORE)
    planned = ((renewal(one.ends_at, now), one.number) for one in ending if one.ends_at)
    return Planned(sum(tools.store.plan_for_phone(reminder, number) for reminder, number in planned if reminder))


def _keep_only(tools: Tools, plan: ReminderPlan, through: str) -> None:
    """Of the plans of this key, this one alone: those of other days are over."""

    def keep() -> None:
        with tools.store.transaction():
            for other in tools.store.plans():
                if other.key == plan.key and other != plan:
                    tools.store.drop_plan(other)
            tools.store.keep_plan(plan, through)

    tools.store.again(keep)
