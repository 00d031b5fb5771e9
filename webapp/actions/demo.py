"""The people of the demonstration: invented records for the identities that the ThaiD stand-in vouches for.

Laid relative to today, so that "four months paid" stays true on whatever day somebody first tries it out. Laid once: what people
of the demonstration did since then is kept, only their employers go on paying month by month. Numbers have 00 as second and third
digit, which no registration office gives out. ThaiD knows nobody by the number of a social-security card: who has one stands apart, and
comes in by a code from the counter. The hospital that leaves the scheme is invented too: saying that of a real one
would be an untruth about somebody. Names stand here again, beside the stand-in's own: it is another server and is imported by nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from webapp.domain.dates import add_months, last_of_month
from webapp.domain.hospital_register import SAMPLE_MARK, Plan, RegisterImport
from webapp.domain.hospital_search import Hospital
from webapp.domain.person import NumberKind
from webapp.ports import ContributionRow, PersonRow, Tools

OFFICERS = ("1000000000076", "1000000000084")
YEARS_10 = 120
WITH_ANOTHER_NAME = "1000000000173"
LEAVING_ID = "DEMO-001"
LEAVING = Hospital(
    id=LEAVING_ID,
    code="",
    name_th="โรงพยาบาลตัวอย่าง (แห่งสมมติ)",
    name_en="Tuayang Hospital (invented)",
    name_en_basis="transliteration",
    province_code="TH-17",
    district_th="",
    ownership="private",
    beds=None,
    latitude="",
    longitude="",
    listed_as_sso=SAMPLE_MARK,
    source="demonstration",
    until_then_id="TH17-001",
)


@dataclass(frozen=True)
class Employer:
    """`account` is the ten digits of an employer's SSO account."""

    account: str
    name: str


COMPANY = Employer("1000000001", "บริษัท ตัวอย่าง จำกัด")
FACTORY = Employer("1000000002", "โรงงานตัวอย่าง จำกัด")
SHOP = Employer("1000000003", "ร้านตัวอย่าง")
OFFICE = Employer("1000000004", "หน่วยงานตัวอย่าง")
ALONE = Employer("", "")


@dataclass(frozen=True)
class DemoPerson:
    """One invented record. `months` were paid up to last month; the newest `months_alone` of them without an employer (section 39).

    `wage` is this year's, and was `yearly_raise` less each year before. `left`: so many months ago insured status ended. `missing`: the
    month that many ago was not paid, though the work went on.
    """

    pid: str
    title: str
    given_name: str
    family_name: str
    birth_date: date
    note_th: str
    note_en: str
    section: str = "33"
    months: int = YEARS_10
    months_alone: int = 0
    left: int = 0
    missing: int = 0
    wage: int = 18_000
    yearly_raise: int = 500
    employer: Employer = COMPANY
    province: str = "TH-13"
    work_province: str | None = None
    hospital_id: str | None = "TH13-008"
    number_kind: NumberKind = NumberKind.CITIZEN

    @property
    def name(self) -> str:
        return f"{self.title}{self.given_name} {self.family_name}".strip()


