"""Canvases and masks on their way to a worker: kept byte for byte, for a while, and shown to nobody.

They lie beside the pictures, `drafts/ab/<name>.png`, so that whoever can store a picture can read them.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from hashlib import sha256 as hash_sha256
from pathlib import Path
from typing import Final

from livefeed.errors import Busy, NotFound, TooLarge
from livefeed.media.folder import storage_errors_translated, write_atomically
from livefeed.media.values import is_sha256

KEEP_S: Final = 2 * 86_400
"""How long a draft outlives its last use: a picture that waits for longer fails and says so."""
MAX_DRAFT_BYTES: Final = 16 * 1024 * 1024
MAX_BYTES: Final = 8 * 1024**3
"""Of all drafts. Whoever adds one beyond that is told to come back."""
SWEEP_S: Final = 600
"""Between two looks at the folder; what was added since is counted."""


class Drafts:
    """The drafts in a folder, which several processes may share. Each looks through it now and then, as it adds one."""

    def __init__(self, folder: Path, *, max_bytes: int = MAX_BYTES, clock: Callable[[], float] = time.time) -> None:
        """clock: seconds, as files are dated by."""
        self._folder = folder
        self._max_bytes = max_bytes
        self._clock = clock
        self._swept_s = float("-inf")
        self._held_bytes = 0

    async def add(self, data: bytes, *, use: str = "") -> str:
        """Keep a file for KEEP_S and return its name; adding it again begins that time anew.

        use: what it is kept for. The name is the sha256 of both: what ends its use may drop it, whoever else has drawn
        the same.
        Raises: TooLarge; Busy when the storage fails or holds too much.
        """
        if len(data) > MAX_DRAFT_BYTES:
            raise TooLarge(f"The drawing has {len(data):,} bytes as a file; at most {MAX_DRAFT_BYTES:,} are kept.")
        return await asyncio.to_thread(self._add, data, hash_sha256(use.encode() + data).hexdigest())

    async def read(self, sha256: str) -> bytes:
        """Return a file. Raises: NotFound when it is kept no more; Busy when the storage fails."""
        return await asyncio.to_thread(self._read, sha256)

    async def drop(self, names: Iterable[str]) -> None:
        """Delete files that nobody needs any more, if they are still there. Raises: Busy when the storage fails."""
        await asyncio.to_thread(self._drop, list(names))

    def _add(self, data: bytes, name: str) -> str:
        path = self._path(name)
        with storage_errors_translated():
            self._sweep()
            with suppress(FileNotFoundError):
                os.utime(path, (self._clock(), self._clock()))
                return name
            if self._held_bytes + len(data) > self._max_bytes:
                raise Busy("Too many drawings wait to be painted; try again later.", retry_after_s=SWEEP_S)
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, data, path.parent)
            os.utime(path, (self._clock(), self._clock()))
            self._held_bytes += len(data)
        return name

    def _read(self, sha256: str) -> bytes:
        with storage_errors_translated():
            try:
                return self._path(sha256).read_bytes()
            except FileNotFoundError:
                raise NotFound("There is no such drawing any more.") from None

    def _drop(self, names: Iterable[str]) -> None:
        with storage_errors_translated():
            for name in names:
                path = self._path(name)
                with suppress(FileNotFoundError):
                    size = path.stat().st_size
                    path.unlink()
                    self._held_bytes = max(0, self._held_bytes - size)

    def _sweep(self) -> None:
        """Delete what nobody has used for KEEP_S, half-written files of the dead too, and count the rest."""
        now_s = self._clock()
        if now_s - self._swept_s < SWEEP_S:
            return
        self._swept_s, self._held_bytes = now_s, 0
        for file in self._files():
            with suppress(FileNotFoundError):  # another process sweeps as well
                found = file.stat()
                if now_s - found.st_mtime > KEEP_S:
                    os.unlink(file)
                else:
                    self._held_bytes += found.st_size

    def _files(self) -> Iterator[os.DirEntry[str]]:
        with suppress(FileNotFoundError), os.scandir(self._folder) as folders:
            for folder in folders:
                with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as files:
                    yield from files

    def _path(self, sha256: str) -> Path:
        if not is_sha256(sha256):
            raise NotFound("There is no such drawing.")
        return self._folder / sha256[:2] / f"{sha256}.png"
