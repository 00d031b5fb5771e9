"""The way in for somebody who cannot use ThaiD: an officer looks at card and face and hands over a code; with it the person sets a
passkey, or a PIN that counts together with the code's second half.

Decided:
- Codes and halves are kept as keyed hashes (the key is no part of the database), PINs as scrypt over a keyed hash: a stolen database file
  tells nobody a code, and a PIN of six digits cannot be tried out on it.
- The code itself stands in a draft of the officer, sealed, until it has been handed over; ten minutes at most. A page shows and prints it
  by the code's id: a tab left open on an earlier one shows nothing of a later one, and no officer another's.
- The first half finds a code, and each wrong second half is a try; five end it. A slip of the finger is told apart before (check
  character).
- Using a code is one write that exactly one browser can win.
- A wrong PIN counts before it is looked at. Five in a row lock the way in for a quarter of an hour, then ever longer; fifty end it: the
  person gets a new code. A code or a half that nobody has costs the same statements and hashes and says the same, so nobody learns which
  there are.
- A half is 22.6 bits, which alone would not do. Who holds somebody's half has fifty tries at a PIN of a million, ever slower: 1 in 20,000.
  Who holds none guesses both: at 100,000 PINs kept, one try opens any of them with 1.6 in 10^8. web/limit_table.py lets everybody together
  miss 100 times a quarter hour and 1,000 times a day, so 1.6 in 10^5 a day, however many machines try; with PINs chosen as badly as people
  choose them, perhaps twenty times that. While that many have missed, a PIN opens only on phones that its person has come in with before:
  a stranger's guessing locks nobody out of their own phone. A longer half was put aside: ten characters are what survives being read aloud.
- A new code ends the one before. Where phone or paper are lost, it ends what was set with earlier codes too.
- An officer hands nobody a code for themselves.
- Each looking-up has a random id, which the page that shows the person sends back: a page left open in another tab, on somebody else, makes
  no code for whoever was looked up since.
- Whoever sets a new PIN, or takes it away, ends the sessions that the PIN opened.
Put aside: a text message with the code (numbers change hands; facts/people.md has nothing for it), and a code that opens a session by
itself: it would be a password on paper.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from webapp.actions import audit, passkeys
from webapp.actions.number_lookup import person_with
from webapp.actions.sessions import Device, end_session, open_session, tell
from webapp.domain.assurance import Via
from webapp.domain.audit import Act, ReadReason
from webapp.domain.counter_code import (
    ENDS_WHAT_WAS_SET,
    HALF,
    LIFE_DAYS,
    LONGEST_PIN,
    SHORTEST_PIN,
    TRIES,
    Why,
    is_a_half,
    is_easily_guessed,
    is_well_typed,
    new_code,
    read_code,
)
from webapp.domain.dates import thai_digits_to_arabic
from webapp.domain.person import NumberKind
from webapp.domain.reminder import Occasion
from webapp.domain.retention import period_of
from webapp.ports import CounterCode, KeptPin, Name, Officer, Session, Tools

LOOKED_UP, SHOWN, ACCEPTED = "counter-person", "counter-code-shown", "counter-code-accepted"
SHOWN_SECONDS = ACCEPTED_SECONDS = 10 * 60
LOOKED_UP_SECONDS = period_of("counter_drafts").total_seconds()
SHORT_LIVED = {LOOKED_UP: LOOKED_UP_SECONDS, SHOWN: SHOWN_SECONDS, ACCEPTED: ACCEPTED_SECONDS}
TRIES_BEFORE_A_LOCK, FIRST_LOCK_SECONDS, LONGEST_LOCK_SECONDS, TRIES_AT_ALL = 5, 15 * 60, 24 * 3600, 50
SCRYPT = {"n": 2**14, "r": 8, "p": 1, "dklen": 32}
COUNTER_WAYS = (Via.COUNTER_PASSKEY, Via.COUNTER_PIN)
NOBODY = ""
NO_CODE = CounterCode(NOBODY, NOBODY, "", "", "0" * 64, Why.LOST, NOBODY, datetime.min.replace(tzinfo=UTC), 0)
"""Asked about where there is none: the store then does the same work."""


class NotFound(StrEnum):
    """Why a number leads to no code."""

    NOT_A_NUMBER = "not_a_number"
    NOT_IN_THE_RECORD = "not_in_the_record"
    THEIR_OWN = "their_own"
    NOT_INSURED = "not_insured"


@dataclass(frozen=True)
class AtTheCounter:
    """Whom the officer has before them; `shown` names this looking-up and no other."""

    person_id: str
    name: Name
    shown: str


@dataclass(frozen=True)
class HandedOver:
    """The code as it is shown once; `id` names it on pages, `ends_at` is the last moment it serves."""

    id: str
    code: str
    name: Name
    issued_at: datetime
    ends_at: datetime


class CodeFault(StrEnum):
    """Why what was typed is not taken. MISTYPED cost no try."""

    MISTYPED = "mistyped"
    NOT_TAKEN = "not_taken"


class PinFault(StrEnum):
    """Why a PIN cannot be set."""

    NOT_DIGITS = "not_digits"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    EASILY_GUESSED = "easily_guessed"
    DIFFERS = "differs"


class SomeoneElseUsedIt(RuntimeError):
    """Another browser was first with this code: what stands in the open transaction is taken back."""


@dataclass(frozen=True)
class CameIn:
    """`token` is the secret for the session cookie."""

    token: str
    person_id: str


# The officer


def look_up(tools: Tools, officer: Officer, typed: str, kind: NumberKind) -> AtTheCounter | NotFound:
    """Find the person by the number on the card. It is looked up and forgotten: from here on a draft of the officer says who it is."""
    person_id = person_with(tools, typed, kind)
    if person_id is None:
        return NotFound.NOT_A_NUMBER
    person = tools.store.person(person_id) if person_id else None
    name = tools.store.name_of(person_id) if person_id else None
    if person is None or name is None:
        return NotFound.NOT_IN_THE_RECORD
    if person_id == officer.person_id:
        return NotFound.THEIR_OWN
    if not person.section:
        return NotFound.NOT_INSURED
    shown = secrets.token_hex(8)
    with tools.store.transaction():
        audit.opened(tools, officer, person_id, "", ReadReason.AT_THE_COUNTER, by_number=True)
        tools.store.keep_draft(_owner(officer), LOOKED_UP, {"person_id": person_id, "at": _now(tools), "shown": shown}, _now(tools))
    return AtTheCounter(person_id, name, shown)


def at_the_counter(tools: Tools, officer: Officer) -> AtTheCounter | None:
    """Whom this officer looked up last, within a quarter of an hour."""
    kept = tools.store.draft(_owner(officer), LOOKED_UP)
    name = tools.store.name_of(kept["person_id"]) if kept and _now(tools) - kept["at"] <= LOOKED_UP_SECONDS else None
    return AtTheCounter(kept["person_id"], name, kept.get("shown", "")) if kept and name else None


def leave(tools: Tools, officer: Officer, code_id: str) -> None:
    """The next person steps up: nothing of this one stays on the desk. A later code, of another tab, does."""
    with tools.store.transaction():
        if handed_over(tools, officer, code_id) is not None:
            for kind in (LOOKED_UP, SHOWN):
                tools.store.drop_draft(_owner(officer), kind)


def issue(tools: Tools, officer: Officer, why: Why, shown: str) -> CounterCode | None:
    """A new code for whoever stands at the counter, whose card and face the officer has looked at; None: nobody was looked up, or
    somebody else since the page with `shown`."""
    with tools.store.transaction():
        found = at_the_counter(tools, officer)
        if found is None or not is_still_before(found, shown) or found.person_id == officer.person_id:
            return None
        now, person_id = tools.clock.now(), found.person_id
        tools.store.end_counter_codes_of(person_id, now)
        if why in ENDS_WHAT_WAS_SET:
            _end_what_was_set(tools, person_id)
        code, kept = _new(tools, officer, person_id, why)
        tools.store.add_counter_code(kept)
        audit.note(tools, Act.COUNTER_CODE_ISSUED, audit.officer(officer.id), person_id, kept.id, str(why))
        tell(tools, person_id, Occasion.SIGN_IN_CODE)
        tools.store.keep_draft(_owner(officer), SHOWN, {"code": code, "id": kept.id, "at": _now(tools)}, _now(tools))
        tools.store.drop_draft(_owner(officer), LOOKED_UP)
    return kept


def step_back(tools: Tools, officer: Officer) -> None:
    """What the person came for is done: the officer no longer has them before them."""
    tools.store.drop_draft(_owner(officer), LOOKED_UP)


def is_still_before(found: AtTheCounter, shown: str) -> bool:
    """Whether the page that sends `shown` showed this person."""
    return bool(found.shown) and hmac.compare_digest(found.shown.encode(), shown.encode())


def forget_left_behind(tools: Tools) -> int:
    """Who was looked up, codes on a desk and codes entered, when nothing can come of them any more. For the worker."""
    return sum(tools.store.forget_old_drafts(_now(tools) - seconds, kind) for kind, seconds in SHORT_LIVED.items())


def to_hand_over(tools: Tools, officer: Officer) -> HandedOver | None:
    """The code this officer has made last, while it may still be shown and nobody has used it."""
    shown = tools.store.draft(_owner(officer), SHOWN)
    return handed_over(tools, officer, shown["id"]) if shown else None


def handed_over(tools: Tools, officer: Officer, code_id: str) -> HandedOver | None:
    """This very code, where this officer made it last, while it may still be shown and nobody has used it."""
    shown = tools.store.draft(_owner(officer), SHOWN)
    if shown is None or shown["id"] != code_id or _now(tools) - shown["at"] > SHOWN_SECONDS:
        return None
    code = tools.store.counter_code(shown["id"])
    name = tools.store.name_of(code.person_id) if code and not code.used_at and not code.ended_at else None
    if code is None or name is None:
        return None
    return HandedOver(code.id, shown["code"], name, code.issued_at, code.issued_at + timedelta(days=LIFE_DAYS))


def _new(tools: Tools, officer: Officer, person_id: str, why: Why) -> tuple[str, CounterCode]:
    while True:
        code = new_code()
        firsts, halves = _hashes(tools, "first", code[:HALF]), _hashes(tools, "half", code[HALF:])
        if not tools.store.is_half_in_use(halves, firsts):
            break
    kept = CounterCode(
        secrets.token_hex(16), person_id, firsts[0], halves[0], _hashes(tools, "code", code)[0], why, officer.id, tools.clock.now(),
        _now(tools) + LIFE_DAYS * 24 * 3600,
    )  # fmt: skip
    return code, kept


def _end_what_was_set(tools: Tools, person_id: str) -> None:
    tools.store.drop_pin(person_id)
    tools.store.drop_passkeys_made_via(person_id, Via.COUNTER_PASSKEY)
    tools.store.end_sessions_of(person_id, via=COUNTER_WAYS)


# The person


def enter(tools: Tools, browser_owner: str, typed: str) -> CounterCode | CodeFault:
    """Take the code in this browser; it is used only when a passkey or a PIN has been set with it. The try is counted before it is looked
    at, so that many at once are many tries; the right code gets its own back."""
    code = read_code(typed)
    if not is_well_typed(code):
        return CodeFault.MISTYPED
    found: CounterCode | None = tools.store.open_counter_code(_hashes(tools, "first", code[:HALF]))
    kept = found if found is not None and _now(tools) < found.ends_at else NO_CODE
    with tools.store.transaction():
        may_try = tools.store.try_counter_code(kept.id, TRIES)
        matches = [hmac.compare_digest(one, kept.code_hash) for one in _hashes(tools, "code", code)]
        if not may_try or not any(matches):
            return CodeFault.NOT_TAKEN
        tools.store.give_back_try(kept.id)
        tools.store.keep_draft(browser_owner, ACCEPTED, {"id": kept.id, "at": _now(tools)}, _now(tools))
    return kept


def accepted(tools: Tools, browser_owner: str | None) -> CounterCode | None:
    """The code this browser has entered and not used yet."""
    kept = tools.store.draft(browser_owner, ACCEPTED) if browser_owner else None
    if kept is None or _now(tools) - kept["at"] > ACCEPTED_SECONDS:
        return None
    code: CounterCode | None = tools.store.counter_code(kept["id"])
    is_open = code is not None and not code.used_at and not code.ended_at and _now(tools) < code.ends_at
    return code if is_open else None


def set_pin(
    tools: Tools, browser_owner: str, pin: str, again: str, earlier_token: str | None, device: Device
) -> CameIn | PinFault | None:
    """Use the code for a PIN and come in; None: there is no code to use (any more)."""
    code = accepted(tools, browser_owner)
    name = tools.store.name_of(code.person_id) if code else None
    if code is None or name is None:
        return None
    digits = _digits(pin)
    if fault := _pin_fault(digits, _digits(again), name):
        return fault
    hashed = _new_pin(tools, code, digits)
    with tools.store.transaction():
        if not _use(tools, code, browser_owner, Via.COUNTER_PIN):
            return None
        tools.store.keep_pin(hashed)
        tools.store.end_sessions_of(code.person_id, via=[Via.COUNTER_PIN])
        tell(tools, code.person_id, Occasion.SIGN_IN_WAY)
        return _let_in(tools, code.person_id, Via.COUNTER_PIN, earlier_token, device)


def set_passkey(
    tools: Tools, browser_owner: str, browser_secret: str | None, answer: str, earlier_token: str | None, device: Device
) -> CameIn | None:
    """Use the code for a passkey and come in; None where the code or the browser's answer will not do, and then neither is used up."""
    code = accepted(tools, browser_owner)
    if code is None:
        return None
    try:
        with tools.store.transaction():
            new = passkeys.verify_made(tools, browser_secret, answer)
            if new is None:
                return None
            if not passkeys.keep(tools, code.person_id, new, Via.COUNTER_PASSKEY, device):
                return None
            if not _use(tools, code, browser_owner, Via.COUNTER_PASSKEY):
                raise SomeoneElseUsedIt
            return _let_in(tools, code.person_id, Via.COUNTER_PASSKEY, earlier_token, device)
    except SomeoneElseUsedIt:
        return None


