"""The claims' desk in words: rows of the queue, what to look at, sums side by side, reasons in both languages, history, figures.

Whatever the person reads too comes from claim_words.py and claim_result.py, so that both sides of a telephone call see the same sentence.
Thai words here are an officer's: short, as every page of the desk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from webapp.actions import claims
from webapp.actions.claim_figures import Age, Figures, Took
from webapp.actions.claim_papers import papers_named
from webapp.actions.claim_queue import ClaimView, Hands, Queue, Row, Show, Wanted
from webapp.domain.assessment import Reason
from webapp.domain.claim import Claim, RefusalReason, Status, Step, StepCode, WhyReturned, law_of_refusal
from webapp.domain.claim_amount import WorkedOut
from webapp.domain.claim_questions import KINDS
from webapp.domain.lawbook import Law, LawBook
from webapp.domain.payment import Way
from webapp.ports import Officer
from webapp.web import claim_result, claim_words
from webapp.web.benefit_words import benefit_name, condition, reason_name
from webapp.web.claim_words import WhyNot, claim_tag, refusal_words, timeline_lines
from webapp.web.filters import bdi, date_time, month_year, short_date
from webapp.web.helper_words import who_helped
from webapp.web.hospital_change_words import Names
from webapp.web.language import gettext as _
from webapp.web.language import in_language, language, languages, ngettext, ph
from webapp.web.law_words import paper_name, rule_words
from webapp.web.numbers import days
from webapp.web.officer_words import tag
from webapp.web.spreadsheet import Cell

CLAIMS = "/officer/claims"
Words = str | Markup
Rows = list[dict[str, Any]]


# The queue


def show_words(show: Show) -> tuple[str, str]:
    """What the queue shows, with the sign beside it."""
    return {
        Show.WAITING: (_("Waiting for a decision"), "dot"),
        Show.PAPER: (_("Clock stopped for a paper"), "clock"),
        Show.SECOND: (_("Waiting for a second officer"), "person"),
        Show.APPEALS: (_("Appeals"), "question"),
        Show.TO_PAY: (_("To be paid"), "check"),
        Show.STOPPED: (_("Stopped after a death"), "cross"),
        Show.DONE: (_("Decided today"), "check"),
    }[show]


def show_link(show: Show, count: int, kept: Mapping[str, str]) -> dict[str, Any]:
    """One of the buttons above the queue; the other filters stay."""
    text, sign = show_words(show)
    href = queue_address({**({} if show is Show.WAITING else {"show": str(show)}), **kept})
    return {"show": show, "words": text, "sign": sign, "count": count, "href": href}


def queue_address(filters: Mapping[str, str]) -> str:
    return f"{CLAIMS}?{urlencode(filters)}" if filters else CLAIMS


def kind_options() -> Rows:
    return [{"value": "", "label": _("All benefits")}, *({"value": kind, "label": benefit_name(kind)} for kind in KINDS)]


def hands_options() -> Rows:
    words = {Hands.ANY: _("Anybody’s"), Hands.FREE: _("Nobody’s yet"), Hands.MINE: _("Mine")}
    return [{"value": str(one), "label": words[one]} for one in Hands]


def order_options() -> Rows:
    return [{"value": "", "label": _("Nearest last day to claim first")}, {"value": "age", "label": _("Longest waiting first")}]


def filters_of(wanted: Wanted) -> dict[str, str]:
    """As they stand in an address; empty ones are left out."""
    said = {
        "show": "" if wanted.show is Show.WAITING else str(wanted.show),
        "kind": wanted.kind,
        "province": wanted.province,
        "hands": str(wanted.hands),
        "order": "age" if wanted.by_age else "",
    }
    return {name: value for name, value in said.items() if value}


def groups_of(found: Queue, names: Names, today: date) -> Rows:
    """As the officers' table takes them: in the order of the last day those after it stand apart, in words."""
    late = [row for row in found.rows if not found.wanted.by_age and found.wanted.show is not Show.DONE and _is_over(row.claim, today)]
    other = [row for row in found.rows if row not in late]
    title = ngettext("%(num)s claim on this page", "%(num)s claims on this page", len(other))
    return [
        *([{"title": _late_title(len(late)), "late": True, "rows": [row_of(row, names) for row in late]}] if late else []),
        *([{"title": title, "rows": [row_of(row, names) for row in other]}] if other else []),
    ]


