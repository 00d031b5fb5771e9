"""How pages look and which language they speak: by form, without JavaScript, back to where one was."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests import pages
from tests.front_door import APP, SignIn
from tests.pages import Page
from tests.standing_clock import StandingClock
from webapp.ports import PersonSettings, Tools
from webapp.web.preferences import CHOICES

Look = Callable[..., Page]
SOMCHAI = "1000000000009"
CITIZENS_PAGES = (
    "/", "/benefits", "/benefits/unemployment", "/hospital-change", "/hospitals", "/reminders", "/guide", "/help", "/help/call", "/sign-in",
    "/settings", "/emergency", "/privacy", "/status",
)  # fmt: skip


def own(tools: Tools) -> PersonSettings:
    """What the store holds of Somchai."""
    found = tools.store.settings_of(tools.store.person_id_of(SOMCHAI))
    assert found is not None
    return found


def root(client: FlaskClient, path: str = "/help") -> str:
    """The page's <html> tag."""
    html = client.get(path, base_url=APP).get_data(as_text=True)
    return html[html.index("<html") : html.index("<head")]


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


@pytest.mark.parametrize("switch", ["simple", "aloud", "looped", "still", "less_data", "shared_phone"])
def test_a_switch_goes_on_and_off(client: FlaskClient, look: Look, switch: str) -> None:
    def value_of_button() -> str:
        forms = look(client, "/settings", "en").forms
        return next(value for form in forms for name, value in form["buttons"] if name == switch)

    as_it_was = value_of_button()
    assert as_it_was == ("" if switch == "aloud" else "1")
    for value in (as_it_was, "" if as_it_was else "1"):
        saved(client, "/settings", **{switch: value})
        assert value_of_button() == ("" if value else "1")


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
    assert own(tools).language == "en"
    sign_in(another_client, "1000000000009")
    assert pages.read(another_client.get("/my-data", headers={"Accept-Language": "th"}, base_url=APP)).lang == "en"


# From the first byte


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"text_size": "4"}, 'data-s="4"'),
        ({"theme": "dark"}, 'data-t="dark"'),
        ({"theme": "dark", "contrast": "hi"}, 'data-c="hi"'),
        ({"contrast": "no"}, 'data-c="no"'),
        ({"looped": "1"}, 'data-f="looped"'),
        ({"simple": "1"}, 'data-m="simple"'),
        ({"still": "1"}, 'data-r="still"'),
        ({"aloud": ""}, 'data-a="off"'),
    ],
)
def test_every_choice_stands_in_the_first_tag_of_every_page(client: FlaskClient, chosen: dict[str, str], said: str) -> None:
    assert said not in root(client)
    saved(client, "/settings", **chosen)
    for path in CITIZENS_PAGES:
        assert said in root(client, path), path


def test_somebody_who_chose_nothing_gets_what_their_phone_is_set_to(client: FlaskClient) -> None:
    assert root(client).split() == ["<html", 'lang="th"', 'data-s="1">']


@pytest.mark.parametrize("path", CITIZENS_PAGES)
def test_the_settings_are_two_taps_away_from_every_page(look: Look, client: FlaskClient, path: str) -> None:
    page = look(client, path, "en")
    head = page.html[: page.html.index("</header>")]
    assert head.index("<summary") < head.index('href="/settings"') < head.index("</details>")


# Less data


@pytest.mark.parametrize("asked", ["on", "On"])
def test_a_browser_that_asks_to_save_data_is_obeyed(client: FlaskClient, asked: str) -> None:
    saved(client, "/settings", looped="1")
    answer = client.get("/settings", base_url=APP, headers={"Save-Data": asked, "Accept-Language": "en"})
    html = answer.get_data(as_text=True)
    assert "looped.css" not in html
    assert "Your browser asks us to save data" in html
    assert "Save-Data" in answer.headers["Vary"]
    assert "looped.css" in client.get("/", base_url=APP, headers={"Save-Data": "off"}).get_data(as_text=True)


# Simple pages


