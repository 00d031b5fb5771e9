"""A form that came a minute too late: what was typed is kept, sealed, until the person has signed in again.

Kept whole, by the address it was posted to, rather than by each view under its own names: so it holds for every form there is and
every form to come, and no view has to take part. After sign-in the person is asked before anything is sent.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import g, request

from webapp.actions.sessions import RETURNED_FORM, RETURNED_FORM_SECONDS
from webapp.web.tools import tools

NUMBERS_OF_OTHERS = ("deceased_number", "other_parent_number")
NEVER_KEPT = frozenset({
    "number", "code", "half", "pin", "pin_again", "passkey_answer", *NUMBERS_OF_OTHERS, *(f"q_{name}" for name in NUMBERS_OF_OTHERS)
})  # fmt: skip
"""A number that an officer types from a card or a form, those of other people, and what opens a door: looked at and forgotten."""
ACCOUNT = "account"
"""Waits only while its own person is on the way to ThaiD and back; on no other page does it come again."""
LARGEST_KEPT = 16 * 1024


@dataclass(frozen=True)
class TypedForm:
    """`posted_to` is where it was going, `page` the page it stood on, `fields` names and values in their order. `asked_again`: the session
    ran, but the act asked for ThaiD once more."""

    posted_to: str
    page: str
    fields: list[tuple[str, str]]
    asked_again: bool = False


def fields_to_send_again(asked_again: bool = False) -> list[tuple[str, str]]:
    """This request's form as it can be offered once more."""
    left_out = NEVER_KEPT if asked_again else NEVER_KEPT | {ACCOUNT}
    return [(name, value) for name, value in request.form.items(multi=True) if name not in left_out]


def keep_typed(owner: str, page: str, asked_again: bool = False) -> None:
    """Keep the fields of this request's form for `owner`; files are not kept, nor more than any of our forms holds."""
    fields = fields_to_send_again(asked_again)
    if not fields or sum(len(name) + len(value) for name, value in fields) > LARGEST_KEPT:
        return
    now = tools().clock.machine_time()
    facts = {"posted_to": request.full_path.rstrip("?"), "page": page, "fields": fields, "kept_at": now, "asked_again": asked_again}
    tools().store.keep_draft(owner, RETURNED_FORM, facts, now)
    g.typed_is_kept = True


def typed_again(owner: str) -> TypedForm | None:
    """What `owner` had typed within the last hour and not sent since."""
    facts = tools().store.draft(owner, RETURNED_FORM)
    if facts is None or tools().clock.machine_time() - facts["kept_at"] > RETURNED_FORM_SECONDS:
        return None
    return TypedForm(facts["posted_to"], facts["page"], [(name, value) for name, value in facts["fields"]], facts.get("asked_again", False))


def forget_typed(owner: str) -> None:
    tools().store.drop_draft(owner, RETURNED_FORM)
