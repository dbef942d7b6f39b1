"""Rooms on several servers of one store: a lost right counts everywhere at once, and a kill loses no command."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as open_socket

from livefeed.position import Position
from tests.integration.crowd import picture
from tests.integration.server_process import ServerProcess

RATES = {"guests_per_minute": 10_000, "commands_per_s": 10_000, "messages_per_s": 10_000, "rooms_per_hour": 10_000}
WAIT_S = 30.0
ROUNDS = 12


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[list[ServerProcess]]:
    """Two servers; the first one's store is both's."""
    with ServerProcess(tmp_path / "first", **RATES) as first:
        url = f"unix://{first.data / 'store.sock'}"
        with ServerProcess(tmp_path / "second", redis_url=url, redis_timeout_s=2, **RATES) as second:
            yield [first, second]
            for node in (first, second):
                assert "Traceback" not in node.log()


class Person:
    """Somebody with a token, asking any server."""

    def __init__(self, session: aiohttp.ClientSession, user: dict[str, Any], token: str) -> None:
        self._session = session
        self.user, self.token = user, token

    @classmethod
    async def guest(cls, session: aiohttp.ClientSession, node: ServerProcess) -> Person:
        async with session.post(f"{node.url}/api/guests") as answer:
            found = await answer.json()
        return cls(session, found["user"], found["token"])

    async def ask(
        self, node: ServerProcess, method: str, path: str, body: Any = None, *, key: str | None = None, form: Any = None
    ) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.token}"} | ({} if key is None else {"Idempotency-Key": key})
        data = form if form is not None else None if body is None else orjson.dumps(body)
        async with self._session.request(method, node.url + path, data=data, headers=headers) as answer:
            raw = await answer.read()
            return answer.status, orjson.loads(raw) if raw else None

    @asynccontextmanager
    async def line(self, node: ServerProcess) -> AsyncIterator[ClientConnection]:
        headers = {"Authorization": f"Bearer {self.token}"}
        address = node.url.replace("http", "ws") + "/ws"
        async with open_socket(address, additional_headers=headers, proxy=None, close_timeout=1) as socket:
            yield socket


async def frames(socket: ClientConnection) -> AsyncIterator[dict[str, Any]]:
    """Yield what the server says."""
    async for message in socket:
        found = orjson.loads(message)
        for frame in found if isinstance(found, list) else [found]:
            yield frame


async def new_room(nodes: list[ServerProcess], session: aiohttp.ClientSession) -> tuple[Person, str, str]:
    """Return an owner, their room and the token that lets editors in."""
    owner = await Person.guest(session, nodes[0])
    form = aiohttp.FormData()
    form.add_field("image", picture(), filename="x.png", content_type="image/png")
    _, posted = await owner.ask(nodes[0], "POST", "/api/posts", form=form)
    _, opened = await owner.ask(nodes[0], "POST", "/api/rooms", {"post": posted["post"]["id"]})
    room = opened["room"]["id"]
    _, invite = await owner.ask(nodes[0], "POST", f"/api/rooms/{room}/invites", {"role": "editor"})
    return owner, room, invite["token"]


async def test_a_lost_right_counts_on_every_node_and_for_whoever_is_just_coming(
    nodes: list[ServerProcess], seed: int
) -> None:
    """Connections subscribe at random moments around the removal; none hears anything that came after it."""
    chance = random.Random(seed)
    async with aiohttp.ClientSession() as session:
        owner, room, token = await new_room(nodes, session)
        topic, ends = f"room:{room}", {"told": 0, "refused": 0}
        for number in range(ROUNDS):
            guest = await Person.guest(session, nodes[number % 2])
            status, _ = await guest.ask(nodes[0], "POST", f"/api/rooms/{room}/join", {"token": token})
            assert status == 200
            heard: list[str] = []

            async def follow(node: ServerProcess, after_s: float, guest: Person = guest, heard: Any = heard) -> str:
                async with guest.line(node) as socket, asyncio.timeout(WAIT_S):
                    await asyncio.sleep(after_s)
                    await socket.send(orjson.dumps({"op": "subscribe", "ref": 1, "topics": {topic: {}}}).decode())
                    async for frame in frames(socket):
                        match frame:
                            case {"op": "events", "events": events}:
                                heard += [event["id"] for event in events]
                            case {"op": "subscribed", "topics": {**answers}} if "error" in answers[topic]:
                                assert answers[topic]["error"] == "not_found"
                                return "refused"
                            case {"op": "error", "topic": lost, "code": "not_found"}:
                                assert lost == topic
                                return "told"
                    raise AssertionError("the connection ended")

            lines = [
                asyncio.create_task(follow(nodes[line % 2], chance.choice([0, 0, chance.uniform(0, 0.03)])))
                for line in range(6)
            ]
            await asyncio.sleep(chance.uniform(0, 0.04))
            handle = guest.user["handle"]
            status, _ = await owner.ask(nodes[0], "DELETE", f"/api/rooms/{room}/members/{handle}")
            assert status == 204
            for text in ("one", "two"):
                await owner.ask(nodes[1], "POST", f"/api/rooms/{room}/messages", {"text": text})
            for end in await asyncio.gather(*lines):
                ends[end] += 1
            removal, messages = await history(nodes[1], owner, topic, guest.user["id"])
            late = [id for id in heard if Position.parse(id) >= removal]
            assert not late, f"round {number}: {late} were heard after {removal}; {messages} messages in all"
        assert min(ends.values()) > 0, f"the rounds do not try what they should: {ends}"


async def history(node: ServerProcess, owner: Person, topic: str, user: str) -> tuple[Position, int]:
    """Return the id of the event that told of somebody's removal, and how many messages were said."""
    async with owner.line(node) as socket, asyncio.timeout(WAIT_S):
        ask = {"op": "subscribe", "ref": 1, "topics": {topic: {"latest": 200}}}
        await socket.send(orjson.dumps(ask).decode())
        events: list[dict[str, Any]] = []
        async for frame in frames(socket):
            if frame["op"] == "events":
                events += frame["events"]
                removed = [
                    event["id"]
                    for event in events
                    if event["type"] == "room.member" and event["data"]["user"]["id"] == user
                    if event["data"]["role"] is None
                ]
                if removed:
                    return Position.parse(removed[-1]), sum(event["type"] == "room.message" for event in events)
    raise AssertionError("the connection ended")


