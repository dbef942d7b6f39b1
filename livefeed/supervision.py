"""Processes that belong to a server: started, replaced when they die, ended with it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import fields

from livefeed.config import Config, variable
from livefeed.errors import ConfigurationError, LivefeedError
from livefeed.streams.work import Work

log = logging.getLogger(__name__)

PARENT = "LIVEFEED_STARTED_BY"
"""Told to a process that a server starts: the process whose end is its end too."""
NAME = "LIVEFEED_WORKER_NAME"
"""Told to a worker as well: the name under which the queue knows it."""

GRACE_S = 3.0
"""How much longer than its own grace a stopping process may take before it is killed."""
STEADY_S = 10.0
MIN_PAUSE_S, MAX_PAUSE_S = 0.2, 30.0
PARENT_CHECK_S = 0.5

Process = asyncio.subprocess.Process


async def keep_worker(config: Config, url: str, work: Work) -> None:
    """Run one worker process, and another when it dies, until cancelled; then let it hand its work back.

    What a dead worker was painting goes back to the line at once, not after its lease.
    """

    async def run() -> int:
        name = new_name()
        async with _started("worker", environment(config, url) | {NAME: name}, config.drain_s + GRACE_S) as process:
            code = await process.wait()
        with contextlib.suppress(LivefeedError):  # its leases run out by themselves
            await work.abandon(name, crashed=True)
        return code

    await _again_and_again("a worker", run)


async def keep_server(config: Config, url: str, stands: asyncio.Event, *, leave_s: float) -> None:
    """Run one of the processes that share the server's port, and another when it dies, until cancelled.

    stands: set when the first one serves. leave_s: how long it may take to end once it has drained.
    Raises: ConfigurationError if the first one ends before it serves; it has said why.
    """

    async def run() -> int:
        grace_s = config.drain_s + leave_s + GRACE_S
        async with _started("serve", environment(config, url), grace_s, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            if await process.stdout.readline():
                stands.set()
            code = await process.wait()
            if not stands.is_set():
                raise ConfigurationError(f"A server process ended with {code} before it served; see above for why.")
            return code

    await _again_and_again("a server process", run)


async def _again_and_again(what: str, run: Callable[[], Awaitable[int]]) -> None:
    """Run a process whenever the one before has ended, at once if that one lasted, else after longer and longer."""
    pause_s = MIN_PAUSE_S
    while True:
        started_s = asyncio.get_running_loop().time()
        code = await run()
        log.warning("%s ended with %d; another takes its place", what, code)
        steady = asyncio.get_running_loop().time() - started_s > STEADY_S
        pause_s = MIN_PAUSE_S if steady else min(2 * pause_s, MAX_PAUSE_S)
        await asyncio.sleep(pause_s)


@contextlib.asynccontextmanager
async def _started(
    command: str, told: dict[str, str], grace_s: float, *, stdout: int | None = None
) -> AsyncIterator[Process]:
    """Run a livefeed command as a process of its own; whoever leaves the block before it has ended, ends it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "livefeed.cli", command, env=told, stdout=stdout, start_new_session=True
    )
    try:
        yield process
    finally:
        await _end(process, grace_s)


def new_name() -> str:
    """Return a name that no other worker has."""
    return f"worker-{secrets.token_hex(6)}"


def worker_name() -> str:
    """Return the name this worker process was given, or a new one."""
    return os.environ.get(NAME) or new_name()


def supervised() -> bool:
    """Tell whether a server has started this process."""
    return PARENT in os.environ


def orphaned() -> bool:
    """Tell whether the server that started this process has gone."""
    parent = os.environ.get(PARENT)
    return parent is not None and os.getppid() != int(parent)


async def mind_parent(stop: asyncio.Event) -> None:
    """Set `stop` when the server that started this process has gone without saying so."""
    if supervised():
        while not orphaned():
            await asyncio.sleep(PARENT_CHECK_S)
        stop.set()


def environment(config: Config, url: str) -> dict[str, str]:
    """Return what a process is told that has the settings `config` and the store at `url`."""
    settings = {variable(setting.name): str(getattr(config, setting.name)) for setting in fields(config)}
    return {
        **os.environ,
        **settings,
        variable("redis_url"): url,
        variable("data"): str(config.data.resolve()),
        PARENT: str(os.getpid()),
    }


async def _end(process: Process, grace_s: float) -> None:
    """Ask a process to stop, if it has not; kill it if it does not."""
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
        try:
            async with asyncio.timeout(grace_s):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
