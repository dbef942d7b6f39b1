"""What the server calls: create, get, cancel; who may see what."""

from __future__ import annotations

import asyncio
import random
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from livefeed import identifiers
from livefeed.clock import Clock, SystemClock
from livefeed.config import Config
from livefeed.errors import BadRequest, Conflict, Forbidden, LivefeedError, NotFound, StoreUnavailable
from livefeed.generation import documents
from livefeed.generation.authors import as_told
from livefeed.generation.documents import Asked
from livefeed.generation.generator import Range
from livefeed.generation.job import ACTIVE, State
from livefeed.generation.ports import JSON, Drawing, People, Permit, Person, Posts, Rooms
from livefeed.generation.registry import Generators
from livefeed.generation.store import GenerationStore, Record
from livefeed.streams.streams import Once, Streams
from livefeed.streams.work import Work

_SEEDS = Range(0, documents.MAX_SEED, 0)


class Generations:
    """The generations, for people."""

    def __init__(
        self,
        streams: Streams,
        config: Config,
        *,
        work: Work,
        generators: Generators,
        people: People,
        posts: Posts,
        tags: Callable[[str], Sequence[str]],
        rooms: Rooms | None = None,
        clock: Clock | None = None,
        chance: random.Random | None = None,
    ) -> None:
        """tags: the tags of a prompt. posts: where parents are looked for. rooms: who their members are."""
        self._store = GenerationStore(streams)
        self._shards = streams.shards
        self._config = config
        self._work = work
        self._generators = generators
        self._people = people
        self._posts = posts
        self._tags = tags
        self._rooms = rooms
        self._clock = clock or SystemClock()
        self._chance = chance or random.SystemRandom()

    async def create(
        self,
        user: Person,
        *,
        prompt: str,
        style: str | None = None,
        width: int | None = None,
        height: int | None = None,
        seed: int | None = None,
        steps: int | None = None,
        generator: str | None = None,
        parent: str | None = None,
        strength: float | None = None,
        publish: bool = True,
        priority: int | None = None,
        deadline_s: float | None = None,
        room: str | None = None,
        canvas: str | None = None,
        mask: str | None = None,
        permit: Permit | None = None,
        draw: Drawing | None = None,
        key: str | None = None,
    ) -> dict[str, str]:
        """Queue a picture and return its `{id, topic}`.

        Two steps: a reserved place in the queue, then the generation itself, which reaches the queue through
        the outbox. A crash between them costs a place for a minute and nothing else.

        style: how it is painted, in words that the generator is told behind the prompt; the prompt stays as it is.
        priority: 0 to 9; of the same person's waiting pictures the higher goes first. deadline_s: if it was not started
        by then it ends as aborted; the operator may have set a shorter one. key: the same key again returns the same
        generation.
        room: whose members may see it; it is not published, and its parent may be gone. canvas, mask: sha256 of files
        that are kept for the worker: what to start from instead of the parent's picture, and where that may be
        repainted; see generator.Job. draw: makes the two once all else is checked and a place is reserved, so that
        what is refused costs no drawing. permit: asked in the very step in which the generation is written.
        Raises: BadRequest, NotFound (of the parent), KeyReused, RateLimited (`own_limit`), Busy, what `draw` raises and
            `permit` refuses, StoreUnavailable.
        """
        asked, request = await self._check(
            prompt=prompt, style=style, width=width, height=height, seed=seed, steps=steps, generator=generator,
            parent=parent, strength=strength, publish=publish, priority=priority, deadline_s=deadline_s,
            room=room, canvas=canvas, mask=mask,
        )  # fmt: skip
        identifier = self._new_id(user.id, key, None if permit is None else permit.shard)
        once = Once.of(user.id, key, request) if key is not None else None
        repeated = key is not None and await self._store.read(identifier) is not None
        if not repeated:
            await self._work.reserve(identifier, user.id)
        try:
            if draw is not None:
                canvas, mask = await draw(identifier)
                asked = replace(asked, canvas=canvas, mask=mask)
            document = asked.document(identifier, user.id, self._clock.now_ms(), self._tags(asked.prompt))
            announced = documents.announce(document, user.as_dict())
            await self._store.create(document, announced, permit=permit, once=once)
        except StoreUnavailable:
            raise  # it may have been created
        except LivefeedError:
            if not repeated:
                await self._work.release(identifier, user.id)
            raise
        return {"id": identifier, "topic": announced["topic"]}

    async def urgent(self, identifier: str) -> None:
        """Put a waiting picture before all others that are not urgent too, whoever asked for it.

        Raises: NotFound; Conflict when it does not wait.
        """
        record = await self._store.read(identifier) if identifiers.is_id(identifier) else None
        if record is None:
            raise NotFound("There is no such picture in the making.")
        if record.state is not State.QUEUED or not await self._work.urgent(identifier, record.author):
            raise Conflict("This picture does not wait in line: it is being painted, or it is over.")

    async def get(self, identifier: str, viewer: Person | None = None) -> dict[str, Any]:
        """Return `{generation, at}`. Raises: NotFound, also for whoever may not see it."""
        record = await self._seen(identifier, viewer)
        return {"generation": (await self._announce([record]))[0], "at": str(record.at)}

    async def visible(self, identifier: str, viewer: Person | None = None) -> bool:
        """Tell whether somebody may see a generation: everybody if it is to be published, else its author and the
        members of its room.
        """
        try:
            await self._seen(identifier, viewer)
        except NotFound:
            return False
        return True

    async def states(self, identifiers_: Sequence[str]) -> list[dict[str, Any]]:
        """Return the `generation` maps of those that are queued or running, and to be published, in the order given."""
        records = await asyncio.gather(*(self._store.read(identifier) for identifier in identifiers_))
        return await self._announce(
            [record for record in records if record is not None and record.publish and record.state in ACTIVE]
        )

    async def running_of(self, user: Person) -> list[dict[str, Any]]:
        """Return somebody's own `generation` maps that are queued or running, the oldest first: those of rooms are the
        rooms'.
        """
        jobs = await self._work.jobs_of(user.id)
        records = await asyncio.gather(*(self._store.read(identifier) for identifier in jobs))
        return await self._announce(
            [one for one in records if one is not None and one.state in ACTIVE and "room" not in one.document]
        )

    async def cancel(self, identifier: str, user: Person) -> None:
        """End a generation for its author, at once; its worker learns of it at its next step.

        Raises: NotFound, Forbidden, Conflict when it has already ended otherwise.
        """
        record = await self._seen(identifier, user)
        if record.author != user.id:
            raise Forbidden("Only who asked for a picture can cancel it.")
        await self._store.cancel(identifier, user.id, record.document)

    async def preview(self, identifier: str, viewer: Person | None = None, *, step: int | None = None) -> bytes | None:
        """Return the JPEG of a step (without one: of the newest), or None when it is no longer kept.

        Raises: NotFound.
        """
        record = await self._seen(identifier, viewer)
        wanted = record.preview if step is None else step
        return None if wanted is None else await self._store.preview(identifier, wanted)

    async def record(self, identifier: str) -> Record | None:
        """Return a generation as it is stored, whoever may see it. Raises: StoreUnavailable."""
        return await self._store.read(identifier) if identifiers.is_id(identifier) else None

    async def begun(self, author: str, key: str, *, shard: int | None = None) -> str | None:
        """Return the id of the generation that somebody has created with a key, if they did. shard: its permit's."""
        identifier = self._new_id(author, key, shard)
        return None if await self._store.read(identifier) is None else identifier

    def fitted_size(self, generator: str | None, width: int | None, height: int | None) -> tuple[int, int]:
        """Return the size nearest to this one that a generator makes. Raises: BadRequest when there is no such one."""
        return documents.fitted_size(width, height, self._generators.named(generator).sizes)

    def made(self, record: Record) -> JSON | None:
        """Return how a picture is made, as its post keeps it; None if its generator is no longer installed here."""
        with suppress(BadRequest):
            generator = self._generators.named(record.document["generator"])
            return documents.making_of(record.document, generator).as_dict()
        return None

    def generators(self) -> list[dict[str, Any]]:
        """Return what can be asked for, the default generator first."""
        return self._generators.describe()

    async def _check(
        self, *, prompt: str, style: str | None, width: int | None, height: int | None, seed: int | None,
        steps: int | None, generator: str | None, parent: str | None, strength: float | None, publish: bool,
        priority: int | None, deadline_s: float | None, room: str | None, canvas: str | None, mask: str | None,
    ) -> tuple[Asked, JSON]:  # fmt: skip
        """Return the request with its defaults, and as made: our own seed must not make a repeat differ."""
        painter = self._generators.named(generator)
        pixels = documents.check_size(width, height, painter)
        if not isinstance(publish, bool):
            raise BadRequest("The field publish must be true or false.")
        if seed is not None:
            documents.check_number(seed, _SEEDS, "seed")
        if room is not None and publish:
            raise BadRequest("A picture of a room is not published when it is finished; its members choose one.")
        if parent is None and canvas is None and mask is not None:
            raise BadRequest("A mask needs a picture: a parent or a canvas.")
        if parent is not None and not (identifiers.is_id(parent) and (room or await self._posts.exists(parent))):
            raise NotFound("The picture to remix does not exist, or it was deleted.")
        asked = Asked(
            prompt=documents.clean_prompt(prompt, limit=self._config.prompt_characters),
            width=pixels[0],
            height=pixels[1],
            seed=self._chance.randrange(documents.MAX_SEED + 1) if seed is None else seed,
            steps=documents.check_number(steps, painter.steps, "number of steps"),
            generator=painter.name,
            parent=parent,
            strength=documents.check_strength(strength, parent or canvas),
            publish=publish,
            style=documents.clean_style(style),
            priority=documents.check_number(priority, documents.PRIORITIES, "priority"),
            deadline_s=self._deadline_s(documents.check_deadline(deadline_s)),
            room=room,
            canvas=documents.check_file(canvas, "canvas"),
            mask=documents.check_file(mask, "mask"),
        )
        request = {
            "prompt": asked.prompt, "width": width, "height": height, "seed": seed, "steps": steps,
            "generator": generator, "parent": parent, "strength": strength, "publish": publish,
        }  # fmt: skip
        # Only where they are given: a key that was first used before they were known still finds its request.
        given = {
            "style": asked.style,
            "priority": priority,
            "deadline_s": deadline_s,
            "room": room,
            "canvas": canvas,
            "mask": mask,
        }
        return asked, request | {name: value for name, value in given.items() if value is not None}

    def _deadline_s(self, asked_s: float | None) -> float | None:
        """Return the shorter of what was asked and what the operator allows."""
        known = [value for value in (asked_s, self._config.generation_deadline_s) if value]
        return min(known, default=None)

    async def _seen(self, identifier: str, viewer: Person | None) -> Record:
        record = await self._store.read(identifier) if identifiers.is_id(identifier) else None
        if record is None or not (record.publish or (viewer is not None and await self._is_theirs(record, viewer))):
            raise NotFound("There is no such picture in the making.")
        return record

    async def _is_theirs(self, record: Record, viewer: Person) -> bool:
        room = record.document.get("room")
        if viewer.id == record.author:
            return True
        return room is not None and self._rooms is not None and await self._rooms.member(room, viewer.id)

    async def _announce(self, records: Sequence[Record]) -> list[dict[str, Any]]:
        """Return the maps with their authors as they are called now."""
        people = await self._people.users({record.author for record in records}) if records else {}
        told = []
        for record in records:
            author = as_told(record.author, people.get(record.author))
            told.append(
                documents.announce(
                    record.document, author, record.state, step=record.step, place=record.place,
                    eta_s=record.eta_s, media=record.media, error=record.error, retry=record.retry,
                )
            )  # fmt: skip
        return told

    def _new_id(self, author: str, key: str | None, shard: int | None) -> str:
        """Return an id in a shard (None: in any); the same one for the same author and key."""
        if key is not None:
            shard = zlib.crc32(f"{author}\0{key}".encode()) % self._shards if shard is None else shard
            return identifiers.derive(author, "generation.create", key, shard=shard)
        chance = self._chance.getrandbits(identifiers.CHANCE_BITS)
        shard = self._chance.randrange(self._shards) if shard is None else shard
        return identifiers.make(self._clock.now_ms(), shard, chance)
