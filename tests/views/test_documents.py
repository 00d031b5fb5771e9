"""Papers over HTTP: the plain form, the pieces, the pictures, and who is told that there is no such page."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from flask import Flask, request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import claim_people
from tests import files_given as files
from tests.front_door import APP, running
from tests.pages import read, sound
from tests.trial_papers import CASE, KIND, PAPERS, TrialPapers
from webapp.actions import claim_desk, sessions
from webapp.actions import documents as action
from webapp.actions.document_reading import Reader
from webapp.adapters.documents.sealed_files import SealedFolder
from webapp.app import HOLDERS
from webapp.domain.assurance import Via
from webapp.domain.document import LARGEST, MOST_NOT_SENT, MOST_OF_A_PAPER, PIECE, Document, Place, State
from webapp.ports import Tools
from webapp.web import guards, papers
from webapp.web.file_form import takes_a_file
from webapp.web.papers import tag_of
from webapp.web.tools import hand_over

SOMCHAI, SOMYING, OFFICER = "1000000000009", "1000000000017", "1000000000076"
PAPER = PAPERS[0]
AT = f"/documents/for/{KIND}/{CASE}/{tag_of(PAPER)}"
BACK = "/my-data"


@pytest.fixture
def tools(tools: Tools, tmp_path: Path) -> Tools:
    return replace(tools, files=SealedFolder(tmp_path / "documents"))


@pytest.fixture
def app(app: Flask, tools: Tools) -> Iterator[Flask]:
    """With a kind of case that takes papers of Somchai's, until a test closes it."""
    hand_over(app, tools)
    before = app.extensions[papers.EXTENSION]
    papers.hold(app, {KIND: TrialPapers(tools.store.person_id_of(SOMCHAI), BACK)})
    yield app
    app.extensions[papers.EXTENSION] = before


@pytest.fixture
def client(app: Flask, tools: Tools) -> FlaskClient:
    """Somchai's."""
    return come_in(app.test_client(), tools, SOMCHAI)


@pytest.fixture
def stranger(app: Flask, tools: Tools) -> FlaskClient:
    """Somying's: insured and signed in, and it is none of her business."""
    return come_in(app.test_client(), tools, SOMYING)


@pytest.fixture
def desk(app: Flask, tools: Tools) -> FlaskClient:
    client = app.test_client()
    token = sessions.open_session(tools, None, tools.store.officer_of(OFFICER).id, Via.THAID, "2.3")
    client.set_cookie(guards.SESSION_COOKIE, token, domain="127.0.0.1")
    return client


def come_in(client: FlaskClient, tools: Tools, pid: str) -> FlaskClient:
    client.set_cookie(guards.SESSION_COOKIE, session_of(tools, pid), domain="127.0.0.1")
    return client


def session_of(tools: Tools, pid: str) -> str:
    token: str = sessions.open_session(tools, tools.store.person_id_of(pid), None, Via.THAID, "2.3")
    return token


def give(client: FlaskClient, data: bytes, name: str = "photo.jpg", at: str = AT) -> TestResponse:
    return client.post(at, data={"file": (io.BytesIO(data), name)}, content_type="multipart/form-data", base_url=APP)


def the_one(tools: Tools) -> Document:
    (found,) = action.documents_of(tools, tools.store.person_id_of(SOMCHAI), KIND, CASE)
    return found


def given_and_read(client: FlaskClient, tools: Tools, data: bytes | None = None) -> Document:
    assert give(client, data or files.jpeg()).status_code == 303
    Reader(tools).run()
    return the_one(tools)


def sent(client: FlaskClient, tools: Tools, data: bytes | None = None) -> Document:
    one = given_and_read(client, tools, data)
    with tools.store.transaction():
        action.hand_over(tools, one.person_id, KIND, CASE, CASE)
    return the_one(tools)


# A claim


