"""How `livefeed jobs` reaches the queue.

It speaks to the store itself, not to a server: whoever may open the data folder or knows the store's address is the
operator already, so that no new credential gives power over other people's pictures; and it works while no server
runs.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace

from livefeed.config import Config, variable
from livefeed.errors import ConfigurationError
from livefeed.generation.jobs import Jobs
from livefeed.identity import Users
from livefeed.people import User
from livefeed.streams import keys
from livefeed.streams.embedded_place import Place
from livefeed.streams.opening import store_at
from livefeed.streams.streams import Streams


class _People:
    """The port to identity: who people are now."""

    def __init__(self, users: Users) -> None:
        self._users = users

    async def users(self, ids: Iterable[str]) -> Mapping[str, User]:
        """Return the people with these ids."""
        return await self._users.read(ids)


@asynccontextmanager
async def opened_queue() -> AsyncIterator[Jobs]:
    """Open the queue of the configured store, or of the server that runs on this data folder.

    Raises: ConfigurationError.
    """
    config = Config.from_environment()
    place = Place.at(config.data)
    if not config.redis_url and not place.socket.exists():
        raise ConfigurationError(
            f"No server runs on the data folder {place.data}: start it with 'livefeed serve', or "
            f"set {variable('data')} or {variable('redis_url')} as the server has them."
        )
    async with store_at(config.redis_url or place.url, timeout_s=config.redis_timeout_s) as store:
        shards = await store.execute("GET", keys.SHARDS)
        streams = Streams(store, config if shards is None else replace(config, shards=int(shards)))
        yield Jobs(streams, _People(Users(streams)))
