"""Thai as it lies on the screen: room for every mark, no name or sign torn apart, and phrases that one breath can read.

Chromium's own dictionary (ICU) counts the words of a phrase: it is the one that breaks the lines, and it is here anyway. The font is what
the machine has for Thai, or Sarabun where the page asks for looped letters; other phones have others, which the statement says.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.house.test_plain_words import VALUES, thai
from tests.journeys.conftest import Town, Visit

LONGEST_PHRASE = 12
"""Words between two spaces (DESIGN 5)."""
TALL = "ก็ ปี่ ผู้ ฟ้ำ ญู ฐู ที่ ซื้อ กุ้ง ฎุฏู"
GROUPS = ["states", "buttons", "fields", "dates", "lists", "phone", "desk"]
PAGES = [
    "/",
    "/benefits",
    "/hospitals",
    "/guide/own-hospital",
    "/guide/contributions",
    "/settings",
    "/privacy",
    "/sign-in",
    *(f"/patterns/{one}" for one in GROUPS),
]

WORDS = """texts => {
  const words = new Intl.Segmenter("th", {granularity: "word"})
  return texts.map(text => [...words.segment(text)].filter(one => one.isWordLike).length)
}"""
FILL = """tall => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = []
  while (walk.nextNode()) {
    const text = walk.currentNode
    if (/[\\u0e00-\\u0e7f]/.test(text.data) && !text.parentElement.closest("script,style,title")) found.push(text)
  }
  for (const text of found) text.data = tall
  for (const field of document.querySelectorAll("input[type=text],input[type=search],textarea")) field.value = tall
}"""
UNCLIP = "*:not(.vh,.vh *,thead,thead *,img){overflow:visible!important;clip-path:none!important;contain:none!important}"
FIELDS = """tall => {
  const pen = document.createElement("canvas").getContext("2d"), tight = []
  for (const field of document.querySelectorAll("input[type=text],input[type=search],textarea,select")) {
    const style = getComputedStyle(field)
    pen.font = style.font
    const ink = pen.measureText(tall), high = ink.actualBoundingBoxAscent + ink.actualBoundingBoxDescent
    if (high > field.clientHeight) tight.push([field.id, high, field.clientHeight])
  }
  return tight
}"""
LINES = """() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), tight = {}
  while (walk.nextNode()) {
    const text = walk.currentNode, holder = text.parentElement
    if (!/[\\u0e00-\\u0e7f]/.test(text.data) || holder.closest("script,style,svg,[hidden]") || !holder.getClientRects().length) continue
    const style = getComputedStyle(holder), height = parseFloat(style.lineHeight) / parseFloat(style.fontSize)
    const control = holder.closest("button,a,label,summary,select,th,h1,h2,h3,legend,caption,dt,header,nav," +
      ".leaf,.tag,.bar,.pic,.ms,.mq,.vh,.paper,.sheet,.tl b,.es .h")
    const runs = holder.closest("p,li,dd,small") && !control
    const where = (holder.closest("[class]") || holder).className + " " + holder.tagName + (runs ? " runs" : "")
    if (height < (runs ? 1.7 : 1.5) - .01) tight[where] = [height, text.data.trim().slice(0, 30)]
  }
  return tight
}"""
TORN = """([sign, whole]) => {
  const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT), torn = [], seen = []
  while (walk.nextNode()) {
    const text = walk.currentNode, at = text.data.indexOf(sign)
    if (at < 0 || text.parentElement.closest("svg,select,.vh") || !text.parentElement.getClientRects().length) continue
    seen.push([text, at])
  }
  const box = document.querySelector("main"), range = document.createRange()
  const top = (text, from, to) => {
    range.setStart(text, from)
    range.setEnd(text, to)
    return [...range.getClientRects()].map(one => Math.round(one.top))
  }
  for (let width = 320; width > 150; width -= 6) {
    box.style.width = width + "px"
    for (const [text, at] of seen) {
      let holder = text.parentElement
      while (!holder.clientWidth) holder = holder.parentElement
      if (holder.clientWidth < 120) continue  // narrower than the word itself: then it must break somewhere
      const from = whole ? at : Math.max(0, at - 2), lines = new Set(top(text, from, at + sign.length))
      if (lines.size > 1) torn.push([width, text.data.trim().slice(0, 40)])
    }
  }
  box.style.width = ""
  return [seen.length, torn]
}"""

LEAVE_NAMES = """() => {
  for (const one of document.querySelectorAll("main *:not(bdi):not(bdi *)"))
    for (const text of [...one.childNodes]) if (text.nodeType == 3) text.data = ""
}"""


def phrases() -> list[str]:
    return sorted({phrase for _msgid, text in thai() for phrase in re.split(r"[\s:;,()“”–]+", VALUES.sub(" ", text)) if phrase})


def thai_page(visit: Visit, path: str, look: str = "", **options: Any) -> Page:
    page = visit("/offline", "th", **options)
    page.context.add_cookies([{"name": "sitthi-look", "value": look or "text_size=1", "url": page.url}])
    page.goto(path)
    return page


def test_no_thai_phrase_has_more_words_than_one_breath(visit: Visit) -> None:
    found = phrases()
    counted = dict(zip(found, visit("/offline").evaluate(WORDS, found), strict=True))
    assert not {phrase: words for phrase, words in counted.items() if words > LONGEST_PHRASE}


@pytest.mark.parametrize("look", ["text_size=1", "text_size=4", "text_size=1&looped=1"])
def test_no_mark_is_cut_off_in_any_kind_of_text(visit: Visit, look: str) -> None:
    page = thai_page(visit, "/offline", look)
    cut = []
    for group in GROUPS:
        page.goto(f"/patterns/{group}")
        page.evaluate(FILL, TALL)
        assert not page.evaluate(FIELDS, TALL), f"a field of {group} is too low for its marks"
        as_it_is = page.screenshot(full_page=True, animations="disabled", caret="hide")
        page.evaluate("css => { const free = new CSSStyleSheet(); free.replaceSync(css); document.adoptedStyleSheets = [free] }", UNCLIP)
        if page.screenshot(full_page=True, animations="disabled", caret="hide") != as_it_is:
            cut.append(group)
    assert not cut, "without clipping these look different: something of a tall stack was cut"


def test_lines_of_thai_stand_far_enough_apart(visit: Visit) -> None:
    page, tight = thai_page(visit, "/offline"), {}
    for path in PAGES:
        page.goto(path)
        tight |= {f"{path}: {where}": how for where, how in page.evaluate(LINES).items()}
    assert not tight


def test_the_repeating_sign_never_begins_a_line(visit: Visit) -> None:
    page = thai_page(visit, "/guide", viewport={"width": 320, "height": 740})
    seen, torn = page.evaluate(TORN, ["ๆ", False])
    assert seen
    assert not torn


def test_a_hospital_is_never_torn_inside_its_first_word(visit: Visit, town: Town) -> None:
    page = thai_page(visit, "/hospitals?q=โรงพยาบาล", viewport={"width": 320, "height": 740})
    page.evaluate(LEAVE_NAMES)
    seen, torn = page.evaluate(TORN, ["โรงพยาบาล", True])
    assert seen > 5
    assert not torn
