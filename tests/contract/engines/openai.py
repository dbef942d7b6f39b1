"""A server that speaks OpenAI's images API as its types and its users' reports describe it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Self

import orjson
from aiohttp import web
from PIL import Image, ImageChops

from livefeed.config import Config
from livefeed.generation.generator import EngineLost
from livefeed.generation.generators.openai import OpenAI
from tests.contract.engines import SILENCE_S, STEP_S, End, Engine, Trouble, abort_all, lines_of

MODEL = "gpt-image-2.6-flare"
BLOCKED = {
    # As reported in theopenco/llmgateway#2129 and jeffstric/ZJT#480: recognised by its code.
    "message": "Your request was rejected by the safety system. safety_violations=[violence].",
    "type": "image_generation_user_error",
    "param": None,
    "code": "moderation_blocked",
}
BROKEN = {
    "message": "The image could not be generated.",
    "type": "image_generation_server_error",
    "param": None,
    "code": "image_generation_failed",
}


class OpenAIEngine:
    """A server on a port of its own.

    in_one_piece: it ignores `stream` and answers JSON, as many compatible servers do. refuses_in_stream: with an error
    event after HTTP 200, instead of HTTP 400. fewer: so many previews less than asked for, which the documentation of
    `partial_images` allows. asked: the bodies of all requests.
    """

    # The picture travels on the connection that asked for it: what breaks that loses the picture.
    ends: Mapping[Trouble, End] = {Trouble.CUTS: EngineLost}
    silence_s = SILENCE_S

    def __init__(
        self,
        *,
        in_one_piece: bool = False,
        refuses_in_stream: bool = False,
        fewer: int = 0,
        settings: dict[str, Any] | None = None,
    ) -> None:
        self.never = {Trouble.SHOWS_NOTHING: "it always does"} if in_one_piece else {}
        self.asked: list[dict[str, Any]] = []
        self.models = [MODEL, "gpt-5"]
        self.credentials: set[str | None] = set()
        """Every Authorization that came with a question for the models."""
        self.made = self.at_work = 0
        self.failure: tuple[int, dict[str, Any]] | None = None
        self.events: list[bytes] | None = None
        self._in_one_piece, self._refuses_in_stream, self._fewer = in_one_piece, refuses_in_stream, fewer
        self._settings = settings or {}
        self._trouble: Trouble | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_post("/v1/images/generations", self._generations)
        app.router.add_post("/v1/images/edits", self._edits)
        app.router.add_get("/v1/models", self._list_models)
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        self._site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await self._site.start()
        self._port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self._port}/v1"
        settings = {"openai_url": self.url, "openai_key": "sk-test", "openai_model": MODEL}
        self.generator = OpenAI(Config(**(settings | self._settings)), silence_s=SILENCE_S)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.generator.close()
        await self._runner.cleanup()

    def tell(self, trouble: Trouble) -> None:
        self._trouble = trouble

    async def crash(self) -> None:
        await self._site.stop()
        abort_all(self._runner)

    async def restart(self) -> None:
        self._site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await self._site.start()

    def lines(self) -> Sequence[Callable[[], object]]:
        return lines_of(self._runner)

    def masked(self) -> tuple[Image.Image, Image.Image]:
        canvas, mask = (Image.open(io.BytesIO(self.asked[-1][name][2])) for name in ("image", "mask"))
        return canvas.convert("RGB"), ImageChops.invert(mask.getchannel("A"))

    def answer(self, status: int, error: dict[str, Any]) -> None:
        """Let the next request fail like this."""
        self.failure = (status, error)

    def say(self, *events: bytes) -> None:
        """Let the next stream be these bytes."""
        self.events = list(events)

    async def _list_models(self, request: web.Request) -> web.Response:
        self.credentials.add(request.headers.get("Authorization"))
        if self.failure is not None:
            (status, error), self.failure = self.failure, None
            return web.json_response({"error": error}, status=status)
        models = [{"id": name, "object": "model", "created": 1, "owned_by": "system"} for name in self.models]
        return web.json_response({"object": "list", "data": models})

    async def _generations(self, request: web.Request) -> web.StreamResponse:
        return await self._make(request, await request.json(), "image_generation")

    async def _edits(self, request: web.Request) -> web.StreamResponse:
        fields: dict[str, Any] = {}
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                fields[name] = (value.filename, value.content_type, value.file.read())
            else:
                fields[name] = value
        return await self._make(request, fields, "image_edit")

    async def _make(self, request: web.Request, body: dict[str, Any], kind: str) -> web.StreamResponse:
        self.asked.append(body)
        trouble, self._trouble = self._trouble, None
        self.at_work += 1
        try:
            if (wrong := self._wrong(body)) is not None:
                return web.json_response({"error": wrong[1]}, status=wrong[0])
            if self._in_one_piece:
                return await self._in_full(request, body, trouble)
            return await self._stream(request, body, kind, trouble)
        except ConnectionError:
            raise asyncio.CancelledError from None  # whoever asked has left
        finally:
            self.at_work -= 1

    def _wrong(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]] | None:
        """Say what the real server would not take."""
        if self.failure is not None:
            failure, self.failure = self.failure, None
            return failure
        code = None
        if str(body["model"]).startswith("gpt-image") and "response_format" in body:
            code = "unknown_parameter"  # ssnangua/ColorTxt#82
        elif not 1 <= int(body["partial_images"]) <= 3:
            code = "invalid_value"  # none is documented, and yet refused: QuantumNous/new-api#1234
        elif body["size"] not in {"1024x1024", "1536x1024", "1024x1536"}:
            code = "invalid_value"
        elif "mask" in body and not self._fits(body["image"], body["mask"]):
            code = "invalid_image_file"
        return None if code is None else (400, {"message": code, "type": "invalid_request_error", "code": code})

    def _fits(self, image: tuple[str, str, bytes], mask: tuple[str, str, bytes]) -> bool:
        """Tell whether a mask is what the documentation of `mask` wants: a PNG below 4 MB with alpha, of equal size."""
        canvas, alpha = (Image.open(io.BytesIO(file[2])) for file in (image, mask))
        return alpha.format == "PNG" and "A" in alpha.mode and alpha.size == canvas.size and len(mask[2]) < 4_000_000

    async def _in_full(self, request: web.Request, body: dict[str, Any], trouble: Trouble | None) -> web.StreamResponse:
        if trouble is Trouble.REFUSES:
            return web.json_response({"error": BLOCKED}, status=400)
        for _ in range(4):
            await asyncio.sleep(STEP_S)
            await self._perhaps_stop(request, trouble)
            if trouble is Trouble.NEVER_ENDS:
                # Blanks before the JSON keep proxies from giving the connection up.
                response = web.StreamResponse(headers={"content-type": "application/json"})
                await response.prepare(request)
                return await self._for_ever(response, b" ")
        if trouble is Trouble.FAILS:
            return web.json_response({"created": 1, "data": []})  # as in vercel/ai#19168
        self.made += 1
        return web.json_response({"created": 1, "data": [{"b64_json": self._picture(body, 0)}]})

    async def _stream(
        self, request: web.Request, body: dict[str, Any], kind: str, trouble: Trouble | None
    ) -> web.StreamResponse:
        if trouble is Trouble.REFUSES and not self._refuses_in_stream:
            return web.json_response({"error": BLOCKED}, status=400)
        response = web.StreamResponse(headers={"content-type": "text/event-stream; charset=utf-8"})
        await response.prepare(request)
        if self.events is not None:
            for piece in self.events:
                await response.write(piece)
            self.events = None
            return response
        if trouble is Trouble.REFUSES:
            await response.write(event("error", {"type": "error", "error": BLOCKED}))
            return response
        previews = int(body["partial_images"]) - self._fewer
        for index in range(previews):
            await asyncio.sleep(STEP_S)
            if trouble is not Trouble.SHOWS_NOTHING:
                picture = self._picture(body, previews - index)
                said = self._said(body) | {"partial_image_index": index, "b64_json": picture}
                await response.write(event(f"{kind}.partial_image", said))
            if trouble is Trouble.FAILS:
                await response.write(event("error", {"type": "error", "error": BROKEN}))
                return response
            if trouble is Trouble.NEVER_ENDS:
                return await self._for_ever(response, b": still at it\n\n")
            await self._perhaps_stop(request, trouble)
        await asyncio.sleep(STEP_S)
        self.made += 1
        used = {"input_tokens": 12, "input_tokens_details": {"image_tokens": 0, "text_tokens": 12}}
        used |= {"output_tokens": 1056, "total_tokens": 1068}
        said = self._said(body) | {"usage": used, "b64_json": self._picture(body, 0)}
        await response.write(event(f"{kind}.completed", said))
        return response

    def _said(self, body: dict[str, Any]) -> dict[str, Any]:
        """What every event repeats: the size is that of the picture, though it may be asked for as `auto`."""
        return {
            "created_at": 1_760_000_000, "size": body["size"], "quality": body.get("quality", "medium"),
            "background": "opaque", "output_format": "png",
        }  # fmt: skip

    async def _for_ever(self, response: web.StreamResponse, sign: bytes) -> web.StreamResponse:
        """Give a sign of life again and again. Source: openrouter.ai, "Streaming": comments against timeouts."""
        while True:
            await response.write(sign)
            await asyncio.sleep(STEP_S)

    async def _perhaps_stop(self, request: web.Request, trouble: Trouble | None) -> None:
        if trouble is Trouble.FALLS_SILENT:
            await asyncio.Event().wait()
        elif trouble is Trouble.CRASHES:
            await self.crash()
            await asyncio.Event().wait()
        elif trouble is Trouble.CUTS:
            if request.transport is not None:
                request.transport.abort()
            await asyncio.Event().wait()

    def _picture(self, body: dict[str, Any], left: int) -> str:
        """Return a file in base64 that the request decides; `left` previews before the end it is that much darker."""
        asked = repr(sorted((name, value) for name, value in body.items() if name != "stream"))
        colour = [part // (left + 1) for part in hashlib.sha256(asked.encode()).digest()[:3]]
        width, height = (int(side) // 8 for side in str(body["size"]).split("x"))  # quick to make, and of that shape
        file = io.BytesIO()
        gradient = Image.linear_gradient("L").resize((width, height)).convert("RGB")
        Image.blend(gradient, Image.new("RGB", gradient.size, tuple(colour)), 0.7).save(file, "PNG")
        return base64.b64encode(file.getvalue()).decode()


def event(kind: str, data: dict[str, Any]) -> bytes:
    """Return one server-sent event; its kind is also its data's type, unless the data says another."""
    return b"event: " + kind.encode() + b"\ndata: " + orjson.dumps({"type": kind} | data) + b"\n\n"


ENGINES: dict[str, Callable[[], Engine]] = {
    "openai": OpenAIEngine,
    "openai-refusing-late": partial(OpenAIEngine, refuses_in_stream=True, fewer=1),
    "openai-in-one-piece": partial(OpenAIEngine, in_one_piece=True),
}
