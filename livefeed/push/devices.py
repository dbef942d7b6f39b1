"""People's browsers: who lets us push where."""

from __future__ import annotations

import re

import orjson

from livefeed.errors import BadRequest
from livefeed.push import store
from livefeed.push.device import Device, decoded
from livefeed.push.sealing import key_of
from livefeed.push.services import Services
from livefeed.streams.streams import Streams

DEVICES = 10
"""Browsers of one person; beyond, the one that was not heard of for longest leaves."""
KEPT_MS = 400 * 86_400_000
"""A browser that did not come for so long is forgotten; each visit renews it."""
_ID = re.compile(r"[0-9a-f]{32}")


class Devices:
    """Keeps subscriptions in the slot of their person; who uses a browser, in one of the browser's own."""

    def __init__(self, streams: Streams, services: Services) -> None:
        self._streams = streams
        self._services = services

    async def put(self, person: str, device: Device) -> str:
        """Let a person be told in a browser, and nobody else there any more; return its id. Repeatable.

        Raises: BadRequest, StoreUnavailable.
        """
        self._services.check(device.endpoint)
        key_of(device)
        shards, id = self._streams.shards, device.id
        await self._streams.commit(
            store.DEVICE_PUT,
            shard=store.person_shard(person, shards),
            keys_=[store.devices_key(person, shards)],
            args=[id, orjson.dumps(device.as_dict()), DEVICES, KEPT_MS],
        )
        # After it: until whose it is has been written, a message would only find that it is not this person's.
        await self._streams.commit(
            store.OWNER_PUT,
            shard=store.device_shard(id, shards),
            keys_=[store.owner_key(id, shards)],
            args=[person, KEPT_MS],
        )
        return id

    async def remove(self, person: str, device: str | None) -> None:
        """Tell a person nothing any more in one browser, or in none of theirs. Repeatable.

        Raises: BadRequest, StoreUnavailable.
        """
        if device is not None and _ID.fullmatch(device) is None:
            raise BadRequest("'device' is what PUT answered: 32 hexadecimal digits.")
        await self._streams.commit(
            store.DEVICE_REMOVE,
            shard=store.person_shard(person, self._streams.shards),
            keys_=[store.devices_key(person, self._streams.shards)],
            args=[] if device is None else [device],
        )

    async def read(self, person: str, device: str) -> Device | None:
        """Return a person's browser; None if it is not theirs, or somebody else came to use it since.

        Raises: StoreUnavailable.
        """
        shards = self._streams.shards
        found = await self._streams.read(
            store.DEVICE_READ,
            shard=store.person_shard(person, shards),
            keys_=[store.devices_key(person, shards)],
            args=[device],
        )
        if found is None:
            return None
        owner = await self._streams.read(
            store.OWNER_READ, shard=store.device_shard(device, shards), keys_=[store.owner_key(device, shards)]
        )
        if owner is None or owner.decode() != person:
            return None
        said = orjson.loads(found.split(b" ", 1)[1])
        return Device(said["endpoint"], decoded(said["p256dh"]), decoded(said["auth"]))
