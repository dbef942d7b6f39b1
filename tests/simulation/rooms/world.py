"""Two nodes, some clients, a store that suffers: real relays, documents and compaction, on time that is not real."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from livefeed import identifiers
from livefeed.errors import NotFound, StoreUnavailable
from livefeed.people import User
from livefeed.position import Position
from livefeed.rooms.archive import GROWN, Denied, Reading
from livefeed.rooms.compaction import Compaction
from livefeed.rooms.documents import Documents, Origin
from livefeed.rooms.hearing import Refused
from livefeed.rooms.ink import Ink, seed
from livefeed.rooms.relays import WRITERS, Relays
from livefeed.rooms.scribe import Forgotten
from livefeed.streams.entry import Entry
from livefeed.streams.outbox import Outgoing
from tests.simulation.rooms.client import Client, sealed
from tests.simulation.rooms.store import SHARD, Model

ROOM = identifiers.make(1_795_000_000_000, SHARD, 7)
PROMPT = "a fox"


Plot = Callable[["World"], Awaitable[None]]


class Scholar:
    """The process that holds documents, without the process."""

    def __init__(self) -> None:
        self._ink = Ink()

    async def ask(
        self,
        room: str,
        held: str | None,
        pieces: Sequence[bytes],
        at: str,
        question: str,
        argument: Any = None,
        *,
        person: str = "",
    ) -> Any:
        word, answer = self._ink.ask(room, held, pieces, at, question, argument)
        if word == "unknown":
            raise Forgotten
        return answer

    async def tell(self, question: str, argument: Any, *, room: str = "", person: str = "") -> Any:
        return seed(argument["prompt"], argument["params"], client=1) if question == "seed" else ""


class Archive:
    """The way to the store: slow at times, and sometimes the answer does not come, whatever was done."""

    def __init__(self, world: World) -> None:
        self._world = world

    def shard(self, room: str) -> int:
        return SHARD

    async def _there(self) -> None:
        await asyncio.sleep(self._world.chance.choice([0.0, 0.001, 0.003, 0.05]))
        if self._world.store_away:
            raise StoreUnavailable("away")

    async def _back(self) -> None:
        await asyncio.sleep(self._world.chance.choice([0.0, 0.001, 0.02]))
        if self._world.store_away:
            raise StoreUnavailable("away, after the fact")

    async def create(self, room: str, epoch: str, seed: bytes) -> str:
        await self._there()
        return self._world.model.create(epoch, seed)

    async def head(self, room: str) -> tuple[str, str]:
        await self._there()
        return self._world.model.head()

    async def read(self, room: str, since: str = "", *, bytes_: int = 0) -> Reading:
        await self._there()
        found = self._world.model.read(since, bytes_=bytes_)
        await self._back()
        return found

    async def append(
        self, room: str, epoch: str, updates: bytes, tag: str, people: Iterable[str], *, writers: Sequence[str] = ()
    ) -> tuple[str, str]:
        await self._there()
        denied = frozenset(writer for writer in writers if self._world.members.get(writer) not in WRITERS)
        if denied:
            raise Denied(denied)
        id, previous, asks = self._world.model.append(self._world.next_id(), epoch, updates, tag, people)
        self._world.tell_nodes(id)
        if asks:
            self._world.compact_soon()
        await self._back()
        return id, previous

    async def compact(
        self, room: str, epoch: str, base: str, end: str, snapshot: bytes, *, keep: Iterable[str] = ()
    ) -> bool:
        await self._there()
        return self._world.model.compact(epoch, base, end, snapshot, keep)

    async def put_off(self, room: str, epoch: str) -> None:
        await self._there()
        self._world.model.put_off()

    async def spoil(self, room: str, edit: str, index: int) -> None:
        self._world.model.spoil(edit, index)

    async def editors(self, room: str) -> set[str]:
        return self._world.model.people


class Channel:
    """Loses some of what is said, and delivers the rest a little later."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def publish(self, message: bytes) -> None:
        if self._world.store_away:
            raise StoreUnavailable("away")
        for node in self._world.nodes:
            if self._world.calm or self._world.chance.random() > 0.05:
                self._world.later(self._world.delay(), node.hear_channel, message)


