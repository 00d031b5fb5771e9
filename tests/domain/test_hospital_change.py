from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from tests.domain.hospital_change_people import (
    RULES,
    SmallHospital,
    SmallRegister,
    a_case,
    allowed,
    approved,
    asks,
    bangkok,
    reason,
    register,
    somchai,
    unmet,
    wish,
)
from webapp.domain.assessment import Refusal
from webapp.domain.hospital_change import (
    UNDECIDED,
    Between,
    Cause,
    HandedInLater,
    HospitalChange,
    ItsDayHasNotCome,
    NeedsAnotherOfficer,
    NoSuchChoice,
    Paper,
    RefusalReason,
    SomeoneElseDecided,
    Status,
    StepCode,
    UntilAndFrom,
    Wish,
    approve,
    causes_offered,
    confirm_paper_time,
    known_status,
    leaving,
    may_change_hospital,
    needs_second_officer,
    queue_order,
    refuse,
    set_paper_time_aside,
    start_review,
    submit,
    take_effect,
    undecided_on_the_day,
    withdraw,
)
from webapp.domain.hospital_change_dates import Policy

JULY = "2027-07-12 10:00"  # outside the annual window
AFTER_JULY = date(2027, 8, 1)


# --- who may ---


def test_somchai_may_change_in_the_annual_window_and_sees_every_date() -> None:
    answer = allowed(asks())
    assert answer.effective_on == date(2027, 1, 16)
    assert answer.file_by == bangkok("2027-01-15 16:30")
    assert answer.policy == Policy.LAST_WORKING_DAY
    assert answer.window_key == "2027"
    assert answer.until_and_from == UntilAndFrom("old", date(2027, 1, 15), "new", date(2027, 1, 16))
    assert not answer.may_miss_window
    assert all(reason.met for reason in answer.reasons)


@pytest.mark.parametrize(("section", "may"), [("33", True), ("39", True), ("40", False), ("", False)])
def test_only_sections_33_and_39_choose_a_hospital(section: str, may: bool) -> None:
    assert ("insured_section" not in unmet(asks(person=somchai(section=section)))) == may


def test_somebody_whose_insured_status_has_ended_may_not_choose() -> None:
    assert unmet(asks(person=somchai(insured_until=date(2027, 1, 10)))) == ["insured_section"]


@pytest.mark.parametrize("months", range(16))
def test_three_months_paid_in_the_fifteen_before_are_enough(months: int) -> None:
    answer = asks(person=somchai(months_paid=months, until=date(2027, 1, 1)))
    assert (unmet(answer) == []) == (months >= 3)
    assert reason(answer, "months_paid").facts == {"paid": months, "needed": 3, "within": 15}


def test_an_in_patient_may_not_choose() -> None:
    assert unmet(asks(wish(ill=True))) == ["not_an_in_patient"]


def test_every_condition_in_the_way_is_told_at_once() -> None:
    answer = asks(wish(Cause.ANNUAL, "old", "old", "nowhere", "far", ill=True), at=JULY, person=somchai(0, section=""))
    assert set(unmet(answer)) == {
        "insured_section",
        "months_paid",
        "annual_window",
        "not_an_in_patient",
        "number_of_choices",
        "choices_differ",
        "first_choice_is_another",
        "choice_in_register",
        "choice_in_area",
    }


def test_conditions_that_hang_on_a_number_cite_the_law_and_nothing_is_cited_that_nobody_named() -> None:
    answer = asks(wish(ill=True))
    cited = {reason.code: reason.citation for reason in answer.reasons if reason.citation}
    assert {"insured_section", "months_paid", "annual_window", "one_annual_change", "number_of_choices", "choice_in_area"} < set(cited)
    assert all(value.law == "to be confirmed" for value in cited.values())


# --- one request at a time, one annual change a window ---


@pytest.mark.parametrize("status", list(Status))
def test_a_second_request_waits_until_the_first_has_ended(status: Status) -> None:
    first = replace(a_case(at="2025-01-08 10:00"), status=status)
    may = status in {Status.DRAFT, Status.IN_EFFECT, Status.REFUSED, Status.WITHDRAWN}
    assert ("no_other_open_request" not in unmet(asks(earlier=(first,)))) == may


