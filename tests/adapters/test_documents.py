"""The folder seals, the child draws and nothing else, and what a scanner does not say counts as not known. All of it for real."""

from __future__ import annotations

import io
import os
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image

from tests import files_given as files
from webapp.adapters.documents.clamd import Clamd
from webapp.adapters.documents.drawing import DrawingInAChild
from webapp.adapters.documents.sealed_files import SealedFolder, SealNotFitting
from webapp.domain.document import LONGEST_SIDE, MOST_PAGES, THUMBNAIL_SIDE, Kind, Why
from webapp.ports import Drawn, FileGone, FilesUnavailable, ScannerSilent

KEY, ANOTHER_KEY = b"k" * 32, b"j" * 32
PLAIN = b"what a doctor wrote" * 100


# The folder


@pytest.fixture
def folder(tmp_path: Path) -> SealedFolder:
    return SealedFolder(tmp_path / "documents")


def every_file(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "documents").rglob("*") if path.is_file()]


def test_a_file_comes_back_as_it_was_put(folder: SealedFolder) -> None:
    folder.put("DC-1", "page-1", PLAIN, KEY)
    assert folder.get("DC-1", "page-1", KEY) == PLAIN
    folder.put("DC-1", "page-1", b"anew", KEY)
    assert folder.get("DC-1", "page-1", KEY) == b"anew"


def test_whoever_steals_the_folder_has_random_bytes_for_nobody_else_to_read(folder: SealedFolder, tmp_path: Path) -> None:
    folder.put("DC-1", "page-1", PLAIN, KEY)
    (stolen,) = every_file(tmp_path)
    assert b"doctor" not in stolen.read_bytes()
    assert stolen.stat().st_mode & 0o077 == 0
    assert stolen.parent.stat().st_mode & 0o077 == 0


def test_a_file_opens_with_its_key_in_its_place_and_unchanged_only(folder: SealedFolder, tmp_path: Path) -> None:
    folder.put("DC-1", "page-1", PLAIN, KEY)
    with pytest.raises(SealNotFitting):
        folder.get("DC-1", "page-1", ANOTHER_KEY)
    (file,) = every_file(tmp_path)
    os.replace(file, file.with_name("page-2"))
    with pytest.raises(SealNotFitting):
        folder.get("DC-1", "page-2", KEY)
    folder.put("DC-1", "page-1", PLAIN, KEY)
    sealed = bytearray(file.read_bytes())
    sealed[20] ^= 1
    file.write_bytes(bytes(sealed))
    with pytest.raises(SealNotFitting):
        folder.get("DC-1", "page-1", KEY)


def test_what_is_dropped_is_gone_and_dropping_twice_is_no_fault(folder: SealedFolder, tmp_path: Path) -> None:
    for name in ("page-1", "page-2"):
        folder.put("DC-1", name, PLAIN, KEY)
    for _twice in range(2):
        folder.drop("DC-1", ["page-1"])
    with pytest.raises(FileGone):
        folder.get("DC-1", "page-1", KEY)
    for _twice in range(2):
        folder.drop("DC-1")
    assert not every_file(tmp_path)


@pytest.mark.parametrize("name", ["../page", "page/1", "", ".", "..", "a\0b", "หน้า", "x" * 81])
def test_no_name_leads_out_of_the_folder(folder: SealedFolder, name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        folder.put("DC-1", name, PLAIN, KEY)
    with pytest.raises(ValueError, match="name"):
        folder.get(name, "page-1", KEY)


def test_only_what_has_lain_for_a_while_is_offered_for_sweeping(folder: SealedFolder) -> None:
    assert list(folder.documents(older_than=-1, turn=7)) == []
    for document in ("DC-XA1", "DC-YA1", "DC-XB1"):
        folder.put(document, "page-1", PLAIN, KEY)
    assert [list(folder.documents(older_than=3600, turn=turn)) for turn in (0, 1)] == [[], []]
    turns = [list(folder.documents(older_than=-1, turn=turn)) for turn in (0, 1, 2)]
    assert turns == [["DC-XA1", "DC-YA1"], ["DC-XB1"], ["DC-XA1", "DC-YA1"]]


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "documents").write_text("a file stands where the folder should")
    folder = SealedFolder(tmp_path / "documents")
    assert not folder.is_ready()
    with pytest.raises(FilesUnavailable):
        folder.put("DC-1", "page-1", PLAIN, KEY)


def test_a_ready_folder_leaves_nothing_behind(folder: SealedFolder, tmp_path: Path) -> None:
    assert folder.is_ready()
    assert not every_file(tmp_path)


# Drawing


def drawn(data: bytes, kind: Kind) -> Drawn:
    found = DrawingInAChild().draw(data, kind)
    assert isinstance(found, Drawn), found
    return found


def opened(page: bytes) -> Image.Image:
    return Image.open(io.BytesIO(page), formats=["JPEG"])


