"""What a link to us is shown with elsewhere: the head of every page, and its picture."""

from __future__ import annotations

import io
import os
import re
import signal
from collections.abc import Iterator
from html import unescape
from typing import Any

import aiohttp
import pytest
from PIL import Image

from tests.integration.server_process import ServerProcess

NASTY = '"><script>alert(1)</script> a \\1 fox & friends #foxes'


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with ServerProcess(tmp_path_factory.mktemp("server") / "data") as server:
        yield server


def painting(colour: str = "#c45a3c", size: tuple[int, int] = (640, 480)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


async def posted(server: ServerProcess, caption: str) -> tuple[dict[str, Any], str]:
    """Post a picture; return the post and its author's token."""
    async with aiohttp.ClientSession(server.url) as http:
        async with http.post("/api/guests") as answer:
            token = (await answer.json())["token"]
        form = aiohttp.FormData()
        form.add_field("image", painting(), filename="p.png", content_type="image/png")
        form.add_field("caption", caption)
        async with http.post("/api/posts", data=form, headers={"Authorization": f"Bearer {token}"}) as answer:
            assert answer.status == 201, await answer.text()
            return (await answer.json())["post"], token


async def fetched(server: ServerProcess, path: str) -> tuple[int, str]:
    async with aiohttp.ClientSession(server.url) as http, http.get(path) as answer:
        return answer.status, await answer.text()


def said(page: str) -> dict[str, str]:
    """Return what the meta elements of a page say, by name or property."""
    found = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)" />', page)
    return {name: unescape(text) for name, text in found}


async def test_a_posts_page_says_what_it_shows(server: ServerProcess) -> None:
    post, _ = await posted(server, "A fox asleep under the first snow")
    status, page = await fetched(server, f"/post/{post['id']}")
    head, handle = said(page), post["author"]["handle"]
    assert status == 200
    assert head["og:title"] == f"A fox asleep under the first snow, by {handle}"
    assert head["og:url"] == f"{server.url}/post/{post['id']}"
    assert f'<link rel="canonical" href="{server.url}/post/{post["id"]}" />' in page
    assert head["og:image"].startswith(f"{server.url}/og/{post['id']}.jpg?")
    assert (head["og:image:width"], head["og:image:height"]) == ("1200", "630")
    assert head["og:image:alt"] == head["twitter:image:alt"] == "A fox asleep under the first snow"
    assert (head["og:type"], head["twitter:card"]) == ("article", "summary_large_image")
    assert page.count("<title>") == page.count('name="description"') == page.count("<noscript>") == 1
    without_scripts = page.partition("<noscript>")[2]
    assert "<h1>A fox asleep under the first snow</h1>" in without_scripts
    assert f'href="/@{handle}"' in without_scripts
    assert "robots" not in head


async def test_what_people_write_stays_text(server: ServerProcess) -> None:
    post, _ = await posted(server, NASTY)
    _, page = await fetched(server, f"/post/{post['id']}")
    assert "<script>alert" not in page
    assert said(page)["og:title"].startswith(NASTY)
    assert "a \\1 fox &amp; friends" in page


async def test_the_card_of_a_post_is_a_picture_of_its_size(server: ServerProcess) -> None:
    post, _ = await posted(server, "A lighthouse")
    async with aiohttp.ClientSession(server.url) as http:
        async with http.get(f"/og/{post['id']}.jpg") as answer:
            card = await answer.read()
            assert (answer.status, answer.content_type) == (200, "image/jpeg")
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
        async with http.get(f"/og/{post['id']}.jpg") as answer:
            assert await answer.read() == card
    with Image.open(io.BytesIO(card)) as image:
        assert image.size == (1200, 630)
        red, green, blue = image.convert("RGB").getpixel((200, 315))  # the picture hangs at the left
        assert (abs(red - 0xC4) < 12, abs(green - 0x5A) < 12, abs(blue - 0x3C) < 12) == (True, True, True)
        words = image.convert("L").crop((760, 60, 1140, 160))
        assert words.getextrema()[1] > 200, "the title is not beside it"


async def test_a_deleted_post_says_nothing_any_more(server: ServerProcess) -> None:
    post, token = await posted(server, "Something that is regretted")
    async with aiohttp.ClientSession(server.url, headers={"Authorization": f"Bearer {token}"}) as http:
        async with http.get(f"/og/{post['id']}.jpg") as answer:
            assert answer.status == 200
        async with http.delete(f"/api/posts/{post['id']}") as answer:
            assert answer.status == 204
        async with http.get(f"/og/{post['id']}.jpg") as answer:
            assert answer.status == 404
    for path in (f"/post/{post['id']}", "/post/nothing"):
        status, page = await fetched(server, path)
        head = said(page)
        assert status == 404  # the same page, so that a crawler forgets it
        assert "regretted" not in page
        assert post["author"]["handle"] not in page
        assert (head["robots"], head["og:title"]) == ("noindex", "livefeed")
        assert "og:image" not in head
        assert "canonical" not in page


async def test_a_room_says_nothing_of_itself_or_its_invitation(server: ServerProcess) -> None:
    post, token = await posted(server, "A secret beginning")
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        aiohttp.ClientSession(server.url, headers=headers) as http,
        http.post("/api/rooms", json={"post": post["id"]}) as answer,
    ):
        assert answer.status == 201, await answer.text()
        room = (await answer.json())["room"]["id"]
    _, page = await fetched(server, f"/room/{room}?invite=s3cret")
    head = said(page)
    assert (head["robots"], head["og:title"]) == ("noindex", "A remix room on livefeed")
    for secret in (room, "s3cret", "A secret beginning", "json+oembed", "og:image"):
        assert secret not in page.partition("<body>")[0]
    _, another = await fetched(server, "/room/01m8nothing")
    assert another == page, "a room that is there and one that is not look alike"


async def test_feeds_tags_and_people_have_a_wall(server: ServerProcess) -> None:
    post, _ = await posted(server, "On a tagged wall #Lanterns")
    handle = post["author"]["handle"]
    for path, title, card in (
        ("/", "livefeed", "all"),
        ("/tag/LANTERNS", "#lanterns", "tag:lanterns"),
        (f"/@{handle}", f"@{handle}", f"user:{post['author']['id']}"),
    ):
        status, page = await fetched(server, path)
        head = said(page)
        assert (status, head["og:title"], head["og:image"]) == (200, title, f"{server.url}/og/feed/{card}.jpg")
        async with aiohttp.ClientSession(server.url) as http, http.get(f"/og/feed/{card}.jpg") as answer:
            assert (answer.status, answer.content_type) == (200, "image/jpeg")
    for path in (
        "/@nobody-is-called-so",
        "/@nobody-is-called-so/remixes",
        "/@nobody-is-called-so/liked",
        "/tag/a%20b",
        "/tag/2026",
    ):
        status, page = await fetched(server, path)
        assert (status, said(page)["robots"]) == (404, "noindex")
    assert (await fetched(server, f"/@{handle}/liked"))[0] == 200
    async with aiohttp.ClientSession(server.url) as http, http.get("/og/feed/user:nobody.jpg") as answer:
        assert answer.status == 404


async def test_a_page_comes_without_its_head_while_the_store_is_away(server: ServerProcess) -> None:
    """And does not ask search engines to forget it."""
    post, _ = await posted(server, "Soon out of reach")
    os.kill(server.store_pid, signal.SIGSTOP)
    try:
        status, page = await fetched(server, f"/post/{post['id']}")
    finally:
        os.kill(server.store_pid, signal.SIGCONT)
    assert (status, said(page)["og:title"]) == (200, "livefeed")
    assert "robots" not in said(page)
