"""Why an entry from the Government Channel app came to nothing, in words."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.actions.government_channel import ENTRY_SECONDS
from webapp.web.language import gettext as _
from webapp.web.language import ph

MTOKEN_MINUTES = 2
"""facts/thaid.md: how long the gateway takes an mToken."""


@dataclass(frozen=True)
class FailureWords:
    """`heading` may hold phrase marks for the page; `title` none."""

    title: str
    heading: str
    happened: str


def failure_words(cause: str) -> FailureWords:
    """By the closed words of views/government_channel.FAILURES."""
    return {
        "foreign_app": FailureWords(
            _("This link is for another service"), ph("This link is for another service"),
            _("The Government Channel app made it for somebody else. We asked nobody about it and kept nothing."),
        ),
        "entry_not_taken": FailureWords(
            _("This entry is used up"), ph("This entry is used up"),
            _("An entry from the app serves once, within %(minutes)s minutes. This one was used before or is too old.",
            minutes=MTOKEN_MINUTES),
        ),
        "entry_over": FailureWords(
            _("This entry has ended"), ph("This entry has ended"),
            _("We wait %(minutes)s minutes for your answer, in the browser where the app opened us. After that an entry no longer counts.",
            minutes=ENTRY_SECONDS // 60),
        ),
        "another_number": FailureWords(
            _("ThaiD named somebody else"), ph("ThaiD named somebody else"),
            _("The number in the Government Channel app is not the one that ThaiD confirmed. We linked nothing. "
            "What you are signed in to now is the record of whom ThaiD confirmed."),
        ),
        "not_me": FailureWords(
            _("You are not signed in by this entry"), ph("You are not signed in by this entry"),
            _("We have deleted it. Did somebody send you the link? Do not open it again."),
        ),
        "not_verified": FailureWords(
            _("We could not check this entry"), ph("We could not check this entry"),
            _("The Government Channel app answered something that we cannot read. You did nothing wrong."),
        ),
        "number_not_valid": FailureWords(
            _("The app’s ID number is not valid"), ph("The app’s ID number is not valid"),
            _("The national ID number that the Government Channel app told us fails the check of its last digit."),
        ),
        "provider_down": FailureWords(
            _("The Government Channel app gives no answer now"), ph("The Government Channel app gives no answer now"),
            _("Its system is out of order or being mended. You did nothing wrong."),
        ),
        "timed_out": FailureWords(
            _("The Government Channel app did not answer in time"), ph("The Government Channel app did not answer in time"),
            _("We waited and stopped. You did nothing wrong."),
        ),
        "blocked_page": FailureWords(
            _("Something blocks the way to the Government Channel app"), ph("Something blocks the way to the Government Channel app"),
            _("A protection in front of its system turned us away. You did nothing wrong."),
        ),
    }[cause]  # fmt: skip