@pytest.mark.parametrize(
    ("data", "kind"), [(files.jpeg(), Kind.JPEG), (files.png(), Kind.PNG), (files.heic(), Kind.HEIC)], ids=["jpeg", "png", "heic"]
)
def test_a_photo_is_drawn_anew_without_place_maker_or_comment(data: bytes, kind: Kind) -> None:
    assert files.SECRET in data or kind is Kind.PNG
    found = drawn(data, kind)
    for one in (*found.pages, found.thumbnail):
        assert files.SECRET not in one
        again = opened(one)
        assert not again.getexif()
        assert set(again.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
    assert max(opened(found.thumbnail).size) <= THUMBNAIL_SIDE


def test_a_photo_that_lay_on_its_side_stands_upright() -> None:
    page = opened(drawn(files.jpeg(900, 600, files.UPRIGHT), Kind.JPEG).pages[0])
    assert page.size == (600, 900)
    red, _, blue = page.getpixel((300, 50))
    assert red > 150
    assert blue < 100


def test_a_large_photo_becomes_as_long_as_is_readable() -> None:
    page = opened(drawn(files.large_photograph(), Kind.JPEG).pages[0])
    assert max(page.size) == LONGEST_SIDE


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "1"])
def test_every_way_to_write_a_picture_is_read(mode: str) -> None:
    page = opened(drawn(files.png(mode), Kind.PNG).pages[0])
    assert page.mode == ("L" if mode in ("L", "LA", "1") else "RGB")
    assert page.convert("RGB").getpixel((450, 300)) > (240, 240, 240)


def test_sixteen_bits_of_grey_stay_grey() -> None:
    assert 120 < opened(drawn(files.grey_in_sixteen_bits(), Kind.PNG).pages[0]).getpixel((20, 20)) < 136


