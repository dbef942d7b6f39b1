"""The table of topic rights, for every kind of caller."""

from __future__ import annotations

import pytest

from tests.conformance.peers import Caller, Http, Server, Wire

CALLERS = ["anonymous", "owner", "stranger", "api key"]


@pytest.fixture
def tokens(guest: Caller, stranger: Caller) -> dict[str, str | None]:
    return {"anonymous": None, "owner": guest.token, "stranger": stranger.token, "api key": "sesame"}


async def answer_to(server: Server, token: str | None, topic: str) -> str:
    """Return 'yes', or the code of the refusal."""
    async with Wire.open(server.url, token=token) as wire:
        answer = await wire.subscribe(topic)
        return "yes" if "at" in answer else str(answer["error"])


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("topic", ["feed:all", "feed:tag:foxes", "app:demo", "app:nobody:publishes:here"[:20]])
async def test_anyone_may_follow_public_topics(server, tokens, caller, topic):
    assert await answer_to(server, tokens[caller], topic) == "yes"


@pytest.mark.parametrize("caller", CALLERS)
async def test_anyone_may_follow_a_person_and_a_public_post(server, http, guest, tokens, caller):
    post = await http.post(guest)
    assert await answer_to(server, tokens[caller], f"feed:user:{guest.id}") == "yes"
    assert await answer_to(server, tokens[caller], f"post:{post['id']}") == "yes"


@pytest.mark.parametrize("caller", CALLERS)
async def test_only_the_person_may_follow_their_notices(server, guest, tokens, caller):
    expected = "yes" if caller == "owner" else "not_found"
    assert await answer_to(server, tokens[caller], f"user:{guest.id}") == expected


@pytest.mark.parametrize("caller", CALLERS)
async def test_following_is_for_people_and_everybodys_own(server, http, guest, tokens, caller):
    person = caller in ("owner", "stranger")
    assert await answer_to(server, tokens[caller], "feed:following") == ("yes" if person else "not_found")
    whole = f"feed:following:{guest.id}"
    assert await answer_to(server, tokens[caller], whole) == ("yes" if caller == "owner" else "not_found")
    answer = await http.ask("GET", "/api/feeds/following", token=tokens[caller])
    assert answer.status == (200 if person else 401)
    for method in ("PUT", "DELETE"):
        answer = await http.ask(method, f"/api/users/{guest.user['handle']}/follow", token=tokens[caller])
        expected = 401 if not person else 400 if (caller, method) == ("owner", "PUT") else 204
        assert answer.status == expected, (method, answer)


@pytest.mark.parametrize("caller", CALLERS)
async def test_notifications_are_for_people_and_everybodys_own(http, guest, stranger, tokens, caller):
    post = await http.post(guest)
    comment = (await http.comment(stranger, post["id"], "Nice")).body["comment"]
    person = caller in ("owner", "stranger")
    for method, path, body in (
        ("GET", "/api/notifications", None),
        ("PUT", "/api/notifications/read", {"until": 0}),
    ):
        answer = await http.ask(method, path, body, token=tokens[caller])
        assert answer.status == (200 if person else 401), (method, answer)
    if caller == "stranger":
        found = (await http.ask("GET", "/api/notifications", token=stranger.token)).body["notifications"]
        assert all(each.get("comment") != comment["id"] for each in found)


