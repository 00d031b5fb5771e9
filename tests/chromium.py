"""The real browser of the tests: Debian's Chromium, or the one that CHROMIUM names."""

from __future__ import annotations

import os
import shutil

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--font-render-hinting=none",
]  # fmt: skip


def chromium_here() -> str:
    """Where Chromium lies on this machine."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert chromium, "no Chromium found: install Debian's chromium or name one with CHROMIUM="
    return chromium
