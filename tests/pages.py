"""A fetched page, checked for what every page must have before a test looks at what it says."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.front_door import APP

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
UNLABELLED = {"hidden", "submit", "button", "image", "reset"}


@dataclass
class Page:
    """What a reader and a browser find in the answer."""

    status: int
    html: str
    lang: str = ""
    title: str = ""
    h1: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    forms: list[dict[str, Any]] = field(default_factory=list)
    fields: list[dict[str, str]] = field(default_factory=list)
    labelled: set[str] = field(default_factory=set)
    text: str = ""
    main: str = ""

    def form(self, action: str) -> dict[str, Any]:
        """The form that posts to an address beginning with `action`."""
        for form in self.forms:
            if form["action"].startswith(action):
                return form
        raise AssertionError(f"no form to {action}; there are {[form['action'] for form in self.forms]}")


class _Reader(HTMLParser):
    def __init__(self, page: Page) -> None:
        super().__init__(convert_charrefs=True)
        self.page, self.open, self.words, self.main_words = page, [], [], []
        self.link = self.form = None
        self.heading = self.title = self.in_main = self.silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        got = {name: value or "" for name, value in attrs}
        if "id" in got:
            self.page.ids.append(got["id"])
        if tag == "html":
            self.page.lang = got.get("lang", "")
        self.heading |= tag == "h1"
        self.title |= tag == "title" and "svg" not in self.open
        self.silent |= tag in ("script", "style")
        self.in_main |= tag == "main"
        if tag == "h1":
            self.page.h1.append("")
        if tag == "a" and "href" in got:
            self.link = [got["href"], ""]
        if tag == "form":
            self.form = {"action": got.get("action", ""), "method": got.get("method", "get").lower(), "fields": {}, "buttons": []}
            self.page.forms.append(self.form)
        if tag == "label" and "for" in got:
            self.page.labelled.add(got["for"])
        if tag in ("input", "select", "textarea"):
            inside_label = "label" in self.open
            self.page.fields.append({**got, "tag": tag, "inside_label": "1" if inside_label else ""})
            self._remember_field(got)
        if tag == "button" and self.form is not None and "name" in got:
            self.form["buttons"].append((got["name"], got.get("value", "")))
        if tag not in VOID:
            self.open.append(tag)

    def _remember_field(self, got: dict[str, str]) -> None:
        if self.form is None or "name" not in got:
            return
        if got.get("type") in ("radio", "checkbox") and "checked" not in got:
            self.form["fields"].setdefault(got["name"], None)
        else:
            self.form["fields"][got["name"]] = got.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open and self.open.pop() != tag:
                pass
        if tag == "a" and self.link:
            self.page.links.setdefault(" ".join(self.link[1].split()), self.link[0])
            self.link = None
        if tag == "form":
            self.form = None
        self.heading &= tag != "h1"
        self.title &= tag != "title"
        self.silent &= tag not in ("script", "style")
        self.in_main &= tag != "main"

    def handle_data(self, data: str) -> None:
        if self.title:
            self.page.title += data
            return
        if self.silent:
            return
        self.words.append(data)
        if self.in_main:
            self.main_words.append(data)
        if self.heading:
            self.page.h1[-1] += data
        if self.link:
            self.link[1] += data


def read(response: TestResponse) -> Page:
    """Parse without judging."""
    page = Page(response.status_code, response.get_data(as_text=True))
    reader = _Reader(page)
    reader.feed(page.html)
    page.text = " ".join("".join(reader.words).split())
    page.main = " ".join("".join(reader.main_words).split())
    page.title = " ".join(page.title.split())
    page.h1 = [" ".join(heading.split()) for heading in page.h1]
    return page


def read_links(html: str) -> list[str]:
    """Where the links of a piece of a page lead, in order."""
    return re.findall(r'<a\b[^>]* href="([^"]+)"', html)


def sound(page: Page, lang: str | None = None) -> Page:
    """Fail where a page lacks what every page must have."""
    assert page.title, "no title"
    assert len(page.h1) == 1, f"one h1 is wanted, not {page.h1}"
    assert page.h1[0], "an empty h1"
    assert len(page.ids) == len(set(page.ids)), f"ids used twice: {sorted({one for one in page.ids if page.ids.count(one) > 1})}"
    assert lang is None or page.lang == lang, f"lang is {page.lang}, not {lang}"
    for one in page.fields:
        named = one["inside_label"] or one.get("id") in page.labelled or one.get("aria-label") or one.get("aria-labelledby")
        assert one.get("type") in UNLABELLED or named, f"no label for {one}"
    assert not re.search(r"\son[a-z]+=|\sstyle=|javascript:", page.html), "inline script or style"
    return page


def look(client: FlaskClient, path: str, lang: str = "th", status: int = 200) -> Page:
    """GET a page in a language and check it is sound."""
    client.set_cookie("sitthi-language", lang, domain="127.0.0.1")
    response = client.get(path, base_url=APP)
    assert response.status_code == status, f"{path}: {response.status_code} {response.headers.get('Location', '')}"
    return sound(read(response), lang)
