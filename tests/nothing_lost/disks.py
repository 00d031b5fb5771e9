"""A disk that can be filled: a small one (in memory) where this process may mount, else files that may not be written any more."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

SIZE = 12 * 1024 * 1024
PIECE = 4096


@dataclass
class SmallDisk:
    """Mounted at `place`."""

    place: Path

    def fill(self) -> None:
        with suppress(OSError), (self.place / "ballast").open("ab", buffering=0) as ballast:
            while True:
                ballast.write(bytes(PIECE))

    def empty(self) -> None:
        (self.place / "ballast").unlink()


@dataclass
class ForbiddenFiles:
    """No byte more to any file, for the processes named: the kernel refuses it as it refuses a full disk."""

    place: Path
    processes: Callable[[], Iterable[int]]

    def fill(self) -> None:
        self._limit_to(0)

    def empty(self) -> None:
        self._limit_to(resource.RLIM_INFINITY)

    def _limit_to(self, size: int) -> None:
        for pid in self.processes():
            _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, hard))


@contextmanager
def a_disk(place: Path, processes: Callable[[], Iterable[int]]) -> Iterator[SmallDisk | ForbiddenFiles]:
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(place)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        yield ForbiddenFiles(place, processes)
        return
    try:
        yield SmallDisk(place)
    finally:
        subprocess.run(["umount", "-l", place], check=True)
