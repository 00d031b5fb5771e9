"""The statute book in the words of both languages: what a rule is called, its value, since when, by which law, from where, how sure.

Decided: each key of webapp/law/*.toml has a plain name here, and each code that stands for a value has its words, so that no page shows a
key in place of a sentence (tests/house/test_law_words.py reads the book and finds the one that lacks). The names stand in the order in
which they are read. No number of the law stands here: a value brings its own.
Put aside: the names in the law files themselves: a lawyer checks those line by line, and a name is translated with everything else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, time
from decimal import Decimal
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from webapp.domain.lawbook import NOT_IN_FORCE, TO_BE_CONFIRMED, Differing, Entry, Gap, MonthDay, Value
from webapp.web.benefit_words import benefit_name
from webapp.web.filters import clock_time, day_month, short_date, thai_year
from webapp.web.language import gettext as _
from webapp.web.language import language, ngettext, once_a_language, ph
from webapp.web.numbers import baht, days, months, percent, years

Words = str | Markup
SECTION = re.compile(r"Social Security Act B\.E\. 2533 \(1990\), section (\d+)")
REGULATION_OF_2025 = "Ministerial Regulation published 12 December 2025"
REGULATION_PUBLISHED = date(2025, 12, 12)
FORM_OF_HOSPITAL_CHOICE = "9-02"
ANY_YEAR = 2001
"""A yearly day is written without its year; 29 February comes too seldom to be one."""


# What a rule is called


def subject_of(key: str) -> str:
    """The law file of a key, which is its subject."""
    return key.split(".")[0]


def subject_name(subject: str) -> str:
    """A benefit's own name, or what else the law file is about."""
    return {
        "wage_base": _("The wage that counts"),
        "contribution_rate": _("Contributions"),
        "average_wage": _("Average wage for benefits"),
        "coverage": _("Being insured"),
        "claims": _("Claiming"),
        "emergency": _("Emergency"),
        "hospital_change": _("Changing hospital"),
    }.get(subject) or benefit_name(subject)


def rule_name(key: str) -> str:
    """What a rule is called, to be read under its subject."""
    return _names(language())[key]


def named_keys() -> tuple[str, ...]:
    """Every key that has a name, in the order in which they are read."""
    return tuple(_names(language()))


def subjects() -> frozenset[str]:
    """Everything that a rule can be about."""
    return frozenset(map(subject_of, named_keys()))


@lru_cache(maxsize=4)
def _names(_code: str) -> Mapping[str, str]:
    """All names in the language of the request; kept, since a page of rules asks for each of them."""
    by_subject = {
        "wage_base": _wage_base_names(),
        "contribution_rate": _contribution_names(),
        "average_wage": _average_wage_names(),
        "coverage": _coverage_names(),
        "claims": _claims_names(),
        "sickness": _sickness_names(),
        "dental": _dental_names(),
        "maternity": _maternity_names(),
        "invalidity": _invalidity_names(),
        "death": _death_names(),
        "old_age": _old_age_names(),
        "child_allowance": _child_allowance_names(),
        "unemployment": _unemployment_names(),
        "emergency": _emergency_names(),
        "hospital_change": _hospital_change_names(),
    }
    return {f"{subject}.{rule}": name for subject, names in by_subject.items() for rule, name in names.items()}


def _months_paid_names() -> dict[str, str]:
    return {"months_paid": _("Months that must be paid"), "months_paid_within": _("Out of the months before")}


def _paper_names() -> dict[str, str]:
    return {"forms": _("Form"), "papers": _("Papers")}


def _wage_base_names() -> dict[str, str]:
    return {"floor": _("The lowest wage that counts, a month"), "ceiling": _("The highest wage that counts, a month")}


def _contribution_names() -> dict[str, str]:
    return {
        "employee": _("Taken from the wage"),
        "employee_nine_southern_provinces": _("Taken from the wage in nine southern provinces"),
        "employer": _("Paid by the employer"),
        "government": _("Paid by the government"),
        "rounded_to": _("Rounded to the nearest"),
        "share_sickness_maternity_invalidity_death": _("Of it, for sickness, maternity, invalidity and death"),
        "share_old_age_and_child": _("Of it, for old age and child allowance"),
        "share_unemployment": _("Of it, for unemployment"),
    }


