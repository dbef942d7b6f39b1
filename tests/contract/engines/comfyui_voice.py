"""The sockets of the fake ComfyUI server, and who is told what: server.PromptServer."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

from aiohttp import web

from tests.contract.engines.comfyui_nodes import JSON


class Voice:
    """What the server says on its sockets.

    names_previews, drops_newer: see the engine. remaining: prompts in work and in the queue.
    """

    def __init__(self, remaining: Callable[[], int], *, names_previews: bool, drops_newer: bool) -> None:
        self.connections = self.agreements = 0
        """Sockets that were opened, and those whose client can read pictures with metadata."""
        self.slams = False
        """Every socket is closed as soon as it is open."""
        self.deaf = False
        """Its sockets say nothing any more, while it works on."""
        self.client: str | None = None
        """Whose prompt runs."""
        self.last_node: str | None = None
        self.names_previews = names_previews
        self._drops_newer = drops_newer
        self._remaining = remaining
        self._sockets: dict[str, tuple[web.WebSocketResponse, web.Request]] = {}
        self._flags: dict[str, JSON] = {}

    async def join(self, request: web.Request) -> web.WebSocketResponse:
        """GET /ws"""
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
            await self.say("status", {"status": self.status, "sid": sid}, sid)
            if self.client == sid and self.last_node is not None:
                await self.say("executing", {"node": self.last_node}, sid)
            first = True
            async for message in socket:
                said = json.loads(message.data)
                if first and said.get("type") == "feature_flags":
                    self._flags[sid] = said["data"]
                    self.agreements += said["data"].get("supports_preview_metadata") is True
                    if self.names_previews:
                        await self.say("feature_flags", {"supports_preview_metadata": True}, sid)
                first = False
        finally:
            if self._drops_newer or self._sockets.get(sid) is mine:
                self._sockets.pop(sid, None)
                self._flags.pop(sid, None)
        return socket

    @property
    def status(self) -> JSON:
        return {"exec_info": {"queue_remaining": self._remaining()}}

    def reads_names(self, sid: str | None) -> bool:
        """Return whether pictures go to this client with metadata."""
        return self.names_previews and self._flags.get(sid or "", {}).get("supports_preview_metadata") is True

    def cut(self) -> None:
        """Break every socket."""
        for _, request in self._sockets.values():
            if request.transport is not None:
                request.transport.abort()

    async def say_status(self) -> None:
        await self.say("status", {"status": self.status}, None)

    async def say(self, event: str, data: JSON, sid: str | None) -> None:
        await self._each(sid, lambda socket: socket.send_json({"type": event, "data": data}))

    async def show(self, frame: bytes, sid: str | None) -> None:
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
