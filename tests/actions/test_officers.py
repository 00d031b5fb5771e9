"""Officers: the queue in its order, one decision a case, paper forms at the counter, the calendar moved by two."""

from __future__ import annotations

import secrets
import threading
from dataclasses import replace
from datetime import date, datetime

import pytest

from tests.standing_clock import StandingClock
from webapp.actions import calendar, hospital_change, officers, paper
from webapp.actions.calendar import AlreadySettled, CalendarFault, NeedsASecondOfficer, NoLongerFits, rules_now
from webapp.actions.hospital_change import Draft, person_owner
from webapp.actions.officers import NobodyDecidesTheirOwnCase, Show, StartsOtherwise, WillHaveLeft
from webapp.actions.paper import Form, NoForm, Seen, Why
from webapp.domain.assessment import Refusal
from webapp.domain.dates import BANGKOK
from webapp.domain.hospital_change import (
    Allowed,
    Cause,
    HospitalChange,
    NeedsAnotherOfficer,
    NoSuchChoice,
    RefusalReason,
    SomeoneElseDecided,
    Status,
    StepCode,
)
from webapp.domain.hospital_change_dates import annual_window, cut_off_for
from webapp.ports import CalendarChange, Officer, Tools

ONE, TWO = "1000000000076", "1000000000084"
SOMCHAI, SOMYING, FOUR_MONTHS, TWO_MONTHS = "1000000000009", "1000000000017", "1000000000025", "1000000000068"
NEW_WORKER, HOSPITAL_LEAVES, NOT_IN_RECORD = "1000000000092", "1000000000106", "1000000000297"
CHOICES = ("TH13-001", "TH13-002")
FIRST_JANUARY = date(2027, 1, 1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BANGKOK)


def person_id(tools: Tools, pid: str) -> str:
    found: str = tools.store.person_id_of(pid)
    return found


def officer(tools: Tools, pid: str = ONE) -> Officer:
    found: Officer = tools.store.officer_of(pid)
    return found


def sent(
    tools: Tools, pid: str = SOMCHAI, choices: tuple[str, ...] = CHOICES, cause: Cause = Cause.ANNUAL, moved_on: date | None = None
) -> HospitalChange:
    """A request sent online now."""
    who = tools.store.person(person_id(tools, pid))
    moved_to = who.home_province if moved_on else None
    draft = Draft(
        cause, not_an_in_patient=True, choices=choices, moved_on=moved_on, moved_to=moved_to, note="x" if cause is Cause.OTHER else ""
    )
    hospital_change.keep_draft(tools, person_owner(who.id), draft)
    allowed = hospital_change.look_over(tools, who, draft)
    assert isinstance(allowed, Allowed), [reason.code for reason in allowed.unmet]
    case = hospital_change.submit(tools, who.id, secrets.token_urlsafe(18), hospital_change.shown(allowed, draft))
    assert isinstance(case, HospitalChange)
    return case


def approved(tools: Tools, case: HospitalChange, rank: int = 1, by: str = ONE) -> HospitalChange:
    done = officers.approve(tools, officer(tools, by), case.reference, rank, case.effective_on)
    assert isinstance(done, HospitalChange), done
    return done


def codes(tools: Tools, case: HospitalChange) -> list[StepCode]:
    return [step.code for step in tools.store.steps_of(case.reference)]


# The queue


def test_an_empty_desk_has_nothing_to_show(tools: Tools) -> None:
    queue = officers.queue(tools, officer(tools))
    assert (queue.groups, queue.pages, set(queue.counts.values())) == ((), 1, {0})
    assert officers.next_case(tools, officer(tools)) is None


def test_cases_stand_by_the_day_they_start_and_late_ones_first(tools: Tools, clock: StandingClock) -> None:
    clock.set(at("2027-01-14T10:00"))
    second = sent(tools)
    clock.set(at("2027-01-14T09:00"))
    first = sent(tools, SOMYING, ("TH50-002",))
    clock.set(at("2027-01-15T17:00"))
    later = sent(tools, HOSPITAL_LEAVES, ("TH17-001",))
    clock.set(at("2027-01-16T08:00"))
    queue = officers.queue(tools, officer(tools))
    assert [(group.is_late, group.starts, group.count) for group in queue.groups] == [
        (True, date(2027, 1, 16), 2),
        (False, date(2027, 2, 1), 1),
    ]
    assert [row.case.reference for group in queue.groups for row in group.rows] == [first.reference, second.reference, later.reference]
    assert [row.days_late for group in queue.groups for row in group.rows] == [1, 1, 0]


