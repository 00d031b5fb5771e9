"""The statute book against the facts, line by line: what was gathered about the law, written down a second time by hand.

`-` since: nobody knows the day · `-` until: still so · the letter is how sure the value is, a second one how sure its first day.
A line that changes here changes what people are told; say in the commit which source moved.
"""

from __future__ import annotations

from datetime import date

import pytest

from webapp.adapters.lawbook_toml import load
from webapp.domain.lawbook import NOT_IN_FORCE, NOT_KNOWN, Gap, Value

BOOK = load()

FACTS = """
wage_base.floor                              1650   1995-03-30 -          H L
wage_base.ceiling                            15000  1995-03-30 2025-12-31 H L
wage_base.ceiling                            17500  2026-01-01 2028-12-31 H
wage_base.ceiling                            20000  2029-01-01 2031-12-31 H
wage_base.ceiling                            23000  2032-01-01 -          H
contribution_rate.government                 2.75   -          -          H
contribution_rate.rounded_to                 1      -          -          H
contribution_rate.share_sickness_maternity_invalidity_death 1.5 - -       H
contribution_rate.share_old_age_and_child    3      -          -          H
contribution_rate.share_unemployment         0.5    -          -          H
contribution_rate.employee                   5      1995-03-30 2020-02-29 H L
contribution_rate.employee                   1      2020-03-01 2020-05-31 M
contribution_rate.employee                   2      2020-09-01 2020-11-30 H
contribution_rate.employee                   3      2021-01-01 2021-01-31 H
contribution_rate.employee                   0.5    2021-02-01 2021-03-31 H
contribution_rate.employee                   2.5    2021-06-01 2021-11-30 mem
contribution_rate.employee                   1      2022-05-01 2022-07-31 M
contribution_rate.employee                   3      2022-10-01 2022-12-31 mem
contribution_rate.employer                   4      2020-03-01 2020-05-31 M
contribution_rate.employer                   2      2020-09-01 2020-11-30 H
contribution_rate.employee_nine_southern_provinces 3 2025-12-01 2026-05-31 H
average_wage.months_looked_at                9      -          -          M
average_wage.months_counted                  3      -          -          M
average_wage.divisor                         90     -          -          M
coverage.age_from                            15     -          -          M
coverage.age_to                              60     -          -          M
coverage.months_after_leaving                6      -          -          M
coverage.benefits_after_leaving  sickness,maternity,invalidity,death - -  mem
coverage.section_39_apply_within             6      -          -          mem
sickness.months_paid                         3      -          -          H
sickness.months_paid_within                  15     -          -          H
sickness.rate                                50     -          -          H
sickness.days_a_time                         90     -          -          H
sickness.days_a_year                         180    -          -          H
sickness.days_a_year_chronic                 365    -          -          H
sickness.after             employer_paid_sick_leave -          -          M
emergency.out_patient                        1000   -          -          L
emergency.in_patient_a_day                   2000   -          -          L
emergency.room_and_food_a_day                700    -          -          L
emergency.intensive_care_a_day               4500   -          -          L
emergency.surgery_from                       8000   -          -          L
emergency.surgery_to                         16000  -          -          L
emergency.medicine                           4000   -          -          L
emergency.laboratory_and_x_ray               1000   -          -          L
emergency.rates_are_of   probably_private_hospitals -          -          L
emergency.critical_first_hours               72     2017-04-01 -          H
dental.months_paid                           3      -          -          H
dental.months_paid_within                    15     -          -          H
dental.basic_a_year                          900    2016-01-01 -          M
dental.denture_1_5                           1300   2016-01-01 -          M
dental.denture_over_5                        1500   2016-01-01 -          M
dental.denture_full_one                      2400   2016-01-01 -          M
dental.denture_full_both                     4400   2016-01-01 -          M
dental.denture_once_in                       5      2016-01-01 -          M
maternity.months_paid                        7      -          2015-10-19 M
maternity.months_paid                        5      2015-10-20 -          M
maternity.months_paid_within                 15     -          -          M
maternity.lump_sum                           13000  2011-01-01 2020-12-31 M
maternity.lump_sum                           15000  2021-01-01 -          H mem
maternity.lump_sum_births                    no_limit 2015-10-20 -        M
maternity.leave_rate                         50     -          -          H
maternity.leave_days                         90     -          -          H
maternity.leave_births                       2      -          -          H
maternity.leave_parent                       mother -          -          H
maternity.prenatal_care                      1500   -          -          H
maternity.unions            married,open_cohabiting -          -          M
maternity.parents_who_claim                  1      -          -          M
maternity.stillbirth_from                    28     -          -          M
invalidity.months_paid                       3      -          -          M
invalidity.months_paid_within                15     -          -          M
invalidity.loss_at_least                     35     -          -          H
invalidity.rate                              30     -          -          H
invalidity.months_at_most                    180    -          -          H
invalidity.severe_loss                       50     -          -          H
invalidity.severe_rate                       50     -          -          H
invalidity.severe_until                      for_life -        -          H
invalidity.state_out_patient                 as_paid -         -          M
invalidity.state_in_patient                  free   -          -          M
invalidity.private_out_patient               2000   -          -          M
invalidity.private_in_patient                4000   -          -          M
invalidity.transport                         500    -          -          M
death.months_paid                            1      -          -          M
death.months_paid_within                     6      -          -          M
death.funeral_grant                          40000  -          2020-12-31 M
death.funeral_grant                          50000  2021-01-01 -          M
death.survivors_rate                         50     -          -          M
death.survivors_months_paid                  36     -          -          M
death.survivors_times                        3      -          2015-10-19 M
death.survivors_times                        4      2015-10-20 -          M
death.survivors_long_months_paid             120    -          -          M
death.survivors_long_times                   10     -          2015-10-19 M
death.survivors_long_times                   12     2015-10-20 -          M
death.also               old_age_lump_sum_to_heirs  -          -          M
old_age.age                                  55     -          -          M
old_age.insured_status                       ended  -          -          M
old_age.pension_months                       180    -          -          H
old_age.average_months                       60     -          -          H
old_age.base_rate                            20     2007-01-01 -          M
old_age.step_rate                            1.5    2007-01-01 -          M
old_age.step_months                          12     2007-01-01 -          M
old_age.employer_part_from                   12     -          -          M
old_age.yearly_return         announced_each_year   -          -          M
old_age.heirs_within                         60     -          -          M
old_age.heirs_rule                           fixed  -          2021-12-31 M
old_age.heirs_rule                           months_left 2022-01-01 -     M
old_age.heirs_times                          10     -          -          M
child_allowance.months_paid                  12     -          -          M
child_allowance.months_paid_within           36     -          -          M
child_allowance.a_month                      400    -          2017-12-31 M
child_allowance.a_month                      600    2018-01-01 2020-12-31 M
child_allowance.a_month                      800    2021-01-01 2024-12-31 M mem
child_allowance.a_month                      1000   2025-01-01 -          H M
child_allowance.children_at_once             2      -          2015-10-19 M
child_allowance.children_at_once             3      2015-10-20 -          M
child_allowance.until_birthday               6      -          -          M
child_allowance.children_who_count legitimate,not_adopted,not_given_away - - M
child_allowance.paid_back        for_the_months_due -          -          M
unemployment.months_paid                     6      -          -          M
unemployment.months_paid_within              15     -          -          M
unemployment.paid_from_day                   8      -          -          M
unemployment.register_within                 30     -          -          M
unemployment.report                          monthly -         -          M
unemployment.not_paid_when dismissed_for_fault,drawing_old_age - -        M
unemployment.laid_off_rate                   50     2004-01-01 2020-02-29 M
unemployment.laid_off_rate                   70     2020-03-01 2022-02-28 H
unemployment.laid_off_rate                   50     2022-03-01 2025-06-27 H
unemployment.laid_off_rate                   60     2025-06-28 -          H
unemployment.laid_off_days                   180    2004-01-01 2020-02-29 M
unemployment.laid_off_days                   200    2020-03-01 2022-02-28 H
unemployment.laid_off_days                   180    2022-03-01 2025-06-27 H
unemployment.laid_off_days                   180    2025-06-28 -          H
unemployment.resigned_rate                   30     2004-01-01 2020-02-29 M
unemployment.resigned_rate                   45     2020-03-01 2022-02-28 H
unemployment.resigned_rate                   30     2022-03-01 -          H
unemployment.resigned_days                   90     2004-01-01 2020-02-29 M
unemployment.resigned_days                   90     2020-03-01 -          H
unemployment.epidemic_rate                   62     2020-03-01 2020-08-31 H
unemployment.epidemic_rate                   50     2020-12-01 -          M
unemployment.epidemic_days                   90     2020-03-01 2020-08-31 H
unemployment.epidemic_days                   90     2020-12-01 -          M
unemployment.natural_disaster_rate           50     -          -          M
unemployment.natural_disaster_days           180    -          -          M
claims.years                                 2      -          -          M
claims.appeal_days                           30     -          -          M
claims.form                                  2-01   -          -          M
claims.form_hospital_choice                  9-02   -          -          M
claims.form_registration                     1-03   -          -          M
claims.form_end_of_employment                6-09   -          -          mem
dental.forms                                 2-16   -          -          M
dental.papers    receipt,medical_certificate,bank_book -       -          M
maternity.papers       birth_certificate,id_card,bank_book - -            M
maternity.papers_father          marriage_certificate -        -          M
child_allowance.papers birth_certificate,id_card,bank_book - -            M
child_allowance.papers_father    marriage_certificate -        -          M
invalidity.papers  medical_certificate,medical_records -       -          M
death.papers  death_certificate,funeral_organiser_proof -      -          M
sickness.papers  medical_certificate,employer_certificate -    -          M
"""
FROM_THE_SEED_ALONE = {("coverage.employees_at_least", "1", "-", "-", "M")}
"""Printed by the page that cites the SSO, and named by no other source."""
LINES = [tuple(line.split()) for line in FACTS.strip().splitlines()]
CLAIMED_ON_THE_USUAL_FORM = ("sickness", "maternity", "invalidity", "death", "old_age", "child_allowance", "unemployment")
BY_WHICH_LAW = {
    ("wage_base.ceiling", "17500"): "Ministerial Regulation published 12 December 2025",
    ("average_wage.months_looked_at", "9"): "Social Security Act B.E. 2533 (1990), section 57",
    ("average_wage.months_counted", "3"): "Social Security Act B.E. 2533 (1990), section 57",
    ("average_wage.divisor", "90"): "Social Security Act B.E. 2533 (1990), section 57",
    ("coverage.section_39_apply_within", "6"): "Social Security Act B.E. 2533 (1990), section 39",
    ("claims.years", "2"): "Social Security Act B.E. 2533 (1990), section 56",
}
"""All others: the facts name no instrument, so none is named."""


