"""Every page in every state a person can meet it in, as the server sends it: fetched once, looked at many times.

The pages come from the route map (tests/every_page.py); what follows here are the states of them that an address alone does not
reach: wrong answers and their summaries, nothing found, a session that ends, cases in each state, long names, somebody else being
first, faults of ours. They are fetched by the browserless client, through the same front door as any browser; the real browser is
then handed the same bytes at the same address, so that each can be shown in every colour, width and size without asking again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.claim_people import lay_batches, lay_claims
from tests.every_page import OFFICER, SOMCHAI, paths, tell_what_is_wrong
from tests.front_door import APP, consent_at_thaid, return_from_thaid, sign_in, start_at_thaid
from tests.pages import read
from tests.standing_clock import StandingClock
from webapp.actions import calendar, hospital_change, notices, officers, read_only, taking_effect
from webapp.actions import claims as claim_actions
from webapp.actions.demo import WITH_ANOTHER_NAME
from webapp.actions.hospital_change import Draft, person_owner
from webapp.actions.reminder_sending import Sender
from webapp.adapters.store.sqlite import SqliteStore
from webapp.app import create_app
from webapp.domain.dates import BANGKOK
from webapp.domain.hospital_change import Allowed, Cause, HospitalChange, RefusalReason
from webapp.domain.name_change import ThaidSays
from webapp.domain.notice import LONGEST, About, Kind
from webapp.domain.payment import Way
from webapp.domain.read_only import Why
from webapp.ports import Tools
from webapp.web.limits import TooManyTries
from webapp.web.reminder_words import on_the_lock_screen

LANGUAGES = ("th", "en")
OF_ALL_CLAIMS = (0, 5, 6, 10)
"""One that waits for a paper, one refused, one sent, one begun: the other states differ from these by a word."""
SECOND_OFFICER = "1000000000084"
SOMYING, FOUR_MONTHS, TWO_MONTHS, NEWCOMER, LEFT_WORK = "1000000000017", "1000000000025", "1000000000068", "1000000000092", "1000000000165"
MONTH_MISSING = "1000000000157"
SECTION_39, SECTION_40, LEAVING, ONE_NAME, LONG_NAME = "1000000000033", "1000000000050", "1000000000106", "1000000000131", "1000000000149"
LONG_WORDS = "โรงพยาบาลที่มีชื่อยาวมากจนหน้าจอเล็กแสดงไม่หมดในบรรทัดเดียว"
REFERENCE = re.compile(r"\b[A-Z]{2}(-[0-9A-Z]{4}){3}|[0-9a-f]{16}")
SESSION_BOX = re.compile(r'<div class="nt wa" id="session".*?data-sign-in hidden>.*?</div></div>', re.DOTALL)
NEXT_YEAR = {"opens_on_day": "1", "opens_on_month": "12", "opens_on_year": "2026", "closes_on_month": "3", "closes_on_year": "2027"}


@dataclass(frozen=True)
class Shown:
    """A page as it was sent: `name` says who sees it and in which state; `policy` is the content policy that came along."""

    name: str
    lang: str
    address: str
    status: int
    html: str
    policy: str = ""

    @property
    def state(self) -> str:
        """The name without what differs from run to run."""
        return REFERENCE.sub("…", self.name)

    @property
    def place(self) -> str:
        """The page whose state it is: its address, whatever was asked there and whosever case it is."""
        return REFERENCE.sub("…", urlsplit(self.address).path)

    def __str__(self) -> str:
        return f"{self.name} ({self.lang})"


class Album:
    """Collects pages in both languages; one that reads the same as an earlier one at the same address is not kept twice."""

    def __init__(self, app: Flask, tools: Tools, clock: StandingClock) -> None:
        self.app, self.tools, self.clock = app, tools, clock
        self.shown: list[Shown] = []
        self._seen: set[tuple[str, str]] = set()

    def browser(self, pid: str | None = None) -> FlaskClient:
        client = self.app.test_client()
        if pid:
            assert sign_in(client, pid).status_code == 303
        return client

    def get(self, state: str, client: FlaskClient, *addresses: str) -> None:
        for lang in LANGUAGES:
            self.ask_in(client, lang)
            for address in addresses:
                self.keep(state, lang, address, client.get(address, base_url=APP))

    def post(self, state: str, client: FlaskClient, address: str, **fields: str) -> None:
        """An answer that is no way on: a page that asks again, or says why nothing was done."""
        for lang in LANGUAGES:
            self.ask_in(client, lang)
            answer = client.post(address, data=fields, base_url=APP)
            assert answer.status_code >= 400, f"{state}: {address} answered {answer.status_code} {answer.headers.get('Location')}"
            self.keep(state, lang, address, answer)

    def step(self, client: FlaskClient, address: str, **fields: str) -> None:
        """A form that leads on."""
        answer = client.post(address, data=fields, base_url=APP)
        assert answer.status_code == 303, f"{address} led nowhere: {answer.status_code} {read(answer).main}"

    def keep(self, state: str, lang: str, address: str, answer: TestResponse) -> None:
        if answer.mimetype != "text/html" or answer.status_code in (301, 302, 303):
            return
        html = answer.get_data(as_text=True)
        look = (lang, main_part(html))
        if look in self._seen:
            return
        self._seen.add(look)
        name = f"{state}: {address}" if state else address
        self.shown.append(Shown(name, lang, address, answer.status_code, html, answer.headers.get("Content-Security-Policy", "")))

    def ask_in(self, client: FlaskClient, lang: str) -> None:
        """The language button: it holds for the person as well."""
        client.set_cookie("sitthi-language", lang, domain="127.0.0.1")
        if client.get_cookie("sitthi-session", domain="127.0.0.1"):
            client.post("/language", data={"language": lang}, base_url=APP)


def main_part(html: str) -> str:
    """What stands in the page's main part, whoever is signed in, and what everybody is told above it."""
    found = re.search(r"<main.*</main>", SESSION_BOX.sub("", html), re.DOTALL)
    told = re.search(r'<section class="told.*?</section>', html, re.DOTALL)
    return (told[0] if told else "") + re.sub(r'value="[\w-]{20,}"', "", found[0] if found else html)


