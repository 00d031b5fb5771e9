"""What a page costs the server, beside a bare Flask page on the same server, in one run: `python tests/bench/bench_pages.py [--million]`.

Three servers stand side by side, each one process of webapp/serving.py with as many threads: the app as in production (its limits on, its
real clock, people and hospitals in its store), tests/bench/bare_flask.py, and the same bare page squeezed as ours are, since none of ours
may travel unsqueezed. The limits hold against the plain bare page and nothing else, and so says the exit code; against the squeezed one
the table shows only what we ourselves add. This process is the phones: it asks each in turn, in short slices, again and again, with the
same headers over connections that stay open, so that whatever slows the machine slows all. What counts is processor time of the server's
processes alone, as the kernel counts it; quote the ratios, the times depend on the machine. Requests a second, p50 and p99 are as seen
from here, over CONNECTIONS connections that stay open, on a machine that has this process to run too.

A page for anybody is kept for whoever asks the same within the minute (webapp/web/kept_pages.py). So each is measured twice: as many people
ask for the same few, and made anew for each request, by an address that nobody asked for before. The limit is that of both.
Sending a change is done by another person each time, once; the tracker and the record are then looked at by the same people.
"""

from __future__ import annotations

import argparse
import base64
import logging
import os
import random
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench.bench_hospital_search import register_of
from webapp.actions import hospital_change
from webapp.actions.hospitals import Imported, import_hospitals
from webapp.actions.sessions import open_session
from webapp.app import tools_for
from webapp.config import ROOT, settings_from
from webapp.domain.assurance import Via
from webapp.domain.dates import add_months
from webapp.domain.hospital_change import Allowed, Cause
from webapp.ports import Tools
from webapp.serving import THREADS

THOUSAND, MILLION = 1_000, 1_000_000
PUBLIC_LIMIT, PERSONAL_LIMIT = 3.0, 5.0
MONTHS, HOSPITALS, LOT = 24, 300, 10_000
ROUNDS, SLICE_SECONDS, CONNECTIONS = 6, 0.5, 2
PEOPLE_WHO_COME = 300
HOST = "sitthi.example"
PHONE = {
    "User-Agent": "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "Accept-Encoding": "gzip, deflate, br, zstd", "Accept-Language": "th-TH,th;q=0.9,en;q=0.8", "Upgrade-Insecure-Requests": "1",
    "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-User": "?1", "Sec-Fetch-Dest": "document",
    "X-Forwarded-Proto": "https",
}  # fmt: skip
SECONDS_A_TICK = 1 / os.sysconf("SC_CLK_TCK")


# People


def fill(tools: Tools, folder: Path, people: int) -> None:
    """So many insured people with MONTHS months each, and a register that is not the sample."""
    store: Any = tools.store
    store.migrate()
    register = folder / "register.csv"
    register.write_text(register_of(HOSPITALS).replace("seen-in-source", "official-list"), encoding="utf-8", newline="")
    done = import_hospitals(tools, register)
    assert isinstance(done, Imported), done
    assert not done.sample, "production refuses the sample"
    homes = [(one.id, one.province_code) for one in store.every_hospital().values()]
    store.db.conn.execute("PRAGMA synchronous=OFF")
    store.db.conn.execute("CREATE TEMP TABLE lot_months (month TEXT)")
    last = date.today().replace(day=1)  # noqa: DTZ011
    months = [{"month": f"{add_months(last, -back):%Y-%m}"} for back in range(1, MONTHS + 1)]
    store.run_many("INSERT INTO lot_months (month) VALUES (:month)", months)
    for start in range(0, people, LOT):
        with store.transaction():
            numbers = range(start, min(start + LOT, people))
            store.run_many(PUT_PERSON, (person_row(tools, number, homes) for number in numbers))
            store.run(PUT_MONTHS, first=person_id(numbers[0]), last=person_id(numbers[-1]))
    store.run("INSERT INTO record_imports (kind, as_of) VALUES ('contributions', :as_of)", as_of=tools.clock.now().isoformat())
    store.sweep()
    store.close()


PUT_PERSON = """INSERT INTO people
    (id, pid_hash, pid_pepper, sealed, section, insured_from, home_province, work_province, hospital_id, as_of) VALUES
    (:id, :pid_hash, :pid_pepper, :sealed, '33', '2020-01-01', :province, :province, :hospital_id, :as_of)"""
