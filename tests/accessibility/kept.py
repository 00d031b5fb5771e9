"""What a walk found, kept by page in var/accessibility: a walk that was stopped goes on, and the next one looks only at what changed.

A page goes by its bytes: the HTML with its styles and the version of each script, its content policy, and the programs and measures that
look at it. What differs from run to run and is never drawn (references of the demonstration, keys of forms, seconds left) is put out of
it first. Two states of the same bytes are looked at once. What is set aside (set_aside.py) does not count: all that was said is kept, and
what is to mend is chosen when it is read.
"""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from tests.accessibility import looking
from tests.accessibility.looking import AXE, BOXES, CODE_SNIFFER, Finding, to_mend
from tests.accessibility.states import REFERENCE, Shown
from webapp.config import ROOT

RESULTS = ROOT / "var/accessibility"
PASSING = re.compile(r'name="key" value="[^"]*"|data-ends-in="\d+"|\b[0-9a-f]{32}\b|' + REFERENCE.pattern)


def _without_words(source: str) -> str:
    """What a module does: neither its own docstring, nor comments, nor how its lines are broken."""
    return ast.dump(ast.Module(ast.parse(source).body[1:], []))


LOOKING = _without_words(Path(looking.__file__).read_text(encoding="utf-8"))
MEASURE = sha256("".join([AXE, CODE_SNIFFER, BOXES, LOOKING]).encode()).hexdigest()


@dataclass(frozen=True)
class Looked:
    """One page in all 64 combinations, `on` a day."""

    on: str
    looks: Counter[str]
    found: list[Finding]

    @property
    def to_mend(self) -> list[Finding]:
        return to_mend(self.found, undecided=True)


def key_of(shown: Shown) -> str:
    return sha256("\n".join([MEASURE, shown.policy, PASSING.sub("", shown.html)]).encode()).hexdigest()[:32]


def read(key: str) -> Looked | None:
    place = RESULTS / f"{key}.json"
    if not place.exists():
        return None
    told = json.loads(place.read_text(encoding="utf-8"))
    return Looked(told["on"], Counter(told["looks"]), [Finding(**one) for one in told["found"]])


def keep(key: str, looks: Counter[str], found: list[Finding]) -> Looked:
    looked = Looked(datetime.now(UTC).date().isoformat(), looks, found)
    RESULTS.mkdir(parents=True, exist_ok=True)
    fresh = RESULTS / f"{key}.new"
    told = {"on": looked.on, "looks": looks, "found": [asdict(one) for one in found]}
    fresh.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    fresh.rename(RESULTS / f"{key}.json")
    return looked


def write(name: str, what: object) -> None:
    """A list or a count of this walk, beside the pages."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(what, ensure_ascii=False, indent=1), encoding="utf-8")


def forget_all_but(keys: set[str]) -> None:
    """Pages that are no more."""
    for place in RESULTS.glob("*.json"):
        if re.fullmatch(r"[0-9a-f]{32}", place.stem) and place.stem not in keys:
            place.unlink()
