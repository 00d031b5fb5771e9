"""The page read aloud. Headless Chromium has no voice, so a voice is put in that only writes down what it was to say."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit
from webapp.web.assets import asset

pytestmark = pytest.mark.journey

PUT_IN_VOICES = """(() => {
  const heard = [], listeners = new EventTarget();
  let now;
  const voices = JSON.parse('VOICES');
  const speech = {
    heard, voices,
    getVoices: () => speech.voices,
    speak(utterance) { if (!utterance.text) return; now = utterance; heard.push(utterance); },
    finish() { const one = now; now = undefined; one.onend(); },
    fail() { const one = now; now = undefined; one.onerror({ error: "synthesis-failed" }); },
    cancel() { now = undefined; sessionStorage.setItem("cancelled", "1"); },
    addEventListener: (...all) => listeners.addEventListener(...all),
    come(more) { speech.voices = more; listeners.dispatchEvent(new Event("voiceschanged")); },
  };
  Object.defineProperty(window, "speechSynthesis", { value: speech });
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
})();"""
NO_HIGHLIGHTS = 'Object.defineProperty(CSS, "highlights", { value: undefined });'
THAI = '{"lang":"th-TH","name":"Kanya","localService":true}'
THAI_FROM_THE_NET = '{"lang":"th_TH","name":"Net","localService":false}'
ENGLISH = '{"lang":"en-GB","name":"Kate","localService":true}'
MARKED = "[...(CSS.highlights.get('aloud') ?? [])].map(String).join().replace(/\\s+/g, ' ').trim()"


def open_page(visit: Visit, path: str, *voices: str, lang: str = "th", look: str = "", before: str = "", **options: Any) -> Page:
    page = visit("about:blank", lang, **options)
    page.add_init_script(PUT_IN_VOICES.replace("VOICES", f"[{','.join(voices)}]") + before)
    if look:
        page.context.add_cookies([{"name": "sitthi-look", "value": look, "url": page.context._options["baseURL"]}])
    page.goto(path)
    return page


def heard(page: Page) -> list[str]:
    texts: list[str] = page.evaluate("speechSynthesis.heard.map(({ text }) => text)")
    return texts


def begin(page: Page) -> None:
    """Press, and wait for the first words."""
    page.locator("#listen button").first.click()
    expect(page.locator("#listen[data-on]")).to_have_count(1)


def read_to_the_end(page: Page) -> list[str]:
    begin(page)
    for _sentence in range(400):
        if page.locator("#listen[data-on]").count() == 0:
            return heard(page)
        page.evaluate("speechSynthesis.finish()")
    raise AssertionError("it never ends")


def test_the_button_shows_only_where_there_is_a_voice_for_the_page(visit: Visit) -> None:
    page = open_page(visit, "/help", ENGLISH)
    expect(page.locator("#listen")).to_be_hidden()
    page.evaluate(f"speechSynthesis.come([{THAI_FROM_THE_NET}])")
    expect(page.locator("#listen")).to_be_visible()
    without = visit("/help", "th")
    expect(without.locator("#listen")).to_be_hidden()


def test_under_less_data_only_a_voice_on_the_phone_counts_and_nothing_is_loaded_before_the_press(visit: Visit) -> None:
    page = visit("about:blank", "th", service_workers="block")
    page.add_init_script(PUT_IN_VOICES.replace("VOICES", f"[{THAI_FROM_THE_NET}]"))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/settings")
    page.locator("#aloud").click()
    page.locator("#aloud").click()
    page.locator("#less_data").click()
    expect(page.locator("#listen")).to_be_hidden()
    page.evaluate(f"speechSynthesis.come([{THAI_FROM_THE_NET}, {THAI}])")
    expect(page.locator("#listen")).to_be_visible()
    assert not [address for address in asked if "read-aloud" in address]
    begin(page)
    assert page.evaluate("speechSynthesis.heard[0].voice.name") == "Kanya"


def test_the_whole_text_is_read_in_order_in_sentences_and_nothing_else(visit: Visit) -> None:
    page = open_page(visit, "/help", THAI, ENGLISH)
    said = read_to_the_end(page)
    plain = "".join("".join(said).split())
    assert "".join(said[0].split()) == "".join(page.locator("h1").inner_text().split()), "phrase spans do not part a heading"
    sections = [page.locator(f"#{one}").inner_text() for one in ("call", "somebody", "office", "sign-in")]
    places = [plain.index("".join(one.replace("1506", "1 5 0 6").split())) for one in sections]
    assert places == sorted(places)
    assert "1 5 0 6" in " ".join(said)
    assert not [one for one in said if "เมนู" in one or one == "ฟัง"]
    assert page.evaluate("speechSynthesis.heard.every(({ lang, voice }) => lang === voice.lang)")
    expect(page.locator("#listen button").first).to_have_text("ฟัง")
    assert page.evaluate(MARKED) == ""


def test_what_is_read_is_marked_and_can_be_paused_gone_on_with_and_stopped_by_keyboard(visit: Visit) -> None:
    page = open_page(visit, "/help", ENGLISH, lang="en")
    button = page.locator("#listen button").first
    for _press in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("Boolean(document.activeElement.closest('#listen'))"):
            break
    page.keyboard.press("Enter")
    expect(button).to_have_text("Pause")
    assert page.evaluate(MARKED) == page.locator("h1").inner_text()
    page.evaluate("speechSynthesis.finish()")
    second = heard(page)[1]
    page.keyboard.press("Space")
    expect(button).to_have_text("Go on")
    assert len(heard(page)) == 2
    page.keyboard.press("Space")
    expect(button).to_have_text("Pause")
    assert heard(page)[2] == second, "the sentence begins again"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Stop"
    page.keyboard.press("Enter")
    expect(button).to_have_text("Listen")
    expect(button).to_be_focused()
    assert page.evaluate(MARKED) == ""
    page.keyboard.press("Enter")
    expect(button).to_have_text("Pause")
    page.keyboard.press("Escape")
    expect(button).to_have_text("Listen")


def test_a_browser_without_highlights_marks_the_box(visit: Visit) -> None:
    page = open_page(visit, "/help", ENGLISH, lang="en", before=NO_HIGHLIGHTS)
    begin(page)
    expect(page.locator("h1[data-aloud]")).to_have_count(1)
    page.evaluate("speechSynthesis.finish()")
    expect(page.locator("[data-aloud]")).to_have_count(1)
    expect(page.locator("h1[data-aloud]")).to_have_count(0)


def test_it_stops_on_the_way_to_another_page_and_says_when_the_voice_fails(visit: Visit) -> None:
    page = open_page(visit, "/help", ENGLISH, lang="en")
    begin(page)
    page.evaluate("speechSynthesis.fail()")
    expect(page.locator("#status")).to_have_text("The voice has stopped. Press Listen to try again.")
    expect(page.locator("#listen button").first).to_have_text("Listen")
    begin(page)
    page.evaluate("sessionStorage.removeItem('cancelled')")
    page.goto("/guide")
    assert page.evaluate("sessionStorage.getItem('cancelled')") == "1"


WORDS = [
    ("th", "ส่งภายใน 1 มิ.ย. 2569 ก่อน 16:30 น.", "ส่งภายใน 1 มิถุนายน 2569 ก่อน 16 นาฬิกา 30 นาที"),
    ("th", "เปิด 08:00 น.", "เปิด 8 นาฬิกา"),
    ("th", "ได้ 4,125 บาท", "ได้ 4125 บาท"),
    ("th", "ได้ 12,004.50 บาท", "ได้ 12004 บาท 50 สตางค์"),
    ("th", "โทร 1506 ได้ 24 ชม.", "โทร 1 5 0 6 ได้ 24 ชั่วโมง"),
    ("th", "60 % ของค่าจ้าง", "60 เปอร์เซ็นต์ ของค่าจ้าง"),
    ("th", "1–15 พ.ค. พ.ศ. 2569", "1 ถึง 15 พฤษภาคม พุทธศักราช 2569"),
    ("th", "เริ่มใช้ รพ. ใหม่ ตามที่ สปส. แจ้ง", "เริ่มใช้ โรงพยาบาล ใหม่ ตามที่ สำนักงานประกันสังคม แจ้ง"),
    ("th", "แบบ สปส. 9-02", "แบบ สอ ปอ สอ 9 ขีด 02"),
    ("en", "Send by 1 Jun 2026, before 16:30", "Send by 1 June 2026, before 16:30"),
    ("en", "฿4,125 and ฿12.50", "4125 baht and 12 baht 50 satang"),
    ("en", "Reference HC-7K2M-9QTX", "Reference H C, 7 K 2 M, 9 Q T X"),
    ("en", "1–15 May", "1 to 15 May"),
    ("my", "1506, 12,000", "1 5 0 6, 12000"),
]


def test_dates_money_and_short_forms_are_said_as_words(visit: Visit) -> None:
    page = visit("/help", "th")
    said = page.evaluate(
        "async ([address, all]) => { const { words } = await import(address); return all.map(([lang, text]) => words(text, lang)); }",
        [asset("js/read-aloud.js"), [list(one) for one in WORDS]],
    )
    assert said == [wanted for _lang, _text, wanted in WORDS]


def test_an_abbreviation_is_read_as_its_title_says_and_another_language_by_its_own_voice(visit: Visit) -> None:
    page = open_page(visit, "/help", THAI, ENGLISH)
    heading = '<abbr title="โรงพยาบาล">ร.พ.</abbr> ใหม่ <span lang="en">Pathum Thani Hospital</span>'
    page.evaluate("(html) => { document.querySelector('h1').innerHTML = html; }", heading)
    said = read_to_the_end(page)
    assert said[:2] == ["โรงพยาบาล ใหม่", "Pathum Thani Hospital"]
    assert page.evaluate("speechSynthesis.heard.slice(0, 2).map(({ lang }) => lang)") == ["th-TH", "en-GB"]
