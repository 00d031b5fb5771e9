"""The house has floors, and a room imports only from floors below it.

    6  app.py  commands.py        the two front doors, for browsers and for the shell: the only rooms that know the adapters
       serving.py                 the server that stands before the first: it knows the app, and the shell starts it
    5  views/                     who asks: one blueprint a capability            (standins/ stand apart: other people's servers)
    4  web/                       how we speak HTTP
    3  actions/   adapters/       what people can do · the outer world
    2  ports.py                   what we ask of the outer world
    1  domain/    config.py       the law and the cases, standard library only

`web` stands above `actions` because a guard asks an action whose session a cookie is; `commands` stands beside `app` because
a command needs the same tools built as a request does, and building them twice would be two truths.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ROOT / "webapp"
FLOORS = {"app": 6, "commands": 6, "serving": 6, "views": 5, "web": 4, "actions": 3, "adapters": 3, "ports": 2, "domain": 1, "config": 1}
BESIDE = {("commands", "app"), ("commands", "serving"), ("serving", "app")}
FILES = sorted(path for path in HOUSE.rglob("*.py") if path.name != "__init__.py" or path.stat().st_size)
GROUND_FLOOR = [path for path in FILES if path.relative_to(HOUSE).parts[0] in ("domain", "config.py")]


def imports_of(path: Path) -> list[str]:
    """Every module imported anywhere in the file, type-checking imports too."""
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            module = node.module or ""
            found += [f"{module}.{alias.name}" for alias in node.names] if module == "webapp" else [module]
    return found


def room_of(path: Path) -> str:
    return path.relative_to(HOUSE).parts[0].removesuffix(".py")


def own(modules: list[str]) -> list[list[str]]:
    return [module.split(".")[1:] for module in modules if module.startswith("webapp.")]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_a_room_imports_only_from_floors_below(path: Path) -> None:
    here = room_of(path)
    for target in own(imports_of(path)):
        there = target[0]
        if here == "standins":
            assert there == "standins", f"a stand-in is another's server and imports nothing of ours: {there}"
        elif there == "standins":
            assert here == "commands", "only the command that starts the stand-ins knows them"
        elif here == there:
            assert here != "views" or target[1:2] == [path.stem], f"views never import views: {'.'.join(target)}"
        else:
            beside = (here, there) in BESIDE
            assert FLOORS[there] < FLOORS[here] or beside, f"{here} must not import {there}"


@pytest.mark.parametrize("path", [path for path in FILES if room_of(path) == "adapters"], ids=lambda path: str(path.relative_to(HOUSE)))
def test_adapters_of_one_kind_never_import_another(path: Path) -> None:
    kind = path.relative_to(HOUSE / "adapters").parts[0].removesuffix(".py")
    for target in own(imports_of(path)):
        if target[0] == "adapters" and len(target) > 1 and target[1] != kind:
            assert (kind, target[1]) == ("store", "vault"), f"{kind} imports {target[1]}"


@pytest.mark.parametrize("path", GROUND_FLOOR, ids=lambda path: str(path.relative_to(HOUSE)))
def test_the_ground_floor_needs_the_standard_library_only(path: Path) -> None:
    for module in imports_of(path):
        top = module.split(".")[0]
        assert top == "webapp" or top in sys.stdlib_module_names, f"{path.name} imports {module}"


def test_importing_the_law_wakes_no_web_framework() -> None:
    assert (HOUSE / "__init__.py").read_text() == ""


CLOCK_READS = ("datetime.now(", "date.today(", "time.time(", "utcnow(")


@pytest.mark.parametrize(
    "path", [path for path in FILES if room_of(path) in ("domain", "actions")], ids=lambda path: str(path.relative_to(HOUSE))
)
def test_no_rule_reads_the_clock(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not [read for read in CLOCK_READS if read in text]
