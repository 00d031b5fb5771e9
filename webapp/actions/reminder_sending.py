"""Sending what is due: once, in the hours people are awake, past push services that are down.

Decided:
- A sender claims a lot of rows, sends them, and writes down what became of each; claiming and answers overlap, so that the connections
  never run dry. Another sender may work beside it: no row has two holders.
- A lease ends with its holder, not at a time of day: clocks jump. Whoever watches another sender's beat stand still for SILENCE seconds
  of its own, ever growing count, takes its rows over. A sender that was only asleep finds itself given up at its next claim.
- Between a push service's yes and our writing it down lies a moment that no order of writing removes: a process killed in it sends those
  few again. They carry the same Topic and the same tag, so the push service replaces the waiting one, and the phone shows one. The
  other order, writing first, would lose them, and a lost day is worse than one message in place of itself.
- The queue knows one clock, the business one: a retry is a later `next_try_at`, and the inbox goes by `due_at`, which never moves.
  Nothing is sent outside 08:00-20:00 but a test that somebody has just asked for.
- 429 and Retry-After rest a whole push service at once, five troubles in a row too, longer each time; who is reached by another one
  does not wait. The rest is kept in the store, so that a second sender or a restart keeps it.
- Why a reminder stands is looked at once more before it goes out.
- A no that our own key, clock or list of hosts earned rests the push service, and an operator hears of it; it never costs a phone its
  subscription. A row that cannot be put into words fails alone.
- Messages are padded to a full step, so that their length does not tell which one it is. They name no person, illness or hospital.
Put aside: a task queue (its cost per job is forty times the row's), and one row per phone (most people have one; the rare rest is kept in
`reached`).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from functools import lru_cache

from webapp.actions.hospital_change import DRAFT, person_owner
from webapp.actions.my_record import my_open_claims
from webapp.config import Settings
from webapp.domain.measure import PUSHES, push_service
from webapp.domain.person import Person
from webapp.domain.reminder import (
    ABOUT_CLAIMS,
    ABOUT_MY_HELPERS,
    ABOUT_OWN_DATA,
    ABOUT_SIGN_IN,
    ABOUT_WHOM_I_HELP,
    FOR_ANYBODY,
    LONGEST_KEPT,
    Kind,
    Occasion,
    about_hospital,
    claim_reminders,
    has_another_in_time,
    kind_of,
    may_be_sent_at,
    next_sending_time,
    served_by_months,
    unemployment_reminders,
    urgency_of,
)
from webapp.ports import (
    InboxEntry,
    PlannedReminder,
    PushAnswer,
    PushMessage,
    Resting,
    Settled,
    StoreUnavailable,
    Subscription,
    Tools,
    Verdict,
)

LOT = 500
SETTLE_AT = 128
SETTLE_SECONDS = 0.5
SILENCE = 30.0
MOST_TRIES = 12
MOST_REFUSALS = 5
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
LONGEST_REST = timedelta(days=1)
TROUBLES_IN_A_ROW = 5
PADDED_TO = 256
MOST_REMEMBERED = 1000
LOOKED_AT_AGAIN = frozenset({Kind.DRAFT, Kind.HOSPITAL_LEAVES, Kind.UNEMPLOYMENT, Kind.BENEFIT, Kind.CLAIM})
COMPLAINTS = {
    Verdict.OURS: "a push service takes nothing from us (look at SITTHI_VAPID_PRIVATE_KEY, the machine's clock and SITTHI_PUSH_HOSTS)",
    Verdict.REFUSED: "a push service refuses a message",
}
TOPIC_BYTES = 18  # 24 letters of the 32 that RFC 8030 allows
WEB_PUSH = 8030  # what marks a declarative message (RFC 8030 gave the number)
PATHS = {
    Kind.WINDOW: "/hospital-change", Kind.CUT_OFF: "/reminders", Kind.DRAFT: "/hospital-change", Kind.HOSPITAL_LEAVES: "/hospital-change",
    Kind.BENEFIT: "/benefits", Kind.UNEMPLOYMENT: "/benefits?because=lost_job", Kind.CLAIM: "/my-data/still-claimable",
    Kind.SERVICE: "/reminders",
}  # fmt: skip

Say = Callable[[Occasion, Mapping[str, str], str], tuple[str, str]]
"""Title and text of an occasion in a language, fit for a lock screen (web/reminder_words.py)."""

_AS_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
log = logging.getLogger("sitthi")


@dataclass
class Tally:
    """What became of the reminders of a run; `messages` counts the yes of push services, several for a person with several phones."""

    sent: int = 0
    kept: int = 0
    cancelled: int = 0
    expired: int = 0
    failed: int = 0
    planned: int = 0
    messages: int = 0
    phones_gone: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(**{one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(Tally)})

    @property
    def settled(self) -> int:
        return self.sent + self.kept + self.cancelled + self.expired + self.failed


@dataclass(slots=True)
class _UnderWay:
    """A reminder whose messages have not all been answered."""

    row: PlannedReminder
    waiting: int
    reached: set[int]
    again: datetime | None
    refused: bool = False


@dataclass
class _Written:
    """What is known and not yet in the store."""

    rows: list[Settled] = field(default_factory=list)
    delivered: list[int] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)


class Sender:
    """One worker's way through the queue; keep it between runs: it remembers who fell silent."""

    def __init__(self, tools: Tools, say: Say) -> None:
        self._tools, self._say = tools, say
        self._watched: dict[str, tuple[int, float]] = {}

    def run(self, stop: Callable[[], bool] = lambda: False, progress: Callable[[Tally], None] = lambda tally: None) -> Tally:
        """Send what is due until nothing is left or `stop` says so; what is under way then is still answered and written down.

        Raises StoreUnavailable; what was claimed is taken over after SILENCE then.
        """
        self._take_over_from_silent_ones()
        now = self._tools.clock.now()
        run = _Run(self._tools, self._say, stop, progress)
        if self._tools.store.is_anything_due(now, only_tests=not may_be_sent_at(now)):
            run.go()
        return run.tally

    def _take_over_from_silent_ones(self) -> None:
        now, beats = self._tools.clock.elapsed(), self._tools.store.senders()
        self._watched = {sender: seen for sender, seen in self._watched.items() if sender in beats}
        for sender, beat in beats.items():
            seen = self._watched.get(sender)
            if seen is None or seen[0] != beat:
                self._watched[sender] = (beat, now)
            elif now - seen[1] > SILENCE:
                freed = self._tools.store.take_leases_from(sender)
                log.warning("a sender of reminders fell silent: its %d reminders are free again", freed)


