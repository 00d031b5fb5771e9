"""Calls to an identity provider that end in time, whatever the other side does.

A timeout of `requests` bounds each wait for the next bytes, not their sum: a server that trickles one byte a second holds a
worker for ever. So each exchange runs on a thread of its own and is left behind at the deadline; name look-up, connecting,
headers and body all count. Reading with a socket that knows the deadline was considered: it needs the insides of two
libraries, and a name look-up escapes it. Nothing is retried (a code may be shown once) and no redirect is followed.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
from authlib.integrations.requests_client import OAuth2Session
from requests.adapters import HTTPAdapter

from webapp.ports import SignInFailed

LARGEST_ANSWER = 256 * 1024
CHUNK = 16 * 1024
CODE_FAULTS = frozenset({"invalid_request", "invalid_grant", "duplicate_request"})


class AnswerTooLarge(requests.RequestException):
    """More than any answer of an identity provider holds."""


class Deadline:
    """`seconds` from now, shared by all calls of one errand."""

    def __init__(self, seconds: float) -> None:
        self.at = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds; raises requests.Timeout when there are none."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise requests.Timeout("no time left")
        return left


class TimedAdapter(HTTPAdapter):
    """Gives back a response that is read to its end, or raises, before the deadline."""

    def __init__(self, deadline: Deadline) -> None:
        super().__init__(max_retries=0)
        self._deadline = deadline

    def send(self, request: requests.PreparedRequest, *_: Any, **how: Any) -> requests.Response:
        left = self._deadline.left()
        answers: queue.SimpleQueue[requests.Response | BaseException] = queue.SimpleQueue()
        how |= {"stream": True, "timeout": left}
        threading.Thread(target=self._exchange, args=(request, how, answers), daemon=True).start()
        try:
            answer = answers.get(timeout=left)
        except queue.Empty:
            raise requests.Timeout("the whole exchange took too long") from None
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def _exchange(
        self, request: requests.PreparedRequest, how: dict[str, Any], answers: queue.SimpleQueue[requests.Response | BaseException]
    ) -> None:
        try:
            response = super().send(request, **how)
            with response:
                response._content = self._read(response)
            answers.put(response)
        except BaseException as fault:  # noqa: BLE001 - handed over to the thread that waits
            answers.put(fault)

    def _read(self, response: requests.Response) -> bytes:
        body = bytearray()
        while chunk := response.raw.read1(CHUNK, decode_content=True):
            body += chunk
            if len(body) > LARGEST_ANSWER:
                raise AnswerTooLarge
            self._deadline.left()
        return bytes(body)


@contextmanager
def faults_named() -> Iterator[None]:
    """Whatever is no answer becomes SignInFailed, without the address: secrets may stand in it."""
    try:
        yield
    except requests.Timeout:
        raise SignInFailed("timed_out", "no answer in time") from None
    except requests.RequestException as fault:
        raise SignInFailed("provider_down", type(fault).__name__) from None


class ProviderClient(OAuth2Session):  # type: ignore[misc]  # authlib ships no types
    """Authlib's OAuth 2 client on such calls. It never holds a token: `expires_in` of ThaiD is a moment, not a duration, and
    Authlib's own token object would take it for one."""

    def __init__(self, deadline: Deadline, scheme: str, use_proxies: bool, **client: Any) -> None:
        super().__init__(code_challenge_method="S256", **client)
        self.trust_env = use_proxies
        self.headers["Accept-Encoding"] = "identity"
        self.adapters.clear()
        self.mount(f"{scheme}://", TimedAdapter(deadline))

    def request(self, method: str, url: str, **how: Any) -> requests.Response:
        """Raises SignInFailed for everything that is not an answer."""
        how["allow_redirects"] = False
        with faults_named():
            response: requests.Response = super().request(method, url, **how)
        return response

    def document(self, url: str) -> dict[str, Any]:
        """The JSON object at an open address of the provider."""
        response = self.request("GET", url, withhold_token=True, headers={"Accept": "application/json"})
        said = json_in(response)
        if response.status_code != 200:
            raise SignInFailed("provider_down", f"status {response.status_code}")
        return said

    def parse_response_token(self, response: requests.Response) -> dict[str, Any]:
        """The token endpoint's answer as it stands."""
        said = json_in(response)
        if "error" in said or response.status_code != 200:
            of_the_code = response.status_code < 401 and said.get("error") in CODE_FAULTS
            raise SignInFailed("code_not_taken" if of_the_code else "provider_down", f"token endpoint: status {response.status_code}")
        return said


def json_in(response: requests.Response) -> dict[str, Any]:
    """The JSON object of an answer, whatever its status; raises SignInFailed for a block page, a broken server, anything else."""
    status, is_page = response.status_code, response.content.lstrip()[:1] == b"<"
    is_broken = status >= 500 or 300 <= status < 400
    if is_page and (not is_broken or b"blocked" in response.content.lower()):
        raise SignInFailed("blocked_page", f"status {status}")
    if is_broken:
        raise SignInFailed("provider_down", f"status {status}")
    try:
        said = response.json()
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise SignInFailed("provider_down", f"status {status} without a JSON object")
    return said
