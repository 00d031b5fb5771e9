"""The audit: who did or read what, when and why; and how anybody can see later that nothing of it was changed.

Decided:
- An entry is written in the transaction of what it tells of, and touches nothing but its own row: writes never queue behind the head of a
  chain. Sealing comes after: the worker takes all entries not sealed yet, in order, hashes each, hashes the hashes together with the hash
  of the batch before, and writes that down as a batch. So a batch stands for everything before it.
- The hash of each entry is kept beside the batch (a leaf): a check can name the entry that was changed, removed, moved or slipped in,
  and not only the batch. One linear hash over the leaves serves: a Merkle tree would prove one entry without the others, which nobody asks
  for.
- Hashes alone can be worked out anew by whoever rewrites the whole table. So each batch also bears a mark made with a key that is not in
  the database (adapters/vault.py), and its hash is told to the worker's log: an end that was cut off is found by comparing with that.
- A person is their random id, never a number or a name. What an officer writes as a reason is kept elsewhere, sealed; the entry holds only
  its fingerprint, so that it can be forgotten one day, or sealed with a new key, and the entry stays as it was.
- On SQLite numbers follow each other without a gap, since they are given out inside the write lock: one that is missing was removed. On
  PostgreSQL many write at once, a number whose transaction was given up is never used, and a lower one may come after a higher. So a batch
  is sealed while nobody writes (Store.steady): no number below its last is still on its way. What is removed before it was sealed, within
  a round of the worker, is not missed there.
Put aside: one chain entry by entry (every write would wait for the one before), and hashing at the time of writing (an entry would cost
twice).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

COLUMNS = ("at", "act", "by_role", "by_id", "about_person", "about", "reason", "words_mark", "facts")
"""Of an entry, in the order in which they are hashed."""
NOTHING_BEFORE = "0" * 64
"""What the first batch stands on."""


class Act(StrEnum):
    """What was done; one more act is one more line here, and its words in web/audit_words.py where the person may read it."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    COUNTER_CODE_ISSUED = "counter_code_issued"
    COUNTER_CODE_USED = "counter_code_used"
    PASSKEY_SET = "passkey_set"
    PASSKEY_REMOVED = "passkey_removed"
    PIN_REMOVED = "pin_removed"
    CHANNEL_LINKED = "channel_linked"
    CHANNEL_LINK_ENDED = "channel_link_ended"
    SESSIONS_ENDED = "sessions_ended"
    REQUEST_STEP = "request_step"
    CORRECTION_STEP = "correction_step"
    CLAIM_STEP = "claim_step"
    CLAIM_PAYMENT = "claim_payment"
    PAPER_STEP = "paper_step"
    PAPER_OPENED = "paper_opened"
    ACCOUNT_GIVEN_TO_BANK = "account_given_to_bank"
    RECORD_OPENED = "record_opened"
    NUMBER_LOOKED_UP = "number_looked_up"
    CALENDAR_PROPOSED = "calendar_proposed"
    CALENDAR_SETTLED = "calendar_settled"
    OFFICER_NAMED = "officer_named"
    HOSPITALS_IMPORTED = "hospitals_imported"
    PEOPLE_IMPORTED = "people_imported"
    MONTHS_IMPORTED = "months_imported"
    CONSENT_GIVEN = "consent_given"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    CONTACT_CHANGED = "contact_changed"
    NAME_CHANGED = "name_changed"
    DATA_EXPORTED = "data_exported"
    DATA_ERASED = "data_erased"
    HELP_OFFERED = "help_offered"
    HELP_ACCEPTED = "help_accepted"
    HELP_GRANTED = "help_granted"
    HELP_ENDED = "help_ended"
    HELPER_BEGAN = "helper_began"
    HELPER_USED = "helper_used"
    HELPER_STOPPED = "helper_stopped"
    KEYS_ROTATED = "keys_rotated"
    AUDIT_EXPORTED = "audit_exported"


class By(StrEnum):
    """In which role."""

    PERSON = "person"
    HELPER = "helper"
    OFFICER = "officer"
    WORKER = "worker"
    OPERATOR = "operator"
    NOBODY = "nobody"


class ReadReason(StrEnum):
    """Why an officer opens a person's record. OTHER asks for words."""

    DECIDING = "deciding"
    AT_THE_COUNTER = "at_the_counter"
    ON_THE_PHONE = "on_the_phone"
    PAPER_FORM = "paper_form"
    COMPLAINT = "complaint"
    OTHER = "other"


READS = frozenset({Act.RECORD_OPENED, Act.NUMBER_LOOKED_UP, Act.PAPER_OPENED})


@dataclass(frozen=True, slots=True)
class Who:
    """Who acts; `id` is "" where the role says it all."""

    by: By
    id: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One act. `about` is a case's reference or ""; `facts` are codes and counts; `words_mark` the fingerprint of words kept elsewhere.
    Written with number 0."""

    number: int
    at: datetime
    act: Act
    who: Who
    about_person: str | None
    about: str
    reason: str
    words_mark: str
    facts: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as it stands in the store, word for word: what is hashed must not depend on how it is read."""

    number: int
    columns: tuple[str, ...]

    @property
    def hash(self) -> str:
        return leaf_of(self.number, self.columns)


