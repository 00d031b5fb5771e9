"""The guide: its index, and each of its pages.

A page is a template of words and what the law of today says; only the one about contributions takes something in, for its calculator.
That asks in the address, as the checker does, and keeps nothing; what cannot be read comes back as it was typed, with a word beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.actions.check_benefits import WAGE
from webapp.domain.answers import Answers, read_answers
from webapp.domain.benefits.catalogue import BENEFITS, FIRST_YEAR, LAST_YEAR
from webapp.domain.contribution import USUAL
from webapp.domain.money import Baht
from webapp.web import benefit_words, contribution_words
from webapp.web import guide as guides
from webapp.web.day_field import DayField, day_typed
from webapp.web.filters import thai_year
from webapp.web.fragments import show
from webapp.web.guide import LawShown
from webapp.web.language import gettext as _
from webapp.web.tools import tools

pages = Blueprint("guide", __name__, url_prefix="/guide")

LONGEST_WAGE = 200
DAY = "on"
DAY_PARTS = (f"{DAY}_day", f"{DAY}_month", f"{DAY}_year")


@pages.get("")
def index() -> AnyResponse:
    return show("guide/index.html", groups=guides.by_group())


@pages.get("/<slug>")
def guide(slug: str) -> AnyResponse:
    if slug not in guides.GUIDES:
        abort(404)
    one = guides.GUIDES[slug]
    law = LawShown(tools().law_book, tools().clock.today())
    facts: dict[str, Any] = {"guide": one, "law": law, "law_value": law.value, "law_number": law.number, "law_since": law.since}
    more = _MORE[slug](law) if slug in _MORE else {}
    return show(one.template, status=422 if more.get("errors") else 200, **facts, **more)


def _section_33(_law: LawShown) -> dict[str, Any]:
    return {"benefits": [_benefit(name) for name in BENEFITS if name != "dental"], "dental": [_benefit("dental")]}


def _after_leaving_work(law: LawShown) -> dict[str, Any]:
    return {"covered": [benefit_words.benefit_name(name) for name in law.codes("coverage.benefits_after_leaving")]}


def _claims(law: LawShown) -> dict[str, Any]:
    """The papers that the book names; what it names none for is left to 1506."""
    named = [name for name in BENEFITS if f"{name}.papers" in law.book.keys]
    return {"papers": [{"head": benefit_words.benefit_name(name), "cells": (", ".join(law.papers(f"{name}.papers")),)} for name in named]}


def _benefit(name: str) -> dict[str, Any]:
    return {
        "href": f"/benefits/{name}",
        "icon": benefit_words.benefit_icon(name),
        "title": benefit_words.benefit_name(name),
        "text": benefit_words.benefit_line(name),
    }


def _thaid(_law: LawShown) -> dict[str, Any]:
    return {"thaid_only_since": guides.THAID_ONLY_SINCE, "university_year": thai_year(guides.UNIVERSITY_PRINTED)}


# The page about contributions


def _contributions(law: LawShown) -> dict[str, Any]:
    typed, wage = _wage(law)
    day = _day(law.today)
    is_sent = WAGE.name in request.args
    fault = benefit_words.fault_words(WAGE, "not_understood", None) if is_sent and wage is None else ""
    return {
        "typed": typed,
        "day": day,
        "error": fault or None,
        "errors": ([{"field": WAGE.name, "text": fault}] if fault else []) + day.errors,
        "found": contribution_words.worked_out(wage, day.day, law) if wage is not None and day.day else None,
        "who_pays": contribution_words.who_pays(law),
        "steps": contribution_words.steps(law),
        "lowered": contribution_words.lowered(law),
    }


def _wage(law: LawShown) -> tuple[str, Baht | None]:
    """As it was typed, and the sum once it is understood."""
    typed = request.args.get(WAGE.name, "").strip()[:LONGEST_WAGE]
    read = read_answers((WAGE,), {WAGE.name: typed}, law.today, law.book.on(law.today))
    return typed, read.money(WAGE.name) if isinstance(read, Answers) else None


def _day(today: date) -> DayField:
    """The day whose law is asked for; today where nothing is typed."""
    if not any(request.args.get(part, "").strip() for part in DAY_PARTS):
        return DayField(DAY, day=today)
    field = day_typed(DAY, request.args)
    if field.day is None or _has_rates(field.day):
        return field
    first, last = thai_year(FIRST_YEAR + 1), thai_year(LAST_YEAR)
    return field.but(_("We know the contributions of the years %(first)s to %(last)s", first=first, last=last))


def _has_rates(day: date) -> bool:
    law = tools().law_book.on(day)
    return day.year <= LAST_YEAR and law.is_known(contribution_words.CEILING) and law.is_known(USUAL)


_MORE: Mapping[str, Callable[[LawShown], dict[str, Any]]] = {
    "section-33": _section_33,
    "contributions": _contributions,
    "after-leaving-work": _after_leaving_work,
    "claims": _claims,
    "check-your-rights": _thaid,
    "sign-in-with-thaid": _thaid,
}
