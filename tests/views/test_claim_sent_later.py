"""A claim's last step that waited on a phone: one claim by its reference, in its author's session, shown again where a sum has changed."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.claim_people import SOMCHAI, SOMYING, draft, person_id
from tests.front_door import APP, SignIn
from tests.pages import look, read
from webapp.actions import claim_drafts, claims
from webapp.ports import Tools
from webapp.web.sent_later import HEADER


@pytest.fixture
def somchai(client: FlaskClient, sign_in: SignIn) -> FlaskClient:
    sign_in(client, SOMCHAI)
    return client


def form_of(client: FlaskClient, reference: str) -> tuple[str, dict[str, str]]:
    here = f"/claims/{reference}/check"
    fields = look(client, here, "th").form(here)["fields"]
    return here, {**{name: value or "" for name, value in fields.items()}, "declared": "1"}


def test_the_form_says_what_a_phone_needs_to_keep_it(somchai: FlaskClient, tools: Tools) -> None:
    one = draft(tools, "dental")
    page = look(somchai, f"/claims/{one.reference}/check", "en")
    receipt = f'data-receipt="/claims/{one.reference}"'
    for said in (receipt, 'data-needs="declared"', "data-author=", 'id="waits"', "counts from the moment"):
        assert said in page.html, said
    assert "Dental" not in page.html.split('data-title="')[1].split('"')[0], "the list on the phone names no benefit"


def test_sent_by_the_phone_again_and_again_it_is_one_claim(somchai: FlaskClient, tools: Tools) -> None:
    here, fields = form_of(somchai, draft(tools, "dental").reference)
    for _try in range(3):
        answer = somchai.post(here, data=fields, headers={HEADER: fields["author"]}, base_url=APP)
        assert (answer.status_code, answer.headers["Location"]) == (303, here.removesuffix("/check"))
    assert len(claims.claims_of(tools, person_id(tools))) == 1


def test_it_goes_only_in_its_authors_session(
    somchai: FlaskClient, another_client: FlaskClient, sign_in: SignIn, tools: Tools
) -> None:
    here, fields = form_of(somchai, draft(tools, "dental").reference)
    sign_in(another_client, SOMYING)
    others = another_client.post(here, data=fields, headers={HEADER: fields["author"]}, base_url=APP)
    assert (others.status_code, others.headers[HEADER]) == (409, "another")
    assert another_client.post(here, data=fields, base_url=APP).status_code == 409, "nor by a page left open"
    somchai.post("/sign-out", base_url=APP)
    assert somchai.post(here, data=fields, headers={HEADER: fields["author"]}, base_url=APP).status_code == 401
    assert claims.claims_of(tools, person_id(tools)) == []


def test_an_answer_changed_meanwhile_sends_nothing_and_is_looked_at_again(somchai: FlaskClient, tools: Tools) -> None:
    one = draft(tools, "dental")
    here, fields = form_of(somchai, one.reference)
    claim_drafts.keep(tools, person_id(tools), one.answered("cost", "300"))
    answer = somchai.post(here, data=fields, headers={HEADER: fields["author"]}, base_url=APP)
    assert answer.status_code == 422
    assert claims.claims_of(tools, person_id(tools)) == []


def test_on_a_shared_phone_nothing_waits(somchai: FlaskClient, tools: Tools) -> None:
    one = draft(tools, "dental")
    somchai.post("/settings", data={"shared_phone": "1"}, base_url=APP)
    assert "data-receipt" not in look(somchai, f"/claims/{one.reference}/check", "th").html


def test_the_steps_before_say_that_they_need_the_net(somchai: FlaskClient, tools: Tools) -> None:
    one = draft(tools, "dental")
    for part in ("questions/1", "pay", "account", "papers"):
        assert "this step is not kept yet" in look(somchai, f"/claims/{one.reference}/{part}", "en").html
        assert "data-receipt" not in look(somchai, f"/claims/{one.reference}/{part}", "en").html
    assert read(somchai.get(f"/claims/{one.reference}/check", base_url=APP)).status == 200
