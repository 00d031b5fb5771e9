"""Writing the audit, sealing it, checking it, reading it: the one place that actions call.

Decided:
- `note` is called inside the transaction of what it tells of: both are written, or neither.
- Steps of cases are noted where every transaction that writes them passes (`note_steps`, from actions/reminders.py::follow_case), not by
  each action; a sign-in where every way in opens its session (actions/sessions.py).
- An officer is asked once a day and case why they open it. An act on a case (taking it, deciding) says so by itself. A number typed at the
  counter is a form handed in: that reason is noted without asking.
- A queue (hospital changes, corrections, claims) is no reading of a record, and asks for no reason: it shows what an officer needs to pick
  work, the reference, the shortened name, what kind of case, the province, the days and what it waits for; nothing typed and no sum. A
  reason for each of 50 lines would be tapped away unread, and an entry for 50 people at every look would bury the ones that tell
  something. Whatever shows more of one case, also the page that says a colleague was first, comes after a reason.
- The person reads all of it: who (the role), when, what and why, the words included. The page that asks says so to the officer. The
  officer's name is not told: a person who wants to know it asks the office, which can see it.
- The worker seals once a minute, at most LOT entries a batch, so that a check holds one batch in memory.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, time
from typing import Any

from webapp.domain import audit as rule
from webapp.domain.audit import NOTHING_BEFORE, Act, Amiss, Batch, By, Entry, Finding, ReadReason, Who
from webapp.domain.dates import BANGKOK
from webapp.domain.helper_grant import helper_in
from webapp.domain.retention import period_of
from webapp.ports import Officer, StoreUnavailable, Tools

LOT = 10_000
LONGEST_REASON = 200
SHOWN_TO_THE_PERSON = 200
WORKER, OPERATOR, NOBODY = Who(By.WORKER), Who(By.OPERATOR), Who(By.NOBODY)


def person(person_id: str) -> Who:
    return Who(By.PERSON, person_id)


def helper(person_id: str) -> Who:
    """Somebody who acts for another person, in their own name."""
    return Who(By.HELPER, person_id)


def officer(officer_id: str) -> Who:
    return Who(By.OFFICER, officer_id)


def note(
    tools: Tools,
    act: Act,
    by: Who,
    about_person: str | None = None,
    about: str = "",
    reason: str = "",
    words: str = "",
    **facts: str | int,
) -> int:
    """Write one entry into the open transaction; returns its number. `facts` are codes and counts, never a number, a name or a secret."""
    salt = secrets.token_hex(16) if words else ""
    mark = rule.mark_of_words(words, salt) if words else ""
    number: int = tools.store.add_entry(Entry(0, tools.clock.now(), act, by, about_person, about, reason, mark, facts))
    if words:
        tools.store.keep_reason_words(number, words, salt)
    return number


def note_steps(tools: Tools, act: Act, person_id: str, reference: str, steps: Sequence[Any]) -> None:
    """Each step of a case's history (`code`, `by`), whoever took it: the person, a helper for them, an officer or the worker."""
    for step in steps:
        note(tools, act, _who_took(step.by, person_id), person_id, reference, step=str(step.code))


def _who_took(by: str, person_id: str) -> Who:
    if by == person_id:
        return person(by)
    if acting := helper_in(by):
        return helper(acting)
    return WORKER if by == "worker" else officer(by)


# Reading a person's record


def must_say_why(tools: Tools, officer_asking: Officer, about: str) -> bool:
    """Whether this officer has not said today why they open this case, nor done anything to it."""
    midnight = datetime.combine(tools.clock.today(), time.min, BANGKOK)
    return not tools.store.has_opened(officer_asking.id, about, midnight)


def opened(
    tools: Tools, officer_reading: Officer, person_id: str, about: str, reason: ReadReason, words: str = "", by_number: bool = False
) -> None:
    """An officer reads a person's record, and why; `by_number`: found by the number that was typed."""
    act = Act.NUMBER_LOOKED_UP if by_number else Act.RECORD_OPENED
    note(tools, act, officer(officer_reading.id), person_id, about, str(reason), " ".join(words.split())[:LONGEST_REASON])


@dataclass(frozen=True)
class Opening:
    """One entry as its person reads it; `words` "" where none were written, or they are forgotten."""

    entry: Entry
    words: str


def openings_of(tools: Tools, person_id: str) -> list[Opening]:
    """What others read or did about this person, newest first; at most SHOWN_TO_THE_PERSON."""
    entries: list[Entry] = tools.store.entries_about(person_id, SHOWN_TO_THE_PERSON)
    return [Opening(entry, _words_of(tools, entry)) for entry in entries]


def everything_about(tools: Tools, person_id: str) -> list[Opening]:
    """All there is about this person, what they did themselves too, newest first."""
    entries: list[Entry] = tools.store.all_entries_about(person_id)
    return [Opening(entry, _words_of(tools, entry)) for entry in entries]


