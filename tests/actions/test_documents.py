"""Giving a paper, whole or piece by piece; what the worker makes of it; who may see it; and that nothing of it lies open anywhere."""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests import files_given as files
from tests.adapters.test_documents import EICAR, clamd
from tests.standing_clock import StandingClock
from webapp.actions import audit, documents, key_rotation, privacy, taking_effect
from webapp.actions.document_reading import SILENCE, Reader
from webapp.actions.hospital_change import DRAFT_DAYS
from webapp.actions.officers import NobodyDecidesTheirOwnCase
from webapp.adapters.documents.clamd import Clamd
from webapp.adapters.documents.sealed_files import SealedFolder
from webapp.app import tools_for
from webapp.domain import document as rule
from webapp.domain.assessment import Refusal
from webapp.domain.audit import Act, By, ReadReason
from webapp.domain.document import MOST_NOT_SENT, MOST_OF_A_PAPER, MOST_TRIES, PIECE, AnotherOffset, Document, Place, State, Why
from webapp.ports import Officer, Session, Tools

SOMCHAI, SOMYING, OFFICER = "1000000000009", "1000000000017", "1000000000076"
DRAFT, CASE = "draft-1", "CL-1"
A_PLACE = Place("claim", DRAFT, "medical_certificate")


@pytest.fixture
def tools(tools: Tools, tmp_path: Path) -> Iterator[Tools]:
    """With a folder of this test's own."""
    return replace(tools, files=SealedFolder(tmp_path / "documents"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "documents"


def somchai(tools: Tools, pid: str = SOMCHAI) -> str:
    found: str = tools.store.person_id_of(pid)
    return found


def given(tools: Tools, data: bytes | None = None, place: Place = A_PLACE, pid: str = SOMCHAI) -> Document:
    found = documents.attach(tools, somchai(tools, pid), place, files.jpeg() if data is None else data)
    assert isinstance(found, Document), found
    return found


def read(tools: Tools) -> int:
    return Reader(tools).run()


def now(tools: Tools, document: Document) -> Document:
    found = tools.store.document(document.id)
    assert found is not None
    return found


def keep_draft(tools: Tools, case_id: str) -> None:
    """A claim's draft, as a person changes something in it."""
    tools.store.keep_draft(f"person:{somchai(tools)}", f"claim:{case_id}", {}, tools.clock.machine_time())


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def sent(tools: Tools, data: bytes | None = None) -> Document:
    """Ready, and its case is with the officers."""
    one = given(tools, data)
    with tools.store.transaction():
        documents.hand_over(tools, one.person_id, "claim", DRAFT, CASE)
    read(tools)
    return now(tools, one)


def officer(tools: Tools) -> Officer:
    found: Officer = tools.store.officer_of(OFFICER)
    return found


def says_why(tools: Tools, reason: ReadReason = ReadReason.COMPLAINT, words: str = "") -> None:
    with tools.store.transaction():
        audit.opened(tools, officer(tools), somchai(tools), CASE, reason, words)


# Giving


def test_a_photo_given_whole_waits_for_the_worker_and_becomes_pages(tools: Tools, folder: Path) -> None:
    one = given(tools)
    assert one.state is State.WAITING
    assert documents.page_of(tools, one, 1) is None, "nothing that was sent is shown"
    assert read(tools) == 1
    ready = now(tools, one)
    assert (ready.state, ready.pages) == (State.READY, 1)
    assert names_in(folder) == ["page-1", "thumbnail"], "what was sent is gone"
    assert documents.page_of(tools, ready, 1)[:3] == b"\xff\xd8\xff"
    assert documents.thumbnail_of(tools, ready)[:3] == b"\xff\xd8\xff"
    assert documents.page_of(tools, ready, 2) is None
    assert documents.page_of(tools, ready, 0) is None


@pytest.mark.of_sqlite
@pytest.mark.parametrize("data", [files.jpeg(), files.pdf_with_everything_in_it()], ids=["photo", "pdf"])
def test_the_folder_and_the_file_of_the_database_never_hold_anything_plain(tools: Tools, folder: Path, data: bytes) -> None:
    def lies_open() -> list[str]:
        everything = [*folder.rglob("*"), *Path(tools.store.path).parent.glob("sitthi.db*")]  # type: ignore[attr-defined]
        signs = (
            files.SECRET,
            b"\xff\xd8\xff\xe0\x00\x10JFIF",
            b"%PDF-1.7",
            b"medical_certificate",
            hashlib.sha256(data).hexdigest().encode(),
        )
        return [path.name for path in everything if path.is_file() and any(sign in path.read_bytes() for sign in signs)]

    one = given(tools, data)
    assert lies_open() == []
    read(tools)
    assert now(tools, one).is_ready
    assert lies_open() == []


def test_pieces_make_the_same_document_and_a_lost_answer_is_found_again(tools: Tools) -> None:
    data = files.large_photograph(1600, 1200)
    person_id, sha256 = somchai(tools), hashlib.sha256(data).hexdigest()
    started = documents.begin(tools, person_id, A_PLACE, len(data), sha256)
    assert isinstance(started, Document)
    half = documents.add_piece(tools, person_id, started.id, 0, data[:PIECE])
    assert isinstance(half, Document)
    with pytest.raises(AnotherOffset) as met:
        documents.add_piece(tools, person_id, started.id, 0, data[:PIECE])
    assert met.value.document.received == PIECE
    again = documents.begin(tools, person_id, A_PLACE, len(data), sha256)
    assert isinstance(again, Document)
    assert (again.id, again.received) == (started.id, PIECE), "a page opened anew goes on where it stopped"
    for start in range(PIECE, len(data), PIECE):
        documents.add_piece(tools, person_id, started.id, start, data[start : start + PIECE])
    assert now(tools, started).state is State.WAITING
    read(tools)
    assert now(tools, started).is_ready


def test_the_same_piece_from_two_pages_at_once_is_there_once(tools: Tools, folder: Path) -> None:
    data, person_id = files.jpeg(), somchai(tools)
    started = documents.begin(tools, person_id, A_PLACE, len(data), hashlib.sha256(data).hexdigest())
    assert isinstance(started, Document)
    ready, met = threading.Barrier(2), []

    def send() -> None:
        ready.wait()
        try:
            tools.store.again(lambda: documents.add_piece(tools, person_id, started.id, 0, data))
        except AnotherOffset as another:
            met.append(another.document.received)
        tools.store.close()

    pages = [threading.Thread(target=send) for _ in range(2)]
    for page in pages:
        page.start()
    for page in pages:
        page.join()
    assert met == [len(data)]
    assert len(names_in(folder)) == 1
    read(tools)
    assert now(tools, started).is_ready


def test_the_form_completes_what_pieces_began(tools: Tools, folder: Path) -> None:
    data, person_id = files.jpeg(), somchai(tools)
    started = documents.begin(tools, person_id, A_PLACE, len(data), hashlib.sha256(data).hexdigest())
    assert isinstance(started, Document)
    documents.add_piece(tools, person_id, started.id, 0, data[:500])
    whole = given(tools, data)
    assert (whole.id, whole.state) == (started.id, State.WAITING)
    assert names_in(folder) == ["whole"]
    read(tools)
    assert now(tools, started).is_ready


def test_sending_the_same_photo_twice_is_once_and_two_papers_are_two(tools: Tools) -> None:
    one = given(tools)
    assert given(tools).id == one.id
    read(tools)
    assert given(tools).id == one.id
    assert given(tools, place=Place("claim", DRAFT, "receipt")).id != one.id


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (files.svg(), "of_a_kind_we_take"),
        (b"", "not_empty"),
        (b"<html>", "of_a_kind_we_take"),
        (b"\xff\xd8\xff" + bytes(rule.LARGEST), "not_too_large"),
    ],
    ids=["svg", "nothing", "page", "too large"],
)
def test_what_is_not_taken_leaves_nothing_behind(tools: Tools, folder: Path, data: bytes, code: str) -> None:
    answer = documents.attach(tools, somchai(tools), A_PLACE, data)
    assert isinstance(answer, Refusal)
    assert [reason.code for reason in answer.unmet] == [code]
    assert names_in(folder) == []
    assert documents.documents_of(tools, somchai(tools), "claim", DRAFT) == []


