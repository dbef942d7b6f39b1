"""Cookies act for pages of our own only; tokens need no Origin."""

from __future__ import annotations

import aiohttp
import pytest
from websockets.exceptions import InvalidStatus

from tests.conformance.peers import Caller, Http, Server, Wire

FOREIGN = ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost", "file://", "", "evil"]


async def become_guest(browser: aiohttp.ClientSession, server: Server) -> str:
    """Return the Cookie header of a fresh guest's browser."""
    async with browser.post(server.url + "/api/guests") as answer:
        assert answer.status == 201
        cookie = answer.cookies["livefeed"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    return f"livefeed={cookie.value}"


async def test_our_own_pages_write_with_the_cookie(server, browser):
    cookie = await become_guest(browser, server)
    headers = {"Cookie": cookie, "Origin": server.url}
    async with Http(server.url) as http:
        answer = await http.ask("PATCH", "/api/me", {"handle": "renamed-by-page"}, headers=headers)
        assert answer.status == 200
        assert (await http.ask("GET", "/api/me", headers={"Cookie": cookie})).body["user"][
            "handle"
        ] == "renamed-by-page"


@pytest.mark.parametrize("origin", [*FOREIGN, None])
async def test_a_write_with_the_cookie_from_elsewhere_is_refused(server, browser, origin):
    cookie = await become_guest(browser, server)
    headers = {"Cookie": cookie, **({} if origin is None else {"Origin": origin})}
    async with Http(server.url) as http:
        for method, path, body in [
            ("PATCH", "/api/me", {"handle": "stolen"}),
            ("POST", "/api/generations", {"prompt": "x"}),
            ("DELETE", "/api/posts/x", None),
            ("PUT", "/api/posts/x/reactions/🦊", None),
        ]:
            answer = await http.ask(method, path, body, headers=headers)
            assert (answer.status, answer.code) == (403, "foreign_origin"), (method, path)


@pytest.mark.parametrize("origin", [*FOREIGN, None])
async def test_a_websocket_with_the_cookie_from_elsewhere_is_refused(server, browser, origin):
    cookie = await become_guest(browser, server)
    headers = {"Cookie": cookie, **({} if origin is None else {"Origin": origin})}
    with pytest.raises(InvalidStatus) as caught:
        async with Wire.open(server.url, headers=headers):
            pass
    assert caught.value.response.status_code == 403


async def test_a_websocket_with_the_cookie_from_our_own_page_is_somebody(server, browser):
    cookie = await become_guest(browser, server)
    async with Wire.open(server.url, headers={"Cookie": cookie}, origin=server.url) as wire:
        assert wire.welcome["user"] is not None


async def test_reading_with_the_cookie_needs_no_origin(server, browser):
    cookie = await become_guest(browser, server)
    async with Http(server.url) as http:
        for path in ("/api/me", "/api/feeds/all"):
            answer = await http.ask("GET", path, headers={"Cookie": cookie, "Origin": "https://evil.example"})
            assert answer.status == 200
            assert answer.headers.get("Access-Control-Allow-Credentials") is None


async def test_a_token_needs_no_origin_and_outranks_the_cookie(server, browser, guest: Caller):
    cookie = await become_guest(browser, server)
    headers = {"Cookie": cookie, "Origin": "https://evil.example"}
    async with Http(server.url) as http:
        answer = await http.ask("GET", "/api/me", token=guest.token, headers=headers)
        assert answer.body["user"] == guest.user
        answer = await http.ask(
            "PATCH", "/api/me", {"handle": guest.user["handle"]}, token=guest.token, headers=headers
        )
        assert answer.status == 200
    async with Wire.open(server.url, token=guest.token, headers=headers) as wire:
        assert wire.welcome["user"]["id"] == guest.id


async def test_public_reads_may_be_made_by_any_page_and_private_ones_by_none(http: Http):
    for path in ("/api/feeds/all", "/api/generators", "/api/openapi.json"):
        assert (await http.ask("GET", path)).headers["Access-Control-Allow-Origin"] == "*"
    for path in ("/api/me",):
        assert "Access-Control-Allow-Origin" not in (await http.ask("GET", path)).headers


async def test_an_anonymous_page_of_any_site_may_watch(server):
    async with Wire.open(server.url, origin="https://blog.example") as wire:
        assert "at" in await wire.subscribe("feed:all")


@pytest.mark.parametrize("value", ["Basic Zm94", "Bearer", "Bearer ", "Bearer nobody", "sesame"])
async def test_credentials_that_are_not_valid_are_refused_everywhere(server, http, value):
    for path in ("/api/me", "/api/feeds/all", "/sse?topic=feed:all"):
        answer = await http.ask("GET", path, headers={"Authorization": value})
        assert (answer.status, answer.code) == (401, "unauthorised"), path
    with pytest.raises(InvalidStatus) as caught:
        async with Wire.open(server.url, headers={"Authorization": value}):
            pass
    assert caught.value.response.status_code == 401


async def test_a_token_in_the_address_counts_for_streams_only(http: Http, guest: Caller):
    assert (await http.ask("GET", f"/api/me?token={guest.token}")).body["user"] is None
