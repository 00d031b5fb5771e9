"""The queue of reminders: an outbox, and for those who are signed in an inbox as well.

Decided:
- One row for the one it is for and its occasion. Its key is unique, so that planning again adds nothing; only what was cancelled and
  stands again is revived. Rows for many are made by the store itself (INSERT … SELECT): a million never pass through this process.
- A lease is held by a sender, not until a time: clocks jump. A sender that works raises its `beat`; who watched it stand still for long
  enough (actions/reminder_sending.py) takes its leases. A sender whose name is gone has been given up, and claims nothing more.
- A settled row belongs to the sender that claimed it: one that was taken away meanwhile is left alone.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from webapp.adapters.store.queries.subscriptions import as_text, from_text, in_places
from webapp.adapters.store.sql import Driver, Row
from webapp.domain.measure import REMINDERS
from webapp.domain.reminder import Kind, Occasion, Reminder
from webapp.ports import InboxEntry, PlannedReminder, ReminderPlan, Resting, Settled

STANDS_AGAIN = """ON CONFLICT (key) DO UPDATE SET state = 'planned', about = excluded.about, kind = excluded.kind,
    occasion = excluded.occasion, due_at = excluded.due_at, next_try_at = excluded.next_try_at, expires_at = excluded.expires_at,
    facts = excluded.facts, tries = 0, lease = NULL, read_at = NULL WHERE reminders.state = 'cancelled'"""
COLUMNS = "key, about, kind, occasion, person_id, subscription, due_at, next_try_at, expires_at, facts, state"
CLAIMED = "number, occasion, about, person_id, subscription, due_at, expires_at, facts, tries, reached"
_OCCASIONS = frozenset(Occasion)
log = logging.getLogger("sitthi")


class ReminderQueries(Driver):
    """States: planned, sent, kept (nobody to send it to), expired, failed, cancelled."""

    # planning

    def plan_for_people(self, reminder: Reminder, person_ids: Iterable[str]) -> int:
        """One for each; returns how many are new."""
        return sum(self._plan_one(reminder, person_id, None) for person_id in person_ids)

    def plan_for_phone(self, reminder: Reminder, subscription: int) -> int:
        return self._plan_one(reminder, None, subscription)

    def plan_for_subscriptions(self, reminder: Reminder, after: int, through: int, window: str | None = None) -> int:
        """For the holders of the subscriptions numbered so that have the kind switched on: not for those who used this annual window,
        nor for a phone that came after the reminder was due."""
        return self._planning(
            f"""INSERT INTO reminders ({COLUMNS})
                SELECT :key || ':' || COALESCE(s.person_id, CAST(s.number AS TEXT)), :about, :kind, :occasion, s.person_id,
                       CASE WHEN s.person_id IS NULL THEN s.number END, :due_at, :due_at, :expires_at, :facts, 'planned'
                FROM subscriptions s
                WHERE s.number > :after AND s.number <= :through AND s.gone_at IS NULL AND s.kinds LIKE :with_kind
                  AND s.created_at < :due_at
                  AND (CAST(:window AS TEXT) IS NULL OR s.person_id IS NULL OR NOT EXISTS (
                      SELECT 1 FROM hospital_changes h WHERE h.person_id = s.person_id AND h.counts_for_window = :window))
                {STANDS_AGAIN}""",  # noqa: S608 - our own text only
            **_written(reminder), after=after, through=through, with_kind=f"% {reminder.kind} %", window=window,
        )  # fmt: skip

    def plan_for_accounts(self, reminder: Reminder, after: int, through: int, window: str | None = None) -> int:
        """For those who ever signed in and whose accounts are numbered so, with or without a phone: not for those who used this annual
        window, nor for those who came first after the reminder was due."""
        return self._planning(
            f"""INSERT INTO reminders ({COLUMNS})
                SELECT :key || ':' || a.person_id, :about, :kind, :occasion, a.person_id, NULL, :due_at, :due_at, :expires_at, :facts,
                       'planned'
                FROM accounts a
                WHERE a.number > :after AND a.number <= :through AND a.opened_at < :due_at
                  AND (CAST(:window AS TEXT) IS NULL OR NOT EXISTS (
                      SELECT 1 FROM hospital_changes h WHERE h.person_id = a.person_id AND h.counts_for_window = :window))
                {STANDS_AGAIN}""",  # noqa: S608 - our own text only
            **_written(reminder), after=after, through=through, window=window,
        )  # fmt: skip

    def plan_for_drafts(self, reminder: Reminder, draft: str, after: float, most: int) -> tuple[int, float | None]:
        """For the next `most` people whose form of this kind was kept last after `after` (epoch seconds); returns how many are new and
        when the last of these forms was kept, None where there was none."""
        row = self.one(
            """SELECT MAX(updated_at) AS last FROM (SELECT updated_at FROM drafts WHERE kind = :draft AND owner LIKE 'person:%'
                                                    AND updated_at > :after ORDER BY updated_at LIMIT :most) AS next_ones""",
            draft=draft, after=after, most=most,
        )  # fmt: skip
        last = row["last"] if row else None
        if last is None:
            return 0, None
        planned = self._planning(
            f"""INSERT INTO reminders ({COLUMNS})
                SELECT :key || ':' || SUBSTR(d.owner, 8), :about, :kind, :occasion, SUBSTR(d.owner, 8), NULL, :due_at, :due_at, :expires_at,
                       :facts, 'planned'
                FROM drafts d WHERE d.kind = :draft AND d.owner LIKE 'person:%' AND d.updated_at > :after AND d.updated_at <= :last
                {STANDS_AGAIN}""",  # noqa: S608 - our own text only
            **_written(reminder), draft=draft, after=after, last=last,
        )  # fmt: skip
        return planned, float(last)

    def plan_for_members(self, reminder: Reminder, hospital_id: str, after: str, most: int) -> tuple[int, str]:
        """For the next `most` people of this hospital, by id; returns how many are new and the last id, "" at the end."""
        row = self.one(
            """SELECT MAX(id) AS last FROM (SELECT id FROM people WHERE hospital_id = :hospital_id AND id > :after
                                             ORDER BY id LIMIT :most) AS next_ones""",
            hospital_id=hospital_id, after=after, most=most,
        )  # fmt: skip
        last = row["last"] if row else None
        if last is None:
            return 0, ""
        planned = self._planning(
            f"""INSERT INTO reminders ({COLUMNS})
                SELECT :key || ':' || p.id, :about, :kind, :occasion, p.id, NULL, :due_at, :due_at, :expires_at, :facts, 'planned'
                FROM people p WHERE p.hospital_id = :hospital_id AND p.id > :after AND p.id <= :last
                {STANDS_AGAIN}""",  # noqa: S608 - our own text only
            **_written(reminder), hospital_id=hospital_id, after=after, last=last,
        )  # fmt: skip
        return planned, str(last)

    def hospitals_ending(self, on_or_after: date) -> list[str]:
        """Ids of hospitals whose last day is known and not past."""
        rows = self.all("SELECT id FROM hospitals WHERE ended_on IS NOT NULL AND ended_on >= :day", day=on_or_after.isoformat())
        return [str(row["id"]) for row in rows]

    def plans(self) -> dict[ReminderPlan, str]:
        """How far each plan for many has come."""
        rows = self.all("SELECT * FROM reminder_plans")
        return {ReminderPlan(row["key"], row["about"], row["part"]): str(row["through"]) for row in rows}

    def keep_plan(self, plan: ReminderPlan, through: str) -> None:
        self.run(
            """INSERT INTO reminder_plans (key, about, part, through) VALUES (:key, :about, :part, :through)
               ON CONFLICT (key, about, part) DO UPDATE SET through = excluded.through""",
            key=plan.key, about=plan.about, part=plan.part, through=through,
        )  # fmt: skip

    def drop_plan(self, plan: ReminderPlan) -> None:
        self.run(
            "DELETE FROM reminder_plans WHERE key = :key AND about = :about AND part = :part",
            key=plan.key, about=plan.about, part=plan.part,
        )  # fmt: skip

    def benefits_looked_at(self, person_ids: Iterable[str]) -> dict[str, frozenset[str]]:
        """For which benefits the months of each sufficed when they were last looked at; whoever never was is left out."""
        return {
            str(row["person_id"]): frozenset(row["served"].split())
            for places, wanted in in_places(person_ids)
            for row in self.all(f"SELECT * FROM benefits_looked_at WHERE person_id IN ({places})", **wanted)  # noqa: S608 - place names only
        }

    def keep_benefits_looked_at(self, served: Mapping[str, frozenset[str]]) -> None:
        """By person."""
        self.run_many(
            """INSERT INTO benefits_looked_at (person_id, served) VALUES (:person_id, :served)
               ON CONFLICT (person_id) DO UPDATE SET served = excluded.served""",
            [{"person_id": person_id, "served": " ".join(sorted(names))} for person_id, names in served.items()],
        )

    def people_with_planned(self, kind: Kind) -> list[str]:
        """Ids of those to whom something of this kind is still to be sent."""
        rows = self.all(
            "SELECT DISTINCT person_id FROM reminders WHERE state = 'planned' AND kind = :kind AND person_id IS NOT NULL", kind=str(kind)
        )
        return [str(row["person_id"]) for row in rows]

    def cancel_reminders(self, about: str, keep: Iterable[str] = (), most: int = -1) -> int:
        """What is planned about this and not among the keys to keep; returns how many, at most `most`."""
        kept = {f"k{number}": key for number, key in enumerate(keep)}
        places = ", ".join(f":{name}" for name in kept) or "''"
        return self._cancelling(
            f"""UPDATE reminders SET state = 'cancelled' WHERE number IN (
                    SELECT number FROM reminders WHERE about = :about AND state = 'planned' AND key NOT IN ({places}) LIMIT :most)""",  # noqa: S608
            about=about, most=most if most >= 0 else 2**31, **kept,
        )  # fmt: skip

    def cancel_kinds_of(self, person_id: str, kinds: Iterable[Kind], keep_about: str = "") -> int:
        """What of these kinds is still to be sent to this person, but for what hangs on `keep_about`."""
        return sum(
            self._cancelling(
                """UPDATE reminders SET state = 'cancelled'
                   WHERE person_id = :person_id AND kind = :kind AND state = 'planned' AND about <> :keep""",
                person_id=person_id, kind=str(kind), keep=keep_about,
            )  # fmt: skip
            for kind in kinds
        )

    def _plan_one(self, reminder: Reminder, person_id: str | None, subscription: int | None) -> int:
        values = _written(reminder)
        values["key"] = f"{reminder.key}:{person_id or subscription}"
        return self._planning(
            f"""INSERT INTO reminders ({COLUMNS})
                VALUES (:key, :about, :kind, :occasion, :person_id, :subscription, :due_at, :due_at, :expires_at, :facts, 'planned')
                {STANDS_AGAIN}""",  # noqa: S608 - our own text only
            **values, person_id=person_id, subscription=subscription,
        )  # fmt: skip

    def _planning(self, sql: str, **values: Any) -> int:
        return self._told("planned", self.run(sql, **values))

    def _cancelling(self, sql: str, **values: Any) -> int:
        return self._told("cancelled", self.run(sql, **values))

    def _told(self, outcome: str, count: int) -> int:
        if count:
            self.meter.count(REMINDERS, outcome, by=count)
        return count

    # sending

    def begin_sending(self, sender: str) -> None:
        self.run("INSERT INTO senders (id, beat) VALUES (:id, 0)", id=sender)

    def senders(self) -> dict[str, int]:
        """Each sender's beat."""
        return {str(row["id"]): int(row["beat"]) for row in self.all("SELECT * FROM senders")}

    def take_leases_from(self, sender: str) -> int:
        """The sender has ended, or is given up: what it had claimed is free again. Returns how many."""
        with self.taking():
            self.run("DELETE FROM senders WHERE id = :id", id=sender)
            return self.run("UPDATE reminders SET lease = NULL WHERE lease = :id", id=sender)

    def is_anything_due(self, at: datetime, only_tests: bool) -> bool:
        tests = "AND occasion = 'test'" if only_tests else ""
        return (
            self.one(
                f"SELECT 1 FROM reminders WHERE state = 'planned' AND lease IS NULL AND next_try_at <= :at {tests} LIMIT 1",  # noqa: S608
                at=as_text(at),
            )
            is not None
        )

    def claim_reminders(self, sender: str, at: datetime, most: int, only_tests: bool) -> list[PlannedReminder] | None:
        """The next ones due, for this sender alone; None where it was given up meanwhile. One that cannot be read has failed."""
        tests = "AND occasion = 'test'" if only_tests else ""
        with self.taking():
            if self.run("UPDATE senders SET beat = beat + 1 WHERE id = :id", id=sender) == 0:
                return None
            rows = self.all(
                f"""UPDATE reminders SET lease = :sender WHERE number IN (
                        SELECT number FROM reminders WHERE state = 'planned' AND lease IS NULL AND next_try_at <= :at {tests}
                        ORDER BY next_try_at LIMIT :most {self.each_its_own}) RETURNING {CLAIMED}""",  # noqa: S608 - our own text only
                sender=sender, at=as_text(at), most=most,
            )  # fmt: skip
            return [planned for row in rows if (planned := self._read_or_failed(row))]

    def _read_or_failed(self, row: Row) -> PlannedReminder | None:
        try:
            return _planned(row)
        except (LookupError, ValueError) as fault:
            log.warning("a reminder cannot be read and is given up: number %d, %s", row["number"], type(fault).__name__)
            given_up = "UPDATE reminders SET state = 'failed', lease = NULL WHERE number = :number"
            self._told("failed", self.run(given_up, number=row["number"]))
            return None

    def settle_reminders(self, sender: str, settled: Iterable[Settled]) -> None:
        """Write down what became of them, and that the sender is at work. Those that became alike are written at once; whom
        a reminder has reached is not kept when there is nobody left to reach."""
        alike: dict[tuple[str, datetime | None, int, frozenset[int]], list[int]] = {}
        for one in settled:
            reached = frozenset() if one.state == "sent" else one.reached
            alike.setdefault((one.state, one.next_try_at, one.tries, reached), []).append(one.number)
        with self.taking():
            self.run("UPDATE senders SET beat = beat + 1 WHERE id = :id", id=sender)
            for (state, next_try_at, tries, reached), numbers in alike.items():
                for places, wanted in in_places(numbers):
                    touched = self.run(
                        f"""UPDATE reminders SET lease = NULL, next_try_at = COALESCE(:next_try_at, next_try_at), tries = :tries,
                                reached = :reached, state = CASE WHEN state = 'cancelled' AND :state = 'planned' THEN state ELSE :state END
                            WHERE number IN ({places}) AND lease = :sender""",  # noqa: S608 - place names only
                        **wanted, state=state, tries=tries, next_try_at=as_text(next_try_at) if next_try_at else None,
                        reached=" ".join(map(str, sorted(reached))), sender=sender,
                    )  # fmt: skip
                    self._told("put_off" if state == "planned" else state, touched)

    def count_waiting(self, at: datetime) -> tuple[int, int]:
        """How many are due and free, and how many some sender holds."""
        free = self.one(
            "SELECT COUNT(*) AS n FROM reminders WHERE state = 'planned' AND lease IS NULL AND next_try_at <= :at", at=as_text(at)
        )
        held = self.one("SELECT COUNT(*) AS n FROM reminders WHERE lease IS NOT NULL")
        return int(free["n"]) if free else 0, int(held["n"]) if held else 0

    def oldest_reminder_due(self, at: datetime) -> datetime | None:
        """Since when the one that waits longest could have gone out."""
        row = self.one(
            "SELECT MIN(next_try_at) AS since FROM reminders WHERE state = 'planned' AND lease IS NULL AND next_try_at <= :at",
            at=as_text(at),
        )
        return from_text(row["since"]) if row and row["since"] else None

    def resting(self) -> list[Resting]:
        """Push services that asked for quiet, also where it is over."""
        rows = self.all("SELECT * FROM resting_push_services")
        return [Resting(row["origin"], datetime.fromisoformat(row["until"]), int(row["strikes"])) for row in rows]

    def keep_resting(self, resting: Resting) -> None:
        """No strikes: it is well again."""
        if not resting.strikes:
            self.run("DELETE FROM resting_push_services WHERE origin = :origin", origin=resting.origin)
            return
        self.run(
            """INSERT INTO resting_push_services (origin, until, strikes) VALUES (:origin, :until, :strikes)
               ON CONFLICT (origin) DO UPDATE SET until = excluded.until, strikes = excluded.strikes""",
            origin=resting.origin, until=as_text(resting.until), strikes=resting.strikes,
        )  # fmt: skip

    # reading

    def inbox_of(self, person_id: str, at: datetime, most: int) -> list[InboxEntry]:
        """What has come due for this person, newest first."""
        rows = self.all(
            """SELECT number, occasion, about, due_at, facts, read_at FROM reminders
               WHERE person_id = :person_id AND due_at <= :at AND state <> 'cancelled' ORDER BY due_at DESC, number DESC LIMIT :most""",
            person_id=person_id, at=as_text(at), most=most,
        )  # fmt: skip
        return [
            InboxEntry(
                int(row["number"]), Occasion(row["occasion"]), row["about"], datetime.fromisoformat(row["due_at"]),
                json.loads(row["facts"]), row["read_at"] is not None,
            )
            for row in rows
            if row["occasion"] in _OCCASIONS
        ]  # fmt: skip

    def count_unread(self, person_ids: Iterable[str], at: datetime) -> dict[str, int]:
        """By person; whoever has read everything is left out."""
        found: dict[str, int] = {}
        for places, wanted in in_places(person_ids):
            rows = self.all(
                f"""SELECT person_id, COUNT(*) AS n FROM reminders WHERE person_id IN ({places}) AND due_at <= :at
                    AND state <> 'cancelled' AND read_at IS NULL GROUP BY person_id""",  # noqa: S608 - place names only
                **wanted, at=as_text(at),
            )  # fmt: skip
            found |= {str(row["person_id"]): int(row["n"]) for row in rows}
        return found

    def mark_read(self, person_id: str, at: datetime, about: str | None = None) -> int:
        """Everything that has come due by then; only what hangs on `about` where it is named."""
        return self.run(
            """UPDATE reminders SET read_at = :at
               WHERE person_id = :person_id AND due_at <= :at AND read_at IS NULL AND (CAST(:about AS TEXT) IS NULL OR about = :about)""",
            person_id=person_id, at=as_text(at), about=about,
        )  # fmt: skip

    def forget_old_reminders(self, before: datetime, most: int) -> int:
        """Those settled whose worth ended before that, at most so many at once; returns how many went."""
        return self.run(
            """DELETE FROM reminders WHERE number IN (
                   SELECT number FROM reminders WHERE state <> 'planned' AND expires_at < :before LIMIT :most)""",
            before=as_text(before), most=most,
        )  # fmt: skip


def _written(reminder: Reminder) -> dict[str, str]:
    return {
        "key": reminder.key, "about": reminder.about, "kind": str(reminder.kind), "occasion": str(reminder.occasion),
        "due_at": as_text(reminder.due_at), "expires_at": as_text(reminder.expires_at),
        "facts": json.dumps(dict(reminder.facts), sort_keys=True),
    }  # fmt: skip


@lru_cache(maxsize=1024)
def _facts_in(text: str) -> Mapping[str, str]:
    """Shared by every row that says the same: nobody writes to it."""
    facts: dict[str, str] = json.loads(text)
    return MappingProxyType(facts)


def _planned(row: Row) -> PlannedReminder:
    return PlannedReminder(
        number=int(row["number"]),
        occasion=Occasion(row["occasion"]),
        about=row["about"],
        person_id=row["person_id"],
        subscription=row["subscription"],
        due_at=from_text(row["due_at"]),
        expires_at=from_text(row["expires_at"]),
        facts=_facts_in(row["facts"]),
        tries=int(row["tries"]),
        reached=frozenset(map(int, row["reached"].split())),
    )
