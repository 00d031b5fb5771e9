"""The keys of the ThaiD stand-in, and the id_tokens it signs with them, rightly or as a switch asks.

joserfc does all cryptography. Two ES256 keys are published at any time; rotating drops the older one and signs with a new one, so that a
relying party which keeps keys must fetch them again.
"""

from __future__ import annotations

import secrets
import threading
import warnings
from typing import Any

from authlib.oidc.core.grants.util import create_half_hash
from joserfc import jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, KeySet, OctKey
from joserfc.jws import JWSRegistry

from webapp.standins.switches import Switches

SOMEBODY_ELSE = "somebody-else"
ANOTHER_NUMBER = "1000000000025"
HOUR = 3600


class KeyRing:
    """The newest key signs; the one before it is still published."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys = [_new_key(), _new_key()]

    def rotate(self) -> None:
        """Every token signed before the last two rotations stops being verifiable."""
        with self._lock:
            self._keys = [self._keys[-1], _new_key()]

    @property
    def signing_key(self) -> ECKey:
        return self._keys[-1]

    def published(self) -> dict[str, Any]:
        """A JSON Web Key Set without any private part."""
        return dict(KeySet(list(self._keys)).as_dict(private=False))


def id_token(claims: dict[str, Any], access_token: str, ring: KeyRing, client_secret: str, switches: Switches) -> str:
    """A compact ES256 token with at_hash, spoiled in the ways the switches name."""
    if switches.rotate_keys:
        ring.rotate()
    spoiled = _spoil(claims | {"at_hash": at_hash(access_token)}, switches)
    return _sign(spoiled, ring, client_secret, switches)


def at_hash(access_token: str) -> str:
    """As OpenID Connect Core 3.1.3.6 defines it for ES256."""
    return str(create_half_hash(access_token, "ES256").decode())


def _new_key() -> ECKey:
    return ECKey.generate_key("P-256", {"kid": secrets.token_hex(8), "use": "sig", "alg": "ES256"})


def _spoil(claims: dict[str, Any], switches: Switches) -> dict[str, Any]:
    now = claims["iat"]
    changes: list[tuple[bool, dict[str, Any]]] = [
        (switches.wrong_audience, {"aud": SOMEBODY_ELSE}),
        (switches.audience_list, {"aud": [claims["aud"]]}),
        (switches.wrong_issuer, {"iss": claims["iss"] + "/api/v2"}),
        (switches.expired, {"iat": now - HOUR, "auth_time": now - HOUR, "exp": now - HOUR // 2}),
        (switches.not_yet_valid, {"iat": now + HOUR, "exp": now + 2 * HOUR}),
        (switches.wrong_at_hash, {"at_hash": at_hash("another token")}),
        (switches.wrong_nonce, {"nonce": secrets.token_urlsafe(8)}),
        (switches.pid_not_sub, {"pid": ANOTHER_NUMBER if claims["sub"] != ANOTHER_NUMBER else "1000000000009"}),
        (switches.foreign_azp, {"azp": SOMEBODY_ELSE}),
    ]
    for wanted, change in changes:
        claims = claims | change if wanted else claims
    left_out = {"nonce": switches.missing_nonce, "at_hash": switches.missing_at_hash}
    return {name: value for name, value in claims.items() if not left_out.get(name)}


def _sign(claims: dict[str, Any], ring: KeyRing, client_secret: str, switches: Switches) -> str:
    known, stranger = ring.signing_key, _new_key()
    header = {"typ": "JWT", "kid": stranger.kid if switches.unknown_kid else known.kid}
    if switches.alg_none:
        return _unsigned(header | {"alg": "none"}, claims)
    if switches.hs256:
        return jwt.encode(header | {"alg": "HS256"}, claims, OctKey.import_key(client_secret), algorithms=["HS256"])
    key = stranger if switches.unknown_kid or switches.bad_signature else known
    return jwt.encode(header | {"alg": "ES256"}, claims, key, algorithms=["ES256"])


def _unsigned(header: dict[str, Any], claims: dict[str, Any]) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SecurityWarning)  # being insecure is the purpose here
        return jwt.encode(header, claims, OctKey.generate_key(), registry=JWSRegistry(algorithms=["none"]))
