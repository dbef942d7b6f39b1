"""A file appears whole or not at all, and only names that are a sha256 ever reach the disk."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from livefeed.errors import Busy, NotFound
from livefeed.media.folder import UNFINISHED_S, PictureFolder

NAME = hashlib.sha256(b"picture").hexdigest()


@pytest.fixture
def folder(tmp_path):
    return PictureFolder(tmp_path / "media")


def files(root: Path) -> list[Path]:
    return sorted(path.relative_to(root) for path in root.rglob("*") if path.is_file())


def test_an_original_is_found_under_the_digest_of_its_bytes(folder, tmp_path):
    assert folder.put_original(b"picture") == NAME
    assert folder.original(NAME) == b"picture"
    assert files(tmp_path) == [Path("media", NAME[:2], NAME[2:4], NAME, "original.webp")]


def test_storing_twice_leaves_the_first_file_alone(folder, tmp_path):
    folder.put_original(b"picture")
    [path] = (tmp_path / path for path in files(tmp_path))
    before = path.stat()
    folder.put_original(b"picture")
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert path.stat().st_ino == before.st_ino


def test_a_variant_that_is_missing_is_none_and_one_that_is_there_is_a_file(folder):
    folder.put_original(b"picture")
    assert folder.variant(NAME, 256) is None
    path = folder.put_variant(NAME, 256, b"small")
    assert folder.variant(NAME, 256) == path
    assert path.read_bytes() == b"small"
    assert path.stat().st_mode & 0o444 == 0o444


@pytest.mark.parametrize("width", [0, 1, 255, 2048, -256])
def test_other_widths_do_not_exist(folder, width):
    with pytest.raises(NotFound):
        folder.variant(NAME, width)
    with pytest.raises(NotFound):
        folder.put_variant(NAME, width, b"small")


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(max_size=80)
    | st.sampled_from(
        [
            "../" * 20 + "etc/passwd",
            NAME.upper(),
            NAME + "\n",
            NAME[:-1],
            NAME[:-1] + "/",
            "\N{ARABIC-INDIC DIGIT ZERO}" * 64,
            "\0" * 64,
        ]
    )
)
def test_path_tricks_find_nothing(folder, name):
    for attempt in (
        lambda: folder.original(name),
        lambda: folder.variant(name, 256),
        lambda: folder.put_variant(name, 256, b""),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_bytes_are_on_the_disk_before_their_name_is(folder, monkeypatch):
    """The order that survives a loss of power: contents, name, folder."""
    steps = []
    fsync, replace = os.fsync, os.replace

    def record_fsync(descriptor: int) -> None:
        found = os.fstat(descriptor)
        steps.append("folder" if stat.S_ISDIR(found.st_mode) else found.st_size)
        fsync(descriptor)

    def record_replace(*paths: object) -> None:
        steps.append("name")
        replace(*paths)

    monkeypatch.setattr(os, "fsync", record_fsync)
    monkeypatch.setattr(os, "replace", record_replace)
    folder.put_original(b"picture")
    assert steps == [len(b"picture"), "name", "folder", "folder", "folder", "folder"]


def test_what_a_dead_process_left_half_written_is_swept_after_an_hour(folder, tmp_path):
    folder.sweep()
    kept = folder.put_original(b"picture")
    unfinished = tmp_path / "media" / ".unfinished"
    for name, age_s in ((".old", UNFINISHED_S + 60), (".young", 60)):
        (unfinished / name).write_bytes(b"half")
        os.utime(unfinished / name, times=(time.time() - age_s,) * 2)
    folder.sweep()
    assert [path.name for path in unfinished.iterdir()] == [".young"]
    assert folder.original(kept) == b"picture"


def test_a_failing_disk_leaves_nothing_behind_and_says_try_later(folder, tmp_path, monkeypatch):
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    for step in ("fsync", "replace"):
        with monkeypatch.context() as broken:
            broken.setattr(os, step, fail)
            with pytest.raises(Busy, match="No space left") as caught:
                folder.put_original(b"picture")
            assert caught.value.retry_after_s
        assert files(tmp_path) == []
    assert folder.original(folder.put_original(b"picture")) == b"picture"


def test_an_attempt_leaves_nothing_and_tells_a_storage_that_takes_nothing(folder, tmp_path):
    folder.attempt()
    assert files(tmp_path) == []
    unfinished = tmp_path / "media" / ".unfinished"
    unfinished.rmdir()
    unfinished.write_bytes(b"in the way")
    with pytest.raises(Busy, match="picture storage failed"):
        folder.attempt()
