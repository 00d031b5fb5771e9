"""A real Firefox, spoken to in WebDriver BiDi, the language it understands by itself: Playwright brings a Firefox of its own, which is
not the one people have and is not in Debian, and geckodriver is not there either. What the journeys need of BiDi is little, so it is
written here, on `websockets` (no dependencies, a plain blocking client with time limits; wsproto would leave the socket to us).

One Firefox for the whole run; each `Window` lies in a container of its own: cookies, caches, workers and databases are apart.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from websockets.sync.client import ClientConnection, connect

from tests.journeys.waiting import SECONDS

START_SECONDS = 60
ONE_TRY_SECONDS = 3
PREFERENCES = {
    "network.proxy.type": 1,  # the net shut except loopback, which goes past a proxy: nothing answers at this one
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "network.disable-localhost-when-offline": True,  # else "offline" leaves out the one server there is
    "alerts.useSystemBackend": False,  # no desktop here that could show a message: Firefox draws it itself
}
"""What Firefox itself sets for a remote-controlled run (no updates, no telemetry, no first-run pages) is enough for the rest. Workers need
no setting: a loopback address counts as safe."""


class FirefoxSaidNo(Exception):
    """An error answer to a command."""


class Firefox:
    """One running Firefox and the one session in it."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket, self._count = socket, 0
        self.ask("session.new", capabilities={})

    def ask(self, command: str, **params: Any) -> dict[str, Any]:
        """Send a command, wait for its answer."""
        self._count += 1
        self._socket.send(json.dumps({"id": self._count, "method": command, "params": params}))
        while True:
            answer = json.loads(self._socket.recv(timeout=2 * SECONDS))
            if answer.get("id") != self._count:
                continue
            if answer["type"] == "error":
                raise FirefoxSaidNo(f"{command}: {answer['error']}: {answer['message']}")
            found: dict[str, Any] = answer["result"]
            return found

    @contextmanager
    def window(self, home: str) -> Iterator[Window]:
        """An empty phone browser that calls `home` its first page."""
        container = self.ask("browser.createUserContext")["userContext"]
        context = self.ask("browsingContext.create", type="tab", userContext=container)["context"]
        try:
            yield Window(self, context, container, home)
        finally:
            self.in_its_own_rooms("() => { Services.io.offline = false; }")
            self.ask("browser.removeUserContext", userContext=container)

    def in_its_own_rooms(self, function: str, *given: Any) -> Any:
        """Call a function with Firefox's own rights, where pages cannot reach."""
        (room, *_) = self.ask("browsingContext.getTree", **{"moz:scope": "chrome", "maxDepth": 0})["contexts"]
        return self.call(room["context"], function, *given)

    def call(self, context: str, function: str, *given: Any) -> Any:
        """What the function gives, by way of JSON."""
        arguments = [{"type": "string", "value": json.dumps(given)}]
        whole = f"async (given) => JSON.stringify(await ({function})(...JSON.parse(given)) ?? null)"
        said = self.ask(
            "script.callFunction",
            functionDeclaration=whole,
            arguments=arguments,
            target={"context": context},
            awaitPromise=True,
            userActivation=True,
        )
        if said["type"] == "exception":
            raise FirefoxSaidNo(said["exceptionDetails"]["text"])
        return json.loads(said["result"]["value"])


