"""The service: takes uploads and finished paintings, gives files to serve.

It decodes in threads, so the event loop never waits for a picture.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, TypeVar
from weakref import WeakValueDictionary

from livefeed.errors import Busy
from livefeed.making import Making
from livefeed.media import provenance
from livefeed.media.decode import Bounds, check, decode_file
from livefeed.media.folder import PictureStore
from livefeed.media.placeholder import palette, thumbhash
from livefeed.media.values import WIDTHS, Media
from livefeed.media.variants import original_webp, read_metadata, read_webp, variant_webp

LARGE_PIXELS: Final = 12_000_000
"""A picture above it is decoded alone: at 40 megapixels that takes some 250 MB for a moment."""

WAITING_BYTES: Final = 96 * 1024 * 1024
"""Uploads held in memory while they wait for their turn; beyond, callers are told to come back."""

ATTEMPT_S: Final = 2.0
"""A storage that takes longer for a few bytes is out of order."""

Result = TypeVar("Result")


class Pictures:
    """Takes pictures into a store and serves them from it.

    At most `decodes` ordinary pictures and one large one are in work at a time. Close it with `async with`.
    """

    def __init__(self, store: PictureStore, bounds: Bounds, *, decodes: int = 2) -> None:
        self._store = store
        self._bounds = bounds
        self._ordinary = ThreadPoolExecutor(decodes, thread_name_prefix="picture")
        self._large = ThreadPoolExecutor(1, thread_name_prefix="large-picture")
        self._held_bytes = 0
        self._rendering: WeakValueDictionary[tuple[str, int], asyncio.Lock] = WeakValueDictionary()

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self._store.sweep)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Wait for the picture in work, if any; drop those that wait."""
        for pool in (self._ordinary, self._large):
            await asyncio.to_thread(pool.shutdown, cancel_futures=True)

    async def add(self, data: bytes, making: Making | None = None) -> Media:
        """Check, clean and store a picture with all its variants; return what others need to know of it.

        The same bytes give the same Media, however often they come.

        making: of a picture that was made here: its files say so. Without it they say what the bytes do.
        Raises: TooLarge, BadPicture; Busy when too much is waiting or the storage fails.
        """
        with self._holding(len(data)):
            header = await self._in_thread(self._ordinary, lambda: check(data, self._bounds))
            pool = self._large if header.pixels > LARGE_PIXELS else self._ordinary
            return await self._in_thread(pool, lambda: self._add(data, making))

    async def variant(self, sha256: str, width: int) -> Path:
        """Return the file of one of the WIDTHS, rendered now if it is missing (once, however many ask).

        Raises: NotFound, Busy.
        """
        # Finding a file must not wait behind decodes: it takes another thread.
        path = await asyncio.to_thread(self._store.variant, sha256, width)
        if path is not None:
            return path
        lock = self._rendering.setdefault((sha256, width), asyncio.Lock())
        async with lock:
            return await self._in_thread(self._ordinary, lambda: self._variant(sha256, width))

    async def original(self, sha256: str) -> bytes:
        """Return the stored original, a WebP at most 2048 pixels long, such as a remix starts from.

        Raises: NotFound, Busy.
        """
        return await asyncio.to_thread(self._store.original, sha256)

    async def said(self, sha256: str) -> dict[str, Any] | None:
        """Return what a picture's file says of its origin, or None where it says nothing, see provenance.said.

        Raises: NotFound, Busy.
        """
        path = await self.variant(sha256, WIDTHS[0])  # the smallest: every width carries the same
        return await asyncio.to_thread(_said, path)

    async def complaint(self) -> str:
        """Return why no picture could be stored now, '' if one could."""
        try:
            async with asyncio.timeout(ATTEMPT_S):
                await asyncio.to_thread(self._store.attempt)
        except Busy as exc:
            return exc.message
        except TimeoutError:
            return f"The picture storage has not answered for {ATTEMPT_S:.0f} s."
        return ""

    @contextmanager
    def _holding(self, size: int) -> Iterator[None]:
        if self._held_bytes and self._held_bytes + size > WAITING_BYTES:
            raise Busy("Too many pictures are arriving; try again in a moment.", retry_after_s=1)
        self._held_bytes += size
        try:
            yield
        finally:
            self._held_bytes -= size

    async def _in_thread(self, pool: ThreadPoolExecutor, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(pool, work)

    def _add(self, data: bytes, making: Making | None) -> Media:
        decoded, metadata = decode_file(data, self._bounds)
        if making is not None:
            metadata = provenance.of_making(making)
        stored = original_webp(decoded, metadata)
        sha256 = self._store.put_original(stored)
        image = read_webp(stored)  # so that a variant rendered anew, from what is kept, has the same bytes
        for width in WIDTHS:
            if self._store.variant(sha256, width) is None:
                self._store.put_variant(sha256, width, variant_webp(image, width, metadata))
        return Media(sha256, image.width, image.height, thumbhash(image), palette(image))

    def _variant(self, sha256: str, width: int) -> Path:
        path = self._store.variant(sha256, width)
        if path is None:
            stored = self._store.original(sha256)
            image, metadata = read_webp(stored), read_metadata(stored)
            path = self._store.put_variant(sha256, width, variant_webp(image, width, metadata))
        return path


def _said(path: Path) -> dict[str, Any] | None:
    return provenance.said(read_metadata(path.read_bytes()))
