"""What may happen in a world at any moment, and how often: functions of the world that tell whether they struck."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from tests.simulation.happenings import clients, nodes, store

if TYPE_CHECKING:
    from tests.simulation.world import World

Happening = Callable[["World"], bool]

USUAL: Mapping[Happening, float] = {
    store.publish: 14,
    store.tick: 4,
    store.replicate: 1.5,
    store.back_up: 0.7,
    nodes.follow: 70,
    nodes.read: 60,
    nodes.flush: 35,
    nodes.beat: 1.5,
    nodes.forget_pages: 2,
    clients.deliver: 40,
    clients.subscribe: 6,
    clients.reload: 0.8,
    clients.unfreeze: 2,
    clients.connect: 8,
    clients.follow_drain: 3,
    clients.ask_refused: 3,
}
"""The course of things, by weight."""

FAULTS: Mapping[Happening, float] = {
    store.repeat: 1.5,
    store.lose_answer: 1,
    store.crash_store: 0.6,
    store.lose_tail: 1,
    store.restore: 0.4,
    store.fail_over: 0.8,
    store.wipe: 0.06,
    store.step_clock: 0.8,
    store.sleep_days: 0.5,
    nodes.break_link: 1,
    nodes.break_pages: 1,
    nodes.lose_page: 1,
    nodes.hold_page: 1.5,
    nodes.give_up: 1,
    nodes.crash_node: 0.3,
    nodes.drain: 0.4,
    clients.freeze: 1.5,
    clients.disconnect: 1.6,
    clients.unsubscribe: 2,
    clients.subscribe_again: 1.2,
}
"""What goes wrong, or crosses something else, by weight."""

COUNTED = (
    *(fault.__name__ for fault in FAULTS),
    "fail_back",
    "repeat_after_loss",
    "stalled",
    "trim_shard",
    "trim_topic",
    "expire",
    "reset",
    "recheck",
    "gap",
    "moved_to_another_node",
    "drained",
    "unsubscribed_while_joining",
    "unsubscribed_while_paging",
    "subscribed_again_while_joining",
    "lost_in_flight",
    "shared_page",
)
"""Everything of which a long run must see a lot: faults, and what they led to."""
