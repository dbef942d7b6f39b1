"""What people wait for: a card, previews, a comment, a page. One server with one worker, two clients."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import livefeed.client
from bench.figure import Bar, Figure
from livefeed.client import Event, Feed, Item, Preview, Queued
from livefeed.client.painting import step_of
from tests.integration.crowd import new_post
from tests.integration.server_process import ServerProcess

PROMPTS = ("a red fox in the snow at night", "a lighthouse in a storm", "three cats in a rocket")
COMMENTS = 100
RATES = {"comments_per_s": 1_000, "commands_per_s": 1_000}
"""One person may not comment as fast as this one does."""
PAGES = 100
WAIT_S = 60.0


async def measure(folder: Path) -> AsyncIterator[Figure]:
    with ServerProcess(folder / "data", workers=1, **RATES) as server:
        async with livefeed.client.connect(server.url) as here, livefeed.client.connect(server.url) as there:
            await here.sign_in()
            cards, previews, posts = [], [], []
            for prompt in PROMPTS:
                card_s, count, post_s = await _paint(here, there, prompt)
                cards.append(card_s)
                previews.append(float(count))
                posts.append(post_s)
            yield Figure("prompt → card at another client", "s", tuple(cards), Bar(high=1.0))
            yield Figure("different previews at another client", "", tuple(previews), Bar(low=4.0))
            yield Figure("prompt → post at another client, 768 px", "s", tuple(posts))
            runs = await _comments(here, there)
            yield Figure("comment → seen at another client", "ms", runs, Bar(high=300.0))
            yield Figure("page of 30 posts over HTTP", "ms", await _pages(here))


async def _paint(here: Feed, there: Feed, prompt: str) -> tuple[float, int, float]:
    """Ask for a picture here; return when there saw its card, how many previews there got, and when its post."""
    async with there.subscribe("feed:all") as feed:
        began = time.monotonic()
        steps = here.generate(prompt)
        queued = await anext(steps)
        assert isinstance(queued, Queued), queued
        generation = queued.id
        await _next(feed, lambda item: isinstance(item, Event) and item.type == "generation.created")
        card_s = time.monotonic() - began
        watching = asyncio.create_task(_watch(there, f"generation:{generation}"))
        await _next(feed, lambda item: isinstance(item, Event) and item.type == "post.created")
        post_s = time.monotonic() - began
        await steps.aclose()
        return card_s, await watching, post_s


async def _watch(feed: Feed, topic: str) -> int:
    """Return how many different previews a viewer gets until the picture is complete."""
    seen = set()
    async with feed.subscribe(topic, latest=200) as items:
        async for item in items:
            step = step_of("", item)
            if isinstance(step, Preview):
                seen.add(step.image or step.url)
            if isinstance(item, Event) and item.type == "generation.completed":
                break
    return len(seen)


async def _comments(here: Feed, there: Feed) -> tuple[float, ...]:
    """Return the milliseconds from sending a comment until the other client has it."""
    post, runs = await new_post(here), []
    async with there.subscribe(f"post:{post}") as items:
        for number in range(COMMENTS):
            began = time.monotonic()
            saying = asyncio.create_task(here.comment(post, f"comment {number}"))
            await _next(items, lambda item: isinstance(item, Event) and item.type == "comment.created")
            runs.append(1000 * (time.monotonic() - began))
            await saying
    return tuple(runs)


async def _pages(feed: Feed) -> tuple[float, ...]:
    """Return the milliseconds that a page of the feed takes, asked one after the other."""
    for _ in range(30):
        await new_post(feed)
    runs = []
    for _ in range(PAGES):
        began = time.monotonic()
        page = await feed.feed(limit=30)
        runs.append(1000 * (time.monotonic() - began))
        assert len(page["posts"]) == 30
    return tuple(runs)


async def _next(items: AsyncIterator[Item], wanted: Callable[[Item], bool]) -> Item:
    """Return the next item of a kind."""
    async with asyncio.timeout(WAIT_S):
        async for item in items:
            if wanted(item):
                return item
    raise AssertionError("the subscription ended")
