"""A push service and phones for the tests: they receive, verify and decrypt on their own, by the RFCs, with none of the sender's code.

RFC 8291 (message encryption) and RFC 8188 (aes128gcm) are written out below from their texts; RFC 8292 (VAPID) is verified by joserfc.
"""

from __future__ import annotations

import base64
import json
import secrets
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwt
from joserfc.jwk import ECKey

POINT = 65


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derived(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)


class Phone:
    """A browser with a subscription of its own."""

    def __init__(self, service: str, name: str = "") -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = secrets.token_bytes(16)
        self.endpoint = f"{service}/push/{name or secrets.token_urlsafe(16)}"

    @property
    def path(self) -> str:
        return "/" + self.endpoint.split("/", 3)[3]

    def subscription(self, **more: Any) -> dict[str, Any]:
        """What PushSubscription.toJSON() gives."""
        keys = {"p256dh": b64(_point(self.key)), "auth": b64(self.auth)}
        return {"endpoint": self.endpoint, "expirationTime": None, "keys": keys, **more}

    def read(self, body: bytes) -> dict[str, Any]:
        """RFC 8188: salt, record size, key id (the sender's point), one record. RFC 8291: keys from both sides' points and `auth`."""
        salt, size, id_length = body[:16], struct.unpack("!L", body[16:20])[0], body[20]
        theirs, record = body[21 : 21 + id_length], body[21 + id_length :]
        assert id_length == POINT
        assert len(record) <= size
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
        secret = _derived(self.auth, shared, b"WebPush: info\0" + _point(self.key) + theirs, 32)
        key = _derived(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _derived(salt, secret, b"Content-Encoding: nonce\0", 12)
        plain = AESGCM(key).decrypt(nonce, record, None).rstrip(b"\0")
        assert plain.endswith(b"\x02"), "the last record ends with 2"
        found: dict[str, Any] = json.loads(plain[:-1])
        return found


@dataclass(frozen=True)
class Received:
    """One message as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes

    def signer(self, audience: str) -> dict[str, Any]:
        """Verify VAPID (RFC 8292); returns the claims and the key."""
        scheme, _, rest = self.headers["authorization"].partition(" ")
        parts = dict(part.strip().split("=", 1) for part in rest.split(","))
        point = unb64(parts["k"])
        key = ECKey.import_key({"kty": "EC", "crv": "P-256", "x": b64(point[1:33]), "y": b64(point[33:])})
        token = jwt.decode(parts["t"], key, algorithms=["ES256"])
        assert scheme == "vapid"
        assert token.claims["aud"] == audience
        assert time.time() < token.claims["exp"] <= time.time() + 24 * 3600
        return {**token.claims, "k": parts["k"]}


Answer = tuple[int, dict[str, str]]


@dataclass
class PushService:
    """`answer` says what each message gets: (201, {}) by default."""

    url: str = ""
    received: list[Received] = field(default_factory=list)
    answer: Callable[[Received], Answer] = lambda message: (201, {})

    def of(self, phone: Phone) -> list[Received]:
        return [one for one in self.received if one.path == phone.path]

    def read(self, phone: Phone) -> list[dict[str, Any]]:
        """What this phone can read of what arrived for it."""
        return [phone.read(one.body) for one in self.of(phone)]


@contextmanager
def running_push_service() -> Iterator[PushService]:
    service = PushService()

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            message = Received(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            status, headers = service.answer(message)
            service.received.append(message)
            try:
                self.send_response(status)
                for name, value in {"Content-Length": "0", **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
            except OSError:
                pass  # the sender gave up waiting: that is what the test is about

        def log_message(self, format: str, *args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

        def handle_error(self, request: Any, client_address: Any) -> None:
            pass

    server = Server(("127.0.0.1", 0), Door)
    service.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