@pytest.mark.parametrize(
    ("status", "may"), [(Status.IN_EFFECT, False), (Status.APPROVED, False), (Status.REFUSED, True), (Status.WITHDRAWN, True)]
)
def test_one_annual_change_a_window_where_a_refused_or_withdrawn_one_does_not_count(status: Status, may: bool) -> None:
    first = replace(a_case(at="2026-12-16 10:00"), status=status)
    assert ("one_annual_change" not in unmet(asks(at="2027-03-01 10:00", earlier=(first,)))) == may


def test_last_years_annual_change_does_not_count_this_year() -> None:
    first = replace(a_case(at="2026-01-12 10:00"), status=Status.IN_EFFECT)
    assert unmet(asks(earlier=(first,))) == []


def test_an_annual_change_leaves_a_change_for_a_move_open() -> None:
    first = replace(a_case(at="2026-12-16 10:00"), status=Status.IN_EFFECT)
    moved = wish(Cause.MOVED_HOME, "second", moved_on=date(2027, 2, 25))
    answer = allowed(asks(moved, at="2027-03-01 10:00", earlier=(first,)))
    assert answer.window_key is None


# --- why now ---


def test_outside_the_window_the_annual_change_says_when_it_opens_again() -> None:
    answer = asks(at=JULY, person=somchai(until=AFTER_JULY))
    assert unmet(answer) == ["annual_window"]
    assert reason(answer, "annual_window").facts["opens_on"] == date(2027, 12, 16)


def test_on_the_evening_of_31_march_the_request_is_taken_and_an_officer_decides() -> None:
    answer = allowed(asks(at="2027-03-31 16:30"))
    assert answer.may_miss_window
    assert reason(answer, "annual_window").met is None
    assert answer.window_key == "2027"
    assert unmet(asks(at="2027-04-01 00:00")) == ["annual_window"]


@pytest.mark.parametrize("cause", [Cause.MOVED_HOME, Cause.MOVED_WORKPLACE])
@pytest.mark.parametrize(
    ("days_ago", "in_the_way"),
    [(0, []), (1, []), (30, []), (31, ["moved_in_time"]), (400, ["moved_in_time"]), (-1, ["move_not_in_the_future"])],
)
def test_a_move_counts_for_thirty_days(cause: Cause, days_ago: int, in_the_way: list[str]) -> None:
    moved = wish(cause, moved_on=bangkok(JULY).date() - timedelta(days=days_ago))
    assert unmet(asks(moved, at=JULY, person=somchai(until=AFTER_JULY))) == in_the_way


def test_a_move_without_its_day_is_asked_for() -> None:
    assert unmet(asks(wish(Cause.MOVED_HOME), at=JULY, person=somchai(until=AFTER_JULY))) == ["moved_in_time"]


@pytest.mark.parametrize("cause", [Cause.CHOSEN_BY_OTHER, Cause.OTHER])
def test_another_cause_is_left_to_an_officer(cause: Cause) -> None:
    answer = allowed(asks(wish(cause), at=JULY, person=somchai(until=AFTER_JULY)))
    assert reason(answer, "cause_for_an_officer").met is None


def test_a_first_choice_is_for_people_without_a_hospital() -> None:
    assert unmet(asks(wish(Cause.FIRST_CHOICE), at=JULY, person=somchai(until=AFTER_JULY))) == ["no_hospital_yet"]
    answer = allowed(asks(wish(Cause.FIRST_CHOICE), at=JULY, person=somchai(until=AFTER_JULY, hospital_id=None)))
    assert answer.until_and_from.old is None


def test_the_causes_worth_showing_hang_on_the_day_and_the_hospital() -> None:
    always = {Cause.MOVED_HOME, Cause.MOVED_WORKPLACE, Cause.CHOSEN_BY_OTHER, Cause.OTHER}
    assert set(causes_offered(somchai(), bangkok(JULY), RULES, register())) == always
    assert set(causes_offered(somchai(), bangkok("2027-03-31 23:00"), RULES, register())) == always | {Cause.ANNUAL}
    assert set(causes_offered(somchai(hospital_id=None), bangkok(JULY), RULES, register())) == always | {Cause.FIRST_CHOICE}
    ending = register(old=date(2027, 12, 31))
    assert set(causes_offered(somchai(), bangkok(JULY), RULES, ending)) == always | {Cause.HOSPITAL_LEFT}


@pytest.mark.parametrize("cause", list(Cause))
def test_every_cause_has_an_answer(cause: Cause) -> None:
    assert asks(wish(cause)).reasons


