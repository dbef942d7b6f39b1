"""What concerns a person comes to them, live and in the list, and reads the same in both."""

from __future__ import annotations

import pytest

from tests.conformance.peers import Caller, Http, Server, Wire
from tests.conformance.test_documents import check, openapi


@pytest.mark.parametrize("codec", ["json", "msgpack"])
async def test_a_person_is_told_live_and_from_the_list(
    server: Server, http: Http, guest: Caller, stranger: Caller, codec: str
):
    post = (await http.post(guest))["id"]
    async with Wire.open(server.url, token=guest.token, codec=codec) as wire:
        page = (await http.ask("GET", "/api/notifications", token=guest.token)).body
        topic = f"user:{guest.id}"
        await wire.subscribe(topic)
        comment = (await http.comment(stranger, post, f"Hello @{guest.user['handle']}")).body["comment"]
        [event] = await wire.events(topic, 1)
        told = event["data"]["notification"]
        assert (event["type"], told["kind"], told["comment"]) == ("notification.created", "mention", comment["id"])
        await http.ask("PUT", f"/api/posts/{post}/reactions/🦊", token=stranger.token)
        [event] = await wire.events(topic, 1)
        assert event["data"]["notification"]["kind"] == "reaction"
        document = await openapi(http)
        answer = await http.ask("GET", "/api/notifications?limit=10", token=guest.token)
        check(answer.body, {"$ref": "#/Notifications"}, document["components"]["schemas"], "")
        assert [each["kind"] for each in answer.body["notifications"]] == ["reaction", "mention"]
        assert answer.body["unread"] == page["unread"] + 2
        shown = {name: value for name, value in answer.body["notifications"][1].items() if name != "media"}
        assert shown == told
        read = await http.ask("PUT", "/api/notifications/read", {"until": told["time"]}, token=guest.token)
        assert read.body == {"until": told["time"], "unread": 1}
        values = (await wire.hear("latest", topic=topic))["values"]
        assert (values[0]["type"], values[0]["data"]) == ("notification.read", read.body)
        await http.ask("DELETE", f"/api/comments/{comment['id']}", token=stranger.token)
        [event] = await wire.events(topic, 1)
        assert (event["type"], event["data"]) == ("notification.deleted", {"id": told["id"]})


async def test_what_is_no_time_is_refused(http: Http, guest: Caller):
    for body in ({}, {"until": "now"}, {"until": -1}, {"until": 1.5}, {"until": True}):
        answer = await http.ask("PUT", "/api/notifications/read", body, token=guest.token)
        assert (answer.status, answer.code) == (400, "bad_request"), body
    answer = await http.ask("GET", "/api/notifications?before=x", token=guest.token)
    assert (answer.status, answer.code) == (400, "bad_request")
