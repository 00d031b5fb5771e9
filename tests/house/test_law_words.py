"""Every rule of the statute book has a plain name and plain words in both languages: no page shows a key or a code."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from webapp.adapters.lawbook_toml import load
from webapp.domain.lawbook import Differing, Gap, Value
from webapp.web import law_words
from webapp.web.language import use_language

BOOK = load()
CODE = re.compile(r"[a-z]+_[a-z_]+|<code>|\bNone\b|Decimal|MonthDay|\(\)")
ENTRIES = [entry for key in BOOK.keys for entry in BOOK.history(key)]
THAI = re.compile(r"[\u0e00-\u0e7f]")


def bare(words: object) -> str:
    return re.sub(r"<[^>]+>", "", str(words)).strip()


@pytest.fixture(params=["th", "en"])
def lang(request: pytest.FixtureRequest, app: Flask) -> str:
    with app.test_request_context():
        use_language(request.param)
        yield request.param


def test_every_rule_has_a_name_and_every_name_a_rule(lang: str) -> None:
    assert sorted(law_words.named_keys()) == sorted(BOOK.keys)
    for key in BOOK.keys:
        name = law_words.rule_name(key)
        assert name.strip(), key
        assert not CODE.search(name), f"{key}: {name}"
        assert lang == "en" or THAI.search(name), f"{key}: {name}"
        assert law_words.subject_name(law_words.subject_of(key))


def test_two_rules_of_one_subject_are_not_called_the_same(lang: str) -> None:
    called = [(law_words.subject_of(key), law_words.rule_name(key)) for key in BOOK.keys]
    assert len(called) == len(set(called))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: f"{entry.key} since {entry.since}")
def test_every_value_is_said_in_words(app: Flask, entry: Value | Gap) -> None:
    for code in ("th", "en"):
        with app.test_request_context():
            use_language(code)
            said = bare(law_words.entry_words(entry))
            assert said
            assert not CODE.search(said), said
            assert code == "en" or not re.search(r"[a-z]{3,}", said), said


@pytest.mark.parametrize("value", [entry for entry in ENTRIES if isinstance(entry, Value)], ids=lambda value: f"{value.key} {value.since}")
def test_every_value_says_since_when_by_which_law_from_where_and_how_sure(app: Flask, value: Value) -> None:
    with app.test_request_context():
        use_language("en")
        row = law_words.rule_words(value)
        for part in ("since", "law", "source", "sure"):
            assert bare(row[part]), part
            assert not CODE.search(bare(row[part]).replace("facts/", "")), row[part]
        assert "facts/" not in f"{row['law']}{row['source']}"
        assert ("call 1506" in row["sure"]) == (value.confidence != "H")


@pytest.mark.parametrize("printed", BOOK.printed_elsewhere, ids=lambda printed: f"{printed.on_page}: {printed.key}")
def test_what_a_page_prints_otherwise_is_said_in_words(app: Flask, printed: object) -> None:
    for code in ("th", "en"):
        with app.test_request_context():
            use_language(code)
            for entry in BOOK.history(printed.key):
                said = bare(law_words.differing_words(Differing(printed, entry)))
                assert str(2025 if code == "en" else 2568) in said
                assert not CODE.search(said), said
