"""Which act needs which level: the table of domain/assurance.py, read row by row."""

from __future__ import annotations

import pytest

from webapp.domain.assurance import NEEDS, READS, Act, Answer, Level, Need, Standing, Via, answer, level_of, may_be_officer

PERSON = {level: Standing(level, is_person=True) for level in Level}
OFFICER = Standing(Level.THAID, is_officer=True)
MONEY_AND_IDENTITY = [Act.CHANGE_BANK_ACCOUNT, Act.CHANGE_IDENTITY, Act.GRANT_A_HELPER, Act.SET_PASSKEY]
THEIR_OWN = [Act.READ_OWN_RECORD, Act.CHANGE_HOSPITAL, Act.SAY_WHAT_IS_WRONG, Act.END_DEVICES, Act.REMOVE_PASSKEY, Act.END_A_GRANT]
SIGNED_IN = [level for level in Level if level is not Level.NOBODY]


@pytest.mark.parametrize("act", Act)
def test_every_act_says_what_it_needs(act: Act) -> None:
    assert NEEDS[act] in Need


@pytest.mark.parametrize("level", SIGNED_IN)
@pytest.mark.parametrize("act", THEIR_OWN)
def test_everybody_signed_in_may_read_and_change_hospital(act: Act, level: Level) -> None:
    assert answer(act, PERSON[level]) is Answer.YES


@pytest.mark.parametrize("act", MONEY_AND_IDENTITY)
def test_money_and_identity_ask_for_thaid_just_now(act: Act) -> None:
    assert answer(act, PERSON[Level.THAID_FRESH]) is Answer.YES
    assert answer(act, PERSON[Level.THAID]) is Answer.THAID_AGAIN
    assert answer(act, PERSON[Level.PASSKEY]) is Answer.THAID_AGAIN
    assert answer(act, PERSON[Level.GOVERNMENT_CHANNEL]) is Answer.THAID_AGAIN


@pytest.mark.parametrize("act", MONEY_AND_IDENTITY)
def test_whoever_came_by_a_code_is_sent_to_the_counter_for_them(act: Act) -> None:
    assert answer(act, PERSON[Level.COUNTER]) is Answer.AT_THE_COUNTER


def test_somebody_who_is_not_signed_in_is_asked_to() -> None:
    for act in Act:
        open_to_all = NEEDS[act] is Need.NOTHING
        assert answer(act, Standing()) is (Answer.YES if open_to_all else Answer.SIGN_IN), act


def test_a_desk_opens_for_officers_who_came_by_thaid_and_for_nobody_else() -> None:
    assert answer(Act.WORK_AT_THE_DESK, OFFICER) is Answer.YES
    assert answer(Act.WORK_AT_THE_DESK, PERSON[Level.THAID_FRESH]) is Answer.NO_SUCH_PAGE
    for level in (Level.PASSKEY, Level.GOVERNMENT_CHANNEL, Level.COUNTER):
        assert answer(Act.WORK_AT_THE_DESK, Standing(level, is_person=True, is_officer=True)) is Answer.NO_SUCH_PAGE
    assert [via for via in Via if may_be_officer(via)] == [Via.THAID]


def test_an_officer_who_is_not_insured_has_no_record_of_their_own() -> None:
    assert answer(Act.READ_OWN_RECORD, OFFICER) is Answer.SIGN_IN


def test_thaid_is_fresh_for_five_minutes_and_nothing_else_ever_is() -> None:
    assert level_of(Via.THAID, 1000, 1300) is Level.THAID_FRESH
    assert level_of(Via.THAID, 1000, 1301) is Level.THAID
    for via in Via:
        if via is not Via.THAID:
            assert level_of(via, 1000, 1000) is not Level.THAID_FRESH


def test_a_way_in_that_nobody_knows_counts_least() -> None:
    assert level_of("a way of a later version", 1000, 1000) is Level.COUNTER
    assert level_of(Via.GOVERNMENT_CHANNEL, 1000, 1000) is Level.GOVERNMENT_CHANNEL


def test_reading_is_no_write() -> None:
    assert all(NEEDS[act] is Need.A_PERSON for act in READS)