def test_the_last_working_day_before_a_start_is_named(tools: Tools) -> None:
    sent(tools)
    (group,) = officers.queue(tools, officer(tools)).groups
    assert (group.starts, group.last_working_day) == (FIRST_JANUARY, date(2026, 12, 30))


def test_a_row_carries_the_checks_and_the_waiting_time(tools: Tools, clock: StandingClock) -> None:
    sent(tools, cause=Cause.MOVED_HOME, moved_on=date(2026, 12, 1))
    sent(tools, SOMYING, ("TH50-002",), cause=Cause.OTHER)
    clock.advance(hours=3)
    rows = {row.case.cause: row for row in officers.queue(tools, officer(tools)).groups[0].rows}
    moved = next(reason for reason in rows[Cause.MOVED_HOME].reasons if reason.code == "moved_in_time")
    assert (moved.met, moved.facts["days_since"], rows[Cause.MOVED_HOME].to_look_at) == (True, 19, 0)
    assert rows[Cause.OTHER].to_look_at == 1
    assert (rows[Cause.OTHER].waiting.days, rows[Cause.OTHER].waiting.hours) == (0, 3)
    assert rows[Cause.OTHER].name is not None
    assert rows[Cause.OTHER].name.short == "สมหญิง ต•••"


def test_who_took_a_case_is_seen_in_the_queue(tools: Tools) -> None:
    case = sent(tools)
    officers.take(tools, officer(tools), case.reference)
    (row,) = officers.queue(tools, officer(tools, TWO)).groups[0].rows
    assert row.in_hands_of == officer(tools)
    assert officers.next_case(tools, officer(tools, TWO)) is None


def test_what_was_decided_today_can_be_found(tools: Tools, clock: StandingClock) -> None:
    first, second = sent(tools), sent(tools, SOMYING, ("TH50-002",))
    approved(tools, first)
    clock.advance(minutes=5)
    officers.refuse(tools, officer(tools, TWO), second.reference, RefusalReason.HOSPITAL_FULL)
    done = officers.queue(tools, officer(tools), Show.DONE)
    assert [row.case.reference for row in done.done] == [second.reference, first.reference]
    assert [row.in_hands_of for row in done.done] == [officer(tools, TWO), officer(tools)]
    assert done.counts == {Show.WAITING: 0, Show.SECOND: 0, Show.DONE: 2}
    clock.set(at("2026-12-21T00:00"))
    assert officers.queue(tools, officer(tools), Show.DONE).counts[Show.DONE] == 0


def test_a_page_beyond_the_end_is_the_last_one(tools: Tools) -> None:
    sent(tools)
    queue = officers.queue(tools, officer(tools), page=99)
    assert (queue.page, len(queue.groups)) == (1, 1)


def test_pages_hold_fifty_and_go_on_where_the_last_ended(tools: Tools) -> None:
    case = sent(tools)
    many(tools, case, 60)
    first, second = (officers.queue(tools, officer(tools), page=page) for page in (1, 2))
    seen = [row.case.reference for queue in (first, second) for group in queue.groups for row in group.rows]
    assert (first.pages, len(seen), len(set(seen))) == (2, 61, 61)
    assert {group.count for group in (*first.groups, *second.groups)} == {61}


def many(tools: Tools, case: HospitalChange, count: int) -> None:
    """As many more like it, of people who do not matter here."""
    row = dict(tools.store.one("SELECT * FROM hospital_changes WHERE reference = :r", r=case.reference))
    person = dict(tools.store.one("SELECT * FROM people WHERE id = :id", id=case.person_id))
    nobody = {"pid": SOMCHAI, "title": "", "given_name": "คน", "family_name": "", "birth_date": None}
    people = [
        person | {"id": f"p{n}", "pid_hash": f"hash{n}", "sealed": tools.store.vault.seal(nobody, f"people:p{n}")} for n in range(count)
    ]
    cases = [row | {"person_id": f"p{n}", "reference": f"HC-{n:04}-TEST-TEST", "idempotency_key": f"k{n}"} for n in range(count)]
    for table, rows in (("people", people), ("hospital_changes", cases)):
        columns = ", ".join(rows[0])
        tools.store.run_many(f"INSERT INTO {table} ({columns}) VALUES ({', '.join(':' + one for one in rows[0])})", rows)


