"""How somebody wants pages to look: in a cookie, so that the server writes it into the first byte. Nothing personal in it."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from flask import Response, g, request

from webapp.web.cookies import keep

COOKIE = "sitthi-look"
YEAR_SECONDS = 365 * 24 * 3600
CHOICES = {
    "text_size": ("1", "2", "3", "4"),
    "theme": ("auto", "light", "dark"),
    "contrast": ("auto", "hi"),
    "looped": ("", "1"),
    "less_data": ("", "1"),
}


@dataclass(frozen=True)
class Preferences:
    """`text_size` 1 to 4; `looped` and `less_data` on or off."""

    text_size: int = 1
    theme: str = "auto"
    contrast: str = "auto"
    looped: bool = False
    less_data: bool = False


def preferences() -> Preferences:
    if "preferences" not in g:
        g.preferences = _read(request.cookies.get(COOKIE, ""))
    read: Preferences = g.preferences
    return read


def with_choice(look: Preferences, name: str, value: str) -> Preferences:
    """`look` with one thing changed; an unknown name or value changes nothing."""
    if value not in CHOICES.get(name, ()):
        return look
    if name == "text_size":
        return replace(look, text_size=int(value))
    if name == "theme":
        return replace(look, theme=value)
    if name == "contrast":
        return replace(look, contrast=value)
    if name == "looped":
        return replace(look, looped=bool(value))
    return replace(look, less_data=bool(value))


def remember(response: Response, look: Preferences) -> Response:
    text = "&".join(f"{one.name}={_written(getattr(look, one.name))}" for one in fields(look))
    keep(response, COOKIE, text, max_age=YEAR_SECONDS)
    return response


def _written(value: object) -> str:
    return ("1" if value else "") if isinstance(value, bool) else str(value)


def _read(text: str) -> Preferences:
    look = Preferences()
    for pair in text.split("&")[: len(CHOICES)]:
        name, _, value = pair.partition("=")
        look = with_choice(look, name, value)
    return look
