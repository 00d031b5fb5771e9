"""A backup as one file: a tar of the database and the documents, the manifest last, sealed as a stream.

Decided:
- Written under another name, flushed, renamed, and the folder flushed: under its own name a backup is whole or not there.
- One way through, a piece at a time: neither a large database nor a million documents ever stand in memory. So the manifest comes last,
  and of the documents it holds one hash over the hashes of all, beside the database's own.
- Tar, since anybody can read it once it is open, in a hundred years too. What is taken out of it is taken by us, file by file and only
  under names of ours; nothing in it may be a link or a way out.
- Nothing is squeezed: documents are sealed and cannot be; a database can, at the price of much of the time that a backup takes.
- Everything open (the copy of the database) lies in one room beside the database, mode 0700, under a lock: one backup or restore at a
  time, and whoever comes next sweeps what a killed one left behind.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import json
import math
import os
import re
import secrets
import shutil
import tarfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from webapp.adapters.backups.sealed_stream import HEAD_BYTES, Opener, Sealer, key_named_in, names_of
from webapp.ports import BackupRefused, Part

MANIFEST = "manifest.json"
DATABASE = "sitthi.db"
NAME = re.compile(r"sitthi\.db|documents/[\w-]{1,2}/[\w-]{1,80}/[\w-]{1,80}", re.ASCII)
BLOCK = 1024 * 1024
LARGEST_MANIFEST = 16 * 1024 * 1024
ROOM, LOCK, LAST = "backup-room", "backup-room.lock", "last-backup.json"
UNFINISHED = ".part"
STALE_SECONDS = 24 * 3600.0


class SealedArchives:
    """The Archives port; `keys` as in the settings, `data_dir` where the room is made."""

    def __init__(self, keys: Sequence[str], data_dir: Path) -> None:
        self._keys, self._data_dir = keys, data_dir

    @contextmanager
    def room(self) -> Iterator[Path]:
        with _faults_named(self._data_dir):
            _make_ours(self._data_dir)
            lock = os.open(self._data_dir / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise BackupRefused(f"another backup or restore is under way in {self._data_dir}") from None
        room = self._data_dir / ROOM
        try:
            with _faults_named(room):
                shutil.rmtree(room, ignore_errors=True)
                room.mkdir(mode=0o700)
            yield room
        finally:
            shutil.rmtree(room, ignore_errors=True)
            fcntl.flock(lock, fcntl.LOCK_UN)  # closing is not enough: a process that another thread is just starting holds it open too
            os.close(lock)

    def write(self, to: Path, parts: Iterable[Part], facts: Callable[[], Mapping[str, Any]]) -> int:
        unfinished = to.with_name(f".{to.name}.{secrets.token_hex(4)}{UNFINISHED}")
        with _faults_named(to):
            if to.exists():
                raise BackupRefused(f"{to} is there already and is not overwritten")
            try:
                with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                    self._pack(out, parts, facts)
                    out.flush()
                    os.fsync(out.fileno())
                os.rename(unfinished, to)
            finally:
                unfinished.unlink(missing_ok=True)
            _flush(to.parent)
            return to.stat().st_size

    def _pack(self, out: BinaryIO, parts: Iterable[Part], facts: Callable[[], Mapping[str, Any]]) -> None:
        sealer, told = Sealer(out, self._keys), _Told()
        with tarfile.open(fileobj=sealer, mode="w|", bufsize=BLOCK, format=tarfile.PAX_FORMAT) as tar:
            for part in parts:
                with part.open() as source:
                    hashed = _Hashed(source)
                    member = _member(part.name, os.fstat(source.fileno()).st_size)
                    tar.addfile(member, hashed)
                    told.add(part.name, member.size, hashed.digest)
            manifest = json.dumps({**facts(), "contents": told.facts()}, ensure_ascii=False, sort_keys=True).encode()
            tar.addfile(_member(MANIFEST, len(manifest)), io.BytesIO(manifest))
        sealer.finish()

    def unpack(self, source: Path, place: Path) -> Mapping[str, Any]:
        with _faults_named(source), source.open("rb") as sealed:
            opener, told, manifest = Opener(sealed, self._keys), _Told(), b""
            try:
                with tarfile.open(fileobj=opener, mode="r|", bufsize=BLOCK) as tar:
                    for member in tar:
                        content = tar.extractfile(member) if member.isreg() and not manifest else None
                        if content is not None and member.name == MANIFEST and member.size <= LARGEST_MANIFEST:
                            manifest = content.read()
                        elif content is not None and NAME.fullmatch(member.name):
                            told.add(member.name, member.size, _laid(content, place / member.name))
                        else:
                            raise BackupRefused("it holds something that no backup of ours holds")
                while opener.read(BLOCK):
                    pass
            except tarfile.TarError as fault:
                raise BackupRefused(f"it opens, but its inside is no archive ({fault})") from None
            facts: dict[str, Any] = json.loads(manifest) if manifest else {}
            if facts.get("contents") != told.facts():
                raise BackupRefused("what it holds is not what its manifest names")
            return facts

    def prune(self, folder: Path, to_remove: Callable[[Iterable[str]], list[str]]) -> list[str]:
        ours = names_of(self._keys)
        with _faults_named(folder):
            gone = [name for name in to_remove(one.name for one in folder.iterdir()) if _key_of(folder / name) in ours]
            for name in gone:
                (folder / name).unlink(missing_ok=True)
            for left in folder.glob(f".sitthi-*{UNFINISHED}"):
                with suppress(FileNotFoundError):
                    if time.time() - left.stat().st_mtime > STALE_SECONDS:
                        left.unlink()
            return gone

    def put_in_place(self, laid: Path, final: Path) -> None:
        """Across disks too; what is there already stays and is a refusal."""
        with _faults_named(final):
            _make_ours(final.parent)
            if final.is_dir() and not any(final.iterdir()):
                final.rmdir()
            if final.exists():
                raise BackupRefused(f"{final} came to be meanwhile: stop whatever uses it")
            near = final.with_name(f".{final.name}.{secrets.token_hex(4)}{UNFINISHED}")
            shutil.move(laid, near)
            os.sync()  # folders within folders: to flush each would be the same, later
            os.rename(near, final)
            _flush(final.parent)

    def note(self, facts: Mapping[str, Any]) -> None:
        part = self._data_dir / f"{LAST}{UNFINISHED}"
        with _faults_named(part):
            part.write_text(json.dumps(facts), encoding="utf-8")
            part.chmod(0o600)
            os.replace(part, self._data_dir / LAST)

    def noted(self) -> Mapping[str, Any] | None:
        try:
            found: dict[str, Any] = json.loads((self._data_dir / LAST).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return found

    def free_share(self) -> float:
        try:
            disk = shutil.disk_usage(self._data_dir)
        except OSError:
            return math.nan
        return disk.free / disk.total if disk.total else math.nan


class _Told:
    """What went through: one hash over the name, size and hash of every file in its order, and the database's own."""

    def __init__(self) -> None:
        self._files, self._bytes, self._database, self._all = 0, 0, "", hashlib.sha256()

    def add(self, name: str, size: int, digest: str) -> None:
        self._files, self._bytes = self._files + 1, self._bytes + size
        self._all.update(f"{digest} {size} {name}\n".encode())
        if name == DATABASE:
            self._database = digest

    def facts(self) -> dict[str, Any]:
        return {"files": self._files, "bytes": self._bytes, "database_sha256": self._database, "all_sha256": self._all.hexdigest()}


class _Hashed:
    """A file that is hashed while it is read."""

    def __init__(self, source: BinaryIO) -> None:
        self._source, self._hash = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self._hash.update(data)
        return data

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


def _laid(content: Any, path: Path) -> str:
    """Write it down, flushed; returns the hash of what lies on the disk now, read back."""
    _make_ours(path.parent)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        shutil.copyfileobj(content, out, BLOCK)
        out.flush()
        os.fsync(out.fileno())
    with path.open("rb") as again:
        return hashlib.file_digest(again, "sha256").hexdigest()


def _make_ours(folder: Path) -> None:
    """With all folders above it: `mkdir` gives the mode to the last one only."""
    if not folder.is_dir():
        _make_ours(folder.parent)
        folder.mkdir(mode=0o700)


def _key_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return key_named_in(file.read(HEAD_BYTES))
    except OSError:
        return b""


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _faults_named(what: Path) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        raise BackupRefused(f"{fault.filename or what}: {fault.strerror or type(fault).__name__}") from fault
