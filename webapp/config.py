"""Settings: one frozen dataclass, read once from the environment.

Development works with nothing set, on loopback only: `make run` must need no preparation. Production refuses to
start on anything that would make it dishonest or unsafe (CONTRACT.md), with one line that names the setting.
The environment is what systemd, containers and cron share, and it counts. Behind it stands one optional file of the same lines
(`SITTHI_SETTINGS`, made by `sitthi init`): a command typed by hand finds the same keys as the server, and a server told to reload
reads it anew. A format with sections and types was put aside: there would be two ways to say each setting.
"""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
DATA_KEY_BYTES = 32
POSTGRES = ("postgresql://", "postgres://")
DATABASE_CONNECTIONS = 10
"""Of one process to PostgreSQL, at most; SQLite has one for each thread."""
SLOW_MILLISECONDS = 250
AT_ONCE = 8
"""Requests that one process works on; web/admission.py says what becomes of the others."""
SHORTEST_TOKEN = 20
CONTACT = re.compile(r"mailto:[^@\s]+@[\w.-]+|https://[^\s/]+\S*", re.ASCII)
DEFAULT_PORTS = {"http": 80, "https": 443}
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
DEVELOPMENT_CLIENT_ID = "sitthi-development"
CHANNEL_PATH = "/ws/dga/czp/uat/v1/core/shield/data/deproc"
DEFAULT_SCOPES = "openid pid given_name family_name birthdate ial"
DEVELOPMENT_SECRET = "development-only-secret-never-for-production"  # noqa: S105 - production refuses to start with it
DEVELOPMENT_VAPID_KEY = "ZGV2ZWxvcG1lbnQtb25seS12YXBpZC1rZXktMzJieXQ"
ORDER_OF_P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
PUSH_SERVICES = "fcm.googleapis.com,updates.push.services.mozilla.com,web.push.apple.com,*.push.apple.com,*.notify.windows.com"
DEVELOPMENT_CONTACT = "mailto:nobody@sitthi.invalid"
THIS_MACHINE = "127.0.0.0/8,::1/128"
OUR_NAMES = re.compile(r"SITTHI_[A-Z_]+|PORT|STANDIN_PORT|DATA_DIR", re.ASCII)
DEVELOPMENT_BACKUP_KEY = "ZGV2ZWxvcG1lbnQtb25seS1iYWNrdXAta2V5LTMyYnk="
DEVELOPMENT_DATA_KEY = "ZGV2ZWxvcG1lbnQtb25seS1kYXRhLWtleS0zMmJ5dGU="


class SettingsRefused(ValueError):
    """One clear line about the setting that keeps the app from starting."""


@dataclass(frozen=True)
class MiniApp:
    """What DGA agrees with whoever runs this, so that people come in from the Government Channel app (ทางรัฐ). `path`: where the gateway
    takes an mToken; the one of production is not confirmed (facts/thaid.md). `timeout` in seconds, for both calls together."""

    gateway: str
    path: str
    consumer_key: str
    consumer_secret: str
    agent_id: str
    app_id: str
    timeout: float

    @property
    def is_stand_in(self) -> bool:
        return urlsplit(self.gateway).hostname in LOOPBACK


