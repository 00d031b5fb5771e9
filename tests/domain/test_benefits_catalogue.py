"""What a page, the API and the command line are given: questions in order, forms, papers, life events, and an answer as plain JSON."""

import json
from datetime import date
from typing import Any

import pytest

from webapp.adapters import lawbook_toml
from webapp.domain.answers import Answers, AnswersNotUnderstood, Kind
from webapp.domain.assessment import Assessment, as_plain
from webapp.domain.benefits.catalogue import BENEFITS, LIFE_EVENTS, NoSuchBenefit, assess, benefit
from webapp.domain.lawbook import NotKnown
from webapp.domain.months_paid import enough_from

BOOK = lawbook_toml.load()
TODAY = date(2026, 11, 22)

CONTRACT = {
    "sickness": (
        {"months_paid_in_15", "wage", "days_off", "chronic", "days_paid_this_year", "employer_sick_leave_used"},
        {"sickness_daily", "sickness_total"},
    ),
    "dental": ({"months_paid_in_15", "treatment", "cost", "used_this_year"}, {"dental"}),
    "maternity": (
        {"months_paid_in_15", "wage", "parent", "union", "other_parent_claimed", "leave_allowances_before", "prenatal_cost"},
        {"maternity_lump_sum", "maternity_leave_allowance", "prenatal_care"},
    ),
    "invalidity": ({"months_paid_in_15", "wage", "loss_percent"}, {"invalidity_monthly"}),
    "death": ({"months_paid_in_6", "months_paid_total", "wage"}, {"funeral_grant", "survivors_allowance"}),
    "old_age": (
        {"age", "months_paid_total", "average_wage_60", "still_insured", "months_pension_drawn"},
        {"pension_monthly", "old_age_own_contributions", "old_age_lump_sum_before_return", "pension_heirs_lump_sum"},
    ),
    "child_allowance": ({"months_paid_in_36", "children"}, {"child_allowance_monthly"}),
    "unemployment": (
        {"months_paid_in_15", "wage", "cause", "dismissed_for_fault", "days_paid_this_year"},
        {"unemployment_monthly", "unemployment_total"},
    ),
}


def found(name: str, on: date = TODAY, **answers: Any) -> Assessment:
    assessment = assess(name, answers, on, BOOK)
    assert isinstance(assessment, Assessment), assessment
    return assessment


def test_answers_and_amounts_are_those_of_the_contract() -> None:
    assert {name: ({question.name for question in one.questions}, set(one.amounts)) for name, one in BENEFITS.items()} == CONTRACT


@pytest.mark.parametrize("name", BENEFITS)
def test_every_question_says_what_hangs_on_it(name: str) -> None:
    codes = {reason.code for reason in found(name).reasons} | set(BENEFITS[name].amounts)
    for question in BENEFITS[name].questions:
        assert question.serves
        assert set(question.serves) <= codes
        assert (question.kind is Kind.CHOICE) == bool(question.choices)
        assert (question.kind is Kind.COUNT) == (question.highest(BOOK.on(TODAY)) is not None)


def test_choices_are_those_of_the_contract() -> None:
    choices = {question.name: question.choices for one in BENEFITS.values() for question in one.questions if question.choices}
    assert choices == {
        "treatment": ("basic", "denture_1_5", "denture_over_5", "denture_full_one", "denture_full_both"),
        "parent": ("mother", "father"),
        "union": ("married", "open_cohabiting", "neither"),
        "cause": ("laid_off", "resigned", "contract_ended", "natural_disaster", "epidemic"),
    }


def test_fathers_only_are_asked_about_the_union_and_mothers_only_about_the_leave() -> None:
    def asked(parent: str) -> set[str]:
        return {question.name for question in BENEFITS["maternity"].asked(Answers({"parent": parent}))}

    assert asked("father") - asked("mother") == {"union"}
    assert asked("mother") - asked("father") == {"wage", "leave_allowances_before"}


def test_who_resigned_is_not_asked_about_a_dismissal() -> None:
    asked = {question.name for question in BENEFITS["unemployment"].asked(Answers({"cause": "resigned"}))}
    assert "dismissed_for_fault" not in asked


def test_what_was_not_answered_is_listed_with_what_it_leaves_open() -> None:
    (left,) = BENEFITS["invalidity"].not_sure(Answers({"months_paid_in_15": 3, "loss_percent": 40}))
    assert (left.name, left.serves) == ("wage", ("invalidity_monthly",))


@pytest.mark.parametrize("name", BENEFITS)
def test_every_benefit_names_its_form(name: str) -> None:
    assert BENEFITS[name].forms(BOOK.on(TODAY)) == (("2-16",) if name == "dental" else ("2-01",))


