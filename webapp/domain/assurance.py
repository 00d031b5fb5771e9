"""How sure we are who is asking, and which act needs how much of it: the one place that says so.

| act | ThaiD within 5 minutes | ThaiD, longer ago | ทางรัฐ · passkey after ThaiD | counter code | nobody |
|---|---|---|---|---|---|
| what any browser may do | yes | yes | yes | yes | yes |
| read one's own record, change hospital, claim a benefit, take back, say what is wrong, end devices | yes | yes | yes | yes | sign in |
| bank account, identity, letting somebody help, a new passkey | yes | ThaiD again | ThaiD again | at the counter | sign in |
| work at the officers' desk (officers only) | yes | yes | no such page | no such page | sign in |
| take a file with whole account numbers (officers only) | yes | ThaiD again | no such page | no such page | sign in |

Decided:
- A level belongs to the way somebody came in and to the time since; nobody rises by using the app. Only ThaiD is ever fresh: a passkey or
  a PIN that was used a second ago says who holds the phone, not who the State says it is.
- Whoever came by a code from the counter may have no ThaiD at all, so ThaiD is not what they are asked for: an officer looks at their card.
- Taking a copy of everything and deleting it asks for a sign-in within FRESH_SECONDS by whatever way (actions/privacy.py): the law gives
  that to people without ThaiD too, and it guards against a phone left open, not against a weaker way in.
- Whoever acts for somebody else does so in their own session; what a helper's rights reach is domain/helper_grant.py's to say.
- Every write of the app names its act by `web/guards.needs`; tests/views/test_assurance.py walks the route map against this table.
- While nothing is taken in (domain/read_only.py), GOES_ON says which acts are done all the same: those that lose nobody anything if the
  database is moved meanwhile and what they wrote stays behind. They write what ends by itself within hours (a session, a count of tries)
  and what the phone holds as well (language, look). Signing in is noted in the audit of the database in which it happened, and so is
  what an officer or a helper reads: no reading is shown that cannot be noted. Whoever fears for a lost phone cannot wait, so devices can
  be ended; moving a database ends all sessions (docs/operating.md).
Put aside: numbers for levels (IAL, AAL) as what acts ask for: they are two scales that readers mix up, and each act here asks for a way.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

FRESH_SECONDS = 5 * 60
"""facts/thaid.md, point 7: fresh ThaiD for money and identity."""


class Via(StrEnum):
    """How a session was opened; kept with it."""

    THAID = "thaid"
    GOVERNMENT_CHANNEL = "government_channel"
    PASSKEY = "passkey"
    COUNTER_PASSKEY = "counter_passkey"
    COUNTER_PIN = "counter_pin"


class Level(StrEnum):
    """How sure we are now."""

    NOBODY = "nobody"
    COUNTER = "counter"
    PASSKEY = "passkey"
    GOVERNMENT_CHANNEL = "government_channel"
    THAID = "thaid"
    THAID_FRESH = "thaid_fresh"


class Need(StrEnum):
    """What an act asks for."""

    NOTHING = "nothing"
    A_PERSON = "a_person"
    FRESH_THAID = "fresh_thaid"
    AN_OFFICER = "an_officer"
    A_FRESH_OFFICER = "a_fresh_officer"


class Act(StrEnum):
    """What somebody does here."""

    USE_THIS_BROWSER = "use_this_browser"
    SET_REMINDERS = "set_reminders"
    SIGN_IN_OR_OUT = "sign_in_or_out"
    SET_A_WAY_IN = "set_a_way_in"
    ASK_THE_OPEN_API = "ask_the_open_api"
    FILL_IN = "fill_in"
    READ_OWN_RECORD = "read_own_record"
    READ_REQUESTS = "read_requests"
    READ_MONTHS = "read_months"
    READ_CORRECTIONS = "read_corrections"
    CHANGE_HOSPITAL = "change_hospital"
    CLAIM_A_BENEFIT = "claim_a_benefit"
    SAY_WHAT_IS_WRONG = "say_what_is_wrong"
    ATTACH_PAPERS = "attach_papers"
    KEEP_OWN_CALENDAR = "keep_own_calendar"
    DECIDE_OVER_OWN_DATA = "decide_over_own_data"
    END_DEVICES = "end_devices"
    REMOVE_PASSKEY = "remove_passkey"
    SET_PASSKEY = "set_passkey"
    LINK_GOVERNMENT_CHANNEL = "link_government_channel"
    END_GOVERNMENT_CHANNEL = "end_government_channel"
    CHANGE_BANK_ACCOUNT = "change_bank_account"
    CHANGE_IDENTITY = "change_identity"
    GRANT_A_HELPER = "grant_a_helper"
    END_A_GRANT = "end_a_grant"
    ACCEPT_A_GRANT = "accept_a_grant"
    HELP_SOMEBODY = "help_somebody"
    STOP_HELPING = "stop_helping"
    WORK_AT_THE_DESK = "work_at_the_desk"
    TAKE_A_PAYMENT_FILE = "take_a_payment_file"


NEEDS = {
    Act.USE_THIS_BROWSER: Need.NOTHING,
    Act.SET_REMINDERS: Need.NOTHING,
    Act.SET_A_WAY_IN: Need.NOTHING,
    Act.SIGN_IN_OR_OUT: Need.NOTHING,
    Act.ASK_THE_OPEN_API: Need.NOTHING,
    Act.FILL_IN: Need.NOTHING,
    Act.STOP_HELPING: Need.NOTHING,
    Act.READ_OWN_RECORD: Need.A_PERSON,
    Act.READ_REQUESTS: Need.A_PERSON,
    Act.READ_MONTHS: Need.A_PERSON,
    Act.READ_CORRECTIONS: Need.A_PERSON,
    Act.CHANGE_HOSPITAL: Need.A_PERSON,
    Act.CLAIM_A_BENEFIT: Need.A_PERSON,
    Act.SAY_WHAT_IS_WRONG: Need.A_PERSON,
    Act.ATTACH_PAPERS: Need.A_PERSON,
    Act.KEEP_OWN_CALENDAR: Need.A_PERSON,
    Act.DECIDE_OVER_OWN_DATA: Need.A_PERSON,
    Act.END_DEVICES: Need.A_PERSON,
    Act.REMOVE_PASSKEY: Need.A_PERSON,
    Act.END_A_GRANT: Need.A_PERSON,
    Act.HELP_SOMEBODY: Need.A_PERSON,
    Act.END_GOVERNMENT_CHANNEL: Need.A_PERSON,
    Act.SET_PASSKEY: Need.FRESH_THAID,
    Act.LINK_GOVERNMENT_CHANNEL: Need.FRESH_THAID,
    Act.CHANGE_BANK_ACCOUNT: Need.FRESH_THAID,
    Act.CHANGE_IDENTITY: Need.FRESH_THAID,
    Act.GRANT_A_HELPER: Need.FRESH_THAID,
    Act.ACCEPT_A_GRANT: Need.FRESH_THAID,
    Act.WORK_AT_THE_DESK: Need.AN_OFFICER,
    Act.TAKE_A_PAYMENT_FILE: Need.A_FRESH_OFFICER,
}
ASKED_WHEN_SENT = {Need.FRESH_THAID: Act.READ_OWN_RECORD, Need.A_FRESH_OFFICER: Act.WORK_AT_THE_DESK}
"""The page of an act that asks for fresh ThaiD is shown to whoever may do this; they are asked when they send it."""
READS = frozenset({Act.READ_OWN_RECORD, Act.READ_REQUESTS, Act.READ_MONTHS, Act.READ_CORRECTIONS})
"""What a page that only shows may name; a write names what it does. All but the first a helper can be let see."""
GOES_ON = frozenset(
    {Act.USE_THIS_BROWSER, Act.SIGN_IN_OR_OUT, Act.ASK_THE_OPEN_API, Act.HELP_SOMEBODY, Act.STOP_HELPING, Act.END_DEVICES, *READS}
)
"""What is done also while nothing is taken in. An act that does not stand here rests then, and so does a new one until it is thought of."""


class Answer(StrEnum):
    """What follows for whoever asks."""

    YES = "yes"
    SIGN_IN = "sign_in"
    THAID_AGAIN = "thaid_again"
    AT_THE_COUNTER = "at_the_counter"
    NO_SUCH_PAGE = "no_such_page"


@dataclass(frozen=True)
class Standing:
    """Who is asking, as far as acts care: how sure, and in which part."""

    level: Level = Level.NOBODY
    is_person: bool = False
    is_officer: bool = False


def level_of(via: str, authenticated_at: float, now: float) -> Level:
    """Of a session that runs; both times in epoch seconds. A way in that is not known counts least."""
    if via == Via.THAID:
        return Level.THAID_FRESH if now - authenticated_at <= FRESH_SECONDS else Level.THAID
    known = {Via.GOVERNMENT_CHANNEL: Level.GOVERNMENT_CHANNEL, Via.PASSKEY: Level.PASSKEY}
    return known[Via(via)] if via in known else Level.COUNTER


def is_lower(level: Level) -> bool:
    """Whether the pages say that some acts are left to the counter."""
    return level is Level.COUNTER


def may_be_officer(via: str) -> bool:
    """Whether an office opens by this way in: a desk opens too many records for less than ThaiD."""
    return via == Via.THAID


def answer(act: Act, standing: Standing) -> Answer:
    """Whether this act may be done now, or what to do first."""
    need = NEEDS[act]
    if need is Need.NOTHING:
        return Answer.YES
    if need in (Need.AN_OFFICER, Need.A_FRESH_OFFICER):
        return _for_officers(standing, need)
    if standing.level is Level.NOBODY or not standing.is_person:
        return Answer.SIGN_IN
    if need is Need.A_PERSON or standing.level is Level.THAID_FRESH:
        return Answer.YES
    return Answer.AT_THE_COUNTER if is_lower(standing.level) else Answer.THAID_AGAIN


def _for_officers(standing: Standing, need: Need) -> Answer:
    if standing.level is Level.NOBODY:
        return Answer.SIGN_IN
    if not standing.is_officer or standing.level not in (Level.THAID, Level.THAID_FRESH):
        return Answer.NO_SUCH_PAGE
    return Answer.YES if need is Need.AN_OFFICER or standing.level is Level.THAID_FRESH else Answer.THAID_AGAIN
