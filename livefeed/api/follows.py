"""Following people."""

from __future__ import annotations

from aiohttp import web

from livefeed.api import shapes
from livefeed.api.commands import COMMAND
from livefeed.api.route import Ask, Route, json
from livefeed.errors import Conflict, KeyReused, NotFound


async def follow_user(ask: Ask) -> web.StreamResponse:
    ask.house.limits.spend(COMMAND, ask.user.id)
    followed = await ask.house.identity.named(ask.part("handle"))
    await ask.house.follows.follow(ask.user.as_dict(), followed.as_dict(), key=ask.key)
    return web.Response(status=204)


async def unfollow_user(ask: Ask) -> web.StreamResponse:
    ask.house.limits.spend(COMMAND, ask.user.id)
    followed = await ask.house.identity.named(ask.part("handle"))
    await ask.house.follows.unfollow(ask.user.as_dict(), followed.as_dict(), key=ask.key)
    return web.Response(status=204)


async def read_followers(ask: Ask) -> web.StreamResponse:
    query: shapes.Paging = ask.query
    return json(await ask.house.follows.followers(ask.user.id, before=query.before, limit=query.limit))


async def read_following(ask: Ask) -> web.StreamResponse:
    query: shapes.Paging = ask.query
    return json(await ask.house.follows.following(ask.user.id, before=query.before, limit=query.limit))


ROUTES = (
    Route(
        method="GET",
        path="/api/me/followers",
        handler=read_followers,
        access="user",
        query=shapes.Paging,
        response=shapes.PeoplePage,
        summary="Who follows the caller, who began last first.",
    ),
    Route(
        method="GET",
        path="/api/me/following",
        handler=read_following,
        access="user",
        query=shapes.Paging,
        response=shapes.PeoplePage,
        summary="Whom the caller follows, whom they began to follow last first.",
    ),
    Route(
        method="PUT",
        path="/api/users/{handle}/follow",
        handler=follow_user,
        access="user",
        status=204,
        summary="Follow a person: what they make comes into one's own feed.",
        errors=(NotFound, Conflict, KeyReused),
    ),
    Route(
        method="DELETE",
        path="/api/users/{handle}/follow",
        handler=unfollow_user,
        access="user",
        status=204,
        summary="Follow a person no more.",
        errors=(NotFound, KeyReused),
    ),
)
