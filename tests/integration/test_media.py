"""Pictures under hostile uploads, on a real disk, with processes that die."""

from __future__ import annotations

import asyncio
import io
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from livefeed.errors import TooLarge
from livefeed.media import WIDTHS, Bounds, PictureFolder, Pictures
from tests.unit.media.files import encoded, gradient

ROOT = Path(__file__).parents[2]

ADD_FOR_EVER = """
import asyncio, sys
from pathlib import Path
from PIL import Image
from livefeed.media import Bounds, PictureFolder, Pictures
from tests.unit.media.files import encoded

async def main():
    async with Pictures(PictureFolder(Path(sys.argv[1])), Bounds()) as pictures:
        for number in range(1_000_000):
            picture = Image.effect_noise((300, 300), 90).convert("RGB")
            print((await pictures.add(encoded(picture))).sha256, flush=True)

asyncio.run(main())
"""

PEAK_OF_ONE = """
import resource, sys
from pathlib import Path
from livefeed.errors import LivefeedError
from livefeed.media.decode import Bounds, decode

def peak_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

data = Path(sys.argv[1]).read_bytes()
before = peak_mb()
try:
    decode(data, Bounds())
    answer = "decoded"
except LivefeedError as error:
    answer = error.code
print(answer, peak_mb() - before)
"""


@pytest.fixture
async def pictures(tmp_path):
    async with Pictures(PictureFolder(tmp_path / "media"), Bounds()) as pictures:
        yield pictures


async def test_a_picture_outlives_the_process_that_stored_it(tmp_path, pictures):
    media = await pictures.add(encoded(gradient(600, 400), "JPEG"))
    async with Pictures(PictureFolder(tmp_path / "media"), Bounds()) as later:
        assert await later.add(encoded(gradient(600, 400), "JPEG")) == media
        for width in WIDTHS:
            assert (await later.variant(media.sha256, width)).is_file()
        assert Image.open(io.BytesIO(await later.original(media.sha256))).size == (600, 400)


async def test_a_killed_process_leaves_whole_files_only(tmp_path):
    """Whatever was acknowledged is there, and what was being written is not to be seen."""
    folder = tmp_path / "media"
    for acknowledged in (1, 3, 4):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", ADD_FOR_EVER, folder, stdout=asyncio.subprocess.PIPE, cwd=ROOT
        )
        try:
            names = [(await process.stdout.readline()).decode().strip() for _ in range(acknowledged)]
        finally:
            process.kill()
            rest, _ = await process.communicate()
        names += [line.decode().strip() for line in rest.splitlines(keepends=True) if line.endswith(b"\n")]
        assert all(names)
        async with Pictures(PictureFolder(folder), Bounds()) as pictures:
            for name in names:
                for width in WIDTHS:
                    assert (await pictures.variant(name, width)).is_file()
        visible = [path for path in folder.rglob("*.webp") if not path.name.startswith(".")]
        assert len(visible) >= 4 * len(names)
        for path in visible:
            Image.open(path).load()


@pytest.mark.parametrize(
    ("mode", "format", "answer"),
    [
        ("RGBA", "PNG", "decoded"),
        ("LA", "PNG", "decoded"),
        ("RGB", "JPEG", "decoded"),
        ("RGB", "WEBP", "too_large"),
    ],
)
def test_the_largest_picture_allowed_takes_a_bounded_amount_of_memory(tmp_path, mode, format, answer):
    path = tmp_path / "large"
    path.write_bytes(encoded(Image.new(mode, (7_990, 5_000)), format))
    result = subprocess.run(
        [sys.executable, "-c", PEAK_OF_ONE, path], capture_output=True, text=True, check=True, cwd=ROOT
    )
    told, peak_mb = result.stdout.split()
    assert told == answer
    assert int(peak_mb) < 350


async def test_an_upload_of_a_hundred_megabytes_is_refused_at_once(pictures, tmp_path):
    with pytest.raises(TooLarge):
        await pictures.add(bytes(100_000_000))
    assert not (tmp_path / "media").exists()


async def test_the_loop_goes_on_while_a_large_picture_is_decoded(pictures):
    data = encoded(Image.new("RGB", (7_000, 5_000), "#204060"), "PNG", compress_level=1)
    adding = asyncio.ensure_future(pictures.add(data))
    loop, turns, longest_s = asyncio.get_running_loop(), 0, 0.0
    while not adding.done():
        before_s = loop.time()
        await asyncio.wait([adding], timeout=0.005)
        turns, longest_s = turns + 1, max(longest_s, loop.time() - before_s)
    media = await adding
    assert (media.width, media.height) == (2048, 1463)
    assert turns > 5
    assert longest_s < 1.0