@pytest.mark.parametrize("caller", CALLERS)
async def test_a_generation_that_is_not_to_be_published_is_its_owners_alone(server, http, guest, tokens, caller):
    body = {"prompt": "a fox", "publish": False}
    private = (await http.ask("POST", "/api/generations", body, token=guest.token)).body
    public = (await http.ask("POST", "/api/generations", {"prompt": "a fox"}, token=guest.token)).body
    expected = "yes" if caller == "owner" else "not_found"
    assert await answer_to(server, tokens[caller], private["topic"]) == expected
    assert await answer_to(server, tokens[caller], public["topic"]) == "yes"
    for made in (private, public):
        answer = await http.ask("DELETE", f"/api/generations/{made['id']}", token=guest.token)
        assert answer.status == 204


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize(
    "topic",
    [
        "post:00000000000000000000aa",
        "feed:user:00000000000000000000aa",
        "user:00000000000000000000aa",
        "generation:00000000000000000000aa",
        "room:00000000000000000000aa",
        "app:private:x",
        "nothing:x",
        "feed",
        "app",
        "feed:nothing",
        "feed:user:fox",
        "post:x",
        "user:me",
    ],
)
async def test_what_does_not_exist_and_what_is_refused_answer_alike(server, tokens, caller, topic):
    assert await answer_to(server, tokens[caller], topic) == "not_found"


@pytest.mark.parametrize(
    ("token", "topic", "status", "code"),
    [
        ("sesame", "app:demo", 202, None),
        ("sesame", "app:demo:deeper", 202, None),
        ("sesame", "app:demonstration", 403, "forbidden"),
        ("sesame", "app:elsewhere", 403, "forbidden"),
        ("other-key", "app:elsewhere", 202, None),
        ("sesame", "feed:all", 403, "forbidden"),
        ("sesame", "app", 403, "forbidden"),
        ("sesame", "No%20Topic", 400, "bad_topic"),
        ("wrong", "app:demo", 401, "unauthorised"),
        (None, "app:demo", 401, "unauthorised"),
    ],
)
async def test_a_key_publishes_where_it_is_listed_and_nowhere_else(http: Http, token, topic, status, code):
    body = {"type": "tick", "data": {}}
    answer = await http.ask("POST", f"/api/topics/{topic}/events", body, token=token)
    assert answer.status == status
    assert code is None or answer.code == code


async def test_a_person_publishes_nowhere(http: Http, guest: Caller):
    body = {"type": "tick", "data": {}}
    answer = await http.ask("POST", "/api/topics/app:demo/events", body, token=guest.token)
    assert (answer.status, answer.code) == (401, "unauthorised")


async def test_no_key_publishes_to_what_belongs_to_people(http: Http, guest: Caller):
    post = await http.post(guest)
    for topic in (f"post:{post['id']}", f"user:{guest.id}", f"feed:user:{guest.id}", "feed:tag:x", "generation:x"):
        body = {"type": "post.deleted", "data": {"id": post["id"]}}
        answer = await http.ask("POST", f"/api/topics/{topic}/events", body, token="sesame")
        assert (answer.status, answer.code) == (403, "forbidden"), topic


async def test_a_key_is_nobody_and_cannot_act_as_a_person(server: Server, http: Http, guest: Caller):
    post = await http.post(guest)
    answer = await http.ask("POST", f"/api/posts/{post['id']}/comments", {"text": "Hm"}, token="sesame")
    assert (answer.status, answer.code) == (401, "unauthorised")
    async with Wire.open(server.url, token="sesame") as wire:
        assert wire.welcome["user"] is None
        assert (await wire.call("comment.create", {"post": post["id"], "text": "Hm"}))["code"] == "unauthorised"


async def test_a_stranger_may_not_delete_what_is_not_theirs(http: Http, guest: Caller, stranger: Caller):
    post = await http.post(guest)
    comment = (await http.comment(guest, post["id"], "Mine")).body["comment"]
    for path in (f"/api/posts/{post['id']}", f"/api/comments/{comment['id']}"):
        assert (await http.ask("DELETE", path)).code == "unauthorised"
        answer = await http.ask("DELETE", path, token=stranger.token)
        assert (answer.status, answer.code) == (403, "forbidden")
    assert (await http.ask("GET", f"/api/posts/{post['id']}")).status == 200
    assert (await http.ask("DELETE", f"/api/comments/{comment['id']}", token=guest.token)).status == 204
    assert (await http.ask("DELETE", f"/api/posts/{post['id']}", token=guest.token)).status == 204


