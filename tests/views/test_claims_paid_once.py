"""What is paid only once, as the desk, the counter and the letter say it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from tests.claim_people import SECOND_OFFICER, SOMCHAI, approved, paid, person_id, sent
from tests.front_door import APP, SignIn
from tests.pages import look, read
from webapp.actions import claims
from webapp.domain.claim import Status
from webapp.ports import ContributionRow, Tools

DESK = "/officer/claims"
ONE_CHILD = {"children_count": "1", "child_1_born": "2025-10-05"}


def wages(tools: Tools, baht: int) -> None:
    rows = [ContributionRow(person_id(tools), f"2026-0{number}", Decimal(baht), "33", "1000000001", "บริษัท ตัวอย่าง จำกัด")
            for number in range(1, 10)]  # fmt: skip
    tools.store.put_contributions(rows, tools.clock.now())


@pytest.fixture
def desk(client: FlaskClient, sign_in: SignIn) -> FlaskClient:
    """The second officer's browser, who decided nothing of it."""
    sign_in(client, SECOND_OFFICER, DESK)
    return client


def test_an_appeal_is_upheld_with_the_sums_of_the_page_and_only_the_rest_is_sent(
    desk: FlaskClient, another_client: FlaskClient, sign_in: SignIn, tools: Tools
) -> None:
    wages(tools, 12_000)
    claim = approved(tools, "invalidity")
    paid(tools, claim)
    claims.appeal(tools, claim.person_id, claim.reference, "ค่าจ้างของฉันสูงกว่านี้")
    page = f"{DESK}/{claim.reference}"
    desk.post(f"{page}/open", data={"reason": "deciding"}, base_url=APP)
    form = look(desk, page, "en").form(f"{page}/judge")["fields"]
    answer = {**{name: value or "" for name, value in form.items()}, "judged": "upheld", "judge_words": "ค่าจ้างแก้แล้ว"}
    wages(tools, 15_000)
    moved = desk.post(f"{page}/judge", data=answer, base_url=APP)
    assert moved.status_code == 422
    assert "The sum has changed" in read(moved).main
    shown = look(desk, page, "en").form(f"{page}/judge")["fields"]["shown"] or ""
    assert desk.post(f"{page}/judge", data={**answer, "shown": shown}, base_url=APP).status_code == 303
    found = tools.store.claim(claim.reference)
    assert found is not None
    assert found.status is Status.APPROVED
    for lang, words in (("en", "Send only what is left:"), ("th", "ส่งเฉพาะ")):
        assert words in look(desk, page, lang).main
    sign_in(another_client, SOMCHAI)
    for lang, words in (("en", "Part of it was sent on Sunday 20 December 2026. What is left:"), ("th", "ส่งเงินไปแล้วบางส่วน")):
        assert words in look(another_client, f"/claims/{claim.reference}/letter", lang).main


def test_children_claimed_for_before_are_told_to_the_person_and_to_the_officer(
    desk: FlaskClient, another_client: FlaskClient, sign_in: SignIn, tools: Tools
) -> None:
    approved(tools, "child_allowance")
    claim = sent(tools, "child_allowance", key="2", **ONE_CHILD)
    page = f"{DESK}/{claim.reference}"
    desk.post(f"{page}/open", data={"reason": "deciding"}, base_url=APP)
    assert "By the person’s other claims, 2 other children count before these" in look(desk, page, "en").main
    look(desk, page, "th")
