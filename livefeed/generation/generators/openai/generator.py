"""A server that speaks OpenAI's images API as a generator.

The picture travels on the connection that asked for it: closing that is all a client can do to stop the server.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import io
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, suppress
from typing import Any, Final

import openai
from PIL import Image, UnidentifiedImageError

from livefeed.config import Config
from livefeed.generation.generator import DigitalSource, EngineLost, Picture, Progress, Range
from livefeed.generation.generators.fitting import decode, fit, nearest
from livefeed.generation.job import Job

from .answers import MAX_ANSWER_BYTES, EventStream, Finished, Partial, answer_of, failure, parsed, picture_of
from .framing import File, Framing

OWN_URL: Final = "https://api.openai.com/v1"
SIZES: Final = ((1024, 1024), (1536, 1024), (1024, 1536))
"""Pixels that every GPT image model makes."""
PARENT_FORMATS: Final = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
MAX_PARENT_BYTES: Final = 50_000_000
CONNECT_S: Final = 10.0
CLOSE_S: Final = 2.0


class OpenAI:
    """Makes pictures with OpenAI's image models or any compatible server.

    A step is a preview, the last one the picture. A parent goes in as the picture to edit, a mask as its mask; how far
    to go from it only the prompt can say, there is no strength. There is no seed: the same job gives another picture.
    """

    name = "openai"
    source = DigitalSource.TRAINED
    sizes = Range(256, 1536, 1024, multiple=8)
    # One to three previews: to stream without any has been refused (QuantumNous/new-api#1234).
    steps = Range(2, 4, 4)

    def __init__(self, settings: Config | None = None, *, silence_s: float = 180.0) -> None:
        """silence_s: long, since who answers in one piece says nothing until the picture is there."""
        settings = settings or Config.from_environment()
        self._model, self._quality = settings.openai_model, settings.openai_quality
        self._silence_s = silence_s
        self.title = self._model if settings.openai_url else f"OpenAI {self._model}"
        self._client = openai.AsyncOpenAI(
            # Both are always given: the package's own variables would send our key elsewhere, or another key here.
            api_key=settings.openai_key or "none",
            base_url=settings.openai_url or OWN_URL,
            max_retries=0,
            timeout=openai.Timeout(silence_s, connect=min(CONNECT_S, silence_s)),
        )
        _ = self._client.images  # imported on first use, which would stop the event loop for a moment

    async def close(self) -> None:
        """End the connections that wait for the next picture."""
        await self._client.close()

    async def generate(self, job: Job) -> AsyncIterator[Progress | Picture]:
        """Yield a Progress for each preview that comes, fewer than asked for if the picture is quick, and the Picture.

        Raises: Refused; EngineLost; RuntimeError or ValueError with words for the operator.
        """
        step = 0
        async with aclosing(self._answers(job)) as answers:
            async for answer in answers:
                if isinstance(answer, Finished):
                    yield Picture(await asyncio.to_thread(_image, answer.data, job))
                    return
                if step < (number := min(answer.index + 1, job.steps - 1)):
                    step = number
                    yield Progress(step, job.steps, await asyncio.to_thread(_preview, answer, job))
        raise RuntimeError("The server ended its stream without a picture.")

    async def _answers(self, job: Job) -> AsyncGenerator[Partial | Finished, None]:
        stream = await self._ask(job)
        try:
            chunks = stream.response.aiter_bytes()
            if "json" in stream.response.headers.get("content-type", ""):
                yield picture_of(parsed(await self._whole(chunks)))
                return
            events = EventStream()
            while chunk := await self._next(chunks):
                for event in events.receive(chunk):
                    if (answer := answer_of(event)) is not None:
                        yield answer
        finally:
            # What breaks while it is closed is closed.
            with suppress(Exception):
                async with asyncio.timeout(CLOSE_S):
                    await stream.close()

    async def _ask(self, job: Job) -> openai.AsyncStream[Any]:
        """Send the request; return the answer, of which nothing but the head has been read. Raises: as `generate`."""
        width, height = nearest(job.width, job.height, SIZES)
        size, previews, more = f"{width}x{height}", job.steps - 1, self._unusual()
        parent, mask = await asyncio.to_thread(_start, job)
        images = self._client.images
        try:
            async with asyncio.timeout(self._silence_s):
                if parent is not None and mask is not None:
                    return await images.edit(
                        image=parent, mask=mask, prompt=job.prompt, model=self._model, n=1, size=size,
                        stream=True, partial_images=previews, extra_body=more,
                    )  # fmt: skip
                if parent is not None:
                    return await images.edit(
                        image=parent, prompt=job.prompt, model=self._model, n=1, size=size,
                        stream=True, partial_images=previews, extra_body=more,
                    )  # fmt: skip
                return await images.generate(
                    prompt=job.prompt, model=self._model, n=1, size=size,
                    stream=True, partial_images=previews, extra_body=more,
                )  # fmt: skip
        except openai.APIStatusError as exc:
            error = exc.body if isinstance(exc.body, Mapping) else {"message": exc.message}
            raise failure(error, exc.status_code) from exc
        except openai.APITimeoutError as exc:
            raise EngineLost(f"The server did not answer within {self._silence_s:g} s.") from exc
        except openai.APIConnectionError as exc:
            where = exc.request.url.netloc.decode()  # without the user and password it may have
            cause = exc.__cause__ or exc
            why = str(cause) or type(cause).__name__  # some have no words
            advice = "look at the network and LIVEFEED_OPENAI_URL"
            raise EngineLost(f"The server at {where} cannot be reached ({why}): {advice}.") from exc
        except TimeoutError as exc:
            raise EngineLost(f"The server said nothing for {self._silence_s:g} s.") from exc

    def _unusual(self) -> dict[str, str]:
        """Return what only some servers understand, for the body of a request."""
        more = {}
        if self._quality != "auto":  # which is what a model that knows qualities does anyway
            more["quality"] = self._quality
        if not self._model.startswith(("gpt-image", "chatgpt-image")):
            # Those always send base64 and refuse to be told; others send an address unless they are told.
            more["response_format"] = "b64_json"
        return more

    async def _next(self, chunks: AsyncIterator[bytes]) -> bytes:
        """Return the next bytes, none at the end. Raises: EngineLost."""
        try:
            async with asyncio.timeout(self._silence_s):
                return await anext(chunks, b"")
        except TimeoutError as exc:
            raise EngineLost(f"The server said nothing for {self._silence_s:g} s.") from exc
        except Exception as exc:  # of httpx or httpx2, as the package's version has it
            raise EngineLost(f"The connection broke: {str(exc) or type(exc).__name__}.") from exc

    async def _whole(self, chunks: AsyncIterator[bytes]) -> bytes:
        body = bytearray()
        while chunk := await self._next(chunks):
            body += chunk
            if len(body) > MAX_ANSWER_BYTES:
                raise ValueError(f"The answer is larger than {MAX_ANSWER_BYTES} bytes.")
        return bytes(body)


def parent_file(file: bytes) -> File:
    """Return a picture as the server takes it: name, bytes, type. It takes milliseconds: call it in a thread.

    Raises: ValueError.
    """
    try:
        with Image.open(io.BytesIO(file)) as image:
            kind = image.format or ""
            if kind in PARENT_FORMATS and len(file) <= MAX_PARENT_BYTES:
                return f"parent.{kind.lower()}", file, PARENT_FORMATS[kind]
            image.load()
            buffer = io.BytesIO()
            fit(image, *image.size).save(buffer, "JPEG", quality=95)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError) as exc:
        raise ValueError(f"The parent's picture cannot be read: {exc}.") from exc
    return "parent.jpeg", buffer.getvalue(), PARENT_FORMATS["JPEG"]


def _image(data: str, job: Job) -> Image.Image:
    try:
        file = base64.b64decode(data)
    except binascii.Error as exc:
        raise ValueError(f"The server sent what is no base64: {exc}.") from exc
    framing = _framing(job)
    return decode(file, job.width, job.height) if framing is None else framing.picture_of(file)


def _framing(job: Job) -> Framing | None:
    """Return how a masked picture lies in the server's: there it must not be cut, or the mask would lie elsewhere."""
    if job.mask is None or job.parent_image is None:
        return None
    return Framing.of((job.width, job.height), nearest(job.width, job.height, SIZES))


def _start(job: Job) -> tuple[File | None, File | None]:
    """Return the picture to edit and its mask, where there are any. Raises: ValueError."""
    if job.parent_image is None:
        return None, None
    if (framing := _framing(job)) is None or job.mask is None:
        return parent_file(job.parent_image), None
    return framing.canvas(job.parent_image), framing.mask(job.mask)


def _preview(partial: Partial, job: Job) -> Image.Image | None:
    """A preview that cannot be read is none; the picture may still come."""
    try:
        return _image(partial.data, job)
    except ValueError:
        return None
