"""Lua does not roll back: every write that a lineage takes fails in turn, and the projection repeats its entry."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from livefeed.streams.connection import StoreRefused
from livefeed.streams.outbox import Outgoing
from tests.integration.failing_store import FailingStore
from tests.integration.test_feed_house import House, open_store
from tests.integration.test_lineage import SEED, delete, left, placed, shape


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[FailingStore]:
    async with open_store(tmp_path) as store:
        yield FailingStore(store)


async def apply(house: House, store: FailingStore, entry: Outgoing, fail_at: int) -> bool:
    """Carry one entry out while its n-th write fails; tell whether it went through."""
    store.fail_at = fail_at
    try:
        await house.timelines.apply([entry])
    except StoreRefused:
        await store.recover()
        return False
    store.fail_at = 0
    return True


async def told(house: House, kind: str, *posts: str) -> Sequence[Outgoing]:
    """Return the outbox entries of a kind that are about these posts, in the order of the posts."""
    found = {}
    for entry in await house.outbox():
        if entry.type == kind:
            found[entry.data["id"] if kind == "post.deleted" else entry.data["post"]["id"]] = entry
    return [found[post] for post in posts]


async def test_a_repeat_completes_a_lineage_whichever_write_failed(store: FailingStore) -> None:
    """It grows, tombstones are left, and the last descendant takes them along."""
    failing_at = 0
    while True:
        failing_at += 1
        await store.execute("FLUSHALL")
        house = House(store, seed=failing_at)
        broken = len(store.broken)

        async def carry(entries: Sequence[Outgoing], at: int = failing_at, house: House = house) -> None:
            for entry in entries:
                if not await apply(house, store, entry, at):
                    assert await apply(house, store, entry, 0)

        a = (await house.post())["id"]
        b = (await house.post(parent=a))["id"]
        c = (await house.post(parent=b))["id"]
        d = (await house.post(parent=c))["id"]
        e = (await house.post(parent=a))["id"]
        await carry(await told(house, "post.created", d, b, c, e))  # the first brings those above it along
        assert set(await shape(house, a)) == {(a, None), (b, a), (c, b), (d, c), (e, a)}
        assert set(await house.types("post:" + c)) == {"post.created", "remix.created"}
        await delete(house, c, b)
        await carry(await told(house, "post.deleted", c, b))
        assert set(await shape(house, d)) == {(a, None), (b + "+", a), (c + "+", b), (d, c), (e, a)}
        await delete(house, d)
        await carry(await told(house, "post.deleted", d))
        assert await shape(house, a) == [(a, None), (e, a)]
        assert await placed(house, a) == {a, e}
        await delete(house, e)
        await carry(await told(house, "post.deleted", e))
        assert await left(house) == {"felled"}
        if len(store.broken) == broken:
            break
    assert failing_at > 10, store.broken


@pytest.mark.parametrize("number", range(8))
async def test_what_failed_may_be_repeated_much_later(store: FailingStore, number: int) -> None:
    """By another node, after others have gone on with the same tree."""
    chance = random.Random(f"{SEED} {number}")
    house = House(store, seed=number)
    size = 12
    made: list[str] = []
    above: dict[str, str | None] = {}
    for position in range(size):
        parent = made[chance.randrange(position)] if position else None
        made.append((await house.post(parent=parent))["id"])
        above[made[-1]] = parent
    doomed = set(chance.sample(made, size // 2))
    await delete(house, *doomed)
    waiting = list(await house.outbox())
    for most in (9, 7, 5, 3, 1, 0):
        chance.shuffle(waiting)
        at = [chance.randint(1, most) if most else 0 for _ in waiting]
        waiting = [entry for entry, one in zip(waiting, at, strict=True) if not await apply(house, store, entry, one)]
    assert not waiting
    held = set(made) - doomed
    for post in reversed(made):
        if post in held and (parent := above[post]) is not None:
            held.add(parent)
    expected = {(post + "+" * (post in doomed), above[post]) for post in held}
    assert await placed(house, made[0]) == (held if len(held) > 1 else set())
    for post in set(made) - doomed:
        assert set(await shape(house, post, limit=100)) == expected, f"seed {SEED}"
