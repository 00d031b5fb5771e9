"""Runs the cases of tests/law/<benefit>.toml, and looks whether the statute book is tried from end to end."""

import tomllib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from webapp.adapters import lawbook_toml
from webapp.domain.assessment import Assessment
from webapp.domain.benefits.catalogue import BENEFITS, assess
from webapp.domain.contribution import NINE_SOUTHERN_PROVINCES, USUAL, contribution_on
from webapp.domain.dates import add_months
from webapp.domain.lawbook import TO_BE_CONFIRMED, Gap, LawBook, Value
from webapp.domain.money import Baht

HERE = Path(__file__).parent
BOOK = lawbook_toml.load()


def cases_of(name: str) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = tomllib.loads((HERE / f"{name}.toml").read_text("utf-8"), parse_float=Decimal)["case"]
    return cases


CASES = [(name, case) for name in BENEFITS for case in cases_of(name)]
CONTRIBUTIONS = cases_of("contribution")


def answered(name: str, case: dict[str, Any], book: LawBook = BOOK) -> Assessment:
    answers = dict(case["answers"])
    if "paid" in case:
        answers["wages"] = [*months_with_wages(case["paid"])]
    found = assess(name, answers, case["on"], book)
    assert isinstance(found, Assessment), found
    return found


def months_with_wages(spans: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for span in spans:
        first = date.fromisoformat(f"{span['from']}-01")
        for number in range(span["months"]):
            yield {"month": f"{add_months(first, number):%Y-%m}", "wage": span["wage"]}


@pytest.mark.parametrize(("name", "case"), CASES, ids=[f"{name}: {case['says']}" for name, case in CASES])
def test_a_benefit_is_as_the_lawyer_reads_it(name: str, case: dict[str, Any]) -> None:
    found = answered(name, case)
    assert found.outcome == case["outcome"]
    assert [reason.code for reason in found.reasons if reason.met is False] == case.get("unmet", [])
    assert [reason.code for reason in found.reasons if reason.met is None] == case.get("unsure", [])
    if "amounts" in case:
        assert {amount.code: str(amount.baht) for amount in found.amounts} == case["amounts"]
    assert found.qualifies_on == case.get("qualifies_on")
    assert found.claim_by == case.get("claim_by", found.claim_by)
    assert set(case.get("notes", ())) <= {note.code for note in found.notes}


@pytest.mark.parametrize("case", [case for name, case in CASES if "to_do" in case], ids=lambda case: case["says"])
def test_what_is_still_to_do_has_its_day(case: dict[str, Any]) -> None:
    days = {task.code: task.day for task in answered("unemployment", case).to_do}
    assert {code: days[code] for code in case["to_do"]} == case["to_do"]


@pytest.mark.parametrize("case", [case for name, case in CASES if "who_should_claim" in case], ids=lambda case: case["says"])
def test_parents_are_told_who_should_claim(case: dict[str, Any]) -> None:
    (note,) = (note for note in answered("maternity", case).notes if note.code == "who_should_claim")
    assert note.facts["who"] == case["who_should_claim"]


@pytest.mark.parametrize("case", [case for name, case in CASES if "short" in case], ids=lambda case: case["says"])
def test_months_short_of_a_pension_are_counted(case: dict[str, Any]) -> None:
    (note,) = (note for note in answered("old_age", case).notes if note.code == "pension_needs_months")
    assert note.facts["short"] == case["short"]


@pytest.mark.parametrize("case", CONTRIBUTIONS, ids=lambda case: case["says"])
def test_a_contribution_is_as_the_lawyer_reads_it(case: dict[str, Any]) -> None:
    rate = NINE_SOUTHERN_PROVINCES if case.get("rate") else USUAL
    found = contribution_on(Baht.of(case["wage"]), case["on"], BOOK, rate)
    assert (str(found.base), str(found.employee), str(found.government)) == (case["base"], case["employee"], case["government"])
    assert (str(found.employer) if found.employer else None) == case.get("employer")


ONLY_TOLD = (
    # printed on pages, in no sum: who is covered, forms, hospitals, what the months are for
    "hospital_change.", "emergency.", "coverage.", "claims.appeal_days", "claims.form", "maternity.stillbirth_from",
    "maternity.lump_sum_births", "maternity.leave_parent", "contribution_rate.share_sickness", "contribution_rate.share_unemployment",
    "invalidity.state_", "invalidity.private_", "invalidity.transport", "child_allowance.children_who_count",
)  # fmt: skip
ONLY_TOLD_ENDINGS = (".forms", ".papers", ".papers_father")


def in_a_sum(value: Value) -> bool:
    return not value.key.startswith(ONLY_TOLD) and not value.key.endswith(ONLY_TOLD_ENDINGS)


def test_every_value_of_the_law_is_used_by_some_case() -> None:
    used = {value for name, case in CASES for value in answered(name, case).law}
    for case in CONTRIBUTIONS:
        rate = NINE_SOUTHERN_PROVINCES if case.get("rate") else USUAL
        used |= {*contribution_on(Baht.of(case["wage"]), case["on"], BOOK, rate).law}
    entries = [entry for key in BOOK.keys for entry in BOOK.history(key)]
    idle = [f"{entry.key} since {entry.since}" for entry in entries if isinstance(entry, Value) and in_a_sum(entry) and entry not in used]
    assert idle == []


def test_an_answer_names_only_the_law_it_rests_on() -> None:
    for name, case in CASES:
        foreign = {value.key.split(".")[0] for value in answered(name, case).law}
        assert foreign <= {name, "claims", "average_wage", "wage_base", "contribution_rate"}, case["says"]


class TestTheStatuteBook:
    ours = [entry for key in BOOK.keys if not key.startswith("hospital_change.") for entry in BOOK.history(key)]
    values = [entry for entry in ours if isinstance(entry, Value)]

    def test_a_law_is_named_only_where_the_facts_name_one(self) -> None:
        named = {(value.key, value.since.year, value.law) for value in self.values if value.law != TO_BE_CONFIRMED}
        assert {law for _, _, law in named} == {
            "Ministerial Regulation published 12 December 2025",
            "Social Security Act B.E. 2533 (1990), section 39",
            "Social Security Act B.E. 2533 (1990), section 56",
            "Social Security Act B.E. 2533 (1990), section 57",
        }
        assert [(key, year) for key, year, law in named if law.startswith("Ministerial")] == [("wage_base.ceiling", 2026)]

    def test_a_start_known_by_its_year_only_is_at_most_of_middle_confidence(self) -> None:
        by_year = {2004, 2007, 2011, 2016, 2022}
        first_days = [value for value in self.values if (value.since.month, value.since.day) == (1, 1) and value.since.year in by_year]
        assert first_days
        assert all(value.confidence != "H" for value in first_days)

    def test_the_epidemic_of_autumn_2020_is_a_declared_gap(self) -> None:
        for key in ("unemployment.epidemic_rate", "unemployment.epidemic_days"):
            for day in (date(2020, 9, 1), date(2020, 11, 30)):
                entry = BOOK.on(day).entry(key)
                assert isinstance(entry, Gap)
                assert entry.checked is not None

    def test_no_draft_has_a_line(self) -> None:
        assert not [value for value in self.values if value.key.endswith("career_average") or "draft" in value.law.casefold()]
        assert date(2026, 7, 14) not in {value.since for value in self.values}

    def test_what_is_known_is_known_on_every_day_from_2023_to_2040(self) -> None:
        ended = {"contribution_rate.employee_nine_southern_provinces"}
        for year in range(2023, 2041):
            law = BOOK.on(date(year, 7, 1))
            assert {key for key in BOOK.keys if not law.is_known(key)} <= ended

    def test_a_page_that_prints_otherwise_is_answered_with_both_numbers(self) -> None:
        differing = {pair.printed.key: (pair.printed.says, pair.law) for pair in BOOK.on(date(2026, 11, 22)).differing("maternity")}
        says, law = differing["maternity.months_paid"]
        assert isinstance(law, Value)
        assert (says, law.value, law.since) == (3, 5, date(2015, 10, 20))
        assert set(differing) == {"maternity.months_paid", "claims.years", "wage_base.ceiling"}

    def test_on_a_day_when_the_page_was_right_nothing_is_said(self) -> None:
        keys = {pair.printed.key for pair in BOOK.on(date(2021, 6, 1)).differing("unemployment")}
        assert keys == {"unemployment.natural_disaster_days"}

    def test_every_row_of_the_seed_that_the_law_moved_has_its_line(self) -> None:
        printed = {(line.on_page, line.key) for line in BOOK.printed_elsewhere}
        assert printed >= {
            ("wage_base", "wage_base.ceiling"),
            ("maternity", "maternity.months_paid"),
            ("maternity", "claims.years"),
            ("child_allowance", "child_allowance.a_month"),
            ("unemployment", "unemployment.laid_off_rate"),
            ("unemployment", "unemployment.laid_off_days"),
            ("unemployment", "unemployment.resigned_rate"),
            ("unemployment", "unemployment.natural_disaster_days"),
            ("old_age", "old_age.heirs_rule"),
            ("old_age", "old_age.base_rate"),
            ("emergency", "emergency.rates_are_of"),
            ("sickness", "sickness.rate"),
            ("invalidity", "invalidity.severe_loss"),
        }
