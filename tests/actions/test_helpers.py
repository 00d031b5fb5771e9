"""Helpers on a real store: codes, sessions that act, what is written down, what is told, and what is forgotten."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from tests.standing_clock import StandingClock
from webapp.actions import audit, corrections, counter_codes, helpers, privacy, sessions
from webapp.actions.helpers import CodeFault, NotFound, Wish
from webapp.actions.taking_effect import tidy
from webapp.domain.assessment import Refusal
from webapp.domain.assurance import Via
from webapp.domain.audit import Act, By
from webapp.domain.correction import About, Correction, Proof, StepCode, Told
from webapp.domain.counter_code import TRIES, Why, is_well_typed, new_code
from webapp.domain.helper_grant import MOST_HELPERS, OFFER_DAYS, Grant, Paper, Right, State, Term
from webapp.domain.person import NumberKind
from webapp.domain.reminder import Occasion
from webapp.ports import Officer, Session, Tools
from webapp.web.reminder_words import on_the_lock_screen

SOMCHAI, SOMYING, OFFICER = "1000000000009", "1000000000017", "1000000000076"
WRONG = Told(About.PROVINCES, "Nonthaburi", Proof.NONE_YET)


def who(tools: Tools, pid: str) -> str:
    found: str = tools.store.person_id_of(pid)
    return found


def offered(tools: Tools, key: str = "key-of-an-offer-1", rights: list[Right] | None = None) -> tuple[Grant, str]:
    """An offer of Somchai with its code."""
    made = helpers.offer(tools, who(tools, SOMCHAI), key, rights or list(Right), Term.ONE_MONTH)
    assert isinstance(made, Grant)
    code = helpers.code_to_hand_over(tools, who(tools, SOMCHAI), made.id)
    assert code
    return made, code


def taken(tools: Tools, key: str = "key-of-an-offer-1", rights: list[Right] | None = None) -> Grant:
    made, code = offered(tools, key, rights)
    assert isinstance(helpers.enter_code(tools, who(tools, SOMYING), code), Grant)
    found = helpers.accept(tools, who(tools, SOMYING), made.id)
    assert isinstance(found, Grant)
    return found


def session(tools: Tools, pid: str = SOMYING) -> Session:
    token = sessions.open_session(tools, who(tools, pid), None, Via.THAID, "2.3")
    found = sessions.session_of(tools, token)
    assert found is not None
    return found


def again(tools: Tools, one: Session) -> Session:
    found: Session = tools.store.session(one.id_hash)
    return found


def officer(tools: Tools) -> Officer:
    found: Officer = tools.store.officer_of(OFFICER)
    return found


def occasions(tools: Tools, pid: str) -> list[Occasion]:
    return [one.occasion for one in tools.store.inbox_of(who(tools, pid), tools.clock.now(), 50)]


# The code


def test_no_code_stands_readable_in_the_database(tools: Tools) -> None:
    _, code = offered(tools)
    held = str([tuple(row) for row in tools.store.all("SELECT * FROM helper_grants")])
    held += str([tuple(row) for row in tools.store.all("SELECT * FROM drafts")])
    assert code not in held
    assert code[:5] not in held


def test_the_code_is_shown_for_a_quarter_of_an_hour_and_to_nobody_else(tools: Tools, clock: StandingClock) -> None:
    made, _ = offered(tools)
    assert helpers.code_to_hand_over(tools, who(tools, SOMYING), made.id) is None
    clock.advance(minutes=16)
    assert helpers.code_to_hand_over(tools, who(tools, SOMCHAI), made.id) is None


def test_one_wrong_character_is_a_slip_and_costs_no_try(tools: Tools) -> None:
    _, code = offered(tools)
    slip = ("2" if code[0] != "2" else "3") + code[1:]
    assert [helpers.enter_code(tools, who(tools, SOMYING), slip) for _ in range(TRIES + 1)] == [CodeFault.MISTYPED] * (TRIES + 1)
    assert isinstance(helpers.enter_code(tools, who(tools, SOMYING), code), Grant)


def test_five_wrong_second_halves_end_a_code(tools: Tools) -> None:
    _, code = offered(tools)
    guesses = set[str]()
    while len(guesses) < TRIES:
        guess = code[:5] + new_code()[5:9]
        guess += next(char for char in "23456789ACEFHJKNPRTUWXY" if _fits(guess + char))
        guesses |= {guess} - {code}
    for guess in guesses:
        assert helpers.enter_code(tools, who(tools, SOMYING), guess) is CodeFault.NOT_TAKEN
    assert helpers.enter_code(tools, who(tools, SOMYING), code) is CodeFault.NOT_TAKEN


def _fits(code: str) -> bool:
    return is_well_typed(code)


def test_a_code_ends_after_its_days(tools: Tools, clock: StandingClock) -> None:
    _, code = offered(tools)
    clock.advance(days=OFFER_DAYS)
    assert helpers.enter_code(tools, who(tools, SOMYING), code) is CodeFault.NOT_TAKEN


def test_a_code_that_signs_in_is_no_code_of_a_helper(tools: Tools) -> None:
    found = counter_codes.look_up(tools, officer(tools), SOMCHAI, NumberKind.CITIZEN)
    counter_codes.issue(tools, officer(tools), Why.CANNOT_USE_THAID, found.shown)
    handed = counter_codes.to_hand_over(tools, officer(tools))
    assert handed is not None
    assert helpers.enter_code(tools, who(tools, SOMYING), handed.code) is CodeFault.NOT_TAKEN
    _, code = offered(tools)
    assert not isinstance(counter_codes.enter(tools, "browser:1", code), counter_codes.CounterCode)


def test_of_two_who_have_typed_it_the_first_helps(tools: Tools) -> None:
    made, code = offered(tools)
    others = ["1000000000025", SOMYING]
    for pid in others:
        assert isinstance(helpers.enter_code(tools, who(tools, pid), code), Grant)
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda pid: tools.store.again(lambda: helpers.accept(tools, who(tools, pid), made.id)), others))
    assert sum(isinstance(one, Grant) for one in found) == 1
    assert tools.store.helper_grant(made.id).helper_id in {who(tools, pid) for pid in others}


def test_the_same_key_is_the_same_offer_and_six_are_too_many(tools: Tools) -> None:
    first = helpers.offer(tools, who(tools, SOMCHAI), "one-key-of-an-offer", Right, Term.ONE_DAY)
    assert helpers.offer(tools, who(tools, SOMCHAI), "one-key-of-an-offer", Right, Term.ONE_YEAR) == first
    for number in range(MOST_HELPERS - 1):
        assert isinstance(helpers.offer(tools, who(tools, SOMCHAI), f"further-key-{number}", Right, Term.ONE_DAY), Grant)
    assert isinstance(helpers.offer(tools, who(tools, SOMCHAI), "one-key-too-many", Right, Term.ONE_DAY), Refusal)


# Acting


def test_a_session_acts_until_it_stops_and_reads_the_grant_anew_each_time(tools: Tools) -> None:
    grant, one = taken(tools), session(tools)
    assert helpers.acting_of(tools, one) is None
    assert helpers.begin_to_act(tools, one, grant.id)
    acting = helpers.acting_of(tools, again(tools, one))
    assert acting is not None
    assert (acting.grant, acting.is_running) == (grant, True)
    helpers.end_for_person(tools, grant.person_id, grant.id)
    acting = helpers.acting_of(tools, again(tools, one))
    assert acting is not None
    assert not acting.is_running
    helpers.stop_acting(tools, again(tools, one))
    assert helpers.acting_of(tools, again(tools, one)) is None


def test_nobody_acts_under_the_grant_of_another(tools: Tools) -> None:
    grant = taken(tools)
    assert not helpers.begin_to_act(tools, session(tools, "1000000000025"), grant.id)
    assert not helpers.begin_to_act(tools, session(tools, SOMCHAI), grant.id)
    stranger = session(tools, "1000000000025")
    tools.store.act_for(stranger.id_hash, grant.id)
    acting = helpers.acting_of(tools, again(tools, stranger))
    assert acting is not None
    assert acting.grant is None


def test_each_right_is_written_down_once_while_somebody_acts(tools: Tools) -> None:
    grant, one = taken(tools), session(tools)
    helpers.begin_to_act(tools, one, grant.id)
    for right in (Right.SEE_MONTHS, Right.SEE_MONTHS, Right.SEE_REQUESTS):
        helpers.note_use(tools, again(tools, one), grant, right)
    helpers.note_use(tools, one, grant, Right.SEE_MONTHS)  # a second request that had read the session before
    used = [entry.reason for entry in tools.store.all_entries_about(grant.person_id) if entry.act is Act.HELPER_USED]
    assert sorted(used) == ["see_months", "see_requests"]


def test_what_a_helper_sends_is_written_as_done_by_them_for_the_person(tools: Tools) -> None:
    grant = taken(tools)
    sent = corrections.send(tools, grant.person_id, "key-of-a-correction", WRONG, grant.helper_id)
    assert isinstance(sent, Correction)
    assert sent.person_id == grant.person_id
    corrections.withdraw(tools, grant.person_id, sent.reference, grant.helper_id)
    steps = tools.store.steps_of_correction(sent.reference)
    assert [(step.code, step.by) for step in steps] == [
        (StepCode.SENT, f"helper:{grant.helper_id}"), (StepCode.WITHDRAWN, f"helper:{grant.helper_id}"),
    ]  # fmt: skip
    done = helpers.done_by_helper(tools, grant)
    assert {(one.entry.who.by, one.entry.who.id) for one in done} == {(By.HELPER, grant.helper_id)}
    assert occasions(tools, SOMCHAI).count(Occasion.HELPER_SENT) == 2
    assert Occasion.HELPER_SENT not in occasions(tools, SOMYING)


def test_the_audit_with_helpers_in_it_is_whole(tools: Tools) -> None:
    grant, one = taken(tools), session(tools)
    helpers.begin_to_act(tools, one, grant.id)
    helpers.end_for_helper(tools, grant.helper_id or "", grant.id)
    audit.seal(tools)
    assert not audit.check(tools).findings
    acts = [entry.act for entry in tools.store.all_entries_about(grant.person_id)]
    assert {Act.HELP_OFFERED, Act.HELP_ACCEPTED, Act.HELPER_BEGAN, Act.HELP_ENDED} <= set(acts)


# Told


def test_that_it_runs_out_is_told_once_and_not_when_it_was_ended_before(tools: Tools, clock: StandingClock) -> None:
    grant, second = taken(tools), taken(tools, "key-of-an-offer-2")
    helpers.end_for_person(tools, second.person_id, second.id)
    assert occasions(tools, SOMCHAI).count(Occasion.HELPER_ENDED) == 1
    clock.advance(days=40)
    assert occasions(tools, SOMCHAI).count(Occasion.HELPER_ENDED) == 2
    assert occasions(tools, SOMYING).count(Occasion.HELPING_ENDED) == 2
    assert helpers.end_for_person(tools, grant.person_id, grant.id) == tools.store.helper_grant(grant.id), "over is over"
    assert occasions(tools, SOMCHAI).count(Occasion.HELPER_ENDED) == 2


@pytest.mark.parametrize("occasion", [one for one in Occasion if one.startswith("help")])
@pytest.mark.parametrize("code", ["th", "en"])
def test_the_lock_screen_names_nobody(tools: Tools, app: object, occasion: Occasion, code: str) -> None:
    with app.test_request_context():  # type: ignore[attr-defined]
        said = " ".join(on_the_lock_screen(occasion, {}, code))
    assert said
    for name in ("สมชาย", "สมหญิง", "Somchai", "%"):
        assert name not in said


# At the counter


def test_an_officer_names_both_by_number_and_both_look_ups_are_kept(tools: Tools) -> None:
    desk = helpers.name_person(tools, officer(tools), SOMCHAI, NumberKind.CITIZEN)
    assert not isinstance(desk, NotFound)
    assert helpers.name_helper(tools, officer(tools), SOMCHAI, NumberKind.CITIZEN, desk.shown) is NotFound.THE_SAME
    assert helpers.name_helper(tools, officer(tools), SOMYING, NumberKind.CITIZEN, "another page") is None
    named = helpers.name_helper(tools, officer(tools), SOMYING, NumberKind.CITIZEN, desk.shown)
    assert isinstance(named, helpers.Desk)
    for pid in (SOMCHAI, SOMYING):
        assert Act.NUMBER_LOOKED_UP in [one.act for one in tools.store.all_entries_about(who(tools, pid))]
    wish = Wish([Right.SEE_MONTHS], Term.ONE_DAY, Paper.COURT_ORDER, date(2026, 12, 1))
    made = helpers.grant_at_counter(tools, officer(tools), named.shown, wish, "in hospital")
    assert isinstance(made, Grant)
    assert helpers.grant_at_counter(tools, officer(tools), named.shown, wish, "in hospital") is None, "twice is once"
    assert [one.state for one in helpers.people_helped_by(tools, who(tools, SOMYING))] == [State.RUNNING]
    told = [one for one in audit.openings_of(tools, made.person_id) if one.entry.act is Act.HELP_GRANTED]
    assert [(one.entry.reason, one.words) for one in told] == [("court_order", "in hospital")]


# Forgotten


def test_what_ended_is_forgotten_after_a_year_and_what_runs_is_not(tools: Tools, clock: StandingClock) -> None:
    ended = taken(tools)
    helpers.end_for_person(tools, ended.person_id, ended.id)
    not_taken, _ = offered(tools, "key-of-an-offer-3")
    clock.advance(days=366)
    recent = taken(tools, "key-of-an-offer-4")
    clock.advance(days=20)
    tidy(tools)
    assert tools.store.helper_grant(ended.id) is None
    assert tools.store.helper_grant(not_taken.id) is None
    assert tools.store.helper_grant(recent.id) == recent


def test_an_erasure_ends_what_was_given_and_what_was_taken_up(tools: Tools) -> None:
    grant = taken(tools)
    privacy.erase(tools, grant.person_id, session(tools, SOMCHAI))
    assert tools.store.helper_grant(grant.id) is None
    assert Occasion.HELPING_ENDED in occasions(tools, SOMYING)


def test_a_copy_names_the_other_side_and_nothing_else_of_them(tools: Tools) -> None:
    grant = taken(tools)
    held = privacy._grants(tools, grant.helper_id or "")
    assert [(one["role"], one["state"]) for one in held] == [("helper", "running")]
    assert grant.person_id not in str(held)
    assert SOMCHAI not in str(held)


def test_a_grant_is_read_from_the_store_as_it_was_written(tools: Tools) -> None:
    grant = taken(tools)
    assert tools.store.helper_grant(grant.id) == grant
    assert tools.store.helper_grants_by(grant.person_id) == [grant] == tools.store.helper_grants_to(grant.helper_id)
    assert grant.until is not None
    assert grant.until - grant.made_at > timedelta(days=27)
