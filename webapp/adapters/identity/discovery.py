"""What an issuer says of itself: its endpoints and its keys, each fetched when needed and kept for an hour.

Everything follows from the issuer's address (OpenID Connect Discovery), so that the stand-in, the sandbox and the real ThaiD
differ in one setting. The document must name the issuer it was asked of. Keys are found by `kid`, and fetched once more
when one is unknown: they rotate.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from webapp.adapters.identity.calls import ProviderClient
from webapp.ports import SignInFailed

KEEP_SECONDS = 3600
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class Issuer:
    """One provider; `clock` gives seconds that only grow."""

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.url = url
        self.scheme = urlsplit(url).scheme
        self._clock = clock
        self._metadata: tuple[float, Mapping[str, Any]] | None = None
        self._keys: tuple[float, Mapping[str, ECKey]] | None = None

    def metadata(self, client: ProviderClient) -> Mapping[str, Any]:
        """The discovery document; raises SignInFailed where it cannot be had or is somebody else's."""
        if self._metadata is None or self._is_old(self._metadata[0]):
            said = client.document(f"{self.url}/.well-known/openid-configuration")
            self._check(said)
            self._metadata = (self._clock(), said)
        return self._metadata[1]

    def key(self, kid: object, client: ProviderClient) -> ECKey:
        """The key of this name; raises SignInFailed where there is none even among the newest."""
        if not isinstance(kid, str) or not kid:
            raise SignInFailed("not_verified", "no kid")
        if self._keys is None or self._is_old(self._keys[0]) or kid not in self._keys[1]:
            published = client.document(self.metadata(client)["jwks_uri"])
            self._keys = (self._clock(), _signing_keys(published.get("keys")))
        if kid not in self._keys[1]:
            raise SignInFailed("not_verified", "unknown kid")
        return self._keys[1][kid]

    def promises_iss(self, client: ProviderClient) -> bool:
        """Whether each callback names its issuer (RFC 9207)."""
        return self.metadata(client).get("authorization_response_iss_parameter_supported") is True

    def _is_old(self, since: float) -> bool:
        return self._clock() - since > KEEP_SECONDS

    def _check(self, said: Mapping[str, Any]) -> None:
        if said.get("issuer") != self.url:
            raise SignInFailed("provider_down", "the discovery document names another issuer")
        for name in NEEDED:
            if not isinstance(said.get(name), str) or urlsplit(said[name]).scheme != self.scheme:
                raise SignInFailed("provider_down", f"the discovery document has no fit {name}")


def _signing_keys(published: object) -> dict[str, ECKey]:
    """Keys that can have signed with ES256, by name; others that the issuer publishes are passed over."""
    keys: dict[str, ECKey] = {}
    for one in published if isinstance(published, list) else []:
        if not isinstance(one, dict) or one.get("kty") != "EC" or one.get("crv") != "P-256" or one.get("use", "sig") != "sig":
            continue
        try:
            keys[str(one.get("kid"))] = ECKey.import_key({name: value for name, value in one.items() if name != "d"})
        except (JoseError, ValueError, TypeError):
            continue
    return keys
