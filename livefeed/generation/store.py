"""Generations in the store: one hash each, in the shard their id names.

Whoever holds a claim writes through a fence: the script compares the claim's token and the state before it
writes, so that a worker that was taken for dead changes nothing, whatever it still believes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from livefeed.generation import documents
from livefeed.generation.job import Ending, JobEvent, State, sources, target
from livefeed.generation.ports import JSON, Permit, Publication
from livefeed.generation.previews import Preview
from livefeed.generation.retry import Retry
from livefeed.identifiers import shard_of
from livefeed.position import Position
from livefeed.streams import keys
from livefeed.streams.connection import Argument
from livefeed.streams.script import Script, changing, reading, source
from livefeed.streams.streams import Once, Streams
from livefeed.streams.work import Claim, Place
from livefeed.topic import generation_topic, post_topic

LIFE_MS = 7 * 86_400_000
"""How long a generation outlives its last change."""
PREVIEW_MS = 120_000

_LIFE = source(__package__, "life")
_FENCE = source(__package__, "fence")
_FINISH = _LIFE + _FENCE + source(__package__, "finish")


def _fenced(name: str) -> Script:
    return changing(_FENCE + source(__package__, name))


def _with_life(name: str) -> Script:
    return changing(_LIFE + source(__package__, name))


_CREATE = source(__package__, "create")
_START = _fenced("start")
_REPORT = _fenced("report")
_REQUEUE = _fenced("requeue")
_REVIVE = _with_life("revive")
_EXPIRE = _with_life("expire")
_CANCEL = _with_life("cancel")
_PLACE = changing(source(__package__, "place"))
_WITHDRAW = changing(source(__package__, "withdraw"))
_READ = reading(source(__package__, "read"))


@lru_cache(maxsize=8)
def _finish_script(create_post: str) -> Script:
    return changing(f"{create_post}\n{_FINISH}")


@lru_cache(maxsize=8)
def _create_script(refused: str) -> Script:
    return changing(f"{refused or 'local refused = nil'}\n{_CREATE}")


class Fence(StrEnum):
    """What a fenced write answers."""

    OK = "ok"
    OVER = "over"
    """The generation's state accepts this no more: somebody cancelled it, or it has ended."""
    STALE = "stale"
    """A later claim has written: this worker was taken for dead."""
    LATE = "late"
    """It was to be started by now; nobody starts it any more."""
    EARLY = "early"
    """It may still be started in time, by the clock that its deadline was set by."""
    GONE = "gone"
    """There is no such generation."""


@dataclass(frozen=True, slots=True)
class Record:
    """A generation as stored. `document` is what it was created with; see `documents.py`."""

    document: Mapping[str, Any]
    state: State
    steps: int
    step: int | None = None
    place: int | None = None
    eta_s: float | None = None
    media: JSON | None = None
    error: JSON | None = None
    retry: JSON | None = None
    preview: int | None = None
    at: Position = field(default=Position(0, 0), compare=False)

    @property
    def author(self) -> str:
        """Whose it is."""
        return str(self.document["author"])

    @property
    def publish(self) -> bool:
        """Whether it becomes a post that all may see."""
        return bool(self.document["publish"])


class Start(NamedTuple):
    """What the start of a claim's work answers: the document if it may begin.

    previews: how many were told of at the attempts before.
    """

    fence: Fence
    document: JSON | None = None
    previews: int = 0


