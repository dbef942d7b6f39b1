"""Guests, names and sessions on a real store."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from livefeed import identifiers
from livefeed.clock import SystemClock
from livefeed.config import Config
from livefeed.errors import BadRequest, Busy, Conflict, NotFound, RateLimited, StoreUnavailable
from livefeed.identity import GUESTS, Identity, Rate, RateLimits, Users, names
from livefeed.identity.handles import CLAIM_GRACE_MS
from livefeed.identity.names import Names
from livefeed.identity.service import MOST_CALLED
from livefeed.people import User
from livefeed.streams.connection import RedisStore, WritesRefused
from livefeed.streams.embedded import EmbeddedStore
from livefeed.streams.streams import Streams

SHARDS = 8
NOBODY = identifiers.make(1, 3, 4)


@pytest.fixture
async def streams(tmp_path: Path) -> AsyncIterator[Streams]:
    async with EmbeddedStore(tmp_path) as embedded, RedisStore(embedded.url, timeout_s=20) as store:
        yield Streams(store, Config(shards=SHARDS))


@pytest.fixture
def identity(streams: Streams) -> Identity:
    return make_identity(streams)


def make_identity(
    streams: Streams,
    *,
    users: Users | None = None,
    rate: Rate | None = None,
    chance: random.Random | None = None,
) -> Identity:
    clock = SystemClock()
    limits = RateLimits({GUESTS: rate or Rate.per_minute(1_000)}, clock)
    return Identity(users or Users(streams), limits, clock, shards=SHARDS, chance=chance)


async def guest(identity: Identity) -> User:
    return (await identity.create_guest("192.0.2.1")).user


async def dump(streams: Streams) -> bytes:
    """Return all that the store holds, as one text."""
    found = []
    for key in await streams.store.execute("KEYS", "*"):
        kind = await streams.store.execute("TYPE", key)
        command = {b"hash": ["HGETALL", key], b"string": ["GET", key], b"zset": ["ZRANGE", key, 0, -1]}[kind]
        found.append(repr((key, await streams.store.execute(*command))))
    return "\n".join(found).encode()


async def test_a_guest_is_known_by_token_by_id_and_by_handle(identity: Identity) -> None:
    made = await identity.create_guest("192.0.2.1")
    assert made.user.handle.count("-") == 1
    assert await identity.authenticate(made.token) == made.user
    assert await identity.user(made.user.id) == made.user
    assert await identity.by_handle(made.user.handle.upper()) == made.user


async def test_other_tokens_are_nobodys(identity: Identity) -> None:
    first, second = [await identity.create_guest("192.0.2.1") for _ in range(2)]
    mixed = first.user.id + second.token[len(second.user.id) :]
    for token in ("", "Bearer", mixed, first.token[:-1], f"{NOBODY}.{first.token.partition('.')[2]}"):
        assert await identity.authenticate(token) is None


async def test_the_store_holds_no_token(identity: Identity, streams: Streams) -> None:
    made = await identity.create_guest("192.0.2.1")
    held = await dump(streams)
    assert made.user.handle.encode() in held
    assert made.token.partition(".")[2].encode() not in held


async def test_many_guests_at_once_all_have_names_of_their_own(identity: Identity) -> None:
    people = await asyncio.gather(*(guest(identity) for _ in range(300)))
    assert len({user.handle for user in people}) == 300
    assert await identity.users(user.id for user in people) == {user.id: user for user in people}


class OneTrack(random.Random):
    """Chance that knows one pair of words."""

    def choice(self, words):
        return words[0]


async def test_a_taken_name_gets_a_number_and_the_search_ends(streams: Streams) -> None:
    identity = make_identity(streams, chance=OneTrack(7))
    first, second = await guest(identity), await guest(identity)
    assert second.handle.startswith(first.handle + "-")
    assert second.handle.removeprefix(first.handle + "-").isdigit()

    class NoTrack(OneTrack):
        def randrange(self, *_):
            return 5

    stuck = make_identity(streams, chance=NoTrack(8))
    await guest(stuck)
    with pytest.raises(Busy):
        await guest(stuck)


async def test_guests_of_one_address_are_limited(streams: Streams) -> None:
    identity = make_identity(streams, rate=Rate(per_s=0.001, burst=2))
    for address in ("2001:db8::1", "2001:db8::2"):
        await identity.create_guest(address)
    with pytest.raises(RateLimited) as caught:
        await identity.create_guest("2001:db8::3")
    assert caught.value.retry_after_s
    await identity.create_guest("2001:db8:0:1::1")


async def test_a_renamed_person_is_shown_and_found_by_the_new_name_only(identity: Identity) -> None:
    made = await identity.create_guest("192.0.2.1")
    renamed = await identity.rename(made.user.id, " Red-Fox ")
    assert renamed == User(made.user.id, "red-fox")
    assert await identity.authenticate(made.token) == renamed
    assert await identity.users([made.user.id]) == {made.user.id: renamed}
    assert await identity.by_handle("red-fox") == renamed
    assert await identity.named("Red-Fox") == await identity.named(made.user.id) == renamed
    with pytest.raises(NotFound):
        await identity.by_handle(made.user.handle)


async def called(identity: Identity, name: str) -> User:
    return await identity.rename((await guest(identity)).id, name)


async def beginning(identity: Identity, text: str) -> list[str]:
    return [user.handle for user in await identity.beginning(text)]


async def test_people_are_found_by_how_their_name_or_a_word_of_it_begins(identity: Identity) -> None:
    for name in ("friendly-ocean", "ocean-friend", "ann-painter", "ocean", "a-b--cat-"):
        await called(identity, name)
    assert await beginning(identity, "ocean") == ["ocean", "ocean-friend", "friendly-ocean"]
    assert await beginning(identity, "oce") == ["ocean", "ocean-friend", "friendly-ocean"]
    assert await beginning(identity, "FRIE") == ["friendly-ocean", "ocean-friend"]
    assert await beginning(identity, "friendly-o") == ["friendly-ocean"]
    assert await beginning(identity, "pain") == ["ann-painter"]
    assert await beginning(identity, "cat") == await beginning(identity, "b--c") == ["a-b--cat-"]
    for nobody in ("", "f", "riend", "cean", "ocean-x", "an*", "[an", "(an", "a n", "-a", "a\0n", "é", "an" * 40):
        assert await beginning(identity, nobody) == [], nobody


async def test_a_new_name_is_found_by_its_beginning_and_the_old_one_no_more(
    identity: Identity, streams: Streams
) -> None:
    made = await guest(identity)
    assert await beginning(identity, made.handle[:5]) == [made.handle]
    await called(identity, "red-fox")
    fox = await identity.by_handle("red-fox")
    await identity.rename(fox.id, "red-owl")
    assert await beginning(identity, "red") == ["red-owl"]
    assert await beginning(identity, "fox") == []
    assert b"fox" not in await dump(streams), "nothing is left"
    await identity.rename(made.id, "red-fox")
    assert await beginning(identity, "red") == ["red-fox", "red-owl"]


async def test_a_name_that_was_left_behind_finds_nobody(identity: Identity, streams: Streams) -> None:
    await called(identity, "red-fox")
    await Names(streams).enter("red-foal")
    assert await beginning(identity, "red-fo") == ["red-fox"]


async def test_names_that_were_left_behind_take_nobodys_place(identity: Identity, streams: Streams) -> None:
    for number in range(2 * MOST_CALLED):
        await Names(streams).enter(f"al-{number:02}-alb")
    await called(identity, "alice")
    assert await beginning(identity, "al") == ["alice"]
    assert b"al-00" not in await dump(streams), "they are taken out"


async def test_who_takes_a_name_while_it_is_taken_out_is_found(
    identity: Identity, streams: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They come between the look that found nobody and the entry's end, at the worst of all times."""
    await Names(streams).enter("red-fox")
    made = await guest(identity)
    leave = Names.leave

    async def taken_first(names: Names, handle: str) -> None:
        if handle == "red-fox":
            await identity.rename(made.id, "red-fox")
        await leave(names, handle)

    monkeypatch.setattr(Names, "leave", taken_first)
    await beginning(identity, "red")
    assert await beginning(identity, "red") == ["red-fox"]


