"""What other sites show of us: the element's script, widgets in frames, and oEmbed.

Widgets are for anybody: they are made without looking at who asks, set no cookie, and live in a sandbox that could not
read one. Source: docs/embed.md.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, unquote, urlsplit

import orjson
from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from livefeed.api.codings import File, squeezed
from livefeed.api.house import House
from livefeed.api.languages import RIGHT_TO_LEFT, USUAL, language_of
from livefeed.api.pages import HEADERS, MISSING
from livefeed.api.route import Ask, Route, json
from livefeed.errors import BadTopic, NotFound, StoreUnavailable, UnknownFormat
from livefeed.identity.origin import is_ours
from livefeed.topic import FEED_ALL, Topic, feed_tag, feed_user

SNAPSHOT_POSTS = 25
"""As many as a widget may be asked to show, and one that is large."""
WIDGET_AGE_S = 10
"""How old a widget's page may be: its stream goes on from the position that it holds."""
SCRIPT_AGE_S = 3600
OEMBED_AGE_S = 3_600
SANDBOX = "allow-scripts allow-popups allow-popups-to-escape-sandbox"
FRAME_WIDTH, FRAME_HEIGHT = 600, 560
PICTURE_WIDTHS = (1024, 512, 256)
_HOST = re.compile(r"[\w.-]+(:\d{1,5})?|\[[0-9a-fA-F:.]+\](:\d{1,5})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that may be embedded.

    key: as in `/embed/{key}` and `/api/feeds/{key}`. name: for people. page: path of its own page.
    """

    key: str
    topic: Topic
    name: str
    page: str

    @property
    def address(self) -> str:
        """Path of its widget."""
        return f"/embed/{quote(self.key, safe=':')}"


class OEmbedQuery(BaseModel):
    """What an oEmbed consumer asks. Source: oembed.com, 2.2."""

    model_config = ConfigDict(extra="ignore", strict=False)

    url: str = Field(max_length=2048, description="Address of a page of ours: a feed's, a post's, or a widget's.")
    maxwidth: int | None = Field(default=None, ge=1, le=100_000)
    maxheight: int | None = Field(default=None, ge=1, le=100_000)
    format: str = Field(default="json", max_length=32, description="`json`; there is no other.")


class OEmbed(BaseModel):
    """The answer: `rich` with a frame for a feed, `photo` for a post. Source: oembed.com, 2.3.4."""

    model_config = ConfigDict(extra="ignore", strict=True)

    version: Literal["1.0"]
    type: Literal["rich", "photo"]
    title: str
    provider_name: str
    provider_url: str
    cache_age: int
    width: int
    height: int
    html: str | None = Field(default=None, description="Of `rich`: a sandboxed frame.")
    url: str | None = Field(default=None, description="Of `photo`: the picture.")
    author_name: str | None = None
    author_url: str | None = None


async def read_oembed(ask: Ask) -> web.StreamResponse:
    query: OEmbedQuery = ask.query
    if query.format != "json":
        raise UnknownFormat("There is an oEmbed in JSON only; ask with format=json.")
    base = base_of(ask.house, ask.request)
    path = _own_path(ask.house, ask.request, query.url)
    kind, _, name = path.removeprefix("/").partition("/")
    answer = await _photo(ask.house, base, name, query) if kind == "post" else None
    if answer is None:
        feed = await feed_of(ask.house, _key_of(kind, name))
        answer = _frame(base, feed, query)
    about = {"version": "1.0", "provider_name": "livefeed", "provider_url": base, "cache_age": OEMBED_AGE_S}
    return json({**about, **answer}, headers={"Cache-Control": f"public, max-age={WIDGET_AGE_S}"})


ROUTES = (
    Route(
        method="GET",
        path="/oembed",
        handler=read_oembed,
        query=OEmbedQuery,
        response=OEmbed,
        public=True,
        summary="How to embed one of our pages. Source: oembed.com.",
        errors=(NotFound, UnknownFormat),
    ),
)


class Widget:
    """The files of a widget, read once, and the page that is made of them."""

    def __init__(self, folder: Path, sites: str) -> None:
        """folder: as built. sites: who may frame a widget, as in LIVEFEED_EMBED_SITES."""
        files = {name: folder / name for name in ("embed.js", "widget.js", "widget.css", "compact.css")}
        found = {name: path.read_bytes() if path.is_file() else b"" for name, path in files.items()}
        self.built = all(found.values())
        self.script = found["embed.js"]
        self.tag = f'"{hashlib.sha256(self.script).hexdigest()[:20]}"'
        self._found = {name: text.decode().strip() for name, text in found.items()}
        words = {path.stem: path.read_bytes() for path in sorted((folder / "words").glob("*.json"))}
        self.words: dict[str, dict[str, Any]] = {name: orjson.loads(text) for name, text in words.items()}
        self.built = self.built and USUAL in self.words
        hashes = {name: f"'sha256-{_digest(text)}'" for name, text in self._found.items()}
        self.headers = {
            "Content-Security-Policy": "; ".join(
                [
                    "default-src 'none'",
                    f"script-src {hashes['widget.js']}",
                    f"style-src {hashes['widget.css']} {hashes['compact.css']}",
                    "img-src 'self'",
                    "connect-src 'self'",
                    "base-uri 'none'",
                    "form-action 'none'",
                    f"sandbox {SANDBOX}",
                    f"frame-ancestors {ancestors(sites)}",
                ]
            ),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
        }

    def page(self, name: str, page: str, given: dict[str, Any], language: str) -> str:
        """Return the widget's document. What is in it needs no other request, but for the pictures.

        name, page: of the feed. language: one of `words`.
        """
        words = self.words[language]
        title = words["title"].replace("{name}", name)
        # `<` alone could end the element that holds it.
        data = orjson.dumps({**given, "words": words}).decode().replace("<", "\\u003c")
        found = self._found
        direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
        return (
            f'<!doctype html><html lang="{language}" dir="{direction}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{html.escape(title)}</title>"
            f'<style>{found["widget.css"]}</style><style id="compact">{found["compact.css"]}</style></head><body>'
            f'<noscript><a href="{html.escape(page)}" target="_blank">{html.escape(title)}</a></noscript>'
            f'<script type="application/json" id="given">{data}</script>'
            f"<script>{found['widget.js']}</script></body></html>"
        )


def add_embed(app: web.Application, house: House) -> None:
    """Serve the script, the widgets, and the page that writes the code for them."""
    widget = Widget(house.web / "embed", house.config.embed_sites)
    configurator = house.web / "embed" / "index.html"

    async def script(request: web.Request) -> web.StreamResponse:
        headers = {
            "Access-Control-Allow-Origin": "*",
            "Cache-Control": f"public, max-age={SCRIPT_AGE_S}",
            "ETag": widget.tag,
            "X-Content-Type-Options": "nosniff",
        }
        if not widget.built:
            return _unbuilt()
        if request.headers.get("If-None-Match") == widget.tag:
            return web.Response(status=304, headers=headers)
        return _squeezed(request, widget.script.decode(), "text/javascript", headers)

    async def frame(request: web.Request) -> web.StreamResponse:
        if not widget.built:
            return _unbuilt()
        key = request.match_info["feed"]
        accepted = request.headers.get("Accept-Language", "")
        language = language_of(request.query.get("lang"), accepted, widget.words)
        try:
            feed = await feed_of(house, key)
        except (NotFound, BadTopic):
            return _frame_page(request, widget, Feed(key, FEED_ALL, "livefeed", "/"), None, language, status=404)
        try:
            return _frame_page(request, widget, feed, await _snapshot(house, feed), language)
        except StoreUnavailable:
            return _frame_page(request, widget, feed, None, language)  # it asks again by itself

    async def page(request: web.Request) -> web.StreamResponse:
        return File(configurator, headers=HEADERS) if configurator.is_file() else _unbuilt()

    app.router.add_get("/embed.js", script)
    app.router.add_get("/embed", page)
    app.router.add_get("/embed/{feed}", frame)


async def feed_of(house: House, key: str) -> Feed:
    """Return the feed that is called so: all, tag:{tag}, user:{id or handle}. Raises: NotFound, BadTopic."""
    kind, _, name = key.partition(":")
    if key == "all":
        return Feed("all", FEED_ALL, "livefeed", "/")
    if kind == "tag" and name:
        topic = feed_tag(name)
        tag = topic.name.removeprefix("feed:tag:")
        return Feed(f"tag:{tag}", topic, f"#{tag}", f"/tag/{quote(tag, safe='')}")
    if kind == "user" and name:
        user = await house.identity.named(name)
        return Feed(f"user:{user.id}", feed_user(user.id), f"@{user.handle}", f"/@{quote(user.handle, safe='')}")
    raise NotFound("There is no such feed; there are: all, tag:{tag}, user:{id or handle}.")


def base_of(house: House, request: web.Request) -> str:
    """Return our own address as others see it, without a slash at the end. Raises: NotFound for a Host that is none."""
    if house.config.public_url:
        return house.config.public_url.rstrip("/")
    if _HOST.fullmatch(request.host) is None:
        raise NotFound("There is nothing at this address.")
    return f"{request.scheme}://{request.host}"


def ancestors(sites: str) -> str:
    """Return the sources of `frame-ancestors` for LIVEFEED_EMBED_SITES; our own pages may always."""
    if sites.strip() == "*":
        return "*"
    return " ".join(["'self'", *[site for site in sites.split() if site != "none"]])


async def _snapshot(house: House, feed: Feed) -> dict[str, Any]:
    page = await house.timelines.read(feed.topic, limit=SNAPSHOT_POSTS)
    generations = await house.generations.states(page["generations"])
    return {"posts": page["posts"], "generations": generations, "at": page["at"]}


def _frame_page(
    request: web.Request,
    widget: Widget,
    feed: Feed,
    snapshot: dict[str, Any] | None,
    language: str,
    status: int = 200,
) -> web.Response:
    given = {
        "feed": feed.key,
        "topic": feed.topic.name,
        "name": feed.name,
        "page": feed.page,
        "snapshot": snapshot,
        "missing": status == 404,
    }
    kept = f"public, max-age={WIDGET_AGE_S}" if snapshot else "no-store"
    headers = {**widget.headers, "Cache-Control": kept}
    text = widget.page(feed.name, feed.page, given, language)
    response = _squeezed(request, text, "text/html", headers, status)
    response.headers["Vary"] = "Accept-Encoding, Accept-Language"
    return response


def _squeezed(
    request: web.Request, text: str, content_type: str, headers: dict[str, str], status: int = 200
) -> web.Response:
    response = web.Response(status=status, text=text, content_type=content_type, headers=headers)
    response.headers["Vary"] = "Accept-Encoding"
    return squeezed(request, response)


def _unbuilt() -> web.Response:
    return web.Response(status=503, text=MISSING + "\n")


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _own_path(house: House, request: web.Request, url: str) -> str:
    """Return the path of an address of ours. Raises: NotFound."""
    try:
        parts = urlsplit(url)
    except ValueError as exc:
        raise NotFound("This is no address.") from exc
    if not is_ours(f"{parts.scheme}://{parts.netloc}", host=request.host, public_url=house.config.public_url):
        raise NotFound("This is no address of ours.")
    return parts.path


def _key_of(kind: str, name: str) -> str:
    """Return the feed that a page shows: its path is `/{kind}/{name}`. Raises: NotFound."""
    match kind, name:
        case ("", "") | ("embed", ""):
            return "all"
        case ("tag", _) if name:
            return f"tag:{unquote(name)}"
        case ("embed", _):
            return unquote(name)
        case (person, "") if person.startswith("@"):
            return f"user:{unquote(person[1:])}"
    raise NotFound("Nothing at this address can be embedded.")


def _frame(base: str, feed: Feed, query: OEmbedQuery) -> dict[str, Any]:
    width = min(FRAME_WIDTH, query.maxwidth or FRAME_WIDTH)
    height = min(FRAME_HEIGHT, query.maxheight or FRAME_HEIGHT)
    frame = (
        f'<iframe src="{html.escape(base + feed.address)}" width="{width}" height="{height}" sandbox="{SANDBOX}" '
        f'loading="lazy" title="{html.escape(feed.name)}, live pictures" style="border:0;border-radius:14px"></iframe>'
    )
    return {"type": "rich", "title": f"{feed.name}, live", "width": width, "height": height, "html": frame}


async def _photo(house: House, base: str, post: str, query: OEmbedQuery) -> dict[str, Any]:
    """Return a post's picture, as large as is asked for; below the smallest file its size is what to show it at.

    Raises: NotFound.
    """
    found = (await house.posts.get(post))["post"]
    media, author = found["media"], found["author"]
    most = min(query.maxwidth or 10**6, (query.maxheight or 10**6) * media["width"] / media["height"])
    kept = next((width for width in PICTURE_WIDTHS if width <= most), PICTURE_WIDTHS[-1])
    width = max(1, int(min(kept, media["width"], most)))
    return {
        "type": "photo",
        "title": found["caption"] or found.get("prompt") or "untitled",
        "url": f"{base}/media/{media['sha256']}/{kept}.webp",
        "width": width,
        "height": max(1, min(round(width * media["height"] / media["width"]), query.maxheight or 10**6)),
        "author_name": author["handle"],
        "author_url": f"{base}/@{quote(author['handle'], safe='')}",
    }