PEOPLE = (
    DemoPerson(
        "1000000000009", "นาย", "สมชาย", "ตัวอย่าง", date(1986, 5, 1),
        "มาตรา 33 ส่งเงินสมทบครบ", "section 33, full record",
        months=15 * 12,
    ),
    DemoPerson(
        "1000000000017", "นางสาว", "สมหญิง", "ตัวอย่าง", date(1992, 11, 20),
        "มาตรา 33 ส่งครบ อยู่เชียงใหม่", "section 33, full record, in Chiang Mai",
        wage=14_500, yearly_raise=400, employer=SHOP, province="TH-50", hospital_id="TH50-001",
    ),
    DemoPerson(
        "1000000000025", "นาย", "สมศักดิ์", "ตัวอย่าง", date(2001, 1, 31),
        "มาตรา 33 ส่งมา 4 เดือน", "section 33, four months paid",
        months=4, wage=12_000, employer=FACTORY, province="TH-10", work_province="TH-11", hospital_id="TH11-004",
    ),
    DemoPerson(
        "1000000000033", "นาง", "สมศรี", "ตัวอย่าง", date(1968, 2, 29),
        "มาตรา 39 ส่งเอง", "section 39, pays alone",
        section="39", months=22 * 12, months_alone=30, wage=17_000, employer=FACTORY, province="TH-20", hospital_id="TH20-001",
    ),
    DemoPerson(
        "1000000000050", "นางสาว", "สมใจ", "ตัวอย่าง", date(1988, 9, 9),
        "มาตรา 40 ไม่มีสิทธิเลือกโรงพยาบาล", "section 40, has no hospital to choose",
        section="40", months=0, province="TH-10", hospital_id=None,
    ),
    DemoPerson(
        "1000000000068", "นาย", "สมคิด", "ตัวอย่าง", date(2003, 12, 5),
        "มาตรา 33 ส่งมา 2 เดือน", "section 33, two months paid",
        months=2, wage=11_000, employer=SHOP, province="TH-10", hospital_id="TH10-040",
    ),
    DemoPerson(
        "1000000000084", "นาย", "เจ้าหน้าที่สอง", "ทดสอบ", date(1983, 4, 4),
        "เจ้าหน้าที่ที่เป็นผู้ประกันตนด้วย", "an officer who is insured too",
        wage=24_000, yearly_raise=800, employer=OFFICE, province="TH-12", hospital_id="TH12-001",
    ),
    DemoPerson(
        "1000000000092", "นาย", "สมหวัง", "ตัวอย่าง", date(2004, 8, 12),
        "เข้าทำงานใหม่ ยังไม่มีโรงพยาบาล", "new worker without a hospital",
        months=3, wage=13_000, employer=FACTORY, province="TH-13", hospital_id=None,
    ),
    DemoPerson(
        "1000000000106", "นางสาว", "สมทรง", "ตัวอย่าง", date(1975, 10, 23),
        "โรงพยาบาลกำลังออกจากโครงการ", "hospital is leaving the scheme",
        months=20 * 12, wage=16_000, province="TH-17", hospital_id=LEAVING_ID,
    ),
    DemoPerson(
        "1000000000114", "นาย", "สมบัติ", "ตัวอย่าง", date(1990, 6, 18),
        "ยืนยันตัวตนระดับต่ำ เข้าไม่ได้", "low identity level, refused by this app",
        employer=SHOP, province="TH-10", hospital_id="TH10-050",
    ),
    DemoPerson(
        "1000000000122", "นาง", "สมพร", "ตัวอย่าง", date(1961, 1, 1),
        "บัตรประชาชนหมดอายุ", "identity card expired",
        months=25 * 12, wage=17_500, province="TH-12", hospital_id="TH12-006",
    ),
    DemoPerson(
        "1000000000131", "นาย", "เดี่ยว", "", date(1995, 5, 25),
        "มีชื่อเดียว", "one name only",
        wage=15_500, employer=FACTORY, province="TH-11", hospital_id="TH11-002",
    ),
    DemoPerson(
        "1000000000149", "ว่าที่ร้อยตรีหญิง", "ตัวอย่างชื่อยาวสุดสายรุ้งอรุณสวัสดิ์", "นามสกุลทดสอบความยาวพิเศษ ณ ตัวอย่างนคร",
        date(1999, 12, 31), "ชื่อยาวมาก", "very long names",
        months=48, wage=21_000, province="TH-10", work_province="TH-13", hospital_id="TH10-001",
    ),
    DemoPerson(
        "1000000000157", "นาย", "สมนึก", "ตัวอย่าง", date(1994, 3, 17),
        "ทำงานที่เดิม แต่ขาดไป 1 เดือน", "same work, but one month is missing",
        months=40, missing=4, wage=16_500, employer=FACTORY, province="TH-10", hospital_id="TH10-040",
    ),
    DemoPerson(
        "1000000000165", "นางสาว", "สมปอง", "ตัวอย่าง", date(1996, 7, 7),
        "ออกจากงานมาแล้ว 3 เดือน", "left work three months ago",
        months=50, left=3, wage=15_500, employer=SHOP, province="TH-10", hospital_id="TH10-050",
    ),
    DemoPerson(
        WITH_ANOTHER_NAME, "นางสาว", "สมฤดี", "ตัวอย่าง", date(1998, 10, 3),
        "เปลี่ยนนามสกุลแล้ว ทะเบียนยังเป็นชื่อเดิม", "has a new family name, the record still the old one",
        months=60, wage=16_000, employer=FACTORY, province="TH-13",
    ),
)  # fmt: skip
WITHOUT_THAID = (
    DemoPerson(
        "7000000000017", "นาย", "ออง", "ตัวอย่าง", date(1997, 2, 2),
        "มีบัตรประกันสังคม ไม่มีสัญชาติไทย เข้าด้วยรหัสจากเคาน์เตอร์", "social-security card, not Thai: comes in by a code from the counter",
        months=30, wage=12_500, yearly_raise=300, employer=FACTORY, province="TH-11", hospital_id="TH11-002",
        number_kind=NumberKind.SOCIAL_SECURITY,
    ),
)  # fmt: skip
NOT_INSURED = ("1000000000041", "นายสมหมาย ตัวอย่าง", "ไม่ได้เป็นผู้ประกันตน", "not insured")
OFFICER_NAMES = {"1000000000076": "นางเจ้าหน้าที่หนึ่ง ทดสอบ", "1000000000084": "นายเจ้าหน้าที่สอง ทดสอบ"}