def test_a_paper_the_officer_asked_for_reaches_the_officer(app: Flask, client: FlaskClient, desk: FlaskClient, tools: Tools) -> None:
    papers.hold(app, HOLDERS)
    claim = claim_people.sent(tools, "dental")
    claim_desk.ask_for_paper(tools, claim_people.officer(tools), claim.reference, "id_card", "")
    at = f"/documents/for/claim/{claim.reference}/{tag_of('id_card')}"
    data = files.jpeg()
    begun = client.post(f"{at}/pieces", data={"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}, base_url=APP)
    assert begun.status_code == 201
    assert give(client, files.png(), at=at).status_code == 303
    found = action.documents_of(tools, claim.person_id, "claim", claim.reference)
    assert [one.is_sent for one in found] == [True, True], "in pieces and by the plain form"
    Reader(tools).run()
    (ready,) = [one.id for one in action.documents_of(tools, claim.person_id, "claim", claim.reference) if one.is_ready]
    assert desk.get(f"/officer/documents/{ready}", base_url=APP).status_code == 200


def test_a_reference_spelled_otherwise_has_no_papers_of_its_own(app: Flask, client: FlaskClient, tools: Tools) -> None:
    papers.hold(app, HOLDERS)
    for one in (claim_people.draft(tools, "dental"), claim_people.sent(tools, "sickness")):
        tagged = tag_of("medical_certificate" if one.kind == "sickness" else "receipt")
        assert client.get(f"/documents/for/claim/{one.reference}/{tagged}", base_url=APP).status_code == 200
        for spelled in (one.reference.lower(), one.reference.replace("-", "", 1), one.reference.replace("-", "")):
            at = f"/documents/for/claim/{spelled}/{tagged}"
            assert give(client, files.jpeg(), at=at).status_code == 404
            assert client.post(f"{at}/pieces", data={"size": 100, "sha256": "a" * 64}, base_url=APP).status_code == 404


def test_where_drafts_are_full_it_is_said_what_to_do(client: FlaskClient, tools: Tools) -> None:
    person_id = tools.store.person_id_of(SOMCHAI)
    for number in range(MOST_NOT_SENT):
        place = Place("claim", f"draft-{number // MOST_OF_A_PAPER}", "receipt")
        assert isinstance(action.begin(tools, person_id, place, 100, f"{number:064x}"), Document)
    answer = give(client, files.jpeg())
    assert answer.status_code == 422
    assert f"เรื่องที่ยังไม่ได้ส่ง มีครบ {MOST_NOT_SENT} ไฟล์แล้ว" in read(answer).text


def test_what_a_photo_is_kept_for_is_said_where_it_is_given(app: Flask, client: FlaskClient, tools: Tools) -> None:
    papers.hold(app, HOLDERS)
    waiting, sent_one = claim_people.draft(tools, "dental"), claim_people.sent(tools, "dental", key="2")
    tagged = tag_of("receipt")
    alone = f"/documents/for/claim/{waiting.reference}/{tagged}"
    for address in (alone, f"/claims/{waiting.reference}/papers", f"/claims/{sent_one.reference}"):
        page = read(client.get(address, base_url=APP))
        assert "เจ้าหน้าที่จะอ่านเอกสารของคุณ" in page.text, address


# The plain form


def test_the_field_is_a_plain_one_that_says_what_and_why_and_what_else(client: FlaskClient) -> None:
    page = sound(read(client.get(AT, base_url=APP)))
    assert '<form method="post" action="' + AT + '" enctype="multipart/form-data"' in page.html
    assert 'accept="image/*,application/pdf"' in page.html
    assert "capture" not in page.html
    for words in ("a trial paper", "because it is a trial", "go to the trial office"):
        assert words in page.text


def test_a_photo_sent_without_a_script_leads_back_and_is_ready_when_the_worker_was_there(client: FlaskClient, tools: Tools) -> None:
    answer = give(client, files.jpeg())
    assert (answer.status_code, answer.headers["Location"]) == (303, BACK)
    assert the_one(tools).state is State.WAITING
    assert "กำลังตรวจไฟล์" in sound(read(client.get(AT, base_url=APP))).text
    Reader(tools).run()
    assert "ถึงแล้ว" in sound(read(client.get(AT, base_url=APP))).text


def test_a_photo_of_several_megabytes_comes_through(client: FlaskClient, tools: Tools) -> None:
    photo = files.large_photograph()
    assert len(photo) > 2_000_000
    assert give(client, photo).status_code == 303
    Reader(tools).run()
    assert the_one(tools).is_ready


def test_a_file_that_arrives_waits_in_memory_and_never_in_a_temporary_file(app: Flask, tools: Tools) -> None:
    body = {"file": (io.BytesIO(files.large_photograph()), "photo.jpg")}
    cookie = {"Cookie": f"{guards.SESSION_COOKIE}={session_of(tools, SOMCHAI)}"}
    with app.test_request_context(AT, method="POST", data=body, headers=cookie, base_url=APP):
        assert takes_a_file(lambda: type(request.files["file"].stream).__name__)() == "BytesIO"


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (files.svg(), "photo.jpg", "ไม่ใช่รูปหรือ PDF"),
        (b"", "photo.jpg", "ว่างเปล่า"),
        (b"MZ" + bytes(50), "photo.pdf", "ไม่ใช่รูปหรือ PDF"),
    ],
    ids=["svg", "empty", "program"],
)
def test_what_is_not_taken_is_said_at_the_field(client: FlaskClient, data: bytes, name: str, words: str) -> None:
    answer = give(client, data, name)
    page = read(answer)
    assert answer.status_code == 422
    assert words in page.text
    assert 'aria-invalid="true"' in page.html


