"""Settings: one frozen dataclass, read once from the environment.

Development works with nothing set, on loopback only: `make run` must need no preparation. Production refuses to
start on anything that would make it dishonest or unsafe (CONTRACT.md), with one line that names the setting.
A configuration file was considered and left out: an environment is what systemd, containers and cron share.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
DATA_KEY_BYTES = 32
DEFAULT_PORTS = {"http": 80, "https": 443}
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
DEVELOPMENT_CLIENT_ID = "sitthi-development"
DEFAULT_SCOPES = "openid pid given_name family_name birthdate ial"
DEVELOPMENT_SECRET = "development-only-secret-never-for-production"  # noqa: S105 - production refuses to start with it
DEVELOPMENT_DATA_KEY = "ZGV2ZWxvcG1lbnQtb25seS1kYXRhLWtleS0zMmJ5dGU="


class SettingsRefused(ValueError):
    """One clear line about the setting that keeps the app from starting."""


@dataclass(frozen=True)
class Settings:
    """What an operator can decide; see the operator's guide for each."""

    mode: str
    base_url: str
    database_url: str
    secret_keys: tuple[str, ...]
    data_keys: tuple[str, ...]
    pid_peppers: tuple[str, ...]
    thaid_issuer: str
    thaid_client_id: str
    thaid_client_secret: str
    thaid_scopes: str
    thaid_min_ial: str
    thaid_allow_missing_nonce: bool
    thaid_timeout: float
    operator: str
    clock: datetime | None
    limits: bool
    trusted_proxies: int
    data_dir: Path

    @property
    def production(self) -> bool:
        return self.mode == "production"

    @property
    def demonstration(self) -> bool:
        """Nobody operates this installation: nothing sent here reaches the SSO, and the pages say so."""
        return not self.operator

    @property
    def secure_cookies(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def hosts(self) -> frozenset[str]:
        """`Host` values that are answered: the base URL's, and in development its loopback twins."""
        parts = urlsplit(self.base_url)
        port = f":{parts.port}" if parts.port and parts.port != DEFAULT_PORTS[parts.scheme] else ""
        names = {f"{parts.hostname}{port}"}
        if not self.production and parts.hostname in LOOPBACK:
            names |= {f"127.0.0.1{port}", f"localhost{port}"}
        return frozenset(names)


def settings_from(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the environment; raises SettingsRefused naming the first setting that will not do."""
    get = environ.get
    mode = get("SITTHI_MODE", "development")
    if mode not in ("development", "production"):
        raise SettingsRefused(f"SITTHI_MODE is '{mode}': it must be development or production")
    port = get("PORT", "8000")
    data_dir = Path(get("DATA_DIR", str(ROOT / "var"))).absolute()
    settings = Settings(
        mode=mode,
        base_url=get("SITTHI_BASE_URL", f"http://127.0.0.1:{port}").rstrip("/"),
        database_url=get("SITTHI_DATABASE_URL", f"sqlite:///{data_dir / 'sitthi.db'}"),
        secret_keys=_listed(get("SITTHI_SECRET_KEYS", DEVELOPMENT_SECRET)),
        data_keys=_listed(get("SITTHI_DATA_KEYS", DEVELOPMENT_DATA_KEY)),
        pid_peppers=_listed(get("SITTHI_PID_PEPPERS", DEVELOPMENT_SECRET)),
        thaid_issuer=get("SITTHI_THAID_ISSUER", f"http://127.0.0.1:{get('STANDIN_PORT', '8001')}").rstrip("/"),
        thaid_client_id=get("SITTHI_THAID_CLIENT_ID", DEVELOPMENT_CLIENT_ID),
        thaid_client_secret=get("SITTHI_THAID_CLIENT_SECRET", DEVELOPMENT_SECRET),
        thaid_scopes=get("SITTHI_THAID_SCOPES", DEFAULT_SCOPES),
        thaid_min_ial=get("SITTHI_THAID_MIN_IAL", "2.1"),
        thaid_allow_missing_nonce=_switch(environ, "SITTHI_THAID_ALLOW_MISSING_NONCE", default=False),
        thaid_timeout=_seconds(environ, "SITTHI_THAID_TIMEOUT", default=10.0, most=15.0),
        operator=get("SITTHI_OPERATOR", "").strip(),
        clock=_business_start(get("SITTHI_CLOCK", "")),
        limits=_switch(environ, "SITTHI_LIMITS", default=True),
        trusted_proxies=_whole(environ, "SITTHI_TRUSTED_PROXIES", default=1 if mode == "production" else 0),
        data_dir=data_dir,
    )
    _check_addresses(settings)
    if settings.production:
        _check_production(settings, environ)
    return settings


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _switch(environ: Mapping[str, str], name: str, default: bool) -> bool:
    text = environ.get(name, "").strip().lower()
    if text in ("", "on", "off", "true", "false", "1", "0"):
        return default if not text else text in ("on", "true", "1")
    raise SettingsRefused(f"{name} is '{text}': it must be on or off")


def _whole(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name, "").strip()
    if not text:
        return default
    if not text.isascii() or not text.isdigit():
        raise SettingsRefused(f"{name} is '{text}': it must be a whole number")
    return int(text)


def _seconds(environ: Mapping[str, str], name: str, default: float, most: float) -> float:
    text = environ.get(name, "").strip()
    if not text:
        return default
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 < seconds <= most:
        raise SettingsRefused(f"{name} is '{text}': it must be seconds, more than 0 and at most {most:g}")
    return seconds


def _business_start(text: str) -> datetime | None:
    if not text:
        return None
    try:
        start = datetime.fromisoformat(text)
    except ValueError:
        raise SettingsRefused(f"SITTHI_CLOCK is '{text}': it must be an ISO time such as 2027-01-15T16:29:00+07:00") from None
    return start


def _check_addresses(settings: Settings) -> None:
    for name, url in (("SITTHI_BASE_URL", settings.base_url), ("SITTHI_THAID_ISSUER", settings.thaid_issuer)):
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SettingsRefused(f"{name} is '{url}': it must be a full http(s) address")
    if urlsplit(settings.base_url).path:
        raise SettingsRefused(f"SITTHI_BASE_URL is '{settings.base_url}': it must end with the host, the app has no folder of its own")
    if not settings.database_url.startswith("sqlite:///"):
        raise SettingsRefused("SITTHI_DATABASE_URL must begin with sqlite:/// followed by the file's path")
    if not settings.secret_keys or not settings.data_keys or not settings.pid_peppers:
        raise SettingsRefused("SITTHI_SECRET_KEYS, SITTHI_DATA_KEYS and SITTHI_PID_PEPPERS each need at least one value")
    if not all(_is_data_key(key) for key in settings.data_keys):
        raise SettingsRefused("SITTHI_DATA_KEYS: each must be base64 of 32 bytes, as 'sitthi init' makes them")
    if not settings.production and urlsplit(settings.base_url).hostname not in LOOPBACK:
        raise SettingsRefused("SITTHI_BASE_URL: development listens on loopback only; set SITTHI_MODE=production")


def _is_data_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, altchars=b"-_", validate=True)) == DATA_KEY_BYTES
    except ValueError:
        return False


def _check_production(settings: Settings, environ: Mapping[str, str]) -> None:
    secrets = {
        "SITTHI_SECRET_KEYS": settings.secret_keys,
        "SITTHI_DATA_KEYS": settings.data_keys,
        "SITTHI_PID_PEPPERS": settings.pid_peppers,
        "SITTHI_THAID_CLIENT_SECRET": (settings.thaid_client_secret,),
    }
    defaults = {DEVELOPMENT_SECRET, DEVELOPMENT_DATA_KEY}
    for name, values in secrets.items():
        if not environ.get(name, "").strip():
            raise SettingsRefused(f"{name} is missing: run 'sitthi init' and set it")
        if defaults & set(values):
            raise SettingsRefused(f"{name} holds a development value: run 'sitthi init' and set it")
        if any(len(value) < 16 for value in values):
            raise SettingsRefused(f"{name} holds a value shorter than 16 characters")
    if not settings.operator:
        raise SettingsRefused("SITTHI_OPERATOR is empty: production needs the name of who runs it")
    if not settings.base_url.startswith("https://"):
        raise SettingsRefused("SITTHI_BASE_URL must begin with https:// in production")
    if not environ.get("SITTHI_THAID_ISSUER"):
        raise SettingsRefused("SITTHI_THAID_ISSUER is missing: production needs the real ThaiD")
    issuer = urlsplit(settings.thaid_issuer)
    if issuer.hostname in LOOPBACK or issuer.scheme != "https":
        raise SettingsRefused("SITTHI_THAID_ISSUER is a stand-in: production needs the real ThaiD over https")
    if settings.thaid_client_id == DEVELOPMENT_CLIENT_ID:
        raise SettingsRefused("SITTHI_THAID_CLIENT_ID is the development client: set the one that DOPA issued")
    for name in ("SITTHI_CLOCK", "SITTHI_LIMITS"):
        if environ.get(name):
            raise SettingsRefused(f"{name} is for development only: unset it in production")
