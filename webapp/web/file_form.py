"""Forms that carry a file: the one place where a body may be larger than any other of this app.

The file waits in memory and nowhere else: Werkzeug would lay a large one into a temporary file, open to whoever reads the disk. Whoever is
not signed in is sent to sign in before a byte of it is read; a file cannot be kept for them until they are back, so the page that asks for
it is where they come back to.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from io import BytesIO
from typing import Any, ParamSpec

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.wrappers import Response as AnyResponse

from webapp.domain.document import LARGEST
from webapp.web import guards
from webapp.web.security import SAFE_METHODS

ROOM_FOR_THE_FORM = 16 * 1024
FIELD = "file"
P = ParamSpec("P")
View = Callable[P, AnyResponse | str]


class FileTooLarge(ValueError):
    """More than any file that is taken; it was not read."""


class _InMemory(FormDataParser):
    """Files are bytes in memory."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "stream_factory": lambda *_, **__: BytesIO()})


def takes_a_file(view: View[P]) -> View[P]:
    """To stand outside of the guard."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> AnyResponse | str:
        if request.method not in SAFE_METHODS:
            if guards.signed_in_person_id() is None:
                return guards.to_sign_in()
            request.max_content_length = LARGEST + ROOM_FOR_THE_FORM
            request.form_data_parser_class = _InMemory
        return view(*args, **kwargs)

    return guarded


def file_sent() -> bytes | None:
    """The bytes of the one file of this form; None where none was chosen. Its name is not looked at. Raises FileTooLarge."""
    try:
        file = request.files.get(FIELD)
    except RequestEntityTooLarge:
        raise FileTooLarge from None
    return file.read() if file is not None and file.filename else None