@dataclass(frozen=True)
class Settings:
    """What an operator can decide; see the operator's guide for each."""

    mode: str
    base_url: str
    database_url: str
    secret_keys: tuple[str, ...]
    data_keys: tuple[str, ...]
    pid_peppers: tuple[str, ...]
    backup_keys: tuple[str, ...]
    thaid_issuer: str
    thaid_client_id: str
    thaid_client_secret: str
    thaid_scopes: str
    thaid_min_ial: str
    thaid_allow_missing_nonce: bool
    thaid_timeout: float
    government_channel: MiniApp | None
    vapid_private_key: str
    vapid_subject: str
    push_hosts: tuple[str, ...]
    push_ca_file: str
    clamd: str
    operator: str
    clock: datetime | None
    limits: bool
    read_only: bool
    log_as_json: bool
    metrics_token: str
    slow_milliseconds: int
    database_connections: int
    at_once: int
    trusted_proxies: int
    proxy_networks: tuple[IPv4Network | IPv6Network, ...]
    data_dir: Path

    @property
    def documents_folder(self) -> Path:
        """Where what people send lies, sealed."""
        return self.data_dir / "documents"

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
    contact = get("SITTHI_BASE_URL", "") if mode == "production" else DEVELOPMENT_CONTACT
    data_dir = Path(get("DATA_DIR", str(ROOT / "var"))).absolute()
    settings = Settings(
        mode=mode,
        base_url=get("SITTHI_BASE_URL", f"http://127.0.0.1:{port}").rstrip("/"),
        database_url=get("SITTHI_DATABASE_URL", f"sqlite:///{data_dir / 'sitthi.db'}"),
        secret_keys=_listed(get("SITTHI_SECRET_KEYS", DEVELOPMENT_SECRET)),
        data_keys=_listed(get("SITTHI_DATA_KEYS", DEVELOPMENT_DATA_KEY)),
        pid_peppers=_listed(get("SITTHI_PID_PEPPERS", DEVELOPMENT_SECRET)),
        backup_keys=_listed(get("SITTHI_BACKUP_KEYS", "" if mode == "production" else DEVELOPMENT_BACKUP_KEY)),
        thaid_issuer=get("SITTHI_THAID_ISSUER", f"http://127.0.0.1:{get('STANDIN_PORT', '8001')}").rstrip("/"),
        thaid_client_id=get("SITTHI_THAID_CLIENT_ID", DEVELOPMENT_CLIENT_ID),
        thaid_client_secret=get("SITTHI_THAID_CLIENT_SECRET", DEVELOPMENT_SECRET),
        thaid_scopes=get("SITTHI_THAID_SCOPES", DEFAULT_SCOPES),
        thaid_min_ial=get("SITTHI_THAID_MIN_IAL", "2.1"),
        thaid_allow_missing_nonce=_switch(environ, "SITTHI_THAID_ALLOW_MISSING_NONCE", default=False),
        thaid_timeout=_seconds(environ, "SITTHI_THAID_TIMEOUT", default=10.0, most=15.0),
        government_channel=_mini_app(environ, mode),
        vapid_private_key=get("SITTHI_VAPID_PRIVATE_KEY", "").strip() or ("" if mode == "production" else DEVELOPMENT_VAPID_KEY),
        vapid_subject=get("SITTHI_VAPID_SUBJECT", "").strip() or contact,
        push_hosts=tuple(host.lower() for host in _listed(get("SITTHI_PUSH_HOSTS", "") or PUSH_SERVICES)),
        push_ca_file=get("SITTHI_PUSH_CA_FILE", ""),
        clamd=get("SITTHI_CLAMD", "").strip(),
        operator=get("SITTHI_OPERATOR", "").strip(),
        clock=_business_start(get("SITTHI_CLOCK", "")),
        limits=_switch(environ, "SITTHI_LIMITS", default=True),
        read_only=_switch(environ, "SITTHI_READ_ONLY", default=False),
        log_as_json=_log_as_json(environ, mode),
        metrics_token=_token(environ, "SITTHI_METRICS_TOKEN"),
        slow_milliseconds=_whole(environ, "SITTHI_SLOW_QUERY_MS", default=SLOW_MILLISECONDS),
        database_connections=max(1, _whole(environ, "SITTHI_DATABASE_CONNECTIONS", default=DATABASE_CONNECTIONS)),
        at_once=_whole(environ, "SITTHI_AT_ONCE", default=AT_ONCE),
        trusted_proxies=_whole(environ, "SITTHI_TRUSTED_PROXIES", default=1 if mode == "production" else 0),
        proxy_networks=_networks(environ, "SITTHI_PROXY_ADDRESSES", default=THIS_MACHINE),
        data_dir=data_dir,
    )
    _check_addresses(settings)
    _check_push(settings)
    _check_scanner(settings.clamd)
    if settings.government_channel:
        _check_mini_app(settings.government_channel, settings.production)
    if settings.production:
        _check_production(settings, environ)
    return settings


