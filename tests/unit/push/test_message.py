"""A message says what happened and where it leads, in few bytes."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from livefeed.push.message import message
from livefeed.push.sealing import MESSAGE_BYTES

MEDIA = {"sha256": "ab" * 32}
OTTER = {"id": "1", "handle": "quiet otter", "avatar": ""}


def said(**notice: Any) -> dict[str, Any]:
    whole = {"id": "n.1", "time": 5, "actors": [OTTER], "people": 1, **notice}
    found: dict[str, Any] = orjson.loads(message(whole))
    return found


def test_a_comment_leads_to_its_picture() -> None:
    found = said(kind="comment", post="p1", comment="c1", text="Nice\nfox", media=MEDIA, title="A fox")
    assert found == {
        "id": "n.1",
        "kind": "comment",
        "by": "quiet otter",
        "people": 1,
        "time": 5,
        "path": "/post/p1",
        "text": "Nice fox",
        "title": "A fox",
        "image": f"/media/{'ab' * 32}/512.webp",
    }


@pytest.mark.parametrize(
    ("notice", "path"),
    [
        ({"kind": "follow"}, "/@quiet%20otter"),
        ({"kind": "generation", "state": "failed", "actors": []}, "/"),
        ({"kind": "generation", "state": "completed", "room": "r1", "actors": []}, "/room/r1"),
        ({"kind": "remix", "post": "child", "parent": "p"}, "/post/child"),
    ],
)
def test_each_kind_leads_somewhere(notice: dict[str, Any], path: str) -> None:
    assert said(**notice)["path"] == path


def test_the_longest_one_fits_into_a_record() -> None:
    found = message(
        {
            "id": "comment." + "x" * 60,
            "kind": "comment",
            "time": 1,
            "people": 1_000_000,
            "actors": [{"handle": "𝕏" * 40}],
            "post": "p" * 26,
            "text": "𝕏" * 2000,
            "title": "𝕏" * 1000,
            "media": MEDIA,
        }
    )
    assert len(found) < MESSAGE_BYTES / 2
