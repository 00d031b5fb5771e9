"""deploy/nginx in front of the app in production, really started on loopback: TLS, HTTP/2, limits, what it tells of whoever asks, and a
change of the app behind it that nobody notices. Only ports, paths and the certificate differ from the file that is handed out.
"""

from __future__ import annotations

import json
import re
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import pycurl
import pytest
import requests

from tests.bench.bench_push import certificate
from tests.nothing_lost.installation import Installation, Started, a_free_port, children_of, until
from tests.test_commands import production
from webapp.config import ROOT

NAME = "sitthi.example"
CODE_PAGE = "/sign-in/counter"
MANY = 60
TOKEN = "a-token-of-the-one-who-watches"
A_PAUSE = 0.1  # three people together stay below what the proxy allows one address


@dataclass
class Answer:
    status: int
    version: int
    headers: dict[str, str]
    body: bytes = field(repr=False)


@dataclass
class Site:
    """The whole of it, as people reach it."""

    installation: Installation
    server: Started
    place: Path
    port: int
    plain_port: int
    figures_port: int

    def ask(self, path: str, form: bytes | None = None, headers: tuple[str, ...] = (), plain: bool = False) -> Answer:
        body, lines = BytesIO(), []
        scheme, port = ("http", self.plain_port) if plain else ("https", self.port)
        call = pycurl.Curl()
        call.setopt(pycurl.URL, f"{scheme}://{NAME}:{port}{path}")
        call.setopt(pycurl.RESOLVE, [f"{NAME}:{port}:127.0.0.1"])
        call.setopt(pycurl.CAINFO, str(self.place / "fullchain.pem"))
        call.setopt(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_2TLS)
        call.setopt(pycurl.TIMEOUT, 30)
        call.setopt(pycurl.HTTPHEADER, [f"Origin: https://{NAME}", *headers])
        call.setopt(pycurl.WRITEDATA, body)
        call.setopt(pycurl.HEADERFUNCTION, lines.append)
        if form is not None:
            call.setopt(pycurl.POSTFIELDS, form)
        call.perform()
        told = dict(line.decode().strip().lower().split(": ", 1) for line in lines if b": " in line)
        return Answer(call.getinfo(pycurl.RESPONSE_CODE), call.getinfo(pycurl.INFO_HTTP_VERSION), told, body.getvalue())


