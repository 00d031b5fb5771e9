"""A square that a phone's camera reads, as part of a page: SVG, drawn here, so that no other server learns what is in it."""

from __future__ import annotations

import segno
from markupsafe import Markup


def qr_code(text: str, said: str) -> Markup:
    """`said` is what a screen reader says instead. As large as the style sheet makes `.qr`; white around it in every theme."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(
        omitsize=True, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None
    )
    return Markup('<span role="img" aria-label="{}">{}</span>').format(said, Markup(drawn))  # noqa: S704 - paths that segno drew
