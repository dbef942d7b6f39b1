"""Rosters as their readers are told them: whatever a reader knows, the difference leads to what there is."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from livefeed.presence.parts import KEPT_S, MAX_KEPT, Parts
from livefeed.presence.roster import Entry, Roster, change, whole

ENTRIES = st.builds(
    lambda user, role, pigment, since: Entry({"id": user, "handle": user, "avatar": ""}, role, pigment, since),
    st.sampled_from("abcdef"),
    st.sampled_from(["editor", "viewer"]),
    st.integers(0, 7),
    st.integers(1, 3),
)
ROSTERS = st.lists(ENTRIES, max_size=6, unique_by=lambda entry: entry.user["id"]).flatmap(
    lambda found: st.integers(len(found), len(found) + 2).map(
        lambda count: Roster(0, count, {entry.user["id"]: entry for entry in found})
    )
)


def fold(people: dict[str, Any], frame: dict[str, Any]) -> dict[str, Any]:
    """Take a frame as the protocol says."""
    if "roster" in frame:
        people = {entry["user"]["id"]: entry for entry in frame["roster"]}
    for entry in [*frame.get("joined", ()), *frame.get("changed", ())]:
        people = {**people, entry["user"]["id"]: entry}
    return {user: entry for user, entry in people.items() if user not in frame.get("left", ())}


@given(ROSTERS, ROSTERS)
def test_who_knows_one_roster_knows_the_next_by_what_has_changed(before: Roster, after: Roster) -> None:
    known = fold({}, whole(before))
    frame = change(before, after)
    assert fold(known, frame) == fold({}, whole(after))
    assert frame.get("count", before.count) == after.count
    assert not set(map(str, frame.get("left", ()))) & {entry["user"]["id"] for entry in frame.get("joined", ())}


@given(ROSTERS)
def test_who_knows_it_is_told_nothing(roster: Roster) -> None:
    assert change(roster, Roster(roster.rev + 1, roster.count, dict(roster.entries))) == {}


def test_a_part_is_remembered_for_a_while_or_until_it_is_said_to_have_changed() -> None:
    parts = Parts()
    assert parts.of("room:a", "fox", 0) is None
    parts.keep("room:a", "fox", "editor", 0, asked=parts.serial)
    parts.keep("room:a", "owl", "", 0, asked=parts.serial)
    assert (parts.of("room:a", "fox", KEPT_S), parts.of("room:a", "owl", KEPT_S)) == ("editor", "")
    assert parts.of("room:b", "fox", 0) is None
    assert parts.of("room:a", "fox", KEPT_S + 1) is None
    parts.forget("room:a", "fox", 0)
    assert parts.of("room:a", "fox", 0) is None
    parts.expire(KEPT_S + 1)
    assert parts.of("room:a", "owl", 0) is None


def test_an_answer_that_was_under_way_when_the_part_changed_counts_for_nothing() -> None:
    parts = Parts()
    asked = parts.serial
    parts.forget("room:a", "fox", 0)
    parts.keep("room:a", "fox", "editor", 1, asked=asked)
    assert parts.of("room:a", "fox", 1) is None
    parts.keep("room:a", "owl", "editor", 1, asked=asked)
    parts.keep("room:a", "fox", "viewer", 1, asked=parts.serial)
    assert (parts.of("room:a", "owl", 1), parts.of("room:a", "fox", 1)) == ("editor", "viewer")


def test_parts_that_are_remembered_are_bounded() -> None:
    parts = Parts()
    for number in range(MAX_KEPT + 10):
        parts.keep("room:a", f"u{number}", "editor", 0, asked=0)
    assert parts.of("room:a", "u9", 0) is None
    assert parts.of("room:a", "u10", 0) == "editor"
