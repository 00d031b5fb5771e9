"""What a benefit asks and answers, in the words of both languages: questions, conditions, amounts, the working.

Decided: the rules give codes with facts; here each code gets its sentence, once, for the page and the printed sheet. Sums are "worked out",
never promised. A fact of the law is written with its unit from the statute book, so that no number of the law stands in a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from webapp.domain.answers import NOT_SURE, Kind, Question
from webapp.domain.assessment import Amount, Assessment, Note, Outcome, Per, Reason
from webapp.web.filters import month_year
from webapp.web.language import MAY_BREAK, once_a_language, ph
from webapp.web.language import gettext as _
from webapp.web.numbers import baht, days, months, percent, satang, times, years

Words = str | Markup
Facts = Mapping[str, Any]


# Names


@once_a_language
def benefit_name(name: str) -> str:
    return {
        "sickness": _("Sickness"),
        "dental": _("Dental care"),
        "maternity": _("Maternity"),
        "invalidity": _("Invalidity"),
        "death": _("Death"),
        "old_age": _("Old age"),
        "child_allowance": _("Child allowance"),
        "unemployment": _("Unemployment"),
        "leaving_work": _("Leaving work: compare"),
    }[name]


@once_a_language
def benefit_line(name: str) -> str:
    """What it is, in a few words."""
    return {
        "sickness": _("Part of your wage while a doctor keeps you off work"),
        "dental": _("Pulling, filling, cleaning, dentures"),
        "maternity": _("Birth, leave and check-ups before the birth"),
        "invalidity": _("When illness or an accident takes part of your strength for good"),
        "death": _("For the funeral and for the family"),
        "old_age": _("Pension or lump sum from the age the law sets"),
        "child_allowance": _("Money each month for small children"),
        "unemployment": _("Laid off, resigned, or the contract ended"),
        "leaving_work": _("Old enough for old-age money? Unemployment money, old-age money and section 39 side by side"),
    }[name]


def benefit_icon(name: str) -> str:
    return {
        "sickness": "pulse",
        "dental": "plus",
        "maternity": "people",
        "invalidity": "scale",
        "death": "flag",
        "old_age": "sun",
        "child_allowance": "person",
        "unemployment": "document",
        "leaving_work": "list",
    }[name]


@once_a_language
def claimed(name: str) -> str:
    """What one claims, inside the sentence of the result."""
    return {
        "sickness": _("sickness money"),
        "dental": _("money for the dentist"),
        "maternity": _("maternity money"),
        "invalidity": _("invalidity money"),
        "death": _("money after a death"),
        "old_age": _("old-age money"),
        "child_allowance": _("child allowance"),
        "unemployment": _("unemployment money"),
    }[name]


@once_a_language
def event_name(event: str) -> str:
    return {
        "lost_job": _("I lost my job"),
        "having_baby": _("We are having a baby"),
        "ill": _("I am ill"),
        "turn_55": _("I turn 55"),
        "someone_died": _("Someone died"),
        "teeth": _("Teeth"),
    }[event]


def event_icon(event: str) -> str:
    return {"lost_job": "document", "having_baby": "people", "ill": "pulse", "turn_55": "sun", "someone_died": "flag", "teeth": "plus"}[
        event
    ]


# Questions


@dataclass(frozen=True)
class Asked:
    """A question page: `label` names the field where a number is typed."""

    title: Markup
    hint: str = ""
    label: str = ""
    skip: str = ""

    @property
    def plain(self) -> str:
        """The title without its phrase marks, where no markup may stand."""
        return self.title.replace(MAY_BREAK, "").striptags()


@once_a_language
def asked_day(benefit: str) -> Asked:
    titles = {
        "sickness": ph("When did the treatment begin?"),
        "dental": ph("When was the treatment at the dentist?"),
        "maternity": ph("When was the birth, or when is it expected?"),
        "invalidity": ph("When was the invalidity found?"),
        "death": ph("When did the person die?"),
        "unemployment": ph("Which was, or will be, your first day without work?"),
        "leaving_work": ph("Which was, or will be, your first day without work?"),
    }
    return Asked(
        titles[benefit], _("The law of that day counts. For example 12 4 2026. The month may be a name."), skip=_("Not sure, take today")
    )


@once_a_language
def question_words(benefit: str, name: str) -> Asked:
    of_benefit = {
        ("death", "months_paid_in_6"): Asked(
            ph("How many of the 6 months before the month of death were paid?"),
            _("Each month counts once. It stands on the payslips."),
            _("Months"),
        ),
        ("death", "months_paid_total"): Asked(
            ph("How many months were paid in all?"), _("An estimate will do. 10 years are 120 months."), _("Months")
        ),
        ("death", "wage"): Asked(ph("What was the wage of a month?"), _("Before anything is taken off."), _("Baht a month")),
        ("heirs", "months_paid_total"): Asked(
            ph("How many months were paid in all?"), _("By the person who died. An estimate will do: 10 years are 120 months."), _("Months")
        ),
        ("heirs", "average_wage_60"): Asked(
            ph("What was the wage on average over the last 60 months of work?"),
            _("Of the person who died, before anything is taken off. Above the ceiling of a month it counts as the ceiling."),
            _("Baht a month"),
        ),
        ("leaving_work", "age"): Asked(ph("How old will you be on that day?"), "", _("Years")),
        ("maternity", "months_paid_in_15"): Asked(
            ph("How many of the 15 months before the month of birth did you pay?"),
            _("Each month in which a contribution was taken from your wage counts once."),
            _("Months"),
        ),
    }
    return of_benefit.get((benefit, name)) or _common_questions()[name]


def _common_questions() -> dict[str, Asked]:
    paid = _("Each month in which a contribution was taken from your wage counts once.")
    return {
        "months_paid_in_15": Asked(ph("How many of the 15 months before did you pay?"), paid, _("Months")),
        "months_paid_in_36": Asked(ph("How many of the last 36 months did you pay?"), paid, _("Months")),
        "months_paid_total": Asked(
            ph("How many months have you paid in all?"), _("An estimate will do. 10 years are 120 months."), _("Months")
        ),
        "wage": Asked(ph("What is your wage a month?"), _("Before anything is taken off, in the months before."), _("Baht a month")),
        "average_wage_60": Asked(
            ph("What was your wage on average over the last 60 months?"),
            _("Before anything is taken off. Above the ceiling of a month it counts as the ceiling."),
            _("Baht a month"),
        ),
        "employer_sick_leave_used": Asked(
            ph("Have you used up the sick leave that your employer pays?"), _("Until then your employer pays, and the fund does not.")
        ),
        "days_off": Asked(
            ph("For how many days does the doctor keep you off work?"), _("The number on the medical certificate."), _("Days")
        ),
        "chronic": Asked(ph("Is it a chronic disease?"), _("A disease that lasts long and needs treatment again and again.")),
        "days_paid_this_year": Asked(
            ph("For how many days have you had this money already this calendar year?"), _("None? Type 0."), _("Days")
        ),
        "treatment": Asked(ph("What did the dentist do, or will do?")),
        "cost": Asked(ph("What does it cost?"), _("The sum on the receipt."), _("Baht")),
        "used_this_year": Asked(ph("How much have you used already this calendar year?"), _("Nothing yet? Type 0."), _("Baht")),
        "parent": Asked(ph("Which parent are you?")),
        "union": Asked(ph("Are you and the mother a couple?"), _("A father claims only under one of the first two.")),
        "other_parent_claimed": Asked(
            ph("Has the other parent claimed the childbirth lump sum for this child already?"),
            _("It is paid once for a child, to one of you."),
        ),
        "leave_allowances_before": Asked(
            ph("How many times have you had the maternity leave allowance before?"), _("None? Type 0."), _("Number of times")
        ),
        "prenatal_cost": Asked(ph("What did the check-ups before the birth cost?"), _("All receipts together. None? Type 0."), _("Baht")),
        "loss_percent": Asked(
            ph("How much of your strength is lost for good?"), _("The percentage that the doctors of the SSO certified."), _("Percent")
        ),
        "age": Asked(ph("How old are you?"), _("Your age today, in whole years. The years ahead are worked out for you."), _("Years")),
        "still_insured": Asked(
            ph("Are you still insured, under section 33 or 39?"),
            _("Old-age money is paid once you are no longer insured. Still working? Answer Yes: you see what each year adds."),
        ),
        "months_pension_drawn": Asked(
            ph("For how many months had the person who died drawn the pension?"),
            _("Count the months in which a pension was paid. An estimate will do."),
            _("Months"),
        ),
        "children": Asked(ph("How old are your children?"), _("Completed years, with a space between: 0 3 5. A baby is 0."), _("Ages")),
        "cause": Asked(ph("Why did your work end?")),
        "dismissed_for_fault": Asked(
            ph("Were you dismissed for a grave fault?"), _("For example dishonesty, or seven days off in a row without a reason.")
        ),
    }


@once_a_language
def choice_words(question: str, choice: str) -> tuple[str, str]:
    """Label and hint of one answer."""
    return {
        ("cause", "laid_off"): (_("My employer let me go"), _("Laid off, or the business closed")),
        ("cause", "resigned"): (_("I resigned"), ""),
        ("cause", "contract_ended"): (_("My contract ended"), ""),
        ("cause", "natural_disaster"): (_("Work stopped because of a disaster"), _("For example flood or fire")),
        ("cause", "epidemic"): (_("Work stopped because of an epidemic"), ""),
        ("parent", "mother"): (_("The mother"), ""),
        ("parent", "father"): (_("The father"), ""),
        ("union", "married"): (_("Legally married"), ""),
        ("union", "open_cohabiting"): (_("Living openly as a couple"), _("And neither is registered with somebody else")),
        ("union", "neither"): (_("Neither of the two"), ""),
        ("treatment", "basic"): (_("Pulling, filling, cleaning, a wisdom tooth"), ""),
        ("treatment", "denture_1_5"): (_("A denture of 1 to 5 teeth"), ""),
        ("treatment", "denture_over_5"): (_("A denture of more than 5 teeth"), ""),
        ("treatment", "denture_full_one"): (_("A full denture, upper or lower"), ""),
        ("treatment", "denture_full_both"): (_("Full dentures, upper and lower"), ""),
    }[question, choice]


@once_a_language
def _yes_no(question: str) -> tuple[str, str]:
    """Thai has no one word for yes: each question is answered with its own verb."""
    return {
        "employer_sick_leave_used": (_("Yes, it is used up"), _("No, not yet")),
        "chronic": (_("Yes, a chronic disease"), _("No, another illness")),
        "other_parent_claimed": (_("Yes, claimed already"), _("No, not claimed")),
        "still_insured": (_("Yes, still insured"), _("No, no longer insured")),
        "dismissed_for_fault": (_("Yes, for a grave fault"), _("No, for another reason")),
    }[question]


def options(question: Question) -> list[dict[str, str]]:
    """The cards of a question; the last is always "not sure"."""
    if question.kind is Kind.YES_NO:
        yes, no = _yes_no(question.name)
        cards = [{"value": "yes", "label": yes}, {"value": "no", "label": no}]
    else:
        said = [(choice, choice_words(question.name, choice)) for choice in question.choices]
        cards = [{"value": choice, "label": label, "hint": hint} for choice, (label, hint) in said]
    return [*cards, {"value": NOT_SURE, "label": _("Not sure"), "hint": _("We will tell you what this leaves open")}]


def answer_words(question: Question, answer: Any) -> str:
    """An answer said back; None is "not sure"."""
    if answer is None:
        return _("Not sure")
    match question.kind:
        case Kind.YES_NO:
            return _yes_no(question.name)[0 if answer else 1]
        case Kind.CHOICE:
            return choice_words(question.name, answer)[0]
        case Kind.MONEY:
            return baht(answer)
        case Kind.PERCENT:
            return percent(answer)
        case Kind.CHILDREN:
            return _("%(ages)s years", ages=", ".join(str(age) for age in answer))
    return _counted(question.name, answer)


def _counted(name: str, number: int) -> str:
    if name == "age":
        return years(number)
    if name.startswith("days_"):
        return days(number)
    return times(number) if name == "leave_allowances_before" else months(number)


def fault_words(question: Question, code: str, highest: int | None) -> str:
    """What to do about an answer that cannot be taken."""
    match question.kind, code:
        case (Kind.COUNT, "not_understood" | "not_whole" | "out_of_range"):
            return _("Type a whole number from 0 to %(highest)s", highest=highest)
        case (Kind.PERCENT, _any):
            return _("Type a percentage from 0 to 100")
        case (Kind.MONEY, _any):
            return _("Type an amount in baht, such as 12000. It cannot be below 0")
        case (Kind.CHILDREN, "too_many"):
            return _("That is too many children for one check")
        case (Kind.CHILDREN, _any):
            return _("Type each age as a whole number, with a space between, such as 0 3 5")
    return _("Choose an answer, or “Not sure”")


def blank_words(question: Question) -> str:
    if question.kind in (Kind.CHOICE, Kind.YES_NO):
        return _("Choose an answer, or “Not sure”")
    return _("Type an answer, or press “Not sure”")


# The result


def headline(assessment: Assessment) -> Markup:
    what = claimed(assessment.benefit)
    if assessment.outcome is Outcome.NOT_ENTITLED:
        return ph("Based on your answers, you cannot claim %(what)s yet", what=what)
    if assessment.outcome is Outcome.NOT_SURE:
        unsure = sum(reason.met is None for reason in assessment.reasons)
        if unsure == 1:
            return ph("We can’t tell yet about %(what)s: we need to know 1 more thing", what=what)
        return ph("We can’t tell yet about %(what)s: we need to know %(number)s more things", what=what, number=unsure)
    left = sum(task.code in LEFT_TO_DO for task in assessment.to_do)
    if left:
        return ph("Based on your answers, you can claim %(what)s, with %(number)s things left to do", what=what, number=left)
    return ph("Based on your answers, you can claim %(what)s", what=what)


def heirs_headline(assessment: Assessment, drawn: int | None, within: int) -> Markup:
    """For the family of a pensioner: their sum decides, not the conditions of the one who drew it."""
    if drawn is not None and drawn >= within:
        return ph("Based on your answers, the family cannot claim the lump sum for heirs")
    if assessment.amount("pension_heirs_lump_sum"):
        return ph("Based on your answers, the family can claim the lump sum for heirs")
    return ph("We can’t tell yet about the lump sum for heirs")


LEFT_TO_DO = frozenset({"register_by", "report_each_month"})


@dataclass(frozen=True)
class Condition:
    """One condition for the condition list."""

    verdict: str
    rule: Words
    yours: Words
    detail: Words


def condition(reason: Reason) -> Condition:
    verdict = {True: "met", False: "not_met", None: "unsure"}[reason.met]
    return Condition(verdict, _rule(reason), _yours(reason), _detail(reason))


def _rule(reason: Reason) -> str:
    needed = reason.facts.get("needed")
    rules: dict[str, Callable[[], str]] = {
        "months_paid": lambda: _("At least %(needed)s of the %(within)s months before paid", needed=needed, within=reason.facts["within"]),
        "employer_sick_leave_used": lambda: _("The sick leave your employer pays is used up"),
        "not_dismissed_for_fault": lambda: _("Not dismissed for a grave fault"),
        "union": lambda: _("Married to the mother, or living openly with her"),
        "loss_percent": lambda: _("At least %(needed)s of strength lost", needed=percent(needed or 0)),
        "child_young_enough": lambda: _("A child under %(needed)s", needed=years(needed or 0)),
        "age": lambda: _("At least %(needed)s old", needed=years(needed or 0)),
        "insured_status_ended": lambda: _("No longer insured under section 33 or 39"),
        "months_paid_at_all": lambda: _("At least %(needed)s paid", needed=months(needed or 0)),
    }
    return rules[reason.code]()


def _yours(reason: Reason) -> str:
    mine = reason.facts.get("yours")
    if mine is None:
        return _("not sure")
    said: dict[str, Callable[[], str]] = {
        "months_paid": lambda: months(mine),
        "months_paid_at_all": lambda: months(mine),
        "employer_sick_leave_used": lambda: _("used up") if mine else _("not used up"),
        "not_dismissed_for_fault": lambda: _("no fault") if mine else _("dismissed for a fault"),
        "union": lambda: choice_words("union", mine)[0],
        "loss_percent": lambda: percent(mine),
        "child_young_enough": lambda: _("the youngest is %(age)s", age=years(mine)),
        "age": lambda: years(mine),
        "insured_status_ended": lambda: _("no longer insured") if mine else _("still insured"),
    }
    return said[reason.code]()


def _detail(reason: Reason) -> Words:
    parts: list[Words] = []
    if reason.met is False and reason.code == "months_paid":
        parts.append(_("Still missing: %(months)s", months=months(reason.facts["needed"] - reason.facts["yours"])))
    if reason.met is False and reason.code == "age":
        parts.append(_("Still missing: %(years)s", years=years(reason.facts["needed"] - reason.facts["yours"])))
    if reason.citation and not reason.citation.is_confirmed:
        parts.append(_("Being confirmed: call 1506"))
    return Markup("<br>").join(parts)


def reason_name(reason: str) -> str:
    """A condition as a thing that an answer leaves open."""
    return {
        "months_paid": _("whether enough months are paid"),
        "employer_sick_leave_used": _("whether the employer’s sick leave is used up"),
        "not_dismissed_for_fault": _("whether a dismissal stands in the way"),
        "union": _("whether a father can claim"),
        "loss_percent": _("whether enough strength is lost"),
        "child_young_enough": _("whether a child is young enough"),
        "age": _("whether the age is reached"),
        "insured_status_ended": _("whether being insured has ended"),
        "months_paid_at_all": _("whether anything was paid"),
    }[reason]


def amount_name(code: str) -> str:
    return {
        "sickness_daily": _("Sickness money for one day"),
        "sickness_total": _("Sickness money for all the days together"),
        "dental": _("Paid back for the dentist"),
        "maternity_lump_sum": _("Childbirth lump sum"),
        "maternity_leave_allowance": _("Maternity leave allowance"),
        "prenatal_care": _("Paid back for check-ups before the birth"),
        "invalidity_monthly": _("Invalidity money for one month"),
        "funeral_grant": _("Funeral grant"),
        "survivors_allowance": _("Survivors’ allowance"),
        "pension_monthly": _("Old-age pension for one month"),
        "old_age_own_contributions": _("Old-age lump sum from your own contributions"),
        "old_age_lump_sum_before_return": _("Old-age lump sum, before the yearly return"),
        "pension_heirs_lump_sum": _("Lump sum for the heirs"),
        "child_allowance_monthly": _("Child allowance for one month"),
        "unemployment_monthly": _("Unemployment money for one month"),
        "unemployment_total": _("Unemployment money in all"),
    }[code]


def amount_title(amount: Amount) -> str:
    """Its name; a sum of days says of how many, since they may reach into the next year."""
    counted = next((step.facts["days"] for step in amount.working if step.code == "days_left_this_year"), None)
    return amount_name(amount.code) if counted is None else _("Unemployment money for at most %(days)s", days=days(counted))


def claim_by(day: date, today: date, said: Callable[[date], str]) -> Markup:
    """The last day to claim, also where it lies behind."""
    if day < today:
        return ph("The day to claim by was %(day)s. Ask 1506 whether it can still be taken", day=said(day))
    return ph("Claim by %(day)s", day=said(day))


def amount_said(amount: Amount) -> str:
    sum_ = baht(amount.baht)
    match amount.per:
        case Per.DAY:
            return _("%(sum)s a day", sum=sum_)
        case Per.MONTH:
            return _("%(sum)s a month", sum=sum_)
        case Per.YEAR:
            return _("%(sum)s a year", sum=sum_)
    return sum_


def leaves_open(codes: tuple[str, ...]) -> str:
    """What a "not sure" leaves open, as one list; conditions come before amounts."""
    return ", ".join(reason_name(code) if code in _REASONS else amount_name(code) for code in codes)


_REASONS = frozenset(
    ("months_paid", "employer_sick_leave_used", "not_dismissed_for_fault", "union", "loss_percent", "child_young_enough", "age")
    + ("insured_status_ended", "months_paid_at_all")
)

Line = tuple[str, Words]


def working_lines(amount: Amount) -> list[dict[str, Any]]:
    """The working as rows of label and value; the last is the sum itself."""
    said = [line for step in amount.working for line in _WORKING[step.code](step.facts)]
    rows: list[dict[str, Any]] = [{"label": label, "value": value} for label, value in said]
    return [*rows, {"label": _("Worked out"), "value": amount_said(amount), "total": True}]


def _average(facts: Facts) -> list[Line]:
    several = " + ".join(f"{wage.rounded:,.2f}" for wage in facts["wages"])
    first = _(
        "Wages of %(first)s to %(last)s, capped by the ceiling",
        first=month_year(facts["first_month"]),
        last=month_year(facts["last_month"]),
    )
    better = _("The best three months in a row are taken") if facts["better_run"] else _("Average for one month")
    divided = _("Wage for one day (%(total)s ÷ %(divisor)s)", total=f"{facts['total'].rounded:,.2f}", divisor=facts["divisor"])
    return [(first, several), (better, satang(facts["a_month"])), (divided, satang(facts["baht"]))]


def _days_paid_for(facts: Facts) -> list[Line]:
    return [
        (_("Days off work"), days(facts["days_off"])),
        (_("At most at one time"), days(facts["a_time"])),
        (_("At most in a calendar year"), days(facts["a_year"])),
        (_("Already had this year"), days(facts["paid_this_year"])),
        (_("Days that count"), days(facts["days"])),
    ]


def _days_left(facts: Facts) -> list[Line]:
    return [
        (_("At most in a calendar year"), days(facts["a_year"])),
        (_("Already had this year"), days(facts["paid_this_year"])),
        (_("Left of the yearly limit"), days(facts["days"])),
    ]


def _mean(facts: Facts) -> list[Line]:
    lowered = [(_("As you stated it"), satang(facts["stated"]))] if "stated" in facts else []
    return [*lowered, (_("Average wage of the last %(months)s", months=months(facts["months"])), satang(facts["baht"]))]


def _pension_rate(facts: Facts) -> list[Line]:
    whole = _("Whole %(step)s above %(needed)s", step=months(facts["step_months"]), needed=facts["needed"])
    return [
        (_("Months paid"), months(facts["months"])),
        (_("For the first %(needed)s", needed=months(facts["needed"])), percent(facts["base_rate"])),
        (whole, f"{facts['steps']} × {percent(facts['step_rate'])}"),
        (_("Left over, adds nothing"), months(facts["left_over"])),
        (_("Together"), percent(facts["rate"])),
    ]


def _own(facts: Facts) -> list[Line]:
    share = _("Of it, your old-age contribution: %(rate)s", rate=percent(facts["rate"]))
    return [(_("Wages of %(months)s", months=months(facts["months"])), satang(facts["wages"])), (share, satang(facts["baht"]))]


def _own_from_mean(facts: Facts) -> list[Line]:
    share = _("Of it, your old-age contribution: %(rate)s", rate=percent(facts["rate"]))
    wages = _("Average wage × %(months)s", months=months(facts["months"]))
    return [(_("Average wage"), satang(facts["mean"])), (wages, satang(facts["wages"])), (share, satang(facts["baht"]))]


def _months_left(facts: Facts) -> list[Line]:
    return [
        (_("Months the pension was drawn"), months(facts["drawn"])),
        (_("Months left"), months(facts["left"])),
        (_("Multiplied at least by"), str(facts["at_least"])),
        (_("Pension multiplied by"), str(facts["times"])),
    ]


_WORKING: Mapping[str, Callable[[Facts], list[Line]]] = {
    "average_wage": _average,
    "mean_of_last_months": _mean,
    "rate_of_day": lambda facts: [(_("Of a day’s wage: %(rate)s", rate=percent(facts["rate"])), satang(facts["baht"]))],
    "rate_of_month": lambda facts: [(_("Of a month’s wage: %(rate)s", rate=percent(facts["rate"])), satang(facts["baht"]))],
    "times_days": lambda facts: [(f"{satang(facts['daily'])} × {days(int(facts['days']))}", satang(facts["baht"]))],
    "days_paid_for": _days_paid_for,
    "days_left_this_year": _days_left,
    "lump_sum": lambda facts: [(_("The sum that the law sets"), satang(facts["baht"]))],
    "as_paid": lambda facts: [(_("What it cost"), satang(facts["cost"])), (_("At most"), satang(facts["at_most"]))],
    "left_this_year": lambda facts: [
        (_("The limit for a calendar year"), satang(facts["limit"])),
        (_("Used this year"), satang(facts["used"])),
        (_("Left this year"), satang(facts["baht"])),
    ],
    "limit": lambda facts: [(_("The limit for this denture"), satang(facts["baht"]))],
    "severe": lambda facts: [(_("Strength lost (severe from %(from_)s)", from_=percent(facts["severe_from"])), percent(facts["loss"]))],
    "not_severe": lambda facts: [(_("Strength lost (severe from %(from_)s)", from_=percent(facts["severe_from"])), percent(facts["loss"]))],
    "paid_for": lambda facts: [(_("Paid for"), months(facts["months"]) if "months" in facts else _("life"))],
    "months_paid_band": lambda facts: [
        (_("Months paid (at least %(least)s)", least=facts["at_least"]), months(facts["yours"])),
        (_("Multiplied by"), str(facts["times"])),
    ],
    "times": lambda facts: [(f"{satang(facts['of'])} × {facts['times']}", satang(facts["baht"]))],
    "children_counted": lambda facts: [
        (_("Children young enough"), str(facts["young_enough"])),
        (_("Paid for at the same time, at most"), str(facts["at_once"])),
    ],
    "a_child": lambda facts: [(_("For one child"), satang(facts["a_month"])), (_("Children"), str(facts["children"]))],
    "pension_rate": _pension_rate,
    "own_contributions": _own,
    "own_contributions_from_mean": _own_from_mean,
    "employer_paid_as_much": lambda facts: [(_("Your employer paid as much again"), satang(facts["own"]))],
    "months_left": _months_left,
}


def note_words(note: Note) -> Words:
    facts = note.facts
    said: dict[str, Callable[[], Words]] = {
        "if_no_paid_month_falls_out": lambda: _("The month above holds if no month you have paid falls out of the count before then."),
        "not_while_drawing_old_age": lambda: _("Unemployment money is not paid to those who draw old-age money."),
        "who_should_claim": lambda: _who(facts["who"]),
        "unless_other_parent_claimed": lambda: _("The childbirth lump sum falls away if the other parent has claimed it already."),
        "unless_leave_allowance_used_up": lambda: _(
            "The leave allowance falls away if you have had it %(births)s before.", births=times(facts["births"])
        ),
        "leave_allowance_used_up": lambda: _("The leave allowance is paid %(births)s; you have had them.", births=times(facts["births"])),
        "denture_once_in_years": lambda: _("A denture is paid once in %(years)s.", years=years(facts["years"])),
        "heirs_also_receive_old_age": lambda: _("The heirs also receive the old-age money of the person who died. Ask for it together."),
        "too_few_months_for_survivors": lambda: _(
            "The survivors’ allowance needs %(needed)s paid in all; there are %(yours)s.",
            needed=months(facts["needed"]),
            yours=facts["yours"],
        ),
        "paid_back_for_months_due": lambda: _("Once enough months are paid, the months that were due before are paid back."),
        "pension_needs_months": lambda: _(
            "A pension for life needs %(needed)s; you have %(yours)s. Paying on, you reach it in %(month)s; until then it is a lump sum.",
            needed=months(facts["needed"]),
            yours=facts["yours"],
            month=month_year(facts["reached_on"]),
        ),
        "average_wage_lowered": lambda: _(
            "You stated %(stated)s on average; the ceilings of these months allow %(highest)s, so that is what counts.",
            stated=baht(facts["stated"]),
            highest=baht(facts["highest"]),
        ),
        "plus_yearly_return": lambda: _("To the lump sum comes the yearly return that the SSO announces; it is not in this figure."),
        "estimated_from_mean": lambda: _(
            "This is an estimate: the average of the last %(months)s stands for the months before them too.",
            months=months(facts["mean_months"]),
        ),
        "months_at_a_temporary_rate": lambda: _temporary_rate(facts),
        "chronic_limit_of_one_time_open": lambda: _(
            "We count at most %(days)s at one time for a chronic disease too. "
            "Whether that limit holds for it is being confirmed: call 1506.",
            days=days(facts["a_time"]),
        ),
        "value_not_known": lambda: _("For this day a number of the law is not known to us, so a sum is left out. Call 1506."),
    }
    return said[note.code]()


def _temporary_rate(facts: Facts) -> str:
    """Only wages month by month say which months were paid; else they are the most it can be."""
    counted = months(facts["months"])
    if facts["by_month"]:
        return _(
            "In %(months)s the contribution was lowered for a time, so a little less was paid in than this figure says.", months=counted
        )
    return _(
        "In up to %(months)s the contribution may have been lowered for a time. If you paid in these, a little less was paid in than this "
        "figure says.",
        months=counted,
    )


def _who(who: str) -> str:
    return {
        "other_parent_has_claimed": _(
            "The other parent has claimed the lump sum, so it is not paid again. The leave allowance stays the mother’s."
        ),
        "other_parent": _(
            "If the other parent is insured, the other parent may be able to claim the lump sum. The leave allowance stays the mother’s."
        ),
        "you": _("You can claim the lump sum yourself; only one of you two parents does."),
        "either_of_you": _(
            "Either of you may claim the lump sum, if both are insured, but only one does. The leave allowance stays the mother’s."
        ),
    }[who]
