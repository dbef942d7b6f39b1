"""Publishing a post, also inside another domain's script of the same slot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from livefeed.feed import store
from livefeed.feed.people import snapshot
from livefeed.feed.tags import tags_of

_FIELDS = ("id", "author", "caption", "prompt", "style", "media", "tags", "parent", "credits")


@dataclass(frozen=True, slots=True)
class Publication:
    """What a script needs to create one post.

    lua: defines `create_post(topic, first_key, first_arg)`, see scripts/publication.lua. Always the same.
    keys, args: to be appended to the script's own; `first_key` and `first_arg` say where they begin.
    """

    lua: str
    keys: list[str]
    args: list[str | bytes | int]


def publication(post: Mapping[str, Any], shards: int) -> Publication:
    """Return how to create a post.

    post: `{id, author, caption, media, prompt?, style?, parent?, origin?, tags?, credits?, made?}`; without `tags` they
        are read from caption and prompt. `credits`: users, everybody who made it, where that was not the author alone.
        `made`, see Making.as_dict, is kept for its provenance and no part of the post. `origin`: what it shows of its
        parent, see Posts.origin; kept beside it, because it goes with the parent. `created` will be the store's time,
        and totals begin at nothing: both are ignored here, as is the author's avatar: from now on it is this picture.
    """
    tags = post["tags"] if "tags" in post else tags_of(post["caption"], post.get("prompt"))
    # People look like their newest picture, and this is it: whoever is told of it need not wait for the projection.
    author = snapshot({**post["author"], "avatar": post["media"]["sha256"]})
    credits = [author if user["id"] == author["id"] else user for user in post.get("credits") or ()]
    shown = {**post, "author": author, "credits": credits}
    fixed = {name: shown[name] for name in _FIELDS if shown.get(name) not in (None, [])} | {"tags": tags}
    made, origin = (orjson.dumps(post[name]) if post.get(name) else b"" for name in ("made", "origin"))
    args = [orjson.dumps(fixed)[:-1], post["author"]["id"], orjson.dumps(tags), post.get("parent") or "", made, origin]
    return Publication(store.PUBLICATION, [store.post_key(post["id"], shards)], args)
