"""The app's one page, at every address that is the app's own, and its files."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from livefeed.api.house import House
from livefeed.api.media import FOREVER
from livefeed.errors import NotFound

PAGES = (
    "/",
    "/following",
    "/search",
    "/news",
    "/settings",
    "/post/{id}",
    "/room/{id}",
    "/tag/{tag}",
    "/@{handle}",
    "/gallery",
)
POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; style-src 'self' 'unsafe-inline'; connect-src 'self' ws: wss:; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
INDEX = web.AppKey("index", bytes)
MISSING = "The page has not been built: `make run` builds it, or `npm run build` in web/."


def add_pages(app: web.Application, house: House, dress: Callable[[bytes, web.Request], Awaitable[bytes]]) -> None:
    """Serve the built page; its hashed assets never change, everything else is asked for anew.

    dress: put what this address says of itself into the built page.
    """
    web_dist = house.web
    index_file = web_dist / "index.html"
    app[INDEX] = index_file.read_bytes() if index_file.is_file() else b""

    async def page(request: web.Request) -> web.StreamResponse:
        index = web_dist / "index.html"
        if not index.is_file():
            return web.Response(status=503, text=MISSING + "\n")
        body = await dress(index.read_bytes(), request)
        return web.Response(body=body, content_type="text/html", charset="utf-8", headers=HEADERS)

    async def asset(request: web.Request) -> web.StreamResponse:
        found = _inside(web_dist / "assets", request.match_info["name"])
        return web.FileResponse(found, headers={"Cache-Control": FOREVER, "X-Content-Type-Options": "nosniff"})

    async def file(request: web.Request) -> web.StreamResponse:
        return web.FileResponse(_inside(web_dist, request.path.lstrip("/")), headers={"Cache-Control": "no-cache"})

    for path in PAGES:
        app.router.add_get(path, page)
    app.router.add_get("/assets/{name}", asset)
    for entry in sorted(web_dist.glob("*.*")):
        if entry.is_file() and entry.name != "index.html":
            app.router.add_get(f"/{entry.name}", file)


def nowhere(request: web.Request) -> web.Response | None:
    """Return the app's page, if it is a browser that asks for what is not there: it says so, with a way back."""
    index = request.app.get(INDEX, b"")
    if request.method not in ("GET", "HEAD") or "text/html" not in request.headers.get("Accept", ""):
        return None
    return web.Response(status=404, body=index, content_type="text/html", headers=HEADERS) if index else None


def _inside(folder: Path, name: str) -> Path:
    """Return a file right in a folder. Raises: NotFound."""
    path = folder / name
    if "/" in name or "\\" in name or name.startswith(".") or not path.is_file():
        raise NotFound("There is nothing at this address.")
    return path
