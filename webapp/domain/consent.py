"""What is asked for and not simply done: extras that the service works without, one purpose at a time.

Decided:
- Whatever a request, a correction or a sign-in needs is no matter of consent: it is told at the point where it is collected. Nothing is
  counted about visits, so there is nothing to ask about that.
- A purpose is given and withdrawn as often as somebody likes; each time is a line of its own, with the version of the text that was read
  and where it was tapped. The last line counts.
- A text changes with its version: people who agreed to the old words did not agree to the new ones, and are asked again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Purpose(StrEnum):
    """OWN_REMINDERS: one's own requests and dates on one's phones. NEW_BENEFITS: looking at the months paid each month, and keeping for
    which benefits they suffice, to tell what is new. OWN_CALENDAR: a calendar of one's own dates at a secret address. CALLS: a phone number
    at which officers may call about one's own requests."""

    OWN_REMINDERS = "own_reminders"
    NEW_BENEFITS = "new_benefits"
    OWN_CALENDAR = "own_calendar"
    CALLS = "calls"


class Channel(StrEnum):
    """Where somebody said so; TIME_OVER: nobody did, its time had passed."""

    CONSENTS_PAGE = "consents_page"
    REMINDERS_PAGE = "reminders_page"
    CALENDAR_PAGE = "calendar_page"
    CONTACT_PAGE = "contact_page"
    WELCOME_PAGE = "welcome_page"
    TIME_OVER = "time_over"
    ERASURE = "erasure"


TEXT_VERSION = {Purpose.OWN_REMINDERS: "1", Purpose.NEW_BENEFITS: "2", Purpose.OWN_CALENDAR: "1", Purpose.CALLS: "1"}
"""Raised by whoever changes the words in web/privacy_words.py; a test holds the two together."""


@dataclass(frozen=True, slots=True)
class Consent:
    """One time of giving or withdrawing."""

    purpose: Purpose
    given: bool
    text_version: str
    channel: Channel
    at: datetime

    @property
    def is_in_force(self) -> bool:
        """Given, and to the words as they are now."""
        return self.given and self.text_version == TEXT_VERSION[self.purpose]


def standing(history: Iterable[Consent]) -> dict[Purpose, Consent]:
    """The last line of each purpose; `history` oldest first. Purposes never asked about are left out."""
    return {one.purpose: one for one in history}
