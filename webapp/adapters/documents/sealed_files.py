"""The folder of documents: every file sealed with the key of its document, which stands, sealed itself, in the database.

Decided:
- AES-256-GCM, a new nonce for each writing, bound to document and file name: a file put in another's place does not open. Whoever steals
  the folder has random bytes; whoever steals the database too still lacks the data keys, which are in neither (adapters/vault.py).
- When a row goes, its key goes with it, and what the folder still holds can be read by nobody from that moment; the worker sweeps it later.
  Changing the data keys (`sitthi rotate-keys`) seals the rows anew and leaves the files alone.
- A file is written under another name, flushed, and moved to its own; then the folder is flushed. So there is never half a file, and what
  was acknowledged survives a power cut. Nothing lies open on the disk at any moment: what waits in memory is sealed before it is written.
- While a backup carries the files away, what is dropped is moved to a room beside the folder and goes with the end of the backup: what
  the backup's copy of the database names must still be there when its turn comes. A backup that was killed holds nothing: its lock died
  with it.
Put aside: blobs in the database (every backup and every flush of the write-ahead log would carry them), and a store of objects across the
network (one more machine to run; this port is where it would go).
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from webapp.ports import FileGone, FilesUnavailable

NONCE_BYTES = 12
NAME = re.compile(r"[\w-]{1,80}", re.ASCII)
UNFINISHED = ".new"
LOCK = "lock"


class SealNotFitting(ValueError):
    """A file was changed, moved, or sealed with another key."""


class SealedFolder:
    """The SealedFiles port on one folder, which is made when the first file comes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, document_id: str, name: str, data: bytes, key: bytes) -> None:
        nonce = os.urandom(NONCE_BYTES)
        sealed = nonce + AESGCM(key).encrypt(nonce, data, _place(document_id, name))
        home = self._home(document_id)
        with _faults_named():
            home.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write_whole(home, name, sealed)

    def get(self, document_id: str, name: str, key: bytes) -> bytes:
        with _faults_named():
            try:
                sealed = (self._home(document_id) / _sound(name)).read_bytes()
            except FileNotFoundError:
                raise FileGone(name) from None
        try:
            return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _place(document_id, name))
        except InvalidTag:
            raise SealNotFitting("the seal of a document's file does not fit") from None

    def drop(self, document_id: str, names: Iterable[str] | None = None) -> None:
        home = self._home(document_id)
        with _faults_named():
            if self._is_held():
                self._move_aside(document_id, home, names)
            elif names is None:
                with suppress(FileNotFoundError):
                    shutil.rmtree(home)
            else:
                for name in names:
                    (home / _sound(name)).unlink(missing_ok=True)

    def documents(self, older_than: float, turn: int) -> Iterator[str]:
        """Of one shelf a turn: to list a million folders each minute would be all that the worker does."""
        before = time.time() - older_than
        with _faults_named():
            shelves = _listed(self._folder)
            for home in _listed(shelves[turn % len(shelves)]) if shelves else []:
                with suppress(FileNotFoundError):
                    if max((home.stat().st_mtime, *(file.stat().st_mtime for file in home.iterdir()))) < before:
                        yield home.name

    def is_ready(self) -> bool:
        """Whether a file can be written."""
        trial = f"trial-{secrets.token_hex(8)}"
        try:
            self.put(trial, "trial", b"", bytes(32))
            self.drop(trial)
        except FilesUnavailable:
            return False
        return True

    @contextmanager
    def held(self) -> Iterator[None]:
        with _faults_named():
            self._aside.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(self._aside / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            with _faults_named():
                fcntl.flock(lock, fcntl.LOCK_EX)
                self._forget_aside()
            yield
            with _faults_named():
                self._forget_aside()
        finally:
            _let_go(lock)

    def sealed(self, document_id: str, name: str) -> BinaryIO:
        with _faults_named():
            for place in (self._home(document_id) / _sound(name), self._aside / f"{_sound(document_id)}.{name}"):
                with suppress(FileNotFoundError):
                    return place.open("rb")
        raise FileGone(name)

    @property
    def _aside(self) -> Path:
        return self._folder.with_name(f"{self._folder.name}.held")

    def _is_held(self) -> bool:
        """Asked by droppers: somebody has the lock to themselves."""
        try:
            lock = os.open(self._aside / LOCK, os.O_RDONLY)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            _let_go(lock)
        return False

    def _move_aside(self, document_id: str, home: Path, names: Iterable[str] | None) -> None:
        for name in [file.name for file in _listed(home)] if names is None else map(_sound, names):
            with suppress(FileNotFoundError):
                shutil.move(home / name, self._aside / f"{_sound(document_id)}.{name}")
        if names is None:
            with suppress(FileNotFoundError):
                shutil.rmtree(home)

    def _forget_aside(self) -> None:
        for file in _listed(self._aside):
            if file.name != LOCK:
                file.unlink(missing_ok=True)

    def _home(self, document_id: str) -> Path:
        """On a shelf by its last two letters, so that no folder grows too long to list."""
        known = _sound(document_id)
        return self._folder / known[-2:] / known


def _sound(name: str) -> str:
    """A name of ours: never a way out of the folder."""
    if not NAME.fullmatch(name):
        raise ValueError("not a name of ours")
    return name


def _place(document_id: str, name: str) -> bytes:
    return f"documents:{document_id}/{name}".encode()


def _listed(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _write_whole(home: Path, name: str, sealed: bytes) -> None:
    unfinished = home / f"{_sound(name)}.{secrets.token_hex(8)}{UNFINISHED}"
    try:
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, home / name)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    _flush_folder(home)


def _let_go(lock: int) -> None:
    """Unlocks by name: a process that another thread is just starting holds the same lock open, so closing ours would not do."""
    fcntl.flock(lock, fcntl.LOCK_UN)
    os.close(lock)


def _flush_folder(folder: Path) -> None:
    """A name in a folder is lasting once the folder is flushed, and the folder itself once its own is."""
    for one in (folder, folder.parent, folder.parent.parent):
        handle = os.open(one, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _faults_named() -> Iterator[None]:
    """A full disk or a folder of another's is told as the store's trouble is: come back later, nothing was taken."""
    try:
        yield
    except FileGone:
        raise
    except OSError as fault:
        raise FilesUnavailable(fault.strerror or "the folder of documents") from fault