def as_written(value: Value) -> tuple[str, ...]:
    since = value.since.isoformat() if value.since_is_known else "-"
    until = value.until.isoformat() if value.until else "-"
    own = (value.key, value.text.replace(", ", ","), since, until, value.confidence)
    return (*own, value.since_confidence) if value.since_confidence else own


def all_values() -> list[Value]:
    entries = [entry for key in BOOK.keys if not key.startswith("hospital_change.") for entry in BOOK.history(key)]
    return [entry for entry in entries if isinstance(entry, Value)]


def is_the_usual_rate_again(value: Value) -> bool:
    """Between two temporary rates the facts say nothing; the usual five percent is back."""
    return value.key in ("contribution_rate.employee", "contribution_rate.employer") and value.text == "5"


@pytest.mark.parametrize("line", LINES, ids=" ".join)
def test_the_book_says_what_the_facts_say(line: tuple[str, ...]) -> None:
    assert line in {as_written(value) for value in all_values() if value.key == line[0]}


def test_the_book_says_nothing_that_the_facts_do_not_say() -> None:
    usual_forms = {(f"{benefit}.forms", "2-01", "-", "-", "M") for benefit in CLAIMED_ON_THE_USUAL_FORM}
    written = {as_written(value) for value in all_values() if not is_the_usual_rate_again(value)}
    assert written - {*LINES} - usual_forms - FROM_THE_SEED_ALONE == set()


