"""What the last walk over all pages found, for the accessibility statement: figures are read, never typed into a page.

`make a11y` writes docs/accessibility.json once it has walked every part (tests/accessibility/summary.py), and the page reads the same
file: a copy would be a second truth. No file: no walk has been finished, and the page says so.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from webapp.config import ROOT

PLACE = ROOT / "docs/accessibility.json"


@dataclass(frozen=True)
class Walk:
    """`pages`: pages in each of their states, both languages counted; `combinations`: of width, text size and colours, for each of them."""

    day: date
    pages: int
    combinations: int
    narrowest: int
    widest: int
    sizes: int
    themes: int
    findings: int
    axe: str
    html_codesniffer: str
    html_checker: str


def last_walk(place: Path = PLACE) -> Walk | None:
    """None where no walk has been finished."""
    if not place.exists():
        return None
    read = json.loads(place.read_text(encoding="utf-8"))
    return Walk(
        day=date.fromisoformat(read["walked_on"]),
        pages=read["pages_and_states"],
        combinations=read["combinations_of_each"],
        narrowest=min(read["widths"]),
        widest=max(read["widths"]),
        sizes=len(read["text_sizes"]),
        themes=len(read["themes"]),
        findings=read["findings"],
        axe=read["axe_core"],
        html_codesniffer=read["html_codesniffer"],
        html_checker=read["nu_html_checker"],
    )
