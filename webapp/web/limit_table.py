"""Which route has which limit: the one table. Kept against the route map by tests/views/test_limits.py.

Decided:
- Behind one address of a mobile network stand thousands of phones, so limits by address are generous: they keep a single machine from
  costing us much. The tight limits are those of a person, a browser or one thing (a calendar's address, a phone's subscription).
- A browser is what its cookie says, and whoever wants to be another browser drops the cookie. So the limit of a browser is there for pages
  that run wild and for somebody's trying by hand; against programs stand the address, and what each code and PIN bears by itself.
- What is guessed at (codes, PINs) also counts misses over everybody: a net of a thousand machines has a thousand addresses. At a PIN the
  count of all may not shut out those who come in rightly, or a stranger could lock everybody's door: while it is over, a PIN opens on
  phones that its person has come in with before, and nowhere else (actions/counter_codes.py). At a code it is far higher, since 23^9 codes
  cannot be tried out, and a counter must go on.
- Every write has the limits of its act (domain/assurance.py), so that a new form has some without anybody's thinking of it; routes where
  more is at stake have a door of their own in AT. Pages that only show are counted together.
- Where the count has to wait for what the view finds out (a calendar's address that nobody has, a subscription that is new), the view
  passes the door itself: IN_THE_VIEW says which.
Put aside: puzzles (people who see badly or read slowly fail them, programs do not), and limits in the settings: an operator who loosens one
by mistake is told so by nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from webapp.domain.assurance import Act

FIVE_MINUTES, QUARTER, HOUR, DAY = 300, 900, 3600, 24 * 3600
LOTS = 100


class By(StrEnum):
    """Whose tries are counted together. ONE_THING: what the view names, such as one calendar's address."""

    PERSON = "person"
    BROWSER = "browser"
    ADDRESS = "address"
    ONE_THING = "one_thing"
    EVERYBODY = "everybody"