def test_a_wrong_ending_and_a_wrong_name_mean_nothing(client: FlaskClient, tools: Tools) -> None:
    assert give(client, files.pdf(), "../../ใบรับรอง โรคของฉัน.exe").status_code == 303
    Reader(tools).run()
    assert the_one(tools).is_ready


def test_nothing_chosen_and_too_large_are_said_too(client: FlaskClient) -> None:
    nothing = client.post(AT, data={"file": (io.BytesIO(b""), "")}, content_type="multipart/form-data", base_url=APP)
    assert nothing.status_code == 422
    assert "เลือกรูปหรือ PDF ก่อน" in read(nothing).text
    too_large = give(client, b"\xff\xd8\xff" + bytes(LARGEST + 64 * 1024))
    assert too_large.status_code == 422
    assert "ใหญ่เกิน 15 MB" in read(too_large).text


def test_whoever_is_signed_out_signs_in_and_comes_back_to_the_field(app: Flask) -> None:
    answer = give(app.test_client(), files.jpeg())
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/sign-in?next={AT}"


def test_no_address_tells_which_paper_it_is(client: FlaskClient) -> None:
    page = sound(read(client.get(AT, base_url=APP)))
    assert PAPER not in page.html
    assert PAPER not in AT


# Pieces


def begin(client: FlaskClient, data: bytes, sha256: str = "") -> TestResponse:
    facts = {"size": len(data), "sha256": sha256 or hashlib.sha256(data).hexdigest()}
    return client.post(f"{AT}/pieces", data=facts, base_url=APP)


def patch(client: FlaskClient, address: str, offset: int, data: bytes, kind: str = "application/offset+octet-stream") -> TestResponse:
    return client.patch(address, data=data, headers={"Upload-Offset": str(offset)}, content_type=kind, base_url=APP)


