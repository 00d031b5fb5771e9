"""How pages look and which language they speak: by form, without JavaScript, back to where one was."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests import pages
from tests.front_door import APP, SignIn
from tests.pages import Page
from webapp.ports import Tools

Look = Callable[..., Page]


def saved(client: FlaskClient, address: str, **fields: str) -> str:
    answer = client.post(address, data=fields, base_url=APP)
    assert answer.status_code == 303, answer.get_data(as_text=True)[:300]
    return answer.headers["Location"]


def test_letters_colours_and_contrast_are_saved_together(client: FlaskClient, look: Look) -> None:
    assert saved(client, "/settings", text_size="3", theme="dark", contrast="hi", next="/settings?saved=1") == "/settings?saved=1"
    html = look(client, "/help", "en").html
    assert 'data-s="3"' in html
    assert 'data-t="dark"' in html
    assert 'data-c="hi"' in html
    assert "Saved on this phone" in look(client, "/settings?saved=1", "en").text


@pytest.mark.parametrize("switch", ["looped", "less_data"])
def test_a_switch_goes_on_and_off(client: FlaskClient, look: Look, switch: str) -> None:
    def value_of_button() -> str:
        forms = look(client, "/settings", "en").forms
        return next(value for form in forms for name, value in form["buttons"] if name == switch)

    assert value_of_button() == "1"
    saved(client, "/settings", **{switch: "1"})
    assert value_of_button() == ""
    saved(client, "/settings", **{switch: ""})
    assert value_of_button() == "1"


def test_looped_letters_are_not_loaded_by_somebody_who_saves_data(client: FlaskClient) -> None:
    saved(client, "/settings", looped="1")
    assert "looped.css" in client.get("/", base_url=APP).get_data(as_text=True)
    saved(client, "/settings", less_data="1")
    assert "looped.css" not in client.get("/", base_url=APP).get_data(as_text=True)


def test_what_was_chosen_before_stays_chosen(client: FlaskClient, look: Look) -> None:
    saved(client, "/settings", theme="dark")
    saved(client, "/settings/text-size", size="2", next="/help")
    html = look(client, "/settings", "en").html
    assert 'data-t="dark"' in html
    assert 'data-s="2"' in html


def test_the_quick_buttons_lead_back_to_where_they_were_pressed(client: FlaskClient) -> None:
    assert saved(client, "/settings/text-size", size="4", next="/hospitals?q=a") == "/hospitals?q=a"


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
@pytest.mark.parametrize(
    ("address", "fields"), [("/settings/text-size", {"size": "1"}), ("/language", {"language": "en"}), ("/settings", {})]
)
def test_the_way_back_is_never_another_site(client: FlaskClient, away: str, address: str, fields: dict[str, str]) -> None:
    assert "evil" not in saved(client, address, **fields, next=away)


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ("/settings", {"theme": "pink"}),
        ("/settings", {"text_size": "9", "theme": "dark"}),
        ("/settings/text-size", {"size": ""}),
        ("/language", {"language": "xx"}),
        ("/language", {}),
    ],
)
def test_a_choice_that_is_not_offered_is_refused_and_changes_nothing(client: FlaskClient, address: str, fields: dict[str, str]) -> None:
    answer = client.post(address, data=fields, base_url=APP, headers={"Accept-Language": "en"})
    assert answer.status_code == 422
    page = pages.sound(pages.read(answer), "en")
    assert page.title.startswith("Fix:")
    assert "Choose one of those shown" in page.text
    assert 'data-t="dark"' not in client.get("/", base_url=APP).get_data(as_text=True)


def test_the_language_is_the_browsers_until_one_is_chosen(client: FlaskClient) -> None:
    assert pages.read(client.get("/", headers={"Accept-Language": "en-GB,en;q=0.9"}, base_url=APP)).lang == "en"
    assert pages.read(client.get("/", headers={"Accept-Language": "de"}, base_url=APP)).lang == "th"
    assert saved(client, "/language", language="en", next="/reminders") == "/reminders"
    assert pages.read(client.get("/", headers={"Accept-Language": "th"}, base_url=APP)).lang == "en"


def test_the_language_of_somebody_signed_in_is_kept_with_them(
    client: FlaskClient, another_client: FlaskClient, sign_in: SignIn, tools: Tools
) -> None:
    sign_in(client, "1000000000009")
    saved(client, "/language", language="en", next="/my-data")
    assert tools.store.language_of(tools.store.person_id_of("1000000000009")) == "en"
    sign_in(another_client, "1000000000009")
    assert pages.read(another_client.get("/my-data", headers={"Accept-Language": "th"}, base_url=APP)).lang == "en"
