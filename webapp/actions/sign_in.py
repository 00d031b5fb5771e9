"""Signing in: an attempt kept on the server until the browser comes back, then who it is, then a session.

The browser that starts is bound to the attempt by one secret cookie, however many attempts it starts: two tabs may both
complete, and abandoned attempts grow nothing in the browser. A return in another browser signs in neither: there it would be
somebody else's sign-in if the link was sent on, and in the browser that began it would be an identity from elsewhere. The attempt is
spent by such a return. The six-digit code that could carry a sign-in over (facts/thaid.md, point 3) was left out:
a fresh start costs a minute, and a code is one more thing that people can be talked into telling.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from secrets import compare_digest

from webapp.actions.sessions import ATTEMPT_SECONDS, end_session, hash_of, open_session
from webapp.ports import Attempt, Identity, SignInFailed, Tools

VIA = "thaid"
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
    tools: Tools, browser_secret: str | None, callback: Mapping[str, str], earlier_token: str | None = None
) -> SignedIn | NotSignedIn:
    """The return from ThaiD: a new session, or why not. `earlier_token`, the session this browser still had, ends."""
    attempt: Attempt | None = tools.store.attempt(hash_of(callback.get("state", "")))
    if attempt is None:
        return NotSignedIn("unknown", "/")
    cause = _spent_or_strange(tools, attempt, browser_secret)
    if cause:
        return NotSignedIn(cause, attempt.next)
    try:
        identity = tools.identity.finish(callback, attempt)
    except SignInFailed as failed:
        return NotSignedIn(failed.cause, attempt.next, failed.detail)
    who = _who_is(tools, identity)
    if who.person_id is None and who.officer_id is None:
        return NotSignedIn("not_insured", attempt.next)
    return _let_in(tools, attempt, identity, who, earlier_token)


def waiting_since(tools: Tools, browser_secret: str | None) -> float | None:
    """When this browser last went to ThaiD, in epoch seconds, if it has not come back yet and still may."""
    if not browser_secret:
        return None
    latest: Attempt | None = tools.store.latest_attempt_of(hash_of(browser_secret))
    if latest is None or latest.used_at is not None or _is_too_old(tools, latest):
        return None
    return latest.started_at


def move_drafts(tools: Tools, browser_owner: str, person_owner: str) -> None:
    """What was typed before sign-in becomes the person's. It wins answer by answer over an older draft of theirs, whose other
    answers stay: nothing typed is lost on either side."""
    now = tools.clock.machine_time()
    for kind, answers in tools.store.drafts_of(browser_owner).items():
        own = tools.store.draft(person_owner, kind) or {}
        typed = {name: answer for name, answer in answers.items() if answer not in UNANSWERED or name not in own}
        tools.store.keep_draft(person_owner, kind, own | typed, now)
        tools.store.drop_draft(browser_owner, kind)


def _spent_or_strange(tools: Tools, attempt: Attempt, browser_secret: str | None) -> str | None:
    """Why this return must not be followed, or None after marking the attempt used: to exactly one caller, before any code is shown."""
    is_ours = browser_secret is not None and compare_digest(hash_of(browser_secret), attempt.browser_hash)
    first = tools.store.use_attempt(attempt.state_hash, tools.clock.machine_time())
    if not is_ours:
        return "other_browser"
    if not first:
        return "already_used"
    return "too_old" if _is_too_old(tools, attempt) else None


def _is_too_old(tools: Tools, attempt: Attempt) -> bool:
    return bool(tools.clock.machine_time() - attempt.started_at >= ATTEMPT_SECONDS)


def _who_is(tools: Tools, identity: Identity) -> Who:
    """Insured is whoever the office keeps under a section, also after the insurance ended: claims follow the end of work."""
    person_id = tools.store.person_id_of(identity.pid)
    person = tools.store.person(person_id) if person_id else None
    officer = tools.store.officer_of(identity.pid)
    return Who(person.id if person and person.section else None, officer.id if officer else None)


def _let_in(tools: Tools, attempt: Attempt, identity: Identity, who: Who, earlier_token: str | None) -> SignedIn:
    with tools.store.transaction():
        if earlier_token:
            end_session(tools, earlier_token)
        if who.officer_id:
            tools.store.keep_officer_name(who.officer_id, identity)
        if who.person_id:
            move_drafts(tools, f"browser:{attempt.browser_hash}", f"person:{who.person_id}")
        token = open_session(tools, identity, who.person_id, who.officer_id, VIA)
    return SignedIn(token, attempt.next, who.person_id, who.officer_id)