# --- which hospital ---


@pytest.mark.parametrize(
    ("choices", "in_the_way"),
    [
        (("new",), []),
        (("new", "second", "third"), []),
        (("new", "near"), []),
        (("new", "second", "third", "fourth"), ["number_of_choices"]),
        (("new", "new"), ["choices_differ"]),
        (("old", "new"), ["first_choice_is_another"]),
        (("new", "old"), []),
        (("far",), ["choice_in_area"]),
        (("new", "nowhere"), ["choice_in_register"]),
    ],
)
def test_one_to_three_hospitals_of_the_register_in_or_beside_the_own_provinces(choices: tuple[str, ...], in_the_way: list[str]) -> None:
    assert unmet(asks(wish(Cause.ANNUAL, *choices))) == in_the_way


def test_without_a_choice_the_number_stands_in_the_way() -> None:
    assert unmet(asks(Wish(Cause.ANNUAL, (), not_an_in_patient=True))) == ["number_of_choices"]


@pytest.mark.parametrize(
    ("home", "work", "choice", "met"),
    [
        ("TH-50", "TH-10", "new", True),
        ("TH-10", "TH-50", "new", True),
        ("TH-50", "TH-13", "new", True),
        ("TH-50", "TH-50", "new", False),
        ("TH-50", None, "far", True),
        (None, None, "new", None),
    ],
)
def test_home_or_work_either_opens_its_province_and_its_neighbours(
    home: str | None, work: str | None, choice: str, met: bool | None
) -> None:
    answer = asks(wish(Cause.ANNUAL, choice), person=somchai(home_province=home, work_province=work))
    assert reason(answer, "choice_in_area").met is met


def test_whoever_moved_to_chiang_mai_may_choose_there_before_the_record_knows() -> None:
    moved = wish(Cause.MOVED_HOME, "far", moved_on=date(2027, 1, 4), moved_to="TH-50")
    assert unmet(asks(moved)) == []
    assert unmet(asks(replace(moved, moved_to=None))) == ["choice_in_area"]


def test_the_province_moved_from_no_longer_counts() -> None:
    moved = wish(Cause.MOVED_HOME, "new", moved_on=date(2027, 1, 4), moved_to="TH-50")
    assert unmet(asks(moved, person=somchai(work_province="TH-50"))) == ["choice_in_area"]


@pytest.mark.parametrize(("ends", "may"), [(date(2027, 1, 15), False), (date(2027, 1, 16), True)])
def test_a_hospital_that_has_left_by_the_effective_day_cannot_be_chosen(ends: date, may: bool) -> None:
    assert (unmet(asks(among=register(new=ends))) == []) == may


# --- a hospital that leaves the scheme ---


def test_people_of_a_hospital_that_leaves_learn_the_last_day_and_until_when_to_choose() -> None:
    told = leaving(SmallHospital("old", ended_on=date(2026, 12, 31)), RULES)
    assert told is not None
    assert (told.last_day, told.choose_by, told.until_then) == (date(2026, 12, 31), bangkok("2026-12-30 16:30"), None)
    assert leaving(SmallHospital("old"), RULES) is None


def test_the_day_the_office_ordered_goes_before_our_own() -> None:
    told = leaving(SmallHospital("old", ended_on=date(2026, 12, 31), choose_by=date(2026, 12, 15), until_then_id="second"), RULES)
    assert told is not None
    assert (told.choose_by, told.until_then) == (bangkok("2026-12-15 16:30"), "second")


def test_a_hospital_that_leaves_opens_a_change_at_any_time_of_the_year() -> None:
    answer = allowed(asks(wish(Cause.HOSPITAL_LEFT), at=JULY, person=somchai(until=AFTER_JULY), among=register(old=date(2027, 7, 31))))
    assert answer.until_and_from == UntilAndFrom("old", date(2027, 7, 15), "new", date(2027, 7, 16))


def test_a_hospital_that_stays_is_no_cause() -> None:
    assert unmet(asks(wish(Cause.HOSPITAL_LEFT), at=JULY, person=somchai(until=AFTER_JULY))) == ["own_hospital_leaves"]


