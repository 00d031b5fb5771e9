"""A photograph of a paper on a small phone: made smaller before it is sent, in pieces, over a line that drops, and over a closed page."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Page, Request, Response, expect

from tests import files_given as files
from tests.front_door import StandIn, running
from tests.journeys.bad_line import BadLine, Manner, always
from tests.journeys.conftest import A_SMALL_PHONE, ANDROID
from tests.standing_clock import StandingClock
from tests.trial_papers import CASE, KIND, PAPERS, TrialPapers
from webapp.actions import documents, sessions
from webapp.actions.document_reading import Reader
from webapp.adapters.documents.sealed_files import SealedFolder
from webapp.app import create_app, tools_for
from webapp.config import settings_from
from webapp.domain.assurance import Via
from webapp.domain.document import PIECE, Document
from webapp.ports import Tools
from webapp.web import guards, papers
from webapp.web.papers import tag_of

pytestmark = pytest.mark.journey

SOMCHAI = "1000000000009"
AT = f"/documents/for/{KIND}/{CASE}/{tag_of(PAPERS[0])}"
READABLE = 2000
PATIENCE_MS = 20_000


@dataclass
class Sent:
    """What left the phone: the bodies of all pieces, and what the server said was there when each upload began."""

    bodies: list[bytes] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        page.on("request", self._asked)
        page.on("response", self._answered)

    def _asked(self, request: Request) -> None:
        if request.method == "PATCH":
            self.bodies.append(request.post_data_buffer or b"")

    def _answered(self, response: Response) -> None:
        if response.request.method == "POST" and response.url.endswith("/pieces"):
            self.offsets.append(json.loads(response.body())["offset"])

    @property
    def total(self) -> int:
        return sum(map(len, self.bodies))


@pytest.fixture
def tools(tmp_path: Path, settings: object, front_port: int, standin: StandIn, clock: StandingClock) -> Iterator[Tools]:
    """The store of this test, on the address that the phone knows."""
    chosen = settings_from(
        {
            "SITTHI_DATABASE_URL": f"sqlite:///{tmp_path / 'sitthi.db'}",
            "DATA_DIR": str(tmp_path),
            "SITTHI_BASE_URL": f"http://127.0.0.1:{front_port}",
            "SITTHI_THAID_ISSUER": standin.url,
        }
    )
    held = replace(tools_for(chosen), clock=clock, files=SealedFolder(tmp_path / "documents"))
    yield held
    held.store.close()


@pytest.fixture
def app(tools: Tools) -> Flask:
    app = create_app(tools.settings, tools)
    papers.hold(app, {KIND: TrialPapers(tools.store.person_id_of(SOMCHAI), AT)})
    return app


@pytest.fixture
def page(app: Flask, tools: Tools, line: BadLine, browser: Browser) -> Iterator[Page]:
    """Somchai's phone, signed in, before the field of his paper."""
    with ExitStack() as stack:
        line.leads_to(int(stack.enter_context(running(app)).rsplit(":", 1)[1]))
        context = browser.new_context(viewport=A_SMALL_PHONE, user_agent=ANDROID, locale="en-GB")  # type: ignore[arg-type]
        context.add_cookies([{"name": guards.SESSION_COOKIE, "value": _session(tools), "url": line.url}])
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"{line.url}{AT}")
        yield page
        context.close()


def the_one(tools: Tools) -> Document:
    (found,) = documents.documents_of(tools, tools.store.person_id_of(SOMCHAI), KIND, CASE)
    return found


