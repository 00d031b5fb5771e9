"""Each page brings the rules of style that find something in it, and no others.

The style sheets of all pages together are three times what one page needs. So a page is looked at once it is made: a rule travels with it
where the page holds every class that the rule names. Nobody keeps a list: who adds a component writes its rules into css/components.css,
and they travel wherever its classes stand. Two things more:

- a sheet that only few pages have is named by them: `{% block sheets %}css/rules.css{% endblock %}` (more than one: with spaces between);
- of a part that htmx may put into the page later (`show(page, part)`, web/fragments.py) every word counts as a class.

No script puts a class into a page (tests/house/test_css.py). What is held as a file (web/assets.py) is the whole of the citizens' style.
Put aside: parts that each page names by hand, which the next change forgets and nobody sees until a page stands bare; tools that look at a
page with a browser, which know one width and one theme; leaving out the rules of text sizes and themes that are not asked for, since the
worker puts another root tag on the pages that a phone keeps.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from flask import Flask, Response, current_app, g, request
from jinja2.meta import find_referenced_templates
from markupsafe import Markup

from webapp.web import cookies
from webapp.web.assets import STYLE_HELD, inline_style, sheet_text, style_address, style_version
from webapp.web.guards import SESSION_COOKIE
from webapp.web.tools import noted

HERE = "<style></style>"
HERE_IN_BYTES = HERE.encode()
CLASSES = re.compile(rb'class=(?:"([^"]*)"|([\w-]+))')
"""A word before it would be an attribute that no page has; so the search leaps from one to the next."""
NAMED = re.compile(r"\.([A-Za-z][\w-]*)")
OPENED = re.compile(r":([a-z-]+)\(")
WORD = re.compile(r"[A-Za-z][\w-]*")
GROUPS = ("@media", "@supports")
ANY_OF = ("is", "where")

Needed = frozenset[frozenset[str]]


@dataclass(frozen=True)
class Rule:
    """Selectors, each with what it needs, and what they set; or a group of rules under one condition; or else a text as it is."""

    head: str
    body: str
    selectors: tuple[tuple[str, Needed], ...] = ()
    inner: tuple[Rule, ...] = ()


def dress_pages(app: Flask) -> None:
    """To be called after what writes the policy: of what looks at answers, the last to be registered is the first to see one."""
    app.jinja_env.globals.update(page_style=page_style)

    @app.after_request
    def _dress(response: Response) -> Response:
        known = noted()
        if response.mimetype == "text/html" and "style_sheets" in known:
            page = response.get_data()
            style = _of_page(page)
            known["style_hash"] = hash_of(style) if style else None
            response.set_data(page.replace(HERE_IN_BYTES, f"<style>{style}</style>".encode() if style else b"", 1))
        return response


def page_style(sheets: str = "", saves_data: bool = False) -> Markup:
    """Where the style stands in a page; `sheets` are those that only this page has. All in the page, or all but those by a link."""
    g.style_sheets, g.style_by_link = tuple(sheets.split()), comes_by_link(saves_data)
    here = Markup(HERE)  # noqa: S704 - our own text
    return Markup('<link rel="stylesheet" href="{}">').format(style_address()) + here if g.style_by_link else here


def also_for(part: str) -> None:
    """The page of this answer will hold what the template `part` makes."""
    g.style_words = g.get("style_words", frozenset()) | _words_of(part)


def style_for(classes: Iterable[str], sheets: tuple[str, ...] = (), whole: bool = True) -> str:
    """The rules for a page with these classes: of the citizens' sheets if `whole`, and of `sheets`."""
    return _written_for(frozenset(classes) & _known(sheets), sheets, whole)


def classes_in(html: str) -> frozenset[str]:
    return _classes_of(html.encode())


def _classes_of(html: bytes) -> frozenset[str]:
    return _named_by(frozenset(chain.from_iterable(CLASSES.findall(html))))


@lru_cache(maxsize=512)
def _named_by(attributes: frozenset[bytes]) -> frozenset[str]:
    """Pages of a kind have the same ones."""
    return frozenset(b" ".join(attributes).decode("ascii", "ignore").split())


@lru_cache(maxsize=512)
def hash_of(style: str) -> str:
    """As the policy names it."""
    return f"sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}"


