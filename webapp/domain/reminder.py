"""Reminders: which there are, when each is due, and until when it is worth reading.

Decided:
- A reminder is due inside 08:00-20:00 in Bangkok and never outside. These hours, and the 30, 7 and 1 days, are the app's own promise
  (issue 4), no number of the law; every day and cut-off comes from hospital_change_dates.py and the law book.
- Each reminder of a chain ends where the next begins: whoever's phone was off for a month hears the last word, not five. What counts the
  days that are left ends the evening of its own day: "7 days left" is never read on the day after.
- `key` names the occasion for good; with the one it is for, it is unique in the store. So planning again, by two workers or after a clock
  was put back, never makes a second one. `about` is what it hangs on: a case, a last day, a hospital. When that falls away, so does it.
- "From today the new hospital" hangs on an approval, "still the old one" on a case that nobody decided: the two can never stand together.
- Of money that may still be claimed only what the record itself dates is told: the last insured day it names. "If a child was born" is
  told by the page; a reminder of it would come to everybody, every day.
- Whether somebody registered as unemployed, and on which day they report, only the Department of Employment knows. So the monthly report
  is told as a condition ("if you registered"), without a day, in each month that the longest money for it would reach.
Put aside: quiet hours of one's own (a phone has them), and a reminder the day before the new hospital (the approval named the day).
Words are in web/reminder_words.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from webapp.domain.benefits.catalogue import BENEFITS
from webapp.domain.benefits.unemployment import reporting_days
from webapp.domain.contribution_record import EMPLOYED
from webapp.domain.dates import BANGKOK, add_months, first_of_month, in_bangkok
from webapp.domain.hospital_change import HospitalChange, Leaving, Status, Step, StepCode
from webapp.domain.hospital_change_dates import ONE_DAY, CutOff, Rules, WindowNow, annual_window, cut_offs
from webapp.domain.lawbook import Consulted, LawBook, NotKnown
from webapp.domain.person import Person, distinct_months
from webapp.domain.still_claimable import Event, StillClaimable

FIRST_HOUR, LAST_HOUR = time(8), time(20)
DAYS_BEFORE_THE_WINDOW_CLOSES = (30, 7, 1)
DAYS_BEFORE_REGISTERING_ENDS = (7, 1)
DAYS_BEFORE_CLAIMING_ENDS = (30, 7)
A_WEEK, FOUR_WEEKS = timedelta(days=7), timedelta(days=28)
LONGEST_KEPT = FOUR_WEEKS
"""A push service keeps nothing longer, whatever it is asked."""
RENEW_BEFORE = timedelta(days=5)
LONGEST_SILENCE = timedelta(days=55)
"""Push services end a subscription that nothing came through for some months: before two are over we ask for a tap."""


class Kind(StrEnum):
    """What somebody can switch on and off; SERVICE (a test, a subscription about to end, a new sign-in) has no switch."""

    WINDOW = "window"
    CUT_OFF = "cut_off"
    DRAFT = "draft"
    REQUEST = "request"
    HOSPITAL_LEAVES = "hospital_leaves"
    BENEFIT = "benefit"
    UNEMPLOYMENT = "unemployment"
    CLAIM = "claim"
    SERVICE = "service"


SWITCHES = tuple(kind for kind in Kind if kind is not Kind.SERVICE)
FOR_ANYBODY = frozenset({Kind.WINDOW, Kind.CUT_OFF})
"""Name no person: these reach a phone that nobody signed in on, too."""
FOR_EVERY_ACCOUNT = frozenset({Kind.WINDOW})
"""Stand in the messages of everybody who ever signed in, whether or not a phone asked for them: a switch is about the phone alone."""
ON_AT_FIRST = frozenset(SWITCHES) - {Kind.CUT_OFF, Kind.BENEFIT}
"""Cut-offs of every half month are for those who ask. So is looking at somebody's months for a new benefit: it takes a yes of its own."""


