"""livefeed's append script as a command that the load client can repeat: taken from `livefeed.streams`, never copied.

`Streams.append` is called on a store that only notes what it would have sent. What it draws by chance and the event's
data are given as marks, and found again in the noted arguments.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

import redis

from livefeed.config import Config
from livefeed.streams.connection import Argument, Dedicated
from livefeed.streams.script import Script
from livefeed.streams.streams import Streams
from livefeed.topic import Topic

EVENT_TYPE = "bench.tick"
_CHANCE, _STEP = 987_654_321_012, 654_321
_DATA = "the data of the event"


class _Noted(Exception):
    def __init__(self, script: Script, command: list[str]) -> None:
        super().__init__()
        self.script, self.command = script, command


class _Noting:
    """A store that runs nothing: it raises what it was asked to run."""

    async def execute(self, *command: Argument) -> Any:
        raise NotImplementedError

    async def run(self, script: Script, keys: Sequence[str], args: Sequence[Argument]) -> Any:
        words = ["EVALSHA", script.digest, len(keys), *keys, *args]
        raise _Noted(script, [word.decode() if isinstance(word, bytes) else str(word) for word in words])

    def dedicated(self) -> AbstractAsyncContextManager[Dedicated]:
        raise NotImplementedError


class _Marked(random.Random):
    def getrandbits(self, bits: int) -> int:
        return {40: _CHANCE, 20: _STEP - 1}[bits]


def append_words(topic: str, config: Config) -> tuple[list[str], Script]:
    """Return the command that appends one KEPT event to `topic`, with {chance}, {step} and {data}; and its script."""
    streams = Streams(_Noting(), config, chance=_Marked())
    try:
        streams.append(Topic(topic), [(EVENT_TYPE, _DATA, None)]).send(None)  # waits for nothing before it runs it
    except _Noted as noted:
        marks = {str(_CHANCE): "{chance}", str(_STEP): "{step}", f'"{_DATA}"': "{data}"}
        words = [marks.get(word, word) for word in noted.command]
        missing = [mark for mark in marks.values() if words.count(mark) != 1]
        assert not missing, f"the append command has changed: it holds no {missing} or several"
        return words, noted.script
    raise AssertionError("Streams.append has run no script")


def load_script(url: str, script: Script) -> None:
    """Make the store know the script by its digest."""
    with redis.Redis.from_url(url) as store:
        store.script_load(script.text)
