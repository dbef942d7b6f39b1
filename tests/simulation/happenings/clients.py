"""What clients do, and what happens to their connections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livefeed.hub.subscription import Stage
from tests.simulation.client import Reading

if TYPE_CHECKING:
    from tests.simulation.client import Client
    from tests.simulation.world import World


def deliver(world: World) -> bool:
    ready = [client for client in world.clients if client.wire.frames and not client.wire.frozen]
    if ready:
        client = world.chance.choice(ready)
        for _ in range(min(world.chance.choice((1, 2, 10)), len(client.wire.frames))):
            world.receive(client)
    return bool(ready)


def connect(world: World) -> bool:
    away = [client for client in world.clients if client.session is None]
    return bool(away) and world.connect(world.chance.choice(away))


def follow_drain(world: World) -> bool:
    """A client that was told of a drain comes back elsewhere, with its positions."""
    told = [client for client in world.clients if client.leaving]
    if told:
        client = world.chance.choice(told)
        world.disconnect(client)
        world.struck["drained"] += world.connect(client)
    return bool(told)


def subscribe(world: World) -> bool:
    client = _connected(world)
    if client is None:
        return False
    many = min(world.chance.choice((1, 2, 2, len(world.topics))), len(world.topics))
    new = [topic.name for topic in world.chance.sample(world.topics, many) if topic.name not in client.readings]
    for name in new:
        client.readings[name] = Reading(replay=world.chance.choice((0, 0, 1, 3)))
        if world.chance.random() < 0.4:
            client.readings[name].restart(world.snapshot(name))
    if new:
        world.ask(client, new)
    return bool(new)


def subscribe_again(world: World) -> bool:
    """A second `subscribe` for a topic it has, from where it stands."""
    client = _connected(world)
    name = _one(world, client)
    if name is None:
        return False
    world.struck["subscribed_again_while_joining"] += _stage(client, name) is Stage.JOINING
    world.ask(client, [name])
    return True


def ask_refused(world: World) -> bool:
    """A client that was refused for want of a store asks again."""
    refused = [client for client in world.clients if any(reading.refused for reading in client.readings.values())]
    if refused:
        client = world.chance.choice(refused)
        world.ask(client, [name for name, reading in client.readings.items() if reading.refused])
    return bool(refused)


def reload(world: World) -> bool:
    """Read a topic's snapshot and subscribe from where it stands: at the store's head, not at the node's cut."""
    client = _connected(world)
    name = _one(world, client)
    if name is None:
        return False
    client.readings[name].restart(world.snapshot(name))
    world.ask(client, [name])
    return True


def unsubscribe(world: World) -> bool:
    client = _connected(world)
    name = _one(world, client)
    if name is None:
        return False
    stage = _stage(client, name)
    world.struck["unsubscribed_while_joining"] += stage is Stage.JOINING
    world.struck["unsubscribed_while_paging"] += stage is Stage.PAGING
    del client.readings[name]
    client.node.unsubscribe(client.session, name)
    return True


def disconnect(world: World) -> bool:
    client = _connected(world)
    if client is None:
        return False
    world.struck["lost_in_flight"] += bool(client.wire.frames)
    world.disconnect(client)
    return True


def freeze(world: World) -> bool:
    """A client takes nothing more: its transport fills up, and nothing is put into it."""
    running = [client for _, client in world.sessions() if not client.wire.frozen]
    if running:
        world.chance.choice(running).wire.frozen = True
    return bool(running)


def unfreeze(world: World) -> bool:
    frozen = [client for _, client in world.sessions() if client.wire.frozen]
    if frozen:
        world.chance.choice(frozen).wire.frozen = False
    return bool(frozen)


def _connected(world: World) -> Client | None:
    sessions = world.sessions()
    return world.chance.choice(sessions)[1] if sessions else None


def _one(world: World, client: Client | None) -> str | None:
    return world.chance.choice(list(client.readings)) if client is not None and client.readings else None


def _stage(client: Client, name: str) -> Stage | None:
    held = client.session.subscriptions.get(name)
    return held.stage if held else None
