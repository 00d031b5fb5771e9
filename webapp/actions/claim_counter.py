"""The counter: a paper form of a claim, typed by an officer for the person who handed it in.

Decided:
- As with form 9-02 (actions/paper.py): the number is typed once, looked up and forgotten; from then on the house's own id names the person.
- What is typed is the citizen's own draft (actions/claim_drafts.py) under the officer, so both ways ask the same and obey the same rule. In
  the moment it is entered it becomes the person's and is sent as theirs: one transaction, the same sums, the same receipt.
- It counts as sent on the day it was handed in, and says who typed it; that officer decides nothing of it (domain/claim.py).
- A bank account can be typed here: the officer has the person and the card before them.
- A form that is not entered is the officer's and names somebody else, who cannot delete it: it lives one day (domain/retention.py).
Put aside: scanning the papers at the counter; which were handed in is ticked, the papers stay with the form.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any

from webapp.actions import audit, claim_drafts, claims
from webapp.actions.claim_drafts import Draft
from webapp.actions.claims import NotAsShown, NotReady, OnPaper, Ready
from webapp.actions.hospital_change import ALPHABET
from webapp.actions.number_lookup import person_with
from webapp.actions.paper import Why
from webapp.domain.audit import ReadReason
from webapp.domain.claim import Claim
from webapp.domain.dates import BANGKOK
from webapp.domain.payment import Way
from webapp.domain.person import NumberKind, Person
from webapp.domain.retention import period_of
from webapp.ports import Name, Officer, Tools

KIND, KIND_SECONDS = "claim-paper", period_of("claim_forms").total_seconds()
NOON = time(12)


@dataclass(frozen=True)
class Form:
    """A paper form being typed: whose, when it was handed in (None: not said yet), and the claim so far."""

    person: Person
    name: Name
    handed_in_on: date | None
    draft: Draft

    @property
    def is_filled_in(self) -> bool:
        return self.handed_in_on is not None and self.draft.next_step == "check"


def begin(tools: Tools, officer: Officer, typed: str, kind: str) -> Form | Why:
    """Find the person by the number typed; what was begun before is dropped."""
    found = [person_with(tools, typed, one) for one in NumberKind]
    if found[0] is None and not any(found):
        return Why.NOT_A_NUMBER
    person_id = next(filter(None, found), None)
    if person_id is None:
        return Why.NOT_IN_THE_RECORD
    if person_id == officer.person_id:
        return Why.THEIR_OWN
    with tools.store.transaction():
        audit.opened(tools, officer, person_id, "", ReadReason.PAPER_FORM, by_number=True)
        _keep(tools, officer, person_id, None, Draft(_new_reference(), kind))
    begun = form_of(tools, officer)
    return begun if begun is not None else Why.NOT_IN_THE_RECORD


def _new_reference() -> str:
    letters = "".join(secrets.choice(ALPHABET) for _ in range(claim_drafts.LETTERS))
    return claim_drafts.read_reference(claim_drafts.PREFIX + letters)


def form_of(tools: Tools, officer: Officer) -> Form | None:
    """The form this officer is typing; None where there is none."""
    kept = tools.store.draft(_owner(officer), KIND)
    person: Person | None = tools.store.person(kept["person_id"]) if kept else None
    name = tools.store.name_of(person.id) if person else None
    if kept is None or person is None or name is None:
        return None
    return Form(person, name, date.fromisoformat(kept["handed_in_on"]) if kept["handed_in_on"] else None, _read(kept["draft"]))


def keep(tools: Tools, officer: Officer, form: Form) -> None:
    with tools.store.transaction():
        _keep(tools, officer, form.person.id, form.handed_in_on, form.draft)


def drop(tools: Tools, officer: Officer) -> None:
    """Throw the form away."""
    tools.store.drop_draft(_owner(officer), KIND)


def look_over(tools: Tools, form: Form) -> Ready | NotReady:
    """What entering it now would answer: it counts as sent on the day it was handed in."""
    return claims.look_over(tools, form.person, form.draft, _at(tools, form.handed_in_on) if form.handed_in_on else None)


def enter(tools: Tools, officer: Officer, reference: str, mark: str) -> Claim | NotAsShown | NotReady | None:
    """Send it as the person's. A double press gets the same claim again; None where there is no such form."""
    with tools.store.transaction():
        entered: Claim | None = tools.store.claim(reference)
        if entered is not None:
            return entered if entered.entered_by == officer.id else None
        form = form_of(tools, officer)
        if form is None or form.handed_in_on is None or form.draft.reference != reference or not form.is_filled_in:
            return None
        found = look_over(tools, form)
        if isinstance(found, NotReady):
            return found
        if found.mark != mark:
            return NotAsShown(found)
        claim_drafts.keep(tools, form.person.id, form.draft)
        answer = claims.send(tools, form.person.id, reference, mark, OnPaper(_at(tools, form.handed_in_on), officer.id))
        if isinstance(answer, Claim):
            drop(tools, officer)
        return answer


def _at(tools: Tools, day: date) -> datetime:
    """A paper form bears a day, no time: noon of it, and never later than now."""
    return min(datetime.combine(day, NOON, BANGKOK), tools.clock.now())


def _keep(tools: Tools, officer: Officer, person_id: str, handed_in_on: date | None, draft: Draft) -> None:
    facts: dict[str, Any] = {
        "person_id": person_id,
        "handed_in_on": handed_in_on.isoformat() if handed_in_on else "",
        "draft": asdict(draft) | {"answers": dict(draft.answers), "without_papers": list(draft.without_papers)},
    }
    tools.store.keep_draft(_owner(officer), KIND, facts, tools.clock.machine_time())


def _read(kept: dict[str, Any]) -> Draft:
    return Draft(**{**kept, "way": Way(kept["way"]) if kept["way"] else None, "without_papers": tuple(kept["without_papers"])})


def _owner(officer: Officer) -> str:
    return f"officer:{officer.id}"