def every_state(app: Flask, tools: Tools, clock: StandingClock) -> list[Shown]:
    """All of them. `tools` stand on a fresh store with the demonstration people; the clock is moved on, and ends a day later."""
    album = Album(app, tools, clock)
    _before_anything_is_sent(album)
    reference = _sent(tools, SOMCHAI, ("TH13-001", "TH13-002")).reference
    told = tell_what_is_wrong(tools)
    laid = lay_claims(tools)
    _every_address(album, reference, told, [laid[place] for place in OF_ALL_CLAIMS])
    _paying(album)
    _steps_of_a_request(album)
    _wrong_answers(album)
    _people_with_their_cases(album)
    _somchais_own(album, reference, told)
    _names_and_numbers(album)
    _the_desk(album, reference, told)
    _signing_in(album)
    _simple_pages(album)
    _without_the_net(album)
    _faults(album)
    _told_to_everybody(album)
    _a_session_that_ends(album)
    return album.shown


# Who is there


def _sent(tools: Tools, pid: str, choices: tuple[str, ...], cause: Cause = Cause.ANNUAL) -> HospitalChange:
    who = tools.store.person(tools.store.person_id_of(pid))
    draft = Draft(cause, not_an_in_patient=True, choices=choices)
    hospital_change.keep_draft(tools, person_owner(who.id), draft)
    allowed = hospital_change.look_over(tools, who, draft)
    assert isinstance(allowed, Allowed), allowed
    case = hospital_change.submit(tools, who.id, f"key-of-the-page-of-{pid}", hospital_change.shown(allowed, draft))
    assert isinstance(case, HospitalChange), case
    return case


def _before_anything_is_sent(album: Album) -> None:
    somchai, officer = album.browser(SOMCHAI), album.browser(OFFICER)
    desk = ("/officer", "/officer?show=done", "/officer?show=second", "/officer/corrections", "/officer/calendar")
    begin = ("/", "/hospital-change", "/hospital-change/new", "/my-data", "/my-data/messages", "/my-data/calendar", "/reminders")
    album.get("nothing sent yet", somchai, *begin)
    album.get("nothing waits", officer, *desk)


