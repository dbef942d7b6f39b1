"""A server whose rooms are what a test says: `python -m tests.integration.document_house`, with settings like any.

Roles are the hash `test:roles:{room}` of the store, by user id; `*` is everybody else's. `test:epoch:{room}` is the
epoch that a document begins with.
"""

from __future__ import annotations

import asyncio
import logging
import secrets

import uvloop

from livefeed.api.audience import SessionAudience
from livefeed.api.rights import Rights as TopicRights
from livefeed.composition import furnish, lay_out, open_store
from livefeed.config import Config
from livefeed.errors import NotFound
from livefeed.hub.node import Node
from livefeed.presence.presence import Presence
from livefeed.presence.store import RosterStore
from livefeed.rooms.documents import Origin
from livefeed.server import _drain, _house, _listening, _ready, _running, _until_signalled
from livefeed.streams.connection import Store
from livefeed.streams.ephemeral import Ephemeral
from livefeed.streams.follower import Follower
from livefeed.streams.listeners import Listeners

ROLES, EPOCH = "test:roles:", "test:epoch:"
PROMPT, PARAMS = "a fox in the snow", {"width": 768, "height": 512, "strength": 0.6}


class Rooms:
    """Roles and epochs as the store has them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def role(self, room: str, user: str) -> str | None:
        found = await self._store.execute("HMGET", ROLES + room, user, "*")
        return next((role.decode() for role in found if role), None)

    async def origin(self, room: str) -> Origin:
        if not await self._store.execute("EXISTS", ROLES + room):
            raise NotFound("This room does not exist.")
        epoch = await self._store.execute("GET", EPOCH + room)
        return Origin(epoch.decode() if epoch else "first", PROMPT, PARAMS)


async def serve(config: Config, stop: asyncio.Event) -> None:
    """As livefeed.server.serve, without workers."""
    async with open_store(config) as (store, _), furnish(config, store) as services:
        name, rooms = secrets.token_hex(6), Rooms(store)
        node = Node(services.streams, config)
        paper = lay_out(services, node=name, rights=rooms, origins=rooms)
        follower = Follower(store, Listeners(node, paper.relays), shards=config.shards)
        ephemeral, audience = Ephemeral(store), SessionAudience(node)
        presence = Presence(name, ephemeral, audience, RosterStore(services.streams))
        seen = TopicRights(services.identity, services.posts, services.generations, services.rooms)
        house = _house(services, node, follower, audience, presence, seen, paper)
        background = [node.run(), follower.run(), ephemeral.run(presence.receive), presence.run(), *paper.background]
        async with _running(background):
            await _ready(follower, stop)
            async with _listening(house):
                await stop.wait()
                await _drain(node, config)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    uvloop.run(_until_signalled(lambda stop: serve(Config.from_environment(), stop)))
