"""Signing in: an attempt kept on the server until the browser comes back, then who it is, then a session.

The browser that starts is bound to the attempt by one secret cookie, however many attempts it starts: two tabs may both
complete, and abandoned attempts grow nothing in the browser. A return in another browser signs in neither: there it would be
somebody else's sign-in if the link was sent on, and in the browser that began it would be an identity from elsewhere. The attempt is
spent by such a return. That browser shows six digits instead, and whoever types them where the sign-in began completes it there: an app on
the home screen of some phones never gets its own return (facts/thaid.md, point 3). The digits live two minutes, serve once, stand three
tries, and are shown with a warning, since people can be talked into telling them. Officers get none: a desk opens too many records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from secrets import compare_digest, randbelow, token_urlsafe

from webapp.actions import audit
from webapp.actions.counter_codes import ACCEPTED
from webapp.actions.name_change import note_what_thaid_says
from webapp.actions.sessions import ATTEMPT_SECONDS, NO_DEVICE, Device, end_session, hash_of, open_session
from webapp.domain.assurance import Via
from webapp.domain.audit import Act
from webapp.ports import Attempt, CarriedSignIn, Identity, SignInFailed, Tools

CODE_DIGITS, CODE_SECONDS, CODE_TRIES = 6, 120, 3
UNANSWERED: tuple[object, ...] = (None, "", [])


@dataclass(frozen=True)
class SignedIn:
    """`token` is the secret for the session cookie; `next` the path to go on to."""

    token: str
    next: str
    person_id: str | None
    officer_id: str | None


@dataclass(frozen=True)
class NotSignedIn:
    """`cause`: the words of SignInFailed, or unknown · other_browser · already_used · too_old · not_insured; `next` keeps the way back."""

    cause: str
    next: str
    detail: str = ""


@dataclass(frozen=True)
class CarriedOver:
    """The return came in another browser, which shows a code; `secret` lets that browser, and no other, show it."""

    secret: str


@dataclass(frozen=True)
class CodeRefused:
    """`tries_left` 0: there is no code to type any more, start anew."""

    tries_left: int


@dataclass(frozen=True)
class Who:
    """Whom a verified identity stands for here; neither is set for somebody without insurance or office."""

    person_id: str | None
    officer_id: str | None


def start(tools: Tools, browser_secret: str, next_path: str, redirect_uri: str) -> str:
    """Keep an attempt of this browser; returns ThaiD's address to go to. Raises SignInFailed where ThaiD cannot be reached."""
    begun = tools.identity.begin(redirect_uri)
    tools.store.keep_attempt(
        Attempt(
            state_hash=hash_of(begun.state),
            browser_hash=hash_of(browser_secret),
            nonce=begun.nonce,
            verifier=begun.verifier,
            redirect_uri=redirect_uri,
            next=next_path,
            started_at=tools.clock.machine_time(),
        )
    )
    return begun.url


def finish(
    tools: Tools, browser_secret: str | None, callback: Mapping[str, str], earlier_token: str | None = None, device: Device = NO_DEVICE
) -> SignedIn | CarriedOver | NotSignedIn:
    """The return from ThaiD: a new session, a code to carry it over, or why not. `earlier_token`, this browser's session so far, ends.
    A failure is noted once an attempt: whoever asks for an old return again grows nothing."""
    attempt: Attempt | None = tools.store.attempt(hash_of(callback.get("state", "")))
    if attempt is None:
        return NotSignedIn("unknown", "/")
    is_ours = browser_secret is not None and compare_digest(hash_of(browser_secret), attempt.browser_hash)
    if not tools.store.use_attempt(attempt.state_hash, tools.clock.machine_time()):
        return NotSignedIn("already_used" if is_ours else "other_browser", attempt.next)
    outcome = _finish(tools, attempt, is_ours, callback, earlier_token, device)
    if isinstance(outcome, NotSignedIn):
        audit.note(tools, Act.SIGN_IN_FAILED, audit.NOBODY, cause=outcome.cause)
    return outcome


def _finish(
    tools: Tools, attempt: Attempt, is_ours: bool, callback: Mapping[str, str], earlier_token: str | None, device: Device
) -> SignedIn | CarriedOver | NotSignedIn:
    """With an attempt that was spent just now, by exactly one caller and before ThaiD is shown any code."""
    if _is_too_old(tools, attempt):
        return NotSignedIn("too_old" if is_ours else "other_browser", attempt.next)
    try:
        identity = tools.identity.finish(callback, attempt)
    except SignInFailed as failed:
        return NotSignedIn(failed.cause, attempt.next, failed.detail)
    who = _who_is(tools, identity)
    if who.person_id is None and who.officer_id is None:
        return NotSignedIn("not_insured", attempt.next)
    if is_ours:
        return tools.store.again(partial(_let_in, tools, attempt.browser_hash, attempt.next, identity, earlier_token, device))
    return NotSignedIn("other_browser", attempt.next) if who.officer_id else _carry_over(tools, attempt, identity)


