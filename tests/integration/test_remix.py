"""A remix starts from its parent's picture: what the generator is handed, on a real store and by a real server."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from livefeed.client import Completed, Event, Feed, Queued, Value, connect
from livefeed.errors import Busy, StoreUnavailable
from livefeed.generation.job import Ancestor
from tests.conformance.peers import Caller, Http, Server
from tests.integration.test_generation_studio import KnownPosts, Studio, open_store


@pytest.fixture
async def studio(tmp_path: Path) -> AsyncIterator[Studio]:
    async with open_store(tmp_path) as (store, _):
        yield Studio(store)


async def test_the_generator_is_handed_the_parents_file(studio: Studio) -> None:
    async with studio.working("one"):
        id = await studio.ask(parent=KnownPosts.parent, strength=0.25)
        await studio.until(id, "completed")
    [job] = studio.quick.jobs
    assert (job.parent, job.parent_image, job.strength) == (KnownPosts.parent, KnownPosts.file, 0.25)


async def test_the_generator_is_told_what_its_parents_were_asked_for_as_far_as_they_are_there(studio: Studio) -> None:
    async with studio.working("one"):
        grandparent = await studio.ask(prompt="a fox", seed=7, parent=KnownPosts.parent)
        await studio.until(grandparent, "completed")
        studio.posts.remixes[grandparent] = ("a fox", KnownPosts.parent)
        id = await studio.ask(prompt="the same in the rain", parent=grandparent)
        await studio.until(id, "completed")
        upload = studio.posts.remixes["01m000000000000000000q"] = ("", "01m000000000000000000x")
        await studio.until(await studio.ask(parent="01m000000000000000000q"), "completed")
    _, job, orphan = studio.quick.jobs
    assert job.ancestors == (Ancestor("a fox", 7), Ancestor(KnownPosts.words))
    assert orphan.ancestors == (Ancestor(upload[0]),)


async def test_without_a_parent_there_is_none(studio: Studio) -> None:
    async with studio.working("one"):
        await studio.until(await studio.ask(), "completed")
    [job] = studio.quick.jobs
    assert (job.parent, job.parent_image, job.ancestors) == (None, None, ())


async def test_of_a_parent_deleted_while_its_remix_waited_the_lineage_is_left(studio: Studio) -> None:
    id = await studio.ask(parent=KnownPosts.parent)
    studio.posts.deleted = True
    async with studio.working("one"):
        await studio.until(id, "completed")
    [job] = studio.quick.jobs
    assert (job.parent, job.parent_image, job.ancestors) == (KnownPosts.parent, None, ())
    [(_, about)] = await studio.events(f"post:{id}")
    assert about["post"]["parent"] == KnownPosts.parent


async def test_a_parent_that_cannot_be_read_at_once_is_waited_for(studio: Studio) -> None:
    studio.posts.trouble = [Busy("The storage of pictures fails."), StoreUnavailable("The store is away.")]
    async with studio.working("one"):
        await studio.until(await studio.ask(parent=KnownPosts.parent), "completed")
    assert not studio.posts.trouble
    assert studio.quick.jobs[0].parent_image == KnownPosts.file


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    settings = {"LIVEFEED_WORKERS": "1", "LIVEFEED_DRAIN_S": "0.2"}
    with Server(tmp_path_factory.mktemp("data"), settings) as running:
        yield running


async def painted(server: Server, author: Caller, prompt: str, **options: Any) -> dict[str, Any]:
    """Have the real illustrator paint a small picture; return its post."""
    async with connect(server.url, token=author.token) as feed:
        steps = [step async for step in feed.generate(prompt, width=256, height=256, steps=4, seed=11, **options)]
    assert isinstance(steps[-1], Completed)
    return dict(steps[-1].post)


async def test_the_illustrator_paints_over_its_parent_as_far_as_it_is_asked(server: Server) -> None:
    """The less strength, the nearer to the parent; without the parent's picture all three would be the same."""
    async with Http(server.url) as http:
        author = await http.guest()
        parent = await painted(server, author, "a green meadow under a blue sky")
        remixes = [
            await painted(server, author, "a fox in the snow at night", parent=parent["id"], strength=strength)
            for strength in (0.0, 0.5, 1.0)
        ]
        before = await picture(http, parent)
        far = [float(np.abs(await picture(http, remix) - before).mean()) for remix in remixes]
    assert far == sorted(far), far
    assert far[0] < far[2] / 2, far


