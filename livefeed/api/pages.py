"""The app's one page, at every address that is the app's own, and its files."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from urllib.parse import quote

from aiohttp import web

from livefeed.api.codings import File, squeezed
from livefeed.api.front import Front, read
from livefeed.api.heads import Head, of_silence
from livefeed.api.house import House
from livefeed.api.languages import COOKIE, language_of
from livefeed.api.media import FOREVER
from livefeed.api.sentences import Sentences
from livefeed.errors import NotFound
from livefeed.feed.tags import is_tag
from livefeed.topic import normal_tag

PAGES = (
    "/",
    "/following",
    "/search",
    "/news",
    "/settings",
    "/post/{id}",
    "/picture/{id}",
    "/room/{id}",
    "/tag/{tag}",
    "/@{handle}",
    "/@{handle}/remixes",
    "/@{handle}/rooms",
    "/@{handle}/liked",
    "/gallery",
)
POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; style-src 'self' 'unsafe-inline'; connect-src 'self'; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'self'"
)
"""'self' is our own WebSockets too, in every browser that the page is for. Source: CSP 3, "scheme-part matches"."""
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
COMPRESSED = (".gz", ".br")
"""Written beside a file by the build; sent in its place to whoever takes it."""
FIRST_POSTS = 30
"""Posts of the page that the first feed is asked for with; what is asked ahead must be what the page asks for."""
UNESCAPED = "!'()*"
"""What JavaScript's encodeURIComponent leaves as it is, besides what `quote` does."""
MISSING = "The page has not been built: `make run` builds it, or `npm run build` in web/."


Heads = Callable[[web.Request, Sentences], Awaitable[tuple[Head, str]]]
"""Returns what an address says of itself, and our own address as others see it, "" where that is not known."""


class Frame:
    """The built page, read again when it was built anew."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._built_ns = 0
        self._front: Front | None = None

    @property
    def front(self) -> Front | None:
        """None while there is none."""
        try:
            built_ns = (self._folder / "index.html").stat().st_mtime_ns
        except OSError:
            return None
        if built_ns != self._built_ns:
            self._front = read(self._folder)
            self._built_ns = built_ns
        return self._front


FRAME = web.AppKey("frame", Frame)


def add_pages(app: web.Application, house: House, heads: Heads) -> None:
    """Serve the built page; its hashed assets never change, everything else is asked for anew."""
    web_dist = house.web
    frame = app[FRAME] = Frame(web_dist)

    async def page(request: web.Request) -> web.StreamResponse:
        front = frame.front
        if front is None:
            return web.Response(status=503, text=MISSING + "\n")
        language = language_for(request, front)
        head, base = await heads(request, front.sentences[language])
        body = front.page(head, base, language, asked_first(request))
        return _answer(request, body, status=404 if head.gone else 200)

    async def asset(request: web.Request) -> web.StreamResponse:
        found = _inside(web_dist / "assets", request.match_info["name"])
        return _file(found, {"Cache-Control": FOREVER, "X-Content-Type-Options": "nosniff"})

    async def file(request: web.Request) -> web.StreamResponse:
        return _file(_inside(web_dist, request.path.lstrip("/")), {"Cache-Control": "no-cache"})

    for path in PAGES:
        app.router.add_get(path, page)
    app.router.add_get("/assets/{name}", asset)
    for entry in sorted(web_dist.glob("*.*")):
        if entry.is_file() and entry.name != "index.html" and entry.suffix not in COMPRESSED:
            app.router.add_get(f"/{entry.name}", file)


def nowhere(request: web.Request) -> web.Response | None:
    """Return the app's page, if it is a browser that asks for what is not there: it says so, with a way back."""
    frame = request.app.get(FRAME)
    front = frame.front if frame is not None else None
    if front is None or request.method not in ("GET", "HEAD") or "text/html" not in request.headers.get("Accept", ""):
        return None
    language = language_for(request, front)
    return _answer(request, front.page(of_silence(front.sentences[language]), "", language), status=404)


def language_for(request: web.Request, front: Front) -> str:
    """Return the language that the page comes in: what was chosen in it, else what the browser asks for."""
    accepted = request.headers.get("Accept-Language", "")
    return language_of(request.cookies.get(COOKIE), accepted, front.sentences)


def asked_first(request: web.Request) -> Sequence[str]:
    """Return the paths that the page at this address asks for first, character by character as it does."""
    resource = request.match_info.route.resource
    match resource.canonical if resource is not None else "":
        case "/" | "/post/{id}":
            feed = "all"
        case "/tag/{tag}":
            tag = request.match_info["tag"]
            if not is_tag(tag):
                return ()
            feed = f"tag:{normal_tag(tag)}"
        case _:
            return ()
    return (f"/api/feeds/{quote(feed, safe=UNESCAPED)}?limit={FIRST_POSTS}",)


def _answer(request: web.Request, body: bytes, status: int = 200) -> web.Response:
    response = web.Response(status=status, body=body, content_type="text/html", charset="utf-8", headers=HEADERS)
    response.headers["Vary"] = "Accept-Encoding, Accept-Language, Cookie"
    return squeezed(request, response)


def _file(path: Path, headers: dict[str, str]) -> File:
    """Return a file, or what the build wrote beside it, by what the browser takes."""
    return File(path, headers={**headers, "Vary": "Accept-Encoding"})


def _inside(folder: Path, name: str) -> Path:
    """Return a file right in a folder. Raises: NotFound."""
    path = folder / name
    if "/" in name or "\\" in name or name.startswith(".") or name.endswith(COMPRESSED) or not path.is_file():
        raise NotFound("There is nothing at this address.")
    return path
