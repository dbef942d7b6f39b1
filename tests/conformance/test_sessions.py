"""Whole sessions: random subscribing, snapshots under load, totals, deletions; what was said adds up."""

from __future__ import annotations

import asyncio
import random
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest

from tests.conformance.peers import Caller, Http, Server, Wire
from tests.conformance.test_sse import Stream
from tests.integration.ports import free_ports

TAG = "feed:tag:busy"


@dataclass
class Followed:
    """What one subscription has said so far."""

    ref: int
    since: str | None
    position: str | None = None
    numbers: list[int] = field(default_factory=list)


@pytest.mark.parametrize("codec", ["json", "msgpack"])
async def test_a_session_that_subscribes_at_random_never_has_a_hole(
    server: Server, http: Http, topic: str, seed: int, codec: str
):
    """Each subscription's events are without holes, and one with `since` goes on exactly where it was asked to."""
    dice = random.Random(seed)
    names = [f"{topic}x{number}" for number in range(6)]
    published = dict.fromkeys(names, 0)
    known: dict[str, list[tuple[str, int]]] = {name: [] for name in names}
    live: dict[str, Followed] = {}
    ref = 0

    def hear(frame: dict[str, Any]) -> None:
        name = frame.get("topic")
        if frame["op"] == "subscribed":
            for asked, answer in frame["topics"].items():
                one = live.get(asked)
                if one is not None and one.ref == frame["ref"]:
                    one.position = answer["at"]
                    assert answer["resumed"] is (one.since is not None)
                    assert one.since in (None, answer["at"])
        elif name in live and live[name].position is not None:
            one = live[name]
            assert frame["op"] == "events", frame
            assert frame["from"] == one.position
            one.position = frame["to"]
            one.numbers += [event["data"]["n"] for event in frame["events"]]
            if one.numbers:
                assert one.numbers == list(range(one.numbers[0], one.numbers[-1] + 1))
                known[name].append((frame["to"], one.numbers[-1]))

    async def listen(wire: Wire) -> None:
        while True:
            hear(await wire.hear("subscribed", "events", "gap"))

    async def until(reached: Callable[[str, Followed], bool]) -> None:
        async with asyncio.timeout(20):
            while not all(reached(name, one) for name, one in live.items()):
                await asyncio.sleep(0.02)

    async with Wire.open(server.url, codec=codec) as wire:
        for name in names:
            await http.tick(name, 0)
            published[name] = 1
        listening = asyncio.create_task(listen(wire))
        for _ in range(250):
            name = dice.choice(names)
            match dice.choice(["publish", "publish", "publish", "subscribe", "resume", "leave"]):
                case "publish":
                    count = dice.choice([1, 1, 2, 30])
                    await http.tick(name, *range(published[name], published[name] + count))
                    published[name] += count
                case "leave" if name in live:
                    del live[name]
                    await wire.say({"op": "unsubscribe", "topics": [name]})
                case kind if kind != "leave":
                    ref += 1
                    since = number = None
                    if kind == "resume" and known[name]:
                        since, number = dice.choice(known[name])
                    live[name] = Followed(ref, since)
                    if number is not None:
                        live[name].numbers.append(number)
                    options = {} if since is None else {"since": since}
                    await wire.say({"op": "subscribe", "ref": ref, "topics": {name: options}})
            assert not listening.done(), await listening
        await until(lambda _, one: one.position is not None)
        for name in live:
            await http.tick(name, published[name])
        await until(lambda name, one: one.numbers[-1:] == [published[name]])
        listening.cancel()
        assert sum(map(len, known.values())) > 20


async def test_a_feed_and_a_subscription_from_its_position_miss_no_post(server: Server, http: Http, guest: Caller):
    """While posts are being made, page and events together hold every one of them."""
    made: list[str] = []
    first = (await http.post(guest, "zero #busy"))["id"]
    while not (await http.ask("GET", "/api/feeds/tag:busy")).body["posts"]:
        await asyncio.sleep(0.02)

    async def write() -> None:
        for number in range(25):
            made.append((await http.post(guest, f"{number} #busy"))["id"])

    async def look() -> set[str]:
        page = (await http.ask("GET", "/api/feeds/tag:busy?limit=100")).body
        seen = {post["id"] for post in page["posts"]}
        async with Wire.open(server.url) as wire:
            assert (await wire.subscribe(TAG, since=page["at"]))["resumed"] is True
            while len(seen) < 26:
                frame = await wire.hear("events", "gap", topic=TAG)
                assert frame["op"] == "events"
                seen |= {event["data"]["post"]["id"] for event in frame["events"] if event["type"] == "post.created"}
        return seen

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(write())
        looks = []
        for number in range(6):
            await asyncio.sleep(0.03 * number)
            looks.append(tasks.create_task(look()))
    for task in looks:
        assert task.result() == {first, *made}


async def test_totals_are_exact_wherever_they_are_shown(server: Server, http: Http):
    people = [await http.guest() for _ in range(8)]
    post = (await http.post(people[0], "Counted #totals"))["id"]
    names = ["feed:tag:totals", f"post:{post}"]

    async def act(person: Caller, number: int) -> None:
        await http.ask("PUT", f"/api/posts/{post}/reactions/🦊", token=person.token)
        await http.ask("PUT", f"/api/posts/{post}/reactions/{'❤️' if number % 2 else '🔥'}", token=person.token)
        await http.ask("DELETE", f"/api/posts/{post}/reactions/🔥", token=person.token)
        for text in ("one", "two"):
            assert (await http.comment(person, post, text)).status == 201

    async with Wire.open(server.url, codec="msgpack") as wire:
        await wire.ask("subscribe", topics={name: {} for name in names})
        await asyncio.gather(*[act(person, number) for number, person in enumerate(people)])
        wanted = {"reactions": {"🦊": 8, "❤️": 4}, "comments": 16, "remixes": 0}
        shown: dict[str, Any] = {}
        while any({name: value for name, value in shown.get(t, {}).items() if name in wanted} != wanted for t in names):
            frame = await wire.hear("latest")
            for value in frame["values"]:
                if value["key"] == post:
                    assert value["type"] == "post.counters"
                    shown[frame["topic"]] = value["data"]
    snapshot = (await http.ask("GET", f"/api/posts/{post}")).body["post"]
    assert {name: snapshot[name] for name in wanted} == wanted


