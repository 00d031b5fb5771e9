"""The index that hospitals are found by: for each piece of one to four letters, the set of hospitals whose names hold it, as bits.

Decided, measured at 300 and at 50,000 hospitals (tests/bench/bench_hospital_search.py): a search reads some twenty such sets and joins
them with `&` and `|`; the total is `bit_count()`. So a query costs nearly the same at any size, exact total included, and any engine
that keeps bytes can serve it. Hospital 0 is the first in the Thai alphabet: equal matches come out in the order of their names.

SQLite's FTS5 (trigrams) was built first: long words and the count of their hits made it 4 to 16 times slower at 50,000 than at 300
(12 ms), one and two letters needed work-arounds, and its questions had to be written anew for another engine. LIKE reads everything.

Texts carry marks for where a piece stands: `^` begins a name and `$` ends it, `_` begins a word; `=` a province, district or code; `!`
a name just as written; `~` Thai bones, `|` English ones, `+` those of places, each in capitals of its own. A longer text is met by a
hospital that holds all its pieces of four: in theory they could stand apart, in a name of forty letters they do not.
"""

from __future__ import annotations

import struct
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, MutableSequence, Sequence
from dataclasses import dataclass
from string import ascii_lowercase

from webapp.domain.hospital_search import SHORTEST_BONES, Entry, Spelling, as_written, bones, is_thai, joined

EVERYTHING = "@"
PIECE = 4
SHORTEST_INSIDE = 2
SHORTEST_PLACE = 2
LONGEST_PLACE = 24
LONGEST_BEGINNING = 40
BONES_OPEN_END = 5
CHUNK = 64
SPARSE = 256  # a set of fewer than one hospital in 256 is kept as numbers
ONE = ord("1")
BONE_LETTERS = {
    mark: {ord(letter): first + number for number, letter in enumerate(ascii_lowercase)}
    for mark, first in (("~", ord("Ⓐ")), ("|", ord("A")), ("+", ord("🄰")))
}
PAIRS_IN_A_SLIP = 3  # two letters swapped spoil the pair they make and the ones on both sides

Numbers = MutableSequence[int]
Bits = Callable[[str], int]
Words = Sequence[Sequence[Spelling]]

# --- building ----------------------------------------------------------------------------------------------------------------------------


def build(entries: Iterable[Entry]) -> dict[str, Numbers]:
    """Each piece with the numbers of its hospitals, n being the n-th entry. What words and places hold is worked out once each."""
    held: dict[str, Numbers] = defaultdict(_no_numbers)
    by_word: dict[str, Numbers] = defaultdict(_no_numbers)
    by_place: dict[str, Numbers] = defaultdict(_no_numbers)
    for number, each in enumerate(entries):
        for name in each.names:
            for word in name:
                by_word[word].append(number)
        for place in each.places:
            by_place[place].append(number)
        for piece in _own_pieces(each):
            held[piece].append(number)
    for group, pieces_of in ((by_word, _word_pieces), (by_place, _place_pieces)):
        for word, numbers in group.items():
            for piece in pieces_of(word):
                held[piece].extend(numbers)
    return held


def _no_numbers() -> Numbers:
    return array("I")


def province_piece(code: str) -> str:
    return f"@{code}"


def owner_piece(ownership: str) -> str:
    return f"@{ownership}"


def pieces(text: str) -> list[str]:
    """The pieces of four of a text, or the text itself where it is shorter."""
    return [text[start : start + PIECE] for start in range(max(1, len(text) - PIECE + 1))]


def _own_pieces(each: Entry) -> Iterator[str]:
    """What only this hospital's names as a whole hold: how they begin, end, and where their words meet."""
    yield from (EVERYTHING, province_piece(each.hospital.province_code), owner_piece(each.hospital.ownership))
    for written in {as_written(name[:LONGEST_BEGINNING])[:PIECE] for name in (each.hospital.name_th, each.hospital.name_en)}:
        yield from (f"!{written[:length]}" for length in range(1, len(written) + 1))
    for name in each.names:
        whole = joined(name)
        yield from {f"^{whole[:1]}", f"^{whole[:2]}", f"^{whole[:3]}", f"^{whole}$"[-PIECE:]}
        if len(name) > 1:
            yield from _bone_pieces(whole)
            yield from _pieces_across(name, whole)


