"""How light an answer travels: compressed, unless that could tell a stranger what stands in it.

Decided: Brotli, else gzip; files once per process and as hard as Brotli can (40 ms for a style sheet: too dear for each page; a second for
all the pages that a phone keeps, so these a little less hard); pages as they are sent, in half a millisecond (harder would take a third
longer and spare a hundredth; looking back further than a page is long takes a sixth longer and spares nothing), those of one person, made
anew at each look, a little less hard (a twentieth of the time for four bytes in a thousand; less hard again would spare a twentieth of all
that such a page costs us, and make it a tenth heavier), and the few for anybody that would weigh more than a page may once more and harder:
15 ms of ours for a twentieth of what somebody on a slow line waits for. A page of somebody signed in
is squeezed only where the browser says that our own page, or the person, asked for it: guessing a secret from the length of answers
(BREACH) needs another site that makes the browser ask, again and again, with text of its choice. A browser that does not say so gets
these pages as they are.
Put aside: Flask-Compress, which leaves every answer but 2xx as it is, and the page that tells of a mistake is the one that people wait
for; leaving it to the reverse proxy, which sees neither who asks nor what is personal; random padding, which only slows a guesser.
"""

from __future__ import annotations

import gzip
from functools import lru_cache

import brotli
from flask import Flask, Response, g, request
from werkzeug.http import parse_accept_header

from webapp.web.tools import noted

OURS_ASKED = frozenset({"same-origin", "none"})
ENCODINGS = ("br", "gzip")
BEST, HARD, WELL, QUICK, QUICKEST = 11, 10, 9, 6, 5
FAR, AS_FAR_AS_A_PAGE = 22, 16
"""How far back it looks for what is said again, as a power of two."""
LARGE = 100_000
TOO_HEAVY = range(9_950, 12_000)
LEAST_BYTES = 400
LONGEST_ACCEPTED = 200
FILES = frozenset({"static", "style", "script", "pwa.pages_to_keep"})
TEXTS = frozenset(
    {"text/html", "text/css", "text/plain", "text/calendar", "text/javascript", "application/javascript", "application/json"}
    | {"application/problem+json", "application/manifest+json", "image/svg+xml"}
)


def squeeze(app: Flask) -> None:
    """To be called before anything else that looks at answers: the last to be registered is the first to see one."""

    @app.after_request
    def _squeeze(response: Response) -> Response:
        if response.mimetype not in TEXTS or "Content-Encoding" in response.headers:
            return response
        _say_that_it_hangs_on_encodings(response)
        encoding = encoding_asked()
        if encoding is None or not may_be_squeezed() or response.status_code in (204, 206, 304):
            return response
        return _squeezed(response, encoding)


def encoding_asked() -> str | None:
    """How whoever asks can read a squeezed answer; None where they cannot."""
    known = noted()
    if "encoding" not in known:
        accepted = request.headers.get("Accept-Encoding", "")
        best = _best if len(accepted) <= LONGEST_ACCEPTED else _best.__wrapped__
        known["encoding"] = best(accepted)
    found: str | None = known["encoding"]
    return found


@lru_cache(maxsize=256)
def _best(accepted: str) -> str | None:
    """What browsers say here is the same with nearly all of them."""
    found = parse_accept_header(accepted).best_match(ENCODINGS)
    return found if found in ENCODINGS else None


def _say_that_it_hangs_on_encodings(response: Response) -> None:
    said = response.headers.get("Vary")
    if not said:
        response.headers["Vary"] = "Accept-Encoding"
    elif "accept-encoding" not in said.lower():
        response.headers["Vary"] = f"{said}, Accept-Encoding"


def may_be_squeezed() -> bool:
    """Nothing personal in it, or asked for by one of our own pages or by hand."""
    return not g.get("personal") or request.headers.get("Sec-Fetch-Site") in OURS_ASKED


def _squeezed(response: Response, encoding: str) -> Response:
    response.direct_passthrough = False
    content = response.get_data()
    if len(content) < LEAST_BYTES:
        return response
    response.set_data(_hard(content, encoding) if request.endpoint in FILES else _quick(content, encoding))
    response.headers["Content-Encoding"] = encoding
    if (tag := response.get_etag()[0]) is not None:
        response.set_etag(tag, weak=True)
    return response


def _quick(content: bytes, encoding: str) -> bytes:
    if encoding != "br":
        return gzip.compress(content, mtime=0)
    is_personal, back = g.get("personal"), AS_FAR_AS_A_PAGE if len(content) <= 1 << AS_FAR_AS_A_PAGE else FAR
    squeezed: bytes = brotli.compress(content, quality=QUICKEST if is_personal else QUICK, lgwin=back)
    return brotli.compress(content, quality=HARD) if len(squeezed) in TOO_HEAVY and not is_personal else squeezed


@lru_cache(maxsize=64)
def _hard(content: bytes, encoding: str) -> bytes:
    best = BEST if len(content) < LARGE else WELL
    squeezed: bytes = brotli.compress(content, quality=best) if encoding == "br" else gzip.compress(content, 9, mtime=0)
    return squeezed
