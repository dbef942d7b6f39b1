"""What is special to servers that speak OpenAI's images API, on a server that does."""

from __future__ import annotations

import io
from typing import Any

import aiohttp
import orjson
import pytest
from openai.types import (
    ImageEditCompletedEvent,
    ImageEditPartialImageEvent,
    ImageGenCompletedEvent,
    ImageGenPartialImageEvent,
)
from PIL import Image
from pydantic import BaseModel

from livefeed.config import Config
from livefeed.generation.generator import EngineLost, Picture, Progress, Refused
from livefeed.generation.generators.openai import OpenAI
from livefeed.generation.job import Job
from tests.contract.engines import Trouble
from tests.contract.engines.openai import BLOCKED, MODEL, OpenAIEngine, event


def job(**more: Any) -> Job:
    asked: dict[str, Any] = {
        "id": "01m0000000000000000000", "prompt": "a red fox", "width": 512, "height": 512, "seed": 7, "steps": 4,
        "generator": "openai",
    }  # fmt: skip
    return Job(**(asked | more))


async def told_until_it_fails(engine: OpenAIEngine, kind: type[Exception]) -> list[Progress | Picture]:
    """Return what was told before the failure, which there has to be."""
    told: list[Progress | Picture] = []
    try:
        async for item in engine.generator.generate(job()):
            told.append(item)
    except kind:
        return told
    pytest.fail(f"no {kind.__name__}")


async def collect(engine: OpenAIEngine, asked: Job | None = None) -> list[Progress | Picture]:
    return [item async for item in engine.generator.generate(asked or job())]


def steps(items: list[Progress | Picture]) -> list[tuple[int, int]]:
    return [(item.step, item.steps) for item in items if isinstance(item, Progress)]


def png(size: tuple[int, int] = (40, 30)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "teal").save(file, "PNG")
    return file.getvalue()


async def test_it_asks_for_the_model_and_a_stream_with_a_preview_less_than_steps() -> None:
    async with OpenAIEngine() as engine:
        items = await collect(engine)
    assert engine.asked == [
        {"model": MODEL, "prompt": "a red fox", "n": 1, "size": "1024x1024", "stream": True, "partial_images": 3}
    ]
    assert steps(items) == [(1, 4), (2, 4), (3, 4)]
    assert all(item.image is not None and item.image.size == (512, 512) for item in items)


async def test_a_mask_is_sent_with_its_canvas_in_a_size_that_the_server_makes() -> None:
    """The real server refuses a mask of another size than its picture; the fake does too."""
    mask = io.BytesIO()
    Image.new("L", (600, 400), 255).save(mask, "PNG")
    async with OpenAIEngine() as engine:
        items = await collect(
            engine, job(parent_image=png((600, 400)), mask=mask.getvalue(), width=600, height=400, steps=2)
        )
        canvas, masked = engine.masked()
    assert canvas.size == masked.size == (1536, 1024)
    assert engine.asked[0]["size"] == "1536x1024"
    assert [engine.asked[0][name][:2] for name in ("image", "mask")] == [
        ("canvas.png", "image/png"), ("mask.png", "image/png")
    ]  # fmt: skip
    assert all(item.image is not None and item.image.size == (600, 400) for item in items)


async def test_a_mask_without_a_picture_asks_for_a_new_one() -> None:
    async with OpenAIEngine() as engine:
        await collect(engine, job(mask=b"whatever"))
    assert "mask" not in engine.asked[0]


async def test_fewer_previews_than_asked_for_are_no_failure() -> None:
    async with OpenAIEngine(fewer=2) as engine:
        items = await collect(engine)
    assert steps(items) == [(1, 4)]
    assert isinstance(items[-1], Picture)


async def test_a_server_that_ignores_stream_answers_in_one_piece() -> None:
    async with OpenAIEngine(in_one_piece=True) as engine:
        (only,) = await collect(engine)
    assert isinstance(only, Picture)


@pytest.mark.parametrize("in_stream", [False, True])
async def test_a_refusal_is_one_as_http_400_and_as_an_event_of_the_stream(in_stream: bool) -> None:
    async with OpenAIEngine(refuses_in_stream=in_stream) as engine:
        engine.tell(Trouble.REFUSES)
        with pytest.raises(Refused, match=r"refused this prompt \(violence\); change its words") as caught:
            await collect(engine)
    assert caught.value.code == "moderation_blocked"


