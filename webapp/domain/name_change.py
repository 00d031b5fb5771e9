"""Another name than the one in the office's record: when ThaiD's word differs from it, and what an officer may write after seeing a paper.

Decided:
- ThaiD's word on a name is the State's own, by the civil register, within the last five minutes: the record takes it at once when its
  person asks. An officer between would copy it and could only get it wrong. The number stays, so nobody gets at another's record.
- What the office's own file says stays beside it until that file follows: an old file, imported the same night, does not bring the old
  name back; a file with a third name does, since then the office has put its source right later than we did.
- So that its source follows at all, each change is also a report in the officers' list (domain/correction.py), which a person reads.
- A birth date is not taken over at once: pensions and the age for them hang on it, and one wrong at its source may have been paid by.
  It goes to the officers as a report, with ThaiD's word beside it. A citizen number never differs: it is what a record is found by.
- ThaiD is asked for given and family name (facts/thaid.md), so a title is never taken from it, nor a middle name that the record has
  beside the given one: an officer writes those. What ThaiD left empty takes nothing away.
- Letters, marks, spaces and what joins names are taken as typed; no word is judged, since names are not ours to judge.
Put aside: asking ThaiD for the title as well (one more thing collected of everybody, for the few who marry), and two officers for a change
at the counter: the person is told at once, and the old name stands in the log.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from webapp.domain.assessment import Reason, Refusal

LONGEST_TITLE, LONGEST_NAME = 50, 100
SARA_AM = re.compile("([\u0e48-\u0e4b]?)\u0e4d([\u0e48-\u0e4b]?)\u0e32")
"""ำ as older files write it, in two letters, the tone mark between or before them."""
JOINING = frozenset(" -.'’ฯๆ")


@dataclass(frozen=True)
class WrittenName:
    """As a record writes it; a person with one name has no family name."""

    title: str
    given_name: str
    family_name: str

    @property
    def full(self) -> str:
        return f"{self.title}{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True)
class ThaidSays:
    """What ThaiD said at the last sign-in by it; "" and None for what it left out."""

    given_name: str
    family_name: str
    birth_date: date | None


class PaperSeen(StrEnum):
    """What an officer had before them, beside the card."""

    NAME_CERTIFICATE = "name_certificate"
    MARRIAGE = "marriage"
    DIVORCE = "divorce"
    PASSPORT = "passport"
    CARD_ALONE = "card_alone"


@dataclass(frozen=True)
class Differs:
    """Where ThaiD and the record do not agree. `name`: how the record would read with ThaiD's names; None where they agree."""

    name: WrittenName | None
    birth_date: date | None

    def __bool__(self) -> bool:
        return self.name is not None or self.birth_date is not None


@dataclass(frozen=True)
class Entered:
    """What an officer fills in."""

    name: WrittenName
    paper: PaperSeen | None
    card: bool
    face: bool


def differences(record: WrittenName, born: date | None, said: ThaidSays) -> Differs:
    """What a person can be shown, and can take or report. A birth date that the record lacks is no difference: it contradicts nothing."""
    given_name = said.given_name if _is_another_given_name(record.given_name, said.given_name) else record.given_name
    taken = tidied(replace(record, given_name=given_name, family_name=tidy(said.family_name) or record.family_name))
    is_another = _bare(taken) != _bare(record)
    birth_date = said.birth_date if said.birth_date and born and said.birth_date != born else None
    return Differs(taken if is_another else None, birth_date)


def _is_another_given_name(in_record: str, said: str) -> bool:
    """A middle name that the record writes behind the given one is not in ThaiD's answer."""
    mine, theirs = tidy(in_record).casefold(), tidy(said).casefold()
    return bool(theirs) and mine != theirs and not mine.startswith(f"{theirs} ")


def _bare(name: WrittenName) -> tuple[str, str]:
    return tidy(name.given_name).casefold(), tidy(name.family_name).casefold()


def tidy(text: str) -> str:
    """One way of writing the same letters (Unicode keeps two of ำ apart), single spaces, none around."""
    return " ".join(SARA_AM.sub("\\1\\2\u0e33", unicodedata.normalize("NFC", text)).split())


def tidied(name: WrittenName) -> WrittenName:
    return WrittenName(tidy(name.title), tidy(name.given_name), tidy(name.family_name))


def enter(entered: Entered, now: WrittenName, officers_own: bool) -> WrittenName | Refusal:
    """What an officer writes into the record of the person before them, or all that stands in the way. `now`: as it reads."""
    name = tidied(entered.name)
    reasons = (
        Reason("not_the_officers_own", not officers_own),
        Reason("given_name_there", bool(name.given_name)),
        *(Reason(f"{part}_in_letters", _is_of_letters(text)) for part, text in _parts(name)),
        Reason("title_short_enough", len(name.title) <= LONGEST_TITLE, {"at_most": LONGEST_TITLE}),
        Reason("given_name_short_enough", len(name.given_name) <= LONGEST_NAME, {"at_most": LONGEST_NAME}),
        Reason("family_name_short_enough", len(name.family_name) <= LONGEST_NAME, {"at_most": LONGEST_NAME}),
        Reason("is_another_name", name != tidied(now)),
        Reason("paper_named", entered.paper is not None),
        Reason("card_seen", entered.card),
        Reason("face_seen", entered.face),
    )
    return name if all(reason.met for reason in reasons) else Refusal(reasons)


def _parts(name: WrittenName) -> tuple[tuple[str, str], ...]:
    return ("title", name.title), ("given_name", name.given_name), ("family_name", name.family_name)


def _is_of_letters(text: str) -> bool:
    return all(unicodedata.category(letter)[0] in "LM" or letter in JOINING for letter in text)


def kept_beside_the_file(told: WrittenName, in_file: WrittenName, brought: WrittenName) -> bool:
    """Whether the name told here stays when a file comes: it says still what the file before it said."""
    return tidied(brought) == tidied(in_file) and tidied(told) != tidied(brought)
