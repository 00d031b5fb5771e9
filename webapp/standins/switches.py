"""What a tester can make go wrong: one frozen set of switches, all off by default.

A set is fixed to a sign-in at the moment its phone answers, not read again later: so a fault asked for by one test cannot leak into the
sign-in of another that is still under way. Only the few that concern discovery and keys are read live, since no sign-in owns them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

LONGEST_WAIT = 60.0


class UnknownSwitch(ValueError):
    """A tester named a switch, or a value for one, that the stand-in does not have."""


@dataclass(frozen=True)
class Switches:
    """True, a number of seconds, or one of CHOICES; the default of each is how ThaiD is known to behave."""

    wrong_audience: bool = False
    audience_list: bool = False
    wrong_issuer: bool = False
    alg_none: bool = False
    hs256: bool = False
    unknown_kid: bool = False
    bad_signature: bool = False
    expired: bool = False
    not_yet_valid: bool = False
    wrong_at_hash: bool = False
    missing_at_hash: bool = False
    wrong_nonce: bool = False
    missing_nonce: bool = False
    pid_not_sub: bool = False
    foreign_azp: bool = False
    fields_disagree: bool = False
    rotate_keys: bool = False
    changed_state: bool = False
    token_error_500: bool = False
    token_block_page: bool = False
    invalid_code: bool = False
    duplicate_request: bool = False
    token_shape: str = "as_asked"  # noqa: S105 - a shape, not a secret
    expiry_field: str = "expires_in"
    callback_iss: str = "none"
    refusal: str = "user_denied"
    block_status: str = "403"
    slow_token: float = 0.0
    announce_iss: bool = False
    discovery_block_page: bool = False
    discovery_error_500: bool = False
    jwks_block_page: bool = False
    slow_discovery: float = 0.0
    slow_jwks: float = 0.0


CHOICE_WORDS: dict[str, tuple[str, str]] = {
    "token_shape": ("รูปแบบคำตอบ", "Shape of the token answer"),
    "expiry_field": ("ชื่อช่องวันหมดอายุ", "Name of the expiry field"),
    "callback_iss": ("iss ตอนส่งกลับ", "iss in the callback"),
    "refusal": ("รหัสเมื่อปฏิเสธ", "Code of a refusal"),
    "block_status": ("สถานะของหน้า Blocked", "Status of the block page"),
}
CHOICES: dict[str, tuple[str, ...]] = {
    "token_shape": ("as_asked", "flat", "openid", "both"),
    "expiry_field": ("expires_in", "expire_in"),
    "callback_iss": ("none", "right", "wrong"),
    "refusal": ("user_denied", "access_denied"),
    "block_status": ("403", "200"),
}
LIVE_FAULTS: dict[str, tuple[str, str]] = {
    "announce_iss": ("ประกาศว่าจะส่ง iss กลับ", "promises iss in the callback (RFC 9207)"),
    "discovery_block_page": ("หน้า Web Page Blocked! แทน discovery", "block page instead of discovery"),
    "discovery_error_500": ("discovery ตอบ 500", "500 at discovery"),
    "jwks_block_page": ("หน้า Web Page Blocked! แทนกุญแจ", "block page instead of the keys"),
}
LIVE = frozenset({*LIVE_FAULTS, "slow_discovery", "slow_jwks"})
OFF = Switches()

FAULTS: dict[str, tuple[str, str]] = {
    "wrong_audience": ("aud เป็นของผู้อื่น", "aud names somebody else"),
    "audience_list": ("aud เป็นรายการ (ถูกต้อง)", "aud is a list (valid)"),
    "wrong_issuer": ("iss ผิด", "wrong iss"),
    "alg_none": ("ไม่มีลายเซ็น (alg=none)", "unsigned (alg=none)"),
    "hs256": ("เซ็นด้วย HS256", "signed with HS256"),
    "unknown_kid": ("kid ที่ไม่รู้จัก", "unknown kid"),
    "bad_signature": ("ลายเซ็นไม่ตรงกับกุญแจ", "signature of another key"),
    "expired": ("หมดอายุแล้ว", "expired"),
    "not_yet_valid": ("iat อยู่ในอนาคต", "iat in the future"),
    "wrong_at_hash": ("at_hash ผิด", "wrong at_hash"),
    "missing_at_hash": ("ไม่มี at_hash", "no at_hash"),
    "wrong_nonce": ("nonce ผิด", "wrong nonce"),
    "missing_nonce": ("ไม่มี nonce", "no nonce"),
    "pid_not_sub": ("pid ไม่ตรงกับ sub", "pid differs from sub"),
    "foreign_azp": ("azp เป็นของผู้อื่น", "azp names somebody else"),
    "fields_disagree": ("ข้อมูลสองชุดไม่ตรงกัน", "flat fields differ from the id_token"),
    "rotate_keys": ("เปลี่ยนกุญแจก่อนเซ็น (ถูกต้อง)", "keys rotate just before signing (valid)"),
    "changed_state": ("state ถูกเปลี่ยน", "state changed on the way back"),
    "token_error_500": ("แลก token แล้วได้ 500", "500 at the token endpoint"),
    "token_block_page": ("แลก token แล้วได้หน้า Web Page Blocked!", "block page at the token endpoint"),
    "invalid_code": ("บอกว่า code ใช้ไม่ได้", "says the code is invalid"),
    "duplicate_request": ("บอกว่าส่งซ้ำ", "says the request is a duplicate"),
}


def set_switches(wanted: Mapping[str, Any], start: Switches = OFF) -> Switches:
    """The start set with the wanted ones changed; UnknownSwitch names the first one that is not right."""
    for name, value in wanted.items():
        _check(name, value)
    return replace(start, **wanted)


def changed(switches: Switches) -> dict[str, object]:
    """Only what differs from how ThaiD behaves."""
    return {f.name: getattr(switches, f.name) for f in fields(switches) if getattr(switches, f.name) != f.default}


def _check(name: str, value: object) -> None:
    default = getattr(OFF, name, None)
    if default is None:
        raise UnknownSwitch(f"no switch is called {name}")
    if name in CHOICES:
        if value not in CHOICES[name]:
            raise UnknownSwitch(f"{name} is one of {', '.join(CHOICES[name])}")
    elif isinstance(default, bool):
        if not isinstance(value, bool):
            raise UnknownSwitch(f"{name} is true or false")
    elif isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= LONGEST_WAIT:
        raise UnknownSwitch(f"{name} is a number of seconds from 0 to {LONGEST_WAIT:.0f}")
