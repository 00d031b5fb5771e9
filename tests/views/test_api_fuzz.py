"""The open API asked what its own description allows, and what it forbids: thousands of questions nobody would write down.

Decided: schemathesis against the app in this process, from one seed, so that every run asks the same. Beside the address with `{benefit}`
each benefit is asked by itself: a random pair of a benefit and answers seldom fits, and what is refused as a whole tries no rule.
Put aside: its own loading through the app (`from_wsgi` while tests are collected), which wants a database before there is any fixture.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, settings
from jsonschema_rs import ValidationError
from schemathesis.config import SchemathesisConfig

from tests.front_door import APP
from webapp.adapters import lawbook_toml
from webapp.domain.answers import Kind
from webapp.domain.benefits.catalogue import BENEFITS, Benefit
from webapp.views.api import DESCRIPTION

ASSESS = "/api/v1/benefits/{benefit}/assess"
AS_IT_COMES = {"Accept-Encoding": "identity"}
SOUND_AND_YET_REFUSED = {"positive_data_acceptance": {"expected-statuses": ["2xx", 422]}}
"""What a schema cannot say: which provinces the register knows; how large a number written as text may be, which answers fit together."""
SCHEMA_OF = {Kind.MONEY: "Money", Kind.PERCENT: "Percent", Kind.YES_NO: "YesOrNo", Kind.CHILDREN: "Children"}
CONFIG = SchemathesisConfig.from_dict(
    {
        "base-url": APP,
        "seed": 2569,
        "operations": [
            {"include-operation-id": "hospitals", "checks": SOUND_AND_YET_REFUSED},
            {"include-operation-id": "assess", "checks": SOUND_AND_YET_REFUSED, "phases": {"coverage": {"enabled": False}}},
            *({"include-operation-id": f"assess_{benefit}", "checks": SOUND_AND_YET_REFUSED} for benefit in BENEFITS),
        ],
    }
)


def read() -> dict[str, Any]:
    description: dict[str, Any] = json.loads(DESCRIPTION.read_text("utf-8"))
    return description


def each_benefit_by_itself() -> dict[str, Any]:
    """The description with an address for every benefit, which takes that benefit's answers only."""
    description = read()
    for benefit in BENEFITS:
        fresh = read()
        asked, question = fresh["paths"][ASSESS]["post"], fresh["components"]["schemas"]["Question"]
        question["properties"]["answers"] = {"anyOf": [{"$ref": f"#/components/schemas/answers_{benefit}"}, {"type": "null"}]}
        asked |= {"operationId": f"assess_{benefit}", "parameters": []}
        asked["requestBody"]["content"]["application/json"]["schema"] = question
        description["paths"][ASSESS.replace("{benefit}", benefit)] = {"post": asked}
    return description


@schemathesis.check
def faults_are_problems_and_numbers_exact(ctx: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case) -> None:
    kind = response.headers.get("content-type", [""])[0]
    assert response.status_code < 400 or kind == "application/problem+json", f"{response.status_code} as {kind}"
    if response.content:
        json.loads(response.content, parse_float=_a_binary_fraction)


def _a_binary_fraction(text: str) -> None:
    raise AssertionError(f"{text} is a JSON number that a reader turns into a binary fraction")


api = schemathesis.openapi.from_dict(each_benefit_by_itself(), config=CONFIG)


@api.parametrize()
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
def test_whatever_is_asked_is_answered_as_described(app: Flask, case: schemathesis.Case) -> None:
    case.call_and_validate(app=app, base_url=APP, headers=AS_IT_COMES)


def test_the_description_is_sound_openapi() -> None:
    schemathesis.openapi.from_dict(read(), config=CONFIG).validate()
    spoilt = read()
    spoilt["paths"]["/api/v1/law"]["get"]["parameters"][0]["in"] = "somewhere"
    with pytest.raises(ValidationError):
        schemathesis.openapi.from_dict(spoilt, config=CONFIG).validate()


@pytest.mark.parametrize("benefit", BENEFITS.values(), ids=lambda benefit: benefit.name)
def test_the_description_asks_what_the_benefit_asks(benefit: Benefit) -> None:
    schemas = read()["components"]["schemas"]
    described = schemas[f"answers_{benefit.name}"]["properties"]
    assert set(described) == {question.name for question in benefit.questions} | {"wages"}
    law = lawbook_toml.load().on(date(2026, 11, 22))
    for question in benefit.questions:
        answer = described[question.name]
        match question.kind:
            case Kind.COUNT:
                assert answer["anyOf"][0] == {"type": "integer", "minimum": 0, "maximum": question.highest(law)}
            case Kind.CHOICE:
                assert answer["anyOf"][0] == {"enum": [*question.choices]}
            case kind:
                assert answer == {"$ref": f"#/components/schemas/{SCHEMA_OF[kind]}"}
    assert {"$ref": f"#/components/schemas/answers_{benefit.name}"} in schemas["Question"]["properties"]["answers"]["anyOf"]