def come_in_by_pin(
    tools: Tools, half: str, pin: str, earlier_token: str | None, device: Device, known_phones_only: bool = False
) -> CameIn | None:
    """A session by PIN and half a code; None says only that it did not come about, and takes as long. `known_phones_only`: on any other
    phone not even the right PIN opens, and no try is counted."""
    typed_half, digits = read_code(half), _digits(pin)
    kept: KeptPin | None = tools.store.pin_with_half(_hashes(tools, "half", typed_half)) if is_a_half(typed_half) else None
    knows_phone = tools.store.knows_device(kept.person_id if kept else NOBODY, device.mark_hash)
    found = kept if knows_phone or not known_phones_only else None
    tries: int | None = tools.store.try_pin(found.person_id if found else NOBODY, _now(tools), TRIES_AT_ALL)
    key = _key_of_pin(tools, found, digits)
    if found is None or tries is None or key is None:
        _lock_after(tools, found, tries or 0)
        return None
    person = tools.store.person(found.person_id)
    if person is None or not person.section:
        return None
    renewed = None if key == tools.settings.secret_keys[0] else _with_the_newest_key(tools, found, typed_half, digits)
    with tools.store.transaction():
        if renewed is not None:
            tools.store.keep_pin(renewed)
        tools.store.pin_was_right(found.person_id, tools.clock.now())
        return _let_in(tools, found.person_id, Via.COUNTER_PIN, earlier_token, device)


