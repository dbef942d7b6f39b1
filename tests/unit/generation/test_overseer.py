"""The rounds of who sees to the line: what fails holds up nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import pytest

from livefeed.errors import StoreUnavailable
from livefeed.generation.overseer import Overseer
from livefeed.generation.store import Fence, GenerationStore
from livefeed.streams.work import Place, Survey, Work


class Line:
    """Has three jobs to tell of; what was told is noted."""

    def __init__(self) -> None:
        self.noted: list[str] = []
        self.late = ["far", "near"]

    async def survey(self) -> Survey:
        return Survey(
            [Place(job, number, None) for number, job in enumerate(("far", "near", "other"), 1)], [], self.late
        )

    async def note_told(self, places: Iterable[Place]) -> None:
        self.noted += [place.job for place in places]

    async def note_started(self, job: str) -> None:
        self.noted.append(f"{job} is not late")


class Shards:
    """One of them does not answer."""

    def __init__(self, failure: Exception) -> None:
        self.failure = failure

    async def tell_place(self, place: Place) -> Fence:
        return await self._answer(place.job)

    async def read(self, job: str) -> None:
        await self._answer(job)

    async def _answer(self, job: str) -> Fence:
        if job == "far":
            raise self.failure
        return Fence.OK


def overseer(line: Line, failure: Exception) -> Overseer:
    people: Any = None
    return Overseer(cast(Work, line), cast(GenerationStore, Shards(failure)), people)


async def test_a_shard_that_does_not_answer_costs_its_own_pictures_alone() -> None:
    """They are not noted as told either: the next round finds them again."""
    line = Line()
    await overseer(line, StoreUnavailable("The store does not answer.")).round()
    assert line.noted == ["near is not late", "near", "other"]


async def test_a_defect_with_one_picture_stops_neither_the_others_nor_the_server(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What a newer release has written may be unreadable here, and this runs inside the server."""
    line = Line()
    await overseer(line, ValueError("'paused' is not a valid State")).round()
    assert line.noted == ["near is not late", "near", "other"]
    assert [record.levelname for record in caplog.records if record.exc_info] == ["ERROR", "ERROR"]