# Deciding


def test_looking_writes_nothing_and_hides_the_name(tools: Tools) -> None:
    case = sent(tools)
    view = officers.look_at(tools, officer(tools), case.reference)
    assert view is not None
    assert (view.name_may_be_shown, view.taken_by, view.starts) == (False, None, FIRST_JANUARY)
    assert codes(tools, case) == [StepCode.SUBMITTED, StepCode.RECEIVED]


def test_taking_a_case_is_written_down_and_shows_the_name_to_that_officer_alone(tools: Tools) -> None:
    case = sent(tools)
    officers.take(tools, officer(tools), case.reference)
    officers.take(tools, officer(tools), case.reference)
    mine, theirs = (officers.look_at(tools, officer(tools, pid), case.reference) for pid in (ONE, TWO))
    assert mine is not None
    assert theirs is not None
    assert (mine.name_may_be_shown, theirs.name_may_be_shown, theirs.taken_by) == (True, False, officer(tools))
    assert codes(tools, case).count(StepCode.REVIEW_STARTED) == 1


def test_an_approval_names_the_choice_and_the_officer(tools: Tools) -> None:
    case = approved(tools, sent(tools), rank=2)
    assert (case.status, case.hospital_to, case.effective_on) == (Status.APPROVED, "TH13-002", FIRST_JANUARY)
    step = tools.store.steps_of(case.reference)[-1]
    assert (step.code, step.by, step.facts["rank"]) == (StepCode.APPROVED, officer(tools).id, 2)


@pytest.mark.parametrize(
    ("decided", "starts"),
    [
        ("2026-12-31T23:59", "2027-01-01"),
        ("2027-01-01T00:00", "2027-01-16"),
        ("2027-01-15T23:59", "2027-01-16"),
        ("2027-01-16T00:00", "2027-02-01"),
    ],
)
def test_a_late_approval_starts_on_the_next_1st_or_16th(tools: Tools, clock: StandingClock, decided: str, starts: str) -> None:
    case = sent(tools)
    clock.set(at(decided))
    view = officers.look_at(tools, officer(tools), case.reference)
    assert view is not None
    assert (view.starts, view.is_late) == (date.fromisoformat(starts), starts != "2027-01-01")
    done = officers.approve(tools, officer(tools), case.reference, 1, view.starts)
    assert isinstance(done, HospitalChange)
    assert done.effective_on == date.fromisoformat(starts)
    assert codes(tools, case)[-1] is (StepCode.APPROVED if starts == "2027-01-01" else StepCode.APPROVED_LATE)


def test_midnight_between_looking_and_approving_is_shown_not_swallowed(tools: Tools, clock: StandingClock) -> None:
    case = sent(tools)
    clock.set(at("2027-01-01T00:00"))
    assert officers.approve(tools, officer(tools), case.reference, 1, FIRST_JANUARY) == StartsOtherwise(date(2027, 1, 16))
    assert codes(tools, case) == [StepCode.SUBMITTED, StepCode.RECEIVED]


def test_a_hospital_that_will_have_left_is_not_approved(tools: Tools, clock: StandingClock) -> None:
    case = sent(tools, HOSPITAL_LEAVES, ("TH17-001", "DEMO-001"))
    clock.set(at("2027-02-03T10:00"))
    assert officers.approve(tools, officer(tools), case.reference, 2, date(2027, 2, 16)) == WillHaveLeft(2, date(2027, 2, 16))
    assert isinstance(officers.approve(tools, officer(tools), case.reference, 1, date(2027, 2, 16)), HospitalChange)


def test_a_choice_that_was_not_asked_for_cannot_be_approved(tools: Tools) -> None:
    case = sent(tools)
    with pytest.raises(NoSuchChoice):
        officers.approve(tools, officer(tools), case.reference, 3, FIRST_JANUARY)


def test_a_refusal_keeps_its_reason_and_frees_the_person(tools: Tools) -> None:
    case = sent(tools)
    officers.refuse(tools, officer(tools), case.reference, RefusalReason.CAUSE_NOT_SHOWN)
    found = tools.store.hospital_change(case.reference)
    assert (found.status, found.refusal_reason, found.is_open) == (Status.REFUSED, RefusalReason.CAUSE_NOT_SHOWN, False)
    assert sent(tools).status is Status.RECEIVED