@dataclass(frozen=True, slots=True)
class Leaf:
    """Where an entry stands in its batch, with its hash at the time of sealing."""

    batch: int
    position: int
    entry: int
    hash: str


@dataclass(frozen=True, slots=True)
class Batch:
    """`previous` is the hash of the batch before; `mark` was made with a key from outside, `mark_key` names it."""

    number: int
    sealed_at: str
    first: int
    last: int
    count: int
    previous: str
    hash: str
    mark_key: str = ""
    mark: str = ""


class Amiss(StrEnum):
    """What a check can find."""

    ENTRY_CHANGED = "entry_changed"
    ENTRY_REMOVED = "entry_removed"
    ENTRY_MOVED = "entry_moved"
    ENTRY_INSERTED = "entry_inserted"
    BATCH_CHANGED = "batch_changed"
    BATCH_REMOVED = "batch_removed"
    BATCH_MOVED = "batch_moved"
    MARK_FORGED = "mark_forged"
    MARK_KEY_MISSING = "mark_key_missing"
    END_CUT_OFF = "end_cut_off"
    WORDS_CHANGED = "words_changed"


@dataclass(frozen=True, slots=True)
class Finding:
    """`number` of an entry or a batch, as the code says; `other` the place that an entry was moved to."""

    code: Amiss
    number: int
    other: int | None = None


def leaf_of(number: int, columns: Sequence[str]) -> str:
    """Each column with its length, so that nothing can wander from one into the next."""
    return _sha256(f"{number}:" + "".join(f"{len(column)}:{column}" for column in columns))


def mark_of_words(words: str, salt: str) -> str:
    """The fingerprint that an entry holds of words: without the salt nobody can try out what they were."""
    return _sha256(f"{salt}:{words}")


def seal(lines: Sequence[Line], number: int, previous: str, sealed_at: str) -> tuple[Batch, tuple[Leaf, ...]]:
    """The batch of these lines, in this order. Raises ValueError for none."""
    if not lines:
        raise ValueError("a batch of nothing")
    leaves = tuple(Leaf(number, position, line.number, line.hash) for position, line in enumerate(lines))
    first, last = lines[0].number, lines[-1].number
    return Batch(number, sealed_at, first, last, len(leaves), previous, _batch_hash(number, sealed_at, previous, leaves)), leaves


def _batch_hash(number: int, sealed_at: str, previous: str, leaves: Sequence[Leaf]) -> str:
    head = f"{number}|{sealed_at}|{previous}|{len(leaves)}|"
    return _sha256(head + "|".join(f"{leaf.position}:{leaf.entry}:{leaf.hash}" for leaf in leaves))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


# Checking


def check_batch(batch: Batch, leaves: Sequence[Leaf], lines: Sequence[Line], expected: int, previous: str) -> Iterator[Finding]:
    """What is wrong with one batch, where `expected` should stand on `previous`. `lines` are the entries from its first to its last."""
    if batch.number != expected:
        yield Finding(Amiss.BATCH_REMOVED, expected)
    elif batch.previous != previous:
        yield Finding(Amiss.BATCH_MOVED, batch.number)
    bounds = (leaves[0].entry, leaves[-1].entry, len(leaves)) if leaves else (0, 0, 0)
    whole = _batch_hash(batch.number, batch.sealed_at, batch.previous, leaves) == batch.hash and bounds == (
        batch.first, batch.last, batch.count,
    )  # fmt: skip
    if not whole:
        yield Finding(Amiss.BATCH_CHANGED, batch.number)
    yield from _check_entries({leaf.entry: leaf.hash for leaf in leaves}, {line.number: line for line in lines})


def _check_entries(leaves: Mapping[int, str], lines: Mapping[int, Line]) -> Iterator[Finding]:
    odd = [number for number, line in lines.items() if number in leaves and line.hash != leaves[number]]
    for number in odd:
        elsewhere = next((one for one in odd if one != number and leaf_of(one, lines[number].columns) == leaves[one]), None)
        yield Finding(Amiss.ENTRY_CHANGED, number) if elsewhere is None else Finding(Amiss.ENTRY_MOVED, elsewhere, number)
    yield from (Finding(Amiss.ENTRY_REMOVED, number) for number in leaves if number not in lines)
    yield from (Finding(Amiss.ENTRY_INSERTED, number) for number in lines if number not in leaves)


def check_unsealed(numbers: Iterable[int], last_sealed: int, last_given: int, gaps_until: int = 0) -> Iterator[Finding]:
    """Entries that no batch holds yet: they follow the last sealed one without a gap, up to the last number ever given. Where a store gave
    numbers to what it then did not write, a gap says nothing: an entry that is removed is missed only once a batch holds it."""
    waiting = set(numbers)
    yield from (Finding(Amiss.ENTRY_INSERTED, number) for number in sorted(waiting) if number <= last_sealed)
    first = max(last_sealed, gaps_until) + 1
    yield from (Finding(Amiss.ENTRY_REMOVED, number) for number in range(first, last_given + 1) if number not in waiting)


def as_json(facts: Mapping[str, str | int]) -> str:
    """Always the same text for the same facts."""
    return _ENCODE(dict(facts))


_ENCODE = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