class Occasion(StrEnum):
    """What a reminder says; one text each in both languages."""

    WINDOW_OPENS = "window_opens"
    WINDOW_30_DAYS = "window_30_days"
    WINDOW_7_DAYS = "window_7_days"
    WINDOW_1_DAY = "window_1_day"
    WINDOW_LAST_MORNING = "window_last_morning"
    CUT_OFF_TOMORROW = "cut_off_tomorrow"
    CUT_OFF_TODAY = "cut_off_today"
    DRAFT_TOMORROW = "draft_tomorrow"
    DRAFT_TODAY = "draft_today"
    REQUEST_ENTERED = "request_entered"
    REQUEST_RECEIVED = "request_received"
    REQUEST_PAPER_TIME = "request_paper_time"
    REQUEST_UNDER_REVIEW = "request_under_review"
    REQUEST_APPROVED = "request_approved"
    REQUEST_APPROVED_LATE = "request_approved_late"
    REQUEST_REFUSED = "request_refused"
    REQUEST_WITHDRAWN = "request_withdrawn"
    CORRECTION_ANSWERED = "correction_answered"
    NEW_HOSPITAL_STARTS = "new_hospital_starts"
    STILL_OLD_HOSPITAL = "still_old_hospital"
    HOSPITAL_LEAVES = "hospital_leaves"
    BENEFIT_QUALIFIED = "benefit_qualified"
    UNEMPLOYMENT_7_DAYS = "unemployment_7_days"
    UNEMPLOYMENT_1_DAY = "unemployment_1_day"
    UNEMPLOYMENT_REPORT = "unemployment_report"
    CLAIM_30_DAYS = "claim_30_days"
    CLAIM_7_DAYS = "claim_7_days"
    CLAIM_NEWS_DRAFT = "claim_news_draft"
    CLAIM_NEWS_SENT = "claim_news_sent"
    CLAIM_NEWS_TAKEN = "claim_news_taken"
    CLAIM_NEWS_PAPER = "claim_news_paper"
    CLAIM_NEWS_PAPER_AGAIN = "claim_news_paper_again"
    CLAIM_NEWS_PAPER_UNREAD = "claim_news_paper_unread"
    CLAIM_NEWS_PAYMENT = "claim_news_payment"
    CLAIM_NEWS_DECIDED = "claim_news_decided"
    CLAIM_NEWS_AT_BANK = "claim_news_at_bank"
    CLAIM_NEWS_RETURNED = "claim_news_returned"
    CLAIM_NEWS_RETURNED_AGAIN = "claim_news_returned_again"
    CLAIM_NEWS_PAID = "claim_news_paid"
    CLAIM_NEWS_WITHDRAWN = "claim_news_withdrawn"
    CLAIM_NEWS_APPEALED = "claim_news_appealed"
    SIGN_IN_NEW = "sign_in_new"
    SIGN_IN_CODE = "sign_in_code"
    SIGN_IN_WAY = "sign_in_way"
    CONTACT_CHANGED = "contact_changed"
    NAME_CHANGED = "name_changed"
    HELPER_ACCEPTED = "helper_accepted"
    HELPER_SENT = "helper_sent"
    HELPER_ENDED = "helper_ended"
    HELPING_GRANTED = "helping_granted"
    HELPING_ENDED = "helping_ended"
    TEST = "test"
    RENEW = "renew"


TOLD = {
    StepCode.SUBMITTED: Occasion.REQUEST_ENTERED,
    StepCode.RECEIVED: Occasion.REQUEST_RECEIVED,
    StepCode.PAPER_TIME_SET_ASIDE: Occasion.REQUEST_PAPER_TIME,
    StepCode.REVIEW_STARTED: Occasion.REQUEST_UNDER_REVIEW,
    StepCode.APPROVED: Occasion.REQUEST_APPROVED,
    StepCode.APPROVED_LATE: Occasion.REQUEST_APPROVED_LATE,
    StepCode.REFUSED: Occasion.REQUEST_REFUSED,
    StepCode.WITHDRAWN: Occasion.REQUEST_WITHDRAWN,
}
"""Of steps written at once the weightiest is told: the last, but a time set aside before the receipt it led to. Taking effect and being
opened again are told by the reminders of the day itself."""

