"""Templates, compiled once for each language with its texts written into them.

Decided: a page asks for a hundred texts and thirty drawn signs that are the same each time. So a template is compiled anew for each
catalogue: `_("…")`, `ph("…")` and `icon("…")` become what they say, as if somebody had typed it there, and a text with values keeps only
their filling in. That is half the time of a page made anew (tests/bench/bench_pages.py); what is written stays one template for all.
What depends on anything but the language is left as it is. The catalogue is part of the name under which compiled templates are kept on
disk: a new translation is never met by old ones.
What Jinja then makes of a template is Python, which is gone over once more (web/short_ways.py).
Put aside: keeping pieces of finished pages, which somebody must remember to throw away; another engine, whose pages would be others.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from gettext import NullTranslations
from pathlib import Path
from threading import Lock
from types import CodeType
from typing import Any

from flask import Flask
from flask.templating import Environment
from jinja2 import FileSystemBytecodeCache, Template, nodes
from jinja2.bccache import Bucket
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from webapp.web import short_ways
from webapp.web.language import catalogue, edition, language, phrased_in, say_in

ICONS, ICON = "components/icon.html", "icon"
MOST_TEMPLATES = 1_000
TEXT, PHRASES = frozenset({"_", "gettext"}), "ph"
SHORTENED = "\n# short ways for: "
"""Ends what Jinja wrote of a page; behind it stand the names of its macros."""
NAMES_OF_DICT = frozenset(dir(dict))

ONE_AT_A_TIME = Lock()
"""Python's own trees may not be made by two threads at once: up to 3.11 they count their depth together, and refuse each other's."""


def compile_by_language(app: Flask, place: Path) -> None:
    """To be called before anything else looks at the app's templates; compiled ones are kept in `place`."""
    app.jinja_environment = _ByLanguage  # type: ignore[assignment]  # Flask looks for it in the app
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    with suppress(OSError):
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    app.jinja_env.bytecode_cache = _Kept(place)


class _Kept(FileSystemBytecodeCache):
    """Compiling the templates is half the cost of the first page after a start; where they cannot be kept, they are compiled again.
    `code` and `edition` of the language that is written into them, if any."""

    def __init__(self, place: Path, code: str = "", edition: str = "") -> None:
        super().__init__(str(place))
        self.place, self._code, self._edition = place, code, edition

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        return super().get_cache_key(f"{self._code}:{name}", filename)

    def get_source_checksum(self, source: str) -> str:
        return super().get_source_checksum(self._edition + source)

    def load_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


class _Compiled(Template):
    """All templates have the same globals: one module of macros for all that import it, without a look at what differs."""

    def _get_default_module(self, ctx: Any = None) -> Any:
        return self._module if self._module is not None else super()._get_default_module()