def _pieces_across(name: Sequence[str], whole: str) -> Iterator[str]:
    for count in range(1, len(name)):
        seam = len(joined(name[:count]))
        for length in range(SHORTEST_INSIDE, PIECE + 1):
            for start in range(max(0, seam - length + 1), min(seam, len(whole) - length + 1)):
                yield whole[start : start + length]


def _word_pieces(word: str) -> set[str]:
    inner = {word[start : start + length] for length in range(1, PIECE + 1) for start in range(len(word) - length + 1)}
    return inner | {f"_{word[:length]}" for length in range(1, PIECE)} | set(_bone_pieces(word))


def _bone_pieces(word: str) -> list[str]:
    return _boned_text("~" if is_thai(word) else "|", word)


def _place_pieces(place: str) -> set[str]:
    begins = {f"={place[:length]}" for length in range(SHORTEST_PLACE, min(len(place), LONGEST_PLACE) + 1)}
    return begins | set(_boned_text("+", place))


def _boned_text(mark: str, word: str) -> list[str]:
    boned = bones(word)
    return pieces(f"{mark}{boned.translate(BONE_LETTERS[mark])}{mark}") if len(boned) >= SHORTEST_BONES else []


# --- sets of hospitals -------------------------------------------------------------------------------------------------------------------


def pack(numbers: Iterable[int], count: int) -> bytes:
    """Hospitals out of `count`: a few as their numbers, many as bits; both are read faster than anything compressed."""
    distinct = set(numbers)
    if len(distinct) * SPARSE < count:
        return b"n" + struct.pack(f"<{len(distinct)}I", *distinct)
    return b"b" + _bits_of(distinct, count)