def _late_title(count: int) -> str:
    return ngettext(
        "The last day to claim is over: who is refused cannot claim again, %(num)s claim",
        "The last day to claim is over: who is refused cannot claim again, %(num)s claims",
        count,
    )


def _is_over(claim: Claim, today: date) -> bool:
    return claim.claim_by is not None and claim.claim_by < today


def waited_words(waited: timedelta) -> str:
    """In whole days; the first day has no number."""
    return ngettext("waiting %(num)s day", "waiting %(num)s days", waited.days) if waited.days else _("sent within a day")


def row_of(row: Row, names: Names) -> dict[str, Any]:
    """One claim as a row of cells, in the order of the table's heads."""
    claim = row.claim
    return {
        "cells": [
            {"main": date_time(claim.sent_at), "small": waited_words(row.waited) if claim.is_undecided else ""},
            {"main": claim.reference, "small": bdi(row.name.short) if row.name else "", "strong": True},
            {"main": benefit_name(claim.kind), "small": _where_from(claim, names)},
            {"main": short_date(claim.claim_by) if claim.claim_by else "–", "small": _("sent late") if claim.is_late else ""},
            {"main": "", "tag": row_tag(row)},
            bdi(row.in_hands_of.given_name) if row.in_hands_of else _("nobody"),
        ],
        "href": f"{CLAIMS}/{claim.reference}",
        "open": _("Open"),
        "label": claim.reference,
    }


def _where_from(claim: Claim, names: Names) -> str:
    province = names.province(claim.province) if claim.province else _("province not known")
    return _("%(province)s, paper form", province=province) if claim.entered_by else province


def row_tag(row: Row) -> Markup:
    """What the officer has to know of it first."""
    claim = row.claim
    if row.is_own:
        return tag("old", _("Yours: another officer decides"))
    if claim.status is Status.NEEDS_PAPER and claim.wanted:
        return tag("wa", _("Waits for: %(paper)s", paper=paper_name(claim.wanted.paper)))
    if claim.status is Status.REFUSAL_PROPOSED:
        return tag("wa", _("Waits for a second officer"))
    if claim.status is Status.STOPPED:
        return tag("bad", _("The claimant has died"))
    found = claim_tag(claim)
    return tag(found.kind, found.text)


# What to look at


def checks_of(view: ClaimView, law_book: LawBook) -> dict[str, list[dict[str, Any]]]:
    """Conditions of the benefit and what only a desk looks at: those to look at in the open, those met folded away."""
    worked = claim_result.assessment_of(view.claim.kind, view.checked.worth.worked_out, law_book)
    of_benefit = [] if worked is None else [_of_benefit(reason) for reason in worked.reasons]
    known = set() if worked is None else {reason.code for reason in worked.reasons}
    found = of_benefit + [{"met": one.met, "text": _of_desk(one)} for one in view.checked.reasons if one.code not in known]
    unmet = sorted((one for one in found if one["met"] is not True), key=lambda one: one["met"] is None)
    return {"to_look_at": unmet, "met": [one for one in found if one["met"]]}


def _of_benefit(reason: Reason) -> dict[str, Any]:
    said = condition(reason)
    text = Markup("<b>{}</b><br>{}").format(said.rule, said.yours)
    if reason.citation:
        text += Markup('<br><small class="hint">{}</small>').format(rule_words(reason.citation)["law"])
    return {"met": reason.met, "text": text}


