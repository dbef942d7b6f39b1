"""How light a widget is on the page it is in: bytes, requests, the time until it can be used."""

from __future__ import annotations

import gzip
import io
import os
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, Request, async_playwright

import livefeed.client
from bench.build import NotHere
from bench.figure import Bar, Figure
from tests.browser.hosts import host
from tests.integration.server_process import ServerProcess

RUNS = 7
POSTS = 24
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
READY = "[data-testid=hero] img"


async def measure(folder: Path) -> AsyncIterator[Figure]:
    chromium = os.environ.get("LIVEFEED_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if chromium is None:
        raise NotHere("there is no Chromium")
    with ServerProcess(folder / "data") as server:
        async with livefeed.client.connect(server.url) as feed:
            await feed.sign_in()
            for number in range(POSTS):
                await feed.upload(_picture(number), caption=f"number {number}")
        page = (
            f'<!doctype html><title>A page</title><script type="module" src="{server.url}/embed.js"></script>'
            f'<live-feed src="{server.url}/embed/all"></live-feed>'
        )
        with host({"/": page, "/floor": FLOOR}) as address:
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
                pairs = [(await _visit(browser, address), await _floor(browser, address)) for _ in range(RUNS + 1)][1:]
                runs = [run for run, _ in pairs]
                packed = await _packed(browser, server.url)
                await browser.close()
    yield Figure("widget: script", "KB", (packed / 1024,), Bar(high=12.0))
    yield Figure("widget: requests before the first picture", "", tuple(run[0] for run in runs), Bar(high=2.0))
    yield Figure("widget: navigation → can be used", "ms", tuple(run[1] for run in runs), Bar(high=300.0))
    yield Figure("widget: the same of an empty sandboxed frame", "ms", tuple(floor for _, floor in pairs))
    yield Figure("widget: cookies", "", tuple(run[2] for run in runs), Bar(high=0.0))


USABLE = "performance.getEntriesByName('usable')[0]?.startTime + performance.timeOrigin"
FLOOR = """<!doctype html><title>A page</title><iframe id="floor" sandbox="allow-scripts"
srcdoc="<script>performance.mark('usable')</script>"></iframe>"""
"""A frame of another origin is a process of its own to the browser; starting it is most of the time, and not ours."""


async def _floor(browser: Browser, address: str) -> float:
    """Return the milliseconds until the first line of script has run in a sandboxed frame that loads nothing."""
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(f"{address}/floor")
    frame = page.frames[-1]
    await frame.wait_for_function("performance.getEntriesByName('usable').length")
    usable_ms = float(await frame.evaluate(USABLE)) - float(await page.evaluate("performance.timeOrigin"))
    await context.close()
    return usable_ms


async def _visit(browser: Browser, address: str) -> tuple[float, float, float]:
    """Return the requests before the first picture, the milliseconds until it can be used, and the cookies."""
    context = await browser.new_context()
    page = await context.new_page()
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    await page.goto(address, wait_until="commit")
    inside = page.frame_locator("live-feed >> iframe")
    await inside.locator(READY).wait_for()
    # The frame's own clock began with its navigation; the page's tells how long that was after its own.
    frame = next(frame for frame in page.frames if "/embed/" in frame.url)
    usable_ms = float(await frame.evaluate(USABLE)) - float(await page.evaluate("performance.timeOrigin"))
    first = next(index for index, request in enumerate(asked) if "/media/" in request.url)
    cookies = len(await context.cookies())
    await context.close()
    return float(first - 1), usable_ms, float(cookies)


async def _packed(browser: Browser, url: str) -> float:
    """Return the bytes of script that a reader downloads, packed."""
    context = await browser.new_context()
    loader = await (await context.request.get(f"{url}/embed.js")).text()
    page = await (await context.request.get(f"{url}/embed/all")).text()
    await context.close()
    scripts = [loader, *re.findall(r"<script>(.*?)</script>", page, re.DOTALL)]
    return float(sum(len(gzip.compress(script.encode(), 9)) for script in scripts))


def _picture(number: int) -> bytes:
    """Return a picture unlike the others."""
    out = io.BytesIO()
    Image.new("RGB", (512, 512), (number * 9 % 256, number * 37 % 256, number * 61 % 256)).save(out, "PNG")
    return out.getvalue()
