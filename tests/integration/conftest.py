"""What several files of these tests begin with."""

from __future__ import annotations

import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from livefeed.streams.connection import RedisStore
from livefeed.streams.embedded import binary
from tests.integration.test_room_house import RoomHouse


@pytest.fixture(scope="module")
def room_socket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The store of all tests of a file about rooms: each begins with it empty."""
    folder = tmp_path_factory.mktemp("rooms")
    command = [binary(), "--port", "0", "--unixsocket", str(folder / "store.sock"), "--dir", str(folder), "--save", ""]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        yield folder / "store.sock"
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
async def house(room_socket: Path) -> AsyncIterator[RoomHouse]:
    """Everything of rooms, on an empty store."""
    async with RedisStore(f"unix://{room_socket}", timeout_s=20) as store:
        await store.execute("FLUSHALL")
        yield RoomHouse(store)
