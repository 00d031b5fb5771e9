"""Templates are compiled for each language with its texts in them, and say what they said before."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask, render_template, render_template_string
from markupsafe import Markup

from webapp.web.language import use_language
from webapp.web.templates import _ByLanguage, _Kept

DATE = '{{ _("If approved in time, it starts on %(day)s", day=day) }}'


def env(app: Flask) -> _ByLanguage:
    assert isinstance(app.jinja_env, _ByLanguage)
    return app.jinja_env


def written(app: Flask, code: str, source: str) -> str:
    """What a page of this text would be compiled to."""
    made = env(app).speaking(code)
    compiled = made.compile(source, name="page.html", raw=True)
    assert isinstance(compiled, str)
    return compiled


@pytest.mark.parametrize("code", ["th", "en"])
@pytest.mark.parametrize(
    "source",
    [
        '{{ _("Home") }}', '{{ ph("Check the 7 benefits") }}', '{{ ph("Hello, %(name)s", name=name) }}', DATE,
        '{{ _("%(percent)s %% has arrived. Choose the same photo again: it goes on from there.", percent=name) }}',
        '{{ ngettext("1 day left", "%(num)s days left", 3) }}', '<a title="{{ _("Home") }}">{{ _("Home")|upper }}</a>',
        '{% from "components/icon.html" import icon %}{{ icon("home") }}{{ icon("home", "big") }}{{ icon(sign) }}',
        '{% from "components/icon.html" import icon as draw %}{{ draw("home") }}', '{{ _(word) }}',
    ],
)  # fmt: skip
def test_what_is_written_in_is_what_was_asked_for_each_time(app: Flask, code: str, source: str) -> None:
    facts = {"name": "<สมชาย> & 7", "day": Markup("<time>1 พ.ค.</time>"), "sign": "bell", "word": "Home"}
    with app.test_request_context("/"):
        use_language(code)
        made = env(app).speaking(code)
        plain = env(app).from_string(source).render(facts)
        compiled = made.template_class.from_code(made, made.compile(source, name="page.html"), made.globals)
        assert compiled.render(facts) == plain


def test_a_text_costs_nothing_where_it_stands(app: Flask) -> None:
    source = '<b>{{ _("Home") }}</b><i>{{ ph("Home") }}</i>'
    assert "หน้าแรก" in written(app, "th", source)
    assert "<b>Home</b><i>Home</i>" in written(app, "en", source)
    assert "context.call" not in written(app, "th", source)


def test_a_page_in_one_language_leaves_none_of_it_to_the_next(app: Flask) -> None:
    for code in ("th", "en", "th", "en"):
        with app.test_request_context("/"):
            use_language(code)
            page = render_template("errors/error.html", cause="not_found", sent=[])
            assert f'<html lang="{code}"' in page
            assert bool(re.search("[ก-๙]{4}", page.partition("<main")[2].partition("<form")[0])) == (code == "th")


def test_a_word_for_the_page_that_is_made_up_is_escaped_as_ever(app: Flask) -> None:
    with app.test_request_context("/"):
        use_language("th")
        assert "&lt;b&gt;" in render_template_string('{{ ph("Hello, %(name)s", name=name) }}', name="<b>")


def test_compiled_templates_of_an_older_catalogue_are_never_met(tmp_path: Path) -> None:
    thai, english, newer = _Kept(tmp_path, "th", "1"), _Kept(tmp_path, "en", "1"), _Kept(tmp_path, "th", "2")
    assert thai.get_cache_key("home.html") != english.get_cache_key("home.html")
    assert thai.get_cache_key("home.html") == newer.get_cache_key("home.html"), "it takes the old one's place"
    assert thai.get_source_checksum("<p>") != newer.get_source_checksum("<p>")


def test_a_row_is_asked_for_its_own_before_what_every_row_has(app: Flask) -> None:
    with app.test_request_context("/"):
        row = {"title": "a", "items": "b"}
        assert render_template_string("{{ row.title }} {{ row.none }} {{ row['items'] }}", row=row) == "a  b"
        assert render_template_string("{% for name, value in row.items() %}{{ name }}{% endfor %}", row=row) == "titleitems"