def test_a_photo_in_pieces(client: FlaskClient, tools: Tools) -> None:
    photo = files.large_photograph(2000, 1500)
    started = begin(client, photo)
    assert started.status_code == 201
    address = started.headers["Location"]
    assert started.json == {"address": address, "offset": 0}
    for offset in range(0, len(photo), PIECE):
        answer = patch(client, address, offset, photo[offset : offset + PIECE])
        assert answer.status_code == 204
        assert int(answer.headers["Upload-Offset"]) == min(offset + PIECE, len(photo))
    Reader(tools).run()
    assert the_one(tools).is_ready
    assert int(client.head(address, base_url=APP).headers["Upload-Offset"]) == len(photo), "a page that missed the last answer is told"
    assert begin(client, photo).json["offset"] == len(photo), "sent once more it is there already"


def test_a_piece_twice_and_a_piece_too_far_are_told_where_to_go_on(client: FlaskClient) -> None:
    photo = files.jpeg()
    address = begin(client, photo).headers["Location"]
    assert patch(client, address, 0, photo[:1000]).status_code == 204
    for offset in (0, 2000):
        answer = patch(client, address, offset, photo[offset : offset + 1000])
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (409, "1000")


def test_pieces_of_what_is_no_picture_or_too_large_are_refused_in_words(client: FlaskClient) -> None:
    address = begin(client, files.svg()).headers["Location"]
    answer = patch(client, address, 0, files.svg())
    assert answer.status_code == 422
    assert "ไม่ใช่รูปหรือ PDF" in answer.json["text"]
    too_large = client.post(f"{AT}/pieces", data={"size": LARGEST + 1, "sha256": "a" * 64}, base_url=APP)
    assert too_large.status_code == 422
    assert "15\u00a0MB" in too_large.json["text"]


@pytest.mark.parametrize(
    ("offset", "data", "kind"),
    [
        ("-1", b"x", "application/offset+octet-stream"),
        ("x", b"x", "application/offset+octet-stream"),
        ("", b"x", "application/offset+octet-stream"),
        ("0", b"", "application/offset+octet-stream"),
        ("0", b"x", "text/plain"),
        ("9" * 40, b"x", "application/offset+octet-stream"),
    ],
)
def test_a_piece_that_is_none_is_a_fault_of_the_program_that_sent_it(client: FlaskClient, offset: str, data: bytes, kind: str) -> None:
    address = begin(client, files.jpeg()).headers["Location"]
    answer = client.patch(address, data=data, headers={"Upload-Offset": offset}, content_type=kind, base_url=APP)
    assert answer.status_code == 400


def test_a_piece_larger_than_a_piece_is_not_read(client: FlaskClient) -> None:
    photo = files.large_photograph(2000, 1500)
    address = begin(client, photo).headers["Location"]
    assert patch(client, address, 0, photo[: PIECE + 1]).status_code == 413


@pytest.mark.parametrize(
    "facts", [{"size": "x", "sha256": "a" * 64}, {"size": "10", "sha256": "A" * 64}, {"size": "-1", "sha256": "a" * 64}, {}]
)
def test_a_beginning_that_says_nothing_is_a_fault(client: FlaskClient, facts: dict[str, str]) -> None:
    assert client.post(f"{AT}/pieces", data=facts, base_url=APP).status_code == 400