def remove_pin(tools: Tools, mine: Session) -> bool:
    """It opens nothing from now on; sessions that it opened end, but for the one that asks. False where there is none."""
    person_id = mine.person_id or ""
    with tools.store.transaction():
        removed: bool = tools.store.drop_pin(person_id)
        if removed:
            tools.store.end_sessions_of(person_id, except_for=mine.id_hash, via=[Via.COUNTER_PIN])
            audit.note(tools, Act.PIN_REMOVED, audit.person(person_id), person_id)
    return removed


def _pin_fault(digits: str, again: str, name: Name) -> PinFault | None:
    if not digits.isascii() or not digits.isdigit():
        return PinFault.NOT_DIGITS
    if not SHORTEST_PIN <= len(digits) <= LONGEST_PIN:
        return PinFault.TOO_SHORT if len(digits) < SHORTEST_PIN else PinFault.TOO_LONG
    if is_easily_guessed(digits, name.birth_date) or digits in name.pid:
        return PinFault.EASILY_GUESSED
    return None if digits == again else PinFault.DIFFERS


def _use(tools: Tools, code: CounterCode, browser_owner: str, way: Via) -> bool:
    if not tools.store.use_counter_code(code.id, way, tools.clock.now(), _now(tools)):
        return False
    tools.store.drop_draft(browser_owner, ACCEPTED)
    audit.note(tools, Act.COUNTER_CODE_USED, audit.person(code.person_id), code.person_id, code.id, way=str(way))
    return True


