"""Papers of a case: giving a file for one, whole or in pieces, looking at what was given, taking it away; and the officers' reading.

The form is a plain one, `multipart/form-data` with one file field. js/upload.js makes it smaller on the phone, sends it in pieces and goes
on where a dropped line stopped: POST …/pieces names size and hash and is told how much is there, PATCH with `Upload-Offset` adds the next
bytes, HEAD asks again. That is the smallest part of tus that is needed (tus.io); the whole of it knows uploads of several kinds of clients.
A picture is answered for its person or a reading officer only, kept nowhere, and shut in by a policy of its own: opened by itself it can
do nothing, whatever it were.
"""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response, abort, jsonify, make_response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.actions import documents as action
from webapp.actions.officers import NobodyDecidesTheirOwnCase
from webapp.domain.assessment import Reason, Refusal
from webapp.domain.assurance import Act
from webapp.domain.document import CASE_ID, PIECE, SHA256, AnotherOffset, Document, Place, State
from webapp.ports import Officer
from webapp.web import guards, opening
from webapp.web.file_form import FileTooLarge, file_sent, takes_a_file
from webapp.web.fragments import show
from webapp.web.papers import (
    DESK,
    MINE,
    PaperAsked,
    fault_words,
    field,
    holder_of,
    is_sent,
    nothing_chosen,
    paper_tagged,
    papers_asked,
    rows_of,
    title_of,
)
from webapp.web.tools import tools

pages = Blueprint("documents", __name__)

SHUT_IN = "default-src 'none'; sandbox; frame-ancestors 'none'"
OFFSET = "Upload-Offset"
PIECES = "application/offset+octet-stream"
LONGEST_SIZE = 12
"""Digits of a size that is looked at."""


# Giving


@pages.route(f"{MINE}/for/<case>/<case_id>/<paper>", methods=["GET", "POST"])
@takes_a_file
@guards.needs(Act.ATTACH_PAPERS)
def give(case: str, case_id: str, paper: str) -> AnyResponse:
    """The field of one paper, alone on a page; a file sent here leads back to the page of its case."""
    asked = _asked_or_404(case, case_id, paper)
    if request.method == "GET":
        return _field_page(case, case_id, asked)
    try:
        data = file_sent()
    except FileTooLarge:
        return _field_page(case, case_id, asked, fault_words(Reason("not_too_large", False)))
    if data is None:
        return _field_page(case, case_id, asked, nothing_chosen())
    place, sent = Place(case, case_id, asked.code), partial(is_sent, case, case_id)
    answer = action.attach(tools(), guards.person_who_asks().id, place, data, is_sent=sent)
    if isinstance(answer, Refusal):
        return _field_page(case, case_id, asked, _first_fault(answer))
    return redirect(asked.address, 303)


def _asked_or_404(case: str, case_id: str, paper: str) -> PaperAsked:
    """Another person's case, one that is closed, another spelling and none at all are the same: there is no such page."""
    asked = paper_tagged(case, case_id, paper) if CASE_ID.fullmatch(case_id) else None
    if asked is None:
        abort(404)
    return asked


def _field_page(case: str, case_id: str, asked: PaperAsked, error: str = "") -> Response:
    facts = field(case, case_id, asked, error)
    errors = [{"field": f"{facts['id']}-file", "text": error}] if error else None
    return show("documents/give.html", "documents/_field.html", status=422 if error else 200, errors=errors, field=facts)


def _first_fault(refusal: Refusal) -> str:
    return fault_words(refusal.unmet[0])


# In pieces


@pages.post(f"{MINE}/for/<case>/<case_id>/<paper>/pieces")
@guards.needs(Act.ATTACH_PAPERS)
def begin(case: str, case_id: str, paper: str) -> AnyResponse:
    """A file of this size and hash is coming: where to send it, and how much of it is there already."""
    asked = _asked_or_404(case, case_id, paper)
    size, sha256 = request.form.get("size", ""), request.form.get("sha256", "")
    if not (size.isascii() and size.isdigit() and len(size) <= LONGEST_SIZE and SHA256.fullmatch(sha256)):
        abort(400)
    place, sent = Place(case, case_id, asked.code), partial(is_sent, case, case_id)
    answer = action.begin(tools(), guards.person_who_asks().id, place, int(size), sha256, is_sent=sent)
    if isinstance(answer, Refusal):
        return make_response(jsonify(text=_first_fault(answer)), 422)
    response = make_response(jsonify(address=f"{MINE}/{answer.id}/pieces", offset=_offset_of(answer)), 201)
    response.headers["Location"] = f"{MINE}/{answer.id}/pieces"
    return response


@pages.route(f"{MINE}/<document>/pieces", methods=["HEAD", "PATCH"])
@guards.needs(Act.ATTACH_PAPERS)
def piece(document: str) -> AnyResponse:
    """HEAD: how much is there. PATCH: the next bytes; 409 with the right offset where they do not follow."""
    if request.method == "HEAD":
        return _at(_mine_or_404(document), 200)
    offset = request.headers.get(OFFSET, "")
    if request.mimetype != PIECES or not (offset.isascii() and offset.isdigit() and len(offset) <= LONGEST_SIZE):
        abort(400)
    data = request.get_data(cache=False)
    if not 0 < len(data) <= PIECE:
        abort(400)
    try:
        answer = action.add_piece(tools(), guards.person_who_asks().id, document, int(offset), data)
    except AnotherOffset as another:
        return _at(another.document, 409)
    if answer is None:
        abort(404)
    if isinstance(answer, Refusal):
        return make_response(jsonify(text=_first_fault(answer)), 422)
    return _at(answer, 204)