def _every_address(album: Album, reference: str, told: list[str], laid: list[str]) -> None:
    """The whole route map: as nobody, as Somchai, and the desk's own as an officer."""
    for who, client in (("", album.browser()), ("Somchai", album.browser(SOMCHAI)), ("officer", album.browser(OFFICER))):
        addresses = paths(album.app, reference, told, laid)
        album.get(who, client, *(one for one in addresses if who != "officer" or one.startswith("/officer") or one == "/"))


def _paying(album: Album) -> None:
    """What waits for payment, batches in each state, and the person whose money came back."""
    clerk, somying = album.browser(SECOND_OFFICER), album.browser(SOMYING)
    album.get("nothing closed yet", clerk, "/officer/claims/batches")
    paid, at_bank = (f"/officer/claims/batches/{one}" for one in lay_batches(album.tools))
    album.get("some closed", clerk, "/officer/claims/batches")
    album.get("one came back", clerk, paid)
    album.get("a claimant died", clerk, at_bank)
    album.post("no reason for the file", clerk, f"{at_bank}/file", reason="")
    album.post("a day to come", clerk, f"{at_bank}/paid", paid_on_day="31", paid_on_month="12", paid_on_year="2026")
    clerk.post(f"{at_bank}/file", data={"reason": "to the bank"}, base_url=APP)
    album.get("the file was taken", clerk, at_bank)
    album.post("the file once more", clerk, f"{at_bank}/file", reason="to the bank")
    album.post("another list", clerk, "/officer/claims/batches", way="promptpay", mark="x", key="k" * 24)
    line = next(one for one in album.tools.store.claim_batch(at_bank.rpartition("/")[2]).lines)
    album.get("came back?", clerk, f"{at_bank}/returned/{line.reference}")
    album.post("no answer of the bank", clerk, f"{at_bank}/returned/{line.reference}")
    claims = album.tools.store.claims_of(album.tools.store.person_id_of(SOMYING))
    back = next(one for one in claims if one.returned)
    own = f"/claims/{back.reference}"
    album.get("the money came back", somying, own, f"{own}/letter", f"{own}/payment")
    sending = next(one for one in claims if one.sending and one.died_on is None)
    album.get("at the bank", somying, f"/claims/{sending.reference}", f"/claims/{sending.reference}/letter", "/claims")
    dead = next(one for one in claims if one.sending and one.died_on is not None)
    album.get("paid to somebody who died?", clerk, f"{at_bank}/one/{dead.reference}")
    album.post("not said what became of it", clerk, f"{at_bank}/one/{dead.reference}")
    album.post("no day of it", clerk, f"{at_bank}/one/{dead.reference}", what="paid")
    album.get("it did not come back?", clerk, f"{paid}/one/{back.reference}")
    claim_actions.change_payment(album.tools, back.person_id, back.reference, Way.PROMPTPAY)
    album.post("the person has answered", clerk, f"{paid}/one/{back.reference}", what="paid", paid_on_day="20", paid_on_month="12",
               paid_on_year="2026")  # fmt: skip
    album.step(clerk, f"{at_bank}/paid", paid_on_day="20", paid_on_month="12", paid_on_year="2026")
    album.get("one line is left", clerk, at_bank)
    album.step(clerk, f"{at_bank}/one/{dead.reference}", what="not_sent")
    album.get("one was not sent", clerk, at_bank, "/officer/claims/batches")


# A request, step by step


