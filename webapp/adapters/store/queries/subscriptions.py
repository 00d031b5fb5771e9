"""Browsers that push messages reach. Address and keys are sealed: with them anybody could write to somebody's phone.

An address is found again by its hash: it holds so much chance that a plain SHA-256 gives nothing away. Numbers are never used twice,
so that what was planned for a subscription that is gone never reaches another. One that its push service gave up stays as `gone_at` for a
while and gets nothing: the browser's next subscription names it, and takes over whose it is and what is switched on.
One that cannot be opened (its key was lost) is left out wherever many are read: it must not keep the others from theirs.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import lru_cache

from webapp.adapters.store.sql import Driver, Row
from webapp.domain.dates import in_bangkok
from webapp.domain.reminder import Kind
from webapp.ports import Subscription

MOST_PLACES = 500
COLUMNS = "number, endpoint_hash, sealed, person_id, kinds, language, created_at, delivered_at, ends_at"
log = logging.getLogger("sitthi")


class SubscriptionQueries(Driver):
    """`kinds` is one text with a space around each word, so that a kind can be asked for by LIKE."""

    def keep_subscription(self, subscription: Subscription) -> Subscription:
        """Add it, or renew the one at the same address; returns it with its number."""
        hashed = _hash_of(subscription.endpoint)
        facts = {"endpoint": subscription.endpoint, "p256dh": subscription.p256dh, "auth": subscription.auth}
        with self.transaction():
            self.run(
                """INSERT INTO subscriptions (endpoint_hash, sealed, person_id, kinds, language, created_at, ends_at)
                   VALUES (:hash, :sealed, :person_id, :kinds, :language, :created_at, :ends_at)
                   ON CONFLICT (endpoint_hash) DO UPDATE SET
                       sealed = excluded.sealed, person_id = excluded.person_id, kinds = excluded.kinds,
                       language = excluded.language, ends_at = excluded.ends_at, refusals = 0, gone_at = NULL""",
                hash=hashed, sealed=self.vault.seal(facts, f"subscriptions:{hashed}"), person_id=subscription.person_id,
                kinds=_kinds_text(subscription.kinds), language=subscription.language, created_at=as_text(subscription.created_at),
                ends_at=as_text(subscription.ends_at) if subscription.ends_at else None,
            )  # fmt: skip
            kept = self.subscription_at(subscription.endpoint)
        assert kept is not None
        return kept

    def subscription_at(self, endpoint: str, or_gone: bool = False) -> Subscription | None:
        """`or_gone`: also one that its push service has given up."""
        return self.subscription_marked(_hash_of(endpoint), or_gone)

    def subscription_marked(self, mark: str, or_gone: bool = False) -> Subscription | None:
        row = self.one(
            f"SELECT {COLUMNS} FROM subscriptions WHERE endpoint_hash = :mark AND (gone_at IS NULL OR :or_gone = 1)",  # noqa: S608 - our own text
            mark=mark, or_gone=int(or_gone),
        )  # fmt: skip
        return next(self._opened([row] if row else []), None)

    def subscriptions_of(self, person_ids: Iterable[str], numbers: Iterable[int] = ()) -> list[Subscription]:
        """Those of these people, and those with these numbers."""
        return [
            one
            for column, wanted in (("person_id", person_ids), ("number", numbers))
            for places, values in in_places(wanted)
            for one in self._opened(
                self.all(f"SELECT {COLUMNS} FROM subscriptions WHERE {column} IN ({places}) AND gone_at IS NULL ORDER BY number", **values)  # noqa: S608
            )
        ]

    def subscriptions_ending(self, after: datetime, before: datetime) -> list[Subscription]:
        rows = self.all(
            f"""SELECT {COLUMNS} FROM subscriptions
                WHERE ends_at IS NOT NULL AND ends_at > :after AND ends_at <= :before AND gone_at IS NULL""",  # noqa: S608 - our own text
            after=as_text(after), before=as_text(before),
        )  # fmt: skip
        return list(self._opened(rows))

    def last_subscription(self) -> int:
        """The highest number given so far; 0 where there is none."""
        with self.steady("subscriptions"):
            row = self.one("SELECT MAX(number) AS last FROM subscriptions")
        return int(row["last"] or 0) if row else 0

    def people_insured_until(self, first: date, last: date) -> list[str]:
        """Ids of those whose insured status ended on a day from `first` to `last`."""
        rows = self.all(
            "SELECT id FROM people WHERE insured_until IS NOT NULL AND insured_until >= :first AND insured_until <= :last",
            first=first.isoformat(), last=last.isoformat(),
        )  # fmt: skip
        return [str(row["id"]) for row in rows]

    def drop_subscriptions(self, numbers: Iterable[int]) -> None:
        self.run_many("DELETE FROM subscriptions WHERE number = :number", [{"number": number} for number in numbers])

    def mark_gone(self, numbers: Iterable[int], at: datetime) -> None:
        """Nothing is sent to them any more."""
        self.run_many(
            "UPDATE subscriptions SET gone_at = :at WHERE number = :number", [{"number": number, "at": as_text(at)} for number in numbers]
        )

    def forget_gone_subscriptions(self, before: datetime) -> int:
        """Those gone before that; returns how many."""
        return self.run("DELETE FROM subscriptions WHERE gone_at IS NOT NULL AND gone_at < :before", before=as_text(before))

    def note_deliveries(self, delivered: Iterable[int], refused: Iterable[int], at: datetime, most_refusals: int) -> None:
        """When each was reached last; one whose push service refuses `most_refusals` messages in a row is gone."""
        reached_at = as_text(at)
        with self.transaction():
            for places, wanted in in_places(delivered):
                self.run(
                    f"UPDATE subscriptions SET delivered_at = :at, refusals = 0 WHERE number IN ({places})",  # noqa: S608 - place names only
                    **wanted, at=reached_at,
                )  # fmt: skip
            refusing = [{"number": number} for number in refused]
            self.run_many("UPDATE subscriptions SET refusals = refusals + 1 WHERE number = :number", refusing)
            if refusing:
                self.run_many(
                    "UPDATE subscriptions SET gone_at = :at WHERE number = :number AND refusals >= :most",
                    [{**one, "at": reached_at, "most": most_refusals} for one in refusing],
                )

    def _opened(self, rows: Iterable[Row]) -> Iterator[Subscription]:
        for row in rows:
            try:
                one = self._subscription(row)
            except (LookupError, ValueError) as fault:
                _say_once(int(row["number"]), type(fault).__name__)
                continue
            yield one

    def _subscription(self, row: Row) -> Subscription:
        facts = self.vault.open(row["sealed"], f"subscriptions:{row['endpoint_hash']}")
        return Subscription(
            number=int(row["number"]),
            endpoint=facts["endpoint"],
            p256dh=facts["p256dh"],
            auth=facts["auth"],
            person_id=row["person_id"],
            kinds=_kinds_in(row["kinds"]),
            language=row["language"],
            created_at=from_text(row["created_at"]),
            delivered_at=from_text(row["delivered_at"]) if row["delivered_at"] else None,
            ends_at=from_text(row["ends_at"]) if row["ends_at"] else None,
        )


@lru_cache(maxsize=4096)
def _say_once(number: int, why: str) -> None:
    """Kept in mind, so that each round does not say it again."""
    log.warning("a subscription cannot be read and gets nothing: number %d, %s", number, why)


def as_text(at: datetime) -> str:
    """Bangkok time to the millisecond: times written alike can be compared as text."""
    return in_bangkok(at).isoformat(timespec="milliseconds")


@lru_cache(maxsize=4096)
def from_text(text: str) -> datetime:
    """A queue holds the same few times again and again."""
    return datetime.fromisoformat(text)


@lru_cache(maxsize=256)
def _kinds_in(text: str) -> frozenset[Kind]:
    return frozenset(Kind(kind) for kind in text.split())


def in_places(values: Iterable[str | int]) -> Iterable[tuple[str, dict[str, str | int]]]:
    """Place names for IN lists of at most MOST_PLACES, with what stands in them; nothing for nothing."""
    wanted = list(dict.fromkeys(values))
    for start in range(0, len(wanted), MOST_PLACES):
        part = {f"p{number}": value for number, value in enumerate(wanted[start : start + MOST_PLACES])}
        yield ", ".join(f":{name}" for name in part), part


def _hash_of(endpoint: str) -> str:
    return hashlib.sha256(endpoint.encode()).hexdigest()


def _kinds_text(kinds: Iterable[Kind]) -> str:
    return f" {' '.join(sorted(kinds))} "
