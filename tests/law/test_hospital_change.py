import tomllib
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest

from tests.domain.hospital_change_people import RULES
from webapp.domain.dates import BANGKOK
from webapp.domain.hospital_change_dates import effective_on, file_by, in_annual_window

CASES = tomllib.loads(Path(__file__).with_name("hospital_change.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=[case["says"] for case in CASES])
def test_a_request_counts_as_the_lawyer_reads_it(case: dict[str, Any]) -> None:
    received = case["received"].replace(tzinfo=BANGKOK)
    rules = RULES.under(case.get("policy", "last_working_day"))
    assert effective_on(received, rules) == case["effective_on"]
    assert file_by(received, rules) == datetime.combine(case["file_by"], time(16, 30), BANGKOK)
    assert in_annual_window(received, rules) == case["in_annual_window"]