def _steps_of_a_request(album: Album) -> None:
    stranger = album.browser()
    album.step(stranger, "/hospital-change/new", cause="annual", in_patient="no")
    queries = ("", "?q=zzzz", f"?q={LONG_WORDS}", "?q=ปทุม&province=TH-13")
    album.get("choosing", stranger, *(f"/hospital-change/new/hospitals{query}" for query in queries))
    album.post("none chosen", stranger, "/hospital-change/new/hospitals", go="1")
    for choice in ("TH13-001", "TH13-002", "TH13-003"):
        album.step(stranger, "/hospital-change/new/hospitals", choose=choice)
    album.get("all chosen", stranger, "/hospital-change/new/hospitals?q=ปทุม")
    album.post("a fourth", stranger, "/hospital-change/new/hospitals", choose="TH13-004")
    album.get("begun", stranger, "/hospital-change", "/hospital-change/new", "/hospital-change/new/order", "/")
    mover = album.browser(SOMYING)
    album.step(mover, "/hospital-change/new", cause="moved_home", in_patient="no")
    album.get("moved", mover, "/hospital-change/new/move")
    for state, day in {"a day to come": "31 12 2026", "an era to confirm": "1 12 69", "moved long ago": "1 1 2026"}.items():
        moved_on = dict(zip(("moved_on_day", "moved_on_month", "moved_on_year"), day.split(), strict=True))
        album.post(state, mover, "/hospital-change/new/move", moved_to="TH-13" if "ago" in state else "", **moved_on)
    other = album.browser(FOUR_MONTHS)
    album.step(other, "/hospital-change/new", cause="other", in_patient="no")
    album.get("another reason", other, "/hospital-change/new/note")
    album.post("no words", other, "/hospital-change/new/note", note="")
    album.post("too many words", other, "/hospital-change/new/note", note="ยาวมาก" * 400)
    sender = album.browser(SECTION_39)
    album.step(sender, "/hospital-change/new", cause="annual", in_patient="no")
    for choice in ("TH20-002", "TH20-003"):
        album.step(sender, "/hospital-change/new/hospitals", choose=choice)
    album.get("before sending", sender, "/hospital-change/new/check")
    album.post("not declared", sender, "/hospital-change/new/check", key="k" * 24)
    seen = {"effective_on": "2026-12-16", "file_by": "x", "mark": "x"}
    album.post("dates moved", sender, "/hospital-change/new/check", key="k" * 24, declared="1", **seen)
    for pid, why in ((TWO_MONTHS, "two months paid"), (SECTION_40, "section 40")):
        album.get(why, album.browser(pid), "/hospital-change/new")


def _wrong_answers(album: Album) -> None:
    stranger = album.browser()
    album.post("nothing answered", stranger, "/hospital-change/new")
    album.post("in hospital", stranger, "/hospital-change/new", cause="annual", in_patient="yes")
    album.post("a size that does not exist", stranger, "/settings/text-size", size="9")
    album.get("saved", stranger, "/settings?saved=1")
    for state, address in {
        "nothing found": "/hospitals?q=zzzz",
        "a province": "/hospitals?q=&province=TH-10",
        "long words": f"/hospitals?q={LONG_WORDS}",
        "a wrong number": "/benefits/sickness?on=2026-12-01&months_paid_in_15=99",
        "no answer": "/benefits/sickness?asked=months_paid_in_15&months_paid_in_15=",
        "no such day": "/benefits/maternity?asked=on&on_day=31&on_month=2&on_year=2569",
        "too many children": "/benefits/child_allowance?months_paid_in_36=99",
        "no such day of the law": "/rules?asked=on&on_day=31&on_month=2&on_year=2569",
        "not sure": "/benefits/sickness?on=2026-12-01&months_paid_in_15=not_sure&wage=not_sure&days_off=30&chronic=no",
    }.items():
        album.get(state, stranger, address)


