"""The papers of a case on a page: what is asked for and why, what was given and how far it is, in words.

A kind of case that takes papers (a claim) says here which it asks whom for: `HoldsPapers`, handed over in app.py. So documents know no
claim, and claims need to know nothing of files. In an address stands a tag made of the paper's code, never its name: what somebody has to
prove is told by no address.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from flask import Flask, current_app

from webapp.actions import documents as action
from webapp.actions.documents import OfficersPapers
from webapp.domain.assessment import Reason
from webapp.domain.document import LARGEST, MOST_NOT_SENT, MOST_OF_A_PAPER, MOST_PAGES, PIECE, Document, State, Why
from webapp.ports import Tools
from webapp.web import guards
from webapp.web.language import gettext as _
from webapp.web.language import ngettext
from webapp.web.law_words import paper_name
from webapp.web.officer_words import tag
from webapp.web.tools import tools

EXTENSION = "sitthi-papers"
MINE, DESK = "/documents", "/officer/documents"
MEGABYTE = 1024 * 1024
Facts = dict[str, Any]


@dataclass(frozen=True)
class PaperAsked:
    """One paper of a case: its code and name, why it is asked for, what to do without it, and the person's page that asks for it."""

    code: str
    title: str
    why: str
    instead: str
    address: str


class HoldsPapers(Protocol):
    """A kind of case."""

    def papers(self, tools: Tools, person_id: str, case_id: str) -> Sequence[PaperAsked]:
        """What this person's case asks for while it takes papers; nothing for another's, an unknown one, one that is closed, and an id that
        is spelled otherwise than it is kept."""

    def is_sent(self, tools: Tools, case_id: str) -> bool:
        """Whether it is with the office already; asked inside the transaction that takes a paper."""

    def desk_address(self, case_id: str) -> str:
        """The officers' page of it."""


def hold(app: Flask, holders: Mapping[str, HoldsPapers]) -> None:
    """By the name that stands in the addresses."""
    app.extensions[EXTENSION] = dict(holders)


def holder_of(case_kind: str) -> HoldsPapers | None:
    held: dict[str, HoldsPapers] = current_app.extensions[EXTENSION]
    return held.get(case_kind)


def papers_asked(case_kind: str, case_id: str) -> Sequence[PaperAsked]:
    """Of whoever asks; nothing where there is no such case of theirs, or it takes none now."""
    holder = holder_of(case_kind)
    return holder.papers(tools(), guards.person_who_asks().id, case_id) if holder else ()


def is_sent(case_kind: str, case_id: str) -> bool:
    """Whether the case is with the office already."""
    holder = holder_of(case_kind)
    return holder is not None and holder.is_sent(tools(), case_id)


def paper_tagged(case_kind: str, case_id: str, paper_tag: str) -> PaperAsked | None:
    return next((asked for asked in papers_asked(case_kind, case_id) if tag_of(asked.code) == paper_tag), None)


def tag_of(code: str) -> str:
    """What stands for a paper in addresses and ids."""
    return hashlib.sha256(code.encode()).hexdigest()[:8]


# The field


def field(case_kind: str, case_id: str, asked: PaperAsked, error: str = "") -> Facts:
    """What the macro `paper_field` needs of one paper: all that was given for it, and the way to give more."""
    given = action.documents_of(tools(), guards.person_who_asks().id, case_kind, case_id)
    mine = [one for one in given if one.place.paper == asked.code]
    return {
        "id": f"paper-{tag_of(asked.code)}",
        "asked": asked,
        "address": f"{MINE}/for/{case_kind}/{case_id}/{tag_of(asked.code)}",
        "tag": _tag_of_all(mine),
        "rows": rows_of(mine),
        "waits": any(one.state in (State.WAITING, State.LOOKED_AT) for one in mine),
        "takes_more": sum(one.state is not State.REFUSED for one in mine) < MOST_OF_A_PAPER,
        "error": error,
        "piece": PIECE,
        "most": LARGEST,
        "most_words": megabytes(LARGEST),
    }


def _tag_of_all(documents: Sequence[Document]) -> Any:
    """The one thing to know of a paper: what is wrong first, then what is on its way."""
    states = {one.state for one in documents}
    for state in (State.REFUSED, State.COMING, State.WAITING, State.LOOKED_AT, State.READY):
        if state in states:
            return _tag_of(state)
    return tag("old", _("Nothing given yet"))