def unpack(packed: bytes) -> int:
    """The set as one number: bit n stands for hospital n."""
    if packed[:1] == b"b":
        return int.from_bytes(memoryview(packed)[1:], "little")
    numbers = struct.unpack(f"<{len(packed) // 4}I", packed[1:])
    bits = bytearray(max(numbers) // 8 + 1)
    for number in numbers:
        bits[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(bits, "little")


def _bits_of(numbers: Iterable[int], count: int) -> bytes:
    digits = bytearray(b"0") * count
    for number in numbers:
        digits[-1 - number] = ONE
    return int(digits, 2).to_bytes(count // 8 + 1, "little")


# --- asking ------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """Each word with its spellings, of which one must be met; `written` as typed, for the order."""

    words: tuple[tuple[Spelling, ...], ...]
    written: str = ""


def ranks(asked: Asked, bits: Bits) -> list[int]:
    """Whole name, begins as written, begins, every word begins one, every word inside, every word anywhere; the last holds them all."""
    if not asked.words:
        return [bits(EVERYTHING)]
    wholes = _as_one_word(asked.words)
    begins = _any(_held("^" + name, bits) for name in wholes)
    starts = _all(_any(_at_start(spelling, bits) for spelling in spellings) for spellings in asked.words)
    inside = _all(_any(_inside(spelling, bits) for spelling in spellings) for spellings in asked.words)
    anywhere = _all(_any(_anywhere(spelling, bits) for spelling in spellings) for spellings in asked.words)
    whole = _any(_held(f"^{name}$", bits) for name in wholes)
    as_typed = begins & bits("!" + asked.written[:PIECE]) if asked.written else 0
    return [whole, as_typed, begins, starts, inside, anywhere | begins]


def pieces_asked(asked: Asked) -> list[str]:
    """Every piece that `ranks` will look at, so that all are read at once."""
    looked: dict[str, None] = {}

    def note(piece: str) -> int:
        looked[piece] = None
        return -1

    ranks(asked, note)
    return list(looked)


def is_met(spelling: Spelling, bits: Bits) -> bool:
    """Whether any hospital at all is found by it."""
    return _anywhere(spelling, bits) != 0


def in_any(groups: Iterable[str], bits: Bits) -> int:
    """The hospitals of these provinces, or of this owner."""
    return _any(bits(piece) for piece in groups)


def pairs(word: str) -> tuple[str, ...]:
    """Each two letters of a word that stand together, once."""
    return tuple(dict.fromkeys(word[start : start + 2] for start in range(len(word) - 1)))


def nearly_holding(word: str, bits: Bits) -> int:
    """The hospitals whose name holds all pairs of letters of a word but those that one slip can spoil."""
    together = pairs(word)
    at_least = [-1] + [0] * max(1, len(together) - PAIRS_IN_A_SLIP)
    for pair in together:
        for count in range(len(at_least) - 1, 0, -1):
            at_least[count] |= at_least[count - 1] & bits(pair)
    return at_least[-1]


def page(ranked: Sequence[int], groups: Sequence[int], limit: int, offset: int) -> list[int]:
    """The hospitals at these places of the answer: rank by rank, in each rank the nearer group first, then by name."""
    chosen: list[int] = []
    seen = 0
    for rank in ranked:
        for group in groups:
            fresh = rank & group & ~seen
            count = fresh.bit_count()
            if offset < count:
                chosen += places(fresh, offset, limit - len(chosen))
            offset = max(0, offset - count)
            if len(chosen) >= limit:
                return chosen[:limit]
        seen |= rank
    return chosen


def places(bits: int, start: int, count: int) -> list[int]:
    """The positions of the set bits from the `start`-th on, `count` at most."""
    found: list[int] = []
    packed = bits.to_bytes(bits.bit_length() // 8 + 1, "little")
    for first in range(0, len(packed), CHUNK):
        chunk = int.from_bytes(packed[first : first + CHUNK], "little")
        held = chunk.bit_count()
        if start >= held:
            start -= held
            continue
        for _ in range(start):
            chunk &= chunk - 1
        start = 0
        while chunk and len(found) < count:
            found.append(first * 8 + (chunk & -chunk).bit_length() - 1)
            chunk &= chunk - 1
        if len(found) >= count:
            break
    return found


def _as_one_word(words: Words) -> list[str]:
    """The whole query without its spaces, as often as its one word can be spelt."""
    if any(spelling.how != "typed" for spellings in words for spelling in spellings):
        return []
    if len(words) == 1:
        return [spelling.letters for spelling in words[0]]
    return [joined([spelling.letters for (spelling,) in words])] if all(len(spellings) == 1 for spellings in words) else []


def _at_start(spelling: Spelling, bits: Bits) -> int:
    match spelling.how:
        case "typed":
            return _held("_" + spelling.letters, bits)
        case "inside":
            return _held(spelling.letters, bits)
        case "thai bones":
            return _boned(spelling.letters, ("~",), bits)
        case "bones":
            return _boned(spelling.letters, ("~", "|"), bits)


def _inside(spelling: Spelling, bits: Bits) -> int:
    if spelling.how == "typed" and len(spelling.letters) >= SHORTEST_INSIDE:
        return _at_start(spelling, bits) | _held(spelling.letters, bits)
    return _at_start(spelling, bits)


def _anywhere(spelling: Spelling, bits: Bits) -> int:
    if spelling.how == "typed" and len(spelling.letters) >= SHORTEST_PLACE:
        return _inside(spelling, bits) | bits("=" + spelling.letters[:LONGEST_PLACE])
    if spelling.how.endswith("bones"):
        return _at_start(spelling, bits) | _boned(spelling.letters, ("+",), bits)
    return _inside(spelling, bits)


def _boned(letters: str, marks: Iterable[str], bits: Bits) -> int:
    """Few bones say little: below five they must be the whole word."""
    open_end = len(letters) >= BONES_OPEN_END
    return _any(_held(f"{mark}{letters.translate(BONE_LETTERS[mark])}{'' if open_end else mark}", bits) for mark in marks)


def _held(text: str, bits: Bits) -> int:
    return _all(bits(piece) for piece in pieces(text))


def _any(several: Iterable[int]) -> int:
    found = 0
    for bits in several:
        found |= bits
    return found


def _all(several: Iterable[int]) -> int:
    found = -1
    for bits in several:
        found &= bits
    return found
