"""The colours are AAA in all four themes, the copies of a theme are equal, and Thai letters have room (DESIGN 2)."""

from __future__ import annotations

import hashlib
import re
import zlib
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.front_door import APP
from webapp.web.assets import INLINE_SHEETS, inline_style
from webapp.web.style import classes_in, hash_of, needs, rules_of, style_for

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
SHEETS = sorted(STATIC.glob("css/*.css"))
SCRIPTS = [script for script in sorted(STATIC.glob("js/*.js")) if not script.name.startswith("htmx")]
COMPONENTS = sorted((ROOT / "templates" / "components").glob("*.html"))

TEXT = 7.0
PARTS = 3.0
GROUNDS = ("bg", "sf", "sf2", "okb", "wab", "badb", "infb")
TEXT_PAIRS = [
    *[("ink", ground) for ground in GROUNDS],
    *[("mut", ground) for ground in ("bg", "sf", "sf2", "infb")],
    *[("link", ground) for ground in ("bg", "sf", "infb", "badb", "wab")],
    ("on", "br"), ("br", "sf"), ("br", "bg"), ("hdi", "hd"), ("on", "wa"),
    ("ok", "okb"), ("ok", "sf"), ("wa", "wab"), ("wa", "sf"), ("bad", "badb"), ("bad", "bg"), ("bad", "sf"), ("inf", "infb"),
]  # fmt: skip
PART_PAIRS = [("line", "bg"), ("line", "sf"), ("line", "sf2"), ("br", "infb"), ("bad", "sf"), ("f2", "f1"), ("f2", "bg"), ("f1", "br")]


def without_comments(sheet: Path) -> str:
    return re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)


def themes() -> dict[str, list[dict[str, str]]]:
    """Every copy of each theme, by the selectors it stands under."""
    found: dict[str, list[dict[str, str]]] = {"light": [], "dark": [], "high contrast": [], "high contrast dark": []}
    for line in without_comments(STATIC / "css/tokens.css").splitlines():
        block = re.search(r"\{([^{}]+)\}", line)
        if block:
            names = dict(re.findall(r"--([a-z0-9]+):(#[0-9A-Fa-f]{3,6})", block[1]))
            dark, strong = "color-scheme:dark" in block[1], "data-c=hi" in line or "contrast:more" in line
            found[("high contrast" + (" dark" if dark else "")) if strong else ("dark" if dark else "light")].append(names)
    return found


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    shares = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2: from 1 (the same) to 21 (black on white)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", list(themes()))
def test_every_text_can_be_read_by_weak_eyes(theme: str) -> None:
    colours = themes()[theme][0]
    weak = {(front, back): contrast(colours[front], colours[back]) for front, back in TEXT_PAIRS}
    assert not {pair: ratio for pair, ratio in weak.items() if ratio < TEXT}


@pytest.mark.parametrize("theme", list(themes()))
def test_every_edge_and_focus_ring_can_be_seen(theme: str) -> None:
    colours = themes()[theme][0]
    weak = {(front, back): contrast(colours[front], colours[back]) for front, back in PART_PAIRS}
    assert not {pair: ratio for pair, ratio in weak.items() if ratio < PARTS}


def test_a_theme_is_the_same_whether_the_person_or_the_phone_asks_for_it() -> None:
    for theme, copies in themes().items():
        assert all(copy == copies[0] for copy in copies), theme
    assert {theme: len(copies) for theme, copies in themes().items()} == {
        "light": 1, "dark": 2, "high contrast": 2, "high contrast dark": 4,
    }  # fmt: skip


def test_all_themes_name_the_same_colours() -> None:
    names = {frozenset(copies[0]) for copies in themes().values()}
    assert len(names) == 1


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_colours_come_from_the_tokens_alone(sheet: Path) -> None:
    if sheet.name in ("tokens.css", "print.css"):
        return
    screen = re.sub(r"@media print\{.*", "", without_comments(sheet))
    assert not re.findall(r"#[0-9A-Fa-f]{3,6}\b|\brgba?\(", screen)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_tone_marks_are_never_cut_or_crowded(sheet: Path) -> None:
    css = without_comments(sheet)
    assert "letter-spacing" not in css
    assert "text-transform" not in css
    assert "text-wrap" not in css
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", css)
    numbers_only = {".leaf strong", ".hb sup"}
    for selector, body in rules:
        tight = [float(height) for height in re.findall(r"line-height:([0-9.]+)(?![0-9.]*(?:px|%))", body)]
        tight += [float(height) for height in re.findall(r"font:[^/;]*/([0-9.]+)", body)]
        assert selector.strip() in numbers_only or all(height >= 1.5 for height in tight), f"{selector} {body}"
        if "overflow:hidden" in body:
            assert "clip-path" in body, f"only what is hidden from eyes may be cut: {selector}"


