"""What looks at the pages finds a fault that shows in one width, text size or set of colours only (see looking.py: nothing is lost)."""

from __future__ import annotations

import pytest

from tests.accessibility.looking import Looker, to_mend
from tests.accessibility.states import Shown

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

PAGE = """<!doctype html><html lang="en"><head><title>A page</title><meta name="viewport" content="width=device-width,initial-scale=1">
<style>:root{{--ink:#000;--bg:#fff;--edge:1px}}[data-t=dark]{{--ink:#fff;--bg:#000}}[data-c=hi]{{--edge:2px}}
[data-s="2"]{{font-size:125%}}[data-s="3"]{{font-size:150%}}[data-s="4"]{{font-size:200%}}
body{{margin:0;color:var(--ink);background:var(--bg);font-size:1rem;line-height:1.7}}a,button{{display:inline-block;min-width:48px;min-height:48px}}
a{{color:inherit}}button{{color:inherit;background:var(--bg)}}h1{{font-size:1.4rem}}{style}</style></head>
<body><main><h1>A page</h1>{body}</main></body></html>"""

FAULTS = {
    "weak in the dark": (".x{color:#555}[data-t=dark] .x{color:#444}", '<p class="x">Weak</p>', "axe color-contrast", "dark"),
    "weak at the largest size of the widest window": (
        "@media(min-width:1000px){[data-s='4'] .x{color:#bbb;background:#ccc}}",
        '<p class="x">Weak</p>',
        "axe color-contrast",
        "1280 px, text 4",
    ),
    "another box beneath, in the narrowest window": (
        ".z{position:relative;z-index:0}.y{position:absolute;z-index:-1}@media(max-width:330px){.y{inset:-40px;background:#777}}",
        '<div class="z"><p>Words on it</p><div class="y"></div></div>', "axe color-contrast", "320 px",
    ),
    "shown at size 3 only, and nameless": (
        ".x{display:none}[data-s='3'] .x{display:block}",
        '<img class="x" src="/static/icons/icon.svg" width="60" height="60">',
        "axe image-alt",
        "text 3",
    ),
    "a heading that goes at size 4": (
        "[data-s='4'] .x{display:none}",
        '<h2 class="x">Two</h2><h3>Three</h3>',
        "axe heading-order",
        "text 4",
    ),
    "a small target in the widest window": (
        "@media(min-width:1000px){.x{min-width:0;min-height:0;font-size:8px;line-height:1;padding:0;border:0}}",
        '<button class="x">i</button><button class="x">k</button>', "axe target-size", "1280 px",
    ),
    "too wide with thick edges": (
        ".x{width:100vw;box-sizing:content-box;border-right:calc(var(--edge)*20 - 20px) solid}",
        '<div class="x">Wide</div>',
        "boxes sideways",
        "high",
    ),
    "cut off at size 2": ("[data-s='2'] .x{height:10px;overflow:hidden}", '<p class="x">Half of it</p>', "boxes clipped", "text 2"),
}  # fmt: skip


def page(style: str, body: str) -> Shown:
    return Shown("a page with a fault", "en", "/", 200, PAGE.format(style=style, body=body))


@pytest.mark.parametrize("fault", list(FAULTS))
def test_a_fault_of_one_combination_is_found_there(looker: Looker, fault: str) -> None:
    style, body, rule, where = FAULTS[fault]
    looker.open(page("", "<p>Nothing wrong</p>"))
    assert not to_mend(looker.look_everywhere())
    looker.open(page(style, body))
    found = [one for one in to_mend(looker.look_everywhere()) if str(one).startswith(rule)]
    assert found
    assert all(where in one.how for one in found), {one.how for one in found}


def test_colours_that_were_found_right_are_not_judged_twice(looker: Looker) -> None:
    looker.open(page("", "<p>Nothing wrong</p>"))
    looker.look_everywhere()
    before = looker.looks["HTML_CodeSniffer"]
    looker.open(page("", "<p>Nothing wrong here either</p>"))
    looker.look_everywhere()
    assert looker.looks["HTML_CodeSniffer"] == before + 1, "once for the tree of the new page, and not for its colours"
