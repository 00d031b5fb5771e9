"""The guide: every page in both languages with its sources and its day, no number of the law typed by hand, and the small calculator."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from jinja2 import Environment, nodes

from tests.front_door import APP, SignIn
from tests.pages import Page, look, read, sound
from tests.standing_clock import StandingClock
from webapp.adapters import lawbook_toml
from webapp.domain.dates import BANGKOK
from webapp.web.guide import GROUPS, GUIDES, LawShown

SOMCHAI = "1000000000009"
TEMPLATES = Path(__file__).resolve().parents[2] / "templates/guide"
WRITTEN = sorted(TEMPLATES.glob("*.html"))
ENV = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)  # noqa: S701 - parsing only
SAID_SO_BY_NAME = re.compile(r"1506(?:, 24 hours)?|\b(?:9-02|1-03|2-01|2-16|6-09)\b|\b[Ss]ections? (?:33|39|40)\b|%\(\w+\)s")
TAGS = re.compile(r"<[^>]*>|<[^<]*$|^[^>]*>|&#?\w+;", re.DOTALL)
LARGEST = 12 * 1024
BASE = "<h1"


def calculator(client: FlaskClient, lang: str = "en", status: int = 200, **typed: str) -> Page:
    client.set_cookie("sitthi-language", lang, domain="127.0.0.1")
    answer = client.get(f"/guide/contributions?{urlencode(typed)}", base_url=APP)
    assert answer.status_code == status
    return sound(read(answer), lang)


def value_of(page: Page, name: str) -> str:
    return next(one["value"] for one in page.fields if one.get("name") == name)


def test_the_index_leads_to_every_page_by_group(client: FlaskClient) -> None:
    page = look(client, "/guide", "en")
    assert {f"/guide/{slug}" for slug in GUIDES} <= set(page.links.values())
    assert {guide.group for guide in GUIDES.values()} == set(GROUPS)


@pytest.mark.parametrize("from_page", ["/", "/benefits", "/help"])
def test_the_guide_is_found_from(client: FlaskClient, from_page: str) -> None:
    assert "/guide" in look(client, from_page, "en").links.values()


def test_an_unknown_guide_is_not_found(client: FlaskClient) -> None:
    assert client.get("/guide/lottery", base_url=APP).status_code == 404


@pytest.mark.parametrize("lang", ["th", "en"])
@pytest.mark.parametrize("slug", GUIDES)
def test_a_page_says_where_it_is_from_and_when_it_was_looked_up(client: FlaskClient, slug: str, lang: str) -> None:
    page = look(client, f"/guide/{slug}", lang)
    assert {"th": "เรื่องนี้มาจากไหน", "en": "Where this is from"}[lang] in page.main
    assert {"th": "22 พ.ย. 2569", "en": "22 Nov 2026"}[lang] in page.main
    assert "1506" in page.main


@pytest.mark.parametrize("slug", GUIDES)
def test_a_page_is_short(client: FlaskClient, slug: str) -> None:
    html = look(client, f"/guide/{slug}", "th").html
    main = html[html.index("<h1") : html.index("</main>")].partition('<section class="card words')[0]
    assert len(main.encode()) <= LARGEST


@pytest.mark.parametrize("slug", GUIDES)
def test_every_way_on_from_a_page_exists(client: FlaskClient, slug: str) -> None:
    for address in {one.partition("#")[0] for one in look(client, f"/guide/{slug}").links.values() if one.startswith("/")}:
        assert client.get(address, base_url=APP).status_code in (200, 303), address


@pytest.mark.parametrize("slug", GUIDES)
def test_a_page_is_the_same_for_everybody(client: FlaskClient, another_client: FlaskClient, sign_in: SignIn, slug: str) -> None:
    sign_in(client, SOMCHAI)
    signed_in, anybody = (look(one, f"/guide/{slug}", "en").html for one in (client, another_client))
    assert signed_in[signed_in.index(BASE) : signed_in.index("</main>")] == anybody[anybody.index(BASE) : anybody.index("</main>")]


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.stem)
def test_no_number_of_the_law_is_typed_into_a_page(path: Path) -> None:
    parsed = ENV.parse(path.read_text(encoding="utf-8"))
    bare = "".join(data.data for data in parsed.find_all(nodes.TemplateData))
    said = [TAGS.sub(" ", bare)] + [
        argument.value
        for call in parsed.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in ("_", "ph", "ngettext")
        for argument in call.args
        if isinstance(argument, nodes.Const) and isinstance(argument.value, str)
    ]
    assert not [text for text in said if re.search(r"\d", SAID_SO_BY_NAME.sub("", text))]


def test_every_written_page_is_in_the_catalogue() -> None:
    assert {path.name for path in WRITTEN} == {"index.html", *(Path(guide.template).name for guide in GUIDES.values())}


def test_after_a_year_the_page_says_that_it_is_old(client: FlaskClient, clock: StandingClock) -> None:
    old = "last looked up over 12 months ago"
    assert old not in look(client, "/guide/claims", "en").main
    clock.set(clock.now().replace(year=2027, month=11, day=22))
    assert old not in look(client, "/guide/claims", "en").main
    clock.set(clock.now().replace(year=2027, month=11, day=23))
    assert old in look(client, "/guide/claims", "en").main


def test_where_a_page_in_peoples_hands_prints_another_number_it_is_corrected(client: FlaskClient) -> None:
    page = look(client, "/guide/claims", "en")
    assert "Time to claim: a page of 2025 says 1 year; the law says 2 years." in page.main
    assert "a page of 2025 says ฿15,000; since 1 Jan 2026 the law says ฿17,500" in look(client, "/guide/contributions", "en").main


def test_what_is_not_confirmed_is_said_to_be_being_confirmed(client: FlaskClient) -> None:
    assert "being confirmed: call 1506" in look(client, "/guide/after-leaving-work", "en").main


def test_a_number_without_a_value_on_that_day_is_not_known(client: FlaskClient) -> None:
    law = LawShown(lawbook_toml.load(), date(2020, 10, 1))
    assert law.value("unemployment.epidemic_rate") == "ยังไม่ทราบ โทร 1506"
    assert law.used == ()


# The calculator


@pytest.mark.parametrize(
    ("wage", "yours"),
    [("12000", "฿600"), ("1650", "฿83"), ("17500", "฿875"), ("99999", "฿875"), ("๑๒,๐๐๐", "฿600"), ("12,000.50", "฿600"), ("0", "฿83")],
)
def test_what_somebody_pays_for_a_month_of_2026(client: FlaskClient, wage: str, yours: str) -> None:
    page = calculator(client, wage=wage)
    assert f"You pay for this month {yours} " in page.main
    assert value_of(page, "wage") == wage


def test_the_month_decides_which_rate_and_which_ceiling(client: FlaskClient) -> None:
    day = {"on_day": "1", "on_year": "2020"}
    assert "You pay for this month ฿750 " in calculator(client, wage="20000", on_day="1", on_month="12", on_year="2025").main
    assert "You pay for this month ฿300 " in calculator(client, wage="20000", on_month="October", **day).main
    assert "You pay for this month ฿1,000 " in calculator(client, wage="20000", on_day="1", on_month="1", on_year="2029").main


def test_an_employers_part_that_nobody_names_is_said_to_be_not_known(client: FlaskClient) -> None:
    assert "Your employer paysnot known" in calculator(client, wage="12000", on_day="1", on_month="2", on_year="2021").main


@pytest.mark.parametrize("wage", ["nonsense", "-5", "12.000,50 baht", "", "1e999999999"])
def test_a_wage_that_cannot_be_read_is_kept_and_a_word_stands_beside_it(client: FlaskClient, wage: str) -> None:
    page = calculator(client, status=422, wage=wage, on_day="1", on_month="12", on_year="2025")
    assert page.title.startswith("Fix:")
    assert "Type an amount in baht" in page.main
    assert (value_of(page, "wage"), value_of(page, "on_month")) == (wage, "12")
    assert "You pay for this month" not in page.main


@pytest.mark.parametrize(("day", "month", "year"), [("31", "2", "2026"), ("1", "1", "1980"), ("1", "1", "3000"), ("", "12", "2025")])
def test_a_day_without_a_law_is_kept_and_a_word_stands_beside_it(client: FlaskClient, day: str, month: str, year: str) -> None:
    page = calculator(client, status=422, wage="12000", on_day=day, on_month=month, on_year=year)
    assert (value_of(page, "wage"), value_of(page, "on_year")) == ("12000", year)
    assert "You pay for this month" not in page.main


def test_a_christian_year_in_thai_is_asked_about_and_never_turned_in_silence(client: FlaskClient) -> None:
    typed = {"wage": "12000", "on_day": "1", "on_month": "12", "on_year": "2025"}
    assert "2568" in calculator(client, "th", status=422, **typed).main
    assert "600" in calculator(client, "th", on_confirm="yes", **typed).main


def test_the_ceiling_to_come_and_the_lower_rates_of_the_past_are_tables(client: FlaskClient, clock: StandingClock) -> None:
    main = look(client, "/guide/contributions", "en").main
    for row in ("1 Jan 2029฿20,000฿1,000", "1 Jan 2032฿23,000฿1,150", "March 20210.5 %not known", "2 %2 %", "provinces3 %not known"):
        assert row in main
    clock.set(clock.now().replace(year=2029, month=6, tzinfo=BANGKOK))
    assert "1 Jan 2026฿17,500" not in look(client, "/guide/contributions", "en").main
