"""The examples of docs/rooms.md, run as they stand, on a whole server."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import livefeed.client
from livefeed.rooms.strokes import Kind, parse
from tests.integration.crowd import picture
from tests.integration.server_process import ROOT, ServerProcess
from tests.integration.stock import StockClient, raw

WAIT_S = 60.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with ServerProcess(tmp_path_factory.mktemp("examples") / "data", workers=0) as running:
        yield running
        assert "Traceback" not in running.log()


def example(language: str) -> str:
    """Return the first example in a language."""
    text = (ROOT / "docs" / "rooms.md").read_text("utf-8")
    found = re.search(rf"```{language}\n(.*?)```", text, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.mark.timeout(180)
def test_the_python_example_opens_a_room_and_hears_what_it_says(server: ServerProcess, tmp_path: Path) -> None:
    """It posts a picture that lies beside it."""
    (tmp_path / "fox.png").write_bytes(picture())
    program = example("python").replace("http://127.0.0.1:8080", server.url)
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert process.stdout is not None
    lines = []
    while (line := process.stdout.readline()) and not line.startswith("room.message"):
        lines.append(line)
    process.send_signal(signal.SIGINT)
    _, complaints = process.communicate(timeout=WAIT_S)
    assert "Let us make it snow." in line, complaints
    assert lines[0].startswith("whoever has this link comes in: ")


@pytest.mark.timeout(180)
async def test_the_stock_example_writes_and_paints_as_the_protocol_says(server: ServerProcess, tmp_path: Path) -> None:
    """Another stock client finds the words, the parameter and the stroke, where docs/protocol.md says."""
    node = shutil.which("node")
    modules = ROOT / "web" / "node_modules"
    if node is None or not (modules / "y-websocket").is_dir():
        pytest.fail("no Node.js with web/node_modules: run 'make web'", pytrace=False)
    script = tmp_path / "take-part.mjs"
    script.write_text(example("js"), "utf-8")
    (tmp_path / "node_modules").symlink_to(modules.resolve())
    async with livefeed.client.connect(server.url) as owner:
        post = await owner.upload(picture(), "a red fox")
        room = (await owner.rooms.open(post["id"]))["id"]
        assert owner.token is not None
        done = subprocess.run(
            [node, str(script), server.url, room, owner.token],
            capture_output=True, text=True, timeout=WAIT_S, env={**os.environ, "NODE_OPTIONS": ""},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("the prompt:")
        stock = StockClient("3")
        try:
            address = f"{server.url.replace('http', 'ws')}/api/rooms/{room}"
            stock.ask("open", url=address, params={"token": owner.token})
            state = stock.until(lambda state: state["synced"] and state["strokes"], "the document is here")
        finally:
            stock.close()
    assert state["prompt"].endswith(", with a yellow scarf")
    assert state["params"]["strength"] == 0.8
    assert {"width", "height"} <= state["params"].keys()
    [stroke] = [parse(raw(packed)) for packed in state["strokes"]]
    assert (stroke.kind, stroke.diameter) == (Kind.BRUSH, 250)
    assert state["variations"] == {}
    assert state["votes"] == {}
