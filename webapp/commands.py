"""`sitthi` on the command line: what an operator does, and what `make run` starts.

Everything heavy is imported inside the command that needs it: a second `make run` must be ready within three seconds, and
`sitthi init` must work before there is a database. Exit codes: 0 done, 1 refused or failed with the reason on standard error,
2 settings that will not do or a command that is not understood. A citizen number is never an argument: arguments stand in
shell histories and in the list of processes.
"""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from webapp import serving
from webapp.adapters import log_lines
from webapp.adapters.meter.folders import folder_of, start_anew
from webapp.config import DEVELOPMENT_SECRET, LOOPBACK, ROOT, Settings, SettingsFile, SettingsRefused, settings_from, settings_in

if TYPE_CHECKING:
    from webapp.actions.backup import LookedOver
    from webapp.actions.document_reading import Reader
    from webapp.actions.reminder_sending import Tally
    from webapp.domain.audit import Finding
    from webapp.ports import Archives, Meter, Tools

START_SECONDS = 60
STOP_SECONDS = 10
SEND_EVERY = 2.0  # seconds between two looks whether a reminder is due
READ_EVERY = 1.0  # seconds between two looks whether a document waits
RESTS = "nothing is taken in ('sitthi read-only status'): nothing takes effect, is planned, sent, looked at or deleted until that is over"
T = TypeVar("T")
FAULT_SHOWN = "\n  "


class _Commands(click.Group):
    """Settings that will not do end any command with their one line."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SettingsRefused as refused:
            _stop(str(refused), 2)


def main() -> None:
    """The `sitthi` command."""
    sitthi()


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("--settings", envvar="SITTHI_SETTINGS", type=click.Path(path_type=Path), help="File of settings, behind the environment's.")
@click.pass_context
def sitthi(context: click.Context, settings: Path | None) -> None:
    """Sitthi: hospital changes for people insured with Thailand's Social Security Office."""
    if settings and context.invoked_subcommand != "init":
        context.obj = file = SettingsFile(settings)
        context.call_on_close(file.take_away)
        file.lay()


def _stop(reason: str, code: int = 1) -> NoReturn:
    click.echo(f"sitthi: {reason}", err=True)
    sys.exit(code)


@contextmanager
def _tools(counted_as: str = "") -> Iterator[Tools]:
    """The tools of the app, as the settings say; one clear line where the store does not answer. `counted_as`: a process that runs on; its
    log is kept and its work counted."""
    settings = settings_from()
    from webapp import app
    from webapp.ports import StoreReadOnly, StoreUnavailable

    _keep_to_ourselves()
    if counted_as:
        app.keep_log(settings)
        if settings.metrics_token:
            start_anew(folder_of(settings.data_dir, counted_as))
    tools = app.tools_for(settings, app.meter_for(settings, counted_as) if counted_as else None)
    try:
        yield tools
    except StoreReadOnly:
        _stop("nothing can be written" + (": SITTHI_READ_ONLY is on" if settings.read_only else " to the database: is its disk read-only?"))
    except StoreUnavailable as fault:
        _stop(f"the database does not answer ({fault}); was 'sitthi migrate' run?")
    finally:
        tools.store.close()


def _print_json(facts: Mapping[str, Any]) -> None:
    click.echo(json.dumps(facts, ensure_ascii=False, indent=2))


# --- a new installation ------------------------------------------------------------------------------------------------------------------


@sitthi.command()
@click.argument("directory", required=False, type=click.Path(path_type=Path))
@click.option("--output", type=click.Path(path_type=Path), help="Write the settings to this new file (mode 0600).")
@click.option("--register", type=click.Path(path_type=Path), help="Import this hospital register into the new database.")
def init(directory: Path | None, output: Path | None, register: Path | None) -> None:
    """Make the secrets and keys of a new installation, as a file of settings; with DIRECTORY, the directory and database too.

    What is there already is kept: a second time nothing changes.
    """
    if directory is not None:
        _init_directory(directory.absolute(), output, register)
        return
    if register is not None:
        _stop("--register needs DIRECTORY, where the database is to be", 2)
    if output is None:
        click.echo(_new_environment(), nl=False)
        return
    if not _written_anew(output, _new_environment()):
        _stop(f"{output} is there already and is not overwritten: its keys may be in use")
    click.echo(f"written to {output}; fill in the empty settings and keep a copy in a safe place", err=True)


def _init_directory(directory: Path, output: Path | None, register: Path | None) -> None:
    _keep_to_ourselves()
    file = (output or directory / "sitthi.env").absolute()
    _make_ours(directory)
    if (directory / "sitthi.db").exists() and not file.exists():
        _stop(f"{directory} holds a database, and {file} with its keys is not there: put it back, new keys could not read it")
    is_new = _written_anew(file, f"{_new_environment()}# where the database is\nDATA_DIR={directory}\n")
    click.echo(f"settings: {file} " + ("written; keep a copy in a safe place" if is_new else "is there already and is kept"))
    given = settings_in(file)
    if given.get("DATA_DIR") != str(directory):
        _stop(f"DATA_DIR in {file} is not {directory}: these settings belong to another place")
    _init_database(given, register)
    if empty := [name for name, value in given.items() if not value]:
        click.echo(f"next: fill in {', '.join(empty)} in {file},")
    click.echo(f"then 'sitthi --settings {file} check', 'serve' and 'worker'")


def _make_ours(directory: Path) -> None:
    """For its owner alone. Somebody else's directory is not taken over."""
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(directory.iterdir()) and not any((directory / name).exists() for name in ("sitthi.env", "sitthi.db")):
            _stop(f"{directory} holds other things: name an empty directory or a new one")
        directory.chmod(0o700)
    except OSError as fault:
        _stop(f"{directory} cannot be made a data directory: {fault.strerror}")


def _written_anew(path: Path, text: str) -> bool:
    """Whole or not at all, and never over another; False where one is there."""
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as handle:
            handle.write(text)
        os.link(part, path)
    except FileExistsError:
        return False
    except OSError as fault:
        _stop(f"{path} cannot be written: {fault.strerror}")
    finally:
        part.unlink(missing_ok=True)
    return True


