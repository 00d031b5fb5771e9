"""What we hold about the person who asks: identity, insurance, requests and drafts, in one page and never in an address."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response as AnyResponse

from webapp.actions.hospital_change import summary
from webapp.web import guards
from webapp.web.fragments import show
from webapp.web.tools import tools

pages = Blueprint("my_data", __name__)


@pages.get("/my-data")
@guards.signed_in
def my_data() -> AnyResponse:
    person = guards.person_who_asks()
    store, today = tools().store, tools().clock.today()
    law = tools().law_book.on(today)
    within = law.read("hospital_change.months_paid_within", int)
    provinces = {province.code: province for province in store.provinces()}
    found = summary(tools(), person)
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
        as_of=store.record_as_of(person.id),
    )
