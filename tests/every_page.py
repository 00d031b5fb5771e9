"""Every page there is, from the route map: a new route without a declared example fails whichever walk uses this list.

`tests/house/test_every_page_in_its_language.py` walks it for words, `tests/accessibility` for everything that helps people read and use it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import product
from pathlib import Path

from flask import Flask

from tests import files_given
from webapp.actions import corrections, documents
from webapp.actions.document_reading import Reader
from webapp.domain.benefits.catalogue import BENEFITS
from webapp.domain.correction import About, Answer, Correction, Proof, Told
from webapp.domain.document import Document, Place
from webapp.ports import Tools
from webapp.views import government_channel, patterns
from webapp.web.guide import GUIDES
from webapp.web.law_words import subjects
from webapp.web.papers import tag_of

SOMCHAI, OFFICER = "1000000000009", "1000000000076"
NOT_PAGES = {"static", "style", "script", "sign_in.back_from_thaid", "sign_in.go_to_thaid", "claim_letter.pdf", "metrics.metrics"}
FAILED_SIGN_INS = Path(__file__).resolve().parents[1] / "templates/sign_in/failed"
FAILURES = sorted(path.stem for path in FAILED_SIGN_INS.glob("*.html") if path.stem != "page")
RESULTS = [
    "/benefits?because=lost_job",
    "/benefits?because=someone_died",
    "/benefits/old_age/compare?on=2026-12-01&age=56&cause=resigned&months_paid_in_15=14&wage=1&days_paid_this_year=0&months_paid_total=9"
    "&average_wage_60=1",
    "/benefits/old_age/compare?on=2026-12-01&age=40&cause=not_sure&dismissed_for_fault=no&months_paid_in_15=14&wage=16000"
    "&days_paid_this_year=0&months_paid_total=200&average_wage_60=30000",
    "/benefits/old_age?age=52&still_insured=yes&months_paid_total=148&average_wage_60=30000",
    "/benefits/old_age?months_pension_drawn=12&months_paid_total=200&average_wage_60=15000",
    "/benefits/unemployment?on=2026-12-01&cause=laid_off&dismissed_for_fault=no&months_paid_in_15=14&wage=16000&days_paid_this_year=0",
    "/benefits/sickness?on=not_sure&months_paid_in_15=2&employer_sick_leave_used=no&wage=1&days_off=1&chronic=no&days_paid_this_year=0",
    "/benefits/maternity?on=2026-12-01&parent=father&union=married&months_paid_in_15=14&other_parent_claimed=not_sure&prenatal_cost=99.50",
    "/benefits/death?on=2026-12-01&months_paid_in_6=6&months_paid_total=130&wage=17500",
    "/benefits/death?on=2026-12-01&months_paid_in_6=6&months_paid_total=130&wage=17500&print=1",
    "/benefits/old_age?age=50&still_insured=no&months_paid_total=170&average_wage_60=15000&print=1",
    "/rules?on=2020-10-01",
    "/rules?on=2020-10-01&print=1",
    "/rules/contribution_rate?on=2020-10-01",
    "/rules?on=2026-06-01&since=2020-01-01",
    "/benefits/old_age?age=50&still_insured=no&months_paid_total=170&average_wage_60=15000&months_pension_drawn=not_sure",
    "/benefits/old_age?age=57&still_insured=no&months_paid_total=200&average_wage_60=99000&months_pension_drawn=3",
    "/benefits/child_allowance?months_paid_in_36=12&children=0+3",
    "/benefits/invalidity?on=2026-12-01&months_paid_in_15=3&loss_percent=60&wage=17500",
    "/benefits/dental?on=2026-12-01&months_paid_in_15=3&treatment=basic&cost=1200&used_this_year=100",
    "/guide/contributions?wage=20000&on_day=1&on_month=3&on_year=2026",
    "/guide/contributions?wage=900&on_day=1&on_month=2&on_year=2021",
    "/guide/contributions?wage=12+thousand&on_day=32&on_month=1&on_year=1980",
    "/my-data/wrong?about=wage",
    "/my-data/wrong?about=name",
    "/officer/counter?named=1",
]
"""Pages that say more once their answers are there."""
FILLED = {
    "subject": sorted(subjects()),
    "name": sorted(BENEFITS), "slug": sorted(GUIDES), "cause": FAILURES, "what": ["approve", "answer"], "year": ["2027"],
    "number": ["1", "2"], "case": ["claim"], "paper": [tag_of("medical_certificate"), tag_of("id_card")],
    "group": list(patterns.GROUPS), "change_id": ["none"], "answer": ["approve"],
    "grant": ["none"], "token": ["none"], "why": sorted(government_channel.FAILURES),
}  # fmt: skip


def tell_what_is_wrong(tools: Tools) -> list[str]:
    """What Somchai said is wrong: one that an officer is looking at, one put right, one not confirmed, one taken back; their references."""
    person_id, officer = tools.store.person_id_of(SOMCHAI), tools.store.officer_of(OFFICER)
    wage = Told(About.WAGE, "18,000", Proof.NONE_YET, date(2026, 8, 1), date(2026, 9, 1))
    found = []
    for answer in (None, Answer.SOURCE_PUT_RIGHT, Answer.NOT_CLEAR):
        one = corrections.send(tools, person_id, f"key-of-{answer}", wage)
        assert isinstance(one, Correction)
        corrections.take(tools, officer, one.reference)
        if answer:
            corrections.settle(tools, officer, one.reference, answer, "18,000")
        found.append(one.reference)
    taken_back = corrections.send(tools, person_id, "key-of-one-taken-back", Told(About.PROVINCES, "18,000", Proof.CONTRACT))
    assert isinstance(taken_back, Correction)
    corrections.withdraw(tools, person_id, taken_back.reference)
    return [*found, taken_back.reference]


def give_papers(tools: Tools, claims: Sequence[str]) -> list[str]:
    """What Somchai gave for each of these claims: a photo that is ready, a file that cannot be used, one that waits; their references."""
    person_id, found = tools.store.person_id_of(SOMCHAI), []
    for data in (files_given.jpeg(300, 200), files_given.locked_pdf(), files_given.png()):
        if len(found) == 2 * len(claims):
            Reader(tools).run()
        for claim in claims:
            one = documents.attach(tools, person_id, Place("claim", claim, "medical_certificate"), data)
            assert isinstance(one, Document)
            found.append(one.id)
    for claim in claims[:1]:
        documents.hand_over(tools, person_id, "claim", claim, claim)
    return found


def paths(
    app: Flask, reference: str, told: list[str], claims: Sequence[str] = ("CL-none",), given: Sequence[str] = ("DC-none",),
    batches: Sequence[str] = ("PB-none",), lines: Sequence[str] = ()
) -> list[str]:
    """The address of every page of the route map, a case, corrections, claims and their papers among them, and of some that say more;
    `lines` are the claims that stand in the batches."""
    found = []
    for route in app.url_map.iter_rules():
        if "GET" not in (route.methods or ()) or route.endpoint in NOT_PAGES or route.rule.startswith("/api/"):
            continue
        of_claims = {"claim_reference": list(claims), "case_id": list(claims), "document": list(given), "batch": list(batches)}
        of_batches = {"claim_reference": list(lines)} if lines and "batch" in route.arguments else {}
        known = {"reference": [reference], "correction": told, **of_claims, **of_batches, **FILLED}
        ways = {name: known.get(name, []) for name in route.arguments}
        assert all(ways.values()), f"no way to walk {route.rule}: tell this test how to fill {ways}"
        for values in product(*ways.values()):
            found.append(app.url_map.bind("127.0.0.1:8000").build(route.endpoint, dict(zip(ways, values, strict=True))))
    return sorted(found) + RESULTS
