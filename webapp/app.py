"""The front door: builds the app, and is the only room that knows the adapters."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

from webapp.actions import claim_papers
from webapp.adapters import lawbook_toml, working_days
from webapp.adapters.backups.archive import SealedArchives
from webapp.adapters.clock import RunningClock
from webapp.adapters.documents.clamd import Clamd
from webapp.adapters.documents.drawing import DrawingInAChild
from webapp.adapters.documents.sealed_files import SealedFolder
from webapp.adapters.identity.government_channel import Gateway
from webapp.adapters.identity.thaid import ThaiD
from webapp.adapters.passkeys import WebAuthn
from webapp.adapters.push.webpush import WebPush
from webapp.adapters.store.sqlite import SqliteStore
from webapp.adapters.vault import Vault
from webapp.config import ROOT, Settings, SettingsRefused, settings_from
from webapp.ports import Tools
from webapp.views import (
    api,
    benefits,
    calendar_feed,
    claim_letter,
    claim_tracker,
    claims,
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
    my_data,
    officer,
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
    assets,
    context,
    errors,
    filters,
    fragments,
    hard_words,
    language,
    papers,
    security,
    sent_later,
    style,
    turnstile,
    weight,
)
from webapp.web import tools as web_tools
from webapp.web.claim_papers import ClaimPapers

BLUEPRINTS = (
    home.pages, benefits.pages, sign_in.pages, hospital_change.pages, hospitals.pages, my_data.pages, reminders.pages, officer.pages,
    officer_claim_figures.pages, officer_claim_counter.pages, officer_claims.pages,
    counter.pages, government_channel.pages, welcome.pages,
    passkeys.pages, devices.pages, helpers.pages, corrections.pages, privacy.pages, subscriptions.pages, calendar_feed.pages,
    messages.pages, settings_view.pages, help.pages, guide.pages, rules.pages, emergency.pages, status.pages, pwa.pages, install.pages,
    documents.pages, claims.pages, claim_tracker.pages, claim_letter.pages, several_employers.pages, api.pages,
)  # fmt: skip
HOLDERS: dict[str, papers.HoldsPapers] = {claim_papers.CASE: ClaimPapers()}
"""The kinds of case that take papers, by the name that stands in addresses."""
OF_DEVELOPMENT = (patterns.pages,)
"""Never in production: not hidden there, but absent."""


def tools_for(settings: Settings) -> Tools:
    """One of each, as the settings say."""
    vault = Vault(settings.data_keys, settings.pid_peppers)
    return Tools(
        settings=settings,
        store=SqliteStore(settings.database_url.removeprefix("sqlite:///"), vault),
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
    )


def archives_for(settings: Settings) -> SealedArchives:
    """What writes and reads backups; raises SettingsRefused where there is no key for them."""
    if not settings.backup_keys:
        raise SettingsRefused("SITTHI_BACKUP_KEYS is missing: 'sitthi init' shows a new one; keep a copy in a safe place")
    return SealedArchives(settings.backup_keys, settings.data_dir)


def tools_at(settings: Settings, place: Path) -> Tools:
    """Over the database and the documents that were laid out there, with the keys of these settings."""
    return tools_for(replace(settings, data_dir=place, database_url=f"sqlite:///{place / 'sitthi.db'}"))


def create_app(settings: Settings | None = None, tools: Tools | None = None) -> Flask:
    """The whole app; raises SettingsRefused where production must not start on what it finds."""
    settings = settings or settings_from()
    tools = tools or tools_for(settings)
    if settings.production:
        refuse_demo_data(tools)
    app = Flask("webapp", root_path=str(ROOT), template_folder="templates", static_folder="static")
    app.config["SECRET_KEY"] = settings.secret_keys[0]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.bytecode_cache = _compiled_templates(settings)
    weight.squeeze(app)
    web_tools.hand_over(app, tools)
    fragments.listen(app)
    language.speak(app)
    filters.register(app)
    hard_words.register(app)
    assets.serve(app)
    security.protect(app, settings)
    turnstile.watch(app)
    style.dress_pages(app)
    sent_later.watch(app)
    acting.watch(app)
    context.furnish(app)
    errors.answer_errors(app)
    papers.hold(app, HOLDERS)
    for blueprint in (*BLUEPRINTS, *(() if settings.production else OF_DEVELOPMENT)):
        app.register_blueprint(blueprint)
    return app


class _CompiledTemplates(FileSystemBytecodeCache):
    """Compiling the templates is half the cost of the first page after a start; where they cannot be kept, they are compiled again."""

    def load_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


def _compiled_templates(settings: Settings) -> FileSystemBytecodeCache:
    place = settings.data_dir / "templates"
    with suppress(OSError):
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return _CompiledTemplates(str(place))


def refuse_demo_data(tools: Tools) -> None:
    """Production must not show invented people or a register that is not the office's."""
    if not tools.store.is_ready():
        return
    if tools.store.register_is_sample():
        raise SettingsRefused("the hospital register is the sample: run 'sitthi import-hospitals' with the office's list")
    if tools.store.holds_demo_people():
        raise SettingsRefused("the database holds demonstration people: start from an empty one")