class _Run:
    """From the first claim until nothing is due."""

    def __init__(self, tools: Tools, say: Say, stop: Callable[[], bool], progress: Callable[[Tally], None]) -> None:
        self._tools, self._store, self._stop, self._progress = tools, tools.store, stop, progress
        self._sender = secrets.token_hex(8)
        self._words = _Words(say, tools.settings)
        self._key = tools.settings.secret_keys[0]
        self._services = _PushServices(tools)
        self._under_way: dict[int, _UnderWay] = {}
        self._written = _Written()
        self._written_at = tools.clock.elapsed()
        self.tally = Tally()

    def go(self) -> None:
        self._store.begin_sending(self._sender)
        for answer in self._tools.push.send(self._messages()):
            self._take(answer)
        self._write_down()
        self._store.take_leases_from(self._sender)

    # out

    def _messages(self) -> Iterator[PushMessage]:
        while not self._stop():
            now = self._tools.clock.now()
            rows = self._store.claim_reminders(self._sender, now, LOT, only_tests=not may_be_sent_at(now))
            if not rows:
                return
            self._services.look_again()
            yield from self._messages_of(rows, now)
            self._write_down_when_due()

    def _messages_of(self, rows: Sequence[PlannedReminder], now: datetime) -> Iterator[PushMessage]:
        people = {row.person_id for row in rows if row.person_id}
        phones = _by_holder(self._store.subscriptions_of(people, {row.subscription for row in rows if row.subscription}))
        unread = self._store.count_unread(people & phones.keys(), now)
        for row in rows:
            yield from self._messages_or_failed(row, phones.get(row.person_id or row.subscription or 0, []), unread, now)

    def _messages_or_failed(
        self, row: PlannedReminder, phones: Sequence[Subscription], unread: Mapping[str, int], now: datetime
    ) -> list[PushMessage]:
        """One row amiss must not keep the others from theirs."""
        try:
            return self._messages_for(row, phones, unread, now)
        except StoreUnavailable:
            raise
        except Exception as fault:
            log.error("a reminder cannot be sent and is given up: number %d, %s", row.number, type(fault).__name__)
            self._under_way.pop(row.number, None)
            self._done(row, "failed")
            return []

    def _messages_for(
        self, row: PlannedReminder, phones: Sequence[Subscription], unread: Mapping[str, int], now: datetime
    ) -> list[PushMessage]:
        ready = self._phones_ready(row, phones, now)
        if not ready:
            return []
        topic = topic_of(kind_of(row.occasion), row.about, self._key)
        ttl, urgency = _seconds_until(row.expires_at, now), urgency_of(row.occasion)
        count = unread.get(row.person_id) if row.person_id else None
        return [PushMessage(phone, self._words.body(row, phone.language, count), ttl, urgency, topic, row.number) for phone in ready]

    def _phones_ready(self, row: PlannedReminder, phones: Sequence[Subscription], now: datetime) -> list[Subscription]:
        """Those to send to now; where there are none, the reminder is settled."""
        if row.expires_at <= now:
            return self._done(row, "expired")
        if not self._still_stands(row, now):
            return self._done(row, "cancelled")
        kind = kind_of(row.occasion)
        wanting = [one for one in phones if one.number not in row.reached and (kind is Kind.SERVICE or kind in one.kinds)]
        if row.subscription and kind in FOR_ANYBODY:
            wanting = [one for one in wanting if one.person_id is None]
        if not wanting:
            return self._done(row, "sent" if row.reached else "kept" if row.person_id else "cancelled")
        ready, again = self._services.sorted_out(wanting, now)
        if not ready:
            return self._done(row, "planned", next_try_at=again)
        self._under_way[row.number] = _UnderWay(row, len(ready), set(row.reached), again)
        return ready

    def _still_stands(self, row: PlannedReminder, now: datetime) -> bool:
        """What its step did not cancel: a draft dropped elsewhere, a hospital that stays or that an approved change leaves in
        time, work found again, a month taken back."""
        if row.person_id is None or (kind := kind_of(row.occasion)) not in LOOKED_AT_AGAIN:
            return True
        if kind is Kind.DRAFT:
            return self._store.draft(person_owner(row.person_id), DRAFT) is not None
        person = self._store.person(row.person_id)
        return person is not None and self._stands_for(person, row, kind, now)

    def _stands_for(self, person: Person, row: PlannedReminder, kind: Kind, now: datetime) -> bool:
        law_book = self._tools.law_book
        if kind is Kind.UNEMPLOYMENT:
            return any(one.about == row.about for one in unemployment_reminders(person, now, law_book))
        if kind is Kind.CLAIM:
            return any(one.about == row.about for one in claim_reminders(my_open_claims(self._tools, person), now))
        if kind is Kind.BENEFIT:
            served = served_by_months(person, now.date(), law_book)
            return person.is_insured(now.date()) and not served.isdisjoint(row.facts["benefits"].split())
        own = self._store.hospital(person.hospital_id) if person.hospital_id else None
        if own is None or own.ended_on is None or about_hospital(own.id, own.ended_on) != row.about:
            return False
        return not has_another_in_time(self._store.hospital_changes_of(person.id), own.ended_on)

    # back

    def _take(self, answer: PushAnswer) -> None:
        phone, now = answer.message.subscription, self._tools.clock.now()
        case = self._under_way[answer.message.mark]
        case.waiting -= 1
        self._tools.meter.count(PUSHES, push_service(phone.origin), answer.verdict)
        match answer.verdict:
            case Verdict.ACCEPTED:
                case.reached.add(phone.number)
                self._written.delivered.append(phone.number)
                self.tally.messages += 1
                self._services.is_well(phone)
            case Verdict.GONE:
                self._written.gone.append(phone.number)
                self.tally.phones_gone += 1
            case Verdict.REFUSED:
                case.refused = True
                self._written.refused.append(phone.number)
                self._services.complain(phone.origin, answer)
            case Verdict.LATER | Verdict.OURS:
                self._services.complain(phone.origin, answer)
                wait = _wait(case.row.tries, answer.retry_after)
                case.again = min(case.again or now + wait, now + wait)
                self._services.is_troubled(phone.origin, answer, now)
        if case.waiting == 0:
            del self._under_way[case.row.number]
            self._settle(case)
        self._write_down_when_due()

    def _settle(self, case: _UnderWay) -> None:
        row = case.row
        again = case.again and (case.again if row.occasion is Occasion.TEST else next_sending_time(case.again))
        if again is not None and again < row.expires_at and row.tries + 1 < MOST_TRIES:
            self._done(row, "planned", again, case.reached, tries=row.tries + 1)
        elif case.reached:
            self._done(row, "sent", reached=case.reached)
        elif case.again or case.refused:
            self._done(row, "failed")
        else:
            self._done(row, "kept" if row.person_id else "cancelled")

    def _done(
        self,
        row: PlannedReminder,
        state: str,
        next_try_at: datetime | None = None,
        reached: set[int] | None = None,
        tries: int | None = None,
    ) -> list[Subscription]:
        """Settled so; nothing is left to send."""
        kept = frozenset(row.reached if reached is None else reached)
        self._written.rows.append(Settled(row.number, state, next_try_at, row.tries if tries is None else tries, kept))
        setattr(self.tally, state, getattr(self.tally, state) + 1)
        return []

    def _write_down_when_due(self) -> None:
        late = self._tools.clock.elapsed() - self._written_at > SETTLE_SECONDS
        if len(self._written.rows) >= SETTLE_AT or late:
            self._write_down()

    def _write_down(self) -> None:
        written, self._written = self._written, _Written()
        with self._store.taking():
            self._store.settle_reminders(self._sender, written.rows)
            self._store.note_deliveries(written.delivered, written.refused, self._tools.clock.now(), MOST_REFUSALS)
            self._store.mark_gone(written.gone, self._tools.clock.now())
        self._written_at = self._tools.clock.elapsed()
        self._progress(self.tally)


