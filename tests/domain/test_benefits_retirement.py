from datetime import date
from typing import Any

from webapp.adapters import lawbook_toml
from webapp.domain.answers import Answers, read_answers
from webapp.domain.benefits.catalogue import BENEFITS
from webapp.domain.dates import add_months
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


def test_the_mean_moves_slowly_towards_the_new_ceiling() -> None:
    means = [str(row.mean) for row in looks_ahead(57, wage=17500, age=55, months_paid_total=331, average_wage_60=15250).rows]
    assert means == ["15250.00", "15700.00", "16150.00"]


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
