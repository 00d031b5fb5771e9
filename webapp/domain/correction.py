"""A correction: "this is wrong in my record", what should stand there, and what the office answers.

Decided:
- The app changes nothing in the record. It comes with the SSO's nightly import: an officer puts the source right, and the import brings it.
  So an answer says what was done at the source, never "your record is changed".
- A name, an ID number or a birth date is the district office's: such a report is refused with the way on, and nothing is sent. Where the
  State's own word is there already (ThaiD, or papers seen at a counter: domain/name_change.py), only the SSO is behind, and it is taken.
- Answers are a closed list, worded in both languages elsewhere, with the officer's own words beside them: a person must be able to read the
  answer in their language, and the officer must be able to say what no list foresees.
- At most `MOST_OPEN` open at a time (the app's own number): an officer reads each one, and a desk that drowns answers nobody.
Put aside: taking a correction as a claim of its own with papers attached (photographs come with the claims), and letting the person edit
what was sent: an officer may be reading it. It can be withdrawn and sent anew.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from webapp.domain.assessment import Reason, Refusal
from webapp.domain.dates import first_of_month, in_bangkok

MOST_OPEN = 5
LONGEST_TEXT = 500


class About(StrEnum):
    """The part of the record that is wrong."""

    MONTHS = "months"
    WAGE = "wage"
    EMPLOYER = "employer"
    HOSPITAL = "hospital"
    PROVINCES = "provinces"
    SECTION = "section"
    NAME = "name"
    BIRTH_DATE = "birth_date"


OF_THE_CIVIL_REGISTER = frozenset({About.NAME, About.BIRTH_DATE})
"""The district office's to put right. The form names both as NAME."""
ASKED_ABOUT = tuple(about for about in About if about is not About.BIRTH_DATE)
"""What the form lets somebody choose."""
OF_CERTAIN_MONTHS = frozenset({About.MONTHS, About.WAGE, About.EMPLOYER})
"""Wrong in a month or in a run of months, which have to be named."""


class Proof(StrEnum):
    PAY_SLIP = "pay_slip"
    CONTRACT = "contract"
    ANOTHER_PAPER = "another_paper"
    NONE_YET = "none_yet"
    THAID = "thaid"
    SEEN_AT_THE_COUNTER = "seen_at_the_counter"


VOUCHED = frozenset({Proof.THAID, Proof.SEEN_AT_THE_COUNTER})
"""The State's own word, noted by the app or an officer."""
OFFERED = tuple(proof for proof in Proof if proof not in VOUCHED)
"""What the form lets somebody choose: nobody claims the State's word by themselves."""


class Status(StrEnum):
    OPEN = "open"
    PUT_RIGHT = "put_right"
    NOT_CONFIRMED = "not_confirmed"
    WITHDRAWN = "withdrawn"


class Answer(StrEnum):
    """What an officer answers: a closed list."""

    SOURCE_PUT_RIGHT = "source_put_right"
    EMPLOYER_REPORTED_ANEW = "employer_reported_anew"
    PROOF_MISSING = "proof_missing"
    PAPERS_AGREE_WITH_RECORD = "papers_agree_with_record"
    EMPLOYER_SAYS_OTHERWISE = "employer_says_otherwise"
    NOT_CLEAR = "not_clear"
    DISTRICT_OFFICE = "district_office"


PUTS_RIGHT = frozenset({Answer.SOURCE_PUT_RIGHT, Answer.EMPLOYER_REPORTED_ANEW})
ANSWERED = frozenset({Status.PUT_RIGHT, Status.NOT_CONFIRMED})


class StepCode(StrEnum):
    SENT = "sent"
    TAKEN = "taken"
    PUT_RIGHT = "put_right"
    NOT_CONFIRMED = "not_confirmed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Step:
    """One entry of the history; `by` is the person's or the officer's id, or a helper's (domain/helper_grant.py). What was
    answered stands in the correction."""

    code: StepCode
    at: datetime
    by: str


@dataclass(frozen=True)
class Told:
    """What somebody has filled in so far; None where nothing was chosen or typed. Months as their first days."""

    about: About | None
    should_be: str
    proof: Proof | None
    first_month: date | None = None
    last_month: date | None = None


@dataclass(frozen=True)
class Report:
    """What is wrong; the first month only where the part of the record has months, the last only where they are several."""

    about: About
    should_be: str
    proof: Proof
    first_month: date | None = None
    last_month: date | None = None


