"""The scripts of push notifications, and the names of their keys."""

from __future__ import annotations

from livefeed import identifiers
from livefeed.streams import keys
from livefeed.streams.script import Script, changing, reading, source

ALOUD = source(__package__, "aloud")
"""Lua that defines `aloud(id)`: a person's browsers are told of a notification."""
DEVICE_PUT = changing(source(__package__, "device_put"))
DEVICE_REMOVE = changing(source(__package__, "device_remove"))
DEVICE_READ = reading("return redis.call('HGET', KEYS[2], ARGV[1])")
OWNER_PUT = changing("call('SET', keys[1], args[1], 'PX', args[2])\nreturn ''")
OWNER_READ = reading("return redis.call('GET', KEYS[2])")
SETTLE = Script(source(__package__, "settle"))


def line_key(shard: int) -> str:
    """What is to be pushed to the people of a shard."""
    return keys.tag(shard) + "push"


def person_shard(person: str, shards: int) -> int:
    """Return the shard of what is kept of a person."""
    return identifiers.shard_of(person) % shards


def devices_key(person: str, shards: int) -> str:
    """Hash: device → `ms JSON`, when we heard of it last and its subscription."""
    return f"{keys.tag(person_shard(person, shards))}devices:{person}"


def aloud_keys(person: str, shards: int) -> list[str]:
    """The keys of telling a person's browsers, as scripts/aloud.lua names them."""
    shard = person_shard(person, shards)
    return [devices_key(person, shards), line_key(shard), f"{keys.tag(shard)}pushed:{person}"]


def device_shard(device: str, shards: int) -> int:
    """Return the shard that knows whose a browser is."""
    return int(device[:8], 16) % shards


def owner_key(device: str, shards: int) -> str:
    """Who used a browser last: it is told of nobody else's notifications."""
    return f"{keys.tag(device_shard(device, shards))}device:{device}"
