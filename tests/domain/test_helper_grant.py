"""Grants: which acts a right opens, until when, and that nothing opens more than was given."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.assessment import Refusal
from webapp.domain.assurance import NEEDS, Act, Need
from webapp.domain.dates import BANGKOK
from webapp.domain.helper_grant import (
    FREE_WHILE_ACTING,
    INCLUDES,
    LONGEST,
    MOST_HELPED,
    MOST_HELPERS,
    OFFER_DAYS,
    RIGHT_FOR,
    Asking,
    EndedBy,
    Grant,
    How,
    Paper,
    Right,
    Seen,
    State,
    Term,
    accept,
    by_helper,
    by_officer,
    end,
    helper_in,
    is_running,
    may,
    may_act,
    offer,
    state_of,
    until_of,
    with_what_they_include,
)

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=BANGKOK)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)).map(lambda at: at.replace(tzinfo=BANGKOK))
RIGHTS = st.frozensets(st.sampled_from(Right), min_size=1)
SEEN = Seen("somchai", "somying", Paper.POWER_OF_ATTORNEY, date(2026, 11, 1))


def offered(rights: frozenset[Right] = frozenset(Right), term: Term = Term.ONE_MONTH, at: datetime = NOON) -> Grant:
    made = offer("grant", "somchai", rights, term, at, standing=0)
    assert isinstance(made, Grant)
    return made


def running(rights: frozenset[Right] = frozenset(Right), term: Term = Term.ONE_MONTH, at: datetime = NOON) -> Grant:
    taken = accept(offered(rights, term, at), "somying", at, helps=0)
    assert isinstance(taken, Grant)
    return taken


def unmet(found: object) -> set[str]:
    assert isinstance(found, Refusal)
    return {reason.code for reason in found.unmet}


# Time


@given(at=MOMENTS, term=st.sampled_from(Term))
def test_no_term_is_longer_than_a_year_and_each_ends_later_than_it_began(at: datetime, term: Term) -> None:
    assert timedelta(days=1) <= until_of(term, at) - at <= LONGEST


@given(at=MOMENTS)
def test_a_longer_term_never_ends_sooner(at: datetime) -> None:
    ends = [until_of(term, at) for term in (Term.ONE_DAY, Term.ONE_MONTH, Term.SIX_MONTHS, Term.ONE_YEAR)]
    assert ends == sorted(ends)


@given(at=MOMENTS, term=st.sampled_from(Term), later=st.timedeltas(timedelta(days=-10), timedelta(days=800)))
def test_a_grant_runs_from_its_beginning_until_just_before_its_end(at: datetime, term: Term, later: timedelta) -> None:
    one = running(term=term, at=at)
    now = at + later
    assert is_running(one, now) == (now < until_of(term, at))
    assert isinstance(may(one, Right.SEE_MONTHS, now), Grant) == is_running(one, now)


def test_the_month_from_the_31st_ends_on_the_last_day_of_a_shorter_one() -> None:
    assert until_of(Term.ONE_MONTH, datetime(2027, 1, 31, 9, 30, tzinfo=BANGKOK)) == datetime(2027, 2, 28, 9, 30, tzinfo=BANGKOK)


def test_time_runs_from_when_it_is_taken_up_and_not_from_the_offer() -> None:
    later = NOON + timedelta(days=OFFER_DAYS - 1)
    taken = accept(offered(term=Term.ONE_DAY), "somying", later, helps=0)
    assert isinstance(taken, Grant)
    assert (taken.since, taken.until) == (later, later + timedelta(days=1))


# Rights


@given(rights=RIGHTS, act=st.sampled_from(Act))
def test_an_act_is_open_exactly_where_its_right_was_given(rights: frozenset[Right], act: Act) -> None:
    one = running(rights)
    assert may_act(one, act, NOON) == (RIGHT_FOR.get(act) in with_what_they_include(rights))


@given(rights=RIGHTS)
def test_what_a_right_includes_includes_nothing_more(rights: frozenset[Right]) -> None:
    whole = with_what_they_include(rights)
    assert rights <= whole
    assert with_what_they_include(whole) == whole
    assert whole - rights <= frozenset().union(*(INCLUDES.get(right, frozenset()) for right in rights))


def test_a_page_that_declares_nothing_is_closed() -> None:
    assert not may_act(running(), None, NOON)


@pytest.mark.parametrize("act", [act for act, need in NEEDS.items() if need in (Need.FRESH_THAID, Need.AN_OFFICER, Need.A_FRESH_OFFICER)])
def test_what_asks_for_fresh_thaid_or_an_office_is_never_done_for_another(act: Act) -> None:
    assert act not in RIGHT_FOR
    assert act not in FREE_WHILE_ACTING


def test_a_right_is_refused_with_every_reason() -> None:
    over = end(running(frozenset({Right.SEE_MONTHS})), EndedBy.PERSON, NOON)
    assert unmet(may(over, Right.CHANGE_HOSPITAL, NOON + timedelta(days=60))) == {"not_ended", "in_time", "right_granted"}
    assert unmet(may(offered(), Right.SEE_MONTHS, NOON)) == {"accepted"}


# Offering, taking up, ending


def test_an_offer_asks_for_a_right_and_a_term() -> None:
    assert unmet(offer("grant", "somchai", [], None, NOON, standing=0)) == {"right_named", "term_named"}


def test_the_sixth_helper_is_one_too_many() -> None:
    assert unmet(offer("grant", "somchai", Right, Term.ONE_DAY, NOON, standing=MOST_HELPERS)) == {"few_enough_helpers"}


def test_nobody_helps_themselves_nor_a_crowd() -> None:
    assert unmet(accept(offered(), "somchai", NOON, helps=0)) == {"somebody_else"}
    assert unmet(accept(offered(), "somying", NOON, helps=MOST_HELPED)) == {"helps_few_enough"}


def test_an_offer_is_taken_up_once_and_in_time() -> None:
    assert unmet(accept(running(), "somsak", NOON, helps=0)) == {"offer_open"}
    assert unmet(accept(offered(), "somying", NOON + timedelta(days=OFFER_DAYS), helps=0)) == {"offer_open"}
    assert unmet(accept(end(offered(), EndedBy.PERSON, NOON), "somying", NOON, helps=0)) == {"offer_open"}


@pytest.mark.parametrize("by", EndedBy)
def test_either_side_ends_it_at_once_and_the_first_end_counts(by: EndedBy) -> None:
    ended = end(running(), by, NOON)
    assert not is_running(ended, NOON)
    assert end(ended, EndedBy.OFFICER, NOON + timedelta(days=1)) == ended


def test_what_has_run_out_cannot_be_ended_any_more() -> None:
    later = NOON + timedelta(days=60)
    assert end(running(), EndedBy.PERSON, later) == running()
    assert state_of(running(), later) is State.OVER
    assert state_of(offered(), later) is State.NOT_TAKEN


# At the counter


def test_an_officer_grants_at_once_on_a_paper() -> None:
    made = by_officer("grant", SEEN, "officer", None, [Right.CHANGE_HOSPITAL], Term.ONE_YEAR, NOON, standing=0, helps=0)
    assert isinstance(made, Grant)
    assert (made.how, made.helper_id, is_running(made, NOON)) == (How.BY_OFFICER, "somying", True)
    assert made.rights == {Right.CHANGE_HOSPITAL, Right.SEE_REQUESTS}


@pytest.mark.parametrize("own", ["somchai", "somying"])
def test_an_officer_never_grants_from_or_to_themselves(own: str) -> None:
    assert unmet(by_officer("grant", SEEN, "officer", own, Right, Term.ONE_DAY, NOON, standing=0, helps=0)) == {"not_the_officers_own"}


def test_a_paper_is_named_dated_and_not_of_tomorrow() -> None:
    bare = Seen("somchai", "somchai", None, None)
    wanted = {"somebody_else", "paper_named", "paper_dated", "right_named", "term_named"}
    assert unmet(by_officer("grant", bare, "officer", None, [], None, NOON, standing=0, helps=0)) == wanted
    tomorrow = Seen("somchai", "somying", Paper.COURT_ORDER, date(2026, 11, 23))
    assert unmet(by_officer("grant", tomorrow, "officer", None, Right, Term.ONE_DAY, NOON, standing=0, helps=0)) == {
        "paper_not_in_the_future"
    }


# In histories


@given(helper_id=st.text(min_size=1))
def test_a_history_tells_a_helper_from_everybody_else(helper_id: str) -> None:
    assert helper_in(by_helper(helper_id)) == helper_id
    assert Asking("somchai", helper_id).by == by_helper(helper_id)
    assert Asking("somchai").by == "somchai"
    assert helper_in("worker") is None
