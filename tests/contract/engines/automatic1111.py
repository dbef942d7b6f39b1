"""An AUTOMATIC1111 server as its source says it behaves.

Source: modules/api/api.py, modules/progress.py, modules/shared_state.py, modules/fifo_lock.py and webui.py of
AUTOMATIC1111/stable-diffusion-webui and lllyasviel/stable-diffusion-webui-forge. Where a trap is replayed, it says so.
"""

from __future__ import annotations

import asyncio
import base64
import io
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import cycle
from typing import Any, Self

from aiohttp import web
from PIL import Image

from livefeed.config import Config
from livefeed.generation.generator import Generator, Picture
from livefeed.generation.generators.automatic1111 import Automatic1111
from tests.contract.engines import SILENCE_S, STEP_S, End, Engine, Trouble, abort_all, lines_of

REMEMBERED = 16
"""Completed tasks that a server knows by name."""


class Automatic1111Engine:
    """The server, version 1.8 or later, or Forge, and its generator.

    per_task: False: started with --nowebui, its /internal routes are missing: webui.py sets them up with the pages.
    takes_names: False: before 1.8, it ignores `force_task_id` as any field that it does not know. prefixed: pictures
    come as data URLs. auth: `user:password` of --api-auth. api: False: started without --api.
    """

    never: Mapping[Trouble, str] = {}
    # It has no word for a refusal; the safety checkers that people add to it paint what they do not like black.
    ends: Mapping[Trouble, End] = {Trouble.REFUSES: Picture}
    silence_s = SILENCE_S
    poll_s = STEP_S / 8

    def __init__(
        self,
        *,
        per_task: bool = True,
        takes_names: bool = True,
        prefixed: bool = False,
        auth: str = "",
        api: bool = True,
    ) -> None:
        self.asked: list[dict[str, Any]] = []
        """The bodies of all requests for pictures."""
        self.interrupted = 0
        """How often it was told to stop."""
        self.looks = self.previews_sent = self.most_at_work = 0
        """Looks at a task, previews in the answers, and pictures in work and in the queue at one time, at most."""
        self.hangs = asyncio.Event()
        """Set: no request is answered any more."""
        self.held = asyncio.Event()
        """Cleared: the picture in work goes no further."""
        self.held.set()
        self.answers_with: tuple[int, str, str] | None = None
        """Status, content type and body for every request for a picture: what a proxy or another version says."""
        self._per_task, self._takes_names, self._prefixed = per_task, takes_names, prefixed
        self._auth, self._api = auth, api
        self._troubles: deque[Trouble] = deque()
        self._queue_lock = asyncio.Lock()
        self._current: str | None = None
        self._pending: list[str] = []
        self._finished: deque[str] = deque(maxlen=REMEMBERED)
        self._jobs = self.step = self._steps = 0
        self._begun = "0"
        self._stop = False
        self._shows = True
        self._preview_id = 0
        self._preview: Image.Image | None = None
        self._looked = asyncio.Event()
        self._cut = False
        self._life = 0
        """How often it has crashed: what was begun before belongs to a process that is gone."""
        self.at_work = self.made = 0
        self._over = asyncio.Event()

    async def __aenter__(self) -> Self:
        application = web.Application(client_max_size=64 * 1024 * 1024, middlewares=[self._guard])
        routes = [web.get("/", self._page)]
        if self._api:
            routes += [
                web.post("/sdapi/v1/txt2img", self._paint),
                web.post("/sdapi/v1/img2img", self._paint),
                web.get("/sdapi/v1/progress", self._server_progress),
                web.post("/sdapi/v1/interrupt", self._interrupt),
                web.get("/sdapi/v1/options", self._options),
            ]
        if self._per_task:
            routes.append(web.post("/internal/progress", self._task_progress))
        application.add_routes(routes)
        self._runner = web.AppRunner(application, shutdown_timeout=0.1)
        await self._runner.setup()
        self._site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await self._site.start()
        self._port = self._runner.addresses[0][1]
        self.host = f"127.0.0.1:{self._port}"
        self.url = f"http://{self._auth}@{self.host}" if self._auth else f"http://{self.host}"
        self._generator = self.another()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._over.set()
        self.held.set()
        await self._runner.cleanup()

    @property
    def generator(self) -> Generator:
        return self._generator

    def masked(self) -> tuple[Image.Image, Image.Image]:
        body = self.asked[-1]
        canvas, mask = (unpacked(text) for text in (body["init_images"][0], body["mask"]))
        return canvas.convert("RGB"), mask.convert("L")

    def another(self, url: str | None = None) -> Automatic1111:
        """Another generator for this server, as another worker has."""
        return Automatic1111(Config(automatic1111_url=url or self.url), silence_s=SILENCE_S, poll_s=self.poll_s)

    def tell(self, trouble: Trouble) -> None:
        self._troubles.append(trouble)

    async def restart(self) -> None:
        self._site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await self._site.start()
        self._current, self._jobs, self._queue_lock = None, 0, asyncio.Lock()
        self._pending.clear()
        self._finished.clear()

    def lines(self) -> Sequence[Callable[[], object]]:
        return lines_of(self._runner)

    @web.middleware
    async def _guard(self, request: web.Request, handler: Any) -> web.StreamResponse:
        try:
            if self.hangs.is_set():
                await self._over.wait()
            wanted = base64.b64encode(self._auth.encode()).decode()
            open_to_all = not self._auth or not request.path.startswith("/sdapi/")
            if not open_to_all and wanted not in request.headers.get("Authorization", ""):
                raise web.HTTPUnauthorized(text='{"detail":"Incorrect username or password"}')
            answer: web.StreamResponse = await handler(request)
            return answer
        except web.HTTPNotFound:
            return web.json_response({"detail": "Not Found"}, status=404)  # FastAPI's own

    async def _page(self, _: web.Request) -> web.Response:
        return web.Response(text="a page", content_type="text/html")

    async def _paint(self, request: web.Request) -> web.Response:
        """Answer when the picture is done. A client that leaves changes nothing: these are threads in the real one."""
        body = await request.json()
        self.asked.append(body)
        if self.answers_with:
            status, kind, text = self.answers_with
            return web.Response(status=status, content_type=kind, text=text)
        if not isinstance(body.get("seed"), int) or body["seed"] < 0:
            return web.json_response({"detail": [{"loc": ["body", "seed"], "msg": "a seed is wanted"}]}, status=422)
        parent = None
        if request.path.endswith("img2img"):
            if not body.get("init_images"):
                return web.json_response({"error": "HTTPException", "detail": "Init image not found"}, status=404)
            parent = unpacked(body["init_images"][0]).convert("RGB")
        task = body.get("force_task_id") if self._takes_names else None
        life = self._life
        self.at_work += 1
        self.most_at_work = max(self.most_at_work, self.at_work)
        if task:
            self._pending.append(task)
        try:
            async with self._queue_lock:
                self._live(life)
                return await self._make(request, body, task or f"task({len(self.asked)})", parent)
        finally:
            self.at_work -= self._life == life
            if task in self._pending:
                self._pending.remove(task)

    async def _make(
        self, request: web.Request, body: dict[str, Any], task: str, parent: Image.Image | None
    ) -> web.Response:
        trouble = self._troubles.popleft() if self._troubles else None
        # begin(): everything anew, and an interruption that came while this one waited is forgotten.
        self._jobs, self.step, self._steps, self._stop = -1, 0, 0, False
        self._begun = datetime.now().strftime("%Y%m%d%H%M%S")  # to the second, as theirs
        self._preview, self._preview_id, self._shows = None, 0, trouble is not Trouble.SHOWS_NOTHING
        self._looked.clear()
        self._current, life = task, self._life
        if task in self._pending:
            self._pending.remove(task)
        await asyncio.sleep(0)
        self._jobs, self._steps = 1, body["steps"]
        canvas = parent.resize((body["width"], body["height"])) if parent else None
        image = painted(body, 0, canvas)
        try:
            # The step told is the index of the last one done: after the first it is still 0.
            # An extension may repaint details over and over: job_no and the pictures go on, the steps begin again.
            steps = range(body["steps"])
            for step in cycle(steps) if trouble is Trouble.NEVER_ENDS else steps:
                if self._stop:
                    break
                await asyncio.sleep(STEP_S)
                await self.held.wait()
                self._live(life)
                self.step = step
                image = painted(body, step + 1, canvas)
                if self._shows and step % body["override_settings"]["show_progress_every_n_steps"] == 0:
                    # The usual "Approx NN" shows the latents, an eighth as wide and as high.
                    small = image.resize((image.width // 8, image.height // 8))
                    self._preview, self._preview_id = small, self._preview_id + 1
                if step == 1 and self._shows and str(body.get("force_task_id")).startswith("livefeed-"):
                    await self._until(self._looked.is_set)  # so that no test depends on who is faster
                    await self._trouble(trouble)
                    self._live(life)
        except MemoryError as exc:
            # finish_task() is not reached: the task stays the current one until the next begins.
            return web.json_response(
                {"error": type(exc).__name__, "detail": "", "body": "", "errors": str(exc)}, status=500
            )
        finally:
            if self._life == life:
                self._jobs = 0
        if trouble is Trouble.REFUSES:
            image = Image.new("RGB", image.size)
        self._current = None
        self._finished.append(task)
        self.made += not self._stop
        text = base64.b64encode(packed(image)).decode()
        info = '{"job_timestamp": "X", "seed": 0}'.replace("X", self._begun)
        images = [f"data:image/png;base64,{text}" if self._prefixed else text]
        return web.json_response({"images": images, "parameters": body, "info": info})

    async def _trouble(self, trouble: Trouble | None) -> None:
        match trouble:
            case None:
                pass
            case _ if self._stop:
                pass
            case Trouble.FAILS:
                raise MemoryError("CUDA out of memory.")
            case Trouble.CRASHES:
                await self.crash()
            case Trouble.FALLS_SILENT:  # the web server, which has threads of its own, answers on
                await self._until(lambda: False)
            case Trouble.CUTS:
                self._cut = True

    async def _until(self, holds: Callable[[], bool]) -> None:
        """Wait for a state, an interruption or the end of the test."""
        life = self._life
        while not (holds() or self._stop or self._over.is_set() or self._life != life):
            await asyncio.sleep(STEP_S / 20)

    def _live(self, life: int) -> None:
        """End here what a process did that is gone. Raises: CancelledError."""
        if self._life != life:
            raise asyncio.CancelledError

    async def crash(self) -> None:
        await self._site.stop()
        abort_all(self._runner)
        self.at_work = 0
        self._life += 1

    async def _task_progress(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.looks += 1
        self._break(request)
        name = body["id_task"]
        said: dict[str, Any] = {
            "active": name == self._current, "queued": name in self._pending, "completed": name in self._finished,
            "progress": None, "eta": None, "live_preview": None, "id_live_preview": -1, "textinfo": "Waiting...",
        }  # fmt: skip
        if said["active"]:
            said |= {"progress": self._done(), "id_live_preview": body["id_live_preview"], "textinfo": None}
            if self._preview is not None and body["live_preview"] and body["id_live_preview"] != self._preview_id:
                text = base64.b64encode(packed(self._preview, "WEBP")).decode()
                self.previews_sent += 1
                said |= {"live_preview": f"data:image/webp;base64,{text}", "id_live_preview": self._preview_id}
        return web.json_response(said)

    async def _server_progress(self, request: web.Request) -> web.Response:
        self.looks += 1
        self._break(request)
        state = {
            "interrupted": self._stop, "skipped": False, "job_count": self._jobs, "job_no": 0,
            "job_timestamp": self._begun, "sampling_step": self.step if self._shows else 0,
            "sampling_steps": self._steps,
        }  # fmt: skip
        if self._jobs == 0:
            return web.json_response({"progress": 0, "eta_relative": 0, "state": state})
        image = None
        if self._preview is not None and request.query.get("skip_current_image") != "true":
            image = base64.b64encode(packed(self._preview)).decode()
        progress = 0.01 + self._done()
        return web.json_response({"progress": progress, "eta_relative": 1.0, "state": state, "current_image": image})

    def _done(self) -> float:
        done = self.step / self._steps if self._jobs > 0 and self._shows else 0.0
        if done:
            self._looked.set()
        return done

    def _break(self, request: web.Request) -> None:
        if self._cut and request.transport is not None:
            self._cut = False
            request.transport.abort()

    async def _options(self, _: web.Request) -> web.Response:
        return web.json_response({"sd_model_checkpoint": "dreamer_v1.safetensors [0123456789]"})

    async def _interrupt(self, _: web.Request) -> web.Response:
        self.interrupted += 1
        self._stop = True
        return web.json_response({})


def painted(body: dict[str, Any], step: int, parent: Image.Image | None) -> Image.Image:
    """A picture that shows its seed, its step and how much of the parent is left."""
    seed = body["seed"]
    image = Image.new("RGB", (body["width"], body["height"]), (seed % 251, step * 255 // (body["steps"] + 1), 90))
    if parent is None:
        return image
    image = Image.blend(parent, image, body["denoising_strength"])
    if "mask" not in body:
        return image
    # What is outside the mask has been through the VAE and back all the same.
    drifted = parent.point(lambda level: min(255, level + 3))
    return Image.composite(image, drifted, unpacked(body["mask"]).convert("L"))


def unpacked(text: str) -> Image.Image:
    """The image of a file in base64."""
    image = Image.open(io.BytesIO(base64.b64decode(text)))
    image.load()
    return image


def packed(image: Image.Image, format: str = "PNG") -> bytes:
    """The image as a file."""
    out = io.BytesIO()
    image.save(out, format, **({"lossless": True} if format == "WEBP" else {}))
    return out.getvalue()


ENGINES: dict[str, Callable[[], Engine]] = {
    "automatic1111": Automatic1111Engine,
    "automatic1111-nowebui": lambda: Automatic1111Engine(per_task=False),
}
