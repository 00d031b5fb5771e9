"""Web push: encrypted beside (message_encryption.py, RFC 8291), signed by pywebpush's py-vapid (RFC 8292), carried by libcurl.

Decided:
- Of pywebpush we use the signature (py-vapid, made once for each origin and kept for hours), and in the tests its encoder, which makes the
  same bytes as ours. Its `webpush()` opens a connection for each message, follows redirects, takes any address and waits for ever; it is
  what tests/bench/bench_push.py measures us against.
- libcurl through pycurl: one HTTP/2 connection carries a hundred messages at a time. Measured against it: requests with a session costs
  five times the CPU, aiohttp three times; httpx's HTTP/2 ten times.
- Nagle's algorithm is left on: libcurl writes each message by itself, and the kernel puts those that wait together into one packet.
- An endpoint is a stranger's address that we are asked to call from inside a government's network. It must be https, its host on the list,
  its port the usual one, nothing in front of the host; no redirect is followed; and the address it leads to must be a public one. That is
  looked at when the connection opens, so that a name which points inside finds no way either. Development adds loopback.
- An answer's text is read no further than a few kilobytes and kept nowhere.
Put aside: a proxy between us and the push services (a public address could no longer be told from an inner one): operators open
the listed hosts.
"""

from __future__ import annotations

import base64
import binascii
import re
import socket
import time
from collections.abc import Iterable, Iterator
from ipaddress import ip_address
from itertools import islice
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from webapp.adapters.push.message_encryption import AUTH_BYTES, POINT_BYTES, encrypted_for
from webapp.config import LOOPBACK, Settings
from webapp.ports import PushAnswer, PushMessage, Verdict

IN_FLIGHT = 192
CONNECTIONS_TO_A_HOST = 8  # to one that speaks HTTP/1.1 only; HTTP/2 needs one or two
CONNECT_MILLISECONDS, WHOLE_MILLISECONDS = 5_000, 8_000
LONGEST_ENDPOINT = 2048
ENDPOINT = re.compile(r"((https?)://([a-z0-9.-]+|\[::1\])(?::([0-9]{1,5}))?)/[!\"$-\[\]-~]*")
"""As browsers write it: no name or password in front of the host, no backslash, fragment or space for two readers to read differently."""
LONGEST_ANSWER = 4096
SIGNED_FOR, RENEW_BEFORE = 12 * 3600, 3600
MOST_ORIGINS = 1000
GONE = frozenset({404, 410})
REFUSED = frozenset({400, 413})
"""Of all that a push service says no with, only these are about the one message: a signature, a clock or an address that it will not have
is ours, and must cost nobody their subscription."""
LATER = frozenset({0, 408, 425, 429})
LONGEST_REST = 24 * 3600