async def test_what_is_repeated_through_kills_happens_once(nodes: list[ServerProcess], seed: int) -> None:
    """The first node takes the store along when it dies; both come back, and every command is repeated with its key."""
    chance = random.Random(seed)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
        owner, room, token = await new_room(nodes, session)

        async def insist(who: Person, path: str, body: Any, key: str) -> Any:
            async with asyncio.timeout(2 * WAIT_S):
                while True:
                    with suppress(aiohttp.ClientError, OSError, TimeoutError):
                        status, answer = await who.ask(chance.choice(nodes), "POST", path, body, key=key)
                        if status < 300:
                            return answer
                        assert status in (429, 503), answer
                    await asyncio.sleep(chance.uniform(0, 0.1))

        async def take_part(number: int, guest: Person) -> None:
            await insist(guest, f"/api/rooms/{room}/join", {"token": token}, f"join {number}")
            for count in range(15):
                await insist(guest, f"/api/rooms/{room}/messages", {"text": f"{number} {count}"}, f"{count}")

        guests = [await Person.guest(session, nodes[1]) for _ in range(4)]
        parts = [asyncio.create_task(take_part(number, guest)) for number, guest in enumerate(guests)]
        for victim in (nodes[1], nodes[0]):
            await asyncio.sleep(chance.uniform(0.02, 0.1))
            victim.kill()
            await asyncio.to_thread(victim.start)
        await asyncio.gather(*parts)
        texts, before = [], ""
        while before is not None:
            path = f"/api/rooms/{room}/messages?limit=100" + (f"&before={before}" if before else "")
            _, page = await owner.ask(nodes[0], "GET", path)
            texts += [message["text"] for message in page["messages"]]
            before = page["next"]
        assert sorted(texts) == sorted(f"{number} {count}" for number in range(4) for count in range(15))
        _, found = await owner.ask(nodes[1], "GET", f"/api/rooms/{room}")
        assert [member["role"] for member in found["members"]] == ["owner", *["editor"] * 4]
