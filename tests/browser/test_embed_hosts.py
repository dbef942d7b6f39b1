"""Widgets on pages that may not have them, far down on pages that may, and without their server for a while."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Request, expect

from tests.browser.conftest import DEADLINE_MS, Person
from tests.browser.hosts import host
from tests.browser.test_embed import LIVE, at, document, element, script, widget
from tests.integration.server_process import ServerProcess


@pytest.fixture
def author(people: Any, server: ServerProcess) -> Person:
    somebody: Person = people()
    somebody.post("/api/guests", {})
    return somebody


def test_only_sites_that_are_named_may_frame_a_widget(people: Any, tmp_path: Path) -> None:
    reader = people()
    page = reader.page
    body: dict[str, str] = {}
    with (
        host(body) as named,
        host(body) as unnamed,
        ServerProcess(tmp_path / "data", embed_sites=f"{named} https://blog.example") as server,
    ):
        body["/"] = document(element(server.url) + script(server.url))
        page.goto(named)
        widget(page).locator(LIVE).wait_for()
        expect(page.get_by_text("pictures, live")).to_be_hidden()
        page.goto(unnamed)
        expect(page.get_by_text("pictures, live")).to_be_visible()
        expect(page.locator("live-feed iframe")).to_be_hidden()
        page.goto("about:blank")
    assert any("frame-ancestors" in said for said in reader.complaints), reader.complaints
    reader.complaints[:] = [said for said in reader.complaints if "frame-ancestors" not in said]


def test_a_widget_far_down_a_page_asks_for_nothing_until_somebody_comes_near(
    people: Any, server: ServerProcess, author: Person
) -> None:
    reader = people()
    asked: list[Request] = []
    reader.page.on("request", lambda request: asked.append(request))
    room = '<p style="height:9000px"></p>'
    body = element(server.url, "tag:near", "height=200") + room + element(server.url, "tag:far", "height=200")
    with at(reader, body + script(server.url)) as page:
        widget(page, 0).locator(LIVE).wait_for()
        assert not [request.url for request in asked if "far" in request.url]
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        widget(page, 1).locator(LIVE).wait_for()
        assert [request.url for request in asked if "/embed/tag:far" in request.url]


def test_a_widget_goes_on_when_its_server_is_back(people: Any, tmp_path: Path, picture: bytes) -> None:
    reader, other = people(), people()
    with ServerProcess(tmp_path / "data") as server:
        other.url = server.url
        other.post("/api/guests", {})
        other.upload(picture, "before #back")
        with at(reader, element(server.url, "tag:back") + script(server.url)) as page:
            inside = widget(page)
            inside.locator(LIVE).wait_for()
            server.kill()
            expect(inside.locator("[data-testid=connection]")).not_to_have_attribute("data-state", "live")
            server.start()
            other.upload(picture, "after #back")
            inside.locator(LIVE).wait_for(timeout=3 * DEADLINE_MS)
            inside.locator("[data-testid=new-pill]").click()
            expect(inside.locator("[data-testid=post] .title")).to_have_text(["after"])
    reader.complaints[:] = [said for said in reader.complaints if "ERR_" not in said]