def test_the_month_strip_has_a_class_for_every_day() -> None:
    css = without_comments(STATIC / "css/components.css")
    assert all(f".ms .f{day}{{" in css and f".ms .d{day}{{" in css for day in range(1, 32))


def test_the_style_sheet_in_the_page_leaves_room_in_the_first_flight() -> None:
    together = "".join(without_comments(STATIC / sheet) for sheet in INLINE_SHEETS)
    assert len(zlib.compress(together.encode(), 9)) < 8 * 1024


def selectors_of(style: str) -> set[str]:
    return {selector for rule in rules_of(style) for one in (rule, *rule.inner) for selector, _ in one.selectors}


def test_a_page_that_holds_every_class_gets_the_whole_style() -> None:
    assert style_for(re.findall(r"[\w-]+", inline_style())) == inline_style()


@pytest.mark.parametrize(
    ("selector", "needed"),
    [
        ("h1", [set()]), (".card.key", [{"card", "key"}]), (".seam .to>:first-child", [{"seam", "to"}]),
        (":is(.nt,.tag .i) b", [{"nt"}, {"tag", "i"}]), (":is(h1,.lf) .n1", [{"n1"}, {"lf", "n1"}]),
        ('[data-s="3"] :is(.act,.nav)', [{"act"}, {"nav"}]), (".card:not(.ed)>.seam", [{"card", "seam"}]),
        ("form:has([name=about]:is([value=a],[value=b]):checked) .of-months", [{"of-months"}]),
        ("svg:is(.mp,.fig):hover", [{"mp"}, {"fig"}]),
    ],
)  # fmt: skip
def test_a_rule_travels_with_the_classes_it_names(selector: str, needed: list[set[str]]) -> None:
    assert needs(selector) == {frozenset(one) for one in needed}


def test_a_rule_stays_away_where_a_class_of_it_is_not_in_the_page() -> None:
    style = style_for(classes_in('<p class="card"><b class=n>1</b></p>'))
    assert ".card{" in style
    assert ".n{" in style
    assert "h1{" in style
    assert ".card.key{" not in style
    assert ".tl" not in style
    assert "@media print{" in style, "a group stays for what is left in it"
    assert "{}" not in style


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_no_script_puts_a_class_into_a_page(script: Path) -> None:
    """Its rules would not be there: a page brings those of the classes that the server wrote (web/style.py)."""
    assert not re.search(r"classList|className|[\"'`\s]class=|[\"']class[\"']", script.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", ["/hospitals?q=a", "/hospitals?q=zzzz"])
def test_what_htmx_puts_into_a_page_later_finds_its_rules_there(client: FlaskClient, path: str) -> None:
    page = client.get("/hospitals", base_url=APP).get_data(as_text=True)
    style = re.findall(r"<style>(.*?)</style>", page, flags=re.DOTALL)[0]
    part = client.get(path, base_url=APP, headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "<html" not in part
    assert selectors_of(style_for(classes_in(page) | classes_in(part))) <= selectors_of(style)


def test_the_style_in_a_page_is_the_one_that_its_policy_allows(client: FlaskClient) -> None:
    for path in ("/", "/rules/sickness", "/rules?print=1", "/no-such-page"):
        answer = client.get(path, base_url=APP)
        (style,) = re.findall(r"<style>(.*?)</style>", answer.get_data(as_text=True), flags=re.DOTALL)
        assert f"style-src 'self' '{hash_of(style)}';" in answer.headers["Content-Security-Policy"], path


def test_fonts_are_small_licensed_and_kept_by_their_hash() -> None:
    css = (STATIC / "css/looped.css").read_text(encoding="utf-8")
    named = dict(re.findall(r"\.\./fonts/([\w.-]+)\?v=([0-9a-f]+)", css))
    files = {file.name: file for file in STATIC.glob("fonts/*.woff2")}
    assert set(named) == set(files)
    for name, file in files.items():
        assert file.stat().st_size <= 10 * 1024, name
        assert hashlib.sha256(file.read_bytes()).hexdigest()[:12] == named[name], name
    assert "SIL Open Font License" in (STATIC / "fonts/SARABUN-OFL.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda file: file.stem)
def test_a_component_file_holds_the_macro_of_its_name(component: Path) -> None:
    outer = re.findall(r"^\s*\{%-? macro (\w+)\(", component.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert component.stem in outer
