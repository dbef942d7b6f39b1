"""Nothing is skipped, nothing comes twice, and what is gone is told."""

from __future__ import annotations

import asyncio
import random
import signal
from collections.abc import Callable
from typing import Any

import pytest

import livefeed.client
from livefeed.client import Event, Gap
from livefeed.client.frames import Codec
from tests.conformance.peers import BadLine, Caller, Http, Server, Wire, order
from tests.integration.ports import free_ports


def numbers(events: list[dict[str, Any]]) -> list[int]:
    return [event["data"]["n"] for event in events]


async def test_a_client_that_comes_back_gets_what_it_missed_once_and_in_order(server: Server, http: Http, topic: str):
    await http.tick(topic, 0)
    async with Wire.open(server.url) as wire:
        await wire.subscribe(topic)
        await http.tick(topic, 1, 2, 3)
        frame = await wire.hear("events", topic=topic)
        while not frame["events"] or frame["events"][-1]["data"] != {"n": 3}:
            frame = await wire.hear("events", topic=topic)
    await http.tick(topic, *range(4, 300))
    await http.tick(topic, *range(300, 600))
    async with Wire.open(server.url, codec="msgpack") as wire:
        since = frame["to"]
        assert await wire.subscribe(topic, since=since) == {"at": since, "resumed": True}
        await http.tick(topic, 600)
        assert numbers(await wire.events(topic, 597)) == list(range(4, 601))


async def test_every_position_that_was_told_resumes_from_exactly_there(server: Server, http: Http, topic: str):
    await http.tick(topic, -1)
    told: list[tuple[str, int]] = []
    async with Wire.open(server.url) as wire:
        told.append(((await wire.subscribe(topic))["at"], 0))
        for number in range(10):
            await http.tick(topic, number)
            while told[-1][1] <= number:
                frame = await wire.hear("events", topic=topic)
                told.append((frame["to"], told[-1][1] + len(frame["events"])))
    for since, seen in told:
        async with Wire.open(server.url) as wire:
            assert await wire.subscribe(topic, since=since) == {"at": since, "resumed": True}
            if seen < 10:
                assert numbers(await wire.events(topic, 10 - seen)) == list(range(seen, 10))


async def test_every_position_of_a_feed_resumes_from_exactly_there(server: Server, http: Http, guest: Caller):
    """Its events have the ids of other topics; its positions are its own."""
    name = "feed:tag:resumption"
    posts = [(await http.post(guest, "One #resumption"))["id"]]
    told: list[tuple[str, int]] = []
    async with Wire.open(server.url) as wire:
        answer = await wire.subscribe(name, latest=200)
        told.append((answer["at"], 0))
        for number in range(5):
            while told[-1][1] < len(posts):
                frame = await wire.hear("events", topic=name)
                told.append((frame["to"], told[-1][1] + len(frame["events"])))
            posts.append((await http.post(guest, f"{number} #resumption"))["id"])
    for since, seen in told[1:]:
        async with Wire.open(server.url) as wire:
            assert await wire.subscribe(name, since=since) == {"at": since, "resumed": True}
            missed = await wire.events(name, len(posts) - seen)
            assert [event["data"]["post"]["id"] for event in missed] == posts[seen:]


async def test_latest_replays_the_newest_events_and_then_goes_on(server: Server, http: Http, topic: str):
    ids = await http.tick(topic, *range(20))
    async with Wire.open(server.url) as wire:
        answer = await wire.subscribe(topic, latest=5)
        assert answer["resumed"] is False
        assert order(ids[13]) < order(answer["at"]) < order(ids[15])
        await http.tick(topic, 20)
        assert numbers(await wire.events(topic, 6)) == [15, 16, 17, 18, 19, 20]


async def test_latest_of_a_topic_with_fewer_events_replays_all(server: Server, http: Http, topic: str):
    await http.tick(topic, 1, 2)
    async with Wire.open(server.url) as wire:
        answer = await wire.subscribe(topic, latest=200)
        frame = await wire.hear("events", topic=topic)
        assert frame["from"] == answer["at"]
        assert numbers(frame["events"]) == [1, 2]


