"""Lua does not roll back: a store whose scripts fail at their n-th write, to see what that leaves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from livefeed.streams.connection import Argument, RedisStore, StoreRefused
from livefeed.streams.script import Script

# Whatever is not known to read counts as a write.
SHIM = """
local writes, fail_at, reads = 0, %d, {}
for name in ([[EXISTS GET HEXISTS HGET HGETALL HKEYS HLEN HMGET LRANGE SCARD SISMEMBER TIME XLEN XPENDING XRANGE
    XREVRANGE ZCARD ZCOUNT ZLEXCOUNT ZMSCORE ZRANGE ZRANGEBYLEX ZRANGEBYSCORE ZRANK ZREVRANGE ZREVRANGEBYLEX
    ZREVRANGEBYSCORE ZSCORE]]):gmatch('%%u+') do reads[name] = true end
local redis = setmetatable({call = function(name, ...)
  if not reads[name] then
    writes = writes + 1
    if writes == fail_at then error('write ' .. writes .. ' fails: ' .. name) end
  end
  return redis.call(name, ...)
end}, {__index = redis})
"""


class FailingStore:
    """A store whose scripts fail at their n-th write; 0: never. Counts what it broke."""

    def __init__(self, store: RedisStore) -> None:
        self._store = store
        self.fail_at = 0
        self.broken: list[str] = []
        self.execute = store.execute
        self.dedicated = store.dedicated

    async def repeat(self, fail_at: int, do: Callable[..., Awaitable[Any]], *args: Any, **more: Any) -> None:
        """Do something whose n-th write fails, and once more, whole, if it did."""
        self.fail_at = fail_at
        try:
            await do(*args, **more)
        except StoreRefused:
            await self.recover()
            await do(*args, **more)
        self.fail_at = 0

    async def recover(self) -> None:
        """Fail no more, from the next millisecond on: in this one, half an event may keep the next id out."""
        self.fail_at = 0
        broken = await self.execute("TIME")
        while (now := await self.execute("TIME"))[0] == broken[0] and int(now[1]) // 1000 == int(broken[1]) // 1000:
            pass

    async def run(self, script: Script, keys: Sequence[str], args: Sequence[Argument]) -> Any:
        if not self.fail_at:
            return await self._store.run(script, keys, args)
        try:
            return await self._store.execute("EVAL", SHIM % self.fail_at + script.text, len(keys), *keys, *args)
        except StoreRefused as exc:
            if "fails" not in exc.message:
                raise AssertionError(exc.message) from exc
            self.broken.append(exc.message)
            raise
