"""The pictures that links to us are shown with, and what our pages say of themselves.

A card is painted when somebody asks for it: pages cost one small read more, and nothing where the store is away.
Source: docs/link-previews.md.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from aiohttp import web
from PIL import Image

from livefeed.api import heads
from livefeed.api.embed import base_of, feed_of
from livefeed.api.house import House
from livefeed.api.route import Ask, Route
from livefeed.api.sentences import Sentences
from livefeed.errors import BadTopic, Busy, LivefeedError, NotFound, PeerError
from livefeed.feed.tags import is_tag
from livefeed.media.card import Fonts, post_card, wall_card
from livefeed.topic import FEED_ALL, normal_tag

HEAD_S = 0.5
"""How long a page waits for the store to say what it is about; without, it says only our name."""
CARDS = 64
"""Cards kept in memory, about 6 MB."""
WAITING = 16
"""Cards that may wait to be painted, one after the other."""
CARD_AGE_S = 3600
WALL_AGE_S = 600
WALL_PICTURES = 3
PICTURE_WIDTH = 1024
EVERYTHING = "Pictures, painted live"

Key = tuple[str, ...]


class Easel:
    """Paints cards one at a time, and keeps the newest ones."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, bytes] = OrderedDict()
        self._one = asyncio.Lock()
        self._waiting = 0

    async def card(self, key: Key, paint: Callable[[], bytes]) -> bytes:
        """Return the card that `key` names, all that is on it; painted in a thread if it is not here. Raises: Busy."""
        if key not in self._kept:
            if self._waiting >= WAITING:
                raise Busy("Too many previews are being painted; try again in a moment.", retry_after_s=2)
            self._waiting += 1
            try:
                async with self._one:
                    if key not in self._kept:
                        self._kept[key] = await asyncio.to_thread(paint)
            finally:
                self._waiting -= 1
        self._kept.move_to_end(key)
        card = self._kept[key]
        while len(self._kept) > CARDS:
            self._kept.popitem(last=False)
        return card


_EASEL = web.AppKey("easel", Easel)


async def read_post_card(ask: Ask) -> web.StreamResponse:
    post = (await ask.house.posts.get(ask.part("post")))["post"]
    media, handle, title = post["media"], post["author"]["handle"], heads.plain(heads.title_of(post))
    path = await ask.house.pictures.variant(media["sha256"], PICTURE_WIDTH)
    fonts = _fonts(ask.house)

    def paint() -> bytes:
        with Image.open(path) as picture:
            return post_card(picture.convert("RGB"), title, handle, media["palette"], fonts)

    return await _answer(ask, ("post", media["sha256"], title, handle), paint, CARD_AGE_S)


async def read_wall_card(ask: Ask) -> web.StreamResponse:
    house = ask.house
    feed = await feed_of(house, ask.part("feed"))
    posts = (await house.timelines.read(feed.topic, limit=WALL_PICTURES))["posts"]
    pictures = [post["media"]["sha256"] for post in posts]
    paths = [await house.pictures.variant(sha256, PICTURE_WIDTH // 2) for sha256 in pictures]
    palette = posts[0]["media"]["palette"] if posts else []
    fonts, name = _fonts(house), EVERYTHING if feed.topic == FEED_ALL else feed.name

    def paint() -> bytes:
        opened: list[Image.Image] = []
        for path in paths:
            with Image.open(path) as picture:
                opened.append(picture.convert("RGB"))
        return wall_card(opened, name, palette, fonts)

    return await _answer(ask, ("wall", name, *pictures), paint, WALL_AGE_S)


async def head_of(house: House, request: web.Request, say: Sentences) -> heads.Head:
    """Return what a page's address says; nothing where nobody may know, or the store does not answer in time."""
    try:
        async with asyncio.timeout(HEAD_S):
            return await _head(house, request, say)
    except (NotFound, BadTopic):
        return heads.of_gone(say)
    except PeerError:
        return heads.of_nothing(say)
    except (LivefeedError, TimeoutError):
        return heads.of_silence(say)


def own_address(house: House, request: web.Request) -> str:
    """Return our address as others see it, "" where the request does not say it in earnest."""
    try:
        return base_of(house, request)
    except NotFound:
        return ""


async def _head(house: House, request: web.Request, say: Sentences) -> heads.Head:
    """Raises: LivefeedError."""
    resource = request.match_info.route.resource
    named: dict[str, Any] = dict(request.match_info)
    match resource.canonical if resource is not None else "":
        case "/":
            return heads.of_everything(say)
        case "/post/{id}":
            return heads.of_post((await house.posts.get(named["id"]))["post"], say)
        case "/tag/{tag}":
            tag = named["tag"]
            return heads.of_tag(normal_tag(tag), say) if is_tag(tag) else heads.of_gone(say)
        case "/@{handle}" | "/@{handle}/remixes":
            return heads.of_person((await house.identity.by_handle(named["handle"])).as_dict(), say)
        case "/@{handle}/rooms" | "/@{handle}/liked":
            await house.identity.by_handle(named["handle"])
        case "/room/{id}":
            return heads.of_room(say)
    return heads.of_nothing(say)


def add_cards(app: web.Application) -> None:
    """Give the application the place where its cards are painted."""
    app[_EASEL] = Easel()


def _fonts(house: House) -> Fonts:
    return Fonts(house.web / "og")


async def _answer(ask: Ask, key: Key, paint: Callable[[], bytes], age_s: int) -> web.StreamResponse:
    card = await ask.request.app[_EASEL].card(key, paint)
    return web.Response(body=card, content_type="image/jpeg", headers={"Cache-Control": f"public, max-age={age_s}"})


ROUTES = (
    Route(
        method="GET",
        path="/og/feed/{feed}.jpg",
        handler=read_wall_card,
        content="image/jpeg",
        public=True,
        summary="The picture that a link to a feed is shown with, 1200 × 630: its newest pictures and its name.",
        errors=(NotFound, BadTopic, Busy),
    ),
    Route(
        method="GET",
        path="/og/{post}.jpg",
        handler=read_post_card,
        content="image/jpeg",
        public=True,
        summary="The picture that a link to a post is shown with, 1200 × 630: it, its title and its author.",
        errors=(NotFound, Busy),
    ),
)
