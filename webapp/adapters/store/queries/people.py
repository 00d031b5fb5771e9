"""People, what they have paid, officers. Names and numbers are sealed; everything a rule needs to search by is not."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import asdict, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from webapp.adapters.store.queries.subscriptions import as_text
from webapp.adapters.store.sql import Driver, Row
from webapp.domain.name_change import WrittenName, kept_beside_the_file
from webapp.domain.person import NumberKind, Person
from webapp.ports import ContributionRow, Identity, Name, Officer, PersonRow, PersonSettings

CONTRIBUTION = tuple(one.name for one in fields(ContributionRow))
NAME_IN_FILE = "name_in_file"
"""Among a person's sealed facts, while the record reads otherwise than the office's file."""


class PeopleQueries(Driver):
    """Insured persons and officers."""

    def person(self, person_id: str) -> Person | None:
        row = self.one("SELECT * FROM people WHERE id = :id", id=person_id)
        return self._person(row) if row else None

    def person_id_of(self, pid: str, kind: NumberKind = NumberKind.CITIZEN) -> str | None:
        """Whose number of this kind it is, under any pepper still read."""
        for pid_hash in self.vault.pid_hashes(looked_up_by(pid, kind)):
            row = self.one("SELECT id FROM people WHERE pid_hash = :pid_hash", pid_hash=pid_hash)
            if row:
                return str(row["id"])
        return None

    def name_of(self, person_id: str) -> Name | None:
        row = self.one("SELECT id, sealed FROM people WHERE id = :id", id=person_id)
        return self._name(row) if row else None

    def names_of(self, person_ids: Iterable[str]) -> dict[str, Name]:
        """Many at once, for a queue; unknown ones are left out."""
        wanted = {f"id{n}": person_id for n, person_id in enumerate(dict.fromkeys(person_ids))}
        if not wanted:
            return {}
        places = ", ".join(f":{key}" for key in wanted)
        rows = self.all(f"SELECT id, sealed FROM people WHERE id IN ({places})", **wanted)  # noqa: S608 - place names only
        return {str(row["id"]): self._name(row) for row in rows}

    def record_as_of(self, person_id: str) -> datetime | None:
        """When the office last told us about this person."""
        row = self.one("SELECT as_of FROM people WHERE id = :id", id=person_id)
        return datetime.fromisoformat(row["as_of"]) if row else None

    def move_to_hospital(self, person_id: str, hospital_id: str) -> None:
        self.run("UPDATE people SET hospital_id = :hospital_id WHERE id = :id", hospital_id=hospital_id, id=person_id)

    def change_name(self, person_id: str, name: WrittenName) -> None:
        """The record reads so from now on; what the office's file says stays beside it until a file says otherwise."""
        with self.transaction():
            facts = self._facts_of(person_id)
            in_file = facts.pop(NAME_IN_FILE, None) or asdict(_name_in(facts))
            beside = {} if in_file == asdict(name) else {NAME_IN_FILE: in_file}
            sealed = self.vault.seal(facts | asdict(name) | beside, f"people:{person_id}")
            self.run("UPDATE people SET sealed = :sealed WHERE id = :id", sealed=sealed, id=person_id)

    def name_in_file_of(self, person_id: str) -> WrittenName | None:
        """What the office's file says, where another name was told since; None where the two are one."""
        in_file = self._facts_of(person_id).get(NAME_IN_FILE)
        return WrittenName(**in_file) if in_file else None

    def put_people(self, rows: Iterable[PersonRow], as_of: datetime, demo: bool) -> int:
        """Add or renew what the office says of each person; returns how many."""
        count = 0
        with self.transaction():
            for row in rows:
                self._put_person(row, as_of, demo)
                count += 1
        return count

    def put_contributions(self, rows: Iterable[ContributionRow], as_of: datetime, replace: bool = False) -> int:
        """Add or renew months; every person must be known (see `person_id_of`). `replace`: nothing else stays of a person in them."""
        count, renewed = 0, set[str]()
        with self.transaction():
            for row in rows:
                if replace and row.person_id not in renewed:
                    renewed.add(row.person_id)
                    self.run("DELETE FROM contributions WHERE person_id = :id", id=row.person_id)
                self.run(
                    """INSERT INTO contributions (person_id, month, employer_account, employer_name, section, wage)
                       VALUES (:person_id, :month, :employer_account, :employer_name, :section, :wage)
                       ON CONFLICT (person_id, month, employer_account) DO UPDATE
                       SET employer_name = excluded.employer_name, section = excluded.section, wage = excluded.wage""",
                    person_id=row.person_id, month=row.month, employer_account=row.employer_account,
                    employer_name=row.employer_name, section=row.section, wage="" if row.wage is None else str(row.wage),
                )  # fmt: skip
                count += 1
            self.run(
                """INSERT INTO record_imports (kind, as_of) VALUES ('contributions', :as_of)
                   ON CONFLICT (kind) DO UPDATE SET as_of = excluded.as_of""",
                as_of=as_of.isoformat(),
            )
        return count

    def months_as_of(self) -> datetime | None:
        """When the office last told us about months paid, of anybody; None: never."""
        row = self.one("SELECT as_of FROM record_imports WHERE kind = 'contributions'")
        return datetime.fromisoformat(row["as_of"]) if row else None

    def latest_contribution(self, person_id: str) -> ContributionRow | None:
        """The newest month paid, with its employer; of two employers in it, the one that paid the higher wage."""
        rows = self.all(
            """SELECT * FROM contributions WHERE person_id = :id
               AND month = (SELECT MAX(month) FROM contributions WHERE person_id = :id)""",
            id=person_id,
        )
        paid = [ContributionRow(**{name: row[name] for name in CONTRIBUTION} | {"wage": _baht(row["wage"])}) for row in rows]
        return max(paid, key=lambda row: row.wage or 0, default=None)

    def contributions_of(self, person_id: str, since: date | None = None, until: date | None = None) -> list[ContributionRow]:
        """Every month paid (or those from the month of `since` to that of `until`), oldest first; one with two employers stands twice."""
        rows = self.all(
            """SELECT * FROM contributions WHERE person_id = :id AND month >= :since AND month <= :until
               ORDER BY month, employer_account""",
            id=person_id, since=f"{since:%Y-%m}" if since else "", until=f"{until:%Y-%m}" if until else "9999-12",
        )  # fmt: skip
        return [ContributionRow(**{name: row[name] for name in CONTRIBUTION} | {"wage": _baht(row["wage"])}) for row in rows]

    def holds_demo_people(self) -> bool:
        """Production refuses to start on these."""
        found = self.one("SELECT 1 AS found FROM people WHERE demo = 1 UNION ALL SELECT 1 FROM officers WHERE demo = 1 LIMIT 1")
        return found is not None

    def settings_of(self, person_id: str) -> PersonSettings | None:
        row = self.one("SELECT language, look, chosen_at FROM person_settings WHERE person_id = :id", id=person_id)
        return PersonSettings(str(row["language"]), str(row["look"]), float(row["chosen_at"])) if row else None

    def keep_settings(self, person_id: str, settings: PersonSettings) -> None:
        self.run(
            """INSERT INTO person_settings (person_id, language, look, chosen_at) VALUES (:id, :language, :look, :chosen_at)
               ON CONFLICT (person_id) DO UPDATE
               SET language = excluded.language, look = excluded.look, chosen_at = excluded.chosen_at""",
            id=person_id, language=settings.language, look=settings.look, chosen_at=settings.chosen_at,
        )  # fmt: skip

    def welcome(self, person_id: str, at: datetime) -> bool:
        """True the first time, to exactly one caller."""
        first = self.run(
            "INSERT INTO welcomes (person_id, welcomed_at) VALUES (:id, :at) ON CONFLICT (person_id) DO NOTHING",
            id=person_id, at=at.isoformat(),
        )  # fmt: skip
        return first == 1

    def open_account(self, person_id: str, at: datetime) -> None:
        """At a sign-in; only the first one is written down."""
        self.run(
            "INSERT INTO accounts (person_id, opened_at) VALUES (:id, :at) ON CONFLICT (person_id) DO NOTHING",
            id=person_id, at=as_text(at),
        )  # fmt: skip

    def last_account(self) -> int:
        """The highest number given so far to somebody who signed in; 0 where there is none."""
        with self.steady("accounts"):
            row = self.one("SELECT MAX(number) AS last FROM accounts")
        return int(row["last"] or 0) if row else 0

    def add_officer(self, pid: str, at: datetime, demo: bool) -> bool:
        """False where this number already is an officer."""
        if self.officer_of(pid):
            return False
        officer_id = secrets.token_hex(16)
        self.run(
            """INSERT INTO officers (id, pid_hash, pid_pepper, sealed, added_at, demo)
               VALUES (:id, :pid_hash, :pid_pepper, :sealed, :added_at, :demo)""",
            id=officer_id, pid_hash=self.vault.pid_hash(pid), pid_pepper=self.vault.first_pepper,
            sealed=self._seal_officer(officer_id, pid, "", ""),
            added_at=at.isoformat(), demo=int(demo or is_invented(pid)),
        )  # fmt: skip
        return True

    def officer(self, officer_id: str) -> Officer | None:
        row = self.one("SELECT * FROM officers WHERE id = :id", id=officer_id)
        return self._officer(row) if row else None

    def officer_of(self, pid: str) -> Officer | None:
        for pid_hash in self.vault.pid_hashes(pid):
            row = self.one("SELECT * FROM officers WHERE pid_hash = :pid_hash", pid_hash=pid_hash)
            if row:
                return self._officer(row)
        return None

    def keep_officer_name(self, officer_id: str, identity: Identity) -> None:
        """As ThaiD gave it at this sign-in: an officer is added by number alone."""
        sealed = self._seal_officer(officer_id, identity.pid, identity.given_name, identity.family_name)
        self.run("UPDATE officers SET sealed = :sealed WHERE id = :id", sealed=sealed, id=officer_id)

    def _seal_officer(self, officer_id: str, pid: str, given_name: str, family_name: str) -> str:
        return self.vault.seal({"pid": pid, "given_name": given_name, "family_name": family_name}, f"officers:{officer_id}")

    def _officer(self, row: Row) -> Officer:
        facts = self.vault.open(row["sealed"], f"officers:{row['id']}")
        return Officer(str(row["id"]), facts["given_name"], facts["family_name"], self.person_id_of(facts["pid"]))

    def _put_person(self, row: PersonRow, as_of: datetime, demo: bool) -> None:
        known = self.person_id_of(row.pid, row.number_kind)
        person_id = known or secrets.token_hex(16)
        facts = {
            "pid": row.pid, "title": row.title, "given_name": row.given_name, "family_name": row.family_name,
            "birth_date": row.birth_date.isoformat() if row.birth_date else None, "number_kind": row.number_kind,
        } | (self._name_told_since(known, WrittenName(row.title, row.given_name, row.family_name)) if known else {})  # fmt: skip
        self.run(
            """INSERT INTO people (id, pid_hash, pid_pepper, sealed, section, insured_from, insured_until, home_province, work_province,
                                   hospital_id, as_of, demo)
               VALUES (:id, :pid_hash, :pid_pepper, :sealed, :section, :insured_from, :insured_until, :home_province, :work_province,
                       :hospital_id, :as_of, :demo)
               ON CONFLICT (id) DO UPDATE SET
                   pid_hash = excluded.pid_hash, pid_pepper = excluded.pid_pepper, sealed = excluded.sealed, section = excluded.section,
                   insured_from = excluded.insured_from, insured_until = excluded.insured_until,
                   home_province = excluded.home_province, work_province = excluded.work_province,
                   hospital_id = excluded.hospital_id, as_of = excluded.as_of, demo = excluded.demo""",
            id=person_id, pid_hash=self.vault.pid_hash(looked_up_by(row.pid, row.number_kind)), pid_pepper=self.vault.first_pepper,
            sealed=self.vault.seal(facts, f"people:{person_id}"),
            section=row.section, insured_from=_iso(row.insured_from), insured_until=_iso(row.insured_until),
            home_province=row.home_province, work_province=row.work_province, hospital_id=row.hospital_id,
            as_of=as_of.isoformat(), demo=int(demo or is_invented(row.pid)),
        )  # fmt: skip

    def _facts_of(self, person_id: str) -> dict[str, Any]:
        row = self.one("SELECT sealed FROM people WHERE id = :id", id=person_id)
        return self.vault.open(row["sealed"], f"people:{person_id}") if row else {}

    def _name_told_since(self, person_id: str, brought: WrittenName) -> dict[str, Any]:
        """What stays of a name told here when a file brings this one; nothing where the file has followed, or says something new."""
        facts = self._facts_of(person_id)
        if NAME_IN_FILE not in facts or not kept_beside_the_file(_name_in(facts), WrittenName(**facts[NAME_IN_FILE]), brought):
            return {}
        return asdict(_name_in(facts)) | {NAME_IN_FILE: asdict(brought)}

    def _person(self, row: Row) -> Person:
        months = self.all("SELECT DISTINCT month FROM contributions WHERE person_id = :id ORDER BY month", id=row["id"])
        return Person(
            id=row["id"],
            section=row["section"],
            insured_from=_day(row["insured_from"]),
            insured_until=_day(row["insured_until"]),
            home_province=row["home_province"],
            work_province=row["work_province"],
            hospital_id=row["hospital_id"],
            months_paid=tuple(date.fromisoformat(f"{month['month']}-01") for month in months),
        )

    def _name(self, row: Row) -> Name:
        facts: dict[str, Any] = self.vault.open(row["sealed"], f"people:{row['id']}")
        return Name(
            pid=facts["pid"],
            title=facts["title"],
            given_name=facts["given_name"],
            family_name=facts["family_name"],
            birth_date=_day(facts["birth_date"]),
            number_kind=NumberKind(facts.get("number_kind", NumberKind.CITIZEN)),
        )


def _name_in(facts: dict[str, Any]) -> WrittenName:
    return WrittenName(facts["title"], facts["given_name"], facts["family_name"])


def looked_up_by(number: str, kind: NumberKind) -> str:
    """What is hashed to find a person again. The two kinds never meet: ThaiD's citizen number must not open the record of somebody whose
    card happens to bear the same digits."""
    return number if kind is NumberKind.CITIZEN else f"{kind}:{number}"


def _baht(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def is_invented(pid: str) -> bool:
    """A number of the registration office 00, which does not exist: nobody real has it, however it came in."""
    return pid[1:3] == "00"


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
