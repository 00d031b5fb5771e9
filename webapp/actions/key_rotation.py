"""Writing every row anew with the first data key and the first pepper, while the app goes on.

How it is done: a new key is put in front of the old ones in the settings, the app and the worker are started again (they read what the old
keys wrote, and write with the new one), then `sitthi rotate-keys` runs, and `sitthi check` tells which old key no row needs any more. That
one is taken out of the settings.
- A few hundred rows a transaction: nobody who sends a form waits longer than for another form. Interrupted, it goes on where rows are left.
- A row that somebody wrote meanwhile is left as they wrote it; the rounds go on until one finds nothing.
- A fingerprint of a citizen number is made anew from the sealed number: nobody types it again.
- At the end the write-ahead log is emptied, so that texts under the old key stand nowhere in the file. Backups made before still need
  that key.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from webapp.actions import audit
from webapp.domain.audit import Act
from webapp.ports import KeysInUse, Tools

MOST_ROUNDS = 20
"""A part that is never done belongs to an app that still writes with the old key first: that is said, not waited for."""


@dataclass(frozen=True)
class Rotated:
    """How many rows were written anew, and what stands now."""

    rows: int
    keys: KeysInUse


class KeyMissing(RuntimeError):
    """Rows need keys or peppers that the settings do not give; nothing was written."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(", ".join(names))
        self.names = names


def rotate(
    tools: Tools, progress: Callable[[int, int], None] = lambda done, total: None, stop: Callable[[], bool] = lambda: False
) -> Rotated:
    """Write everything anew that needs it. Raises KeyMissing before anything is written; `stop` ends it after the lot under way."""
    found = tools.store.keys_in_use()
    if found.missing:
        raise KeyMissing(found.missing)
    total, rows = found.to_rotate, 0
    for _round in range(MOST_ROUNDS):
        written = _once(tools, stop, lambda done, before=rows: progress(min(before + done, total), total))  # type: ignore[misc]
        rows += written
        if not written or stop():
            break
    if rows:
        with tools.store.transaction():
            audit.note(tools, Act.KEYS_ROTATED, audit.OPERATOR, rows=rows, key=found.first_key, pepper=found.first_pepper)
        tools.store.sweep()
    return Rotated(rows, tools.store.keys_in_use())


def _once(tools: Tools, stop: Callable[[], bool], told: Callable[[int], None]) -> int:
    rows = 0
    for part in tools.store.parts_to_rotate():
        after: tuple[object, ...] = ()
        while not stop():
            done, after = tools.store.write_anew(part, after)
            rows += done
            told(rows)
            if not after:
                break
    return rows
