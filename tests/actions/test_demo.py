"""The people of the demonstration: the same as the stand-in's, true on any day, and never laid over what happened since."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from tests.standing_clock import StandingClock
from webapp.actions import counter_codes, demo, hospitals
from webapp.actions.my_record import missing_lately, my_months
from webapp.actions.number_lookup import is_number
from webapp.app import tools_for
from webapp.domain.contribution_record import CoverState
from webapp.domain.dates import BANGKOK, add_months
from webapp.domain.person import NumberKind
from webapp.ports import Tools
from webapp.standins.personas import OFFICERS, PERSONAS, persona_by_number

UNKNOWN_TO_THE_OFFICE = {"1000000000041", "1000000000008"}


@pytest.mark.parametrize("person", demo.PEOPLE, ids=lambda person: person.pid)
def test_the_office_and_thaid_know_a_person_by_the_same_name_but_the_one_whose_changed(person: demo.DemoPerson) -> None:
    known = persona_by_number(person.pid)
    assert (person.family_name != known.family_name) is (person.pid == demo.WITH_ANOTHER_NAME)
    if person.pid != demo.WITH_ANOTHER_NAME:
        assert (person.title, person.family_name) == (known.title, known.family_name)
    assert person.given_name == known.given_name
    assert person.birth_date.isoformat() == known.birthdate


def test_everybody_whom_thaid_knows_has_a_record_but_those_who_must_not() -> None:
    laid = {person.pid for person in demo.PEOPLE} | set(demo.OFFICERS)
    assert {persona.pid for persona in PERSONAS} - laid == UNKNOWN_TO_THE_OFFICE
    assert demo.OFFICERS == OFFICERS
    assert demo.NOT_INSURED[0] in UNKNOWN_TO_THE_OFFICE


def test_somebody_with_a_social_security_card_is_there_for_the_counter_and_unknown_to_thaid(tools: Tools) -> None:
    for person in demo.WITHOUT_THAID:
        assert person.pid not in {persona.pid for persona in PERSONAS}
        assert not is_number(person.pid, NumberKind.CITIZEN), "ThaiD vouches for no such number"
        assert tools.store.person_id_of(person.pid) is None
        person_id = tools.store.person_id_of(person.pid, NumberKind.SOCIAL_SECURITY)
        assert tools.store.name_of(person_id).number_kind is NumberKind.SOCIAL_SECURITY
        assert len(tools.store.person(person_id).months_paid) == person.months
        found = counter_codes.look_up(tools, tools.store.officer_of(demo.OFFICERS[0]), person.pid, person.number_kind)
        assert found.person_id == person_id


@pytest.mark.parametrize(("pid", "paid"), [("1000000000009", 15), ("1000000000025", 4), ("1000000000068", 2), ("1000000000092", 3)])
def test_months_paid_are_what_the_list_says(tools: Tools, pid: str, paid: int) -> None:
    person = tools.store.person(tools.store.person_id_of(pid))
    assert person.months_paid_in(15, before=tools.clock.today()) == paid


def test_every_hospital_of_a_demo_person_is_in_the_register(tools: Tools) -> None:
    wanted = {person.hospital_id for person in demo.PEOPLE if person.hospital_id}
    assert set(tools.store.hospitals(wanted)) == wanted


def test_laying_again_keeps_what_people_did_since(tools: Tools) -> None:
    person_id = tools.store.person_id_of("1000000000009")
    tools.store.move_to_hospital(person_id, "TH13-002")
    demo.lay_demo(tools)
    assert tools.store.person(person_id).hospital_id == "TH13-002"
    assert tools.store.person_id_of("1000000000009") == person_id


def test_two_months_later_long_records_have_gone_on_and_short_ones_are_as_they_were(tools: Tools, clock: StandingClock) -> None:
    clock.set(datetime(2027, 2, 10, 9, 0, tzinfo=BANGKOK))
    demo.lay_demo(tools)
    full, short = (tools.store.person(tools.store.person_id_of(pid)) for pid in ("1000000000009", "1000000000025"))
    assert add_months(tools.clock.today(), -1) in full.months_paid
    assert len(short.months_paid) == 4


def test_the_hospital_that_leaves_is_invented_and_leaves_anew_when_its_day_has_passed(tools: Tools, clock: StandingClock) -> None:
    leaving = tools.store.hospital(demo.LEAVING_ID)
    assert "สมมติ" in leaving.name_th
    assert leaving.ended_on > tools.clock.today()
    clock.set(datetime(2027, 6, 10, 9, 0, tzinfo=BANGKOK))
    demo.lay_demo(tools)
    assert tools.store.hospital(demo.LEAVING_ID).ended_on > tools.clock.today()


def test_an_officer_may_be_insured_too(tools: Tools) -> None:
    first, second = (tools.store.officer_of(pid) for pid in demo.OFFICERS)
    assert first.person_id is None
    assert second.person_id is not None
    assert tools.store.holds_demo_people()


def test_one_has_a_month_missing_and_it_stays_missing_while_the_work_goes_on(tools: Tools, clock: StandingClock) -> None:
    person = tools.store.person(tools.store.person_id_of("1000000000157"))
    (missing,) = missing_lately(tools, person)
    clock.set(datetime(2027, 2, 10, 9, 0, tzinfo=BANGKOK))
    demo.lay_demo(tools)
    person = tools.store.person(person.id)
    assert add_months(tools.clock.today(), -1) in person.months_paid
    assert [one.months for one in missing_lately(tools, person)] == [missing.months]


def test_one_left_work_three_months_ago_and_is_still_covered(tools: Tools) -> None:
    person = tools.store.person(tools.store.person_id_of("1000000000165"))
    cover = my_months(tools, person).cover
    assert cover.state is CoverState.COVERED
    assert not missing_lately(tools, person)


@pytest.mark.parametrize("person", demo.PEOPLE, ids=lambda person: person.pid)
def test_nobody_else_seems_to_lack_a_month_however_long_the_demonstration_runs(
    tools: Tools, clock: StandingClock, person: demo.DemoPerson
) -> None:
    clock.set(datetime(2027, 6, 10, 9, 0, tzinfo=BANGKOK))
    demo.lay_demo(tools)
    found = missing_lately(tools, tools.store.person(tools.store.person_id_of(person.pid)))
    assert bool(found) == bool(person.missing)


@pytest.mark.parametrize("year", [2024, 2031, 2040])
def test_laid_for_the_first_time_in_another_year_it_is_as_true_there(tools: Tools, clock: StandingClock, year: int, tmp_path: Path) -> None:
    clock.set(datetime(year, 6, 10, 9, 0, tzinfo=BANGKOK))
    settings = replace(tools.settings, data_dir=tmp_path, database_url=f"sqlite:///{tmp_path / 'then.db'}")
    then = replace(tools_for(settings), clock=clock)
    then.store.migrate()
    hospitals.import_hospitals(then, hospitals.SAMPLE_REGISTER, by="demonstration")
    demo.lay_demo(then)
    for laid in demo.PEOPLE:
        person = then.store.person(then.store.person_id_of(laid.pid))
        paid = {row.month: row for row in then.store.contributions_of(person.id)}
        assert len(paid) == laid.months - laid.left - (1 if laid.missing else 0)
        if paid and laid.section == "33":
            newest = paid[max(paid)]
            assert newest.month == f"{add_months(clock.today(), -1 - laid.left):%Y-%m}"
            assert newest.wage == laid.wage, "somebody's wage is this year's in whatever year it is"
    assert then.store.hospital(demo.LEAVING_ID).ended_on > clock.today()
    then.store.close()
