"""What we are made of is written down: every package with its hash and its licence, every file of others with its own, every check that is
skipped with another that asks."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from webapp.config import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
VENDORED = tomllib.loads((ROOT / "deploy/sbom/vendored.toml").read_text(encoding="utf-8"))["vendored"]
LICENCES = (ROOT / "docs/licences.md").read_text(encoding="utf-8")
LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-bench.txt")
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)
OF_OTHER_SYSTEMS = "sys_platform == 'win32'"
SKIPPED_AND_ASKED_BY = {"B608": "S608", "B704": "S704", "B310": "S310"}
MADE_BY_OTHERS = ("*.min.js", "*.woff2", "*.woff", "*.ttf", "*.jar", "HTMLCS*")


def named(text: str) -> str:
    return re.sub(r"[-_.]+", "-", text).lower()


@pytest.mark.parametrize("lock", LOCKS)
def test_nothing_is_installed_without_its_hash(lock: str) -> None:
    for block in re.split(r"\n(?=\S)", (ROOT / lock).read_text(encoding="utf-8").strip()):
        assert PINNED.match(block), block[:80]
        assert "--hash=sha256:" in block, block[:80]


def test_every_package_of_the_app_is_listed_with_a_licence() -> None:
    """Stale? `make sbom`"""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    here = {named(found[1]) for line in lines if (found := PINNED.match(line)) and OF_OTHER_SYSTEMS not in line}
    listed = {named(row) for row in re.findall(r"^\| ([^|]+?) \| [^|]+ \|$", LICENCES, re.MULTILINE)} - {"package", "---"}
    assert here - listed == set()
    assert listed - here == set()
    assert "NOT KNOWN" not in LICENCES


def test_files_of_others_are_declared_with_their_licence_beside_them() -> None:
    declared = {path for one in VENDORED for path in one["files"]}
    found = {
        str(path.relative_to(ROOT)) for room in ("static", "templates", "tests", "webapp", "deploy") for kind in MADE_BY_OTHERS
        for path in (ROOT / room).rglob(kind) if "LICEN" not in path.name
    }  # fmt: skip
    assert found <= declared
    for one in VENDORED:
        assert all((ROOT / path).is_file() for path in one["files"]), one["name"]
        assert not one["text"] or (ROOT / one["text"]).stat().st_size > 200, one["name"]
        assert f"| {one['name']} | {one['licence']} |" in LICENCES
        for path in one["files"]:
            version = re.search(r"\d+\.\d+\.\d+", Path(path).name)
            assert version is None or version[0] == one["version"], path


def test_what_bandit_skips_ruff_asks() -> None:
    skipped = PYPROJECT["tool"]["bandit"]["skips"]
    lint = PYPROJECT["tool"]["ruff"]["lint"]
    assert set(skipped) == set(SKIPPED_AND_ASKED_BY)
    assert "S" in lint["select"]
    silent = [*lint["ignore"], *(code for path, codes in lint["per-file-ignores"].items() if "tests" not in path for code in codes)]
    for code in (SKIPPED_AND_ASKED_BY[one] for one in skipped):
        assert not [one for one in silent if code.startswith(one)], code


def test_whoever_silences_a_checker_in_the_app_says_why() -> None:
    """SQL from constants of ours is so common that pyproject.toml says it once."""
    silencers = re.compile(r"#\s*(noqa: [A-Z0-9, ]+|nosec \S+)(.*)")
    for path in sorted((ROOT / "webapp").rglob("*.py")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            found = silencers.search(line)
            if found and found[1].strip() != "noqa: S608":
                assert len(found[2].strip(" -")) > 2, f"{path}:{number}"


def test_domain_ports_and_actions_are_typed_strictly() -> None:
    mypy = PYPROJECT["tool"]["mypy"]
    assert mypy["strict"] is True
    assert mypy["files"] == ["webapp"]
    for override in mypy["overrides"]:
        assert set(override) == {"module", "ignore_missing_imports"}, "nothing is loosened for a room of ours"
        assert not [one for one in override["module"] if one.startswith("webapp")]


def test_updates_have_a_policy() -> None:
    text = (ROOT / "docs/updates.md").read_text(encoding="utf-8")
    for words in ("make lock", "make sbom", "every month", "a security fix", "within one working day", "make check"):
        assert words in text


def test_the_bill_of_materials_gets_what_lies_in_the_repository(tmp_path: Path) -> None:
    import sys

    sys.path.insert(0, str(ROOT / "deploy/sbom"))
    try:
        import licences
    finally:
        sys.path.pop(0)
    package = {"name": "flask", "version": "1", "type": "library", "bom-ref": "f", "licenses": [{"license": {"id": "BSD-3-Clause"}}]}
    bom = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": [package]}
    sbom, listing = tmp_path / "sbom.json", tmp_path / "licences.md"
    sbom.write_text(json.dumps(bom), encoding="utf-8")
    licences.main(sbom, listing)
    names = [one["name"] for one in json.loads(sbom.read_text(encoding="utf-8"))["components"]]
    assert names == ["flask", "htmx", "Sarabun"]
    assert "| flask | BSD-3-Clause |" in listing.read_text(encoding="utf-8")
    assert licences.licence_of({"name": "new", "licenses": []}).startswith("NOT KNOWN")
