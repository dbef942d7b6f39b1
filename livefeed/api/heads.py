"""What a page's HTML says of itself to whoever runs no script: link previews, crawlers, readers. [pure]

Source: ogp.me; X's cards; oembed.com, 4; docs/link-previews.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import quote, urlencode

from livefeed.api.sentences import Sentences

NAME = "livefeed"
TITLE_CHARACTERS = 90
DESCRIPTION_CHARACTERS = 200
CARD_WIDTH, CARD_HEIGHT = 1200, 630
HANDLE = "\ufffc"
"""The place of a link in a sentence: an object replacement character."""

_TAGS = re.compile(r"(\s+#[\w-]+)+\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What one address says.

    path: its own, without what came after `?` (a room's invitation does); "" where it is not known. card: path of its
    picture, alt: what that shows. embeddable: it has an oEmbed. listed: search engines may show it. gone: there is
    nothing, or nobody, at this address. body: HTML, the page's text.
    """

    title: str
    path: str
    description: str
    kind: str = "website"
    card: str = ""
    alt: str = ""
    author: str = ""
    published_ms: int | None = None
    embeddable: bool = False
    listed: bool = True
    gone: bool = False
    body: str = ""


def of_post(post: Mapping[str, Any], say: Sentences) -> Head:
    """Return the head of a post's page; the post is one that everybody may see."""
    title, handle, prompt = title_of(post), post["author"]["handle"], (post.get("prompt") or "").strip()
    said = prompt if prompt and prompt != title else say("post-about", handle=handle)
    alt = (post.get("alt") or "").strip() or prompt or title
    media, page = post["media"], f"/@{quote(handle, safe='')}"
    picture = f"/media/{media['sha256']}/1024.webp"
    width = min(1024, media["width"])
    height = max(1, round(width * media["height"] / media["width"]))
    link = f'<a href="{escape(page)}">{escape(handle)}</a>'
    painted = f"<p>{escape(prompt)}</p>" if prompt and prompt != title else ""
    return Head(
        title=say("post", title=capped(title, TITLE_CHARACTERS), handle=handle),
        path=f"/post/{post['id']}",
        description=capped(said, DESCRIPTION_CHARACTERS),
        kind="article",
        card=f"/og/{post['id']}.jpg?" + urlencode({"at": post.get("edited") or post["created"]}),
        alt=capped(alt, DESCRIPTION_CHARACTERS),
        author=page,
        published_ms=post["created"],
        embeddable=True,
        body=(
            f"<article><h1>{escape(title)}</h1><p>{escape(say('by', handle=HANDLE)).replace(HANDLE, link)}</p>"
            f'<img src="{picture}" width="{width}" height="{height}" alt="{escape(alt)}" style="max-width:100%;'
            f'height:auto" />{painted}</article>'
        ),
    )


def of_person(user: Mapping[str, Any], say: Sentences) -> Head:
    """Return the head of somebody's page."""
    handle = user["handle"]
    return _of_feed(
        f"@{handle}",
        f"/@{quote(handle, safe='')}",
        f"user:{user['id']}",
        say("person-about", handle=handle),
        say,
        kind="profile",
    )


def of_tag(tag: str, say: Sentences) -> Head:
    """Return the head of a tag's page."""
    said = say("tag-about", tag=f"#{tag}")
    return _of_feed(f"#{tag}", f"/tag/{quote(tag, safe='')}", f"tag:{tag}", said, say)


def of_everything(say: Sentences) -> Head:
    """Return the head of the first page."""
    return Head(
        title=NAME,
        path="/",
        description=say("about"),
        card="/og/feed/all.jpg",
        alt=say("newest"),
        embeddable=True,
        body=_text(NAME, say("about")),
    )


def of_room(say: Sentences) -> Head:
    """Return the head of any room: who is in it, and what is on its canvas, is its members' business."""
    return Head(title=say("room"), path="", description=say("room-about"), listed=False)


def of_nothing(say: Sentences) -> Head:
    """Return the head of an address that has nothing to say to whoever is nobody in particular."""
    return Head(title=NAME, path="", description=say("about"), listed=False)


def of_gone(say: Sentences) -> Head:
    """Return the head of an address where there is nothing, or nobody, any more: a crawler is to forget it."""
    return replace(of_nothing(say), gone=True)


def of_silence(say: Sentences) -> Head:
    """Return the head of an address that the store was not there to ask about: nothing follows from that."""
    return Head(title=NAME, path="", description=say("about"))


def title_element(head: Head) -> str:
    """Return the title of the window."""
    return f"<title>{escape(head.title if head.title == NAME else f'{head.title} · {NAME}')}</title>"


def elements(head: Head, base: str) -> str:
    """Return the elements of a page's head that tell of it."""
    said = [_named("description", head.description)]
    if not head.listed:
        said.append(_named("robots", "noindex"))
    said += [
        _property("og:site_name", NAME),
        _property("og:type", head.kind),
        _property("og:title", head.title),
        _property("og:description", head.description),
    ]
    if base and head.path:
        address = base + head.path
        said += [f'<link rel="canonical" href="{escape(address)}" />', _property("og:url", address)]
        if head.embeddable:
            oembed = f"{base}/oembed?{urlencode({'url': address})}"
            said.append(
                f'<link rel="alternate" type="application/json+oembed" title="{NAME}" href="{escape(oembed)}" />'
            )
        said += _card(head, base)
    else:
        said.append(_named("twitter:card", "summary"))
    return "".join(said)


def title_of(post: Mapping[str, Any]) -> str:
    """Return what a picture is called: its caption, else its prompt. Source: web/live/words.ts, titleOf."""
    return (post.get("caption") or "").strip() or (post.get("prompt") or "").strip() or "untitled"


def plain(title: str) -> str:
    """Return a title without the tags at its end, unless there is nothing else."""
    return _TAGS.sub("", title)


def capped(text: str, most: int) -> str:
    """Return a text in one line of no more than `most` characters, cut between words where there are any."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    space = cut.rfind(" ")
    return f"{(cut[:space] if space > most // 2 else cut).rstrip(' ,.;:')}…"


def _card(head: Head, base: str) -> list[str]:
    if not head.card:
        return [_named("twitter:card", "summary")]
    said = [
        _property("og:image", base + head.card),
        _property("og:image:type", "image/jpeg"),
        _property("og:image:width", str(CARD_WIDTH)),
        _property("og:image:height", str(CARD_HEIGHT)),
        _property("og:image:alt", head.alt),
        _named("twitter:card", "summary_large_image"),
        _named("twitter:image:alt", head.alt),
    ]
    if head.author:
        said.append(_property("article:author", base + head.author))
    if head.published_ms is not None:
        when = datetime.fromtimestamp(head.published_ms / 1000, UTC).isoformat(timespec="seconds")
        said.append(_property("article:published_time", when))
    return said


def _of_feed(name: str, path: str, key: str, said: str, say: Sentences, *, kind: str = "website") -> Head:
    return Head(
        title=name,
        path=path,
        description=said,
        kind=kind,
        card=f"/og/feed/{quote(key, safe=':')}.jpg",
        alt=say("newest-of", name=name),
        embeddable=True,
        body=_text(name, said),
    )


def _text(title: str, said: str) -> str:
    return f"<h1>{escape(title)}</h1><p>{escape(said)}</p>"


def _named(name: str, content: str) -> str:
    return f'<meta name="{name}" content="{escape(content)}" />'


def _property(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{escape(content)}" />'
