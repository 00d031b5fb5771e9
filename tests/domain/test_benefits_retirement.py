from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from webapp.adapters import lawbook_toml
from webapp.domain.answers import Answers, read_answers
from webapp.domain.benefits.catalogue import BENEFITS
from webapp.domain.benefits.old_age import heirs_by_stage
from webapp.domain.dates import add_months, same_day_in_months
from webapp.domain.lawbook import Consulted
from webapp.domain.money import Baht
from webapp.domain.retirement import Outlook, outlook

BOOK = lawbook_toml.load()
ON = date(2026, 7, 1)


def looks_ahead(until_age: int, wage: int | None = None, **answers: Any) -> Outlook:
    read = read_answers(BENEFITS["old_age"].questions, answers, ON, BOOK.on(ON))
    assert isinstance(read, Answers), read
    found = outlook(read, ON, BOOK, until_age, Baht.of(wage) if wage is not None else None)
    assert found is not None
    return found


def test_a_year_more_adds_one_and_a_half_percent() -> None:
    first, second = looks_ahead(56, age=55, months_paid_total=180, average_wage_60=15000).rows
    assert (first.age, first.month, str(first.rate), str(first.pension)) == (55, ON, "20.0", "3000.00")
    assert (second.age, second.months_paid, str(second.rate), str(second.pension)) == (56, 192, "21.5", "3225.00")


@pytest.mark.parametrize("on", [date(2026, 11, 22), date(2026, 11, 30), date(2026, 1, 31)])
@pytest.mark.parametrize("stated", [15458.34, 17500, 30000])
def test_the_years_ahead_of_somebody_above_the_ceiling_are_what_is_answered_when_they_come(on: date, stated: float) -> None:
    questions = BENEFITS["old_age"].questions
    now = read_answers(questions, {"age": 54, "months_paid_total": 331, "average_wage_60": str(stated)}, on, BOOK.on(on))
    assert isinstance(now, Answers)
    ahead = outlook(now, on, BOOK, 56)
    assert ahead is not None
    for row in ahead.rows:
        then = same_day_in_months(on, row.months_paid - 331)
        answers = {"age": row.age, "still_insured": False, "months_paid_total": row.months_paid, "average_wage_60": 30000}
        asked = read_answers(questions, answers, then, BOOK.on(then))
        assert isinstance(asked, Answers)
        pension = BENEFITS["old_age"].assess(asked, then, BOOK).amount("pension_monthly")
        assert pension is not None
        assert str(row.pension) == str(pension.baht)


def test_the_highest_mean_as_the_page_says_it_is_read_as_months_at_their_ceilings() -> None:
    highest, above = (looks_ahead(56, age=55, months_paid_total=331, average_wage_60=stated).rows for stated in ("15250.00", 17500))
    assert [str(row.pension) for row in highest] == [str(row.pension) for row in above]
    below = looks_ahead(56, age=55, months_paid_total=331, average_wage_60="15249").rows
    assert [str(row.mean) for row in below] == ["15249.00", "15249.00"]


def test_the_mean_moves_slowly_towards_the_new_ceiling() -> None:
    means = [str(row.mean) for row in looks_ahead(57, wage=17500, age=55, months_paid_total=331, average_wage_60=15250).rows]
    assert means == ["15250.00", "15750.00", "16250.00"]


def test_ceilings_to_come_count_from_their_month() -> None:
    last = looks_ahead(60, wage=90000, age=54, months_paid_total=331, average_wage_60=15000).rows[-1]
    assert last.month == date(2032, 7, 1)
    assert str(last.mean) == str((Baht.of(17500) * 18 + Baht.of(20000) * 36 + Baht.of(23000) * 6) / 60)


def test_from_wages_the_oldest_months_fall_out_first() -> None:
    wages = [{"month": f"{add_months(ON, -back):%Y-%m}", "wage": 8000 if back > 48 else 15000} for back in range(1, 61)]
    now, next_year = looks_ahead(56, age=55, months_paid_total=300, wages=wages).rows
    assert str(now.mean) == "13600.00"
    assert str(next_year.mean) == "15000.00"


def test_who_is_short_of_months_sees_how_many_and_when_the_pension_begins() -> None:
    rows = looks_ahead(58, age=54, months_paid_total=150, average_wage_60=12000).rows
    assert [(row.age, row.months_short, row.pension is None) for row in rows] == [
        (55, 18, True),
        (56, 6, True),
        (57, 0, False),
        (58, 0, False),
    ]
    assert str(rows[2].rate) == "20.0"