KINDS = {
    "window": Kind.WINDOW, "cut": Kind.CUT_OFF, "draft": Kind.DRAFT, "request": Kind.REQUEST, "new": Kind.REQUEST, "still": Kind.REQUEST,
    "correction": Kind.REQUEST, "hospital": Kind.HOSPITAL_LEAVES, "benefit": Kind.BENEFIT, "unemployment": Kind.UNEMPLOYMENT,
    "claim": Kind.CLAIM,
}  # fmt: skip
ABOUT_SIGN_IN = frozenset({Occasion.SIGN_IN_NEW, Occasion.SIGN_IN_CODE, Occasion.SIGN_IN_WAY})
ABOUT_MY_HELPERS = frozenset({Occasion.HELPER_ACCEPTED, Occasion.HELPER_SENT, Occasion.HELPER_ENDED})
ABOUT_WHOM_I_HELP = frozenset({Occasion.HELPING_GRANTED, Occasion.HELPING_ENDED})
ABOUT_OWN_DATA = frozenset({Occasion.CONTACT_CHANGED, Occasion.NAME_CHANGED})
HURRY = frozenset(
    {Occasion.WINDOW_LAST_MORNING, Occasion.CUT_OFF_TODAY, Occasion.DRAFT_TODAY, Occasion.NEW_HOSPITAL_STARTS, Occasion.TEST}
)
NO_HURRY = frozenset({Occasion.WINDOW_OPENS, Occasion.WINDOW_30_DAYS, Occasion.BENEFIT_QUALIFIED})


DATED_BY_THE_RECORD = frozenset({Event.JOB_ENDED, Event.OLD_AGE})
"""All else that may still be claimed for is an "if it happened"."""

_KIND_OF = {occasion: KINDS.get(occasion.partition("_")[0], Kind.SERVICE) for occasion in Occasion}
ABOUT_CLAIMS = frozenset(occasion for occasion in Occasion if occasion.startswith("claim_news"))
_KIND_OF |= dict.fromkeys(ABOUT_CLAIMS, Kind.REQUEST)


def kind_of(occasion: Occasion) -> Kind:
    return _KIND_OF[occasion]


def urgency_of(occasion: Occasion) -> str:
    """RFC 8030's word: high wakes a sleeping phone, low waits until it is charged."""
    return "high" if occasion in HURRY else "low" if occasion in NO_HURRY else "normal"


@dataclass(frozen=True)
class Reminder:
    """Due at `due_at`, worth nothing from `expires_at` on. `key` lacks only the one it is for; `facts` are days and times in ISO text."""

    occasion: Occasion
    key: str
    about: str
    due_at: datetime
    expires_at: datetime
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> Kind:
        return kind_of(self.occasion)


# Hours


def may_be_sent_at(at: datetime) -> bool:
    """From 08:00 until just before 20:00 in Bangkok."""
    return FIRST_HOUR <= in_bangkok(at).time() < LAST_HOUR


def next_sending_time(at: datetime) -> datetime:
    """The moment itself where reminders may go out then, else the next 08:00."""
    at = in_bangkok(at)
    if may_be_sent_at(at):
        return at
    return morning_of(at.date() if at.time() < FIRST_HOUR else at.date() + ONE_DAY)


def morning_of(day: date) -> datetime:
    return datetime.combine(day, FIRST_HOUR, BANGKOK)


def evening_of(day: date) -> datetime:
    return datetime.combine(day, LAST_HOUR, BANGKOK)


# For anybody


def for_anybody(at: datetime, rules: Rules, ahead: timedelta) -> tuple[Reminder, ...]:
    """Of the annual window and the half months: what is due by `at` plus `ahead` and not over yet."""
    at = in_bangkok(at)
    found = (*window_reminders(annual_window(at.date(), rules)), *cut_off_reminders(at.date(), at.date() + ahead + ONE_DAY, rules))
    return tuple(one for one in found if one.due_at <= at + ahead and one.expires_at > at)


def for_drafts(at: datetime, rules: Rules, ahead: timedelta) -> tuple[Reminder, ...]:
    """The half months once more, for those with a form begun. The key is the same, so that nobody hears both."""
    said = {Occasion.CUT_OFF_TOMORROW: Occasion.DRAFT_TOMORROW, Occasion.CUT_OFF_TODAY: Occasion.DRAFT_TODAY}
    return tuple(replace(one, occasion=said[one.occasion]) for one in for_anybody(at, rules, ahead) if one.occasion in said)


