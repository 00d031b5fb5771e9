"""The letter as a PDF, read by two programs that are not the one which made it: its words, its sums and days, its tags and its fonts."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader

from tests.claim_people import SOMCHAI, approved, officer, refused, sent
from tests.front_door import APP, SignIn
from tests.pages import look
from webapp.actions import claim_desk
from webapp.actions.claims import appeal
from webapp.domain.claim import Claim
from webapp.domain.claim_questions import KINDS
from webapp.ports import Tools
from webapp.web.claim_letter_words import Letter, Part, Row
from webapp.web.letter_pdf import BOX, letter_pdf

HARD_WORDS = (
    "ครึ่งหนึ่ง ปั๊มน้ำ ครั้ง ผู้ป้องกัน ที่นี่ กี่ครั้ง ป่วย ฝ่าย ฟ้า พี่เลี้ยง ญาติ ฐาน กตัญญู สูติบัตร ภาษา รักษา ค่ำ ซ้ำ ทำ คำ น้ำ สำหรับ "
    "ต่อสู้ ขู่ อยู่ ปฏิบัติ ฎีกา อุทธรณ์ เจ้าหน้าที่ เงินสงเคราะห์ ไม้ ใช้ โต๊ะ จ๋า เก๋า เปิ้ล ก็ สิ้นสุด ฤดู ฤๅ ๑๒๓ จำนวน ค่าทำศพ สำนักงาน กึ๋น ปี๊บ"
)
"""Tone marks over vowels, letters with a foot or a tall stroke, and the vowel am with and without a tone."""
NUMBERS_AND_DAYS = re.compile(r"[\d,]*\d(?:\.\d\d)?")


@dataclass
class Read:
    """What each of the two gives back, without spaces: neither is asked where a line ends."""

    pdfium: str
    pypdf: str
    shown: str


def close(text: str) -> str:
    """Without spaces, and the vowel am as the standard takes it apart; the tone after the ring."""
    apart = re.sub("([่้๊๋]?)\u0e33", "\u0e4d\\1\u0e32", text)
    return re.sub(r"\s+", "", unicodedata.normalize("NFC", apart))


def read(made: bytes) -> Read:
    document = pypdfium2.PdfDocument(made)
    shown = "".join(page.get_textpage().get_text_range() for page in document)
    return Read(close(shown), close("".join(page.extract_text() for page in PdfReader(BytesIO(made)).pages)), shown)


def made_of(words: str, lang: str = "th") -> bytes:
    part = Part("why", words, (words, words), (Row(words, "1,234.50 บาท", total=True), Row(words, "–")), wrote_by="x", wrote=words)
    return letter_pdf(Letter(words, (), (part,), None), "หนังสือ", "", "จบ", lang)


def fetched(client: FlaskClient, claim: Claim, lang: str) -> bytes:
    client.set_cookie("sitthi-language", lang, domain="127.0.0.1")
    answer = client.get(f"/claims/{claim.reference}/letter.pdf", base_url=APP)
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert "no-store" in answer.headers["Cache-Control"]
    return answer.get_data()


def words_of(client: FlaskClient, claim: Claim, lang: str) -> str:
    """Of the sheet: each element apart."""
    html = look(client, f"/claims/{claim.reference}/letter/print", lang).html
    sheet = html[html.index('<article class="sheet">') : html.index("</article>")]
    return unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<wbr[^>]*>", "", sheet)))


# The words


def test_hard_thai_words_come_back_whole_and_once() -> None:
    found = read(made_of(HARD_WORDS))
    for word in HARD_WORDS.split():
        assert close(word) in found.pdfium, word
        assert close(word) in found.pypdf, word
    expected = close(HARD_WORDS)
    assert found.pdfium.count(expected) == 7, "two headings, two sentences, two rows (one of them bold) and what was written"
    assert found.pypdf.count(expected) == 7


def test_what_pdfium_gives_back_is_the_very_text() -> None:
    """Not only the same when compared loosely: the vowel am comes back as one letter."""
    shown = re.sub(r"\s+", "", read(made_of(HARD_WORDS)).shown)
    for word in HARD_WORDS.split():
        assert word in shown, word


@pytest.mark.parametrize("lang", ["th", "en"])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_it_says_what_the_sheet_says_word_for_word(client: FlaskClient, sign_in: SignIn, tools: Tools, kind: str, lang: str) -> None:
    sign_in(client, SOMCHAI)
    claim = approved(tools, kind)
    found, sheet = read(fetched(client, claim, lang)), words_of(client, claim, lang)
    assert sorted(NUMBERS_AND_DAYS.findall(found.shown)) == sorted(NUMBERS_AND_DAYS.findall(sheet))
    for word in sheet.split():
        assert close(word) in found.pdfium, word
        assert close(word) in found.pypdf, word


def each_ending(tools: Tools) -> Iterator[Claim]:
    yield refused(tools, "dental")
    stopped = sent(tools, "old_age")
    after = claim_desk.note_death(tools, officer(tools), stopped.reference, tools.clock.today())
    assert after is not None
    yield after
    answered = refused(tools, "sickness")
    appeal(tools, answered.person_id, answered.reference, "ใบเสร็จอยู่กับฉัน")
    yield answered


def test_every_ending_can_be_had_as_a_pdf(client: FlaskClient, sign_in: SignIn, tools: Tools) -> None:
    sign_in(client, SOMCHAI)
    for claim in each_ending(tools):
        for lang in ("th", "en"):
            heading = look(client, f"/claims/{claim.reference}/letter", lang).h1[0]
            assert close(heading) in read(fetched(client, claim, lang)).pdfium


# The standard


def test_it_is_tagged_titled_and_says_its_language(client: FlaskClient, sign_in: SignIn, tools: Tools) -> None:
    sign_in(client, SOMCHAI)
    claim = approved(tools, "dental")
    for lang, title in (("th", "หนังสือแจ้งผลการพิจารณา"), ("en", "Letter about the decision")):
        reader = PdfReader(BytesIO(fetched(client, claim, lang)))
        root: Any = reader.trailer["/Root"]
        assert bool(root["/MarkInfo"]["/Marked"])
        assert root["/Lang"] == lang
        assert root["/ViewerPreferences"]["/DisplayDocTitle"]
        assert reader.metadata is not None
        assert reader.metadata.title == title
        kinds = set(_kinds(root["/StructTreeRoot"]))
        assert {"/Document", "/H1", "/H2", "/P", "/Table", "/TR", "/TD"} <= kinds, kinds
        assert b"pdfuaid" in root["/Metadata"].get_data()


def _kinds(node: Any) -> Iterator[str]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for one in node:
            yield from _kinds(one)
    elif isinstance(node, dict):
        if "/S" in node:
            yield str(node["/S"])
        if "/K" in node:
            yield from _kinds(node["/K"])


def test_its_fonts_are_inside_and_cut_down_to_what_is_used() -> None:
    reader = PdfReader(BytesIO(made_of(HARD_WORDS)))
    fonts: Any = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
    assert len(fonts) >= 2
    for font in fonts:
        assert re.match(r"/[A-Z]{6}\+Sarabun", font["/BaseFont"]), font["/BaseFont"]
        held = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert "/FontFile2" in held
        assert len(held["/FontFile2"].get_data()) < 25_000


def test_what_somebody_wrote_is_never_read_as_typst_and_no_letter_stops_it() -> None:
    found = read(made_of('#panic("x") *bold* $x$ @ref <b> \\ 😀 မြန်မာ é ÷ ฿ "q" // no'))
    for words in ('#panic("x")*bold*$x$@ref<b>\\', BOX, "é÷฿", "//no"):
        assert words in found.pdfium, words


def test_a_letter_costs_less_than_a_second_of_the_processor(client: FlaskClient, sign_in: SignIn, tools: Tools) -> None:
    sign_in(client, SOMCHAI)
    claim = approved(tools, "unemployment")
    fetched(client, claim, "th")
    before = time.process_time()
    made = fetched(client, claim, "th")
    assert time.process_time() - before < 1
    assert len(made) < 100_000