def _people_with_their_cases(album: Album) -> None:
    """A case in each state, somebody with very long names and one with a single name among them."""
    tools = album.tools
    one, two = tools.store.officer_of(OFFICER), tools.store.officer_of(SECOND_OFFICER)
    approved = _sent(tools, LONG_NAME, ("TH10-040", "TH10-050", "TH13-001"))
    officers.approve(tools, one, approved.reference, 2, date(2027, 1, 1))
    refused = _sent(tools, SOMYING, ("TH50-002",))
    officers.refuse(tools, two, refused.reference, RefusalReason.HOSPITAL_FULL)
    withdrawn = _sent(tools, ONE_NAME, ("TH11-004",))
    hospital_change.withdraw(tools, withdrawn.person_id, withdrawn.reference)
    looked_at = _sent(tools, SECTION_39, ("TH20-002",))
    officers.take(tools, one, looked_at.reference)
    Sender(tools, on_the_lock_screen).run()
    cases = {LONG_NAME: approved, SOMYING: refused, ONE_NAME: withdrawn, SECTION_39: looked_at}
    names = {LONG_NAME: "long names, approved", SOMYING: "refused", ONE_NAME: "one name, withdrawn", SECTION_39: "looked at"}
    for pid, case in cases.items():
        own = f"/hospital-change/{case.reference}"
        papers = (f"{own}/print", f"{own}/form", f"{own}/withdraw")
        album.get(names[pid], album.browser(pid), "/", "/my-data", "/my-data/messages", own, *papers)
    others = {NEWCOMER: "no hospital yet", LEAVING: "hospital leaves", LEFT_WORK: "left work", FOUR_MONTHS: "four months"}
    for pid, state in (others | {SECTION_40: "section 40"}).items():
        album.get(state, album.browser(pid), "/", "/my-data", "/hospital-change", "/my-data/still-claimable")
    album.get("an officer who is insured", album.browser(SECOND_OFFICER), "/", "/my-data")
    long_name = album.browser(LONG_NAME)
    album.get("long names", long_name, f"/hospital-change/{approved.reference}/form?number=whole")
    album.post("too late to take back", long_name, f"/hospital-change/{approved.reference}/withdraw")
    album.get("months missing", album.browser(MONTH_MISSING), "/my-data/months")


def _names_and_numbers(album: Album) -> None:
    """ThaiD says another name and birth date; a number to be called at; the same on the officers' side."""
    tools, somruedi, officer = album.tools, album.browser(WITH_ANOTHER_NAME), album.browser(OFFICER)
    person_id = tools.store.person_id_of(WITH_ANOTHER_NAME)
    said = ThaidSays("สมฤดี", "ทดสอบสมรส", date(1998, 3, 10))
    tools.store.keep_thaid_says(person_id, said, tools.clock.now())
    album.get("ThaiD says otherwise", somruedi, "/my-data", "/my-data/name")
    album.post("no number", somruedi, "/my-data/contact", phone="081 234")
    album.post("no number", somruedi, "/welcome", language="th", text_size="1", phone="081 234")
    album.step(somruedi, "/my-data/contact", phone="081 234 5678", call_when="morning")
    album.get("may be called", somruedi, "/my-data/contact", "/my-data/consents")
    album.step(somruedi, "/my-data/name")
    album.step(somruedi, "/my-data/name/birth-date")
    told = [f"/my-data/wrong/{one.reference}" for one in tools.store.corrections_of(person_id)]
    album.get("taken from ThaiD", somruedi, "/my-data/name", "/my-data/messages", "/my-data", *told)
    album.step(officer, "/officer/counter", number=WITH_ANOTHER_NAME, kind="citizen")
    album.get("at the counter", officer, "/officer/counter/check", "/officer/counter/name")
    album.post("no paper seen", officer, "/officer/counter/name", given_name="", family_name="<b>", shown=_shown(officer))
    wife = {"title": "นาง", "given_name": "สมฤดี", "family_name": "ทดสอบสมรส"}
    album.step(officer, "/officer/counter/name", shown=_shown(officer), paper="marriage", card="1", face="1", **wife)
    album.get("named at the counter", somruedi, "/my-data/opened", "/my-data/name")
    for reference in [one.reference for one in tools.store.corrections_of(person_id) if one.is_open]:
        album.step(officer, f"/officer/corrections/{reference}/open", reason="deciding")
        album.step(officer, f"/officer/corrections/{reference}/take")
        album.get("of the civil register", officer, f"/officer/corrections/{reference}")
    case = _sent(tools, WITH_ANOTHER_NAME, ("TH13-001",)).reference
    album.step(officer, f"/officer/hospital-change/{case}/open", reason="deciding")
    album.step(officer, f"/officer/hospital-change/{case}/take")
    album.get("may be called", officer, f"/officer/hospital-change/{case}")