def _average_wage_names() -> dict[str, str]:
    return {
        "months_looked_at": _("Months before the event that are looked at"),
        "months_counted": _("Months in a row that are added up"),
        "divisor": _("For one day’s wage, divided by"),
    }


def _coverage_names() -> dict[str, str]:
    return {
        "age_from": _("Age at the start of work, from"),
        "age_to": _("Age at the start of work, up to"),
        "employees_at_least": _("Employees at the workplace, at least"),
        "months_after_leaving": _("After leaving work you stay covered for"),
        "benefits_after_leaving": _("For these benefits"),
        "section_39_apply_within": _("To stay insured under section 39, apply within"),
    }


def _claims_names() -> dict[str, str]:
    return {
        "years": _("Time to claim"),
        "appeal_days": _("Time to appeal against a decision"),
        "form": _("Claim form, for every benefit"),
        "form_hospital_choice": _("Form to choose a hospital"),
        "form_registration": _("Form to register, and to declare several employers"),
        "form_end_of_employment": _("Form for the end of employment"),
    }


def _sickness_names() -> dict[str, str]:
    return {
        **_months_paid_names(),
        "after": _("Only after this is used up"),
        "rate": _("Part of the daily wage"),
        "days_a_time": _("Days paid at one time, at most"),
        "days_a_year": _("Days paid in a calendar year, at most"),
        "days_a_year_chronic": _("Days paid for a chronic disease, at most"),
        **_paper_names(),
    }


def _dental_names() -> dict[str, str]:
    return {
        **_months_paid_names(),
        "basic_a_year": _("Pulling, filling, cleaning, a wisdom tooth: in a calendar year, at most"),
        "denture_1_5": _("A denture of 1 to 5 teeth"),
        "denture_over_5": _("A denture of more than 5 teeth"),
        "denture_full_one": _("A full denture, upper or lower"),
        "denture_full_both": _("Full dentures, upper and lower"),
        "denture_once_in": _("A denture is paid for once in"),
        **_paper_names(),
    }


def _maternity_names() -> dict[str, str]:
    return {
        **_months_paid_names(),
        "lump_sum": _("Childbirth lump sum"),
        "lump_sum_births": _("Births the lump sum is paid for"),
        "parents_who_claim": _("Parents who may claim it for one child"),
        "unions": _("A father may claim if he and the mother are"),
        "leave_rate": _("Leave allowance: part of the wage"),
        "leave_days": _("Leave allowance: paid for"),
        "leave_births": _("Leave allowance: births, at most"),
        "leave_parent": _("Leave allowance: paid to"),
        "prenatal_care": _("Check-ups before the birth, as paid, at most"),
        "stillbirth_from": _("A stillbirth counts from"),
        **_paper_names(),
        "papers_father": _("Also, if the father claims"),
    }


def _invalidity_names() -> dict[str, str]:
    return {
        **_months_paid_names(),
        "loss_at_least": _("Strength lost, at least"),
        "rate": _("Not severe: part of the wage"),
        "months_at_most": _("Not severe: paid for, at most"),
        "severe_loss": _("Severe from a loss of"),
        "severe_rate": _("Severe: part of the wage"),
        "severe_until": _("Severe: paid for"),
        "state_out_patient": _("State hospital, out-patient"),
        "state_in_patient": _("State hospital, in-patient"),
        "private_out_patient": _("Private hospital, out-patient, a month"),
        "private_in_patient": _("Private hospital, in-patient, a month"),
        "transport": _("Transport, a month"),
        **_paper_names(),
    }


def _death_names() -> dict[str, str]:
    return {
        **_months_paid_names(),
        "funeral_grant": _("Funeral grant, whatever the months paid"),
        "survivors_rate": _("Survivors’ allowance: part of the wage"),
        "survivors_months_paid": _("Survivors’ allowance: months paid in all, at least"),
        "survivors_times": _("Survivors’ allowance: paid so many times"),
        "survivors_long_months_paid": _("The longer allowance: months paid in all, at least"),
        "survivors_long_times": _("The longer allowance: paid so many times"),
        "also": _("Paid as well"),
        **_paper_names(),
    }