def _init_database(given: Mapping[str, str], register: Path | None) -> None:
    """With the new keys; the settings that only an operator knows are not needed for it."""
    from webapp.actions import hospitals
    from webapp.app import tools_for

    keys = ("SITTHI_SECRET_KEYS", "SITTHI_DATA_KEYS", "SITTHI_PID_PEPPERS", "SITTHI_DATABASE_URL", "DATA_DIR")
    tools = tools_for(settings_from({name: given[name] for name in keys if name in given}))
    applied = tools.store.migrate()
    click.echo(f"database: {'made' if applied else 'is there already and up to date'}")
    if register is not None:
        with _progress() as progress:
            done = hospitals.import_hospitals(tools, register, by="command line", progress=progress)
        if isinstance(done, hospitals.ImportRefused):
            _refuse_import(done.faults)
        click.echo(f"register: {done.rows} hospitals read")
    tools.store.close()


def _new_environment() -> str:
    return "\n".join(
        (
            "# Sitthi: settings of one installation. Whoever reads this file can read everything: mode 0600, a copy in a safe.",
            "SITTHI_MODE=production",
            "# https address people open, and who answers for this installation",
            "SITTHI_BASE_URL=",
            "SITTHI_OPERATOR=",
            "# from DOPA, at registration of this service with ThaiD",
            "SITTHI_THAID_ISSUER=",
            "SITTHI_THAID_CLIENT_ID=",
            "SITTHI_THAID_CLIENT_SECRET=",
            "# made just now; a new one is put in front of the old one, separated by a comma",
            f"SITTHI_SECRET_KEYS={secrets.token_urlsafe(48)}",
            f"SITTHI_DATA_KEYS={base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}",
            f"SITTHI_PID_PEPPERS={secrets.token_urlsafe(48)}",
            "# seals backups; kept where the backups are not",
            f"SITTHI_BACKUP_KEYS={base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}",
            "# web push: the key as base64url, and an address where push services reach you (mailto:… or https://…)",
            f"SITTHI_VAPID_PRIVATE_KEY={_new_vapid_key()}",
            "SITTHI_VAPID_SUBJECT=",
            "# what Prometheus shows to be told figures at /metrics; take the line away where nobody watches",
            f"SITTHI_METRICS_TOKEN={secrets.token_urlsafe(32)}",
            "",
        )
    )


def _new_vapid_key() -> str:
    """The private number of a new P-256 key, base64url without padding, as web-push libraries take it."""
    from cryptography.hazmat.primitives.asymmetric import ec

    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return base64.urlsafe_b64encode(number.to_bytes(32, "big")).decode().rstrip("=")


@sitthi.command()
def migrate() -> None:
    """Bring the database up to date."""
    with _tools() as tools:
        applied = tools.store.migrate()
    click.echo(f"applied: {', '.join(applied)}" if applied else "nothing to do: the database is up to date")


@sitthi.command("add-officer")
def add_officer() -> None:
    """Name an officer; the citizen number is read from standard input."""
    pid = (click.prompt("Citizen number (not shown)", hide_input=True) if sys.stdin.isatty() else sys.stdin.readline()).strip()
    from stdnum.th import pin

    if not (len(pid) == 13 and pid.isascii() and pid.isdigit() and pin.is_valid(pid)):
        _stop("that is no citizen number: 13 digits, the last of them a check digit")
    from webapp.actions.officers import name_officer

    with _writing() as tools:
        added = name_officer(tools, pid)
    click.echo(f"the officer whose number ends in {pid[-4:]} {'may sign in now' if added else 'was named before'}")


@sitthi.command("end-sessions")
@click.option("--everybody", is_flag=True, help="Of all people and officers; without it, of one, whose number is read from standard input.")
def end_sessions(everybody: bool) -> None:
    """Sign people out at once: after something was stolen, or when an officer leaves."""
    pid = None
    if not everybody:
        pid = (click.prompt("Citizen number (not shown)", hide_input=True) if sys.stdin.isatty() else sys.stdin.readline()).strip()
    from webapp.actions.devices import end_by_operator

    with _tools() as tools:
        click.echo(f"{end_by_operator(tools, pid)} sessions ended")


# --- telling everybody, and taking nothing in --------------------------------------------------------------------------------------------


@sitthi.group()
def notice() -> None:
    """What everybody is told above every page and on /status. Times are Bangkok's: 2026-12-05T22:00, or 22:00 for the next one."""


@notice.command("add")
@click.option("--th", help="The words in Thai; both languages or --about.")
@click.option("--en", help="The words in English.")
@click.option("--about", type=click.Choice(["thaid_down", "push_down", "maintenance", "busy"]), help="Words that are kept ready.")
@click.option("--kind", type=click.Choice(["info", "trouble", "planned"]), help="With words of your own; info if not said.")
@click.option("--from", "from_text", metavar="TIME", help="Shown from then on; now if not said.")
@click.option("--until", "until_text", metavar="TIME", help="Shown until then; until it is ended if not said.")
def add_notice(
    th: str | None, en: str | None, about: str | None, kind: str | None, from_text: str | None, until_text: str | None
) -> None:
    """Tell everybody something."""
    from webapp.actions import notices
    from webapp.domain.notice import About, Kind

    if about and (th or en or kind):
        _stop("--about brings its own words and kind: give it alone, or --th and --en", 2)
    if not about and not (th and en):
        _stop("both languages are needed: --th and --en, or --about with words that are kept ready", 2)
    with _tools() as tools:
        from_at, until_at = _moment(from_text, "--from", tools), _moment(until_text, "--until", tools)
        try:
            if about:
                made = notices.add_about(tools, About(about), from_at, until_at)
            else:
                made = notices.add(tools, Kind(kind or "info"), th or "", en or "", from_at, until_at)
        except notices.NoticeRefused as refused:
            _stop(str(refused), 2)
    click.echo(f"notice {made.number} stands from {made.from_at:%Y-%m-%d %H:%M} {_until(made.until_at)}")


@notice.command("list")
def list_notices() -> None:
    """What stands, what is to come, and what was told in the last 30 days."""
    from webapp.actions import notices

    with _tools() as tools:
        now, found = tools.clock.now(), notices.known(tools).notices
    for one in found:
        state = "to come" if one.is_coming(now) else "shown" if one.is_shown(now) else "over"
        words = f"--about {one.about}" if one.about else f"{one.en} · {one.th}"
        click.echo(f"{one.number}  {state}  {one.kind}  from {one.from_at:%Y-%m-%d %H:%M} {_until(one.over_at)}: {words}")
    if not found:
        click.echo("none")


@notice.command("end")
@click.argument("number", type=click.IntRange(min=1))
def end_notice(number: int) -> None:
    """End notice NUMBER now."""
    from webapp.actions import notices

    with _tools() as tools:
        if not notices.end(tools, number):
            _stop(f"there is no notice {number} to end")
    click.echo(f"notice {number} is ended")


