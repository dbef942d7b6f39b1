"""Random nonsense, within the form of frames and requests: every answer is a documented one, and none is `internal`."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.conformance.peers import Caller, Http, Server, Wire

PROTOCOL = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text("utf-8")
CODES = set(re.findall(r"^\| `(\w+)` \| \d{3} \|", PROTOCOL, re.MULTILINE)) - {"internal", "illegal_transition"}
FRAMES = 480
REQUESTS = 400

Dice = random.Random


def values(dice: Dice, depth: int = 0) -> Any:
    """Return any JSON value, awkward ones more often than not."""
    simple: list[Callable[[], Any]] = [
        lambda: None,
        lambda: dice.choice([True, False]),
        lambda: dice.choice([0, -1, 1, 2**31, 2**53, 2**63 - 1, -(2**63), dice.randrange(1000)]),
        lambda: dice.choice([0.0, -1.5, 1e308, 5e-324]),
        lambda: dice.choice(["", " ", "x", "fox", "🦊", "\x00", "\u202e", "x" * dice.choice([64, 65, 128, 129, 3000])]),
        lambda: dice.choice(["0-0", "1-1", "9" * 16 + "-0", "1700000000000-42", "-", "feed:all", "post:x", "app:demo"]),
    ]
    if depth < 3:
        simple += [
            lambda: [values(dice, depth + 1) for _ in range(dice.randrange(4))],
            lambda: {
                str(dice.choice(["a", "id", "", "op"])): values(dice, depth + 1) for _ in range(dice.randrange(4))
            },
        ]
    return dice.choice(simple)()


def frame(dice: Dice, post: str) -> dict[str, Any]:
    """Return a frame that is nearly right."""
    topics = ["feed:all", f"post:{post}", "app:demo:fuzz", "user:x", "generation:x", "feed:tag:ß", "feed:user:x", "X"]
    options = [
        {},
        {"latest": dice.randrange(-2, 203)},
        {"since": values(dice)},
        {"presence": values(dice)},
        values(dice),
    ]
    likely: dict[str, Callable[[], Any]] = {
        "topics": lambda: dice.choice([{dice.choice(topics): dice.choice(options)}, [dice.choice(topics)]]),
        "topic": lambda: dice.choice(topics),
        "type": lambda: dice.choice(["typing", "cursor"]),
        "method": lambda: dice.choice(
            [
                "comment.create",
                "comment.delete",
                "reaction.set",
                "post.delete",
                "generation.create",
                "generation.cancel",
            ]
        ),
        "data": lambda: {
            name: dice.choice([value, values(dice)])
            for name, value in {
                "post": post,
                "text": "Hm",
                "parent": f"{post}.{post}",
                "id": "x",
                "emoji": "🦊",
                "on": True,
                "prompt": "fox",
            }.items()
            if dice.random() < 0.8
        },
        "key": lambda: f"k{dice.randrange(5)}",
        "token": lambda: 7,  # any text would end the connection
    }
    made: dict[str, Any] = {"op": dice.choice(["subscribe", "unsubscribe", "call", "call", "signal", "auth", "ping"])}
    for name, right in likely.items():
        if dice.random() < 0.85:
            made[name] = right() if dice.random() < 0.7 or name == "token" else values(dice)
    return made


@pytest.mark.parametrize("codec", ["json", "msgpack"])
async def test_every_frame_has_a_documented_answer(server: Server, http: Http, guest: Caller, seed: int, codec: str):
    dice = random.Random(seed)
    post = (await http.post(guest))["id"]
    async with Wire.open(server.url, token=guest.token, codec=codec) as wire:
        for number in range(FRAMES):
            sent = frame(dice, post)
            await wire.say({**sent, "ref": number}, {"op": "ping", "ref": "done"})
            while (answer := await wire.hear("subscribed", "result", "error", "pong"))["op"] != "pong" or (
                answer["ref"] != "done"
            ):
                if answer["op"] == "error":
                    assert answer["code"] in CODES, (sent, answer)
                for one in answer.get("topics", {}).values() if answer["op"] == "subscribed" else ():
                    assert one.get("error", "not_found") in CODES, (sent, answer)


async def test_every_request_has_an_answer_of_the_openapi_document(http: Http, guest: Caller, seed: int):
    dice = random.Random(seed)
    document = (await http.ask("GET", "/api/openapi.json")).body
    operations = [
        (method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if path != "/api/guests" and not (path == "/api/me" and method == "patch")
    ]
    post = (await http.post(guest))["id"]
    parts = [
        post,
        f"{post}.{post}",
        "all",
        "tag:ß",
        "user:x",
        "app:demo:fuzz",
        "🦊",
        "x" * 300,
        "..",
        "%00",
        " ",
        "\u202e",
    ]
    for _ in range(REQUESTS):
        method, template, operation = dice.choice(operations)
        path = re.sub(r"\{\w+\}", lambda _: quote(dice.choice(parts), safe=""), template)
        query = "".join(
            f"{'&' if place else '?'}{one['name']}={quote(str(values(dice)), safe='', errors='replace')}"
            for place, one in enumerate(one for one in operation["parameters"] if one["in"] == "query")
        )
        body = None
        if "requestBody" in operation and "multipart/form-data" not in operation["requestBody"]["content"]:
            names = [
                "text",
                "parent",
                "prompt",
                "width",
                "height",
                "seed",
                "steps",
                "publish",
                "type",
                "data",
                "delivery",
            ]
            right = {"text": "Hm", "prompt": "fox", "type": "tick", "data": {}, "publish": False}
            chosen = {name: dice.choice([right.get(name), values(dice)]) for name in names if dice.random() < 0.7}
            body = dice.choice([chosen, values(dice)])
        token = dice.choice([guest.token, guest.token, "sesame", None])
        key = dice.choice([None, "k1", "k" * 200])
        answer = await http.ask(method.upper(), path + query, body, token=token, key=key)
        told = (method, path + query, body, answer)
        assert answer.status < 500 or answer.code in {"busy", "store_unavailable"}, told
        if answer.status >= 400:
            assert answer.code in CODES, told
        if path.count("/") == template.count("/") and not {"..", "%00"} & set(path.split("/")):
            assert str(answer.status) in operation["responses"] or answer.status == 404, told
