"""Sums up what `make a11y` counted, prints it as a table and keeps it in docs/accessibility.json, for the accessibility statement."""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import UTC, datetime

from tests.accessibility.html_checker import version_of_the_checker
from tests.accessibility.looking import SIZES, THEMES, WIDTHS, version_of_axe
from tests.accessibility.walk import PARTS, RESULTS
from webapp.config import ROOT

KEPT = ROOT / "docs/accessibility.json"


def summed_up() -> dict[str, object]:
    """Fails where a part of the walk is missing."""
    parts = [json.loads((RESULTS / f"part-{part:02}.json").read_text(encoding="utf-8")) for part in range(PARTS)]
    looks, rules, languages = Counter[str](), Counter[str](), Counter[str]()
    for part in parts:
        looks.update(part["looks"])
        rules.update(part["findings_by_rule"])
        languages.update(part["pages_by_language"])
    return {
        "walked_on": datetime.now(UTC).date().isoformat(),
        "pages_and_states": sum(part["pages"] for part in parts),
        "by_language": languages,
        "widths": WIDTHS,
        "text_sizes": SIZES,
        "themes": list(THEMES),
        "combinations_of_each": len(WIDTHS) * len(SIZES) * len(THEMES),
        "checks_run": looks,
        "axe_core": version_of_axe(),
        "html_codesniffer": "2.5.1, WCAG2AAA",
        "nu_html_checker": version_of_the_checker(),
        "findings": sum(part["findings"] for part in parts),
        "findings_by_rule": rules,
    }


def main() -> int:
    counted = summed_up()
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text(json.dumps(counted, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    for name, value in counted.items():
        print(f"{name.replace('_', ' '):24}{value if not isinstance(value, Counter) else dict(value)}")
    return 1 if counted["findings"] else 0


if __name__ == "__main__":
    sys.exit(main())
