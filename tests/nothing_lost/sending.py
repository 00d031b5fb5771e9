"""People who send, take back and agree, over and over, and note what they were told: what was acknowledged must be there once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from tests.nothing_lost.installation import TROUBLES, Installation, Reply, Visitor

WRONG = "/my-data/wrong"
NEW = "/hospital-change/new"
CONSENT = "/my-data/consents/new_benefits"
SOMCHAI, SOMYING = "1000000000009", "1000000000017"


@dataclass
class Person:
    """`open` holds what was sent and answered; `unsure` what was sent and whose answer never came."""

    visitor: Visitor
    pid: str
    acknowledged: dict[str, str] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)
    unsure: list[str] = field(default_factory=list)
    consents: list[bool] = field(default_factory=list)

    def go_on(self) -> None:
        """Until the server is gone."""
        try:
            while True:
                self.send_and_take_back(secrets.token_urlsafe(18))
                self.switch_consent()
        except TROUBLES:
            return

    def send_and_take_back(self, key: str) -> None:
        self.unsure.append(key)
        reference = self.send(key)
        if self.visitor.post(f"{WRONG}/{reference}/withdraw").status_code == 303:
            self.withdrawn.add(reference)

    def send(self, key: str) -> str:
        """A correction under this key; returns its reference."""
        answer = self.try_to_send(key)
        assert answer.status_code == 303, answer.page.main
        reference = answer.headers["Location"].rsplit("/", 1)[1]
        self.acknowledged[key] = reference
        self.unsure = [one for one in self.unsure if one != key]
        return reference

    def try_to_send(self, key: str) -> Reply:
        return self.visitor.post(WRONG, key=key, about="section", should_be="section 39 since June", proof="another_paper")

    def switch_consent(self) -> None:
        wanted = not (self.consents and self.consents[-1])
        answer = self.visitor.post(CONSENT, **({"new_benefits": "1"} if wanted else {}))
        assert answer.status_code == 303, answer.page.main
        self.consents.append(wanted)

    def ask_for_another_hospital(self) -> str:
        """Each step of the form, and the sending; returns the reference."""
        self.visitor.post(NEW, cause="annual", in_patient="no")
        self.visitor.post(f"{NEW}/hospitals", choose="TH13-001")
        check = self.visitor.get(f"{NEW}/check").page
        fields = check.form(f"{NEW}/check")["fields"] | {"declared": "1"}
        sent = self.visitor.post(f"{NEW}/check", **fields)
        assert sent.status_code == 303, sent.page.main
        return sent.headers["Location"].rsplit("/", 1)[1]


def is_there_once(installation: Installation, person: Person) -> None:
    """Everything this person was told has happened has happened once, and whole."""
    for key, reference in person.acknowledged.items():
        assert installation.rows("SELECT reference FROM corrections WHERE idempotency_key = ?", key) == [(reference,)]
    for reference in person.withdrawn:
        assert installation.rows("SELECT status FROM corrections WHERE reference = ?", reference) == [("withdrawn",)]
    given = installation.rows(
        "SELECT given FROM consents c JOIN people p ON p.id = c.person_id WHERE p.id = ? AND purpose = 'new_benefits' ORDER BY number",
        person_id(installation, person),
    )
    told = [int(one) for one in person.consents]
    assert [int(one[0]) for one in given][: len(told)] == told


def nothing_is_half(installation: Installation) -> None:
    """Each correction has its history and its place in the audit; each history and audit entry its correction."""
    steps = "SELECT reference, COUNT(*) FROM correction_steps GROUP BY reference"
    for reference, count in installation.rows(steps):
        assert installation.count("SELECT COUNT(*) FROM corrections WHERE reference = ?", reference) == 1
        assert installation.count("SELECT COUNT(*) FROM audit_entries WHERE about = ?", reference) == count
    written = installation.rows("SELECT reference, status FROM corrections")
    for reference, status in written:
        wanted = ["sent"] if status == "open" else ["sent", "withdrawn"]
        found = installation.rows("SELECT code FROM correction_steps WHERE reference = ? ORDER BY number", reference)
        assert [one[0] for one in found] == wanted
    consents, noted = "SELECT COUNT(*) FROM consents", "SELECT COUNT(*) FROM audit_entries WHERE act LIKE 'consent_%'"
    assert installation.count(consents) == installation.count(noted)
    installation.is_sound()


def person_id(installation: Installation, person: Person) -> str:
    with installation.tools() as tools:
        found: str = tools.store.person_id_of(person.pid)
        return found