class WebPush:
    """The Push port over the push services of the settings' list."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._signatures: dict[str, tuple[str, float]] = {}
        self._known: dict[str, bool] = {}

    @property
    def public_key(self) -> str:
        private = ec.derive_private_key(int.from_bytes(_decoded(self._settings.vapid_private_key), "big"), ec.SECP256R1())
        point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return base64.urlsafe_b64encode(point).decode().rstrip("=")

    def fault_of(self, endpoint: str, p256dh: str, auth: str) -> str | None:
        if self._origin_of(endpoint) is None:
            return "endpoint"
        if not _is_point(p256dh):
            return "keys.p256dh"
        return None if len(_decoded(auth)) == AUTH_BYTES else "keys.auth"

    def send(self, messages: Iterable[PushMessage]) -> Iterator[PushAnswer]:
        transfers = _Transfers(self._settings)
        try:
            yield from self._sent(iter(messages), transfers)
        finally:
            transfers.close()

    def _sent(self, messages: Iterator[PushMessage], transfers: _Transfers) -> Iterator[PushAnswer]:
        more = True
        while more or transfers.under_way:
            room = transfers.room if more else 0
            lot = list(islice(messages, room))
            more = more and len(lot) == room
            for message, outcome in [(message, self._encrypted(message)) for message in lot]:  # one kind of work after the other: faster
                if isinstance(outcome, Verdict):
                    yield PushAnswer(message, outcome, 0)
                else:
                    transfers.start(message, *outcome)
            yield from transfers.finished()

    def _encrypted(self, message: PushMessage) -> tuple[bytes, str] | Verdict:
        """With the signature for its push service, or what it is answered where it cannot be sent at all."""
        to = message.subscription
        origin = self._origin_of(to.endpoint)
        if origin is None:
            return Verdict.OURS
        try:
            return encrypted_for(_decoded(to.p256dh), _decoded(to.auth), message.body), self._signature_for(origin)
        except ValueError:  # keys that were taken before they were looked at so closely
            return Verdict.REFUSED

    def _signature_for(self, origin: str) -> str:
        """The Authorization header for this push service."""
        header, signed_until = self._signatures.get(origin, ("", 0.0))
        now = time.time()
        if now > signed_until - RENEW_BEFORE or signed_until - now > SIGNED_FOR:
            if len(self._signatures) >= MOST_ORIGINS:
                self._signatures.clear()
            header, signed_until = self._signed(origin, int(now) + SIGNED_FOR)
            self._signatures[origin] = header, signed_until
        return header

    def _signed(self, origin: str, until: int) -> tuple[str, float]:
        from py_vapid import Vapid02

        signer = Vapid02.from_raw(self._settings.vapid_private_key.encode())
        return signer.sign({"aud": origin, "sub": self._settings.vapid_subject, "exp": until})["Authorization"], float(until)

    def _origin_of(self, endpoint: str) -> str | None:
        """None where it may not be called."""
        found = ENDPOINT.fullmatch(endpoint) if len(endpoint) <= LONGEST_ENDPOINT else None
        if found is None:
            return None
        origin = found[1]
        may = self._known.get(origin)
        if may is None:
            if len(self._known) >= MOST_ORIGINS:
                self._known.clear()
            may = self._known[origin] = self._may_be_called(*found.group(2, 3, 4))
        return origin if may else None

    def _may_be_called(self, scheme: str, host: str, port: str | None) -> bool:
        if not self._settings.production and host.strip("[]") in LOOPBACK:
            return True
        return scheme == "https" and port in (None, "443") and any(_is_below(host, listed) for listed in self._settings.push_hosts)


class _Transfers:
    """Messages under way, each on a handle that is used again and again."""

    def __init__(self, settings: Settings) -> None:
        import pycurl

        self._curl = pycurl
        self._settings = settings
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_MAX_HOST_CONNECTIONS, CONNECTIONS_TO_A_HOST)
        self._free: list[Any] = []
        self.under_way: dict[Any, PushMessage] = {}

    @property
    def room(self) -> int:
        """For so many more."""
        return IN_FLIGHT - len(self.under_way)

    def start(self, message: PushMessage, body: bytes, authorization: str) -> None:
        handle = self._free.pop() if self._free else self._new_handle()
        handle.setopt(self._curl.URL, message.subscription.endpoint)
        says = (authorization, message.ttl, message.urgency, message.topic)
        if handle.says != says:
            handle.says = says
            handle.setopt(self._curl.HTTPHEADER, _headers(message, authorization))
        handle.setopt(self._curl.POSTFIELDS, body)
        handle.read = 0
        self.under_way[handle] = message
        self._multi.add_handle(handle)

    def finished(self) -> Iterator[PushAnswer]:
        """Those that have ended by now; waits a moment where none has."""
        self._multi.perform()
        _, ended, failed = self._multi.info_read(IN_FLIGHT)
        if not ended and not failed:
            if self._multi.select(1.0) < 0:
                time.sleep(0.01)  # nothing to wait on yet: a name is being looked up
            return
        for handle in ended:
            yield self._answer(handle, handle.getinfo(self._curl.RESPONSE_CODE))
        for handle, code, _text in failed:
            answered = handle.getinfo(self._curl.RESPONSE_CODE) if code == self._curl.E_WRITE_ERROR else 0
            yield self._answer(handle, answered)

    def _answer(self, handle: Any, status: int) -> PushAnswer:
        message = self.under_way.pop(handle)
        wait = handle.getinfo(self._curl.RETRY_AFTER) if status >= 400 else 0
        self._multi.remove_handle(handle)
        self._free.append(handle)
        return PushAnswer(message, _verdict(status), status, min(int(wait), LONGEST_REST) if wait > 0 else None)

    def _new_handle(self) -> Any:
        curl = self._curl
        handle = curl.Curl()
        handle.says = None
        for option, value in (
            (curl.POST, 1), (curl.FOLLOWLOCATION, 0), (curl.MAXREDIRS, 0), (curl.PROXY, ""), (curl.NOPROXY, "*"), (curl.NETRC, 0),
            (curl.HTTP_VERSION, curl.CURL_HTTP_VERSION_2TLS), (curl.PIPEWAIT, 1), (curl.TCP_NODELAY, 0), (curl.NOSIGNAL, 1),
            (curl.USERAGENT, "Sitthi"),
            (curl.SSL_VERIFYPEER, 1), (curl.SSL_VERIFYHOST, 2), (curl.SSLVERSION, curl.SSLVERSION_TLSv1_2),
            (curl.CAINFO, self._settings.push_ca_file or _trusted()),
            (curl.CONNECTTIMEOUT_MS, CONNECT_MILLISECONDS), (curl.TIMEOUT_MS, WHOLE_MILLISECONDS),
            (curl.OPENSOCKETFUNCTION, self._opened), (curl.WRITEFUNCTION, lambda text: _read_a_little(handle, text)),
        ):  # fmt: skip
            handle.setopt(option, value)
        return handle

    def _opened(self, purpose: int, address: Any) -> Any:
        """A socket to a public address only; development adds loopback."""
        to = ip_address(address.addr[0].partition("%")[0])
        if not (to.is_global and not to.is_multicast) and (self._settings.production or not to.is_loopback):
            return self._curl.SOCKET_BAD
        return socket.socket(address.family, address.socktype, address.protocol)

    def close(self) -> None:
        for handle in list(self.under_way):
            self._multi.remove_handle(handle)
            handle.close()
        for handle in self._free:
            handle.close()
        self._multi.close()


def _headers(message: PushMessage, authorization: str) -> list[str]:
    return [
        f"Authorization: {authorization}",
        f"TTL: {message.ttl}",
        f"Urgency: {message.urgency}",
        f"Topic: {message.topic}",
        "Content-Type: application/octet-stream",
        "Content-Encoding: aes128gcm",
        "Expect:",
    ]


def _read_a_little(handle: Any, text: bytes) -> int | None:
    """Ends the answer when it grows long: its status is all we ask."""
    handle.read += len(text)
    return None if handle.read <= LONGEST_ANSWER else 0


def _verdict(status: int) -> Verdict:
    if 200 <= status < 300:
        return Verdict.ACCEPTED
    if status in GONE:
        return Verdict.GONE
    if status in REFUSED:
        return Verdict.REFUSED
    return Verdict.LATER if status in LATER or status >= 500 else Verdict.OURS


def _is_below(host: str, listed: str) -> bool:
    """`listed` is a host, or *.name for every host below name."""
    return host.endswith(listed[1:]) and len(host) > len(listed) - 1 if listed.startswith("*.") else host == listed


def _is_point(text: str) -> bool:
    raw = _decoded(text)
    if len(raw) != POINT_BYTES:
        return False
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
    except ValueError:
        return False
    return True


def _decoded(text: str) -> bytes:
    """base64url with or without padding; b"" where it is none."""
    bare = text.rstrip("=")
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        return b""


def _trusted() -> str:
    """The authorities of certifi: libcurl's wheel brings none."""
    import certifi

    return certifi.where()
