"""What the embedded store decides without running: where it lives, who else may be there, what it is told."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from livefeed.errors import ConfigurationError
from livefeed.streams import embedded, embedded_place
from livefeed.streams.embedded_orphan import serves
from livefeed.streams.embedded_place import LOG_BYTES, Lock, Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place.at(tmp_path / "data")
    place.prepare()
    return place


def setting(place: Place, name: str) -> str:
    words = embedded.arguments(place)
    return words[words.index(f"--{name}") + 1]


def test_the_store_writes_before_it_acknowledges(place: Place) -> None:
    """`everysec` acknowledges writes that wait in memory while a flush is under way: a kill loses them."""
    assert setting(place, "appendonly") == "yes"
    assert setting(place, "appendfsync") == "no"


def test_the_store_drops_no_key_for_memory_and_listens_on_no_port(place: Place) -> None:
    assert setting(place, "maxmemory-policy") == "noeviction"
    assert setting(place, "port") == "0"
    assert setting(place, "unixsocketperm") == "700"


def test_the_store_folder_is_private(place: Place) -> None:
    assert place.folder.stat().st_mode & 0o077 == 0
    assert place.log.stat().st_mode & 0o077 == 0


def test_the_socket_is_in_the_data_folder(place: Place) -> None:
    assert place.socket == place.data / "store.sock"


def test_a_long_data_path_gets_a_short_private_socket(tmp_path: Path) -> None:
    place = Place.at(tmp_path / ("long" * 30))
    place.prepare()
    try:
        assert len(os.fsencode(place.socket)) <= embedded_place.SOCKET_PATH_BYTES
        assert place.socket.parent.stat().st_mode & 0o777 == 0o700
        assert place.socket == Place.at(tmp_path / ("long" * 30)).socket
    finally:
        place.clear()
    assert not place.socket.parent.exists()


def test_two_long_data_paths_do_not_share_a_socket(tmp_path: Path) -> None:
    assert Place.at(tmp_path / ("a" * 120)).socket != Place.at(tmp_path / ("b" * 120)).socket


def test_a_socket_folder_that_others_can_enter_is_refused(tmp_path: Path) -> None:
    place = Place.at(tmp_path / ("long" * 30))
    place.socket.parent.mkdir(mode=0o755)
    try:
        with pytest.raises(ConfigurationError, match="LIVEFEED_DATA"):
            place.prepare()
    finally:
        place.socket.parent.rmdir()


def test_the_address_escapes_what_a_path_may_hold(tmp_path: Path) -> None:
    assert Place.at(tmp_path / "a b?c").url.endswith("/a%20b%3Fc/store.sock")


def test_a_data_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ConfigurationError, match=r"cannot be written .* LIVEFEED_DATA"):
        Place.at(tmp_path / "file" / "data").prepare()


def test_a_second_server_is_told_who_holds_the_folder(place: Place) -> None:
    lock = Lock(place)
    with pytest.raises(ConfigurationError, match=rf"Another livefeed uses .* \(pid {os.getpid()}\)"):
        Lock(place)
    lock.release()
    Lock(place).release()


def test_an_overgrown_log_is_put_aside_once(place: Place) -> None:
    place.log.write_bytes(b"x" * (LOG_BYTES + 1))
    place.prepare()
    assert place.log.stat().st_size == 0
    assert place.log.with_suffix(".log.1").stat().st_size == LOG_BYTES + 1


def test_the_last_words_are_the_last_line_that_says_something(place: Place) -> None:
    assert place.last_words() == "it said nothing"
    place.log.write_text("first\nBad file format\n\n")
    assert place.last_words() == "Bad file format"


def test_a_process_that_is_no_store_is_not_taken_for_one(place: Place) -> None:
    """A dead store's number may belong to anyone by now."""
    assert not serves(os.getpid(), place)
    assert not serves(2**22 + 1, place)


def test_a_platform_without_a_build_is_told_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "platform", SimpleNamespace(system=lambda: "Plan9", machine=lambda: "mips"))
    with pytest.raises(ConfigurationError, match="LIVEFEED_REDIS_URL"):
        embedded.binary()


def test_a_missing_package_is_told_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ConfigurationError, match="LIVEFEED_REDIS_URL"):
        embedded.binary()