PUT_MONTHS = """INSERT INTO contributions (person_id, month, employer_account, employer_name, section, wage)
    SELECT p.id, m.month, '1000000001', 'บริษัท ตัวอย่าง จำกัด', '33', '14500'
    FROM people p, lot_months m WHERE p.id BETWEEN :first AND :last ORDER BY p.id, m.month"""
GIVEN_NAMES, FAMILY_NAMES = ("สมชาย", "สมหญิง", "วิชัย", "มาลี", "ประยุทธ", "อรทัย"), ("ใจดี", "รักไทย", "ทองคำ", "แสงจันทร์", "บุญมี")


def person_id(number: int) -> str:
    """In the order of the numbers, so that a million are laid down quickly."""
    return f"{number:08x}{number * 2654435761 % 2**32:024x}"


def person_row(tools: Tools, number: int, homes: Sequence[tuple[str, str]]) -> dict[str, Any]:
    vault, own_id = tools.store.vault, person_id(number)  # type: ignore[attr-defined]
    pid = f"1{number + 10**11:012d}"
    facts = {
        "pid": pid, "title": "นาย", "given_name": GIVEN_NAMES[number % 6], "family_name": FAMILY_NAMES[number % 5],
        "birth_date": "1990-05-17", "number_kind": "citizen",
    }  # fmt: skip
    hospital_id, province = homes[number % len(homes)]
    return {
        "id": own_id, "pid_hash": vault.pid_hash(pid), "pid_pepper": vault.first_pepper, "sealed": vault.seal(facts, f"people:{own_id}"),
        "province": province, "hospital_id": hospital_id, "as_of": tools.clock.now().isoformat(),
    }  # fmt: skip


@dataclass
class Visitor:
    """Somebody signed in, with a change filled in; `reference` once it is sent."""

    number: int
    token: str
    form: Mapping[str, str]
    reference: str = ""


def visitors(tools: Tools, people: int) -> list[Visitor]:
    """Spread over all people; each could press send now."""
    chance = random.Random(2569)
    near: dict[str, list[str]] = {}
    for one in tools.store.every_hospital().values():
        near.setdefault(one.province_code, []).append(one.id)
    return [visitor(tools, number, near) for number in chance.sample(range(people), min(people, PEOPLE_WHO_COME))]


def visitor(tools: Tools, number: int, near: Mapping[str, Sequence[str]]) -> Visitor:
    """They choose another hospital of their own province, or one next to it."""
    person = tools.store.person(person_id(number))
    assert person is not None
    home = person.home_province or ""
    around = [hospital for province in (home, *tools.store.adjoining_provinces(home)) for hospital in near.get(province, ())]
    choice = next(one for one in around if one != person.hospital_id)
    draft = hospital_change.Draft(Cause.OTHER, not_an_in_patient=True, note="ย้ายไปอยู่กับพ่อแม่", choices=(choice,))
    hospital_change.keep_draft(tools, hospital_change.person_owner(person.id), draft)
    answer = hospital_change.look_over(tools, person, draft)
    assert isinstance(answer, Allowed), answer
    seen = hospital_change.shown(answer, draft)
    token = open_session(tools, person.id, None, Via.THAID, "2.3")
    form = {
        "key": secrets.token_urlsafe(18), "effective_on": seen.effective_on, "file_by": seen.file_by,
        "may_miss_window": seen.may_miss_window, "mark": seen.mark, "declared": "1",
    }  # fmt: skip
    return Visitor(number, token, form)


# Servers


