"""What only one phone can read: RFC 8291 over RFC 8188 (aes128gcm), by the `cryptography` library.

Decided:
- Every piece of the cryptography is the library's: key pair, ECDH, HKDF, AES-GCM. What is written here is the order of the RFC and its
  86 bytes of header. pywebpush's encoder asks the same library for the same, but comes to it through three HKDF runs where two do, the
  point written out three times, and objects and checks in between: 290 us a message against 160, measured side by side.
- tests/adapters/test_message_encryption.py holds it to the RFC's own example, and to the byte to what pywebpush's encoder makes of the
  same key and salt.
- A key pair and a salt of its own for each message, as the RFC demands: half of what a message costs, and no place to save.
"""

from __future__ import annotations

import os

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

AUTH_BYTES, POINT_BYTES, SALT_BYTES = 16, 65, 16
RECORD_BYTES = 4096
"""A push service need not take more (RFC 8291, 4), so that one record holds every message."""
LAST_RECORD = b"\x02"
TAG_BYTES = 16
LONGEST_BODY = RECORD_BYTES - SALT_BYTES - 4 - 1 - POINT_BYTES - len(LAST_RECORD) - TAG_BYTES

_CURVE, _ECDH, _SHA256 = ec.SECP256R1(), ec.ECDH(), SHA256()
_SIZE_AND_KEY_LENGTH = RECORD_BYTES.to_bytes(4, "big") + bytes([POINT_BYTES])


def encrypted_for(point: bytes, auth: bytes, body: bytes) -> bytes:
    """For the phone with this public key (an uncompressed point of P-256) and this secret; raises ValueError where they are none, or the
    body is longer than LONGEST_BODY."""
    if len(point) != POINT_BYTES or len(auth) != AUTH_BYTES:
        raise ValueError("no keys of a subscription")
    if len(body) > LONGEST_BODY:
        raise ValueError("longer than a push service takes")
    return _encrypted(body, point, auth, ec.generate_private_key(_CURVE), os.urandom(SALT_BYTES))


def _encrypted(body: bytes, theirs: bytes, auth: bytes, key: ec.EllipticCurvePrivateKey, salt: bytes) -> bytes:
    """`key` and `salt` must never have been used before."""
    ours = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = key.exchange(_ECDH, ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, theirs))
    secret = HKDF(_SHA256, 32, auth, b"WebPush: info\0" + theirs + ours).derive(shared)
    drawn = HKDF.extract(_SHA256, salt, secret)
    content_key = HKDFExpand(_SHA256, 16, b"Content-Encoding: aes128gcm\0").derive(drawn)
    nonce = HKDFExpand(_SHA256, 12, b"Content-Encoding: nonce\0").derive(drawn)
    return salt + _SIZE_AND_KEY_LENGTH + ours + AESGCM(content_key).encrypt(nonce, body + LAST_RECORD, None)