def needs(selector: str) -> Needed:
    """Sets of classes: a page must hold all of one set for `selector` to find anything in it."""
    opened = OPENED.search(selector)
    if not opened:
        return frozenset({frozenset(NAMED.findall(selector))})
    end = _closes(selector, opened.end())
    others = needs(selector[: opened.start()] + selector[end + 1 :])
    if opened[1] not in ANY_OF:
        return others
    inside = _split(selector[opened.end() : end])
    return frozenset(one | other for part in inside for one in needs(part) for other in others)


def rules_of(css: str) -> Iterator[Rule]:
    """`css` holds neither comments nor needless space."""
    start = 0
    while (brace := css.find("{", start)) >= 0:
        end = _closes(css, brace + 1, "{}")
        head, body = css[start:brace], css[brace + 1 : end]
        if head.startswith(GROUPS):
            yield Rule(head, body, inner=tuple(rules_of(body)))
        elif head.startswith("@"):
            yield Rule(head, body)
        else:
            yield Rule(head, body, selectors=tuple((one, needs(one)) for one in _split(head)))
        start = end + 1


def comes_by_link(saves_data: bool) -> bool:
    """Whether whoever asks gets the citizens' sheets as a file: who holds it, or has seen a page with all its style and is going on."""
    return _is_held() or (saves_data or _is_signed_in()) and _came_from_a_page_of_ours()


def _is_held() -> bool:
    return request.cookies.get(STYLE_HELD) == style_version()


def _is_signed_in() -> bool:
    """Has come through several pages: the script of the first holds the file by now, and where there is none it is fetched, once, in
    place of half of every page."""
    return bool(cookies.read(SESSION_COOKIE))


def _came_from_a_page_of_ours() -> bool:
    """Then the style has been in a page already; who saves data gets no script that would hold it, so the file is fetched, once."""
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def _of_page(html: bytes) -> str:
    known = noted()
    if known["style_by_link"] and not known["style_sheets"]:
        return ""
    return style_for(_classes_of(html) | known.get("style_words", frozenset()), known["style_sheets"], whole=not known["style_by_link"])


@lru_cache(maxsize=64)
def _words_of(template: str) -> frozenset[str]:
    """Every word of a template and of all that it draws from: more than its classes, never less."""
    env = current_app.jinja_env
    source = env.loader.get_source(env, template)[0] if env.loader else ""
    others = (_words_of(name) for name in find_referenced_templates(env.parse(source)) if name)
    return frozenset(WORD.findall(source)).union(*others)


@lru_cache(maxsize=8)
def _rules(sheet: str) -> tuple[Rule, ...]:
    return tuple(rules_of(sheet_text(sheet) if sheet else inline_style()))


@lru_cache(maxsize=8)
def _known(sheets: tuple[str, ...]) -> frozenset[str]:
    return frozenset(NAMED.findall("".join((inline_style(), *(sheet_text(sheet) for sheet in sheets)))))


@lru_cache(maxsize=512)
def _written_for(classes: frozenset[str], sheets: tuple[str, ...], whole: bool) -> str:
    return "".join(_written(rule, classes) for sheet in (*([""] if whole else []), *sheets) for rule in _rules(sheet))


def _written(rule: Rule, classes: frozenset[str]) -> str:
    if rule.inner:
        inner = "".join(_written(one, classes) for one in rule.inner)
        return f"{rule.head}{{{inner}}}" if inner else ""
    if not rule.selectors:
        return f"{rule.head}{{{rule.body}}}"
    kept = [selector for selector, wanted in rule.selectors if any(need <= classes for need in wanted)]
    return f"{','.join(kept)}{{{rule.body}}}" if kept else ""


def _closes(text: str, start: int, pair: str = "()") -> int:
    """Where the bracket that was opened before `start` closes."""
    depth = 1
    for place in range(start, len(text)):
        depth += (text[place] == pair[0]) - (text[place] == pair[1])
        if not depth:
            return place
    raise ValueError(f"never closed: {text[:60]}")


def _split(selectors: str) -> list[str]:
    """At the commas that stand in no bracket."""
    parts, depth = [""], 0
    for letter in selectors:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return parts
