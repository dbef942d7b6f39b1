"""Posts and people by words."""

from __future__ import annotations

from aiohttp import web

from livefeed.api import shapes
from livefeed.api.route import Ask, Route, json


async def search_posts(ask: Ask) -> web.StreamResponse:
    query: shapes.Question = ask.query
    viewer = ask.caller.user.id if ask.caller.user else None
    return json(await ask.house.search.find(query.q, before=query.before, limit=query.limit, viewer=viewer))


ROUTES = (
    Route(
        method="GET",
        path="/api/search",
        handler=search_posts,
        query=shapes.Question,
        response=shapes.Found,
        public=True,
        summary="Posts that have all the words of a question, newest first, and people whose names begin so.",
    ),
)