def _let_in(tools: Tools, person_id: str, via: Via, earlier_token: str | None, device: Device) -> CameIn:
    if earlier_token:
        end_session(tools, earlier_token)
    return CameIn(open_session(tools, person_id, None, via, "", device), person_id)


def _lock_after(tools: Tools, pin: KeptPin | None, tries: int) -> None:
    """Every fifth wrong one in a row locks. Any other, and one of nobody, is asked of the store in the same words and locks nothing."""
    rounds, rest = divmod(tries, TRIES_BEFORE_A_LOCK)
    locks = pin is not None and tries > 0 and rest == 0
    until = _now(tools) + min(FIRST_LOCK_SECONDS * 2 ** (rounds - 1), LONGEST_LOCK_SECONDS) if locks else 0
    tools.store.lock_pin(pin.person_id if pin is not None and locks else NOBODY, until)


def _new_pin(tools: Tools, code: CounterCode, digits: str) -> KeptPin:
    salt = secrets.token_bytes(16)
    hashed = _scrypt(tools.settings.secret_keys[0], digits, salt)
    return KeptPin(code.person_id, code.half_hash, salt.hex(), hashed, tools.clock.now())


def _with_the_newest_key(tools: Tools, kept: KeptPin, half: str, digits: str) -> KeptPin:
    """A PIN cannot be written anew without its holder: it is done when they come, after a key was put in front."""
    hashed = _scrypt(tools.settings.secret_keys[0], digits, bytes.fromhex(kept.salt))
    return replace(kept, half_hash=_hashes(tools, "half", half)[0], pin_hash=hashed)