def test_a_line_that_is_cut_in_the_middle_of_a_piece_loses_that_piece_alone(app: Flask, tools: Tools, settings: object) -> None:
    """A real server on loopback, and a socket that is closed half-way through a body."""
    import socket

    photo = files.large_photograph(2000, 1500)
    cookie = {guards.SESSION_COOKIE: session_of(tools, SOMCHAI)}
    host = "127.0.0.1:8000"
    with running(app) as url:
        port = int(url.rpartition(":")[2])
        facts = {"size": len(photo), "sha256": hashlib.sha256(photo).hexdigest()}
        with requests.Session() as phone:
            phone.headers["Host"] = host
            phone.cookies.update(cookie)
            address = phone.post(f"{url}{AT}/pieces", data=facts, timeout=20).json()["address"]
            head = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
            assert phone.patch(f"{url}{address}", data=photo[:PIECE], headers=head, timeout=20).status_code == 204
            with socket.create_connection(("127.0.0.1", port), 20) as line:
                sent = f"PATCH {address} HTTP/1.1\r\nHost: {host}\r\nCookie: {guards.SESSION_COOKIE}={cookie[guards.SESSION_COOKIE]}\r\n"
                sent += f"Upload-Offset: {PIECE}\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: {PIECE}\r\n\r\n"
                line.sendall(sent.encode() + photo[PIECE : PIECE + 5000])
                line.shutdown(socket.SHUT_WR)
                line.recv(1000)
            there = int(phone.head(f"{url}{address}", timeout=20).headers["Upload-Offset"])
            assert there == PIECE
            while there < len(photo):
                head["Upload-Offset"] = str(there)
                answer = phone.patch(f"{url}{address}", data=photo[there : there + PIECE], headers=head, timeout=20)
                assert answer.status_code == 204
                there = int(answer.headers["Upload-Offset"])
    Reader(tools).run()
    assert the_one(tools).is_ready


# Two people, and the pictures


def test_another_persons_case_paper_and_picture_are_no_such_page(client: FlaskClient, stranger: FlaskClient, tools: Tools) -> None:
    one = given_and_read(client, tools)
    for address in (AT, f"/documents/{one.id}", f"/documents/{one.id}/thumbnail", f"/documents/{one.id}/pages/1"):
        assert client.get(address, base_url=APP).status_code == 200, address
        assert stranger.get(address, base_url=APP).status_code == 404, address
    assert give(stranger, files.jpeg()).status_code == 404
    assert begin(stranger, files.jpeg()).status_code == 404
    assert stranger.head(f"/documents/{one.id}/pieces", base_url=APP).status_code == 404
    assert patch(stranger, f"/documents/{one.id}/pieces", 0, b"x").status_code == 404
    assert stranger.post(f"/documents/{one.id}/remove", base_url=APP).status_code == 404
    assert the_one(tools).is_ready


def test_a_picture_is_private_kept_nowhere_and_can_do_nothing(client: FlaskClient, tools: Tools) -> None:
    one = given_and_read(client, tools, files.jpeg_and_page())
    for address in (f"/documents/{one.id}/pages/1", f"/documents/{one.id}/thumbnail"):
        answer = client.get(address, base_url=APP)
        assert answer.mimetype == "image/jpeg"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Content-Disposition"].startswith("inline")
        assert b"<script" not in answer.data


def test_its_own_page_shows_it_and_takes_it_away(client: FlaskClient, tools: Tools) -> None:
    one = given_and_read(client, tools, files.pdf(pages=2))
    page = sound(read(client.get(f"/documents/{one.id}", base_url=APP)))
    assert re.findall(r'<img class="sheet" src="([^"]+)" alt="([^"]+)"', page.html) == [
        (f"/documents/{one.id}/pages/1", "หน้า 1 จาก 2"),
        (f"/documents/{one.id}/pages/2", "หน้า 2 จาก 2"),
    ]
    answer = client.post(page.form(f"/documents/{one.id}/remove")["action"], base_url=APP)
    assert (answer.status_code, answer.headers["Location"]) == (303, BACK)
    assert client.get(f"/documents/{one.id}", base_url=APP).status_code == 404


def test_after_its_case_is_closed_a_paper_is_still_shown_and_stays(client: FlaskClient, app: Flask, tools: Tools) -> None:
    one = given_and_read(client, tools)
    app.extensions[papers.EXTENSION][KIND].is_open = False
    page = sound(read(client.get(f"/documents/{one.id}", base_url=APP)))
    assert f"/documents/{one.id}/remove" not in page.html
    assert client.post(f"/documents/{one.id}/remove", base_url=APP).status_code == 404
    assert give(client, files.png()).status_code == 404
    assert the_one(tools).is_ready


