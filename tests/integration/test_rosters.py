"""Rooms' rosters and signals on two real servers of one store: frames in both codecs, kills, the grace, hiding."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from typing import Any

import pytest

from tests.conformance.peers import Caller, Http, Wire
from tests.integration.member import Member
from tests.integration.open_rooms import HURRY, OpenRooms
from tests.integration.server_process import is_alive
from tests.soak import FULL

TIMES = 1.0 if FULL else 5.0
"""How many times as short as usual the leases are in `make test`."""
GHOSTS_S = 30.0
_numbers = itertools.count(1)

pytestmark = [pytest.mark.soak, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[OpenRooms, OpenRooms]]:
    """Two servers; the first one owns the store."""
    folder, before = tmp_path_factory.mktemp("rooms"), dict(os.environ)
    os.environ[HURRY] = str(TIMES)
    settings = {"guests_per_minute": 100_000, "heartbeat_s": 5}
    try:
        first = OpenRooms(folder / "a", **settings)
        with first, OpenRooms(folder / "b", redis_url=f"unix://{first.data / 'store.sock'}", **settings) as second:
            yield first, second
    finally:
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture
def servers(pair: tuple[OpenRooms, OpenRooms]) -> tuple[OpenRooms, OpenRooms]:
    """Both, also where the test before has killed one."""
    if not is_alive(pair[1].pid):
        pair[1].start()
    return pair


@pytest.fixture
def room() -> str:
    return f"room:editor-{next(_numbers)}"


async def guests(server: OpenRooms, count: int) -> list[Caller]:
    async with Http(server.url) as http:
        return [await http.guest() for _ in range(count)]


async def test_a_room_tells_its_whole_roster_then_what_changes(servers, room: str) -> None:
    """The frames as docs/protocol.md has them, over two servers and in both codecs."""
    first, second = servers
    fox, owl = await guests(first, 2)
    began_ms = 1000 * time.time() - 5_000
    async with Member.enter(first.url, room, fox) as one:
        await one.until_here(fox)
        (frame,) = one.frames
        since = frame["roster"][0]["since"]
        assert began_ms < since < began_ms + 60_000
        alone = {"user": dict(fox.user), "role": "editor", "pigment": 0, "since": since}
        assert frame == {"op": "presence", "topic": room, "count": 1, "roster": [alone]}
        async with Member.enter(second.url, room, owl, codec="msgpack") as two:
            await two.until_here(fox, owl)
            assert [entry["pigment"] for entry in two.frames[0]["roster"]] == [0, 1]
            await one.until_here(fox, owl)
            joined = {**two.people[owl.id]}
            assert one.frames[-1] == {"op": "presence", "topic": room, "count": 2, "joined": [joined]}
        await one.until_here(fox)
        assert one.frames[-1] == {"op": "presence", "topic": room, "count": 1, "left": [owl.id]}


async def test_two_tabs_are_one_person_and_a_tab_that_closes_takes_nobody_along(servers, room: str) -> None:
    first, second = servers
    fox, owl = await guests(first, 2)
    async with Member.enter(first.url, room, owl) as watching, Member.enter(second.url, room, fox) as tab:
        await watching.until_here(fox, owl)
        async with Member.enter(first.url, room, fox) as other:
            await other.until_here(fox, owl)
        await _pass_time(12)
        async with Member.enter(first.url, room, fox) as other:
            await other.until_here(fox, owl)
        assert not [frame for frame in watching.frames if "left" in frame]
        await tab.until_here(fox, owl)


async def test_who_comes_back_at_once_was_never_away(servers, room: str) -> None:
    """Neither a frame nor another pigment: here by the other server, in the other codec."""
    first, second = servers
    fox, owl, cat = await guests(first, 3)
    async with Member.enter(first.url, room, owl) as watching:
        async with Member.enter(first.url, room, fox):
            await watching.until_here(fox, owl)
            before = watching.people[fox.id]
        async with Member.enter(second.url, room, fox, codec="msgpack") as back:
            await back.until_here(fox, owl)
            async with Member.enter(second.url, room, cat):
                await watching.until_here(fox, owl, cat)
            assert [set(frame) & {"left", "changed"} for frame in watching.frames] == [set()] * len(watching.frames)
            assert back.people[fox.id] == before


async def test_pigments_are_nobody_elses_while_eight_are_here(servers, room: str) -> None:
    first, second = servers
    everybody = await guests(first, 9)
    async with AsyncExitStack() as stack:
        members = [
            await stack.enter_async_context(Member.enter(url, room, caller))
            for url, caller in zip(itertools.cycle([first.url, second.url]), everybody[:8], strict=False)
        ]
        for member in members:
            await member.until_here(*everybody[:8])
        assert sorted(members[0].pigments().values()) == list(range(8))
        assert all(member.pigments() == members[0].pigments() for member in members)
        gone = members[3].people[everybody[3].id]["pigment"]
        await members[3].wire.ask("unsubscribe", topics=[room])
        await members[0].until_here(*everybody[:3], *everybody[4:8])
        async with Member.enter(second.url, room, everybody[8]) as late:
            await late.until_here(*everybody[:3], *everybody[4:])
            assert late.people[everybody[8].id]["pigment"] == gone


async def test_who_hides_sees_and_is_not_seen(servers, room: str) -> None:
    first, _ = servers
    fox, owl = await guests(first, 2)
    async with Member.enter(first.url, room, fox) as seen:
        async with Member.enter(first.url, room, owl, hidden=True) as hidden:
            await seen.until_here(fox)
            await hidden.until_here(fox)
            await hidden.signal("cursor", {"x": 0.5, "y": 0.5})
            await seen.signal("cursor", {"x": 0.25, "y": 0.5})
            await hidden.until(lambda me: me.signals, "the cursor of whoever is seen")
            await seen.settle()
            await hidden.wire.subscribe(room, presence="roster")
            await seen.until_here(fox, owl)
            await hidden.wire.subscribe(room, presence="roster", hidden=True)
            await seen.until_here(fox)
        assert seen.signals == [], "whoever hides does so in all they do"


async def test_ghosts_of_a_killed_server_are_gone_within_half_a_minute(servers, room: str) -> None:
    """`kill -9` of a server: one of its people comes back by another one and stays, the other one is gone in time."""
    first, victim = servers
    fox, owl, cat = await guests(first, 3)
    async with Member.enter(first.url, room, cat) as watching:
        async with Member.enter(victim.url, room, fox) as one, Member.enter(victim.url, room, owl) as two:
            await one.until_here(fox, owl, cat)
            await two.until_here(fox, owl, cat)
            await watching.until_here(fox, owl, cat)
            before = watching.people[owl.id]
            victim.kill()
            killed_s = time.monotonic()
            await asyncio.gather(one.wire.closed(), two.wire.closed())
        async with Member.enter(first.url, room, owl) as back:
            await watching.until_here(owl, cat)
            gone_s = time.monotonic() - killed_s
            assert watching.people[owl.id] == before
            assert not [frame for frame in watching.frames if owl.id in frame.get("left", ())]
            await back.until_here(owl, cat)
    print(f"the ghost was gone after {gone_s:.1f} s")
    assert gone_s < (GHOSTS_S if FULL else 10 * GHOSTS_S / TIMES)


async def test_a_roster_outlives_the_kill_of_its_store(servers, room: str) -> None:
    """The store comes back with what was acknowledged: nobody is told anything but who is new."""
    first, second = servers
    fox, owl = await guests(first, 2)
    async with Member.enter(first.url, room, fox) as one, Member.enter(second.url, room, owl) as two:
        await one.until_here(fox, owl)
        await two.until_here(fox, owl)
        before = dict(one.people)
        os.kill(first.store_pid, signal.SIGKILL)
        async with Http(first.url) as http:
            cat = await _patiently(http)
        async with Member.enter(second.url, room, cat) as three:
            await three.until_here(fox, owl, cat)
            await one.until_here(fox, owl, cat)
            assert {user: one.people[user] for user in before} == before


@pytest.mark.parametrize("codec", ["json", "msgpack"])
async def test_signals_reach_everybody_else_in_the_room(servers, room: str, codec: str) -> None:
    """Also those on the other server; nobody hears themselves; null says that a cursor has left."""
    first, second = servers
    fox, owl, cat = await guests(first, 3)
    stroke = {"id": "s1", "kind": 0, "color": "#f2b705", "size": 250, "from": 0, "points": [0, 0, 255, 65_535, 1, 7]}
    async with (
        Member.enter(first.url, room, fox, codec=codec) as one,
        Member.enter(first.url, room, owl, codec=codec) as near,
        Member.enter(second.url, room, cat, codec=codec) as far,
    ):
        await one.until_here(fox, owl, cat)
        await one.signal("cursor", {"x": 0.5, "y": 1, "tool": "mask", "down": True, "more": 1})
        await one.signal("stroke", stroke)
        await one.signal("typing", {})
        expected: list[dict[str, Any]] = [
            {"user": dict(fox.user), "type": "cursor", "data": {"x": 0.5, "y": 1, "tool": "mask", "down": True}},
            {"user": dict(fox.user), "type": "stroke", "data": stroke},
            {"user": dict(fox.user), "type": "typing", "data": {}},
        ]
        for other in (near, far):
            await other.until(lambda me: len(me.signals) == 3, "three signals")
            assert sorted(other.signals, key=lambda found: str(found["type"])) == expected
            other.signals.clear()
        await one.signal("cursor", None)
        for other in (near, far):
            await other.until(lambda me: me.signals, "the cursor leaves")
            assert other.signals == [{"user": dict(fox.user), "type": "cursor", "data": None}]
        await one.settle()
        assert one.signals == []


async def test_the_cursor_of_whoever_leaves_is_taken_away(servers, room: str) -> None:
    first, second = servers
    fox, owl = await guests(first, 2)
    async with Member.enter(second.url, room, owl) as watching:
        async with Member.enter(first.url, room, fox) as one:
            await one.signal("cursor", {"x": 0.5, "y": 0.5})
            await watching.until(lambda me: me.signals, "the cursor")
        await watching.until(lambda me: len(me.signals) == 2, "the cursor leaves")
        assert watching.signals[-1] == {"user": dict(fox.user), "type": "cursor", "data": None}


async def test_parts_of_a_stroke_that_follow_each_other_arrive_as_one_line(servers, room: str) -> None:
    """However they were joined on the way: every point comes once, in order, and the last part says that it is done."""
    first, second = servers
    fox, owl = await guests(first, 2)
    head = {"id": "s1", "kind": 1, "size": 9}
    async with Member.enter(first.url, room, fox) as one, Member.enter(second.url, room, owl) as two:
        await two.until_here(fox, owl)
        for number in range(30):
            done = {"done": True} if number == 29 else {}
            await one.signal("stroke", {**head, "from": number, "points": [number, number, 1], **done})
        await two.until(lambda me: me.signals and me.signals[-1]["data"].get("done"), "the end of the stroke")
        parts = [found["data"] for found in two.signals]
        assert [part["from"] for part in parts] == list(
            itertools.accumulate([len(part["points"]) // 3 for part in parts[:-1]], initial=0)
        )
        assert [value for part in parts for value in part["points"]] == [
            value for number in range(30) for value in (number, number, 1)
        ]


async def test_who_may_signal_what_is_said_by_their_part(servers) -> None:
    first, _ = servers
    (fox,) = await guests(first, 1)
    stroke = {"id": "s1", "kind": 1, "size": 9, "from": 0, "points": []}
    cases = (("room:viewer-1", "forbidden"), ("room:nobodys-1", "not_found"))
    for room, code in cases:
        async with Wire.open(first.url, token=fox.token) as wire:
            await wire.subscribe(room)
            assert (await wire.ask("signal", topic=room, type="stroke", data=stroke))["code"] == code
            said = await wire.ask("signal", topic=room, type="cursor", data={"x": 2, "y": 0})
            assert said["code"] == ("bad_request" if code == "forbidden" else "not_found")


async def test_who_is_no_member_gets_no_roster(servers) -> None:
    first, _ = servers
    (fox,) = await guests(first, 1)
    async with Member.enter(first.url, "room:nobodys-2", fox) as nobody:
        async with Member.enter(first.url, "room:editor-of-others", fox) as somebody:
            await somebody.until_here(fox)
        await _pass_time(8)
        await nobody.settle()
        assert nobody.frames == []


async def test_a_room_can_be_counted_without_its_roster(servers, room: str) -> None:
    first, second = servers
    fox, owl = await guests(first, 2)
    async with Member.enter(first.url, room, fox, presence="count") as counting:
        await counting.until(lambda me: me.count == 1)
        async with Member.enter(second.url, room, owl, presence="roster") as other:
            await other.until_here(fox, owl)
            await counting.until(lambda me: me.count == 2)
        assert {frozenset(frame) for frame in counting.frames} == {frozenset({"op", "topic", "count"})}


async def test_too_many_signals_are_an_error_and_the_connection_goes_on(servers, room: str) -> None:
    first, _ = servers
    (fox,) = await guests(first, 1)
    async with Member.enter(first.url, room, fox) as one:
        cursor = {"op": "signal", "topic": room, "type": "cursor", "data": {"x": 0, "y": 0}}
        await one.wire.say(*[cursor] * 60)
        await one.until(lambda me: "rate_limited" in me.errors, "too many")
        await one.settle()


async def _pass_time(usual_s: float) -> None:
    """Let so much of a room's time pass, which goes by faster in `make test`."""
    await asyncio.sleep(usual_s / TIMES)


async def _patiently(http: Http) -> Caller:
    """Become a guest, as soon as the store is there again."""
    while True:
        answer = await http.ask("POST", "/api/guests")
        if answer.status == 201:
            return Caller(answer.body["user"], answer.body["token"])
        await asyncio.sleep(0.1)