def choose(page: Page, photo: bytes) -> None:
    page.set_input_files("input[type=file]", {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": photo})


def told(page: Page, words: str) -> None:
    expect(page.locator("form [data-said]")).to_have_text(words, timeout=PATIENCE_MS)


def test_a_large_photo_is_made_smaller_on_the_phone_and_its_place_stays_there(page: Page, tools: Tools) -> None:
    photo, sent = files.large_photograph(grain=10), Sent()
    sent.listen(page)
    expect(page.get_by_role("button", name="Send this file")).to_be_hidden()
    choose(page, photo)
    told(page, "All of it has arrived")
    expect(page.locator("#status")).to_have_text("All of it has arrived")
    assert sent.total < len(photo) / 3, f"{sent.total} of {len(photo)} bytes"
    assert max(map(len, sent.bodies)) <= PIECE
    assert files.SECRET in photo
    assert not any(files.SECRET in body for body in sent.bodies)
    assert page.locator("progress").evaluate("bar => bar.value") == 100
    Reader(tools).run()
    expect(page.locator("[data-given] .tag").first).to_have_text("Arrived", timeout=PATIENCE_MS)
    ready = the_one(tools)
    page_made = documents.page_of(tools, ready, 1)
    assert page_made is not None
    assert max(_size(page_made)) == READABLE
    expect(page.locator("[data-given] img")).to_have_count(1)


def _size(jpeg: bytes) -> tuple[int, int]:
    return Image.open(io.BytesIO(jpeg)).size


def test_where_the_line_drops_it_waits_says_so_and_goes_on_by_itself(page: Page, tools: Tools, line: BadLine) -> None:
    line.treats(_some_pieces_lost())
    choose(page, files.large_photograph(grain=10))
    told(page, "All of it has arrived")
    Reader(tools).run()
    assert the_one(tools).is_ready


def _some_pieces_lost():  # type: ignore[no-untyped-def]
    """Of the first pieces one is broken off, one arrives without its answer getting back, and the next is broken off again."""
    manners = iter((Manner.RESET, Manner.LOSING, Manner.RESET))
    return lambda request: next(manners, Manner.GOOD) if request.startswith("PATCH") else Manner.GOOD


def test_without_a_line_it_says_so_and_after_a_closed_page_it_goes_on_where_it_stopped(page: Page, tools: Tools, line: BadLine) -> None:
    photo, sent = files.large_photograph(grain=10), Sent()
    line.treats(_dead_after_two_pieces())
    choose(page, photo)
    told(page, "The net does not answer. Leave this page open: it goes on by itself.")
    expect(page.get_by_role("button", name="Send now")).to_be_visible()
    there = the_one(tools).received
    assert there > 0
    line.treats(always(Manner.GOOD))
    page.reload()
    expect(page.locator("[data-given]")).to_contain_text("has arrived. Choose the same photo again")
    sent.listen(page)
    choose(page, photo)
    told(page, "All of it has arrived")
    assert sent.offsets == [there]
    Reader(tools).run()
    assert the_one(tools).is_ready


def _dead_after_two_pieces():  # type: ignore[no-untyped-def]
    pieces = iter(range(10**9))
    return lambda request: Manner.RESET if request.split(" ")[0] in ("PATCH", "HEAD") and next(pieces) >= 2 else Manner.GOOD


def test_a_file_that_is_no_photo_is_refused_in_words_beside_the_field(page: Page, tools: Tools) -> None:
    page.set_input_files("input[type=file]", {"name": "photo.pdf", "mimeType": "application/pdf", "buffer": b"<html>" + bytes(100)})
    told(page, "This is no photo and no PDF. Choose a photo (JPEG, PNG, HEIC) or a PDF.")
    assert documents.documents_of(tools, tools.store.person_id_of(SOMCHAI), KIND, CASE) == []


def test_without_a_script_the_plain_form_sends_it_as_it_is(app: Flask, tools: Tools, line: BadLine, browser: Browser) -> None:
    with running(app) as town:
        line.leads_to(int(town.rsplit(":", 1)[1]))
        context = browser.new_context(viewport=A_SMALL_PHONE, locale="th-TH", java_script_enabled=False)  # type: ignore[arg-type]
        context.add_cookies([{"name": guards.SESSION_COOKIE, "value": _session(tools), "url": line.url}])
        page = context.new_page()
        page.goto(f"{line.url}{AT}")
        choose(page, files.large_photograph(grain=10))
        page.get_by_role("button", name="ส่งไฟล์นี้").click()
        expect(page.locator("[data-given] .tag").first).to_have_text("ถึงแล้ว กำลังตรวจไฟล์", timeout=PATIENCE_MS)
        Reader(tools).run()
        page.get_by_role("link", name="ดูสถานะล่าสุด").click()
        expect(page.locator("[data-given] .tag").first).to_have_text("ถึงแล้ว")
        context.close()


def _session(tools: Tools) -> str:
    token: str = sessions.open_session(tools, tools.store.person_id_of(SOMCHAI), None, Via.THAID, "2.3")
    return token


def test_nothing_of_it_is_left_on_the_phone(page: Page, tools: Tools) -> None:
    choose(page, files.large_photograph(grain=10))
    told(page, "All of it has arrived")
    Reader(tools).run()
    expect(page.locator("[data-given] img")).to_have_count(1, timeout=PATIENCE_MS)
    kept = page.evaluate(
        """async () => {
          const addresses = [];
          for (const name of await caches.keys()) for (const { url } of await (await caches.open(name)).keys()) addresses.push(url);
          return { addresses, local: { ...localStorage }, session: { ...sessionStorage } };
        }"""
    )
    assert not [address for address in kept["addresses"] if "/documents" in address]
    assert not kept["local"]
    assert not kept["session"]