def test_each_page_of_a_pdf_is_drawn() -> None:
    found = drawn(files.pdf(pages=3), Kind.PDF)
    assert len(found.pages) == 3
    page = opened(found.pages[2]).convert("L")
    assert page.getpixel((page.width * 250 // 595, page.height * 412 // 842)) < 40, "the black bar"
    assert page.getpixel((10, 10)) > 240, "white paper"


def test_a_field_that_was_filled_in_is_drawn_too() -> None:
    page = opened(drawn(files.pdf_with_a_filled_field(), Kind.PDF).pages[0]).convert("RGB")
    red, _, blue = page.getpixel((page.width * 200 // 595, page.height * 122 // 842))
    assert blue > 150
    assert red < 100


def test_nothing_that_hides_in_a_pdf_comes_through() -> None:
    found = drawn(files.pdf_with_everything_in_it(), Kind.PDF)
    for one in (*found.pages, found.thumbnail):
        assert one.startswith(b"\xff\xd8\xff")
        assert files.SECRET not in one
        assert b"JavaScript" not in one


@pytest.mark.parametrize("data", [files.jpeg_and_page(), files.jpeg_and_archive()], ids=["page", "archive"])
def test_a_file_that_is_two_things_at_once_becomes_one(data: bytes) -> None:
    for one in drawn(data, Kind.JPEG).pages:
        assert files.SECRET not in one
        assert b"<script" not in one
        assert b"PK\x05\x06" not in one
        assert one.endswith(b"\xff\xd9")


@pytest.mark.parametrize(
    ("data", "kind", "why"),
    [
        (files.bomb(), Kind.PNG, Why.TOO_MANY_PIXELS),
        (files.png_of(65_535 * 4, 20, b""), Kind.PNG, Why.DAMAGED),
        (files.jpeg()[:4000], Kind.JPEG, Why.DAMAGED),
        (files.png()[: len(files.png()) // 2], Kind.PNG, Why.DAMAGED),
        (files.heic()[:300], Kind.HEIC, Why.DAMAGED),
        (files.pdf()[:40], Kind.PDF, Why.DAMAGED),
        (b"%PDF-1.7\n" + bytes(1000), Kind.PDF, Why.DAMAGED),
        (files.locked_pdf(), Kind.PDF, Why.LOCKED),
        (files.pdf(pages=MOST_PAGES + 1), Kind.PDF, Why.TOO_MANY_PAGES),
        (files.png(), Kind.JPEG, Why.DAMAGED),
        (b"\xff\xd8\xff" + os.urandom(500), Kind.JPEG, Why.DAMAGED),
    ],
    ids=[
        "bomb",
        "no rows",
        "half a jpeg",
        "half a png",
        "half a heic",
        "half a pdf",
        "empty pdf",
        "locked",
        "long",
        "png as jpeg",
        "noise",
    ],
)
def test_what_cannot_be_drawn_is_refused_for_its_reason(data: bytes, kind: Kind, why: Why) -> None:
    assert DrawingInAChild().draw(data, kind) is why


def test_too_much_memory_ends_the_child_and_nothing_else() -> None:
    within_our_pixels = files.png_of(7000, 7000, bytes(7000 * 3 * 7000 + 7000))
    assert DrawingInAChild(memory=180 * 1024 * 1024).draw(within_our_pixels, Kind.PNG) is Why.TOO_HEAVY


def test_too_much_time_ends_the_child() -> None:
    assert DrawingInAChild(seconds=0.001).draw(files.jpeg(), Kind.JPEG) is Why.TOO_HEAVY


def test_a_page_as_wide_as_a_street_is_not_drawn_as_wide() -> None:
    page = opened(drawn(files.pdf(size="14400 20"), Kind.PDF).pages[0])
    assert max(page.size) <= LONGEST_SIDE


# The scanner

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class FakeClamd:
    """Speaks clamd's protocol as its manual says it: z-commands that end with a zero, chunks with four bytes of length in network order,
    a chunk of length zero at the end, one answer, then it closes."""

    def __init__(self, line: socket.socket, answer: bytes | None, most: int) -> None:
        self._line, self._answer, self._most = line, answer, most

    def serve(self) -> None:
        while True:
            try:
                asked, _ = self._line.accept()
            except OSError:
                return
            with asked:
                self._one(asked)

    def _one(self, asked: socket.socket) -> None:
        command = self._until_zero(asked)
        if self._answer is None:
            return
        if command == b"zPING":
            asked.sendall(b"PONG\0")
        elif command == b"zINSTREAM":
            asked.sendall(self._verdict(asked))
        else:
            asked.sendall(b"UNKNOWN COMMAND\0")

    def _verdict(self, asked: socket.socket) -> bytes:
        data = b""
        while length := struct.unpack("!I", self._exactly(asked, 4))[0]:
            data += self._exactly(asked, length)
            if len(data) > self._most:
                return b"INSTREAM size limit exceeded. ERROR\0"
        if self._answer:
            return self._answer
        return b"stream: Eicar-Signature FOUND\0" if EICAR in data else b"stream: OK\0"

    def _until_zero(self, asked: socket.socket) -> bytes:
        said = b""
        while (byte := asked.recv(1)) not in (b"", b"\0"):
            said += byte
        return said

    def _exactly(self, asked: socket.socket, length: int) -> bytes:
        said = b""
        while len(said) < length:
            more = asked.recv(length - len(said))
            assert more, "the client hung up in the middle of a chunk"
            said += more
        return said


@contextmanager
def clamd(answer: bytes | None = b"", most: int = 1_000_000_000, path: Path | None = None) -> Iterator[str]:
    """`answer`: instead of the honest one; None hangs up. Yields what stands in SITTHI_CLAMD."""
    line = socket.socket(socket.AF_UNIX if path else socket.AF_INET)
    line.bind(str(path) if path else ("127.0.0.1", 0))
    line.listen()
    thread = threading.Thread(target=FakeClamd(line, answer, most).serve, daemon=True)
    thread.start()
    try:
        yield f"unix:{path}" if path else f"tcp:127.0.0.1:{line.getsockname()[1]}"
    finally:
        line.shutdown(socket.SHUT_RDWR)
        line.close()
        thread.join(5)


def test_a_clean_file_is_clean_and_the_known_sign_is_found() -> None:
    with clamd() as address:
        scanner = Clamd(address)
        assert scanner.is_there()
        assert scanner.is_clean(files.jpeg())
        assert scanner.is_clean(b"")
        assert scanner.is_clean(os.urandom(300_000))
        assert not scanner.is_clean(os.urandom(70_000) + EICAR)


def test_it_listens_on_a_socket_of_the_file_system_too(tmp_path: Path) -> None:
    with clamd(path=tmp_path / "clamd.sock") as address:
        assert not Clamd(address).is_clean(EICAR)


@pytest.mark.parametrize("answer", [None, b"\0", b"stream: Can't allocate memory ERROR\0", b"\xff\xfe\0", b"stream: OK but\0"])
def test_an_answer_that_is_none_is_never_taken_for_clean(answer: bytes | None) -> None:
    with clamd(answer) as address, pytest.raises(ScannerSilent):
        Clamd(address).is_clean(files.jpeg())


def test_a_file_too_large_for_the_scanner_is_not_clean_either() -> None:
    with clamd(most=1000) as address, pytest.raises(ScannerSilent):
        Clamd(address).is_clean(os.urandom(2_000_000))


def test_nobody_there(tmp_path: Path) -> None:
    for address in (f"unix:{tmp_path}/nobody.sock", "tcp:127.0.0.1:1"):
        assert not Clamd(address).is_there()
        with pytest.raises(ScannerSilent):
            Clamd(address).is_clean(b"x")


def test_a_scanner_that_keeps_silent_is_not_waited_for_for_ever() -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        with pytest.raises(ScannerSilent):
            Clamd(f"tcp:127.0.0.1:{deaf.getsockname()[1]}", seconds=0.2).is_clean(b"x")
