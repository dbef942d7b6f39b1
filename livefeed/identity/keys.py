"""API keys: who may publish on which `app:` topics, and who may put pictures before all others. Pure.

LIVEFEED_API_KEYS is a comma-separated list of `key=app:prefix` and `key=urgent`. A key may be listed several times.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from livefeed.errors import BadTopic, ConfigurationError
from livefeed.topic import Topic

URGENT: Final = "urgent"
"""What a key is listed with that may put pictures before all others. No topic is called so."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One entry of the list: a prefix of topics, or URGENT; the key itself is not kept."""

    digest: bytes
    prefix: str

    def covers(self, topic: Topic) -> bool:
        return topic.name == self.prefix or topic.name.startswith(self.prefix + ":")


class ApiKeys:
    """The operator's keys. Comparing takes the same time for every key, right or wrong."""

    def __init__(self, grants: Iterable[Grant] = ()) -> None:
        self._grants = tuple(grants)

    @classmethod
    def parse(cls, text: str) -> ApiKeys:
        """Return the keys that the setting lists.

        Raises: ConfigurationError saying which entry is wrong, without repeating its key.
        """
        entries = [entry.strip() for entry in text.split(",")]
        return cls(_grant(place, entry) for place, entry in enumerate(entries, 1) if entry)

    def knows(self, key: str) -> bool:
        """Tell whether `key` is one of ours, for whatever topic."""
        return bool(self._granted(key))

    def may_publish(self, key: str, topic: Topic) -> bool:
        """Tell whether `key` may publish on `topic`."""
        return any(grant.covers(topic) for grant in self._granted(key))

    def may_hurry(self, key: str) -> bool:
        """Tell whether `key` may put pictures before all others."""
        return any(grant.prefix == URGENT for grant in self._granted(key))

    def _granted(self, key: str) -> list[Grant]:
        digest = _digest(key)
        return [grant for grant in self._grants if hmac.compare_digest(grant.digest, digest)]


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()


def _grant(place: int, entry: str) -> Grant:
    wrong = ConfigurationError(
        f"Entry {place} of LIVEFEED_API_KEYS is wrong; it must look like key=app:prefix or key={URGENT}."
    )
    if (hurried := entry.removesuffix(f"={URGENT}")) != entry and hurried:
        return Grant(_digest(hurried), URGENT)
    key, found, rest = entry.rpartition("=app:")
    if not found or not key:
        raise wrong
    try:
        return Grant(_digest(key), Topic.parse("app:" + rest).name)
    except BadTopic as exc:
        raise wrong from exc
