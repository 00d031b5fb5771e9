"""A phone number to be called at: its two fields as they come in, and what stands beside them, for the welcome and for its own page alike.

Decided: left empty is an answer; what was typed comes back as typed. The words of the consent stand at the field, not behind a tick: saying
the number is the yes (domain/consent.py keeps their version).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from webapp.actions import contact
from webapp.domain.contact import Contact, PhoneFault, When, read_phone
from webapp.web.language import gettext as _
from webapp.web.tools import tools

LONGEST_TYPED = 40


@dataclass(frozen=True)
class ContactTyped:
    """`contact` None: left empty, or not a number; `fault` says which."""

    phone: str
    when: str
    contact: Contact | None
    fault: str | None = None

    @property
    def errors(self) -> list[dict[str, str]]:
        return [{"field": "phone", "text": self.fault}] if self.fault else []


def contact_typed(form: Mapping[str, str], may_be_empty: bool = True) -> ContactTyped:
    """A time that nobody offered counts as any."""
    typed, said = form.get("phone", "")[:LONGEST_TYPED], form.get("call_when", "")
    when = When(said) if said in set(When) else When.ANY
    if not typed.strip():
        return ContactTyped("", when, None, None if may_be_empty else _("Type a phone number"))
    phone = read_phone(typed)
    if isinstance(phone, PhoneFault):
        return ContactTyped(typed, when, None, _fault(phone))
    return ContactTyped(typed, when, Contact(phone, when))


def contact_shown(contact: Contact | None) -> ContactTyped:
    """The fields as they stand before anything is typed."""
    return ContactTyped(contact.written if contact else "", contact.when if contact else When.ANY, contact)


def _fault(fault: PhoneFault) -> str:
    return {
        PhoneFault.NOT_DIGITS: _("Type the number in digits, such as 081 234 5678"),
        PhoneFault.NOT_THAI: _("Type a Thai number. It begins with 02 to 09, or with +66"),
        PhoneFault.LENGTH: _("Count the digits: a mobile number has 10, any other has 9"),
    }[fault]


def when_options() -> list[dict[str, str]]:
    return [{"value": str(when), "label": text} for when, text in _whens().items()]


def when_word(when: When) -> str:
    return _whens()[when]


def call_row(person_id: str, has_a_hand_in_it: bool, is_open: bool) -> list[dict[str, Any]]:
    """For the officer's page of a case, as rows of a definition list: the number as a link that calls it; none where there is nothing."""
    said = contact.for_officer(tools(), person_id, has_a_hand_in_it, is_open)
    if said is None:
        return []
    link = Markup('<a class="a48" href="tel:{}">{}</a><br>{}').format(said.from_abroad, said.written, when_word(said.when))
    ask_first = _("Ask who is there before you say more")
    return [{"label": _("May be called at"), "value": link}, {"label": _("On the phone"), "value": ask_first}]


def _whens() -> dict[When, str]:
    return {When.ANY: _("Any time"), When.MORNING: _("Morning"), When.AFTERNOON: _("Afternoon")}
