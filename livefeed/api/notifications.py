"""What concerns the caller alone."""

from __future__ import annotations

from aiohttp import web

from livefeed.api import shapes
from livefeed.api.commands import COMMAND
from livefeed.api.route import Ask, Route, json


async def read_notifications(ask: Ask) -> web.StreamResponse:
    query: shapes.Paging = ask.query
    return json(await ask.house.notifications.read(ask.user.id, before=query.before, limit=query.limit))


async def mark_notifications_read(ask: Ask) -> web.StreamResponse:
    ask.house.limits.spend(COMMAND, ask.user.id)
    return json(await ask.house.notifications.mark_read(ask.user.id, ask.body.until))


ROUTES = (
    Route(
        method="GET",
        path="/api/notifications",
        handler=read_notifications,
        access="user",
        query=shapes.Paging,
        response=shapes.Notifications,
        summary="One's own notifications, newest first, and the position to subscribe to one's topic from.",
    ),
    Route(
        method="PUT",
        path="/api/notifications/read",
        handler=mark_notifications_read,
        access="user",
        body=shapes.ReadUntil,
        response=shapes.ReadSoFar,
        summary="Take one's notifications as read up to a time.",
    ),
)
