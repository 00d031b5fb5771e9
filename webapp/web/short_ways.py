"""Compiled templates without the long ways that Jinja goes for cases which ours never have.

Decided: what Jinja makes of a template is Python, and that Python is gone over once more before it is compiled. Each thing it does stays
what it was, to the letter (tests/views/test_short_ways.py holds the two side by side); only the way there is shorter:

- a value on its way into a page is looked at once: escaped already, text, or a number; Jinja's own goes through four calls;
- a text with values is put together where it stands, instead of being looked through for its %(names)s each time;
- marked text that never changes is made when the template is loaded and not at each use;
- a macro is called as a function, and one of a component is found by a look into a dictionary;
- a row is asked for its own first.

Of a page made anew that spares half of what its templates took (tests/bench/bench_pages.py measures
the whole). Put aside: Jinja's own optimizer, which knows constants only.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import Any

from jinja2 import Environment
from jinja2.nodes import EvalContext
from jinja2.runtime import Macro
from jinja2.utils import missing
from markupsafe import Markup, escape
from markupsafe import _escape_inner as escaped_text  # type: ignore[attr-defined]  # the part of `escape` that is written in C

FILLED = re.compile(r"%(?:\((\w+)\)s|(%))")
NAMES_OF_DICT = frozenset(dir(dict))
LOCAL = re.compile(r"l_\d+_(\w+)")
HERE = "webapp.web.short_ways"
BROUGHT = ("shown", "marked", "said", "asker", "module_of")
_new = str.__new__


def shown(value: Any) -> str:
    """As `escape` says it, but as plain text: it is joined to the page at once."""
    kind = type(value)
    if kind is Markup:
        return value  # type: ignore[no-any-return]
    if kind is str:
        return escaped_text(value)
    return str(value) if kind is int else escape(value)


def marked(text: str) -> Markup:
    """Text that needs no escaping, told so without a look at what it is."""
    return _new(Markup, text)


def said(context: Any, block: str) -> Markup:
    """What a block of this page says: `self.block()`."""
    return _new(Markup, "".join(context.blocks[block][0](context)))


def asker(environment: Environment) -> Callable[[Any, str], Any]:
    """Of a thing for what it calls by a name: `thing.name`, where no dictionary has a method of that name."""
    ask, undefined = environment.getattr, environment.undefined

    def of(thing: Any, name: str) -> Any:
        if type(thing) is dict:
            return thing[name] if name in thing else undefined(obj=thing, name=name)
        try:
            return getattr(thing, name)
        except AttributeError:
            return ask(thing, name)

    return of


def module_of(environment: Any, name: str, context: Any) -> Any:
    """What a template exports; where templates may change under a running app, it is looked for anew."""
    found = environment.ready.get(name)
    if found is None:
        found = environment.get_template(name)._get_default_module(context)  # noqa: SLF001 - as Jinja's own code does
        if not environment.auto_reload:
            environment.ready[name] = found
    return found


class QuickMacro(Macro):
    """A macro of a page: what it is called with goes straight into its function, unless something is odd about it."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.catch_kwargs or self.catch_varargs or self.explicit_caller or (args and type(args[0]) is EvalContext):
            return super().__call__(*args, **kwargs)
        given = [*args, *(kwargs.pop(name, missing) for name in self.arguments[len(args) :])]
        if self.caller:
            caller = kwargs.pop("caller", None)
            given.append(self._environment.undefined("No caller defined", name="caller") if caller is None else caller)
        if kwargs or len(args) > self._argument_count:
            return super().__call__(*args, **kwargs)
        return _new(Markup, self._func(*given))


def shortened(source: str, imported: frozenset[str]) -> ast.Module:
    """The module that Jinja wrote, with short ways; `imported` are the names that the template imports macros by."""
    return _Shortened(imported).over(ast.parse(source))


class _Shortened(ast.NodeTransformer):
    def __init__(self, imported: frozenset[str]) -> None:
        self._imported = imported
        self._marked: dict[str, ast.expr] = {}

    def over(self, module: ast.Module) -> ast.Module:
        made: ast.Module = self.visit(module)
        names = ", ".join((*BROUGHT, "QuickMacro as Macro"))
        head = ast.parse(f"from {HERE} import {names}\nof = asker(environment)").body
        kept = [ast.Assign([ast.Name(name, ast.Store())], value) for name, value in self._marked.items()]
        after_imports = next(place for place, one in enumerate(made.body) if not isinstance(one, ast.ImportFrom))
        made.body[after_imports:after_imports] = [*head, *kept]
        return ast.fix_missing_locations(made)

    def visit_Call(self, node: ast.Call) -> ast.expr:  # noqa: N802 - named after the node
        node = _without_loop_vars(node)
        if block := _block_said(node):
            return _call("said", _name("context"), ast.Constant(block))
        self.generic_visit(node)
        if _is(node.func, "escape") and len(node.args) == 1:
            return _shown(node.args[0])
        if _is(node.func, "Markup") and len(node.args) == 1 and isinstance(node.args[0], ast.Constant):
            return self._once(node)
        if _is_method(node.func, "environment", "getattr"):
            return self._asked(node)
        if _is_method(node.func, "context", "call") and self._is_imported(node.args[0]):
            return ast.Call(node.args[0], node.args[1:], node.keywords)
        if _is_default_module(node.func):
            asked: Any = node.func
            return _call("module_of", _name("environment"), asked.value.args[0], _name("context"))
        return node

    def visit_For(self, node: ast.For) -> ast.stmt:  # noqa: N802 - named after the node
        """What another template says is handed on whole: `for event in gen: yield event`, or `….append(event)`."""
        self.generic_visit(node)
        does = node.body[0].value if _is(node.target, "event") and _is(node.iter, "gen") and isinstance(node.body[0], ast.Expr) else None
        if isinstance(does, ast.Yield):
            return ast.Expr(ast.YieldFrom(node.iter))
        if isinstance(does, ast.Call) and isinstance(does.func, ast.Attribute) and does.func.attr == "append":
            return ast.Expr(ast.Call(ast.Attribute(does.func.value, "extend", ast.Load()), [node.iter], []))
        return node

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """What is said one after the other is said at once."""
        super().generic_visit(node)
        for name in ("body", "orelse"):
            lines = getattr(node, name, None)
            if isinstance(lines, list):
                setattr(node, name, _joined(lines))
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:  # noqa: N802 - named after the node
        self.generic_visit(node)
        text = self._marked.get(node.left.id) if isinstance(node.left, ast.Name) else None
        filled = _filled(text, node.right) if text is not None and isinstance(node.op, ast.Mod) else None
        return node if filled is None else _call("marked", filled)

    def _once(self, node: ast.Call) -> ast.expr:
        """Marked text is made when the module is."""
        for name, known in self._marked.items():
            if ast.dump(known) == ast.dump(node):
                return _name(name)
        name = f"marked_{len(self._marked)}"
        self._marked[name] = node
        return _name(name)

    def _asked(self, node: ast.Call) -> ast.expr:
        name = node.args[1]
        is_own = isinstance(name, ast.Constant) and name.value not in NAMES_OF_DICT
        return _call("of", *node.args) if is_own else node

    def _is_imported(self, node: ast.expr) -> bool:
        """`(undefined(name='x') if l_0_x is missing else l_0_x)`, as Jinja asks for a name."""
        local = node.orelse if isinstance(node, ast.IfExp) else node
        found = LOCAL.fullmatch(local.id) if isinstance(local, ast.Name) else None
        return found is not None and found[1] in self._imported