def _words_of(tools: Tools, entry: Entry) -> str:
    kept = tools.store.reason_words(entry.number) if entry.words_mark else None
    return kept[0] if kept else ""


def forget_words(tools: Tools) -> int:
    """The words of reasons after their time; the entries stay. For the worker."""
    gone: int = tools.store.forget_reason_words(tools.clock.now() - period_of("reasons"))
    return gone


# Sealing


def seal(tools: Tools, most: int = LOT) -> list[Batch]:
    """Seal everything written so far; returns the new batches, oldest first. For the worker."""
    sealed: list[Batch] = []
    while batch := _seal_once(tools, most):
        sealed.append(batch)
    return sealed


def _seal_once(tools: Tools, most: int) -> Batch | None:
    """The lines are read and sealed while nobody writes any: of two workers the second finds nothing left, and no number below the last one
    sealed is still on its way."""
    if not tools.store.unsealed_lines(1):
        return None
    with tools.store.steady("audit_entries"), tools.store.transaction():
        lines = tools.store.unsealed_lines(most)
        if not lines:
            return None
        last: Batch | None = tools.store.last_batch()
        number, previous = (last.number + 1, last.hash) if last else (1, NOTHING_BEFORE)
        batch, leaves = rule.seal(lines, number, previous, tools.clock.now().isoformat(timespec="seconds"))
        tools.store.keep_batch(batch, leaves)
    return batch


# Checking


@dataclass(frozen=True)
class Checked:
    """What a check of the whole audit found; `head` is the last batch, to be compared with the log of the worker."""

    entries: int
    waiting: int
    head: Batch | None
    findings: tuple[Finding, ...]


def check(tools: Tools, expected_head: tuple[int, str] | None = None) -> Checked:
    """Go through every batch and entry. `expected_head`: a batch's number and hash as some log once told them."""
    findings: list[Finding] = []
    count, previous, expected, last_sealed = 0, NOTHING_BEFORE, 1, 0
    head: Batch | None = None
    seen_head = expected_head is None
    for batch in tools.store.batches():
        leaves, lines = tools.store.leaves_of(batch.number), tools.store.lines_between(batch.first, batch.last)
        findings += rule.check_batch(batch, leaves, lines, expected, previous)
        findings += _about_mark(tools, batch)
        seen_head = seen_head or (batch.number, batch.hash) == expected_head
        count, previous, expected, last_sealed, head = count + len(lines), batch.hash, batch.number + 1, batch.last, batch
    numbers = tools.store.unsealed_numbers()
    between = {finding.number for finding in findings if finding.code is Amiss.ENTRY_INSERTED}
    unsealed = rule.check_unsealed(numbers, last_sealed, tools.store.last_number_given(), tools.store.gaps_until())
    findings += [one for one in unsealed if one.number not in between]
    findings += _about_words(tools)
    if not seen_head and expected_head is not None:
        findings.append(Finding(Amiss.END_CUT_OFF, expected_head[0]))
    return Checked(count, sum(number > last_sealed for number in numbers), head, tuple(findings))


def _about_mark(tools: Tools, batch: Batch) -> Iterator[Finding]:
    right = tools.store.is_marked_rightly(batch)
    if right is not True:
        yield Finding(Amiss.MARK_FORGED if right is False or not batch.mark_key else Amiss.MARK_KEY_MISSING, batch.number)


def _about_words(tools: Tools) -> Iterator[Finding]:
    for number, mark in tools.store.reads_with_words():
        kept = _kept_words(tools, number)
        if kept is None or rule.mark_of_words(*kept) != mark:
            yield Finding(Amiss.WORDS_CHANGED, number)


def _kept_words(tools: Tools, number: int) -> tuple[str, str] | None:
    """None where their seal does not fit."""
    try:
        kept: tuple[str, str] | None = tools.store.reason_words(number)
    except StoreUnavailable:
        raise
    except ValueError:
        return None
    return kept


# Exporting


def export(tools: Tools, write: Callable[[Mapping[str, Any]], None]) -> int:
    """Every batch with its seal, then its entries; those not sealed yet at the end. Returns how many entries. Words of reasons are left
    out. That it was exported is an entry itself, written before anything is given out."""
    with tools.store.transaction():
        note(tools, Act.AUDIT_EXPORTED, OPERATOR)
    count, last = 0, 0
    for batch in tools.store.batches():
        write({"kind": "batch", **asdict(batch)})
        leaves = {leaf.entry: leaf.hash for leaf in tools.store.leaves_of(batch.number)}
        for line in tools.store.lines_between(batch.first, batch.last):
            write({"kind": "entry", "batch": batch.number, **_named(line), "hash": leaves.get(line.number, "")})
            count += 1
        last = batch.last
    for line in tools.store.lines_between(last + 1, tools.store.last_number_given()):
        write({"kind": "entry", "batch": None, **_named(line), "hash": line.hash})
        count += 1
    return count


def _named(line: rule.Line) -> dict[str, Any]:
    return {"number": line.number, **dict(zip(rule.COLUMNS, line.columns, strict=True))}

