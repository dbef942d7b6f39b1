"""What happens on nodes, and between them and the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.simulation.node import Node, Reading
    from tests.simulation.world import World


def follow(world: World) -> bool:
    node = world.chance.choices(world.nodes, world.pace)[0]
    return node.link.step(world.store, world.chance.choice((1, 2, 50)))


def read(world: World) -> bool:
    """A question reaches the store, or its answer the node; they overtake each other."""
    found = _readings(world)
    if not found:
        return False
    node, reading = world.chance.choice(found)
    if reading.held:
        reading.held -= 1
    else:
        node.step_reading(reading, world.store)
    return True


def flush(world: World) -> bool:
    node = world.chance.choice(world.nodes)
    due = node.flush_due
    if due:
        node.flush()
    return due


def beat(world: World) -> bool:
    sessions = world.sessions()
    if sessions:
        node, client = world.chance.choice(sessions)
        node.beat(client.session)
    return bool(sessions)


def forget_pages(world: World) -> bool:
    return world.chance.choice(world.nodes).forget_pages()


def break_link(world: World) -> bool:
    return world.chance.choice(world.nodes).break_link(world.chance)


def break_pages(world: World) -> bool:
    return world.chance.choice(world.nodes).break_pages(world.chance)


def lose_page(world: World) -> bool:
    """One question fails, on a connection that stays."""
    found = _readings(world)
    if not found:
        return False
    node, reading = world.chance.choice(found)
    return node.lose(reading)


def hold_page(world: World) -> bool:
    """One answer comes late: much happens before it."""
    found = [reading for _, reading in _readings(world) if not reading.held]
    if found:
        world.chance.choice(found).held = world.chance.choice((3, 10, 40))
    return bool(found)


def give_up(world: World) -> bool:
    """The store takes too long for a `subscribe`: it is refused, and the client asks again."""
    found = [(node, item) for node in world.nodes for item in node.subscribing]
    if found:
        node, item = world.chance.choice(found)
        node.give_up(item)
    return bool(found)


def crash_node(world: World) -> bool:
    world.replace_node(world.chance.choice(world.nodes))
    return True


def drain(world: World) -> bool:
    """A node is told to stop; or one that was told so before stops, with whoever is still there."""
    node = world.chance.choice(world.nodes)
    if node.draining:
        world.replace_node(node)
        return False
    if any(other.draining for other in world.nodes):
        return False
    node.drain()
    return True


def _readings(world: World) -> list[tuple[Node, Reading]]:
    return [(node, reading) for node in world.nodes for reading in node.readings]