def _at(document: Document, status: int) -> Response:
    response = make_response("", status)
    response.headers[OFFSET] = str(_offset_of(document))
    return response


def _offset_of(document: Document) -> int:
    """One that is being looked at, or done, is wholly there, though its pieces may be gone."""
    return document.received if document.state is State.COMING else document.size


# Looking, and taking away


def _mine_or_404(document: str) -> Document:
    found = action.document_of(tools(), guards.person_who_asks().id, document)
    if found is None:
        abort(404)
    return found


@pages.get(f"{MINE}/<document>")
@guards.signed_in
def mine(document: str) -> AnyResponse:
    """What was given, as an officer will see it."""
    one = _mine_or_404(document)
    asked = _asked_for(one)
    return show(
        "documents/mine.html", one=one, row=rows_of([one])[0], title=title_of(one, asked), back=asked.address if asked else "/my-data",
        may_be_removed=asked is not None,
    )  # fmt: skip


def _asked_for(document: Document) -> PaperAsked | None:
    """None where its case takes no papers now: then nothing can be taken away either."""
    place = document.place
    return next((asked for asked in papers_asked(place.case_kind, place.case_id) if asked.code == place.paper), None)


@pages.post(f"{MINE}/<document>/remove")
@guards.needs(Act.ATTACH_PAPERS)
def remove(document: str) -> AnyResponse:
    """Gone at once, from the disk too; only while its case takes papers."""
    asked = _asked_for(_mine_or_404(document))
    if asked is None:
        abort(404)
    action.remove(tools(), guards.person_who_asks().id, document)
    return redirect(asked.address, 303)


@pages.get(f"{MINE}/<document>/thumbnail")
@guards.signed_in
def thumbnail(document: str) -> AnyResponse:
    return _picture(action.thumbnail_of(tools(), _mine_or_404(document)))


@pages.get(f"{MINE}/<document>/pages/<int:number>")
@guards.signed_in
def page(document: str, number: int) -> AnyResponse:
    return _picture(action.page_of(tools(), _mine_or_404(document), number))


def _picture(data: bytes | None) -> Response:
    if data is None:
        abort(404)
    response = Response(data, mimetype="image/jpeg")
    response.headers["Content-Disposition"] = 'inline; filename="paper.jpg"'
    response.headers["Content-Security-Policy"] = SHUT_IN
    response.headers["Cache-Control"] = "no-store"
    return response


# Officers


@pages.get(f"{DESK}/<document>")
@guards.officers_only
def read(document: str) -> AnyResponse:
    """The pages of one document, after the officer said why they open its case."""
    me = guards.officer_who_decides()
    try:
        one = _for_me_or_404(me, document)
    except NobodyDecidesTheirOwnCase:
        return show("documents/own.html", status=403)
    back = _desk_of(one)
    if asked_why := opening.ask_unless_said(me, one.person_id, one.place.case_id, f"{DESK}/{one.id}", back):
        return asked_why
    action.note_opening(tools(), me, one)
    return show("documents/read.html", one=one, title=title_of(one, None), back=back)


@pages.post(f"{DESK}/<document>/open")
@guards.officers_only
def open_it(document: str) -> AnyResponse:
    """Why this officer opens the case that it belongs to."""
    me = guards.officer_who_decides()
    try:
        one = _for_me_or_404(me, document)
    except NobodyDecidesTheirOwnCase:
        return show("documents/own.html", status=403)
    address = f"{DESK}/{one.id}"
    return opening.take_reason(me, one.person_id, one.place.case_id, address, _desk_of(one)) or redirect(address, 303)


def _for_me_or_404(me: Officer, document: str) -> Document:
    """Raises NobodyDecidesTheirOwnCase."""
    found = action.document_for(tools(), me, document)
    if found is None:
        abort(404)
    return found


def _desk_of(document: Document) -> str:
    holder = holder_of(document.place.case_kind)
    return holder.desk_address(document.place.case_id) if holder else "/officer"


@pages.get(f"{DESK}/<document>/thumbnail")
@guards.officers_only
def desk_thumbnail(document: str) -> AnyResponse:
    """Shown on the page of the case: for whoever has said why they open it."""
    me, one = _opened_by_me(document)
    return _picture(action.thumbnail_of(tools(), one) if action.may_see(tools(), me, one) else None)


@pages.get(f"{DESK}/<document>/pages/<int:number>")
@guards.officers_only
def desk_page(document: str, number: int) -> AnyResponse:
    """Only for whoever has opened this document today: no page is read without an entry of the audit."""
    me, one = _opened_by_me(document)
    return _picture(action.page_of(tools(), one, number) if action.has_opened_today(tools(), me, one) else None)


def _opened_by_me(document: str) -> tuple[Officer, Document]:
    me = guards.officer_who_decides()
    try:
        return me, _for_me_or_404(me, document)
    except NobodyDecidesTheirOwnCase:
        abort(404)
