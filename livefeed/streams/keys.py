"""The names of keys in the store.

Every key carries its shard as hash tag, `lf:{s07}:…`, so that the same layout runs on a Cluster.
"""

from __future__ import annotations

from functools import lru_cache

from livefeed.topic import Topic

SHARDS = "lf:shards"
REMEMBERED = 8_192
"""Topics whose names of keys are kept: building them is a tenth of what publishing costs."""


@lru_cache(maxsize=REMEMBERED)
def tag(shard: int) -> str:
    """Return the prefix of all keys of a shard."""
    return f"lf:{{s{shard:02d}}}:"


@lru_cache(maxsize=REMEMBERED)
def fan(shard: int) -> str:
    """The shard's stream: everything that happens on its topics."""
    return tag(shard) + "fan"


@lru_cache(maxsize=REMEMBERED)
def outbox(shard: int) -> str:
    """What projections have yet to carry to other slots."""
    return tag(shard) + "out"


def stream(shard: int, topic: Topic) -> str:
    """The KEPT events of one topic."""
    return f"{tag(shard)}t:{topic.name}"


def latest(shard: int, topic: Topic) -> str:
    """Hash: key → `rev type data` of the newest LATEST value."""
    return f"{tag(shard)}l:{topic.name}"


def latest_order(shard: int, topic: Topic) -> str:
    """Sorted set: the same keys by when they changed."""
    return f"{tag(shard)}o:{topic.name}"


@lru_cache(maxsize=REMEMBERED)
def of_topic(shard: int, topic: Topic) -> tuple[str, str, str]:
    """The three keys that an event of a topic may be written to: stream, latest, order."""
    return stream(shard, topic), latest(shard, topic), latest_order(shard, topic)


def idempotency(shard: int, who: str, key: str) -> str:
    """What a command with an idempotency key answered, for a day."""
    return f"{tag(shard)}i:{who}:{key}"
