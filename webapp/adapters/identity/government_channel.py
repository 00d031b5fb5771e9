"""DGA's gateway, by which a mini-app of the Government Channel (ทางรัฐ) learns who has entered: two calls, one deadline (facts/thaid.md).

- The mToken goes to the gateway once and is not kept. No call follows a redirect, and none goes anywhere but to the configured gateway.
- Success is HTTP 200 *and* messageCode 200. Any other code is one answer to us: the gateway does not say whether an mToken was used, is too
  old or belongs to another app.
- Of what is told we read the number, the name and the gateway's own id. Birth date (parts of it may be dashes), phone and mail are left
  unread: nothing here needs them.
- The agency's secret stands in the query of the first call, as the gateway wants it: so no address goes into a fault's text.
Put aside: keeping the gateway's token between entries. Its life is not written down anywhere, and a call saved is not worth a guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from stdnum.th import pin

from webapp.adapters.identity.calls import Deadline, TimedAdapter, faults_named, json_in
from webapp.config import MiniApp
from webapp.ports import Entered, SignInFailed

VALIDATE = "/ws/auth/validate"
TAKEN = 200
LONGEST_USER_ID, LONGEST_NAME = 128, 200


class Gateway:
    """The GovernmentChannel port."""

    def __init__(self, mini_app: MiniApp) -> None:
        self._mini_app = mini_app

    def who_entered(self, mtoken: str) -> Entered:
        with _Calls(self._mini_app) as calls:
            token = _text_in(calls.token(), "Result", LONGEST_NAME * 10)
            return _entered(calls.spend(mtoken, token))


class _Calls(requests.Session):
    """One errand: whatever cookie the gateway sets dies with it."""

    def __init__(self, mini_app: MiniApp) -> None:
        super().__init__()
        self._mini_app = mini_app
        self.trust_env = not mini_app.is_stand_in
        self.headers.update({"Accept": "application/json", "Accept-Encoding": "identity", "Consumer-Key": mini_app.consumer_key})
        self.adapters.clear()
        parts = urlsplit(mini_app.gateway)
        self.mount(f"{parts.scheme}://{parts.netloc}/", TimedAdapter(Deadline(mini_app.timeout)))

    def token(self) -> dict[str, Any]:
        asked = {"ConsumerSecret": self._mini_app.consumer_secret, "AgentID": self._mini_app.agent_id}
        return self._said("GET", VALIDATE, params=asked)

    def spend(self, mtoken: str, token: str) -> dict[str, Any]:
        body = {"AppId": self._mini_app.app_id, "MToken": mtoken}
        return self._said("POST", self._mini_app.path, json=body, headers={"Token": token})

    def _said(self, method: str, path: str, **how: Any) -> dict[str, Any]:
        with faults_named():
            answer = self.request(method, f"{self._mini_app.gateway}{path}", allow_redirects=False, **how)
        said = json_in(answer)
        if answer.status_code != 200:
            raise SignInFailed("provider_down", f"gateway: status {answer.status_code}")
        return said


def _entered(said: Mapping[str, Any]) -> Entered:
    if said.get("messageCode") != TAKEN:
        raise SignInFailed("entry_not_taken", "the gateway does not take this mToken")
    told = said.get("result")
    if not isinstance(told, Mapping):
        raise SignInFailed("not_verified", "no result")
    pid = _text_in(told, "citizenId", 13)
    if not pin.is_valid(pid) or not pid.isascii():
        raise SignInFailed("number_not_valid", "the gateway's number fails its check digit")
    return Entered(_text_in(told, "userId", LONGEST_USER_ID), pid, _text_in(told, "firstName", LONGEST_NAME), _family_name(told))


def _family_name(told: Mapping[str, Any]) -> str:
    """A person may have one name only."""
    return _text_in(told, "lastName", LONGEST_NAME) if told.get("lastName") else ""


def _text_in(told: Mapping[str, Any], name: str, longest: int) -> str:
    value = told.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > longest or not value.isprintable():
        raise SignInFailed("not_verified", f"no fit {name}")
    return value.strip()
