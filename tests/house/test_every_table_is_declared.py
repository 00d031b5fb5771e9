"""Nothing is kept about people that is not declared: whence, why, for how long; and what is declared is deleted, given and told."""

from __future__ import annotations

import pytest

from webapp.actions.privacy import GIVEN, OF_NOBODY_IN_PARTICULAR
from webapp.adapters.store.queries.privacy import ERASED
from webapp.commands import ROOT
from webapp.domain.consent import TEXT_VERSION, Purpose
from webapp.domain.retention import KINDS, Basis, kept, period_of
from webapp.ports import Tools
from webapp.web.processing_record import record

ABOUT_NOBODY = frozenset(
    {
        "hospitals", "hospital_history", "hospital_imports", "provinces", "province_borders", "calendar_changes", "record_imports",
        "reminder_plans", "senders", "resting_push_services", "register_imports", "notices", "read_only_spells",
    }
)  # fmt: skip
"""Hospitals, dates, machines. What officers propose for the calendar bears their ids; officers are declared."""


def tables_of(tools: Tools) -> set[str]:
    rows = tools.store.all("SELECT name FROM sqlite_master WHERE type = 'table'")  # type: ignore[attr-defined]
    names = {str(row["name"]) for row in rows}
    return {name for name in names if not name.startswith(("sqlite_", "_sqlite", "hospital_", "hospitals_")) and "migration" not in name}


def test_every_table_is_declared_or_about_nobody(tools: Tools) -> None:
    declared = {table for kind in KINDS for table in kind.tables}
    assert tables_of(tools) - declared - ABOUT_NOBODY == set()


def test_every_declared_table_is_there(tools: Tools) -> None:
    assert {table for kind in KINDS for table in kind.tables} <= tables_of(tools) | {"hospital_changes"}


def test_what_may_be_deleted_is_deleted_and_nothing_else() -> None:
    erasable = {table for kind in KINDS if kind.erasable for table in kind.tables}
    stays = {table for kind in KINDS if not kind.erasable for table in kind.tables}
    assert set(ERASED) == erasable
    assert not stays & set(ERASED)


def test_whoever_holds_a_person_by_their_id_gives_a_copy_of_it(tools: Tools) -> None:
    """A kind without a line of its own is given as its table holds it: then the table must name its person."""
    for kind in KINDS:
        if not kind.about_people or kind.code in OF_NOBODY_IN_PARTICULAR or kind.code in GIVEN:
            continue
        for table in kind.tables:
            columns = {row["name"] for row in tools.store.all(f"PRAGMA table_info({table})")}  # type: ignore[attr-defined]
            assert "person_id" in columns, f"{kind.code} needs a line in actions/privacy.py"


def test_a_period_runs_from_something_and_a_consent_can_be_taken_back() -> None:
    for kind in KINDS:
        assert (kind.period is None) == (kind.after is None), kind.code
        assert kind.basis is not Basis.CONSENT or kind.erasable, kind.code


def test_a_kind_without_an_end_says_so() -> None:
    with pytest.raises(LookupError):
        period_of("audit")
    with pytest.raises(LookupError):
        kept("nothing of the sort")


def test_every_purpose_has_a_version() -> None:
    assert set(TEXT_VERSION) == set(Purpose)


def test_the_record_of_processing_is_as_the_declarations_say() -> None:
    """Stale? `sitthi record-of-processing --output docs/record-of-processing.md`"""
    assert (ROOT / "docs/record-of-processing.md").read_text(encoding="utf-8") == record()


def test_what_to_do_after_a_breach_is_written_down() -> None:
    text = (ROOT / "docs/breach.md").read_text(encoding="utf-8")
    for words in ("72 hours", "sitthi audit export", "sitthi check --audit-head", "sitthi rotate-keys", "1506"):
        assert words in text
