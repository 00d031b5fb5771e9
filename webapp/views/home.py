"""The first page: to anybody the three ways on, to somebody signed in the one next thing, to a helper what they may do."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response as AnyResponse

from webapp.actions.hospital_change import dates_now, summary
from webapp.actions.my_record import missing_lately, told
from webapp.domain.hospital_change_dates import Standing
from webapp.domain.person import Person
from webapp.web import guards
from webapp.web.claim_rows import claim_rows, draft_rows
from webapp.web.fragments import show
from webapp.web.helper_words import ways_on
from webapp.web.record_words import missing_words
from webapp.web.tools import tools

pages = Blueprint("home", __name__)


@pages.get("/")
def home() -> AnyResponse:
    acts = guards.acting()
    if acts is not None:
        return show("helpers/acting.html", rows=ways_on(acts.grant) if acts.grant else [])
    dates = dates_now(tools())
    person = guards.person()
    facts = _facts_of(person) if person else {}
    return show("home/home.html", dates=dates, window_is_open=dates.standing is not Standing.CLOSED, **facts)


def _facts_of(person: Person) -> dict[str, Any]:
    store, today = tools().store, tools().clock.today()
    law = tools().law_book.on(today)
    within = law.read("hospital_change.months_paid_within", int)
    return {
        "record": person,
        "summary": (found := summary(tools(), person)),
        "hospital": store.hospital(person.hospital_id) if person.hospital_id else None,
        "new_hospital": store.hospital(found.open_case.hospital_to) if found.open_case and found.open_case.hospital_to else None,
        "months_paid": person.months_paid_in(within, before=today),
        "months_within": within,
        "months_needed": law.read("hospital_change.months_paid", int),
        "as_of": (when := told(tools(), person)).as_of,
        "claim_drafts": draft_rows(person),
        "open_claims": [row for row in claim_rows(person) if row["is_open"]],
        "missing": [missing_words(one) for one in missing_lately(tools(), person, when)],
    }
