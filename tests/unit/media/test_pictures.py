"""The service: add once, serve many, never more in work than agreed."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from livefeed.errors import BadPicture, Busy, NotFound, TooLarge
from livefeed.media import WIDTHS, Bounds, Media, PictureFolder, Pictures
from livefeed.media import pictures as module
from livefeed.media.header import Header, read_header
from tests.unit.media.files import encoded, gradient, png_claiming

pytestmark = pytest.mark.asyncio


class CountingFolder(PictureFolder):
    """Counts what is written, and how many threads are inside at once."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.rendered: list[int] = []
        self.inside = self.most_inside = 0
        self._lock = threading.Lock()
        self.arrived = threading.Semaphore(0)
        self.gate: threading.Event | None = None

    def put_original(self, data: bytes) -> str:
        with self._lock:
            self.inside += 1
            self.most_inside = max(self.most_inside, self.inside)
        self.arrived.release()
        if self.gate:
            assert self.gate.wait(10)
        with self._lock:
            self.inside -= 1
        return super().put_original(data)

    async def holds(self, threads: int) -> None:
        """Return once so many have come in."""
        for _ in range(threads):
            assert await asyncio.to_thread(self.arrived.acquire, timeout=10)

    def put_variant(self, sha256: str, width: int, data: bytes) -> Path:
        self.rendered.append(width)
        return super().put_variant(sha256, width, data)


@pytest.fixture
def folder(tmp_path):
    return CountingFolder(tmp_path)


@pytest.fixture
async def pictures(folder):
    async with Pictures(folder, Bounds(bytes=1_000_000, pixels=1_000_000), decodes=2) as pictures:
        yield pictures


async def test_an_upload_becomes_media_and_three_variants(pictures):
    media = await pictures.add(encoded(gradient(600, 300), "JPEG"))
    assert (media.width, media.height) == (600, 300)
    for width, size in zip(WIDTHS, [(256, 128), (512, 256), (600, 300)], strict=True):
        path = await pictures.variant(media.sha256, width)
        assert read_header(path.read_bytes()) == Header("WEBP", *size)


async def test_media_has_the_shape_of_the_protocol(pictures):
    media = await pictures.add(encoded(gradient()))
    assert media.as_dict() == {
        "sha256": media.sha256,
        "width": 64,
        "height": 48,
        "thumbhash": media.thumbhash,
        "palette": list(media.palette),
    }


async def test_the_same_upload_is_stored_once(pictures, folder):
    data = encoded(gradient())
    first, second = await asyncio.gather(pictures.add(data), pictures.add(data))
    assert first == second == await pictures.add(data)
    assert isinstance(first, Media)


async def test_a_lost_variant_is_rendered_again_once_and_with_the_same_bytes(pictures, folder):
    media = await pictures.add(encoded(gradient(600, 300)))
    path = await pictures.variant(media.sha256, 256)
    before = path.read_bytes()
    path.unlink()
    folder.rendered.clear()
    found = await asyncio.gather(*(pictures.variant(media.sha256, 256) for _ in range(20)))
    assert set(found) == {path}
    assert folder.rendered == [256]
    assert path.read_bytes() == before


async def test_nothing_of_the_upload_but_its_pixels_reaches_the_disk(pictures, tmp_path):
    data = encoded(gradient(), "PNG") + b"PK\x03\x04 payload " * 50
    await pictures.add(data)
    stored = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert stored
    assert not any(b"payload" in content for content in stored)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"hello", BadPicture),
        (bytes(1_000_001), TooLarge),
        (png_claiming(50_000, 50_000), TooLarge),
        (b"", BadPicture),
    ],
)
async def test_what_is_refused_leaves_nothing_on_disk(pictures, tmp_path, data, error):
    with pytest.raises(error):
        await pictures.add(data)
    assert list(tmp_path.iterdir()) == []


async def test_unknown_pictures_and_widths_are_not_found(pictures):
    media = await pictures.add(encoded(gradient()))
    for sha256, width in (("0" * 64, 256), ("../../etc", 256), (media.sha256, 300)):
        with pytest.raises(NotFound):
            await pictures.variant(sha256, width)
    with pytest.raises(NotFound):
        await pictures.original("0" * 64)


async def test_no_more_decodes_than_agreed_run_at_once_and_the_loop_goes_on(pictures, folder):
    folder.gate = threading.Event()
    async with asyncio.TaskGroup() as group:
        for width in range(10, 20):
            group.create_task(pictures.add(encoded(gradient(width, 8))))
        await folder.holds(2)  # the loop turns while two threads are held at the gate
        folder.gate.set()
    assert folder.most_inside == 2


async def test_large_pictures_wait_for_each_other_and_not_in_the_way_of_small_ones(pictures, folder, monkeypatch):
    small = await pictures.add(encoded(gradient(8, 8)))
    for width in WIDTHS:
        (await pictures.variant(small.sha256, width)).unlink()
    monkeypatch.setattr(module, "LARGE_PIXELS", 100)
    folder.arrived = threading.Semaphore(0)
    folder.gate = threading.Event()
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        for width in range(20, 25):
            group.create_task(pictures.add(encoded(gradient(width, 30))))
        await folder.holds(1)
        await asyncio.gather(*(pictures.variant(small.sha256, width) for width in WIDTHS))
        assert folder.inside == 1
        folder.gate.set()
    assert folder.most_inside == 1


async def test_a_single_upload_is_taken_however_little_may_wait(pictures, monkeypatch):
    monkeypatch.setattr(module, "WAITING_BYTES", 1)
    for _ in range(2):
        assert (await pictures.add(encoded(gradient()))).width == 64


async def test_a_file_that_is_there_is_found_while_all_decoders_are_busy(pictures, folder):
    media = await pictures.add(encoded(gradient(8, 8)))
    folder.arrived = threading.Semaphore(0)
    folder.gate = threading.Event()
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        for width in (10, 11):
            group.create_task(pictures.add(encoded(gradient(width, 8))))
        await folder.holds(2)
        assert (await pictures.variant(media.sha256, 256)).is_file()
        assert await pictures.original(media.sha256)
        folder.gate.set()


async def test_when_too_many_bytes_wait_the_next_upload_is_told_to_come_back(pictures, folder, monkeypatch):
    data = encoded(gradient())
    monkeypatch.setattr(module, "WAITING_BYTES", 2 * len(data))
    folder.gate = threading.Event()
    async with asyncio.TaskGroup() as group:
        held = [group.create_task(pictures.add(data)) for _ in range(2)]
        await folder.holds(2)
        with pytest.raises(Busy) as caught:
            await pictures.add(data)
        folder.gate.set()
    assert caught.value.retry_after_s == 1
    assert held[0].result() == await pictures.add(data)
