"""Rows of docs/asvs.md that no other test speaks of."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.front_door import APP, SignIn
from tests.pages import look
from webapp.actions import sessions
from webapp.domain.assurance import Via
from webapp.ports import Passkey, Tools

SOMCHAI, OFFICER = "1000000000009", "1000000000076"


def test_a_session_is_256_random_bits(tools: Tools) -> None:
    person_id = tools.store.person_id_of(SOMCHAI)
    tokens = {sessions.open_session(tools, person_id, None, Via.THAID, "2.3") for _ in range(50)}
    assert len(tokens) == 50
    assert {len(token) for token in tokens} == {43}, "43 characters of 6 bits"


def test_an_officer_who_is_one_no_longer_finds_no_desk_in_the_same_session(client: FlaskClient, tools: Tools, sign_in: SignIn) -> None:
    sign_in(client, OFFICER)
    assert client.get("/officer", base_url=APP).status_code == 200
    tools.store.run("DELETE FROM officers")  # type: ignore[attr-defined]
    assert client.get("/officer", base_url=APP).status_code == 404


def test_after_a_passkey_is_set_or_removed_the_next_page_offers_to_end_every_other_session(
    client: FlaskClient, tools: Tools, sign_in: SignIn
) -> None:
    sign_in(client, SOMCHAI)
    person_id = tools.store.person_id_of(SOMCHAI)
    assert person_id
    elsewhere = sessions.open_session(tools, person_id, None, Via.THAID, "2.3")
    by_passkey = sessions.open_session(tools, person_id, None, Via.PASSKEY, "")
    tools.store.add_passkey(Passkey("mine", person_id, "AA", 0, Via.THAID, tools.clock.now()))
    removed = client.post("/my-data/passkeys/remove", data={"passkey": "mine"}, base_url=APP)
    assert sessions.session_of(tools, by_passkey) is None, "what the passkey opened ends with it"
    page = look(client, removed.headers["Location"].partition("#")[0], "en")
    assert page.form("/my-data/devices/end-others")
    client.post("/my-data/devices/end-others", base_url=APP)
    assert sessions.session_of(tools, elsewhere) is None
    assert look(client, "/my-data", "en")