@pytest.mark.parametrize("path", CITIZENS_PAGES)
def test_simple_pages_have_large_letters_and_no_menu(look: Look, client: FlaskClient, path: str) -> None:
    saved(client, "/settings", simple="1", text_size="1")
    page = look(client, path, "en")
    assert 'data-s="2"' in page.html
    assert '<nav class="nav' not in page.html
    assert page.links["To the first page"] == "/"
    assert page.links["More help"] == "/help"


def test_the_simple_first_page_is_three_buttons_and_the_hotline(look: Look, client: FlaskClient) -> None:
    saved(client, "/settings", simple="1")
    page = look(client, "/", "en")
    before, _, after = page.html.partition('<details class="more">')
    buttons = [target for target in pages.read_links(before) if target not in ("/", "/settings", "#m")]
    assert buttons == ["/benefits", "/hospital-change", "/my-data", "tel:1506"]
    assert "/hospitals" in after


@pytest.mark.parametrize("signed_in", [False, True])
def test_nothing_becomes_unreachable_in_simple_pages(look: Look, client: FlaskClient, sign_in: SignIn, signed_in: bool) -> None:
    """Whatever the plain first page leads to, and the menu, the simple one leads to as well."""
    if signed_in:
        sign_in(client, SOMCHAI)
    plain = set(look(client, "/", "en").links.values()) | {"/my-data"}
    saved(client, "/settings", simple="1")
    missing = plain - set(look(client, "/", "en").links.values())
    one_page_on = {"/accessibility", "https://www.sso.go.th"}
    assert missing <= {"/my-data/wrong", *one_page_on}
    assert one_page_on <= set(look(client, "/help", "en").links.values())
    assert not signed_in or "/my-data/wrong" in look(client, "/my-data", "en").links.values()


def test_chosen_letters_come_back_after_simple_pages(client: FlaskClient) -> None:
    saved(client, "/settings", simple="1", text_size="1")
    saved(client, "/settings", simple="")
    assert 'data-s="1"' in root(client)


def test_officers_keep_their_whole_desk(client: FlaskClient, sign_in: SignIn) -> None:
    saved(client, "/settings", simple="1")
    sign_in(client, "1000000000076")
    assert "data-m" not in root(client, "/officer")


# Reading aloud


def test_the_button_that_reads_is_there_unseen_until_there_is_a_voice_and_can_be_switched_off(look: Look, client: FlaskClient) -> None:
    html = look(client, "/help", "en").html
    box = html[html.index('<div class="listen') :]
    assert " hidden>" in box[: box.index("<button")]
    saved(client, "/settings", aloud="")
    assert 'id="listen"' not in look(client, "/help", "en").html


def test_where_data_is_saved_reading_aloud_is_there_only_when_asked_for(look: Look, client: FlaskClient) -> None:
    saved(client, "/settings", less_data="1")
    page = look(client, "/help", "en")
    assert 'id="listen"' not in page.html
    assert "app.js" not in page.html
    saved(client, "/settings", aloud="1")
    assert 'id="listen"' in look(client, "/help", "en").html
    assert "app.js" in look(client, "/help", "en").html


# The person and the phone


def test_what_is_chosen_when_signed_in_is_on_the_next_phone_too(
    client: FlaskClient, another_client: FlaskClient, sign_in: SignIn, clock: StandingClock
) -> None:
    sign_in(client, SOMCHAI)
    saved(client, "/settings", text_size="3", theme="dark", contrast="hi")
    saved(client, "/settings", simple="1", looped="1", less_data="1")
    assert "data-s" in root(another_client)
    assert 'data-s="1"' in root(another_client)
    sign_in(another_client, SOMCHAI)
    wanted = ('data-s="3"', 'data-t="dark"', 'data-c="hi"', 'data-m="simple"', 'data-f="looped"')
    assert all(said in root(another_client, "/my-data") for said in wanted)
    another_client.post("/sign-out", base_url=APP)
    assert 'data-s="3"' in root(another_client, "/sign-out"), "a phone that had no look of its own can still be read after signing out"


