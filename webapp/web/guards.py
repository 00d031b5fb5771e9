"""Who is asking: the session behind the cookie, and the doors that need one. What each act needs is said in domain/assurance.py.

A guard that turns somebody away gives the way back: after sign-in they stand where they were, with what they had typed.

Who signed in and whose record it is part here and nowhere else (`asking`): while somebody acts for another, `person` and `person_name` are
of that other person, and only on pages whose act the grant reaches; elsewhere they are nobody. A view that declares no act shows a helper
nothing of anybody. What belongs to whoever holds the phone (language, reminders on it, the session) asks for `signed_in_person_id`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import ParamSpec
from urllib.parse import quote

from flask import Response, abort, current_app, g, make_response, redirect, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from webapp.actions import helpers, sessions
from webapp.actions.helpers import Acting
from webapp.actions.sessions import ends_at, owner_of, ran_out_session_of, session_of
from webapp.domain.assurance import ASKED_WHEN_SENT, NEEDS, Act, Answer, Need, Standing, Via, answer
from webapp.domain.helper_grant import FREE_WHILE_ACTING, RIGHT_FOR, Asking, Grant, Right, may, may_act
from webapp.domain.person import Person
from webapp.ports import Name, Officer, Session
from webapp.web import cookies
from webapp.web.browser import browser_owner, browser_owner_or_new
from webapp.web.helper_words import right_word
from webapp.web.limits import allow
from webapp.web.security import SAFE_METHODS, mark_personal
from webapp.web.tools import noted, tools
from webapp.web.typed import keep_typed

SESSION_COOKIE = "sitthi-session"
log = logging.getLogger("sitthi")
PEOPLE_I_HELP, MY_DATA = "/helpers", "/my-data"
P = ParamSpec("P")
View = Callable[P, AnyResponse | str]


def current_session() -> Session | None:
    """This browser's session, looked up once a request."""
    known = noted()
    if "session_row" not in known:
        token = cookies.read(SESSION_COOKIE)
        known["session_row"] = session_of(tools(), token) if token else None
        known["session_ran_out"] = bool(token) and known["session_row"] is None
        if token:
            mark_personal()
    found: Session | None = known["session_row"]
    return found


def session_ran_out() -> bool:
    """Whether this browser came with a session that has ended meanwhile."""
    current_session()
    return bool(noted()["session_ran_out"])


def came_by(via: Via) -> bool:
    """Whether the session of whoever asks was opened this way."""
    session = current_session()
    return session is not None and session.via == via


def session_end() -> float | None:
    session = current_session()
    return ends_at(session) if session else None


def ask_nobody() -> None:
    """From here on this request is answered without asking the store who is asking: it may be the store that is down."""
    g.session_row = g.person = g.person_name = g.officer = g.acting = g.asking = None
    g.session_ran_out = False


def signed_in_person_id() -> str | None:
    """Who signed in, also while they act for somebody else."""
    session = current_session()
    return session.person_id if session else None


def acting() -> Acting | None:
    """For whom whoever is signed in acts, read anew with each request; None where they are here for themselves."""
    known = noted()
    if "acting" not in known:
        session = current_session()
        known["acting"] = helpers.acting_of(tools(), session) if session else None
    found: Acting | None = known["acting"]
    return found


def is_known_to_act() -> bool:
    """The same, of what this request has asked already: an answer that looked at no session has nothing of anybody."""
    session: Session | None = noted().get("session_row")
    return session is not None and bool(session.grant_id)


def asking() -> Asking | None:
    """Whose record this page may use, and who acts for them; None for nobody, and for a helper whose rights do not reach this page. That a
    right was used is noted here, each write by itself."""
    known = noted()
    if "asking" not in known:
        known["asking"] = _asking()
    found: Asking | None = known["asking"]
    return found


def _asking() -> Asking | None:
    session, acts, act = current_session(), acting(), _act_of_this_page()
    if session is None or session.person_id is None:
        return None
    if acts is None:
        return Asking(session.person_id)
    if acts.grant is None or act is None or not may_act(acts.grant, act, tools().clock.now()):
        return None
    helpers.note_use(tools(), session, acts.grant, RIGHT_FOR[act], write="" if request.method in SAFE_METHODS else str(act))
    return Asking(acts.grant.person_id, session.person_id)


def _act_of_this_page() -> Act | None:
    return act_of(current_app.view_functions.get(request.endpoint or ""))


def helper_id() -> str | None:
    """Of whoever acts for somebody else here."""
    found = asking()
    return found.helper_id if found else None


def is_granted(right: Right) -> bool:
    """Whether whoever asks may use this right here: the person has every one, a helper those of the grant."""
    if helper_id() is None:
        return True
    acts = acting()
    return acts is not None and acts.grant is not None and isinstance(may(acts.grant, right, tools().clock.now()), Grant)