def _of_desk(reason: Reason) -> Words:
    met, facts = reason.met, reason.facts
    match reason.code:
        case "in_time":
            if met:
                return _("Sent within the time to claim")
            return ph("Sent after the last day to claim, %(day)s: you decide whether it counts", day=short_date(facts["claim_by"]))
        case "record_found":
            return _("The record that counts is here") if met else _("The record that counts is not here: nothing is worked out from it")
        case "sums_as_shown":
            return _("It comes to what the person was shown") if met else _("It comes to something else than the person was shown")
        case "one_parent_claims":
            if met is None:
                return _("The other parent is insured too: no claim of theirs is here")
            return _("The other parent has not been given the lump sum") if met else _("The other parent has been given the lump sum")
        case "children_claimed_before":
            return ngettext(
                "By the person’s other claims, %(num)s other child counts before these: more than the form says",
                "By the person’s other claims, %(num)s other children count before these: more than the form says",
                int(facts["children"]),
            )
        case "registered_as_unemployed":
            return _("Says: registered as unemployed") if met else _("Says: not registered as unemployed yet")
        case "children_own":
            return _("Says: not, or not all, their own children by law")
    return reason_name(reason.code)


def sums_compared(shown: WorkedOut, now: WorkedOut) -> Rows:
    """What the person was shown beside what it comes to now, sum by sum."""
    before, after = ({one.code: one for one in found.sums} for found in (shown, now))
    return [
        {
            "name": claim_words.amount_name(code),
            "shown": claim_result.said(before[code]) if code in before else "–",
            "now": claim_result.said(after[code]) if code in after else "–",
            "differs": before.get(code) != after.get(code),
        }
        for code in dict.fromkeys((*before, *after))
    ]


# Decisions


OF_ONE_KIND = {
    RefusalReason.OTHER_PARENT_CLAIMED: "maternity",
    RefusalReason.TOO_MANY_CHILDREN: "child_allowance",
    RefusalReason.CHILD_TOO_OLD: "child_allowance",
}


@dataclass(frozen=True)
class InBothLanguages:
    """A refusal as the letter says it: in the page's language and in the other, each with its law (empty: no source names one)."""

    reason: RefusalReason
    here: WhyNot
    there: WhyNot
    law_here: Words
    law_there: Words
    other_lang: str


def refusals(claim: Claim, law_book: LawBook) -> list[InBothLanguages]:
    """Those of the closed list that this benefit can meet."""
    other, law = next(code for code in languages() if code != language()), law_book.on(claim.event_on)
    reasons = [one for one in RefusalReason if OF_ONE_KIND.get(one, claim.kind) == claim.kind]

    def said() -> dict[RefusalReason, tuple[WhyNot, Words]]:
        return {one: (refusal_words(one), law_of(one, claim.kind, law)) for one in reasons}

    here, there = said(), in_language(other, said)
    return [InBothLanguages(one, here[one][0], there[one][0], here[one][1], there[one][1], other) for one in reasons]


def law_of(reason: RefusalReason, kind: str, law: Law) -> Words:
    """The rule that a refusal rests on: its name, value and law; empty where none of our sources names one."""
    key = law_of_refusal(reason, kind)
    if key is None or key not in law.book.histories or not law.is_known(key):
        return ""
    rule = rule_words(law.value(key))
    return Markup("{}: {} · {}").format(rule["name"], rule["value"], rule["law"])


def paper_options(claim: Claim, law_book: LawBook) -> Rows:
    """Every paper that has a name here: those of this benefit first."""
    own = papers_named(law_book, claim.kind, claim.answers, Way.BANK, claim.event_on)
    others = (paper for kind in KINDS for paper in papers_named(law_book, kind, {}, Way.BANK, claim.event_on))
    codes = dict.fromkeys((*own, *others, "id_card", "marriage_certificate"))
    return [{"value": "", "label": _("Choose a paper")}, *({"value": code, "label": paper_name(code)} for code in codes)]


# History


def history_of(view: ClaimView) -> Rows:
    """The same log as the person's, with proposals and with who took each step."""
    lines = timeline_lines(claims.timeline(view.claim, view.steps, for_officer=True), view.claim)
    told = [{**line, "note": _with_facts(step, view)} for line, step in zip(lines, view.steps, strict=False)]
    return told + [{**line, "note": ""} for line in lines[len(view.steps) :]]