@dataclass(frozen=True)
class Limit:
    """At most `most` in `window` seconds."""

    by: By
    most: int
    window: int

    @property
    def lot(self) -> int:
        """How many a process may count by itself before it tells the store: a hundredth of the limit, so that what is asked for often is
        not written each time, and tight limits are exact."""
        return max(1, self.most // LOTS)


def person(most: int, window: int = HOUR) -> Limit:
    """An insured person, or an officer."""
    return Limit(By.PERSON, most, window)


def browser(most: int, window: int = QUARTER) -> Limit:
    return Limit(By.BROWSER, most, window)


def address(most: int, window: int = QUARTER) -> Limit:
    return Limit(By.ADDRESS, most, window)


def one_thing(most: int, window: int = HOUR) -> Limit:
    return Limit(By.ONE_THING, most, window)


def everybody(most: int, window: int) -> Limit:
    return Limit(By.EVERYBODY, most, window)


DOORS: dict[str, tuple[Limit, ...]] = {
    # ways in
    "sign-in": (browser(60), address(300)),
    "sign-in-return": (browser(60), address(300)),
    "sign-in-code": (browser(15), address(300)),
    "counter-code": (browser(15), address(100)),
    "counter-pin": (browser(15), address(100)),
    "passkey": (browser(30), address(300)),
    "government-channel": (browser(60), address(300)),
    "government-channel-confirm": (browser(60), address(300)),
    "sessions": (browser(120), address(6_000)),
    # wrong codes and PINs, counted when they turn out to be wrong
    "wrong-codes": (browser(10), address(30)),
    "wrong-pins": (browser(10), address(30)),
    "wrong-codes-of-all": (everybody(3_000, QUARTER),),
    "wrong-pins-of-all": (everybody(100, QUARTER), everybody(1_000, DAY)),
    # what any browser may do
    "this-browser": (browser(240), address(6_000)),
    "subscriptions": (person(30), address(300)),
    "push-tests": (one_thing(10), address(300, HOUR)),
    "fill-in": (person(300), browser(240), address(6_000)),
    "new-drafts": (address(500, HOUR),),
    "typed-by-nobody": (address(100, HOUR),),
    # an insured person
    "send": (person(60), address(3_000, HOUR)),
    "corrections": (person(30), address(1_000, HOUR)),
    "claims": (person(300), address(6_000, HOUR)),
    "letters": (person(60), address(3_000, HOUR)),
    "papers": (person(300), address(10_000, HOUR)),
    "paper-pieces": (person(6_000), address(100_000, HOUR)),
    "own-calendar": (person(20), address(1_000, HOUR)),
    "own-data": (person(60), address(3_000, HOUR)),
    "copies": (person(10), address(300, HOUR)),
    "erasures": (person(5), address(100, HOUR)),
    "ways-in": (person(60), address(3_000, HOUR)),
    "money-and-identity": (person(10), address(300, HOUR)),
    "grants": (person(20), address(300, HOUR)),
    "helping": (person(120), address(3_000, HOUR)),
    "helper-code": (person(15, QUARTER), address(100)),
    # officers
    "desk": (person(3_000), address(30_000, HOUR)),
    "numbers-looked-up": (person(200), address(3_000, HOUR)),
    "codes-made": (person(100), address(3_000, HOUR)),
    "payment-files": (person(30), address(300, HOUR)),
    # reading
    "pages": (address(12_000, FIVE_MINUTES),),
    "search": (browser(600, FIVE_MINUTES), address(6_000, FIVE_MINUTES)),
    "api": (address(12_000, FIVE_MINUTES),),
    "calendar-feed": (one_thing(60),),
    "unknown-calendar-feeds": (address(300, HOUR),),
}  # fmt: skip
"""Whoever comes too often is told by the first limit that is over: the tight ones stand first and cost the others nothing."""

OF_ACT: Mapping[Act, str] = {
    Act.USE_THIS_BROWSER: "this-browser",
    Act.SET_REMINDERS: "this-browser",
    Act.SET_A_WAY_IN: "counter-code",
    Act.SIGN_IN_OR_OUT: "sessions",
    Act.ASK_THE_OPEN_API: "api",
    Act.FILL_IN: "fill-in",
    Act.CHANGE_HOSPITAL: "send",
    Act.CLAIM_A_BENEFIT: "claims",
    Act.SAY_WHAT_IS_WRONG: "corrections",
    Act.ATTACH_PAPERS: "papers",
    Act.KEEP_OWN_CALENDAR: "own-calendar",
    Act.DECIDE_OVER_OWN_DATA: "own-data",
    Act.END_DEVICES: "ways-in",
    Act.REMOVE_PASSKEY: "ways-in",
    Act.SET_PASSKEY: "ways-in",
    Act.LINK_GOVERNMENT_CHANNEL: "ways-in",
    Act.END_GOVERNMENT_CHANNEL: "ways-in",
    Act.END_A_GRANT: "ways-in",
    Act.CHANGE_BANK_ACCOUNT: "money-and-identity",
    Act.CHANGE_IDENTITY: "money-and-identity",
    Act.GRANT_A_HELPER: "grants",
    Act.ACCEPT_A_GRANT: "grants",
    Act.HELP_SOMEBODY: "helping",
    Act.STOP_HELPING: "sessions",
    Act.WORK_AT_THE_DESK: "desk",
    Act.TAKE_A_PAYMENT_FILE: "desk",
}
"""A write passes the door of its act, unless it has one of its own."""
ANY_WRITE = "this-browser"
"""For a write whose act has no line above: a test then says so."""

AT: Mapping[str, str] = {
    "POST counter.enter": "counter-code",
    "POST counter.set_pin": "counter-code",
    "POST counter.set_passkey": "counter-code",
    "POST counter.pin": "counter-pin",
    "POST passkeys.come_in": "passkey",
    "POST sign_in.type_code": "sign-in-code",
    "POST government_channel.confirm": "government-channel-confirm",
    "PATCH documents.piece": "paper-pieces",
    "POST privacy.give_copy": "copies",
    "POST privacy.erase": "erasures",
    "POST counter.number": "numbers-looked-up",
    "POST officer.paper_number": "numbers-looked-up",
    "POST helpers.enter_code": "helper-code",
    "POST helpers.desk_person": "numbers-looked-up",
    "POST helpers.desk_helper": "numbers-looked-up",
    "POST counter.check": "codes-made",
    "POST officer_claim_batches.file": "payment-files",
    "POST name_change.enter": "codes-made",
    "GET claim_letter.pdf": "letters",
    "GET sign_in.go_to_thaid": "sign-in",
    "GET sign_in.back_from_thaid": "sign-in-return",
    "GET hospitals.hospitals": "search",
    "GET hospital_change.hospitals": "search",
    "GET officer.paper_hospitals": "search",
    "GET api.effective_date": "api",
    "GET api.change_window": "api",
    "GET api.hospitals": "api",
    "GET api.law": "api",
    "GET api.contribution": "api",
    "GET api.openapi": "api",
}
"""Routes with a door of their own, by method and endpoint; GET stands for HEAD and OPTIONS too."""

IN_THE_VIEW: Mapping[str, tuple[str, ...]] = {
    "POST counter.enter": ("wrong-codes", "wrong-codes-of-all"),
    "POST counter.pin": ("wrong-pins", "wrong-pins-of-all"),
    "POST helpers.enter_code": ("wrong-codes", "wrong-codes-of-all"),
    "POST subscriptions.keep": ("subscriptions",),
    "POST subscriptions.test": ("push-tests",),
    "POST reminders.try_it": ("push-tests",),
    "GET government_channel.landing": ("government-channel",),
    "GET calendar_feed.feed": ("calendar-feed", "unknown-calendar-feeds"),
    "POST hospital_change.cause": ("new-drafts",),
}
"""Doors that the view passes by itself, beside the one above."""

FREE = frozenset({"static", "style", "script", "status.alive", "status.ready", "metrics.metrics"})
"""Never counted: files that browsers keep, and what supervisors ask."""


def door_of(method: str, endpoint: str | None, act: Act | None, is_write: bool) -> str | None:
    """The door that a request passes before its view; None for what is never counted."""
    if endpoint in FREE:
        return None
    usual = OF_ACT.get(act, ANY_WRITE) if is_write and act else ANY_WRITE if is_write else "pages"
    return AT.get(f"{method if is_write else 'GET'} {endpoint}", usual)