def _old_age_names() -> dict[str, str]:
    return {
        "age": _("Paid from the age of"),
        "insured_status": _("Being insured"),
        "pension_months": _("A pension for life from, paid in all"),
        "average_months": _("The average wage is that of the last"),
        "base_rate": _("Pension: part of the average wage"),
        "step_rate": _("Pension: more for each step above"),
        "step_months": _("One step is, completely paid"),
        "employer_part_from": _("Lump sum with the employer’s part from, paid in all"),
        "yearly_return": _("Yearly return on the lump sum"),
        "heirs_within": _("The heirs are paid if a pensioner dies within"),
        "heirs_rule": _("The heirs receive the last pension"),
        "heirs_times": _("This number of times, or at least"),
        "forms": _("Form"),
    }


def _child_allowance_names() -> dict[str, str]:
    return {
        **_months_paid_names(),
        "a_month": _("For one child, a month"),
        "children_at_once": _("Children paid for at the same time, at most"),
        "until_birthday": _("Until the child reaches"),
        "children_who_count": _("Children who count"),
        "paid_back": _("Once enough months are paid"),
        **_paper_names(),
        "papers_father": _("Also, if the father claims"),
    }


def _unemployment_names() -> dict[str, str]:
    return {
        **_months_paid_names(),
        "paid_from_day": _("Money counts from"),
        "register_within": _("Register with the Department of Employment within"),
        "report": _("Then report"),
        "not_paid_when": _("Not paid"),
        "laid_off_rate": _("Laid off, part of the wage"),
        "laid_off_days": _("Laid off, days a year"),
        "resigned_rate": _("Resigned or contract ended, part of the wage"),
        "resigned_days": _("Resigned or contract ended, days a year"),
        "natural_disaster_rate": _("Work stopped by a disaster, part of the wage"),
        "natural_disaster_days": _("Work stopped by a disaster, days a year"),
        "epidemic_rate": _("Work stopped by an epidemic, part of the wage"),
        "epidemic_days": _("Work stopped by an epidemic, days a year"),
        "forms": _("Form"),
    }


def _emergency_names() -> dict[str, str]:
    return {
        "critical_first_hours": _("Life in danger, nearest hospital: nothing in advance for the first"),
        "rates_are_of": _("The rates below are those of"),
        "out_patient": _("Out-patient"),
        "in_patient_a_day": _("In-patient, a day"),
        "room_and_food_a_day": _("Room and food, a day"),
        "intensive_care_a_day": _("Intensive care, a day"),
        "surgery_from": _("Surgery, from"),
        "surgery_to": _("Surgery, up to"),
        "medicine": _("Medicine"),
        "laboratory_and_x_ray": _("Laboratory and X-ray"),
    }


def _hospital_change_names() -> dict[str, str]:
    return {
        "sections": _("Insured under section"),
        **_months_paid_names(),
        "annual_window_opens": _("The yearly change: from"),
        "annual_window_closes": _("The yearly change: until"),
        "annual_window_cut_off_time": _("On that last day, before"),
        "annual_changes_per_window": _("Yearly changes in one such time"),
        "days_after_a_move": _("After moving home or workplace, within"),
        "cut_off_time": _("Each half month closes at"),
        "mid_month_day": _("The first half ends on"),
        "month_end_policy": _("The second half ends on"),
        "effective_day_after_first_half": _("Asked in the first half, it starts on"),
        "effective_day_after_second_half": _("Asked in the second half, it starts in the next month on"),
        "open_requests": _("Open requests at one time"),
        "choices": _("Hospitals you may name, in order"),
        "area": _("Where the hospital may lie"),
        "in_patient": _("While in a hospital bed"),
    }


# Its value


def with_unit(number: Any, unit: str) -> Words:
    """A value of the law as people read it."""
    return ", ".join(_code_words(code) for code in number) if isinstance(number, tuple) else _UNITS[unit](number)


def value_words(value: Value) -> Words:
    """As `with_unit`; the few that stand for a place in a row are said as one."""
    if value.key == "unemployment.paid_from_day":
        return _("day %(number)s without work", number=value.text)
    return with_unit(value.value, value.unit)


def entry_words(entry: Entry) -> Words:
    """A value, or that there is none."""
    return gap_words(entry) if isinstance(entry, Gap) else value_words(entry)


def gap_words(gap: Gap) -> str:
    return _("no longer in force") if gap.why == NOT_IN_FORCE else _("not known, call 1506")


