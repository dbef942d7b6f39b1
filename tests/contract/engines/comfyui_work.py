"""The queue of the fake ComfyUI server and its worker: main.prompt_worker, execution.PromptQueue, PromptExecutor."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

from tests.contract.engines import Trouble
from tests.contract.engines.comfyui_nodes import JSON, OUTPUT_NODES, Workshop
from tests.contract.engines.comfyui_voice import Voice

FRAME_1_JPEG: Final = (1).to_bytes(4) + (1).to_bytes(4)
MODERATED: Final = "API Error: Your request was rejected by the safety system. (Type: image_generation_user_error)"
"""How a partner node says that its provider refuses: in words of theirs, without a code.

Source: comfy_api_nodes/util/client.py, _friendly_http_message.
"""


class Interrupted(Exception):
    """A prompt was told to stop."""


class NodeFailed(Exception):
    """A node raised. kind: the type of its exception."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


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


class Work:
    """The prompts of one server, one after the other.

    crash: closes the port, resets the connections, lets this forget everything. The others: see the engine.
    """

    def __init__(
        self, crash: Callable[[], Awaitable[None]], *, names_previews: bool, drops_newer: bool, shows_previews: bool,
        step_s: float,
    ) -> None:  # fmt: skip
        self.voice = Voice(lambda: len(self.everything), names_previews=names_previews, drops_newer=drops_newer)
        self.workshop = Workshop()
        self.history: dict[str, JSON] = {}
        self.held = asyncio.Event()
        """Cleared: nothing is begun."""
        self.held.set()
        self.begins = asyncio.Event()
        """Cleared: whose turn it is stays at the moment before its beginning."""
        self.begins.set()
        self.loaded = asyncio.Event()
        """Cleared: a model is read from the disk, without a word."""
        self.loaded.set()
        self.made = 0
        self.queue: deque[Item] = deque()
        self.running: Item | None = None
        self.interrupt = asyncio.Event()
        self._crash, self._shows_previews, self._step_s = crash, shows_previews, step_s
        self._queued = asyncio.Condition()
        self._number = 0
        self.life = 1
        self.down = False
        """What is asked while it is down, or was asked in an earlier life, is not heard."""

    @property
    def everything(self) -> list[Item]:
        """What is in work and in the queue."""
        return [item for item in (self.running, *self.queue) if item is not None]

    def forget(self) -> None:
        """Know nothing any more, as after a new start."""
        self.life += 1
        self.down = True
        self.running, self.voice.client, self.voice.last_node = None, None, None
        self.queue.clear()
        self.history.clear()
        self.workshop.forget()

    async def put(
        self, graph: JSON, prompt: str, extra: JSON, *, ours: bool, trouble: Trouble | None, life: int | None = None
    ) -> int:
        """Queue a prompt, if that was asked in this life; return its number."""
        self._number += 1
        async with self._queued:
            if self.down or life not in (None, self.life):
                return 0
            self.queue.append(Item(self._number, prompt, graph, extra, ours, trouble))
            self._queued.notify_all()
        await self.voice.say_status()
        return self._number

    def dequeue(self, prompt: str) -> bool:
        found = [item for item in self.queue if item.prompt == prompt]
        for item in found:
            self.queue.remove(item)
        return bool(found)

    def interrupt_if_running(self, prompt: str) -> bool:
        running = self.running is not None and self.running.prompt == prompt
        if running:
            self.interrupt.set()
        return running

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            async with self._queued:
                await self._queued.wait_for(lambda: self.queue)
                item = self.queue[0]
            await self.held.wait()
            if not self.queue or self.queue[0] is not item:
                continue  # taken back meanwhile
            self.queue.popleft()
            self.running = item
            # It counts as running for a moment before it is begun, and then forgets whoever interrupted it meanwhile.
            await asyncio.sleep(self._step_s / 5)
            await self.begins.wait()
            await self._execute(item)

    async def _execute(self, item: Item) -> None:
        self.interrupt.clear()
        self.voice.client = item.client
        if item.trouble is Trouble.SHOWS_NOTHING:
            for node in item.graph:
                self.workshop.evaluate(item.graph, node)
        success = True
        await self._tell(item, "execution_start", {})
        outputs: JSON = {}
        try:
            cached = [node for node in item.graph if self.workshop.knows(item.graph, node)]
            await self._tell(item, "execution_cached", {"nodes": cached})
            for node in self._order(item):
                await self._node(item, node, outputs)
            await self._tell(item, "execution_success", {})
        except Interrupted:
            success = False
            where = {"node_id": "sampler", "node_type": "KSampler", "executed": []}
            await self._tell(item, "execution_interrupted", where, broadcast=True)
        except NodeFailed as exc:
            success = False
            await self._tell(item, "execution_error", {
                "node_id": "sampler", "node_type": "KSampler", "exception_type": exc.kind, "executed": [],
                "exception_message": f"{exc}\n", "traceback": [], "current_inputs": {}, "current_outputs": [],
            })  # fmt: skip
        self.voice.last_node = None
        # The history has it only now, behind the last message but one.
        await asyncio.sleep(self._step_s / 5)
        self.running = None
        self.made += success and item.ours
        status = {"status_str": "success" if success else "error", "completed": success, "messages": item.messages}
        self.history[item.prompt] = {"prompt": item.as_list(), "outputs": outputs, "meta": {}, "status": status}
        if item.client is not None:
            await self.voice.say("executing", {"node": None, "prompt_id": item.prompt}, item.client)
        await self.voice.say_status()

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
        at = {"node": node, "display_node": node, "prompt_id": item.prompt}
        if not self.workshop.knows(item.graph, node):
            await self._progress_state(item, node, 0.0, 1.0, "running")
            self.voice.last_node = node
            if item.client is not None:
                await self.voice.say("executing", at, item.client)
            if item.graph[node]["class_type"] == "CheckpointLoaderSimple":
                await self.loaded.wait()
            if item.graph[node]["class_type"] == "KSampler":
                await self._sample(item, node)
            if self.interrupt.is_set():
                raise Interrupted
        made = self.workshop.evaluate(item.graph, node)
        if item.is_output(node):
            outputs[node] = made
            if item.client is not None:
                await self.voice.say("executed", at | {"output": made}, item.client)
        value = item.states.get(node, {}).get("max", 1.0)
        await self._progress_state(item, node, value, value, "finished")

    async def _sample(self, item: Item, node: str) -> None:
        """Sample as latent_preview.prepare_callback and main.hijack_progress tell of it."""
        inputs = item.graph[node]["inputs"]
        steps = 0 if inputs["denoise"] <= 0 else inputs["steps"]
        picture = self.workshop.drawn(item.graph, node)
        shown = self._shows_previews and item.extra.get("preview_method") == "latent2rgb"
        step = 1
        while step <= steps:
            await asyncio.sleep(self._step_s)
            if self.interrupt.is_set():
                raise Interrupted
            await self._step(item, node, step, steps, self.workshop.preview(picture, step, steps) if shown else None)
            if step == 1:
                await self._suffer(item)
            # A node may do the same again for ever, such as one that waits for somebody else's service.
            step += item.trouble is not Trouble.NEVER_ENDS

    async def _step(self, item: Item, node: str, step: int, steps: int, preview: bytes | None) -> None:
        named = self.voice.reads_names(item.client)
        await self._progress_state(item, node, step, steps, "running")
        if preview is not None and named:
            at = {"node_id": node, "prompt_id": item.prompt, "display_node_id": node}
            header = json.dumps(at | {"image_type": "image/jpeg"}).encode()
            await self.voice.show((4).to_bytes(4) + len(header).to_bytes(4) + header + preview, item.client)
        progress = {"value": step, "max": steps, "prompt_id": item.prompt, "node": node}
        await self.voice.say("progress", progress, item.client)
        if preview is not None and not named:
            await self.voice.show(FRAME_1_JPEG + preview, item.client)

    async def _suffer(self, item: Item) -> None:
        match item.trouble:
            case Trouble.REFUSES:
                raise NodeFailed("Exception", MODERATED)
            case Trouble.FAILS:
                message = "Allocation on device 0 would exceed allowed memory."
                raise NodeFailed("torch.OutOfMemoryError", message)
            case Trouble.FALLS_SILENT:
                await self.interrupt.wait()
                raise Interrupted
            case Trouble.CUTS:
                self.voice.cut()
            case Trouble.CRASHES:
                await self._crash()
                await asyncio.Event().wait()

    async def _tell(self, item: Item, event: str, data: JSON, *, broadcast: bool = False) -> None:
        message = {"prompt_id": item.prompt, **data, "timestamp": time.time_ns() // 1_000_000}
        item.messages.append([event, message])
        if item.client is not None or broadcast:
            await self.voice.say(event, message, item.client)

    async def _progress_state(self, item: Item, node: str, value: float, maximum: float, state: str) -> None:
        item.states[node] = {
            "value": value, "max": maximum, "state": state, "node_id": node, "prompt_id": item.prompt,
            "display_node_id": node, "parent_node_id": None, "real_node_id": node,
        }  # fmt: skip
        if self.voice.names_previews:
            await self.voice.say("progress_state", {"prompt_id": item.prompt, "nodes": item.states}, item.client)
