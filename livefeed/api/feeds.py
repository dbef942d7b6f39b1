"""Timelines as pages."""

from __future__ import annotations

from aiohttp import web

from livefeed.api import shapes
from livefeed.api.route import Ask, Route, compressed, json
from livefeed.errors import NotFound
from livefeed.topic import FEED_ALL, Topic, feed_following, feed_tag, feed_user


async def read_feed(ask: Ask) -> web.StreamResponse:
    house, query, viewer = ask.house, ask.query, ask.caller.user
    feed = ask.part("feed")
    if feed == "liked":
        liked = await house.liked.read(ask.user.id, before=query.before, limit=query.limit)
        return compressed(ask.request, json(liked))
    kind, _, name = feed.partition(":")
    remixes = kind == "remixes" and bool(name)
    page = await house.timelines.read(
        feed_user(await _person(ask, name)) if remixes else await _topic(ask, feed),
        before=query.before,
        limit=query.limit,
        viewer=viewer.id if viewer else None,
        remixes=remixes,
    )
    generations = await house.generations.states(page["generations"]) if query.before is None else []
    return compressed(ask.request, json({**page, "generations": generations}))


async def _topic(ask: Ask, feed: str) -> Topic:
    kind, _, name = feed.partition(":")
    if feed == "all":
        return FEED_ALL
    if feed == "following":
        return feed_following(ask.user.id)
    if kind == "tag" and name:
        return feed_tag(name)
    if kind == "user" and name:
        return feed_user(await _person(ask, name))
    raise NotFound(
        "There is no such feed; there are: all, following, liked, tag:{tag}, user:{id or handle}, "
        "remixes:{id or handle}."
    )


async def _person(ask: Ask, name: str) -> str:
    """Return the id of whoever is named by id or handle. Raises: NotFound."""
    return (await ask.house.identity.named(name)).id


ROUTES = (
    Route(
        method="GET",
        path="/api/feeds/{feed}",
        handler=read_feed,
        query=shapes.Paging,
        response=shapes.Feed,
        public=True,
        summary="A feed, newest first (all, following, liked, tag:{tag}, user:{id or handle}, remixes:{id or handle}), "
        "and where to subscribe from.",
        errors=(NotFound,),
    ),
)
