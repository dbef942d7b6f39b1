"""What of an update fits, held against what pycrdt can put into a document."""

from __future__ import annotations

import random
from typing import Any

import pytest
from pycrdt import Array, Doc, Map, Text

from livefeed.rooms import fitting
from livefeed.rooms.fitting import cut, cut_together, fits, uncovered
from livefeed.rooms.structure import EMPTY, Range, anatomy, clocks
from livefeed.rooms.varints import Malformed, write
from tests.soak import count

RUNS = count(40, 3_000)


def crowd(chance: random.Random) -> tuple[Doc[Any], list[bytes]]:
    """Return a document that several wrote at once, and its updates in an order in which they were made."""
    docs: list[Doc[Any]] = [Doc(client_id=chance.randrange(1, 2**32)) for _ in range(3)]
    updates: list[bytes] = []
    seen = [0, 0, 0]
    watching = [doc.observe(lambda event: updates.append(event.update)) for doc in docs]
    for _ in range(30):
        who = chance.randrange(3)
        doc, made = docs[who], len(updates)
        text, items, values = doc.get("t", type=Text), doc.get("a", type=Array), doc.get("m", type=Map)
        match chance.randrange(5):
            case 0 if len(text) > 2:
                at = chance.randrange(len(text) - 1)
                del text[at : at + 1]
            case 1:
                items.append(chance.randbytes(chance.randrange(1, 9)))
            case 2:
                values[chance.choice("xy")] = Map({"n": Text("deep")}) if chance.random() < 0.3 else 1.0
            case _:
                text.insert(chance.randrange(len(text) + 1), chance.choice(["a", "bcd"]))
        ours = updates[made:]
        del updates[made:]
        updates += [update for update in ours if update != EMPTY]
        if chance.random() < 0.5:  # somebody hears of all there is
            listener = chance.randrange(3)
            before = len(updates)
            for update in updates[seen[listener] : before]:
                docs[listener].apply_update(update)
            seen[listener] = before
            del updates[before:]
    for doc, subscription in zip(docs, watching, strict=True):
        doc.unobserve(subscription)
    whole: Doc[Any] = Doc()
    for update in updates:
        whole.apply_update(update)
    return whole, updates


def test_in_whatever_order_updates_come_nothing_is_put_in_too_early_or_forgotten(seed: int) -> None:
    for number in range(RUNS):
        chance = random.Random(seed + number)
        whole, updates = crowd(chance)
        known: dict[int, int] = {}
        doc: Doc[Any] = Doc()
        waiting: list[Any] = []
        for update in chance.sample(updates, len(updates)):
            waiting.append(update)
            for one in [w for w in waiting if isinstance(w, bytes) or w.has_hope(known)]:
                waiting.remove(one)
                parts = cut(one if isinstance(one, bytes) else one.update, known)
                doc.apply_update(parts.fit)
                assert clocks(doc.get_state()) == {k: v for k, v in known.items() if v}, "nothing of it is held back"
                if parts.rest is not None:
                    waiting.append(parts.rest)
        while hopeful := [one for one in waiting if one.has_hope(known)]:
            for one in hopeful:
                waiting.remove(one)
                parts = cut(one.update, known)
                doc.apply_update(parts.fit)
                waiting += [parts.rest] if parts.rest is not None else []
        assert not waiting, f"LIVEFEED_TEST_SEED={seed + number}"
        assert known == clocks(whole.get_state())
        assert sorted(anatomy(doc.get_update()).deletions) == sorted(anatomy(whole.get_update()).deletions)
        for name, kind in (("t", Text), ("a", Array), ("m", Map)):
            assert plain(doc.get(name, type=kind)) == plain(whole.get(name, type=kind))


def plain(shared: Any) -> Any:
    return str(shared) if isinstance(shared, Text) else shared.to_py()


def test_what_fits_is_told_at_the_first_look() -> None:
    whole, updates = crowd(random.Random(1))
    known = clocks(whole.get_state())
    assert all(fits(anatomy(update), known) for update in updates)
    assert not fits(anatomy(updates[0]), {}), "a client that is not known is asked about"
    assert fits(anatomy(updates[0]), {}, newcomers=True)
    assert not fits(anatomy(updates[-1]), {}, newcomers=True)


def test_structs_that_wait_for_each_other_wait_for_ever_and_cost_little() -> None:
    """Each client's first struct builds on the next client's, in a ring of 2,000."""
    ring = 2_000
    parts = [
        b"\x01" + write(number) + b"\x00" + b"\x84" + write((number + 1) % ring) + b"\x00" + b"\x01x"
        for number in range(ring)
    ]
    update = write(ring) + b"".join(parts) + b"\x00"
    known: dict[int, int] = {}
    found = cut(update, known)
    assert (found.fit, known) == (EMPTY, {})
    assert found.rest is not None
    assert found.rest.update == update
    assert not fits(anatomy(update), {}, newcomers=True)


def test_a_gap_waits_until_it_is_filled() -> None:
    update = b"\x01\x03" + write(5) + b"\x00" + b"\x04\x01\x01t\x02ab" + b"\x0a\x03" + b"\x84\x05\x04\x01x" + b"\x00"
    known: dict[int, int] = {}
    found = cut(update, known)
    assert known == {5: 2}
    assert found.rest is not None
    assert (found.rest.ranges, found.rest.has_hope({5: 4}), found.rest.has_hope({5: 5})) == (
        [Range(5, 5, 6)],
        False,
        True,
    )


