"""What keeps the app from starting, and which hosts it answers to."""

from __future__ import annotations

from pathlib import Path

import pytest

from webapp.config import DEVELOPMENT_DATA_KEY, DEVELOPMENT_SECRET, SettingsFile, SettingsRefused, settings_from, settings_in

GOOD_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
PRODUCTION = {
    "SITTHI_MODE": "production",
    "SITTHI_OPERATOR": "ผู้ให้บริการทดสอบ",
    "SITTHI_BASE_URL": "https://sitthi.example",
    "SITTHI_SECRET_KEYS": "a-secret-of-some-length-1",
    "SITTHI_DATA_KEYS": GOOD_KEY,
    "SITTHI_PID_PEPPERS": "a-pepper-of-some-length-1",
    "SITTHI_VAPID_PRIVATE_KEY": "cHVzaCBrZXkgb2YgdGhlIHRlc3RzLCAzMiBieXRlcyE",
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


CHANNEL = {
    "SITTHI_GOVERNMENT_CHANNEL_GATEWAY": "https://gateway.example",
    "SITTHI_GOVERNMENT_CHANNEL_CONSUMER_KEY": "issued-by-dga",
    "SITTHI_GOVERNMENT_CHANNEL_CONSUMER_SECRET": "a-consumer-secret",
    "SITTHI_GOVERNMENT_CHANNEL_AGENT_ID": "an-agent",
    "SITTHI_GOVERNMENT_CHANNEL_APP_ID": "an-app",
}


def test_the_government_channel_is_beside_us_in_development_and_absent_in_production_unless_set() -> None:
    mini_app = settings_from({"STANDIN_PORT": "8765"}).government_channel
    assert mini_app is not None
    assert (mini_app.gateway, mini_app.app_id, mini_app.is_stand_in) == ("http://127.0.0.1:8765", "sitthi-development", True)
    assert settings_from({"SITTHI_GOVERNMENT_CHANNEL_GATEWAY": ""}).government_channel is None
    assert settings_from(PRODUCTION).government_channel is None
    assert settings_from(PRODUCTION | dict.fromkeys(CHANNEL, "")).government_channel is None
    found = settings_from(PRODUCTION | CHANNEL).government_channel
    assert found is not None
    assert not found.is_stand_in


@pytest.mark.parametrize("name", sorted(CHANNEL))
def test_the_government_channels_five_settings_belong_together(name: str) -> None:
    with pytest.raises(SettingsRefused, match=f"{name}.*all or none") as refused:
        settings_from({key: value for key, value in (PRODUCTION | CHANNEL).items() if key != name})
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SITTHI_GOVERNMENT_CHANNEL_GATEWAY", "http://127.0.0.1:8001"),
        ("SITTHI_GOVERNMENT_CHANNEL_GATEWAY", "https://localhost"),
        ("SITTHI_GOVERNMENT_CHANNEL_GATEWAY", "http://gateway.example"),
        ("SITTHI_GOVERNMENT_CHANNEL_GATEWAY", "gateway.example"),
        ("SITTHI_GOVERNMENT_CHANNEL_CONSUMER_KEY", "sitthi-development"),
        ("SITTHI_GOVERNMENT_CHANNEL_CONSUMER_SECRET", DEVELOPMENT_SECRET),
        ("SITTHI_GOVERNMENT_CHANNEL_APP_ID", "sitthi-development"),
        ("SITTHI_GOVERNMENT_CHANNEL_PATH", "no-slash"),
        ("SITTHI_GOVERNMENT_CHANNEL_TIMEOUT", "60"),
    ],
)
def test_production_refuses_a_pretended_government_channel(name: str, value: str) -> None:
    with pytest.raises(SettingsRefused, match=name) as refused:
        settings_from(PRODUCTION | CHANNEL | {name: value})
    assert "\n" not in str(refused.value)


# A file of settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "sitthi.env"
    found.touch(mode=0o600)
    return found


def test_a_file_says_settings_as_an_environment_file_does(file: Path) -> None:
    file.write_text("# a note\n\nSITTHI_OPERATOR=The Office\nPORT = 9000\nSITTHI_BASE_URL=\"https://a.example\"\nSITTHI_SECRET_KEYS=a=b\n")
    assert settings_in(file) == {
        "SITTHI_OPERATOR": "The Office", "PORT": "9000", "SITTHI_BASE_URL": "https://a.example", "SITTHI_SECRET_KEYS": "a=b",
    }  # fmt: skip


@pytest.mark.parametrize("line", ["SITTHI_OPERATOR", "PATH=/tmp", "LD_PRELOAD=x", "SITTHI_MODE=production\nSITTHI_MODE=development", "=x"])
def test_a_line_that_is_no_setting_is_named_and_never_shown(file: Path, line: str) -> None:
    file.write_text(f"\n{line}\n")
    with pytest.raises(SettingsRefused, match=rf"line {2 + line.count(chr(10))} is no setting of ours"):
        settings_in(file)


def test_secrets_that_everybody_may_read_are_not_used(file: Path) -> None:
    file.chmod(0o644)
    with pytest.raises(SettingsRefused, match="may be read by everybody"):
        settings_in(file)
    with pytest.raises(SettingsRefused, match="cannot be read"):
        settings_in(file.with_name("none.env"))


def test_the_environment_counts_before_the_file_and_a_file_read_anew_takes_away_what_it_no_longer_says(file: Path) -> None:
    environ = {"SITTHI_OPERATOR": "of the environment", "HOME": "/home"}
    behind = SettingsFile(file, environ)
    file.write_text("SITTHI_OPERATOR=of the file\nSITTHI_THAID_MIN_IAL=2.3\n")
    behind.lay()
    assert environ == {"SITTHI_OPERATOR": "of the environment", "HOME": "/home", "SITTHI_THAID_MIN_IAL": "2.3"}
    file.write_text("SITTHI_THAID_TIMEOUT=5\n")
    behind.lay()
    assert environ == {"SITTHI_OPERATOR": "of the environment", "HOME": "/home", "SITTHI_THAID_TIMEOUT": "5"}
    file.write_text("nonsense\n")
    with pytest.raises(SettingsRefused):
        behind.lay()
    assert environ["SITTHI_THAID_TIMEOUT"] == "5"
    behind.take_away()
    assert environ == {"SITTHI_OPERATOR": "of the environment", "HOME": "/home"}


@pytest.mark.parametrize("text", ["10.0.0.7/8", "proxy.example", "10.0.0.0/33"])
def test_proxies_are_named_by_address(text: str) -> None:
    with pytest.raises(SettingsRefused, match="SITTHI_PROXY_ADDRESSES"):
        settings_from({"SITTHI_PROXY_ADDRESSES": text})
