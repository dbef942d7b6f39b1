"""What an outbox entry means for the feeds."""

from __future__ import annotations

from typing import Any

import pytest

from livefeed.errors import BadRequest
from livefeed.feed.effects import Change, effects
from livefeed.streams.outbox import Outgoing

POST, PARENT, AUTHOR = "0" * 22, "1" * 22, "2" * 22
FEEDS = ["feed:all", "feed:user:" + AUTHOR, "feed:tag:fox"]


def entry(kind: str, mark: str = "5-1", **data: Any) -> Outgoing:
    return Outgoing("9-9", kind, mark, data)


def post(**more: Any) -> dict[str, Any]:
    return {"id": POST, "author": {"id": AUTHOR}, "tags": ["fox"], "created": 7} | more


def counters(mark: str, reactions: int, of: str = POST) -> Outgoing:
    return entry(
        "post.counters",
        mark,
        post=of,
        author=AUTHOR,
        tags=["fox"],
        reactions={"👍": reactions},
        comments=0,
        remixes=0,
    )


def test_a_post_goes_to_all_to_its_author_and_to_its_tags() -> None:
    found = effects([entry("post.created", post=post())])
    assert [(each.change, each.topic.name, each.entity, each.mark, each.created) for each in found] == [
        (Change.POST, feed, POST, "5-1", 7) for feed in FEEDS
    ]
    assert found[0].data == {"post": post()}


def test_a_remix_is_also_told_to_its_parent_and_taken_back_there() -> None:
    [*_, created] = effects([entry("post.created", post=post(parent=PARENT))])
    assert (created.change, created.topic.name, created.entity) == (Change.REMIX, "post:" + PARENT, POST)
    found = effects([entry("post.deleted", id=POST, author=AUTHOR, tags=["fox"], parent=PARENT)])
    assert [(each.change, each.topic.name) for each in found] == [
        *[(Change.DELETION, feed) for feed in FEEDS],
        (Change.FELLING, "post:" + POST),
        (Change.WITHDRAWAL, "post:" + POST),
        (Change.REMIX_DELETION, "post:" + PARENT),
    ]


@pytest.mark.parametrize("parent", [None, PARENT])
def test_a_deletion_leaves_the_lineage_that_it_was_in(parent: str | None) -> None:
    more = {} if parent is None else {"parent": parent}
    found = effects([entry("post.deleted", id=POST, author=AUTHOR, tags=[], **more)])
    [felling] = [each for each in found if each.change is Change.FELLING]
    assert (felling.entity, felling.data) == (POST, {"parent": parent})


def test_an_edit_stays_where_its_tags_are_and_leaves_where_they_were() -> None:
    found = effects([entry("post.updated", post=post(tags=["fox", "owl"]), was=["fox", "snow"])])
    assert [(each.change, each.topic.name) for each in found] == [
        *[(Change.UPDATE, feed) for feed in [*FEEDS, "feed:tag:owl"]],
        (Change.DEPARTURE, "feed:tag:snow"),
    ]
    assert {each.mark for each in found} == {"5-1"}


def test_of_a_batch_only_the_newest_totals_of_each_post_count() -> None:
    found = effects([counters("5-1", 1), counters("5-2", 9, of=PARENT), counters("5-3", 2), counters("5-4", 3)])
    assert [(each.entity, each.mark) for each in found] == [(PARENT, "5-2")] * 3 + [(POST, "5-4")] * 3
    totals = {"reactions": {"👍": 3}, "comments": 0, "remixes": 0}
    assert found[-1].data == {"post": POST, **totals, "rev": "5-4"}, "they say which totals of the post they are"


def test_a_generation_goes_where_its_prompt_says_and_ends_there() -> None:
    shown = {"id": POST, "author": {"id": AUTHOR}, "prompt": "a #Fox", "created": 7}
    assert [each.topic.name for each in effects([entry("generation.created", generation=shown)])] == FEEDS
    found = effects([entry("generation.ended", id=POST, state="failed", author=AUTHOR, tags=["fox"])])
    assert [(each.change, each.topic.name) for each in found] == [(Change.END, feed) for feed in FEEDS]


def test_what_is_made_from_a_picture_is_told_there_too_from_its_beginning_to_its_end() -> None:
    shown = {"id": POST, "author": {"id": AUTHOR}, "prompt": "", "parent": PARENT, "created": 7}
    *_, begun = effects([entry("generation.created", generation=shown)])
    *_, over = effects([entry("generation.ended", id=POST, state="failed", author=AUTHOR, tags=[], parent=PARENT)])
    assert [(each.change, each.topic.name, each.entity, each.created) for each in (begun, over)] == [
        (Change.BEGINNING, "post:" + PARENT, POST, 7),
        (Change.ENDING, "post:" + PARENT, POST, 0),
    ]
    assert begun.data == {"generation": shown}
    assert over.data == {"id": POST, "state": "failed"}


def test_the_rest_of_a_deleted_pictures_remixes_is_a_step_of_its_own() -> None:
    assert [(each.change, each.entity) for each in effects([entry("origin.step", id=POST)])] == [
        (Change.WITHDRAWAL, POST)
    ]


def test_what_is_not_for_feeds_means_nothing() -> None:
    assert effects([entry("generation.queued", id=POST), entry("something.else")]) == []


@pytest.mark.parametrize("data", [{}, {"post": None}, {"post": {"id": POST}}])
def test_an_entry_without_its_parts_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(BadRequest):
        effects([entry("post.created", **data)])
