"""A picture from its prompt to its post, on a real store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from livefeed.errors import BadRequest, Busy, Conflict, Forbidden, KeyReused, NotFound, RateLimited
from livefeed.streams.outbox import Outgoing
from tests.integration.test_generation_studio import KnownPosts, Studio, eventually, open_store, user


@pytest.fixture
async def studio(tmp_path: Path) -> AsyncIterator[Studio]:
    async with open_store(tmp_path) as (store, _):
        yield Studio(store)


async def test_a_picture_is_queued_started_shown_completed_and_published(studio: Studio) -> None:
    """Everything is told in order, the post has the generation's id, and nothing stays in the queue."""
    async with studio.working("one"):
        id = await studio.ask("a red #fox", seed=5)
        done = await studio.until(id, "completed")
        await eventually(lambda: _is_empty(studio))
    assert await studio.types(id) == ["queued", "started", "completed"]
    told = await studio.told(id)
    kinds = [kind for kind, _ in told]
    assert kinds[-1] == "completed"
    steps = [data["step"] for kind, data in told if kind == "progress"]
    assert steps
    assert steps == sorted(steps)
    shown = [data for kind, data in told if kind == "preview"]
    assert [data["step"] for data in shown] == [1, 2, 3, 4], "four a second and no more"
    assert shown[0]["width"], shown[0]["height"] == (128, 64)
    assert shown[0]["url"] == f"/api/generations/{id}/preview?step=1"
    assert await studio.generations.preview(id, step=4) is not None
    completed, [(created, about)] = told[-1][1], await studio.events(f"post:{id}")
    assert created == "post.created"
    assert about["post"] == completed["post"]
    assert (about["post"]["caption"], about["post"]["tags"]) == ("a red #fox", ["fox"])
    assert about["post"]["author"] == {**user(1).as_dict(), "avatar": done["media"]["sha256"]}
    assert about["post"]["media"] == completed["media"] == done["media"]
    assert (done["post"], done["seed"], done["generator"]) == (id, 5, "quick")
    entries = [entry for entry in await studio.outbox() if entry.type == "generation.ended"]
    assert not entries or entries[0].data == {
        "id": id, "state": "completed", "author": user(1).id, "tags": ["fox"]
    }  # fmt: skip


async def _is_empty(studio: Studio) -> bool:
    return not await studio.left_behind()


async def test_a_generation_says_all_the_contract_asks_for(studio: Studio) -> None:
    id = await studio.ask("a fox", width=512, height=264, steps=4, parent=KnownPosts.parent, strength=0.5)
    found = await studio.state(id)
    [(_, queued)] = await studio.events(f"generation:{id}")
    assert {**found, "seed": 0} == {
        "id": id,
        "topic": f"generation:{id}",
        "author": user(1).as_dict(),
        "prompt": "a fox",
        "width": 512,
        "height": 264,
        "seed": 0,
        "steps": 4,
        "generator": "quick",
        "parent": KnownPosts.parent,
        "strength": 0.5,
        "publish": True,
        "created": found["created"],
        "state": "queued",
    }
    assert queued == {"generation": found}
    created = [entry.data for entry in await studio.outbox() if entry.type == "generation.created"]
    assert created == [{"generation": found}]


async def test_a_style_is_told_beside_the_prompt_and_the_generator_hears_both(studio: Studio) -> None:
    async with studio.working("one"):
        id = await studio.ask("a red fox", style=" ink  drawing ")
        done = await studio.until(id, "completed")
    assert (done["prompt"], done["style"]) == ("a red fox", "ink drawing")
    assert [job.prompt for job in studio.quick.jobs] == ["a red fox, ink drawing"]
    [(_, about)] = await studio.events(f"post:{id}")
    assert (about["post"]["caption"], about["post"]["style"]) == ("a red fox", "ink drawing")
    again = await studio.ask("a red fox", style="ink drawing", key="k")
    assert await studio.ask("a red fox", style="ink drawing", key="k") == again
    with pytest.raises(KeyReused):
        await studio.ask("a red fox", style="woodcut", key="k")


