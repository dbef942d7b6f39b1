"""Every frame of the protocol, both ways, in both codecs."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from tests.conformance.peers import Caller, Http, Server, Wire, order


async def test_the_server_greets_with_what_a_client_must_know(wire: Wire):
    welcome = wire.welcome
    assert welcome["user"] is None
    assert isinstance(welcome["session"], str)
    assert abs(welcome["time"] / 1000 - time.time()) < 60
    assert welcome["heartbeat_s"] == 2
    assert {"topics", "message_bytes", "frames_per_s", "prompt", "caption", "comment"} <= set(welcome["limits"])


async def test_a_signed_in_client_is_greeted_by_name(server: Server, guest: Caller):
    async with Wire.open(server.url, token=guest.token) as wire:
        assert wire.welcome["user"] == guest.user
    async with Wire.open(server.url, query=f"?token={guest.token}") as wire:
        assert wire.welcome["user"] == guest.user


@pytest.mark.parametrize("codec", [None, "json"])
async def test_json_is_what_clients_get_that_do_not_choose(server: Server, codec: str | None):
    async with Wire.open(server.url, codec=codec) as wire:
        assert (await wire.ask("ping"))["op"] == "pong"


@pytest.mark.parametrize("ref", [0, -5, 2**53 - 1, "a", "x" * 64])
async def test_a_ref_comes_back_as_it_was(wire: Wire, ref: Any):
    await wire.say({"op": "ping", "ref": ref})
    assert (await wire.hear("pong"))["ref"] == ref


async def test_without_a_ref_there_is_none(wire: Wire):
    await wire.say({"op": "ping", "ref": None})
    assert "ref" not in await wire.hear("pong")


@pytest.mark.parametrize("ref", [[1], {"a": 1}, 1.5, True, "x" * 65, 2**60])
async def test_a_ref_that_cannot_come_back_is_told(wire: Wire, ref: Any):
    await wire.say({"op": "ping", "ref": ref})
    told = await wire.hear("error")
    assert told["code"] == "bad_request"
    assert "ref" not in told


async def test_unknown_fields_are_ignored(wire: Wire, topic: str):
    frame = await wire.ask("subscribe", topics={topic: {"color": "red"}}, priority=9)
    assert frame["topics"][topic]["resumed"] is False


async def test_several_frames_may_share_a_message(wire: Wire):
    await wire.say({"op": "ping", "ref": 1}, {"op": "ping", "ref": 2}, together=True)
    assert [(await wire.hear("pong"))["ref"] for _ in range(2)] == [1, 2]
    await wire.say([])
    assert (await wire.ask("ping"))["op"] == "pong"


async def test_subscribed_precedes_the_topics_frames_and_events_join_it(wire: Wire, http: Http, topic: str):
    await http.tick(topic, 1)
    answer = await wire.subscribe(topic)
    assert answer["resumed"] is False
    await http.tick(topic, 2)
    frame = await wire.hear("events", topic=topic)
    assert frame["from"] == answer["at"]
    assert order(frame["from"]) <= order(frame["to"])
    while not frame["events"]:
        frame = await wire.hear("events", topic=topic)
    (event,) = frame["events"]
    assert set(event) == {"id", "type", "time", "data"}
    assert (event["type"], event["data"]) == ("tick", {"n": 2})
    assert event["time"] == order(event["id"])[0]


async def test_one_subscribe_answers_every_topic_by_the_name_that_was_used(wire: Wire, topic: str):
    topics = {topic: {}, "feed:tag:Füchse": {}, "feed:all": {}, "post:nothing": {}, "No Topic": {}, "room:x": {}}
    frame = await wire.ask("subscribe", topics=topics)
    assert set(frame["topics"]) == set(topics)
    assert {name for name, answer in frame["topics"].items() if "at" in answer} == {
        topic,
        "feed:tag:Füchse",
        "feed:all",
    }
    assert frame["topics"]["post:nothing"] == {"error": "not_found"}
    assert frame["topics"]["room:x"] == {"error": "not_found"}
    assert frame["topics"]["No Topic"] == {"error": "bad_topic"}


async def test_what_is_wrong_with_one_topic_does_not_touch_the_others(wire: Wire, topic: str):
    topics: dict[str, Any] = {
        topic: {},
        "app:demo:a": {"since": "yesterday"},
        "app:demo:b": {"latest": 201},
        "app:demo:c": {"latest": "many"},
        "app:demo:d": {"presence": "roster of ghosts"},
        "app:demo:e": 7,
        "app:demo:f": {"since": 12},
    }
    answers = (await wire.ask("subscribe", topics=topics))["topics"]
    assert "at" in answers[topic]
    assert answers["app:demo:a"] == answers["app:demo:f"] == {"error": "bad_position"}
    assert [answers[f"app:demo:{name}"] for name in "bcde"] == [{"error": "bad_request"}] * 4


async def test_unsubscribing_ends_the_topics_frames(wire: Wire, http: Http, topic: str):
    await wire.subscribe(topic)
    await http.tick(topic, 1)
    await wire.events(topic, 1)
    answer = await wire.ask("unsubscribe", topics=[topic, "app:never:followed", "No Topic"])
    assert answer["op"] == "result"
    await http.tick(topic, 2)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1.5):
            await wire.hear("events", topic=topic)


async def test_subscribing_again_starts_anew(wire: Wire, http: Http, topic: str):
    await http.tick(topic, 0)
    first = await wire.subscribe(topic)
    await http.tick(topic, 1, 2)
    await wire.events(topic, 2)
    again = await wire.subscribe(topic, since=first["at"])
    assert again == {"at": first["at"], "resumed": True}
    assert [event["data"]["n"] for event in await wire.events(topic, 2)] == [1, 2]


async def test_a_topic_under_two_spellings_is_one_topic(wire: Wire, http: Http):
    frame = await wire.ask("subscribe", topics={"feed:tag:Twice": {}, "feed:tag:twice": {}})
    answers = list(frame["topics"].values())
    assert sum("at" in answer for answer in answers) == 1
    assert sum("error" in answer for answer in answers) == 1


async def test_latest_values_follow_the_answer_and_the_newest_wins(wire: Wire, http: Http, topic: str):
    value = {"type": "total", "delivery": "latest", "key": "a"}
    await http.publish(topic, {**value, "data": {"n": 1}}, {**value, "data": {"n": 2}})
    (default,) = await http.publish(topic, {"type": "speed", "delivery": "latest", "data": {"n": 9}})
    await wire.subscribe(topic)
    found: dict[str, Any] = {}
    while len(found) < 2:
        frame = await wire.hear("latest", topic=topic)
        assert all(set(one) == {"key", "type", "time", "rev", "data"} for one in frame["values"])
        found |= {one["key"]: one for one in frame["values"]}
    assert found["a"]["data"] == {"n": 2}
    assert found["speed"]["rev"] == default
    (rev,) = await http.publish(topic, {**value, "data": {"n": 3}})
    frame = await wire.hear("latest", topic=topic)
    assert [(one["rev"], one["data"]) for one in frame["values"]] == [(rev, {"n": 3})]


async def test_the_position_moves_to_a_values_revision_before_the_value_goes_out(wire: Wire, http: Http, topic: str):
    position = (await wire.subscribe(topic))["at"]
    for number in range(5):
        value = {"type": "total", "delivery": "latest", "data": {"n": number}}
        (rev,) = await http.publish(topic, value)
        while (frame := await wire.hear("events", "latest", topic=topic))["op"] == "events":
            assert frame["from"] == position
            position = frame["to"]
        assert frame["values"][-1]["rev"] == rev
        assert order(rev) <= order(position)


async def test_an_idle_subscription_is_moved_on_by_empty_events_frames(wire: Wire, http: Http, topic: str):
    """Another topic of the same shard is what moves the cut."""
    position = (await wire.subscribe(topic))["at"]
    for number in range(200):
        await http.tick(f"app:demo:idle{number}", number)
    frame = await wire.hear("events", topic=topic)
    assert (frame["events"], frame["from"]) == ([], position)
    assert order(frame["to"]) > order(position)


async def test_calls_are_answered_by_ref(server: Server, http: Http, guest: Caller):
    post = await http.post(guest)
    async with Wire.open(server.url, token=guest.token, codec="msgpack") as wire:
        frame = await wire.call("comment.create", {"post": post["id"], "text": "Lovely"})
        assert frame["op"] == "result"
        assert frame["data"]["comment"]["text"] == "Lovely"
        frame = await wire.call("reaction.set", {"post": post["id"], "emoji": "🦊", "on": True})
        assert frame["data"]["reactions"] == {"🦊": 1}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"method": "no.such"}, "unknown_method"),
        ({"method": "comment.create", "data": {"post": "x"}}, "bad_request"),
        ({"method": "comment.create", "data": {"post": "x", "text": 7}}, "bad_request"),
        ({"method": "comment.create", "data": {"post": "nothing", "text": "Hm"}}, "not_found"),
        ({"method": "comment.create", "data": []}, "bad_request"),
        ({"method": 7}, "bad_request"),
        ({}, "bad_request"),
        ({"method": "comment.create", "data": {}, "key": 7}, "bad_request"),
        ({"method": "comment.create", "data": {}, "key": ""}, "bad_request"),
        ({"method": "comment.create", "data": {}, "key": "k" * 129}, "bad_request"),
    ],
)
async def test_a_call_that_cannot_be_carried_out_is_an_error_with_a_code(
    server: Server, guest: Caller, fields: dict[str, Any], code: str
):
    async with Wire.open(server.url, token=guest.token) as wire:
        frame = await wire.ask("call", **fields)
        assert (frame["op"], frame["code"]) == ("error", code)
        assert frame["message"].endswith(".")


async def test_commands_need_somebody(wire: Wire):
    frame = await wire.call("comment.create", {"post": "x", "text": "Hm"})
    assert (frame["op"], frame["code"]) == ("error", "unauthorised")


async def test_auth_signs_a_live_connection_in(wire: Wire, guest: Caller):
    frame = await wire.ask("auth", token=guest.token)
    assert frame["data"]["user"] == guest.user
    assert "at" in await wire.subscribe(f"user:{guest.id}")


async def test_auth_does_not_make_somebody_else_of_a_connection(server: Server, guest: Caller, stranger: Caller):
    async with Wire.open(server.url, token=guest.token) as wire:
        frame = await wire.ask("auth", token=stranger.token)
        assert (frame["op"], frame["code"]) == ("error", "forbidden")
        assert (await wire.ask("auth", token=guest.token))["op"] == "result"


async def test_presence_counts_who_is_looking(server: Server, http: Http, guest: Caller):
    name = f"post:{(await http.post(guest))['id']}"
    async with Wire.open(server.url) as first:
        await first.subscribe(name, presence="count")
        assert (await first.hear("presence", topic=name))["count"] == 1
        async with Wire.open(server.url, codec="msgpack") as second:
            await second.subscribe(name, presence="count")
            while (await second.hear("presence", topic=name))["count"] != 2:
                pass
            while (await first.hear("presence", topic=name))["count"] != 2:
                pass
        while (await first.hear("presence", topic=name))["count"] != 1:
            pass


async def test_who_vanishes_without_a_word_stops_counting(server: Server, http: Http, guest: Caller):
    name = f"post:{(await http.post(guest))['id']}"

    async def look_and_vanish() -> None:
        async with Wire.open(server.url) as wire:
            await wire.subscribe(name, presence="count")
            wire.socket.transport.abort()

    async with Wire.open(server.url) as staying:
        await staying.subscribe(name, presence="count")
        async with Wire.open(server.url) as witness:
            await witness.subscribe(name, presence="count")
            await asyncio.gather(*[look_and_vanish() for _ in range(20)])
            await http.comment(guest, name.removeprefix("post:"), "Hm")
        counts = [0]
        while counts[-1] != 1:
            counts.append((await staying.hear("presence", topic=name))["count"])
        assert max(counts) <= 22


async def test_who_did_not_ask_gets_no_counts(server: Server, http: Http, guest: Caller):
    name = f"post:{(await http.post(guest))['id']}"
    async with Wire.open(server.url) as quiet, Wire.open(server.url) as asking:
        await quiet.subscribe(name)
        await asking.subscribe(name, presence="count")
        await asking.hear("presence", topic=name)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1.5):
                await quiet.hear("presence", topic=name)


async def test_who_hides_is_told_and_not_counted(server: Server, http: Http, guest: Caller):
    name = f"post:{(await http.post(guest))['id']}"
    async with Wire.open(server.url) as seen, Wire.open(server.url, codec="msgpack") as hidden:
        await seen.subscribe(name, presence="count")
        assert (await seen.hear("presence", topic=name))["count"] == 1
        await hidden.subscribe(name, presence="count", hidden=True)
        while (await hidden.hear("presence", topic=name))["count"] != 1:
            pass
        await hidden.subscribe(name, presence="count", hidden=False)
        while (count := (await seen.hear("presence", topic=name))["count"]) != 2:
            assert count == 1
        await hidden.subscribe(name, presence="count", hidden=True)
        while (await seen.hear("presence", topic=name))["count"] != 1:
            pass


@pytest.mark.parametrize("codec", ["json", "msgpack"])
async def test_a_signal_is_not_heard_by_whoever_sent_it(server: Server, http: Http, guest: Caller, codec: str):
    """Their other connections hear it, on their other screens."""
    name = f"post:{(await http.post(guest))['id']}"
    async with (
        Wire.open(server.url, token=guest.token, codec=codec) as one,
        Wire.open(server.url, token=guest.token, codec=codec, compression="deflate") as two,
    ):
        await one.subscribe(name)
        await two.subscribe(name)
        await one.say({"op": "signal", "topic": name, "type": "typing", "data": {"from": 1}})
        assert [found["data"] for found in (await two.hear("signals"))["signals"]] == [{"from": 1}]
        await two.say({"op": "signal", "topic": name, "type": "typing", "data": {"from": 2}})
        assert [found["data"] for found in (await one.hear("signals"))["signals"]] == [{"from": 2}]


async def test_only_rooms_have_rosters(wire: Wire):
    assert await wire.subscribe("feed:all", presence="roster") == {"error": "bad_request"}
    assert await wire.subscribe("room:nobodys", presence="roster") == {"error": "not_found"}
    assert await wire.subscribe("feed:all", hidden="yes") == {"error": "bad_request"}


async def test_signals_reach_everybody_who_follows_the_topic(server: Server, http: Http, guest: Caller):
    name = f"post:{(await http.post(guest))['id']}"
    async with Wire.open(server.url, token=guest.token) as typing, Wire.open(server.url) as other:
        await typing.subscribe(name)
        await other.subscribe(name)
        await typing.say({"op": "signal", "topic": name, "type": "typing", "data": {}})
        (signal,) = (await other.hear("signals", topic=name))["signals"]
        assert (signal["user"]["id"], signal["type"], signal["data"]) == (guest.id, "typing", {})


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"topic": "app:demo:unfollowed", "type": "typing"}, "not_subscribed"),
        ({"topic": "No Topic", "type": "typing"}, "bad_topic"),
        ({"topic": "feed:all", "type": ""}, "bad_request"),
        ({"topic": "feed:all", "type": "x" * 65}, "bad_request"),
        ({"topic": "feed:all", "type": "fireworks"}, "bad_request"),
        ({"topic": "feed:all", "type": "typing", "data": "x"}, "bad_request"),
        ({"topic": "feed:all", "type": "typing", "data": {"much": "x" * 2000}}, "bad_request"),
    ],
)
async def test_a_signal_that_cannot_be_passed_on_is_an_error(
    server: Server, guest: Caller, fields: dict[str, Any], code: str
):
    async with Wire.open(server.url, token=guest.token) as wire:
        await wire.subscribe("feed:all")
        assert (await wire.ask("signal", **fields))["code"] == code


async def test_a_signal_needs_somebody(wire: Wire):
    await wire.subscribe("feed:all")
    assert (await wire.ask("signal", topic="feed:all", type="typing"))["code"] == "unauthorised"
