"""What keeps a stolen database file from telling who is in it.

A citizen number is stored twice: as HMAC-SHA256 with a secret pepper, to look it up, and inside a sealed text
(AES-256-GCM), to show its last digits. A plain hash was refused: thirteen digits are tried out in minutes. Each sealed
text is bound to its place ("people:<id>"), so that a row's secret cannot be moved to another row. The first key or
pepper writes, all of them read: keys are changed by putting a new one in front, and `sitthi rotate-keys` then writes every row anew
(actions/key_rotation.py). Keys and peppers are told apart by names that say nothing of them.
The same keys make the marks of the audit's batches, each derived for that use alone.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Sequence
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
KEY_BYTES = 32


class SealBroken(ValueError):
    """A sealed text was changed, moved, or written with a key that is no longer given."""


class Vault:
    """Seals texts and hashes citizen numbers; `data_keys` are base64 of 32 bytes each."""

    def __init__(self, data_keys: Sequence[str], pid_peppers: Sequence[str]) -> None:
        self._keys = {_key_name(key): AESGCM(key) for key in map(_key_bytes, data_keys)}
        self._first = next(iter(self._keys))
        self._mark_keys = {_key_name(key): _derived(key, b"sitthi audit mark") for key in map(_key_bytes, data_keys)}
        self._peppers = [pepper.encode() for pepper in pid_peppers]

    @property
    def first_key(self) -> str:
        """The name of the key that writes."""
        return self._first

    @property
    def key_names(self) -> frozenset[str]:
        """Of every key that can read."""
        return frozenset(self._keys)

    @property
    def first_pepper(self) -> str:
        """The name of the pepper that writes."""
        return pepper_name(self._peppers[0])

    @property
    def pepper_names(self) -> frozenset[str]:
        return frozenset(map(pepper_name, self._peppers))

    def mark(self, text: str) -> str:
        """HMAC with the first key: nobody makes it from the database alone."""
        return hmac.new(self._mark_keys[self._first], text.encode(), hashlib.sha256).hexdigest()

    def is_mark_of(self, text: str, mark: str, key_name: str) -> bool | None:
        """None where that key is not given."""
        key = self._mark_keys.get(key_name)
        return None if key is None else hmac.compare_digest(hmac.new(key, text.encode(), hashlib.sha256).hexdigest(), mark)

    def pid_hash(self, pid: str) -> str:
        """Under the newest pepper: the one to write."""
        return self.pid_hashes(pid)[0]

    def pid_hashes(self, pid: str) -> list[str]:
        """Under every pepper still read, newest first: the ones to look up."""
        return [hmac.new(pepper, pid.encode(), hashlib.sha256).hexdigest() for pepper in self._peppers]

    def seal(self, facts: dict[str, Any], place: str) -> str:
        nonce = os.urandom(NONCE_BYTES)
        plain = json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()
        sealed = self._keys[self._first].encrypt(nonce, plain, place.encode())
        return f"{self._first}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, place: str) -> dict[str, Any]:
        name, _, body = sealed.partition(".")
        key = self._keys.get(name)
        if key is None:
            raise SealBroken(f"no data key named {name} is given")
        raw = base64.urlsafe_b64decode(body)
        try:
            plain = key.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], place.encode())
        except InvalidTag:
            raise SealBroken(f"the seal of {place.partition(':')[0]} does not fit") from None
        facts: dict[str, Any] = json.loads(plain)
        return facts


def _key_bytes(text: str) -> bytes:
    raw = base64.b64decode(text, altchars=b"-_")
    if len(raw) != KEY_BYTES:
        raise ValueError("a data key must be base64 of 32 bytes")
    return raw


def pepper_name(pepper: bytes) -> str:
    """Eight characters that name a pepper without telling it."""
    return hashlib.sha256(b"sitthi pid pepper" + pepper).hexdigest()[:8]


def key_name_of(sealed: str) -> str:
    """Of the key that sealed this text."""
    return sealed.partition(".")[0]


def _derived(key: bytes, use: bytes) -> bytes:
    return hmac.new(key, use, hashlib.sha256).digest()


def _key_name(key: bytes) -> str:
    """Eight characters that name a key without telling it."""
    return hashlib.sha256(b"sitthi data key" + key).hexdigest()[:8]