_UNITS: Mapping[str, Callable[[Any], Words]] = {
    "baht": lambda sum_: baht(Decimal(sum_)),
    "percent": percent,
    "months": months,
    "days": days,
    "hours": lambda number: ngettext("%(num)s hour", "%(num)s hours", number),
    "weeks": lambda number: ngettext("%(num)s week", "%(num)s weeks", number),
    "years": years,
    "count": str,
    "time": lambda at: clock_time(at) if isinstance(at, time) else str(at),
    "day_of_month": lambda number: _("day %(number)s", number=number),
    "month_day": lambda day: day_month(day.in_year(ANY_YEAR)) if isinstance(day, MonthDay) else _code_words(day),
    "policy": lambda code: _code_words(code),
    "form": lambda number: form_name(number),
}


def form_name(number: str) -> str:
    return _("Form SSO %(number)s", number=number)


def _code_words(code: str) -> str:
    """The words of a code; a number of a form, a section or a range says itself."""
    if re.fullmatch(r"\d-\d\d", code):
        return form_name(code)
    said = {**_PAPERS, **_POLICIES}.get(code)
    if said is not None:
        return said()
    return f"{code} %" if re.fullmatch(r"\d+-\d+", code) else code if code.isdigit() else benefit_name(code)


_POLICIES: Mapping[str, Callable[[], str]] = {
    "for_the_months_due": lambda: _("the months that were due before are paid back"),
    "legitimate": lambda: _("legitimate"),
    "not_adopted": lambda: _("not adopted"),
    "not_given_away": lambda: _("not given up for adoption"),
    "probably_private_hospitals": lambda: _("probably private hospitals"),
    "government_hospitals": lambda: _("government hospitals"),
    "last_working_day": lambda: _("the last working day of the month"),
    "last_calendar_day": lambda: _("the last day of the month"),
    "home_or_work_or_adjoining": lambda: _("the province of home or work, or one beside it"),
    "not_while_an_in_patient": lambda: _("no change"),
    "as_paid": lambda: _("what was paid"),
    "free": lambda: _("nothing to pay"),
    "for_life": lambda: _("life"),
    "no_limit": lambda: _("no limit"),
    "married": lambda: _("legally married"),
    "open_cohabiting": lambda: _("openly living as a couple, neither registered with somebody else"),
    "mother": lambda: _("the mother only"),
    "ended": lambda: _("has ended"),
    "announced_each_year": lambda: _("announced each year, call 1506"),
    "fixed": lambda: _("a fixed number of times"),
    "months_left": lambda: _("for the months left, with a least number"),
    "employer_paid_sick_leave": lambda: _("the sick leave that the employer pays"),
    "monthly": lambda: _("every month"),
    "dismissed_for_fault": lambda: _("after dismissal for a grave fault"),
    "drawing_old_age": lambda: _("while old-age money is drawn"),
    "old_age_lump_sum_to_heirs": lambda: _("the old-age lump sum, to the heirs"),
}

_PAPERS: Mapping[str, Callable[[], str]] = {
    "birth_certificate": lambda: _("Birth certificate"),
    "id_card": lambda: _("ID card"),
    "bank_book": lambda: _("Bank book, first page"),
    "marriage_certificate": lambda: _("Marriage certificate, if married"),
    "death_certificate": lambda: _("Death certificate"),
    "funeral_organiser_proof": lambda: _("Proof of who holds the funeral"),
    "receipt": lambda: _("Receipt"),
    "medical_certificate": lambda: _("Medical certificate"),
    "medical_records": lambda: _("Medical records"),
    "employer_certificate": lambda: _("Certificate from the employer"),
}


def paper_name(code: str) -> str:
    return _PAPERS[code]()


# Since when, by which law, from where, how sure


def since_words(value: Value) -> Words:
    if not value.since_is_known:
        return _("since when is not known")
    if value.since_is_confirmed:
        return ph("since %(day)s", day=short_date(value.since))
    return ph("since about %(day)s, being confirmed", day=short_date(value.since))


def law_words(value: Value) -> Words:
    """The law itself, or that which law it is is being confirmed."""
    if value.law == TO_BE_CONFIRMED:
        return _("which law: being confirmed")
    if found := SECTION.fullmatch(value.law):
        return _("Social Security Act B.E. 2533 (1990), section %(number)s", number=found[1])
    if value.law == REGULATION_OF_2025:
        return ph("Ministerial Regulation published %(day)s", day=short_date(REGULATION_PUBLISHED))
    return Markup('<span lang="en">{}</span>').format(value.law)


