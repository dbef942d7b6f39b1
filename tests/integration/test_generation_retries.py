"""Pictures that are lost through no fault of their own: tried again, given up, brought back by an operator."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson
import pytest
from PIL import Image

from livefeed.cli import entry
from livefeed.errors import Busy, NotFound
from livefeed.generation.job import Ending, JobEvent
from livefeed.generation.jobs import Jobs
from livefeed.generation.previews import PER_JOB
from livefeed.generation.retry import ATTEMPTS
from livefeed.generation.store import Fence
from livefeed.making import Making
from livefeed.position import Position
from livefeed.streams.ledger import KEPT_LETTERS, Letter
from livefeed.streams.work import SLOT, Claim, Work
from tests.integration.test_generation_studio import Album, KnownPeople, Studio, eventually, open_store, user


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[tuple[Studio, str]]:
    async with open_store(tmp_path) as (store, url):
        yield Studio(store), url


@pytest.fixture
def studio(place: tuple[Studio, str]) -> Studio:
    return place[0]


async def is_empty(studio: Studio) -> bool:
    return not await studio.left_behind()


async def retries(studio: Studio, id: str) -> list[Mapping[str, Any]]:
    events = await studio.events(f"generation:{id}")
    return [data["retry"] for kind, data in events if kind == "generation.queued" and "retry" in data]


async def test_a_lost_engine_is_tried_three_times_and_each_time_is_seen(studio: Studio) -> None:
    async with studio.working("one"):
        id = await studio.ask("lose this")
        ended = await studio.until(id, "failed")
        await eventually(lambda: is_empty(studio))
    assert await studio.types(id) == ["queued", "started", "queued", "started", "queued", "started", "failed"]
    told = await retries(studio, id)
    assert [(one["attempt"], one["attempts"], one["code"]) for one in told] == [
        (2, ATTEMPTS, "engine_lost"), (3, ATTEMPTS, "engine_lost"),
    ]  # fmt: skip
    assert ended["error"]["code"] == "engine_lost"
    assert await studio.events(f"post:{id}") == []


async def test_who_rests_has_a_place_and_says_why_and_holds_no_slot(studio: Studio) -> None:
    """One slot; while the lost one rests for a minute, another is painted."""
    async with studio.working("one", pauses=lambda attempt, chance: 60.0):
        lost = await studio.ask("lose this")
        found = await eventually(lambda: _resting(studio, lost))
        other = await studio.ask(by=2)
        await studio.until(other, "completed")
        assert (await studio.state(lost))["state"] == "queued"
        await studio.generations.cancel(lost, user(1))
        await eventually(lambda: is_empty(studio))
    assert (found["place"], found["retry"]["code"]) == (1, "engine_lost")
    assert found["retry"]["message"] == "The engine that makes the pictures was lost; it is tried again by itself."
    assert "step" not in found
    assert ("progress", {"step": 0, "steps": 10, "eta_s": None}) in await studio.told(lost)


async def _resting(studio: Studio, id: str) -> dict[str, Any] | None:
    found = await studio.state(id)
    return found if "retry" in found and "place" in found else None


async def test_a_picture_that_is_lost_costs_its_watchers_no_more_previews(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is lost at its last step, each time; the next attempt shows what the budget has left."""
    previews: list[int] = []
    monkeypatch.setattr("livefeed.generation.previews.PER_SECOND", 100)
    async with studio.working("one", pauses=lambda attempt, chance: 0.01):
        for steps in (4, 20):
            id = await studio.ask("fade this", steps=steps)
            await studio.until(id, "failed")
            await eventually(lambda: is_empty(studio))
            previews.append([kind for kind, _ in await studio.told(id)].count("preview"))
    assert previews == [PER_JOB, PER_JOB]


async def test_an_engine_that_comes_back_paints_the_picture_once(studio: Studio) -> None:
    async with studio.working("one", pauses=lambda attempt, chance: 0.01):
        id = await studio.ask("lose once")
        await studio.until(id, "completed")
        await eventually(lambda: is_empty(studio))
    assert await studio.types(id) == ["queued", "started", "queued", "started", "completed"]
    assert [kind for kind, _ in await studio.events(f"post:{id}")] == ["post.created"]
    assert "retry" not in await studio.state(id)
    assert await studio.ledger.letters() == []


class BusyAlbum(Album):
    """Its storage is busy for so many tries, else for good."""

    def __init__(self, tries: int | None = None) -> None:
        self.tries = tries
        self.refused = 0

    async def add_image(self, image: Image.Image, making: Making) -> Mapping[str, Any]:
        if self.tries is not None and self.refused >= self.tries:
            return await super().add_image(image, making)
        self.refused += 1
        raise Busy("The picture storage failed (No space left on device); try again later.")


