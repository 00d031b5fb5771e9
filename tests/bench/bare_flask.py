"""What the pages are measured against: a bare Flask app with one page, on our own production server (tests/bench/bench_pages.py starts it).

Its page is a template with a layout, a style sheet as text and a loop, of as many bytes as our first page. It has no session, no store, no
translation and squeezes nothing: what Flask and Jinja cost by themselves, and what a person could do nothing with.
"""

from __future__ import annotations

import sys
from pathlib import Path

from flask import Flask, render_template
from jinja2 import DictLoader

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from webapp import serving

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


def bare_app(style_bytes: int, page_bytes: int) -> Flask:
    """One page at / of so many bytes, so many of them its style."""
    app = Flask("bare")
    layout = LAYOUT.replace("STYLE", (RULE * (style_bytes // len(RULE) + 1))[:style_bytes])
    app.jinja_loader = DictLoader({"layout.html": layout, "page.html": PAGE})  # type: ignore[assignment]
    rows = [{**ROW, "href": f"/row/{number}"} for number in range(max(1, (page_bytes - style_bytes) // BYTES_OF_A_ROW))]

    @app.get("/")
    def page() -> str:
        return render_template("page.html", title="หน้าแรก", rows=rows)

    return app


def main() -> None:
    """`bare_flask.py PORT STYLE_BYTES PAGE_BYTES`"""
    port, style_bytes, page_bytes = map(int, sys.argv[1:4])
    serving.app_of_a_process = lambda: bare_app(style_bytes, page_bytes)  # its processes are forked: they find this one
    serving.serve(serving.Door("127.0.0.1", port), workers=1, file=None, in_earnest=False)


if __name__ == "__main__":
    main()
