"""What we hold about the person who asks: identity, insurance, requests and drafts, in one page and never in an address."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response as AnyResponse

from webapp.actions import name_change
from webapp.actions.corrections import corrections_of
from webapp.actions.hospital_change import summary
from webapp.actions.my_record import as_of, missing_lately, my_months, my_open_claims, told
from webapp.domain.assurance import Act, is_lower
from webapp.domain.contribution_record import EMPLOYED, Cover, CoverState
from webapp.domain.dates import add_months
from webapp.domain.lawbook import Law
from webapp.domain.still_claimable import StillClaimable
from webapp.web import guards, numbers
from webapp.web import record_words as words
from webapp.web.claim_rows import claim_rows, draft_rows
from webapp.web.correction_words import rows_of_mine
from webapp.web.fragments import show
from webapp.web.tools import tools

pages = Blueprint("my_data", __name__)

MONTHS_DRAWN_AT_ONCE = 36


@pages.get("/my-data")
@guards.signed_in
def my_data() -> AnyResponse:
    person = guards.person_who_asks()
    store, today = tools().store, tools().clock.today()
    law = tools().law_book.on(today)
    within = law.read("hospital_change.months_paid_within", int)
    provinces = {code: store.province(code) for code in {person.home_province, person.work_province} if code}
    found, when = summary(tools(), person), told(tools(), person)
    hospitals = store.hospitals([person.hospital_id or "", *(case.hospital_to or case.choices[0] for case in found.cases)])
    return show(
        "my_data/my_data.html",
        record=person,
        summary=found,
        hospitals=hospitals,
        home_province=provinces.get(person.home_province or ""),
        work_province=provinces.get(person.work_province or ""),
        months_paid=person.months_paid_in(within, before=today),
        months_within=within,
        as_of=when.as_of,
        claim_drafts=draft_rows(person),
        claims=claim_rows(person),
        corrections=rows_of_mine(corrections_of(tools(), person.id)),
        missing=[words.missing_words(one) for one in missing_lately(tools(), person, when)],
        differs=name_change.differs(tools(), person.id, guards.person_name()),
        lower=is_lower(guards.standing().level),
    )


@pages.get("/my-data/months")
@guards.needs(Act.READ_MONTHS)
def months() -> AnyResponse:
    """The record of months: to be looked at, counted, and what follows from it."""
    found, today = my_months(tools(), guards.person_who_asks()), tools().clock.today()
    law = tools().law_book.on(today)
    since = add_months(today, -MONTHS_DRAWN_AT_ONCE).year
    years = found.record.years()
    recent = [year for year in years if year.year >= since]
    return show(
        "my_data/months.html",
        as_of=found.as_of,
        has_months=bool(found.record.months),
        is_employed=found.record.person.section == EMPLOYED,
        missing=[words.missing_words(one) for one in found.record.missing],
        legend=words.legend(years),
        quarters=words.quarters(today.year),
        recent=words.strip(recent),
        earlier=words.strip(years[len(recent) :]),
        counted=[words.counted_words(one) for one in found.counts],
        **_cover(found.cover, law),
    )


@pages.get("/my-data/still-claimable")
@guards.needs(Act.READ_MONTHS)
def still_claimable() -> AnyResponse:
    """Money of the last two years, each with its last day; the checker asks when it happened."""
    person, law = guards.person_who_asks(), tools().law_book.on(tools().clock.today())
    claims = my_open_claims(tools(), person)
    return show("my_data/still_claimable.html", as_of=as_of(tools(), person), **_claims(claims, law))


def _cover(cover: Cover | None, law: Law) -> dict[str, Any]:
    if cover is None:
        return {"cover": None}
    asked_by = cover.section_39_by
    return {
        "cover": cover,
        "covered": [words.covered_words(one, cover.until) for one in cover.benefits],
        "cover_left": words.left_words(cover.days_left),
        "cover_months": numbers.months(law.read("coverage.months_after_leaving", int)),
        "section_39_left": words.left_words((asked_by - law.day).days) if asked_by and cover.state is not CoverState.INSURED else None,
    }


def _claims(claims: StillClaimable | None, law: Law) -> dict[str, Any]:
    if claims is None:
        return {"claims": None}
    return {
        "claims": [words.claim_words(row, law.day, law) for row in claims.rows],
        "claims_since": claims.since,
        "claim_years": numbers.years(law.read("claims.years", int)),
    }