def environment(folder: Path, port: int) -> dict[str, str]:
    """As an operator would set it, behind a proxy on this machine."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("SITTHI_")}
    return ours | {
        "SITTHI_MODE": "production", "SITTHI_BASE_URL": f"https://{HOST}", "SITTHI_OPERATOR": "หน่วยงานตัวอย่าง",
        "SITTHI_SECRET_KEYS": secrets.token_urlsafe(32), "SITTHI_PID_PEPPERS": secrets.token_urlsafe(32),
        "SITTHI_DATA_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "SITTHI_THAID_ISSUER": "https://thaid.example", "SITTHI_THAID_CLIENT_ID": "bench", "SITTHI_THAID_CLIENT_SECRET": "s" * 40,
        "SITTHI_VAPID_PRIVATE_KEY": "cHVzaCBrZXkgb2YgdGhlIHRlc3RzLCAzMiBieXRlcyE", "SITTHI_VAPID_SUBJECT": f"mailto:bench@{HOST}",
        "DATA_DIR": str(folder), "PORT": str(port),
    }  # fmt: skip


def a_free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@dataclass(frozen=True)
class Server:
    """One that runs, and what its processes used."""

    port: int
    process: subprocess.Popen[bytes]

    def pids(self) -> list[int]:
        """The server and what it started."""
        found = [self.process.pid]
        for pid in found:
            found += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
        return found

    def cpu(self) -> float:
        """Seconds so far, all threads, also of those that ended."""
        return sum(ticks(pid) for pid in self.pids()) * SECONDS_A_TICK

    def memory(self) -> float:
        """MB resident, of the process that answers."""
        lines = Path(f"/proc/{self.pids()[-1]}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024

    def threads(self) -> int:
        """Of the process that answers: those that work and those that wait."""
        return len(list(Path(f"/proc/{self.pids()[-1]}/task").iterdir()))


def ticks(pid: int) -> int:
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(after_name[11]) + int(after_name[12])


@contextmanager
def running(port: int, environ: Mapping[str, str], *command: str) -> Iterator[Server]:
    process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=dict(environ), stderr=subprocess.DEVNULL)  # its log
    try:
        _until_it_listens(port, process)
        yield Server(port, process)
    finally:
        process.terminate()
        process.wait(40)


def _until_it_listens(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert process.poll() is None, "the server ended"
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the server never listened")


# Asking


@dataclass(frozen=True)
class Answer:
    status: int
    head: bytes
    body: bytes


class Phone:
    """One connection that stays open."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), 30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._rest = b""

    def ask(self, request: bytes) -> Answer:
        self._socket.sendall(request)
        while b"\r\n\r\n" not in self._rest:
            self._more()
        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        lower = head.lower()
        length = int(lower.partition(b"\r\ncontent-length:")[2].split(b"\r\n")[0])
        while len(self._rest) < length:
            self._more()
        assert b"\r\nconnection: close" not in lower, "a connection must stay open: opening one would be counted too"
        body, self._rest = self._rest[:length], self._rest[length:]
        return Answer(int(head[9:12]), head, body)

    def _more(self) -> None:
        data = self._socket.recv(262_144)
        if not data:
            raise ConnectionError("the server closed the connection")
        self._rest += data

    def close(self) -> None:
        self._socket.close()


