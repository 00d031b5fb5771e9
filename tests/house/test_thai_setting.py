"""What keeps Thai whole before any browser lays it out: signs, names, languages, fonts. The boxes are measured in the journeys."""

from __future__ import annotations

import csv
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.front_door import APP
from tests.house.test_every_page_in_its_language import ENGLISH, NAMES
from tests.house.test_every_page_in_its_language import THAI as THAI_LETTERS
from tests.house.test_plain_words import thai
from tests.pages import VOID
from webapp.config import ROOT
from webapp.web.filters import bdi
from webapp.web.guide import GUIDES
from webapp.web.language import held_together

KIB = 1024
STATIC = ROOT / "static"
PAGES = [
    "/",
    "/benefits",
    "/benefits?because=lost_job",
    "/hospital-change",
    "/hospitals?q=หาด",
    "/hospitals?q=Hat",
    "/emergency",
    "/rules",
    "/settings",
    "/privacy",
    "/help",
    "/sign-in",
    "/install",
    "/status",
    "/guide",
    *(f"/guide/{slug}" for slug in GUIDES),
    "/benefits/unemployment?on=2026-12-01&cause=laid_off&dismissed_for_fault=no&months_paid_in_15=14&wage=16000&days_paid_this_year=0",
]


class Marked(HTMLParser):
    """Every text with the language it is marked with, names included; what is typed, chosen or drawn is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str, bool]] = []
        self.said: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        lang, silent = (self.open[-1][1], self.open[-1][2]) if self.open else ("", False)
        if tag not in VOID:
            self.open.append(
                (tag, dict(attrs).get("lang") or lang, silent or tag in ("title", "script", "style", "svg", "select", "code", "textarea"))
            )

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.open and not self.open[-1][2] and data.strip():
            self.said.append((self.open[-1][1], " ".join(data.split(" ")).strip()))


@pytest.mark.parametrize("lang", ["th", "en"])
def test_every_switch_of_language_is_marked_and_no_sign_can_begin_a_line(client: FlaskClient, lang: str) -> None:
    client.set_cookie("sitthi-language", lang, domain="127.0.0.1")
    foreign, loose = {}, []
    for path in PAGES:
        reader = Marked()
        reader.feed(client.get(path, base_url=APP, follow_redirects=True).get_data(as_text=True))
        assert reader.said, path
        for marked, text in reader.said:
            stranger = ENGLISH if marked == "th" else THAI_LETTERS
            if stranger.search(NAMES.sub("", text)):
                foreign[path] = (marked, text)
            loose += re.findall(r".{0,12}[^\u00a0\u2060]ๆ", text)
    assert not foreign, "mark it with lang, or name it among NAMES with its reason"
    assert not loose, "a line could begin with the repeating sign"


def test_the_repeating_sign_stands_after_a_space_in_the_catalogue() -> None:
    assert not [text for _msgid, text in thai() if re.search(r"[^ ]ๆ", text)]
    assert held_together("เร็ว ๆ ดีกว่า") == "เร็ว\u00a0ๆ ดีกว่า"


def test_the_name_of_a_hospital_is_broken_between_its_words_alone() -> None:
    with (ROOT / "webapp/register/hospitals.csv").open(encoding="utf-8") as file:
        names = [row["name_th"] for row in csv.DictReader(file)]
    for name in names:
        shown = bdi(name)
        assert re.sub(r"<[^>]*>", "", shown) == name
        assert shown.startswith("<bdi")
        outside = re.sub(r"<span.*?</span>", "", shown)
        assert "<span" not in shown or not THAI_LETTERS.search(outside), f"part of {name} is not kept together"
    broken = [name for name in names if re.search(r'class=""', bdi(name))]
    assert len(broken) < len(names) / 20, "words longer than a line at ordinary size have to break somewhere; they are few"


def test_a_persons_name_keeps_together() -> None:
    assert bdi("สมชาย") == '<bdi class="n">สมชาย</bdi>'


def test_looped_letters_are_small_files_and_the_phones_own_come_first() -> None:
    for file in STATIC.glob("fonts/*.woff2"):
        assert file.stat().st_size <= 10 * KIB, file.name
    base = (STATIC / "css/base.css").read_text(encoding="utf-8")
    assert re.search(r"body\{[^}]*font:1rem/1\.75 system-ui,", base)
    looped = (STATIC / "css/looped.css").read_text(encoding="utf-8")
    assert looped.count("font-display:swap") == looped.count("@font-face"), "the text is there before the font is"


def test_only_those_who_asked_get_the_font(client: FlaskClient) -> None:
    assert "looped.css" not in client.get("/", base_url=APP).get_data(as_text=True)
    client.set_cookie("sitthi-look", "looped=1", domain="127.0.0.1")
    assert "looped.css" in client.get("/", base_url=APP).get_data(as_text=True)
    client.set_cookie("sitthi-look", "looped=1&less_data=1", domain="127.0.0.1")
    assert "looped.css" not in client.get("/", base_url=APP).get_data(as_text=True)


DATE_INPUT = re.compile(r'type="(?:date|month|datetime-local|week)"|\b(?:text_field|select_field)\("(?:\w*_)?(?:day|month|year|date)"')


@pytest.mark.parametrize("template", sorted((ROOT / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_every_date_is_asked_for_in_the_one_field_that_knows_both_eras(template: Path) -> None:
    assert not DATE_INPUT.search(template.read_text(encoding="utf-8"))
    for call in re.findall(r"\{\{ date_field\(.*", template.read_text(encoding="utf-8")):
        if "patterns" not in template.parts:
            assert "confirm=" in call, "a year of the other era is asked about"
            assert "echo=" in call, "what was understood is said back"