def test_a_month_paid_already_is_not_paid_twice() -> None:
    wages = [{"month": f"{add_months(ON, -back):%Y-%m}", "wage": 15000} for back in range(180)]
    (row,) = looks_ahead(55, age=55, wages=wages).rows
    assert row.months_paid == 179


def test_without_age_months_or_wage_there_is_no_outlook() -> None:
    for answers in ({}, {"age": 55}, {"age": 55, "months_paid_total": 200}, {"months_paid_total": 200, "average_wage_60": Baht.of(15000)}):
        assert outlook(Answers(answers), ON, BOOK, 60) is None


def test_a_person_of_52_hears_of_the_month_of_the_pension_and_not_only_of_an_age() -> None:
    reached = looks_ahead(60, age=52, months_paid_total=148, average_wage_60=15000).reached
    assert (reached.months_short, reached.enough_from, reached.old_enough_from) == (32, date(2029, 3, 1), date(2029, 7, 1))
    assert (reached.stopping.age, reached.stopping.month, str(reached.stopping.pension)) == (55, date(2029, 7, 1), "3000.00")


def test_a_pension_reached_after_55_says_the_later_month() -> None:
    reached = looks_ahead(60, age=54, months_paid_total=150, average_wage_60=12000).reached
    assert (reached.stopping.age, reached.stopping.month, str(reached.stopping.pension)) == (56, date(2029, 1, 1), "2400.00")


def test_a_known_birth_date_gives_the_month_of_the_birthday() -> None:
    read = read_answers(BENEFITS["old_age"].questions, {"age": 54, "months_paid_total": 200, "average_wage_60": 15000}, ON, BOOK.on(ON))
    assert isinstance(read, Answers)
    found = outlook(read, ON, BOOK, 56, birth_date=date(1971, 9, 20))
    assert found is not None
    assert [(row.age, row.month, row.months_paid) for row in found.rows] == [(55, date(2026, 9, 1), 202), (56, date(2027, 9, 1), 214)]


def test_each_year_says_what_it_adds_as_it_is_printed() -> None:
    rows = looks_ahead(58, age=54, months_paid_total=180, average_wage_60=Decimal("14333.33")).rows
    assert [row.more for row in rows][:1] == [None]
    for before, row in zip(rows, rows[1:], strict=False):
        assert before.pension is not None
        assert row.pension is not None
        assert row.more is not None
        assert before.pension.rounded + row.more.rounded == row.pension.rounded


def test_the_next_step_of_the_rate_is_as_far_as_the_year_is_incomplete() -> None:
    step = looks_ahead(60, age=57, months_paid_total=200, average_wage_60=15000).next_step
    assert step is not None
    assert (step.months, str(step.stopping.rate), str(step.more)) == (4, "23.0", "225.00")
    assert looks_ahead(60, age=54, months_paid_total=200, average_wage_60=15000).next_step is None


def test_the_average_of_a_high_wage_moves_since_the_ceiling_rose() -> None:
    moving = looks_ahead(60, age=55, months_paid_total=331, average_wage_60=30000).moving
    assert moving is not None
    assert (str(moving.before), str(moving.now), moving.since) == ("15000.00", "17500.00", date(2026, 1, 1))
    assert (moving.counted, moving.at_new, moving.full_from) == (60, 6, date(2031, 1, 1))
    assert [entry.since for entry in moving.to_come] == [date(2029, 1, 1), date(2032, 1, 1)]
    assert looks_ahead(60, age=55, months_paid_total=331, average_wage_60=15000).moving is None


def test_a_wage_above_the_ceiling_goes_on_as_stated_and_not_as_it_was_lowered() -> None:
    rows = looks_ahead(60, age=55, months_paid_total=331, average_wage_60=30000).rows
    assert str(rows[1].mean) == str((Baht.of(15000) * 42 + Baht.of(17500) * 18) / 60)


def test_a_family_receives_the_months_left_and_at_least_ten() -> None:
    stages = heirs_by_stage(Baht.of(3000), Consulted(BOOK.on(ON)))
    assert [(stage.drawn, stage.until, stage.times) for stage in stages] == [
        (1, 1, 59),
        (12, 12, 48),
        (24, 24, 36),
        (36, 36, 24),
        (48, 48, 12),
        (50, 59, 10),
    ]
    assert str(stages[0].baht) == "177000.00"
    (before_2022,) = heirs_by_stage(Baht.of(3000), Consulted(BOOK.on(date(2021, 12, 31))))
    assert (before_2022.drawn, before_2022.until, before_2022.times) == (1, 59, 10)
