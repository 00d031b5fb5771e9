"""Answers as people and programs send them: read exactly, or refused by the name of the field; never a crash."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.adapters import lawbook_toml
from webapp.domain.answers import Answers, AnswersNotUnderstood, read_answers
from webapp.domain.benefits.catalogue import BENEFITS
from webapp.domain.money import Baht

LAW = lawbook_toml.load().on(date(2026, 11, 22))
ON = date(2026, 11, 22)


def read(benefit: str, **answers: Any) -> Answers | AnswersNotUnderstood:
    return read_answers(BENEFITS[benefit].questions, answers, ON, LAW)


def given_to(benefit: str, **answers: Any) -> Answers:
    found = read(benefit, **answers)
    assert isinstance(found, Answers), found
    return found


def faults(benefit: str, **answers: Any) -> dict[str, str]:
    found = read(benefit, **answers)
    assert isinstance(found, AnswersNotUnderstood), found
    return dict(found.faults)


@pytest.mark.parametrize("left_out", [None, "", "  ", "not_sure"])
def test_not_sure_is_an_answer_everywhere(left_out: object) -> None:
    answers = {question.name: left_out for question in BENEFITS["maternity"].questions}
    assert given_to("maternity", **answers) == Answers({})


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        (12000, "12000"),
        ("12000", "12000"),
        (Decimal("12000.55"), "12000.55"),
        ("12,000.55", "12000.55"),
        ("1,234,567", "1234567"),
        ("๑๒,๐๐๐", "12000"),
        (" 12000 ", "12000"),
        ("0.1", "0.1"),
        (Decimal("1E+3"), "1000"),
        (0, "0"),
    ],
)
def test_money_is_read_exactly(written: object, read_as: str) -> None:
    assert given_to("sickness", wage=written).money("wage") == Baht.of(Decimal(read_as))


@pytest.mark.parametrize("huge", [10**30, 10**39, Decimal("1E+39"), "9" * 40])
def test_a_huge_wage_is_more_than_any_ceiling_and_costs_nothing_to_read(huge: object) -> None:
    wage = given_to("sickness", wage=huge).money("wage")
    assert wage is not None
    assert wage >= Baht.of(10**15)


@pytest.mark.parametrize("huge", [Decimal("1E+400000000"), Decimal("1E+40"), 10**40, int("9" * 4000), "9" * 41])
def test_a_number_longer_than_any_text_we_read_is_refused_however_it_is_written(huge: object) -> None:
    assert faults("sickness", wage=huge) == {"wage": "out_of_range"}


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("฿15,000", "15000.00"), ("฿ 15000", "15000.00"), ("15000 บาท", "15000.00"), ("15,000บาท", "15000.00"), ("15000 ฿", "15000.00"),
        ("12 000", "12000.00"), ("1 000 000.50", "1000000.50"), ("๑๒ ๐๐๐ บาท", "12000.00"), ("12\u00a0000 Baht", "12000.00"),
    ],
)  # fmt: skip
def test_money_is_read_as_people_write_it(written: str, read_as: str) -> None:
    assert str(given_to("sickness", wage=written).money("wage")) == read_as


@pytest.mark.parametrize("wrong", ["1 2", "12 00", "1000 000", "12.50 000", "฿", "บาท", "15000 ดอลลาร์"])
def test_a_space_or_a_word_in_the_wrong_place_is_no_money(wrong: str) -> None:
    assert faults("sickness", wage=wrong) == {"wage": "not_understood"}


@pytest.mark.parametrize("tiny", [Decimal("1E-999999"), Decimal("0E-999999"), Decimal("1." + "1" * 5000)])
def test_a_long_or_tiny_number_costs_nothing_to_read(tiny: Decimal) -> None:
    wage = given_to("sickness", wage=tiny).money("wage")
    assert wage is not None
    assert wage.exact.denominator < 10**80


@pytest.mark.parametrize("wrong", ["12,00", "1,2345", "12.5.5", "twelve", "1e3", "--5", "+5", "5%"])
def test_a_text_that_is_no_amount_is_refused(wrong: str) -> None:
    assert faults("sickness", wage=wrong) == {"wage": "not_understood"}


@pytest.mark.parametrize("wrong", [True, [], {}, 0.1, Decimal("NaN"), Decimal("Infinity")])
def test_what_is_no_finite_number_is_refused_and_so_is_a_float(wrong: object) -> None:
    assert faults("sickness", wage=wrong) == {"wage": "not_understood"}


@pytest.mark.parametrize("wrong", [-1, "-0.01", Decimal("-1E+999999")])
def test_money_below_nothing_is_refused(wrong: object) -> None:
    assert faults("dental", cost=wrong) == {"cost": "out_of_range"}


@pytest.mark.parametrize(
    ("benefit", "name", "most"),
    [
        ("sickness", "months_paid_in_15", 15),
        ("child_allowance", "months_paid_in_36", 36),
        ("death", "months_paid_in_6", 6),
        ("death", "months_paid_total", 720),
        ("old_age", "age", 120),
        ("sickness", "days_off", 366),
    ],
)
def test_a_count_lies_within_its_period(benefit: str, name: str, most: int) -> None:
    assert given_to(benefit, **{name: most}).count(name) == most
    assert given_to(benefit, **{name: "๐"}).count(name) == 0
    assert faults(benefit, **{name: most + 1}) == {name: "out_of_range"}
    assert faults(benefit, **{name: -1}) == {name: "out_of_range"}


def test_counts_are_whole() -> None:
    assert given_to("sickness", months_paid_in_15=Decimal("5.0")).count("months_paid_in_15") == 5
    assert faults("sickness", months_paid_in_15="5.5") == {"months_paid_in_15": "not_whole"}
    assert faults("sickness", months_paid_in_15=True) == {"months_paid_in_15": "not_understood"}


@pytest.mark.parametrize(("written", "loss"), [(0, "0"), (100, "100"), ("49.5", "49.5")])
def test_a_percentage_lies_between_nothing_and_all(written: object, loss: str) -> None:
    assert given_to("invalidity", loss_percent=written).percent("loss_percent") == Decimal(loss)
    assert faults("invalidity", loss_percent="100.01") == {"loss_percent": "out_of_range"}


@pytest.mark.parametrize(("written", "yes"), [(True, True), ("yes", True), ("true", True), (False, False), ("no", False), ("false", False)])
def test_yes_and_no(written: object, yes: bool) -> None:
    assert given_to("sickness", chronic=written).yes("chronic") is yes


@pytest.mark.parametrize("wrong", ["maybe", 1, 0, []])
def test_neither_yes_nor_no(wrong: object) -> None:
    assert faults("sickness", chronic=wrong) == {"chronic": "not_understood"}


@pytest.mark.parametrize("wrong", ["Mother", "uncle", 1, [], {}])
def test_a_choice_is_one_of_those_offered(wrong: object) -> None:
    assert faults("maternity", parent=wrong) == {"parent": "not_a_choice"}


def test_a_slip_of_spelling_is_not_taken_for_not_sure() -> None:
    assert faults("sickness", wages_=1, months_paid_in_36=2) == {"wages_": "unknown", "months_paid_in_36": "unknown"}


def test_every_fault_is_told_at_once() -> None:
    assert faults("sickness", wage="x", months_paid_in_15=99, chronic="x") == {
        "wage": "not_understood",
        "months_paid_in_15": "out_of_range",
        "chronic": "not_understood",
    }


def test_a_child_is_a_birth_date_or_an_age_and_an_address_may_hold_a_row_of_them() -> None:
    listed = given_to("child_allowance", children=[{"birth_date": "2020-11-22"}, {"age": 3}, {"birth_date": date(2024, 1, 1)}])
    assert listed.children_ages == (6, 3, 2)
    assert given_to("child_allowance", children="2020-11-23, 3 0").children_ages == (5, 3, 0)
    assert given_to("child_allowance", children=[]).children_ages == ()


@pytest.mark.parametrize(
    ("children", "fault"),
    [
        ([{"birth_date": "2026-11-23"}], {"children.0.birth_date": "in_future"}),
        ([{"age": 1}, {"birth_date": "2563-01-01"}], {"children.1.birth_date": "buddhist_year"}),
        ([{"birth_date": "2023-02-30"}], {"children.0.birth_date": "not_understood"}),
        ([{"birth_date": "01/02/2023"}], {"children.0.birth_date": "not_understood"}),
        ([{"birth_date": "1800-01-01"}], {"children.0.birth_date": "out_of_range"}),
        ([{}], {"children.0.birth_date": "missing"}),
        ([{"age": 121}], {"children.0.age": "out_of_range"}),
        ([{"age": "2.5"}], {"children.0.age": "not_whole"}),
        ([{"age": 2, "name": "x"}], {"children.0.name": "unknown"}),
        ([5], {"children.0": "not_understood"}),
        (5, {"children": "not_understood"}),
        ([{"age": 1}] * 31, {"children": "too_many"}),
    ],
)
def test_a_child_that_cannot_be_read_is_named_by_its_place(children: object, fault: dict[str, str]) -> None:
    assert faults("child_allowance", children=children) == fault


def test_two_employers_in_one_month_are_one_month_with_both_wages() -> None:
    wages = [{"month": "2026-10", "wage": "9000"}, {"month": "2026-10", "wage": 4000}, {"month": "2026-09", "wage": 9000}]
    assert given_to("sickness", wages=wages).wages == {date(2026, 10, 1): Baht.of(13000), date(2026, 9, 1): Baht.of(9000)}


@pytest.mark.parametrize(
    ("wages", "fault"),
    [
        ([{"month": "2026-13", "wage": 1}], {"wages.0.month": "not_understood"}),
        ([{"month": "2569-10", "wage": 1}], {"wages.0.month": "buddhist_year"}),
        ([{"month": "2026-10-01", "wage": 1}], {"wages.0.month": "not_understood"}),
        ([{"month": "1995-03", "wage": 1}], {"wages.0.month": "out_of_range"}),
        ([{"month": "2026-10", "wage": -1}], {"wages.0.wage": "out_of_range"}),
        ([{"month": "2026-10"}], {"wages.0.wage": "missing"}),
        ([{"month": "2026-10", "wage": 1, "section": 33}], {"wages.0.section": "unknown"}),
        ([{"month": "2026-10", "wage": 1}] * 601, {"wages": "too_many"}),
        ("2026-10", {"wages": "not_understood"}),
        ([1], {"wages.0": "not_understood"}),
    ],
)
def test_a_wage_that_cannot_be_read_is_named_by_its_place(wages: object, fault: dict[str, str]) -> None:
    assert faults("sickness", wages=wages) == fault


def test_six_hundred_months_are_taken() -> None:
    wages = [{"month": f"{1996 + n // 12}-{n % 12 + 1:02}", "wage": 1} for n in range(600)]
    assert len(given_to("old_age", wages=wages).wages or ()) == 600


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=8,
)


@given(st.sampled_from(sorted(BENEFITS)), st.data())
def test_nonsense_is_refused_by_name_and_never_crashes(benefit: str, data: st.DataObject) -> None:
    names = [question.name for question in BENEFITS[benefit].questions] + ["wages", "strange"]
    raw = data.draw(st.dictionaries(st.sampled_from(names), json_values))
    found = read_answers(BENEFITS[benefit].questions, raw, ON, LAW)
    if isinstance(found, AnswersNotUnderstood):
        assert {field.split(".")[0] for field in found.faults} <= set(raw)
