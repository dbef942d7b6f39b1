"""The HTTP side: one picture's requests to one server."""

from __future__ import annotations

from typing import Any, Final

import aiohttp
import orjson
from yarl import URL

from livefeed.generation.generator import EngineLost
from livefeed.generation.generators.automatic1111 import wire
from livefeed.generation.generators.fitting import MAX_FILE_BYTES

CONNECT_S: Final = 10.0
LOOK_S: Final = 5.0
"""A look, or an interruption, that takes longer has failed; it holds no picture's full bytes."""
JSON: Final = {"Content-Type": "application/json"}
MAX_ANSWER_BYTES: Final = 2 * MAX_FILE_BYTES
"""base64 takes a third more, the server's words little."""


class Server:
    """Talks to the server at `url`. Every method raises EngineLost when it cannot be reached, Failed as `wire.failure`.

    url: may hold a user and a password, which no message repeats.
    """

    def __init__(self, url: URL) -> None:
        self._base = url
        self.shown = str(url.with_user(None))
        # A picture's answer comes after minutes without a byte; who waits for it decides how long.
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S))

    async def close(self) -> None:
        """Close the connections; the server goes on with what it has."""
        await self._session.close()

    async def paint(self, route: str, body: bytes) -> bytes:
        """Return the answer to a request for a picture, minutes later. body: JSON."""
        status, answer = await self._ask("POST", route, body)
        if status != 200:
            raise wire.failure(status, answer, self.shown)
        return answer

    async def task(self, name: str, preview_id: int) -> wire.Sighting | None:
        """Look at one task; None when this server cannot tell of tasks.

        preview_id: of the last preview had, which is not sent again; -1: none.
        """
        body = orjson.dumps({"id_task": name, "live_preview": True, "id_live_preview": preview_id})
        status, answer = await self._ask("POST", wire.TASK_PROGRESS, body, timeout_s=LOOK_S)
        if status in (404, 405):
            return None
        return wire.read_task(self._document(status, answer))

    async def state(self, *, preview: bool = False, timeout_s: float = LOOK_S) -> wire.ServerState:
        """Look at what the server does for whomever."""
        route = f"{wire.SERVER_PROGRESS}?skip_current_image={'false' if preview else 'true'}"
        status, answer = await self._ask("GET", route, timeout_s=timeout_s)
        return wire.read_server(self._document(status, answer))

    async def model(self) -> str:
        """Return the model that the server paints with, "" when it does not say."""
        status, answer = await self._ask("GET", wire.OPTIONS, timeout_s=LOOK_S)
        options = self._document(status, answer)
        return str(options.get("sd_model_checkpoint") or "") if isinstance(options, dict) else ""

    async def interrupt(self) -> None:
        """Stop the job that runs, whosever it is, at its next step."""
        status, answer = await self._ask("POST", wire.INTERRUPT, timeout_s=LOOK_S)
        if status != 200:
            raise wire.failure(status, answer, self.shown)

    def _document(self, status: int, answer: bytes) -> Any:
        if status != 200:
            raise wire.failure(status, answer, self.shown)
        try:
            return orjson.loads(answer)
        except ValueError as exc:
            raise wire.Failed(f"The server at {self.shown} answers no JSON; is it the right address?") from exc

    async def _ask(
        self, method: str, route: str, body: bytes | None = None, *, timeout_s: float | None = None
    ) -> tuple[int, bytes]:
        timeout = aiohttp.ClientTimeout(total=timeout_s, sock_connect=CONNECT_S)
        url, _, query = route.partition("?")
        address = (self._base / url).with_query(query)
        try:
            async with self._session.request(
                method, address, data=body, headers=JSON, timeout=timeout, allow_redirects=False
            ) as response:
                return response.status, await self._read(response)
        except TimeoutError as exc:
            raise EngineLost(f"The server at {self.shown} does not answer.") from exc
        except aiohttp.ClientConnectorError as exc:
            advice = "start it there with --api, or correct LIVEFEED_AUTOMATIC1111_URL"
            raise EngineLost(f"The server at {self.shown} cannot be reached ({exc.os_error}): {advice}.") from exc
        except aiohttp.ClientError as exc:
            raise EngineLost(f"The server at {self.shown} cannot be reached: {type(exc).__name__}.") from exc

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        parts, size = [], 0
        async for part in response.content.iter_any():
            size += len(part)
            if size > MAX_ANSWER_BYTES:
                raise wire.Failed(f"The server at {self.shown} answers more than {MAX_ANSWER_BYTES} bytes.")
            parts.append(part)
        return b"".join(parts)