class GenerationStore:
    """Reads and writes generations."""

    def __init__(self, streams: Streams) -> None:
        self._streams = streams

    async def create(
        self, document: JSON, announced: JSON, *, permit: Permit | None = None, once: Once | None = None
    ) -> None:
        """Write a new generation as queued, with its event and its way into the queue, in one step.

        announced: the contract's `generation`, as readers see it first. permit: asked in that step.
        Raises: what the permit refuses, KeyReused, StoreUnavailable (repeat with the same id), and busy while the
            outbox is full.
        """
        identifier, author, publish = document["id"], document["author"], document["publish"]
        event = orjson.dumps({"generation": announced})
        args: list[Argument] = [
            identifier, orjson.dumps(document), author, "1" if publish else "", document["steps"], event,
            _queue_entry(document), event if publish else b"", LIFE_MS,
            round(document["deadline_s"] * 1000) if "deadline_s" in document else "",
        ]  # fmt: skip
        script, names = _create_script(permit.lua if permit is not None else ""), permit.keys if permit else ()
        args += permit.args if permit is not None else ()
        await self._commit(script, identifier, args, names=names, once=once, outbox=True)

    async def start(self, claim: Claim) -> Start:
        """Note that a claim's work begins."""
        event = orjson.dumps({"attempt": claim.attempt})
        args: list[Argument] = [claim.token, _states(JobEvent.STARTED), event, LIFE_MS]
        answer, *found = (await self._commit(_START, claim.job, args)).split(b" ", 2)
        if not found:
            return Start(Fence(answer.decode()))
        return Start(Fence(answer.decode()), orjson.loads(found[1]), int(found[0]))

    async def report(
        self,
        claim: Claim,
        *,
        step: int,
        steps: int,
        eta_s: float | None,
        preview: Preview | None,
        before: int | None = None,
    ) -> Fence:
        """Tell of a step, perhaps with a preview. before: the step of the preview before this one."""
        progress = {"step": step, "steps": steps, "eta_s": eta_s}
        told, jpeg, shard = b"", b"", self._shard(claim.job)
        if preview is not None:
            key, jpeg = preview_key(claim.job, shard, preview.step), preview.jpeg
            told = orjson.dumps(_preview_event(claim.job, preview, key))
        names = [preview_key(claim.job, shard, shown) for shown in (step, step if before is None else before)]
        args: list[Argument] = [
            claim.token, _running(), step, orjson.dumps(progress), told, jpeg, PREVIEW_MS
        ]  # fmt: skip
        return Fence((await self._commit(_REPORT, claim.job, args, names=names)).decode())

    async def complete(
        self,
        claim: Claim,
        document: JSON,
        *,
        media: JSON,
        post: JSON | None = None,
        publication: Publication | None = None,
    ) -> Fence:
        """End a generation with its picture, and publish its post in the same step if there is one."""
        if post is None or publication is None:
            return await self._finish(claim, document, JobEvent.COMPLETED, "media", media)
        return await self._finish(claim, document, JobEvent.COMPLETED, "media", media, post, publication)

    async def end(
        self, claim: Claim, document: JSON, ending: Ending, *, attempts: int | None = None, cause: str = ""
    ) -> Fence:
        """End a generation without a picture. attempts: of one that was lost so often that it is given up.

        That leaves a dead letter, by way of the outbox, with the cause: nobody but the operator sees it.
        """
        dead = None
        if attempts is not None:
            dead = {**ending.as_dict(), "generator": document.get("generator", ""), "attempts": attempts}
            dead |= {"cause": cause} if cause else {}
        return await self._finish(claim, document, ending.event, "error", ending.as_dict(), dead=dead)

    async def requeue(self, identifier: str, token: int, announced: JSON, retry: Retry) -> Fence:
        """Bring a running generation back into the line; whoever had the claim `token` writes nothing from here on.

        announced: the contract's `generation`. It stays where it was in the queue: see Work.rest and Work.give_back.
        """
        args: list[Argument] = [token, _running(), *_again(announced, retry)]
        return Fence((await self._commit(_REQUEUE, identifier, args)).decode())

    async def revive(self, document: JSON, announced: JSON, retry: Retry) -> Fence:
        """Begin another life of a failed generation, in the line; once more is the same."""
        event, steps, told = _again(announced, retry)
        args: list[Argument] = [event, _queue_entry(document), LIFE_MS, told, steps]
        return Fence((await self._commit(_REVIVE, document["id"], args)).decode())

    async def expire(self, document: JSON, ending: Ending) -> Fence:
        """End a generation that nobody has started by its deadline; EARLY before that, OVER if somebody has, or it has
        ended.
        """
        ended = _ended(document, State.ABORTED)
        args: list[Argument] = [orjson.dumps(ending.as_dict()), ended, LIFE_MS]
        return Fence((await self._commit(_EXPIRE, document["id"], args)).decode())

    async def cancel(self, identifier: str, author: str, document: JSON) -> None:
        """End a generation because its author wants it so; once more is the same.

        Raises: NotFound, Forbidden, Conflict when it has ended otherwise.
        """
        told = [
            orjson.dumps(Ending(JobEvent.CANCELLED, stage, "cancelled", "Its author cancelled it.").as_dict())
            for stage in ("queued", "painting")
        ]
        state = target(JobEvent.CANCELLED)
        states = _states(JobEvent.CANCELLED)
        args: list[Argument] = [author, states, state, *told, _ended(document, state), LIFE_MS]
        await self._commit(_CANCEL, identifier, args)

    async def tell_place(self, place: Place) -> Fence:
        """Tell where a waiting generation stands; nothing happens to one that does not wait."""
        event = orjson.dumps({"place": place.place, "eta_s": place.eta_s})
        args: list[Argument] = [event, place.place, "" if place.eta_s is None else place.eta_s]
        return Fence((await self._commit(_PLACE, place.job, args)).decode())

    async def read(self, identifier: str) -> Record | None:
        """Return a generation and the position it stands for, read in one step."""
        shard = self._shard(identifier)
        raw, at = await self._streams.read(_READ, shard=shard, keys_=[_key(shard, identifier)])
        return _record(raw, Position.parse(at)) if raw else None

    async def withdraw(self, identifier: str) -> None:
        """Forget a generation whose post was deleted, with its events: nobody is to see the picture any more."""
        await self._commit(_WITHDRAW, identifier, [])

    async def preview(self, identifier: str, step: int) -> bytes | None:
        """Return the JPEG of a step, while it is kept."""
        key = preview_key(identifier, self._shard(identifier), step)
        found = await self._streams.store.execute("GET", key)
        return bytes(found) if found is not None else None

    async def _finish(
        self, claim: Claim, document: JSON, event: JobEvent, name: str, value: JSON,
        post: JSON | None = None, publication: Publication | None = None, *, dead: JSON | None = None,
    ) -> Fence:  # fmt: skip
        state, stored = target(event), orjson.dumps(value)
        told = b"" if event is JobEvent.COMPLETED else stored
        args: list[Argument] = [
            claim.token, _states(event), state, f"generation.{event}", told, _ended(document, state, dead),
            name, stored, LIFE_MS, b"" if post is None else orjson.dumps(post)[:-1],
        ]  # fmt: skip
        if publication is None:
            return Fence((await self._commit(_finish_script(""), claim.job, args)).decode())
        script, args = _finish_script(publication.lua), [*args, *publication.args]
        answer = await self._commit(script, claim.job, args, names=publication.keys, post=True)
        return Fence(answer.decode())

    async def _commit(
        self, script: Script, identifier: str, args: Sequence[Argument], *, names: Sequence[str] = (),
        once: Once | None = None, outbox: bool = False, post: bool = False,
    ) -> bytes:  # fmt: skip
        """Only a create asks whether the outbox has room: what is under way must be able to end."""
        shard = self._shard(identifier)
        topics = [generation_topic(identifier), *([post_topic(identifier)] if post else [])]
        return await self._streams.commit(
            script,
            shard=shard,
            topics=topics,
            keys_=[_key(shard, identifier), *names],
            args=args,
            once=once,
            outbox=outbox,
        )

    def _shard(self, identifier: str) -> int:
        return shard_of(identifier) % self._streams.shards