def _joined(lines: list[ast.stmt]) -> list[ast.stmt]:
    """One yield for those that follow each other."""
    done: list[ast.stmt] = []
    for line in lines:
        parts, before = _wordsby(line), _wordsby(done[-1]) if done else None
        if parts is not None and before is not None:
            done[-1] = ast.copy_location(ast.Expr(ast.Yield(ast.JoinedStr([*before, *parts]))), done[-1])
        else:
            done.append(line)
    return done


def _wordsby(line: ast.stmt) -> list[ast.expr] | None:
    """The parts of text that a line yields; None for another kind of line."""
    value = line.value.value if isinstance(line, ast.Expr) and isinstance(line.value, ast.Yield) else None
    if value is None or isinstance(value, ast.Constant) and value.value is None:
        return None
    if isinstance(value, ast.JoinedStr):
        return value.values
    return [value] if _is_text(value) else [ast.FormattedValue(value, -1)]


def _without_loop_vars(node: ast.Call) -> ast.Call:
    """Only functions that ask for the context are handed these, and ours never do; Jinja itself takes them off again."""
    node.keywords = [one for one in node.keywords if one.arg not in ("_loop_vars", "_block_vars")]
    return node


def _block_said(node: ast.Call) -> str:
    """The block whose text is asked for as `self.block()`, or nothing."""
    if not _is_method(node.func, "context", "call") or len(node.args) != 1:
        return ""
    asked = node.args[0]
    if not isinstance(asked, ast.Call) or not _is_method(asked.func, "environment", "getattr") or not _is(asked.args[0], "l_0_self"):
        return ""
    block = asked.args[1]
    return str(block.value) if isinstance(block, ast.Constant) else ""


def _shown(value: ast.expr) -> ast.expr:
    """What stands in the page for a value: where it is known what it is, nothing is left to look at."""
    if isinstance(value, ast.Call) and _is(value.func, "marked"):
        return value.args[0]
    if isinstance(value, ast.IfExp) and _is_text(value.body) and _is_text(value.orelse):
        return ast.IfExp(value.test, _escaped(value.body), _escaped(value.orelse))
    return _call("shown", value)


def _filled(text: ast.expr, values: ast.expr) -> ast.expr | None:
    """The text with its values as one string; None where it has other places than %(name)s."""
    if not isinstance(values, ast.Dict) or not isinstance(text, ast.Call) or not isinstance(text.args[0], ast.Constant):
        return None
    known = {key.value: value for key, value in zip(values.keys, values.values, strict=True) if isinstance(key, ast.Constant)}
    words, end = str(text.args[0].value), 0
    parts: list[ast.expr] = []
    for place in FILLED.finditer(words):
        parts.append(ast.Constant(words[end : place.start()] + (place[2] or "")))
        if place[1]:
            if place[1] not in known:
                return None
            parts.append(ast.FormattedValue(_shown(known[place[1]]), -1))
        end = place.end()
    rest = words[end:]
    is_odd = "%" in FILLED.sub("", words) or len(known) != len(values.keys) or not set(known) <= {one[1] for one in FILLED.finditer(words)}
    return None if is_odd else ast.JoinedStr([*parts, ast.Constant(rest)])


def _escaped(text: ast.expr) -> ast.expr:
    assert isinstance(text, ast.Constant)
    return ast.Constant(str(escape(text.value)))


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is str


def _is(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _is_method(node: ast.expr, of: str, name: str) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == name and _is(node.value, of)


def _is_default_module(node: ast.expr) -> bool:
    """`environment.get_template('x', 'y')._get_default_module(context)`"""
    if not isinstance(node, ast.Attribute) or node.attr != "_get_default_module" or not isinstance(node.value, ast.Call):
        return False
    return _is_method(node.value.func, "environment", "get_template") and _is_text(node.value.args[0])


def _name(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _call(name: str, *args: ast.expr) -> ast.Call:
    return ast.Call(_name(name), list(args), [])
