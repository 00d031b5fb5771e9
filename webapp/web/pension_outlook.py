"""The old-age page's look ahead: when a pension is reached, what another year adds, how the average moves, what a family would receive.

Decided: the drawing and the table are made from the same rows, so that they cannot differ. It is a step line, since the rate rises with
whole years only; its left edge is the person now, so that the way to the pension is seen and not only its end. At the two largest text
sizes the table stands open and the drawing is left out: its letters would not grow with the page.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from webapp.domain.answers import Answers
from webapp.domain.benefits.old_age import HeirsStage, heirs_by_stage
from webapp.domain.dates import add_months
from webapp.domain.lawbook import Consulted, LawBook, NotKnown
from webapp.domain.money import NOTHING, Baht
from webapp.domain.retirement import MovingMean, Outlook, Stopping, outlook
from webapp.web.filters import month_year
from webapp.web.language import gettext as _
from webapp.web.language import ph
from webapp.web.numbers import baht, months, percent, years
from webapp.web.preferences import preferences

LAST_AGE_DRAWN, YEARS_AFTER_REACHING, OLDEST_DRAWN = 65, 2, 80
LEFT, RIGHT, FLOOR, HEIGHT, DOT = 12, 284, 140, 104, 8
WIDTH_OF_A_LABEL, WIDTH_OF_A_WORD, HEIGHT_OF_A_LABEL = 112, 44, 24
TABLE_FROM_SIZE = 3
Words = str | Markup


def looked_ahead(
    answers: Answers, on: date, law_book: LawBook, birth_date: date | None = None, is_on_section_39: bool = False
) -> dict[str, Any] | None:
    """Everything that the old-age page says of the years to come; None where the answers do not carry it."""
    try:
        ahead = _drawn_out(answers, on, law_book, birth_date)
    except NotKnown:
        return None
    if ahead is None:
        return None
    first = next((row.pension for row in ahead.rows if row.pension), ahead.reached.stopping.pension)
    return {
        "answer": _answer(ahead),
        "when": _when(ahead, birth_date is not None, law_book.on(on).read("old_age.average_months", int)),
        "another_year": _another_year(ahead),
        "falling": _falling(ahead, is_on_section_39),
        "moving": _moving(ahead.moving),
        "rows": [_row(row) for row in ahead.rows],
        "figure": _figure(ahead) if preferences().letters < TABLE_FROM_SIZE else None,
        "family": _family(first, on, law_book),
    }


def _drawn_out(answers: Answers, on: date, law_book: LawBook, birth_date: date | None) -> Outlook | None:
    """As far as the pension is reached, and a little on."""
    short = outlook(answers, on, law_book, LAST_AGE_DRAWN, birth_date=birth_date)
    if short is None:
        return None
    last = min(max(LAST_AGE_DRAWN, short.reached.stopping.age + YEARS_AFTER_REACHING), OLDEST_DRAWN)
    return outlook(answers, on, law_book, last, birth_date=birth_date) if last > LAST_AGE_DRAWN or not short.rows else short


def _answer(ahead: Outlook) -> Words:
    """When a pension can be drawn, as one sentence."""
    then = ahead.reached.stopping
    sum_ = baht(then.pension or Baht.of(0))
    if then.months_paid == ahead.months_paid:
        return ph("You may stop now: it is enough for a pension, worked out at %(sum)s a month", sum=sum_)
    return ph(
        "If you pay every month: a pension from %(month)s, at age %(age)s, worked out at %(sum)s a month",
        month=month_year(then.month), age=then.age, sum=sum_,
    )  # fmt: skip


def _when(ahead: Outlook, month_is_known: bool, averaged: int) -> list[Words]:
    """What is missing and when it is reached: the months, the age, or both."""
    reached, start = ahead.reached, ahead.rows[0] if ahead.rows else None
    said: list[Words] = []
    if reached.months_short:
        said.append(
            ph(
                "Pay %(months)s more: the months are enough from %(month)s",
                months=months(reached.months_short), month=month_year(reached.enough_from),
            )
        )  # fmt: skip
    if start and start.age > ahead.age:
        facts = {"age": start.age, "month": month_year(reached.old_enough_from)}
        exactly, at_latest = _("You turn %(age)s in %(month)s.", **facts), _("You are %(age)s by %(month)s at the latest.", **facts)
        said.append(exactly if month_is_known else at_latest)
    if start and start.pension is None and reached.enough_from > reached.old_enough_from:
        said.append(
            _(
                "Who stops at %(age)s receives a lump sum: %(months)s are missing for a pension.",
                age=start.age, months=months(start.months_short),
            )
        )  # fmt: skip
    if reached.enough_from < reached.old_enough_from and not _falls(ahead):
        counted = months(averaged)
        said.append(_("From then on each full year still adds to it. The average is that of the last %(months)s paid.", months=counted))
    return said


def _another_year(ahead: Outlook) -> Words:
    """What waiting adds; empty where the rows tell of no second pension."""
    step = ahead.next_step
    if step and step.more < NOTHING:
        return ph(
            "The next step up: %(months)s more, to %(rate)s of the average wage. The pension falls all the same, by %(less)s a month",
            months=months(step.months), rate=percent(step.stopping.rate or Decimal()), less=baht(NOTHING - step.more),
        )  # fmt: skip
    if step:
        return ph(
            "The next step up: %(months)s more, to %(rate)s of the average wage. It adds %(more)s a month",
            months=months(step.months), rate=percent(step.stopping.rate or Decimal()), more=baht(step.more),
        )  # fmt: skip
    row = next((row for row in ahead.rows if row.more), None)
    if row is None or row.more is None:
        return ""
    if row.more < NOTHING:
        less = baht(NOTHING - row.more)
        return ph("Stopping at %(age)s and not at %(before)s: %(less)s less a month", age=row.age, before=row.age - 1, less=less)
    return ph("Stopping at %(age)s and not at %(before)s adds %(more)s a month", age=row.age, before=row.age - 1, more=baht(row.more))


def _falls(ahead: Outlook) -> bool:
    return any(row.more is not None and row.more < NOTHING for row in ahead.rows)


def _falling(ahead: Outlook, is_on_section_39: bool) -> Words:
    """The wage that counts now is so much lower than before that waiting costs more than the rate gives; empty where no year does."""
    if not _falls(ahead):
        return ""
    every_year = all(row.more is None or row.more < NOTHING for row in ahead.rows)
    if is_on_section_39 and every_year:
        return ph("Each further year on section 39 lowers this pension. Ask 1506 before you pay on")
    if is_on_section_39:
        return ph("Further years on section 39 lower this pension. See the table, and ask 1506 before you pay on")
    return ph("Further years at this wage lower this pension. See the table, and ask 1506 before you pay on")


def _moving(mean: MovingMean | None) -> list[Words]:
    """Why the average moves slowly: a ceiling that rose counts for the months after it only."""
    if mean is None:
        return []
    said: list[Words] = [
        _(
            "Until %(before)s at most %(old)s of a month’s wage counted; since %(since)s it is %(new)s. "
            "Each month keeps the ceiling it was paid under.",
            before=month_year(add_months(mean.since, -1)), old=baht(mean.before), since=month_year(mean.since), new=baht(mean.now),
        ),
        _(
            "The pension takes the average of your last %(counted)s: %(new)s of them lie after the rise. "
            "All of them do for whoever stops in %(month)s or later.",
            counted=months(mean.counted), new=mean.at_new, month=month_year(mean.full_from),
        ),
    ]  # fmt: skip
    to_come = [(baht(entry.read(Decimal)), month_year(entry.since)) for entry in mean.to_come]
    return said + [_("The ceiling rises again: %(sum)s from %(month)s.", sum=sum_, month=month) for sum_, month in to_come]


def _row(row: Stopping) -> dict[str, Any]:
    """One age; `pension` says the lump sum in words where it is none."""
    lump_sum = _("lump sum, %(months)s short of a pension", months=months(row.months_short))
    return {
        "head": years(row.age),
        "small": _("%(month)s, %(months)s paid", month=month_year(row.month), months=months(row.months_paid)),
        "cells": (lump_sum if row.pension is None else baht(row.pension), _more(row.more)),
    }


def _more(more: Baht | None) -> str:
    if not more:
        return "–"
    return f"+{baht(more)}" if more > NOTHING else _("%(sum)s less", sum=baht(NOTHING - more))


def _family(pension: Baht | None, on: date, law_book: LawBook) -> dict[str, Any] | None:
    """What the heirs of a pensioner receive, stage by stage, by the pension first reached."""
    if pension is None:
        return None
    law = Consulted(law_book.on(on))
    stages = heirs_by_stage(pension, law)
    rows = [{"head": _span(stage), "cells": (str(stage.times), baht(stage.baht))} for stage in stages]
    longer = _("%(months)s or more", months=months(law.number("old_age.heirs_within")))
    return {"pension": baht(pension), "rows": [*rows, {"head": longer, "cells": ("–", _("nothing"))}]}


def _span(stage: HeirsStage) -> str:
    if stage.until == stage.drawn:
        return months(stage.drawn).replace(" ", "\u00a0")
    return _("%(first)s to %(last)s", first=stage.drawn, last=months(stage.until))


# The drawing


def _figure(ahead: Outlook) -> dict[str, Any] | None:
    """A step line in a drawing of 292 × 176, a step a year, from now on; None where no pension is in sight."""
    if len(ahead.rows) < 2 or not any(_drawn(row) for row in ahead.rows):
        return None
    first, last = next(row for row in ahead.rows if _drawn(row)), ahead.rows[-1]
    place = _Scale(ahead.age, last.age + 1, max(_drawn(row) for row in ahead.rows))
    steps = "".join(f"V{place.y(row)}H{place.x(row.age + 1)}" for row in ahead.rows if _drawn(row))
    return {
        "line": f"M{LEFT} {FLOOR}H{place.x(first.age)}{steps}",
        "area": f"M{place.x(first.age)} {FLOOR}{steps}V{FLOOR}Z",
        "floor": FLOOR,
        "right": RIGHT,
        "dot": {"x": LEFT, "y": place.y(first) if first.age == ahead.age else FLOOR, "r": DOT},
        **_labels(place, ahead, first, last),
        "ages": _ages(place, ahead.age, first.age, last.age),
        "title": _(
            "Pension a month: %(first)s at %(start)s, %(last)s at %(end)s",
            first=baht(_drawn(first)), start=first.age, last=baht(_drawn(last)), end=last.age,
        ),
    }  # fmt: skip


def _drawn(row: Stopping) -> Decimal:
    return row.pension.rounded if row.pension else Decimal()


def _labels(place: _Scale, ahead: Outlook, first: Stopping, last: Stopping) -> dict[str, Any]:
    """The last pension above its end, the first under its step, where no later step can cross it; the person where there is room."""
    room = place.x(first.age) - LEFT
    you = _("You: %(months)s", months=months(ahead.months_paid)) if room > WIDTH_OF_A_LABEL else _("You")
    top = place.y(first) + HEIGHT_OF_A_LABEL
    return {
        "you": {"x": LEFT - DOT, "y": FLOOR - 2 * DOT, "said": you} if room > WIDTH_OF_A_WORD else None,
        "first": _first_label(place, first) if top < FLOOR and first != last else None,
        "last": {"x": RIGHT, "y": place.y(last) - DOT, "said": baht(_drawn(last))},
    }


def _first_label(place: _Scale, first: Stopping) -> dict[str, Any]:
    """Under its step, or, where the steps end too soon for it, before the first of them."""
    x, y = place.x(first.age), place.y(first) + HEIGHT_OF_A_LABEL
    fits = RIGHT - x > WIDTH_OF_A_LABEL
    return {"x": x + DOT if fits else x - DOT, "y": y, "said": baht(_drawn(first)), "anchor": "start" if fits else "end"}


class _Scale:
    """Ages to the right, baht upwards, in the units of the drawing."""

    def __init__(self, youngest: int, end: int, highest: Decimal) -> None:
        self.youngest, self.years, self.highest = youngest, end - youngest, highest

    def x(self, age: int) -> int:
        return LEFT + (RIGHT - LEFT) * (age - self.youngest) // self.years

    def y(self, row: Stopping) -> int:
        return FLOOR - int(_drawn(row) * HEIGHT / self.highest)


def _ages(place: _Scale, now: int, first: int, last: int) -> list[dict[str, Any]]:
    """Under the line: the person's age, the age of the first pension, the last drawn; those that would touch another are left out."""
    words = [{"x": RIGHT, "anchor": "end", "said": _("age %(age)s", age=last)}]
    if first > now and RIGHT - place.x(first) > WIDTH_OF_A_LABEL:
        words.insert(0, {"x": place.x(first), "anchor": "middle", "said": str(first)})
    if place.x(first) - LEFT > WIDTH_OF_A_WORD or first == now:
        words.insert(0, {"x": LEFT - 4, "anchor": "start", "said": str(now)})
    return words
