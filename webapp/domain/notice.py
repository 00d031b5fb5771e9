"""What an operator tells everybody: that something does not work, that work is planned, that it is busy.

Decided:
- A notice is told in both languages or not at all. In trouble at night nobody should have to write Thai: `About` names what happens most,
  and the words for it stand in the catalogue (web/notice_words.py). Other words are plain text, one paragraph, no longer than LONGEST.
- It is shown from one time until another, both Bangkok's, or until it is ended. Nothing of it is ever deleted: /status shows what was
  told lately.
- At most MOST_AT_ONCE stand at once: more would push the page itself off a small screen.
Put aside: notices for some people only (whoever is told nothing believes that all is well), and links in them (a banner with an address of
somebody else's is what a thief would post).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LONGEST = 300
MOST_AT_ONCE = 3
REMEMBERED = timedelta(days=30)
"""How far back /status tells."""


class Kind(StrEnum):
    INFO = "info"
    TROUBLE = "trouble"
    PLANNED = "planned"


class About(StrEnum):
    """What happens most; one more is one more line here and its words in web/notice_words.py."""

    THAID_DOWN = "thaid_down"
    PUSH_DOWN = "push_down"
    MAINTENANCE = "maintenance"
    BUSY = "busy"


KIND_OF = {
    About.THAID_DOWN: Kind.TROUBLE, About.PUSH_DOWN: Kind.TROUBLE, About.MAINTENANCE: Kind.PLANNED, About.BUSY: Kind.INFO,
}  # fmt: skip


@dataclass(frozen=True)
class Notice:
    """`about` names words of the catalogue; where it is "", `th` and `en` are the words. Written with number 0. `until_at` None: until it
    is ended."""

    number: int
    kind: Kind
    about: str
    th: str
    en: str
    from_at: datetime
    until_at: datetime | None
    made_at: datetime
    ended_at: datetime | None = None

    @property
    def over_at(self) -> datetime | None:
        """When it ends, or ended: by hand or by its time, whichever came first."""
        return min((at for at in (self.until_at, self.ended_at) if at is not None), default=None)

    def is_over(self, at: datetime) -> bool:
        return self.over_at is not None and self.over_at <= at

    def is_shown(self, at: datetime) -> bool:
        return self.from_at <= at and not self.is_over(at)

    def is_coming(self, at: datetime) -> bool:
        return at < self.from_at and not self.is_over(at)

    def was_shown(self, at: datetime) -> bool:
        """Whether anybody could have read it before now; one that was ended before its time began was never told."""
        return self.is_over(at) and self.over_at is not None and self.from_at < self.over_at


def fault_of(words: str) -> str | None:
    """Why these words cannot be told, in English for whoever typed them."""
    if not words.strip():
        return "must not be empty"
    if len(words) > LONGEST:
        return f"has {len(words)} characters: at most {LONGEST}"
    if any(unicodedata.category(letter) in ("Cc", "Co", "Cs", "Zl", "Zp") for letter in words):
        return "must be one paragraph of plain text, without line breaks"
    return "must be plain text, without < and >" if "<" in words or ">" in words else None


def is_thai(words: str) -> bool:
    """Whether Thai letters are in it: both texts are told apart before somebody reads the wrong one."""
    return any("\u0e01" <= letter <= "\u0e2e" for letter in words)