def _shown(officer: FlaskClient) -> str:
    page = read(officer.get("/officer/counter/name", base_url=APP))
    return str(page.form("/officer/counter/name")["fields"]["shown"])


def _somchais_own(album: Album, reference: str, told: list[str]) -> None:
    somchai = album.browser(SOMCHAI)
    album.get("sent", somchai, "/my-data/messages")
    album.post("nothing told", somchai, "/my-data/wrong", key="k" * 24)
    album.post("months that cannot be", somchai, "/my-data/wrong", key="k" * 24, about="wage", first_month="13", first_year="2569")
    album.post("taken back too late", somchai, f"/my-data/wrong/{told[1]}/withdraw")
    album.step(somchai, "/my-data/calendar")
    album.get("with a calendar", somchai, "/my-data/calendar")
    album.get("has sent", somchai, "/hospital-change/new")


# The officers' desk


def _the_desk(album: Album, reference: str, told: list[str]) -> None:
    tools, one, two = album.tools, album.browser(OFFICER), album.browser(SECOND_OFFICER)
    case = f"/officer/hospital-change/{reference}"
    album.get("not said why", one, case)
    album.post("no words", one, f"{case}/open", reason="other")
    album.step(one, f"{case}/open", reason="deciding")
    album.get("not taken", one, case)
    album.step(one, f"{case}/take")
    album.get("taken", one, case)
    album.get("taken by another", two, case)
    album.post("nothing chosen", one, f"{case}/approve", starts="2027-01-01")
    album.post("no reason", one, f"{case}/refuse")
    album.post("another day", one, f"{case}/approve", rank="1", starts="2026-12-16")
    album.get("full", one, *(f"/officer?show={show}" for show in ("waiting", "second", "done")))
    album.get("no such reference", one, "/officer?q=HC-0000-0000-0000")
    own = _sent(tools, SECOND_OFFICER, ("TH12-002",))
    album.get("one's own", two, f"/officer/hospital-change/{own.reference}")
    album.get("one's own", two, "/officer")
    _at_the_counter(album, one)
    _days_and_windows(album, one, two)
    album.get("answered", one, "/officer/corrections")
    album.get("answered", one, f"/officer/corrections/{told[1]}")
    album.post("answered already", two, f"/officer/corrections/{told[1]}/answer", answer="not_clear", words="x")
    album.post("no answer chosen", one, f"/officer/corrections/{told[0]}/answer")
    officers.approve(tools, tools.store.officer_of(OFFICER), reference, 1, date(2027, 1, 1))
    album.post("somebody was first", two, f"{case}/refuse", reason="hospital_full")
    album.get("approved", one, case)
    album.get("approved", album.browser(SOMCHAI), f"/hospital-change/{reference}")


def _at_the_counter(album: Album, officer: FlaskClient) -> None:
    album.post("no number", officer, "/officer/paper", number="1000000000008")
    album.post("has a request", officer, "/officer/paper", number=SOMCHAI)
    album.step(officer, "/officer/paper", number=LEAVING)
    album.get("begun", officer, "/officer/paper")
    album.get("begun", officer, "/officer/paper/form")
    album.post("nothing filled in", officer, "/officer/paper/form")
    form = {"handed_in_day": "20", "handed_in_month": "12", "handed_in_year": "2026", "time": "09:50", "cause": "annual", "declared": "1"}
    album.post("not come yet", officer, "/officer/paper/form", **(form | {"time": "23:59"}))
    album.step(officer, "/officer/paper/form", **form)
    album.get("searching", officer, "/officer/paper/hospitals?q=นคร")
    album.post("none chosen", officer, "/officer/paper/hospitals", go="1")
    album.step(officer, "/officer/paper/hospitals", choose="TH17-001", q="", province="")
    album.get("chosen", officer, "/officer/paper/hospitals?q=สิงห์")
    album.get("before entering", officer, "/officer/paper/check")