def window_reminders(window: WindowNow) -> tuple[Reminder, ...]:
    """Opens, 30, 7 and 1 days before it closes, the last morning; of a window officers made short, those that fall into it."""
    mornings = {window.opens_on: Occasion.WINDOW_OPENS}
    for days in DAYS_BEFORE_THE_WINDOW_CLOSES:
        day = window.closes_on - days * ONE_DAY
        if day > window.opens_on:
            mornings[day] = Occasion(f"window_{days}_day{'s' if days > 1 else ''}")
    mornings[window.closes_on] = Occasion.WINDOW_LAST_MORNING
    about = f"window:{window.opens_on}:{window.closes_on}"
    facts = {"closes_at": window.closes_at.isoformat(), "year": str(window.year)}
    planned = [
        Reminder(occasion, f"{occasion}:{day}", about, morning_of(day), _worth_until(occasion, day), facts)
        for day, occasion in mornings.items()
    ]
    return tuple(_each_until_the_next(planned, window.closes_at))


def _worth_until(occasion: Occasion, day: date) -> datetime:
    """That the window has opened is news for a week; how many days are left is true for one day."""
    return morning_of(day) + A_WEEK if occasion is Occasion.WINDOW_OPENS else evening_of(day)


def cut_off_reminders(first: date, last: date, rules: Rules) -> Iterator[Reminder]:
    """The day before and the last morning of every half month whose file-by day lies between."""
    for cut_off in cut_offs(first, last, rules):
        yield from _around(cut_off)


def _around(cut_off: CutOff) -> Iterator[Reminder]:
    day, about = cut_off.file_by.date(), f"cut_off:{cut_off.file_by.date()}"
    facts = {"file_by": cut_off.file_by.isoformat(), "effective_on": cut_off.effective_on.isoformat()}
    for occasion, due in ((Occasion.CUT_OFF_TOMORROW, morning_of(day - ONE_DAY)), (Occasion.CUT_OFF_TODAY, morning_of(day))):
        ends = evening_of(due.date()) if due < morning_of(day) else cut_off.file_by
        yield Reminder(occasion, f"{occasion}:{day}", about, due, ends, facts)


def _each_until_the_next(chain: Sequence[Reminder], end: datetime) -> Iterator[Reminder]:
    for one, following in pairwise([*chain, None]):
        assert one is not None
        yield replace(one, expires_at=min(one.expires_at, end if following is None else following.due_at))


# For one person


def about_case(case: HospitalChange, steps: Sequence[Step], at: datetime) -> tuple[Reminder, ...]:
    """All that stands for a case after these steps were written: the news, and the day it waits for. What else was planned is over."""
    news = _news(case, steps, at)
    return (*((news,) if news else ()), *_its_day(case, at))


def _news(case: HospitalChange, steps: Sequence[Step], at: datetime) -> Reminder | None:
    told = [step for step in steps if step.code in TOLD]
    if not told:
        return None
    step = next((one for one in told if one.code is StepCode.PAPER_TIME_SET_ASIDE), told[-1])
    occasion, due = TOLD[step.code], next_sending_time(at)
    facts = {"effective_on": case.effective_on.isoformat()}
    key = f"{occasion}:{case.reference}:{in_bangkok(step.at).isoformat()}"
    return Reminder(occasion, key, case.reference, due, due + FOUR_WEEKS, facts)


def _its_day(case: HospitalChange, at: datetime) -> Iterator[Reminder]:
    if case.status in (Status.APPROVED, Status.IN_EFFECT):
        occasion = Occasion.NEW_HOSPITAL_STARTS
    elif case.is_undecided:
        occasion = Occasion.STILL_OLD_HOSPITAL
    else:
        return
    due = max(morning_of(case.effective_on), next_sending_time(at))
    facts = {"effective_on": case.effective_on.isoformat()}
    yield Reminder(occasion, f"{occasion}:{case.reference}:{case.effective_on}", case.reference, due, due + FOUR_WEEKS, facts)


