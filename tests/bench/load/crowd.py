"""Who comes: people with a session of their own and a form filled in, and others who only read.

A mix of the last days of a window. The shares are ours, nobody has counted them: seven of ten read what is there for anybody, the others
follow a request of their own or send one. A person sends once; one of twenty taps twice. Whoever is told to come back comes back when they
were told to, under the same key, up to RETURNS times.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote, urlencode

from tests.bench.bench_pages import PHONE, SEARCHED, THOUSAND, person_id
from tests.bench.load.engines import Place
from tests.bench.load.people import home_of, homes_of
from tests.bench.load.phones import Press, arrivals
from tests.standing_clock import StandingClock
from webapp.actions import hospital_change
from webapp.actions.sessions import open_session
from webapp.domain.assurance import Via
from webapp.domain.hospital_change import Allowed, Cause, HospitalChange
from webapp.ports import Tools

HOME, SEARCH, RESULT, TRACKER, SEND = "first page", "search", "result of a check", "tracker", "sending a change"
SHARES: Mapping[str, float] = {HOME: 0.25, SEARCH: 0.20, RESULT: 0.20, TRACKER: 0.15, SEND: 0.20}
TAPS_TWICE, SECOND_TAP = 0.05, (0.05, 0.6)
RETURNS = 3
LATER_THAN_TOLD = 5.0
"""Seconds at most after the time that somebody was told."""
SEED = 2570
LOT = 500
RARE = 60_000
SEND_TO = "/hospital-change/new/check"


@dataclass(slots=True)
class Visitor:
    """Somebody signed in, with a form that waits for one tap; `reference` once it was sent before the phones come."""

    number: int
    person_id: str
    token: str
    form: Mapping[str, str]
    effective_on: str
    reference: str = ""

    @property
    def key(self) -> str:
        return self.form["key"]


@dataclass
class Crowd:
    """Everybody who can come to one app, and what they have asked for so far."""

    place: Place
    at: datetime
    port: int = 0
    met: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(SEED)
        self.numbers = self.chance.sample(range(self.place.people), min(self.place.people, 1_000_000))

    def visitors(self, count: int, with_case: int = 0) -> list[Visitor]:
        """So many who were not here yet, as far as there are people: the first `with_case` have sent their change already."""
        wanted = self.numbers[self.met : self.met + count + with_case]
        self.met += len(wanted)
        with self.place.tools(self.at) as running:
            tools = replace(running, clock=StandingClock(self.at))
            return list(_visitors(tools, wanted, with_case))

    def forget(self) -> None:
        """As if nobody had been here."""
        with self.place.tools(self.at) as tools:
            self.place.begin_anew(tools)
        self.met = 0

    def schedule(self, rate: float, seconds: float, senders: Sequence[Visitor], followers: Sequence[Visitor]) -> list[Press]:
        """In order of time. Where fewer can send than would, the others look at the first page."""
        asked, left = Asked(self.port, self.chance), iter(range(len(senders)))
        kinds, weights = list(SHARES), list(SHARES.values())
        found: list[Press] = []
        for at in arrivals(rate, seconds, self.chance):
            kind = self.chance.choices(kinds, weights)[0]
            who = next(left, -1) if kind == SEND else -1
            if kind == SEND and who >= 0:
                found += self._taps(asked, at, seconds, who, senders[who])
            elif kind == TRACKER and followers:
                found.append(Press(at, TRACKER, asked.tracker(self.chance.choice(followers))))
            else:
                found.append(Press(at, *asked.of_anybody(kind)))
        return sorted(found, key=lambda press: press.at)

    def _taps(self, asked: Asked, at: float, seconds: float, who: int, visitor: Visitor) -> Iterator[Press]:
        request = asked.sending(visitor)
        yield Press(at, SEND, request, who)
        second = at + self.chance.uniform(*SECOND_TAP)
        if self.chance.random() < TAPS_TWICE and second < seconds:
            yield Press(second, SEND, request, who)

    def comes_back(self, press: Press) -> Press | None:
        """Whoever was sending and was told when; the others look elsewhere."""
        if press.kind != SEND or press.retry_after is None or press.returns >= RETURNS:
            return None
        at = press.came + press.retry_after + self.chance.uniform(0, LATER_THAN_TOLD)
        return Press(at, SEND, press.request, press.who, returns=press.returns + 1)


def _visitors(tools: Tools, numbers: Sequence[int], with_case: int) -> Iterator[Visitor]:
    homes: list[tuple[str, str]] = homes_of(tools)
    near: dict[str, list[str]] = {}
    for hospital_id, province in homes:
        near.setdefault(province, []).append(hospital_id)
    shown = None
    for start in range(0, len(numbers), LOT):
        with tools.store.transaction():
            for place, number in enumerate(numbers[start : start + LOT], start):
                own, province = home_of(number, homes)
                around = [one for code in (province, *_beside(tools, province)) for one in near.get(code, ())]
                draft = hospital_change.Draft(Cause.ANNUAL, not_an_in_patient=True, choices=(next(one for one in around if one != own),))
                shown = shown or _shown(tools, number, draft)
                found = _visitor(tools, number, draft, shown)
                yield _sent(tools, found) if place < with_case else found


_neighbours: dict[str, list[str]] = {}


def _beside(tools: Tools, province: str) -> list[str]:
    if province not in _neighbours:
        _neighbours[province] = sorted(tools.store.adjoining_provinces(province))
    return _neighbours[province]


def _shown(tools: Tools, number: int, draft: hospital_change.Draft) -> hospital_change.Shown:
    """The dates on the last page, the same for everybody."""
    person = tools.store.person(person_id(number))
    assert person is not None
    answer = hospital_change.look_over(tools, person, draft)
    assert isinstance(answer, Allowed), answer
    return hospital_change.shown(answer, draft)


def _visitor(tools: Tools, number: int, draft: hospital_change.Draft, shown: hospital_change.Shown) -> Visitor:
    own_id = person_id(number)
    hospital_change.keep_draft(tools, hospital_change.person_owner(own_id), draft)
    form = {
        "key": secrets.token_urlsafe(18), "effective_on": shown.effective_on, "file_by": shown.file_by,
        "may_miss_window": shown.may_miss_window, "mark": draft.mark, "declared": "1",
    }  # fmt: skip
    return Visitor(number, own_id, open_session(tools, own_id, None, Via.THAID, "2.3"), form, shown.effective_on)


def _sent(tools: Tools, visitor: Visitor) -> Visitor:
    form = visitor.form
    seen = hospital_change.Shown(form["effective_on"], form["file_by"], form["may_miss_window"], form["mark"])
    case = hospital_change.submit(tools, visitor.person_id, visitor.key, seen)
    assert isinstance(case, HospitalChange), case
    visitor.reference = case.reference
    return visitor


# What they ask for


@dataclass
class Asked:
    """Requests as a phone's browser sends them through a proxy, each from an address of its own."""

    port: int
    chance: random.Random

    def of_anybody(self, kind: str) -> tuple[str, bytes]:
        """Kind and request of what is there for anybody; what else was meant becomes the first page."""
        if kind == SEARCH:
            return SEARCH, self._get(self._search())
        if kind == RESULT:
            return RESULT, self._get(self._result())
        return HOME, self._get("/", {"sitthi-language": "th", "sitthi-look": f"text_size={self.chance.randrange(1, 5)}"})

    def tracker(self, visitor: Visitor) -> bytes:
        return self._get(f"/hospital-change/{visitor.reference}", self._signed_in(visitor))

    def sending(self, visitor: Visitor) -> bytes:
        body = urlencode(visitor.form).encode()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body)), "Origin": f"http://127.0.0.1:{self.port}",
        }  # fmt: skip
        return self._request("POST", SEND_TO, self._signed_in(visitor), headers) + body

    def _signed_in(self, visitor: Visitor) -> dict[str, str]:
        return {"sitthi-session": visitor.token, "sitthi-language": "th"}

    def _search(self) -> str:
        """Some words are asked for far more often than others, and one in ten is asked for by nobody else."""
        text = SEARCHED[min(int(self.chance.expovariate(0.4)), len(SEARCHED) - 1)]
        page = self.chance.randrange(RARE) if self.chance.random() < 0.1 else 1
        return f"/hospitals?q={quote(text)}&province=&adjoining=1&ownership=&n={page}"

    def _result(self) -> str:
        """Most people type a round wage."""
        wage = self.chance.randrange(9_000, RARE) if self.chance.random() < 0.3 else self.chance.randrange(9, 60) * THOUSAND
        answers = {
            "on": "2027-03-31", "months_paid_in_15": "15", "employer_sick_leave_used": "yes", "wage": wage, "days_off": "10",
            "chronic": "no", "days_paid_this_year": "0",
        }  # fmt: skip
        return f"/benefits/sickness?{urlencode(answers)}"

    def _get(self, path: str, cookies: Mapping[str, str] | None = None) -> bytes:
        return self._request("GET", path, cookies or {})

    def _request(self, method: str, path: str, cookies: Mapping[str, str], more: Mapping[str, str] | None = None) -> bytes:
        phone = self.chance.getrandbits(24)
        headers = {
            "Host": f"127.0.0.1:{self.port}", **PHONE, "X-Forwarded-Proto": "http",
            "X-Forwarded-For": f"10.{phone >> 16}.{phone >> 8 & 255}.{phone & 255}", **(more or {}),
        }  # fmt: skip
        if cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join(lines).encode() + b"\r\n\r\n"


def each(kind: str, asked: Asked, senders: Iterable[Visitor], followers: Sequence[Visitor], count: int) -> Iterator[bytes]:
    """So many requests of one kind, for what is measured one after the other; of sending, as many as there are people."""
    if kind == SEND:
        yield from (asked.sending(one) for one, _ in zip(senders, range(count), strict=False))
    elif kind == TRACKER:
        yield from (asked.tracker(followers[n % len(followers)]) for n in range(count))
    else:
        yield from (asked.of_anybody(kind)[1] for _ in range(count))
