"""What a y-websocket client does, with pycrdt in the place of Yjs."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import orjson
from pycrdt import Array, Doc, Map, Text

from livefeed.people import User
from livefeed.rooms import awareness, protocol, structure, varints
from livefeed.rooms.fitting import cut
from livefeed.rooms.hearing import Refused

if TYPE_CHECKING:
    from tests.simulation.rooms.world import Node, World

RENEW_S = 15.0
AWAY_S = (0.1, 0.3, 1.0)
ROOM_BYTES = 4_000


class Link:
    """One connection, as both sides see it: ordered, delayed, and at times full."""

    def __init__(self, client: Client, node: Node) -> None:
        self.client = client
        self.node = node
        self.writable = True
        self.open = True
        self.seat: Any = None
        self.to_client: list[bytes] = []
        self.to_server: asyncio.Queue[bytes] = asyncio.Queue()
        self._released = asyncio.Event()
        self._released.set()

    # The outlet.

    def give(self, messages: Sequence[bytes]) -> None:
        self.to_client.extend(messages)
        self.client.world.later(self.client.world.delay(), self._arrive)

    def give_sealed(self, data: bytes) -> None:
        self.give(flat(data))

    def close(self, code: int, reason: str) -> None:
        self.client.closes.append(code)
        self.client.cut(self.node)

    def hold(self) -> None:
        self._released.clear()

    def release(self) -> None:
        self._released.set()

    def _arrive(self) -> None:
        if self.open and self.writable:
            messages, self.to_client = self.to_client, []
            for message in messages:
                self.client.receive(message, self)

    def stall(self) -> None:
        self.writable = False
        self.node.relays.stall(self.seat)

    def thaw(self) -> None:
        if self.open and not self.writable:
            self.writable = True
            self.node.relays.thaw(self.seat)
            self._arrive()

    # The way to the server.

    async def carry(self) -> None:
        """Bring what the client sends, in order, each a little later."""
        while self.open:
            message = await self.to_server.get()
            await asyncio.sleep(self.client.world.delay() / 4)
            if not self.open or not self.node.alive:
                return
            try:
                waiting = self.node.relays.hear(self.seat, message)
                if waiting is not None:
                    await waiting
                await self._released.wait()
            except Refused as exc:
                self.close(exc.code, exc.reason)


def sealed(messages: Sequence[bytes]) -> bytes:
    """Return messages as the outlets of this world take them: each behind its length."""
    return b"".join(map(varints.write_bytes, messages))


def flat(data: bytes) -> list[bytes]:
    """Return the messages that were sealed."""
    found, at = [], 0
    while at < len(data):
        message, at = varints.read_bytes(data, at)
        found.append(message)
    return found


class Client:
    """A document, and the wish to be connected."""

    def __init__(self, world: World, name: str, node: Node) -> None:
        self.world = world
        self.name = name
        self.node = node
        self.wants = True
        self.link: Link | None = None
        self.closes: list[int] = []
        self.clock = 1
        self.seen: dict[int, tuple[int, Any]] = {}
        self.doc: Doc[Any] = Doc(client_id=world.chance.getrandbits(32))
        self.prompt = self.doc.get("prompt", type=Text)
        self.params = self.doc.get("params", type=Map)
        self.strokes = self.doc.get("strokes", type=Array)
        self._applying = False
        self._waiting: list[bytes] = []
        self._made: list[bytes] | None = None
        self._watching = self.doc.observe(self._changed)

    # Connections.

    async def live(self) -> None:
        """Come back whenever the connection is gone; renew who we are."""
        next_s = RENEW_S
        while True:
            if self.wants and self.link is None:
                await self.world.connect(self)
            if self.link is not None and asyncio.get_running_loop().time() >= next_s:
                next_s += RENEW_S
                self.clock += 1
                self._say_who()
            await asyncio.sleep(self.world.chance.choice(AWAY_S))

    def enter(self, node: Node, role: str) -> None:
        link = Link(self, node)
        link.seat = node.relays.enter(self.world.room, User(self.name, self.name), link, role=role, epoch="first")
        self.link = link
        self.world.own(link.carry())
        self.send(protocol.step1(self.doc.get_state()))
        self._say_who()

    def _say_who(self) -> None:
        state = awareness.State(self.doc.client_id, self.clock, b'{"cursor":1}')
        self.send(protocol.awareness(awareness.pack([state])))

    def leave(self) -> None:
        self.wants = False
        if self.link is not None:
            self.cut(self.link.node)

    def cut(self, node: Node) -> None:
        """The connection breaks; what was under way is gone."""
        link = self.link
        if link is not None and link.node is node:
            self.link = None
            link.open = False
            self.seen.clear()
            if node.alive:
                node.relays.leave(link.seat, clean=False)

    def stall(self) -> None:
        if self.link is not None:
            self.link.stall()

    def thaw(self) -> None:
        if self.link is not None:
            self.link.thaw()

    def send(self, message: bytes) -> None:
        if self.link is not None:
            self.link.to_server.put_nowait(message)

    # The document.

    def _changed(self, event: Any) -> None:
        if not self._applying and event.update != structure.EMPTY:
            if self._made is not None:
                self._made.append(event.update)
            else:
                self.send(protocol.update(varints.write_bytes(event.update)))

    def edit(self) -> None:
        chance = self.world.chance
        what = chance.random()
        if what < 0.5:
            self.prompt.insert(chance.randrange(len(self.prompt) + 1), chance.choice(["a", "bc", "def"]))
        elif what < 0.7 and len(self.prompt):
            at = chance.randrange(len(self.prompt))
            del self.prompt[at : at + 1]
        elif what < 0.85:
            self.strokes.append(bytes(chance.randrange(1, 40)))
        else:
            self.params[chance.choice("xyz")] = float(chance.randrange(9))

    def edit_in_two(self, apart_s: float) -> None:
        """Send the second of two updates, and the first one a while later."""
        self._made = []
        self.prompt.insert(0, "1")
        self.prompt.insert(1, "2")
        made, self._made = self._made, None
        first, second = [protocol.update(varints.write_bytes(update)) for update in made]
        self.send(second)
        self.world.later(apart_s, self.send, first)

    def receive(self, message: bytes, link: Link) -> None:
        """As messageHandlers of y-websocket."""
        if self.link is not link:
            return
        kind, at = varints.read(message, 0)
        if kind == 0:
            step, at = varints.read(message, at)
            body, end = varints.read_bytes(message, at)
            assert end == len(message)
            if step == 0:
                self.send(protocol.step2(self.doc.get_update(body)))
                return
            if step == 2 and not self.world.lost_tail:
                known = self.world.model
                assert (
                    varints.write_bytes(body) in known.ever
                    or body == known.snapshot
                    or known.compactions
                    or (self.world.happened["stray"])
                ), "an edit was handed on that was never stored"
            self._apply(body)
        elif kind == 1:
            body, _ = varints.read_bytes(message, at)
            for one in awareness.parse(body):
                self._meet(one)

    def _apply(self, update: bytes) -> None:
        """As applyUpdate of Yjs, which tries again what it lacked something for; pycrdt does not always."""
        self._applying = True
        self._waiting.append(update)
        known, before = self.clocks(), None
        while self._waiting and before != known:
            before, waiting, self._waiting = dict(known), self._waiting, []
            for one in waiting:
                parts = cut(one, known)
                self.doc.apply_update(parts.fit)
                if parts.rest is not None:
                    self._waiting.append(parts.rest.update)
        self._applying = False

    def _meet(self, one: awareness.State) -> None:
        """As applyAwarenessUpdate of y-protocols."""
        if one.client == self.doc.client_id:
            return
        state = orjson.loads(one.state)
        clock, there = self.seen.get(one.client, (0, None))
        if clock < one.clock or (clock == one.clock and state is None and there is not None):
            assert state is None or state["user"]["id"], "nobody is without a name"
            self.seen[one.client] = (one.clock, state)

    # What it shows.

    def contents(self) -> dict[str, Any]:
        strokes = self.strokes.to_py() or []
        return {
            "prompt": str(self.prompt),
            "params": {name: int(value) for name, value in (self.params.to_py() or {}).items()},
            "strokes": [bytes(stroke) for stroke in strokes],
        }

    def clocks(self) -> dict[int, int]:
        return structure.clocks(self.doc.get_state())

    def others(self) -> set[int]:
        return {client for client, (_, state) in self.seen.items() if state is not None}
