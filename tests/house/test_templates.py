"""Templates keep the house rules: no inline script or style, no English outside a translation call, every include exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

ROOT = Path(__file__).resolve().parents[2] / "templates"
TEMPLATES = sorted(ROOT.rglob("*.html"))
ENV = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)  # noqa: S701 - parsing only
WORDS = re.compile(r"[A-Za-z]{2,}")
TAGS = re.compile(r"<[^>]*>|&[a-z]+;|&#\d+;", re.DOTALL)
SILENT = re.compile(r"<(script|style|svg)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
NAMES_KEPT_AS_THEY_ARE = {"ThaiD", "SSO", "Plus", "LINE", "SITTHI", "Sitthi", "EN", "UCEP", "www", "sso", "go", "th", "HC", "QR", "English"}
SAID_ATTRIBUTES = re.compile(r'\b(?:aria-label|title|placeholder|alt|content)="([^"{]*[A-Za-z]{3,}[^"{]*)"')
WORDS_FOR_THE_LAYOUT = re.compile(r"\{% block (nav|flow) %\}.*?\{% endblock %\}")
TECHNICAL_CONTENT = re.compile(r'content="(?:width=|no-referrer|telephone|light|#|yes|default|black|\{)')


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_no_inline_script_or_style(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\son[a-z]+\s*=|\sstyle\s*=|javascript:", text), "inline script or style"
    assert "|safe" not in text.replace(" ", ""), "unescaped output"


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_no_words_outside_a_translation_call(path: Path) -> None:
    source = WORDS_FOR_THE_LAYOUT.sub("", path.read_text(encoding="utf-8"))
    parsed = ENV.parse(source)
    parts = (part for output in parsed.find_all(nodes.Output) for part in output.nodes)
    text = "\x00".join(part.data for part in parts if isinstance(part, nodes.TemplateData))
    bare = TAGS.sub(" ", SILENT.sub(" ", text))
    bare = re.sub(r"<[^<]*$|^[^>\x00]*>", " ", bare)
    bare = re.sub(r"<[^>\x00]*\x00|\x00[^<\x00]*>", " ", bare)
    bare = re.sub(r'[\w-]+="[^"\x00]*"?|"\S*', " ", bare)
    words = [word for word in WORDS.findall(bare) if word not in NAMES_KEPT_AS_THEY_ARE]
    assert not words, f"said without translation: {words[:5]}"


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_what_is_read_aloud_is_translated_too(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    said = [match for match in SAID_ATTRIBUTES.finditer(source) if not TECHNICAL_CONTENT.match(match[0])]
    assert not [match[0] for match in said]


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_every_template_it_names_exists(path: Path) -> None:
    parsed = ENV.parse(path.read_text(encoding="utf-8"))
    kinds = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
    for node in parsed.find_all(kinds):
        if isinstance(node.template, nodes.Const):  # type: ignore[attr-defined]
            assert (ROOT / node.template.value).exists(), node.template.value  # type: ignore[attr-defined]
