"""How a hospital is found by somebody who types on a phone, in Thai or in English.

Decided, from the strict to the lenient:
1. **Letters.** Names and queries are written in the same few letters (`words_of`): no tone marks, no karan, no ะ, one letter for those
   that sound alike (ศษส, ณน, ฎฏต, ญย, ิี, ใไ …), ph as p, th as t, v as w, ee as i. Nearly every fold is one letter for one or for none,
   so that each beginning of a name is also a beginning of its letters and the list narrows while one types. Pairs that tell hospitals
   apart (ด/ต, e/i) stay.
2. **One slip.** Only a word that is found nowhere is looked up again with one letter wrong, missing, too many or swapped (`near`).
3. **Bones.** Then by its consonants alone, in one alphabet for both scripts (`bones`): a wrong vowel, "sirirat" for Siriraj.
Precision is kept by the order: a word that is found as typed is never widened. A Thai romaniser and a dictionary word-breaker were
weighed and left out: 67 MB for names that the register already spells in both scripts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

Ownership = Literal["state", "private"]
LONGEST_QUERY = 120
MOST_WORDS = 8
SHORTEST_WITH_SLIP = 4
SHORTEST_BONES = 3


@dataclass(frozen=True)
class Province:
    """`code` is ISO 3166-2 (TH-10), `admin_code` the two digits of the Ministry of Interior."""

    code: str
    admin_code: str
    name_th: str
    name_en: str
    region: str


@dataclass(frozen=True)
class Hospital:
    """One line of the register; `id` is its register_id, the same in imports and in the API. `ended_on` is the last day in the scheme."""

    id: str
    code: str
    name_th: str
    name_en: str
    name_en_basis: str
    province_code: str
    district_th: str
    ownership: Ownership
    beds: int | None
    latitude: str
    longitude: str
    listed_as_sso: str
    source: str
    since: date | None = None
    ended_on: date | None = None
    choose_by: date | None = None
    until_then_id: str | None = None

    def is_in_scheme(self, on: date) -> bool:
        """Whether it treats insured people on that day."""
        return (self.since is None or self.since <= on) and (self.ended_on is None or on <= self.ended_on)


@dataclass(frozen=True)
class Wanted:
    """One search; `on` is the day the hospital must be in the scheme, `limit` 0 asks for the total alone."""

    text: str
    on: date
    province: str | None = None
    adjoining: bool = False
    ownership: Ownership | None = None
    limit: int = 20
    offset: int = 0


@dataclass(frozen=True)
class Found:
    """One page of hospitals, best first, and how many there are in all."""

    hospitals: tuple[Hospital, ...]
    total: int


# --- letters -----------------------------------------------------------------------------------------------------------------------------

_SILENT = "็่้๊๋์๎ฺะฯๆ๏๚๛'’‘`´ʼ\u200b\u200c\u200d\u2060\ufeff\u00ad"
_SOUNDS_ALIKE = {
    "ศษ": "ส", "ณ": "น", "ฎฏ": "ต", "ญ": "ย", "ฐ": "ถ", "ฑฒธ": "ท", "ภ": "พ", "ฆฅ": "ค", "ฃ": "ข", "ฌ": "ช", "ฬ": "ล",
    "ี": "ิ", "ื": "ึ", "ู": "ุ", "ใ": "ไ", "ๅ": "า",
    "v": "w", "z": "s", "q": "k", "j": "c", "y": "i",
}  # fmt: skip
_LETTERS = str.maketrans(
    dict.fromkeys(_SILENT)
    | {letter: kept for alike, kept in _SOUNDS_ALIKE.items() for letter in alike}
    | {"ฤ": "รึ"}
    | {chr(0x0E50 + digit): str(digit) for digit in range(10)}
)
_THAI = "\u0e01-\u0e4e"
_WORD = re.compile(rf"[{_THAI}]+|[a-z]+|[0-9]+|[^\W\d_{_THAI}a-z]+")
_WRITTEN = re.compile(rf"(?:[^\W\d_]|[{_THAI}])+|[0-9\u0e50-\u0e59]+")
_FOREIGN_MARKS = re.compile("[\u0300-\u036f]")
_TWICE = re.compile(r"([^\W\d_]|[ัิึุาำเแโไ])\1+")
_THAI_ABBREVIATION = re.compile(rf"(?<![{_THAI}])(?:ร\s?\.\s?พ\s?\.?|รพ(?:\s?\.|(?=[\u0e01-\u0e2e\u0e40-\u0e44])|(?![{_THAI}])))")
_AREA_ABBREVIATION = re.compile(rf"(?<![{_THAI}.])[จอ]\.(?=\s?[{_THAI}]{{2}})")
_ROMAN = tuple(
    (re.compile(pattern), kept)
    for pattern, kept in (
        (r"bh", "p"), (r"dh", "t"), (r"gh", "k"), (r"ck", "k"),
        (r"(?<=[cgkprst])h", ""),
        (r"(?<=[aeiou])r(?=n)", ""),
        (r"ee", "i"), (r"oo", "u"), (r"uea|eua", "ua"), (r"ue|eu", "u"),
    )
)  # fmt: skip
_TITLES_TH = "โรงพยาบาล"
_TITLES_EN = ("hospital", "hospitals", "hosp")
_AREA_WORDS = ("จังหวัด", "อำเพอ")  # province and district, in the letters of `words_of`


def words_of(text: str) -> tuple[str, ...]:
    """A name or a query as words in the letters that forgive spelling; "โรงพยาบาล", "รพ." and "hospital" are not among them."""
    plain = _without_foreign_marks(text[: LONGEST_QUERY * 4]).casefold()
    plain = _THAI_ABBREVIATION.sub(" ", plain).translate(_LETTERS)
    plain = plain.replace("ํา", "ำ").replace("าํ", "ำ").replace("ํ", "").replace("เเ", "แ").replace(_TITLES_TH, " ")
    return tuple(word for word in map(_one_word, _WORD.findall(plain)) if word)


def joined(words: Sequence[str]) -> str:
    """A name without its spaces; letters that meet twice at a seam count once, as they do inside a word."""
    whole = ""
    for word in words:
        whole += word[1:] if whole[-1:] == word[0] and not word[0].isdigit() else word
    return whole


def query_words(text: str) -> tuple[str, ...]:
    """What somebody typed, as words to look for; a title half typed ("โรงพย", "hospi") and "จังหวัด" ask for nothing by themselves."""
    words = (_without_area(word) for word in words_of(_AREA_ABBREVIATION.sub(" ", text[:LONGEST_QUERY])))
    return tuple(word for word in words if word and not _begins_a_title(word))[:MOST_WORDS]


def as_written(text: str) -> str:
    """The same text with nothing forgiven but case, spaces, punctuation and the title: what ranks names that begin just as typed."""
    plain = _THAI_ABBREVIATION.sub(" ", unicodedata.normalize("NFC", text[: LONGEST_QUERY * 4]).casefold()).replace(_TITLES_TH, " ")
    return "".join(word for word in _WRITTEN.findall(plain) if word not in _TITLES_EN)


def _without_foreign_marks(text: str) -> str:
    """é as e, ｅ as e; Thai vowels and tone marks stay (ำ comes apart into ํ and า)."""
    return _FOREIGN_MARKS.sub("", unicodedata.normalize("NFKD", text))


@lru_cache(maxsize=65536)
def _one_word(word: str) -> str:
    if "a" <= word[0] <= "z":
        word = _roman_letters(word)
    return word if word.isdigit() else _TWICE.sub(r"\1", word)


def _roman_letters(word: str) -> str:
    word = "" if word in _TITLES_EN else word.replace(_TITLES_EN[0], "")
    for pattern, kept in _ROMAN:
        word = pattern.sub(kept, word)
    return word


def _without_area(word: str) -> str:
    for area in _AREA_WORDS:
        word = word.removeprefix(area)
    return "" if word == "prowince" else word


def _begins_a_title(word: str) -> bool:
    return len(word) >= 3 and (_TITLES_TH.startswith(word) or _TITLES_EN[0].startswith(word))


# --- bones -------------------------------------------------------------------------------------------------------------------------------

_BONES = str.maketrans(
    {letter: bone for bone, alike in {
        "k": "กขคgk", "nk": "ง", "t": "จฉชดตถทtdc", "s": "ซสsx", "n": "นn", "p": "บปผพpb", "f": "ฝฟf", "m": "มำm", "l": "รลlr",
        "-": "ยวหฮอaeiouwhัิึุาเแโไ",
    }.items() for letter in alike}
)  # fmt: skip
_BONE_TWICE = re.compile(r"([a-z])\1+")


def is_thai(word: str) -> bool:
    return any("\u0e00" <= letter <= "\u0e7f" for letter in word)


def bones(word: str) -> str:
    """The consonants of a word (as `words_of` gives it), Thai and English in one alphabet: ศิริราช, Siriraj and sirirat are all `sllt`."""
    return _BONE_TWICE.sub(r"\1", word.translate(_BONES)).replace("-", "")


# --- one slip ----------------------------------------------------------------------------------------------------------------------------

_RESPELT = (("ซ", "ทร"), ("ทร", "ซ"), ("ัน", "ร"), ("ัม", "ำ"), ("ำ", "ัม"), ("ัย", "ไ"))


def respellings(word: str) -> tuple[str, ...]:
    """The same word by another rule of Thai spelling, more than one letter away: ซ for ทร, รร (here one ร) for ัน, ำ for ัม, ไ for ัย."""
    return tuple(dict.fromkeys(word.replace(typed, meant) for typed, meant in _RESPELT if typed in word))


def intact_parts(word: str) -> tuple[str, str, str]:
    """The two parts of which one at least outlives a single slip, and the word with the letters at the seam swapped."""
    seam = _seam(word)
    swapped = word[: seam - 1] + word[seam] + word[seam - 1] + word[seam + 1 :]
    return word[:seam], word[seam:], swapped


def near(word: str, text: str) -> str | None:
    """The piece of `text` that differs from `word` by one letter at most (wrong, missing, too many, two swapped); None if none does."""
    left, right, swapped = intact_parts(word)
    if swapped in text:
        return swapped
    for start in _every_place(left, text):
        end = start + len(left)
        length = _nearly_begins(right, text[end:])
        if length is not None:
            return text[start : end + length]
    for start in _every_place(right, text):
        length = _nearly_begins(left[::-1], text[:start][::-1])
        if length is not None:
            return text[start - length : start + len(right)]
    return None


def _seam(word: str) -> int:
    """In the middle, but a part of three letters or more must remain: a trigram index finds nothing shorter inside a word."""
    return 1 if len(word) == SHORTEST_WITH_SLIP else len(word) // 2


def _every_place(part: str, text: str) -> Iterator[int]:
    start = text.find(part)
    while start >= 0:
        yield start
        start = text.find(part, start + 1)


def _nearly_begins(rest: str, text: str) -> int | None:
    """How many letters at the beginning of `text` say `rest` with at most one slip; None if they say something else."""
    same = 0
    while same < len(rest) and same < len(text) and rest[same] == text[same]:
        same += 1
    if same == len(rest):
        return same
    after = text[same:]
    if after[:2] == rest[same : same + 2][::-1] and after[2:].startswith(rest[same + 2 :]) and len(after) > 1:
        return len(rest)
    if after[1:].startswith(rest[same:]):
        return len(rest) + 1
    if after[1:].startswith(rest[same + 1 :]) and after:
        return len(rest)
    return len(rest) - 1 if after.startswith(rest[same + 1 :]) else None


@dataclass(frozen=True)
class Spelling:
    """One way to look for a word. typed: where a word begins, inside a name, or a place · inside: only inside a name, for a single letter ·
    bones: by its consonants, those of a Thai word among Thai names only."""

    letters: str
    how: Literal["typed", "inside", "thai bones", "bones"] = "typed"


# --- what an index holds -----------------------------------------------------------------------------------------------------------------

_LEADING_VOWEL = re.compile(r"([เแโใไ])([ก-ฮ])")
_MARKS = re.compile("[็่้๊๋์ํ๎]")


@dataclass(frozen=True)
class Entry:
    """A hospital as an index sees it. Each name is a tuple of words; `places` are words too: province, district, code."""

    hospital: Hospital
    names: tuple[tuple[str, ...], ...]
    places: tuple[str, ...]


def entry(hospital: Hospital, province: Province) -> Entry:
    """By what a hospital is found."""
    names = tuple(dict.fromkeys(words for words in (words_of(hospital.name_th), words_of(hospital.name_en)) if words))
    return Entry(hospital, names, _place_words(hospital, province))


def _place_words(hospital: Hospital, province: Province) -> tuple[str, ...]:
    areas = _area_words(province.name_th, province.name_en, hospital.district_th, province.code)
    return (*areas, hospital.code) if hospital.code else areas


@lru_cache(maxsize=4096)
def _area_words(thai: str, english: str, district: str, province_code: str) -> tuple[str, ...]:
    english_words = words_of(english)
    names = (english_words, *(words_of(name) for name in _ALSO_CALLED.get(province_code, ())))
    joined_and_apart = (word for name in names for word in ("".join(name), *name))
    return tuple(dict.fromkeys((*words_of(thai), *words_of(district), *joined_and_apart)))


_ALSO_CALLED = {
    "TH-10": ("กทม", "bkk", "krung thep"),
    "TH-14": ("อยุธยา", "ayudhya"),
    "TH-24": ("แปดริ้ว",),
    "TH-30": ("โคราช", "korat"),
}


def in_order_of_name(hospitals: Iterable[Hospital]) -> list[Hospital]:
    """As a Thai dictionary orders the names, without their titles; the order is the same in every answer."""
    return sorted(hospitals, key=lambda hospital: (thai_order(hospital.name_th), hospital.id))


def thai_order(name: str) -> tuple[str, str]:
    """Sorts Thai as dictionaries do: by consonant before the vowel written in front of it, marks counting last."""
    bare = " ".join(name.replace(_TITLES_TH, "", 1).split()).casefold()
    return _LEADING_VOWEL.sub(r"\2\1", _MARKS.sub("", bare)), bare


def distinct_words(entries: Sequence[Entry]) -> list[str]:
    """Every word of every name and place, the most frequent first: where a misspelt word is looked up."""
    seen: dict[str, int] = {}
    for each in entries:
        for word in {word for name in each.names for word in name} | {place for place in each.places if not place.isdigit()}:
            seen[word] = seen.get(word, 0) + 1
    return sorted(seen, key=lambda word: (-seen[word], word))
