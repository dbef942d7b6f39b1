"""Who asked for a picture, as they are called now."""

from __future__ import annotations

from livefeed.generation.ports import JSON, People, Person


async def author_of(people: People, document: JSON) -> JSON:
    """Return the contract's user who asked for a picture, as they are called now. Raises: StoreUnavailable."""
    author = document["author"]
    return as_told(author, (await people.users([author])).get(author))


def as_told(id: str, person: Person | None) -> JSON:
    """Return the contract's user; of somebody who is gone, the id alone."""
    return {"id": id, "handle": "", "avatar": ""} if person is None else person.as_dict()
