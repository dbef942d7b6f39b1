"""A ComfyUI server: its HTTP calls and its WebSocket. Every error says whose fault it is.

Source: ComfyUI's server.py and docs.comfy.org, "Routes". The paths are those without `/api`, which old servers do not
have; only `/api/jobs` exists under that name alone.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import Enum
from types import TracebackType
from typing import Any, Final, Self

import aiohttp
from yarl import URL

from livefeed.generation.generator import EngineLost
from livefeed.generation.generators.comfyui.history import File, rejection
from livefeed.generation.generators.comfyui.messages import CLIENT_FEATURES, Message, read_binary, read_text
from livefeed.generation.generators.comfyui.workflow import Graph
from livefeed.generation.generators.fitting import MAX_FILE_BYTES

log = logging.getLogger(__name__)

MAX_JSON_BYTES: Final = 64 * 1024 * 1024
MAX_MESSAGE_BYTES: Final = 16 * 1024 * 1024
CONNECT_S: Final = 10.0
CLOSE_S: Final = 1.0
SHORTEST_S: Final = 0.001


class Standing(Enum):
    """Where a prompt is while it has no record in the history."""

    PENDING = "pending"
    RUNNING = "running"
    UNKNOWN = "unknown"


class Cut(Exception):
    """The WebSocket is closed or broken."""


class Socket:
    """The messages of one connection."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    async def receive(self, timeout_s: float) -> list[Message] | None:
        """Return what the next frame says, None when there was none in time. Raises: Cut."""
        try:
            # aiohttp takes 0 for ever.
            frame = await self._socket.receive(max(SHORTEST_S, timeout_s))
        except TimeoutError:
            return None
        match frame.type:
            case aiohttp.WSMsgType.TEXT:
                return read_text(frame.data)
            case aiohttp.WSMsgType.BINARY:
                return read_binary(frame.data)
            case aiohttp.WSMsgType.PING | aiohttp.WSMsgType.PONG:
                return []
            case _:
                raise Cut

    async def close(self) -> None:
        """Leave, within a second. It never raises for a connection that is gone."""
        await self._socket.close()


