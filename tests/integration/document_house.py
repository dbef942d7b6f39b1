"""A server whose rooms are what a test says: `python -m tests.integration.document_house`, with settings like any.

Roles are where rooms have them, in the hash of a room's members, by user id; `*` is everybody else's, who get it when
they come.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Collection, Mapping

import uvloop

from livefeed.api.audience import SessionAudience
from livefeed.api.rights import Rights as TopicRights
from livefeed.composition import furnish, lay_out, open_store
from livefeed.config import Config
from livefeed.errors import NotFound
from livefeed.hub.node import Node
from livefeed.presence.presence import Presence
from livefeed.presence.store import RosterStore
from livefeed.rooms.commands import members_key, room_shard
from livefeed.rooms.documents import Origin
from livefeed.server import _drain, _house, _listening, _ready, _running, _until_signalled
from livefeed.streams import keys
from livefeed.streams.connection import Store
from livefeed.streams.ephemeral import Ephemeral
from livefeed.streams.follower import Follower
from livefeed.streams.listeners import Listeners

SHARDS = Config().shards
PROMPT, PARAMS = "a fox in the snow", {"width": 768, "height": 512, "strength": 0.6}


def roles_key(room: str) -> str:
    """Hash: user → role."""
    return members_key(room, SHARDS)


def edits_key(room: str) -> str:
    """Stream: what was written since the last snapshot."""
    return f"{keys.tag(room_shard(room, SHARDS))}doc-edits:{room}"


class Rooms:
    """Roles as the store has them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def role(self, room: str, user: str) -> str | None:
        role, everybody = await self._store.execute("HMGET", roles_key(room), user, "*")
        if role is None and everybody is not None:
            await self._store.execute("HSETNX", roles_key(room), user, everybody)
        found = role or everybody
        return None if found is None else found.decode()

    async def roles(self, room: str, users: Collection[str]) -> Mapping[str, str]:
        found = {user: await self.role(room, user) for user in users}
        return {user: role for user, role in found.items() if role is not None}

    async def origin(self, room: str) -> Origin:
        if not await self._store.execute("EXISTS", roles_key(room)):
            raise NotFound("This room does not exist.")
        return Origin(PROMPT, PARAMS)


async def serve(config: Config, stop: asyncio.Event) -> None:
    """As livefeed.server.serve, without workers."""
    async with open_store(config) as (store, _), furnish(config, store) as services:
        name, rooms = secrets.token_hex(6), Rooms(store)
        node = Node(services.streams, config)
        paper = lay_out(services, node=name, rights=rooms, origins=rooms)
        follower = Follower(store, Listeners(node, paper.relays), shards=config.shards)
        ephemeral, audience = Ephemeral(store), SessionAudience(node)
        presence = Presence(name, ephemeral, audience, RosterStore(services.streams), roles=rooms, veil=paper.veil)
        seen = TopicRights(services.identity, services.posts, services.generations, services.rooms)
        house = _house(services, node, follower, audience, presence, seen, paper)
        background = [node.run(), follower.run(), ephemeral.run(presence.receive), presence.run(), *paper.background]
        async with _running(background):
            await _ready(follower, stop)
            async with _listening(house):
                await stop.wait()
                await _drain(node, config)


def main() -> None:
    """Serve until told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    uvloop.run(_until_signalled(lambda stop: serve(Config.from_environment(), stop)))


if __name__ == "__main__":
    main()