class _ByLanguage(Environment):
    """The app's; hands out each template as it stands in the language of the request. `spoken` is the language of one made for it."""

    template_class = _Compiled
    spoken = ""

    def __init__(self, app: Flask, **options: Any) -> None:
        super().__init__(app, **options, cache_size=MOST_TEMPLATES)
        self._speaking: dict[NullTranslations, _ByLanguage] = {}
        self._found: dict[str, Template] = {}
        self.ready: dict[str, Any] = {}

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> Template:  # noqa: A002 - Jinja's own name
        if not self.spoken:
            return self.speaking(language()).get_template(name, parent, globals)
        found = self._found.get(name) if globals is None else None
        if found is None:
            found = super().get_template(name, parent, globals)
            if globals is None and isinstance(name, str) and not self.auto_reload:
                self._found[name] = found
        return found

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Most of what templates are handed are rows, and Jinja asks a row first for what no row has."""
        if type(obj) is dict and attribute in obj and attribute not in NAMES_OF_DICT:
            return obj[attribute]
        return super().getattr(obj, attribute)

    def speaking(self, code: str) -> _ByLanguage:
        """The same for one language; made when it is first asked for, and again where its catalogue was exchanged."""
        known = catalogue(code)
        if known not in self._speaking:
            self._speaking[known] = self._made_for(code)
        return self._speaking[known]

    def _made_for(self, code: str) -> _ByLanguage:
        made: Any = self.overlay()
        made.spoken, made.ready, made._found = code, {}, {}  # noqa: SLF001 - of the same class
        kept = self.bytecode_cache
        if isinstance(kept, _Kept):
            made.bytecode_cache = _Kept(kept.place, code, f"{edition(code)}{self._drawn()}")
        spoken: _ByLanguage = made
        return spoken

    def _drawn(self) -> str:
        """Changes when the signs do, or this file."""
        ours = (Path(file).read_text(encoding="utf-8") for file in (__file__, short_ways.__file__))
        drawn = self.loader.get_source(self, ICONS)[0] if self.loader else ""
        return hashlib.sha256("".join((drawn, *ours)).encode()).hexdigest()

    def _generate(self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False) -> str:
        if self.spoken and name and _is_page(name):
            draws = name != ICONS and _imports_icon(source)
            source = _Written(self.spoken, self.get_template(ICONS).module if draws else None).visit(source)
            made = super()._generate(source, name, filename, defer_init)
            return f"{made}{SHORTENED}{' '.join(sorted(_macros_of(source)))}"
        return super()._generate(source, name, filename, defer_init)

    def _compile(self, source: str, filename: str) -> CodeType:
        module, is_page, macros = source.partition(SHORTENED)
        if not is_page:
            return super()._compile(source, filename)
        with ONE_AT_A_TIME:
            return compile(short_ways.shortened(module, frozenset(macros.split())), filename, "exec")


def _macros_of(source: nodes.Template) -> frozenset[str]:
    """The names by which a template calls macros."""
    imported = (one for found in source.find_all(nodes.FromImport) for one in found.names)
    own = frozenset(found.name for found in source.find_all(nodes.Macro))
    return own | {one if isinstance(one, str) else one[1] for one in imported}


def _is_page(name: str) -> bool:
    """Escaped by itself: what is written into others would have to be plain."""
    return name.endswith(".html")


def _imports_icon(source: nodes.Template) -> bool:
    found = source.find_all(nodes.FromImport)
    return any(one.template.as_const() == ICONS and ICON in one.names for one in found if isinstance(one.template, nodes.Const))


class _Written(NodeTransformer):
    """Puts what is said in one language where a template asks for it."""

    def __init__(self, code: str, icons: Any) -> None:
        self._code, self._icons = code, icons

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:  # noqa: N802 - named after the node
        self.generic_visit(node)
        given = _constants(node)
        if not isinstance(node.node, nodes.Name) or given is None:
            return node
        name = node.node.name
        if name == ICON and self._icons is not None and not node.kwargs:
            return _const(Markup(self._icons.icon(*given)), node)  # noqa: S704 - our own macro
        if len(given) != 1 or not isinstance(given[0], str):
            return node
        if name == PHRASES and not node.kwargs:
            return _const(phrased_in(self._code, given[0]), node)
        return self._text(given[0], node) if name in TEXT else node

    def _text(self, msgid: str, node: nodes.Call) -> nodes.Expr:
        """As Jinja's own extension says it: always a format, whether there are values or not."""
        text = Markup(say_in(self._code, msgid))  # noqa: S704 - a catalogue of ours, as Jinja's extension takes it
        if not node.kwargs:
            return _const(text % {}, node)
        values = nodes.Dict([nodes.Pair(_const(one.key, node), one.value) for one in node.kwargs], lineno=node.lineno)
        return nodes.Mod(_const(text, node), values, lineno=node.lineno)


def _constants(node: nodes.Call) -> list[Any] | None:
    """The arguments without names, where all of them are known already."""
    if node.dyn_args is not None or node.dyn_kwargs is not None or not all(isinstance(one, nodes.Const) for one in node.args):
        return None
    return [one.value for one in node.args if isinstance(one, nodes.Const)]


def _const(value: Any, node: nodes.Node) -> nodes.Const:
    return nodes.Const(value, lineno=node.lineno)