def test_a_first_piece_that_is_no_picture_ends_the_upload(tools: Tools) -> None:
    started = documents.begin(tools, somchai(tools), A_PLACE, 1000, "a" * 64)
    assert isinstance(started, Document)
    assert isinstance(documents.add_piece(tools, somchai(tools), started.id, 0, files.svg()), Refusal)
    assert tools.store.document(started.id) is None


def test_nobody_else_adds_to_it_sees_it_or_takes_it_away(tools: Tools) -> None:
    started = documents.begin(tools, somchai(tools), A_PLACE, 100, "a" * 64)
    assert isinstance(started, Document)
    another = somchai(tools, SOMYING)
    assert documents.add_piece(tools, another, started.id, 0, files.jpeg()[:50]) is None
    assert documents.document_of(tools, another, started.id) is None
    assert documents.documents_of(tools, another, "claim", DRAFT) == []
    assert documents.remove(tools, another, started.id) is None
    assert now(tools, started).received == 0


def test_another_persons_document_in_the_same_case_is_not_continued(tools: Tools) -> None:
    mine, theirs = given(tools), given(tools, pid=SOMYING)
    assert mine.id != theirs.id


def test_what_is_removed_is_gone_from_the_disk_at_once(tools: Tools, folder: Path) -> None:
    one = given(tools)
    read(tools)
    assert documents.remove(tools, one.person_id, one.id) is not None
    assert tools.store.document(one.id) is None
    assert names_in(folder) == []


