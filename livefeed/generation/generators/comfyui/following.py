"""A prompt from its submission to its end, over cut and silent connections."""

from __future__ import annotations

import asyncio
import logging
import uuid
from typing import Final

from livefeed.generation.generator import EngineLost
from livefeed.generation.generators.comfyui.history import Made, Unmade, outcome
from livefeed.generation.generators.comfyui.run import Run, Shown
from livefeed.generation.generators.comfyui.server import Cut, Server, Socket, Standing
from livefeed.generation.generators.comfyui.workflow import Graph, Template

log = logging.getLogger(__name__)

CANCEL_S: Final = 5.0
LINGER_S: Final = 0.1
"""How long a step waits for its picture, where the server sends that behind it."""
LOOK_S: Final = 5.0
"""So long without a word about our prompt, and the watchdog looks where it is."""
ENDING_LOOK_S: Final = 0.1
"""The history has a prompt a moment after its last message."""
RECONNECT_S: Final = 0.1
"""The second pause before a connection is tried again; the first is none, and the longest is the watchdog's."""
CANCEL_PAUSES_S: Final = (0.1, 0.2, 0.4, 0.8)
"""Between two looks whether a prompt that may just have begun has heeded its cancellation."""
LOADING: Final = 5
"""Before its first step a prompt may be silent so many times longer: models come from the disk without a word."""


class Following:
    """What one prompt does, piece by piece. Its end is always read from the history, whatever the socket said of it."""

    def __init__(self, server: Server, template: Template, *, steps: int, silence_s: float) -> None:
        """silence_s: without a sign from the prompt for so long, the engine is lost."""
        self._server = server
        self._template = template
        self._steps = steps
        self._silence_s = silence_s
        self._client = uuid.uuid4().hex
        # Servers since June 2026 take no other spelling of an id than this.
        self._prompt = str(uuid.uuid4())
        self._run = Run(self._prompt, template.samplers, steps)
        self._socket: Socket | None = None
        self._submitted = self._answered = self._begun = self._ended = False
        self._signed_s = self._look_s = self._pause_s = 0.0

    async def start(self, graph: Graph) -> None:
        """Listen, then queue the workflow, so that no message is missed. Raises: EngineLost, ValueError."""
        self._socket = await self._server.listen(self._client)
        self._submitted = True  # from here on it may be there, answer or not
        try:
            self._prompt = await self._server.submit(graph, prompt=self._prompt, client=self._client)
        except ValueError:
            self._answered = True
            raise
        self._answered = True
        self._run = Run(self._prompt, self._template.samplers, self._steps)
        self._sign()

    async def next(self) -> list[Shown] | Made | Unmade:
        """Return what is new, perhaps nothing, or the end. Raises: EngineLost, ValueError."""
        if self._now() >= self._look_s and (end := await self._look()) is not None:
            self._ended = True
            return end
        if self._socket is None and not await self._reconnect():
            return []
        assert self._socket is not None
        wait_s = self._look_s - self._now()
        try:
            messages = await self._socket.receive(min(wait_s, LINGER_S) if self._run.waiting else wait_s)
        except Cut:
            await self._socket.close()
            self._socket, self._look_s = None, self._now()
            return self._run.flush()
        if messages is None:
            return self._run.flush()
        before, shown = (self._run.over, self._run.ended), list[Shown]()
        for message in messages:
            ours, more = self._run.receive(message)
            shown += more
            if ours:
                self._begun = True
                self._sign()
                self._pause_s = 0.0
        if (self._run.over, self._run.ended) != before:
            self._look_s = self._now()
        return shown

    async def close(self) -> None:
        """Take the prompt back unless it has ended, within a few seconds, and leave."""
        try:
            if self._submitted and not self._ended:
                async with asyncio.timeout(CANCEL_S):
                    await self._cancel()
        except (EngineLost, TimeoutError, ValueError) as exc:
            log.info("ComfyUI was not told to stop prompt %s: %s", self._prompt, str(exc) or "no answer in time")
        finally:
            if self._socket is not None:
                await self._socket.close()

    async def _cancel(self) -> None:
        """Take the prompt back. Raises: EngineLost, ValueError.

        A prompt forgets an interruption that comes between its turn and its beginning (execution.py, execute_async),
        though the server says that it was cancelled. One that has spoken on the socket has begun.
        """
        known = self._answered or await self._find()
        await self._server.cancel(self._prompt)
        for pause_s in () if self._begun else CANCEL_PAUSES_S:
            if not known:
                known = await self._find()
            elif await self._server.standing(self._prompt) is Standing.UNKNOWN:
                return
            await asyncio.sleep(pause_s)
            await self._server.cancel(self._prompt)

    async def _find(self) -> bool:
        """Learn the prompt's id from the queue, as old servers make their own; tell whether it is there.

        Without an answer to its submission nobody knows, nor whether it is still on its way. Raises: EngineLost,
        ValueError.
        """
        found = await self._server.prompt_of(self._client)
        self._prompt = found or self._prompt
        return found is not None

    async def _look(self) -> Made | Unmade | None:
        """Ask the history, then the queue, where the prompt is: nothing on the socket can be relied on."""
        self._look_s = self._now() + self._look_pause_s
        standing = None
        try:
            record = await self._server.record(self._prompt)
            if record is None:
                standing = await self._server.standing(self._prompt)
            if standing is Standing.UNKNOWN:
                # It may have ended between the two questions.
                record = await self._server.record(self._prompt)
        except EngineLost as exc:
            self._bear(exc)
            return None
        if record is not None:
            return outcome(record, list(self._template.graph))
        if standing is Standing.UNKNOWN:
            where = f"ComfyUI at {self._server.address}"
            raise EngineLost(f"{where} does not know prompt {self._prompt} any more; it was restarted, or emptied.")
        if standing is Standing.PENDING:
            self._sign()
        self._check_patience()
        return None

    async def _reconnect(self) -> bool:
        """Return whether there is a connection again. The first is tried at once, the others after growing pauses."""
        await asyncio.sleep(self._pause_s)
        self._pause_s = min(max(RECONNECT_S, 2 * self._pause_s), self._look_pause_s)
        try:
            self._socket = await self._server.listen(self._client)
        except EngineLost as exc:
            self._bear(exc)
            return False
        self._run.reconnected()
        return True

    @property
    def _look_pause_s(self) -> float:
        return min(ENDING_LOOK_S if self._run.over else LOOK_S, self._silence_s / 4)

    def _sign(self) -> None:
        self._signed_s = self._now()
        self._look_s = self._signed_s + self._look_pause_s

    def _bear(self, failure: EngineLost) -> None:
        """Let a call to the server fail, unless it is gone or was silent for too long."""
        if self._server.gone:
            raise failure
        self._check_patience()

    def _check_patience(self) -> None:
        known_to_paint = self._run.started or self._run.over
        patience_s = self._silence_s * (1 if known_to_paint else LOADING)
        if self._now() - self._signed_s > patience_s:
            where = f"ComfyUI at {self._server.address}"
            raise EngineLost(f"{where} has not said anything of prompt {self._prompt} for {patience_s:g} s.")

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()
