"""A table as a file that spreadsheets open: CSV in UTF-8 with its mark, so that Excel reads Thai.

Decided: a cell that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, "CSV injection"): names come from imports.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
Cell = str | int | None


def safe(cell: Cell) -> str | int:
    """A number as it is, nothing as an empty cell, text never as a formula."""
    if not isinstance(cell, str):
        return "" if cell is None else cell
    return f"'{cell}" if cell.lstrip(" \u00a0").startswith(STARTS_A_FORMULA) else cell


def as_file(name: str, rows: Iterable[Sequence[Cell]]) -> Response:
    """To be kept under that name."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows([safe(cell) for cell in row] for row in rows)
    response = Response(written.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