# The worker


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (files.bomb(), Why.TOO_MANY_PIXELS),
        (files.jpeg()[:3000], Why.DAMAGED),
        (files.locked_pdf(), Why.LOCKED),
    ],
    ids=["bomb", "half a photo", "locked"],
)
def test_what_cannot_be_drawn_is_refused_and_deleted_and_the_next_one_is_drawn(tools: Tools, folder: Path, data: bytes, why: Why) -> None:
    bad, good = given(tools, data), given(tools)
    assert read(tools) == 2
    assert (now(tools, bad).state, now(tools, bad).why) == (State.REFUSED, why)
    assert now(tools, good).is_ready
    assert names_in(folder) == ["page-1", "thumbnail"]


def test_bytes_that_are_not_what_was_announced_are_refused(tools: Tools) -> None:
    data = files.jpeg()
    started = documents.begin(tools, somchai(tools), A_PLACE, len(data), "a" * 64)
    assert isinstance(started, Document)
    documents.add_piece(tools, somchai(tools), started.id, 0, data)
    read(tools)
    assert now(tools, started).why is Why.NOT_WHOLE


def test_a_virus_is_refused_and_everything_else_goes_on(tools: Tools) -> None:
    bad, good = given(tools, files.jpeg() + EICAR), given(tools)
    with clamd() as address:
        assert read(replace(tools, scanner=Clamd(address))) == 2
    assert now(tools, bad).why is Why.VIRUS
    assert now(tools, good).is_ready


def test_while_the_scanner_is_silent_documents_wait_and_nobody_is_shown_them(tools: Tools, clock: StandingClock) -> None:
    one = given(tools)
    with tools.store.transaction():
        documents.hand_over(tools, one.person_id, "claim", DRAFT, CASE)
    deaf = replace(tools, scanner=Clamd("tcp:127.0.0.1:1"))
    for _try in range(MOST_TRIES + 2):
        assert read(deaf) == 0
        clock.advance(minutes=2)
    waits = now(tools, one)
    assert (waits.state, waits.tries) == (State.WAITING, 0)
    seen = documents.for_officer(tools, officer(tools), "claim", CASE)
    assert (seen.ready, seen.still_looked_at) == ((), 1)
    assert documents.document_for(tools, officer(tools), one.id) is None
    with clamd() as address:
        assert read(replace(tools, scanner=Clamd(address))) == 1
    assert now(tools, one).is_ready


def test_what_a_worker_that_died_held_is_taken_over_and_given_up_after_some_tries(tools: Tools, clock: StandingClock) -> None:
    one, watcher = given(tools), Reader(tools)
    for _ in range(MOST_TRIES):
        waiting = now(tools, one)
        assert tools.store.update_document(waiting, rule.take(waiting, "one that died", clock.now()))
        assert watcher.run() == 0, "it may still be at work"
        clock.advance(SILENCE + 1)
        if now(tools, one).tries < MOST_TRIES:
            watcher._take_over_from_silent_ones()  # noqa: SLF001 - what a run does first
            assert now(tools, one).state is State.WAITING
    assert watcher.run() == 1
    assert now(tools, one).why is Why.DAMAGED