def start_nginx(place: Path, port: int, plain_port: int, figures_port: int) -> subprocess.Popen[bytes]:
    """With the file of deploy/, its places moved to where a test may write."""
    if not shutil.which("nginx"):
        pytest.fail("nginx is not on this machine: on Debian, apt-get install nginx-light")
    text = (ROOT / "deploy/nginx/sitthi.conf").read_text("utf-8")
    moved = {
        "listen 80;": f"listen 127.0.0.1:{plain_port};", "listen 443 ": f"listen 127.0.0.1:{port} ",
        "listen 127.0.0.1:9180;": f"listen 127.0.0.1:{figures_port};",
        "/run/sitthi/app.sock": str(place / "door"), "/run/sitthi-bodies": str(place / "bodies"),
        "/etc/sitthi/tls": str(place), "/var/log/nginx": str(place), "/etc/sitthi/pages": str(ROOT / "deploy/nginx"),
    }  # fmt: skip
    text = re.sub(r"^ *listen \[::\].*\n", "", text, flags=re.MULTILINE)
    for there, here in moved.items():
        assert there in text, f"{there} is no longer in the file"
        text = text.replace(there, here)
    temporary = "".join(f"{kind}_temp_path {place / kind};\n" for kind in ("proxy", "fastcgi", "uwsgi", "scgi"))
    (place / "nginx.conf").write_text(
        f"daemon off; pid {place / 'pid'}; user root; worker_processes 1; error_log {place / 'start.log'};\n"
        f"events {{ worker_connections 1024; }}\nhttp {{ default_type text/plain; types {{ text/html html; }}\n{temporary}{text}}}\n"
    )
    arguments = ["nginx", "-e", str(place / "start.log"), "-c", str(place / "nginx.conf")]
    checked = subprocess.run([*arguments, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    return subprocess.Popen(arguments, stdin=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    place = tmp_path_factory.mktemp("site")
    cert, key = certificate(place, NAME)
    cert.rename(place / "fullchain.pem")
    key.rename(place / "key.pem")
    port, plain_port, figures_port = a_free_port(), a_free_port(), a_free_port()
    data = place / "data"
    data.mkdir()
    file = place / "sitthi.env"
    given = production(DATA_DIR=str(data), SITTHI_METRICS_TOKEN=TOKEN)
    file.write_text("".join(f"{name}={value}\n" for name, value in given.items()))
    file.chmod(0o600)
    installation = Installation(data, 0, {"PATH": "/usr/bin:/bin", "SITTHI_SETTINGS": str(file)})
    assert installation.start("migrate").process.wait(60) == 0
    with ExitStack() as after:
        after.callback(installation.end)
        server = installation.start("serve", "--socket", str(place / "door"), "--workers", "1")
        nginx = start_nginx(place, port, plain_port, figures_port)
        after.callback(nginx.wait, 20)
        after.callback(nginx.terminate)
        made = Site(installation, server, place, port, plain_port, figures_port)
        until(lambda: is_ready(made), "the site answers", 60)
        yield made


def a_line_to(site: Site) -> ssl.SSLSocket:
    """Through TLS, to type HTTP/1.1 on."""
    context = ssl.create_default_context(cafile=str(site.place / "fullchain.pem"))
    return context.wrap_socket(socket.create_connection(("127.0.0.1", site.port)), server_hostname=NAME)


def is_ready(site: Site) -> bool:
    try:
        return site.ask("/readyz").status == 200
    except pycurl.error:
        return False


def test_a_page_comes_over_http_2_squeezed_and_with_the_headers_of_the_app(site: Site) -> None:
    home = site.ask("/", headers=("Accept-Encoding: br",))
    assert (home.status, home.version) == (200, pycurl.CURL_HTTP_VERSION_2)
    assert home.headers["content-encoding"] == "br"
    assert home.headers["strict-transport-security"].startswith("max-age=")
    assert "default-src 'none'" in home.headers["content-security-policy"]
    assert "nginx/" not in home.headers["server"]


def test_without_tls_people_are_sent_on_and_another_name_gets_no_certificate(site: Site) -> None:
    plain = site.ask("/hospitals?q=a", plain=True)
    assert (plain.status, plain.headers["location"]) == (308, f"https://{NAME}/hospitals?q=a")
    context = ssl.create_default_context()
    with socket.create_connection(("127.0.0.1", site.port)) as line, pytest.raises(ssl.SSLError):
        context.wrap_socket(line, server_hostname="another.example")


def test_what_a_browser_claims_of_its_address_is_thrown_away(site: Site) -> None:
    for number in range(3):
        claimed = (f"X-Forwarded-For: 203.0.113.{number}", f"Forwarded: for=203.0.113.{number}", "X-Forwarded-Host: evil.example")
        assert site.ask(CODE_PAGE, b"code=ABC-DEF-GHJ", claimed).status == 422
    counted = site.installation.rows("SELECT COUNT(*), MAX(count) FROM tries WHERE door LIKE 'counter-code%'")
    assert counted == [(1, 3)], "one address has tried three times"


def test_too_much_at_once_is_refused(site: Site) -> None:
    with a_line_to(site) as line:
        line.sendall(f"POST /language HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: {17 * 1024 * 1024}\r\n\r\nx".encode())
        assert line.recv(100).startswith(b"HTTP/1.1 413")
    assert site.ask("/language", b"x" * (300 * 1024)).status == 413, "the app has a limit of its own"
    with a_line_to(site) as line:
        line.sendall(f"GET / HTTP/1.1\r\nHost: {NAME}\r\nX-Long: {'x' * 20_000}\r\n\r\n".encode())
        assert line.recv(100).startswith(b"HTTP/1.1 400")


def test_a_hundred_half_sent_forms_stop_nobody(site: Site) -> None:
    beginning = f"POST /language HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 99\r\n\r\nlang".encode()
    with ExitStack() as lines:
        for number in range(100):
            line = lines.enter_context(a_line_to(site))
            line.sendall(beginning if number % 2 else beginning[:60])
        began = time.monotonic()
        assert {site.ask(path).status for path in ("/", "/benefits", "/readyz")} == {200}
        assert time.monotonic() - began < 5


def test_the_log_holds_no_address_no_path_and_no_query(site: Site) -> None:
    site.ask("/hospitals?q=somebodys-words")
    log = site.place / "sitthi.log"
    until(lambda: log.read_text(), "something is logged")
    assert not re.search(r"127\.0\.0\.1|hospitals|somebodys-words|203\.0", log.read_text())


def test_one_id_stands_on_the_answer_in_the_proxys_line_and_in_the_apps(site: Site) -> None:
    told = site.ask("/hospitals?q=somebodys-words", headers=("X-Request-Id: 1000000000009",)).headers["x-request-id"]
    assert re.fullmatch("[0-9a-f]{32}", told)
    until(lambda: told in (site.place / "sitthi.log").read_text(), "the proxy has logged it")
    until(lambda: told in site.server.told(), "the app has logged it")
    lines = [json.loads(line) for line in site.server.told().splitlines()]
    (found,) = [line for line in lines if line.get("request_id") == told]
    assert (found["event"], found["route"], found["status"], found["role"]) == ("answered", "/hospitals", 200, "nobody")
    assert not re.search(r"127\.0\.0\.1|somebodys-words|1000000000009", site.server.told())


def test_figures_are_for_this_machine_and_whoever_shows_the_token(site: Site) -> None:
    shown = {"Authorization": f"Bearer {TOKEN}"}
    assert site.ask("/metrics", headers=(f"Authorization: Bearer {TOKEN}",)).status == 404
    figures = f"http://127.0.0.1:{site.figures_port}/metrics"
    assert requests.get(figures, timeout=20).status_code == 404
    assert requests.get(f"http://127.0.0.1:{site.figures_port}/", headers=shown, timeout=20).status_code == 404
    told = requests.get(figures, headers=shown, timeout=20)
    assert told.status_code == 200
    assert 'sitthi_ready{part="store"} 1.0' in told.text
    assert (site.installation.place / "metrics/app").is_dir()


def test_while_the_app_changes_behind_it_every_form_is_answered_and_while_it_is_gone_people_are_told(site: Site) -> None:
    before, ended = children_of(site.server.pid), threading.Event()
    answers: list[int] = []

    def sends() -> None:
        while not ended.is_set():
            answers.append(site.ask("/language", b"language=en&next=/").status)
            time.sleep(A_PAUSE)

    people = [threading.Thread(target=sends) for _ in range(3)]
    for one in people:
        one.start()
    site.server.process.send_signal(signal.SIGHUP)
    try:
        until(lambda: len(answers) > MANY and not set(before) & set(children_of(site.server.pid)), "the app has changed", 90)
    finally:
        ended.set()
        for one in people:
            one.join()
    assert set(answers) == {303}
    assert site.server.stop(45) == 0
    gone = site.ask("/", headers=("Accept-Encoding: identity",))
    assert (gone.status, gone.headers["retry-after"], gone.headers["cache-control"]) == (503, "10", "no-store")
    assert "รอสักครู่" in gone.body.decode()
    assert "press send again" in site.ask("/language", b"language=en").body.decode()