def source_words(value: Value) -> str:
    from_page = value.source.startswith("seed 003")
    if from_page and "secondary" in value.source:
        return _("a page of Chulalongkorn University (2025) and public pages about the law")
    if from_page:
        return _("a page of Chulalongkorn University that cites the SSO (2025)")
    if value.source.startswith("our "):
        return _("our own careful reading of a page that cites the SSO")
    if FORM_OF_HOSPITAL_CHOICE in value.source:
        return _("the SSO’s form to choose a hospital")
    return _("public pages about the law; we have not opened the Royal Gazette itself")


def sure_words(value: Value) -> str:
    return {
        "H": _("Confirmed"),
        "M": _("One good source. Being confirmed: call 1506"),
        "L": _("A weak source. Being confirmed: call 1506"),
        "mem": _("General knowledge. Being confirmed: call 1506"),
    }[value.confidence]


# A rule as a page shows it


@once_a_language
def rule_words(value: Value) -> dict[str, Any]:
    """Everything that is told of a value, by the names that the templates know."""
    return {
        "key": value.key,
        "name": rule_name(value.key),
        "value": value_words(value),
        "since": since_words(value),
        "law": law_words(value),
        "source": source_words(value),
        "sure": sure_words(value),
        "is_confirmed": value.is_confirmed,
    }


def by_subject(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of `rule_words` under their subjects, in the order in which they come."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(subject_of(row["key"]), []).append(row)
    return [
        {"id": subject.replace("_", "-"), "subject": subject, "title": subject_name(subject), "rows": found}
        for subject, found in groups.items()
    ]


# What a page in people's hands says otherwise


def differing_words(one: Differing) -> Words:
    """What a page in people's hands says otherwise, and what the law of the day says."""
    year, key = thai_year(one.printed.printed), one.printed.key
    if not isinstance(one.law, Value):
        return _("A page of %(year)s prints a number here that we cannot confirm for this day. Call 1506.", year=year)
    if special := _special_difference(one, one.law, year):
        return special
    theirs, ours = with_unit(one.printed.says, one.law.unit), with_unit(one.law.value, one.law.unit)
    facts: dict[str, Any] = {"year": year, "what": rule_name(key), "theirs": theirs, "ours": ours}
    if not one.law.since_is_known:
        return ph("%(what)s: a page of %(year)s says %(theirs)s; the law says %(ours)s.", **facts)
    since = short_date(one.law.since)
    return ph("%(what)s: a page of %(year)s says %(theirs)s; since %(day)s the law says %(ours)s.", day=since, **facts)


def _special_difference(one: Differing, law: Value, year: int) -> Words:
    """Where two numbers side by side would not say it."""
    match law.key:
        case "sickness.rate":
            return _(
                "A page of %(year)s does not name this money; the law pays %(rate)s of the daily wage.", year=year, rate=percent(_dec(law))
            )
        case "invalidity.severe_loss":
            return _(
                "A page of %(year)s says %(theirs)s for a loss that is not severe; the law says every loss under %(line)s.",
                year=year,
                theirs=_code_words(str(one.printed.says)),
                line=percent(_dec(law)),
            )
        case "old_age.base_rate":
            return _(
                "A page of %(year)s says only how the pension grows; the law begins with %(rate)s of the average wage.",
                year=year,
                rate=percent(_dec(law)),
            )
        case "old_age.heirs_rule":
            return _(
                "A page of %(year)s gives the heirs a fixed number of pensions; now it is the months left, with a least number.", year=year
            )
        case "emergency.rates_are_of":
            return _(
                "A page of %(year)s prints these rates under state hospitals; they are probably those of private hospitals. Call 1506.",
                year=year,
            )
        case "hospital_change.annual_window_opens":
            first, last = (short_date(date.fromisoformat(day)) for day in str(one.printed.says).split("/"))
            return ph("A page of %(year)s names one time only, %(from_)s to %(to)s. It comes every year.", year=year, from_=first, to=last)
    return ""


def _dec(value: Value) -> Decimal:
    return Decimal(value.text)