def test_two_workers_never_settle_the_same_document(tools: Tools) -> None:
    for number in range(4):
        given(tools, files.jpeg(300 + number, 200))
    counts: list[int] = []

    def work() -> None:
        counts.append(Reader(tools).run())
        tools.store.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(counts) == 4
    assert all(one.is_ready for one in documents.documents_of(tools, somchai(tools), "claim", DRAFT))


def test_a_document_taken_away_while_it_is_drawn_leaves_no_files(tools: Tools, folder: Path) -> None:
    class TakenAwayMeanwhile:
        """Draws as always; its person is quicker."""

        def draw(self, data: bytes, kind: rule.Kind) -> object:
            documents.remove(tools, one.person_id, one.id)
            return tools.drawing.draw(data, kind)

    one = given(tools)
    assert Reader(replace(tools, drawing=TakenAwayMeanwhile())).run() == 0  # type: ignore[arg-type]
    assert names_in(folder) == []


def test_a_sent_case_hears_what_became_of_its_papers(tools: Tools) -> None:
    heard: list[tuple[str, State, str]] = []
    one, two = given(tools), given(tools, files.locked_pdf(), Place("claim", "another-draft", "receipt"))
    with tools.store.transaction():
        assert documents.hand_over(tools, one.person_id, "claim", DRAFT, CASE) == 1
    Reader(tools, {"claim": lambda _, told: heard.append((told.id, told.state, told.place.case_id))}).run()
    assert heard == [(one.id, State.READY, CASE)], "a draft has nobody to tell yet: its person looks at it"
    assert now(tools, two).state is State.REFUSED


def test_the_worker_and_the_person_stand_in_the_audit_by_their_role(tools: Tools) -> None:
    one = given(tools)
    read(tools)
    documents.remove(tools, one.person_id, one.id)
    steps = [
        (opening.entry.who.by, opening.entry.facts["step"])
        for opening in audit.everything_about(tools, one.person_id)
        if opening.entry.act is Act.PAPER_STEP
    ]
    assert steps == [(By.PERSON, "removed"), (By.WORKER, "ready"), (By.PERSON, "attached")]


# Officers


def test_an_officer_reads_what_was_sent_and_is_ready_and_each_reading_is_noted_with_its_reason(tools: Tools) -> None:
    draft = given(tools, files.png(), Place("claim", "another-draft", "receipt"))
    one = sent(tools)
    me = officer(tools)
    assert documents.document_for(tools, me, draft.id) is None, "a draft is nobody else's"
    assert documents.document_for(tools, me, one.id) == one
    assert not documents.may_see(tools, me, one)
    says_why(tools, ReadReason.OTHER, "asked by their hospital")
    assert documents.may_see(tools, me, one)
    assert not documents.has_opened_today(tools, me, one)
    for _twice in range(2):
        documents.note_opening(tools, me, one)
    assert documents.has_opened_today(tools, me, one)
    read_by = [entry for entry in audit.openings_of(tools, one.person_id) if entry.entry.act is Act.PAPER_OPENED]
    assert [(entry.entry.about, entry.entry.reason, entry.words) for entry in read_by] == [(one.id, "other", "asked by their hospital")]


def test_what_was_said_yesterday_does_not_open_it_today(tools: Tools, clock: StandingClock) -> None:
    one = sent(tools)
    says_why(tools)
    documents.note_opening(tools, officer(tools), one)
    clock.advance(days=1)
    assert not documents.may_see(tools, officer(tools), one)
    assert not documents.has_opened_today(tools, officer(tools), one)


def test_nobody_reads_their_own_papers_at_the_desk(tools: Tools) -> None:
    one = sent(tools)
    insured_too = replace(officer(tools), person_id=one.person_id)
    with pytest.raises(NobodyDecidesTheirOwnCase):
        documents.document_for(tools, insured_too, one.id)
    with pytest.raises(NobodyDecidesTheirOwnCase):
        documents.for_officer(tools, insured_too, "claim", CASE)


# How long


