"""The log as one line of JSON for each event, for whatever collects it; nothing of anybody stands in one.

Decided:
- Our own events are constants of the code with codes and numbers in them; they are written as they are. What another package says may
  quote an address or a form, so of its lines only the logger, the level and the place are written.
- A fault is its type, the types it came from, and where: file, line and function. Its text is left out, and so are the lines of code and
  the values: a text that a database or a parser wrote may quote what somebody typed.
- A line fits into one write to a pipe (4096 bytes), so that lines of several processes never mix.
- Faults that nobody caught, and warnings of Python itself, come the same way: a plain traceback would hold their texts.
In development nothing of this is switched on: Python writes plain lines, with the whole of a fault.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from types import TracebackType
from typing import Any

import click

from webapp.domain.dates import BANGKOK

FACTS = ("request_id", "route", "method", "status", "ms", "role", "sql")
OURS = "sitthi"
REQUESTS, STORE = "sitthi-requests", "sitthi-store"
"""Loggers of their own: an answer and a slow statement are no events of the service."""
MOST_FRAMES, MOST_CAUSES, LONGEST = 12, 5, 2000
_as_json = json.JSONEncoder(separators=(",", ":"), default=str).encode
About = Callable[[], Mapping[str, object]]


class JsonLines(logging.Formatter):
    """`about_now` tells of the request that is being answered, if any is."""

    def __init__(self, about_now: About = dict) -> None:
        super().__init__()
        self._about_now = about_now

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, BANGKOK).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": record.getMessage()[:LONGEST] if record.name.startswith(OURS) else f"at {record.module}, line {record.lineno}",
            **self._about_now(),
        }
        own = record.__dict__
        line.update((name, own[name]) for name in FACTS if name in own)
        if record.exc_info and record.exc_info[1]:
            line["fault"] = _fault(record.exc_info[1])
        return _as_json(line)


def _fault(fault: BaseException) -> dict[str, object]:
    frames = traceback.extract_tb(fault.__traceback__)[-MOST_FRAMES:]
    return {
        "type": type(fault).__name__,
        "from": [type(one).__name__ for one in _causes(fault)],
        "at": [f"{'/'.join(frame.filename.split('/')[-2:])}:{frame.lineno} {frame.name}" for frame in frames],
    }


def _causes(fault: BaseException) -> Iterator[BaseException]:
    for _ in range(MOST_CAUSES):
        below = fault.__cause__ or fault.__context__
        if below is None:
            return
        yield below
        fault = below


def listen(about_now: About = dict) -> None:
    """From here on everything that this process logs is a line of JSON on standard error. A second time only the words about now change."""
    root = logging.getLogger()
    for earlier in [one for one in root.handlers if isinstance(one.formatter, JsonLines)]:
        root.removeHandler(earlier)
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines(about_now))
    root.addHandler(handler)
    for name in (OURS, REQUESTS):
        logging.getLogger(name).setLevel(logging.INFO)
    logging.raiseExceptions = False  # what cannot be written would be told with its values
    logging.captureWarnings(capture=True)
    sys.excepthook = _uncaught
    threading.excepthook = lambda told: _uncaught(told.exc_type, told.exc_value, told.exc_traceback)


def is_listening() -> bool:
    """Whether what a command says belongs into the log."""
    return any(isinstance(one.formatter, JsonLines) for one in logging.getLogger().handlers)


def say(text: str, is_trouble: bool = False) -> None:
    """What app and worker tell of themselves: a line of the log, or in development one on the terminal."""
    if is_listening():
        logging.getLogger(OURS).log(logging.WARNING if is_trouble else logging.INFO, text)
    else:
        click.echo(f"sitthi: {text}" if is_trouble else text, err=is_trouble)


def _uncaught(kind: type[BaseException], fault: BaseException | None, trace: TracebackType | None) -> None:
    if fault is not None and not issubclass(kind, (KeyboardInterrupt, SystemExit)):
        logging.getLogger(OURS).critical("a fault that nobody caught", exc_info=(kind, fault, trace))


FOR_GRANIAN: dict[str, Any] = {"formatters": {}, "handlers": {}, "loggers": {"_granian": {"level": "ERROR", "propagate": True}}}
"""The production server's own logging, told to say what it says through ours."""
