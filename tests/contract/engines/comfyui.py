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
import json
import time
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Self

from aiohttp import web

from livefeed.config import Config
from livefeed.generation.generators.comfyui import ComfyUI
from tests.contract.engines import SILENCE_S, STEP_S, Engine, Trouble
from tests.contract.engines.comfyui_nodes import JSON, OUTPUT_NODES, Workshop

FRAME_1_JPEG: Final = (1).to_bytes(4) + (1).to_bytes(4)


class Interrupted(Exception):
    """A prompt was told to stop."""


class NodeFailed(Exception):
    """A node raised."""


@dataclass(slots=True)
class Item:
    """A prompt in the queue. client: whose socket is told; None: everybody's."""

    number: int
    prompt: str
    graph: JSON
    extra: JSON
    ours: bool
    trouble: Trouble | None = None
    messages: list[list[Any]] = field(default_factory=list)
    states: JSON = field(default_factory=dict)

    @property
    def client(self) -> str | None:
        return self.extra.get("client_id")

    def as_list(self) -> list[Any]:
        return [self.number, self.prompt, self.graph, self.extra, [n for n in self.graph if self.is_output(n)]]

    def is_output(self, node: str) -> bool:
        return self.graph[node]["class_type"] in OUTPUT_NODES


class ComfyUIEngine:
    """The server and its generator."""

    troubles = frozenset(Trouble) - {Trouble.REFUSES}

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
        self._workshop = Workshop()
        self.uploads, self.checkpoints = self._workshop.uploads, self._workshop.checkpoints
        self.history: dict[str, JSON] = {}
        self.connections = self.agreements = 0
        """Sockets that were opened, and those whose client can read pictures with metadata."""
        self.slams = False
        """Every socket is closed as soon as it is open."""
        self.deaf = False
        """Its sockets say nothing any more, while it works on."""
        self.hangs = asyncio.Event()
        """Set: no request is answered any more."""
        self._released = asyncio.Event()
        self.answers: dict[str, tuple[int, str]] = {}
        """Paths that something in between answers: status and text."""
        self.held = asyncio.Event()
        """Cleared: nothing is begun."""
        self.held.set()
        self.loaded = asyncio.Event()
        """Cleared: a model is read from the disk, without a word."""
        self.loaded.set()
        self.made = 0
        self._names_previews, self._cancels_jobs = names_previews, cancels_jobs
        self._stops_any, self._mints_ids, self._drops_newer = stops_any, mints_ids, drops_newer
        self._shows_previews = shows_previews
        self._silence_s, self._step_s, self._settings = silence_s, step_s, settings
        self._troubles: deque[Trouble] = deque()
        self._queue: deque[Item] = deque()
        self._running: Item | None = None
        self._queued = asyncio.Condition()
        self._interrupt = asyncio.Event()
        self._sockets: dict[str, tuple[web.WebSocketResponse, web.Request]] = {}
        self._flags: dict[str, JSON] = {}
        self._client: str | None = None
        self._last_node: str | None = None
        self._number = 0

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=100 * 1024 * 1024, middlewares=[self._watch])
        app.add_routes(
            [
                web.get("/ws", self._ws), web.post("/prompt", self._post_prompt), web.get("/queue", self._get_queue),
                web.post("/queue", self._post_queue), web.post("/interrupt", self._post_interrupt),
                web.get("/history/{prompt}", self._get_history), web.post("/upload/image", self._upload),
                web.get("/view", self._view), web.get("/models/{folder}", self._models),
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
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        settings = Config(comfyui_url=self.url, **self._settings)  # type: ignore[arg-type]
        self.generator = ComfyUI(settings, silence_s=self._silence_s)
        self._worker = asyncio.create_task(self._work())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._worker.cancel()
        await asyncio.wait([self._worker])
        self._released.set()
        self._abort_all()
        await self._runner.cleanup()
        if not self._worker.cancelled():
            self._worker.result()

    def tell(self, trouble: Trouble) -> None:
        self._troubles.append(trouble)

    @property
    def at_work(self) -> int:
        return sum(item.ours for item in (self._running, *self._queue) if item is not None)

    @property
    def foreign(self) -> int:
        """Pictures of other people in its queue or in work."""
        return sum(not item.ours for item in (self._running, *self._queue) if item is not None)

    @property
    def running(self) -> str | None:
        """The prompt whose turn it is."""
        return None if self._running is None else self._running.prompt

    async def queue_foreign(self, graph: JSON, *, client: str | None = None) -> str:
        """Somebody else queues a prompt, by default without a socket: what it says goes to everybody."""
        extra = {"preview_method": "latent2rgb"} | ({} if client is None else {"client_id": client})
        return await self._put(graph, str(uuid.uuid4()), extra, ours=False)

    async def empty_queue(self) -> None:
        """Somebody presses "clear": nobody is told."""
        self._queue.clear()

    async def interrupt(self) -> None:
        """Somebody presses "stop" in the editor."""
        self._interrupt.set()

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

    async def _ws(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.connections += 1
        if self.slams:
            await socket.close()
            return socket
        sid = request.query.get("clientId") or uuid.uuid4().hex
        mine = (socket, request)
        self._sockets[sid], self._flags[sid] = mine, {}
        try:
            await self._send("status", {"status": self._status(), "sid": sid}, sid)
            if self._client == sid and self._last_node is not None:
                await self._send("executing", {"node": self._last_node}, sid)
            first = True
            async for message in socket:
                said = json.loads(message.data)
                if first and said.get("type") == "feature_flags":
                    self._flags[sid] = said["data"]
                    self.agreements += said["data"].get("supports_preview_metadata") is True
                    if self._names_previews:
                        await self._send("feature_flags", {"supports_preview_metadata": True}, sid)
                first = False
        finally:
            if self._drops_newer or self._sockets.get(sid) is mine:
                self._sockets.pop(sid, None)
                self._flags.pop(sid, None)
        return socket

    async def _models(self, request: web.Request) -> web.Response:
        return web.json_response(self.checkpoints if request.match_info["folder"] == "checkpoints" else [])

    async def _post_prompt(self, request: web.Request) -> web.Response:
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
        error, node_errors = self._workshop.validate(graph)
        if error is not None:
            return web.json_response({"error": error, "node_errors": node_errors}, status=400)
        prompt = asked if asked is not None and not self._mints_ids else str(uuid.uuid4())
        await self._put(graph, prompt, extra, ours=True)
        return web.json_response({"prompt_id": prompt, "number": self._number, "node_errors": {}})

    async def _put(self, graph: JSON, prompt: str, extra: JSON, *, ours: bool) -> str:
        trouble = self._troubles.popleft() if ours and self._troubles else None
        self._number += 1
        async with self._queued:
            self._queue.append(Item(self._number, prompt, graph, extra, ours, trouble))
            self._queued.notify_all()
        await self._send("status", {"status": self._status()}, None)
        return prompt

    async def _get_queue(self, request: web.Request) -> web.Response:
        running = [] if self._running is None else [self._running.as_list()]
        return web.json_response({"queue_running": running, "queue_pending": [item.as_list() for item in self._queue]})

    async def _post_queue(self, request: web.Request) -> web.Response:
        for prompt in (await request.json()).get("delete", []):
            self._dequeue(prompt)
        return web.Response()

    async def _post_interrupt(self, request: web.Request) -> web.Response:
        asked = (await request.json()).get("prompt_id")
        if self._stops_any or not asked or (self._running is not None and self._running.prompt == asked):
            self._interrupt.set()
        return web.Response()

    async def _cancel_job(self, request: web.Request) -> web.Response:
        prompt = request.match_info["job"]
        running = self._running is not None and self._running.prompt == prompt
        if running:
            self._interrupt.set()
        return web.json_response({"cancelled": running or self._dequeue(prompt)})

    def _dequeue(self, prompt: str) -> bool:
        found = [item for item in self._queue if item.prompt == prompt]
        for item in found:
            self._queue.remove(item)
        return bool(found)

    async def _get_history(self, request: web.Request) -> web.Response:
        prompt = request.match_info["prompt"]
        return web.json_response({prompt: self.history[prompt]} if prompt in self.history else {})

    async def _upload(self, request: web.Request) -> web.Response:
        form = await request.post()
        image, kind, subfolder = form["image"], str(form.get("type", "input")), str(form.get("subfolder", ""))
        assert isinstance(image, web.FileField)
        self.uploads[kind, f"{subfolder}/{image.filename}".lstrip("/")] = image.file.read()
        return web.json_response({"name": image.filename, "subfolder": subfolder, "type": kind})

    async def _view(self, request: web.Request) -> web.Response:
        query = request.query
        path = f"{query.get('subfolder', '')}/{query['filename']}".lstrip("/")
        file = self._workshop.files.get((query.get("type", "output"), path))
        return web.Response(status=404) if file is None else web.Response(body=file, content_type="image/png")

    # How it works: main.prompt_worker, execution.PromptExecutor

    async def _work(self) -> None:
        while True:
            async with self._queued:
                await self._queued.wait_for(lambda: self._queue)
                item = self._queue[0]
            await self.held.wait()
            if not self._queue or self._queue[0] is not item:
                continue  # taken back meanwhile
            self._queue.popleft()
            self._running = item
            await self._execute(item)

    async def _execute(self, item: Item) -> None:
        self._interrupt.clear()
        self._client = item.client
        if item.trouble is Trouble.SHOWS_NOTHING:
            for node in item.graph:
                self._workshop.evaluate(item.graph, node)
        success = True
        await self._tell(item, "execution_start", {})
        outputs: JSON = {}
        try:
            cached = [node for node in item.graph if self._workshop.knows(item.graph, node)]
            await self._tell(item, "execution_cached", {"nodes": cached})
            for node in self._order(item):
                await self._node(item, node, outputs)
            await self._tell(item, "execution_success", {})
        except Interrupted:
            success = False
            await self._tell(
                item, "execution_interrupted", {"node_id": "sampler", "node_type": "KSampler"}, broadcast=True
            )
        except NodeFailed as exc:
            success = False
            await self._tell(item, "execution_error", {
                "node_id": "sampler", "node_type": "KSampler", "exception_type": "torch.OutOfMemoryError",
                "exception_message": f"{exc}\n", "traceback": [], "current_inputs": {}, "current_outputs": [],
            })  # fmt: skip
        self._last_node = None
        # The history has it only now, behind the last message but one.
        await asyncio.sleep(self._step_s / 5)
        self._running = None
        self.made += success and item.ours
        status = {"status_str": "success" if success else "error", "completed": success, "messages": item.messages}
        self.history[item.prompt] = {"prompt": item.as_list(), "outputs": outputs, "meta": {}, "status": status}
        if item.client is not None:
            await self._send("executing", {"node": None, "prompt_id": item.prompt}, item.client)
        await self._send("status", {"status": self._status()}, None)

    def _order(self, item: Item) -> list[str]:
        order: list[str] = []

        def visit(node: str) -> None:
            for value in item.graph[node]["inputs"].values():
                if isinstance(value, list):
                    visit(value[0])
            if node not in order:
                order.append(node)

        for node in item.graph:
            if item.is_output(node):
                visit(node)
        return order

    async def _node(self, item: Item, node: str, outputs: JSON) -> None:
        if not self._workshop.knows(item.graph, node):
            await self._progress_state(item, node, 0.0, 1.0, "running")
            self._last_node = node
            if item.client is not None:
                await self._send(
                    "executing", {"node": node, "display_node": node, "prompt_id": item.prompt}, item.client
                )
            if item.graph[node]["class_type"] == "CheckpointLoaderSimple":
                await self.loaded.wait()
            if item.graph[node]["class_type"] == "KSampler":
                await self._sample(item, node)
            if self._interrupt.is_set():
                raise Interrupted
        made = self._workshop.evaluate(item.graph, node)
        if item.is_output(node):
            outputs[node] = made
            if item.client is not None:
                await self._send(
                    "executed",
                    {"node": node, "display_node": node, "output": made, "prompt_id": item.prompt},
                    item.client,
                )
        value = item.states.get(node, {}).get("max", 1.0)
        await self._progress_state(item, node, value, value, "finished")

    async def _sample(self, item: Item, node: str) -> None:
        """Sample as latent_preview.prepare_callback and main.hijack_progress tell of it."""
        inputs = item.graph[node]["inputs"]
        steps = 0 if inputs["denoise"] <= 0 else inputs["steps"]
        picture = self._workshop.drawn(item.graph, node)
        for step in range(1, steps + 1):
            await asyncio.sleep(self._step_s)
            if self._interrupt.is_set():
                raise Interrupted
            await self._progress_state(item, node, step, steps, "running")
            shown = self._shows_previews and item.extra.get("preview_method") == "latent2rgb"
            preview = self._workshop.preview(picture, step, steps) if shown else None
            named = (
                self._names_previews and self._flags.get(item.client or "", {}).get("supports_preview_metadata") is True
            )
            if preview is not None and named:
                metadata = {
                    "node_id": node,
                    "prompt_id": item.prompt,
                    "display_node_id": node,
                    "image_type": "image/jpeg",
                }
                header = json.dumps(metadata).encode()
                await self._send_bytes((4).to_bytes(4) + len(header).to_bytes(4) + header + preview, item.client)
            await self._send(
                "progress", {"value": step, "max": steps, "prompt_id": item.prompt, "node": node}, item.client
            )
            if preview is not None and not named:
                await self._send_bytes(FRAME_1_JPEG + preview, item.client)
            if step == 1:
                await self._suffer(item)

    async def _suffer(self, item: Item) -> None:
        match item.trouble:
            case Trouble.FAILS:
                raise NodeFailed("Allocation on device 0 would exceed allowed memory.")
            case Trouble.FALLS_SILENT:
                await self._interrupt.wait()
                raise Interrupted
            case Trouble.CUTS:
                for _, request in self._sockets.values():
                    if request.transport is not None:
                        request.transport.abort()
            case Trouble.CRASHES:
                await self._site.stop()
                self._abort_all()
                self._running = None
                self._queue.clear()
                await asyncio.Event().wait()

    def _abort_all(self) -> None:
        assert self._runner.server is not None
        for connection in self._runner.server.connections:
            if connection.transport is not None:
                connection.transport.abort()

    # What it says

    def _status(self) -> JSON:
        return {"exec_info": {"queue_remaining": len(self._queue) + (self._running is not None)}}

    async def _tell(self, item: Item, event: str, data: JSON, *, broadcast: bool = False) -> None:
        message = {"prompt_id": item.prompt, **data, "timestamp": time.time_ns() // 1_000_000}
        item.messages.append([event, message])
        if item.client is not None or broadcast:
            await self._send(event, message, item.client)

    async def _progress_state(self, item: Item, node: str, value: float, maximum: float, state: str) -> None:
        item.states[node] = {
            "value": value, "max": maximum, "state": state, "node_id": node, "prompt_id": item.prompt,
            "display_node_id": node, "parent_node_id": None, "real_node_id": node,
        }  # fmt: skip
        if self._names_previews:
            await self._send("progress_state", {"prompt_id": item.prompt, "nodes": item.states}, item.client)

    async def _send(self, event: str, data: JSON, sid: str | None) -> None:
        await self._each(sid, lambda socket: socket.send_json({"type": event, "data": data}))

    async def _send_bytes(self, frame: bytes, sid: str | None) -> None:
        await self._each(sid, lambda socket: socket.send_bytes(frame))

    async def _each(self, sid: str | None, send: Callable[[web.WebSocketResponse], Any]) -> None:
        """Send to one socket, if it is there; to all of them when a prompt has no client."""
        if self.deaf:
            return
        for name, (socket, _) in list(self._sockets.items()):
            if sid is None or name == sid:
                try:
                    await send(socket)
                except (ConnectionError, RuntimeError):
                    continue


ENGINES: dict[str, Callable[[], Engine]] = {
    "comfyui": ComfyUIEngine,
    "comfyui of 2024": partial(
        ComfyUIEngine, names_previews=False, cancels_jobs=False, stops_any=True, mints_ids=True, drops_newer=True
    ),
}
