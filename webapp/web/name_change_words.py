"""A change of name in words: the papers an officer may have seen, and why a name cannot be written."""

from __future__ import annotations

from webapp.domain.assessment import Reason
from webapp.domain.name_change import PaperSeen
from webapp.web.language import gettext as _


def paper_options() -> list[dict[str, str]]:
    """For the officer, who has them in hand."""
    hints = {PaperSeen.CARD_ALONE: _("Only where the record misspells what the card says")}
    return [{"value": str(one), "label": text, "hint": hints.get(one, "")} for one, text in _papers().items()]


def paper_seen_word(paper: PaperSeen) -> str:
    """For the person who reads it later, as well."""
    return _papers()[paper]


def _papers() -> dict[PaperSeen, str]:
    return {
        PaperSeen.NAME_CERTIFICATE: _("Certificate of a change of name"),
        PaperSeen.MARRIAGE: _("Marriage certificate"),
        PaperSeen.DIVORCE: _("Divorce certificate"),
        PaperSeen.PASSPORT: _("Passport"),
        PaperSeen.CARD_ALONE: _("The card alone"),
    }


def fault_of(reason: Reason) -> tuple[str, str]:
    """The field that an unmet condition belongs to, and what to do about it."""
    letters = _("Write it in letters, as on the paper")
    most = reason.facts.get("at_most", 0)
    faults = {
        "not_the_officers_own": ("given_name", _("Another officer writes your own name")),
        "given_name_there": ("given_name", _("Write the given name")),
        "title_in_letters": ("title", letters),
        "given_name_in_letters": ("given_name", letters),
        "family_name_in_letters": ("family_name", letters),
        "title_short_enough": ("title", _("Write at most %(most)s characters", most=most)),
        "given_name_short_enough": ("given_name", _("Write at most %(most)s characters", most=most)),
        "family_name_short_enough": ("family_name", _("Write at most %(most)s characters", most=most)),
        "is_another_name": ("given_name", _("This is the name as it stands. Write the new one")),
        "card_seen": ("card", _("Look at the original card first")),
        "face_seen": ("face", _("Compare the face with the card first")),
        "paper_named": ("paper", _("Choose which paper you have seen")),
    }
    return faults[reason.code]