def test_an_upload_that_broke_off_waits_a_day(tools: Tools, clock: StandingClock, folder: Path) -> None:
    data = files.jpeg()
    started = documents.begin(tools, somchai(tools), A_PLACE, len(data), hashlib.sha256(data).hexdigest())
    assert isinstance(started, Document)
    documents.add_piece(tools, started.person_id, started.id, 0, data[:100])
    clock.advance(hours=23)
    taking_effect.tidy(tools)
    assert tools.store.document(started.id) is not None
    clock.advance(hours=2)
    taking_effect.tidy(tools)
    assert tools.store.document(started.id) is None
    assert names_in(folder) == []


def test_papers_of_a_draft_go_as_drafts_go_and_those_of_a_case_stay(tools: Tools, clock: StandingClock) -> None:
    stays = sent(tools)
    keep_draft(tools, "another-draft")
    goes = given(tools, files.png(), Place("claim", "another-draft", "receipt"))
    clock.advance(days=DRAFT_DAYS - 1)
    taking_effect.tidy(tools)
    assert tools.store.document(goes.id) is not None
    clock.advance(days=2)
    taking_effect.tidy(tools)
    assert tools.store.document(goes.id) is None
    assert tools.store.document(stays.id) is not None


def test_papers_of_a_draft_that_is_still_worked_on_stay_however_old_they_are(tools: Tools, clock: StandingClock) -> None:
    keep_draft(tools, "another-draft")
    one = given(tools, files.png(), Place("claim", "another-draft", "receipt"))
    read(tools)
    for _month in range(2):
        clock.advance(days=DRAFT_DAYS // 2 + 1)
        keep_draft(tools, "another-draft")
        taking_effect.tidy(tools)
    clock.advance(days=DRAFT_DAYS - 1)
    taking_effect.tidy(tools)
    assert now(tools, one).is_ready
    clock.advance(days=2)
    taking_effect.tidy(tools)
    assert tools.store.document(one.id) is None, "it goes with its draft"


def test_a_paper_given_after_its_case_was_sent_belongs_to_the_case(tools: Tools, clock: StandingClock, folder: Path) -> None:
    heard: list[str] = []
    place, told = Place("claim", CASE, "receipt"), {"claim": lambda _tools, one: heard.append(one.id)}
    good = documents.attach(tools, somchai(tools), place, files.png(), is_sent=lambda: True)
    bad = documents.attach(tools, somchai(tools), place, files.locked_pdf(), is_sent=lambda: True)
    assert isinstance(good, Document)
    assert isinstance(bad, Document)
    Reader(tools, told).run()
    assert set(heard) == {good.id, bad.id}, "one that cannot be used is told too"
    assert documents.document_for(tools, officer(tools), good.id) == now(tools, good)
    clock.advance(days=DRAFT_DAYS + 1)
    taking_effect.tidy(tools)
    privacy.erase(tools, good.person_id, Session("a-session", good.person_id, None, "thaid", "2.3", 0, 0, 0))
    assert now(tools, good).is_ready


@pytest.mark.of_sqlite
def test_whether_the_case_is_sent_is_asked_inside_the_transaction(tools: Tools) -> None:
    """Another thread that would send it has to wait meanwhile: it comes after, and takes the paper along."""
    sent_by_another: list[int] = []

    def another_sends() -> None:
        with tools.store.transaction():
            sent_by_another.append(documents.hand_over(tools, somchai(tools), "claim", DRAFT, DRAFT))
        tools.store.close()

    sending = threading.Thread(target=another_sends)

    def is_sent() -> bool:
        sending.start()
        sending.join(0.2)
        return bool(sent_by_another)

    one = documents.attach(tools, somchai(tools), A_PLACE, files.png(), is_sent=is_sent)
    sending.join()
    assert isinstance(one, Document)
    assert sent_by_another == [1]
    assert now(tools, one).is_sent


def test_all_drafts_of_a_person_together_hold_so_many_files_and_a_sent_case_is_another_matter(tools: Tools) -> None:
    def begin(number: int, is_sent: bool = False) -> Document | Refusal:
        place = Place("claim", f"draft-{number // MOST_OF_A_PAPER}", "receipt")
        return documents.begin(tools, somchai(tools), place, 100, f"{number:064x}", is_sent=lambda: is_sent)

    assert all(isinstance(begin(number), Document) for number in range(MOST_NOT_SENT))
    refused = begin(MOST_NOT_SENT)
    assert isinstance(refused, Refusal)
    assert [reason.code for reason in refused.unmet] == ["few_enough_not_sent"]
    assert isinstance(begin(MOST_NOT_SENT, is_sent=True), Document)
    assert isinstance(documents.begin(tools, somchai(tools, SOMYING), A_PLACE, 100, "f" * 64), Document)


def test_files_whose_row_is_gone_are_swept_in_their_turn(tools: Tools, clock: StandingClock, folder: Path) -> None:
    one, lost = given(tools), f"DC-{secrets.token_hex(4)}"
    tools.files.put(lost, "page-1", b"plain", secrets.token_bytes(32))
    for path in folder.rglob("*"):
        os.utime(path, (1, 1))
    for _turn in range(2):
        assert documents.forget_left_behind(tools) == 0
        clock.advance(minutes=1)
    assert names_in(folder) == ["whole"]
    assert now(tools, one).state is State.WAITING


def test_dropping_a_case_takes_its_papers_along(tools: Tools, folder: Path) -> None:
    given(tools)
    given(tools, files.png())
    documents.drop_files(tools, documents.drop_case(tools, "claim", DRAFT))
    assert names_in(folder) == []


def test_a_person_deletes_what_was_not_sent_and_is_given_what_was(tools: Tools, folder: Path) -> None:
    stays = sent(tools)
    goes = given(tools, files.png(), Place("claim", "another-draft", "receipt"))
    session = Session("a-session", stays.person_id, None, "thaid", "2.3", 0, 0, 0)
    privacy.erase(tools, stays.person_id, session)
    assert tools.store.document(goes.id) is None
    assert names_in(folder) == ["page-1", "thumbnail"]
    (held,) = privacy.copy_of(tools, stays.person_id)["data"]["papers"]
    assert held["paper"] == "medical_certificate"
    assert held["pages"] == [f"/documents/{stays.id}/pages/1"]
    assert "key" not in held


def test_a_deletion_that_is_undone_leaves_every_file(tools: Tools, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stays = given(tools)
    session = Session("a-session", stays.person_id, None, "thaid", "2.3", 0, 0, 0)

    def breaks(*_args: object, **_named: object) -> int:
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(tools.store, "add_entry", breaks)
        with pytest.raises(RuntimeError, match="full"):
            privacy.erase(tools, stays.person_id, session)
    assert tools.store.document(stays.id) is not None
    assert names_in(folder) == ["whole"]
    Reader(tools).run()
    assert now(tools, stays).state is State.READY


def test_what_a_crash_leaves_between_deleting_rows_and_files_is_swept(
    tools: Tools, clock: StandingClock, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes = given(tools)
    session = Session("a-session", goes.person_id, None, "thaid", "2.3", 0, 0, 0)
    with monkeypatch.context() as killed:
        killed.setattr(privacy, "drop_files", lambda tools, ids: None)
        privacy.erase(tools, goes.person_id, session)
    assert tools.store.document(goes.id) is None
    assert names_in(folder) == ["whole"], "it lies there, and its key is gone"
    for path in folder.rglob("*"):
        os.utime(path, (1, 1))
    for _turn in range(2):
        documents.forget_left_behind(tools)
        clock.advance(minutes=1)
    assert names_in(folder) == []


# Keys


def test_after_the_keys_were_changed_papers_are_read_and_the_old_key_is_needed_no_more(tools: Tools) -> None:
    one = sent(tools)
    old = tools.settings.data_keys[0]
    new = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    both = replace(tools_for(replace(tools.settings, data_keys=(new, old))), clock=tools.clock, files=tools.files)
    assert key_rotation.rotate(both).rows > 0
    only_new = replace(tools_for(replace(tools.settings, data_keys=(new,))), clock=tools.clock, files=tools.files)
    again = only_new.store.document(one.id)
    assert documents.page_of(only_new, again, 1) == documents.page_of(tools, one, 1)
    with pytest.raises(ValueError, match="key"):
        tools_for(replace(tools.settings, data_keys=(old,))).store.document(one.id)


def test_a_row_comes_back_as_it_was_kept(tools: Tools) -> None:
    one = given(tools)
    held = rule.take(one, "worker", tools.clock.now())
    given_back = rule.give_back(held, tools.clock.now(), tools.clock.now() + timedelta(minutes=1))
    assert tools.store.update_document(one, given_back)
    assert now(tools, one) == given_back
    assert not tools.store.update_document(one, given_back), "only from the version it starts from"
