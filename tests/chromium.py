"""The real browser of the tests: Debian's Chromium, or the one that CHROMIUM names."""

from __future__ import annotations

import os
import shutil

SWITCHED_OFF_BY_PLAYWRIGHT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect",
    "TcpPortRandomizationWin", "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch",
    "msForceBrowserSignIn", "msEdgeUpdateLaunchServicesPreferredVersion",
)  # fmt: skip
"""Named once more, because Chromium hears only the last list it is given: tests/journeys/test_chromium.py tells when it grows."""
LISTS_UNDER_THE_ADDRESS_BAR = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup")
"""Two pages of Chromium's own for each window, which nobody opens here: making them took a third of what it reckons in a journey."""
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--font-render-hinting=none",
    f"--disable-features={','.join((*SWITCHED_OFF_BY_PLAYWRIGHT, *LISTS_UNDER_THE_ADDRESS_BAR))}",
]  # fmt: skip


def chromium_here() -> str:
    """Where Chromium lies on this machine."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert chromium, "no Chromium found: install Debian's chromium or name one with CHROMIUM="
    return chromium
