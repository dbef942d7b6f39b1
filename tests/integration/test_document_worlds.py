"""Stock clients of both versions on different nodes, while nodes and store are killed: all converge, none is lost."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.integration.server_process import until
from tests.integration.stock import VERSIONS, RoomServer, StockClient, clients, converged
from tests.integration.stores import PLAIN, StoreServer, free_ports
from tests.soak import count

WORLDS = count(2, 30)
STEPS = count(7, 12)
SETTLED_S = 60.0


class World:
    """Two nodes on one store, a room, and two clients, one on each node to begin with."""

    def __init__(self, nodes: list[RoomServer], store: StoreServer, stock: list[StockClient], chance: random.Random):
        self.nodes = nodes
        self.store = store
        self.stock = stock
        self.chance = chance
        self.room = nodes[0].room(chance.randrange(2**40), everybody="editor")
        self.tokens = [nodes[0].guest()[1] for _ in stock]
        self.home = [0, 1]
        self.online = [True, True]
        self.seen: set[str] = set()
        self.happened: list[str] = []
        for one, node, token in zip(stock, nodes, self.tokens, strict=True):
            one.open(node, self.room, token)

    def step(self) -> None:
        """Let one thing happen."""
        doings: list[tuple[int, Callable[[], None]]] = [
            *[(4, self.edit), (3, self.leave_or_return), (2, self.mark_and_see), (1, self.move)],
            *[(1, self.kill_node), (1, self.kill_store)],
        ]
        doing = self.chance.choices([what for _, what in doings], [weight for weight, _ in doings])[0]
        self.happened.append(doing.__name__)
        doing()

    def edit(self) -> None:
        for one in self.stock:
            one.ask("edit", count=self.chance.randrange(1, 40), seed=self.chance.randrange(2**31))

    def leave_or_return(self) -> None:
        who = self.chance.randrange(2)
        self.stock[who].ask("offline" if self.online[who] else "online")
        self.online[who] = not self.online[who]

    def move(self) -> None:
        """Go to the other node, as a balancer would have it."""
        who = self.chance.randrange(2)
        self.home[who] = 1 - self.home[who]
        self.stock[who].ask("offline")
        self.stock[who].ask("online", url=self.nodes[self.home[who]].address(self.room))
        self.online[who] = True

    def kill_node(self) -> None:
        node = self.chance.choice(self.nodes)
        self.edit()
        node.kill()
        self.edit()
        node.start()

    def kill_store(self) -> None:
        self.edit()
        self.store.kill()
        self.edit()
        self.store.start()

    def mark_and_see(self) -> None:
        """Have one write something; once the other has seen it, it must never be lost. Then, often, something dies."""
        for who in range(2):
            self.stock[who].ask("online")
            self.online[who] = True
        who, mark = self.chance.randrange(2), f"mark {len(self.happened)}"
        self.see(who, mark)
        self.chance.choice([self.kill_node, self.kill_store, self.edit])()

    def see(self, who: int, mark: str) -> dict[str, Any]:
        """Have one write a mark, wait until the other has seen it, and return its state at that moment."""
        self.stock[who].ask("mark", mark=mark)
        self.seen.add(mark)
        return self.stock[1 - who].until(lambda state: mark in state["marks"], f"it sees {mark}", SETTLED_S)

    def settle(self) -> None:
        """Bring everybody back, and wait until all hold the same bytes."""
        for one in self.stock:
            one.ask("online")
        until(lambda: converged(*self.stock), "the clients hold the same bytes", SETTLED_S)
        state = self.stock[0].state()
        assert self.seen <= set(state["marks"])


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[list[RoomServer], StoreServer]]:
    """Two nodes on one store that survives `kill -9` with what it acknowledged."""
    folder = tmp_path_factory.mktemp("rooms")
    store = StoreServer(folder / "store", free_ports(1)[0], *PLAIN)
    with contextlib.ExitStack() as stack:
        stack.callback(store.stop)
        store.start()
        url = f"redis://127.0.0.1:{store.port}/0"
        yield [stack.enter_context(RoomServer(folder / name / "data", redis_url=url)) for name in "ab"], store


@pytest.mark.soak
@pytest.mark.timeout(300)
@pytest.mark.parametrize("number", range(WORLDS))
def test_stock_clients_converge_and_nothing_seen_is_lost(
    place: tuple[list[RoomServer], StoreServer], seed: int, number: int
) -> None:
    """In the end, the moment one has seen what the other wrote, clients, nodes and store are killed: whoever comes then
    is given it by the store alone."""
    nodes, store = place
    with clients(*VERSIONS) as stock, clients(VERSIONS[number % 2]) as (newcomer,):
        world = World(nodes, store, stock, random.Random(seed + number))
        for _ in range(STEPS):
            world.step()
        print(f"world {number}: {' '.join(world.happened)}; {len(world.seen)} marks seen")
        world.settle()
        heard = [line for one in stock for line in one.state()["heard"] if "ECONNREFUSED" not in line]
        assert not [line for line in heard if "Yjs" in line or "Unable to compute" in line]
        seen = world.see(number % 2, "the last mark")
        for one in stock:
            one.close()
        store.kill()
        for node in nodes:
            node.kill()
        store.start()
        for node in nodes:
            node.start()
        newcomer.open(nodes[number % 2], world.room, world.tokens[0])
        given = newcomer.synced()
        assert world.seen <= set(given["marks"])
        assert given["update"] == seen["update"]
        for node in nodes:
            assert "Traceback" not in node.log()
