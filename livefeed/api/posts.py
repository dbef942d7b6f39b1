"""Posts, comments and reactions."""

from __future__ import annotations

from typing import Any

from aiohttp import BodyPartReader, web

from livefeed.api import commands, shapes
from livefeed.api.arrival import arriving
from livefeed.api.route import Ask, Route, json
from livefeed.errors import (
    BadPicture,
    BadRequest,
    Busy,
    Conflict,
    Forbidden,
    KeyReused,
    NotFound,
    RateLimited,
    TooLarge,
)

CHUNK_BYTES = 65_536
FIELDS = 16
FORM_BYTES = 65_536
"""What a form may have besides its picture."""
UPLOAD_S = 60.0


async def create_post(ask: Ask) -> web.StreamResponse:
    ask.house.limits.spend(commands.COMMAND, ask.user.id)
    with ask.house.uploads.place(ask.user.id):
        image, caption = await _upload(ask)
    media = await ask.house.pictures.add(image)
    post = await ask.house.posts.create(ask.user.as_dict(), media.as_dict(), caption=caption, key=ask.key)
    return json({"post": post}, status=201)


async def _upload(ask: Ask) -> tuple[bytes, str]:
    """Return the picture and the caption of a multipart body; what is larger than its limit is cut off early."""
    config = ask.house.config
    if (ask.request.content_length or 0) > config.upload_bytes + FORM_BYTES:
        raise _too_large("image", config.upload_bytes)
    found: dict[str, bytes] = {"caption": b""}
    limits = {"image": config.upload_bytes, "caption": 4 * config.caption_characters}
    try:
        async with arriving(UPLOAD_S):
            reader = await ask.request.multipart()
            for _ in range(FIELDS):
                part = await reader.next()
                if part is None:
                    break
                if not isinstance(part, BodyPartReader):
                    raise BadRequest("A form holds no forms: send one 'image' and perhaps a 'caption'.")
                name = part.name or ""
                found[name] = await _read(part, limits.get(name, FORM_BYTES), config.write_timeout_s)
            else:
                raise BadRequest(f"The form has more than {FIELDS} fields.")
        caption = found["caption"].decode()
    except (AssertionError, LookupError, ValueError, RuntimeError) as exc:
        raise BadRequest("The body must be multipart/form-data with an 'image' and perhaps a 'caption'.") from exc
    if not found.get("image"):
        raise BadRequest("The picture is empty." if "image" in found else "The form has no 'image'.")
    return found["image"], caption


async def _read(part: BodyPartReader, limit: int, patience_s: float) -> bytes:
    data = bytearray()
    while True:
        async with arriving(patience_s):
            chunk = await part.read_chunk(CHUNK_BYTES)
        if not chunk:
            return bytes(data)
        data += chunk
        if len(data) > limit:
            raise _too_large(part.name or "", limit)


def _too_large(field: str, limit: int) -> TooLarge:
    if field == "image":
        return TooLarge(f"A picture has at most {round(limit / 2**20, 3):g} MB.")
    return TooLarge(f"The field '{field[:40]}' has at most {limit} bytes.")


async def read_post(ask: Ask) -> web.StreamResponse:
    return json(await ask.house.posts.get(ask.part("post"), viewer=ask.caller.user.id if ask.caller.user else None))


async def update_post(ask: Ask) -> web.StreamResponse:
    body = shapes.UpdatePost(id=ask.part("post"), **ask.body.model_dump())
    return json(await commands.update_post(ask.house, ask.user, body, ask.key))


async def delete_post(ask: Ask) -> web.StreamResponse:
    await commands.delete_post(ask.house, ask.user, shapes.Named(id=ask.part("post")), ask.key)
    return web.Response(status=204)


async def read_comments(ask: Ask) -> web.StreamResponse:
    query: shapes.Paging = ask.query
    page = await ask.house.comments.list(ask.part("post"), before=query.before, limit=query.limit)
    return json({**page, "generations": await ask.house.generations.states(page["generations"])})