def test_each_value_names_the_law_that_the_facts_name_and_no_other() -> None:
    for value in all_values():
        assert value.law == BY_WHICH_LAW.get((value.key, value.text), "to be confirmed"), value.key


def test_the_day_on_which_the_usual_rate_comes_back_is_as_sure_as_the_end_of_the_temporary_one() -> None:
    for key in ("contribution_rate.employee", "contribution_rate.employer"):
        history = BOOK.history(key)
        for before, after in zip(history, history[1:], strict=False):
            if isinstance(before, Value) and isinstance(after, Value) and before.text != "5":
                assert (after.since_confidence or after.confidence) == before.confidence, f"{key} since {after.since}"


@pytest.mark.parametrize(
    ("key", "day", "why"),
    [
        ("unemployment.epidemic_rate", date(2020, 9, 1), NOT_KNOWN),
        ("unemployment.epidemic_days", date(2020, 11, 30), NOT_KNOWN),
        ("contribution_rate.employer", date(2021, 1, 31), NOT_KNOWN),
        ("contribution_rate.employer", date(2022, 12, 31), NOT_KNOWN),
        ("contribution_rate.employee_nine_southern_provinces", date(2026, 6, 1), NOT_IN_FORCE),
    ],
)
def test_what_nobody_knows_is_a_declared_gap(key: str, day: date, why: str) -> None:
    entry = BOOK.on(day).entry(key)
    assert isinstance(entry, Gap)
    assert (entry.why, entry.checked is not None) == (why, True)