def test_the_same_answer_twice_is_one_decision(tools: Tools) -> None:
    one, two = sent(tools), sent(tools, SOMYING, ("TH50-002",))
    assert approved(tools, one) == approved(tools, one)
    for _ in range(2):
        officers.refuse(tools, officer(tools), two.reference, RefusalReason.HOSPITAL_FULL)
    assert [codes(tools, case)[2:] for case in (one, two)] == [[StepCode.APPROVED], [StepCode.REFUSED]]


def test_another_answer_of_the_same_officer_is_not_taken(tools: Tools) -> None:
    case = approved(tools, sent(tools))
    with pytest.raises(SomeoneElseDecided):
        officers.approve(tools, officer(tools), case.reference, 2, FIRST_JANUARY)
    with pytest.raises(SomeoneElseDecided):
        officers.refuse(tools, officer(tools), case.reference, RefusalReason.HOSPITAL_FULL)


def test_the_second_officer_is_told_who_was_first_and_with_what(tools: Tools) -> None:
    case = sent(tools)
    approved(tools, case, rank=2)
    with pytest.raises(SomeoneElseDecided) as meanwhile:
        officers.refuse(tools, officer(tools, TWO), case.reference, RefusalReason.HOSPITAL_FULL)
    met = officers.who_decided(tools, meanwhile.value.case)
    assert met.step is not None
    assert (met.officer, met.step.code, met.step.facts["rank"]) == (officer(tools), StepCode.APPROVED, 2)


def test_a_withdrawal_comes_before_a_later_decision(tools: Tools) -> None:
    case = sent(tools)
    officers.take(tools, officer(tools), case.reference)
    hospital_change.withdraw(tools, case.person_id, case.reference)
    with pytest.raises(SomeoneElseDecided) as meanwhile:
        officers.approve(tools, officer(tools), case.reference, 1, FIRST_JANUARY)
    met = officers.who_decided(tools, meanwhile.value.case)
    assert (met.case.status, met.officer) == (Status.WITHDRAWN, None)


