"""What a hospital change is called and why, in the words of both languages: for the person's pages and the officers' alike.

Decided: the rule and the timeline give codes; here each code gets its sentence, once. Both sides read the same words, so that an officer
can say on the telephone what the person sees. Every unmet condition carries a way on, never only a "no".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from webapp.actions.hospital_change import DRAFT_DAYS, RESULT, WITH_THE_OFFICE, Item, State, Waits
from webapp.domain.assessment import Reason
from webapp.domain.hospital_change import Cause, HospitalChange, RefusalReason, Status, StepCode, UntilAndFrom
from webapp.domain.hospital_search import Hospital
from webapp.domain.lawbook import Value
from webapp.web.filters import bdi, clock_time, date_time, day_month, say_date, short_date
from webapp.web.helper_words import beside, who_helped
from webapp.web.language import gettext as _
from webapp.web.language import language, ngettext, once_a_language, ph
from webapp.web.sent_later import author
from webapp.web.tools import tools

Words = str | Markup
HOSPITAL_STEP, ORDER_STEP = "/hospital-change/new/hospitals", "/hospital-change/new/order"
CAUSE_STEP, MOVE_STEP = "/hospital-change/new", "/hospital-change/new/move"


# Names


def name_of(hospital: Hospital) -> str:
    """In the page's language."""
    return hospital.name_th if language() == "th" else hospital.name_en


class Names:
    """Names of hospitals and provinces by id, each looked up once; an id the register no longer knows is shown as it is."""

    def __init__(self) -> None:
        self._hospitals: dict[str, str] = {}
        self._provinces: dict[str, str] = {}

    def hospital(self, hospital_id: str) -> str:
        if hospital_id not in self._hospitals:
            found = tools().store.hospital(hospital_id)
            self._hospitals[hospital_id] = name_of(found) if found else hospital_id
        return self._hospitals[hospital_id]

    def province(self, code: str) -> str:
        return self.provinces().get(code, code)

    def provinces(self) -> dict[str, str]:
        """All there are, by their code."""
        if not self._provinces:
            self._provinces = {one.code: one.name_th if language() == "th" else one.name_en for one in tools().store.provinces()}
        return self._provinces

    def place(self, hospital: Hospital) -> str:
        """District (known in Thai only), province, who owns it."""
        district = hospital.district_th if language() == "th" else ""
        parts = (district, self.province(hospital.province_code), ownership_word(hospital.ownership))
        return (" " if language() == "th" else ", ").join(part for part in parts if part)

    def place_of(self, hospital_id: str) -> str:
        """As `place`; empty for one the register does not know."""
        hospital = tools().store.hospital(hospital_id)
        return self.place(hospital) if hospital else ""


def ownership_word(ownership: str) -> str:
    return _("state hospital") if ownership == "state" else _("private hospital")


# Status, cause, why not


@dataclass(frozen=True)
class Tag:
    """A status as a pill: `kind` is the component's ok, wa, bad, inf or old."""

    kind: str
    text: str


@once_a_language
def status_tag(status: Status) -> Tag:
    words: dict[Status, tuple[str, str]] = {
        Status.DRAFT: ("inf", _("Draft, not sent")),
        Status.SUBMITTED: ("ok", _("Sent")),
        Status.RECEIVED: ("ok", _("Received")),
        Status.UNDER_REVIEW: ("wa", _("Being decided")),
        Status.APPROVED: ("ok", _("Approved")),
        Status.IN_EFFECT: ("ok", _("In effect")),
        Status.REFUSED: ("bad", _("Not approved")),
        Status.WITHDRAWN: ("old", _("Withdrawn")),
        Status.WITH_THE_OFFICE: ("wa", _("With the office")),
    }
    return Tag(*words[status])


@once_a_language
def cause_word(cause: Cause) -> str:
    words: dict[Cause, str] = {
        Cause.ANNUAL: _("Yearly change"),
        Cause.MOVED_HOME: _("I moved home"),
        Cause.MOVED_WORKPLACE: _("My usual workplace moved"),
        Cause.CHOSEN_BY_OTHER: _("Somebody else chose my hospital"),
        Cause.OTHER: _("Another reason, or not sure"),
        Cause.FIRST_CHOICE: _("I have no hospital yet"),
        Cause.HOSPITAL_LEFT: _("My hospital is leaving the scheme"),
    }
    return words[cause]


