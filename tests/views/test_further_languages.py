"""A further language is one line, one catalogue and one line of fonts, and is not shown before a native reader has read it.

Shown with a made-up Burmese, whose catalogue says the English with a Burmese letter in front.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from flask.testing import FlaskClient

from tests import pages
from tests.front_door import APP, SignIn
from webapp.config import ROOT
from webapp.ports import Tools
from webapp.views.pwa import NEEDED, public_pages
from webapp.web import language
from webapp.web.language import Language

A_READER = "somebody who grew up with it, 2026-11-22"
MARK = "ကြ "
FONTS = (ROOT / "static/css/base.css").read_text(encoding="utf-8")
Speak = Callable[..., None]


def made_up(share: float, unread: bool = False) -> Catalog:
    """Every message up to `share` of them; `unread`: all marked fuzzy, as a translator leaves what nobody has checked."""
    with (ROOT / "translations/th/LC_MESSAGES/messages.po").open("rb") as source:
        thai = [one for one in read_po(source, locale="th") if one.id]
    catalogue = Catalog(locale="my")
    for message in thai[: int(len(thai) * share)]:
        texts = message.id if isinstance(message.id, tuple) else (message.id,)
        string = MARK + texts[-1]
        flags = [*message.flags, *(["fuzzy"] if unread else [])]
        catalogue.add(message.id, (string,) if len(texts) > 1 else string, flags=flags, context=message.context)
    return catalogue


@pytest.fixture
def speak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Speak]:
    """speak(share=1.0, read_by=A_READER, direction="ltr", unread=False): the line and the catalogue, for this test."""

    def forget() -> None:
        for one in (language.catalogue, language.share_said):
            one.cache_clear()

    def _speak(share: float = 1.0, read_by: str = A_READER, direction: str = "ltr", unread: bool = False) -> None:
        folder = tmp_path / "translations"
        po = folder / "my/LC_MESSAGES/messages.po"
        po.parent.mkdir(parents=True)
        (folder / "th").symlink_to(ROOT / "translations/th")
        with po.open("wb") as file:
            write_po(file, made_up(share, unread))
        monkeypatch.setattr(language, "CATALOGUES", folder)
        monkeypatch.setitem(language.LANGUAGES, "my", Language("မြန်မာ", read_by, direction))
        forget()

    yield _speak
    monkeypatch.undo()
    forget()


def in_burmese(client: FlaskClient, path: str) -> pages.Page:
    client.set_cookie("sitthi-language", "my", domain="127.0.0.1")
    return pages.sound(pages.read(client.get(path, base_url=APP)))


def test_every_public_page_speaks_it(client: FlaskClient, speak: Speak) -> None:
    speak()
    for path in (*NEEDED, *public_pages(), "/benefits/unemployment", "/hospitals", "/sign-in", "/status", "/privacy", "/rules"):
        page = in_burmese(client, path)
        assert (page.status, page.lang) == (200, "my"), path
        assert MARK.strip() in page.title, path


def test_a_person_finds_their_data_and_requests_in_it(client: FlaskClient, speak: Speak, sign_in: SignIn, tools: Tools) -> None:
    speak()
    client.post("/language", data={"language": "my"}, base_url=APP)
    sign_in(client, "1000000000009")
    assert all(in_burmese(client, path).lang == "my" for path in ("/", "/my-data", "/my-data/months", "/help/call", "/hospital-change"))
    assert tools.store.settings_of(tools.store.person_id_of("1000000000009")).language == "my"


def test_its_months_are_babels_and_its_years_christian(client: FlaskClient, speak: Speak) -> None:
    speak()
    month = Locale("my").months["stand-alone"]["wide"][1]
    text = in_burmese(client, "/reminders").text
    assert month in text
    assert "2027" in text
    assert "2570" not in text


def test_the_switch_then_names_all_others_in_their_own_words(client: FlaskClient, speak: Speak) -> None:
    speak()
    page = in_burmese(client, "/help")
    head = page.html[: page.html.index("</header>")]
    assert re.findall(r'name="language" value="(\w+)" lang="(\w+)">([^<]+)<', head) == [("th", "th", "ไทย"), ("en", "en", "English")]
    assert "dir=" not in head


def test_a_language_written_leftwards_says_so(client: FlaskClient, speak: Speak) -> None:
    speak(direction="rtl")
    assert '<html lang="my" dir="rtl"' in in_burmese(client, "/help").html


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("nobody has read it", {"read_by": ""}),
        ("too little of it is there", {"share": 0.89}),
        ("its words have not been checked", {"unread": True}),
    ],
)
def test_it_is_not_shown_as_long_as(client: FlaskClient, speak: Speak, reason: str, said: dict[str, object]) -> None:
    speak(**said)
    page = pages.read(client.get("/settings", base_url=APP, headers={"Accept-Language": "my"}))
    assert page.lang == "th", reason
    assert "မြန်မာ" not in page.html
    assert in_burmese(client, "/help").lang == "th"
    assert client.post("/language", data={"language": "my"}, base_url=APP).status_code == 422
    assert client.get("/manifest.webmanifest?language=my", base_url=APP).get_json(force=True)["lang"] != "my"


def test_what_is_not_there_yet_is_said_in_english(client: FlaskClient, speak: Speak) -> None:
    speak(share=0.95)
    assert 0.9 <= language.share_said("my") < 1
    assert in_burmese(client, "/help").lang == "my"


def without_fonts(codes: list[str], css: str) -> list[str]:
    """Languages for which the style sheet names no letters; the body's own line serves Thai and English."""
    return [code for code in codes if code not in ("th", "en") and not re.search(rf":lang\({code}\)[^{{]*\{{[^}}]*font-family:", css)]


def test_every_language_has_its_line_of_fonts() -> None:
    assert without_fonts(list(language.LANGUAGES), FONTS) == []
    assert without_fonts(["th", "en", "my"], FONTS) == ["my"], "a language added without its line is found out"
    assert without_fonts(["my"], FONTS + ':lang(my){font-family:"Noto Sans Myanmar",Padauk,sans-serif}') == []