def test_days_between_the_old_hospitals_last_and_the_new_ones_first_are_said() -> None:
    ended = SmallHospital("old", ended_on=date(2027, 7, 10), until_then_id="second")
    among = SmallRegister(register().hospitals | {"old": ended})
    answer = allowed(asks(wish(Cause.HOSPITAL_LEFT), at="2027-07-20 10:00", person=somchai(until=AFTER_JULY), among=among))
    assert answer.until_and_from == UntilAndFrom(
        "old", date(2027, 7, 10), "new", date(2027, 8, 1), Between(date(2027, 7, 11), date(2027, 7, 31), "second")
    )


def test_a_hospital_that_ends_the_day_before_the_switch_leaves_no_day_between() -> None:
    answer = allowed(asks(among=register(old=date(2027, 1, 15))))
    assert answer.until_and_from.between is None


# --- the case: from receipt to effect ---


def test_submitted_and_received_are_written_together() -> None:
    wanted = wish(Cause.ANNUAL, "new", "second")
    case, steps = submit("ref-1", somchai(), wanted, allowed(asks(wanted)), by="somchai")
    assert case.status == Status.RECEIVED
    assert [step.code for step in steps] == [StepCode.SUBMITTED, StepCode.RECEIVED]
    assert {step.at for step in steps} == {case.received_at} == {bangkok("2027-01-11 10:00")}
    assert (case.hospital_from, case.hospital_to, case.window_key) == ("old", "new", "2027")
    assert steps[1].facts["effective_on"] == "2027-01-16"


def test_an_approval_in_time_keeps_the_promised_day() -> None:
    case, steps = approved(a_case("2027-01-11 10:00", "new", "second"), at="2027-01-15 23:59", rank=2)
    assert (case.status, case.hospital_to, case.effective_on) == (Status.APPROVED, "second", date(2027, 1, 16))
    assert [step.code for step in steps] == [StepCode.APPROVED]


@pytest.mark.parametrize(
    ("at", "starts"),
    [
        ("2027-01-16 00:00", "2027-02-01"),
        ("2027-01-20 10:00", "2027-02-01"),
        ("2027-02-01 08:00", "2027-02-16"),
        ("2027-02-28 17:00", "2027-03-01"),
    ],
)
def test_an_approval_on_or_after_its_day_takes_effect_on_the_next_1st_or_16th_and_logs_why(at: str, starts: str) -> None:
    case, steps = approved(a_case(), at=at)
    assert case.effective_on == date.fromisoformat(starts)
    assert [step.code for step in steps] == [StepCode.APPROVED_LATE]
    assert steps[0].facts["promised_on"] == "2027-01-16"
    assert steps[0].facts["reason"] == "approved_on_or_after_its_day"


@pytest.mark.parametrize("rank", [-1, 0, 2, 3])
def test_an_officer_can_approve_only_a_choice_that_was_made(rank: int) -> None:
    with pytest.raises(NoSuchChoice):
        approved(a_case("2027-01-11 10:00", "new"), rank=rank)


@pytest.mark.parametrize("why", list(RefusalReason))
def test_a_refusal_names_one_of_the_listed_reasons(why: RefusalReason) -> None:
    case, steps = refuse(a_case(), why, bangkok("2027-01-12 09:00"), "officer")
    assert (case.status, case.refusal_reason, steps[0].facts) == (Status.REFUSED, why, {"reason": why})


def test_a_reason_outside_the_list_is_refused_itself() -> None:
    with pytest.raises(ValueError, match="bad_weather"):
        refuse(a_case(), "bad_weather", bangkok("2027-01-12 09:00"), "officer")


def test_opening_a_case_twice_writes_one_step() -> None:
    case, steps = start_review(a_case(), bangkok("2027-01-12 09:00"), "officer")
    assert (case.status, [step.code for step in steps]) == (Status.UNDER_REVIEW, [StepCode.REVIEW_STARTED])
    assert start_review(case, bangkok("2027-01-12 09:05"), "other") == (case, ())


def test_a_change_takes_effect_on_its_day_and_not_before() -> None:
    case, _ = approved(a_case())
    with pytest.raises(ItsDayHasNotCome):
        take_effect(case, bangkok("2027-01-15 23:59"))
    in_effect, steps = take_effect(case, bangkok("2027-01-16 00:00"))
    assert (in_effect.status, in_effect.is_open, steps[0].by) == (Status.IN_EFFECT, False, "worker")


def test_an_unapproved_change_never_takes_effect() -> None:
    with pytest.raises(ItsDayHasNotCome):
        take_effect(a_case(), bangkok("2027-06-01 00:00"))


