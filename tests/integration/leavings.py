"""What jobs leave behind in the queue's slot, for the tests that want nothing of it."""

from __future__ import annotations

from livefeed.streams.connection import Store
from livefeed.streams.work_slot import SLOT, TICKETS

OUTLIVES = {"counters", "ended", "dead", "buried", "paces", "paced", "came", "gate"}
"""What is kept of jobs that are over, see scripts/work.lua."""
SIZES = {b"hash": "HLEN", b"zset": "ZCARD", b"stream": "XLEN", b"list": "LLEN"}


async def left_behind(store: Store) -> dict[str, int]:
    """Return what of jobs is in the queue's slot, by key: nothing, once all have ended.

    A key that is not known to outlive its jobs counts, whatever its name.
    """
    found = {}
    for key in await store.execute("KEYS", SLOT.replace("{", "\\{") + "*"):
        name = key.decode().removeprefix(SLOT)
        size = SIZES.get(await store.execute("TYPE", key))  # none: it went away meanwhile
        if name not in OUTLIVES and size is not None:
            found[name] = await store.execute(size, key)
    if "tickets" in found:
        for group in await store.execute("XINFO", "GROUPS", TICKETS):
            found["pending"] = dict(zip(group[::2], group[1::2], strict=True))[b"pending"]
    return {name: size for name, size in found.items() if size}
