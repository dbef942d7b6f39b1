"""A ComfyUI server as its source says it behaves: server.py, execution.py, comfy_execution/{progress,jobs}.py, main.py.

It reads the graph it is given: nodes are checked when they are queued and carried out one after the other, with made-up
pictures. The newest servers are the default; the switches give the older ones that are still about:

names_previews=False  before July 2025: no `progress_state`; pictures are binary frame 1, behind their step, nameless
cancels_jobs=False    before June 2026: no /api/jobs/{id}/cancel, and POST on a path that has only files answers 405
stops_any=True        before September 2025: /interrupt ignores the id and stops whatever runs
mints_ids=True        before July 2025: `prompt_id` is ignored, and the server's own comes back
shows_previews=False  before December 2025: `preview_method` is ignored, and the server's own is `none`
drops_newer=True      until 2026: the end of a connection removes the newer one that has the same clientId
"""

from __future__ import annotations

import asyncio
import uuid
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Self

from aiohttp import web
from PIL import Image

from livefeed.config import Config
from livefeed.generation.generators.comfyui import ComfyUI
from tests.contract.engines import SILENCE_S, STEP_S, End, Engine, Failed, Trouble, abort_all, lines_of
from tests.contract.engines.comfyui_nodes import JSON
from tests.contract.engines.comfyui_work import Work


