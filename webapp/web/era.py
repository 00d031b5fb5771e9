"""A year of the era that a page does not count in: echoed and asked about, never turned in silence.

Decided: on an English page too, though there no year can be read both ways. A form filled in from a Thai paper is easily one year off, and
the full date said back in the reader's own years is the only check there is (facts of date fields: 2561 became 3104, and nobody saw it).
"""

from __future__ import annotations

from webapp.domain.dates import BUDDHIST_ERA_AHEAD, Era
from webapp.web.language import gettext as _
from webapp.web.language import language


def is_of_this_page(era: Era) -> bool:
    return era == ("BE" if language() == "th" else "CE")


def ask_about(year: int) -> str:
    """What stands beside a year typed in the other era; `year` in CE."""
    if language() == "th":
        return _("The year %(year)s looks like the Christian era. If it is, say so below", year=year)
    return _("The year %(year)s looks like the Buddhist era. If it is, say so below", year=year + BUDDHIST_ERA_AHEAD)


def ask_again() -> str:
    """After the echo was not what was meant."""
    return _("Type the year again, in the Buddhist era") if language() == "th" else _("Type the year again, in the Christian era")


def other_era(year: int) -> str:
    """A year in CE, as the other era counts it."""
    if language() == "th":
        return _("Christian era %(year)s", year=year)
    return _("Buddhist era %(year)s", year=year + BUDDHIST_ERA_AHEAD)
