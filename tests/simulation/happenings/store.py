"""What happens to the store, and to those who publish."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.simulation.store import DAY_MS, Append, State

if TYPE_CHECKING:
    from tests.simulation.world import Command, World

HOUR_MS = 3_600_000
SKEWS_MS = (0, 0, 0, 1, -1, -60, 60, HOUR_MS, -HOUR_MS, 11 * HOUR_MS, -12 * HOUR_MS)
"""How wrong a server's clock may be: from one to another less than the day by which topics outlive positions."""
VALUE_KEYS = ("k1", "k2", "k3", "k4")


def publish(world: World) -> bool:
    world.commit(_command(world))
    return True


def lose_answer(world: World) -> bool:
    """The publisher never learns whether its command arrived: it will say it again, with its key."""
    command = _command(world)
    if world.chance.random() < 0.7:
        world.commit(command)
    world.unsure.append(command)
    return True


def repeat(world: World) -> bool:
    """A command comes twice, because its publisher was unsure or for no reason at all."""
    if world.unsure and world.chance.random() < 0.8:
        command = world.unsure[0]
        if world.chance.random() < 0.7:
            world.unsure.pop(0)
    elif world.commands:
        command = world.chance.choice(world.commands[-6:])
    else:
        return False
    known, before = world.is_known(command), command.ids
    world.commit(command)
    world.struck["repeat_after_loss"] += bool(before) and not known
    return known


def _command(world: World) -> Command:
    topic = world.chance.choice(world.topics)
    return world.command([_event(world, topic) for _ in range(world.chance.choice((1, 1, 1, 2, 3)))])


def _event(world: World, topic) -> Append:
    number = world.number()
    if world.chance.random() < world.kept_share:
        return Append(topic, "kept", b'{"n":%d}' % number)
    image = b',"image_key":"lf:{s00}:pv:i"' if world.chance.random() < 0.3 else b""
    return Append(topic, "value", b'{"n":%d%s}' % (number, image), world.chance.choice(VALUE_KEYS))


def tick(world: World) -> bool:
    world.wait(world.chance.choice((1, 1, 2, 50)))
    return True


def step_clock(world: World) -> bool:
    """The server's clock is set, forwards or back."""
    skew = world.chance.choice(SKEWS_MS)
    stepped = skew != world.store.skew_ms
    world.set_clock(skew)
    return stepped


def sleep_days(world: World) -> bool:
    """A quiet time: everywhere, so that streams expire and positions grow old."""
    world.wait(world.chance.choice((DAY_MS // 4, DAY_MS // 2, DAY_MS + 1, 2 * DAY_MS + 1, 3 * DAY_MS)))
    return True


def replicate(world: World) -> bool:
    world.replica.state = world.store.state.copy()
    return True


def back_up(world: World) -> bool:
    world.backup = world.store.state.copy()
    return True


def crash_store(world: World) -> bool:
    """The store is killed and comes back with all that it had acknowledged; answers that were under way are lost."""
    world.unsure += world.commands[-world.chance.choice((0, 1, 2)) :][-2:]
    break_all(world)
    return True


def lose_tail(world: World) -> bool:
    """The machine loses its power: the newest commands are gone."""
    if not world.past:
        return False
    lost = min(len(world.past), world.chance.choice((1, 1, 2, 3, 5, 12)))
    world.unsure += world.commands[-2:]
    struck = _put(world, world.past[-lost].copy())
    del world.past[-lost:]
    return struck


def restore(world: World) -> bool:
    struck = _put(world, world.backup.copy())
    world.past.clear()
    return struck


def wipe(world: World) -> bool:
    struck = _put(world, State())
    world.past.clear()
    return struck


def fail_over(world: World) -> bool:
    """The lagging replica takes over; the old master keeps what it had, for when we fail back."""
    before = world.store.state.log
    world.store, world.replica = world.replica, world.store
    world.past.clear()
    world.struck["fail_back"] += world.master == 1
    world.master = 1 - world.master
    break_all(world)
    return before != world.store.state.log


def _put(world: World, state: State) -> bool:
    """Put another state in the place of the store's; tell whether something was lost by it."""
    lost = state.log != world.store.state.log
    world.store.state = state
    break_all(world)
    return lost


def break_all(world: World) -> None:
    """End every connection to the store."""
    for node in world.nodes:
        node.break_link(world.chance)
        node.break_pages(world.chance)