def test_a_father_brings_the_marriage_certificate_too() -> None:
    law = BOOK.on(TODAY)
    assert BENEFITS["maternity"].papers(law, Answers({"parent": "mother"})) == ("birth_certificate", "id_card", "bank_book")
    assert BENEFITS["maternity"].papers(law, Answers({"parent": "father"}))[-1] == "marriage_certificate"


def test_no_paper_is_invented_where_no_source_names_one() -> None:
    assert BENEFITS["old_age"].papers(BOOK.on(TODAY), Answers()) == ()


def test_every_benefit_is_reached_from_a_life_event() -> None:
    assert set(LIFE_EVENTS) == {"lost_job", "having_baby", "ill", "turn_55", "someone_died", "teeth"}
    assert {name for names in LIFE_EVENTS.values() for name in names} == set(BENEFITS)


def test_an_unknown_benefit_is_no_benefit() -> None:
    with pytest.raises(NoSuchBenefit):
        benefit("lottery")


@pytest.mark.parametrize("on", [date(1994, 12, 31), date(2101, 1, 1), date.min, date.max])
def test_a_day_nobody_asks_about_is_refused_by_name(on: date) -> None:
    assert assess("sickness", {}, on, BOOK) == AnswersNotUnderstood({"on": "out_of_range"})


def test_an_answer_is_the_contracts_json() -> None:
    plain = as_plain(found("unemployment", months_paid_in_15=6, wage="15000", cause="laid_off", dismissed_for_fault=False))
    assert plain == json.loads(json.dumps(plain))
    assert {name: plain[name] for name in ("benefit", "on", "outcome", "claim_by", "qualifies_on")} == {
        "benefit": "unemployment",
        "on": "2026-11-22",
        "outcome": "entitled",
        "claim_by": "2028-11-22",
        "qualifies_on": None,
    }
    assert plain["reasons"][0] == {
        "code": "months_paid",
        "met": True,
        "needed": 6,
        "yours": 6,
        "law": "unemployment.months_paid",
    }
    (amount,) = plain["amounts"]
    assert {name: amount[name] for name in ("code", "baht", "per")} == {"code": "unemployment_monthly", "baht": "9000.00", "per": "month"}
    assert amount["working"][-1] == {"code": "rate_of_month", "rate": "60", "monthly": "15000.00", "baht": "9000.00"}
    assert set(plain["law"][0]) == {"key", "value", "unit", "since", "until", "law", "source", "confidence"}


@pytest.mark.parametrize("name", BENEFITS)
def test_every_reason_and_amount_can_be_checked(name: str) -> None:
    plain = as_plain(found(name))
    keys = {value["key"] for value in plain["law"]}
    assert plain["outcome"] == "not_sure"
    assert plain["reasons"]
    assert all(reason["law"] in keys for reason in plain["reasons"])


def test_the_month_of_qualifying_says_what_it_assumes_only_where_it_assumes() -> None:
    counted = found("sickness", months_paid_in_15=2, employer_sick_leave_used=True)
    from_wages = found("sickness", wages=[{"month": "2026-10", "wage": 1}], employer_sick_leave_used=True)
    assert [note.code for note in counted.notes] == ["if_no_paid_month_falls_out"]
    assert from_wages.notes == ()


def test_an_explicit_answer_counts_before_the_wages() -> None:
    wages = [{"month": "2026-10", "wage": 9000}]
    assert found("sickness", wages=wages, months_paid_in_15=3, employer_sick_leave_used=True).outcome == "entitled"


def test_a_gap_in_the_law_is_said_with_its_days() -> None:
    (note,) = (
        note
        for note in found("unemployment", date(2020, 10, 1), cause="epidemic", wage=10000).notes
        if note.code == "value_not_known"
    )  # fmt: skip
    assert note.facts == {
        "key": "unemployment.epidemic_rate",
        "why": "not known",
        "since": date(2020, 9, 1),
        "until": date(2020, 11, 30),
    }


def test_an_answer_resting_on_an_unconfirmed_value_says_so() -> None:
    assert not found("old_age", age=55, months_paid_total=180, average_wage_60=1, still_insured=False).is_confirmed


def test_before_the_first_day_of_unemployment_insurance_nothing_is_known() -> None:
    with pytest.raises(NotKnown) as unknown:
        assess("unemployment", {"cause": "resigned", "months_paid_in_15": 6}, date(2003, 12, 31), BOOK)
    assert unknown.value.gap.key.startswith("unemployment.")


def test_paying_on_is_counted_from_the_month_one_is_in_and_months_fall_out_on_the_way() -> None:
    today = date(2026, 11, 22)
    assert enough_from("maternity", 4, today, BOOK) == date(2026, 12, 1)
    assert enough_from("maternity", 5, today, BOOK) == today
    assert enough_from("maternity", {date(2025, 8, 1), date(2025, 9, 1)}, today, BOOK) == date(2027, 4, 1)
    assert enough_from("maternity", 6, date(2015, 10, 19), BOOK) == date(2015, 10, 20)
