"""Every sentence of the two pages that this project grew from has a home: seed_sentences.toml names it, and the words there that prove it.

Decided: the table keeps the pages' own sentences, in their order, so that nobody has to hold the pages. A count and a hash of them, without
white space and bullets, show that none fell out. Whoever holds one of the pages as text makes the same hash from it with
    python -c 'import sys; from tests.house.test_seed_sentences import hash_of; print(hash_of(sys.stdin.read()))' < page.txt
A proof is words of the English page with the numbers of today's law: a law that moves fails here and is read again. The Thai
page must answer too and hold the same numbers. Put aside: hashes in place of the sentences, which nobody could read.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.pages import look

TABLE = tomllib.loads(Path(__file__).with_name("seed_sentences.toml").read_text("utf-8"))
SEEDS, SENTENCES = TABLE["seed"], TABLE["sentence"]
HOMES = sorted({sentence["home"] for sentence in SENTENCES if "home" in sentence})
NUMBER = re.compile(r"\d[\d,.:]*\d|\d")
IN_A_DATE = re.compile(r"\d{1,2} [A-Z][a-z]+ \d{4}|\b20\d\d\b")


def bare(text: str) -> str:
    """Without white space and bullets: what a cut into sentences cannot change."""
    return "".join(text.replace("•", "").split())


def hash_of(text: str) -> str:
    return hashlib.sha256(bare(text).encode()).hexdigest()


def numbers(proof: str) -> list[str]:
    """Those that both languages write alike: days and years are not."""
    return NUMBER.findall(IN_A_DATE.sub("", proof))


def sentences_at(home: str) -> list[dict[str, Any]]:
    return [sentence for sentence in SENTENCES if sentence.get("home") == home]


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed["name"])
def test_no_sentence_of_a_page_fell_out(seed: dict[str, Any]) -> None:
    texts = [sentence["text"] for sentence in SENTENCES if sentence["seed"] == seed["name"]]
    assert len(texts) == seed["sentences"]
    assert hash_of("".join(texts)) == seed["sha256"]


def test_every_sentence_has_a_home_or_says_why_not() -> None:
    for sentence in SENTENCES:
        has_home = bool(sentence.get("home")) and all(sentence.get("proof", [""]))
        assert has_home != bool(sentence.get("dropped")), sentence["text"]
        assert not sentence.get("corrected") or has_home, f"corrected where? {sentence['text']}"


@pytest.mark.parametrize("home", HOMES)
def test_a_home_says_what_its_sentences_say(client: FlaskClient, home: str) -> None:
    english, thai = (bare(look(client, home, lang).main) for lang in ("en", "th"))
    for sentence in sentences_at(home):
        for proof in sentence["proof"]:
            assert bare(proof) in english, f"{sentence['text']}\nis not proved by\n{proof}"
            missing = [number for number in numbers(proof) if number not in thai]
            assert not missing, f"the Thai page lacks {missing} of\n{proof}"
