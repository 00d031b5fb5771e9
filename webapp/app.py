"""The front door: builds the app, and is the only room that knows the adapters."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from flask import Flask, Request
from flask.sessions import SessionInterface

from webapp.actions import claim_papers
from webapp.adapters import lawbook_toml, log_lines, working_days
from webapp.adapters.backups.archive import SealedArchives
from webapp.adapters.clock import RunningClock
from webapp.adapters.documents.clamd import Clamd
from webapp.adapters.documents.drawing import DrawingInAChild
from webapp.adapters.documents.sealed_files import SealedFolder
from webapp.adapters.identity.government_channel import Gateway
from webapp.adapters.identity.thaid import ThaiD
from webapp.adapters.meter.folders import folder_of
from webapp.adapters.passkeys import WebAuthn
from webapp.adapters.push.webpush import WebPush
from webapp.adapters.store.sqlite import SqliteStore
from webapp.adapters.vault import Vault
from webapp.config import POSTGRES, ROOT, Settings, SettingsRefused, settings_from
from webapp.ports import Meter, Store, StoreCopier, Tools, Uncounted
from webapp.views import (
    api,
    benefits,
    calendar_feed,
    claim_letter,
    claim_tracker,
    claims,
    contact,
    corrections,
    counter,
    devices,
    documents,
    emergency,
    government_channel,
    guide,
    help,
    helpers,
    home,
    hospital_change,
    hospitals,
    install,
    messages,
    metrics,
    my_data,
    name_change,
    officer,
    officer_claim_batches,
    officer_claim_counter,
    officer_claim_figures,
    officer_claims,
    passkeys,
    patterns,
    privacy,
    pwa,
    reminders,
    rules,
    several_employers,
    sign_in,
    status,
    subscriptions,
    welcome,
)
from webapp.views import settings as settings_view
from webapp.web import (
    acting,
    admission,
    again,
    assets,
    context,
    errors,
    filters,
    fragments,
    hard_words,
    kept_pages,
    language,
    limits,
    notice_words,
    papers,
    read_only,
    security,
    sent_later,
    style,
    templates,
    tracking_parameters,
    turnstile,
    watching,
    weight,
)
from webapp.web import tools as web_tools
from webapp.web.claim_papers import ClaimPapers

BLUEPRINTS = (
    home.pages, benefits.pages, sign_in.pages, hospital_change.pages, hospitals.pages, my_data.pages, reminders.pages, officer.pages,
    officer_claim_batches.pages, officer_claim_figures.pages, officer_claim_counter.pages, officer_claims.pages,
    counter.pages, government_channel.pages, welcome.pages,
    passkeys.pages, devices.pages, helpers.pages, corrections.pages, privacy.pages, subscriptions.pages, calendar_feed.pages,
    messages.pages, settings_view.pages, help.pages, guide.pages, rules.pages, emergency.pages, status.pages, metrics.pages, pwa.pages,
    install.pages, contact.pages, name_change.pages, documents.pages, claims.pages, claim_tracker.pages, claim_letter.pages,
    several_employers.pages, api.pages,
)  # fmt: skip
HOLDERS: dict[str, papers.HoldsPapers] = {claim_papers.CASE: ClaimPapers()}
"""The kinds of case that take papers, by the name that stands in addresses."""
OF_DEVELOPMENT = (patterns.pages,)
"""Never in production: not hidden there, but absent."""


def tools_for(settings: Settings, meter: Meter | None = None) -> Tools:
    """One of each, as the settings say."""
    meter = meter or Uncounted()
    vault = Vault(settings.data_keys, settings.pid_peppers)
    return Tools(
        settings=settings,
        store=store_for(settings, vault, meter),
        clock=RunningClock(settings.clock),
        identity=ThaiD(settings),
        government_channel=Gateway(settings.government_channel) if settings.government_channel else None,
        law_book=lawbook_toml.load(),
        days_off=working_days.load(),
        push=WebPush(settings),
        passkeys=WebAuthn(settings),
        files=SealedFolder(settings.documents_folder),
        drawing=DrawingInAChild(),
        scanner=Clamd(settings.clamd) if settings.clamd else None,
        archives=SealedArchives(settings.backup_keys, settings.data_dir),
        meter=meter,
    )


def store_for(settings: Settings, vault: Vault, meter: Meter) -> Store:
    """SQLite or PostgreSQL, as the address says; whoever stays with a file loads nothing of PostgreSQL."""
    if not settings.database_url.startswith(POSTGRES):
        path = settings.database_url.removeprefix("sqlite:///")
        return SqliteStore(path, vault, settings.read_only, meter, settings.slow_milliseconds)
    from webapp.adapters.store.postgres import PostgresStore

    return PostgresStore(
        settings.database_url, vault, settings.read_only, meter, settings.slow_milliseconds, settings.database_connections
    )


def meter_for(settings: Settings, kind: str) -> Meter:
    """Of a process of this kind, app or worker; counts nothing where nobody may ask for it."""
    if not settings.metrics_token:
        return Uncounted()
    from webapp.adapters.meter.prometheus import Prometheus

    return Prometheus(folder_of(settings.data_dir, kind))


def keep_log(settings: Settings) -> None:
    """As the settings say; lines about a request name it."""
    if settings.log_as_json:
        log_lines.listen(watching.about_this_request)


def app_of_a_process() -> Flask:
    """What one process of the server answers with: its log kept, its answers counted."""
    settings = settings_from()
    keep_log(settings)
    meter = meter_for(settings, "app")
    return create_app(settings, tools_for(settings, meter))


def archives_for(settings: Settings) -> SealedArchives:
    """What writes and reads backups; raises SettingsRefused where there is no key for them."""
    if not settings.backup_keys:
        raise SettingsRefused("SITTHI_BACKUP_KEYS is missing: 'sitthi init' shows a new one; keep a copy in a safe place")
    return SealedArchives(settings.backup_keys, settings.data_dir)


def tools_at(settings: Settings, place: Path) -> Tools:
    """Over the database and the documents that were laid out there, with the keys of these settings."""
    return tools_for(replace(settings, data_dir=place, database_url=f"sqlite:///{place / 'sitthi.db'}", read_only=False))


def copier_between(settings: Settings, source_url: str, target_url: str) -> StoreCopier:
    """Of the stores at these addresses."""
    from webapp.adapters.store.copying import Copier

    vault = Vault(settings.data_keys, settings.pid_peppers)
    target = store_for(replace(settings, database_url=target_url, read_only=False), vault, Uncounted())
    return Copier(source_url, target_url, target)


def create_app(settings: Settings | None = None, tools: Tools | None = None) -> Flask:
    """The whole app; raises SettingsRefused where production must not start on what it finds."""
    settings = settings or settings_from()
    tools = tools or tools_for(settings)
    if settings.production:
        refuse_demo_data(tools)
    app = Flask("webapp", root_path=str(ROOT), template_folder="templates", static_folder="static")
    app.config["SECRET_KEY"] = settings.secret_keys[0]
    _ask_less(app)
    templates.compile_by_language(app, settings.data_dir / "templates")
    watching.watch(app)
    kept_pages.keep(app)
    weight.squeeze(app)
    web_tools.hand_over(app, tools)
    fragments.listen(app)
    language.speak(app)
    filters.register(app)
    hard_words.register(app)
    assets.serve(app)
    security.protect(app, settings)
    tracking_parameters.take_off(app)
    read_only.watch(app)
    turnstile.watch(app)
    style.dress_pages(app)
    sent_later.watch(app)
    acting.watch(app)
    kept_pages.give(app)
    context.furnish(app)
    notice_words.furnish(app)
    errors.answer_errors(app)
    papers.hold(app, HOLDERS)
    for blueprint in (*BLUEPRINTS, *(() if settings.production else OF_DEVELOPMENT)):
        app.register_blueprint(blueprint)
    again.answer_again(app)
    limits.begin_with_zero(tools.meter)
    admission.keep_the_door(app, settings, tools.meter)
    return app


class _NoSession(SessionInterface):
    def open_session(self, app: Flask, request: Request) -> None:
        return None


def _ask_less(app: Flask) -> None:
    """Of what Flask looks for at each request and we never have: a session in a signed cookie (ours are rows of the store), and views that
    are coroutines."""
    app.session_interface = _NoSession()
    app.ensure_sync = lambda func: func  # type: ignore[method-assign]


def refuse_demo_data(tools: Tools) -> None:
    """Production must not show invented people or a register that is not the office's."""
    if not tools.store.is_ready():
        return
    if tools.store.register_is_sample():
        raise SettingsRefused("the hospital register is the sample: run 'sitthi import-hospitals' with the office's list")
    if tools.store.holds_demo_people():
        raise SettingsRefused("the database holds demonstration people: start from an empty one")
