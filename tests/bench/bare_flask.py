"""What the pages are measured against: a bare Flask app with one page, on our own production server (tests/bench/bench_pages.py starts it).

Its page is a template with a layout, a style sheet as text and a loop, of as many bytes as our first page. It has no session, no store and
no translation: what Flask and Jinja cost by themselves, and what a person could do nothing with. Plain, it squeezes nothing; squeezed, it
does it as our pages do (web/weight.py), which no page of ours may go without; since it says the same row again and again, that is cheaper
for it than for any of ours.
"""

from __future__ import annotations

import sys
from pathlib import Path

import brotli
from flask import Flask, Response, render_template
from jinja2 import DictLoader

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from webapp import serving
from webapp.web.weight import AS_FAR_AS_A_PAGE, QUICK

LAYOUT = """<!doctype html>
<html lang="th">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>{% block title %}{% endblock %} – Bare</title>
<style>STYLE</style>
</head>
<body>
<main>{% block main %}{% endblock %}</main>
</body>
</html>"""
PAGE = """{% extends "layout.html" %}
{% block title %}{{ title }}{% endblock %}
{% block main %}
<h1>{{ title }}</h1>
<ul>
{% for row in rows %}<li><a href="{{ row.href }}"><svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
<path d="{{ row.path }}"/></svg><span><b>{{ row.title }}</b><small>{{ row.text }}</small></span></a></li>
{% endfor %}</ul>
{% endblock %}"""
RULE = ".row a{display:flex;gap:12px;padding:12px;border-radius:8px;color:#1f3864}"
ROW = {"path": "M4 4h16v16H4zM8 8h8v8H8z" * 4, "title": "เปลี่ยนโรงพยาบาลตามสิทธิ", "text": "ดูวันเริ่มก่อนส่งคำขอ ไม่ต้องเข้าสู่ระบบ"}
BYTES_OF_A_ROW = 420


def bare_app(style_bytes: int, page_bytes: int, is_squeezed: bool = False) -> Flask:
    """One page at / of so many bytes, so many of them its style."""
    app = Flask("bare")
    layout = LAYOUT.replace("STYLE", (RULE * (style_bytes // len(RULE) + 1))[:style_bytes])
    app.jinja_loader = DictLoader({"layout.html": layout, "page.html": PAGE})  # type: ignore[assignment]
    rows = [{**ROW, "href": f"/row/{number}"} for number in range(max(1, (page_bytes - style_bytes) // BYTES_OF_A_ROW))]

    @app.get("/")
    def page() -> str:
        return render_template("page.html", title="หน้าแรก", rows=rows)

    if is_squeezed:
        app.after_request(squeezed)
    return app


def squeezed(response: Response) -> Response:
    """As our public pages are."""
    response.set_data(brotli.compress(response.get_data(), quality=QUICK, lgwin=AS_FAR_AS_A_PAGE))
    response.headers["Content-Encoding"] = "br"
    return response


def main() -> None:
    """`bare_flask.py PORT STYLE_BYTES PAGE_BYTES [squeezed]`"""
    port, style_bytes, page_bytes = map(int, sys.argv[1:4])
    is_squeezed = sys.argv[4:] == ["squeezed"]
    serving.app_of_a_process = lambda: bare_app(style_bytes, page_bytes, is_squeezed)  # its processes are forked: they find this one
    serving.serve(serving.Door("127.0.0.1", port), workers=1, file=None, in_earnest=False)


if __name__ == "__main__":
    main()