def person() -> Person | None:
    """The insured person whose page this is, with the record as it stands."""
    known = noted()
    if "person" not in known:
        whose = asking()
        known["person"] = tools().store.person(whose.person_id) if whose else None
    found: Person | None = known["person"]
    return found


def person_name() -> Name | None:
    known = noted()
    if "person_name" not in known:
        whose = asking()
        known["person_name"] = tools().store.name_of(whose.person_id) if whose else None
    found: Name | None = known["person_name"]
    return found


def officer() -> Officer | None:
    """Nobody works at a desk while they act for somebody."""
    known = noted()
    if "officer" not in known:
        session = current_session()
        is_at_work = session is not None and session.officer_id is not None and acting() is None
        known["officer"] = tools().store.officer(session.officer_id) if session and session.officer_id and is_at_work else None
    found: Officer | None = known["officer"]
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
    """Under whom the store keeps drafts of whoever is asking: the insured person, else this browser; None for a new browser, and for a
    helper whose rights do not reach so far."""
    if whose := asking():
        return f"person:{whose.person_id}"
    return browser_owner() if acting() is None else None


def draft_owner_or_new() -> str:
    """The same for keeping one: a new browser is made known by this answer."""
    return draft_owner() or browser_owner_or_new()


def to_sign_in() -> Response:
    """Off to sign in, with the way back; a write goes back to the page that its form stands on."""
    return _gone_to("/sign-in")


def _gone_to(page: str, way_back: str | None = None) -> Response:
    response = make_response(redirect(f"{page}?next={quote(way_back or _way_back(), safe='/')}", code=303))
    if request.headers.get("HX-Request"):
        response.headers["HX-Redirect"] = response.headers["Location"]
        response.status_code = 200
    return response


def turned_away() -> Response:
    """Off to sign in; what a form had carried waits for the person whose session ran out, else for this browser. Whoever acted for somebody
    comes back to the choice of for whom: they are themselves again, and the same page would be about themselves."""
    token = cookies.read(SESSION_COOKIE)
    ran_out = ran_out_session_of(tools(), token) if token else None
    if request.method not in SAFE_METHODS:
        if ran_out is None:
            allow("typed-by-nobody")
        keep_typed(owner_of(ran_out) if ran_out else browser_owner_or_new(), _way_back())
    return _gone_to("/sign-in", PEOPLE_I_HELP) if ran_out and ran_out.grant_id else to_sign_in()


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

    Where an act asks for fresh ThaiD, its page is shown to whoever is signed in for it: they are asked when they send it. Whoever acts for
    somebody else does only what their rights reach.
    """

    def declare(view: View[P]) -> View[P]:
        if act in FREE_WHILE_ACTING:
            view.act = act  # type: ignore[attr-defined]
            return view

        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> AnyResponse | str:
            if NEEDS[act] is not Need.NOTHING:
                mark_personal()
            return _not_for_helpers(act) or _sent_elsewhere(act) or view(*args, **kwargs)

        guarded.act = act  # type: ignore[attr-defined]
        return guarded

    return declare


def shows(act: Act) -> Callable[[View[P]], View[P]]:
    """Declares what a page for anybody shows of the person who is signed in: it opens to all, and shows that to a helper only where their
    rights reach this act."""

    def declare(view: View[P]) -> View[P]:
        view.act = act  # type: ignore[attr-defined]
        return view

    return declare


def _not_for_helpers(act: Act) -> Response | None:
    """The page that says what the helper's rights do not reach, or that they have ended. The page where everything of a person begins gives
    way to the helper's own beginning: so ways back lead somewhere."""
    if acting() is None or asking() is not None:
        return None
    mark_personal()
    if request.path == MY_DATA and request.method in SAFE_METHODS:
        return make_response(redirect("/", 303))
    right = RIGHT_FOR.get(act)
    needed = right_word(right) if right else None
    return make_response(render_template("helpers/not_granted.html", needed=needed), 403)


def act_of(view: object) -> Act | None:
    """What a view declared; None for one that declared nothing."""
    found: Act | None = getattr(view, "act", None)
    return found


signed_in = needs(Act.READ_OWN_RECORD)
"""For pages that show an insured person something of their own."""
officers_only = needs(Act.WORK_AT_THE_DESK)
"""Somebody else who is signed in is told nothing but that there is no such page."""


def _sent_elsewhere(act: Act) -> Response | None:
    looks = ASKED_WHEN_SENT.get(NEEDS[act]) if request.method in SAFE_METHODS else None
    said = answer(looks or act, standing())
    if said not in (Answer.YES, Answer.SIGN_IN):
        log.info("refused: %s asks for more than this session has: %s", act, said)
    if said is Answer.NO_SUCH_PAGE:
        abort(404)
    if said is Answer.SIGN_IN:
        return turned_away()
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