async def test_what_is_not_to_be_published_is_seen_by_its_author_alone(studio: Studio) -> None:
    async with studio.working("one"):
        id = await studio.ask(publish=False)
        done = await studio.until(id, "completed")
    assert "post" not in done
    assert await studio.events(f"post:{id}") == []
    assert await studio.generations.visible(id, user(1))
    assert not await studio.generations.visible(id, user(2))
    assert not await studio.generations.visible(id)
    with pytest.raises(NotFound):
        await studio.generations.get(id, user(2))
    with pytest.raises(NotFound):
        await studio.generations.preview(id, user(2))
    assert await studio.generations.states([id]) == []
    assert not [entry for entry in await studio.outbox() if entry.type == "generation.created"]


@pytest.mark.parametrize(
    ("prompt", "state", "stage", "code"),
    [
        ("refuse this", "refused", "painting", "not_today"),
        ("break this", "failed", "painting", "generator_failed"),
        ("nothing here", "failed", "painting", "no_picture"),
    ],
)
async def test_a_picture_that_does_not_come_says_why(
    studio: Studio, prompt: str, state: str, stage: str, code: str
) -> None:
    async with studio.working("one"):
        id = await studio.ask(prompt)
        ended = await studio.until(id, state)
        await eventually(lambda: _is_empty(studio))
    assert await studio.types(id) == ["queued", "started", state]
    assert (ended["error"]["stage"], ended["error"]["code"]) == (stage, code)
    assert ended["error"]["message"].endswith(".")
    assert (await studio.events(f"generation:{id}"))[-1][1] == ended["error"]
    assert await studio.events(f"post:{id}") == []


async def test_a_lost_engine_is_told_to_the_operator_with_its_address_and_to_the_person_without(
    studio: Studio, caplog: pytest.LogCaptureFixture
) -> None:
    async with studio.working("one"):
        ended = await studio.until(await studio.ask("lose this"), "failed")
    assert ended["error"]["message"] == "The engine that makes the pictures was lost; try again in a moment."
    told, *_ = [record for record in caplog.records if record.name == "livefeed.generation.painting"]
    assert "the engine of 'quick' is lost: No answer from http://127.0.0.1:9 for 60 s." in told.getMessage()
    assert told.exc_info is None


async def test_a_picture_that_takes_too_long_is_aborted(tmp_path: Path) -> None:
    async with open_store(tmp_path) as (store, _):
        studio = Studio(store, generation_timeout_s=1.0)
        async with studio.working("one"):
            id = await studio.ask("hold on")
            ended = await studio.until(id, "aborted")
        assert ended["error"]["code"] == "deadline"
        assert studio.quick.closed == 1


async def test_a_queued_picture_is_cancelled_at_once_and_never_painted(studio: Studio) -> None:
    id = await studio.ask()
    await studio.carry()
    await studio.generations.cancel(id, user(1))
    assert (await studio.state(id))["state"] == "cancelled"
    assert (await studio.events(f"generation:{id}"))[-1][1]["stage"] == "queued"
    async with studio.working("one"):
        await eventually(lambda: _is_empty(studio))
        other = await studio.ask()
        await studio.until(other, "completed")
    assert await studio.types(id) == ["queued", "cancelled"]


async def test_a_running_picture_is_cancelled_and_its_worker_goes_on_with_the_next(studio: Studio) -> None:
    async with studio.working("one"):
        id = await studio.ask("hold this")
        await asyncio.wait_for(studio.quick.holding.wait(), 30)
        await studio.generations.cancel(id, user(1))
        assert (await studio.state(id))["state"] == "cancelled"
        other = await studio.ask()
        await studio.until(other, "completed")
        assert studio.quick.closed == 2
        await eventually(lambda: _is_empty(studio))
    assert await studio.types(id) == ["queued", "started", "cancelled"]
    assert await studio.events(f"post:{id}") == []


