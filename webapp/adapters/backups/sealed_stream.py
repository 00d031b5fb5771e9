"""A stream sealed piece by piece: what a backup is outside the house.

Decided:
- AES-256-GCM in pieces of a megabyte, numbered, the last one marked (the STREAM construction, as age and Tink have it): a piece that was
  changed, left out, put elsewhere, taken from another backup or added at the end does not open, nor does a file that ends early.
- Each file has a key of its own, derived (HKDF) from a backup key, 32 random bytes and the whole head: two backups share nothing.
- `cryptography` is here already for every other seal, and its releases are watched. age would be a program to install beside the locked
  packages (its Python bindings are one person's), gpg brings keyrings and an agent that break at night; both would shine with a key that
  only opens elsewhere, but then no server could try its own backup, and a backup that was never opened is none.
- The key is not a data key: whoever keeps backups for us needs none of ours, and either is changed without the other.
"""

from __future__ import annotations

import base64
import hashlib
import io
import os
from collections.abc import Sequence
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from webapp.ports import BackupRefused

MAGIC = b"sitthi backup 1\n"
NAME_LETTERS, SALT_BYTES, KEY_BYTES, TAG_BYTES = 8, 32, 32, 16
HEAD_BYTES = len(MAGIC) + NAME_LETTERS + SALT_BYTES
PIECE = 1024 * 1024


class Sealer(io.RawIOBase):
    """Seals what is written to it; only `finish` makes it whole."""

    def __init__(self, out: BinaryIO, keys: Sequence[str]) -> None:
        key = _bytes_of(keys[0])
        head = MAGIC + key_name(key) + os.urandom(SALT_BYTES)
        self._cipher, self._out = _cipher(key, head), out
        self._waiting, self._number = bytearray(), 0
        self._out.write(head)

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._waiting += data
        while len(self._waiting) > PIECE:
            self._seal(bytes(self._waiting[:PIECE]), is_last=False)
            del self._waiting[:PIECE]
        return len(data)

    def finish(self) -> None:
        self._seal(bytes(self._waiting), is_last=True)
        self._waiting.clear()

    def _seal(self, piece: bytes, is_last: bool) -> None:
        self._out.write(self._cipher.encrypt(_nonce(self._number, is_last), piece, None))
        self._number += 1


class Opener(io.RawIOBase):
    """Opens such a stream; not one byte is given out whose piece did not fit. Raises BackupRefused."""

    def __init__(self, source: BinaryIO, keys: Sequence[str]) -> None:
        head = source.read(HEAD_BYTES)
        if len(head) < HEAD_BYTES or not head.startswith(MAGIC):
            raise BackupRefused("this is no backup of Sitthi, or its beginning is damaged")
        named = {key_name(key): key for key in map(_bytes_of, keys)}
        name = head[len(MAGIC) : len(MAGIC) + NAME_LETTERS]
        if name not in named:
            raise BackupRefused(f"it was sealed with the backup key {_shown(name)}, which SITTHI_BACKUP_KEYS does not give")
        self._cipher, self._source = _cipher(named[name], head), source
        self._number, self._open, self._next = 0, memoryview(b""), self._read()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        parts, wanted = [], size
        while size < 0 or wanted > 0:
            if not self._open and not self._turn():
                break
            part = bytes(self._open if size < 0 else self._open[:wanted])
            self._open = self._open[len(part) :]
            parts.append(part)
            wanted -= len(part)
        return b"".join(parts)

    def _turn(self) -> bool:
        """Open the next piece; False after the last."""
        if not self._next and self._number:
            return False
        sealed, self._next = self._next, self._read()
        try:
            self._open = memoryview(self._cipher.decrypt(_nonce(self._number, is_last=not self._next), sealed, None))
        except InvalidTag:
            at = HEAD_BYTES + self._number * (PIECE + TAG_BYTES)
            raise BackupRefused(f"it was changed or cut short: the piece from byte {at} on does not fit its seal") from None
        self._number += 1
        return True

    def _read(self) -> bytes:
        """A whole piece, unless the file ends."""
        data = self._source.read(PIECE + TAG_BYTES)
        while len(data) < PIECE + TAG_BYTES and (more := self._source.read(PIECE + TAG_BYTES - len(data))):
            data += more
        return data


def key_name(key: bytes) -> bytes:
    """Eight characters that name a key without telling it."""
    return hashlib.sha256(b"sitthi backup key" + key).hexdigest()[:NAME_LETTERS].encode()


def key_named_in(head: bytes) -> bytes:
    """b"" where this is no backup."""
    return head[len(MAGIC) : len(MAGIC) + NAME_LETTERS] if head.startswith(MAGIC) else b""


def names_of(keys: Sequence[str]) -> frozenset[bytes]:
    return frozenset(key_name(_bytes_of(key)) for key in keys)


def _bytes_of(text: str) -> bytes:
    return base64.b64decode(text, altchars=b"-_")


def _cipher(key: bytes, head: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), KEY_BYTES, salt=head[-SALT_BYTES:], info=head).derive(key))


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


def _shown(name: bytes) -> str:
    text = name.decode("ascii", "replace")
    return text if text.isalnum() else "of a damaged name"
