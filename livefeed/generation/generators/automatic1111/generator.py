"""The generator: one picture at a time per server, and nothing left behind there."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Final
from weakref import WeakKeyDictionary

from yarl import URL

from livefeed.config import Config
from livefeed.errors import ConfigurationError
from livefeed.generation.generator import DigitalSource, EngineLost, Picture, Progress, Range
from livefeed.generation.generators.automatic1111 import wire
from livefeed.generation.generators.automatic1111.errand import Errand
from livefeed.generation.generators.automatic1111.server import Server
from livefeed.generation.job import Job

log = logging.getLogger(__name__)

POLL_S: Final = 0.25
"""Between two looks: as often as a preview may be shown."""
FAREWELL_S: Final = 2.0
"""Whoever cancels waits so long at most until the server has been told."""
LINGER_S: Final = 600.0
"""A picture called off in the server's queue is awaited there for so long, to be interrupted when its turn comes."""

_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[URL, asyncio.Lock]] = WeakKeyDictionary()


class Automatic1111:
    """Pictures from the server at `settings.automatic1111_url`.

    It paints one at a time and its interruption stops whatever runs, so this process has one picture there at a time.
    """

    name = "automatic1111"
    title = "AUTOMATIC1111 / Forge"
    source = DigitalSource.TRAINED
    sizes = Range(256, 1536, 768, multiple=8)
    steps = Range(4, 100, 20)

    def __init__(self, settings: Config | None = None, *, silence_s: float = 60.0, poll_s: float = POLL_S) -> None:
        """silence_s: without a sign from the server for so long it is lost. Raises: ConfigurationError."""
        settings = settings or Config.from_environment()
        if not settings.automatic1111_url:
            raise ConfigurationError("There is no AUTOMATIC1111 server; set LIVEFEED_AUTOMATIC1111_URL.")
        self._url = URL(settings.automatic1111_url)
        self._silence_s = silence_s
        self._poll_s = poll_s
        self._leaving: set[asyncio.Task[None]] = set()
        """Pictures being called off; with the turn they hold there is at most one per event loop."""

    async def generate(self, job: Job) -> AsyncGenerator[Progress | Picture]:
        """Yield steps, some with the server's previews, and the picture. Waiting for our turn is no silence.

        Raises: EngineLost; wire.Failed for what the operator, or the picture, has to change. This server never refuses.
        """
        turn = _turn(self._url)
        await turn.acquire()
        errand = Errand(
            Server(self._url), job, f"livefeed-{job.id}-{secrets.token_hex(4)}",
            silence_s=self._silence_s, poll_s=self._poll_s,
        )  # fmt: skip
        try:
            async with aclosing(errand.run()) as items:
                async for item in items:
                    yield item
        finally:
            await self._leave(errand, turn)

    async def _leave(self, errand: Errand, turn: asyncio.Lock) -> None:
        """See the errand off in a task of its own: who leaves may be cancelled, and a queued picture takes its time."""
        leaving = asyncio.create_task(_see_off(errand, turn), name="leaving a server")
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)
        await asyncio.wait({leaving}, timeout=FAREWELL_S)


async def _see_off(errand: Errand, turn: asyncio.Lock) -> None:
    """Call the picture off, and only then give the turn away: or the next picture could be the one interrupted."""
    try:
        async with asyncio.timeout(LINGER_S):
            await errand.call_off()
    except (EngineLost, wire.Failed, TimeoutError) as exc:
        log.warning("a picture could not be called off: %s", exc)
    finally:
        turn.release()
        await errand.close()


def _turn(url: URL) -> asyncio.Lock:
    """Return the lock of a server, shared by all that talk to it from this event loop."""
    return _turns.setdefault(asyncio.get_running_loop(), {}).setdefault(url, asyncio.Lock())