async def test_a_refusal_after_previews_is_a_refusal_of_the_picture() -> None:
    shown = event("image_generation.partial_image", {"partial_image_index": 0, "b64_json": "QQ=="})
    details = {"moderation_details": {"moderation_stage": "output", "categories": ["violence"]}}
    async with OpenAIEngine() as engine:
        engine.say(shown, event("error", {"type": "error", "error": BLOCKED | details}))
        with pytest.raises(Refused, match="the picture that came of this prompt"):
            await collect(engine)


@pytest.mark.parametrize("pieces", [[], [event("image_generation.partial_image", {"b64_json": "QQ=="})], [b"data: {"]])
async def test_a_stream_that_ends_without_the_picture_is_a_failure(pieces: list[bytes]) -> None:
    async with OpenAIEngine() as engine:
        engine.say(*pieces, b"data: [DONE]\n\n" if pieces != [b"data: {"] else b"")
        with pytest.raises(RuntimeError, match="ended its stream without a picture"):
            await collect(engine)


async def test_a_preview_that_cannot_be_read_is_a_step_that_shows_nothing() -> None:
    async with OpenAIEngine() as engine:
        engine.say(event("image_generation.partial_image", {"partial_image_index": 0, "b64_json": "no base64"}))
        assert await told_until_it_fails(engine, RuntimeError) == [Progress(1, 4, None)]


@pytest.mark.parametrize("data", ["no base64!", "QQ=="])
async def test_a_picture_that_cannot_be_read_is_a_failure(data: str) -> None:
    async with OpenAIEngine() as engine:
        engine.say(event("image_generation.completed", {"b64_json": data}))
        with pytest.raises(ValueError, match=r"(server|engine) sent"):
            await collect(engine)


async def test_previews_that_come_again_or_out_of_order_never_go_back() -> None:
    async with OpenAIEngine() as engine:
        engine.say(
            *(event("image_generation.partial_image", {"partial_image_index": n, "b64_json": ""}) for n in (1, 0, 1, 9))
        )
        assert steps(await told_until_it_fails(engine, RuntimeError)) == [(2, 4), (3, 4)]


async def test_a_remix_edits_the_parent() -> None:
    async with OpenAIEngine() as engine:
        *shown, picture = await collect(engine, job(parent="p", parent_image=png(), strength=0.3, width=768))
    (asked,) = engine.asked
    assert asked["image"] == ("parent.png", "image/png", png())
    assert (asked["prompt"], asked["size"], asked["stream"], asked["partial_images"]) == (
        "a red fox", "1536x1024", "true", "3",
    )  # fmt: skip
    assert (len(shown), picture.image is not None and picture.image.size) == (3, (768, 512))


async def test_a_quality_is_asked_for_unless_the_model_may_choose() -> None:
    async with OpenAIEngine(settings={"openai_quality": "low"}) as engine:
        await collect(engine)
        await collect(engine, job(parent="p", parent_image=png()))
    assert [asked["quality"] for asked in engine.asked] == ["low", "low"]


async def test_other_models_are_told_to_send_the_picture_itself() -> None:
    """A GPT image model refuses to be told; LocalAI sends an address unless it is: danny-avila/LibreChat#15439."""
    async with OpenAIEngine(settings={"openai_model": "flux-schnell"}) as engine:
        await collect(engine)
    assert engine.asked[0]["response_format"] == "b64_json"


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (500, {"message": "oh"}, EngineLost),
        (503, {"message": "later"}, EngineLost),
        (429, {"message": "slowly", "code": "rate_limit_exceeded"}, EngineLost),
        (429, {"message": "pay", "code": "insufficient_quota"}, RuntimeError),
        (401, {"message": "Incorrect API key provided."}, RuntimeError),
        (404, {"message": "no such model", "code": "model_not_found"}, RuntimeError),
    ],
)
async def test_an_http_error_is_asked_for_once_and_says_whose_fault_it_is(
    status: int, error: dict[str, Any], kind: type[Exception]
) -> None:
    async with OpenAIEngine() as engine:
        engine.answer(status, error)
        with pytest.raises(kind, match=error["message"]):
            await collect(engine)
    assert len(engine.asked) == 1