class ComfyUIEngine:
    """The server and its generator."""

    never: Mapping[Trouble, str] = {}
    # It refuses nothing by itself; a partner node whose provider does says so in words that no program can rely on.
    ends: Mapping[Trouble, End] = {Trouble.REFUSES: Failed}

    def __init__(
        self,
        *,
        names_previews: bool = True,
        cancels_jobs: bool = True,
        stops_any: bool = False,
        mints_ids: bool = False,
        shows_previews: bool = True,
        drops_newer: bool = False,
        silence_s: float = SILENCE_S,
        step_s: float = STEP_S,
        **settings: str,
    ) -> None:
        """settings: further fields of the generator's Config."""
        self.calls: list[str] = []
        """Method and path of everything it was asked."""
        self.credentials: set[str | None] = set()
        """Every Authorization that came."""
        self.prompts: list[JSON] = []
        """The bodies of POST /prompt."""
        self.work = Work(
            self._be_gone, names_previews=names_previews, drops_newer=drops_newer, shows_previews=shows_previews,
            step_s=step_s,
        )  # fmt: skip
        self.voice = self.work.voice
        self.uploads, self.checkpoints = self.work.workshop.uploads, self.work.workshop.checkpoints
        self.hangs = asyncio.Event()
        """Set: no request is answered any more."""
        self.takes, self.tells = asyncio.Event(), asyncio.Event()
        """Cleared: POST /prompt does not queue what it was sent yet; it has queued it, and does not say so yet."""
        self.takes.set()
        self.tells.set()
        self._released = asyncio.Event()
        self.answers: dict[str, tuple[int, str]] = {}
        """Paths that something in between answers: status and text."""
        self.silence_s = silence_s
        self._cancels_jobs, self._stops_any, self._mints_ids = cancels_jobs, stops_any, mints_ids
        self._settings = settings
        self._troubles: deque[Trouble] = deque()

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=100 * 1024 * 1024, middlewares=[self._watch])
        app.add_routes(
            [
                web.get("/ws", self.voice.join), web.post("/prompt", self._post_prompt),
                web.get("/queue", self._get_queue), web.post("/queue", self._post_queue),
                web.post("/interrupt", self._post_interrupt), web.get("/history/{prompt}", self._get_history),
                web.post("/upload/image", self._upload), web.get("/view", self._view),
                web.get("/models/{folder}", self._models), web.get("/system_stats", self._system_stats),
            ]
        )  # fmt: skip
        if self._cancels_jobs:
            app.add_routes([web.post("/api/jobs/{job}/cancel", self._cancel_job)])
        # The pages' files lie under every other path, for GET alone.
        app.add_routes([web.get("/{path:.*}", self._no_file)])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.0)
        await self._runner.setup()
        self._site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await self._site.start()
        self._host, self._port = self._runner.addresses[0][:2]
        self.url = f"http://{self._host}:{self._port}"
        settings = Config(comfyui_url=self.url, **self._settings)  # type: ignore[arg-type]
        self.generator = ComfyUI(settings, silence_s=self.silence_s)
        self._worker = asyncio.create_task(self.work.run())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stop_working()
        self._released.set()
        abort_all(self._runner)
        await self._runner.cleanup()

    async def _stop_working(self) -> None:
        self._worker.cancel()
        await asyncio.wait([self._worker])
        if not self._worker.cancelled():
            self._worker.result()

    async def _be_gone(self) -> None:
        await self._site.stop()
        abort_all(self._runner)
        self.work.forget()

    async def crash(self) -> None:
        await self._stop_working()
        await self._be_gone()

    async def restart(self) -> None:
        await self._stop_working()
        self._site = web.TCPSite(self._runner, self._host, self._port)
        await self._site.start()
        self.work.down = False
        self._worker = asyncio.create_task(self.work.run())

    def lines(self) -> Sequence[Callable[[], object]]:
        return lines_of(self._runner)

    def tell(self, trouble: Trouble) -> None:
        self._troubles.append(trouble)

    def masked(self) -> tuple[Image.Image, Image.Image]:
        graph = self.prompts[-1]["prompt"]
        canvas, mask = (self.work.workshop.evaluate(graph, node) for node in ("parent", "mask"))
        return canvas, mask

    @property
    def at_work(self) -> int:
        return sum(item.ours for item in self.work.everything)

    @property
    def made(self) -> int:
        return self.work.made

    @property
    def foreign(self) -> int:
        """Pictures of other people in its queue or in work."""
        return sum(not item.ours for item in self.work.everything)

    @property
    def running(self) -> str | None:
        """The prompt whose turn it is."""
        return None if self.work.running is None else self.work.running.prompt

    async def queue_foreign(self, graph: JSON, *, client: str | None = None) -> str:
        """Somebody else queues a prompt, by default without a socket: what it says goes to everybody."""
        extra = {"preview_method": "latent2rgb"} | ({} if client is None else {"client_id": client})
        await self.work.put(graph, prompt := str(uuid.uuid4()), extra, ours=False, trouble=None)
        return prompt

    async def empty_queue(self) -> None:
        """Somebody presses "clear": nobody is told."""
        self.work.queue.clear()

    async def interrupt(self) -> None:
        """Somebody presses "stop" in the editor."""
        self.work.interrupt.set()

    # What it is asked

    @web.middleware
    async def _watch(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.calls.append(f"{request.method} {request.path}")
        self.credentials.add(request.headers.get("Authorization"))
        if self.hangs.is_set():
            await self._released.wait()
            return web.Response(status=503)
        for path, (status, text) in self.answers.items():
            if request.path.startswith(path):
                return web.Response(status=status, text=text)
        answer: web.StreamResponse = await handler(request)
        return answer

    async def _no_file(self, request: web.Request) -> web.Response:
        return web.Response(status=404)

    async def _system_stats(self, request: web.Request) -> web.Response:
        system = {"os": "posix", "comfyui_version": "0.9.2", "python_version": "3.13.1", "argv": ["main.py"]}
        return web.json_response({"system": system, "devices": []})

    async def _models(self, request: web.Request) -> web.Response:
        return web.json_response(self.checkpoints if request.match_info["folder"] == "checkpoints" else [])

    async def _post_prompt(self, request: web.Request) -> web.Response:
        life = self.work.life
        body = await request.json()
        self.prompts.append(body)
        asked = body.get("prompt_id")
        if asked is not None and not self._mints_ids and str(uuid.UUID(asked)) != asked:
            return web.json_response(
                {"error": {"type": "invalid_prompt_id", "message": "prompt_id must be a valid UUID"}}, status=400
            )
        graph, extra = body["prompt"], dict(body.get("extra_data", {}))
        if "client_id" in body:
            extra["client_id"] = body["client_id"]
        error, node_errors = self.work.workshop.validate(graph)
        if error is not None:
            return web.json_response({"error": error, "node_errors": node_errors}, status=400)
        prompt = asked if asked is not None and not self._mints_ids else str(uuid.uuid4())
        trouble = self._troubles.popleft() if self._troubles else None
        await self.takes.wait()
        number = await self.work.put(graph, prompt, extra, ours=True, trouble=trouble, life=life)
        await self.tells.wait()
        return web.json_response({"prompt_id": prompt, "number": number, "node_errors": {}})

    async def _get_queue(self, request: web.Request) -> web.Response:
        running = [] if self.work.running is None else [self.work.running.as_list()]
        pending = [item.as_list() for item in self.work.queue]
        return web.json_response({"queue_running": running, "queue_pending": pending})

    async def _post_queue(self, request: web.Request) -> web.Response:
        for prompt in (await request.json()).get("delete", []):
            self.work.dequeue(prompt)
        return web.Response()

    async def _post_interrupt(self, request: web.Request) -> web.Response:
        asked = (await request.json()).get("prompt_id")
        if self._stops_any or not asked:
            self.work.interrupt.set()
        else:
            self.work.interrupt_if_running(asked)
        return web.Response()

    async def _cancel_job(self, request: web.Request) -> web.Response:
        prompt = request.match_info["job"]
        return web.json_response({"cancelled": self.work.interrupt_if_running(prompt) or self.work.dequeue(prompt)})

    async def _get_history(self, request: web.Request) -> web.Response:
        prompt = request.match_info["prompt"]
        return web.json_response({prompt: self.work.history[prompt]} if prompt in self.work.history else {})

    async def _upload(self, request: web.Request) -> web.Response:
        form = await request.post()
        image, kind, subfolder = form["image"], str(form.get("type", "input")), str(form.get("subfolder", ""))
        assert isinstance(image, web.FileField)
        self.uploads[kind, f"{subfolder}/{image.filename}".lstrip("/")] = image.file.read()
        return web.json_response({"name": image.filename, "subfolder": subfolder, "type": kind})

    async def _view(self, request: web.Request) -> web.Response:
        query = request.query
        path = f"{query.get('subfolder', '')}/{query['filename']}".lstrip("/")
        file = self.work.workshop.files.get((query.get("type", "output"), path))
        return web.Response(status=404) if file is None else web.Response(body=file, content_type="image/png")


ENGINES: dict[str, Callable[[], Engine]] = {
    "comfyui": ComfyUIEngine,
    "comfyui of 2024": partial(
        ComfyUIEngine, names_previews=False, cancels_jobs=False, stops_any=True, mints_ids=True, drops_newer=True
    ),
}
