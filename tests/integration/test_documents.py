"""Documents on a real store with a real process that holds them: written, read, mirrored into, spoiled."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pycrdt import Doc, Map

from livefeed import identifiers
from livefeed.config import Config
from livefeed.errors import Busy, Conflict, NotFound, TooLarge
from livefeed.rooms import structure, varints
from livefeed.rooms.archive import Archive, Denied, order
from livefeed.rooms.commands import members_key
from livefeed.rooms.documents import Contents, Documents
from livefeed.rooms.scribe import Scribe
from livefeed.streams import keys
from livefeed.streams.streams import Streams
from tests.integration.failing_store import FailingStore
from tests.integration.papers import NO_ROOM, PARAMS, ROOM, SMALL, Rooms, Writer, asking, grown, opened


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


async def test_a_document_begins_when_it_is_first_asked_for(documents: Documents) -> None:
    assert await documents.read(ROOM) == Contents("a fox", PARAMS, [])
    epoch, head = await documents.head(ROOM)
    assert (epoch, head) == ("first", "0-0")
    await documents.begin(ROOM)
    assert (await documents.read(ROOM)).prompt == "a fox", "it is not begun twice"
    with pytest.raises(NotFound):
        await documents.read(NO_ROOM)
    with pytest.raises(NotFound):
        await documents.read("no id")


async def test_edits_are_one_entry_and_tell_who_made_them(documents: Documents, streams: Streams) -> None:
    writer = Writer()
    await documents.head(ROOM)
    first = await documents.append(ROOM, "first", [writer.write("x"), writer.write("y")], tag="a:1", people=["ann"])
    second = await documents.append(ROOM, "first", [writer.write("z")], people=["ben", "ann"])
    assert second.previous == first.id
    reading = await documents.since(ROOM, first.previous)
    assert [(edit.id, edit.tag, len(edit.pieces)) for edit in reading.edits] == [
        (first.id, "a:1", 2),
        (second.id, "", 1),
    ]
    assert await documents.editors(ROOM) == {"ann", "ben"}
    assert "xyz" in (await documents.read(ROOM)).prompt
    news = await streams.store.execute("XREVRANGE", keys.fan(0), "+", "-", "COUNT", 1)
    assert news[0][0].decode() == second.id, "everybody is told, under the id of the edit"


async def test_another_epoch_and_a_full_document_take_nothing(documents: Documents) -> None:
    writer = Writer()
    await documents.head(ROOM)
    with pytest.raises(Conflict):
        await documents.append(ROOM, "second", [writer.write("x")])
    with pytest.raises(TooLarge):
        await documents.append(ROOM, "first", [writer.write("x" * 4_000)])
    assert (await documents.since(ROOM)).edits == []


async def test_whichever_write_fails_a_repeat_heals_it(streams: Streams, scribe: Scribe) -> None:
    """Lua does not roll back: appending and compacting fail at every write in turn, and are repeated."""
    store = FailingStore(streams.store)  # type: ignore[arg-type]
    failing = Streams(store, Config(shards=1))  # type: ignore[arg-type]
    failing_at = 0
    while True:
        failing_at += 1
        room = identifiers.make(1_795_000_000_000 + failing_at, 0, failing_at)
        documents, writer, broken = (
            Documents(Archive(failing, **SMALL), scribe, Rooms(streams), epochs=lambda: "first"),
            Writer(),
            len(store.broken),
        )
        await store.repeat(failing_at, documents.begin, room)
        for index in range(10):
            piece = writer.write(f"{index} ")
            await store.repeat(
                failing_at if index == 8 else 0, documents.append, room, "first", [piece], people=["ann"]
            )
        assert {"room": room} in await grown(streams)
        reading = await documents.measure(room)
        await store.repeat(failing_at, documents.compact, room, reading)
        contents = await documents.read(room)
        assert "0 1 2 3 4 5 6 7 8 9 " in contents.prompt
        assert await documents.editors(room) == {"ann"}
        assert (await documents.since(room)).base == reading.end()
        if len(store.broken) == broken:
            break
    assert failing_at > 8, store.broken


async def test_the_mirror_says_what_was_decided_and_nothing_twice(documents: Documents) -> None:
    variations = {"v1": {"state": "queued", "seed": 4, "prompt": "a fox"}}
    await documents.mirror(ROOM, variations=variations, votes={"ann": "v1"})
    shown = shown_by(await documents.missing(ROOM, b"\x00"))
    assert shown == ({"v1": {"state": "queued", "seed": 4, "prompt": "a fox"}}, {"ann": "v1"})
    _, head = await documents.head(ROOM)
    await documents.mirror(ROOM, variations=variations, votes={"ann": "v1"})
    assert (await documents.head(ROOM))[1] == head, "the same again writes nothing"
    await documents.mirror(ROOM, votes={})
    assert shown_by(await documents.missing(ROOM, b"\x00")) == (shown[0], {})
    assert await documents.editors(ROOM) == set()


def shown_by(updates: list[bytes]) -> tuple[Any, Any]:
    doc: Doc[Any] = Doc()
    for update in updates:
        doc.apply_update(update)
    return tuple(doc.get(name, type=Map).to_py() or {} for name in ("variations", "votes"))


async def test_deletions_that_everybody_knows_are_no_news(documents: Documents) -> None:
    writer = Writer()
    await documents.head(ROOM)
    await documents.append(ROOM, "first", [writer.write("hello")])
    del writer.prompt[1:3]
    known = writer.made[-1]
    assert (await documents.weigh(ROOM, known)).unmade
    await documents.append(ROOM, "first", [varints.write_bytes(known)])
    for again in (known, writer.doc.get_update(writer.doc.get_state()), writer.doc.get_update()):
        weight = await documents.weigh(ROOM, again)
        assert (weight.news, weight.waits, weight.unmade) == (structure.EMPTY, b"", False)
    assert (await documents.weigh(ROOM, b"\x00\x01\x09\x01\x00\x01")).waits, "of something that nobody has"


async def test_an_update_that_cannot_be_applied_is_passed_over(documents: Documents) -> None:
    """Its form is right, so it was taken; what it says makes no sense."""
    writer = Writer()
    poison = bytes.fromhex("01034d00270106706172616d73036d61700123004d0001610008004d01027c3f80000077013200")
    structure.check_update(poison)
    await documents.head(ROOM)
    first = writer.write("before ")
    entry = await documents.append(ROOM, "first", [first, varints.write_bytes(poison), writer.write("after ")])
    assert "before after " in (await documents.read(ROOM)).prompt
    assert (await documents.since(ROOM)).edits[0].spoiled == {1}
    assert await documents.compact(ROOM, await documents.measure(ROOM))
    assert (await documents.since(ROOM)).base == entry.id
    later = await documents.append(ROOM, "first", [varints.write_bytes(poison)])
    with pytest.raises(Busy):
        await documents.compact(ROOM, await documents.measure(ROOM))
    assert await documents.compact(ROOM, await documents.measure(ROOM)), "the carrier tries again"
    assert (await documents.since(ROOM)).base == later.id
    assert "before after " in (await documents.read(ROOM)).prompt


async def test_many_ask_for_many_documents_at_once(documents: Documents) -> None:
    """More than are held: each is brought back from the store when it is asked for again."""
    rooms = [identifiers.make(1_795_000_000_000 + number, 0, number) for number in range(10, 40)]
    for room in rooms:
        await documents.head(room)
        await documents.append(room, "first", [Writer().write(room)])
    for _ in range(2):
        found = await asyncio.gather(*[documents.read(room) for room in rooms for _ in range(3)])
        assert [room for room in rooms for _ in range(3)] == [
            next(room for room in rooms if room in contents.prompt) for contents in found
        ]


def test_positions_compare_as_numbers() -> None:
    assert order("9-10") < order("10-9")


async def test_the_mirror_makes_no_state_vector_longer_and_uses_no_clock_twice(
    documents: Documents, streams: Streams
) -> None:
    """Several servers write at once, and at last the store loses what one of them wrote."""
    nodes = [documents, Documents(Archive(streams), documents._scholar, Rooms(streams))]
    for number in range(12):
        await asyncio.gather(*[nodes[number % 2].mirror(ROOM, votes={f"p{one}": f"v{number}"}) for one in range(2)])
    clients = structure.clocks(await documents.state(ROOM))
    assert len(clients) <= 1 + 2 * len(nodes), "the seed's, and those who wrote at the same time"
    before = await copied(documents)
    last = (await documents.since(ROOM)).end()
    await documents.mirror(ROOM, votes={"ann": "lost"})
    shown = await copied(documents)
    for edit in (await documents.since(ROOM, last)).edits:
        await streams.store.execute("XDEL", f"{keys.tag(0)}doc-edits:{ROOM}", edit.id)
    await documents.mirror(ROOM, votes={"ann": "found"})
    after = await copied(documents)
    assert grew(before, shown).isdisjoint(grew(before, after)), "whoever saw what was lost can still be told"
    for update in await documents.missing(ROOM, before.get_state()):
        before.apply_update(update)
    assert before.get("votes", type=Map).to_py() == {"ann": "found"}


def grew(before: Doc[Any], after: Doc[Any]) -> set[int]:
    """Return the clients that wrote in between."""
    known = structure.clocks(before.get_state())
    return {client for client, clock in structure.clocks(after.get_state()).items() if clock != known.get(client)}


async def copied(documents: Documents) -> Doc[Any]:
    """Return a copy of the document, as somebody who looks at it now."""
    doc: Doc[Any] = Doc()
    for update in await documents.missing(ROOM, b"\x00"):
        doc.apply_update(update)
    return doc


async def test_each_beginning_has_an_epoch_of_its_own_that_the_room_tells(streams: Streams, scribe: Scribe) -> None:
    """The store lost the document, as a replica that had not heard of it has when it takes over."""
    documents = Documents(Archive(streams), scribe, Rooms(streams))
    room = f"{keys.tag(0)}room:{ROOM}"
    first, _ = await documents.head(ROOM)
    assert await streams.store.execute("HGET", room, "epoch") == first.encode()
    await documents.begin(ROOM)
    assert (await documents.head(ROOM))[0] == first, "it is not begun twice"
    await streams.store.execute(
        "DEL", *[f"{keys.tag(0)}{kind}:{ROOM}" for kind in ("doc", "doc-edits", "doc-snapshot")]
    )
    second, _ = await documents.head(ROOM)
    assert second != first
    assert await streams.store.execute("HGET", room, "epoch") == second.encode()
    for question in (documents.state(ROOM, epoch=first), documents.missing(ROOM, b"\x00", epoch=first)):
        with pytest.raises(Conflict):
            await question
    with pytest.raises(Conflict):
        await documents.append(ROOM, first, [Writer().write("x")])


async def test_no_document_is_begun_for_a_room_that_is_gone(streams: Streams, scribe: Scribe) -> None:
    """It was there when it was asked what its document begins as."""
    documents = Documents(Archive(streams), scribe, Rooms(streams, gone=True))
    with pytest.raises(NotFound):
        await documents.head(ROOM)
    assert await streams.store.execute("KEYS", "*:" + ROOM) == []


async def test_whoever_may_not_write_as_it_is_written_is_named_and_nothing_is_written(
    documents: Documents, streams: Streams
) -> None:
    await documents.head(ROOM)
    await streams.store.execute("HSET", members_key(ROOM, 1), "ben", "editor 2", "eve", "viewer 3")
    written = await documents.append(ROOM, "first", [Writer().write("x")], writers=["ann", "ben"])
    for writers, named in (["eve", "ben"], {"eve"}), (["zoe", "ann", "eve"], {"eve", "zoe"}):
        with pytest.raises(Denied) as told:
            await documents.append(ROOM, "first", [Writer(6).write("y")], writers=writers)
        assert told.value.people == named
    assert (await documents.head(ROOM))[1] == written.id
