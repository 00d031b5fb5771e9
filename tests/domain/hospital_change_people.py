"""The people, hospitals and rules that the tests of the hospital change are about. Nobody here exists."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from webapp.adapters import lawbook_toml, working_days
from webapp.domain.assessment import Reason, Refusal
from webapp.domain.dates import BANGKOK, add_months
from webapp.domain.hospital_change import (
    Allowed,
    Cause,
    HospitalChange,
    Moved,
    Wish,
    approve,
    may_change_hospital,
    submit,
)
from webapp.domain.hospital_change_dates import Rules
from webapp.domain.person import Person

RULES = Rules(lawbook_toml.load(), working_days.load())


def bangkok(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BANGKOK)


@dataclass(frozen=True)
class SmallHospital:
    id: str
    province_code: str = "TH-10"
    ended_on: date | None = None
    choose_by: date | None = None
    until_then_id: str | None = None

    def is_in_scheme(self, on: date) -> bool:
        return self.ended_on is None or on <= self.ended_on


@dataclass(frozen=True)
class SmallRegister:
    """Bangkok (TH-10) adjoins Pathum Thani (TH-13); Chiang Mai (TH-50) is far from both."""

    hospitals: dict[str, SmallHospital] = field(default_factory=dict)

    def hospital(self, hospital_id: str) -> SmallHospital | None:
        return self.hospitals.get(hospital_id)

    def adjoins(self, province: str, other: str) -> bool:
        return {province, other} == {"TH-10", "TH-13"}


def register(**ended: date) -> SmallRegister:
    """Old and New, Second and Third in Bangkok, Near in Pathum Thani, Far in Chiang Mai; `old=…` ends one on that day."""
    provinces = {"old": "TH-10", "new": "TH-10", "second": "TH-10", "third": "TH-10", "fourth": "TH-10", "near": "TH-13", "far": "TH-50"}
    return SmallRegister({name: SmallHospital(name, province, ended.get(name)) for name, province in provinces.items()})


def somchai(months_paid: int = 15, until: date = date(2027, 4, 1), **changes: object) -> Person:
    """Lives and works in Bangkok, section 33, treated at Old; paid for the last `months_paid` months before `until`."""
    paid = tuple(add_months(until, -n) for n in range(1, months_paid + 1))
    person = Person("somchai", "33", date(2015, 1, 1), None, "TH-10", "TH-10", "old", paid)
    return replace(person, **changes)  # type: ignore[arg-type]  # fields by name, checked by the dataclass


def wish(cause: Cause = Cause.ANNUAL, *choices: str, moved_on: date | None = None, moved_to: str | None = None, ill: bool = False) -> Wish:
    return Wish(cause, choices or ("new",), not ill, moved_on, moved_to)


def asks(
    wanted: Wish | None = None,
    at: str = "2027-01-11 10:00",
    person: Person | None = None,
    earlier: tuple[HospitalChange, ...] = (),
    among: SmallRegister | None = None,
    rules: Rules = RULES,
) -> Allowed | Refusal:
    return may_change_hospital(person or somchai(), wanted or wish(), bangkok(at), rules, among or register(), earlier)


def allowed(answer: Allowed | Refusal) -> Allowed:
    assert isinstance(answer, Allowed), answer.unmet
    return answer


def unmet(answer: Allowed | Refusal) -> list[str]:
    return [reason.code for reason in answer.unmet] if isinstance(answer, Refusal) else []


def reason(answer: Allowed | Refusal, code: str) -> Reason:
    return next(reason for reason in answer.reasons if reason.code == code)


def a_case(at: str = "2027-01-11 10:00", *choices: str, reference: str = "ref-1") -> HospitalChange:
    """An annual change, received at that time."""
    wanted = wish(Cause.ANNUAL, *choices)
    person = somchai(until=bangkok(at).date())
    return submit(reference, person, wanted, allowed(asks(wanted, at, person)), by="somchai")[0]


def approved(case: HospitalChange, at: str = "2027-01-12 09:00", rank: int = 1) -> Moved:
    return approve(case, rank, bangkok(at), "officer", RULES)
