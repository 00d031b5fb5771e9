"""Which paper is asked for, why, and what to do without it.

What our sources name is a list of papers for each benefit (the statute book, `<benefit>.papers`); why each is wanted is said in plain words
here, and where nothing is known of what to do without one, 1506 is the way on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from webapp.web.language import gettext as _


def why(code: str) -> str:
    """One sentence."""
    return _WHY[code]() if code in _WHY else _("The officer needs it to decide.")


def instead(code: str) -> str:
    """One sentence for whoever does not have it."""
    return _INSTEAD[code]() if code in _INSTEAD else _("Send without it and ask 1506 what else will do.")


_WHY: Mapping[str, Callable[[], str]] = {
    "birth_certificate": lambda: _("It shows the child, the day of birth and the parents."),
    "id_card": lambda: _("It shows that it is you."),
    "bank_book": lambda: _("The page with your name and number: so the money reaches your own account."),
    "marriage_certificate": lambda: _("It shows that a father may claim."),
    "death_certificate": lambda: _("It shows who died and when."),
    "funeral_organiser_proof": lambda: _("The funeral grant is for whoever holds the funeral."),
    "receipt": lambda: _("It shows what you paid, and when."),
    "medical_certificate": lambda: _("It shows what the doctor found and did, or for how many days."),
    "medical_records": lambda: _("They show how much strength is lost, and since when."),
    "employer_certificate": lambda: _("It shows that your employer’s sick leave is used up."),
}
_INSTEAD: Mapping[str, Callable[[], str]] = {
    "birth_certificate": lambda: _("Lost? A district office can give you a copy. You can send the claim before."),
    "id_card": lambda: _("You signed in with it, so the claim can be sent without the picture."),
    "bank_book": lambda: _("Choose PromptPay, or send without it."),
    "marriage_certificate": lambda: _("Not married, but living openly as a couple? Ask 1506 which paper shows that."),
    "death_certificate": lambda: _("A district office gives a copy. You can send the claim before."),
    "receipt": lambda: _("Ask the clinic or hospital for a copy. You can send the claim before."),
    "medical_certificate": lambda: _("Ask the doctor who treated you for a copy. You can send the claim before."),
    "medical_records": lambda: _("Ask the hospital for a copy. You can send the claim before."),
    "employer_certificate": lambda: _("The employer does not give it? Send without it and call 1506."),
}
