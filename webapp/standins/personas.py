"""The people whom the ThaiD stand-in knows: identity only, as DOPA would hold it.

What these people have paid, and where, is the Social Security Office's to know and is not here; each note says what to expect of it.
Numbers have 00 as their second and third digit, a registration office that does not exist, so that none can be a real person's.
"""

from __future__ import annotations

from dataclasses import dataclass

Address = str | dict[str, str]


@dataclass(frozen=True)
class Persona:
    """One identity; dates are ISO days of the Christian era, as ThaiD sends them."""

    pid: str
    title: str
    given_name: str
    family_name: str
    title_en: str
    given_name_en: str
    family_name_en: str
    birthdate: str
    note_th: str
    note_en: str
    gender: str = "M"
    ial: str = "2.3"
    address: Address = "99 หมู่ที่ 0 ต.ตัวอย่าง อ.ตัวอย่าง จ.ปทุมธานี"
    middle_name: str = ""
    middle_name_en: str = ""
    date_of_issuance: str = "2022-06-01"
    date_of_expiry: str = "2031-05-31"
    smartcard_code: str = "JT0000000000"

    @property
    def name(self) -> str:
        """The whole Thai name without the title; a person with one name has just that one."""
        return " ".join(part for part in (self.given_name, self.middle_name, self.family_name) if part)

    @property
    def name_en(self) -> str:
        """The whole name in Latin letters without the title."""
        return " ".join(part for part in (self.given_name_en, self.middle_name_en, self.family_name_en) if part)


