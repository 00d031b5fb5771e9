"""What makes it an app on a phone: the manifest, the worker, the page without the net."""

from __future__ import annotations

import json
from dataclasses import replace

from flask.testing import FlaskClient

from tests.front_door import APP
from webapp.app import create_app
from webapp.config import ROOT
from webapp.ports import Tools


def test_the_manifest_can_be_installed(client: FlaskClient) -> None:
    answer = client.get("/manifest.webmanifest", headers={"Accept-Language": "th"}, base_url=APP)
    facts = json.loads(answer.data)
    assert answer.mimetype == "application/manifest+json"
    assert (facts["id"], facts["scope"], facts["start_url"], facts["display"]) == ("/", "/", "/", "standalone")
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in facts["icons"]}
    assert any(icon.get("purpose") == "maskable" for icon in facts["icons"])
    assert facts["shortcuts"][0]["name"] == "เปลี่ยนโรงพยาบาล"


def test_every_icon_and_shortcut_is_there(client: FlaskClient) -> None:
    facts = json.loads(client.get("/manifest.webmanifest", base_url=APP).data)
    for address in [one["src"] for one in facts["icons"]] + [one["url"] for one in facts["shortcuts"]]:
        assert client.get(address, base_url=APP).status_code == 200, address


def test_a_demonstration_is_named_so_on_the_home_screen(client: FlaskClient, tools: Tools) -> None:
    facts = json.loads(client.get("/manifest.webmanifest", base_url=APP).data)
    assert "ต้นแบบ" in facts["name"]
    assert "prototype" in facts["name"]
    assert "ต้นแบบ" in facts["short_name"]
    operated = replace(tools, settings=replace(tools.settings, operator="สำนักงานทดสอบ"))
    real = create_app(operated.settings, operated).test_client().get("/manifest.webmanifest", base_url=APP)
    assert "ต้นแบบ" not in real.get_data(as_text=True)


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


def test_the_worker_looks_for_no_store_before_it_keeps_a_page() -> None:
    worker = (ROOT / "service-worker.js").read_text(encoding="utf-8")
    assert "no-store" in worker
    assert 'credentials: "omit"' in worker
