"""Events that came past the API: whoever may write to the store may publish by the append script, any bytes at all."""

from __future__ import annotations

from typing import Any

import orjson

from livefeed.config import Config
from livefeed.streams.connection import RedisStore
from livefeed.streams.streams import Streams
from livefeed.topic import Topic
from tests.conformance.peers import Http, Server, Wire

NAME = "app:demo:foreign"
ODD = (b"not json", b'{"n":\n7}', b"7", b"\xff")


async def append(server: Server, data: bytes) -> None:
    """Publish past the API: a Fragment goes into the command as it is."""
    async with RedisStore(f"unix://{server.log.with_name('store.sock')}", timeout_s=5) as store:
        await Streams(store, Config()).append(Topic(NAME), [("tick", orjson.Fragment(data), None)])


async def test_an_event_that_nobody_can_read_is_null_and_keeps_nobody_from_the_others(server: Server, http: Http):
    async with (
        Wire.open(server.url) as wire,
        Wire.open(server.url, codec="msgpack") as packed,
        Wire.open(server.url) as bystander,
    ):
        await http.tick(NAME, 0)
        await http.tick("app:demo:other", 0)
        start = (await wire.subscribe(NAME))["at"]
        await packed.subscribe(NAME)
        await bystander.subscribe("app:demo:other")
        for data in ODD:
            await append(server, data)
        await http.tick(NAME, 1)
        await http.tick("app:demo:other", 1)
        for reader in (wire, packed):
            told: list[Any] = [event["data"] for event in await reader.events(NAME, len(ODD) + 1)]
            assert told == [None, {"n": 7}, 7, None, {"n": 1}]
        assert [event["data"]["n"] for event in await bystander.events("app:demo:other", 1)] == [1]
        for codec in ("json", "msgpack"):  # the same from the store
            async with Wire.open(server.url, codec=codec) as again:
                assert (await again.subscribe(NAME, since=start))["resumed"]
                assert len(await again.events(NAME, len(ODD) + 1)) == len(ODD) + 1
