"""The letter as a PDF: set by Typst, from the same parts as the page.

Decided:
- Typst, of the tools measured for Thai (facts/stack.md): tone marks stand right, lines end between words, tags and PDF/UA-1 are its own,
  one wheel without system libraries. WeasyPrint gives back wrong letters, ReportLab and plain fpdf2 set tone marks into each other, a
  browser on the server is heavy.
- What Typst writes beside the glyphs is then put right (web/pdf_letters.py), so that each letter is copied and searched once.
- In the request, with a door of its own (web/limit_table.py): a letter takes a fifth of a second of one core, measured; nothing is kept.
- Words go in as data (JSON), never as Typst. A letter that no font here has (an emoji) becomes a box: PDF/UA forbids glyphs without a name.
- Typst reads no WOFF2, so Sarabun lies beside the template as TTF: the files of static/fonts unpacked, Thai and Latin each under its own
  name, since Typst takes one file for a name and weight.
Put aside: the worker and a file that waits, for what is made faster than fetched.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from html import unescape
from typing import Any

import typst
from markupsafe import Markup

from webapp.config import ROOT
from webapp.web.claim_letter_words import Letter, Part, Row, Words
from webapp.web.pdf_letters import each_letter_once

ROOM = ROOT / "webapp" / "letter"
TAGS = re.compile(r"<[^>]*>")
THAI = re.compile("[\u0e00-\u0e7f]")
BOX = "□"
EXTRA = frozenset("–—‘’‚“”•…€™−")
"""Beside ASCII, Western European letters and Thai; of the Western ones, those that Sarabun's files lack come from the font inside Typst."""


def letter_pdf(letter: Letter, title: str, stamp: str, foot: Words, lang: str) -> bytes:
    """Tagged, with its fonts inside. `stamp` empty outside a demonstration."""
    words = {
        "lang": lang,
        "title": title,
        "stamp": plain(stamp),
        "said": plain(letter.said),
        "about": [_row(row) for row in letter.about],
        "parts": [_part(part) for part in letter.parts],
        "foot": plain(foot),
    }
    made: bytes = typst.compile(  # type: ignore[call-overload]  # its types leave Path out of lists of Path or str
        _template(),
        format="pdf",
        font_paths=[ROOM],
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        sys_inputs={"letter": json.dumps(words, ensure_ascii=False)},
    )
    return each_letter_once(made)


@lru_cache(maxsize=1)
def _template() -> bytes:
    return (ROOM / "letter.typ").read_bytes()


def _part(part: Part) -> dict[str, Any]:
    beside = part.beside
    return {
        "heading": plain(part.heading),
        "said": [plain(words) for words in part.said],
        "rows": [_row(row) for row in part.rows],
        "beside": beside and {
            "caption": plain(beside.caption),
            "heads": [plain(head) for head in beside.heads],
            "rows": [[plain(cell) for cell in row] for row in beside.rows],
        },
        "wrote_by": plain(part.wrote_by),
        "wrote": plain(part.wrote),
        "wrote_lang": "th" if THAI.search(part.wrote) else "en",
        "then": [plain(words) for words in part.then],
    }  # fmt: skip


def _row(row: Row) -> dict[str, Any]:
    return {"label": plain(row.label), "value": plain(row.value), "total": row.total}


def plain(words: Words) -> str:
    """What a page says, without its marks, in letters that the fonts have."""
    text = unescape(TAGS.sub("", words)) if isinstance(words, Markup) else words
    return "".join(letter if _is_in_the_fonts(letter) else BOX for letter in text.replace("\n", " "))


def _is_in_the_fonts(letter: str) -> bool:
    return " " <= letter <= "~" or "\u00a0" <= letter <= "\u017f" or THAI.match(letter) is not None or letter in EXTRA
