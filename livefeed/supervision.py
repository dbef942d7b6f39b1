"""Worker processes that belong to a server: started, replaced when they die, ended with it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import sys

from livefeed.config import Config, variable
from livefeed.errors import LivefeedError
from livefeed.streams.work import Work

log = logging.getLogger(__name__)

PARENT = "LIVEFEED_WORKER_PARENT"
"""Told to a worker that a server starts: the process whose end is its end too."""
NAME = "LIVEFEED_WORKER_NAME"
"""Told to it as well: the name under which the queue knows it."""

GRACE_S = 3.0
"""How much longer than its own grace a stopping worker may take before it is killed."""
STEADY_S = 10.0
MIN_PAUSE_S, MAX_PAUSE_S = 0.2, 30.0
PARENT_CHECK_S = 0.5


async def keep_worker(config: Config, url: str, work: Work) -> None:
    """Run one worker process, and another when it dies, until cancelled; then let it hand its work back.

    What a dead worker was painting goes back to the line at once, not after its lease.
    """
    pause_s = MIN_PAUSE_S
    while True:
        name = new_name()
        started_s = asyncio.get_running_loop().time()
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "livefeed.cli",
            "worker",
            env=_environment(config, url, name),
            start_new_session=True,
        )
        try:
            code = await process.wait()
        except asyncio.CancelledError:
            await _end(process, config.drain_s + GRACE_S)
            raise
        log.warning("a worker ended with %d; another takes its place", code)
        with contextlib.suppress(LivefeedError):  # its leases run out by themselves
            await work.abandon(name, crashed=True)
        steady = asyncio.get_running_loop().time() - started_s > STEADY_S
        pause_s = MIN_PAUSE_S if steady else min(2 * pause_s, MAX_PAUSE_S)
        await asyncio.sleep(pause_s)


def new_name() -> str:
    """Return a name that no other worker has."""
    return f"worker-{secrets.token_hex(6)}"


def worker_name() -> str:
    """Return the name this worker process was given, or a new one."""
    return os.environ.get(NAME) or new_name()


async def mind_parent(stop: asyncio.Event) -> None:
    """Set `stop` when the server that started this process has gone without saying so."""
    parent = os.environ.get(PARENT)
    while parent is not None and os.getppid() == int(parent):
        await asyncio.sleep(PARENT_CHECK_S)
    if parent is not None:
        stop.set()


def _environment(config: Config, url: str, name: str) -> dict[str, str]:
    return {
        **os.environ,
        variable("redis_url"): url,
        variable("data"): str(config.data.resolve()),
        PARENT: str(os.getpid()),
        NAME: name,
    }


async def _end(process: asyncio.subprocess.Process, grace_s: float) -> None:
    """Ask a worker to stop; kill it if it does not."""
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
        try:
            async with asyncio.timeout(grace_s):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
