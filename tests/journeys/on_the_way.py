"""Somebody who has come this far already: the same steps through the same front door, by plain HTTP instead of finger by finger. Other
journeys walk them in a browser; here they would only cost time."""

from __future__ import annotations

from urllib.parse import urlsplit

import requests

from tests.front_door import consent_at_thaid
from tests.journeys.conftest import Town

WAIT = 20
CHECK = "/hospital-change/new/check"


def signed_in(town: Town, pid: str) -> requests.Session:
    """All the way through ThaiD."""
    phone = requests.Session()
    started = phone.get(f"{town.url}/sign-in/thaid", allow_redirects=False, timeout=WAIT)
    phone.get(consent_at_thaid(started.headers["Location"], pid), allow_redirects=False, timeout=WAIT).raise_for_status()
    return phone


def before_sending(town: Town, pid: str, hospital: str = "TH13-001") -> requests.Session:
    """Every step of a hospital change answered but the last."""
    phone = signed_in(town, pid)
    for path, answers in (
        ("/hospital-change/new", {"cause": "annual", "in_patient": "no"}),
        ("/hospital-change/new/hospitals", {"choose": hospital}),
    ):
        phone.post(f"{town.url}{path}", data=answers, allow_redirects=False, timeout=WAIT).raise_for_status()
    return phone


def cookies_of(phone: requests.Session, town: Town) -> dict[str, str]:
    """What the browser needs to go on from there."""
    return {cookie.name: cookie.value or "" for cookie in phone.cookies if cookie.domain == urlsplit(town.url).hostname}