def _days_and_windows(album: Album, one: FlaskClient, two: FlaskClient) -> None:
    album.post("no day", one, "/officer/calendar/day", day_day="31", day_month="2", day_year="2570", note="")
    album.post("a window that cannot be", one, "/officer/calendar/window/2027", note="", closes_on_day="40", **NEXT_YEAR)
    officer = album.tools.store.officer_of(OFFICER)
    proposed = calendar.propose_day(album.tools, officer, "day_off", date(2027, 2, 2), "cabinet resolution of 1 December")
    assert not isinstance(proposed, tuple), proposed
    for name, client in (("proposed by me", one), ("proposed by another", two)):
        album.get(name, client, "/officer/calendar")
    album.post("one's own", one, f"/officer/calendar/{proposed.id}/approve")
    calendar.settle_calendar_change(album.tools, album.tools.store.officer_of(SECOND_OFFICER), proposed.id, True)
    album.post("settled", one, f"/officer/calendar/{proposed.id}/refuse")
    album.get("moved", one, "/officer/calendar")


# Signing in, the net, faults, time


def _signing_in(album: Album) -> None:
    began, other = album.browser(), album.browser()
    back = consent_at_thaid(start_at_thaid(began, "/my-data"), SOMCHAI)
    album.get("out at ThaiD", began, "/sign-in?next=/my-data")
    return_from_thaid(other, back)
    album.get("came back in another browser", other, "/sign-in/code")
    album.get("digits awaited", began, "/sign-in")
    album.post("no digits", began, "/sign-in/code", code="12")
    album.post("wrong digits", began, "/sign-in/code", code="000000")
    album.get("signed in", album.browser(SOMCHAI), "/sign-in")


def _simple_pages(album: Album) -> None:
    """One thing a page, bigger buttons, fewer words: as the settings ask for it."""
    stranger, somchai = album.browser(), album.browser(SOMCHAI)
    for client in (stranger, somchai):
        client.set_cookie("sitthi-look", "simple=1", domain="127.0.0.1")
    public = ("/", "/benefits", "/hospital-change", "/hospitals", "/reminders", "/guide/after-a-death", "/settings", "/help")
    album.get("simple", stranger, *public)
    album.get("simple, Somchai", somchai, "/", "/my-data", "/hospital-change")


def _without_the_net(album: Album) -> None:
    """A kept copy, as the worker hands it out (service-worker.js: asOf)."""
    kept = {"/emergency", "/", "/guide", "/hospital-change", "/on-this-phone"}
    for shown in [one for one in album.shown if one.name in kept]:
        time = "22 พ.ย. 2569 10:00" if shown.lang == "th" else "22 Nov 2026, 10:00"
        html = shown.html.replace('<div class="bar" id="net" hidden>', '<div class="bar" id="net">')
        html = re.sub(r"<!--as-of (.*?)#time(.*?)-->", rf"\g<1>{time}\2", html)
        html = html.replace('<div class="bar" id="newer" hidden>', '<div class="bar" id="newer">')
        assert html != shown.html
        album.shown.append(replace(shown, name=f"kept copy: {shown.name}", html=html))


def _faults(album: Album) -> None:
    """Pages that say what went wrong: one for each cause, with and without something typed."""
    stranger = album.browser()
    album.get("", stranger, "/no-such-page")
    album.get("the wrong verb", stranger, "/language")
    for lang in LANGUAGES:
        stranger.set_cookie("sitthi-language", lang, domain="127.0.0.1")
        crossed = stranger.post("/language", data={"language": "en"}, headers={"Sec-Fetch-Site": "cross-site"}, base_url=APP)
        album.keep("from another site", lang, "/language", crossed)
    database = Path(album.tools.settings.database_url.removeprefix("sqlite:///"))
    nowhere = SqliteStore(database.parent / "no such folder" / database.name, album.tools.store.vault)
    broken = create_app(album.tools.settings, replace(album.tools, store=nowhere))
    broken.testing = False
    faults: dict[str, Exception] = {"too-many": TooManyTries(540), "our-fault": RuntimeError("a fault of ours")}

    def fails(what: str) -> str:
        raise faults[what]

    broken.add_url_rule("/fails/<what>", view_func=fails)
    client = broken.test_client()
    album.get("fault", client, "/hospitals?q=a", "/status", *(f"/fails/{what}" for what in faults))
    client.set_cookie("sitthi-session", "x" * 43, domain="127.0.0.1")
    for lang in LANGUAGES:
        client.set_cookie("sitthi-language", lang, domain="127.0.0.1")
        answer = client.post("/hospital-change/new", data={"cause": "other", "note": "ข้อความ <ยาว>"}, base_url=APP)
        album.keep("the store is down", lang, "/hospital-change/new", answer)


