"""What the ThaiD stand-in remembers, in memory behind one lock: sign-ins under way, codes, tokens, keys and switches.

Nothing outlives the process: a stand-in that starts empty each time is easier to trust in a test than one with a file.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple
from urllib.parse import urlencode

from webapp.standins.personas import PERSONAS, Persona
from webapp.standins.signing import KeyRing
from webapp.standins.switches import LIVE, OFF, Switches, changed, set_switches

SCOPES: dict[str, tuple[str, str]] = {
    "pid": ("เลขประจำตัวประชาชน", "National ID number"),
    "name": ("ชื่อเต็ม", "Full name"),
    "name_en": ("ชื่อเต็มภาษาอังกฤษ", "Full name in English"),
    "title": ("คำนำหน้าชื่อ", "Title"),
    "title_en": ("คำนำหน้าชื่อภาษาอังกฤษ", "Title in English"),
    "given_name": ("ชื่อ", "Given name"),
    "given_name_en": ("ชื่อภาษาอังกฤษ", "Given name in English"),
    "middle_name": ("ชื่อกลาง", "Middle name"),
    "middle_name_en": ("ชื่อกลางภาษาอังกฤษ", "Middle name in English"),
    "family_name": ("นามสกุล", "Family name"),
    "family_name_en": ("นามสกุลภาษาอังกฤษ", "Family name in English"),
    "birthdate": ("วันเกิด (ค.ศ.)", "Birth date"),
    "gender": ("เพศ", "Gender"),
    "address": ("ที่อยู่", "Address"),
    "ial": ("ระดับการยืนยันตัวตน (IAL)", "Identity level (IAL)"),
    "date_of_issuance": ("วันออกบัตร", "Card issued on"),
    "date_of_expiry": ("วันบัตรหมดอายุ", "Card expires on"),
    "smartcard_code": ("รหัสกำกับบัตร", "Card code"),
}
ALL_SCOPES = frozenset({"openid", *SCOPES})
REFERENCE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
KEEP_SECONDS = 3600


class Client(NamedTuple):
    """A registered relying party; redirect URIs are compared byte for byte, scopes are granted to each one."""

    secret: str
    redirect_uris: Sequence[str]
    name_th: str = "ระบบที่ขอข้อมูล"
    name_en: str = "The service that asks"
    scopes: frozenset[str] = ALL_SCOPES


@dataclass(frozen=True)
class Config:
    """issuer: the root URL, no trailing slash. A QR code's seconds run from the start, an answer's from opening."""

    issuer: str
    clients: Mapping[str, Client]
    personas: Sequence[Persona] = PERSONAS
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    qr_seconds: float = 120
    answer_seconds: float = 300
    code_seconds: float = 60
    token_seconds: float = 900


@dataclass
class Attempt:
    """One sign-in under way: from the authorize request until the phone has answered or time has run out."""

    handle: str
    reference: str
    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str
    nonce: str | None
    challenge: str | None
    challenge_method: str
    started: float
    ends: float
    from_phone: bool
    opened: bool = False
    persona: Persona | None = None
    outcome: str | None = None
    callback: str | None = None
    delivered: bool = False


@dataclass(frozen=True)
class Grant:
    """What a code, and then an access token, stands for."""

    attempt: Attempt
    persona: Persona
    switches: Switches
    issued: float
    ends: float

    @property
    def claims(self) -> dict[str, Any]:
        """The granted data under ThaiD's names."""
        return {scope: getattr(self.persona, scope) for scope in self.attempt.scopes if scope in SCOPES}


