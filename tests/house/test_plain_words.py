"""Everything that people read is in plain words: short sentences, no officialese, no blame; each exception has its reason (docs/words.md).

English is measured here. How many words a Thai phrase has only a dictionary can say: tests/journeys/test_thai_set_well.py asks the
browser's own, the one that breaks its lines, so that no large package is needed for it. Here Thai is checked for its words, and for
length by the letters that a reader has to take in between two spaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "words.md"

LONGEST_SENTENCE = 20
"""English words. Plain-language guides say 15 to 20 for readers of nine years (DESIGN 5)."""
LONGEST_PHRASE = 38
"""Thai consonants between two spaces: about twenty syllables, one breath."""
VALUES = re.compile(r"%\((\w+)\)[sd]")
SENTENCES = re.compile(r"(?<=[.!?:;…])[”\"’)]?\s+")
WORD = re.compile(r"[\w฿’'%/.,@–-]+")
CONSONANT = re.compile(r"[\u0e01-\u0e2e]")

TOO_LONG_FOR_A_REASON: dict[str, str] = {}
"""msgid → why it may be longer."""

JARGON = {
    "eligible": "you can",
    "ineligible": "you cannot",
    "entitled": "you can",
    "beneficiary": "who gets the money",
    "remit": "pay in",
    "submit": "send",
    "obtain": "get",
    "purchase": "buy",
    "commence": "start",
    "terminate": "end",
    "prior to": "before",
    "utilise": "use",
    "utilize": "use",
    "in respect of": "for",
    "pursuant": "by",
    "hereby": "(leave it out)",
    "in accordance": "as",
    "authenticate": "sign in",
    "credentials": "PIN, password",
    "login": "sign-in",
    "log in": "sign in",
    "log out": "sign out",
    "click": "tap, press",
    "navigate": "go",
    "error": "say what happened",
    "invalid": "say what is wanted",
    "failed": "did not work",
    "failure": "say what happened",
    "illegal": "not allowed",
    "cache": "kept copy",
    "server": "we, us",
    "session": "the time you are signed in",
    "subscription": "reminders on this phone",
    "token": "code",
    "reimburse": "pay back",
    "reimbursement": "money back",
    "remuneration": "wage",
    "domicile": "home",
    "user": "you",
    "assess": "check",
    "assessment": "check",
    "facilitate": "help",
    "implement": "do",
    "modify": "change",
    "regarding": "about",
    "kindly": "(leave it out)",
    "please": "(leave it out)",
    "gratuity": "lump sum",
    "click here": "say where it leads",
}
"""The word → what to write instead."""
BLAME = re.compile(
    r"\byou (?:have )?(?:failed|forgot|forgotten|neglected|misread|did ?n[o’']t (?:fill|enter|type|choose|answer|tick|read))\b"
    r"|\byour (?:own )?(?:fault|mistake|error)\b|\bwrong answer\b|\bincorrect\b|\bmust not\b|\bnot permitted\b",
    re.IGNORECASE,
)
JARGON_FOR_A_REASON = {
    (
        "Since %(day)s everybody signs in to the e-Self Service with ThaiD. The user name and password from before "
        "cannot be used any more, here or there."
    ): "the SSO's own word for what people had",
    "The user name and password from before cannot be used any more.": "the SSO's own word for what people had",
    "You had a user name and a password": "the SSO's own word for what people had",
    "iPhone or iPad: Calendar, “Calendars”, “Add Calendar”, “Add Subscription Calendar”.": "the names that stand on Apple's buttons",
    (
        "Ask for an appointment: “Cervical cancer screening under social security, "
        "please.”"
    ): "a sentence to say to somebody, not ours to the reader",
    "“Please say that again, slowly.” You may ask this as often as you like.": "a sentence to say to the hotline, not ours to the reader",
}

FORBIDDEN_THAI = {
    r"(?<!เ)ท่าน": "คุณ",
    "กรุณา": "(ตัดทิ้ง)",
    "โปรด": "(ตัดทิ้ง)",
    "ดำเนินการ": "ทำ ส่ง ยื่น",
    "ทำรายการ": "ทำ ส่ง",
    "ไม่สามารถ": "ยัง…ไม่ได้",
    "(?<!ชื่อ)ผู้ใช้": "คุณ",
    "คลิก": "แตะ กด",
    "ล้มเหลว": "ยังไม่สำเร็จ",
    "มิได้": "ไม่ได้",
    "มิให้": "ไม่ให้",
    "ทั้งนี้": "(ตัดทิ้ง)",
    "อนึ่ง": "(ตัดทิ้ง)",
    "(?<!วัตถุ)ประสงค์": "อยาก ต้องการ",
    "กระทำ": "ทำ",
    "เช็ค": "เช็ก",
    "อีเมล์": "อีเมล",
    "อัพเดท": "อัปเดต",
    "อินเทอร์เน็ต|อินเตอร์เน็ต": "เน็ต",
    "เซิร์ฟเวอร์": "เรา",
    "เซสชัน": "เวลาใช้งาน",
    "แคช": "ที่เก็บไว้ในเครื่อง",
    "ล็อกอิน": "เข้าสู่ระบบ",
    "คุณลืม": "บอกว่าต้องทำอะไร",
    "คุณทำผิด": "บอกว่าต้องทำอะไร",
    "คุณกรอกผิด": "บอกว่าต้องทำอะไร",
    "คุณไม่ได้กรอก|คุณไม่ได้เลือก": "บอกว่าต้องทำอะไร",
    "มีสิทธิได้รับ|ไม่มีสิทธิ": "ขอ…ได้ ยังไม่ถึงเกณฑ์",
}
"""A pattern → what to write instead."""
FORBIDDEN_THAI_FOR_A_REASON = {
    "Not offered under section %(section)s, as far as we know": "says what a section of the law holds, not what somebody may have",
    (
        "The benefits of section 33 for things that do not come from work are not paid in this job. Ask 1506 which "
        "other right to treatment you have."
    ): "says what a kind of job holds, not what somebody may have",
}


def catalogue() -> Catalog:
    return read_po(BytesIO((ROOT / "translations/th/LC_MESSAGES/messages.po").read_bytes()), locale="th")


def english() -> Iterator[str]:
    for message in catalogue():
        if message.id:
            yield from ((message.id,) if isinstance(message.id, str) else message.id)


def thai() -> Iterator[tuple[str, str]]:
    """(msgid, what it says in Thai without phrase marks)."""
    for message in catalogue():
        if message.id:
            yield _first(message), _said(message).replace("|", "")


def _first(message: Message) -> str:
    return message.id if isinstance(message.id, str) else str(message.id[0])


def _said(message: Message) -> str:
    return message.string if isinstance(message.string, str) else str(message.string[0])


def words_of(text: str) -> list[int]:
    """How many words each sentence has; a value counts as one."""
    return [len(WORD.findall(sentence)) for sentence in SENTENCES.split(VALUES.sub("X", text))]


def test_no_english_sentence_is_longer_than_one_breath() -> None:
    long = {text: max(words_of(text)) for text in english() if max(words_of(text)) > LONGEST_SENTENCE}
    assert not {text: words for text, words in long.items() if text not in TOO_LONG_FOR_A_REASON}
    assert set(TOO_LONG_FOR_A_REASON) <= set(long), "an exception that is no longer needed"


def test_no_thai_phrase_is_longer_than_one_breath() -> None:
    long = [
        phrase
        for _msgid, text in thai()
        for phrase in re.split(r"[\s:;()“”]+", VALUES.sub("", text))
        if len(CONSONANT.findall(phrase)) > LONGEST_PHRASE
    ]
    assert not long


@pytest.mark.parametrize("word", JARGON)
def test_no_word_of_offices_and_programmers(word: str) -> None:
    pattern = re.compile(rf"\b{word}(?:s|d|ed|ing)?\b", re.IGNORECASE)
    found = {text for text in english() if pattern.search(text)}
    assert not found - set(JARGON_FOR_A_REASON), f"write: {JARGON[word]}"


def test_every_exception_is_still_needed() -> None:
    texts = set(english())
    assert set(JARGON_FOR_A_REASON) <= texts
    assert all((JARGON_FOR_A_REASON | TOO_LONG_FOR_A_REASON | FORBIDDEN_THAI_FOR_A_REASON).values())


def test_nobody_is_blamed() -> None:
    assert not [text for text in english() if BLAME.search(text)]


@pytest.mark.parametrize("word", FORBIDDEN_THAI)
def test_no_thai_word_that_keeps_people_at_a_distance(word: str) -> None:
    found = {msgid for msgid, text in thai() if re.search(word, text)}
    assert not found - set(FORBIDDEN_THAI_FOR_A_REASON), f"write: {FORBIDDEN_THAI[word]}"


def test_the_guide_to_words_names_each_of_them() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    assert not [word for word, instead in JARGON.items() if f"| {word} | {instead} |" not in guide]
    bare = {re.sub(r"\(\?<!.*?\)", "", word).replace("|", ", "): instead for word, instead in FORBIDDEN_THAI.items()}
    assert not [word for word, instead in bare.items() if f"| {word} | {instead} |" not in guide]