def correction_answered(reference: str, at: datetime) -> Reminder:
    """An answer is given once, so the reference is enough of a key."""
    due = next_sending_time(at)
    return Reminder(Occasion.CORRECTION_ANSWERED, f"{Occasion.CORRECTION_ANSWERED}:{reference}", reference, due, due + FOUR_WEEKS)


def hospital_leaves(leaving: Leaving, at: datetime) -> Reminder | None:
    """For all its members, at once; None when its last day is over."""
    due, ends = next_sending_time(at), evening_of(leaving.last_day)
    if due >= ends:
        return None
    about = about_hospital(leaving.hospital_id, leaving.last_day)
    facts = {"last_day": leaving.last_day.isoformat(), "choose_by": leaving.choose_by.isoformat()}
    return Reminder(Occasion.HOSPITAL_LEAVES, f"{Occasion.HOSPITAL_LEAVES}:{about}", about, due, ends, facts)


def has_another_in_time(cases: Iterable[HospitalChange], last_day: date) -> bool:
    """Whether an approved change starts before a day without a hospital comes: whoever has it need not choose."""
    return any(case.status is Status.APPROVED and case.effective_on <= last_day + ONE_DAY for case in cases)


def about_hospital(hospital_id: str, last_day: date) -> str:
    return f"hospital:{hospital_id}:{last_day}"


def benefit_qualified(person: Person, at: datetime, law_book: LawBook, known: frozenset[str]) -> Reminder | None:
    """When the months on record suffice for a benefit not among `known`, those they sufficed for when last looked at: however late the
    office books a month, it is told once. The text names none of them."""
    today = in_bangkok(at).date()
    reached = served_by_months(person, today, law_book) - known
    if not reached or not person.is_insured(today):
        return None
    due, names, month = next_sending_time(at), sorted(reached), f"{today:%Y-%m}"
    facts = {"benefits": " ".join(names), "month": first_of_month(today).isoformat()}
    key = f"{Occasion.BENEFIT_QUALIFIED}:{'+'.join(names)}:{month}"
    return Reminder(Occasion.BENEFIT_QUALIFIED, key, f"benefit:{month}", due, due + FOUR_WEEKS, facts)


def served_at_first(person: Person, today: date, law_book: LawBook) -> frozenset[str]:
    """What counts as known of somebody never looked at before: all that the months before the last one sufficed for. So whoever turns
    reminders on hears of nothing they have had for years."""
    return served_by_months(person, add_months(first_of_month(today), -1), law_book)


def served_by_months(person: Person, day: date, law_book: LawBook) -> frozenset[str]:
    """The benefits whose condition on months paid is met by the months before that of `day`."""
    month = first_of_month(day)
    law = law_book.on(month)
    found = set()
    for name in BENEFITS:
        needed, within = f"{name}.months_paid", f"{name}.months_paid_within"
        known = all(key in law_book.histories and law.is_known(key) for key in (needed, within))
        if known and person.months_paid_in(law.read(within, int), before=month) >= law.read(needed, int):
            found.add(name)
    if "old_age.pension_months" in law_book.histories and law.is_known("old_age.pension_months"):
        paid = sum(one < month for one in distinct_months(person.months_paid))
        found |= {"old_age"} if paid >= law.read("old_age.pension_months", int) else set()
    return frozenset(found)


def unemployment_reminders(person: Person, at: datetime, law_book: LawBook) -> tuple[Reminder, ...]:
    """Registering as unemployed ends so many days after the last day of insured work: 7 days and 1 day before. Counted from the last day
    insured, the safer of the readings. Then the months to report in, for those who registered."""
    last = registers_by(person, in_bangkok(at).date(), law_book)
    if last is None:
        return ()
    about, facts = f"unemployment:{last}", {"register_by": last.isoformat()}
    planned = [
        Reminder(occasion, f"{occasion}:{last}", about, morning_of(last - days * ONE_DAY), evening_of(last), facts)
        for days, occasion in zip(
            DAYS_BEFORE_REGISTERING_ENDS, (Occasion.UNEMPLOYMENT_7_DAYS, Occasion.UNEMPLOYMENT_1_DAY), strict=True
        )
    ]
    found = (*_each_until_the_next(planned, evening_of(last)), *_reports(person, about, law_book))
    return tuple(one for one in found if one.expires_at > at)


