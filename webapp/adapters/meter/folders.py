"""Where the processes of a kind, app or worker, keep their counts (prometheus.py); apart from it, so that the server which only starts
processes need not load it."""

from __future__ import annotations

import logging
import os
from pathlib import Path

log = logging.getLogger("sitthi")


def folder_of(data_dir: Path, kind: str) -> Path:
    return data_dir / "metrics" / kind


def start_anew(folder: Path) -> None:
    """Empty it before the first process of its kind starts, unless another is at work there. Failing to costs nobody their app."""
    try:
        files = list(folder.glob("*.db"))
        if not any(_is_alive(path) for path in files):
            for path in files:
                path.unlink(missing_ok=True)
    except OSError as fault:
        log.warning("the counts of earlier processes could not be taken away: %s", type(fault).__name__)


def _is_alive(path: Path) -> bool:
    """Whether the process whose file this is runs still; this one has only just begun."""
    pid = path.stem.rpartition("_")[2]
    if not pid.isdigit() or int(pid) == os.getpid():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