def test_of_two_officers_at_the_same_moment_exactly_one_decides(tools: Tools) -> None:
    case = sent(tools)
    start, ends = threading.Barrier(2), []

    def decide(pid: str) -> None:
        who = officer(tools, pid)
        start.wait()
        try:
            tools.store.again(lambda: officers.approve(tools, who, case.reference, 1 if pid == ONE else 2, FIRST_JANUARY))
            ends.append("decided")
        except SomeoneElseDecided:
            ends.append("told")
        tools.store.close()

    threads = [threading.Thread(target=decide, args=(pid,)) for pid in (ONE, TWO)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == ["decided", "told"]
    assert codes(tools, case).count(StepCode.APPROVED) == 1


def test_nobody_opens_or_decides_their_own_case(tools: Tools) -> None:
    case, own = sent(tools, TWO, ("TH12-002",)), officer(tools, TWO)
    with pytest.raises(NobodyDecidesTheirOwnCase):
        officers.look_at(tools, own, case.reference)
    with pytest.raises(NobodyDecidesTheirOwnCase):
        officers.approve(tools, own, case.reference, 1, FIRST_JANUARY)
    with pytest.raises(NobodyDecidesTheirOwnCase):
        officers.refuse(tools, own, case.reference, RefusalReason.HOSPITAL_FULL)
    assert officers.next_case(tools, own) is None
    assert officers.queue(tools, own).groups[0].rows[0].is_own
    assert isinstance(officers.approve(tools, officer(tools, ONE), case.reference, 1, FIRST_JANUARY), HospitalChange)


def test_an_unknown_reference_is_nobodys(tools: Tools) -> None:
    assert officers.look_at(tools, officer(tools), "HC-0000-0000-0000") is None
    assert officers.take(tools, officer(tools), "HC-0000-0000-0000") is None


def test_a_window_moved_later_changes_no_check_of_an_earlier_request(tools: Tools, clock: StandingClock) -> None:
    case = sent(tools)
    clock.advance(hours=1)
    move_window(tools, date(2027, 1, 10), date(2027, 3, 31))
    view = officers.look_at(tools, officer(tools), case.reference)
    assert view is not None
    assert all(reason.met for reason in view.reasons)
    assert not annual_window(clock.today(), rules_now(tools)).is_open


# Paper


def form(
    tools: Tools, handed_in: str, pid: str = SOMCHAI, cause: Cause = Cause.ANNUAL, choices: tuple[str, ...] = CHOICES, by: str = ONE
) -> Form:
    """A form filled in at the counter."""
    begun = paper.begin(tools, officer(tools, by), pid)
    assert isinstance(begun, Form), begun
    filled = replace(begun, handed_in_at=at(handed_in), answers=Draft(cause, not_an_in_patient=True, choices=choices))
    paper.keep(tools, officer(tools, by), filled)
    kept = paper.form_of(tools, officer(tools, by))
    assert kept == filled
    return filled


def entered(tools: Tools, handed_in: str, by: str = ONE, **more: object) -> HospitalChange:
    one = form(tools, handed_in, by=by, **more)  # type: ignore[arg-type]
    seen = paper.look_over(tools, one)
    assert isinstance(seen, Seen), [reason.code for reason in seen.unmet]
    case = paper.submit(tools, officer(tools, by), one.reference, seen.mark)
    assert isinstance(case, HospitalChange)
    return case


@pytest.mark.parametrize("typed", ["1000000000009", "1-0000-00000-00-9", "๑๐๐๐๐๐๐๐๐๐๐๐๙", " 1 0000 00000 00 9 "])
def test_a_number_is_found_however_it_is_written(tools: Tools, typed: str) -> None:
    begun = paper.begin(tools, officer(tools), typed)
    assert isinstance(begun, Form)
    assert begun.name.masked_pid == "1-xxxx-xxxxx-00-9"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("1000000000008", Why.NOT_A_NUMBER),
        ("", Why.NOT_A_NUMBER),
        ("100000000000", Why.NOT_A_NUMBER),
        (NOT_IN_RECORD, Why.NOT_IN_THE_RECORD),
    ],
)
def test_a_number_that_leads_nowhere_says_why(tools: Tools, typed: str, why: Why) -> None:
    assert paper.begin(tools, officer(tools), typed) == NoForm(why)


def test_officers_do_not_enter_their_own_form(tools: Tools) -> None:
    assert paper.begin(tools, officer(tools, TWO), TWO) == NoForm(Why.THEIR_OWN)
    assert isinstance(paper.begin(tools, officer(tools, ONE), TWO), Form)


def test_an_open_request_is_told_before_anything_is_typed(tools: Tools) -> None:
    case = sent(tools)
    begun = paper.begin(tools, officer(tools), SOMCHAI)
    assert begun == NoForm(None, case)


def test_a_form_handed_in_now_is_received_at_once_with_both_times(tools: Tools, clock: StandingClock) -> None:
    clock.set(at("2026-12-20T10:05"))
    case = entered(tools, "2026-12-20T09:50")
    assert (case.status, case.received_at, case.paper_at, case.entered_at) == (
        Status.RECEIVED, at("2026-12-20T09:50"), at("2026-12-20T09:50"), at("2026-12-20T10:05"),
    )  # fmt: skip
    assert case.entered_by == officer(tools).id
    assert paper.form_of(tools, officer(tools)) is None


def test_a_double_click_enters_one_form(tools: Tools) -> None:
    one = form(tools, "2026-12-20T09:50")
    seen = paper.look_over(tools, one)
    assert isinstance(seen, Seen)
    first, second = (paper.submit(tools, officer(tools), one.reference, seen.mark) for _ in range(2))
    assert first == second
    assert len(tools.store.hospital_changes_of(one.person.id)) == 1
    assert paper.submit(tools, officer(tools, TWO), one.reference, seen.mark) is None


@pytest.mark.parametrize(
    ("handed_in", "entered_at", "second"),
    [
        ("2027-01-15T16:29", "2027-01-15T16:29", False),
        ("2027-01-15T16:29", "2027-01-15T16:30", True),
        ("2027-01-15T16:30", "2027-01-18T09:00", False),
        ("2027-01-14T10:00", "2027-01-16T00:00", True),
    ],
)
def test_a_cut_off_between_paper_and_entry_needs_a_second_officer(
    tools: Tools, clock: StandingClock, handed_in: str, entered_at: str, second: bool
) -> None:
    clock.set(at(entered_at))
    case = entered(tools, handed_in)
    assert case.status is (Status.SUBMITTED if second else Status.RECEIVED)