async def test_only_the_author_cancels_and_only_what_is_in_the_making(studio: Studio) -> None:
    public, private = await studio.ask(), await studio.ask(publish=False)
    with pytest.raises(Forbidden):
        await studio.generations.cancel(public, user(2))
    with pytest.raises(NotFound):
        await studio.generations.cancel(private, user(2))
    with pytest.raises(NotFound):
        await studio.generations.cancel("no such id", user(1))
    await studio.generations.cancel(private, user(1))
    await studio.generations.cancel(private, user(1))
    assert await studio.types(private) == ["queued", "cancelled"]
    async with studio.working("one"):
        await studio.until(public, "completed")
    with pytest.raises(Conflict):
        await studio.generations.cancel(public, user(1))


async def test_one_person_has_a_limit_and_gets_the_place_back_when_a_picture_is_done(tmp_path: Path) -> None:
    async with open_store(tmp_path) as (store, _):
        studio = Studio(store, generations_per_user=2)
        first, second = await studio.ask(), await studio.ask()
        with pytest.raises(RateLimited) as refused:
            await studio.ask()
        assert refused.value.code == "own_limit"
        await studio.ask(by=2)
        await studio.generations.cancel(first, user(1))
        await studio.carry()
        third = await studio.ask()
        with pytest.raises(RateLimited):
            await studio.ask()
        async with studio.working("one"):
            await studio.until(second, "completed")
            await studio.until(third, "completed")
            await eventually(lambda: _is_empty(studio))
        await studio.ask()


async def test_somebody_is_told_what_runs_of_theirs_and_of_nobody_elses(studio: Studio) -> None:
    """Also what is not to be published; not what a room has asked for, nor what is over."""
    first, second = await studio.ask(), await studio.ask(publish=False)
    await studio.ask(by=2)
    await studio.ask(publish=False, room="room")
    cancelled = await studio.ask()
    await studio.generations.cancel(cancelled, user(1))
    running = await studio.generations.running_of(user(1))
    assert [(one["id"], one["state"], one["author"]) for one in running] == [
        (first, "queued", user(1).as_dict()),
        (second, "queued", user(1).as_dict()),
    ]
    await studio.carry()
    assert [one["id"] for one in await studio.generations.running_of(user(1))] == [first, second]
    async with studio.working("one"):
        await studio.until(second, "completed")
        await eventually(lambda: _is_empty(studio))
    assert await studio.generations.running_of(user(1)) == []


async def test_a_full_queue_is_busy_for_everybody(tmp_path: Path) -> None:
    async with open_store(tmp_path) as (store, _):
        studio = Studio(store, generations_queued=2)
        await studio.ask(by=1)
        await studio.ask(by=2)
        with pytest.raises(Busy) as refused:
            await studio.ask(by=3)
        assert (refused.value.code, refused.value.status) == ("busy", 503)


async def test_the_same_key_gives_the_same_generation(studio: Studio) -> None:
    first = await studio.generations.create(user(1), prompt="a fox", key="k")
    assert await studio.generations.create(user(1), prompt="a fox", key="k") == first
    assert await studio.types(first["id"]) == ["queued"]
    with pytest.raises(KeyReused):
        await studio.generations.create(user(1), prompt="a wolf", key="k")
    other = await studio.generations.create(user(2), prompt="a fox", key="k")
    assert other["id"] != first["id"]


async def test_a_repeat_with_its_key_takes_no_place(tmp_path: Path) -> None:
    async with open_store(tmp_path) as (store, _):
        studio = Studio(store, generations_per_user=1)
        first = await studio.generations.create(user(1), prompt="a fox", key="k")
        assert await studio.generations.create(user(1), prompt="a fox", key="k") == first
        await studio.generations.cancel(first["id"], user(1))
        await studio.carry()
        assert await studio.generations.create(user(1), prompt="a fox", key="k") == first
        assert await studio.left_behind() == {}


