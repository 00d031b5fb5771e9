"""A real Chromium that looks at a page in one colour, width and text size after the other, and says what is wrong with it.

axe-core brings its AAA and experimental rules (those that are off by default are switched on), HTML_CodeSniffer the standard WCAG2AAA
(vendored under its licence beside it: it has no package for Python, and npm would bring Node.js for one file), and checks.js what neither
of them measures: boxes. The browser is handed the bytes that the server sent (serving.py) at the address they belong to, with their content
policy, so scripts and styles are the real ones; what is then changed in place are the marks on <html> that the server writes from the
cookie of the settings. The window is as high as the page while axe looks: a button half under the sticky menu at the top of a page is no
small target, it is one not scrolled to yet; that no control stays covered once it is reached is measured on its own (`reach`).

What is looked at in which combination of width, text size and colours, and why nothing is lost:
- Boxes (checks.js: sideways, clipped, over the edge, targets of 48 px): in every width and size, with both widths of edges. Themes change
  colours and the width of edges and nothing else, which tests/house/test_css.py keeps.
- axe's rules that read boxes and sizes of letters (BOX_RULES): once for each text size, and wherever the form (see next) differs, or which
  controls are smaller than the 48 px that ours have, which is twice what axe asks. Two controls that overlap are found by checks.js.
- All other rules of axe that read no colours, and HTML_CodeSniffer: they read the tree, and what of it is shown. Which elements are shown,
  and as what, is written down in every width and size (`form`), and where that differs from what was judged on this page, they judge again.
- Colours: contrast is reckoned from the colour of a text, the colours beneath and above it, and whether the letters are large. In every
  width, size and theme these are written down for each line of text (`meetings`), and wherever one comes up that axe and the sniffer have
  not judged and found right, on this page or another, both judge the page there.
So each combination is read whole, and a judgement is asked for again only where what it rests on differs. Running all of axe in each of the
64 combinations, as we did at first, took five times as long to say the same; test_looking.py puts faults into a page that show in one
combination only, and has them found.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import axe_playwright_python
from playwright.sync_api import Browser, BrowserContext, Page

from tests.accessibility.serving import Served
from tests.accessibility.set_aside import COLOUR_RULES, is_set_aside
from tests.accessibility.states import Shown

HERE = Path(__file__).parent
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
CODE_SNIFFER = (HERE / "HTMLCS-2.5.1.js").read_text(encoding="utf-8")
BOXES = (HERE / "checks.js").read_text(encoding="utf-8")

WIDTHS = (320, 360, 768, 1280)
SIZES = (1, 2, 3, 4)
THEMES = {"light": ("light", ""), "dark": ("dark", ""), "high contrast": ("light", "hi"), "high contrast, dark": ("dark", "hi")}
HEIGHT, HIGHEST = 740, 60_000
AXE_TAGS = (
    "wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag21aaa", "wcag22a", "wcag22aa", "wcag22aaa",
    "best-practice", "experimental",
)  # fmt: skip
AXE_OFF_AT_FIRST = ("color-contrast-enhanced", "identical-links-same-purpose", "meta-refresh-no-exceptions", "target-size")
BOX_RULES = ("target-size", "scrollable-region-focusable", "p-as-heading")

ASK_AXE = """async ([only, without, tags, on, theme, met]) => {
    // Our pseudo-elements draw rings, dots and the fade above the button: none lies behind letters.
    const { checks } = axe._audit;
    for (const id of ["color-contrast", "color-contrast-enhanced"]) checks[id].options.ignorePseudo = true;
    const rules = Object.fromEntries([...on.map((id) => [id, { enabled: true }]), ...without.map((id) => [id, { enabled: false }])]);
    const asked = only.length ? { runOnly: { type: "rule", values: only } } : { runOnly: tags, rules };
    const where = met ? { include: boxes.where(theme, met) } : document;
    const said = await axe.run(where, { ...asked, resultTypes: ["violations", "incomplete"], selectors: false });
    const told = (sort, kind) => sort.flatMap((rule) => rule.nodes.map((node) =>
        [kind, rule.id, (node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? rule.help, node.html.slice(0, 160)]));
    return [...told(said.violations, "wrong"), ...told(said.incomplete, "undecided")];
}"""
ASK_THE_SNIFFER = """() => new Promise((done) => HTMLCS.process("WCAG2AAA", document, () => done(HTMLCS.getMessages()
    .filter((one) => one.type === HTMLCS.ERROR || one.type === HTMLCS.WARNING)
    .map((one) => [one.type === HTMLCS.ERROR ? "wrong" : "undecided", one.code, one.msg, one.element.outerHTML?.slice(0, 160) ?? ""]))))"""


@dataclass(frozen=True)
class Combination:
    """One way to show a page."""

    width: int
    size: int
    theme: str

    def __str__(self) -> str:
        return f"{self.width} px, text {self.size}, {self.theme}"


@dataclass(frozen=True)
class Finding:
    """`kind`: "wrong", or "undecided" where the program leaves it to a person."""

    page: str
    how: str
    program: str
    rule: str
    words: str
    html: str
    kind: str = "wrong"

    def __str__(self) -> str:
        return f"{self.program} {self.rule}{' ?' if self.kind == 'undecided' else ''}: {self.words}: {self.html}  [{self.page}; {self.how}]"


def to_mend(found: Iterable[Finding], undecided: bool = False) -> list[Finding]:
    """But for what was set aside. `undecided`: also what axe could not decide and what the sniffer only warns of.

    Which of these come up turns with where a text happens to break, so a person goes through them after `make a11y`, and they fail
    no other run.
    """
    return [
        one for one in found if (undecided or one.kind == "wrong") and not is_set_aside(one.program, one.rule, one.words, one.html)
    ]


def version_of_axe() -> str:
    found = re.match(r"/\*! axe v([\d.]+)", AXE)
    assert found
    return found[1]


def every_combination() -> Iterator[Combination]:
    for width in WIDTHS:
        for size in SIZES:
            for theme in THEMES:
                yield Combination(width, size, theme)


class Looker:
    """One browser context with one page; `looks` counts what was done. What it says goes through `to_mend`."""

    def __init__(self, browser: Browser, served: Served) -> None:
        self.served = served
        self.looks: Counter[str] = Counter()
        self._met: set[str] = set()
        self._forms: set[tuple[str, ...]] = set()
        self._size = (0, 0)
        self.context: BrowserContext = browser.new_context(
            service_workers="block", reduced_motion="reduce", locale="th-TH", base_url=served.url
        )
        self.context.set_default_timeout(20_000)
        for script in (AXE, CODE_SNIFFER, BOXES):
            self.context.add_init_script(script)
        self.page: Page = self.context.new_page()

    def open(self, shown: Shown, width: int = 360) -> None:
        self.served.now = shown
        self._forms = set()
        self._window(width, HEIGHT)
        self.page.goto(quote(shown.address, safe="/?&=#%+"), wait_until="load")
        self.page.evaluate("() => { boxes.openUp(); return document.fonts.ready.then(() => true); }")

    def stand_in(self, width: int, size: int, theme: str = "light") -> None:
        """A window of this width and at least as high as the page is at this text size."""
        self._window(width, self._size[1])
        height = self._dress(size, theme)
        if height > self._size[1]:
            self._window(width, min(height + 200, HIGHEST))

    def fit(self, size: int, theme: str, highest: int) -> None:
        """A window as high as the page, for a picture."""
        self._window(self._size[0], HEIGHT)
        self._window(self._size[0], min(self._dress(size, theme), highest))

    def _dress(self, size: int, theme: str) -> int:
        """How high the page is then."""
        how = [size, *THEMES[theme]]
        return int(self.page.evaluate("(how) => { boxes.dress(...how); return document.documentElement.scrollHeight; }", how))

    def _window(self, width: int, height: int) -> None:
        if (width, height) != self._size:
            self.page.set_viewport_size({"width": width, "height": height})
            self._size = (width, height)

    def look_everywhere(self) -> list[Finding]:
        """In all 64 combinations, and each further look."""
        found = []
        for width in WIDTHS:
            self.stand_in(width, max(SIZES))
            for size in SIZES:
                found += self._look(width, size, tuple(THEMES))
            found += self.spaced(width)
        found += self.reach() + self.reach(size=2) + self.reach(width=1280, height=800)
        return found + self.turned() + self.forced()

    def look_once(self, how: Combination) -> list[Finding]:
        """In one combination, of colours only what was not met before."""
        self.stand_in(how.width, how.size, how.theme)
        return self._look(how.width, how.size, (how.theme,), whole=False)

    def _look(self, width: int, size: int, themes: tuple[str, ...], whole: bool = True) -> list[Finding]:
        """See the module: what is read here, and what is judged anew."""
        asked = [size, [[name, *THEMES[name]] for name in themes], whole]
        read = self.page.evaluate("(asked) => boxes.look(...asked)", asked)
        self.looks["combinations"] += len(themes)
        first = Combination(width, size, themes[0])
        found = [self._box(Combination(width, size, name), *told) for name, all_told in read["boxes"] for told in all_told]
        form, boxes = (read["form"],), (read["form"], str(size), read["small"])
        if form not in self._forms:
            found += self.axe(first, without=COLOUR_RULES) + self.sniff(first)
        elif boxes not in self._forms:
            found += self.axe(first, only=BOX_RULES)
        self._forms |= {form, boxes}
        for name, met in read["colours"]:
            found += self._judge_colours(Combination(width, size, name), set(met) - self._met, whole)
        return found

    def _judge_colours(self, how: Combination, new: set[str], whole: bool) -> list[Finding]:
        """`whole`: all of the page, though only `new` is new."""
        if not new:
            return []
        self.page.evaluate("(how) => boxes.dress(...how)", [how.size, *THEMES[how.theme]])
        found = self.axe(how, only=COLOUR_RULES, met=() if whole else tuple(new)) + self.sniff(how)
        if not to_mend(found, undecided=True):
            self._met |= new
        return found

    def axe(self, how: object, only: tuple[str, ...] = (), without: tuple[str, ...] = (), met: tuple[str, ...] = ()) -> list[Finding]:
        """`met`: only where these colours meet, of the last look."""
        self.looks["axe"] += 1
        theme = how.theme if isinstance(how, Combination) else ""
        return self._told("axe", how, self.page.evaluate(ASK_AXE, [only, without, AXE_TAGS, AXE_OFF_AT_FIRST, theme, met or None]))

    def sniff(self, how: object) -> list[Finding]:
        """Errors and warnings; what it only asks a person to look at ("notice") is left out."""
        self.looks["HTML_CodeSniffer"] += 1
        return self._told("sniffer", how, self.page.evaluate(ASK_THE_SNIFFER))

    def measure(self, what: str, how: object) -> list[Finding]:
        self.looks["boxes"] += 1
        return [self._box(how, *told) for told in self.page.evaluate(what)]

    def reach(self, width: int = 360, height: int = HEIGHT, size: int = 1) -> list[Finding]:
        """Every control by focus, in a window of an ordinary height."""
        self._window(width, height)
        self.page.evaluate("size => boxes.dress(size, 'light', '')", size)
        return self.measure("boxes.focus()", f"focus, {width}x{height}, text {size}")

    def spaced(self, width: int) -> list[Finding]:
        """WCAG 1.4.12: lines, letters, words and paragraphs set wider by the reader, and nothing else changed: so the first size."""
        self._window(width, self._size[1])
        self.page.evaluate("() => { boxes.dress(1, 'light', ''); boxes.looser(true); }")
        found = self.measure("boxes.reflow()", f"text spacing, {width} px")
        self.page.evaluate("boxes.looser(false)")
        return found

    def turned(self) -> list[Finding]:
        """A phone lying on its side, and 400 % zoom of a window of 1280 x 1024."""
        found = []
        for name, width, height in (("landscape", 740, 360), ("400 % zoom", 320, 256)):
            self._window(width, height)
            for size in (1, 4):
                self.page.evaluate("size => boxes.dress(size, 'light', '')", size)
                found += self.measure("boxes.reflow()", f"{name}, text {size}")
        return found

    def forced(self) -> list[Finding]:
        """The colours of the system in place of ours: text stays told from its ground, nothing runs over."""
        self.page.emulate_media(forced_colors="active")
        self._window(360, HEIGHT)
        self.page.evaluate("boxes.dress(1, 'light', '')")
        found = self.measure("boxes.told()", "forced colours") + self.measure("boxes.reflow()", "forced colours")
        self.page.emulate_media(forced_colors="none")
        return found

    def _told(self, program: str, how: object, told: list[Any]) -> list[Finding]:
        return [Finding(str(self.served.now), str(how), program, rule, words, html, kind) for kind, rule, words, html in told]

    def _box(self, how: object, rule: str, words: str, html: str) -> Finding:
        return Finding(str(self.served.now), str(how), "boxes", rule, words, html)
