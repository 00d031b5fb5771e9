"""Attempts, who somebody is, sessions and drafts, on the real store with a provider that vouches for whom it is told."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pytest

from tests.standing_clock import StandingClock
from webapp.actions import sessions, sign_in
from webapp.actions.sign_in import CarriedOver, CodeRefused, NotSignedIn, SignedIn
from webapp.domain.assurance import Level
from webapp.ports import Attempt, Identity, SignInFailed, SignInStart, Tools

SOMCHAI, FOUR_MONTHS, SECTION_39, NOT_INSURED, OFFICER = (
    "1000000000009", "1000000000025", "1000000000033", "1000000000041", "1000000000076",
)  # fmt: skip
PHONE, LAPTOP = "secret of the phone", "secret of the laptop"
CALLBACK = "http://127.0.0.1:8000/sign-in/thaid/callback"
MINUTE = 60


@dataclass
class Vouching:
    """An identity provider that vouches for `pid`, or fails with `cause`; counts the codes it is shown."""

    pid: str = SOMCHAI
    cause: str | None = None
    begun: int = 0
    shown: list[str] = field(default_factory=list)

    def begin(self, redirect_uri: str) -> SignInStart:
        self.begun += 1
        return SignInStart(f"https://thaid.invalid/?{self.begun}", f"state {self.begun}", f"nonce {self.begun}", "verifier")

    def finish(self, callback: Mapping[str, str], attempt: Attempt) -> Identity:
        self.shown.append(callback.get("code", ""))
        if self.cause:
            raise SignInFailed(self.cause)
        return Identity(self.pid, "ชื่อ", "นามสกุล", None, "2.3")


@pytest.fixture
def provider() -> Vouching:
    return Vouching()


@pytest.fixture
def held(tools: Tools, provider: Vouching) -> Tools:
    return replace(tools, identity=provider)


def begins(held: Tools, browser: str = PHONE, next_path: str = "/my-data") -> str:
    """The state of a new attempt."""
    sign_in.start(held, browser, next_path, CALLBACK)
    provider = held.identity
    assert isinstance(provider, Vouching)
    return f"state {provider.begun}"


def returns(held: Tools, state: str, browser: str | None = PHONE, earlier: str | None = None) -> SignedIn | CarriedOver | NotSignedIn:
    return sign_in.finish(held, browser, {"state": state, "code": f"code for {state}"}, earlier)


def signed_in(held: Tools, **how: str) -> SignedIn:
    outcome = returns(held, begins(held), **how)
    assert isinstance(outcome, SignedIn), outcome
    return outcome


def person_id(held: Tools, pid: str = SOMCHAI) -> str:
    found = held.store.person_id_of(pid)
    assert found
    return str(found)


def cause(outcome: SignedIn | CarriedOver | NotSignedIn) -> str:
    assert isinstance(outcome, NotSignedIn), outcome
    return outcome.cause


# The attempt


def test_somchai_comes_back_to_where_he_was(held: Tools) -> None:
    outcome = signed_in(held)
    assert (outcome.next, outcome.person_id, outcome.officer_id) == ("/my-data", person_id(held), None)


def test_the_store_keeps_hashes_of_state_and_browser_only(held: Tools) -> None:
    state = begins(held)
    attempt = held.store.attempt(sessions.hash_of(state))
    assert attempt is not None
    assert PHONE not in repr(attempt)
    assert f"'{state}'" not in repr(attempt)


def test_an_unknown_state_shows_no_code_to_thaid(held: Tools, provider: Vouching) -> None:
    begins(held)
    assert cause(returns(held, "a state of somebody else")) == "unknown"
    assert cause(sign_in.finish(held, PHONE, {})) == "unknown"
    assert provider.shown == []


@pytest.mark.parametrize("elsewhere", [LAPTOP, None])
def test_another_browser_is_never_signed_in_and_spends_the_attempt(held: Tools, provider: Vouching, elsewhere: str | None) -> None:
    state = begins(held)
    assert isinstance(returns(held, state, browser=elsewhere), CarriedOver)
    assert cause(returns(held, state)) == "already_used"
    assert cause(returns(held, state, browser=elsewhere)) == "other_browser"
    assert len(provider.shown) == 1


def carried(held: Tools, browser: str = PHONE) -> tuple[str, str]:
    """A sign-in begun on the phone that came back on the laptop: (what the laptop keeps, the code it shows)."""
    outcome = returns(held, begins(held, browser), browser=LAPTOP)
    assert isinstance(outcome, CarriedOver), outcome
    shown = sign_in.code_to_show(held, outcome.secret)
    assert shown
    return outcome.secret, shown.code


def another(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_the_code_shown_elsewhere_signs_in_where_it_began_and_nowhere_else(held: Tools) -> None:
    _, code = carried(held)
    assert len(code) == 6
    assert sign_in.finish_by_code(held, LAPTOP, code) == CodeRefused(0)
    assert sign_in.finish_by_code(held, None, code) == CodeRefused(0)
    assert sign_in.is_code_awaited(held, PHONE)
    outcome = sign_in.finish_by_code(held, PHONE, code)
    assert isinstance(outcome, SignedIn)
    assert (outcome.person_id, outcome.next) == (person_id(held), "/my-data")


def test_a_code_serves_once(held: Tools) -> None:
    secret, code = carried(held)
    assert isinstance(sign_in.finish_by_code(held, PHONE, code), SignedIn)
    assert sign_in.finish_by_code(held, PHONE, code) == CodeRefused(0)
    assert sign_in.code_to_show(held, secret) is None


def test_the_third_wrong_try_ends_a_code(held: Tools) -> None:
    _, code = carried(held)
    assert [sign_in.finish_by_code(held, PHONE, another(code)) for _ in range(3)] == [CodeRefused(2), CodeRefused(1), CodeRefused(0)]
    assert sign_in.finish_by_code(held, PHONE, code) == CodeRefused(0)


def test_a_code_lives_two_minutes(held: Tools, clock: StandingClock) -> None:
    secret, code = carried(held)
    clock.advance(seconds=119)
    assert sign_in.code_to_show(held, secret)
    clock.advance(seconds=1)
    assert sign_in.code_to_show(held, secret) is None
    assert sign_in.finish_by_code(held, PHONE, code) == CodeRefused(0)
    assert not sign_in.is_code_awaited(held, PHONE)
    clock.advance(seconds=1)
    assert sessions.forget_stale(held) == 1, "nothing of it is kept"


def test_who_did_not_begin_it_makes_the_code_worthless(held: Tools) -> None:
    secret, code = carried(held)
    sign_in.stop_code(held, "somebody else's secret")
    assert sign_in.code_to_show(held, secret)
    sign_in.stop_code(held, secret)
    assert sign_in.finish_by_code(held, PHONE, code) == CodeRefused(0)


def test_of_many_who_type_the_code_at_once_one_gets_in(held: Tools) -> None:
    _, code = carried(held)
    outcomes: list[object] = []
    start = threading.Barrier(6)

    def type_it() -> None:
        start.wait()
        outcomes.append(sign_in.finish_by_code(held, PHONE, code))
        held.store.close()

    threads = [threading.Thread(target=type_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(outcome, SignedIn) for outcome in outcomes) == 1


def test_an_officer_gets_no_code(held: Tools, provider: Vouching) -> None:
    provider.pid = OFFICER
    assert cause(returns(held, begins(held), browser=LAPTOP)) == "other_browser"


def test_a_return_elsewhere_that_thaid_does_not_vouch_for_shows_no_code(held: Tools, provider: Vouching) -> None:
    provider.cause = "refused"
    assert cause(returns(held, begins(held), browser=LAPTOP)) == "refused"
    provider.cause, provider.pid = None, NOT_INSURED
    assert cause(returns(held, begins(held), browser=LAPTOP)) == "not_insured"


def test_neither_code_nor_identity_lies_open_in_the_database(held: Tools) -> None:
    _, code = carried(held)
    row = held.store.one("SELECT * FROM sign_in_codes")
    assert code not in repr(dict(row))
    assert SOMCHAI not in repr(dict(row))


def test_an_attempt_serves_once(held: Tools, provider: Vouching) -> None:
    state = begins(held)
    assert isinstance(returns(held, state), SignedIn)
    assert cause(returns(held, state)) == "already_used"
    assert len(provider.shown) == 1


def test_a_failure_is_noted_once_an_attempt_however_often_it_comes_back(held: Tools, provider: Vouching) -> None:
    state, provider.cause = begins(held), "refused"
    for browser in (PHONE, PHONE, LAPTOP, None):
        returns(held, state, browser=browser)
    returns(held, "unknown")
    noted = held.store.all("SELECT facts FROM audit_entries WHERE act = 'sign_in_failed'")
    assert [row["facts"] for row in noted] == ['{"cause":"refused"}']


def test_of_many_returns_at_once_one_shows_the_code(held: Tools, provider: Vouching) -> None:
    state = begins(held)
    outcomes: list[SignedIn | CarriedOver | NotSignedIn] = []
    start = threading.Barrier(8)

    def come_back() -> None:
        start.wait()
        outcomes.append(returns(held, state))
        held.store.close()

    threads = [threading.Thread(target=come_back) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(outcome, SignedIn) for outcome in outcomes) == 1
    assert len(provider.shown) == 1


@pytest.mark.parametrize("fault", ["refused", "timed_out", "not_verified", "ial_too_low"])
def test_a_failed_return_is_spent_too_and_keeps_the_way_back(held: Tools, provider: Vouching, fault: str) -> None:
    provider.cause = fault
    state = begins(held)
    outcome = returns(held, state)
    assert outcome == NotSignedIn(fault, "/my-data")
    assert cause(returns(held, state)) == "already_used"


def test_fifteen_minutes_are_too_long(held: Tools, clock: StandingClock, provider: Vouching) -> None:
    in_time, too_late = begins(held), begins(held)
    clock.advance(seconds=15 * MINUTE - 5)
    assert isinstance(returns(held, in_time), SignedIn)
    clock.advance(seconds=10)
    assert cause(returns(held, too_late)) == "too_old"
    assert len(provider.shown) == 1


def test_two_tabs_may_both_complete_and_the_later_session_stays(held: Tools) -> None:
    first, second = begins(held, next_path="/one"), begins(held, next_path="/two")
    came_second = returns(held, second)
    assert isinstance(came_second, SignedIn)
    came_first = returns(held, first, earlier=came_second.token)
    assert isinstance(came_first, SignedIn)
    assert (came_second.next, came_first.next) == ("/two", "/one")
    assert sessions.session_of(held, came_first.token) is not None
    assert sessions.session_of(held, came_second.token) is None


def test_the_browser_is_told_of_an_attempt_that_is_still_out(held: Tools, clock: StandingClock) -> None:
    assert sign_in.waiting_since(held, PHONE) is None
    assert sign_in.waiting_since(held, None) is None
    state = begins(held)
    assert sign_in.waiting_since(held, PHONE) == pytest.approx(clock.machine_time(), abs=5)
    assert sign_in.waiting_since(held, LAPTOP) is None
    returns(held, state)
    assert sign_in.waiting_since(held, PHONE) is None
    begins(held)
    clock.advance(seconds=15 * MINUTE)
    assert sign_in.waiting_since(held, PHONE) is None


# Who it is


@pytest.mark.parametrize("pid", [SOMCHAI, FOUR_MONTHS, SECTION_39])
def test_every_insured_person_is_let_in(held: Tools, provider: Vouching, pid: str) -> None:
    provider.pid = pid
    assert signed_in(held).person_id == person_id(held, pid)


@pytest.mark.parametrize("pid", [NOT_INSURED, "1000000000211"])
def test_nobody_without_insurance_gets_a_session(held: Tools, provider: Vouching, pid: str) -> None:
    provider.pid = pid
    assert cause(returns(held, begins(held))) == "not_insured"


def test_an_officer_is_known_by_name_from_the_sign_in_on(held: Tools, provider: Vouching) -> None:
    provider.pid = OFFICER
    outcome = signed_in(held)
    assert outcome.officer_id is not None
    officer = held.store.officer(outcome.officer_id)
    assert officer is not None
    assert officer.name == "ชื่อ นามสกุล"


# The session


def test_each_sign_in_gives_a_new_secret_and_ends_the_one_before(held: Tools) -> None:
    first = signed_in(held)
    second = signed_in(held, earlier=first.token)
    assert first.token != second.token
    assert sessions.session_of(held, first.token) is None
    assert sessions.ran_out_session_of(held, first.token) is None


def test_a_failed_sign_in_leaves_the_session_before_alone(held: Tools, provider: Vouching) -> None:
    first = signed_in(held)
    provider.cause = "refused"
    returns(held, begins(held), earlier=first.token)
    assert sessions.session_of(held, first.token) is not None


def test_a_session_ends_a_quarter_of_an_hour_after_the_last_tap(held: Tools, clock: StandingClock) -> None:
    token = signed_in(held).token
    for _ in range(3):
        clock.advance(seconds=14 * MINUTE)
        assert sessions.session_of(held, token) is not None
    clock.advance(seconds=15 * MINUTE)
    assert sessions.session_of(held, token) is None
    assert sessions.extend_session(held, token) is None


def test_a_session_ends_after_eight_hours_however_busy(held: Tools, clock: StandingClock) -> None:
    token = signed_in(held).token
    for _ in range(8 * 6 - 1):
        clock.advance(seconds=10 * MINUTE)
        assert sessions.session_of(held, token) is not None
    clock.advance(seconds=10 * MINUTE)
    assert sessions.session_of(held, token) is None


def test_an_extension_counts_from_its_own_moment_and_never_past_eight_hours(held: Tools, clock: StandingClock) -> None:
    token = signed_in(held).token
    clock.advance(seconds=10)
    session = sessions.extend_session(held, token)
    assert session is not None
    assert sessions.ends_at(session) == pytest.approx(clock.machine_time() + 15 * MINUTE, abs=2)
    for _ in range(47):
        clock.advance(seconds=10 * MINUTE)
        session = sessions.extend_session(held, token)
    assert session is not None
    assert sessions.ends_at(session) == session.started_at + sessions.LONGEST_SECONDS


def test_moving_the_business_clock_opens_and_closes_no_door(held: Tools, clock: StandingClock) -> None:
    token = signed_in(held).token
    clock.set(clock.now().replace(year=2030))
    assert sessions.session_of(held, token) is not None


def test_thaid_is_fresh_for_five_minutes(held: Tools, clock: StandingClock) -> None:
    session = sessions.session_of(held, signed_in(held).token)
    assert session is not None
    assert sessions.level(held, session) is Level.THAID_FRESH
    clock.advance(6 * MINUTE)
    assert sessions.level(held, session) is Level.THAID


def test_a_session_that_ran_out_still_tells_whose_it_was_but_one_signed_out_does_not(held: Tools, clock: StandingClock) -> None:
    ran_out, signed_out = signed_in(held), signed_in(held)
    sessions.end_session(held, signed_out.token)
    assert sessions.ran_out_session_of(held, ran_out.token) is None
    clock.advance(seconds=20 * MINUTE)
    found = sessions.ran_out_session_of(held, ran_out.token)
    assert found is not None
    assert sessions.owner_of(found) == f"person:{person_id(held)}"
    assert sessions.ran_out_session_of(held, signed_out.token) is None


def test_the_worker_forgets_what_nothing_can_come_of(held: Tools, clock: StandingClock) -> None:
    state, token = begins(held), signed_in(held).token
    assert sessions.forget_stale(held) == 0
    clock.advance(hours=9)
    assert sessions.forget_stale(held) == 1
    assert sessions.ran_out_session_of(held, token) is None
    assert cause(returns(held, state)) == "too_old"
    clock.advance(hours=16)
    assert sessions.forget_stale(held) == 2
    assert cause(returns(held, state)) == "unknown"


# Drafts


def typed(held: Tools, owner: str, **answers: object) -> None:
    held.store.keep_draft(owner, "hospital_change", answers, held.clock.machine_time())


def browser_owner(secret: str = PHONE) -> str:
    return f"browser:{sessions.hash_of(secret)}"


def test_what_was_typed_before_sign_in_is_the_persons_afterwards(held: Tools) -> None:
    typed(held, browser_owner(), cause="annual", choices=["HC-1"])
    typed(held, browser_owner(LAPTOP), cause="other")
    owner = f"person:{signed_in(held).person_id}"
    assert held.store.draft(owner, "hospital_change") == {"cause": "annual", "choices": ["HC-1"]}
    assert held.store.drafts_of(browser_owner()) == {}
    assert held.store.drafts_of(browser_owner(LAPTOP)) != {}


def test_the_persons_own_draft_stays_where_the_browser_has_none(held: Tools) -> None:
    owner = f"person:{person_id(held)}"
    typed(held, owner, cause="annual")
    signed_in(held)
    assert held.store.draft(owner, "hospital_change") == {"cause": "annual"}


def test_of_two_drafts_the_newly_typed_answers_win_and_none_is_lost(held: Tools) -> None:
    owner = f"person:{person_id(held)}"
    typed(held, owner, cause="annual", note="", choices=["HC-1"], moved_to=None)
    typed(held, browser_owner(), cause="other", note="งานใหม่", choices=[], moved_to=None)
    signed_in(held)
    assert held.store.draft(owner, "hospital_change") == {"cause": "other", "note": "งานใหม่", "choices": ["HC-1"], "moved_to": None}


def test_a_refused_sign_in_leaves_the_draft_with_the_browser(held: Tools, provider: Vouching) -> None:
    provider.pid = NOT_INSURED
    typed(held, browser_owner(), cause="annual")
    returns(held, begins(held))
    assert held.store.draft(browser_owner(), "hospital_change") == {"cause": "annual"}
