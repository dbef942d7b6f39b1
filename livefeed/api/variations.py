"""What a room paints, votes on and publishes."""

from __future__ import annotations

from aiohttp import web

from livefeed.api import room_shapes as rooms
from livefeed.api import shapes
from livefeed.api.rooms import spend
from livefeed.api.route import Ask, Route, json
from livefeed.errors import Busy, Conflict, Forbidden, NotFound, RateLimited


async def begin_variation(ask: Ask) -> web.StreamResponse:
    user = spend(ask)
    variation = await ask.house.variations.begin(ask.part("room"), user, seed=ask.body.seed, key=ask.key)
    return json({"variation": variation}, status=202)


async def set_vote(ask: Ask) -> web.StreamResponse:
    return await _vote(ask, on=True)


async def unset_vote(ask: Ask) -> web.StreamResponse:
    return await _vote(ask, on=False)


async def _vote(ask: Ask, *, on: bool) -> web.StreamResponse:
    user = spend(ask)
    await ask.house.votes.set(ask.part("room"), user, ask.part("variation"), on, key=ask.key)
    return web.Response(status=204)


async def publish_room(ask: Ask) -> web.StreamResponse:
    user, asked = spend(ask), ask.body
    post = await ask.house.publishing.publish(
        ask.part("room"), user, asked.variation, caption=asked.caption, key=ask.key
    )
    return json({"post": post}, status=201)


ROUTES = (
    Route(
        method="POST",
        path="/api/rooms/{room}/variations",
        handler=begin_variation,
        access="user",
        status=202,
        body=rooms.SpinVariation,
        response=rooms.OneVariation,
        summary="Have a picture painted from a room's document as it stands.",
        errors=(NotFound, Forbidden, Conflict, RateLimited, Busy),
    ),
    Route(
        method="PUT",
        path="/api/rooms/{room}/votes/{variation}",
        handler=set_vote,
        access="user",
        status=204,
        summary="Vote for a variation; a vote for another one moves.",
        errors=(NotFound, Forbidden, Conflict),
    ),
    Route(
        method="DELETE",
        path="/api/rooms/{room}/votes/{variation}",
        handler=unset_vote,
        access="user",
        status=204,
        summary="Take one's vote for a variation back.",
        errors=(NotFound, Forbidden, Conflict),
    ),
    Route(
        method="POST",
        path="/api/rooms/{room}/publish",
        handler=publish_room,
        access="user",
        status=201,
        body=rooms.PublishRoom,
        response=shapes.OnePost,
        summary="Make a post of a finished variation, once.",
        errors=(NotFound, Forbidden, Conflict, Busy),
    ),
)