async def test_watchers_of_the_parent_see_a_remix_come_and_go(server: Server) -> None:
    """Of an upload, by somebody else, and again of that remix; the lineage is the same from everywhere."""
    async with Http(server.url) as http:
        author, other = await http.guest(), await http.guest()
        first = await http.post(author, "a drawing of mine")
        async with connect(server.url) as watching:
            async with watching.subscribe(f"post:{first['id']}") as items:
                second = await painted(server, other, "a red fox", parent=first["id"], strength=0.4)
                begun = (await heard(items, "generation.created"))["generation"]
                assert (begun["id"], begun["parent"]) == (second["id"], first["id"])
                told = await heard(items, "remix.created")
                assert told == {"post": {**second, "origin": {"media": first["media"]}}}
                assert (second["parent"], second["author"]["id"]) == (first["id"], other.id)
                await heard(items, "post.counters", remixes=1)
                third = await painted(server, author, "a blue owl", parent=second["id"])
                whole = [first["id"], second["id"], third["id"]]
                for post in whole:
                    assert await lineage(watching, post) == whole
                gone = await http.ask("DELETE", f"/api/posts/{second['id']}", token=other.token)
                assert gone.status == 204
                await heard(items, "post.counters", remixes=0)
                assert await lineage(watching, third["id"]) == [first["id"], second["id"] + "+", third["id"]]
                said = await http.ask("GET", f"/api/posts/{third['id']}/provenance")
                assert said.body["provenance"]["parents"] == [{"id": second["id"], "deleted": True}]
                await http.ask("DELETE", f"/api/posts/{third['id']}", token=author.token)
                for post in whole[1:]:
                    assert (await http.ask("GET", f"/api/posts/{post}/lineage")).status == 404
            # The tree follows through the outbox: a later remix of the same post is told after it.
            async with watching.subscribe(f"post:{first['id']}") as items:
                fourth = await painted(server, other, "a snail", parent=first["id"])
                assert (await heard(items, "remix.created"))["post"]["id"] == fourth["id"]
                assert await lineage(watching, first["id"]) == [first["id"], fourth["id"]]


async def test_a_remix_whose_parent_is_deleted_while_it_is_painted_hangs_from_a_tombstone(server: Server) -> None:
    async with Http(server.url) as http, connect(server.url) as watching:
        author, other = await http.guest(), await http.guest()
        parent = await http.post(author, "a drawing of mine")
        async with connect(server.url, token=other.token) as painting:
            steps = painting.generate("a fox", width=256, height=256, steps=20, parent=parent["id"])
            async for step in steps:
                if isinstance(step, Queued):
                    gone = await http.ask("DELETE", f"/api/posts/{parent['id']}", token=author.token)
                    assert gone.status == 204
        assert isinstance(step, Completed)
        assert await lineage(watching, step.id) == [parent["id"] + "+", step.id]


async def test_a_remix_that_is_not_posted_is_nobodys_to_see(server: Server) -> None:
    async with Http(server.url) as http, connect(server.url) as watching:
        author, other = await http.guest(), await http.guest()
        parent = await http.post(author, "a drawing of mine")
        async with watching.subscribe(f"post:{parent['id']}") as items:
            async with connect(server.url, token=other.token) as private:
                options = {"width": 256, "height": 256, "steps": 4, "publish": False}
                steps = [step async for step in private.generate("a secret", parent=parent["id"], **options)]
                assert isinstance(steps[-1], Completed)
                assert steps[-1].post is None
            shown = await painted(server, other, "a fox", parent=parent["id"])
            assert (await heard(items, "remix.created"))["post"]["id"] == shown["id"], "and nothing came before"
        assert await lineage(watching, parent["id"]) == [parent["id"], shown["id"]]


async def heard(items: Any, kind: str, **data: Any) -> dict[str, Any]:
    """Wait for an event or value of this kind with this data; return all of its data."""
    async with asyncio.timeout(60):
        async for item in items:
            if isinstance(item, Event | Value) and item.type == kind and data.items() <= item.data.items():
                return dict(item.data)
    raise AssertionError(f"no {kind} came")


async def lineage(feed: Feed, post: str) -> list[str]:
    """Return the ids of a post's lineage, those of tombstones with a '+'."""
    return [node["id"] + "+" * ("deleted" in node) for node in (await feed.lineage(post))["nodes"]]


async def picture(http: Http, post: dict[str, Any]) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Download a post's picture; return its pixels, small, 0 to 255."""
    answer = await http.ask("GET", f"/media/{post['media']['sha256']}/256.webp")
    assert answer.status == 200
    return np.asarray(Image.open(io.BytesIO(answer.raw)).convert("RGB").resize((64, 64)), np.float32)