async def test_who_came_before_names_were_entered_is_found_once_they_are_seen(
    identity: Identity, streams: Streams
) -> None:
    fox = await called(identity, "red-fox")
    for key in await streams.store.execute("KEYS", "*:names:*"):
        await streams.store.execute("DEL", key)
    assert await beginning(identity, "red") == []
    assert await beginning(identity, "red-fox") == ["red-fox"], "by all of it"
    await identity.seen(fox)
    assert await beginning(identity, "red") == await beginning(identity, "fox") == ["red-fox"]


async def test_who_is_seen_while_names_cannot_be_entered_does_not_suffer(
    streams: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = make_identity(streams)

    async def fail(*_: object) -> None:
        raise StoreUnavailable("gone")

    async def last(*_: object) -> None:
        await asyncio.Event().wait()

    for enter in (fail, last):
        monkeypatch.setattr(Names, "enter", enter)
        assert await guest(identity)


async def test_who_is_seen_by_a_full_store_does_not_suffer(streams: Streams) -> None:
    identity = make_identity(streams)
    fox = await called(identity, "red-fox")
    await streams.store.execute("CONFIG", "SET", "maxmemory", "1")
    try:
        with pytest.raises(WritesRefused):
            await Names(streams).enter("red-owl")
        await identity.seen(fox)
    finally:
        await streams.store.execute("CONFIG", "SET", "maxmemory", "0")


async def test_a_name_is_given_up_whatever_becomes_of_its_beginnings(
    streams: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = make_identity(streams)
    fox, other = await called(identity, "red-fox"), await guest(identity)

    async def fail(*_: object) -> None:
        raise StoreUnavailable("gone")

    with monkeypatch.context() as broken:
        broken.setattr(Names, "enter", fail)
        broken.setattr(Names, "leave", fail)
        await identity.rename(fox.id, "red-owl")
    assert (await identity.rename(other.id, "red-fox")).handle == "red-fox", "it is free"


async def test_a_beginning_finds_so_many_and_so_many_are_kept(
    identity: Identity, monkeypatch: pytest.MonkeyPatch, streams: Streams
) -> None:
    everybody = [f"fox-{number:02}" for number in range(20)]
    for name in everybody:
        await called(identity, name)
    assert await beginning(identity, "fox") == everybody[:MOST_CALLED]
    assert await beginning(identity, "fox-19") == ["fox-19"]
    monkeypatch.setattr(names, "NAMES_ALIKE", 4)
    for name in ("zebra", "zest", "zen", "zeal", "zero", "zephyr"):
        await called(identity, name)
    [key] = await streams.store.execute("KEYS", "*:names:ze")
    assert await streams.store.execute("ZCARD", key) == 4
    assert "zephyr" in await beginning(identity, "ze"), "the newest is found"
    assert await beginning(identity, "zest") == ["zest"], "by all of it everybody is"


async def test_a_long_name_is_entered_under_so_many_words(identity: Identity, streams: Streams) -> None:
    name = "-".join(["ab", "cd", "ef", "gh", "ij", "kl", "mn", "op", "qr"])
    before = set(await streams.store.execute("KEYS", "*:names:*"))
    await Names(streams).enter(name)
    assert len(set(await streams.store.execute("KEYS", "*:names:*")) - before) == 1 + names.MAX_PARTS


async def test_a_name_that_was_given_up_is_free_again(identity: Identity) -> None:
    one, other = await guest(identity), await guest(identity)
    await identity.rename(one.id, "red-fox")
    assert (await identity.rename(other.id, one.handle)).handle == one.handle
    assert (await identity.rename(one.id, other.handle)).handle == other.handle


async def test_renaming_to_ones_own_name_changes_nothing(identity: Identity) -> None:
    user = await guest(identity)
    for _ in range(2):
        assert await identity.rename(user.id, user.handle) == user
    assert await identity.by_handle(user.handle) == user


async def test_a_taken_name_is_refused_however_it_is_written(identity: Identity) -> None:
    one, other = await guest(identity), await guest(identity)
    await identity.rename(one.id, "red-fox")
    with pytest.raises(Conflict, match="red-fox"):
        await identity.rename(other.id, "RED-Fox")
    assert await identity.user(other.id) == other


@pytest.mark.parametrize("wish", ["admin", "", "a b", 5, "-x", NOBODY])
async def test_a_wish_that_is_no_name_changes_nothing(identity: Identity, wish: object) -> None:
    user = await guest(identity)
    with pytest.raises(BadRequest):
        await identity.rename(user.id, wish)
    assert await identity.user(user.id) == user


async def test_of_many_who_want_the_same_name_at_once_one_gets_it(identity: Identity) -> None:
    people = [await guest(identity) for _ in range(10)]
    results = await asyncio.gather(*(identity.rename(user.id, "red-fox") for user in people), return_exceptions=True)
    [winner] = [result for result in results if isinstance(result, User)]
    assert sum(isinstance(result, Conflict) for result in results) == 9
    now = await identity.users(user.id for user in people)
    assert [user for user in now.values() if user.handle == "red-fox"] == [winner]


async def test_one_person_renaming_twice_at_once_ends_with_one_name(identity: Identity) -> None:
    for attempt in range(20):
        user = await guest(identity)
        await asyncio.gather(*(identity.rename(user.id, f"name-{attempt}-{side}") for side in "ab"))
        now = await identity.user(user.id)
        assert await identity.by_handle(now.handle) == now


class FailsOnce(Users):
    """The store goes away between the claim and the record."""

    failing = True

    async def change(self, user: str, field: str, value: str) -> str:
        if self.failing:
            self.failing = False
            raise StoreUnavailable("The store cannot be reached just now; try again in a moment.")
        return await super().change(user, field, value)


async def test_a_rename_that_broke_off_can_be_repeated(streams: Streams) -> None:
    identity = make_identity(streams, users=FailsOnce(streams))
    user = await guest(identity)
    with pytest.raises(StoreUnavailable):
        await identity.rename(user.id, "red-fox")
    assert await identity.user(user.id) == user
    with pytest.raises(NotFound):
        await identity.by_handle("red-fox")
    assert (await identity.rename(user.id, "red-fox")).handle == "red-fox"


async def backdate(streams: Streams, handle: str, user: str) -> None:
    """Make `user`'s claim on `handle` older than the grace."""
    [key] = await streams.store.execute("KEYS", f"*h:{handle}")
    _, ms = (await streams.store.execute("GET", key)).split()
    await streams.store.execute("SET", key, f"{user} {int(ms) - CLAIM_GRACE_MS - 1}")


async def test_a_claim_that_nobody_came_to_use_is_free_after_a_while(streams: Streams, identity: Identity) -> None:
    one, other = await guest(identity), await guest(identity)
    users = Users(streams)
    for claimant in (NOBODY, one.id):
        handle = f"left-by-{claimant[-1]}"
        assert await users.claim(handle, claimant) is None
        with pytest.raises(Conflict):
            await identity.rename(other.id, handle)
        await backdate(streams, handle, claimant)
        assert (await identity.rename(other.id, handle)).handle == handle
        assert await identity.by_handle(handle) == User(other.id, handle)


async def test_a_name_in_use_is_never_free_however_old_its_claim(streams: Streams, identity: Identity) -> None:
    one, other = await guest(identity), await guest(identity)
    await backdate(streams, one.handle, one.id)
    with pytest.raises(Conflict):
        await identity.rename(other.id, one.handle)


async def test_a_claim_is_taken_over_only_as_it_was_found_and_given_back_only_by_its_owner(
    streams: Streams,
) -> None:
    one, other, third = (identifiers.make(1, shard, 4) for shard in range(3))
    users = Users(streams)
    await users.claim("red-fox", one)
    await backdate(streams, "red-fox", one)
    found = await users.claim("red-fox", other)
    assert found is not None
    assert (found.user, found.age_ms > CLAIM_GRACE_MS) == (one, True)
    assert await users.claim("red-fox", other, instead_of=found) is None
    late = await users.claim("red-fox", third, instead_of=found)
    assert late is not None
    assert late.user == other
    await users.release("red-fox", third)
    assert await users.claimant("red-fox") == other
    await users.release("red-fox", other)
    assert await users.claimant("red-fox") is None


async def test_of_two_who_find_an_abandoned_claim_one_gets_it(streams: Streams, identity: Identity) -> None:
    people = [await guest(identity) for _ in range(6)]
    await Users(streams).claim("red-fox", NOBODY)
    await backdate(streams, "red-fox", NOBODY)
    results = await asyncio.gather(*(identity.rename(user.id, "red-fox") for user in people), return_exceptions=True)
    assert sum(isinstance(result, User) for result in results) == 1
    assert sum(isinstance(result, Conflict) for result in results) == 5


class StandsStill(Users):
    """So long between claim and record that somebody else takes the claim for abandoned."""

    thief = ""

    async def change(self, user: str, field: str, value: str) -> str:
        if self.thief:
            thief, self.thief = self.thief, ""
            await backdate(self._streams, value, user)
            await make_identity(self._streams).rename(thief, value)
        return await super().change(user, field, value)


async def test_whoever_stood_still_too_long_keeps_the_old_name(streams: Streams) -> None:
    users = StandsStill(streams)
    identity = make_identity(streams, users=users)
    slow, quick = await guest(identity), await guest(identity)
    users.thief = quick.id
    with pytest.raises(Conflict):
        await identity.rename(slow.id, "red-fox")
    assert await identity.user(slow.id) == slow
    assert await identity.by_handle(slow.handle) == slow
    assert (await identity.by_handle("red-fox")).id == quick.id


async def test_an_avatar_is_the_newest_picture(identity: Identity) -> None:
    user = await guest(identity)
    await identity.set_avatar(user.id, "ab" * 32)
    assert (await identity.user(user.id)).avatar == "ab" * 32
    with pytest.raises(NotFound):
        await identity.set_avatar(NOBODY, "ab" * 32)


async def test_unknown_people_are_absent_from_a_batch_and_not_found_alone(identity: Identity) -> None:
    user = await guest(identity)
    assert await identity.users([NOBODY, user.id, "", "x" * 500, "{s01}", user.id]) == {user.id: user}
    assert await identity.users([]) == {}
    for unknown in (NOBODY, "", "../x"):
        with pytest.raises(NotFound):
            await identity.user(unknown)
        with pytest.raises(NotFound):
            await identity.by_handle(unknown)
