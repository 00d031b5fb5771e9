"""Whose number this is, as an officer types it from a card or a form: Thai digits, spaces and hyphens allowed; looked up, and forgotten."""

from __future__ import annotations

from stdnum.th import pin

from webapp.domain.dates import thai_digits_to_arabic
from webapp.domain.person import NumberKind
from webapp.ports import Tools

DIGITS = 13


def is_number(text: str, kind: NumberKind) -> bool:
    """13 digits; a citizen's last one checks the others, that of a social-security card does not."""
    digits = text.isascii() and text.isdigit() and len(text) == DIGITS
    return digits and (kind is NumberKind.SOCIAL_SECURITY or bool(pin.is_valid(text)))


def person_with(tools: Tools, typed: str, kind: NumberKind) -> str | None:
    """The person's id; "" where nobody has this number; None where it is no number of this kind."""
    number = pin.compact(thai_digits_to_arabic(typed).strip())
    if not is_number(number, kind):
        return None
    return tools.store.person_id_of(number, kind) or ""