def settings_in(file: Path) -> dict[str, str]:
    """What a settings file says, one NAME=value a line as systemd reads them too; raises SettingsRefused naming the line, or where anybody
    on the machine may read it."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        readable_by_all = file.stat().st_mode & 0o004
    except (OSError, UnicodeDecodeError) as fault:
        reason = fault.strerror if isinstance(fault, OSError) else "it is no text in UTF-8"
        raise SettingsRefused(f"SITTHI_SETTINGS: {file} cannot be read ({reason})") from None
    if readable_by_all:
        raise SettingsRefused(f"SITTHI_SETTINGS: {file} may be read by everybody on this machine: chmod 600 it")
    found: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        if not (line := line.strip()) or line.startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals or not OUR_NAMES.fullmatch(name.strip()) or name.strip() in found:
            raise SettingsRefused(f"SITTHI_SETTINGS: {file}, line {number} is no setting of ours, or one given twice")
        found[name.strip()] = _unquoted(value.strip())
    return found


class SettingsFile:
    """The settings of a file, laid behind those that the environment gave: read anew, what it no longer says is gone."""

    def __init__(self, path: Path, environ: MutableMapping[str, str] = os.environ) -> None:
        self._path, self._environ, self._given = path.absolute(), environ, frozenset(environ)

    def lay(self) -> None:
        """Raises SettingsRefused, with nothing changed."""
        found = settings_in(self._path)
        self.take_away()
        self._environ.update({name: value for name, value in found.items() if name not in self._given})

    def take_away(self) -> None:
        for name in [name for name in self._environ if name not in self._given and OUR_NAMES.fullmatch(name)]:
            del self._environ[name]


def _unquoted(text: str) -> str:
    is_quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    return text[1:-1] if is_quoted else text


def _mini_app(environ: Mapping[str, str], mode: str) -> MiniApp | None:
    """None: people cannot come in from the Government Channel app, and the landing page says so. All five or none."""
    names = {name: f"SITTHI_GOVERNMENT_CHANNEL_{name}" for name in ("GATEWAY", "CONSUMER_KEY", "CONSUMER_SECRET", "AGENT_ID", "APP_ID")}
    defaults = _stand_in(environ) if mode == "development" and environ.get(names["GATEWAY"]) != "" else {}
    given = {name: environ.get(full, defaults.get(name, "")).strip() for name, full in names.items()}
    missing = [names[name] for name, value in given.items() if not value]
    if len(missing) == len(names):
        return None
    if missing:
        raise SettingsRefused(f"{', '.join(missing)}: the five settings of the Government Channel belong together, set all or none")
    return MiniApp(
        gateway=given["GATEWAY"].rstrip("/"),
        path=environ.get("SITTHI_GOVERNMENT_CHANNEL_PATH", "").strip() or CHANNEL_PATH,
        consumer_key=given["CONSUMER_KEY"],
        consumer_secret=given["CONSUMER_SECRET"],
        agent_id=given["AGENT_ID"],
        app_id=given["APP_ID"],
        timeout=_seconds(environ, "SITTHI_GOVERNMENT_CHANNEL_TIMEOUT", default=10.0, most=15.0),
    )


def _stand_in(environ: Mapping[str, str]) -> dict[str, str]:
    """What the stand-in beside us agrees to (webapp/standins/thaid.py)."""
    return {
        "GATEWAY": f"http://127.0.0.1:{environ.get('STANDIN_PORT', '8001')}",
        "CONSUMER_KEY": DEVELOPMENT_CLIENT_ID,
        "CONSUMER_SECRET": environ.get("SITTHI_THAID_CLIENT_SECRET", DEVELOPMENT_SECRET),
        "AGENT_ID": DEVELOPMENT_CLIENT_ID,
        "APP_ID": DEVELOPMENT_CLIENT_ID,
    }


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _switch(environ: Mapping[str, str], name: str, default: bool) -> bool:
    text = environ.get(name, "").strip().lower()
    if text in ("", "on", "off", "true", "false", "1", "0"):
        return default if not text else text in ("on", "true", "1")
    raise SettingsRefused(f"{name} is '{text}': it must be on or off")


def _log_as_json(environ: Mapping[str, str], mode: str) -> bool:
    """Plain lines hold the whole of a fault: they are for development."""
    text = environ.get("SITTHI_LOG", "").strip().lower()
    if text not in ("", "json", "text") or (text == "text" and mode == "production"):
        raise SettingsRefused(f"SITTHI_LOG is '{text}': it must be json, or in development text")
    return text == "json" if text else mode == "production"


def _token(environ: Mapping[str, str], name: str) -> str:
    """What a program shows to be let in; empty where none is to be. Its value stands in no message."""
    text = environ.get(name, "").strip()
    if text and (len(text) < SHORTEST_TOKEN or not text.isascii() or not text.isprintable() or " " in text):
        raise SettingsRefused(f"{name} must be at least {SHORTEST_TOKEN} letters and digits without a space, or empty")
    return text


def _whole(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name, "").strip()
    if not text:
        return default
    if not text.isascii() or not text.isdigit():
        raise SettingsRefused(f"{name} is '{text}': it must be a whole number")
    return int(text)


def _networks(environ: Mapping[str, str], name: str, default: str) -> tuple[IPv4Network | IPv6Network, ...]:
    text = environ.get(name, "").strip() or default
    try:
        return tuple(ip_network(part) for part in _listed(text))
    except ValueError:
        raise SettingsRefused(f"{name} is '{text}': it must be addresses or networks such as 10.0.0.7,10.1.0.0/16") from None


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
    if not settings.database_url.startswith(("sqlite:///", *POSTGRES)):
        raise SettingsRefused("SITTHI_DATABASE_URL must begin with sqlite:/// followed by the file's path, or with postgresql://")
    if not settings.secret_keys or not settings.data_keys or not settings.pid_peppers:
        raise SettingsRefused("SITTHI_SECRET_KEYS, SITTHI_DATA_KEYS and SITTHI_PID_PEPPERS each need at least one value")
    if not all(_is_data_key(key) for key in settings.data_keys):
        raise SettingsRefused("SITTHI_DATA_KEYS: each must be base64 of 32 bytes, as 'sitthi init' makes them")
    if not all(_is_data_key(key) for key in settings.backup_keys):
        raise SettingsRefused("SITTHI_BACKUP_KEYS: each must be base64 of 32 bytes, as 'sitthi init' makes them")
    if not settings.production and urlsplit(settings.base_url).hostname not in LOOPBACK:
        raise SettingsRefused("SITTHI_BASE_URL: development listens on loopback only; set SITTHI_MODE=production")


def _check_mini_app(mini_app: MiniApp, production: bool) -> None:
    name, parts = "SITTHI_GOVERNMENT_CHANNEL_GATEWAY", urlsplit(mini_app.gateway)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise SettingsRefused(f"{name} is '{mini_app.gateway}': it must be a full http(s) address")
    if not mini_app.path.startswith("/"):
        raise SettingsRefused(f"SITTHI_GOVERNMENT_CHANNEL_PATH is '{mini_app.path}': it must begin with /")
    if not production:
        return
    if mini_app.is_stand_in or parts.scheme != "https":
        raise SettingsRefused(f"{name} is a stand-in: production needs DGA's gateway over https, or none of the five settings")
    for setting, value, ours in (
        ("CONSUMER_KEY", mini_app.consumer_key, DEVELOPMENT_CLIENT_ID), ("CONSUMER_SECRET", mini_app.consumer_secret, DEVELOPMENT_SECRET),
        ("AGENT_ID", mini_app.agent_id, DEVELOPMENT_CLIENT_ID), ("APP_ID", mini_app.app_id, DEVELOPMENT_CLIENT_ID),
    ):  # fmt: skip
        if value == ours:
            raise SettingsRefused(f"SITTHI_GOVERNMENT_CHANNEL_{setting} holds a development value: set the one that DGA issued")


def _check_push(settings: Settings) -> None:
    if settings.vapid_private_key and not _is_vapid_key(settings.vapid_private_key):
        raise SettingsRefused("SITTHI_VAPID_PRIVATE_KEY: it must be base64url of 32 bytes, as 'sitthi init' makes it")
    if settings.vapid_subject != settings.base_url and not CONTACT.fullmatch(settings.vapid_subject):
        raise SettingsRefused(f"SITTHI_VAPID_SUBJECT is '{settings.vapid_subject}': it must be mailto:… or https://…")
    for host in settings.push_hosts:
        name = host.removeprefix("*.")
        if not name or not all(letter.isascii() and (letter.isalnum() or letter in ".-") for letter in name):
            raise SettingsRefused(f"SITTHI_PUSH_HOSTS holds '{host}': each must be a host name, or *.name for every host below it")


def _check_scanner(clamd: str) -> None:
    """Where the virus scanner listens; empty where there is none."""
    way, _, where = clamd.partition(":")
    host, _, port = where.rpartition(":")
    is_tcp = way == "tcp" and host and port.isascii() and port.isdigit() and 0 < int(port) < 65536
    if clamd and not is_tcp and not (way == "unix" and where.startswith("/")):
        raise SettingsRefused(f"SITTHI_CLAMD is '{clamd}': it must be unix:/path/of/the/socket or tcp:host:port")


def _is_vapid_key(text: str) -> bool:
    """A private number of the curve P-256."""
    try:
        raw = base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return False
    return len(raw) == DATA_KEY_BYTES and 0 < int.from_bytes(raw, "big") < ORDER_OF_P256


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
        "SITTHI_VAPID_PRIVATE_KEY": (settings.vapid_private_key,),
    }
    defaults = {DEVELOPMENT_SECRET, DEVELOPMENT_DATA_KEY, DEVELOPMENT_VAPID_KEY}
    for name, values in secrets.items():
        if not environ.get(name, "").strip():
            raise SettingsRefused(f"{name} is missing: run 'sitthi init' and set it")
        if defaults & set(values):
            raise SettingsRefused(f"{name} holds a development value: run 'sitthi init' and set it")
        if any(len(value) < 16 for value in values):
            raise SettingsRefused(f"{name} holds a value shorter than 16 characters")
    if {DEVELOPMENT_BACKUP_KEY, *settings.data_keys} & set(settings.backup_keys):
        raise SettingsRefused("SITTHI_BACKUP_KEYS holds a development value or a data key: run 'sitthi init' and set one of its own")
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
