"""Rows of a lineage become what is told of it."""

from __future__ import annotations

import random
from typing import Any

import pytest

from livefeed.feed.tree import Row, drawn, node

PERSON = {"id": "p", "handle": "rosy", "avatar": "", "token": "secret"}
MEDIA = {"sha256": "ab"}


def row(id: str, parent: str = "", born: int = 0, next: str = "") -> Row:
    return Row(id, parent, f"{born:013d}", next)


def posts(*ids: str) -> dict[str, dict[str, Any]]:
    return {id: {"id": id} for id in ids}


def ids(nodes: list[dict[str, Any]]) -> list[str]:
    return [found["id"] for found in nodes]


def test_a_node_says_only_what_it_takes_to_draw_a_post() -> None:
    post = {"id": "a", "author": PERSON, "caption": "", "prompt": "fox", "media": MEDIA, "created": 7, "tags": ["x"]}
    assert node(post, remixes=2, at="1-1") == {
        "id": "a",
        "author": {"id": "p", "handle": "rosy", "avatar": ""},
        "caption": "",
        "prompt": "fox",
        "media": MEDIA,
        "created": 7,
        "remixes": 2,
        "at": "1-1",
    }


def test_a_parent_comes_before_its_remixes_and_the_oldest_of_these_first() -> None:
    rows = [row("b", "a", 2), row("a"), row("c", "a", 9), row("d", "b", 5), row("e", "a", 1)]
    assert ids(drawn(rows, posts("a", "b", "c", "d", "e"))) == ["a", "e", "b", "d", "c"]


def test_of_a_deleted_post_nothing_is_told_but_its_place() -> None:
    nodes = drawn([row("a"), row("b", "a", 1), row("c", "b", 2)], posts("a", "c"))
    assert nodes[1] == {"id": "b", "parent": "a", "deleted": True, "media": None, "next": None}


def test_tombstones_that_hold_nothing_up_are_left_out_however_many_stand_above_each_other() -> None:
    rows = [row("a"), row("b", "a", 1), row("c", "b", 2), row("d", "c", 3), row("e", "a", 4)]
    assert ids(drawn(rows, posts("a", "e"))) == ["a", "e"]
    assert ids(drawn(rows, posts("e", "d"))) == ["a", "b", "c", "d", "e"]


@pytest.mark.parametrize("next", [" ", "0000000000005 x"])
def test_a_tombstone_stays_while_it_has_remixes_that_are_not_named_here(next: str) -> None:
    nodes = drawn([row("a"), row("b", "a", 1, next)], posts("a"))
    assert [(found["id"], found["next"]) for found in nodes] == [("a", None), ("b", "-".join(("b", *next.split())))]


def test_branches_whose_parent_is_not_named_stand_by_themselves() -> None:
    assert ids(drawn([row("c", "b", 2), row("d", "b", 1), row("e", "c", 3)], posts("c", "d", "e"))) == ["c", "e", "d"]


def test_the_order_of_the_rows_does_not_matter_and_no_depth_is_too_great() -> None:
    rows = [row(f"n{number}", f"n{number - 1}" if number else "", number) for number in range(5_000)]
    found = posts(*(one.id for one in rows))
    expected = ids(drawn(rows, found))
    assert expected == [one.id for one in rows]
    random.Random(3).shuffle(rows)
    assert ids(drawn(rows, found)) == expected
