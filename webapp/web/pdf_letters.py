"""What a PDF of Typst says of its Thai letters, put right: each glyph gives back its own letter, once.

Typst names a whole cluster (letter, vowel, tone) for each of its glyphs, and says the cluster again as ActualText over those that stand
on one height. So readers get some clusters twice (facts/stack.md; typst #7610). Here the glyphs of each cluster are put beside its
letters, in order, and written into the fonts' tables; the ActualText goes. It stays for the vowel am, which shaping takes apart into a
ring and aa with the tone between: a reader that ignores ActualText gets those two, which compare as the same letter.

Put aside: leaving it as it is; another tool (facts/stack.md); a font whose glyphs come one for each letter (marks would collide).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, cast

from pypdf import PageObject, PdfWriter
from pypdf.generic import ByteStringObject, ContentStream, DictionaryObject, StreamObject, TextStringObject

TONES = "\u0e48\u0e49\u0e4a\u0e4b"
SARA_AM, RING, SARA_AA = "\u0e33", "\u0e4d", "\u0e32"
NAMED = re.compile(r"<([0-9A-F]{4})> <[0-9A-F]+>")
BYTES_OF_A_GLYPH = 2
Glyph = tuple[int, bytes]
"""The font's object number, and the code in it."""


@dataclass
class Cluster:
    """`text` as Typst names it, and what is drawn of it so far; `marks` are the places of its ActualText in the page."""

    text: str
    glyphs: list[Glyph] = field(default_factory=list)
    marks: list[tuple[int, int]] = field(default_factory=list)

    @property
    def letters(self) -> list[str]:
        """One for each glyph that is still to come or there: those of the text, or of the taken-apart vowel."""
        return _taken_apart(self.text, len(self.glyphs))

    @property
    def is_whole(self) -> bool:
        return len(self.glyphs) >= len(self.letters)

    @property
    def keeps_its_text(self) -> bool:
        """Only where the letters do not say it themselves, and one mark holds all of it."""
        return self.text.endswith(SARA_AM) and len(self.marks) == 1


def each_letter_once(made: bytes) -> bytes:
    """The same document; nothing that is seen changes."""
    writer = PdfWriter(clone_from=BytesIO(made))
    fonts: dict[int, DictionaryObject] = {}
    letters: dict[Glyph, str] = {}
    for page in writer.pages:
        _put_page_right(writer, page, fonts, letters)
    for number, font in fonts.items():
        _name_glyphs(font, {code: letter for (of, code), letter in letters.items() if of == number})
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _put_page_right(writer: PdfWriter, page: PageObject, fonts: dict[int, DictionaryObject], letters: dict[Glyph, str]) -> None:
    stream = cast(StreamObject, page["/Contents"].get_object())
    content = ContentStream(stream, writer)
    drawn, gone = content.operations, set[int]()
    for cluster in _clusters(drawn, page["/Resources"]["/Font"], fonts):  # type: ignore[index]
        if len(cluster.letters) != len(cluster.glyphs):
            continue
        letters.update(zip(cluster.glyphs, cluster.letters, strict=True))
        if not cluster.keeps_its_text:
            gone.update(place for pair in cluster.marks for place in pair)
    content.operations = [one for place, one in enumerate(drawn) if place not in gone]
    stream.set_data(content.get_data())


def _clusters(drawn: list[tuple[Any, bytes]], of_page: DictionaryObject, fonts: dict[int, DictionaryObject]) -> Iterator[Cluster]:
    """Those that have an ActualText, with all their glyphs: some are drawn after it, on another height."""
    font, opened, cluster, is_inside = 0, [], None, False
    for place, (operands, operator) in enumerate(drawn):
        if operator == b"Tf":
            font = of_page.raw_get(operands[0]).idnum
            fonts[font] = of_page[operands[0]]  # type: ignore[assignment]
        elif operator == b"BDC":
            text = _actual_text(operands[1])
            opened.append((place, text))
            if text is None:
                continue
            is_inside = True
            if cluster is None or cluster.text != text or cluster.is_whole:
                if cluster is not None:
                    yield cluster
                cluster = Cluster(text)
        elif operator == b"EMC":
            began, text = opened.pop()
            if text is not None and cluster is not None:
                cluster.marks.append((began, place))
                is_inside = False
        elif operator in (b"Tj", b"TJ") and cluster is not None and (is_inside or not cluster.is_whole):
            glyphs = [(font, code) for code in _codes(operands[0])]
            missing = len(cluster.letters) - len(cluster.glyphs)
            cluster.glyphs += glyphs if is_inside else glyphs[:missing]
    if cluster is not None:
        yield cluster


def _actual_text(properties: Any) -> str | None:
    return str(properties["/ActualText"]) if isinstance(properties, DictionaryObject) and "/ActualText" in properties else None


def _codes(shown: Any) -> Iterator[bytes]:
    """Of a Tj or TJ: every glyph, two bytes each."""
    for part in shown if isinstance(shown, list) else [shown]:
        if isinstance(part, ByteStringObject | TextStringObject):
            data = part.original_bytes
            yield from (data[at : at + BYTES_OF_A_GLYPH] for at in range(0, len(data), BYTES_OF_A_GLYPH))


def _taken_apart(text: str, glyphs: int) -> list[str]:
    """As shaping draws it: อำ as a ring, the tone over it, อา; ring and tone may be one glyph."""
    if not text.endswith(SARA_AM):
        return list(text)
    bare = text[:-1].rstrip(TONES)
    tones = text[len(bare) : -1]
    if tones and glyphs == len(text):
        return [*bare, RING + tones, SARA_AA]
    return [*bare, RING, *tones, SARA_AA]


def _name_glyphs(font: DictionaryObject, letters: dict[bytes, str]) -> None:
    """Into the table from which readers take the letters of a font's glyphs."""
    table = cast(StreamObject, font["/ToUnicode"].get_object())

    def named(found: re.Match[str]) -> str:
        letter = letters.get(bytes.fromhex(found[1]))
        return found[0] if letter is None else f"<{found[1]}> <{letter.encode('utf-16-be').hex().upper()}>"

    table.set_data(NAMED.sub(named, table.get_data().decode("ascii")).encode("ascii"))
