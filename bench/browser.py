"""What reading costs in a real browser: what moves, main thread, what piles up, first picture, first load."""

from __future__ import annotations

import asyncio
import gzip
import math
import os
import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from playwright.async_api import Browser, CDPSession, Page, ViewportSize, async_playwright

import livefeed.client
from bench.build import NotHere
from bench.effort import Effort
from bench.embed import ARGUMENTS, NAMES
from bench.figure import Bar, Figure
from tests.browser.bustle import EMOJI, Bustle, bustle
from tests.browser.sights import CARDS, FIRST_PICTURE, NODES, OLDER, SIZES, THROUGH, WATCH, painting
from tests.integration.server_process import ServerProcess

T = TypeVar("T")
DESKTOP: ViewportSize = {"width": 1440, "height": 960}
TALL: ViewportSize = {"width": 2000, "height": 3000}
"""The tall window shows 60 cards at once."""
POSTS_PER_S, REACTIONS_PER_S, SECONDS = 100.0, 1_000.0, 10
CARDS_SEEN = 60
EARLY, LATE = 500, 5_000
"""Posts that have been scrolled past when nodes and heap are counted."""
SLOWER, VISITS = 4, 5
"""How much slower the processor is made for the first picture, and how often it is opened."""
WAIT_MS = 240_000


