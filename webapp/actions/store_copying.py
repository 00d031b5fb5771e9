"""Moving an installation to another database, in words for whoever does it: a first copy while everybody works, a second of what changed
since, once nothing is taken in. So people miss the app for the minutes of the second, not for the hours of the first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from webapp.ports import StoreCopied, StoreCopier


@dataclass(frozen=True)
class Outcome:
    """`is_last`: nothing was taken in at the moment of the copy, so that nothing can have come since."""

    copied: StoreCopied
    is_last: bool


def copy_store(copier: StoreCopier, again: bool, progress: Callable[[int, int], None]) -> Outcome:
    """Raises CopyRefused, StoreUnavailable."""
    copied = copier.copy(again, progress)
    return Outcome(copied, copier.target.read_only_spell() is not None)


def told(outcome: Outcome) -> list[str]:
    """What was done, and what is to do next; of a copy without differences."""
    copied = outcome.copied
    return [
        f"the same on both sides: {sum(copied.rows.values())} rows in {len(copied.rows)} tables, compared one by one",
        f"brought over now: {copied.added} added, {copied.changed} changed, {copied.removed} taken away",
        _next_once_it_is_last() if outcome.is_last else _next_while_people_write(),
    ]


def _next_while_people_write() -> str:
    return (
        "FROM takes things in, so this is no last copy. Next: 'sitthi read-only on' on FROM, wait as it says, stop app and worker, "
        "then copy once more with --again"
    )


def _next_once_it_is_last() -> str:
    return (
        "nothing was taken in at that moment. Next: name TO in SITTHI_DATABASE_URL (DATA_DIR with the documents stays), start app and "
        "worker, 'sitthi check', 'sitthi read-only off'; keep FROM until a backup of TO is verified"
    )