class Window:
    """One tab in a container of its own."""

    def __init__(self, firefox: Firefox, context: str, container: str, home: str) -> None:
        self.firefox, self.context, self.container, self.home = firefox, context, container, home

    def goto(self, path: str) -> None:
        """As typed in the address bar, until the page is complete."""
        self.firefox.ask("browsingContext.navigate", context=self.context, url=self.home + path, wait="complete")

    def reload(self) -> None:
        self.firefox.ask("browsingContext.reload", context=self.context, wait="complete")

    def call(self, function: str, *given: Any) -> Any:
        return self.firefox.call(self.context, function, *given)

    def until(self, condition: str, *given: Any, seconds: float = SECONDS) -> Any:
        """What `condition` gives once it gives something true, across a change of page too; a promise that never settles is left behind."""
        end, last = time.monotonic() + seconds, "nothing yet"
        bounded = (
            f"""(...given) => Promise.race([({condition})(...given), new Promise((done) => setTimeout(done, {ONE_TRY_SECONDS * 1000}))])"""
        )
        while time.monotonic() < end:
            try:
                found = self.call(bounded, *given)
                if found:
                    return found
                last = repr(found)
            except FirefoxSaidNo as no:
                last = str(no)
            time.sleep(0.03)
        raise AssertionError(f"not within {seconds} s in {self.address}: {condition} {given}, last {last}")

    @property
    def address(self) -> str:
        return str(self.firefox.ask("browsingContext.getTree", root=self.context)["contexts"][0]["url"])

    def text(self, css: str) -> str:
        """What can be read there now; waits for it to be there."""
        return str(self.until("(css) => document.querySelector(css)?.innerText.trim()", css))

    def wait_for_path(self, start: str) -> str:
        """Until the address begins so and its page is complete; the whole path."""
        return str(
            self.until("(start) => document.readyState === 'complete' && location.pathname.startsWith(start) && location.pathname", start)
        )

    def click(self, css: str) -> None:
        """With the pointer, in the middle of the first that can be seen."""
        seen = """(css) => {
            const one = [...document.querySelectorAll(css)].find((one) => one.checkVisibility() && one.getBoundingClientRect().width);
            one?.scrollIntoView({ block: "center", behavior: "instant" });
            const { left, top, width, height } = one?.getBoundingClientRect() ?? {};
            return one && document.readyState !== "loading" && [Math.round(left + width / 2), Math.round(top + height / 2)];
        }"""
        x, y = self.until(seen, css)
        move = {"type": "pointerMove", "x": x, "y": y}
        press = [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        self._act({"type": "pointer", "id": "finger", "actions": [move, *press]})

    def type(self, css: str, words: str) -> None:
        """Into the field, key by key."""
        self.click(css)
        keys = [{"type": kind, "value": letter} for letter in words for kind in ("keyDown", "keyUp")]
        self._act({"type": "key", "id": "keys", "actions": keys})

    def _act(self, source: dict[str, Any]) -> None:
        self.firefox.ask("input.performActions", context=self.context, actions=[source])

    def keep_cookie(self, name: str, value: str) -> None:
        """As the server would set it."""
        cookie = {"name": name, "value": {"type": "string", "value": value}, "domain": urlsplit(self.home).hostname, "httpOnly": True}
        self.firefox.ask("storage.setCookie", cookie=cookie, partition={"type": "context", "context": self.context})

    def has_net(self, answer: bool) -> None:
        """Firefox's own switch "work offline": it knows then, and tells its pages."""
        self.firefox.in_its_own_rooms("(isOffline) => { Services.io.offline = isOffline; }", not answer)

    def allow(self, name: str) -> None:
        """Grant a permission, as the person's yes to the browser's question."""
        self.firefox.ask(
            "permissions.setPermission", descriptor={"name": name}, state="granted", origin=self.home, userContext=self.container
        )


def firefox_here() -> str:
    """Where Firefox lies on this machine."""
    firefox = os.environ.get("FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")
    assert firefox, "no Firefox found: install Debian's firefox-esr or name one with FIREFOX="
    return firefox


@contextmanager
def running_firefox(home: Path) -> Iterator[Firefox]:
    """Started headless on a fresh profile under `home`; ended with all it started."""
    profile = home / "profile"
    profile.mkdir()
    (profile / "user.js").write_text(
        "".join(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items())
    )
    flags = ["--headless", "--no-remote", "--remote-debugging-port=0", "--remote-allow-system-access", "--profile", str(profile)]
    log = (home / "firefox.log").open("wb")
    program = subprocess.Popen([firefox_here(), *flags], stdout=log, stderr=log, env={**os.environ, "HOME": str(home)})
    try:
        with connect(f"{_address(profile, program)}/session", max_size=None, open_timeout=START_SECONDS) as socket:
            yield Firefox(socket)
    finally:
        _end(program)
        log.close()


def _address(profile: Path, program: subprocess.Popen[bytes]) -> str:
    """Firefox chooses a free port and writes it down in its profile."""
    told = profile / "WebDriverBiDiServer.json"
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and program.poll() is None:
        try:
            where = json.loads(told.read_text())
            return f"ws://{where['ws_host']}:{where['ws_port']}"
        except (FileNotFoundError, ValueError):
            time.sleep(0.03)
    raise AssertionError(f"Firefox did not start: see {profile.parent / 'firefox.log'}")


def _end(program: subprocess.Popen[bytes]) -> None:
    program.terminate()
    try:
        program.wait(10)
    except subprocess.TimeoutExpired:
        program.kill()
        program.wait()
