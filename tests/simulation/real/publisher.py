"""Somebody who publishes over HTTP and says everything again, with its key, until it is acknowledged."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from livefeed.topic import Topic

KEY = "secret"
ANSWER_S = 5.0
AGAIN_S = 0.05
VALUE_KEYS = ("k1", "k2", "k3")
PADDING = (0, 0, 200, 8_000, 50_000)
"""Bytes: now and then enough to fill the sockets of a client that does not read."""


@dataclass
class Command:
    """What was published under one key. kept: its KEPT events' numbers. losses: the store's, at the acknowledgement."""

    key: str
    topic: Topic
    events: list[dict[str, Any]]
    kept: list[int] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    losses: int = -1


class Publisher:
    """losses: tells how often the store has lost something so far."""

    def __init__(
        self,
        name: str,
        chance: random.Random,
        topics: Sequence[Topic],
        urls: Callable[[], list[str]],
        losses: Callable[[], int],
        struck: Counter[str],
    ) -> None:
        self.commands: list[Command] = []
        self.stopping = False
        self._name = name
        self._chance = chance
        self._topics = topics
        self._urls = urls
        self._losses = losses
        self._struck = struck

    async def run(self) -> None:
        """Publish until told to stop; what was begun is finished."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(ANSWER_S)) as http:
            while not self.stopping:
                command = self._command()
                self.commands.append(command)
                await self._say(http, command)
                if self._chance.random() < 0.1:
                    self._struck["command_repeated"] += 1
                    await self._say(http, command)
                await asyncio.sleep(self._chance.choice((0, 0, 0.01, 0.05)))

    async def say_to_all(self) -> None:
        """Publish one KEPT event to every topic, and return when all are acknowledged."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(ANSWER_S)) as http:
            for topic in self._topics:
                command = self._empty(topic)
                command.kept.append(self._number(0))
                command.events.append({"type": "said", "data": {"n": command.kept[0]}})
                self.commands.append(command)
                await self._say(http, command)

    def _empty(self, topic: Topic) -> Command:
        return Command(f"{self._name}-{len(self.commands)}", topic, [])

    def _number(self, index: int) -> int:
        """Return what identifies an event of the command that comes next."""
        return int(f"{len(self.commands)}{index}{self._name}")

    def _command(self) -> Command:
        command = self._empty(self._chance.choice(self._topics))
        for index in range(self._chance.choice((1, 1, 2, 5))):
            number = self._number(index)
            data = {"n": number, "pad": "x" * self._chance.choice(PADDING)}
            if self._chance.random() < 0.6:
                command.events.append({"type": "said", "data": data})
                command.kept.append(number)
            else:
                value_key = self._chance.choice(VALUE_KEYS)
                command.events.append({"type": "is", "data": data, "delivery": "latest", "key": value_key})
        return command

    async def _say(self, http: aiohttp.ClientSession, command: Command) -> None:
        """Send a command until it is acknowledged; a second acknowledgement is the first one's."""
        tries = 0
        while True:
            losses = self._losses()
            ids = await self._send(http, command, losses)
            if ids is not None:
                break
            tries += 1
            await asyncio.sleep(AGAIN_S)
        self._struck["command_unsure"] += tries
        if command.losses == losses:
            assert ids == command.ids, f"{command.key} was answered {command.ids}, and then {ids}"
        command.ids, command.losses = ids, losses

    async def _send(self, http: aiohttp.ClientSession, command: Command, losses: int) -> list[str] | None:
        """Return the answer's ids; None where there is none, or the store has lost something meanwhile."""
        headers = {"Authorization": f"Bearer {KEY}", "Idempotency-Key": command.key}
        url = f"{self._chance.choice(self._urls())}/api/topics/{command.topic.name}/events"
        try:
            async with http.post(url, json=command.events, headers=headers) as answer:
                if answer.status == 202 and losses == self._losses():
                    return (await answer.json())["ids"]
                assert answer.status in (202, 503), f"{answer.status}: {await answer.text()}"
        except (aiohttp.ClientError, OSError, TimeoutError):
            pass
        return None
