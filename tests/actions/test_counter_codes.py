"""A code from the counter: handed over once, used once, and what came of it."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from tests.standing_clock import StandingClock
from webapp.actions import counter_codes, devices, sessions
from webapp.actions.counter_codes import AtTheCounter, CameIn, CodeFault, HandedOver, NotFound, PinFault
from webapp.actions.sign_in import move_drafts
from webapp.actions.taking_effect import tidy
from webapp.domain.assurance import Level, Via
from webapp.domain.counter_code import ALPHABET, LIFE_DAYS, TRIES, Why, check_character, grouped
from webapp.domain.person import NumberKind
from webapp.domain.reminder import Occasion
from webapp.ports import CounterCode, Officer, PersonRow, Tools

SOMCHAI, FOREIGNER = "1000000000009", "7001234567890"
PHONE, LAPTOP = "browser:phone", "browser:laptop"
GOOD_PIN = "902174"
DAY = 24 * 3600


@pytest.fixture
def officer(tools: Tools) -> Officer:
    return tools.store.officer_of("1000000000076")


@pytest.fixture
def foreigner(tools: Tools) -> str:
    """Insured under section 33, known by the number of a social-security card."""
    card = NumberKind.SOCIAL_SECURITY
    row = PersonRow(FOREIGNER, "นาย", "ออง", "ตัวอย่าง", None, "33", None, None, "TH-10", "TH-10", "TH10-001", card)
    tools.store.put_people([row], tools.clock.now(), demo=True)
    return tools.store.person_id_of(FOREIGNER, NumberKind.SOCIAL_SECURITY)


def code_for(
    tools: Tools, officer: Officer, pid: str = SOMCHAI, kind: NumberKind = NumberKind.CITIZEN, why: Why = Why.NO_SMARTPHONE
) -> str:
    found = counter_codes.look_up(tools, officer, pid, kind)
    assert isinstance(found, AtTheCounter)
    assert counter_codes.issue(tools, officer, why, found.shown)
    handed = counter_codes.to_hand_over(tools, officer)
    assert isinstance(handed, HandedOver)
    return handed.code


def wrong_half(code: str) -> str:
    """Another code with the same first half."""
    other = code[:5] + (ALPHABET[0] if code[5] != ALPHABET[0] else ALPHABET[1]) + code[6:9]
    return other + check_character(other)


def with_pin(tools: Tools, code: str, browser: str = PHONE, pin: str = GOOD_PIN) -> CameIn:
    assert isinstance(counter_codes.enter(tools, browser, code), CounterCode)
    came = counter_codes.set_pin(tools, browser, pin, pin, None, sessions.NO_DEVICE)
    assert isinstance(came, CameIn)
    return came


def by_pin(tools: Tools, half: str, pin: str = GOOD_PIN) -> CameIn | None:
    return counter_codes.come_in_by_pin(tools, half, pin, None, sessions.NO_DEVICE)


def occasions(tools: Tools, person_id: str) -> list[Occasion]:
    return [entry.occasion for entry in tools.store.inbox_of(person_id, tools.clock.now(), 50)]


def test_with_the_code_a_person_sets_a_pin_and_is_in_at_the_level_of_the_counter(tools: Tools, officer: Officer) -> None:
    came = with_pin(tools, code_for(tools, officer))
    session = sessions.session_of(tools, came.token)
    assert session.via == Via.COUNTER_PIN
    assert sessions.level(tools, session) is Level.COUNTER
    assert session.person_id == tools.store.person_id_of(SOMCHAI)
    assert session.officer_id is None


def test_next_time_the_pin_and_half_a_code_open_and_neither_alone(tools: Tools, officer: Officer) -> None:
    code = code_for(tools, officer)
    with_pin(tools, code)
    assert isinstance(by_pin(tools, code[5:].lower()), CameIn)
    assert by_pin(tools, code[5:], "902175") is None
    assert by_pin(tools, code[:5]) is None
    assert by_pin(tools, "") is None
    assert by_pin(tools, code) is None


def test_a_code_serves_once(tools: Tools, officer: Officer) -> None:
    code = code_for(tools, officer)
    with_pin(tools, code)
    assert counter_codes.enter(tools, LAPTOP, code) is CodeFault.NOT_TAKEN
    assert counter_codes.to_hand_over(tools, officer) is None, "used: there is nothing to hand over any more"


def test_of_two_browsers_at_once_one_gets_in(tools: Tools, officer: Officer) -> None:
    code = code_for(tools, officer)
    for browser in (PHONE, LAPTOP):
        assert isinstance(counter_codes.enter(tools, browser, code), CounterCode)
    outcomes: list[object] = []

    def try_it(browser: str) -> None:
        outcomes.append(tools.store.again(lambda: counter_codes.set_pin(tools, browser, GOOD_PIN, GOOD_PIN, None, sessions.NO_DEVICE)))
        tools.store.close()

    threads = [threading.Thread(target=try_it, args=(browser,)) for browser in (PHONE, LAPTOP)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(one).__name__ for one in outcomes) == ["CameIn", "NoneType"]


def test_a_slip_of_the_finger_costs_no_try(tools: Tools, officer: Officer) -> None:
    code = code_for(tools, officer)
    slipped = (ALPHABET[0] if code[0] != ALPHABET[0] else ALPHABET[1]) + code[1:]
    for _ in range(2 * TRIES):
        assert counter_codes.enter(tools, PHONE, slipped) is CodeFault.MISTYPED
    assert isinstance(counter_codes.enter(tools, PHONE, grouped(code)), CounterCode)


def test_five_wrong_second_halves_end_a_code(tools: Tools, officer: Officer) -> None:
    code = code_for(tools, officer)
    for _ in range(TRIES):
        assert counter_codes.enter(tools, PHONE, wrong_half(code)) is CodeFault.NOT_TAKEN
    assert counter_codes.enter(tools, PHONE, code) is CodeFault.NOT_TAKEN


def test_many_tries_at_once_are_many_tries(tools: Tools, officer: Officer, monkeypatch: pytest.MonkeyPatch) -> None:
    code = code_for(tools, officer)
    (fresh,) = tools.store.counter_codes_of(tools.store.person_id_of(SOMCHAI))
    monkeypatch.setattr(tools.store, "open_counter_code", lambda hashes: fresh)
    for _ in range(TRIES):
        assert counter_codes.enter(tools, PHONE, wrong_half(code)) is CodeFault.NOT_TAKEN
    assert counter_codes.enter(tools, PHONE, code) is CodeFault.NOT_TAKEN, "read before the others counted, and still the sixth"


def test_the_right_code_costs_no_try(tools: Tools, officer: Officer) -> None:
    code = code_for(tools, officer)
    for _ in range(TRIES - 1):
        counter_codes.enter(tools, PHONE, wrong_half(code))
    for _ in range(2 * TRIES):
        assert isinstance(counter_codes.enter(tools, PHONE, code), CounterCode)


def test_a_page_left_open_on_somebody_else_makes_no_code(tools: Tools, officer: Officer) -> None:
    first = counter_codes.look_up(tools, officer, SOMCHAI, NumberKind.CITIZEN)
    second = counter_codes.look_up(tools, officer, "1000000000017", NumberKind.CITIZEN)
    assert isinstance(first, AtTheCounter)
    assert isinstance(second, AtTheCounter)
    for shown in (first.shown, "", "ก"):
        assert counter_codes.issue(tools, officer, Why.NO_SMARTPHONE, shown) is None
    made = counter_codes.issue(tools, officer, Why.NO_SMARTPHONE, second.shown)
    assert made is not None
    assert made.person_id == second.person_id


def test_a_new_pin_and_a_pin_taken_away_end_what_the_pin_opened(tools: Tools, officer: Officer) -> None:
    code = code_for(tools, officer)
    with_pin(tools, code)
    by_thaid = sessions.open_session(tools, tools.store.person_id_of(SOMCHAI), None, Via.THAID, "2.3")
    stranger = by_pin(tools, code[5:])
    newest = code_for(tools, officer, why=Why.FORGOT_PIN)
    mine = with_pin(tools, newest, pin="771035")
    assert sessions.session_of(tools, stranger.token) is None
    other = by_pin(tools, newest[5:], "771035")
    assert counter_codes.remove_pin(tools, sessions.session_of(tools, mine.token))
    assert sessions.session_of(tools, other.token) is None
    assert sessions.session_of(tools, mine.token) is not None, "the one that asks stays"
    assert sessions.session_of(tools, by_thaid) is not None
    assert not counter_codes.remove_pin(tools, sessions.session_of(tools, mine.token)), "there is none any more"


def test_no_code_stays_on_a_desk_or_in_a_browser(tools: Tools, officer: Officer, clock: StandingClock) -> None:
    counter_codes.enter(tools, PHONE, code_for(tools, officer))
    counter_codes.look_up(tools, officer, "1000000000017", NumberKind.CITIZEN)
    kept = {(counter_codes._owner(officer), counter_codes.SHOWN), (counter_codes._owner(officer), counter_codes.LOOKED_UP),
            (PHONE, counter_codes.ACCEPTED)}  # fmt: skip
    tidy(tools)
    assert all(tools.store.draft(*one) for one in kept), "not before their time"
    clock.advance(counter_codes.LOOKED_UP_SECONDS + 1)
    tidy(tools)
    assert not any(tools.store.draft(*one) for one in kept)


def test_a_code_that_was_entered_goes_with_nobody_who_signs_in_otherwise(tools: Tools, officer: Officer) -> None:
    counter_codes.enter(tools, PHONE, code_for(tools, officer))
    move_drafts(tools, PHONE, "person:another")
    assert tools.store.drafts_of("person:another") == {}
    assert counter_codes.accepted(tools, PHONE) is not None


def test_two_codes_never_share_a_half_under_an_earlier_key_either(tools: Tools, officer: Officer, monkeypatch: pytest.MonkeyPatch) -> None:
    code = code_for(tools, officer)
    with_pin(tools, code)
    renewed = replace(tools, settings=replace(tools.settings, secret_keys=("another key, put in front", *tools.settings.secret_keys)))
    same_half = next(
        free + code[5:] for free in ("ACEF" + last for last in ALPHABET) if check_character(free + code[5:9]) == code[9]
    )  # fmt: skip
    drawn = iter([same_half, "23456789A" + check_character("23456789A")])
    monkeypatch.setattr(counter_codes, "new_code", lambda: next(drawn))
    assert code_for(renewed, officer, "1000000000017") != same_half


def test_a_code_ends_after_seven_days(tools: Tools, officer: Officer, clock: StandingClock) -> None:
    code = code_for(tools, officer)
    clock.advance(LIFE_DAYS * DAY - 60)
    assert isinstance(counter_codes.enter(tools, PHONE, code), CounterCode)
    clock.advance(120)
    assert counter_codes.enter(tools, PHONE, code) is CodeFault.NOT_TAKEN
    assert counter_codes.set_pin(tools, PHONE, GOOD_PIN, GOOD_PIN, None, sessions.NO_DEVICE) is None, "entered in time, set too late"


def test_a_new_code_ends_the_one_before_and_leaves_the_pin_until_it_is_used(tools: Tools, officer: Officer) -> None:
    first = code_for(tools, officer)
    with_pin(tools, first)
    unused = code_for(tools, officer)
    newest = code_for(tools, officer, why=Why.FORGOT_PIN)
    assert counter_codes.enter(tools, PHONE, unused) is CodeFault.NOT_TAKEN
    assert isinstance(by_pin(tools, first[5:]), CameIn)
    with_pin(tools, newest, pin="771035")
    assert by_pin(tools, first[5:]) is None
    assert isinstance(by_pin(tools, newest[5:], "771035"), CameIn)


def test_where_the_paper_is_lost_everything_from_earlier_codes_ends_at_once(tools: Tools, officer: Officer) -> None:
    first = code_for(tools, officer)
    came = with_pin(tools, first)
    code_for(tools, officer, why=Why.LOST)
    assert by_pin(tools, first[5:]) is None
    assert sessions.session_of(tools, came.token) is None


@pytest.mark.parametrize(
    ("pin", "again", "fault"),
    [
        ("12345", "12345", PinFault.TOO_SHORT), ("1" * 13, "1" * 13, PinFault.TOO_LONG), ("90217a", "90217a", PinFault.NOT_DIGITS),
        ("123456", "123456", PinFault.EASILY_GUESSED), ("010529", "010529", PinFault.EASILY_GUESSED),
        ("000000", "000000", PinFault.EASILY_GUESSED), ("902174", "902175", PinFault.DIFFERS), ("", "", PinFault.NOT_DIGITS),
    ],
)  # fmt: skip
def test_a_pin_that_will_not_do_uses_nothing_up(tools: Tools, officer: Officer, pin: str, again: str, fault: PinFault) -> None:
    counter_codes.enter(tools, PHONE, code_for(tools, officer))
    assert counter_codes.set_pin(tools, PHONE, pin, again, None, sessions.NO_DEVICE) is fault
    assert isinstance(counter_codes.set_pin(tools, PHONE, "๙๐๒๑๗๔", GOOD_PIN, None, sessions.NO_DEVICE), CameIn), "Thai digits are digits"


def test_five_wrong_pins_rest_the_way_in_for_a_quarter_of_an_hour_and_then_for_longer(
    tools: Tools, officer: Officer, clock: StandingClock
) -> None:
    code = code_for(tools, officer)
    with_pin(tools, code)
    for _ in range(5):
        assert by_pin(tools, code[5:], "771035") is None
    assert by_pin(tools, code[5:]) is None, "the right one does not open now either"
    clock.advance(15 * 60 + 1)
    for _ in range(5):
        assert by_pin(tools, code[5:], "771035") is None
    clock.advance(15 * 60 + 1)
    assert by_pin(tools, code[5:]) is None, "twice as long"
    clock.advance(15 * 60 + 1)
    assert isinstance(by_pin(tools, code[5:]), CameIn)


def test_fifty_wrong_pins_in_a_row_end_it(tools: Tools, officer: Officer, clock: StandingClock) -> None:
    code = code_for(tools, officer)
    came = with_pin(tools, code)
    tools.store.run("UPDATE pins SET wrong = 50 WHERE person_id = :id", id=came.person_id)
    clock.advance(2 * DAY)
    assert by_pin(tools, code[5:]) is None


def test_a_half_that_nobody_has_says_the_same_and_does_the_same_work(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    worked: list[str] = []
    real = counter_codes._scrypt
    monkeypatch.setattr(counter_codes, "_scrypt", lambda *given: worked.append("scrypt") or real(*given))
    assert by_pin(tools, "ACEFH") is None
    assert worked == ["scrypt"] * len(tools.settings.secret_keys)


def test_the_database_alone_tells_no_code_and_no_pin(tools: Tools, officer: Officer) -> None:
    code = code_for(tools, officer)
    with_pin(tools, code)
    for table in ("counter_codes", "pins", "drafts", "audit_entries", "reminders", "sessions"):
        for row in tools.store.all(f"SELECT * FROM {table}"):  # noqa: S608 - our own names
            said = " ".join(str(row[name]) for name in row.keys())  # noqa: SIM118 - a sqlite3.Row iterates over values
            assert code not in said
            assert code[5:] not in said.split()
            assert GOOD_PIN not in said.split()


def test_when_a_key_is_changed_codes_and_pins_made_before_still_open(tools: Tools, officer: Officer) -> None:
    code, second = code_for(tools, officer), None
    with_pin(tools, code)
    second = code_for(tools, officer, "1000000000017")
    renewed = replace(tools, settings=replace(tools.settings, secret_keys=("another key, put in front", *tools.settings.secret_keys)))
    assert isinstance(by_pin(renewed, code[5:]), CameIn)
    assert isinstance(counter_codes.enter(renewed, PHONE, second), CounterCode)
    without_the_old = replace(renewed, settings=replace(renewed.settings, secret_keys=renewed.settings.secret_keys[:1]))
    assert isinstance(by_pin(without_the_old, code[5:]), CameIn), "whoever came once needs the old key no more"


def test_everything_is_noted_and_told_to_the_person(tools: Tools, officer: Officer) -> None:
    came = with_pin(tools, code_for(tools, officer))
    rows = tools.store.all("SELECT act, by_role, reason FROM audit_entries WHERE about_person = :id", id=came.person_id)
    acts = [(row["act"], row["by_role"], row["reason"]) for row in rows]
    assert ("counter_code_issued", "officer", "no_smartphone") in acts
    assert ("number_looked_up", "officer", "at_the_counter") in acts
    assert ("counter_code_used", "person", "") in acts
    assert {Occasion.SIGN_IN_CODE, Occasion.SIGN_IN_WAY} <= set(occasions(tools, came.person_id))
    (code,) = tools.store.counter_codes_of(came.person_id)
    assert (code.issued_by, code.used_for) == (officer.id, Via.COUNTER_PIN)


def test_an_officer_hands_nobody_a_code_for_themselves(tools: Tools) -> None:
    second = tools.store.officer_of("1000000000084")
    assert counter_codes.look_up(tools, second, "1000000000084", NumberKind.CITIZEN) is NotFound.THEIR_OWN
    assert counter_codes.issue(tools, second, Why.LOST, "") is None


def test_a_number_that_leads_nowhere_says_why(tools: Tools, officer: Officer) -> None:
    assert counter_codes.look_up(tools, officer, "1000000000008", NumberKind.CITIZEN) is NotFound.NOT_A_NUMBER
    assert counter_codes.look_up(tools, officer, "1000000000041", NumberKind.CITIZEN) is NotFound.NOT_IN_THE_RECORD
    assert counter_codes.look_up(tools, officer, "123", NumberKind.SOCIAL_SECURITY) is NotFound.NOT_A_NUMBER


def test_somebody_with_a_social_security_number_gets_in_like_everybody_else(tools: Tools, officer: Officer, foreigner: str) -> None:
    came = with_pin(tools, code_for(tools, officer, "7 0012 34567 89 0", NumberKind.SOCIAL_SECURITY))
    assert came.person_id == foreigner
    assert tools.store.name_of(foreigner).number_kind is NumberKind.SOCIAL_SECURITY


def test_the_two_kinds_of_numbers_never_meet(tools: Tools, officer: Officer) -> None:
    """Even where a social-security card bears the very digits of a citizen, ThaiD opens the citizen's record only."""
    row = PersonRow(SOMCHAI, "นาย", "ออง", "ตัวอย่าง", None, "33", None, None, None, None, None, NumberKind.SOCIAL_SECURITY)
    citizen = tools.store.person_id_of(SOMCHAI)
    tools.store.put_people([row], tools.clock.now(), demo=True)
    assert tools.store.person_id_of(SOMCHAI) == citizen
    assert tools.store.person_id_of(SOMCHAI, NumberKind.SOCIAL_SECURITY) not in (None, citizen)


