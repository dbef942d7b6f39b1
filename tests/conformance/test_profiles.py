"""A profile over HTTP: what everybody sees, and what only its owner does."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.conformance.peers import Caller, Http
from tests.conformance.test_documents import check, openapi
from tests.conformance.test_following import follow


async def settled(http: Http, path: str, reader: Caller, name: str, expected: Any) -> dict[str, Any]:
    """Return an answer once it says what is expected: lists follow what they are told of."""
    async with asyncio.timeout(20):
        while True:
            answer: dict[str, Any] = (await http.ask("GET", path, token=reader.token)).body
            if answer.get(name) == expected:
                return answer
            await asyncio.sleep(0.02)


async def test_a_profile_shows_pictures_to_all_and_what_one_likes_to_oneself(
    http: Http, guest: Caller, stranger: Caller
):
    handle, schemas = guest.user["handle"], (await openapi(http))["components"]["schemas"]
    post = await http.post(guest)
    theirs = await http.post(stranger)
    await http.ask("PUT", f"/api/posts/{theirs['id']}/reactions/🦊", token=guest.token)
    await http.ask("POST", "/api/rooms", {"post": post["id"]}, token=guest.token)
    await follow(http, stranger, guest)
    await follow(http, guest, stranger)
    await settled(http, f"/api/users/{handle}", guest, "followers", 1)
    await settled(http, f"/api/users/{handle}", guest, "rooms", 1)
    own = await settled(http, f"/api/users/{handle}", guest, "liked", 1)
    check(own, {"$ref": "#/Profile"}, schemas, "")
    assert own["pictures"] >= 1
    for reader in (stranger.token, None):
        seen = (await http.ask("GET", f"/api/users/{handle}", token=reader)).body
        assert "liked" not in seen
        assert "rooms" not in seen
        assert (seen["pictures"], seen["followers"]) == (own["pictures"], 1)
    liked = await http.ask("GET", "/api/feeds/liked", token=guest.token)
    check(liked.body, {"$ref": "#/Feed"}, schemas, "")
    assert [found["id"] for found in liked.body["posts"]] == [theirs["id"]]
    assert liked.body["mine"] == {theirs["id"]: ["🦊"]}
    assert (await http.ask("GET", "/api/feeds/liked", token=stranger.token)).body["posts"] == []
    for path, followed in (("followers", True), ("following", True)):
        page = await http.ask("GET", f"/api/me/{path}?limit=5", token=guest.token)
        check(page.body, {"$ref": "#/PeoplePage"}, schemas, "")
        assert [(each["user"]["id"], each["followed"]) for each in page.body["people"]] == [(stranger.id, followed)]
    rooms = await http.ask("GET", "/api/rooms?mine&limit=1", token=guest.token)
    check(rooms.body, {"$ref": "#/Rooms"}, schemas, "")
    assert rooms.body["next"] is None


async def test_nobody_else_can_ask_for_what_is_ones_own(http: Http, guest: Caller, stranger: Caller):
    for path in ("/api/feeds/liked", "/api/me/followers", "/api/me/following", "/api/rooms?mine"):
        answer = await http.ask("GET", path)
        assert (answer.status, answer.code) == (401, "unauthorised"), path
    for feed in (f"liked:{guest.id}", "liked:", f"rooms:{guest.id}", "remixes", "remixes:", "all:x", "following:x"):
        answer = await http.ask("GET", f"/api/feeds/{feed}", token=stranger.token)
        assert (answer.status, answer.code) == (404, "not_found"), feed


async def test_remixes_are_found_by_handle_and_by_id(http: Http, guest: Caller):
    await http.post(guest)
    for name in (guest.id, guest.user["handle"]):
        answer = await http.ask("GET", f"/api/feeds/remixes:{name}")
        assert (answer.status, answer.body["posts"], answer.body["next"]) == (200, [], None)
    assert (await http.ask("GET", "/api/feeds/remixes:nobody-of-this-name")).status == 404
