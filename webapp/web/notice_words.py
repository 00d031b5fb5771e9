"""What notices say: the words kept for what happens most, and an operator's own; with what the band of each page is made of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from flask import Flask, current_app, g

from webapp.actions.notices import Board, Posted
from webapp.domain.notice import About, Kind, Notice
from webapp.domain.read_only import Spell, Why
from webapp.web.language import DEFAULT, SOURCE, language
from webapp.web.language import gettext as _
from webapp.web.tools import tools

EXTENSION = "sitthi-board"
LOOKS = {Kind.INFO: ("inf", "info"), Kind.TROUBLE: ("bad", "warn"), Kind.PLANNED: ("wa", "calendar")}


@dataclass(frozen=True)
class Told:
    """One notice as a page shows it. `lang`: where its words are in another language than the page's."""

    look: str
    icon: str
    name: str
    text: str
    from_at: datetime | None
    until_at: datetime | None
    over_at: datetime | None = None
    lang: str = ""


def posted() -> Posted:
    """What this process knows to be posted."""
    board: Board | None = current_app.extensions.get(EXTENSION)
    if board is None or board.store is not tools().store:
        board = current_app.extensions[EXTENSION] = Board(tools())
    return board.posted()


def furnish(app: Flask) -> None:
    app.context_processor(lambda: {"notices_told": band})


def band() -> list[Told]:
    """What stands above every page now. Pages that a phone keeps for days carry none: there it would soon be untrue."""
    if g.get("is_for_keeping"):
        return []
    found, now = posted(), tools().clock.now()
    rests = [nothing_taken_in(found.read_only, now)] if found.read_only else []
    return [*rests, *(told(one) for one in found.shown(now))]


def told(notice: Notice) -> Told:
    look, icon = LOOKS[notice.kind]
    words, lang = _words_of(notice)
    return Told(look, icon, kind_name(notice.kind), words, notice.from_at, notice.until_at, notice.over_at, lang)


def nothing_taken_in(spell: Spell, now: datetime) -> Told:
    return Told("wa", "pause", _("Reading only"), rest_words(spell), spell.since, spell.told_until(now), spell.ended_at)


def kind_name(kind: Kind) -> str:
    return {Kind.INFO: _("To know"), Kind.TROUBLE: _("Trouble"), Kind.PLANNED: _("Our work")}[kind]


def rest_words(spell: Spell) -> str:
    """Why nothing is taken in, and what that means."""
    return {
        Why.MAINTENANCE: _("We are working on our database. You can read everything, but not send anything now."),
        Why.TROUBLE: _("We are putting something right. You can read everything, but not send anything now."),
    }[spell.why]


def _words_of(notice: Notice) -> tuple[str, str]:
    if notice.about:
        return about_words(About(notice.about)), ""
    own = language()
    if own == DEFAULT:
        return notice.th, ""
    return notice.en, "" if own == SOURCE else SOURCE


def about_words(about: About) -> str:
    """Kept in every language, so that nobody has to write any at night."""
    return {
        About.THAID_DOWN: _(
            "Signing in with ThaiD does not work well right now. You can read here without it. If a day is near, call 1506."
        ),
        About.PUSH_DOWN: _("Reminders to phones come late. Your dates are here in the app, and they are right."),
        About.MAINTENANCE: _("We are working on our machines. Pages may stand still for a few minutes. What you sent before is safe."),
        About.BUSY: _("Many people are here right now, and pages come slowly. Press once and wait a little."),
    }[about]


def _taken_in_again(spell: Spell, now: datetime) -> Told:
    return replace(nothing_taken_in(spell, now), text=_("You could read everything, but not send anything."))


def past(found: Posted, now: datetime) -> list[Told]:
    """What is over, the newest first."""
    rests = [_taken_in_again(spell, now) for spell in found.spells if not spell.runs]
    over = [*rests, *(told(one) for one in found.past(now))]
    return sorted(over, key=lambda one: one.over_at or now, reverse=True)
