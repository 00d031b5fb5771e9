"""The search for hospitals as a page asks for it: the public list and the step of a hospital change share it.

The search stands in the address (GET), so that it can be kept, sent on and gone back to; whom somebody chooses never does. A box that
is not ticked leaves no trace in an address: that the form was sent at all shows by its province, and only before that the defaults hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from webapp.actions.hospitals import search
from webapp.domain.hospital_search import LONGEST_QUERY, Found, Hospital, Ownership, thai_order
from webapp.web.hospital_change_words import Names, name_of
from webapp.web.language import gettext as _
from webapp.web.language import language
from webapp.web.tools import tools

ON_A_PAGE = 10
FARTHEST_PAGE = 10_000


@dataclass(frozen=True)
class Asked:
    """One search; `province` "" is the whole country, `page` counts from 1."""

    text: str = ""
    province: str = ""
    adjoining: bool = True
    ownership: Ownership | None = None
    page: int = 1

    @property
    def fields(self) -> dict[str, str]:
        """As a form or an address carries it."""
        ticked = {"adjoining": "1"} if self.adjoining else {}
        return {"q": self.text, "province": self.province, **ticked, "ownership": self.ownership or "", "page": str(self.page)}

    @property
    def query(self) -> str:
        return urlencode(self.fields)

    def at_page(self, page: int) -> Asked:
        return replace(self, page=page)


def asked(fields: Mapping[str, str], own_province: str | None = None) -> Asked:
    """What an address or a form asks for; before anything was asked, a person's own province and those around it."""
    if "province" not in fields:
        return Asked(text=_text(fields), province=own_province or "", page=_page(fields))
    return Asked(_text(fields), fields["province"][:8], "adjoining" in fields, _ownership(fields), _page(fields))


def _text(fields: Mapping[str, str]) -> str:
    return fields.get("q", "").strip()[:LONGEST_QUERY]


def _ownership(fields: Mapping[str, str]) -> Ownership | None:
    wanted = fields.get("ownership")
    if wanted == "state":
        return "state"
    return "private" if wanted == "private" else None


def _page(fields: Mapping[str, str]) -> int:
    typed = fields.get("page", "1")
    return min(max(int(typed), 1), FARTHEST_PAGE) if typed.isdecimal() and len(typed) < 7 else 1


@dataclass(frozen=True)
class Card:
    """A hospital as a card shows it."""

    hospital: Hospital
    name: str
    other_name: str
    other_lang: str
    place: str


@dataclass(frozen=True)
class Results:
    """One page of what was found; `earlier` and `later` are the neighbouring pages' queries, None at the ends."""

    asked: Asked
    cards: tuple[Card, ...]
    total: int
    first: int
    last: int
    earlier: str | None
    later: str | None


def look_for(wanted: Asked, names: Names, on: date | None = None) -> Results:
    """Hospitals in the scheme on that day (today when none is given)."""
    start = (wanted.page - 1) * ON_A_PAGE
    found: Found = search(
        tools(), wanted.text, wanted.province or None, wanted.adjoining, wanted.ownership, on=on, limit=ON_A_PAGE, offset=start
    )
    last = start + len(found.hospitals)
    return Results(
        asked=wanted,
        cards=tuple(card(hospital, names) for hospital in found.hospitals),
        total=found.total,
        first=start + 1,
        last=last,
        earlier=wanted.at_page(wanted.page - 1).query if wanted.page > 1 else None,
        later=wanted.at_page(wanted.page + 1).query if last < found.total else None,
    )


def card(hospital: Hospital, names: Names) -> Card:
    thai = language() == "th"
    other = hospital.name_en if thai else hospital.name_th
    return Card(hospital, name_of(hospital), other, "en" if thai else "th", names.place(hospital))


def province_options(names: Names, everywhere: str | None = None) -> list[dict[str, str]]:
    """For a select, in the order of their names; `everywhere` is the words of the first, empty one."""
    first = [] if everywhere is None else [{"value": "", "label": everywhere}]
    return [*first, *({"value": code, "label": name} for code, name in _in_order(tuple(names.provinces().items())))]


@lru_cache(maxsize=8)
def _in_order(provinces: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """By their names; codes are what they came in the order of."""
    return tuple(sorted(provinces, key=lambda one: thai_order(one[1])))


def ownership_options() -> list[dict[str, str]]:
    return [
        {"value": "", "label": _("State and private")},
        {"value": "state", "label": _("State hospitals only")},
        {"value": "private", "label": _("Private hospitals only")},
    ]


def form_facts(wanted: Asked, names: Names) -> dict[str, Any]:
    """What the search form needs."""
    return {
        "asked": wanted,
        "provinces": province_options(names, _("All of Thailand")),
        "ownerships": ownership_options(),
        "province_name": names.province(wanted.province) if wanted.province else "",
    }