PERSONAS: tuple[Persona, ...] = (
    Persona(
        "1000000000009", "นาย", "สมชาย", "ตัวอย่าง", "Mr.", "Somchai", "Tuayang", "1986-05-01",
        "มาตรา 33 ส่งเงินสมทบครบ เปลี่ยนโรงพยาบาลได้", "Section 33, full record: may change hospital",
    ),
    Persona(
        "1000000000017", "นางสาว", "สมหญิง", "ตัวอย่าง", "Miss", "Somying", "Tuayang", "1992-11-20",
        "มาตรา 33 ส่งครบ อยู่จังหวัดอื่น", "Section 33, full record, in another province",
        gender="F",
        address={"formatted": "9 หมู่ที่ 0 ต.ตัวอย่าง อ.ตัวอย่าง จ.เชียงใหม่", "raw": "9#0##ต.ตัวอย่าง#อ.ตัวอย่าง#จ.เชียงใหม่"},
    ),
    Persona(
        "1000000000025", "นาย", "สมศักดิ์", "ตัวอย่าง", "Mr.", "Somsak", "Tuayang", "2001-01-31",
        "มาตรา 33 ส่งมา 4 เดือน", "Section 33, four months paid",
    ),
    Persona(
        "1000000000033", "นาง", "สมศรี", "ตัวอย่าง", "Mrs.", "Somsri", "Tuayang", "1968-02-29",
        "มาตรา 39 เคยเป็นลูกจ้าง ส่งเอง", "Section 39: once employed, now pays alone",
        gender="F",
    ),
    Persona(
        "1000000000041", "นาย", "สมหมาย", "ตัวอย่าง", "Mr.", "Sommai", "Tuayang", "1979-07-15",
        "ไม่ได้เป็นผู้ประกันตน เข้าสู่ระบบแล้วต้องบอกทางต่อ", "Not insured: must be told the next step",
    ),
    Persona(
        "1000000000050", "นางสาว", "สมใจ", "ตัวอย่าง", "Miss", "Somjai", "Tuayang", "1988-09-09",
        "มาตรา 40 ไม่มีสิทธิเลือกโรงพยาบาล", "Section 40: has no hospital to choose",
        gender="F",
    ),
    Persona(
        "1000000000068", "นาย", "สมคิด", "ตัวอย่าง", "Mr.", "Somkid", "Tuayang", "2003-12-05",
        "มาตรา 33 ส่งมา 2 เดือน ยังไม่ถึง 3 เดือน", "Section 33, two months paid: three are needed",
    ),
    Persona(
        "1000000000076", "นาง", "เจ้าหน้าที่หนึ่ง", "ทดสอบ", "Mrs.", "Officer One", "Thotsop", "1980-03-03",
        "เจ้าหน้าที่ประกันสังคม คนที่ 1", "Social security officer, first",
        gender="F",
    ),
    Persona(
        "1000000000084", "นาย", "เจ้าหน้าที่สอง", "ทดสอบ", "Mr.", "Officer Two", "Thotsop", "1983-04-04",
        "เจ้าหน้าที่ประกันสังคม คนที่ 2 ใช้เมื่อต้องมีผู้ตรวจคนที่สอง", "Social security officer, second: where two are needed",
    ),
    Persona(
        "1000000000092", "นาย", "สมหวัง", "ตัวอย่าง", "Mr.", "Somwang", "Tuayang", "2004-08-12",
        "เข้าทำงานใหม่ ยังไม่เคยเลือกโรงพยาบาล เลือกครั้งแรก", "New worker without a hospital yet: first choice",
    ),
    Persona(
        "1000000000106", "นางสาว", "สมทรง", "ตัวอย่าง", "Miss", "Somsong", "Tuayang", "1975-10-23",
        "โรงพยาบาลกำลังออกจากโครงการ ต้องเลือกแห่งใหม่", "Hospital is leaving the scheme: must choose anew",
        gender="F",
    ),
    Persona(
        "1000000000114", "นาย", "สมบัติ", "ตัวอย่าง", "Mr.", "Sombat", "Tuayang", "1990-06-18",
        "ยืนยันตัวตนระดับต่ำ (IAL 1.1) ต้องเข้าไม่ได้ และบอกทางต่อ", "Low identity level (IAL 1.1): refused, with the next step",
        ial="1.1",
    ),
    Persona(
        "1000000000122", "นาง", "สมพร", "ตัวอย่าง", "Mrs.", "Somporn", "Tuayang", "1961-01-01",
        "บัตรประชาชนหมดอายุ เห็นได้เฉพาะเมื่อขอข้อมูลวันหมดอายุ", "Identity card expired: seen only where the expiry date is asked for",
        gender="F",
        date_of_issuance="2014-01-01",
        date_of_expiry="2022-12-31",
    ),
    Persona(
        "1000000000131", "นาย", "เดี่ยว", "", "Mr.", "Diao", "", "1995-05-25",
        "มีชื่อเดียว ไม่มีนามสกุล", "One name only: the family name is empty",
    ),
    Persona(
        "1000000000149", "ว่าที่ร้อยตรีหญิง", "ตัวอย่างชื่อยาวสุดสายรุ้งอรุณสวัสดิ์", "นามสกุลทดสอบความยาวพิเศษ ณ ตัวอย่างนคร",
        "Acting Sub Lt.", "Tuayangchueyaosutsairungarunsawat", "Namsakunthotsopkhwamyaophiset Na Tuayangnakhon", "1999-12-31",
        "ชื่อและนามสกุลยาวมาก ดูว่าหน้าจอรับได้", "Very long names: see whether the pages hold",
        gender="F",
    ),
    Persona(
        "1000000000157", "นาย", "สมนึก", "ตัวอย่าง", "Mr.", "Somnuek", "Tuayang", "1994-03-17",
        "ทำงานที่เดิม แต่เงินสมทบขาดไป 1 เดือน", "Same work, but one month of contributions is missing",
    ),
    Persona(
        "1000000000165", "นางสาว", "สมปอง", "ตัวอย่าง", "Miss", "Sompong", "Tuayang", "1996-07-07",
        "ออกจากงานมาแล้ว 3 เดือน ยังคุ้มครองต่อ", "Left work three months ago: still covered",
        gender="F",
    ),
    Persona(
        "1000000000173", "นาง", "สมฤดี", "ทดสอบสมรส", "Mrs.", "Somruedi", "Thotsopsomrot", "1998-10-03",
        "เปลี่ยนนามสกุลแล้ว ทะเบียนประกันสังคมยังเป็นชื่อเดิม", "A new family name, which the office's record does not have yet",
        gender="F",
    ),
    Persona(
        "1000000000008", "นาย", "เลขผิด", "ทดสอบ", "Mr.", "Lekphit", "Thotsop", "1985-05-05",
        "เลข 13 หลักตรวจหลักสุดท้ายไม่ผ่าน ต้องเข้าไม่ได้", "The number fails its check digit: must be refused",
    ),
)  # fmt: skip

OFFICERS: tuple[str, ...] = ("1000000000076", "1000000000084")


def persona_by_number(pid: str) -> Persona:
    """The known persona, or a plain test identity for any other 13 digits, as a tester may type one."""
    known = next((persona for persona in PERSONAS if persona.pid == pid), None)
    return known or Persona(pid, "นาย", "ทดสอบ", "ตัวอย่าง", "Mr.", "Thotsop", "Tuayang", "1990-01-01", "เลขที่พิมพ์เอง", "A typed number")
