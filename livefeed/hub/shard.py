"""A shard as this node has followed it. [pure]"""

from __future__ import annotations

from dataclasses import dataclass, field

from livefeed.hub.subscription import Subscription
from livefeed.hub.tail import Tail
from livefeed.position import ZERO, Position


@dataclass(slots=True)
class Shard:
    """Its tails, and how far they reach.

    cut: the follower's cursor, a cut through all the shard's topics.
    epoch: counts the times when what is in flight stopped being usable.
    ahead: subscriptions beyond the cut, from a node that was further: each waits for its very entry.
    """

    index: int
    cut: Position = ZERO
    epoch: int = 0
    tails: dict[str, Tail] = field(default_factory=dict)
    ahead: set[Subscription] = field(default_factory=set)