class Server:
    """One server for one picture, between `async with`."""

    def __init__(self, url: str, *, silence_s: float) -> None:
        """silence_s: how long each answer may be waited for."""
        self._url = URL(url.rstrip("/"))
        self._silence_s = silence_s
        self._session: aiohttp.ClientSession | None = None
        self.address = str(self._url.with_user(None).with_query(None))
        """The URL without its password, for messages."""
        self.gone = False
        """Nothing listens there any more: what it had in its queue and its history went with it."""

    async def __aenter__(self) -> Self:
        limits = aiohttp.ClientTimeout(
            total=None, sock_connect=min(CONNECT_S, self._silence_s), sock_read=self._silence_s
        )
        self._session = aiohttp.ClientSession(timeout=limits)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def listen(self, client: str) -> Socket:
        """Connect, and say what we can read. Raises: EngineLost, ValueError."""
        async with self._translated("the WebSocket"), asyncio.timeout(self._silence_s):
            socket = await self._open.ws_connect(
                self._url.joinpath("ws").with_query(clientId=client),
                heartbeat=self._silence_s,
                max_msg_size=MAX_MESSAGE_BYTES,
                timeout=aiohttp.ClientWSTimeout(ws_close=CLOSE_S),
            )
            try:
                await socket.send_json(CLIENT_FEATURES)
            except BaseException:
                await socket.close()
                raise
        return Socket(socket)

    async def checkpoints(self) -> list[str]:
        """Return the checkpoints that the server has. Raises: EngineLost, ValueError."""
        answer = await self._json("GET", self._url.joinpath("models", "checkpoints"))
        return [name for name in answer if isinstance(name, str)] if isinstance(answer, list) else []

    async def version(self) -> str:
        """Return the server's version, as far as it says one. Raises: EngineLost, ValueError."""
        match await self._json("GET", self._url.joinpath("system_stats")):
            case {"system": dict(system)}:
                return str(system.get("comfyui_version") or "of an unknown version")
        raise ValueError(f"What answers at {self.address} is no ComfyUI.")

    async def upload(self, name: str, file: bytes) -> str:
        """Put a picture into the server's temporary folder; return what a Load Image node calls it.

        Raises: EngineLost; ValueError when the server does not take it.
        """
        form = aiohttp.FormData({"type": "temp", "subfolder": "livefeed", "overwrite": "true"})
        form.add_field("image", file, filename=name, content_type="image/png")
        answer = await self._json("POST", self._url.joinpath("upload", "image"), data=form)
        match answer:
            case {"name": str(kept), **more}:
                path = "/".join(str(part) for part in (more.get("subfolder"), kept) if part)
                # A bare name is one of the input folder.
                return path if more.get("type", "input") == "input" else f"{path} [{more['type']}]"
        raise ValueError(f"ComfyUI at {self.address} took the parent's picture, but does not say where it put it.")

    async def submit(self, graph: Graph, *, prompt: str, client: str) -> str:
        """Queue a workflow; return the id the server knows it by: `prompt`, a UUID, unless the server is an old one.

        Raises: EngineLost; ValueError saying which node is wrong.
        """
        body = {
            "prompt": graph,
            "prompt_id": prompt,
            "client_id": client,
            # Without it there are no pictures on the way: the server's default is `none`.
            "extra_data": {"preview_method": "latent2rgb"},
        }
        answer = await self._json("POST", self._url.joinpath("prompt"), json=body)
        match answer:
            case {"prompt_id": str(known), **more}:
                if more.get("node_errors"):
                    log.warning("ComfyUI at %s leaves out a part of the workflow: %s", self.address, rejection(answer))
                return known
        raise ValueError(f"ComfyUI at {self.address} took the workflow, but does not say under which id.")

    async def record(self, prompt: str) -> dict[str, Any] | None:
        """Return what the history has of a prompt that has ended. Raises: EngineLost, ValueError."""
        answer = await self._json("GET", self._url.joinpath("history", prompt))
        record = answer.get(prompt) if isinstance(answer, dict) else None
        return record if isinstance(record, dict) else None

    async def standing(self, prompt: str) -> Standing:
        """Return where a prompt is in the queue. Raises: EngineLost, ValueError."""
        for standing, item in await self._queue():
            if item[1:2] == [prompt]:
                return standing
        return Standing.UNKNOWN

    async def prompt_of(self, client: str) -> str | None:
        """Return the id of a prompt in the queue that a client has put there, if any. Raises: EngineLost, ValueError.

        Every item is a list: number, id, graph, what was sent beside it with the client's name, outputs.
        """
        for _, item in await self._queue():
            match item:
                case [_, str(prompt), _, {"client_id": whose}, *_] if whose == client:
                    return prompt
        return None

    async def _queue(self) -> list[tuple[Standing, list[Any]]]:
        answer = await self._json("GET", self._url.joinpath("queue"))
        found: list[tuple[Standing, list[Any]]] = []
        for name, standing in (("queue_running", Standing.RUNNING), ("queue_pending", Standing.PENDING)):
            items = answer.get(name) if isinstance(answer, dict) else None
            found += [(standing, item) for item in items or () if isinstance(item, list)]
        return found

    async def view(self, file: File) -> bytes:
        """Return a picture's file. Raises: EngineLost, ValueError."""
        asked = {"filename": file.filename, "subfolder": file.subfolder, "type": file.kind}
        return await self._read("GET", self._url.joinpath("view").with_query(asked), MAX_FILE_BYTES)

    async def cancel(self, prompt: str) -> None:
        """Take a prompt out of the queue, or stop it at its next step, and no other. Raises: EngineLost, ValueError."""
        if await self._cancel_job(prompt):
            return
        await self._read("POST", self._url.joinpath("queue"), MAX_JSON_BYTES, json={"delete": [prompt]})
        # Old servers ignore the id and stop whatever runs, so that it has to be ours.
        if await self.standing(prompt) is Standing.RUNNING:
            await self._read("POST", self._url.joinpath("interrupt"), MAX_JSON_BYTES, json={"prompt_id": prompt})

    async def _cancel_job(self, prompt: str) -> bool:
        """Return whether the server has the call that does it all.

        One that has not answers 405: it serves its pages' files under every path, for GET alone.
        """
        url = self._url.joinpath("api", "jobs", prompt, "cancel")
        async with self._translated(url.path), self._open.post(url) as response:
            if response.status not in (404, 405):
                await self._check(response)
                return True
        return False

    @property
    def _open(self) -> aiohttp.ClientSession:
        assert self._session is not None, "the server is used between `async with`"
        return self._session

    async def _json(self, method: str, url: URL, **more: Any) -> Any:
        body = await self._read(method, url, MAX_JSON_BYTES, **more)
        try:
            return json.loads(body)
        except ValueError as exc:
            raise ValueError(f"ComfyUI at {self.address} answers {url.path} with something that is not JSON.") from exc

    async def _read(self, method: str, url: URL, limit: int, **more: Any) -> bytes:
        async with self._translated(url.path), self._open.request(method, url, **more) as response:
            await self._check(response)
            return await self._body(response, limit)

    async def _body(self, response: aiohttp.ClientResponse, limit: int) -> bytes:
        body = bytearray()
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > limit:
                raise ValueError(f"ComfyUI at {self.address} sends more than {limit} bytes for {response.url.path}.")
        return bytes(body)

    async def _check(self, response: aiohttp.ClientResponse) -> None:
        if response.status < 400:
            return
        where = f"ComfyUI at {self.address}"
        if response.status >= 500 or response.status == 429:
            raise EngineLost(f"{where} answered {response.status} to {response.url.path}; its own log says why.")
        try:
            reason = rejection(json.loads(await self._body(response, MAX_JSON_BYTES)))
        except ValueError:
            reason = response.reason or "no reason was given"
        raise ValueError(f"{where} refused {response.url.path} with {response.status}: {reason}.")

    @asynccontextmanager
    async def _translated(self, what: str) -> AsyncIterator[None]:
        try:
            yield
        except aiohttp.ClientConnectorError as exc:
            if isinstance(exc.os_error, ConnectionRefusedError):
                self.gone = True
                message = f"Nothing listens at {self.address}; start ComfyUI there, or correct its URL."
                raise EngineLost(message) from exc
            raise EngineLost(f"ComfyUI at {self.address} cannot be reached: {exc.os_error}.") from exc
        except TimeoutError as exc:
            message = f"ComfyUI at {self.address} did not answer for {self._silence_s:g} s ({what})."
            raise EngineLost(message) from exc
        except aiohttp.WSServerHandshakeError as exc:
            message = f"ComfyUI at {self.address} refused the WebSocket with {exc.status}"
            if exc.status >= 500 or exc.status == 429:
                raise EngineLost(f"{message}; its own log says why.") from exc
            raise ValueError(f"{message}; a proxy before it must let /ws through.") from exc
        except (aiohttp.ClientError, OSError) as exc:
            raise EngineLost(f"ComfyUI at {self.address} broke off {what}: {type(exc).__name__}.") from exc
