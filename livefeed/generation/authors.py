"""Who asked for a picture, as they are called now."""

from __future__ import annotations

from livefeed.generation.ports import JSON, People


async def author_of(people: People, document: JSON) -> JSON:
    """Return the contract's user who asked for a picture, as they are called now. Raises: StoreUnavailable."""
    author = document["author"]
    person = (await people.users([author])).get(author)
    return person.as_dict() if person else {"id": author, "handle": "", "avatar": ""}