def cause_hint(cause: Cause) -> str:
    words: dict[Cause, str] = {
        Cause.ANNUAL: _("You need no reason while the yearly window is open"),
        Cause.MOVED_HOME: _("You will tell us the day you moved and the province"),
        Cause.MOVED_WORKPLACE: _("You will tell us the day it moved and the province"),
        Cause.CHOSEN_BY_OTHER: _("For example your employer; an officer looks at it"),
        Cause.OTHER: _("Tell it in a few words; an officer looks at it"),
        Cause.FIRST_CHOICE: _("Choose your first hospital"),
        Cause.HOSPITAL_LEFT: _("You need no other reason"),
    }
    return words[cause]


@dataclass(frozen=True)
class WhyNot:
    """Why an officer said no, and what to do next."""

    why: str
    next: str


def refusal_words(reason: RefusalReason) -> WhyNot:
    choose_others = _("Choose other hospitals and send a new request.")
    words: dict[RefusalReason, tuple[str, str]] = {
        RefusalReason.HOSPITAL_FULL: (_("The hospitals you chose are full."), choose_others),
        RefusalReason.HOSPITAL_LEFT_SCHEME: (_("The hospitals you chose are leaving the scheme."), choose_others),
        RefusalReason.NOT_IN_AREA: (
            _("The hospitals are not in the province of your home or work, nor in one that adjoins it."), choose_others,
        ),
        RefusalReason.CAUSE_NOT_SHOWN: (
            _("The papers do not show the reason you gave."),
            _("Take papers that show it to an SSO office, or change in the yearly window."),
        ),
        RefusalReason.OUTSIDE_WINDOW: (
            _("The request came outside the yearly window."),
            _("Send it again when the window opens, or give another reason that applies to you."),
        ),
        RefusalReason.ALREADY_CHANGED_THIS_WINDOW: (
            _("You have already changed hospital in this window."),
            _("You can change again in the next window, or sooner if you move home or workplace."),
        ),
        RefusalReason.NOT_INSURED: (
            _("You were not insured under section 33 or 39 on that day."),
            _("If that is wrong, ask your employer or an SSO office to correct the record."),
        ),
        RefusalReason.NOT_ENOUGH_MONTHS: (
            _("Not enough months have been paid yet."),
            _("Send it again when the months are paid. If that is wrong, ask an SSO office to check."),
        ),
        RefusalReason.IN_PATIENT: (
            _("You were staying in a hospital when you chose."),
            _("Send it again when you have gone home."),
        ),
        RefusalReason.OTHER_OPEN_REQUEST: (
            _("Another request of yours was still open."),
            _("Follow that one, or withdraw it and send a new one."),
        ),
        RefusalReason.FORM_NOT_COMPLETE: (
            _("Something was missing on the form."),
            _("Send a new request with everything filled in."),
        ),
    }  # fmt: skip
    return WhyNot(*words[reason])


# Where a rule comes from


def source_words(value: Value | None) -> Words:
    """Where a rule comes from, and below confidence H that it is still being confirmed; empty for a rule of plain sense."""
    if value is None:
        return ""
    source = _source(value.source)
    if value.is_confirmed:
        return ph("Source: %(source)s", source=source)
    return ph("Source: %(source)s. Being confirmed: call 1506", source=source)


def _source(source: str) -> str:
    if source.startswith("seed 003"):
        return _("a page of Chulalongkorn University that cites the SSO (2025)")
    if source.startswith("our "):
        return _("our own reading; no rule about it is published")
    if "9-02" in source:
        return _("form SSO 9-02")
    return _("what we gathered about the SSO's rules")


# Conditions


@dataclass(frozen=True)
class WayOn:
    """What to do about an unmet condition."""

    text: Words
    href: str = ""
    link: str = ""


@dataclass(frozen=True)
class Condition:
    """One condition as a page prints it; `verdict` is the component's met, not_met or unsure."""

    code: str
    verdict: str
    rule: Words
    yours: Words
    source: Words
    way_on: WayOn | None


@dataclass(frozen=True)
class _Said:
    rule: Words
    yours: Words = ""
    way_on: WayOn | None = None


def condition(reason: Reason, names: Names) -> Condition:
    """The sentence of a reason: the rule, the person's own number, its source, and where it is not met the way on."""
    said = _SAID[reason.code](reason.facts, reason.met, names)
    verdict = {True: "met", False: "not_met", None: "unsure"}[reason.met]
    return Condition(
        reason.code, verdict, said.rule, said.yours, source_words(reason.citation), said.way_on if reason.met is False else None
    )


def conditions(reasons: Sequence[Reason], names: Names) -> list[Condition]:
    """What stands in the way first, then what an officer looks at, then what is met."""
    order = {False: 0, None: 1, True: 2}
    return [condition(reason, names) for reason in sorted(reasons, key=lambda reason: order[reason.met])]


