"""All rules of a day: for HR offices, for helpers, and for whoever wants to check what this site works with.

Decided: any day may be asked for, typed like every other day (`on_day`, `on_month`, `on_year`), and stands in the address as `on`, so that
a page can be kept and shared; `since` leaves only what changed from that day on. What changed in the twelve months before is marked with
what it was, what is published to come with its day, what nobody knows with "call 1506".

On a phone they are read by subject (`/rules/<subject>`), since 150 rules with everything around them weigh more than a page may; an office,
which prints once a year and reads side by side, gets them all on one sheet without what only a screen needs (`print=1`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from string import ascii_uppercase
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.actions.open_data import FIRST_YEAR, LAST_YEAR
from webapp.domain.benefits.catalogue import FIRST_DAY
from webapp.domain.dates import same_day_in_months
from webapp.domain.lawbook import NOT_KNOWN, Entry, Gap, Law, Value
from webapp.web import law_words as words
from webapp.web.benefit_check import too_long_ago
from webapp.web.day_field import DayField, day_in_address, day_shown, day_typed
from webapp.web.filters import short_date
from webapp.web.fragments import show
from webapp.web.language import gettext as _
from webapp.web.language import ph
from webapp.web.tools import tools

pages = Blueprint("rules", __name__)

ON, SINCE = "on", "since"
LAST_DAY = date(LAST_YEAR, 12, 31)
RECENT_MONTHS = 12


@pages.get("/rules")
def rules() -> AnyResponse:
    """The rules of `on` (today where none is given), or only those that changed from `since` on."""
    days, faulty = _days_in_the_address()
    asked = request.args.get("asked", "")
    if asked in (ON, SINCE):
        field = _within_reach(day_typed(asked, request.args), days)
        if field.day:
            return redirect(_address({**days, asked: field.day}), 303)
        return _page(days, field, status=422)
    if "print" in request.args and not faulty:
        return _sheet(days)
    return _page(days, faulty, status=422 if faulty else 200)


@pages.get("/rules/<subject>")
def subject(subject: str) -> AnyResponse:
    """The rules of one subject on `on`; a day that cannot be read is asked for again where days are chosen."""
    if subject not in words.subjects():
        abort(404)
    days, faulty = _days_in_the_address()
    if faulty:
        return redirect(f"/rules?{request.query_string.decode()}", 303)
    on = days.get(ON, tools().clock.today())
    return show("rules/subject.html", subject=words.subject_name(subject), all_href=_address(_only_on(days)),
                address=_address(_only_on(days), f"/{subject}"), **_tables(on, None, subject))  # fmt: skip


def _days_in_the_address() -> tuple[dict[str, date], DayField | None]:
    """`on` and `since` as far as they can be read, and the first that cannot."""
    days: dict[str, date] = {}
    faulty = None
    for name in (ON, SINCE):
        typed = request.args.get(name, "").strip()
        field = _within_reach(day_in_address(name, typed), days) if typed else None
        if field and field.day:
            days[name] = field.day
        faulty = faulty or (field if field and not field.day else None)
    return days, faulty


def _within_reach(field: DayField, days: Mapping[str, date]) -> DayField:
    """Neither before what we know nor after it; a change lies before the day of the rules."""
    if field.day is None:
        return field
    if field.day < FIRST_DAY:
        return field.but(too_long_ago())
    if field.day > LAST_DAY:
        return field.but(_("That is too far ahead: nothing is published for this day"))
    if field.name == SINCE and field.day > days.get(ON, tools().clock.today()):
        return field.but(_("This day lies after the day of the rules"))
    return field


def _address(days: Mapping[str, date], subject: str = "") -> str:
    query = urlencode({name: day.isoformat() for name, day in days.items()})
    return f"/rules{subject}?{query}" if query else f"/rules{subject}"


def _only_on(days: Mapping[str, date]) -> dict[str, date]:
    return {name: day for name, day in days.items() if name == ON}


def _page(days: Mapping[str, date], faulty: DayField | None, status: int) -> AnyResponse:
    """The way to every rule of a day; or, with `since`, the rules that changed."""
    on, since = days.get(ON, tools().clock.today()), days.get(SINCE)
    facts = _tables(on, since)
    return show(
        "rules/rules.html",
        status=status,
        since=since,
        changed=[row for row in facts["rows"] if row["before"]],
        published=[row for row in facts["rows"] if row["published"]],
        fields={name: faulty if faulty and faulty.name == name else day_shown(name, days.get(name)) for name in (ON, SINCE)},
        errors=faulty.errors if faulty else [],
        kept=[(name, day.isoformat()) for name, day in days.items()],
        all_href=_address(_only_on(days)),
        print_href=f"/rules?{urlencode({ON: on.isoformat(), 'print': 1})}",
        api_href=f"/api/v1/law?on={on.isoformat()}" if on.year >= FIRST_YEAR else None,
        address=_address(days),
        place_of=lambda key: f"{_address(_only_on(days), f'/{words.subject_of(key)}')}#{key}",
        subjects=[(group["title"], _address(_only_on(days), f"/{group['subject']}"), len(group["rows"])) for group in facts["groups"]],
        **facts,
    )


def _sheet(days: Mapping[str, date]) -> AnyResponse:
    on = days.get(ON, tools().clock.today())
    return show("rules/print.html", all_href=_address(_only_on(days)), address=_address(_only_on(days)), **_tables(on, None))


def _tables(on: date, since: date | None, subject: str | None = None) -> dict[str, Any]:
    """The rules of `on` by subject and what they rest on: all, those of one subject, or those that changed from `since` on."""
    today = tools().clock.today()
    law = tools().law_book.on(on)
    keys = [key for key in words.named_keys() if subject in (None, words.subject_of(key))]
    rows = [_row(law, key, since or same_day_in_months(on, -RECENT_MONTHS), today) for key in keys]
    shown = [row for row in rows if row["before"]] if since else rows
    return {
        "on": on,
        "rows": rows,
        "groups": words.by_subject(shown),
        "sources": dict(zip(dict.fromkeys(row["source"] for row in shown if row["is_known"]), ascii_uppercase, strict=False)),
        "is_stale": any(value.is_stale(today) for value in law.values),
        "checked": min(value.checked for value in law.values),
    }


def _row(law: Law, key: str, since: date, today: date) -> dict[str, Any]:
    entry = law.entry(key)
    gap = {"key": key, "name": words.rule_name(key), "value": words.entry_words(entry)}
    return (words.rule_words(entry) if isinstance(entry, Value) else gap) | {
        "is_known": isinstance(entry, Value),
        "before": [_was(earlier) for earlier in law.replaced_since(key, since)],
        "to_come": [_coming(later, today) for later in law.to_come(key)],
        "published": [_coming(later, today) for later in law.to_come(key) if _is_published(later, today)],
    }


def _was(entry: Entry) -> words.Words:
    """What stood before, and until when."""
    if isinstance(entry, Gap) and entry.why == NOT_KNOWN or entry.until is None:
        return _("before: not known to us")
    return ph("before: %(value)s, until %(day)s", value=words.entry_words(entry), day=short_date(entry.until))


def _coming(entry: Entry, today: date) -> words.Words:
    facts = {"day": short_date(entry.since), "value": words.entry_words(entry)}
    if _is_published(entry, today):
        return ph("already published: %(value)s from %(day)s", **facts)
    return ph("afterwards: %(value)s from %(day)s", **facts)


def _is_published(entry: Entry, today: date) -> bool:
    """Still to come for whoever reads this today, and known; what only came after an old day is not news."""
    return entry.since > today and isinstance(entry, Value)
