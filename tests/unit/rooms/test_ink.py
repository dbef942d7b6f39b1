"""Documents as pycrdt holds them, where editors have written what nobody asked for."""

from __future__ import annotations

import faulthandler
from collections.abc import Iterator
from typing import Any

import pytest
from pycrdt import Array, Doc, Map, Text, XmlFragment

from livefeed.rooms import ink as inks
from livefeed.rooms import structure
from livefeed.rooms.held import Held
from livefeed.rooms.ink import PARAMS, PROMPT, STROKES, VOTES, Ink, Overdrawn, Spoiled, seed
from livefeed.rooms.varints import write, write_bytes
from tests.processor import cpu_s
from tests.unit.rooms.halves import cut_in_half, full_of_emoji


def test_trees_where_values_belong_are_passed_over_and_the_room_goes_on():
    doc = Doc()
    votes, params, strokes = (
        doc.get(name, type=kind) for name, kind in ((VOTES, Map), (PARAMS, Map), (STROKES, Array))
    )
    votes["ann"], votes["a tree"] = "one", XmlFragment()
    params["width"], params["a tree"], params["a text"] = 512.0, XmlFragment(), Text("wide")
    strokes.append(XmlFragment())
    strokes.append(b"stroke")
    ink = Ink(lambda _: None)
    answered, found = ink.ask("r", None, [doc.get_update()], "1-1", "contents", None)
    assert answered == "answer"
    assert found == {PROMPT: "", PARAMS: {"width": 512, "a tree": None, "a text": None}, STROKES: [b"stroke"]}
    told = {"client": 9, "clock": 0, "told": {VOTES: {"ann": "two"}}}
    answered, (update, _) = ink.ask("r", "1-1", [], "1-1", "mirrored", told)
    assert answered == "answer"
    doc.apply_update(update)
    assert doc.get(VOTES, type=Map).to_py() == {"ann": "two"}


def struct(client: int, clock: int, kind: int, content: bytes, *, parent: bytes = b"") -> bytes:
    """Return an update of one struct. parent: as Yjs writes it; without one it stands behind its client's last."""
    place = parent or write(client) + write(clock - 1)
    info = bytes((kind if parent else kind | 0x80,))
    return b"\x01\x01" + write(client) + write(clock) + info + place + content + b"\x00"


def in_strokes(client: int, *contents: tuple[int, int, bytes]) -> list[bytes]:
    """Return updates that put contents (kind, length, bytes) into the strokes, one behind the other."""
    made, clock = [], 0
    for kind, length, content in contents:
        parent = b"" if clock else b"\x01" + write_bytes(STROKES.encode())
        made.append(struct(client, clock, kind, content, parent=parent))
        clock += length
    return made


BINARY, STRING, FORMAT = 3, 4, 6


@pytest.fixture
def _ended_if_it_hangs() -> Iterator[None]:
    """End this process after 30 s: a loop inside pycrdt holds the interpreter, and nothing else gets through to it."""
    faulthandler.dump_traceback_later(30, exit=True)
    yield
    faulthandler.cancel_dump_traceback_later()


