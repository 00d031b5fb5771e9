"""What keeps the app from starting, and which hosts it answers to."""

from __future__ import annotations

import pytest

from webapp.config import DEVELOPMENT_DATA_KEY, DEVELOPMENT_SECRET, SettingsRefused, settings_from

GOOD_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
PRODUCTION = {
    "SITTHI_MODE": "production",
    "SITTHI_OPERATOR": "ผู้ให้บริการทดสอบ",
    "SITTHI_BASE_URL": "https://sitthi.example",
    "SITTHI_SECRET_KEYS": "a-secret-of-some-length-1",
    "SITTHI_DATA_KEYS": GOOD_KEY,
    "SITTHI_PID_PEPPERS": "a-pepper-of-some-length-1",
    "SITTHI_THAID_ISSUER": "https://imauth.bora.dopa.go.th",
    "SITTHI_THAID_CLIENT_ID": "issued-by-dopa",
    "SITTHI_THAID_CLIENT_SECRET": "a-client-secret-of-some-length",
}


def test_production_starts_with_everything_set() -> None:
    settings = settings_from(PRODUCTION)
    assert settings.production
    assert not settings.demonstration
    assert settings.secure_cookies


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SITTHI_OPERATOR", ""),
        ("SITTHI_BASE_URL", "http://sitthi.example"),
        ("SITTHI_BASE_URL", "https://sitthi.example/app"),
        ("SITTHI_SECRET_KEYS", ""),
        ("SITTHI_SECRET_KEYS", DEVELOPMENT_SECRET),
        ("SITTHI_SECRET_KEYS", "short"),
        ("SITTHI_DATA_KEYS", ""),
        ("SITTHI_DATA_KEYS", DEVELOPMENT_DATA_KEY),
        ("SITTHI_DATA_KEYS", "this is no base64 of 32 bytes"),
        ("SITTHI_PID_PEPPERS", ""),
        ("SITTHI_PID_PEPPERS", f"a-pepper-of-some-length-1,{DEVELOPMENT_SECRET}"),
        ("SITTHI_THAID_ISSUER", ""),
        ("SITTHI_THAID_ISSUER", "http://127.0.0.1:8001"),
        ("SITTHI_THAID_ISSUER", "https://localhost:8001"),
        ("SITTHI_THAID_CLIENT_ID", "sitthi-development"),
        ("SITTHI_THAID_CLIENT_SECRET", ""),
        ("SITTHI_CLOCK", "2027-01-15T16:29:00+07:00"),
        ("SITTHI_LIMITS", "off"),
    ],
)
def test_production_refuses_to_start(name: str, value: str) -> None:
    with pytest.raises(SettingsRefused, match=name) as refused:
        settings_from(PRODUCTION | {name: value})
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("url", ["https://Sitthi.Example", "https://sitthi.example:443", "https://sitthi.example/"])
def test_the_host_is_known_however_its_address_is_written(url: str) -> None:
    assert settings_from(PRODUCTION | {"SITTHI_BASE_URL": url}).hosts == {"sitthi.example"}


def test_development_answers_on_both_loopback_names_and_no_other() -> None:
    assert settings_from({"PORT": "8123"}).hosts == {"127.0.0.1:8123", "localhost:8123"}
    with pytest.raises(SettingsRefused, match="SITTHI_BASE_URL"):
        settings_from({"SITTHI_BASE_URL": "http://sitthi.example"})