class _Words:
    """The bytes of messages; what a million people hear is written once for each language."""

    def __init__(self, say: Say, settings: Settings) -> None:
        self._say, self._base_url, self._key = say, settings.base_url, settings.secret_keys[0]
        self._written: dict[tuple[object, ...], bytes] = {}

    def body(self, row: PlannedReminder, language: str, unread: int | None) -> bytes:
        """Declarative web push: what iOS shows without a worker, and the worker reads alike. The count stands in both places: WebKit reads
        it inside the notification, the specification has it beside."""
        said = (row.occasion, row.about, language, unread, *row.facts.values())
        body = self._written.get(said)
        if body is None:
            if len(self._written) >= MOST_REMEMBERED:
                self._written.clear()
            body = self._written[said] = self._body(row, language, unread)
        return body

    def _body(self, row: PlannedReminder, language: str, unread: int | None) -> bytes:
        title, text = self._say(row.occasion, row.facts, language)
        topic = topic_of(kind_of(row.occasion), row.about, self._key)
        notification = {
            "title": title, "body": text, "navigate": self._base_url + path_of(row), "lang": language, "dir": "ltr", "tag": topic,
        }  # fmt: skip
        badge = {"app_badge": unread} if unread else {}
        message = {"web_push": WEB_PUSH, "notification": notification | badge} | badge
        raw = _AS_JSON(message).encode()
        return raw.ljust(-(-len(raw) // PADDED_TO) * PADDED_TO)


class _PushServices:
    """Which push services are in trouble, as the store keeps it and as this run finds it."""

    def __init__(self, tools: Tools) -> None:
        self._store, self._meter = tools.store, tools.meter
        self._resting: dict[str, Resting] = {}
        self._troubles: dict[str, int] = {}
        self._complained: set[str] = set()

    def look_again(self) -> None:
        """What another sender found out counts here too."""
        self._resting = {one.origin: one for one in self._store.resting()}

    def sorted_out(self, phones: list[Subscription], now: datetime) -> tuple[list[Subscription], datetime | None]:
        """Those whose push service takes messages, and when the first of the others will."""
        if not self._resting:
            return phones, None
        resting = {phone.number: until for phone in phones if (until := self.rests_until(phone.origin, now))}
        for phone in phones:
            if phone.number in resting:
                self._meter.count(PUSHES, push_service(phone.origin), "held_back")
        return [phone for phone in phones if phone.number not in resting], min(resting.values(), default=None)

    def rests_until(self, origin: str, now: datetime) -> datetime | None:
        """None where it takes messages; a rest of more than a day was written by a clock that has been put back."""
        resting = self._resting.get(origin)
        return resting.until if resting and now < resting.until <= now + LONGEST_REST else None

    def is_troubled(self, origin: str, answer: PushAnswer, now: datetime) -> None:
        self._troubles[origin] = self._troubles.get(origin, 0) + 1
        at_once = answer.status == 429 or answer.retry_after is not None
        if not at_once and self._troubles[origin] < TROUBLES_IN_A_ROW:
            return
        before = self._resting.get(origin) or Resting(origin, now, 0)
        rests_already = self.rests_until(origin, now) is not None
        strikes = before.strikes if rests_already else before.strikes + 1
        until = now + min(_wait(strikes - 1, answer.retry_after), LONGEST_REST)
        if not rests_already or until > before.until:
            self._resting[origin] = Resting(origin, until, strikes)
            self._store.keep_resting(self._resting[origin])

    def is_well(self, phone: Subscription) -> None:
        if not self._troubles and not self._resting:
            return
        origin = phone.origin
        self._troubles.pop(origin, None)
        if origin in self._resting:
            self._store.keep_resting(replace(self._resting.pop(origin), strikes=0))

    def complain(self, origin: str, answer: PushAnswer) -> None:
        """Once a run: an operator must hear when a push service will have no message of ours. Its own troubles are none of theirs."""
        said = COMPLAINTS.get(answer.verdict)
        if said and (known := f"{origin} {answer.status}") not in self._complained:
            self._complained.add(known)
            log.warning("%s: %s answers %s", said, origin, answer.status or "nothing: we do not call that host")


@lru_cache(maxsize=1024)
def topic_of(kind: Kind, about: str, key: str) -> str:
    """The same for messages that replace each other; keyed, so that no push service can find out which hospital it is about."""
    return base64.urlsafe_b64encode(hmac.digest(key.encode(), f"{kind}:{about}".encode(), hashlib.sha256)[:TOPIC_BYTES]).decode()


def path_of(row: PlannedReminder | InboxEntry) -> str:
    """Where a tap leads: a page of ours."""
    if row.occasion in ABOUT_SIGN_IN:
        return "/my-data/devices"
    if row.occasion in ABOUT_OWN_DATA:
        return "/my-data/contact" if row.occasion is Occasion.CONTACT_CHANGED else "/my-data/name"
    if row.occasion in ABOUT_MY_HELPERS:
        return "/my-data/helpers"
    if row.occasion in ABOUT_WHOM_I_HELP:
        return "/helpers"
    if row.occasion in ABOUT_CLAIMS:
        return f"/claims/{row.about}"
    if row.occasion is Occasion.CORRECTION_ANSWERED:
        return f"/my-data/wrong/{row.about}"
    kind = kind_of(row.occasion)
    return f"/hospital-change/{row.about}" if kind is Kind.REQUEST else PATHS[kind]


def _by_holder(phones: Sequence[Subscription]) -> dict[str | int, list[Subscription]]:
    """By person and by their own number."""
    found: dict[str | int, list[Subscription]] = {}
    for phone in {phone.number: phone for phone in phones}.values():
        found[phone.number] = [phone]
        if phone.person_id:
            found.setdefault(phone.person_id, []).append(phone)
    return found


@lru_cache(maxsize=256)
def _seconds_until(end: datetime, now: datetime) -> int:
    """For how long a push service keeps it for a phone that is off; a lot has one `now`, and few ends."""
    return int(min(end - now, LONGEST_KEPT).total_seconds())


def _wait(tries: int, asked: int | None) -> timedelta:
    """Longer each time; never shorter than the push service asked."""
    wait: timedelta = min(FIRST_WAIT * 2 ** min(tries, 10), LONGEST_WAIT)
    return max(wait, timedelta(seconds=asked or 0))