async def test_since_wins_over_latest(server: Server, http: Http, topic: str):
    await http.tick(topic, *range(9))
    async with Wire.open(server.url) as wire:
        since = (await wire.subscribe(topic))["at"]
        await http.tick(topic, 9)
        assert await wire.subscribe(topic, since=since, latest=200) == {"at": since, "resumed": True}
        assert numbers(await wire.events(topic, 1)) == [9]


@pytest.mark.parametrize("since", ["1-1", "1600000000000-7", "9999999999999-1"])
async def test_a_position_that_was_never_issued_is_a_gap_never_silence(
    server: Server, http: Http, topic: str, since: str
):
    await http.tick(topic, 1)
    async with Wire.open(server.url) as wire:
        answer = await wire.subscribe(topic, since=since)
        assert answer["resumed"] is False
        gap = await wire.hear("events", "gap", "latest", topic=topic)
        assert (gap["op"], gap["at"]) == ("gap", answer["at"])
        await http.tick(topic, 2)
        frame = await wire.hear("events", topic=topic)
        assert frame["from"] == gap["at"]


async def test_the_values_follow_a_gap_again(server: Server, http: Http, topic: str):
    await http.publish(topic, {"type": "total", "delivery": "latest", "data": {"n": 5}})
    async with Wire.open(server.url) as wire:
        await wire.subscribe(topic, since="1-1")
        await wire.hear("gap", topic=topic)
        frame = await wire.hear("latest", topic=topic)
        assert numbers(frame["values"]) == [5]


async def test_the_position_of_an_idle_topic_stays_good(server: Server, http: Http, topic: str):
    await http.tick(topic, 1)
    async with Wire.open(server.url) as wire:
        position = (await wire.subscribe(topic))["at"]
    for _ in range(3):
        async with Wire.open(server.url) as wire:
            assert await wire.subscribe(topic, since=position) == {"at": position, "resumed": True}
    await http.tick(topic, 2)
    async with Wire.open(server.url) as wire:
        await wire.subscribe(topic, since=position)
        assert numbers(await wire.events(topic, 1)) == [2]


async def test_what_was_trimmed_is_a_gap_and_what_was_not_is_complete(start_server: Callable[..., Server]):
    server = start_server(LIVEFEED_TOPIC_EVENTS="40", LIVEFEED_SHARD_EVENTS="20")
    name = "app:demo:a"
    async with Http(server.url) as http:
        await http.tick(name, -1)
        async with Wire.open(server.url) as wire:
            old = (await wire.subscribe(name))["at"]
            for first in range(0, 3000, 100):
                await http.tick(name, *range(first, first + 100))
        async with Wire.open(server.url) as wire:
            recent = (await wire.subscribe(name))["at"]
            await http.tick(name, *range(3000, 3015))
        async with Wire.open(server.url) as wire:
            answer = await wire.subscribe(name, since=old)
            assert answer["resumed"] is False
            assert (await wire.hear("gap", "events", topic=name))["op"] == "gap"
        async with Wire.open(server.url) as wire:
            assert (await wire.subscribe(name, since=recent))["resumed"] is True
            assert numbers(await wire.events(name, 15)) == list(range(3000, 3015))


async def test_a_post_appears_under_one_id_on_every_topic_that_carries_it(server: Server, http: Http, guest: Caller):
    names = ["feed:all", "feed:tag:unusual", f"feed:user:{guest.id}"]
    async with Wire.open(server.url) as wire:
        await wire.ask("subscribe", topics={name: {} for name in names})
        post = await http.post(guest, "A fox #unusual")
        seen: dict[str, str] = {}
        while len(seen) < len(names):
            frame = await wire.hear("events")
            for event in frame["events"]:
                if event["type"] == "post.created" and event["data"]["post"]["id"] == post["id"]:
                    assert frame["topic"] not in seen
                    seen[frame["topic"]] = event["id"]
        await wire.subscribe(f"post:{post['id']}", latest=10)
        (created,) = (await wire.hear("events", topic=f"post:{post['id']}"))["events"]
        assert created["type"] == "post.created"
        assert set(seen.values()) == {created["id"]}


