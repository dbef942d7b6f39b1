"""Documents that are compacted: nothing is lost, and what cannot be compacted is left as it is."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from livefeed import identifiers
from livefeed.rooms import documents as documents_module
from livefeed.rooms import varints
from livefeed.rooms.archive import GROWN, Archive
from livefeed.rooms.compaction import Compaction
from livefeed.rooms.documents import Documents
from livefeed.rooms.scribe import Scribe, TooDear
from livefeed.streams import keys
from livefeed.streams.outbox import Outgoing
from livefeed.streams.streams import Streams
from tests.integration.papers import ROOM, SMALL, Rooms, Writer, asking, grown, opened


@pytest.fixture
async def streams(tmp_path: Path) -> AsyncIterator[Streams]:
    async with opened(tmp_path) as found:
        yield found


@pytest.fixture
async def scribe() -> AsyncIterator[Scribe]:
    async with asking() as found:
        yield found


@pytest.fixture
def documents(streams: Streams, scribe: Scribe) -> Documents:
    return Documents(Archive(streams, **SMALL), scribe, Rooms(streams), epochs=lambda: "first")


async def test_compaction_keeps_everything_and_trims_what_the_snapshot_holds(
    documents: Documents, streams: Streams
) -> None:
    writer = Writer()
    await documents.head(ROOM)
    written = [await documents.append(ROOM, "first", [writer.write("word ")]) for _ in range(9)]
    assert await grown(streams) == [{"room": ROOM}], "asked for once"
    before = await documents.read(ROOM)
    await Compaction(documents, rest_s=0.0).apply([Outgoing("1-1", GROWN, "1-1", {"room": ROOM})])
    reading = await documents.since(ROOM)
    assert (reading.base, reading.edits) == (written[-1].id, [])
    assert await documents.read(ROOM) == before
    assert (await documents.since(ROOM, written[-1].id)).snapshot is None, "whoever has it all reads on"
    assert (await documents.since(ROOM, written[3].id)).snapshot, "whoever has less reads it all"
    for _ in range(9):
        await documents.append(ROOM, "first", [writer.write("more ")])
    assert len(await grown(streams)) == 2


async def test_what_comes_while_a_snapshot_is_made_stays(documents: Documents) -> None:
    writer = Writer()
    await documents.head(ROOM)
    for _ in range(3):
        await documents.append(ROOM, "first", [writer.write("a")])
    reading = await documents.measure(ROOM)
    late = await documents.append(ROOM, "first", [writer.write("late")])
    assert await documents.compact(ROOM, reading)
    assert [edit.id for edit in (await documents.since(ROOM)).edits] == [late.id]
    assert not await documents.compact(ROOM, reading), "somebody was faster"
    assert "aaalate" in (await documents.read(ROOM)).prompt


async def test_what_waits_for_something_else_outlives_compaction(documents: Documents) -> None:
    """A Doc keeps such an update to itself: a snapshot of it alone would lose it."""
    writer = Writer()
    first, second, third = writer.write("one "), writer.write("two "), writer.write("three ")
    await documents.head(ROOM)
    kept = await documents.append(ROOM, "first", [second])
    await documents.append(ROOM, "first", [third])
    waiting = await documents.missing(ROOM, b"\x00")
    assert len(waiting) == 3, "a newcomer is told of it too"
    end = await documents.append(ROOM, "first", [varints.write_bytes(Writer(9).write("x")[1:])])
    assert await documents.compact(ROOM, await documents.measure(ROOM))
    reading = await documents.since(ROOM)
    assert reading.edits[0].id == kept.id
    assert reading.end() == end.id
    assert (await documents.since(ROOM, kept.id)).snapshot, "an edit that was kept proves no position"
    await documents.append(ROOM, "first", [first])
    assert "one two three " in (await documents.read(ROOM)).prompt


async def test_a_room_whose_document_cannot_be_read_keeps_no_other_from_being_compacted(
    documents: Documents, streams: Streams
) -> None:
    other = identifiers.make(1_795_000_000_000, 0, 3)
    for room in (ROOM, other):
        await documents.head(room)
        writer = Writer()
        for _ in range(9):
            await documents.append(room, "first", [writer.write("word ")])
    await streams.store.execute("SET", f"{keys.tag(0)}doc-snapshot:{ROOM}", b"no snapshot")
    wanted = [Outgoing("1-1", GROWN, "1-1", {"room": room}) for room in (ROOM, other)]
    await Compaction(documents, rest_s=0.0).apply(wanted)
    assert (await documents.since(other)).edits == []
    assert len((await documents.since(ROOM)).edits) == 9
    await asks_again_after_as_much(documents, streams)


async def asks_again_after_as_much(documents: Documents, streams: Streams) -> None:
    """A room that cannot be compacted does not ask again with every edit."""
    before, writer = len(await grown(streams)), Writer(6)
    for _ in range(SMALL["compact_entries"]):
        await documents.append(ROOM, "first", [writer.write("m")])
    assert len(await grown(streams)) == before
    await documents.append(ROOM, "first", [writer.write("m")])
    assert len(await grown(streams)) == before + 1


async def test_a_snapshot_that_would_read_back_as_something_else_is_not_put_in_place(
    documents: Documents, streams: Streams, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await documents.head(ROOM)
    writer = Writer()
    for _ in range(9):
        await documents.append(ROOM, "first", [writer.write("word ")])
    ask = Scribe.ask

    async def unlike(self: Scribe, *asked: Any, **by: Any) -> Any:
        return None if asked[4] == "whole" else await ask(self, *asked, **by)

    monkeypatch.setattr(Scribe, "ask", unlike)
    with caplog.at_level(logging.ERROR):
        await Compaction(documents, rest_s=0.0).apply([Outgoing("1-1", GROWN, "1-1", {"room": ROOM})])
    assert "reads back as something else" in caplog.text
    assert len((await documents.since(ROOM)).edits) == 9
    await asks_again_after_as_much(documents, streams)
    assert "word " * 9 in (await documents.read(ROOM)).prompt


async def test_a_long_tail_is_compacted_part_by_part(
    documents: Documents, streams: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits for something is carried along from part to part, and stays."""
    monkeypatch.setattr(documents_module, "PART_BYTES", 80)
    await documents.head(ROOM)
    writer, hasty = Writer(), Writer(9)
    missing = hasty.write("hasty ")
    early = await documents.append(ROOM, "first", [hasty.write("late ")])
    for number in range(20):
        await documents.append(ROOM, "first", [writer.write(f"{number} ")])
    reading = await documents.measure(ROOM)
    asked = []
    ask = Scribe.ask

    async def counted(self: Scribe, *what: Any, **by: Any) -> Any:
        asked.append(len(what[2]))
        return await ask(self, *what, **by)

    monkeypatch.setattr(Scribe, "ask", counted)
    assert await documents.compact(ROOM, reading)
    assert len(asked) > 2
    assert max(asked) < 12
    found = await documents.since(ROOM)
    assert found.base == reading.end()
    assert [edit.id for edit in found.edits] == [early.id]
    await documents.append(ROOM, "first", [missing])
    prompt = (await documents.read(ROOM)).prompt
    assert "".join(f"{number} " for number in range(20)) in prompt
    assert "hasty late " in prompt


async def test_a_part_that_takes_too_long_is_halved(documents: Documents, monkeypatch: pytest.MonkeyPatch) -> None:
    await documents.head(ROOM)
    writer = Writer()
    for number in range(20):
        await documents.append(ROOM, "first", [writer.write(f"{number} ")])
    reading, before = await documents.measure(ROOM), await documents.read(ROOM)
    asked = []
    ask = Scribe.ask

    async def slow(self: Scribe, *what: Any) -> Any:
        asked.append(len(what[2]) - 1)
        if asked[-1] > 6:
            raise TooDear("The room's document takes long to read; try again in a moment.")
        return await ask(self, *what)

    monkeypatch.setattr(Scribe, "ask", slow)
    assert await documents.compact(ROOM, reading)
    assert asked == [20, 10, 5, 5, 5, 5]
    monkeypatch.setattr(Scribe, "ask", ask)
    found = await documents.since(ROOM)
    assert (found.base, found.edits) == (reading.end(), [])
    assert await documents.read(ROOM) == before
