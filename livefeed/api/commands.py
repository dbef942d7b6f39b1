"""Commands, the same whether they come as an HTTP request or as a `call` frame."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from livefeed.api import shapes
from livefeed.api.house import House
from livefeed.api.route import validate
from livefeed.people import Caller, User

COMMENT, COMMAND, MESSAGE, ROOM = "comment", "command", "message", "room"

Command = Callable[[House, Caller, Mapping[str, Any], str | None], Awaitable[Any]]


async def create_comment(house: House, user: User, body: shapes.CreateComment, key: str | None) -> dict[str, Any]:
    """Comment on a post."""
    house.limits.spend(COMMENT, user.id)
    comment = await house.comments.create(body.post, user.as_dict(), body.text, parent=body.parent, key=key)
    return {"comment": comment}


async def update_comment(house: House, user: User, body: shapes.UpdateComment, key: str | None) -> dict[str, Any]:
    """Give one's comment another text."""
    house.limits.spend(COMMENT, user.id)
    return {"comment": await house.comments.update(body.id, user.id, body.text, key=key)}


async def delete_comment(house: House, user: User, body: shapes.Named, key: str | None) -> dict[str, Any]:
    """Take one's comment away."""
    house.limits.spend(COMMAND, user.id)
    await house.comments.delete(body.id, user.id, key=key)
    return {}


async def set_reaction(house: House, user: User, body: shapes.SetReaction, key: str | None) -> dict[str, Any]:
    """Set or unset one's reaction."""
    house.limits.spend(COMMAND, user.id)
    return dict(await house.reactions.set(body.post, user.id, body.emoji, body.on, key=key))


async def update_post(house: House, user: User, body: shapes.UpdatePost, key: str | None) -> dict[str, Any]:
    """Change what one's post says."""
    house.limits.spend(COMMAND, user.id)
    return {"post": await house.posts.update(body.id, user.id, caption=body.caption, alt=body.alt, key=key)}


async def delete_post(house: House, user: User, body: shapes.Named, key: str | None) -> dict[str, Any]:
    """Take one's post away."""
    house.limits.spend(COMMAND, user.id)
    await house.posts.delete(body.id, user.id, key=key)
    return {}


async def create_generation(house: House, user: User, body: shapes.CreateGeneration, key: str | None) -> dict[str, Any]:
    """Ask for a picture."""
    house.limits.spend(COMMAND, user.id)
    asked = {name: value for name, value in body.model_dump().items() if value is not None}
    return dict(await house.generations.create(user, key=key, **asked))


async def cancel_generation(house: House, user: User, body: shapes.Named, key: str | None) -> dict[str, Any]:
    """Cancel one's picture."""
    house.limits.spend(COMMAND, user.id)
    await house.generations.cancel(body.id, user)
    return {}


def _call(
    model: type[shapes.Shape], command: Callable[[House, User, Any, str | None], Awaitable[dict[str, Any]]]
) -> Command:
    async def run(house: House, caller: Caller, data: Mapping[str, Any], key: str | None) -> dict[str, Any]:
        return await command(house, caller.person(), validate(model, dict(data)), key)

    return run


CALLS: dict[str, Command] = {
    "comment.create": _call(shapes.CreateComment, create_comment),
    "comment.update": _call(shapes.UpdateComment, update_comment),
    "comment.delete": _call(shapes.Named, delete_comment),
    "reaction.set": _call(shapes.SetReaction, set_reaction),
    "post.update": _call(shapes.UpdatePost, update_post),
    "post.delete": _call(shapes.Named, delete_post),
    "generation.create": _call(shapes.CreateGeneration, create_generation),
    "generation.cancel": _call(shapes.Named, cancel_generation),
}