def code_to_show(tools: Tools, secret: str | None) -> CarriedSignIn | None:
    """For the browser that came back, while its code can still be typed."""
    carried: CarriedSignIn | None = tools.store.carried_sign_in_shown_to(hash_of(secret)) if secret else None
    return carried if carried and _is_open(tools, carried) else None


def stop_code(tools: Tools, secret: str | None) -> None:
    """Somebody who did not begin this sign-in makes the code worthless."""
    if carried := code_to_show(tools, secret):
        tools.store.drop_carried_sign_in(carried.state_hash)


def is_code_awaited(tools: Tools, browser_secret: str | None) -> bool:
    """Whether a sign-in that this browser began waits elsewhere for its code."""
    return _carried_for(tools, browser_secret) is not None


def finish_by_code(
    tools: Tools, browser_secret: str | None, code: str, earlier_token: str | None = None, device: Device = NO_DEVICE
) -> SignedIn | CodeRefused:
    """Complete, in the browser that began, a sign-in that came back elsewhere."""
    carried = _carried_for(tools, browser_secret)
    if carried is None or not tools.store.try_carried_sign_in(carried.state_hash, CODE_TRIES):
        return CodeRefused(0)
    if not compare_digest(code.encode(), carried.code.encode()):
        return CodeRefused(CODE_TRIES - carried.tries - 1)
    if not tools.store.drop_carried_sign_in(carried.state_hash):
        return CodeRefused(0)
    return _let_in(tools, carried.browser_hash, carried.next, carried.identity, earlier_token, device)


def waiting_since(tools: Tools, browser_secret: str | None) -> float | None:
    """When this browser last went to ThaiD, in epoch seconds, if it has not come back yet and still may."""
    if not browser_secret:
        return None
    latest: Attempt | None = tools.store.latest_attempt_of(hash_of(browser_secret))
    if latest is None or latest.used_at is not None or _is_too_old(tools, latest):
        return None
    return latest.started_at


def is_first_time(tools: Tools, person_id: str) -> bool:
    """Whether this person was never asked for what ThaiD does not tell (language, letters). Asking counts, so that it happens once."""
    first: bool = tools.store.welcome(person_id, tools.clock.now())
    return first


def move_drafts(tools: Tools, browser_owner: str, person_owner: str) -> None:
    """What was typed before sign-in becomes the person's. It wins answer by answer over an older draft of theirs, whose other
    answers stay: nothing typed is lost on either side. A code from the counter stays where it was entered: it may be somebody else's."""
    now = tools.clock.machine_time()
    for kind, answers in tools.store.drafts_of(browser_owner).items():
        if kind == ACCEPTED:
            continue
        own = tools.store.draft(person_owner, kind) or {}
        typed = {name: answer for name, answer in answers.items() if answer not in UNANSWERED or name not in own}
        tools.store.keep_draft(person_owner, kind, own | typed, now)
        tools.store.drop_draft(browser_owner, kind)


def _carry_over(tools: Tools, attempt: Attempt, identity: Identity) -> CarriedOver:
    secret = token_urlsafe(32)
    tools.store.keep_carried_sign_in(
        CarriedSignIn(
            state_hash=attempt.state_hash,
            browser_hash=attempt.browser_hash,
            shown_to_hash=hash_of(secret),
            code=f"{randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}",
            identity=identity,
            next=attempt.next,
            ends_at=tools.clock.machine_time() + CODE_SECONDS,
        )
    )
    return CarriedOver(secret)


def _carried_for(tools: Tools, browser_secret: str | None) -> CarriedSignIn | None:
    carried: CarriedSignIn | None = tools.store.carried_sign_in_for(hash_of(browser_secret)) if browser_secret else None
    return carried if carried and _is_open(tools, carried) else None


def _is_open(tools: Tools, carried: CarriedSignIn) -> bool:
    return carried.tries < CODE_TRIES and bool(tools.clock.machine_time() < carried.ends_at)


def _is_too_old(tools: Tools, attempt: Attempt) -> bool:
    return bool(tools.clock.machine_time() - attempt.started_at >= ATTEMPT_SECONDS)


def _who_is(tools: Tools, identity: Identity) -> Who:
    """Insured is whoever the office keeps under a section, also after the insurance ended: claims follow the end of work."""
    person_id = tools.store.person_id_of(identity.pid)
    person = tools.store.person(person_id) if person_id else None
    officer = tools.store.officer_of(identity.pid)
    return Who(person.id if person and person.section else None, officer.id if officer else None)


def _let_in(
    tools: Tools, browser_hash: str, next_path: str, identity: Identity, earlier_token: str | None, device: Device
) -> SignedIn:
    who = _who_is(tools, identity)
    with tools.store.transaction():
        if earlier_token:
            end_session(tools, earlier_token)
        if who.officer_id:
            tools.store.keep_officer_name(who.officer_id, identity)
        if who.person_id:
            move_drafts(tools, f"browser:{browser_hash}", f"person:{who.person_id}")
            note_what_thaid_says(tools, who.person_id, identity)
        token = open_session(tools, who.person_id, who.officer_id, Via.THAID, identity.ial, device)
    return SignedIn(token, next_path, who.person_id, who.officer_id)