def request_of(path: str, cookies: Mapping[str, str] | None = None, form: Mapping[str, str] | None = None, phone: int = 0) -> bytes:
    """As a phone's browser sends it through a proxy; `phone` tells one address from another."""
    body = urlencode(form).encode() if form else b""
    headers = {"Host": HOST, **PHONE, "X-Forwarded-For": f"10.{phone >> 16 & 255}.{phone >> 8 & 255}.{phone & 255}"}
    if cookies:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    if form:
        headers |= {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body)), "Origin": f"https://{HOST}"}
    lines = [f"{'POST' if form else 'GET'} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@dataclass
class Page:
    """One line of the table: what the n-th request for it is, what the answer must be, and what came of it. `most`: how many requests there
    can be at all."""

    name: str
    request: Callable[[int], bytes]
    limit: float = PUBLIC_LIMIT
    status: int = 200
    most: int | None = None
    server: Server | None = None
    after: Callable[[int, Answer], None] | None = None
    a_slice: int = 0
    asked: int = 0
    cpu: list[float] = field(default_factory=list)
    wall: float = 0.0
    counted: int = 0
    times: list[float] = field(default_factory=list)
    weight: int = 0

    @property
    def milliseconds(self) -> float:
        """Of processor time a request: the median of the rounds."""
        return statistics.median(self.cpu) * 1000

    def quantile(self, part: float) -> float:
        times = sorted(self.times)
        return times[min(len(times) - 1, int(len(times) * part))] * 1000


def slice_of(page: Page, server: Server, count: int, counts: bool = True) -> float:
    """So many requests over all connections; returns the seconds of processor time a request."""
    numbers = iter(range(page.asked, page.asked + count))
    page.asked += count
    lock, times, wrong = threading.Lock(), [], []

    def one_connection() -> None:
        phone = Phone(server.port)
        try:
            while True:
                with lock:
                    number = next(numbers, None)
                if number is None:
                    return
                request = page.request(number)
                began = time.perf_counter()
                answer = phone.ask(request)
                times.append(time.perf_counter() - began)
                if answer.status != page.status:
                    wrong.append(answer)
                    return
                page.weight = len(answer.body)
                if page.after:
                    page.after(number, answer)
        finally:
            phone.close()

    threads = [threading.Thread(target=one_connection) for _ in range(CONNECTIONS)]
    before, began = server.cpu(), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall, used = time.perf_counter() - began, server.cpu() - before
    assert not wrong, f"{page.name}: {wrong[0].status} instead of {page.status}: {wrong[0].head.decode()}"
    assert len(times) == count, f"{page.name}: {len(times)} answers of {count}"
    if counts:
        page.cpu.append(used / count)
        page.wall += wall
        page.counted += count
        page.times += times
    return used / count


def measure(pages: Sequence[Page], peers: Sequence[Page]) -> None:
    """First a little of each, to warm up and to see how many make a slice; then round after round, the bare pages beside each of ours."""
    for page in (*peers, *pages):
        assert page.server is not None
        share = page.most // (ROUNDS + 1) if page.most else 0
        cost = slice_of(page, page.server, share or 40, counts=False)
        page.a_slice = share or max(20, int(SLICE_SECONDS / max(cost, SECONDS_A_TICK / 40)))
    for _ in range(ROUNDS):
        for number, page in enumerate(pages):
            if number % 3 == 0:
                for peer in peers:
                    slice_of(peer, peer.server, peer.a_slice)  # type: ignore[arg-type]
            slice_of(page, page.server, page.a_slice)  # type: ignore[arg-type]


# The pages


FEW = 12
"""Different results and searches that many people ask for."""
WAGES = range(9_000, 60_000)
SEARCHED = ("ศิริราช", "เกษมราษฎร์", "ราม", "ปทุมธานี", "bangkok", "กรุงเทพ", "นคร", "พญาไท", "siriraj", "มงกุฎ", "สมุทร", "chiang")


def pages_of(app: Server, people: list[Visitor]) -> list[Page]:
    returning = {"sitthi-language": "th", "sitthi-look": "text_size=2&theme=auto&contrast=auto"}

    def result(wage: int) -> str:
        answers = {
            "on": f"{date.today():%Y-%m-%d}", "months_paid_in_15": "15", "employer_sick_leave_used": "yes", "wage": wage, "days_off": "10",
            "chronic": "no", "days_paid_this_year": "0",
        }  # fmt: skip
        return f"/benefits/sickness?{urlencode(answers)}"

    def search(number: int) -> str:
        text, page = SEARCHED[number % len(SEARCHED)], number // len(SEARCHED)
        return f"/hospitals?q={quote(text)}&province=&adjoining=1&ownership=&n={page}"

    def sent(number: int, answer: Answer) -> None:
        address = answer.head.lower().partition(b"\r\nlocation:")[2].split(b"\r\n")[0].decode().strip()
        people[number].reference = address.rpartition("/")[2].upper()

    def cookie(number: int) -> dict[str, str]:
        return {"__Host-sitthi-session": people[number % len(people)].token, "sitthi-language": "th"}

    def of_a_person(path: str) -> Callable[[int], bytes]:
        return lambda number: request_of(path, cookie(number), phone=number)

    def tracker(number: int) -> bytes:
        done = [one for one in people if one.reference]
        one = done[number % len(done)]
        return request_of(f"/hospital-change/{one.reference}", {"__Host-sitthi-session": one.token}, phone=number)

    public = [
        Page("first page", lambda n: request_of("/", phone=n)),
        Page("first page, with a language and a look", lambda n: request_of("/", returning, phone=n)),
        Page("first page, made anew", lambda n: request_of(f"/?n={n}", phone=n)),
        Page("result of a check", lambda n: request_of(result(WAGES[n % FEW]), phone=n)),
        Page("result of a check, made anew", lambda n: request_of(result(WAGES[FEW + n]), phone=n)),
        Page("hospital search", lambda n: request_of(search(n % FEW), phone=n)),
        Page("hospital search, made anew", lambda n: request_of(search(FEW + n), phone=n)),
        Page("emergency", lambda n: request_of("/emergency", phone=n)),
        Page("emergency, made anew", lambda n: request_of(f"/emergency?n={n}", phone=n)),
    ]
    sending = Page(
        "sending a change", lambda n: request_of("/hospital-change/new/check", cookie(n), people[n].form, phone=n), PERSONAL_LIMIT, 303,
        most=len(people), after=sent,
    )  # fmt: skip
    personal = [
        sending,
        Page("tracker", tracker, PERSONAL_LIMIT),
        Page("my record", of_a_person("/my-data"), PERSONAL_LIMIT),
        Page("first page, signed in", of_a_person("/"), PERSONAL_LIMIT),
    ]
    for page in (*public, *personal):
        page.server = app
    return [*public, *personal]


def first_page_bytes(port: int) -> tuple[int, int]:
    """Of its style, and of all of it, as it is before it is squeezed."""
    phone = Phone(port)
    plain = request_of("/").replace(b"Accept-Encoding: gzip, deflate, br, zstd\r\n", b"")
    body = phone.ask(plain).body
    phone.close()
    return len(body.partition(b"<style>")[2].partition(b"</style>")[0]), len(body)


# The report


HEAD = f"{'':42} {'CPU ms':>8} {'x bare':>7} {'limit':>6} {'x br':>7} {'req/s':>7} {'p50 ms':>7} {'p99 ms':>7} {'bytes':>7}"


def line(page: Page, bare: Page, squeezed: Page) -> str:
    ratio, is_ours = page.milliseconds / bare.milliseconds, page is not bare and page is not squeezed
    limit = f"{page.limit:g}" if is_ours else ""
    over = "  OVER" if is_ours and ratio > page.limit else ""
    beside_squeezed = page.milliseconds / squeezed.milliseconds
    return (
        f"{page.name:42} {page.milliseconds:8.3f} {ratio:7.2f} {limit:>6} {beside_squeezed:7.2f} {page.counted / page.wall:7.0f} "
        f"{page.quantile(0.5):7.2f} {page.quantile(0.99):7.2f} {page.weight:7}{over}"
    )


def measured(folder: Path, count: int) -> bool:
    """Whether every page kept its limit over a store of so many people."""
    port, bare_port, squeezed_port = a_free_port(), a_free_port(), a_free_port()
    environ = environment(folder, port)
    tools = tools_for(settings_from(environ))
    began = time.perf_counter()
    fill(tools, folder, count)
    people = visitors(tools, count)
    tools.store.close()  # type: ignore[attr-defined]
    size = sum(file.stat().st_size for file in folder.glob("sitthi.db*")) / 1e6
    print(f"\n{count:,} people with {MONTHS} months each: {size:,.0f} MB, laid down in {time.perf_counter() - began:.0f} s")
    with running(port, environ, "-m", "webapp.commands", "serve") as app:
        at_start = app.memory()
        style_bytes, page_bytes = first_page_bytes(port)
        like_ours = ("tests/bench/bare_flask.py", str(bare_port), str(style_bytes), str(page_bytes))
        squeezed_too = (like_ours[0], str(squeezed_port), *like_ours[2:], "squeezed")
        with running(bare_port, os.environ, *like_ours) as plain, running(squeezed_port, os.environ, *squeezed_too) as other:
            bare = Page("bare Flask", lambda n: request_of("/", phone=n), server=plain)
            squeezed = Page("bare Flask, squeezed as ours", lambda n: request_of("/", phone=n), server=other)
            pages = pages_of(app, people)
            measure(pages, (bare, squeezed))
            print(f"first page {page_bytes:,} bytes of HTML, {style_bytes:,} of them style; bare page {bare.weight:,}")
            threads = f"app {app.threads()}, bare Flask {plain.threads()}, squeezed {other.threads()}"
            print(f"{THREADS} threads each to answer with, alive now: {threads}; {CONNECTIONS} connections, kept open")
            print(HEAD)
            print("\n".join(line(page, bare, squeezed) for page in (bare, squeezed, *pages)))
            print("x bare: beside the plain bare page, which the limits hold against; x br: beside the squeezed one, which has no limit")
            print(f"memory: {at_start:.0f} MB at the start, {app.memory():.0f} MB now; bare Flask {plain.memory():.0f} MB")
            return all(page.milliseconds <= page.limit * bare.milliseconds for page in pages)


def main() -> None:
    logging.disable(logging.WARNING)  # laying down a million is a slow statement or two hundred
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--million", action="store_true", help="over a million people too (some 5 GB of disk, and minutes)")
    kept = True
    for count in (THOUSAND, MILLION) if asked.parse_args().million else (THOUSAND,):
        with tempfile.TemporaryDirectory() as name:
            kept = measured(Path(name), count) and kept
    print(f"\n{'every page is' if kept else 'not every page is'} within its limit beside the plain bare page")
    sys.exit(0 if kept else 1)


if __name__ == "__main__":
    main()
