"""A room from its opening to its post, on a whole server: document, variation, votes, publishing."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pycrdt import Doc, Text
from websockets.asyncio.client import connect as open_socket

import livefeed.client
from livefeed.client import Feed
from livefeed.client.shapes import Variation
from livefeed.errors import Conflict, Forbidden, NotEnoughVotes
from tests.integration.crowd import picture
from tests.integration.server_process import ServerProcess
from tests.soak import count

WAIT_S = 60.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with ServerProcess(tmp_path_factory.mktemp("remix") / "data", workers=1) as running:
        yield running
        assert "Traceback" not in running.log()


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(128 | number & 127)
        number >>= 7
    return bytes([*out, number])


async def write(server: ServerProcess, feed: Feed, room: str, prompt: str) -> None:
    """Put words in front of a document's prompt, and wait until the server has them."""
    doc: Doc[Any] = Doc()
    text = doc.get("prompt", type=Text)
    text += prompt
    update = doc.get_update()
    address = f"{server.url.replace('http', 'ws')}/api/rooms/{room}/doc?token={feed.token}"
    async with open_socket(address, proxy=None) as socket, asyncio.timeout(WAIT_S):
        await socket.send(b"\0\2" + varint(len(update)) + update)
        while True:
            await socket.send(b"\0\0\1\0")  # step 1 of nobody's knowledge
            while (message := await socket.recv())[:2] != b"\0\1":
                assert isinstance(message, bytes)
            there: Doc[Any] = Doc()
            there.apply_update(message[next(i for i in range(2, len(message)) if message[i] < 128) + 1 :])
            if prompt in str(there.get("prompt", type=Text)):
                return
            await asyncio.sleep(0.02)


@pytest.mark.soak
@pytest.mark.timeout(1800)
async def test_kills_lose_no_variation_and_publish_once(tmp_path: Path, seed: int) -> None:
    """The server, with its store and its worker, is killed while it begins, paints and publishes; all is repeated."""
    chance = random.Random(seed)
    with ServerProcess(tmp_path / "data", workers=1, lease_s=3) as server:
        connect = partial(livefeed.client.connect, server.url, patience_s=WAIT_S)
        async with connect() as owner, connect() as editor, connect() as leaver:
            for number in range(count(1, 10)):
                parent = (await owner.upload(picture(), f"{number}"))["id"]
                room = (await owner.rooms.open(parent))["id"]
                invite = (await owner.rooms.invite(room, "editor"))["token"]
                for feed, words in ((editor, "a red fox in the snow"), (leaver, "by night, ")):
                    await feed.rooms.join(room, invite)
                    await write(server, feed, room, words)
                assert leaver.user is not None
                await owner.rooms.remove_member(room, leaver.user["handle"])
                begun = asyncio.create_task(owner.rooms.begin_variation(room))
                await killed(server, chance)
                variation = (await begun)["id"]
                await killed(server, chance)
                async with asyncio.timeout(WAIT_S):
                    while [found["state"] for found in await variations(owner, room)] != ["completed"]:
                        await asyncio.sleep(0.05)
                published = asyncio.create_task(owner.rooms.publish(room, variation))
                await killed(server, chance)
                done = await published
                post = done["id"]
                assert {person["id"] for person in done["credits"]} == ids(owner, editor, leaver)
                assert [found["id"] for found in await variations(owner, room)] == [variation]
                async with asyncio.timeout(WAIT_S):
                    while not (posts := await remixes(owner, parent)):
                        await asyncio.sleep(0.05)
                assert posts == [post]
                await owner.rooms.say(room, "that is all")
                told = []
                async with owner.subscribe(f"room:{room}", latest=200) as events, asyncio.timeout(WAIT_S):
                    while "room.message" not in told:
                        told.append((await anext(events)).type)
                assert told.count("room.published") == 1
        assert "Traceback" not in server.log()


def ids(*feeds: Feed) -> set[str]:
    """Return who they are."""
    return {feed.user["id"] for feed in feeds if feed.user is not None}


async def killed(server: ServerProcess, chance: random.Random) -> None:
    """Let the server die at a moment of chance, and come back."""
    await asyncio.sleep(chance.choice([0.0, chance.uniform(0, 0.03), chance.uniform(0, 0.3)]))
    server.kill()
    await asyncio.to_thread(server.start)


async def variations(feed: Feed, room: str) -> list[Variation]:
    return (await feed.rooms.get(room))["variations"]


async def remixes(feed: Feed, parent: str) -> list[str]:
    """Return what the feed has of a picture's remixes."""
    return [post["id"] for post in (await feed.feed())["posts"] if post.get("parent") == parent]


async def test_three_people_remix_a_picture_together(server: ServerProcess) -> None:
    connect = livefeed.client.connect
    async with connect(server.url) as owner, connect(server.url) as editor, connect(server.url) as viewer:
        parent = (await owner.upload(picture(), "the first"))["id"]
        opened = await owner.rooms.open(parent)
        room = opened["id"]
        for feed, role in ((editor, "editor"), (viewer, "viewer")):
            await feed.rooms.join(room, (await owner.rooms.invite(room, role))["token"])
        await write(server, editor, room, "a red fox in the snow")
        snapshot = await viewer.rooms.get(room)
        async with viewer.subscribe(room_topic(room), since=snapshot["at"]) as events, asyncio.timeout(WAIT_S):
            with pytest.raises(Forbidden):
                await viewer.rooms.begin_variation(room)
            begun = await owner.rooms.begin_variation(room, seed=3)
            assert begun["prompt"] == "a red fox in the snow"
            told = [await anext(events), await anext(events)]
            assert [event.type for event in told] == ["room.variation"] * 2
            assert told[0].data["variation"] == begun
            ended = told[1].data["variation"]
            assert ended["state"] == "completed", ended
            with pytest.raises(NotEnoughVotes):
                await editor.rooms.publish(room, begun["id"])
            for feed in (owner, editor):
                await feed.rooms.vote(room, begun["id"])
            post = await editor.rooms.publish(room, begun["id"], "ours")
            again = await owner.rooms.publish(room, begun["id"])
            assert again["id"] == post["id"]
            rest = [await anext(events) for _ in range(3)]
            assert [event.type for event in rest] == ["room.vote", "room.vote", "room.published"]
        assert owner.user is not None
        assert editor.user is not None
        assert (post["author"]["id"], post["parent"], post["caption"]) == (editor.user["id"], parent, "ours")
        assert [person["id"] for person in post["credits"]] == [editor.user["id"], owner.user["id"]]
        assert post["media"] == ended["media"]
        nodes = (await viewer.lineage(post["id"]))["nodes"]
        async with asyncio.timeout(WAIT_S):
            while len(nodes) < 2:
                nodes = (await viewer.lineage(post["id"]))["nodes"]
        assert [node["id"] for node in nodes] == [parent, post["id"]]
        with pytest.raises(Conflict):
            await owner.rooms.begin_variation(room)


def room_topic(room: str) -> str:
    return f"room:{room}"