def test_a_refused_one_says_why_and_what_to_do_on_both_pages(client: FlaskClient, tools: Tools) -> None:
    one = given_and_read(client, tools, files.locked_pdf())
    for address in (AT, f"/documents/{one.id}"):
        assert "PDF นี้ใส่รหัสผ่านไว้" in sound(read(client.get(address, base_url=APP))).text


def test_under_less_data_pictures_are_asked_for_one_by_one(client: FlaskClient, tools: Tools) -> None:
    one = given_and_read(client, tools)
    for address in (AT, f"/documents/{one.id}"):
        html = client.get(address, headers={"Save-Data": "on"}, base_url=APP).get_data(as_text=True)
        assert "<img" not in html
        assert f"/documents/{one.id}" in html


def test_a_script_asks_for_the_part_alone(client: FlaskClient) -> None:
    part = client.get(AT, headers={"HX-Request": "true"}, base_url=APP).get_data(as_text=True)
    assert "<html" not in part
    assert f'data-given="{AT}"' in part


# Officers


def test_an_officer_says_why_first_and_only_then_sees_a_page(client: FlaskClient, desk: FlaskClient, tools: Tools) -> None:
    one = sent(client, tools)
    at = f"/officer/documents/{one.id}"
    assert desk.get(f"{at}/pages/1", base_url=APP).status_code == 404
    assert desk.get(f"{at}/thumbnail", base_url=APP).status_code == 404
    asked = read(desk.get(at, base_url=APP))
    assert "<img" not in asked.html
    answer = desk.post(f"{at}/open", data={"reason": "deciding"}, base_url=APP)
    assert (answer.status_code, answer.headers["Location"]) == (303, at)
    assert desk.get(f"{at}/thumbnail", base_url=APP).status_code == 200, "beside the case"
    assert desk.get(f"{at}/pages/1", base_url=APP).status_code == 404, "no page is read without its entry"
    page = read(desk.get(at, base_url=APP))
    assert f'src="{at}/pages/1"' in page.html
    assert desk.get(f"{at}/pages/1", base_url=APP).status_code == 200
    told = sound(read(client.get("/my-data/opened", base_url=APP)))
    assert "อ่านเอกสารที่คุณส่ง" in told.text
    assert f"/documents/{one.id}" in told.html


def test_a_draft_and_what_is_still_looked_at_are_no_page_at_the_desk(client: FlaskClient, desk: FlaskClient, tools: Tools) -> None:
    draft = given_and_read(client, tools)
    assert desk.get(f"/officer/documents/{draft.id}", base_url=APP).status_code == 404
    with tools.store.transaction():
        action.hand_over(tools, draft.person_id, KIND, CASE, CASE)
    assert give(client, files.png()).status_code == 303
    waiting = next(one for one in action.documents_of(tools, draft.person_id, KIND, CASE) if not one.is_ready)
    assert desk.get(f"/officer/documents/{waiting.id}", base_url=APP).status_code == 404
    assert desk.get(f"/officer/documents/{draft.id}", base_url=APP).status_code == 200


def test_whoever_is_no_officer_is_told_nothing(client: FlaskClient, stranger: FlaskClient, tools: Tools) -> None:
    one = sent(client, tools)
    for who in (client, stranger):
        assert who.get(f"/officer/documents/{one.id}", base_url=APP).status_code == 404
        assert who.get(f"/officer/documents/{one.id}/pages/1", base_url=APP).status_code == 404


def test_rows_for_other_pages(app: Flask, client: FlaskClient, tools: Tools) -> None:
    one = sent(client, tools)
    with app.test_request_context(base_url=APP):
        (mine,) = papers.rows_of([one])
        (theirs,) = papers.desk_rows(action.for_officer(tools, tools.store.officer_of(OFFICER), KIND, CASE))
    assert (mine["address"], theirs["address"]) == (f"/documents/{one.id}", f"/officer/documents/{one.id}")
    assert mine["picture"] == f"/documents/{one.id}/thumbnail"