def _insured_section(facts: Mapping[str, Any], met: bool | None, names: Names) -> _Said:
    rule = ph("Insured under section %(sections)s", sections=" / ".join(facts["sections"]))
    section = facts["section"]
    yours = _("section %(section)s", section=section) if section else _("not insured")
    if met is False and section in facts["sections"]:
        yours = _("section %(section)s, not running today", section=section)
    help_ = _("If the record is wrong, ask your employer or an SSO office. Section 40 has no designated hospital.")
    return _Said(rule, yours, WayOn(help_, "/help", _("Ways to ask")))


def _months_paid(facts: Mapping[str, Any], met: bool | None, names: Names) -> _Said:
    rule = ph("%(needed)s months paid within the last %(within)s", needed=facts["needed"], within=facts["within"])
    yours = ngettext("%(num)s month", "%(num)s months", facts["paid"], num=facts["paid"])
    missing = facts["needed"] - facts["paid"]
    more = ngettext("After %(num)s more paid month you can choose.", "After %(num)s more paid months you can choose.", missing, num=missing)
    return _Said(rule, yours, WayOn(more, "/emergency", _("In an emergency: where to go")))


def _no_other_open_request(facts: Mapping[str, Any], met: bool | None, names: Names) -> _Said:
    references = facts["references"]
    yours = ph("%(reference)s is open", reference=bdi(references[0])) if references else _("none open")
    href = f"/hospital-change/{references[0]}" if references else ""
    text = _("Follow the open request, or withdraw it before a decision and send another.")
    return _Said(_("One open request at a time"), yours, WayOn(text, href, _("Open that request")))


def _annual_window(facts: Mapping[str, Any], met: bool | None, names: Names) -> _Said:
    opens, closes = short_date(facts["opens_on"]), short_date(facts["closes_on"])
    at = clock_time(facts["closes_at"])
    rule = ph("The yearly window: %(opens)s to %(closes)s, before %(time)s", opens=opens, closes=closes, time=at)
    today = short_date(tools().clock.today())
    yours = ph("today is %(day)s", day=today)
    if met is None:
        yours = ph("sent after %(time)s: it may miss the window, an officer will decide", time=at)
    text = ph("Come back on %(day)s. If you moved home or workplace, choose that reason.", day=opens)
    return _Said(rule, yours, WayOn(text, CAUSE_STEP, _("Choose another reason")))


def _one_annual_change(facts: Mapping[str, Any], met: bool | None, names: Names) -> _Said:
    references = facts["references"]
    yours = ph("already asked for: %(reference)s", reference=bdi(references[0])) if references else _("none yet")
    text = _("You can still change if you moved home or workplace.")
    return _Said(_("One yearly change in each window"), yours, WayOn(text, CAUSE_STEP, _("Choose another reason")))


def _moved_in_time(facts: Mapping[str, Any], met: bool | None, names: Names) -> _Said:
    days = facts["days"]
    rule = ngettext("Asked for within %(num)s day of the move", "Asked for within %(num)s days of the move", days, num=days)
    yours: Words = _("no date yet")
    if facts["moved_on"] is not None:
        since = facts["days_since"]
        ago = ngettext("%(num)s day ago", "%(num)s days ago", since, num=since)
        yours = ph("%(day)s, %(ago)s", day=short_date(facts["moved_on"]), ago=ago)
    text = _("You can change in the yearly window, or tell an officer your reason.")
    return _Said(rule, yours, WayOn(text, CAUSE_STEP, _("Choose another reason")))


def _move_not_in_the_future(facts: Mapping[str, Any], met: bool | None, names: Names) -> _Said:
    text = _("Send the request when you have moved, or correct the date.")
    return _Said(_("The move has already happened"), short_date(facts["moved_on"]), WayOn(text, MOVE_STEP, _("Correct the date")))


def _no_hospital_yet(facts: Mapping[str, Any], met: bool | None, names: Names) -> _Said:
    yours = bdi(names.hospital(facts["hospital"])) if facts["hospital"] else _("no hospital yet")
    return _Said(_("You have no designated hospital yet"), yours, WayOn(_("You already have one."), CAUSE_STEP, _("Choose another reason")))


def _own_hospital_leaves(facts: Mapping[str, Any], met: bool | None, names: Names) -> _Said:
    yours = bdi(names.hospital(facts["hospital"])) if facts["hospital"] else _("no hospital yet")
    text = _("Your hospital stays in the scheme.")
    return _Said(_("Your hospital is leaving the scheme"), yours, WayOn(text, CAUSE_STEP, _("Choose another reason")))


def _cause_for_an_officer(facts: Mapping[str, Any], met: bool | None, names: Names) -> _Said:
    return _Said(_("An officer looks at your reason"), cause_word(facts["cause"]))