async def test_only_its_author_may_edit_what_is_there(server: Server, http: Http, guest: Caller, stranger: Caller):
    post = await http.post(guest)
    comment = (await http.comment(guest, post["id"], "Mine")).body["comment"]
    for path, body, kind in (
        (f"/api/posts/{post['id']}", {"caption": "Other #tag", "alt": "A fox"}, "post"),
        (f"/api/comments/{comment['id']}", {"text": "Other"}, "comment"),
    ):
        assert (await http.ask("PATCH", path, body)).code == "unauthorised"
        assert (await http.ask("PATCH", path, body, token="sesame")).code == "unauthorised"
        answer = await http.ask("PATCH", path, body, token=stranger.token)
        assert (answer.status, answer.code) == (403, "forbidden")
        first, again = [await http.ask("PATCH", path, body, token=guest.token, key=kind) for _ in range(2)]
        assert (first.status, first.body) == (again.status, again.body)
        assert first.status == 200
        assert first.body[kind]["edited"] >= first.body[kind]["created"]
        assert (await http.ask("PATCH", path, {}, token=guest.token)).status == 400
        other = await http.ask("PATCH", path, {"caption": "Third", "text": "Third"}, token=guest.token, key=kind)
        assert (other.status, other.code) == (422, "key_reused")
    async with Wire.open(server.url, token=guest.token) as wire:
        answer = await wire.call("post.update", {"id": post["id"], "caption": "Said"})
        assert answer["data"]["post"]["caption"] == "Said"
        answer = await wire.call("comment.update", {"id": comment["id"], "text": f"@{guest.user['handle']}"})
        assert answer["data"]["comment"]["mentions"] == [{"id": guest.id, "handle": guest.user["handle"]}]
    for path in (f"/api/comments/{comment['id']}", f"/api/posts/{post['id']}"):
        assert (await http.ask("DELETE", path, token=guest.token)).status == 204
        answer = await http.ask("PATCH", path, {"caption": "x", "text": "x"}, token=guest.token)
        assert (answer.status, answer.code) == (404, "not_found")


async def test_a_deleted_post_is_followed_by_nobody_any_more(server: Server, http: Http, guest: Caller):
    post = await http.post(guest)
    assert (await http.ask("DELETE", f"/api/posts/{post['id']}", token=guest.token)).status == 204
    assert await answer_to(server, guest.token, f"post:{post['id']}") == "not_found"
    assert (await http.ask("GET", f"/api/posts/{post['id']}")).code == "not_found"


@pytest.mark.parametrize("caller", CALLERS)
async def test_whoever_may_read_a_post_may_read_its_provenance(http: Http, guest: Caller, tokens, caller):
    post = await http.post(guest)
    address = f"/api/posts/{post['id']}"
    answer = await http.ask("GET", f"{address}/provenance", token=tokens[caller])
    assert answer.status == (await http.ask("GET", address, token=tokens[caller])).status == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.body["provenance"]["id"] == post["id"]
    assert answer.body["provenance"]["generator"] is answer.body["provenance"]["file"] is None
    assert (await http.ask("DELETE", address, token=guest.token)).status == 204
    for gone in (address, "/api/posts/00000000000000000000aa", "/api/posts/x"):
        answer = await http.ask("GET", f"{gone}/provenance", token=tokens[caller])
        assert (answer.status, answer.code) == (404, "not_found")


async def test_a_generation_that_is_not_published_has_no_provenance(http: Http, guest: Caller):
    body = {"prompt": "a fox", "publish": False}
    made = (await http.ask("POST", "/api/generations", body, token=guest.token)).body
    for token in (None, guest.token):
        answer = await http.ask("GET", f"/api/posts/{made['id']}/provenance", token=token)
        assert (answer.status, answer.code) == (404, "not_found")
    assert (await http.ask("DELETE", f"/api/generations/{made['id']}", token=guest.token)).status == 204