class Node:
    """One server process, as far as rooms go; a kill takes everything it knew along."""

    def __init__(self, world: World, name: str) -> None:
        self.world = world
        self.name = name
        self.lives = 0
        self.task: asyncio.Task[None] | None = None
        self.relays: Relays
        self.deaf = False
        self.start()

    def start(self) -> None:
        self.lives += 1
        documents = Documents(Archive(self.world), Scholar(), self.world, epochs=lambda: "first")  # type: ignore[arg-type]
        self.documents = documents
        self.relays = Relays(
            documents,
            self.world,
            Channel(self.world),
            node=f"{self.name}{self.lives}",
            seal=sealed,
        )
        self.task = asyncio.get_running_loop().create_task(self.relays.run())

    @property
    def alive(self) -> bool:
        return self.task is not None

    async def kill(self) -> None:
        task, self.task = self.task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        for client in self.world.clients:
            client.cut(self)

    def hear_news(self, id: str) -> None:
        """The follower brings the news of an edit; nobody hears what comes while its connection is broken."""
        if self.alive and not self.deaf:
            position = Position.parse(id)
            self.relays.advance(SHARD, [Entry(position, position, f"doc:{ROOM}", "doc.edited", b"{}", "edited")])

    def hear_channel(self, message: bytes) -> None:
        if self.alive:
            self.relays.receive(message)