async def measure(folder: Path) -> AsyncIterator[Figure]:
    chromium = os.environ.get("LIVEFEED_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if chromium is None:
        raise NotHere("there is no Chromium")
    effort = Effort.from_environment()
    with ServerProcess(folder / "data") as server:
        media = await _stored(server)
        async with bustle(server, media) as crowd, async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
            await crowd.hang(2 * CARDS_SEEN)
            yield await _first_load(browser, server.url)
            visits = [await _first_picture(browser, server.url) for _ in range(VISITS)]
            firsts, busy = tuple(first for first, _ in visits), tuple(busy for _, busy in visits)
            yield Figure("page: first picture, processor 4 × slower", "ms", firsts, Bar(high=1_000.0))
            yield Figure("page: main thread until the first picture, processor 4 × slower", "ms", busy)
            for figure in await _reading(browser, server.url, crowd, effort.pairs):
                yield figure
            for figure in await _reactions(browser, server.url, crowd, effort.pairs):
                yield figure
            for figure in await _scrolling(browser, server.url, crowd):
                yield figure
            await browser.close()


async def _stored(server: ServerProcess) -> list[Mapping[str, Any]]:
    async with livefeed.client.connect(server.url) as feed:
        await feed.sign_in()
        return [(await feed.upload(painting(number), f"number {number}"))["media"] for number in range(len(SIZES))]


async def _open(browser: Browser, url: str, viewport: ViewportSize = DESKTOP) -> Page:
    """Open the feed in a browser of its own and wait until it is live and hangs."""
    context = await browser.new_context(viewport=viewport)
    page = await context.new_page()
    await page.goto(url)
    await page.locator("[data-testid=connection][data-state=live]", has_text="here").first.wait_for()
    await page.locator("picture-card").nth(3).wait_for()
    await page.wait_for_load_state("networkidle")
    return page


async def _first_load(browser: Browser, url: str) -> Figure:
    """The script that the page asks for before it is told to fetch more, and the words it comes with, packed."""
    context = await browser.new_context()
    index = await (await context.request.get(url)).text()
    names = re.findall(r'(?:src|href)="(/assets/[^"]+\.js)"', index)
    bodies = [await (await context.request.get(url + name)).body() for name in dict.fromkeys(names)]
    await context.close()
    words = re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', index, re.DOTALL)
    packed = sum(len(gzip.compress(body, 9)) for body in [*bodies, *[text.encode() for text in words]])
    return Figure("page: script of the first load", "KB", (packed / 1024,), Bar(high=60.0))


async def _first_picture(browser: Browser, url: str) -> tuple[float, float]:
    """Milliseconds until a newcomer with nothing in the cache sees a picture, and those of the main thread in them."""
    context = await browser.new_context(viewport=DESKTOP)
    page = await context.new_page()
    cdp = await context.new_cdp_session(page)
    await cdp.send("Performance.enable", {"timeDomain": "threadTicks"})
    await cdp.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    await page.goto(url, wait_until="commit")
    first = float(await page.evaluate(FIRST_PICTURE))
    busy = 1000 * await _metric(cdp, "TaskDuration")
    await context.close()
    return first, busy


async def _reading(browser: Browser, url: str, crowd: Bustle, runs: int) -> list[Figure]:
    """Read in the middle of the wall while posts come; in the end all of them wait there."""
    moved, shifted, busy, rates = [], [], [], []
    count = int(POSTS_PER_S) * SECONDS
    for _ in range(runs):
        page = await _open(browser, url)
        await page.evaluate("scrollTo(0, 1500)")
        await page.wait_for_timeout(1_000)
        await page.evaluate(WATCH)
        share, (_, rate) = await _main_thread(page, lambda: crowd.post(count, POSTS_PER_S))
        # The thousandth is the first that is not told by its number: with it all are there.
        await page.locator("[data-testid=new-pill][aria-label^='999+ ']").wait_for()
        seen = await page.evaluate("window.watched")
        moved.append(float(seen["moved"]))
        shifted.append(float(seen["shift"]))
        busy.append(share)
        rates.append(rate)
        await page.context.close()
    still = [
        Figure("page: 100 posts/s, the picture that is read moves by", "px", tuple(moved), Bar(high=0.0)),
        Figure("page: 100 posts/s, layout shift as the browser counts it", "", tuple(shifted), Bar(high=0.0)),
    ]
    return [
        *[figure.at(POSTS_PER_S, rates, "posts") for figure in still],
        Figure("page: 100 posts/s, those that were made", "/s", tuple(rates)),
        Figure("page: 100 posts/s, share of the main thread", "%", tuple(busy)),
    ]


async def _reactions(browser: Browser, url: str, crowd: Bustle, runs: int) -> list[Figure]:
    """Look at 60 new cards, all in the window, while people react to them; in the end each shows all of its own."""
    shares, rates = [], []
    count = int(REACTIONS_PER_S) * SECONDS
    most = [str(math.ceil(len(range(card, count, CARDS_SEEN)) / len(EMOJI))) for card in range(CARDS_SEEN)]
    for _ in range(runs):
        fresh = await crowd.hang(CARDS_SEEN)
        page = await _open(browser, url, TALL)
        await page.wait_for_timeout(1_000)
        cards = (await page.evaluate(CARDS))[:CARDS_SEEN]
        assert len(set(cards)) == CARDS_SEEN, f"{len(set(cards))} cards, not {CARDS_SEEN}"
        assert set(cards) == set(fresh), "who has reacted to a card before changes nothing there"
        share, rate = await _main_thread(page, partial(crowd.react, cards, count, REACTIONS_PER_S))
        await page.wait_for_function(_COUNTED, arg=[cards, most], polling=100)
        shares.append(share)
        rates.append(rate)
        await page.context.close()
    figure = Figure("page: 1,000 reactions/s on 60 cards, share of the main thread", "%", tuple(shares), Bar(high=20.0))
    return [
        figure.at(REACTIONS_PER_S, rates, "reactions"),
        Figure("page: 1,000 reactions/s on 60 cards, those that were made", "/s", tuple(rates)),
    ]


async def _scrolling(browser: Browser, url: str, crowd: Bustle) -> list[Figure]:
    """Scroll past 5,000 posts; compare what is held then with what was held after 500."""
    await crowd.hang(LATE)
    page = await _open(browser, url)
    cdp = await page.context.new_cdp_session(page)
    held = {}
    for posts in (EARLY, LATE):
        await page.wait_for_function(_PAST, arg=posts, polling=30, timeout=WAIT_MS)
        await page.evaluate(OLDER)
        async with asyncio.timeout(WAIT_MS / 1000):
            while not await page.evaluate(_STILL):  # a promise is not awaited by wait_for_function
                pass
        held[posts] = (float(await page.evaluate(NODES)), await _heap(cdp))
    await page.context.close()
    nodes, heap = ([held[posts][which] for posts in (EARLY, LATE)] for which in (0, 1))
    return [
        Figure("page: elements after 5,000 posts ÷ after 500", "", (nodes[1] / nodes[0],), Bar(high=1.25)),
        Figure("page: elements after 5,000 posts", "", (nodes[1],)),
        Figure("page: heap after 5,000 posts ÷ after 500", "", (heap[1] / heap[0],), Bar(high=1.25)),
        Figure("page: heap after 5,000 posts", "MB", (heap[1] / 1e6,)),
    ]


_COUNTED = f"""([posts, tops]) => {{
  {THROUGH}
  const shown = new Map(all('post-totals').map((totals) => [totals.post, totals.shadowRoot.textContent]));
  return posts.every((post, number) => shown.get(post)?.match(/\\d+/)?.[0] === tops[number]);
}}"""
"""Every card shows the total of the emoji that it has most of."""


_PAST = """(posts) => {
  const wall = document.querySelector('livefeed-app').shadowRoot.querySelector('feed-wall');
  scrollTo(0, document.documentElement.scrollHeight);
  return wall.hung >= posts;
}"""


_STILL = f"""async () => {{
  {THROUGH}
  const [wall] = all('feed-wall');
  const drawn = () => all('picture-card').map((card) => card.post).join();
  const before = [wall.hung, drawn()].join();
  await new Promise((resolve) => setTimeout(resolve, 500));
  const end = wall.shadowRoot.querySelector('.end')?.getBoundingClientRect().top ?? 0;
  return end > 1200 + innerHeight && [wall.hung, drawn()].join() === before;
}}"""
"""The wall has what it asks for ahead of the window, and draws what is near it and nothing else."""


async def _main_thread(page: Page, work: Callable[[], Awaitable[T]]) -> tuple[float, T]:
    """Return how much of the time that the work takes the page's main thread is busy, %, in processor time.

    And what came of the work.
    """
    cdp = await page.context.new_cdp_session(page)
    await cdp.send("Performance.enable", {"timeDomain": "threadTicks"})
    loop = asyncio.get_running_loop()
    busy, began = await _metric(cdp, "TaskDuration"), loop.time()
    done = await work()
    return 100 * (await _metric(cdp, "TaskDuration") - busy) / (loop.time() - began), done


async def _heap(cdp: CDPSession) -> float:
    """Return the bytes of script values that are still referred to."""
    await cdp.send("HeapProfiler.enable")
    await cdp.send("HeapProfiler.collectGarbage")
    await cdp.send("Performance.enable")
    return await _metric(cdp, "JSHeapUsedSize")


async def _metric(cdp: CDPSession, name: str) -> float:
    found = await cdp.send("Performance.getMetrics")
    return next(float(metric["value"]) for metric in found["metrics"] if metric["name"] == name)
