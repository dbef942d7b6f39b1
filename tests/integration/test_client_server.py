"""The command line and the client with a real server and a real worker: a picture is painted, watched and saved."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import orjson
import pytest
from PIL import Image

from livefeed.client import (
    Codec,
    Completed,
    Event,
    GenerationCancelled,
    Preview,
    Progress,
    Queued,
    Started,
    Value,
    connect,
)
from livefeed.errors import Forbidden, NotFound, Unauthorised
from tests.conformance.peers import Server, picture

PROMPT = "a red fox in the snow at night #foxes"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    settings = {"LIVEFEED_WORKERS": "1", "LIVEFEED_DRAIN_S": "0.2", "LIVEFEED_API_KEYS": "sesame=app:demo"}
    with Server(tmp_path_factory.mktemp("data"), settings) as running:
        yield running


def livefeed(server: Server, *arguments: str, token: str | None = None, **options: object) -> subprocess.Popen[str]:
    """Start a command line against the server."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LIVEFEED_")}
    environment = {**kept, "LIVEFEED_SERVER": server.url, **({"LIVEFEED_TOKEN": token} if token else {})}
    return subprocess.Popen(
        [sys.executable, "-m", "livefeed.cli", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,  # type: ignore[call-overload]
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Return exit code, stdout and stderr of a command line that ends by itself."""
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def test_generate_shows_the_real_steps_and_saves_the_picture(server: Server, tmp_path: Path):
    path = tmp_path / "fox.webp"
    code, out, err = ended(livefeed(server, "generate", PROMPT, "-o", str(path), "--seed", "7", "--size", "512"))
    assert (code, out.strip()) == (0, str(path)), err
    lines = err.splitlines()
    assert lines[0] == "queued"
    assert lines[-1] == "done"
    steps = [line for line in lines if line.startswith("painting, step")]
    assert len(steps) >= 5
    assert steps[-1] == "painting, step 10 of 10"
    with Image.open(path) as image:
        assert (image.format, max(image.size)) == ("WEBP", 512)


def test_ctrl_c_cancels_the_picture_quietly(server: Server, tmp_path: Path):
    process = livefeed(server, "generate", "a slow owl", "-o", str(tmp_path / "owl.webp"), "--steps", "20")
    assert process.stderr is not None
    while not process.stderr.readline().startswith("painting, step"):
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    code, out, err = ended(process)
    assert (code, out) == (130, "")
    assert "Traceback" not in err
    assert not (tmp_path / "owl.webp").exists()


def test_tail_prints_json_lines_that_can_be_resumed_from(server: Server):
    first = livefeed(server, "tail", "app:demo:tail", "--limit", "2", "--latest", "5")
    for number in (1, 2):
        code, out, err = ended(
            livefeed(server, "publish", "app:demo:tail", "tick", f'{{"n":{number}}}', token="sesame")
        )
        assert (code, err) == (0, "")
    code, out, err = ended(first)
    assert (code, err) == (0, "")
    lines = [orjson.loads(line) for line in out.splitlines()]
    assert [(line["kind"], line["type"], line["data"]) for line in lines] == [
        ("event", "tick", {"n": 1}),
        ("event", "tick", {"n": 2}),
    ]
    code, out, _ = ended(livefeed(server, "publish", "app:demo:tail", "tick", '{"n":3}', token="sesame"))
    code, out, err = ended(livefeed(server, "tail", "app:demo:tail", "--since", lines[-1]["position"], "--limit", "1"))
    assert (code, orjson.loads(out)["data"]) == (0, {"n": 3})


def test_tail_ends_quietly_at_ctrl_c(server: Server):
    process = livefeed(server, "tail", "app:demo:interrupted", "--count")
    assert process.stdout is not None
    assert orjson.loads(process.stdout.readline())["kind"] == "count"
    process.send_signal(signal.SIGINT)
    assert ended(process)[::2] == (130, "")


def test_tail_ends_when_its_reader_has_gone(server: Server):
    process = livefeed(server, "tail", "app:demo:head", "--latest", "50")
    assert process.stdout is not None
    process.stdout.close()
    for _ in range(3):
        ended(livefeed(server, "publish", "app:demo:head", "tick", "{}", token="sesame"))
    assert process.wait(30) == 141
    assert process.stderr is not None
    assert process.stderr.read() == ""
    process.stderr.close()


@pytest.mark.parametrize(
    ("arguments", "token", "sentence"),
    [
        (["tail", "post:nothing"], None, "There is no topic 'post:nothing'"),
        (["tail", "feed:all", "--server", "http://127.0.0.1:9"], None, "No livefeed server answers"),
        (["publish", "app:demo", "tick", "{}"], "wrong", "These credentials are not valid"),
        (["publish", "app:other", "tick", "{}"], "sesame", "may not publish to app:other"),
        (["generate", "  "], None, "prompt"),
        (["generate", "fox", "--generator", "none"], None, "There is no generator 'none'"),
    ],
)
def test_a_failure_is_one_sentence_and_exit_code_1(
    server: Server, arguments: list[str], token: str | None, sentence: str
):
    code, out, err = ended(livefeed(server, *arguments, token=token))
    assert (code, out) == (1, "")
    assert sentence in err
    assert err.splitlines()[-1].startswith("livefeed: ")
    assert "Traceback" not in err


def test_the_doctor_finds_nothing_wrong_with_a_running_server_and_something_with_a_dead_one(server: Server):
    code, out, _ = ended(livefeed(server, "doctor"))
    assert "server: ready" in out, out
    code, out, _ = ended(livefeed(server, "doctor", "--server", "http://127.0.0.1:9"))
    assert code == 1
    assert "Start it" in out


async def test_a_picture_as_its_creator_and_a_stranger_see_it(server: Server):
    async with connect(server.url) as creator, connect(server.url) as stranger, connect(server.url) as reader:
        async with stranger.subscribe("feed:tag:foxes") as feed:
            steps = [step async for step in creator.generate(PROMPT)]
            queued, completed = steps[0], steps[-1]
            assert isinstance(queued, Queued)
            assert isinstance(completed, Completed)
            assert completed.post is not None
            assert completed.post["id"] == queued.id
            assert any(isinstance(step, Started) for step in steps)
            progress = [step.step for step in steps if isinstance(step, Progress)]
            assert progress == sorted(progress)
            previews = [step.image for step in steps if isinstance(step, Preview)]
            assert len({preview for preview in previews if preview}) >= 4
            assert max(len(repr(step)) for step in steps if isinstance(step, Preview)) < 1000, "it can be printed"
            assert all(Image.open(BytesIO(preview)).format == "JPEG" for preview in previews if preview)
            seen: list[str] = []
            async with asyncio.timeout(60):
                async for item in feed:
                    if isinstance(item, Event):
                        seen.append(item.type)
                    if "post.created" in seen:
                        break
            assert seen == ["generation.created", "post.created"]
        picture_bytes = await reader.download(completed.media["sha256"], 256)
        assert Image.open(BytesIO(picture_bytes)).format == "WEBP"


async def test_previews_over_json_are_addresses(server: Server):
    async with connect(server.url, codec=Codec.JSON) as feed:
        identifier = ""
        async for step in feed.generate("an owl at sea", publish=False):
            if isinstance(step, Queued):
                identifier = step.id
            if isinstance(step, Preview):
                assert step.image is None
                assert step.url is not None
                assert Image.open(BytesIO(await feed.fetch(step.url))).format == "JPEG"
                break
        await feed.cancel(identifier)


async def test_a_cancelled_picture_raises_where_it_is_awaited(server: Server):
    async with connect(server.url) as feed:

        async def paint_and_regret() -> None:
            identifier = ""
            async for step in feed.generate("a castle in space", steps=20, publish=False):
                if isinstance(step, Queued):
                    identifier = step.id
                if isinstance(step, Progress):
                    await feed.cancel(identifier)

        with pytest.raises(GenerationCancelled) as caught:
            await paint_and_regret()
        assert (caught.value.stage, caught.value.reason) == ("painting", "cancelled")


async def test_posts_comments_and_reactions_from_the_client(server: Server):
    async with connect(server.url) as author, connect(server.url) as other:
        post = await author.upload(picture(), "A square #squares")
        assert author.user is not None
        assert post["author"]["id"] == author.user["id"]
        async with other.subscribe(f"post:{post['id']}", since=(await other.post(post["id"]))["at"]) as items:
            comment = await other.comment(post["id"], "Lovely")
            assert await other.react(post["id"], "🟧") == {"🟧": 1}
            got: dict[str, object] = {}
            async with asyncio.timeout(60):
                async for item in items:
                    if isinstance(item, Event):
                        got[item.type] = item.data["comment"]["id"]
                    if isinstance(item, Value) and item.data["reactions"] and item.data["comments"]:
                        break
            assert got == {"comment.created": comment["id"]}
        with pytest.raises(Forbidden):
            await other.delete_post(post["id"])
        with pytest.raises(Unauthorised):
            await author.publish("app:demo", "tick", {})
        async with asyncio.timeout(60):
            while not (squares := (await author.feed("tag:squares"))["posts"]):
                await asyncio.sleep(0.02)
        assert [found["id"] for found in squares] == [post["id"]]
        assert (await author.comments(post["id"]))["comments"][0]["text"] == "Lovely"
        await other.delete_comment(comment["id"])
        await author.delete_post(post["id"])
        with pytest.raises(NotFound):
            await author.post(post["id"])


async def test_a_token_makes_the_same_person_again(server: Server):
    async with connect(server.url) as first:
        user = await first.sign_in()
        token = first.token
    async with connect(server.url, token=token) as again:
        assert await again.sign_in() == user


def test_the_example_of_the_documentation_runs(server: Server):
    text = (Path(__file__).parents[2] / "docs" / "client.md").read_text("utf-8")
    found = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    assert found is not None
    program = found[1].replace("http://127.0.0.1:8080", server.url)
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith("a post: ")
    assert process.stdout.readline().split()[0] in {"generation.created", "post.created"}
    process.send_signal(signal.SIGINT)
    process.wait(30)
    process.stdout.close()