async def test_a_snapshot_and_a_subscription_from_its_position_miss_nothing(server: Server, http: Http, guest: Caller):
    """While comments are being written, page and events together hold every one of them."""
    post = await http.post(guest)
    name = f"post:{post['id']}"

    async def write() -> None:
        for number in range(60):
            answer = await http.comment(guest, post["id"], f"comment {number}", key=f"{post['id']}-{number}")
            while answer.status == 429:
                await asyncio.sleep(answer.body["retry_after_s"])
                answer = await http.comment(guest, post["id"], f"comment {number}", key=f"{post['id']}-{number}")
            assert answer.status == 201

    async def look() -> None:
        page = (await http.ask("GET", f"/api/posts/{post['id']}/comments?limit=100")).body
        known = {comment["text"] for comment in page["comments"]}
        async with Wire.open(server.url) as wire:
            assert (await wire.subscribe(name, since=page["at"]))["resumed"] is True
            while len(known) < 60:
                frame = await wire.hear("events", "gap", topic=name)
                assert frame["op"] == "events"
                told = [one["data"]["comment"]["text"] for one in frame["events"] if one["type"] == "comment.created"]
                known |= set(told)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(write())
        for number in range(8):
            await asyncio.sleep(0.05 * number)
            tasks.create_task(look())


@pytest.mark.parametrize("codec", list(Codec))
async def test_our_client_sees_every_event_once_while_its_lines_are_cut(
    server: Server, http: Http, topic: str, seed: int, codec: Codec
):
    dice = random.Random(seed)
    await http.tick(topic, -1)
    total = 300
    found: list[int] = []
    async with (
        BadLine(server.url) as line,
        livefeed.client.connect(line.url, codec=codec) as feed,
        feed.subscribe(topic) as items,
    ):

        async def publish() -> None:
            for number in range(total):
                await http.tick(topic, number)

        async def cut() -> None:
            while len(found) < total:
                await asyncio.sleep(dice.uniform(0.05, 0.4))
                line.cut()

        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(publish())
            cutting = tasks.create_task(cut())
            async for item in items:
                assert not isinstance(item, Gap)
                if isinstance(item, Event):
                    found.append(item.data["n"])
                if len(found) == total:
                    break
            cutting.cancel()
    assert found == list(range(total))


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
async def test_a_restart_of_the_server_is_survived_without_a_gap(start_server: Callable[..., Server], end: int):
    """Every acknowledged event is there, once, in order; also after kill -9."""
    [port] = free_ports(1)  # none of those that anybody is given meanwhile who asks for any
    server = start_server(LIVEFEED_PORT=str(port))
    name, acknowledged, found = "app:demo:a", 0, []
    async with Http(server.url) as http:
        await http.tick(name, -1)
        async with livefeed.client.connect(server.url) as feed, feed.subscribe(name) as items:
            for round_of in range(2):
                for _ in range(100):
                    await http.tick(name, acknowledged)
                    acknowledged += 1
                if round_of == 0:
                    await asyncio.to_thread(server.stop, end)
                    await asyncio.to_thread(server.start)
            async with asyncio.timeout(30):
                async for item in items:
                    assert isinstance(item, Event)
                    found.append(item.data["n"])
                    if len(found) == acknowledged:
                        break
    assert found == list(range(acknowledged))


async def test_a_draining_server_tells_its_clients_to_come_back(start_server: Callable[..., Server]):
    server = start_server()
    async with Wire.open(server.url) as wire:
        await wire.subscribe("feed:all")
        stopping = asyncio.create_task(asyncio.to_thread(server.stop))
        frame = await wire.hear("drain")
        assert 0 <= frame["after_ms"] <= 500
        assert await wire.closed() == 4000
        assert await stopping == 0


async def test_positions_rise_on_every_topic_and_frames_join(server: Server, http: Http, topic: str):
    async with Wire.open(server.url) as wire:
        position = (await wire.subscribe(topic))["at"]
        seen: set[str] = set()
        for batch in range(30):
            await http.tick(topic, *range(batch % 4 + 1))
        wanted = sum(batch % 4 + 1 for batch in range(30))
        while len(seen) < wanted:
            frame = await wire.hear("events", topic=topic)
            assert frame["from"] == position
            assert order(frame["from"]) < order(frame["to"])
            position = frame["to"]
            assert not seen & {event["id"] for event in frame["events"]}
            seen |= {event["id"] for event in frame["events"]}