@dataclass
class Desk:
    """All of the stand-in's memory."""

    config: Config
    keys: KeyRing = field(default_factory=KeyRing)
    switches: Switches = OFF
    tokens_left: int | None = None
    _attempts: dict[str, Attempt] = field(default_factory=dict)
    _codes: dict[str, Grant] = field(default_factory=dict)
    _tokens: dict[str, Grant] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def start(self, **request: Any) -> Attempt:
        """A new sign-in; ones that ended long ago are forgotten."""
        now = self.config.clock()
        made = Attempt(
            handle=secrets.token_urlsafe(16), reference=_reference(), started=now, ends=now + self.config.qr_seconds, **request
        )  # fmt: skip
        with self._lock:
            self._forget_before(now - KEEP_SECONDS)
            self._attempts[made.handle] = made
        return made

    def find(self, handle: str) -> Attempt | None:
        return self._attempts.get(handle)

    def is_over(self, attempt: Attempt) -> bool:
        """Time ran out without an answer."""
        return attempt.outcome is None and self.config.clock() >= attempt.ends

    def open(self, attempt: Attempt) -> None:
        """The phone took the sign-in up: from here it has the time to answer, however slowly a person reads."""
        with self._lock:
            if not attempt.opened and not self.is_over(attempt):
                attempt.opened = True
                attempt.ends = self.config.clock() + self.config.answer_seconds

    def answer(self, attempt: Attempt, outcome: str, chosen: Mapping[str, Any]) -> None:
        """The phone's one answer: consent, refuse or close; chosen switches are added to those that are set."""
        with self._lock:
            if attempt.outcome or self.is_over(attempt) or attempt.persona is None:
                return
            switches = self._switches_for_this_answer(chosen)
            attempt.outcome = outcome
            if outcome == "consent":
                attempt.callback = self._callback(attempt, switches, code=self._new_code(attempt, attempt.persona, switches))
            elif outcome == "refuse":
                attempt.callback = self._callback(attempt, switches, error=switches.refusal)

    def take_callback(self, attempt: Attempt) -> str | None:
        """The callback URL, to whoever asks first: a screen that asks later must not send the same code again."""
        with self._lock:
            if attempt.delivered:
                return None
            attempt.delivered = attempt.callback is not None
            return attempt.callback

    def redeem(self, code: str, client_id: str) -> Grant | None:
        """The grant of a code shown in time, by its own client; any showing uses the code up."""
        with self._lock:
            grant = self._codes.pop(code, None)
        if grant is None or grant.attempt.client_id != client_id or self.config.clock() >= grant.ends:
            return None
        return grant

    def issue_token(self, grant: Grant) -> tuple[str, Grant]:
        """A new opaque access token and what it stands for."""
        now = self.config.clock()
        lasting = replace(grant, issued=now, ends=now + self.config.token_seconds)
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._tokens[token] = lasting
        return token, lasting

    def token_grant(self, token: str) -> Grant | None:
        """What a live access token stands for."""
        grant = self._tokens.get(token)
        return grant if grant and self.config.clock() < grant.ends else None

    def revoke(self, token: str) -> None:
        with self._lock:
            self._tokens.pop(token, None)

    def set_switches(self, wanted: Mapping[str, Any], tokens: int | None) -> None:
        """Replaces all switches, for the next so many answers or until reset; raises UnknownSwitch."""
        with self._lock:
            self.switches, self.tokens_left = set_switches(wanted), tokens

    def reset(self) -> None:
        """Back to how ThaiD behaves."""
        with self._lock:
            self.switches, self.tokens_left = OFF, None

    def _switches_for_this_answer(self, chosen: Mapping[str, Any]) -> Switches:
        now_on = set_switches(chosen, self.switches)
        if self.tokens_left is not None:
            self.tokens_left -= 1
            if self.tokens_left <= 0:
                self._turn_off_all_but_live()
        return now_on

    def _turn_off_all_but_live(self) -> None:
        """The last counted answer still needs its discovery and keys faults when the relying party fetches them afterwards."""
        self.switches = set_switches({name: value for name, value in changed(self.switches).items() if name in LIVE})
        self.tokens_left = None

    def _new_code(self, attempt: Attempt, persona: Persona, switches: Switches) -> str:
        now = self.config.clock()
        code = secrets.token_urlsafe(24)
        self._codes[code] = Grant(attempt, persona, switches, now, now + self.config.code_seconds)
        return code

    def _callback(self, attempt: Attempt, switches: Switches, **answer: str) -> str:
        query = answer | {"state": secrets.token_urlsafe(16) if switches.changed_state else attempt.state}
        issuers = {"right": self.config.issuer, "wrong": "https://somebody-else.invalid"}
        if switches.callback_iss in issuers:
            query["iss"] = issuers[switches.callback_iss]
        return attempt.redirect_uri + ("&" if "?" in attempt.redirect_uri else "?") + urlencode(query)

    def _forget_before(self, moment: float) -> None:
        self._attempts = {handle: a for handle, a in self._attempts.items() if a.started >= moment}
        self._codes = {code: g for code, g in self._codes.items() if g.ends >= moment}
        self._tokens = {token: g for token, g in self._tokens.items() if g.ends >= moment}


def _reference() -> str:
    letters = "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(6))
    return f"{letters[:3]}-{letters[3:]}"
