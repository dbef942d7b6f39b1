"""Whatever is wrong with a request, the answer is a problem with a documented code, and nothing was changed."""

from __future__ import annotations

import asyncio
import zlib
from io import BytesIO
from typing import Any

import aiohttp
import pytest
from PIL import Image

from tests.conformance.peers import Answer, Caller, Http, Server, Wire, picture


async def upload(http: Http, author: Caller, image: bytes | None, caption: str = "A fox") -> Answer:
    form = aiohttp.FormData()
    form.add_field("caption", caption)
    if image is not None:
        form.add_field("image", image, filename="x.png", content_type="image/png")
    return await http.ask("POST", "/api/posts", data=form, token=author.token)


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/api",
        "/api/nothing",
        "/api/posts/nothing",
        "/api/posts/00000000000000000000aa",
        "/api/posts/nothing/comments",
        "/api/posts/nothing/lineage",
        "/api/posts/00000000000000000000aa/lineage",
        "/api/generations/nothing",
        "/api/feeds/nothing",
        "/api/feeds/user:nobody-of-that-name",
        "/api/users/nobody-of-that-name",
        "/api/feeds/followed",
        "/api/rooms/x",
        "/media/" + "0" * 64 + "/256.webp",
        "/media/" + "0" * 64 + "/300.webp",
        "/media/../../etc/passwd/256.webp",
        "/media/%2e%2e%2f%2e%2e%2fetc%2fpasswd/256.webp",
        "/media/..%00/256.webp",
        "/assets/../server.py",
        "/assets/%2e%2e%2f%2e%2e%2fserver.py",
        "/assets/..%5c..%5cserver.py",
        "/assets/.hidden",
        "/metrics",
        "/ws",
    ],
)
async def test_what_does_not_exist_is_not_found(http: Http, path: str):
    answer = await http.ask("GET", path)
    assert (answer.status, answer.code) == (404, "not_found")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/feeds/all"),
        ("DELETE", "/api/guests"),
        ("PUT", "/api/posts"),
        ("POST", "/sse"),
        ("PATCH", "/healthz"),
    ],
)
async def test_a_method_that_an_address_does_not_take(http: Http, method: str, path: str):
    answer = await http.ask(method, path)
    assert (answer.status, answer.code) == (405, "method_not_allowed")
    assert answer.headers["Allow"]


BODIES = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'"text"',
    b"\xff\xfe",
    b'{"text": 7}',
    b'{"text": null}',
    b'{"text": ""}',
    b'{"text": "   "}',
    b'{"parent": "x"}',
    b'{"text": "x", "parent": 7}',
    b"[" * 50_000,
    b'{"text": "\\ud800"}',
]


@pytest.mark.parametrize("body", BODIES)
async def test_a_comment_that_is_none_is_refused(http: Http, guest: Caller, body: bytes):
    post = await http.post(guest)
    answer = await http.ask("POST", f"/api/posts/{post['id']}/comments", data=body, token=guest.token)
    assert (answer.status, answer.code) == (400, "bad_request")
    assert (await http.ask("GET", f"/api/posts/{post['id']}/comments")).body["comments"] == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"prompt": ""},
        {"prompt": "  \n "},
        {"prompt": 7},
        {"prompt": "x" * 1001},
        {"prompt": "fox", "width": -1},
        {"prompt": "fox", "width": 10**9},
        {"prompt": "fox", "width": "768"},
        {"prompt": "fox", "seed": -1},
        {"prompt": "fox", "seed": 2**32},
        {"prompt": "fox", "steps": 0},
        {"prompt": "fox", "steps": 10**6},
        {"prompt": "fox", "generator": "dalle-99"},
        {"prompt": "fox", "strength": 2},
        {"prompt": "fox", "publish": "yes"},
    ],
)
async def test_a_wish_that_cannot_be_painted_is_refused(http: Http, guest: Caller, body: dict[str, Any]):
    answer = await http.ask("POST", "/api/generations", body, token=guest.token)
    assert (answer.status, answer.code) == (400, "bad_request")


async def test_a_remix_of_nothing_is_refused(http: Http, guest: Caller):
    body = {"prompt": "fox", "parent": "00000000000000000000aa"}
    answer = await http.ask("POST", "/api/generations", body, token=guest.token)
    assert (answer.status, answer.code) == (404, "not_found")


