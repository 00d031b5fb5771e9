"""Where the processes of a kind, app or worker, keep their counts (prometheus.py); apart from it, so that the server which only starts
processes need not load it.

Decided: a process takes the first place that none holds, and its files are named after that, not after the process. Whoever comes after
one that died takes its place and counts on in its files: so there are never more of them than processes at once, however often one dies,
and no sum falls. The kernel lets go of a place when its process ends, however it ends; a number of a process may be another's by then.
"""

from __future__ import annotations

import fcntl
import logging
import os
from contextlib import suppress
from pathlib import Path

log = logging.getLogger("sitthi")


def folder_of(data_dir: Path, kind: str) -> Path:
    return data_dir / "metrics" / kind


def start_anew(folder: Path) -> None:
    """Empty it before the first process of its kind starts, unless another is at work there. Failing to costs nobody their app."""
    held: list[int] = []
    try:
        with suppress(BlockingIOError):
            for path in folder.glob("*.lock"):
                held.append(_held(path))
            for path in folder.glob("*.db"):
                path.unlink(missing_ok=True)
    except OSError as fault:
        log.warning("the counts of earlier processes could not be taken away: %s", type(fault).__name__)
    finally:
        for handle in held:
            os.close(handle)


def take_place(folder: Path) -> int:
    """The number of the first free one, held until this process ends. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    number = 0
    while True:
        with suppress(BlockingIOError):
            _held(folder / f"{number}.lock")
            return number
        number += 1


def _held(path: Path) -> int:
    """Raises BlockingIOError where a process holds it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise
    return handle