def _with_facts(step: Step, view: ClaimView) -> Words:
    who, fact = who_did(step, view.claim, view.officers.get(step.by)), _fact(step)
    return Markup("{} · {}").format(fact, who) if fact else who


def _fact(step: Step) -> Words:
    if "paper" in step.facts and step.code in (StepCode.PAPER_WANTED, StepCode.PAPER_GIVEN):
        return paper_name(str(step.facts["paper"]))
    if step.code is StepCode.SENT and "paper" in step.facts:
        return _("on paper, at the counter")
    if "reason" in step.facts:
        return refusal_words(RefusalReason(str(step.facts["reason"]))).why
    if "why" in step.facts:
        return claim_words.returned_words(WhyReturned(str(step.facts["why"])))
    if "batch" in step.facts:
        return _("batch %(reference)s", reference=step.facts["batch"])
    if "died_on" in step.facts:
        return short_date(date.fromisoformat(str(step.facts["died_on"])))
    return ""


def who_did(step: Step, claim: Claim, officer: Officer | None) -> Words:
    if officer is not None:
        return ph("by officer %(name)s", name=bdi(officer.name))
    if step.by == claim.person_id:
        return _("by the person")
    return who_helped(step.by, claim.person_id) or _("by the system")


def step_words(step: Step, claim: Claim) -> Words:
    """The step that came between, in a line."""
    item = claims.Item(step.code, claims.State.DONE, step.at, facts=step.facts)
    line, fact = timeline_lines([item], claim)[0], _fact(step)
    return Markup("{} · {}").format(line["title"], fact) if fact else line["title"]


# Figures


def figure_tables(found: Figures, names: Names) -> list[dict[str, Any]]:
    """Each figure as a table with a bar for each row; a bar is as long as its number is to the largest."""
    decided = [_("Decided"), _("Days to a decision, the middle one")]
    return [
        _table("waiting", _("Waiting now, by days since they were sent"), [_("Days"), _("Claims")], [_age(one) for one in found.waiting]),
        _table("kinds", _("Days to a decision, by benefit"), [_("Benefit"), *decided],
               [*(_took(one, benefit_name(one.of)) for one in found.by_kind), *_together(found)]),
        _table("provinces", _("Days to a decision, by province"), [_("Province"), *decided],
               [_took(one, names.province(one.of) if one.of else _("province not known")) for one in found.by_province]),
        _table("months", _("Days to a decision, by month"), [_("Month"), *decided],
               [_took(one, month_year(date.fromisoformat(f"{one.of}-01"))) for one in found.by_month]),
    ]  # fmt: skip


def _table(name: str, caption: str, heads: list[str], rows: Rows) -> dict[str, Any]:
    most = max((row["size"] for row in rows), default=0) or 1
    return {"id": name, "caption": caption, "heads": heads, "rows": [{**row, "part": round(100 * row["size"] / most)} for row in rows]}


def _age(one: Age) -> dict[str, Any]:
    if one.last is None:
        label = _("%(first)s days and more", first=one.first)
    else:
        label = _("%(first)s to %(last)s days", first=one.first, last=one.last)
    return {"label": label, "cells": [one.count], "size": one.count, "said": str(one.count)}


def _took(one: Took, label: str) -> dict[str, Any]:
    said = days(one.days) if one.days is not None else (_("too few to say") if one.count else "–")
    return {"label": label, "cells": [one.count, one.days], "size": one.days or 0, "said": said}


def _together(found: Figures) -> Rows:
    return [_took(found.all_kinds, _("All benefits"))] if found.by_kind else []


def as_cells(tables: Sequence[Mapping[str, Any]]) -> list[list[Cell]]:
    """The same tables for a spreadsheet: one long list, each row with the figure it belongs to."""
    rows: list[list[Cell]] = [[_("Figure"), _("What"), _("Claims"), _("Days to a decision, the middle one")]]
    for table in tables:
        rows += [[table["caption"], row["label"], *row["cells"]] for row in table["rows"]]
    return rows
