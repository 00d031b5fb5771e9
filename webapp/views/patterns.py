"""The pattern page: every component of templates/components in every state, in any size, theme and language. Development only.

How it stays out of production: app.py registers it only where the settings are not production's, so that there is no address to find.
`?theme=light|dark|high|high-dark&size=1..4&lang=th|en` draw it otherwise than the cookies say, for a look at one combination without
changing one's own settings, and for the walk of the tests. A few groups rather than a page for each component: a walk over all combinations
then opens seven pages, not fifty. Each component's states stand in a template of its own name in templates/patterns/show; a component
without one fails tests/views/test_patterns.py.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, abort, g, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.actions.calendar import rules_now
from webapp.domain.contribution_record import Cell, Standing, Year
from webapp.domain.dates import BANGKOK, BUDDHIST_ERA_AHEAD
from webapp.domain.hospital_change_dates import Countdown, cut_offs, month_strip
from webapp.domain.notice import KIND_OF, About, Notice
from webapp.domain.read_only import Spell, Why
from webapp.web import era, notice_words, record_words
from webapp.web.filters import thai_year
from webapp.web.fragments import show
from webapp.web.installing import Way
from webapp.web.language import gettext as _
from webapp.web.language import language, languages, use_language
from webapp.web.month_field import MonthField
from webapp.web.preferences import preferences, with_choice
from webapp.web.tools import tools

pages = Blueprint("patterns", __name__)

GROUPS: dict[str, tuple[str, ...]] = {
    "states": (
        "icon", "tag", "notice", "told_band", "demonstration_notice", "session_warning", "acting_band", "checks", "condition_list",
        "timeline",
    ),
    "buttons": (
        "back_link", "primary", "button", "link_button", "post_button", "sign_out", "choose_button", "share", "text_size",
        "language_button", "toggle_row",
    ),
    "fields": (
        "text_field", "text_area", "select_field", "search_field", "radio_cards", "checkbox_card", "field_error", "error_summary",
        "date_field", "month_field",
    ),
    "dates": ("date_leaf", "leaf_card", "countdown", "until_from", "cut_off_rows", "month_strip", "effective_date_card", "paid_months"),
    "lists": ("paper_field", "paper_list", "row_list", "icon_list", "definition_rows", "data_table", "hospital_card", "choice_order"),
    "phone": ("install_offer", "install_first", "install_steps", "phone_picture", "reminder_offer"),
    "desk": ("officer_table", "paper_line", "paper_boxes", "paper_tick"),
}  # fmt: skip
THEMES = {"light": ("light", "no"), "dark": ("dark", "no"), "high": ("light", "hi"), "high-dark": ("dark", "hi")}
ICONS = (
    "home", "umbrella", "hospital", "document", "bank", "baht", "calendar", "clock", "check", "cross", "warn", "info", "question", "phone",
    "lock", "bell", "search", "back", "next", "person", "people", "id", "download", "print", "pulse", "pen", "up", "down", "plus", "minus",
    "offline", "sun", "eye", "speaker", "out", "camera", "pin", "flag", "pause", "list", "scale", "dot",
)  # fmt: skip
SCENES = ("menu_top", "share_top", "menu_bottom", "share_bottom", "row", "confirm", "home", "address")
A_DAY = date(2026, 6, 1)
SEEN_AT = datetime(2026, 5, 21, 10, 42, tzinfo=BANGKOK)
A_FORTNIGHT = timedelta(days=15)


@pages.get("/patterns")
def index() -> AnyResponse:
    _draw_as_asked()
    return show("patterns/patterns.html", groups=GROUPS, **_asked())


@pages.get("/patterns/<group>")
def group(group: str) -> AnyResponse:
    if group not in GROUPS:
        abort(404)
    _draw_as_asked()
    place = list(GROUPS).index(group) + 1
    return show("patterns/group.html", name=group, components=GROUPS[group], place=place, places=len(GROUPS), **_asked(), **_samples())


def _draw_as_asked() -> None:
    """What the address names wins over cookie and account, for this one answer."""
    if request.args.get("lang") in languages():
        use_language(request.args["lang"])
    theme, contrast = THEMES.get(request.args.get("theme", ""), ("", ""))
    look = with_choice(preferences(), "text_size", request.args.get("size", ""))
    g.preferences = with_choice(with_choice(look, "theme", theme), "contrast", contrast)


def _asked() -> dict[str, Any]:
    """What the address named, to stand in the form again, and the whole of it for the links."""
    query = request.query_string.decode("ascii", "ignore")
    return {
        "query": f"?{query}" if query else "",
        **{name: request.args.get(name, "") for name in ("theme", "size")},
        "code": request.args.get("lang", ""),
    }


def _samples() -> dict[str, Any]:
    """What components are filled with: ordinary texts, and the longest that pages really have."""
    thai = language() == "th"
    here, there = _("Example Hospital"), _("Example Hospital of the Faculty of Medicine of an Example University")
    years = _years()
    return {
        "long_sentence": _("Months and wages come from the SSO’s record, and what is missing there your employer can put right."),
        "long_error": _("The year has four digits, such as 2569 or 2026"),
        "hospital_name": here,
        "long_name": there,
        "other_name": "Example Hospital" if thai else "โรงพยาบาลตัวอย่าง",
        "other_lang": "en" if thai else "th",
        "provinces": [{"value": "", "label": _("not known")}, {"value": "a", "label": here}, {"value": "b", "label": there}],
        "day": A_DAY,
        "before": A_DAY - timedelta(days=1),
        "after": A_DAY + A_FORTNIGHT,
        "later": A_DAY + A_FORTNIGHT - timedelta(days=1),
        "moment": SEEN_AT,
        "countdowns": [
            Countdown(8, 0, 0, False),
            Countdown(1, 0, 0, False),
            Countdown(0, 3, 12, False),
            Countdown(0, 0, 9, False),
            Countdown(0, 0, 0, True),
        ],
        "next_rounds": tuple(cut_offs(A_DAY, A_DAY + 3 * A_FORTNIGHT, rules_now(tools())))[:2],
        "strip": month_strip(SEEN_AT, rules_now(tools())),
        "other_year": A_DAY.year if thai else A_DAY.year + BUDDHIST_ERA_AHEAD,
        "year_question": era.ask_about(A_DAY.year),
        "months": _months(),
        "years": record_words.strip(years),
        "legend": record_words.legend(years),
        "quarters": record_words.quarters(A_DAY.year),
        "told_samples": _told(),
        "icons": ICONS,
        "scenes": SCENES,
        "ways": [str(way) for way in Way],
    }


def _told() -> list[notice_words.Told]:
    """A notice of each kind, and the one that nothing is taken in."""
    rests = notice_words.nothing_taken_in(Spell(1, Why.TROUBLE, SEEN_AT, SEEN_AT + A_FORTNIGHT), SEEN_AT)
    notices = (Notice(1, KIND_OF[about], str(about), "", "", SEEN_AT, None, SEEN_AT) for about in About)
    return [rests, *map(notice_words.told, notices)]


def _months() -> SimpleNamespace:
    """The month field empty, understood, wrong, and asking about the year."""
    year, other = str(thai_year(A_DAY.year)), str(A_DAY.year if language() == "th" else A_DAY.year + BUDDHIST_ERA_AHEAD)
    return SimpleNamespace(
        empty=MonthField("month-empty"),
        typed=MonthField("month-typed", ("6", year), A_DAY),
        wrong=MonthField(
            "month-wrong", ("13", "9"), None, {"month": _("The month is a number from 1 to 12 or a name"), "year": _("Type the year")}
        ),
        asked=MonthField("month-asked", ("6", other), None, {"year": era.ask_about(A_DAY.year)}, confirm=A_DAY),
    )


def _years() -> list[Year]:
    """Two years that use every sign of the drawing."""
    return [
        _year(A_DAY.year, (Standing.PAID, Standing.MISSING, Standing.NOT_YET)),
        _year(A_DAY.year - 1, (Standing.PAID, Standing.NOT_PAID, Standing.OUTSIDE)),
    ]


def _year(year: int, standings: tuple[Standing, ...]) -> Year:
    cells = (
        Cell(date(year, month, 1), standings[(month - 1) // 2 % len(standings)], date(year, month, 1) == A_DAY) for month in range(1, 13)
    )
    return Year(year, tuple(cells))