def test_my_devices_names_sessions_and_ends_them(tools: Tools, officer: Officer) -> None:
    code = code_for(tools, officer)
    mine = sessions.session_of(tools, with_pin(tools, code).token)
    other, third = by_pin(tools, code[5:]), by_pin(tools, code[5:])
    listed = devices.open_sessions(tools, mine)
    assert [one.is_this for one in listed] == [True, False, False]
    assert not {one.name for one in listed} & {one.session.id_hash for one in listed}
    assert not devices.end_one(tools, mine, listed[0].name), "this one is ended by signing out"
    assert devices.end_one(tools, mine, listed[1].name)
    assert [sessions.session_of(tools, one.token) is None for one in (other, third)].count(True) == 1
    assert devices.end_all_others(tools, mine) == 1
    assert sessions.session_of(tools, third.token) is None
    assert not devices.end_one(tools, mine, "of somebody else")


def test_a_sign_in_from_where_somebody_never_was_is_told_and_a_known_one_is_not(tools: Tools) -> None:
    person_id = tools.store.person_id_of(SOMCHAI)
    phone, laptop = sessions.Device("chrome android", "phone"), sessions.Device("firefox windows", "laptop")

    def sign_in(device: sessions.Device) -> int:
        sessions.open_session(tools, person_id, None, Via.THAID, "2.3", device)
        return occasions(tools, person_id).count(Occasion.SIGN_IN_NEW)

    assert [sign_in(phone), sign_in(phone), sign_in(laptop), sign_in(phone), sign_in(sessions.Device("chrome android"))] == [0, 0, 1, 1, 2]


def test_on_a_shared_phone_that_keeps_no_mark_every_later_sign_in_is_told(tools: Tools) -> None:
    person_id = tools.store.person_id_of(SOMCHAI)
    told, own = [], sessions.Device("chrome android", "phone")
    for device in (sessions.NO_DEVICE, sessions.NO_DEVICE, own, own):
        sessions.open_session(tools, person_id, None, Via.THAID, "2.3", device)
        told.append(occasions(tools, person_id).count(Occasion.SIGN_IN_NEW))
    assert told == [0, 1, 2, 2]