async def test_a_finished_picture_is_kept_while_its_storage_is_busy(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is painted once; that it waited teaches the estimates nothing."""
    monkeypatch.setattr("livefeed.generation.painting.MAX_PAUSE_S", 0.01)
    album = BusyAlbum(tries=20)
    async with studio.working("one", pictures=album):
        id = await studio.ask()
        await studio.until(id, "completed")
        await eventually(lambda: is_empty(studio))
    assert album.refused == album.tries
    assert await studio.types(id) == ["queued", "started", "completed"]
    assert len(studio.quick.jobs) == 1
    progress = [data for kind, data in await studio.told(id) if kind == "progress"]
    assert progress.count({"step": 10, "steps": 10, "eta_s": None}) == 1
    assert progress[-1]["eta_s"] is None
    assert await studio.store.execute("HLEN", SLOT + "paces") == 0


async def test_a_finished_picture_that_waits_for_its_storage_can_be_cancelled(studio: Studio) -> None:
    album = BusyAlbum()
    async with studio.working("one", pictures=album):
        id = await studio.ask()
        await eventually(lambda: _asked(album))
        await studio.generations.cancel(id, user(1))
        await eventually(lambda: is_empty(studio))
    assert await studio.types(id) == ["queued", "started", "cancelled"]


async def _asked(album: BusyAlbum) -> bool:
    return album.refused > 0


async def test_a_full_store_costs_a_running_picture_neither_its_worker_nor_an_attempt(
    studio: Studio, caplog: pytest.LogCaptureFixture
) -> None:
    """No write is taken for longer than a lease; another worker is free and looks for what is lost."""
    caplog.set_level("WARNING", "livefeed.generation")
    studio.work = Work(studio.store, lease_s=3.0, per_person=16, in_all=100)
    async with studio.working("one", "two"):
        id = await studio.ask("hold this")
        await eventually(studio.quick.holding.wait)
        await studio.store.execute("CONFIG", "SET", "maxmemory", "1")
        full_s = await seconds(studio)
        await eventually(lambda: _later(studio, full_s + 4.0))
        studio.quick.release.set()
        await eventually(lambda: _said(caplog, "a worker waits for the store"))
        assert (await studio.state(id))["state"] == "running"
        await studio.store.execute("CONFIG", "SET", "maxmemory", "0")
        await studio.until(id, "completed")
        await eventually(lambda: is_empty(studio))
    assert await studio.types(id) == ["queued", "started", "completed"]
    assert len(studio.quick.jobs) == 1
    assert "left to its lease" not in caplog.text


async def seconds(studio: Studio) -> float:
    """Return the store's time."""
    whole, micros = await studio.store.execute("TIME")
    return int(whole) + int(micros) / 1e6


async def _later(studio: Studio, than_s: float) -> bool:
    return await seconds(studio) > than_s


async def _said(caplog: pytest.LogCaptureFixture, words: str) -> bool:
    return words in caplog.text


async def test_pictures_that_cannot_be_read_are_tried_again_and_stored_ones_only_stored_again(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("livefeed.generation.painting.PICTURE_TRIES", 1)
    monkeypatch.setattr("livefeed.generation.painting.STORE_FOR_S", 0.5)
    studio.posts.trouble = [Busy("The disk is busy; try again in a moment.")] * 3
    async with studio.working("one"):
        remix = await studio.ask(parent=studio.posts.parent)
        unread = await studio.until(remix, "failed")
    async with studio.working("two", pictures=BusyAlbum()):
        unstored = await studio.until(await studio.ask(), "failed")
        await eventually(lambda: is_empty(studio))
    assert (unread["error"]["stage"], unread["error"]["code"]) == ("painting", "picture_not_read")
    assert (unstored["error"]["stage"], unstored["error"]["code"]) == ("publishing", "picture_not_stored")
    assert await studio.types(unstored["id"]) == ["queued", "started", "failed"]
    stored, read = await studio.ledger.letters()
    assert (stored.code, stored.attempts, read.code, read.attempts) == ("picture_not_stored", 1, "picture_not_read", 3)
    assert "No space left on device" in stored.cause
    assert "No space left" not in str(await studio.events(f"generation:{unstored['id']}"))


async def test_what_fails_by_itself_is_final_and_leaves_no_dead_letter(studio: Studio) -> None:
    async with studio.working("one"):
        for prompt in ("refuse this", "break this", "nothing here"):
            id = await studio.ask(prompt)
            await studio.until(id, "refused", "failed")
            assert len(await studio.types(id)) == 3
        await eventually(lambda: is_empty(studio))
    assert await studio.ledger.letters() == []


async def given_up(studio: Studio, prompt: str = "lose this", *, by: int = 1) -> str:
    """Have a picture lost until it is given up; return its id."""
    async with studio.working("one"):
        id = await studio.ask(prompt, by=by)
        await studio.until(id, "failed")
        await eventually(lambda: is_empty(studio))
    return id


async def test_what_is_given_up_leaves_a_dead_letter(studio: Studio) -> None:
    id = await given_up(studio)
    (letter,) = await studio.ledger.letters()
    assert (letter.id, letter.author, letter.generator) == (id, user(1).id, "quick")
    assert (letter.code, letter.attempts) == ("engine_lost", ATTEMPTS)
    assert letter.reason == (await studio.state(id))["error"]["message"]
    (listed,) = await Jobs(studio.streams, KnownPeople()).dead()
    assert (listed["handle"], listed["at"]) == ("person1", letter.at)
    assert listed["cause"] == letter.cause == "No answer from http://127.0.0.1:9 for 60 s."
    assert "127.0.0.1" not in str(await studio.events(f"generation:{id}"))


async def test_what_a_newer_release_has_added_to_letters_and_paces_stops_no_older_one(studio: Studio) -> None:
    id = await given_up(studio)
    (letter,) = await studio.ledger.letters()
    newer = orjson.dumps({**asdict(letter), "colour": "red"})
    await studio.store.execute("HSET", SLOT + "dead", id, newer)
    assert await studio.ledger.letters() == [letter] == [await studio.ledger.letter(id)]
    pace = orjson.dumps({"lead_ms": 100.0, "step_ms": 10.0, "tail_ms": 0.0, "count": 3, "colour": "red"})
    await studio.store.execute("HSET", SLOT + "paces", "quick 65536", pace)
    async with studio.working("two"):
        await studio.until(await studio.ask(by=2, width=256, height=256), "completed")


async def test_a_dead_letter_tried_again_is_the_same_picture_and_posted_once(studio: Studio) -> None:
    """Whatever is told late of its first life changes nothing in its second."""
    id = await given_up(studio, "lose thrice")
    first_life = await studio.outbox()
    jobs = Jobs(studio.streams, KnownPeople())
    await jobs.retry(id)
    again = await studio.state(id)
    assert (again["state"], again["retry"]["code"], "error" in again) == ("queued", "operator", False)
    assert await studio.ledger.letters() == []
    with pytest.raises(NotFound):
        await jobs.retry(id)
    await studio.carry()
    await studio.projection.apply(list(reversed(first_life)))
    assert (await studio.state(id))["place"] == 1
    async with studio.working("two"):
        await studio.until(id, "completed")
        await eventually(lambda: is_empty(studio))
    await studio.projection.apply(first_life)
    await studio.projection.apply(list(reversed(first_life)))
    assert await studio.left_behind() == {}
    assert await studio.ledger.letters() == []
    assert [kind for kind, _ in await studio.events(f"post:{id}")] == ["post.created"]
    assert (await studio.types(id))[-4:] == ["failed", "queued", "started", "completed"]


LOST = Ending(JobEvent.FAILED, "painting", "engine_lost", "It was lost.")


async def lost_for_good(studio: Studio) -> tuple[str, Claim, Mapping[str, Any]]:
    """Have a picture given up by a worker that has told only the picture's shard; return its id, claim and document."""
    id = await studio.ask()
    await studio.carry()
    async with studio.work.desk("late") as desk:
        claim = await desk.receive(wait_s=20)
    assert claim is not None
    document = (await studio.jobs.start(claim)).document
    assert document is not None
    assert await studio.jobs.end(claim, document, LOST, attempts=3) is Fence.OK
    return id, claim, document


async def test_the_worker_that_gave_it_up_cannot_end_its_next_life(studio: Studio) -> None:
    """Its last write was carried out, and the answer lost: it repeats it after the operator's retry."""
    id, claim, document = await lost_for_good(studio)
    await studio.carry()
    await Jobs(studio.streams, KnownPeople()).retry(id)
    assert await studio.jobs.end(claim, document, LOST, attempts=3) is Fence.STALE
    await studio.carry()
    assert (await studio.state(id))["state"] == "queued"
    async with studio.working("one"):
        await studio.until(id, "completed")
        await eventually(lambda: is_empty(studio))


async def test_another_life_is_not_lost_to_a_late_word_of_the_first(studio: Studio) -> None:
    """Who buried the letter died before the queue forgot the job; another carries the operator's retry first."""
    id, claim, _ = await lost_for_good(studio)
    ended = (await studio.outbox())[-1]
    assert ended.type == "generation.ended"
    letter = {name: ended.data["dead"][name] for name in ("generator", "code", "attempts")}
    await studio.ledger.bury(
        Letter(id=id, author=user(1).id, reason=LOST.message, at=Position.parse(ended.mark).ms, **letter)
    )
    await Jobs(studio.streams, KnownPeople()).retry(id)
    await studio.projection.apply([(await studio.outbox())[-1]])
    await studio.projection.apply([ended])
    assert not await studio.work.done(claim)
    assert (await studio.state(id))["place"] == 1
    async with studio.working("one"):
        await studio.until(id, "completed")
        await eventually(lambda: is_empty(studio))


async def test_dead_letters_are_bounded_and_the_oldest_go(studio: Studio) -> None:
    now = 1000 * int((await studio.store.execute("TIME"))[0])
    for number in range(KEPT_LETTERS + 5):
        await studio.ledger.bury(
            Letter(id=f"job{number}", author="a", generator="quick", code="engine_lost", reason="It was lost.",
                   attempts=3, at=now + number)
        )  # fmt: skip
    letters = await studio.ledger.letters()
    assert (len(letters), letters[0].id, letters[-1].id) == (KEPT_LETTERS, f"job{KEPT_LETTERS + 4}", "job5")


async def test_a_dropped_letter_does_not_come_back_with_a_late_repeat(studio: Studio) -> None:
    id = await given_up(studio)
    await Jobs(studio.streams, KnownPeople()).drop(id)
    await studio.carry()
    assert await studio.ledger.letters() == []
    with pytest.raises(NotFound):
        await Jobs(studio.streams, KnownPeople()).drop(id)
    assert (await studio.state(id))["state"] == "failed"


async def command(url: str, *words: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    """Run `livefeed jobs …` beside what is going on; return its exit code and what it printed."""
    code = await asyncio.to_thread(entry.run, ["jobs", *words])
    captured = capsys.readouterr()
    return code, [*captured.out.splitlines(), *captured.err.splitlines()]


async def test_the_command_lists_retries_and_drops(
    place: tuple[Studio, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    studio, url = place
    monkeypatch.setenv("LIVEFEED_REDIS_URL", url)
    monkeypatch.setenv("COLUMNS", "200")
    await studio.streams.open()
    assert await command(url, "list", capsys=capsys) == (0, ["Nothing is in the queue."])
    dead = await given_up(studio, "lose thrice")
    dropped = await given_up(studio, by=2)
    async with studio.working("three"):
        running = await studio.ask("hold this", by=3)
        await eventually(lambda: _reached(studio, running, 2))
        waiting = await studio.ask("a fox [/] that [b]waits", by=4, priority=3)
        await eventually(lambda: _in_line(studio, waiting))
        code, lines = await command(url, "list", capsys=capsys)
        rows = [line.split() for line in lines]
        assert (code, rows[0]) == (0, ["id", "state", "author", "generator", "try"])
        assert [row[:3] for row in rows[1:]] == [
            [running, "running", user(3).id], [waiting, "waiting", user(4).id],
            [dropped, "dead", user(2).id], [dead, "dead", user(1).id],
        ]  # fmt: skip
        assert "step 2 of 10" in lines[1]
        assert "#1" in lines[2]
        assert "priority 3 “a fox [/] that [b]waits”" in lines[2]
        assert "engine_lost: No answer from http://127.0.0.1:9 for 60 s." in lines[3]
        code, lines = await command(url, "list", "--dead", "--json", capsys=capsys)
        assert [orjson.loads(line)["id"] for line in lines] == [dropped, dead]
        code, lines = await command(url, "list", "--waiting", "--json", capsys=capsys)
        assert [orjson.loads(line)["id"] for line in lines] == [waiting]
        code, lines = await command(url, "list", "--running", "--json", capsys=capsys)
        assert [orjson.loads(line)["id"] for line in lines] == [running]
        assert await command(url, "drop", dropped, capsys=capsys) == (0, [f"{dropped} is dropped"])
        assert await command(url, "retry", "--all", capsys=capsys) == (0, [f"{dead} is in line again"])
        code, lines = await command(url, "retry", waiting, capsys=capsys)
        assert (code, len(lines)) == (1, 1)
        assert "is no dead letter" in lines[0]
        code, lines = await command(url, "drop", capsys=capsys)
        assert (code, "needs the ids of dead letters, or --all" in lines[-1]) == (2, True)
        studio.quick.release.set()
        await studio.until(dead, "completed")
        await studio.until(waiting, "completed")
        await eventually(lambda: is_empty(studio))
    assert await command(url, "list", "--dead", capsys=capsys) == (0, ["No dead letters."])
    assert await command(url, "drop", "--all", capsys=capsys) == (0, ["No dead letters."])


async def _reached(studio: Studio, id: str, step: int) -> bool:
    return bool((await studio.state(id)).get("step", 0) >= step)


async def _in_line(studio: Studio, id: str) -> bool:
    return "place" in await studio.state(id)
