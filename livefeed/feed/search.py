"""Search: posts by the words of what they say, their tags and who made them, kept by a part of the projection `social`.

Each word is a sorted set of posts in a shard of its own; what begins alike lives together, so that a beginning finds
its words. The post's slot knows by which words it is to be found: whoever changes words looks there again afterwards.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from livefeed.errors import BadRequest
from livefeed.feed import cursor, store
from livefeed.feed.mentions import NamedPeople
from livefeed.feed.people import User, refresh_authors, snapshot
from livefeed.feed.posts import Posts, revs_of
from livefeed.feed.timelines import TOMBSTONE_MS
from livefeed.feed.together import carry_out
from livefeed.feed.words import MAX_WORDS, Term, beginning_of, terms_of, words_of_post
from livefeed.streams import keys
from livefeed.streams.connection import Argument
from livefeed.streams.outbox import Outgoing
from livefeed.streams.streams import Streams

MAX_QUESTION = 200
"""Characters of a question."""
POSTS = 200_000
"""Posts that are found: the newest, the same number of each shard."""
POSTS_OF_WORD = 5_000
"""Posts by which a word is known: the newest."""
WORDS_ALIKE = 20_000
"""Words with the same first two characters that are found by their beginning."""
LOOKED_AT, TAKEN = 200, 8
"""Words that begin as the last one of a question: how many are compared, how many are searched."""
CHUNK, CHUNKS = 200, 12
"""Posts of the rarest word that are looked at in one step, and steps of one page."""
PEOPLE = 8
"""People whom a question finds."""
TRIES = 8

Row = tuple[int, str]
"""When a post was created, in ms, and its id."""


class Search:
    """Answers questions, and is the part of the projection `social` that keeps the words."""

    name = "search"

    def __init__(self, streams: Streams, posts: Posts, people: NamedPeople) -> None:
        self._streams = streams
        self._posts = posts
        self._people = people

    async def find(
        self, question: str, before: str | None = None, limit: int = 30, viewer: str | None = None
    ) -> dict[str, Any]:
        """Return `{posts, users, next, mine, revs}`: posts that have all the words of a question, newest first.

        users: whose handle is one of the words, then whose handle begins as the question says; on the first page. next:
        the next `before`, None at the end; a page may hold fewer posts than `limit`, even none, and go on. mine, revs:
        as of a feed.

        Raises: BadRequest, StoreUnavailable.
        """
        if len(question) > MAX_QUESTION:
            raise BadRequest(f"A question has at most {MAX_QUESTION} characters.")
        cursor.check_limit(limit)
        start = None if before is None else cursor.parse_timeline(before)
        terms = terms_of(question)
        named = await self._people.named({term.handle for term in terms if term.handle})
        groups = await asyncio.gather(*[self._words(term, named.get(term.handle)) for term in terms])
        rows, next = await self._rows(groups, start, limit) if groups and all(groups) else ([], None)
        found = await asyncio.gather(*[self._posts.read(id, viewer) for _, id in rows])
        posts = [page["post"] for page in found if page]
        await refresh_authors(self._people, posts)
        return {
            "posts": posts,
            "users": await self._called(question, named) if before is None else [],
            "next": next,
            "mine": {page["post"]["id"]: page["mine"] for page in found if page and page["mine"]},
            "revs": revs_of(page for page in found if page),
        }

    async def _called(self, question: str, named: Mapping[str, User]) -> list[dict[str, Any]]:
        """Return the people whom a question finds, those whom it names in full first."""
        begun = beginning_of(question)
        called = await self._people.beginning(begun) if begun else []
        people = {user["id"]: user for user in (*named.values(), *called)}
        return [snapshot(user) for user in list(people.values())[:PEOPLE]]

    async def apply(self, batch: Sequence[Outgoing]) -> None:
        """Let posts be found by their words, and no more by those they have no more. Again and in any order.

        Raises: LivefeedError; everything was tried.
        """
        await carry_out(self._carry_out(entry) for entry in batch)

    async def _carry_out(self, entry: Outgoing) -> None:
        match entry.type:
            case "post.created" | "post.updated":
                try:
                    post = entry.data["post"]
                    id, created, words = post["id"], post["created"], words_of_post(post)
                except (KeyError, TypeError, AttributeError) as exc:
                    raise BadRequest(f"The outbox entry {entry.type} lacks {exc}.") from exc
                late = await self._note(id, entry.mark, words, created)
                for other in late:
                    await self._note(other, "", [], 0)
            case "post.deleted":
                await self._note(entry.data["id"], entry.mark, [], 0)
            case _:
                pass

    async def _note(self, post: str, mark: str, words: Sequence[str], created: int) -> list[str]:
        """Note by which words a post is found, and see to it; return the posts that must make room for it."""
        shards, seen = self._streams.shards, set(words)
        for _ in range(TRIES):
            answer = await self._streams.commit(
                store.SEARCH_NOTE,
                shard=store.post_shard(post, shards),
                keys_=store.search_keys(post, shards),
                args=[
                    post,
                    mark,
                    " ".join(words),
                    created,
                    max(1, POSTS // shards),
                    TOMBSTONE_MS,
                    2 * MAX_WORDS,
                ],
            )
            now, was, late = (line.split() for line in answer.decode().split("\n"))
            seen.update(now, was)
            await self._change(post, created, now, seen.difference(now))
            # Somebody with newer words may have been here meanwhile, and ours may have come after theirs.
            again = await self._streams.store.execute("HGET", store.search_keys(post, shards)[0], "words")
            if (again or b"").decode().split() == now:
                return late
        return []

    async def _change(self, post: str, created: int, found: Iterable[str], gone: Iterable[str]) -> None:
        """Put a post under its words, and take it from others; one command for each shard."""
        by_shard: dict[int, list[tuple[str, str]]] = {}
        for words, sign in ((found, "1"), (gone, "0")):
            for word in words:
                by_shard.setdefault(self._shard(word), []).append((word, sign))
        await carry_out(self._change_in(shard, post, created, some) for shard, some in by_shard.items())

    async def _change_in(self, shard: int, post: str, created: int, words: Sequence[tuple[str, str]]) -> None:
        args: list[Argument] = [post, created, POSTS_OF_WORD, WORDS_ALIKE]
        names: list[str] = []
        for word, sign in words:
            args += (word, sign)
            names += (self._key(word), self._alike_key(word))
        await self._streams.commit(store.SEARCH_WORDS, shard=shard, keys_=names, args=args)

    async def _words(self, term: Term, person: User | None) -> list[str]:
        """Return the words that a term may stand for: any of them will do."""
        words = [term.word] if term.word != "@" else []
        if term.begins and len(term.word) > 1:
            found = await self._streams.read(
                store.SEARCH_ALIKE,
                shard=self._shard(term.word),
                keys_=[self._alike_key(term.word), self._key(term.word).removesuffix(term.word)],
                args=[term.word, LOOKED_AT, TAKEN],
            )
            words += [word.decode() for word in found]
        if person is not None:
            words.append(f"@{person['id']}")
        return list(dict.fromkeys(words))

    async def _rows(
        self, groups: Sequence[Sequence[str]], start: Row | None, limit: int
    ) -> tuple[list[Row], str | None]:
        """Return the newest posts that have a word of each group, and the cursor of the next page.

        The group with the fewest posts is gone through, the others are asked about what it holds.
        """
        counts = [sum(await asyncio.gather(*[self._count(word) for word in group])) for group in groups]
        rarest = groups[counts.index(min(counts))]
        found: list[Row] = []
        whole = False
        for _ in range(CHUNKS):
            pages = await asyncio.gather(*[self._page(word, start) for word in rarest])
            rows, whole = merged(pages, CHUNK)
            for group in groups:
                if group is not rarest:
                    rows = await self._having(group, rows)
            found += rows
            if whole or len(found) > limit:
                break
            start = end_of(pages, CHUNK)
        if len(found) > limit:
            return found[:limit], cursor.after_post(*found[limit - 1])
        return found, None if whole or start is None else cursor.after_post(*start)

    async def _count(self, word: str) -> int:
        return int(await self._streams.store.execute("ZCARD", self._key(word)))

    async def _page(self, word: str, start: Row | None) -> list[Row]:
        raw = await self._streams.read(
            store.SEARCH_PAGE,
            shard=self._shard(word),
            keys_=[self._key(word)],
            args=["" if start is None else start[0], "" if start is None else start[1], CHUNK],
        )
        return [(int(created), id.decode()) for id, created in zip(raw[::2], raw[1::2], strict=True)]

    async def _having(self, group: Sequence[str], rows: Sequence[Row]) -> list[Row]:
        """Return those of the posts that have a word of a group."""
        if not rows:
            return []
        ids = [id for _, id in rows]
        store_ = self._streams.store
        scores = await asyncio.gather(*[store_.execute("ZMSCORE", self._key(word), *ids) for word in group])
        return [row for row, *of_words in zip(rows, *scores, strict=True) if any(one is not None for one in of_words)]

    def _shard(self, word: str) -> int:
        return zlib.crc32(word[:2].encode()) % self._streams.shards

    def _key(self, word: str) -> str:
        return f"{keys.tag(self._shard(word))}found:{word}"

    def _alike_key(self, word: str) -> str:
        return f"{keys.tag(self._shard(word))}alike:{word[:2]}"


def end_of(pages: Sequence[Sequence[Row]], size: int) -> Row | None:
    """Return the row down to which the pages of several words are all known; None: to their ends."""
    return max((page[-1] for page in pages if len(page) >= size), default=None)


def merged(pages: Sequence[Sequence[Row]], size: int) -> tuple[list[Row], bool]:
    """Return the rows of several words' pages, newest first and each once, and whether that is all there is.

    What is older than the end of a full page waits for the next: that word may have something in between.
    """
    end = end_of(pages, size)
    rows = {row for page in pages for row in page if end is None or row >= end}
    return sorted(rows, reverse=True), end is None
