"""A real server process, and ways to talk to it as strangers do: raw WebSockets, plain HTTP, our client."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import aiohttp
import pytest

from tests.conformance.peers import Caller, Http, Server, Wire, connector

SETTINGS = {
    "LIVEFEED_WORKERS": "0",
    "LIVEFEED_HEARTBEAT_S": "2",
    "LIVEFEED_DRAIN_S": "0.5",
    "LIVEFEED_GUESTS_PER_MINUTE": "100000",
    "LIVEFEED_API_KEYS": "sesame=app:demo,other-key=app:elsewhere",
}


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server that most tests share; every test makes its own people, posts and topics on it."""
    with Server(tmp_path_factory.mktemp("data"), SETTINGS) as running:
        yield running


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts servers of a test's own, with settings of its own; a name again is the same data folder again."""
    with contextlib.ExitStack() as stack:

        def start(name: str = "own", **settings: str) -> Server:
            running = Server(tmp_path / name, {**SETTINGS, **settings})
            stack.callback(running.stop)
            return running.start()

        yield start


@pytest.fixture
async def http(server: Server) -> AsyncIterator[Http]:
    """Plain HTTP without cookies, to the shared server."""
    async with Http(server.url) as plain:
        yield plain


@pytest.fixture
async def guest(http: Http) -> Caller:
    """A person."""
    return await http.guest()


@pytest.fixture
async def stranger(http: Http) -> Caller:
    """Another person."""
    return await http.guest()


_numbers = itertools.count(1)


@pytest.fixture
def topic() -> str:
    """A topic that this test has for itself; the key 'sesame' may publish to it."""
    return f"app:demo:{next(_numbers)}"


@pytest.fixture(params=["json", "msgpack"])
async def wire(request: pytest.FixtureRequest, server: Server) -> AsyncIterator[Wire]:
    """An anonymous connection that has been greeted, in each codec."""
    async with Wire.open(server.url, codec=request.param) as opened:
        yield opened


@pytest.fixture
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    """An HTTP client that keeps cookies, as browsers do."""
    async with aiohttp.ClientSession(connector=connector(), cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield session
