"""The same key again does nothing twice."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from tests.conformance.peers import Caller, Http, Server, Wire, picture


async def texts(http: Http, post: str) -> list[str]:
    page = (await http.ask("GET", f"/api/posts/{post}/comments?limit=100")).body
    return [comment["text"] for comment in page["comments"]]


async def test_a_comment_with_a_key_is_made_once_over_http_and_websocket(server: Server, http: Http, guest: Caller):
    post = (await http.post(guest))["id"]
    first = await http.comment(guest, post, "Once", key="k")
    again = await http.comment(guest, post, "Once", key="k")
    assert (first.status, first.body) == (again.status, again.body)
    async with Wire.open(server.url, token=guest.token, codec="msgpack") as wire:
        frame = await wire.call("comment.create", {"post": post, "text": "Once"}, key="k")
        assert frame["data"]["comment"]["id"] == first.body["comment"]["id"]
    assert await texts(http, post) == ["Once"]


async def test_a_hundred_tries_at_once_are_one_comment(http: Http, guest: Caller):
    post = (await http.post(guest))["id"]
    answers = await asyncio.gather(*[http.comment(guest, post, "Once", key="k") for _ in range(20)])
    assert {answer.status for answer in answers} <= {201, 429}
    assert len({answer.body["comment"]["id"] for answer in answers if answer.status == 201}) == 1
    assert await texts(http, post) == ["Once"]


async def test_a_key_with_another_body_is_refused(http: Http, guest: Caller):
    post = (await http.post(guest))["id"]
    await http.comment(guest, post, "One", key="k")
    answer = await http.comment(guest, post, "Two", key="k")
    assert (answer.status, answer.code) == (422, "key_reused")
    assert await texts(http, post) == ["One"]


async def test_a_key_belongs_to_its_user(http: Http, guest: Caller, stranger: Caller):
    post = (await http.post(guest))["id"]
    await http.comment(guest, post, "Same", key="k")
    await http.comment(stranger, post, "Same", key="k")
    assert await texts(http, post) == ["Same", "Same"]


async def test_without_a_key_two_comments_are_two(http: Http, guest: Caller):
    post = (await http.post(guest))["id"]
    for _ in range(2):
        await http.comment(guest, post, "Twice")
    assert await texts(http, post) == ["Twice", "Twice"]


async def test_a_post_with_a_key_is_made_once(http: Http, guest: Caller):
    first, again = [await http.post(guest, "A fox", key="p") for _ in range(2)]
    assert first["id"] == again["id"]


async def test_a_generation_with_a_key_is_made_once(http: Http, guest: Caller):
    body = {"prompt": "a fox", "publish": False}
    answers = [await http.ask("POST", "/api/generations", body, token=guest.token, key="g") for _ in range(3)]
    assert {answer.status for answer in answers} == {202}
    assert len({answer.body["id"] for answer in answers}) == 1
    other = await http.ask("POST", "/api/generations", {**body, "prompt": "an owl"}, token=guest.token, key="g")
    assert (other.status, other.code) == (422, "key_reused")
    await http.ask("DELETE", f"/api/generations/{answers[0].body['id']}", token=guest.token)


async def test_publishing_with_a_key_appends_once(server: Server, http: Http, topic: str):
    await http.tick(topic, 0)
    async with Wire.open(server.url) as wire:
        await wire.subscribe(topic)
        body = [{"type": "tick", "data": {"n": number}} for number in (1, 2)]
        path = f"/api/topics/{topic}/events"
        answers = [await http.ask("POST", path, body, token="sesame", key="k") for _ in range(3)]
        assert {tuple(answer.body["ids"]) for answer in answers} == {tuple(answers[0].body["ids"])}
        await http.tick(topic, 3)
        assert [event["data"]["n"] for event in await wire.events(topic, 3)] == [1, 2, 3]
        other = await http.ask("POST", path, body[:1], token="sesame", key="k")
        assert (other.status, other.code) == (422, "key_reused")


async def test_reactions_are_set_and_unset_any_number_of_times(http: Http, guest: Caller, stranger: Caller):
    post = (await http.post(guest))["id"]
    path = f"/api/posts/{post}/reactions/🦊"
    for _ in range(3):
        answer = await http.ask("PUT", path, token=guest.token)
        assert (answer.status, answer.body["reactions"]) == (200, {"🦊": 1})
    assert (await http.ask("PUT", path, token=stranger.token)).body["reactions"] == {"🦊": 2}
    for _ in range(2):
        assert (await http.ask("DELETE", path, token=guest.token)).status == 204
    snapshot = (await http.ask("GET", f"/api/posts/{post}")).body["post"]
    assert snapshot["reactions"] == {"🦊": 1}


@pytest.mark.parametrize("key", ["", "k" * 129])
async def test_a_key_has_bounds(http: Http, guest: Caller, key: str):
    post = (await http.post(guest))["id"]
    answer = await http.comment(guest, post, "Hm", key=key)
    assert (answer.status, answer.code) == (400, "bad_request")


async def test_an_upload_again_with_other_bytes_is_refused(http: Http, guest: Caller):
    await http.post(guest, "A fox", key="p")
    form = aiohttp.FormData()
    form.add_field("caption", "A fox")
    form.add_field("image", picture(color=(1, 2, 3)), filename="x.png")
    answer = await http.ask("POST", "/api/posts", data=form, token=guest.token, key="p")
    assert (answer.status, answer.code) == (422, "key_reused")