def late_paper(tools: Tools, clock: StandingClock) -> HospitalChange:
    """Handed in a minute before the cut-off, entered the next morning."""
    clock.set(at("2027-01-18T09:00"))
    return entered(tools, "2027-01-15T16:29")


def test_until_a_second_officer_has_looked_nobody_decides(tools: Tools, clock: StandingClock) -> None:
    case = late_paper(tools, clock)
    assert [row.case for group in officers.queue(tools, officer(tools), Show.SECOND).groups for row in group.rows] == [case]
    with pytest.raises(NeedsAnotherOfficer):
        officers.approve(tools, officer(tools, TWO), case.reference, 1, date(2027, 2, 1))
    for act in (officers.confirm_paper_time, officers.set_paper_time_aside):
        with pytest.raises(NeedsAnotherOfficer):
            act(tools, officer(tools, ONE), case.reference)


def test_a_confirmed_paper_time_keeps_the_early_day_and_is_late_at_once(tools: Tools, clock: StandingClock) -> None:
    case = late_paper(tools, clock)
    for _ in range(2):
        done = officers.confirm_paper_time(tools, officer(tools, TWO), case.reference)
    assert done is not None
    assert (done.status, done.received_at, done.effective_on) == (Status.RECEIVED, at("2027-01-15T16:29"), date(2027, 1, 16))
    assert officers.queue(tools, officer(tools)).groups[0].is_late
    assert codes(tools, case) == [StepCode.SUBMITTED, StepCode.RECEIVED]


def test_a_paper_time_set_aside_counts_from_its_entry(tools: Tools, clock: StandingClock) -> None:
    case = late_paper(tools, clock)
    for _ in range(2):
        done = officers.set_paper_time_aside(tools, officer(tools, TWO), case.reference)
    assert done is not None
    assert (done.received_at, done.effective_on) == (at("2027-01-18T09:00"), date(2027, 2, 1))
    assert codes(tools, case) == [StepCode.SUBMITTED, StepCode.PAPER_TIME_SET_ASIDE, StepCode.RECEIVED]
    with pytest.raises(SomeoneElseDecided):
        officers.confirm_paper_time(tools, officer(tools, TWO), case.reference)


def test_nobody_confirms_the_time_on_their_own_form(tools: Tools, clock: StandingClock) -> None:
    clock.set(at("2027-01-18T09:00"))
    case = entered(tools, "2027-01-15T16:29", pid=TWO, choices=("TH12-002",))
    with pytest.raises(NobodyDecidesTheirOwnCase):
        officers.confirm_paper_time(tools, officer(tools, TWO), case.reference)


def test_rules_are_judged_at_the_time_handed_in(tools: Tools, clock: StandingClock) -> None:
    clock.set(at("2027-04-02T09:00"))
    case = entered(tools, "2027-03-31T16:29")
    assert (case.status, case.window_key, case.effective_on) == (Status.SUBMITTED, "2027", date(2027, 4, 1))
    clock.set(at("2027-04-05T09:00"))
    late = form(tools, "2027-04-01T09:00", SOMYING, choices=("TH50-002",))
    refused = paper.look_over(tools, late)
    assert isinstance(refused, Refusal)
    assert [reason.code for reason in refused.unmet] == ["annual_window"]
    assert isinstance(paper.submit(tools, officer(tools), late.reference, ""), Refusal)


def test_a_paper_time_set_aside_past_the_window_is_seen_as_not_met(tools: Tools, clock: StandingClock) -> None:
    clock.set(at("2027-04-02T09:00"))
    case = entered(tools, "2027-03-31T16:29")
    officers.set_paper_time_aside(tools, officer(tools, TWO), case.reference)
    view = officers.look_at(tools, officer(tools), case.reference)
    assert view is not None
    assert [reason.code for reason in view.reasons if reason.met is False] == ["annual_window"]


