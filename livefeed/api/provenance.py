"""Where a post's picture comes from."""

from __future__ import annotations

from aiohttp import web

from livefeed.api import shapes
from livefeed.api.route import Ask, Route, json
from livefeed.errors import Busy, NotFound


async def read_provenance(ask: Ask) -> web.StreamResponse:
    """What we saw ourselves comes first; of an upload there is only what its file says."""
    found, sha256 = await ask.house.posts.provenance(ask.part("post"))
    said = None
    if found["generator"] is None:
        said = await ask.house.pictures.said(sha256)
        found["digital_source_type"] = (said or {}).get("digital_source_type")
    return json({"provenance": {**found, "file": said}})


ROUTES = (
    Route(
        method="GET",
        path="/api/posts/{post}/provenance",
        handler=read_provenance,
        response=shapes.PostProvenance,
        public=True,
        summary="Where a post's picture comes from: what made it, from what, or what its file says.",
        errors=(NotFound, Busy),
    ),
)
