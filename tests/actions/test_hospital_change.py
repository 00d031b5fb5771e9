"""Sending, following and withdrawing a hospital change, at the edges of the clock."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from tests.standing_clock import StandingClock
from webapp.actions import calendar, hospital_change
from webapp.actions.hospital_change import Draft, Item, NextThing, NotAsShown, State, Waits, person_owner
from webapp.domain import hospital_change as rule
from webapp.domain.assessment import Refusal
from webapp.domain.dates import BANGKOK
from webapp.domain.hospital_change import Allowed, Cause, HospitalChange, RefusalReason, SomeoneElseDecided, Status, Step
from webapp.domain.person import Person
from webapp.ports import CalendarChange, Tools

SOMCHAI, SOMYING, FOUR_MONTHS, TWO_MONTHS = "1000000000009", "1000000000017", "1000000000025", "1000000000068"
NEW_WORKER, HOSPITAL_LEAVES = "1000000000092", "1000000000106"
CHOICES = ("TH13-001", "TH13-002")
ANNUAL = Draft(Cause.ANNUAL, not_an_in_patient=True, choices=CHOICES)
KEY = "a-key-of-one-page"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BANGKOK)


def person(tools: Tools, pid: str = SOMCHAI) -> Person:
    found: Person = tools.store.person(tools.store.person_id_of(pid))
    return found


def begun(tools: Tools, draft: Draft = ANNUAL, pid: str = SOMCHAI) -> Person:
    """Somebody with this draft, ready to look it over."""
    who = person(tools, pid)
    hospital_change.keep_draft(tools, person_owner(who.id), draft)
    return who


def seen_by(tools: Tools, who: Person) -> hospital_change.Shown:
    """What the review page shows now."""
    draft = hospital_change.draft_of(tools, person_owner(who.id))
    assert draft is not None
    allowed = hospital_change.look_over(tools, who, draft)
    assert isinstance(allowed, Allowed), [reason.code for reason in allowed.unmet]
    return hospital_change.shown(allowed, draft)


def sent(tools: Tools, draft: Draft = ANNUAL, key: str = KEY, pid: str = SOMCHAI) -> HospitalChange:
    who = begun(tools, draft, pid)
    case = hospital_change.submit(tools, who.id, key, seen_by(tools, who))
    assert isinstance(case, HospitalChange)
    return case


def unmet(answer: object) -> list[str]:
    assert isinstance(answer, Refusal), answer
    return [reason.code for reason in answer.unmet]


def kept(tools: Tools, case: HospitalChange, change: Any) -> HospitalChange:
    """The case after an officer's or the worker's transition."""
    after, steps = change
    tools.store.update_hospital_change(case, after, steps)
    changed: HospitalChange = after
    return changed


def approved(tools: Tools, case: HospitalChange, on: str = "2026-12-22T09:00") -> HospitalChange:
    return kept(tools, case, rule.approve(case, 1, at(on), "officer", calendar.rules_now(tools)))


def moved(day: date, to: str = "TH-12") -> Draft:
    return Draft(Cause.MOVED_HOME, not_an_in_patient=True, moved_on=day, moved_to=to, choices=CHOICES)


class TestReferences:
    def test_a_reference_is_twelve_letters_without_those_that_sound_or_look_like_others(self) -> None:
        assert re.fullmatch(r"HC(-[0-9A-HJKMNP-TV-Z]{4}){3}", hospital_change.new_reference())

    def test_references_do_not_follow_each_other(self) -> None:
        assert len({hospital_change.new_reference() for _ in range(2_000)}) == 2_000

    @pytest.mark.parametrize(
        "typed", ["HC-10A0-B1CD-EFGH", "hc-10a0-b1cd-efgh", "hc ioao blcd efgh", "10A0B1CDEFGH", " HC-IOAO-BLCD-EFGH ", "HC10A0B1CDEFGH"]
    )
    def test_a_reference_read_over_the_telephone_is_still_found(self, typed: str) -> None:
        assert hospital_change.read_reference(typed) == "HC-10A0-B1CD-EFGH"

    def test_a_reference_that_starts_with_the_prefix_s_letters_is_kept_whole(self) -> None:
        assert hospital_change.read_reference("HC-HC00-1111-2222") == "HC-HC00-1111-2222"


class TestTheDraft:
    def test_what_was_chosen_is_there_again(self, tools: Tools) -> None:
        draft = replace(moved(date(2026, 12, 1)), note="")
        hospital_change.keep_draft(tools, "browser:abc", draft)
        assert hospital_change.draft_of(tools, "browser:abc") == draft

    def test_a_blank_answer_never_wipes_out_one_given_elsewhere(self, tools: Tools) -> None:
        hospital_change.keep_draft(tools, "browser:abc", Draft(Cause.ANNUAL))
        assert tools.store.draft("browser:abc", hospital_change.DRAFT) == {"cause": "annual"}

    @pytest.mark.parametrize(
        ("draft", "step"),
        [
            (Draft(), "cause"),
            (Draft(Cause.ANNUAL), "cause"),
            (Draft(Cause.ANNUAL, True), "hospitals"),
            (Draft(Cause.MOVED_HOME, True), "move"),
            (Draft(Cause.MOVED_HOME, True, moved_on=date(2026, 12, 1)), "move"),
            (Draft(Cause.OTHER, True), "note"),
            (Draft(Cause.OTHER, True, note="ดูแลแม่"), "hospitals"),
            (ANNUAL, "check"),
        ],
    )
    def test_carrying_on_leads_to_the_first_step_left_open(self, draft: Draft, step: str) -> None:
        assert draft.first_unfinished == step

    def test_choices_keep_their_order_and_move_one_place_at_a_time(self) -> None:
        draft = Draft(choices=("a", "b", "c"))
        assert draft.moved("c", -1).choices == ("a", "c", "b")
        assert draft.moved("a", 1).choices == ("b", "a", "c")
        assert draft.moved("a", -1).choices == ("a", "b", "c")
        assert draft.moved("c", 1).choices == ("a", "b", "c")
        assert draft.moved("unknown", 1) == draft

    def test_a_hospital_is_chosen_once_and_can_be_left_out_again(self) -> None:
        draft = Draft(choices=("a",)).with_choice("b").with_choice("b")
        assert draft.choices == ("a", "b")
        assert draft.without_choice("a").choices == ("b",)

    def test_what_was_typed_for_another_cause_is_not_sent(self) -> None:
        changed_mind = replace(moved(date(2026, 12, 1)), cause=Cause.ANNUAL, note="x")
        assert (changed_mind.wish.moved_on, changed_mind.wish.moved_to, changed_mind.wish.note) == (None, None, "")

    def test_a_wish_without_a_cause_is_no_wish(self) -> None:
        with pytest.raises(ValueError, match="no cause"):
            Draft().wish  # noqa: B018 - asking is the test


class TestSending:
    def test_a_change_is_received_at_the_server_s_time_with_the_date_shown(self, tools: Tools, clock: StandingClock) -> None:
        case = sent(tools)
        assert (case.status, case.received_at, case.effective_on) == (Status.RECEIVED, clock.now(), date(2027, 1, 1))
        assert [step.code for step in tools.store.steps_of(case.reference)] == ["submitted", "received"]

    def test_the_draft_ends_with_the_request(self, tools: Tools) -> None:
        case = sent(tools)
        assert hospital_change.draft_of(tools, person_owner(case.person_id)) is None

    def test_pressing_send_again_with_the_same_page_gets_the_same_receipt(self, tools: Tools) -> None:
        who = begun(tools)
        seen = seen_by(tools, who)
        first = hospital_change.submit(tools, who.id, KEY, seen)
        assert hospital_change.submit(tools, who.id, KEY, seen) == first
        assert len(tools.store.hospital_changes_of(who.id)) == 1

    def test_two_taps_at_once_make_one_request(self, tools: Tools) -> None:
        who = begun(tools)
        seen, answers, together = seen_by(tools, who), [], threading.Barrier(2)

        def tap() -> None:
            together.wait()
            answers.append(tools.store.again(lambda: hospital_change.submit(tools, who.id, KEY, seen)))
            tools.store.close()

        taps = [threading.Thread(target=tap) for _ in range(2)]
        for one in taps:
            one.start()
        for one in taps:
            one.join()
        assert answers[0] == answers[1]
        assert len(tools.store.hospital_changes_of(who.id)) == 1

    def test_two_pages_open_at_once_make_one_request(self, tools: Tools) -> None:
        """Another key, so another page: the second finds the draft gone or the first request open."""
        who = begun(tools)
        seen, answers, together = seen_by(tools, who), [], threading.Barrier(2)

        def tap(key: str) -> None:
            together.wait()
            answers.append(tools.store.again(lambda: hospital_change.submit(tools, who.id, key, seen)))
            tools.store.close()

        taps = [threading.Thread(target=tap, args=(key,)) for key in ("one-page", "another-page")]
        for one in taps:
            one.start()
        for one in taps:
            one.join()
        assert sum(isinstance(answer, HospitalChange) for answer in answers) == 1
        assert len(tools.store.hospital_changes_of(who.id)) == 1

    def test_another_person_s_key_gets_nobody_s_receipt(self, tools: Tools) -> None:
        mine = sent(tools)
        other = begun(tools, replace(ANNUAL, choices=("TH50-002",)), SOMYING)
        theirs = hospital_change.submit(tools, other.id, KEY, seen_by(tools, other))
        assert isinstance(theirs, HospitalChange)
        assert theirs.reference != mine.reference

    def test_without_a_draft_nothing_is_sent(self, tools: Tools) -> None:
        who = begun(tools)
        seen = seen_by(tools, who)
        hospital_change.drop_draft(tools, person_owner(who.id))
        assert hospital_change.submit(tools, who.id, KEY, seen) is None

    def test_one_open_request_a_person(self, tools: Tools) -> None:
        first = sent(tools)
        who = begun(tools, moved(date(2026, 12, 10), "TH-13"))
        answer = hospital_change.look_over(tools, who, moved(date(2026, 12, 10), "TH-13"))
        assert unmet(answer) == ["no_other_open_request"]
        assert isinstance(answer, Refusal)
        assert answer.unmet[0].facts["references"] == (first.reference,)

    def test_answers_changed_in_another_tab_are_shown_before_they_are_sent(self, tools: Tools) -> None:
        who = begun(tools)
        seen = seen_by(tools, who)
        begun(tools, replace(ANNUAL, choices=("TH13-003",)))
        answer = hospital_change.submit(tools, who.id, KEY, seen)
        assert isinstance(answer, NotAsShown)
        assert (answer.answers_moved, answer.dates_moved) == (True, False)
        assert tools.store.hospital_changes_of(who.id) == []

    def test_someone_with_two_months_paid_is_told_of_three(self, tools: Tools) -> None:
        who = begun(tools, replace(ANNUAL, choices=("TH10-003",)), TWO_MONTHS)
        answer = hospital_change.look_over(tools, who, replace(ANNUAL, choices=("TH10-003",)))
        assert unmet(answer) == ["months_paid"]


class TestTheCutOff:
    def test_a_change_sent_at_16_29_keeps_the_date_shown(self, tools: Tools, clock: StandingClock) -> None:
        clock.set(at("2027-01-15T16:29:59"))
        assert sent(tools).effective_on == date(2027, 1, 16)

    def test_a_cut_off_that_passes_while_reading_is_shown_and_asked_again(self, tools: Tools, clock: StandingClock) -> None:
        clock.set(at("2027-01-15T16:25"))
        who = begun(tools)
        seen = seen_by(tools, who)
        clock.set(at("2027-01-15T16:30"))
        answer = hospital_change.submit(tools, who.id, KEY, seen)
        assert isinstance(answer, NotAsShown)
        assert (answer.dates_moved, answer.answers_moved) == (True, False)
        assert answer.allowed.effective_on == date(2027, 2, 1)
        assert tools.store.hospital_changes_of(who.id) == []
        again = hospital_change.submit(tools, who.id, KEY, seen_by(tools, who))
        assert isinstance(again, HospitalChange)
        assert again.effective_on == date(2027, 2, 1)

    def test_the_draft_is_still_there_after_a_date_was_asked_again(self, tools: Tools, clock: StandingClock) -> None:
        clock.set(at("2027-01-15T16:25"))
        who = begun(tools)
        seen = seen_by(tools, who)
        clock.set(at("2027-01-15T16:31"))
        hospital_change.submit(tools, who.id, KEY, seen)
        assert hospital_change.draft_of(tools, person_owner(who.id)) == ANNUAL

    def test_a_day_off_that_officers_declare_while_reading_is_asked_again(self, tools: Tools, clock: StandingClock) -> None:
        clock.set(at("2027-01-13T10:00"))
        who = begun(tools)
        seen = seen_by(tools, who)
        tools.store.put_calendar_change(
            CalendarChange("1", "day_off", {"day": "2027-01-15"}, "", "approved", "first", clock.now(), "second", clock.now())
        )
        answer = hospital_change.submit(tools, who.id, KEY, seen)
        assert isinstance(answer, NotAsShown)
        assert answer.allowed.file_by == at("2027-01-14T16:30")

    def test_the_last_minute_of_the_month_is_the_last_working_day_s(self, tools: Tools, clock: StandingClock) -> None:
        clock.set(at("2027-01-29T16:29"))
        assert hospital_change.dates_now(tools).cut_off.effective_on == date(2027, 2, 1)
        clock.set(at("2027-01-29T16:30"))
        assert hospital_change.dates_now(tools).cut_off.effective_on == date(2027, 2, 16)

    def test_what_sending_after_this_half_month_would_mean_is_known(self, tools: Tools, clock: StandingClock) -> None:
        clock.set(at("2027-05-20T10:00"))
        assert hospital_change.dates_now(tools).later_starts_on == date(2027, 6, 16)

    def test_where_the_safer_day_has_passed_the_rule_s_own_moment_is_shown(self, tools: Tools, clock: StandingClock) -> None:
        clock.set(at("2026-02-14T10:00"))
        now = hospital_change.dates_now(tools)
        assert now.safer_day_passed
        assert now.send_before == at("2026-02-15T16:30")
        assert now.left.days == 1


class TestTheAnnualWindow:
    def test_a_change_sent_on_31_march_is_still_in_time(self, tools: Tools, clock: StandingClock) -> None:
        clock.set(at("2027-03-31T16:29"))
        case = sent(tools)
        assert (case.effective_on, case.window_key) == (date(2027, 4, 1), "2027")

    def test_the_last_evening_is_taken_but_may_miss_the_window(self, tools: Tools, clock: StandingClock) -> None:
        clock.set(at("2027-03-31T20:00"))
        who = begun(tools)
        answer = hospital_change.look_over(tools, who, ANNUAL)
        assert isinstance(answer, Allowed)
        assert answer.may_miss_window
        assert sent(tools).effective_on == date(2027, 4, 16)

    def test_the_last_evening_that_begins_while_reading_is_asked_again(self, tools: Tools, clock: StandingClock) -> None:
        clock.set(at("2027-03-31T16:20"))
        who = begun(tools)
        seen = seen_by(tools, who)
        clock.set(at("2027-03-31T16:45"))
        answer = hospital_change.submit(tools, who.id, KEY, seen)
        assert isinstance(answer, NotAsShown)
        assert answer.allowed.may_miss_window

    def test_after_midnight_the_window_is_closed(self, tools: Tools, clock: StandingClock) -> None:
        clock.set(at("2027-03-31T23:59"))
        who = begun(tools)
        seen = seen_by(tools, who)
        clock.set(at("2027-04-01T00:00"))
        assert unmet(hospital_change.submit(tools, who.id, KEY, seen)) == ["annual_window"]

    def test_a_window_that_officers_close_earlier_is_closed_for_drafts_too(self, tools: Tools, clock: StandingClock) -> None:
        clock.set(at("2027-02-01T10:00"))
        who = begun(tools)
        seen = seen_by(tools, who)
        facts = {"year": 2027, "opens_on": "2026-12-16", "closes_on": "2027-01-31"}
        tools.store.put_calendar_change(CalendarChange("1", "window", facts, "", "approved", "a", clock.now(), "b", clock.now()))
        assert "annual_window" in unmet(hospital_change.submit(tools, who.id, KEY, seen))

    def test_one_annual_change_a_window(self, tools: Tools, clock: StandingClock) -> None:
        case = approved(tools, sent(tools))
        clock.set(at("2027-01-01T00:10"))
        kept(tools, case, rule.take_effect(case, clock.now()))
        tools.store.move_to_hospital(case.person_id, case.hospital_to)
        answer = hospital_change.look_over(tools, person(tools), replace(ANNUAL, choices=("TH13-003",)))
        assert unmet(answer) == ["one_annual_change"]

    def test_a_withdrawn_change_leaves_the_window_free(self, tools: Tools) -> None:
        first = sent(tools)
        hospital_change.withdraw(tools, first.person_id, first.reference)
        assert sent(tools, key="another-page").reference != first.reference

    def test_a_refused_change_leaves_the_window_free(self, tools: Tools, clock: StandingClock) -> None:
        first = sent(tools)
        kept(tools, first, rule.refuse(first, RefusalReason.HOSPITAL_FULL, clock.now(), "officer"))
        assert sent(tools, key="another-page").reference != first.reference


class TestWithdrawing:
    def test_a_person_takes_an_undecided_request_back(self, tools: Tools) -> None:
        case = sent(tools)
        after = hospital_change.withdraw(tools, case.person_id, case.reference)
        assert after is not None
        assert after.status is Status.WITHDRAWN
        assert tools.store.steps_of(case.reference)[-1].code == "withdrawn"

    def test_withdrawing_twice_is_once(self, tools: Tools) -> None:
        case = sent(tools)
        first = hospital_change.withdraw(tools, case.person_id, case.reference)
        assert hospital_change.withdraw(tools, case.person_id, case.reference) == first
        assert len(tools.store.steps_of(case.reference)) == 3

    def test_after_a_decision_it_is_too_late(self, tools: Tools) -> None:
        case = approved(tools, sent(tools))
        with pytest.raises(SomeoneElseDecided):
            hospital_change.withdraw(tools, case.person_id, case.reference)

    def test_another_person_s_request_does_not_exist(self, tools: Tools) -> None:
        case = sent(tools)
        stranger = person(tools, SOMYING)
        assert hospital_change.withdraw(tools, stranger.id, case.reference) is None
        assert hospital_change.case_of(tools, stranger.id, case.reference) is None
        assert hospital_change.case_of(tools, case.person_id, case.reference) is not None
        assert hospital_change.case_of(tools, case.person_id, "HC-0000-0000-0000") is None


class TestTheTimeline:
    def items(self, tools: Tools, case: HospitalChange, today: date = date(2026, 12, 21)) -> tuple[Item, ...]:
        return hospital_change.timeline(case, tools.store.steps_of(case.reference), today)

    def told(self, items: tuple[Item, ...]) -> list[tuple[str, str]]:
        return [(str(item.code), str(item.state)) for item in items]

    def test_after_sending_an_officer_acts_next(self, tools: Tools) -> None:
        items = self.items(tools, sent(tools))
        assert self.told(items) == [
            ("submitted", "done"), ("received", "done"), ("review_started", "now"), ("result", "future"), ("took_effect", "future"),
        ]  # fmt: skip
        assert items[2].waits_for is Waits.OFFICER
        assert items[-1].day == date(2027, 1, 1)

    def test_a_request_that_an_officer_has_opened_says_since_when(self, tools: Tools, clock: StandingClock) -> None:
        case = sent(tools)
        opened = kept(tools, case, rule.start_review(case, at("2026-12-21T09:00"), "officer"))
        now = self.items(tools, opened)[2]
        assert (now.code, now.state, now.at) == ("review_started", State.NOW, at("2026-12-21T09:00"))

    def test_undecided_on_its_day_promises_no_day_any_more(self, tools: Tools) -> None:
        items = self.items(tools, sent(tools), date(2027, 1, 1))
        assert items[2].is_late
        assert items[-1].day is None

    def test_an_approved_change_waits_for_its_day_only(self, tools: Tools) -> None:
        items = self.items(tools, approved(tools, sent(tools)))
        assert self.told(items)[-2:] == [("approved", "done"), ("took_effect", "now")]
        assert items[-1].waits_for is Waits.NOBODY

    def test_a_late_approval_tells_the_day_that_was_promised(self, tools: Tools) -> None:
        items = self.items(tools, approved(tools, sent(tools), on="2027-01-04T09:00"))
        assert items[-2].code == "approved_late"
        assert items[-2].facts["promised_on"] == "2027-01-01"
        assert items[-1].day == date(2027, 1, 16)

    @pytest.mark.parametrize("status", [Status.REFUSED, Status.WITHDRAWN, Status.IN_EFFECT])
    def test_what_is_over_waits_for_nobody(self, tools: Tools, status: Status) -> None:
        items = self.items(tools, replace(sent(tools), status=status))
        assert {item.state for item in items} == {State.DONE}

    def test_a_paper_form_whose_time_is_doubted_waits_for_another_officer(self, tools: Tools) -> None:
        case = sent(tools)
        paper = replace(case, status=Status.SUBMITTED)
        items = hospital_change.timeline(paper, tools.store.steps_of(case.reference)[:1], date(2026, 12, 21))
        assert (items[1].code, items[1].state, items[1].waits_for) == ("received", State.NOW, Waits.ANOTHER_OFFICER)

    def test_a_status_nobody_knows_is_with_the_office(self, tools: Tools, caplog: pytest.LogCaptureFixture) -> None:
        case = sent(tools)
        tools.store.run("UPDATE hospital_changes SET status = 'sent_to_mars' WHERE reference = :reference", reference=case.reference)
        strange = hospital_change.case_of(tools, case.person_id, case.reference)
        assert strange is not None
        assert strange.status is Status.WITH_THE_OFFICE
        assert self.items(tools, strange)[-1].waits_for is Waits.OFFICE
        assert "status this app does not know" in caplog.text
        assert case.reference not in caplog.text

    def test_every_step_of_the_list_can_be_told(self) -> None:
        received, policy = at("2026-12-20T10:00"), rule.Policy.LAST_WORKING_DAY
        case = HospitalChange("r", "p", Status.IN_EFFECT, Cause.ANNUAL, CHOICES, received, date(2027, 1, 1), policy)
        steps = [Step(code, case.received_at, "somebody") for code in rule.StepCode]
        assert len(hospital_change.timeline(case, steps, date(2027, 2, 1))) == len(steps)


class TestTheSummary:
    def test_somebody_who_began_is_invited_to_carry_on(self, tools: Tools) -> None:
        found = hospital_change.summary(tools, begun(tools))
        assert (found.next_thing, found.draft, found.open_case) == (NextThing.CARRY_ON, ANNUAL, None)

    def test_an_open_request_comes_before_a_draft(self, tools: Tools) -> None:
        case = sent(tools)
        found = hospital_change.summary(tools, begun(tools))
        assert (found.next_thing, found.open_case) == (NextThing.WAIT_FOR_A_DECISION, case)

    def test_each_stage_has_its_next_thing(self, tools: Tools, clock: StandingClock) -> None:
        case = sent(tools)
        who = person(tools)
        clock.set(at("2027-01-01T08:00"))
        assert hospital_change.summary(tools, who).next_thing is NextThing.UNDECIDED_ON_THE_DAY
        late = approved(tools, case, on="2027-01-01T09:00")
        assert hospital_change.summary(tools, who).next_thing is NextThing.WAIT_FOR_ITS_DAY
        clock.set(at("2027-01-16T00:05"))
        kept(tools, late, rule.take_effect(late, clock.now()))
        found = hospital_change.summary(tools, who)
        assert (found.next_thing, found.open_case) == (NextThing.NOTHING, None)
        assert found.last_decided is not None

    def test_somebody_refused_reads_why(self, tools: Tools, clock: StandingClock) -> None:
        case = sent(tools)
        kept(tools, case, rule.refuse(case, RefusalReason.NOT_IN_AREA, clock.now(), "officer"))
        assert hospital_change.summary(tools, person(tools)).next_thing is NextThing.READ_WHY_NOT

    def test_somebody_whose_hospital_leaves_is_told_by_when_to_choose(self, tools: Tools) -> None:
        found = hospital_change.summary(tools, person(tools, HOSPITAL_LEAVES))
        assert found.next_thing is NextThing.HOSPITAL_LEAVES
        assert found.leaving is not None
        assert found.leaving.last_day == date(2027, 1, 31)
        assert found.leaving.choose_by < at("2027-01-31T00:00")

    def test_somebody_with_nothing_under_way_has_nothing_to_do(self, tools: Tools) -> None:
        assert hospital_change.summary(tools, person(tools)).next_thing is NextThing.NOTHING


class TestWhatIsOffered:
    def test_outside_the_window_the_annual_change_is_not_offered(self, tools: Tools, clock: StandingClock) -> None:
        clock.set(at("2026-11-22T10:00"))
        assert Cause.ANNUAL not in hospital_change.causes_for(tools, person(tools))
        assert Cause.ANNUAL not in hospital_change.causes_for(tools, None)

    def test_a_first_choice_is_offered_to_those_without_a_hospital_only(self, tools: Tools) -> None:
        assert Cause.FIRST_CHOICE in hospital_change.causes_for(tools, person(tools, NEW_WORKER))
        assert Cause.FIRST_CHOICE not in hospital_change.causes_for(tools, person(tools))
        assert Cause.FIRST_CHOICE not in hospital_change.causes_for(tools, None)

    def test_only_those_whose_hospital_leaves_are_offered_that_cause(self, tools: Tools) -> None:
        assert Cause.HOSPITAL_LEFT in hospital_change.causes_for(tools, person(tools, HOSPITAL_LEAVES))
        assert Cause.HOSPITAL_LEFT not in hospital_change.causes_for(tools, person(tools))

    def test_a_move_of_today_opens_the_provinces_around_the_new_home(self, tools: Tools) -> None:
        area = hospital_change.area_for(person(tools), moved(date(2026, 12, 20), to="TH-50"))
        assert "TH-50" in area
        assert hospital_change.lies_in_area(tools, "TH-51", area)
        assert not hospital_change.lies_in_area(tools, "TH-90", area)

    def test_a_move_thirty_days_ago_counts_and_thirty_one_do_not(self, tools: Tools, clock: StandingClock) -> None:
        clock.set(at("2026-11-22T10:00"))
        who = person(tools)
        in_time, too_late = moved(date(2026, 10, 23), "TH-13"), moved(date(2026, 10, 22), "TH-13")
        told = {
            draft: {reason.code: reason.met for reason in hospital_change.reasons_so_far(tools, who, draft)}
            for draft in (in_time, too_late)
        }
        assert told[in_time]["moved_in_time"]
        assert not told[too_late]["moved_in_time"]

    def test_a_move_is_not_judged_before_its_date_is_known(self, tools: Tools) -> None:
        reasons = hospital_change.reasons_so_far(tools, None, Draft(Cause.MOVED_HOME, not_an_in_patient=True))
        assert [(reason.code, reason.met) for reason in reasons] == [("not_an_in_patient", True)]

    def test_what_the_record_says_is_known_before_anything_is_asked(self, tools: Tools) -> None:
        reasons = {reason.code: reason for reason in hospital_change.conditions_of(tools, person(tools, FOUR_MONTHS))}
        assert reasons["months_paid"].met
        assert reasons["months_paid"].facts["paid"] == 4

    def test_a_request_names_up_to_three_hospitals(self, tools: Tools) -> None:
        assert hospital_change.most_choices(tools) == 3