def test_a_cut_off_that_passes_while_reading_is_shown_first(tools: Tools, clock: StandingClock) -> None:
    clock.set(at("2027-01-15T16:29"))
    one = form(tools, "2027-01-15T16:20")
    seen = paper.look_over(tools, one)
    assert isinstance(seen, Seen)
    clock.set(at("2027-01-15T16:30"))
    again = paper.submit(tools, officer(tools), one.reference, seen.mark)
    assert isinstance(again, Seen)
    assert (seen.needs_second_officer, again.needs_second_officer) == (False, True)
    assert tools.store.hospital_changes_of(one.person.id) == []
    assert isinstance(paper.submit(tools, officer(tools), one.reference, again.mark), HospitalChange)


def test_a_request_sent_online_meanwhile_stops_the_paper(tools: Tools) -> None:
    one = form(tools, "2026-12-20T09:50")
    seen = paper.look_over(tools, one)
    assert isinstance(seen, Seen)
    sent(tools)
    assert isinstance(paper.submit(tools, officer(tools), one.reference, seen.mark), Refusal)


def test_two_officers_keep_their_forms_apart(tools: Tools) -> None:
    mine, theirs = form(tools, "2026-12-20T09:00"), form(tools, "2026-12-20T09:30", SOMYING, choices=("TH50-002",), by=TWO)
    assert paper.form_of(tools, officer(tools, ONE)) == mine
    assert paper.form_of(tools, officer(tools, TWO)) == theirs


def test_the_store_holds_no_citizen_number_of_a_form(tools: Tools) -> None:
    paper.begin(tools, officer(tools), SOMCHAI)
    rows = tools.store.all("SELECT * FROM drafts")
    assert rows
    assert not any(SOMCHAI in str(dict(row)) for row in rows)


# The calendar


def move_window(tools: Tools, opens_on: date, closes_on: date) -> CalendarChange:
    change = calendar.propose_window(tools, officer(tools, ONE), opens_on, closes_on, "order 1")
    assert isinstance(change, CalendarChange), change
    settled = calendar.settle_calendar_change(tools, officer(tools, TWO), change.id, approve=True)
    assert settled is not None
    return settled


def test_a_proposal_alone_moves_nothing(tools: Tools, clock: StandingClock) -> None:
    calendar.propose_window(tools, officer(tools), date(2026, 12, 16), date(2027, 4, 30), "order 1")
    assert annual_window(clock.today(), rules_now(tools)).closes_on == date(2027, 3, 31)


def test_two_officers_move_a_window_and_drafts_follow(tools: Tools, clock: StandingClock) -> None:
    received = sent(tools)
    move_window(tools, date(2026, 12, 16), date(2027, 4, 30))
    clock.set(at("2027-04-20T10:00"))
    assert sent(tools, SOMYING, ("TH50-002",)).window_key == "2027"
    assert tools.store.hospital_change(received.reference) == received


def test_a_day_off_moves_file_by_and_the_month_end(tools: Tools, clock: StandingClock) -> None:
    before = cut_off_for(clock.now(), rules_now(tools))
    change = calendar.propose_day(tools, officer(tools), "day_off", date(2026, 12, 30), "cabinet")
    assert isinstance(change, CalendarChange)
    ((was, becomes),) = calendar.calendar_now(tools).proposals[0].moves
    assert (was.file_by, becomes.file_by) == (at("2026-12-30T16:30"), at("2026-12-29T16:30"))
    calendar.settle_calendar_change(tools, officer(tools, TWO), change.id, approve=True)
    after = cut_off_for(clock.now(), rules_now(tools))
    assert (before.closes_at, after.closes_at) == (at("2026-12-30T16:30"), at("2026-12-29T16:30"))


def test_undoing_is_another_proposal_and_the_later_decision_counts(tools: Tools, clock: StandingClock) -> None:
    for kind in ("day_off", "working_day"):
        change = calendar.propose_day(tools, officer(tools), kind, date(2026, 12, 29), kind)
        assert isinstance(change, CalendarChange)
        clock.advance(minutes=1)
        calendar.settle_calendar_change(tools, officer(tools, TWO), change.id, approve=True)
    assert rules_now(tools).working_days.is_working_day(date(2026, 12, 29))
    found = calendar.calendar_now(tools)
    assert [change.kind for change in found.settled] == ["working_day", "day_off"]
    assert {one.id for one in found.officers.values()} == {officer(tools, ONE).id, officer(tools, TWO).id}