async def create_comment(ask: Ask) -> web.StreamResponse:
    body = shapes.CreateComment(post=ask.part("post"), **ask.body.model_dump())
    return json(await commands.create_comment(ask.house, ask.user, body, ask.key), status=201)


async def update_comment(ask: Ask) -> web.StreamResponse:
    body = shapes.UpdateComment(id=ask.part("comment"), **ask.body.model_dump())
    return json(await commands.update_comment(ask.house, ask.user, body, ask.key))


async def delete_comment(ask: Ask) -> web.StreamResponse:
    await commands.delete_comment(ask.house, ask.user, shapes.Named(id=ask.part("comment")), ask.key)
    return web.Response(status=204)


async def set_reaction(ask: Ask) -> web.StreamResponse:
    return json(await _react(ask, on=True))


async def unset_reaction(ask: Ask) -> web.StreamResponse:
    await _react(ask, on=False)
    return web.Response(status=204)


async def _react(ask: Ask, *, on: bool) -> dict[str, Any]:
    body = shapes.SetReaction(post=ask.part("post"), emoji=ask.part("emoji"), on=on)
    return await commands.set_reaction(ask.house, ask.user, body, ask.key)


ROUTES = (
    Route(
        method="POST",
        path="/api/posts",
        handler=create_post,
        access="user",
        status=201,
        response=shapes.OnePost,
        request_content="multipart/form-data",
        summary="Post a picture: the fields 'image' and 'caption'.",
        errors=(BadPicture, TooLarge, RateLimited, KeyReused, Busy),
    ),
    Route(
        method="GET",
        path="/api/posts/{post}",
        handler=read_post,
        response=shapes.PostSnapshot,
        public=True,
        summary="A post and the position to subscribe to it from.",
        errors=(NotFound,),
    ),
    Route(
        method="PATCH",
        path="/api/posts/{post}",
        handler=update_post,
        access="user",
        body=shapes.EditPost,
        response=shapes.OnePost,
        summary="Change the caption or the description of one's post.",
        errors=(NotFound, Forbidden, Conflict, KeyReused),
    ),
    Route(
        method="DELETE",
        path="/api/posts/{post}",
        handler=delete_post,
        access="user",
        status=204,
        summary="Take one's post away.",
        errors=(NotFound, Forbidden),
    ),
    Route(
        method="GET",
        path="/api/posts/{post}/comments",
        handler=read_comments,
        query=shapes.Paging,
        response=shapes.Comments,
        public=True,
        summary="A post's newest comments, oldest of them first.",
        errors=(NotFound,),
    ),
    Route(
        method="POST",
        path="/api/posts/{post}/comments",
        handler=create_comment,
        access="user",
        status=201,
        body=shapes.WriteComment,
        response=shapes.OneComment,
        summary="Comment on a post.",
        errors=(NotFound, RateLimited, KeyReused),
    ),
    Route(
        method="PATCH",
        path="/api/comments/{comment}",
        handler=update_comment,
        access="user",
        body=shapes.EditComment,
        response=shapes.OneComment,
        summary="Give one's comment another text.",
        errors=(NotFound, Forbidden, Conflict, KeyReused),
    ),
    Route(
        method="DELETE",
        path="/api/comments/{comment}",
        handler=delete_comment,
        access="user",
        status=204,
        summary="Take one's comment away.",
        errors=(NotFound, Forbidden),
    ),
    Route(
        method="PUT",
        path="/api/posts/{post}/reactions/{emoji}",
        handler=set_reaction,
        access="user",
        response=shapes.Reactions,
        summary="React with an emoji.",
        errors=(NotFound, Conflict, KeyReused),
    ),
    Route(
        method="DELETE",
        path="/api/posts/{post}/reactions/{emoji}",
        handler=unset_reaction,
        access="user",
        status=204,
        summary="Take one's reaction away.",
        errors=(NotFound, KeyReused),
    ),
)
