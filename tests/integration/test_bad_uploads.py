"""Uploads that are too large, broken, or no pictures; other clients and the server's memory do not notice."""

from __future__ import annotations

import asyncio
import io
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest
from PIL import Image

from tests.integration.crowd import picture
from tests.integration.server_process import ServerProcess
from tests.integration.siege import (
    MAX_RISE_MB,
    MB,
    a_problem,
    besieged,
    form,
    get,
    guest,
    refused,
    undisturbed,
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    yield from besieged(tmp_path_factory.mktemp("server"))


@pytest.mark.parametrize("announced", [True, False], ids=["with a length", "in chunks"])
async def test_a_hundred_megabytes_are_cut_off_early(server: ServerProcess, announced: bool) -> None:
    """413 as soon as the limit is passed, or before anything is read; never 100 MB in memory."""
    total = 100 * MB
    async with undisturbed(server):
        async with guest(server) as http:
            bearer = f"Authorization: {http.headers['Authorization']}".encode()
        length = f"Content-Length: {total}".encode() if announced else b"Transfer-Encoding: chunked"
        start, kind = form(b"")
        start = start.split(b"\r\n--b0undary--")[0]
        reader, writer = await asyncio.open_connection("127.0.0.1", server.settings["port"])
        request = get(b"/api/posts", bearer, length, f"Content-Type: {kind}".encode(), method=b"POST")
        writer.write(request)
        answer = asyncio.create_task(reader.readuntil(b"}"))
        sent, block, peak_mb, before_mb = 0, start + b"\x89PNG" * 16_384, 0.0, server.resident_mb()
        while sent < total and not answer.done():
            writer.write(block if announced else b"%x\r\n%s\r\n" % (len(block), block))
            sent += len(block)
            block = block[-65_536:]
            try:
                await writer.drain()
            except ConnectionError:
                break
            peak_mb = max(peak_mb, server.resident_mb() - before_mb)
        async with asyncio.timeout(20):
            head, _, body = (await answer).partition(b"\r\n\r\n")
        writer.close()
        a_problem("application/problem+json", int(head.split()[1]), body, 413, "too_large")
        assert b"application/problem+json" in head
        assert b'"A picture has at most 20 MB."' in body
        assert sent < (total if announced else 40 * MB)
        assert peak_mb < MAX_RISE_MB
        print(f"cut off after {sent / MB:.1f} MB, memory rose by {peak_mb:.1f} MB")


def png(width: int, height: int, data: bytes, *, bits: int = 8) -> bytes:
    """Return a grey PNG that claims a size."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def bomb_png() -> bytes:
    """20,000 by 20,000 black pixels, 1.2 GB of memory as RGB, in 50 KB."""
    packer = zlib.compressobj()
    rows = b"\0" * (1 + 20_000 // 8) * 100
    return png(20_000, 20_000, b"".join([packer.compress(rows) for _ in range(200)]) + packer.flush(), bits=1)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


BOMBS = {
    "a PNG of 400 megapixels": (bomb_png, 413, "too_large"),
    "a PNG that claims four billion columns": (lambda: png(2**32 - 1, 1, zlib.compress(b"\0")), 413, "too_large"),
    "a PNG that claims 100,000 by 100,000": (lambda: png(100_000, 100_000, zlib.compress(b"\0")), 413, "too_large"),
    "a GIF that claims 65,535 by 65,535": (
        lambda: b"GIF89a\xff\xff\xff\xff\x80\0\0" + b"\0" * 50 + b";",
        413,
        "too_large",
    ),
    "an empty file": (lambda: b"", 400, "bad_request"),
    "one byte": (lambda: b"\x89", 422, "bad_picture"),
    "a zip": (lambda: b"PK\x03\x04" + b"\0" * 2_000, 422, "bad_picture"),
    "an SVG": (lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', 422, "bad_picture"),
    "HTML": (lambda: b"<!doctype html><script>alert(1)</script>", 422, "bad_picture"),
    "half a PNG": (lambda: picture(640, 480)[:200], 422, "bad_picture"),
    "half a JPEG": (lambda: saved(Image.effect_noise((640, 480), 90), "JPEG")[:5_000], 422, "bad_picture"),
    "a TIFF": (lambda: saved(Image.new("RGB", (64, 64)), "TIFF"), 422, "bad_picture"),
    "a PDF": (lambda: saved(Image.new("RGB", (64, 64)), "PDF"), 422, "bad_picture"),
}


@pytest.mark.parametrize("kind", BOMBS)
async def test_what_is_no_picture_or_too_much_of_one_is_refused(server: ServerProcess, kind: str) -> None:
    make, status, code = BOMBS[kind]
    body, content = form(make())
    headers = {"Content-Type": content}
    async with (
        undisturbed(server),
        guest(server) as http,
        http.post("/api/posts", data=body, headers=headers) as answer,
    ):
        await refused(answer, status, code)


@pytest.mark.parametrize(
    ("body", "content"),
    [
        pytest.param(b"", "multipart/form-data", id="no boundary"),
        pytest.param(b"", "multipart/form-data; boundary=" + "b" * 200, id="a long boundary"),
        pytest.param(b"--b\r\n", "multipart/form-data; boundary=b", id="half a form"),
        pytest.param(b"--b--\r\n", "multipart/form-data; boundary=b", id="an empty form"),
        pytest.param(b"--b\r\n" + b"X: y\r\n" * 1_000 + b"\r\n", "multipart/form-data; boundary=b", id="1,000 headers"),
        pytest.param(b"--b\r\nX: " + b"y" * 50_000, "multipart/form-data; boundary=b", id="an endless header"),
        pytest.param(b"--b\r\n\xff\xfe\r\n\r\n", "multipart/form-data; boundary=b", id="headers of bytes"),
        pytest.param(b"nothing like it", "multipart/form-data; boundary=b", id="no form"),
        pytest.param(
            b'--b\r\nContent-Disposition: form-data; name="image"\r\nContent-Transfer-Encoding: base64\r\n\r\n!'
            b"!\r\n--b--",
            "multipart/form-data; boundary=b", id="bad base64",
        ),
        pytest.param(
            b'--b\r\nContent-Disposition: form-data; name="image"\r\nContent-Transfer-Encoding: x\r\n\r\nabc\r\n--b--',
            "multipart/form-data; boundary=b", id="an unknown encoding",
        ),
        pytest.param(
            b'--b\r\nContent-Disposition: form-data; name="image"\r\nContent-Length: 99999999999\r\n\r\nabc\r\n--b--',
            "multipart/form-data; boundary=b", id="a wrong length",
        ),
        pytest.param(
            b"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n--c--\r\n--b--",
            "multipart/form-data; boundary=b", id="a form in a form",
        ),
        pytest.param(
            b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\ny\r\n' * 200 + b"--b--",
            "multipart/form-data; boundary=b", id="200 fields",
        ),
        pytest.param(
            b'--b\r\nContent-Disposition: form-data; name="caption"\r\n\r\n\xff\xfe\r\n--b--',
            "multipart/form-data; boundary=b", id="a caption that is no UTF-8",
        ),
    ],
)  # fmt: skip
async def test_a_form_that_is_broken_is_a_problem(server: ServerProcess, body: bytes, content: str) -> None:
    headers = {"Content-Type": content}
    async with guest(server) as http, http.post("/api/posts", data=body, headers=headers) as answer:
        assert answer.status in (400, 422)
        await refused(answer, answer.status, "bad_request" if answer.status == 400 else "bad_picture")


async def test_a_caption_that_is_too_long_is_refused(server: ServerProcess) -> None:
    async with guest(server) as http:
        for characters, status, code in ((1_001, 400, "bad_request"), (10_000, 413, "too_large")):
            data = aiohttp.FormData()
            data.add_field("caption", "x" * characters)
            data.add_field("image", picture(), filename="a.png")
            async with http.post("/api/posts", data=data) as answer:
                await refused(answer, status, code)
