"""What makes it an app on a phone: the manifest, the worker, the page without the net."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.front_door import APP
from webapp.app import create_app
from webapp.config import ROOT
from webapp.ports import Tools
from webapp.views.pwa import NEEDED


def test_the_manifest_can_be_installed(client: FlaskClient) -> None:
    answer = client.get("/manifest.webmanifest?language=th", base_url=APP)
    facts = json.loads(answer.data)
    assert answer.mimetype == "application/manifest+json"
    assert (facts["id"], facts["scope"], facts["start_url"], facts["display"]) == ("/", "/", "/", "standalone")
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in facts["icons"]}
    assert any(icon.get("purpose") == "maskable" for icon in facts["icons"])
    assert facts["shortcuts"][0]["name"] == "เปลี่ยนโรงพยาบาล"


def manifest(client: FlaskClient, language: str, **headers: str) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(client.get(f"/manifest.webmanifest?language={language}", base_url=APP, headers=headers).data)
    return facts


def test_each_page_names_the_manifest_of_its_language_and_both_are_the_same_app(client: FlaskClient) -> None:
    thai, english = manifest(client, "th", **{"Accept-Language": "en"}), manifest(client, "en", **{"Accept-Language": "th"})
    assert (thai["lang"], english["lang"]) == ("th", "en")
    assert (thai["short_name"], english["short_name"]) == ("สิทธิ ต้นแบบ", "Sitthi prototype")
    assert all(thai[name] == english[name] for name in ("id", "start_url", "scope", "icons", "display"))
    for code in ("th", "en"):
        client.set_cookie("sitthi-language", code, domain="127.0.0.1")
        assert f'rel="manifest" href="/manifest.webmanifest?language={code}"' in client.get("/help", base_url=APP).get_data(as_text=True)
    assert manifest(client, "de", **{"Accept-Language": "en"})["lang"] == "en"


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_icon_shortcut_and_picture_is_there(client: FlaskClient, language: str) -> None:
    facts = manifest(client, language)
    assert [one["url"] for one in facts["shortcuts"]] == ["/hospital-change", "/benefits", "/emergency"]
    icons = facts["icons"] + facts["screenshots"] + [icon for one in facts["shortcuts"] for icon in one["icons"]]
    for address in [one["src"] for one in icons] + [one["url"] for one in facts["shortcuts"]]:
        assert client.get(address, base_url=APP).status_code == 200, address


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_screenshots_are_as_large_as_said_and_light(client: FlaskClient, language: str) -> None:
    """Read from WebP's own head (VP8X): three bytes each for width and height, less one."""
    shots = manifest(client, language)["screenshots"]
    assert len(shots) == 3
    for shot in shots:
        data = client.get(shot["src"], base_url=APP).data
        width, height = (int.from_bytes(data[at : at + 3], "little") + 1 for at in (24, 27))
        assert (data[8:16], f"{width}x{height}") == (b"WEBPVP8X", shot["sizes"]), shot["src"]
        assert height <= 2.3 * width, "else Chromium shows none"
        assert len(data) <= 48 * 1024


def test_a_demonstration_is_named_so_on_the_home_screen(client: FlaskClient, tools: Tools) -> None:
    assert all("ต้นแบบ" in manifest(client, "th")[name] for name in ("name", "short_name"))
    assert all("prototype" in manifest(client, "en")[name] for name in ("name", "short_name"))
    operated = replace(tools, settings=replace(tools.settings, operator="สำนักงานทดสอบ"))
    real = manifest(create_app(operated.settings, operated).test_client(), "th")
    assert "ต้นแบบ" not in json.dumps(real, ensure_ascii=False)
    assert real["screenshots"] == [], "ours show a prototype"


def test_the_worker_reaches_the_whole_site_and_is_always_asked_for_anew(client: FlaskClient) -> None:
    answer = client.get("/service-worker.js", base_url=APP)
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert (ROOT / "service-worker.js").read_text(encoding="utf-8") in answer.get_data(as_text=True)


def test_what_the_worker_keeps_is_public_and_may_be_kept(client: FlaskClient) -> None:
    first_line = client.get("/service-worker.js", base_url=APP).get_data(as_text=True).partition("\n")[0]
    kept = json.loads(first_line.removeprefix("const KEPT = ").removesuffix(";"))
    assert "/emergency" in kept["pages"]
    assert "/offline" in kept["pages"]
    for address in kept["pages"] + kept["files"]:
        answer = client.get(address, base_url=APP)
        assert answer.status_code == 200, address
        assert "no-store" not in answer.headers["Cache-Control"], address


def kept_pages(client: FlaskClient, asked: str) -> dict[str, str]:
    pages: dict[str, str] = json.loads(client.get(f"/pages-to-keep?{asked}", base_url=APP).data)["pages"]
    return pages


def ways_on(page: str) -> set[str]:
    return set(re.findall(r'class="r" href="([^"]+)"', page))


@pytest.mark.parametrize(
    ("language", "rule", "as_of"),
    [
        ("th", "ไม่ต้องจ่ายเงินล่วงหน้าใน 72 ชั่วโมงแรก", "ข้อมูล ณ"),
        ("en", "you pay nothing in advance for the first 72 hours", "As of"),
    ],
)
def test_without_the_net_the_emergency_rule_1506_and_the_next_two_cut_offs_stand_in_the_page(
    client: FlaskClient, language: str, rule: str, as_of: str
) -> None:
    page = kept_pages(client, f"needed=1&language={language}")["/offline"].partition("<main")[2]
    assert rule in page
    assert 'href="tel:1506"' in page
    told = re.search(r'aria-labelledby="rounds">.*?</section>', page, re.DOTALL)
    assert told
    assert re.findall(r'16:30.*? <time datetime="([^"]+)"', told[0]) == ["2026-12-30", "2027-01-15"]
    assert f'{as_of} <time datetime="2026-12-20">' in told[0]


def test_the_page_without_the_net_leads_only_to_what_the_phone_keeps(client: FlaskClient) -> None:
    needed, everything = kept_pages(client, "needed=1"), kept_pages(client, "language=th")
    assert set(needed) == set(NEEDED)
    assert "/on-this-phone" in needed
    assert ways_on(needed["/offline"]) - {"/"} <= set(needed)
    assert {"/guide", "/reminders"} <= ways_on(everything["/offline"]) <= set(everything)


def test_the_list_of_a_shared_phone_lets_go_of_all_and_is_not_kept(client: FlaskClient) -> None:
    assert "no-store" not in client.get("/on-this-phone", base_url=APP).headers["Cache-Control"]
    client.set_cookie("sitthi-look", "shared_phone=1", domain="127.0.0.1")
    shared = client.get("/on-this-phone", base_url=APP)
    assert 'data-shared="1"' in shared.get_data(as_text=True)
    assert "no-store" in shared.headers["Cache-Control"]
    assert "data-shared" not in kept_pages(client, "needed=1")["/on-this-phone"]