async def test_a_server_that_is_not_there_is_lost() -> None:
    generator = OpenAI(Config(openai_url="http://sam:swordfish@127.0.0.1:1/v1"))
    with pytest.raises(EngineLost, match=r"at 127\.0\.0\.1:1 cannot be reached.*LIVEFEED_OPENAI_URL") as lost:
        _ = [item async for item in generator.generate(job())]
    assert "swordfish" not in str(lost.value)
    await generator.close()


async def test_an_error_page_of_a_gateway_is_no_json_and_still_understood() -> None:
    async with OpenAIEngine() as engine:
        engine.say(b"<html>Bad gateway</html>")
        with pytest.raises(RuntimeError, match="without a picture"):
            await collect(engine)
        engine.say(b"data: <html>\n\n")
        with pytest.raises(ValueError, match="no JSON"):
            await collect(engine)


def test_the_packages_own_variables_lead_neither_here_nor_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key in OPENAI_API_KEY is for OpenAI: a server of somebody else must not see it."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-another")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://elsewhere.test/v1")
    monkeypatch.setenv("LIVEFEED_OPENAI_URL", "http://own.test/v1")
    own = OpenAI()
    assert (own._client.api_key, str(own._client.base_url)) == ("none", "http://own.test/v1/")
    monkeypatch.delenv("LIVEFEED_OPENAI_URL")
    monkeypatch.setenv("LIVEFEED_OPENAI_KEY", "sk-ours")
    assert str(OpenAI()._client.base_url) == "https://api.openai.com/v1/"
    assert OpenAI().title == f"OpenAI {MODEL}"


async def test_what_the_fake_says_is_what_the_packages_own_types_have() -> None:
    """Every field that theirs always have, and none that they do not know."""
    kinds: dict[str, type[BaseModel]] = {
        "image_generation.partial_image": ImageGenPartialImageEvent,
        "image_generation.completed": ImageGenCompletedEvent,
        "image_edit.partial_image": ImageEditPartialImageEvent,
        "image_edit.completed": ImageEditCompletedEvent,
    }
    asked = {"model": MODEL, "prompt": "a red fox", "size": "1024x1024", "stream": "true", "partial_images": "1"}
    form = aiohttp.FormData(asked)
    form.add_field("image", png(), filename="parent.png", content_type="image/png")
    async with OpenAIEngine() as engine, aiohttp.ClientSession() as session:
        async with session.post(f"{engine.url}/images/generations", json=asked) as answer:
            text = await answer.text()
        async with session.post(f"{engine.url}/images/edits", data=form) as answer:
            text += await answer.text()
    said = [orjson.loads(line.removeprefix("data: ")) for line in text.splitlines() if line.startswith("data: ")]
    assert {one["type"] for one in said} == set(kinds)
    for one in said:
        fields = kinds[one["type"]].model_fields
        assert {name for name, field in fields.items() if field.is_required()} <= set(one) <= set(fields)
        kinds[one["type"]].model_validate(one, strict=True)


async def test_an_error_in_a_whole_answer_of_status_200_is_understood_as_one() -> None:
    """Gateways before compatible servers answer so."""
    async with OpenAIEngine(in_one_piece=True) as engine:
        engine.answer(200, BLOCKED)
        with pytest.raises(Refused, match="violence"):
            await collect(engine)
        engine.answer(200, {"message": "later", "code": "server_error"})
        with pytest.raises(EngineLost, match="later"):
            await collect(engine)


async def test_comments_between_the_events_say_nothing() -> None:
    """Servers and proxies send them so that nobody gives the connection up, and in pieces of any size."""
    shown = event("image_generation.partial_image", {"partial_image_index": 0, "b64_json": ""})
    async with OpenAIEngine() as engine:
        engine.say(b": wait\n\n", shown[:9], shown[9:-1], shown[-1:], b":\n\n: wait\n\n")
        assert await told_until_it_fails(engine, RuntimeError) == [Progress(1, 4, None)]