def _moves(case: HospitalChange) -> None:
    now = bangkok("2027-01-12 09:00")
    moves: tuple[Callable[[], object], ...] = (
        lambda: start_review(case, now, "officer"),
        lambda: approve(case, 1, now, "officer", RULES),
        lambda: refuse(case, RefusalReason.HOSPITAL_FULL, now, "officer"),
        lambda: withdraw(case, now, "somchai"),
    )
    for move in moves:
        with pytest.raises(SomeoneElseDecided) as caught:
            move()
        assert caught.value.case is case


@pytest.mark.parametrize("status", [status for status in Status if status not in UNDECIDED])
def test_of_two_decisions_on_one_case_the_second_learns_that_someone_else_decided(status: Status) -> None:
    _moves(replace(a_case(), status=status))


@pytest.mark.parametrize("status", [Status.RECEIVED, Status.UNDER_REVIEW])
def test_before_a_decision_the_person_can_withdraw(status: Status) -> None:
    case, steps = withdraw(replace(a_case(), status=status), bangkok("2027-01-12 09:00"), "somchai")
    assert (case.status, case.is_open, [step.code for step in steps]) == (Status.WITHDRAWN, False, [StepCode.WITHDRAWN])


def test_the_facts_of_every_step_are_plain_text_and_whole_numbers() -> None:
    case, steps = approved(a_case(), at="2027-02-02 10:00")
    _, effect = take_effect(case, bangkok("2027-02-16 00:00"))
    assert all(isinstance(fact, str | int) for step in (*steps, *effect) for fact in step.facts.values())


# --- undecided, and the officers' queue ---


@pytest.mark.parametrize(("today", "late"), [("2027-01-15", False), ("2027-01-16", True), ("2027-01-17", True)])
def test_undecided_on_the_day_it_is_still_the_old_hospital(today: str, late: bool) -> None:
    assert undecided_on_the_day(a_case(), date.fromisoformat(today)) == late


def test_a_decided_case_is_never_undecided_on_the_day() -> None:
    assert not undecided_on_the_day(approved(a_case())[0], date(2027, 6, 1))


def test_late_cases_come_first_then_the_nearest_day_then_the_earliest_receipt() -> None:
    late = a_case("2026-12-17 10:00", reference="late")
    later_late = a_case("2027-01-04 10:00", reference="later late")
    morning = a_case("2027-01-18 08:00", reference="morning")
    noon = a_case("2027-01-18 12:00", reference="noon")
    far = a_case("2027-02-01 08:00", reference="far")
    queue = sorted((noon, far, morning, later_late, late), key=lambda case: queue_order(case, date(2027, 1, 18)))
    assert [case.reference for case in queue] == ["late", "later late", "morning", "noon", "far"]


@pytest.mark.parametrize("status", list(Status))
def test_a_status_of_ours_is_known(status: Status) -> None:
    assert known_status(status.value) is status


@pytest.mark.parametrize("text", ["", "Approved", "missing or incorrect", "42"])
def test_an_unknown_status_is_with_the_office(text: str) -> None:
    assert known_status(text) == Status.WITH_THE_OFFICE


# --- paper at the counter ---


@pytest.mark.parametrize(
    ("paper", "entered", "needed"),
    [
        ("2027-01-15 16:29", "2027-01-15 16:29:59", False),
        ("2027-01-15 16:29", "2027-01-15 16:30", True),
        ("2027-01-15 16:30", "2027-01-20 09:00", False),
        ("2027-01-14 09:00", "2027-01-18 09:00", True),
        ("2027-01-29 16:00", "2027-01-30 09:00", True),
        ("2026-12-15 16:45", "2026-12-16 09:00", True),  # the annual window opened between
    ],
)
def test_a_paper_time_before_a_cut_off_that_has_passed_needs_a_second_officer(paper: str, entered: str, needed: bool) -> None:
    assert needs_second_officer(bangkok(paper), bangkok(entered), RULES) == needed


def paper_case(paper: str, entered: str) -> tuple[HospitalChange, list[StepCode]]:
    handed_in_at, entered_at = bangkok(paper), bangkok(entered)
    taken = Paper(handed_in_at, entered_at, "nok", needs_second_officer(handed_in_at, entered_at, RULES))
    case, steps = submit("ref-1", somchai(), wish(), allowed(asks(at=paper)), "nok", taken)
    assert {step.at for step in steps} == {entered_at}
    return case, [step.code for step in steps]


