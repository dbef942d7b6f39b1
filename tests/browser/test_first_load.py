"""What travels until the first picture hangs: read off the wire, as the browser counts it."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Route, expect

from tests.browser.test_first_second import SHIFTS
from tests.integration.server_process import ServerProcess

MOST_BYTES = 60 * 1024
"""Of script until the first picture hangs: all that reading the feed needs."""
MOST_COMPLETE = 84 * 1024
"""Until the page is live and can do everything, with the program of the worker that holds the connection."""
LEAST_COMPRESSED = 768
"""With its headers; what is smaller is sent as it is."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """Nobody paints here: what is asked for waits in line."""
    with ServerProcess(tmp_path_factory.mktemp("server") / "data", workers=0) as server:
        yield server


@dataclass
class Wire:
    """What a page fetched, in the order in which it was here."""

    coded: dict[str, str | None] = field(default_factory=dict)
    """By address: how it was compressed."""
    asked: dict[str, str] = field(default_factory=dict)
    """By request: its path."""
    came: list[tuple[str, int]] = field(default_factory=list)
    """Path, and bytes with its headers."""

    def listen(self, devtools: Any) -> None:
        devtools.on("Network.responseReceived", self._answered)
        devtools.on("Network.loadingFinished", self._finished)
        devtools.send("Network.enable")

    def scripts(self, end: int | None = None) -> dict[str, int]:
        """Return the bytes of each script, of the first `end` things that came."""
        return {path: size for path, size in self.came[:end] if path.endswith(".js")}

    def _answered(self, event: dict[str, Any]) -> None:
        path = urlsplit(event["response"]["url"]).path
        headers = {name.lower(): value for name, value in event["response"]["headers"].items()}
        self.asked[event["requestId"]] = path
        self.coded[path] = headers.get("content-encoding")

    def _finished(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self.asked:
            self.came.append((self.asked[event["requestId"]], int(event["encodedDataLength"])))


@pytest.mark.parametrize("locale", ["en-GB", "ar"])
def test_every_script_comes_compressed_and_all_of_them_until_the_first_picture_are_small(
    people: Any, server: ServerProcess, picture: bytes, locale: str
) -> None:
    reader = people(locale=locale)
    reader.post("/api/guests", {})
    reader.upload(picture, "The first one")
    wire = Wire()
    wire.listen(reader.context.new_cdp_session(reader.page))
    reader.open()
    reader.page.locator("picture-card").first.wait_for()
    raw = [path for path, size in wire.scripts().items() if size > LEAST_COMPRESSED and wire.coded[path] is None]
    assert raw == []
    first = next(place for place, (path, _) in enumerate(wire.came) if path.startswith("/media/"))
    before, page = sum(wire.scripts(first).values()), sum(wire.scripts().values())
    [worker] = reader.page.workers
    program = _get(server, urlsplit(worker.url).path, {"Accept-Encoding": "gzip"})
    complete = page + len(program.read())
    print(f"{locale}: {before} bytes of script until the first picture, {complete} until the page is complete")
    assert program.headers["Content-Encoding"] == "gzip"
    assert complete <= MOST_COMPLETE
    assert any(path.startswith("/assets/app-") for path in wire.scripts(first))
    assert before <= MOST_BYTES


def test_a_job_stands_in_its_place_before_what_draws_it_is_here(people: Any, picture: bytes) -> None:
    reader = people()
    reader.post("/api/guests", {})
    reader.upload(picture, "Beside it")
    for width, height in ((512, 512), (768, 512), (512, 768)):
        reader.post("/api/generations", {"prompt": f"A fox, {width} wide", "width": width, "height": height})
    held: list[Route] = []
    through = False
    reader.page.route("**/assets/wall-parts-*", lambda route: route.continue_() if through else held.append(route))
    reader.page.add_init_script(SHIFTS)
    reader.page.goto(reader.url)
    cards = reader.page.locator("easel-row generation-card")
    expect(cards).to_have_count(3)
    reader.page.locator("picture-card").first.wait_for()
    widths = "(all) => all.map((one) => [one.matches(':defined'), one.getBoundingClientRect().width])"
    before = cards.evaluate_all(widths)
    assert [known for known, _ in before] == [False] * 3
    through = True
    for route in held:
        route.continue_()
    expect(reader.page.locator("easel-row [data-testid=generation-card]")).to_have_count(3)
    assert [width for _, width in cards.evaluate_all(widths)] == [width for _, width in before]
    assert len({width for _, width in before}) == 3
    assert reader.page.evaluate("window.shifts") == []


def test_a_file_comes_as_it_is_asked_for(server: ServerProcess) -> None:
    """What a cache keeps of one way is not taken for another's: `Vary` always, an ETag and ranges of its own."""
    index = _get(server, "/").read().decode()
    [path, *_] = re.findall(r'(?:src|href)="(/assets/app-[^"]+\.js)"', index)
    plain = _get(server, path)
    packed = _get(server, path, {"Accept-Encoding": "gzip"})
    part = _get(server, path, {"Accept-Encoding": "gzip", "Range": "bytes=0-99"})
    body, squeezed = plain.read(), packed.read()
    assert [one.headers["Content-Encoding"] for one in (plain, packed, part)] == [None, "gzip", "gzip"]
    assert {one.headers["Vary"] for one in (plain, packed, part)} == {"Accept-Encoding"}
    [kind] = {one.headers["Content-Type"] for one in (plain, packed, part)}  # which of two, the machine says
    assert kind in ("text/javascript", "application/javascript")
    assert gzip.decompress(squeezed) == body
    assert (part.status, part.read()) == (206, squeezed[:100])
    assert plain.headers["ETag"] != packed.headers["ETag"]
    known = {"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]}
    assert _get(server, path, known).status == 304
    # What is refused is not sent, of a file or of what is made for whoever asks.
    refused = {"accept-encoding": "gzip;q=0, br;q=0, deflate;q=0"}
    for address in (path, "/", "/embed/all", "/embed.js", "/sw.js"):
        assert _get(server, address, refused).headers["Content-Encoding"] is None, address
        assert _get(server, address, {"Accept-Encoding": "gzip, br;q=0"}).headers["Content-Encoding"] == "gzip", address
    # What lies beside a file has no address, nor is it kept by the service worker.
    assert _get(server, f"{path}.gz").status == 404
    assert ".gz" not in _get(server, "/sw.js").read().decode()


def test_a_page_may_talk_to_its_own_server_only(server: ServerProcess) -> None:
    rules = _get(server, "/").headers["Content-Security-Policy"].split("; ")
    assert [rule for rule in rules if rule.startswith("connect-src")] == ["connect-src 'self'"]


def _get(server: ServerProcess, path: str, headers: dict[str, str] | None = None) -> HTTPResponse:
    connection = HTTPConnection(urlsplit(server.url).netloc, timeout=20)
    connection.request("GET", path, headers=headers or {})
    return connection.getresponse()