class World:
    """Everything, and the seed's choice of what happens next."""

    def __init__(self, number: int) -> None:
        self.chance = random.Random(number)
        self.room = ROOM
        self.calm = False
        self.store_away = False
        self.loses = self.chance.random() < 0.3
        """Whether the store ever loses what it has acknowledged."""
        self.asks_again = number % 2 == 0
        self.model = Model(document_bytes=10**6, compact_bytes=1_500, compact_entries=self.chance.choice([5, 15, 60]))
        self.happened: Counter[str] = Counter()
        self.lost_tail = False
        self.members: dict[str, str] = {}
        self.clients: list[Client] = []
        self.nodes: list[Node] = []
        self._ids = 0
        self._tasks: set[asyncio.Task[Any]] = set()

    # Ports.

    async def role(self, room: str, user: str) -> str | None:
        if self.store_away:
            raise StoreUnavailable("away")
        return self.members.get(user)

    async def roles(self, room: str, users: Collection[str]) -> Mapping[str, str]:
        if self.store_away:
            raise StoreUnavailable("away")
        return {user: self.members[user] for user in users if user in self.members}

    async def origin(self, room: str) -> Origin:
        return Origin(PROMPT, {"width": 1})

    # What the parts of the world use.

    def next_id(self) -> str:
        self._ids += 1
        return f"{1000 + int(asyncio.get_running_loop().time() * 1000)}-{self._ids}"

    def delay(self) -> float:
        return self.chance.choice([0.0, 0.001, 0.01, 0.1])

    def later(self, delay_s: float, what: Any, *args: Any) -> None:
        asyncio.get_running_loop().call_later(delay_s, what, *args)

    def tell_nodes(self, id: str) -> None:
        for node in self.nodes:
            self.later(self.delay(), node.hear_news, id)

    def own(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def compact_soon(self) -> None:
        self.own(self._compact())

    async def _compact(self) -> None:
        """What the outbox's carrier does: again, until it is done."""
        while True:
            node = self.chance.choice(self.nodes)
            try:
                await Compaction(node.documents).apply([Outgoing("1-1", GROWN, "1-1", {"room": ROOM})])
                return
            except StoreUnavailable:
                await asyncio.sleep(0.5)

    async def connect(self, client: Client) -> None:
        """Let a client come in at its node, as the endpoint does."""
        node = client.node
        if not node.alive or self.store_away:
            return
        user = User(client.name, client.name)
        try:
            role = await node.relays.prepare(ROOM, user)
            if node.alive and client.wants and client.link is None:
                client.enter(node, role)
        except (NotFound, StoreUnavailable, Refused):
            pass

    # What happens.

    async def live(self, steps: int, plot: Plot | None = None) -> None:
        """Let `steps` things happen by chance, or what a plot says; then everybody must come to the same."""
        self.nodes = [Node(self, "a"), Node(self, "b")]
        for index in range(self.chance.choice([2, 3, 4])):
            self.members[f"p{index}"] = "editor"
            self.clients.append(Client(self, f"p{index}", self.nodes[index % 2]))
        for client in self.clients:
            self.own(client.live())
        for _ in range(steps):
            await self._step()
            await asyncio.sleep(self.chance.choice([0.0, 0.005, 0.05, 0.5]))
        if plot is not None:
            await plot(self)
        await self._settle(ask_again=plot is None and self.asks_again)

    async def _step(self) -> None:
        weights = {
            "edit": 30, "leave": 3, "come": 5, "move": 2, "stall": 3, "kill": 1.5, "outage": 1, "deaf": 2,
            "lose": 2 if self.loses else 0, "demote": 1, "stray": 1,
        }  # fmt: skip
        what = self.chance.choices(list(weights), list(weights.values()))[0]
        self.happened[what] += 1
        await getattr(self, f"_{what}")()

    async def _edit(self) -> None:
        for _ in range(self.chance.choice([1, 1, 3, 20])):
            self.chance.choice(self.clients).edit()

    async def _leave(self) -> None:
        self.chance.choice(self.clients).leave()

    async def _come(self) -> None:
        self.chance.choice(self.clients).wants = True

    async def _move(self) -> None:
        client = self.chance.choice(self.clients)
        client.leave()
        client.node = self.chance.choice(self.nodes)
        client.wants = True

    async def _stall(self) -> None:
        client = self.chance.choice(self.clients)
        client.stall()
        self.later(self.chance.choice([0.01, 0.3, 2.0]), client.thaw)

    async def _kill(self) -> None:
        node = self.chance.choice(self.nodes)
        await node.kill()
        await asyncio.sleep(self.chance.choice([0.0, 0.2]))
        node.start()

    async def _outage(self) -> None:
        self.store_away = True
        await asyncio.sleep(self.chance.choice([0.05, 0.5, 3.0]))
        self.store_away = False
        self._recheck()

    def _recheck(self) -> None:
        for node in self.nodes:
            if node.alive:
                node.relays.recheck(SHARD)

    async def _deaf(self) -> None:
        """The follower's connection breaks; when it is back, everything is asked again."""
        node = self.chance.choice(self.nodes)
        node.deaf = True
        self.later(self.chance.choice([0.01, 0.3, 4.0]), self._hear_again, node)

    def _hear_again(self, node: Node) -> None:
        node.deaf = False
        if node.alive:
            node.relays.recheck(SHARD)

    async def _lose(self) -> None:
        self.model.lose_tail(self.chance.randrange(1, 6))
        self.lost_tail = True
        for node in self.nodes:
            if node.alive:
                node.relays.reset(SHARD, None)

    async def _demote(self) -> None:
        client = self.chance.choice(self.clients)
        self.members[client.name] = "viewer"
        self._tell_roles()
        await asyncio.sleep(self.chance.choice([0.0, 0.2]))
        self.members[client.name] = "editor"
        self._tell_roles()

    def _tell_roles(self) -> None:
        position = Position(1, 1)
        for node in self.nodes:
            if node.alive:
                node.relays.advance(SHARD, [Entry(position, position, f"room:{ROOM}", "room.member", b"{}")])

    async def _stray(self) -> None:
        """A writer whose update builds on something that nobody has yet."""
        client = self.chance.choice(self.clients)
        client.edit_in_two(self.chance.choice([0.0, 0.5, 4.0]))

    # How it ends.

    async def _settle(self, *, ask_again: bool) -> None:
        """Let everybody come back, and time pass; then all must hold the same.

        ask_again: the followers reconnect once more. It heals what was missed, so plots and half of the worlds do
        without.
        """
        self.calm, self.store_away = True, False
        for node in self.nodes:
            node.deaf = False
        for client in self.clients:
            client.thaw()
            client.wants = True
        if ask_again:
            self._recheck()
            self._tell_roles()
        await asyncio.sleep(60.0)
        self._judge()
        for node in self.nodes:
            await node.kill()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _judge(self) -> None:
        newcomer = Ink()
        reading = self.model.read()
        pieces = [
            reading.snapshot or b"",
            *[piece[1:] if piece[0] < 0x80 else piece[2:] for edit in reading.edits for piece in edit.pieces],
        ]
        stored = newcomer.ask("x", None, pieces, "1-1", "contents", None)[1]
        for client in self.clients:
            assert client.link is not None, f"{client.name} is not connected"
            assert client.contents() == stored, f"{client.name} shows {client.contents()}, the store has {stored}"
        states = {client.doc.get_state() for client in self.clients}
        known = [dict(client.clocks()) for client in self.clients]
        assert all(one == known[0] for one in known), states
        here = {client.doc.client_id for client in self.clients}
        for client in self.clients:
            assert client.others() == here - {client.doc.client_id}, f"{client.name} sees {client.others()}, not {here}"
