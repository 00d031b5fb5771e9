"""The record of processing (section 39), from the same declarations as /privacy and the worker: docs/record-of-processing.md.

A test makes it anew and compares: whoever changes a declaration or its words runs `sitthi record-of-processing --output …` and sees the
change in the same commit. It names no operator: that is a setting of each installation.
"""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask

from webapp.domain.consent import TEXT_VERSION, Purpose
from webapp.web.language import gettext as _
from webapp.web.language import use_language
from webapp.web.privacy_words import KindWords, every_kind, purpose_words

CODES = ("th", "en")


def record() -> str:
    """Markdown, Thai first."""
    with Flask(__name__).test_request_context():
        return "\n".join(line for code in CODES for line in _in(code)).rstrip() + "\n"


def _in(code: str) -> Iterator[str]:
    use_language(code)
    yield from _head(1, _("Record of processing (PDPA section 39)"))
    yield _(
        "Made by “sitthi record-of-processing” from the declarations in the code; not to be edited by hand. "
        "“You” is the insured person."
    )
    yield ""
    yield from _head(2, _("Who answers for it"))
    yield _(
        "Whoever operates the installation; the name stands in the setting SITTHI_OPERATOR and on each page. "
        "Put address and data protection officer beside this file."
    )
    yield ""
    yield from _head(2, _("What is kept"))
    for kind in every_kind(about_people_only=False):
        yield from _of_kind(kind)
    yield from _head(2, _("Consents"))
    yield from _points(*(_of_purpose(purpose) for purpose in Purpose))
    yield from _head(2, _("Who receives it"))
    yield from _points(
        _("Officers of the Social Security Office, each signed in by ThaiD; every opening is logged with its reason."),
        _("Push services of browsers (Google, Apple, Mozilla, Microsoft): encrypted reminders that they cannot read, only with consent."),
        _("Whoever knows the secret address of a calendar, only with consent."),
        _("Nobody else. Nothing is sent abroad but the encrypted reminders."),
    )
    yield from _head(2, _("Rights, and how they are used"))
    yield from _points(
        _named(_("See and take a copy"), "/my-data, /my-data/export"),
        _named(_("Have it put right"), "/my-data/wrong"),
        _named(_("Have deleted what need not stay"), "/my-data/erase"),
        _named(_("Take consent back"), "/my-data/consents"),
        _named(_("See who opened the record and why"), "/my-data/opened"),
        _("A request that is refused is answered on the page with its reason: what stays, why, and whom to ask."),
    )
    yield from _head(2, _("How it is protected"))
    yield from _points(
        _(
            "Names, numbers, drafts and people’s own words are sealed with AES-256-GCM; "
            "keys are outside the database and are rotated while the app runs."
        ),
        _("Numbers are found by a keyed fingerprint."),
        _("Officers sign in with ThaiD, see shortened names until they act, and say why they open a record."),
        _("Every act and every opening is in a log that can only be added to; sitthi check finds any later change."),
        _named(_("What to do after a breach"), "docs/breach.md"),
    )


def _of_kind(kind: KindWords) -> Iterator[str]:
    yes, no = _("yes"), _("no")
    yield from _head(3, kind.name)
    yield from _points(
        _named(_("What"), kind.holds),
        _named(_("What for"), kind.why),
        _named(_("From whom"), kind.told_by),
        _named(_("Why we may"), kind.basis),
        _named(_("How long"), kind.how_long),
        _named(_("Sealed in the database"), yes if kind.sealed else no),
        _named(_("Deleted when you ask"), yes if kind.erasable else no),
    )


def _of_purpose(purpose: Purpose) -> str:
    words, version = purpose_words(purpose), _("text version %(version)s", version=TEXT_VERSION[purpose])
    return f"{words.name} ({version}): {words.text}"


def _head(level: int, text: str) -> tuple[str, str]:
    return f"{'#' * level} {text}", ""


def _points(*texts: str) -> Iterator[str]:
    yield from (f"- {text}" for text in texts)
    yield ""


def _named(name: str, text: str) -> str:
    return f"{name}: {text}"
