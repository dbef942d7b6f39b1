"""Pictures as files."""

from __future__ import annotations

from aiohttp import web

from livefeed.api.route import Ask, Route
from livefeed.errors import NotFound

FOREVER = "public, max-age=31536000, immutable"


async def read_media(ask: Ask) -> web.StreamResponse:
    width = ask.part("width")
    path = await ask.house.pictures.variant(ask.part("sha256"), int(width))
    return web.FileResponse(path, headers={"Content-Type": "image/webp", "Cache-Control": FOREVER})


ROUTES = (
    Route(
        method="GET",
        path=r"/media/{sha256}/{width:\d{1,5}}.webp",
        handler=read_media,
        content="image/webp",
        public=True,
        summary="A picture, 256, 512 or 1024 pixels wide at the most; never changes.",
        errors=(NotFound,),
    ),
)