@sitthi.group("read-only")
def read_only() -> None:
    """Take nothing in for a while: everything can be read, what people send comes back to them to be sent later."""


@read_only.command("on")
@click.option("--until", "until_text", metavar="TIME", help="What people are told; it ends only by 'read-only off'.")
@click.option("--about", type=click.Choice(["maintenance", "trouble"]), default="maintenance", show_default=True)
def read_only_on(until_text: str | None, about: str) -> None:
    """Begin it; told again, reason and end are told anew."""
    from webapp.actions import read_only as action
    from webapp.domain.read_only import Why

    with _tools() as tools:
        until_at = _moment(until_text, "--until", tools)
        if until_at is not None and until_at <= tools.clock.now():
            _stop(f"--until is over already: {until_at:%Y-%m-%d %H:%M}", 2)
        spell = action.begin(tools, Why(about), until_at)
    click.echo(f"reading only since {spell.since:%Y-%m-%d %H:%M:%S} {_until(spell.until_at)}")
    click.echo(f"what was under way is done {action.SECONDS_UNTIL_QUIET} seconds from now; wait so long before you copy the database")


@read_only.command("off")
def read_only_off() -> None:
    """End it: forms are taken in again, and the worker catches up."""
    from webapp.actions import read_only as action

    with _tools() as tools:
        was_on = action.end(tools)
    click.echo("ended: everything is taken in again" if was_on else "it was not on")


@read_only.command("status")
def read_only_status() -> None:
    """Whether it is on."""
    with _tools() as tools:
        spell, by_setting = tools.store.read_only_spell(), tools.settings.read_only
    if by_setting:
        click.echo("on: by the setting SITTHI_READ_ONLY")
    if spell:
        click.echo(f"on since {spell.since:%Y-%m-%d %H:%M:%S} {_until(spell.until_at)}, {spell.why}")
    if not by_setting and not spell:
        click.echo("off")


def _until(at: datetime | None) -> str:
    return f"until {at:%Y-%m-%d %H:%M}" if at else "until it is ended"


CLOCK_TIME = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)", re.ASCII)
FIRST_BUDDHIST_YEAR = 2400


def _moment(text: str | None, name: str, tools: Tools) -> datetime | None:
    """A time of Bangkok; one of the clock alone is the next such time."""
    if text is None:
        return None
    from webapp.domain.dates import BANGKOK

    now = tools.clock.now()
    if clock := CLOCK_TIME.fullmatch(text.strip()):
        at = now.astimezone(BANGKOK).replace(hour=int(clock[1]), minute=int(clock[2]), second=0, microsecond=0)
        return at if at > now else at + timedelta(days=1)
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        _stop(f"{name} is '{text}': it must be a time such as 2026-12-05T22:00 or 22:00", 2)
    if at.year >= FIRST_BUDDHIST_YEAR:
        _stop(f"{name} is '{text}': the year is of the Buddhist era, {at.year - 543} is meant", 2)
    if "T" not in text and " " not in text.strip():
        _stop(f"{name} is '{text}': say the hour too, such as {at:%Y-%m-%d}T22:00", 2)
    return at.astimezone(BANGKOK) if at.tzinfo else at.replace(tzinfo=BANGKOK)


@contextmanager
def _writing() -> Iterator[Tools]:
    """The tools, for what must not be lost: refused while nothing is taken in."""
    from webapp.actions import read_only as action

    with _tools() as tools:
        if action.is_on(tools):
            _stop("nothing is taken in now: 'sitthi read-only status' says since when, 'sitthi read-only off' ends it")
        yield tools


def _stopper(tools: Tools, stop: threading.Event) -> Callable[[], bool]:
    """For a command that runs on: whether it was told to stop, or nothing is taken in any more."""
    from webapp.actions.read_only import Watch

    watch = Watch(tools)
    return lambda: stop.is_set() or watch.is_on()


# --- imports -----------------------------------------------------------------------------------------------------------------------------


@sitthi.command("import-hospitals")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--missing-end-on", metavar="DAY", help="Hospitals that the file leaves out end on this day (YYYY-MM-DD).")
@click.option("--provinces", type=click.Path(path_type=Path), help="Another list of provinces than the packaged one.")
@click.option("--borders", type=click.Path(path_type=Path), help="Another list of adjoining provinces than the packaged one.")
def import_hospitals(file: Path, missing_end_on: str | None, provinces: Path | None, borders: Path | None) -> None:
    """Replace the hospital register by a CSV file, whole or not at all."""
    end_on = _day_of(missing_end_on, "--missing-end-on") if missing_end_on else None
    from webapp.actions import hospitals

    with _writing() as tools, _progress() as progress:
        done = hospitals.import_hospitals(
            tools, file, provinces=provinces, borders=borders, missing_end_on=end_on, by="command line", progress=progress
        )
    if isinstance(done, hospitals.ImportRefused):
        _refuse_import(done.faults)
    click.echo(
        f"{done.rows} hospitals read: {done.added} added, {done.changed} changed, {done.ended} ended, "
        f"{done.reopened} opened again, {done.unchanged} unchanged"
    )
    if done.sample:
        click.echo("note: this register holds lines of the sample; production refuses to start with it", err=True)


@sitthi.command("import-people")
@click.argument("file", type=click.Path(path_type=Path))
def import_people(file: Path) -> None:
    """Add or renew insured people from a CSV file, whole or not at all."""
    from webapp.actions import imports

    with _writing() as tools, _progress() as progress:
        done = imports.import_people(tools, file, progress)
    if isinstance(done, imports.ImportRefused):
        _refuse_import(done.faults)
    click.echo(f"{done.rows} people imported")


@sitthi.command("import-contributions")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="The file holds every month of the people in it: their other months are taken away.")
def import_contributions(file: Path, replace: bool) -> None:
    """Add or renew months paid from a CSV file, whole or not at all."""
    from webapp.actions import imports

    with _writing() as tools, _progress() as progress:
        done = imports.import_contributions(tools, file, progress, replace=replace)
    if isinstance(done, imports.ImportRefused):
        _refuse_import(done.faults)
    click.echo(f"{done.rows} months imported")


