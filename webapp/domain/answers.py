"""The questions of a benefit, and answers as they come from a form, an address, a shell or JSON: read exactly, or refused by name.

Decided: an answer left out, null, empty or "not_sure" is not sure; that is an answer everywhere. What cannot be read is a value
(`AnswersNotUnderstood`) naming each field, so that a page keeps what was typed and the API answers 422. A name nobody asked for is a fault
too: a slip of spelling must not turn into "not sure" in silence. Numbers are read from text and from JSON without ever being a float:
whoever parses JSON hands in Decimal (`parse_float=Decimal`). Thai digits, and commas between thousands, are taken; money also with its
sign or word and with spaces between thousands. A number longer than any text we read is refused, also where an exponent writes it short.
A typed year is never guessed: 2569 in an ISO day is refused as a Buddhist year.
Put aside: reading birth dates for children only: a page keeps ages in its address, not birth dates, so a child is either.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Context, Decimal, InvalidOperation
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from webapp.domain.dates import FIRST_BUDDHIST_YEAR, completed_years, thai_digits_to_arabic
from webapp.domain.lawbook import Law
from webapp.domain.money import Baht

MOST_WAGES = 600
MOST_CHILDREN = 30
MOST_MONTHS_IN_ALL = 720
MOST_DAYS_IN_A_YEAR = 366
OLDEST_AGE = 120
WHOLE = 100

LONGEST_NUMBER = 40
LONGEST_WHOLE = 10**LONGEST_NUMBER
NOT_SURE = "not_sure"
WAGES = "wages"
MONTH_AND_WAGE = frozenset({"month", "wage"})
CEILING = "wage_base.ceiling"

SIGNIFICANT_DIGITS = Context(prec=60)
MOST_MONEY = Decimal(10) ** 15
"""More than any sum the law looks at: what lies above is worked with as this, since every amount of money is limited by the law."""
LEAST_EXPONENT = -30


class Kind(StrEnum):
    COUNT = "count"
    MONEY = "money"
    PERCENT = "percent"
    CHOICE = "choice"
    YES_NO = "yes_no"
    CHILDREN = "children"


@dataclass(frozen=True)
class MonthWage:
    """A month (its first day) and the wage stated for it, not yet capped; two employers in one month are added up."""

    month: date
    wage: Baht


T = TypeVar("T", int, bool, str, date, Decimal, Baht)


@dataclass(frozen=True)
class Answers:
    """What was answered, each in its type; None: not sure."""

    given: Mapping[str, Any] = field(default_factory=dict)

    def count(self, name: str) -> int | None:
        return self._typed(name, int)

    def yes(self, name: str) -> bool | None:
        return self._typed(name, bool)

    def choice(self, name: str) -> str | None:
        return self._typed(name, str)

    def percent(self, name: str) -> Decimal | None:
        return self._typed(name, Decimal)

    def money(self, name: str) -> Baht | None:
        return self._typed(name, Baht)

    @property
    def children_ages(self) -> tuple[int, ...] | None:
        """Completed years on the day asked for, in the order given."""
        ages: tuple[int, ...] | None = self.given.get("children")
        return ages

    @property
    def wages(self) -> Mapping[date, Baht] | None:
        """By month; stated, not capped."""
        wages: Mapping[date, Baht] | None = self.given.get(WAGES)
        return wages

    def _typed(self, name: str, kind: type[T]) -> T | None:
        answer = self.given.get(name)
        if answer is not None and not isinstance(answer, kind):
            raise TypeError(f"{name} is {type(answer).__name__}, the rule wants {kind.__name__}")
        return answer


def always(_: Answers) -> bool:
    return True


@dataclass(frozen=True)
class Question:
    """One question. `serves`: the reason and amount codes that hang on it ("not sure" leaves exactly these open)."""

    name: str
    kind: Kind
    serves: tuple[str, ...]
    choices: tuple[str, ...] = ()
    most: int | str | None = None
    """The highest count taken, or the key of the law that holds it."""
    asked_when: Callable[[Answers], bool] = always
    in_record: bool = False
    """Signed in, the contribution record answers it (and `wages` replaces it)."""

    def highest(self, law: Law) -> int | None:
        return law.read(self.most, int) if isinstance(self.most, str) else self.most


@dataclass(frozen=True)
class Questionnaire:
    """A named row of questions, asked one a page."""

    name: str
    questions: tuple[Question, ...]

    def question(self, name: str) -> Question | None:
        return next((question for question in self.questions if question.name == name), None)

    def asked(self, answers: Answers) -> tuple[Question, ...]:
        """The questions that these answers leave to be asked at all, answered or not, in order."""
        return tuple(question for question in self.questions if question.asked_when(answers))

    def not_sure(self, answers: Answers) -> tuple[Question, ...]:
        """Asked and not answered: `serves` says what each leaves open."""
        return tuple(question for question in self.asked(answers) if answers.given.get(question.name) is None)


@dataclass(frozen=True)
class AnswersNotUnderstood:
    """Fault codes by field ("children.0.birth_date"): not_understood, not_whole, out_of_range, not_a_choice, unknown, missing, too_many,
    in_future, buddhist_year."""

    faults: Mapping[str, str]


class _Fault(Exception):
    def __init__(self, code: str, field: str = "") -> None:
        self.code, self.field = code, field


def read_answers(questions: Sequence[Question], raw: Mapping[str, Any], on: date, law: Law) -> Answers | AnswersNotUnderstood:
    """Every answer in its type, or every fault at once."""
    asked = {question.name: question for question in questions}
    given: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for name, answer in raw.items():
        try:
            if name not in asked and name != WAGES:
                raise _Fault("unknown")
            if not _is_not_sure(answer):
                given[name] = _wages(answer, law) if name == WAGES else _READERS[asked[name].kind](answer, asked[name], on, law)
        except _Fault as fault:
            faults[f"{name}.{fault.field}" if fault.field else name] = fault.code
    return AnswersNotUnderstood(faults) if faults else Answers(given)


def _is_not_sure(answer: Any) -> bool:
    return answer is None or (isinstance(answer, str) and answer.strip() in ("", NOT_SURE))


def _count(answer: Any, question: Question, on: date, law: Law) -> int:
    number = _number(answer)
    if number > (question.highest(law) or 0) or number < 0:
        raise _Fault("out_of_range")
    if number != number.to_integral_value():
        raise _Fault("not_whole")
    return int(number)


def _percent(answer: Any, question: Question, on: date, law: Law) -> Decimal:
    number = _number(answer)
    if not 0 <= number <= WHOLE:
        raise _Fault("out_of_range")
    return number


def _money(answer: Any, question: Question, on: date, law: Law) -> Baht:
    return _amount(answer)


def _amount(answer: Any) -> Baht:
    if type(answer) is int and 0 <= answer <= MOST_MONEY:
        return Baht.of(answer)  # whole baht, as most wages come: without the way through a decimal, half the price
    number = _number(_without_unit(answer) if isinstance(answer, str) else answer)
    if number < 0:
        raise _Fault("out_of_range")
    return Baht.of(number)


def _without_unit(text: str) -> str:
    """฿15,000, 15000 บาท and 12 000 as the number alone."""
    if len(text) > LONGEST_NUMBER:
        return text
    return _SPACE_OF_THOUSANDS.sub(",", _UNIT.sub("", thai_digits_to_arabic(text).strip()))


def _choice(answer: Any, question: Question, on: date, law: Law) -> str:
    if answer not in question.choices:
        raise _Fault("not_a_choice")
    return str(answer)


def _yes_no(answer: Any, question: Question, on: date, law: Law) -> bool:
    if isinstance(answer, bool):
        return answer
    match answer.strip() if isinstance(answer, str) else None:
        case "yes" | "true":
            return True
        case "no" | "false":
            return False
        case _:
            raise _Fault("not_understood")


def _children(answer: Any, question: Question, on: date, law: Law) -> tuple[int, ...]:
    """A list of {birth_date} or {age}, or, from an address or a shell, the same as a text parted by commas or spaces."""
    entries = re.split(r"[,\s]+", answer.strip()) if isinstance(answer, str) else answer
    if not isinstance(entries, list | tuple):
        raise _Fault("not_understood")
    if len(entries) > MOST_CHILDREN:
        raise _Fault("too_many")
    return tuple(_age_of_child(entry, str(index), on) for index, entry in enumerate(entries))


def _age_of_child(entry: Any, place: str, on: date) -> int:
    if isinstance(entry, str):
        entry = {"birth_date" if "-" in entry else "age": entry}
    if not isinstance(entry, Mapping):
        raise _Fault("not_understood", place)
    if strange := [name for name in entry if name not in ("birth_date", "age")]:
        raise _Fault("unknown", f"{place}.{strange[0]}")
    try:
        if "age" in entry:
            return _age(entry["age"])
        return _completed_years(_day(entry.get("birth_date")), on)
    except _Fault as fault:
        raise _Fault(fault.code, f"{place}.{'age' if 'age' in entry else 'birth_date'}") from None


def _age(answer: Any) -> int:
    number = _number(answer)
    if not 0 <= number <= OLDEST_AGE:
        raise _Fault("out_of_range")
    if number != number.to_integral_value():
        raise _Fault("not_whole")
    return int(number)


def _completed_years(birth: date, on: date) -> int:
    if birth > on:
        raise _Fault("in_future")
    if on.year - birth.year > OLDEST_AGE:
        raise _Fault("out_of_range")
    return completed_years(birth, on)


def _day(answer: Any) -> date:
    if answer is None:
        raise _Fault("missing")
    if isinstance(answer, date):
        return answer
    if not isinstance(answer, str) or not (parts := _DAY.fullmatch(thai_digits_to_arabic(answer).strip())):
        raise _Fault("not_understood")
    year, month, day = (int(part) for part in parts.groups())
    if year >= FIRST_BUDDHIST_YEAR:
        raise _Fault("buddhist_year")
    try:
        return date(year, month, day)
    except ValueError:
        raise _Fault("not_understood") from None


def _wages(answer: Any, law: Law) -> Mapping[date, Baht]:
    """By month, added up where a month is given twice (two employers)."""
    if not isinstance(answer, list | tuple):
        raise _Fault("not_understood")
    if len(answer) > MOST_WAGES:
        raise _Fault("too_many")
    wages: dict[date, Baht] = {}
    for index, entry in enumerate(answer):
        month, wage = (entry.month, entry.wage) if isinstance(entry, MonthWage) else _month_wage(entry, index)
        if not law.book.is_known(CEILING, month):
            raise _Fault("out_of_range", f"{index}.month")
        wages[month] = wages[month] + wage if month in wages else wage
    return wages


def _month_wage(entry: Any, index: int) -> tuple[date, Baht]:
    if not isinstance(entry, Mapping):
        raise _Fault("not_understood", str(index))
    if not entry.keys() <= MONTH_AND_WAGE:
        raise _Fault("unknown", f"{index}.{next(name for name in entry if name not in MONTH_AND_WAGE)}")
    return _part(_month, entry, "month", index), _part(_amount, entry, "wage", index)


def _part(read: Callable[[Any], T], entry: Mapping[str, Any], name: str, index: int) -> T:
    try:
        if entry.get(name) is None:
            raise _Fault("missing")
        return read(entry[name])
    except _Fault as fault:
        raise _Fault(fault.code, f"{index}.{name}") from None


def _month(answer: Any) -> date:
    if not isinstance(answer, str):
        raise _Fault("not_understood")
    return _written_month(answer)


@lru_cache(maxsize=2 * MOST_WAGES)
def _written_month(text: str) -> date:
    """Remembered: a record of thirty years names the same few hundred months again and again, and reading each took most of an answer."""
    if not _MONTH.fullmatch(thai_digits_to_arabic(text).strip()):
        raise _Fault("not_understood")
    return _day(f"{text.strip()}-01")


def _number(answer: Any) -> Decimal:
    """A finite number, exactly as written; raises for a float, which somebody has already rounded."""
    if isinstance(answer, str):
        answer = _written_number(answer)
    if isinstance(answer, bool) or not isinstance(answer, int | Decimal):
        raise _Fault("not_understood")
    if isinstance(answer, int):
        if abs(answer) >= LONGEST_WHOLE:
            raise _Fault("out_of_range")
        return _bounded(Decimal(answer))
    if not answer.is_finite():
        raise _Fault("not_understood")
    if answer and answer.adjusted() >= LONGEST_NUMBER:
        raise _Fault("out_of_range")
    return _bounded(answer)


def _bounded(number: Decimal) -> Decimal:
    """Keeps long numbers cheap; no sum the law looks at lies there."""
    if number and number.adjusted() > MOST_MONEY.adjusted():
        return MOST_MONEY.copy_sign(number)
    if number and number.adjusted() < LEAST_EXPONENT:
        return Decimal(1).scaleb(LEAST_EXPONENT).copy_sign(number)
    return SIGNIFICANT_DIGITS.plus(number) if number else Decimal(0)


def _written_number(text: str) -> Decimal:
    written = thai_digits_to_arabic(text).strip()
    if len(text) > LONGEST_NUMBER:
        raise _Fault("out_of_range" if _NUMBER.fullmatch(written) else "not_understood")
    if not _NUMBER.fullmatch(written):
        raise _Fault("not_understood")
    try:
        return Decimal(written.replace(",", ""))
    except InvalidOperation:
        raise _Fault("not_understood") from None


_NUMBER = re.compile(r"-?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?", re.ASCII)
_UNIT = re.compile(r"^฿\s*|\s*(฿|บาท|baht)$", re.IGNORECASE)
_SPACE_OF_THOUSANDS = re.compile(r"(?<=\d)\s(?=\d{3}(?!\d))")
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_MONTH = re.compile(r"\d{4}-\d\d", re.ASCII)

_READERS: Mapping[Kind, Callable[[Any, Question, date, Law], Any]] = {
    Kind.COUNT: _count,
    Kind.MONEY: _money,
    Kind.PERCENT: _percent,
    Kind.CHOICE: _choice,
    Kind.YES_NO: _yes_no,
    Kind.CHILDREN: _children,
}