def _not_an_in_patient(facts: Mapping[str, Any], met: bool | None, names: Names) -> _Said:
    rule = _("Not staying in a hospital when you choose")
    yours = _("you said you are not") if met else _("you said you are")
    text = _("Send it when you have gone home. Your answers are kept for %(days)s days.", days=DRAFT_DAYS)
    return _Said(rule, yours, WayOn(text, CAUSE_STEP, _("Change this answer")))


def _number_of_choices(facts: Mapping[str, Any], met: bool | None, names: Names) -> _Said:
    rule = _("One to %(most)s hospitals", most=facts["at_most"])
    yours = _("%(count)s chosen", count=facts["chosen"])
    return _Said(
        rule, yours, WayOn(_("Choose at least one and at most %(most)s.", most=facts["at_most"]), HOSPITAL_STEP, _("Choose hospitals"))
    )


def _choices_differ(facts: Mapping[str, Any], met: bool | None, names: Names) -> _Said:
    return _Said(_("Each hospital only once"), "", WayOn(_("Remove the one named twice."), ORDER_STEP, _("Change my choices")))


def _first_choice_is_another(facts: Mapping[str, Any], met: bool | None, names: Names) -> _Said:
    yours = bdi(names.hospital(facts["hospital"])) if facts["hospital"] else _("no hospital yet")
    text = _("Number 1 is the hospital you already have. Put another one first.")
    return _Said(_("Number 1 is another hospital than the present one"), yours, WayOn(text, ORDER_STEP, _("Change my choices")))


def _choice_in_register(facts: Mapping[str, Any], met: bool | None, names: Names) -> _Said:
    rule = ph("Number %(rank)s is on the list of hospitals", rank=facts["rank"])
    yours = bdi(names.hospital(facts["hospital"]))
    return _Said(rule, yours, WayOn(_("Choose another hospital."), HOSPITAL_STEP, _("Choose hospitals")))


def _choice_serves(facts: Mapping[str, Any], met: bool | None, names: Names) -> _Said:
    starts, name = short_date(facts["starts"]), bdi(names.hospital(facts["hospital"]))
    rule = ph("Number %(rank)s treats insured people on %(day)s", rank=facts["rank"], day=starts)
    yours: Words = name
    if met is False and facts["ended_on"] is not None:
        yours = ph("%(hospital)s, last day %(day)s", hospital=name, day=short_date(facts["ended_on"]))
    return _Said(rule, yours, WayOn(_("Choose another hospital."), HOSPITAL_STEP, _("Choose hospitals")))


def _choice_in_area(facts: Mapping[str, Any], met: bool | None, names: Names) -> _Said:
    rule = ph("Number %(rank)s is in the province of your home or work, or in one that adjoins it", rank=facts["rank"])
    if met is None:
        return _Said(rule, _("your record names no province: an officer looks at it"))
    name, province = bdi(names.hospital(facts["hospital"])), names.province(facts["province"])
    yours = ph("%(hospital)s, %(province)s", hospital=name, province=province)
    text = _("Choose a hospital nearer to your home or work. If you moved, choose that reason and tell us the province.")
    return _Said(rule, yours, WayOn(text, HOSPITAL_STEP, _("Choose hospitals")))


_SAID: dict[str, Callable[[Mapping[str, Any], bool | None, Names], _Said]] = {
    "insured_section": _insured_section,
    "months_paid": _months_paid,
    "no_other_open_request": _no_other_open_request,
    "annual_window": _annual_window,
    "one_annual_change": _one_annual_change,
    "moved_in_time": _moved_in_time,
    "move_not_in_the_future": _move_not_in_the_future,
    "no_hospital_yet": _no_hospital_yet,
    "own_hospital_leaves": _own_hospital_leaves,
    "cause_for_an_officer": _cause_for_an_officer,
    "not_an_in_patient": _not_an_in_patient,
    "number_of_choices": _number_of_choices,
    "choices_differ": _choices_differ,
    "first_choice_is_another": _first_choice_is_another,
    "choice_in_register": _choice_in_register,
    "choice_serves": _choice_serves,
    "choice_in_area": _choice_in_area,
}


# The timeline


def timeline_lines(items: Sequence[Item], case: HospitalChange, names: Names) -> list[dict[str, Any]]:
    """The items as the timeline component takes them."""
    return [_line(item, case, names) for item in items]