def _refuse_import(faults: Iterable[object]) -> NoReturn:
    told = [str(fault) for fault in faults]
    _stop(f"nothing was imported, {len(told)} to put right:{FAULT_SHOWN}" + FAULT_SHOWN.join(told))


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """Per cent on one line of a terminal; silent where the output goes elsewhere."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    yield lambda done, total: click.echo(f"\r{100 * done // max(total, 1):3d} %", nl=False, err=True)
    click.echo("\r     \r", nl=False, err=True)


def _day_of(text: str, name: str) -> date:
    try:
        day = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        _stop(f"{name} is '{text}': it must be a day such as 2026-12-31", 2)
    return day


# --- answers -----------------------------------------------------------------------------------------------------------------------------


@sitthi.command("effective-date")
@click.argument("received", metavar="TIME")
@click.option("--policy", metavar="NAME", help="last_working_day or last_calendar_day; otherwise as the law book says.")
def effective_date(received: str, policy: str | None) -> None:
    """When a change received at TIME takes effect, as the open API answers it."""
    from webapp.actions import open_data

    _answer(lambda tools: open_data.effective_date(tools, received, policy))


@sitthi.command()
@click.option("--on", metavar="DAY", help="The day whose law counts; otherwise today.")
def law(on: str | None) -> None:
    """Every value of the law in force on a day, as the open API answers it."""
    from webapp.actions import open_data

    _answer(lambda tools: open_data.law(tools, on))


@sitthi.command()
@click.argument("benefit")
@click.argument("answers", metavar="KEY=VALUE…", nargs=-1)
def assess(benefit: str, answers: tuple[str, ...]) -> None:
    """What the answers come to for BENEFIT, as the open API gives it; on=DAY sets the day, a VALUE may be JSON."""
    from webapp.actions import check_benefits

    asked = _asked_of(answers)
    try:
        _answer(lambda tools: check_benefits.assess(tools, benefit, asked))
    except check_benefits.NoSuchBenefit:
        from webapp.domain.benefits.catalogue import BENEFITS

        _stop(f"there is no benefit '{benefit}'; there are {', '.join(BENEFITS)}", 2)


def _asked_of(answers: tuple[str, ...]) -> dict[str, Any]:
    """{"on", "answers"} from KEY=VALUE; a key given twice would leave one of them unread."""
    given: dict[str, Any] = {}
    for text in answers:
        key, equals, value = text.partition("=")
        if not equals or not key:
            _stop(f"'{text}' is not KEY=VALUE", 2)
        if key in given:
            _stop(f"{key} is given twice", 2)
        given[key] = _json_or_text(key, value)
    on = {"on": given.pop("on")} if "on" in given else {}
    return on | {"answers": given}


def _json_or_text(key: str, value: str) -> Any:
    """Lists (wages, children) are written as JSON; everything else is read as text."""
    if not value.startswith("["):
        return value
    from decimal import Decimal

    try:
        return json.loads(value, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError):
        _stop(f"{key} is not sound JSON", 2)


def _answer(facts: Callable[[Tools], Mapping[str, Any]]) -> None:
    from webapp.actions.open_data import NotUnderstood

    with _tools() as tools:
        try:
            _print_json(facts(tools))
        except NotUnderstood as fault:
            _stop(str(fault), 2)


@sitthi.command()
@click.option("--since", metavar="DAY", required=True, help="Cases sent on this day or after it (YYYY-MM-DD).")
def recheck(since: str) -> None:
    """Claims and hospital changes that the law as it stands here now would have told otherwise; exit code 1 where there are any."""
    first, found = _day_of(since, "--since"), 0
    from webapp.actions.recheck import recheck as look_again

    with _tools() as tools:
        for one in look_again(tools, first):
            click.echo(f"{one.reference} ({one.status}): told {one.then}; now {one.now}")
            found += 1
    click.echo(f"cases that come out otherwise: {found}" if found else "every case comes out as it was told")
    sys.exit(1 if found else 0)


@sitthi.command()
@click.option("--audit-head", metavar="NUMBER:HASH", help="A seal that the worker once printed: the audit must still hold it.")
def check(audit_head: str | None) -> None:
    """Look over settings, database, register, law, translations, keys and audit; exit code 1 where something is amiss."""
    head = _head_of(audit_head) if audit_head else None
    with _tools() as tools:
        findings = [
            ("settings", f"{tools.settings.mode}, {tools.settings.base_url}", ""),
            ("law", f"{len(tools.law_book.keys)} keys", _stale_law(tools)),
            ("database", "up to date", "" if tools.store.is_ready() else "not ready: run 'sitthi migrate'"),
            _register_finding(tools),
            ("translations", "complete", _gap_in_catalogues()),
            _keys_finding(tools),
            _documents_finding(tools),
            _audit_finding(tools, head),
            _backup_finding(tools),
            _read_only_finding(tools),
        ]
    for name, found, amiss in findings:
        click.echo(f"{'amiss' if amiss else 'ok':5}  {name}: {amiss or found}")
    if any(amiss for _, _, amiss in findings):
        sys.exit(1)


def _stale_law(tools: Tools) -> str:
    """Values that somebody must look up again, or nothing."""
    from webapp.actions.check_benefits import stale_values
    from webapp.domain.lawbook import CHECKED_EVERY_MONTHS

    stale = stale_values(tools)
    keys = ", ".join(value.key for value in stale)
    return f"last checked over {CHECKED_EVERY_MONTHS} months ago: {keys}" if stale else ""


def _register_finding(tools: Tools) -> tuple[str, str, str]:
    if not tools.store.is_ready():
        return "register", "", "cannot be looked at before the database is ready"
    last = tools.store.last_register_import()
    if last is None:
        return "register", "", "empty: run 'sitthi import-hospitals FILE'"
    if tools.settings.production and last.sample:
        return "register", "", "the sample: production refuses to start with it"
    return "register", f"{'sample' if last.sample else 'imported'} {last.imported_at:%Y-%m-%d}", ""


def _keys_finding(tools: Tools) -> tuple[str, str, str]:
    """Keys and peppers by the names that say nothing of them: which rows wait for rotation, and which old key may go."""
    if not tools.store.is_ready():
        return "keys", "", "cannot be looked at before the database is ready"
    found = tools.store.keys_in_use()
    if found.missing:
        return "keys", "", f"rows need {', '.join(found.missing)}, which the settings do not give: put the old key back behind the first"
    parts = [f"data key {found.first_key} and pepper {found.first_pepper} write"]
    if found.to_rotate:
        parts.append(f"{found.to_rotate} rows still need an older one: run 'sitthi rotate-keys'")
    if found.removable:
        parts.append(f"no row needs {', '.join(found.removable)}: take it out of the settings")
    return "keys", "; ".join(parts), ""


MOST_FINDINGS_SHOWN = 20


def _documents_finding(tools: Tools) -> tuple[str, str, str]:
    """The folder of what people send, and the virus scanner where one is set."""
    if not tools.files.is_ready():
        return "documents", "", f"{tools.settings.documents_folder} cannot be written"
    if tools.scanner is not None and not tools.scanner.is_there():
        return "documents", "", "the virus scanner does not answer (SITTHI_CLAMD): documents wait"
    return "documents", "folder ready, " + ("virus scanner answers" if tools.scanner else "no virus scanner set"), ""


def _audit_finding(tools: Tools, head: tuple[int, str] | None) -> tuple[str, str, str]:
    if not tools.store.is_ready():
        return "audit", "", "cannot be looked at before the database is ready"
    from webapp.actions import audit

    found = audit.check(tools, head)
    if found.findings:
        told = [_told_of(one) for one in found.findings[:MOST_FINDINGS_SHOWN]]
        more = len(found.findings) - len(told)
        return "audit", "", "; ".join(told) + (f"; and {more} more" if more else "")
    last = f", the last seal is {found.head.number}:{found.head.hash}" if found.head else ""
    return "audit", f"{found.entries} entries sealed, {found.waiting} wait for the worker{last}", ""


def _backup_finding(tools: Tools) -> tuple[str, str, str]:
    """When the last backup was made. On a machine of development nobody needs one."""
    from webapp.actions import backup as backups
    from webapp.app import archives_for

    try:
        last = backups.last_made(tools, archives_for(tools.settings))
    except SettingsRefused as refused:
        return "backup", "", str(refused)
    if last is None:
        return "backup", "none was made yet", "none was made yet: run 'sitthi backup'" if tools.settings.production else ""
    made_at, is_verified, is_too_old = last
    told = f"the last is of {made_at:%Y-%m-%d %H:%M}, {_age(tools.clock.now() - made_at)} old, {'' if is_verified else 'not '}verified"
    return "backup", told, told if is_too_old and tools.settings.production else ""


def _read_only_finding(tools: Tools) -> tuple[str, str, str]:
    """One that was forgotten after its time is amiss."""
    from webapp.actions import read_only as action

    name = "taking in"
    if not tools.store.is_ready():
        return name, "", "cannot be looked at before the database is ready"
    if not action.is_on(tools):
        return name, "everything", ""
    spell = tools.store.read_only_spell()
    told = f"nothing, since {spell.since:%Y-%m-%d %H:%M} {_until(spell.until_at)}" if spell else "nothing: SITTHI_READ_ONLY is on"
    is_over = spell is not None and spell.until_at is not None and spell.until_at <= tools.clock.now()
    return name, told, f"{told}: that time is over, 'sitthi read-only off' ends it" if is_over else ""


def _age(age: timedelta) -> str:
    hours, minutes = divmod(int(age.total_seconds()) // 60, 60)
    return f"{hours // 24} days {hours % 24} hours" if hours > 48 else f"{hours} hours {minutes} minutes"


def _told_of(finding: Finding) -> str:
    from webapp.domain.audit import Amiss

    said = {
        Amiss.ENTRY_CHANGED: "entry {} was changed",
        Amiss.ENTRY_REMOVED: "entry {} was removed",
        Amiss.ENTRY_MOVED: "entry {} was moved to the place of entry {}",
        Amiss.ENTRY_INSERTED: "entry {} was slipped in",
        Amiss.BATCH_CHANGED: "batch {} does not fit its seal",
        Amiss.BATCH_REMOVED: "batch {} is gone",
        Amiss.BATCH_MOVED: "batch {} does not follow the one before",
        Amiss.MARK_FORGED: "batch {} was not sealed with our key",
        Amiss.MARK_KEY_MISSING: "batch {} was sealed with a key that the settings do not give",
        Amiss.END_CUT_OFF: "batch {} with that seal is not there: the end was cut off or rewritten",
        Amiss.WORDS_CHANGED: "the words of entry {} were changed",
    }
    return said[finding.code].format(finding.number, finding.other)


def _head_of(text: str) -> tuple[int, str]:
    number, _, seal = text.partition(":")
    if not number.isdigit() or not seal:
        _stop(f"--audit-head is '{text}': it must be as the worker prints it, NUMBER:HASH", 2)
    return int(number), seal


@sitthi.command()
@click.argument("to", type=click.Path(path_type=Path))
@click.option("--verify", is_flag=True, help="Then lay it out beside the installation, look all of it over, and take that away again.")
@click.option("--keep", metavar="DAYS", type=click.IntRange(min=1), help="Of the backups in that folder keep so many days, one a day.")
@click.option("--for-drill", is_flag=True, help="It will be thrown away: 'sitthi check' does not count it.")
def backup(to: Path, verify: bool, keep: int | None, for_drill: bool) -> None:
    """Back up database and documents into one sealed file, while app and worker run; a folder TO names it after the time."""
    from webapp.actions import backup as backups

    if keep and not to.is_dir():
        _stop("--keep needs a folder of backups", 2)
    with _backups() as (tools, archives, open_at):
        made = backups.make(tools, archives, open_at, to, keep, is_noted=not for_drill)
        held = f"{made.rows} rows and {made.documents} documents as of {made.made_at:%Y-%m-%d %H:%M:%S}"
        click.echo(f"{made.path}: {held}, {made.size} bytes")
        for name in made.removed:
            click.echo(f"removed {name}")
        if made.lacking:
            click.echo(f"note: files of {len(made.lacking)} documents are not there: {', '.join(made.lacking[:20])}", err=True)
        if verify:
            _tell_looked_over(backups.verify(tools, archives, open_at, made.path))


@sitthi.command()
@click.argument("source", metavar="FROM", type=click.Path(path_type=Path))
@click.option("--trial", is_flag=True, help="Lay it out, look it over, take it away again: nothing is put in place.")
def restore(source: Path, trial: bool) -> None:
    """Look a backup over and put database and documents in place, where none are; needs the settings that it was made with."""
    from webapp.actions import backup as backups

    with _backups() as (tools, archives, open_at):
        found = (backups.verify if trial else backups.restore)(tools, archives, open_at, source)
        _tell_looked_over(found)
        if trial:
            return
        if found.applied:
            click.echo(f"migrated from the release {found.release}: {', '.join(found.applied)}")
        click.echo(f"restored into {tools.settings.data_dir}; {found.sessions_ended} sessions ended: people sign in anew")
        click.echo(_told_of_loss(found))


def _told_of_loss(found: LookedOver) -> str:
    seal = f", and after the seal {found.last_seal[:24]}… in the worker's log" if found.last_seal else ""
    return (
        f"lost: everything since {found.made_at:%Y-%m-%d %H:%M:%S}, {_age(found.age)} ago: after entry {found.last_entry} of the audit"
        f"{seal}. "
        "People must send again what they sent since; what was erased or taken back since must be so again; "
        "reminders sent since are sent once more. Make a new backup now."
    )


@sitthi.command("copy-store")
@click.argument("source", metavar="FROM")
@click.argument("to", metavar="TO")
@click.option("--again", is_flag=True, help="TO holds an earlier copy of FROM, or a part of one: bring over only what differs.")
def copy_store(source: str, to: str, again: bool) -> None:
    """Copy the database FROM into the database TO, of either engine, while app and worker run on FROM.

    Each is an address (sqlite:///… or postgresql://…) or the name of an environment variable that holds one, such as SITTHI_DATABASE_URL:
    an address with a password is no argument, since arguments stand in shell histories. Cut off, it goes on with --again. Documents
    are files and stay where they are.
    """
    from webapp.actions import store_copying
    from webapp.app import copier_between
    from webapp.ports import CopyRefused, StoreUnavailable

    settings = settings_from()
    _keep_to_ourselves()
    copier = copier_between(settings, _address(source, settings), _address(to, settings))
    try:
        with _progress() as progress:
            done = store_copying.copy_store(copier, again, progress)
    except (CopyRefused, StoreUnavailable) as refused:
        _stop(str(refused))
    finally:
        copier.target.close()
    if done.copied.differing:
        _stop("TO is not the same as FROM:" + FAULT_SHOWN + FAULT_SHOWN.join(done.copied.differing))
    for line in store_copying.told(done):
        click.echo(line)


VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*", re.ASCII)


def _address(said: str, settings: Settings) -> str:
    if not VARIABLE.fullmatch(said):
        return said
    address = settings.database_url if said == "SITTHI_DATABASE_URL" else os.environ.get(said, "")
    return address or _stop(f"{said} is no address, and no variable of the environment holds one under that name", 2)


@contextmanager
def _backups() -> Iterator[tuple[Tools, Archives, Callable[[Path], Tools]]]:
    from webapp.app import archives_for, tools_at
    from webapp.ports import BackupRefused

    with _tools() as tools:
        try:
            yield tools, archives_for(tools.settings), lambda place: tools_at(tools.settings, place)
        except BackupRefused as refused:
            _stop(str(refused))


def _tell_looked_over(found: LookedOver) -> None:
    if found.findings:
        _stop("this backup is not sound, and nothing was put in place:" + FAULT_SHOWN + FAULT_SHOWN.join(found.findings))
    click.echo(f"looked over: {found.rows} rows, references, seals of the audit and {found.documents} documents are as they were")


@sitthi.command("rotate-keys")
def rotate_keys() -> None:
    """Write every row anew with the first data key and the first pepper, while the app runs; stopped, it goes on where it was."""
    from webapp.actions.key_rotation import KeyMissing, rotate

    stop = threading.Event()
    _when_told_to_stop(lambda number, frame: stop.set())
    with _writing() as tools, _progress() as progress:
        is_to_stop = _stopper(tools, stop)
        try:
            done = rotate(tools, progress, is_to_stop)
        except KeyMissing as missing:
            _stop(f"rows need {', '.join(missing.names)}, which the settings do not give; nothing was written")
        way_on = "stopped before its end," if is_to_stop() else "start app and worker with the new one in front, then"
    click.echo(f"{done.rows} rows written anew with data key {done.keys.first_key} and pepper {done.keys.first_pepper}")
    if done.keys.to_rotate:
        _stop(f"{done.keys.to_rotate} rows still need an older key: {way_on} run this again")
    if done.keys.removable:
        click.echo(f"no row needs {', '.join(done.keys.removable)} any more: take it out of the settings; older backups still need it")


@sitthi.group()
def audit() -> None:
    """The audit: who did or read what, when and why."""


@audit.command("export")
def export_audit() -> None:
    """Every entry with its batch and seal, one JSON object a line, to standard output."""
    from webapp.actions import audit as action

    with _tools() as tools:
        count = action.export(tools, lambda facts: click.echo(json.dumps(facts, ensure_ascii=False)))
    click.echo(f"{count} entries", err=True)


@sitthi.command("record-of-processing")
@click.option("--output", type=click.Path(path_type=Path), help="Write to this file instead of the screen.")
def record_of_processing(output: Path | None) -> None:
    """The record of processing in English and Thai, made from the code's own declarations."""
    from webapp.web.processing_record import record

    text = record()
    if output is None:
        click.echo(text, nl=False)
        return
    output.write_text(text, encoding="utf-8")
    click.echo(f"written to {output}", err=True)


def _gap_in_catalogues() -> str:
    """The first string without a translation, or nothing."""
    from babel.messages.pofile import read_po

    for po in sorted((ROOT / "translations").glob("*/LC_MESSAGES/messages.po")):
        with po.open("rb") as source:
            for message in read_po(source):
                if message.id and (message.fuzzy or not message.string):
                    return f"{po.parent.parent.name}: no text for {message.id!r}"
    return ""


# --- servers -----------------------------------------------------------------------------------------------------------------------------


@sitthi.command()
@click.option("--host", envvar="SITTHI_HOST", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", envvar="PORT", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--socket", "path", envvar="SITTHI_SOCKET", type=click.Path(path_type=Path), help="Listen on this socket file instead.")
@click.option("--workers", envvar="SITTHI_WORKERS", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes.")
@click.pass_obj
def serve(file: SettingsFile | None, host: str, port: int, path: Path | None, workers: int) -> None:
    """Answer the browsers, on the production server; SIGTERM drains and stops, SIGHUP takes new code and settings in."""
    settings = settings_from()
    if not settings.production and not path and host not in LOOPBACK:
        raise SettingsRefused(f"SITTHI_HOST is '{host}': development listens on loopback only")
    if settings.production and (reason := serving.why_not_to_start()):
        _stop(reason, 2)
    if not path:
        _must_be_free(host, port, "PORT")
    _keep_to_ourselves()
    if settings.log_as_json:
        log_lines.listen()
    if settings.metrics_token:
        start_anew(folder_of(settings.data_dir, "app"))
    drain = serving.DRAIN_SECONDS if settings.production else STOP_SECONDS
    try:
        serving.serve(serving.Door(host, port, path), workers, file, settings.production or workers > 1, drain)
    except serving.DoorTaken as taken:
        _stop(f"{taken}: SITTHI_SOCKET=… chooses another")


def _keep_to_ourselves() -> None:
    """What this command writes from here on (database, log of writes, compiled templates) is for nobody else on this machine."""
    before = os.umask(0o077)
    click.get_current_context().find_root().call_on_close(lambda: os.umask(before))


@sitthi.command()
@click.option("--port", envvar="STANDIN_PORT", default=8001, show_default=True, type=click.IntRange(1, 65535))
def standins(port: int) -> None:
    """Stand-ins for ThaiD and ทางรัฐ, for development on this machine only."""
    if settings_from().production:
        raise SettingsRefused("SITTHI_MODE is production: stand-ins never run there")
    _must_be_free("127.0.0.1", port, "STANDIN_PORT")
    from webapp.standins import thaid

    environment = {"SITTHI_THAID_CLIENT_SECRET": DEVELOPMENT_SECRET, **os.environ, "STANDIN_PORT": str(port)}
    _when_told_to_stop(lambda number, frame: sys.exit(0))
    thaid.serve(thaid.app_from_environment(environment), port=port)


@sitthi.command()
@click.option("--every", default=60.0, show_default=True, type=click.FloatRange(min=1), help="Seconds between two rounds.")
@click.option("--once", is_flag=True, help="One round, then end.")
def worker(every: float, once: bool) -> None:
    """Let approved changes take effect on their day, plan and send reminders, look at documents, and forget what has run out."""
    from webapp.actions.read_only import Watch
    from webapp.actions.reminder_sending import Sender
    from webapp.app import refuse_demo_data
    from webapp.domain.measure import WORKER_ROUND
    from webapp.web.reminder_words import on_the_lock_screen

    stop = threading.Event()
    _when_told_to_stop(lambda number, frame: stop.set())
    with _tools("worker") as tools:
        if tools.settings.production:
            refuse_demo_data(tools)
        sender, next_round, watch = Sender(tools, on_the_lock_screen), tools.clock.elapsed(), Watch(tools)
        waits = False
        if not once:
            threading.Thread(target=lambda: _read_documents(tools, stop), daemon=True).start()

        def is_to_stop() -> bool:
            """Asked between two lots, and so the beat of the worker too."""
            tools.meter.mark(WORKER_ROUND, tools.clock.machine_time())
            return stop.is_set() or watch.is_on()

        while not stop.is_set():
            is_to_stop()
            if waits is not watch.is_on():
                waits = not waits
                log_lines.say(RESTS if waits else "nothing is taken in: that is over, and everything goes on")
            if waits:
                if once:
                    return
                stop.wait(min(every, SEND_EVERY))
                continue
            if tools.clock.elapsed() >= next_round:
                done = _round(tools, is_to_stop)
                next_round = tools.clock.elapsed() + every
                if once or done:
                    log_lines.say(f"{done} changes took effect")
            tally = _tried(lambda: sender.run(is_to_stop), tools.meter)
            if tally and (once or tally.settled):
                log_lines.say(_told(tally))
            if once:
                read = _tried(_reader(tools).run, tools.meter)
                log_lines.say(f"{read or 0} documents looked at")
                return
            stop.wait(min(every, SEND_EVERY))


def _reader(tools: Tools) -> Reader:
    from webapp.actions import claim_papers
    from webapp.actions.document_reading import Reader

    return Reader(tools, {claim_papers.CASE: claim_papers.paper_settled})


def _read_documents(tools: Tools, stop: threading.Event) -> None:
    """Beside the reminders, so that nobody's photo waits until a million messages are sent. A document that is cut off when the worker ends
    is taken up again by the next one."""
    from webapp.actions.read_only import Watch

    reader, watch = _reader(tools), Watch(tools)
    while not stop.is_set():
        if not watch.is_on():
            _tried(lambda: reader.run(lambda: stop.is_set() or watch.is_on()), tools.meter)
        stop.wait(READ_EVERY)
    tools.store.close()


def _round(tools: Tools, stop: Callable[[], bool]) -> int:
    """What the worker does every minute; the changes take effect before anything is planned about them. Returns how many did."""
    from webapp.actions.reminder_planning import forget_old, plan
    from webapp.actions.taking_effect import take_effect_due, tidy

    done = _tried(lambda: take_effect_due(tools), tools.meter)
    for part in (lambda: tidy(tools), lambda: forget_old(tools), lambda: plan(tools, stop=stop), lambda: _seal_audit(tools)):
        _tried(part, tools.meter)
    return done or 0


def _seal_audit(tools: Tools) -> None:
    """Each seal is told to the log: a batch cut off the end of the audit later is missing from what this printed."""
    from webapp.actions import audit
    from webapp.domain.measure import SEALS

    for batch in audit.seal(tools):
        log_lines.say(f"audit batch {batch.number}:{batch.hash} sealed, {batch.count} entries")
        tools.meter.count(SEALS)


def _tried(do: Callable[[], T], meter: Meter | None = None) -> T | None:
    """A store that does not answer is tried again in the next round; and no fault of one part may end the worker, or keep the others from
    their turn. What went wrong is said without the fault's own words: they may be somebody's."""
    from webapp.domain.measure import WORKER_FAULTS
    from webapp.ports import StoreUnavailable

    try:
        return do()
    except StoreUnavailable as fault:
        log_lines.say(f"the database does not answer ({fault}); trying again", is_trouble=True)
        return None
    except Exception as fault:
        if meter:
            meter.count(WORKER_FAULTS)
        _say_once(f"a part of the worker's round failed ({_place_of(fault)}); trying again")
        return None


@lru_cache(maxsize=256)
def _say_once(text: str) -> None:
    """What fails every two seconds would fill a disk."""
    log_lines.say(text, is_trouble=True)


def _place_of(fault: Exception) -> str:
    """What it was and where: 'ValueError in reminder.py, line 12'."""
    *_, last = traceback.extract_tb(fault.__traceback__)
    return f"{type(fault).__name__} in {Path(last.filename).name}, line {last.lineno}"


@sitthi.group()
def reminders() -> None:
    """Reminders by hand, or from cron: the worker does both."""


@reminders.command("plan")
def plan_reminders() -> None:
    """Plan what comes due by this time tomorrow; planning twice adds nothing."""
    from webapp.actions.reminder_planning import plan

    added = cancelled = 0
    with _writing() as tools, _progress() as progress:
        while True:
            done = plan(tools, progress)
            added, cancelled = added + done.added, cancelled + done.cancelled
            if done.is_all:
                break
    click.echo(f"{added} reminders planned, {cancelled} cancelled")


@reminders.command("send")
def send_reminders() -> None:
    """Send what is due now, and end; Ctrl-C, SIGTERM or `read-only on` stops it, and the next run goes on from there."""
    from webapp.actions.reminder_planning import plan
    from webapp.actions.reminder_sending import Sender, Tally
    from webapp.web.reminder_words import on_the_lock_screen

    stop, total = threading.Event(), Tally()
    _when_told_to_stop(lambda number, frame: stop.set())
    with _writing() as tools, _progress() as progress:
        is_to_stop = _stopper(tools, stop)
        _tried(lambda: plan(tools, stop=is_to_stop))
        due, held = tools.store.count_waiting(tools.clock.now())
        left = due
        sender = Sender(tools, on_the_lock_screen)
        while not is_to_stop():
            before = total.settled
            total += sender.run(is_to_stop, lambda tally, before=before: progress(before + tally.settled, due + held))  # type: ignore[misc]
            left, held_by_others = tools.store.count_waiting(tools.clock.now())
            if not held_by_others:
                break
            stop.wait(1)
    click.echo(_told(total) + (f"; {left} wait" if left else ""))


def _told(tally: Tally) -> str:
    return (
        f"{tally.sent} reminders sent in {tally.messages} messages, {tally.kept} kept for the inbox, {tally.planned} put off, "
        f"{tally.cancelled} cancelled, {tally.expired} expired, {tally.failed} failed, {tally.phones_gone} subscriptions gone"
    )


def _must_be_free(host: str, port: int, setting: str) -> None:
    """Whether somebody listens there already is asked before starting, so that the answer is one clear line."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as fault:
            _stop(f"port {port} on {host} cannot be used ({fault.strerror}): {setting}=… chooses another")


# --- the demonstration -------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Child:
    """One server of the demonstration."""

    name: str
    process: subprocess.Popen[bytes]


class _ChildEnded(Exception):
    """A server of the demonstration is gone, and the others must not go on without it."""


@sitthi.command()
def demo() -> None:
    """Start everything on this machine: app, stand-ins and worker, with demonstration people."""
    settings = settings_from()
    if settings.production:
        raise SettingsRefused("SITTHI_MODE is production: the demonstration is for development")
    port, standin_port = os.environ.get("PORT", "8000"), os.environ.get("STANDIN_PORT", "8001")
    for number, setting in ((port, "PORT"), (standin_port, "STANDIN_PORT")):
        if not number.isdigit() or not 0 < int(number) < 65536:
            raise SettingsRefused(f"{setting} is '{number}': it must be a port number")
        _must_be_free("127.0.0.1", int(number), setting)
    children: list[_Child] = []
    _when_told_to_stop(lambda number, frame: sys.exit(0))
    try:
        children += [_started("serve"), _started("standins")]
        _prepare()  # meanwhile: the servers look at the database with the first request only
        _wait_until_answering(children, (f"http://127.0.0.1:{port}/readyz", f"http://127.0.0.1:{standin_port}/"))
        children.append(_started("worker"))
        click.echo(_greeting(port, standin_port))
        while True:
            _watch(children)
            time.sleep(0.2)
    except _ChildEnded as ended:
        time.sleep(0.5)  # a signal to the whole group reaches the children first: then ours is on its way, and this is no failure
        _stop(f"{ended}; the rest was stopped too")
    finally:
        _when_told_to_stop(signal.SIG_IGN)
        _end(children)


def _when_told_to_stop(do: Any) -> None:
    """Ctrl-C, SIGTERM and a closed terminal alike."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, do)


def _prepare() -> None:
    """Database, register and people; what is there already is kept."""
    from webapp.actions import demo as demonstration
    from webapp.actions import demo_cases, hospitals

    with _tools() as tools:
        tools.store.migrate()
        if tools.store.last_register_import() is None:
            done = hospitals.import_hospitals(tools, hospitals.SAMPLE_REGISTER, by="demonstration")
            if isinstance(done, hospitals.ImportRefused):
                _refuse_import(done.faults)
        demonstration.lay_demo(tools)
        demo_cases.lay_cases(tools)


def _started(command: str) -> _Child:
    """A process group of its own, so that what it started itself can be ended with it."""
    arguments = [sys.executable, "-m", "webapp.commands", command]
    return _Child(command, subprocess.Popen(arguments, cwd=ROOT, process_group=0, preexec_fn=serving.end_with_parent))  # noqa: S603 - our own commands


def _wait_until_answering(children: list[_Child], addresses: Iterable[str]) -> None:
    import urllib.error
    import urllib.request

    end = time.monotonic() + START_SECONDS
    for address in addresses:
        while True:
            _watch(children)
            try:
                with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own loopback address
                    break
            except (urllib.error.URLError, OSError):
                if time.monotonic() > end:
                    _stop(f"{address} did not answer within {START_SECONDS} seconds")
                time.sleep(0.05)


def _watch(children: Iterable[_Child]) -> None:
    for child in children:
        code = child.process.poll()
        if code is not None:
            raise _ChildEnded(f"'sitthi {child.name}' ended with code {code}")


def _end(children: Iterable[_Child]) -> None:
    """Ask all, then wait; whoever does not listen, or was left behind by one that died, is killed."""
    for child in children:
        _signal(child, signal.SIGTERM)
    end = time.monotonic() + STOP_SECONDS
    for child in children:
        with suppress(subprocess.TimeoutExpired):
            child.process.wait(max(0.1, end - time.monotonic()))
        _signal(child, signal.SIGKILL)
        child.process.wait()


def _signal(child: _Child, number: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(child.process.pid, number)


def _greeting(port: str, standin_port: str) -> str:
    from webapp.actions.demo import NOT_INSURED, OFFICER_NAMES, PEOPLE, WITHOUT_THAID

    people = [(person.pid, person.name, f"{person.note_en} · {person.note_th}") for person in PEOPLE if person.pid not in OFFICER_NAMES]
    pid, name, note_th, note_en = NOT_INSURED
    people.append((pid, name, f"{note_en} · {note_th}"))
    people += [(pid, name, "officer, at /officer · เจ้าหน้าที่") for pid, name in OFFICER_NAMES.items()]
    lines = [f"  {pid}  {name}: {note}" for pid, name, note in sorted(people)]
    menu = f"Come in as from the Government Channel app (ทางรัฐ): http://127.0.0.1:{standin_port}/simulator/government-channel"
    others = [f"  {person.pid}  {person.name}: {person.note_en} · {person.note_th}" for person in WITHOUT_THAID]
    desk = f"Without ThaiD, by a code that an officer makes at http://127.0.0.1:{port}/officer/counter:"
    start = (f"ready http://127.0.0.1:{port}", "Sign in with ThaiD as one of these invented people:")
    return "\n".join((*start, *lines, desk, *others, menu))


if __name__ == "__main__":
    main()
