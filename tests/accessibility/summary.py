"""Sums up what `make a11y` counted, prints it as a table and keeps it in docs/accessibility.json, for the accessibility statement."""

from __future__ import annotations

import json
import sys
from collections import Counter

from tests.accessibility import kept
from tests.accessibility.html_checker import version_of_the_checker
from tests.accessibility.kept import RESULTS, Looked
from tests.accessibility.looking import SIZES, THEMES, WIDTHS, version_of_axe
from tests.accessibility.walk import PARTS
from webapp.config import ROOT

KEPT = ROOT / "docs/accessibility.json"


def summed_up() -> dict[str, object]:
    """Fails where a part of the walk is missing. `walked_on` is the day of the oldest look: since then every page has been looked at."""
    pages = [page for part in range(PARTS) for page in json.loads((RESULTS / f"part-{part:02}.json").read_text(encoding="utf-8"))]
    by_key = {page["key"]: _looked(page["key"]) for page in pages}
    kept.forget_all_but(set(by_key))
    invalid = json.loads((RESULTS / "html.json").read_text(encoding="utf-8"))
    found = [one for looked in by_key.values() for one in looked.to_mend]
    looks = sum((looked.looks for looked in by_key.values()), Counter[str]())
    return {
        "walked_on": min(looked.on for looked in by_key.values()),
        "last_looked_on": max(looked.on for looked in by_key.values()),
        "pages_and_states": len(pages),
        "of_different_bytes": len(by_key),
        "by_language": Counter(page["lang"] for page in pages),
        "widths": WIDTHS,
        "text_sizes": SIZES,
        "themes": list(THEMES),
        "combinations_of_each": len(WIDTHS) * len(SIZES) * len(THEMES),
        "checks_run": looks,
        "axe_core": version_of_axe(),
        "html_codesniffer": "2.5.1, WCAG2AAA",
        "nu_html_checker": version_of_the_checker(),
        "findings": len(found) + invalid,
        "findings_by_rule": Counter(f"{one.program} {one.rule}" for one in found) + Counter({"invalid html": invalid}),
    }


def _looked(key: str) -> Looked:
    looked = kept.read(key)
    assert looked, f"no result of {key}: the walk has not been finished"
    return looked


def main() -> int:
    counted = summed_up()
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text(json.dumps(counted, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    for name, value in counted.items():
        print(f"{name.replace('_', ' '):24}{value if not isinstance(value, Counter) else dict(value)}")
    return 1 if counted["findings"] else 0


if __name__ == "__main__":
    sys.exit(main())