def preview_key(identifier: str, shard: int, step: int) -> str:
    """Where the JPEG of a step is kept for a while."""
    return f"{keys.tag(shard)}pv:{identifier}:{step}"


def _preview_event(identifier: str, preview: Preview, key: str) -> dict[str, Any]:
    """Return the event's data: the hub puts the bytes in place of `image_key` where clients take them."""
    return {
        "step": preview.step,
        "width": preview.width,
        "height": preview.height,
        "palette": list(preview.palette),
        "image_key": key,
        "url": f"/api/generations/{identifier}/preview?step={preview.step}",
    }


def _key(shard: int, identifier: str) -> str:
    return f"{keys.tag(shard)}gen:{identifier}"


def _states(event: JobEvent) -> str:
    return f" {' '.join(sources(event))} "


def _running() -> str:
    return f" {State.RUNNING} "


def _ended(document: JSON, state: State, dead: JSON | None = None) -> bytes:
    """Return what the projections read. dead: what a dead letter says of it."""
    entry = {"id": document["id"], "state": state, "author": document["author"], "tags": document["tags"]}
    if "room" in document:
        entry["room"] = document["room"]
    if "parent" in document and document["publish"]:
        entry["parent"] = document["parent"]  # whose watchers heard of its beginning
    return orjson.dumps(entry if dead is None else entry | {"dead": dead})


def _queue_entry(document: JSON) -> bytes:
    """Return what the queue is told of a generation; the scripts add `due` and `life`."""
    entry = {
        "id": document["id"],
        "user": document["author"],
        "kind": documents.kind_of(document),
        "units": document["steps"],
        "priority": document.get("priority", 0),
    }
    if "room" in document:
        entry["room"] = document["room"]
    return orjson.dumps(entry)


def _again(announced: JSON, retry: Retry) -> tuple[bytes, int, bytes]:
    """Return the event of one that is in line again, its steps, and what is kept of why."""
    told = retry.as_dict()
    return (
        orjson.dumps({"generation": {**announced, "retry": told}, "retry": told}),
        announced["steps"],
        orjson.dumps(told),
    )


def _record(raw: Sequence[bytes], at: Position) -> Record:
    fields = {name.decode(): value for name, value in zip(raw[::2], raw[1::2], strict=True)}

    def number(name: str) -> int | None:
        return int(fields[name]) if name in fields else None

    def map_(name: str) -> JSON | None:
        found: JSON | None = orjson.loads(fields[name]) if name in fields else None
        return found

    return Record(
        document=orjson.loads(fields["document"]),
        state=State(fields["state"].decode()),
        steps=int(fields["steps"]),
        step=number("step"),
        place=number("place"),
        eta_s=float(fields["eta_s"]) if "eta_s" in fields else None,
        media=map_("media"),
        error=map_("error"),
        retry=map_("retry"),
        preview=number("preview"),
        at=at,
    )