def lay_demo(tools: Tools) -> None:
    """People with what they paid up to last month, officers, a hospital that leaves; a second call only brings them up to today."""
    today = tools.clock.today()
    with tools.store.transaction():
        _lay_leaving_hospital(tools, today)
        for person in (*PEOPLE, *WITHOUT_THAID):
            _lay_person(tools, person, today)
        for pid in OFFICERS:
            tools.store.add_officer(pid, tools.clock.now(), demo=True)


def _lay_person(tools: Tools, person: DemoPerson, today: date) -> None:
    known = tools.store.person_id_of(person.pid, person.number_kind)
    if known is None:
        tools.store.put_people([_row(person, today)], tools.clock.now(), demo=True)
    elif not _owes_last_month(tools, known, person, today):
        return
    person_id = known or tools.store.person_id_of(person.pid, person.number_kind)
    if person_id is not None:
        kept = tools.store.person(person_id)
        newest = max(kept.months_paid, default=date.min) if kept else date.min
        tools.store.put_contributions(_contributions(person, person_id, today, newest), tools.clock.now())


def _owes_last_month(tools: Tools, person_id: str, person: DemoPerson, today: date) -> bool:
    """Whether a long record has not been brought up to last month; a short one is left as it was, or it would grow past its note, and
    so is that of somebody who left."""
    kept = tools.store.person(person_id)
    return person.months >= 15 and not person.left and kept is not None and add_months(today, -1) not in kept.months_paid


def _row(person: DemoPerson, today: date) -> PersonRow:
    return PersonRow(
        pid=person.pid,
        title=person.title,
        given_name=person.given_name,
        family_name=person.family_name,
        birth_date=person.birth_date,
        section=person.section,
        insured_from=add_months(today, -max(person.months, 1)),
        insured_until=last_of_month(add_months(today, -1 - person.left)) if person.left else None,
        home_province=person.province,
        work_province=person.work_province or person.province,
        hospital_id=person.hospital_id,
        number_kind=person.number_kind,
    )


def _contributions(person: DemoPerson, person_id: str, today: date, newest: date) -> Iterator[ContributionRow]:
    """The months after the newest one kept: what was missing stays missing."""
    for ago in range(person.months, person.left, -1):
        month = add_months(today, -ago)
        if month <= newest or ago == person.missing:
            continue
        alone = ago <= person.months_alone
        employer = ALONE if alone else person.employer
        wage = 4_800 if alone else max(person.wage - person.yearly_raise * (today.year - month.year), 9_000)
        yield ContributionRow(person_id, f"{month:%Y-%m}", Decimal(wage), "39" if alone else "33", employer.account, employer.name)


def _lay_leaving_hospital(tools: Tools, today: date) -> None:
    """Its last day is the end of next month; where that has passed, it leaves anew."""
    kept = tools.store.hospital(LEAVING_ID)
    if kept is not None and kept.ended_on is not None and kept.ended_on >= today:
        return
    until_then = LEAVING.until_then_id if LEAVING.until_then_id and tools.store.hospital(LEAVING.until_then_id) else None
    leaving = replace(LEAVING, ended_on=last_of_month(add_months(today, 1)), until_then_id=until_then)
    if tools.store.province(leaving.province_code) is None:
        return
    planned = Plan(added=(leaving,)) if kept is None else Plan(changed=(leaving,))
    before = tools.store.every_hospital()
    last = tools.store.last_register_import()
    done = RegisterImport(
        number=last.number + 1 if last else 1,
        imported_at=tools.clock.now(),
        imported_by="demonstration",
        file_name="",
        file_hash="",
        sample=True,
        rows_read=1,
        added=len(planned.added),
        changed=len(planned.changed),
        ended=0,
        reopened=0,
        unchanged=0,
    )
    tools.store.put_register(planned, done, before, lambda done, total: None)