@pytest.mark.parametrize("text", ["x" * 2001, "🦊" * 2001])
async def test_a_comment_that_is_too_long_is_refused(http: Http, guest: Caller, text: str):
    post = await http.post(guest)
    answer = await http.comment(guest, post["id"], text)
    assert answer.status in (400, 413)
    assert answer.code in ("bad_request", "too_large")


async def test_a_comment_as_long_as_allowed_is_taken(http: Http, guest: Caller):
    post = await http.post(guest)
    answer = await http.comment(guest, post["id"], "🦊" * 2000)
    assert answer.status == 201


@pytest.mark.parametrize("emoji", ["fox", "x", "<b>", "🦊🦊🦊🦊🦊🦊🦊🦊🦊", "%20", "%00"])
async def test_what_is_no_emoji_is_no_reaction(http: Http, guest: Caller, emoji: str):
    post = await http.post(guest)
    answer = await http.ask("PUT", f"/api/posts/{post['id']}/reactions/{emoji}", token=guest.token)
    assert (answer.status, answer.code) == (400, "bad_request")


@pytest.mark.parametrize("emoji", ["🦊", "❤️", "👩‍🚀", "🇫🇷", "👍🏽", "1️⃣"])
async def test_any_emoji_is_a_reaction(http: Http, guest: Caller, emoji: str):
    post = await http.post(guest)
    answer = await http.ask("PUT", f"/api/posts/{post['id']}/reactions/{emoji}", token=guest.token)
    assert (answer.status, sum(answer.body["reactions"].values())) == (200, 1)


@pytest.mark.parametrize("handle", ["", "a", "x" * 31, "two words", "fox/../x", "<b>", 7, None, "\u202efox"])
async def test_a_handle_that_is_none_is_refused(http: Http, guest: Caller, handle: Any):
    answer = await http.ask("PATCH", "/api/me", {"handle": handle}, token=guest.token)
    assert (answer.status, answer.code) == (400, "bad_request")


async def test_a_handle_belongs_to_one_person(http: Http, guest: Caller, stranger: Caller):
    answer = await http.ask("PATCH", "/api/me", {"handle": guest.user["handle"].upper()}, token=stranger.token)
    assert (answer.status, answer.code) == (409, "conflict")


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "limit=-1", "before=nonsense!"])
async def test_paging_has_bounds(http: Http, query: str):
    answer = await http.ask("GET", f"/api/feeds/all?{query}")
    assert (answer.status, answer.code) == (400, "bad_request")


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "before=nonsense!", "before=" + "0" * 65, "before=" + "U" * 22]
)
async def test_a_lineages_pages_have_bounds(http: Http, guest: Caller, query: str):
    post = await http.post(guest)
    answer = await http.ask("GET", f"/api/posts/{post['id']}/lineage?{query}")
    assert (answer.status, answer.code) == (400, "bad_request")


