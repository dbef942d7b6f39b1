"""By which beginnings people's handles are found: the beginning of all of it, and of each of its words.

`lf:{sNN}:names:<two characters>` is a sorted set, all at 0, of what begins so: `=<handle>` for a handle,
`-<rest> <handle>` for what follows a hyphen. It is a hint: the claim and the record say who is called so now.
"""

from __future__ import annotations

import asyncio
import zlib
from typing import Final

from livefeed.streams.keys import tag
from livefeed.streams.script import changing, source
from livefeed.streams.streams import Streams

NAMES_ALIKE: Final = 20_000
"""Entries with the same first two characters."""
MAX_PARTS: Final = 5
"""Words of a handle, after its first, by whose beginning it is found."""
SHORTEST: Final = 2
"""Characters of a beginning."""
_LAST: Final = "\x7f"
"""Comes after every character of a handle."""

_ENTER = changing(source(__package__, "enter"))


class Names:
    """Handles by their beginnings. Raises: StoreUnavailable, everywhere; WritesRefused, what writes to a full store."""

    def __init__(self, streams: Streams) -> None:
        self._streams = streams
        self._store = streams.store

    async def enter(self, handle: str) -> None:
        """Let a handle be found by its beginnings (again: no harm)."""
        placed = [(self._place(begun), entry) for begun, entry in entries_of(handle)]
        await asyncio.gather(
            *(
                self._streams.commit(_ENTER, shard=shard, keys_=[key], args=[entry, NAMES_ALIKE])
                for (shard, key), entry in placed
            )
        )

    async def leave(self, handle: str) -> None:
        """Let a handle be found no more."""
        placed = [(self._place(begun), entry) for begun, entry in entries_of(handle)]
        await asyncio.gather(*(self._store.execute("ZREM", key, entry) for (_, key), entry in placed))

    async def find(self, beginning: str, *, limit: int) -> list[str]:
        """Return `limit` handles that begin so, then as many with a word that does, each once, by the alphabet.

        beginning: of a handle, as stored, at least SHORTEST characters.
        """
        _, key = self._place(beginning)
        pages = await asyncio.gather(
            *(
                self._store.execute(
                    "ZRANGEBYLEX", key, f"[{kind}{beginning}", f"[{kind}{beginning}{_LAST}", "LIMIT", 0, limit
                )
                for kind in "=-"
            )
        )
        return list(dict.fromkeys(entry.decode()[1:].rpartition(" ")[2] for page in pages for entry in page))

    def _place(self, begun: str) -> tuple[int, str]:
        alike = begun[:SHORTEST]
        shard = zlib.crc32(alike.encode()) % self._streams.shards
        return shard, f"{tag(shard)}names:{alike}"


def entries_of(handle: str) -> list[tuple[str, str]]:
    """Return by what a handle is found: what it begins with there, and the entry."""
    rests = [handle[at + 1 :] for at, character in enumerate(handle) if character == "-"]
    parts = [rest for rest in rests if len(rest) >= SHORTEST and not rest.startswith("-")]
    return [(handle, f"={handle}"), *((part, f"-{part} {handle}") for part in parts[:MAX_PARTS])]
