"""The strip of months in a real browser: it fits, it is seen in every theme, and nothing hangs on colour."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import Town, Visit, sign_in

pytestmark = pytest.mark.journey
MISSING = "1000000000157"
MONTHS = "/my-data/months"
PAINT = """kind => { const one = document.querySelector('.mp.wide ' + kind); const paint = getComputedStyle(one);
  return {fill: paint.fill, stroke: paint.stroke, ground: getComputedStyle(one.closest('.card')).backgroundColor}; }"""


def months_of(town: Town, visit: Visit, pid: str, lang: str = "th", size: int = 1, colours: str = "", **options: object) -> Page:
    """Signed in on the page of months, with a look chosen."""
    page = visit(f"/sign-in?next={MONTHS}", lang=lang, **options)
    look = f"text_size={size}{colours}"
    page.context.add_cookies([{"name": "sitthi-look", "value": look, "url": town.url}])
    sign_in(page, pid)
    page.wait_for_url(f"**{MONTHS}")
    return page


@pytest.mark.parametrize("lang", ["th", "en"])
def test_at_320_pixels_and_the_largest_letters_nothing_sticks_out(town: Town, visit: Visit, lang: str) -> None:
    page = months_of(town, visit, MISSING, lang, size=4, viewport={"width": 320, "height": 740})
    for path in (MONTHS, "/my-data/still-claimable"):
        page.goto(path)
        page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
        assert page.evaluate("document.documentElement.scrollWidth") == 320, path


@pytest.mark.parametrize(
    "options",
    [{}, {"color_scheme": "dark"}, {"contrast": "more"}, {"color_scheme": "dark", "contrast": "more"}, {"forced_colors": "active"}],
    ids=["light", "dark", "contrast", "dark contrast", "forced colours"],
)
def test_each_sign_is_seen_against_the_card_and_told_apart_by_its_form(town: Town, visit: Visit, options: dict[str, str]) -> None:
    page = months_of(town, visit, MISSING, **options)
    paid, missing, waiting = (page.evaluate(PAINT, kind) for kind in ("rect.p", "rect.x", "rect.y"))
    assert paid["fill"] not in ("none", paid["ground"])
    assert (missing["fill"], waiting["fill"]) == ("none", "none")
    assert missing["stroke"] not in ("none", missing["ground"])
    assert waiting["stroke"] not in ("none", waiting["ground"])
    assert page.locator(".mp.wide path.x").count() == 1, "what is missing bears a sign of its own"


def test_a_screen_reader_finds_pictures_with_names_and_tables_with_heads(town: Town, visit: Visit) -> None:
    page = months_of(town, visit, MISSING, "en")
    page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
    page.get_by_role("img", name="2026:").wait_for()
    page.get_by_role("table", name="Months of 2026").get_by_role("columnheader", name="Wage").wait_for()
