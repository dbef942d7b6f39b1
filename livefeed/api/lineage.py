"""What a post was made from, and what was made from it."""

from __future__ import annotations

from aiohttp import web

from livefeed.api import shapes
from livefeed.api.route import Ask, Route, json
from livefeed.errors import NotFound


async def read_lineage(ask: Ask) -> web.StreamResponse:
    query: shapes.Paging = ask.query
    return json(await ask.house.lineages.read(ask.part("post"), before=query.before, limit=query.limit))


ROUTES = (
    Route(
        method="GET",
        path="/api/posts/{post}/lineage",
        handler=read_lineage,
        query=shapes.Paging,
        response=shapes.Lineage,
        public=True,
        summary="A post's ancestors up to the first, and the remixes of each: a part of a tree.",
        errors=(NotFound,),
    ),
)
