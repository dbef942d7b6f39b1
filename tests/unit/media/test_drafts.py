"""Drafts are kept byte for byte, for a while, and not without bounds."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from livefeed.errors import Busy, NotFound, TooLarge
from livefeed.media.drafts import KEEP_S, MAX_DRAFT_BYTES, SWEEP_S, Drafts

MASK = b"a mask"
NAME = hashlib.sha256(MASK).hexdigest()


class Clock:
    def __init__(self) -> None:
        self.now_s = 1_000_000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def drafts(tmp_path: Path, clock: Clock) -> Drafts:
    return Drafts(tmp_path / "media" / "drafts", max_bytes=20, clock=clock)


async def test_a_draft_is_found_under_the_digest_of_its_bytes_also_by_another_process(drafts, tmp_path):
    assert await drafts.add(MASK) == NAME
    assert await drafts.read(NAME) == MASK
    assert await Drafts(tmp_path / "media" / "drafts").read(NAME) == MASK


@pytest.mark.parametrize("name", [NAME, "../../etc/passwd", "", NAME.upper(), NAME[:-1]])
async def test_what_is_not_there_and_what_is_no_name_is_not_found(drafts, name):
    with pytest.raises(NotFound):
        await drafts.read(name)


async def test_what_nobody_has_used_for_two_days_goes_and_using_it_again_keeps_it(drafts, clock, tmp_path):
    await drafts.add(MASK)
    await drafts.add(b"another")
    half_written = tmp_path / "media" / "drafts" / NAME[:2] / ".half"
    half_written.write_bytes(b"...")
    clock.now_s += KEEP_S - SWEEP_S
    await drafts.add(MASK)
    clock.now_s += 2 * SWEEP_S
    await drafts.add(b"a third")
    assert await drafts.read(NAME) == MASK
    with pytest.raises(NotFound):
        await drafts.read(hashlib.sha256(b"another").hexdigest())


async def test_half_written_files_of_the_dead_go_too(drafts, clock, tmp_path):
    await drafts.add(MASK)
    half_written = tmp_path / "media" / "drafts" / NAME[:2] / ".half"
    half_written.write_bytes(b"...")

    os.utime(half_written, (clock.now_s, clock.now_s))
    clock.now_s += KEEP_S + SWEEP_S
    await drafts.add(b"another")
    assert not half_written.exists()


async def test_beyond_the_bound_nothing_is_added_until_something_has_gone(drafts, clock):
    await drafts.add(b"x" * 15)
    with pytest.raises(Busy):
        await drafts.add(MASK)
    assert await drafts.add(b"x" * 15)
    clock.now_s += KEEP_S + SWEEP_S
    assert await drafts.add(MASK) == NAME


async def test_what_others_have_added_counts(drafts, tmp_path, clock):
    await Drafts(tmp_path / "media" / "drafts", clock=clock).add(b"y" * 18)
    with pytest.raises(Busy):
        await drafts.add(MASK)


async def test_one_that_is_too_large_is_refused(drafts):
    with pytest.raises(TooLarge):
        await drafts.add(bytes(MAX_DRAFT_BYTES + 1))


async def test_a_storage_that_fails_is_busy(tmp_path):
    (tmp_path / "drafts").write_text("a file where the folder should be")
    with pytest.raises(Busy):
        await Drafts(tmp_path / "drafts").add(MASK)
