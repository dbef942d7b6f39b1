"""Rooms as strangers meet them: every route for every kind of caller, and what a lost right does at once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

import livefeed.client
from livefeed.errors import NotFound
from tests.conformance.peers import Answer, Caller, Http, Server, Wire

ROLES = ["owner", "editor", "viewer", "outsider", "anonymous", "api key"]


@dataclass(frozen=True)
class Room:
    """A room and somebody of each kind. token: by role; message: one that the owner said."""

    id: str
    http: Http
    people: dict[str, Caller]
    message: str
    invite: str

    @property
    def topic(self) -> str:
        return "room:" + self.id

    def token(self, role: str) -> str | None:
        return {"anonymous": None, "api key": "sesame"}.get(role) or (
            self.people[role].token if role in self.people else None
        )

    async def ask(self, role: str, method: str, path: str, body: Any = None, **more: Any) -> Answer:
        return await self.http.ask(method, f"/api/rooms/{self.id}{path}", body, token=self.token(role), **more)

    def handle(self, role: str) -> str:
        return str(self.people[role].user["handle"])


@pytest.fixture
async def room(http: Http) -> Room:
    people = {role: await http.guest() for role in ("owner", "editor", "viewer", "outsider")}
    owner = people["owner"]
    post = await http.post(owner)
    opened = await http.ask("POST", "/api/rooms", {"post": post["id"]}, token=owner.token)
    assert opened.status == 201, opened
    id = opened.body["room"]["id"]
    invite = {}
    for role in ("editor", "viewer"):
        made = await http.ask("POST", f"/api/rooms/{id}/invites", {"role": role}, token=owner.token)
        assert made.status == 201
        assert made.body["url"] == f"{http.url}/room/{id}?invite={made.body['token']}"
        invite[role] = made.body["token"]
        joined = await http.ask("POST", f"/api/rooms/{id}/join", {"token": invite[role]}, token=people[role].token)
        assert (joined.status, joined.body["room"]["role"]) == (200, role)
    said = await http.ask("POST", f"/api/rooms/{id}/messages", {"text": "hello"}, token=owner.token)
    return Room(id, http, people, said.body["message"]["id"], invite["viewer"])


MEMBERS = {"owner": 200, "editor": 200, "viewer": 200}
OWNER = {"owner": 200, "editor": 403, "viewer": 403}
NOBODY = {"outsider": 404, "anonymous": 401, "api key": 401}
READERS = {"outsider": 404, "anonymous": 404, "api key": 404}
SAID = "/messages/{message}/reactions/🦊"

TABLE: dict[tuple[str, str], tuple[Any, dict[str, int]]] = {
    ("GET", ""): (None, MEMBERS | READERS),
    ("GET", "/messages"): (None, MEMBERS | READERS),
    ("POST", "/messages"): ({"text": "hi"}, dict.fromkeys(MEMBERS, 201) | NOBODY),
    ("PUT", SAID): (None, MEMBERS | NOBODY),
    ("DELETE", SAID): (None, dict.fromkeys(MEMBERS, 204) | NOBODY),
    ("POST", "/invites"): ({"role": "editor"}, OWNER | {"owner": 201} | NOBODY),
    ("DELETE", "/invites/viewer"): (None, OWNER | {"owner": 204} | NOBODY),
    ("PUT", "/members/{viewer}"): ({"role": "editor"}, OWNER | NOBODY),
    ("PUT", "/members/{owner}"): ({"role": "editor"}, OWNER | {"owner": 409} | NOBODY),
    ("DELETE", "/members/{viewer}"): (None, {"owner": 204, "editor": 403, "viewer": 204} | NOBODY),
    ("DELETE", "/members/{owner}"): (None, {"owner": 409, "editor": 403, "viewer": 403} | NOBODY),
    ("POST", "/variations"): ({}, {"owner": 400, "editor": 400, "viewer": 403} | NOBODY),  # its document has no prompt
    ("PUT", "/votes/00000000000000000000aa"): (None, {"owner": 404, "editor": 404, "viewer": 403} | NOBODY),
    ("DELETE", "/votes/00000000000000000000aa"): (None, {"owner": 404, "editor": 404, "viewer": 403} | NOBODY),
    ("POST", "/publish"): ({"variation": "00000000000000000000aa"}, dict.fromkeys(MEMBERS, 404) | NOBODY),
    ("POST", "/join"): (
        {"token": "{invite}"},
        MEMBERS | {"outsider": 200, "anonymous": 401, "api key": 401},
    ),
}


@pytest.mark.parametrize("route", TABLE, ids=" ".join)
async def test_who_may_do_what(room: Room, route: tuple[str, str]):
    method, path = route
    body, expected = TABLE[route]
    names = {"message": room.message, **{role: room.handle(role) for role in room.people}}
    if body == {"token": "{invite}"}:
        body = {"token": room.invite}
    answers = {role: await room.ask(role, method, path.format(**names), body) for role in reversed(ROLES)}
    assert {role: answer.status for role, answer in answers.items()} == expected
    for answer in answers.values():
        if answer.status >= 400:
            assert answer.code in ("forbidden", "not_found", "unauthorised", "conflict", "bad_request")
    outsider = answers["outsider"]
    if outsider.status == 404:
        nothing = f"/api/rooms/00000000000000000000aa{path.format(**names)}"
        assert (await room.http.ask(method, nothing, body, token=room.token("outsider"))).raw == outsider.raw


@pytest.mark.parametrize("role", ROLES)
async def test_a_rooms_topic_is_its_members(server: Server, room: Room, role: str):
    async with Wire.open(server.url, token=room.token(role)) as wire:
        answer = await wire.subscribe(room.topic)
        assert ("at" in answer) is (role in MEMBERS)
        assert role in MEMBERS or answer == {"error": "not_found"}
    async with aiohttp.ClientSession() as session:
        headers = {"Authorization": f"Bearer {room.token(role)}"} if room.token(role) else {}
        async with session.get(f"{server.url}/sse?topic={room.topic}", headers=headers) as stream:
            assert stream.status == (200 if role in MEMBERS else 404)


async def test_only_a_person_opens_and_lists_rooms(http: Http, room: Room):
    for token in (None, "sesame"):
        for method, path, body in (("POST", "/api/rooms", {"post": "x"}), ("GET", "/api/rooms?mine", None)):
            answer = await http.ask(method, path, body, token=token)
            assert (answer.status, answer.code) == (401, "unauthorised")
    assert (await http.ask("GET", "/api/rooms", token=room.token("owner"))).code == "bad_request"
    assert (await http.ask("POST", "/api/rooms", {"post": "x"}, token=room.token("owner"))).code == "not_found"

    async def listed(role: str) -> list[str]:
        answer = await http.ask("GET", "/api/rooms?mine", token=room.token(role))
        return [found["id"] for found in answer.body["rooms"]]

    async with asyncio.timeout(30):
        while [await listed(role) for role in ("owner", "editor", "viewer")] != [[room.id]] * 3:
            await asyncio.sleep(0.02)
    assert await listed("outsider") == []
    parent = (await room.ask("owner", "GET", "")).body["room"]["parent_id"]
    for post, expected in ((parent, [room.id]), (room.id, []), ("x", [])):
        found = await http.ask("GET", f"/api/rooms?mine&post={post}", token=room.token("editor"))
        assert [one["id"] for one in found.body["rooms"]] == expected


async def test_whoever_was_taken_out_comes_back_by_the_owners_word_or_a_new_link_alone(room: Room):
    assert (await room.ask("owner", "DELETE", f"/members/{room.handle('viewer')}")).status == 204
    back = await room.ask("viewer", "POST", "/join", {"token": room.invite})
    assert (back.status, back.code) == (404, "not_found")
    assert (await room.ask("outsider", "POST", "/join", {"token": room.invite})).status == 200
    assert (await room.ask("owner", "DELETE", "/invites/viewer")).status == 204
    newer = (await room.ask("owner", "POST", "/invites", {"role": "viewer"})).body["token"]
    assert (await room.ask("viewer", "POST", "/join", {"token": newer})).status == 200
    assert (await room.ask("owner", "DELETE", f"/members/{room.handle('viewer')}")).status == 204
    assert (await room.ask("viewer", "POST", "/join", {"token": newer})).status == 404
    word = await room.ask("owner", "PUT", f"/members/{room.handle('viewer')}", {"role": "viewer"})
    assert word.status == 200
    assert (await room.ask("viewer", "GET", "")).status == 200


async def test_a_snapshot_and_what_follows_it_leave_nothing_out(server: Server, room: Room):
    snapshot = (await room.ask("viewer", "GET", "")).body
    assert [member["role"] for member in snapshot["members"]] == ["owner", "editor", "viewer"]
    assert [message["id"] for message in snapshot["messages"]] == [room.message]
    for number in range(3):
        assert (await room.ask("editor", "POST", "/messages", {"text": str(number)})).status == 201
    async with Wire.open(server.url, token=room.token("viewer")) as wire:
        assert (await wire.subscribe(room.topic, since=snapshot["at"]))["resumed"]
        events = await wire.events(room.topic, 3)
    assert [(event["type"], event["data"]["message"]["text"]) for event in events] == [
        ("room.message", str(number)) for number in range(3)
    ]


@pytest.mark.parametrize("codec", ["json", "msgpack"])
async def test_whoever_is_taken_out_hears_nothing_more(server: Server, room: Room, codec: str):
    async with (
        Wire.open(server.url, token=room.token("viewer"), codec=codec) as out,
        Wire.open(server.url, token=room.token("editor"), codec=codec) as stays,
    ):
        for wire in (out, stays):
            assert "at" in await wire.subscribe(room.topic, presence="count")
        gone = await room.ask("owner", "DELETE", f"/members/{room.handle('viewer')}")
        assert gone.status == 204
        assert (await room.ask("owner", "POST", "/messages", {"text": "secret"})).status == 201
        assert [event["type"] for event in await stays.events(room.topic, 2)] == ["room.member", "room.message"]
        frame = await out.hear("error", "events", "gap")
        assert {name: frame[name] for name in ("op", "topic", "code")} == {
            "op": "error",
            "topic": room.topic,
            "code": "not_found",
        }
        assert await out.subscribe(room.topic) == {"error": "not_found"}
        signal = await out.ask("ping")
        assert signal["op"] == "pong"
        assert (await room.ask("viewer", "GET", "")).code == "not_found"


async def test_a_stream_of_server_sent_events_ends_with_the_right_to_it(server: Server, room: Room):
    headers = {"Authorization": f"Bearer {room.token('viewer')}"}
    address = f"{server.url}/sse?topic={room.topic}"
    async with aiohttp.ClientSession() as session, session.get(address, headers=headers) as stream:
        assert b"subscribed" in await stream.content.readuntil(b"\n\n") + await stream.content.readuntil(b"\n\n")
        assert (await room.ask("owner", "DELETE", f"/members/{room.handle('viewer')}")).status == 204
        assert (await room.ask("owner", "POST", "/messages", {"text": "secret"})).status == 201
        assert b"secret" not in await stream.content.read()
        async with session.get(address, headers=headers) as again:
            assert again.status == 404


async def test_a_role_that_changes_ends_nothing(server: Server, room: Room):
    async with Wire.open(server.url, token=room.token("editor")) as wire:
        assert "at" in await wire.subscribe(room.topic)
        changed = await room.ask("owner", "PUT", f"/members/{room.handle('editor')}", {"role": "viewer"})
        assert changed.body == {"member": {"user": room.people["editor"].user, "role": "viewer"}}
        [event] = await wire.events(room.topic, 1)
        assert (event["type"], event["data"]) == ("room.member", changed.body["member"])


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/messages", {"text": ""}),
        ("/messages", {"text": "  "}),
        ("/messages", {"text": 7}),
        ("/messages", {}),
        ("/messages", {"text": "x" * 2001}),
        ("/invites", {"role": "owner"}),
        ("/invites", {}),
        ("/join", {"token": 7}),
        ("/join", {}),
    ],
)
async def test_what_makes_no_sense_is_refused(room: Room, path: str, body: Any):
    answer = await room.ask("owner", "POST", path, body)
    assert (answer.status, answer.code) == (400, "bad_request")


async def test_commands_with_a_key_happen_once(http: Http, room: Room):
    owner = room.people["owner"]
    post = await http.post(owner)
    opened = [await http.ask("POST", "/api/rooms", {"post": post["id"]}, token=owner.token, key="o") for _ in range(2)]
    assert opened[0].body == opened[1].body
    said = [await room.ask("owner", "POST", "/messages", {"text": "once"}, key="m") for _ in range(3)]
    assert len({answer.body["message"]["id"] for answer in said}) == 1
    texts = [message["text"] for message in (await room.ask("owner", "GET", "/messages")).body["messages"]]
    assert texts == ["hello", "once"]
    other = await room.ask("owner", "POST", "/messages", {"text": "twice"}, key="m")
    assert (other.status, other.code) == (422, "key_reused")


async def test_rooms_and_messages_have_their_limits(http: Http, room: Room):
    said = await asyncio.gather(*[room.ask("owner", "POST", "/messages", {"text": str(n)}) for n in range(40)])
    assert {answer.status for answer in said} == {201, 429}
    assert all(answer.body["retry_after_s"] > 0 for answer in said if answer.status == 429)
    owner = await http.guest()
    post = await http.post(owner)
    opened = [await http.ask("POST", "/api/rooms", {"post": post["id"]}, token=owner.token) for _ in range(31)]
    assert [answer.status for answer in opened] == [201] * 30 + [429]
    assert int(opened[-1].headers["Retry-After"]) > 60


async def test_our_client_opens_invites_joins_talks_and_leaves(server: Server, http: Http, guest: Caller):
    post = (await http.post(guest))["id"]
    async with livefeed.client.connect(server.url) as owner, livefeed.client.connect(server.url) as friend:
        room = await owner.rooms.open(post)
        invite = await owner.rooms.invite(room["id"], "viewer")
        assert (await friend.rooms.join(room["id"], invite["token"]))["role"] == "viewer"
        snapshot = await friend.rooms.get(room["id"])
        assert friend.user is not None
        async with friend.subscribe(room["topic"], since=snapshot["at"]) as events:
            said = await owner.rooms.say(room["id"], "hello")
            await friend.rooms.react(room["id"], said["id"], "🦊")
            await owner.rooms.set_member(room["id"], friend.user["handle"], "editor")
            await owner.rooms.end_invite(room["id"], "viewer")
            heard = [await anext(events) for _ in range(3)]
            assert [event.type for event in heard] == ["room.message", "room.message", "room.member"]
            await owner.rooms.remove_member(room["id"], friend.user["handle"])
            with pytest.raises(NotFound):
                await anext(events)
        assert (await owner.rooms.messages(room["id"]))["messages"][0]["reactions"] == {"🦊": 1}
        with pytest.raises(NotFound):
            await friend.rooms.get(room["id"])
        async with asyncio.timeout(30):
            while [found["id"] for found in await owner.rooms.mine()] != [room["id"]]:
                await asyncio.sleep(0.02)


async def test_what_is_published_elsewhere_under_a_rooms_name_is_nobodys_right(server: Server, room: Room, topic: str):
    async with Wire.open(server.url, token=room.token("viewer")) as wire:
        assert "at" in await wire.subscribe(room.topic)
        for data in ({}, {"user": room.people["viewer"].user, "role": None}):
            await room.http.publish(topic, {"type": "room.member", "data": data})
        assert (await room.ask("owner", "POST", "/messages", {"text": "still"})).status == 201
        assert [event["type"] for event in await wire.events(room.topic, 1)] == ["room.message"]


async def test_no_key_publishes_to_a_room(room: Room):
    body = {"type": "room.member", "data": {"user": room.people["viewer"].user, "role": None}}
    answer = await room.http.ask("POST", f"/api/topics/{room.topic}/events", body, token="sesame")
    assert (answer.status, answer.code) == (403, "forbidden")