def _tag_of(state: State) -> Any:
    return {
        State.COMING: tag("wa", _("Not all of it is here")),
        State.WAITING: tag("wa", _("Arrived, being checked")),
        State.LOOKED_AT: tag("wa", _("Arrived, being checked")),
        State.READY: tag("ok", _("Arrived")),
        State.REFUSED: tag("bad", _("Cannot be used")),
    }[state]


def rows_of(documents: Sequence[Document]) -> list[Facts]:
    """The person's own, each with the way to its page."""
    return [_row(one, number, f"{MINE}/{one.id}") for number, one in enumerate(documents, start=1)]


def desk_rows(papers: OfficersPapers) -> list[Facts]:
    """The officers': only what is ready, each with the way to its page at the desk."""
    return [_row(one, number, f"{DESK}/{one.id}") for number, one in enumerate(papers.ready, start=1)]


def _row(document: Document, number: int, address: str) -> Facts:
    return {
        "title": _("File %(number)s", number=number),
        "address": address,
        "picture": f"{address}/thumbnail" if document.is_ready else "",
        "picture_words": _("The first page of file %(number)s, small", number=number),
        "tag": _tag_of(document.state),
        "text": _said_of(document),
        "paper": document.place.paper,
    }


def _said_of(document: Document) -> str:
    if document.state is State.READY:
        return ngettext("%(num)s page", "%(num)s pages", document.pages)
    if document.state is State.COMING:
        percent = 100 * document.received // document.size
        return _("%(percent)s %% has arrived. Choose the same photo again: it goes on from there.", percent=percent)
    return why_words(document.why) if document.why else _("You can go on meanwhile.")


def title_of(document: Document, asked: PaperAsked | None) -> str:
    """The paper's name; that of the law book where its case no longer asks for it."""
    if asked is not None:
        return asked.title
    try:
        return paper_name(document.place.paper)
    except LookupError:
        return _("A paper")


# Faults


def why_words(why: Why) -> str:
    """Why the worker refused it, and what to do."""
    return {
        Why.NOT_WHOLE: _("It did not arrive whole. Send it again."),
        Why.NOT_OUR_KIND: _("It is no photo and no PDF. Take a photo of the paper."),
        Why.DAMAGED: _("The file is damaged and cannot be opened. Take the photo again."),
        Why.LOCKED: _("The PDF is locked with a password. Save it without one, or take photos of its pages."),
        Why.TOO_MANY_PAGES: _("The PDF has more than %(count)s pages. Send the pages that count.", count=MOST_PAGES),
        Why.TOO_MANY_PIXELS: _("The picture is larger than we can open. Take it again with a smaller picture size."),
        Why.TOO_HEAVY: _("The file takes too much work to open. Take a photo of the paper instead."),
        Why.VIRUS: _("The virus scanner found something in this file. It was deleted. Take a photo of the paper instead."),
    }[why]


def fault_words(reason: Reason) -> str:
    """Why it was not even taken."""
    return {
        "not_empty": lambda: _("The file is empty. Choose it again."),
        "not_too_large": lambda: _(
            "The file is larger than %(size)s. Take the photo with a smaller picture size.", size=megabytes(LARGEST)
        ),
        "of_a_kind_we_take": lambda: _("This is no photo and no PDF. Choose a photo (JPEG, PNG, HEIC) or a PDF."),
        "few_enough_for_this_paper": lambda: _(
            "There are %(count)s files for this paper already. Remove one before you add another.", count=MOST_OF_A_PAPER
        ),
        "few_enough_not_sent": lambda: _(
            "Requests you have not sent hold %(count)s files already. Send one of them, or remove files, before you add another.",
            count=MOST_NOT_SENT,
        ),
        "few_enough_for_this_case": lambda: _("This request holds as many files as it can. Remove one before you add another."),
    }[reason.code]()


def nothing_chosen() -> str:
    return _("Choose a photo or a PDF first")


def megabytes(size: int) -> str:
    """Rounded down: what is promised must be taken. Number and unit stay on one line."""
    return _("%(count)s MB", count=size // MEGABYTE).replace(" ", "\u00a0")