def test_what_was_chosen_before_signing_in_goes_along(
    client: FlaskClient, another_client: FlaskClient, sign_in: SignIn, tools: Tools
) -> None:
    saved(client, "/settings", text_size="4")
    saved(client, "/language", language="en")
    sign_in(client, SOMCHAI)
    assert 'data-s="4"' in root(client, "/my-data")
    assert (own(tools).language, "text_size=4" in own(tools).look) == ("en", True)
    sign_in(another_client, SOMCHAI)
    assert 'data-s="4"' in root(another_client, "/my-data")


def test_where_phone_and_person_differ_the_newer_choice_counts(
    client: FlaskClient, another_client: FlaskClient, sign_in: SignIn, clock: StandingClock
) -> None:
    saved(another_client, "/settings", text_size="4")
    clock.advance(seconds=60)
    sign_in(client, SOMCHAI)
    saved(client, "/settings", text_size="2")
    sign_in(another_client, SOMCHAI)
    assert 'data-s="2"' in root(another_client, "/my-data"), "the person chose later than this phone"
    another_client.post("/sign-out", base_url=APP)
    assert 'data-s="4"' in root(another_client, "/"), "the phone keeps its own"
    clock.advance(seconds=60)
    saved(another_client, "/settings/text-size", size="3")
    sign_in(another_client, SOMCHAI)
    assert 'data-s="3"' in root(another_client, "/my-data"), "chosen on this phone later than by the person"


def test_nobody_takes_along_what_another_person_chose_for_themselves(
    client: FlaskClient, sign_in: SignIn, tools: Tools, clock: StandingClock
) -> None:
    sign_in(client, "1000000000017")
    saved(client, "/settings", text_size="4")
    client.post("/sign-out", base_url=APP)
    clock.advance(seconds=60)
    sign_in(client, SOMCHAI)
    client.get("/my-data", base_url=APP)
    assert tools.store.settings_of(tools.store.person_id_of(SOMCHAI)) is None


def test_on_a_shared_phone_nothing_is_taken_along_and_nothing_stays(client: FlaskClient, sign_in: SignIn, tools: Tools) -> None:
    saved(client, "/settings", shared_phone="1", text_size="2")
    sign_in(client, SOMCHAI)
    assert tools.store.settings_of(tools.store.person_id_of(SOMCHAI)) is None
    saved(client, "/settings", text_size="4")
    assert 'data-s="4"' in root(client, "/my-data")
    client.post("/sign-out", base_url=APP)
    assert 'data-s="2"' in root(client, "/")
    assert "shared_phone=1" in (client.get_cookie("sitthi-look", domain="127.0.0.1") or pytest.fail("no cookie")).value


def test_that_a_phone_is_shared_does_not_travel(client: FlaskClient, another_client: FlaskClient, sign_in: SignIn, look: Look) -> None:
    sign_in(client, SOMCHAI)
    saved(client, "/settings", shared_phone="1", text_size="2")
    sign_in(another_client, SOMCHAI)
    buttons = [pair for form in look(another_client, "/settings", "en").forms for pair in form["buttons"]]
    assert ("shared_phone", "1") in buttons


@pytest.mark.parametrize("said", ["", "text_size", "&&&&", "text_size=9&theme=dark", "at=99999999999999999999", "at=²", "x=" * 500])
def test_a_cookie_that_somebody_played_with_does_no_harm(client: FlaskClient, sign_in: SignIn, said: str) -> None:
    client.set_cookie("sitthi-look", said, domain="127.0.0.1")
    sign_in(client, SOMCHAI)
    assert client.get("/my-data", base_url=APP).status_code == 200


def test_a_time_to_come_in_the_cookie_does_not_win_for_ever(client: FlaskClient, sign_in: SignIn, clock: StandingClock) -> None:
    client.set_cookie("sitthi-look", "text_size=4&at=9999999999", domain="127.0.0.1")
    sign_in(client, SOMCHAI)
    clock.advance(seconds=1)
    saved(client, "/settings", text_size="2")
    assert 'data-s="2"' in root(client, "/my-data")


def test_every_choice_has_a_place_in_the_form(look: Look, client: FlaskClient) -> None:
    forms = look(client, "/settings", "en").forms
    offered = {name for form in forms for name in (*form["fields"], *(button for button, _ in form["buttons"]))}
    assert set(CHOICES) <= offered