def _reports(person: Person, about: str, law_book: LawBook) -> Iterator[Reminder]:
    """As if registered on the first day without work, for the cause that is paid longest."""
    assert person.insured_until is not None
    first = person.insured_until + ONE_DAY
    law = Consulted(law_book.on(first))
    try:
        days = reporting_days(first, first, law.number("unemployment.laid_off_days"), law)
    except NotKnown:
        return
    for day in days:
        key = f"{Occasion.UNEMPLOYMENT_REPORT}:{first}:{day}"
        yield Reminder(Occasion.UNEMPLOYMENT_REPORT, key, about, morning_of(day), morning_of(day) + A_WEEK)


def claim_reminders(found: StillClaimable | None, at: datetime) -> tuple[Reminder, ...]:
    """30 and 7 days before the soonest last day to claim for what the record itself dates to one day; None: today's law is not known."""
    certain = [row for row in found.rows if row.event in DATED_BY_THE_RECORD and row.first == row.last] if found else []
    last = min((row.claim_by for row in certain if evening_of(row.claim_by) > at), default=None)
    if last is None:
        return ()
    facts = {"claim_by": last.isoformat()}
    planned = [
        Reminder(occasion, f"{occasion}:{last}", f"claim:{last}", morning_of(last - days * ONE_DAY), evening_of(last), facts)
        for days, occasion in zip(DAYS_BEFORE_CLAIMING_ENDS, (Occasion.CLAIM_30_DAYS, Occasion.CLAIM_7_DAYS), strict=True)
    ]
    return tuple(one for one in _each_until_the_next(planned, evening_of(last)) if one.expires_at > at)


def registers_by(person: Person, today: date, law_book: LawBook) -> date | None:
    """The last day to register as unemployed, which may be past; None: still insured, or never so by an employer."""
    ended, law = person.insured_until, law_book.on(today)
    if person.section != EMPLOYED or ended is None or ended >= today or not law.is_known("unemployment.register_within"):
        return None
    return ended + law.read("unemployment.register_within", int) * ONE_DAY


def about_sign_in(occasion: Occasion, at: datetime, part: str) -> Reminder:
    """News of somebody's ways in: a sign-in from a new place, a code handed over, a passkey or PIN set. `part` tells two of them apart.
    The text names neither place nor way: it says where to look."""
    due = next_sending_time(at)
    return Reminder(occasion, f"{occasion}:{part}", "sign_in", due, due + FOUR_WEEKS)


def about_own_data(occasion: Occasion, at: datetime, part: str) -> Reminder:
    """News of what the record says of somebody's name, or of the number they are called at; `part` tells two of them apart. The text holds
    neither: it says where to look."""
    due = next_sending_time(at)
    return Reminder(occasion, f"{occasion}:{part}", str(occasion), due, due + FOUR_WEEKS)


def about_helper(occasion: Occasion, grant_id: str, at: datetime, part: str = "") -> Reminder:
    """News of a grant, for either side of it; `part` tells two of the same kind apart. The end has a thing of its own to hang on, so that
    it can be planned for the last moment and told earlier."""
    due = next_sending_time(at)
    about = end_of_grant(grant_id) if occasion in (Occasion.HELPER_ENDED, Occasion.HELPING_ENDED) else grant_id
    return Reminder(occasion, f"{occasion}:{grant_id}:{part}", about, due, due + FOUR_WEEKS)


def end_of_grant(grant_id: str) -> str:
    return f"{grant_id}:end"


# For one phone


def test_message(asked_at: datetime) -> Reminder:
    """Asked for by whoever holds the phone, so it may come at any hour."""
    at = in_bangkok(asked_at)
    return Reminder(Occasion.TEST, f"{Occasion.TEST}:{at.isoformat()}", "test", at, at + timedelta(hours=1))


def renewal(ends_at: datetime, at: datetime) -> Reminder | None:
    """The browser said when the subscription ends: opening the app once renews it."""
    due, ends = next_sending_time(at), in_bangkok(ends_at)
    return Reminder(Occasion.RENEW, f"{Occasion.RENEW}:{ends.isoformat()}", "renew", due, ends) if due < ends else None
