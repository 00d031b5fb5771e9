"""Paying in batches, in words: lists by way of payment, batches, lines, why money came back, and the file for the bank."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from webapp.actions.claim_batches import FileLine, ToPay, Waiting, WhyLeft
from webapp.domain.claim import Claim, WhyReturned, may_be_paid_after_all, may_come_back
from webapp.domain.claim_amount import due_now
from webapp.domain.claim_batch import Batch, Line, Outcome
from webapp.domain.payment import Way
from webapp.ports import Officer
from webapp.web import claim_words
from webapp.web.benefit_words import benefit_name
from webapp.web.filters import bdi, date_time, short_date
from webapp.web.language import gettext as _
from webapp.web.language import ngettext
from webapp.web.numbers import baht
from webapp.web.officer_claim_words import CLAIMS
from webapp.web.officer_words import tag
from webapp.web.spreadsheet import Cell

BATCHES = f"{CLAIMS}/batches"
HEADS_OF_EVERY_FILE = ("ลำดับ", "เลขอ้างอิง", "ชื่อ")
Rows = list[dict[str, Any]]


def way_name(way: Way) -> str:
    return {Way.PROMPTPAY: _("By PromptPay"), Way.BANK: _("Into bank accounts"), Way.COUNTER: _("To be settled at the counter")}[way]


def claims_counted(count: int) -> str:
    return ngettext("%(num)s claim", "%(num)s claims", count)


# What waits


def waiting_card(one: Waiting, officers: Mapping[str, Officer]) -> dict[str, Any]:
    """One way of being paid, with the claims that can go now."""
    return {
        "way": str(one.way),
        "title": way_name(one.way),
        "mark": one.mark,
        "count": claims_counted(len(one.ready)),
        "total": baht(one.total),
        "rows": [_ready_row(claim, officers) for claim in one.ready],
        "later": one.later,
        "for_others": one.for_others,
    }


def _ready_row(claim: Claim, officers: Mapping[str, Officer]) -> dict[str, Any]:
    by = officers.get(claim.decision.by) if claim.decision else None
    return {
        "head": claim.reference,
        "cells": [
            benefit_name(claim.kind),
            _approved(claim, by),
            Markup("<b>{}</b>").format(baht(due_now(claim.to_pay))),
        ],
    }


def _approved(claim: Claim, by: Officer | None) -> str | Markup:
    on = short_date(claim.decision.at) if claim.decision else ""
    return Markup("{} · {}").format(on, bdi(by.given_name)) if by and by.given_name else on


def heads_of_waiting() -> list[str]:
    return [_("Reference"), _("Benefit"), _("Approved"), _("To send")]


def not_in_a_batch(found: ToPay) -> list[str]:
    """Approved, and still on no list; each with the reason."""
    said: tuple[tuple[int, Callable[[int], str]], ...] = (
        (found.returned, lambda n: ngettext("%(num)s came back from the bank: the person is asked for another account",
                                            "%(num)s came back from the bank: the persons are asked for another account", n)),
        (found.at_the_counter, lambda n: ngettext("%(num)s is settled at the counter: no way of being paid is named",
                                                  "%(num)s are settled at the counter: no way of being paid is named", n)),
        (found.by_hand, lambda n: ngettext("%(num)s has no sum yet: the office works it out and pays by hand",
                                           "%(num)s have no sum yet: the office works it out and pays by hand", n)),
    )  # fmt: skip
    return [said_of(count) for count, said_of in said if count]


# Batches


def batch_row(batch: Batch, officers: Mapping[str, Officer]) -> dict[str, Any]:
    by = officers.get(batch.closed_by)
    return {
        "cells": [
            {"main": date_time(batch.closed_at), "small": bdi(by.given_name) if by else ""},
            {"main": batch.reference, "small": way_name(batch.way), "strong": True},
            {"main": baht(batch.total), "small": claims_counted(len(batch.lines))},
            {"main": "", "tag": batch_tag(batch)},
        ],
        "href": f"{BATCHES}/{batch.reference}",
        "open": _("Open"),
        "label": batch.reference,
    }


def batch_tag(batch: Batch) -> Markup:
    waits, back = len(batch.at_the_bank), len(batch.with_outcome(Outcome.RETURNED))
    if waits:
        return tag("wa", ngettext("%(num)s at the bank", "%(num)s at the bank", waits))
    if not back and batch.with_outcome(Outcome.NOT_SENT):
        return tag("inf", _("Paid, but for what was not sent"))
    return tag("ok", _("All paid")) if not back else tag("inf", ngettext("%(num)s came back", "%(num)s came back", back))


def heads_of_batches() -> list[str]:
    return [_("Closed"), _("Batch"), _("Total"), _("Where it stands")]


# One batch


def totals_of(batch: Batch) -> Rows:
    """How much of it is where."""
    named = (
        (Outcome.AT_THE_BANK, _("At the bank")), (Outcome.PAID, _("Paid")), (Outcome.RETURNED, _("Came back")),
        (Outcome.NOT_SENT, _("Not sent")),
    )  # fmt: skip
    rows = [{"label": name, "value": _sum_of(batch.with_outcome(outcome))} for outcome, name in named if batch.with_outcome(outcome)]
    return [*rows, {"label": _("Together"), "value": _sum_of(batch.lines), "total": True}]


def _sum_of(lines: Sequence[Line]) -> str:
    together = baht(sum((line.baht for line in lines), lines[0].baht * 0)) if lines else "–"
    return _("%(sum)s, %(claims)s", sum=together, claims=claims_counted(len(lines)))


def line_row(line: Line, claim: Claim | None, left: WhyLeft | None) -> dict[str, Any]:
    """A line as it stands, and the way on from there."""
    settle, words = _way_on(line, claim, left)
    return {
        "cells": [
            {"main": str(line.number)},
            {"main": line.reference, "small": benefit_name(claim.kind) if claim else "", "strong": True},
            {"main": claim_words.payment_words(line.payment)},
            {"main": baht(line.baht)},
            {"main": "", "tag": line_tag(line, left), "small": claim_words.returned_words(line.why) if line.why else ""},
        ],
        "href": f"{BATCHES}/{line.batch}/{settle}/{line.reference}" if settle else None,
        "open": words,
        "label": line.reference,
    }


def _way_on(line: Line, claim: Claim | None, left: WhyLeft | None) -> tuple[str, str]:
    """What can be said of it next: the place of its page and the words of the link; neither where a colleague says it."""
    if claim is None or left is WhyLeft.OWN:
        return "", ""
    if left is WhyLeft.DIED:
        return "one", _("Say what became of it")
    if line.outcome is Outcome.RETURNED:
        return ("one", _("It did not come back")) if may_be_paid_after_all(claim, line.batch) else ("", "")
    return ("returned", _("It came back")) if may_come_back(claim, line.batch) else ("", "")


def line_tag(line: Line, left: WhyLeft | None) -> Markup:
    if left is WhyLeft.DIED:
        return tag("bad", _("The claimant has died: tell the bank"))
    if left is WhyLeft.OWN:
        return tag("wa", _("At the bank: yours, a colleague settles it"))
    at = short_date(line.settled_at) if line.settled_at else ""
    return {
        Outcome.AT_THE_BANK: lambda: tag("wa", _("At the bank")),
        Outcome.PAID: lambda: tag("ok", _("Paid")),
        Outcome.RETURNED: lambda: Markup("{} {}").format(tag("bad", _("Came back")), at),
        Outcome.NOT_SENT: lambda: Markup("{} {}").format(tag("inf", _("Not sent")), at),
    }[line.outcome]()


def left_words(left: Sequence[WhyLeft | None]) -> list[str]:
    """What was not marked as paid with the others, and why."""
    own, died = left.count(WhyLeft.OWN), left.count(WhyLeft.DIED)
    return [
        *([ngettext("%(num)s line is left: you are part of that claim, a colleague settles it",
                    "%(num)s lines are left: you are part of those claims, a colleague settles them", own)] if own else ()),
        *([ngettext("%(num)s line is left: the claimant has died, ask the bank whether it was paid",
                    "%(num)s lines are left: the claimants have died, ask the bank whether they were paid", died)] if died else ()),
    ]  # fmt: skip


def became_options() -> list[dict[str, str]]:
    """Of a line whose claimant died."""
    return [
        {"value": str(Outcome.PAID), "label": _("The bank paid it")},
        {"value": str(Outcome.NOT_SENT), "label": _("It was not sent"), "hint": _("It was not in the file, or the bank stopped it.")},
    ]


def heads_of_lines() -> list[str]:
    return ["#", _("Reference"), _("Paid to"), _("Sum"), _("Where it stands")]


# Why money came back


def returned_options(way: Way) -> list[dict[str, str]]:
    """Those that a bank says of this way."""
    of_accounts = {WhyReturned.NO_SUCH_ACCOUNT}
    left_out = of_accounts if way is Way.PROMPTPAY else {WhyReturned.NO_PROMPTPAY}
    return [{"value": str(why), "label": claim_words.returned_words(why)} for why in WhyReturned if why not in left_out]


# The file


def file_rows(lines: Sequence[FileLine], way: Way) -> list[list[Cell]]:
    """The one place where whole numbers stand. For the bank, not for whoever takes it: Thai throughout."""
    if way is Way.PROMPTPAY:
        heads: list[list[Cell]] = [[*HEADS_OF_EVERY_FILE, "พร้อมเพย์ (เลขประจำตัวประชาชน)", "จำนวนเงิน (บาท)"]]
        return heads + [[one.number, one.reference, one.name, one.account, str(one.baht)] for one in lines]
    heads = [[*HEADS_OF_EVERY_FILE, "รหัสธนาคาร", "ธนาคาร", "เลขที่บัญชี", "จำนวนเงิน (บาท)"]]
    return heads + [
        [one.number, one.reference, one.name, one.bank_code, one.bank_name, one.account, str(one.baht)] for one in lines
    ]
