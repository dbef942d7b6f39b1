"""What hardly ever happens by chance."""

from __future__ import annotations

import asyncio

from tests.simulation.rooms.world import World


async def compacted_behind_a_deaf_node(world: World) -> None:
    """A node hears nothing until what it has not read is in a snapshot, and nothing else."""
    await asyncio.sleep(3.0)
    writer, reader = world.clients[:2]
    reader.node.deaf = True
    for _ in range(70):
        writer.edit()
        await asyncio.sleep(0.1)
    while world.model.asked:
        await asyncio.sleep(0.1)
    reader.node.deaf = False
    reader.node.relays.recheck(0)


async def compacted_before_what_it_builds_on(world: World) -> None:
    """An update comes long before the one it follows, and a snapshot is made in between."""
    await asyncio.sleep(3.0)
    hasty, other = world.clients[:2]
    hasty.edit_in_two(20.0)
    for _ in range(70):
        other.edit()
        await asyncio.sleep(0.1)
    while world.model.asked:
        await asyncio.sleep(0.1)
    await asyncio.sleep(10.0)


async def last_word_during_a_reading(world: World) -> None:
    """News of an edit comes while a node reads the one before it, and then no more: nothing else would wake it."""
    await asyncio.sleep(3.0)
    writer, reader = world.clients[:2]
    for _ in range(40):
        for _ in range(2):
            writer.edit()
            await asyncio.sleep(world.chance.choice([0.021, 0.03, 0.05]))
        await asyncio.sleep(2.0)
        assert reader.contents() == writer.contents(), "the last word was not heard"


PLOTS = [compacted_behind_a_deaf_node, compacted_before_what_it_builds_on, last_word_during_a_reading]
