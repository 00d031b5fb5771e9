"""Makes pages of what people send, each time in a process of its own that may break without harm.

Decided:
- Libraries that read other people's files have had holes and will have more. So they run in a child that holds no secret (an empty
  environment, no settings, no store: the bytes come in by a pipe and the pages go out by one), may not write a file, and has so much memory
  and time and no more. A bomb or a hole ends the child; the worker notes it and takes the next document.
- Pillow reads JPEG and PNG, pillow-heif (libheif) HEIC, pypdfium2 (PDFium, what Chrome shows PDFs with) PDF. All three come as wheels for
  every platform, are released every few weeks, and ask for no system package.
- One new process a document costs about a tenth of a second of start, and nothing is left of one person's file when the next one comes.
Put aside: a pool of children (one that was taken over would see the next person's papers), pikepdf to clean PDFs (they would stay PDFs,
with whatever the cleaning forgot), and a sandbox of namespaces and seccomp: an operator's systemd unit does that better, for all of us.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from webapp.domain.document import LONGEST_SIDE, MOST_PAGES, MOST_PIXELS, THUMBNAIL_SIDE, Kind, Why
from webapp.ports import Drawn

CHILD = Path(__file__).with_name("draw_pages.py")
MOST_MEMORY = 1024 * 1024 * 1024
MOST_CPU_SECONDS = 40
MOST_SECONDS = 120.0
LIMITS = {
    "memory": MOST_MEMORY, "cpu_seconds": MOST_CPU_SECONDS, "pages": MOST_PAGES, "pixels": MOST_PIXELS, "side": LONGEST_SIDE,
    "thumbnail_side": THUMBNAIL_SIDE,
}  # fmt: skip


class DrawingInAChild:
    """The Drawing port."""

    def __init__(self, memory: int = MOST_MEMORY, cpu_seconds: int = MOST_CPU_SECONDS, seconds: float = MOST_SECONDS) -> None:
        self._limits = json.dumps({**LIMITS, "memory": memory, "cpu_seconds": cpu_seconds})
        self._seconds = seconds

    def draw(self, data: bytes, kind: Kind) -> Drawn | Why:
        """A child that is stopped by its limits has met something too heavy; one that ends in any other way, something damaged."""
        command = [sys.executable, "-I", str(CHILD), kind, self._limits]
        try:
            done = subprocess.run(  # noqa: S603 - our own script, with no word of anybody's in the command
                command, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}, cwd="/", timeout=self._seconds, check=False
            )
        except subprocess.TimeoutExpired:
            return Why.TOO_HEAVY
        if done.returncode < 0:
            return Why.TOO_HEAVY
        return _understood(done.stdout) if done.returncode == 0 else Why.DAMAGED


def _understood(said: bytes) -> Drawn | Why:
    """A line of JSON, {"why"} or {"lengths"}, then the pictures one after another, the small one last. A child may have been taken over:
    what it says is looked at like anybody's word."""
    line, _, body = said.partition(b"\n")
    try:
        facts = json.loads(line)
        if "why" in facts:
            return Why(facts["why"])
        lengths = [int(length) for length in facts["lengths"]]
    except (ValueError, KeyError, TypeError):
        return Why.DAMAGED
    pictures, start = [], 0
    for length in lengths:
        pictures.append(body[start : start + length])
        start += length
    if not 2 <= len(pictures) <= MOST_PAGES + 1 or start != len(body) or not all(one.startswith(b"\xff\xd8\xff") for one in pictures):
        return Why.DAMAGED
    return Drawn(tuple(pictures[:-1]), pictures[-1])