@dataclass(frozen=True)
class Correction:
    """A report on its way; `words` are the officer's own, beside the answer."""

    reference: str
    person_id: str
    status: Status
    report: Report
    sent_at: datetime
    settled_at: datetime | None = None
    answer: Answer | None = None
    words: str = ""

    @property
    def is_open(self) -> bool:
        return self.status is Status.OPEN

    @property
    def is_answered(self) -> bool:
        return self.status in ANSWERED


Moved = tuple[Correction, tuple[Step, ...]]


class SomeoneElseSettledIt(Exception):
    """It was answered or withdrawn meanwhile; `correction` is as it stands."""

    def __init__(self, correction: Correction) -> None:
        super().__init__(f"a correction is {correction.status}")
        self.correction = correction


def reasons_about(told: Told, today: date, birth_date: date | None, open_now: int) -> tuple[Reason, ...]:
    """Every condition of sending this, met or not, in the order of the form."""
    length, is_vouched = len(told.should_be), told.proof in VOUCHED
    return (
        Reason("few_enough_open", open_now < MOST_OPEN or is_vouched, {"open": open_now, "at_most": MOST_OPEN}),
        Reason("part_named", told.about is not None),
        Reason("kept_by_the_office", told.about not in OF_THE_CIVIL_REGISTER or is_vouched),
        *(_reasons_about_months(told, today, birth_date) if told.about in OF_CERTAIN_MONTHS else ()),
        Reason("says_what_it_should_be", length > 0),
        Reason("short_enough", length <= LONGEST_TEXT, {"length": length, "at_most": LONGEST_TEXT}),
        Reason("proof_named", told.proof is not None),
    )


def _reasons_about_months(told: Told, today: date, birth_date: date | None) -> tuple[Reason, ...]:
    first, last = told.first_month, told.last_month
    if first is None:
        return (Reason("first_month_named", False),)
    born = None if birth_date is None else first_of_month(birth_date)
    return (
        Reason("first_month_named", True),
        Reason("first_month_has_begun", first <= today),
        Reason("first_month_after_birth", born is None or first >= born),
        Reason("last_month_not_before_first", last is None or last >= first),
        Reason("last_month_has_begun", last is None or last <= today),
    )


def send(
    reference: str, person_id: str, told: Told, at: datetime, birth_date: date | None, open_now: int, by: str = ""
) -> Moved | Refusal:
    """Opens it, or says everything that stands in the way; months that do not belong to what is wrong are left out. `by`: as
    histories write who sends it, where it is not the person."""
    reasons = reasons_about(told, in_bangkok(at).date(), birth_date, open_now)
    if told.about is None or told.proof is None or any(reason.met is False for reason in reasons):
        return Refusal(reasons)
    first, last = (told.first_month, told.last_month) if told.about in OF_CERTAIN_MONTHS else (None, None)
    report = Report(told.about, told.should_be, told.proof, first, last if last != first else None)
    return Correction(reference, person_id, Status.OPEN, report, at), (Step(StepCode.SENT, at, by or person_id),)


def take(correction: Correction, at: datetime, by: str) -> Moved:
    """An officer's name goes into the history. Raises SomeoneElseSettledIt where it is no longer open."""
    _must_be_open(correction)
    return correction, (Step(StepCode.TAKEN, at, by),)


def settle(correction: Correction, answer: Answer, words: str, at: datetime, by: str) -> Moved:
    """The answer, from which follows whether it was put right. Raises SomeoneElseSettledIt where it is no longer open."""
    _must_be_open(correction)
    put_right = answer in PUTS_RIGHT
    status, code = (Status.PUT_RIGHT, StepCode.PUT_RIGHT) if put_right else (Status.NOT_CONFIRMED, StepCode.NOT_CONFIRMED)
    settled = replace(correction, status=status, settled_at=at, answer=answer, words=words)
    return settled, (Step(code, at, by),)


def withdraw(correction: Correction, at: datetime, by: str) -> Moved:
    """Only while it is open; raises SomeoneElseSettledIt after an answer."""
    _must_be_open(correction)
    return replace(correction, status=Status.WITHDRAWN, settled_at=at), (Step(StepCode.WITHDRAWN, at, by),)


def _must_be_open(correction: Correction) -> None:
    if not correction.is_open:
        raise SomeoneElseSettledIt(correction)