def test_deletions_are_cut_where_what_they_delete_is_not_known() -> None:
    known = {5: 4}
    found = cut(b"\x00\x01\x05\x01\x02\x05", known)
    assert found.deletions == [Range(5, 2, 4)]
    assert found.rest is not None
    assert found.rest.deletions == [Range(5, 4, 7)]
    assert found.rest.has_hope({5: 5})


def test_ranges_are_covered_by_several_that_touch() -> None:
    cover = [Range(1, 4, 6), Range(1, 0, 4), Range(2, 0, 9)]
    ranges = [Range(1, 1, 6), Range(1, 5, 7), Range(3, 0, 1)]
    assert uncovered(ranges, cover) == [Range(1, 5, 7), Range(3, 0, 1)]


@pytest.mark.parametrize(
    "update",
    [
        pytest.param(b"\x01\x01\x05\x00\x84\x05\x00\x01x\x00", id="a struct builds on itself"),
        pytest.param(b"\x02" + 2 * b"\x01\x05\x00\x04\x01\x01t\x01x" + b"\x00", id="a client is named twice"),
    ],
)
def test_what_no_client_writes_is_refused(update: bytes) -> None:
    with pytest.raises(Malformed):
        anatomy(update)


def behind(*needs: tuple[int, int]) -> bytes:
    """Return a deleted struct that was put behind one struct, and before another."""
    return bytes((0x81 | 0x40 * (len(needs) > 1),)) + b"".join(write(c) + write(k) for c, k in needs) + b"\x01"


def said(*runs: tuple[int, int, list[bytes]]) -> bytes:
    """Return the update that has these runs: client, clock, structs."""
    rows = [write(len(structs)) + write(client) + write(clock) + b"".join(structs) for client, clock, structs in runs]
    return write(len(runs)) + b"".join(rows) + b"\x00"


FIRST = b"\x00\x01"


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often it was looked whether a struct lacks something, and structs were read."""
    looks = [0, 0]
    lack, read = fitting._lack, fitting.anatomy

    def counted(*args: Any) -> Any:
        looks[0] += 1
        return lack(*args)

    def counted_structs(update: bytes) -> Any:
        found = read(update)
        looks[1] += sum(len(run.structs) for run in found.runs)
        return found

    monkeypatch.setattr(fitting, "_lack", counted)
    monkeypatch.setattr(fitting, "anatomy", counted_structs)
    return looks


@pytest.mark.parametrize("order", ["ascending", "descending", "random"])
def test_what_waits_for_a_client_is_looked_at_once_it_has_come_so_far(order: str, looks: list[int], seed: int) -> None:
    """One client goes on by a struct whenever one of all the others has, who wait for its next one."""
    many = 1_000
    others = [(2 + number, 0, [behind((1, number))]) for number in range(many)]
    if order == "random":
        random.Random(seed).shuffle(others)
    elif order == "descending":
        others.reverse()
    update = said((1, 0, [FIRST, *(behind((2 + number, 0)) for number in range(many))]), *others)
    known: dict[int, int] = {}
    parts = cut(update, known)
    assert parts.rest is None
    assert (known[1], len(known)) == (many + 1, many + 1)
    assert looks[0] <= 6 * many, "each struct is looked at, and once again for each of two that it lacks at most"


def test_what_lacks_two_things_is_looked_at_once_for_each(looks: list[int]) -> None:
    many = 500
    stuck = [(3 + number, 0, [behind((1, number), (2, number))]) for number in range(many)]
    waiting = [said(run) for run in reversed(stuck)]
    ones = [said((1, 0, [FIRST] * many)), said((2, 0, [FIRST] * many))]
    known: dict[int, int] = {}
    assert cut_together([*waiting, *ones], known).rests == [None] * (many + 2)
    assert len(known) == many + 2
    assert looks[0] <= 5 * many


def test_what_waits_in_turns_in_many_updates_is_read_once(looks: list[int]) -> None:
    """One waits as a whole for each of many pieces of another, which wait for it."""
    many = 300
    pieces = [said((1, number + 1, [behind((2 + number, 0))])) for number in range(many)]
    whole = said(*((2 + number, 0, [behind((1, number))]) for number in range(many)))
    known = {1: 1}
    together = cut_together([whole, *reversed(pieces)], known)
    assert known[1] == many + 1
    assert together.rests == [None] * (many + 1)
    assert looks == [pytest.approx(2 * many, abs=4 * many), 2 * many]
    doc: Doc[Any] = Doc()
    doc.apply_update(said((1, 0, [FIRST])))
    for update in together.fit:
        doc.apply_update(update)
    assert clocks(doc.get_state()) == known, "in the order in which it is told all of it goes in"


def test_what_overlaps_is_put_in_one_after_the_other() -> None:
    """Two have kept what a client wrote, split in different places."""
    text = b"\x04\x01\x01t"
    first = b"\x01\x01\x05\x00" + text + b"\x02ab\x00"
    second = b"\x01\x01\x05\x00" + text + b"\x03abc\x00"
    known: dict[int, int] = {}
    together = cut_together([first, second], known)
    assert (len(together.fit), known, together.seams) == (2, {5: 3}, [(5, 2)])
    doc: Doc[Any] = Doc()
    for update in together.fit:
        doc.apply_update(update)
    assert str(doc.get("t", type=Text)) == "abc"
