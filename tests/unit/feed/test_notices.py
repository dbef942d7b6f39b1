"""What an outbox entry means for people."""

from __future__ import annotations

from typing import Any

import pytest

from livefeed.errors import BadRequest
from livefeed.feed.notices import Clearance, Notice, Reaction, Remix, Withdrawal, notices
from livefeed.streams.outbox import Outgoing

POST, OWNER, ABOVE, NAMED = "0" * 22, "1" * 22, "2" * 22, "3" * 22
SPEAKER = {"id": "4" * 22, "handle": "speaker", "avatar": ""}


def entry(kind: str, **data: Any) -> Outgoing:
    return Outgoing("9-9", kind, "5-1", data)


def comment(**more: Any) -> dict[str, Any]:
    return {"id": f"{POST}.{'5' * 22}", "post": POST, "author": SPEAKER, "text": "Hm"} | more


def told(*args: Any, **data: Any) -> dict[str, str]:
    return {each.person: each.kind for each in notices(entry(*args, **data)) if isinstance(each, Notice)}


def test_a_comment_is_told_to_whose_picture_it_is_on() -> None:
    [notice] = notices(entry("comment.created", comment=comment(), owner=OWNER))
    assert isinstance(notice, Notice)
    assert (notice.person, notice.kind) == (OWNER, "comment")
    assert notice.as_dict() == {
        "id": f"comment.{POST}.{'5' * 22}",
        "kind": "comment",
        "actors": [SPEAKER],
        "people": 1,
        "post": POST,
        "comment": f"{POST}.{'5' * 22}",
        "text": "Hm",
    }


def test_everybody_is_told_of_a_comment_once_for_the_nearest_reason() -> None:
    named = [{"id": id, "handle": "x"} for id in (NAMED, OWNER, ABOVE)]
    found = told("comment.created", comment=comment(mentions=named), owner=OWNER, above=ABOVE)
    assert found == {OWNER: "mention", NAMED: "mention", ABOVE: "reply"}


def test_nobody_is_told_of_themselves() -> None:
    own = comment(mentions=[{"id": SPEAKER["id"], "handle": "speaker"}])
    assert told("comment.created", comment=own, owner=SPEAKER["id"], above=SPEAKER["id"]) == {}


def test_an_edit_tells_only_whom_it_names() -> None:
    named = comment(mentions=[{"id": NAMED, "handle": "x"}])
    assert told("comment.updated", comment=named, owner=OWNER, above=ABOVE) == {NAMED: "mention"}


def test_a_deleted_comment_leaves_with_everybody_who_may_have_been_told() -> None:
    named = comment(mentions=[{"id": NAMED, "handle": "x"}])
    found = notices(entry("comment.deleted", comment=named, owner=OWNER, above=ABOVE))
    assert found == [Withdrawal(person, f"comment.{named['id']}") for person in (OWNER, ABOVE, NAMED)]


def test_a_long_comment_is_told_as_it_begins() -> None:
    [notice] = notices(entry("comment.created", comment=comment(text="x" * 2000), owner=OWNER))
    assert isinstance(notice, Notice)
    assert len(notice.about["text"]) == 200


@pytest.mark.parametrize(
    ("state", "expected"),
    [("completed", 1), ("failed", 1), ("refused", 1), ("aborted", 1), ("cancelled", 0)],
)
def test_the_end_of_a_picture_is_told_unless_one_has_ended_it_oneself(state: str, expected: int) -> None:
    assert len(notices(entry("generation.ended", id=POST, state=state, author=OWNER, tags=[], life=2))) == expected


def test_the_end_of_a_room_s_picture_says_which_room() -> None:
    data = {"id": POST, "state": "completed", "author": OWNER, "tags": [], "room": "7" * 22}
    [notice] = notices(entry("generation.ended", **data))
    assert isinstance(notice, Notice)
    assert notice.about == {"generation": POST, "state": "completed", "room": "7" * 22}
    assert notice.id == f"generation.{POST}.1"


def test_the_rest_says_whom_it_concerns() -> None:
    assert notices(entry("reacted", post=POST, owner=OWNER, user=NAMED, on=True)) == [
        Reaction(OWNER, POST, NAMED, True, "5-1")
    ]
    assert notices(entry("reacted", post=POST, owner=OWNER, user=OWNER, on=True)) == []
    made = {"id": POST, "parent": "6" * 22, "author": SPEAKER}
    assert notices(entry("post.created", post=made)) == [Remix("6" * 22, POST, SPEAKER)]
    assert notices(entry("post.created", post={"id": POST, "author": SPEAKER})) == []
    assert notices(entry("post.deleted", id=POST, author=OWNER, tags=[], parent="6" * 22)) == [
        Clearance(OWNER, POST),
        Remix("6" * 22, POST, None),
    ]
    assert notices(entry("something.else")) == []


def test_whoever_is_named_on_a_picture_is_told_of_it_but_not_its_author() -> None:
    named = [SPEAKER, {"id": NAMED, "handle": "named", "avatar": ""}]
    [notice, remix] = notices(
        entry("post.created", post={"id": POST, "parent": "6" * 22, "author": SPEAKER, "credits": named})
    )
    assert notice == Notice(NAMED, f"publication.{POST}", "publication", SPEAKER, {"post": POST})
    assert remix == Remix("6" * 22, POST, SPEAKER, frozenset({NAMED}))
    gone = notices(entry("post.deleted", id=POST, author=SPEAKER["id"], tags=[], credited=[SPEAKER["id"], NAMED]))
    assert gone == [Clearance(SPEAKER["id"], POST), Withdrawal(NAMED, f"publication.{POST}")]


@pytest.mark.parametrize("kind", ["comment.created", "comment.deleted", "reacted", "follow.created", "post.deleted"])
def test_an_entry_without_its_parts_is_refused(kind: str) -> None:
    with pytest.raises(BadRequest):
        notices(entry(kind))