def _line(item: Item, case: HospitalChange, names: Names) -> dict[str, Any]:
    state = {State.DONE: "done", State.NOW: "now", State.FUTURE: "next"}[item.state]
    if item.code in (StepCode.REFUSED, StepCode.WITHDRAWN):
        state = "stopped"
    when = date_time(item.at) if item.at else None
    helped = who_helped(item.by, case.person_id) if item.code != StepCode.RECEIVED else ""
    return {"state": state, "title": _title(item), "at": when, "note": beside(_note(item, case, names), helped)}


def _title(item: Item) -> Words:
    if item.code == StepCode.RECEIVED and "effective_on" in item.facts:
        return ph("Received in time for %(day)s", day=day_month(date.fromisoformat(str(item.facts["effective_on"]))))
    return _step_word(item.code, item.state)


@once_a_language
def _step_word(code: str, state: State) -> str:
    words: dict[str, str] = {
        StepCode.SUBMITTED: _("Sent"),
        StepCode.RECEIVED: _("Received"),
        StepCode.PAPER_TIME_SET_ASIDE: _("The time on paper does not count"),
        StepCode.REVIEW_STARTED: _("Being decided"),
        RESULT: _("Result"),
        StepCode.APPROVED: _("Approved"),
        StepCode.APPROVED_LATE: _("Approved after its day"),
        StepCode.REFUSED: _("Not approved"),
        StepCode.WITHDRAWN: _("Withdrawn"),
        StepCode.TOOK_EFFECT: _("New hospital in use") if state is State.DONE else _("New hospital starts"),
        StepCode.REOPENED: _("The approved hospital has left the scheme"),
        WITH_THE_OFFICE: _("With the office"),
    }
    return words[code]


def _note(item: Item, case: HospitalChange, names: Names) -> Words:
    if item.state is State.NOW and item.code != StepCode.TOOK_EFFECT:
        return _who_acts(item, case)
    match item.code:
        case StepCode.SUBMITTED if "paper_at" in item.facts:
            return _("On paper, at the counter")
        case StepCode.PAPER_TIME_SET_ASIDE:
            return _("It counts from the time it was entered.")
        case "result":
            return _("We tell you when there is one.")
        case StepCode.APPROVED | StepCode.APPROVED_LATE:
            return ph("Choice %(rank)s: %(hospital)s", rank=item.facts["rank"], hospital=bdi(names.hospital(str(item.facts["hospital"]))))
        case StepCode.REFUSED if case.refusal_reason is not None:
            return refusal_words(case.refusal_reason).why
        case StepCode.REOPENED:
            return _("Nobody was moved. Your old hospital stays until an officer has decided again.")
        case StepCode.TOOK_EFFECT:
            return _when_it_starts(item)
    return ""


def _who_acts(item: Item, case: HospitalChange) -> Words:
    if item.is_late:
        return _("Its day has come without a decision. Keep going to your old hospital until we tell you.")
    words: dict[Waits | None, str] = {
        Waits.OFFICER: _("Waiting for an officer. You need to do nothing."),
        Waits.ANOTHER_OFFICER: _("A second officer checks the time on paper. You need to do nothing."),
        Waits.OFFICE: ask_the_office(case),
    }
    return words.get(item.waits_for, "")


def ask_the_office(case: HospitalChange) -> str:
    """Where to ask about a status nobody here knows; a prototype's reference is never offered to the hotline."""
    if tools().settings.demonstration:
        return _("This is a prototype: 1506 does not know this request.")
    return _("Call 1506 and give reference %(reference)s.", reference=case.reference)


def _when_it_starts(item: Item) -> Words:
    if item.state is State.DONE:
        return ""
    if item.day is None:
        return _("We tell you the new day with the result.")
    if item.state is State.NOW:
        return ph("From %(day)s. You need to do nothing.", day=short_date(item.day))
    return ph("If approved in time, from %(day)s", day=short_date(item.day))


def receipt_to_keep(case: HospitalChange, halves: UntilAndFrom, names: Names) -> dict[str, Any]:
    """The receipt as plain rows of words, for a phone that keeps it: what to show at a hospital's desk without the net."""
    day = say_date(case.effective_on)
    starts_at = {Status.APPROVED: _("New hospital from"), Status.IN_EFFECT: _("Your hospital since")}
    rows = [(_("Reference"), case.reference), (_("Where it stands"), status_tag(case.status).text)]
    if case.is_undecided or case.status in starts_at:
        rows += [(starts_at.get(case.status, _("If approved in time, new hospital from")), f"{day}: {names.hospital(halves.new)}")]
    if halves.old and case.status is not Status.IN_EFFECT:
        rows += [(_("Until we tell you, go to"), names.hospital(halves.old))]
    return {"id": case.reference, "title": _("Hospital change"), "rows": rows, "author": author()}