@pytest.mark.parametrize(
    "asked",
    [
        {"prompt": "  \n "},
        {"prompt": "\u200b"},
        {"prompt": "x" * 1001},
        {"prompt": "half \ud800"},
        {"prompt": 5},
        {"width": 255},
        {"width": 260},
        {"height": 1032},
        {"height": True},
        {"seed": -1},
        {"seed": 2**32},
        {"steps": 3},
        {"steps": 21},
        {"generator": "nobody"},
        {"strength": 0.5},
        {"strength": 1.5, "parent": KnownPosts.parent},
        {"publish": "yes"},
    ],
    ids=str,
)
async def test_a_request_out_of_bounds_is_refused_and_takes_no_place(studio: Studio, asked: dict[str, object]) -> None:
    with pytest.raises(BadRequest) as refused:
        await studio.generations.create(user(1), **({"prompt": "a fox"} | asked))  # type: ignore[arg-type]
    assert refused.value.message.endswith(".")
    assert await studio.left_behind() == {}


async def test_a_parent_must_be_there(studio: Studio) -> None:
    for parent in ("01m000000000000000000z", "nonsense"):
        with pytest.raises(NotFound):
            await studio.ask(parent=parent)


async def test_whoever_waits_is_told_the_place_and_again_when_the_line_moves(studio: Studio) -> None:
    async with studio.working("one"):
        await studio.ask("hold this")
        await asyncio.wait_for(studio.quick.holding.wait(), 30)
        second = await studio.ask(by=2)
        third = await studio.ask(by=3)
        await eventually(lambda: _place(studio, second, 1))
        await eventually(lambda: _place(studio, third, 2))
        await studio.generations.cancel(second, user(2))
        await eventually(lambda: _place(studio, third, 1))
        studio.quick.release.set()
        await studio.until(third, "completed")
    places = [data["place"] for kind, data in await studio.told(third) if kind == "place"]
    assert places[0] == 2
    assert places[-2:] == [1, 0]  # next in line, then not waiting any more
    assert "place" not in await studio.state(third)


async def _place(studio: Studio, id: str, place: int) -> bool:
    return (await studio.state(id)).get("place") == place


async def test_the_estimate_comes_from_how_long_such_pictures_took(studio: Studio) -> None:
    """One of ten steps of a tenth of a second was measured; the one in front is at its second."""
    async with studio.working("one"):
        await studio.until(await studio.ask("slow one", steps=10), "completed")
        await eventually(lambda: _is_empty(studio))
        holding = await studio.ask("hold this", by=2)
        await asyncio.wait_for(studio.quick.holding.wait(), 30)
        waiting = await studio.ask("slow two", steps=10)
        found = await eventually(lambda: _estimated(studio, waiting))
        studio.quick.release.set()
        await studio.until(holding, "completed")
    print(f"an eta of {found['eta_s']} s")
    assert 0.5 <= found["eta_s"] <= 30


async def _estimated(studio: Studio, id: str) -> dict[str, Any] | None:
    found = await studio.state(id)
    return found if "eta_s" in found else None


async def test_there_is_no_estimate_where_nobody_paints(studio: Studio) -> None:
    async with studio.working("one"):
        await studio.until(await studio.ask("slow one", steps=10), "completed")
        await eventually(lambda: _is_empty(studio))
    waiting = await studio.ask()
    await studio.carry()
    assert "eta_s" not in await studio.state(waiting)
    assert (await studio.state(waiting))["place"] == 1


async def test_a_deleted_post_takes_its_generation_along(studio: Studio) -> None:
    """Nobody sees the picture any more, not even through the making of it."""
    async with studio.working("one"):
        id = await studio.ask()
        await studio.until(id, "completed")
    entry = Outgoing("1-1", "post.deleted", "1-1", {"id": id, "author": user(1).id, "tags": []})
    await studio.projection.apply([entry, entry])
    assert not await studio.generations.visible(id, user(1))
    assert await studio.events(f"generation:{id}") == []
    with pytest.raises(NotFound):
        await studio.generations.get(id, user(1))