def test_nobody_approves_their_own_proposal_but_may_set_it_aside(tools: Tools) -> None:
    change = calendar.propose_day(tools, officer(tools), "day_off", date(2026, 12, 29), "cabinet")
    assert isinstance(change, CalendarChange)
    with pytest.raises(NeedsASecondOfficer):
        calendar.settle_calendar_change(tools, officer(tools), change.id, approve=True)
    settled = calendar.settle_calendar_change(tools, officer(tools), change.id, approve=False)
    assert settled is not None
    assert settled.status == "refused"


def test_a_settled_proposal_is_told_with_its_officer(tools: Tools) -> None:
    change = calendar.propose_day(tools, officer(tools), "day_off", date(2026, 12, 29), "cabinet")
    assert isinstance(change, CalendarChange)
    for _ in range(2):
        calendar.settle_calendar_change(tools, officer(tools, TWO), change.id, approve=True)
    with pytest.raises(AlreadySettled) as settled:
        calendar.settle_calendar_change(tools, officer(tools), change.id, approve=False)
    assert settled.value.change.decided_by == officer(tools, TWO).id
    assert calendar.settle_calendar_change(tools, officer(tools), "none", approve=True) is None


def test_the_same_proposal_twice_is_one(tools: Tools) -> None:
    one, two = (calendar.propose_day(tools, officer(tools), "day_off", date(2026, 12, 29), "cabinet") for _ in range(2))
    assert one == two
    assert len(tools.store.calendar_changes()) == 1


def test_a_second_proposal_about_the_same_day_has_to_wait(tools: Tools) -> None:
    calendar.propose_day(tools, officer(tools), "day_off", date(2026, 12, 29), "cabinet")
    other = calendar.propose_day(tools, officer(tools, TWO), "day_off", date(2026, 12, 29), "cabinet")
    assert other == (CalendarFault("day", "another_waits"),)


@pytest.mark.parametrize(
    ("kind", "day", "code"),
    [
        ("day_off", date(2026, 12, 19), "has_passed"),
        ("day_off", date(2027, 1, 1), "changes_nothing"),
        ("working_day", date(2026, 12, 21), "changes_nothing"),
        ("day_off", date(2029, 1, 3), "too_far"),
    ],
)
def test_a_day_that_will_not_do_names_its_field(tools: Tools, kind: str, day: date, code: str) -> None:
    assert calendar.propose_day(tools, officer(tools), kind, day, "why") == (CalendarFault("day", code),)


@pytest.mark.parametrize(
    ("opens_on", "closes_on", "fault"),
    [
        (date(2027, 3, 1), date(2027, 2, 1), CalendarFault("closes_on", "before_it_opens")),
        (date(2026, 12, 16), date(2026, 12, 19), CalendarFault("closes_on", "has_passed")),
        (date(2026, 12, 16), date(2027, 3, 31), CalendarFault("closes_on", "changes_nothing")),
        (date(2026, 12, 1), date(2027, 3, 30), CalendarFault("opens_on", "has_passed")),
        (date(2027, 3, 15), date(2028, 3, 31), CalendarFault("opens_on", "overlaps_the_one_before")),
        (date(2027, 1, 4), date(2027, 12, 20), CalendarFault("closes_on", "overlaps_the_next")),
        (date(2028, 12, 16), date(2029, 3, 30), CalendarFault("closes_on", "too_far")),
    ],
)
def test_a_window_that_will_not_do_names_its_field(tools: Tools, opens_on: date, closes_on: date, fault: CalendarFault) -> None:
    assert calendar.propose_window(tools, officer(tools), opens_on, closes_on, "why") == (fault,)


def test_a_proposal_says_why(tools: Tools) -> None:
    assert calendar.propose_day(tools, officer(tools), "day_off", date(2026, 12, 29), "") == (CalendarFault("note", "missing"),)
    assert calendar.propose_day(tools, officer(tools), "day_off", date(2026, 12, 29), "x" * 301) == (CalendarFault("note", "too_long"),)


def test_a_proposal_that_came_too_late_is_not_approved(tools: Tools, clock: StandingClock) -> None:
    change = calendar.propose_day(tools, officer(tools), "day_off", date(2026, 12, 29), "cabinet")
    assert isinstance(change, CalendarChange)
    clock.set(at("2026-12-30T09:00"))
    with pytest.raises(NoLongerFits) as gone:
        calendar.settle_calendar_change(tools, officer(tools, TWO), change.id, approve=True)
    assert gone.value.faults == (CalendarFault("day", "has_passed"),)
