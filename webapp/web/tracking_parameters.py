"""What other apps hang on to our addresses to follow whoever opens a link: taken off before anything here looks at the address.

Decided: these parameters, by their known names and no others. They tell one reader from another, and so have no place in our pages, which
name the address they stand at; and a link that goes round would otherwise be another page for each reader, made anew for each, in the very
hour when many come (web/kept_pages.py). Nobody is sent to another address for it: that would be one more way over a slow line.
Put aside: taking off whatever a page does not know, of which a page that is kept on a phone may hold an older spelling.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask import Flask

NAMES = "utm_[a-z_]+|fbclid|gclid|gclsrc|gbraid|wbraid|dclid|msclkid|ttclid|twclid|li_fat_id|igsh(?:id)?|mc_[ce]id|_gl"
TRACKING = re.compile(rf"(?:^|&)(?:{NAMES})(?:=[^&]*)?(?=&|$)")


def take_off(app: Flask) -> None:
    inner: Callable[..., Any] = app.wsgi_app

    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        asked = environ.get("QUERY_STRING")
        if asked:
            environ["QUERY_STRING"] = without_tracking(asked)
        return inner(environ, start_response)

    app.wsgi_app = answer  # type: ignore[method-assign]  # Flask's own way to stand before it


def without_tracking(query: str) -> str:
    """`query` (as it travels, no question mark) without them; the rest as it was, in its order."""
    return TRACKING.sub("", query).removeprefix("&")