def test_a_paper_form_entered_at_once_is_received_from_the_time_on_paper() -> None:
    case, codes = paper_case("2027-01-12 09:00", "2027-01-12 11:00")
    assert (case.status, case.received_at, case.entered_at) == (Status.RECEIVED, bangkok("2027-01-12 09:00"), bangkok("2027-01-12 11:00"))
    assert codes == [StepCode.SUBMITTED, StepCode.RECEIVED]


def test_a_paper_form_from_before_a_passed_cut_off_waits_for_another_officer() -> None:
    case, codes = paper_case("2027-01-14 09:00", "2027-01-18 09:00")
    assert (case.status, codes) == (Status.SUBMITTED, [StepCode.SUBMITTED])
    now = bangkok("2027-01-18 10:00")
    with pytest.raises(NeedsAnotherOfficer):
        confirm_paper_time(case, now, "nok")
    with pytest.raises(NeedsAnotherOfficer):
        approve(case, 1, now, "lek", RULES)
    with pytest.raises(NeedsAnotherOfficer):
        refuse(case, RefusalReason.HOSPITAL_FULL, now, "lek")


def test_another_officer_can_confirm_the_time_on_paper() -> None:
    case, steps = confirm_paper_time(paper_case("2027-01-14 09:00", "2027-01-18 09:00")[0], bangkok("2027-01-18 10:00"), "lek")
    assert (case.status, case.received_at, case.effective_on) == (Status.RECEIVED, bangkok("2027-01-14 09:00"), date(2027, 1, 16))
    assert [(step.code, step.by) for step in steps] == [(StepCode.RECEIVED, "lek")]


def test_another_officer_can_set_the_time_on_paper_aside() -> None:
    waiting = paper_case("2027-01-14 09:00", "2027-01-18 09:00")[0]
    case, steps = set_paper_time_aside(waiting, bangkok("2027-01-18 10:00"), "lek", RULES)
    assert (case.status, case.received_at, case.effective_on) == (Status.RECEIVED, bangkok("2027-01-18 09:00"), date(2027, 2, 1))
    assert case.paper_at == bangkok("2027-01-14 09:00")
    assert [step.code for step in steps] == [StepCode.PAPER_TIME_SET_ASIDE, StepCode.RECEIVED]


def test_a_paper_time_is_confirmed_once() -> None:
    waiting = paper_case("2027-01-14 09:00", "2027-01-18 09:00")[0]
    confirmed, _ = confirm_paper_time(waiting, bangkok("2027-01-18 10:00"), "lek")
    with pytest.raises(SomeoneElseDecided):
        confirm_paper_time(confirmed, bangkok("2027-01-18 10:01"), "lek")


def test_a_paper_form_still_waiting_can_be_withdrawn() -> None:
    waiting = paper_case("2027-01-14 09:00", "2027-01-18 09:00")[0]
    assert withdraw(waiting, bangkok("2027-01-18 10:00"), "somchai")[0].status == Status.WITHDRAWN


def test_a_paper_time_after_its_entry_is_impossible() -> None:
    with pytest.raises(HandedInLater):
        Paper(bangkok("2027-01-18 09:01"), bangkok("2027-01-18 09:00"), "nok", False)


# --- any request, anywhere in six years ---


def test_whatever_is_allowed_holds_together_on_every_day_of_six_years() -> None:
    day = datetime(2025, 1, 1, 12, tzinfo=bangkok(JULY).tzinfo)
    while day.year <= 2030:
        answer = may_change_hospital(somchai(until=day.date().replace(day=1)), wish(), day, RULES, register(), ())
        if isinstance(answer, Refusal):
            assert unmet(answer) == ["annual_window"]
        else:
            assert answer.until_and_from.until + timedelta(days=1) == answer.until_and_from.since == answer.effective_on > day.date()
            assert answer.window_key is not None
        day += timedelta(days=1)


def test_a_paper_time_set_aside_counts_for_the_window_it_was_entered_in() -> None:
    of_last_year = replace(paper_case("2027-01-14 09:00", "2027-01-18 09:00")[0], window_key="2026")
    case, _ = set_paper_time_aside(of_last_year, bangkok("2027-01-18 10:00"), "lek", RULES)
    assert case.window_key == "2027"
