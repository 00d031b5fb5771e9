"""What a claim asks: one table for all kinds, no wages and months, each question once."""

from __future__ import annotations

import pytest

from webapp.domain.benefits.catalogue import BENEFITS
from webapp.domain.claim_questions import BORN, KINDS, ON, Asks


def test_there_is_a_claim_for_each_benefit() -> None:
    assert set(KINDS) == set(BENEFITS)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_claim_asks_for_what_the_record_says(kind: str) -> None:
    names = [question.name for question in KINDS[kind].questions]
    assert len(names) == len(set(names))
    assert not [question for question in BENEFITS[kind].questions if question.in_record and question.name in names]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_claim_begins_with_the_day_of_the_event(kind: str) -> None:
    first = KINDS[kind].questions[0]
    assert first.name == ON or kind == "child_allowance"


def test_a_child_is_asked_for_as_often_as_there_are_children() -> None:
    kind = KINDS["child_allowance"]
    asked = [[one.name for one in kind.asked({"children_count": count}) if one.name in BORN] for count in ("1", "2", "3")]
    assert asked == [list(BORN[:1]), list(BORN[:2]), list(BORN)]


def test_a_father_says_whether_they_are_a_couple_and_a_mother_how_often_she_had_the_allowance() -> None:
    kind = KINDS["maternity"]
    father, mother = ({one.name for one in kind.asked({"parent": parent})} for parent in ("father", "mother"))
    assert father - mother == {"union"}
    assert mother - father == {"leave_allowances_before"}


def test_the_other_parents_number_is_asked_for_only_where_both_are_insured() -> None:
    kind = KINDS["maternity"]
    names = {insured: {one.name for one in kind.asked({"other_parent_insured": insured})} for insured in ("yes", "no", "not_sure")}
    assert "other_parent_number" in names["yes"]
    assert not names["no"] & {"other_parent_number", "other_parent_claimed"}
    assert "other_parent_number" not in names["not_sure"]


def test_not_sure_is_taken_only_where_a_paper_tells() -> None:
    unsure = {(kind, one.name) for kind, asks in KINDS.items() for one in asks.questions if one.may_be_unsure}
    assert unsure == {("sickness", "chronic"), ("maternity", "other_parent_claimed"), ("invalidity", "loss_percent")}
    assert all(one.of_checker for asks in KINDS.values() for one in asks.questions if one.asks is Asks.MONEY)
