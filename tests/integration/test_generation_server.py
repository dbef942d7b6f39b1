"""A whole server without a worker: what its line tells, ends and lists by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest

from livefeed.cli import entry
from tests.integration.server_process import ServerProcess
from tests.integration.test_generation_studio import eventually


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    keys = "hurry=urgent,weather=app:weather"
    with ServerProcess(tmp_path_factory.mktemp("server") / "data", api_keys=keys) as running:
        yield running


class Person:
    """Somebody with a token, or a key."""

    def __init__(self, server: ServerProcess, token: str) -> None:
        self._url = server.url
        self._headers = {"Authorization": f"Bearer {token}"}

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        async with (
            aiohttp.ClientSession(self._url, headers=self._headers) as session,
            session.request(method, path, json=body) as answer,
        ):
            text = await answer.read()
            return answer.status, orjson.loads(text) if text else None

    async def paint(self, **asked: Any) -> str:
        status, made = await self.ask("POST", "/api/generations", {"prompt": "a fox", **asked})
        assert status == 202, made
        return str(made["id"])

    async def state(self, id: str) -> dict[str, Any]:
        return dict((await self.ask("GET", f"/api/generations/{id}"))[1]["generation"])


@pytest.fixture
async def guest(server: ServerProcess) -> Person:
    async with aiohttp.ClientSession(server.url) as session, session.post("/api/guests") as answer:
        return Person(server, (await answer.json())["token"])


async def test_a_server_without_workers_ends_what_is_not_started_in_time(guest: Person) -> None:
    id = await guest.paint(deadline_s=0.2)

    async def over() -> dict[str, Any] | None:
        found = await guest.state(id)
        return found if found["state"] != "queued" else None

    found = await eventually(over)
    assert (found["state"], found["error"]["stage"], found["error"]["code"]) == ("aborted", "queued", "deadline")
    assert found["deadline_s"] == 0.2


async def test_a_key_for_it_puts_anybodys_picture_first_and_no_other_does(server: ServerProcess, guest: Person) -> None:
    first, second = await guest.paint(), await guest.paint()
    hurry, weather = Person(server, "hurry"), Person(server, "weather")
    path = f"/api/generations/{second}/urgent"
    assert (await guest.ask("POST", path))[0] == 401
    status, problem = await weather.ask("POST", path)
    assert (status, problem["code"]) == (403, "forbidden")

    async def placed(id: str, place: int) -> bool:
        return bool((await guest.state(id)).get("place") == place)

    await eventually(lambda: placed(second, 2))
    assert (await hurry.ask("POST", path))[0] == 204
    assert (await hurry.ask("POST", path))[0] == 204
    await eventually(lambda: placed(second, 1))
    await eventually(lambda: placed(first, 2))
    assert (await hurry.ask("POST", "/api/generations/nothing/urgent"))[0] == 404
    for id in (first, second):
        assert (await guest.ask("DELETE", f"/api/generations/{id}"))[0] == 204
    status, problem = await hurry.ask("POST", path)
    assert (status, problem["code"]) == (409, "conflict")


async def test_the_jobs_are_listed_beside_the_server_that_has_the_store(
    server: ServerProcess, guest: Person, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIVEFEED_DATA", str(server.data))
    monkeypatch.delenv("LIVEFEED_REDIS_URL", raising=False)
    id = await guest.paint(priority=4)

    async def placed() -> bool:
        return (await guest.state(id)).get("place") == 1  # who was there before has been forgotten

    await eventually(placed)
    assert await asyncio.to_thread(entry.run, ["jobs", "list", "--json"]) == 0
    rows = [orjson.loads(line) for line in capsys.readouterr().out.splitlines()]
    (row,) = [row for row in rows if row["id"] == id]
    me = (await guest.ask("GET", "/api/me"))[1]["user"]
    assert (row["state"], row["place"], row["priority"]) == ("waiting", 1, 4)
    assert (row["author"], row["handle"], row["generator"]) == (me["id"], me["handle"], "illustrator")
    assert (await guest.ask("DELETE", f"/api/generations/{id}"))[0] == 204


@pytest.mark.parametrize("asked", [{"priority": 10}, {"priority": "high"}, {"deadline_s": 0}, {"deadline_s": "soon"}])
async def test_what_is_out_of_bounds_is_a_bad_request(guest: Person, asked: dict[str, Any]) -> None:
    status, problem = await guest.ask("POST", "/api/generations", {"prompt": "a fox", **asked})
    assert (status, problem["code"]) == (400, "bad_request")
    assert next(iter(asked)) in problem["detail"]


async def test_without_a_server_the_command_says_how_to_reach_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIVEFEED_DATA", str(tmp_path / "nothing"))
    monkeypatch.delenv("LIVEFEED_REDIS_URL", raising=False)
    assert await asyncio.to_thread(entry.run, ["jobs", "list"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("livefeed: No server runs on the data folder")
    assert "livefeed serve" in said
    assert not (tmp_path / "nothing").exists()
