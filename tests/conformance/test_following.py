"""`feed:following` as a client sees it."""

from __future__ import annotations

import asyncio

import aiohttp
import orjson
import pytest

from tests.conformance.peers import Caller, Http, Server, Wire


async def follow(http: Http, follower: Caller, followed: Caller, method: str = "PUT") -> None:
    answer = await http.ask(method, f"/api/users/{followed.user['handle']}/follow", token=follower.token)
    assert answer.status == 204, answer


async def page_with(http: Http, reader: Caller, *ids: str) -> dict[str, object]:
    """Return the reader's own feed once it holds exactly these posts."""
    async with asyncio.timeout(20):
        while True:
            page = (await http.ask("GET", "/api/feeds/following", token=reader.token)).body
            if [post["id"] for post in page["posts"]] == list(ids):
                found: dict[str, object] = page
                return found
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("codec", ["json", "msgpack"])
async def test_a_follower_sees_what_comes_on_the_topic_of_their_own(
    server: Server, http: Http, guest: Caller, stranger: Caller, codec: str
):
    older = await http.post(stranger)
    async with Wire.open(server.url, token=guest.token, codec=codec) as wire:
        await wire.subscribe("feed:following")
        await follow(http, guest, stranger)
        followed, filled_in = await wire.events("feed:following", 2)
        assert (followed["type"], followed["data"]["user"]["id"]) == ("follow.created", stranger.id)
        assert (filled_in["type"], filled_in["data"]["post"]["id"]) == ("post.created", older["id"])
        newer = await http.post(stranger)
        [event] = await wire.events("feed:following", 1)
        assert event["data"]["post"]["id"] == newer["id"]
        await page_with(http, guest, newer["id"], older["id"])
        await follow(http, guest, stranger, "DELETE")
        [event] = await wire.events("feed:following", 1)
        assert (event["type"], event["data"]) == ("follow.deleted", {"id": stranger.id})
        await page_with(http, guest)
        assert (await wire.ask("unsubscribe", topics=["feed:following"]))["op"] == "result"
        await wire.subscribe("feed:following", latest=4)
        assert len(await wire.events("feed:following", 4)) == 4


async def test_two_people_on_one_server_never_see_each_others_feed(server: Server, http: Http):
    one, other, author, rival = [await http.guest() for _ in range(4)]
    await follow(http, one, author)
    await follow(http, other, rival)
    async with Wire.open(server.url, token=one.token) as first, Wire.open(server.url, token=other.token) as second:
        for wire in (first, second):
            await wire.subscribe("feed:following")
        for poster, reader in ((author, one), (rival, other)):
            post = await http.post(poster)
            await page_with(http, reader, post["id"])
        [mine] = await first.events("feed:following", 1)
        [theirs] = await second.events("feed:following", 1)
        assert mine["data"]["post"]["author"]["id"] == author.id
        assert theirs["data"]["post"]["author"]["id"] == rival.id


async def test_the_snapshot_s_position_goes_on_over_server_sent_events(
    server: Server, http: Http, guest: Caller, stranger: Caller
):
    await follow(http, guest, stranger)
    at = (await http.ask("GET", "/api/feeds/following", token=guest.token)).body["at"]
    headers = {"Authorization": f"Bearer {guest.token}", "Last-Event-ID": at}
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{server.url}/sse?topic=feed:following", headers=headers) as stream:
            assert stream.status == 200
            post = await http.post(stranger)
            async with asyncio.timeout(20):
                async for line in stream.content:
                    if line.startswith(b"data:") and b"post.created" in line:
                        data = orjson.loads(line.removeprefix(b"data:"))
                        break
            assert (data["topic"], data["data"]["post"]["id"]) == ("feed:following", post["id"])
        async with session.get(f"{server.url}/sse?topic=feed:following") as refused:
            assert refused.status == 404


async def test_a_profile_tells_who_follows(http: Http, guest: Caller, stranger: Caller):
    await follow(http, guest, stranger)
    path = f"/api/users/{stranger.user['handle']}"
    async with asyncio.timeout(20):
        while (await http.ask("GET", path)).body["followers"] != 1:
            await asyncio.sleep(0.02)
    assert (await http.ask("GET", path, token=guest.token)).body["followed"] is True
    assert (await http.ask("GET", path)).body["followed"] is False
    assert (await http.ask("GET", f"/api/users/{guest.user['handle']}")).body["following"] == 1
