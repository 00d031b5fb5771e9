"""What is declared is enforced: a moment before its time it is there, a moment after the worker has deleted it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tests import claim_people
from tests.standing_clock import StandingClock
from webapp.actions import audit, claim_counter, claims, contact, corrections, counter_codes, helpers, name_change
from webapp.actions.reminder_planning import forget_old
from webapp.actions.taking_effect import tidy
from webapp.domain.audit import ReadReason
from webapp.domain.contact import Contact
from webapp.domain.correction import About, Correction, Proof, Told
from webapp.domain.helper_grant import Grant, Right, Term
from webapp.domain.payment import Account, Way
from webapp.domain.person import NumberKind
from webapp.domain.retention import KINDS, period_of
from webapp.ports import Attempt, CarriedSignIn, Identity, Session, Subscription, Tools

SOMCHAI, OFFICER = "1000000000009", "1000000000076"
FAR = 900


def someone(tools: Tools) -> str:
    found = tools.store.person_id_of(SOMCHAI)
    assert found
    return found


def lay_correction(tools: Tools) -> None:
    sent = corrections.send(tools, someone(tools), "k" * 20, Told(About.WAGE, "18,000", Proof.PAY_SLIP, date(2026, 8, 1)))
    assert isinstance(sent, Correction)
    corrections.withdraw(tools, someone(tools), sent.reference)


def lay_claim_account(tools: Tools) -> None:
    claim = claim_people.sent(tools, "dental")
    claims.change_payment(tools, claim.person_id, claim.reference, Way.BANK, Account("006", "1234567890"))
    claims.withdraw(tools, claim.person_id, claim.reference)


def lay_draft(tools: Tools) -> None:
    tools.store.keep_draft(f"person:{someone(tools)}", "hospital_change", {"cause": "annual"}, tools.clock.machine_time())


def lay_counter_draft(tools: Tools) -> None:
    officer = tools.store.officer_of(OFFICER)
    assert officer
    assert isinstance(counter_codes.look_up(tools, officer, SOMCHAI, NumberKind.CITIZEN), counter_codes.AtTheCounter)


def lay_claim_form(tools: Tools) -> None:
    officer = tools.store.officer_of(OFFICER)
    assert officer
    assert isinstance(claim_counter.begin(tools, officer, SOMCHAI, "dental"), claim_counter.Form)


def lay_returned_form(tools: Tools) -> None:
    tools.store.keep_draft(f"person:{someone(tools)}", "returned-form", {"path": "/"}, tools.clock.machine_time())


def lay_attempt(tools: Tools) -> None:
    tools.store.keep_attempt(Attempt("s", "b", "n", "v", "http://127.0.0.1:8000/", "/", tools.clock.machine_time()))


def lay_code(tools: Tools) -> None:
    identity = Identity(SOMCHAI, "a", "b", None, "2.3")
    tools.store.keep_carried_sign_in(CarriedSignIn("s", "b", "w", "123456", identity, "/", tools.clock.machine_time() + 120))


def lay_session(tools: Tools) -> None:
    """It runs out after a quarter of an hour, and is remembered from then on."""
    now = tools.clock.machine_time() - 15 * 60
    tools.store.keep_session(Session("h", someone(tools), None, "thaid", "2.3", now, now, now))  # type: ignore[arg-type]


def lay_try(tools: Tools) -> None:
    tools.store.count_try("door", "who", tools.clock.machine_time(), 60.0)


def lay_phone(tools: Tools) -> None:
    wanted = Subscription(0, "https://push.example/1", "p", "a", someone(tools), frozenset(), "th", tools.clock.now())
    tools.store.mark_gone([tools.store.keep_subscription(wanted).number], tools.clock.now())


def lay_message(tools: Tools) -> None:
    now = tools.clock.now().isoformat(timespec="milliseconds")
    tools.store.run(  # type: ignore[attr-defined]
        """INSERT INTO reminders (key, about, kind, occasion, person_id, due_at, next_try_at, expires_at, facts, state)
           VALUES ('k', 'a', 'request', 'request_received', :id, :now, :now, :now, '{}', 'sent')""",
        id=someone(tools), now=now,
    )  # fmt: skip


def lay_reason(tools: Tools) -> None:
    officer = tools.store.officer_of(OFFICER)
    assert officer
    with tools.store.transaction():
        audit.opened(tools, officer, someone(tools), "HC-1", ReadReason.OTHER, "why")


def lay_grant(tools: Tools) -> None:
    offered = helpers.offer(tools, someone(tools), "k" * 20, list(Right), Term.ONE_DAY)
    assert isinstance(offered, Grant)
    helpers.end_for_person(tools, someone(tools), offered.id)


def lay_contact(tools: Tools) -> None:
    contact.say(tools, someone(tools), Contact("0812345678"))


def lay_what_thaid_says(tools: Tools) -> None:
    with tools.store.transaction():
        name_change.note_what_thaid_says(tools, someone(tools), Identity(SOMCHAI, "สมชาย", "ทดสอบ", None, "2.3"))


LAID: dict[str, tuple[str, Callable[[Tools], None]]] = {
    "corrections": ("SELECT 1 FROM corrections", lay_correction),
    "claim_accounts": ("SELECT 1 FROM claim_accounts", lay_claim_account),
    "drafts": ("SELECT 1 FROM drafts", lay_draft),
    "counter_drafts": ("SELECT 1 FROM drafts", lay_counter_draft),
    "claim_forms": ("SELECT 1 FROM drafts", lay_claim_form),
    "returned_forms": ("SELECT 1 FROM drafts", lay_returned_form),
    "sign_ins": ("SELECT 1 FROM sign_in_attempts", lay_attempt),
    "sign_in_codes": ("SELECT 1 FROM sign_in_codes", lay_code),
    "sessions": ("SELECT 1 FROM sessions", lay_session),
    "grants": ("SELECT 1 FROM helper_grants", lay_grant),
    "tries": ("SELECT 1 FROM tries", lay_try),
    "phones": ("SELECT 1 FROM subscriptions", lay_phone),
    "messages": ("SELECT 1 FROM reminders WHERE key = 'k'", lay_message),
    "reasons": ("SELECT 1 FROM audit_words", lay_reason),
    "contacts": ("SELECT 1 FROM contacts", lay_contact),
    "thaid_says": ("SELECT 1 FROM thaid_says", lay_what_thaid_says),
}
ELSEWHERE = {"devices", "passkeys", "counter_codes", "challenges", "channel_entries", "channel_links"}
"""tests of the ways in that need them"""


def test_every_kind_with_a_period_is_tried() -> None:
    assert {kind.code for kind in KINDS if kind.period} == set(LAID) | ELSEWHERE


@pytest.mark.parametrize("code", LAID)
def test_a_kind_lives_as_long_as_declared_and_no_longer(tools: Tools, clock: StandingClock, code: str) -> None:
    wanted, lay = LAID[code]
    lay(tools)
    store = tools.store
    clock.advance(seconds=(period_of(code) - timedelta(seconds=60)).total_seconds())
    _a_round(tools)
    assert store.one(wanted), "too early"  # type: ignore[attr-defined]
    clock.advance(seconds=120)
    _a_round(tools)
    assert store.one(wanted) is None, "too late"  # type: ignore[attr-defined]


def _a_round(tools: Tools) -> None:
    """What the worker does every minute to forget."""
    tidy(tools)
    forget_old(tools)


def test_an_open_correction_stays_however_old(tools: Tools, clock: StandingClock) -> None:
    told = Told(About.WAGE, "18,000", Proof.PAY_SLIP, date(2026, 8, 1))
    assert isinstance(corrections.send(tools, someone(tools), "k" * 20, told), Correction)
    clock.advance(days=FAR)
    _a_round(tools)
    assert len(tools.store.corrections_of(someone(tools))) == 1
