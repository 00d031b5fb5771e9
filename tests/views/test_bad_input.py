"""Nonsense, from people and from programs, on every page that takes something in: a clear word about the field, nothing lost, never a 500.

The texts are everything Unicode holds, and beside it a list of what spoils programs: numbers of every kind and size, digits of other
scripts, years of the other era, marks of HTML, SQL and addresses, characters that cannot be seen.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, assume, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from tests.front_door import APP, SignIn
from tests.pages import Page, read, sound
from webapp.domain.answers import Kind, Question
from webapp.domain.benefits.catalogue import BENEFITS, LIFE_EVENTS
from webapp.domain.hospital_search import LONGEST_QUERY
from webapp.web.benefit_check import LONGEST_ANSWER
from webapp.web.day_field import KEPT

on_each_page = hypothesis_settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@pytest.fixture
def signed_in(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, "1000000000009")


SPOILERS = (
    "", " ", "0", "-0", "-1", "1", "15", "16", "00007", "1.5", ".5", "5.", "1e5", "1E999999", "1e-9", "0x10", "1_000", "1,2", "12,000",
    "1,234,567.89", "9" * 41, "9" * 500, "NaN", "nan", "Infinity", "-Infinity", "inf", "True", "None", "null", "undefined", "[]", "{}",
    "๐", "๑๒,๐๐๐", "๒๕๖๙", "-๑", "๑e๕", "٣", "１２", "½", "²", "Ⅷ", "บาท", "หมื่นห้า", "ร้อยละ ๕๐", "not_sure", "yes", "no", "ไม่แน่ใจ",
    "2569-12-09", "2026-02-30", "2026-12-09", "20261209", "2026-W50-3", "0001-01-01", "9999-12-31", "10000-01-01", "2026-12-09T00:00",
    "<script>alert(1)</script>", "\"><img src=x>", "' OR 1=1 --", "%00", "%", "&amp;", "a=b&c=d", "../../etc/passwd", "{{ 7*7 }}", "${x}",
    "\x00", "\x01\x1b[31m", "\r\nSet-Cookie: a=b", "\u200b", "\u202e12", "\ufeff5", "e\u0301", "😀" * 30, "👩\u200d👧", "\U0010ffff",
    "ก" * 3000,
)  # fmt: skip
texts = st.sampled_from(SPOILERS) | st.text(max_size=40) | st.integers().map(str) | st.floats().map(repr) | st.decimals().map(str)
languages = st.sampled_from(["th", "en"])


def ask(client: FlaskClient, path: str, query: list[tuple[str, str]] | dict[str, str], lang: str) -> TestResponse:
    client.set_cookie("sitthi-language", lang, domain="127.0.0.1")
    return client.get(f"{path}?{urlencode(query, errors='replace')}", base_url=APP)


def judged(answer: TestResponse, lang: str, *, others: tuple[int, ...] = ()) -> Page | None:
    """The page behind the answer, sound in its language; None for a way on, which must be our own. Anything unforeseen fails."""
    assert answer.status_code in (200, 303, 422, *others), f"{answer.status_code} for {answer.request.url}"
    if answer.status_code == 303:
        assert answer.headers["Location"].startswith("/")
        assert not answer.headers["Location"].startswith("//")
        return None
    page = sound(read(answer), lang)
    if page.status == 422:
        told_what_to_fix(page)
    return page


def told_what_to_fix(page: Page) -> None:
    """The title says so, and every line of the summary leads to a field that is marked."""
    assert page.title.startswith(("Fix:", "แก้ไข")), page.title
    summary = re.search(r'<div class="es" role="alert".*?</div>', page.html, re.DOTALL)
    assert summary, "no error summary"
    fields = re.findall(r'href="#([^"]+)"', summary[0])
    assert fields
    for name in fields:
        assert name in page.ids, f"the summary leads to {name}, which is not there"
    assert "aria-invalid" in page.html or 'class="q er"' in page.html


# The checker

QUESTIONS = [(benefit, question) for benefit in BENEFITS.values() for question in benefit.questions]
names = st.sampled_from(sorted({question.name for _, question in QUESTIONS} | {"on", "wages"}))
form_names = st.sampled_from(["asked", "change", "on_day", "on_month", "on_year", "on_confirm", "print", "because", "utm", "lang"])
queries = st.lists(st.tuples(names | form_names, texts | names), max_size=9)
places = st.sampled_from([*(f"/benefits/{name}" for name in BENEFITS), "/benefits/old_age/compare"])


@on_each_page
@given(places, queries, languages)
def test_whatever_stands_in_the_address_of_a_check_is_asked_again_or_answered(
    client: FlaskClient, place: str, query: list[tuple[str, str]], lang: str
) -> None:
    answer = ask(client, place, query, lang)
    if judged(answer, lang) is None:
        kept = parse_qs(urlsplit(answer.headers["Location"]).query, keep_blank_values=True)
        known = {question.name for _, question in QUESTIONS} | {"on"}
        assert set(kept) <= known
        assert all(len(values) == 1 for values in kept.values())
        judged(client.get(answer.headers["Location"], base_url=APP), lang)


typed_questions = st.sampled_from([(benefit.name, one) for benefit, one in QUESTIONS if one.kind not in (Kind.CHOICE, Kind.YES_NO)])


@on_each_page
@given(typed_questions, texts, languages)
def test_an_answer_is_read_as_it_stands_or_asked_again_with_what_was_typed(
    client: FlaskClient, asked: tuple[str, Question], text: str, lang: str
) -> None:
    benefit, question = asked
    answer = ask(client, f"/benefits/{benefit}", {"asked": question.name, question.name: text}, lang)
    typed = sent(text)
    page = judged(answer, lang)
    if page is None:
        kept = parse_qs(urlsplit(answer.headers["Location"]).query)
        assert kept.get(question.name) == [typed]
        assert typed == "not_sure" or is_a_number(typed) or question.kind is Kind.CHILDREN, typed
        return
    (field,) = (one for one in page.fields if one.get("name") == question.name)
    assert field["value"] == ("" if typed == "not_sure" else typed)
    assert "aria-invalid" in field


def sent(text: str) -> str:
    """As it reaches the server: an address holds no lone surrogate; the page takes off blanks around it and cuts what is absurd."""
    return text.encode(errors="replace").decode().strip()[:LONGEST_ANSWER]


def is_a_number(text: str) -> bool:
    """Said without the code under test: digits of ours or Thai ones, perhaps parted by commas in threes, perhaps a fraction."""
    return re.fullmatch(r"-?([0-9๐-๙]{1,3}(,[0-9๐-๙]{3})+|[0-9๐-๙]+)(\.[0-9๐-๙]+)?", text) is not None


@on_each_page
@given(st.sampled_from(QUESTIONS), texts, languages, st.booleans())
def test_a_result_with_one_spoilt_answer_still_comes_or_asks(
    client: FlaskClient, spoilt: tuple[Any, Question], text: str, lang: str, printed: bool
) -> None:
    benefit, question = spoilt
    answers = {"on": "2026-12-09"} | {one.name: "not_sure" for one in benefit.questions} | {question.name: text}
    judged(ask(client, f"/benefits/{benefit.name}", answers | ({"print": "1"} if printed else {}), lang), lang)


@pytest.mark.parametrize(("typed", "kept"), [("๑๖,๐๐๐", "9,600"), ("16,000.00", "9,600"), (" 16000 ", "9,600"), ("๙๙๙๙๙๙๙๙๙", "10,500")])
def test_thai_digits_and_commas_are_money_like_any_other(client: FlaskClient, typed: str, kept: str) -> None:
    answers = {"on": "2026-12-09", "cause": "laid_off", "dismissed_for_fault": "no", "months_paid_in_15": "๑๔", "days_paid_this_year": "๐"}
    taken = ask(client, "/benefits/unemployment", answers | {"wage": typed, "asked": "wage"}, "th")
    assert taken.status_code == 303
    assert kept in read(client.get(taken.headers["Location"], base_url=APP)).text


@on_each_page
@given(st.sampled_from([*LIFE_EVENTS, *SPOILERS]) | texts, languages)
def test_whatever_happened_leads_to_a_list_of_benefits(client: FlaskClient, event: str, lang: str) -> None:
    page = judged(ask(client, "/benefits", {"because": event}, lang), lang)
    assert page is not None
    assert any(href.startswith("/benefits/") for href in page.links.values())


# Days

WITH_A_DAY = ("sickness", "dental", "maternity", "invalidity", "death", "unemployment")
past_days = st.dates(date(1996, 1, 1), date(2026, 12, 20))
OWN_ERA = {"th": 543, "en": 0}
OTHER_ERA = {"th": 0, "en": 543}
MONTHS = {"th": ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."),
          "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
                 "December")}  # fmt: skip
THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


def parts(day: date, ahead: int, *, in_thai_digits: bool = False, month: str = "") -> dict[str, str]:
    typed = {"on_day": str(day.day), "on_month": month or str(day.month), "on_year": str(day.year + ahead)}
    return {name: text.translate(THAI_DIGITS) for name, text in typed.items()} if in_thai_digits else typed


@on_each_page
@given(st.sampled_from(WITH_A_DAY), past_days, languages, st.booleans(), st.booleans())
def test_a_day_in_the_years_of_the_page_is_taken(
    client: FlaskClient, benefit: str, day: date, lang: str, in_thai_digits: bool, by_name: bool
) -> None:
    typed = parts(day, OWN_ERA[lang], in_thai_digits=in_thai_digits, month=MONTHS[lang][day.month - 1] if by_name else "")
    answer = ask(client, f"/benefits/{benefit}", {"asked": "on", **typed}, lang)
    assert answer.headers["Location"] == f"/benefits/{benefit}?on={day.isoformat()}"


@on_each_page
@given(st.sampled_from(WITH_A_DAY), past_days, languages, st.booleans())
def test_a_year_of_the_other_era_is_said_back_and_asked_about(
    client: FlaskClient, benefit: str, day: date, lang: str, in_thai_digits: bool
) -> None:
    typed = {"asked": "on", **parts(day, OTHER_ERA[lang], in_thai_digits=in_thai_digits)}
    page = judged(ask(client, f"/benefits/{benefit}", typed, lang), lang)
    assert page is not None
    assert page.status == 422
    assert f'datetime="{day.isoformat()}"' in page.html
    assert str(day.year + OWN_ERA[lang]) in page.main
    assert str(day.year + OTHER_ERA[lang]) in page.main
    form = page.form(f"/benefits/{benefit}")["fields"]
    assert {name: form[name] for name in typed if name != "asked"} == {name: text for name, text in typed.items() if name != "asked"}
    assert [one["value"] for one in page.fields if one.get("name") == "on_confirm"] == ["yes", "no"]
    taken = ask(client, f"/benefits/{benefit}", {**typed, "on_confirm": "yes"}, lang)
    assert taken.headers["Location"] == f"/benefits/{benefit}?on={day.isoformat()}"
    judged(ask(client, f"/benefits/{benefit}", {**typed, "on_confirm": "no"}, lang), lang)


@on_each_page
@given(st.sampled_from(WITH_A_DAY), texts, texts, texts, texts, languages)
def test_three_parts_of_nonsense_are_no_day_and_stay_where_they_were_typed(
    client: FlaskClient, benefit: str, day: str, month: str, year: str, confirm: str, lang: str
) -> None:
    typed = {"on_day": day, "on_month": month, "on_year": year}
    page = judged(ask(client, f"/benefits/{benefit}", {"asked": "on", **typed, "on_confirm": confirm}, lang), lang)
    assume(page is not None)
    kept = {one["name"]: one["value"] for one in page.fields if one.get("name") in typed}
    assert kept == {name: text.encode(errors="replace").decode()[:KEPT] for name, text in typed.items()}


@pytest.mark.parametrize("lang", ["th", "en"])
@pytest.mark.parametrize("benefit", WITH_A_DAY)
@pytest.mark.parametrize("ahead", [367, 5000, 50_000])
def test_a_day_that_lies_too_far_ahead_is_asked_again(client: FlaskClient, benefit: str, lang: str, ahead: int) -> None:
    day = date(2026, 12, 20) + timedelta(days=ahead)
    for query in ({"asked": "on", **parts(day, OWN_ERA[lang])}, {"on": day.isoformat()}):
        page = judged(ask(client, f"/benefits/{benefit}", query, lang), lang)
        assert page is not None
        assert page.status == 422
        assert 'href="#on_day"' in page.html
        assert page.form("/benefits")["fields"]["on_year"] == str(day.year + OWN_ERA[lang])


@pytest.mark.parametrize("lang", ["th", "en"])
def test_a_year_of_the_buddhist_era_in_an_address_stays_what_it_is(client: FlaskClient, lang: str) -> None:
    for path, form in (("/benefits/sickness", "/benefits/sickness"), ("/rules", "/rules")):
        page = judged(ask(client, path, {"on": "2569-12-09"}, lang), lang)
        assert page is not None
        assert page.status == 422
        fields = next(one["fields"] for one in page.forms if one["action"] == form and "on_year" in one["fields"])
        assert (fields["on_day"], fields["on_month"], fields["on_year"]) == ("09", "12", "2569")


# What else takes something in

hospital_queries = st.lists(st.tuples(st.sampled_from(["q", "province", "adjoining", "ownership", "page", "utm"]), texts), max_size=6)


@on_each_page
@given(hospital_queries, languages, st.booleans())
def test_whatever_is_searched_for_finds_hospitals_or_none(
    client: FlaskClient, query: list[tuple[str, str]], lang: str, as_part: bool
) -> None:
    client.set_cookie("sitthi-language", lang, domain="127.0.0.1")
    head = {"HX-Request": "true"} if as_part else {}
    answer = client.get(f"/hospitals?{urlencode(query, errors='replace')}", base_url=APP, headers=head)
    assert answer.status_code == 200
    if not as_part:
        typed = next((text for name, text in query if name == "q"), "")
        (field,) = (one for one in sound(read(answer), lang).fields if one.get("name") == "q")
        assert field["value"] == sent(typed)[:LONGEST_QUERY]


other_names = st.sampled_from(["on", "since", "asked", "on_day", "on_month", "on_year", "on_confirm", "since_day", "since_month",
                               "since_year", "since_confirm", "wage", "print", "saved", "next"])  # fmt: skip
OTHER_PAGES = ("/rules", "/guide", "/guide/contributions", "/hospital-change", "/settings", "/reminders", "/claims", "/help", "/emergency",
               "/privacy", "/benefits/questions", "/benefits/unemployment/calendar.ics", "/sign-in")  # fmt: skip


@on_each_page
@given(st.sampled_from(OTHER_PAGES), st.lists(st.tuples(other_names | names, texts | other_names), max_size=8), languages)
def test_whatever_stands_in_any_other_address_is_answered(
    client: FlaskClient, path: str, query: list[tuple[str, str]], lang: str
) -> None:
    answer = ask(client, path, query, lang)
    if answer.mimetype == "text/html":
        judged(answer, lang, others=(404,))
    else:
        assert answer.status_code == 200


@on_each_page
@given(texts, languages)
def test_the_calculator_works_out_a_wage_or_asks_again_with_what_was_typed(client: FlaskClient, text: str, lang: str) -> None:
    page = judged(ask(client, "/guide/contributions", {"wage": text}, lang), lang)
    assert page is not None
    (field,) = (one for one in page.fields if one.get("name") == "wage")
    assert field["value"] == sent(text)
    assert (page.status == 200) == is_a_number(sent(text)) or sent(text).startswith("-") or len(sent(text)) > 40


POSTS = {
    "/settings": ("text_size", "theme", "contrast", "looped", "next"),
    "/settings/text-size": ("size", "next"),
    "/language": ("language", "next"),
}


@on_each_page
@given(st.sampled_from(sorted(POSTS)), st.data(), languages)
def test_a_setting_that_does_not_exist_is_refused_and_none_leads_away(
    client: FlaskClient, path: str, data: st.DataObject, lang: str
) -> None:
    client.set_cookie("sitthi-language", lang, domain="127.0.0.1")
    form = data.draw(st.dictionaries(st.sampled_from(POSTS[path]), texts | st.sampled_from(["3", "dark", "th", "en", "//evil.example/"])))
    judged(client.post(path, data=form, base_url=APP), lang)


STEPS = {
    "/hospital-change/new": ("cause", "in_patient"),
    "/hospital-change/new/move": ("moved_on_day", "moved_on_month", "moved_on_year", "moved_on_confirm", "moved_to"),
    "/hospital-change/new/note": ("note",),
    "/hospital-change/new/hospitals": ("q", "province", "adjoining", "ownership", "page", "choose", "drop", "up", "down", "go"),
    "/hospital-change/new/check": ("key", "declared"),
}



@hypothesis_settings(on_each_page, max_examples=60)
@given(data=st.data(), lang=languages)
def test_the_steps_of_a_hospital_change_stand_whatever_is_sent_to_them(
    client: FlaskClient, signed_in: None, data: st.DataObject, lang: str
) -> None:
    client.set_cookie("sitthi-language", lang, domain="127.0.0.1")
    cause = data.draw(st.sampled_from(["moved_home", "other", "annual", "moved_workplace", *SPOILERS[:6]]))
    client.post("/hospital-change/new", data={"cause": cause, "in_patient": "no"}, base_url=APP)
    for path in data.draw(st.lists(st.sampled_from(sorted(STEPS)), min_size=1, max_size=3)):
        form = data.draw(st.dictionaries(st.sampled_from(STEPS[path]), texts | st.sampled_from(["moved_home", "TH-13", "TH13-001", "yes"])))
        judged(client.post(path, data=form, base_url=APP), lang, others=(404, 409))
