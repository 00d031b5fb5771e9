"""What a page is made by is shorter than what Jinja wrote, and says the same to the letter."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from flask import Flask
from jinja2 import Environment, UndefinedError
from markupsafe import Markup, escape

from webapp.web.language import use_language
from webapp.web.short_ways import QuickMacro, asker, marked, shortened, shown
from webapp.web.templates import _ByLanguage


class Row:
    """Not a dictionary: has what it has, and Python's own besides."""

    title, items = "<b>", "own"

    def __getitem__(self, name: str) -> str:
        return {"kept": "by key"}[name]


FACTS: dict[str, Any] = {
    "name": "<สมชาย> & 'ใจดี'", "count": 7, "sum": 3.5, "nothing": None, "yes": True, "safe": Markup("<i>เอียง</i>"), "row": Row(),
    "rows": [{"title": "<หนึ่ง>", "href": "/a?b=1&c=2", "items": "x"}, {"title": Markup("<u>สอง</u>")}, {"title": 3, "icon": "bell"}],
}  # fmt: skip
SAID = (
    "{{ name }} {{ count }} {{ sum }} {{ nothing }} {{ yes }} {{ safe }} {{ absent }}",
    '{{ "<a>" if yes else "<b>" }}{{ name if nothing else "<c>" }}',
    "{{ row.title }} {{ row.kept }} {{ row.absent }} {{ row.items }} {{ row['kept'] }}",
    "{% for one in rows %}{{ loop.index }}{{ one.title }}{{ one.href }}{{ one.none.deeper if one.none }}{{ one['items'] }}{% endfor %}",
    "{% for key, value in rows[0].items() %}{{ key }}={{ value }};{% endfor %}",
    '{{ _("%(verdict)s: %(rule)s", verdict=name, rule=safe) }}{{ _("%(count)s MB", count=count)|upper }}',
    '{{ _("%(percent)s %% has arrived. Choose the same photo again: it goes on from there.", percent=name) }}',
    '{% set text = _("%(verdict)s: %(rule)s", verdict=name, rule=safe) %}{{ text }}{{ text ~ name }}',
    '{% from "components/row_list.html" import row_list %}{{ row_list(rows) }}{{ row_list(rows=rows) }}',
    '{% from "components/notice.html" import notice as box %}{% call box("wa", name, level=3) %}<p>{{ name }}</p>{% endcall %}'
    '{{ box("ok", safe, body=name) }}',
    "{% macro twice(text, end='!') %}{{ text }}{{ text }}{{ end }}{% endmacro %}{{ twice(name) }}{{ twice(text=safe, end=count) }}",
    "{% macro any_of() %}{{ varargs|length }}{{ kwargs|length }}{% endmacro %}{{ any_of(1, 2, three=3) }}",
    "{% macro around() %}<b>{{ caller(count) }}</b>{% endmacro %}{% call(number) around() %}{{ number }}{{ name }}{% endcall %}",
    "{% block one %}{{ name }}{% endblock %}{{ self.one() }}{% if self.one()|trim %}said{% endif %}",
    "{% filter upper %}{{ name }}{% block two %}ab{{ name }}{% endblock %}{% endfilter %}",
    '{% filter upper %}{% include "layouts/_hard_words.html" %}{% endfilter %}',
    "{% set inside %}<p>{{ name }}</p>{% endset %}{{ inside }}",
)


@pytest.mark.parametrize("code", ["th", "en"])
@pytest.mark.parametrize("source", SAID)
def test_a_page_says_the_same_by_the_short_way(app: Flask, code: str, source: str) -> None:
    with app.test_request_context("/"):
        use_language(code)
        assert isinstance(app.jinja_env, _ByLanguage)
        made = app.jinja_env.speaking(code)
        short = made.template_class.from_code(made, made.compile(source, name="page.html"), made.globals).render({**FACTS, "words": []})
        plain = app.jinja_env.from_string(source).render({**FACTS, "words": []})
        assert short == plain
        assert "สมชาย" not in short or "<สมชาย>" not in short, "escaped on either way"


@pytest.mark.parametrize("value", ["<a>", "ก", Markup("<a>"), 5, True, None, 2.5, ["<"], Row(), escape("<")])
def test_a_value_is_shown_as_it_is_escaped(value: Any) -> None:
    assert str(shown(value)) == str(escape(value))


def test_a_thing_is_asked_for_a_name_as_jinja_asks(app: Flask) -> None:
    env = Environment()  # noqa: S701 - nothing is rendered
    of = asker(env)
    for thing in ({"a": 1, "get": 2}, Row(), "text", 7, None):
        for name in ("a", "title", "kept", "upper", "none"):
            ours, theirs = of(thing, name), env.getattr(thing, name)
            assert type(ours) is type(theirs)
            assert str(ours) == str(theirs)
    with pytest.raises(UndefinedError, match="'dict object' has no attribute 'none'"):
        of({}, "none").deeper  # noqa: B018 - that it raises is the point


def test_a_macro_called_wrongly_says_so() -> None:
    macro = QuickMacro(Environment(), lambda text: text, "m", ["text"], False, False, False, True)  # noqa: FBT003, S701 - as Jinja makes it
    assert macro("a") == marked("a")
    with pytest.raises(TypeError, match="takes no keyword argument 'other'"):
        macro("a", other=1)
    with pytest.raises(TypeError, match="takes not more than 1 argument"):
        macro("a", "b")


def test_text_is_put_together_where_it_stands(app: Flask) -> None:
    """What the short way is for: no look through the text at each use, no call through the context for a macro of a component."""
    assert isinstance(app.jinja_env, _ByLanguage)
    made = app.jinja_env.speaking("en")
    source = '{% from "components/tag.html" import tag %}{{ tag("ok", name) }}{{ _("%(count)s MB", count=name) }}'
    written = made._generate(made._parse(source, "page.html", None), "page.html", None)  # noqa: SLF001
    assert "context.call" in written
    shorter = ast.unparse(shortened(written.partition("\n# short ways for: ")[0], frozenset({"tag"})))
    assert "context.call" not in shorter
    assert "escape(" not in shorter
    assert "%(count)s" not in shorter.partition("def root")[2]
