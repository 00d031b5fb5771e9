"""The key that makes a form one case is bound to the person: the same key from somebody else is somebody else's case, and a form that
waited on a phone goes nowhere but into its author's session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.front_door import APP, SignIn
from tests.pages import Page, read, sound
from webapp.ports import Tools
from webapp.web.sent_later import HEADER

SOMCHAI, SOMYING = "1000000000009", "1000000000017"
THE_KEY = "7d9f8c52-3a54-4b5d-9a80-0b1e53a3c0aa"
"""As crypto.randomUUID() makes it on the phone."""
NEAR = {SOMCHAI: "TH13-001", SOMYING: "TH50-002"}
Look = Callable[..., Page]


@dataclass(frozen=True)
class Form:
    """One that can wait on a phone: where it is sent, whether answers were kept before, and what the last page adds."""

    path: str
    before: tuple[tuple[str, dict[str, str]], ...]
    typed: dict[str, str]
    cases_of: Callable[[Tools, str], list[Any]]


CHANGE = Form(
    "/hospital-change/new/check",
    (
        ("/hospital-change/new", {"cause": "annual", "in_patient": "no"}),
        ("/hospital-change/new/hospitals", {}),
    ),
    {"declared": "1"},
    lambda tools, pid: tools.store.hospital_changes_of(tools.store.person_id_of(pid) or ""),
)
CORRECTION = Form(
    "/my-data/wrong",
    (),
    {"about": "wage", "first_month": "8", "first_year": "2569", "should_be": "18,000 instead of 15,000", "proof": "pay_slip"},
    lambda tools, pid: tools.store.corrections_of(tools.store.person_id_of(pid) or ""),
)
BOTH_FORMS = pytest.mark.parametrize("form", [CHANGE, CORRECTION], ids=["hospital change", "correction"])


def filled_in(client: FlaskClient, sign_in: SignIn, pid: str, form: Form) -> dict[str, str]:
    """Signed in and at the last page; what the form would send, with the key that the phone put in."""
    sign_in(client, pid)
    for path, answers in form.before:
        client.post(path, data=answers or {"choose": NEAR[pid]}, base_url=APP)
    fields: dict[str, str] = read(client.get(form.path, base_url=APP)).form(form.path)["fields"]
    return fields | form.typed | {"key": THE_KEY}


def send(client: FlaskClient, form: Form, fields: dict[str, str], **headers: str) -> TestResponse:
    return client.post(form.path, data=fields, base_url=APP, headers=headers)


def author_on(page: Page) -> str:
    return page.html.partition('data-author="')[2].partition('"')[0]


@BOTH_FORMS
def test_one_key_of_two_people_is_two_cases_and_nobody_sees_the_others(
    client: FlaskClient, another_client: FlaskClient, sign_in: SignIn, look: Look, tools: Tools, form: Form
) -> None:
    mine, theirs = filled_in(client, sign_in, SOMCHAI, form), filled_in(another_client, sign_in, SOMYING, form)
    receipts = [send(client, form, mine), send(another_client, form, theirs)]
    assert [one.status_code for one in receipts] == [303, 303]
    addresses = [one.headers["Location"] for one in receipts]
    assert addresses[0] != addresses[1]
    for own, other, address in ((client, another_client, addresses[0]), (another_client, client, addresses[1])):
        look(own, address)
        look(other, address, status=404)
    assert [len(form.cases_of(tools, pid)) for pid in (SOMCHAI, SOMYING)] == [1, 1]


@BOTH_FORMS
def test_the_same_key_again_of_the_same_person_is_the_same_receipt(
    client: FlaskClient, another_client: FlaskClient, sign_in: SignIn, tools: Tools, form: Form
) -> None:
    mine, theirs = filled_in(client, sign_in, SOMCHAI, form), filled_in(another_client, sign_in, SOMYING, form)
    first = send(client, form, mine)
    send(another_client, form, theirs)
    assert send(client, form, mine).headers["Location"] == first.headers["Location"]
    assert [len(form.cases_of(tools, pid)) for pid in (SOMCHAI, SOMYING)] == [1, 1]


@BOTH_FORMS
def test_on_one_phone_the_next_person_is_not_shown_the_receipt_of_the_one_before(
    client: FlaskClient, sign_in: SignIn, tools: Tools, form: Form
) -> None:
    before = send(client, form, filled_in(client, sign_in, SOMCHAI, form)).headers["Location"]
    client.post("/sign-out", base_url=APP)
    after = send(client, form, filled_in(client, sign_in, SOMYING, form)).headers["Location"]
    assert after != before
    assert client.get(before, base_url=APP).status_code == 404


@BOTH_FORMS
def test_what_waited_goes_nowhere_but_into_its_authors_session(
    client: FlaskClient, another_client: FlaskClient, sign_in: SignIn, tools: Tools, form: Form
) -> None:
    mine = filled_in(client, sign_in, SOMCHAI, form)
    author = author_on(read(client.get(form.path, base_url=APP)))
    theirs = filled_in(another_client, sign_in, SOMYING, form)
    assert author
    assert author != author_on(read(another_client.get(form.path, base_url=APP)))
    refused = send(another_client, form, mine | theirs, **{HEADER: author})
    assert (refused.status_code, refused.headers.get(HEADER), refused.get_data()) == (409, "another", b"")
    assert form.cases_of(tools, SOMYING) == []
    assert send(client, form, mine, **{HEADER: author}).status_code == 303
    client.post("/sign-out", base_url=APP)
    assert send(client, form, mine, **{HEADER: author}).status_code == 401
    assert len(form.cases_of(tools, SOMCHAI)) == 1


@BOTH_FORMS
def test_a_page_left_open_is_not_taken_in_the_session_of_the_next_person(
    client: FlaskClient, sign_in: SignIn, tools: Tools, form: Form
) -> None:
    """Without a script: the form itself names its author. What was typed is on the page that says so, for its author to send again."""
    mine = filled_in(client, sign_in, SOMCHAI, form)
    client.post("/sign-out", base_url=APP)
    sign_in(client, SOMYING)
    refused = send(client, form, mine)
    page = sound(read(refused), "th")
    assert (page.status, refused.headers["Cache-Control"]) == (409, "no-store")
    assert "คนอื่นเป็นผู้กรอก" in page.h1[0].replace("\xad", "")
    assert not [text for text in form.typed.values() if len(text) > 5 and text in page.main], "nobody else reads what was typed"
    assert [form.cases_of(tools, pid) for pid in (SOMCHAI, SOMYING)] == [[], []]
    again = page.form(form.path)["fields"]
    assert mine.items() <= again.items()
    client.post("/sign-out", base_url=APP)
    sign_in(client, SOMCHAI)
    assert send(client, form, again).status_code == 303
    assert [len(form.cases_of(tools, pid)) for pid in (SOMCHAI, SOMYING)] == [1, 0]


@BOTH_FORMS
def test_what_was_typed_too_late_is_not_sent_by_whoever_signs_in_next(
    client: FlaskClient, sign_in: SignIn, tools: Tools, form: Form
) -> None:
    mine = filled_in(client, sign_in, SOMCHAI, form)
    client.post("/sign-out", base_url=APP)
    assert send(client, form, mine).headers["Location"].startswith("/sign-in")
    sign_in(client, SOMYING)
    assert send(client, form, mine).status_code == 409
    assert form.cases_of(tools, SOMYING) == []
