"""A person's claims as rows: what is begun and what is sent, for the first page, "my data" and the list of claims."""

from __future__ import annotations

from typing import Any

from webapp.actions import claim_drafts, claims
from webapp.domain.person import Person
from webapp.web import benefit_words
from webapp.web import claim_words as words
from webapp.web.filters import date_time
from webapp.web.language import gettext as _
from webapp.web.language import ph
from webapp.web.tools import tools

Rows = list[dict[str, Any]]


def draft_rows(person: Person) -> Rows:
    """Begun and not sent: each leads to where somebody stopped."""
    return [
        {
            "kind": draft.kind,
            "href": f"{words.PLACE}/{draft.reference}",
            "icon": benefit_words.benefit_icon(draft.kind),
            "title": words.claim_name(draft.kind),
            "text": _("Not sent yet. Carry on where you stopped"),
        }
        for draft in claim_drafts.drafts_of(tools(), person.id)
    ]


def claim_rows(person: Person) -> Rows:
    """What is sent, newest first, with how it stands."""
    return [
        {
            "href": f"{words.PLACE}/{claim.reference}",
            "icon": benefit_words.benefit_icon(claim.kind),
            "title": words.claim_name(claim.kind),
            "text": ph("Sent %(time)s", time=date_time(claim.sent_at)),
            "tag": words.claim_tag(claim),
            "is_open": claim.is_open,
        }
        for claim in claims.claims_of(tools(), person.id)
    ]
