"""Who is asking: the session behind the cookie, and the doors that need one. What each act needs is said in domain/assurance.py.

A guard that turns somebody away gives the way back: after sign-in they stand where they were, with what they had typed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import ParamSpec
from urllib.parse import quote

from flask import Response, abort, current_app, g, make_response, redirect, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from webapp.actions import sessions
from webapp.actions.sessions import ends_at, owner_of, ran_out_session_of, session_of
from webapp.domain.assurance import NEEDS, Act, Answer, Need, Standing, Via, answer
from webapp.domain.person import Person
from webapp.ports import Name, Officer, Session
from webapp.web import cookies
from webapp.web.browser import browser_owner, browser_owner_or_new
from webapp.web.limits import allow
from webapp.web.security import SAFE_METHODS, mark_personal
from webapp.web.tools import tools
from webapp.web.typed import keep_typed

SESSION_COOKIE = "sitthi-session"
FORMS_OF_NOBODY, FORMS_WINDOW = 100, 3600  # forms kept for browsers that never had a session, an address and hour
P = ParamSpec("P")
View = Callable[P, AnyResponse | str]


def current_session() -> Session | None:
    """This browser's session, looked up once a request."""
    if "session_row" not in g:
        token = cookies.read(SESSION_COOKIE)
        g.session_row = session_of(tools(), token) if token else None
        g.session_ran_out = bool(token) and g.session_row is None
        if token:
            mark_personal()
    found: Session | None = g.session_row
    return found


def session_ran_out() -> bool:
    """Whether this browser came with a session that has ended meanwhile."""
    current_session()
    return bool(g.session_ran_out)


def came_by(via: Via) -> bool:
    """Whether the session of whoever asks was opened this way."""
    session = current_session()
    return session is not None and session.via == via


def session_end() -> float | None:
    session = current_session()
    return ends_at(session) if session else None


def ask_nobody() -> None:
    """From here on this request is answered without asking the store who is asking: it may be the store that is down."""
    g.session_row = g.person = g.person_name = g.officer = None
    g.session_ran_out = False


def signed_in_person_id() -> str | None:
    session = current_session()
    return session.person_id if session else None


def person() -> Person | None:
    """The insured person who is asking, with the record as it stands."""
    if "person" not in g:
        person_id = signed_in_person_id()
        g.person = tools().store.person(person_id) if person_id else None
    found: Person | None = g.person
    return found


def person_name() -> Name | None:
    if "person_name" not in g:
        person_id = signed_in_person_id()
        g.person_name = tools().store.name_of(person_id) if person_id else None
    found: Name | None = g.person_name
    return found


def officer() -> Officer | None:
    if "officer" not in g:
        session = current_session()
        g.officer = tools().store.officer(session.officer_id) if session and session.officer_id else None
    found: Officer | None = g.officer
    return found


def person_who_asks() -> Person:
    """Inside a view behind `@signed_in`."""
    found = person()
    assert found is not None
    return found


def officer_who_decides() -> Officer:
    """Inside a view behind `@officers_only`."""
    found = officer()
    assert found is not None
    return found


def draft_owner() -> str | None:
    """Under whom the store keeps drafts of whoever is asking: the insured person, else this browser; None for a new browser."""
    person_id = signed_in_person_id()
    return f"person:{person_id}" if person_id else browser_owner()


def draft_owner_or_new() -> str:
    """The same for keeping one: a new browser is made known by this answer."""
    return draft_owner() or browser_owner_or_new()


def to_sign_in() -> Response:
    """Off to sign in, with the way back; a write goes back to the page that its form stands on."""
    return _gone_to("/sign-in")


def _gone_to(page: str) -> Response:
    response = make_response(redirect(f"{page}?next={quote(_way_back(), safe='/')}", code=303))
    if request.headers.get("HX-Request"):
        response.headers["HX-Redirect"] = response.headers["Location"]
        response.status_code = 200
    return response


def _turned_away() -> Response:
    """Off to sign in; what a form had carried waits for the person whose session ran out, else for this browser."""
    if request.method not in SAFE_METHODS:
        token = cookies.read(SESSION_COOKIE)
        ran_out = ran_out_session_of(tools(), token) if token else None
        if ran_out is None:
            allow("typed-by-nobody", FORMS_OF_NOBODY, FORMS_WINDOW)
        keep_typed(owner_of(ran_out) if ran_out else browser_owner_or_new(), _way_back())
    return to_sign_in()


def _way_back() -> str:
    """This page; for an address that only takes forms, the nearest page above it."""
    here = request.full_path.rstrip("?")
    if request.method in SAFE_METHODS or _is_a_page(request.path):
        return here
    above = request.path
    while above and not _is_a_page(above):
        above = above.rpartition("/")[0]
    return above or "/"


def _is_a_page(path: str) -> bool:
    try:
        current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return False
    return True


def standing() -> Standing:
    """Who is asking, as far as acts care: a session whose person or office is gone counts for none."""
    found = sessions.standing_of(tools(), current_session())
    return replace(found, is_person=found.is_person and person() is not None, is_officer=found.is_officer and officer() is not None)


def needs(act: Act) -> Callable[[View[P]], View[P]]:
    """Declares what a view does; whoever may not do it now is sent where they may, with what they had typed kept (domain/assurance.py).

    Where an act asks for fresh ThaiD, its page is shown to any person who is signed in: they are asked when they send it.
    """

    def declare(view: View[P]) -> View[P]:
        if NEEDS[act] is Need.NOTHING:
            view.act = act  # type: ignore[attr-defined]
            return view

        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> AnyResponse | str:
            mark_personal()
            return _sent_elsewhere(act) or view(*args, **kwargs)

        guarded.act = act  # type: ignore[attr-defined]
        return guarded

    return declare


def act_of(view: object) -> Act | None:
    """What a view declared; None for one that declared nothing."""
    found: Act | None = getattr(view, "act", None)
    return found


signed_in = needs(Act.READ_OWN_RECORD)
"""For pages that show an insured person something of their own."""
officers_only = needs(Act.WORK_AT_THE_DESK)
"""Somebody else who is signed in is told nothing but that there is no such page."""


def _sent_elsewhere(act: Act) -> Response | None:
    only_looks = request.method in SAFE_METHODS and NEEDS[act] is Need.FRESH_THAID
    said = answer(Act.READ_OWN_RECORD if only_looks else act, standing())
    if said is Answer.NO_SUCH_PAGE:
        abort(404)
    if said is Answer.SIGN_IN:
        return _turned_away()
    if said is Answer.THAID_AGAIN:
        return _to_thaid_again()
    return _to_the_counter() if said is Answer.AT_THE_COUNTER else None


def _to_thaid_again() -> Response:
    """What was typed waits, for this person alone, until ThaiD has vouched again."""
    session = current_session()
    if session is not None:
        keep_typed(owner_of(session), _way_back(), asked_again=True)
    return _gone_to("/sign-in/again")


def _to_the_counter() -> Response:
    """For somebody who may have no ThaiD: where it can be done, and what for."""
    return make_response(render_template("counter/at_the_counter.html", back=_way_back()), 403)
