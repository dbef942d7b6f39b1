"""API keys: who may publish on which `app:` topics. Pure.

LIVEFEED_API_KEYS is a comma-separated list of `key=app:prefix`. A key may be listed with several prefixes.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass

from livefeed.errors import BadTopic, ConfigurationError
from livefeed.topic import Topic


@dataclass(frozen=True, slots=True)
class Grant:
    """One entry of the list; the key itself is not kept."""

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

    def _granted(self, key: str) -> list[Grant]:
        digest = _digest(key)
        return [grant for grant in self._grants if hmac.compare_digest(grant.digest, digest)]


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()


def _grant(place: int, entry: str) -> Grant:
    key, found, rest = entry.rpartition("=app:")
    wrong = ConfigurationError(f"Entry {place} of LIVEFEED_API_KEYS is wrong; it must look like key=app:prefix.")
    if not found or not key:
        raise wrong
    try:
        return Grant(_digest(key), Topic.parse("app:" + rest).name)
    except BadTopic as exc:
        raise wrong from exc
