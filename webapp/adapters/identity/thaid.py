"""ThaiD as an identity provider: OpenID Connect by Authlib, strict where ThaiD is known to be odd (facts/thaid.md).

- Two shapes of answer: with `openid` a signed id_token holds the data, without it flat fields do. Both are read, and where
  both come they must agree. An id_token that was asked for and is missing takes the nonce with it, so it counts as a missing
  nonce: refused unless a setting allows that.
- ES256 only, whatever discovery or the token's header say.
- `sub` is the citizen number itself: nothing of an answer is logged, kept or put into a fault's text.
- One deadline for everything between the callback and the verified identity; revoking has a short one of its own, and a
  failure to revoke keeps nobody out: the token dies within 15 minutes and nobody holds it.
"""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from authlib.oidc.core import CodeIDToken
from joserfc import jws, jwt
from joserfc.errors import JoseError
from stdnum.exceptions import ValidationError
from stdnum.th import pin

from webapp.adapters.identity.calls import Deadline, ProviderClient
from webapp.adapters.identity.discovery import Issuer
from webapp.config import LOOPBACK, Settings, SettingsRefused
from webapp.domain.dates import thai_digits_to_arabic
from webapp.ports import Attempt, Identity, SignInFailed, SignInStart

ALGORITHMS = ["ES256"]
SKEW_SECONDS = 60
REVOKE_SECONDS = 2.0
REFUSALS = frozenset({"user_denied", "access_denied"})
SAID = ("sub", "pid", "given_name", "family_name", "birthdate", "ial")
DOTTED = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){0,3}")
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
log = logging.getLogger("sitthi")


class ThaiD:
    """The IdentityProvider port; raises SettingsRefused for a minimum level that is no number."""

    def __init__(self, settings: Settings, machine_time: Callable[[], float] = time.time) -> None:
        least = _level(settings.thaid_min_ial)
        if least is None:
            raise SettingsRefused(f"SITTHI_THAID_MIN_IAL is '{settings.thaid_min_ial}': it must be a number such as 2.1")
        self._least_ial = least
        self._settings = settings
        self._issuer = Issuer(settings.thaid_issuer)
        self._machine_time = machine_time

    def begin(self, redirect_uri: str) -> SignInStart:
        """A fresh state, nonce and verifier, and the address that carries them."""
        client = self._client(self._settings.thaid_timeout, redirect_uri)
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        endpoint = self._issuer.metadata(client)["authorization_endpoint"]
        url, _ = client.create_authorization_url(endpoint, state=state, nonce=nonce, code_verifier=verifier)
        return SignInStart(url, state, nonce, verifier)

    def finish(self, callback: Mapping[str, str], attempt: Attempt) -> Identity:
        """Who came back. The code is shown to ThaiD once, whatever happens."""
        client = self._client(self._settings.thaid_timeout, attempt.redirect_uri)
        code = self._code_in(callback, client)
        answer = self._exchange(code, attempt, client)
        try:
            return self._identity_in(answer, attempt, client)
        finally:
            self._revoke(answer.get("access_token"))

    def _client(self, seconds: float, redirect_uri: str | None = None) -> ProviderClient:
        settings = self._settings
        return ProviderClient(
            Deadline(seconds),
            scheme=self._issuer.scheme,
            use_proxies=urlsplit(self._issuer.url).hostname not in LOOPBACK,
            client_id=settings.thaid_client_id,
            client_secret=settings.thaid_client_secret,
            scope=settings.thaid_scopes,
            redirect_uri=redirect_uri,
        )

    def _code_in(self, callback: Mapping[str, str], client: ProviderClient) -> str:
        sender = callback.get("iss")
        if sender is not None and sender != self._issuer.url:
            raise SignInFailed("not_verified", "the callback names another issuer")
        error = callback.get("error")
        if error is not None:
            raise SignInFailed("refused" if error in REFUSALS else "provider_down", "the callback carries an error")
        if sender is None and self._issuer.promises_iss(client):
            raise SignInFailed("not_verified", "the callback lacks the promised issuer")
        if not callback.get("code"):
            raise SignInFailed("not_verified", "the callback carries no code")
        return callback["code"]

    def _exchange(self, code: str, attempt: Attempt, client: ProviderClient) -> dict[str, Any]:
        said = self._issuer.metadata(client)
        client.token_endpoint_auth_method = _auth_method(said.get("token_endpoint_auth_methods_supported"))
        answer: dict[str, Any] = client.fetch_token(
            said["token_endpoint"], grant_type="authorization_code", code=code, code_verifier=attempt.verifier
        )
        if not isinstance(answer.get("access_token"), str):
            raise SignInFailed("not_verified", "no access token")
        return answer

    def _identity_in(self, answer: Mapping[str, Any], attempt: Attempt, client: ProviderClient) -> Identity:
        claims: Mapping[str, Any] = {}
        if "id_token" in answer:
            claims = self._verified(answer["id_token"], answer["access_token"], attempt.nonce, client)
        elif "openid" in self._settings.thaid_scopes.split() and not self._settings.thaid_allow_missing_nonce:
            raise SignInFailed("not_verified", "no id_token")
        said = _agreed(claims, answer)
        number = _number(said)
        if (_level(said["ial"]) or ()) < self._least_ial:
            raise SignInFailed("ial_too_low")
        return Identity(number, said["given_name"], said["family_name"], _birth_date(said["birthdate"]), said["ial"])

    def _verified(self, id_token: object, access_token: str, nonce: str, client: ProviderClient) -> Mapping[str, Any]:
        try:
            text = str(id_token).encode("ascii")
            key = self._issuer.key(jws.extract_compact(text).headers().get("kid"), client)
            token = jwt.decode(text, key, algorithms=ALGORITHMS)
            self._check_claims(token, access_token, nonce)
        except (JoseError, ValueError, TypeError, KeyError) as fault:
            raise SignInFailed("not_verified", type(fault).__name__) from None
        return token.claims

    def _check_claims(self, token: jwt.Token, access_token: str, nonce: str) -> None:
        claims = token.claims
        if "at_hash" in claims and not claims["at_hash"]:
            raise ValueError("an empty at_hash")
        nonce_may_lack = self._settings.thaid_allow_missing_nonce and "nonce" not in claims
        CodeIDToken(
            claims,
            token.header,
            options={
                "iss": {"essential": True, "value": self._issuer.url},
                "aud": {"essential": True, "value": self._settings.thaid_client_id},
            },
            params={
                "client_id": self._settings.thaid_client_id,
                "access_token": access_token,
                "nonce": None if nonce_may_lack else nonce,
            },
        ).validate(now=int(self._machine_time()), leeway=SKEW_SECONDS)

    def _revoke(self, access_token: object) -> None:
        try:
            client = self._client(min(REVOKE_SECONDS, self._settings.thaid_timeout))
            endpoint = self._issuer.metadata(client).get("revocation_endpoint")
            if endpoint:
                client.revoke_token(endpoint, token=access_token, token_type_hint="access_token").raise_for_status()  # noqa: S106 - a kind
        except Exception as fault:  # noqa: BLE001 - whoever was verified is signed in all the same
            log.warning("an access token was not revoked: %s", type(fault).__name__)