def _key_of_pin(tools: Tools, kept: KeptPin | None, digits: str) -> str | None:
    """The key under which these digits are the PIN. Every key is tried, also where there is no PIN: the time tells nothing."""
    salt = bytes.fromhex(kept.salt) if kept else bytes(16)
    right = None
    for key in tools.settings.secret_keys:
        hashed = _scrypt(key, digits, salt)
        if kept is not None and hmac.compare_digest(hashed, kept.pin_hash):
            right = key
    return right


def _scrypt(key: str, digits: str, salt: bytes) -> str:
    keyed = hmac.new(key.encode(), b"sitthi pin" + digits.encode(), hashlib.sha256).digest()
    return hashlib.scrypt(keyed, salt=salt, **SCRYPT).hex()


def _hashes(tools: Tools, part: str, text: str) -> list[str]:
    """Under every key still read, newest first."""
    said = f"sitthi counter code:{part}:{text}".encode()
    return [hmac.new(key.encode(), said, hashlib.sha256).hexdigest() for key in tools.settings.secret_keys]


def _digits(typed: str) -> str:
    return "".join(thai_digits_to_arabic(typed[:40]).split())


def _owner(officer: Officer) -> str:
    return f"officer:{officer.id}"


def _now(tools: Tools) -> float:
    now: float = tools.clock.machine_time()
    return now
