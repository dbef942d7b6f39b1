"""The built-in illustrator, whose engine is a thread of this process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any, Self
from unittest.mock import patch

from livefeed.generation.generators import illustrator_plugin
from livefeed.generation.generators.illustrator_plugin import Illustrator
from tests.contract.engines import STEP_S, Engine, Trouble


class _Watched(ThreadPoolExecutor):
    """Threads that can be asked how many of them work."""

    def __init__(self) -> None:
        super().__init__(max_workers=4)
        self.busy = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **more: Any) -> Future[Any]:
        self.busy += 1
        future = super().submit(fn, *args, **more)
        future.add_done_callback(self._rest)
        return future

    def _rest(self, _: Future[Any]) -> None:
        self.busy -= 1


class IllustratorEngine:
    """Nothing can happen to it that does not happen to its process."""

    troubles: frozenset[Trouble] = frozenset()
    made = 0
    """It has nothing that goes on without its generator."""

    def __init__(self) -> None:
        self.generator = Illustrator()
        self._threads = _Watched()
        self._patches = ExitStack()

    async def __aenter__(self) -> Self:
        asyncio.get_running_loop().set_default_executor(self._threads)
        self._patches.enter_context(patch.object(illustrator_plugin, "PASS_S", STEP_S))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._patches.close()

    def tell(self, trouble: Trouble) -> None:
        raise AssertionError(f"the illustrator knows no trouble: {trouble}")

    @property
    def at_work(self) -> int:
        return self._threads.busy


ENGINES: dict[str, Callable[[], Engine]] = {"illustrator": IllustratorEngine}
