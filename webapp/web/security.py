"""What every answer carries and every write must pass.

- Writes: same origin, told by Sec-Fetch-Site, else by Origin (the way of datasette/csrf.py), else by Referer. No browser
  omits the first two on a cross-site form post; what omits them all is not a browser and carries nobody's cookie. A token in each
  form was refused: it expires under people's hands, and pages with a secret in them cannot be compressed safely (BREACH).
- CSP: nothing inline but the style of the page (web/style.py), whose hash is in the policy. No `unsafe-*`, no nonce to leak into a cache.
- Personal pages: no-store. A page is personal when the session or a draft was read for it.
- `Host` must be one of ours, so that no link or redirect can be bent.
- `X-Forwarded-For`, `-Proto` and `X-Request-Id` are believed from a proxy of ours only: one that stands where SITTHI_PROXY_ADDRESSES
  says (this machine, or a socket that only it may open), and then the hops that SITTHI_TRUSTED_PROXIES counts. From others they are
  anybody's claim.
"""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, request
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp.config import Settings
from webapp.web.request_id import take_over

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OPEN_TO_ALL_ORIGINS = "/api/"
FORM = "application/x-www-form-urlencoded"
ASKED_BY_SUPERVISORS = ("/healthz", "/readyz", "/metrics")  # by whatever address the machine has
LARGEST_BODY = 256 * 1024
LARGEST_FORM_PARTS = 200
LARGEST_QUERY = 256 * 1024  # somebody pastes a page of Thai into a search: nine characters each in an address
LARGEST_COOKIES = 16 * 1024
LARGEST_HEADERS = 32 * 1024
HANGS_ON = ("Cookie", "Accept-Language", "HX-Request", "Save-Data")
"""What of a request a page is made by."""
ALL_OF_THAT = ", ".join(HANGS_ON)


class FromAnotherSite(RuntimeError):
    """A write that another site's page sent with this person's cookies."""


def protect(app: Flask, settings: Settings) -> None:
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY, MAX_FORM_PARTS=LARGEST_FORM_PARTS)
    if settings.trusted_proxies:
        app.wsgi_app = _behind_proxies(app.wsgi_app, settings)  # type: ignore[method-assign]
    hosts, fixed_headers = settings.hosts, _fixed_headers(settings)
    own_origins = {f"{urlsplit(settings.base_url).scheme}://{host}" for host in hosts}

    @app.before_request
    def _guard() -> None:
        if request.host.lower() not in hosts and request.path not in ASKED_BY_SUPERVISORS:
            abort(400)
        _must_be_of_a_size()
        if request.method not in SAFE_METHODS and not request.path.startswith(OPEN_TO_ALL_ORIGINS):
            _must_be_same_origin(own_origins)

    @app.after_request
    def _headers(response: Response) -> Response:
        headers = response.headers
        own = {name.lower() for name, _ in headers}
        for name, value in fixed_headers:
            if name.lower() not in own:
                headers.add(name, value)
        if response.mimetype == "text/html":
            if "content-security-policy" not in own:
                headers.add("Content-Security-Policy", _policy())
            if "vary" not in own:
                headers.add("Vary", ALL_OF_THAT)
            elif not headers["Vary"].startswith(ALL_OF_THAT):
                response.vary.update(HANGS_ON)
        if "cache-control" not in own:
            headers.add("Cache-Control", "no-store" if g.get("personal") else "private, no-cache")
        return response


def _behind_proxies(direct: Callable[..., Any], settings: Settings) -> Callable[..., Any]:
    """What the last proxy says of whoever asks counts, where it is ours."""
    count = settings.trusted_proxies
    told = ProxyFix(direct, x_for=count, x_proto=count, x_host=0)

    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        if not _is_ours(environ.get("REMOTE_ADDR", ""), settings):
            return direct(environ, start_response)
        take_over(environ)
        return told(environ, start_response)

    return answer


def _is_ours(caller: str, settings: Settings) -> bool:
    """A caller on a socket of the file system has no address: the file's mode is what lets it in."""
    try:
        address = ip_address(caller)
    except ValueError:
        return not caller
    return any(address in network for network in settings.proxy_networks)


def mark_personal() -> None:
    """This answer may hold something of one person: it must not be kept anywhere."""
    g.personal = True


def own_path(target: str | None, otherwise: str = "/") -> str:
    """`target` where it is a path of ours, else `otherwise`: never a way to another site."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or len(target) > 512:
        return otherwise
    if any(ord(char) < 32 or char == "\\" for char in target):
        return otherwise
    parts = urlsplit(target)
    return otherwise if parts.scheme or parts.netloc else target


def _must_be_of_a_size() -> None:
    """Our addresses, cookies and forms are small; the body's own size is Flask's to mind (MAX_CONTENT_LENGTH). The count of fields in a
    form that is no file is nobody's but ours."""
    environ = request.environ
    if len(environ.get("QUERY_STRING", "")) > LARGEST_QUERY:
        abort(414)
    headers = sum(len(name) + len(value) for name, value in environ.items() if name.startswith("HTTP_"))
    if len(environ.get("HTTP_COOKIE", "")) > LARGEST_COOKIES or headers > LARGEST_HEADERS:
        abort(431)
    if request.mimetype == FORM and request.get_data().count(b"&") >= LARGEST_FORM_PARTS:
        abort(413)


def _must_be_same_origin(own_origins: set[str]) -> None:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in ("same-origin", "none"):
            raise FromAnotherSite
        return
    origin = request.headers.get("Origin")
    if origin is None and request.referrer:
        came_from = urlsplit(request.referrer)
        origin = f"{came_from.scheme}://{came_from.netloc}"
    if origin is not None and origin not in own_origins:
        raise FromAnotherSite


def _policy() -> str:
    style = f" '{g.style_hash}'" if g.get("style_hash") else ""
    return (
        "default-src 'none'; script-src 'self'; "
        f"style-src 'self'{style}; "
        "img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )


def _fixed_headers(settings: Settings) -> list[tuple[str, str]]:
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    }
    if settings.secure_cookies:
        headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    return list(headers.items())
