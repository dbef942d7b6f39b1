"""The painting process as the generator itself starts it: a real one, which imports torch and loads a folder."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import orjson
import pytest
from PIL import Image

import livefeed.client
from livefeed.client import Completed, Preview, Step
from livefeed.config import Config
from livefeed.generation.generator import Picture
from livefeed.generation.generators.diffusers import Diffusers, easel
from tests.contract.engines.diffusers import OFFLINE, ROOT, nursery
from tests.contract.test_generators import job
from tests.integration.server_process import ServerProcess, is_alive, until

pytestmark = [pytest.mark.diffusers, pytest.mark.timeout(600)]

START_S = 250.0
"""A process imports torch in three to twenty seconds, and has ten times as long: the machine may have other work."""


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in OFFLINE.items():
        monkeypatch.setenv(name, value)


def model() -> str:
    return str(nursery().folder / "unchecked")


async def test_a_folder_is_loaded_and_painted_with_and_closing_ends_the_process() -> None:
    started: list[easel.Process] = []

    def start() -> tuple[easel.socket.socket, easel.Process]:
        line, process = easel.launch()
        started.append(process)
        return line, process

    made = Diffusers(Config(diffusers_model=model(), workers=1), start=start)
    async with asyncio.timeout(START_S):
        *steps, picture = [item async for item in made.generate(job(made))]
        assert isinstance(picture, Picture)
        assert len(steps) == 4
        await made.close()
    assert started[0].wait(1) == 0, "it has ended by itself when its line was closed"


WORKER = """
import asyncio, sys
from livefeed.config import Config
from livefeed.generation.generators.diffusers import Diffusers, easel
from tests.contract.test_generators import job

def start():
    line, process = easel.launch()
    print(process.pid, flush=True)
    return line, process

async def main():
    made = Diffusers(Config(diffusers_model=sys.argv[1], workers=1), start=start)
    async for step in made.generate(job(made)):
        print("step", flush=True)

asyncio.run(main())
"""


def test_a_worker_that_is_killed_while_the_model_loads_takes_the_process_along() -> None:
    worker = subprocess.Popen([sys.executable, "-c", WORKER, model()], cwd=ROOT, stdout=subprocess.PIPE)
    try:
        assert worker.stdout is not None
        pid = int(worker.stdout.readline())
    finally:
        worker.kill()
        worker.wait()
    until(lambda: not is_alive(pid), "the painting process has ended", START_S)


async def test_ctrl_c_leaves_the_picture_to_the_worker() -> None:
    """A terminal sends it to the whole group; a worker that stops finishes what it has begun."""
    line, process = easel.launch()
    assert isinstance(process, subprocess.Popen)
    with line:
        assert os.getpgid(process.pid) != os.getpgid(0)
        assert process.poll() is None
    async with asyncio.timeout(START_S):
        await asyncio.to_thread(process.wait)


async def test_a_server_offers_it_paints_with_it_and_says_that_it_was_trained(tmp_path: Path) -> None:
    with ServerProcess(tmp_path / "data", workers=1, diffusers_model=model(), diffusers_steps=6) as server:
        async with livefeed.client.connect(server.url) as feed:
            offered = {one["name"]: one for one in orjson.loads(await feed.fetch("/api/generators"))["generators"]}
            assert (offered["diffusers"]["title"], offered["diffusers"]["steps"]["default"]) == ("unchecked", 6)
            told: list[Step] = []
            async with asyncio.timeout(START_S):
                async for step in feed.generate("a red fox", generator="diffusers", width=264, height=256, seed=7):
                    told.append(step)
            assert isinstance(told[-1], Completed)
            assert any(isinstance(step, Preview) for step in told)
            file = await feed.download(told[-1].media["sha256"], 256)
            post = told[-1].post
            assert post is not None
            made = orjson.loads(await feed.fetch(f"/api/posts/{post['id']}/provenance"))["provenance"]
        with Image.open(io.BytesIO(file)) as image:
            assert image.size == (256, 248), "the longest side is what was asked for"
        assert made["digital_source_type"].endswith("/trainedAlgorithmicMedia")
        (worker,) = server.worker_pids()
        children = Path(f"/proc/{worker}/task/{worker}/children").read_text("ascii").split()
        painting = [int(pid) for pid in children if "painter" in Path(f"/proc/{pid}/cmdline").read_text()]
        assert len(painting) == 1, "one per worker, kept warm"
        os.kill(worker, signal.SIGKILL)
        until(lambda: not is_alive(painting[0]), "the painting process has ended", START_S)
