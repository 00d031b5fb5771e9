"""What the pages say of ways in, codes and PINs: names for levels, reasons for faults, letters as they are read aloud."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from webapp.actions.counter_codes import CodeFault, NotFound, PinFault
from webapp.domain.assurance import Via
from webapp.domain.counter_code import HALF, LONGEST_PIN, SHORTEST_PIN, Why, grouped
from webapp.web.filters import say_date
from webapp.web.language import gettext as _
from webapp.web.language import in_language

PAPER_LANGUAGES = ("th", "en")


def way_in(via: str) -> str:
    """How a session was opened."""
    words = {
        Via.THAID: _("ThaiD"),
        Via.GOVERNMENT_CHANNEL: _("The Government Channel app"),
        Via.PASSKEY: _("Passkey, made after ThaiD"),
        Via.COUNTER_PASSKEY: _("Passkey, made with a code from the counter"),
        Via.COUNTER_PIN: _("PIN and half a code from the counter"),
    }
    return words[Via(via)] if via in words else _("Another way")


def why_options() -> list[dict[str, str]]:
    """For the officer."""
    return [
        {"value": Why.NO_SMARTPHONE, "label": _("No phone that ThaiD works on")},
        {
            "value": Why.CANNOT_USE_THAID,
            "label": _("Has a phone, but cannot use ThaiD"),
            "hint": _("Age, eyesight, hands, a face that is not recognised"),
        },
        {"value": Why.NOT_THAI, "label": _("No Thai nationality")},
        {"value": Why.FORGOT_PIN, "label": _("Forgot the PIN")},
        {
            "value": Why.LOST,
            "label": _("Phone or paper lost or stolen"),
            "hint": _("Every PIN and passkey from earlier codes ends at once"),
        },
    ]


def why_no_person(why: NotFound) -> str:
    return {
        NotFound.NOT_A_NUMBER: _("This is not a number of that kind. Compare it with the card"),
        NotFound.NOT_IN_THE_RECORD: _("Nobody with this number is in the record"),
        NotFound.THEIR_OWN: _("This is your own number. Another officer does this for you"),
        NotFound.NOT_INSURED: _("This person is not insured, so there is nothing to sign in to"),
    }[why]


def code_fault(fault: CodeFault) -> str:
    if fault is CodeFault.MISTYPED:
        return _("One of the ten characters is wrong or missing. Compare each with the paper. This did not count as a try")
    return _("This code opens nothing: it was used, has ended, or is another one. Ask for a new one at the counter")


def pin_fault(fault: PinFault) -> str:
    return {
        PinFault.NOT_DIGITS: _("A PIN is digits only"),
        PinFault.TOO_SHORT: _("At least %(count)s digits", count=SHORTEST_PIN),
        PinFault.TOO_LONG: _("At most %(count)s digits", count=LONGEST_PIN),
        PinFault.EASILY_GUESSED: _("Too easy to guess. Not your birthday, not 123456, not the same digit again and again"),
        PinFault.DIFFERS: _("The two are not the same. Type your PIN once more"),
    }[fault]


def read_aloud(code: str) -> list[tuple[str, str]]:
    """Each character with the word that tells it from every other on a bad line."""
    words = {
        "2": _("two"), "3": _("three"), "4": _("four"), "5": _("five"), "6": _("six"), "7": _("seven"), "8": _("eight"), "9": _("nine"),
        "A": _("Alfa"), "C": _("Charlie"), "E": _("Echo"), "F": _("Foxtrot"), "H": _("Hotel"), "J": _("Juliett"), "K": _("Kilo"),
        "N": _("November"), "P": _("Papa"), "R": _("Romeo"), "T": _("Tango"), "U": _("Uniform"), "W": _("Whiskey"), "X": _("X-ray"),
        "Y": _("Yankee"),
    }  # fmt: skip
    return [(char, words[char]) for char in code]


@dataclass(frozen=True)
class Paper:
    """What the sheet says in one language."""

    language: str
    title: str
    steps: tuple[str, ...]
    ends: str
    secret: str
    may: str
    spoken: tuple[tuple[str, str], ...]
    keep_title: str
    keep: str
    help: str


def papers(code: str, site: str, ends_at: datetime) -> list[Paper]:
    """The sheet in Thai and in English: whoever reads it may not be who printed it."""
    return [in_language(language, lambda language=language: _paper(language, code, site, ends_at)) for language in PAPER_LANGUAGES]  # type: ignore[misc]


def _paper(language: str, code: str, site: str, ends_at: datetime) -> Paper:
    return Paper(
        language,
        _("Your code for signing in"),
        (
            _("Point your phone’s camera at the square. Or open this address: %(address)s", address=f"{site}/sign-in/counter"),
            _("Type the ten characters: %(code)s", code=grouped(code)),
            _("Choose fingerprint or face (a passkey). If your phone has none, choose a PIN of %(count)s digits or more.",
            count=SHORTEST_PIN),
        ),
        _("It serves once, until the end of %(day)s.", day=say_date(ends_at.date(), "long", language)),
        _("Show it to nobody. No officer asks for it by phone or message."),
        _("You can read your data and change hospital with it. Bank account and identity are changed at the counter, with your card."),
        tuple(read_aloud(code)),
        _("Keep this half if you chose a PIN"),
        _("To sign in, you need these %(count)s characters and your PIN. Without the PIN nobody can use them.", count=HALF),
        _("Questions or lost? Call 1506, 24 hours."),
    )
