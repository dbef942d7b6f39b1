"""Push notifications over a real store and a real server, to a push service on this machine that opens them."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from livefeed.clock import SystemClock
from livefeed.feed.aloud import Aloud
from livefeed.feed.notifications import Notifications
from livefeed.feed.together import Social
from livefeed.push import store as push_store
from livefeed.push.courier import Courier
from livefeed.push.devices import DEVICES, Devices
from livefeed.push.push import Push
from livefeed.push.rounds import Deliver, Entry, Rounds
from livefeed.push.services import Services
from livefeed.push.vapid import identity_of
from livefeed.push.verdict import Verdict
from tests.integration.push_service import PushBrowser, PushService, claims_of, push_service
from tests.integration.server_process import ServerProcess
from tests.integration.test_feed_house import SHARDS, House, open_house, user

ME, OTHER = user(1), user(2)
WAIT_MS = 60
"""Before a message is tried again, here."""
PATIENCE_S = 20.0


async def reached(true: Callable[[], object], what: str) -> None:
    """Wait for a state."""
    async with asyncio.timeout(PATIENCE_S):
        while not true():
            await asyncio.sleep(0.01)
    assert true(), what


class Studio:
    """The feed's services with push notifications, on one store."""

    def __init__(self, house: House, service: PushService, folder: Path) -> None:
        services = Services.parse(service.url)
        aloud = Aloud(push_store.ALOUD, functools.partial(push_store.aloud_keys, shards=SHARDS))
        self.house, self.service = house, service
        self.devices = Devices(house.streams, services)
        self.notifications = Notifications(house.streams, house.posts, house.people, aloud)
        house.projections[-1] = Social(self.notifications)
        self.courier = Courier(services, identity_of(folder))
        self.push = Push(self.devices, self.notifications, self.courier, SystemClock())
        for number in range(1, 30):
            house.people.known[user(number)["id"]] = user(number)

    async def browser(self, name: str, person: dict[str, str] = ME) -> PushBrowser:
        """Let a person be told in a new browser."""
        browser = self.service.browser(name)
        await self.devices.put(person["id"], browser.device)
        return browser

    async def told(self, text: str = "Nice") -> str:
        """Have somebody comment on a picture of mine; return the picture."""
        post = (await self.house.post(author=1))["id"]
        await self.house.comments.create(post, OTHER, text)
        await self.house.carry()
        return str(post)

    async def waiting(self) -> int:
        """Return how many messages are not settled."""
        return sum([await self.house.store.execute("XLEN", push_store.line_key(shard)) for shard in range(SHARDS)])

    async def settled(self) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while await self.waiting():
                await asyncio.sleep(0.01)

    @asynccontextmanager
    async def rounds(self, name: str = "one", deliver: Deliver | None = None) -> AsyncIterator[None]:
        """A process that carries messages; at the end of the block it is gone, whatever it was doing."""
        rounds = Rounds(
            self.house.store, deliver or self.push.deliver, shards=SHARDS, consumer=name, first_wait_ms=WAIT_MS
        )
        task = asyncio.ensure_future(rounds.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def studio(tmp_path: Path) -> AsyncIterator[Studio]:
    async with open_house(tmp_path) as house, push_service() as service:
        studio = Studio(house, service, tmp_path / "push")
        async with studio.courier:
            yield studio


async def test_what_concerns_somebody_reaches_each_of_their_browsers_once(studio: Studio) -> None:
    desk, phone = await studio.browser("desk"), await studio.browser("phone")
    stranger = await studio.browser("stranger", OTHER)
    async with studio.rounds("one"), studio.rounds("two"):
        post = await studio.told("Such a fox")
        await studio.settled()
    for name, browser in (("desk", desk), ("phone", phone)):
        [message] = studio.service.messages(name, browser)
        assert (message["kind"], message["by"], message["text"]) == ("comment", OTHER["handle"], "Such a fox")
        assert (message["path"], message["title"]) == (f"/post/{post}", "a fox")
    assert studio.service.messages("stranger", stranger) == []
    [(headers, body)] = studio.service.came["/send/desk"]
    assert b"Such a fox" not in body
    assert (headers["Content-Encoding"], headers["TTL"]) == ("aes128gcm", "86400")
    assert len(headers["Topic"]) == 32


async def test_whoever_has_no_browser_costs_nothing(studio: Studio) -> None:
    await studio.told()
    assert await studio.waiting() == 0


async def test_a_browser_that_is_gone_is_forgotten(studio: Studio) -> None:
    gone = await studio.browser("gone")
    studio.service.answers["/send/gone"] = [410]
    async with studio.rounds():
        await studio.told()
        await studio.settled()
        assert await studio.devices.read(ME["id"], gone.device.id) is None
        await studio.told()
    assert await studio.waiting() == 0
    assert len(studio.service.came["/send/gone"]) == 1


async def test_what_a_push_service_does_not_take_is_tried_again_later(studio: Studio) -> None:
    browser = await studio.browser("desk")
    studio.service.answers["/send/desk"] = [503, 429]
    async with studio.rounds():
        await studio.told("at last")
        await studio.settled()
    assert len(studio.service.came["/send/desk"]) == 3
    assert {message["text"] for message in studio.service.messages("desk", browser)} == {"at last"}


async def test_what_a_push_service_refuses_is_not_tried_again(studio: Studio) -> None:
    browser = await studio.browser("desk")
    studio.service.answers["/send/desk"] = [403]
    async with studio.rounds():
        await studio.told()
        await studio.settled()
    assert len(studio.service.came["/send/desk"]) == 1
    assert await studio.devices.read(ME["id"], browser.device.id) == browser.device, "the browser is not to blame"


async def test_a_message_whose_process_dies_is_carried_by_another(studio: Studio) -> None:
    browser = await studio.browser("desk")
    begun = asyncio.Event()

    async def die(entry: Entry) -> Verdict:
        begun.set()
        await asyncio.Event().wait()
        raise AssertionError("unreachable")

    async with studio.rounds("dying", die):
        await studio.told("not lost")
        await asyncio.wait_for(begun.wait(), PATIENCE_S)
    assert await studio.waiting() == 1
    async with studio.rounds("other"):
        await studio.settled()
    assert [message["text"] for message in studio.service.messages("desk", browser)] == ["not lost"]


async def test_what_always_fails_is_given_up_and_holds_up_nobody(studio: Studio) -> None:
    """Each attempt waits four times as long; in the end it is only in the list."""
    await studio.browser("desk")
    browser = await studio.browser("phone")
    desk = studio.service.browser("desk").device.id
    tried = 0

    async def deliver(entry: Entry) -> Verdict:
        nonlocal tried
        if entry.device != desk:
            return await studio.push.deliver(entry)
        tried += 1
        raise RuntimeError("a defect")

    async with studio.rounds(deliver=deliver):
        await studio.told()
        await reached(lambda: tried >= 3, "it is tried again")
        await reached(lambda: "/send/phone" in studio.service.came, "the other browser is told")
    assert len(studio.service.messages("phone", browser)) == 1
    assert await studio.waiting() == 1


async def test_what_was_read_or_taken_back_is_not_pushed(studio: Studio) -> None:
    browser = await studio.browser("desk")
    await studio.told("read in the page")
    newest = (await studio.notifications.read(ME["id"]))["notifications"][0]["time"]
    await studio.notifications.mark_read(ME["id"], newest)
    post = (await studio.house.post(author=1))["id"]
    comment = (await studio.house.comments.create(post, OTHER, "taken back"))["id"]
    await studio.house.carry()
    await studio.house.comments.delete(comment, OTHER["id"])
    await studio.house.carry()
    await studio.told("still there")
    async with studio.rounds():
        await studio.settled()
    assert [message["text"] for message in studio.service.messages("desk", browser)] == ["still there"]


async def test_a_browser_tells_only_whoever_used_it_last(studio: Studio) -> None:
    browser = await studio.browser("shared", ME)
    await studio.devices.put(OTHER["id"], browser.device)
    async with studio.rounds():
        await studio.told("for the one before")
        await studio.settled()
    assert studio.service.messages("shared", browser) == []
    assert await studio.devices.read(OTHER["id"], browser.device.id) == browser.device
    assert await studio.house.store.execute("HLEN", push_store.devices_key(ME["id"], SHARDS)) == 0


async def test_a_person_has_a_bounded_number_of_browsers(studio: Studio) -> None:
    browsers = [await studio.browser(f"b{number}") for number in range(DEVICES + 2)]
    await studio.devices.put(ME["id"], browsers[-1].device)
    kept = [await studio.devices.read(ME["id"], browser.device.id) is not None for browser in browsers]
    assert sum(kept) == DEVICES
    assert kept[-1]


async def test_a_person_is_told_a_bounded_number_of_times_an_hour(studio: Studio) -> None:
    await studio.browser("desk")
    post = (await studio.house.post(author=1))["id"]
    for number in range(70):
        await studio.house.comments.create(post, OTHER, f"comment {number}")
    await studio.house.carry()
    assert await studio.waiting() == 60
    assert (await studio.notifications.read(ME["id"]))["unread"] == 70


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One that sends to any public push service."""
    with ServerProcess(tmp_path_factory.mktemp("server") / "data") as server:
        yield server


async def guest(http: aiohttp.ClientSession) -> dict[str, str]:
    async with http.post("/api/guests") as answer:
        return {"Authorization": f"Bearer {(await answer.json())['token']}"}


async def test_a_server_tells_a_browser_of_a_follower_also_after_a_restart(tmp_path: Path) -> None:
    async with push_service() as service:
        with ServerProcess(tmp_path / "data", push_services=service.url, push_contact="mailto:a@b.example") as server:
            browser = service.browser("desk")
            async with _session(server) as http:
                mine, theirs = await guest(http), await guest(http)
                async with http.get("/api/push") as answer:
                    key = (await answer.json())["key"]
                async with http.put("/api/push", json=browser.subscription, headers=mine) as answer:
                    assert (answer.status, await answer.json()) == (200, {"device": browser.device.id})
                async with http.get("/api/me", headers=mine) as answer:
                    handle = (await answer.json())["user"]["handle"]
            server.kill()
            server.start()
            async with _session(server) as http:
                async with http.get("/api/push") as answer:
                    assert (await answer.json())["key"] == key
                async with http.put(f"/api/users/{handle}/follow", headers=theirs) as answer:
                    assert answer.status < 300
                await reached(lambda: "/send/desk" in service.came, "the follower is told of")
                async with http.delete(f"/api/push?device={browser.device.id}", headers=mine) as answer:
                    assert answer.status == 204
                async with http.delete(f"/api/users/{handle}/follow", headers=theirs) as answer:
                    assert answer.status < 300
        [message] = service.messages("desk", browser)
        assert (message["kind"], message["path"]) == ("follow", f"/@{message['by']}")
        [(headers, _)] = service.came["/send/desk"]
        claims = claims_of(headers["Authorization"], key)
        assert (claims["aud"], claims["sub"]) == (service.url, "mailto:a@b.example")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, 200),
        ({"endpoint": "http://push.example/1"}, 400),
        ({"endpoint": "https://127.0.0.1/1"}, 400),
        ({"endpoint": "https://push.example/" + "x" * 2000}, 400),
        ({"keys": {}}, 400),
        ({"keys": {"p256dh": "AAAA", "auth": "AAAA"}}, 400),
    ],
)
async def test_a_subscription_is_checked_before_it_is_kept(
    server: ServerProcess, change: dict[str, Any], status: int
) -> None:
    asked = {**PushBrowser("https://push.example/1").subscription, **change}
    async with _session(server) as http:
        headers = await guest(http)
        async with http.put("/api/push", json=asked, headers=headers) as answer:
            assert answer.status == status, await answer.text()


async def test_nobody_subscribes_for_nobody_and_a_device_is_named_as_answered(server: ServerProcess) -> None:
    async with _session(server) as http:
        async with http.put("/api/push", json=PushBrowser("https://push.example/1").subscription) as answer:
            assert answer.status == 401
        headers = await guest(http)
        async with http.delete("/api/push?device=../x", headers=headers) as answer:
            assert (answer.status, (await answer.json())["code"]) == (400, "bad_request")
        async with http.delete("/api/push", headers=headers) as answer:
            assert answer.status == 204


def _session(server: ServerProcess) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(server.url, cookie_jar=aiohttp.DummyCookieJar())
