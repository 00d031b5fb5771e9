"""The words that nobody knows beforehand are explained where a page first uses them, and the way back is one tap."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.every_page import RESULTS
from tests.front_door import APP
from tests.pages import Page
from webapp.web import hard_words
from webapp.web.guide import GUIDES
from webapp.web.hard_words import HARD_WORDS, with_links

Look = Callable[..., Page]
PAGES = [
    "/",
    "/benefits",
    "/benefits/old_age",
    "/hospital-change",
    "/hospitals",
    "/emergency",
    "/claims",
    "/reminders",
    "/rules",
    "/help",
    "/privacy",
    "/sign-in",
    "/install",
    "/settings",
    "/status",
    "/guide",
    *(f"/guide/{slug}" for slug in GUIDES),
    *RESULTS,
]
NO_LINK = re.compile(r"<(a|button|label|summary|legend|caption|dt|th|h1|h2|h3|bdi|svg|select|textarea|code|time)\b.*?</\1>", re.DOTALL)


@pytest.fixture
def saying(app: Flask) -> Iterator[Callable[[str, str], str]]:
    """saying(html, lang) → the html with its first uses linked."""
    with app.test_request_context():
        yield lambda html, lang: with_links(html, lang)[0]


def main_of(html: str) -> tuple[str, str]:
    """What a page says, and what it explains at its end."""
    inside = html[html.index("<main") : html.index("</main>")]
    said, _mark, explained = inside.partition('<section class="card words')
    return said, explained


@pytest.mark.parametrize("lang", ["th", "en"])
def test_the_first_use_on_every_public_page_is_explained(client: FlaskClient, lang: str) -> None:
    client.set_cookie("sitthi-language", lang, domain="127.0.0.1")
    explained_somewhere, walked = set(), 0
    for path in PAGES:
        html = client.get(path, base_url=APP, follow_redirects=True).get_data(as_text=True)
        if 'class="paper"' in html:
            continue  # a sheet to print has nothing to tap
        walked += 1
        said, meanings = main_of(html)
        links, places = (
            re.findall(r'<a class="term[^"]*" id="use-([\w-]+)" href="#word-\1"', said),
            re.findall(r'id="word-([\w-]+)"', meanings),
        )
        assert len(links) == len(set(links)), f"{path}: explained twice"
        assert set(links) <= set(places), f"{path}: a link that leads nowhere"
        assert re.findall(r'href="#use-([\w-]+)"', meanings) == [place for place in places if place in links], f"{path}: no way back"
        plain = re.sub(r"<[^>]*>", "\x00", NO_LINK.sub("\x00", re.sub(r'<(\w+)[^>]*class="vh".*?</\1>', "", said)))
        for word in HARD_WORDS:
            if re.search(rf"\b(?:{word.forms[lang]})\b" if lang == "en" else word.forms[lang], plain, re.IGNORECASE):
                assert word.key in places, f"{path}: {word.key} is used and not explained"
        explained_somewhere |= set(places)
    assert walked > 50
    assert len(explained_somewhere) >= len(HARD_WORDS) - 2, (
        f"explained nowhere: { ({word.key for word in HARD_WORDS} - explained_somewhere) }"
    )


def test_a_word_is_linked_once_and_where_it_first_stands(saying: Callable[[str, str], str]) -> None:
    told = saying("<h1>เงินสมทบ</h1><p>ส่งเงินสมทบ</p><p>เงินสมทบอีกครั้ง</p>", "th")
    assert told == (
        '<h1>เงินสมทบ</h1><p>ส่ง<a class="term n" id="use-contribution" href="#word-contribution">เงินสมทบ</a></p><p>เงินสมทบอีกครั้ง</p>'
    )


@pytest.mark.parametrize(
    "kept",
    [
        '<p><a href="/x">the contribution <b>paid</b> contribution</a></p>',
        "<button><span>contribution</span></button>",
        "<label>contribution</label>",
        '<p class="vh">contribution</p>',
        '<svg role="img"><title>contribution</title></svg>',
        '<p lang="th">contribution</p>',
        "<bdi>Contribution Hospital</bdi>",
        "<div hidden><p>contribution</p><p>contribution</p></div>",
        "<p>contributory</p>",
        '<p title="contribution"></p>',
    ],
)
def test_nothing_is_linked_where_a_link_would_be_a_trap(saying: Callable[[str, str], str], kept: str) -> None:
    assert saying(kept, "en") == kept
    assert "term" in saying(f"{kept}<p>a contribution</p>", "en")


def test_a_word_that_only_a_heading_has_is_explained_at_the_end(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        _page, words = with_links("<h1>Invalidity</h1>", "en")
        assert [(word.written, word.linked) for word in words] == [("Invalidity", False)]


def test_a_part_of_a_page_that_htmx_asks_for_is_left_as_it_is(client: FlaskClient) -> None:
    answer = client.get("/hospitals?q=x", base_url=APP, headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert "term" not in answer.get_data(as_text=True)


def test_a_language_without_forms_is_left_as_it_is(saying: Callable[[str, str], str]) -> None:
    assert saying("<p>contribution</p>", "my") == "<p>contribution</p>"


def test_every_word_has_a_form_in_both_languages() -> None:
    assert all(set(word.forms) >= {"th", "en"} for word in hard_words.HARD_WORDS)
    assert len({word.key for word in HARD_WORDS}) == len(HARD_WORDS)
