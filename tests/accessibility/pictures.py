"""`make pictures`: every page in every state, in both languages, light and dark, on a small phone; and one page to look at them all.

Not a test, though pytest runs it: it takes the same album of pages as the walk (states.py), so that no page can be missing. They go to
var/pictures, which git does not keep: pages change every week and pictures of them would be the bulk of the project. Open
var/pictures/index.html beside the drawings of the design, and mend what you would not be proud of.

A picture carries the key of its page (kept.py): a run that was stopped goes on, and the next one takes only pages that changed.
"""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from playwright.sync_api import Error

from tests.accessibility.kept import key_of
from tests.accessibility.looking import Looker
from tests.accessibility.states import Shown
from webapp.config import ROOT

FOLDER = ROOT / "var/pictures"
LOOKS = ("light", "dark")
WIDTH, SIZE, QUALITY, TALLEST, TRIES = 360, 1, 60, 12_000, 4
pytestmark = pytest.mark.timeout(0)  # five hundred pictures each


def file_name(shown: Shown) -> str:
    return re.sub(r"[^0-9a-z]+", "-", shown.state.casefold()).strip("-")[:80] or "home"


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("lang", ["th", "en"])
def test_take_a_picture_of_every_page(states: list[Shown], looker: Looker, lang: str, look: str) -> None:
    folder = FOLDER / f"{lang}-{look}"
    folder.mkdir(parents=True, exist_ok=True)
    taken = {_place(folder, number, shown, looker, look) for number, shown in enumerate(one for one in states if one.lang == lang)}
    for shot in set(folder.iterdir()) - taken:
        shot.unlink()
    _write_index()


def _place(folder: Path, number: int, shown: Shown, looker: Looker, look: str) -> Path:
    """Where the picture lies: taken now, or by an earlier run that may have met the page at another place in the album."""
    name = f"{file_name(shown)}-{key_of(shown)[:12]}.jpeg"
    place = folder / f"{number:03}-{name}"
    earlier = next(folder.glob(f"[0-9][0-9][0-9]-{name}"), None)
    if earlier:
        return earlier.rename(place)
    looker.open(shown, WIDTH)
    looker.fit(SIZE, look, TALLEST)
    place.write_bytes(_picture(looker))
    return place


def _picture(looker: Looker) -> bytes:
    """Asked for again where Chromium says "Unable to capture screenshot", as it does now and then on a machine with much to do."""
    for _ in range(TRIES - 1):
        try:
            return looker.page.screenshot(type="jpeg", quality=QUALITY)
        except Error:
            looker.page.wait_for_timeout(1000)
    return looker.page.screenshot(type="jpeg", quality=QUALITY)


def _write_index() -> None:
    """All pictures side by side, each row one page."""
    rows = []
    for folder in sorted(FOLDER.iterdir()):
        if folder.is_dir():
            shots = "".join(_figure(folder, shot) for shot in sorted(folder.glob("*.jpeg")))
            rows.append(f"<h2>{folder.name}</h2><div>{shots}</div>")
    style = "<style>div{display:flex;flex-wrap:wrap;gap:12px;align-items:start}figure,img{margin:0;width:270px}</style>"
    (FOLDER / "index.html").write_text(
        f"<!doctype html><meta charset=utf-8><title>Pictures</title>{style}{''.join(rows)}", encoding="utf-8"
    )


def _figure(folder: Path, shot: Path) -> str:
    return f'<figure><img loading=lazy src="{folder.name}/{shot.name}" alt=""><figcaption>{html.escape(shot.stem)}</figcaption></figure>'
