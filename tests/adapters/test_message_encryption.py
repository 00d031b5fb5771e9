"""Encryption for one phone: held to the RFC's own example, and to the byte to what pywebpush's encoder makes."""

from __future__ import annotations

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.push_service import Phone, unb64
from webapp.adapters.push.message_encryption import LONGEST_BODY, RECORD_BYTES, _encrypted, encrypted_for

CURVE = ec.SECP256R1()
PHONE = Phone("https://push.example")
POINT = unb64(PHONE.subscription()["keys"]["p256dh"])
bodies = st.binary(min_size=1, max_size=LONGEST_BODY)


def key(secret: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(unb64(secret), "big"), CURVE)


def test_the_example_of_rfc_8291_comes_out_to_the_letter() -> None:
    """Section 5 and appendix A."""
    made = _encrypted(
        b"When I grow up, I want to be a watermelon",
        unb64("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
        unb64("BTBZMqHH6r4Tts7J_aSIgg"),
        key("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
        unb64("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert made == unb64(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
        "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


@settings(max_examples=40)
@given(body=bodies, salt=st.binary(min_size=16, max_size=16))
def test_pywebpushs_encoder_makes_the_same_bytes_of_the_same_key_and_salt(body: bytes, salt: bytes) -> None:
    own = ec.generate_private_key(CURVE)
    theirs = http_ece.encrypt(body, salt=salt, private_key=own, dh=POINT, auth_secret=PHONE.auth, version="aes128gcm")
    assert _encrypted(body, POINT, PHONE.auth, own, salt) == theirs


@settings(max_examples=40)
@given(body=bodies)
def test_pywebpushs_decoder_reads_it_with_the_phones_key_and_with_no_other(body: bytes) -> None:
    sent = encrypted_for(POINT, PHONE.auth, body)
    assert http_ece.decrypt(sent, private_key=PHONE.key, auth_secret=PHONE.auth) == body
    with pytest.raises(http_ece.ECEException):
        http_ece.decrypt(sent, private_key=ec.generate_private_key(CURVE), auth_secret=PHONE.auth)
    with pytest.raises(http_ece.ECEException):
        http_ece.decrypt(sent, private_key=PHONE.key, auth_secret=bytes(16))


def test_the_longest_body_fills_what_every_push_service_takes_and_one_byte_more_is_refused() -> None:
    assert len(encrypted_for(POINT, PHONE.auth, bytes(LONGEST_BODY))) == RECORD_BYTES
    with pytest.raises(ValueError, match="longer"):
        encrypted_for(POINT, PHONE.auth, bytes(LONGEST_BODY + 1))


def test_key_and_salt_are_new_each_time() -> None:
    heads = {encrypted_for(POINT, PHONE.auth, b"x")[:86] for _ in range(50)}
    assert len({head[:16] for head in heads}) == len({head[21:] for head in heads}) == 50


@pytest.mark.parametrize(
    ("point", "auth"),
    [
        (b"", PHONE.auth), (POINT[:-1], PHONE.auth), (POINT + b"\0", PHONE.auth), (b"\4" + bytes(64), PHONE.auth),
        (b"\2" + POINT[1:], PHONE.auth), (POINT[:-1] + bytes([POINT[-1] ^ 1]), PHONE.auth), (POINT, b""), (POINT, bytes(15)),
        (POINT, bytes(17)),
    ],
    ids=["no point", "a byte short", "a byte long", "not on the curve", "compressed", "beside the curve", "no secret", "short", "long"],
)  # fmt: skip
def test_no_point_of_the_curve_or_no_secret_is_a_fault(point: bytes, auth: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        encrypted_for(point, auth, b"x")
