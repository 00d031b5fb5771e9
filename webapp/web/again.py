"""A request that got in another's way is answered from the start, instead of asking the person to press once more.

Where many write at the same moment a store may turn one of two away (ports.StoreConflict). A view stands between the request, which is
read again as it came, and one or more transactions: as long as none of them was written, running it anew is as if it had come a moment
later. What was checked before a view (limits, who asks) is not done again. A view that does something to the outer world first writes
that it is about to (sign-in spends its attempt before ThaiD is shown the code): then it is not run anew, and its last step asks `again`
by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from flask import Flask, request

from webapp.web.tools import tools

View = Callable[..., Any]


def answer_again(app: Flask) -> None:
    """Every view that the app has by now."""
    for endpoint, view in app.view_functions.items():
        app.view_functions[endpoint] = _again(view)


def _again(view: View) -> View:
    @wraps(view)
    def answer(**given: Any) -> Any:
        return tools().store.again(partial(_from_the_start, view, given))

    return answer


def _from_the_start(view: View, given: dict[str, Any]) -> Any:
    """Files that were read already are read once more."""
    for file in request.__dict__.get("files", {}).values():
        file.seek(0)
    return view(**given)
