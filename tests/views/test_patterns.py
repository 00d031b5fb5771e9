"""The pattern page shows every component there is, in any look, and is not there in production."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.front_door import APP
from tests.pages import Page
from webapp.app import BLUEPRINTS, OF_DEVELOPMENT, create_app
from webapp.config import Settings
from webapp.ports import Tools
from webapp.views import patterns

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
COMPONENTS = {path.stem for path in (TEMPLATES / "components").glob("*.html")}
Look = Callable[..., Page]


def test_every_component_has_a_pattern() -> None:
    shown = [component for group in patterns.GROUPS.values() for component in group]
    assert sorted(shown) == sorted(COMPONENTS), (
        "a component of templates/components is missing in webapp/views/patterns.py, or stands twice"
    )
    assert {path.stem for path in (TEMPLATES / "patterns/show").glob("*.html")} == COMPONENTS


@pytest.mark.parametrize("component", sorted(COMPONENTS))
def test_a_pattern_shows_its_own_component(component: str) -> None:
    source = (TEMPLATES / f"patterns/show/{component}.html").read_text(encoding="utf-8")
    assert re.search(rf"\b{component}(_legend)?\(", source)


def test_every_sign_and_every_step_is_among_them() -> None:
    drawn = (TEMPLATES / "components/icon.html").read_text(encoding="utf-8").partition("{%- macro")[0]
    assert set(patterns.ICONS) == set(re.findall(r'^  "(\w+)":', drawn, flags=re.MULTILINE))
    scenes = (TEMPLATES / "components/install_steps.html").read_text(encoding="utf-8")
    assert set(re.findall(r'\["(\w+)", _', scenes)) <= set(patterns.SCENES)


@pytest.mark.parametrize("lang", ["th", "en"])
@pytest.mark.parametrize("group", patterns.GROUPS)
def test_a_group_is_a_sound_page(client: FlaskClient, look: Look, group: str, lang: str) -> None:
    page = look(client, f"/patterns/{group}", lang)
    assert all(f'id="pattern-{component}"' in page.html for component in patterns.GROUPS[group])


def test_the_address_decides_how_it_is_drawn(client: FlaskClient) -> None:
    one = client.get("/patterns/states?theme=high-dark&size=3&lang=en", base_url=APP)
    assert '<html lang="en" data-s="3" data-t="dark" data-c="hi"' in one.get_data(as_text=True)
    assert "Set-Cookie" not in one.headers, "a look at one is no choice"
    index = client.get("/patterns?theme=light&size=9&lang=th", base_url=APP).get_data(as_text=True)
    assert '<html lang="th" data-s="1" data-t="light" data-c="no"' in index
    assert 'href="/patterns/buttons?theme=light&amp;size=9&amp;lang=th"' in index


def test_a_group_that_is_not_there_is_not_found(client: FlaskClient) -> None:
    assert client.get("/patterns/none", base_url=APP).status_code == 404


def test_production_has_no_such_page(settings: Settings, tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.app.refuse_demo_data", lambda tools: None)
    production = replace(settings, mode="production")
    app: Flask = create_app(production, replace(tools, settings=production))
    assert not [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/patterns")]
    assert not set(OF_DEVELOPMENT) & set(BLUEPRINTS)
