"""WebAuthn through py_webauthn (Duo): what a browser is asked for, and whether what came back is true.

Decided: py_webauthn, kept by Duo since 2017, BSD, the server's part and nothing else; JSON in and out as browsers speak it now; it checks
the algorithm, the origin, the address, the person's own check (fingerprint, face or the phone's PIN) and the count of uses.
Put aside: Yubico's fido2, which needs one package instead of five, but brings the client's half along (USB, NFC), leaves algorithm and
count to the caller, and writes credential ids to the log.
- No attestation is asked for: which maker built a phone is nobody's business here, and a refused attestation would shut old phones out.
- The key must be one the phone finds by itself (resident) and must check its holder: so nobody types who they are, and a phone that was
  found in the street opens nothing.
- The address is the base URL's. Passkeys need a name: in development, where the base URL is often 127.0.0.1, they live on localhost.
- Only EdDSA, ES256 and RS256; phones use ES256, Windows RS256.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from webapp.config import LOOPBACK, Settings
from webapp.ports import NewPasskey, Passkey

RP_NAME = "Sitthi"
TIMEOUT_MS = 120_000
LONGEST_ANSWER = 16 * 1024
BAD_ANSWERS = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError, IndexError, AssertionError, RecursionError)
"""What reading a stranger's JSON can raise besides the library's own. Checking reads CBOR and keys too, through other libraries: there
whatever is raised is a bad answer."""


class WebAuthn:
    """The PasskeyProvider port."""

    def __init__(self, settings: Settings) -> None:
        parts = urlsplit(settings.base_url)
        host = parts.hostname or ""
        if not settings.production and host in LOOPBACK:
            host = "localhost"
        self.rp_id = host
        self.origin = f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port else "")

    def home(self) -> str:
        return self.origin

    def is_at_home_on(self, host: str) -> bool:
        return not _is_address(self.rp_id) and host.lower() == urlsplit(self.origin).netloc

    def to_make(self, challenge: bytes, handle: bytes, name: str, known: Iterable[str]) -> str:
        return webauthn.options_to_json(
            webauthn.generate_registration_options(
                rp_id=self.rp_id,
                rp_name=RP_NAME,
                user_id=handle,
                user_name=name,
                user_display_name=name,
                challenge=challenge,
                timeout=TIMEOUT_MS,
                authenticator_selection=AuthenticatorSelectionCriteria(
                    resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
                ),
                exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in known],
            )
        )

    def made(self, answer: str, challenge: bytes) -> NewPasskey | None:
        try:
            verified = webauthn.verify_registration_response(
                credential=_read(answer),
                expected_challenge=challenge,
                expected_rp_id=self.rp_id,
                expected_origin=self.origin,
                require_user_verification=True,
            )
        except Exception:
            return None
        return NewPasskey(
            bytes_to_base64url(verified.credential_id), bytes_to_base64url(verified.credential_public_key), verified.sign_count
        )

    def to_use(self, challenge: bytes) -> str:
        return webauthn.options_to_json(
            webauthn.generate_authentication_options(
                rp_id=self.rp_id, challenge=challenge, timeout=TIMEOUT_MS, user_verification=UserVerificationRequirement.REQUIRED
            )
        )

    def challenge_in(self, answer: str) -> bytes | None:
        try:
            said: dict[str, Any] = json.loads(base64url_to_bytes(_read(answer)["response"]["clientDataJSON"]))
            return base64url_to_bytes(said["challenge"])
        except BAD_ANSWERS:
            return None

    def credential_in(self, answer: str) -> str | None:
        try:
            return bytes_to_base64url(base64url_to_bytes(_read(answer)["id"]))
        except BAD_ANSWERS:
            return None

    def used(self, answer: str, challenge: bytes, passkey: Passkey) -> int | None:
        try:
            verified = webauthn.verify_authentication_response(
                credential=_read(answer),
                expected_challenge=challenge,
                expected_rp_id=self.rp_id,
                expected_origin=self.origin,
                credential_public_key=base64url_to_bytes(passkey.public_key),
                credential_current_sign_count=passkey.sign_count,
                require_user_verification=True,
            )
        except Exception:
            return None
        return verified.new_sign_count


def _read(answer: str) -> dict[str, Any]:
    if len(answer) > LONGEST_ANSWER:
        raise ValueError("longer than any answer of a browser")
    read = json.loads(answer)
    if not isinstance(read, dict):
        raise TypeError("not an object")
    return read


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
