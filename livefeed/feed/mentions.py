"""Mentions: the @handles of a text. They are kept as ids, because people change their handles. [pure]"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from livefeed.feed.people import People, User

MAX_MENTIONS = 10

_MENTION = re.compile(r"(?<![\w@.-])@([a-z0-9](?:[a-z0-9-]{0,28}[a-z0-9]))(?![\w-])", re.ASCII | re.IGNORECASE)


class NamedPeople(People, Protocol):
    """Who is behind an id or a handle now."""

    async def named(self, handles: Iterable[str]) -> Mapping[str, User]:
        """Return the people who are called so now, by handle; what nobody is called is left out."""

    async def beginning(self, text: str) -> Sequence[User]:
        """Return a few people whose handle, or a word of it, begins so; who is called so first."""


def handles_in(text: str) -> list[str]:
    """Return the handles that a text may mention, in lower case, each once, in order; at most MAX_MENTIONS."""
    found = dict.fromkeys(match[1].lower() for match in _MENTION.finditer(text))
    return list(found)[:MAX_MENTIONS]


def mentioned(text: str, known: Mapping[str, User]) -> list[dict[str, str]]:
    """Return the `mentions` of a text: `{id, handle}` of everybody known whom it names, once each."""
    people = {known[handle]["id"]: handle for handle in handles_in(text) if handle in known}
    return [{"id": id, "handle": handle} for id, handle in people.items()]


def renamed(
    text: str, mentions: Sequence[Mapping[str, str]], known: Mapping[str, User]
) -> tuple[str, list[dict[str, Any]]]:
    """Return a text and its mentions with the handles that people have now. known: by id."""
    now = {mention["handle"]: known[mention["id"]]["handle"] for mention in mentions if mention["id"] in known}
    changed = {old: new for old, new in now.items() if old != new}
    if changed:
        text = _MENTION.sub(
            lambda match: f"@{changed[match[1].lower()]}" if match[1].lower() in changed else match[0], text
        )
    return text, [{**mention, "handle": now.get(mention["handle"], mention["handle"])} for mention in mentions]
