"""What is paid in each month, in words and rows: for one wage with its working, and as the law has it now, next and has had it for a time.

Decided: the rate that lasts is the last one of the book's history; a period with another rate before it is one "for a time". Baht as people
say them, satang in the working. What the facts do not name (an employer's part in some periods) is said to be not known.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from webapp.domain.contribution import NINE_SOUTHERN_PROVINCES, USUAL, Contribution, contribution_on
from webapp.domain.lawbook import Entry, Law, LawBook, Value
from webapp.domain.money import Baht
from webapp.web.filters import month_year, short_date
from webapp.web.guide import LawShown
from webapp.web.language import gettext as _
from webapp.web.numbers import baht, percent, satang

FLOOR, CEILING = "wage_base.floor", "wage_base.ceiling"
EMPLOYER, GOVERNMENT = "contribution_rate.employer", "contribution_rate.government"


def worked_out(wage: Baht, on: date, shown: LawShown) -> dict[str, Any]:
    """The month's contribution on a wage with its working; raises NotKnown where that day's base or rate is not."""
    law = shown.book.on(on)
    paid = _contribution(wage, on, shown)
    employer = _("not known") if paid.employer is None else satang(paid.employer)
    return {
        "on": on,
        "yours": baht(paid.employee),
        "at_floor": paid.base > wage,
        "at_ceiling": paid.base < wage,
        "rows": [
            {"label": _("Your wage"), "value": satang(wage)},
            {"label": _("The wage that counts"), "value": satang(paid.base)},
            {"label": _("You pay %(rate)s", rate=_rate(law, USUAL)), "value": satang(paid.employee)},
            {"label": _employers(law), "value": employer},
            {"label": _("The government pays %(rate)s", rate=_rate(law, GOVERNMENT)), "value": satang(paid.government)},
        ],
        "southern_rate": _rate(law, NINE_SOUTHERN_PROVINCES) if law.is_known(NINE_SOUTHERN_PROVINCES) else None,
    }


def _employers(law: Law) -> str:
    rate = law.entry(EMPLOYER)
    return _("Your employer pays %(rate)s", rate=percent(rate.read(Decimal))) if isinstance(rate, Value) else _("Your employer pays")


def who_pays(shown: LawShown) -> list[dict[str, Any]]:
    """Rate, least and most of a month today, for each who pays."""
    law = shown.book.on(shown.today)
    least, most = (_contribution(_sum(law, key), shown.today, shown) for key in (FLOOR, CEILING))
    return [
        {"head": who, "small": _rate(law, key), "cells": (_or_not_known(low), _or_not_known(high))}
        for who, key, low, high in (
            (_("You"), USUAL, least.employee, most.employee),
            (_("Your employer"), EMPLOYER, least.employer, most.employer),
            (_("The government"), GOVERNMENT, least.government, most.government),
        )
    ]


def steps(shown: LawShown) -> list[dict[str, Any]]:
    """By the day it begins: the ceiling and the most that one pays, of today and as already gazetted."""
    ahead = [value for value in _values(shown.book, CEILING) if value.until is None or value.until >= shown.today]
    shown.cite(ahead)
    return [_step(value, shown) for value in ahead]


def _step(value: Value, shown: LawShown) -> dict[str, Any]:
    ceiling = Baht.of(value.read(Decimal))
    return {"head": short_date(value.since), "cells": (baht(ceiling), baht(_contribution(ceiling, value.since, shown).employee))}


def lowered(shown: LawShown) -> list[dict[str, Any]]:
    """The periods in which less was paid than the lasting rate, the latest first: one's own rate and the employer's."""
    usual = _values(shown.book, USUAL)
    rows = [value for value in usual if value.value != usual[-1].value] + _values(shown.book, NINE_SOUTHERN_PROVINCES)
    return [_lowered(value, shown.book) for value in sorted(rows, key=lambda value: value.since, reverse=True)]


def _lowered(value: Value, book: LawBook) -> dict[str, Any]:
    is_southern = value.key == NINE_SOUTHERN_PROVINCES
    months = [month_year(value.since)] + ([month_year(value.until)] if value.until else [])
    doubts = [
        _("Only nine southern provinces") if is_southern else "",
        "" if value.is_confirmed else _("Being confirmed: call 1506"),
    ]
    return {
        "head": " – ".join(dict.fromkeys(months)),
        "small": ". ".join(doubt for doubt in doubts if doubt),
        "cells": (percent(value.read(Decimal)), _("not known") if is_southern else _rate(book.on(value.since), EMPLOYER)),
    }


def _values(book: LawBook, key: str) -> list[Value]:
    return [entry for entry in book.history(key) if isinstance(entry, Value)]


def _contribution(wage: Baht, on: date, shown: LawShown) -> Contribution:
    paid = contribution_on(wage, on, shown.book)
    shown.cite(paid.law)
    return paid


def _sum(law: Law, key: str) -> Baht:
    return Baht.of(law.read(key, Decimal))


def _rate(law: Law, key: str) -> str:
    entry: Entry = law.entry(key)
    return percent(entry.read(Decimal)) if isinstance(entry, Value) else _("not known")


def _or_not_known(sum_: Baht | None) -> str:
    return _("not known") if sum_ is None else baht(sum_)
