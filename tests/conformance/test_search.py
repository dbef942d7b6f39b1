"""Search over HTTP."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote

import pytest

from tests.conformance.peers import Caller, Http
from tests.conformance.test_documents import check, openapi


async def search(http: Http, question: str, *, token: str | None = None) -> dict[str, Any]:
    answer = await http.ask("GET", f"/api/search?q={quote(question)}", token=token)
    assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (200, "*")
    found: dict[str, Any] = answer.body
    return found


async def until_found(http: Http, question: str, *ids: str) -> dict[str, Any]:
    """Return the answer once it holds exactly these posts."""
    async with asyncio.timeout(20):
        while True:
            page = await search(http, question)
            if [post["id"] for post in page["posts"]] == list(ids):
                return page
            await asyncio.sleep(0.02)


async def test_anyone_finds_what_is_posted_until_it_is_deleted(http: Http, guest: Caller):
    post = await http.post(guest, "Un renárd zebrastraße #Quokka")
    page = await until_found(http, "RENARD zebrastr", post["id"])
    check(page, {"$ref": "#/Found"}, (await openapi(http))["components"]["schemas"], "")
    await until_found(http, "#quok", post["id"])
    await http.ask("PUT", f"/api/posts/{post['id']}/reactions/🦊", token=guest.token)
    mine = await search(http, f"quokka @{guest.user['handle']}", token=guest.token)
    assert (mine["users"][0]["id"], mine["mine"]) == (guest.id, {post["id"]: ["🦊"]})
    answer = await http.ask("PATCH", f"/api/posts/{post['id']}", {"caption": "Wombat zebrastraße"}, token=guest.token)
    assert answer.status == 200
    await until_found(http, "wombat zebrastraße", post["id"])
    await until_found(http, "quokka")
    await http.ask("DELETE", f"/api/posts/{post['id']}", token=guest.token)
    assert (await search(http, "wombat zebrastraße"))["posts"] == []


async def test_people_are_found_by_the_beginning_of_their_name_and_of_its_words(http: Http, guest: Caller):
    handle = guest.user["handle"]
    name = "quokka-" + guest.id[-8:].lower()
    assert (await http.ask("PATCH", "/api/me", {"handle": name}, token=guest.token)).status == 200
    for question in (name[:4], f"@{name[:-1]}", name[7:11].upper(), f"seen by @{name[:5]}"):
        assert name in [user["handle"] for user in (await search(http, question))["users"]], question
    assert handle not in [user["handle"] for user in (await search(http, f"@{handle[:-1]}"))["users"]]
    assert (await search(http, "quo*"))["users"] == []


async def test_a_picture_that_is_not_published_is_not_found(http: Http, guest: Caller):
    body = {"prompt": "an unpublished numbat", "publish": False}
    made = (await http.ask("POST", "/api/generations", body, token=guest.token)).body
    post = await http.post(guest, "a published numbat")
    await until_found(http, "numbat", post["id"])
    await http.ask("DELETE", f"/api/generations/{made['id']}", token=guest.token)


@pytest.mark.parametrize("query", ["", "?q=", "?q=" + "x" * 201, "?q=x&limit=0", "?q=x&limit=101", "?q=x&before=y"])
async def test_what_is_no_question_is_refused(http: Http, query: str):
    answer = await http.ask("GET", f"/api/search{query}")
    assert (answer.status, answer.code) == (400, "bad_request")