def _told_to_everybody(album: Album) -> None:
    """A notice of each kind, the longest words, nothing taken in, and what /status tells of it all afterwards."""
    tools, clock = album.tools, album.clock
    stranger, officer = album.browser(), album.browser(OFFICER)
    simple = album.browser()
    simple.set_cookie("sitthi-look", "simple=1", domain="127.0.0.1")
    for about in About:
        one = notices.add_about(tools, about, None, clock.now() + timedelta(hours=2))
        clock.advance(seconds=6)
        album.get(f"told: {about}", stranger, "/emergency")
        notices.end(tools, one.number)
    long = notices.add(tools, Kind.INFO, ("คำ " * LONGEST)[:LONGEST], ("word " * LONGEST)[:LONGEST], None, None)
    trouble = notices.add_about(tools, About.PUSH_DOWN, None, clock.now() + timedelta(hours=2))
    notices.add_about(tools, About.MAINTENANCE, clock.now() + timedelta(days=1), clock.now() + timedelta(days=1, hours=1))
    read_only.begin(tools, Why.MAINTENANCE, clock.now() + timedelta(minutes=40))
    clock.advance(seconds=6)
    album.get("told much", stranger, "/", "/status")
    album.get("told much, simple", simple, "/")
    album.get("told much", officer, "/officer")
    album.post("nothing taken in", stranger, "/hospital-change/new", cause="annual", in_patient="no")
    read_only.begin(tools, Why.TROUBLE, None)
    clock.advance(seconds=6)
    album.post("nothing taken in, no end known", stranger, "/hospital-change/new")
    album.get("nothing taken in", stranger, "/status")
    read_only.end(tools)
    for one in (long, trouble):
        notices.end(tools, one.number)
    clock.advance(seconds=6)
    album.get("told lately", stranger, "/status")


def _a_session_that_ends(album: Album) -> None:
    """Nearly over, over on a page, over with a half-filled form, and what was typed offered again."""
    somchai = album.browser(SOMCHAI)
    later = album.app.test_client()
    sign_in(later, SOMYING)
    album.clock.advance(seconds=14 * 60)
    for lang in LANGUAGES:
        album.ask_in(somchai, lang)
        answer = somchai.get("/my-data", base_url=APP)
        html = re.sub(r'( id="session"[^>]*?) hidden>', r"\1>", answer.get_data(as_text=True))
        assert 'id="session"' in html
        policy = answer.headers["Content-Security-Policy"]
        album.shown.append(Shown("session nearly over: /my-data", lang, "/my-data", 200, html, policy))
    album.clock.advance(seconds=16 * 60)
    album.get("session over", somchai, "/sign-in?next=/my-data")
    later.post("/my-data/wrong", data={"about": "wage", "should_be": "18,000"}, base_url=APP)
    sign_in(later, SOMYING, "/my-data/wrong")
    album.get("typed before the session ended", later, "/sign-in/typed")
    album.clock.set(datetime(2027, 1, 2, 9, 0, tzinfo=BANGKOK))
    taking_effect.take_effect_due(album.tools)
    album.get("in effect", album.browser(LONG_NAME), "/", "/my-data", "/hospital-change")
    album.get("overdue", album.browser(OFFICER), "/officer")
    album.clock.set(datetime(2026, 5, 21, 9, 0, tzinfo=BANGKOK))
    album.get("outside the window", album.browser(), "/", "/hospital-change", "/hospital-change/new", "/reminders")