def bomb() -> bytes:
    """Return a small PNG that claims, and holds, 30,000 by 30,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    side = 30_000
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(side // 8 + 1)) for _ in range(side)) + packer.flush()
    header = side.to_bytes(4, "big") * 2 + bytes([1, 0, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def animation() -> bytes:
    out = BytesIO()
    frames = [Image.new("RGB", (40, 40), (value, 0, 0)) for value in range(20)]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"hello",
        b"\x89PNG\r\n\x1a\n",
        picture()[:60],
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.4",
        b"\x00" * 999,
    ],
)
async def test_what_is_no_picture_is_refused(http: Http, guest: Caller, data: bytes):
    answer = await upload(http, guest, data)
    assert (answer.status, answer.code) == (422, "bad_picture")


async def test_a_picture_bomb_is_refused_at_once(http: Http, guest: Caller):
    data = bomb()
    assert len(data) < 1_000_000
    async with asyncio.timeout(20):
        answer = await upload(http, guest, data)
    assert answer.code in ("too_large", "bad_picture")


async def test_an_upload_without_a_picture_is_refused(http: Http, guest: Caller):
    for image in (None, b""):
        answer = await upload(http, guest, image)
        assert (answer.status, answer.code) == (400, "bad_request")
    for data, headers in [
        (b"{}", {"Content-Type": "application/json"}),
        (b"--x\r\n", {"Content-Type": "multipart/form-data; boundary=x"}),
        (b"", {"Content-Type": "multipart/form-data"}),
        (b"garbage", {"Content-Type": "multipart/form-data; boundary=y"}),
        (b"x", {}),
    ]:
        answer = await http.ask("POST", "/api/posts", data=data, headers=headers, token=guest.token)
        assert (answer.status, answer.code) == (400, "bad_request"), data


async def test_a_caption_has_a_length(http: Http, guest: Caller):
    assert (await upload(http, guest, picture(), "x" * 1000)).status == 201
    answer = await upload(http, guest, picture(), "x" * 1001)
    assert answer.code in ("bad_request", "too_large")
    answer = await upload(http, guest, picture(), "x" * 100_000)
    assert answer.code in ("bad_request", "too_large")
    body = b'--x\r\nContent-Disposition: form-data; name="caption"\r\n\r\n\xff\xfe\r\n--x--\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = await http.ask("POST", "/api/posts", data=body, headers=headers, token=guest.token)
    assert (answer.status, answer.code) == (400, "bad_request")


async def test_a_huge_upload_is_cut_off_and_others_do_not_notice(server: Server, http: Http, guest: Caller, topic: str):
    """100 MB are offered; the server says no after its limit, and its memory does not show it."""

    async def flood() -> Answer | None:
        async def chunks() -> Any:
            boundary = b'--x\r\nContent-Disposition: form-data; name="image"; filename="x.png"\r\n\r\n'
            yield boundary
            for _ in range(1600):
                yield bytes(65_536)

        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        try:
            return await http.ask("POST", "/api/posts", data=chunks(), headers=headers, token=guest.token)
        except (aiohttp.ClientError, OSError):
            return None  # the server may hang up while we are still talking

    async with Wire.open(server.url) as wire:
        await http.tick(topic, 0)
        await wire.subscribe(topic)
        before = resident_bytes(server.pid)
        flooding = [asyncio.create_task(flood()) for _ in range(3)]
        for number in range(50):
            await http.tick(topic, number)
        assert [event["data"]["n"] for event in await wire.events(topic, 50)] == list(range(50))
        answers = await asyncio.gather(*flooding)
        assert all(answer is None or (answer.status, answer.code) == (413, "too_large") for answer in answers)
        assert resident_bytes(server.pid) - before < 150_000_000


def resident_bytes(pid: int) -> int:
    with open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * 4096


async def test_a_huge_json_body_is_refused(http: Http, guest: Caller):
    post = await http.post(guest)
    answer = await http.comment(guest, post["id"], "x" * 200_000)
    assert (answer.status, answer.code) == (413, "too_large")


async def test_a_batch_of_events_has_bounds(http: Http, topic: str):
    one = {"type": "tick", "data": {}}
    assert len(await http.publish(topic, *[one] * 500)) == 500
    for body in ([], [one] * 501, [one, {"type": "tick"}], [one, 7], {"type": "tick", "data": []}):
        answer = await http.ask("POST", f"/api/topics/{topic}/events", body, token="sesame")
        assert (answer.status, answer.code) == (400, "bad_request")
    for wrong in ({"delivery": "sometimes"}, {"key": ""}, {"key": "k" * 129}, {"type": "x" * 65}):
        answer = await http.ask("POST", f"/api/topics/{topic}/events", {**one, **wrong}, token="sesame")
        assert (answer.status, answer.code) == (400, "bad_request"), wrong


async def test_too_many_commands_are_told_when_to_come_back(http: Http, guest: Caller):
    post = await http.post(guest)
    answers = await asyncio.gather(*[http.comment(guest, post["id"], f"{number}") for number in range(300)])
    refused = [answer for answer in answers if answer.status != 201]
    assert refused
    assert {(answer.status, answer.code) for answer in refused} == {(429, "rate_limited")}
    assert all(int(answer.headers["Retry-After"]) >= 1 and answer.body["retry_after_s"] > 0 for answer in refused)
    assert sum(answer.status == 201 for answer in answers) >= 10


async def test_a_user_has_so_many_pictures_on_the_way(http: Http, guest: Caller):
    answers = [
        await http.ask("POST", "/api/generations", {"prompt": f"fox {n}", "publish": False}, token=guest.token)
        for n in range(7)
    ]
    made = [answer.body["id"] for answer in answers if answer.status == 202]
    assert [answer.status for answer in answers] == [202] * 5 + [429] * 2
    for identifier in made:
        assert (await http.ask("DELETE", f"/api/generations/{identifier}", token=guest.token)).status == 204
    answer = await http.ask("GET", f"/api/generations/{made[0]}", token=guest.token)
    assert answer.body["generation"]["state"] == "cancelled"
