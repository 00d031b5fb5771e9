"""A backup opens whole, with its key and as it was sealed, or it does not open at all."""

from __future__ import annotations

import base64
import io
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.adapters.backups import sealed_stream
from webapp.adapters.backups.archive import STALE_SECONDS, SealedArchives
from webapp.adapters.backups.sealed_stream import HEAD_BYTES, MAGIC, PIECE, TAG_BYTES, Opener, Sealer
from webapp.ports import BackupRefused, Part

KEY, ANOTHER_KEY = (base64.urlsafe_b64encode(letter * 32).decode() for letter in (b"k", b"j"))
SEALED_PIECE = PIECE + TAG_BYTES
THREE_PIECES = os.urandom(PIECE) + os.urandom(PIECE) + os.urandom(500)


def sealed(data: bytes, key: str = KEY) -> bytes:
    out = io.BytesIO()
    sealer = Sealer(out, [key])
    sealer.write(data)
    sealer.finish()
    return out.getvalue()


def opened(data: bytes, *keys: str) -> bytes:
    return Opener(io.BytesIO(data), keys or [KEY]).read()


# The stream


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 7])
def test_what_was_sealed_opens_again(size: int) -> None:
    data = os.urandom(size)
    assert opened(sealed(data)) == data


@given(st.lists(st.binary(max_size=70), max_size=12), st.integers(1, 50))
def test_it_is_all_one_in_what_parts_it_is_written_and_read(parts: list[bytes], step: int) -> None:
    out = io.BytesIO()
    sealer = Sealer(out, [KEY])
    for part in parts:
        sealer.write(part)
    sealer.finish()
    opener, found = Opener(io.BytesIO(out.getvalue()), [KEY]), b""
    while more := opener.read(step):
        found += more
    assert found == b"".join(parts)


def test_nothing_of_it_can_be_read_without_the_key_and_two_are_never_alike() -> None:
    plain = b"somebody's wage" * 1000
    first, second = sealed(plain), sealed(plain)
    assert b"wage" not in first
    assert first[HEAD_BYTES:] != second[HEAD_BYTES:]


def test_an_older_key_still_opens_and_a_wrong_one_is_named_by_its_name_only() -> None:
    assert opened(sealed(b"x", ANOTHER_KEY), KEY, ANOTHER_KEY) == b"x"
    with pytest.raises(BackupRefused, match="which SITTHI_BACKUP_KEYS does not give") as told:
        opened(sealed(b"x", ANOTHER_KEY))
    assert ANOTHER_KEY not in str(told.value)


WHERE = (0, len(MAGIC), HEAD_BYTES - 1, HEAD_BYTES, HEAD_BYTES + SEALED_PIECE - 1, HEAD_BYTES + SEALED_PIECE, -TAG_BYTES - 1, -1)


@pytest.mark.parametrize("at", WHERE)
@pytest.mark.parametrize("bit", [1, 128])
def test_a_single_bit_that_turned_is_noticed(at: int, bit: int) -> None:
    damaged = bytearray(sealed(THREE_PIECES))
    damaged[at] ^= bit
    with pytest.raises(BackupRefused):
        opened(bytes(damaged))


@pytest.mark.parametrize(
    "length", [0, 5, HEAD_BYTES - 1, HEAD_BYTES, HEAD_BYTES + 8, HEAD_BYTES + SEALED_PIECE, HEAD_BYTES + 2 * SEALED_PIECE, -1]
)
def test_one_that_was_cut_short_is_noticed_also_between_two_pieces(length: int) -> None:
    with pytest.raises(BackupRefused):
        opened(sealed(THREE_PIECES)[:length])


def pieces_of(data: bytes) -> list[bytes]:
    return [data[at : at + SEALED_PIECE] for at in range(HEAD_BYTES, len(data), SEALED_PIECE)]


def test_pieces_in_another_order_left_out_twice_or_from_another_backup_are_noticed() -> None:
    whole, other = sealed(THREE_PIECES), sealed(THREE_PIECES)
    head, (first, second, last) = whole[:HEAD_BYTES], pieces_of(whole)
    for forged in (
        (second, first, last), (first, last), (first, first, second, last), (first, second, last, last),
        (first, pieces_of(other)[1], last), (first, second, last, b"more"), (last,),
    ):  # fmt: skip
        with pytest.raises(BackupRefused):
            opened(b"".join((head, *forged)))
    with pytest.raises(BackupRefused):
        opened(other[:HEAD_BYTES] + whole[HEAD_BYTES:])