def _auth_method(offered: object) -> str:
    only_post = isinstance(offered, list) and "client_secret_basic" not in offered and "client_secret_post" in offered
    return "client_secret_post" if only_post else "client_secret_basic"


def _agreed(*shapes: Mapping[str, Any]) -> dict[str, str]:
    """Each thing said, as text; raises SignInFailed where two shapes of one answer differ."""
    agreed: dict[str, str] = {}
    for name in SAID:
        said = {_plain(name, shape[name]) for shape in shapes if shape.get(name) is not None}
        if len(said) > 1:
            raise SignInFailed("not_verified", f"two values of {name}")
        agreed[name] = next(iter(said), "")
    return agreed


def _plain(name: str, value: object) -> str:
    text = " ".join(str(value).split()) if isinstance(value, str | int | float) else ""
    return re.sub(r"[ -]", "", thai_digits_to_arabic(text)) if name in ("pid", "sub") else text


def _number(said: Mapping[str, str]) -> str:
    """The citizen number; `sub` is one too, and must be the same."""
    sub = said["sub"] if said["sub"].isdigit() else ""
    number = said["pid"] or sub
    if not number:
        raise SignInFailed("not_verified", "no number")
    if sub and number != sub:
        raise SignInFailed("not_verified", "pid differs from sub")
    try:
        return str(pin.validate(number))
    except ValidationError:
        raise SignInFailed("number_not_valid") from None


def _birth_date(text: str) -> date | None:
    """CE; None for a birthday that is known in part or not at all."""
    try:
        return date.fromisoformat(text) if ISO_DAY.fullmatch(text) else None
    except ValueError:
        return None


def _level(text: str) -> tuple[int, ...] | None:
    """ "2.3" as (2, 3), "2.0" as (2,): levels are compared number by number."""
    if not DOTTED.fullmatch(text):
        return None
    numbers = [int(part) for part in text.split(".")]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