async def test_a_deletion_reaches_everybody_and_stays(server: Server, http: Http, guest: Caller):
    post = await http.post(guest, "Soon gone #fleeting")
    comment = (await http.comment(guest, post["id"], "Hm")).body["comment"]
    names = ["feed:all", "feed:tag:fleeting", f"feed:user:{guest.id}", f"post:{post['id']}"]
    async with Wire.open(server.url) as wire:
        await wire.ask("subscribe", topics={name: {"latest": 50} for name in names})
        await http.ask("DELETE", f"/api/comments/{comment['id']}", token=guest.token)
        await http.ask("DELETE", f"/api/posts/{post['id']}", token=guest.token)
        seen: dict[str, list[str]] = {name: [] for name in names}
        while not all("post.deleted" in types for types in seen.values()):
            frame = await wire.hear("events")
            seen[frame["topic"]] += [
                event["type"]
                for event in frame["events"]
                if post["id"] in (event["data"].get("id"), event["data"].get("post", {}).get("id"))
                or event["data"].get("id") == comment["id"]
            ]
        assert all(types[-1] == "post.deleted" for types in seen.values()), seen
        assert "comment.deleted" in seen[f"post:{post['id']}"]
    for feed in ("all", "tag:fleeting", f"user:{guest.id}"):
        page = (await http.ask("GET", f"/api/feeds/{feed}?limit=100")).body
        assert post["id"] not in {one["id"] for one in page["posts"]}
    again = await http.ask("DELETE", f"/api/posts/{post['id']}", token=guest.token)
    assert again.status in (204, 404)


async def test_paging_through_a_feed_shows_every_post_once(http: Http, guest: Caller):
    made = [(await http.post(guest, f"{number}"))["id"] for number in range(23)]
    seen: list[str] = []
    before = ""
    while len((await http.ask("GET", f"/api/feeds/user:{guest.id}?limit=100")).body["posts"]) < 23:
        await asyncio.sleep(0.02)
    while True:
        page = (await http.ask("GET", f"/api/feeds/user:{guest.id}?limit=5{before}")).body
        seen += [post["id"] for post in page["posts"]]
        if page["next"] is None:
            break
        before = f"&before={page['next']}"
    assert seen == made[::-1]


async def test_paging_through_comments_shows_every_one_once(http: Http, guest: Caller):
    post = (await http.post(guest))["id"]
    for number in range(23):
        assert (await http.comment(guest, post, str(number))).status == 201
    seen: list[str] = []
    before = ""
    while True:
        page = (await http.ask("GET", f"/api/posts/{post}/comments?limit=5{before}")).body
        seen = [comment["text"] for comment in page["comments"]] + seen
        if page["next"] is None:
            break
        before = f"&before={page['next']}"
    assert seen == [str(number) for number in range(23)]


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
async def test_an_event_source_survives_a_restart(start_server: Callable[..., Server], end: int):
    [port] = free_ports(1)  # none of those that anybody is given meanwhile who asks for any
    server = start_server(LIVEFEED_PORT=str(port))
    name = "app:demo:sse"
    timeout = aiohttp.ClientTimeout(total=60)
    found: list[int] = []
    async with Http(server.url) as http, aiohttp.ClientSession(timeout=timeout, read_bufsize=2**20) as session:
        await http.tick(name, -1)
        async with session.get(f"{server.url}/sse?topic={name}") as response:
            events = Stream(response)
            await events.next("subscribed")
            for number in range(50):
                await http.tick(name, number)
            for _ in range(20):
                found.append((await events.next("tick")).data["data"]["n"])
            last = events.last_id
            await asyncio.to_thread(server.stop, end)
    await asyncio.to_thread(server.start)
    async with Http(server.url) as http, aiohttp.ClientSession(timeout=timeout, read_bufsize=2**20) as session:
        await http.tick(name, 50)
        async with session.get(f"{server.url}/sse?topic={name}", headers={"Last-Event-ID": last}) as response:
            events = Stream(response)
            assert (await events.next("subscribed")).data["topics"][name]["resumed"] is True
            while found[-1] != 50:
                found.append((await events.next("tick")).data["data"]["n"])
    assert found == list(range(51))


async def test_many_sessions_get_the_same(server: Server, http: Http, topic: str):
    await http.tick(topic, -1)

    async def follow(codec: str, ready: asyncio.Barrier) -> list[tuple[str, int]]:
        async with Wire.open(server.url, codec=codec) as wire:
            await wire.subscribe(topic)
            await ready.wait()
            return [(event["id"], event["data"]["n"]) for event in await wire.events(topic, 100)]

    ready = asyncio.Barrier(101)
    following = [asyncio.create_task(follow(["json", "msgpack"][n % 2], ready)) for n in range(100)]
    await ready.wait()
    for number in range(0, 100, 4):
        await http.tick(topic, *range(number, number + 4))
    found = await asyncio.gather(*following)
    assert [n for _, n in found[0]] == list(range(100))
    assert all(one == found[0] for one in found)