def test_only_one_piece_at_a_time_stands_in_memory() -> None:
    class Tap(io.RawIOBase):
        largest = 0

        def write(self, data: object) -> int:
            self.largest = max(self.largest, len(data))  # type: ignore[arg-type]
            return len(data)  # type: ignore[arg-type]

    tap = Tap()
    sealer = Sealer(tap, [KEY])  # type: ignore[arg-type]
    for _ in range(40):
        sealer.write(bytes(PIECE // 4))
        assert len(sealer._waiting) <= PIECE
    sealer.finish()
    assert tap.largest == SEALED_PIECE


# The file


@pytest.fixture
def archives(tmp_path: Path) -> SealedArchives:
    return SealedArchives([KEY], tmp_path / "data")


def two_files(tmp_path: Path) -> Iterator[Part]:
    for name, content in (("sitthi.db", b"rows" * 9000), ("documents/01/DC-01/page-1", b"pages")):
        path = tmp_path / name.replace("/", "_")
        path.write_bytes(content)
        yield Part(name, lambda path=path: path.open("rb"))  # type: ignore[misc]


def test_files_come_back_with_the_facts_and_for_their_owner_alone(archives: SealedArchives, tmp_path: Path) -> None:
    to, place = tmp_path / "one.backup", tmp_path / "out"
    assert archives.write(to, two_files(tmp_path), lambda: {"rows": 9}) == to.stat().st_size
    facts = archives.unpack(to, place)
    assert facts["rows"] == 9
    assert facts["contents"]["files"] == 2
    assert (place / "sitthi.db").read_bytes() == b"rows" * 9000
    assert (place / "documents/01/DC-01/page-1").read_bytes() == b"pages"
    for path in (to, *place.rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path
    assert [one.name for one in tmp_path.iterdir() if one.name.endswith(".part")] == []


def test_a_backup_that_is_there_is_not_overwritten(archives: SealedArchives, tmp_path: Path) -> None:
    (tmp_path / "one.backup").write_bytes(b"the only one")
    with pytest.raises(BackupRefused, match="is not overwritten"):
        archives.write(tmp_path / "one.backup", two_files(tmp_path), dict)
    assert (tmp_path / "one.backup").read_bytes() == b"the only one"


def test_what_breaks_off_leaves_nothing_under_any_name(archives: SealedArchives, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()

    def broken() -> Iterator[Part]:
        yield from two_files(tmp_path)
        raise OSError(28, "No space left on device")

    with pytest.raises(BackupRefused, match="No space left"):
        archives.write(folder / "one.backup", broken(), dict)
    assert list(folder.iterdir()) == []


def forged(tmp_path: Path, *members: tarfile.TarInfo) -> Path:
    """Sealed with the right key, by somebody who has it."""
    path = tmp_path / "forged.backup"
    with path.open("wb") as out:
        sealer = Sealer(out, [KEY])
        with tarfile.open(fileobj=sealer, mode="w|") as tar:
            for member in members:
                tar.addfile(member, io.BytesIO(bytes(member.size)))
        sealer.finish()
    return path


@pytest.mark.parametrize("name", ["../outside", "/etc/cron.d/x", "documents/../../x", "documents/01/DC-01/../../../x", "sitthi.db/x", "x"])
def test_a_name_that_is_not_ours_is_not_written_anywhere(archives: SealedArchives, tmp_path: Path, name: str) -> None:
    with pytest.raises(BackupRefused, match="something that no backup of ours holds"):
        archives.unpack(forged(tmp_path, tarfile.TarInfo(name)), tmp_path / "deep" / "out")
    assert not (tmp_path / "deep").exists()


def test_a_link_is_not_laid_out(archives: SealedArchives, tmp_path: Path) -> None:
    link = tarfile.TarInfo("sitthi.db")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    with pytest.raises(BackupRefused):
        archives.unpack(forged(tmp_path, link), tmp_path / "out")


def test_an_archive_without_its_manifest_is_refused(archives: SealedArchives, tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="its manifest"):
        archives.unpack(forged(tmp_path, tarfile.TarInfo("sitthi.db")), tmp_path / "out")


def test_what_is_sealed_but_no_archive_is_refused(archives: SealedArchives, tmp_path: Path) -> None:
    (tmp_path / "x.backup").write_bytes(sealed(b"no tar at all" * 500))
    with pytest.raises(BackupRefused, match="no archive"):
        archives.unpack(tmp_path / "x.backup", tmp_path / "out")


def test_two_at_once_are_refused_and_what_a_killed_one_left_is_swept(archives: SealedArchives, tmp_path: Path) -> None:
    with archives.room() as room:
        (room / "sitthi.db").write_bytes(b"x")
        with pytest.raises(BackupRefused, match="under way"), archives.room():
            pass
    assert not room.exists()
    room.mkdir()
    (room / "left-behind").write_bytes(b"x")
    with archives.room() as again:
        assert list(again.iterdir()) == []
        assert again.stat().st_mode & 0o077 == 0


def test_a_process_that_was_just_being_started_does_not_keep_the_room(archives: SealedArchives) -> None:
    with archives.room():
        wait, go = os.pipe()
        started = os.fork()  # as a thread that redraws a document does it, before the new program closes what it was given
        if not started:
            os.close(go)
            os.read(wait, 1)
            os._exit(0)
    try:
        with archives.room() as again:
            assert again.exists()
    finally:
        os.close(go)
        os.close(wait)
        os.waitpid(started, 0)


def test_pruning_takes_only_what_our_own_key_sealed(archives: SealedArchives, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "ours").write_bytes(sealed(b"x"))
    (folder / "another installation's").write_bytes(sealed(b"x", ANOTHER_KEY))
    (folder / "a photo").write_bytes(b"\xff\xd8\xff")
    for name, age in ((".sitthi-a.part", STALE_SECONDS + 60), (".sitthi-b.part", 60)):
        (folder / name).write_bytes(b"half")
        stamp = (folder / name).stat().st_mtime - age
        os.utime(folder / name, (stamp, stamp))
    assert archives.prune(folder, lambda names: sorted(set(names) & {"ours", "another installation's", "a photo"})) == ["ours"]
    assert {one.name for one in folder.iterdir()} == {"another installation's", "a photo", ".sitthi-b.part"}


def test_the_name_of_a_key_tells_nothing_of_it() -> None:
    (name,) = sealed_stream.names_of([KEY])
    assert len(name) == 8
    assert name not in KEY.encode()
