"""The WebSocket of a client: opened when there is something to say, opened again when it is lost."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import Iterable

import orjson
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as open_socket
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.typing import Subprotocol

from livefeed.client.dialogue import Changed, Dialogue
from livefeed.client.errors import ProtocolBroken, Unreachable, from_problem
from livefeed.client.frames import Codec, decode
from livefeed.client.http import Credentials
from livefeed.client.reason import reason_of
from livefeed.client.reconnect import DRAINING, BackOff, verdict
from livefeed.errors import BadRequest, LivefeedError

log = logging.getLogger("livefeed.client")

MAX_MESSAGE_BYTES = 16 * 1024 * 1024
WELCOME_S = 10.0
AUTH_REF = 1
"""The dialogue's own references begin above."""


class Link:
    """Carries a dialogue. `run` is to be owned by a task group; it ends only by cancellation, or when it has
    failed.

    patience_s: how long the first connection is tried; one that has been greeted is tried for again forever.
    """

    def __init__(self, url: str, credentials: Credentials, codec: Codec, *, patience_s: float) -> None:
        self.dialogue = Dialogue()
        self.failure: LivefeedError | None = None
        self._url = url
        self._credentials = credentials
        self._codec = codec
        self._patience_s = patience_s
        self._needed = asyncio.Event()
        self._say = asyncio.Event()
        self._bells: dict[Changed, asyncio.Event] = {}
        self._greeted = False
        self._token: str | None = None

    # For those who want something.

    def bell(self, who: Changed) -> asyncio.Event:
        """Return the event that is set whenever something has come for `who`; `hang_up` forgets it."""
        return self._bells.setdefault(who, asyncio.Event())

    def hang_up(self, who: Changed) -> None:
        self._bells.pop(who, None)

    def speak(self) -> None:
        """The dialogue has something new to say. Raises: what ended the link, if it has ended."""
        if self.failure is not None:
            raise self.failure
        self._needed.set()
        self._say.set()

    def check(self, data: object) -> None:
        """Raises: BadRequest if `data` cannot be written into a frame."""
        try:
            self._codec.encode({"data": data})
        except (TypeError, ValueError, OverflowError, RecursionError) as exc:
            raise BadRequest(f"The data cannot be sent: {exc}.") from exc

    def end(self, error: LivefeedError) -> None:
        """Tell everybody that there will be no further connection, and why."""
        self.failure = self.failure or error
        self._ring(self.dialogue.fail(self.failure))

    # The connection.

    async def run(self) -> None:
        """Keep connected while there is something to follow or to ask."""
        try:
            await self._stay()
        except LivefeedError as exc:
            self.end(exc)
        except Exception:
            self.end(LivefeedError("The client made a mistake; its log has the details."))
            raise

    async def _stay(self) -> None:
        back_off, loop = BackOff(), asyncio.get_running_loop()
        began_s: float | None = None
        while True:
            await self._needed.wait()
            began_s = loop.time() if began_s is None else began_s
            at_least_s, why = await self._one_connection(back_off)
            if not self.dialogue.idle:
                pause_s = back_off.pause_s(random.random(), at_least_s=at_least_s)
                if not self._greeted and loop.time() + pause_s > began_s + self._patience_s:
                    raise Unreachable(f"No livefeed server answers at {self._url}: {why}.")
                level = logging.WARNING if self._greeted else logging.INFO
                log.log(level, "the connection is gone (%s); trying again in %.1f s", why, pause_s)
                await asyncio.sleep(pause_s)
            else:
                self._needed.clear()

    async def _one_connection(self, back_off: BackOff) -> tuple[float, str]:
        """Connect and talk until it ends; return how long to stay away at least, and why it ended.

        Raises: LivefeedError when there is no point in coming back.
        """
        loop = asyncio.get_running_loop()
        greeted_s: float | None = None
        self._token = self._credentials.token
        try:
            async with open_socket(
                self._url,
                subprotocols=[Subprotocol(self._codec.value)],
                additional_headers={"Authorization": f"Bearer {self._token}"} if self._token else None,
                max_size=MAX_MESSAGE_BYTES,
                close_timeout=2,
                proxy=None,
            ) as socket:
                async with asyncio.timeout(WELCOME_S):
                    self._hear(await socket.recv())
                if self.dialogue.welcome is None:
                    raise ProtocolBroken("it did not say welcome")
                greeted_s, self._greeted = loop.time(), True
                log.info("connected to %s", self._url)
                try:
                    await self._talk(socket)
                finally:
                    back_off.lived(loop.time() - greeted_s)
            code, reason = socket.close_code, socket.close_reason or ""
            if code == DRAINING or self.dialogue.drain_ms is not None:
                back_off.tries = 0
            error = verdict(code, reason)
            if error is not None:
                raise error
            return 0.0, reason or f"closed with {code}"
        except InvalidStatus as exc:
            return self._refused(exc)
        except ConnectionClosed as exc:
            error = verdict(exc.rcvd.code if exc.rcvd else None, exc.rcvd.reason if exc.rcvd else "")
            if error is not None:
                raise error from exc
            return 0.0, str(exc)
        except (WebSocketException, OSError, TimeoutError) as exc:
            return 0.0, reason_of(exc)
        except ProtocolBroken as exc:
            return 1.0, exc.message
        finally:
            self.dialogue.lost()

    def _refused(self, exc: InvalidStatus) -> tuple[float, str]:
        body = None
        with contextlib.suppress(orjson.JSONDecodeError):
            body = orjson.loads(exc.response.body or b"")
        status = exc.response.status_code
        error = from_problem(status, body)
        if status < 500 and status != 429:
            raise error from exc
        return error.retry_after_s or 0.0, error.message

    async def _talk(self, socket: ClientConnection) -> None:
        """Say what is due and hear what comes until the connection ends."""
        broken: ProtocolBroken | None = None
        async with asyncio.TaskGroup() as tasks:
            sides = [tasks.create_task(self._write(socket))]
            try:
                while self.dialogue.drain_ms is None:
                    self._hear(await socket.recv())
                sides.append(tasks.create_task(self._leave(socket, self.dialogue.drain_ms / 1000)))
                while True:
                    self._hear(await socket.recv())
            except ConnectionClosed:
                pass
            except ProtocolBroken as exc:
                broken = exc
            finally:
                for side in sides:
                    side.cancel()
        if broken is not None:
            raise broken

    def _hear(self, message: str | bytes) -> None:
        now_s = asyncio.get_running_loop().time()
        for frame in decode(message):
            self._ring(self.dialogue.hear(frame, now_s))
        self._say.set()

    def _ring(self, changed: Iterable[Changed]) -> None:
        for who in changed:
            bell = self._bells.get(who)
            if bell is not None:
                bell.set()

    async def _write(self, socket: ClientConnection) -> None:
        with contextlib.suppress(ConnectionClosed):
            while True:
                self._say.clear()
                if self._credentials.token is not None and self._credentials.token != self._token:
                    self._token = self._credentials.token
                    await self._send(socket, {"op": "auth", "ref": AUTH_REF, "token": self._token})
                due, wait_s = self.dialogue.take(asyncio.get_running_loop().time())
                for frame in due:
                    await self._send(socket, frame)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(wait_s):
                        await self._say.wait()

    async def _send(self, socket: ClientConnection, frame: dict[str, object]) -> None:
        await socket.send(self._codec.encode(frame))

    @staticmethod
    async def _leave(socket: ClientConnection, after_s: float) -> None:
        """The server drains: leave when it is our turn, to come back elsewhere."""
        await asyncio.sleep(after_s)
        await socket.close()