@pytest.mark.usefixtures("_ended_if_it_hangs")
@pytest.mark.parametrize("text", ["words", "aé€", "😀", "a😀é"])
def test_text_between_the_strokes_is_passed_over(text: str) -> None:
    """Reading the array by index never came back: text was measured in bytes and read in characters."""
    before, after = (BINARY, 1, write_bytes(b"before")), (BINARY, 1, write_bytes(b"after"))
    between = (STRING, len(text.encode("utf-16-le")) // 2, write_bytes(text.encode()))
    desk = Desk(*in_strokes(77, before, between, between, after))
    assert desk.ask("contents")[STROKES] == [b"before", b"after"]


def test_strokes_are_read_in_one_pass() -> None:
    """By index each was looked for from the beginning: ten times as many cost a hundred times as much."""

    def read(count: int) -> float:
        desk = Desk(b"".join(one_run(count)))
        assert len(desk.ask("contents")[STROKES]) == count
        return cpu_s(lambda: desk.ask("contents"))

    few_s, many_s = read(2_000), read(20_000)
    assert many_s < 40 * few_s


def one_run(count: int) -> Iterator[bytes]:
    """Yield an update of strokes by one client, as Yjs writes them: each its own struct behind the one before."""
    content = write_bytes(b"a stroke")
    yield b"\x01" + write(count) + write(77) + b"\x00"
    yield bytes((BINARY, 1)) + write_bytes(STROKES.encode()) + content
    for clock in range(count - 1):
        yield bytes((BINARY | 0x80,)) + write(77) + write(clock) + content
    yield b"\x00"


def test_a_format_where_a_value_belongs_is_none_and_the_mirror_deletes_it() -> None:
    """A map names the key of a format and has nothing there: reading it failed, for good."""
    content = write_bytes(b"bold") + write_bytes(b"true")
    keyed = [b"\x01" + write_bytes(name.encode()) + write_bytes(b"odd") for name in (PARAMS, VOTES)]
    desk = Desk(*[struct(client, 0, FORMAT | 0x20, content, parent=one) for client, one in enumerate(keyed, 77)])
    assert desk.ask("contents")[PARAMS] == {"odd": None}
    update, clock = desk.ask("mirrored", {"client": 9, "clock": 0, "told": {VOTES: {"ann": "one"}}})
    again = {"client": 9, "clock": clock, "told": {VOTES: {"ann": "one"}}}
    assert desk.ask("mirrored", again, update) == (structure.EMPTY, clock)


class Writer:
    """Somebody with a copy: `write` and `erase` return the update."""

    def __init__(self, client: int) -> None:
        self.doc: Doc[Any] = Doc(client_id=client)
        self.prompt = self.doc.get(PROMPT, type=Text)
        self.made: list[bytes] = []
        self._watching = self.doc.observe(lambda event: self.made.append(event.update))

    def write(self, text: str) -> bytes:
        self.prompt.insert(len(self.prompt), text)
        return self.made[-1]

    def erase(self, start: int, end: int) -> bytes:
        del self.prompt[start:end]
        return self.made[-1]


class Desk:
    """One room's document, asked as the server does."""

    def __init__(self, *pieces: bytes) -> None:
        self.ink = Ink()
        self.count = 0
        self.ask("state", first=[seed("", {}), *pieces])

    def ask(self, question: str, argument: Any = None, *pieces: bytes, first: list[bytes] | None = None) -> Any:
        held = None if first is not None else f"1-{self.count}"
        self.count += 1
        word, found = self.ink.ask("r", held, first or pieces, f"1-{self.count}", question, argument)
        assert word == "answer"
        return found

    def weigh(self, update: bytes) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("weigh", update)
        assert found["complaint"] == ""
        return found

    @property
    def prompt(self) -> str:
        return str(self.ask("contents")[PROMPT])


def stranger(client: int, clock: int = 5) -> bytes:
    """Return an update that builds on what its client never sent."""
    return b"\x01\x01" + write(client) + write(clock) + b"\x04\x01\x06prompt\x01x\x00"


def test_what_waits_is_put_in_once_the_last_thing_it_lacked_has_come() -> None:
    ann = Writer(5)
    first, second, third = ann.write("one "), ann.write("two "), ann.write("three")
    desk = Desk(third, second)
    assert desk.prompt == ""
    assert len(desk.ask("missing", b"\x00")) == 3, "newcomers are told of both"
    desk.ask("state", None, first)
    assert desk.prompt == "one two three"
    assert len(desk.ask("missing", b"\x00")) == 1


def test_an_update_that_waits_in_part_shows_the_other_part() -> None:
    """What somebody wrote themselves is not held up by what they were sent and cannot place either."""
    ann, ben = Writer(5), Writer(6)
    ann.write("lost ")
    both = merged(ann.write("later"), ben.write("here"))
    desk = Desk(both)
    assert desk.prompt == "here"
    assert structure.clocks(desk.ask("state")).get(5, 0) == 0
    [_, rest] = desk.ask("missing", b"\x00")
    assert structure.anatomy(rest).runs[0].client == 5
    desk.ask("state", None, ann.made[0])
    assert sorted(desk.prompt.split()) in (["herelost", "later"], ["laterhere", "lost"])


def merged(*updates: bytes) -> bytes:
    """Return one update of several single runs."""
    found = [(update, structure.anatomy(update).runs[0]) for update in updates]
    parts = [
        write(len(run.structs)) + write(run.client) + write(run.structs[0].clock)
        + update[run.structs[0].begin : run.structs[-1].over]
        for update, run in found
    ]  # fmt: skip
    return write(len(parts)) + b"".join(parts) + b"\x00"


def test_what_waits_is_not_looked_at_again_with_every_question() -> None:
    """It was parsed and applied anew each time: 3,000 such updates took 25 ms of every question."""
    many, few = Desk(*[stranger(1_000 + number) for number in range(3_000)]), Desk(stranger(1_000))

    def ask(desk: Desk) -> None:
        for _ in range(100):
            desk.ask("state")

    assert cpu_s(lambda: ask(many)) < 20 * cpu_s(lambda: ask(few)) + 0.5


def test_waiting_updates_cost_each_other_nothing() -> None:
    """A Doc merges them anew with each that comes: their cost must not grow with the square of their number."""

    def take(count: int) -> float:
        updates = [stranger(1_000 + number) for number in range(count)]
        return cpu_s(lambda: Desk(*updates))

    few_s, many_s = take(500), take(4_000)
    assert many_s < 20 * few_s


def test_what_is_sent_again_is_no_news() -> None:
    ann, ben = Writer(5), Writer(6)
    desk = Desk(ann.write("hello"), ann.erase(1, 3))
    for update in ann.made:
        ben.doc.apply_update(update)
    for again in (*ann.made, ben.doc.get_update()):
        weight = desk.weigh(again)
        assert (weight["news"], weight["waits"], weight["written"], weight["unmade"]) == (
            structure.EMPTY,
            b"",
            [],
            False,
        )
    ben.write("!")
    ben.erase(0, 1)
    weight = desk.weigh(ben.doc.get_update())
    assert (weight["written"], weight["unmade"]) == ([6], True), "what is ben's, and nothing of ann's"
    desk.ask("state", None, weight["news"])
    assert desk.prompt == str(ben.prompt)


def test_what_waits_and_is_sent_again_is_no_news_either() -> None:
    """Yjs puts what it cannot place itself into its step 2: each newcomer would double it."""
    desk = Desk(stranger(77))
    weight = desk.weigh(stranger(77))
    assert (weight["news"], weight["waits"], weight["waiting"]) == (structure.EMPTY, b"", len(stranger(77)))
    assert desk.weigh(stranger(78))["waits"] == stranger(78)
    deletion = b"\x00\x01" + write(77) + b"\x01\x05\x01"
    assert desk.weigh(deletion)["waits"]
    desk.ask("state", None, deletion)
    assert not desk.weigh(deletion)["waits"]


def test_what_cannot_be_an_update_is_complained_about() -> None:
    assert Desk().ask("weigh", b"\x05")["complaint"]


def test_the_mirror_goes_on_as_the_client_that_it_is() -> None:
    """A client of its own each time would make every state vector grow by one."""
    desk, clock = Desk(), 0
    for number in range(50):
        told = {VOTES: {"ann": f"v{number}"}}
        update, clock = desk.ask("mirrored", {"client": 9, "clock": clock, "told": told})
        assert desk.ask("mirrored", {"client": 9, "clock": clock, "told": told}) is None, "not there yet"
        desk.ask("state", None, update)
        assert desk.ask("mirrored", {"client": 9, "clock": clock, "told": told}) == (structure.EMPTY, clock)
    assert structure.clocks(desk.ask("state")) == {9: clock}


def test_a_document_that_a_question_came_to_grief_on_is_forgotten() -> None:
    ink = Ink()
    assert ink.ask("r", None, [seed("", {})], "1-1", "state", None)[0] == "answer"
    with pytest.raises(TypeError):
        ink.ask("r", "1-1", [], "1-1", "missing", 5)
    assert ink.ask("r", "1-1", [], "1-1", "state", None) == ("unknown", None)
    with pytest.raises(Spoiled):
        ink.ask("r", None, [seed("", {}), b"\x05"], "1-1", "state", None)


def test_a_full_document_is_mended_once_however_many_characters_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """It was written anew for each: 512 deletions of eight bytes made a room unreadable for good."""
    written = []
    mended = Held._mended
    monkeypatch.setattr(Held, "_mended", lambda self, cuts: written.append(len(cuts)) or mended(self, cuts))
    full, halves = full_of_emoji(60_000, updates=30), cut_in_half(range(0, 1_800_000, 3_600))
    whole = Doc()
    for update in full:
        whole.apply_update(update)
    ink = Ink()
    assert ink.ask("r", None, [whole.get_update(), *halves], "1-1", "state", None)[0] == "answer"
    assert len(written) == 1
    answered, found = ink.ask("r", "1-1", [], "1-1", "contents", None)
    assert (answered, found[PROMPT].count("\ufffd")) == ("answer", len(halves))
    answered, found = ink.ask("r", None, [seed("", {}), *full, *halves], "1-1", "whole", None)
    assert answered == "answer"
    assert found is not None, "it reads back as what it is"
    assert len(written) == 1, "what was not written yet is mended as it is written"


def test_asking_again_goes_on_from_where_the_time_was_over() -> None:
    """It began anew each time, and never came further."""
    pieces = [seed("", {}), *full_of_emoji(5, updates=20), *cut_in_half(range(0, 100, 7)), b"\x00\x00"]
    for question in ("contents", "whole"):
        watch = Watch(4)
        ink = Ink(watch.tick)
        tries = [watch.ask(ink, pieces, question) for _ in range(10)]
        assert not any(tries), "there was time for more than the test wants to see"
        found = next(filter(None, (watch.ask(ink, pieces, question) for _ in pieces)), None)
        answered, expected = Ink().ask("r", None, pieces, "1-1", question, None)
        assert found == (answered, expected)


class Watch:
    """Has time for so many steps at a time."""

    def __init__(self, steps: int) -> None:
        self._steps = steps
        self._left = 0

    def tick(self, index: int) -> None:
        self._left -= 1
        if self._left < 0:
            raise Overdrawn

    def ask(self, ink: Ink, pieces: list[bytes], question: str) -> tuple[str, Any] | None:
        self._left = self._steps
        try:
            return ink.ask("r", None, pieces, "1-1", question, None)
        except Overdrawn:
            return None


def test_what_is_unfinished_helps_no_other_question() -> None:
    """Another snapshot, or other edits: what was read does not count."""
    ann, watch = Writer(5), Watch(6)
    ink = Ink(watch.tick)
    before = [seed("", {}), *[ann.write(f"{number} ") for number in range(9)]]
    assert watch.ask(ink, before, "contents") is None
    ben = Writer(6)
    others = [seed("", {}), ben.write("ben")]
    found = watch.ask(ink, others, "contents")
    assert found is not None
    assert found[1][PROMPT] == "ben"
    assert watch.ask(ink, before, "contents") is None
    short = watch.ask(ink, before[:2], "contents")
    assert short is not None
    assert short[1][PROMPT] == "0 "


def test_a_lane_that_does_not_go_on_keeps_nothing_unfinished() -> None:
    ann, watch = Writer(5), Watch(6)
    ink = Ink(watch.tick, goes_on=False)
    pieces = [seed("", {}), *[ann.write(f"{number} ") for number in range(9)]]
    assert [watch.ask(ink, pieces, "contents") for _ in range(9)] == [None] * 9


def test_what_is_held_beside_the_text_counts_as_held(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only updates were counted: documents of emoji took 50 times as much, and as many were held."""
    (full,) = full_of_emoji(1_000)
    held = Held()
    held.begin(seed("", {}))
    held.put(1, full)
    assert held.size >= len(full) + 8 * 1_000
    assert held.size < 5 * len(full)
    monkeypatch.setattr(inks, "HELD_BYTES", 3 * held.size)
    ink = Ink()
    for number in range(5):
        assert ink.ask(f"r{number}", None, [seed("", {}), full], "1-1", "state", None)[0] == "answer"
    asked = [ink.ask(f"r{number}", "1-1", [], "1-1", "state", None)[0] for number in range(5)]
    assert "unknown" in asked[:2]
    assert asked[-1] == "answer"
